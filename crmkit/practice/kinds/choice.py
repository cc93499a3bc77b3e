"""One of several options, whose right one follows from the learner's own data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from crmkit.practice.phrases import a_kind, is_blank, short
from crmkit.practice.question import NotAttempted, Tables, Unreadable, Verdict
from crmkit.say import listed, say


@dataclass(frozen=True)
class Choice:
    """One of several options, whose right one follows from the learner's own data.

    A choice that is right for everybody belongs in the quiz: here a neighbour's letter must not help.

    Parameters
    ----------
    options
        From a letter to what it says. The learner gives either.

    Examples
    --------
    >>> kind = Choice({"a": "the web shop", "b": "the shops"})
    >>> kind.read(" The Shops", None)
    'b'
    """

    options: Mapping[str, str]
    name: str = field(default="choice", init=False)

    def asks(self) -> str:
        """Say in words what the answer should be."""
        options = "; ".join(f'"{key}" ({text})' for key, text in self.options.items())
        return say("one of {options}", options=options)

    def read(self, answer: Any, tables: Tables | None) -> str:
        """Read a letter, or the text of an option."""
        if is_blank(answer):
            raise NotAttempted
        kind = type(answer)
        if issubclass(kind, list | tuple | set | frozenset | pd.Series | np.ndarray) and (
            len(answer) == 1
        ):
            answer = next(iter(answer))
            kind = type(answer)
        letters = listed(f'"{key}"' for key in self.options)
        if not issubclass(kind, str):
            raise Unreadable(
                say(
                    "That is {answer}: give one of {letters}.",
                    answer=a_kind(answer),
                    letters=letters,
                )
            )
        wanted = answer.strip().strip("()[].\"'").strip().lower()
        for key, text in self.options.items():
            if wanted in (key.lower(), text.lower()):
                return key
        raise Unreadable(
            say(
                "{answer} is not one of the options: give one of {letters}.",
                answer=short(answer),
                letters=letters,
            )
        )

    def compare(self, answer: str, reference: str) -> Verdict:
        """Compare two letters."""
        if answer == reference:
            return Verdict(True)
        return Verdict(
            False,
            say("“{options}” does not follow from your tables.", options=self.options[answer]),
        )

    def dump(self, answer: str) -> str:
        """Give the letter."""
        return answer

    def restore(self, plain: Any) -> str:
        """Read the letter back."""
        if not isinstance(plain, str) or plain not in self.options:
            raise Unreadable(say("The recorded answer is not one of the options."))
        return plain
