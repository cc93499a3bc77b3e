"""The service desk's tables: they fit their catalogue, are believable on a class's seeds, and hide what they should."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pytest

from crmkit.companies import shipped
from crmkit.data.catalogue import desk
from crmkit.world import World, simulate
from crmkit.world.company import FOLDER, CompanyError
from crmkit.world.studies.desk import serve

TABLES = desk.tables(shipped("fernwell"))


@pytest.fixture(scope="module", params=range(1, 7))
def world(request: pytest.FixtureRequest) -> World:
    return simulate("fernwell", customers=20, seed=request.param, parts=["desk"], progress=False)


def test_same_seed_same_tables_whatever_else_is_made() -> None:
    one, again = (
        simulate("fernwell", customers=n, seed=4, parts=["desk"], progress=False) for n in (20, 30)
    )
    other = simulate("fernwell", customers=20, seed=5, parts=["desk"], progress=False)
    for name in ("desk_calls", "desk_staff", "desk_enquiries", "answer_trial"):
        assert one.tables[name].equals(again.tables[name])
        assert not one.tables[name].equals(other.tables[name])


def test_the_mean_keeps_the_promise_and_the_busy_hours_break_it(world: World) -> None:
    calls = world.tables["desk_calls"]
    in_time = calls["answered"] & (calls["wait_minutes"] <= 1)
    by_hour = in_time.groupby(calls["minute"] // 60).mean()
    assert 0.74 < in_time.mean() < 0.84
    assert by_hour[11] < 0.70
    assert by_hour[14] > 0.93
    assert 0.06 < 1 - calls["answered"].mean() < 0.13


def test_staff_is_not_idle_and_not_overworked(world: World) -> None:
    calls, staff = world.tables["desk_calls"], world.tables["desk_staff"]
    occupancy = calls["handling_minutes"].sum() / (60 * staff["agents"].sum())
    assert 0.45 < occupancy < 0.62
    assert staff["agents"].isin([3, 4]).all()
    assert 0.9 < (staff["agents"] == 4).mean() < 1


def test_nobody_calls_when_the_desk_is_closed_but_people_write(world: World) -> None:
    calls, enquiries = world.tables["desk_calls"], world.tables["desk_enquiries"]
    assert (calls["date"].dt.day_of_week < 6).all()
    assert calls["minute"].between(540, 1139).all()
    assert (enquiries["date"].dt.day_of_week == 6).any()
    assert (enquiries["minute"] < 540).any()
    # Who writes at night waits until the morning at least.
    night = enquiries[enquiries["minute"] < 500]
    assert (60 * night["wait_hours"] >= 540 - night["minute"] - 1).all()


def test_no_agent_serves_two_and_the_line_is_in_order() -> None:
    rng = np.random.default_rng(2)
    arrived = np.sort(rng.uniform(0, 120, 60))
    talk = rng.exponential(6, 60)
    wait, answered = serve(arrived, talk, rng.exponential(5, 60), np.array([3, 2]))
    start = (arrived + wait)[answered]
    assert (np.diff(start) >= 0).all()
    end = start + talk[answered]
    busy = [((start <= t) & (end > t)).sum() for t in start]
    assert max(busy) <= 3
    later = start > 70  # by then the third agent's last call is over, or nearly
    assert np.mean([b <= 2 for b, is_later in zip(busy, later, strict=True) if is_later]) > 0.8


def test_hard_cases_wait_longer_and_take_longer(world: World) -> None:
    enquiries, calls = world.tables["desk_enquiries"], world.tables["desk_calls"]
    late = (enquiries["wait_hours"] > 24).groupby(enquiries["hard"]).mean()
    assert late[True] > 2 * late[False]
    minutes = calls.groupby("hard")["handling_minutes"].mean()
    assert 1.7 < minutes[True] / minutes[False] < 2.5


def test_who_is_upset_is_put_off_and_nobody_notes_it(world: World) -> None:
    assert "upset" not in world.tables["desk_enquiries"]
    both = world.tables["desk_enquiries"].merge(world.truth["desk_enquiries"], on="enquiry_id")
    for _, kind in both.groupby("hard"):
        late = kind["wait_hours"] > 24
        assert kind.loc[late, "upset"].mean() > kind.loc[~late, "upset"].mean() + 0.15


def test_the_naive_gap_is_far_from_the_truth_and_the_trial_is_fair(world: World) -> None:
    enquiries, truth = world.tables["desk_enquiries"], world.truth["desk_enquiries"]
    late, fast = enquiries["wait_hours"] > 24, enquiries["wait_hours"] <= 1
    for outcome, name in (("likes_less", "likes_less"), ("bought_90d", "bought")):
        gap = enquiries.loc[late, outcome].mean() - enquiries.loc[fast, outcome].mean()
        effect = (truth[f"{name}_next_day"] - truth[f"{name}_hour"]).mean()
        assert 1.4 < gap / effect < 3.2, outcome
    trial = world.tables["answer_trial"]
    upset = world.truth["answer_trial"]["upset"].groupby(trial["promise"]).mean()
    assert abs(upset.diff().iloc[-1]) < 0.2
    assert 0.44 < (trial["promise"] == "next day").mean() < 0.56
    kept = trial.loc[trial["promise"] == "within the hour", "wait_hours"] <= 1
    assert 0.88 < kept.mean() < 0.97


def test_specialists_solve_more_hard_cases(world: World) -> None:
    hard = world.tables["desk_enquiries"].query("hard")
    solved = hard.groupby("answered_by")["solved_first"].mean()
    assert solved["specialist"] > solved["front line"] + 0.12


def test_tables_stay_small(world: World) -> None:
    names = [(table.name, table.truth) for table in TABLES]
    size = sum(len((world.truth if t else world.tables)[n].to_csv(index=False)) for n, t in names)
    assert size < 1_000_000


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("opens = 9 ", "opens = 20", "open after midnight"),
        ("agents = 4 ", "agents = 1 ", "two at least"),
        ("agents = 4 ", "agents = [4, 5] ", "one for each hour"),
        ("weekdays = [1.25,", "weekdays = [1,1,1.25,", "seven at most"),
        ("start = 2025-05-05", "start = 2025-05-06", "is no Monday"),
        ("start = 2025-07-07", "start = 2025-07-08", "is no Monday"),
        ("start = 2025-05-05", "start = 2022-05-02", "lies outside the data"),
        ("hours = [1, 0.5,", "hours = [1,", "24 numbers"),
    ],
)
def test_a_desk_that_cannot_be_is_refused(tmp_path, old: str, new: str, said: str) -> None:
    text = (FOLDER / "fernwell.toml").read_text(encoding="utf-8")
    assert text.count(old) == 1
    own = tmp_path / "own.toml"
    own.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(CompanyError, match=re.escape(said)):
        simulate(own, customers=20, parts=[], progress=False)


def test_whoever_is_answered_was_busy_for_a_while(world: World) -> None:
    calls = world.tables["desk_calls"]
    assert (calls["handling_minutes"].isna() == ~calls["answered"]).all()
    assert not calls.loc[~calls["answered"], "solved_first"].any()
    assert isinstance(calls["date"].iloc[0], pd.Timestamp)
