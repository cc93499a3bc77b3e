"""The money of the game: amounts of Fernwell's world, with the sign of the company whose tables are at hand.

The customers and the rules of the game are Fernwell's, whatever company a class works with. Only the sign follows the
company, and nothing is converted: an agent's hour at £24 is an hour at kr 24. A game in class keeps its sign in
``game.json``, so that board and pages do not depend on the folder in which a command runs.
"""

from __future__ import annotations

from dataclasses import replace

from crmkit.companies import Company, company, shipped
from crmkit.data.load import NoDataError


def about_money(symbol: str | None = None) -> Company:
    """Give a company whose ``money`` and ``sign`` write the game's amounts.

    Parameters
    ----------
    symbol
        As it stands before an amount, such as ``"kr "``. Default: that of the company at hand, and Fernwell's where no
        tables are found.

    Examples
    --------
    >>> about_money().money(1250), about_money("kr ").money(1250), about_money("kr ").sign
    ('£1,250', 'kr 1,250', 'kr')
    """
    if symbol is not None:
        return replace(shipped("fernwell"), symbol=symbol)
    try:
        return company()
    except NoDataError:
        return shipped("fernwell")
