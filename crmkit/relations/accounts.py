"""A key account on one page: who is there, what it brings, what it might, what is open, what comes next, what may go.

Business context: a key account is not the customer who demands most, it is the one for whom a plan of its own pays.
The plan is short: people and their roles, turnover and margin, share of need, open complaints, the next date, the risk.
What the tables at hand do not know stands on the page as a question, so that somebody asks it.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from crmkit.errors import CrmkitError
from crmkit.inference import wilson
from crmkit.inputs import Moment, need_columns, need_date, need_dates, need_numbers
from crmkit.say import label, labels, listed, say

#: The parts of the page, in order.
PARTS = labels("people", "what it brings", "share of need", "complaints", "next date", "risk")
_PEOPLE, _BRINGS, _SHARE, _COMPLAINTS, _NEXT, _RISK = PARTS
labels("buyer", "engineer", "user", "finance", "booker", "traveller")
_YEAR = pd.Timedelta(days=365)
#: Part, item, value in words, value as a number.
_Row = tuple[str, str, str, float]


def account_plan(
    customer_id: object,
    orders: pd.DataFrame,
    *,
    as_of: Moment,
    people: pd.DataFrame | None = None,
    costs: pd.DataFrame | None = None,
    quotes: pd.DataFrame | None = None,
    complaints: pd.DataFrame | None = None,
    contracts: pd.DataFrame | None = None,
    level: float = 0.95,
) -> pd.DataFrame:
    """Make the plan of one account, a row for each thing to know.

    Parameters
    ----------
    customer_id
        The account.
    orders
        ``customer_id``, ``order_date``, ``turnover``, ``margin``.
    as_of
        The last day that is known. A year is the 365 days up to it.
    people
        ``customer_id``, ``name``, ``role``.
    costs
        ``customer_id``, ``year``, ``cost`` (to serve it).
    quotes
        ``customer_id``, ``decided``, ``price``, ``outcome`` (won, lost, open), ``lost_because``. The share of need
        counts quotes decided in three years, without those whose project was given up.
    complaints
        ``customer_id``, ``date``, ``matter``, ``answer``.
    contracts
        ``customer_id``, ``from_date``, ``to_date`` (empty while it runs); renewed once a year.
    level
        Of the interval of the share of quotes won.

    Returns
    -------
    DataFrame
        ``part``, ``item``, ``value`` (in words), ``number`` (the same as a number, where it is one).

    Raises
    ------
    CrmkitError
        The account has no order up to `as_of`, or a table lacks a column.

    Examples
    --------
    >>> orders = pd.DataFrame({"customer_id": 7, "turnover": [900, 400, 500], "margin": [90, 40, 60],
    ...     "order_date": pd.to_datetime(["2024-05-01", "2025-03-01", "2025-09-01"])})
    >>> plan = account_plan(7, orders, as_of="2025-12-31")
    >>> plan.set_index("item")["number"].round(2)[["turnover in a year", "margin in a year"]].tolist()
    [900.0, 100.0]
    """
    today = need_date(as_of)
    ask = say("not in the tables: ask")
    mine = _of(orders, ["customer_id", "order_date", "turnover", "margin"], "orders", customer_id)
    days = need_dates(mine["order_date"], "order_date")
    mine, days = mine[days <= today], days[days <= today]
    if mine.empty:
        raise CrmkitError(f"customer_id {customer_id!r} has no order up to {today:%Y-%m-%d}.")
    rows = [
        *_people(people, customer_id, ask),
        *_brings(mine, days, today),
        *_costs(costs, customer_id, ask),
        *_needs(quotes, customer_id, today, level, ask),
        *_open(complaints, customer_id, today, ask),
        *_dates(contracts, quotes, customer_id, today, ask),
        *_silence(days, today),
    ]
    return pd.DataFrame(rows, columns=["part", "item", "value", "number"])


def _of(table: pd.DataFrame, columns: list[str], name: str, customer_id: object) -> pd.DataFrame:
    need_columns(table, columns, name)
    return table[table["customer_id"] == customer_id]


def _people(people: pd.DataFrame | None, who: object, ask: str) -> Iterator[_Row]:
    if people is None:
        yield _PEOPLE, say("people"), ask, np.nan
        return
    mine = _of(people, ["customer_id", "name", "role"], "people", who)
    for role, names in mine.groupby("role")["name"]:
        yield _PEOPLE, label(str(role)), listed(names), float(len(names))


def _brings(mine: pd.DataFrame, days: pd.Series, today: pd.Timestamp) -> Iterator[_Row]:
    this = (days > today - _YEAR).to_numpy()
    before = (days <= today - _YEAR).to_numpy() & (days > today - 2 * _YEAR).to_numpy()
    turnover = need_numbers(mine["turnover"], "turnover")
    margin = need_numbers(mine["margin"], "margin")
    for item, amount in (
        (say("turnover in a year"), float(turnover[this].sum())),
        (say("turnover in the year before"), float(turnover[before].sum())),
        (say("margin in a year"), float(margin[this].sum())),
    ):
        yield _BRINGS, item, f"{amount:,.0f}", amount


def _costs(costs: pd.DataFrame | None, who: object, ask: str) -> Iterator[_Row]:
    item = say("cost to serve in the last year on file")
    if costs is None:
        yield _BRINGS, item, ask, np.nan
        return
    mine = _of(costs, ["customer_id", "year", "cost"], "costs", who)
    last = float(mine.loc[mine["year"] == costs["year"].max(), "cost"].sum())
    yield _BRINGS, item, f"{last:,.0f}", last


def _needs(
    quotes: pd.DataFrame | None, who: object, today: pd.Timestamp, level: float, ask: str
) -> Iterator[_Row]:
    item = say("share of what it asked us for")
    if quotes is None:
        yield _SHARE, item, ask, np.nan
        return
    columns = ["customer_id", "decided", "price", "outcome", "lost_because"]
    mine = _of(quotes, columns, "quotes", who).dropna(subset="decided")
    days = need_dates(mine["decided"], "decided")
    real = mine[(days <= today) & (days > today - 3 * _YEAR)]
    real = real[real["lost_because"].fillna("") != "project given up"]
    won = real["outcome"] == "won"
    if real.empty:
        yield _SHARE, item, say("no quote was decided in three years"), np.nan
        return
    low, high = wilson(int(won.sum()), len(real), level=level)
    share = float(real.loc[won, "price"].sum() / real["price"].sum())
    text = say(
        "{share:.0%} of the money; {won} of {all} quotes won ({low:.0%} to {high:.0%})",
        share=share, won=int(won.sum()), all=len(real), low=float(low), high=float(high),
    )  # fmt: skip
    yield _SHARE, item, text, share
    reasons = real.loc[~won, "lost_because"].value_counts()
    if len(reasons):
        name, count = str(reasons.index[0]), float(reasons.iloc[0])
        yield _SHARE, say("lost most often because of"), label(name), count


def _open(
    complaints: pd.DataFrame | None, who: object, today: pd.Timestamp, ask: str
) -> Iterator[_Row]:
    item = say("complaints in a year that nothing was done about")
    if complaints is None:
        yield _COMPLAINTS, item, ask, np.nan
        return
    mine = _of(complaints, ["customer_id", "date", "matter", "answer"], "complaints", who)
    days = need_dates(mine["date"], "date")
    left = mine[(days <= today) & (days > today - _YEAR) & (mine["answer"] == "nothing")]
    matters = listed(label(str(matter)) for matter in left["matter"]) if len(left) else say("none")
    yield _COMPLAINTS, item, matters, float(len(left))


def _dates(
    contracts: pd.DataFrame | None,
    quotes: pd.DataFrame | None,
    who: object,
    today: pd.Timestamp,
    ask: str,
) -> Iterator[_Row]:
    if contracts is None and quotes is None:
        yield _NEXT, say("next date"), ask, np.nan
    if contracts is not None:
        mine = _of(contracts, ["customer_id", "from_date", "to_date"], "contracts", who)
        mine = mine[(mine["to_date"].isna() | (mine["to_date"] > today)).to_numpy()]
        if mine.empty:
            yield _NEXT, say("contract"), say("none runs"), np.nan
        for start in need_dates(mine["from_date"], "from_date"):
            due = start + pd.DateOffset(years=max(today.year - start.year, 1))
            due = due if due > today else due + pd.DateOffset(years=1)
            days = float((due - today).days)
            yield _NEXT, say("contract comes up for renewal"), f"{due:%Y-%m-%d}", days
    if quotes is not None:
        waiting = int(
            (_of(quotes, ["customer_id", "outcome"], "quotes", who)["outcome"] == "open").sum()
        )
        yield _NEXT, say("quotes that wait for a decision"), str(waiting), float(waiting)


def _silence(days: pd.Series, today: pd.Timestamp) -> Iterator[_Row]:
    silent = int((today - days.max()).days)
    yield _RISK, say("days since the last order"), f"{silent:,}", float(silent)
    gaps = days.sort_values(kind="stable").drop_duplicates().diff().dt.days.dropna()
    if len(gaps):
        usual = float(gaps.median())
        yield _RISK, say("usual days between orders"), f"{usual:,.0f}", usual


__all__ = ["PARTS", "account_plan"]
