"""Give every cell of a master its lasting label: ``python tools/label_cells.py`` fills in those that are missing.

A cell's label is in its header (``# %% [markdown] label="who-is-right"``), is unique within its master, and becomes
the cell's id in the built notebook. It is written once and never follows a change of the text: translations, stored
notebooks and a reader's copy find the cell by it. A label that is there is never changed by this tool.
"""

from __future__ import annotations

import argparse
import ast
import builtins
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]

#: What a label may look like: lower-case words with hyphens, at most 40 characters (a cell id may have 64).
LABEL = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
LONGEST = 40

_HEADER = re.compile(r"^# %%(?P<kind> \[markdown\])?(?P<rest>.*)$", re.MULTILINE)
_HAS_LABEL = re.compile(r'\blabel="([^"]*)"')
_QUESTION = re.compile(r'\b(predict|reveal|check|hint|quiz|solution)\("([\w-]+)"')
_ASKED = re.compile(r"^#+ (\d\d[b-z]?-\d+)\b", re.MULTILINE)
#: Calls that say nothing of a cell.
_QUIET = frozenset(dir(builtins)) | {"show"}
#: Words that say nothing of a cell.
_EMPTY = frozenset(
    re.findall(
        "[a-z]+",
        "a an and are as at be been but by can do does for from had has have here how if in is it its of on or so that "
        "the their them then there these they this those to was we were what when which who whom will with you your",
    )
)


def slug(text: str, words: int = 5) -> str:
    """Make a label of a sentence: its first words that say something.

    Examples
    --------
    >>> slug("The curve climbs fast, and then it falls")
    'curve-climbs-fast-falls'
    """
    plain = re.sub(r"\{[^{}]*\}", " ", text).lower().replace("'", "")
    found = [word for word in re.findall(r"[a-z0-9]+", plain) if len(word) > 1 or word.isdigit()]
    kept = [word for word in found if word not in _EMPTY] or found or ["cell"]
    label = ""
    for word in kept[:words]:
        longer = f"{label}-{word}" if label else word
        if len(longer) > LONGEST - 3:  # room for a number where it is taken
            break
        label = longer
    return label


def of_markdown(text: str) -> str:
    """Propose a label for a Markdown cell: its question, its heading, or its first sentence."""
    if text.lstrip().startswith("# "):
        return "title"
    asked = _ASKED.search(text)
    if asked:
        return asked[1]
    heading = re.search(r"^#+ (.+)$", text, re.MULTILINE)
    return slug(heading[1] if heading else text)


def of_code(source: str) -> str:
    """Propose a label for a code cell: its question, what it imports, or the names that it makes and calls."""
    asked = _QUESTION.search(source)
    if asked:
        return f"{asked[1]}-{asked[2]}".lower()
    try:
        statements = ast.parse(source).body
    except SyntaxError:
        return slug(source) or "code"
    if any(isinstance(statement, ast.Import | ast.ImportFrom) for statement in statements):
        return "imports"
    calls = [
        node.func for node in ast.walk(ast.Module(statements, [])) if isinstance(node, ast.Call)
    ]
    names = [call.id for call in calls if isinstance(call, ast.Name)]
    telling = [name for name in names if name.startswith("plot_") or name.endswith("_explorer")]
    made = [
        target.id
        for statement in statements
        if isinstance(statement, ast.Assign)
        for target in statement.targets
        if isinstance(target, ast.Name)
    ]
    own = [name for name in names if name not in _QUIET]
    for proposal in (telling, made, own, names):
        if proposal:
            return slug(proposal[0].replace("_", " ")) or "code"
    return slug(source, 3) or "code"


def with_labels(master: str) -> str:
    r"""Give a master's cells the labels that they lack; what is there stays.

    Parameters
    ----------
    master : str
        The text of a py:percent file.

    Returns
    -------
    str
        The same text, every header with a label.

    Examples
    --------
    >>> print(with_labels("# %% [markdown]\n# # Half of it\n\n# %% label=\"sum\"\ntotal = 1"))
    # %% [markdown] label="title"
    # # Half of it
    <BLANKLINE>
    # %% label="sum"
    total = 1
    """
    headers = list(_HEADER.finditer(master))
    taken = {found[1] for header in headers if (found := _HAS_LABEL.search(header["rest"]))}
    parts = [master[: headers[0].start()]] if headers else [master]
    ends = [header.start() for header in headers[1:]] + [len(master)]
    for header, end in zip(headers, ends, strict=True):
        body = master[header.end() : end]
        if _HAS_LABEL.search(header["rest"]) or 'ask="' in header["rest"]:
            parts.append(header[0] + body)
            continue
        if header["kind"]:
            text = "\n".join(line.removeprefix("#").removeprefix(" ") for line in body.splitlines())
            proposed = of_markdown(text)
        else:
            proposed = of_code(body)
        label, number = proposed, 2
        while label in taken:
            label, number = f"{proposed}-{number}", number + 1
        taken.add(label)
        parts.append(f'# %%{header["kind"] or ""} label="{label}"{header["rest"]}{body}')
    return "".join(parts)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument(
        "--check", action="store_true", help="name masters that lack labels, write nothing"
    )
    options = parser.parse_args()
    lacking = 0
    for folder in ("notebooks/source", "exercises/source"):
        for path in sorted((ROOT / folder).glob("*.py")):
            old = path.read_text(encoding="utf-8")
            new = with_labels(old)
            if new == old:
                continue
            lacking += 1
            name = path.relative_to(ROOT)
            if options.check:
                print(f"{name}: cells without a label; run tools/label_cells.py", file=sys.stderr)
            else:
                path.write_text(new, encoding="utf-8")
                print(f"labelled {name}")
    return int(options.check and lacking > 0)


if __name__ == "__main__":
    raise SystemExit(main())
