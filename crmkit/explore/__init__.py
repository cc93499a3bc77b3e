"""The one layer that all explorers share: controls on the left, a picture on the right, one sentence under it.

An explorer answers a drag within about a tenth of a second because nothing is built again: the figure and its
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
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from html import escape
from threading import RLock
from typing import TYPE_CHECKING, Any

import ipywidgets as widgets

from crmkit.errors import CrmkitError
from crmkit.explore.controls import Grid, HeatCell, Picture, Row
from crmkit.later import later
from crmkit.say import say
from crmkit.style import SIZES, close, picture_html

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

agg = later("matplotlib.backends.backend_agg")
mpl_figure = later("matplotlib.figure")
screen = later("crmkit.explore.screen")

__all__ = ["CSS", "Explorer", "Grid", "HeatCell", "Row", "canvas", "explorer", "room"]

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
#: Looks of explorers, and of anything else of class crmkit-explorer.
CSS = (
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
    figure: Figure = mpl_figure.Figure(figsize=SIZES[size] if isinstance(size, str) else size)
    agg.FigureCanvasAgg(figure)
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
        if not isinstance(figure.canvas, agg.FigureCanvasAgg):
            agg.FigureCanvasAgg(figure)
        self._screen = screen.Screen(figure)
        width = int(figure.get_size_inches()[0] * 100)
        self._image = Picture(
            format="png", tooltip=alt, layout=widgets.Layout(width="100%", max_width=f"{width}px")
        )
        self._words = widgets.HTML(layout=widgets.Layout(width="100%"))
        reset = widgets.Button(
            description=say("Reset"),
            icon="undo",
            tooltip=say("Back to the start"),
            layout=_width("110px"),
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

    @property
    def alt(self) -> str:
        """The picture in words: what it shows, and what its sentence says now."""
        return say("{alt}. {sentence}", alt=self._alt.rstrip(".。"), sentence=self.sentence)

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
                self._say(
                    say(
                        "This setting cannot be drawn: {reason} Move a control or press Reset.",
                        reason=reason,
                    )
                )
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
        parts: list[widgets.Widget] = [widgets.HTML(CSS)]
        if title:
            parts.append(widgets.HTML(f'<div class="crmkit-title">{escape(title)}</div>'))
        parts += [self._controls[name] for name in self._controls if name in wide]
        narrow = [control for name, control in self._controls.items() if name not in wide]
        if not narrow:
            right.layout.flex = "0 0 auto"  # in a column, 420 px would be its height: words cut off
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
        alt = self.alt
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


def _width(width: str) -> widgets.Layout:
    return widgets.Layout(width=width)
