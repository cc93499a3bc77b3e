"""One thing has one name in every room (docs/design.md, section 3): parameters, columns of intervals, plots."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[2] / "crmkit"
TOPICS = ["mix", "value", "reactivation", "brand", "prospects", "relations"]
# What a parameter must not be called, and what it is called instead.
OTHER_NAMES = {
    **dict.fromkeys(["confidence", "conf", "ci", "conf_level", "credible"], "level"),
    **dict.fromkeys(["lower", "low_end", "lo"], "low"),
    **dict.fromkeys(["upper", "high_end", "hi"], "high"),
    **dict.fromkeys(["until", "as_at", "asof", "today", "end_date", "reference_date"], "as_of"),
    **dict.fromkeys(["heading", "headline", "caption"], "title"),
    **dict.fromkeys(["axes", "axis", "axs"], "ax"),
    **dict.fromkeys(["rng", "random_state", "generator"], "seed"),
}
# A table's interval stands in `low` and `high`.
OTHER_COLUMNS = {"lower": "low", "upper": "high", "ci_low": "low", "ci_high": "high"}


def faults(source: str, name: str = "crmkit/value/plots.py") -> list[str]:
    """Name what in a module's source goes by another name than elsewhere."""
    tree = ast.parse(source)
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and node.value in OTHER_COLUMNS:
            found.append(f"{name}:{node.lineno}: {node.value!r} is {OTHER_COLUMNS[node.value]!r}")
    for function in public_functions(tree):
        where = f"{name}:{function.lineno}: {function.name}"
        spec = function.args
        positional = [*spec.posonlyargs, *spec.args]
        names = [argument.arg for argument in [*positional, *spec.kwonlyargs]]
        found += [f"{where}: {n} is {OTHER_NAMES[n]}" for n in names if n in OTHER_NAMES]
        found += [f"{where}: types belong in the signature: {line}" for line in typed(function)]
        is_plot = function.name.startswith("plot_")
        draws = function.returns is not None and ast.unparse(function.returns) == "Axes"
        if draws != is_plot:
            found.append(f"{where}: what gives back Axes is called plot_..., and only that")
        if not is_plot:
            continue
        if [argument.arg for argument in positional][-1] != "ax":
            found.append(f"{where}: ax comes last of what may go without its name")
        if not spec.kwonlyargs or spec.kwonlyargs[-1].arg != "title":
            found.append(f"{where}: title=None is the last of what needs its name")
    return found


def public_functions(tree: ast.Module) -> Iterator[ast.FunctionDef]:
    """Give the functions and methods that readers may call."""
    for node in tree.body:
        inner = node.body if isinstance(node, ast.ClassDef) else [node]
        for one in inner:
            if isinstance(one, ast.FunctionDef) and not one.name.startswith("_"):
                yield one


def typed(function: ast.FunctionDef) -> list[str]:
    """List the lines of the docstring that give a parameter's type over again."""
    text = ast.get_docstring(function) or ""
    section = re.search(r"^Parameters\n-+\n(.*?)(?=^\w[^\n]*\n-+$|\Z)", text, flags=re.S | re.M)
    lines = section[1].splitlines() if section else []
    return [line for line in lines if re.match(r"\*{0,2}\w+(, \w+)* : ", line)]


@pytest.mark.parametrize(
    "path",
    [path for topic in TOPICS for path in sorted((PACKAGE / topic).rglob("*.py"))],
    ids=lambda path: str(path.relative_to(PACKAGE)),
)
def test_names_are_the_same_in_every_room(path: Path) -> None:
    assert faults(path.read_text(encoding="utf-8"), str(path.relative_to(PACKAGE))) == []


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("def share(orders, confidence=0.95): ...", "confidence is level"),
        ("def share(orders, until=None): ...", "until is as_of"),
        ("def share(t):\n    return {'lower': 1}", "'lower' is 'low'"),
        ("def curve(t, ax=None, *, title=None) -> Axes: ...", "plot_"),
        ("def plot_it(t, ax=None) -> Axes: ...", "title=None is the last"),
        ("def plot_it(t, ax=None, most=4, *, title=None) -> Axes: ...", "ax comes last"),
        (
            'def f(t):\n    """Do.\n\n    Parameters\n    ----------\n    t : DataFrame\n    """',
            "types belong",
        ),
    ],
)
def test_another_name_is_noticed(source: str, said: str) -> None:
    assert any(said in fault for fault in faults(source))
