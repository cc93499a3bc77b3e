"""The map of lessons in README.md, made from what the masters say of themselves.

``python tools/lesson_map.py`` rewrites the map between the two markers in README.md; ``--check`` only compares. Nothing
about a lesson is typed twice.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from lessons import PARTS, Lesson, lessons

ROOT = Path(__file__).resolve().parents[1]
BEGIN = "<!-- lesson map: begin (python tools/lesson_map.py) -->"
END = "<!-- lesson map: end -->"


def as_markdown(course: list[Lesson]) -> str:
    """Write the map as one table per part."""
    lines: list[str] = []
    for digit, part in PARTS.items():
        own = [lesson for lesson in course if lesson.number[0] == digit]
        if not own:
            continue
        hours = sum(lesson.minutes for lesson in own) / 60
        lines += [
            f"**{part}** (about {hours:.0f} {'hour' if round(hours) == 1 else 'hours'} with the exercises)",
            "",
            "| | lesson | minutes to read | of exercises | you can then |",
            "|---|---|---|---|---|",
        ]
        for lesson in own:
            link = f"[{lesson.title}](notebooks/{lesson.name}.ipynb)"
            lines.append(
                f"| {lesson.number} | {link} | {lesson.reading} | {lesson.exercises} | {'; '.join(lesson.goals)} |"
            )
        lines.append("")
    return "\n".join(lines)


def with_map(text: str, course: list[Lesson]) -> str:
    """Put the map between the markers of a text.

    Raises
    ------
    ValueError
        Where the markers are missing.
    """
    if BEGIN not in text or END not in text:
        raise ValueError(f"the text has no place for the map: put {BEGIN} and {END} into it")
    before, rest = text.split(BEGIN, 1)
    _, after = rest.split(END, 1)
    return f"{before}{BEGIN}\n\n{as_markdown(course)}\n{END}{after}"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--check", action="store_true", help="compare, write nothing")
    options = parser.parse_args()
    readme = ROOT / "README.md"
    old = readme.read_text(encoding="utf-8")
    new = with_map(old, lessons())
    if options.check:
        print(
            "README.md: the map is fresh"
            if new == old
            else "README.md: the map is stale; run tools/lesson_map.py"
        )
        return int(new != old)
    readme.write_text(new, encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
