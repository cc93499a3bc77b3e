"""Messages, matching, feedback and nets: the truth is found again, and bad input gets an answer."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from crmkit.errors import CrmkitError
from crmkit.reactivation import effect_table
from crmkit.relations import (
    address_value,
    feedback_effects,
    frequency_curve,
    frequency_table,
    judge_matching,
    message_effects,
    message_explorers,
    message_plots,
    message_worth,
    net_by_kind,
    recommend,
    year_of_messages,
)
from crmkit.world import World, simulate


@pytest.fixture(scope="module", params=[21, 22, 23])
def world(request: pytest.FixtureRequest) -> World:
    return simulate(
        "fernwell", customers=20, seed=request.param, parts=["messages"], progress=False
    )


PAIR = pd.DataFrame({"person_id": [1, 2], "kind": "a"})
ONE = pd.DataFrame({"arm": ["a"], "messages_month": 1, "readers": 9, "margin_more": 1, "left": 0.1})


def knows(one: list[int], other: list[int]) -> pd.DataFrame:
    return pd.DataFrame({"person_id": one, "knows_id": other})


CURVE = pd.DataFrame(
    {
        "arm": ["matched", "one for all"],
        "most_month": [5.5, 1.5],
        "half": 2.4,
        "leaves": [0.005, 0.015],
        "pressure": 1.2,
    }
)


def test_the_effects_of_the_waves_are_found_again(world: World) -> None:
    truth = world.truth["message_readers"].mean()
    found = message_effects(world.tables["message_waves"], "bought").set_index("arm")
    for arm, name in (("matched", "matched"), ("random", "random"), ("one for all", "all")):
        row, true = found.loc[arm], truth[f"bought_{name}"] - truth["bought_none"]
        slack = (row["high"] - row["low"]) / 2  # twice the interval: three seeds, three arms
        assert row["low"] - slack < true < row["high"] + slack


def test_independent_rows_give_welch_interval() -> None:
    rng = np.random.default_rng(3)
    waves = pd.DataFrame({"reader_id": range(600), "arm": rng.choice(["no message", "a"], 600)})
    waves["margin_14d"] = rng.gamma(2, 3, 600)
    mine = message_effects(waves, "margin_14d").iloc[0]
    theirs = effect_table(waves, "margin_14d", control="no message").iloc[0]
    assert mine["effect"] == pytest.approx(theirs["effect"])
    assert mine["low"] == pytest.approx(theirs["low"], abs=0.01)
    assert mine["p_value"] == pytest.approx(theirs["p_value"], abs=0.01)


def test_copied_rows_do_not_make_an_effect_surer() -> None:
    rng = np.random.default_rng(4)
    one = pd.DataFrame({"reader_id": range(400), "arm": ["no message", "matched"] * 200})
    one["bought"] = rng.random(400) < 0.2
    width = [
        message_effects(pd.concat([one] * n), "bought").eval("high - low").iloc[0] for n in (1, 4)
    ]
    assert width[0] == pytest.approx(width[1])


def test_the_net_adds_up(world: World) -> None:
    table = message_worth(world.tables["message_waves"], cost=0.05, address=30)
    left = table["margin_more"] - table["cost"] - table["address_lost"]
    assert np.allclose(left, table["net"])


def test_the_worth_of_an_address_is_the_sum_of_what_comes() -> None:
    by_hand = sum(2.0 * 0.97**k for k in range(13))
    assert address_value(2.0, 0.03, messages_year=13) == pytest.approx(by_hand)
    assert address_value(2.0, 0.03, messages_year=13, years=2) > by_hand


def test_frequency_and_its_curve_find_the_truth_again(world: World) -> None:
    own = world.params["messages"]["frequency"]
    table = frequency_table(world.tables["message_frequency"], cost=0.05, address=30)
    both = table.merge(
        world.truth["message_frequency"], on=["arm", "messages_month"], suffixes=("", "_true")
    )
    assert (
        (both["margin_low"] < both["margin_more_true"])
        & (both["margin_more_true"] < both["margin_high"])
    ).mean() > 0.7
    curve = frequency_curve(table, half=own["half"]).set_index("arm")
    assert abs(curve.loc["matched", "pressure"] - own["pressure"]) < 0.4
    assert abs(curve.loc["matched", "leaves"] - own["leaves"]["matched"]) < 0.002
    assert abs(3 * curve.loc["matched", "most_month"] - own["most"]["matched"]) < 5


def test_a_year_without_messages_is_nothing_and_too_many_lose() -> None:
    assert year_of_messages(CURVE, 0).eq(0).all()
    net = [year_of_messages(CURVE, often)["net"] for often in (1, 3, 10)]
    assert net[1] > net[0] > net[2]
    assert year_of_messages(CURVE, 4, match=0)["net"] < year_of_messages(CURVE, 4)["net"]
    row = year_of_messages(CURVE, 4)
    assert row["net"] == pytest.approx(row["margin"] - row["cost"] - row["address_lost"])


def test_matching_beats_the_best_seller_and_looks_perfect_on_what_it_learnt(world: World) -> None:
    bought = world.tables["message_purchases"]
    later = judge_matching(bought, learn_until=40).set_index("way")
    learnt = judge_matching(bought, learn_until=40, on="weeks learnt from").set_index("way")
    for way in ("nearest", "together", "tastes"):
        assert later.loc[way, "more_low"] > 0
        assert learnt.loc[way, "hit_rate"] > later.loc[way, "hit_rate"] + 0.3
    assert later.loc["random", "hit_rate"] < later.loc["popular", "low"]


def test_without_taste_matching_is_no_better_than_the_best_seller() -> None:
    rng = np.random.default_rng(5)
    n = 4000
    product = rng.choice(6, n, p=[0.4, 0.2, 0.1, 0.1, 0.1, 0.1])
    bought = pd.DataFrame(
        {
            "reader_id": rng.integers(0, 500, n),
            "week": rng.integers(1, 53, n),
            "product_id": product,
        }
    )
    found = judge_matching(bought, learn_until=40, ways=["popular", "nearest"]).iloc[1]
    assert found["more_low"] < 0.02


def test_recommendations_are_the_same_in_any_order_of_rows(world: World) -> None:
    bought = world.tables["message_purchases"].head(600)
    for way in ("popular", "nearest", "together", "tastes"):
        one = recommend(bought, way)
        assert one.equals(recommend(bought.sample(frac=1, random_state=1), way))
        assert one.groupby("reader_id")["product_id"].nunique().eq(3).all()


def test_a_report_moves_and_silence_is_counted_both_ways(world: World) -> None:
    trial, truth = world.tables["feedback_trial"], world.truth["feedback_trial"].mean()
    found = feedback_effects(trial).set_index(["outcome", "arm"])
    again = found.loc[("gives feedback again", "report")]
    true = truth["again_report"] - truth["again_none"]
    assert again["low"] - 0.03 < true < again["high"] + 0.03
    of_all = found.loc[("likes more (of all)", "report")]
    of_answers = found.loc[("likes more (of answers)", "report")]
    assert of_all["value"] < of_answers["value"]
    assert of_all["customers"] > of_answers["customers"]


def test_the_net_is_counted_in_either_order() -> None:
    people = pd.DataFrame({"person_id": [1, 2, 3, 4], "kind": ["host", "guest", "guest", "host"]})
    links = pd.DataFrame({"person_id": [3, 1], "knows_id": [1, 4]})
    table = net_by_kind(people, links, [("host", "guest")]).set_index(["one", "other"])
    assert table.loc[("guest", "host"), ["possible", "known", "missing"]].tolist() == [4, 1, 3]
    assert table.loc[("host", "host"), ["known", "missing"]].tolist() == [1, 0]


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda w: message_effects(w, "bought", control="none"), "one of them as `control`"),
        (lambda w: message_effects(w.drop(columns="arm"), "bought"), "column arm is missing"),
        (lambda w: message_effects(w.assign(bought=None), "bought"), "missing or no finite"),
        (lambda w: message_worth(w.assign(unsubscribed="no"), cost=0, address=1), "neither True nor False"),
        (lambda w: address_value(1, 2), "at most 1"),
        (lambda w: frequency_curve(ONE), "two frequencies"),
        (lambda w: year_of_messages(CURVE.head(1), 2), "one for all is missing"),
        (lambda w: judge_matching(w.assign(week=1), learn_until=40), "choose another week"),
        (lambda w: recommend(w, "magic", n=1), "there is no 'magic'"),
        (lambda w: recommend(w, n=99), "between 1 and"),
        (lambda w: feedback_effects(w.assign(feedback_again=True, bought_90d=True, survey=None)), "nobody answered"),
        (lambda w: net_by_kind(pd.DataFrame({"person_id": [1, 1], "kind": "a"}), w), "repeat an earlier"),
        (lambda w: net_by_kind(PAIR, knows([1], [9])), "not among the people"),
        (lambda w: net_by_kind(PAIR, knows([1, 2], [2, 1])), "repeat an earlier"),
        (lambda w: net_by_kind(PAIR, knows([1], [2]), [("a", "b")]), "no kind b"),
    ],
)  # fmt: skip
def test_bad_input_is_told_what_to_do(call, said: str) -> None:
    waves = pd.DataFrame(
        {
            "reader_id": [1, 2, 3, 4],
            "arm": ["no message", "matched"] * 2,
            "product_id": [1, 2, 2, 1],
            "bought": [True, False, True, False],
            "margin_14d": [3.0, 0, 2, 0],
            "unsubscribed": [False] * 4,
        }
    )
    with pytest.raises(CrmkitError, match=said):
        call(waves)


def test_pictures_say_what_they_show(world: World) -> None:
    tables = world.tables
    effects = message_effects(tables["message_waves"], "bought")
    ax = message_plots.plot_messages(effects, truth=pd.Series(0.05, index=effects["arm"]))
    assert "truth" in [text.get_text() for text in ax.get_legend().get_texts()]
    table = frequency_table(tables["message_frequency"], cost=0.05, address=30)
    assert "GBP" in message_plots.plot_frequency(table, unit="GBP").get_ylabel()
    judged = judge_matching(
        tables["message_purchases"], learn_until=40, ways=["popular", "nearest"]
    )
    assert message_plots.plot_matching(judged, learnt=judged).get_title(loc="left")
    assert message_plots.plot_feedback(feedback_effects(tables["feedback_trial"])).get_title(
        loc="left"
    )
    assert message_plots.plot_net(tables["net_people"], tables["net_links"]).get_title(loc="left")


def test_the_explorer_says_what_each_drag_does() -> None:
    shown = message_explorers.message_explorer(CURVE, per_month=8, match=0)
    assert "The top of the line is at" in shown.sentence
    shown.set(match=100, per_month=2.5)
    assert "You are at the top of the line" in shown.sentence
    shown.set(worth=0)
    assert "worth £0.00" in shown.sentence
