"""Messages, feedback and the net: believable on a class's seeds, and chance decided where it is said."""

from __future__ import annotations

import re

import numpy as np
import pytest

from crmkit.companies import shipped
from crmkit.data.catalogue import messages
from crmkit.reactivation import randomisation_check
from crmkit.world import World, simulate
from crmkit.world.company import FOLDER, CompanyError
from crmkit.world.studies.messages import pair

TABLES = messages.tables(shipped("fernwell"))


@pytest.fixture(scope="module", params=range(1, 6))
def world(request: pytest.FixtureRequest) -> World:
    return simulate(
        "fernwell", customers=20, seed=request.param, parts=["messages"], progress=False
    )


def test_same_seed_same_tables_whatever_else_is_made() -> None:
    one, again, other = (
        simulate("fernwell", customers=n, seed=seed, parts=["messages"], progress=False)
        for n, seed in ((20, 4), (30, 4), (20, 5))
    )
    for table in TABLES:
        stored = [w.truth if table.truth else w.tables for w in (one, again, other)]
        assert stored[0][table.name].equals(stored[1][table.name])
        if table.full_name != "truth/message_frequency":  # parameters only: no chance in it
            assert not stored[0][table.name].equals(stored[2][table.name])


def test_chance_decides_the_arm_in_every_wave(world: World) -> None:
    waves = world.tables["message_waves"]
    for _, one in waves.groupby("wave"):
        sizes = one["arm"].value_counts()
        assert sizes.max() - sizes.min() <= 1
    truth = world.truth["message_readers"]
    both = waves.merge(truth, on="reader_id")
    found = randomisation_check(both, ["bought_none", "liking_paint"], alpha=0.001)
    assert (found["verdict"] == "as chance would have it").all()


def test_who_has_left_gets_no_further_wave_and_no_message_no_product(world: World) -> None:
    waves = world.tables["message_waves"]
    left = waves[waves["unsubscribed"]].set_index("reader_id")["wave"]
    later = waves["wave"] > waves["reader_id"].map(left)
    assert not later.any()
    none = waves["arm"] == "no message"
    assert (waves["product_id"].isna() == none).all()
    assert not (waves["opened"] | waves["unsubscribed"])[none].any()
    assert (waves["visited"] | ~waves["bought"]).all()
    assert ((waves["margin_14d"] > 0) == waves["bought"]).mean() > 0.999  # a penny may round to 0
    for_all = waves[waves["arm"] == "one for all"].groupby("wave")["product_id"].nunique()
    assert (for_all == 1).all()


def test_the_fit_moves_buying_and_leaving(world: World) -> None:
    truth, waves = world.truth["message_readers"].mean(), world.tables["message_waves"]
    assert truth["bought_matched"] > truth["bought_none"] + 0.06
    assert abs(truth["bought_random"] - truth["bought_all"]) < 0.015
    assert truth["leaves_matched"] < 0.5 * min(truth["leaves_all"], truth["leaves_random"])
    seen = waves.groupby("arm")[["bought", "unsubscribed"]].mean()
    for arm, name in (("matched", "matched"), ("random", "random"), ("one for all", "all")):
        assert abs(seen.loc[arm, "bought"] - truth[f"bought_{name}"]) < 0.035
        assert abs(seen.loc[arm, "unsubscribed"] - truth[f"leaves_{name}"]) < 0.012


def test_liking_is_a_share_and_shows_in_the_history(world: World) -> None:
    truth = world.truth["message_readers"].set_index("reader_id")
    liking = truth.filter(like="liking_")
    assert np.allclose(liking.sum(axis=1), 1, atol=0.005)
    products = world.tables["products"].set_index("product_id")["category"]
    bought = world.tables["message_purchases"]
    name = bought["product_id"].map(products).map(messages.liking_column)
    rows, columns = liking.index.get_indexer(bought["reader_id"]), liking.columns.get_indexer(name)
    assert liking.to_numpy()[rows, columns].mean() > 2 * liking.to_numpy().mean()


def test_more_messages_drive_away_more(world: World) -> None:
    seen = world.tables["message_frequency"]
    gone = seen.groupby(["arm", "messages_month"])["unsubscribed"].mean()
    for arm in ("matched", "one for all"):
        assert gone[arm].is_monotonic_increasing
    assert gone["matched", 8] < gone["one for all", 8] - 0.2
    truth = world.truth["message_frequency"].set_index(["arm", "messages_month"])["margin_more"]
    assert truth["matched", 8] < truth["matched", 4] * 1.1  # twice the messages, hardly more


def test_a_report_moves_and_a_reply_hardly(world: World) -> None:
    truth = world.truth["feedback_trial"].mean()
    for name, least in (("again", 0.10), ("bought", 0.08), ("likes", 0.15)):
        assert truth[f"{name}_report"] - truth[f"{name}_none"] > least
        assert truth[f"{name}_reply"] - truth[f"{name}_none"] < 0.06
    trial = world.tables["feedback_trial"]
    answered = trial["survey"].notna().groupby(trial["arm"]).mean()
    assert 0.4 < answered["none"] < answered["report"] < 0.85


def test_the_net_has_people_of_each_kind_and_no_pair_twice(world: World) -> None:
    people, links = world.tables["net_people"], world.tables["net_links"]
    assert set(people["kind"]) == set(messages.KINDS)
    assert (links["person_id"] < links["knows_id"]).all()
    assert len(links) > 60
    assert pair("supplier", "customer") == "customer-supplier"


def test_tables_stay_small(world: World) -> None:
    names = [table.name for table in TABLES if not table.truth]
    assert sum(len(world.tables[name].to_csv(index=False)) for name in names) < 500_000


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("waves = 5 ", "waves = 99 ", "another product"),
        ("readers = 2700", "readers = 5", "one at least for each arm"),
        ("months = [1, 2, 4, 8]", "months = [0, 2]", "one message a month"),
        ("supplier = 6, staff = 6", "supplier = 6, friend = 6", "people must name"),
        ('"staff-staff" = 0.90', '"staff-others" = 0.90', "links must name"),
        ("matched = 17.0 }", "fitted = 17.0 }", "most must name"),
    ],
)
def test_a_test_that_cannot_be_is_refused(tmp_path, old: str, new: str, said: str) -> None:
    text = (FOLDER / "fernwell.toml").read_text(encoding="utf-8")
    assert text.count(old) == 1
    own = tmp_path / "own.toml"
    own.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(CompanyError, match=re.escape(said)):
        simulate(own, customers=20, parts=[], progress=False)
