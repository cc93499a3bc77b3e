"""Rankings, tiers, RFM, migration: right answers by hand, equals together, and bad input in words."""

import warnings

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crmkit.errors import CrmkitError
from crmkit.value import (
    COSTS_MORE,
    TierWarning,
    assign_tiers,
    bought_again,
    compare_rules,
    customer_profit,
    customer_summary,
    cut_score,
    engagement_summary,
    list_certainty,
    list_stability,
    matched_gaps,
    migration_matrix,
    movement_tiers,
    movers,
    names_again,
    percentile_score,
    policy_cost,
    policy_gain,
    potential_tiers,
    quantile_score,
    ranking,
    review_schedule,
    rfm_scores,
    sales_funnel,
    score_by_position,
    split_equals,
    tier_table,
    tiers_over_time,
    tiers_with_cost,
    top_list,
    top_share,
    weight_sensitivity,
    weighted_score,
    widest_gap,
)

amounts = st.lists(st.integers(0, 8).map(float), min_size=1, max_size=60)


@pytest.mark.filterwarnings("ignore::crmkit.value.TierWarning")
@settings(max_examples=80, deadline=None)
@given(amounts, st.sampled_from(["customers", "amount"]))
def test_equals_share_a_tier_and_more_is_never_less(values, by):
    cuts = {"a": 0.1, "b": 0.4, "c": 1.0} if by == "customers" else {"a": 6, "b": 2, "c": 0}
    tiers = assign_tiers(values, cuts, by=by)
    codes = pd.Series(tiers.cat.codes.to_numpy()).groupby(values).agg(["min", "max"])
    assert (codes["min"] == codes["max"]).all()
    assert codes["min"].is_monotonic_increasing
    table = tier_table(tiers, values)
    assert table["customers"].sum() == len(values)
    assert table["value"].sum() == pytest.approx(sum(values))


@settings(max_examples=80, deadline=None)
@given(amounts, st.integers(2, 6))
def test_equals_share_a_score_and_more_is_never_less(values, bins):
    for less in (False, True):
        scores = quantile_score(values, bins, less_is_better=less)
        assert scores.between(1, bins).all()
        groups = scores.groupby(values).agg(["min", "max"])
        assert (groups["min"] == groups["max"]).all()
        rising = groups["min"] if not less else -groups["min"]
        assert rising.is_monotonic_increasing


def test_the_pyramid_has_the_sizes_it_names():
    tiers = assign_tiers(np.random.default_rng(0).permutation(1000))
    assert tier_table(tiers)["customers"].tolist() == [10, 40, 150, 800]
    assert (tiers > "ordinary").sum() == 50


def test_tiers_by_share_of_the_value():
    values = [50, 30, 10, 5, 5]
    tiers = assign_tiers(values, {"A": 0.5, "B": 0.9, "C": 1}, by="value")
    assert tiers.tolist() == ["A", "B", "B", "C", "C"]
    with pytest.raises(CrmkitError, match="by='customers'"):
        assign_tiers([5, -1], {"A": 0.5, "C": 1}, by="value")


def test_an_empty_tier_is_kept_and_said():
    with pytest.warns(
        TierWarning, match=r"tier top is empty\. 100 of 100 customers have the same value"
    ):
        tiers = assign_tiers([3.0] * 100, {"top": 0.1, "base": 1.0})
    table = tier_table(tiers, [3.0] * 100)
    assert table["customers"].tolist() == [0, 100]
    assert table.loc[0, "value"] == 0
    assert np.isnan(table.loc[0, "mean_value"])


@pytest.mark.filterwarnings("ignore:tier potential is empty")
def test_every_scheme_says_that_a_tier_is_empty():
    profits = pd.DataFrame({"margin": [9.0, 5, 3], "cost_to_serve": [1.0, 1, 1]})
    profits["profit"] = profits["margin"] - profits["cost_to_serve"]
    with pytest.warns(TierWarning, match="tier costs more is empty"):
        tiers = tiers_with_cost(profits, {"gold": 1 / 3, "standard": 1})
    assert tiers.tolist() == ["gold", "standard", "standard"]
    seen = pd.DataFrame({"turnover": [900, 800, 5, 4], "days_since_last": [10, 10, 10, 400]})
    with pytest.warns(TierWarning, match="tier migrating is empty"):
        movement_tiers(seen, high=0.5)
    with pytest.warns(TierWarning, match="tier high-value is empty"):
        assert set(potential_tiers([3.0] * 9, [1.0] * 9)) == {"basic"}


def test_one_customer_alone_and_an_index_of_its_own():
    with pytest.warns(TierWarning):
        assert assign_tiers(pd.Series([5.0], index=["x"])).index.tolist() == ["x"]
    tiers = assign_tiers(pd.Series([1, 2, 3, 4], index=[9, 9, 4, 1]), {"top": 0.25, "base": 1})
    assert tiers.tolist() == ["base", "base", "base", "top"]
    assert tiers.index.tolist() == [9, 9, 4, 1]


@pytest.mark.parametrize(
    ("cuts", "by", "words"),
    [
        ({"a": 0.2, "b": 0.1, "c": 1}, "customers", "counted from the top"),
        ({"a": 0.2, "b": 0.8}, "customers", "last must be 1"),
        ({"a": 20, "b": 100}, "customers", r"Did you mean 0\.2"),
        ({"a": 10, "b": 20, "c": 0}, "amount", "fall from the best"),
        ({"a": 500, "b": 100, "c": 0}, "customers", "Add by='amount'"),
        ({"a": 1.0}, "customers", "at least two"),
        ({"a": 0.2, "b": 1}, "profit", "by is"),
    ],
)
def test_cuts_that_make_no_sense_are_refused(cuts, by, words):
    with pytest.raises(CrmkitError, match=words):
        assign_tiers([1, 2, 3], cuts, by=by)


def test_those_who_cost_more_have_their_own_tier():
    profits = pd.DataFrame({"margin": [90.0, 20, 10, 8], "cost_to_serve": [10.0, 30, 1, 8]})
    profits["profit"] = profits["margin"] - profits["cost_to_serve"]
    tiers = tiers_with_cost(profits, {"gold": 1 / 3, "standard": 1})
    assert tiers.tolist() == ["gold", COSTS_MORE, "standard", "standard"]
    same_row_twice = profits.set_axis([5, 5, 1, 1])
    assert (
        tiers_with_cost(same_row_twice, {"gold": 1 / 3, "standard": 1}).tolist() == tiers.tolist()
    )
    with pytest.raises(CrmkitError, match="nobody brings more"):
        tiers_with_cost(profits.assign(profit=-1.0))


@pytest.mark.filterwarnings("ignore:tier freezing-point is empty")
def test_the_other_schemes():
    tiers = potential_tiers([100, 10, 9, 8, 7], [1, 1, 9, 1, 1])
    assert (tiers == "potential").tolist() == [False, False, True, False, False]
    seen = pd.DataFrame({"turnover": [900, 800, 5, 4], "days_since_last": [10, 400, 10, 180]})
    assert movement_tiers(seen, high=0.5).tolist() == [
        "value",
        "migrating",
        "promising",
        "promising",
    ]
    assert movement_tiers(seen, high=0.5, silent_days=100).tolist()[3] == "freezing-point"
    for high, next_up in ((1.0, 0.2), (0.8, 0.2), (0.5, 0.0)):
        with pytest.raises(CrmkitError, match="share"):
            potential_tiers([1, 2, 3], [1, 2, 3], high=high, next_up=next_up)
    with pytest.raises(CrmkitError, match="same customers"):
        potential_tiers([1, 2], pd.Series([1, 2], index=[3, 4]))


def test_a_policy_costs_and_earns_what_it_says():
    tiers = assign_tiers([900, 300, 200, -100], {"top": 0.25, "base": 1})
    policy = pd.DataFrame({"tier": ["top", "base"], "cost_per_customer": [90.0, 6.0]})
    table = policy_cost(tiers, [900, 300, 200, -100], policy).set_index("tier")
    assert table.loc["base", "profit"] == 400
    assert table.loc["base", "cost"] == 18
    assert table.loc["base", "break_even_lift"] == pytest.approx(18 / 400)
    gain = policy_gain(tiers, [900, 300, 200, -100], policy, pd.Series([0.2, 0.1, 0, 0])).set_index(
        "tier"
    )
    assert gain.loc["top", "net"] == pytest.approx(180 - 90)
    assert gain.loc["base", "net"] == pytest.approx(30 - 18)
    with pytest.raises(CrmkitError, match="nothing is said for tier base"):
        policy_cost(tiers, [900, 300, 200, -100], policy.head(1))
    with pytest.raises(CrmkitError, match="named twice"):
        policy_cost(tiers, [1, 2, 3, 4], pd.concat([policy, policy]))


# Rankings


def people():
    return pd.DataFrame(
        {
            "customer_id": [7, 8, 9, 10],
            "turnover": [100.0, 50, 50, 0],
            "referrals": [0, 0, 5, 5],
            "reviews": [0, 1, 0, 2],
        },
        index=[3, 1, 2, 0],
    )


def test_scores_are_places_with_ties_shared():
    assert percentile_score([5, 1, 1, 100]).tolist() == [62.5, 25, 25, 87.5]
    table = ranking(people(), {"turnover": 1})
    assert table["rank"].tolist() == [1, 2, 2, 4]
    assert ranking(people(), {"turnover": 1}, top=2)["customer_id"].tolist() == [7, 8, 9]
    assert weighted_score(people(), {"turnover": 3, "referrals": 1}).loc[2] == pytest.approx(
        (3 * 50 + 75) / 4
    )


def test_weight_moves_the_list_from_one_ranking_to_the_other():
    steps = weight_sensitivity(
        people(), {"turnover": 1}, {"referrals": 2, "reviews": 1}, top=1, shares=[0, 0.5, 1]
    )
    assert steps["still_of_first"].tolist()[0] == 1
    assert steps["still_of_second"].tolist()[-1] == 1
    assert steps["still_of_first"].tolist()[-1] == 0


def test_who_leads_in_everything_is_always_on_the_list():
    frame = pd.DataFrame({"a": [9, 1, 5, 3], "b": [9, 5, 1, 3]}, index=list("wxyz"))
    stable = list_stability(frame, {"a": 1, "b": 1}, top=2)
    assert stable.loc["w", "share_of_draws"] == 1
    assert stable["share_of_draws"].sum() == pytest.approx(2)
    # x, y and z are tied for the second place: all are on the list, and in a draw that ties they share it.
    assert stable["on_list"].sum() == 4
    alike = pd.DataFrame({"a": [1, 1, 1, 1]})
    assert list_stability(alike, {"a": 1}, top=1)["share_of_draws"].tolist() == [0.25] * 4
    pd.testing.assert_frame_equal(stable, list_stability(frame, {"a": 1, "b": 1}, top=2))
    assert top_list(pd.Series({"a": 1.0, "b": 3.0, "c": 3.0}), 2).tolist() == ["b", "c"]


@pytest.mark.parametrize(
    ("weights", "words"),
    [
        ({"turnover": 0}, "all are zero"),
        ({"turnover": -1}, "below 0"),
        ({"fame": 1}, "fame is missing"),
    ],
)
def test_weights_that_make_no_sense_are_refused(weights, words):
    with pytest.raises(CrmkitError, match=words):
        ranking(people(), weights)


def test_engagement_keeps_those_who_did_nothing():
    seen = pd.DataFrame({"customer_id": [1, 1], "year": [2024, 2025], "referrals": [1, 2]})
    assert engagement_summary(seen, pd.DataFrame({"customer_id": [7, 1]}))[
        "referrals"
    ].tolist() == [3, 0]
    with pytest.raises(CrmkitError, match="nothing to add up"):
        engagement_summary(seen[["customer_id", "year"]])


# RFM


def test_scoring_by_position_splits_equals_on_cdnow_and_ours_does_not(cdnow):
    summary = customer_summary(cdnow, "1997-09-30")
    wrong = split_equals(summary["purchase_days"], score_by_position(summary["purchase_days"]))
    assert wrong["share"] > 0.5
    assert (
        split_equals(summary["purchase_days"], quantile_score(summary["purchase_days"]))["split"]
        == 0
    )
    with pytest.warns(TierWarning, match="Nobody gets the score"):
        scores = rfm_scores(summary)
    assert scores.loc[summary["purchase_days"] == summary["purchase_days"].max(), "F"].eq(5).all()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        chosen = rfm_scores(summary, cuts={"F": [2, 3, 4, 6]})
    assert (chosen["F"] == 1).sum() == (summary["purchase_days"] == 1).sum()
    assert chosen["cell"].str.len().eq(3).all()


def test_cut_points_say_what_they_mean():
    assert cut_score([1, 2, 3, 9], [2, 3, 5]).tolist() == [1, 2, 3, 4]
    assert cut_score([10, 30, 200], [30, 90], less_is_better=True).tolist() == [3, 2, 1]
    with pytest.raises(CrmkitError, match="must rise"):
        cut_score([1], [3, 2])
    with pytest.raises(CrmkitError, match="unknown"):
        rfm_scores(
            pd.DataFrame({"days_since_last": [1], "purchase_days": [1], "turnover": [1]}),
            cuts={"Q": [1]},
        )
    with pytest.raises(CrmkitError, match="bins"):
        quantile_score([1, 2], 1)


# Migration


@pytest.fixture
def two_years():
    orders = pd.DataFrame(
        [
            (1, "2024-03-01", 900.0),
            (1, "2025-03-01", 10.0),
            (2, "2024-05-01", 10.0),
            (2, "2025-05-01", 700.0),
            (3, "2024-06-01", 300.0),
            (4, "2025-07-01", 20.0),
        ],
        columns=["customer_id", "order_date", "turnover"],
    )
    orders["order_date"] = pd.to_datetime(orders["order_date"])
    return tiers_over_time(orders, ["2024-12-31", "2025-12-31"], {"key": 250, "small": 0})


def test_who_climbs_who_sinks_who_is_new(two_years):
    matrix = migration_matrix(two_years, "2024-12-31", "2025-12-31")
    assert matrix.to_numpy().tolist() == [[0, 1, 1], [1, 0, 0], [0, 0, 0], [0, 1, 0]]
    assert matrix.to_numpy().sum() == 4
    shares = migration_matrix(two_years, "2024-12-31", "2025-12-31", shares=True)
    assert shares.loc["key"].tolist() == [0, 0.5, 0.5]
    moved = movers(two_years, "2024-12-31", "2025-12-31").set_index("tier")
    assert moved.loc["key", ["climbed", "stayed", "sank", "away"]].tolist() == [0, 0, 2, 1]
    assert moved.loc["small", "climbed"] == 1
    assert moved.loc["key", "value_before"] == 1200
    assert moved.loc["key", "value_after"] == 10


@pytest.mark.parametrize(
    ("tiers", "missed"),
    [(2, 0.0), (3, 1.0), (5, 0.5)],  # the best of two; the two best of three; the two best of five
)
def test_the_top_of_an_ageing_list_is_its_two_best_tiers(tiers, missed):
    names = ["away", *"abcde"[:tiers]]
    top = names[-2:]
    then = [top[1], names[-3]]  # one was at the very top, one just below the two best
    seen = pd.DataFrame(
        {
            "customer_id": [1, 2, 1, 2],
            "end": pd.to_datetime(["2024-12-31"] * 2 + ["2025-12-31"] * 2),
            "tier": pd.Categorical([*then, top[1], top[0]], names, ordered=True),
        }
    )
    if tiers == 3:
        seen = seen[seen["customer_id"] == 2]
    assert review_schedule(seen).loc[0, "top_missed_share"] == missed


def test_orders_of_nobody_are_refused(two_years):
    orders = pd.DataFrame(
        {
            "customer_id": [1, None],
            "order_date": pd.to_datetime(["2025-01-01", "2025-02-01"]),
            "turnover": [1.0, 2.0],
            "margin": [1.0, 2.0],
        }
    )
    for call in (
        lambda: customer_profit(orders),
        lambda: tiers_over_time(orders, ["2025-12-31"]),
        lambda: engagement_summary(orders[["customer_id", "turnover"]]),
    ):
        with pytest.raises(
            CrmkitError, match="customer_id: 1 of 2 values are missing, first at row 1"
        ):
            call()
    gap = orders.assign(customer_id=[1, 2], turnover=[1.0, np.nan])
    with pytest.raises(CrmkitError, match="turnover: 1 of 2"):
        tiers_over_time(gap, ["2025-12-31"])


def test_a_list_ages(two_years):
    schedule = review_schedule(two_years)
    assert schedule.loc[0, "age_days"] == 365
    assert schedule.loc[0, "wrong_share"] == 1
    assert schedule.loc[0, "top_missed_share"] == 1
    with pytest.raises(CrmkitError, match="at least two days"):
        review_schedule(two_years[two_years["end"] == "2024-12-31"])
    with pytest.raises(CrmkitError, match=r"none of the days.*2024-12-31"):
        migration_matrix(two_years, "2023-12-31", "2025-12-31")


# The slips of a learner end in words.


def one_order(**changes):
    frame = pd.DataFrame(
        {"customer_id": [1], "order_date": pd.to_datetime(["2025-03-01"]), "turnover": [9.0]}
    )
    return frame.assign(**changes)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: assign_tiers(people()), "not a whole table.*'reviews'"),
        (lambda: percentile_score(people()), "not a whole table"),
        (lambda: assign_tiers([1, 2, 3], [0.1, 1]), "each tier needs a name"),
        (lambda: assign_tiers([1, 2, 3], by="amount"), "name the amounts"),
        (lambda: top_share([1, 2], "20%"), "a number, not '20%'"),
        (lambda: top_list(pd.Series([1, 2, 3]), 1.5), r"between 1 and 3, not 1\.5"),
        (
            lambda: weight_sensitivity(people(), {"turnover": 1}, {"referrals": 1}, 1, [50]),
            r"half of the weight is 0\.5",
        ),
        (lambda: ranking(people(), {"turnover": "much"}), "weights: 1 of 1"),
        (
            lambda: tiers_over_time(one_order(order_date="2025-03-01"), ["2025-12-31"]),
            "not dates",
        ),
        (lambda: tiers_over_time(one_order(), "2025-12-31"), "ends is a list of days"),
        (lambda: tiers_over_time(one_order(), []), "ends is a list of days"),
        (lambda: tiers_over_time(one_order(), ["soon"]), "'soon' is no date"),
        (
            lambda: policy_cost(
                assign_tiers([9, 3, 2, 1], {"top": 0.25, "base": 1}),
                [9, 3, 2, 1],
                pd.DataFrame({"tier": ["top", "base", "gold"], "cost_per_customer": [1, 2, 3]}),
            ),
            "there is no tier gold; the tiers are top, base",
        ),
    ],
)
def test_slips_end_in_words(call, words):
    with pytest.raises(CrmkitError, match=words):
        call()


# How sure a list is


def _dealt(rng, n):
    """Customers whose orders come at random, at a rate and of a size of their own."""
    rate, size = rng.gamma(0.8, 6, n), rng.lognormal(3, 0.7, n)

    def once():
        who = np.repeat(np.arange(n), rng.poisson(rate))
        return pd.DataFrame(
            {
                "customer_id": who,
                "turnover": 1.0,
                "margin": size[who] * rng.gamma(4, 0.25, len(who)),
            }
        )

    return once


def test_names_that_are_sure_come_again_and_the_overlap_is_foretold():
    rng = np.random.default_rng(3)
    everyone = pd.DataFrame({"customer_id": np.arange(300)})
    again, foretold, sure = [], [], []
    for _ in range(20):
        once = _dealt(rng, 300)
        certain = list_certainty(once(), customers=everyone, top=30, draws=100, seed=rng)
        second = customer_profit(once(), customers=everyone).set_index("customer_id")["profit"]
        on_list = certain[certain["on_list"]]
        came = on_list.index.isin(second.nlargest(30).index)
        again.append(came.mean())
        foretold.append(names_again(certain, 30))
        sure.extend(came[on_list["share_of_draws"] >= 0.95])
    assert np.mean(foretold) == pytest.approx(np.mean(again), abs=0.04)
    assert np.mean(sure) > 0.87


def test_certainty_counts_places_and_costs_and_is_the_same_every_time():
    orders = pd.DataFrame(
        {
            "customer_id": [1] * 50 + [2] * 50 + [3],
            "turnover": 9.0,
            "margin": [4.0] * 50 + [3.0] * 50 + [9.0],
        }
    )
    costs = pd.DataFrame({"customer_id": [1] * 40, "cost": [2.0] * 40})
    alone = list_certainty(orders, top=1, seed=1)
    served = list_certainty(orders, costs, top=1, seed=1)
    assert alone["place"].to_dict() == {1: 1, 2: 2, 3: 3}
    assert served["place"].to_dict() == {2: 1, 1: 2, 3: 3}
    assert served["share_of_draws"].sum() == pytest.approx(1, abs=0.05)
    assert served.loc[3, "safe_from"] == 3
    # Whoever is on the list of the best two in 95 % of the draws is safe from a length of two on.
    two = list_certainty(orders, costs, top=2, seed=1)
    assert ((two["share_of_draws"] >= 0.95) == (two["safe_from"] <= 2)).all()
    pd.testing.assert_frame_equal(served, list_certainty(orders, costs, top=1, seed=1))
    alike = pd.DataFrame({"customer_id": [1, 2], "turnover": 0.0, "margin": 0.0})
    assert list_certainty(alike, top=1)["on_list"].all(), "equals are not parted"
    for wrong in ({"top": 0}, {"top": 4}, {"top": 1, "sure": 2}):
        with pytest.raises(CrmkitError):
            list_certainty(orders, **wrong)


def test_rules_are_judged_by_those_they_chose():
    known = pd.DataFrame(
        {
            "days_since_last": [5, 50, 20, 90],
            "turnover": [10.0, 500.0, 20.0, 400.0],
            "holdout_purchase_days": [1, 0, 2, 0],
            "holdout_turnover": [30.0, 0.0, 10.0, 0.0],
        }
    )
    rules = {"recent": -known["days_since_last"], "money": known["turnover"]}
    found = compare_rules(known, rules, top=2)
    assert found["came_back"].to_dict() == {"recent": 1.0, "money": 0.0, "everyone": 0.5}
    assert found["turnover_share"].to_dict() == {"recent": 1.0, "money": 0.0, "everyone": 1.0}
    assert (found["low"] <= found["came_back"]).all()
    assert (found["came_back"] <= found["high"]).all()
    with pytest.raises(CrmkitError, match="length of the list"):
        compare_rules(known, rules, top=5)


def test_the_funnel_counts_people_once_and_loyalty_gives_everyone_the_same_time():
    log = pd.DataFrame(
        {
            "journey_id": [1, 1, 1, 2, 2, 3, 3],
            "touchpoint": [
                "advertisement",
                "entrance",
                "entrance",
                "advertisement",
                "question",
                "aftercare",
                "aftercare",
            ],
            "went_on": [True, False, False, True, False, True, True],
        }
    )
    people = sales_funnel(log)["people"].to_dict()
    assert people == {"lead": 2, "target": 1, "prospect": 1, "customer": 1, "loyal": 1}
    days = ["2024-01-01", "2024-01-01", "2024-12-31", "2025-01-02", "2024-02-01", "2025-03-01"]
    orders = pd.DataFrame({"customer_id": [1, 1, 1, 1, 2, 3], "order_date": pd.to_datetime(days)})
    assert bought_again(orders, "2024-12-31").to_dict() == {1: 1, 2: 0}
    with pytest.raises(CrmkitError, match="nobody had bought"):
        bought_again(orders, "2020-01-01")


def test_a_picked_gap_is_held_to_what_picking_makes():
    rng = np.random.default_rng(5)
    groups = np.repeat(list("abcdef"), 50)
    shares = [
        widest_gap(rng.normal(0, 1, 300), groups, draws=100, seed=rng)["as_large"]
        for _ in range(60)
    ]
    assert 0.3 < np.mean(shares) < 0.7, "as large a gap in half of the deals where there is nothing"
    real = widest_gap(rng.normal(0, 1, 300) + 2.0 * (groups == "c"), groups, draws=100)
    assert (real["best"], real["as_large"]) == ("c", 1 / 101)
    with pytest.raises(CrmkitError, match="at least two"):
        widest_gap([1.0, 2.0], ["a", "a"])
    with pytest.raises(CrmkitError, match="for 3 values"):
        widest_gap([1.0, 2.0, 3.0], ["a", "b"])


def test_matching_finer_takes_the_past_out_of_a_gap():
    rng = np.random.default_rng(6)
    past = pd.Series(rng.lognormal(4, 1, 2000))
    score = past.rank(pct=True) + pd.Series(rng.normal(0, 0.3, 2000))
    found = matched_gaps(past + rng.normal(0, 5, 2000), score, past, groups=[4, 100])
    assert found.loc[4, "gap"] > 10
    assert abs(found.loc[100, "past_gap"]) < found.loc[4, "past_gap"] / 4
    assert found.loc[100, "gap"] < found.loc[4, "gap"] / 4
    with pytest.raises(CrmkitError, match="groups"):
        matched_gaps(past, score, past, groups=[501])
