"""The map of lessons, from what the masters say of themselves: short in README.md, with goals in docs/lessons.md.

``python tools/lesson_map.py`` rewrites the map between the markers of both pages; ``--check`` only compares. Nothing
about a lesson is typed twice.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from lessons import PARTS, Lesson, lessons

ROOT = Path(__file__).resolve().parents[1]
BEGIN = "<!-- lesson map: begin (python tools/lesson_map.py) -->"
END = "<!-- lesson map: end -->"


def by_part(course: list[Lesson]) -> dict[str, list[Lesson]]:
    """Group the lessons by the part of the course."""
    found = {part: [lesson for lesson in course if lesson.part == part] for part in PARTS.values()}
    return {part: own for part, own in found.items() if own}


def hours(own: list[Lesson]) -> str:
    """Say how long some lessons take with their exercises."""
    count = round(sum(lesson.minutes for lesson in own) / 60)
    return f"{count} {'hour' if count == 1 else 'hours'}"


def short(course: list[Lesson]) -> str:
    """Write the map as one table: a row a part, with the claims of its lessons."""
    lines = ["| part | lessons, each named by what it claims | time |", "|---|---|---|"]
    for part, own in by_part(course).items():
        claims = "<br>".join(
            f"{lesson.number} [{lesson.title}](notebooks/{lesson.name}.ipynb)" for lesson in own
        )
        lines.append(f"| **{part}** | {claims} | {hours(own)} |")
    return "\n".join([*lines, ""])


def with_goals(course: list[Lesson]) -> str:
    """Write the map as one table a part, with minutes and goals."""
    lines: list[str] = []
    for part, own in by_part(course).items():
        lines += [
            f"## {part}",
            "",
            f"About {hours(own)} with the exercises.",
            "",
            "| | lesson | minutes to read | of exercises | you can then |",
            "|---|---|---|---|---|",
        ]
        for lesson in own:
            link = f"[{lesson.title}](../notebooks/{lesson.name}.ipynb)"
            lines.append(
                f"| {lesson.number} | {link} | {lesson.reading} | {lesson.exercises} | {'; '.join(lesson.goals)} |"
            )
        lines.append("")
    return "\n".join(lines)


#: The pages that hold a map, and how it is written there.
PAGES = {"README.md": short, "docs/lessons.md": with_goals}


def with_map(text: str, map_: str) -> str:
    """Put a map between the markers of a text.

    Raises
    ------
    ValueError
        Where the markers are missing.
    """
    if BEGIN not in text or END not in text:
        raise ValueError(f"the text has no place for the map: put {BEGIN} and {END} into it")
    before, rest = text.split(BEGIN, 1)
    _, after = rest.split(END, 1)
    return f"{before}{BEGIN}\n\n{map_}\n{END}{after}"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--check", action="store_true", help="compare, write nothing")
    options = parser.parse_args()
    stale = 0
    for page, written in PAGES.items():
        path = ROOT / page
        old = path.read_text(encoding="utf-8")
        new = with_map(old, written(lessons()))
        if not options.check:
            path.write_text(new, encoding="utf-8")
        elif new != old:
            stale += 1
            print(f"{page}: the map is stale; run tools/lesson_map.py")
        else:
            print(f"{page}: the map is fresh")
    return int(stale > 0)


if __name__ == "__main__":
    raise SystemExit(main())
