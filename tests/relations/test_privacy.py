"""Consent, minimising, anonymity, links and the leak: by hand, by published tables, and against the world's truth."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from benchmarks._coverage import entries, measure
from crmkit.errors import CrmkitError
from crmkit.relations import (
    cost_of_leak,
    count_reasons,
    generalise,
    k_anonymity,
    l_diversity,
    link_files,
    link_rates,
    match_risk,
    may_use,
    minimise,
    trend_by_year,
    what_is_lost,
)
from crmkit.relations.privacy_explorers import coarse_extract
from crmkit.world import World, simulate


@pytest.fixture(scope="module", params=[1, 2])
def world(request: pytest.FixtureRequest) -> World:
    return simulate(
        "fernwell", customers=500, seed=request.param, parts=["privacy"], progress=False
    )


def sweeney() -> pd.DataFrame:
    """Sweeney (2002), figure 2: k = 2 over race, birth, gender, ZIP; twelve rows... the first eleven."""
    rows = [
        ("Black", 1965, "m", "0214", "short breath"),
        ("Black", 1965, "m", "0214", "chest pain"),
        ("Black", 1965, "f", "0213", "hypertension"),
        ("Black", 1965, "f", "0213", "hypertension"),
        ("Black", 1964, "f", "0213", "obesity"),
        ("Black", 1964, "f", "0213", "chest pain"),
        ("White", 1964, "m", "0213", "chest pain"),
        ("White", 1964, "m", "0213", "obesity"),
        ("White", 1964, "m", "0213", "short breath"),
        ("White", 1967, "m", "0213", "chest pain"),
        ("White", 1967, "m", "0213", "chest pain"),
    ]
    return pd.DataFrame(rows, columns=["race", "birth", "gender", "zip", "problem"])


QUASI = ["race", "birth", "gender", "zip"]


def test_k_of_the_published_example() -> None:
    found = k_anonymity(sweeney(), QUASI)
    assert found["k"] == 2
    assert found["classes"] == 5
    assert found["unique"] == 0
    assert found["share_below"] == 1.0
    known = l_diversity(sweeney(), QUASI, "problem")
    # Two classes hold one problem only: k hides who, and not what.
    assert known["l"] == 1
    assert known["share_known"] == pytest.approx(4 / 11)


def test_missing_values_are_a_value_of_their_own() -> None:
    table = pd.DataFrame({"area": ["N", None, None, "S"], "year": [1950.0, np.nan, np.nan, 1950.0]})
    found = k_anonymity(table, ["area", "year"])
    assert found["unique"] == 2
    assert found["k"] == 1


def test_consent_counts_from_its_day_until_it_is_withdrawn() -> None:
    register = pd.DataFrame(
        {
            "customer_id": [1],
            "purpose": ["analysis"],
            "given_on": ["2025-03-01"],
            "evidence": ["log entry"],
            "withdrawn_on": ["2025-09-01"],
        }
    )
    days = {
        "2025-02-28": "agreed later",
        "2025-03-01": "may be used",
        "2025-08-31": "may be used",
        "2025-09-01": "withdrawn",
    }
    for day, reason in days.items():
        assert may_use(register, "analysis", day)["reason"].tolist() == [reason]
    bare = register.assign(evidence="none", withdrawn_on=None)
    assert not may_use(bare, "analysis", "2025-04-01")["may_use"].any()
    assert may_use(bare, "analysis", "2025-04-01", evidence=False)["may_use"].all()


def test_reasons_add_up_in_the_world(world: World) -> None:
    consents = world.tables["consents"]
    whose = world.truth["open_extract"]["customer_id"]
    found = may_use(consents, "sharing", "2025-12-31", whose)
    assert len(found) == len(whose)
    counts = count_reasons(found)
    assert counts["customers"].sum() == len(whose)
    yes = consents[(consents["purpose"] == "sharing") & consents["withdrawn_on"].isna()]
    assert found["may_use"].sum() == (yes["evidence"] != "none").sum()
    assert ((counts["low"] < counts["share"]) & (counts["share"] < counts["high"])).all()


def test_minimise_keeps_what_is_needed(world: World) -> None:
    table, left = minimise(world.tables["customers"], "newsletter")
    assert table.columns.tolist() == ["customer_id", "email"]
    assert left["column"].tolist() == [c for c in world.tables["customers"] if c not in table]
    assert left.set_index("column").loc["street", "values"] == len(table)


def test_coarser_columns_make_larger_classes(world: World) -> None:
    extract = world.tables["open_extract"]
    on = ["postcode", "birth_year"]
    unique = [
        k_anonymity(
            generalise(extract, years={"birth_year": y}, characters={"postcode": c}).table, on
        )["share_unique"]
        for y, c in ((1, 7), (5, 2), (10, 1), (20, 0))
    ]
    assert unique == sorted(unique, reverse=True)
    assert unique[0] > 0.8
    table, out = generalise(extract, years={"birth_year": 10}, characters={"postcode": 1}, k=5)
    assert k_anonymity(table, on)["k"] >= 5
    assert len(table) + out == len(extract)


def test_links_are_right_where_rows_are_unique(world: World) -> None:
    on = ["postcode", "birth_year"]
    extract, club = world.tables["open_extract"], world.tables["club_members"]
    truth = world.truth["open_extract"], world.truth["club_members"]
    links = link_files(extract, club, on)
    rates = link_rates(links, *truth)
    assert links["extract_id"].is_unique
    assert links["member_id"].is_unique
    assert rates["found"] > 0.7
    assert rates["share_right"] > 0.8
    assert rates["right"] + rates["wrong"] == rates["linked"]


def test_links_by_hand() -> None:
    extract = pd.DataFrame({"extract_id": [1, 2, 3, 4], "a": ["x", "y", "y", None]})
    club = pd.DataFrame({"member_id": [1, 2, 3], "a": ["x", "y", None]})
    # Two rows fit y, and what is missing fits nobody.
    assert link_files(extract, club, ["a"]).values.tolist() == [[1, 1]]


def test_the_risk_of_a_match_is_found_without_the_truth(world: World) -> None:
    """A sample of half of the rows: the share of unique matches that are right in all."""
    rows = world.tables["open_extract"].assign(area=lambda t: t["postcode"].str[:1])
    on = ["area", "birth_year"]
    some = rows.sample(frac=0.5, random_state=1)
    found = match_risk(some, on, 0.5)
    alone = some[~some.duplicated(on, keep=False)]
    whole = rows.groupby(on).size()
    right = 1 / whole.reindex(pd.MultiIndex.from_frame(alone[on])).to_numpy()
    assert found["low"] < len(right) / (1 / right).sum() < found["high"]


def test_trend_is_the_line_of_least_squares() -> None:
    rng = np.random.default_rng(3)
    table = pd.DataFrame({"birth_year": rng.integers(1940, 2000, 300)})
    table["y"] = 0.01 * (2000 - table["birth_year"]) + rng.normal(size=300)
    slope = np.polyfit(-table["birth_year"] / 10, table["y"], 1)[0]
    assert trend_by_year(table, "y")["estimate"] == pytest.approx(slope)
    coarse = generalise(table, years={"birth_year": 10}).table
    lost = what_is_lost(table, coarse, "y").set_index("version")
    assert lost.loc["after", "kept"] > 0.9
    assert np.isnan(trend_by_year(table.assign(birth_year=1950), "y")["estimate"])


@pytest.mark.parametrize("width", [10, 20, 50])
def test_a_band_keeps_the_squared_correlation_with_the_years(width: int) -> None:
    # Wide bands stretch the line, and the smaller standard error alone would say that nothing is lost.
    rng = np.random.default_rng(3)
    table = pd.DataFrame({"birth_year": rng.integers(1940, 2000, 20_000)})
    table["y"] = 0.01 * (2000 - table["birth_year"]) + rng.normal(size=len(table))
    coarse = generalise(table, years={"birth_year": width}).table
    both = np.corrcoef(table["birth_year"], coarse["birth_year"])[0, 1]
    assert what_is_lost(table, coarse, "y")["kept"].iloc[1] == pytest.approx(both**2, abs=0.03)
    with pytest.raises(CrmkitError, match="same index"):
        what_is_lost(table.iloc[:200], coarse, "y")


def test_a_leak_costs_what_the_truth_says(world: World) -> None:
    truth = world.truth["leak_panel"].set_index("arm")
    found = cost_of_leak(world.tables["leak_panel"], 1000, letter_cost=1).set_index("arm")
    for arm in truth.index:
        row = found.loc[arm]
        assert row["trust_low"] < truth.loc[arm, "trust"] < row["trust_high"]
        assert row["margin_low"] < truth.loc[arm, "margin"] < row["margin_high"]
        assert row["cost"] == pytest.approx(1000 * (1 - row["margin"]))
        assert row["low"] < row["cost"] < row["high"]


def test_the_explorer_s_numbers_are_those_of_the_functions(world: World) -> None:
    extract, club = world.tables["open_extract"], world.tables["club_members"]
    much = extract["turnover_band"] == "400 or more"
    table = extract.assign(_much=much)
    truth = world.truth["open_extract"], world.truth["club_members"]
    found = coarse_extract(table, club, *truth, "_much", years=1, characters=7)
    on = ["postcode", "birth_year"]
    assert found.found == link_rates(link_files(extract, club, on), *truth)["found"]
    assert found.kept == 1
    none = coarse_extract(table, club, *truth, "_much", years=1, characters=7, k=200)
    assert (none.suppressed, none.found) == (len(extract), 0)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda t: may_use(t["consents"], "profiling", "2025-01-01"), "nobody was asked about"),
        (lambda t: may_use(pd.concat([t["consents"]] * 2), "analysis", "2025-01-01"), "repeat"),
        (lambda t: minimise(t["customers"], "profiling"), "which columns"),
        (lambda t: minimise(t["orders"], "newsletter"), "email is missing"),
        (lambda t: k_anonymity(t["orders"].head(0), ["channel"]), "no rows"),
        (lambda t: generalise(t["open_extract"], years={"birth_year": 0}), "birth_year"),
        (lambda t: generalise(t["open_extract"], characters={"postcode": -1}), "from 0"),
        (
            lambda t: generalise(
                t["open_extract"], years={"birth_year": 5}, drop=["birth_year"], k=2
            ),
            "birth_year is missing",
        ),
        (lambda t: link_files(t["open_extract"], t["club_members"], []), "one column at least"),
        (lambda t: match_risk(t["open_extract"], ["gender"], 1.5), "share"),
        (lambda t: cost_of_leak(t["leak_panel"].query("arm != 'not affected'")), "control group"),
    ],
)
def test_what_is_wrong_is_said(world: World, call, message: str) -> None:
    with pytest.raises(CrmkitError, match=message):
        call(world.tables)


@pytest.mark.parametrize(
    "entry",
    [
        e
        for e in entries(["relations"])
        if e.function.split(".")[-1]
        in {
            "k_anonymity",
            "match_risk",
            "trend_by_year",
            "link_rates",
            "cost_of_leak",
            "count_reasons",
        }
    ],
    ids=lambda entry: entry.function,
)
def test_intervals_hold_the_truth(entry) -> None:
    assert 0.86 <= measure(entry, entry.sizes[0], 60).coverage <= 1
