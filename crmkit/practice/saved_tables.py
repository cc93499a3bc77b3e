"""A table as any spreadsheet saves it: marks that a trainer has filled in, and what a learning platform exports."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

from crmkit.practice.roster import ClassError

#: The columns of ``to_mark.csv``.
COLUMNS = ("id", "name", "question", "points", "of", "rubric", "text", "note")
BACKUPS = "backups"


def read_table(path: Path) -> tuple[list[str], list[tuple[int, dict[str, str]]]]:
    """Read a table as any spreadsheet saves it: comma, semicolon or tab; UTF-8, UTF-16, GB18030 or Windows-1252.

    Returns
    -------
    columns : list of str
        The headings, without blanks around them; those of `COLUMNS` in small letters.
    rows : list of (row number, {column: text})
        Rows in which something stands, numbered as a spreadsheet numbers them.

    Raises
    ------
    ClassError
        The file is a workbook, is empty, or names a column twice.
    """
    from crmkit.data.own.reading import decode

    content = path.read_bytes()
    if content.startswith((b"PK", b"\xd0\xcf")):
        raise ClassError(
            f"{path.name} is a workbook: save it as CSV under this name. Nothing was changed."
        )
    text = decode(content)[0].replace("\0", "").lstrip("\ufeff")
    if not text.strip():
        raise ClassError(
            f"{path.name} is empty. Nothing was changed. Put a copy back (see {BACKUPS}/), or delete the file to "
            "start marking again."
        )
    lines = text.splitlines(keepends=True)
    if re.fullmatch(
        r"sep=.", lines[0].strip()
    ):  # a line that one spreadsheet program writes for itself
        lines = lines[1:]
    head = lines[0] if lines else ""
    delimiter = max(",;\t", key=head.count)
    reader = csv.reader(io.StringIO("".join(lines), newline=""), delimiter=delimiter)
    columns = [_heading(name) for name in next(reader, [])]
    twice = sorted({name for name in columns if name and columns.count(name) > 1})
    if twice:
        raise ClassError(f"{path.name} has the column {twice[0]!r} twice. Nothing was changed.")
    rows = []
    for number, cells in enumerate(reader, start=2):
        if any(cell.strip() for cell in cells):
            named = {name: cell for name, cell in zip(columns, cells, strict=False) if name}
            rows.append((number, named))
    return [name for name in columns if name], rows


def _heading(name: str) -> str:
    name = name.strip()
    return name.lower() if name.lower() in COLUMNS else name
