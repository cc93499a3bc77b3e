"""Make the picture in the README: an explorer that has been moved, and a check that knows what went wrong.

``python tools/readme_picture.py`` runs lesson 00 in headless Chromium, moves its explorer, gives question 00-1 the
margin for the turnover, and writes docs/images/lesson.png (under 300 kB).
"""

from __future__ import annotations

import io

from jupyterlab_driver import ROOT, Lesson, LessonError, Server, browser
from PIL import Image

LESSON = "notebooks/00_start_here.ipynb"
WRONG = 'answer = orders["margin"].sum()  # the turnover of all orders together, in £\ncheck("00-1", answer)'
TARGET = ROOT / "docs/images/lesson.png"
LIMIT_BYTES = 300_000

_ANSWER = """async text => {
  const cells = window.crmkitPanel.content.widgets;
  const index = cells.findIndex(cell => cell.model.sharedModel.getSource().includes('check("00-1"'));
  cells[index].model.sharedModel.setSource(text);
  window.crmkitPanel.content.activeCellIndex = index;
  await window.jupyterapp.commands.execute('notebook:run-cell');
  return index;
}"""


def shot(lesson: Lesson, selector: str, index: int) -> Image.Image:
    """Take one cell as it stands on the page."""
    cell = lesson.page.locator(selector).nth(index)
    cell.scroll_into_view_if_needed()
    lesson.page.wait_for_timeout(400)
    return Image.open(io.BytesIO(cell.screenshot())).convert("RGB")


def main() -> int:
    with Server([LESSON]) as server, browser() as chromium:
        lesson = Lesson(chromium, server, LESSON, width=1180, height=1000)
        lesson.run_all()
        (explorer,) = lesson.explorers()
        explorer.controls()[0].focus()
        for _ in range(40):
            lesson.page.keyboard.press("ArrowRight")
        explorer.settled()
        asked = lesson.page.evaluate(_ANSWER, WRONG)
        lesson.page.wait_for_timeout(1500)
        cells = ".jp-Notebook:visible .jp-Cell"
        played = lesson.page.locator(cells).evaluate_all(
            "cells => cells.findIndex(cell => cell.querySelector('.crmkit-explorer'))"
        )
        parts = [shot(lesson, cells, index) for index in (played - 1, played, asked)]
        if "margin" not in lesson.page.locator(cells).nth(asked).inner_text():
            raise LessonError("the check did not answer")
    width = max(part.width for part in parts)
    picture = Image.new(
        "RGB", (width + 32, sum(part.height for part in parts) + 32 + 12 * len(parts)), "white"
    )
    top = 16
    for part in parts:
        picture.paste(part, (16, top))
        top += part.height + 12
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    picture.quantize(128).save(TARGET, optimize=True)
    size = TARGET.stat().st_size
    print(f"{TARGET.relative_to(ROOT)}: {picture.width} x {picture.height}, {size / 1000:.0f} kB")
    return int(size > LIMIT_BYTES)


if __name__ == "__main__":
    raise SystemExit(main())
