"""The tables about privacy: alike for a seed, believable, and as hard to tell apart as they say."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pytest

from crmkit.world import World, simulate
from crmkit.world.company import FOLDER, CompanyError
from crmkit.world.studies.privacy import ARMS, EVIDENCE

NAMES = ("consents", "open_extract", "club_members", "desk_notes", "leak_panel", "leak_weeks")


@pytest.fixture(scope="module", params=range(1, 6))
def world(request: pytest.FixtureRequest) -> World:
    return simulate(
        "fernwell", customers=400, seed=request.param, parts=["privacy"], progress=False
    )


def test_same_seed_same_tables_and_no_other_changes() -> None:
    made = {"customers": 60, "seed": 4, "progress": False}
    one, again = (simulate("fernwell", parts=["privacy"], **made) for _ in range(2))
    without = simulate("fernwell", parts=(), **made)
    for name in NAMES:
        assert one.tables[name].equals(again.tables[name])
        assert name not in without.tables
    for name, table in without.tables.items():
        assert table.equals(one.tables[name])


def test_the_extract_is_of_persons_and_says_nothing_wrong(world: World) -> None:
    extract = world.tables["open_extract"].merge(world.truth["open_extract"], on="extract_id")
    rows = extract.merge(world.tables["customers"], on="customer_id", suffixes=("", "_own"))
    assert (rows["kind"] == "person").all()
    assert (rows["postcode"] == rows["postcode_own"]).all()
    assert (rows["first_month"] == rows["customer_since"].dt.strftime("%Y-%m")).all()
    paid = world.tables["orders"].groupby("customer_id")["turnover"].sum()
    rich = rows["customer_id"].map(paid).round(2) >= 400
    assert (rich == (rows["turnover_band"] == "400 or more")).all()
    assert not (set(extract.columns) & {"name", "email", "phone"})
    # The number of the row says nothing about the number of the customer.
    assert abs(np.corrcoef(extract["extract_id"], extract["customer_id"])[0, 1]) < 0.2


def test_older_people_spend_more(world: World) -> None:
    extract = world.tables["open_extract"]
    much = extract["turnover_band"] == "400 or more"
    assert extract["birth_year"][much].mean() < extract["birth_year"][~much].mean() - 3


def test_the_club_holds_customers_and_strangers(world: World) -> None:
    club = world.tables["club_members"].merge(world.truth["club_members"], on="member_id")
    inside = club.dropna(subset="customer_id")
    assert 0.4 < len(inside) / len(club) < 0.7
    own = inside.merge(world.tables["customers"], on="customer_id", suffixes=("", "_own"))
    assert (own["name"] == own["name_own"]).all()
    extract = world.tables["open_extract"].merge(world.truth["open_extract"], on="extract_id")
    both = inside.merge(extract, on="customer_id", suffixes=("", "_x"))
    assert (both["birth_year"] == both["birth_year_x"]).all()


def test_consents_follow_one_another_and_the_flags_are_not_always_right(world: World) -> None:
    consents = world.tables["consents"].merge(
        world.tables["customers"][["customer_id", "customer_since", "newsletter_consent"]]
    )
    assert (consents["given_on"] >= consents["customer_since"]).all()
    gone = consents["withdrawn_on"].notna()
    assert (consents["withdrawn_on"] >= consents["given_on"])[gone].all()
    known = consents["evidence"] != "none"
    assert (consents["evidence"] == consents["how"].map(EVIDENCE))[known].all()
    letters = consents[consents["purpose"] == "newsletter"]
    says_yes = letters["newsletter_consent"]
    assert letters["withdrawn_on"][~says_yes].notna().all()
    assert 0.02 < letters["withdrawn_on"][says_yes].notna().mean() < 0.16
    assert 0.05 < (consents["evidence"] == "none").mean() < 0.18


def test_notes_speak_of_customers(world: World) -> None:
    notes = world.tables["desk_notes"].merge(world.truth["desk_notes"], on="note_id")
    rows = notes.merge(world.tables["customers"], on="customer_id")
    assert all(name in text for name, text in zip(rows["name"], rows["text"], strict=True))
    numbers = re.findall(r"\d{3,5} \d{3} ?\d{3,4}|\d{3} \d{4} \d{4}", " ".join(rows["text"]))
    assert set(numbers) <= set(world.tables["customers"]["phone"])


def test_weeks_add_up_and_the_leak_costs_what_the_truth_says(world: World) -> None:
    panel, weeks = world.tables["leak_panel"], world.tables["leak_weeks"]
    after = weeks[weeks["week"] >= "2026-02-02"].groupby("arm")["orders"].sum()
    assert after.equals(panel.groupby("arm")["orders_26w"].sum().rename("orders"))
    assert weeks["people"].unique().tolist() == [600]
    by_arm = panel.assign(trust=panel["trust_after"] - panel["trust_before"]).groupby("arm")
    mean, truth = by_arm[["trust", "margin_26w"]].mean(), world.truth["leak_panel"]
    for row in truth.itertuples():
        lost = mean.loc[row.arm] - mean.loc[ARMS[0]]
        assert abs(lost["trust"] - row.trust) < 0.15
        assert abs(lost["margin_26w"] - row.margin) < 10
    assert abs(panel.groupby("arm")["trust_before"].mean() - 6.4).max() < 0.25


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("turnover_bands = [100, 400]", "turnover_bands = [400, 100]", "turnover_bands must rise"),
        ("people = 1800\ntrust = 6.4", "people = 20\ntrust = 6.4", "30 at least"),
        ('"telephone" = 0.10, "old list"', '"letter" = 0.10, "old list"', "consent.how must name"),
        ('"female" = 0.52, ', "", "genders must name female, male"),
        ("for {name} ({reach})", "for them", "each must hold"),
    ],
)
def test_a_section_of_which_nothing_can_be_made(tmp_path, old: str, new: str, message: str) -> None:
    text = (FOLDER / "fernwell.toml").read_text(encoding="utf-8")
    assert old in text
    path = tmp_path / "mine.toml"
    path.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(CompanyError, match=message):
        simulate(path, customers=20, parts=["privacy"], progress=False)


def test_other_languages_have_such_tables_too() -> None:
    world = simulate(
        "fernwell", customers=60, seed=2, locale="zh_CN", parts=["privacy"], progress=False
    )
    assert isinstance(world.tables["club_members"], pd.DataFrame)
    assert len(world.tables["open_extract"]) > 40
