"""The pages that grading writes: a reply for each student, the picture of the class. Plain HTML, nothing fetched."""

from __future__ import annotations

import html
import statistics
from collections import Counter
from collections.abc import Iterable
from importlib import resources
from typing import Any

from crmkit.practice import answers, moments
from crmkit.practice import grades as grades_module
from crmkit.practice.grades import MARKED, Graded, Grades, Mark, notes_of
from crmkit.practice.kinds import Function, Plan
from crmkit.practice.likeness import LEAST_SHARE
from crmkit.practice.question import Question
from crmkit.practice.reply import as_html

STYLE = (
    resources.files("crmkit.practice").joinpath("reports.css").read_text(encoding="utf-8").strip()
)

WORDS = {
    grades_module.RIGHT: "right",
    grades_module.PART: "some of the points",
    grades_module.MISCONCEPTION: "not yet",
    grades_module.WRONG: "not yet",
    grades_module.UNREADABLE: "not readable",
    grades_module.UNCHECKED: "could not be checked",
    grades_module.WAITS: "to be marked by your trainer",
    grades_module.EMPTY: "no answer",
    grades_module.ABSENT: "nothing handed in",
}


def page(title: str, body: str) -> str:
    """Wrap a body into a page.

    Examples
    --------
    >>> "<title>A &amp; B</title>" in page("A & B", "")
    True
    """
    return (
        f'<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<title>{html.escape(title)}</title>\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<style>\n{STYLE}\n</style>\n</head>\n<body>\n<main>\n{body}\n</main>\n</body>\n</html>\n"
    )


def plural(count: int, noun: str) -> str:
    """Count something in words.

    Examples
    --------
    >>> plural(1, "student"), plural(2, "student")
    ('1 student', '2 students')
    """
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


# --- the student's page --------------------------------------------------------------------------

_NOTHING_CAME = {
    grades_module.NOTHING: "Nothing was handed in.",
    grades_module.UNCHANGED: "Your notebooks are as they were handed out.",
    grades_module.NO_ANSWERS: "Your notebooks came. No question is answered in them.",
}


def reply_page(grades: Grades, student: Graded) -> str:
    """Write one student's page: the sum, then each question with the own answer, what was found and what to do.

    Right answers and solutions stand in it once the class's solutions are open.
    """
    esc = as_html
    questions = {question.id: question for question in grades.questions}
    waiting = sum(mark.points is None for mark in student.marks)
    parts = [f"<h1>Reply to {esc(student.name)}</h1>"]
    if grades.written is not None:
        parts.append(f'<p class="prompt">Written on {grades.written.isoformat()}.</p>')
    line = f"<strong>{student.points:g}</strong> of {student.of:g} points"
    if waiting:
        line += f"; {plural(waiting, 'answer')} still to be marked by your trainer"
    parts.append(f'<p class="sum">{line}.</p>')
    if student.hand_in in _NOTHING_CAME:
        parts.append(f"<p>{_NOTHING_CAME[student.hand_in]}</p>")
    if student.handed_in is not None:
        parts.append(f"<p>Handed in on {moments.shown(student.handed_in)}.</p>")
    for late in student.late:
        said = str(late)
        parts.append(f"<p>{esc(said[0].upper() + said[1:])}.</p>")
    if not moments.has_come(grades.solutions):
        parts.append(f"<p>{closed_words(grades.solutions)}</p>")
    if student.troubles:
        items = "".join(
            f"<li>{esc(name)}{f', cell {cell}' if cell else ''}: {esc(message)}</li>"
            for name, cell, _, message in student.troubles
        )
        parts.append(f"<h2>When your notebooks ran</h2><ul>{items}</ul>")
        parts.append("<p>The other cells were run and counted all the same.</p>")
    for lesson in sorted({question.lesson for question in grades.questions}):
        parts.append(f"<h2>Lesson {esc(lesson)}</h2>")
        for mark, state in zip(student.marks, student.states, strict=True):
            if questions[mark.question].lesson == lesson:
                parts.append(_reply(grades, questions[mark.question], mark, state))
    return page(f"Reply to {student.name}", "\n".join(parts))


def closed_words(solutions: str) -> str:
    """Say that right answers are not shown yet, and from when on they are."""
    if solutions == "closed":
        return "Right answers and solutions are not open yet: your trainer opens them."
    return f"Right answers and solutions open on {solutions[:16].replace('T', ' at ')}."


_TONES = {
    grades_module.RIGHT: "passed",
    grades_module.PART: "mark",
    grades_module.WAITS: "mark",
    grades_module.EMPTY: "",
    grades_module.ABSENT: "",
}


def _reply(grades: Grades, question: Question, mark: Mark, state: str) -> str:
    esc = as_html
    earned = "–" if mark.points is None else f"{mark.points:g}"
    said = "marked by your trainer" if mark.status == MARKED else WORDS[state]
    title = f"{question.id} · {question.title}" if question.title else question.id
    parts = [
        f'<section class="q {_TONES.get(state, "look")}">',
        f"<h3>{esc(title)} · {said} · {earned} of {mark.of:g}</h3>",
        f'<p class="prompt">{esc(question.prompt)}</p>',
    ]
    if mark.answer is not None:
        parts += ["<h4>Your answer</h4>", answers.as_page(question.kind, mark.answer)]
    wrong = state in (grades_module.WRONG, grades_module.MISCONCEPTION) and mark.status != MARKED
    if mark.message:
        parts += [f"<h4>{'Why it is not right' if wrong else 'What happened'}</h4>"] * (
            mark.answer is not None
        )
        parts.append(f"<p>{esc(mark.message)}</p>")
    if mark.status in ("to mark", "marked") and isinstance(question.kind, Plan):
        parts += ["<h4>It is read for these</h4>", rubric(question.kind)]
    if state == grades_module.RIGHT and question.right:
        parts += [f"<p>{esc(question.right)}</p>"]
    if moments.has_come(grades.solutions):
        if mark.right is not None and (
            state != grades_module.RIGHT or isinstance(question.kind, Plan)
        ):
            parts += solution(question, mark.right)
    elif wrong and question.hints:
        parts.append(f"<p>A place to start: {esc(question.hints[0])}</p>")
    if state != grades_module.RIGHT and question.id in grades.places:
        file, section = grades.places[question.id]
        parts.append(f"<p>Read again: “{esc(section)}” in <code>notebooks/{esc(file)}</code>.</p>")
    return "\n".join([*parts, "</section>"])


def rubric(plan: Plan) -> str:
    """Write a rubric as a list."""
    lines = (f"<li>{as_html(text)} ({points:g})</li>" for text, points in plan.rubric.items())
    return f"<ul>{''.join(lines)}</ul>"


def solution(question: Question, right: Any) -> list[str]:
    """Write the right answer for one student's data, and the way to it."""
    if isinstance(question.kind, Plan):
        return ["<h4>One good answer among several</h4>", answers.as_page(question.kind, right)]
    parts = []
    if not isinstance(question.kind, Function):
        parts += ["<h4>Right, for these data</h4>", answers.as_page(question.kind, right)]
    if question.solution or question.code:
        parts.append("<h4>The way to it</h4>")
    if question.solution:
        parts.append(f"<p>{as_html(question.solution)}</p>")
    if question.code:
        parts.append(f"<pre>{html.escape(question.code)}</pre>")
    return parts


# --- the class picture ---------------------------------------------------------------------------

GROUPS = (
    ("passed-part", "right", (grades_module.RIGHT,)),
    ("half", "some of the points", (grades_module.PART,)),
    ("mis", "with a known misconception", (grades_module.MISCONCEPTION,)),
    (
        "wrong",
        "wrong or not readable",
        (grades_module.WRONG, grades_module.UNREADABLE, grades_module.UNCHECKED),
    ),
    ("wait", "to be marked", (grades_module.WAITS,)),
    ("none", "no answer", (grades_module.EMPTY,)),
    ("absent", "nothing handed in", (grades_module.ABSENT,)),
)

_HAND_INS = {
    grades_module.ANSWERS: "answers from",
    grades_module.NO_ANSWERS: "notebooks without an answer from",
    grades_module.UNCHANGED: "notebooks as they were handed out from",
    grades_module.NOTHING: "nothing from",
}


def who_handed_in(grades: Grades) -> str:
    """Say how many handed in answers, notebooks without one, notebooks as they were, and nothing."""
    counts = Counter(student.hand_in for student in grades.students)
    said = [f"{words} {counts[kind]}" for kind, words in _HAND_INS.items() if counts[kind]]
    return f"{plural(len(grades.students), 'student')}: {', '.join(said) or 'nobody'}."


def class_page(grades: Grades) -> str:
    """Write the class picture: per question who is where, then the misconceptions that the class holds."""
    esc = as_html
    parts = [
        "<h1>What the class has understood</h1>",
        f"<p>{who_handed_in(grades)} {plural(len(grades.questions), 'question')}, "
        f"{len(grades.held_back)} of them held back.</p>",
        _bars(grades),
        "<h2>Misconceptions, most frequent first</h2>",
        _misconceptions(grades),
    ]
    alike = [(s, m) for s in grades.students for m in s.marks if m.alike]
    if alike:
        rows = (
            (esc(student.name), esc(mark.question), esc(", ".join(mark.alike)))
            for student, mark in alike
        )
        parts += [
            "<h2>Right for somebody else's data</h2>",
            "<p>These answers are wrong for the student's own data and right for another's. With a coarse number that "
            "can be chance; with a table it hardly is. Ask before you conclude.</p>",
            _table(("student", "question", "right for the data of"), rows),
        ]
    names = {student.id: student.name for student in grades.students}
    pairs = sorted(
        {(m.question, pair) for s in grades.students for m in s.marks for pair in m.near},
        key=lambda item: (-item[1].share, item[0], item[1].one, item[1].other),
    )
    if pairs:
        rows3 = (
            (
                esc(question),
                esc(f"{names[pair.one]}, {names[pair.other]}"),
                f"{pair.share:.0%}",
                esc(pair.known(names)),
                esc(f"“{pair.passage}”"),
            )
            for question, pair in pairs
        )
        parts += [
            "<h2>Decisions that are much alike</h2>",
            f"<p>Of the shorter text's runs of three words, at least {LEAST_SHARE:.0%} stand in the other one too. "
            "Figures, the question's own words and what a third of the class writes do not count. There are many "
            "reasons: two who worked together, a common source, help that was allowed. Nothing here says who did what; "
            "ask both.</p>",
            _table(
                ("question", "students", "in common", "what is known", "longest passage in both"),
                rows3,
                numeric=(2,),
            ),
        ]
    troubled = [(s, notes_of(s)) for s in grades.students if notes_of(s)]
    if troubled:
        rows2 = ((esc(s.name), esc("; ".join(notes))) for s, notes in troubled)
        parts += [
            "<h2>What to know about single hand-ins</h2>",
            _table(("student", "notes"), rows2),
        ]
    parts += ["<h2>Points</h2>", _points(grades), f"<p>{esc(fences_said(grades.fences))}</p>"]
    return page("What the class has understood", "\n".join(parts))


def fences_said(fences: Iterable[str]) -> str:
    """Say what kept the submissions from doing harm."""
    held = sorted(fences)
    if "bubblewrap" in held:
        inner = ", ".join(f for f in held if f != "bubblewrap")
        return f"The submissions ran inside bubblewrap, without network or access to other files; limits: {inner}."
    if "files" in held:
        return (
            f"The submissions ran without bubblewrap; the kernel refused them other files. Limits: {', '.join(held)}. "
            "docs/grading.md says what each one stops."
        )
    if held:
        return (
            f"The submissions ran without bubblewrap, with limits on {', '.join(held)}: this stops accidents, and is "
            "no wall against somebody who means harm. docs/grading.md says what is."
        )
    return "No submission was run."


def _bars(grades: Grades) -> str:
    key = "".join(f'<div><span class="{css}"></span>{word}</div>' for css, word, _ in GROUPS)
    rows = []
    total = max(len(grades.students), 1)
    for place, question in enumerate(grades.questions):
        statuses = Counter(student.states[place] for student in grades.students)
        counts = [(css, word, sum(statuses[s] for s in members)) for css, word, members in GROUPS]
        bar = "".join(
            f'<span class="{css}" style="width:{100 * n / total:.2f}%"></span>'
            for css, _, n in counts
            if n
        )
        said = ", ".join(f"{n} {word}" for _, word, n in counts if n)
        held = " (held back)" if question.id in grades.held_back else ""
        rows.append(
            (
                f"<strong>{html.escape(question.id)}</strong>{held}<br><small>{as_html(question.prompt)}</small>",
                f'<div class="bar" role="img" aria-label="{html.escape(said)}">{bar}</div>'
                f"<small>{said}{_tries(grades, place)}</small>",
            )
        )
    table = _table(("question", "students"), rows)
    return f'<div class="key">{key}</div><div class="bars">{table}</div>'


def _tries(grades: Grades, place: int) -> str:
    """Say how often a question was tried, where the handed-in notebooks tell."""
    counts = [n for s in grades.students if (n := s.marks[place].tries) is not None]
    if not counts:
        return ""
    return f"<br>tries: {statistics.median_low(counts)} in the middle, {max(counts)} at most"


def _misconceptions(grades: Grades) -> str:
    held: Counter[tuple[str, str]] = Counter()
    for student in grades.students:
        held.update((m.question, m.misconception) for m in student.marks if m.misconception)
    if not held:
        return "<p>None was recognised.</p>"
    replies = {(q.id, m.name): m.reply for q in grades.questions for m in q.misconceptions}
    rows = (
        (
            html.escape(question),
            html.escape(name),
            str(count),
            as_html(replies.get((question, name), "")),
        )
        for (question, name), count in sorted(held.items(), key=lambda item: (-item[1], item[0]))
    )
    return _table(
        ("question", "misconception", "students", "what they were told"), rows, numeric=(2,)
    )


def _points(grades: Grades) -> str:
    rows = (
        (
            f'<a href="replies/{html.escape(student.id)}.html">{html.escape(student.name)}</a>',
            f"{student.points:g}",
            f"{student.of:g}",
        )
        for student in grades.students
    )
    return _table(("student", "points", "of"), rows, numeric=(1, 2))


def _table(
    head: tuple[str, ...], rows: Iterable[tuple[str, ...]], numeric: tuple[int, ...] = ()
) -> str:
    def cells(tag: str, row: tuple[str, ...]) -> str:
        return "".join(
            f"<{tag}{' class=n' if place in numeric else ''}>{cell}</{tag}>"
            for place, cell in enumerate(row)
        )

    body = "\n".join(f"<tr>{cells('td', row)}</tr>" for row in rows)
    return (
        f"<table>\n<thead><tr>{cells('th', head)}</tr></thead>\n<tbody>\n{body}\n</tbody>\n</table>"
    )
