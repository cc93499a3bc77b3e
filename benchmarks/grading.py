"""Grading 200 submissions of every kind in one run: seconds per submission, and that none is lost.

Beside it, the same good submission run through nbclient and a kernel, which is what one would write first (and what has
no limits). Every case of ``benchmarks/_submissions.py`` is handed in several times, by students with data of their own.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import replace
from pathlib import Path

from benchmarks import _submissions as catalogue
from crmkit.practice import bank, classes, grading, manifest, reports
from crmkit.practice.roster import Student
from crmkit.practice.sandbox import Limits


def lesson_of_the_catalogue() -> None:
    found = bank.LessonQuestions(catalogue.LESSON, "Benchmark", catalogue.QUESTIONS)
    bank.lessons = lambda: (catalogue.LESSON,)  # type: ignore[assignment]
    bank.of_lesson = lambda wanted: found  # type: ignore[assignment]


def make_class(
    folder: Path, students: list[Student], course: Path, customers: int, data_sets: int
) -> int:
    """Make the class; after the first few, students share the files of earlier ones, for data are not what is timed."""
    own = students[:data_sets]
    classes.make_class(folder, own, 7, ["20"], course=course, customers=customers)
    made = manifest.read_manifest(folder)
    enrolled = list(made.students)
    for n, student in enumerate(students[data_sets:]):
        twin = made.students[n % len(own)]
        home = folder / "students" / student.id
        shutil.copytree(folder / "students" / twin.id, home, copy_function=os.link)
        for notebook in home.glob("*/*.ipynb"):
            notebook.unlink()
        enrolled.append(replace(twin, id=student.id, name=student.name))
    manifest.write_manifest(folder, replace(made, students=tuple(enrolled)))
    return len(own)


def with_nbclient(content: str, data: Path, rounds: int = 3) -> float:
    """Seconds for one good submission in a kernel, without any limit."""
    import nbformat
    from nbclient import NotebookClient

    os.environ["CRMKIT_DATA"] = str(data)
    started = time.perf_counter()
    for _ in range(rounds):
        NotebookClient(nbformat.reads(content, as_version=4), timeout=60).execute()
    return (time.perf_counter() - started) / rounds


def processor_seconds() -> float:
    """Processor seconds of this process and of all that it started and that have ended."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in used)


def importing_pandas(rounds: int = 3) -> float:
    """Processor seconds of a Python that imports pandas and ends, the best of a few: the floor for any hand-in."""
    taken = []
    for _ in range(rounds):
        before = processor_seconds()
        subprocess.run([sys.executable, "-c", "import pandas"], check=True)
        taken.append(processor_seconds() - before)
    return min(taken)


def table_of(grades: grading.Grades, cases: dict[str, catalogue.Case], results: Path) -> str:
    """Give a line for each kind: how many were handed in and graded as expected, and the middle of their seconds."""
    rows = ["kind | handed in | as expected | seconds (middle) | troubles"]
    for name, case in cases.items():
        same = [student for student in grades.students if student.name == name]
        right = sum({m.question for m in s.marks if m.points} == set(case.earns) for s in same)
        seconds = [
            json.loads(path.read_text(encoding="utf-8"))["seconds"]
            for student in same
            for path in (results / student.id).glob("*.json")
        ]
        found = ", ".join(sorted({kind for s in same for _, _, kind, _ in s.troubles})) or "none"
        middle = statistics.median(seconds) if seconds else float("nan")
        rows.append(f"{name} | {len(same)} | {right} | {middle:.1f} | {found}")
    return "\n".join(rows)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])  # type: ignore[union-attr]
    parser.add_argument("--submissions", type=int, default=200)
    parser.add_argument("--customers", type=int, default=300)
    parser.add_argument(
        "--data-sets", type=int, default=10, help="so many students get data of their own"
    )
    parser.add_argument("--workers", type=int, default=os.cpu_count())
    options = parser.parse_args()
    lesson_of_the_catalogue()
    limits = Limits(cpu_seconds=15, cell_seconds=3, wall_seconds=30, memory_mb=800, output_mb=2)
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        for room in ("notebooks", "exercises"):
            (root / "course" / room).mkdir(parents=True)
            (root / "course" / room / "20_who.ipynb").write_text(
                catalogue.notebook(catalogue.START)
            )
        (root / "own").mkdir()
        (root / "own" / "lesson_20.py").write_text(catalogue.HELD_BACK)
        (root / "victim").mkdir()
        (root / "victim" / "kept.txt").write_text("kept")

        cases = catalogue.cases(str(root / "victim"))
        names = [
            name
            for name, _ in zip(itertools.cycle(cases), range(options.submissions), strict=False)
        ]
        students = [Student(f"s{n:03}", name) for n, name in enumerate(names)]
        started = time.perf_counter()
        made = make_class(
            root / "class", students, root / "course", options.customers, options.data_sets
        )
        making = time.perf_counter() - started
        for student in students:
            home = root / "class/students" / student.id / "exercises"
            cases[student.name].hand_in(home / "20_who.ipynb")

        started, before = time.perf_counter(), processor_seconds()
        grades = grading.grade(
            root / "class",
            root / "grades",
            held_back=root / "own",
            limits=limits,
            workers=options.workers,
        )
        seconds, used = time.perf_counter() - started, processor_seconds() - before
        wrong = [
            (student.id, student.name)
            for student in grades.students
            if {m.question for m in student.marks if m.points} != set(cases[student.name].earns)
        ]
        lost = options.submissions - grades.run
        troubles = Counter(
            kind for student in grades.students for _, _, kind, _ in student.troubles
        )
        kernel = with_nbclient(
            cases["good"].content, root / "class/students/s000/datasets/fernwell"
        )
        print(f"{made} students' folders with {options.customers} customers each: {making:.1f} s")
        print(
            f"{grades.run} submissions of {len(cases)} kinds, {options.workers} at once: {seconds:.1f} s,"
        )
        print(
            f"  {seconds / grades.run:.2f} s per submission, {used / grades.run:.2f} processor seconds "
            f"(`import pandas` alone: {importing_pandas():.2f}); a good one through nbclient, alone: {kernel:.2f} s"
        )
        print(f"lost: {lost}; marked otherwise than expected: {len(wrong)} {wrong[:5]}")
        print(table_of(grades, cases, root / "grades" / "results"))
        print("troubles named: " + ", ".join(f"{n} {kind}" for kind, n in troubles.most_common()))
        print(reports.fences_said(grades.fences))
        kept = (root / "victim/kept.txt").read_text()
        if lost or wrong or kept != "kept":
            raise SystemExit("a submission was lost, marked wrongly, or did harm")


if __name__ == "__main__":
    main()
