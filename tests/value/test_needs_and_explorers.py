"""Needs segments against known groups; one customer's path; pictures and explorers that say what was computed."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import crmkit
from crmkit.errors import CrmkitError
from crmkit.style import alt_text, close
from crmkit.value import (
    BetaGeoModel,
    GammaGammaModel,
    assign_tiers,
    cumulative_purchases,
    customer_profit,
    engagement_summary,
    explorers,
    holdout_by_frequency,
    holdout_split,
    migration_matrix,
    plots,
    predict_spread,
    repeat_counts,
    review_schedule,
    rfm_scores,
    simulate_orders,
    tier_table,
    tiers_over_time,
    weight_sensitivity,
)
from crmkit.value.alive import alive_path, envelope_value
from crmkit.value.needs import (
    BASKET,
    basket_features,
    find_segments,
    naive_split,
    name_orientations,
    recovery,
    survey_scores,
)

PARAMS = {"r": 0.8, "alpha": 15.0, "a": 0.7, "b": 3.0}
MONEY = {"p": 6.25, "q": 3.74, "gamma": 15.44}


@pytest.fixture(scope="module")
def tables():
    return {
        name: crmkit.load(name)
        for name in ("orders", "order_lines", "products", "cost_to_serve", "engagement")
    }


@pytest.fixture(scope="module")
def baskets(tables):
    return basket_features(tables["order_lines"], tables["orders"], tables["products"])


# Needs


def test_well_parted_groups_are_found_again_and_named():
    rng = np.random.default_rng(0)
    true = np.repeat(["price", "compound", "value"], [300, 200, 100])
    level = np.select([true == "price", true == "value"], [-2.0, 2.0], 0.0)
    features = pd.DataFrame(
        {"price_level": level + rng.normal(0, 0.2, 600), "noise": rng.normal(size=600) * 0.1}
    )
    found = find_segments(features[["price_level"]])
    assert recovery(found, pd.Series(true)).loc["adjusted_rand"] > 0.99
    assert (name_orientations(found, features["price_level"]) == true).mean() > 0.99
    assert found.value_counts().index.tolist() == [0, 1, 2]
    pd.testing.assert_series_equal(found, find_segments(features[["price_level"]]))


def test_groups_drawn_by_chance_recover_nothing():
    rng = np.random.default_rng(1)
    scores = recovery(pd.Series(rng.integers(0, 3, 3000)), pd.Series(rng.integers(0, 3, 3000)))
    assert abs(scores["adjusted_rand"]) < 0.01


def test_fernwells_baskets_tell_needs_better_than_turnover_does(tables, baskets):
    truth = crmkit.load_truth("customers").set_index("customer_id")["need_type"]
    enough = baskets[baskets["lines"] >= 5]
    found = recovery(find_segments(enough[list(BASKET)]), truth)
    turnover = tables["orders"].groupby("customer_id")["turnover"].sum().reindex(enough.index)
    assert found["adjusted_rand"] > recovery(naive_split(turnover), truth)["adjusted_rand"] + 0.03
    assert found["right"] > found["largest"] + 0.05


def test_baskets_are_compared_within_their_category():
    products = pd.DataFrame(
        {
            "product_id": [1, 2, 3, 4],
            "category": ["lamps", "lamps", "screws", "screws"],
            "price": [10.0, 40.0, 1.0, 4.0],
            "quality": [2, 4, 2, 4],
            "ease": 3,
            "advice": 1,
        }
    )
    lines = pd.DataFrame(
        {
            "order_id": [1, 2],
            "product_id": [2, 4],
            "quantity": [1, 5],
            "unit_price": [40.0, 4.0],
            "discount": [4.0, 0.0],
        }
    )
    orders = pd.DataFrame({"order_id": [1, 2], "customer_id": [7, 8]})
    found = basket_features(lines, orders, products)
    assert found.loc[7, "price_level"] == pytest.approx(np.log(2))
    assert found.loc[8, "price_level"] == pytest.approx(np.log(2))
    assert found["discount_rate"].tolist() == [0.1, 0.0]
    with pytest.raises(CrmkitError, match="product_id that is in no other table"):
        basket_features(lines.assign(product_id=9), orders, products)


def test_the_survey_counts_best_less_worst():
    scores = survey_scores(crmkit.load("best_worst_tasks"), crmkit.load("needs"))
    assert scores.to_numpy().sum() == 0
    assert set(scores.columns) == {"solution", "cost", "convenience", "communication"}
    with pytest.raises(CrmkitError, match="unknown need"):
        survey_scores(
            pd.DataFrame({"customer_id": [1], "best": ["fame"], "worst": ["fit"]}),
            crmkit.load("needs"),
        )


def test_segments_that_cannot_be_are_refused():
    with pytest.raises(CrmkitError, match="between 2 and"):
        find_segments(pd.DataFrame({"x": [1.0, 1.0, 1.0]}), k=2)
    with pytest.raises(CrmkitError, match="missing"):
        find_segments(pd.DataFrame({"x": [1.0, np.nan, 2.0]}), k=2)
    with pytest.raises(CrmkitError, match="Three segments"):
        name_orientations(pd.Series([0, 1]), pd.Series([0.0, 1.0]))
    with pytest.raises(CrmkitError, match="1 customers have none"):
        recovery(pd.Series([0, 1]), pd.Series(["a"]))


# One customer's path


def test_the_path_is_the_models_probability_day_by_day():
    model = BetaGeoModel.from_params(PARAMS, unit="W")
    path = alive_path(model, [0, 30, 60], 200).set_index("day")
    assert (path.loc[:29, "probability_alive"] == 1).all()
    assert path.loc[60, "probability_alive"] > path.loc[59, "probability_alive"]
    assert path.loc[60:, "probability_alive"].is_monotonic_decreasing
    seen = pd.DataFrame({"repeat_days": [2], "active_span_days": [60], "age_days": [150]})
    assert path.loc[150, "probability_alive"] == pytest.approx(model.probability_alive(seen)[0])
    with pytest.raises(CrmkitError, match="before the first"):
        alive_path(model, [10], 5)


def test_the_envelope_adds_up():
    table = envelope_value(4, 50, 0.4, 0.75, years=30, discount=0.0)
    assert table["so_far"].iloc[-1] == pytest.approx(80 / 0.25, rel=0.001)  # a geometric series
    with pytest.raises(CrmkitError, match="kept_per_year"):
        envelope_value(4, 50, 0.4, 75, years=2, discount=0.1)


# Pictures and explorers


@pytest.fixture(scope="module")
def drawn():
    orders, _ = simulate_orders(PARAMS, MONEY, customers=600, joined_until="2023-12-31", seed=4)
    split = holdout_split(orders, "2024-12-31", "2025-12-31")
    return orders, split, BetaGeoModel().fit(split), GammaGammaModel().fit(split)


def test_every_picture_has_a_title_and_labelled_axes(tables, baskets, drawn):
    orders, split, model, money = drawn
    profits = customer_profit(tables["orders"], tables["cost_to_serve"])
    seen = tiers_over_time(orders, ["2024-12-31", "2025-12-31"], {"top": 200, "base": 0})
    scores = rfm_scores(split, cuts={"R": [30, 90], "F": [2, 4], "M": [50, 200]})
    choices = baskets.loc[baskets["lines"] >= 20, list(BASKET)]
    pictures = [
        plots.plot_concentration({"turnover": profits["turnover"], "profit": profits["profit"]}),
        plots.plot_concentration(profits["turnover"], mark=None),
        plots.plot_tiers(tier_table(assign_tiers(profits["profit"]), profits["profit"])),
        plots.plot_profit_against_turnover(profits),
        plots.plot_weight_sensitivity(
            weight_sensitivity(profits, {"turnover": 1}, {"orders": 1}, 50), 50
        ),
        plots.plot_rfm_grid(scores),
        plots.plot_review_schedule(review_schedule(seen)),
        plots.plot_segment_profiles(choices, find_segments(choices)),
        plots.plot_alive_path(alive_path(model, [0, 30, 60], 200)),
        plots.plot_alive_path({n: alive_path(model, [0, n], 200) for n in (7, 90)}),
        plots.plot_repeat_counts(repeat_counts(model, split)),
        plots.plot_holdout_by_frequency(holdout_by_frequency(model, split)),
        plots.plot_cumulative(cumulative_purchases(model, orders, "2025-12-31", "2024-12-31")),
        plots.plot_spread(
            predict_spread(model, money, split.head(30), horizon=1, unit="Y", draws=50)
        ),
    ]
    for ax in pictures:
        assert ax.get_title(loc="left") or ax.get_title()
        assert ax.get_xlabel() or ax.get_ylabel()
        close(ax.figure)
    ax = plots.plot_concentration([1, 2, 3])
    assert plots.plot_migration(migration_matrix(seen, "2024-12-31", "2025-12-31"), ax) is ax
    assert alt_text(ax.figure) == ""
    close(ax.figure)


def test_the_curve_of_profit_is_drawn_above_one():
    ax = plots.plot_concentration([100, 20, -40])
    assert ax.get_ylim()[1] > 1.4
    close(ax.figure)


def test_explorers_answer_with_what_the_pure_functions_say(tables, baskets, drawn):
    _, split, model, _ = drawn
    profits = customer_profit(tables["orders"], tables["cost_to_serve"])["profit"]
    tier = explorers.tier_explorer(profits)
    expected = explorers.cut_points(profits, [0.02, 0.06, 0.21], [150, 60, 10, 0]).iloc[:2]
    tier.set(vip=2)
    assert f"{expected['customers'].sum():,} customers" in tier.sentence
    assert f"£{expected['cost'].sum():,.0f}" in tier.sentence

    people = customer_profit(tables["orders"]).merge(
        engagement_summary(tables["engagement"]), on="customer_id"
    )
    weights = explorers.weight_explorer(people, ["reviews", "referrals"], top=40)
    weights.set(reviews=0, referrals=0)
    assert "40 of the 40" in weights.sentence
    weights.set(turnover=0)
    assert "nobody is better" in weights.sentence

    alive = explorers.alive_explorer(model)
    alive.set(purchases=1)
    assert "One purchase only" in alive.sentence
    alive.set(purchases=10, gap=14)
    assert "times the usual gap" in alive.sentence
    second = explorers.alive_explorer(model, model)
    second.set(purchases=10, gap=14)
    assert second.sentence == alive.sentence
    assert second.picture != alive.picture, "a second curve"

    clv = explorers.clv_explorer()
    assert f"£{envelope_value(4, 90, 0.4, 0.7, 10, 0.1)['so_far'].iloc[-1]:,.0f}" in clv.sentence
    assert "You reached it" not in clv.sentence
    clv.set(kept=5, discount=30)
    assert "You reached it" in clv.sentence

    kinds = explorers.movement_explorer(split)
    table = explorers.four_kinds(split, 0.2, 100).set_index("kind")
    assert table["customers"].sum() == len(split)
    kinds.set(silent_days=100)
    assert f"{table.loc['migrating', 'customers']:,.0f} customers" in kinds.sentence

    segments = explorers.segment_explorer(baskets.loc[baskets["lines"] >= 20, list(BASKET)])
    segments.set(k=5)
    assert "5 groups were asked for" in segments.sentence
    for explorer in (tier, alive, clv, kinds, segments):
        assert explorer.error is None
        assert explorer.picture.startswith(b"\x89PNG")


def test_cut_points_keep_everybody():
    table = explorers.cut_points(np.arange(1000), [0.01, 0.05, 0.2], [1, 1, 1, 0])
    assert table["customers"].tolist() == [10, 40, 150, 800]
    assert table["profit"].sum() == pytest.approx(np.arange(1000).sum())
    assert explorers.cut_points([5, 1], [0.9, 0.2, 0.3], [0] * 4)["customers"].sum() == 2


def test_lesson_80_brings_cdnow_to_tiers_and_lifetime_values(cdnow, tmp_path, monkeypatch):
    """The lesson itself, cell by cell, with the reader's file put where it says."""
    path = tmp_path / "cdnow.csv"
    cdnow.to_csv(path, index=False)
    lesson = Path(__file__).parents[2] / "notebooks/source/80_your_own_orders.py"
    source = lesson.read_text(encoding="utf-8")
    changed = source.replace("my_file = ugly_sample()", f"my_file = {str(path)!r}")
    assert changed != source
    monkeypatch.setenv("CRMKIT_PRACTICE_STATE", "off")
    seen: dict = {}
    exec(compile(changed, lesson.name, "exec"), seen)
    tiers, ahead = seen["tiers"], seen["ahead"]
    assert seen["report"].rows_read == len(cdnow)
    assert len(tiers) == len(ahead) == seen["persons"]["customer_id"].nunique() > 2300
    assert np.isfinite(ahead["lifetime_value"]).all()
    worth = ahead.loc[seen["customers"]["customer_id"], "lifetime_value"].reset_index(drop=True)
    assert worth.groupby(tiers, observed=True).mean().is_monotonic_increasing
    # On days that it has not seen the model comes nearer to the sum than "as last year".
    total = seen["scores"].loc["total"]
    assert abs(total["lifetime model"] - 1) < abs(total["as last year"] - 1)


def test_the_first_explorer_calls_the_whole_the_whole(drawn):
    from crmkit.value.first_look import first_look_explorer

    # Five customers in a hundred lose a little: the best 95 bring 100.0 %, rounded, and no more than that is said.
    profit = pd.DataFrame({"turnover": 100.0, "profit": [50.0] * 95 + [-0.1] * 5})
    looked = first_look_explorer(profit)
    looked.set(percent=95)
    assert "100.0 %" in looked.sentence
    assert "more than the whole" not in looked.sentence
    looked.set(percent=48)
    assert "You reached it" in looked.sentence
    looked.set(percent=49)
    assert "You reached it" not in looked.sentence
    worse = first_look_explorer(profit.assign(profit=[50.0] * 95 + [-20.0] * 5))
    worse.set(percent=95)
    assert "102.2 % of the profit: more than the whole" in worse.sentence
