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
from crmkit.practice.pages import chinese_font
from crmkit.practice.question import Question
from crmkit.practice.reply import as_html
from crmkit.say import label, language, listed, say, say_many
from crmkit.say import mark as to_say

STYLE = (
    resources.files("crmkit.practice").joinpath("reports.css").read_text(encoding="utf-8").strip()
)

WORDS = {
    grades_module.RIGHT: to_say("right"),
    grades_module.PART: to_say("some of the points"),
    grades_module.MISCONCEPTION: to_say("not yet"),
    grades_module.WRONG: to_say("not yet"),
    grades_module.UNREADABLE: to_say("not readable"),
    grades_module.UNCHECKED: to_say("could not be checked"),
    grades_module.WAITS: to_say("to be marked by your trainer"),
    grades_module.EMPTY: to_say("no answer"),
    grades_module.ABSENT: to_say("nothing handed in"),
}


def page(title: str, body: str) -> str:
    """Wrap a body into a page.

    Examples
    --------
    >>> "<title>A &amp; B</title>" in page("A & B", "")
    True
    """
    spoken = language().replace("_", "-")
    # A name may be Chinese, and the machine where the page is read may have no font for it.
    style = f"{chinese_font(title + body)}\n{STYLE}".strip()
    return (
        f'<!doctype html>\n<html lang="{spoken}">\n<head>\n<meta charset="utf-8">\n'
        f"<title>{html.escape(title)}</title>\n"
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<style>\n{style}\n</style>\n</head>\n<body>\n<main>\n{body}\n</main>\n</body>\n</html>\n"
    )


# --- the student's page --------------------------------------------------------------------------

_NOTHING_CAME = {
    grades_module.NOTHING: to_say("Nothing was handed in."),
    grades_module.UNCHANGED: to_say("Your notebooks are as they were handed out."),
    grades_module.NO_ANSWERS: to_say("Your notebooks came. No question is answered in them."),
}


def reply_page(grades: Grades, student: Graded) -> str:
    """Write one student's page: the sum, then each question with the own answer, what was found and what to do.

    Right answers and solutions are in it once the class's solutions are open.
    """
    esc = as_html
    questions = {question.id: question for question in grades.questions}
    waiting = sum(mark.points is None for mark in student.marks)
    title = say("Reply to {name}", name=student.name)
    parts = [f"<h1>{esc(title)}</h1>"]
    if grades.written is not None:
        written = say("Written on {day}.", day=grades.written.isoformat())
        parts.append(f'<p class="prompt">{esc(written)}</p>')
    points = f"<strong>{student.points:g}</strong>"
    line = (
        say_many(
            "{points} of {of:g} points; {count} answer still to be marked by your trainer.",
            "{points} of {of:g} points; {count:,} answers still to be marked by your trainer.",
            waiting,
            points=points,
            of=student.of,
        )
        if waiting
        else say("{points} of {of:g} points.", points=points, of=student.of)
    )
    parts.append(f'<p class="sum">{line}</p>')
    if student.hand_in in _NOTHING_CAME:
        parts.append(f"<p>{esc(say(_NOTHING_CAME[student.hand_in]))}</p>")
    if student.handed_in is not None:
        said = say("Handed in on {moment}.", moment=moments.shown(student.handed_in))
        parts.append(f"<p>{esc(said)}</p>")
    for late in student.late:
        parts.append(f"<p>{esc(str(late))}</p>")
    if not moments.has_come(grades.solutions):
        parts.append(f"<p>{esc(closed_words(grades.solutions))}</p>")
    if student.troubles:
        items = "".join(
            f"<li>{esc(_trouble(name, cell, message))}</li>"
            for name, cell, _, message in student.troubles
        )
        parts.append(f"<h2>{esc(say('When your notebooks ran'))}</h2><ul>{items}</ul>")
        counted = say("The other cells were run and counted all the same.")
        parts.append(f"<p>{esc(counted)}</p>")
    for lesson in sorted({question.lesson for question in grades.questions}):
        parts.append(f"<h2>{esc(say('Lesson {number}', number=lesson))}</h2>")
        for mark, state in zip(student.marks, student.states, strict=True):
            if questions[mark.question].lesson == lesson:
                parts.append(_reply(grades, questions[mark.question], mark, state))
    return page(title, "\n".join(parts))


def _trouble(notebook: str, cell: int, message: str) -> str:
    if not cell:
        return say("{notebook}: {message}", notebook=notebook, message=message)
    return say("{notebook}, cell {cell}: {message}", notebook=notebook, cell=cell, message=message)


def closed_words(solutions: str) -> str:
    """Say that right answers are not shown yet, and from when on they are."""
    if solutions == "closed":
        return say("Right answers and solutions are not open yet: your trainer opens them.")
    moment = solutions[:16].replace("T", " ")
    return say("Right answers and solutions open on {moment}.", moment=moment)


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
    said = say("marked by your trainer") if mark.status == MARKED else say(WORDS[state])
    head = say(
        "{question} · {state} · {earned} of {of:g}",
        question=f"{question.id} · {question.title}" if question.title else question.id,
        state=said,
        earned=earned,
        of=mark.of,
    )
    parts = [
        f'<section class="q {_TONES.get(state, "look")}">',
        f"<h3>{esc(head)}</h3>",
        f'<p class="prompt">{esc(question.prompt)}</p>',
    ]
    if mark.answer is not None:
        parts += [
            f"<h4>{esc(say('Your answer'))}</h4>",
            answers.as_page(question.kind, mark.answer),
        ]
    wrong = state in (grades_module.WRONG, grades_module.MISCONCEPTION) and mark.status != MARKED
    # As long as solutions are closed the page says no more than `check` does: it must not help to find the number.
    is_open = moments.has_come(grades.solutions)
    message = mark.message if is_open else mark.guarded or mark.message
    if message:
        if mark.answer is not None:
            why = say("Why it is not right") if wrong else say("What happened")
            parts.append(f"<h4>{esc(why)}</h4>")
        parts.append(f"<p>{esc(message)}</p>")
    if mark.status in ("to mark", "marked") and isinstance(question.kind, Plan):
        parts += [f"<h4>{esc(say('It is read for these'))}</h4>", rubric(question.kind)]
    if state == grades_module.RIGHT and question.right:
        parts += [f"<p>{esc(question.right)}</p>"]
    if is_open:
        if mark.right is not None and (
            state != grades_module.RIGHT or isinstance(question.kind, Plan)
        ):
            parts += solution(question, mark.right)
    elif wrong and question.hints:
        start = say("A place to start: {hint}", hint=question.hints[0])
        parts.append(f"<p>{esc(start)}</p>")
    if state != grades_module.RIGHT and question.id in grades.places:
        file, section = grades.places[question.id]
        again = say("Read again: “{section}” in `notebooks/{file}`.", section=section, file=file)
        parts.append(f"<p>{esc(again)}</p>")
    return "\n".join([*parts, "</section>"])


def rubric(plan: Plan) -> str:
    """Write a rubric as a list."""
    lines = (f"<li>{as_html(text)} ({points:g})</li>" for text, points in plan.rubric.items())
    return f"<ul>{''.join(lines)}</ul>"


def solution(question: Question, right: Any) -> list[str]:
    """Write the right answer for one student's data, and the way to it."""
    if isinstance(question.kind, Plan):
        title = say("One good answer among several")
        return [f"<h4>{as_html(title)}</h4>", answers.as_page(question.kind, right)]
    parts = []
    if not isinstance(question.kind, Function):
        title = say("Right, for these data")
        parts += [f"<h4>{as_html(title)}</h4>", answers.as_page(question.kind, right)]
    if question.solution or question.code:
        parts.append(f"<h4>{as_html(say('The way to it'))}</h4>")
    if question.solution:
        parts.append(f"<p>{as_html(question.solution)}</p>")
    if question.code:
        parts.append(f"<pre>{html.escape(question.code)}</pre>")
    return parts


# --- the class picture ---------------------------------------------------------------------------

GROUPS = (
    ("passed-part", to_say("right"), (grades_module.RIGHT,)),
    ("half", to_say("some of the points"), (grades_module.PART,)),
    ("mis", to_say("with a known misconception"), (grades_module.MISCONCEPTION,)),
    (
        "wrong",
        to_say("wrong or not readable"),
        (grades_module.WRONG, grades_module.UNREADABLE, grades_module.UNCHECKED),
    ),
    ("wait", to_say("to be marked"), (grades_module.WAITS,)),
    ("none", to_say("no answer"), (grades_module.EMPTY,)),
    ("absent", to_say("nothing handed in"), (grades_module.ABSENT,)),
)

_HAND_INS = {
    grades_module.ANSWERS: to_say("Handed in answers: {count:,}."),
    grades_module.NO_ANSWERS: to_say("Handed in notebooks without an answer: {count:,}."),
    grades_module.UNCHANGED: to_say("Have the notebooks as they were handed out: {count:,}."),
    grades_module.NOTHING: to_say("Handed in nothing: {count:,}."),
}


def who_handed_in(grades: Grades) -> str:
    """Say how many handed in answers, notebooks without one, notebooks as they were, and nothing."""
    counts = Counter(student.hand_in for student in grades.students)
    said = [say(words, count=counts[kind]) for kind, words in _HAND_INS.items() if counts[kind]]
    everybody = say("Students: {count:,}.", count=len(grades.students))
    return " ".join([everybody, *said])


_FOR_ANOTHER = to_say("Right for somebody else's data")
_ASK_FIRST = to_say(
    "These answers are wrong for the student's own data and right for another's. With a coarse number that can be "
    "chance; with a table it hardly is. Ask before you conclude."
)


_MUCH_ALIKE = to_say(
    "Of the shorter text's runs of three words, at least {least:.0%} are in the other one too. Figures, the "
    "question's own words and what a third of the class writes do not count. There are many reasons: two who "
    "worked together, a common source, help that was allowed. Nothing here says who did what; ask both."
)


def class_page(grades: Grades) -> str:
    """Write the class picture: per question who is where, then the misconceptions that the class holds."""
    esc = as_html
    title = say("What the class has understood")
    asked = say(
        "Questions: {count:,}, of which held back: {held:,}.",
        count=len(grades.questions),
        held=len(grades.held_back),
    )
    parts = [
        f"<h1>{esc(title)}</h1>",
        f"<p>{esc(who_handed_in(grades))}</p>",
        f"<p>{esc(asked)}</p>",
        _bars(grades),
        f"<h2>{esc(say('Misconceptions, most frequent first'))}</h2>",
        _misconceptions(grades),
    ]
    alike = [(s, m) for s in grades.students for m in s.marks if m.alike]
    if alike:
        rows = (
            (esc(student.name), esc(each.question), esc(listed(each.alike)))
            for student, each in alike
        )
        parts += [
            f"<h2>{esc(say(_FOR_ANOTHER))}</h2>",
            f"<p>{esc(say(_ASK_FIRST))}</p>",
            _table((say("student"), say("question"), say("right for the data of")), rows),
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
            f"<h2>{esc(say('Decisions that are much alike'))}</h2>",
            f"<p>{esc(say(_MUCH_ALIKE, least=LEAST_SHARE))}</p>",
            _table(
                (
                    say("question"),
                    say("students"),
                    say("in common"),
                    say("what is known"),
                    say("longest passage in both"),
                ),
                rows3,
                numeric=(2,),
            ),
        ]
    troubled = [(s, notes_of(s)) for s in grades.students if notes_of(s)]
    if troubled:
        rows2 = ((esc(s.name), esc("; ".join(notes))) for s, notes in troubled)
        parts += [
            f"<h2>{esc(say('What to know about single hand-ins'))}</h2>",
            _table((say("student"), say("notes")), rows2),
        ]
    parts += [f"<h2>{esc(say('Points'))}</h2>", _points(grades)]
    parts.append(f"<p>{esc(fences_said(grades.fences))}</p>")
    return page(title, "\n".join(parts))


def fences_said(fences: Iterable[str]) -> str:
    """Say what kept the submissions from doing harm."""
    held = sorted(fences)
    inner = listed(label(fence) for fence in held if fence != "bubblewrap")
    if "bubblewrap" in held:
        return say(
            "The submissions ran inside bubblewrap, without network or access to other files; limits: {limits}.",
            limits=inner,
        )
    if "files" in held:
        return say(
            "The submissions ran without bubblewrap; the kernel refused them other files. Limits: {limits}. "
            "docs/grading.md says what each one stops.",
            limits=inner,
        )
    if held:
        return say(
            "The submissions ran without bubblewrap, with limits on {limits}: this stops accidents, and is no wall "
            "against somebody who means harm. docs/grading.md says what is.",
            limits=inner,
        )
    return say("No submission was run.")


def _bars(grades: Grades) -> str:
    key = "".join(f'<div><span class="{css}"></span>{say(word)}</div>' for css, word, _ in GROUPS)
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
        said = listed(f"{say(word)}: {n}" for _, word, n in counts if n)
        held = f" ({say('held back')})" if question.id in grades.held_back else ""
        rows.append(
            (
                f"<strong>{html.escape(question.id)}</strong>{held}<br><small>{as_html(question.prompt)}</small>",
                f'<div class="bar" role="img" aria-label="{html.escape(said)}">{bar}</div>'
                f"<small>{said}{_tries(grades, place)}</small>",
            )
        )
    table = _table((say("question"), say("students")), rows)
    return f'<div class="key">{key}</div><div class="bars">{table}</div>'


def _tries(grades: Grades, place: int) -> str:
    """Say how often a question was tried, where the handed-in notebooks tell."""
    counts = [n for s in grades.students if (n := s.marks[place].tries) is not None]
    if not counts:
        return ""
    said = say(
        "tries: {middle} in the middle, {most} at most",
        middle=statistics.median_low(counts),
        most=max(counts),
    )
    return f"<br>{said}"


def _misconceptions(grades: Grades) -> str:
    held: Counter[tuple[str, str]] = Counter()
    for student in grades.students:
        held.update((m.question, m.misconception) for m in student.marks if m.misconception)
    if not held:
        return f"<p>{say('None was recognised.')}</p>"
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
        (say("question"), say("misconception"), say("students"), say("what they were told")),
        rows,
        numeric=(2,),
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
    return _table(
        (say("student"), say("points"), say("of", context="points of")), rows, numeric=(1, 2)
    )


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
