"""The glossary: every word that a lesson teaches, in English and Chinese.

One CSV per part of the course in ``crmkit/practice/glossary``, with the columns term, chinese, meaning, lesson.
docs/glossary.md is made from them (``crmkit glossary --write docs/glossary.md``).
"""

from __future__ import annotations

import csv
import difflib
import html
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from crmkit.errors import CrmkitError
from crmkit.practice.reply import Reply, show

COLUMNS = ("term", "chinese", "meaning", "lesson")


@dataclass(frozen=True)
class Word:
    """One entry."""

    term: str
    chinese: str
    meaning: str
    lesson: str


def read_words(text: str, origin: str) -> list[Word]:
    r"""Read one CSV of words.

    Raises
    ------
    CrmkitError
        If a column is missing or a row lacks its term or meaning.

    Examples
    --------
    >>> read_words("term,chinese,meaning,lesson\ntier,层级,a group by value,21\n", "x.csv")[0].chinese
    '层级'
    """
    rows = csv.DictReader(text.lstrip("\ufeff").splitlines())
    missing = [c for c in COLUMNS if c not in (rows.fieldnames or [])]
    if missing:
        raise CrmkitError(
            f"{origin}: no column {', '.join(missing)}. A glossary has {', '.join(COLUMNS)}."
        )
    words = []
    for number, row in enumerate(rows, start=2):
        values = {c: (row[c] or "").strip() for c in COLUMNS}
        if not values["term"] or not values["meaning"] or None in row:
            raise CrmkitError(
                f"{origin}, line {number}: a row needs a term and a meaning, "
                "and quotation marks round a text with commas."
            )
        words.append(Word(**values))
    return words


@cache
def words() -> tuple[Word, ...]:
    """Give all words, by term. A term that two lessons teach in the same sense comes once, the earlier lesson's.

    The Chinese tells the senses apart: a holdout is a group left alone (保留组) or a sample kept back (留出样本).
    """
    folder = resources.files("crmkit.practice").joinpath("glossary")
    found: list[Word] = []
    for file in sorted(folder.iterdir(), key=lambda f: f.name):
        if file.name.endswith(".csv"):
            found += read_words(file.read_text(encoding="utf-8"), file.name)
    by_sense: dict[tuple[str, str], Word] = {}
    for word in sorted(found, key=lambda w: (w.term.lower(), w.lesson)):
        by_sense.setdefault((word.term.lower(), word.chinese), word)
    return tuple(by_sense.values())


def search(wanted: str) -> list[Word]:
    """Find words by term or Chinese term, else by part of either, else by what a meaning says."""
    text = wanted.strip().lower()
    exact = [w for w in words() if text in (w.term.lower(), w.chinese.lower())]
    part = [w for w in words() if text in w.term.lower() or text in w.chinese.lower()]
    return exact or part or [w for w in words() if text in w.meaning.lower()]


@dataclass(frozen=True)
class Entries:
    """Words as a notebook shows them."""

    found: tuple[Word, ...]

    def __repr__(self) -> str:
        return "\n".join(
            f"{w.term}{f' {w.chinese}' if w.chinese else ''}: {w.meaning}{f' (lesson {w.lesson})' if w.lesson else ''}"
            for w in self.found
        )

    def _repr_html_(self) -> str:
        esc = html.escape
        rows = "".join(
            f"<dt><strong>{esc(w.term)}</strong> <span lang='zh-Hans'>{esc(w.chinese)}</span></dt>"
            f"<dd>{esc(w.meaning)}{f' <small>(lesson {esc(w.lesson)})</small>' if w.lesson else ''}</dd>"
            for w in self.found
        )
        return f'<dl style="max-width:46em">{rows}</dl>'


def glossary(term: Any = None) -> None:
    """Explain a word, `glossary("tier")`, or list them all, `glossary()`. Chinese terms are found too."""
    if term is None:
        show(Entries(words()))
        return
    wanted = term if type(term) is str else ""
    found = search(wanted) if wanted.strip() else []
    if found:
        show(Entries(tuple(found)))
        return
    close = difflib.get_close_matches(wanted.lower(), [w.term.lower() for w in words()], n=3)
    hint = f"Did you mean {', '.join(close)}?" if close else "glossary() lists all words."
    show(Reply("", "Not in the glossary", (hint,), tone="grey"))


def as_markdown() -> str:
    """Give the whole glossary as a Markdown page."""
    lines = [
        "# Glossary 词汇表",
        "",
        "Every word that the course teaches; those without a lesson belong to topics that have none yet.",
        "Made from `crmkit/practice/glossary/*.csv` by `crmkit glossary --write docs/glossary.md`: change the",
        "tables, not this page.",
        "",
        "| term | 中文 | meaning | lesson |",
        "|---|---|---|---|",
    ]

    def cell(text: str) -> str:
        return text.replace("|", "\\|")

    lines += [
        f"| {cell(w.term)} | {cell(w.chinese)} | {cell(w.meaning)} | {w.lesson} |" for w in words()
    ]
    return "\n".join(lines) + "\n"
