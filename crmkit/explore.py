"""The one layer that all explorers share: controls on the left, a picture on the right, one sentence under it.

An explorer answers a drag within about a tenth of a second because nothing is built anew: the figure and its
artists are kept, `draw` only changes their data, and the picture goes to the browser as a lightly compressed PNG in one
image widget. While a slider is dragged the browser keeps back all but the newest position until the last picture has
arrived (the widgets' own throttle, one message under way), so updates coalesce in JupyterLab and in the browser edition
alike, without threads or timers.

How to write one: a pure function computes, ``draw`` moves the artists and gives back a sentence, `explorer` does
the rest.

>>> import numpy as np
>>> from ipywidgets import FloatSlider
>>> from crmkit.explore import canvas, explorer
>>> from crmkit.style import COLORS
>>> def kept(weeks, half_life_weeks):  # the pure function: tested without a browser
...     return 0.5 ** (weeks / half_life_weeks)
>>> def forgetting_explorer():
...     weeks = np.arange(53)
...     figure, ax = canvas()
...     (line,) = ax.plot(weeks, kept(weeks, 8), color=COLORS["focus"])
...     ax.set(title="What is still remembered", xlabel="weeks", ylabel="share remembered", ylim=(0, 1))
...     def draw(half_life):
...         line.set_ydata(kept(weeks, half_life))
...         return f"After 26 weeks {kept(26, half_life):.0%} is still remembered."
...     controls = {"half_life": FloatSlider(value=8, min=1, max=26, description="half-life (weeks)")}
...     return explorer(controls, draw, figure, alt="Share remembered over a year, falling ever more slowly")
>>> shown = forgetting_explorer()
>>> shown.sentence
'After 26 weeks 11% is still remembered.'
>>> shown.set(half_life=26)
>>> shown.sentence
'After 26 weeks 50% is still remembered.'
"""

from __future__ import annotations

import inspect
import struct
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from html import escape
from threading import RLock
from typing import Any, NamedTuple

import ipywidgets as widgets
import numpy as np
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.backends.backend_agg import FigureCanvasAgg, RendererAgg
from matplotlib.figure import Figure
from matplotlib.legend import Legend
from matplotlib.text import Annotation, Text
from traitlets import Any as AnyTrait
from traitlets import Unicode

from crmkit.errors import CrmkitError
from crmkit.style import SIZES, close, picture_html

__all__ = ["Explorer", "Grid", "Row", "canvas", "explorer", "room"]

# JupyterLab may handle widget messages on a thread of their own while a cell draws: matplotlib is not made for that.
_DRAWING = RLock()

# JupyterLab takes arrow keys and letters for itself ("C" copies the cell) unless the focused element says no, and
# ipywidgets' sliders have no name for a screen reader. Neither can be set from Python: this runs once, in the page.
_ON_LOAD = (
    "const box = this.closest('.crmkit-explorer');"
    "if (box) {"
    " const name = () => box.querySelectorAll('.widget-slider').forEach(slider => {"
    " const label = slider.querySelector('.widget-label');"
    " slider.querySelectorAll('.noUi-handle').forEach(handle =>"
    " label && handle.setAttribute('aria-label', label.textContent)); });"
    " box.addEventListener('focusin', event => { name();"
    " event.target.setAttribute('data-lm-suppress-shortcuts', 'true'); });"
    " setTimeout(name, 500); }"
)

# Below the picture that is left where no kernel runs: in a saved notebook, on a page, in print.
_STILL = (
    "<p><em>A still picture. In JupyterLab, choose Run, then Run All Cells, and it moves.</em></p>"
)
_CSS = (
    f"""<style onload="{_ON_LOAD}">"""
    + """
.crmkit-explorer .crmkit-controls .widget-inline-hbox {flex-wrap: wrap; height: auto; width: 100%; margin: 0 0 6px 0;}
.crmkit-explorer .crmkit-controls .widget-inline-hbox > .widget-label
  {width: 100%; min-width: 100%; text-align: left; white-space: normal; line-height: 1.35; height: auto;}
.crmkit-explorer .crmkit-sentence {font-size: 15px; line-height: 1.45; padding: 4px 2px;
  color: var(--jp-content-font-color1, #1f2933);}
.crmkit-explorer .crmkit-title {font-weight: 700; color: var(--jp-content-font-color1, #1f2933);}
.crmkit-explorer .crmkit-controls .jupyter-button
  {white-space: normal; height: auto; min-height: 28px; line-height: 1.25; padding: 4px 8px;}
.crmkit-explorer .crmkit-controls .widget-checkbox, .crmkit-explorer .crmkit-controls .widget-label-basic
  {height: auto; white-space: normal; line-height: 1.35;}
.crmkit-explorer .crmkit-controls .widget-label-basic {display: flex; align-items: flex-start;}
.crmkit-explorer .crmkit-controls .widget-label-basic span {white-space: normal; text-overflow: clip;}
.crmkit-explorer .crmkit-grid .widget-label {height: auto; white-space: normal; overflow-wrap: anywhere;
  line-height: 1.2; align-self: center; font-size: 12px;}
.crmkit-explorer img {background: #ffffff; height: auto;}
.crmkit-explorer .noUi-handle:focus-visible, .crmkit-explorer button:focus-visible,
.crmkit-explorer input:focus-visible, .crmkit-explorer select:focus-visible
  {outline: 3px solid #c58400; outline-offset: 2px;}
</style>"""
)


def canvas(
    *, size: str | tuple[float, float] = "normal", rows: int = 1, columns: int = 1, **subplots: Any
) -> tuple[Figure, Any]:
    """Make the figure that an explorer keeps, outside pyplot's reach so that nothing displays it twice.

    Parameters
    ----------
    size : str or (width, height), default "normal"
        A name from ``crmkit.style.SIZES`` or inches.
    rows, columns : int, default 1
        Grid of axes.
    **subplots
        Passed to ``Figure.subplots`` (``width_ratios``, ``sharey``, ...).

    Returns
    -------
    figure : matplotlib Figure
    ax : Axes, or an array of Axes where there is more than one

    Examples
    --------
    >>> figure, ax = canvas(size="small")
    >>> figure.get_size_inches().tolist()
    [5.0, 3.6]
    """
    figure = Figure(figsize=SIZES[size] if isinstance(size, str) else size)
    FigureCanvasAgg(figure)
    ax: Axes = figure.subplots(rows, columns, **subplots)
    return figure, ax


def room(highest: float, start: float) -> float:
    """Give an axis's upper end: `start`, doubled until the highest point is inside.

    An axis that follows its highest point exactly hides that anything grew.

    Parameters
    ----------
    highest : float
        Highest point to show.
    start : float
        Smallest upper end, above zero.

    Returns
    -------
    float

    Raises
    ------
    CrmkitError
        A start of 0 or less: doubled, it never grows.

    Examples
    --------
    >>> room(90, start=100), room(450, start=100)
    (100, 800)
    """
    if not start > 0:
        raise CrmkitError(f"an axis that begins at {start:g} has no room; start above 0")
    while highest > start:
        start *= 2
    return start


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


class _Screen:
    """Draws a kept figure fast: frame, grid and ticks are painted again only when they change.

    They take two thirds of the time of a drawing. What lies inside the axes (lines, bars, texts, titles, the legend) is
    painted on a stored copy of them, in the order of its z-values; words that did not change come from `_Stamps`.
    """

    def __init__(self, figure: Figure) -> None:
        self._figure = figure
        self._layout = figure.get_layout_engine()
        self._places: dict[Axes, Any] = {}
        self._background: Any = None
        self._frame: object = None
        self._left_stale: frozenset[object] = frozenset()
        self._restored = False
        self._stamps = _Stamps()

    def restore_layout(self) -> None:
        """Put the axes back to where the first drawing had them, whatever labels pushed them about meanwhile.

        Solving the layout again would not do: solved from another start it comes out a pixel beside.
        """
        self._background = None
        self._restored = True
        for ax, place in self._places.items():
            ax.set_position(place)
            # set_position ends it, and no label could be brought back any more.
            ax.set_in_layout(True)

    def render(self) -> bytes:
        """Give the figure as it is now, as PNG."""
        canvas_ = self._figure.canvas
        assert isinstance(canvas_, FigureCanvasAgg)
        if any(ax.child_axes for ax in self._figure.axes):
            canvas_.draw()  # an inset's frame lies above its parent's lines: no short cut
            self._figure.set_layout_engine("none")
            self._remember_places()
            return _encode(canvas_)
        inside = [artist for ax in self._figure.axes for artist in _inside(ax)]
        if self._background is None or self._frame_changed(inside):
            self._paint_background(canvas_, inside)
        canvas_.restore_region(self._background)
        renderer = canvas_.get_renderer()
        for artist in inside:
            self._stamps.draw(artist, renderer)
        return _encode(canvas_)

    def _remember_places(self) -> None:
        if not self._places:
            self._places = {ax: ax.get_position(original=True) for ax in self._figure.axes}

    def _paint_background(self, canvas_: FigureCanvasAgg, inside: list[Artist]) -> None:
        if not self._places:
            # Solving the layout costs as much as drawing: solve it once, with everything in place, then keep it.
            canvas_.draw()
            self._figure.set_layout_engine("none")
        animated = [artist.get_animated() for artist in inside]
        for artist in inside:
            artist.set_animated(True)
        canvas_.draw()
        if not self._restored and self._cut_off(canvas_):
            # Ticks have grown (250 became 1,750) and pushed a label over the edge: solve the layout again.
            self._figure.set_layout_engine(self._layout)
            for artist, before in zip(inside, animated, strict=True):
                artist.set_animated(before)
            canvas_.draw()
            self._figure.set_layout_engine("none")
            for artist in inside:
                artist.set_animated(True)
            canvas_.draw()
        self._remember_places()
        self._restored = False
        self._background = canvas_.copy_from_bbox(self._figure.bbox)
        for artist, before in zip(inside, animated, strict=True):
            artist.set_animated(before)
        self._frame = self._frame_now()
        self._left_stale = self._stale(inside)
        self._stamps.clear()

    def _cut_off(self, canvas_: FigureCanvasAgg) -> bool:
        """Say whether an axis's words reach beyond the figure's edge."""
        renderer = canvas_.get_renderer()
        width, height = canvas_.get_width_height()
        for ax in self._figure.axes:
            for axis in (ax.xaxis, ax.yaxis):
                box = (
                    axis.get_tightbbox(renderer)
                    if ax.get_visible() and ax.axison and axis.get_visible()
                    else None
                )
                if box is not None and (
                    box.x0 < -1 or box.y0 < -1 or box.x1 > width + 1 or box.y1 > height + 1
                ):
                    return True
        return False

    def _frame_changed(self, inside: list[Artist]) -> bool:
        return self._frame_now() != self._frame or bool(self._stale(inside) - self._left_stale)

    def _frame_now(self) -> object:
        """What the frames look like: what is shown of them, limits, scales, labels, and what places the ticks."""
        return [
            (
                ax.get_visible(),
                ax.axison,
                tuple(ax.viewLim.bounds),
                ax.get_xscale(),
                ax.get_yscale(),
                ax.get_xlabel(),
                ax.get_ylabel(),
                *(
                    part
                    for axis in (ax.xaxis, ax.yaxis)
                    for part in (
                        axis.get_visible(),
                        axis.get_major_locator(),
                        axis.get_major_formatter(),
                    )
                ),
            )
            for ax in self._figure.axes
        ]

    def _stale(self, inside: list[Artist]) -> frozenset[object]:
        """What matplotlib itself marks as changed outside the axes' insides."""
        within = {id(artist) for artist in inside}
        outside: list[Artist] = [
            artist for artist in self._figure.get_children() if not isinstance(artist, Axes)
        ]
        for ax in self._figure.axes:
            outside += [child for child in ax.get_children() if id(child) not in within]
        return _stale(outside)


def _stale(artists: list[Artist]) -> frozenset[object]:
    """What matplotlib marks as changed in artists and their parts; an undrawn part stays marked, drawing or not.

    An axis itself does not count: it is marked when limits or a label are set to what they were.
    """
    found: set[object] = set()
    waiting = list(artists)
    while waiting:
        artist = waiting.pop()
        if artist.stale and not isinstance(artist, Axis):
            found.add((id(artist), artist.get_visible()))
        waiting += artist.get_children()
    return frozenset(found)


def _inside(ax: Axes) -> list[Artist]:
    """Give what is drawn within the axes' frame, titles included, from back to front."""
    if not ax.get_visible():
        return []
    frame = {ax.patch, ax.xaxis, ax.yaxis, *ax.spines.values()}
    artists = [child for child in ax.get_children() if child not in frame and child.get_visible()]
    return sorted(artists, key=lambda artist: artist.get_zorder())


class _Stamps:
    """Keeps words and legends as small pictures for as long as nothing changes them.

    A text costs 3 ms to draw (every letter is painted anew), a legend 10 to 20; a stamped one a twentieth of one. All
    words go by way of a picture, also those that change: where two letters touch, drawn at once they come out a shade
    different, and Reset would not bring back the same picture.
    """

    def __init__(self) -> None:
        self._kept: dict[Artist, _Stamp] = {}

    def clear(self) -> None:
        """Forget all pictures, where the axes have moved or have new limits."""
        self._kept.clear()

    def draw(self, artist: Artist, renderer: RendererAgg) -> None:
        """Draw an artist, from its picture where it has one that still holds."""
        if not isinstance(artist, Text | Legend) or _seeks_its_place(artist):
            artist.draw(renderer)
            return
        if isinstance(artist, Text) and not artist.get_text():
            return
        looks, stamp = _looks(artist), self._kept.get(artist)
        plain = isinstance(artist, Text) and not _framed(artist)
        if (
            stamp is None
            or stamp.looks != looks
            or (not plain and _stale([artist]) - stamp.left_stale)
        ):
            picture = _picture(artist, renderer)
            stamp = self._kept[artist] = _Stamp(looks, _stale([artist]), picture)
        if stamp.picture[2].size:
            renderer.draw_image(renderer.new_gc(), *stamp.picture)


class _Stamp(NamedTuple):
    looks: object
    left_stale: frozenset[object]
    picture: tuple[int, int, np.ndarray]  # left and lower edge in pixels, and what to lay there


def _seeks_its_place(artist: Artist) -> bool:
    """Say whether it is a legend that looks for the emptiest corner at every drawing."""
    return isinstance(artist, Legend) and artist._loc_real == 0  # type: ignore[attr-defined]


def _framed(text: Text) -> bool:
    """Say whether a text has a box or an arrow."""
    return text.get_bbox_patch() is not None or getattr(text, "arrow_patch", None) is not None


def _looks(artist: Text | Legend) -> object:
    """What words look like: of a text everything, of a legend what matplotlib does not mark."""
    if isinstance(artist, Legend):
        return artist.axes and artist.axes.bbox.bounds
    place = (
        *artist.get_transform().transform(artist.get_unitless_position()),
        *(artist.xy if isinstance(artist, Annotation) else ()),
    )
    # Not whether it is stale: matplotlib calls a text changed that was set to the words and the place that it has.
    passing = ("_stale", "_renderer", "xy")
    own = {name: of for name, of in vars(artist).items() if name not in passing}
    return own, place, hash(artist.get_fontproperties())


def _picture(artist: Text | Legend, renderer: RendererAgg) -> tuple[int, int, np.ndarray]:
    """Draw words alone on clear ground, and cut the ground away."""
    alone = RendererAgg(int(renderer.width), int(renderer.height), renderer.dpi)
    artist.draw(alone)
    whole = np.asarray(alone.buffer_rgba())[::-1]  # as matplotlib counts rows: from below
    if isinstance(artist, Text) and not _framed(artist):
        box = artist.get_window_extent(alone)  # known already, where to search takes a while
        left, bottom = (max(int(edge) - 4, 0) for edge in (box.x0, box.y0))  # letters lean over it
        right, top = max(int(box.x1) + 5, 0), max(int(box.y1) + 5, 0)
    else:
        inked = whole[..., 3] > 0
        rows, columns = np.flatnonzero(inked.any(axis=1)), np.flatnonzero(inked.any(axis=0))
        if not len(rows):
            return 0, 0, whole[:0]
        bottom, top, left, right = rows[0], rows[-1] + 1, columns[0], columns[-1] + 1
    return int(left), int(bottom), whole[bottom:top, left:right].copy()


class _Picture(widgets.Image):
    """An image whose tooltip serves as its text for screen readers.

    ipywidgets' browser side looks at a ``description`` before it sets a tooltip, and an Image has none: without
    this empty one the image is not drawn at all (seen with ipywidgets 8.1.9).
    """

    description = Unicode("").tag(sync=True)


class Explorer(widgets.VBox):
    """A picture that answers its controls; made by :func:`explorer`.

    Attributes
    ----------
    values : dict
        What the controls say now, by name (a button says how often it was pressed).
    sentence : str
        What the reader sees now, in words.
    picture : bytes
        The PNG on screen.
    changed : str or None
        The control that was moved last; None at the start and after a reset.
    error : Exception or None
        What went wrong in the last drawing, for tests; the reader sees a sentence.
    """

    def __init__(
        self,
        controls: Mapping[str, widgets.Widget],
        draw: Callable[..., str],
        figure: Figure,
        *,
        alt: str,
        title: str = "",
        wide: Sequence[str] = (),
    ) -> None:
        if not alt.strip():
            raise CrmkitError("an explorer needs alt text: what its picture shows")
        strangers = sorted(set(wide) - set(controls))
        if strangers:
            raise CrmkitError(f"wide names no control: {', '.join(strangers)}")
        self._controls = dict(controls)
        self._draw = draw
        self._wants_changed = "changed" in inspect.signature(draw).parameters
        self._figure = figure
        self._presses = {
            name: 0 for name, control in controls.items() if isinstance(control, widgets.Button)
        }
        self._alt = alt
        self._held = False
        self.changed: str | None = None
        self.error: Exception | None = None
        self.sentence = ""
        self.picture = b""
        close(figure)
        if not isinstance(figure.canvas, FigureCanvasAgg):
            FigureCanvasAgg(figure)
        self._screen = _Screen(figure)
        width = int(figure.get_size_inches()[0] * 100)
        self._image = _Picture(
            format="png", tooltip=alt, layout=widgets.Layout(width="100%", max_width=f"{width}px")
        )
        self._words = widgets.HTML(layout=widgets.Layout(width="100%"))
        reset = widgets.Button(
            description="Reset", icon="undo", tooltip="Back to the start", layout=_width("110px")
        )
        reset.on_click(lambda _button: self.reset())
        self._start = {name: control.value for name, control in self._with_value()}
        for name, control in self._controls.items():
            if isinstance(control, widgets.Button):
                control.on_click(lambda _button, name=name: self._pressed(name))
            else:
                control.observe(lambda _change, name=name: self._moved(name), "value")
        self._update()
        super().__init__(self._layout(title, reset, frozenset(wide)))
        self.add_class("crmkit-explorer")

    @property
    def values(self) -> dict[str, Any]:
        """What the controls say now, by name."""
        said = {name: control.value for name, control in self._with_value()}
        return {name: (self._presses | said)[name] for name in self._controls}

    def set(self, **values: Any) -> None:
        """Move several controls and draw once: for tests and for a lesson that shows a setting.

        Parameters
        ----------
        **values
            New value by control name; for a button the number of presses.

        Raises
        ------
        CrmkitError
            Where a name is not a control.
        """
        strangers = sorted(set(values) - set(self._controls))
        if strangers:
            raise CrmkitError(
                f"no control named {', '.join(strangers)}; there are {', '.join(self._controls)}"
            )
        with self._hold():
            for name, value in values.items():
                if name in self._presses:
                    self._presses[name] = int(value)
                else:
                    self._controls[name].value = value
                self.changed = name
        self._update()

    def reset(self) -> None:
        """Put every control back to where it stood at the start, and draw once."""
        with self._hold():
            for name in self._presses:
                self._presses[name] = 0
            for name, control in self._with_value():
                control.value = self._start[name]
        self.changed = None
        self._screen.restore_layout()
        self._update()

    def _with_value(self) -> Iterator[tuple[str, widgets.Widget]]:
        for name, control in self._controls.items():
            if name not in self._presses:
                yield name, control

    @contextmanager
    def _hold(self) -> Iterator[None]:
        self._held = True
        try:
            yield
        finally:
            self._held = False

    def _moved(self, name: str) -> None:
        if not self._held:
            self.changed = name
            self._update()

    def _pressed(self, name: str) -> None:
        self._presses[name] += 1
        self.changed = name
        self._update()

    def _update(self) -> None:
        """Let `draw` move the artists, then send picture and sentence. A failure becomes a sentence."""
        with _DRAWING:
            try:
                extra = {"changed": self.changed} if self._wants_changed else {}
                sentence = str(self._draw(**self.values, **extra))
                picture = self._screen.render()
            except Exception as failure:  # whatever the reader dialled in, the lesson goes on
                self.error = failure
                reason = str(failure) or type(failure).__name__
                self._say(f"This setting cannot be drawn: {reason} Move a control or press Reset.")
                return
            self.error = None
            self.picture = picture
            self._image.value = picture
            self._say(sentence)

    def _say(self, sentence: str) -> None:
        self.sentence = sentence
        self._words.value = (
            '<div class="crmkit-sentence" role="status" aria-live="polite">'
            f"{escape(sentence, quote=False)}</div>"
        )

    def _layout(
        self, title: str, reset: widgets.Button, wide: frozenset[str]
    ) -> tuple[widgets.Widget, ...]:
        for name, control in self._controls.items():
            if name not in wide and not isinstance(control, Grid | Row):
                control.layout.width = "100%"
        right = widgets.VBox(
            [self._image, self._words], layout=widgets.Layout(flex="1 1 420px", min_width="300px")
        )
        parts: list[widgets.Widget] = [widgets.HTML(_CSS)]
        if title:
            parts.append(widgets.HTML(f'<div class="crmkit-title">{escape(title)}</div>'))
        parts += [self._controls[name] for name in self._controls if name in wide]
        narrow = [control for name, control in self._controls.items() if name not in wide]
        if not narrow:
            return (*parts, reset, right)
        left = widgets.VBox(
            [*narrow, reset],
            layout=widgets.Layout(flex="0 1 260px", min_width="220px", padding="0 12px 0 8px"),
        )
        left.add_class("crmkit-controls")
        body = widgets.HBox(
            [left, right], layout=widgets.Layout(flex_flow="row wrap", width="100%")
        )
        return (*parts, body)

    def _repr_mimebundle_(self, **_options: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        """Give the widget for a running lesson and a picture with alt text for every other reader."""
        alt = f"{self._alt.rstrip('.')}. {self.sentence}"
        data: dict[str, Any] = {
            "text/plain": f"Explorer: {alt}",
            "text/html": picture_html(self.picture, alt=alt) + _STILL,
            "application/vnd.jupyter.widget-view+json": {
                "version_major": 2,
                "version_minor": 0,
                "model_id": self.model_id,
            },
        }
        return data, {}


def explorer(
    controls: Mapping[str, widgets.Widget],
    draw: Callable[..., str],
    figure: Figure,
    *,
    alt: str,
    title: str = "",
    wide: Sequence[str] = (),
) -> Explorer:
    """Join controls and a kept figure into one widget that answers at once and says what is seen.

    Parameters
    ----------
    controls : dict of str to widget
        ipywidgets by name, in the order in which they stand. Anything with a ``value`` (sliders, drop-downs, text,
        check boxes, :class:`Grid`, :class:`Row`) gives `draw` that value; a ``Button`` gives the number of times it was
        pressed.
    draw : callable
        Called with one keyword argument per control. It changes the data of artists that are already on the figure
        (``line.set_ydata``, ``bar.set_height``, ``text.set_text``) and returns the sentence that says what is
        seen. A parameter named ``changed`` also receives the name of the control moved last. Where it raises, the last
        picture stays and the reason is shown as the sentence.
    figure : matplotlib Figure
        From :func:`canvas`, or the figure of a plot function's Axes. Set axis limits beforehand: the layout
        is solved once.
    alt : str
        What the picture shows, for those who cannot see it; the sentence of the moment is added to it.
    title : str, optional
        A line above the explorer.
    wide : sequence of str, optional
        Controls too wide for the left column (a grid, 52 weeks): they stand above the picture.

    Returns
    -------
    Explorer
        The last expression of a cell shows it. A stored notebook keeps its picture for readers without a kernel.

    Raises
    ------
    CrmkitError
        Where alt text is missing or `wide` names no control.

    Examples
    --------
    >>> figure, ax = canvas(size="small")
    >>> bar = ax.bar(["profit"], [0])[0]
    >>> _ = ax.set_ylim(0, 100)
    >>> def draw(price):
    ...     bar.set_height(10 * price)
    ...     return f"At £{price} the profit is £{10 * price}."
    >>> price = widgets.IntSlider(value=3, min=0, max=10, description="price (£)")
    >>> profit = explorer({"price": price}, draw, figure, alt="Profit at the chosen price")
    >>> price.value = 7
    >>> profit.sentence
    'At £7 the profit is £70.'
    >>> profit.reset()
    >>> profit.values
    {'price': 3}
    """
    return Explorer(controls, draw, figure, alt=alt, title=title, wide=wide)


def _encode(canvas_: FigureCanvasAgg) -> bytes:
    """Write the drawn canvas as PNG in half the time that Pillow takes, which tries five filters on every row."""
    pixels = np.asarray(canvas_.buffer_rgba())
    height, width = pixels.shape[:2]
    # A row begins with the number of its filter: 0, none.
    rows = np.zeros((height, 1 + 3 * width), dtype=np.uint8)
    rows[:, 1:].reshape(height, width, 3)[...] = pixels[..., :3]
    # 8 bits a colour, 2 for red, green and blue; the zeros are PNG's only compression, filtering and order.
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = ((b"IHDR", header), (b"IDAT", zlib.compress(rows.tobytes(), 1)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        for name, data in parts
    )


def _width(width: str) -> widgets.Layout:
    return widgets.Layout(width=width)
