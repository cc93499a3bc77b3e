"""Run a lesson's code in this process and keep what it made: its explorers and the figures that it showed.

Tests use it that move every control from end to end in Python (`shown_guards`), and one that operates the same
explorers in a browser, on one page for several lessons (`explorer_page`).
"""

from __future__ import annotations

import base64
import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest import mock

import jupytext
from matplotlib.figure import Figure

from crmkit import style
from crmkit.explore import Explorer
from crmkit.home import lesson_of

#: A PNG of one clear pixel: what stands for a figure where nobody looks at it.
PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


@dataclass
class Shown:
    """A lesson that was run: its number, explorers, the figures it showed, what its cells defined and printed."""

    lesson: str
    explorers: list[Explorer] = field(default_factory=list)
    figures: list[Figure] = field(default_factory=list)
    names: dict[str, Any] = field(default_factory=lambda: {"__name__": "lesson"})
    said: str = ""


@contextlib.contextmanager
def noted(lesson: str) -> Iterator[Shown]:
    """Keep the explorers and figures of the cells that the block runs.

    A figure is laid out (`style.show` draws it without painting), and then not painted: it would take as long again,
    and nbval has every figure painted. Explorers paint theirs.
    """
    import matplotlib.pyplot as plt

    seen = Shown(lesson)
    build = Explorer.__init__

    def built(self: Explorer, *given: Any, **named: Any) -> None:
        build(self, *given, **named)
        seen.explorers.append(self)

    def painted(figure: Figure, **_options: int) -> bytes:
        seen.figures.append(figure)
        return PIXEL

    with (
        mock.patch.dict("os.environ", CRMKIT_PRACTICE_STATE="off"),
        mock.patch.object(Explorer, "__init__", built),
        mock.patch.object(style, "png", painted),
    ):
        yield seen
        plt.close("all")


def lesson_run(master: Path) -> Shown:
    """Run a lesson from its master."""
    with noted(lesson_of(master.name)) as seen:
        for cell in jupytext.read(master).cells:
            if cell.cell_type == "code":
                exec(cell.source, seen.names)
    return seen


def show_explorers(master: Path) -> None:
    """Run a lesson in a kernel and show its explorers, and nothing else of it."""
    import ipywidgets as widgets
    from IPython.display import display
    from IPython.utils.capture import capture_output

    with capture_output(), mock.patch.object(style, "show"):
        box = widgets.VBox(lesson_run(master).explorers)
    box.add_class(f"lesson-{master.stem}")
    display(box)


def explorer_page(masters: Sequence[Path]) -> dict[str, Any]:
    """Write a notebook that shows the explorers of several lessons, a cell for each."""
    import nbformat

    begin = "import sys\nfrom pathlib import Path\n"
    begin += f"sys.path.insert(0, {str(Path(__file__).parent)!r})\n"
    begin += "from lesson_run import show_explorers"
    cells = [begin, *(f"show_explorers(Path({str(master)!r}))" for master in masters)]
    made = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    made.metadata["kernelspec"] = {
        "name": "python3",
        "display_name": "Python 3",
        "language": "python",
    }
    return made
