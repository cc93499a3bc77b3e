"""What a game consists of between two quarters: the state, and what changes about people.

Begun, written and read in `crmkit.game.state`; changed by nobody.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from crmkit.game.draws import Floats
from crmkit.game.people import People, company_file
from crmkit.game.rules import Rules

#: A quarter of the game: thirteen weeks.
WEEKS, DAYS = 13, 91
#: Turnover of so many quarters is looked back upon: a year.
YEAR = 4
STATES = ("awake", "drowsy", "half-asleep", "asleep")
AWAKE, DROWSY, HALF_ASLEEP, ASLEEP = range(4)


@dataclass(frozen=True, eq=False)
class Life:
    """What changes about people; one entry per person.

    Attributes
    ----------
    customer : array of int
        Customer number, from 1 in order of joining; 0 for households that have never ordered.
    came : array of int
        Position of the acquisition channel, -1 for no customer.
    since : array of int
        Day of the first order, counted from the first day of the game.
    sleep : array of int
        State of sleep: 0 awake to 3 asleep.
    age, tested : arrays of float
        Days since the spell began, and up to which of them the spell is known to have lasted.
    lost : array of bool
        Will never come again.
    trust : array of float
        Points above (below) what is usual.
    last_order : array of int
        Day of the last order.
    recent : array of int, four columns
        Turnover in pence of the last four quarters, the latest first.
    margin : array of int, four columns
        Margin in pence, in the same way.
    tired : array of float
        Contacts to wake that are still felt.
    off_list : array of bool
        Asked not to be sent anything.
    member : array of int
        Quarters in the loyalty programme, ever.
    bond : array of int
        Kind of the bond now: 0 none, 1 financial, 2 social, 3 structural.
    bond_quarters : array of int
        How long the customer has had this bond.
    paid_once : array of bool
        The structural bond was set up once.
    """

    customer: npt.NDArray[np.int64]
    came: npt.NDArray[np.int64]
    since: npt.NDArray[np.int64]
    sleep: npt.NDArray[np.int64]
    age: Floats
    tested: Floats
    lost: npt.NDArray[np.bool_]
    trust: Floats
    last_order: npt.NDArray[np.int64]
    recent: npt.NDArray[np.int64]
    margin: npt.NDArray[np.int64]
    tired: Floats
    off_list: npt.NDArray[np.bool_]
    member: npt.NDArray[np.int64]
    bond: npt.NDArray[np.int64]
    bond_quarters: npt.NDArray[np.int64]
    paid_once: npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Rivals:
    """What the other players of one market did in a quarter, as one player met it.

    Attributes
    ----------
    place : int
        Of the player among all.
    draws : array of float, a row for each player, a column for each person
        How strongly each player drew each household; the player's own row is not looked at.
    level : float
        The lowest price of the others, 1 = today's list.
    came : array of bool
        Households that had come to one of the others by the end of the quarter.
    """

    place: int
    draws: Floats
    level: float
    came: npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Around:
    """What a player did not decide, where a game is played again: rules and rivals by quarter, from 1."""

    rules: Mapping[int, Rules] = field(default_factory=dict)
    rivals: Mapping[int, Rivals] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class State:
    """A game between two quarters.

    Attributes
    ----------
    quarter : int
        How many quarters have been played; 0 at the start.
    customers, seed : int
        Customers at the start, and seed of the world (the luck of a quarter has another one: see `step`).
    orders : int
        Orders so far, those of the history too: the next order's number is one more.
    contacts, introductions : int
        Contacts to wake, and friends brought, so far.
    rival : float
        The rival's prices, 1 = today's list, without an attack.
    attack : int
        Quarters that an attack of the rival still lasts.
    fast, slow : arrays of float
        What advertising has left of each word, in the fast and the slow store.
    on_air : bool
        Whether there was advertising in the last week.
    usual_calls : float
        Calls to be expected in a quarter as things were at the start.
    usual_friends : float
        How much customers talked of us at the start (a sum over customers).
    people : People
    life : Life
    rules : Rules
    around : Around or None
        Only where a game of a class is played again for one of its teams: what happened beside its decisions. No
        folder holds it.
    """

    quarter: int
    customers: int
    seed: int
    orders: int
    contacts: int
    introductions: int
    rival: float
    attack: int
    fast: Floats
    slow: Floats
    on_air: bool
    usual_calls: float
    usual_friends: float
    people: People
    life: Life
    rules: Rules
    around: Around | None = None

    @property
    def first_day(self) -> np.datetime64:
        """First day of the coming quarter."""
        return game_start() + DAYS * self.quarter

    @property
    def is_customer(self) -> npt.NDArray[np.bool_]:
        """Who has ever ordered; one entry per person."""
        return np.asarray(self.life.customer > 0)

    def changed(self, **parts: Any) -> State:
        """Give another state in which some parts differ."""
        return replace(self, **parts)


def game_start() -> np.datetime64:
    """First day of the first quarter: the day after the last day of the company's data."""
    return np.datetime64(company_file()["company"]["end"], "D") + 1
