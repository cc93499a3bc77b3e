"""``crmkit review``: seven analyses of a company's tables, or of a file of orders, as one page."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crmkit.commands.look import left_out, persons_of
from crmkit.commands.page import figure, page_of
from crmkit.errors import CrmkitError
from crmkit.say import say

if TYPE_CHECKING:
    import pandas as pd

    from crmkit.review import Part

#: What the seven analyses use, besides orders.
_TABLES = ("customers", "order_lines", "products", "acquisition_spend", "contacts")


@dataclass(frozen=True)
class Reviewed:
    """A review: the lines for the terminal, and the page as HTML."""

    lines: list[str]
    page: str


def review_of(
    source: str,
    options: Mapping[str, Any],
    as_of: str | None = None,
    leave_out: Sequence[str] = (),
    begin: Callable[[str], None] | None = None,
) -> Reviewed:
    r"""Review a company that ships, a folder of tables, or a file of orders.

    Parameters
    ----------
    source
        The short name of a company, a folder, or a file.
    options
        For a file: what :func:`crmkit.read_orders` takes besides.
    as_of
        The last day that is known. Default: the company's last day, or the day of the last order.
    leave_out
        Customers that are no person.
    begin
        Is told the name of each analysis before it begins.

    Returns
    -------
    Reviewed

    Raises
    ------
    CrmkitError
        The source cannot be read; options of reading for what is no file.

    Examples
    --------
    >>> import tempfile
    >>> file = Path(tempfile.mkdtemp()) / "orders.csv"
    >>> _ = file.write_text("customer,date,amount\nA,2025-01-05,10\nB,2025-02-05,30\n")
    >>> review_of(str(file), {}).lines[2]
    'Performance: 2 customers brought a turnover of 40'
    """
    from crmkit.review import review

    account = ""
    if Path(source).is_file():
        import crmkit

        read = crmkit.read_orders(source, **options)
        name, unit = Path(source).name, f" {read.report.currency}" if read.report.currency else ""
        orders, tables = persons_of(read.orders, leave_out), {}
        account = read.report._repr_html_() + left_out(read.orders, orders, leave_out, read.report)

        def money(amount: float) -> str:
            return f"{amount:,.0f}{unit}"
    else:
        if options:
            raise CrmkitError(
                f"{source} is no file: --{next(iter(options)).replace('_', '-')} is for reading a file of orders."
            )
        from crmkit.companies import company

        tables = _tables_of(source)
        about = company(source)
        orders = persons_of(tables.pop("orders"), leave_out)
        name, money, as_of = about.name, about.money, as_of or str(about.end)
    parts = review({**tables, "orders": orders}, as_of, money=money, begin=begin)
    title = say("{name}: a review of the customer base", name=name)
    body = [
        f"<h1>{escape(title)}</h1>",
        account,
        *(_as_html(n, part) for n, part in enumerate(parts, 1)),
    ]
    lines = [f"{part.name}: {part.finding}" for part in parts]
    return Reviewed(lines, page_of(title, "\n".join(piece for piece in body if piece), "review"))


def _tables_of(source: str) -> dict[str, pd.DataFrame]:
    """Load what the review uses of a company's tables, and those of its tests with a control group."""
    from crmkit.data.load import described, find_data, load

    there = described(find_data(source)).tables
    if "orders" not in there:
        raise CrmkitError(f"{source}: there is no table orders. There are: {', '.join(there)}.")
    tests = [name for name in there if name.endswith("_test") or name.endswith("_campaign")]
    wanted = ["orders", *(name for name in (*_TABLES, *tests) if name in there)]
    return {name: load(name, data=source) for name in wanted}


def _in_percent(table: pd.DataFrame) -> pd.DataFrame:
    """Write shares, rates and relative changes in per cent; an interval is one of shares where there is a share."""
    names = [name for name in table if any(word in name for word in ("share", "rate", "change"))]
    if "share" in table:
        names += [name for name in ("low", "high") if name in table]
    return table.assign(
        **{name: table[name].map("{:.1%}".format, na_action="ignore") for name in names}
    )


def _as_html(number: int, part: Part) -> str:
    """Write a part: the finding as its heading, then sentences, figures, tables, and what the data cannot say."""
    from crmkit.readable import Readable

    said = "".join(f"<p>{escape(sentence)}</p>" for sentence in part.said)
    drawn = "".join(figure(ax, None, alt) for ax, alt in part.pictures)
    tables = "".join(
        f"<p>{escape(caption)}</p>{Readable(_in_percent(table)).html()}"
        for caption, table in part.tables
    )
    cannot = escape(say("What the data cannot say:"))
    limits = "".join(f"<li>{escape(limit)}</li>" for limit in part.limits)
    heading = escape(f"{number}. {part.name}: {part.finding}")
    return f"<section><h2>{heading}</h2>{said}{drawn}{tables}<p>{cannot}</p><ul>{limits}</ul></section>"
