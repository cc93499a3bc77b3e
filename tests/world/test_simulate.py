"""A world holds together: sums agree, dates agree, streams are independent, bad requests get a clear answer."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

from crmkit.companies import shipped
from crmkit.data.catalogue import catalogue
from crmkit.data.validate import problems
from crmkit.errors import CrmkitError
from crmkit.world import World, companies, simulate

module = sys.modules["crmkit.world.simulate"]


def full(world: World) -> dict[str, pd.DataFrame]:
    return world.tables | {f"truth/{name}": frame for name, frame in world.truth.items()}


def test_every_table_of_the_catalogue_is_built_and_valid(fernwell: World) -> None:
    assert set(full(fernwell)) == set(catalogue(shipped("fernwell")))
    assert [name for name, frame in full(fernwell).items() if frame.empty] == []
    found = problems(full(fernwell))
    assert found.empty, found.to_string()


@pytest.mark.parametrize("customers", [1, 2, 37])
def test_small_worlds_are_valid_too(customers: int) -> None:
    world = simulate(customers=customers, seed=customers, parts=(), progress=False)
    found = problems(full(world))
    assert found.empty, found.to_string()
    assert world.tables["orders"]["customer_id"].nunique() == customers


def test_same_seed_same_tables_other_seed_others() -> None:
    one, same, other = (simulate(customers=300, seed=s, progress=False) for s in (5, 5, 6))
    for name, frame in full(one).items():
        assert_frame_equal(frame, full(same)[name])
    assert not one.tables["orders"].equals(other.tables["orders"])
    assert one.tables["products"].equals(other.tables["products"])


def test_a_table_left_out_changes_no_other() -> None:
    every, core = (
        simulate(customers=300, seed=5, parts=parts, progress=False) for parts in (None, ())
    )
    assert len(core.tables) < len(every.tables)
    for name, frame in full(core).items():
        assert_frame_equal(frame, full(every)[name])


def test_the_locale_changes_names_and_nothing_else() -> None:
    british, chinese = (
        simulate(customers=300, seed=5, locale=locale, parts=(), progress=False)
        for locale in ("en_GB", "zh_CN")
    )
    assert_frame_equal(british.tables["orders"], chinese.tables["orders"])
    assert_frame_equal(british.truth["customers"], chinese.truth["customers"])
    assert chinese.tables["customers"]["name"].str.contains("[\u4e00-\u9fff]").all()
    same = british.tables["customers"]["name"] == chinese.tables["customers"]["name"]
    assert not same.any()


def test_lines_add_up_to_orders(fernwell: World) -> None:
    lines = fernwell.tables["order_lines"]
    orders = fernwell.tables["orders"].set_index("order_id")
    sums = lines.groupby("order_id")[["discount", "turnover", "margin"]].sum()
    assert (sums - orders[["discount", "turnover", "margin"]]).abs().max().max() < 0.005
    cost = fernwell.tables["products"].set_index("product_id")["unit_cost"]
    kept = lines[~lines["returned"]]
    assert np.allclose(kept["turnover"], kept["quantity"] * kept["unit_price"] - kept["discount"])
    goods = kept["quantity"] * kept["product_id"].map(cost)
    assert np.allclose(kept["margin"], kept["turnover"] - goods)
    back = lines[lines["returned"]]
    assert (back["turnover"] == 0).all()
    assert (back["margin"] < 0).all()


def test_lines_are_numbered_from_one_without_gaps(fernwell: World) -> None:
    lines = fernwell.tables["order_lines"]
    assert (lines.groupby("order_id")["line"].min() == 1).all()
    assert (lines.groupby("order_id")["line"].max() == lines.groupby("order_id").size()).all()
    assert lines["order_id"].is_monotonic_increasing


def test_orders_are_numbered_by_date_and_begin_on_the_day_of_joining(fernwell: World) -> None:
    orders, customers = fernwell.tables["orders"], fernwell.tables["customers"]
    assert orders["order_date"].is_monotonic_increasing
    first = orders.groupby("customer_id")["order_date"].min()
    assert (first == customers.set_index("customer_id")["customer_since"]).all()
    assert customers["customer_since"].is_monotonic_increasing
    assert orders["order_date"].between("2023-01-01", "2025-12-31").all()
    closed = orders["order_date"].dt.strftime("%m-%d").isin(["12-25", "01-01"])
    assert not closed.any()


def test_the_call_centre_is_closed_on_sundays(fernwell: World) -> None:
    orders = fernwell.tables["orders"]
    sundays = orders[orders["order_date"].dt.day_of_week == 6]
    assert len(sundays) > 100
    assert not (sundays["channel"] == "call centre").any()


def test_spells_follow_each_other_without_a_gap(fernwell: World) -> None:
    spells = fernwell.truth["sleep_states"]
    by = spells.groupby("customer_id")
    following = by["from_date"].shift(-1)
    inner = following.notna()
    assert (following[inner] == spells["to_date"][inner] + pd.Timedelta(days=1)).all()
    since = fernwell.tables["customers"].set_index("customer_id")["customer_since"]
    assert (by["from_date"].min() == since).all()
    assert (by["to_date"].max() == pd.Timestamp("2025-12-31")).all()
    # A step deeper, or awake again; never two spells of the same state.
    deeper = {
        "awake": ["drowsy"],
        "drowsy": ["half-asleep", "awake"],
        "half-asleep": ["asleep", "awake"],
        "asleep": ["awake"],
    }
    after = by["state"].shift(-1)
    for state, allowed in deeper.items():
        assert set(after[(spells["state"] == state) & inner]) == set(allowed)


def test_nobody_buys_without_a_must_have_or_above_the_budget(fernwell: World) -> None:
    lines = fernwell.tables["order_lines"].merge(
        fernwell.tables["orders"][["order_id", "customer_id"]]
    )
    products = fernwell.tables["products"].fillna({"features": ""})
    bought = lines.merge(products, on="product_id").merge(fernwell.truth["customers"])
    assert (bought["price"] <= bought["budget"]).all()
    offered = products.groupby("category")["features"].agg(
        lambda texts: set(";".join(texts).split(";"))
    )
    musts = bought["must_haves"].fillna("").map(lambda text: set(text.split(";")) - {""})
    needed = [
        must & offered[category] for must, category in zip(musts, bought["category"], strict=True)
    ]
    has = bought["features"].map(lambda text: set(text.split(";")))
    assert sum(map(bool, needed)) > 1000
    assert all(need <= have for need, have in zip(needed, has, strict=True))


def test_a_person_is_in_up_to_three_systems_under_slightly_different_spellings(
    fernwell: World,
) -> None:
    records = fernwell.tables["channel_records"].merge(fernwell.truth["record_owners"])
    joined = records.merge(fernwell.tables["customers"], on="customer_id", suffixes=("", "_true"))
    assert records.groupby("customer_id").size().value_counts().index.isin([1, 2, 3]).all()
    assert not records.duplicated(["customer_id", "system"]).any()
    same = (joined["name"] == joined["name_true"]).mean()
    assert 0.6 < same < 0.85
    order_systems = fernwell.tables["orders"][["customer_id", "channel"]].drop_duplicates()
    wanted = order_systems[order_systems["channel"] != "call centre"]
    there = set(zip(records["customer_id"], records["system"], strict=True))
    assert set(zip(wanted["customer_id"], wanted["channel"], strict=True)) <= there


FICTION = {
    "en_GB": r"(07700 900|01632 960|01[1-5]\d 496 0|0161 496 0|020 7946 0|0191 498 0|028 9649 6|029 2018 0)\d{3}",
    "de_DE": r"(030 23125|040 66969|069 90009|0221 4710|089 99998)\d{3}",
    "zh_CN": r"\+999 \d{4} \d{4}",
}


@pytest.mark.parametrize("locale", FICTION)
def test_nobody_real_can_be_reached(locale: str) -> None:
    world = simulate(customers=3000, seed=2, locale=locale, parts=("records",), progress=False)
    for name in ("customers", "channel_records"):
        frame = world.tables[name]
        assert (
            frame["phone"]
            .dropna()
            .map(lambda phone: bool(re.fullmatch(FICTION[locale], phone)))
            .all()
        )
        assert frame["email"].dropna().str.fullmatch(r"[a-z.]+\d+@example\.org").all()
    assert world.tables["customers"]["email"].dropna().is_unique
    assert world.tables["customers"]["phone"].dropna().is_unique


def test_numbers_repeat_only_when_the_fiction_ranges_are_used_up() -> None:
    world = simulate(customers=20_000, seed=2, parts=(), progress=False)
    assert world.tables["customers"]["phone"].nunique() < 20_000


def test_shipped_locales_need_no_faker() -> None:
    code = (
        "import sys; sys.modules['faker'] = None\n"
        "from crmkit.world import simulate\n"
        "for locale in ('en_GB', 'de_DE', 'zh_CN'): simulate(customers=50, locale=locale, parts=())\n"
        "from crmkit.errors import CrmkitError\n"
        "try: simulate(customers=50, locale='fr_FR')\n"
        "except CrmkitError as error: assert 'faker' in str(error) and 'de_DE, en_GB, zh_CN' in str(error)\n"
        "else: raise SystemExit('fr_FR came from nowhere')\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("locale", ["fr_FR", "ja_JP", "en_US", "pt_BR", "ar_SA"])
def test_other_locales_come_from_faker(locale: str) -> None:
    pytest.importorskip("faker")
    world = simulate(customers=200, seed=2, locale=locale, parts=(), progress=False)
    assert problems(full(world)).empty
    assert world.tables["customers"]["name"].nunique() > 100


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (
            {"company": "nosuch"},
            "Those that ship: beanline, brennick, fernwell, strumwell, tarnwald",
        ),
        ({"company": "no/such.toml"}, "There is no company"),
        ({"locale": "xx_XX"}, "There is no locale 'xx_XX'"),
        ({"customers": 0}, "at least 1, not 0"),
        ({"customers": 2.5}, "whole number"),
        ({"seed": -1}, "at least 0, not -1"),
        ({"parts": ["nosuch"]}, "No part 'nosuch'"),
        ({"company": "beanline", "parts": ["brand"]}, "needs a section [brand]"),
    ],
)
def test_bad_requests_get_a_clear_answer(arguments: dict, words: str) -> None:
    with pytest.raises(CrmkitError, match=re.escape(words)):
        simulate(**{"customers": 10, **arguments})


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("[sleep]", "[slep]", "lacks the section sleep"),
        ("[sleep]", "[sleep", "not a valid TOML file"),
        ("cost = 8.10", "cost = 18.10", "costs 18.1 but sells for 14.9"),
        ('category = "paint"', 'category = "pants"', "Categories paint, pants"),
        ("one_off_wake = 0.04", "", "lacks the parameter 'one_off_wake'"),
        ("months = [0.82, ", "months = [", "[rhythm] months must be 12 numbers"),
        (
            "weekdays_person = [0.80",
            "weekdays_person = [-0.80",
            "weekdays_person must be 7 numbers",
        ),
        ("months = [0.82", "mons = [0.82", "lacks the parameter 'months'"),
        ('role = "visited"', 'role = "strolled"', "role = 'strolled' is none of visited, online"),
        ('"web" = { role', '"market" = { role', "[records] no_email must name shop, market, app"),
        (
            "start = 2023-01-01",
            "start = 2026-01-01",
            "start must be a 1 January and end a 31 December",
        ),
        ("end = 2025-12-31", "end = 2025-11-30", "count in whole calendar years"),
        ('currency = "GBP"', 'currency = "SEK"', "How is SEK written?"),
        ("end = 2025-12-31", "end = 2024-12-31", "trial_start = 2025-05-01 lies outside"),
        (
            "trial_start = 2025-05-01",
            "trial_start = 2022-05-01",
            "[touchpoints] trial_start = 2022-05-01 lies outside",
        ),
        ("spring_date = 2025", "spring_date = 2026", "[campaigns] spring_date = 2026-03-03 lies"),
        ("first_monday = 2024-01-01", "first_monday = 2024-01-02", "is no Monday"),
        ("test_date = 2026-01-01", "test_date = 2025-01-01", "in the year after the data"),
        ('affordable = ["cost"', 'cheap = ["cost"', "[mix.needs] must name 'affordable'"),
        (
            "quality = 0.2, kit = 0.2, staff",
            "quality = 0.2, stuff",
            "[mix.effects] fit names stuff",
        ),
        ('trial_channel = "web"', 'trial_channel = "net"', "trial_channel names net; there are"),
        ("picture = 0.5", "painting = 0.5", "[shop.often] must name painting, shelf"),
        ('call = "personal call"', 'call = "visit"', "[campaigns] call names visit; there are"),
        ("turn = 2024-12-30", 'turn = "soon"', "'soon' is no day such as"),
        (
            'trade = "orders"',
            'trade = "barter"',
            "is none of orders, stays, contracts, projects, sessions",
        ),
        ('trade = "orders"', 'trade = "stays"', "lacks the sections stays, accounts, complaints"),
    ],
)
def test_faults_in_a_company_file_are_named(old: str, new: str, words: str, tmp_path: Path) -> None:
    text = (Path(module.__file__).parent / "companies" / "fernwell.toml").read_text(
        encoding="utf-8"
    )
    assert old in text
    path = tmp_path / "mine.toml"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(CrmkitError, match=re.escape(words)):
        simulate(path, customers=20, parts=(), progress=False)


def test_a_company_file_of_ones_own(tmp_path: Path) -> None:
    text = (Path(module.__file__).parent / "companies" / "beanline.toml").read_text(
        encoding="utf-8"
    )
    path = tmp_path / "mine.toml"
    path.write_text(text.replace("rate = 14.0", "rate = 28.0"), encoding="utf-8")
    mine, shipped = (simulate(c, customers=500, seed=3, progress=False) for c in (path, "beanline"))
    assert mine.company == "mine"
    assert len(mine.tables["orders"]) > 1.4 * len(shipped.tables["orders"])


def test_every_company_that_ships_is_valid() -> None:
    assert companies() == ["beanline", "brennick", "fernwell", "strumwell", "tarnwald"]
    for company in companies():
        world = simulate(company, customers=400, seed=4, progress=False)
        found = problems(full(world), catalogue(shipped(company)))
        assert found.empty, found.to_string()


def test_a_bar_appears_after_two_seconds_only(monkeypatch, capsys) -> None:
    simulate(customers=20, parts=())
    assert capsys.readouterr().err == ""
    clock = iter(range(0, 10_000))
    monkeypatch.setattr("crmkit.world.core.progress.time.monotonic", lambda: float(next(clock)))
    simulate(customers=20, parts=())
    shown = capsys.readouterr().err
    assert "orders" in shown
    assert "100%" in shown
    assert shown.endswith("\n")
