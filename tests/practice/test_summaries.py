"""The pages to keep of the lessons: found by their tag, formulas drawn, one file that needs no network."""

import json
import re

import pytest

from crmkit.errors import CrmkitError
from crmkit.practice.summaries import summaries_html, summary_of, write_summaries

PAGE = r"""## On one page

**Claim.** The best few bring most.

**Method.**

1. Sum the profit of each customer.
2. Sort.
3. Add up from the top.

**Formula.** $s_k = \frac{\sum_{i \le k} p_i}{\sum_i p_i}$, in per cent; costs $5 and $6 stay words.

**Code.**

```python
profit.sort_values(ascending=False).cumsum() / profit.sum()  # $x$ stays code
```

**Where it fails.** One year is luck, 最近一次消费 too."""


def lesson(folder, name, page=PAGE):
    cells = [{"cell_type": "markdown", "metadata": {}, "source": f"# The claim of {name}"}]
    if page:
        cells.append({"cell_type": "markdown", "metadata": {"tags": ["summary"]}, "source": page})
    path = folder / f"{name}.ipynb"
    path.write_text(json.dumps({"cells": cells}), encoding="utf-8")
    return path


def test_one_file_holds_a_sheet_a_lesson(tmp_path):
    lessons = [
        lesson(tmp_path, "20_who"),
        lesson(tmp_path, "24b_next"),
        lesson(tmp_path, "80_own", ""),
    ]
    assert write_summaries(lessons, tmp_path / "all.html") == 2
    text = (tmp_path / "all.html").read_text(encoding="utf-8")
    assert re.findall(r'<section id="([\w-]+)"', text) == ["lesson-20", "lesson-24b"]
    assert "On one page" not in text
    assert "break-before: page" in text
    assert not re.search(r"(?:src|href)=.?https?:", text)


def test_a_formula_is_a_picture_that_says_its_source_and_code_stays_code():
    text = summaries_html(
        [
            summary_of(
                {
                    "cells": [
                        {"cell_type": "markdown", "metadata": {}, "source": "# T"},
                        {
                            "cell_type": "markdown",
                            "metadata": {"tags": ["summary"]},
                            "source": PAGE,
                        },
                    ]
                },
                "20_who.ipynb",
            )
        ]
    )
    assert re.findall(r'alt="([^"]*)"', text) == [r"s_k = \frac{\sum_{i \le k} p_i}{\sum_i p_i}"]
    assert "$x$ stays code" in re.sub(r"<[^>]*>", "", text)
    assert "最近一次消费" in text


def test_nothing_is_overwritten_and_what_is_wrong_is_said(tmp_path):
    (tmp_path / "mine.html").write_text("mine")
    with pytest.raises(CrmkitError, match="left alone"):
        write_summaries([lesson(tmp_path, "20_who")], tmp_path / "mine.html")
    with pytest.raises(CrmkitError, match="page to keep"):
        write_summaries([lesson(tmp_path, "80_own", "")], tmp_path / "new.html")
    assert (tmp_path / "mine.html").read_text() == "mine"
    (tmp_path / "torn.ipynb").write_text("{")
    with pytest.raises(CrmkitError, match="torn"):
        write_summaries([tmp_path / "torn.ipynb"], tmp_path / "new.html")
