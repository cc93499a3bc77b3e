"""Each kind of trade gives the common tables, and its own; no process knows a company."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import crmkit.world.processes as processes
from crmkit.companies import company, from_params
from crmkit.data.catalogue import catalogue
from crmkit.data.load import load
from crmkit.data.validate import problems
from crmkit.errors import CrmkitError
from crmkit.value import customer_profit, top_share
from crmkit.world import World, companies, simulate, write

#: What a company of each trade says beside Beanline's people, needs, sleep, rhythm, service and engagement.
TRADES = {
    "stays": """
[stays]
guests = 600
nights = 2.2
business_nights = 1.4
lead_days = 25
business_lead_days = 8
discount = 0.10
commission = 0.15
first_by_agent = 0.2
by_contract = 0.9
contract_discount = [0.1, 0.2]
season = [0.8, 0.8, 0.9, 1.0, 1.1, 1.2, 1.3, 1.3, 1.1, 1.0, 0.9, 1.0]
weekdays = [0.9, 0.9, 0.9, 1.0, 1.1, 1.1, 0.9]
[stays.rooms]
"single" = { price = 79, cost = 31, quality = 2, number = 6 }
"double" = { price = 119, cost = 44, quality = 3, number = 8 }
"suite" = { price = 239, cost = 92, quality = 5, number = 2 }
[stays.reviews]
mean = 8
room = 0.3
people = 0.8
luck = 0.9
trouble = 1.8
severe = 1.5
made_good = 1.2
base = -2
happy = 0.8
angry = 1.4
engaged = 0.5
days = 6
places = { "agency" = 0.5, "own survey" = 0.5 }
""",
    "contracts": """
[contracts]
seats = 1.4
business_seats = 12
complaints = 0.05
[contracts.plans]
"basic" = { fee = 9, margin = 0.55, quality = 2 }
"full" = { fee = 19, margin = 0.65, quality = 4 }
""",
}
ROOM = Path(processes.__file__).parents[1]
# Accounts and complaints are the same in several trades: the hotel that ships has both.
_HOTEL = (ROOM / "companies/tarnwald.toml").read_text("utf-8")
TRADES["stays"] += _HOTEL[_HOTEL.index("[accounts]\n") : _HOTEL.index("[service]")]
_MAKER = (ROOM / "companies/brennick.toml").read_text("utf-8")
TRADES["projects"] = "\n" + _MAKER[_MAKER.index("[projects]\n") : _MAKER.index("[service]")]
#: A table of its own that each trade gives.
OWN = {"stays": "stays", "contracts": "contracts", "projects": "quotes", "sessions": "sessions"}
# What is done in an app is a long list: the app that ships has one.
_APP = (ROOM / "companies/strumwell.toml").read_text("utf-8")
TRADES["sessions"] = "\n" + _APP[_APP.index("[sessions]\n") :]
_DATES = _APP[_APP.index("[company.dates]") : _APP.index("[people]")]
COMMON = ["customers", "orders", "cost_to_serve", "engagement"]


def company_file(folder: Path, trade: str) -> Path:
    """Write the file of a company of that trade."""
    text = (ROOM / "companies/beanline.toml").read_text("utf-8")
    text = text[: text.index("[records]")].replace('trade = "orders"', f'trade = "{trade}"')
    cut = text.index("[orders]\n"), text.index("[service]")
    text = text[: cut[0]] + text[cut[1] :]
    text = text.replace('"call centre" = { role = "telephone"', '"agency" = { role = "agent"')
    if trade == "stays":
        text = text.replace("[rhythm]", '"firm" = { role = "account", share = 0.0 }\n\n[rhythm]', 1)
    text = text.replace('name = "Beanline"', 'name = "Probe"', 1).replace(
        "Beanline Coffee", "Probe"
    )
    text = text.replace("[people]", _DATES + "[people]", 1)
    path = folder / f"{trade}.toml"
    path.write_text(text + TRADES[trade], encoding="utf-8")
    return path


@pytest.fixture(scope="module", params=list(TRADES))
def world(request, tmp_path_factory):
    path = company_file(tmp_path_factory.mktemp("companies"), request.param)
    return simulate(path, customers=400, seed=5, progress=False)


def test_every_trade_gives_the_common_tables_and_its_own(world) -> None:
    known = catalogue(from_params(world.params))
    frames = world.tables | {f"truth/{name}": frame for name, frame in world.truth.items()}
    assert set(frames) == set(known)
    assert set(COMMON) <= set(frames)
    assert problems(frames, known).empty
    assert (world.tables["orders"]["turnover"] > 0).mean() > 0.9
    # The same analyses run on any of them.
    profit = customer_profit(
        *(world.tables[name] for name in ("orders", "cost_to_serve", "customers"))
    )
    assert len(profit) == 400
    assert 0.25 < top_share(profit["turnover"], 0.2) <= 1


def test_every_trade_is_written_and_read_in_its_own_words(world, tmp_path) -> None:
    write(world, tmp_path, progress=False)
    found = company(tmp_path)
    trade = world.params["company"]["trade"]
    assert (found.name, found.trade, found.symbol) == ("Probe", trade, "€")
    assert (
        found.words["deal"]
        == {
            "stays": "stay",
            "contracts": "contract",
            "projects": "order",
            "sessions": "session",
        }[trade]
    )
    assert found.channels["agency"] == "agent"
    assert load(OWN[trade], tmp_path).equals(world.tables[OWN[trade]])


def test_the_same_seed_gives_the_same_trade(world, tmp_path) -> None:
    trade = world.params["company"]["trade"]
    again = simulate(company_file(tmp_path, trade), customers=400, seed=5, progress=False)
    pd.testing.assert_frame_equal(again.tables[OWN[trade]], world.tables[OWN[trade]])


def test_a_hotel_never_lets_more_rooms_than_it_has(tmp_path) -> None:
    world = simulate(company_file(tmp_path, "stays"), customers=600, seed=6, progress=False)
    stays, orders = world.tables["stays"], world.tables["orders"]
    rooms = world.params["stays"]["rooms"]
    night = stays.loc[stays.index.repeat(stays["nights"])]
    date = night["arrival"] + pd.to_timedelta(night.groupby(level=0).cumcount(), unit="D")
    taken = night.assign(date=date).groupby(["room", "date"]).size().groupby("room").max()
    assert all(taken[name] <= about["number"] for name, about in rooms.items())
    assert taken["suite"] == rooms["suite"]["number"]  # full at times, so the limit was tried
    agency = orders["channel"] == "agency"
    assert (stays.loc[agency, "commission"] > 0).all()
    assert (stays.loc[~agency, "commission"] == 0).all()
    paid = stays["rate"] * stays["nights"] - orders["discount"]
    assert np.allclose(paid, orders["turnover"])


def test_a_contract_is_paid_every_month_until_notice(tmp_path) -> None:
    world = simulate(company_file(tmp_path, "contracts"), customers=300, seed=6, progress=False)
    contracts = world.tables["contracts"].set_index("contract_id")
    paid = world.tables["contract_payments"].merge(world.tables["orders"], on="order_id")
    sums = paid.groupby("contract_id")["turnover"]
    assert np.allclose(sums.mean(), contracts["monthly_fee"])
    last = contracts["to_date"].fillna(pd.Timestamp("2025-12-31"))
    months = ((last - contracts["from_date"]).dt.days // 30.4375).astype(int) + 1
    assert (sums.size() == months).all()
    after = paid["order_date"] > paid["contract_id"].map(last)
    assert not after.any()
    assert contracts["to_date"].isna().any()


@pytest.fixture(scope="module")
def app() -> World:
    return simulate("strumwell", customers=3000, seed=6, parts=(), progress=False)


def test_in_an_app_few_pay_and_a_subscriber_pays_once_a_month_until_notice_ends_it(app) -> None:
    orders, runs = app.tables["orders"], app.tables["subscriptions"]
    assert 0.05 < orders["customer_id"].nunique() / 3000 < 0.15
    fee = app.params["sessions"]["subscription"]
    monthly = orders[orders["turnover"] == fee]
    month = monthly["order_date"].dt.to_period("M")
    assert not monthly.assign(month=month).duplicated(["customer_id", "month"]).any()
    last = runs["to_date"].fillna(pd.Timestamp("2025-12-31"))
    length = last.dt.to_period("M").astype("int64") - runs["from_date"].dt.to_period("M").astype(
        "int64"
    )
    paid = monthly.groupby("customer_id").size()
    assert paid.equals((length + 1).groupby(runs["customer_id"]).sum().reindex(paid.index))
    ended = runs.dropna(subset=["to_date"])
    assert (ended["notice_date"] < ended["to_date"]).all()
    assert runs["notice_date"].isna().any()
    assert (ended["to_date"] - ended["notice_date"]).dt.days.between(28, 62).all()


def test_in_an_app_most_leave_soon_few_pay_and_a_part_of_the_payers_brings_most(app) -> None:
    sessions = app.tables["sessions"]
    start = pd.Timestamp(app.params["company"]["dates"]["log_start"])
    joined = app.tables["customers"].set_index("customer_id")["customer_since"]
    new = joined[(joined >= start) & (joined < "2024-06-30")]
    age = (sessions["date"] - sessions["customer_id"].map(new)).dt.days

    def here(since: int) -> float:
        return sessions["customer_id"][age.between(since, since + 6)].nunique() / len(new)

    # A fifth still comes after a month, a tenth after half a year: what apps call good.
    assert 0.45 < here(1) < 0.75
    assert 0.10 < here(30) < 0.28
    assert 0.06 < here(180) < here(30)
    spent = app.tables["orders"].groupby("customer_id")["turnover"].sum().sort_values()
    assert 0.20 < spent.tail(len(spent) // 10).sum() / spent.sum() < 0.60
    mine = sessions.groupby("customer_id").size().sort_values()
    assert mine.tail(len(mine) // 20).sum() / mine.sum() > 0.2


def test_what_exists_only_after_paying_is_seen_of_nobody_else(app) -> None:
    first = app.tables["orders"].groupby("customer_id")["order_date"].min()
    sessions = app.tables["sessions"]
    paid = sessions["customer_id"].map(first) < sessions["date"]
    role = app.truth["event_kinds"].set_index("event")["role"]
    seen = 0
    for kind in app.tables["event_kinds"].itertuples():
        has = sessions["events"].fillna("").str.contains(rf"\b{kind.code}\d")
        if role[kind.event] == "after paying":
            assert not (has & ~paid).any(), kind.event
            seen += has.sum()
        else:
            assert (has & ~paid).any(), kind.event
    assert seen > 100


def test_only_the_nudge_towards_a_cause_makes_more_people_pay() -> None:
    paid = []
    for seed in range(11, 17):
        world = simulate("strumwell", customers=6000, seed=seed, parts=(), progress=False)
        orders, test = world.tables["orders"], world.tables["nudge_test"]
        start = pd.Timestamp(world.params["company"]["dates"]["test_start"])
        before = set(orders.loc[orders["order_date"] < start, "customer_id"])
        later = set(orders.loc[orders["order_date"] >= start, "customer_id"])
        test = test[~test["customer_id"].isin(before)]
        paid.append(test["customer_id"].isin(later).groupby(test["arm"]).agg(["sum", "size"]))
        done = test.groupby("arm")[["listens", "favourites"]].mean()
        assert done.loc["listen", "listens"] > 2 * done.loc["none", "listens"]
        assert done.loc["favourite", "favourites"] > 1.6 * done.loc["none", "favourites"]
    total = sum(paid[1:], paid[0])
    share = total["sum"] / total["size"]
    spread = np.sqrt(share["none"] * (1 - share["none"]) * 2 / total["size"].min())
    assert share["listen"] - share["none"] > 3 * spread
    assert abs(share["favourite"] - share["none"]) < 2.5 * spread


@pytest.mark.parametrize(
    ("trade", "old", "new", "words"),
    [
        ("stays", "price = 79, cost = 31", "price = 79, cost = 131", "Room 'single'"),
        ("stays", "season = [0.8, ", "season = [", "season must be 12 numbers"),
        ("stays", "weekdays = [0.9, ", "weekdays = [", "weekdays must be 7 numbers"),
        ("stays", 'role = "account"', 'role = "online"', 'No channel has the role "account"'),
        ("stays", "voiced = 0.30", "voiced = 30", "voiced is a share between 0 and 1"),
        ("stays", "hours = 7.0", "hours = 0", "hours must be above 0"),
        ("stays", "leaves = 0.38", "leaves = 38", "'apology': leaves is a share"),
        ("contracts", "margin = 0.55", "margin = 55", "Plan 'basic'"),
        ("projects", "margin = 0.36", "margin = 36", "Goods 'pumps': margin"),
        ("projects", "margin = 0.34", "margin = 34", "Plan 'basic': margin"),
        ("projects", 'supplier = "Lumen Drives"', 'supplier = "Lumen"', "no supplier 'Lumen'"),
        ("projects", "leave_alpha = 0.75", "leave_alpha = 0", "leave_alpha must be above 0"),
        ("sessions", "margin = 0.68", "margin = 68", "margin is a share between 0 and 1"),
        ("sessions", 'code = "lf"', 'code = "ls"', "have the same code 'ls'"),
        ("sessions", "new_version = ", "version = ", "lacks new_version"),
        ("sessions", "teacher_reply ", "reply ", "lacks teacher_reply"),
        ("sessions", "subscription = 9.99", "subscription = 0", "subscription must be above 0"),
        (
            "sessions",
            "song_shares = [0.5, ",
            "song_shares = [0.6, ",
            "song_shares must add up to 1",
        ),
        ("sessions", "song_shares = [0.5, 0.35", "song_shares = [0.85", "equally long"),
        ("sessions", "log_end = 2024", "log_end = 2029", "log_end = 2029-12-31 lies outside"),
        (
            "sessions",
            "log_start = 2023-10",
            "log_start = 2025-10",
            "log_start = 2025-10-01 lies after log_end",
        ),
        ("sessions", 'code = "lf"', 'code = "l2"', "two letters, not 'l2'"),
        (
            "sessions",
            'of = "start_lesson"',
            'of = "begin_lesson"',
            "'begin_lesson', which is no kind of event",
        ),
        (
            "sessions",
            'of = "start_lesson"',
            'of = "listen_back"',
            "'listen_back', which must stand before it",
        ),
        ("sessions", 'of = "start_lesson", ', "", "either a rate, or a kind that it follows"),
        (
            "sessions",
            'of = "start_lesson", chance = 0.62',
            'of = "start_lesson"',
            "lacks the parameter 'chance'",
        ),
        (
            "sessions",
            'of = "start_lesson", chance = 0.62',
            'of = "start_lesson", chance = 62',
            "chance lies between 0 and 1",
        ),
        (
            "sessions",
            "rate = 0.80, own = 0.9, curious",
            "rate = 0, own = 0.9, curious",
            "'chords': rate must be above 0",
        ),
        ("sessions", "own = 0.9, curious = 0.2", "own = -0.9, curious = 0.2", "own is a spread"),
        ("sessions", "curious = 0.2", "curios = 0.2", "'curios' is neither a trait"),
        ("sessions", 'after = "plus"', 'after = "gold"', "after is 'any' or 'plus'"),
        ("sessions", 'after = "plus"', 'after = "plus", eta = 1', "cannot both show"),
        (
            "sessions",
            'of = "record_take", chance = 0.20, own = 1.0',
            'of = "record_take", new = 2, chance = 0.20, own = 1.0',
            "eta and new need a rate",
        ),
        (
            "sessions",
            'rate = 0.01, own = 0.8, about = "A fault',
            'of = "open_plus", chance = 0.1, own = 0.8, about = "A fault',
            "must stand before it",
        ),
        (
            "sessions",
            "rate = 0.45, own = 1.1, drive = 0.2",
            "rate = 0.45, eta = 0.4, own = 1.1, drive = 0.2",
            "follows 'record_take', which depends on paying",
        ),
        ("sessions", "variety  = {", "varied  = {", "'varied' is none of regular, variety"),
        (
            "sessions",
            "middle = 3.0, scale = 1.6",
            "middle = 3.0, scale = 0",
            "scale must be above 0",
        ),
        ("sessions", "subscribes = 0.45", "subscribes = 45", "subscribes is a share"),
        ("sessions", "evening = 0.55", "evening = 55", "evening is a share"),
        (
            "sessions",
            'arms = ["none", "listen", "favourite"]',
            'arms = ["none"]',
            "two names or more",
        ),
        (
            "sessions",
            'arms = ["none", "listen", "favourite"]',
            'arms = ["none", "listen", "listen"]',
            "each different",
        ),
        (
            "sessions",
            'arms = ["none", "listen", "favourite"]',
            'arms = ["none", "favourite"]',
            "'listen' is none of the arms",
        ),
        ("sessions", "days = 90", "days = 0", "days must be above 0"),
        (
            "sessions",
            "listen = { record_take",
            "listen = { record_song",
            "listen: 'record_song' is no kind of event",
        ),
        (
            "sessions",
            "favourite = { favourite",
            "favourite = { see_plus",
            "'see_plus' depends on paying, and cannot be nudged",
        ),
        (
            "sessions",
            "listen_back = { odds = 2.5 }",
            "listen_back = { factor = 2.5 }",
            "'listen_back' follows another kind, so it takes odds; it has factor",
        ),
        (
            "sessions",
            "favourite = { factor = 3.0 }",
            "favourite = { odds = 3.0 }",
            "'favourite' has a rate, so it takes factor; it has odds",
        ),
        (
            "sessions",
            "favourite = { factor = 3.0 }",
            "favourite = { factor = -3.0 }",
            "the factor of 'favourite' must be 0 or above",
        ),
    ],
)
def test_a_fault_of_a_trade_is_named(trade, old, new, words, tmp_path) -> None:
    path = company_file(tmp_path, trade)
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(CrmkitError, match=words):
        simulate(path, customers=20, progress=False)


def test_two_arms_may_nudge_towards_the_same_event(tmp_path) -> None:
    path, worlds = company_file(tmp_path, "sessions"), []
    old, new = (
        "favourite = { favourite = {",
        "favourite = { record_take = { factor = 3.0 }, favourite = {",
    )
    text = path.read_text("utf-8")
    for now in (text, text.replace(old, new)):
        path.write_text(now, encoding="utf-8")
        worlds.append(simulate(path, customers=3000, seed=5, parts=(), progress=False))
    before, after = (w.tables["nudge_test"].groupby("arm")["takes"].mean() for w in worlds)
    # The third arm's users take more, and the second arm's as much as before (the draws are others).
    assert before["favourite"] < 1.3 * before["none"]
    assert after["favourite"] > 2 * after["none"]
    assert after["listen"] > 1.5 * after["none"]


def test_no_process_knows_a_company() -> None:
    for path in (*ROOM.glob("core/*.py"), *ROOM.glob("processes/*.py"), *ROOM.glob("studies/*.py")):
        for name in (*companies(), "gbp", "£", "call centre"):
            assert name not in path.read_text(encoding="utf-8").lower(), f"{path.name}: {name}"
