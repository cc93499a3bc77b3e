"""Thirteen weeks of people's lives: falling asleep, waking up, being contacted, coming for the first time.

The process is that of `crmkit.world.core.sleep`: spells of gamma-distributed length. A week at a time the chance that a
spell ends follows from its age; a decision makes that chance, or the chance to wake, larger or smaller, and luck is
the same whatever is decided.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from crmkit.game.draws import Draws, Floats
from crmkit.game.people import company_file
from crmkit.game.plan import OFFERS
from crmkit.game.rules import Rules
from crmkit.game.standing import ASLEEP, AWAKE, DAYS, STATES, WEEKS, State
from crmkit.later import later

special = later("scipy.special")

#: Offers of the game, as the company file names them.
OFFER_NAMES = {"reminder": "reminder", "voucher": "discount", "call": "personal call"}
#: Contacts are made in the first weeks, so that the quarter shows what they did.
CONTACT_WEEKS = 3


def expit(x: Floats) -> Floats:
    """The logistic function."""
    return np.asarray(special.expit(x))


def closed(openness: Floats) -> Floats:
    """How far contact irritates a person, 0 to 1."""
    return expit(-2.5 * (openness + company_file()["campaigns"]["irritable_below"]))


@dataclass(frozen=True, eq=False)
class Moves:
    """What makes people's moves likelier or not in the quarter; one entry per person.

    Attributes
    ----------
    sinks : array of float
        Factor on the hazard of falling asleep.
    wakes : array of float
        Added to the log-odds of waking up.
    mind : array of 13
        How easily we come to mind in each week, 1 = as usual.
    rate : array of float
        Factor on orders.
    """

    sinks: Floats
    wakes: Floats
    mind: Floats
    rate: Floats


@dataclass(frozen=True, eq=False)
class Contacts:
    """Who is contacted to be woken: the offer (0 none), the week, and the working state that it went by."""

    offer: npt.NDArray[np.int64]
    week: npt.NDArray[np.int64]
    working: npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Lives:
    """What became of people in the quarter.

    Attributes
    ----------
    sleep, age, tested, lost, off_list
        As in `crmkit.game.state.Life`, at the end.
    expected : array of float, 13 columns
        Orders to be expected in each week, before the days' busyness.
    events : array of int, columns person, week, kind
        Orders that something else brought: see `EVENTS`.
    cause : array of int
        What brought a newcomer (`crmkit.game.winning.CAUSES`), -1 for everybody else.
    won, annoyed, driven_away, unsubscribed : arrays of bool
        By contacts to wake.
    moved : array of bool
        Moved away from the town, and is lost; no decision has a part in it.
    woke_alone : array of bool
        Woke up without a contact.
    """

    sleep: npt.NDArray[np.int64]
    age: Floats
    tested: Floats
    lost: npt.NDArray[np.bool_]
    off_list: npt.NDArray[np.bool_]
    expected: Floats
    events: npt.NDArray[np.int64]
    cause: npt.NDArray[np.int64]
    won: npt.NDArray[np.bool_]
    annoyed: npt.NDArray[np.bool_]
    driven_away: npt.NDArray[np.bool_]
    unsubscribed: npt.NDArray[np.bool_]
    moved: npt.NDArray[np.bool_]
    woke_alone: npt.NDArray[np.bool_]


#: Kinds of events: woke up, first order, won though awake.
EVENTS = ("woke", "joined", "won")


def working_state(silent: npt.NDArray[np.int64], rules: Rules) -> npt.NDArray[np.int64]:
    """What the desk takes a customer's state for, by days of silence.

    Examples
    --------
    >>> working_state(np.array([10, 60, 239, 1000]), Rules()).tolist()
    [0, 1, 2, 3]
    """
    cuts = [rules[f"wake.{name}_after"] for name in ("drowsy", "half_asleep", "asleep")]
    return np.searchsorted(cuts, silent, side="right")


def contacts(state: State, wake: tuple[npt.NDArray[Any], ...], most: int, luck: Draws) -> Contacts:
    """Lay the quarter's contacts out: one at most for each customer, by days of silence on the first day."""
    person = np.arange(len(state.people))
    silent = DAYS * state.quarter - state.life.last_order
    working = np.where(state.is_customer, working_state(silent, state.rules), 0)
    offer = np.select([working == 1 + place for place in range(3)], list(wake), 0)
    offer = np.where(state.is_customer & ~state.life.off_list & (most > 0), offer, 0)
    week = np.floor(luck.uniform("wake.week", person) * CONTACT_WEEKS).astype(np.int64)
    return Contacts(offer.astype(np.int64), week, working)


def chances(
    state: State, offer: npt.NDArray[np.int64], sleep: npt.NDArray[np.int64]
) -> tuple[Floats, Floats, Floats]:
    """Chances to be won, annoyed, and to unsubscribe by a contact, of everybody in a state of sleep."""
    rules, people, about = state.rules, state.people, company_file()["campaigns"]
    who = np.flatnonzero(offer > 0)
    open_ = people.number("responsiveness")[who]
    traits = {
        "openness": open_,
        "discount_love": _standard(people.number("discount_love"))[who],
        "solution": _standard(people.number("weight_solution"))[who],
        "communication": _standard(people.number("weight_communication"))[who],
        "business": people.business[who].astype(float),
    }
    tired, irritates = state.life.tired[who], closed(open_)
    more = rules["wake.irritation"] ** tired
    win, dog, leave = np.zeros((3, len(people)))
    for code, name in enumerate(OFFERS):
        mine = offer[who] == code
        if name == "none" or not mine.any():
            continue
        own = about["effects"][OFFER_NAMES[name]]
        base = np.array([own["win"][one] for one in STATES])[sleep[who]]
        lift = np.log(base / (1 - base))
        for trait, weight in own["traits"].items():
            lift = lift + weight * traits[trait]
        strength = rules["wake.strength"]
        to = who[mine]
        win[to] = (expit(lift) * rules["wake.wear"] ** tired * strength)[mine]
        dog[to] = np.minimum(own["dog"] * irritates * more * strength, 0.95)[mine]
        leave[to] = np.minimum((0.004 + own["unsubscribe"] * irritates) * more, 0.9)[mine]
    return win, dog, leave


def _standard(values: Floats) -> Floats:
    return np.asarray((values - values.mean()) / max(float(values.std()), 1e-9))


def live(
    state: State, moves: Moves, contacted: Contacts, parts: Floats, busy: Floats, luck: Draws
) -> Lives:
    """Run the thirteen weeks.

    Parameters
    ----------
    state
    moves
        What decisions make likelier or not.
    contacted
        Who is contacted.
    parts
        Hazard of each household to come, by cause (rows), with the brand's part at its usual.
    busy
        How busy each week is for persons (row 0) and businesses (row 1), beside an average week.
    luck
    """
    about, people, life, rules = company_file()["sleep"], state.people, state.life, state.rules
    n = len(people)
    person, kind = np.arange(n), people.business.astype(int)
    sleep, age, tested = life.sleep.copy(), life.age.copy(), life.tested.copy()
    lost, off_list, customer = life.lost.copy(), life.off_list.copy(), state.is_customer.copy()
    means = np.array(
        [np.nan, about["drowsy_days"], about["half_asleep_days"], about["asleep_days"]]
    )
    rates = np.array([about["rates"][name] for name in STATES])
    per_week = people.number("rate_awake") / 365.25 * 7 * moves.rate
    wake = np.clip(people.number("wake_chance"), 1e-4, 1 - 1e-4)
    odds = np.log(wake / (1 - wake)) + moves.wakes
    awake_days = people.number("awake_days")
    cause = np.full(n, -1)
    flags = {
        name: np.zeros(n, bool)
        for name in ("won", "annoyed", "driven_away", "unsubscribed", "woke_alone", "moved")
    }
    moves_in = _moves_in(person, rules, luck)
    quiet = np.zeros(n, bool)
    expected, events = np.zeros((n, WEEKS)), []
    for week in range(WEEKS):
        moving = customer & ~lost & (moves_in == week)
        flags["moved"] |= moving
        lost |= moving
        # Newcomers: only households can be any.
        mind = float(moves.mind[week])
        free = np.flatnonzero(~(customer | lost))
        weight = parts[:, free]
        weight[0] = weight[0] * mind ** rules["brand.won"]
        weight = weight * busy[kind[free], week]
        total = weight.sum(axis=0)
        came = luck.uniform("winning.comes", free, week) < -np.expm1(-total)
        new = free[came]
        ends = np.cumsum(weight[:, came], axis=0)
        place = (ends <= luck.uniform("winning.cause", new, week) * ends[-1]).sum(axis=0)
        cause[new] = np.minimum(place, len(parts) - 1)
        comes = np.zeros(n, bool)
        comes[new] = True
        events += _events(person, comes, week, "joined")
        customer |= comes
        # Contacts to wake.
        now = (contacted.offer > 0) & (contacted.week == week)
        if now.any():
            win, dog, leave = chances(state, np.where(now, contacted.offer, 0), sleep)
            won = now & ~lost & (luck.uniform("wake.win", person) < win)
            annoyed = now & ~won & (luck.uniform("wake.dog", person) < dog)
            away = annoyed & (luck.uniform("wake.lost", person) < rules["wake.lost"])
            stops = now & (luck.uniform("wake.leave", person) < leave)
            for name, values in zip(flags, (won, annoyed, away, stops), strict=False):
                flags[name] |= values
            off_list |= stops
            quiet |= annoyed
            lost |= away
            events += _events(person, won & (sleep == AWAKE), week, "won")
            woken = won & (sleep > AWAKE)
            events += _events(person, woken, week, "woke")
            sleep, age, tested = (
                np.where(woken, value, old)
                for value, old in ((AWAKE, sleep), (0.0, age), (0.0, tested))
            )
        # Spells that end, and what follows them; households that never came have none.
        ours = np.flatnonzero(customer)
        asleep, awake = sleep[ours] == ASLEEP, sleep[ours] == AWAKE
        mean = np.where(awake, awake_days[ours], means[sleep[ours]])
        mean = np.where(asleep & people.one_off[ours], mean * about["one_off_asleep"], mean)
        shift = moves.wakes[ours] + rules["brand.wakes"] * np.log(mind)
        speed = np.where(awake, moves.sinks[ours], np.where(asleep, np.exp(shift), 1.0))
        shape = about["spell_shape"]
        later_ = special.gammaincc(shape, (age[ours] + 7) * shape / mean)
        before = special.gammaincc(shape, tested[ours] * shape / mean)
        stays = np.where(before > 0, later_ / np.maximum(before, 1e-300), 0.0) ** speed
        ends_now = ~lost[ours] & ~comes[ours] & (luck.uniform("sleep.ends", ours, week) >= stays)
        wakes = asleep | (
            luck.uniform("sleep.wakes", ours, week)
            < expit(odds[ours] + rules["brand.wakes"] * np.log(mind))
        )
        wakes &= ends_now & ~awake
        # Whom a contact annoyed sinks, or sleeps on, until the quarter is over.
        ends_now &= ~(quiet[ours] & wakes & asleep)
        wakes &= ~quiet[ours]
        following = np.where(wakes, AWAKE, np.minimum(sleep[ours] + 1, ASLEEP))
        at = luck.uniform("sleep.day", ours, week)  # part of the week that has passed
        events += _events(ours, wakes, week, "woke")
        flags["woke_alone"][ours] |= wakes
        after = np.where(ends_now, following, sleep[ours])
        old_rate = np.where(comes[ours], 0.0, rates[sleep[ours]])
        changed = ends_now | comes[ours]
        rate = np.where(changed, at * old_rate + (1 - at) * rates[after], old_rate)
        expected[ours, week] = per_week[ours] * rate * busy[kind[ours], week] * ~lost[ours]
        age[ours] = np.where(changed, (1 - at) * 7, age[ours] + 7)
        tested[ours] = np.where(changed, 0.0, age[ours])
        sleep[ours] = after
    empty = np.zeros((0, 3), np.int64)
    return Lives(
        sleep=sleep,
        age=np.where(customer, age, 0.0),
        tested=np.where(customer, tested, 0.0),
        lost=lost,
        off_list=off_list,
        expected=expected,
        events=np.concatenate([empty, *events]),
        cause=cause,
        **flags,
    )


def _moves_in(person: npt.NDArray[np.int64], rules: Rules, luck: Draws) -> npt.NDArray[np.int64]:
    """The week in which each person moves away, if a customer then; `WEEKS` for those who stay."""
    by_week = 1 - (1 - rules["market.moves"]) ** np.arange(1, WEEKS + 1)
    return np.searchsorted(by_week, luck.uniform("people.moves", person), side="right")


def _events(
    person: npt.NDArray[np.int64], who: npt.NDArray[np.bool_], week: int, kind: str
) -> list[npt.NDArray[np.int64]]:
    rows = person[who]
    place = np.full(len(rows), EVENTS.index(kind))
    return [np.column_stack([rows, np.full(len(rows), week), place])] if len(rows) else []
