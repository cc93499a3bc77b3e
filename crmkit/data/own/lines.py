"""Whether an amount is the price of one piece, of a line, or of the whole order, told by arithmetic where that can tell.

An export with one row per line of an order may show, on each line, what the line costs, or what the whole order costs.
Added up, the second counts an order as often as it has lines. Where price and quantity stand beside it, they settle it;
where they do not, the heading may; where neither does, the reader is asked.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from crmkit.data.own.cells import counted
from crmkit.data.own.headings import plain

#: Headings that mean the whole order.
_ORDER_TOTAL = re.compile(
    r"order(grand)?total|total(order)?(amount|paid|price|value)?|grandtotal|orderamount|ordervalue|totalamount|paymentvalue|"
    r"invoicetotal|rechnungsbetrag|bestellwert|auftragswert|gesamtbetrag|gesamtsumme|bestellsumme|montanttotal|totalttc|"
    r"totaldelacommande|importetotal|totaldelpedido|totaleordine|订单金额|订单总额|总金额|实付金额|订单实付金额|买家实际支付金额|買家實際支付金額|"
    r"合計金額|お支払い金額|注文合計|请求金額"
)
#: Headings that mean one line.
_LINE_TOTAL = re.compile(
    r"(line|row|item)(sub)?(total|amount|price)|netsales|grosssales|positionsbetrag|zeilensumme|positionswert|amountline|"
    r"montantligne|importelinea|小计|商品金额|明细金额|行金额|小計"
)


@dataclass
class Roles:
    """What the amount is: ``repeats`` marks rows whose amount was counted with an earlier row of the same order."""

    repeats: np.ndarray
    notes: list[str] = field(default_factory=list)


def _close(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    return np.abs(a - b) <= 0.011 + 1e-9 * np.abs(b)


def amount_role(
    amount: np.ndarray,
    order: np.ndarray,
    usable: np.ndarray,
    heading: str,
    wanted: str | None,
    each: np.ndarray | None = None,
    count: np.ndarray | None = None,
) -> Roles:
    """Say whether the same amount on every line of an order is the order's, counted once, or each line's own.

    Parameters
    ----------
    amount
        The amount of each row.
    order
        A code for the order's number of each row, below zero where there is none.
    usable
        Rows that are not set aside.
    heading
        The amount's heading.
    wanted
        "line" or "order", where the reader has said so.
    each, count
        Price of one piece and number of pieces, where the file has them.

    Returns
    -------
    Roles
    """
    nothing = np.zeros(len(amount), dtype=bool)
    rows = np.flatnonzero(usable & (order >= 0) & ~np.isnan(amount))
    sizes = np.bincount(order[rows]) if len(rows) else np.zeros(1)
    if wanted == "line" or sizes.max() < 2:
        return Roles(nothing)
    groups = pd.Series(amount[rows]).groupby(order[rows])
    one_amount = np.zeros(len(sizes), dtype=bool)
    low, high = groups.min(), groups.max()
    one_amount[low.index.to_numpy()] = (low == high).to_numpy()
    orders_with_lines = int((sizes > 1).sum())
    orders_alike = int(((sizes > 1) & one_amount).sum())
    if wanted is None and (not orders_alike or orders_alike < 0.9 * orders_with_lines):
        return Roles(nothing)
    frame = pd.DataFrame({"order": order[rows], "amount": amount[rows]}, index=rows)
    if each is not None and count is not None:
        frame["line"] = (each * count)[rows]
        frame["each"] = each[rows]
    in_question = ((sizes > 1) & one_amount)[order[rows]]
    alike = frame[in_question]
    repeats = nothing.copy()
    repeats[frame.index[in_question & frame.duplicated("order").to_numpy()]] = True
    if wanted == "order":
        odd = orders_with_lines - orders_alike
        note = (
            f"WARNING: {counted(odd, 'order')} show different amounts on their lines, although amount_is='order' says "
            "that each line holds the whole order's: those were added up."
        )
        return Roles(repeats, [note] if odd else [])
    whole = f"{heading!r} is the whole order's amount, repeated on each of its lines"
    told = (
        f"{whole}: it is counted once an order ({counted(int(repeats.sum()), 'row')} repeat it). "
        "amount_is='line' adds it up line by line."
    )
    if "line" in frame:
        parts = alike.groupby("order")["line"].sum().to_numpy()
        shown = alike.groupby("order")["amount"].first().to_numpy()
        by_line = _close(alike["amount"].to_numpy(), alike["line"].to_numpy()).mean()
        # Postage and discounts stand between the sum of the lines and the order's total.
        near = (np.abs(shown - parts) <= 0.35 * np.abs(shown)).mean()
        if by_line > 0.95:
            return Roles(nothing)
        if near > 0.8:
            return Roles(repeats, [told])
    if _LINE_TOTAL.fullmatch(plain(heading)):
        return Roles(nothing)
    if _ORDER_TOTAL.fullmatch(plain(heading)):
        return Roles(repeats, [told])
    added, once = float(amount[rows].sum()), float(amount[rows][~repeats[rows]].sum())
    return Roles(
        nothing,
        [
            f"WARNING: {counted(orders_alike, 'order')} of {orders_with_lines:,} with several lines show "
            f"the same amount on every line. If {heading!r} is the whole order's amount, it was counted several times: "
            f"amount_is='order' counts it once an order ({once:,.2f} instead of {added:,.2f}); amount_is='line' takes "
            "this warning away."
        ],
    )


def piece_or_line(
    price: np.ndarray,
    count: np.ndarray,
    heading: str,
    names: list[str],
    product: np.ndarray | None,
) -> tuple[bool, list[str]]:
    """Say whether a price beside a quantity is the line's total already, as in some marketplaces' exports.

    Parameters
    ----------
    price, count
        The two columns.
    heading
        The price's heading.
    names
        All headings of the file.
    product
        A code for the product of each row, where the file names it: one that was sold in several quantities tells.

    Returns
    -------
    is_line : bool
    notes : list of str
    """
    known = ~np.isnan(price) & ~np.isnan(count) & (count > 1)
    words = {plain(name) for name in names}
    marketplace = {
        "amazonorderid",
        "orderitemid",
        "itemtax",
        "quantitypurchased",
        "quantityshipped",
        "asin",
    }
    if plain(heading) == "itemprice" and words & marketplace:
        note = f"{heading!r} is taken for the line's total, as this marketplace writes it: it is not multiplied by the quantity."
        return True, [note]
    if product is not None and (grows := _grows_with_count(price, count, product)) is not None:
        note = (
            f"{heading!r} is taken for the line's total: where one product was sold in several quantities, it grows with "
            f"them. price={heading!r} with quantity=... multiplies it."
        )
        return grows, [note] if grows else []
    if known.any() and plain(heading) in (
        "itemprice",
        "price",
        "preis",
        "价格",
        "prix",
        "precio",
        "prezzo",
    ):
        rows = counted(int(known.sum()), "row")
        each, line = np.nansum(price * count), np.nansum(price)
        return False, [
            f"WARNING: is {heading!r} the price of one piece or of the line? It is taken for one piece's ({each:,.2f} in "
            f"all); {rows} have a quantity above 1. If it is the line's, say amount={heading!r} ({line:,.2f} in all)."
        ]
    return False, []


def _grows_with_count(price: np.ndarray, count: np.ndarray, product: np.ndarray) -> bool | None:
    """Whether the price of one product grows with the number of pieces; None where no product tells."""
    known = ~np.isnan(price) & ~np.isnan(count) & (count > 0) & (price > 0) & (product >= 0)
    groups = pd.DataFrame(
        {
            "price": price[known].round(2),
            "each": (price[known] / count[known]).round(2),
            "count": count[known],
        }
    ).groupby(product[known])
    kinds = groups.nunique()
    telling = kinds[kinds["count"] > 1]
    if telling.empty:
        return None
    as_piece, as_line = (telling["price"] == 1).mean(), (telling["each"] == 1).mean()
    if max(as_piece, as_line) < 0.6 or min(as_piece, as_line) > 0.3:
        return None
    return bool(as_line > as_piece)


#: Headings that name what was bought.
PRODUCT = re.compile(
    r"(?:lineitem|item|product|variant|seller|merchant|article)?sku|(?:line)?item(?:name|id|code|title|number|no)?|asin|"
    r"product(?:id|name|code|title|number)?|stockcode|description|article(?:id|name|code)?|artikel(?:nummer|nr|name|bezeichnung)?|"
    r"bezeichnung|produkt(?:name|nummer)?|produit|référenceproduit|désignation|producto|artículo|articulo|prodotto|articolo|"
    r"商品|商品名称|商品名|商品编号|商品编码|货号|宝贝标题|标题|商品标题|品名|商品番号|title"
)
