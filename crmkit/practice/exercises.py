"""Exercise notebooks, made from the questions: every text of a question is in its question file and nowhere else.

A master (``exercises/source/20_name.py``) holds what is told around the questions: a title, a cell that imports and
loads, and, where there is something to tell before a question, a Markdown cell labelled with the question's id. All
questions of the lesson follow in their order: prompt and check, and in the student's copy the starter, in the solution
the worked code or the model answer.
"""

from __future__ import annotations

import copy
import textwrap
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from crmkit.errors import CrmkitError
from crmkit.home import lesson_of
from crmkit.lesson_texts import retold, text_with_fields
from crmkit.practice import bank
from crmkit.practice.kinds import Choice, Plan
from crmkit.practice.question import Prediction, Question, QuestionError
from crmkit.practice.tables import OwnTables
from crmkit.practice.told import in_language
from crmkit.say import ENGLISH, say, speaking
from crmkit.say import language as spoken_language

_LINE = 96  # characters of a model answer's line, so that a cell needs no scrolling


def heading(question: Question) -> str:
    """Give a question's heading with what it is worth.

    Examples
    --------
    >>> from crmkit.practice.kinds import Number
    >>> heading(Question("20-1", "How many?", Number(), 2, reference=len, title="How many customers"))
    '## 20-1 · How many customers (2 points)'
    """
    worth = question.points
    points = say("1 point") if worth == 1 else say("{points:g} points", points=worth)
    if isinstance(question.kind, Plan):
        points = say("{points}, a decision", points=points)
    name = f"{question.id} · {question.title}" if question.title else question.id
    return f"## {name} ({points})"


def asked(question: Question) -> str:
    """Give the text of a question's Markdown cell: heading, prompt, and of a decision how it is answered."""
    parts = [heading(question), question.prompt]
    if isinstance(question.kind, Plan):
        parts.append(
            say(
                "Write at least {words} words between the quotation marks. No machine marks this one: `check` keeps "
                "it, and shows the points that a good answer makes.",
                words=question.kind.minimum_words,
            )
        )
    return "\n\n".join(parts)


def in_lesson(asked_for: Question | Prediction) -> str:
    """Give the text with which a lesson asks a question or for a prediction.

    Examples
    --------
    >>> from crmkit.practice.kinds import Choice
    >>> print(in_lesson(Prediction("20-a", "Where is most sold?", Choice({"a": "web", "b": "shop"}), None, "")))
    > **Predict.** Where is most sold?
    >
    > - "a": web
    > - "b": shop
    """
    if isinstance(asked_for, Question):
        name = f"{asked_for.id} · {asked_for.title}" if asked_for.title else asked_for.id
        stop = "" if name.endswith(("?", "!", "？", "！")) else "."
        return f"**{name}**{stop} {asked_for.prompt}"
    lines = [say("**Predict.** {prompt}", prompt=asked_for.prompt)]
    if isinstance(asked_for.kind, Choice):
        lines += ["", *(f'- "{key}": {text}' for key, text in asked_for.kind.options.items())]
    return "\n".join(f"> {line}".rstrip() for line in lines)


def with_asked(notebook: dict[str, Any]) -> dict[str, Any]:
    """Give a lesson's notebook with the texts of the questions and predictions that it asks.

    A cell whose metadata say ``ask: "20-a"`` holds the text of that prediction or question: it is in the question
    file and nowhere else.

    Raises
    ------
    QuestionError
        A cell asks what no question file holds.
    """
    filled_in = copy.deepcopy(notebook)
    for cell in filled_in["cells"]:
        wanted = cell["metadata"].get("ask")
        if wanted is None:
            continue
        found = bank.find_prediction(wanted) or bank.find(wanted)
        if found is None:
            raise QuestionError(
                f"A cell asks {wanted}, which is neither a question nor a prediction: write it into the lesson's "
                "question file."
            )
        cell["source"] = in_lesson(in_language(found))
        cell["metadata"].pop("crmkit", None)
        if isinstance(found, Prediction):
            cell["metadata"]["tags"] = ["predict"]
    return filled_in


def begun(question: Question) -> str:
    """Give the code of a question's cell in a student's copy: starter, placeholder, check."""
    dots = 'answer = """..."""' if isinstance(question.kind, Plan) else "answer = ..."
    starter = [f"# {line}".rstrip() for line in question.starter.splitlines()]
    # A starter that ends in an answer must have the last word once its marks are taken away.
    gives_answer = any(line.startswith("answer =") for line in question.starter.splitlines())
    lines = [dots, *starter] if gives_answer else [*starter, dots]
    return "\n".join([*lines, _check(question)])


def solved(question: Question) -> str:
    """Give the code of a question's cell in the solution: worked code or model answer, and check."""
    if isinstance(question.kind, Plan):
        try:
            text = question.kind.model_on(OwnTables.here().of(question))
        except (CrmkitError, LookupError):
            # A company without these tables, or with other names in them: another's figures would be wrong for it.
            text = question.kind.without_figures()
        model = textwrap.fill(text, _LINE, break_long_words=False)
        return f'answer = """{model}"""\n{_check(question)}'
    return f"{question.code}\n{_check(question)}"


def _check(question: Question) -> str:
    return f'check("{question.id}", answer)'


def how_to(questions: Sequence[Question]) -> str:
    """Say how one works with the notebook; an example names one of its questions."""
    return say(
        "Put your answer in place of the three dots and run the cell: `check` answers at once. Lines that begin with "
        '`#` are a start: take the `#` away and fill in the gaps (`____`). Stuck? Type `hint("{question}")` in a '
        'new cell, again for the next hint; after three tries `solution("{question}")` opens. `progress()` in a '
        "cell of its own shows how far you are. In a class everybody has data of their own, so a neighbour's number "
        "is of no use to you.",
        question=questions[min(1, len(questions) - 1)].id,
    )


def filled(
    cells: Iterable[Mapping[str, Any]], questions: Sequence[Question], *, solution: bool
) -> list[dict[str, Any]]:
    """Put the questions into a master's cells.

    Parameters
    ----------
    cells
        The master's, as a notebook holds them (``cell_type``, ``id``, ``source``, ``metadata``). The first is the
        title. One whose id is a question's is what is told before that question; all others come before the
        questions.
    questions
        All questions of the lesson, in order.
    solution
        Whether to put worked code and model answers instead of starters and placeholders.

    Returns
    -------
    list of dict
        The cells of the notebook, code without outputs.

    Raises
    ------
    QuestionError
        A master without cells, or a cell labelled like a question that the lesson does not have.
    """
    given = [copy.deepcopy(dict(cell)) for cell in cells]
    ids = {question.id for question in questions}
    if not given or not questions:
        raise QuestionError("An exercise notebook needs a title cell, and questions.")
    lesson = questions[0].lesson
    strangers = [c["id"] for c in given if c["id"].startswith(f"{lesson}-") and c["id"] not in ids]
    if strangers:
        raise QuestionError(
            f"Lesson {lesson} has no question {', '.join(strangers)}: label these cells otherwise, or write the "
            "question."
        )
    stories = {cell["id"]: cell for cell in given if cell["id"] in ids}
    made = [cell for cell in given if cell["id"] not in ids]
    made[0]["source"] = f"{made[0]['source'].rstrip()}\n\n{how_to(questions)}"
    for question in questions:
        told = stories.get(question.id) or _cell("markdown", question.id, "")
        told["source"] = "\n\n".join(filter(None, [told["source"].strip(), asked(question)]))
        code = solved(question) if solution else begun(question)
        made += [told, _cell("code", f"check-{question.id}", code)]
    return made


def unfilled(
    cells: Iterable[Mapping[str, Any]], questions: Sequence[Question]
) -> list[dict[str, Any]]:
    """Take the questions out of a student's copy again: what is left is its master's.

    Parameters
    ----------
    cells
        As `filled` made them in English, their fields kept beside them (`crmkit.lesson_texts.text_with_fields`).
    questions
        The lesson's, in English.

    Returns
    -------
    list of dict
        Cells as `filled` takes them.

    Examples
    --------
    >>> from crmkit.practice import bank
    >>> questions = bank.of_lesson("20").questions
    >>> master = [_cell("markdown", "title", "# Exercises"), _cell("markdown", "20-2", "Look again.")]
    >>> unfilled(filled(master, questions, solution=False), questions) == master
    True
    """
    ids = {question.id: question for question in questions}
    made = []
    with speaking(ENGLISH):
        for place, cell in enumerate(cells):
            own = copy.deepcopy(dict(cell))
            own["source"] = text_with_fields(own)
            own["metadata"].pop("crmkit", None)
            if own["id"].removeprefix("check-") in ids and own["cell_type"] == "code":
                continue
            end = (
                asked(ids[own["id"]])
                if own["id"] in ids
                else how_to(questions)
                if not place
                else ""
            )
            own["source"] = own["source"].removesuffix(end).rstrip()
            if own["source"] or own["id"] not in ids:
                made.append(own)
    return made


def retold_copy(notebook: dict[str, Any], place: str) -> dict[str, Any]:
    """Give a notebook of the course in the reader's language.

    Parameters
    ----------
    notebook
        As it ships, in English. It is not changed.
    place
        Its place in the course: ``notebooks/20_name.ipynb``, ``exercises/20_name.ipynb``.

    Returns
    -------
    dict
        The same notebook where the language is English or the lesson has no translation. Its company's fields are
        unfilled.
    """
    lesson = lesson_of(place.rsplit("/", 1)[-1])
    if spoken_language() == ENGLISH or lesson not in bank.lessons():
        return notebook
    if not place.startswith("exercises/"):
        told = with_asked(retold(notebook, lesson))
        changed = [c["source"] for c in told["cells"]] != [
            text_with_fields(c) for c in notebook["cells"]
        ]
        return told if changed else notebook
    questions = bank.of_lesson(lesson).questions
    translated = in_language(questions)
    there = {cell.get("id") for cell in notebook["cells"]}
    if translated == questions or not there.issuperset(q.id for q in questions):
        return notebook  # nothing to tell, or made by an older crmkit
    master = {**notebook, "cells": unfilled(notebook["cells"], questions)}
    told = retold(master, f"exercises/{lesson}")
    return {**told, "cells": filled(told["cells"], translated, solution=False)}


def _cell(kind: str, label: str, source: str) -> dict[str, Any]:
    made: dict[str, Any] = {"cell_type": kind, "id": label, "metadata": {}, "source": source}
    return made | {"execution_count": None, "outputs": []} if kind == "code" else made
