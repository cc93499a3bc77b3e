"""``crmkit look``: a first look at a file of orders, from the command line, as one page that fetches nothing."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from crmkit import cli

EXPORTS = Path(__file__).parents[1] / "data/exports"


@pytest.fixture
def look(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    def call(*arguments):
        return CliRunner().invoke(cli.app, ["look", *map(str, arguments), "--today", "2026-01-01"])

    return call


def test_a_page_with_account_questions_and_pictures(look, tmp_path):
    done = look(EXPORTS / "shopify_orders.csv")
    assert done.exit_code == 0, done.output
    assert "never paid" in done.output
    assert "--refunds net subtracts it" in done.output
    page = (tmp_path / "shopify_orders_look.html").read_text(encoding="utf-8")
    assert 'content="crmkit look"' in page
    for word in (
        "184.90",
        "refunded order",
        "WARNING",
        "50% of the customers have placed one order",
    ):
        assert word in page, word
    assert page.count('<img alt="') == 2, "two customers are too few for a best fifth"
    for address in ("http://", "https://", "<script"):
        assert address not in page, "the page fetches nothing"


def test_every_answer_of_read_orders_can_be_given(look):
    done = look(EXPORTS / "shopify_orders.csv", "--refunds", "net", "--meaning", "pending=counts")
    assert "192.30" in done.output, done.output
    done = look(EXPORTS / "shopify_orders.csv", "--without", "status", "--without", "refunded")
    assert "238.70" in done.output, done.output
    done = look(EXPORTS / "shop_orders_semicolon_order_total.csv", "--amount-is", "line")
    assert "112.00" in done.output, done.output


def test_a_question_is_asked_as_an_option(look, tmp_path):
    done = look(EXPORTS / "etsy_sold_orders.csv")
    assert done.exit_code == 2
    assert "--amount 'Order Total'" in done.output
    assert not list(tmp_path.iterdir())
    assert look(EXPORTS / "etsy_sold_orders.csv", "--amount", "Order Value").exit_code == 0


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--leave-out", "nobody"], "No customer of this file is called 'nobody'"),
        (["--without", "date"], "it takes status, order"),
        (["--meaning", "pending"], "write the word, ="),
        (["--refunds", "maybe"], "refunds='maybe'"),
    ],
)
def test_an_option_that_cannot_be_meant_ends_in_a_sentence(look, options, words):
    done = look(EXPORTS / "shopify_orders.csv", *options)
    assert done.exit_code == 2
    assert words.replace("refunds='maybe'", "--refunds maybe") in done.output
    assert "Traceback" not in done.output


def test_a_page_is_written_anew_and_nothing_else_is_written_over(look, tmp_path):
    file = EXPORTS / "shopify_orders.csv"
    assert look(file, "--page", "mine.html").exit_code == 0
    assert look(file, "--page", "mine.html").exit_code == 0
    (tmp_path / "other.html").write_text("my own page")
    done = look(file, "--page", "other.html")
    assert done.exit_code == 2
    assert (tmp_path / "other.html").read_text() == "my own page"


def test_a_till_can_be_left_out_of_the_pictures(look, tmp_path):
    rows = [f"c{i},2024-03-{1 + i % 27:02},10" for i in range(20)]
    rows += [f"till,2024-04-{1 + i % 27:02},5" for i in range(12)]
    Path("own.csv").write_text("customer,date,amount\n" + "\n".join(rows) + "\n")
    assert "'till'" in look("own.csv").output
    look("own.csv", "--leave-out", "till")
    page = (tmp_path / "own_look.html").read_text(encoding="utf-8")
    assert "Left out of the pictures, as you asked: till (12 orders, 60.00)" in page
    assert "20 customers" in page
