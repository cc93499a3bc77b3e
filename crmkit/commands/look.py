"""``crmkit look my_file.csv``: what a file of orders holds, what became of every row, and a first picture, as one page.

The page is a single HTML file: nothing is fetched, and nothing leaves the computer.
"""

from __future__ import annotations

import re
import shlex
from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crmkit.errors import CrmkitError

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from crmkit.data.own.report import Report

#: Stands in every page, so that a page may be written again and nothing else is ever overwritten.
MARK = '<meta name="generator" content="crmkit look">'
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
    missing = sorted(set(leave_out) - set(orders["customer_id"]))
    if missing:
        raise CrmkitError(
            f"No customer of this file is called {', '.join(map(repr, missing))}. "
            f"The best customers are {', '.join(map(repr, _largest(orders)))}."
        )
    persons = orders[~orders["customer_id"].isin(list(leave_out))]
    if persons.empty:
        raise CrmkitError("Every order belongs to a customer that you leave out: nothing remains.")
    name = Path(source).name
    parts = [
        f"<h1>{escape(name)}: a first look</h1>",
        report._repr_html_(),
        _left_out(orders, persons, leave_out, report),
        *_pictures(persons, report),
        "<h2>What next</h2>",
        f"<p>In a notebook: <code>orders = crmkit.read_orders({escape(repr(name))}"
        f"{escape(''.join(f', {key}={value!r}' for key, value in options.items()))}).orders</code>. "
        "Lesson 80 takes the decisions of this page one by one; lessons 20, 22, 24 and 30 take the orders further.</p>",
    ]
    return Look(report, _page(f"{name}: a first look", "\n".join(part for part in parts if part)))


def write_page(page: str, path: Path) -> None:
    """Write a page where there is none yet, or over an earlier page of this command.

    Raises
    ------
    CrmkitError
        Another file stands there, or the place cannot be written to.
    """
    try:
        if path.exists() and MARK not in path.read_text(encoding="utf-8", errors="replace"):
            raise CrmkitError(
                f"{path} is there already and is no page of this command. Nothing was written. "
                "Choose another name with --page."
            )
        path.write_text(page, encoding="utf-8")
    except OSError as error:
        raise CrmkitError(f"{path} could not be written: {error.strerror or error}.") from error


def as_command(message: str, source: str) -> str:
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
        return f"crmkit look {shlex.quote(source)} {flags}"

    def meaning(found: re.Match[str]) -> str:
        return f"--meaning {shlex.quote(found['word'] + '=' + found['kind'])}"

    return _OPTION.sub(flag, _MEANING.sub(meaning, _CALL.sub(call, message)))


def _largest(orders: pd.DataFrame) -> list[str]:
    sums = orders.groupby("customer_id")["turnover"].sum()
    return [str(name) for name in sums.nlargest(3).index]


def _left_out(
    orders: pd.DataFrame, persons: pd.DataFrame, leave_out: Sequence[str], report: Report
) -> str:
    if not leave_out:
        return ""
    gone = orders["turnover"].sum() - persons["turnover"].sum()
    unit = f" {report.currency}" if report.currency else ""
    return (
        f"<p>Left out of the pictures, as you asked: {escape(', '.join(leave_out))} "
        f"({len(orders) - len(persons):,} orders, {gone:,.2f}{escape(unit)}).</p>"
    )


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
    sentences = [
        f"<h2>{int(seen['customers']):,} customers in {days + 1:,} days</h2>",
        "<p>All of this depends on the decisions above, and on where the file begins and ends: "
        "anyone who came late had little time to come again.</p>",
    ]
    parts = [*sentences]
    ax = plot_orders_per_customer(persons)
    once = f"{seen['bought_once']:.0%} of the customers have placed one order"
    parts.append(_figure(ax, once, f"{once}; the other bars hold those with more."))
    ax = plot_months_since_last(persons)
    quiet = f"{seen['quiet']:.0%} have bought nothing for half a year"
    parts.append(_figure(ax, quiet, f"Customers by months since their last order: {quiet}."))
    if (turnover > 0).any() and len(turnover) >= 5:
        ax = plot_concentration({"turnover": turnover})
        fifth = (
            f"The best fifth of the customers bring {top_share(turnover, 0.2):.0%} of the turnover"
        )
        parts.append(_figure(ax, fifth, f"Pareto curve of turnover. {fifth}."))
    else:
        parts.append(
            f"<p>{len(turnover)} customers are too few to speak of a best fifth: look at them one by one.</p>"
        )
    return parts


def _figure(ax: Axes, title: str, alt: str) -> str:
    from crmkit.style import close, png

    ax.set_title(title)
    picture = b64encode(png(ax.figure)).decode("ascii")  # type: ignore[arg-type]
    close(ax.figure)  # type: ignore[arg-type]
    return (
        f'<figure><img alt="{escape(alt, quote=True)}" src="data:image/png;base64,{picture}">'
        "</figure>"
    )


def _page(title: str, body: str) -> str:
    style = resources.files("crmkit.commands").joinpath("look.css").read_text(encoding="utf-8")
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f"<title>{escape(title)}</title>\n{MARK}\n"
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<style>\n{style}</style>\n</head>\n<body>\n<main>\n{body}\n</main>\n</body>\n</html>\n"
    )
