"""Coverage of the intervals of `crmkit.relations` about a loyalty programme."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from benchmarks._coverage import Entry, covers
from crmkit.relations import (
    breakage,
    goal_gradient,
    joined_effects,
    member_effects,
    points_liability,
    programme_profit,
    threshold_density,
    threshold_effect,
)

#: What the programme adds to the spending of light and of heavy buyers, and what a member costs.
LIGHT, HEAVY, COST = 30.0, 5.0, 4.0


def people(size: int, rng: np.random.Generator) -> pd.DataFrame:
    """Customers of whom chance invited a third and kept a third waiting; heavy buyers join more."""
    before = rng.gamma(2.0, 100.0, size)
    heavy = before > 200
    arm = rng.permutation(np.arange(size) % 3)
    willing = rng.random(size) < np.where(heavy, 0.7, 0.4)
    joined = willing & (arm != 1)
    spend = before * rng.gamma(16.0, 1 / 16, size)
    spend = spend + np.where(joined, np.where(heavy, HEAVY, LIGHT), 0.0)
    return pd.DataFrame(
        {
            "arm": np.array(["invited", "waiting", "own choice"])[arm],
            "joined": joined,
            "before": before,
            "spend": spend,
            "cost": COST * joined,
            "kind": np.where(heavy, "heavy", "light"),
        }
    )


# Gamma(2) of mean 200: the share above 200 is 3 e^-2, the share of their spending 5 e^-2.
SHARE, PART = 3 * np.exp(-2), 5 * np.exp(-2)
JOIN = 0.7 * SHARE + 0.4 * (1 - SHARE)
MEMBERS = (0.7 * SHARE * HEAVY + 0.4 * (1 - SHARE) * LIGHT) / JOIN
PLAIN = 200 * (
    (0.7 * PART + 0.4 * (1 - PART)) / JOIN - (0.3 * PART + 0.6 * (1 - PART)) / (1 - JOIN)
)


def moved(size: int, rng: np.random.Generator) -> npt.ArrayLike:
    found = member_effects(people(size, rng), "spend", ["before"]).set_index("way")
    truth = {
        "as it looks": PLAIN + MEMBERS,
        "before and after": MEMBERS,
        "invited by chance": JOIN * MEMBERS,
        "joined, by chance": MEMBERS,
    }
    rows = found.loc[list(truth)]
    return covers(rows["low"], rows["high"], list(truth.values()))


def by_kind(size: int, rng: np.random.Generator) -> npt.ArrayLike:
    found = joined_effects(people(size, rng), "spend", ["before"], by="kind").set_index("kind")
    usual = {"light": 200 * (1 - PART) / (1 - SHARE), "heavy": 200 * PART / SHARE}
    effect = {"light": LIGHT, "heavy": HEAVY}
    held = [covers(found.loc[k, "low"], found.loc[k, "high"], effect[k]) for k in usual]
    held += [
        covers(found.loc[k, "more_low"], found.loc[k, "more_high"], effect[k] / usual[k])
        for k in usual
    ]
    return np.array(held)


def earned(size: int, rng: np.random.Generator) -> npt.ArrayLike:
    found = programme_profit(people(size, rng), "spend", "cost", ["before"], margin=0.4).iloc[0]
    return covers(found["low"], found["high"], 0.4 * MEMBERS - COST)


def accounts(size: int, rng: np.random.Generator) -> tuple[pd.DataFrame, float]:
    """Two years of points, and how many of the outstanding ones will be redeemed."""
    who = np.arange(size)
    usual = rng.gamma(2.0, 200.0, size)
    tables, later = [], 0.0
    for year in (1, 2):
        earns = np.round(usual * rng.gamma(25.0, 1 / 25, size)) + 1
        ends = np.round(earns * rng.beta(2.0, 1.0, size))
        soon = np.round(ends * rng.beta(2.0, 2.0, size)) if year == 2 else ends
        lost = earns - ends if year == 1 else np.zeros(size)
        later = float((ends - soon).sum())
        tables.append(
            pd.DataFrame(
                {
                    "person_id": who,
                    "year": year,
                    "earned": earns,
                    "redeemed": soon,
                    "expired": lost,
                    "outstanding": earns - soon - lost,
                }
            )
        )
    return pd.concat(tables, ignore_index=True), later


def broken(size: int, rng: np.random.Generator) -> npt.ArrayLike:
    found = breakage(accounts(size, rng)[0])
    return covers(found["low"], found["high"], 1 / 3)


def owed(size: int, rng: np.random.Generator) -> npt.ArrayLike:
    points, later = accounts(size, rng)
    found = points_liability(points, 0.02).iloc[1]
    return covers(found["low"], found["high"], 0.02 * later)


def at_the_line(size: int, rng: np.random.Generator) -> npt.ArrayLike:
    """Spending that bends, with a jump of 80 at 500."""
    before = rng.gamma(2.0, 200.0, size)
    spend = 0.7 * before + 150 * np.sin(before / 300) + 80 * (before >= 500)
    spend = spend * rng.gamma(25.0, 1 / 25, size)
    found = threshold_effect(
        pd.DataFrame({"before": before, "spend": spend}), "before", "spend", 500
    )
    return covers(found["low"], found["high"], 80.0)


def crowd(size: int, rng: np.random.Generator) -> npt.ArrayLike:
    found = threshold_density(rng.gamma(2.0, 200.0, size), 500)
    return covers(found["low"], found["high"], 1.0)


def stamps(size: int, rng: np.random.Generator) -> npt.ArrayLike:
    """Gaps a fifth shorter at the end; slow people give up sooner."""
    slow = rng.standard_normal(size)
    place = np.arange(8) / 7
    days = 10 * np.exp(
        0.4 * slow[:, None] + np.log(0.8) * place + 0.5 * rng.standard_normal((size, 8))
    )
    stays = 1 / (1 + np.exp(-(1.7 - 0.5 * slow[:, None])))
    there = (rng.random((size, 8)) < stays).cumprod(axis=1).astype(bool)
    names = [f"gap_{number}" for number in range(1, 9)]
    found = goal_gradient(pd.DataFrame(np.where(there, days, np.nan), columns=names), names)
    return covers(found["low"].iloc[1], found["high"].iloc[1], 0.2)


ENTRIES = [
    Entry(
        "relations.member_effects",
        "what members spend more: plain, before and after, invited, joined",
        "Welch; regression by arm, HC2; two-stage least squares, HC1",
        "Lin 2013; Imbens & Angrist 1994",
        "-",
        (300, 1000, 4000),
        "customers",
        moved,
        "twelve of each",
    ),
    Entry(
        "relations.joined_effects",
        "effect on those who joined, by kind, in money and as a share",
        "two-stage least squares, HC1; delta method, log scale",
        "Imbens & Angrist 1994; White 1980",
        "-",
        (300, 1000, 4000),
        "customers",
        by_kind,
        "twelve of each",
    ),
    Entry(
        "relations.programme_profit",
        "what a member earns",
        "two-stage least squares, HC1",
        "Imbens & Angrist 1994",
        "-",
        (300, 1000, 4000),
        "customers",
        earned,
        "twelve of each",
    ),
    Entry(
        "relations.breakage",
        "share of points that is never redeemed",
        "linearised ratio, logit scale, t",
        "Cochran 1977",
        "member",
        (50, 200, 1000),
        "members",
        broken,
        "two distinct members",
        worlds=1000,
    ),
    Entry(
        "relations.points_liability",
        "what outstanding points will cost",
        "linearised ratio, for what comes, t",
        "Cochran 1977",
        "member",
        (50, 200, 1000),
        "members",
        owed,
        "two distinct members",
        worlds=1000,
    ),
    Entry(
        "relations.threshold_effect",
        "jump of the outcome at a threshold",
        "local quadratic at the bandwidth of the local linear, HC3, t",
        "Calonico et al. 2014; Imbens & Kalyanaraman 2012",
        "-",
        (400, 1500, 5000),
        "customers",
        at_the_line,
        "ten customers within the bandwidth on each side",
    ),
    Entry(
        "relations.threshold_density",
        "jump of the number of customers at a threshold",
        "local linear through counts, log scale",
        "McCrary 2008",
        "-",
        (400, 1500, 5000),
        "customers",
        crowd,
        "somebody near on each side",
    ),
    Entry(
        "relations.goal_gradient",
        "how much shorter the last gap is, each card with itself",
        "regression within cards, clustered, t",
        "Liang & Zeger 1986",
        "card",
        (50, 200, 800),
        "cards",
        stamps,
        "three cards with two gaps",
    ),
]
