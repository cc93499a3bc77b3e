"""What every stored lesson must hold, as functions that name the faults: for tests/notebooks and for authors.

``python tools/lesson_guards.py 20`` prints the faults of lesson 20. Each guard takes a notebook as read from JSON and
gives a list of sentences; an empty list is a pass.
"""

from __future__ import annotations

import ast
import csv
import json
import re
import sys
from collections.abc import Iterable, Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any

import build_notebooks
from lessons import ROOT, describe

from crmkit.companies import company
from crmkit.home import lesson_of
from crmkit.practice import __all__ as practice_names

Notebook = Mapping[str, Any]

#: The tags of the cells that end a lesson, and their headings in English.
LAST_SECTIONS = {
    "limits": "Where this fails",
    "take-aways": "Take-aways",
    "words": "Words learnt",
    "own-data": "On your own data",
    "next": "What next",
}
LONGEST_CELL = 18  # lines of code, imports not counted
BUDGET_S = 20.0

_PATHS = re.compile(
    r"(?<![\w.:/])/(?:root|home|Users|tmp|var|opt|usr|mnt|srv|private|work|workspace|builds)/\w|[A-Z]:\\\w|site-packages|ipykernel_\d"
)
_ADDRESS = re.compile(r"\b0x[0-9a-fA-F]{6,}\b")
_CLOCK = re.compile(r"\b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) \w{3} +\d+ \d\d:\d\d:\d\d")
# The last line of a cell that shows a few rows of data as they came.
_GLIMPSE = re.compile(r"\.(?:head|tail)\(\d*\)$")
_DIGITS = re.compile(r"\d\.\d{5,}")
_PRAISE = re.compile(
    r"\b(?:well done|great job|good job|congratulations|awesome|amazing|powerful|exciting|cutting[- ]edge|"
    r"you rock|nicely done|fantastic)\b",
    re.IGNORECASE,
)


def cells_of(notebook: Notebook, kind: str) -> list[tuple[int, dict[str, Any]]]:
    """Give the cells of one kind with their place, counted from 1; empty ones left out."""
    return [
        (place, cell)
        for place, cell in enumerate(notebook["cells"], start=1)
        if cell["cell_type"] == kind and source_of(cell).strip()
    ]


def source_of(cell: Mapping[str, Any]) -> str:
    """Give a cell's text; the file may hold it as a list of lines."""
    source = cell["source"]
    return source if isinstance(source, str) else "".join(source)


def tags_of(cell: Mapping[str, Any]) -> list[str]:
    """Give a cell's tags: the marks by which tools know what a section is for, in any language."""
    return list(cell["metadata"].get("tags", []))


def outputs_of(notebook: Notebook) -> Iterable[tuple[int, dict[str, Any]]]:
    """Give all outputs with the place of their cell."""
    for place, cell in cells_of(notebook, "code"):
        for output in cell.get("outputs", []):
            yield place, output


def text_of(output: Mapping[str, Any]) -> str:
    """Give what an output says in words: streams, text, HTML, errors."""
    parts = [output.get("text", "")]
    parts += [value for kind, value in output.get("data", {}).items() if kind.startswith("text/")]
    parts += [output.get("ename", ""), output.get("evalue", "")]
    text = "\n".join(part if isinstance(part, str) else "".join(part) for part in parts)
    # A picture's bytes are no words, and hold by chance what looks like an address.
    return re.sub(r"data:image/png;base64,[A-Za-z0-9+/=]*", "", text)


def not_executed(notebook: Notebook) -> list[str]:
    """Every code cell has run, once, from top to bottom: nbval passes over a cell that has not."""
    counts = [(place, cell.get("execution_count")) for place, cell in cells_of(notebook, "code")]
    faults = [f"cell {place} has not been executed" for place, count in counts if count is None]
    if not faults and [count for _, count in counts] != list(range(1, len(counts) + 1)):
        faults.append("the cells have not been executed in order from a fresh kernel")
    return faults


def stored_errors(notebook: Notebook) -> list[str]:
    """No output is an error, and nothing was written to stderr (a warning is a fault in a lesson)."""
    faults = []
    for place, output in outputs_of(notebook):
        if output["output_type"] == "error":
            faults.append(f"cell {place} stores the error {output['ename']}")
        elif output["output_type"] == "stream" and output["name"] == "stderr":
            faults.append(f"cell {place} stores a warning: {text_of(output).strip()[:80]}")
    return faults


def without_alt(notebook: Notebook) -> list[str]:
    """Every picture has words for those who do not see it."""
    faults = []
    for place, output in outputs_of(notebook):
        data = output.get("data", {})
        html = "".join(data.get("text/html", ""))
        alts = [re.search(r'\balt="([^"]*)"', tag) for tag in re.findall(r"<img\b[^>]*>", html)]
        # JupyterLab shows an image output without its alt text, whatever is in its metadata.
        bare = any(kind.startswith("image/") for kind in data)
        if bare or any(alt is None or len(alt[1].split()) < 4 for alt in alts):
            faults.append(f"cell {place} shows a picture without alt text: use show(ax, alt=...)")
    for place, cell in cells_of(notebook, "markdown"):
        if re.search(r"!\[\s*\]\(", source_of(cell)) or re.search(
            r"<img(?![^>]*\balt=)", source_of(cell)
        ):
            faults.append(f"cell {place} has a picture without alt text")
    return faults


def poor_tables(notebook: Notebook) -> list[str]:
    """No table heads a column with the name of a function, or cuts a text off, as pandas does beyond fifty letters.

    A result is shown by `show`; pandas' own look is for a first glimpse of the data, such as ``orders.head()``.
    """
    faults = []
    for place, output in outputs_of(notebook):
        text = text_of(output)
        own = 'class="dataframe"' in text or re.search(r"dtype: \w+\s*$", text, re.MULTILINE)
        source = source_of(notebook["cells"][place - 1]).strip()
        if own and not _GLIMPSE.search(source):
            faults.append(f"cell {place} shows a result as pandas prints it: use show(table)")
        if _DIGITS.search(text) and not own:
            faults.append(f"cell {place} prints more digits than anybody reads: round them")
        if 'class="dataframe' not in text:
            continue
        if "lambda" in text:
            faults.append(f"cell {place}: a column is named after a function: say .agg(name=...)")
        if re.search(r"\.\.\.</t[dh]>", text):
            faults.append(f"cell {place}: a table cuts a text off: shorten it, or widen the column")
    return faults


def of_this_machine(notebook: Notebook) -> list[str]:
    """No path, address or time of the machine that built it."""
    faults = []
    said = [
        (place, source_of(cell))
        for kind in ("markdown", "code")
        for place, cell in cells_of(notebook, kind)
    ]
    said += [(place, text_of(output)) for place, output in outputs_of(notebook)]
    for place, text in said:
        for pattern, what in (
            (_PATHS, "a path"),
            (_ADDRESS, "an object's address"),
            (_CLOCK, "a clock time"),
        ):
            found = pattern.search(text)
            if found:
                faults.append(
                    f"cell {place} holds {what} of one machine: {text[found.start() : found.start() + 40]!r}"
                )
    for place, cell in enumerate(notebook["cells"], start=1):
        if "execution" in cell["metadata"]:
            faults.append(f"cell {place} stores when it was executed")
    return faults


def widget_state(notebook: Notebook) -> list[str]:
    """No widget state and no widget view: without its kernel a view shows 'model not found'."""
    faults = ["the notebook stores widget state"] if "widgets" in notebook["metadata"] else []
    for place, output in outputs_of(notebook):
        if build_notebooks.WIDGET_VIEW in output.get("data", {}):
            faults.append(f"cell {place} stores a widget view with a random id")
    return faults


def headings(notebook: Notebook) -> list[str]:
    """One title, first; levels do not jump; a heading is no question mark short of a claim."""
    found = []
    for place, cell in cells_of(notebook, "markdown"):
        fenced = False
        for line in source_of(cell).splitlines():
            fenced ^= line.startswith("```")
            match = re.match(r"(#{1,6}) +(.*)", line)
            if match and not fenced:
                found.append((place, len(match.group(1)), match.group(2)))
    faults = []
    if not found or found[0][1] != 1 or found[0][0] != 1:
        faults.append("the first cell does not open with the title (# ...)")
    if sum(level == 1 for _, level, _ in found) > 1:
        faults.append("there is more than one title (# ...)")
    for (_, before, _), (place, level, text) in pairwise(found):
        if level > before + 1:
            faults.append(
                f"cell {place}: the heading {text!r} jumps from level {before} to {level}"
            )
    return faults


def opening(notebook: Notebook) -> list[str]:
    """The first cell says goals (3 to 5), minutes, what is needed and the words one will meet."""
    try:
        head = describe("00", source_of(notebook["cells"][0]))
    except ValueError as fault:
        return [
            f"{fault} ('# claim', '**After this lesson you can** a; b; c.', '**45 minutes** · ...')"
        ]
    faults = []
    if not 3 <= len(head.goals) <= 5:
        faults.append(f"the first cell lists {len(head.goals)} goals (3 to 5, divided by ;)")
    if not head.needs:
        faults.append("the first cell does not say 'you need ...' after the minutes")
    if not head.words:
        faults.append("the first cell does not say 'you will meet: ...' after what is needed")
    return faults


def last_sections(notebook: Notebook) -> list[str]:
    """The lesson ends with the five fixed sections, in order, each in a cell of its own with its tag."""
    found = [
        (place, tag, source_of(cell))
        for place, cell in cells_of(notebook, "markdown")
        for tag in tags_of(cell)
        if tag in LAST_SECTIONS
    ]
    wanted = ", ".join(LAST_SECTIONS)
    if [tag for _, tag, _ in found] != list(LAST_SECTIONS):
        missing = set(LAST_SECTIONS) - {tag for _, tag, _ in found}
        named = ", ".join(tag for tag in LAST_SECTIONS if tag in missing)
        return [
            f"the cells tagged {wanted} are not there in this order"
            + (f"; missing: {named}" if named else "")
        ]
    return [
        f"cell {place}: a section tagged {tag} begins with one heading '## {LAST_SECTIONS[tag]}' and holds no other"
        for place, tag, text in found
        if not text.startswith("## ") or len(re.findall(r"^## ", text, re.MULTILINE)) > 1
    ]


def rhythm(notebook: Notebook) -> list[str]:
    """The reader predicts, plays with an explorer, and is asked a question."""
    code = "\n".join(source_of(cell) for _, cell in cells_of(notebook, "code"))
    faults = []
    prompts = [
        (place, cell)
        for place, cell in cells_of(notebook, "markdown")
        if "predict" in tags_of(cell)
    ]
    if not prompts or not re.search(r"^predict\(", code, re.MULTILINE):
        faults.append(
            "no prompt '> **Predict.** ...' in a cell tagged predict, with a predict(...) cell"
        )
    faults += [
        f"cell {place} is tagged predict and quotes no one prompt"
        for place, cell in prompts
        if len(re.findall(r"(?:^> ?.*\n?)+", source_of(cell), re.MULTILINE)) != 1
    ]
    faults += [
        f"cell {place} quotes a prompt '**Predict.**' and is not tagged predict"
        for place, cell in cells_of(notebook, "markdown")
        if "> **Predict" in source_of(cell) and "predict" not in tags_of(cell)
    ]
    if not any(
        text_of(output).startswith("Explorer: ") or "\nExplorer: " in text_of(output)
        for _, output in outputs_of(notebook)
    ):
        faults.append("no explorer of crmkit.explore in it")
    if not re.search(r"^(check|quiz)\(", code, re.MULTILINE):
        faults.append("no check(...) or quiz(...)")
    return faults


def cells(notebook: Notebook) -> list[str]:
    """Cells stay small; none ends in ; (nbval cannot compare it) or calls plt.show."""
    faults = []
    for place, cell in cells_of(notebook, "code"):
        imports = import_lines(source_of(cell))
        lines = [
            line
            for number, line in enumerate(source_of(cell).splitlines(), start=1)
            if line.strip() and not line.strip().startswith("#") and number not in imports
        ]
        if len(lines) > LONGEST_CELL:
            faults.append(f"cell {place} has {len(lines)} lines of code: more than {LONGEST_CELL}")
        if any(line.rstrip().endswith(";") for line in lines):
            faults.append(f"cell {place} has a line ending in ;")
        if any("plt.show" in line for line in lines):
            faults.append(f"cell {place} calls plt.show: use show(ax, alt=...)")
    return faults


def import_lines(source: str) -> set[int]:
    """Number the lines of import statements: a list of names is not much to read."""
    try:
        tree = ast.parse(source)
    except SyntaxError:
        return set()
    found = [node for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom)]
    return {
        line for node in found for line in range(node.lineno, (node.end_lineno or node.lineno) + 1)
    }


def loose_numbers(notebook: Notebook) -> list[str]:
    """A number with decimals in the prose is printed by some cell, or is in one."""
    known = "\n".join(source_of(cell) for _, cell in cells_of(notebook, "code"))
    known += "\n".join(text_of(output) for _, output in outputs_of(notebook))
    amounts = {float(number) for number in re.findall(r"\d+(?:\.\d+)?", known)}
    faults = []
    for place, cell in cells_of(notebook, "markdown"):
        prose = re.sub(
            r"```.*?```|`[^`]*`|\]\([^)]*\)|\$[^$]*\$", " ", source_of(cell), flags=re.DOTALL
        )
        for number in re.findall(r"(?<![\d.])\d+\.\d+(?![\d.])", prose):
            if number not in known and float(number) not in amounts:
                faults.append(f"cell {place}: {number} is in the prose, but no cell prints it")
    return faults


def praise(notebook: Notebook) -> list[str]:
    """No sentence praises the reader or the tool."""
    return [
        f"cell {place} praises: {match.group(0)!r}"
        for place, cell in cells_of(notebook, "markdown")
        for match in _PRAISE.finditer(source_of(cell))
    ]


def unfinished(notebook: Notebook) -> list[str]:
    """Nothing is left of what tools/new_lesson.py marks as to be written."""
    return [
        f"cell {place} holds a TODO"
        for place, cell in enumerate(notebook["cells"], start=1)
        if "TODO" in source_of(cell)
    ]


def unknown_calls(notebook: Notebook) -> list[str]:
    """What the prose tells a reader to type (`hint("20-1")`) is imported by a cell."""
    code = "\n".join(source_of(cell) for _, cell in cells_of(notebook, "code"))
    known = {
        name.strip()
        for line in re.findall(r"^from crmkit\.practice import (.+)$", code, re.MULTILINE)
        for name in line.split(",")
    }
    return [
        f"cell {place} tells the reader to type {name}(...), which no cell imports"
        for place, cell in cells_of(notebook, "markdown")
        for name in re.findall(r"`(\w+)\(", source_of(cell))
        if name in practice_names and name not in known
    ]


def words_learnt(notebook: Notebook) -> list[str]:
    """Give the words of the section that is tagged ``words``."""
    return [
        word
        for _, cell in cells_of(notebook, "markdown")
        if "words" in tags_of(cell)
        for word in re.findall(r"^[-*] +\*\*(.+?)\*\*", source_of(cell), re.MULTILINE)
    ]


def glossary_terms(root: Path = ROOT) -> set[str]:
    """Give all terms of the glossary, in lower case."""
    terms = set()
    for path in sorted((root / "crmkit/practice/glossary").glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            terms |= {row["term"].strip().lower() for row in csv.DictReader(file)}
    return terms


def words_missing(notebook: Notebook, terms: set[str]) -> list[str]:
    """Every word learnt is in the glossary, and there is at least one."""
    words = words_learnt(notebook)
    if not words:
        return ["the cell tagged words lists no word as '- **word** 中文: meaning'"]
    return [
        f"{word!r} is not in the glossary" for word in words if word.strip().lower() not in terms
    ]


def stale(notebook: Notebook, master: Path, *, copy: str = "lesson") -> list[str]:
    """The cells are those of the master; `copy` is "lesson", "solution" or "student"."""
    expected = build_notebooks.retold_master(build_notebooks.read_master(master), master)
    if copy != "lesson":
        expected = build_notebooks.exercise(
            expected, lesson_of(master.name), solution=copy == "solution"
        )
    expected = build_notebooks.told(expected, company())
    wanted = [_essence(cell) for cell in expected.cells]
    stored = [_essence(cell) for cell in notebook["cells"]]
    if wanted == stored:
        return []
    for place, (want, have) in enumerate(zip(wanted, stored, strict=False), start=1):
        if want != have:
            return [f"cell {place} differs from its master {master.name}: build it again"]
    return [
        f"{len(stored)} cells are stored, its master {master.name} has {len(wanted)}: build it again"
    ]


def _essence(cell: Mapping[str, Any]) -> tuple[Any, ...]:
    return (cell["id"], cell["cell_type"], source_of(cell), tuple(cell["metadata"].get("tags", [])))


def over_budget(seconds: Mapping[str, float], limit_s: float = BUDGET_S) -> list[str]:
    """Name the notebooks whose cells took longer than they may, slowest first."""
    slow = sorted(((took, name) for name, took in seconds.items() if took > limit_s), reverse=True)
    return [f"{name} took {took:.1f} s; a lesson may take {limit_s:g} s" for took, name in slow]


#: What holds for a lesson; the glossary and the master are asked beside these.
LESSON_GUARDS = (
    not_executed,
    stored_errors,
    without_alt,
    poor_tables,
    of_this_machine,
    widget_state,
    headings,
    opening,
    last_sections,
    rhythm,
    cells,
    loose_numbers,
    praise,
    unfinished,
    unknown_calls,
)
#: What holds for an executed solution.
SOLUTION_GUARDS = (
    not_executed,
    stored_errors,
    without_alt,
    of_this_machine,
    widget_state,
    unfinished,
    unknown_calls,
)


def all_faults(stem: str, root: Path = ROOT) -> list[str]:
    """Give all faults of one stored lesson."""
    path = root / f"notebooks/{stem}.ipynb"
    if not path.exists():
        return [f"{path.name} has not been built"]
    notebook = json.loads(path.read_text(encoding="utf-8"))
    faults = stale(notebook, root / f"notebooks/source/{stem}.py")
    for guard in LESSON_GUARDS:
        faults += guard(notebook)
    return faults + words_missing(notebook, glossary_terms(root))


def main() -> int:
    from lesson_form import faults_of  # which uses what stands above

    wanted = sys.argv[1:]
    stems = [path.stem for path in sorted((ROOT / "notebooks/source").glob("*.py"))]
    count = 0
    for stem in stems:
        if wanted and stem.split("_")[0] not in wanted:
            continue
        faults = all_faults(stem) + faults_of(ROOT / f"notebooks/source/{stem}.py")
        count += len(faults)
        print(f"{stem}: {'holds' if not faults else f'{len(faults)} faults'}")
        for fault in faults:
            print(f"   {fault}")
    return int(count > 0)


if __name__ == "__main__":
    raise SystemExit(main())
