"""Build executed notebooks from their py:percent masters, one way.

``python tools/build_notebooks.py`` builds all lessons and exercises; ``… 20 31`` only those numbers; ``--check`` builds
in memory and names what differs from the notebooks that are stored (pictures aside: their bytes follow the machine);
``--into FOLDER`` leaves the stored notebooks alone and writes below FOLDER.

    notebooks/source/20_name.py   ->  notebooks/20_name.ipynb              executed
    exercises/source/20_name.py   ->  exercises/20_name.ipynb              the student's copy, not executed
                                  ->  exercises/solutions/20_name.ipynb    executed

``--company beanline --out folder`` builds them for another company that ships, with its data, in a folder of their own;
a lesson whose tables it lacks says so and is not executed. ``--language zh_CN --out folder`` builds them in another
language (see tools/translate.py); they are never committed.

A master's Markdown, comments and plain strings hold fields such as ``{company.name}`` (see `crmkit.companies`); the
first cell names the tables that the notebook needs: ``# %% [markdown] tables=["orders"]``.

An exercise's master holds only what is told around the questions; the questions themselves come from
``crmkit/practice/questions`` (see `crmkit.practice.exercises`): in the student's copy with a starter and
``answer = ...``, so that it runs untouched and its `check` says "not attempted"; in the solution with the worked code.

What is stored is the same on every run: a cell's id is the lasting label in its header (``# %% label="pyramid"``; see
tools/label_cells.py), execution times and widget state are dropped, and a widget leaves its picture or its words (a
stored widget without its kernel would show "model not found").
Never edit an .ipynb by hand: the next build would undo it, and a test compares.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from itertools import repeat
from pathlib import Path

import jupytext
import nbformat
from label_cells import LABEL, LONGEST
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

from crmkit.companies import Company, company, tell, unmet
from crmkit.data.load import VARIABLE
from crmkit.errors import CrmkitError
from crmkit.home import lesson_of
from crmkit.lesson_texts import retold
from crmkit.practice import bank
from crmkit.practice.exercises import filled, with_asked
from crmkit.practice.told import in_language
from crmkit.say import ENGLISH, SWITCH, language, speak

ROOT = Path(__file__).resolve().parents[1]
CELL_TIMEOUT_S = 120
PICTURE = re.compile(r"data:image/png;base64,[A-Za-z0-9+/=]*")
WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"

METADATA = {
    "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
    "language_info": {
        "file_extension": ".py",
        "mimetype": "text/x-python",
        "name": "python",
        "pygments_lexer": "ipython3",
    },
}


class BuildError(Exception):
    """A master that cannot become a notebook: the message names the master and the cell."""


def read_master(path: Path) -> nbformat.NotebookNode:
    """Read a master as a notebook without outputs, with metadata and ids that depend on its text alone.

    Raises
    ------
    BuildError
        Where a cell's label is missing or wrong; the message names the master.
    """
    notebook = jupytext.reads(path.read_text(encoding="utf-8"), fmt="py:percent")
    notebook.metadata = nbformat.from_dict(METADATA)
    notebook.nbformat, notebook.nbformat_minor = 4, 5
    try:
        return with_ids(notebook)
    except BuildError as fault:
        raise BuildError(f"{path.name}: {fault}") from fault


def with_ids(notebook: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """Make each cell's label its id, so that an edited cell stays the same cell.

    Raises
    ------
    BuildError
        Where a label is missing, is not lower-case words with hyphens, or names two cells.
    """
    seen: set[str] = set()
    for place, cell in enumerate(notebook.cells, start=1):
        label = cell.metadata.pop("label", None)
        if label is None and "ask" in cell.metadata:
            label = f"ask-{cell.metadata['ask']}"
        if label is None:
            raise BuildError(f"cell {place} has no label: run python tools/label_cells.py")
        if not LABEL.fullmatch(label) or len(label) > LONGEST:
            raise BuildError(
                f"cell {place}: the label {label!r} is not lower-case words with hyphens, {LONGEST} characters at most"
            )
        if label in seen:
            raise BuildError(f"cell {place}: the label {label!r} names an earlier cell already")
        seen.add(label)
        cell["id"] = label
    return notebook


def exercise(
    master: nbformat.NotebookNode, lesson: str, *, solution: bool
) -> nbformat.NotebookNode:
    """Make an exercise notebook of its master and the lesson's questions, not executed.

    Parameters
    ----------
    master
        The master's cells, in the language of this process.
    lesson
        The lesson's two digits.
    solution
        Whether to make the worked solution; otherwise what a student opens.

    Raises
    ------
    BuildError
        Where master and questions do not fit together.
    """
    try:
        questions = in_language(list(bank.of_lesson(lesson).questions))
        cells = filled(master.cells, questions, solution=solution)
    except CrmkitError as error:
        raise BuildError(f"exercises of lesson {lesson}: {error}") from error
    return nbformat.from_dict({**master, "cells": cells})


def told(notebook: nbformat.NotebookNode, about: Company) -> nbformat.NotebookNode:
    """Put the company's own words in the place of the fields, and say which tables are missing."""
    try:
        return nbformat.from_dict(tell(json.loads(json.dumps(notebook)), about))
    except CrmkitError as error:
        raise BuildError(str(error)) from error


def kernel_environment(state: Path) -> dict[str, str]:
    """Give the environment in which lessons are built: fixed hashing, no settings of the person at the machine."""
    return os.environ | {
        "PYTHONHASHSEED": "0",
        "PYDEVD_DISABLE_FILE_VALIDATION": "1",
        "JUPYTER_PLATFORM_DIRS": "1",
        "IPYTHONDIR": str(state / "ipython"),
        "JUPYTER_CONFIG_DIR": str(state / "config"),
        "CRMKIT_PRACTICE_STATE": "off",  # what a cell shows must not depend on earlier tries
        SWITCH: language(),
    }


def execute(notebook: nbformat.NotebookNode, where: Path, name: str) -> nbformat.NotebookNode:
    """Run a notebook from top to bottom and keep what can be stored.

    Raises
    ------
    BuildError
        Where a cell raises or runs out of time; the message holds the cell and the error.
    """
    with tempfile.TemporaryDirectory() as folder:
        client = NotebookClient(
            notebook,
            timeout=CELL_TIMEOUT_S,
            kernel_name="python3",
            resources={"metadata": {"path": str(where)}},
            record_timing=False,
            store_widget_state=False,
        )
        try:
            client.execute(env=kernel_environment(Path(folder)))
        except (CellExecutionError, CellTimeoutError, DeadKernelError) as failure:
            raise BuildError(f"{name}: {failure}") from failure
    for cell in notebook.cells:
        cell.metadata.pop("execution", None)
        if cell.cell_type == "code":
            cell.outputs = [tidy_output(output) for output in joined_streams(cell.outputs)]
    notebook.metadata = nbformat.from_dict(METADATA)
    return notebook


def joined_streams(outputs: list[nbformat.NotebookNode]) -> list[nbformat.NotebookNode]:
    """Join neighbouring pieces of one stream: where a print is cut depends on the clock."""
    joined: list[nbformat.NotebookNode] = []
    for output in outputs:
        before = joined[-1] if joined else None
        if (
            before is not None
            and output.output_type == before.output_type == "stream"
            and output.name == before.name
        ):
            before.text += output.text
        else:
            joined.append(output)
    return joined


def tidy_output(output: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """Drop a widget's random model id; its picture or its words stay."""
    if "data" in output:
        output.data.pop(WIDGET_VIEW, None)
    output.pop("transient", None)
    return output


def text_of(notebook: nbformat.NotebookNode) -> str:
    """Write a notebook as it is stored."""
    nbformat.validate(notebook)
    return json.dumps(notebook, indent=1, ensure_ascii=False, sort_keys=True) + "\n"


def comparable(text: str) -> object:
    """Read a stored notebook without the bytes of its pictures."""
    notebook = json.loads(text)
    for cell in notebook["cells"]:
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            for kind in ("image/png", "image/jpeg"):
                if kind in data:
                    data[kind] = "picture"
            if "text/html" in data:
                html = data["text/html"]
                html = html if isinstance(html, str) else "".join(html)
                data["text/html"] = PICTURE.sub("picture", html)
    return notebook


def masters(numbers: list[str], root: Path = ROOT) -> list[Path]:
    """Find the masters of lessons and exercises, all of them or those whose names begin with the numbers."""
    found = sorted((root / "notebooks/source").glob("*.py"))
    found += sorted((root / "exercises/source").glob("*.py"))
    if not numbers:
        return found
    chosen = [path for path in found if re.split(r"[_.]", path.name)[0] in numbers]
    missing = set(numbers) - {re.split(r"[_.]", path.name)[0] for path in chosen}
    if missing:
        raise SystemExit(f"no master begins with {', '.join(sorted(missing))}")
    return chosen


def build(master: Path, about: Company | None = None, out: Path | None = None) -> dict[Path, str]:
    """Make every notebook that comes from one master: where it belongs and its text.

    Parameters
    ----------
    master
        A master of a lesson or of exercises.
    about
        The company to build for; by default the one whose tables are at hand.
    out
        The folder whose ``notebooks/`` and ``exercises/`` they belong to, by default the master's; they run there, on
        the data found there.
    """
    about = about or company()
    notebook = retold_master(read_master(master), master)
    room = (out or master.parents[2]) / master.parent.parent.name
    file = f"{master.stem}.ipynb"

    def run(copy: nbformat.NotebookNode, name: str) -> str:
        filled = told(copy, about)
        return text_of(filled if unmet(filled, about) else execute(filled, room, name))

    lesson = lesson_of(master.name)
    if room.name != "exercises":
        return {room / file: run(notebook, master.name)}
    return {
        room / file: text_of(told(exercise(notebook, lesson, solution=False), about)),
        room / "solutions" / file: run(
            exercise(notebook, lesson, solution=True), f"exercises/{master.name}"
        ),
    }


def retold_master(notebook: nbformat.NotebookNode, master: Path) -> nbformat.NotebookNode:
    """Give a master's notebook in the language of this process, with the questions that it asks."""
    lesson = master.parent.parent.name == "notebooks"
    if language() != ENGLISH:
        number = lesson_of(master.name)
        notebook = nbformat.from_dict(retold(notebook, number if lesson else f"exercises/{number}"))
    try:
        return nbformat.from_dict(with_asked(notebook)) if lesson else notebook
    except CrmkitError as error:
        raise BuildError(f"{master.name}: {error}") from error


def company_folder(name: str, out: Path) -> Company:
    """Make the folder of another company: its data, and room for its notebooks.

    Raises
    ------
    BuildError
        No such company, or the folder holds other data that somebody has changed.
    """
    from crmkit.world import simulate, write
    from crmkit.world.__main__ import SHIPPED

    size = {shipped: rest for shipped, *rest in SHIPPED}.get(name, [5000, 1, "en_GB"])
    try:
        write(simulate(name, *size), out / "datasets" / name)
    except CrmkitError as error:
        raise BuildError(str(error)) from error
    return company(out / "datasets" / name)


Built = tuple[Path, dict[Path, str] | BuildError, float]


def build_timed(master: Path, about: Company | None, out: Path) -> Built:
    """Build one master; give what was made, or why not, and the seconds it took."""
    started = time.perf_counter()
    try:
        made: dict[Path, str] | BuildError = build(master, about, out)
    except BuildError as failure:
        made = failure
    return master, made, time.perf_counter() - started


def built(chosen: list[Path], about: Company | None, out: Path, jobs: int) -> Iterator[Built]:
    """Build masters one after the other, or several at a time; give them in their order."""
    if jobs <= 1:
        for master in chosen:
            yield build_timed(master, about, out)
    else:
        with ProcessPoolExecutor(jobs) as pool:
            yield from pool.map(build_timed, chosen, repeat(about), repeat(out))


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("numbers", nargs="*", help="lesson numbers, such as 20 31; all by default")
    parser.add_argument(
        "--check", action="store_true", help="compare with what is stored, write nothing"
    )
    parser.add_argument("--company", help="another company that ships; needs --out")
    parser.add_argument("--language", help="another language, such as zh_CN; needs --out")
    parser.add_argument("--out", type=Path, default=ROOT, help="folder for its notebooks and data")
    parser.add_argument("--into", type=Path, help="write below this folder, not over the stored")
    parser.add_argument("--jobs", type=int, default=1, help="how many to build at a time")
    options = parser.parse_args(arguments)
    if (options.company is None and options.language is None) != (options.out == ROOT):
        parser.error("--out belongs with --company or --language, and they with it")
    before = {name: os.environ.get(name) for name in (SWITCH, VARIABLE)}
    try:
        return build_all(options)
    finally:  # whoever calls this within a process of its own speaks on as before
        speak(None)
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


def build_all(options: argparse.Namespace) -> int:
    """Build what the options name, and say what came of each notebook."""
    speak(options.language or ENGLISH)
    os.environ[SWITCH] = language()  # for the processes that build several at a time
    for room in ("notebooks", "exercises"):
        (options.out / room).mkdir(parents=True, exist_ok=True)
    about = company_folder(options.company, options.out.resolve()) if options.company else None
    if options.company:
        # Model answers hold figures of the company's own tables; the processes that build several at a time inherit it.
        os.environ[VARIABLE] = str(options.out.resolve() / "datasets" / options.company)
    out = options.out.resolve()
    failed = 0
    for master, made, seconds in built(masters(options.numbers), about, out, options.jobs):
        name = master.relative_to(ROOT)
        if isinstance(made, BuildError):
            print(f"FAILED  {name}\n{made}", file=sys.stderr, flush=True)
            failed += 1
            continue
        for path, text in made.items():
            if options.into:
                path = options.into / path.relative_to(out)
            old = path.read_text(encoding="utf-8") if path.exists() else None
            if options.check:
                if old is None or comparable(old) != comparable(text):
                    print(
                        f"STALE   {path.relative_to(out)}: build it again from {name}",
                        file=sys.stderr,
                    )
                    failed += 1
            else:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text, encoding="utf-8")
        print(f"{'checked' if options.check else 'built'}  {name}  {seconds:.1f} s", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    raise SystemExit(main())
