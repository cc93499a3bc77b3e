"""`crmkit review` makes one page of a company, a folder or a file of orders, and overwrites nothing else."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from crmkit.cli import app
from crmkit.data.own.ugly import ugly_sample

run = CliRunner().invoke


@pytest.fixture
def here(tmp_path: Path, monkeypatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_company_that_ships(here) -> None:
    done = run(app, ["review", "beanline"])
    assert done.exit_code == 0, done.output
    page = (here / "beanline_review.html").read_text(encoding="utf-8")
    assert page.count("<h2>") == 7
    assert "€" in page
    assert not re.search(r"(src|href)=.?(https?:)?//", page)
    images = re.findall(r"<img [^>]*>", page)
    assert len(images) >= 7
    assert all(re.search(r'alt="[^"]{20,}"', image) for image in images)


def test_a_file_with_options_and_a_till_left_out(here) -> None:
    done = run(app, ["review", str(ugly_sample()), "--leave-out", "99999", "--page", "r.html"])
    assert done.exit_code == 0, done.output
    page = (here / "r.html").read_text(encoding="utf-8")
    assert "99999" in page  # the account says who was left out
    assert "set aside" in page


def test_it_writes_over_its_own_page_and_over_nothing_else(here) -> None:
    (here / "mine.html").write_text("mine", encoding="utf-8")
    done = run(app, ["review", str(ugly_sample()), "--page", "mine.html"])
    assert done.exit_code == 2
    assert (here / "mine.html").read_text(encoding="utf-8") == "mine"
    for _ in range(2):
        assert run(app, ["review", str(ugly_sample()), "--page", "again.html"]).exit_code == 0


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (["nowhere"], "nowhere"),
        (["beanline", "--decimal", ","], "is no file"),
        (["beanline", "--leave-out", "nobody"], "nobody"),
        (["beanline", "--as-of", "some day"], "some day"),
        (["beanline", "--as-of", "1999-01-01"], "choose a later day"),
    ],
)
def test_what_cannot_be_is_said(here, given, said) -> None:
    done = run(app, ["review", *given])
    assert done.exit_code == 2
    assert said in done.output
    assert "Traceback" not in done.output
    assert not list(here.iterdir())


def test_what_stands_in_the_data_is_no_markup(here) -> None:
    rows = ["customer,date,amount"]
    rows += [f"<script>{n % 40},2025-{1 + n % 12:02}-05,10" for n in range(200)]
    (here / "<i>.csv").write_text("\n".join(rows), encoding="utf-8")
    done = run(app, ["review", "<i>.csv", "--page", "p.html"])
    assert done.exit_code == 0, done.output
    page = (here / "p.html").read_text(encoding="utf-8")
    assert "<script" not in page
    assert "<i>" not in page
