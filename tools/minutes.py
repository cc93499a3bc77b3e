"""The minutes of a lesson, to read and of exercises, by one formula: ``python tools/minutes.py``.

``… 20 33b`` takes these lessons only; ``--write`` puts the minutes into the first cell of their masters. The formula is
`reading` and `exercises` below. Its weights were set by hand, so that it gives about the minutes that
readers of the earlier lessons needed. No new reader has been timed with it yet.
"""

from __future__ import annotations

import argparse
import math
import re
from collections.abc import Sequence
from dataclasses import astuple, dataclass
from pathlib import Path

from build_notebooks import read_master, retold_master
from lessons import MINUTES, ROOT

from crmkit.home import lesson_of
from crmkit.practice import bank
from crmkit.practice.question import Question, QuizQuestion

#: Sections that are looked up, not read through.
_LOOKED_UP = {"words", "own-data", "next", "summary"}

WORDS_A_MINUTE = 100
#: Minutes for one line of code, one result to look at, one guess, one explorer, one question asked in the lesson.
LINE, RESULT, GUESS, EXPLORER, ASKED = 0.15, 0.9, 1.5, 4.0, 4.0
#: Minutes for one exercise of each level, and for one question of the quiz.
LEVELS = {"fill in": 5.0, "change": 7.0, "explore": 9.0, "decide": 10.0}
QUIZ = 1.0
#: Minutes to open the exercises and to run their first cell.
BEGIN = 2.0


@dataclass(frozen=True)
class Content:
    """What a lesson asks of its reader: counts of words, lines of code, results, guesses, explorers and questions."""

    words: int
    lines: int
    results: int
    guesses: int
    explorers: int
    asked: int


def words_of(text: str) -> int:
    """Count words; one with a hyphen or an apostrophe is one.

    Examples
    --------
    >>> words_of("Half-asleep, and it isn't over")
    5
    """
    return len(re.findall(r"\w+(?:[-'’]\w+)*", text))


def content(master: Path) -> Content:
    """Count what there is to read and to do in a lesson's master."""
    notebook = retold_master(read_master(master), master)
    words = lines = results = guesses = explorers = asked = 0
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            # What is asked is counted by the guess or the answer that it takes.
            if "ask" not in cell.metadata and not _LOOKED_UP & set(cell.metadata.get("tags", [])):
                words += words_of(cell.source)
            continue
        code = [line for line in cell.source.splitlines() if line.strip()]
        lines += len([line for line in code if not line.lstrip().startswith("#")])
        if re.search(r"^predict\(", cell.source, re.MULTILINE):
            guesses += 1
        elif re.search(r"^(check|hint|solution)\(", cell.source, re.MULTILINE):
            asked += 1
        elif re.search(r"_explorer\(|_game\(", cell.source):
            explorers += 1
        elif not re.search(r"^(import|from) ", cell.source, re.MULTILINE):
            results += 1
    return Content(words, lines, results, guesses, explorers, asked)


def reading(found: Content) -> float:
    """Give the minutes that a lesson takes without its exercises.

    Examples
    --------
    >>> reading(Content(words=1300, lines=100, results=10, guesses=3, explorers=1, asked=1))
    49.5
    """
    weights = (1 / WORDS_A_MINUTE, LINE, RESULT, GUESS, EXPLORER, ASKED)
    return sum(weight * count for weight, count in zip(weights, astuple(found), strict=True))


def exercises(questions: Sequence[Question], quiz: Sequence[QuizQuestion]) -> float:
    """Give the minutes that the exercises and the quiz of a lesson take."""
    if not questions:
        return QUIZ * len(quiz)
    return BEGIN + sum(LEVELS[asked.level] for asked in questions) + QUIZ * len(quiz)


def rounded(minutes: float) -> int:
    """Round minutes up to the next five, from 5: a plan that is too short is the worse mistake."""
    return max(5, 5 * math.ceil(minutes / 5 - 0.2))


def of_lesson(master: Path) -> tuple[int, int]:
    """Give a lesson's minutes to read and its minutes of exercises, as its first cell should say them."""
    number = lesson_of(master.name)
    asked = bank.of_lesson(number) if number in bank.lessons() else None
    work = exercises(asked.questions, asked.quiz) if asked else 0.0
    return rounded(reading(content(master))), rounded(work)


def with_minutes(text: str, read: int, work: int) -> str:
    """Put minutes into a master's first cell, in place of those that stand there.

    Examples
    --------
    >>> with_minutes("# **45 minutes** · you need lesson 00", 35, 30)
    '# **35 minutes to read, 30 minutes of exercises** · you need lesson 00'
    """
    found = MINUTES.search(text)
    if not found:
        raise ValueError("the first cell names no minutes")
    return (
        f"{text[: found.start()]}**{read} minutes to read, {work} minutes of exercises**{found[3]}"
        f"{text[found.end() :]}"
    )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("numbers", nargs="*", help="lesson numbers, such as 20 33b; all by default")
    parser.add_argument("--write", action="store_true", help="put them into the masters")
    options = parser.parse_args()
    for master in sorted((ROOT / "notebooks/source").glob("*.py")):
        if options.numbers and lesson_of(master.name) not in options.numbers:
            continue
        read, work = of_lesson(master)
        print(
            f"{lesson_of(master.name):4} {read:3} to read  {work:3} of exercises   {content(master)}"
        )
        if options.write:
            text = master.read_text(encoding="utf-8")
            master.write_text(with_minutes(text, read, work), encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
