"""What each row of a file is worth: an amount, or a price times a quantity, less what went back of it."""

from __future__ import annotations

import re
from typing import NamedTuple

import numpy as np
import pandas as pd

from crmkit.data.own.account import Account, exact_sum
from crmkit.data.own.amounts import SHARED_SIGNS, Amounts, currency_in, currency_of, parse_amounts
from crmkit.data.own.cells import as_text, coded_identifiers, counted, identifiers, row_codes
from crmkit.data.own.dates import Dates
from crmkit.data.own.errors import MixedCurrencies
from crmkit.data.own.headings import plain
from crmkit.data.own.lines import PRODUCT, piece_or_line
from crmkit.data.own.reading import Table


class _Worth(NamedTuple):
    """What each row is worth, with the price and number of pieces where the file has them."""

    amounts: Amounts
    each: np.ndarray | None
    pieces: np.ndarray | None
    used: set[str]
    notes: list[str]


def row_worth(
    cells: pd.DataFrame, columns: dict[str, str], decimal: str | None, *, asked: bool
) -> _Worth:
    """Read the amount of each row: a column, or a price times a quantity."""
    parts = {
        part: parse_amounts(cells[columns[part]], decimal=decimal, what=what)
        for part, what in (("price", "prices"), ("quantity", "quantities"))
        if part in columns
    }
    if "price" in parts:
        parts["price"].notes += in_units(parts["price"], columns["price"])
    each = parts["price"].value if "price" in parts else None
    count = parts["quantity"].value if "quantity" in parts else None
    if "amount" in columns:
        amounts = parse_amounts(cells[columns["amount"]], decimal=decimal)
        units = _holds_units(columns["amount"], amounts.value, each) and not asked and count is None
        if not units:
            scaled = in_units(amounts, columns["amount"])
            amounts.notes += scaled or whole_cents(cells, amounts, columns["amount"])
            return _Worth(amounts, each, count, set(), amounts.notes)
        note = (
            f"{columns['amount']!r} holds whole numbers beside {columns['price']!r}: it is taken for the number of pieces, "
            f"and the amount is their product. amount={columns['amount']!r} takes it for money."
        )
        columns["quantity"] = columns.pop("amount")
        parts["quantity"] = amounts
        count = amounts.value
        notes = [note]
    else:
        notes = []
    price, quantity = parts["price"], parts["quantity"]
    assert each is not None
    assert count is not None
    is_line, told = piece_or_line(
        each, count, columns["price"], [str(c) for c in cells.columns], _product(cells, columns)
    )
    notes += told + price.notes + quantity.notes
    if is_line:
        columns["amount"] = columns.pop("price")
        return _Worth(price, None, None, set(), notes)
    product = Amounts(
        (each * count).round(6),  # 6 x 2.55 is 15.3
        price.missing | quantity.missing,
        price.unclear | quantity.unclear,
        price.currency,
    )
    return _Worth(product, each, count, {"quantity", "price"}, notes)


def _product(cells: pd.DataFrame, columns: dict[str, str]) -> np.ndarray | None:
    free = [name for name in cells.columns if name not in columns.values()]
    name = next((name for name in free if PRODUCT.fullmatch(plain(name))), None)
    return None if name is None else coded_identifiers(cells[name])[2]


#: What a heading says of the unit of its amounts -> how many of the currency one is.
_UNITS = (
    (re.compile(r"(?:^|[\s_(])(?:in[\s_]+)?(?:cents?|pence|centimes|céntimos|centesimi|grosze)\)?$|[(（](?:单位[:：])?分[)）]", re.I), 0.01),
    (re.compile(r"(?:^|[\s_(])(?:in[\s_]+)?(?:1[., ']?000s?|thousands?|tausend|tsd\.?|teur|t€|k€|keur|k\$|kusd|k£)(?:[\s_)]|$)|千元", re.I), 1e3),
    (re.compile(r"万元|萬元|万円"), 1e4),
)  # fmt: skip


_GATEWAY_ID = re.compile(r"(?:ch|py|pi|in|txn|cs|sub|pay)_\w+")


def whole_cents(cells: pd.DataFrame, amounts: Amounts, heading: str) -> list[str]:
    """Ask where a payment service's own numbers (``ch_1...``) stand beside amounts that may be in cents."""
    known = amounts.value[~np.isnan(amounts.value)]
    if not len(known) or (known % 1 != 0).any() or np.median(np.abs(known)) < 100:
        return []
    if not any(_GATEWAY_ID.fullmatch(text) for text in as_text(cells.head(1).iloc[0])):
        return []
    return [
        f"WARNING: {heading!r} holds whole numbers only, beside the numbers of a payment service that counts in cents. They "
        f"are taken as written ({known.sum():,.0f} in all). If they are cents, call the column 'amount_cents' and give its "
        "name as amount=...; each is then divided by 100."
    ]


def in_units(amounts: Amounts, heading: str) -> list[str]:
    """Turn cents and thousands, where the heading says so, into the currency itself, and say it."""
    for unit, size in _UNITS:
        if unit.search(heading):
            amounts.value = (amounts.value * size).round(6)
            return [
                f"WARNING: the heading {heading!r} says that its amounts are not whole units of the currency: each was "
                f"multiplied by {size:g}. If that is wrong, rename the column, and give its new name as amount=..."
            ]
    return []


def _holds_units(heading: str, value: np.ndarray, each: np.ndarray | None) -> bool:
    """Tell whether a column called "amount" counts pieces: small whole numbers beside prices that are none."""
    known = value[~np.isnan(value)]
    if each is None or plain(heading) != "amount" or not len(known):
        return False
    small = bool((known % 1 == 0).all() and (np.abs(known) <= 1000).all())
    prices = each[~np.isnan(each)]
    return small and bool(
        (prices % 1 != 0).any() or (len(prices) and np.median(known) <= 10 < np.median(prices))
    )


def given_back(
    cells: pd.DataFrame, columns: dict[str, str], decimal: str | None, notes: list[str]
) -> np.ndarray:
    """Read what a column beside the amount says was given back; 0 where nothing was."""
    if "refunded" not in columns:
        return np.zeros(len(cells))
    read = parse_amounts(cells[columns["refunded"]], decimal=decimal, what="amounts given back")
    notes += read.notes
    return np.abs(np.nan_to_num(read.value, nan=0.0))


def signed(value: np.ndarray, kind: np.ndarray, back: np.ndarray) -> np.ndarray:
    """Write what rows that give money back are worth with a minus, whichever way the file writes them."""
    gives_back = kind == "refund"
    with np.errstate(invalid="ignore"):
        sizes = np.where(back > 0, back, np.abs(value))
    return np.where(gives_back, -sizes, value)


def parts_given_back(
    account: Account,
    value: np.ndarray,
    kind: np.ndarray,
    back: np.ndarray,
    refunds: str,
    columns: dict[str, str],
    notes: list[str],
) -> np.ndarray:
    """Give the part of each used row's amount that went back, to be subtracted; zeros where it is not to be."""
    part = account.free & (back > 0) & (kind != "refund") & (value > 0)
    silent = account.free & (kind == "partly refunded") & (back <= 0)
    if silent.any():
        notes.append(
            f"WARNING: {counted(int(silent.sum()), 'row')} partly given back, and no column says how much: they count in "
            "full. refunded=... names a column that does."
        )
    if not part.any():
        return np.zeros(len(value))
    money = exact_sum(back[part])
    rows = counted(int(part.sum()), "row")
    if refunds == "set aside":
        notes.append(
            f"WARNING: {money:,.2f} of {rows} went back in part ({columns['refunded']!r}) and is not subtracted. "
            "refunds='net' subtracts it."
        )
        return np.zeros(len(value))
    account.leave_uncounted(part, back, "a part that was given back")
    return np.where(part, back, 0.0)


def order_numbers(
    table: Table, columns: dict[str, str], ids: pd.Series, dates: Dates
) -> tuple[pd.Series, np.ndarray, list[str]]:
    """Read the order's number of each row, '' where there is none, and a code for each, below zero where there is none."""
    if "order" not in columns:
        none = pd.Series([""], dtype="str").take(np.zeros(len(ids), dtype=np.int64))
        return none.set_axis(ids.index), np.full(len(ids), -1), []
    numbers, damaged, codes = coded_identifiers(table.cells[columns["order"]])
    if not damaged.any():
        return numbers, codes, []
    # What is left of a shortened number tells orders apart only together with the customer and the day.
    whole = numbers + " of " + ids + " on " + dates.day.astype("str")
    note = (
        f"WARNING: {counted(int(damaged.sum()), 'row')} with an order number that a spreadsheet has shortened "
        f"({numbers[damaged].iloc[0]!r} in {columns['order']!r}): the number tells orders apart no more. Rows that share what is "
        "left of it, the customer and the day are taken for one order. Export again with that column as text."
    )
    numbers = numbers.where(~damaged, whole).astype("str")
    return numbers, coded_identifiers(numbers)[2], [note]


def one_currency(
    account: Account,
    cells: pd.DataFrame,
    columns: dict[str, str],
    amounts: Amounts,
    wanted: str | None,
) -> str | None:
    """Make sure that amounts can be added; returns the currency where it is known."""
    heading = next(
        (found for part in ("amount", "price") if (found := currency_in(columns.get(part, "")))),
        None,
    )
    column = columns.get("currency", "")
    if not column and not (amounts.currency != "").any():  # no row names a currency
        return wanted or heading
    label = pd.Series(amounts.currency, dtype="str")
    if column:
        written = as_text(cells[column]).str.strip()
        known = {text: currency_of(text) or text.upper() for text in written.unique()}
        own = written.map(known)
        label = own.where(own != "", label.to_numpy()).astype("str")
    rows = account.free & (label != "").to_numpy()
    counts = label[rows].value_counts()
    for sign, meanings in SHARED_SIGNS.items():
        codes = [code for code in counts.index if code in meanings]
        meant = wanted if wanted in meanings else codes[0] if len(codes) == 1 else None
        if sign in counts.index and meant:
            label = label.mask(label == sign, meant)
    counts = label[rows].value_counts()
    column = column or columns.get("amount", columns.get("price", ""))
    if wanted is not None:
        account.set_aside((label != wanted) & (label != ""), "other currency", column)
        return wanted
    if len(counts) > 1:
        kinds = ", ".join(
            f"{name} in {counted(int(count), 'row')} (first in row "
            f"{account.table.rows[np.flatnonzero(rows & (label == name).to_numpy())[0]]})"
            for name, count in counts.items()
        )
        raise MixedCurrencies(
            f"The amounts are in several currencies: {kinds}. They cannot be added up. Choose one, and the others are "
            f"set aside: currency={counts.index[0]!r}; or convert them before."
        )
    if len(counts) and heading not in SHARED_SIGNS.get(str(counts.index[0]), ()):
        return str(counts.index[0])
    return heading


def _may_be_copies(numbers: np.ndarray, money: np.ndarray, moment: pd.Series) -> np.ndarray:
    """Mark the rows that share number, money and moment with another one, and now and then a row that does not."""
    with np.errstate(over="ignore"):  # a hash: whole numbers may run over
        mixed = (money + 0.0).view(np.int64) * np.int64(1_000_003) + numbers
        mixed = mixed * np.int64(1_000_003) + moment.to_numpy().view(np.int64)
    return pd.Series(mixed).duplicated(keep=False).to_numpy()


def set_copies_aside(
    account: Account,
    cells: pd.DataFrame,
    wanted: str,
    notes: list[str],
    numbers: np.ndarray,
    moment: pd.Series,
    certain: bool,
) -> None:
    """Set aside rows that equal an earlier one, and say how sure that is.

    ``numbers`` has a code for each order's number, below zero where there is none. Rows whose cells are equal have the
    same number, money and moment: only those that do are compared cell by cell.
    """
    free = np.flatnonzero(account.free & _may_be_copies(numbers, account.money, moment))
    left = cells.iloc[free]
    try:
        group = row_codes(left)
    except TypeError:  # cells that hold lists and the like
        group = row_codes(left.astype("object").map(repr))
    repeats = pd.Series(group).duplicated().to_numpy()
    if not repeats.any():
        return
    if wanted == "keep":
        money = exact_sum(account.money[free[repeats]])
        notes.append(
            f"{counted(int(repeats.sum()), 'copy')} of an earlier row kept, as asked ({money:,.2f})."
        )
        return
    alike = pd.Series(group).duplicated(keep=False).to_numpy()
    alike_at = free[alike]
    first_at = pd.Series(alike_at).groupby(group[alike]).transform("first").to_numpy()
    # Equal lines of one order that are in one block are two pieces of one thing, not two exports: those repeat the
    # order further down, behind other orders.
    block = np.cumsum(np.r_[True, numbers[1:] != numbers[:-1]])
    bought_twice = (numbers[alike_at] >= 0) & (block[alike_at] == block[first_at])
    bought_twice &= alike_at != first_at
    kept = alike_at[bought_twice]
    if len(kept):
        notes.append(
            f"{counted(len(kept), 'row')} equal to an earlier line of the same order ({exact_sum(account.money[kept]):,.2f}) "
            "counted: two pieces of one thing."
        )
    mask = np.zeros(len(cells), dtype=bool)
    mask[free[repeats]] = True
    mask[kept] = False
    for index, first in zip(alike_at, first_at, strict=True):
        if mask[index]:
            account.detail[int(index)] = f"equals row {account.table.rows[first]}"
    account.set_aside(mask, "exact duplicate")
    if mask.any() and not certain:
        notes.append(
            f"WARNING: {counted(int(mask.sum()), 'row')} set aside ({exact_sum(account.money[mask]):,.2f}), being equal to an "
            "earlier row in every cell. The file has neither an order number nor a time of day, so some of them may be "
            "real second purchases on one day: duplicates='keep' uses them."
        )


def _gaps(account: Account, column: str, rows: np.ndarray) -> bool:
    return bool((identifiers(account.table.cells[column][rows])[0] == "").any())


def hanging_lines_note(
    account: Account, columns: dict[str, str], dates: Dates, amounts: Amounts
) -> list[str]:
    """Warn of rows with an amount under the row that has their customer and date: merged cells look like that."""
    readable = ~np.isnan(amounts.value)
    hangs = account.is_aside_for("missing customer") & dates.missing & readable
    whole = account.free & readable
    # Each below a whole row, or below another that hangs.
    hangs &= np.r_[False, (whole | hangs)[:-1]]
    if not hangs.any():
        return []
    headings = [columns["customer"], columns["date"]] + [
        columns[p] for p in ("order",) if p in columns
    ]
    return [
        f"WARNING: {counted(int(hangs.sum()), 'row')} set aside with an amount but without a customer and a date, "
        "below a row that has both. If they are further lines of the order above (merged cells look like that), read "
        f"the file into a frame, fill the gaps within each order, and give read_orders that: "
        + (
            f"frame[{headings[:2]}] = frame.groupby({headings[2]!r})[{headings[:2]}].ffill()."
            if len(headings) > 2 and not _gaps(account, columns["order"], hangs)
            else f"frame[{headings}] = frame[{headings}].ffill(). Look first whether any order has no customer at all: "
            "it would get the one above it."
        )
    ]
