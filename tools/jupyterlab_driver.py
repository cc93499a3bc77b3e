"""Drive a lesson in a real JupyterLab with a real browser: for tests/browser, tools/look.py and benchmarks.

A fresh server on a free port with settings, workspaces and configuration of its own serves a *copy* of the lessons
(JupyterLab saves what it opens), beside the shipped tables. Headless Chromium opens a lesson and runs it as a student
would.

    with Server(["notebooks/20_who_brings_the_profit.ipynb"]) as server, browser() as chromium:
        lesson = Lesson(chromium, server, "notebooks/20_who_brings_the_profit.ipynb")
        lesson.run_all()                      # raises LessonError that names a hanging or failing cell
        for explorer in lesson.explorers(): ...
"""

from __future__ import annotations

import json
import os
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, ElementHandle, Locator, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# JupyterLab, without the grammar of web addresses that nbformat builds as it is imported: a server starts two seconds
# sooner.
LAB = """
import sys
sys.modules["rfc3987_syntax"] = None
from jupyterlab.labapp import main
main()
"""
CELL_LIMIT_S = 90
REST_LIMIT_S = 30
START_LIMIT_S = 90

SETTINGS = {
    # Every cell is in the page, also those out of sight: a screenshot needs them.
    "@jupyterlab/notebook-extension/tracker": {"windowingMode": "none"},
    "@jupyterlab/apputils-extension/notification": {
        "checkForUpdates": False,
        "doNotDisturbMode": True,
        "fetchNews": "false",
    },
}


class LessonError(AssertionError):
    """A lesson that does not run in the browser: the message names the lesson and the cell."""


def chromium_path() -> str | None:
    """Find the system's Chromium (or the one that CRMKIT_CHROMIUM names); None where there is none."""
    named = os.environ.get("CRMKIT_CHROMIUM")
    if named:
        return named
    for name in ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable"):
        found = shutil.which(name)
        if found:
            return found
    return None


@contextmanager
def browser() -> Iterator[Browser]:
    """Start headless Chromium."""
    with sync_playwright() as play:
        chromium = play.chromium.launch(executable_path=chromium_path(), args=CHROMIUM_FLAGS)
        try:
            yield chromium
        finally:
            chromium.close()


def some_cells(path: Path, *sources: str) -> None:
    """Write a notebook of some cells of code."""
    import nbformat

    cells = [nbformat.v4.new_code_cell(source.strip()) for source in sources]
    made = nbformat.v4.new_notebook(cells=cells)
    made.metadata["kernelspec"] = {
        "name": "python3",
        "display_name": "Python 3",
        "language": "python",
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(made), encoding="utf-8")


class Server:
    """A JupyterLab server of its own on a free port, on a copy of the given files.

    Parameters
    ----------
    files : sequence of str
        Paths relative to the checkout; they keep them in the copy.
    theme : str, default "JupyterLab Light"
    """

    def __init__(
        self, files: Sequence[str], *, theme: str = "JupyterLab Light", root: Path = ROOT
    ) -> None:
        self._files = list(files)
        self._theme = theme
        self._root = root
        self.token = secrets.token_hex(12)
        self.url = ""
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Server:
        self._folder = tempfile.TemporaryDirectory(prefix="crmkit-lab-", ignore_cleanup_errors=True)
        base = Path(self._folder.name)
        work = base / "work"
        work.mkdir()
        (work / "datasets").symlink_to(ROOT / "datasets")
        for file in self._files:
            self.put(file, self._root)
        settings = SETTINGS | {"@jupyterlab/apputils-extension/themes": {"theme": self._theme}}
        for name, values in settings.items():
            path = base / "settings" / f"{name}.jupyterlab-settings"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(json.dumps(values), encoding="utf-8")
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        self.url = f"http://127.0.0.1:{port}"
        environment = os.environ | {
            "JUPYTER_CONFIG_DIR": str(base / "config"),
            "JUPYTER_DATA_DIR": str(base / "data"),
            "JUPYTER_RUNTIME_DIR": str(base / "runtime"),
            "JUPYTERLAB_SETTINGS_DIR": str(base / "settings"),
            "JUPYTERLAB_WORKSPACES_DIR": str(base / "workspaces"),
            "JUPYTER_PLATFORM_DIRS": "1",
            "IPYTHONDIR": str(base / "ipython"),
            "PYTHONHASHSEED": "0",
            "PYDEVD_DISABLE_FILE_VALIDATION": "1",
        }
        environment.pop("CRMKIT_PRACTICE_STATE", None)  # progress is kept in the copy
        self._log = (base / "server.log").open("wb")
        self._process = subprocess.Popen(
            [
                *(sys.executable, "-c", LAB, "--no-browser", "--allow-root"),
                f"--ServerApp.port={port}",
                "--ServerApp.port_retries=0",
                f"--ServerApp.root_dir={work}",
                f"--IdentityProvider.token={self.token}",
                "--LabApp.expose_app_in_browser=True",
                "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
            ],
            env=environment,
            stdout=self._log,
            stderr=subprocess.STDOUT,
        )
        self._wait()
        return self

    def put(self, file: str, root: Path) -> None:
        """Copy a file below `root` to the same place in the server's own folder."""
        assert self._folder is not None
        copy = Path(self._folder.name) / "work" / file
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(root / file, copy)

    def _wait(self) -> None:
        assert self._process is not None
        assert self._folder is not None
        until = time.monotonic() + START_LIMIT_S
        while time.monotonic() < until:
            if self._process.poll() is not None:
                break
            try:
                urllib.request.urlopen(
                    f"{self.url}/api/status?token={self.token}", timeout=2
                ).close()
                return
            except (urllib.error.URLError, OSError):
                time.sleep(0.2)
        log = (Path(self._folder.name) / "server.log").read_text(errors="replace")
        self.__exit__()
        raise LessonError(f"JupyterLab did not start within {START_LIMIT_S} s:\n{log[-3000:]}")

    def __exit__(self, *_exception: object) -> None:
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()
            try:
                self._process.wait(15)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        self._log.close()
        if self._folder is not None:
            self._folder.cleanup()


_READY = """() => {
  const app = window.jupyterapp;
  if (!app) return false;
  app.restored.then(() => { window.crmkitRestored = true; });
  if (!window.crmkitRestored) return false;
  const panel = Array.from(app.shell.widgets('main')).find(widget => widget.sessionContext);
  const session = panel && panel.sessionContext;
  if (!session || !session.isReady || !panel.context.isReady) return false;
  const kernel = session.session && session.session.kernel;
  if (!kernel || kernel.connectionStatus !== 'connected') return false;
  window.crmkitPanel = panel;
  app.shell.activateById(panel.id);
  return true;
}"""

_IDLE = "() => window.crmkitPanel.sessionContext.session.kernel.status === 'idle'"

_CELLS = """() => window.crmkitPanel.content.widgets.map((cell, index) => {
  const model = cell.model;
  if (model.type !== 'code') return null;
  const outputs = model.outputs.toJSON();
  const error = outputs.find(output => output.output_type === 'error');
  return {index, count: model.executionCount, source: model.sharedModel.getSource(),
          error: error ? `${error.ename}: ${error.evalue}` : null};
}).filter(cell => cell && cell.source.trim())"""


class Lesson:
    """One notebook open in JupyterLab."""

    def __init__(
        self, chromium: Browser, server: Server, path: str, *, width: int = 1280, height: int = 1000
    ) -> None:
        self.path = path
        self.page = chromium.new_page(viewport={"width": width, "height": height})
        self.page.set_default_timeout(30_000)
        # A workspace of its own, so that JupyterLab does not open an earlier lesson again beside this one.
        place = f"lab/workspaces/{secrets.token_hex(4)}/tree/{path}"
        self.page.goto(f"{server.url}/{place}?token={server.token}")
        self._wait_for_kernel()
        self.page.evaluate("() => window.jupyterapp.shell.collapseLeft()")

    def _wait_for_kernel(self) -> None:
        try:
            self.page.wait_for_function(_READY, timeout=START_LIMIT_S * 1000)
        except Exception as failure:
            message = f"{self.path}: no kernel within {START_LIMIT_S} s ({failure})"
            raise LessonError(message) from None

    def go_on_with(self, path: str) -> None:
        """Close the notebook and open another one in the same JupyterLab: a new page takes ten times as long."""
        self.path = path
        self.page.evaluate(
            """async path => {
              const old = window.crmkitPanel;
              await old.sessionContext.shutdown();
              old.dispose();  // closing would ask whether to save
              await window.jupyterapp.commands.execute('docmanager:open', {path, factory: 'Notebook'});
            }""",
            path,
        )
        self._wait_for_kernel()

    def close(self) -> None:
        """Close the page and end its kernel."""
        self.page.evaluate("async () => { await window.crmkitPanel.sessionContext.shutdown(); }")
        self.page.close()

    def command(self, name: str) -> None:
        """Run one of JupyterLab's own commands without waiting for its end."""
        self.page.evaluate(
            "name => { window.jupyterapp.commands.execute(name); }",
            name,
        )

    def cells(self) -> list[dict[str, Any]]:
        """Give the code cells as JupyterLab has them: index, execution count, source, error."""
        return self.page.evaluate(_CELLS)

    def run_all(self, cell_limit_s: float = CELL_LIMIT_S) -> float:
        """Run all cells from a clean start; give the seconds it took.

        Raises
        ------
        LessonError
            Where a cell raises, or where no cell has finished for `cell_limit_s`: it names the cell.
        """
        self.command("notebook:clear-all-cell-outputs")
        self.page.wait_for_function(f"() => ({_CELLS})().every(cell => cell.count === null)")
        started = time.monotonic()
        self.command("notebook:run-all-cells")
        done, last_progress = 0, time.monotonic()
        while True:
            cells = self.cells()
            for cell in cells:
                if cell["error"]:
                    raise LessonError(f"{self.path}, {_named(cell)} raised {cell['error']}")
            waiting = [cell for cell in cells if cell["count"] is None]
            if not waiting:
                return time.monotonic() - started
            if len(cells) - len(waiting) > done:
                done, last_progress = len(cells) - len(waiting), time.monotonic()
            if time.monotonic() - last_progress > cell_limit_s:
                raise LessonError(
                    f"{self.path}, {_named(waiting[0])} was still running after {cell_limit_s:g} s"
                )
            time.sleep(0.2)

    def explorers(self, within: str = "body") -> list[ExplorerOnPage]:
        """Find the explorers on the page, or in a part of it that a CSS selector names, in order."""
        self.page.wait_for_timeout(500)  # widget views are drawn just after their cell has ended
        # A form has no picture; tests/browser/test_game.py fills it in.
        found = self.page.locator(f"{within} .crmkit-explorer:not(.crmkit-form)")
        return [ExplorerOnPage(self, found.nth(index), index) for index in range(found.count())]

    def screenshots(self, folder: Path, prefix: str, *, piece: int = 1500) -> list[Path]:
        """Save the whole lesson as a row of pictures, from top to bottom."""
        folder.mkdir(parents=True, exist_ok=True)
        size = self.page.viewport_size or {"width": 1280, "height": 1000}
        self.page.set_viewport_size({"width": size["width"], "height": piece + 120})
        scroller = self.page.evaluate_handle(
            """() => { const inside = window.crmkitPanel.content.node;
            return [inside, ...inside.querySelectorAll('*')].find(node =>
              node.scrollHeight > node.clientHeight + 5
              && ['auto', 'scroll'].includes(getComputedStyle(node).overflowY)) || inside; }"""
        ).as_element()
        assert scroller is not None
        scroller.evaluate("node => { node.scrollTop = 0; }")
        self.page.wait_for_timeout(400)
        made: list[Path] = []
        reached = -1.0
        while True:
            path = folder / f"{prefix}-{len(made) + 1:02d}.png"
            scroller.screenshot(path=path)
            made.append(path)
            scroller.evaluate("node => { node.scrollTop += node.clientHeight - 60; }")
            self.page.wait_for_timeout(250)
            now = scroller.evaluate("node => node.scrollTop")
            if now == reached or len(made) > 60:
                break
            reached = now
        if len(made) > 1:  # the last scroll did not move: its picture was taken already
            at_end = made[-1].read_bytes() == made[-2].read_bytes()
            if at_end:
                made.pop().unlink()
        self.page.set_viewport_size(size)
        return made


class ExplorerOnPage:
    """An explorer as a reader meets it: handles to drag, keys to press, a picture, a sentence."""

    def __init__(self, lesson: Lesson, box: Locator, index: int) -> None:
        self.lesson, self.box, self.index = lesson, box, index
        self.page = lesson.page

    @property
    def sentence(self) -> str:
        """What it says now."""
        return self.box.locator(".crmkit-sentence").inner_text()

    def picture(self) -> str:
        """Give a mark of the picture's bytes as the browser holds them."""
        # The page itself works the mark out: the bytes would take longer to come here than to be drawn.
        return self.box.locator("img").first.evaluate(
            """async image => {
              const bytes = await (await fetch(image.src)).arrayBuffer();
              const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
              return Array.from(digest.slice(0, 6), byte => byte.toString(16).padStart(2, '0')).join('');
            }"""
        )

    def cut_off(self) -> str:
        """Say what of picture and sentence lies outside the box that should hold it; nothing if all is seen."""
        return self.box.evaluate(
            """box => {
              for (const part of box.querySelectorAll('.crmkit-sentence, img')) {
                const below = part.getBoundingClientRect().bottom;
                for (let node = part.parentElement; node !== box.parentElement; node = node.parentElement) {
                  const hidden = getComputedStyle(node).overflowY !== 'visible';
                  const over = Math.round(below - node.getBoundingClientRect().bottom);
                  if (hidden && over > 2) return `${part.className || 'picture'}: ${over} px`;
                }
              }
              return '';
            }"""
        )

    def state(self) -> tuple[str, str]:
        """Give picture and sentence together."""
        for _ in range(5):
            try:
                return self.picture(), self.sentence
            except Exception:  # the picture was replaced while we looked
                self.page.wait_for_timeout(100)
        return self.picture(), self.sentence

    def settled(self) -> tuple[str, str]:
        """Wait until nothing changes any more, then give picture and sentence."""
        self.page.wait_for_timeout(150)  # what a hand did is on its way to the kernel
        before = None
        until = time.monotonic() + REST_LIMIT_S
        while time.monotonic() < until:
            idle = self.page.evaluate(_IDLE)
            now = self.state()
            if idle and now == before:
                return now
            before = now if idle else None
            self.page.wait_for_timeout(120)
        raise LessonError(f"{self.lesson.path}, explorer {self.index + 1} never comes to rest")

    def controls(self) -> list[ElementHandle]:
        """Find what a reader can operate, the reset button left out."""
        found = self.box.locator(
            ".noUi-handle, select, input:not([type=hidden]), button.widget-toggle-button, "
            "button.jupyter-button:not(:has-text('Reset'))"
        ).element_handles()
        return [control for control in found if control.is_visible() and control.is_enabled()]

    def kind(self, control: ElementHandle) -> str:
        """Name a control's kind: slider, select, check, text, button."""
        return control.evaluate(
            """node => node.classList.contains('noUi-handle') ? 'slider'
              : node.tagName === 'SELECT' ? 'select'
              : node.tagName === 'INPUT' && (node.type === 'checkbox' || node.type === 'radio') ? 'check'
              : node.tagName === 'INPUT' ? 'text' : 'button'"""
        )

    def by_mouse(self, control: ElementHandle) -> None:
        """Operate a control as a hand with a mouse would."""
        control.scroll_into_view_if_needed()
        kind = self.kind(control)
        if kind == "slider":
            handle = control.bounding_box()
            track = control.evaluate_handle("node => node.closest('.noUi-target')").as_element()
            rail = track.bounding_box() if track else None
            if not handle or not rail:
                raise LessonError(
                    f"{self.lesson.path}, explorer {self.index + 1}: a slider has no size"
                )
            x, y = handle["x"] + handle["width"] / 2, handle["y"] + handle["height"] / 2
            room_right = rail["x"] + rail["width"] - x
            step = (
                min(90.0, room_right - 4)
                if room_right > rail["width"] / 2
                else -min(90.0, x - rail["x"] - 4)
            )
            self.page.mouse.move(x, y)
            self.page.mouse.down()
            self.page.mouse.move(x + step, y, steps=12)
            self.page.mouse.up()
        elif kind == "select":
            at, count = control.evaluate("node => [node.selectedIndex, node.options.length]")
            control.select_option(index=0 if at >= count / 2 else count - 1)
        elif kind == "text":
            control.click(click_count=3)
            self._type_other(control)
        else:
            control.click()

    def by_keyboard(self, control: ElementHandle) -> None:
        """Operate a control with keys alone."""
        control.scroll_into_view_if_needed()
        control.focus()
        kind = self.kind(control)
        if kind == "slider":
            at, top = control.evaluate(
                "node => [Number(node.getAttribute('aria-valuenow')), Number(node.getAttribute('aria-valuemax'))]"
            )
            for _ in range(3):
                self.page.keyboard.press("ArrowLeft" if at >= top else "ArrowRight")
                self.page.wait_for_timeout(60)
        elif kind == "select":
            at, count = control.evaluate("node => [node.selectedIndex, node.options.length]")
            self.page.keyboard.press("Home" if at >= count / 2 else "End")
        elif kind == "text":
            self.page.keyboard.press("Control+a")
            self._type_other(control)
        else:
            self.page.keyboard.press("Space")

    def _type_other(self, control: ElementHandle) -> None:
        old = str(control.input_value())
        try:
            number = float(old)
        except ValueError:
            self.page.keyboard.type(f"{old} more")
        else:
            self.page.keyboard.type(f"{number + 1:g}")
        self.page.keyboard.press("Enter")

    def reset_by_keyboard(self) -> None:
        """Reach the reset button with the Tab key from the first control, and press it.

        Raises
        ------
        LessonError
            Where Tab does not get there.
        """
        controls = self.controls()
        if controls:
            controls[0].focus()
        for _ in range(len(controls) + 10):
            inside = self.box.evaluate(
                "box => box.contains(document.activeElement) && document.activeElement.innerText.includes('Reset')"
            )
            if inside:
                self.page.keyboard.press("Enter")
                return
            self.page.keyboard.press("Tab")
        raise LessonError(
            f"{self.lesson.path}, explorer {self.index + 1}: Tab does not reach its reset button"
        )


def _named(cell: dict[str, Any]) -> str:
    first = cell["source"].strip().splitlines()[0][:80]
    return f"cell {cell['index'] + 1} ({first!r})"
