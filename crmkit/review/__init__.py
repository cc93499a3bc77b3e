"""A review of the customer base: seven analyses of a company's tables, with what the data cannot say.

Problem
    A quarterly report shows sales. A review asks seven questions of the customers behind them, always the same ones,
    so that one quarter can be laid beside the next.

The seven
    profile (levels of value, risk, preference), persistency (who stays), performance (turnover, and which of its
    factors moved), product performance, prospecting (newcomers: number, channel, trend), product and supply (what
    comes back), promotion (discounts, contacts, tests). The frame is that of Chinese textbooks of customer
    relationship management (客户关系管理), there called seven P.

Uses
    `review` gives the parts, `crmkit.review.page.as_page` one HTML page; ``crmkit review`` does both.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pandas as pd

from crmkit.errors import CrmkitError
from crmkit.inputs import Moment
from crmkit.review.customers import persistency, profile, prospecting
from crmkit.review.parts import Books, Part, books_of
from crmkit.review.promotion import promotion
from crmkit.review.sales import performance, products, supply
from crmkit.say import mark, say

#: The analyses in their order, with the name that a part bears even where the data do not allow it.
SEVEN: tuple[tuple[str, Callable[[Books], Part]], ...] = (
    (mark("Profile"), profile),
    (mark("Persistency"), persistency),
    (mark("Performance"), performance),
    (mark("Product performance"), products),
    (mark("Prospecting"), prospecting),
    (mark("Product and supply"), supply),
    (mark("Promotion"), promotion),
)


def review(
    tables: Mapping[str, pd.DataFrame],
    as_of: Moment | None = None,
    *,
    money: Callable[[float], str] | None = None,
    begin: Callable[[str], None] | None = None,
) -> list[Part]:
    """Make the seven analyses of a company's tables.

    Parameters
    ----------
    tables
        By name. ``orders`` must be there: ``customer_id``, ``order_date``, ``turnover`` (in the company's currency);
        with ``margin``, ``channel``, ``discount`` and ``order_id`` more is said. ``customers``, ``order_lines``,
        ``products``, ``acquisition_spend``, ``contacts`` and tables of tests (``arm``, ``returned_60d``) are used
        where they are there.
    as_of
        The last day that is known; later orders are not looked at. Default: day of the last order.
    money
        Writes an amount, as ``crmkit.company().money`` does. Default: the number alone.
    begin
        Is told the name of each analysis before it begins.

    Returns
    -------
    list of Part
        Seven, in their order. Where the data do not allow an analysis, its part says why.

    Raises
    ------
    CrmkitError
        No orders, a missing column, an unreadable value, no order by `as_of`.

    Examples
    --------
    >>> orders = pd.DataFrame({"customer_id": [1, 2], "order_date": ["2025-01-01", "2025-03-01"], "turnover": 10.0})
    >>> [part.name for part in review({"orders": orders})][:3]
    ['Profile', 'Persistency', 'Performance']
    """
    import matplotlib.pyplot as plt

    books = books_of(tables, as_of, money)
    parts = []
    for name, analysis in SEVEN:
        if begin is not None:
            begin(say(name))
        try:
            parts.append(analysis(books))
        except CrmkitError as error:
            parts.append(
                Part(say(name), say("The data do not allow this analysis"), limits=(str(error),))
            )
        # A notebook would draw every figure that is open at the end of a cell.
        for ax, _ in parts[-1].pictures:
            plt.close(ax.get_figure(root=True))
    return parts


def findings(
    tables: Mapping[str, pd.DataFrame],
    as_of: Moment | None = None,
    *,
    money: Callable[[float], str] | None = None,
) -> pd.DataFrame:
    """Give the findings of the seven analyses as a table, without their pictures.

    Parameters
    ----------
    tables, as_of, money
        As for `review`.

    Returns
    -------
    DataFrame
        Seven rows: ``analysis``, ``finding``, ``cannot_say`` (the first thing that the data cannot say).

    Examples
    --------
    >>> orders = pd.DataFrame({"customer_id": [1, 2], "order_date": ["2025-01-01", "2025-03-01"], "turnover": 10.0})
    >>> findings({"orders": orders})["analysis"].head(2).tolist()
    ['Profile', 'Persistency']
    """
    rows = [
        (part.name, part.finding, part.limits[0] if part.limits else "")
        for part in review(tables, as_of, money=money)
    ]
    return pd.DataFrame(rows, columns=["analysis", "finding", "cannot_say"])


__all__ = ["SEVEN", "Part", "findings", "review"]
