"""The tables of partner shops: believable on a class's seeds, and with the traps that they are made for."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from crmkit.companies import shipped
from crmkit.data.catalogue import partners
from crmkit.world import World, simulate
from crmkit.world.company import FOLDER, CompanyError

TABLES = partners.tables(shipped("fernwell"))


def made(seed: int, customers: int = 20) -> World:
    return simulate("fernwell", customers, seed, parts=["partners"], progress=False)


@pytest.fixture(scope="module", params=range(1, 9))
def world(request: pytest.FixtureRequest) -> World:
    return made(request.param)


def moved(world: World) -> pd.Series:
    """By how much the mean satisfaction of each shop moved, by way and shop."""
    table = world.tables["partner_quarters"]
    after = table.assign(after=table["quarter"] >= partners.BEGIN)
    means = after.pivot_table(index=["way", "partner"], columns="after", values="satisfaction")
    return means[True] - means[False]


def test_same_seed_same_tables_whatever_else_is_made() -> None:
    one, again, other = made(4), made(4, 30), made(5)
    for table in TABLES:
        pick = (lambda w: w.truth) if table.truth else (lambda w: w.tables)
        assert pick(one)[table.name].equals(pick(again)[table.name])
        assert not pick(one)[table.name].equals(pick(other)[table.name])


def test_each_shop_has_each_quarter_and_one_way(world: World) -> None:
    table = world.tables["partner_quarters"]
    assert (table.groupby("partner")["quarter"].nunique() == partners.QUARTERS).all()
    ways = table.drop_duplicates("partner")["way"].value_counts()
    assert table.groupby("partner")["way"].nunique().eq(1).all()
    assert ways.to_dict() == dict.fromkeys(partners.WAYS, 20)
    assert len(table.to_csv(index=False)) < 40_000


def test_before_the_ways_part_the_shops_are_alike(world: World) -> None:
    table = world.tables["partner_quarters"].query("quarter < 5")
    means = table.groupby(["way", "partner"])["satisfaction"].mean().groupby("way")
    gap = means.mean() - means.mean()["as before"]
    assert gap.abs().max() < 4 * means.std().max() * np.sqrt(2 / 20)
    listens = table[table["way"] == "listens"]
    assert listens["answers"].mean() < 10
    assert listens["changes"].mean() < 1


def test_sixty_shops_show_what_two_hide(world: World) -> None:
    change = moved(world)
    by = change.groupby("way")
    gap = by.mean() - by.mean()["as before"]
    se = np.sqrt(by.var() / 20 + by.var()["as before"] / 20)
    assert gap["listens"] / se["listens"] > 2
    assert gap["expands"] / se["expands"] < -2
    pairs = change["listens"].to_numpy()[:, None] - change["as before"].to_numpy()
    assert 0.02 < (pairs < 0).mean() < 0.4
    truth = world.truth["partner_effects"][["listens", "expands"]].mean()
    picked = change["listens"].max() - change["expands"].min()
    assert picked > 1.4 * (truth["listens"] - truth["expands"])


def test_a_larger_floor_sells_at_first(world: World) -> None:
    table = world.tables["partner_quarters"]
    table["log"] = np.log(table["turnover"])
    before = table[table["quarter"] < 5].groupby("partner")["log"].mean()
    table["change"] = table["log"] - table["partner"].map(before)
    path = table.groupby(["quarter", "way"])["change"].mean().unstack()
    gain = path["expands"] - path["as before"]
    assert gain[5] > 0.05
    assert gain[8] < gain[5] - 0.1
    floor = table[table["way"] == "expands"].groupby("quarter")["area"].mean()
    assert 1.28 < floor[5] / floor[4] < 1.32


def test_the_truth_is_what_the_file_says(world: World) -> None:
    truth = world.truth["partner_effects"]
    own = world.params["partners"]["satisfaction"]
    assert truth["listens"].mean() == pytest.approx(own["listens"], abs=0.1)
    assert truth["expands"].mean() == pytest.approx(own["expands"], abs=0.1)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('"Yewdale"]', '"Abbotsley"]', "towns"),
        ("expands = [0.12, 0.08, 0.00, -0.06]", "expands = [0.12]", "expands: 4 numbers"),
        ("season = [-0.16, 0.14, 0.06, -0.04]", "season = [0.1]", "season"),
    ],
)
def test_a_file_that_makes_no_world_is_refused(tmp_path, old: str, new: str, said: str) -> None:
    text = (FOLDER / "fernwell.toml").read_text(encoding="utf-8")
    assert old in text
    own = tmp_path / "own.toml"
    own.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(CompanyError, match=said):
        simulate(str(own), 20, 1, parts=["partners"], progress=False)
