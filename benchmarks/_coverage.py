"""What the coverage benchmark knows of an interval, and how it measures one. See `benchmarks/coverage.py`."""

from __future__ import annotations

import ast
import importlib
import inspect
import re
import textwrap
import zlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

HERE = Path(__file__).resolve().parent
LOW, HIGH = 0.92, 0.98  # where the measured coverage of a nominal 95 % interval has to lie
WORLDS = 400  # the measurement's own standard error is then 1.1 points
ROOMS = ("inference", "mix", "value", "reactivation", "brand")


@dataclass(frozen=True)
class Entry:
    """One interval, band or p-value of the package, and a way to simulate it.

    Attributes
    ----------
    function
    estimates, method, source
        What the interval is about, how it is made, who says so (author, year). Short: they are cells of a table.
    clustered_by
        What hangs together ("customer"); "-" where the rows are independent.
    sizes, unit
        Three sizes, from the smallest that the function should be used with, and what they count ("customers").
    world
        ``world(size, rng)`` simulates one world and gives 1 where the interval holds the truth, 0 where not, NaN where
        the function gave no interval; an array for a function with several. :func:`covers` makes it from low, high
        and truth. For a p-value: 1 where p > .05 in a world without an effect.
    refuses_below
        Where the function gives no interval, in words.
    exception
        Where the coverage is known to lie outside 92 to 98 %, and why it stays so. Empty: the benchmark fails there.
    worlds
        How many worlds are simulated at each size: at least 200; 1,000 where a world costs next to nothing.
    """

    function: str
    estimates: str
    method: str
    source: str
    clustered_by: str
    sizes: tuple[int, int, int]
    unit: str
    world: Callable[[int, np.random.Generator], npt.ArrayLike]
    refuses_below: str = "two distinct values"
    exception: str = ""
    worlds: int = WORLDS

    def __post_init__(self) -> None:
        if len(self.sizes) != 3:
            raise ValueError(f"{self.function}: three sizes are needed, not {self.sizes}.")


@dataclass(frozen=True)
class Measured:
    """Coverage of one entry at one size."""

    function: str
    size: int
    worlds: int
    coverage: float
    none: float  # share of cases in which the function gave no interval

    @property
    def inside(self) -> bool:
        return LOW <= self.coverage <= HIGH


def covers(low: Any, high: Any, truth: Any) -> npt.NDArray[np.float64]:
    """1 where the truth lies between low and high, 0 where not, NaN where there is no interval.

    An interval without width counts as a miss even if it should hit: it claims to be certain.
    """
    low, high, truth = (np.asarray(x, dtype=float) for x in (low, high, truth))
    held = ((low <= truth) & (truth <= high) & (low < high)).astype(float)
    return np.where(np.isnan(low) | np.isnan(high) | np.isnan(truth), np.nan, held)


def measure(entry: Entry, size: int, worlds: int | None = None) -> Measured:
    """Simulate worlds of one size (as many as the entry says); the same entry and size always draws the same."""
    worlds = worlds or entry.worlds
    seeds = np.random.SeedSequence([zlib.crc32(entry.function.encode()), size]).spawn(worlds)
    found = np.concatenate(
        [
            np.atleast_1d(np.asarray(entry.world(size, np.random.default_rng(seed)), dtype=float))
            for seed in seeds
        ]
    )
    told = found[~np.isnan(found)]
    coverage = float(told.mean()) if len(told) else float("nan")
    return Measured(entry.function, size, worlds, coverage, float(np.isnan(found).mean()))


def entries(rooms: Iterable[str] = ROOMS) -> list[Entry]:
    """All entries of the rooms that have a file ``coverage_<room>.py``, in the order of the rooms."""
    found: list[Entry] = []
    for room in rooms:
        if (HERE / f"coverage_{room}.py").exists():
            found += importlib.import_module(f"benchmarks.coverage_{room}").ENTRIES
    return found


# ---- which functions give an interval --------------------------------------------------------------------------------

#: Public names that mention a low and a high end and give no interval of an estimate, each with the reason.
NO_INTERVAL: dict[str, str] = {
    "inference.critical_value": "a number of standard errors",
    "inference.tells_spread": "yes or no",
}
#: Intervals whose room has not listed them yet. A row leaves this list when its entry is made; it has to be empty.
NOT_YET: frozenset[str] = frozenset()
_ENDS = re.compile(r"^(.*_)?(low|high|lower|upper)$")


def functions_with_intervals() -> list[str]:
    """Public functions, and methods of public classes, that give the two ends of an interval.

    Found by what they do, not by what they are called: their source (or that of a function of the same module that
    they call) writes a column, key or field of low and high (or lower and upper), or their name says `interval`, or
    they give an :class:`crmkit.inference.Estimate`.
    """
    found = []
    for room in ROOMS:
        module = importlib.import_module(f"crmkit.{room}")
        names = getattr(module, "__all__", None) or [
            name
            for name, thing in vars(module).items()
            if not name.startswith("_") and getattr(thing, "__module__", None) == module.__name__
        ]
        for name in names:
            thing = getattr(module, name)
            where = getattr(thing, "__module__", "")
            if not where.startswith(f"crmkit.{room}") or where.endswith(("plots", "explorers")):
                continue
            if inspect.isclass(thing):
                members = {
                    f"{name}.{key}": value
                    for key, value in vars(thing).items()
                    if inspect.isfunction(value) and not key.startswith("_")
                }
            elif inspect.isfunction(thing):
                members = {name: thing}
            else:
                continue
            found += [f"{room}.{key}" for key, member in members.items() if _gives_interval(member)]
    return sorted(set(found) - set(NO_INTERVAL))


def _gives_interval(function: Callable[..., Any], seen: frozenset[str] = frozenset()) -> bool:
    """Tell whether a function writes the two ends of an interval, itself or by a private helper of its module."""
    function = inspect.unwrap(function)
    if "interval" in function.__name__:
        return True
    returns = str(inspect.signature(function).return_annotation)
    if "Estimate" in returns:
        return True
    tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
    ends: set[str] = set()
    for node in ast.walk(tree):
        for word in _written(node):
            match = _ENDS.match(word)
            if match:
                ends.add({"lower": "low", "upper": "high"}.get(match[2], match[2]))
        if isinstance(node, ast.Return) and isinstance(node.value, ast.Tuple):
            for part in node.value.elts:
                ends |= {n.id for n in ast.walk(part) if isinstance(n, ast.Name)} & {"low", "high"}
    if {"low", "high"} <= ends:
        return True
    module = inspect.getmodule(function)
    called = {
        node.func.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id.startswith("_")
    }
    return any(
        _gives_interval(helper, seen | {name})
        for name in called - seen
        if inspect.isfunction(helper := getattr(module, name, None))
    )


def _written(node: ast.AST) -> list[str]:
    """Names of columns, keys and keyword arguments that a piece of source writes."""

    def text(part: ast.AST | None) -> list[str]:
        if isinstance(part, ast.Constant) and isinstance(part.value, str):
            return [part.value]
        if isinstance(part, ast.JoinedStr):  # f"{measure}_low"
            return ["".join(v.value if isinstance(v, ast.Constant) else "x" for v in part.values)]
        return []

    if isinstance(node, ast.Assign):
        targets = [
            t
            for target in node.targets
            for t in (target.elts if isinstance(target, ast.Tuple) else [target])
        ]
        return [w for t in targets if isinstance(t, ast.Subscript) for w in text(t.slice)]
    if isinstance(node, ast.Dict):
        return [w for key in node.keys for w in text(key)]
    if isinstance(node, ast.keyword) and node.arg == "columns" and isinstance(node.value, ast.List):
        return [w for part in node.value.elts for w in text(part)]
    if (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "assign"
    ):
        return [keyword.arg for keyword in node.keywords if keyword.arg]
    return []
