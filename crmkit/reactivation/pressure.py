"""How often is too often? Contact pressure, from a test in which chance chose the frequency.

The trap
    Customers who buy more are written to more, and customers who answer are written to again: in a company's
    own records more letters
    always go with more sales. Only a frequency that chance chose shows what one more letter does.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from crmkit.errors import CrmkitError
from crmkit.inputs import generator, need_numbers, need_rows
from crmkit.reactivation.experiments import effect_table


def pressure_table(
    customers: pd.DataFrame,
    *,
    frequency: str = "mails_a_month",
    margin: str = "margin_90d",
    unsubscribed: str = "unsubscribed",
    mail_cost: float = 0.0,
    months: float = 3,
    contact_value: float = 0.0,
    level: float = 0.95,
    draws: int = 0,
    seed: int | np.random.Generator = 0,
) -> pd.DataFrame:
    """Compare frequencies: margin, unsubscribes, and what is left after both are paid for.

    Parameters
    ----------
    customers
        One row per customer of the test: `frequency` (number), `margin` (£ in the test), `unsubscribed` (bool).
    frequency, margin, unsubscribed
        Columns. The lowest frequency is the one that others are compared with.
    mail_cost
        £ a mail.
    months
        Length of the test.
    contact_value
        £ that the permission to write to one customer is worth beyond the test.
    level
    draws, seed
        Customers are drawn again within each frequency, so many times, to see which frequency brings most. 0 for none.

    Returns
    -------
    DataFrame
        One row per frequency: ``frequency``, ``customers``, ``margin`` (£ a customer), ``unsubscribed``
        (share), ``net`` (margin less mails less the
        worth of lost permissions, £ a customer), ``extra`` (net over the lowest frequency), ``low``,
        ``high`` (of ``extra``), ``warning``; with `draws` also ``wins`` (share of the draws in which its ``net`` is the
        highest).

    Raises
    ------
    CrmkitError
        Fewer than two frequencies, missing columns.

    Examples
    --------
    >>> test = pd.DataFrame({"mails_a_month": [0] * 40 + [8] * 40, "margin_90d": [4, 6] * 40,
    ...     "unsubscribed": [False] * 60 + [True] * 20})
    >>> pressure_table(test, contact_value=10)["extra"].tolist()
    [0.0, -5.0]
    """
    need_rows(customers, [frequency, margin, unsubscribed], "customers")
    often = need_numbers(customers[frequency], frequency, minimum=0)
    if len(np.unique(often)) < 2:
        raise CrmkitError(
            f"{frequency}: everybody got the same. Two frequencies at least are needed."
        )
    gone = need_numbers(customers[unsubscribed], unsubscribed)
    net = (
        need_numbers(customers[margin], margin) - mail_cost * months * often - contact_value * gone
    )
    frame = pd.DataFrame(
        {
            "arm": often,
            "margin": customers[margin].to_numpy(float),
            "unsubscribed": gone,
            "net": net,
        }
    )
    lowest = often.min()
    table = frame.groupby("arm").agg(
        customers=("net", "size"),
        margin=("margin", "mean"),
        unsubscribed=("unsubscribed", "mean"),
        net=("net", "mean"),
    )
    effects = effect_table(frame, "net", control=lowest, level=level).set_index("arm")
    for name, found in (("extra", "effect"), ("low", "low"), ("high", "high")):
        table[name] = effects[found].reindex(table.index)
        table.loc[lowest, name] = (
            0.0  # over itself; an interval that the data do not tell stays missing
        )
    table["warning"] = effects["warning"].reindex(table.index).fillna("")
    if draws:
        rng, values = generator(seed), [part.to_numpy() for _, part in frame.groupby("arm")["net"]]
        means = [rng.choice(value, (draws, len(value))).mean(axis=1) for value in values]
        table["wins"] = np.bincount(np.argmax(means, axis=0), minlength=len(values)) / draws
    return table.rename_axis("frequency").reset_index()
