"""Lesson 61: what it claims holds in other worlds than the shipped one."""

from __future__ import annotations

import pytest
from worlds import seeds

from crmkit.data.load import load, load_truth
from crmkit.practice.questions.lesson_61 import (
    COST,
    best_often,
    later_hits,
    random_less_all,
    worth_of_address,
)
from crmkit.practice.tables import OwnTables
from crmkit.relations import (
    feedback_effects,
    frequency_curve,
    frequency_table,
    judge_matching,
    message_effects,
    message_worth,
    net_by_kind,
    year_of_messages,
)
from crmkit.world import simulate


@pytest.fixture(scope="module", params=seeds("shipped", 31, 32, 33, 34, 35))
def data(request: pytest.FixtureRequest):
    if request.param == "shipped":
        return Shipped()
    world = simulate(
        "fernwell", customers=20, seed=request.param, parts=["messages"], progress=False
    )
    return OwnTables.of_world(world)


class Shipped:
    """The tables that ship."""

    load = staticmethod(load)
    load_truth = staticmethod(load_truth)


def test_the_match_does_the_work_and_the_personal_look_none(data) -> None:
    waves = data.load("message_waves")
    bought = message_effects(waves, "bought").set_index("arm")
    assert bought.loc["matched", "low"] > 0.03
    against = message_effects(waves, "bought", control="random").set_index("arm")
    assert against.loc["matched", "p_adjusted"] < 0.05
    assert against.loc["matched", "low"] > 0
    # One for all does about as well as a random match.
    assert abs(random_less_all(data)) < 3.5
    assert (
        bought.loc["matched", "effect"]
        > 1.4 * bought.loc[["random", "one for all"], "effect"].max()
    )


def test_only_the_matched_message_clearly_pays(data) -> None:
    address = worth_of_address(data)
    assert 12 < address < 60
    worth = message_worth(data.load("message_waves"), cost=COST, address=address).set_index("arm")
    assert worth.loc["matched", "low"] > 0
    others = worth.loc[["one for all", "random"]]
    assert (others["low"] < 0).all()
    assert (others["net"] < worth.loc["matched", "net"] / 1.5).all()


def test_what_does_not_fit_drives_readers_away(data) -> None:
    left = data.load("message_waves").groupby("arm")["unsubscribed"].mean()
    assert (left[["random", "one for all"]] > 1.3 * left["matched"]).all()
    assert left["no message"] == 0


def test_the_readers_who_leave_are_the_price_not_the_stamp(data) -> None:
    worth = message_worth(
        data.load("message_waves"), cost=COST, address=worth_of_address(data)
    ).set_index("arm")
    assert (worth.loc[["one for all", "random"], "address_lost"] > 3 * COST).all()


def test_eight_messages_a_month_earn_less_than_two(data) -> None:
    assert best_often(data) == "c"
    table = frequency_table(
        data.load("message_frequency"), cost=COST, address=worth_of_address(data)
    )
    rows = table.set_index(["arm", "messages_month"])
    assert rows.loc[("matched", 8), "margin_more"] > rows.loc[("matched", 1), "margin_more"]
    assert rows.loc[("matched", 8), "left"] > 8 * rows.loc[("matched", 2), "left"]
    assert rows.loc[("one for all", 8), "high"] < 0
    # The line of the explorer: a top between, lower and earlier for one for all.
    curve = frequency_curve(table)
    address = worth_of_address(data)
    tops = [
        max(range(11), key=lambda n: year_of_messages(curve, n, match=m, address=address)["net"])
        for m in (0, 1)
    ]
    assert 1 <= tops[1] <= 5
    assert tops[0] <= tops[1]


def test_seen_answers_flatter_and_later_weeks_tell(data) -> None:
    purchases = data.load("message_purchases")
    learnt = judge_matching(purchases, learn_until=40, on="weeks learnt from").set_index("way")
    judged = judge_matching(purchases, learn_until=40).set_index("way")
    assert learnt.loc["nearest", "hit_rate"] > 0.99
    assert 20 < later_hits(data) < 36
    ways = judged.loc[["nearest", "together", "tastes"]]
    assert (ways["more_low"] > 0).all()
    # Between the three the data hardly decide: their intervals overlap.
    assert ways["low"].max() < ways["high"].min()
    assert judged.loc["random", "high"] < judged.loc["popular", "low"]


def test_a_report_moves_and_a_reply_hardly(data) -> None:
    trial = data.load("feedback_trial")
    found = feedback_effects(trial).set_index(["outcome", "arm"])
    report, reply = found.xs("report", level="arm"), found.xs("reply", level="arm")
    assert (report["p_adjusted"] < 0.05).all()
    assert (report["effect"] > reply["effect"]).all()
    assert (reply["effect"] < 0.09).all()
    answered = trial["survey"].notna().groupby(trial["arm"]).mean()
    assert answered["report"] > answered["none"] + 0.03


def test_the_six_by_hand() -> None:
    import pandas as pd

    kinds = ["host", "host", "guest", "guest", "guest", "guest"]
    folk = pd.DataFrame({"person_id": range(1, 7), "kind": kinds})
    links = pd.DataFrame({"person_id": [1, 1, 3, 4, 5], "knows_id": [2, 3, 4, 5, 6]})
    table = net_by_kind(folk, links, [("guest", "host")]).set_index(["one", "other"])
    assert table.loc[("guest", "host"), "missing"] == 7
    assert table.loc[("guest", "guest"), "known"] == 3
