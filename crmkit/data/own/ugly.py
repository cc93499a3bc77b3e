"""An ugly export on purpose: what the till of a garden centre hands out, to practise on.

Nothing in it is real: the sample that ships (``datasets/ugly/``) is simulated here, and exercises make the same ugly
file of the learner's own orders. Every fault is one that real exports have, and the row that carries it is known.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from crmkit.errors import CrmkitError

SAMPLE_NAME = "till_export.csv"
#: The number that the till books sales on when nobody shows a card.
TILL = "99999"
HEADINGS = ["Beleg-Nr.", "Datum", "Kundennr.", "Warengruppe", "Betrag"]
_GOODS = ["Pflanzen", "Erde", "Werkzeug", "Möbel", "Töpfe", "Grill"]
_PACKAGE = Path(__file__).resolve().parents[2]


def ugly_sample() -> Path:
    """Find the ugly file that ships with the course.

    Returns
    -------
    Path

    Raises
    ------
    CrmkitError
        It is not there.

    Examples
    --------
    >>> ugly_sample().name
    'till_export.csv'
    """
    here = Path.cwd()
    places = [folder / "datasets" for folder in (here, *here.parents)]
    for place in [*places, _PACKAGE.parent / "datasets", _PACKAGE / "datasets"]:
        if (place / "ugly" / SAMPLE_NAME).is_file():
            return place / "ugly" / SAMPLE_NAME
    raise CrmkitError(
        f"datasets/ugly/{SAMPLE_NAME} was not found here or above. `crmkit start FOLDER` copies it out."
    )


def simulate_till(customers: int = 420, seed: int = 80) -> pd.DataFrame:
    """Simulate three years of a small garden centre.

    Customers join over time, buy at rates of their own (more in spring), and stop after a while.

    Parameters
    ----------
    customers : int
    seed : int

    Returns
    -------
    DataFrame
        One row per order: ``customer_id`` (int), ``order_date``, ``turnover`` in €, in the order of time.

    Examples
    --------
    >>> simulate_till(50).columns.tolist()
    ['customer_id', 'order_date', 'turnover']
    """
    rng = np.random.default_rng(seed)
    days = 3 * 365 + 1
    joined = rng.integers(0, days - 30, customers)
    rate = rng.gamma(0.8, 1 / 70, customers)  # orders a day
    leaves = rng.beta(0.9, 3.0, customers)  # after any order but the first
    level = rng.lognormal(3.4, 0.55, customers)  # € an order
    season = 1 + 0.5 * np.cos(2 * np.pi * (np.arange(days) % 365 - 125) / 365)
    pieces = []
    for customer in range(customers):
        chance = rate[customer] * season[joined[customer] + 1 :]
        bought = np.flatnonzero(rng.random(len(chance)) < chance) + joined[customer] + 1
        last = np.flatnonzero(rng.random(len(bought)) < leaves[customer])
        bought = bought[: last[0] + 1] if len(last) else bought
        day = np.r_[joined[customer], bought]
        pieces.append(pd.DataFrame({"customer_id": customer + 1, "day": day}))
    orders = pd.concat(pieces, ignore_index=True)
    amount = level[orders["customer_id"] - 1] * rng.lognormal(0, 0.6, len(orders))
    orders["turnover"] = np.maximum(amount, 1.5).round(2)
    orders["order_date"] = pd.Timestamp("2023-01-01") + pd.to_timedelta(orders["day"], unit="D")
    orders = orders.sort_values(["day", "customer_id"], kind="stable").reset_index(drop=True)
    return orders[["customer_id", "order_date", "turnover"]]


def ugly_rows(orders: pd.DataFrame, seed: int = 80) -> pd.DataFrame:
    """Turn orders into the lines of an ugly export, with the fault of every line.

    Parameters
    ----------
    orders : DataFrame
        ``customer_id``, ``order_date``, ``turnover`` (above zero), one row per order.
    seed : int

    Returns
    -------
    DataFrame
        The lines below the first headings, as text in the columns of :data:`HEADINGS`, and ``fate``: '' for a line
        that can be used, else the reason of :data:`crmkit.data.own.report.REASONS`.

    Examples
    --------
    >>> rows = ugly_rows(simulate_till(80))
    >>> {"exact duplicate", "total row", "missing customer"} <= set(rows["fate"])
    True
    """
    rng = np.random.default_rng(seed)
    orders = orders[orders["turnover"] > 0].sort_values("order_date", kind="stable")
    lines = _receipts(orders, rng)
    lines["fate"] = ""
    _spoil(lines, rng, 0.055, "missing customer", "Kundennr.", [""])
    _spoil(lines, rng, 0.006, "unreadable date", "Datum", ["00.00.0000", "31.02.2024", "gestern"])
    _spoil(lines, rng, 0.001, "future date", "Datum", ["12.05.2052"])
    _spoil(lines, rng, 0.012, "zero amount", "Betrag", ["0,00 €"])
    back = lines[lines["fate"] == ""].sample(frac=0.03, random_state=rng)
    refunds = back.assign(
        **{
            "Betrag": "-" + back["Betrag"],
            "Beleg-Nr.": "S" + back["Beleg-Nr."],
            "fate": "refund or negative amount",
        }
    )
    lines = pd.concat([lines, refunds]).sort_index(kind="stable").reset_index(drop=True)
    return _two_exports(lines)


def ugly_file(orders: pd.DataFrame, seed: int = 80) -> bytes:
    """Write orders as an ugly export: Windows letters, semicolons, decimal commas, a title and a total.

    Parameters
    ----------
    orders : DataFrame
        As for :func:`ugly_rows`.
    seed : int

    Returns
    -------
    bytes

    Examples
    --------
    >>> ugly_file(simulate_till(80)).decode("cp1252").splitlines()[3]
    'Beleg-Nr.;Datum;Kundennr.;Warengruppe;Betrag'
    """
    rows = ugly_rows(orders, seed)[HEADINGS]
    head = ["Gartenmarkt Lindner;;;;", "Kasse und Hof, alle Belege;;;;", ""]
    lines = [
        *head,
        ";".join(HEADINGS),
        *map(";".join, zip(*(rows[name].tolist() for name in HEADINGS), strict=True)),
    ]
    return ("\r\n".join(lines) + "\r\n").encode("cp1252")


def web_shop_rows(orders: pd.DataFrame, seed: int = 81) -> pd.DataFrame:
    """Turn orders into the lines of a second ugly export: a web shop that writes dates as Americans do.

    Only orders of the first twelve days of March to May are in it, so that no date shows which number is the month.

    Parameters
    ----------
    orders : DataFrame
        ``customer_id``, ``order_date``, ``turnover`` (above zero), one row per order.
    seed : int

    Returns
    -------
    DataFrame
        ``Order``, ``Customer``, ``Date`` (text), ``Status`` ("Paid", "On hold", "Cancelled"), ``Total`` (text, in $;
        below zero for a refund, which carries the number of its order), and what only the maker knows: ``day`` of the
        order, ``amount`` as a number.

    Examples
    --------
    >>> rows = web_shop_rows(simulate_till(80))
    >>> sorted(rows["Status"].unique()), rows["Date"].iloc[0]
    (['Cancelled', 'On hold', 'Paid'], '03/03/2023')
    """
    rng = np.random.default_rng(seed)
    day = orders["order_date"].dt
    orders = orders[(orders["turnover"] > 0) & (day.day <= 12) & day.month.between(3, 5)]
    orders = orders.sort_values("order_date", kind="stable")
    lines = pd.DataFrame(
        {
            "Order": np.arange(5001, 5001 + len(orders)),
            "Customer": orders["customer_id"].astype(str).to_numpy(),
            "day": orders["order_date"].dt.normalize().to_numpy(),
            "Status": rng.choice(
                ["Paid", "On hold", "Cancelled"], len(orders), p=[0.85, 0.09, 0.06]
            ),
            "amount": orders["turnover"].round(2).to_numpy(),
        }
    )
    back = lines[lines["Status"] == "Paid"].sample(frac=0.06, random_state=rng)
    back = back.assign(amount=-(back["amount"] * rng.uniform(0.3, 1, len(back))).round(2))
    lines = pd.concat([lines, back]).sort_values(["Order", "amount"], ascending=[True, False])
    lines["Date"] = lines["day"].dt.strftime("%m/%d/%Y")
    lines["Total"] = [
        f"{'-' if amount < 0 else ''}${abs(amount):,.2f}" for amount in lines["amount"]
    ]
    return lines.reset_index(drop=True)


def web_shop_file(orders: pd.DataFrame, seed: int = 81) -> bytes:
    """Write orders as the web shop of :func:`web_shop_rows` exports them.

    Parameters
    ----------
    orders : DataFrame
        As for :func:`web_shop_rows`.
    seed : int

    Returns
    -------
    bytes

    Examples
    --------
    >>> print(web_shop_file(simulate_till(80)).decode().splitlines()[0])
    Order,Customer,Date,Status,Total
    """
    rows = web_shop_rows(orders, seed)[["Order", "Customer", "Date", "Status", "Total"]]
    return rows.to_csv(index=False, lineterminator="\n").encode()


def write_sample(folder: Path) -> Path:
    """Write the file that ships."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / SAMPLE_NAME
    path.write_bytes(ugly_file(simulate_till()))
    return path


def _receipts(orders: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Give every order one to three lines, and book some orders on the till's own number."""
    count = rng.choice([1, 2, 3], size=len(orders), p=[0.72, 0.2, 0.08])
    # Whole cents, shared out so that the lines add up to the order again.
    cents = (orders["turnover"].to_numpy() * 100).round().astype(int)
    count = np.minimum(count, np.maximum(cents, 1))
    customer = orders["customer_id"].astype(int).astype(str).str.zfill(5).to_numpy(dtype=object)
    customer[rng.random(len(orders)) < 0.13] = TILL
    at = np.repeat(np.arange(len(orders)), count)
    place = np.arange(len(at)) - np.repeat(np.cumsum(count) - count, count)
    part = cents[at] // count[at] + np.where(place == 0, cents[at] % count[at], 0)
    # Goods of one receipt differ from line to line, so that no two lines of it are alike.
    goods = (rng.integers(0, len(_GOODS), len(orders))[at] + place) % len(_GOODS)
    return pd.DataFrame(
        {
            "Beleg-Nr.": [str(100_000 + number) for number in at],
            "Datum": orders["order_date"].dt.strftime("%d.%m.%Y").to_numpy()[at],
            "Kundennr.": customer[at],
            "Warengruppe": np.array(_GOODS, dtype=object)[goods],
            "Betrag": [_euro(amount) for amount in part],
        }
    )


def _euro(cents: int) -> str:
    """Write an amount as a German program does.

    Examples
    --------
    >>> _euro(123456)
    '1.234,56 €'
    """
    return f"{cents / 100:,.2f} €".translate(str.maketrans(",.", ".,"))


def _spoil(
    lines: pd.DataFrame,
    rng: np.random.Generator,
    share: float,
    fate: str,
    column: str,
    values: list[str],
) -> None:
    """Put a fault into a share of the lines that have none yet; at least one."""
    sound = np.flatnonzero(lines["fate"] == "")
    hit = rng.choice(sound, size=max(1, round(share * len(lines))), replace=False)
    lines.loc[hit, column] = rng.choice(np.array(values, dtype=object), size=len(hit))
    lines.loc[hit, "fate"] = fate


def _two_exports(lines: pd.DataFrame) -> pd.DataFrame:
    """Paste two exports under each other that share a stretch, and a total under both."""
    cut, again = int(0.55 * len(lines)), int(0.5 * len(lines))
    blank = dict.fromkeys(HEADINGS, "")
    between = pd.DataFrame(
        [
            blank | {"fate": "empty row"},
            dict(zip(HEADINGS, HEADINGS, strict=True)) | {"fate": "headings repeated"},
        ]
    )
    shared = lines.iloc[again:cut]
    copies = shared.assign(fate=shared["fate"].replace("", "exact duplicate"))
    amounts = lines["Betrag"].str.replace(r"[^\d,-]", "", regex=True).str.replace(",", ".")
    total = blank | {
        "Datum": "Summe", "Betrag": _euro(round(100 * amounts.astype(float).sum())), "fate": "total row"
    }  # fmt: skip
    parts = [lines.iloc[:cut], between, copies, lines.iloc[cut:], pd.DataFrame([total])]
    return pd.concat(parts, ignore_index=True)
