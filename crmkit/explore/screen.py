"""How a kept figure is drawn fast: what did not change is not painted again."""

from __future__ import annotations

import struct
import zlib
from typing import Any, NamedTuple

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.backends.backend_agg import FigureCanvasAgg, RendererAgg
from matplotlib.figure import Figure
from matplotlib.legend import Legend
from matplotlib.text import Annotation, Text


class Screen:
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

    A text costs 3 ms to draw (every letter is painted again), a legend 10 to 20; a stamped one a twentieth of one. All
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
