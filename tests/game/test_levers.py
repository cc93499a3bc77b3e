"""As before, the game is the world; and every lever moves what it should, less and less the more of it there is."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from crmkit.game import brand, service, winning
from crmkit.game.decisions import AS_BEFORE, Brand, Service, changed
from crmkit.game.draws import Draws, poisson
from crmkit.game.engine import play_quarter
from crmkit.game.living import chances
from crmkit.game.people import company_file, opening
from crmkit.game.play import run_fast
from crmkit.game.policies import as_before
from crmkit.game.quarter import Quarter
from crmkit.game.rules import Rules
from crmkit.game.standing import ASLEEP, AWAKE, DAYS, HALF_ASLEEP
from crmkit.game.state import start
from crmkit.world.core.sleep import order_rate, spells
from crmkit.world.core.streams import Context

#: The world's own process knows no attack of a rival, and nobody in it moves away.
CALM = Rules().changed({"prices.attack_chance": 0, "market.moves": 0})
SEEDS = (1, 2, 3)


@functools.lru_cache(maxsize=64)
def played(
    change: tuple[tuple[str, Any], ...] = (), seed: int = 1, quarters: int = 4, customers: int = 500
) -> tuple[Quarter, ...]:
    """Some quarters with the same decisions."""
    state, plan, found = start(customers, seed, CALM), changed(AS_BEFORE, dict(change)), []
    for _ in range(quarters):
        quarter = play_quarter(state, plan, seed)
        state = quarter.after
        found.append(quarter)
    return tuple(found)


def run(change: Mapping[str, Any], seed: int = 1, **more: int) -> tuple[Quarter, ...]:
    return played(tuple(change.items()), seed, **more)


def orders(quarters: tuple[Quarter, ...]) -> int:
    return sum(len(quarter.orders) for quarter in quarters)


def customers(quarters: tuple[Quarter, ...]) -> int:
    return int(quarters[-1].after.is_customer.sum())


def trust(quarters: tuple[Quarter, ...]) -> float:
    after = quarters[-1].after
    return float(after.life.trust[after.is_customer].mean())


# --------------------------------------------------------------------------------------------------------- as before
FUTURES = 10


def worlds_own_future(customers: int, seed: int, quarters: int) -> tuple[np.ndarray, np.ndarray]:
    """Shares of the states of sleep at each quarter's end, and orders in it, by the world's own process.

    Each customer's spell at the end of the data is drawn again from its first day, until one lasts beyond that end: so
    it goes on as the world's spells do.
    """
    world, life = opening(customers, seed), start(customers, seed, CALM).life
    ctx = Context(company_file(), customers, seed, "en_GB", truth=world.truth, tables=world.tables)
    who = np.repeat(np.arange(customers), FUTURES)
    begin, state = -life.age[:customers].astype(int)[who], life.sleep[:customers][who]
    rng, todo, parts = np.random.default_rng(seed), np.arange(len(who)), []
    last = np.full(len(who), quarters * DAYS - 1)
    for _ in range(300):
        one = spells(ctx, rng, who[todo], state[todo], begin[todo], last[todo])
        owner, end = one[0], one[3]
        first = np.append(True, owner[1:] != owner[:-1])
        good = np.zeros(len(todo), bool)
        good[owner[first]] = end[first] >= 0
        kept = good[owner]
        parts.append((todo[owner[kept]], *(values[kept] for values in one[1:])))
        todo = todo[~good]
    owner, kind, first_day, last_day = (
        np.concatenate(column) for column in zip(*parts, strict=True)
    )
    runs = len(who) - len(todo)
    shares, expected = np.zeros((quarters, 4)), np.zeros(quarters)
    for quarter in range(quarters):
        low, high = quarter * DAYS, (quarter + 1) * DAYS - 1
        inside = (first_day <= high) & (last_day >= high)
        shares[quarter] = np.bincount(kind[inside], minlength=4) / runs
        days = np.minimum(last_day, high) - np.maximum(first_day, low) + 1
        usual = (order_rate(ctx, who[owner], kind) * np.maximum(days, 0)).sum()
        woke = ((kind == AWAKE) & (first_day > 0) & (first_day >= low) & (first_day <= high)).sum()
        expected[quarter] = (usual + woke) * customers / runs
    return shares, expected


@pytest.mark.parametrize("seed", SEEDS)
def test_as_before_the_game_is_the_world(seed):
    n, quarters = 1000, 4
    shares, expected = worlds_own_future(n, seed, quarters)
    game = run({}, seed, quarters=quarters, customers=n)
    for quarter, share in zip(game, shares, strict=True):
        mine = np.bincount(quarter.after.life.sleep[:n], minlength=4) / n
        # Four standard errors of a share of 1,000, and half a point for what follows from trust and growing queues.
        assert np.abs(mine - share).max() < 4 * np.sqrt(0.25 / n) + 0.005
    mine = sum(int((quarter.orders.who < n).sum()) for quarter in game)
    assert mine == pytest.approx(expected.sum(), rel=0.12)


def test_as_before_an_order_is_an_order_of_the_world():
    turnover, returned, history, sent_back = [], [], [], []
    for seed in SEEDS:
        world = opening(1000, seed)
        history.append(world.tables["orders"]["turnover"].mean())
        sent_back.append(world.tables["order_lines"]["returned"].mean())
        game = run({}, seed, quarters=4, customers=1000)
        turnover += [quarter.orders.turnover / 100 for quarter in game]
        returned += [quarter.orders.line_returned for quarter in game]
    assert np.concatenate(turnover).mean() == pytest.approx(np.mean(history), rel=0.06)
    assert np.concatenate(returned).mean() == pytest.approx(np.mean(sent_back), rel=0.15)


@pytest.mark.parametrize("seed", SEEDS)
def test_as_before_trust_stays_and_as_many_come_as_in_the_world(seed):
    game = run({}, seed, quarters=4, customers=1000)
    assert abs(trust(game)) < 0.12
    # In the world 62 % of the customers came evenly over three years: about 5 % a quarter.
    assert 0.03 < (customers(game) - 1000) / 1000 / 4 < 0.075


def test_some_move_away_whatever_is_decided():
    rules = Rules().changed({"market.moves": 0.02})
    state = start(1000, 1, rules)
    plans = (AS_BEFORE, changed(AS_BEFORE, {"wake.asleep": "call", "prices.level": 1.1}))
    here, there = (play_quarter(state, plan, 1) for plan in plans)
    before = np.arange(1000)
    assert (here.lives.moved[before] == there.lives.moved[before]).all()
    share = here.lives.moved[before].mean()
    assert share == pytest.approx(1 - 0.98**13, abs=4 * np.sqrt(0.25 * 0.75 / 1000))
    assert here.after.life.lost[here.lives.moved].all()
    following = play_quarter(here.after, AS_BEFORE, 1)
    assert not here.after.life.lost[following.orders.who].any()
    assert not (following.lives.moved & here.lives.moved).any()


@pytest.mark.parametrize("seed", SEEDS)
def test_as_before_each_year_is_modest(seed):
    bills, _ = run_fast(as_before(1000), start(1000, seed), 12, seed)
    years = [sum(sum(one.values()) for one in bills[at : at + 4]) for at in (0, 4, 8)]
    # Between -£20 and £110 for each customer of the start: neither ruin nor gold.
    assert all(-20 < one / 100 / 1000 < 110 for one in years)
    turnover = [sum(one["turnover"] for one in bills[at : at + 4]) for at in (0, 8)]
    assert 0.7 < turnover[1] / turnover[0] < 1.5


# --------------------------------------------------------------------------------------------------- every lever moves
@pytest.mark.parametrize("seed", SEEDS)
def test_waiting_drives_away(seed):
    few, many = run({"service.agents": 0}, seed), run({"service.agents": 5}, seed)
    assert trust(few) < trust(run({}, seed)) - 0.05
    assert trust(few) < trust(many)
    assert orders(few) < orders(run({}, seed)) <= orders(many) * 1.02
    assert sum(q.failed.sum() for q in few) > 3 * sum(q.failed.sum() for q in many)


def test_each_further_agent_helps_less():
    state = start(500, 1, CALM)
    gave_up = [
        service.unanswered(Service(agents=agents), service.busier(state), CALM)[0]
        for agents in range(8)
    ]
    assert gave_up[0] == 1
    gain = -np.diff(gave_up)
    assert (gain > 0).all()
    assert (np.diff(gain) < 0).all()


def test_the_best_are_answered_first_and_the_others_bear_it():
    others, best, _ = service.unanswered(Service(agents=2, first="best customers"), 1.0, CALM)
    everybody = service.unanswered(Service(agents=2), 1.0, CALM)[0]
    assert best < everybody < others


@pytest.mark.parametrize("seed", SEEDS)
def test_higher_prices_lose_orders_and_newcomers_and_the_rival_follows_lower_ones(seed):
    low, usual, high = (run({"prices.level": level}, seed) for level in (0.9, 1.0, 1.12))
    assert orders(low) > orders(usual) > orders(high)
    assert customers(high) < customers(usual)
    assert low[-1].after.rival < 0.95
    assert usual[-1].after.rival == high[-1].after.rival == 1
    # What is won by lower prices fades, because the rival follows.
    lead = [len(a.orders) / len(b.orders) for a, b in zip(low, usual, strict=True)]
    assert lead[0] > lead[-1]


def test_an_attack_of_the_rival_costs_orders_and_bonds_shield():
    state = start(1000, 1, CALM)
    attacked = start(1000, 1, CALM.changed({"prices.attack_chance": 1, "prices.attack_depth": 0.2}))
    lost = []
    for kind in ("none", "structural"):
        plan = changed(AS_BEFORE, {"bonds.kind": kind, "bonds.share": 0.5})
        calm = play_quarter(state, plan, 1)
        hit = play_quarter(attacked, plan, 1)
        held = calm.effects.bond > 0 if kind != "none" else calm.before.is_customer
        lost.append(hit.effects.causes["price"][held].mean())
    assert lost[0] < lost[1] < 0


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("offer", ["reminder", "voucher", "call"])
def test_contacts_wake_annoy_and_cost(seed, offer):
    woken = run({"wake.half_asleep": offer, "wake.asleep": offer}, seed)
    assert sum(q.lives.won.sum() for q in woken) > 5
    assert sum(q.lives.annoyed.sum() for q in woken) > 0
    assert woken[-1].after.life.off_list.sum() > 0
    won = woken[0].lives.won

    def bought(quarter: Quarter) -> int:
        return int(won[quarter.orders.who].sum())

    assert bought(woken[0]) > bought(run({}, seed)[0])


def test_pressure_wears_and_annoys():
    state = start(1000, 1, CALM)
    offer = np.full(len(state.people), 1)
    asleep = np.full(len(state.people), HALF_ASLEEP)
    tired = replace(state, life=replace(state.life, tired=np.full(len(state.people), 2.0)))
    rested = chances(state, offer, asleep)
    worn = chances(tired, offer, asleep)
    assert worn[0].mean() < rested[0].mean()
    assert worn[1].mean() > rested[1].mean()
    assert worn[2].mean() > rested[2].mean()
    deep = chances(state, offer, np.full(len(state.people), ASLEEP))
    assert deep[0].mean() < rested[0].mean()


def test_the_cap_holds_for_all_contacts_together():
    plan = {"wake.asleep": "call", "messages.kind": "same for all", "messages.per_month": 8}
    for most in (0, 1, 5):
        quarter = run({**plan, "wake.most_contacts": most}, quarters=1)[0]
        every = quarter.effects.sent + (quarter.effects.contacted.offer > 0)
        assert every.max() == most


@pytest.mark.parametrize("seed", SEEDS)
def test_matched_messages_do_more_and_many_drive_readers_away(seed):
    def at(kind: str, often: int) -> tuple[Quarter, ...]:
        return run({"messages.kind": kind, "messages.per_month": often}, seed)

    def effect(quarters: tuple[Quarter, ...]) -> float:
        read = quarters[0].effects.sent > 0
        return float(quarters[0].effects.causes["messages"][read].mean())

    assert effect(at("matched", 2)) > effect(at("same for all", 2))
    assert effect(at("matched", 8)) < effect(at("matched", 2))
    gone = [at("matched", often)[0].after.life.off_list.sum() for often in (2, 8)]
    assert gone[1] > 1.5 * gone[0]  # the cap of 13 contacts leaves four a month
    assert trust(at("same for all", 8)) < trust(at("same for all", 1))


def test_a_programme_moves_light_buyers_fades_and_mostly_pays_heavy_ones():
    quarters = run({"programme.return_rate": 0.05}, quarters=5)
    gain = [float(q.effects.causes["programme"][q.effects.members].mean()) for q in quarters]
    assert gain[0] > gain[2] > gain[3] > 0
    first = quarters[0]
    year = first.before.life.recent.sum(axis=1) / 100
    light = first.effects.members & (year < 150)
    heavy = first.effects.members & (year >= 450)
    causes = first.effects.causes["programme"]
    assert causes[light].mean() > 5 * causes[heavy].mean()
    bought = first.after.life.recent[:, 0]
    assert bought[heavy].sum() > 3 * bought[light].sum()
    richer = run({"programme.return_rate": 0.10}, quarters=1)[0].effects.causes["programme"]
    assert richer[light].mean() < 2 * causes[light].mean()


@pytest.mark.parametrize("kind", ["financial", "social", "structural"])
def test_a_bond_keeps_and_the_first_quarter_brings_half(kind):
    quarters = run({"bonds.kind": kind, "bonds.share": 0.3}, quarters=2)
    held = quarters[0].effects.bond > 0
    assert held.sum() == round(0.3 * 500)
    year = quarters[0].before.life.margin.sum(axis=1)
    assert year[held].min() >= np.median(year[quarters[0].before.is_customer])
    usual = run({}, quarters=2)
    assert (quarters[0].effects.moves.sinks[held] < usual[0].effects.moves.sinks[held]).all()
    both = held & (quarters[1].effects.bond > 0)
    first, second = (q.effects.causes["bonds"][both] for q in quarters)
    assert (second > first).all()
    assert not (quarters[1].effects.set_up & quarters[0].effects.set_up).any()


def test_memory_forgets_spacing_helps_and_more_weeks_help_less():
    fast, slow = brand.usual_stores(CALM)
    shares = []
    for _ in range(4):
        fast, slow, share = brand.advertise(fast, slow, Brand(weeks=0), CALM)
        shares.append(share.mean())
    assert (np.diff(shares) < 0).all()
    nothing = np.zeros(len(fast))

    def left(weeks: int, spread: bool) -> float:
        after = brand.advertise(nothing, nothing, Brand(weeks=weeks, spread=spread), CALM)
        return float((after[0] + after[1]).sum())

    assert left(4, True) > left(4, False)
    reached = [
        brand.advertise(nothing, nothing, Brand(word="big renovation", weeks=w, spread=True), CALM)[
            2
        ].mean()
        for w in (0, 4, 8, 13)
    ]
    gain = np.diff(reached) / np.diff([0, 4, 8, 13])
    assert (gain > 0).all()
    assert gain[-1] < gain[0] * 1.05


@pytest.mark.parametrize("seed", SEEDS)
def test_advertising_and_its_silence_move_newcomers(seed):
    def came(change: Mapping[str, Any]) -> int:
        return customers(run(change, seed, quarters=6))

    assert came({"brand.word": "big renovation", "brand.weeks": 10, "brand.spread": True}) > came(
        {}
    )
    assert came({"brand.weeks": 0}) < came({})


def test_advertising_what_is_not_so_costs_trust():
    cheap = {"brand.word": "cheapest", "brand.weeks": 10}
    assert trust(run(cheap)) < trust(run({"brand.word": "moving in", "brand.weeks": 10})) - 0.1
    explains = {"brand.weeks": 10, "service.agents": 0}
    other = {**explains, "brand.word": "moving in"}
    assert trust(run(explains)) < trust(run(other)) - 0.05


@pytest.mark.parametrize("channel", ["search", "social media", "leaflets", "local radio"])
def test_a_channel_adds_less_and_less(channel):
    adds = [
        winning.channel_adds(spend, channel, 8000, CALM) for spend in (0, 500, 1000, 2000, 4000)
    ]
    assert adds[0] == 0
    gain = np.diff(adds) / np.diff([0, 500, 1000, 2000, 4000])
    assert (gain > 0).all()
    assert (np.diff(gain) < 0).all()


@pytest.mark.parametrize("seed", SEEDS)
def test_spending_wins_and_clicks_are_not_causes(seed):
    off = {
        f"winning.spend.{name}": 0 for name in ("search", "social media", "leaflets", "local radio")
    }
    nothing, usual = run(off, seed), run({}, seed)
    assert customers(nothing) < customers(usual)
    cause = np.concatenate([q.lives.cause[q.lives.cause >= 0] for q in nothing])
    assert set(cause) <= {0, winning.CAUSES.index("friend")}
    channels = list(company_file()["people"]["acquisition"]["person"])
    new = np.flatnonzero(nothing[-1].after.life.customer > 500)
    assert channels.index("search") not in nothing[-1].after.life.came[new]
    clicked = (
        usual[-1].after.life.came[usual[-1].after.life.customer > 500] == channels.index("search")
    ).sum()
    caused = sum((q.lives.cause == winning.CAUSES.index("search")).sum() for q in usual)
    assert clicked > caused


@pytest.mark.parametrize("seed", SEEDS)
def test_a_reward_brings_friends_and_is_paid_for_others_too(seed):
    def friends(reward: float) -> int:
        quarters = run({"winning.referral_reward": reward}, seed, customers=1000)
        return sum((q.inviter >= 0).sum() for q in quarters)

    assert friends(0) < friends(10) < 1.35 * friends(5) + 10
    lift = winning.reward_lift(np.array([0, 5, 10, 20, 40.0]), CALM)
    assert (np.diff(np.diff(lift) / np.diff([0, 5, 10, 20, 40])) < 0).all()


# ------------------------------------------------------------------------------------------------------------- luck
def test_luck_is_uniform_and_does_not_hang_together():
    luck = Draws(7, 3)
    one = luck.uniform("sleep.ends", np.arange(20_000), 0)
    two = luck.uniform("sleep.ends", np.arange(20_000), 1)
    other = luck.uniform("orders.day", np.arange(20_000), 0)
    later = Draws(7, 4).uniform("sleep.ends", np.arange(20_000), 0)
    for values in (one, two, other, later):
        assert values.min() > 0
        assert values.max() < 1
        counts = np.bincount((values * 20).astype(int), minlength=20)
        assert (
            (counts - 1000) ** 2 / 1000
        ).sum() < 43.8  # chi-square of 19 degrees of freedom, p = .001
    for values in (two, other, later, np.roll(one, 1)):
        assert abs(np.corrcoef(one, values)[0, 1]) < 0.03


def test_poisson_numbers_have_their_mean_and_variance():
    luck = Draws(1, 1).uniform("test", np.arange(50_000))
    for mean in (0.2, 1.0, 6.0):
        counts = poisson(np.full(50_000, mean), luck)
        assert counts.mean() == pytest.approx(mean, abs=4 * np.sqrt(mean / 50_000))
        assert counts.var() == pytest.approx(mean, rel=0.05)
    assert (poisson(np.full(50_000, 2.0), luck) >= poisson(np.full(50_000, 1.0), luck)).all()
