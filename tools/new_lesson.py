"""Make all files of a new lesson: ``python tools/new_lesson.py 56 "Friends bring friends"``.

    notebooks/source/56_friends_bring_friends.py     the lesson's master
    exercises/source/56_friends_bring_friends.py     what is told around its questions
    crmkit/practice/questions/lesson_56.py           its questions and its quiz
    docs/instructor/56_friends_bring_friends.md      notes for the trainer
    tests/claims/test_lesson_56.py                   what it claims, on several seeds

What has to be written is marked TODO; everything runs as it is made. ``--left`` lists what is still to be written.
``--extra`` makes a lesson outside the trainer's timetables, which may have fewer questions. No file is ever
overwritten. docs/adding_a_lesson.md goes through it step by step.
"""

from __future__ import annotations

import argparse
import re
import sys
from pathlib import Path
from string import Template

from label_cells import slug
from lessons import PARTS, ROOT

TEMPLATES = Path(__file__).resolve().parent / "lesson_template"
OPEN = "TODO"


class LessonError(Exception):
    """A lesson that cannot be made: the message says why, and what to do."""


def places(number: str, name: str) -> dict[str, str]:
    """Say where each template's file goes, below the checkout."""
    return {
        "lesson": f"notebooks/source/{name}.py",
        "exercises": f"exercises/source/{name}.py",
        "questions": f"crmkit/practice/questions/lesson_{number}.py",
        "instructor": f"docs/instructor/{name}.md",
        "claims": f"tests/claims/test_lesson_{number}.py",
    }


def existing(number: str, root: Path) -> list[Path]:
    """List the files that a lesson of this number has already."""
    patterns = places(number, f"{number}_*").values()
    return sorted(path for pattern in patterns for path in root.glob(pattern))


def make(number: str, title: str, *, extra: bool = False, root: Path = ROOT) -> list[Path]:
    """Make a lesson's files.

    Parameters
    ----------
    number
        Two digits, and a letter for a second part (56b); the first is the part of the course.
    title
        The lesson's claim, in a short sentence.
    extra
        Whether it stays outside the trainer's timetables.
    root
        The checkout.

    Returns
    -------
    list of Path
        The files made.

    Raises
    ------
    LessonError
        A number that is none, belongs to no part of the course or is taken; a title that names no file.
    """
    if not re.fullmatch(r"\d\d[b-z]?", number):
        raise LessonError(f"A lesson's number has two digits, such as 56; this is {number!r}.")
    if number[0] not in PARTS:
        raise LessonError(
            f"No part of the course begins with {number[0]}. Add it to PARTS in tools/lessons.py, or choose a number "
            f"that begins with {', '.join(PARTS)}."
        )
    taken = existing(number, root)
    if taken:
        raise LessonError(
            f"There is a lesson {number}: {taken[0].relative_to(root)}. Choose another number, or delete its files."
        )
    if '"' in title or "\\" in title or not re.search(r"[A-Za-z]", title):
        raise LessonError(
            f"The title {title!r} needs letters, and no quotation marks or backslashes."
        )
    name = f"{number}_{slug(title).replace('-', '_')}"
    words = {"number": number, "title": title}
    words["extra"] = " extra=true" if extra else ""
    made = []
    for template, place in places(number, name).items():
        text = (TEMPLATES / f"{template}.txt").read_text(encoding="utf-8")
        path = root / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(Template(text).substitute(words), encoding="utf-8")
        made.append(path)
    return made


def left(number: str, root: Path = ROOT) -> list[str]:
    """List what a lesson's files still mark as to be written: place, line and text."""
    return [
        f"{path.relative_to(root).as_posix()}:{place}: {line.strip()}"
        for path in existing(number, root)
        for place, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if OPEN in line
    ]


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("number", help="two digits; the first is the part of the course")
    parser.add_argument("title", nargs="?", help="the lesson's claim, in a short sentence")
    parser.add_argument("--extra", action="store_true", help="outside the trainer's timetables")
    parser.add_argument("--left", action="store_true", help="list what is still to be written")
    options = parser.parse_args(arguments)
    if options.left:
        found = left(options.number)
        print("\n".join(found) or f"Nothing in lesson {options.number} is marked {OPEN}.")
        return int(bool(found))
    if not options.title:
        parser.error("name the lesson's title")
    try:
        made = make(options.number, options.title, extra=options.extra)
    except LessonError as fault:
        print(fault, file=sys.stderr)
        return 2
    for path in made:
        print(f"made  {path.relative_to(ROOT)}")
    print(
        f"\nEverything runs as it is: python tools/build_notebooks.py {options.number}\n"
        f"What has to be written is marked {OPEN}: python tools/new_lesson.py {options.number} --left\n"
        "What comes then: docs/adding_a_lesson.md"
    )
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
