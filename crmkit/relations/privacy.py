"""What customer data may be used for, which columns a purpose needs, and what a leak costs.

Problem
    A flag "may be written to" does not say for what, since when, and how we know. And data that nobody needs can only
    do harm: they can leak.

Sources
    Consent and its proof, purpose, minimising: the principles of the European Union's data protection regulation
    (GDPR, articles 5 and 7). Intervals: Wilson (1927) for shares, Lin (2013) for the cost of a leak, where chance
    decided who was affected (`crmkit.reactivation.adjusted_effects`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from crmkit.errors import CrmkitError
from crmkit.inference import wilson
from crmkit.inputs import (
    Moment,
    first_few,
    need_column,
    need_date,
    need_dates,
    need_known,
    need_number,
    need_probability,
    need_rows,
    need_unique,
)
from crmkit.reactivation import adjusted_effects
from crmkit.say import labels

#: What each purpose needs of a table of customers.
NEEDED: dict[str, tuple[str, ...]] = {
    "newsletter": ("customer_id", "email"),
    "telephone": ("customer_id", "name", "phone"),
    "delivery": ("customer_id", "name", "street", "city", "postcode"),
    "analysis": ("customer_id", "kind", "acquisition_channel", "customer_since"),
}
YES, NEVER, LATER, GONE, NO_PROOF = (
    "may be used",
    "never agreed",
    "agreed later",
    "withdrawn",
    "no evidence",
)
labels(YES, NEVER, LATER, GONE, NO_PROOF)


def may_use(
    consents: pd.DataFrame,
    purpose: str,
    on: Moment,
    customers: pd.Series | Sequence[object] | None = None,
    *,
    evidence: bool = True,
) -> pd.DataFrame:
    """Say of each customer whether the data may be used for a purpose on a day, and if not, why.

    Parameters
    ----------
    consents
        One row per customer and purpose: ``customer_id``, ``purpose``, ``given_on``, ``withdrawn_on`` (empty: never),
        ``evidence`` (empty or "none": there is no proof).
    purpose
        One of those in the register.
    on
        The day of use. Consent counts from ``given_on`` on and ends before ``withdrawn_on``.
    customers
        Numbers of the customers to look at. Default: everybody in the register.
    evidence
        Whether a consent without proof counts as none.

    Returns
    -------
    DataFrame
        One row per customer: ``customer_id``, ``may_use`` (True or False), ``reason``.

    Raises
    ------
    CrmkitError
        Missing columns or days; a purpose that nobody was asked about; a customer and purpose that occur twice.

    Examples
    --------
    >>> consents = pd.DataFrame(
    ...     {
    ...         "customer_id": [1, 2, 3],
    ...         "purpose": "newsletter",
    ...         "given_on": ["2025-01-05", "2025-01-05", "2025-03-01"],
    ...         "evidence": ["log entry", "none", "log entry"],
    ...         "withdrawn_on": [None, None, "2025-06-01"],
    ...     }
    ... )
    >>> may_use(consents, "newsletter", "2025-07-01", [1, 2, 3, 4])["reason"].tolist()
    ['may be used', 'no evidence', 'withdrawn', 'never agreed']
    """
    columns = ["customer_id", "purpose", "given_on", "evidence", "withdrawn_on"]
    need_rows(consents, columns, "consents")
    need_unique(consents, ["customer_id", "purpose"], "consents")
    need_known(consents["customer_id"], "customer_id")
    day = need_date(on)
    known = consents["purpose"].unique()
    if purpose not in known:
        raise CrmkitError(
            f"purpose: nobody was asked about {purpose!r}. The register has {first_few(known, 8)}. A use that "
            "nobody agreed to needs another ground than consent, or a question to the customer."
        )
    everybody = pd.unique(
        consents["customer_id"] if customers is None else need_column(customers, "customers")
    )
    row = consents[consents["purpose"] == purpose].set_index("customer_id").reindex(everybody)
    proof = row["evidence"]
    agreed = row["purpose"].notna().to_numpy()
    given = pd.Series(pd.NaT, index=row.index, dtype="datetime64[us]")
    given[agreed] = need_dates(row["given_on"][agreed], "given_on")
    gone = row["withdrawn_on"].notna().to_numpy()
    ended = pd.Series(pd.NaT, index=row.index, dtype="datetime64[us]")
    if gone.any():
        ended[gone] = need_dates(row["withdrawn_on"][gone], "withdrawn_on")
    reason = np.select(
        [
            ~agreed,
            (given > day).to_numpy(),
            (ended <= day).to_numpy(),
            evidence & (proof.isna() | (proof == "none")).to_numpy(),
        ],
        [NEVER, LATER, GONE, NO_PROOF],
        YES,
    )
    return pd.DataFrame({"customer_id": everybody, "may_use": reason == YES, "reason": reason})


def count_reasons(found: pd.DataFrame, *, level: float = 0.95) -> pd.DataFrame:
    """Count who may be used and who is left out, by reason.

    Parameters
    ----------
    found
        From `may_use`.
    level
        Share of samples in which the interval holds the share among all customers, if these are a sample of them.

    Returns
    -------
    DataFrame
        One row per reason that occurs: ``reason``, ``customers``, ``share``, ``low``, ``high``; "may be used" first.

    Examples
    --------
    >>> found = pd.DataFrame({"reason": ["withdrawn", "may be used", "may be used", "never agreed"]})
    >>> count_reasons(found)[["reason", "customers"]].values.tolist()
    [['may be used', 2], ['never agreed', 1], ['withdrawn', 1]]
    """
    need_rows(found, ["reason"], "found")
    need_probability(level, "level")
    counts = found["reason"].value_counts()
    number = counts.reindex(
        [name for name in (YES, NEVER, LATER, GONE, NO_PROOF) if name in counts]
    )
    low, high = wilson(number.to_numpy(), len(found), level=level)
    return pd.DataFrame(
        {
            "reason": number.index,
            "customers": number.to_numpy(),
            "share": number.to_numpy() / len(found),
            "low": low,
            "high": high,
        }
    )


class Minimised(NamedTuple):
    """A table with the columns that a purpose needs, and what was left out.

    Attributes
    ----------
    table : DataFrame
        The columns needed.
    left_out : DataFrame
        One row per column left out: ``column``, ``values`` (how many are filled), ``different`` (how many different
        ones: the more, the better a column points at one person).
    """

    table: pd.DataFrame
    left_out: pd.DataFrame


def minimise(
    table: pd.DataFrame, purpose: str, needed: Mapping[str, Sequence[str]] = NEEDED
) -> Minimised:
    """Keep the columns that a purpose needs, and name and count the others.

    Parameters
    ----------
    table
        Any table.
    purpose
        One of those in `needed`.
    needed
        By purpose, the columns that it needs. Default: `NEEDED`, for a table of customers.

    Returns
    -------
    Minimised
        table, left_out.

    Raises
    ------
    CrmkitError
        An unknown purpose; a table without a column that is needed.

    Examples
    --------
    >>> table = pd.DataFrame({"customer_id": [1, 2], "email": ["a@example.org", None], "phone": ["0131", None]})
    >>> minimise(table, "newsletter").left_out.values.tolist()
    [['phone', 1, 1]]
    """
    if purpose not in needed:
        raise CrmkitError(
            f"purpose: it is not said which columns {purpose!r} needs. Known are {first_few(needed, 8)}; give others "
            "in `needed`."
        )
    columns = list(needed[purpose])
    need_rows(table, columns, "table")
    others = [name for name in table.columns if name not in columns]
    rows = [(name, int(table[name].notna().sum()), table[name].nunique()) for name in others]
    return Minimised(
        table[columns].copy(), pd.DataFrame(rows, columns=["column", "values", "different"])
    )


def cost_of_leak(
    panel: pd.DataFrame,
    customers: float = 1,
    *,
    letter_cost: float = 0.0,
    outcome: str = "margin_26w",
    before: str = "margin_before",
    arm: str = "arm",
    control: str = "not affected",
    level: float = 0.95,
) -> pd.DataFrame:
    """Say what a leak takes: trust, and margin, by when customers were told.

    Parameters
    ----------
    panel
        One row per person: `arm`, ``trust_before``, ``trust_after``, `before` and `outcome` (money). Chance decided who
        was affected.
    customers
        How many customers are affected: the cost is for so many.
    letter_cost
        What it costs to tell one customer; everybody affected is told sooner or later.
    outcome, before
        Margin after the leak, and before it; the second makes the interval narrower.
    arm, control
        Column of the arm, and its value for those whose data stayed safe.
    level
        Share of samples in which the intervals hold the truth.

    Returns
    -------
    DataFrame
        One row per arm: ``arm``, ``people``; ``trust``, ``trust_low``, ``trust_high`` (points, against the control);
        ``margin``, ``margin_low``, ``margin_high`` (per person, against the control); ``cost``, ``low``, ``high`` (for
        `customers`, letters included).

    Raises
    ------
    CrmkitError
        Missing columns or values; no control; too few people in an arm.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> arm = np.repeat(["not affected", "told late"], 500)
    >>> panel = pd.DataFrame({"arm": arm, "trust_before": rng.normal(6, 1, 1000)})
    >>> panel["margin_before"] = rng.gamma(2, 15, 1000)
    >>> panel["trust_after"] = panel["trust_before"] - 2.0 * (arm == "told late") + rng.normal(0, 0.5, 1000)
    >>> panel["margin_26w"] = 2 * panel["margin_before"] - 20 * (arm == "told late") + rng.normal(0, 5, 1000)
    >>> row = cost_of_leak(panel, 1000).iloc[0]
    >>> row["arm"], int(row["people"]), float(round(row["trust"], 1)), bool(row["low"] < 20_000 < row["high"])
    ('told late', 500, -2.0, True)
    """
    need_rows(panel, [arm, "trust_before", "trust_after", before, outcome], "panel")
    need_number(customers, "customers", minimum=0)
    need_number(letter_cost, "letter_cost", minimum=0)
    need_probability(level, "level")
    money, trust = (
        adjusted_effects(panel, after, [known], arm=arm, control=control, level=level)
        for after, known in ((outcome, before), ("trust_after", "trust_before"))
    )
    people = panel[arm].value_counts()
    return pd.DataFrame(
        {
            "arm": money["arm"],
            "people": people.reindex(money["arm"]).to_numpy(),
            "trust": trust["effect"],
            "trust_low": trust["low"],
            "trust_high": trust["high"],
            "margin": money["effect"],
            "margin_low": money["low"],
            "margin_high": money["high"],
            "cost": customers * (letter_cost - money["effect"]),
            "low": customers * (letter_cost - money["high"]),
            "high": customers * (letter_cost - money["low"]),
        }
    )


__all__ = ["NEEDED", "Minimised", "cost_of_leak", "count_reasons", "may_use", "minimise"]
