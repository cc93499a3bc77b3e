"""Every lesson in a real JupyterLab, in headless Chromium: it runs, and its explorers answer mouse and keyboard."""

import json
import os
from pathlib import Path

import lesson_run
import pytest
from lessons import tried_by_browser

from crmkit.home import lesson_of

if os.environ.get("CI"):
    import jupyterlab_driver as driver
else:
    driver = pytest.importorskip(
        "jupyterlab_driver", reason="playwright is not installed (extra: test)"
    )

ROOT = Path(__file__).resolve().parents[2]
ARTEFACTS = ROOT / "artefacts/browser"
LESSONS = [path.stem for path in sorted((ROOT / "notebooks").glob("*.ipynb"))]
MASTERS = sorted((ROOT / "notebooks/source").glob("*.py"))
LESSONS_A_PAGE = 8
# Explorers are one kind of widget, and every control of each is moved in Python (test_what_is_shown.py): a push
# operates those of some lessons, `make test-full` all.
CHOSEN = tried_by_browser(lesson_of(master.name) for master in MASTERS)

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def server(chromium):
    with driver.Server([f"notebooks/{stem}.ipynb" for stem in LESSONS]) as started:
        yield started


@pytest.mark.parametrize(
    "stem",
    [LESSONS[0], *(pytest.param(stem, marks=pytest.mark.full) for stem in LESSONS[1:])],
)
def test_a_lesson_runs_and_its_explorers_answer(chromium, server, stem):
    """The whole lesson as a student meets it; on every push the start lesson, in `make test-full` all of them."""
    lesson = driver.Lesson(chromium, server, f"notebooks/{stem}.ipynb")
    try:
        lesson.run_all()
        explorers = lesson.explorers()
        assert explorers, f"{stem} shows no explorer"
        for explorer in explorers:
            operate(explorer, stem)
        for picture in ARTEFACTS.glob(f"{stem}-[0-9]*.png"):
            picture.unlink()
        assert lesson.screenshots(ARTEFACTS, stem)
    finally:
        lesson.close()


class Lab:
    """One JupyterLab for all notebooks that tests write: a page and a server of its own are the dear part of each."""

    def __init__(self, chromium, server):
        self.chromium, self.server = chromium, server
        self.lesson = None

    def open(self, path, root):
        """Open a notebook that lies below a folder, in place of the one before."""
        self.server.put(path, root)
        if self.lesson is None:
            self.lesson = driver.Lesson(self.chromium, self.server, path)
        else:
            self.lesson.go_on_with(path)
        return self.lesson


@pytest.fixture(scope="module")
def lab(chromium, server):
    opened = Lab(chromium, server)
    yield opened
    if opened.lesson is not None:
        opened.lesson.close()


class Pages:
    """Notebooks with the explorers of several lessons each; one is open at a time."""

    def __init__(self, lab, root, places):
        self.lab, self.root, self.places = lab, root, places

    def holding(self, stem):
        """Open the notebook that shows a lesson's explorers."""
        path = self.places[stem]
        if self.lab.lesson is None or self.lab.lesson.path != path:
            self.lab.open(path, self.root).run_all()
        return self.lab.lesson


@pytest.fixture(scope="module")
def pages(lab, tmp_path_factory, request):
    root = tmp_path_factory.mktemp("explorers")
    places = {}
    masters = MASTERS
    if not request.config.getoption("--full"):
        masters = [master for master in MASTERS if lesson_of(master.name) in CHOSEN]
    for start in range(0, len(masters), LESSONS_A_PAGE):
        part = masters[start : start + LESSONS_A_PAGE]
        path = f"notebooks/explorers_{lesson_of(part[0].name)}.ipynb"
        (root / "notebooks").mkdir(exist_ok=True)
        (root / path).write_text(json.dumps(lesson_run.explorer_page(part)), encoding="utf-8")
        places |= {master.stem: path for master in part}
    return Pages(lab, root, places)


@pytest.mark.parametrize(
    "stem",
    [
        master.stem
        if lesson_of(master.name) in CHOSEN
        else pytest.param(master.stem, marks=pytest.mark.full)
        for master in MASTERS
    ],
)
def test_a_lessons_explorers_answer(pages, stem):
    """Every explorer of a lesson, by mouse and by keyboard: its lesson's own code has built it."""
    explorers = pages.holding(stem).explorers(f".lesson-{stem}")
    assert explorers, f"{stem} shows no explorer"
    for explorer in explorers:
        operate(explorer, stem)


def operate(explorer, stem):
    """Move controls by mouse and by keyboard: picture and sentence follow; reset by keyboard brings both back."""
    name = f"{stem}, explorer {explorer.index + 1}"
    start = explorer.settled()
    assert start[1], f"{name} says nothing"
    assert not explorer.cut_off(), f"{name} is cut off at the foot: {explorer.cut_off()}"
    controls = explorer.controls()
    assert controls, f"{name} has nothing to operate"

    moved = first_answer(explorer, controls, explorer.by_mouse)
    assert moved, f"{name}: no control operated by mouse changes both picture and sentence"
    explorer.box.screenshot(path=ARTEFACTS / f"{stem}-explorer-{explorer.index + 1}.png")
    assert not moved[1].startswith("This setting cannot be drawn"), f"{name}: {moved[1]}"

    explorer.reset_by_keyboard()
    back = explorer.settled()
    assert back == start, f"{name}: reset gives {back[1]!r}, not {start[1]!r}"
    # Reset may have put new widgets in place (a game): look for the controls again.
    typed = first_answer(explorer, explorer.controls(), explorer.by_keyboard)
    assert typed, f"{name}: no control operated by keyboard changes both picture and sentence"


def first_answer(explorer, controls, how):
    """Operate controls one after the other until picture and sentence have both changed; give what is then seen."""
    before = explorer.settled()
    for control in controls:
        how(control)
        now = explorer.settled()
        if now[0] != before[0] and now[1] != before[1]:
            return now
    return None


@pytest.mark.parametrize(
    ("source", "limit_s", "message"),
    [
        ("1 / 0", 60, r"cell 2 \('1 / 0'\) raised ZeroDivisionError"),
        ("import time; time.sleep(600)", 4, r"cell 2 \('import time.*was still running after 4 s"),
    ],
    ids=["error", "hang"],
)
def test_a_broken_lesson_fails_and_names_its_cell(lab, tmp_path, request, source, limit_s, message):
    path = f"notebooks/{request.node.callspec.id}.ipynb"
    driver.some_cells(tmp_path / path, "a = 1", source)
    lesson = lab.open(path, tmp_path)
    with pytest.raises(driver.LessonError, match=message):
        lesson.run_all(cell_limit_s=limit_s)


DEAD = """
from ipywidgets import IntSlider
from crmkit.explore import canvas, explorer
figure, ax = canvas(size="small")
explorer({"x": IntSlider()}, lambda x: "always the same", figure, alt="nothing that moves")
"""


def test_an_explorer_that_does_not_answer_is_noticed(lab, tmp_path):
    path = "notebooks/dead.ipynb"
    driver.some_cells(tmp_path / path, DEAD)
    lesson = lab.open(path, tmp_path)
    lesson.run_all()
    (explorer,) = lesson.explorers()
    assert first_answer(explorer, explorer.controls(), explorer.by_mouse) is None
