"""A short written decision, which a person marks."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from crmkit.companies import GAP
from crmkit.practice.phrases import a_kind, is_blank, writable
from crmkit.practice.question import NotAttempted, QuestionError, Tables, Unreadable, Verdict
from crmkit.say import say

MOST_TEXT = 20_000
#: Of the words that a decision needs, the share that must differ; a decision of 40 words has some 30 different ones.
SHARE_OF_DIFFERENT = 0.5
_FIGURE = re.compile(r"\{figure\.([a-z_]+)\}")


@dataclass(frozen=True)
class Plan:
    """A short written decision. No machine marks it: the learner compares with a rubric and a model answer.

    Parameters
    ----------
    rubric
        What a good answer has, one line each, with the points that a trainer gives for it.
    model
        One good answer among several. It may hold fields such as ``{figure.share}``, so that its figures are those of
        the learner's own data.
    figures
        From the learner's tables to what these fields say: ``{"share": "12 %"}``.
    minimum_words
        How much must be written before rubric and model answer open. A Chinese character counts as 0.6 of a word.

    Examples
    --------
    >>> Plan(rubric={"names the control group": 1}, model="…").points
    1.0
    """

    rubric: Mapping[str, float]
    model: str
    minimum_words: int = 40
    figures: Callable[[Tables], Mapping[str, str]] | None = None
    name: str = field(default="plan", init=False)

    @property
    def points(self) -> float:
        """All points of the rubric."""
        return float(sum(self.rubric.values()))

    def model_on(self, tables: Tables) -> str:
        """Give the model answer with the figures of a learner's own data.

        Raises
        ------
        QuestionError
            The model answer has a field that `figures` does not give.

        Examples
        --------
        >>> plan = Plan({"a figure": 1}, "{figure.share} of the profit.", figures=lambda data: {"share": "12 %"})
        >>> plan.model_on(None)
        '12 % of the profit.'
        """
        found = dict(self.figures(tables)) if self.figures else {}

        def figure(field: re.Match[str]) -> str:
            if field[1] not in found:
                raise QuestionError(
                    f"The model answer has a field {field[0]}, which its figures lack."
                )
            return str(found[field[1]])

        return _FIGURE.sub(figure, self.model)

    def without_figures(self) -> str:
        """Give the model answer where no figures can be had: a gap is in each one's place.

        Examples
        --------
        >>> Plan({"a figure": 1}, "{figure.share} of the profit.").without_figures()
        '… of the profit.'
        """
        return _FIGURE.sub(GAP, self.model)

    def asks(self) -> str:
        """Say in words what the answer should be."""
        return say(
            "your decision in your own words, at least {minimum_words} of them, in quotation marks",
            minimum_words=self.minimum_words,
        )

    def read(self, answer: Any, tables: Tables | None) -> str:
        """Read the text."""
        if is_blank(answer):
            raise NotAttempted
        if not issubclass(type(answer), str):
            raise Unreadable(
                say(
                    "That is {answer}: write the decision as text, in quotation marks.",
                    answer=a_kind(answer),
                )
            )
        text = writable(str.strip(answer)[:MOST_TEXT])
        written = count_words(text)
        if written < self.minimum_words:
            raise Unreadable(
                say(
                    "That is about {written} words. Write at least {minimum_words}: what you would do, "
                    "on which figures, and what would change your mind. Then the rubric and a model "
                    "answer open.",
                    written=written,
                    minimum_words=self.minimum_words,
                )
            )
        if _different(text) < SHARE_OF_DIFFERENT * self.minimum_words:
            raise Unreadable(
                say(
                    "Those are the same few words again and again. Write what you would do, on which figures, and "
                    "what would change your mind. Then the rubric and a model answer open."
                )
            )
        return text

    def compare(self, answer: str, reference: str) -> Verdict:
        """Refuse: a plan is neither right nor wrong to a machine."""
        raise QuestionError("A plan is not compared: a person marks it.")

    def dump(self, answer: str) -> str:
        """Give the text."""
        return answer

    def restore(self, plain: Any) -> str:
        """Read the text back."""
        if not isinstance(plain, str):
            raise Unreadable(say("The recorded answer is not a text."))
        return plain[:MOST_TEXT]


def _different(text: str) -> float:
    """Count the different words; a Chinese character counts as 0.6 of one."""
    characters = set(re.findall(r"[\u3400-\u9fff]", text))
    words = set(re.findall(r"[^\W\d_\u3400-\u9fff]{2,}", text.lower()))
    return len(words) + 0.6 * len(characters)


def count_words(text: str) -> int:
    """Count words; a Chinese character counts as 0.6 of one.

    Examples
    --------
    >>> count_words("Call the half-asleep ones first")
    5
    >>> count_words("先唤醒半睡客户")
    4
    """
    characters = len(re.findall(r"[\u3400-\u9fff]", text))
    words = len(re.findall(r"[^\W\u3400-\u9fff]+(?:['’-][^\W\u3400-\u9fff]+)*", text))
    return words + round(0.6 * characters)
