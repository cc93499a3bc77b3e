"""What the masters say of themselves: number, claim, goals, minutes. The lesson map and the site are made from it."""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from crmkit.companies import fill, shipped
from crmkit.home import lesson_of
from crmkit.say import mark

ROOT = Path(__file__).resolve().parents[1]

#: The parts of the course, by the first digit of a lesson's number.
PARTS = {
    "0": mark("Start"),
    "1": mark("From needs to the offer"),
    "2": mark("Which customers"),
    "3": mark("Sleeping customers"),
    "4": mark("Brand and memory"),
    "5": mark("Winning customers"),
    "6": mark("Keeping customers"),
    "7": mark("Reading behaviour"),
    "8": mark("Your own data"),
    "9": mark("Capstone"),
}


#: The minutes of a lesson's first cell: to read, and of exercises.
MINUTES = re.compile(r"\*\*[^*\d\n]*(\d+)[^*\d\n]+(?:(\d+)[^*\d\n]*)?\*\*(.*)")


@dataclass(frozen=True)
class Lesson:
    """One lesson as its first cell describes it."""

    number: str
    name: str  # the file's stem, "20_who_brings_the_profit"
    title: str
    goals: tuple[str, ...]
    minutes: int  # reading and exercises together
    needs: str  # "you need lesson 00"
    words: str  # "you will meet: tier, cut point"
    reading: int = 0  # of the minutes, those for the lesson itself
    exercises: int = 0  # and those for its exercises and its quiz
    extra: bool = False  # outside the trainer's timetables: ``extra=true`` in its first header

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
    match = re.search(r"# %% \[markdown\][^\n]*\n((?:#.*\n|\n)+?)(?=# %%|\Z)", master)
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
    told = describe(name, fill(first_cell(master), shipped("fernwell")))
    return replace(told, extra=bool(re.search(r"\bextra=true\b", master.partition("\n")[0])))


def describe(name: str, text: str) -> Lesson:
    """Read a lesson's description from the text of its first cell; raises as :func:`parse` does."""
    title = re.search(r"^# ([^\n]+)$", text, re.MULTILINE)
    if not title:
        raise ValueError(f"{name}: the first cell names no title")
    # By place, not by words: the same reading serves every language.
    bold = [
        " ".join(block.split())
        for block in re.split(r"\n\s*\n", text)
        if block.lstrip().startswith("**")
    ]
    goals = re.match(r"\*\*\D+?\*\*(.+)", bold[0]) if bold else None
    if not goals:
        raise ValueError(f"{name}: the first cell names no goals")
    minutes = re.match(MINUTES, bold[1]) if len(bold) > 1 else None
    if not minutes:
        raise ValueError(f"{name}: the first cell names no minutes")
    needs, words = ([part.strip() for part in minutes[3].split("·")] + ["", "", ""])[1:3]
    reading, exercises = int(minutes[1]), int(minutes[2] or 0)
    found = [goal.strip(" .:。：") for goal in re.split("[;；]", goals[1])]
    return Lesson(
        number=lesson_of(name),
        name=name,
        title=title[1].strip(),
        goals=tuple(goal for goal in found if goal),
        minutes=reading + exercises,
        reading=reading,
        exercises=exercises,
        needs=needs,
        words=words,
    )


def lessons(root: Path = ROOT) -> list[Lesson]:
    """Describe all lessons whose masters exist, in the order of the course."""
    found = sorted(
        (root / "notebooks/source").glob("*.py"), key=lambda p: (lesson_of(p.name), p.name)
    )
    return [parse(path.stem, path.read_text(encoding="utf-8")) for path in found]


#: Lessons whose explorers have controls that no first lesson of a pillar has: a game's buttons, a grid, a row of weeks
#: or needs to switch on and off.
OTHER_CONTROLS = ("11", "13", "51")


def tried_by_browser(numbers: Iterable[str]) -> set[str]:
    """Choose the lessons that a browser tries on a push: the first of each pillar, and those with rare controls.

    Examples
    --------
    >>> sorted(tried_by_browser(["00", "10", "11", "20", "21", "30"]))
    ['00', '10', '11', '20', '30']
    """
    known = sorted(numbers)
    first = {number[0]: number for number in reversed(known)}
    return {*first.values(), *(number for number in known if number in OTHER_CONTROLS)}


def first_imports(master: Path) -> str:
    """Give the lines of a lesson's first code cell that import."""
    import jupytext

    cells = jupytext.read(master).cells
    first = ast.parse(next(cell.source for cell in cells if cell.cell_type == "code"))
    lines = [n for n in first.body if isinstance(n, ast.Import | ast.ImportFrom)]
    return "\n".join(ast.unparse(line) for line in lines)


def timetables(guide: str, numbers: Collection[str]) -> dict[str, tuple[int, list[str]]]:
    """Read the paths through the course from the trainer's guide, which alone holds them.

    Parameters
    ----------
    guide
        The text of docs/trainer_guide.md.
    numbers
        The lessons that there are; other numbers in a line are none.

    Returns
    -------
    dict
        Heading of a timetable -> its minutes, and its lessons in the order in which they come first.
    """
    found: dict[str, tuple[int, list[str]]] = {}
    for section in re.split(r"^## ", guide, flags=re.MULTILINE)[1:]:
        heading = section.splitlines()[0].split(":")[0].strip()
        rows = re.findall(r"^\| \S+ \| (\d+) \| (.+) \|$", section, flags=re.MULTILINE)
        named = [
            number
            for _, what in rows
            for part in re.findall(r"^lessons? ((?:\d\d[a-z]?(?:, | and )?)+)", what)
            for number in re.findall(r"\d\d[a-z]?", part)
        ]
        path = [number for number in dict.fromkeys(named) if number in numbers]
        if len(path) > 1:
            found[heading] = (sum(int(minutes) for minutes, _ in rows), path)
    return found
