"""What the reader may pass to :func:`crmkit.read_orders`, and how it is refused."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import pandas as pd

from crmkit.data.own.amounts import currency_of
from crmkit.data.own.errors import BadOption


def check_options(
    dayfirst: Any,
    decimal: Any,
    today: Any,
    duplicates: Any,
    refunds: Any,
    sheet: Any,
    encoding: Any,
    separator: Any,
    amount_is: Any,
) -> pd.Timestamp:
    """Refuse what an option cannot mean; give the last day that counts."""
    if not (dayfirst is None or isinstance(dayfirst, (bool, np.bool_))):
        raise BadOption(f"dayfirst={dayfirst!r} must be True, False or None.")
    if decimal not in (None, ".", ","):
        raise BadOption(f"decimal={decimal!r} must be '.' or ','.")
    if duplicates not in ("set aside", "keep"):
        raise BadOption(f"duplicates={duplicates!r} must be 'set aside' or 'keep'.")
    if refunds not in ("set aside", "net"):
        raise BadOption(f"refunds={refunds!r} must be 'set aside' or 'net'.")
    if amount_is not in (None, "line", "order"):
        raise BadOption(f"amount_is={amount_is!r} must be 'line' or 'order'.")
    for name, text in (("sheet", sheet), ("encoding", encoding), ("separator", separator)):
        if text is not None and not (isinstance(text, str) and text):
            raise BadOption(f"{name}={text!r} must be a text in quotation marks.")
    try:
        last_day = pd.Timestamp(dt.date.today() if today is None else today)
    except (ValueError, TypeError) as error:
        raise BadOption(f"today={today!r} is not a date. Write it like '2025-12-31'.") from error
    if last_day is pd.NaT:
        raise BadOption(f"today={today!r} is not a date. Write it like '2025-12-31'.")
    return last_day.tz_localize(None).normalize()


def currency_asked(currency: Any) -> str | None:
    """Give the code of the currency that the reader chose; None where none was chosen."""
    if currency is None:
        return None
    known = currency_of(currency) or (str(currency).upper() if len(str(currency)) == 3 else None)
    if known is None:
        raise BadOption(
            f"currency={currency!r} is no currency. Write it like 'GBP'; the column with currencies is given as "
            "currency_column=..."
        )
    return known
