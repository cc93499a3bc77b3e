"""A question tried on several small companies, as the package's own questions are: what is wrong with it, in sentences.

tests/practice/test_questions.py holds the course's questions to the same; here a trainer holds questions of their own
to it, before a class meets them.
"""

from __future__ import annotations

import ast
import builtins
import re
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from crmkit.practice import assess as marks
from crmkit.practice import bank
from crmkit.practice.kinds import Choice, Function, Number, Plan, Several, Table
from crmkit.practice.kinds.number import near
from crmkit.practice.phrases import named, short
from crmkit.practice.question import Kind, Question
from crmkit.practice.tables import OwnTables

#: On this share of the companies a misconception must be recognised.
LEAST_CAUGHT = 0.9
#: A tolerance beyond this share of the answer lets people pass who did something else.
WIDEST = 0.05
#: A reference that takes longer holds up every `check`.
MOST_SECONDS = 5.0
_DECIMALS = {"one": 1, "two": 2, "three": 3, "four": 4, "1": 1, "2": 2, "3": 3, "4": 4}


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong with a question, and what to do."""

    question: str
    what: str

    def __str__(self) -> str:
        return f"{self.question}: {self.what}"


def worlds(company: str, seeds: Iterable[int], customers: int) -> dict[int, OwnTables]:
    """Simulate a small company for each seed."""
    from crmkit.world import simulate

    return {
        seed: OwnTables.of_world(simulate(company, customers=customers, seed=seed, progress=False))
        for seed in seeds
    }


def try_questions(
    questions: Sequence[Question], tables: Mapping[int, OwnTables], defined: Iterable[str] = ()
) -> list[Fault]:
    """Try questions on the tables of several companies.

    Parameters
    ----------
    questions
        A trainer's own, as `bank.held_back` reads them.
    tables
        Seed -> tables of that company; see `worlds`.
    defined
        Names that the notebook's first cell defines, besides ``crmkit`` and ``check``.

    Returns
    -------
    list of Fault
        Empty where nothing is wrong.
    """
    faults: list[Fault] = []
    known = {"crmkit", "check", *defined}
    for question in questions:
        found = [*_written(question), *_starter(question, known)]
        if not isinstance(question.kind, Plan):
            found += _computed(question, tables)
        else:
            found += _model(question, tables)
        faults += [Fault(question.id, what) for what in found]
    return faults


# --- what is written -----------------------------------------------------------------------------


def _written(question: Question) -> list[str]:
    found = []
    if len(question.prompt.split()) < 5 and not re.search(r"[\u3400-\u9fff]{5}", question.prompt):
        found.append(
            "the prompt has fewer than five words: say in full sentences what is asked, with the unit."
        )
    if not question.hints:
        found.append("there is no hint: write one that says where to look.")
    if question.points <= 0:
        found.append(f"it is worth {question.points:g} points: give more than 0.")
    if question.answer_of is not None and bank.find(question.answer_of) is None:
        found.append(f"it looks at the answer of {question.answer_of}, which no lesson asks.")
    if isinstance(question.kind, Plan):
        if question.kind.points != question.points:
            found.append(
                f"the rubric adds up to {question.kind.points:g} points, and the question is worth {question.points:g}."
            )
        return found
    if not question.misconceptions:
        found.append(
            "no misconception is named: what will people get wrong? Compute it, and say what helps."
        )
    names = [m.name for m in question.misconceptions]
    replies = [m.reply for m in question.misconceptions]
    if len(set(names)) < len(names) or len(set(replies)) < len(replies):
        found.append("two misconceptions have the same name or the same reply.")
    return found


def _starter(question: Question, defined: set[str]) -> list[str]:
    """Try whether a starter is Python, and uses only names that are there; what it defines, later ones may use."""
    if not question.starter:
        return []
    try:
        tree = ast.parse(question.starter.replace("____", "GAP"))
    except SyntaxError as error:
        return [f"the starter is not Python (line {error.lineno}: {error.msg})."]
    own = {n.id for n in ast.walk(tree) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
    own |= {n.arg for n in ast.walk(tree) if isinstance(n, ast.arg)}
    own |= {n.name for n in ast.walk(tree) if isinstance(n, ast.FunctionDef)}
    own |= {
        (alias.asname or alias.name).partition(".")[0]
        for n in ast.walk(tree)
        if isinstance(n, ast.Import | ast.ImportFrom)
        for alias in n.names
    }
    used = {n.id for n in ast.walk(tree) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load)}
    strange = sorted(used - own - defined - set(dir(builtins)) - {"GAP", "answer"})
    defined |= own
    if strange:
        return [
            f"the starter uses {named(strange)}, which nothing before it defines: import or load it there."
        ]
    return []


# --- what is computed ----------------------------------------------------------------------------


def _computed(question: Question, tables: Mapping[int, OwnTables]) -> list[str]:
    references: dict[int, Any] = {}
    slowest = 0.0
    for seed, own in tables.items():
        began = time.process_time()
        try:
            references[seed] = marks.reference(question, own)
        except marks.NoReference as error:
            return [f"the reference fails on seed {seed}: {error}."]
        slowest = max(slowest, time.process_time() - began)
    found = []
    if slowest > MOST_SECONDS:
        found.append(f"the reference takes {slowest:.0f} seconds: every `check` waits for it.")
    for seed, right in references.items():
        if marks.compare(question, right, tables[seed]).status != marks.PASSED:
            return [
                *found,
                f"the reference does not pass its own check on seed {seed} (missing values in it?).",
            ]
    found += _tolerance(question, references)
    found += _seeds(question, references)
    found += _order(question, tables, references)
    found += _misconceptions(question, tables)
    found += _code(question, tables)
    return found


def _tolerance(question: Question, references: Mapping[int, Any]) -> list[str]:
    """Say where a tolerance is too wide (something else passes) or too narrow (the right answer, rounded, fails)."""
    found: dict[str, None] = {}
    asked = re.search(r"\b(one|two|three|four|\d) decimals?\b", question.prompt)
    decimals = _DECIMALS.get(asked[1]) if asked else None
    for where, values, tolerance, relative in _numbers(question.kind, references.values()):
        sizes = [abs(value) for value in values if value]
        if not sizes:
            continue
        allowed = max(tolerance, relative * min(sizes))
        largest = float(np.max(sizes))
        if max(tolerance, relative * largest) > WIDEST * largest:
            found[
                f"{where}the tolerance is too wide: {short(allowed)} is more than {WIDEST:.0%} of answers such as "
                f"{short(largest)}."
            ] = None
        rounded = [
            v for v in values
            if decimals is not None and not near(round(v, decimals), v, tolerance, relative)
        ]  # fmt: skip
        if rounded:
            half = 0.5 * 10 ** -(decimals or 0)
            found[
                f"{where}the tolerance is too narrow: {short(round(rounded[0], decimals or 0))}, rounded as the prompt "
                f"asks, fails against {short(rounded[0])}. Half a unit of the last decimal is {half:g}."
            ] = None
        elif not tolerance and not relative and any(not float(v).is_integer() for v in values):
            found[
                f"{where}the tolerance is too narrow: it is 0, and answers such as {short(sizes[0])} have decimals. "
                "Adding in another order would fail."
            ] = None
    return list(found)


def _numbers(kind: Kind, references: Iterable[Any]) -> list[tuple[str, list[float], float, float]]:
    """Give every number that a kind compares: where it stands, its values, its tolerances."""
    rights = list(references)
    if isinstance(kind, Number):
        return [("", [float(r) for r in rights], kind.tolerance, kind.relative)]
    if isinstance(kind, Several):
        return [
            (f"“{name}”: {where}", values, tolerance, relative)
            for name, part in kind.parts.items()
            for where, values, tolerance, relative in _numbers(part, [r[name] for r in rights])
        ]
    if isinstance(kind, Table):
        return [
            (
                f"column “{name}”: ",
                [float(v) for r in rights for v in r.columns[name] if isinstance(v, int | float)],
                tolerance,
                0.0,
            )
            for name, tolerance in kind.columns.items()
            if tolerance is not None
        ]
    return []


def _seeds(question: Question, references: Mapping[int, Any]) -> list[str]:
    """Say where the right answer of one company passes on another: a neighbour's answer would be worth something."""
    kind, seeds = question.kind, sorted(references)
    if isinstance(kind, Choice):
        if len(set(references.values())) < 2:
            return [
                "the same option is right for everybody: that belongs in a quiz, or ask for a number with it."
            ]
        return []
    if isinstance(kind, Function):
        for seed, outcomes in references.items():
            if outcomes and any(
                kind.compare([one] * len(outcomes), outcomes).right for one in outcomes
            ):
                return [
                    f"a function that always gives one value passes on seed {seed}: make the inputs differ."
                ]
        return [] if all(references.values()) else ["there are no inputs to try the function on."]
    same = [
        (a, b)
        for place, a in enumerate(seeds)
        for b in seeds[place + 1 :]
        if kind.compare(references[a], references[b]).right
    ]
    if same:
        pairs = named([f"{a} and {b}" for a, b in same])
        return [
            f"the right answer of one company passes on another (seeds {pairs}): the tolerance is too wide, or the "
            "quantity too coarse. Ask for one more decimal."
        ]
    return []


def _order(
    question: Question, tables: Mapping[int, OwnTables], references: Mapping[int, Any]
) -> list[str]:
    """Say where the answer depends on the order of rows, which a learner's merge or sort may change."""
    if isinstance(question.kind, Function) or not tables:
        return []
    seed, own = next(iter(tables.items()))

    def shuffled(name: str, load: Any) -> pd.DataFrame:
        return load(name).sample(frac=1, random_state=1).reset_index(drop=True)

    allowed = own.of(question)
    turned = OwnTables(
        lambda name: shuffled(name, allowed.load),
        lambda name: shuffled(name, allowed.load_truth),
        lambda: own.company,
        own.other,
    )
    try:
        again = marks.reference(question, turned)
    except marks.NoReference as error:
        return [f"the reference fails when the rows of the tables are in another order: {error}."]
    if question.kind.compare(again, references[seed]).right:
        return []
    return [
        "the answer is another one when the rows of the tables are in another order: sort where equals stand, or "
        "widen the tolerance."
    ]


def _misconceptions(question: Question, tables: Mapping[int, OwnTables]) -> list[str]:
    found = []
    for misconception in question.misconceptions:
        caught, why = 0, ""
        for seed, own in tables.items():
            ways = {name: wrong for name, _, wrong in marks.wrong_ways(question, own)}
            if misconception.name not in ways:
                why = why or f"it cannot be computed on seed {seed}"
                continue
            result = marks.compare(question, ways[misconception.name], own)
            if result.status == marks.PASSED:
                why = why or f"its answer passes as right on seed {seed}"
            elif result.misconception == misconception.name:
                caught += 1
            elif result.misconception:
                why = (
                    why
                    or f"“{result.misconception}” comes first on seed {seed}: put the more specific one before it"
                )
        if caught < LEAST_CAUGHT * len(tables):
            found.append(
                f"the misconception “{misconception.name}” is recognised on {caught} of {len(tables)} companies"
                + (f": {why}." if why else ".")
            )
    return found


def _code(question: Question, tables: Mapping[int, OwnTables]) -> list[str]:
    """Run the worked code on one company; what it needs to load comes from there."""
    if not question.code:
        return ["there is no worked code: `solution()` and the replies have nothing to show."]
    seed, own = next(iter(tables.items()))
    own = own.of(question)
    import crmkit

    class Course:
        """crmkit, with the tables of this company."""

        def __getattr__(self, name: str) -> Any:
            return getattr(crmkit, name)

        @staticmethod
        def load(name: str, data: str | None = None) -> Any:
            return (own.other(data) if data else own).load(name)

        @staticmethod
        def load_truth(name: str, data: str | None = None) -> Any:
            return (own.other(data) if data else own).load_truth(name)

        @staticmethod
        def company(data: str | None = None) -> Any:
            return (own.other(data) if data else own).company

    space: dict[str, Any] = {"crmkit": Course(), "pd": pd, "np": np, "company": own.company}
    try:
        exec(question.code, space)
    except Exception as error:
        return [
            f"the worked code fails ({type(error).__name__}: {' '.join(str(error).split())[:160]})."
        ]
    if "answer" not in space:
        return ["the worked code does not end in `answer = …`."]
    result = marks.assess(question, space["answer"], tables[seed])
    if result.status == marks.PASSED:
        return []
    return [
        f"the worked code gives a wrong answer on seed {seed}: {result.message or result.status}"
    ]


def _model(question: Question, tables: Mapping[int, OwnTables]) -> list[str]:
    plan = question.kind
    assert isinstance(plan, Plan)
    found = []
    if len(plan.rubric) < 2:
        found.append("the rubric has fewer than two lines: what makes a good answer, one by one?")
    for seed, own in tables.items():
        try:
            plan.read(plan.model_on(own.of(question)), None)
        except Exception as error:
            return [
                *found,
                f"the model answer fails on seed {seed} ({' '.join(str(error).split())[:160]}).",
            ]
    return found
