"""Customers that are no person: the till, the guest account, the walk-in. Told from a good customer by more than size."""

from __future__ import annotations

import re

import pandas as pd

from crmkit.data.own.cells import counted
from crmkit.data.own.headings import plain

_NAMES = re.compile(
    r"guest|guests|guestcheckout|guestuser|guestcustomer|walkin|walkincustomer|walkins|cash|cashsale|cashsales|cashcustomer|"
    r"countersale|counter|till|pos|poscustomer|retailcustomer|retail|defaultcustomer|default|anonymous|anon|anonymus|nocustomer|"
    r"notloggedin|nocard|nonmember|public|general|generalpublic|misc|miscellaneous|various|sundry|sundries|onetimecustomer|"
    r"unregistered|barverkauf|barverkaeufe|barkunde|laufkunde|laufkundschaft|gast|gastbestellung|kasse|theke|diverse|"
    r"diversekunden|einmalkunde|sammelkunde|sammeldebitor|cpd|ladenkunde|privatkunde|unbekannt|clientcomptoir|comptoir|"
    r"clientdepassage|clientpassage|passage|invite|invité|clientdivers|divers|caisse|clientanonyme|invitado|clientecontado|"
    r"contado|mostrador|publicoengeneral|públicoengeneral|varios|clientevarios|ventamostrador|consumidorfinal|ospite|clientebanco|"
    r"banco|vario|clientegenerico|gość|klientdetaliczny|paragon|散客|零售|零售客户|零售顾客|普通客户|普通顾客|匿名|匿名用户|游客|非会员|"
    r"过路客|门店客户|现金客户|门市|无卡|线下客户|默认客户|一般客户|临时客户|店頭|一般|一般客|非会員|ゲスト|匿名様|フリー客|レジ|現金客|現金"
)
# A number that somebody typed to get on: 0, 1, 999, 99999, 000000, 123456, -1.
_FILLER = re.compile(r"-?0+|-?1|(\d)\1{2,}|9+|123(?:4(?:5(?:6(?:7(?:89?)?)?)?)?)?|x+|n")


_FILLERS = {digit * size for digit in "0123456789" for size in range(1, 16)}
_FILLERS |= {"123456789"[:size] for size in range(2, 10)} | {"-1"}


def named_like_a_guest(name: str) -> bool:
    """Tell whether a customer's name or number is one that tills and shops write for nobody in particular.

    Examples
    --------
    >>> [named_like_a_guest(name) for name in ("散客", "Walk-in", "99999", "17850", "Ann Hill")]
    [True, True, True, False, False]
    """
    return bool(_NAMES.fullmatch(plain(name)) or _FILLER.fullmatch(name.strip().casefold()))


def guest_notes(orders: pd.DataFrame) -> list[str]:
    """Warn of customers that stand for many people.

    A name such as "guest" is enough from three orders on, however small its share. A customer of any other name is
    suspected only if it has many orders *and* buys in a way that no person does: several orders on most of its days.

    Parameters
    ----------
    orders
        ``customer_id``, ``order_date``, ``turnover``.

    Returns
    -------
    list of str
    """
    counts = orders["customer_id"].value_counts()
    if len(counts) < 2:
        return []
    notes = []
    names = pd.Series(counts.index.astype(str))
    # Names of guests hold no digits, and fillers are few: a million numbers need no second look.
    likely = (~names.str.contains("[0-9]") | names.isin(_FILLERS)).to_numpy()
    for name, placed in counts[likely & (counts >= 3).to_numpy()].items():
        if named_like_a_guest(str(name)) and (placed >= 10 or _NAMES.fullmatch(plain(name))):
            notes.append(_warning(str(name), int(placed), orders, "is named like one"))
    suspects = counts[
        (counts >= 30) & (counts > 0.05 * len(orders)) & (counts > 4 * counts.median())
    ]
    for name, placed in suspects.items():
        if named_like_a_guest(str(name)):
            continue
        own = orders.loc[orders["customer_id"] == name, "order_date"]
        per_day = own.value_counts()
        if len(per_day) >= 5 and (per_day > 1).mean() > 0.5:
            why = f"has several orders on {(per_day > 1).mean():.0%} of its days"
            notes.append(_warning(str(name), int(placed), orders, why))
    return notes


def _warning(name: str, placed: int, orders: pd.DataFrame, why: str) -> str:
    money = orders.loc[orders["customer_id"] == name, "turnover"].sum()
    return (
        f"WARNING: customer {name!r} placed {placed:,} of {counted(len(orders), 'order')} ({money:,.2f}) and {why}: a till or a "
        "guest account is no person. Leave it out of the analysis if it is one; its money stays in this account."
    )
