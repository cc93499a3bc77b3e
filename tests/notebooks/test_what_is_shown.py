"""What every lesson shows: controls that move picture and words from end to end, and letters that can be read."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import ipywidgets as widgets
import pytest
from lesson_run import Shown, lesson_run
from matplotlib.colors import to_hex
from matplotlib.text import Text

from crmkit import style
from crmkit.explore import Grid, Row

# Lesson 11's game is played in turns: a move shows in picture or words, a chosen solution when it is offered.
GAME = ("11", 1)

MASTERS = sorted((Path(__file__).resolve().parents[2] / "notebooks" / "source").glob("*.py"))


@pytest.fixture(scope="module", params=MASTERS, ids=lambda path: path.stem)
def shown(request: pytest.FixtureRequest) -> Iterator[Shown]:
    with lesson_run(request.param) as seen:
        yield seen


def positions(control: widgets.Widget) -> Iterator[object]:
    """Give values of a control, its ends among them."""
    start = control.value
    if isinstance(control, widgets.Checkbox):
        yield not start
    elif isinstance(control, widgets.SelectMultiple):
        yield from [(), *((option,) for option in control.options), tuple(control.options)]
    elif hasattr(control, "max"):
        middle = type(start)((control.min + control.max) / 2)
        yield from (control.min, middle, control.max)
    elif hasattr(control, "options"):
        for option in control.options:
            yield option[-1] if isinstance(option, tuple) else option
    elif isinstance(control, Grid):
        for cell in (0, 9):
            yield start * 0 + cell
    elif isinstance(control, Row):
        yield (False,) * len(start)
        yield (True,) * len(start)
    else:
        raise AssertionError(f"no positions known for {type(control).__name__}")


def test_every_control_moves_picture_and_words(shown):
    assert shown.explorers, "no explorer"
    for number, explorer in enumerate(shown.explorers, 1):
        start = explorer.picture, explorer.sentence
        for name, control in explorer._controls.items():
            where = f"explorer {number}, {name}"
            if getattr(control, "disabled", False):
                continue
            pictures, sentences = {start[0]}, {start[1]}
            if isinstance(control, widgets.Button):
                control.click()
                assert explorer.error is None, where
                pictures.add(explorer.picture)
                sentences.add(explorer.sentence)
            else:
                for value in positions(control):
                    control.value = value
                    assert explorer.error is None, f"{where} at {value!r}: {explorer.error}"
                    pictures.add(explorer.picture)
                    sentences.add(explorer.sentence)
            if (shown.lesson, number) == GAME:
                moved = name == "solution" or len(sentences) > 1 or len(pictures) > 1
                assert moved, f"{where}: nothing changes"
            else:
                assert len(sentences) > 1, f"{where}: the words never change"
                assert len(pictures) > 1, f"{where}: the picture never changes"
            explorer.reset()
            explorer._update()  # words at rest, from their stored pictures
            assert (explorer.picture, explorer.sentence) == start, (
                f"{where}: Reset does not bring it back"
            )


def test_letters_have_a_colour_that_is_easy_to_read(shown):
    """Letters are in a role's shade for letters; white ones stand on dark fields (a cell of a heat map)."""
    easy = {
        style.for_letters(code).lower() for role, code in style.COLORS.items() if role != "grid"
    }
    figures = shown.figures + [explorer._figure for explorer in shown.explorers]
    words = [
        text
        for figure in figures
        for text in figure.findobj(Text)
        if text.get_visible() and text.get_text().strip()
    ]
    assert words
    for text in words:
        assert to_hex(text.get_color()) in easy, (text.get_text(), text.get_color())
