"""Metrics: what a slow and plain computation gives, whatever the engine; and what is wrong with a log is said."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from crmkit.mining import LogError, behaviour_metrics, metric_list, paid_between, read_events

KINDS = pd.Series({"open": "use", "play": "use", "pay": "money", "gift": "money"})
END, DAYS = pd.Timestamp("2024-03-31"), 35
START = END - pd.Timedelta(days=DAYS)


def log(seed: int, rows: int = 400, users: int = 25) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    minutes = rng.integers(-3 * 1440, (DAYS + 3) * 1440, rows)
    return pd.DataFrame(
        {
            "customer_id": rng.choice(np.arange(1, users + 1) * 7, rows),
            "time": START + pd.to_timedelta(minutes, unit="min"),
            "event": rng.choice(KINDS.index, rows, p=[0.6, 0.3, 0.08, 0.02]),
        }
    )


def slowly(events: pd.DataFrame) -> pd.DataFrame:
    """The same metrics, user by user, from their definitions."""
    inside = events[(events["time"] >= START) & (events["time"] < END)]
    totals = inside["event"].value_counts().reindex(KINDS.index, fill_value=0)
    rows = {}
    for user, mine in inside.groupby("customer_id"):
        day = (mine["time"].dt.normalize() - START).dt.days
        row: dict[str, float] = {}
        for kind in KINDS.index:
            its = day[mine["event"] == kind]
            row[f"count_{kind}"] = len(its)
            row[f"recent_{kind}"] = (its >= DAYS - 30).sum()
            row[f"weeks_{kind}"] = (its // 7).nunique()
            row[f"since_{kind}"] = DAYS - its.max() if len(its) else DAYS + 1
            row[f"trend_{kind}"] = (its >= DAYS - DAYS // 3).sum() - (its < DAYS // 3).sum()
        for above in KINDS.index:
            for below in KINDS.index:
                if above != below and KINDS[above] == KINDS[below]:
                    usual = totals[above] / max(totals[below], 1)
                    over, under = row[f"count_{above}"], row[f"count_{below}"]
                    row[f"{above}_per_{below}"] = (over + usual) / (under + 1)
        for group in KINDS.unique():
            names = [kind for kind in KINDS.index if KINDS[kind] == group]
            row[f"kinds_{group}"] = sum(row[f"count_{kind}"] > 0 for kind in names)
            row[f"part_{group}"] = sum(row[f"count_{kind}"] for kind in names) / len(mine)
        share = mine["event"].value_counts(normalize=True)
        days = np.sort(day.unique())
        gaps = np.diff(days)
        runs = "".join("x" if d in set(days) else " " for d in range(DAYS)).split()
        row |= {
            "events": len(mine),
            "active_days": len(days),
            "kinds": mine["event"].nunique(),
            "evenness": -(share * np.log2(share)).sum(),
            "active_weeks": len({d // 7 for d in days}),
            "longest_gap": max([days[0], DAYS - 1 - days[-1], *(gaps - 1)]),
            "gap_spread": gaps.std() if len(gaps) else 0.0,
            "longest_run": max(map(len, runs)),
            "since_last": DAYS - days[-1],
            "since_first": DAYS - days[0],
            "evening": (mine["time"].dt.hour >= 18).mean(),
            "weekend": (mine["time"].dt.day_of_week >= 5).mean(),
        }
        rows[user] = row
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("customer_id")


@pytest.mark.parametrize("seed", range(4))
def test_every_metric_is_what_its_definition_says(seed: int) -> None:
    events = log(seed)
    found = behaviour_metrics(events, END, DAYS, kinds=KINDS)
    listed = metric_list(KINDS)
    assert list(found.columns) == list(listed["metric"])
    wanted = slowly(events)[found.columns]
    pd.testing.assert_frame_equal(found, wanted, check_dtype=False)
    outside = ~((events["time"] >= START) & (events["time"] < END))
    assert found.attrs["left_out"] == outside.sum() > 0


@pytest.mark.parametrize("engine", ["polars", "duckdb", "pyarrow"])
def test_any_engine_gives_the_same(engine: str) -> None:
    events = log(5)
    wanted = behaviour_metrics(events, END, DAYS, kinds=KINDS)
    if engine == "polars":
        table = pytest.importorskip("polars").from_pandas(events)
    elif engine == "pyarrow":
        table = pytest.importorskip("pyarrow").Table.from_pandas(events)
    else:
        duckdb = pytest.importorskip("duckdb")
        connection = duckdb.connect()
        connection.register("given", events)
        connection.execute("create table log as select * from given")
        table = connection.table("log")
    pd.testing.assert_frame_equal(behaviour_metrics(table, END, DAYS, kinds=KINDS), wanted)


def test_nothing_from_the_day_of_decision_on_is_looked_at() -> None:
    events = log(6)
    before = events[events["time"] < END]
    pd.testing.assert_frame_equal(
        behaviour_metrics(events, END, DAYS, kinds=KINDS),
        behaviour_metrics(before, END, DAYS, kinds=KINDS),
    )


def test_without_some_kinds_nothing_counts_them() -> None:
    events = log(7)
    found = behaviour_metrics(events, END, DAYS, kinds=KINDS, without=["gift", "pay"])
    rest = events[~events["event"].isin(["gift", "pay"])]
    kinds = KINDS.drop(["gift", "pay"])
    pd.testing.assert_frame_equal(found, behaviour_metrics(rest, END, DAYS, kinds=kinds))
    inside = (events["time"] >= START) & (events["time"] < END)
    assert found.attrs["without"] == (inside & events["event"].isin(["gift", "pay"])).sum() > 0
    # Without a list of kinds, one that nobody showed in the window is no mistake.
    assert "count_pay" in behaviour_metrics(events, END, DAYS, without=["receipt"])
    # Who did nothing else has no row.
    lone = pd.DataFrame(
        {"customer_id": [999], "time": [END - pd.Timedelta(days=1)], "event": "pay"}
    )
    both = pd.concat([events, lone])
    assert 999 in behaviour_metrics(both, END, DAYS, kinds=KINDS).index
    assert 999 not in behaviour_metrics(both, END, DAYS, kinds=KINDS, without="pay").index


def test_what_is_usual_can_come_from_other_users() -> None:
    before, now = (behaviour_metrics(log(seed), END, DAYS, kinds=KINDS) for seed in (8, 9))
    usual = pd.Series(before.attrs["usual"])
    again = behaviour_metrics(log(9), END, DAYS, kinds=KINDS, usual=usual)
    over, under = now["count_play"], now["count_open"]
    wanted = (over + usual["play_per_open"]) / (under + 1)
    np.testing.assert_allclose(again["play_per_open"], wanted)
    same = [name for name in now if name not in usual]
    pd.testing.assert_frame_equal(again[same], now[same])
    # A model that learnt with one idea of usual judges one user the same whoever else is in the log.
    one = log(9).query("customer_id == 7")
    alone = behaviour_metrics(one, END, DAYS, kinds=KINDS, usual=usual)
    pd.testing.assert_frame_equal(alone, again.loc[[7]])


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"without": ["sing"]}, "sing is no kind"),
        ({"without": list(KINDS.index)}, "nothing else happened"),
        ({"usual": pd.Series({"play_per_open": 1.0})}, "the ratio of .* is missing"),
    ],
)
def test_a_wrong_choice_of_kinds_is_said(change, words: str) -> None:
    with pytest.raises(LogError, match=words):
        behaviour_metrics(log(1), END, DAYS, kinds=KINDS, **change)


def test_the_first_list_is_a_hundred_and_all_are_five_hundred(strumwell) -> None:
    listed = metric_list(strumwell.groups)
    assert listed["first_list"].sum() == 100
    assert len(listed) == 499
    assert listed["metric"].is_unique
    first = behaviour_metrics(
        strumwell.events, "2024-01-01", kinds=strumwell.groups, metrics="first"
    )
    assert list(first.columns) == listed.loc[listed["first_list"], "metric"].tolist()


def test_the_compact_log_holds_every_event(strumwell) -> None:
    sessions = strumwell.tables["sessions"]
    number = sessions["events"].fillna("").str.findall(r"\d+").map(lambda n: sum(map(int, n)))
    assert len(strumwell.events) == number.sum()
    assert strumwell.events["time"].is_monotonic_increasing
    users = strumwell.events.groupby("customer_id").size()
    assert users.equals(number.groupby(sessions["customer_id"]).sum().loc[users.index])


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda e: e.drop(columns="event"), "event"),
        (lambda e: e.assign(time=e["time"].astype(str)), "not dates"),
        (lambda e: e.assign(event=e["event"].where(e.index > 2)), "3 of 400 are missing"),
        (lambda e: e.assign(event="sing"), "first sing"),
        (lambda e: e.assign(time=e["time"] + pd.Timedelta(days=900)), "none of 400 lies from"),
        (lambda e: [1, 2], "no table that crmkit knows"),
    ],
)
def test_what_is_wrong_with_a_log_is_said(change, words: str) -> None:
    with pytest.raises(Exception, match=words) as found:
        behaviour_metrics(change(log(1)), END, DAYS, kinds=KINDS)
    assert type(found.value).__module__.startswith("crmkit")


def test_a_code_that_no_kind_has_is_named() -> None:
    sessions = pd.DataFrame(
        {"customer_id": [1], "date": [END], "minute": [5], "minutes": [3.0], "events": ["zz3"]}
    )
    with pytest.raises(LogError, match="codes zz"):
        read_events(sessions, pd.DataFrame({"code": ["ls"], "event": ["start"]}))


def test_paying_counts_from_the_first_day_to_before_the_last() -> None:
    orders = pd.DataFrame(
        {
            "customer_id": [1, 2, 3, 4],
            "order_date": pd.to_datetime(["2024-01-01", "2023-12-31", "2025-01-01", "2024-06-01"]),
            "turnover": [5.0, 5.0, 5.0, 0.0],
        }
    )
    paid = paid_between(orders, pd.Index([1, 2, 3, 4, 5]), "2024-01-01", "2025-01-01")
    assert paid.tolist() == [True, False, False, False, False]
