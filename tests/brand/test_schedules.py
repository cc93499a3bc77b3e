"""Schedules: plans, paths, the best plan for a goal, returns of frequency, carry-over."""

import numpy as np
import pandas as pd
import pytest

from crmkit.brand import (
    BaseLevel,
    Exponential,
    MemoryChain,
    adstock,
    best_plan,
    check_plan,
    compare_plans,
    contacts_needed,
    decay_from_half_life,
    half_life_from_decay,
    make_plan,
    pressure_design,
    recall_path,
    returns_of_frequency,
    summarise_path,
)
from crmkit.errors import CrmkitError

CHAIN = MemoryChain.known(learning=0.3, decay_fast=0.5, transfer=0.08, decay_slow=0.03)
MODELS = [
    CHAIN,
    Exponential.known(learning=0.3, decay=0.1),
    BaseLevel.known(decay=1.0, threshold=1.0, noise=0.9),
]


@pytest.mark.parametrize("kind", ["burst", "drip", "flights"])
def test_classic_plans_spend_the_same(kind):
    plan = make_plan(kind, 26, weeks=52)
    assert plan.sum() == pytest.approx(26)
    assert plan.index.tolist() == list(range(1, 53))
    assert make_plan("silence", 26).sum() == 0


def test_burst_makes_a_peak_and_drip_makes_an_end():
    table = compare_plans(
        {kind: make_plan(kind, 13) for kind in ("burst", "drip", "flights", "silence")},
        CHAIN,
        cost_per_contact=10,
    )
    assert table.peak.idxmax() == "burst"
    assert table.end.idxmax() == "drip"
    assert table.loc["silence", ["peak", "mean", "cost"]].tolist() == [0, 0, 0]
    assert table.loc["burst", "cost"] == pytest.approx(130)
    assert table.loc["silence", "weeks_below"] == 52


def test_path_by_hand():
    model = Exponential.known(learning=1.0, decay=np.log(2))  # half is gone every week
    path = recall_path([1, 0, 2], model, lag_weeks=0)
    assert path.strength.tolist() == pytest.approx([1.0, 0.5, 2.25])
    assert path.recall.tolist() == pytest.approx((1 - np.exp(-path.strength)).tolist())
    assert recall_path([0, 0], model, base=0.7).recall.tolist() == pytest.approx(
        [1 - np.exp(-0.7)] * 2
    )


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.label)
@pytest.mark.parametrize("goal", ["peak", "mean", "floor"])
def test_best_plan_beats_the_classics_and_many_random_plans(model, goal):
    weeks, contacts = 20, 8.0
    plan = best_plan(model, contacts, goal, weeks=weeks, launch_week=14, most_per_week=3)
    assert plan.sum() <= contacts + 1e-6
    assert plan.max() <= 3 + 1e-6
    assert plan.min() >= 0

    def score(some):
        recall = recall_path(some, model).recall
        return {"peak": recall[13], "mean": recall.mean(), "floor": recall.min()}[goal]

    best = score(plan)
    rng = np.random.default_rng(0)
    for _ in range(100):
        share = rng.dirichlet(np.full(weeks, 0.5)) * contacts
        assert score(np.minimum(share, 3)) <= best + 1e-6
    for kind in ("burst", "drip"):
        assert score(np.minimum(make_plan(kind, contacts, weeks=weeks), 3)) <= best + 1e-6


def test_contacts_needed_is_the_cheapest_plan_that_holds():
    plan = contacts_needed(CHAIN, floor=0.3, weeks=26)
    assert recall_path(plan, CHAIN).recall.min() == pytest.approx(0.3, abs=1e-6)
    cheaper = best_plan(CHAIN, plan.sum() * 0.99, "floor", weeks=26)
    assert recall_path(cheaper, CHAIN).recall.min() < 0.3
    free = MemoryChain.known(**CHAIN.params_, base=1.0)
    assert (
        contacts_needed(free, floor=0.3, weeks=10).sum() == 0
    )  # what is there anyway need not be bought


def test_returns_diminish_and_stop_paying():
    table = returns_of_frequency(
        CHAIN,
        most=30,
        weeks_after=4,
        threshold=0.2,
        value_per_point=30_000,
        cost_per_contact=36_000,
    )
    gain = table.gain_points.dropna()
    assert (gain > 0).all()
    assert (gain.diff().dropna() < 0).all()
    assert table.recall.iloc[0] == 0
    pays = table.pays[1:]
    assert pays.iloc[0]
    assert not pays.iloc[-1]
    assert (pays.astype(int).diff().dropna() <= 0).all()  # once it stops paying it never pays again
    with pytest.raises(CrmkitError, match="both"):
        returns_of_frequency(CHAIN, value_per_point=1.0)


def test_the_claim_about_frequency_and_its_limits():
    """More contacts last longer, but each doubling adds about the same number of weeks, and at zero weeks'
    distance little."""
    table = returns_of_frequency(CHAIN, most=32, gap_weeks=1, threshold=0.2).set_index("contacts")
    lasts = table.lasts_weeks
    assert lasts[16] > lasts[8] > lasts[4] > lasts[2]
    per_contact = (lasts[32] - lasts[16]) / 16, (lasts[8] - lasts[4]) / 4
    assert per_contact[0] < 0.6 * per_contact[1]
    massed = MemoryChain.known(**CHAIN.params_, massing=0.65)
    same_evening = returns_of_frequency(
        massed, most=8, gap_weeks=0, threshold=0.2
    ).lasts_weeks.iloc[-1]
    spaced = returns_of_frequency(massed, most=8, gap_weeks=2, threshold=0.2).lasts_weeks.iloc[-1]
    assert spaced > 1.3 * same_evening


def test_decay_both_ways():
    assert half_life_from_decay(70, "kept") == pytest.approx(np.log(0.5) / np.log(0.7))
    assert half_life_from_decay(70, "lost") == pytest.approx(np.log(0.5) / np.log(0.3))
    assert decay_from_half_life(half_life_from_decay(70, "kept"))["kept"] == pytest.approx(0.7)
    assert decay_from_half_life(half_life_from_decay(70, "lost"))["lost"] == pytest.approx(0.7)
    with pytest.raises(CrmkitError, match="ambiguous"):
        half_life_from_decay(70, "decay")
    for percent in (0, 100, -5, 120):
        with pytest.raises(CrmkitError):
            half_life_from_decay(percent, "kept")
    assert adstock([1, 0, 1], half_life_weeks=1).tolist() == [1.0, 0.5, 1.25]


@pytest.mark.parametrize(
    ("plan", "budget", "words"),
    [
        ([1, -1], None, "week 2 holds -1"),
        ([], None, "at least one week"),
        ([1, np.nan], None, "Week 2"),
        ([3, 3], 5, "over budget"),
        (["much", "little"], None, "`plan` must hold numbers"),
    ],
)
def test_bad_plans_are_refused_in_words(plan, budget, words):
    with pytest.raises(CrmkitError, match=words):
        check_plan(plan, budget)


def test_other_bad_input():
    with pytest.raises(CrmkitError, match="no schedule"):
        make_plan("pulse", 10)
    with pytest.raises(CrmkitError, match="fit"):
        make_plan("burst", 10, weeks=8, start=6, length=5)
    with pytest.raises(CrmkitError, match="fit"):
        make_plan("flights", 10, weeks=8, flights=4, flight_weeks=3)
    for contacts in (np.nan, np.inf, -1, "ten"):
        with pytest.raises(CrmkitError, match="contacts per person must be"):
            make_plan("drip", contacts)
    for contacts in (np.nan, np.inf, -1):
        with pytest.raises(CrmkitError, match="negative, missing or endless"):
            best_plan(CHAIN, contacts)
    assert make_plan("drip", 52, weeks=52.0).tolist() == [1.0] * 52
    for odd in (0, 2.5, "52", None):
        with pytest.raises(CrmkitError, match="weeks of the plan"):
            make_plan("drip", 10, weeks=odd)
        with pytest.raises(CrmkitError, match="number of flights"):
            make_plan("flights", 10, flights=odd)
    with pytest.raises(CrmkitError, match="weekly decay"):
        half_life_from_decay("70", "kept")
    with pytest.raises(CrmkitError, match="goal"):
        best_plan(CHAIN, 5, "fame")
    with pytest.raises(CrmkitError, match="outside"):
        best_plan(CHAIN, 5, "peak", weeks=10, launch_week=11)
    with pytest.raises(CrmkitError, match="between 0 and 1"):
        contacts_needed(CHAIN, 30)
    assert best_plan(CHAIN, 0, "mean", weeks=5).sum() == 0  # no budget, no contacts, no error


def test_a_plan_of_weekly_contacts_is_no_food_for_a_model_of_single_contacts():
    """How contacts of one week follow each other is not in a plan: the loss by massing cannot be computed."""
    single = MemoryChain.known(**CHAIN.params_, massing=0.6)
    for ask in (
        lambda: recall_path([2, 2], single),
        lambda: best_plan(single, 5, weeks=4),
        lambda: contacts_needed(single, 0.3, weeks=4),
    ):
        with pytest.raises(CrmkitError, match="without massing"):
            ask()


def test_pressure_design_silent_brand_and_week_without_interviews():
    weeks = pd.to_datetime(["2024-01-01", "2024-01-08", "2024-01-15"])
    pressure = pd.DataFrame({"brand": "A", "week": weeks, "contacts": [2.0, 0.0, 1.0]})
    tracked = pd.DataFrame({"brand": ["A", "A", "Quiet"], "week": [weeks[0], weeks[2], weeks[2]]})
    ages, weights = pressure_design(pressure, tracked)
    model = Exponential.known(learning=1.0, decay=np.log(2))
    half = 2**-0.5
    assert model.strength(ages, weights).tolist() == pytest.approx(
        [2 * half, (2 / 4 + 1) * half, 0.0]
    )
    with pytest.raises(CrmkitError, match="contacts: 3 of 3 values are below 0"):
        pressure_design(pressure.assign(contacts=-1.0), tracked)
    with pytest.raises(
        CrmkitError, match=r"contacts: 1 of 3 values are missing or no finite numbers"
    ):
        pressure_design(pressure.assign(contacts=[1.0, np.nan, 1.0]), tracked)
    with pytest.raises(CrmkitError, match="week of pressure: these are numbers"):
        pressure_design(pressure.assign(week=[20240101, 20240108, 20240115]), tracked)
    with pytest.raises(CrmkitError, match="week of tracked: 1 of 3 dates are missing"):
        pressure_design(pressure, tracked.assign(week=[weeks[0], None, weeks[2]]))
    written = pressure.assign(week=weeks.strftime("%Y-%m-%d"))
    assert np.array_equal(pressure_design(written, tracked)[1], weights)
    with pytest.raises(CrmkitError, match="column week is missing"):
        pressure_design(pressure.drop(columns="week"), tracked)


def test_summary_names_the_week_of_the_peak():
    summary = summarise_path(recall_path([0, 0, 5, 0], CHAIN), floor=0.1)
    assert summary.peak_week == 3
    assert summary.weeks_below == 2


@pytest.mark.parametrize("most_per_week", [None, 3.0])
def test_at_the_best_mean_a_contact_more_gains_the_same_in_every_free_week(most_per_week):
    """The conditions of Karush, Kuhn and Tucker: the plan is the best one, not nearly the best."""
    model = MemoryChain.known(learning=0.3, decay_fast=0.5, transfer=0.1, decay_slow=0.03)
    plan = best_plan(model, 20, "mean", weeks=26, most_per_week=most_per_week)
    assert plan.sum() == pytest.approx(20, abs=1e-9)
    more = 1e-5
    gain = pd.Series(
        {
            week: recall_path(plan + more * (plan.index == week), model)["recall"].mean()
            - recall_path((plan - more * (plan.index == week)).clip(0), model)["recall"].mean()
            for week in plan.index
        }
    ) / (2 * more)
    free = (plan > 2 * more) & (plan < (most_per_week or 20) - 2 * more)
    worth = gain[free].mean()
    assert gain[free].to_numpy() == pytest.approx(worth, rel=1e-7)
    assert (gain[plan == most_per_week] >= worth * (1 - 1e-7)).all()
    assert (2 * gain[plan == 0] <= worth * (1 + 1e-4)).all()  # only upwards: half the difference
