"""What a plan costs before it is played: exact where the cost is fixed, an estimate where customers decide it.

A quarter's true costs are in its ``accounts``; here only what a player knows is used: the rules, the customers on
record, what was done before.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from crmkit.game.accounts import offer_costs
from crmkit.game.decisions import CHANNELS, Decisions, check
from crmkit.game.living import working_state
from crmkit.game.plan import OFFERS
from crmkit.game.play import Seen
from crmkit.game.service import hours
from crmkit.say import labels, mark

labels("service desk", "contacts to wake", "messages", "programme", "bonds", "advertising")
labels("winning: search", "winning: social media", "winning: leaflets", "winning: local radio")
labels("referral rewards", "survey", "tracker", "panel")
#: How sure an amount is.
EXACT, ABOUT, MOST = mark("exact"), mark("about"), mark("at most")


def planned_bill(decisions: Decisions, seen: Seen) -> pd.DataFrame:
    """Estimate what a plan costs in the coming quarter.

    Parameters
    ----------
    decisions
        The plan, checked first.
    seen
        What the player sees before the quarter.

    Returns
    -------
    DataFrame
        One row for each item that the plan decides about: ``item`` (as in ``accounts``), ``amount`` (£ a quarter, a
        cost is positive), ``how`` ("exact", "about" or "at most").

    Notes
    -----
    About: points and standing discounts go by the turnover and margin of the last quarter; members by the share of
    active customers that the rules expect to join. At most: everybody who could be contacted is. Experiments are
    counted as if all got what the plan says.
    """
    decisions, rules = check(decisions), seen.rules
    size = seen.customers / 2000
    people = seen.customers * (1 + rules["market.households"])
    customers, working = _on_record(seen)
    last_turnover, last_margin = _last_quarter(seen)
    service, messages, bonds = decisions.service, decisions.messages, decisions.bonds
    desk = (
        service.agents
        * hours(service, rules)
        * 13
        * rules["service.pay"]
        / rules["service.callers"]
    )
    wake = (decisions.wake.drowsy, decisions.wake.half_asleep, decisions.wake.asleep)
    each = offer_costs()
    contacts = sum(
        float(each[OFFERS.index(kind)]) * int((working == place).sum())
        for place, kind in enumerate(wake, start=1)
    ) * (decisions.wake.most_contacts > 0)
    readers = int(customers["newsletter_consent"].sum())
    sent = (
        min(3 * messages.per_month, decisions.wake.most_contacts)
        * readers
        * (messages.kind != "none")
    )
    matched = rules["messages.matching"] * size * (messages.kind == "matched" and sent > 0)
    chosen = round(bonds.share * len(customers))
    best = min(2.5 * bonds.share, 1.0)  # the best fifth bring about half of the margin
    bond = {
        "none": 0.0,
        "financial": rules["bonds.financial_margin"] * last_margin * best,
        "social": rules["bonds.social_cost"] * chosen,
        "structural": rules["bonds.structural_cost"] * chosen
        + rules["bonds.structural_once"] * max(chosen - _bound(seen, len(customers)), 0),
    }[bonds.kind]
    rate = decisions.programme.return_rate
    joined = 0.5
    points = joined * rate * last_turnover * rules["programme.redeemed"]
    runs = size * (
        rules["programme.fixed"] + rules["programme.tiers_fixed"] * decisions.programme.tiers
    )
    research = decisions.research
    rows = [
        ("service desk", desk * size, EXACT),
        ("contacts to wake", contacts, MOST),
        ("messages", rules["messages.cost"] * sent + matched, MOST),
        ("programme", (points + runs) * (rate > 0), ABOUT),
        ("bonds", bond, ABOUT),
        (
            "advertising",
            rules["brand.contact_cost"] * rules["brand.contacts"] * decisions.brand.weeks * people,
            EXACT,
        ),
        *((f"winning: {name}", decisions.winning.spend[name], EXACT) for name in CHANNELS),
        ("referral rewards", 2 * decisions.winning.referral_reward * _friends(seen), ABOUT),
        ("survey", rules["research.survey"] * min(research.survey, len(customers)), EXACT),
        ("tracker", rules["research.tracker"] * research.tracker, EXACT),
        ("panel", rules["research.panel"] * research.panel, EXACT),
    ]
    table = pd.DataFrame(rows, columns=["item", "amount", "how"])
    table["amount"] = table["amount"].astype(float).round(2)
    return table


def _on_record(seen: Seen) -> tuple[pd.DataFrame, np.ndarray]:
    """Customers on record, and the state that the desk takes each for."""
    customers, orders = seen.reports["customers"], seen.reports["orders"]
    last = orders.groupby("customer_id")["order_date"].max().reindex(customers["customer_id"])
    silent = (_first_day(seen) - last).dt.days.fillna(10_000).to_numpy(dtype=np.int64)
    return customers, working_state(silent, seen.rules)


def _first_day(seen: Seen) -> pd.Timestamp:
    from crmkit.game.state import DAYS, game_start

    return pd.Timestamp(game_start()) + pd.Timedelta(days=DAYS * (seen.quarter - 1))


def _last_quarter(seen: Seen) -> tuple[float, float]:
    orders = seen.reports["orders"]
    recent = orders[orders["order_date"] >= _first_day(seen) - pd.Timedelta(days=91)]
    return float(recent["turnover"].sum()), float(recent["margin"].sum())


def _friends(seen: Seen) -> int:
    """Friends who bought in the last quarter; before the game, those whom the company has on record as such."""
    if "introductions" in seen.reports:
        bought = pd.to_datetime(seen.reports["introductions"]["bought_on"])
        return int((bought >= _first_day(seen) - pd.Timedelta(days=91)).sum())
    customers = seen.reports["customers"]
    recent = customers["customer_since"] >= _first_day(seen) - pd.Timedelta(days=91)
    return int((recent & (customers["acquisition_channel"] == "friend")).sum())


def _bound(seen: Seen, customers: int) -> int:
    """Structural bonds that were set up before, about."""
    past = [d.bonds.share for d in seen.decisions if d.bonds.kind == "structural"]
    return round(max(past, default=0.0) * customers)
