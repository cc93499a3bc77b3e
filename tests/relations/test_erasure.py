"""A request to be forgotten is carried through every table, and all files are searched for what is left."""

from __future__ import annotations

import re

import pandas as pd
import pytest

from crmkit.companies import shipped
from crmkit.data.catalogue import catalogue
from crmkit.data.load import described, find_data, load, load_truth
from crmkit.data.validate import problems
from crmkit.errors import CrmkitError
from crmkit.relations import forget, references_of, traces_of

WHO = [17, 363, 1234, 4179]


@pytest.fixture(scope="module")
def tables() -> dict[str, pd.DataFrame]:
    about = described(find_data("fernwell"))
    return {t.name: load(t.name, "fernwell") for t in about.tables.values() if not t.truth}


@pytest.fixture(scope="module")
def done(tables):
    return forget(tables, WHO, references=references_of("fernwell"))


def test_nothing_is_left_in_any_file(tables, done, tmp_path) -> None:
    """Written into a folder, searched byte by byte: no name, address or number, but what is said to be unclear."""
    people = tables["customers"].set_index("customer_id", drop=False).loc[WHO]
    before = tmp_path / "before"
    write(before, tables)
    found = traces_of(before, people, references=references_of("fernwell"))
    assert set(found["customer_id"]) == set(WHO)
    assert {"customers.csv", "orders.csv", "channel_records.csv"} <= set(found["file"])

    after = tmp_path / "after"
    write(after, done.tables)
    write(after / "books", done.kept)
    left = traces_of(after, people, references=references_of("fernwell"))
    open_ = left[left["lines"] > left["explained"]]
    # Customer 4179 has a namesake, and one record gives nothing but the name and a third postcode.
    assert open_["customer_id"].tolist() == [4179] * len(open_)
    assert len(open_) == done.unclear["table"].eq("channel_records").sum() <= 1
    # The same once more, without a word of ours: bytes.
    others = tables["customers"][~tables["customers"]["customer_id"].isin(WHO)]
    theirs = set(others[["name", "email", "phone", "street"]].to_numpy().ravel())
    for path in after.rglob("*"):
        content = path.read_bytes() if path.is_file() else b""
        for row in people[people["customer_id"] != 4179].itertuples():
            for value in (row.name, row.email, row.phone, row.street):
                if isinstance(value, str) and value not in theirs:
                    wanted = rb"(?<!\w)" + re.escape(value.encode()) + rb"(?!\w)"
                    assert not re.search(wanted, content), (path.name, value)
    assert (after / "books/orders.csv").is_file()


def write(folder, tables) -> None:
    folder.mkdir(parents=True)
    for name, table in tables.items():
        table.to_csv(folder / f"{name}.csv", index=False)


def test_the_tables_still_fit_their_catalogue(done) -> None:
    assert problems(done.tables, catalogue(shipped("fernwell"))).empty


def test_the_sums_stay(tables, done) -> None:
    for name in ("orders", "order_lines"):
        kept = done.kept[name]
        for column in ("turnover", "margin"):
            total = done.tables[name][column].sum() + kept[column].sum()
            assert total == pytest.approx(tables[name][column].sum())
        assert not [c for c in kept if c in ("customer_id", "order_id")]
    assert (done.kept["orders"]["order_date"].dt.day == 1).all()


def test_the_tables_given_stay_as_they_are(tables) -> None:
    copy = {name: table.copy() for name, table in tables.items()}
    forget(tables, 5, references=references_of("fernwell"))
    for name, table in tables.items():
        pd.testing.assert_frame_equal(table, copy[name])


def test_records_of_the_channels_are_found_without_a_number(tables) -> None:
    owner = load_truth("record_owners", "fernwell").set_index("record_id")["customer_id"]
    some = tables["customers"]["customer_id"].sample(150, random_state=2)
    done = forget(tables, some, references=references_of("fernwell"))
    before, after = (set(t["channel_records"]["record_id"]) for t in (tables, done.tables))
    gone, theirs = before - after, set(owner.index[owner.isin(some)])
    assert len(gone & theirs) / len(theirs) > 0.95
    assert len(gone - theirs) <= 1
    note = load_truth("desk_notes", "fernwell").set_index("note_id")["customer_id"]
    named = note.index[note.isin(some)]
    text = done.tables["desk_notes"].set_index("note_id").loc[named, "text"]
    assert len(text) > 0
    assert text.str.contains("[deleted]", regex=False).all()


def test_what_is_somebody_else_s_row_stays() -> None:
    tables = {
        "customers": pd.DataFrame({"customer_id": [1, 2], "name": ["Ann Hill", "Bo Lee"]}),
        "visits": pd.DataFrame({"visit_id": [1, 2], "inviter_id": [1.0, 2.0]}),
        "answers": pd.DataFrame({"visit_id": [1, 2], "answer": ["yes", "no"]}),
    }
    points = {
        "visits": {"inviter_id": "customers.customer_id"},
        "answers": {"visit_id": "visits.visit_id"},
    }
    done = forget(tables, 1, references=points)
    assert done.tables["visits"]["inviter_id"].tolist()[1:] == [2.0]
    assert done.tables["visits"]["inviter_id"].isna().tolist() == [True, False]
    assert len(done.tables["answers"]) == 2
    # Where the number may not be empty, the row goes, and what points at it.
    tables["visits"] = tables["visits"].astype({"inviter_id": int})
    done = forget(tables, 1, references=points)
    assert [len(done.tables[name]) for name in tables] == [1, 1, 1]


def test_what_fits_two_people_is_left_for_a_person_to_decide(tmp_path) -> None:
    people = pd.DataFrame(
        {
            "customer_id": [1, 2],
            "name": ["Ann Hill", "Ann Hill"],
            "email": ["a1@example.org", "a2@example.org"],
            "phone": [None, None],
            "postcode": ["M21 6XS", "TA5 1AA"],
        }
    )
    records = pd.DataFrame(
        {
            "record_id": ["S1", "S2", "S3"],
            "name": "Ann Hill",
            "email": ["a1@example.org", "a2@example.org", None],
        }
    )
    done = forget({"customers": people, "records": records}, 1, references={})
    assert done.tables["records"]["record_id"].tolist() == ["S2", "S3"]
    assert done.unclear[["table", "row"]].values.tolist() == [["records", 2]]
    write(tmp_path / "x", done.tables)
    left = traces_of(tmp_path / "x", people.head(1), references={})
    # Customer 2 and record S2 are explained by customer 2's own address; S3 is not.
    assert left[["file", "what", "lines", "explained"]].values.tolist() == [
        ["customers.csv", "name", 1, 1],
        ["records.csv", "name", 2, 1],
    ]
    assert left["first"].tolist()[1].startswith("S3")


def test_numbers_are_looked_for_where_numbers_of_customers_are(tmp_path) -> None:
    write(
        tmp_path / "x",
        {
            "orders": pd.DataFrame({"order_id": [17, 18], "customer_id": [3, 17]}),
            "visits": pd.DataFrame({"visit_id": [17], "inviter_id": [17.0]}),
        },
    )
    points = {"visits": {"inviter_id": "customers.customer_id"}}
    found = traces_of(tmp_path / "x", pd.DataFrame({"customer_id": [17]}), references=points)
    assert found[["file", "what", "lines"]].values.tolist() == [
        ["orders.csv", "customer_id", 1],
        ["visits.csv", "inviter_id", 1],
    ]


def test_another_company_s_tables_too() -> None:
    about = described(find_data("beanline"))
    tables = {t.name: load(t.name, "beanline") for t in about.tables.values() if not t.truth}
    done = forget(tables, 3, references=references_of("beanline"))
    assert 3 not in set(done.tables["orders"]["customer_id"])
    assert problems(done.tables, about.tables).empty


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda t: forget({"orders": t["orders"]}, 1, references={}), "no table 'customers'"),
        (lambda t: forget(t, 999_999, references={}), "999999 not found"),
        (lambda t: forget(t, [], references={}), "nobody"),
        (
            lambda t: forget(t, 1, references={"orders": {"buyer": "customers.customer_id"}}),
            "buyer is missing",
        ),
        (lambda t: traces_of("/no/such/folder", t["customers"]), "is no folder"),
        (lambda t: traces_of(".", t["customers"].drop(columns="customer_id")), "customer_id"),
    ],
)
def test_what_is_wrong_is_said(tables, call, message: str) -> None:
    with pytest.raises(CrmkitError, match=message):
        call(tables)
