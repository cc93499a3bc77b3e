"""The workshop edition: its lessons read whole without code, and their explorers come from the lesson's own code."""

from __future__ import annotations

import base64
import html
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import lessons
import pytest
import workshop

from crmkit.explore.plain_page import Bridge
from crmkit.practice import bank

ROOT = Path(__file__).resolve().parents[2]
COURSE = {lesson.name: lesson for lesson in lessons.lessons()}
NAMES = sorted(workshop.texts())
#: What only a reader of code would understand, or what the reader of a page cannot do.
CODE = re.compile(
    r"\b(?:(?<!dark )(?<!darkest )cells?|code|pandas|Python|notebooks?|functions?|helpers?"
    r"|data ?frames?|import(?:s|ed)?|exercises?|Shift"
    r"|terminal|three dots|type (?:in|the)|[Rr]un (?:it|on|the)|runs? a)\b|`|[a-z]_[a-z]|\w\(\)|[{}]"
)


@pytest.fixture(scope="module")
def pages() -> dict[str, workshop.Page]:
    """Make every page once."""
    return {
        name: workshop.Maker(
            COURSE[name],
            ROOT / f"notebooks/{name}.ipynb",
            workshop.texts()[name].read_text(encoding="utf-8"),
        ).made()
        for name in NAMES
    }


def sentences(page: workshop.Page) -> Iterator[str]:
    """Give all that a reader reads of a page: text, alt texts, and what predictions and questions reply."""
    for _, body in page.parts:
        yield from re.findall(r'alt="([^"]*)"', body)
        yield html.unescape(re.sub(r"<[^>]*>", " ", re.sub(r"\balt=\"[^\"]*\"", "", body)))
    yield from page.goals
    yield from (str(asked["why"]) for asked in page.predictions.values())
    yield from (option["reply"] for question in page.quiz.values() for option in question)


def code_words(text: str) -> list[str]:
    """Give what speaks of code, each with its neighbourhood."""
    return [text[max(0, m.start() - 40) : m.end() + 20] for m in CODE.finditer(text)]


def test_the_lessons_of_a_workshop_have_a_page() -> None:
    numbers = [COURSE[name].number for name in NAMES]
    assert numbers == ["00", "11", "20", "30", "32", "40", "43"]


@pytest.mark.parametrize("name", NAMES)
def test_no_sentence_speaks_of_code(pages: dict[str, workshop.Page], name: str) -> None:
    found = [words for text in sentences(pages[name]) for words in code_words(text)]
    assert found == []


@pytest.mark.parametrize(
    "sentence",
    [
        "Run the cell.",
        "Question 20-6, in the exercises.",
        "`customer_profit` does it",
        "see yearly_value",
    ],
)
def test_a_sentence_about_code_is_found(sentence: str) -> None:
    assert code_words(sentence)


@pytest.mark.parametrize("name", NAMES)
def test_a_page_leaves_out_nothing_that_can_be_done(
    pages: dict[str, workshop.Page], name: str
) -> None:
    """Every prediction of the lesson, every question of its quiz, its explorer; and figures with alt texts."""
    page, about = pages[name], bank.of_lesson(COURSE[name].number)
    assert sorted(page.predictions) == sorted(asked.id for asked in about.predictions)
    assert len(page.quiz) == len(about.quiz)
    assert len(page.explorers) == 1
    assert len(page.goals) >= 3
    body = "".join(part for _, part in page.parts)
    pictures = re.findall(r"<img [^>]*>", body)
    assert len(pictures) >= 2
    assert all(re.search(r'alt="[^"]{20,}"', picture) for picture in pictures)
    for heading in ("Where this fails", "Take-aways", "Words learnt"):
        assert f">{heading}" in body


@pytest.mark.parametrize("name", NAMES)
def test_no_figure_gives_an_answer_away(pages: dict[str, workshop.Page], name: str) -> None:
    """What a prediction asks does not stand before it: its answer is only in the parts that it opens."""
    seen = ""
    for after, body in pages[name].parts:
        if after:
            assert after in seen
        seen += body
    order = [after for after, _ in pages[name].parts[1:]]
    assert order == list(pages[name].predictions)


@pytest.mark.parametrize("name", NAMES)
def test_the_explorer_is_made_and_moves(
    pages: dict[str, workshop.Page], name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for left_out in ("sklearn", "openpyxl", "et_xmlfile", "narwhals"):  # as workshop.WITHOUT
        monkeypatch.setitem(sys.modules, left_out, None)
    (explorer,) = pages[name].explorers
    names: dict[str, object] = {}
    exec(explorer["code"], names)
    for costly in ("reveal", "print(", "show(", "check("):
        assert costly not in explorer["code"]
    heard: list[dict[str, object]] = []
    bridge = Bridge(eval(explorer["expression"], names), heard.append)
    start = bridge.described()
    assert base64.b64decode(start["picture"]).startswith(b"\x89PNG")
    assert start["sentence"] in start["alt"]
    place, control = next(
        (at, c) for at, c in enumerate(start["controls"]) if c["kind"] in ("slider", "button")
    )
    bridge.moved(place, control.get("max"))
    assert heard[-1]["sentence"] != start["sentence"]
    for at, other in enumerate(start["controls"]):
        bridge.moved(at, other.get("min", 0))
        assert bridge._explorer.error is None
    reset = next(at for at, c in enumerate(start["controls"]) if c.get("quiet"))
    bridge.moved(reset)
    assert bridge.state()["sentence"] == start["sentence"]


def test_a_table_gets_heads_that_a_reader_knows() -> None:
    stored = (
        '<table class="dataframe"><tbody><tr><th rowspan="2">drowsy</th><th>call</th><td>0.25</td></tr>'
        "<tr><th>mail</th><td>-1200.0</td></tr></tbody>"
    )
    shown = workshop.table(stored, ["state", "-", "share %"])
    assert re.findall(r"<t[hd](?: [^>]*)?>([^<]*)", shown) == [
        "state",
        "share",
        "drowsy",
        "25 %",
        "drowsy",
        "−120000 %",
    ]
    with pytest.raises(workshop.WorkshopError, match="2 heads for 3 columns"):
        workshop.table(stored, ["state", "share"])


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("@text no-such-cell", "no cell 'no-such-cell'"),
        ("@figure five", "no stored figure"),
        ("@predict 20-z", "no prediction '20-z'"),
        ("@quiz 9", "no question 9"),
        ("@picture five", "is none of"),
    ],
)
def test_what_a_lesson_does_not_have_is_named(line: str, why: str) -> None:
    name = "20_who_brings_the_profit"
    with pytest.raises(workshop.WorkshopError, match=why):
        workshop.Maker(COURSE[name], ROOT / f"notebooks/{name}.ipynb", line).made()
