"""Logs of one's own: ugly files are read, every row is accounted for, and the metrics run on what is left."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest

import crmkit
from crmkit import mining
from crmkit.data.own.errors import (
    BadOption,
    ColumnAmbiguous,
    ColumnNotFound,
    EmptyFile,
    NotATable,
    NoUsableRows,
)

TODAY = "2024-12-31"
#: What every good file below holds: three events of two users.
GOOD = [
    ("007", "2024-03-01 19:00:05", "play"),
    ("007", "2024-03-02 08:30:00", "sing"),
    ("008", "2024-03-02 09:00:00", "play"),
]


def csv(rows: list[tuple[str, ...]], head: str = "user,time,event", mark: str = ",") -> str:
    return "\n".join([head.replace(",", mark), *(mark.join(row) for row in rows)]) + "\n"


def excel() -> bytes:
    out = io.BytesIO()
    frame = pd.DataFrame(GOOD, columns=["User ID", "Zeit", "Action"])
    with pd.ExcelWriter(out) as writer:
        pd.DataFrame({"notes": ["nothing"]}).to_excel(writer, sheet_name="Read me", index=False)
        frame.to_excel(writer, sheet_name="Log", startrow=2, index=False)
    return out.getvalue()


def parquet() -> bytes:
    out = io.BytesIO()
    frame = pd.DataFrame(GOOD, columns=["user_id", "event_time", "event_name"])
    frame.assign(event_time=pd.to_datetime(frame["event_time"])).to_parquet(out)
    return out.getvalue()


def epoch(scale: int) -> bytes:
    rows = [(u, str(int(pd.Timestamp(t).timestamp()) * scale), e) for u, t, e in GOOD]
    return csv(rows, "distinct_id,ts,event").encode()


READABLE: dict[str, Callable[[], Any]] = {
    "plain": lambda: csv(GOOD).encode(),
    "semicolons, German headings": lambda: csv(GOOD, "Nutzer-ID,Zeitstempel,Ereignis", ";").encode(),
    "tabs": lambda: csv(GOOD, "uid,timestamp,action", "\t").encode(),
    "Chinese in GB18030": lambda: csv(GOOD, "用户ID,事件时间,事件名称").encode("gb18030"),
    "UTF-16 with a mark": lambda: csv(GOOD).encode("utf-16"),
    "Windows-1252": lambda: csv([*GOOD], "user,time,event,café").replace("play\n", "play,é\n")
    .replace("sing\n", "sing,ü\n").encode("cp1252"),
    "title above the headings": lambda: ("Export of the log\n\n" + csv(GOOD)).encode(),
    "quotes and blanks": lambda: csv(
        [(f'" {u} "', f'"{t}"', f'" {e} "') for u, t, e in GOOD]
    ).encode(),
    "days first": lambda: csv(
        [(u, pd.Timestamp(t).strftime("%d.%m.%Y %H:%M:%S"), e) for u, t, e in GOOD]
    ).encode(),
    "zones": lambda: csv([(u, t.replace(" ", "T") + "Z", e) for u, t, e in GOOD]).encode(),
    "seconds since 1970": lambda: epoch(1),
    "milliseconds since 1970": lambda: epoch(1000),
    "forced text": lambda: csv([(f'="{u}"', t, e) for u, t, e in GOOD]).encode(),
    "columns in another order": lambda: csv(
        [(e, "x", t, u) for u, t, e in GOOD], "event type,page,occurred at,customer no"
    ).encode(),
    "Excel, second sheet, headings in row 3": excel,
    "Parquet": parquet,
    "a frame of Polars": lambda: pytest.importorskip("polars").DataFrame(
        GOOD, schema=["user", "time", "event"], orient="row"
    ),
    "a frame with dates": lambda: pd.DataFrame(GOOD, columns=["user", "time", "event"]).assign(
        time=lambda f: pd.to_datetime(f["time"]).dt.tz_localize("UTC")
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", READABLE)
def test_ugly_files_give_the_same_three_events(name: str) -> None:
    events, report = crmkit.read_log(READABLE[name](), today=TODAY)
    assert events["customer_id"].tolist() == ["007", "007", "008"]
    assert events["time"].dt.strftime("%Y-%m-%d %H:%M:%S").tolist() == [row[1] for row in GOOD]
    assert events["event"].astype(str).tolist() == ["play", "sing", "play"]
    assert (report.rows_read, report.rows_used, report.rows_set_aside) == (3, 3, 0)
    assert (report.users, report.kinds) == (2, 2)


BAD = {
    "missing user": ("", "2024-03-01 10:00", "play"),
    "damaged user id": ("1.2E+11", "2024-03-01 10:00", "play"),
    "missing time": ("9", "", "play"),
    "unreadable time": ("9", "soon", "play"),
    "placeholder time": ("9", "1970-01-01 00:00", "play"),
    "future time": ("9", "2031-03-01 10:00", "play"),
    "missing event": ("9", "2024-03-01 10:00", "n/a"),
    "headings repeated": ("user", "time", "event"),
    "too many cells": ("9", "2024-03-01 10:00", "play", "and more"),
    "exact duplicate": GOOD[0],
}


@pytest.mark.parametrize("reason", BAD)
def test_each_bad_row_is_set_aside_for_its_reason(reason: str) -> None:
    events, report = crmkit.read_log(csv([*GOOD, BAD[reason]]).encode(), today=TODAY)
    assert len(events) == 3
    assert report.set_aside[["row", "reason"]].values.tolist() == [[5, reason]]
    assert reason in str(report)
    assert reason in report._repr_html_()


def test_all_of_them_together_add_up() -> None:
    rows = [*GOOD, *BAD.values(), ("", "", "")]
    events, report = crmkit.read_log(csv(rows).encode(), today=TODAY)
    assert report.rows_read == len(rows) == report.rows_used + report.rows_set_aside
    assert len(events) == 3
    assert sorted(report.set_aside["reason"]) == sorted([*BAD, "empty row"])
    table = report.table().set_index("what")["rows"]
    assert table["rows read"] == table["rows used"] + table["rows set aside"]
    assert table.iloc[3:].sum() == table["rows set aside"]


def test_a_zone_moves_the_evening() -> None:
    text = csv([("1", "2024-07-01T17:30:00Z", "play"), ("1", "2024-07-01T23:30:00Z", "play")])
    events = crmkit.read_log(text.encode(), today=TODAY, timezone="Europe/Berlin").events
    assert events["time"].astype(str).tolist() == ["2024-07-01 19:30:00", "2024-07-02 01:30:00"]


def test_without_times_of_day_equal_rows_are_done_twice() -> None:
    rows = [("1", "2024-03-01", "play"), ("1", "2024-03-01", "play"), ("2", "2024-03-02", "play")]
    events, report = crmkit.read_log(csv(rows).encode(), today=TODAY)
    assert len(events) == 3
    assert any("no times of day" in note for note in report.notes)
    assert len(crmkit.read_log(csv(rows).encode(), today=TODAY, duplicates="set aside").events) == 2
    timed = csv([GOOD[0]] * 2).encode()
    assert len(crmkit.read_log(timed, today=TODAY).events) == 1
    assert crmkit.read_log(timed, today=TODAY).report.warnings
    assert len(crmkit.read_log(timed, today=TODAY, duplicates="keep").events) == 2


def test_a_log_is_doubted_aloud() -> None:
    rows = [
        (str(i % 50), f"2024-03-{1 + i % 28:02d} 10:{i % 60:02d}", f"page {i}") for i in range(200)
    ]
    report = crmkit.read_log(csv(rows).encode(), today=TODAY).report
    assert any("200 kinds of event in 'event'" in note for note in report.warnings)
    rows = [
        ("guest" if i % 2 else str(i), f"2024-03-01 10:{i % 60:02d}:{i // 60}", "play")
        for i in range(120)
    ]
    report = crmkit.read_log(csv(rows).encode(), today=TODAY).report
    assert any("'guest' has 60 of 120 events" in note for note in report.warnings)
    report = crmkit.read_log(
        csv([*GOOD, ("9", "2024-03-01 10:00", "Play")]).encode(), today=TODAY
    ).report
    assert any("upper and lower case" in note for note in report.notes)


@pytest.mark.parametrize(
    ("source", "options", "error", "words"),
    [
        (b"", {}, EmptyFile, "empty"),
        (b"user,time,event\n", {}, EmptyFile, "no rows"),
        (b"%PDF-1.4 ...", {}, NotATable, "PDF"),
        (csv(GOOD, "user,time,colour").encode(), {}, ColumnNotFound, "could be the event"),
        (csv(GOOD, "a,b,c").encode(), {}, ColumnNotFound, "the user or the time or the event"),
        (csv(GOOD).encode(), {"user": "customer"}, ColumnNotFound, "no column 'customer'"),
        (
            csv([(*row, "x") for row in GOOD], "user,time,event_name,event_type").encode(),
            {}, ColumnAmbiguous, "read_log.*event='event_name'",
        ),
        (csv([("", "soon", "play")] * 2).encode(), {}, NoUsableRows, "missing user: 2"),
        (csv(GOOD).encode(), {"duplicates": "drop"}, BadOption, "duplicates='drop'"),
        (csv(GOOD).encode(), {"timezone": "Atlantis"}, BadOption, "Atlantis"),
        ([1, 2], {}, NotATable, "list"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_said(
    source: Any, options: dict[str, Any], error: type, words: str
) -> None:
    with pytest.raises(error, match=words):
        crmkit.read_log(source, **{"today": TODAY} | options)


def test_metrics_forecast_and_audit_run_on_an_own_log_without_any_truth() -> None:
    rng = np.random.default_rng(4)
    users = rng.integers(1, 301, 12_000)
    minutes = rng.integers(0, 270 * 1440, 12_000)
    log = pd.DataFrame(
        {"Nutzer": users, "Zeit": pd.Timestamp("2024-01-01") + pd.to_timedelta(minutes, unit="min")}
    )
    keen = users % 3 == 0
    log["Aktion"] = np.where(
        keen & (rng.random(12_000) < 0.3), "listen", rng.choice(["play", "tune"], 12_000)
    )
    payers = np.unique(users[keen & (rng.random(12_000) < 0.05)])
    orders = pd.DataFrame({"Kunde": payers, "Datum": "2024-05-20", "Betrag": "9,99"})
    after = (
        log[np.isin(users, payers) & (log["Zeit"] > "2024-05-21")]
        .head(200)
        .assign(Aktion="receipt")
    )
    text = pd.concat([log, after]).to_csv(index=False, sep=";").encode()
    events, report = crmkit.read_log(text, today=TODAY)
    assert report.rows_read == 12_200 == report.rows_used + report.rows_set_aside
    bought = crmkit.read_orders(orders.to_csv(index=False, sep=";").encode(), today=TODAY).orders
    audit = mining.leakage_audit(events, bought)
    assert audit.loc[audit["leaks"], "event"].tolist() == ["receipt"]
    groups = pd.Series("all", index=["play", "tune", "listen", "receipt"])
    leaks = audit.loc[audit["leaks"], "event"]
    metrics, paid = mining.who_pays_first(
        events, bought, "2024-05-01", "2024-07-01", kinds=groups, without=leaks
    )
    assert paid.sum() > 30
    rounds = mining.metrics_in_rounds(*mining.halves(metrics, paid))
    assert {"play", "tune", "listen"} <= set(metrics.columns.str.removeprefix("count_"))
    assert not metrics.columns.str.contains("receipt").any()
    assert rounds["ranks_right"].iloc[-1] > 0.8
