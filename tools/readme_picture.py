"""Make the pictures in the README: a lesson in use, and its slides.

``python tools/readme_picture.py`` runs lesson 00 in headless Chromium, moves its explorer, gives question 00-1 the
margin for the turnover, and writes docs/images/lesson.png (under 300 kB). With ``slides`` it takes four slides of
lesson 20 as they are projected, and writes docs/images/slides.png.
"""

from __future__ import annotations

import io
import sys
import tempfile
from pathlib import Path

from jupyterlab_driver import ROOT, Lesson, LessonError, Server, browser
from PIL import Image

from crmkit.practice.slide_page import write_slides

LESSON = "notebooks/00_start_here.ipynb"
WRONG = 'answer = orders["margin"].sum()  # the turnover of all orders together, in £\ncheck("00-1", answer)'
TARGET = ROOT / "docs/images/lesson.png"
SLIDES, SLIDES_OF = ROOT / "docs/images/slides.png", "notebooks/20_who_brings_the_profit.ipynb"
FOUR = (".cover", ".asking", ".beside:has(figure)", ".above")  # one slide of each form
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


def slides() -> int:
    """Take four slides, each of another form, two by two."""
    width, height, gap = 760, 428, 12
    with tempfile.TemporaryDirectory() as folder, browser() as chromium:
        deck = Path(folder) / "slides.html"
        write_slides(ROOT / SLIDES_OF, deck)
        page = chromium.new_page(viewport={"width": 1280, "height": 720})
        page.goto(deck.as_uri())
        page.wait_for_function("window.Reveal && Reveal.isReady()")
        taken = []
        for form in FOUR:
            page.evaluate(
                "form => Reveal.slide([...document.querySelectorAll('.slides > section')]"
                ".findIndex(slide => slide.querySelector('.frame' + form)))",
                form,
            )
            page.wait_for_timeout(200)
            taken.append(Image.open(io.BytesIO(page.screenshot())).convert("RGB"))
    picture = Image.new("RGB", (2 * width + 3 * gap, 2 * height + 3 * gap), "#c5ccd6")
    for place, slide in enumerate(taken):
        at = (gap + place % 2 * (width + gap), gap + place // 2 * (height + gap))
        picture.paste(slide.resize((width, height), Image.Resampling.LANCZOS), at)
    return saved(picture, SLIDES)


def saved(picture: Image.Image, target: Path) -> int:
    """Write a picture and say its size; 1 where it is too large for a front page."""
    target.parent.mkdir(parents=True, exist_ok=True)
    picture.quantize(128).save(target, optimize=True)
    size = target.stat().st_size
    print(f"{target.relative_to(ROOT)}: {picture.width} x {picture.height}, {size / 1000:.0f} kB")
    return int(size > LIMIT_BYTES)


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
    return saved(picture, TARGET)


if __name__ == "__main__":
    raise SystemExit(slides() if sys.argv[1:] == ["slides"] else main())
