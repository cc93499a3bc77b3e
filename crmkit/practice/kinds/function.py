"""A function that the learner writes, tried on inputs that the question makes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from crmkit.practice.calling import Outcome, call
from crmkit.practice.phrases import a_kind, is_blank
from crmkit.practice.question import Kind, NotAttempted, Unreadable, Verdict
from crmkit.say import say


@dataclass(frozen=True)
class Function:
    """A function that the learner writes, called on several inputs that the question makes.

    Parameters
    ----------
    arguments
        As said to the learner: "orders, today".
    returns
        The kind of what it gives back.
    cases
        From the learner's tables to a list of tuples of arguments. Make them differ: an empty table, ties, one row.
    seconds
        How long one call may take.

    Examples
    --------
    >>> from crmkit.practice.kinds import Number
    >>> kind = Function("x", returns=Number(), cases=lambda data: [(1,), (2,)])
    >>> right = kind.read(lambda x: 2 * x, None)
    >>> kind.compare(kind.read(lambda x: x + 1, None), right).message
    'On 1 of 2 inputs the result differs; the first is input 2: 3 is too low.'
    """

    arguments: str
    returns: Kind
    cases: Callable[[Any], Sequence[tuple[Any, ...]]]
    seconds: float = 5.0
    name: str = field(default="function", init=False)

    def asks(self) -> str:
        """Say in words what the answer should be."""
        return say(
            "the function itself (without brackets), of {arguments}, that gives {result}",
            arguments=self.arguments,
            result=self.returns.asks(),
        )

    def read(self, answer: Any, tables: Any) -> list[Outcome]:
        """Call the function on every case that the question makes and keep what each call gave."""
        if is_blank(answer):
            raise NotAttempted
        return self.run(answer, self.cases(tables))

    def run(self, answer: Any, cases: Sequence[tuple[Any, ...]]) -> list[Outcome]:
        """Call the function on given cases and keep what each call gave."""
        if is_blank(answer):
            raise NotAttempted
        if not callable(answer):
            raise Unreadable(
                say(
                    "That is {answer}: give the function itself, by its name and without brackets.",
                    answer=a_kind(answer),
                )
            )
        outcomes = []
        for case in cases:
            outcome = call(answer, case, self.seconds)
            if not outcome.failed:
                outcome = self._read_one(outcome)
            outcomes.append(outcome)
            if outcome.failed == "time":
                break
        if outcomes and all(outcome.failed == "nothing" for outcome in outcomes):
            raise NotAttempted
        return outcomes

    def _read_one(self, outcome: Outcome) -> Outcome:
        if outcome.value is None or outcome.value is ...:
            return Outcome(
                None,
                "nothing",
                say("Your function gives nothing back (None): does it end with `return`?"),
            )
        try:
            return Outcome(self.returns.read(outcome.value, None))
        except NotAttempted:
            return Outcome(None, "nothing", say("Your function still gives the placeholder back."))
        except Unreadable as unreadable:
            return Outcome(
                None,
                "unreadable",
                say("What your function gives: {unreadable}", unreadable=unreadable),
            )

    def compare(self, answer: list[Outcome], reference: list[Outcome]) -> Verdict:
        """Compare case by case; the first difference is described."""
        wrong: list[tuple[int, Verdict]] = []
        for number, right in enumerate(reference):
            if number >= len(answer):
                break
            mine = answer[number]
            if mine.failed:
                wrong.append((number, Verdict(False, mine.message)))
                continue
            verdict = self.returns.compare(mine.value, right.value)
            if not verdict.right:
                wrong.append((number, verdict))
        if not wrong and len(answer) >= len(reference):
            return Verdict(True)
        if not wrong:
            return Verdict(False, say("Your function was not tried on every input."))
        number, first = wrong[0]
        message = first.message
        if answer[number].failed:
            return Verdict(
                False,
                say(
                    "On input {number} of {inputs}: {message}",
                    number=number + 1,
                    inputs=len(reference),
                    message=message,
                ),
            )
        said, guarded = (
            say(
                "On {wrong} of {inputs} inputs the result differs; the first is input {number}: {message}",
                wrong=len(wrong),
                inputs=len(reference),
                number=number + 1,
                message=each,
            )
            for each in (message, first.guarded or message)
        )
        return Verdict(False, said, guarded)

    def dump(self, answer: list[Outcome]) -> list[dict[str, Any]]:
        """Give each outcome with its value as plain JSON."""
        return [
            {
                "value": None if o.failed else self.returns.dump(o.value),
                "failed": o.failed,
                "message": o.message,
            }
            for o in answer
        ]

    def restore(self, plain: Any) -> list[Outcome]:
        """Read outcomes back."""
        if not isinstance(plain, list):
            raise Unreadable(say("The recorded answer is not the outcome of a function."))
        outcomes = []
        for item in plain:
            if not isinstance(item, dict):
                raise Unreadable(say("The recorded answer is not the outcome of a function."))
            failed = str(item.get("failed") or "")[:20]
            message = str(item.get("message") or "")[:500]
            value = None if failed else self.returns.restore(item.get("value"))
            outcomes.append(Outcome(value, failed, message))
        return outcomes
