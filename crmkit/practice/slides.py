"""Slides made from a lesson itself: its claims, questions, figures and tables on screen, its prose in the notes.

A lesson's headings are claims, so each becomes a slide's title. Below stands what supports it (a figure, a table), and
beside that what it means: the sentence in bold, and the numbers that the lesson prints. A question to the room has a
slide of its own, whole; its answer is in the notes. Paragraphs stay off the screen, except where a slide would say too
little. `crmkit.practice.slide_page` writes the page.
"""

from __future__ import annotations

import html
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from crmkit.practice.kinds.plan import count_words
from crmkit.practice.pages import render, with_formulas
from crmkit.practice.slide_tables import set_table
from crmkit.practice.slide_tables import width_of as _width
from crmkit.say import say

#: Beside or below a figure or table there is room for so many lines; without one, for so many on a slide.
LINES_BESIDE, LINES_ALONE = 7, 9
_WIDTH_OF_A_LINE = 62  # characters of slide text
_OUTPUT_LINES = 14
_MOST_ROWS = 11
# In pixels: a slide without its edges, a line of its title, the line above, a line of words below a table, their gap.
_SLIDE, _TITLE, _KICKER, _POINT, _GAP = 620, 48, 32, 40, 24
_TITLE_LINE, _POINT_LINE = 48, 72  # characters
# A figure is so high (slides.css), and the line below it.
_FIGURE, _CAPTION = 540, 38
_ENTRIES = 5  # of a list, at once
_TITLE_LETTERS = 95  # a sentence up to this length may be a slide's title

# Calls whose answer belongs to the person at the keyboard, not on a screen.
_PERSONAL = re.compile(
    r"^\s*(?:\w+\s*=\s*)?(predict|check|hint|quiz|solution|progress|reveal)\(", re.M
)
_FIGURE_TITLE = re.compile(r"(?:set_title\(|\btitle=)\s*\"([^\"{}]+)\"")
# Tags of sections that speak to a reader alone; without a figure they give no slide.
_FOR_THE_READER = {"own-data", "next"}
# What pandas prints under a column.
_PANDAS_FOOT = re.compile(r"(?:Name: .*, )?(?:Length: \d+, )?dtype: \w+$")
# What crmkit.style.picture_html writes.
_PICTURE = re.compile(
    r'<img class="crmkit-figure" alt="(?P<alt>[^"]*)"[^>]* src="(?P<data>data:image/png;base64,[^"]*)">'
)
_LIST = re.compile(r"^\s*(?:[-*]|\d+\.)\s+")
_WHOLE = {"question", "list", "words", "summary"}  # parts that share a slide with nothing


@dataclass
class Part:
    """One thing on a screen (HTML), of a kind, about so many lines high and so many pixels wide."""

    kind: str
    shown: str
    lines: int = 1
    width: int = 0
    claim: str = ""  # what a slide with it may be called
    table: str = ""  # HTML of a table, whose size depends on what else is on its slide


@dataclass
class Slide:
    """One screen: a title, what is shown under it, and what the trainer reads."""

    title: str
    parts: list[Part] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    kicker: str = ""  # a line above the title: the section that goes on

    @property
    def shown(self) -> list[str]:
        """Give what is shown, as HTML."""
        return [part.shown for part in self.parts]

    @property
    def kinds(self) -> set[str]:
        """Give the kinds of what is shown."""
        return {part.kind for part in self.parts}

    def lines(self, *kinds: str) -> int:
        """Count the lines that parts of some kinds take."""
        return sum(part.lines for part in self.parts if part.kind in kinds)


@dataclass
class _Section:
    """What stands under one heading: parts and, between them, prose (kind ``prose``, as Markdown)."""

    title: str
    tags: set[str]
    parts: list[Part] = field(default_factory=list)


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
        Without the bold marks; single words in bold are terms, not claims, and are left out, and so is what goes on
        after a colon.

    Examples
    --------
    >>> key_sentences("It looks level. **They were on their way back before anyone dialled.** A **tier** is …")
    ['They were on their way back before anyone dialled.']
    """
    bold = re.findall(r"\*\*(.+?)\*\*", paragraph, flags=re.DOTALL)
    texts = [" ".join(text.split()) for text in bold]
    return [text for text in texts if count_words(text) >= 5 and not re.search(r"[:：]$", text)]


def first_sentences(paragraph: str, least: int = 8, most: int = 34) -> str:
    """Take the first sentences of a paragraph, as many as a slide can bear.

    Parameters
    ----------
    paragraph : str
        Markdown.
    least, most : int
        Words: sentences are added until there are at least so many, and none that would make more than so many.

    Returns
    -------
    str
        Markdown; empty where already the first sentence is too long.

    Examples
    --------
    >>> first_sentences("Ed pays more than Cy. But he calls every week, and it costs. So what?")
    'Ed pays more than Cy. But he calls every week, and it costs.'
    """
    text = " ".join(paragraph.split())
    taken = ""
    for sentence in re.split(r"(?<=[.!?…][\"*)])\s+|(?<=[.!?…])\s+|(?<=[。！？])", text):
        if not sentence or count_words(f"{taken} {sentence}") > most:
            break
        taken = f"{taken} {sentence}".strip()
        if count_words(taken) >= least and _is_whole(taken):
            break
    return taken if _is_whole(taken) else ""


def _is_whole(markdown: str) -> bool:
    """Say whether no bold passage and no code is cut in two."""
    return markdown.count("**") % 2 == 0 and markdown.count("`") % 2 == 0


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
        In the lesson's order.

    Examples
    --------
    >>> cells = [{"cell_type": "markdown", "source": "# Half comes from few\n\n## **So what**\n\nFew bring it."}]
    >>> [slide.title for slide in make_slides({"cells": cells})]
    ['Half comes from few', 'So what']
    """
    sections = _sections(notebook, code)
    deck: list[Slide] = []
    for number, section in enumerate(sections):
        # The section after the opening tells the case, whose story belongs on the screen.
        slides = _slides_of(section, story=number == 1)
        deck += slides if number else slides or [Slide(section.title)]
    return deck


def _sections(notebook: dict[str, Any], code: bool) -> list[_Section]:
    found: list[_Section] = []
    for cell in notebook["cells"]:
        source = _text(cell["source"])
        tags = set(cell.get("metadata", {}).get("tags", []))
        about = cell.get("metadata", {}).get("ask", "")
        if cell["cell_type"] == "markdown":
            asked: list[str] = []
            for kind, text in blocks(source):
                if kind == "heading":
                    found.append(_Section(text.lstrip("#").strip().replace("**", ""), tags))
                    continue
                if not found:
                    found.append(_Section(say("Lesson"), tags))
                if "predict" in tags or about:
                    asked.append(text)
                else:
                    found[-1].parts += _of_block(kind, text, tags)
            if asked:
                found[-1].parts.append(_question("\n\n".join(asked), "predict" in tags))
            if "summary" in tags:
                found[-1].parts = [_summary(source)]
        elif cell["cell_type"] == "code":
            if not found:
                found.append(_Section(say("Lesson"), set()))
            found[-1].parts += _of_code(source, cell.get("outputs", []), code)
    return found


def _of_block(kind: str, text: str, tags: set[str]) -> Iterator[Part]:
    """Give the parts that a block of Markdown makes; the cell's tags say what the block is for."""
    if kind == "paragraph" and "opening" in tags and re.match(r"\*\*\d", text):
        yield Part("aside", f"<div class='aside'>{render(text)}</div>", 1)
    elif kind == "paragraph" and "opening" in tags and text.startswith("**"):
        _, lead, rest = text.split("**", 2)
        goals = [goal.strip(" .。\n") for goal in re.split("[;；]", rest)]
        text = f"**{lead}**\n\n" + "\n".join(f"- {goal}" for goal in goals)
        yield Part("goals", render(text), _lines(text))
    elif kind == "paragraph":
        yield Part("prose", text)
        for sentence in key_sentences(text):
            sentence = sentence[0].upper() + sentence[1:]
            shown = f"<div class='claim'>{with_formulas(sentence)}</div>"
            yield Part("point", shown, _lines(sentence), claim=sentence)
    elif kind == "quote":
        yield Part("prose", text)
        yield Part("point", f"<div class='quote'>{with_formulas(text)}</div>", _lines(text) + 1)
    elif kind == "list":
        entries = re.split(r"\n(?=\s*(?:[-*]|\d+\.)\s)", text)
        yield Part("prose", text)
        if "words" in tags:
            yield Part("words", f"<div class='entries'>{render(text)}</div>", len(entries))
            return
        # No slide for a single entry that is left over.
        each = math.ceil(len(entries) / math.ceil(len(entries) / _ENTRIES))
        for at in range(0, len(entries), each):
            part = "\n".join(entries[at : at + each])
            yield Part(
                "list", with_formulas(part), _lines(part) + len(entries[at : at + each]) // 2
            )
    elif kind == "table":
        yield Part("prose", text)
        rows = text.count("\n")
        size = 28 if rows <= 6 else 22
        shown = f"<div class='table words' style='font-size:{size}px'>{with_formulas(text)}</div>"
        yield Part("table", shown, rows, width=1200)
    elif kind == "code":
        yield Part("prose", text)


def _question(text: str, prediction: bool) -> Part:
    """Show a question to the room, whole: nothing beside it, for that would answer it."""
    plain = re.sub(r"^> ?", "", text, flags=re.MULTILINE)
    lead = say("Predict") if prediction else say("Your turn")
    if prediction:  # the lead says it already
        plain = re.sub(r"\A\*\*[^*]{1,12}[.。]\*\*\s*", "", plain)
    else:
        plain = re.sub(r"\A\*\*[\w-]+ · (.+?)\*\*[.。]?\s*", r"**\1**\n\n", plain)
    lines = _lines(plain)
    size = 40 if lines <= 5 else 34 if lines <= 8 else 28 if lines <= 12 else 23
    shown = f"<div class='question' style='font-size:{size}px'>{with_formulas(plain)}</div>"
    return Part("question", shown, lines, claim=lead)


def _summary(source: str) -> Part:
    """Show the page to keep: claim, method, formula, where it fails; its code is for the keyboard."""
    kept: list[str] = []
    skip = False
    for kind, text in blocks(source):
        if kind == "heading":
            continue
        if kind == "code":
            # The paragraph before it introduces it.
            if kept and count_words(kept[-1]) < 4:
                kept.pop()
            skip = True
            continue
        kept.append(text)
    text = "\n\n".join(kept)
    size = 25 if _lines(text) > 11 or skip else 28
    shown = f"<div class='summary' style='font-size:{size}px'>{with_formulas(text)}</div>"
    return Part("summary", shown, _lines(text))


def _of_code(source: str, outputs: list[dict[str, Any]], code: bool) -> Iterator[Part]:
    """Give the parts that a code cell makes: what it shows, and the answers that it opens, for the notes."""
    personal = set(_PERSONAL.findall(source))
    others = [line for line in source.splitlines() if line.strip() and not _PERSONAL.match(line)]
    if code and source.strip() and not personal:
        shown = f"<pre class='code'>{html.escape(source)}</pre>"
        yield Part("table", shown, min(source.count("\n") + 2, 9), width=900)
    for output in outputs:
        data = output.get("data", {})
        plain = _text(data.get("text/plain", "")) or _text(output.get("text", ""))
        if "quiz" in personal and "text/html" in data:
            yield from _quiz(_text(data["text/html"]))
        elif personal and output.get("output_type") == "stream" and not others:
            continue
        elif personal and output.get("output_type") == "display_data" and _is_reply(data):
            if "reveal" in personal:
                yield Part("answer", f"<p>{html.escape(' '.join(plain.splitlines()[1:]))}</p>")
        else:
            titled = _FIGURE_TITLE.findall(source)
            yield from _of_output(output, titled[-1] if titled else "")


def _is_reply(data: dict[str, Any]) -> bool:
    """Say whether an output is crmkit's reply to a person, and no figure or table."""
    page = _text(data.get("text/html", ""))
    return "crmkit-figure" not in page and "crmkit-table" not in page and "dataframe" not in page


def _quiz(page: str) -> Iterator[Part]:
    """Show each question of the quiz; what belongs to its options is in the notes."""
    pieces = re.split(r"<p style='margin:1em 0 \.3em'><strong>\d+\. ", page)[1:]
    for piece in pieces:
        prompt, _, rest = piece.partition("</strong></p>")
        told = re.findall(r"<summary>(.*?)</summary><p[^>]*>(.*?)</p>", rest, flags=re.DOTALL)
        options = "".join(f"<p>{option}</p>" for option, _ in told)
        size = 34 if len(prompt) + len(options) < 420 else 28
        shown = f"<div class='question' style='font-size:{size}px'><p><b>{prompt}</b></p>{options}</div>"
        yield Part("question", shown, 6, claim=say("Quiz"))
        yield Part("answer", "".join(f"<p>{option}: {words}</p>" for option, words in told))


def _of_output(output: dict[str, Any], title: str) -> Iterator[Part]:
    """Show a cell's output: a figure fills the slide, a table is cut to what can be read."""
    data = output.get("data", {})
    picture = _PICTURE.search(_text(data.get("text/html", "")))
    if picture:
        plain = _text(data.get("text/plain", ""))
        moves = (
            f"<figcaption>{say('In the lesson this picture moves.')}</figcaption>"
            if plain.startswith("Explorer")
            else ""
        )
        image = f'<img alt="{picture["alt"]}" src="{picture["data"]}">'
        yield Part("figure", f"<figure>{image}{moves}</figure>", LINES_ALONE, claim=title)
    elif "text/html" in data:
        yield _table(_text(data["text/html"]))
    else:
        text = _text(output.get("text", "")) or _text(data.get("text/plain", ""))
        lines = [line for line in text.rstrip().splitlines() if not _PANDAS_FOOT.match(line)]
        if not lines:
            return
        if len(lines) <= 5 and not any(re.search(r"\S\s{2,}\S", line) for line in lines):
            said = "".join(f"<p>{html.escape(line)}</p>" for line in lines)
            yield Part("point", f"<div class='printed'>{said}</div>", _lines("\n".join(lines)))
            return
        more = ["…"] if len(lines) > _OUTPUT_LINES else []
        kept = "\n".join(lines[:_OUTPUT_LINES] + more)
        size = 28 if len(lines) <= 8 else 22
        shown = f"<pre style='font-size:{size}px'>{html.escape(kept)}</pre>"
        wide = round(max(map(len, lines)) * size * 0.61)
        yield Part("table", shown, min(len(lines), _OUTPUT_LINES), width=wide)


def _table(page: str) -> Part:
    rows = min(max(page.count("<tr"), 1), _MOST_ROWS)
    return Part("table", page, rows, table=page)


def _slides_of(section: _Section, *, story: bool) -> list[Slide]:
    """Lay a section out: what supports the claim, what it means beside it, each question alone."""
    made: list[Slide] = []
    notes: list[str] = []  # prose before there is a slide to which it belongs
    if story:
        _tell_the_story(section)
    for part in section.parts:
        if part.kind in {"prose", "answer"}:
            (made[-1].notes if made else notes).append(
                with_formulas(part.shown) if part.kind == "prose" else part.shown
            )
            continue
        if not made or not _fits(made[-1], part):
            made.append(Slide(section.title))
        made[-1].parts.append(part)
    made = _without_thin(made)
    if not made:
        if section.tags & _FOR_THE_READER:
            return []
        made = [Slide(section.title)]
    made[0].notes[:0] = notes
    _add_words(section, made)
    _name(made)
    for slide in made:
        _set_sizes(slide)
    if section.tags & _FOR_THE_READER and not any("figure" in slide.kinds for slide in made):
        return []
    kept = [slide for slide in made if slide.parts] or made[:1]
    for slide in made:
        if not slide.parts and slide is not kept[0]:
            kept[0].notes += slide.notes
    return [slide for slide in kept if slide.parts or slide.notes]


def _tell_the_story(section: _Section) -> None:
    """Put the beginning of the case on the screen: without it nobody in the room knows what is at stake."""
    for place, part in enumerate(section.parts):
        if part.kind not in {"prose", "point"}:
            return
        told = first_sentences(part.shown, least=30, most=48) if part.kind == "prose" else ""
        if told and not part.shown.startswith((">", "|", "```")):
            shown = f"<div class='story'>{with_formulas(_ended(told))}</div>"
            section.parts.insert(place + 1, Part("point", shown, _lines(told)))
            return


def _ended(sentence: str) -> str:
    """End with a full stop what introduced something that now stands elsewhere."""
    return re.sub("[:：]$", ".", sentence)


def _fits(slide: Slide, part: Part) -> bool:
    """Say whether a part may stand on a slide with what is there."""
    held = slide.kinds
    if held & _WHOLE or part.kind in _WHOLE:
        return not slide.parts
    evidence = held & {"figure", "table"}
    if part.kind == "figure":
        return not evidence and slide.lines("point") <= LINES_BESIDE
    if part.kind == "table":
        room = LINES_BESIDE + 5 - slide.lines("table") - slide.lines("point")
        return "figure" not in held and part.lines <= room and "table" not in held
    if part.kind == "point":
        return slide.lines("point") + part.lines <= (LINES_BESIDE if evidence else LINES_ALONE)
    return True  # goals and their aside


def _without_thin(slides: list[Slide]) -> list[Slide]:
    """Join a slide of a line or two to the one before it, where there is room."""
    kept: list[Slide] = []
    for slide in slides:
        thin = slide.kinds == {"point"} and slide.lines("point") <= 3
        before = kept[-1] if kept else None
        room = before is not None and not before.kinds & _WHOLE
        if (
            thin
            and room
            and before
            and before.lines("point") + slide.lines("point") <= LINES_BESIDE + 2
        ):
            before.parts += slide.parts
            before.notes += slide.notes
        else:
            kept.append(slide)
    return kept


def _add_words(section: _Section, slides: list[Slide]) -> None:
    """Give a sentence of prose to each slide that would say too little: a table without its meaning, a line alone."""
    prose: dict[int, list[str]] = {n: [] for n in range(-1, len(slides))}
    at = -1
    for part in section.parts:
        if part.kind == "prose":
            if not part.shown.startswith((">", "|", "```")) and not _LIST.match(part.shown):
                prose[at].append(part.shown)
        elif part.kind != "answer":
            at = next(
                (n for n, slide in enumerate(slides) if any(p is part for p in slide.parts)), at
            )
    told_before: set[str] = set()
    for number, slide in enumerate(slides):
        kinds = slide.kinds
        little = kinds <= {"point"} and slide.lines("point") <= 4
        bare = kinds == {"table"}
        if not (little or bare):
            continue
        there = re.sub(r"<.*?>", "", " ".join(slide.shown))
        for paragraph in [*prose[number], *reversed(prose[number - 1])]:
            told = first_sentences(paragraph, least=10 if bare else 18)
            plain = re.sub(r"[*`]", "", told)
            if not told or plain[:30] in there or paragraph in told_before:
                continue
            told_before.add(paragraph)
            shown = f"<div class='story'>{with_formulas(_ended(told))}</div>"
            part = Part("point", shown, _lines(told))
            slide.parts.append(part)
            break
        else:
            # A line that nothing explains is no slide.
            if little and slide.lines("point") < 2 and len(slides) > 1:
                slide.notes += slide.shown
                slide.parts.clear()


def _set_sizes(slide: Slide) -> None:
    """Give tables and figures of a slide the size for which title and words leave room."""
    room = _SLIDE - _TITLE * (1 + (_width(slide.title) - 1) // _TITLE_LINE)
    room -= _KICKER * bool(slide.kicker)
    points = [part.shown for part in slide.parts if part.kind == "point"]
    said = [re.sub(r"<.*?>", "", line) for point in points for line in point.split("</p>")]
    lines = sum(1 + (_width(line) - 1) // _POINT_LINE for line in said if line.strip())
    words = _POINT * lines + _GAP * len(points)
    for part in slide.parts:
        if part.table:
            part.shown, part.width = set_table(part.table, room, room - words)
        if part.kind == "figure":
            high = room - _CAPTION * ("<figcaption" in part.shown)
            if high < _FIGURE:
                part.shown = part.shown.replace("<img ", f"<img style='height:{high}px' ", 1)


def _name(slides: list[Slide]) -> None:
    """Name a section's further slides by what they say; the section's claim stands small above."""
    for number, slide in enumerate(slides):
        part = slide.parts[0] if slide.parts else None
        if part is not None and part.kind == "question":
            slide.kicker, slide.title = slide.title, part.claim
            continue
        if number == 0 or part is None or part.kind in _WHOLE:
            continue
        claims = [p for p in slide.parts if p.kind == "point" and p.claim]
        figure = next((p.claim for p in slide.parts if p.kind == "figure" and p.claim), "")
        section = slide.title
        if claims and len(claims[0].claim) <= _TITLE_LETTERS and len(slide.parts) > 1:
            slide.kicker, slide.title = section, claims[0].claim.rstrip(".。")
            slide.parts.remove(claims[0])
        elif figure and len(figure) <= _TITLE_LETTERS:
            slide.kicker, slide.title = section, figure


def _text(source: str | list[str]) -> str:
    """Join a notebook's text, which may be stored in lines."""
    return "".join(source)


def _lines(text: str) -> int:
    """Estimate how many lines a text takes on a slide."""
    return sum(1 + _width(line) // _WIDTH_OF_A_LINE for line in text.splitlines())
