"""``crmkit look my_file.csv``: what a file of orders holds, what became of every row, and a first picture, as one page.

The page is a single HTML file: nothing is fetched, and nothing leaves the computer.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crmkit.commands.page import figure, page_of
from crmkit.errors import CrmkitError
from crmkit.say import listed, say, say_many

if TYPE_CHECKING:
    import pandas as pd

    from crmkit.data.own.report import Report

_CALL = re.compile(r"read_orders\((?P<file>\"[^\"]*\"|\w+), (?P<options>[^()]*)\)")
_MEANING = re.compile(r"statuses=\{'(?P<word>[^']*)': '(?P<kind>[^']*)'\}")
_OPTION = re.compile(r"\b(?P<name>[a-z_]+)=(?P<value>\"[^\"]*\"|'[^']*'|True|False|\.\.\.)")


@dataclass(frozen=True)
class Look:
    """What a look at a file found.

    Attributes
    ----------
    report : Report
        What became of every row.
    page : str
        The page as HTML.
    """

    report: Report
    page: str


def look_at(source: str | Path, options: Mapping[str, Any], leave_out: Sequence[str] = ()) -> Look:
    r"""Read a file of orders and draw a first picture of its customers.

    Parameters
    ----------
    source
        The file.
    options
        What :func:`crmkit.read_orders` takes besides.
    leave_out
        Customers that are no person (a till, a guest account): in the account, not in the pictures.

    Returns
    -------
    Look

    Raises
    ------
    CrmkitError
        The file cannot be read, a column is not clear, or a customer to leave out is not there.

    Examples
    --------
    >>> import tempfile
    >>> file = Path(tempfile.mkdtemp()) / "orders.csv"
    >>> _ = file.write_text("customer,date,amount\nA,2025-01-05,10\nB,2025-02-05,30\n")
    >>> look_at(file, {}).report.turnover
    40.0
    """
    import crmkit

    read = crmkit.read_orders(str(source), **options)
    orders, report = read.orders, read.report
    persons = persons_of(orders, leave_out)
    name = Path(source).name
    title = say("{file}: a first look", file=name)
    given = "".join(f", {key}={value!r}" for key, value in options.items())
    code = f"<code>orders = crmkit.read_orders({escape(repr(name))}{escape(given)}).orders</code>"
    in_a_notebook = say("In a notebook: {code}.", code=code)
    further = say(
        "Lesson 80 takes the decisions of this page one by one; lessons 20, 22, 24 and 30 take the orders further."
    )
    parts = [
        f"<h1>{escape(title)}</h1>",
        report._repr_html_(),
        left_out(orders, persons, leave_out, report),
        *_pictures(persons, report),
        f"<h2>{escape(say('What next'))}</h2>",
        f"<p>{in_a_notebook} {escape(further)}</p>",
    ]
    return Look(report, page_of(title, "\n".join(part for part in parts if part), "look"))


def as_command(message: str, source: str, command: str = "look") -> str:
    r"""Say what a message tells in Python as options of this command.

    Examples
    --------
    >>> as_command('Say which: read_orders("a.csv", customer=\'E mail\')', "a.csv")
    "Say which: crmkit look a.csv --customer 'E mail'"
    >>> as_command("dayfirst=False; status=False; statuses={'On hold': 'counts'}", "a.csv")
    "--no-dayfirst; --without status; --meaning 'On hold=counts'"
    """

    def flag(found: re.Match[str]) -> str:
        name, value = found["name"].replace("_", "-"), found["value"]
        if value == "True":
            return f"--{name}"
        if value == "False":
            return f"--no-{name}" if name == "dayfirst" else f"--without {name}"
        if value == "...":
            return f"--{name} ..."
        return f"--{name} {shlex.quote(value[1:-1])}"

    def call(found: re.Match[str]) -> str:
        flags = " ".join(flag(option) for option in _OPTION.finditer(found["options"]))
        return f"crmkit {command} {shlex.quote(source)} {flags}"

    def meaning(found: re.Match[str]) -> str:
        return f"--meaning {shlex.quote(found['word'] + '=' + found['kind'])}"

    return _OPTION.sub(flag, _MEANING.sub(meaning, _CALL.sub(call, message)))


def persons_of(orders: pd.DataFrame, leave_out: Sequence[str]) -> pd.DataFrame:
    """Leave out the customers that are no person.

    Raises
    ------
    CrmkitError
        One of them is not there, or nobody remains.
    """
    missing = sorted(set(leave_out) - set(orders["customer_id"]))
    if missing:
        raise CrmkitError(
            f"No customer of this file is called {', '.join(map(repr, missing))}. "
            f"The best customers are {', '.join(map(repr, _largest(orders)))}."
        )
    persons = orders[~orders["customer_id"].isin(list(leave_out))]
    if persons.empty:
        raise CrmkitError("Every order belongs to a customer that you leave out: nothing remains.")
    return persons


def _largest(orders: pd.DataFrame) -> list[str]:
    sums = orders.groupby("customer_id")["turnover"].sum()
    return [str(name) for name in sums.nlargest(3).index]


def left_out(
    orders: pd.DataFrame, persons: pd.DataFrame, leave_out: Sequence[str], report: Report
) -> str:
    """Say in a paragraph who was left out, with orders and money; nothing where nobody was."""
    if not leave_out:
        return ""
    gone = orders["turnover"].sum() - persons["turnover"].sum()
    unit = f" {report.currency}" if report.currency else ""
    said = say_many(
        "Left out of the pictures, as you asked: {customers} ({count:,} order, {money}).",
        "Left out of the pictures, as you asked: {customers} ({count:,} orders, {money}).",
        len(orders) - len(persons),
        customers=listed(leave_out),
        money=f"{gone:,.2f}{unit}",
    )
    return f"<p>{escape(said)}</p>"


def _pictures(persons: pd.DataFrame, report: Report) -> list[str]:
    """Draw the three first pictures, each with the sentence that it bears out."""
    from crmkit.value.concentration import top_share
    from crmkit.value.first_picture import (
        first_picture,
        plot_months_since_last,
        plot_orders_per_customer,
    )
    from crmkit.value.plots import plot_concentration

    seen = first_picture(persons)
    turnover = persons.groupby("customer_id")["turnover"].sum()
    days = (persons["order_date"].max() - persons["order_date"].min()).days
    customers = say_many(
        "{count:,} customer in {days:,} days",
        "{count:,} customers in {days:,} days",
        int(seen["customers"]),
        days=days + 1,
    )
    depends = say(
        "All of this depends on the decisions above, and on where the file begins and ends: "
        "anyone who came late had little time to come again."
    )
    parts = [f"<h2>{escape(customers)}</h2>", f"<p>{escape(depends)}</p>"]
    share = seen["bought_once"]
    once = say("{share:.0%} of the customers have placed one order", share=share)
    alt = say(
        "{share:.0%} of the customers have placed one order; the other bars hold those with more.",
        share=share,
    )
    parts.append(figure(plot_orders_per_customer(persons), once, alt))
    share = seen["quiet"]
    quiet = say("{share:.0%} have bought nothing for half a year", share=share)
    alt = say(
        "Customers by months since their last order: {share:.0%} have bought nothing for half a year.",
        share=share,
    )
    parts.append(figure(plot_months_since_last(persons), quiet, alt))
    if (turnover > 0).any() and len(turnover) >= 5:
        share = top_share(turnover, 0.2)
        fifth = say(
            "The best fifth of the customers bring {share:.0%} of the turnover", share=share
        )
        alt = say(
            "Pareto curve of turnover. The best fifth of the customers bring {share:.0%} of the turnover.",
            share=share,
        )
        parts.append(figure(plot_concentration({"turnover": turnover}), fifth, alt))
    else:
        few = say_many(
            "{count} customer is too few to speak of a best fifth: look at them one by one.",
            "{count} customers are too few to speak of a best fifth: look at them one by one.",
            len(turnover),
        )
        parts.append(f"<p>{escape(few)}</p>")
    return parts
