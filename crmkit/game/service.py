"""The service desk: how many contacts there are, who gets no answer, and what that does to trust.

Callers wait in one line (Erlang A, `crmkit.relations.erlang`). Who hangs up had no answer; who comes while the desk is
closed is answered on the next day. Our customers are a small part of all callers, and pay that part of the desk.
"""

from __future__ import annotations

import functools

import numpy as np
import numpy.typing as npt

from crmkit.game.decisions import AS_BEFORE, Service
from crmkit.game.draws import Draws, Floats
from crmkit.game.rules import Rules
from crmkit.game.standing import WEEKS, State
from crmkit.relations.erlang import erlang_a

_LATE = {"office": "service.office_late", "long": "service.long_late"}


def hours(service: Service, rules: Rules) -> float:
    """Hours a week in which the desk is open."""
    return rules[f"service.{service.hours}_hours"]


def expected_calls(state: State) -> Floats:
    """Contacts that each customer may be expected to make in the coming quarter; 0 for households."""
    rules, life = state.rules, state.life
    part = np.array([1.0, 0.12, 0.03, 0.0])[life.sleep]  # orders by state of sleep, about
    orders = state.people.number("rate_awake") / 4 * part * ~life.lost
    each = rules["service.contacts"] / 4 * ~life.lost + rules["service.per_order"] * orders
    return np.asarray(state.people.number("demanding") * each * state.is_customer)


def busier(state: State) -> float:
    """Calls to be expected in the coming quarter, beside those of the start."""
    return float(expected_calls(state).sum()) / max(state.usual_calls, 1e-9)


def usual_sinks(state: State) -> Floats:
    """What contacts without an answer were part of the hazard of falling asleep, before the game (a log).

    The world's spells hold what a desk of two people did. So that nothing counts twice, the hazard is less by that
    much, and `rules["service.sinks"]` adds what the desk does now.
    """
    usual_up, _, late = unanswered(AS_BEFORE.service, 1.0, state.rules)
    a_quarter = state.rules["service.sinks"] * usual_up * (1 - late) * expected_calls(state)
    return np.asarray(np.minimum(a_quarter * state.people.number("awake_days") / 91, 0.7))


@functools.lru_cache(maxsize=512)
def _given_up(load: float, agents: int, minutes: float, patience: float) -> float:
    """Share of callers who hang up; everybody does where nobody answers."""
    if agents == 0:
        return 1.0
    if load <= 0:
        return 0.0
    return float(erlang_a(load * 60 / minutes, minutes, agents, patience)["gave_up"])


def unanswered(service: Service, busier: float, rules: Rules) -> tuple[float, float, float]:
    """Shares of contacts that go wrong.

    Parameters
    ----------
    service
        The decision.
    busier
        Calls to be expected, beside those of the start.
    rules

    Returns
    -------
    given_up
        Share of those in opening hours who hang up.
    best
        The same, for the best customers.
    late
        Share of all contacts that come while the desk is closed.
    """
    late = rules[_LATE[service.hours]] if service.hours in _LATE else 0.0
    open_hours = rules["service.office_hours"] / hours(service, rules)
    inside = (1 - late) / (1 - rules["service.office_late"])
    # Rounded, so that a hundred-thousandth of a call more does not count as another case.
    load = round(rules["service.load"] * busier * open_hours * inside, 5)
    about = (service.agents, rules["service.minutes"], rules["service.patience"])
    all_ = _given_up(load, *about)
    if service.first == "in turn":
        return all_, all_, late
    share = rules["service.best_share"]
    best = _given_up(round(load * share, 5), *about)
    # The line is as long as before: what the best are spared, the others bear.
    return min((all_ - share * best) / (1 - share), 1.0), best, late


def experiences(
    state: State, service: Service, contacts: npt.NDArray[np.int64], best: np.ndarray, luck: Draws
) -> tuple[Floats, Floats]:
    """How much worse (or better) than usual each customer's contacts of the quarter were, on average.

    Parameters
    ----------
    state
    service
        The decision.
    contacts
        Contacts of each person in the quarter.
    best
        Who is answered first under "best customers".
    luck

    Returns
    -------
    felt : array of float
        Points beside a usual contact; 0 without a contact.
    failed : array of int
        Contacts without an answer, of each person.
    """
    rules = state.rules
    others, own, late = unanswered(service, busier(state), rules)
    usual_up, _, usual_late = unanswered(AS_BEFORE.service, 1.0, rules)
    chance = np.where(best, own, others)
    # One row for each contact: whose it is, and which of that person's. Repeating takes counts in the machine's own
    # word, which has 32 bits in a browser.
    count = contacts.astype(np.intp)
    who = np.repeat(np.arange(len(count)), count)
    number = np.arange(len(who)) - np.repeat(np.cumsum(count) - count, count)
    outside = luck.uniform("desk.closed", who, number) < late
    gives_up = luck.uniform("desk.line", who, number) < chance[who]
    delayed, failed = (
        np.bincount(who[which], minlength=len(contacts)).astype(float)
        for which in (outside, ~outside & gives_up)
    )
    bad = rules["service.given_up"] * failed + rules["service.next_day"] * delayed
    usual = (1 - usual_late) * usual_up * rules["service.given_up"]
    usual += usual_late * rules["service.next_day"]
    felt = np.where(contacts > 0, usual - bad / np.maximum(contacts, 1), 0.0)
    return felt, failed


def cost(state: State, service: Service) -> float:
    """What the desk costs us in a quarter, in pounds."""
    rules = state.rules
    whole = service.agents * hours(service, rules) * WEEKS * rules["service.pay"]
    return whole / rules["service.callers"] * state.customers / 2000
