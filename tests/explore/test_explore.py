"""The shared layer of explorers, without a browser: what is drawn, said, reset, and what happens when drawing fails."""

from io import BytesIO

import ipywidgets as widgets
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from PIL import Image

from crmkit.errors import CrmkitError
from crmkit.explore import Grid, Row, canvas, explorer
from crmkit.style import picture_html


def pixels(png):
    return np.asarray(Image.open(BytesIO(png)).convert("RGB"), dtype=int)


def drawn_from_scratch(figure):
    """The figure as matplotlib itself draws it, without our short cut."""
    FigureCanvasAgg(figure)
    figure.canvas.draw()
    return np.asarray(figure.canvas.buffer_rgba(), dtype=int)[..., :3]


def bars_explorer(**options):
    figure, ax = canvas(size="small")
    bars = ax.bar(["a", "b"], [0, 0])
    ax.set_ylim(0, 10)

    def draw(height, double):
        for bar in bars:
            bar.set_height(height * (2 if double else 1))
        return f"Both bars are {height * (2 if double else 1)} high."

    controls = {
        "height": widgets.IntSlider(value=2, min=0, max=5, description="height"),
        "double": widgets.Checkbox(value=False, description="twice"),
    }
    return explorer(controls, draw, figure, alt="Two bars of equal height", **options)


def test_a_moved_control_changes_picture_and_sentence():
    shown = bars_explorer()
    before = shown.picture
    shown._controls["height"].value = 4
    assert shown.sentence == "Both bars are 4 high."
    assert shown.picture != before
    assert shown._image.value == shown.picture
    assert "Both bars are 4 high." in shown._words.value
    assert shown.changed == "height"


def test_several_controls_move_with_one_drawing():
    shown = bars_explorer()
    calls = []
    inner = shown._draw
    shown._draw = lambda **values: calls.append(values) or inner(**values)
    shown.set(height=3, double=True)
    assert calls == [{"height": 3, "double": True}]


def test_reset_brings_back_picture_values_and_sentence():
    shown = bars_explorer()
    start = shown.picture, shown.values, shown.sentence
    shown.set(height=5, double=True)
    assert shown.picture != start[0]
    shown.reset()
    assert (shown.picture, shown.values, shown.sentence) == start
    assert shown.changed is None


def test_reset_brings_back_the_layout_that_long_labels_pushed_about():
    figure, (left, right) = canvas(size="wide", columns=2)
    bars = left.barh(["a", "b"], [1, 2])
    right.text(-0.1, 0.5, "words beside the axes", ha="right", transform=right.transAxes)

    def draw(height):
        bars[1].set_width(height)
        left.set_xlim(0, height)
        left.set_yticks([0, 1], ["a", "b" * (1 + int(height))])
        return f"{height}"

    shown = explorer({"height": widgets.IntSlider(value=2, max=60)}, draw, figure, alt="two bars")
    start = shown.picture
    for height in (60, 3, 40):
        shown.set(height=height)
        shown.reset()
        assert shown.picture == start


def test_the_reset_button_of_the_page_does_the_same():
    shown = bars_explorer()
    shown.set(height=5)
    button = next(w for w in every_widget(shown) if getattr(w, "description", "") == "Reset")
    button.click()
    assert shown.values["height"] == 2


def every_widget(widget):
    yield widget
    for child in getattr(widget, "children", ()):
        yield from every_widget(child)


def test_a_failure_in_draw_becomes_a_sentence_and_the_picture_stays():
    figure, _ = canvas(size="small")

    def draw(share):
        if share == 0:
            raise ZeroDivisionError("a share of nothing has no meaning.")
        return f"One in {1 / share:.0f}."

    shown = explorer({"share": widgets.FloatSlider(value=0.5, max=1)}, draw, figure, alt="A share")
    before = shown.picture
    shown.set(share=0)
    assert shown.picture == before
    assert shown.sentence == (
        "This setting cannot be drawn: a share of nothing has no meaning. Move a control or press Reset."
    )
    assert isinstance(shown.error, ZeroDivisionError)
    shown.set(share=0.25)
    assert shown.error is None
    assert shown.sentence == "One in 4."


def test_a_sentence_is_shown_as_text_not_as_markup():
    figure, _ = canvas(size="small")
    shown = explorer(
        {"name": widgets.Text(value="<b>Bo</b> & co")}, lambda name: name, figure, alt="x y"
    )
    assert "&lt;b&gt;Bo&lt;/b&gt; &amp; co" in shown._words.value
    assert shown.sentence == "<b>Bo</b> & co"


def test_buttons_count_their_presses_and_say_which_was_last():
    figure, _ = canvas(size="small")
    ask, stop = widgets.Button(description="Ask"), widgets.Button(description="Stop")
    shown = explorer(
        {"ask": ask, "stop": stop},
        lambda ask, stop, changed: f"asked {ask}, stopped {stop}, last {changed}",
        figure,
        alt="a game",
    )
    assert shown.sentence == "asked 0, stopped 0, last None"
    ask.click()
    ask.click()
    stop.click()
    assert shown.sentence == "asked 2, stopped 1, last stop"
    shown.reset()
    assert shown.sentence == "asked 0, stopped 0, last None"


def test_an_editable_table_is_one_control():
    start = pd.DataFrame({"price": [9, 1], "place": [0, 3]}, index=["cost", "convenience"])
    figure, _ = canvas(size="small")
    grid = Grid(start)
    shown = explorer(
        {"grid": grid},
        lambda grid: f"sum {int(grid.to_numpy().sum())}",
        figure,
        alt="x",
        wide=["grid"],
    )
    assert shown.sentence == "sum 13"
    grid._cells[0][1].value = 5
    assert shown.sentence == "sum 18"
    assert grid.value.loc["cost", "place"] == 5
    shown.reset()
    pd.testing.assert_frame_equal(grid.value, start)
    with pytest.raises(CrmkitError, match="lacks rows or columns"):
        grid.value = start.drop(columns="price")


def test_a_row_of_weeks_is_one_control():
    weeks = Row(
        [widgets.ToggleButton(description=str(week)) for week in range(1, 53)], label="weeks"
    )
    figure, _ = canvas(size="small")
    shown = explorer(
        {"weeks": weeks}, lambda weeks: f"{sum(weeks)} weeks", figure, alt="x", wide=["weeks"]
    )
    weeks._cells[3].value = True
    assert shown.sentence == "1 weeks"
    shown.set(weeks=[True] * 52)
    assert shown.sentence == "52 weeks"
    assert all(cell.value for cell in weeks._cells)
    shown.reset()
    assert not any(cell.value for cell in weeks._cells)
    with pytest.raises(CrmkitError, match="3 values given for 52 inputs"):
        weeks.value = [True] * 3


def test_what_is_stored_is_a_picture_with_words_and_the_widget():
    shown = bars_explorer()
    data, _ = shown._repr_mimebundle_()
    words = "Two bars of equal height. Both bars are 2 high."
    assert data["text/html"].startswith(picture_html(shown.picture, alt=words))
    assert data["text/plain"] == "Explorer: Two bars of equal height. Both bars are 2 high."
    assert data["application/vnd.jupyter.widget-view+json"]["model_id"] == shown.model_id


def test_the_live_sentence_is_announced_and_the_picture_has_words():
    shown = bars_explorer()
    assert 'role="status" aria-live="polite"' in shown._words.value
    assert shown._image.tooltip == "Two bars of equal height"
    # Without this empty description the browser side fails to draw an image that has a tooltip.
    assert shown._image.get_state()["description"] == ""


def test_faults_of_the_author_are_named():
    figure, _ = canvas(size="small")
    with pytest.raises(CrmkitError, match="alt text"):
        explorer({}, lambda: "", figure, alt=" ")
    with pytest.raises(CrmkitError, match="wide names no control: wek"):
        explorer({"week": widgets.IntSlider()}, lambda week: "", figure, alt="x", wide=["wek"])
    with pytest.raises(CrmkitError, match="no control named hight; there are height, double"):
        bars_explorer().set(hight=3)


def test_a_pyplot_figure_is_taken_out_of_pyplots_hands():
    figure, ax = plt.subplots()
    ax.plot([1, 2])
    explorer({"x": widgets.IntSlider()}, lambda x: "x", figure, alt="a line")
    assert figure.number not in plt.get_fignums()


# --- the short cut draws what matplotlib draws ---------------------------------------------------


def scene_lines(ax):
    (line,) = ax.plot([0, 1, 2], [0, 1, 0])
    ax.set(xlim=(0, 2), ylim=(0, 5))
    return lambda x: line.set_ydata([0, x, 0])


def scene_limits(ax):
    (line,) = ax.plot([0, 1, 2], [0, 1, 0])

    def move(x):
        line.set_ydata([0, x, 0])
        ax.relim()
        ax.autoscale_view()

    return move


def scene_title(ax):
    ax.plot([0, 1, 2], [0, 1, 0])
    return lambda x: ax.set_title(f"now {x}", loc="left")


def scene_label(ax):
    ax.plot([0, 1, 2], [0, 1, 0])
    return lambda x: ax.set_xlabel(f"x is {x}")


def scene_ticks(ax):
    ax.plot([0, 1, 2], [0, 1, 0])
    ax.set_xticks([0, 1, 2])
    return lambda x: ax.set_xticklabels([f"{x}a", f"{x}b", f"{x}c"])


def scene_hidden_axis(ax):
    ax.plot([0, 1, 2], [0, 1, 0])

    def move(x):
        ax.xaxis.set_visible(x != 2)
        ax.set_axis_on() if x != 4 else ax.set_axis_off()

    return move


def scene_texts(ax):
    note = ax.annotate("start", (0.5, 0.5), xycoords="axes fraction")
    legend = ax.legend([ax.plot([0, 1])[0]], ["one"])

    def move(x):
        note.set_text(f"note {x}")
        legend.get_texts()[0].set_text(f"series {x}")

    return move


def scene_cleared(ax):
    def move(x):
        ax.clear()
        ax.bar(range(x), range(x))
        ax.set_title(f"{x} bars")

    return move


def scene_twin(ax):
    ax.plot([0, 1, 2], [0, 1, 0])
    other = ax.twinx()
    (line,) = other.plot([0, 1, 2], [0, 5, 0], color="black")
    other.set_ylim(0, 9)
    return lambda x: line.set_ydata([0, x, x])


def scene_inset(ax):
    ax.plot([0, 1, 2], [0, 1, 0])
    inside = ax.inset_axes([0.5, 0.5, 0.4, 0.4])
    (line,) = inside.plot([0, 1, 2], [0, 5, 0])
    inside.set_ylim(0, 9)
    return lambda x: line.set_ydata([0, x, x])


SCENES = [
    scene_lines,
    scene_limits,
    scene_title,
    scene_label,
    scene_ticks,
    scene_hidden_axis,
    scene_texts,
    scene_cleared,
    scene_twin,
    scene_inset,
]


@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.__name__)
def test_the_fast_picture_is_the_one_matplotlib_draws(scene):
    figure, ax = canvas(size="small")
    move = scene(ax)

    def draw(x):
        move(x)
        return f"at {x}"

    shown = explorer({"x": widgets.IntSlider(value=1, max=9)}, draw, figure, alt="x")
    pictures = set()
    for x in (3, 2, 4):
        shown.set(x=x)
        assert shown.error is None
        pictures.add(shown.picture)
        difference = np.abs(pixels(shown.picture) - drawn_from_scratch(figure)).max(axis=2)
        # A spine or a twin's grid line lies above a line in one and below it in the other.
        assert (difference > 60).sum() < 150, f"{(difference > 60).sum()} pixels differ at {x}"
    assert len(pictures) == 3


# --- words and legends that did not change come from a stored picture ------------------------------


def words_change_in_place(ax):
    note = ax.text(0.5, 0.5, "kept", transform=ax.transAxes)
    return {
        "size": lambda: note.set_fontsize(20),
        "colour": lambda: note.set_color("red"),
        "weight": lambda: note.get_fontproperties().set_weight("bold"),
        "turned": lambda: note.set_rotation(40),
        "place": lambda: note.set_position((0.2, 0.3)),
        "words": lambda: note.set_text("changed"),
        "faint": lambda: note.set_alpha(0.4),
        "hidden": lambda: note.set_visible(False),
        "back": lambda: note.set_visible(True),
    }


def words_in_data_units(ax):
    ax.text(1, 2, "here", clip_on=False)
    ax.text(0.2, 0.1, "boxed", bbox={"facecolor": "white", "alpha": 0.6})
    return {
        "limits": lambda: ax.set(xlim=(0, 4), ylim=(0, 4)),
        "scale": lambda: ax.set_yscale("symlog"),
        "moved axes": lambda: ax.set_xlim(-1, 3),
    }


def a_note_with_an_arrow(ax):
    ax.set(xlim=(0, 1), ylim=(0, 1), yticks=[])  # new limits then leave the axes where they are
    arrow = {"arrowstyle": "->", "color": "black"}
    note = ax.annotate("see", (0.5, 0.5), (0.2, 0.8), arrowprops=arrow)

    def points_elsewhere():
        note.xy = (0.8, 0.2)

    bare = ax.annotate("bare", (0.6, 0.5), (0, 12), textcoords="offset points")

    def moves():
        bare.xy = np.array([0.3, 0.4])

    ax.annotate("fixed", (0.5, 0.2), (0.9, 0.9), textcoords="axes fraction", arrowprops=arrow)
    return {
        "arrow": points_elsewhere,
        "words": lambda: note.set_text("look"),
        "bare": moves,
        "offset": lambda: bare.set_position((9, 20)),
        "limits": lambda: ax.set_ylim(0, 2),
    }


def a_legend(ax):
    (line,) = ax.plot([0, 1], [0, 1], label="one")
    ax.plot([0, 1], [1, 0], label="two")
    legend = ax.legend(loc="center right")
    words = legend.get_texts()
    return {
        "words": lambda: words[0].set_text("another"),
        "hidden": lambda: words[1].set_visible(False),
        "back": lambda: words[1].set_visible(True),
        "colour": lambda: words[1].set_color("red"),
        "place": lambda: legend.set_loc("lower left"),
        "title": lambda: legend.set_title("lines"),
        "line below": lambda: line.set_ydata([1, 1]),
    }


def a_legend_that_seeks_its_place(ax):
    ax.set(xlim=(0, 1), ylim=(0, 1))
    (line,) = ax.plot([0.1, 0.2], [0.9, 0.9], label="one")
    ax.legend(loc="best")
    return {"full corner": lambda: line.set_data([0.7, 0.9], [0.9, 0.9])}


def titles(ax):
    ax.set_title("first", loc="left")
    return {
        "title": lambda: ax.set_title("second", loc="left"),
        "bold": lambda: ax.set_title("second", loc="left", fontsize=8),
        "centre": lambda: ax.set_title("centre"),
    }


@pytest.mark.parametrize(
    "scene",
    [
        words_change_in_place,
        words_in_data_units,
        a_note_with_an_arrow,
        a_legend,
        a_legend_that_seeks_its_place,
        titles,
    ],
    ids=lambda scene: scene.__name__,
)
def test_stored_words_look_as_matplotlib_draws_them(scene):
    figure, ax = canvas(size="small")
    changes = scene(ax)
    doing = []
    shown = explorer(
        {"x": widgets.IntSlider(value=0, max=99)},
        lambda x: str([change() for change in doing]),
        figure,
        alt="x",
    )
    step = 0
    for name, change in changes.items():
        for now in ([], [], [change], []):  # at rest twice: by then the words are stored
            doing[:] = now
            step += 1
            before = shown.picture
            shown.set(x=step)
            assert shown.error is None
            assert (shown.picture != before) == bool(now), name
            difference = np.abs(pixels(shown.picture) - drawn_from_scratch(figure)).max()
            assert difference <= 3, name


def test_words_at_rest_are_not_drawn_again(monkeypatch):
    figure, ax = canvas(size="small")
    (line,) = ax.plot([0, 1], [0, 1], label="one")
    note = ax.text(0.5, 0.5, "at rest")
    legend = ax.legend(loc="upper left")
    drawn = []
    for artist in (note, legend):
        inner = artist.draw
        monkeypatch.setattr(
            artist, "draw", lambda r, inner=inner, artist=artist: drawn.append(artist) or inner(r)
        )

    def draw(x):
        line.set_ydata([0, x])
        note.set_position((0.5, 0.5))  # the same place: matplotlib calls it changed
        note.set_text("at rest" if x < 90 else "moved")
        return f"{x}"

    shown = explorer({"x": widgets.IntSlider(value=1, max=99)}, draw, figure, alt="x")
    start = shown.picture
    shown.set(x=2)
    drawn.clear()
    for x in (3, 4, 5):
        shown.set(x=x)
    assert drawn == []
    shown.set(x=95)
    assert drawn == [note]
    shown.reset()
    assert shown.picture == start


def test_the_picture_is_a_png_of_every_pixel():
    figure, ax = canvas(size="small")
    ax.imshow(np.random.default_rng(1).random((40, 40, 3)), aspect="auto")
    shown = explorer({"x": widgets.IntSlider()}, lambda x: "x", figure, alt="x")
    assert Image.open(BytesIO(shown.picture)).mode == "RGB"
    seen = np.asarray(figure.canvas.buffer_rgba(), dtype=int)[..., :3]
    assert (pixels(shown.picture) == seen).all()
    assert seen.std() > 20


def test_limits_and_words_are_painted_anew_only_when_they_change():
    figure, ax = canvas(size="small")
    move = scene_lines(ax)
    shown = explorer(
        {"x": widgets.IntSlider(value=1, max=9)}, lambda x: str(move(x)), figure, alt="x"
    )
    painted = []
    original = shown._screen._paint_background
    shown._screen._paint_background = lambda *given: painted.append(1) or original(*given)
    shown.set(x=2)
    shown.set(x=3)
    ax.set(xlim=(0, 2), ylim=(0, 5), xlabel="")  # as they are
    shown.set(x=5)
    assert not painted
    ax.set_ylim(0, 50)
    shown.set(x=4)
    assert len(painted) == 1


def test_a_label_that_growing_ticks_push_over_the_edge_is_brought_back():
    figure, ax = canvas(size="small")
    ax.set_ylabel("margin (£)")
    (bar,) = ax.bar(["a"], [1])

    def draw(height):
        bar.set_height(height)
        ax.set_ylim(0, height)
        return f"{height}"

    height = widgets.IntSlider(value=5, min=1, max=10**8)
    shown = explorer({"height": height}, draw, figure, alt="a bar")
    left = ax.get_position().x0
    shown.set(height=40_000_000)
    ax.yaxis.set_major_formatter("{x:,.0f}")
    shown.set(height=50_000_000)
    assert ax.get_position().x0 > left
    assert ax.yaxis.label.get_window_extent().x0 >= 0
    settled = ax.get_position().x0
    shown.set(height=60_000_000)
    assert ax.get_position().x0 == settled  # it does not jump about
    shown.reset()
    shown.set(height=60_000_000)
    assert ax.yaxis.label.get_window_extent().x0 >= 0  # and after a reset it is still brought back


def test_a_reset_solves_no_layout_anew_even_where_a_label_never_fits(monkeypatch):
    figure, ax = canvas()
    (bar,) = ax.bar([0], [1])
    ax.set_yticks([0, 1], ["nothing", "a label that reaches beyond the edge of the figure"])
    ax.yaxis.set_in_layout(False)  # no layout makes room for it
    solved = []
    solve = type(figure.get_layout_engine()).execute
    monkeypatch.setattr(
        type(figure.get_layout_engine()),
        "execute",
        lambda engine, fig: solved.append(fig) or solve(engine, fig),
    )
    shown = explorer(
        {"height": widgets.IntSlider(value=1, min=1, max=9)},
        lambda height: bar.set_height(height) or ax.set_ylim(0, height) or f"{height} high",
        figure,
        alt="a bar",
    )
    first, times = shown.picture, len(solved)
    shown.set(height=7)
    assert len(solved) > times
    times = len(solved)
    shown.reset()
    assert len(solved) == times
    assert shown.picture == first


def test_chinese_in_a_control_and_a_title_is_drawn_without_a_missing_glyph(recwarn):
    figure, ax = canvas(size="small")
    ax.set_title("客户关系 customers")
    shown = explorer(
        {"x": widgets.IntSlider(description="客户")}, lambda x: "好", figure, alt="客户"
    )
    assert shown.error is None
    assert not [w for w in recwarn if "Glyph" in str(w.message)]
