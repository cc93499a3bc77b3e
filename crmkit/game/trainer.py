"""The trainer's file of a game in class: how many rounds, which levers are open when, and what happens in between.

The file is read before every command, so that it can be changed between rounds; rounds that were played stay as they
were. All that is wrong in it is said at once, with what to write instead.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from crmkit.errors import CrmkitError
from crmkit.game.decided import AS_BEFORE, Decisions, to_table
from crmkit.game.fields import FIELDS, written
from crmkit.inputs import first_few

FILE = "game.toml"
FEWEST_ROUNDS, MOST_ROUNDS = 3, 12
MOST_BYTES = 100_000
#: Whole sections that can be opened or closed, beside single fields. A forecast may always be given.
SECTIONS = (*dict.fromkeys(one.section for one in FIELDS), "experiment")
_TEMPLATE = """\
# The trainer's file of this game. It is read before every command: change it between rounds as you like.
# What follows # is a comment. Rounds that were played stay as they were.
title = {title}
rounds = {rounds}    # {fewest} to {most}

# Which levers the teams may move. An entry holds from its round until the next entry's; "all" opens everything.
# Without any entry all are open. A closed lever keeps the value that it had.
# Levers: {sections},
# or single fields such as "prices.level". Forecasts are always open.
#
# [[open]]
# round = 1
# levers = ["service", "prices", "wake"]
#
# [[open]]
# round = 3
# levers = ["all"]

# What happens in a round, beside what the teams decide. The teams read title and text before they decide.
# The part [event.rules] is optional and changes numbers of the game from this round on, until another event changes
# them again; `crmkit game rules` lists them. More events to copy: docs/game_in_class.md.
#
# [[event]]
# round = 4
# title = "Wages rise"
# text = "From this quarter on, an agent's hour costs 30."
# [event.rules]
# "service.pay" = 30
"""


@dataclass(frozen=True)
class Event:
    """What the trainer lets happen in a round."""

    round: int
    title: str
    text: str = ""
    rules: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Course:
    """What the trainer's file says: the number of rounds, open levers by round (None: all), and events."""

    title: str
    rounds: int
    opened: Mapping[int, tuple[str, ...] | None] = field(default_factory=dict)
    events: tuple[Event, ...] = ()

    def open_in(self, number: int) -> tuple[str, ...] | None:
        """Give the levers that are open in a round; None where all are.

        Examples
        --------
        >>> course = Course("A game", 6, {1: ("prices",), 3: None})
        >>> course.open_in(2), course.open_in(5)
        (('prices',), None)
        """
        begun = [start for start in self.opened if start <= number]
        return self.opened[max(begun)] if begun else None

    def events_of(self, number: int) -> tuple[Event, ...]:
        """Give what happens in a round."""
        return tuple(event for event in self.events if event.round == number)

    def rules_in(self, number: int) -> dict[str, Any]:
        """Give the numbers of the game that events have changed up to a round, the latest last."""
        changed: dict[str, Any] = {}
        for event in sorted(self.events, key=lambda one: one.round):
            if event.round <= number:
                changed |= event.rules
        return changed


def template(title: str, rounds: int) -> str:
    """Write a trainer's file to begin with."""
    return _TEMPLATE.format(
        title=json.dumps(title, ensure_ascii=False),
        rounds=rounds,
        fewest=FEWEST_ROUNDS,
        most=MOST_ROUNDS,
        sections=", ".join(f'"{name}"' for name in SECTIONS),
    )


def read_course(path: Path) -> Course:
    """Read the trainer's file.

    Raises
    ------
    CrmkitError
        It is missing, is no TOML, or something in it is wrong; all of it is listed.
    """
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise CrmkitError(
            f"{path} cannot be read ({error.strerror}). It is the trainer's file of the game: put a copy back."
        ) from error
    try:
        if len(raw) > MOST_BYTES:
            raise ValueError(f"it is longer than {MOST_BYTES:,} bytes")
        table = tomllib.loads(raw.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise CrmkitError(
            f"{path.name} cannot be read as TOML: {error}. Look for a missing quote or bracket in that line."
        ) from error
    wrong: list[str] = []
    course = _course(table, wrong)
    if wrong:
        listed = "\n".join(f"- {fault}" for fault in wrong[:12])
        raise CrmkitError(f"{path.name}: {len(wrong)} wrong.\n{listed}")
    return course


def check_rounds(rounds: object) -> int:
    """Give the number of rounds back if a game can have so many.

    Raises
    ------
    CrmkitError
        It is no whole number from 3 to 12.
    """
    if type(rounds) is not int or not FEWEST_ROUNDS <= rounds <= MOST_ROUNDS:
        raise CrmkitError(
            f"rounds must be a whole number from {FEWEST_ROUNDS} to {MOST_ROUNDS}, not {rounds!r}."
        )
    return rounds


def _course(table: Mapping[str, Any], wrong: list[str]) -> Course:
    known = ("title", "rounds", "open", "event")
    wrong += [f"there is no {name!r}; {_near(name, known)}" for name in table if name not in known]
    title = table.get("title", "")
    if not isinstance(title, str) or not title.strip():
        wrong.append('title must be a text in quotes, such as "Spring class"')
    rounds = table.get("rounds")
    try:
        check_rounds(rounds)
    except CrmkitError as error:
        wrong.append(str(error))
        rounds = MOST_ROUNDS
    opened: dict[int, tuple[str, ...] | None] = {}
    for place, one in enumerate(_list(table, "open", wrong), start=1):
        where = f"[[open]] number {place}"
        number = _round_of(one, where, wrong)
        _no_more(one, ("round", "levers"), where, wrong)
        if number in opened:
            wrong.append(f"{where}: round {number} has an entry already; join the two")
        levers = one.get("levers")
        if not isinstance(levers, list) or not all(isinstance(name, str) for name in levers):
            wrong.append(f'{where}: levers must be a list of texts, such as ["service", "prices"]')
            continue
        fields = (*SECTIONS, *(f.lever for f in FIELDS))
        for name in levers:
            if name != "all" and name not in fields:
                wrong.append(f"{where}: there is no lever {name!r}; {_near(name, fields)}")
        opened[number] = None if "all" in levers else tuple(levers)
    events = [
        _event(one, f"[[event]] number {place}", wrong)
        for place, one in enumerate(_list(table, "event", wrong), start=1)
    ]
    return Course(str(title), int(rounds or 0), opened, tuple(events))


def _event(one: Mapping[str, Any], where: str, wrong: list[str]) -> Event:
    _no_more(one, ("round", "title", "text", "rules"), where, wrong)
    number = _round_of(one, where, wrong)
    title, text, rules = one.get("title"), one.get("text", ""), one.get("rules", {})
    if not isinstance(title, str) or not title.strip():
        wrong.append(f"{where}: title must be a text in quotes; the teams read it")
    if not isinstance(text, str):
        wrong.append(f"{where}: text must be a text in quotes")
    if not isinstance(rules, dict):
        wrong.append(
            f'{where}: rules must be a section [event.rules] with lines such as "service.pay" = 30'
        )
        rules = {}
    return Event(number, str(title), str(text), rules)


def _list(table: Mapping[str, Any], name: str, wrong: list[str]) -> list[Mapping[str, Any]]:
    found = table.get(name, [])
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        wrong.append(f"{name} must be written as [[{name}]], with two brackets, above each entry")
        return []
    return found


def _round_of(one: Mapping[str, Any], where: str, wrong: list[str]) -> int:
    number = one.get("round")
    if type(number) is not int or not 1 <= number <= MOST_ROUNDS:
        wrong.append(f"{where}: round must be a whole number from 1 to {MOST_ROUNDS}")
        return 0
    return number


def _no_more(one: Mapping[str, Any], known: Sequence[str], where: str, wrong: list[str]) -> None:
    wrong += [
        f"{where}: there is no {name!r}; {_near(name, known)}" for name in one if name not in known
    ]


def _near(name: str, known: Sequence[str]) -> str:
    close = get_close_matches(name, known, 1)
    return f"{close[0]!r} is meant?" if close else f"there are {first_few(known, 12)}"


# ---------------------------------------------------------------------------------------------- what is closed
def moved(before: Decisions, now: Decisions) -> list[str]:
    """List the levers in which two plans differ; forecasts are no lever.

    Examples
    --------
    >>> from crmkit.game.decisions import changed
    >>> moved(AS_BEFORE, changed(AS_BEFORE, {"service.agents": 4, "winning.spend.leaflets": 0}))
    ['service.agents', 'winning.spend.leaflets']
    """
    found = [one.lever for one in FIELDS if before.value(one.lever) != now.value(one.lever)]
    if to_table(before).get("experiment", []) != to_table(now).get("experiment", []):
        found.append("experiment")
    return found


def closed_moves(before: Decisions, now: Decisions, levers: Sequence[str] | None) -> list[str]:
    """Say which closed levers a team has moved, and what to write instead; nothing where all is well.

    Parameters
    ----------
    before
        What the team decided last; `AS_BEFORE` in the first round.
    now
        What it decides.
    levers
        The open levers: sections or single fields; None if all are open.

    Examples
    --------
    >>> from crmkit.game.decisions import changed
    >>> closed_moves(AS_BEFORE, changed(AS_BEFORE, {"service.agents": 4}), ["prices"])
    ['service.agents is closed in this round. Write 2 again.']
    """
    if levers is None:
        return []
    faults = []
    for lever in moved(before, now):
        if _is_open(lever, levers):
            continue
        if lever == "experiment":
            # An experiment that ran before may be ended.
            if now.experiments:
                faults.append(
                    "experiments are closed in this round. Take every [[experiment]] out."
                )
            continue
        value = before.value(lever)
        faults.append(f"{lever} is closed in this round. Write {written(value)} again.")
    for one in now.experiments:
        if not _is_open(one.lever, levers):
            faults.append(
                f"experiment {one.name!r}: {one.lever} is closed in this round. Take the experiment out."
            )
    return faults


def _is_open(lever: str, levers: Sequence[str]) -> bool:
    """Tell whether a lever, or a section that it is in, is among the open ones."""
    parts = lever.split(".")
    return any(".".join(parts[:end]) in levers for end in range(1, len(parts) + 1))


__all__ = [
    "AS_BEFORE",
    "Course",
    "Event",
    "check_rounds",
    "closed_moves",
    "moved",
    "read_course",
    "template",
]
