"""Calls by the hour, staff for a promise, patience and the effect of waiting: by hand, and against the truth."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from benchmarks._coverage import entries, measure
from crmkit.errors import CrmkitError
from crmkit.relations import (
    arrival_profile,
    effect_of_waiting,
    erlang_a,
    erlang_check,
    patience,
    replay_plan,
    service_by_hour,
    staff_plan,
)
from crmkit.world import World, simulate


@pytest.fixture(scope="module")
def world() -> World:
    return simulate("fernwell", customers=20, seed=8, parts=["desk"], progress=False)


def five() -> pd.DataFrame:
    """Five calls on two days."""
    return pd.DataFrame(
        {
            "date": ["2025-05-05"] * 3 + ["2025-05-06"] * 2,
            "minute": [540, 541, 605, 541, 545],
            "answered": [True, False, True, True, True],
            "wait_minutes": [0.0, 2.0, 1.0, 0.5, 4.0],
            "handling_minutes": [6.0, None, 3.0, 6.0, 3.0],
        }
    )


def test_by_hand() -> None:
    profile = arrival_profile(five())
    assert profile["hour"].tolist() == [9, 10]
    assert profile["calls"].tolist() == [
        2.0,
        0.5,
    ]  # the second day has no call at ten: zero, not missing
    assert profile["handling_minutes"].tolist() == [4.5, 4.5]
    assert profile["load"].tolist() == pytest.approx([0.15, 0.0375])
    seen = service_by_hour(five(), within_seconds=60)
    assert seen["within"].tolist() == [0.5, 1.0]  # who gave up counts below the line
    soon = five().assign(
        wait_minutes=[0.0, 0.2, 1.0, 0.5, 4.0]
    )  # ... and not above it, however soon it was
    assert service_by_hour(soon, within_seconds=60)["within"].tolist() == [0.5, 1.0]
    assert seen["gave_up"].tolist() == [0.25, 0.0]
    assert seen["mean_wait_seconds"].tolist() == [97.5, 60.0]
    assert patience(five())["estimate"] == 7.5  # 7.5 minutes waited in all, one gave up


def test_occupancy_and_agents() -> None:
    staff = pd.DataFrame(
        {"date": ["2025-05-05", "2025-05-06"] * 2, "hour": [9, 9, 10, 10], "agents": [2, 4, 1, 1]}
    )
    seen = service_by_hour(five(), staff)
    assert seen["agents"].tolist() == [3, 1]
    assert seen["occupancy"].tolist() == pytest.approx([15 / 360, 3 / 120])
    with pytest.raises(CrmkitError, match="nobody is on duty at hour 10"):
        service_by_hour(five(), staff[staff["hour"] == 9])


def test_order_and_index_do_not_matter(world: World) -> None:
    calls, staff = world.tables["desk_calls"], world.tables["desk_staff"]
    mixed = calls.sample(frac=1, random_state=1)
    for function in (
        arrival_profile,
        lambda c: service_by_hour(c, staff),
        lambda c: erlang_check(c, staff, patience_minutes=5),
    ):
        pd.testing.assert_frame_equal(function(calls), function(mixed))
    pd.testing.assert_series_equal(patience(calls), patience(mixed))


def test_patience_is_not_the_mean_wait_of_those_who_gave_up(world: World) -> None:
    found = patience(world.tables["desk_calls"])
    truth = world.truth["desk_hours"]["patience_minutes"].iloc[0]
    assert abs(found["estimate"] - truth) < 0.1 * truth
    assert found["of_those_who_gave_up"] < truth / 2


def test_the_profile_finds_the_truth(world: World) -> None:
    found = arrival_profile(world.tables["desk_calls"])
    truth = world.truth["desk_hours"].groupby("hour")["calls"].mean()
    held = (found["low"] < truth.to_numpy()) & (truth.to_numpy() < found["high"])
    assert held.sum() >= 8
    assert found["dispersion"].mean() > 1


def test_a_plan_is_as_small_as_it_can_be_and_costs_what_it_says() -> None:
    profile = pd.DataFrame(
        {"hour": [9, 10, 11], "calls": [20.0, 45.0, 10.0], "handling_minutes": 5.0}
    )
    plan = staff_plan(profile, patience_minutes=5, hour_cost=24)
    assert plan["keeps"].all()
    assert plan["cost"].tolist() == (24 * plan["agents"]).tolist()
    fewer = staff_plan(
        profile, patience_minutes=5, agents=dict(zip(plan["hour"], plan["agents"] - 1, strict=True))
    )
    assert not fewer["keeps"].any()
    assert staff_plan(profile, agents=4)["agents"].tolist() == [4, 4, 4]
    # Who does not hang up has to be answered: more agents.
    assert staff_plan(profile)["agents"].sum() > plan["agents"].sum()
    high = profile.assign(high=profile["calls"] * 1.2)
    assert (
        staff_plan(high, patience_minutes=5, plan_for="high")["agents"].sum()
        >= plan["agents"].sum()
    )


def test_erlang_a_holds_and_c_does_not(world: World) -> None:
    calls, staff = world.tables["desk_calls"], world.tables["desk_staff"]
    found = erlang_check(calls, staff, patience_minutes=patience(calls)["estimate"])
    assert found["a_holds"].sum() >= 8
    assert found["c_holds"].sum() <= 6
    busy = found.set_index("hour").loc[11]
    assert busy["erlang_c"] < busy["low"] - 0.15


def test_a_replay_of_the_staff_that_was_there_finds_what_was_seen(world: World) -> None:
    calls, staff = world.tables["desk_calls"], world.tables["desk_staff"]
    full = staff.groupby("date")["agents"].transform("min") == 4
    calls = calls[calls["date"].isin(staff.loc[full, "date"])]
    seen = service_by_hour(calls)
    again = replay_plan(calls, 4, patience_minutes=5, seed=3)
    assert np.abs(again["within"] - seen["within"]).max() < 0.06


def test_a_replay_by_hand() -> None:
    """One agent, six minutes a call: the second caller hangs up after two minutes, as in the log."""
    calls = five().iloc[:2]
    again = replay_plan(calls, 1, patience_minutes=1e9)
    assert again[["within", "gave_up"]].values.tolist() == [[0.5, 0.5]]
    two = replay_plan(calls, 2, patience_minutes=1e9)
    assert two[["within", "gave_up"]].values.tolist() == [[1.0, 0.0]]


def test_a_replay_uses_the_hour_in_which_a_call_begins() -> None:
    calls = pd.DataFrame(
        {
            "date": "2025-05-05",
            "minute": [590, 591, 600],
            "answered": True,
            "wait_minutes": 0.0,
            "handling_minutes": 30.0,
        }
    )
    # One agent at nine; two at ten, so that the second call is answered as the clock strikes.
    again = replay_plan(calls, {9: 1, 10: 2}, patience_minutes=1e9)
    assert again["mean_wait_seconds"].tolist() == [60 * 9 / 2, 60 * 20]


@pytest.mark.parametrize("outcome", ["likes_less", "bought_90d"])
def test_the_trial_finds_the_effect_and_the_plain_gap_does_not(world: World, outcome: str) -> None:
    name = {"likes_less": "likes_less", "bought_90d": "bought"}[outcome]
    trial, truth = world.tables["answer_trial"], world.truth["answer_trial"]
    found = effect_of_waiting(world.tables["desk_enquiries"], outcome, trial)
    effect = (truth[f"{name}_next_day"] - truth[f"{name}_hour"]).mean()
    assert found["low"][2] < effect < found["high"][2]
    gap = np.sign(effect) * (found["effect"] - effect)
    assert gap[0] > gap[1] > 0
    assert not found["low"][0] < effect < found["high"][0]


def test_what_is_wrong_is_said(world: World) -> None:
    enquiries = world.tables["desk_enquiries"]
    with pytest.raises(CrmkitError, match="only fast answers, or only slow ones"):
        effect_of_waiting(enquiries, "likes_less", slow_hours=1e6)
    with pytest.raises(CrmkitError, match="slow_hours must be at least 5"):
        effect_of_waiting(enquiries, "likes_less", fast_hours=5, slow_hours=2)
    with pytest.raises(CrmkitError, match="two arms"):
        effect_of_waiting(enquiries, "likes_less", world.tables["answer_trial"].assign(promise="x"))
    with pytest.raises(CrmkitError, match="column minute is missing"):
        arrival_profile(five().drop(columns="minute"))
    with pytest.raises(CrmkitError, match="no call was answered"):
        arrival_profile(five().assign(answered=False))
    service_by_hour(five().drop(columns="handling_minutes"))  # needed with staff only
    with pytest.raises(CrmkitError, match="nobody gave up"):
        patience(five().assign(answered=True))
    with pytest.raises(CrmkitError, match="minute: 1 of 5 values are above"):
        arrival_profile(five().assign(minute=[1440, 5, 5, 5, 5]))
    with pytest.raises(CrmkitError, match="by is"):
        arrival_profile(five(), by="day")
    with pytest.raises(CrmkitError, match="nothing is said of hour 10"):
        replay_plan(five(), {9: 1}, patience_minutes=5)


def test_where_nothing_varies_there_is_no_interval() -> None:
    same = pd.concat([five().iloc[:1].assign(date=day) for day in ("2025-05-05", "2025-05-06")])
    assert arrival_profile(same)[["low", "high"]].isna().all(axis=None)
    alone = five().iloc[:1]
    assert arrival_profile(alone)[["low", "high"]].isna().all(axis=None)


@pytest.mark.parametrize("entry", entries(["relations"]), ids=lambda entry: entry.function)
def test_intervals_hold_the_truth(entry) -> None:
    """A quick look; `python -m benchmarks coverage` measures all sizes."""
    assert 0.88 <= measure(entry, entry.sizes[0], 40).coverage <= 1


def test_erlang_a_takes_a_plan_s_numbers() -> None:
    plan = staff_plan(
        pd.DataFrame({"hour": [9], "calls": [30.0], "handling_minutes": [5.0]}), patience_minutes=5
    )
    row = plan.iloc[0]
    said = erlang_a(30, 5, int(row["agents"]), 5, within_seconds=60)
    assert row["within"] == said["within"]
