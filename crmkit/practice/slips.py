"""A learner's own slip in a cell (a mistyped column, a cell above not run): one plain sentence before the traceback.

The sentence comes first and the traceback stays below it, as Python and pandas wrote it. Only slips that are recognised
get one; everything else looks as ever.
"""

from __future__ import annotations

import ast
import contextlib
import difflib
import re
import sys
from collections.abc import Mapping
from typing import Any

from crmkit.practice.reply import Reply, show
from crmkit.say import listed, say

#: How many columns are listed.
_MOST_COLUMNS = 14
_NAMED = re.compile(r"name '([^']+)' is not defined")
_LACKS = re.compile(r"'(?:DataFrame|DataFrameGroupBy)' object has no attribute '([^']+)'")


def about(error: BaseException, line: str, names: Mapping[str, Any]) -> str:
    """Say in a sentence or two what went wrong, or nothing where that is not known.

    Parameters
    ----------
    error
        What a cell raised.
    line
        The line of the cell in which it arose.
    names
        What the notebook knows: from name to value.

    Examples
    --------
    >>> import pandas as pd
    >>> orders = pd.DataFrame({"customer_id": [1], "turnover": [2.0]})
    >>> about(KeyError("turnovr"), 'orders["turnovr"].sum()', {"orders": orders})
    'The table `orders` has no column `turnovr`. Did you mean `turnover`?'
    >>> about(NameError("name 'oders' is not defined"), "oders", {"orders": orders})
    'Nothing is called `oders` here. Did you mean `orders`?'
    """
    said = str(error)
    if isinstance(error, NameError) and (found := _NAMED.search(said)):
        return _no_such_name(found[1], names)
    if isinstance(error, AttributeError) and (found := _LACKS.search(said)):
        return _no_such_column(found[1], line, names)
    if isinstance(error, KeyError) and error.args and isinstance(error.args[0], str):
        return _no_such_column(_column_in(error.args[0]), line, names)
    return ""


def _column_in(said: str) -> str:
    """Find the column in what pandas says of several: "['turnovr'] not in index"."""
    found = re.search(r"'([^']+)'.*\b(?:not in|are in)\b", said) or re.fullmatch(
        r"Column not found: (.+)", said
    )
    return found[1] if found else said


def _no_such_name(name: str, names: Mapping[str, Any]) -> str:
    known = [other for other in names if not other.startswith("_")]
    if near := _near(name, known):
        return say("Nothing is called `{name}` here. Did you mean `{near}`?", name=name, near=near)
    return say(
        "Nothing is called `{name}` yet. It is made in a cell further up: run the cells above first (menu Run, "
        "Run All Above Selected Cell), then this one again.",
        name=name,
    )


def _no_such_column(column: str, line: str, names: Mapping[str, Any]) -> str:
    tables = _tables_in(line, names)
    if not tables or len(column) > 60:
        return ""
    # Of several tables in the line, the one that has a name like it.
    table = next((name for name in tables if _near(column, _columns(tables[name]))), None)
    if table is not None:
        return say(
            "The table `{table}` has no column `{column}`. Did you mean `{near}`?",
            table=table,
            column=column,
            near=_near(column, _columns(tables[table])),
        )
    table = next(iter(tables))
    columns = _columns(tables[table])
    if not columns or column in columns:
        return ""
    shown = listed(f"`{name}`" for name in columns[:_MOST_COLUMNS])
    return say(
        "The table `{table}` has no column `{column}`. It has: {columns}.",
        table=table,
        column=column,
        columns=shown if len(columns) <= _MOST_COLUMNS else f"{shown} …",
    )


def _tables_in(line: str, names: Mapping[str, Any]) -> dict[str, Any]:
    """Find the tables that a line names; a line that is no whole statement is searched by its words."""
    try:
        words = [
            node.id for node in ast.walk(ast.parse(line.strip())) if isinstance(node, ast.Name)
        ]
    except (SyntaxError, ValueError):
        words = re.findall(r"[A-Za-z_]\w*", line)
    return {word: names[word] for word in words if word in names and _columns(names[word])}


def _columns(value: Any) -> list[str]:
    """Give the names of a table's columns; nothing of what is no table."""
    if "pandas" not in type(value).__module__ or not hasattr(value, "columns"):
        return []
    with contextlib.suppress(Exception):
        return [str(name) for name in value.columns]
    return []


def _near(name: str, known: list[str]) -> str:
    """Find the known name that is most like a mistyped one."""
    lower = {other.lower(): other for other in reversed(known)}
    found = difflib.get_close_matches(name.lower(), list(lower), n=1, cutoff=0.75)
    return lower[found[0]] if found and lower[found[0]] != name else ""


def _own_line(trace: Any, names: Mapping[str, Any]) -> str:
    """Give the statement of the learner's cell at which an error arose: the last one in the notebook's own names."""
    import linecache

    found = ""
    while trace is not None:
        if trace.tb_frame.f_globals is names:
            file = trace.tb_frame.f_code.co_filename
            found = _statement(linecache.getlines(file), trace.tb_lineno)
        trace = trace.tb_next
    return found


def _statement(lines: list[str], number: int) -> str:
    """Give the whole statement that a line belongs to, down to its innermost one."""
    source = "".join(lines)
    with contextlib.suppress(SyntaxError, ValueError):
        inside = [
            node
            for node in ast.walk(ast.parse(source))
            if isinstance(node, ast.stmt) and node.lineno <= number <= (node.end_lineno or 0)
        ]
        if inside:
            node = max(inside, key=lambda node: node.lineno)
            return ast.get_source_segment(source, node) or ""
    return lines[number - 1] if 0 < number <= len(lines) else ""


def _handle(shell: Any, kind: Any, error: Any, trace: Any, tb_offset: Any = None) -> None:
    """Show the sentence, then what Python says, as ever."""
    with contextlib.suppress(Exception):
        if sentence := about(error, _own_line(trace, shell.user_ns), shell.user_ns):
            show(Reply("", say("A slip in this cell"), (sentence,), tone="look"))
    shell.showtraceback((kind, error, trace), tb_offset=tb_offset)


def explain_slips() -> None:
    """Let the notebook that is running explain slips; a shell that explains errors by itself is left alone."""
    if "IPython" not in sys.modules:
        return
    from IPython import get_ipython

    shell = get_ipython()
    if shell is None or getattr(shell, "custom_exceptions", None):
        return
    with contextlib.suppress(Exception):
        shell.set_custom_exc((NameError, KeyError, AttributeError), _handle)
