"""One distinct value tells no spread: no function gives an interval there, whatever rounding did to the value."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crmkit.brand import (
    difference_in_differences,
    failure_and_recovery,
    fit_delta_rule,
    fit_peak_end,
    interference_cost_total,
    mental_availability,
    words_to_own,
)
from crmkit.inference import (
    Estimate,
    bootstrap_interval,
    fits_exactly,
    mean_difference,
    mean_interval,
    newcombe,
    newcombe_p,
    percentile_interval,
    ratio_interval,
    tells_spread,
)
from crmkit.mining import calibration, error_rates, ranks_right, threshold_by_cost
from crmkit.mix import estimate_effects, lever_certainty
from crmkit.reactivation import (
    adjusted_effects,
    best_offers,
    effect_table,
    kappa_lead,
    policy_value,
    pressure_table,
    qini_band,
    randomisation_check,
    uplift_by_group,
)
from crmkit.value import holdout_by_frequency, matched_gaps, top_share_interval
from crmkit.value.beta_geo import BetaGeoModel
from crmkit.value.model_checks import score_forecasts
from crmkit.value.segment_checks import compare_recovery, gain_by_group

RNG = np.random.default_rng
SEEN = RNG(1).random(500)  # what differs, where something has to


def nearly(n: int, value: float = 0.3) -> np.ndarray:
    """The same value n times, as additions in another order leave it: two floats next to each other."""
    return np.where(np.arange(n) % 2, np.nextafter(value, 1), value)


def arms(n: int = 100) -> pd.DataFrame:
    spend = np.repeat(nearly(n // 2), 2)
    return pd.DataFrame({"arm": ["call", "control"] * (n // 2), "spend": spend, "x": SEEN[:n]})


def links() -> tuple[pd.DataFrame, pd.DataFrame]:
    """Thirty people who all say the same four things."""
    rows = {"brand": list("AABC") * 30, "word": list("uvuv") * 30}
    who = np.repeat(np.arange(30), 4)
    return pd.DataFrame({"respondent_id": who, **rows}), pd.DataFrame({"respondent_id": range(30)})


def twice_asked() -> tuple[pd.DataFrame, pd.DataFrame]:
    table, people = links()
    later = [each.assign(respondent_id=each["respondent_id"] + 30) for each in (table, people)]
    return tuple(
        pd.concat([one.assign(period="before"), two.assign(period="after")], ignore_index=True)
        for one, two in zip((table, people), later, strict=True)
    )


def visits(remembered: Callable[[pd.Series], object]) -> pd.DataFrame:
    rows = {"visit_id": np.repeat(np.arange(40), 6), "moment": list(range(6)) * 40}
    moments = pd.DataFrame({**rows, "rating": 10 * SEEN[:240]})
    told = remembered(moments.groupby("visit_id")["rating"].mean())
    return fit_peak_end(moments, pd.DataFrame({"visit_id": range(40), "remembered": told}))


def prototypes(mark: Callable[[pd.DataFrame], object]) -> pd.DataFrame:
    made = pd.DataFrame(RNG(2).integers(1, 6, (240, 2)), columns=["staff", "kit"])
    return made.assign(customer_id=np.repeat(np.arange(120), 2), meets_fit=mark(made))


def unmoved() -> pd.DataFrame:
    """Diaries of people whose trust nothing moves."""
    rows = {"kind": ["delivery", "failure"] * 60, "rating": [8.0, 2.0] * 60}
    diaries = pd.DataFrame({"person_id": np.repeat(np.arange(30), 4), **rows, "trust": 6.0})
    return fit_delta_rule(diaries, pd.DataFrame({"person_id": range(30), "first_impression": 6.0}))


def trusted() -> pd.DataFrame:
    rows = {"brand": list("ABC") * 40, "period": np.repeat(["before", "after"], 60)}
    who = np.repeat(np.arange(40), 3)
    trust = np.repeat(nearly(40), 3)
    table = pd.DataFrame({"respondent_id": who, **rows, "trust": trust})
    return difference_in_differences(table, "trust", "A")


def offers() -> pd.DataFrame:
    """Everybody who got the letter came back, and nobody else: drawn anew it is always so."""
    test = pd.DataFrame({"arm": ["mail", "control"] * 20, "state": "all", "average_order": 100.0})
    back = test["arm"] == "mail"
    test = test.assign(returned_60d=back, margin_60d=40.0 * back, margin_after=0.0)
    test["customer_id"] = range(len(test))
    price = pd.DataFrame({"offer": ["control", "mail"], "cost": [0.0, 1.0], "discount": 0.0})
    return best_offers(test, price).query("offer == 'mail'")


WEIGHTS = pd.DataFrame({"customer_id": range(120), "need": "fit", "weight": 0.3})
WORTH = pd.Series({"u": 1.0, "v": 2.0})
ENDS = ("low", "high")
CASES: dict[str, Callable[[], object]] = {
    "mean_interval": lambda: mean_interval(nearly(20)),
    "mean_difference": lambda: mean_difference(nearly(20), nearly(30)),
    "ratio_interval": lambda: ratio_interval(nearly(20), 2 * nearly(20)[::-1]),
    "ratio_interval, no share": lambda: ratio_interval(nearly(20), nearly(20), share=False),
    "percentile_interval": lambda: Estimate(0.3, *percentile_interval(nearly(200))),
    "bootstrap_interval": lambda: bootstrap_interval(lambda r: nearly(40)[r].mean(), range(40)),
    "top_share_interval": lambda: Estimate(0.2, *top_share_interval(nearly(500), draws=50)),
    "gain_by_group": lambda: gain_by_group(pd.Series(nearly(60)), pd.Series(list("ab") * 30)),
    "matched_gaps": lambda: matched_gaps(
        *(pd.Series(each) for each in (nearly(400), SEEN[:400], SEEN[100:])), [20]
    ),
    "holdout_by_frequency": lambda: holdout_by_frequency(
        BetaGeoModel.from_params({"r": 0.5, "alpha": 8.0, "a": 0.8, "b": 2.4}, unit="W"),
        pd.DataFrame({"repeat_days": [1] * 120, "active_span_days": 7.0, "age_days": 100.0}).assign(
            holdout_purchase_days=3, holdout_days=365
        ),
    ),
    "compare_recovery": lambda: compare_recovery(
        {"same": pd.Series([0, 1] * 60)}, pd.Series([0, 1] * 60), draws=10
    ),
    "effect_table": lambda: effect_table(arms(), "spend"),
    "adjusted_effects": lambda: adjusted_effects(arms(), "spend", ["x"]),
    "uplift_by_group": lambda: uplift_by_group(
        SEEN[:100], np.arange(100) % 2 == 0, nearly(100), groups=2
    ),
    "pressure_table": lambda: pressure_table(
        pd.DataFrame({"mails_a_month": [0] * 50 + [2] * 50, "margin_90d": nearly(100)}).assign(
            unsubscribed=False
        )
    ).query("frequency == 2"),
    "policy_value": lambda: policy_value(
        arms(), pd.Series("call", index=range(100)), "spend", over="control"
    ),
    "qini_band": lambda: qini_band(
        SEEN[:100], np.arange(100) % 2 == 0, np.zeros(100, bool), resamples=20
    )[1],
    "best_offers": offers,
    "kappa_lead": lambda: kappa_lead(*[pd.Series(["awake"] * 40)] * 3, draws=10),
    "failure_and_recovery": lambda: failure_and_recovery(
        pd.DataFrame({"arm": ["no failure", "letter", "call"] * 30, "spend": nearly(90)}), ["spend"]
    ).query("arm != 'no failure'"),
    "difference_in_differences": trusted,
    "fit_peak_end, one value": lambda: visits(lambda mean: nearly(40)),
    "fit_peak_end, exact": lambda: visits(lambda mean: mean.to_numpy()),
    "fit_delta_rule": unmoved,
    "words_to_own": lambda: words_to_own(*links(), "A", WORTH, replicates=20),
    "interference_cost_total": lambda: interference_cost_total(
        *twice_asked(), "A", WORTH, draws=20
    ),
    "estimate_effects, one value": lambda: estimate_effects(
        prototypes(lambda made: 5.0), ["fit"], ["staff", "kit"]
    ),
    "estimate_effects, exact": lambda: estimate_effects(
        prototypes(lambda made: made["staff"] + 0.1 * made["kit"]),
        ["fit"],
        ["staff", "kit"],
        ends=(1.0, 6.0),
    ),
    "lever_certainty": lambda: lever_certainty(
        prototypes(lambda made: made["staff"] + 0.1 * made["kit"]),
        WEIGHTS,
        ["staff", "kit"],
        draws=20,
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_one_value_gives_no_interval(name: str) -> None:
    found = CASES[name]()
    ends = [getattr(found, end) if isinstance(found, Estimate) else found[end] for end in ENDS]
    assert np.isnan(np.asarray(ends, dtype=float)).all(), found


def test_shares_of_links_that_all_share_have_none_either() -> None:
    found = mental_availability(*links())
    for measure in ("network_size", "mental_market_share", "share_of_mind"):
        assert found[f"{measure}_low"].isna().all()
    assert (found["penetration_low"] < 1).all()  # a share of people keeps Wilson's


@settings(max_examples=60, deadline=None)
@given(
    st.floats(-1e6, 1e6, allow_subnormal=False),
    st.lists(st.integers(-2, 2), min_size=2, max_size=30),
)
def test_a_value_and_its_neighbours_are_one(value: float, ulps: list[int]) -> None:
    near = np.array([value + step * np.spacing(value) for step in ulps])
    assert not tells_spread(near)
    assert np.isnan(mean_interval(near).low)
    assert np.isnan(mean_difference(near, near).low) or np.isin(near, (0, 1)).all()
    assert np.isnan(percentile_interval(near)).all()
    assert fits_exactly(near - value, near)
    assert tells_spread([value, value + max(1.0, abs(value)) * 1e-6])


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 30), st.integers(0, 30), st.integers(0, 30), st.integers(0, 30))
def test_an_empty_group_has_neither_interval_nor_p(k1: int, n1: int, k2: int, n2: int) -> None:
    k1, k2 = min(k1, n1), min(k2, n2)
    found, p = newcombe(k1, n1, k2, n2), newcombe_p(k1, n1, k2, n2)
    if n1 == 0 or n2 == 0:
        assert np.isnan([*found, p]).all()
        return
    assert -1 <= found[1] <= found[0] <= found[2] <= 1
    assert found[1] < found[2]
    assert (p < 0.05) == (found[1] > 0 or found[2] < 0)
    assert p == newcombe_p(k2, n2, k1, n1)


def test_what_rounding_left_is_no_difference_between_arms() -> None:
    people = pd.DataFrame({"arm": ["a", "b"] * 20, "spend": nearly(40)})
    row = randomisation_check(people, ["spend"]).iloc[0]
    assert (row["p_value"], row["largest_gap"]) == (1.0, 0.0)


def test_forecasts_that_differ_by_rounding_rank_nobody() -> None:
    actual = pd.Series(np.arange(40.0))
    found = score_forecasts(actual, {"all alike": pd.Series(nearly(40))}, draws=5).iloc[0]
    assert np.isnan(found["rank_correlation"])


def test_scores_that_rounding_parted_are_one_score() -> None:
    score, paid = nearly(40), np.arange(40) % 2 == 1  # all that pay lie one float higher
    assert ranks_right(score, paid)["estimate"] == 0.5
    assert error_rates(score, paid, [0.3])["predicted"].tolist() == [40]
    assert len(calibration(score, paid)) == 1
    found = threshold_by_cost(score, paid, 1.0, 1.0, draws=20)
    assert found["cost"] == 20
    assert np.isnan(found["low"]) or found["low"] < found["high"]


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.integers(0, 6), min_size=2, max_size=12),
    st.lists(st.integers(0, 6), min_size=2, max_size=12),
)
def test_pairs_ranked_right_are_counted_pair_by_pair(yes: list[int], no: list[int]) -> None:
    paid = np.array([True] * len(yes) + [False] * len(no))
    found = ranks_right(np.array(yes + no) / 10, paid)
    slow = np.mean([(y > n) + (y == n) / 2 for y in yes for n in no])
    assert found["estimate"] == pytest.approx(slow)
    assert np.isnan(found["low"]) or found["low"] < found["estimate"] < found["high"]


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 9), st.booleans()), min_size=4, max_size=20),
    st.sampled_from([(1.0, 1.0), (1.0, 4.0), (5.0, 1.0)]),
)
def test_the_cheapest_threshold_is_that_of_trying_all(
    users: list[tuple[int, bool]], costs: tuple[float, float]
) -> None:
    score, paid = (np.array(each) for each in zip(*users, strict=True))
    if paid.all() or not paid.any():
        return
    found = threshold_by_cost(score / 10, paid, *costs, draws=2)
    tried = [
        costs[0] * ((score >= cut) & ~paid).sum() + costs[1] * ((score < cut) & paid).sum()
        for cut in [*np.unique(score), 99]
    ]
    assert found["cost"] == pytest.approx(min(tried))
