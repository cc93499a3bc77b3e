"""Thirteen weeks of people's lives: falling asleep, waking up, being contacted, coming for the first time.

The process is that of `crmkit.world.core.sleep`: spells of gamma-distributed length. A week at a time the chance that a
spell ends follows from its age; a decision makes that chance, or the chance to wake, larger or smaller, and luck is
the same whatever is decided.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from crmkit.game.draws import Draws, Floats
from crmkit.game.people import People, company_file
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
    traits = {name: values[who] for name, values in _traits(people).items()}
    open_ = traits["openness"]
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


@functools.lru_cache(maxsize=4)
def _traits(people: People) -> dict[str, Floats]:
    """Give what contacts work by, for everybody: as people never change, it is computed once a game."""
    return {
        "openness": people.number("responsiveness"),
        "discount_love": _standard(people.number("discount_love")),
        "solution": _standard(people.number("weight_solution")),
        "communication": _standard(people.number("weight_communication")),
        "business": people.business.astype(float),
    }


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
    people, life, rules = state.people, state.life, state.rules
    n = len(people)
    comes_in, cause = _arrivals(state, moves, parts, busy, luck)
    # Households that never come have no life with us: from here on an entry is somebody who is, or becomes, a customer.
    ours = np.flatnonzero(state.is_customer | (comes_in < WEEKS))
    spells = _Spells(state, moves, ours)
    there, lost, off_list = state.is_customer[ours], life.lost[ours], life.off_list[ours]
    comes_in, moves_in = comes_in[ours], _moves_in(ours, rules, luck)
    contact_in = np.where(contacted.offer > 0, contacted.week, WEEKS)[ours]
    kind, per_week = people.business[ours].astype(int), people.number("rate_awake")[ours]
    per_week = per_week / 365.25 * 7 * moves.rate[ours]
    u = {
        name: luck.uniform(f"sleep.{name}", ours, np.arange(WEEKS)[:, None])
        for name in ("ends", "wakes", "day")
    }
    flags = {
        name: np.zeros(len(ours), bool)
        for name in ("won", "annoyed", "driven_away", "unsubscribed", "woke_alone", "moved")
    }
    expected, events = np.zeros((n, WEEKS)), _Events(ours)
    for week in range(WEEKS):
        moving = there & ~lost & (moves_in == week)
        flags["moved"] |= moving
        lost |= moving
        comes = comes_in == week
        there = there | comes
        events.note(week, "joined", comes)
        now = contact_in == week
        if now.any():
            by_contact = _approached(state, contacted, ours, now, lost, spells.sleep, luck)
            for name, values in by_contact.items():
                flags[name] |= values
            off_list |= by_contact["unsubscribed"]
            lost |= by_contact["driven_away"]
            won = by_contact["won"]
            events.note(week, "won", won & (spells.sleep == AWAKE))
            woken = won & (spells.sleep > AWAKE)
            events.note(week, "woke", woken)
            spells.wake(woken)
        mind, at = float(moves.mind[week]), u["day"][week]  # part of the week that has passed
        quiet = flags["annoyed"]  # whom a contact annoyed, until the quarter is over
        wakes, rate = spells.week(
            mind, there, comes, lost, quiet, u["ends"][week], u["wakes"][week], at
        )
        events.note(week, "woke", wakes)
        flags["woke_alone"] |= wakes
        expected[ours, week] = per_week * rate * busy[kind, week] * ~lost * there

    def of_all(values: npt.NDArray[Any], others: npt.NDArray[Any]) -> npt.NDArray[Any]:
        """Put entries back among everybody."""
        whole = others.copy()
        whole[ours] = values
        return whole

    return Lives(
        sleep=of_all(spells.sleep, life.sleep),
        age=of_all(spells.age, np.zeros(n)),
        tested=of_all(spells.tested, np.zeros(n)),
        lost=of_all(lost, life.lost),
        off_list=of_all(off_list, life.off_list),
        expected=expected,
        events=events.rows(),
        cause=cause,
        **{name: of_all(values, np.zeros(n, bool)) for name, values in flags.items()},
    )


def _arrivals(
    state: State, moves: Moves, parts: Floats, busy: Floats, luck: Draws
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """The week in which each household comes, `WEEKS` for all others, and what brought it (-1: nothing did)."""
    rules, n = state.rules, len(state.people)
    comes_in, cause = np.full(n, WEEKS), np.full(n, -1)
    free = np.flatnonzero(~(state.is_customer | state.life.lost))
    kind, part = state.people.business[free].astype(int), parts[:, free]
    by_mind = np.array([float(mind) ** rules["brand.won"] for mind in moves.mind])
    total = (by_mind[:, None] * part[0] + part[1:].sum(axis=0)) * busy.T[:, kind]
    u = luck.uniform("winning.comes", free, np.arange(WEEKS)[:, None])
    # A chance is less than its hazard: only where luck is below the hazard the chance is worth being computed.
    week, place = np.nonzero(u < total)
    came = u[week, place] < -np.expm1(-total[week, place])
    # Of several weeks the first counts.
    place, first = np.unique(place[came], return_index=True)
    week, new = week[came][first], free[place]
    comes_in[new] = week
    weight = part[:, place]
    weight[0] = weight[0] * by_mind[week]
    weight = weight * busy[kind[place], week]
    ends = np.cumsum(weight, axis=0)
    at = luck.uniform("winning.cause", new, week) * ends[-1]
    cause[new] = np.minimum((ends <= at).sum(axis=0), len(parts) - 1)
    return comes_in, cause


def _approached(
    state: State,
    contacted: Contacts,
    ours: npt.NDArray[np.int64],
    now: npt.NDArray[np.bool_],
    lost: npt.NDArray[np.bool_],
    sleep: npt.NDArray[np.int64],
    luck: Draws,
) -> dict[str, npt.NDArray[np.bool_]]:
    """Say what the contacts of a week do, for those of `ours` who are contacted `now`."""
    who, n = ours[now], len(state.people)
    offer, asleep = np.zeros(n, np.int64), np.zeros(n, np.int64)
    offer[who], asleep[who] = contacted.offer[who], sleep[now]
    win, dog, leave = (chance[who] for chance in chances(state, offer, asleep))
    won = ~lost[now] & (luck.uniform("wake.win", who) < win)
    annoyed = ~won & (luck.uniform("wake.dog", who) < dog)
    away = annoyed & (luck.uniform("wake.lost", who) < state.rules["wake.lost"])
    stops = luck.uniform("wake.leave", who) < leave
    names = ("won", "annoyed", "driven_away", "unsubscribed")
    found = {name: np.zeros(len(ours), bool) for name in names}
    for name, values in zip(names, (won, annoyed, away, stops), strict=True):
        found[name][now] = values
    return found


class _Spells:
    """Sleep of customers, week by week: spells end, and others begin."""

    def __init__(self, state: State, moves: Moves, ours: npt.NDArray[np.int64]) -> None:
        about, people, life = company_file()["sleep"], state.people, state.life
        self.sleep, self.age, self.tested = life.sleep[ours], life.age[ours], life.tested[ours]
        wake = np.clip(people.number("wake_chance")[ours], 1e-4, 1 - 1e-4)
        self._odds = np.log(wake / (1 - wake)) + moves.wakes[ours]
        self._sinks, self._wakes = moves.sinks[ours], moves.wakes[ours]
        self._by_mind = state.rules["brand.wakes"]
        self._shape = about["spell_shape"]
        self._rates = np.array([about["rates"][name] for name in STATES])
        # Mean length of a spell in each state, a row for each: awake is one's own, and one-off customers sleep longer.
        others = [about[f"{name}_days"] for name in ("drowsy", "half_asleep", "asleep")]
        means = np.tile([[np.nan], *([days] for days in others)], len(ours))
        means[AWAKE] = people.number("awake_days")[ours]
        means[ASLEEP, people.one_off[ours]] *= about["one_off_asleep"]
        self._means, self._all = means, np.arange(len(ours))
        self._lasted = self._chance_to_last(self.tested)

    def _chance_to_last(self, days: Floats) -> Floats:
        """Chance that a spell in one's present state lasts so long."""
        mean = self._means[self.sleep, self._all]
        return np.asarray(special.gammaincc(self._shape, days * self._shape / mean))

    def wake(self, who: npt.NDArray[np.bool_]) -> None:
        """Wake some up: a new spell begins."""
        self.sleep = np.where(who, AWAKE, self.sleep)
        self.age, self.tested = np.where(who, 0.0, self.age), np.where(who, 0.0, self.tested)
        self._lasted = np.where(who, 1.0, self._lasted)

    def week(
        self,
        mind: float,
        there: npt.NDArray[np.bool_],
        comes: npt.NDArray[np.bool_],
        lost: npt.NDArray[np.bool_],
        quiet: npt.NDArray[np.bool_],
        u_ends: Floats,
        u_wakes: Floats,
        at: Floats,
    ) -> tuple[npt.NDArray[np.bool_], Floats]:
        """Let a week pass; gives who woke up by themselves, and the part of their orders that each state leaves.

        Whom a contact annoyed (`quiet`) sinks, or sleeps on. `at` is the part of the week that has passed when a spell
        ends.
        """
        asleep, awake = self.sleep == ASLEEP, self.sleep == AWAKE
        by_mind = self._by_mind * np.log(mind)
        speed = np.where(awake, self._sinks, np.where(asleep, np.exp(self._wakes + by_mind), 1.0))
        lasts = self._chance_to_last(self.age + 7)
        before = self._lasted
        stays = np.where(before > 0, lasts / np.maximum(before, 1e-300), 0.0) ** speed
        ends = there & ~lost & ~comes & (u_ends >= stays)
        # From here on only those whose spell may end count, and those who come: a few of all.
        who = np.flatnonzero(ends)
        wakes = asleep[who] | (u_wakes[who] < expit(self._odds[who] + by_mind))
        wakes &= ~awake[who]
        goes_on = quiet[who] & wakes & asleep[who]
        who, wakes = who[~goes_on], (wakes & ~quiet[who])[~goes_on]
        rate = np.where(comes, 0.0, self._rates[self.sleep])
        old = rate[who]
        self.sleep[who] = np.where(wakes, AWAKE, np.minimum(self.sleep[who] + 1, ASLEEP))
        rate[who] = at[who] * old + (1 - at[who]) * self._rates[self.sleep[who]]
        rate[comes] = ((1 - at) * self._rates[self.sleep])[comes]
        begins = comes.copy()
        begins[who] = True
        self.age = np.where(begins, (1 - at) * 7, self.age + 7 * there)
        self.tested = np.where(begins, 0.0, self.age)
        # What a spell has lasted is known from the week before, but where another one began.
        self._lasted = np.where(begins, 1.0, np.where(there, lasts, before))
        woke = np.zeros(len(there), bool)
        woke[who[wakes]] = True
        return woke, rate


def _moves_in(person: npt.NDArray[np.int64], rules: Rules, luck: Draws) -> npt.NDArray[np.int64]:
    """The week in which each person moves away, if a customer then; `WEEKS` for those who stay."""
    by_week = 1 - (1 - rules["market.moves"]) ** np.arange(1, WEEKS + 1)
    return np.searchsorted(by_week, luck.uniform("people.moves", person), side="right")


class _Events:
    """Events of a quarter, in the order in which they happen: person, week, kind."""

    def __init__(self, person: npt.NDArray[np.int64]) -> None:
        self._person, self._noted = person, list[tuple[int, int, npt.NDArray[np.int64]]]()

    def note(self, week: int, kind: str, who: npt.NDArray[np.bool_]) -> None:
        self._noted.append((week, EVENTS.index(kind), np.flatnonzero(who)))

    def rows(self) -> npt.NDArray[np.int64]:
        places = np.concatenate([place for *_, place in self._noted])
        week, kind = np.repeat(
            [one[:2] for one in self._noted], [len(one[2]) for one in self._noted], axis=0
        ).T
        return np.column_stack([self._person[places], week, kind])
