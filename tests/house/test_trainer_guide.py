"""The trainer's timetables add up, and say of every lesson what the lesson says of itself."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

import lessons
import pytest

from crmkit.practice import bank

ROOT = Path(__file__).resolve().parents[2]
GUIDE = (ROOT / "docs/trainer_guide.md").read_text(encoding="utf-8")
MINUTES = {lesson.number: lesson.reading for lesson in lessons.lessons()}


def rows(guide: str) -> list[tuple[str, int, str]]:
    """Read the lines of a day's timetables: when, minutes, what. In those of weeks, lessons are read beforehand."""
    found = re.findall(r"^\| (\d\d:\d\d) \| (\d+) \| (.+) \|$", guide, re.MULTILINE)
    return [(when, int(minutes), what) for when, minutes, what in found]


def wrong_minutes(guide: str, minutes: dict[str, int]) -> list[str]:
    """Name the lines whose minutes are not those of the lessons they name first."""
    wrong = []
    for when, planned, what in rows(guide):
        match = re.match(r"lessons? ((?:\d\d[b-z]?(?:, )?)+)", what)
        if match:
            needed = sum(minutes[number] for number in re.findall(r"\d\d[b-z]?", match[1]))
            if needed != planned:
                wrong.append(f"{when}: {what} takes {needed} minutes, not {planned}")
    return wrong


def gaps(guide: str) -> list[str]:
    """Name the lines of a timetable that do not begin when the one before ends."""
    found, end = [], None
    for line in guide.splitlines():
        match = re.match(r"\| (\d\d):(\d\d) \| (\d+) \|", line)
        if not match:
            end = None
            continue
        start = 60 * int(match[1]) + int(match[2])
        if end is not None and start != end:
            found.append(line)
        end = start + int(match[3])
    return found


def test_minutes_are_those_of_the_lessons() -> None:
    assert wrong_minutes(GUIDE, MINUTES) == []


def test_the_clock_adds_up() -> None:
    assert gaps(GUIDE) == []
    for heading, end in re.findall(r"^## .*: (\d\d:\d\d) to (\d\d:\d\d)$", GUIDE, re.MULTILINE):
        table = GUIDE.split(f"{heading} to {end}")[1].split("\n## ")[0]
        last = rows(table)[-1]
        hours, minutes = map(int, last[0].split(":"))
        assert 60 * hours + minutes + last[1] == 60 * int(end[:2]) + int(end[3:])


def test_the_long_course_leaves_no_lesson_out() -> None:
    weeks = GUIDE.split("## Six weeks")[1].split("\n## ")[0]
    table = "".join(line for line in weeks.splitlines() if line.startswith("|"))
    planned = re.findall(r"\b(\d\d[b-z]?)\b(?=[,;: |])", re.sub(r"\| \d+ \|", "|", table))
    extra = {lesson.number for lesson in lessons.lessons() if lesson.extra}
    assert sorted(set(planned)) == sorted(set(MINUTES) - extra)


# --- the twelve weeks -------------------------------------------------------------------------------

WHOLE = GUIDE.split("## Twelve weeks")[1].split("\n## ")[0]


class Meeting(NamedTuple):
    """One line of the twelve weeks."""

    when: str
    minutes: int
    lessons: list[str]
    at_home: int
    in_class: str
    handed_in: list[str]


def meetings(guide: str) -> list[Meeting]:
    """Read the lines of the twelve weeks."""
    row = r"^\| (\d+[ab]) \| (\d+) \| lessons? ([^|]+) \| (\d+) \| ([^|]+) \| ([^|]+) \|$"
    return [
        Meeting(when, int(minutes), named.split(", "), int(home), done, asked.split(", "))
        for when, minutes, named, home, done, asked in re.findall(row, guide, re.MULTILINE)
    ]


def test_the_twelve_weeks_hold_every_lesson_once() -> None:
    found = meetings(WHOLE)
    assert [one.when for one in found] == [
        f"{week}{half}" for week in range(1, 13) for half in "ab"
    ]
    planned = [number for one in found for number in one.lessons]
    assert len(planned) == len(set(planned)), "a lesson is planned twice"
    # The capstone (part 9) is played beside the course.
    course = {number for number in MINUTES if not number.startswith("9")}
    assert set(planned) == course, "give each lesson of the course a place in the twelve weeks"


def test_the_minutes_of_the_twelve_weeks_add_up() -> None:
    for one in meetings(WHOLE):
        assert sum(planned_minutes(one.in_class)) == one.minutes == 90, one.when
        needed = sum(MINUTES.get(number, 0) for number in one.lessons)
        assert needed == one.at_home, f"{one.when}: {needed} minutes at home, not {one.at_home}"


def test_no_week_needs_a_lesson_of_a_later_one() -> None:
    before: set[str] = set()
    needs = {one.number: re.findall(r"\d\d[b-z]?", one.needs) for one in lessons.lessons()}
    for one in meetings(WHOLE):
        for number in one.lessons:
            assert set(needs.get(number, ())) <= before, (
                f"{one.when}: lesson {number} comes too early"
            )
            before.add(number)
    dispensable = re.search(r"leave out one of the lessons ([^:]+):", WHOLE)
    assert dispensable is not None
    for number in re.findall(r"\d\d", dispensable[1]):
        assert not [other for other, needed in needs.items() if number in needed]


def test_what_is_handed_in_and_decided_in_the_twelve_weeks_is_asked() -> None:
    course = {one.number for one in lessons.lessons()}
    for one in meetings(WHOLE):
        named = [*one.handed_in, *re.findall(r"\d\d[b-z]?-\d", one.in_class)]
        for question in named:
            lesson = question.rpartition("-")[0]
            assert lesson in one.lessons, f"{one.when}: {question} is of another meeting"
            assert lesson not in course or bank.find(question) is not None, question
        handed = {question.rpartition("-")[0] for question in one.handed_in}
        assert handed == set(one.lessons), f"{one.when}: each lesson has something to hand in"


def test_each_of_the_twelve_weeks_has_a_goal_and_something_to_leave_out() -> None:
    weeks = re.findall(r"^\| (\d+) \| ([^|]{20,}) \| ([^|]{10,}) \|$", WHOLE, re.MULTILINE)
    assert [int(week) for week, _, _ in weeks] == list(range(1, 13))
    read = {one.when: one.lessons for one in meetings(WHOLE)}
    for week, _, left_out in weeks:
        own = {*read[f"{week}a"], *read[f"{week}b"]}
        named = set(re.findall(r"\b(\d\d[b-z]?)(?=;|$)", left_out))
        assert named <= own, f"week {week} leaves out parts of its own lessons"


def test_a_drifted_timetable_is_noticed() -> None:
    assert wrong_minutes(GUIDE, MINUTES | {"32": 45})
    assert gaps(GUIDE.replace("| 11:00 | 50 |", "| 11:20 | 50 |"))


HEADINGS = [
    *("Purpose", "Minutes", "Misconceptions to expect", "Questions to ask", "What to skip"),
    "What a good answer sounds like",
]


@pytest.mark.parametrize("lesson", lessons.lessons(), ids=lambda lesson: lesson.number)
def test_every_lesson_has_notes_for_its_instructor(lesson: lessons.Lesson) -> None:
    path = ROOT / f"docs/instructor/{lesson.name}.md"
    assert path.exists(), f"{path.name} is missing"
    text = path.read_text(encoding="utf-8")
    found = [heading for heading in HEADINGS if re.search(rf"^## {heading}", text, re.MULTILINE)]
    assert found == HEADINGS
    plan = text.split("## Minutes")[1].split("\n## ")[0]
    # Notes may plan the lesson alone, or with its exercises.
    known = {lesson.reading, lesson.minutes}
    assert sum(planned_minutes(plan)) in known
    assert "may stop" in plan, "where may one stop early?"


def planned_minutes(plan: str) -> list[int]:
    """Read the minutes of a lesson's steps: "5 the case · 10 the curve. One may stop ..."."""
    steps = re.sub(r"^\s*\d+(?: in all)?:", "", plan.split(". ")[0].replace("\n", " "))
    return [int(minutes) for minutes in re.findall(r"(?:^|[·,])\s*(\d+) ", steps)]


def test_minutes_of_steps_are_read() -> None:
    assert planned_minutes("\n20 in all: 5 the case, 15 the rule of 30 %. One may stop.") == [5, 15]
    assert planned_minutes("\n5 one · 10 two (3 groups). With more time, 9 more.") == [5, 10]
