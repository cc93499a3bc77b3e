"""Troubles: what goes wrong with a deal, who says so, how it is answered, and who never comes again because of it.

Most people say nothing and stay away. Severe troubles take longer to answer and are made good less often, and they
drive people away by themselves: anyone who compares those who were and were not made good compares different troubles,
too. The truth therefore keeps, for every complaint, the chance of leaving under each answer.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from crmkit.data.catalogue.complaints import LATER, slug
from crmkit.world.core.people import labels, pick
from crmkit.world.core.sleep import AWAKE, order_rate, spells, state_on
from crmkit.world.core.streams import Context

#: Days within which a customer who complained must be back to have come again.
YEAR = 365
_FUTURES = 60


def faults(params: dict[str, Any]) -> Iterator[str]:
    """What the section [complaints] says that no complaints can be made of."""
    complaints = params["complaints"]
    for name in ("chance", "severe", "voiced", "silent_leaves"):
        if not 0 <= complaints[name] <= 1:
            yield f"[complaints] {name} is a share between 0 and 1, not {complaints[name]!r}."
    if not complaints["hours"] > 0:
        yield f"[complaints] hours must be above 0, not {complaints['hours']!r}."
    for name, answer in complaints["answers"].items():
        if not 0 <= answer["leaves"] <= 1:
            yield f"[complaints.answers] {name!r}: leaves is a share between 0 and 1, not {answer['leaves']!r}."


@dataclass
class Troubles:
    """One entry per deal that might take place, in the order in which they were given.

    Attributes
    ----------
    trouble, severe, voiced : arrays of bool
        Whether something goes wrong, whether it is severe, and whether the customer says so.
    matter, answer : arrays of int
        Positions in the lists of the company file.
    hours : array of float
        From the complaint to the answer.
    leaves : array of float, one column per answer
        Chance of never coming again, for each answer that might be given.
    gone : array of bool
        Whether the customer does not come again.
    """

    trouble: np.ndarray
    severe: np.ndarray
    voiced: np.ndarray
    matter: np.ndarray
    answer: np.ndarray
    hours: np.ndarray
    leaves: np.ndarray
    gone: np.ndarray

    def of(self, rows: np.ndarray) -> Troubles:
        """The troubles of some deals, in the order of ``rows``."""
        return Troubles(*(values[rows] for values in vars(self).values()))


def draw(ctx: Context, who: np.ndarray, odds: np.ndarray | None = None) -> Troubles:
    """Draw the troubles of deals that customers (positions) might make.

    Parameters
    ----------
    ctx : Context
        With the section ``complaints``.
    who : array of int
        Customer of each deal.
    odds : array of float, optional
        Factor on the chance of each deal's trouble, such as that of a late delivery.
    """
    about = ctx.params["complaints"]
    rng = ctx.rng("complaints")
    n = len(who)
    chance = np.minimum(about["chance"] * (1.0 if odds is None else odds), 1)
    trouble = rng.random(n) < chance
    severe = rng.random(n) < about["severe"]
    voiced = trouble & (rng.random(n) < np.where(severe, about["severe_voiced"], about["voiced"]))
    matter = pick(rng, about["matters"], n)
    hours = rng.gamma(1.2, about["hours"] / 1.2, n) * np.where(severe, about["severe_hours"], 1)
    hours = np.maximum(hours.round(1), 0.1)
    answers = about["answers"].values()
    answer = np.empty(n, np.int64)
    u = rng.random(n)
    for kind, name in ((severe, "severe"), (~severe, "simple")):
        ends = np.cumsum([given[name] for given in answers])
        answer[kind] = np.searchsorted((ends / ends[-1])[:-1], u[kind], side="right")
    more = about["severe_leaves"] * severe + about["slow_leaves"] * (hours > about["slow"])
    leaves = np.minimum(np.array([given["leaves"] for given in answers]) + more[:, None], 0.95)
    # An account has many people: one of them who had trouble hardly ends it.
    leaves *= np.where(ctx.arrays["business"][who], about["business_leaves"], 1)[:, None]
    silent = np.minimum(about["silent_leaves"] + about["severe_leaves"] * severe, 0.95)
    silent *= np.where(ctx.arrays["business"][who], about["business_leaves"], 1)
    own = np.where(voiced, leaves[np.arange(n), answer], silent)
    gone = trouble & (rng.random(n) < own)
    return Troubles(trouble, severe, voiced, matter, answer, hours, leaves, gone)


def write_complaints(
    ctx: Context, troubles: Troubles, who: np.ndarray, day: np.ndarray, next_day: np.ndarray
) -> None:
    """Add ``complaints`` and ``truth/complaints``.

    Parameters
    ----------
    ctx : Context
    troubles : Troubles
        Of the deals in the order of the table ``orders``.
    who, day : arrays of int
        Customer of each deal, and day on which something went wrong.
    next_day : array of int
        Day of the customer's next deal; beyond the data where there is none.
    """
    about = ctx.params["complaints"]
    answers = list(about["answers"])
    rows = np.flatnonzero(troubles.voiced & (day < ctx.days))
    rows = rows[np.argsort(day[rows], kind="stable")]
    again = np.where(
        next_day[rows] <= np.minimum(day[rows] + YEAR, ctx.days - 1),
        0,
        np.where(day[rows] + YEAR < ctx.days, 1, 2),
    )
    ctx.tables["complaints"] = pd.DataFrame(
        {
            "complaint_id": np.arange(1, len(rows) + 1),
            "order_id": rows + 1,
            "customer_id": who[rows].astype(np.int64) + 1,
            "date": (ctx.start + day[rows]).astype("datetime64[us]"),
            "matter": labels(list(about["matters"]), troubles.matter[rows]),
            "hours_to_answer": troubles.hours[rows],
            "answer": labels(answers, troubles.answer[rows]),
            "came_again": labels(list(LATER), again),
        }
    )
    truth = {
        "complaint_id": np.arange(1, len(rows) + 1),
        "severe": troubles.severe[rows],
        "gone": troubles.gone[rows],
    }
    truth |= {
        f"leaves_{slug(name)}": troubles.leaves[rows, place] for place, name in enumerate(answers)
    }
    ctx.truth["complaints"] = pd.DataFrame(truth)


def write_return_chances(ctx: Context, gone: np.ndarray) -> None:
    """Add ``truth/return_chances``: the share of many futures with a deal in the year after the data."""
    rng = ctx.rng("truth/return_chances")
    who = np.repeat(np.arange(ctx.customers), _FUTURES)
    first = np.full(len(who), ctx.days)
    state = state_on(ctx, ctx.end)[who]
    owner, kind, begin, end = spells(ctx, rng, who, state, first, first + YEAR - 1)
    expected = order_rate(ctx, who[owner], kind) * (end - begin + 1)
    expected = np.bincount(owner, expected, minlength=len(who))
    wakes = np.bincount(owner, (kind == AWAKE) & (begin > ctx.days), minlength=len(who)) > 0
    comes = np.where(wakes, 1.0, 1 - np.exp(-expected))
    chance = comes.reshape(ctx.customers, _FUTURES).mean(axis=1)
    ctx.truth["return_chances"] = pd.DataFrame(
        {
            "customer_id": np.arange(1, ctx.customers + 1),
            "gone": gone,
            "return_chance": np.where(gone, 0.0, chance),
        }
    )
