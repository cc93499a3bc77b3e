"""A conversation in a real JupyterLab: number keys, buttons by Tab and Enter, and where the focus goes."""

import os

import pytest

if os.environ.get("CI"):
    import jupyterlab_driver as driver
else:
    driver = pytest.importorskip(
        "jupyterlab_driver", reason="playwright is not installed (extra: test)"
    )

pytestmark = pytest.mark.browser

PLAY = """
from crmkit.brand import Gains
from crmkit.relations import read_scene
from crmkit.relations.conversation_explorers import dialogue_explorer
dialogue_explorer(read_scene("our_mistake"), Gains(0.06, 0.18, 0.42))
"""


def test_a_conversation_is_played_by_keys_and_by_buttons(chromium, tmp_path):
    driver.some_cells(tmp_path / "notebooks/talk.ipynb", PLAY)
    with driver.Server(["notebooks/talk.ipynb"], root=tmp_path) as own:
        lesson = driver.Lesson(chromium, own, "notebooks/talk.ipynb")
        lesson.run_all()
        (talk,) = lesson.explorers()
        page, box = lesson.page, talk.box
        start = talk.settled()
        cells = len(lesson.cells())
        # Keys 3, 2, 1 are the best way; the first needs the focus in the box, then it stays there.
        box.locator(".crmkit-choice").first.focus()
        for key, reply in (("3", "two hours"), ("2", "saves my day"), ("1", "Until then")):
            page.keyboard.press(key)
            talk.settled()
            page.wait_for_timeout(700)
            assert reply in box.locator(".crmkit-talk").inner_text()
        assert "the best way of all" in talk.sentence
        assert box.locator(".crmkit-choice:visible").count() == 0
        # Nothing is left to choose: the focus is on “Play again”, and Enter plays again.
        page.keyboard.press("Enter")
        assert talk.settled() == start
        assert len(lesson.cells()) == cells  # JupyterLab took no key for itself
        box.locator(".crmkit-choice", has_text="warehouse").click()
        assert talk.settled() != start
        assert "there is no warehouse" in box.locator(".crmkit-talk").inner_text()
        names = box.locator("button:visible").all_inner_texts()
        assert all(name.strip() for name in names)
        os.makedirs("artefacts/browser", exist_ok=True)
        box.screenshot(path="artefacts/browser/conversation.png")
        lesson.close()
