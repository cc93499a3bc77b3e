"""What every lesson shows must hold: controls that move picture and words, and letters that can be read.

Held on a class's data on every push (`tests/notebooks/test_in_a_class.py`), and on the shipped ones with `--full`
(`tests/notebooks/test_what_is_shown.py`).
"""

from __future__ import annotations

from collections.abc import Iterator

import ipywidgets as widgets
from lesson_run import Shown
from matplotlib.colors import to_hex
from matplotlib.text import Text

from crmkit import style
from crmkit.explore import Grid, Row

# Lesson 11's game is played in turns: a move shows in picture or words, a chosen solution when it is offered.
GAME = ("11", 1)


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


def controls_move(shown: Shown) -> None:
    """Move every control to its ends: picture and words change, and Reset brings back the start."""
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


def letters_are_easy_to_read(shown: Shown) -> None:
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
