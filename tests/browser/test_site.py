"""The in-browser edition, used as a reader would: front page, reading, running, checking, coming back.

Needs a Pyodide distribution (environment variable CRMKIT_PYODIDE names its folder): the site is built with it and
served from a sub-path of 127.0.0.1, and no request may leave that address.
"""

from __future__ import annotations

import functools
import html
import http.server
import json
import os
import re
import threading
import time
import urllib.parse
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import build_site
import lessons as course
import pytest
import workshop

from crmkit import saving
from crmkit.game.decisions import read_decisions
from crmkit.game.play import Game
from crmkit.practice import bank, desk, guesses
from crmkit.practice.kinds import Choice
from crmkit.practice.told import told
from tests.browser import test_coming_back as coming_back
from tests.browser import test_game as game
from tests.live.a_room import OpenRoom

pytestmark = pytest.mark.browser

ROOT = Path(__file__).resolve().parents[2]
PYODIDE = os.environ.get("CRMKIT_PYODIDE")
SUB_PATH = "faculty/crm"
KERNEL_SECONDS = 300  # a busy machine takes ten times as long as a quiet one
CELL_SECONDS = 300
SERIOUS = {"serious", "critical"}

# The start lesson and one of each pillar. On every push the first runs (and the exercises of lesson 20, below).
RUN = ["00", "14", "20", "32", "43", "90"]


class Handler(http.server.SimpleHTTPRequestHandler):
    """A static host, as plain as they come."""

    extensions_map = http.server.SimpleHTTPRequestHandler.extensions_map | {
        ".mjs": "text/javascript",
        ".wasm": "application/wasm",
    }

    def log_message(self, *arguments: Any) -> None:
        """Keep the tests' output readable."""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, str]]:
    """Build the site once and serve it; give its folder and its address."""
    if not PYODIDE:
        reason = "CRMKIT_PYODIDE names no Pyodide distribution (see docs/site.md)"
        if os.environ.get("CI"):
            pytest.fail(f"{reason}; in CI the site's tests may not be skipped")
        pytest.skip(reason)
    top = tmp_path_factory.mktemp("host")
    folder = top / SUB_PATH
    folder.parent.mkdir(parents=True)
    build_site.build(folder, Path(PYODIDE))
    handler = functools.partial(Handler, directory=str(top))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield folder, f"http://127.0.0.1:{server.server_port}/{SUB_PATH}"
    server.shutdown()


@pytest.fixture
def page(chromium: Any) -> Iterator[Any]:
    """Open an empty page of a reader who was never here; fail if anything is fetched from elsewhere."""
    context = chromium.new_context(viewport={"width": 1280, "height": 900})
    opened = context.new_page()
    outside: list[str] = []

    def note(request: Any) -> None:
        if not request.url.startswith(("http://127.0.0.1:", "data:", "blob:")):
            outside.append(request.url)

    context.on("request", note)
    yield opened
    context.close()
    assert outside == []


STATE = """() => {
  const widget = window.jupyterapp?.shell?.currentWidget;
  const kernel = widget?.context?.sessionContext?.session?.kernel;
  return kernel ? kernel.status : 'none';
}"""
CELLS = """() => Array.from(window.jupyterapp.shell.currentWidget.content.model.cells)
  .map(cell => cell.toJSON()).filter(cell => cell.cell_type === 'code')"""


def open_notebook(page: Any, address: str, path: str) -> None:
    """Open a notebook of the site and wait until its kernel has started."""
    page.goto(f"{address}/run/notebooks/index.html?path={path}")
    deadline = time.monotonic() + KERNEL_SECONDS
    while page.evaluate(STATE) != "idle":
        assert time.monotonic() < deadline, (
            f"{path}: the kernel has not started in {KERNEL_SECONDS} s"
        )
        page.wait_for_timeout(500)


def run_all(page: Any, path: str) -> list[dict[str, Any]]:
    """Run all cells; a cell that hangs or fails is named."""
    # Stored lessons carry the counts of another run: without clearing them, nothing run would look like all run.
    page.evaluate("() => window.jupyterapp.commands.execute('notebook:clear-all-cell-outputs')")
    page.wait_for_function(f"() => ({CELLS})().every(cell => cell.execution_count === null)")
    page.evaluate("() => { window.jupyterapp.commands.execute('notebook:run-all-cells') }")
    done, since = -1, time.monotonic()
    while True:
        page.wait_for_timeout(500)
        cells = [cell for cell in page.evaluate(CELLS) if "".join(cell["source"]).strip()]
        for cell in cells:
            errors = [o for o in cell["outputs"] if o["output_type"] == "error"]
            assert not errors, (
                f"{path}: {cell['source']}\n{errors[0]['ename']}: {errors[0]['evalue']}"
            )
        finished = sum(1 for cell in cells if cell["execution_count"])
        if finished == len(cells) and page.evaluate(STATE) == "idle":
            return cells
        if finished != done:
            done, since = finished, time.monotonic()
        hanging = next((c["source"] for c in cells if not c["execution_count"]), "the last cell")
        assert time.monotonic() - since < CELL_SECONDS, f"{path} hangs in:\n{hanging}"


def read_notebook(page: Any, address: str, path: str) -> list[dict[str, Any]]:
    """Open a notebook of the site and give its code cells, without waiting for a kernel."""
    page.goto(f"{address}/run/notebooks/index.html?path={path}")
    page.wait_for_function(
        "() => window.jupyterapp?.shell?.currentWidget?.context?.isReady",
        timeout=KERNEL_SECONDS * 1000,
    )
    return page.evaluate(CELLS)


def run_code(page: Any, code: str) -> str:
    """Put a cell under the open notebook, run it, and give what it shows as text."""
    before = len(page.evaluate(CELLS))
    page.evaluate(
        """async code => {
          const widget = window.jupyterapp.shell.currentWidget;
          const shared = widget.content.model.sharedModel;
          shared.insertCell(shared.cells.length, {cell_type: 'code', source: code});
          widget.content.activeCellIndex = shared.cells.length - 1;
          window.jupyterapp.commands.execute('notebook:run-cell');
        }""",
        code,
    )
    deadline = time.monotonic() + CELL_SECONDS
    while True:
        page.wait_for_timeout(300)
        cell = page.evaluate(CELLS)[before]
        if cell["execution_count"]:
            return json.dumps(cell["outputs"], ensure_ascii=False)
        assert time.monotonic() < deadline, f"hangs in:\n{code}"


def sources(page: Any, address: str, path: str) -> str:
    """Open a notebook and give its code."""
    return "\n".join(cell["source"] for cell in read_notebook(page, address, path))


def named(number: str) -> str:
    """Find a lesson's file name by its number."""
    return next(lesson.name for lesson in course.lessons() if lesson.number == number)


def axe_findings(page: Any, *, contrast: bool = True) -> list[str]:
    """Run axe-core over the open page; give the serious findings."""
    from axe_playwright_python.sync_playwright import Axe

    # Only what is wrong is written out: a long page takes half of the time.
    options = {"resultTypes": ["violations"], "rules": {"color-contrast": {"enabled": contrast}}}
    found = Axe().run(page, options=options).response["violations"]
    return [
        f"{v['id']}: {v['help']} ({v['nodes'][0]['html'][:150]})"
        for v in found
        if v["impact"] in SERIOUS
    ]


def test_front_page_leads_to_every_lesson(
    site: tuple[Path, str], page: Any, record_property: Callable[[str, object], None]
) -> None:
    folder, address = site
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    record_property("site with its own Pyodide (MB)", round(size / 1e6))
    page.goto(f"{address}/index.html")
    for lesson in course.lessons():
        link = page.get_by_role("link", name=lesson.title, exact=True)
        assert link.get_attribute("href") == f"read/{lesson.name}.html"
        assert (folder / f"read/{lesson.name}.html").exists()
        assert (folder / f"run/files/lessons/{lesson.name}.ipynb").exists()


# What in a single page's text could be without a name or have one twice; axe asks the same, at forty times the cost.
NAMES = """() => {
  const named = e => e.textContent.trim() || e.getAttribute('aria-label') || e.querySelector('img[alt]');
  const ids = [...document.querySelectorAll('main [id]')].map(e => e.id);
  return [
    ...[...document.querySelectorAll('a[href], button, summary, h1, h2, h3, h4')]
      .filter(e => !named(e)).map(e => 'without a name: ' + e.outerHTML.slice(0, 150)),
    ...ids.filter((id, at) => ids.indexOf(id) !== at).map(id => 'twice: #' + id),
  ];
}"""


def test_reading_pages_are_accessible_and_hold_their_figures(
    site: tuple[Path, str], page: Any, request: pytest.FixtureRequest
) -> None:
    """Every page, at a computer's width and at a telephone's."""
    _, address = site
    full = request.config.getoption("--full")
    chosen = course.tried_by_browser(lesson.number for lesson in course.lessons())
    for lesson in [None, *course.lessons()]:
        name = f"read/{lesson.name}.html" if lesson else "index.html"
        page.goto(f"{address}/{name}")
        for width in (1280, 360):
            page.set_viewport_size({"width": width, "height": 900})
            wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
            assert wide <= 0, f"{name} is {wide} pixels wider than {width}"
        page.set_viewport_size({"width": 1280, "height": 900})
        assert page.evaluate(NAMES) == [], name
        if lesson is None:
            continue
        assert page.locator("h1").first.inner_text() == lesson.title.replace("*", "")
        without = page.locator("main img:not([alt]), main img[alt='']").count()
        assert without == 0, f"{lesson.name}: {without} figures without alt text"
        # Colours are the style sheet's, the same on every page: two pages are tried by day and by night (below).
        if full or lesson.number in chosen:
            assert axe_findings(page, contrast=full) == [], lesson.name
        # Every explorer's picture stands there, and says that it moves elsewhere.
        pictures = page.locator("main img").count()
        explorers = page.locator("main .explorer-note").count()
        assert 1 <= explorers <= pictures, (
            f"{lesson.name}: {explorers} explorers, {pictures} pictures"
        )


def test_front_page_is_usable_by_keyboard(site: tuple[Path, str], page: Any) -> None:
    _, address = site
    page.goto(f"{address}/index.html")
    reached = []
    # As many as lead past the table of lessons to the first one's links, and some.
    for _ in range(160):
        page.keyboard.press("Tab")
        reached.append(page.evaluate("document.activeElement.textContent.trim()"))
    assert reached[:3] == ["Skip to the text", "简体中文", "Start with lesson 00"]
    assert {"Read", "Open and run", "Exercises"} <= set(reached)


def test_front_page_has_a_live_explorer_and_a_picture_of_every_lesson(
    site: tuple[Path, str], page: Any
) -> None:
    folder, address = site
    for language in ("", "zh_CN/"):
        page.goto(f"{address}/{language}index.html")
        said, curve = page.locator("#live-said"), page.locator(".live .curve")
        before, of_profit = said.inner_text(), curve.get_attribute("points")
        page.locator("#live-percent").focus()
        page.keyboard.press("End")
        assert said.inner_text() != before
        page.keyboard.press("Tab")
        page.keyboard.press("ArrowRight")
        assert curve.get_attribute("points") != of_profit, "turnover has a curve of its own"
        assert axe_findings(page) == []
        for picture in page.locator(".cards img").all():
            assert picture.get_attribute("alt")
            place = folder / language / str(picture.get_attribute("src"))
            assert place.stat().st_size < 25_000
    assert page.locator(".cards img").count() == page.locator(".cards li").count()


def dead_ends(folder: Path) -> list[str]:
    """Name each link of the site's pages that leads to no page, no place on a page, or no notebook."""
    found = []
    pages = {path: path.read_text(encoding="utf-8") for path in folder.rglob("*.html")}
    places = {
        path: {html.unescape(i) for i in re.findall(r'\bid="([^"]+)"', said)}
        for path, said in pages.items()
    }
    for path, said in pages.items():
        if path.is_relative_to(folder / "run"):  # JupyterLite's own
            continue
        for link in re.findall(r'<a\b[^>]*\bhref="([^"]+)"', said):
            if re.match(r"[a-z]+:", link):
                continue
            parts = urllib.parse.urlsplit(html.unescape(link))
            target = (
                (path.parent / urllib.parse.unquote(parts.path)).resolve() if parts.path else path
            )
            target = target / "index.html" if target.is_dir() else target
            anchor = {parts.fragment, urllib.parse.unquote(parts.fragment)}
            notebook = urllib.parse.parse_qs(parts.query).get("path", [""])[0]
            lost = not target.exists() or (
                notebook and not (folder / "run/files" / notebook).exists()
            )
            if lost or (parts.fragment and target in places and not anchor & places[target]):
                found.append(f"{path.relative_to(folder)}: {link}")
    return found


def test_no_link_is_a_dead_end(site: tuple[Path, str]) -> None:
    folder, _ = site
    assert dead_ends(folder.resolve()) == []
    lessons = course.lessons()
    for before, lesson, after in zip([None, *lessons], lessons, [*lessons[1:], None], strict=False):
        said = (folder / f"read/{lesson.name}.html").read_text(encoding="utf-8")
        for other in (before, after):
            assert other is None or f'href="{other.name}.html"' in said, (lesson.name, other)
        for room in ("lessons", "exercises"):
            assert f"path={room}/{lesson.name}.ipynb" in said, lesson.name


def test_a_lesson_is_read_by_keyboard_to_its_end(site: tuple[Path, str], page: Any) -> None:
    """Every link and every button of a reading page is reached by Tab, in order, the next lesson last."""
    _, address = site
    page.goto(f"{address}/read/{named('20')}.html")
    wanted = page.locator("a[href]:visible, button:visible, summary:visible").count()
    reached: list[str] = []
    for _ in range(wanted + 40):  # wide tables are reached as well, to be moved sideways
        page.keyboard.press("Tab")
        reached.append(page.evaluate("document.activeElement.getAttribute('href') ?? ''"))
        if reached[-1] == f"{named('21')}.html":
            break
    assert reached[-1] == f"{named('21')}.html", "the next lesson is reached"
    assert any(f"exercises/{named('20')}" in link for link in reached)


def test_pages_are_dark_where_the_reader_wants_it(site: tuple[Path, str], page: Any) -> None:
    _, address = site
    for scheme, darker in (("light", False), ("dark", True)):
        page.emulate_media(color_scheme=scheme)
        for where in ("index.html", f"read/{named('22')}.html"):
            page.goto(f"{address}/{where}")
            ground, ink = page.evaluate(
                "['backgroundColor', 'color'].map(name => getComputedStyle(document.body)[name]"
                ".match(/\\d+/g).reduce((sum, part) => sum + Number(part), 0))"
            )
            assert (ground < ink) == darker, f"{where}, {scheme}"
            assert axe_findings(page) == [], f"{where}, {scheme}"


def test_who_comes_back_is_led_to_the_lesson_read_last(site: tuple[Path, str], page: Any) -> None:
    _, address = site
    page.goto(f"{address}/index.html")
    assert not page.locator("#continue").is_visible()
    page.goto(f"{address}/read/{named('30')}.html")
    page.goto(f"{address}/index.html")
    link = page.locator("#continue a")
    assert link.inner_text().startswith("Go on with lesson 30 ")
    link.click()
    page.wait_for_url(f"**/read/{named('30')}.html")


def test_plain_http_from_another_computer_is_told_what_is_not_kept(
    site: tuple[Path, str], page: Any
) -> None:
    _, address = site
    page.goto(f"{address}/index.html")
    page.wait_for_timeout(500)
    assert page.locator(".notice").count() == 0  # 127.0.0.1 counts as secure
    page.add_init_script("Object.defineProperty(window, 'isSecureContext', {value: false})")
    page.goto(f"{address}/index.html")
    assert "progress() and the count of tries start again" in page.locator(".notice").inner_text()


TALK = """
from crmkit.brand import Gains
from crmkit.relations import read_scene
from crmkit.relations.conversation_explorers import dialogue_explorer
dialogue_explorer(read_scene("our_mistake"), Gains(0.06, 0.18, 0.42))
"""


def play_a_conversation(page: Any) -> None:
    """Play a scene of lesson 68 in the open notebook: the first answer by mouse, the others by number keys."""
    run_code(page, TALK)
    box = page.locator(".crmkit-explorer:has(.crmkit-talk)")
    talk = box.locator(".crmkit-talk")
    box.locator(".crmkit-choice:visible", has_text="We made a mistake").click()
    talk.get_by_text("two hours at most").wait_for(timeout=CELL_SECONDS * 1000)
    box.locator(".crmkit-choice:visible").first.focus()
    for key, reply in (("2", "saves my day"), ("1", "Until then")):
        page.keyboard.press(key)
        talk.get_by_text(reply).wait_for(timeout=CELL_SECONDS * 1000)
        page.wait_for_timeout(700)  # the focus moves to the next step's first answer
    box.get_by_text("the best way of all 63").wait_for(timeout=CELL_SECONDS * 1000)
    assert box.locator(".crmkit-choice:visible").count() == 0
    page.keyboard.press("Enter")  # the focus is on “Play again”
    box.locator(".crmkit-choice:visible").first.wait_for(timeout=CELL_SECONDS * 1000)


@pytest.mark.timeout(1500)
@pytest.mark.parametrize(
    "number", [RUN[0], *(pytest.param(number, marks=pytest.mark.full) for number in RUN[1:])]
)
def test_lesson_runs_from_top_to_bottom(
    site: tuple[Path, str],
    page: Any,
    number: str,
    record_property: Callable[[str, object], None],
) -> None:
    _, address = site
    path = f"lessons/{named(number)}.ipynb"
    began = time.monotonic()
    open_notebook(page, address, path)
    started = time.monotonic()
    cells = run_all(page, path)
    record_property(f"{path}: cold start (s)", round(started - began, 1))
    record_property(f"{path}: {len(cells)} cells (s)", round(time.monotonic() - started, 1))
    assert cells
    if number == RUN[0]:  # the kernel is there: a few seconds more
        started = time.monotonic()
        play_a_conversation(page)
        record_property("a conversation (s)", round(time.monotonic() - started, 1))


KEPT = """
import json
from pathlib import Path
from crmkit.game.play import load
plans = [file.read_text() for file in sorted(Path("my_game/decisions").glob("*.toml"))]
print(json.dumps({"plans": plans, "accounts": load("my_game").accounts.to_csv(index=False)}))
"""


def game_desk(page: Any) -> Any:
    """Lay the game's desk under the open notebook."""
    run_code(page, game.PLAY)
    return page.locator(".crmkit-desk").last


def play_two_quarters(page: Any) -> None:
    """Play two quarters of a small game at its desk: the first by keyboard, the second by mouse."""
    desk = game_desk(page)
    game.said(desk, "will be kept in")
    game.control(desk, "people who answer customers").focus()
    page.keyboard.press("ArrowRight")
    desk.get_by_role("button", name="Save and play quarter 1").focus()
    page.keyboard.press("Enter")
    game.said(desk, "Quarter 1 is played")
    game.control(desk, "who is answered first").select_option("best customers")
    desk.get_by_role("button", name="Save and play quarter 2").click()
    game.said(desk, "Quarter 2 is played")


def play_a_third(page: Any, folder: Path) -> None:
    """Go on after a reload; what the browser computed is what this machine computes, to the byte."""
    desk = game_desk(page)
    game.said(desk, "goes on with quarter 3")
    desk.get_by_role("button", name="Save and play quarter 3").click()
    game.said(desk, "Quarter 3 is played")
    kept = json.loads("".join(json.loads(run_code(page, KEPT))[0]["text"]))
    here = Game(customers=40, seed=3)
    for number, text in enumerate(kept["plans"], start=1):
        plan = folder / f"{number}.toml"
        plan.write_text(text, encoding="utf-8")
        here.play(read_decisions(plan))
    assert here.played == 3
    assert kept["accounts"] == here.accounts.to_csv(index=False)


@pytest.mark.timeout(1500)
def test_exercise_and_game_are_remembered(
    site: tuple[Path, str], page: Any, tmp_path: Path
) -> None:
    """A wrong answer gets its reply, the right one passes, and both are still known after a reload; so is a game."""
    _, address = site
    path = f"exercises/{named('20')}.ipynb"
    open_notebook(page, address, path)
    run_all(page, path)
    run_code(page, "from crmkit.practice import bank, check, desk, progress")
    assert "Not attempted" in run_code(page, "check('20-1', ...)")
    assert "Not yet" in run_code(page, "check('20-1', -12345.678)")
    # The reference itself, as a student who has worked it out would give it.
    right = run_code(page, "check('20-1', bank.find('20-1').reference(desk.own_tables()))")
    assert "Right" in right, right
    play_two_quarters(page)
    page.wait_for_timeout(3000)  # the browser writes its store a moment later
    open_notebook(page, address, path)
    shown = run_code(page, "from crmkit.practice import progress; print(repr(progress()))")
    about = bank.of_lesson("20")
    assert f"1 of {len(about.questions)}  {about.title}" in shown, shown
    play_a_third(page, tmp_path)


@pytest.mark.timeout(1500)
@pytest.mark.full
def test_a_student_in_the_browser_joins_the_room(
    site: tuple[Path, str], page: Any, tmp_path: Path
) -> None:
    """Sent to another address than the page's; nothing is felt when the room is gone."""
    _, address = site
    room = OpenRoom(tmp_path / "room.sqlite")
    try:
        open_notebook(page, address, f"lessons/{named('00')}.ipynb")
        code = room.live.code
        said = run_code(page, f"from crmkit.practice import join, predict\njoin('{code}')")
        assert "Your name, your code and your texts are not sent" in said, said
        assert "does not answer" not in said
        run_code(page, "predict('20-a', 40)")
        deadline = time.monotonic() + 30
        while not room.live.store.latest("prediction", "20-a"):
            assert time.monotonic() < deadline
            page.wait_for_timeout(200)
        assert room.live.store.people() == 1
    finally:
        room.close()
    assert "kept" in run_code(page, "predict('20-b', 'a')")
    assert "1 answer waits" in run_code(page, "join()")


@pytest.mark.timeout(1500)
def test_a_newer_lesson_is_announced_and_the_copy_is_kept(
    site: tuple[Path, str], page: Any
) -> None:
    folder, address = site
    path = f"lessons/{named('00')}.ipynb"
    # Notebooks are written and read without Python, whose start takes longest.
    page.route("**/pyodide.mjs", lambda route: route.abort())
    read_notebook(page, address, path)
    page.evaluate(
        """() => window.jupyterapp.shell.currentWidget.content.model.sharedModel.insertCell(
          0, {cell_type: 'code', source: "mine = 'my own words'"})"""
    )
    page.evaluate("() => window.jupyterapp.commands.execute('docmanager:save')")
    page.wait_for_timeout(3000)
    page.goto(f"{address}/index.html")
    # The same edition: no notice, but the page lists the copy, and a way back to the site's own.
    page.get_by_text("Notebooks that you have changed in this browser: 1").click()
    assert page.get_by_role(
        "button", name=f"Set my copy aside and start again: {path}"
    ).is_visible()
    assert axe_findings(page) == []
    assert page.locator(".notice").count() == 0

    versions = folder / "versions.json"
    old = versions.read_text(encoding="utf-8")
    newer = json.loads(old)
    newer["notebooks"][path] = "f" * 12
    versions.write_text(json.dumps(newer), encoding="utf-8")
    try:
        page.goto(f"{address}/read/{named('10')}.html")
        page.wait_for_timeout(1000)
        assert (
            page.locator(".notice").count() == 0
        )  # another lesson's page has nothing to say of it
        page.goto(f"{address}/read/{named('00')}.html")
        page.locator(".notice").wait_for(timeout=10_000)
        page.goto(f"{address}/index.html")
        notice = page.locator(".notice")
        notice.wait_for(timeout=10_000)
        assert path in notice.inner_text()
        assert axe_findings(page) == []
        notice.get_by_role("button").click()
        page.get_by_text("Your copy is").wait_for(timeout=10_000)
    finally:
        versions.write_text(old, encoding="utf-8")
    mine = path.replace(".ipynb", "-my-copy.ipynb")
    assert "my own words" in sources(page, address, mine)
    assert "my own words" not in sources(page, address, path)


@pytest.mark.full
@pytest.mark.timeout(1500)
def test_who_comes_back_finds_pictures_and_words(site: tuple[Path, str], page: Any) -> None:
    """A cell run alone is told what is missing; a saved explorer and quiz stand there again, without Python."""
    _, address = site
    path = f"lessons/{named('00')}.ipynb"
    open_notebook(page, address, path)
    assert "run the cells above first" in run_code(page, "orders.head()")
    run_code(page, coming_back.EXPLORER)
    run_code(page, coming_back.QUIZ)
    page.locator(".crmkit-explorer .noUi-handle").first.press("ArrowRight")
    page.get_by_text("2 of nine").first.wait_for()
    page.evaluate("() => window.jupyterapp.shell.currentWidget.context.save()")
    assert page.locator(".crmkit-explorer").count() == 1, "saving leaves what is shown alive"
    *_, explorer, quiz = read_notebook(page, address, path)
    for cell in (explorer, quiz):
        assert [set(o["data"]) for o in cell["outputs"]] == [{"text/plain", "text/html"}], cell
    page.evaluate("""() => { const inside = window.jupyterapp.shell.currentWidget.content;
      inside.activeCellIndex = inside.widgets.length - 1; inside.scrollToItem(inside.activeCellIndex); }""")
    picture = page.locator("img.crmkit-figure").last
    picture.wait_for()
    assert picture.get_attribute("alt") == "An empty frame for this test. 1 of nine"
    page.get_by_text("Run All Cells, and it moves").wait_for()
    assert 'aria-label="Quiz"' in "".join(quiz["outputs"][0]["data"]["text/html"])
    for lost in ("Loading widget", "Error displaying widget"):
        assert page.get_by_text(lost).count() == 0, lost


def test_a_notebook_is_written_and_read_without_views_of_widgets(page: Any) -> None:
    """The site's extension of JupyterLab on its own, with a store of files that is none."""
    page.add_script_tag(path=str(build_site.STILLS / "static/remoteEntry.js"))
    view = {saving.WIDGET_VIEW: {"model_id": "1"}}
    both, bare = {"text/html": "<img>"} | view, {"text/plain": "a slider"} | view
    cells = [
        {"cell_type": "markdown", "source": "words"},
        {"cell_type": "code", "outputs": [{"data": both}, {"data": bare}, {"text": "printed"}]},
    ]
    file = {"type": "notebook", "content": {"cells": cells, "metadata": {"mine": 1}}}
    written, read, shown, other = page.evaluate(
        """async file => {
          const kept = {};
          class Contents {
            async save(path, options) { kept[path] = options; return options; }
            async get(path) { return structuredClone(kept[path]); }
          }
          const app = {serviceManager: {contents: new Contents()}};
          (await window._JUPYTERLAB['crmkit-stills'].get('./extension'))().default.activate(app);
          const contents = app.serviceManager.contents;
          await contents.save('lesson', file);
          kept.old = structuredClone(file);
          kept.folder = {type: 'directory', content: [{name: 'lesson'}]};
          return [kept.lesson, await contents.get('old'), file, await contents.get('folder')];
        }""",
        file,
    )
    assert shown == file, "what is shown at this moment stays alive"
    assert other == {"type": "directory", "content": [{"name": "lesson"}]}
    on_a_server = json.loads(json.dumps(file))
    saving.leave_still_pictures(on_a_server)
    assert written == read == on_a_server
    assert written["content"]["cells"][1]["outputs"][0]["data"] == {"text/html": "<img>"}


def open_workshop(page: Any, address: str, number: str, *, still: bool = False) -> None:
    """Open a lesson without code; `still` keeps Python from being loaded, where no explorer is needed."""
    if still:
        page.route("**/workshop_worker.js", lambda route: route.abort())
    page.goto(f"{address}/workshop/{named(number)}.html")


@pytest.mark.timeout(600)
def test_a_lesson_without_code_from_guess_to_explorer(
    site: tuple[Path, str], page: Any, record_property: Callable[[str, object], None]
) -> None:
    _, address = site
    began = time.monotonic()
    open_workshop(page, address, "20")
    first = page.locator('form[data-id="20-a"]')
    parts = page.locator("main section.part")
    assert [part.is_visible() for part in parts.all()] == [True, False, False, False]
    # Read at once, and said what is waited for, before Python is there.
    first.get_by_role("button", name="Write down my guess").click()
    assert "one number" in first.locator(".reply").inner_text()
    first.get_by_label("Your guess").fill("41")
    first.get_by_label("Your guess").press("Enter")
    assert "Written down: 41 of 100." in first.locator(".reply").inner_text()
    page.reload()  # who comes back finds what was typed
    assert first.get_by_label("Your guess").input_value() == "41"
    first.get_by_role("button", name="Show the answer").click()
    asked = bank.find_prediction("20-a")
    assert asked is not None
    wanted = guesses.answered(asked, 41, ..., desk.own_tables())
    assert first.locator(".reply").inner_text().split("\n\n") == list(wanted)
    assert [part.is_visible() for part in parts.all()] == [True, True, False, False]
    for name, option in (("20-b", "a larger share"), ("20-c", None)):
        form = page.locator(f'form[data-id="{name}"]')
        if option:
            form.get_by_label(option).check()
            form.get_by_role("button", name="Write down my guess").click()
            form.get_by_role("button", name="Show the answer").click()
            assert "You expected “a larger share" in form.locator(".reply").inner_text()
        else:
            form.get_by_role("button", name="Go on without a guess").click()
            assert "You wrote down no guess." in form.locator(".reply").inner_text()
    question = page.locator('form[data-id="20-quiz-1"]')
    question.get_by_label("It is the highest too").check()
    assert "Not quite. Turnover is before" in question.locator(".reply").inner_text()
    question.get_by_label("Nothing yet").check()
    assert "Right." in question.locator(".reply").inner_text()
    assert page.locator("#done").inner_text() == "4 of 8 done"

    explorer = page.locator(".explorer")
    page.locator(".explorer.live").wait_for(timeout=KERNEL_SECONDS * 1000)
    record_property("without code: explorer live (s)", round(time.monotonic() - began, 1))
    sentence, picture = explorer.locator(".sentence"), explorer.locator("img")
    before, drawn = sentence.inner_text(), picture.get_attribute("src")
    slider = explorer.get_by_label("service for one VIP")
    slider.scroll_into_view_if_needed()
    box = slider.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] / 4, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.9, box["y"] + box["height"] / 2, steps=12)
    page.mouse.up()
    value = slider.input_value()
    page.wait_for_function(
        "was => document.querySelector('.explorer .sentence').textContent !== was", arg=before
    )
    assert picture.get_attribute("src") != drawn
    assert int(value) > 400
    slider.press("ArrowRight")
    page.wait_for_function(
        "value => document.querySelector('.explorer output[for=control-0-3]').textContent === value",
        arg=str(int(value) + 10),
    )
    assert sentence.inner_text() in str(picture.get_attribute("alt"))
    assert page.locator("#done").inner_text() == "5 of 8 done"
    assert axe_findings(page) == []
    page.goto(f"{address}/index.html")
    page.locator("#continue a").click()
    assert page.locator("#done").inner_text() == "5 of 8 done"
    page.get_by_role("button", name="Forget my answers").click()
    page.wait_for_function("() => document.getElementById('done')?.textContent === '0 of 8 done'")


def test_every_lesson_without_code_is_whole_and_fits(
    site: tuple[Path, str], page: Any, request: pytest.FixtureRequest
) -> None:
    _, address = site
    seen: list[str] = []
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    for name in ["index", *workshop.texts()]:
        if name != "index":
            open_workshop(page, address, name.split("_")[0], still=True)
            page.get_by_role("button", name="Open the whole page").click()
        else:
            page.goto(f"{address}/workshop/index.html")
        # One style sheet gives all colours: on a push the front page and one lesson are tried by night too.
        whole = len(seen) < 2 or request.config.getoption("--full")
        seen.append(name)
        for scheme, width in (("light", 1280), ("dark", 390)):
            page.emulate_media(color_scheme=scheme)
            page.set_viewport_size({"width": width, "height": 844})
            wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
            assert wide <= 0, f"{name} is {wide} pixels wider than {width}"
            if whole or scheme == "light":
                assert axe_findings(page, contrast=whole) == [], f"{name}, {scheme}"
        assert page.locator("main img:not([alt]), main img[alt='']").count() == 0
    assert problems == []


def test_a_page_compares_a_guess_as_a_notebook_does(site: tuple[Path, str], page: Any) -> None:
    _, address = site
    tables = desk.own_tables()
    for name in workshop.texts():
        open_workshop(page, address, name.split("_")[0], still=True)
        answers = page.evaluate("() => crmkitWorkshop.predictions")
        for plain in bank.of_lesson(name.split("_")[0]).predictions:
            asked = told(plain, tables.company)
            tried: list[Any] = [0, 0.04, 0.25, 1, 2.5, 9.96, 12.5, 33, 70.25, 150, 1234.5, 98765]
            if isinstance(asked.kind, Choice):
                tried = list(asked.kind.options)
            script = "([id, tried]) => tried.map(guess => crmkitWorkshop.compared(id, guess))"
            shown = page.evaluate(script, [asked.id, [None, *tried]])
            found = answers[asked.id]["answer"]
            wanted = [guesses.answered(asked, x, found, tables)[0] for x in (None, *tried)]
            assert shown == wanted, asked.id
    read = ["41", " 41 %", "1,200", "1 200", "2,5", "2.5", "-3", "−3", "about 40", "", "40-50"]
    numbers = [page.evaluate("text => crmkitWorkshop.number(text)", text) for text in read]
    assert numbers == [41, 41, 1200, 1200, 2.5, 2.5, -3, -3, None, None, None]


@pytest.mark.timeout(1500)
@pytest.mark.full
@pytest.mark.parametrize("number", ["00", "11", "30", "32", "40", "43"])
def test_every_explorer_without_code_is_live(
    site: tuple[Path, str], page: Any, number: str
) -> None:
    _, address = site
    open_workshop(page, address, number)
    page.get_by_role("button", name="Open the whole page").click()
    explorer = page.locator(".explorer.live")
    explorer.wait_for(timeout=KERNEL_SECONDS * 1000)
    drawn = explorer.locator("img").get_attribute("src")
    if explorer.locator("input[type=range]").count():
        explorer.locator("input[type=range]").first.press("ArrowRight")
    else:  # lesson 11: a grid of buttons
        explorer.get_by_role("button").first.click()
    page.wait_for_function(
        "was => document.querySelector('.explorer img').getAttribute('src') !== was", arg=drawn
    )


@pytest.mark.timeout(1500)
@pytest.mark.full
def test_a_reader_without_code_joins_the_room(
    site: tuple[Path, str], page: Any, tmp_path: Path
) -> None:
    """Guesses and picks go to the room as from a notebook, and the next lesson goes on in it under the same number."""
    _, address = site
    room = OpenRoom(tmp_path / "room.sqlite")

    def arrives(kind: str, about: str) -> None:
        deadline = time.monotonic() + 30
        while not room.live.store.latest(kind, about):
            assert time.monotonic() < deadline, about
            page.wait_for_timeout(200)

    try:
        open_workshop(page, address, "20")
        page.get_by_text("In a class with a room code?").click()
        page.get_by_label("Room code").fill("no room")
        page.get_by_role("button", name="Join").click()
        page.get_by_text("code").first.wait_for()
        page.get_by_label("Room code").fill(room.live.code)
        page.get_by_role("button", name="Join").click()
        page.get_by_text("You take part.").wait_for(timeout=KERNEL_SECONDS * 1000)
        page.locator('form[data-id="20-quiz-1"]').get_by_label("Nothing yet").check()
        page.get_by_label("Your guess").first.fill("41")
        page.get_by_label("Your guess").first.press("Enter")
        arrives("prediction", "20-a")
        arrives("quiz", "20-quiz-1")
        open_workshop(page, address, "00")
        page.get_by_text("You take part.").wait_for(timeout=KERNEL_SECONDS * 1000)
        page.get_by_label("Your guess").first.fill("70")
        page.get_by_label("Your guess").first.press("Enter")
        arrives("prediction", "00-a")
        assert room.live.store.people() == 1
        page.get_by_role("button", name="Stop").click()
        page.get_by_text("Nothing more is sent.").wait_for()
    finally:
        room.close()
