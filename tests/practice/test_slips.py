"""A slip in a cell: one plain sentence first, the traceback below it, and nothing else changed."""

from __future__ import annotations

import shutil
from pathlib import Path

import nbformat
import pandas as pd
import pytest
from nbclient import NotebookClient

from crmkit.practice import slips

ROOT = Path(__file__).resolve().parents[2]
ORDERS = pd.DataFrame({"customer_id": [1, 1], "turnover": [2.0, 3.0], "order_date": ["a", "b"]})
CUSTOMERS = pd.DataFrame({"customer_id": [1], "tier": ["key"]})
NAMES = {"orders": ORDERS, "customers": CUSTOMERS, "share": 0.2, "_hidden": ORDERS}


def slip(line: str) -> str:
    """Run a line, and explain what it raises."""
    try:
        exec(line, dict(NAMES))
    except Exception as error:
        return slips.about(error, line, NAMES)
    pytest.fail(f"{line} raises nothing")


@pytest.mark.parametrize(
    "line",
    [
        'orders["turnovr"].sum()',
        'orders[["customer_id", "turnovr"]]',
        "orders.turnovr.sum()",
        'orders.groupby("turnovr").size()',
        'orders.groupby("customer_id")["turnovr"].sum()',
        'orders.sort_values("Turnover")',
        'orders.set_index("turnovr")',
        'customers.merge(orders, on="customer_id")["turnovr"]',
    ],
)
def test_a_mistyped_column_is_named_with_the_likely_one(line: str) -> None:
    said = slip(line)
    assert "The table `orders` has no column" in said
    assert said.endswith("Did you mean `turnover`?")


def test_a_column_like_no_other_gets_the_list() -> None:
    assert slip('customers["profit"]') == (
        "The table `customers` has no column `profit`. It has: `customer_id`, `tier`."
    )


def test_a_mistyped_name_and_a_cell_that_was_not_run_are_told_apart() -> None:
    assert slip("oders.head()") == "Nothing is called `oders` here. Did you mean `orders`?"
    assert "run the cells above first" in slip("summary.head()")
    assert "_hidden" not in slip("hidden")


@pytest.mark.parametrize("line", ['{"a": 1}["b"]', "share.nothing", "[][3]", "1 / 0", "{}[3]"])
def test_other_errors_get_no_sentence(line: str) -> None:
    assert slip(line) == ""


def test_an_odd_error_breaks_nothing() -> None:
    class Odd(KeyError):
        def __str__(self) -> str:
            return "odd"

    assert slips.about(Odd(), "orders[", NAMES) == ""
    assert slips.about(KeyError("x" * 500), 'orders["x"]', NAMES) == ""


def test_in_a_notebook_the_sentence_comes_first_and_the_error_stays() -> None:
    cells = [
        "import crmkit\nfrom crmkit.practice import check\norders = crmkit.load('orders')",
        "def total(table):\n    return table['turnovr'].sum()\n\n(\n    orders\n    ['turnovr']\n    .sum()\n)",
        "summary.head()",
        "1 / 0",
    ]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(text) for text in cells])
    NotebookClient(notebook, allow_errors=True, timeout=120).execute()
    _, column, name, other = (cell.outputs for cell in notebook.cells)
    assert [output.output_type for output in column] == ["display_data", "error"]
    assert "has no column `turnovr`" in column[0].data["text/plain"]
    assert column[1].ename == "KeyError"
    assert [output.output_type for output in name] == ["display_data", "error"]
    assert "run the cells above first" in name[0].data["text/plain"]
    assert [output.output_type for output in other] == ["error"]


@pytest.mark.parametrize(("lesson", "told"), [("20_who.ipynb", True), ("diary.ipynb", False)])
def test_a_cell_run_before_all_others_is_explained_too_in_a_course_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lesson: str, told: bool
) -> None:
    profile, notebooks = tmp_path / "ipython/profile_default", tmp_path / "course/notebooks"
    profile.mkdir(parents=True)
    notebooks.mkdir(parents=True)
    (notebooks / lesson).touch()
    shutil.copy(ROOT / "jupyter/crmkit_kernel.json", profile / "ipython_kernel_config.json")
    monkeypatch.setenv("IPYTHONDIR", str(profile.parent))
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("summary.head()")])
    where = {"metadata": {"path": str(notebooks)}}
    NotebookClient(notebook, allow_errors=True, timeout=120, resources=where).execute()
    shown = [output for output in notebook.cells[0].outputs if output.output_type != "error"]
    assert any("run the cells above first" in output.data["text/plain"] for output in shown) == told
