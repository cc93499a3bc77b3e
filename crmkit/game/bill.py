"""What a plan costs before it is played: exact where the cost is fixed, an estimate where customers decide it.

A quarter's true costs are in its ``accounts``; here only what a player knows is used: the rules, the customers on
record, what was done before.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from crmkit.game.accounts import offer_costs
from crmkit.game.decisions import CHANNELS, Decisions, Value, check
from crmkit.game.effects import gold_threshold, joining
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
    About: points and standing discounts go by the turnover and margin of the last quarter; members by who may be
    expected to join at his or her turnover of a year. At most: everybody who could be contacted is. An experiment
    counts with the shares of its arms, and what it changes is about, for who is in an arm is drawn at random.
    """
    decisions, rules = check(decisions), seen.rules
    size = seen.customers / 2000
    people = seen.customers * (1 + rules["market.households"])
    customers, working = _on_record(seen)
    tried = {one.lever.split(".")[0] for one in decisions.experiments}
    service, research = decisions.service, decisions.research
    desk = (
        service.agents
        * hours(service, rules)
        * 13
        * rules["service.pay"]
        / rules["service.callers"]
    )
    rows = [
        ("service desk", desk * size, EXACT),
        ("contacts to wake", _contacts(decisions, working), ABOUT if "wake" in tried else MOST),
        (
            "messages",
            _messages(decisions, seen, int(customers["newsletter_consent"].sum())),
            ABOUT if "messages" in tried else MOST,
        ),
        ("programme", _programme(decisions, seen, customers["customer_id"]), ABOUT),
        ("bonds", _bonds(decisions, seen, len(customers)), ABOUT),
        (
            "advertising",
            rules["brand.contact_cost"] * rules["brand.contacts"] * decisions.brand.weeks * people,
            EXACT,
        ),
        *((f"winning: {name}", decisions.winning.spend[name], EXACT) for name in CHANNELS),
        (
            "referral rewards",
            2 * _mean(decisions, "winning.referral_reward") * _friends(seen),
            ABOUT,
        ),
        ("survey", rules["research.survey"] * min(research.survey, len(customers)), EXACT),
        ("tracker", rules["research.tracker"] * research.tracker, EXACT),
        ("panel", rules["research.panel"] * research.panel, EXACT),
    ]
    table = pd.DataFrame(rows, columns=["item", "amount", "how"])
    table["amount"] = table["amount"].astype(float).round(2)
    return table


def shares(decisions: Decisions, lever: str) -> dict[Value, float]:
    """What share of customers gets which value of a lever: the plan's, or that of an arm of an experiment.

    Examples
    --------
    >>> from crmkit.game.decisions import AS_BEFORE, Experiment
    >>> trial = Experiment("a call", "wake.asleep", "none", "call", 0.2)
    >>> shares(Decisions(**{**vars(AS_BEFORE), "experiments": (trial,)}), "wake.asleep")
    {'none': 0.8, 'call': 0.2}
    """
    found = {decisions.value(lever): 1.0}
    for one in decisions.experiments:
        if one.lever == lever:
            found = {decisions.value(lever): 1 - 2 * one.share}
            for value in (one.control, one.treatment):
                found[value] = found.get(value, 0.0) + one.share
    return {value: round(share, 9) for value, share in found.items() if share > 0}


def _mean(decisions: Decisions, lever: str) -> float:
    return sum(float(value) * share for value, share in shares(decisions, lever).items())


def _contacts(decisions: Decisions, working: np.ndarray) -> float:
    """Cost of contacts to wake, if everybody in a working state is contacted."""
    if decisions.wake.most_contacts == 0:
        return 0.0
    each, cost = offer_costs(), 0.0
    for place, name in enumerate(("drowsy", "half_asleep", "asleep"), start=1):
        mean = sum(
            share * float(each[OFFERS.index(str(offer))])
            for offer, share in shares(decisions, f"wake.{name}").items()
        )
        cost += mean * int((working == place).sum())
    return cost


def _messages(decisions: Decisions, seen: Seen, readers: int) -> float:
    rules, kinds = seen.rules, shares(decisions, "messages.kind")
    reader = sum(
        share * min(3 * int(number), decisions.wake.most_contacts)
        for number, share in shares(decisions, "messages.per_month").items()
    )
    matching = rules["messages.matching"] * seen.customers / 2000
    sent = reader * readers * (1 - kinds.get("none", 0.0))
    return rules["messages.cost"] * sent + matching * ("matched" in kinds and reader > 0)


def _programme(decisions: Decisions, seen: Seen, customers: pd.Series) -> float:
    """Points of those who may be expected to join, gold, and what runs in any case."""
    rules, tiers = seen.rules, shares(decisions, "programme.tiers").get(True, 0.0)
    rate = _mean(decisions, "programme.return_rate")
    if rate <= 0:
        return 0.0
    year = _turnover(seen, 4 * 91).reindex(customers).fillna(0.0)
    joins = joining(year.to_numpy(dtype=float), rules)
    last = _turnover(seen, 91).reindex(customers).fillna(0.0).to_numpy(dtype=float)
    points = rate * rules["programme.redeemed"] * float((joins * last).sum())
    gold = float(joins[year.to_numpy() >= gold_threshold()].sum())
    runs = rules["programme.fixed"] + rules["programme.tiers_fixed"] * (tiers > 0)
    return points + tiers * gold * rules["programme.gold_cost"] + runs * seen.customers / 2000


def _bonds(decisions: Decisions, seen: Seen, customers: int) -> float:
    rules, share = seen.rules, decisions.bonds.share
    chosen = round(share * customers)
    best = min(2.5 * share, 1.0)  # the best fifth bring about half of the margin
    kinds = shares(decisions, "bonds.kind")
    bound = max((_structural(one) for one in seen.decisions), default=0.0) * customers
    new = max(chosen * kinds.get("structural", 0.0) - bound, 0.0)
    each = {
        "none": 0.0,
        "financial": rules["bonds.financial_margin"] * _last_margin(seen) * best,
        "social": rules["bonds.social_cost"] * chosen,
        "structural": rules["bonds.structural_cost"] * chosen,
    }
    cost = sum(share * each[str(kind)] for kind, share in kinds.items())
    return cost + rules["bonds.structural_once"] * new


def _structural(decisions: Decisions) -> float:
    """Share of customers with a structural bond by a plan, about."""
    return decisions.bonds.share * shares(decisions, "bonds.kind").get("structural", 0.0)


def _on_record(seen: Seen) -> tuple[pd.DataFrame, np.ndarray]:
    """Customers on record, and the state that the desk takes each for."""
    customers, orders = seen.reports["customers"], seen.reports["orders"]
    last = orders.groupby("customer_id")["order_date"].max().reindex(customers["customer_id"])
    silent = (_first_day(seen) - last).dt.days.fillna(10_000).to_numpy(dtype=np.int64)
    return customers, working_state(silent, seen.rules)


def _first_day(seen: Seen) -> pd.Timestamp:
    from crmkit.game.state import DAYS, game_start

    return pd.Timestamp(game_start()) + pd.Timedelta(days=DAYS * (seen.quarter - 1))


def _turnover(seen: Seen, days: int) -> pd.Series:
    """Turnover of each customer in the last days before the quarter."""
    orders = seen.reports["orders"]
    recent = orders[orders["order_date"] >= _first_day(seen) - pd.Timedelta(days=days)]
    return recent.groupby("customer_id")["turnover"].sum()


def _last_margin(seen: Seen) -> float:
    orders = seen.reports["orders"]
    return float(
        orders.loc[orders["order_date"] >= _first_day(seen) - pd.Timedelta(days=91), "margin"].sum()
    )


def _friends(seen: Seen) -> int:
    """Friends who bought in the last quarter; before the game, those whom the company has on record as such."""
    if "introductions" in seen.reports:
        bought = pd.to_datetime(seen.reports["introductions"]["bought_on"])
        return int((bought >= _first_day(seen) - pd.Timedelta(days=91)).sum())
    customers = seen.reports["customers"]
    recent = customers["customer_since"] >= _first_day(seen) - pd.Timedelta(days=91)
    return int((recent & (customers["acquisition_channel"] == "friend")).sum())
