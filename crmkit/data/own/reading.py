"""From a file (or bytes, or a frame) to cells: formats, encodings, separators, and where the headings are.

The parsers are pandas, openpyxl, pyarrow and Python's csv. What is ours is finding out which one is needed, and
saying in plain words why a file cannot be read.
"""

from __future__ import annotations

import csv
import io
import os
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from difflib import get_close_matches
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from crmkit.data.own.cells import counted
from crmkit.data.own.encodings import decode
from crmkit.data.own.errors import (
    BadOption,
    ColumnNotFound,
    EmptyFile,
    MissingPackage,
    NoSuchFile,
    NotATable,
)
from crmkit.data.own.headings import parts_named, plain, unique_names
from crmkit.later import later

nw = later("narwhals")

_SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "upright bars"}
_SPACES = r"\s+"
_LOOK_AT_LINES = 200
_HEADING_WITHIN = 30


@dataclass
class Table:
    """Cells below their headings.

    ``cells`` has one text or object column per heading; ``rows`` is, for every row of it, the number (or, for a
    frame, the index label) by which the reader finds the row again; ``too_wide`` marks rows with more cells than
    there are headings.
    """

    cells: pd.DataFrame
    rows: np.ndarray
    too_wide: np.ndarray
    notes: list[str] = field(default_factory=list)
    headings: list[str] = field(default_factory=list)
    label: str = "the table"
    rows_are_labels: bool = False


# ---------------------------------------------------------------------------------------------------------- sources


def fetch(source: Any) -> tuple[bytes | pd.DataFrame, str, str]:
    """Get the bytes of a path or file, or a pandas frame of any frame.

    Returns
    -------
    content : bytes or DataFrame
    label : str
        What to call it in the report: the file's name, never its whole path.
    example : str
        How the reader would write the source in a call.
    """
    if isinstance(source, (bytes, bytearray, memoryview)):
        return bytes(source), "the data given", "data"
    if isinstance(source, (str, os.PathLike)):
        path = _existing(source)
        try:
            return path.read_bytes(), path.name, f'"{path.name}"'
        except OSError as error:
            raise NoSuchFile(
                f"{path.name!r} could not be opened: {error.strerror or error}."
            ) from error
    if hasattr(source, "read"):
        content = source.read()
        content = content.encode("utf-8", "surrogatepass") if isinstance(content, str) else content
        if isinstance(content, bytes):
            return content, Path(str(getattr(source, "name", "the open file"))).name, "file"
    if isinstance(source, pd.DataFrame):
        return source, "the frame given", "frame"
    try:
        frame: Any = nw.from_native(source)
        frame = frame.collect() if isinstance(frame, nw.LazyFrame) else frame
        return frame.to_pandas(), "the frame given", "frame"
    except TypeError:
        pass
    except ImportError as error:
        raise MissingPackage(
            f"This kind of frame cannot be turned into a pandas frame here: {error}"
        ) from error
    except nw.exceptions.NarwhalsError as error:
        raise NotATable(f"This frame cannot be read: {_first_line(error)}") from error
    raise NotATable(
        f"A file's path, its bytes, or a frame can be read; this is a {type(source).__name__}. "
        "A list or a dict becomes a frame with pandas.DataFrame(...)."
    )


def _existing(source: str | os.PathLike[str]) -> Path:
    text = os.fspath(source)
    text = os.fsdecode(text) if isinstance(text, bytes) else text
    if re.match(r"[a-z]{3,6}://", text, flags=re.IGNORECASE):
        raise NoSuchFile(
            f"{text[:80]!r} is an address on the web. Download the file first, then give its name."
        )
    if "\n" in text or "\0" in text:
        raise NoSuchFile("This is a text of several lines, not the name of a file.")
    path = Path(text).expanduser() if text.startswith("~") else Path(text)
    try:
        if path.is_file():
            return path
        folder = path if path.is_dir() else path.parent
        there = sorted(p.name for p in folder.iterdir() if p.is_file()) if folder.is_dir() else []
    except OSError:
        there, folder = [], path.parent
    tables = [n for n in there if n.lower().endswith((".csv", ".tsv", ".txt", ".xlsx", ".parquet"))]
    some = ", ".join(repr(n) for n in tables[:8]) + (" ..." if len(tables) > 8 else "")
    if path.is_dir():
        raise NoSuchFile(
            f"{text!r} is a folder, not a file. "
            + (f"It holds {some}." if tables else "It holds no table.")
        )
    near = get_close_matches(path.name, there, n=1, cutoff=0.6)
    if near:
        help_ = f"Did you mean {near[0]!r}?"
    elif folder.is_dir():
        help_ = f"Beside it there are {some}." if tables else "No table is in that folder."
    else:
        help_ = "Its folder does not exist either."
    raise NoSuchFile(
        f"There is no file {text!r} (looked from the folder {Path.cwd().name!r}). {help_} "
        "In JupyterLab, right-click the file on the left and choose Copy Path."
    )


# ---------------------------------------------------------------------------------------------------------- formats

_BINARY_SIGNS: tuple[tuple[bytes, str], ...] = (
    (b"%PDF", "a PDF document. Ask for the table itself, as CSV or Excel"),
    (b"\x1f\x8b", "compressed (gzip). Unpack it first"),
    (b"BZh", "compressed (bzip2). Unpack it first"),
    (b"\xfd7zXZ", "compressed (xz). Unpack it first"),
    (b"7z\xbc\xaf", "an archive (7z). Unpack it first"),
    (b"Rar!", "an archive (rar). Unpack it first"),
    (b"\x89PNG", "a picture (PNG)"),
    (b"\xff\xd8\xff", "a picture (JPEG)"),
    (b"GIF8", "a picture (GIF)"),
    (b"SQLite format 3", "a database (SQLite). Export the table of orders as CSV"),
    (b"{\\rtf", "a text document (RTF). Save the table as CSV"),
)
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def read_cells(
    content: bytes | pd.DataFrame,
    label: str,
    *,
    sheet: str | None,
    encoding: str | None,
    separator: str | None,
    named: list[str],
) -> Table:
    """Read the cells of a file of any known format.

    Parameters
    ----------
    content : bytes or DataFrame
    label : str
        What to call the source.
    sheet, encoding, separator : str, optional
        As in :func:`crmkit.data.own_orders.read_orders`.
    named : list of str
        Headings that the reader named: they tell where the headings are.

    Raises
    ------
    EmptyFile, NotATable, MissingPackage, BadOption
    """
    if isinstance(content, pd.DataFrame):
        return _frame_table(content, label)
    if not content.strip(b"\x00\t\r\n ") or content in (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff"):
        raise EmptyFile(f"{label} is empty: there is nothing in it to read.")
    for sign, what in _BINARY_SIGNS:
        if content.startswith(sign):
            raise NotATable(f"{label} is not a table: it is {what}.")
    if content.startswith(_OLE):
        if "EncryptedPackage".encode("utf-16-le") in content:
            raise NotATable(
                f"{label} is locked with a password. Open it in Excel and save a copy without one."
            )
        raise NotATable(
            f"{label} is in Excel's old format (.xls). Open it and save it as .xlsx or CSV."
        )
    if content.startswith(b"PAR1"):
        return _parquet_table(content, label)
    if content.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _excel_table(content, label, sheet, named)
    return _text_table(content, label, encoding, separator, named)


def _need(package: str, what: str) -> None:
    try:
        import_module(package)
    except ImportError as error:
        raise MissingPackage(
            f"To read {what}, the package {package} is needed, and it is not installed here. "
            f"In a notebook run `%pip install {package}` once, or save the file as CSV."
        ) from error


def _frame_table(frame: pd.DataFrame, label: str) -> Table:
    if not frame.columns.size:
        raise EmptyFile(f"{label} has no columns.")
    if not len(frame):
        raise EmptyFile(f"{label} has headings but no rows.")
    cells = frame.copy(deep=False)
    rows = np.asarray(frame.index, dtype=object)
    in_index = isinstance(frame.index, pd.MultiIndex) or frame.index.name is not None
    if in_index:
        # A group-by leaves the customer in the index: bring it back, and count rows from 0 instead.
        cells = cells.reset_index(allow_duplicates=True)
    counted_anew = in_index or not frame.index.is_unique  # two frames put together repeat labels
    if counted_anew:
        rows = np.arange(len(frame)).astype(object)
    cells.columns, repeated = unique_names(list(cells.columns))
    table = Table(
        cells.reset_index(drop=True),
        rows,
        np.zeros(len(cells), dtype=bool),
        label=label,
        rows_are_labels=True,
    )
    table.headings = list(cells.columns)
    table.notes += _repeated_note(repeated)
    if counted_anew and not in_index:
        table.notes.append("The frame's index repeats labels: rows are counted from 0 instead.")
    return table


def _parquet_table(content: bytes, label: str) -> Table:
    _need("pyarrow", "a Parquet file")
    try:
        frame = pd.read_parquet(io.BytesIO(content))
    except Exception as error:  # hostile bytes make pyarrow raise many kinds
        raise NotATable(
            f"{label} begins like a Parquet file but cannot be read: {_first_line(error)}"
        ) from error
    table = _frame_table(frame, label)
    table.rows = np.arange(1, len(frame) + 1)
    table.rows_are_labels = False
    return table


def _first_line(error: BaseException) -> str:
    lines = str(error).strip().splitlines()
    return lines[0][:160] if lines else type(error).__name__


def _excel_table(content: bytes, label: str, sheet: str | None, named: list[str]) -> Table:
    import zipfile

    try:
        inside = zipfile.ZipFile(io.BytesIO(content)).namelist()
    except Exception as error:
        raise NotATable(
            f"{label} is a damaged archive or workbook: {_first_line(error)}"
        ) from error
    if "xl/workbook.xml" not in inside:
        if "xl/workbook.bin" in inside:
            raise NotATable(f"{label} is a binary workbook (.xlsb). Save it as .xlsx or CSV.")
        if any(name.startswith("word/") for name in inside):
            raise NotATable(
                f"{label} is a Word document. Copy its table into a spreadsheet and save that."
            )
        if "content.xml" in inside:
            raise NotATable(f"{label} is an OpenDocument file. Save it as .xlsx or CSV.")
        some = ", ".join(repr(name[:60]) for name in inside[:3])
        raise NotATable(
            f"{label} is an archive (zip). Unpack it first; it holds {some or 'nothing'}."
        )
    _need("openpyxl", "an Excel workbook")
    try:
        sheets: dict[str, pd.DataFrame] = pd.read_excel(
            io.BytesIO(content),
            sheet_name=None,
            header=None,
            dtype=object,
            na_filter=False,
            engine="openpyxl",
        )
    except Exception as error:  # hostile bytes make openpyxl raise many kinds
        raise NotATable(
            f"{label} looks like a workbook but cannot be read: {_first_line(error)}"
        ) from error
    sheets = {str(name): cells for name, cells in sheets.items()}
    alike: list[str] = []
    if sheet is not None:
        if sheet not in sheets:
            raise BadOption(
                f"{label} has no sheet {sheet!r}; its sheets are {', '.join(map(repr, sheets))}."
            )
        chosen = sheet
    else:
        filled = {name: cells for name, cells in sheets.items() if cells.size}
        if not filled:
            raise EmptyFile(f"{label} is a workbook without any filled cell.")
        likeness = {name: _find_heading(cells, named)[1] for name, cells in filled.items()}
        chosen = max(likeness, key=lambda name: likeness[name])
        # Three parts named: customer, date and amount, say. One sheet a year is common.
        alike = [
            name
            for name, found in likeness.items()
            if name != chosen and found == likeness[chosen] >= 3
        ]
    cells = sheets[chosen]
    if not cells.size:
        raise EmptyFile(f"The sheet {chosen!r} of {label} is empty.")
    cells = cells.astype(object).where(cells.notna(), "")
    cells.columns = range(cells.shape[1])
    table = _below_headings(cells, label, named)
    if _counts_from_1904(content):
        table.cells.attrs["date_1904"] = True  # goes with every column that is taken out
    others = [name for name, other in sheets.items() if name != chosen and other.size]
    if alike:
        table.notes.append(
            f"WARNING: only the sheet {chosen!r} was read, and {', '.join(map(repr, alike[:6]))} "
            f"{'look' if len(alike) > 1 else 'looks'} like orders too. To use all of them, put them into one frame: "
            "pd.concat(pd.read_excel(..., sheet_name=None).values()). sheet=... takes this warning away."
        )
    elif others:
        table.notes.append(
            f"The sheet {chosen!r} was read; not read: {', '.join(map(repr, others[:6]))}"
            + (" ..." if len(others) > 6 else "")
            + " (choose with sheet=...)."
        )
    return table


def _counts_from_1904(content: bytes) -> bool:
    """Whether a workbook counts its days from 1904, as old Macintosh ones do."""
    import zipfile

    with zipfile.ZipFile(io.BytesIO(content)) as box:
        properties = re.search(rb"<workbookPr\b[^>]*>", box.read("xl/workbook.xml"))
    return bool(properties and re.search(rb'date1904="(1|true|on)"', properties.group()))


# ------------------------------------------------------------------------------------------------------------- text


def _text_table(
    content: bytes, label: str, encoding: str | None, separator: str | None, named: list[str]
) -> Table:
    text, used = decode(content, encoding)
    notes = []
    if used not in ("utf-8", "utf-8-sig", "ascii") and encoding is None:
        notes.append(f"Read as {used}. If letters look wrong, name the right one with encoding=...")
    if "\ufffd" in text and not used.startswith("utf-16"):
        lines = [i for i, line in enumerate(text.split("\n"), 1) if "\ufffd" in line]
        notes.append(
            f"{counted(text.count(chr(0xFFFD)), 'character')} could not be read (broken bytes), first in line "
            f"{lines[0]}: shown as \ufffd. The rest is read as {used}."
        )
    if "\0" in text:
        notes.append(f"{counted(text.count(chr(0)), 'character')} of value zero (NUL) left out.")
        text = text.replace("\0", "")
    text = text.replace("\r\n", "\n").replace("\r", "\n").lstrip("\ufeff")
    _refuse_other_text(text, label)
    declared = re.match(r'"?sep=(.)"?\n', text, flags=re.IGNORECASE)
    if declared:  # Excel's own way to say it; the line still counts as row 1
        text = "\n" + text[declared.end() :]
        separator = separator or declared.group(1)
    separator = separator or _find_separator(text, named)
    if separator == " ":
        separator = _SPACES
    if separator != _SPACES and len(separator) != 1:
        raise BadOption(f"separator={separator!r} must be one character, such as ',' or ';'.")
    cells = _split(text, separator, label, notes)
    table = _below_headings(cells, label, named)
    table.notes = notes + table.notes
    return table


def _refuse_other_text(text: str, label: str) -> None:
    start = text[:2000].lstrip()
    if not start and not text.strip():
        raise EmptyFile(f"{label} is empty: there is nothing in it but white space.")
    low = start.lower()
    if low.startswith(
        ("<!doctype", "<html", "<table", "<head", "<body", "<meta", "<style", "<div")
    ):
        raise NotATable(
            f"{label} is a web page, whatever its name says (many programs export one as '.xls'). "
            "Open it in Excel and save it as .xlsx or CSV."
        )
    if low.startswith(("<?xml", "<workbook")):
        raise NotATable(f"{label} is an XML file. Open it in Excel and save it as .xlsx or CSV.")
    if re.match(r'(\{|\[)\s*(["{\[}\]]|\d|$)', start):
        raise NotATable(
            f"{label} is JSON. pandas.read_json may make a frame of it; give read_orders the frame."
        )
    sample = text[:100_000]
    odd = sum(
        1
        for c in set(sample)
        if ord(c) < 32 and c not in "\t\n\f\v"
        for _ in range(sample.count(c))
    )
    if odd > 0.005 * len(sample) or sample.count("\ufffd") > 0.05 * len(sample):
        raise NotATable(
            f"{label} is not a table: its bytes are no text in any encoding that was tried."
        )


def _records(text: str, separator: str) -> list[list[str]]:
    if separator == _SPACES:
        return [line.split() for line in text.removesuffix("\n").split("\n")]
    return list(
        csv.reader(io.StringIO(text), delimiter=separator, skipinitialspace=separator != "\t")
    )


def _find_separator(text: str, named: list[str]) -> str:
    """Choose the separator under which the first lines name the most parts, then agree best on a width."""
    head = "\n".join(text.split("\n", _LOOK_AT_LINES)[:_LOOK_AT_LINES])
    best, best_score = ",", (0, 0.0, 0)
    for separator in (*_SEPARATORS, _SPACES):
        try:
            records = [record for record in _records(head, separator) if any(record)]
        except csv.Error:
            continue
        widths = [len(record) for record in records]
        if not widths or max(widths) < 2:
            continue
        wide = [width for width in widths if width > 1]
        usual = max(set(wide), key=wide.count)
        likeness = max(_likeness(record, named) for record in records[:_HEADING_WITHIN])
        score = (likeness, wide.count(usual) / len(widths), usual)
        if separator == _SPACES and best_score > (0, 0.5, 0):
            continue  # spaces also stand inside cells: the last resort
        if score > best_score:
            best, best_score = separator, score
    return best


def _split(text: str, separator: str, label: str, notes: list[str]) -> pd.DataFrame:
    """Split text into cells of text; every line break outside quotation marks begins a row."""
    quoting: Any = csv.QUOTE_MINIMAL
    head = "\n".join(text.split("\n", _LOOK_AT_LINES)[:_LOOK_AT_LINES])
    try:
        width = max((len(record) for record in _records(head, separator)), default=1)
    except csv.Error:
        width = 1
    skip = separator != "\t"

    def parse(columns: int) -> pd.DataFrame:
        return pd.read_csv(
            io.StringIO(text), sep=separator, header=None, names=list(range(columns)), dtype=str, na_filter=False,
            skip_blank_lines=False, quoting=quoting, skipinitialspace=skip and separator != _SPACES,
            low_memory=False,
        )  # fmt: skip

    quick = _split_plain(text, separator, width)
    try:
        cells = parse(width) if quick is None else quick
    except pd.errors.EmptyDataError as error:
        raise EmptyFile(f"{label} is empty.") from error
    except (pd.errors.ParserError, ValueError) as error:
        if "EOF inside string" in str(error) or (
            '"' in text and _ends_inside_quotes(text, separator)
        ):
            quoting = csv.QUOTE_NONE
            notes.append(
                "A quotation mark is never closed: all of them were read as ordinary characters."
            )
        cells = _split_ragged(text, separator, quoting, label)
    if not isinstance(cells.index, pd.RangeIndex):  # a first row wider than all looked at
        cells = _split_ragged(text, separator, quoting, label)
    if quoting == csv.QUOTE_NONE:
        cells = cells.apply(lambda column: column.str.strip('"'))
    return cells


def _split_plain(text: str, separator: str, width: int) -> pd.DataFrame | None:
    """Split a plain text several times faster, with pyarrow where it is installed; else None.

    Plain: no quotation mark, no blank after a separator, and every line of the same width. Then there is but one way to
    split it, so the cells are those that the other parser gives.
    """
    if len(text) < _MANY_CHARACTERS or '"' in text or separator not in _SEPARATORS or width < 2:
        return None
    if separator != "\t" and (separator + " " in text or "\n " in text or text[:1] == " "):
        return None
    try:
        from pyarrow import ArrowInvalid, large_string
        from pyarrow import csv as arrow_csv
    except ImportError:
        return None
    names = [str(position) for position in range(width)]
    try:
        table = arrow_csv.read_csv(
            io.BytesIO(text.encode()),
            read_options=arrow_csv.ReadOptions(column_names=names),
            parse_options=arrow_csv.ParseOptions(
                delimiter=separator,
                quote_char=False,
                newlines_in_values=False,
                ignore_empty_lines=False,
            ),
            convert_options=arrow_csv.ConvertOptions(
                column_types=dict.fromkeys(names, large_string()),
                strings_can_be_null=False,
            ),
        )
    except (ArrowInvalid, UnicodeEncodeError):  # a line of another width
        return None
    kind = pd.StringDtype(na_value=np.nan)
    cells = table.to_pandas(types_mapper={large_string(): kind}.get)
    cells.columns = range(width)
    return cells


#: From so many characters on, the quick way is worth its set-up.
_MANY_CHARACTERS = 100_000


def _ends_inside_quotes(text: str, separator: str) -> bool:
    try:
        for _ in csv.reader(
            io.StringIO(text), delimiter=separator if len(separator) == 1 else ",", strict=True
        ):
            pass
    except csv.Error:
        return True
    return False


def _split_ragged(text: str, separator: str, quoting: Any, label: str) -> pd.DataFrame:
    """Split a text whose rows differ in width beyond what the first ones showed (slower, forgiving)."""
    try:
        if separator == _SPACES:
            records = _records(text, separator)
        else:
            reader: Callable[..., Any] = csv.reader
            records = list(
                reader(
                    io.StringIO(text),
                    delimiter=separator,
                    quoting=quoting,
                    skipinitialspace=separator != "\t",
                )
            )
    except csv.Error as error:
        raise NotATable(f"{label} cannot be split into rows and cells: {error}.") from error
    width = max((len(record) for record in records), default=0)
    if width > 2000:
        raise NotATable(f"{label} has a row of {width} cells: this is not a table of orders.")
    if not width:
        raise EmptyFile(f"{label} is empty.")
    padded = [record + [""] * (width - len(record)) for record in records]
    return pd.DataFrame(padded, columns=range(width), dtype=str)


# --------------------------------------------------------------------------------------------------------- headings


def _likeness(cells: list[Any], named: list[str]) -> int:
    """How much a row looks like the headings: parts that it names, and names that the reader gave."""
    words = {plain(cell) for cell in cells}
    return parts_named(cells) + sum(1 for name in named if plain(name) in words)


def _find_heading(cells: pd.DataFrame, named: list[str]) -> tuple[int | None, int]:
    """Find the row with the headings.

    Returns
    -------
    position : int or None
        None when the data begin at once, without headings.
    likeness : int
    """
    head = [
        [str(cell).strip() for cell in row]
        for row in cells.head(_HEADING_WITHIN).to_numpy().tolist()
    ]
    filled = [position for position, row in enumerate(head) if any(row)]
    if not filled:
        return 0, 0
    scores = {position: _likeness(head[position], named) for position in filled}
    best = max(filled, key=lambda position: scores[position])
    if scores[best] >= 2 or (scores[best] == 1 and best == filled[0]):
        return best, scores[best]
    # No known heading. A first row with a number or a date in it is data; else the first wide row are headings.
    wide = next((p for p in filled if sum(map(bool, head[p])) > 1), filled[0])
    looks_like_data = any(
        re.fullmatch(r"[-+]?[\d.,:/\-\s年月日T]*\d[\d.,:/\-\s年月日T]*", cell)
        for cell in head[wide]
    )
    return (None, 0) if looks_like_data else (wide, scores[wide])


def _below_headings(cells: pd.DataFrame, label: str, named: list[str]) -> Table:
    """Cut a sheet of cells into headings and what stands below them."""
    position, _ = _find_heading(cells, named)
    notes: list[str] = []
    repeated: list[str] = []
    if position is None:
        names, first = [f"column {i + 1}" for i in range(cells.shape[1])], 0
        headings: list[str] = []
        notes.append(
            "The first row is data already: the columns are called 'column 1', 'column 2' ..."
        )
    else:
        headings = [str(cell).strip() for cell in cells.iloc[position]]
        names, repeated = unique_names(headings)
        first = position + 1
        if position:
            above = " ".join(
                str(c).strip() for c in cells.iloc[:position].to_numpy().ravel() if str(c).strip()
            )
            skipped = "row 1" if position == 1 else f"rows 1 to {position}"
            if above:
                notes.append(
                    f"The headings are in row {position + 1}; {skipped} above them: {above[:60]!r}."
                )
    body = cells.iloc[first:].reset_index(drop=True)
    rows = np.arange(first + 1, first + 1 + len(body))
    # Columns without a heading at the right edge: cells in them mean that a row has too many.
    width = len(names)
    while position is not None and width > 1 and not headings[width - 1]:
        width -= 1
    spare = body.iloc[:, width:]
    too_wide = np.zeros(len(body), dtype=bool)
    for column in spare:
        too_wide |= (spare[column].astype(str).str.strip() != "").to_numpy()
    if len(body) and too_wide.mean() > 0.5:
        some = ", ".join(map(repr, names[: min(width, 6)]))
        raise ColumnNotFound(
            f"Most rows of {label} have more cells than the {width} headings ({some}): "
            f"row {rows[too_wide][0]} has at least {width + 1}. Is a decimal comma taken for a separator, or does a "
            "heading lack? Save the file again with semicolons or tabs between the cells."
        )
    body = body.iloc[:, :width].copy()
    body.columns = names[:width]
    if not len(body):
        raise EmptyFile(
            f"{label} has headings ({', '.join(map(repr, names[:6]))}) but no rows below them."
        )
    table = Table(body, rows, too_wide, notes + _repeated_note(repeated), headings[:width], label)
    return table


def _repeated_note(repeated: list[str]) -> list[str]:
    return [
        f"The heading {name!r} stands over several columns; the further ones are called '{name} (2)' ..."
        for name in repeated
    ]
