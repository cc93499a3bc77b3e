"""The account of a file: what became of every row, and of every cent.

Two sums hold for every file that is read, exactly: rows read = rows used + rows set aside; and the money in the file =
the money counted + what was left out, reason by reason. Money is added in millionths, as whole numbers: a sum of floats
would be off by a cent somewhere, and nobody could tell whether that cent was lost.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

import numpy as np
import pandas as pd

from crmkit.data.own.cells import as_text
from crmkit.data.own.reading import Table
from crmkit.data.own.report import REASONS

_MILLION = 1_000_000


def exact_sum(values: np.ndarray) -> Decimal:
    """Add amounts without a rounding error: each to six decimals, then as whole numbers.

    Parameters
    ----------
    values
        Amounts of money; NaN counts as nothing.

    Returns
    -------
    Decimal

    Examples
    --------
    >>> exact_sum(np.array([0.1, 0.2, np.nan])), exact_sum(np.array([-5.0]))
    (Decimal('0.3'), Decimal('-5'))
    """
    known = values[~np.isnan(values)]
    whole = np.floor(known)
    # Amounts are below 1e12 (see amounts.py): a million rows of that still fit into 64 bits, and no file has more money.
    parts = np.rint((known - whole) * _MILLION).astype(np.int64)
    total = int(whole.astype(np.int64).sum()) * _MILLION + int(parts.sum())
    return (Decimal(total) / _MILLION).normalize() + 0


class Account:
    """Every row's fate, and its money: free to be used, or set aside for the first reason that applied.

    Parameters
    ----------
    table
        The file.
    money
        What each row is worth, below zero where it gives money back; NaN where that cannot be read.
    reasons
        Why a row may be set aside, in the order in which they are looked for.
    """

    def __init__(
        self, table: Table, money: np.ndarray, reasons: Mapping[str, str] = REASONS
    ) -> None:
        self.reasons = list(reasons)
        self.table = table
        self.money = money
        rows = len(table.cells)
        self.reason = np.full(rows, -1, dtype=np.int16)
        self.column = np.full(rows, "", dtype=object)
        self.detail: dict[int, str] = {}
        self._uncounted: list[tuple[str, np.ndarray, np.ndarray]] = []

    @property
    def free(self) -> np.ndarray:
        """The rows that no reason has set aside."""
        return self.reason < 0

    def set_aside(self, mask: np.ndarray | pd.Series, reason: str, column: str = "") -> None:
        """Set rows aside, as far as no earlier reason has."""
        hit = np.asarray(mask, dtype=bool) & self.free
        self.reason[hit] = self.reasons.index(reason)
        self.column[hit] = column

    def is_aside_for(self, reason: str) -> np.ndarray:
        """The rows set aside for one reason."""
        found: np.ndarray = self.reason == self.reasons.index(reason)
        return found

    def leave_uncounted(self, mask: np.ndarray, amounts: np.ndarray, what: str) -> None:
        """Take money of rows that stay in use out of what is counted, and keep it in the account."""
        at = np.flatnonzero(np.asarray(mask, dtype=bool) & self.free)
        if len(at):
            self._uncounted.append((what, at, amounts[at]))

    @property
    def uncounted(self) -> dict[str, tuple[int, Decimal]]:
        """Money of rows that are used, and that is not counted all the same: what -> (rows, money).

        A row that was set aside since then has all its money there.
        """
        left: dict[str, tuple[int, Decimal]] = {}
        for what, at, amounts in self._uncounted:
            still = self.free[at]
            if still.any():
                rows, money = left.get(what, (0, Decimal(0)))
                left[what] = (rows + int(still.sum()), money + exact_sum(amounts[still]))
        return left

    def money_by_reason(self) -> dict[str, Decimal]:
        """What the rows set aside are worth, by reason."""
        return {
            self.reasons[place]: exact_sum(self.money[self.reason == place])
            for place in np.unique(self.reason[self.reason >= 0])
        }

    def frame(self) -> pd.DataFrame:
        """One row per row set aside: row, reason, column, value, money."""
        hit = np.flatnonzero(~self.free)
        values = np.full(len(hit), "", dtype=object)
        columns = self.column[hit]
        for column in set(columns) - {""}:
            here = columns == column
            values[here] = (
                as_text(self.table.cells[column].iloc[hit[here]]).str.slice(0, 60).to_numpy()
            )
        for position, index in enumerate(hit.tolist()):
            if index in self.detail:
                values[position] = self.detail[index]
        names = np.array(self.reasons, dtype=object)
        return pd.DataFrame(
            {
                "row": self.table.rows[hit],
                "reason": pd.Series(names[self.reason[hit]], dtype="str"),
                "column": pd.Series(columns, dtype="str"),
                "value": pd.Series(values, dtype="str"),
                "money": self.money[hit],
            }
        )
