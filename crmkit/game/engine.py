"""One quarter of the game: `step` takes a state and decisions, and gives the next state and what can be known of it.

Pure: neither the state nor the decisions are changed, and the same state, decisions and seed give the same result.
Mechanisms have files of their own: `effects` (what decisions do), `living` (thirteen weeks of people), `buying`,
`service`, `winning` and `brand`. Here they meet, and trust is what follows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from crmkit.errors import CrmkitError
from crmkit.game import buying, living, service, winning
from crmkit.game.accounts import bill
from crmkit.game.brand import weeks_on_air
from crmkit.game.decisions import Decisions, check
from crmkit.game.draws import Draws, Floats, poisson, special
from crmkit.game.effects import Effects, effects, served_first, unsubscribes
from crmkit.game.living import Lives
from crmkit.game.quarter import Quarter
from crmkit.game.reports import Reports, write_reports
from crmkit.game.standing import AWAKE, DAYS, DROWSY, WEEKS, YEAR, Around, Life, Rivals, State


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
    return play_checked(state, check(decisions), seed)


def play_checked(state: State, decisions: Decisions, seed: int) -> Quarter:
    """Let a quarter happen by decisions that `check` has given back: who plays the same ones often checks them once."""
    luck = _luck(state, seed)
    number, around = state.quarter + 1, state.around or Around()
    if number in around.rules:
        state = replace(state, rules=around.rules[number])
    rivals = around.rivals.get(number)
    if rivals is None:
        return _play(state, decisions, effects(state, decisions, luck), luck)
    plan = effects(state, decisions, luck, others=rivals.level)
    draws = rivals.draws.copy()
    draws[rivals.place] = plan.pull.parts.sum(axis=0)
    return _among(state, decisions, plan, luck, _looks_at(draws, luck) == rivals.place, rivals.came)


def step_together(
    states: Sequence[State], decisions: Sequence[Decisions], seed: int
) -> list[tuple[State, Reports]]:
    """Play one quarter for several players in one market.

    They share the households: each looks at one player in the quarter, at random in proportion to how strongly they
    draw it, and is out of the market for all others once it has come to one. The cheapest of the other players counts
    as the rival does. Each keeps the customers of its own, who are not shared.

    Parameters
    ----------
    states
        Of the players, all of one quarter and with the same people.
    decisions
        One for each.
    seed
        As for `step`.

    Returns
    -------
    list of (State, Reports)
        In the order of the players. One player alone has what `step` gives.

    Raises
    ------
    CrmkitError
        As `step`; states that do not belong to one game, or another number of decisions.
    """
    return [
        (quarter.after, write_reports(quarter, bill(quarter)))
        for quarter, _ in play_together(states, decisions, seed)
    ]


def play_together(
    states: Sequence[State], decisions: Sequence[Decisions], seed: int
) -> list[tuple[Quarter, Rivals]]:
    """Let a quarter happen for several players in one market; `step_together` without its reports.

    Beside each player's quarter stands what the others were to it: with this in its state's `around`, `play_quarter`
    plays the quarter again for this player alone, whatever it decides, while the others stay as they were.
    """
    if not states or len(states) != len(decisions):
        raise CrmkitError(
            f"There are {len(states)} states and {len(decisions)} decisions: give one of each for every player."
        )
    if len({(one.quarter, one.customers, one.seed, len(one.people)) for one in states}) > 1:
        raise CrmkitError(
            "The states are not of one game: quarter, customers, seed and households must be the same for all players."
        )
    plans, luck = [check(one) for one in decisions], _luck(states[0], seed)
    levels = [plan.prices.level for plan in plans]
    cheapest = [
        min(levels[:place] + levels[place + 1 :], default=None) for place in range(len(plans))
    ]
    every = [
        effects(state, plan, luck, others=others)
        for state, plan, others in zip(states, plans, cheapest, strict=True)
    ]
    draws = np.array([one.pull.parts.sum(axis=0) for one in every])
    looks_at, nowhere = _looks_at(draws, luck), np.zeros(draws.shape[1], bool)
    played = [
        _among(state, plan, one, luck, looks_at == place, nowhere)
        for place, (state, plan, one) in enumerate(zip(states, plans, every, strict=True))
    ]
    ours = np.array([quarter.after.is_customer for quarter in played])
    ours[:, : states[0].customers] = False
    result = []
    for place, quarter in enumerate(played):
        came = np.asarray(np.delete(ours, place, axis=0).any(axis=0))
        level = cheapest[place]
        rivals = Rivals(place, draws, levels[place] if level is None else level, came)
        result.append((_without(quarter, came), rivals))
    return result


def _looks_at(draws: Floats, luck: Draws) -> npt.NDArray[np.int64]:
    """Say at which player each household looks, by how strongly each draws it."""
    ends = np.cumsum(draws, axis=0)
    u = luck.uniform("market.looks", np.arange(draws.shape[1])) * ends[-1]
    return np.minimum((ends <= u).sum(axis=0), len(draws) - 1)


def _among(
    state: State,
    decisions: Decisions,
    plan: Effects,
    luck: Draws,
    looks: npt.NDArray[np.bool_],
    elsewhere: npt.NDArray[np.bool_],
) -> Quarter:
    """Play a quarter for one player of several: only those who look at it can come."""
    pull = replace(plan.pull, parts=plan.pull.parts * looks)
    return _without(_play(state, decisions, replace(plan, pull=pull), luck), elsewhere)


def _without(quarter: Quarter, came: npt.NDArray[np.bool_]) -> Quarter:
    """Take households out that came to somebody else: they are lost to us, and were never customers of ours."""
    after = quarter.after
    lost = after.life.lost | (came & ~after.is_customer)
    return replace(quarter, after=replace(after, life=replace(after.life, lost=lost)))


def _luck(state: State, seed: int) -> Draws:
    if isinstance(seed, bool) or not isinstance(seed, int | np.integer) or not 0 <= seed < 2**63:
        raise CrmkitError(f"seed must be a whole number of at least 0, not {seed!r}.")
    return Draws(int(seed), state.quarter + 1)


def _play(state: State, decisions: Decisions, plan: Effects, luck: Draws) -> Quarter:
    """Live the thirteen weeks, buy, come to the desk, and learn from it all."""
    people, person = state.people, np.arange(len(state.people))
    busy = buying.busy_weeks(state.quarter)
    lives = living.live(state, plan.moves, plan.contacted, plan.pull.parts, busy, luck)
    orders = buying.buy(
        people,
        state.quarter,
        lives.expected,
        lives.events,
        decisions.prices.level,
        plan.voucher,
        luck,
    )
    own = np.bincount(orders.who, minlength=len(person))
    calls, visits = _at_the_desk(state, lives, orders, own, luck)
    felt, failed = service.experiences(state, decisions.service, calls, served_first(state), luck)
    trust = _trust(state, plan, lives, own, calls, felt, luck)
    stops = unsubscribes(state, plan.plan["messages.kind"], plan.sent, luck)
    lives = replace(lives, off_list=lives.off_list | stops)
    life = _after(state, plan, lives, orders, trust, failed, luck)
    life, inviter = _newcomers(state, life, lives, orders, decisions, plan.pull, luck)
    after = replace(
        state,
        quarter=state.quarter + 1,
        orders=state.orders + len(orders),
        contacts=state.contacts + int((plan.contacted.offer > 0).sum()),
        introductions=state.introductions + int((inviter >= 0).sum()),
        rival=plan.rival_next,
        attack=plan.attack_next,
        fast=plan.fast,
        slow=plan.slow,
        on_air=bool(weeks_on_air(decisions.brand)[-1]),
        life=life,
    )
    return Quarter(
        before=state,
        after=after,
        decisions=decisions,
        effects=plan,
        luck=luck,
        lives=lives,
        orders=orders,
        calls=calls,
        visits=visits,
        failed=failed,
        inviter=inviter,
    )


def _at_the_desk(
    state: State, lives: Lives, orders: buying.Orders, own: npt.NDArray[np.int64], luck: Draws
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Contacts with the desk and visits of each person, as `crmkit.world.core.service` draws them."""
    rules, people, person = state.rules, state.people, np.arange(len(own))
    asks = (state.is_customer | (lives.cause >= 0)) & ~state.life.lost
    back = np.bincount(orders.who, orders.returns, minlength=len(own))
    usual = rules["service.contacts"] / 4 * asks + rules["service.per_order"] * own
    calls = people.number("demanding") * usual + rules["service.per_return"] * back
    visits = people.number("demanding") * rules["service.visits"] / 4 * (asks & people.business)
    return (
        poisson(calls, luck.uniform("desk.calls", person)),
        poisson(visits, luck.uniform("desk.visits", person)),
    )


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
    plan: Effects,
    lives: Lives,
    orders: npt.NDArray[np.int64],
    calls: npt.NDArray[np.int64],
    felt: Floats,
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
    crowd = np.maximum(plan.sent + (plan.contacted.offer > 0) - 6, 0)
    trust = trust - rules["messages.pressure"] * crowd - rules["wake.annoyed"] * lives.annoyed
    trust = np.clip(trust - plan.broken, -6, 3)
    # Rounded, because the last binary digit of a power depends on the processor.
    return np.asarray(np.where(state.is_customer, trust.round(9) + 0.0, 0.0))


def _after(
    state: State,
    plan: Effects,
    lives: Lives,
    orders: buying.Orders,
    trust: Floats,
    failed: Floats,
    luck: Draws,
) -> Life:
    life, n = state.life, len(state.people)
    last = life.last_order.copy()
    np.maximum.at(last, orders.who, DAYS * state.quarter + orders.day)
    sums = {}
    for name, pence in (("recent", orders.turnover), ("margin", orders.margin)):
        new = np.zeros(n, np.int64)
        np.add.at(new, orders.who, pence)
        sums[name] = np.concatenate([new[:, None], getattr(life, name)[:, : YEAR - 1]], axis=1)
    # Who got no answer may turn away at once.
    upset = 1 - (1 - state.rules["service.sinks"]) ** failed
    sinks = (lives.sleep == AWAKE) & state.is_customer
    sinks &= luck.uniform("desk.sinks", np.arange(n)) < upset
    return replace(
        life,
        sleep=np.where(sinks, DROWSY, lives.sleep),
        age=np.where(sinks, 0.0, lives.age),
        tested=np.where(sinks, 0.0, lives.tested),
        lost=lives.lost,
        trust=trust,
        last_order=last,
        recent=sums["recent"],
        margin=sums["margin"],
        tired=life.tired * state.rules["wake.fades"] + (plan.contacted.offer > 0),
        off_list=lives.off_list,
        member=life.member + plan.members,
        bond=plan.bond,
        bond_quarters=np.where(
            plan.bond > 0, np.where(plan.kept > 0, life.bond_quarters, 0) + 1, 0
        ),
        paid_once=life.paid_once | plan.set_up,
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
