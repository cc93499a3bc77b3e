"""The rival that knows the truth: it looks into the state before each quarter, and decides by what it finds there.

A player sees days of silence; this rival sees who sleeps and would wake by what, who is open to messages and whom they
irritate, who cares for cost and what the rival charges, how many calls will come, and what advertising has left. It
does not know the luck that is still to come. What follows from all this is computed for each customer and added up, so
that each decision is the one with the most expected gain. What it can only learn by playing (the kind of bond, the
weeks on air) is fixed, as found by the search that attacks the rules (`crmkit.game.attack`).
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import numpy as np

from crmkit.game import brand, effects, living, service, winning
from crmkit.game.accounts import offer_costs
from crmkit.game.decisions import CHANNELS, FIELD, Brand, Service, Value
from crmkit.game.draws import Floats
from crmkit.game.plan import BONDS, MESSAGES, OFFERS
from crmkit.game.standing import AWAKE, DAYS, HALF_ASLEEP, WEEKS, State

#: What an order brings, less handling, and the sum that was paid for it: means of the orders before the game, in £.
MARGIN, PAID = 45.0, 110.0
#: Part of the list price that goods cost, on average.
GOODS = 0.57
#: Orders beside those of somebody awake, by true state of sleep.
_ORDERS = np.array([1.0, 0.12, 0.03, 0.0])
#: How long what is done now is looked after: the years over which a lost customer would have bought.
YEARS = 2.0
#: What a contact without an answer costs in the end, in £; set so that one agent more or less never paid in play.
NO_ANSWER = 15.0
#: How much more a price does in the end than to the orders of its quarter: customers fall asleep, households stay away.
PRICE_LATER = 0.3
#: Part of a spell awake that is lost when somebody is annoyed who would have woken up alone.
SLEEPS_ON = 1.0
#: What a structural bond keeps of a customer's margin: longer awake, a few more orders, calm while the rival attacks.
BOND_KEEPS = 0.10
#: Years awake, in which a newcomer buys, until the game's score ends: for one who did not come for a single thing.
NEWCOMER = 1.0

#: What only play can show.
FIXED: Mapping[str, Value] = MappingProxyType(
    {
        "service.first": "best customers",
        "messages.kind": "matched",
        "programme.return_rate": 0.005,
        "programme.tiers": True,
        "bonds.kind": "structural",
        "brand.weeks": 5,
        "brand.spread": True,
    }
)


def decide(state: State) -> dict[str, Value]:
    """Decide about the coming quarter by the truth.

    Parameters
    ----------
    state
        The truth at its beginning.

    Returns
    -------
    dict
        Levers and their values, money for 2,000 customers.

    Examples
    --------
    >>> from crmkit.game.state import start
    >>> found = decide(start(100, 3))
    >>> found["wake.half_asleep"] != "none", found["messages.per_month"] > 0
    (True, True)
    """
    level = best_level(state)
    agents = best_agents(state)
    return {
        **FIXED,
        "prices.level": level,
        "service.agents": agents,
        **best_offers(state),
        "messages.per_month": best_frequency(state),
        "bonds.share": best_share(state),
        "brand.word": best_word(state, level, agents),
        **best_spending(state),
        "winning.referral_reward": best_reward(state),
    }


def a_year(state: State) -> Floats:
    """Orders to be expected of each customer in a year, as he or she sleeps now; 0 for all others."""
    life = state.life
    return np.asarray(state.people.number("rate_awake") * _ORDERS[life.sleep] * _ours(state))


def _ours(state: State) -> np.ndarray:
    return np.asarray(state.is_customer & ~state.life.lost)


# --------------------------------------------------------------------------------------------------------------- waking
def offer_gains(state: State, working: int, offer: int) -> float:
    """What contacting all who look as if they slept so deep would bring, in £, by who they truly are.

    Parameters
    ----------
    state
    working
        Working state by days of silence: 1 drowsy, 2 half-asleep, 3 asleep.
    offer
        Position in `crmkit.game.plan.OFFERS`.
    """
    people, life, rules = state.people, state.life, state.rules
    silent = DAYS * state.quarter - life.last_order
    group = state.is_customer & ~life.off_list
    group &= living.working_state(silent, rules) == working
    if not group.any():
        return 0.0
    n = len(people)
    win, dog, leave = living.chances(state, np.full(n, offer), life.sleep)
    win, dog, leave = (np.where(life.lost, 0.0, one) for one in (win, dog, leave))
    rate = people.number("rate_awake")
    alone = np.where(life.sleep <= HALF_ASLEEP, people.number("wake_chance"), 0.1)
    spell = rate * np.minimum(people.number("awake_days") / 365.25, YEARS)
    woken = np.where(life.sleep == AWAKE, 1.0, (1 + spell) * (1 - alone))
    usual = rate * 0.4 * YEARS  # orders of the next years, four tenths of them awake
    annoyed = usual * (rules["wake.lost"] + 0.15 * rules["wake.annoyed"] / YEARS)
    # Who is annoyed sleeps on where he or she would have woken.
    annoyed = annoyed + np.where(life.sleep > AWAKE, alone * spell * SLEEPS_ON, 0.0)
    unsubscribed = 0.05 * usual * people.newsletter
    orders = win * woken - (1 - win) * dog * annoyed - leave * unsubscribed
    gain = MARGIN * orders - offer_costs()[offer]
    if OFFERS[offer] == "voucher":
        off = living.company_file()["campaigns"]["effects"]["discount"]["discount"]
        # It holds for sixty days: for orders after the first one too, and for those that would have come anyway.
        orders = win * (1 + rate * 60 / 365.25) + a_year(state) * 60 / 365.25
        gain = gain - off * PAID * orders
    return float(gain[group].sum())


def best_offers(state: State) -> dict[str, Value]:
    """For each working state the offer that brings most, or none where no offer brings anything."""
    found: dict[str, Value] = {}
    for working, name in enumerate(("drowsy", "half_asleep", "asleep"), start=1):
        gains = [0.0] + [offer_gains(state, working, offer) for offer in range(1, len(OFFERS))]
        found[f"wake.{name}"] = OFFERS[int(np.argmax(gains))]
    return found


# ------------------------------------------------------------------------------------------------------------ messages
def best_frequency(state: State) -> int:
    """Matched messages a month that bring most: more reminders for the open, more irritation for the others."""
    rules, people = state.rules, state.people
    readers = _ours(state) & people.newsletter & ~state.life.off_list
    orders, kind = a_year(state) / 4, np.full(len(people), MESSAGES.index("matched"))
    gains = [0.0]
    for a_month in range(1, int(FIELD["messages.per_month"].high) + 1):
        sent = np.where(readers, 3 * a_month, 0)
        more = orders * np.expm1(effects.by_messages(state, kind, sent))
        hazard = effects.leaving(state, kind, sent)
        reminded = orders * np.expm1(effects.by_messages(state, kind, np.where(readers, 3, 0)))
        stops = -np.expm1(-hazard) * np.maximum(reminded, 0) * 4 * YEARS
        cost = rules["messages.cost"] * float(sent.sum())
        gains.append(MARGIN * float((more - stops)[readers].sum()) - cost)
    return int(np.argmax(gains))


# -------------------------------------------------------------------------------------------------------------- prices
def rival_price(state: State) -> float:
    """What the rival will charge: known while an attack goes on, and expected where one may begin."""
    rules = state.rules
    chance = 1.0 if state.attack else rules["prices.attack_chance"]
    return state.rival * (1 - rules["prices.attack_depth"] * chance)


def best_level(state: State) -> float:
    """The price level with the most margin, now and later, by how much each customer cares for cost."""
    orders, rival = a_year(state) + 1e-9, rival_price(state)
    # Whom a structural bond holds hardly looks at a cheaper rival.
    shield = np.where(
        state.life.bond == BONDS.index("structural"), state.rules["bonds.structural_price"], 1.0
    )
    levels = np.round(np.arange(0.94, 1.101, 0.01), 2)
    earned = []
    for level in levels:
        log_orders = effects.by_price(state, float(level), rival)[0]
        log_orders = log_orders * np.where(log_orders < 0, shield, 1.0)
        bought = float((orders * np.exp((1 + PRICE_LATER) * log_orders)).sum())
        earned.append(bought * (level - GOODS))
    return float(levels[int(np.argmax(earned))])


# ---------------------------------------------------------------------------------------------------------------- desk
def best_agents(state: State) -> int:
    """As many agents as cost less than the contacts that would find no answer without them."""
    rules, calls = state.rules, float(service.expected_calls(state).sum())
    costs = []
    for agents in range(1, 9):
        plan = Service(agents=agents)
        gave_up, _, late = service.unanswered(plan, service.busier(state), rules)
        costs.append(service.cost(state, plan) + NO_ANSWER * calls * (1 - late) * gave_up)
    return 1 + int(np.argmin(costs))


# --------------------------------------------------------------------------------------------------------------- bonds
def best_share(state: State) -> float:
    """Share of customers for whom a structural bond is worth its cost; the best are bound first."""
    rules, life = state.rules, state.life
    number = int(state.is_customer.sum())
    order = np.lexsort((life.customer, -life.margin.sum(axis=1), ~state.is_customer))[:number]
    a_quarter = MARGIN * a_year(state)[order] / 4
    # Set up once, and then kept for two years or so.
    cost = rules["bonds.structural_cost"] + np.where(
        life.paid_once[order], 0.0, rules["bonds.structural_once"] / (4 * YEARS)
    )
    gain = np.cumsum(BOND_KEEPS * a_quarter - cost)
    best = int(np.argmax(gain))
    return round((best + 1) / number, 3) if gain[best] > 0 else 0.0


# --------------------------------------------------------------------------------------------------------------- brand
def best_word(state: State, level: float, agents: int) -> str:
    """The word that makes us come to mind most in the quarter, beside what earlier advertising has left."""
    rules = state.rules
    gave_up = service.unanswered(Service(agents=agents), service.busier(state), rules)[0]
    false = {
        "cheapest": level >= rival_price(state),
        "someone explains": gave_up > rules["brand.broken_from"],
    }
    weeks = int(FIXED["brand.weeks"])
    words = [word for word in brand.WORDS if not false.get(word, False)]
    shares = []
    for word in words:
        plan = Brand(word=word, weeks=weeks, spread=True)
        share = brand.advertise(state.fast, state.slow, plan, rules, on_air_before=state.on_air)[2]
        shares.append(round(float(share.mean()), 9))
    return words[int(np.argmax(shares))]


# ----------------------------------------------------------------------------------------------------------- newcomers
def best_spending(state: State) -> dict[str, Value]:
    """Money for each channel, up to the pound that no longer brings a pound, by which households are still to be won.

    What a channel adds levels off, ``gain * s / (s + half)``, so the best `s` is ``sqrt(gain * half * worth) - half``.
    """
    rules, households = state.rules, len(state.people) - state.customers
    found: dict[str, Value] = {}
    for channel in CHANNELS:
        gain, half = winning.levels_off(channel, rules)
        worth = rules["winning.organic"] * _worth(state, channel) / max(households, 1)
        a_week = max(float(np.sqrt(gain * half * worth)) - half, 0.0)
        # For 2,000 customers, as all money here.
        pounds = a_week * WEEKS * households / 1000 * 2000 / state.customers
        found[f"winning.spend.{channel}"] = round(pounds, 2)
    return found


def best_reward(state: State) -> float:
    """The reward for a friend that brings most: more friends, beside those who come anyway and second cards."""
    rules = state.rules
    a_week = rules["winning.organic"] / 1000 * rules["winning.friends"]
    told = float(winning.talk(state).sum()) / max(state.usual_friends, 1e-9)
    friends = WEEKS * a_week * told * int((~state.is_customer & ~state.life.lost).sum())
    worth = WEEKS * a_week * told * _worth(state, "friend")
    active = int((_ours(state) & (state.life.recent.sum(axis=1) > 0)).sum())
    rewards = np.arange(0.0, 21.0)
    lift = winning.reward_lift(rewards, rules)
    # Both sides get it.
    second_cards = active * rules["winning.cheats"] / 4 * np.minimum(rewards / 10, 3)
    gain = lift * worth - 2 * rewards * ((1 + lift) * friends + second_cards)
    return float(rewards[int(np.argmax(gain))])


def _worth(state: State, source: str) -> float:
    """What all households still to be won would bring if a channel, or a friend, won them, in £ of margin.

    Who comes for one thing does not come again; of the others it is known how often they will buy.
    """
    people = state.people
    won = MARGIN * people.number("rate_awake") * NEWCOMER * winning.keen(state, source)
    return float(won[~state.is_customer & ~state.life.lost & ~people.one_off].sum())
