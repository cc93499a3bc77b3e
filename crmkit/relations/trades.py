"""The same four analyses in any trade: who brings the profit, who sleeps, what they need, what they remember.

Problem
    A shop, an app, a hotel and a maker ask the same four questions of their customers. Currencies, clocks and tables
    differ. Given as shares and multiples the answers can stand side by side; and where a company's tables cannot
    answer, that is an answer too.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from crmkit.companies import company
from crmkit.data.load import load
from crmkit.errors import CrmkitError
from crmkit.inference import newcombe, ratio_interval, wilson
from crmkit.inputs import (
    Moment,
    need_columns,
    need_count,
    need_date,
    need_dates,
    need_known,
    need_numbers,
)
from crmkit.reactivation import silence
from crmkit.relations.clocks import own_clock
from crmkit.say import labels, say
from crmkit.value import top_share, top_share_interval

#: What the analyses, the difficulties and the list of activities look at, where a company has it.
TABLES = (
    "orders", "customers", "cost_to_serve", "engagement", "sessions", "event_kinds", "subscriptions", "stays",
    "account_people", "account_rates", "account_stays", "reviews", "complaints", "enquiries", "quotes", "contracts",
    "service_visits", "need_ratings", "tracker_answers", "tracker_respondents", "desk_enquiries", "desk_calls",
    "trader_survey", "nudge_test", "spring_calls", "bond_study",
)  # fmt: skip
#: Length of a year, in days, and the rule of thumb that is tested.
YEAR, RULE = 365, 90

labels("profit", "sleep", "needs", "memory", "share", "times", "days", "points", "score")
labels("best fifth's share of margin", "best fifth against the others", "cost more than they bring")
labels("own clock", "silent longer than the own clock", "silent longer than 90 days")
labels("asked for most", "complained about most", "used most", "rated first", "complaints a deal")
labels("named first", "recommended us", "brought by a friend", "reviews of 9 or 10")
labels("came again: made good less not")


@dataclass(frozen=True)
class Answer:
    """What a measure gives: an estimate with its interval and what it is about, or why there is none."""

    value: float = np.nan
    low: float = np.nan
    high: float = np.nan
    n: int = 0
    of: str = ""
    reason: str = ""


Tables = Mapping[str, pd.DataFrame]


def trade_tables(data: str | Path | None = None) -> dict[str, pd.DataFrame]:
    """Load the tables that the four analyses look at, as far as a company has them.

    Parameters
    ----------
    data
        As for `crmkit.load`: a folder, or the name of a company that ships. Default: the course's company.

    Returns
    -------
    dict of str to DataFrame

    Examples
    --------
    >>> sorted(set(trade_tables("tarnwald")) & {"orders", "reviews", "enquiries"})
    ['orders', 'reviews']
    """
    has = company(data).tables
    return {name: load(name, data=data) for name in TABLES if name in has}


def contacts_of(tables: Tables) -> pd.DataFrame:
    """Give what counts as contact in a trade: sessions where there are any, else orders.

    Parameters
    ----------
    tables
        By name; ``orders`` must be there.

    Returns
    -------
    DataFrame
        ``customer_id``, ``order_date``.

    Examples
    --------
    >>> orders = pd.DataFrame({"customer_id": [1], "order_date": ["2025-01-01"]})
    >>> sessions = pd.DataFrame({"customer_id": [1, 2], "date": ["2025-01-01", "2025-01-02"]})
    >>> len(contacts_of({"orders": orders})), len(contacts_of({"orders": orders, "sessions": sessions}))
    (1, 2)
    """
    if "sessions" in tables:
        found = need_columns(tables["sessions"], ["customer_id", "date"], "sessions")
        return found[["customer_id", "date"]].rename(columns={"date": "order_date"})
    return _orders(tables)[["customer_id", "order_date"]]


def four_analyses(
    tables: Tables,
    as_of: Moment | None = None,
    *,
    brand: str | None = None,
    ahead_days: int = 180,
    level: float = 0.95,
) -> pd.DataFrame:
    """Ask a company's tables the four questions, in shares and multiples, so that trades compare.

    Parameters
    ----------
    tables
        By name, as from `trade_tables`. ``orders`` must be there: ``customer_id``, ``order_date``, and
        ``margin`` (where it is not there or not whole, ``turnover`` takes its place, and ``of`` says so).
    as_of
        The last day that is known. Default: the day of the last order.
    brand
        Name of the company's own brand in its tracker.
    ahead_days
        For the clock: see `own_clock`.
    level
        Share of samples in which the intervals hold the truth.

    Returns
    -------
    DataFrame
        One row per measure, always the same ones in the same order: ``analysis`` (profit, sleep, needs, memory),
        ``measure``, ``of`` (what it is about, where that differs), ``value``, ``low``, ``high``, ``unit`` (share,
        times, days, points), ``n`` (rows or customers behind it), ``reason`` (why there is no value, or no
        interval; else empty).

    Raises
    ------
    CrmkitError
        No orders, a missing column of theirs, an unreadable date.

    Examples
    --------
    >>> orders = pd.DataFrame({"customer_id": range(1, 11), "order_date": "2025-01-01", "margin": [91] + [1] * 9})
    >>> found = four_analyses({"orders": orders}).set_index("measure")
    >>> round(float(found.loc["best fifth's share of margin", "value"]), 2), found.loc["rated first", "reason"]
    (0.92, 'no table need_ratings')
    """
    need_count(ahead_days, "ahead_days")
    orders = _orders(tables)
    end = orders["order_date"].max() if as_of is None else need_date(as_of).normalize()
    known = dict(tables) | {"orders": orders[orders["order_date"] <= end]}
    if known["orders"].empty:
        raise CrmkitError(f"orders: none lies before {end:%Y-%m-%d}. Choose a later day.")
    fifth = _tried(lambda: _best_fifth(known, end, level))
    with_clock = _sleep(known, end, ahead_days, level)
    rows: list[tuple[str, str, str, Callable[[], Answer]]] = [
        ("profit", "best fifth's share of margin", "share", lambda: fifth),
        ("profit", "best fifth against the others", "times", lambda: _times(fifth)),
        ("profit", "cost more than they bring", "share", lambda: _cost_more(known, end, level)),
        ("sleep", "own clock", "days", lambda: with_clock[0]),
        ("sleep", "silent longer than the own clock", "share", lambda: with_clock[1]),
        ("sleep", "silent longer than 90 days", "share", lambda: with_clock[2]),
        ("needs", "asked for most", "share", lambda: _commonest(known, "enquiries", "goods", level)),
        ("needs", "complained about most", "share", lambda: _commonest(known, "complaints", "matter", level)),
        ("needs", "used most", "share", lambda: used_most(known, level)),
        ("needs", "rated first", "share", lambda: rated_first(known, level)),
        ("needs", "complaints a deal", "share", lambda: _complaints(known, level)),
        ("memory", "named first", "share", lambda: _named_first(known, brand, end, level)),
        ("memory", "recommended us", "share", lambda: _recommended(known, end, level)),
        ("memory", "brought by a friend", "share", lambda: _by_friend(known, end, level)),
        ("memory", "reviews of 9 or 10", "share", lambda: _high_reviews(known, end, level)),
        ("memory", "came again: made good less not", "points", lambda: _made_good(known, level)),
    ]  # fmt: skip
    return tidy("analysis", rows)


def tidy(first: str, rows: list[tuple[str, str, str, Callable[[], Answer]]]) -> pd.DataFrame:
    """Make one row of each measure; one that the data refuse keeps its row, with the reason."""
    found = []
    for group, measure, unit, ask in rows:
        got = _tried(ask)
        found.append(
            {
                first: group,
                "measure": measure,
                "of": got.of,
                "value": got.value,
                "low": got.low,
                "high": got.high,
                "unit": unit,
                "n": got.n,
                "reason": got.reason,
            }
        )
    return pd.DataFrame(found)


def given(found: Sequence[Any], n: int = 0, of: str = "") -> Answer:
    """Make an answer of an estimate with its interval."""
    value, low, high = (float(part) for part in found)
    return Answer(value, low, high, int(n), of)


def _tried(ask: Callable[[], Answer]) -> Answer:
    try:
        return ask()
    except CrmkitError as error:
        return Answer(reason=str(error))


def lacking(tables: Tables, *names: str) -> str:
    """Say which of some tables a company does not have; empty where it has all."""
    gone = [name for name in names if name not in tables or tables[name].empty]
    return say("no table {name}", name=gone[0]) if gone else ""


def _orders(tables: Tables) -> pd.DataFrame:
    if "orders" not in tables:
        raise CrmkitError(
            "The four analyses need the table orders: customer_id, order_date, margin. There are: "
            f"{', '.join(sorted(tables)) or 'no tables'}."
        )
    orders = need_columns(tables["orders"], ["customer_id", "order_date"], "orders")
    need_known(orders["customer_id"], "orders, column customer_id")
    days = need_dates(orders["order_date"], "orders, column order_date").dt.normalize()
    return orders.assign(order_date=days)


def _share(hits: Any, n: int, level: float, of: str = "") -> Answer:
    if not n:
        return Answer(reason=say("nobody to count"))
    low, high = wilson(int(hits), int(n), level=level)
    return Answer(float(hits / n), float(low), float(high), int(n), of)


# ---- profit ----------------------------------------------------------------------------------------------------------


def _last_year(tables: Tables, end: pd.Timestamp) -> pd.DataFrame:
    orders = tables["orders"]
    return orders[orders["order_date"] > end - pd.Timedelta(days=YEAR)]


def _worth(orders: pd.DataFrame) -> str:
    """Name the column that says what customers bring: the margin where each order has one, else the turnover."""
    if "margin" in orders and orders["margin"].notna().all():
        return "margin"
    need_columns(orders, ["turnover"], "orders")
    return "turnover"


def _best_fifth(tables: Tables, end: pd.Timestamp, level: float) -> Answer:
    year = _last_year(tables, end)
    worth = _worth(tables["orders"])
    need_numbers(year[worth], f"orders, column {worth}")
    brought = year.groupby("customer_id")[worth].sum()
    low, high = top_share_interval(brought, 0.2, level=level)
    why = say("no interval: too few customers") if np.isnan(low) else ""
    of = "" if worth == "margin" else worth
    return Answer(float(top_share(brought, 0.2)), low, high, len(brought), of, why)


def _times(share: Answer) -> Answer:
    """What one of the best fifth brings, as a multiple of what one of the others brings."""
    if np.isnan(share.value):
        return share
    if not 0 < share.value < 1:
        return Answer(n=share.n, reason=say("the best fifth bring all of it"))
    value, low, high = (4 * part / (1 - part) for part in (share.value, share.low, share.high))
    return Answer(value, low, high, share.n, share.of, share.reason)


def _cost_more(tables: Tables, end: pd.Timestamp, level: float) -> Answer:
    why = lacking(tables, "cost_to_serve")
    if why:
        return Answer(reason=why)
    # Costs are written down by calendar year: the last one that is over, or ends on the last day.
    year = end.year if (end.month, end.day) == (12, 31) else end.year - 1
    orders = need_columns(tables["orders"], ["margin"], "orders")
    margin = orders[orders["order_date"].dt.year == year].groupby("customer_id")["margin"].sum()
    cost = tables["cost_to_serve"].query("year == @year").groupby("customer_id")["cost"].sum()
    less = cost.reindex(margin.index, fill_value=0) > margin
    return _share(less.sum(), len(less), level)


# ---- sleep -----------------------------------------------------------------------------------------------------------


def _sleep(tables: Tables, end: pd.Timestamp, ahead_days: int, level: float) -> list[Answer]:
    """The clock, and who is silent beyond it and beyond the rule. Both are read on the last day of contact."""
    visits = contacts_of(tables)
    visits = visits[pd.to_datetime(visits["order_date"]) <= end]
    quiet = silence(visits)["silent_days"]
    rule = _share((quiet > RULE).sum(), len(quiet), level)
    try:
        clock = own_clock(visits, ahead_days, level=level)
    except CrmkitError as error:
        return [Answer(reason=str(error)), Answer(reason=str(error)), rule]
    days = Answer(clock["clock_days"], clock["low"], clock["high"], int(clock["customers"]))
    return [days, _share((quiet > days.value).sum(), len(quiet), level), rule]


# ---- needs -----------------------------------------------------------------------------------------------------------


def _commonest(tables: Tables, name: str, column: str, level: float) -> Answer:
    """The commonest value of a column, and its share of the rows; a customer is one unit, however many rows."""
    why = lacking(tables, name)
    if why:
        return Answer(reason=why)
    table = need_columns(tables[name], ["customer_id", column], name)
    top = table[column].value_counts().sort_index().sort_values(ascending=False, kind="stable")
    by = table.assign(_hit=table[column] == top.index[0]).groupby("customer_id")["_hit"]
    found = ratio_interval(by.sum(), by.size(), level=level)
    return given(found, len(table), str(top.index[0]))


def used_most(tables: Tables, level: float = 0.95) -> Answer:
    """Of the users, give the share whose favourite group of functions is the commonest one.

    An app's needs show in what its users do. Events of the last 5,000 sessions are counted.
    """
    why = lacking(tables, "sessions", "event_kinds")
    if why:
        return Answer(reason=why)
    recent = tables["sessions"].sort_values(["date", "session_id"], kind="stable").tail(5000)
    events = recent[["customer_id", "events"]].assign(events=recent["events"].str.split())
    events = events.explode("events").dropna()
    code = events["events"].str.extract(r"^([a-z]+)(\d+)$")
    group = tables["event_kinds"].set_index("code")["group"]
    counted = pd.DataFrame(
        {
            "customer_id": events["customer_id"].to_numpy(),
            "group": code[0].map(group).to_numpy(),
            "times": code[1].astype(int).to_numpy(),
        }
    )
    favourite = favourite_of(counted, "group", "times")
    return first_of(favourite, level)


def rated_first(tables: Tables, level: float = 0.95) -> Answer:
    """Of those asked in the needs survey, the share who would keep the commonest first need before all others."""
    why = lacking(tables, "need_ratings")
    if why:
        return Answer(reason=why)
    first = tables["need_ratings"].query("keep_rank == 1").set_index("customer_id")["need"]
    return first_of(first, level)


def favourite_of(rows: pd.DataFrame, column: str, weight: str) -> pd.Series:
    """What each customer has most of; among equals the first by name."""
    total = rows.groupby(["customer_id", column])[weight].sum().reset_index()
    total = total.sort_values(
        ["customer_id", weight, column], ascending=[True, False, True], kind="stable"
    )
    return total.drop_duplicates("customer_id").set_index("customer_id")[column]


def first_of(favourite: pd.Series, level: float) -> Answer:
    counts = favourite.value_counts().sort_index().sort_values(ascending=False, kind="stable")
    return _share(counts.iloc[0], len(favourite), level, str(counts.index[0]))


def _complaints(tables: Tables, level: float) -> Answer:
    why = lacking(tables, "complaints")
    if why:
        return Answer(reason=why)
    deals = tables["orders"].groupby("customer_id").size()
    hits = tables["complaints"].groupby("customer_id").size().reindex(deals.index, fill_value=0)
    found = ratio_interval(hits, deals, level=level)
    return given(found, int(deals.sum()))


# ---- memory ----------------------------------------------------------------------------------------------------------


def _named_first(tables: Tables, brand: str | None, end: pd.Timestamp, level: float) -> Answer:
    why = lacking(tables, "tracker_answers", "tracker_respondents")
    if why or brand is None:
        return Answer(reason=why or say("no name of the brand was given"))
    asked = tables["tracker_respondents"]
    asked = asked[pd.to_datetime(asked["week"]) > end - pd.Timedelta(days=YEAR)]["respondent_id"]
    own = tables["tracker_answers"].query("brand == @brand and position == 1")["respondent_id"]
    return _share(asked.isin(own).sum(), len(asked), level)


def _recommended(tables: Tables, end: pd.Timestamp, level: float) -> Answer:
    why = lacking(tables, "engagement")
    if why:
        return Answer(reason=why)
    told = tables["engagement"]
    told = told[told["year"] == min(end.year, told["year"].max())]
    return _share((told["referrals"] > 0).sum(), len(told), level)


def _by_friend(tables: Tables, end: pd.Timestamp, level: float) -> Answer:
    why = lacking(tables, "customers")
    if why or "acquisition_channel" not in tables["customers"]:
        return Answer(reason=why or say("customers: no column acquisition_channel"))
    new = tables["customers"]
    since = pd.to_datetime(new["customer_since"])
    new = new[(since > end - pd.Timedelta(days=YEAR)) & (since <= end)]
    return _share((new["acquisition_channel"] == "friend").sum(), len(new), level)


def _high_reviews(tables: Tables, end: pd.Timestamp, level: float) -> Answer:
    why = lacking(tables, "reviews")
    if why:
        return Answer(reason=why)
    score = tables["reviews"].loc[pd.to_datetime(tables["reviews"]["date"]) <= end, "score"]
    return _share((score >= 9).sum(), len(score), level)


def _made_good(tables: Tables, level: float) -> Answer:
    """Of those whose complaint was made good, the share who came again, less that of those who got nothing."""
    why = lacking(tables, "complaints")
    if why:
        return Answer(reason=why)
    known = tables["complaints"].query("came_again != 'too early'")
    by = (known["came_again"] == "yes").groupby(known["answer"])
    hits, n = by.sum(), by.size()
    if not {"made good", "nothing"} <= set(n.index):
        return Answer(reason=say("no complaint was made good, or none was left unanswered"))
    found = newcombe(hits["made good"], n["made good"], hits["nothing"], n["nothing"], level=level)
    return given(found, int(n["made good"] + n["nothing"]))


# ---- side by side ----------------------------------------------------------------------------------------------------


def side_by_side(found: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Put the answers of several companies side by side, as words: an estimate with its interval, or a dash.

    Parameters
    ----------
    found
        By company: from `four_analyses` or `difficulties`.

    Returns
    -------
    DataFrame
        One row per measure, one column per company; the index names the question (or difficulty) and the measure.
        What a dash hides `what_is_missing` says.

    Examples
    --------
    >>> row = {"analysis": "profit", "measure": "cost more", "of": "", "value": 0.25, "low": 0.2, "high": 0.31,
    ...        "unit": "share", "n": 300, "reason": ""}
    >>> side_by_side({"Fernwell": pd.DataFrame([row])}).iloc[0, 0]
    '25 % (20 to 31)'
    """
    columns = {}
    for name, table in found.items():
        need_columns(table, ["measure", "of", "value", "low", "high", "unit"], name)
        columns[name] = [_words(row) for row in table.itertuples(index=False)]
    first = next(iter(found.values()))
    names = [column for column in ("analysis", "difficulty", "measure") if column in first]
    return pd.DataFrame(columns).set_index([first[name].rename(name) for name in names])


def _words(row: Any) -> str:
    if np.isnan(row.value):
        return "–"
    form = {
        "share": "{:.0f}",
        "times": "{:.1f}",
        "days": "{:.0f}",
        "points": "{:+.1f}",
        "score": "{:+.1f}",
    }[row.unit]
    times = 100 if row.unit in ("share", "points") else 1
    value, low, high = (form.format(times * part) for part in (row.value, row.low, row.high))
    unit = " %" if row.unit == "share" else ""
    between = "" if np.isnan(row.low) else say(" ({low} to {high})", low=low, high=high)
    return f"{row.of + ': ' if row.of else ''}{value}{unit}{between}"


def what_is_missing(found: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """List what the tables of several companies cannot say, with the reason.

    Parameters
    ----------
    found
        By company: from `four_analyses` or `difficulties`.

    Returns
    -------
    DataFrame
        One row per company and reason: ``company``, ``reason``, ``measures`` (which it keeps from us).

    Examples
    --------
    >>> row = {"measure": "named first", "reason": "no table tracker_answers"}
    >>> what_is_missing({"Tarnwald": pd.DataFrame([row])}).values.tolist()
    [['Tarnwald', 'no table tracker_answers', 'named first']]
    """
    rows = []
    for name, table in found.items():
        need_columns(table, ["measure", "reason"], name)
        gone = table[table["reason"] != ""]
        for reason, part in gone.groupby("reason", sort=False):
            rows.append((name, reason, ", ".join(part["measure"])))
    return pd.DataFrame(rows, columns=["company", "reason", "measures"])


__all__ = [
    "TABLES",
    "Answer",
    "contacts_of",
    "four_analyses",
    "side_by_side",
    "trade_tables",
    "what_is_missing",
]
