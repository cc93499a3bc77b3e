"""Several answers at once, by name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from crmkit.practice.phrases import a_kind, is_blank, named
from crmkit.practice.question import Kind, NotAttempted, QuestionError, Unreadable, Verdict
from crmkit.say import say


@dataclass(frozen=True)
class Several:
    """Several answers at once, by name: ``{"tier": "VIP", "profit": 1234}``.

    Use it where a choice alone would be a lucky guess: the number that it rests on goes with it.

    Examples
    --------
    >>> from crmkit.practice.kinds import Choice, Number
    >>> kind = Several({"channel": Choice({"a": "web", "b": "shop"}), "share": Number("%", 0.05)})
    >>> right = kind.read({"channel": "a", "share": 61.2}, None)
    >>> kind.compare(kind.read({"channel": "a", "share": 0.612}, None), right).message
    '“share”: Right, but as a fraction: the question asks for per cent, from 0 to 100.'
    """

    parts: Mapping[str, Kind]
    name: str = field(default="several", init=False)

    def __post_init__(self) -> None:
        if any(part.name in ("function", "plan", "several") for part in self.parts.values()):
            raise QuestionError(
                "Several cannot hold a Function, a Plan or another Several: ask those by themselves."
            )

    def asks(self) -> str:
        """Say in words what the answer should be."""
        inner = "; ".join(f'"{name}": {kind.asks()}' for name, kind in self.parts.items())
        return say("a dict with {parts}", parts=inner)

    def read(self, answer: Any, tables: Any) -> dict[str, Any]:
        """Read each part; a dict, a Series, or a list in the order of the parts."""
        if is_blank(answer):
            raise NotAttempted
        kind = type(answer)
        given: dict[str, Any]
        if issubclass(kind, dict):
            given = {str(k): v for k, v in answer.items()}
        elif issubclass(kind, pd.Series):
            given = {str(k): v for k, v in answer.to_dict().items()}
        elif issubclass(kind, list | tuple):
            if len(answer) != len(self.parts):
                raise Unreadable(
                    say(
                        "That list has {count} entries: {count_2} are asked for ({parts}).",
                        count=len(answer),
                        count_2=len(self.parts),
                        parts=named(self.parts, 6),
                    )
                )
            given = dict(zip(self.parts, answer, strict=True))
        else:
            raise Unreadable(
                say(
                    "That is {answer}: the question asks for {asks}.",
                    answer=a_kind(answer),
                    asks=self.asks(),
                )
            )
        missing = [name for name in self.parts if name not in given]
        if missing:
            raise Unreadable(
                say(
                    "{value} missing: the answer is {asks}.",
                    value=named(f"“{m}”" for m in missing),
                    asks=self.asks(),
                )
            )
        if all(is_blank(given[name]) for name in self.parts):
            raise NotAttempted
        canonical = {}
        for name, part in self.parts.items():
            try:
                canonical[name] = part.read(given[name], tables)
            except NotAttempted:
                raise Unreadable(say("“{name}” is not answered yet.", name=name)) from None
            except Unreadable as unreadable:
                raise Unreadable(f"“{name}”: {unreadable}") from None
        return canonical

    def compare(self, answer: dict[str, Any], reference: dict[str, Any]) -> Verdict:
        """Compare part by part; the first difference is described."""
        for name, part in self.parts.items():
            verdict = part.compare(answer[name], reference[name])
            if not verdict.right:
                guarded = f"“{name}”: {verdict.guarded}" if verdict.guarded else ""
                return Verdict(False, f"“{name}”: {verdict.message}", guarded)
        return Verdict(True)

    def dump(self, answer: dict[str, Any]) -> dict[str, Any]:
        """Give each part as plain JSON."""
        return {name: part.dump(answer[name]) for name, part in self.parts.items()}

    def restore(self, plain: Any) -> dict[str, Any]:
        """Read each part back."""
        if not isinstance(plain, dict) or any(name not in plain for name in self.parts):
            raise Unreadable(say("The recorded answer lacks a part."))
        return {name: part.restore(plain[name]) for name, part in self.parts.items()}
