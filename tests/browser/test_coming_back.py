"""Coming back the next day: what JupyterLab saved of an explorer and a quiz is still there, without a kernel."""

import os

import pytest

if os.environ.get("CI"):
    import jupyterlab_driver as driver
else:
    driver = pytest.importorskip(
        "jupyterlab_driver", reason="playwright is not installed (extra: test)"
    )

pytestmark = pytest.mark.browser

EXPLORER = """
from ipywidgets import IntSlider
from crmkit.explore import canvas, explorer
figure, ax = canvas(size="small")
explorer({"x": IntSlider(1, 1, 9)}, lambda x: f"{x} of nine", figure, alt="An empty frame for this test")
"""
QUIZ = """
from crmkit.practice import quiz
quiz("20")
"""
# Once the kernel has said who it is, JupyterLab writes that into the notebook.
CHANGED_BY_OPENING = """async () => {
  const panel = window.crmkitPanel;
  await panel.sessionContext.ready;
  await panel.sessionContext.session?.kernel?.info;
  await new Promise(done => setTimeout(done, 500));
  return panel.context.model.dirty;
}"""
# Chromium loads a font only where a character of it stands; asked for by name it does so at once.
CHINESE = """async () => {
  const notebook = document.querySelector('.jp-Notebook');
  const list = getComputedStyle(notebook).getPropertyValue('--jp-content-font-family').trim();
  const found = await document.fonts.load('16px "crmkit Chinese"', '客');
  return [list, found.length > 0 && found[0].status === 'loaded'];
}"""


def test_a_saved_notebook_shows_its_explorers_and_quizzes_again(chromium, tmp_path):
    path = "notebooks/back.ipynb"
    driver.some_cells(tmp_path / path, EXPLORER, QUIZ)
    with driver.Server([path], root=tmp_path) as server:
        lesson = driver.Lesson(chromium, server, path)
        lesson.run_all()
        assert len(lesson.explorers()) == 1, "while its kernel runs, the explorer is alive"
        lesson.page.evaluate("async () => { await window.crmkitPanel.context.save(); }")
        lesson.close()
        again = driver.Lesson(chromium, server, path)
        again.page.wait_for_selector(".jp-OutputArea-output img.crmkit-figure")
        page = " ".join(again.page.locator(".jp-OutputArea-output").all_inner_texts())
        alt = again.page.get_attribute("img.crmkit-figure", "alt")
        chinese = again.page.evaluate(CHINESE)
        changed = again.page.evaluate(CHANGED_BY_OPENING)
        again.run_all()
        moves = len(again.explorers())
        again.close()
    assert chinese[0].startswith('"crmkit Chinese"'), "a machine without a Chinese font has one"
    assert chinese[1], "and the font is where the page looks for it"
    assert not changed, "a notebook that was only opened has nothing to save"
    assert moves == 1, "run once more, the explorer is alive again"
    assert "widget" not in page.lower(), page
    assert "run all cells" in page.lower(), "a still picture says how it moves again"
    assert alt == "An empty frame for this test. 1 of nine"
    assert "Pareto" in page or "profit" in page, "the quiz's questions are words again"
