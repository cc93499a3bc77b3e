"""The brand tables against their truth: what a good analysis can find, and that the world is what it says."""

import numpy as np
import pandas as pd
import pytest

from crmkit.brand import (
    MemoryChain,
    expand_links,
    exposure_ages,
    failure_and_recovery,
    fit_delta_rule,
    fit_peak_end,
    links_matrix,
    mental_availability,
    pressure_design,
    remembering_and_buying,
)
from crmkit.companies import shipped
from crmkit.data.catalogue import brand as catalogue
from crmkit.world import simulate
from crmkit.world.company import read_company
from crmkit.world.core.streams import Context
from crmkit.world.studies import tracker
from crmkit.world.write import to_csv


def _world(seed):
    return simulate("fernwell", customers=10, seed=seed, parts=["brand"], progress=False)


def _brand_only(seed):
    """The brand tables of another seed, without the rest of the company."""
    ctx = Context(read_company("fernwell"), 10, seed, "en_GB")
    tracker.build(ctx)
    return ctx


def test_the_rest_of_the_company_leaves_the_brand_tables_alone(world):
    alone = _brand_only(1)
    for name in ("tracker_answers", "diaries", "service_cases"):
        values = alone.tables[name].fillna("").astype(str).to_numpy()
        assert (values == world.tables[name].fillna("").astype(str).to_numpy()).all(), name


@pytest.fixture(scope="module")
def world():
    return _world(1)


@pytest.fixture(scope="module")
def truth(world):
    return world.truth["brand_parameters"].set_index(["part", "parameter"])["value"]


def _weekly(world):
    answers = world.tables["tracker_answers"].merge(
        world.tables["tracker_respondents"], on="respondent_id"
    )
    weekly = world.tables["brand_pressure"][["brand", "week"]].copy()
    weekly["asked"] = weekly.week.map(
        world.tables["tracker_respondents"].groupby("week").size()
    ).fillna(0)
    named = answers[answers.position > 0].groupby(["brand", "week"]).size().rename("named")
    return weekly.join(named, on=["brand", "week"]).fillna({"named": 0})


def _fit_tracker(world):
    weekly = _weekly(world)
    ages, weights = pressure_design(world.tables["brand_pressure"], weekly)
    return MemoryChain().fit(
        ages, weekly.named, asked=weekly.asked, weights=weights, groups=weekly.brand
    )


def test_same_seed_same_bytes_and_no_other_table_touched(world):
    again = _world(1)
    size = 0
    for table in catalogue.tables(shipped("fernwell")):
        first = to_csv((world.truth if table.truth else world.tables)[table.name], table)
        second = to_csv((again.truth if table.truth else again.tables)[table.name], table)
        assert first == second, table.full_name
        size += len(first)
    assert size < 950_000  # bytes: the pillar's part of what ships


def test_parameters_are_recovered_from_the_tracker_within_their_intervals():
    """Coverage over worlds: 95 % intervals of the four memory parameters and the six bases."""
    inside = []
    for seed in range(2, 14):
        world = _brand_only(seed)
        truth = world.truth["brand_parameters"].set_index(["part", "parameter"])["value"]["tracker"]
        table = _fit_tracker(world).estimates_.set_index("parameter")
        inside += [table.low[name] <= truth[name] <= table.high[name] for name in table.index]
    assert 0.87 <= np.mean(inside) <= 0.998


def test_weeks_without_fieldwork_and_the_silent_brand_do_no_harm(world, truth):
    weekly = _weekly(world)
    assert (weekly.groupby("week").asked.first() == 0).sum() == 2
    table = _fit_tracker(world).estimates_.set_index("parameter")
    pressure = world.tables["brand_pressure"]
    assert pressure[pressure.brand == "Oakwright"].contacts.sum() == 0
    assert (
        table.low["base Oakwright"]
        <= truth["tracker", "base Oakwright"]
        <= table.high["base Oakwright"]
    )


def test_recall_experiment(world, truth):
    trials = world.tables["recall_experiment"]
    assert trials.loc[trials.exposures == 0, "recalled"].sum() == 0
    inside = []
    for seed in range(1, 11):
        trials = _brand_only(seed).tables["recall_experiment"]
        fitted = MemoryChain(massing=True).fit(exposure_ages(trials), trials.recalled)
        table = fitted.estimates_.set_index("parameter")
        inside += [
            table.low[name] <= truth["experiment", name] <= table.high[name] for name in table.index
        ]
    assert np.mean(inside) >= 0.86


def test_link_strengths_come_back_from_the_answers(world):
    """Links per knowing respondent rise with the true strength, before and after the lookalike."""
    people = world.tables["tracker_respondents"]
    links = expand_links(world.tables["tracker_answers"], world.tables["brand_words"])
    strength = world.truth["brand_links"]
    before = people[people.week < "2024-12-30"]
    knowing = (
        world.tables["tracker_answers"].merge(before, on="respondent_id").groupby("brand").size()
    )
    share = links_matrix(links[links.respondent_id.isin(before.respondent_id)]).div(knowing, axis=0)
    true = strength[strength.period == "before the lookalike"].pivot(
        index="brand", columns="word", values="strength"
    )
    pairs = share.stack().rename("share").to_frame().join(true.stack().rename("true"))
    assert pairs.corr(method="spearman").loc["share", "true"] > 0.97
    own = strength[strength.brand == "Fernwell"].pivot(
        index="word", columns="period", values="strength"
    )
    assert (own["end of the second year"] < own["before the lookalike"]).all()


def test_the_lookalike_costs_the_original_and_trust_falls(world, truth):
    tables = world.tables
    answers = tables["tracker_answers"].merge(tables["tracker_respondents"], on="respondent_id")
    late = answers.week >= pd.Timestamp("2025-06-01")
    trust = answers[answers.brand == "Fernwell"].groupby(late).trust.mean()
    assert trust[True] - trust[False] == pytest.approx(-truth["lookalike", "trust_lost"], abs=0.25)
    other = answers[answers.brand == "Toolmere"].groupby(late).trust.mean()
    assert abs(other[True] - other[False]) < 0.2
    links = expand_links(tables["tracker_answers"], tables["brand_words"])
    people = tables["tracker_respondents"].assign(
        late=lambda frame: frame.week >= pd.Timestamp("2025-06-01")
    )
    share = (
        mental_availability(links, people, by="late")
        .set_index(["brand", "late"])
        .mental_market_share
    )
    assert share["Fernwell", True] < share["Fernwell", False] - 0.04


def test_gains_weights_and_panel_effects_are_recovered(world, truth):
    found = {
        "diaries": fit_delta_rule(world.tables["diaries"], world.tables["diary_people"]).set_index(
            "parameter"
        ),
        "visits": fit_peak_end(world.tables["visit_moments"], world.tables["visits"]).set_index(
            "part"
        ),
    }
    for part, names in (
        ("diaries", ("message", "good", "bad")),
        ("visits", ("mean", "peak", "end")),
    ):
        for name in names:
            assert found[part].low[name] <= truth[part, name] <= found[part].high[name], name
    panel = world.tables["brand_panel"].assign(log_trips=lambda frame: np.log(frame.trips))
    table = remembering_and_buying(panel, ["project", "log_trips"]).set_index("question")
    careful, naive = table.loc["recalled, then bought; controls"], table.loc["same wave"]
    effect = truth["panel", "recall raises buying (points)"]
    assert careful.low <= effect <= careful.high
    assert naive.low > effect
    back = table.loc["reverse: bought, then recalled; controls"]
    assert back.low <= truth["panel", "buying raises recall (points)"] <= back.high


def test_true_effects_of_events_add_up_to_belief(world):
    true = world.truth["diaries"].merge(world.tables["diary_people"], on="person_id")
    total = true.groupby("person_id").agg(
        start=("first_impression", "first"), moved=("effect", "sum"), end=("belief", "last")
    )
    assert (total.start + total.moved - total.end).abs().max() < 0.02


def test_failure_costs_and_mending_returns(world):
    table = failure_and_recovery(world.tables["service_cases"]).set_index(["outcome", "arm"])
    for outcome in ("named_first", "bought_90d"):
        letter, call = (
            table.loc[(outcome, "failure, letter")],
            table.loc[(outcome, "failure, call and mend")],
        )
        assert letter.high < 0
        assert call.difference > letter.difference
    orders = world.tables["service_cases"].groupby("arm").orders_before.mean()
    assert orders.max() - orders.min() < 0.4  # chance decided: no arm had the better customers
