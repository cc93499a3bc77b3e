"""Run a lesson's code in this process and keep what it made: its explorers and the figures that it showed.

Two tests use it: one moves every control from end to end in Python, the other operates the same explorers in a
browser, on one page for several lessons (`explorer_page`).
"""

from __future__ import annotations

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


@dataclass
class Shown:
    """A lesson that was run: its number, its explorers, and the figures it showed."""

    lesson: str
    explorers: list[Explorer] = field(default_factory=list)
    figures: list[Figure] = field(default_factory=list)


@contextlib.contextmanager
def lesson_run(master: Path) -> Iterator[Shown]:
    """Run a lesson from its master; the block sees what it made."""
    import matplotlib.pyplot as plt

    seen = Shown(lesson_of(master.name))
    build, paint = Explorer.__init__, style.png

    def noted(self: Explorer, *given: Any, **named: Any) -> None:
        build(self, *given, **named)
        seen.explorers.append(self)

    def painted(figure: Figure, **options: int) -> bytes:
        seen.figures.append(figure)
        return paint(figure, **options)

    with (
        mock.patch.dict("os.environ", CRMKIT_PRACTICE_STATE="off"),
        mock.patch.object(Explorer, "__init__", noted),
        mock.patch.object(style, "png", painted),
    ):
        names: dict[str, Any] = {"__name__": "lesson"}
        for cell in jupytext.read(master).cells:
            if cell.cell_type == "code":
                exec(cell.source, names)
        plt.close("all")
        yield seen


def show_explorers(master: Path) -> None:
    """Run a lesson in a kernel and show its explorers, and nothing else of it."""
    import ipywidgets as widgets
    from IPython.display import display
    from IPython.utils.capture import capture_output

    with capture_output(), mock.patch.object(style, "show"), lesson_run(master) as seen:
        box = widgets.VBox(seen.explorers)
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
