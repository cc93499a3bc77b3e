"""One quarter of the game: `step` takes a state and decisions, and gives the next state and what can be known of it.

Pure: neither the state nor the decisions are changed, and the same state, decisions and seed give the same result.
Mechanisms have files of their own (`brand`, `service`, `winning`, `living`, `buying`); here they meet.
"""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from crmkit.errors import CrmkitError
from crmkit.game import brand, buying, living, service, winning
from crmkit.game.accounts import bill
from crmkit.game.decisions import Decisions, check
from crmkit.game.draws import Draws, Floats, poisson, special
from crmkit.game.living import Contacts, Lives, Moves, closed, expit
from crmkit.game.people import company_file
from crmkit.game.plan import BONDS, MESSAGES, OFFERS, Plan, lay_out
from crmkit.game.quarter import Quarter
from crmkit.game.reports import Reports, write_reports
from crmkit.game.rules import Rules
from crmkit.game.standing import DAYS, WEEKS, YEAR, Life, State

#: No contact plan has more days than this.
_NEVER = 10**6


def step(state: State, decisions: Decisions, seed: int) -> tuple[State, Reports]:
    """Play one quarter.

    Parameters
    ----------
    state
        Where the game stands; it stays as it is.
    decisions
        For everything in the quarter. An experiment takes the place of its lever for those in it.
    seed
        Of the luck of the game. The quarter is part of the luck's name: a game has one seed for all its quarters.

    Returns
    -------
    State
        At the end of the quarter.
    Reports
        What the company can know, and the truth apart.

    Raises
    ------
    CrmkitError
        A seed that is none, or decisions that break a bound.

    Examples
    --------
    >>> from crmkit.game.decisions import AS_BEFORE
    >>> from crmkit.game.state import start
    >>> state, reports = step(start(customers=50, seed=3), AS_BEFORE, seed=1)
    >>> state.quarter, "orders" in reports
    (1, True)
    """
    quarter = play_quarter(state, decisions, seed)
    costs = bill(quarter)
    return quarter.after, write_reports(quarter, costs)


def play_quarter(state: State, decisions: Decisions, seed: int) -> Quarter:
    """Let a quarter happen; `step` without its reports."""
    if isinstance(seed, bool) or not isinstance(seed, int | np.integer) or not 0 <= seed < 2**63:
        raise CrmkitError(f"seed must be a whole number of at least 0, not {seed!r}.")
    decisions = check(decisions)
    luck = Draws(int(seed), state.quarter + 1)
    rules, people, life = state.rules, state.people, state.life
    person = np.arange(len(people))
    plan = lay_out(state, decisions, luck)
    there = state.is_customer
    best = _best(state, rules["service.best_share"])

    # Who is contacted, and how often.
    most = decisions.wake.most_contacts
    wake = (plan["wake.drowsy"], plan["wake.half_asleep"], plan["wake.asleep"])
    contacted = living.contacts(state, wake, most, luck)
    kind = plan["messages.kind"]
    readers = there & people.newsletter & ~life.off_list & (kind > 0)
    room = most - (contacted.offer > 0)
    sent = np.where(readers, np.minimum(3 * plan["messages.per_month"], room), 0).astype(np.int64)

    # What it does to orders and to sleep.
    attack, rival = _attack(state, luck)
    price, price_sinks = _price(state, decisions, rival)
    members = _members(state, plan)
    bond, set_up = _bonds(state, plan, decisions)
    held = np.where(bond == life.bond, np.minimum(life.bond_quarters, 1), 0)
    part = np.where(held > 0, 1.0, rules["bonds.first"])
    stays, later, shield = (_of_bond(bond, name, rules) for name in ("leave", "later", "price"))
    dear = np.where(price_sinks > 0, 1 + part * (shield - 1), 1.0)
    causes = {
        "trust": rules["trust.orders"] * life.trust,
        "price": price * np.where(price < 0, 1 + part * (shield - 1), 1.0),
        "messages": _messages(state, kind, sent),
        "programme": _programme(state, plan, members),
        "bonds": part * np.log(later),
    }
    fast, slow, share = brand.advertise(
        state.fast, state.slow, decisions.brand, rules, on_air_before=False
    )
    moves = Moves(
        sinks=np.exp(
            np.clip(price_sinks * dear - rules["trust.sinks"] * life.trust, -2, 2)
            + part * np.log(stays)
        ),
        wakes=rules["trust.wakes"] * life.trust,
        mind=share / brand.usual_share(rules),
        rate=np.exp(np.clip(sum(causes.values(), np.zeros(len(person))), -3, 2)),
    )
    reward = np.where(there, plan["winning.referral_reward"], 0).astype(float)
    pull = winning.pull(state, decisions, reward, np.exp(np.minimum(price, 1)))
    lives = living.live(state, moves, contacted, pull.parts, buying.busy_weeks(state.quarter), luck)

    # What is bought.
    holds = OFFERS.index("voucher") == contacted.offer
    voucher = np.where(holds, 7 * contacted.week, _NEVER)
    orders = buying.buy(
        people, state.quarter, lives.expected, lives.events, decisions.prices.level, voucher, luck
    )
    own = np.bincount(orders.who, minlength=len(person))
    back = np.bincount(orders.who, orders.returns, minlength=len(person))

    # Who comes to the desk.
    asks = (there | (lives.cause >= 0)) & ~life.lost
    usual = rules["service.contacts"] / 4 * asks + rules["service.per_order"] * own
    calls = poisson(
        people.number("demanding") * usual + rules["service.per_return"] * back,
        luck.uniform("desk.calls", person),
    )
    visits = poisson(
        people.number("demanding") * rules["service.visits"] / 4 * (asks & people.business),
        luck.uniform("desk.visits", person),
    )
    felt, failed = service.experiences(state, decisions.service, calls, best, luck)
    trust = _trust(state, lives, own, calls, felt, sent, contacted, luck)
    unsubscribes = _unsubscribes(state, kind, sent, luck)

    life_after = _after(
        state, lives, orders, trust, unsubscribes, decisions, members, bond, held, set_up
    )
    tired = life.tired * rules["wake.fades"] + (contacted.offer > 0)
    life_after, inviter = _newcomers(
        state, replace(life_after, tired=tired), lives, orders, decisions, pull, luck
    )
    after = replace(
        state,
        quarter=state.quarter + 1,
        orders=state.orders + len(orders),
        rival=_rival(state, decisions),
        attack=attack,
        fast=fast,
        slow=slow,
        life=life_after,
    )
    return Quarter(
        before=state,
        after=after,
        decisions=decisions,
        plan=plan,
        luck=luck,
        contacted=contacted,
        lives=replace(lives, off_list=life_after.off_list),
        orders=orders,
        calls=calls,
        visits=visits,
        failed=failed,
        sent=sent,
        members=members,
        bond=bond,
        set_up=set_up,
        inviter=inviter,
        reward=reward,
        in_mind=share,
        rival=rival,
        causes=causes,
    )


# ------------------------------------------------------------------------------------------------- what decisions do
def _best(state: State, share: float) -> npt.NDArray[np.bool_]:
    """The customers with the most margin in a year, as large a share of all; ties go to the lower number."""
    year = state.life.margin.sum(axis=1)
    number = round(share * int(state.is_customer.sum()))
    order = np.lexsort((state.life.customer, -year, ~state.is_customer))
    best = np.zeros(len(year), bool)
    best[order[:number]] = True
    return best


def _attack(state: State, luck: Draws) -> tuple[int, float]:
    """Quarters that the rival's attack lasts after this one, and the rival's prices in this one."""
    rules = state.rules
    left = state.attack
    if (
        left == 0
        and luck.uniform("rival.attack", np.zeros(1, int))[0] < rules["prices.attack_chance"]
    ):
        left = int(rules["prices.attack_quarters"])
    rival = state.rival * (1 - rules["prices.attack_depth"] * (left > 0))
    return max(left - 1, 0), rival


def _rival(state: State, decisions: Decisions) -> float:
    """The rival's prices in the next quarter: they follow ours down, and come back slowly."""
    rules = state.rules
    aim = min(1.0, max(decisions.prices.level, rules["prices.rival_lowest"]))
    return state.rival + rules["prices.rival_follows"] * (aim - state.rival)


def _price(state: State, decisions: Decisions, rival: float) -> tuple[Floats, Floats]:
    """Log of orders, and of the hazard of falling asleep, by our prices beside the rival's."""
    people, rules = state.people, state.rules
    gap = np.log(decisions.prices.level) - np.log(rival)
    weight = people.number("weight_cost") / people.number("wtp_level") * gap
    orders = np.clip(-rules["prices.response"] * weight, -2, 1)
    return orders, np.clip(rules["prices.sinks"] * weight, -1, 1)


def _messages(state: State, kind: npt.NDArray[Any], sent: npt.NDArray[np.int64]) -> Floats:
    """Log of orders by messages: they remind those who are open, and irritate those who are not."""
    rules, open_ = state.rules, state.people.number("responsiveness")
    a_month = sent / 3
    most = np.where(
        kind == MESSAGES.index("matched"),
        rules["messages.matched_gain"],
        rules["messages.all_gain"],
    )
    reminded = most * expit(open_) * -np.expm1(-a_month / rules["messages.full_at"])
    irritated = rules["messages.irritation"] * a_month**2 * (0.3 + closed(open_)) / 64
    return np.asarray(reminded - irritated)


def _unsubscribes(
    state: State, kind: npt.NDArray[Any], sent: npt.NDArray[np.int64], luck: Draws
) -> npt.NDArray[np.bool_]:
    rules, a_month = state.rules, sent / 3
    milder = np.where(kind == MESSAGES.index("matched"), rules["messages.matched_leave"], 1.0)
    hazard = rules["messages.leave"] * milder * a_month**1.5
    hazard = hazard * (0.15 + closed(state.people.number("responsiveness")))
    return np.asarray(luck.uniform("messages.leave", np.arange(len(sent))) < -np.expm1(-hazard))


def _members(state: State, plan: Plan) -> npt.NDArray[np.bool_]:
    """Who takes part in the programme: those who buy much join more, whatever it does to them."""
    rules = state.rules
    buys = state.is_customer & (state.life.recent.sum(axis=1) > 0)
    spend = np.log1p(state.life.recent.sum(axis=1) / 100)
    middle, spread = (spend[buys].mean(), spend[buys].std()) if buys.any() else (0.0, 1.0)
    lean = (spend - middle) / max(float(spread), 1e-9)
    chance = expit(rules["programme.join"] + rules["programme.join_spend"] * lean)
    # One inclination for the whole game.
    inclined = Draws(state.seed, 0).uniform("programme", np.arange(len(spend))) < chance
    return np.asarray(buys & inclined & (plan["programme.return_rate"] > 0))


def _programme(state: State, plan: Plan, members: npt.NDArray[np.bool_]) -> Floats:
    """Log of orders by the programme: it moves light buyers most, and fades; tiers pull those who are near."""
    rules, year = state.rules, state.life.recent.sum(axis=1) / 100
    own = company_cuts()
    effect = np.select(
        [year < own[0], year < own[1]],
        [rules["programme.light"], rules["programme.moderate"]],
        rules["programme.heavy"],
    )
    curve = np.array([*own[2], rules["programme.later"]])
    effect = effect * curve[np.minimum(state.life.member, len(curve) - 1)]
    rate = np.asarray(plan["programme.return_rate"], float)
    gain = np.log1p(effect * -np.expm1(-rate / rules["programme.half"]))
    tiers = np.asarray(plan["programme.tiers"], bool)
    threshold, reach = own[3], own[4]
    gold = tiers & (year >= threshold)
    near = tiers & (year >= threshold - reach) & (year < threshold)
    gain = gain + rules["programme.gold"] * gold + rules["programme.pull"] * near
    return np.asarray(np.where(members, gain, 0.0))


@lru_cache(maxsize=1)
def company_cuts() -> tuple[float, float, tuple[float, ...], float, float]:
    """Cuts between light, moderate and heavy buyers, the effect's first quarters, gold's threshold and its reach."""
    own = company_file()["programme"]
    low, high = own["cuts"]
    return low, high, tuple(own["curve"][:3]), own["tiers"]["threshold"], own["tiers"]["reach"]


def _bonds(
    state: State, plan: Plan, decisions: Decisions
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.bool_]]:
    """The bond of each customer, the best first, and for whom a structural one is set up."""
    chosen = _best(state, decisions.bonds.share)
    bond = np.where(chosen & ~state.life.lost, plan["bonds.kind"], 0).astype(np.int64)
    return bond, (bond == BONDS.index("structural")) & ~state.life.paid_once


def _of_bond(bond: npt.NDArray[np.int64], name: str, rules: Rules) -> Floats:
    values = [1.0, *(rules[f"bonds.{kind}_{name}"] for kind in BONDS[1:])]
    return np.array(values)[bond]


# ------------------------------------------------------------------------------------------------------ what follows
@lru_cache(maxsize=32)
def _even(good: float, bad: float) -> float:
    """Mean of surprises, in standard deviations, at which good and bad ones move belief equally.

    Bad surprises count more. So that trust stays where it is while all is as usual, usual experiences lie so far above
    what people say they expect.
    """
    if good >= bad or good <= 0:
        return 0.0
    low, high = 0.0, 8.0
    for _ in range(60):
        c = (low + high) / 2
        density = np.exp(-c * c / 2) / np.sqrt(2 * np.pi)
        up, down = density + c * special.ndtr(c), density - c * special.ndtr(-c)
        low, high = (c, high) if good * up < bad * down else (low, c)
    return low


def _trust(
    state: State,
    lives: Lives,
    orders: npt.NDArray[np.int64],
    calls: npt.NDArray[np.int64],
    felt: Floats,
    sent: npt.NDArray[np.int64],
    contacted: Contacts,
    luck: Draws,
) -> Floats:
    """Trust at the end of the quarter, beside the usual: the delta rule over the quarter's experiences."""
    rules, trust = state.rules, state.life.trust
    number = orders + calls
    many = np.maximum(number, 1)
    noise = rules["trust.noise"] / np.sqrt(many)
    even = _even(rules["trust.good"], rules["trust.bad"])
    experience = calls * felt / many + noise * (even + luck.normal("trust", np.arange(len(trust))))
    surprise = experience - trust
    gain = np.where(surprise >= 0, rules["trust.good"], rules["trust.bad"])
    trust = trust + np.where(number > 0, 1 - (1 - gain) ** many, 0.0) * surprise
    trust = trust * 0.5 ** (WEEKS / rules["trust.half_life"])
    crowd = np.maximum(sent + (contacted.offer > 0) - 6, 0)
    trust = trust - rules["messages.pressure"] * crowd - rules["wake.annoyed"] * lives.annoyed
    return np.asarray(np.clip(trust, -6, 3))


def _after(
    state: State,
    lives: Lives,
    orders: buying.Orders,
    trust: Floats,
    unsubscribes: npt.NDArray[np.bool_],
    decisions: Decisions,
    members: npt.NDArray[np.bool_],
    bond: npt.NDArray[np.int64],
    held: npt.NDArray[np.int64],
    set_up: npt.NDArray[np.bool_],
) -> Life:
    life, n = state.life, len(state.people)
    last = life.last_order.copy()
    np.maximum.at(last, orders.who, DAYS * state.quarter + orders.day)
    sums = {}
    for name, old, pence in (
        ("recent", life.recent, orders.turnover),
        ("margin", life.margin, orders.margin),
    ):
        new = np.zeros(n, np.int64)
        np.add.at(new, orders.who, pence)
        sums[name] = np.concatenate([new[:, None], old[:, : YEAR - 1]], axis=1)
    return replace(
        life,
        sleep=lives.sleep,
        age=lives.age,
        tested=lives.tested,
        lost=lives.lost,
        trust=np.where(state.is_customer, trust, 0.0),
        last_order=last,
        recent=sums["recent"],
        margin=sums["margin"],
        off_list=lives.off_list | unsubscribes,
        member=life.member + members,
        bond=bond,
        bond_quarters=np.where(bond > 0, np.where(held > 0, life.bond_quarters, 0) + 1, 0),
        paid_once=life.paid_once | set_up,
    )


def _newcomers(
    state: State,
    life: Life,
    lives: Lives,
    orders: buying.Orders,
    decisions: Decisions,
    pull: winning.Pull,
    luck: Draws,
) -> tuple[Life, npt.NDArray[np.int64]]:
    """Give newcomers their number, in order of their first day, and what is on record of how they came."""
    new = np.flatnonzero(lives.cause >= 0)
    first = np.full(len(lives.cause), DAYS)
    np.minimum.at(first, orders.who, orders.day)
    new = new[np.lexsort((new, first[new]))]
    customer, came, since = life.customer.copy(), life.came.copy(), life.since.copy()
    customer[new] = int(customer.max(initial=0)) + 1 + np.arange(len(new))
    came[new] = winning.on_record(lives.cause[new], decisions, new, luck)
    since[new] = DAYS * state.quarter + first[new]
    inviter = np.full(len(customer), -1)
    friends = new[lives.cause[new] == winning.CAUSES.index("friend")]
    inviter[friends] = winning.inviters(pull.talking, friends, luck)
    return replace(life, customer=customer, came=came, since=since), inviter
