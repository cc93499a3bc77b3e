"""JupyterLab takes the words between two dollar signs for a formula: amounts of money must not look like one."""

from __future__ import annotations

import re
from pathlib import Path

import nbformat
import pytest

ROOT = Path(__file__).resolve().parents[2]
NOTEBOOKS = sorted([*ROOT.glob("notebooks/*.ipynb"), *ROOT.glob("exercises/**/*.ipynb")])
#: An amount, or a dollar sign before a word: no formula begins so.
MONEY = re.compile(r"(?<![\\$\w])\$(?:\d[\d,.]*(?=\s+[a-z]{2}|[);:]|\s*$)|\s)")


def read_as_formulas(notebook: nbformat.NotebookNode) -> list[str]:
    """Give the texts of a notebook in which an amount begins a formula."""
    found = []
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            shown = re.sub(r"```.*?```|`[^`\n]*`", "", cell.source, flags=re.DOTALL)
            # A formula by its own right: what stands between its signs is not looked at.
            shown = re.sub(r"\$[^$\n]*[\\=^_][^$\n]*\$|\$\w\$", "", shown)
            found += [line for line in shown.splitlines() if MONEY.search(line)]
        for output in cell.get("outputs", []):
            html = output.get("data", {}).get("text/html", "")
            html = re.sub(r"<(pre|code|style)\b.*?</\1>", "", html, flags=re.DOTALL)
            found += [text for text in re.split(r"<[^>]*>", html) if text.count("$") > 1]
    return found


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: f"{path.parent.name}-{path.stem[:3]}")
def test_no_amount_is_read_as_a_formula(path: Path) -> None:
    assert read_as_formulas(nbformat.read(path, as_version=4)) == []


def test_amounts_between_dollar_signs_are_noticed() -> None:
    cells = [
        nbformat.v4.new_markdown_cell("It costs $4. Later it costs $20 more."),
        nbformat.v4.new_markdown_cell(
            "It costs <span>&#36;</span>4; $4\\cdot(1-p)$; `$5 and $6`; $p$."
        ),
        nbformat.v4.new_code_cell(""),
    ]
    html = {"text/html": "<p>$113.53 each, for $121.89 each</p><td>$3</td><td>$4</td>"}
    cells[2].outputs = [nbformat.v4.new_output("display_data", html)]
    found = read_as_formulas(nbformat.v4.new_notebook(cells=cells))
    assert found == ["It costs $4. Later it costs $20 more.", "$113.53 each, for $121.89 each"]
