"""Nothing depends on the processor: searches go to their bottom, ties keep their order, the guard sees a difference."""

from __future__ import annotations

import ast
import json
from pathlib import Path

import processors
import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "crmkit"

# Every model that searches, on small data; printed to nine digits.
FITS = """
import numpy as np, pandas as pd
from crmkit.brand import Exponential, MemoryChain, best_plan
from crmkit.mix import BestWorstModel, DemandCurve, ShelfModel
from crmkit.mix.best_worst import simulate_best_worst

rng = np.random.default_rng(1)
found = {}
ages = np.where(rng.random((80, 2)) < 0.6, rng.uniform(0, 20, (80, 2)), np.nan)
ages = ages[~np.isnan(ages).all(axis=1)]
true = MemoryChain.known(learning=0.5, decay_fast=0.5, transfer=0.1, decay_slow=0.03)
recalled = rng.binomial(200, true.recall(ages))
chain = MemoryChain().fit(ages, recalled, np.full(len(ages), 200))
found["memory"] = list(chain.params_.values())
found["plan"] = best_plan(true, 20, weeks=20, most_per_week=3).to_list()
cards = simulate_best_worst({"a": 1.0, "b": 0.3, "c": 0.0, "d": -0.5}, 300, rng, size=3)
found["cards"] = BestWorstModel().fit(cards).utilities_["utility"].to_list()
shelf = pd.DataFrame({"customer_id": np.repeat(range(60), 8), "task": np.repeat(range(240), 2)})
shelf["price"] = rng.uniform(10, 30, 480)
shelf["safe"] = rng.integers(0, 2, 480)
shelf["worth"] = 2 + shelf["safe"] - 0.1 * shelf["price"] + rng.gumbel(size=480)
best = shelf.groupby("task")["worth"].transform("max")
shelf["chosen"] = (shelf["worth"] == best) & (shelf["worth"] > rng.gumbel(size=480))
found["shelf"] = ShelfModel().fit(shelf, ["safe"]).weights_["weight"].to_list()
price = rng.uniform(5, 40, 500)
bought = rng.random(500) < 1 / (1 + np.exp(-(12 - 4 * np.log(price))))
curve = DemandCurve().fit(pd.DataFrame({"price": price, "bought": bought}))
found["demand"] = [curve.a_, curve.b_]
for name, values in found.items():
    print(name, *(f"{value:.9g}" for value in values))
"""


def fitted_as(processor: str) -> list[str]:
    """Fit in a fresh interpreter, as a processor would."""
    return processors.output_as(processor, "-c", FITS).splitlines()


@pytest.mark.slow
def test_estimates_are_the_same_on_an_old_processor():
    ours, theirs = fitted_as("native"), fitted_as(processors.FOREIGN)
    assert len(ours) == 5
    assert ours == theirs


def test_the_old_processor_is_another_one():
    """Else the guard would compare this machine with itself."""
    if not processors.switched_on():
        pytest.skip("no newer instruction set to switch off on this machine")
    # A product of matrices: OpenBLAS has a kernel for each processor. numpy.exp has none for some.
    made = "import numpy; a = numpy.random.default_rng(1).random((200, 200)); print("
    code = made + "(a @ a).tobytes().hex())"
    ours, theirs = (
        processors.output_as(name, "-c", code) for name in ("native", processors.FOREIGN)
    )
    assert ours != theirs


def unstable_sorts(source: str) -> list[str]:
    """Find sorts by one column that leave the order of ties to the processor."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
            continue
        if node.func.attr != "sort_values" or any(word.arg == "kind" for word in node.keywords):
            continue
        by = node.args[0] if node.args else None
        by = next((word.value for word in node.keywords if word.arg == "by"), by)
        if not (isinstance(by, ast.List) and len(by.elts) > 1):  # several columns sort stably
            found.append(f"line {node.lineno}: {ast.unparse(node)[-80:]}")
    return found


def test_an_unstable_sort_is_found():
    assert unstable_sorts('frame.sort_values("a")')
    assert unstable_sorts("column.sort_values(ascending=False)")
    assert not unstable_sorts('frame.sort_values("a", kind="stable")')
    assert not unstable_sorts('frame.sort_values(["a", "b"])')


def test_ties_keep_their_order_everywhere():
    faults = {
        path.relative_to(ROOT): found
        for path in sorted(PACKAGE.rglob("*.py"))
        if (found := unstable_sorts(path.read_text(encoding="utf-8")))
    }
    assert not faults, f'numpy sorts ties differently by processor; add kind="stable": {faults}'


def notebook(path: Path, text: str) -> Path:
    shown = [{"output_type": "stream", "name": "stdout", "text": text}]
    cells = [
        {"cell_type": "markdown", "source": "# A lesson"},
        {"cell_type": "code", "source": "print(x)", "outputs": shown},
    ]
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps({"cells": cells}), encoding="utf-8")
    return path


def test_a_cell_that_differs_is_named(tmp_path):
    notebook(tmp_path / "native/20.ipynb", "0.672\nthe same")
    notebook(tmp_path / "nehalem/20.ipynb", "0.673\nthe same")
    notebook(tmp_path / "haswell/20.ipynb", "0.672\nthe same")
    faults = processors.compare(tmp_path, ["native", "haswell", "nehalem"])
    assert faults == [
        "nehalem: 20.ipynb, code cell 0 ('print(x)')\n      -0.672\n      +0.673",
    ]


def test_other_bytes_of_a_table_are_named(tmp_path):
    for name, text in {"native": "1.0", "nehalem": "1.1"}.items():
        (tmp_path / name).mkdir()
        (tmp_path / name / "orders.csv").write_text(text, encoding="utf-8")
    assert processors.compare(tmp_path, ["native", "nehalem"]) == [
        "nehalem: orders.csv has other bytes"
    ]


def test_a_processor_that_does_not_exist_is_refused():
    with pytest.raises(ValueError, match="there are native, threads, haswell, nehalem"):
        processors.environment("abacus")


def test_the_command_fails_with_its_command():
    with pytest.raises(SystemExit, match="as nehalem: -c 1/0 failed"):
        processors.run_as("nehalem", "-c", "1/0")
