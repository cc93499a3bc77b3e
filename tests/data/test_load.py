"""Tables are found from anywhere, with the types the catalogue gives them; what is not there is named."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pandas as pd
import pytest

import crmkit
import crmkit.data.load as module
from crmkit.companies import shipped
from crmkit.data.catalogue import catalogue
from crmkit.data.load import NoDataError, TableError, find_data, load, load_truth

ROOT = Path(__file__).resolve().parents[2]
SHIPPED = ROOT / "datasets" / "fernwell"


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder to stand in, with no data of its own."""
    monkeypatch.delenv("CRMKIT_DATA", raising=False)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def copy(target: Path, *names: str) -> Path:
    """A folder with some of the shipped tables."""
    target.mkdir(parents=True)
    for name in ("datapackage.json", *(f"{name}.csv" for name in names)):
        (target / name).parent.mkdir(exist_ok=True)
        shutil.copy(SHIPPED / name, target / name)
    return target


@pytest.mark.parametrize(
    "table", catalogue(shipped("fernwell")).values(), ids=lambda table: table.full_name
)
def test_every_table_loads_with_its_types(table) -> None:
    frame = (load_truth if table.truth else load)(table.name, SHIPPED)
    assert {name: str(dtype) for name, dtype in frame.dtypes.items()} == {
        column.name: column.dtype for column in table.columns
    }
    assert len(frame) > 0


def test_the_public_names_are_these() -> None:
    assert crmkit.load is load
    assert crmkit.load_truth is load_truth


def test_data_is_found_in_the_checkout_from_any_folder(elsewhere: Path) -> None:
    assert find_data() == SHIPPED


def test_the_nearest_datasets_folder_upwards_goes_first(elsewhere: Path, monkeypatch) -> None:
    mine = copy(elsewhere / "datasets" / "fernwell", "orders")
    deep = elsewhere / "week 1" / "exercises"
    deep.mkdir(parents=True)
    monkeypatch.chdir(deep)
    assert find_data() == mine


def test_a_folder_called_datasets_that_is_not_ours_is_passed_over(elsewhere: Path) -> None:
    (elsewhere / "datasets" / "photos").mkdir(parents=True)
    assert find_data() == SHIPPED


def test_another_company_is_found_when_it_is_the_only_one(elsewhere: Path) -> None:
    mine = copy(elsewhere / "datasets" / "beanline", "orders")
    assert find_data() == mine


def test_the_variable_goes_before_and_the_argument_before_that(
    elsewhere: Path, monkeypatch
) -> None:
    copy(elsewhere / "datasets" / "fernwell", "orders")
    second, third = (
        copy(elsewhere / "second", "orders"),
        copy(elsewhere / "third" / "fernwell", "orders"),
    )
    monkeypatch.setenv("CRMKIT_DATA", str(second))
    assert find_data() == second
    assert find_data(third) == third
    assert find_data(third.parent) == third


@pytest.mark.parametrize("given", ["nosuch", "."])
def test_a_folder_without_tables_is_an_error_not_a_search(
    elsewhere: Path, monkeypatch, given: str
) -> None:
    with pytest.raises(NoDataError, match=re.escape(f"data names {given!r}")):
        load("orders", given)
    monkeypatch.setenv("CRMKIT_DATA", given)
    with pytest.raises(NoDataError, match="the variable CRMKIT_DATA names"):
        load("orders")


def test_data_bundled_with_an_installed_crmkit_is_found(elsewhere: Path, monkeypatch) -> None:
    installed = elsewhere / "site-packages" / "crmkit"
    bundled = copy(installed / "datasets" / "fernwell", "orders")
    monkeypatch.setattr(module, "_PACKAGE", installed)
    assert find_data() == bundled


def test_without_any_data_the_answer_says_how_to_make_some(elsewhere: Path, monkeypatch) -> None:
    monkeypatch.setattr(module, "_PACKAGE", elsewhere / "nowhere" / "crmkit")
    with pytest.raises(NoDataError, match="crmkit make-data"):
        load("orders")


def test_an_unknown_name_answers_with_the_names_there_are() -> None:
    with pytest.raises(
        NoDataError,
        match=r"no table 'order' among those of Fernwell Home & Garden. crmkit.load knows: customers, .*orders",
    ):
        load("order")
    with pytest.raises(NoDataError, match=r'crmkit.load_truth\("sleep_states"\)'):
        load("sleep_states")
    with pytest.raises(NoDataError, match=r'crmkit.load\("orders"\)'):
        load_truth("orders")
    with pytest.raises(NoDataError, match="no table 3"):
        load(3)  # type: ignore[arg-type]


def test_a_table_that_was_deleted_is_named(elsewhere: Path) -> None:
    mine = copy(elsewhere / "mine", "orders")
    with pytest.raises(NoDataError, match=r"holds no customers\.csv"):
        load("customers", mine)


def test_what_a_reader_changes_does_not_change_the_next_load() -> None:
    first = load("orders", SHIPPED)
    first["turnover"] = 0.0
    first.loc[0, "order_id"] = -1
    assert load("orders", SHIPPED)["turnover"].sum() > 0
    assert (load("orders", SHIPPED)["order_id"] > 0).all()


def test_a_file_that_changed_is_read_again(elsewhere: Path) -> None:
    mine = copy(elsewhere / "mine", "orders")
    rows = len(load("orders", mine))
    lines = (mine / "orders.csv").read_text(encoding="utf-8").splitlines()
    (mine / "orders.csv").write_text("\n".join(lines[:-5]) + "\n", encoding="utf-8")
    assert len(load("orders", mine)) == rows - 5


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("turnover", "revenue", "lacks turnover and has unknown revenue"),
        (
            "\n2,",
            "\ntwo,",
            "column order_id: 1 value(s) cannot be read as integer, first in line(s) 3: 'two'",
        ),
        ("2023-01-02", "02.01.2023", "cannot be read as date, first in line(s)"),
        ("order_id,customer_id", "order_id", "lacks customer_id"),
    ],
)
def test_a_file_that_is_not_what_the_catalogue_says_is_named(
    elsewhere: Path, old: str, new: str, words: str
) -> None:
    mine = copy(elsewhere / "mine", "orders")
    text = (mine / "orders.csv").read_text(encoding="utf-8")
    (mine / "orders.csv").write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(TableError, match=re.escape(words)):
        load("orders", mine)


def test_a_missing_truth_value_is_an_error_a_missing_feature_is_not(elsewhere: Path) -> None:
    assert load("products", SHIPPED)["features"].isna().any()
    mine = copy(elsewhere / "mine", "order_lines")
    text = (mine / "order_lines.csv").read_text(encoding="utf-8")
    (mine / "order_lines.csv").write_text(text.replace(",false\n", ",\n", 2), encoding="utf-8")
    with pytest.raises(TableError, match="column returned: 2 value"):
        load("order_lines", mine)


def test_dates_are_dates() -> None:
    since = load("customers", SHIPPED)["customer_since"]
    assert since.min() >= pd.Timestamp("2023-01-01")
