"""Lesson 60: what it claims holds in other worlds than the shipped one."""

from __future__ import annotations

import numpy as np
import pytest
from worlds import seeds

from crmkit.data.load import load, load_truth
from crmkit.practice.questions.lesson_60 import blamed, for_the_busiest, on_mondays
from crmkit.practice.tables import OwnTables
from crmkit.relations import (
    agents_needed,
    arrival_profile,
    effect_of_waiting,
    erlang_a,
    erlang_check,
    patience,
    replay_plan,
    service_by_hour,
    staff_plan,
)
from crmkit.world import simulate

SEEDS = seeds("shipped", 31, 32, 33, 34, 35)


@pytest.fixture(scope="module", params=SEEDS)
def data(request: pytest.FixtureRequest):
    if request.param == "shipped":
        return Shipped()
    world = simulate("fernwell", customers=20, seed=request.param, parts=["desk"], progress=False)
    return OwnTables.of_world(world)


class Shipped:
    """The tables that ship."""

    load = staticmethod(load)
    load_truth = staticmethod(load_truth)


def test_the_mean_is_about_the_promise_and_the_busiest_hour_far_below(data) -> None:
    calls, staff = data.load("desk_calls"), data.load("desk_staff")
    service = service_by_hour(calls, staff)
    mean = (service["within"] * service["calls"]).sum() / service["calls"].sum()
    assert 0.76 < mean < 0.84
    worst = service.loc[service["within"].idxmin()]
    assert worst["hour"] in (10, 11)
    assert service.loc[service["calls"].idxmax(), "within"] < 0.7
    assert worst["high"] < 0.78
    # Most callers come in hours that miss the promise or lie near it; the quiet ones are far above.
    assert service["within"].max() > 0.93
    assert 2 <= (service["within"] < 0.8).sum() <= 5
    # Leaving out who hung up makes the worst hour look better.
    assert worst["within"] / (1 - worst["gave_up"]) > worst["within"] + 0.08


def test_agents_have_time_and_callers_wait(data) -> None:
    service = service_by_hour(data.load("desk_calls"), data.load("desk_staff"))
    assert service["occupancy"].mean() < 0.62
    assert service["occupancy"].max() < 0.85


def test_the_busiest_hour_needs_more_agents_than_its_load(data) -> None:
    load_ = arrival_profile(data.load("desk_calls"))["load"].max()
    assert 3 < load_ < 4
    assert for_the_busiest(data) >= 5
    assert for_the_busiest(data) - load_ > 1


def test_patience_is_longer_than_those_who_hung_up_waited(data) -> None:
    found = patience(data.load("desk_calls"))
    assert found["of_those_who_gave_up"] < found["low"] / 2
    assert on_mondays(data, "who gave up") < on_mondays(data)


def test_erlang_a_says_what_was_seen_and_c_does_not(data) -> None:
    calls, staff = data.load("desk_calls"), data.load("desk_staff")
    found = erlang_check(calls, staff, patience_minutes=patience(calls)["estimate"])
    assert found["a_holds"].sum() >= 7
    assert found["c_holds"].sum() <= found["a_holds"].sum() - 2
    errors = [(found[f"erlang_{name}"] - found["within"]).abs().mean() for name in "ac"]
    assert errors[0] < 0.04
    assert errors[1] > 3 * errors[0]


def test_the_same_money_in_other_hours_keeps_the_promise(data) -> None:
    calls = data.load("desk_calls")
    profile, found = arrival_profile(calls), patience(calls)["estimate"]
    plan = staff_plan(profile, patience_minutes=found)
    flat = staff_plan(profile, patience_minutes=found, agents=4)
    assert plan["agents"].sum() <= flat["agents"].sum()
    assert plan["keeps"].all()
    assert flat["keeps"].sum() <= 8
    # Erlang C would buy more.
    assert staff_plan(profile)["agents"].sum() >= plan["agents"].sum() + 4
    again = replay_plan(calls, plan, patience_minutes=found)
    assert (again["within"] * again["calls"]).sum() / again["calls"].sum() > 0.8
    assert again["within"].min() > 0.7


def test_near_all_of_the_time_busy_the_line_explodes(data) -> None:
    calls = data.load("desk_calls")
    profile = arrival_profile(calls)
    top = profile.loc[profile["load"].idxmax()]
    found = [
        erlang_a(top["calls"], top["handling_minutes"], n, 5, within_seconds=60) for n in (4, 5, 6)
    ]
    assert found[0]["mean_wait_seconds"] > 3.5 * found[2]["mean_wait_seconds"]
    assert [row["within"] for row in found] == sorted(row["within"] for row in found)


def test_fewer_than_seventy_per_cent_like_the_brand_less(data) -> None:
    enquiries = data.load("desk_enquiries")
    late, fast = (enquiries["wait_hours"] > 24), (enquiries["wait_hours"] <= 1)
    assert 0.45 < enquiries.loc[late, "likes_less"].mean() < 0.65
    assert enquiries.loc[late, "hard"].mean() > 3 * enquiries.loc[fast, "hard"].mean()


@pytest.mark.parametrize("outcome", ["likes_less", "bought_90d"])
def test_the_wait_does_about_half_of_what_it_is_blamed_for(data, outcome: str) -> None:
    table = effect_of_waiting(data.load("desk_enquiries"), outcome, data.load("answer_trial"))
    size = table["effect"].abs()
    assert size[0] > size[1] > 0
    assert 0.25 < size[2] / size[0] < 0.75
    assert np.sign(table["low"][2]) == np.sign(table["high"][2])  # it is bad for all that


def test_the_reveal_says_so(data) -> None:
    assert blamed(data) == "b"


def test_few_enquiries_are_answered_within_the_hour(data) -> None:
    enquiries = data.load("desk_enquiries")
    in_hours = enquiries["minute"].between(540, 1139) & (enquiries["date"].dt.day_of_week < 6)
    assert (enquiries.loc[in_hours, "wait_hours"] <= 1).mean() < 0.4


def test_specialists_solve_more_and_two_lines_need_more_agents(data) -> None:
    hard = data.load("desk_enquiries").query("hard")
    solved = hard.groupby("answered_by")["solved_first"].mean()
    assert solved["specialist"] > solved["front line"] + 0.1
    calls = data.load("desk_calls")
    top = arrival_profile(calls).sort_values("load").iloc[-1]
    kinds = calls[calls["answered"]].groupby("hard")["handling_minutes"].agg(["mean", "size"])
    share = kinds["size"] / kinds["size"].sum()
    want = {"within_seconds": 60, "patience_minutes": patience(calls)["estimate"]}
    apart = [
        agents_needed(top["calls"] * share[kind], kinds.loc[kind, "mean"], **want)
        for kind in (False, True)
    ]
    assert sum(apart) > agents_needed(top["calls"], top["handling_minutes"], **want)


def test_the_five_callers_by_hand() -> None:
    """As the lesson's cell counts them: 0, 3, hangs up, 0, 2; two of five within a minute."""
    free, waits = 0, []
    for arrives, patient in [(0, 99), (3, 99), (5, 4), (30, 99), (34, 99)]:
        starts = max(free, arrives)
        if starts - arrives > patient:
            waits.append(None)
            continue
        waits.append(starts - arrives)
        free = starts + 6
    assert waits == [0, 3, None, 0, 2]


@pytest.mark.parametrize("seed", [41, 42, 43])
def test_the_plan_keeps_its_promise_in_weeks_to_come(seed: int, tmp_path) -> None:
    """Plan on one world's weeks, try it in another world with that staff."""
    from crmkit.world.company import FOLDER

    calls = simulate("fernwell", customers=5, seed=seed, parts=["desk"], progress=False).tables[
        "desk_calls"
    ]
    plan = staff_plan(arrival_profile(calls), patience_minutes=patience(calls)["estimate"])
    text = (FOLDER / "fernwell.toml").read_text(encoding="utf-8")
    own = tmp_path / "own.toml"
    staffed = text.replace("\nagents = 4 ", f"\nagents = {plan['agents'].tolist()} ").replace(
        "absent = 0.04", "absent = 0.0"
    )
    assert staffed != text
    own.write_text(staffed, encoding="utf-8")
    later = simulate(own, customers=5, seed=seed + 100, parts=["desk"], progress=False)
    service = service_by_hour(later.tables["desk_calls"])
    assert (service["within"] * service["calls"]).sum() / service["calls"].sum() > 0.78
    assert service["within"].min() > 0.68
