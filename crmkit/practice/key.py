"""The trainer's key: the right answers to every question, for each student's own data."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from crmkit.practice import answers, reports
from crmkit.practice.classes import about_company, company_file
from crmkit.practice.grading import handed_out_data, questions_of, right_answer
from crmkit.practice.kinds import Function, Plan
from crmkit.practice.manifest import Class, Enrolled, read_manifest, write_safely
from crmkit.practice.marking import as_csv
from crmkit.practice.phrases import named
from crmkit.practice.question import Question
from crmkit.practice.reply import as_html
from crmkit.practice.roster import ClassError
from crmkit.practice.tables import OwnTables
from crmkit.practice.told import told


def write_key(
    folder: str | Path,
    out: str | Path,
    *,
    students: Sequence[str] = (),
    held_back: str | Path | None = None,
    on_done: Callable[[str], None] | None = None,
) -> tuple[int, list[str]]:
    """Write the key of a class: a page for each student, and ``key.csv`` with a row per student and question.

    Parameters
    ----------
    folder
        The class folder.
    out
        Where the key goes. Not into the class folder, which students may see.
    students
        The ids of some; all by default.
    held_back
        The folder with the trainer's own questions.
    on_done
        Called with a student's id.

    Returns
    -------
    pages : int
        How many pages were written.
    lacking : list of str
        Questions whose right answer could not be computed for a student.

    Raises
    ------
    ClassError
        The folder is no class, a student is not in it, or `out` lies inside it.
    """
    folder, out = Path(folder), Path(out)
    made = read_manifest(folder)
    if out.resolve().is_relative_to(folder.resolve()):
        raise ClassError(
            "The key would lie in the class folder, where students may find it: name another --out."
        )
    strangers = [name for name in students if made.student(name) is None]
    if strangers:
        raise ClassError(
            f"{named(strangers)} is in no row of this class; its ids are {named((s.id for s in made.students), 8)}."
        )
    questions, _ = questions_of(made, held_back)
    questions = told(questions, about_company(company_file(folder, made.company)))
    rows = [["id", "name", "question", "points", "right answer"]]
    lacking, pages = [], 0
    with tempfile.TemporaryDirectory(prefix="crmkit-key-") as spare:
        for student in made.students:
            if students and student.id not in students:
                continue
            data, _ = handed_out_data(folder, made, student, Path(spare))
            tables = OwnTables.here(data)
            found = [(question, right_answer(question, tables)) for question in questions]
            lacking += [
                f"{student.id}, {question.id}" for question, right in found if right is None
            ]
            write_safely(out / f"{student.id}.html", _page(made, student, found))
            rows += [
                [
                    student.id,
                    student.name,
                    question.id,
                    f"{question.points:g}",
                    _in_words(question, right),
                ]
                for question, right in found
            ]
            pages += 1
            if on_done:
                on_done(student.id)
    write_safely(out / "key.csv", as_csv(rows))
    return pages, lacking


def _in_words(question: Question, right: object) -> str:
    if right is None:
        return ""
    return answers.in_words(question.kind, right)


def _page(made: Class, student: Enrolled, found: Iterable[tuple[Question, object]]) -> str:
    parts = [
        f"<h1>Key for {as_html(student.name)}</h1>",
        f'<p class="prompt">For the trainer. Lessons {as_html(", ".join(made.lessons))}; '
        f"the data of {as_html(student.id)}, seed {student.seed}.</p>",
    ]
    for question, right in found:
        title = f"{question.id} · {question.title}" if question.title else question.id
        parts += [
            '<section class="q">',
            f"<h3>{as_html(title)} · {question.points:g}</h3>",
            f'<p class="prompt">{as_html(question.prompt)}</p>',
        ]
        if right is None:
            parts.append(
                "<p>The right answer could not be computed from this student's tables.</p>"
            )
        else:
            parts += reports.solution(question, right)
        if isinstance(question.kind, Plan):
            parts += ["<h4>It is read for these</h4>", reports.rubric(question.kind)]
        if isinstance(question.kind, Function) and right is not None:
            parts += [
                "<h4>What it gives on the inputs that are tried</h4>",
                answers.as_page(question.kind, right),
            ]
        wrong = [m for m in question.misconceptions if m.reply]
        if wrong:
            items = "".join(
                f"<li><strong>{as_html(m.name)}</strong>: {as_html(m.reply)}</li>" for m in wrong
            )
            parts.append(f"<h4>Wrong ways that are recognised</h4><ul>{items}</ul>")
        parts.append("</section>")
    return reports.page(f"Key for {student.name}", "\n".join(parts))
