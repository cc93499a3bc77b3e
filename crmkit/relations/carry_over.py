"""What must be made new when the four analyses move to another trade: who is the customer, and what is a contact.

Problem
    The idea carries over; the unit does not. Where a customer is an account with several people, one of them may be
    silent while the account is wide awake.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from crmkit.companies import Company
from crmkit.errors import CrmkitError
from crmkit.inference import ratio_interval
from crmkit.inputs import Moment, need_date, need_dates, need_number, need_rows
from crmkit.relations.trades import YEAR, Tables, contacts_of
from crmkit.say import label, labels, say

#: What textbooks tell a company to do so that a relationship begins, and so that it lasts; and tables that show it.
ACTIVITIES: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("build", "insight", ("need_ratings", "enquiries", "sessions", "stays")),
    ("build", "channels", ("orders",)),
    ("build", "personal service", ("quotes", "account_rates", "spring_calls", "nudge_test")),
    ("build", "feedback", ("desk_enquiries", "complaints")),
    ("build", "community", ("engagement",)),
    ("maintain", "visits", ("service_visits",)),
    ("maintain", "education", ("bond_study", "event_kinds")),
    ("maintain", "feedback", ("trader_survey", "reviews", "complaints")),
    ("maintain", "evaluation", ("tracker_answers", "reviews", "quotes")),
)

labels("build", "maintain", *{activity for _, activity, _ in ACTIVITIES})


def trade_units(companies: Mapping[str, tuple[Company, Tables]]) -> pd.DataFrame:
    """Lay side by side what differs between trades: the customer, the deal, the contact, and how often each comes.

    Parameters
    ----------
    companies
        By name: the company (for its words), and its tables.

    Returns
    -------
    DataFrame
        One row per company: ``company``, ``customer`` and ``deal`` (the trade's words), ``people`` (in an account;
        1 where no table says), ``deals_a_year`` (of a customer with any in the last 365 days), ``contact`` (what
        counts as one), ``median_gap`` (days between two days of contact, of those that ended).

    Raises
    ------
    CrmkitError
        A company without orders.

    Examples
    --------
    >>> from crmkit.companies import shipped
    >>> orders = pd.DataFrame({"customer_id": [1, 1, 2], "order_date": ["2025-01-01", "2025-01-31", "2025-03-01"]})
    >>> found = trade_units({"Fernwell": (shipped("fernwell"), {"orders": orders})})
    >>> found[["deal", "deals_a_year", "median_gap"]].values.tolist()
    [['order', 1.5, 30.0]]
    """
    rows = []
    for name, (about, tables) in companies.items():
        visits = contacts_of(tables)
        visits = visits.assign(order_date=need_dates(visits["order_date"], "order_date"))
        days = visits.drop_duplicates().sort_values(["customer_id", "order_date"], kind="stable")
        gaps = days.groupby("customer_id")["order_date"].diff().dt.days
        orders = tables["orders"]
        day = need_dates(orders["order_date"], "orders, column order_date")
        year = orders[day > day.max() - pd.Timedelta(days=YEAR)]
        people = 1.0
        if "account_people" in tables:
            people = float(tables["account_people"].groupby("customer_id").size().mean())
        rows.append(
            (
                name,
                label(about.words["customer"]),
                # An app's word for a deal is a session; what users pay for is an order.
                label("order" if "sessions" in tables else about.words["deal"]),
                people,
                len(year) / year["customer_id"].nunique(),
                label("session") if "sessions" in tables else label(about.words["deal"]),
                float(gaps.median()),
            )
        )
    columns = ["company", "customer", "deal", "people", "deals_a_year", "contact", "median_gap"]
    return pd.DataFrame(rows, columns=columns)


def silent_people(
    people: pd.DataFrame,
    clock_days: float,
    as_of: Moment | None = None,
    *,
    level: float = 0.95,
) -> pd.Series:
    """Count people of firms who look asleep, and how many of them belong to a firm that is awake.

    Parameters
    ----------
    people
        One row per deal: ``customer_id`` (the firm's account), ``person_id`` (who came), ``order_date``.
    clock_days
        Silence beyond which somebody looks asleep.
    as_of
        The last day that is known. Default: the day of the last deal.
    level
        Share of samples in which the interval holds the truth.

    Returns
    -------
    Series
        ``people``, ``silent`` (of them), ``accounts``, ``silent_accounts``, ``awake_behind`` (share of the silent
        people whose account is not silent) with ``low`` and ``high`` (linearised over accounts).

    Raises
    ------
    CrmkitError
        Missing columns, a clock below 0, nobody silent.

    Examples
    --------
    >>> rows = pd.DataFrame({"customer_id": [1, 1, 2], "person_id": [1, 2, 3],
    ...                      "order_date": ["2025-01-01", "2025-06-01", "2025-01-01"]})
    >>> found = silent_people(rows, 90, "2025-06-30")
    >>> int(found["silent"]), int(found["silent_accounts"]), float(found["awake_behind"])
    (2, 1, 0.5)
    """
    need_rows(people, ["customer_id", "person_id", "order_date"], "people")
    need_number(clock_days, "clock_days", minimum=0)
    day = need_dates(people["order_date"], "people, column order_date").dt.normalize()
    end = day.max() if as_of is None else need_date(as_of).normalize()
    known = people.assign(order_date=day)[(day <= end).to_numpy()]
    quiet = (end - known.groupby(["customer_id", "person_id"])["order_date"].max()).dt.days
    account = (end - known.groupby("customer_id")["order_date"].max()).dt.days
    silent = quiet > clock_days
    if not silent.any():
        raise CrmkitError(f"people: nobody is silent for more than {clock_days:g} days.")
    awake = account.reindex(quiet.index.get_level_values("customer_id")).to_numpy() <= clock_days
    by = pd.DataFrame({"silent": silent, "behind": silent & awake}).groupby(level="customer_id")
    sums = by.sum()
    found = ratio_interval(sums["behind"], sums["silent"], level=level)
    return pd.Series(
        {
            "people": len(quiet),
            "silent": int(silent.sum()),
            "accounts": len(account),
            "silent_accounts": int((account > clock_days).sum()),
            "awake_behind": float(found.estimate),
            "low": float(found.low),
            "high": float(found.high),
        }
    )


def activity_traces(companies: Mapping[str, Tables]) -> pd.DataFrame:
    """Say which of the activities that build and maintain a relationship leave a trace in each company's tables.

    Parameters
    ----------
    companies
        By name: its tables.

    Returns
    -------
    DataFrame
        One row per activity: ``step`` (build or maintain), ``activity``, and one column per company with the table and
        its number of rows, or a dash where no table shows it. That a company has no table does not mean that it does
        nothing.

    Examples
    --------
    >>> orders = pd.DataFrame({"customer_id": [1, 2], "channel": ["web", "shop"]})
    >>> activity_traces({"Fernwell": {"orders": orders}}).iloc[1].tolist()
    ['build', 'channels', 'orders: 2 channels']
    """
    rows = []
    for step, activity, names in ACTIVITIES:
        row: dict[str, object] = {"step": label(step), "activity": label(activity)}
        for company, tables in companies.items():
            row[company] = _trace(activity, names, tables)
        rows.append(row)
    return pd.DataFrame(rows)


def _trace(activity: str, names: tuple[str, ...], tables: Tables) -> str:
    name = next((name for name in names if name in tables and len(tables[name])), "")
    if not name or (activity == "channels" and "channel" not in tables[name]):
        return "–"
    if activity == "channels":
        return say("orders: {count} channels", count=tables[name]["channel"].nunique())
    rows = len(tables[name])
    if activity == "community":
        rows = int((tables[name]["help_given"] > 0).sum())
        return say("engagement: {rows:,} helped others", rows=rows) if rows else "–"
    return f"{name}: {rows:,}"


__all__ = ["ACTIVITIES", "activity_traces", "silent_people", "trade_units"]
