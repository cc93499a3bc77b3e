"""Refunds: which order each one takes back, and what is subtracted from it."""

from __future__ import annotations

import numpy as np
import pandas as pd

from crmkit.data.own.account import Account, exact_sum
from crmkit.data.own.cells import counted, identifiers


def refer(
    cells: pd.DataFrame,
    columns: dict[str, str],
    numbers: pd.Series,
    ids: pd.Series,
    value: np.ndarray,
    account: Account,
    moment: pd.Series,
    notes: list[str],
) -> tuple[pd.Series, pd.Series]:
    """Give rows that take money back the number and the customer of the order that they refer to.

    A refund whose number is that of no order (a credit note with a number of its own) takes back the customer's latest
    earlier line, or else order, of exactly its amount; where there is none it stays as it is.
    """
    sale = account.free & (value > 0) & (numbers != "").to_numpy()
    owner = pd.Series(ids[sale].to_numpy(), index=numbers[sale].to_numpy())
    owner = owner[~owner.index.duplicated()]
    refund = account.free & (value < 0)
    numbers, ids = numbers.copy(), ids.copy()
    if "reference" in columns:
        refers = identifiers(cells[columns["reference"]])[0]
        known = refund & refers.isin(owner.index).to_numpy()
        numbers[known] = refers[known]
    mine = refund & numbers.isin(owner.index).to_numpy()
    # A number that several customers share names none of them.
    sold = pd.DataFrame({"number": numbers[sale], "customer": ids[sale]}).drop_duplicates()
    alone = sold["number"][~sold["number"].duplicated(keep=False)]
    mine &= numbers.isin(alone).to_numpy()
    ids[mine] = numbers[mine].map(owner)
    open_ = np.flatnonzero(refund & ~mine)
    if not len(open_):
        return numbers, ids
    sold_at = np.flatnonzero(sale)
    lines = pd.DataFrame(
        {"customer": ids.to_numpy()[sold_at], "number": numbers.to_numpy()[sold_at], "when": moment.to_numpy()[sold_at],
         "cents": np.rint(value[sold_at] * 100).astype(np.int64)}
    )  # fmt: skip
    lines = lines[lines["customer"].isin(set(ids.to_numpy()[open_]))]
    whole = lines.groupby(["number", "customer"], as_index=False).agg(
        {"when": "min", "cents": "sum"}
    )
    found: dict[int, str] = {}
    for bought in (lines, whole):
        left: dict[tuple[str, int], list[tuple[np.datetime64, str]]] = {}
        used = set(found.values())  # an order of which a line has gone back is no longer whole
        for line in bought.sort_values("when", kind="stable").itertuples():
            if line.number in used:
                continue
            left.setdefault((line.customer, line.cents), []).append(
                (line.when.to_datetime64(), line.number)
            )
        for row in open_.tolist():
            if row in found:
                continue
            candidates = left.get((ids.iloc[row], int(np.rint(-value[row] * 100))), [])
            earlier = [
                at for at, (when, _) in enumerate(candidates) if when <= moment.to_numpy()[row]
            ]
            if earlier:
                found[row] = candidates.pop(earlier[-1])[1]
    matched = len(found)
    if matched:
        rows = np.array(list(found))
        numbers.iloc[rows] = list(found.values())
        notes.append(
            f"{counted(matched, 'row')} below zero ({exact_sum(value[rows]):,.2f}) carry the number of no order in this file: "
            "each was taken for the return of the customer's latest earlier line or order of exactly that amount."
        )
    return numbers, ids


def net(
    account: Account, lines: pd.DataFrame, amount_column: str, notes: list[str]
) -> pd.DataFrame:
    """Subtract refunds from the orders whose number they carry; what carries none stays aside."""
    alone = (lines["order_id"] == "").to_numpy()
    key = lines.groupby(["order_id", "customer_id"], sort=False).ngroup().to_numpy()
    key = np.where(alone, -1 - np.arange(len(lines)), key)
    total = lines["turnover"].groupby(key).transform("sum").round(6)
    sold = lines["turnover"].clip(lower=0).groupby(key).transform("sum")
    index = lines.index.to_numpy()
    mask = np.zeros(len(account.table.cells), dtype=bool)
    mask[index] = (sold == 0).to_numpy() & (lines["turnover"] == 0).to_numpy()
    account.set_aside(mask, "zero amount", amount_column)
    mask[:] = False
    mask[index] = (sold == 0).to_numpy()
    account.set_aside(mask, "refund or negative amount", amount_column)
    unmatched = account.is_aside_for("refund or negative amount")
    if unmatched.any():
        money = exact_sum(account.money[unmatched])
        notes.append(
            f"WARNING: {counted(int(unmatched.sum()), 'row')} below zero ({money:,.2f}) carry the number of no order in this "
            "file: they are set aside and subtracted from nothing. Turnover is too high by that, if the orders are in it."
        )
    mask[:] = False
    mask[index] = (sold > 0).to_numpy() & (total <= 0).to_numpy()
    account.set_aside(mask, "refunded order", amount_column)
    taken = account.free[index] & (lines["turnover"] < 0).to_numpy()
    if taken.any():
        money = exact_sum(lines["turnover"].to_numpy()[taken])
        notes.append(
            f"{counted(int(taken.sum()), 'row')} below zero ({money:,.2f}) subtracted from the orders whose number they carry."
        )
    return lines[account.free[index]]


def refund_notes(
    account: Account, orders: pd.DataFrame, refunds: str, columns: dict[str, str]
) -> list[str]:
    """Say what refunds were set aside for, and how to subtract them."""
    aside = account.is_aside_for("refund or negative amount")
    if refunds != "set aside" or not aside.any():
        return []
    money, turnover = exact_sum(account.money[aside]), float(orders["turnover"].sum())
    share = f" ({-float(money) / turnover:.1%} of the turnover used)" if turnover > 0 else ""
    end = (
        " refunds='net' subtracts those that carry an order's number." if "order" in columns else ""
    )
    return [
        f"Turnover is before refunds: {counted(int(aside.sum()), 'row')} below zero set aside, {money:,.2f} in all{share}.{end}"
    ]
