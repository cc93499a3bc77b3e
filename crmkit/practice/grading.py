"""Grade a class: run every submission in a process of its own, compare the answers with each student's own data.

What a student's process sends is data and nothing else: it is compared here, with references computed here, from the
data as they were handed out. A `check` that always says "passed" therefore earns nothing. Every submission leaves a
file under ``results/``: an interrupted run goes on where it was, and only what changed is run again.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import hashlib
import json
import os
import re
import shutil
import tempfile
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from crmkit.home import lesson_of
from crmkit.practice import assess as marks
from crmkit.practice import bank, handed_in, marking, moments, reports, reread, rules, sandbox
from crmkit.practice.classes import about_company, company_file, write_data
from crmkit.practice.collecting import MOST_NOTEBOOK_BYTES, MOST_NOTEBOOKS
from crmkit.practice.grades import (
    ABSENT,
    EMPTY,
    MARKED,
    NO_ANSWER,
    TO_MARK,
    Graded,
    Grades,
    Mark,
    notes_of,
)
from crmkit.practice.handed_in import HandIn, Late
from crmkit.practice.kinds import Choice, Function, Number, Plan, Table
from crmkit.practice.likeness import Text, alike, figures_in
from crmkit.practice.manifest import (
    STUDENTS,
    SUBMITTED,
    Class,
    Enrolled,
    checksum,
    read_manifest,
    write_safely,
)
from crmkit.practice.question import Question
from crmkit.practice.roster import ID_COLUMNS, NAME_COLUMNS, ClassError
from crmkit.practice.sandbox import Limits, Run
from crmkit.practice.tables import OTHER_COMPANIES, OwnTables
from crmkit.practice.told import told
from crmkit.say import say, speaking

RESULTS, REPLIES = "results", "replies"
TO_MARK_FILE = "to_mark.csv"
#: All notebooks of a student together may take this many times what one may: a hundred endless ones are a night.
MOST_OF_STUDENT = 5


@dataclass(frozen=True)
class _Submission:
    """One notebook of one student, with the mark that tells whether it was run already."""

    student: Enrolled
    notebook: Path
    key: str

    def result_path(self, out: Path) -> Path:
        """Say where its result is kept."""
        return out / RESULTS / self.student.id / f"{self.notebook.stem}.json"


# --- what is there to grade ----------------------------------------------------------------------


def questions_of(
    made: Class, held_back: str | Path | None
) -> tuple[list[Question], frozenset[str]]:
    """Give the questions of a class's lessons and the trainer's held-back ones, with the ids of the latter."""
    known = bank.lessons()
    questions = bank.visible(lesson for lesson in made.lessons if lesson in known)
    extra = bank.held_back(held_back) if held_back is not None else []
    ids = {question.id for question in questions}
    for question in extra:
        if question.answer_of is not None and question.answer_of not in ids:
            raise ClassError(
                f"Held-back question {question.id} looks at the answer of {question.answer_of}, which this class "
                f"(lessons {', '.join(made.lessons)}) does not have."
            )
    return [*questions, *extra], frozenset(question.id for question in extra)


def _fingerprint(job: bytes) -> str:
    """Give a mark of everything but notebook and data that decides what a run sends."""
    digest = hashlib.sha256(job)
    room = Path(__file__).parent
    for path in (room / "calling.py", room / "runner.py", *sorted((room / "kinds").glob("*.py"))):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _notebooks(folder: Path, student: Enrolled) -> list[Path]:
    """List what a student handed in: what was collected, else what is in the class folder."""
    collected = folder / SUBMITTED / student.id / "exercises"
    home = collected if collected.is_dir() else folder / STUDENTS / student.id / "exercises"
    # A link may lead to a neighbour's work, or to the trainer's.
    root = home.parent.resolve()
    return sorted(
        path
        for path in home.glob("*.ipynb")
        if path.is_file() and path.resolve().is_relative_to(root)
    )


def as_handed_out(folder: Path, student: Enrolled) -> bool:
    """Tell whether a student's notebooks are those that were handed out, byte for byte."""
    known = {
        value
        for name, value in student.files.items()
        if name.startswith("exercises/") and name.endswith(".ipynb")
    }
    notebooks = _notebooks(folder, student)
    return bool(notebooks) and all(
        path.stat().st_size <= MOST_NOTEBOOK_BYTES and checksum(path) in known for path in notebooks
    )


def _submissions(folder: Path, student: Enrolled, settings: str) -> Iterator[_Submission]:
    for notebook in _notebooks(folder, student)[:MOST_NOTEBOOKS]:
        size = notebook.stat().st_size
        content = checksum(notebook) if size <= MOST_NOTEBOOK_BYTES else str(size)
        # The seed stands for the data.
        key = hashlib.sha256(f"{content} {student.seed} {settings}".encode()).hexdigest()
        yield _Submission(student, notebook, key)


def _copied(source: Path, target: Path) -> str:
    """Copy a file of data; give the checksum of the copy, or nothing where there is no file to copy."""
    if source.is_symlink() or not source.is_file() or source.stat().st_size > MOST_NOTEBOOK_BYTES:
        return ""
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        shutil.copyfile(source, target)
    except OSError:
        return ""
    return checksum(target)


def handed_out_data(folder: Path, made: Class, student: Enrolled, spare: Path) -> tuple[Path, str]:
    """Give the folder with a student's data as handed out, and a note if theirs had been changed.

    If a file is missing or differs from its checksum, the data are simulated again from the student's seed into
    `spare`.
    """
    home = folder / STUDENTS / student.id
    sums = {name: value for name, value in student.files.items() if name.startswith("datasets/")}
    data = home / "datasets" / made.company
    given = {name.split("/")[1] for name in sums} - {made.company}
    # One that was not handed out would be the student's own making.
    stranger = any(
        (data.parent / other).exists() for other in set(OTHER_COMPANIES) - given - {made.company}
    )
    # The copy is checked and the copy is used: on a shared drive a student could swap the files in between.
    copy = spare / "copies" / student.id
    changed = [name for name, value in sums.items() if _copied(home / name, copy / name) != value]
    if sums and not stranger and not changed:
        return copy / "datasets" / made.company, ""
    target = spare / student.id / made.company
    if not (target / "datapackage.json").exists():
        write_data(target, company_file(folder, made.company), made.customers, student.seed)
    for other in sorted(given & set(OTHER_COMPANIES)):
        if not (spare / student.id / other).exists():
            write_data(spare / student.id / other, other, OTHER_COMPANIES[other], student.seed)
    note = (
        say(
            "the data had been changed ({file}), graded against the original",
            file=changed[0].rsplit("/", 1)[-1],
        )
        if changed
        else ""
    )
    return target, note


# --- running -------------------------------------------------------------------------------------


def _run(submission: _Submission, data: Path, job: bytes, limits: Limits) -> Run:
    """Run one submission; whatever happens, there is a result."""
    try:
        size = submission.notebook.stat().st_size
        if size == 0 or size > MOST_NOTEBOOK_BYTES:
            message = (
                say("The file is empty: hand it in again.")
                if size == 0
                else say(
                    "The file is {size:,.0f} MB large: clear the outputs and hand it in again.",
                    size=size / 1e6,
                )
            )
            return Run({}, [(0, "not a notebook", message)], [], 0.0)
        return sandbox.run_submission(submission.notebook, data, job, limits)
    except Exception as error:
        return Run(
            {},
            [
                (
                    0,
                    "not run",
                    say(
                        "The grader could not run it ({error}).",
                        error=f"{type(error).__name__}: {error}",
                    ),
                )
            ],
            [],
            0.0,
        )


def _stored(path: Path, key: str) -> Run | None:
    """Give the result of an earlier run of the same submission."""
    try:
        plain = json.loads(path.read_text(encoding="utf-8"))
        if plain["key"] != key:
            return None
        troubles = [(int(c), str(k), str(m)) for c, k, m in plain["troubles"]]
        # What was the grader's own trouble is tried again.
        if any(kind == "not run" for _, kind, _ in troubles):
            return None
        answers, fences, seconds = plain["answers"], plain["fences"], plain["seconds"]
        sound = isinstance(answers, dict) and all(isinstance(v, dict) for v in answers.values())
        sound = sound and isinstance(fences, list) and all(isinstance(f, str) for f in fences)
        if not sound or not isinstance(seconds, int | float):
            return None  # spoilt by a person or a full disk
        tries = {str(q): int(n) for q, n in plain.get("tries", {}).items()}
        return Run(answers, troubles, fences, seconds, tries)
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None


def _store(path: Path, key: str, run: Run) -> None:
    plain = {
        "key": key,
        "answers": dict(run.answers),
        "troubles": [list(t) for t in run.troubles],
        "fences": list(run.fences),
        "seconds": round(run.seconds, 2),
        "tries": dict(run.tries),
    }
    write_safely(path, json.dumps(plain, ensure_ascii=False) + "\n")


@dataclass
class _Desk:
    """What the grader holds for one student: tables, references, and what the submissions sent."""

    student: Enrolled
    tables: OwnTables
    note: str
    unchanged: bool = False
    times: Mapping[str, HandIn] = field(default_factory=dict)
    runs: list[tuple[str, Run]] = field(default_factory=list)


def grade(
    folder: str | Path,
    out: str | Path,
    *,
    held_back: str | Path | None = None,
    limits: Limits | None = None,
    workers: int | None = None,
    fresh: bool = False,
    late_loses: float = 0.0,
    on_start: Callable[[int], None] | None = None,
    on_done: Callable[[str], None] | None = None,
) -> Grades:
    """Grade a class folder into `out`.

    Writes ``grades.csv`` (points by question), ``to_mark.csv`` (open decisions, for a person), ``replies/<id>.html`` (a
    page for each student), ``class.html`` (what the class has and has not understood) and ``results/`` (one file per
    submission, which makes the next run short).

    Parameters
    ----------
    folder
        A class folder, as ``crmkit class new`` makes it.
    out
        Where everything is written. Points that a trainer has filled into ``to_mark.csv`` there are kept and counted.
    held_back
        A folder with the trainer's own question files.
    limits
        What a submission may use.
    workers
        How many submissions run at once; as many as there are processors by default.
    fresh
        Run everything again.
    late_loses
        What a day after the deadline costs, in per cent of the points earned in the lesson; every day begun counts.
    on_start, on_done
        Called with the number of submissions, and with each student's id as one of theirs is done.

    Returns
    -------
    Grades
        Every student of the manifest, also those who handed nothing in.

    Raises
    ------
    ClassError
        If the folder is no class, a held-back question asks for what the class does not have, or a row of
        ``to_mark.csv`` holds points that cannot be taken.
    """
    made = read_manifest(folder)
    # What students read is in the class's language, whatever the trainer's is.
    with speaking(made.language):
        return _graded(
            made, Path(folder), Path(out), held_back, limits or Limits(), workers, fresh, late_loses,
            on_start, on_done,
        )  # fmt: skip


def _graded(
    made: Class,
    folder: Path,
    out: Path,
    held_back: str | Path | None,
    limits: Limits,
    workers: int | None,
    fresh: bool,
    late_loses: float,
    on_start: Callable[[int], None] | None,
    on_done: Callable[[str], None] | None,
) -> Grades:
    questions, extra = questions_of(made, held_back)
    about = about_company(company_file(folder, made.company))
    questions = told(questions, about)
    out.mkdir(parents=True, exist_ok=True)
    # First of all: a table of marks that cannot be read should not wait for the notebooks.
    given = marking.read_marks(
        out / TO_MARK_FILE,
        {student.id for student in made.students},
        {question.id: question.points for question in questions if isinstance(question.kind, Plan)},
    )
    if on_start:
        counts = (len(_notebooks(folder, student)) for student in made.students)
        on_start(sum(min(count, MOST_NOTEBOOKS) for count in counts))

    run = reused = 0
    desks: dict[str, _Desk] = {}
    stopped = threading.Event()

    spent: Counter[str] = Counter()

    def run_and_store(submission: _Submission, data: Path, job: bytes) -> Run:
        name = submission.student.id
        if spent[name] > MOST_OF_STUDENT * limits.wall_seconds:
            message = f"Not run: the notebooks before it took {spent[name]:.0f} seconds together."
            return Run({}, [(0, "not run", message)], [], 0.0)
        result = _run(submission, data, job, limits)
        spent[name] += result.seconds  # type: ignore[assignment]
        if not stopped.is_set():
            _store(submission.result_path(out), submission.key, result)
        return result

    with (
        tempfile.TemporaryDirectory(prefix="crmkit-data-") as spare,
        ThreadPoolExecutor(max_workers=workers or os.cpu_count() or 1) as pool,
    ):
        waiting = {}
        try:
            for student in made.students:
                data, note = handed_out_data(folder, made, student, Path(spare))
                notebooks = len(_notebooks(folder, student))
                if notebooks > MOST_NOTEBOOKS:
                    many = say(
                        "{count:,} notebooks: only the first {most} were run",
                        count=notebooks,
                        most=MOST_NOTEBOOKS,
                    )
                    note = f"{note}; {many}" if note else many
                desk = desks[student.id] = _Desk(
                    student,
                    OwnTables.here(data),
                    note,
                    as_handed_out(folder, student),
                    handed_in.when(folder, student.id, _notebooks(folder, student)),
                )
                job = sandbox.make_job(questions, _cases(questions, desk.tables), limits)
                for submission in _submissions(folder, student, _fingerprint(job)):
                    kept = None if fresh else _stored(submission.result_path(out), submission.key)
                    if kept is not None:
                        desk.runs.append((submission.notebook.name, kept))
                        reused += 1
                        if on_done:
                            on_done(student.id)
                        continue
                    waiting[pool.submit(run_and_store, submission, data, job)] = submission
            for future in as_completed(waiting):
                submission = waiting[future]
                desks[submission.student.id].runs.append(
                    (submission.notebook.name, future.result())
                )
                run += 1
                if on_done:
                    on_done(submission.student.id)
        except BaseException:
            # Interrupted: what is done is kept, what runs is ended, what waits is let go.
            stopped.set()
            pool.shutdown(wait=False, cancel_futures=True)
            sandbox.end_all()
            raise
        students = _mark_all(desks, questions, given, made, late_loses)
    fences = {fence for desk in desks.values() for _, r in desk.runs for fence in r.fences}
    not_asked = tuple(i for i in made.held_back if i not in extra)
    grades = Grades(
        tuple(questions), tuple(students), extra, tuple(sorted(fences)), run, reused, not_asked,
        made.solutions, reread.where_taught(questions, about), moments.now().date(),
    )  # fmt: skip
    write_all(out, grades, given)
    return grades


def _cases(questions: Sequence[Question], tables: OwnTables) -> dict[str, list[tuple[Any, ...]]]:
    """Make the hidden inputs of the function questions from a student's data."""
    made = {}
    for question in questions:
        if isinstance(question.kind, Function):
            try:
                made[question.id] = list(question.kind.cases(tables.of(question)))
            except Exception:
                # Its reference will fail for the same reason and say so.
                made[question.id] = []
    return made


# --- marking -------------------------------------------------------------------------------------


def _mark_all(
    desks: Mapping[str, _Desk],
    questions: Sequence[Question],
    given: marking.Marks,
    made: Class,
    late_loses: float,
) -> list[Graded]:
    """Mark every student, then look whose wrong answers are right for somebody else's data."""
    solutions_open = moments.has_come(made.solutions)
    graded: list[Graded] = []
    wrong: list[tuple[int, int, Question, Any]] = []
    figures: dict[str, dict[str, tuple[float, ...]]] = {}
    references: dict[str, dict[str, Any]] = {question.id: {} for question in questions}
    for desk in desks.values():
        desk.runs.sort(key=lambda item: item[0])
        sent: dict[str, Mapping[str, Any]] = {}
        for _, run in desk.runs:
            for question_id, line in run.answers.items():
                if question_id not in sent or line.get("status") != marks.NOT_ATTEMPTED:
                    sent[question_id] = line
        row: list[Mark] = []
        for question in questions:
            mark, canonical = _mark(question, sent.get(question.id), desk, given)
            if canonical is not None and mark.status in (marks.NOT_YET, marks.MISCONCEPTION):
                wrong.append((len(graded), len(row), question, canonical))
            right = None
            # What is right is looked up where somebody reads it, or somebody's answer is compared with it.
            if (solutions_open and desk.runs) or not isinstance(
                question.kind, Plan | Choice | Function
            ):
                right = right_answer(question, desk.tables)
            if right is not None and not isinstance(question.kind, Plan | Choice | Function):
                references[question.id][desk.student.id] = right
            counts = [n for _, run in desk.runs for q, n in run.tries.items() if q == question.id]
            tries = max(counts, default=None)
            row.append(replace(mark, answer=canonical, right=right, tries=tries))
        troubles = tuple((name, *trouble) for name, run in desk.runs for trouble in run.troubles)
        notes = (desk.note,) if desk.note else ()
        student = desk.student
        graded.append(
            Graded(
                student.id, student.name, tuple(row), troubles, notes, len(desk.runs),
                desk.unchanged, student.given, *_lateness(desk, row, made, late_loses),
            )
        )  # fmt: skip
        figures[student.id] = _own_figures(desk, row, questions)
        # The references are kept, the tables are not: a class's tables together do not fit everywhere.
        desk.tables.forget()
    for place, column, question, canonical in wrong:
        own = graded[place]
        alike = tuple(
            other
            for other, reference in references[question.id].items()
            if other != own.id and question.kind.compare(canonical, reference).right
        )
        # A number that fits half the class says nothing about anybody.
        if alike and len(alike) <= max(2, len(graded) // 10):
            changed = list(own.marks)
            changed[column] = replace(changed[column], alike=alike)
            graded[place] = replace(own, marks=tuple(changed))
    return _with_echoes(graded, questions, figures)


def right_answer(question: Question, tables: OwnTables) -> Any:
    """Give the right answer for a student's data; of a plan the model answer. None where it cannot be computed."""
    try:
        if isinstance(question.kind, Plan):
            return question.kind.model_on(tables.of(question))
        return marks.reference(question, tables)
    except marks.NoReference:
        return None
    except Exception:
        # A model answer's figures may need what these tables lack; the rubric is there all the same.
        return None


def _lateness(
    desk: _Desk, row: Sequence[Mark], made: Class, late_loses: float
) -> tuple[dict[str, dt.datetime], tuple[Late, ...]]:
    """Say when a student's answers to each lesson came, and which lessons came after their deadline."""
    came: dict[str, HandIn] = {}
    for name, run in desk.runs:
        answered = {lesson_of(i) for i, line in run.answers.items() if "plain" in line}
        one = desk.times.get(name)
        for lesson in answered if one else ():
            assert one is not None
            if lesson not in came or one.time > came[lesson].time:
                came[lesson] = one
    late = []
    for lesson, one in sorted(came.items()):
        due = rules.due_of(made, lesson)
        after = one.time - due if due is not None and one.time > due else None
        if after is None and not one.said_late:
            continue
        found = Late(lesson, after, one.source)
        earned = sum(mark.points or 0.0 for mark in row if lesson_of(mark.question) == lesson)
        loss = round(earned * min(100.0, late_loses * found.days) / 100, 2)
        late.append(replace(found, loss=loss))
    times = {lesson: one.time for lesson, one in came.items()}
    return times, tuple(late)


def _with_echoes(
    graded: Sequence[Graded],
    questions: Sequence[Question],
    figures: Mapping[str, Mapping[str, tuple[float, ...]]] | None = None,
) -> list[Graded]:
    """Say which decisions are much alike, or the model answer: own data do not keep anybody from copying a text.

    Parameters
    ----------
    figures
        Student -> lesson -> the figures that the student's own data give.
    """
    own = figures or {}
    rows = {student.id: list(student.marks) for student in graded}
    for place, question in enumerate(questions):
        if not isinstance(question.kind, Plan):
            continue
        # Its figures are each student's own: what stands between them is what would be copied.
        pieces = [_letters(piece) for piece in re.split(r"\{[^{}]*\}", question.kind.model)]
        texts = {}
        for student in graded:
            mark = student.marks[place]
            if not mark.text:
                continue
            texts[student.id] = Text(
                mark.text,
                own.get(student.id, {}).get(question.lesson, ()),
                student.came.get(question.lesson),
            )
            if all(piece in _letters(mark.text) for piece in pieces):
                rows[student.id][place] = replace(mark, echoes=("the model answer",))
        said_before = (question.prompt, question.title, *question.hints, *question.kind.rubric)
        # Two who both took the model answer's words are named for that, and not for each other.
        taken = {name for name in texts if rows[name][place].echoes}
        for pair in alike({n: t for n, t in texts.items() if n not in taken}, said_before):
            for name in (pair.one, pair.other):
                mark = rows[name][place]
                rows[name][place] = replace(mark, near=(*mark.near, pair))
    return [replace(student, marks=tuple(rows[student.id])) for student in graded]


def _own_figures(
    desk: _Desk, row: Sequence[Mark], questions: Sequence[Question]
) -> dict[str, tuple[float, ...]]:
    """Give by lesson the figures of a student's own data that a decision may quote."""
    found: dict[str, list[float]] = {}
    wanted = {lesson_of(mark.question) for mark in row if mark.text}
    for mark, question in zip(row, questions, strict=True):
        values = found.setdefault(question.lesson, [])
        if question.lesson not in wanted:
            continue
        if isinstance(question.kind, Plan) and question.kind.figures is not None:
            with contextlib.suppress(Exception):  # what these tables do not allow, nobody can quote
                said = question.kind.figures(desk.tables.of(question))
                values += [each for text in said.values() for each in figures_in(str(text))]
        elif isinstance(question.kind, Number) and mark.right is not None:
            values.append(float(mark.right))
        elif isinstance(question.kind, Table) and mark.right is not None:
            cells = (cell for column in mark.right.columns.values() for cell in column)
            values += [float(cell) for cell in cells if isinstance(cell, int | float)]
    return {lesson: tuple(values) for lesson, values in found.items()}


def _letters(text: str) -> str:
    """Give a text without what a copyist changes first: capitals, spaces, punctuation."""
    return "".join(re.findall(r"\w", text.lower()))


def _mark(
    question: Question,
    line: Mapping[str, Any] | None,
    desk: _Desk,
    given: marking.Marks,
) -> tuple[Mark, Any]:
    """Mark one answer; gives the answer too, as read."""
    empty = Mark(question.id, 0.0, question.points, NO_ANSWER)
    if line is None:
        asked = question.answer_of or question.id
        return replace(
            empty,
            message=say('No `check("{question}", …)` was run with an answer.', question=asked),
        ), None
    if "plain" not in line:
        attempted = line.get("status") == marks.UNREADABLE
        status = marks.UNREADABLE if attempted else marks.NOT_ATTEMPTED
        message = str(line.get("message") or "")[:500] if attempted else ""
        return replace(empty, status=status, message=message), None
    result = marks.assess_recorded(question, line["plain"], desk.tables)
    if result.status == marks.WRITTEN:
        typed = given.get((desk.student.id, question.id))
        # Points for a text that was rewritten since are not points for this one.
        valid = typed is not None and marking.same_text(typed.text, result.canonical)
        points = typed.points if typed is not None and valid else None
        status = TO_MARK if points is None else MARKED
        return Mark(
            question.id, points, question.points, status, text=result.canonical
        ), result.canonical
    earned = question.points if result.status == marks.PASSED else 0.0
    message = "" if result.status == marks.PASSED else result.message
    mark = Mark(
        question.id, earned, question.points, result.status, message, result.misconception,
        guarded="" if result.status == marks.PASSED else result.guarded,
    )  # fmt: skip
    return mark, result.canonical


# --- writing -------------------------------------------------------------------------------------


def _number(points: float | None) -> str:
    return "" if points is None else f"{points:g}"


#: The roster's own columns that grades.csv has already.
_OWN_COLUMNS = {*NAME_COLUMNS, *ID_COLUMNS}


def further_columns(students: Sequence[Graded]) -> list[str]:
    """Name the roster's columns other than name and id (an e-mail address, a login), in their order."""
    names = dict.fromkeys(name for student in students for name in student.given)
    return [name for name in names if name.strip().lower() not in _OWN_COLUMNS]


def grades_table(grades: Grades) -> str:
    """Give grades.csv: one row per student, points by question, and what became of each.

    Points are empty where a person has to mark, and where nobody answered: a zero is a wrong answer's.
    """
    # A spreadsheet takes a bare 20-5 for the 20th of May.
    ids = [f"{marking.QUESTION}{question.id}" for question in grades.questions]
    lessons = sorted({question.lesson for question in grades.questions})
    further = further_columns(grades.students)
    rows = [
        [
            "id",
            "name",
            *further,
            "hand_in",
            "handed_in",
            *ids,
            "late_loss",
            "points",
            "of",
            "to_mark",
            "notes",
        ]
        + [name for lesson in lessons for name in (f"lesson {lesson}", f"lesson {lesson} of")]
        + [f"{name} state" for name in ids]
    ]
    for student in grades.students:
        states = student.states
        waiting = sum(mark.status == TO_MARK for mark in student.marks)
        row = [student.id, student.name, *(student.given.get(name, "") for name in further)]
        row += [student.hand_in, moments.shown(student.handed_in) if student.handed_in else ""]
        row += [
            "" if state in (EMPTY, ABSENT) else _number(mark.points)
            for mark, state in zip(student.marks, states, strict=True)
        ]
        row += [
            _number(student.loss) if student.late else "",
            _number(student.points),
            _number(student.of),
            str(waiting),
            "; ".join(notes_of(student)),
        ]
        for lesson in lessons:
            its = [
                (m, s)
                for m, s in zip(student.marks, states, strict=True)
                if lesson_of(m.question) == lesson
            ]
            came = any(state not in (EMPTY, ABSENT) for _, state in its)
            loss = sum(late.loss for late in student.late if late.lesson == lesson)
            row += [
                _number(sum(mark.points or 0.0 for mark, _ in its) - loss) if came else "",
                _number(sum(mark.of for mark, _ in its)),
            ]
        row += states
        rows.append(row)
    return marking.as_csv(rows)


def write_all(out: Path, grades: Grades, given: marking.Marks) -> None:
    """Write everything that a trainer and the students read; what a person changed meanwhile is kept as a backup."""
    marking.write_keeping(out / "grades.csv", grades_table(grades))
    marking.write_keeping(out / TO_MARK_FILE, marking.marking_table(grades, given))
    write_safely(out / "class.html", reports.class_page(grades))
    for student in grades.students:
        write_safely(out / REPLIES / f"{student.id}.html", reports.reply_page(grades, student))
