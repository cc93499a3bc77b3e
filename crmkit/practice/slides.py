"""Slides made from a lesson itself: its claims, prompts, figures and tables on screen, its prose in the notes.

A lesson's headings are claims, so each becomes a slide's title; the figure or table that supports it stands below; a
"predict" prompt gets a slide of its own, where the trainer waits. Paragraphs stay off the screen: only what they set in
bold is shown, all of it is in the speaker notes (key S). One HTML file holds everything and needs no network.
"""

from __future__ import annotations

import base64
import html
import io
import json
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import Any

from crmkit.errors import CrmkitError
from crmkit.practice.kinds.plan import count_words
from crmkit.say import language, say

#: How much one slide takes before the next one goes on under the same title.
LINES_A_SLIDE = 9
_WIDTH_OF_A_LINE = 62  # characters of slide text
_TABLE_ROWS = 9
_OUTPUT_LINES = 14

# Calls whose answer belongs to the person at the keyboard, not on a screen.
_PERSONAL = re.compile(
    r"^\s*(?:\w+\s*=\s*)?(predict|check|hint|quiz|solution|progress|reveal)\(", re.M
)
# Tags of sections that speak to a reader alone; without a figure they give no slide.
_FOR_THE_READER = {"own-data", "next"}
# What pandas prints under a column.
_PANDAS_FOOT = re.compile(r"(?:Name: .*, )?(?:Length: \d+, )?dtype: \w+$")
# What crmkit.style.picture_html writes.
_PICTURE = re.compile(
    r'<img class="crmkit-figure" alt="(?P<alt>[^"]*)"[^>]* src="(?P<data>data:image/png;base64,[^"]*)">'
)
_LIST = re.compile(r"^\s*(?:[-*]|\d+\.)\s+")


@dataclass
class Slide:
    """One screen: a title, what is shown under it (HTML), and what the trainer reads."""

    title: str
    shown: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    lines: int = 0
    for_the_reader: bool = False  # without anything to show, it is left out


def blocks(markdown: str) -> Iterator[tuple[str, str]]:
    r"""Split markdown into blocks and name their kind.

    Parameters
    ----------
    markdown : str
        A cell's text.

    Yields
    ------
    kind : {"heading", "quote", "list", "table", "code", "paragraph"}
    text : str
        The block as written.

    Examples
    --------
    >>> list(blocks("## A claim\n\n> **Predict.** How many?\n\nBecause."))
    [('heading', '## A claim'), ('quote', '> **Predict.** How many?'), ('paragraph', 'Because.')]
    """
    for block in re.split(r"\n\s*\n", markdown.strip()):
        text = block.strip("\n")
        while text.startswith("#"):  # a heading may be followed by its text without a gap
            heading, _, text = text.partition("\n")
            yield "heading", heading
        if not text.strip():
            continue
        if text.startswith(">"):
            yield "quote", text
        elif text.lstrip().startswith("|"):
            yield "table", text
        elif text.startswith("```"):
            yield "code", text
        elif _LIST.match(text):
            yield "list", text
        else:
            yield "paragraph", text


def key_sentences(paragraph: str) -> list[str]:
    """Pick the sentences that a paragraph sets in bold: the ones worth a place on the screen.

    Parameters
    ----------
    paragraph : str
        Markdown.

    Returns
    -------
    list of str
        Without the bold marks; single words in bold are terms, not claims, and are left out.

    Examples
    --------
    >>> key_sentences("It looks level. **They were on their way back before anyone dialled.** A **tier** is …")
    ['They were on their way back before anyone dialled.']
    """
    bold = re.findall(r"\*\*(.+?)\*\*", paragraph, flags=re.DOTALL)
    return [" ".join(text.split()) for text in bold if count_words(text) >= 5]


def make_slides(notebook: dict[str, Any], *, code: bool = False) -> list[Slide]:
    r"""Turn an executed lesson into slides.

    Parameters
    ----------
    notebook : dict
        A notebook in nbformat 4, executed.
    code : bool, default False
        Show the code cells too, for a class that programs.

    Returns
    -------
    list of Slide
        In the lesson's order. A title is repeated where its matter goes on.

    Examples
    --------
    >>> cells = [{"cell_type": "markdown", "source": "# Half comes from few\n\n## **So what**"}]
    >>> [slide.title for slide in make_slides({"cells": cells})]
    ['Half comes from few', 'So what']
    """
    deck: list[Slide] = []

    def put(shown: str, lines: int) -> None:
        if not deck:
            deck.append(Slide(say("Lesson")))
        if deck[-1].shown and deck[-1].lines + lines > LINES_A_SLIDE:
            deck.append(Slide(deck[-1].title))
        deck[-1].shown.append(shown)
        deck[-1].lines += lines

    for cell in notebook["cells"]:
        source = _text(cell["source"])
        tags = set(cell.get("metadata", {}).get("tags", []))
        if cell["cell_type"] == "markdown":
            for kind, text in blocks(source):
                if kind == "heading":
                    deck.append(Slide(text.lstrip("#").strip().replace("**", "")))
                    deck[-1].for_the_reader = bool(tags & _FOR_THE_READER)
                    continue
                _put_block(kind, text, tags, put)
                if deck:
                    deck[-1].notes.append(render(text))
        elif cell["cell_type"] == "code" and not _PERSONAL.search(source):
            if code and source.strip():
                put(f"<pre class='code'>{html.escape(source)}</pre>", source.count("\n") + 2)
            for output in cell.get("outputs", []):
                _put_output(output, put)
    return [slide for slide in deck if slide.shown or not slide.for_the_reader]


def _put_block(kind: str, text: str, tags: set[str], put: Any) -> None:
    """Show what of a markdown block belongs on the screen; the cell's tags say what the block is for."""
    if kind == "paragraph":
        if "opening" in tags and re.match(r"\*\*\d", text):  # minutes, what is needed
            put(f"<div class='aside'>{render(text)}</div>", 1)
            return
        if "opening" in tags and text.startswith("**"):
            _, lead, rest = text.split("**", 2)
            goals = [goal.strip(" .。\n") for goal in re.split("[;；]", rest)]
            text = f"**{lead}**\n\n" + "\n".join(f"- {goal}" for goal in goals)
            put(render(text), _lines(text))
            return
        for sentence in key_sentences(text):
            put(f"<p class='claim'>{render(sentence)}</p>", _lines(sentence))
    elif kind == "quote":
        # Nothing beside a question to the room: what stands there would answer it.
        alone = "predict" in tags
        put(render(text), LINES_A_SLIDE if alone else _lines(text) + 1)
    elif kind == "list":
        entries = re.split(r"\n(?=\s*(?:[-*]|\d+\.)\s)", text)
        # At most five at once, and no slide for a single one that is left over.
        each = math.ceil(len(entries) / math.ceil(len(entries) / 5))
        for at in range(0, len(entries), each):
            part = "\n".join(entries[at : at + each])
            put(render(part), _lines(part) + len(entries[at : at + each]) // 2)
    elif kind == "table":
        put(f"<div class='table words'>{render(text)}</div>", text.count("\n") + 1)


def _put_output(output: dict[str, Any], put: Any) -> None:
    """Show a cell's output: a figure fills the slide, a table is cut to what can be read."""
    data = output.get("data", {})
    picture = _PICTURE.search(_text(data.get("text/html", "")))
    if picture:
        plain = _text(data.get("text/plain", ""))
        explorer = (
            f"<p class='aside'>{say('In the lesson this picture moves.')}</p>"
            if plain.startswith("Explorer")
            else ""
        )
        image = f'<img alt="{picture["alt"]}" src="{picture["data"]}">'
        put(f"<figure>{image}{explorer}</figure>", LINES_A_SLIDE)
    elif "text/html" in data:
        table = _text(data["text/html"])
        rows = re.findall(r"<tr.*?</tr>", table, flags=re.DOTALL)
        table, end, after = table.rpartition("</table>")
        table, after = (table + end, after) if end else (after, "")
        for row in rows[_TABLE_ROWS:]:
            table = table.replace(row, "", 1)
        if len(rows) > _TABLE_ROWS or re.sub(r"<.*?>", "", after).strip():
            table += f"<p class='aside'>{say('Cut here; the whole is in the lesson.')}</p>"
        size = _font_size(rows[:_TABLE_ROWS])
        put(
            f"<div class='table' style='font-size:{size}px'>{_without_scripts(table)}</div>",
            min(len(rows), _TABLE_ROWS) + 1,
        )
    else:
        text = _text(output.get("text", "")) or _text(data.get("text/plain", ""))
        lines = [line for line in text.rstrip().splitlines() if not _PANDAS_FOOT.match(line)]
        if lines:
            more = ["…"] if len(lines) > _OUTPUT_LINES else []
            kept = "\n".join(lines[:_OUTPUT_LINES] + more)
            put(f"<pre>{html.escape(kept)}</pre>", min(len(lines), _OUTPUT_LINES) // 2 + 1)


def _font_size(rows: list[str]) -> int:
    """Give the size of type, in pixels, at which a table is no wider than the slide.

    Examples
    --------
    >>> _font_size(["<tr><th>tier</th><th>share</th></tr>"]), _font_size([f"<tr>{'<th>long_name</th>' * 12}</tr>"])
    (25, 14)
    """
    columns: dict[int, float] = {}
    for row in rows:
        cells = re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, flags=re.DOTALL)
        # From the right: on the left, one cell may name several rows.
        for place, cell in enumerate(reversed(cells)):
            words = html.unescape(re.sub(r"<.*?>", "", cell)).split()
            # Cells break between words; a character is about 0.62 of the size wide, and so is the padding.
            width = 0.62 * max(map(len, words), default=0) + 1.3
            columns[place] = max(columns.get(place, 0), width)
    return min(25, int(1190 / max(sum(columns.values()), 1)))


def chinese_font(page: str) -> str:
    """Give the style that brings the page's Chinese characters along: not every machine in a room has them."""
    characters = {c for c in page if "\u2e80" <= c <= "\u9fff" or "\uff00" <= c <= "\uffef"}
    if not characters:
        return ""
    from fontTools.subset import Options, Subsetter, load_font  # matplotlib brings it

    options = Options(flavor="woff")
    font = load_font(str(files("crmkit") / "fonts" / "crmkit-sans-sc.otf"), options)
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=map(ord, characters))
    subsetter.subset(font)
    font.flavor = "woff"
    packed = io.BytesIO()
    font.save(packed)
    data = base64.b64encode(packed.getvalue()).decode()
    return f"@font-face{{font-family:'crmkit Chinese';src:url(data:font/woff;base64,{data})}}"


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
        HTML that opens from a file, without a network: arrow keys, S for the speaker notes, ``?print-pdf`` to print.

    Examples
    --------
    >>> "reveal" in deck_html("Start", [Slide("Hello")])
    True
    """
    reveal = files("crmkit.practice") / "vendor" / "reveal"

    def asset(name: str) -> str:
        # "</script>" inside a script would end it.
        return (reveal / name).read_text(encoding="utf-8").replace("</script>", "<\\/script>")

    sections = []
    for slide in deck:
        notes = "\n".join(slide.notes)
        aside = f"<aside class='notes'>{notes}</aside>" if notes else ""
        shown = "\n".join(slide.shown)
        bare = "" if slide.shown else " class='bare'"
        sections.append(
            f"<section{bare}><h2>{_inline(slide.title)}</h2>\n{shown}\n{aside}</section>"
        )
    style = (files("crmkit.practice") / "slides.css").read_text(encoding="utf-8")
    style = chinese_font("".join(sections)) + style
    return "\n".join(
        [
            "<!doctype html>",
            f"<html lang='{language().replace('_', '-')}'><head><meta charset='utf-8'>",
            "<meta name='generator' content='crmkit slides'>",
            f"<title>{html.escape(title)}</title>",
            f"<style>{asset('reset.css')}\n{asset('reveal.css')}\n{style}</style></head>",
            "<body><div class='reveal'><div class='slides'>",
            *sections,
            "</div></div>",
            f"<script>{asset('reveal.js')}</script>",
            f"<script>{asset('notes.js')}</script>",
            "<script>Reveal.initialize({hash: true, transition: 'none', width: 1280, height: 720, margin: 0.04,",
            "  center: false, controls: false, slideNumber: 'c/t', plugins: [RevealNotes]});</script>",
            "</body></html>",
            "",
        ]
    )


def write_slides(lesson: Path, out: Path, *, code: bool = False, replace: bool = False) -> int:
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

    Returns
    -------
    int
        The number of slides.

    Raises
    ------
    CrmkitError
        Where the lesson cannot be read or has not been executed, or `out` exists and is not to be replaced.
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
    if out.exists() and not replace:
        raise CrmkitError(
            f"{out} exists and is left alone: name another file, or allow it to be replaced"
        )
    deck = make_slides(notebook, code=code)
    out.write_text(deck_html(deck[0].title if deck else lesson.stem, deck), encoding="utf-8")
    return len(deck)


def _text(source: str | list[str]) -> str:
    """Join a notebook's text, which may be stored in lines."""
    return "".join(source)


def _lines(text: str) -> int:
    """Estimate how many lines a text takes on a slide."""
    return sum(1 + _width(line) // _WIDTH_OF_A_LINE for line in text.splitlines())


def _width(line: str) -> int:
    """Count characters; a Chinese one is as wide as two others."""
    return len(line) + len(re.findall(r"[\u2e80-\u9fff\uff00-\uffef]", line))


def render(markdown: str) -> str:
    """Turn markdown into HTML the way notebooks do."""
    from nbconvert.filters import (
        markdown2html,
    )  # takes a second to import, so only when slides are made

    return str(markdown2html(markdown))


def _inline(markdown: str) -> str:
    """Turn a heading's markdown into HTML without the paragraph around it."""
    return re.sub(r"^<p>|</p>$", "", render(markdown).strip())


def _without_scripts(fragment: str) -> str:
    return re.sub(r"<script.*?</script>", "", fragment, flags=re.DOTALL | re.IGNORECASE)
