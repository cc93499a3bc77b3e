"""A result as a table that can be read: numbers with the digits that count, headings in words, no row numbers.

pandas shows a table to anyone who computes with it: all digits, the names as they are typed, a number for every row.
`crmkit.style.show` shows a result to a reader, by what this module writes. The table itself stays as it is.
"""

from __future__ import annotations

import math
import re
from html import escape
from itertools import groupby
from typing import TYPE_CHECKING, Any

import numpy as np

from crmkit.say import label, say

if TYPE_CHECKING:
    import pandas as pd

#: What stands where there is no value.
NOTHING = "–"
_MOST_DECIMALS = 4
_FEW_ROWS = 60  # of a longer table the first and the last are shown
_UNITS = ("days", "weeks", "months", "years", "hours", "minutes", "seconds")


def heading(name: object) -> str:
    """Give a column's name in words.

    Parameters
    ----------
    name : object
        As it is in the table.

    Returns
    -------
    str
        In the reader's language, where the name has been declared by `crmkit.say.labels`.

    Examples
    --------
    >>> heading("value_share"), heading("gap_days"), heading("returned_60d"), heading("% back")
    ('value share', 'gap (days)', 'returned in 60 days', '% back')
    """
    told = label(name) if isinstance(name, str) else _in_index(name)
    if not isinstance(name, str) or told != name or not re.fullmatch(r"\w+", name):
        return told
    words = re.sub(r"_(\d+)d$", r" in \1 days", name)
    words = re.sub(rf"_({'|'.join(_UNITS)})$", r" (\1)", words)
    return words.replace("_", " ").strip()


def decimals(values: np.ndarray) -> int:
    """Say how many decimals a column of numbers needs: those that it has, at most four, fewer for large numbers.

    Parameters
    ----------
    values : array of float
        Values that are not missing.

    Returns
    -------
    int

    Examples
    --------
    >>> decimals(np.array([0.25, 0.5])), decimals(np.array([17.0, 3.0])), decimals(np.array([-25511.934813, 12.5]))
    (2, 0, 0)
    >>> decimals(np.array([1 / 3, 2 / 3])), decimals(np.array([1 / 3, 20 / 3]))
    (3, 2)
    """
    finite = np.abs(values[np.isfinite(values)])
    small = finite[finite < 1000]
    if small.size < finite.size and small[small > 0].min(initial=10) >= 10:
        return 0
    for places in range(_MOST_DECIMALS + 1):
        if np.allclose(small, np.round(small, places), rtol=0, atol=1e-9):
            return places
    # Nobody rounded these: three digits of the largest are enough.
    return min(3, max(0, 2 - math.floor(math.log10(small.max()))))


def number(value: float, places: int) -> str:
    """Write a number with a minus that is one, and thousands apart.

    Examples
    --------
    >>> number(-25511.93, 0), number(0.5, 2), number(-0.001, 2), number(float("inf"), 2)
    ('−25,512', '0.50', '0.00', '∞')
    """
    if np.isinf(value):
        return "∞" if value > 0 else "−∞"
    written = f"{abs(value):,.{places}f}"
    return "−" + written if value < 0 and written.strip("0.,") else written


def cell(value: Any, places: int | None = None) -> str:
    """Write what is in one cell.

    Parameters
    ----------
    value : object
    places : int, optional
        The column's decimals; without them the number speaks for itself.

    Returns
    -------
    str

    Examples
    --------
    >>> import pandas as pd
    >>> cell(True), cell(None), cell(1200), cell(0.125), cell(pd.Timestamp("2025-03-01")), cell("key")
    ('yes', '–', '1,200', '0.125', '2025-03-01', 'key')
    """
    import pandas as pd

    if isinstance(value, list | tuple | set | np.ndarray):
        return ", ".join(cell(each) for each in value)
    if value is None or pd.isna(value):
        return NOTHING
    if isinstance(value, bool | np.bool_):
        return say("yes") if value else say("no")
    if isinstance(value, int | np.integer):
        return number(int(value), 0)
    if isinstance(value, float | np.floating):
        own = decimals(np.array([float(value)])) if places is None else places
        # A count beside shares (a table on its side) needs no decimals.
        amount = float(value)
        counted = own > 2 and abs(amount) >= 100 and amount.is_integer()
        whole = counted or abs(amount) >= 1000
        return number(amount, 0 if whole else own)
    if isinstance(value, pd.Timedelta):
        days = value / pd.Timedelta(days=1)
        return say("{days} days", days=cell(days))
    if isinstance(value, pd.Timestamp):
        return f"{value:%Y-%m-%d}" if value == value.normalize() else f"{value:%Y-%m-%d %H:%M}"
    return label(value)


def _column(values: pd.Series) -> tuple[list[str], bool]:
    """Write a column; say whether it holds words, which begin on the left."""
    import pandas as pd

    places = None
    if pd.api.types.is_float_dtype(values.dtype):
        places = decimals(values.dropna().to_numpy(dtype=float))
    if re.search(r"(^|_)(id|year|row)$", str(values.name)) and pd.api.types.is_integer_dtype(
        values.dtype
    ):
        return [NOTHING if pd.isna(each) else str(each) for each in values], False
    plain = values.tolist() if places is None else values.to_numpy(dtype=float).tolist()
    if pd.api.types.is_datetime64_any_dtype(values.dtype):
        plain = list(values)
    words = any(isinstance(value, str) and not re.match(r"\W*\d", value) for value in plain)
    return [cell(value, places) for value in plain], words


class Readable:
    """A result's headings and cells, as a reader sees them.

    Parameters
    ----------
    table : DataFrame or Series

    Examples
    --------
    >>> import pandas as pd
    >>> tiers = pd.DataFrame({"tier": ["key", "small"], "value_share": [0.7, 0.3], "orders": [1200.0, None]})
    >>> print(Readable(tiers).text())
    tier   value share  orders
    key            0.7   1,200
    small          0.3       –
    """

    def __init__(self, table: pd.DataFrame | pd.Series) -> None:
        import pandas as pd

        listed = isinstance(table, pd.Series)  # its index names what its values are
        if isinstance(table, pd.Series):
            table = table.to_frame("" if table.name is None else table.name)
        self.cut = max(0, len(table) - _FEW_ROWS)
        if self.cut:
            table = pd.concat([table.iloc[: _FEW_ROWS // 2], table.iloc[-(_FEW_ROWS // 2) :]])
        index, columns = table.index, table.columns
        levels = [index.get_level_values(level) for level in range(index.nlevels)]
        named = [
            (level, name)
            for level, name in zip(levels, index.names, strict=True)
            if not _are_row_numbers(level)
        ]
        self.stubs = [
            [heading(v) if listed and isinstance(v, str) else _in_index(v) for v in level]
            for level, _ in named
        ]
        self.stub_names = ["" if name is None else heading(name) for _, name in named]
        self.levels = [
            [heading(name) if name is not None else "" for name in columns.get_level_values(level)]
            for level in range(columns.nlevels)
        ]
        if isinstance(columns, pd.RangeIndex) and columns.name is None:
            self.levels = [[""] * len(columns)]
        self.level_names = ["" if n is None else heading(n) for n in columns.names]
        written = [_column(table.iloc[:, place]) for place in range(len(columns))]
        self.columns, self.words = [each[0] for each in written], [each[1] for each in written]
        self.rows = len(table)

    def text(self) -> str:
        """Write the table in letters of one width."""
        heads = [[*self.stub_names, *self.levels[-1]]]
        for names in reversed(self.levels[:-1]):
            heads.insert(0, [*[""] * len(self.stubs), *names])
        if self.level_names[-1] and self.columns:
            above = [self.level_names[-1], *[""] * (len(self.columns) - 1)]
            heads.insert(-1, [*[""] * len(self.stubs), *above])
        rows = heads + [
            [*(s[r] for s in self._sparse()), *(c[r] for c in self.columns)]
            for r in range(self.rows)
        ]
        left = [True] * len(self.stubs) + self.words
        widths = [max(len(row[place]) for row in rows) for place in range(len(left))]
        return "\n".join(
            "  ".join(
                each.ljust(width) if lefty else each.rjust(width)
                for each, width, lefty in zip(row, widths, left, strict=True)
            ).rstrip()
            for row in rows
        )

    def html(self) -> str:
        """Write the table as HTML, in the class that notebooks give to tables."""
        head = []
        for level, names in enumerate(self.levels):
            last = level == len(self.levels) - 1
            above = self.level_names[level]
            if last and above:  # what the headings of a pivot are, over all of them
                spare = _th("", True) * len(self.stubs)
                head.append(f"<tr>{spare}{_th(above, False, len(names))}</tr>")
            stubs = self.stub_names if last else [""] * len(self.stubs)
            cells = [_th(name, True) for name in stubs]
            if last:
                cells += [_th(name, words) for name, words in zip(names, self.words, strict=True)]
            else:
                cells += [_th(name, False, len(list(same))) for name, same in groupby(names)]
            head.append(f"<tr>{''.join(cells)}</tr>")
        body = []
        for row in range(self.rows):
            cells = [_th(stub[row], True) for stub in self._sparse()]
            cells += [_td(c[row], words) for c, words in zip(self.columns, self.words, strict=True)]
            body.append(f"<tr>{''.join(cells)}</tr>")
        more = ""
        if self.cut:
            left_out = say("{count:,} rows between are left out.", count=self.cut)
            more = f"<p>{escape(left_out)}</p>"
        return (
            '<table class="dataframe crmkit-table">\n<thead>\n' + "\n".join(head) + "\n</thead>\n<tbody>\n"
            + "\n".join(body) + f"\n</tbody>\n</table>{more}"
        )  # fmt: skip

    def _sparse(self) -> list[list[str]]:
        """Leave the outer names of rows out where they repeat those above."""
        outer = [
            [
                name
                if row == 0 or any(s[row] != s[row - 1] for s in self.stubs[: place + 1])
                else ""
                for row, name in enumerate(stub)
            ]
            for place, stub in enumerate(self.stubs[:-1])
        ]
        return [*outer, *self.stubs[-1:]]


def _are_row_numbers(level: pd.Index) -> bool:
    """Say whether an index only numbers the rows; one with a name, of words, or 1 to n of a group does not."""
    import pandas as pd

    if level.name is not None or not pd.api.types.is_integer_dtype(level):
        return False
    if isinstance(level, pd.RangeIndex):
        return True
    values = level.to_numpy()
    counted = bool(len(values)) and values[0] in (0, 1) and bool((np.diff(values) == 1).all())
    return not counted


def _in_index(value: Any) -> str:
    """Write a row's name; a year or an id among them is no amount."""
    whole = isinstance(value, int | np.integer) and not isinstance(value, bool)
    return str(value) if whole else cell(value)


def _th(text: str, left: bool, span: int = 1) -> str:
    wide = f' colspan="{span}"' if span > 1 else ""
    align = "left" if left else "center" if span > 1 else "right"
    return f'<th{wide} style="text-align: {align}">{escape(text)}</th>'


def _td(text: str, left: bool) -> str:
    style = ' style="text-align: left"' if left else ""
    return f"<td{style}>{escape(text)}</td>"
