"""Behaviour: what people do in the sessions of an app, and what of it moves them to pay and to stay.

Each kind of event has a rate a session, or follows another kind with a chance. People differ in every kind by a habit
of their own and by traits that several kinds share: so kinds go together without one causing the other. **Causes** are
measures of the three months before (how regular, how varied, ...): they alone enter the chances of paying and leaving.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from crmkit.world.core import time as calendar
from crmkit.world.core.streams import Context

#: Weeks and months that a cause looks back.
WEEKS, MONTHS = 13, 3
#: What stands for a share as long as little of it was seen: (chance, how many events it counts for).
_USUAL = {"listened": (0.45, 1), "answered": (0.50, 1), "finished": (0.60, 2)}
#: What can be a cause, and the kinds of event that it is made of (``variety``: those of the group skills).
CAUSES: dict[str, tuple[str, ...]] = {
    "regular": (),
    "variety": (),
    "listened": ("listen_back", "record_take"),
    "answered": ("teacher_reply", "ask_teacher"),
    "finished": ("finish_lesson", "start_lesson"),
    "takes": ("record_take",),
    "duets": ("duet",),
}


def faults(behaviour: dict[str, Any]) -> Iterator[str]:
    """What the section [behaviour] of a company file says that no behaviour can be made of."""
    kinds, where = behaviour["events"], "[behaviour.events]"
    codes: dict[str, str] = {}
    for name, kind in kinds.items():
        if not (
            isinstance(kind["code"], str) and len(kind["code"]) == 2 and kind["code"].isalpha()
        ):
            yield f"Event {name!r}: code must be two letters, not {kind['code']!r}."
        if kind["code"] in codes:
            yield f"Events {codes[kind['code']]!r} and {name!r} have the same code {kind['code']!r}."
        codes[kind["code"]] = name
        yield from _faulty_kind(name, kind, list(kinds), behaviour["traits"])
        leads = kinds.get(kind.get("of"), {})
        if {"eta", "after"} & set(leads) and not {"eta", "after"} & set(kind):
            yield f"Event {name!r} follows {kind['of']!r}, which depends on paying: it must say eta or after, too."
    lost = {kind for made_of in CAUSES.values() for kind in made_of} - set(kinds)
    if lost:
        yield f"{where} lacks {', '.join(sorted(lost))}, of which the causes are made."
    for section in ("paying", "leaving"):
        for name, effect in behaviour[section]["causes"].items():
            if name not in CAUSES:
                yield f"[behaviour.{section}.causes] {name!r} is none of {', '.join(CAUSES)}."
            if not effect["scale"] > 0:
                yield f"[behaviour.{section}.causes] {name!r}: scale must be above 0, not {effect['scale']!r}."
    share = behaviour["paying"]["subscribes"]
    if not 0 <= share <= 1:
        yield f"[behaviour.paying] subscribes is a share between 0 and 1, not {share!r}."
    if not 0 < behaviour["evening"] < 1:
        yield f"[behaviour] evening is a share between 0 and 1, not {behaviour['evening']!r}."
    yield from _faulty_test(behaviour["test"], kinds)


def _faulty_kind(
    name: str, kind: dict[str, Any], names: list[str], traits: list[str]
) -> Iterator[str]:
    known = {
        "code",
        "group",
        "about",
        "own",
        "rate",
        "of",
        "chance",
        "new",
        "eta",
        "after",
        *traits,
    }
    strange = [word for word in kind if word not in known]
    if strange:
        yield (
            f"Event {name!r}: {strange[0]!r} is neither a trait ({', '.join(traits)}) nor a word that an event knows."
        )
    if not kind["own"] >= 0:
        yield f"Event {name!r}: own is a spread, 0 or above, not {kind['own']!r}."
    if ("of" in kind) == ("rate" in kind):
        yield f"Event {name!r} must have either a rate, or a kind that it follows (of) and a chance."
    elif "rate" in kind:
        if not kind["rate"] > 0:
            yield f"Event {name!r}: rate must be above 0, not {kind['rate']!r}."
    else:
        if kind["of"] not in names:
            yield f"Event {name!r} follows {kind['of']!r}, which is no kind of event."
        elif names.index(name) < names.index(kind["of"]):
            yield f"Event {name!r} follows {kind['of']!r}, which must stand before it."
        if not 0 < kind["chance"] < 1:
            yield f"Event {name!r}: chance lies between 0 and 1, not {kind['chance']!r}."
        if "eta" in kind or "new" in kind:
            yield f"Event {name!r} follows another kind: eta and new need a rate."
    if kind.get("after", "any") not in ("any", "plus"):
        yield f"Event {name!r}: after is 'any' or 'plus', not {kind['after']!r}."
    if "after" in kind and "eta" in kind:
        yield f"Event {name!r} cannot both show the inclination to pay (eta) and exist only after paying."


def _faulty_test(test: dict[str, Any], kinds: dict[str, dict[str, Any]]) -> Iterator[str]:
    where, arms = "[behaviour.test]", test["arms"]
    if len(arms) < 2 or len(set(arms)) < len(arms):
        yield f"{where} arms must be two names or more, each different; they are {arms}."
    if not test["days"] > 0:
        yield f"{where} days must be above 0, not {test['days']!r}."
    for name in test:
        if name not in ("days", "arms", *arms):
            yield f"{where} {name!r} is none of the arms {', '.join(arms)}."
    for arm in arms:
        for event, change in test.get(arm, {}).items():
            said = f"{where} {arm}"
            if event not in kinds:
                yield f"{said}: {event!r} is no kind of event."
                continue
            if "eta" in kinds[event] or "after" in kinds[event]:
                yield f"{said}: {event!r} depends on paying, and cannot be nudged."
            wanted = "odds" if "of" in kinds[event] else "factor"
            if set(change) != {wanted}:
                kind = "follows another kind" if wanted == "odds" else "has a rate"
                yield f"{said}: {event!r} {kind}, so it takes {wanted}; it has {', '.join(change) or 'nothing'}."
            elif wanted == "factor" and not change["factor"] >= 0:
                yield f"{said}: the factor of {event!r} must be 0 or above, not {change['factor']!r}."


@dataclass
class Sessions:
    """Sessions, one entry each, in order of customer, day and minute.

    Attributes
    ----------
    who, day, minute : arrays of int
        Position of the customer, day counted from the first day of the data, minute of the day.
    length : array of float
        Minutes.
    newer : array of bool
        Whether it was in the new version of the app.
    """

    who: np.ndarray
    day: np.ndarray
    minute: np.ndarray
    length: np.ndarray
    newer: np.ndarray

    def __len__(self) -> int:
        return len(self.who)


def logistic(odds: np.ndarray) -> np.ndarray:
    """The chance that belongs to log odds."""
    chance: np.ndarray = 1 / (1 + np.exp(-odds))
    return chance


class Log:
    """Counts of each kind of event in each session, made a kind at a time.

    Attributes
    ----------
    counts : dict of str to array of uint8
        By the name of the kind; one entry per session.
    """

    def __init__(self, ctx: Context, sessions: Sessions, traits: dict[str, np.ndarray]) -> None:
        self.ctx = ctx
        self.sessions = sessions
        self.traits = traits
        self.kinds: dict[str, dict[str, Any]] = ctx.params["behaviour"]["events"]
        self.pace = (sessions.length / ctx.params["sessions"]["minutes"]) ** 0.7
        self.counts: dict[str, np.ndarray] = {}

    def add(
        self,
        name: str,
        *,
        eta: np.ndarray | None = None,
        open_to: np.ndarray | None = None,
        odds: np.ndarray | float = 0.0,
        factor: np.ndarray | float = 1.0,
    ) -> None:
        """Draw a kind of event.

        Parameters
        ----------
        name : str
            The kind, as the company file names it.
        eta : array of float, optional
            Inclination to pay at each session, for kinds that show it.
        open_to : array of bool, optional
            Sessions in which the kind exists at all.
        odds, factor : array of float or float
            Added to the log odds of a kind that follows another; times the rate of any other kind.
        """
        about, who = self.kinds[name], self.sessions.who
        rng = self.ctx.rng(f"sessions.{name}")
        lean = about["own"] * rng.standard_normal(self.ctx.customers)
        spread = about["own"] ** 2
        for trait, values in self.traits.items():
            lean = lean + about.get(trait, 0.0) * values
            spread += about.get(trait, 0.0) ** 2
        if "of" in about:
            usual = np.log(about["chance"] / (1 - about["chance"]))
            counts = rng.binomial(self.counts[about["of"]], logistic(usual + lean[who] + odds))
        else:
            rate = about["rate"] * np.exp(lean - spread / 2)[who] * self.pace * factor
            rate = rate * np.where(self.sessions.newer, about.get("new", 1.0), 1.0)
            if eta is not None:
                rate = rate * np.exp(about["eta"] * eta)
            counts = rng.poisson(np.minimum(rate, 60.0))
        if open_to is not None:
            counts = np.where(open_to, counts, 0)
        self.counts[name] = np.minimum(counts, 255).astype(np.uint8)


def month_number(ctx: Context, day: np.ndarray) -> np.ndarray:
    """Month of each day (counted from the first day of the data): 0 for the first."""
    months = calendar.all_days(ctx).astype("datetime64[M]").astype(int)
    number: np.ndarray = (months - months[0])[day]
    return number


def causes(ctx: Context, log: Log) -> dict[str, np.ndarray]:
    """Every cause for every customer (rows) and month (columns), from the three months before the month.

    ``regular``: share of the last 13 weeks with a session. ``variety``: how many kinds of exercise were tried.
    ``listened``: share of takes that were listened back to. ``answered``: share of questions answered within a day.
    ``finished``: share of lessons played to their end. ``takes``, ``duets``: logarithm of one more than the number.
    """
    sessions, n = log.sessions, ctx.customers
    firsts = np.flatnonzero(np.diff(month_number(ctx, np.arange(ctx.days)), prepend=-1))
    months = len(firsts)
    cell = sessions.who.astype(np.int64) * months + month_number(ctx, sessions.day)

    def lately(values: np.ndarray) -> np.ndarray:
        """Sum over the three months before, from values a month."""
        total = np.concatenate([np.zeros((n, 1)), np.cumsum(values, axis=1)], axis=1)
        ends = np.arange(months)
        upto: np.ndarray = total[:, ends] - total[:, np.maximum(ends - MONTHS, 0)]
        return upto

    def number(name: str) -> np.ndarray:
        summed = np.bincount(cell, log.counts[name], minlength=n * months)
        return lately(summed.reshape(n, months))

    def share(part: str, whole: str, name: str) -> np.ndarray:
        usual, weight = _USUAL[name]
        return (number(part) + usual * weight) / (number(whole) + weight)

    weeks = ctx.days // 7 + 1
    present = np.zeros((n, weeks), bool)
    present[sessions.who, sessions.day // 7] = True
    total = np.concatenate([np.zeros((n, 1)), np.cumsum(present, axis=1)], axis=1)
    before = firsts // 7  # whole weeks that lie before the month
    skills = [name for name, kind in log.kinds.items() if kind["group"] == "skills"]
    return {
        "regular": (total[:, before] - total[:, np.maximum(before - WEEKS, 0)]) / WEEKS,
        "variety": np.sum([number(name) > 0 for name in skills], axis=0).astype(float),
        "listened": share("listen_back", "record_take", "listened"),
        "answered": share("teacher_reply", "ask_teacher", "answered"),
        "finished": share("finish_lesson", "start_lesson", "finished"),
        "takes": np.log1p(number("record_take")),
        "duets": np.log1p(number("duet")),
    }


def moved(
    found: dict[str, np.ndarray], effects: dict[str, dict[str, float]], newer: np.ndarray
) -> np.ndarray:
    """What the causes add to the log odds of each customer (rows) and month (columns); ``newer``: which months."""
    parts = []
    for name, effect in effects.items():
        size = np.where(newer, effect["after"], effect["before"])
        parts.append(size * (found[name] - effect["middle"]) / effect["scale"])
    added: np.ndarray = np.sum(parts, axis=0)
    return added
