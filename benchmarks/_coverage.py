"""What the coverage benchmark knows of an interval, and how it measures one. See `benchmarks/coverage.py`."""

from __future__ import annotations

import ast
import functools
import importlib
import inspect
import pkgutil
import re
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
ROOMS = ("inference", "mix", "value", "reactivation", "brand", "mining", "prospects", "relations")


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

#: Public functions that look as if they gave an interval, a standard error, a p-value or a share of draws, each with
#: the reason why it has no row.
NO_INTERVAL: dict[str, str] = {
    "inference.critical_value": "a number of standard errors",
    "inference.beta_product_ends": "beta_product for several curves at once, to the last bit; that has the row",
    "value.ContractModel.fit_contracts": "ContractModel.fit for several ages; ContractModel.intervals has the row",
    "mix.DemandCurve.fit": "its covariance is what DemandCurve.interval uses, which has the row",
    "mix.compare_matrices": "a verdict from the intervals of estimate_effects, which has the row",
    "mix.offer_certainty": "share of draws of several offers; what a lever counts for is lever_certainty's",
    "mix.compare_importance": "passes on the standard error of ShelfModel.fit",
    "reactivation.policy_values": "policy_value for each of several policies",
    "reactivation.sample_size": "how many to ask; nothing is estimated",
    "reactivation.peeking": "simulates tests; the interval that it looks at is sequential_interval's",
    "relations.net_by_kind": "counts a whole net; there is no sample",
    "mining.drift_watch": "a limit that chance passes one time in a hundred, tested in tests/mining; no interval",
    "mining.error_rates": "Wilson's interval of a share: inference.wilson has the row",
    "mining.calibration": "Wilson's interval of a share: inference.wilson has the row",
    "mining.compare_models": "passes on mining.ranks_right, which has the row",
    "mining.metrics_in_rounds": "passes on mining.ranks_right, which has the row",
    "mining.too_good_alone": "ends of mining.ranks_right, corrected for many; false alarms tested in tests/mining",
    "mining.rank_metrics": "the range over the draws that were seen; no interval is claimed",
    "relations.agent_effects": "passes on relations.branch_trial_effects, which has the row",
    "relations.simulate_desk": "answers calls by given rules; relations.desk_gains has the row",
    "relations.project_risk": "the range of simulated futures of a stated model; nothing is estimated",
    "relations.risk_of": "as project_risk: the range of simulated futures of a stated model; nothing is estimated",
    "relations.bond_value": "passes on reactivation.adjusted_effects and effect_table, which have rows",
    "relations.account_plan": "passes on inference.wilson, which has the row",
    "relations.repair_effects": "passes on reactivation.effect_table, which has the row",
    "relations.erlang_check": "passes on relations.service_by_hour, which has the row",
    "relations.weekday_hours": "passes on relations.arrival_profile, which has the row",
    "relations.what_is_lost": "passes on relations.trend_by_year, which has the row",
    "relations.replay_plan": "relations.service_by_hour of calls that are let run again",
    "relations.first_of": "Wilson's interval of a share: inference.wilson has the row",
    "relations.rated_first": "Wilson's interval of a share: inference.wilson has the row",
    "relations.used_most": "Wilson's interval of a share: inference.wilson has the row",
    "relations.tidy": "lays out what others computed",
    "relations.clock_errors": "Wilson's interval of a share: inference.wilson has the row",
    "relations.retention_by_cohort": "Wilson's interval of a share: inference.wilson has the row",
    "relations.loyalty_change": "Newcombe's interval of two shares: inference.newcombe has the row",
    "relations.effect_path": "relations.way_effects of each quarter, which has the row",
    "relations.four_analyses": "passes on intervals of shares and ratios, top_share_interval and own_clock",
    "relations.difficulties": "passes on intervals of shares and means, which have rows in inference",
    "relations.warning_list": "Wilson's interval of a share: inference.wilson has the row",
    "prospects.near_by_area": "Wilson's interval of a share: inference.wilson has the row",
    "prospects.compare_choices": "Student's interval over persons: inference.mean_interval has the row",
    "value.forecast_hidden_year": "share of draws in which the model is nearer; what happened is counted",
    "value.judge_alive": "Wilson's interval of a share: inference.wilson has the row",
    "value.picture_with_intervals": "intervals of inference.wilson and value.top_share_interval, which have rows",
    "value.rule_in_words": "says value.top_share_interval in words",
    "value.score_forecasts": "share of draws in which a forecast is the best; what happened is counted",
    "value.shares_of_customers": "Wilson's interval of a share: inference.wilson has the row",
    "value.value_of_next_year": "a forecast for each customer, without an interval",
    "value.customer_summary": "first and last day of the data",
    "value.holdout_split": "first and last day of the data",
    "value.list_certainty": "share of draws; measured in docs/statistics.md, 'How sure a list is'",
    "value.threshold_costs": "share of draws in which a threshold is the cheapest; costs are counted, not estimated",
    "value.two_lists": "passes on the shares of list_certainty",
    "value.list_stability": "share of draws of weights, which are no sample",
    "value.segment_stability": "the least and the most of the pairs that were seen; nothing is estimated",
}
_WRITTEN = re.compile(
    r"^(.*_)?(low|high|lower|upper|se|standard_errors?|standard_errors_|p_value|p_adjusted|as_large|wins|share_of_draws)$"
)
_PROMISED = re.compile(r"\b(intervals?|standard\s+errors?|p-values?|p_value)\b")
# fmt: off
_MAKERS = frozenset({
    "wilson", "newcombe", "newcombe_p", "mean_interval", "mean_difference", "ratio_interval", "beta_product",
    "clustered_covariance", "answers_covariance", "bootstrap_draws", "percentile_interval",
    "bootstrap_interval", "adjust_p_values", "critical_value", "ppf", "stdtrit", "sf", "isf", "drawn",
})
# fmt: on


def public_functions() -> dict[str, Callable[..., Any]]:
    """Public functions, and methods of public classes, of all rooms: "room.function" or "room.Class.method".

    Of every module that a lesson may import from (not only what ``crmkit.room`` itself names), without plots and
    explorers, which show what others compute.
    """
    found: dict[str, Callable[..., Any]] = {}
    for room in ROOMS:
        root = importlib.import_module(f"crmkit.{room}")
        modules = [root]
        for part in pkgutil.iter_modules(getattr(root, "__path__", []), f"{root.__name__}."):
            last = part.name.rpartition(".")[2]
            if not last.startswith("_") and not last.endswith(("plots", "explorers")):
                modules.append(importlib.import_module(part.name))
        for module in modules:
            for name, thing in vars(module).items():
                if name.startswith("_") or getattr(thing, "__module__", "") != module.__name__:
                    continue
                if inspect.isfunction(thing):
                    found[f"{room}.{name}"] = thing
                elif inspect.isclass(thing):
                    found |= {
                        f"{room}.{name}.{key}": value
                        for key, value in vars(thing).items()
                        if inspect.isfunction(value) and not key.startswith("_")
                    }
    return found


def functions_with_intervals() -> list[str]:
    """Public functions that say how sure an estimate is: the ends of an interval, a standard error, a p-value.

    Found by what they do, not by what they are called: their source, that of the private functions and methods that
    they call, or that of public functions of `crmkit` whose table they hand on, writes a column, key or field of that
    sort, or calls one of the makers in `crmkit.inference` (or quantiles of a distribution), or they give an
    :class:`crmkit.inference.Estimate`, or their docstring promises one under "Returns".
    """
    public = public_functions()
    return sorted(
        {name for name, each in public.items() if says_how_sure(each, name)} - set(NO_INTERVAL)
    )


@functools.cache
def says_how_sure(
    function: Callable[..., Any], name: str = "", seen: frozenset[str] = frozenset()
) -> bool:
    """Tell whether a function gives an interval, a standard error or a p-value, itself or by what it hands on."""
    function = inspect.unwrap(function)
    if "interval" in function.__name__:
        return True
    returns = inspect.signature(function).return_annotation
    told = (inspect.getdoc(function) or "").partition("Returns\n-------\n")[2].partition("\n---")[0]
    if "Estimate" in str(returns) or _PROMISED.search(told):
        return True
    nodes = _nodes(function)
    module = inspect.getmodule(function)
    for node in nodes:
        if any(_WRITTEN.match(word) for word in _written(node)):
            return True
        if isinstance(node, ast.Call) and _called(node)[1] in _MAKERS:
            return True
    # What private helpers do (of the module, or methods of the class), and whose table is handed on as it is.
    owner = getattr(module, name.split(".")[1], None) if name.count(".") == 2 else None
    for node in nodes:
        if not isinstance(node, ast.Call):
            continue
        base, called = _called(node)
        if called in seen or not called.startswith("_"):
            continue
        helper = getattr(owner if base == "self" else module, called, None)
        if inspect.isfunction(helper) and says_how_sure(helper, name, seen | {called}):
            return True
    for part in _handed_on(nodes):
        other = getattr(module, part, None)
        if (
            inspect.isfunction(other)
            and part not in seen
            and other.__module__.startswith("crmkit.")
            and says_how_sure(other, "", seen | {part})
        ):
            return True
    return False


def _nodes(function: Callable[..., Any]) -> list[ast.AST]:
    """All nodes of the function's part of its file's syntax tree."""
    code = inspect.unwrap(function).__code__
    return list(ast.walk(_parts(code.co_filename)[code.co_firstlineno]))


@functools.cache
def _parts(file: str) -> dict[int, ast.AST]:
    """Functions of a file by the line on which they (or their decorators) begin."""
    tree = ast.parse(Path(file).read_text(encoding="utf-8"))
    return {
        min([node.lineno, *(d.lineno for d in getattr(node, "decorator_list", []))]): node
        for node in ast.walk(tree)
        if isinstance(node, (ast.FunctionDef, ast.Lambda))
    }


def _called(node: ast.Call) -> tuple[str, str]:
    """What a method is called on (where that is a plain name), and the name of what is called."""
    if isinstance(node.func, ast.Attribute):
        return getattr(node.func.value, "id", ""), node.func.attr
    return "", getattr(node.func, "id", "")


def _handed_on(nodes: list[ast.AST]) -> set[str]:
    """Names of functions whose result is returned: written in the return itself, or kept under a name that is."""
    made: dict[str, set[str]] = {}
    given: set[str] = set()
    for node in nodes:
        if isinstance(node, (ast.Assign, ast.Return)) and node.value is not None:
            calls = {_called(n)[1] for n in ast.walk(node.value) if isinstance(n, ast.Call)}
            if isinstance(node, ast.Return):
                given |= calls
                given |= {f"={n.id}" for n in ast.walk(node.value) if isinstance(n, ast.Name)}
            else:
                for target in node.targets:
                    stored = target.value if isinstance(target, ast.Subscript) else target
                    if isinstance(stored, ast.Name):
                        made.setdefault(stored.id, set()).update(calls)
    for name, calls in made.items():
        if f"={name}" in given:
            given |= calls
    return given


def _written(node: ast.AST) -> list[str]:
    """Names of columns, keys, keyword arguments and attributes that a piece of source writes or returns."""

    def text(part: ast.AST | None) -> list[str]:
        if isinstance(part, ast.Constant) and isinstance(part.value, str):
            return [part.value]
        if isinstance(part, ast.JoinedStr):  # f"{measure}_low"
            return ["".join(v.value if isinstance(v, ast.Constant) else "x" for v in part.values)]
        if isinstance(part, (ast.List, ast.Tuple)):
            return [word for each in part.elts for word in text(each)]
        if isinstance(part, ast.Starred):
            return text(part.value)
        return []

    if isinstance(node, ast.Assign):
        targets = [
            t
            for target in node.targets
            for t in (target.elts if isinstance(target, ast.Tuple) else [target])
        ]
        words = [w for t in targets if isinstance(t, ast.Subscript) for w in text(t.slice)]
        words += [t.attr for t in targets if isinstance(t, ast.Attribute)]
        if any(isinstance(t, ast.Name) and t.id == "columns" for t in targets):
            words += text(node.value)
        return words
    if isinstance(node, ast.Dict):
        return [w for key in node.keys for w in text(key)]
    if isinstance(node, ast.keyword) and node.arg == "columns":
        return text(node.value)
    if isinstance(node, ast.Call) and _called(node)[1] == "assign":
        return [keyword.arg for keyword in node.keywords if keyword.arg]
    if isinstance(node, ast.Return) and isinstance(node.value, ast.Tuple):
        return [n.id for n in ast.walk(node.value) if isinstance(n, ast.Name)]
    return []
