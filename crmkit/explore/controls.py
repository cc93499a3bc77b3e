"""Inputs that ipywidgets lacks: many of one kind as one control, a table to edit, an image with words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import ipywidgets as widgets
import numpy as np
import pandas as pd
from matplotlib.colors import to_hex
from traitlets import Any as AnyTrait
from traitlets import Unicode

from crmkit.errors import CrmkitError
from crmkit.style import COLORS, DIVERGING


def slider(text: str, value: float, low: float, high: float, step: float = 1) -> widgets.Widget:
    """Make a slider of whole numbers or, where its step is none, of decimal ones.

    Examples
    --------
    >>> type(slider("price", 20, 5, 45, 0.5)).__name__, type(slider("buyers", 20, 5, 45)).__name__
    ('FloatSlider', 'IntSlider')
    """
    kind = widgets.IntSlider if float(step).is_integer() else widgets.FloatSlider
    return kind(value=value, min=low, max=high, step=step, description=text)


class Row(widgets.VBox):
    """Many inputs of one kind as one control, such as 52 weeks to switch on and off.

    Parameters
    ----------
    cells : sequence of widgets with a ``value``
        For example ``[ToggleButton(description=str(week)) for week in range(1, 53)]``.
    per_row : int, default 13
        Inputs side by side.
    label : str, optional
        What the inputs are, shown above them.

    Examples
    --------
    >>> weeks = Row([widgets.ToggleButton(description=str(week)) for week in range(1, 53)])
    >>> weeks.value[:3]
    (False, False, False)
    >>> weeks.value = [True] * 4 + [False] * 48
    >>> sum(weeks.value)
    4
    """

    value = AnyTrait()

    def __init__(
        self, cells: Sequence[widgets.Widget], *, per_row: int = 13, label: str = ""
    ) -> None:
        self._cells = list(cells)
        self._quiet = False
        for cell in self._cells:
            cell.layout = widgets.Layout(width="auto", min_width="0", margin="1px")
        cells_in_rows = widgets.GridBox(
            self._cells,
            layout=widgets.Layout(
                grid_template_columns=f"repeat({per_row}, minmax(34px, 1fr))", width="100%"
            ),
        )
        head = [widgets.Label(label, layout=widgets.Layout(width="100%"))] if label else []
        super().__init__([*head, cells_in_rows], layout=widgets.Layout(width="100%"))
        self.value = tuple(cell.value for cell in self._cells)
        for cell in self._cells:
            cell.observe(self._gather, "value")
        self.observe(self._spread, "value")

    def _gather(self, _change: object) -> None:
        if not self._quiet:
            self.value = tuple(cell.value for cell in self._cells)

    def _spread(self, _change: object) -> None:
        values = tuple(self.value)
        if len(values) != len(self._cells):
            raise CrmkitError(f"{len(values)} values given for {len(self._cells)} inputs")
        self._quiet = True
        try:
            for cell, value in zip(self._cells, values, strict=True):
                cell.value = value
        finally:
            self._quiet = False


class Grid(widgets.GridBox):
    """A table whose cells the reader edits, as one control; its value is a DataFrame.

    Parameters
    ----------
    frame : pandas DataFrame
        Starting values; index and columns become the labels.
    cell : callable, optional
        Makes the input of one cell from its value; the default is a number box (0 to 9).

    Examples
    --------
    >>> start = pd.DataFrame({"price": [9, 1], "place": [0, 3]}, index=["cost", "convenience"])
    >>> matrix = Grid(start, cell=lambda value: widgets.Dropdown(options=[0, 1, 3, 9], value=value))
    >>> int(matrix.value.loc["cost", "price"])
    9
    """

    value = AnyTrait()

    def __init__(
        self, frame: pd.DataFrame, *, cell: Callable[[Any], widgets.Widget] | None = None
    ) -> None:
        make = cell or (lambda value: widgets.BoundedIntText(value=int(value), min=0, max=9))
        self._index, self._columns = list(frame.index), list(frame.columns)
        self._quiet = False
        self._cells = [[make(value) for value in row] for row in frame.to_numpy().tolist()]
        children: list[widgets.Widget] = [widgets.Label("")]
        children += [widgets.Label(str(name)) for name in self._columns]
        for name, row in zip(self._index, self._cells, strict=True):
            children.append(widgets.Label(str(name)))
            for column, entry in zip(self._columns, row, strict=True):
                entry.layout = widgets.Layout(width="auto", min_width="0")
                entry.tooltip = f"{name}: {column}"
                children.append(entry)
        super().__init__(
            children,
            layout=widgets.Layout(
                grid_template_columns="minmax(90px, auto) "
                + f"repeat({len(self._columns)}, minmax(46px, 1fr))",
                grid_gap="2px 6px",
                width="100%",
            ),
        )
        self.add_class("crmkit-grid")
        self.value = self._frame()
        for row in self._cells:
            for entry in row:
                entry.observe(self._gather, "value")
        self.observe(self._spread, "value")

    def _frame(self) -> pd.DataFrame:
        return pd.DataFrame(
            [[entry.value for entry in row] for row in self._cells],
            index=self._index,
            columns=self._columns,
        )

    def _gather(self, _change: object) -> None:
        if not self._quiet:
            self.value = self._frame()

    def _spread(self, _change: object) -> None:
        given = self.value.reindex(index=self._index, columns=self._columns)
        if given.isna().to_numpy().any():
            raise CrmkitError("the table given lacks rows or columns of this grid")
        self._quiet = True
        try:
            for row, values in zip(self._cells, given.to_numpy().tolist(), strict=True):
                for entry, value in zip(row, values, strict=True):
                    entry.value = value
        finally:
            self._quiet = False


class HeatCell(widgets.Button):
    """One cell of a map to click on: a click, Enter or the space bar takes the next value, and the colour follows.

    It is a button, so that the browser itself gives it the Tab key, Enter and the space bar. Harm (a negative value)
    and help have the two ends of one scale of colours; the steps between follow the square root of the value, or 1
    could not be told from 0 beside 9.

    Parameters
    ----------
    value : number
        Where it begins; one of `options`.
    options : sequence of numbers
        The values in the order of clicks; after the last comes the first.

    Raises
    ------
    CrmkitError
        A value that is none of `options`.

    Examples
    --------
    >>> cell = HeatCell(3, options=[0, 1, 3, 9])
    >>> cell.click()
    >>> cell.value, cell.description
    (9, '9')
    >>> cell.click()
    >>> cell.value
    0
    """

    value = AnyTrait()

    def __init__(self, value: float, *, options: Sequence[float]) -> None:
        self._options = list(options)
        self._most = max(abs(option) for option in self._options) or 1
        super().__init__()
        self.add_class("crmkit-heat-cell")
        self.observe(self._paint, "value")
        self.on_click(lambda _button: self._next())
        self.value = value

    def _next(self) -> None:
        place = self._options.index(self.value)
        self.value = self._options[(place + 1) % len(self._options)]

    def _paint(self, _change: object) -> None:
        if self.value not in self._options:
            raise CrmkitError(
                f"a cell of this map holds {', '.join(map(str, self._options))}, not {self.value!r}"
            )
        strength = float(np.sign(self.value) * np.sqrt(abs(self.value) / self._most))
        self.description = f"{self.value:g}" if self.value else "·"
        self.style.button_color = to_hex(DIVERGING((strength + 1) / 2))
        self.style.text_color = COLORS["paper"] if abs(strength) > 0.7 else COLORS["ink"]
        self.style.font_weight = "bold" if self.value else "normal"


class Picture(widgets.Image):
    """An image whose tooltip serves as its text for screen readers.

    ipywidgets' browser side looks at a ``description`` before it sets a tooltip, and an Image has none: without
    this empty one the image is not drawn at all (seen with ipywidgets 8.1.9).
    """

    description = Unicode("").tag(sync=True)
