"""The accounts of a quarter: every item with its amount, so that their sum is the profit."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np

from crmkit.game import brand, service
from crmkit.game.decisions import CHANNELS
from crmkit.game.living import OFFER_NAMES
from crmkit.game.people import company_file
from crmkit.game.plan import BONDS, MESSAGES, OFFERS
from crmkit.game.quarter import Quarter

#: Amounts in whole pence by item; costs are negative.
Bill: TypeAlias = dict[str, int]
#: Items of `accounts`, in their order.
ITEMS = (
    *("turnover", "cost of goods", "handling of orders", "letters and card", "overheads"),
    *("service desk", "visits", "contacts to wake", "messages", "programme", "bonds"),
    *("advertising", *(f"winning: {channel}" for channel in CHANNELS), "referral rewards"),
    *("survey", "tracker", "panel"),
)


def bill(quarter: Quarter) -> Bill:
    """Add up what a quarter brought and cost.

    Returns
    -------
    dict
        One amount in whole pence for each of `ITEMS`.
    """
    state, decisions = quarter.before, quarter.decisions
    rules, orders, size = state.rules, quarter.orders, state.customers / 2000
    turnover, margin = int(orders.turnover.sum()), int(orders.margin.sum())
    customers = int((quarter.after.is_customer).sum())
    pounds = {
        "handling of orders": rules["market.order_cost"] * len(orders),
        "letters and card": rules["market.mailing_cost"] / 4 * customers,
        "overheads": rules["market.overheads"] * state.customers,
        "service desk": service.cost(state, decisions.service),
        "visits": rules["market.visit_cost"] * int(quarter.visits.sum()),
        "contacts to wake": float(
            np.bincount(quarter.effects.contacted.offer, minlength=4) @ offer_costs()
        ),
        "messages": rules["messages.cost"] * int(quarter.effects.sent.sum())
        + rules["messages.matching"] * size * bool(_matched(quarter)),
        "programme": _programme(quarter, size),
        "bonds": _bonds(quarter),
        "advertising": brand.cost(decisions.brand, len(state.people), rules),
        "referral rewards": _rewards(quarter),
        "survey": rules["research.survey"] * surveyed(quarter),
        "tracker": rules["research.tracker"] * decisions.research.tracker,
        "panel": rules["research.panel"] * decisions.research.panel,
        **{f"winning: {name}": decisions.winning.spend[name] for name in CHANNELS},
    }
    pence = {"turnover": turnover, "cost of goods": margin - turnover}
    pence |= {name: -round(100 * amount) for name, amount in pounds.items()}
    return {name: pence[name] for name in ITEMS}


def offer_costs() -> np.ndarray:
    """Cost of one contact, in pounds, for each of `crmkit.game.plan.OFFERS`."""
    effects = company_file()["campaigns"]["effects"]
    return np.array([0.0, *(effects[OFFER_NAMES[name]]["cost"] for name in OFFERS[1:])])


def surveyed(quarter: Quarter) -> int:
    """How many customers are asked: no more than there are."""
    return min(quarter.decisions.research.survey, int(quarter.before.is_customer.sum()))


def _matched(quarter: Quarter) -> bool:
    matched = quarter.effects.plan["messages.kind"] == MESSAGES.index("matched")
    return bool((matched & (quarter.effects.sent > 0)).any())


def _programme(quarter: Quarter, size: float) -> float:
    """Points that are redeemed, what gold costs, and what runs in any case."""
    rules, plan, members = quarter.before.rules, quarter.effects.plan, quarter.effects.members
    if not (plan["programme.return_rate"] > 0).any():
        return 0.0
    threshold = company_file()["programme"]["tiers"]["threshold"]
    bought = quarter.after.life.recent[:, 0]
    rate = np.where(members, np.asarray(plan["programme.return_rate"], float), 0.0)
    back = float(np.sum(rate * np.maximum(bought, 0))) / 100 * rules["programme.redeemed"]
    tiers = members & np.asarray(plan["programme.tiers"], bool)
    gold = tiers & (quarter.before.life.recent.sum(axis=1) >= 100 * threshold)
    runs = rules["programme.fixed"] + rules["programme.tiers_fixed"] * bool(tiers.any())
    return back + rules["programme.gold_cost"] * int(gold.sum()) + size * runs


def _bonds(quarter: Quarter) -> float:
    rules, bond = quarter.before.rules, quarter.effects.bond
    margin = np.maximum(quarter.after.life.margin[:, 0], 0) / 100
    each = [bond == BONDS.index(kind) for kind in BONDS]
    cost = rules["bonds.financial_margin"] * float(margin[each[1]].sum())
    cost += rules["bonds.social_cost"] * int(each[2].sum())
    cost += rules["bonds.structural_cost"] * int(each[3].sum())
    return cost + rules["bonds.structural_once"] * int(quarter.effects.set_up.sum())


def _rewards(quarter: Quarter) -> float:
    """Both sides get the reward; some open a second card at home and take it, too."""
    told = quarter.inviter[quarter.inviter >= 0]
    honest = 2 * float(quarter.effects.reward[told].sum())
    tempted = (
        np.minimum(quarter.effects.reward / 10, 3) * quarter.before.rules["winning.cheats"] / 4
    )
    lot = quarter.luck.uniform("winning.cheats", np.arange(len(tempted)))
    active = quarter.before.is_customer & (quarter.before.life.recent.sum(axis=1) > 0)
    cheat = active & (lot < tempted)
    return honest + 2 * float(quarter.effects.reward[cheat].sum())
