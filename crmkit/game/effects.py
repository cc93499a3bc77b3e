"""What decisions do to people before anything happens: contacts, messages, prices, bonds, the programme, the brand.

Each mechanism gives a factor on orders, on the hazard of falling asleep, or on the chance to wake; `effects` collects
them. Nothing here is drawn but who is in an experiment, who is contacted when, and whether the rival attacks.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from crmkit.game import brand, living, service, winning
from crmkit.game.decisions import Decisions
from crmkit.game.draws import Draws, Floats
from crmkit.game.living import Contacts, Moves, closed, expit
from crmkit.game.people import company_file
from crmkit.game.plan import BONDS, MESSAGES, OFFERS, Plan, lay_out
from crmkit.game.rules import Rules
from crmkit.game.standing import State

#: Later than any day of a quarter.
NEVER = 10**6


@dataclass(frozen=True, eq=False)
class Effects:
    """What a plan does, person by person.

    Attributes
    ----------
    plan : Plan
    contacted : Contacts
    sent : array of int
        Messages that each person is sent.
    voucher : array of int
        First day on which each person holds a voucher.
    members : array of bool
        Who takes part in the programme.
    bond : array of int
        Position in `crmkit.game.plan.BONDS`.
    set_up : array of bool
        For whom a structural bond is set up.
    kept : array of int
        1 where the bond is the one of the quarter before, 0 elsewhere.
    causes : dict of array
        Log of the factor on orders, by cause.
    moves : Moves
    pull : Pull
    reward : array of float
        Promised for a friend.
    fast, slow : array of float
        What advertising leaves, at the end of the quarter.
    in_mind : array of 13
        How easily we come to mind, each week.
    broken : float
        Points of trust lost by advertising what is not so.
    rival : float
        The rival's prices now.
    rival_next, attack_next
        What the rival begins the next quarter with.
    """

    plan: Plan
    contacted: Contacts
    sent: npt.NDArray[np.int64]
    voucher: npt.NDArray[np.int64]
    members: npt.NDArray[np.bool_]
    bond: npt.NDArray[np.int64]
    set_up: npt.NDArray[np.bool_]
    kept: npt.NDArray[np.int64]
    causes: dict[str, Floats]
    moves: Moves
    pull: winning.Pull
    reward: Floats
    fast: Floats
    slow: Floats
    in_mind: Floats
    broken: float
    rival: float
    rival_next: float
    attack_next: int


def effects(
    state: State, decisions: Decisions, luck: Draws, *, others: float | None = None
) -> Effects:
    """Say what a plan does.

    Parameters
    ----------
    state, decisions, luck
    others
        The lowest prices of other players in the same market, 1 = today's list; None: there are none.
    """
    rules, people, life = state.rules, state.people, state.life
    plan, there = lay_out(state, decisions, luck), state.is_customer
    most = decisions.wake.most_contacts
    wake = (plan["wake.drowsy"], plan["wake.half_asleep"], plan["wake.asleep"])
    contacted = living.contacts(state, wake, most, luck)
    readers = there & people.newsletter & ~life.off_list & (plan["messages.kind"] > 0)
    room = most - (contacted.offer > 0)
    sent = np.where(readers, np.minimum(3 * plan["messages.per_month"], room), 0).astype(np.int64)
    attack, rival = _attack(state, luck)
    rival = rival if others is None else min(rival, others)
    price, price_sinks = by_price(state, decisions.prices.level, rival)
    members = _members(state, plan)
    bond, set_up = _bonds(state, plan, decisions)
    kept = np.where(bond == life.bond, np.minimum(life.bond_quarters, 1), 0)
    part = np.where(kept > 0, 1.0, rules["bonds.first"])
    stays, later, shield = (_of_bond(bond, name, rules) for name in ("leave", "later", "price"))
    # A bond shields from a cheaper rival only.
    shielded = np.where(price_sinks > 0, 1 + part * (shield - 1), 1.0)
    causes = {
        "trust": rules["trust.orders"] * life.trust,
        "price": price * shielded,
        "messages": by_messages(state, plan["messages.kind"], sent),
        "programme": _programme(state, plan, members),
        "bonds": part * np.log(later),
    }
    fast, slow, share = brand.advertise(
        state.fast, state.slow, decisions.brand, rules, on_air_before=state.on_air
    )
    sinks = price_sinks * shielded - rules["trust.sinks"] * life.trust
    sinks = np.clip(sinks, -2, 2) + part * np.log(stays) - service.usual_sinks(state)
    moves = Moves(
        sinks=np.exp(sinks),
        wakes=rules["trust.wakes"] * life.trust,
        mind=share / brand.usual_share(rules),
        rate=np.exp(np.clip(sum(causes.values(), np.zeros(len(people))), -3, 2)),
    )
    reward = np.where(there, plan["winning.referral_reward"], 0).astype(float)
    return Effects(
        plan=plan,
        contacted=contacted,
        sent=sent,
        voucher=np.where(contacted.offer == OFFERS.index("voucher"), 7 * contacted.week, NEVER),
        members=members,
        bond=bond,
        set_up=set_up,
        kept=kept,
        causes=causes,
        moves=moves,
        pull=winning.pull(state, decisions, reward, np.exp(np.minimum(price, 1))),
        reward=reward,
        fast=fast,
        slow=slow,
        in_mind=share,
        broken=_broken(state, decisions, rival),
        rival=rival,
        rival_next=_rival(state, decisions),
        attack_next=attack,
    )


def _broken(state: State, decisions: Decisions, rival: float) -> float:
    """Trust lost by advertising what is not so: "cheapest" that is not, or nobody who explains."""
    rules, word = state.rules, decisions.brand.word
    if word == "cheapest":
        false = decisions.prices.level >= rival
    elif word == "someone explains":
        gave_up = service.unanswered(decisions.service, service.busier(state), rules)[0]
        false = gave_up > rules["brand.broken_from"]
    else:
        false = False
    return rules["brand.broken"] * decisions.brand.weeks / 13 * false


def served_first(state: State) -> npt.NDArray[np.bool_]:
    """Who is answered first where the best customers are."""
    return _best(state, state.rules["service.best_share"])


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


def by_price(state: State, level: float, rival: float) -> tuple[Floats, Floats]:
    """Log of orders, and of the hazard of falling asleep, by our prices beside the rival's."""
    people, rules = state.people, state.rules
    gap = np.log(level) - np.log(rival)
    # A price above the rival's counts more than one below, and the more the farther (Hardie, Johnson & Fader 1993).
    gap = gap + rules["prices.above"] * max(gap, 0.0) ** 2
    weight = people.number("weight_cost") / people.number("wtp_level") * gap
    orders = np.clip(-rules["prices.response"] * weight, -2, 1)
    return orders, np.clip(rules["prices.sinks"] * weight, -1, 1)


def by_messages(state: State, kind: npt.NDArray[Any], sent: npt.NDArray[np.int64]) -> Floats:
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


def unsubscribes(
    state: State, kind: npt.NDArray[Any], sent: npt.NDArray[np.int64], luck: Draws
) -> npt.NDArray[np.bool_]:
    """Who asks not to be sent anything more."""
    hazard = leaving(state, kind, sent)
    return np.asarray(luck.uniform("messages.leave", np.arange(len(sent))) < -np.expm1(-hazard))


def leaving(state: State, kind: npt.NDArray[Any], sent: npt.NDArray[np.int64]) -> Floats:
    """Hazard of asking not to be sent anything more: the oftener, the larger; less where messages are matched."""
    rules, a_month = state.rules, sent / 3
    milder = np.where(kind == MESSAGES.index("matched"), rules["messages.matched_leave"], 1.0)
    hazard = rules["messages.leave"] * milder * a_month**1.5
    return np.asarray(hazard * (0.15 + closed(state.people.number("responsiveness"))))


def _members(state: State, plan: Plan) -> npt.NDArray[np.bool_]:
    """Who takes part in the programme: those who buy much join more, whatever it does to them."""
    rules = state.rules
    year = np.where(state.is_customer, state.life.recent.sum(axis=1) / 100, 0.0)
    # One inclination for the whole game.
    inclined = Draws(state.seed, 0).uniform("programme", np.arange(len(year))) < joining(
        year, rules
    )
    return np.asarray(inclined & (plan["programme.return_rate"] > 0))


def joining(year: Floats, rules: Rules) -> Floats:
    """Chance to take part in the programme, by the turnover of a year in pounds; 0 for those who bought nothing."""
    buys, spend = year > 0, np.log1p(np.maximum(year, 0))
    middle, spread = (spend[buys].mean(), spend[buys].std()) if buys.any() else (0.0, 1.0)
    lean = (spend - middle) / max(float(spread), 1e-9)
    chance = expit(rules["programme.join"] + rules["programme.join_spend"] * lean)
    return np.where(buys, chance, 0.0)


def _programme(state: State, plan: Plan, members: npt.NDArray[np.bool_]) -> Floats:
    """Log of orders by the programme: it moves light buyers most, and fades; tiers pull those who are near."""
    rules, year = state.rules, state.life.recent.sum(axis=1) / 100
    own = _cuts()
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


def gold_threshold() -> float:
    """Turnover of a year from which a member is gold, in pounds."""
    return _cuts()[3]


@lru_cache(maxsize=1)
def _cuts() -> tuple[float, float, tuple[float, ...], float, float]:
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
