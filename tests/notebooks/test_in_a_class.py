"""Every lesson runs on a class's smaller company, and on one of another name, year and currency; its claims hold there.

The two are tried at once: the class's company is Fernwell renamed, a year later, in a currency that crmkit does not
know, with other rivals, goods and words. What a lesson shows then names neither Fernwell nor its rivals nor the pound.
A lesson states what it speaks of besides; a company without it gets a sentence at the top in place of a traceback. The
coffee merchant that ships runs the lessons whose tables it has.
"""

from __future__ import annotations

import ast
import contextlib
import io
import re
from dataclasses import replace
from pathlib import Path

import jupytext
import pytest
from claims_on_own_data import CLAIMS
from lesson_run import Shown, noted
from matplotlib.text import Text
from shown_guards import controls_move, letters_are_easy_to_read

from crmkit.companies import FIELD, GAP, SHIPPED, company, fill, needed_tables, shipped, tell
from crmkit.data.catalogue import catalogue
from crmkit.data.load import DEFAULT_COMPANY
from crmkit.home import lesson_of
from crmkit.practice.bank import of_lesson
from crmkit.world import company as company_files
from crmkit.world import simulate
from crmkit.world.write import write

MASTERS = sorted((Path(__file__).resolve().parents[2] / "notebooks" / "source").glob("*.py"))


#: Lessons that a company without studies of brand and shop must run.
WITHOUT_BRAND = ("00", "20", "21", "22", "23", "24", "24b", "25", "30", "31", "32", "80")


#: Lessons that every company runs, whatever its trade; the first two of them on every push.
ANY_TRADE = ("20", "30", "00", "21", "24", "24b", "80")


def company_of(notebook) -> str:
    """The company of its own that a lesson is told about; empty for the course's."""
    return notebook.cells[0].metadata.get("company", "")


#: What is renamed besides the company: rivals, channels, goods and answers of which no lesson speaks.
RENAMED = {
    "Toolmere": "Storbua",
    "Pennygrove": "Billigmo",
    "Bramblecote": "Hagestova",
    "Oakwright": "Smedli",
    "Fernhollow": "Marloweld",
    "call centre": "telephone line",
    "drills and tools": "boots",
    "garden tools": "tents",
    "cordless": "waterproof",
    "no drill": "no boots",
    "plaster": "mud",
    "renter": "skier",
}
#: What no lesson on it may show.
FOREIGN = re.compile(r"Fernwell|£|\bpounds?\b|\bpence\b|GBP|Toolmere|Pennygrove|Fernhollow")


def another_company(folder: Path) -> Path:
    """Write a company file: Fernwell under other names, a year later, in another currency."""
    text = (company_files.FOLDER / "fernwell.toml").read_text(encoding="utf-8")
    text = re.sub(r"\b20(2\d)(?=-\d\d-\d\d)", lambda year: f"20{int(year[1]) + 1}", text)
    # The weeks of the tracker and of the desk begin on Mondays, a year later too.
    for old, new in (
        ("first_monday = 2025-01-01", "first_monday = 2024-12-30"),
        ("turn = 2025-12-30", "turn = 2025-12-29"),
        ("settled = 2026-06-01", "settled = 2026-05-31"),
        ("start = 2026-05-05", "start = 2026-05-04"),
        ("start = 2026-07-07", "start = 2026-07-06"),
    ):
        assert old in text
        text = text.replace(old, new)
    path = folder / "marlowe.toml"
    text = text.replace("Fernwell", "Marlowe").replace("fernwell", "marlowe")
    krone = '"NOK"\nsymbol = "kr "\ncoin = "krone"\ncoins = "kroner"\ncents = "ore"'
    text = text.replace('"GBP"', krone).replace("Four pounds less", "A lower price")
    for old, new in RENAMED.items():
        assert old in text
        text = text.replace(old, new)
    path.write_text(text, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def class_data(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("class")
    world = simulate(another_company(folder), customers=1500, seed=31, progress=False)
    write(world, folder / "datasets" / "marlowe", progress=False)
    return folder / "datasets"


@pytest.fixture(scope="module")
def coffee(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("coffee") / "datasets"
    write(
        simulate("beanline", customers=1200, seed=3, progress=False),
        folder / "beanline",
        progress=False,
    )
    return folder


#: Companies of other trades, with as many customers as a lesson needs.
OTHER_TRADES = {"tarnwald": 1500, "brennick": 500}


@pytest.fixture(scope="module", params=OTHER_TRADES)
def other_trade(request, tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("other") / "datasets"
    name = request.param
    world = simulate(name, customers=OTHER_TRADES[name], seed=3, progress=False)
    write(world, folder / name, progress=False)
    return folder


def run(master: Path, data: Path) -> Shown:
    """Run a lesson's cells on other data; gives what they made, and the text of the tables and figures they show."""
    said = io.StringIO()
    with (
        pytest.MonkeyPatch.context() as patch,
        contextlib.redirect_stdout(said),
        noted(lesson_of(master.name)) as seen,
    ):
        patch.setenv("CRMKIT_DATA", str(data))
        for place, cell in enumerate(tell(jupytext.read(master), company())["cells"]):
            if cell["cell_type"] == "code":
                tree = ast.parse(cell["source"])
                if tree.body and isinstance(last := tree.body[-1], ast.Expr):
                    tree.body[-1] = ast.parse("shown_last = 0").body[0]
                    tree.body[-1].value = last.value  # type: ignore[attr-defined]
                    ast.fix_missing_locations(tree)
                exec(compile(tree, f"{master.stem}, cell {place}", "exec"), seen.names)
                print(seen.names.pop("shown_last", ""))
        for figure in seen.figures:
            print(*(text.get_text() for text in figure.findobj(Text)), sep="\n")
    seen.said = re.sub(r"base64,[\w+/=]+", "", said.getvalue())
    return seen


@pytest.fixture(scope="module", params=MASTERS, ids=lambda path: lesson_of(path.name))
def in_a_class(request, class_data) -> Shown:
    return run(request.param, class_data)


def test_a_lesson_says_what_a_students_own_data_say(in_a_class) -> None:
    assert not FOREIGN.findall(in_a_class.said)
    if claim := CLAIMS.get(in_a_class.lesson):
        claim(in_a_class.names)


def test_every_control_moves_picture_and_words(in_a_class, class_data, monkeypatch) -> None:
    monkeypatch.setenv("CRMKIT_DATA", str(class_data))
    monkeypatch.setenv("CRMKIT_PRACTICE_STATE", "off")
    controls_move(in_a_class)


def test_letters_have_a_colour_that_is_easy_to_read(in_a_class) -> None:
    letters_are_easy_to_read(in_a_class)


@pytest.mark.parametrize(
    "master",
    [m for m in MASTERS if lesson_of(m.name) in WITHOUT_BRAND],
    ids=lambda path: lesson_of(path.name),
)
def test_the_coffee_merchant_runs_a_lesson(master, coffee) -> None:
    assert not FOREIGN.findall(run(master, coffee).said)


@pytest.mark.parametrize(
    "master",
    [
        pytest.param(
            m,
            marks=[] if lesson_of(m.name) in ANY_TRADE[:2] else [pytest.mark.full],
            id=lesson_of(m.name),
        )
        for m in MASTERS
        if lesson_of(m.name) in ANY_TRADE
    ],
)
def test_a_hotel_and_a_maker_run_a_lesson(master, other_trade) -> None:
    about = company(other_trade)
    assert not about.lacks(needed_tables(jupytext.read(master)))
    shown = run(master, other_trade).said
    assert not FOREIGN.findall(shown)
    assert f"({about.symbol})" not in shown or not about.symbol.endswith(" ")


@pytest.mark.parametrize("master", MASTERS, ids=lambda path: lesson_of(path.name))
def test_a_lesson_that_a_hotel_or_a_maker_cannot_run_says_why(master, other_trade) -> None:
    """What is told of a lesson that a hotel or a maker cannot run is a sentence with its tables."""
    about, notebook = company(other_trade), jupytext.read(master)
    told = tell(notebook, about)
    lacking = [] if company_of(notebook) else about.lacks(needed_tables(notebook))
    first = told["cells"][0]["source"]
    assert ("cannot run this lesson" in first) >= bool(lacking)
    assert all(name in first for name in lacking)
    assert not (lacking and lesson_of(master.name) in ANY_TRADE)
    prose = "\n".join(c["source"] for c in told["cells"] if c["cell_type"] == "markdown")
    assert "Fernwell" not in prose
    assert "{company" not in prose


@pytest.mark.parametrize("master", MASTERS, ids=lambda path: lesson_of(path.name))
def test_a_lesson_told_for_another_company_names_it_or_says_what_is_missing(master, coffee) -> None:
    about = company(coffee)
    notebook = jupytext.read(master)
    own = company_of(notebook)
    assert needed_tables(notebook), f"{master.name}: the first cell names no tables"
    assert set(needed_tables(notebook)) <= set(catalogue(shipped(own or DEFAULT_COMPANY)))
    told = tell(notebook, about)
    first = told["cells"][0]["source"]
    # A lesson about a company of its own brings that company's tables, whoever else's are at hand.
    lacking = company(own).lacks(needed_tables(notebook)) if own else []
    assert not lacking, f"{master.name}: {own} lacks {lacking}"
    lacking = [] if own else about.lacks(needed_tables(notebook))
    assert ("cannot run this lesson" in first) == bool(lacking)
    assert all(name in first for name in lacking)
    assert not (lacking and lesson_of(master.name) in WITHOUT_BRAND)
    prose = "\n".join(c["source"] for c in told["cells"] if c["cell_type"] == "markdown")
    assert "Fernwell" not in prose
    assert "{company" not in prose
    others = {shipped(path.stem).name for path in SHIPPED.glob("*.toml")} - {about.name}
    others -= {shipped(own).name} if own else set()
    named = [name for name in others if own and name in prose]
    assert not named, f"{master.name} is about {own} and names {named}"


def test_its_company_names_every_field_of_a_lesson_and_its_exercises() -> None:
    root = MASTERS[0].parents[2]
    own = {lesson_of(master.name): company_of(jupytext.read(master)) for master in MASTERS}
    found_in = ("exercises/source/*.py", "crmkit/practice/questions/lesson_*.py")
    sources = [*MASTERS, *(path for where in found_in for path in root.glob(where))]
    seen: dict[str, set[str]] = {}
    for path in sources:
        lesson = lesson_of(path.name.removeprefix("lesson_"))
        about = own[lesson] or DEFAULT_COMPANY
        text = path.read_text(encoding="utf-8")
        fields = {found[0] for found in FIELD.finditer(text)}
        unknown = [field for field in fields if GAP in fill(field, shipped(about))]
        assert not unknown, f"{path.name}: {about} does not name {unknown}"
        seen.setdefault(about, set()).update(fields)
    assert {"{company.name}", "{company.dates[turn]}"} <= seen["fernwell"]
    assert "{company.name}" in seen["strumwell"]


def test_a_lesson_and_its_questions_are_about_the_same_company() -> None:
    for master in MASTERS:
        asked = of_lesson(lesson_of(master.name))
        about = {q.company for q in (*asked.questions, *asked.predictions, *asked.quiz)}
        assert about <= {company_of(jupytext.read(master))}, f"{master.name}: {about}"


def test_every_claim_belongs_to_a_lesson() -> None:
    assert set(CLAIMS) <= {lesson_of(master.name) for master in MASTERS}


#: Columns whose values are a company's own; all others are the same in every company.
OWN_VALUES = (
    *("journeys.channel", "orders.channel", "touchpoint_log.touchpoint", "needs.need"),
    *("levers.lever", "offers.offer", "brand_words.word", "service_cases.arm"),
    *("customers.acquisition_channel", "tracker_respondents.segment", "brand_panel.segment"),
    *("truth/shop_visitors.job", "truth/shop_visitors.wall", "truth/shop_visitors.tool"),
)


#: Values that every company must have.
FIXED = {"affordable", "control"}


def strings(code: str) -> set[str]:
    """Give the strings of a piece of code, and the names of its keywords."""
    nodes = list(ast.walk(ast.parse(code)))
    found = {n.value for n in nodes if isinstance(n, ast.Constant) and isinstance(n.value, str)}
    return found | {n.arg for n in nodes if isinstance(n, ast.keyword) and n.arg}


def test_a_lesson_states_the_values_of_which_its_code_speaks() -> None:
    values = company("fernwell").values
    stated = 0
    exercises = MASTERS[0].parents[2] / "exercises/source"
    for master in [*MASTERS, *sorted(exercises.glob("*.py"))]:
        notebook = jupytext.read(master)
        first = notebook.cells[0].metadata
        if "company" in first:
            continue
        code = [cell.source for cell in notebook.cells if cell.cell_type == "code"]
        if master.parent == exercises:
            code += [q.code for q in of_lesson(lesson_of(master.name)).questions if q.code]
        spoken = set().union(*map(strings, code))
        names = first.get("names", [])
        stated += len(names)
        for column in OWN_VALUES:
            table = column.rpartition(".")[0]
            missing = (
                spoken & values.get(column, frozenset()) if table in first["tables"] else set()
            )
            missing -= {name.split(": ")[1] for name in names} | FIXED
            assert not missing, f"{master.name}: names in its first cell lacks {column}: {missing}"
        assert not about_lacks(names, values), master.name
    assert stated > 50


def about_lacks(names: list[str], values) -> list[str]:
    """Name what is stated and stands in no table of the course's company."""
    return [name for name in names if name.split(": ")[1] not in values[name.split(": ")[0]]]


def test_what_keeps_a_company_from_a_lesson_is_a_sentence(class_data) -> None:
    about = company(class_data)
    assert about.money(1250) == "kr 1,250"
    first = {"cell_type": "markdown", "metadata": {}, "source": "# {company.words[leader]} leads"}
    notebook = {"cells": [first]}

    def top(other=about, **asked: object) -> str:
        first["metadata"] = asked
        return tell(notebook, other)["cells"][0]["source"]

    assert top(tables=["orders"], names=["orders.channel: web"]) == "# Storbua leads"
    assert "`call centre` (`orders.channel`)" in top(names=["orders.channel: call centre"])
    assert "tables that this company does not have: `a`, `b`" in top(tables=["a", "b"])
    assert "Its sums" not in top(sums=["mix"])
    assert "12 times as large" in top(replace(about, sums={"mix": 12.0}), sums=["mix"])
    nameless = top(replace(about, words={}))
    assert "company file does not name: `[company.words] leader`" in nameless
    for said in (nameless, top(tables=["a"]), top(names=["orders.channel: call centre"])):
        assert said.splitlines()[2].startswith(
            "> **Marlowe Home & Garden cannot run this lesson.**"
        )
