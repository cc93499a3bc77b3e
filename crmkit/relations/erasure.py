"""A request to be forgotten, carried through all tables of a company, and a search that proves it.

Problem
    "Delete my data", says a customer. One row of the table of customers is soon deleted. But orders, tests, surveys and
    records point at that row; other systems spell the name in their own way and know no number; and notes speak of the
    customer in running text.

Method
    1. Follow the references that the catalogue declares (``order_lines.order_id`` to ``orders.order_id`` to
       ``customers.customer_id``) from table to table until nothing points at what was deleted.
    2. Compare tables that hold names but no number with the customer, as in lesson 25 (`crmkit.value.tidy_records`).
    3. Cut what names the customer out of running text.
    4. Keep what the law on book-keeping asks for: the sums of orders, without the person, by month.
    5. Search all files for name, addresses and number.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from crmkit.data.load import described, find_data
from crmkit.errors import CrmkitError
from crmkit.inputs import first_few, need_columns, need_known, need_rows
from crmkit.say import labels
from crmkit.value.records import FIELDS, compare_pairs, tidy_records

PERSONS, NUMBER = "customers", "customer_id"
#: Tables of money received: their rows are kept without the person.
BOOKS = ("orders", "order_lines", "campaign_orders", "stays")
#: What names a customer, by the column of the table of customers.
IDENTIFIERS = ("name", "email", "phone", "street")
CUT = "[deleted]"
References = Mapping[str, Mapping[str, str]]
_WHY = {
    "points": "points at the customer",
    "books": "book-keeping: month and sums are kept, without the person",
    "looks": "no number: found by name and addresses",
    "text": "running text: cut out",
    "other": "row of somebody else: the number was emptied",
    "person": "the customer's own row",
    "": "nothing points at the customer",
}
labels(*_WHY.values())


class Forgotten(NamedTuple):
    """What is left after a request to be forgotten.

    Attributes
    ----------
    tables : dict of str to DataFrame
        All tables, without the customer; references hold.
    kept : dict of str to DataFrame
        Anonymous rows of the tables of money: with these, all sums are as before.
    report : DataFrame
        One row per table: ``table``, ``rows`` (before), ``deleted``, ``emptied`` (cells), ``kept`` (anonymous rows),
        ``why``.
    unclear : DataFrame
        Rows that may or may not be the customer's, and were left: ``table``, ``row`` (their label), ``why``. A person
        must look at them.
    """

    tables: dict[str, pd.DataFrame]
    kept: dict[str, pd.DataFrame]
    report: pd.DataFrame
    unclear: pd.DataFrame


def references_of(data: str | Path | None = None) -> dict[str, dict[str, str]]:
    """Read which columns of a company's tables point at which, from its ``datapackage.json``; the truth is left out.

    Parameters
    ----------
    data
        Folder, as for `crmkit.load`.

    Examples
    --------
    >>> references_of("fernwell")["order_lines"]["order_id"]
    'orders.order_id'
    """
    tables = described(find_data(data)).tables.values()
    return {table.name: dict(table.references) for table in tables if not table.truth}


def forget(
    tables: Mapping[str, pd.DataFrame],
    customers: int | Iterable[int],
    *,
    references: References | None = None,
    books: Sequence[str] = BOOKS,
) -> Forgotten:
    """Delete all that a company's tables hold of one or several customers.

    Parameters
    ----------
    tables
        By name; ``customers`` is one of them.
    customers
        Number of the customer, or several.
    references
        By table, which column points at which: ``{"orders": {"customer_id": "customers.customer_id"}}``. Default: those
        of the reader's data (`references_of`).
    books
        Tables of which anonymous rows are kept.

    Returns
    -------
    Forgotten
        tables, kept, report, unclear. The tables given stay as they are.

    Raises
    ------
    CrmkitError
        No table of customers; a customer who is not in it; a reference to a column that is not there.

    Notes
    -----
    Where a column of numbers may be empty (it is a float), the row is somebody else's, as an inviter's whose friend is
    forgotten: the cell is emptied. Everywhere else the row goes.

    A row without a number is the customer's if e-mail or telephone agree, or name and postcode, or the name where no
    other customer has it and nothing else differs. A row that another customer fits as well stays, and is told.

    Examples
    --------
    >>> tables = {
    ...     "customers": pd.DataFrame({"customer_id": [1, 2], "name": ["Ann Hill", "Bo Lee"]}),
    ...     "orders": pd.DataFrame({"order_id": [7, 8], "customer_id": [1, 2], "turnover": [30.0, 40.0]}),
    ...     "notes": pd.DataFrame({"text": ["Ann Hill called.", "A parcel came back."]}),
    ... }
    >>> done = forget(tables, 1, references={"orders": {"customer_id": "customers.customer_id"}})
    >>> done.report[["table", "deleted", "emptied", "kept"]].values.tolist()
    [['customers', 1, 0, 0], ['orders', 1, 0, 1], ['notes', 0, 1, 0]]
    >>> done.tables["notes"]["text"][0], done.kept["orders"]["turnover"].tolist()
    ('[deleted] called.', [30.0])
    """
    points = references_of() if references is None else references
    numbers = _numbers(tables, customers)
    new = dict(tables)
    gone: dict[str, pd.DataFrame] = {}
    emptied: dict[str, int] = dict.fromkeys(tables, 0)
    why: dict[str, str] = dict.fromkeys(tables, "")

    people = new[PERSONS]
    leaving = people[people[NUMBER].isin(numbers)]
    why[PERSONS] = "person"
    todo = [(PERSONS, people[NUMBER].isin(numbers))]
    alike, unclear = _records(new, leaving, points)
    for name, mask in alike.items():
        todo.append((name, mask))
        why[name] = "looks"
    while todo:
        name, mask = todo.pop()
        rows, new[name] = new[name][mask], new[name][~mask]
        gone[name] = pd.concat([gone[name], rows]) if name in gone else rows
        for other, column, target in _pointing(points, new, name):
            lost = np.setdiff1d(rows[target].dropna(), new[name][target].dropna())
            hit = new[other][column].isin(lost)
            if not hit.any():
                continue
            if pd.api.types.is_float_dtype(new[other][column]):
                new[other] = new[other].assign(**{column: new[other][column].mask(hit)})
                emptied[other] += int(hit.sum())
                why[other] = why[other] or "other"
            else:
                todo.append((other, hit))
                why[other] = "points"
    said = _said(leaving)
    for name in tables:
        new[name], cut = _cut_out(new[name], said)
        emptied[name] += cut
        if cut:
            why[name] = why[name] or "text"
    kept = {}
    for name in books:
        if len(gone.get(name, ())):
            kept[name] = _anonymous(gone[name], points, name)
            why[name] = "books"
    report = pd.DataFrame(
        {
            "table": list(tables),
            "rows": [len(table) for table in tables.values()],
            "deleted": [len(gone.get(name, ())) for name in tables],
            "emptied": list(emptied.values()),
            "kept": [len(kept.get(name, ())) for name in tables],
            "why": [_WHY[why[name]] for name in tables],
        }
    )
    return Forgotten(
        {name: table.reset_index(drop=True) for name, table in new.items()}, kept, report, unclear
    )


def _numbers(tables: Mapping[str, pd.DataFrame], customers: int | Iterable[int]) -> list[int]:
    if PERSONS not in tables:
        raise CrmkitError(f"tables: there is no table {PERSONS!r}; there are {first_few(tables)}.")
    need_rows(tables[PERSONS], [NUMBER], PERSONS)
    wanted = list(customers) if isinstance(customers, Iterable) else [customers]
    strange = [number for number in wanted if number not in set(tables[PERSONS][NUMBER])]
    if strange or not wanted:
        named = first_few(strange) if strange else "nobody"
        raise CrmkitError(
            f"customers: {named} not found in the table of customers. Give numbers of its column {NUMBER}."
        )
    return wanted


def _pointing(
    points: References, tables: Mapping[str, pd.DataFrame], name: str
) -> list[tuple[str, str, str]]:
    """Which columns of which tables point at a table, and at which of its columns."""
    found = []
    for other, links in points.items():
        for column, target in links.items():
            table, _, of = target.rpartition(".")
            if table == name and other in tables:
                need_columns(tables[other], [column], other)
                need_columns(tables[name], [of], name)
                found.append((other, column, of))
    return found


def _anonymous(rows: pd.DataFrame, points: References, name: str) -> pd.DataFrame:
    """Rows of a table of money without what leads to a person: numbers that point at people or orders, and the day."""
    lead = [
        c
        for c, target in points.get(name, {}).items()
        if target.endswith((f".{NUMBER}", "order_id"))
    ]
    own = [c for c in rows.columns if c == "order_id" or c.endswith("_order_id")]
    plain = rows.drop(columns=list(dict.fromkeys([*lead, *own])))
    for column in plain.select_dtypes("datetime").columns:
        plain[column] = plain[column].dt.to_period("M").dt.to_timestamp()
    return plain.sample(frac=1, random_state=0).reset_index(drop=True)


# ---- rows without a number -------------------------------------------------------------------------------------------


def _records(
    tables: Mapping[str, pd.DataFrame], leaving: pd.DataFrame, points: References
) -> tuple[dict[str, pd.Series], pd.DataFrame]:
    """Which rows of tables with names and without numbers are of those who leave, and which may be."""
    found, unclear = {}, []
    everybody = _plain_records(tables[PERSONS], tables[PERSONS][NUMBER])
    for name, table in tables.items():
        led = any(to.startswith(f"{PERSONS}.") for to in points.get(name, {}).values())
        if name == PERSONS or led or NUMBER in table.columns or "name" not in table.columns:
            continue
        theirs, open_ = _fitting(table, leaving[NUMBER], everybody)
        if theirs.any():
            found[name] = theirs
        unclear += [(name, row, "another customer fits as well") for row in table.index[open_]]
    return found, pd.DataFrame(unclear, columns=["table", "row", "why"])


def _plain_records(table: pd.DataFrame, number: pd.Series) -> pd.DataFrame:
    """The fields that are compared, spelt alike; a table that lacks a field knows nothing of it."""
    fields = {
        f: table[f] if f in table else pd.Series(None, index=table.index, dtype=object)
        for f in FIELDS
    }
    return tidy_records(pd.DataFrame({"record_id": number, "system": "", **fields}))


def _fitting(
    table: pd.DataFrame, numbers: pd.Series, everybody: pd.DataFrame
) -> tuple[pd.Series, pd.Series]:
    """Rows of a table that are of these customers, and rows for which another customer is as good a guess."""
    nobody = pd.Series(False, index=table.index)
    if table.empty:
        return nobody, nobody
    rows = _plain_records(table, pd.Series(-1 - np.arange(len(table)), index=table.index))
    pairs = [_sharing(rows, everybody.loc[numbers], field) for field in FIELDS]
    pairs += [_sharing_last_name(rows, everybody.loc[numbers])]
    near = pd.concat(pairs).drop_duplicates()
    if near.empty:
        return nobody, nobody
    near = near[_points(near, rows, everybody) > 0]
    if near.empty:
        return nobody, nobody
    # Who else fits these rows?
    some = rows.loc[near["left"].unique()]
    rivals = pd.concat([_sharing(some, everybody, field) for field in FIELDS]).drop_duplicates()
    both = pd.concat([near, rivals]).drop_duplicates(ignore_index=True)
    both["points"] = _points(both, rows, everybody)
    best = both.groupby("left")["points"].max()
    mine = both[both["right"].isin(numbers)].groupby("left")["points"].max()
    other = both[~both["right"].isin(numbers)].groupby("left")["points"].max()
    other = other.reindex(mine.index, fill_value=0)
    theirs = mine[(mine > other) & (mine == best.reindex(mine.index)) & (mine > 0)].index
    tie = mine[(mine == other) & (mine > 0)].index
    labels_ = pd.Series(table.index, index=rows.index)
    sure, open_ = nobody.copy(), nobody.copy()
    sure[labels_[theirs]] = True
    open_[labels_[tie]] = True
    return sure, open_


def _sharing(rows: pd.DataFrame, people: pd.DataFrame, field: str) -> pd.DataFrame:
    """Pairs of a row and a customer who agree in a field."""
    left = rows[field].dropna().rename("value").rename_axis("left").reset_index()
    right = people[field].dropna().rename("value").rename_axis("right").reset_index()
    if field == "postcode":  # a postcode is shared by many: only with the last name
        return _sharing_last_name(rows, people)
    return left.merge(right, on="value")[["left", "right"]]


def _sharing_last_name(rows: pd.DataFrame, people: pd.DataFrame) -> pd.DataFrame:
    """Pairs who agree in the postcode and in the first letter of the name: the name may be spelt with a slip."""

    def key(frame: pd.DataFrame) -> pd.Series:
        return (frame["postcode"] + " " + frame["name"].str.slice(0, 1)).dropna().rename("value")

    left = key(rows).rename_axis("left").reset_index()
    right = key(people).rename_axis("right").reset_index()
    return left.merge(right, on="value")[["left", "right"]]


def _points(pairs: pd.DataFrame, rows: pd.DataFrame, everybody: pd.DataFrame) -> np.ndarray:
    """How well each pair fits; 0 where it is not enough to say that they are one person."""
    compared = compare_pairs(pd.concat([rows, everybody]), pairs)
    same = {field: (compared[field] == "same").to_numpy() for field in FIELDS}
    differ = {field: (compared[field] == "different").to_numpy() for field in FIELDS}
    like = compared["name"].isin(["same", "initial", "close"]).to_numpy()
    points = 4.0 * same["email"] + 3.0 * same["phone"] + 2.0 * same["postcode"]
    points = points + 2.0 * same["name"] + 1.0 * (like & ~same["name"])
    alone = same["name"] & ~differ["email"] & ~differ["phone"] & ~differ["postcode"]
    enough = same["email"] | (same["phone"] & like) | (like & same["postcode"]) | alone
    # The whole name, and one of several things differs: people move and have two e-mail addresses.
    differing = sum(differ[field].astype(int) for field in ("email", "phone", "postcode"))
    enough = enough | (same["name"] & (differing == 1))
    return np.where(enough, points - 0.5 * differing, 0.0)


# ---- running text ----------------------------------------------------------------------------------------------------


def _pattern(value: str) -> str:
    """A text as a whole: not within a longer number or word."""
    return rf"(?<!\w){re.escape(value)}(?!\w)"


def _said(customers: pd.DataFrame) -> list[str]:
    """Texts that name these customers, the longest first."""
    values = [
        str(value)
        for column in IDENTIFIERS
        if column in customers
        for value in customers[column].dropna()
    ]
    return sorted({value for value in values if value.strip()}, key=len, reverse=True)


def _cut_out(table: pd.DataFrame, said: Sequence[str]) -> tuple[pd.DataFrame, int]:
    """A table with these texts cut out of running text, and the number of cells changed."""
    if not said or "name" in table.columns:  # what has a column for names is no running text
        return table, 0
    pattern = re.compile("|".join(_pattern(value) for value in said))
    changed, cut = {}, 0
    for column in table.columns:
        if not (pd.api.types.is_string_dtype(table[column]) or table[column].dtype == object):
            continue
        kinds = table[column].drop_duplicates().dropna().astype(str)
        hits = [text for text in kinds if pattern.search(text)]
        if hits:
            where = table[column].isin(hits)
            cut += int(where.sum())
            changed[column] = table[column].replace({t: pattern.sub(CUT, t) for t in hits})
    return (table.assign(**changed) if changed else table), cut


# ---- the proof -------------------------------------------------------------------------------------------------------


def traces_of(
    folder: str | Path,
    customers: pd.DataFrame | pd.Series,
    *,
    references: References | None = None,
    truth: bool = False,
) -> pd.DataFrame:
    r"""Search all files in a folder for what names one or several customers.

    Parameters
    ----------
    folder
        Where the files are; all of them are searched, also below it, whatever their kind.
    customers
        Rows of the table of customers as they were: ``customer_id``, and any of ``name``, ``email``, ``phone``,
        ``street``.
    references
        Which columns hold numbers of customers, as for `forget`. Default: those of the folder's ``datapackage.json``,
        or else every column called ``customer_id``.
    truth
        Whether to search ``truth/`` too, which no company has.

    Returns
    -------
    DataFrame
        One row per file and thing found: ``file``, ``customer_id``, ``what`` (``name``, ``email``, ``phone``,
        ``street``, ``customer_id``), ``lines`` (how many), ``explained`` (lines that clearly speak of another customer
        with the same name, and are no trace), ``first`` (the first line that is not explained). No row: no trace.

    Raises
    ------
    CrmkitError
        No such folder; customers without a number.

    Examples
    --------
    >>> import tempfile
    >>> place = Path(tempfile.mkdtemp())
    >>> _ = (place / "notes.csv").write_text("note_id,text\n1,Ann Hill called\n2,Joann Hillman called\n")
    >>> found = traces_of(place, pd.DataFrame({"customer_id": [1], "name": ["Ann Hill"]}))
    >>> found[["file", "what", "lines"]].values.tolist()
    [['notes.csv', 'name', 1]]
    """
    place = Path(folder)
    if not place.is_dir():
        raise CrmkitError(f"folder: {str(place)!r} is no folder. Write the tables into one first.")
    people = customers.to_frame().T if isinstance(customers, pd.Series) else customers
    need_rows(people, [NUMBER], "customers")
    need_known(people[NUMBER], NUMBER)
    points = _points_in(place) if references is None else references
    others = _others(place, people)
    found: list[tuple[object, ...]] = []
    for path in sorted(place.rglob("*")):
        name = path.relative_to(place).as_posix()
        if not path.is_file() or (not truth and name.startswith("truth/")):
            continue
        text = path.read_bytes().decode("utf-8", errors="replace")
        for row in people.to_dict("records"):
            found += _in_text(name, text, row, others)
        if path.suffix == ".csv":
            found += _in_numbers(name, text, people, points.get(path.stem))
    columns = ["file", NUMBER, "what", "lines", "explained", "first"]
    return pd.DataFrame(found, columns=columns)


def _points_in(place: Path) -> References:
    try:
        return references_of(place)
    except CrmkitError:
        return {}


def _others(place: Path, people: pd.DataFrame) -> pd.DataFrame:
    """The customers who are still in the folder: they may have the same name."""
    path = place / f"{PERSONS}.csv"
    if not path.is_file():
        return pd.DataFrame(columns=[NUMBER, *IDENTIFIERS, "postcode"])
    there = pd.read_csv(path, dtype=str)
    if NUMBER not in there:
        return pd.DataFrame(columns=[NUMBER, *IDENTIFIERS, "postcode"])
    return there[~there[NUMBER].isin(people[NUMBER].astype(int).astype(str))]


def _in_text(
    name: str, text: str, row: Mapping[str, object], others: pd.DataFrame
) -> list[tuple[object, ...]]:
    found: list[tuple[object, ...]] = []
    for what in IDENTIFIERS:
        value = row.get(what)
        if not isinstance(value, str) or not value.strip() or value not in text:
            continue
        pattern = re.compile(_pattern(value))
        hits = [line for line in text.splitlines() if value in line and pattern.search(line)]
        if not hits:
            continue
        signs = _signs_of_others(others, what, value)
        left = [line for line in hits if not any(sign in line for sign in signs)]
        first = left[0][:120] if left else ""
        found.append((name, row[NUMBER], what, len(hits), len(hits) - len(left), first))
    return found


def _signs_of_others(others: pd.DataFrame, what: str, value: str) -> list[str]:
    """What else names other customers who have the same name, telephone number or street."""
    if what not in others:
        return []
    same = others[others[what] == value]
    columns = [c for c in (*IDENTIFIERS, "postcode") if c != what and c in same]
    return [sign for c in columns for sign in same[c].dropna()]


def _in_numbers(
    name: str, text: str, people: pd.DataFrame, points: Mapping[str, str] | None
) -> list[tuple[object, ...]]:
    """Numbers of customers, in columns that hold such numbers; 17 elsewhere may be anything."""
    header = text.split("\n", 1)[0].strip().split(",")
    columns = [c for c, to in (points or {}).items() if to.startswith(f"{PERSONS}.")]
    columns = [c for c in dict.fromkeys([*columns, NUMBER]) if c in header]
    if not columns:
        return []
    table = pd.read_csv(io.StringIO(text), usecols=columns)
    found: list[tuple[object, ...]] = []
    for number in people[NUMBER]:
        for column in columns:
            at = np.flatnonzero(table[column].to_numpy() == number)
            if len(at):
                found.append((name, number, column, len(at), 0, text.splitlines()[at[0] + 1][:120]))
    return found


__all__ = ["BOOKS", "Forgotten", "forget", "references_of", "traces_of"]
