"""The game in a real JupyterLab: three quarters decided by mouse and by keyboard, and what then stands in the files."""

import os
import tomllib
from pathlib import Path

import pytest

if os.environ.get("CI"):
    import jupyterlab_driver as driver
else:
    driver = pytest.importorskip(
        "jupyterlab_driver", reason="playwright is not installed (extra: test)"
    )

pytestmark = pytest.mark.browser

PLAY = """
from crmkit.game.own_desk import play_desk
from crmkit.game.play import Game
play_desk(Game(customers=40, seed=3), "my_game")
"""
#: A busy machine plays a small quarter in seconds, and the first one in a browser in half a minute.
QUARTER_MS = 180_000


def control(desk, words):
    """Find the input whose label begins with some words."""
    row = desk.locator(".widget-inline-hbox", has=desk.page.get_by_text(words, exact=False)).first
    return row.locator(".noUi-handle, select, input:not([type=hidden])").first


def said(desk, words):
    desk.locator(".crmkit-desk-says", has_text=words).wait_for(timeout=QUARTER_MS)


def test_three_quarters_are_played_by_mouse_and_by_keyboard(chromium, tmp_path):
    driver.some_cells(tmp_path / "notebooks/desk.ipynb", PLAY)
    with driver.Server(["notebooks/desk.ipynb"], root=tmp_path) as server:
        folder = Path(server._folder.name) / "work/notebooks/my_game"

        def played(number):
            file = folder / f"decisions/quarter_{number:02d}.toml"
            return tomllib.loads(file.read_text(encoding="utf-8"))

        lesson = driver.Lesson(chromium, server, "notebooks/desk.ipynb")
        lesson.run_all()
        page, desk = lesson.page, lesson.page.locator(".crmkit-desk")
        said(desk, "will be kept in")

        # By keyboard: one agent more, and a forecast typed.
        control(desk, "people who answer customers").focus()
        page.keyboard.press("ArrowRight")
        for part, number in (("low", "5"), ("best guess", "60"), ("high", "900")):
            control(desk, f"orders, {part}").focus()
            page.keyboard.type(number)
            page.keyboard.press("Tab")
        desk.get_by_role("button", name="Save and play quarter 1").focus()
        page.keyboard.press("Enter")
        said(desk, "Quarter 1 is played")
        first = played(1)
        assert first["service"]["agents"] == 3
        assert first["forecast"]["orders"] == {"low": 5, "best": 60, "high": 900}
        assert "orders: forecast 5 to 900" in desk.inner_text()

        # By mouse: another choice, and the button.
        control(desk, "who is answered first").select_option("best customers")
        desk.get_by_role("button", name="Save and play quarter 2").click()
        said(desk, "Quarter 2 is played")
        second = played(2)
        assert second["service"] == {"agents": 3, "hours": "office", "first": "best customers"}
        assert not second.get("forecast")  # a forecast is not said twice by itself

        # What somebody wrote into the file by hand is not overwritten by the form.
        plan = folder / "my_plan.toml"
        by_hand = plan.read_text(encoding="utf-8").replace("agents = 3", "agents = 4")
        plan.write_text(by_hand, encoding="utf-8")
        desk.get_by_role("button", name="Save and play quarter 3").click()
        desk.get_by_text("not overwritten").first.wait_for(timeout=QUARTER_MS)
        assert plan.read_text(encoding="utf-8") == by_hand
        assert not (folder / "decisions/quarter_03.toml").exists()

        # The cell run again takes the game up where it was, with the plan that waits in the file.
        lesson.run_all()
        said(desk, "goes on with quarter 3")
        desk.get_by_role("button", name="Save and play quarter 3").click()
        said(desk, "Quarter 3 is played")
        assert played(3)["service"]["agents"] == 4
        assert tomllib.loads((folder / "game.toml").read_text(encoding="utf-8"))["played"] == 3
        lesson.close()
