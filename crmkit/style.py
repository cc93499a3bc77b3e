"""One look for all figures: a palette that colour-blind readers can tell apart, and `show` with alt text.

Importing this module sets matplotlib's defaults (:func:`use`), so that a learner's own ``frame.plot()`` looks like the
lesson's figures. Colours are asked for by role, never by code::

    from crmkit.style import COLORS, axes, show

    ax = axes()
    ax.plot(weeks, recall, color=COLORS["focus"])
    show(ax, alt="Recall falls by half within four weeks of the last advertisement.")

The seven colours keep at least 3:1 contrast against white and stay apart under deuteranopia, protanopia and
tritanopia (Machado, Oliveira & Fernandes 2009, IEEE TVCG 15(6)); tests/explore holds them to it. Figures have an opaque
white ground, so that they read the same in JupyterLab's light and dark themes and on paper.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from html import escape
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

import matplotlib as mpl
import numpy as np
from cycler import cycler
from matplotlib.colors import LinearSegmentedColormap, to_hex

from crmkit.errors import CrmkitError
from crmkit.later import later

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from pandas import DataFrame, Series

mpl_figure = later("matplotlib.figure")

#: Colour by role. ``focus`` is what the figure is about, ``contrast`` what it is compared with; ``good`` and ``bad``
#: are gain and loss; ``truth`` is what the world knows and the company does not; ``muted`` is everybody else.
COLORS: dict[str, str] = {
    "focus": "#293EBA",
    "contrast": "#C58400",
    "good": "#00A766",
    "bad": "#A8391E",
    "extra": "#703481",
    "muted": "#808A96",
    "truth": "#1F2933",
    "ink": "#1F2933",
    "grid": "#DDE2E8",
    "paper": "#FFFFFF",
}

# Letters are thin: they need 4.5:1 against white, where a line or a bar is told apart at 3:1 (WCAG 2.2, 1.4.3, 1.4.11).
_FOR_LETTERS: dict[str, str] = {
    COLORS["contrast"]: "#8A5F00",
    COLORS["good"]: "#007A4B",
    COLORS["muted"]: "#626B76",
}

#: The order in which series take their colours.
CYCLE: tuple[str, ...] = tuple(
    COLORS[role] for role in ("focus", "contrast", "good", "bad", "extra", "muted")
)

#: Fixed colours for names that come back in many lessons, so that a tier or a state never changes its colour.
NAMED: dict[str, str] = {
    "VIP": COLORS["extra"],
    "key": COLORS["focus"],
    "ordinary": COLORS["good"],
    "small": COLORS["muted"],
    "awake": COLORS["good"],
    "drowsy": COLORS["contrast"],
    "half-asleep": COLORS["bad"],
    "asleep": COLORS["ink"],
    "price": COLORS["contrast"],
    "value": COLORS["focus"],
    "compound": COLORS["good"],
    "solution": COLORS["focus"],
    "cost": COLORS["contrast"],
    "convenience": COLORS["good"],
    "communication": COLORS["extra"],
}

#: Little to much, light to dark (for shares, counts, heat maps).
SEQUENTIAL = LinearSegmentedColormap.from_list(
    "crmkit_sequential", ["#F3F5FC", "#A9B6EA", "#5A70D0", "#293EBA", "#141F63"]
)
#: Loss to gain around a meaningful middle.
DIVERGING = LinearSegmentedColormap.from_list(
    "crmkit_diverging", ["#7C2410", "#D08A74", "#F7F7F7", "#7F8FDD", "#1D2C8C"]
)

#: Width and height in inches. One inch is 100 CSS pixels on screen: ``normal`` fills a lesson's column.
SIZES: dict[str, tuple[float, float]] = {
    "normal": (7.6, 4.4),
    "wide": (9.6, 4.4),
    "tall": (7.6, 6.4),
    "small": (5.0, 3.6),
}

#: Points between a title's end and the figure's edge, where the title has to be moved.
_TITLE_GAP_PT = 4.0
_SCREEN_DPI = 100
_FILE_DPI = 150  # sharper than the screen's CSS pixels, for good displays and for print

# The 6,763 characters of everyday simplified Chinese (GB 2312): neither a browser's Python nor every machine has a
# font for them. Made by tools/cjk_font.py; its licence lies beside it.
_CHINESE = Path(__file__).parent / "fonts/crmkit-sans-sc.otf"


@cache
def chinese_font() -> str:
    """Make the font for Chinese characters that ships with crmkit known to matplotlib, and name it.

    Returns
    -------
    str
        The family's name as matplotlib knows it; `use` puts it behind the font for Latin letters.

    Examples
    --------
    >>> chinese_font()
    'crmkit Sans SC'
    """
    from matplotlib.font_manager import fontManager

    fontManager.addfont(_CHINESE)
    font = fontManager.ttflist[-1]
    # It has one weight. Known as bold too, or matplotlib warns under the first figure with a bold title.
    fontManager.ttflist.append(replace(font, weight=700))
    return str(font.name)


def use() -> None:
    """Set matplotlib's defaults to the course's look; done once when this module is imported.

    Fonts are large enough to read when a figure is shown at half its width (12.5 points on a 7.6 inch figure).

    Examples
    --------
    >>> use()
    >>> mpl.rcParams["axes.spines.top"]
    False
    """
    mpl.rcParams.update(
        {
            "figure.figsize": SIZES["normal"],
            "figure.dpi": _SCREEN_DPI,
            "figure.facecolor": COLORS["paper"],
            "figure.constrained_layout.use": True,
            "savefig.facecolor": COLORS["paper"],
            "savefig.transparent": False,
            "font.family": ["DejaVu Sans", chinese_font()],
            "font.size": 12.5,
            "text.color": COLORS["ink"],
            "text.parse_math": False,  # a price in dollars is no formula
            "axes.facecolor": COLORS["paper"],
            "axes.edgecolor": COLORS["muted"],
            "axes.labelcolor": COLORS["ink"],
            "axes.labelsize": 12.5,
            "axes.titlesize": 14,
            "axes.titleweight": "bold",
            "axes.titlelocation": "left",
            "axes.titlepad": 10,
            "axes.spines.top": False,
            "axes.spines.right": False,
            "axes.grid": True,
            "axes.grid.axis": "y",
            "axes.axisbelow": True,
            "axes.prop_cycle": cycler(color=CYCLE),
            "axes.unicode_minus": True,
            "grid.color": COLORS["grid"],
            "grid.linewidth": 0.8,
            "lines.linewidth": 2.4,
            "lines.markersize": 7,
            "patch.edgecolor": COLORS["paper"],
            "xtick.color": COLORS["ink"],
            "ytick.color": COLORS["ink"],
            "xtick.labelsize": 11.5,
            "ytick.labelsize": 11.5,
            "legend.frameon": False,
            "legend.fontsize": 11.5,
            "image.cmap": "cividis",
        }
    )


def axes(ax: Axes | None = None, *, size: str | tuple[float, float] = "normal") -> Axes:
    """Give back `ax`, or a new one in the course's look: the first line of every plot function.

    Parameters
    ----------
    ax : matplotlib Axes, optional
        Where to draw. Without it a new figure is made.
    size : str or (width, height), default "normal"
        A name from :data:`SIZES` or inches; used for a new figure only.

    Returns
    -------
    matplotlib Axes

    Examples
    --------
    >>> ax = axes(size="small")
    >>> ax.figure.get_size_inches().tolist()
    [5.0, 3.6]
    >>> axes(ax) is ax
    True
    """
    if ax is not None:
        return ax
    import matplotlib.pyplot as plt

    _, new = plt.subplots(figsize=SIZES[size] if isinstance(size, str) else size)
    return new


def color(name: str) -> str:
    """Look up the fixed colour of a role, tier, state or need type.

    Parameters
    ----------
    name : str
        A key of :data:`COLORS` or :data:`NAMED`.

    Returns
    -------
    str
        A hex code; an unknown name gets the muted grey.

    Examples
    --------
    >>> color("VIP") == COLORS["extra"]
    True
    """
    return COLORS.get(name) or NAMED.get(name) or COLORS["muted"]


def for_letters(hue: str) -> str:
    """Give a colour of this module in the shade in which letters on white are easy to read.

    Parameters
    ----------
    hue : str
        One of the codes in :data:`COLORS` or :data:`NAMED`.

    Returns
    -------
    str
        A hex code with a contrast of at least 4.5:1.

    Examples
    --------
    >>> for_letters(COLORS["contrast"])
    '#8A5F00'
    >>> for_letters(COLORS["focus"]) == COLORS["focus"]
    True
    """
    return _FOR_LETTERS.get(hue, hue)


def shades(count: int) -> list[str]:
    """Give `count` shades of one colour for ordered things, from light to dark.

    Parameters
    ----------
    count : int
        How many; at least one.

    Returns
    -------
    list of str
        Hex codes.

    Examples
    --------
    >>> shades(2)
    ['#a9b6ea', '#141f63']
    """
    return [to_hex(SEQUENTIAL(at)) for at in np.linspace(0.25, 1.0, max(count, 1))]


def alt_text(figure: Figure) -> str:
    """Read a figure's alt text as :func:`show` stored it.

    Parameters
    ----------
    figure : matplotlib Figure

    Returns
    -------
    str
        Empty where none was given.

    Examples
    --------
    >>> alt_text(axes().figure)
    ''
    """
    return str(getattr(figure, "_crmkit_alt", ""))


def png(figure: Figure, *, dpi: int = _FILE_DPI) -> bytes:
    """Draw a figure as PNG bytes on an opaque ground; the same figure gives the same bytes.

    Parameters
    ----------
    figure : matplotlib Figure
    dpi : int, default 150
        Dots per inch.

    Returns
    -------
    bytes

    Examples
    --------
    >>> png(axes(size="small").figure)[1:4]
    b'PNG'
    """
    buffer = BytesIO()
    figure.savefig(buffer, format="png", dpi=dpi, metadata={"Software": None})
    return buffer.getvalue()


def titles_inside(figure: Figure) -> None:
    """Move each title that runs over the right edge to the left, until it ends within the figure.

    A title begins where the axes begin; long names of bars push them to the right.

    Examples
    --------
    >>> ax = axes(size="small")
    >>> _ = ax.barh(["a bar with a very long name"], [1])
    >>> _ = ax.set_title("A title of some length, too")
    >>> titles_inside(ax.figure)
    >>> ax.figure.draw_without_rendering()
    >>> bool(ax.get_tightbbox().x1 <= ax.figure.bbox.x1)
    True
    """
    from matplotlib.text import Text

    figure.draw_without_rendering()
    for ax in figure.axes:
        said = ax.get_title(loc="left")
        for text in ax.get_children():
            if not (said and isinstance(text, Text) and text.get_text() == said):
                continue
            extent = text.get_window_extent()
            over = extent.x1 - figure.bbox.x1 + _TITLE_GAP_PT * figure.dpi / 72
            if over > 0:
                text.set_x(text.get_position()[0] - min(over, extent.x0) / ax.bbox.width)


def reach(table: DataFrame, middle: str) -> np.ndarray:
    """Give the lengths of error bars, below and above, from a table's intervals.

    Parameters
    ----------
    table : DataFrame
        With ``low``, ``high`` and the column `middle`.
    middle : str
        The estimate, where the bars begin.

    Returns
    -------
    ndarray
        Two rows, as `Axes.errorbar` wants them.

    Examples
    --------
    >>> import pandas as pd
    >>> reach(pd.DataFrame({"share": [0.5], "low": [0.25], "high": [1.0]}), "share").tolist()
    [[0.25], [0.5]]
    """
    ends = table[["low", "high"]].sub(table[middle], axis=0).abs()
    return ends.to_numpy(dtype=float).T


def show(
    drawn: Axes | Figure | Sequence[Axes] | np.ndarray | DataFrame | Series, *, alt: str = ""
) -> None:
    """Display a figure with its alt text, or a table as a reader wants it.

    A figure is closed, so that the notebook does not draw it twice. A table gets headings in words and numbers with
    the digits that count; the frame itself stays as it is.

    Parameters
    ----------
    drawn : Axes, Figure, several Axes of one Figure, DataFrame or Series
        What a plot function gave back, or a result.
    alt : str
        For a figure: what a reader who cannot see it needs, the finding and its main numbers, in a sentence or two.
        Write the numbers with an f-string from the cell's own variables, so that text and figure cannot part.

    Raises
    ------
    CrmkitError
        Where a figure has no `alt`: without words it is lost on some readers.

    Examples
    --------
    >>> ax = axes(size="small")
    >>> _ = ax.bar(["2024", "2025"], [3, 4])
    >>> show(ax, alt="Sales rose from 3 to 4 million between 2024 and 2025.")  # doctest: +SKIP
    """
    from IPython.display import display
    from pandas import DataFrame, Series

    if isinstance(drawn, DataFrame | Series):
        from crmkit.readable import Readable

        table = Readable(drawn)
        display({"text/html": table.html(), "text/plain": table.text()}, raw=True)
        return
    if not alt.strip():
        raise CrmkitError("show needs alt text: the figure's finding in a sentence or two")
    figure = _figure_of(drawn)
    figure._crmkit_alt = alt  # type: ignore[attr-defined]
    titles_inside(figure)
    width = round(figure.get_size_inches()[0] * _SCREEN_DPI)
    picture = picture_html(png(figure), alt=alt, width=width)
    close(figure)
    display({"text/html": picture, "text/plain": f"Figure: {alt}"}, raw=True)


def picture_html(picture: bytes, *, alt: str, width: int | None = None) -> str:
    """Wrap a PNG as an HTML image: the one form in which JupyterLab lets alt text reach the page.

    Parameters
    ----------
    picture : bytes
        A PNG.
    alt : str
        What a reader who cannot see it needs.
    width : int, optional
        In pixels; a narrower page shows it narrower.

    Returns
    -------
    str

    Examples
    --------
    >>> picture_html(b"", alt="Sales <rose>", width=200).split(" style")[0]
    '<img class="crmkit-figure" alt="Sales &lt;rose&gt;" width="200"'
    """
    wide = "" if width is None else f' width="{width}"'
    return (
        f'<img class="crmkit-figure" alt="{escape(alt, quote=True)}"{wide} style="max-width: 100%; height: auto" '
        f'src="data:image/png;base64,{b64encode(picture).decode("ascii")}">'
    )


def close(figure: Figure) -> None:
    """Take a figure out of pyplot's hands, so that nothing displays it by itself.

    Examples
    --------
    >>> import matplotlib.pyplot as plt
    >>> figure = axes().figure
    >>> close(figure)
    >>> figure.number in plt.get_fignums()
    False
    """
    import matplotlib.pyplot as plt

    plt.close(figure)


def _figure_of(drawn: Axes | Figure | Sequence[Axes] | np.ndarray) -> Figure:
    """Find the figure behind an Axes, a Figure, or a grid of Axes."""
    if isinstance(drawn, mpl_figure.Figure):
        return drawn
    if isinstance(drawn, (list, tuple, np.ndarray)):
        return _figure_of(np.ravel(np.asarray(drawn, dtype=object))[0])
    figure = getattr(drawn, "figure", None)
    if not isinstance(figure, mpl_figure.Figure):
        raise CrmkitError(
            f"show draws an Axes or a Figure of matplotlib, not {type(drawn).__name__}; "
            "give it what the plot function returned"
        )
    return figure


use()
