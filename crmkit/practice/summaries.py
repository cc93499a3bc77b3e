"""A page to keep of each lesson, collected into one file that prints a lesson a page.

The page is the lesson's own: the cell tagged ``summary``. Formulas are drawn, so that the file needs no network.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

from crmkit.errors import CrmkitError
from crmkit.home import lesson_of
from crmkit.practice.pages import chinese_font, with_formulas
from crmkit.say import language, say


@dataclass(frozen=True)
class Summary:
    """One lesson's page: its number, its title, and the page's Markdown without its heading."""

    lesson: str
    title: str
    text: str


def summary_of(notebook: Mapping[str, Any], name: str) -> Summary | None:
    r"""Find the page to keep in a lesson's notebook; None where it has none.

    Parameters
    ----------
    notebook
        As ``json.load`` reads it.
    name
        The file's name, which begins with the lesson's number.

    Examples
    --------
    >>> title = {"cell_type": "markdown", "metadata": {}, "source": "# Half comes from few"}
    >>> page = {"cell_type": "markdown", "metadata": {"tags": ["summary"]}, "source": "## Keep it\n\n**Claim.** So."}
    >>> summary_of({"cells": [title, page]}, "20_who.ipynb")
    Summary(lesson='20', title='Half comes from few', text='**Claim.** So.')
    """
    told = [("".join(c["source"]), c["metadata"].get("tags", [])) for c in notebook["cells"]]
    page = next((text for text, tags in told if "summary" in tags), None)
    title = re.search(r"^# (.+)$", told[0][0] if told else "", re.MULTILINE)
    if page is None:
        return None
    text = re.sub(r"\A## [^\n]*\n+", "", page)
    return Summary(lesson_of(name), title[1].strip() if title else name, text)


def summaries_html(pages: Iterable[Summary]) -> str:
    """Write pages to keep as one HTML page with everything in it; printed, each lesson begins a new sheet.

    Parameters
    ----------
    pages
        In the order of the course.

    Returns
    -------
    str
        HTML that opens from a file, without a network.
    """
    pages = list(pages)
    contents = "".join(
        f'<li><a href="#lesson-{page.lesson}">{page.lesson} · {html.escape(page.title)}</a></li>'
        for page in pages
    )
    sections = "".join(
        f'<section id="lesson-{page.lesson}"><h2><span class="number">{page.lesson}</span>'
        f"{html.escape(page.title)}</h2>{with_formulas(page.text)}"
        f'<p class="source">crmkit · {say("Lesson {number}", number=page.lesson)}</p></section>'
        for page in pages
    )
    title = say("One page on each lesson")
    note = say("Print this page (Ctrl + P) for a sheet a lesson, or save it as a PDF.")
    style = (files("crmkit.practice") / "summaries.css").read_text(encoding="utf-8")
    body = f"<h1>{title}</h1><p class='screen'>{note}</p><nav><ol>{contents}</ol></nav>{sections}"
    return (
        f"<!doctype html>\n<html lang='{language().replace('_', '-')}'><head><meta charset='utf-8'>"
        "<meta name='viewport' content='width=device-width, initial-scale=1'>"
        f"<title>{title}</title><style>{chinese_font(body)}{style}</style></head>"
        f"<body><main>{body}</main></body></html>\n"
    )


def write_summaries(lessons: Iterable[Path], out: Path, *, replace: bool = False) -> int:
    """Write the pages to keep of several lessons into one file.

    Parameters
    ----------
    lessons
        Notebooks of lessons, in order.
    out
        The HTML file to write.
    replace
        Write over a file that is there.

    Returns
    -------
    int
        The number of pages.

    Raises
    ------
    CrmkitError
        A lesson cannot be read, none has a page to keep, or `out` exists and is not to be replaced.
    """
    if out.exists() and not replace:
        raise CrmkitError(f"{out} exists and is left alone: name another file, or allow --replace.")
    found = []
    for lesson in lessons:
        try:
            page = summary_of(json.loads(lesson.read_text(encoding="utf-8")), lesson.name)
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise CrmkitError(f"{lesson} cannot be read as a notebook: {error}") from error
        if page is not None:
            found.append(page)
    if not found:
        raise CrmkitError("None of these lessons has a page to keep.")
    out.write_text(summaries_html(found), encoding="utf-8")
    return len(found)
