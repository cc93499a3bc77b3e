"""The catalogue agrees with itself, with Frictionless, and finds what is wrong with a table."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

from crmkit.companies import shipped
from crmkit.data.catalogue import Column, Table, catalogue
from crmkit.data.catalogue.package import dictionary
from crmkit.data.load import load, load_truth
from crmkit.data.validate import problems
from crmkit.errors import CrmkitError
from crmkit.world import simulate, write

CATALOGUE = catalogue(shipped("fernwell"))

DATASETS = Path(__file__).resolve().parents[2] / "datasets"
PACKAGE = json.loads((DATASETS / "fernwell" / "datapackage.json").read_text(encoding="utf-8"))


def test_references_lead_to_keys_of_tables_there_are() -> None:
    for table in CATALOGUE.values():
        for name, target in table.references.items():
            other, column = target.rsplit(".", 1)
            assert other in CATALOGUE, f"{table.full_name}.{name}"
            assert column in CATALOGUE[other].column_names, f"{table.full_name}.{name}"
            # Somebody who may not see the truth must be able to follow every reference.
            assert table.truth or not CATALOGUE[other].truth, f"{table.full_name}.{name}"


def test_every_column_is_described_in_a_sentence() -> None:
    for table in CATALOGUE.values():
        assert table.title
        assert table.description.rstrip().endswith((".", "?", ")")), table.full_name
        for column in table.columns:
            where = f"{table.full_name}.{column.name}"
            assert len(column.description) >= 4, where
            assert not column.description[0].islower(), where


def test_money_has_a_currency_and_times_have_a_unit() -> None:
    money = {
        "turnover",
        "margin",
        "cost",
        "price",
        "unit_cost",
        "unit_price",
        "rival_price",
        "budget",
    }
    for table in CATALOGUE.values():
        for column in table.columns:
            if column.name in money and column.type == "number":
                assert column.unit is not None, f"{table.full_name}.{column.name}"
            if column.name.endswith("_days") and column.type == "number":
                assert column.unit == "days", f"{table.full_name}.{column.name}"


@pytest.mark.parametrize("name", list(CATALOGUE))
def test_the_dictionary_tells_of_every_table_and_column(name: str) -> None:
    text = (DATASETS / "README.md").read_text(encoding="utf-8")
    section = text.split(f"### `{name}`\n")[1].split("\n### ")[0]
    for column in CATALOGUE[name].columns:
        assert f"| `{column.name}` |" in section


def test_links_of_the_dictionary_lead_to_its_headings() -> None:
    text = dictionary({"fernwell": PACKAGE})
    headings = {
        line[4:].strip("`").replace("/", "")
        for line in text.splitlines()
        if line.startswith("### ")
    }
    links = {part.split(")")[0] for part in text.split("](#")[1:]}
    assert links <= headings
    assert "customers" in links
    assert "truthcustomers" in links


def test_frictionless_finds_no_fault(tmp_path: Path) -> None:
    """A smaller world than the one that ships, which has the same tables: frictionless takes a minute for that one."""
    frictionless = pytest.importorskip("frictionless")
    write(simulate(customers=400, seed=3, progress=False), tmp_path)
    report = frictionless.validate(str(tmp_path / "datapackage.json"))
    assert report.valid, report.flatten(["title", "rowNumber", "fieldName", "message"])[:5]
    assert len(report.tasks) == len(CATALOGUE)


def test_what_ships_has_the_schemas_that_frictionless_was_shown(tmp_path: Path) -> None:
    write(simulate(customers=400, seed=3, progress=False), tmp_path)
    shown = json.loads((tmp_path / "datapackage.json").read_text(encoding="utf-8"))
    for one, other in zip(shown["resources"], PACKAGE["resources"], strict=True):
        assert {**one, "bytes": 0, "hash": "", "rows": 0} == {
            **other,
            "bytes": 0,
            "hash": "",
            "rows": 0,
        }


def test_what_ships_is_valid_by_the_catalogue() -> None:
    frames = {
        t.full_name: (load_truth if t.truth else load)(t.name, DATASETS) for t in CATALOGUE.values()
    }
    found = problems(frames)
    assert found.empty, found.to_string()


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("\n2,", "\n2.5,", "type-error"),
        ("\n2,", "\n1,", "primary-key"),
        (",business,", ",firm,", "constraint-error"),
    ],
)
def test_frictionless_reads_our_constraints(tmp_path: Path, old: str, new: str, fault: str) -> None:
    """The package would catch a fault: so it says what we mean."""
    frictionless = pytest.importorskip("frictionless")
    resource = next(r for r in PACKAGE["resources"] if r["path"] == "customers.csv")
    text = (DATASETS / "fernwell" / "customers.csv").read_text(encoding="utf-8")
    assert old in text
    (tmp_path / "customers.csv").write_text(text.replace(old, new, 1), encoding="utf-8")
    package = {
        **PACKAGE,
        "resources": [{k: v for k, v in resource.items() if k not in ("hash", "bytes")}],
    }
    (tmp_path / "datapackage.json").write_text(json.dumps(package), encoding="utf-8")
    report = frictionless.validate(str(tmp_path / "datapackage.json"))
    assert fault in [row[0] for row in report.flatten(["type"])]


@pytest.fixture
def customers() -> pd.DataFrame:
    return load("customers", DATASETS)


def faults(**frames: pd.DataFrame) -> list[tuple]:
    found = problems(frames)
    return list(found[["column", "problem", "count"]].itertuples(index=False, name=None))


def test_good_tables_have_no_problem(customers: pd.DataFrame) -> None:
    assert faults(customers=customers, orders=load("orders", DATASETS)) == []


def test_each_kind_of_fault_is_found_and_named(customers: pd.DataFrame) -> None:
    orders = load("orders", DATASETS)
    assert faults(customers=customers.drop(columns="city")) == [
        ("city", "the column is missing", 5000)
    ]
    odd = customers.assign(extra=1)
    assert faults(customers=odd) == [("extra", "the catalogue does not know this column", 5000)]
    text = customers.assign(customer_id=customers["customer_id"].astype("str"))
    assert faults(customers=text) == [("customer_id", "the type is str, not int64", 5000)]
    gap = customers.assign(name=customers["name"].where(customers.index != 3))
    assert faults(customers=gap) == [("name", "a value is missing", 1)]
    strange = customers.assign(kind=customers["kind"].where(customers.index != 3, "robot"))
    assert faults(customers=strange) == [("kind", "not one of the allowed values", 1)]
    low = orders.assign(turnover=orders["turnover"].where(orders.index != 3, -1.0))
    assert faults(orders=low) == [("turnover", "below 0", 1)]
    high = load("products", DATASETS).assign(quality=6)
    assert faults(products=high)[0][:2] == ("quality", "above 5")
    twice = pd.concat([orders, orders.tail(2)], ignore_index=True)
    assert faults(orders=twice) == [("order_id", "the key occurs twice", 4)]
    lost = orders.assign(customer_id=orders["customer_id"].where(orders.index != 7, 99_999))
    assert faults(customers=customers, orders=lost) == [
        ("customer_id", "not found in customers.customer_id", 1)
    ]
    where = problems({"customers": customers, "orders": lost}).iloc[0]
    assert where["first_rows"] == [7]
    assert where["first_values"] == [99_999]


def test_an_unknown_table_is_named() -> None:
    with pytest.raises(CrmkitError, match="no table 'nosuch'; it knows: customers, "):
        problems({"nosuch": pd.DataFrame()})


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: Column("a", "text", "A."), "none of integer"),
        (lambda: Column("a", "integer", "A.", required=False), "cannot have gaps"),
        (
            lambda: Table("t", "T", "T.", [Column("a", "integer", "A.")], key=["b"]),
            "'b' is no column",
        ),
        (
            lambda: Table("t", "T", "T.", [Column("a", "integer", "A.")] * 2, key=["a"]),
            "occurs twice",
        ),
    ],
)
def test_a_faulty_catalogue_is_refused(make, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        make()
