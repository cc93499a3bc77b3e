"""What the masters say of themselves: number, claim, goals, minutes. The lesson map and the site are made from it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from crmkit.companies import fill, shipped

ROOT = Path(__file__).resolve().parents[1]

#: The parts of the course, by the first digit of a lesson's number.
PARTS = {
    "0": "Start",
    "1": "From needs to the offer",
    "2": "Which customers",
    "3": "Sleeping customers",
    "4": "Brand and memory",
    "8": "Your own data",
    "9": "Capstone",
}


@dataclass(frozen=True)
class Lesson:
    """One lesson as its first cell describes it."""

    number: str
    name: str  # the file's stem, "20_who_brings_the_profit"
    title: str
    goals: tuple[str, ...]
    minutes: int
    needs: str
    words: str

    @property
    def part(self) -> str:
        """The part of the course it belongs to."""
        return PARTS[self.number[0]]

    @property
    def has_exercises(self) -> bool:
        """Whether an exercise notebook goes with it."""
        return (ROOT / "exercises/source" / f"{self.name}.py").exists()


def first_cell(master: str) -> str:
    """Take the text of a master's first markdown cell, without its comment marks."""
    match = re.search(r"# %% \[markdown\].*?\n((?:#.*\n|\n)+?)(?=# %%|\Z)", master)
    if not match:
        raise ValueError("no markdown cell")
    return "\n".join(line.removeprefix("#").removeprefix(" ") for line in match[1].splitlines())


def parse(name: str, master: str) -> Lesson:
    """Read a lesson's description from its master.

    Raises
    ------
    ValueError
        Where title, goals or minutes are missing; the message names the master.
    """
    return describe(name, fill(first_cell(master), shipped("fernwell")))


def describe(name: str, text: str) -> Lesson:
    """Read a lesson's description from the text of its first cell; raises as :func:`parse` does."""

    def found(what: str, pattern: str) -> re.Match[str]:
        match = re.search(pattern, text, re.MULTILINE | re.DOTALL)
        if not match:
            raise ValueError(f"{name}: the first cell names no {what}")
        return match

    title = found("title", r"^# ([^\n]+)$")
    goals = found("goals", r"\*\*After this lesson you can\*\*(.+?)(?=\n\s*\n|\Z)")
    minutes = found("minutes", r"\*\*(\d+) minutes\*\*(.*?)(?=\n\s*\n|\Z)")
    wanted = " ".join(goals[1].split()).strip(" .:")
    rest = " ".join(minutes[2].split())
    needs = re.search(r"you need (.+?)(?=·|$)", rest)
    words = re.search(r"you will meet:? (.+?)(?=·|$)", rest)
    return Lesson(
        number=name.split("_")[0],
        name=name,
        title=title[1].strip(),
        goals=tuple(goal.strip() for goal in wanted.split(";")),
        minutes=int(minutes[1]),
        needs=needs[1].strip() if needs else "",
        words=words[1].strip() if words else "",
    )


def lessons(root: Path = ROOT) -> list[Lesson]:
    """Describe all lessons whose masters exist, in the order of the course."""
    found = sorted((root / "notebooks/source").glob("*.py"))
    return [parse(path.stem, path.read_text(encoding="utf-8")) for path in found]
