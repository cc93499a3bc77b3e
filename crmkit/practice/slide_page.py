"""Slides as one HTML page that needs no network, and as a PDF."""

from __future__ import annotations

import html
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from importlib.resources import files
from pathlib import Path

from crmkit.errors import CrmkitError
from crmkit.practice.pages import chinese_font, render
from crmkit.practice.slides import Slide, make_slides
from crmkit.say import language, say

#: Names a browser for `print_pdf`, where none of the usual ones is found.
BROWSER = "CRMKIT_CHROMIUM"
_BROWSERS = (
    *("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"),
    *("microsoft-edge", "msedge", "brave-browser"),
)
_ELSEWHERE = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
    r"C:\Program Files\Google\Chrome\Application\chrome.exe",
    r"C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe",
)
_SIDE_BY_SIDE = 800  # a table up to so many pixels wide leaves room for words beside it


def deck_html(title: str, deck: list[Slide]) -> str:
    """Write slides as one HTML page with everything in it.

    Parameters
    ----------
    title : str
        The page's title.
    deck : list of Slide

    Returns
    -------
    str
        HTML that opens from a file, without a network: arrow keys, S for the speaker notes; it prints a slide a sheet.

    Examples
    --------
    >>> "reveal" in deck_html("Start", [Slide("Hello")])
    True
    """
    reveal = files("crmkit.practice") / "vendor" / "reveal"

    def asset(name: str) -> str:
        # "</script>" inside a script would end it.
        return (reveal / name).read_text(encoding="utf-8").replace("</script>", "<\\/script>")

    sections = [_section(slide, first=not number) for number, slide in enumerate(deck)]
    style = (files("crmkit.practice") / "slides.css").read_text(encoding="utf-8")
    style = chinese_font("".join(sections)) + style
    return "\n".join(
        [
            "<!doctype html>",
            f"<html lang='{language().replace('_', '-')}'><head><meta charset='utf-8'>",
            "<meta name='generator' content='crmkit slides'>",
            f"<title>{html.escape(title)}</title>",
            f"<style>{asset('reset.css')}\n{_for_the_screen(asset('reveal.css'))}\n{style}</style></head>",
            "<body><div class='reveal'><div class='slides'>",
            *sections,
            "</div></div>",
            f"<script>{asset('reveal.js')}</script>",
            f"<script>{asset('notes.js')}</script>",
            "<script>Reveal.initialize({hash: true, transition: 'none', width: 1280, height: 720, margin: 0.02,",
            "  center: false, controls: false, slideNumber: 'c/t', plugins: [RevealNotes]});</script>",
            "</body></html>",
            "",
        ]
    )


def _for_the_screen(style: str) -> str:
    """Leave reveal's own rules for paper out: they print a page of text, not the slides.

    Examples
    --------
    >>> _for_the_screen("p{color:red}@media print{p{color:black}q{top:0}}q{top:1px}")
    'p{color:red}q{top:1px}'
    """
    return re.sub(r"@media print\{(?:[^{}]*\{[^{}]*\})*\s*\}", "", style)


def _section(slide: Slide, *, first: bool) -> str:
    notes = "\n".join(slide.notes)
    aside = f"<aside class='notes'>{notes}</aside>" if notes else ""
    kicker = f"<p class='kicker'>{_inline(slide.kicker)}</p>" if slide.kicker else ""
    head = f"<header>{kicker}<h2>{_inline(slide.title)}</h2></header>"
    kinds = slide.kinds
    main = [part for part in slide.parts if part.kind != "point"]
    points = "\n".join(part.shown for part in slide.parts if part.kind == "point")
    form = "asking" if "question" in kinds else "alone"
    if kinds & {"figure", "table"} and points:
        wide = sum(part.width for part in main) > _SIDE_BY_SIDE
        form = "above" if wide else "beside"
    lines = slide.lines("point")
    size = "" if lines <= (5 if form == "beside" else 7) else " small"
    body = "\n".join(part.shown for part in main)
    if body and points:
        body = f"<div class='main'>{body}</div><div class='points{size}'>{points}</div>"
    elif points:
        body = f"<div class='points{size}'>{points}</div>"
    elif body:
        body = f"<div class='main'>{body}</div>"
    cover = " cover" if first else ""
    return f"<section><div class='frame {form}{cover}'>{head}\n<div class='body'>{body}</div></div>\n{aside}</section>"


def find_browser() -> str:
    """Find a browser of the Chromium family, which prints without a window.

    Returns
    -------
    str
        Its program.

    Raises
    ------
    CrmkitError
        There is none.
    """
    named = os.environ.get(BROWSER)
    for name in (named, *_BROWSERS) if named else _BROWSERS:
        found = shutil.which(name)
        if found:
            return found
    for place in _ELSEWHERE:
        if Path(place).exists():
            return place
    raise CrmkitError(
        say(
            "A PDF needs Chrome, Edge or Chromium, and none was found. Install one, name it in {variable}, or open the "
            "HTML file in any browser and print it to a PDF.",
            variable=BROWSER,
        )
    )


def print_pdf(page: Path, out: Path, *, seconds: float = 120) -> None:
    """Print a slide file to a PDF, one slide a sheet.

    Parameters
    ----------
    page : Path
        What `deck_html` wrote.
    out : Path
        The PDF to write.
    seconds : float, default 120
        After these the browser is given up.

    Raises
    ------
    CrmkitError
        No browser was found, or it wrote nothing.
    """
    program = find_browser()
    with tempfile.TemporaryDirectory() as profile:
        made = Path(profile) / "slides.pdf"
        command = [program, "--headless", "--disable-gpu", f"--user-data-dir={profile}/own"]
        command += ["--no-pdf-header-footer", "--virtual-time-budget=20000"]
        if sys.platform == "linux" and os.geteuid() == 0:
            command.append("--no-sandbox")  # which Chromium refuses to root
        command += [f"--print-to-pdf={made}", f"{page.resolve().as_uri()}"]
        try:
            ran = subprocess.run(command, capture_output=True, timeout=seconds, check=False)
            said = ran.stderr.decode(errors="replace").strip().splitlines()[-1:]
        except (OSError, subprocess.TimeoutExpired) as failure:
            said = [str(failure)]
        if not made.exists():
            raise CrmkitError(
                say(
                    "{browser} printed no PDF: {reason}. The slides are in {page}.",
                    browser=program,
                    reason="".join(said) or say("it gave no reason"),
                    page=page,
                )
            )
        shutil.copyfile(made, out)


def _inline(markdown: str) -> str:
    """Turn a heading's markdown into HTML without the paragraph around it."""
    return re.sub(r"^<p>|</p>$", "", render(markdown).strip())


def write_slides(
    lesson: Path, out: Path, *, code: bool = False, replace: bool = False, pdf: bool = False
) -> int:
    """Make the slide file of one lesson.

    Parameters
    ----------
    lesson : Path
        An executed notebook.
    out : Path
        The HTML file to write.
    code : bool, default False
        Show the code cells too.
    replace : bool, default False
        Write over a file that is there.
    pdf : bool, default False
        Print the slides to a PDF beside the HTML file, too; this needs a browser on the machine.

    Returns
    -------
    int
        The number of slides.

    Raises
    ------
    CrmkitError
        Where the lesson cannot be read or has not been executed, or a file exists and is not to be replaced.
    """
    try:
        notebook = json.loads(lesson.read_text(encoding="utf-8"))
        cells = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    except (OSError, ValueError, KeyError, TypeError) as failure:
        raise CrmkitError(f"{lesson} cannot be read as a notebook: {failure}") from failure
    if cells and not any(cell.get("outputs") for cell in cells):
        raise CrmkitError(
            f"{lesson} has not been executed: run it and save it, then make the slides"
        )
    for file in (out, out.with_suffix(".pdf"))[: 1 + pdf]:
        if file.exists() and not replace:
            raise CrmkitError(
                f"{file} exists and is left alone: name another file, or allow it to be replaced"
            )
    deck = make_slides(notebook, code=code)
    out.write_text(deck_html(deck[0].title if deck else lesson.stem, deck), encoding="utf-8")
    if pdf:
        print_pdf(out, out.with_suffix(".pdf"))
    return len(deck)
