"""Coverage of the intervals of `crmkit.relations`: bonds under an attack, and repairs."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from benchmarks._coverage import Entry, covers
from crmkit.relations import (
    attack_model,
    leaving_rates,
    left_under_attack,
    made_good,
    mean_weeks,
    stay_difference,
    staying_curve,
)

#: Weeks watched, and after how many the attack begins.
LAST, QUIET = 30, 15
#: Chance to leave in a week: before the attack and under it, without a bond and with one.
LEAVES = {"none": (0.010, 0.030), "bond": (0.008, 0.016)}
MOVES = 0.005
#: Ten points more of the price cut multiply leaving by this.
TIMES = {"none": 1.7, "bond": 1.2}


def stays(bond: str, week: int) -> float:
    """The true share still there."""
    before, under = LEAVES[bond]
    return float((1 - before) ** min(week, QUIET) * (1 - under) ** max(week - QUIET, 0))


def study(size: int, rng: np.random.Generator, hazard: npt.ArrayLike | None = None) -> pd.DataFrame:
    """Customers with a bond and without, half and half; `hazard`: of each under the attack, if it is not `LEAVES`."""
    bond = np.where(np.arange(size) % 2, "bond", "none")
    before, under = np.array([LEAVES[name] for name in bond]).T
    under = under if hazard is None else np.asarray(hazard)
    chance = np.where(np.arange(1, LAST + 1)[:, None] > QUIET, under, before)
    leaves = rng.random((LAST, size)) < chance
    ends = np.where(leaves.any(axis=0), leaves.argmax(axis=0) + 1, LAST + 1)
    moved = rng.geometric(MOVES, size)
    weeks = np.minimum(np.minimum(ends, moved), LAST)
    return pd.DataFrame({"bond": bond, "weeks": weeks, "left": (ends <= moved) & (ends <= LAST)})


def curve(size: int, rng: np.random.Generator) -> npt.ArrayLike:
    found = staying_curve(study(size, rng)).query("week in (10, 20, 30)")
    truth = [stays(bond, week) for bond, week in zip(found["bond"], found["week"], strict=True)]
    return covers(found["low"], found["high"], truth)


def gap(size: int, rng: np.random.Generator) -> npt.ArrayLike:
    found = stay_difference(study(size, rng), LAST)
    return covers(found["low"], found["high"], stays("bond", LAST) - stays("none", LAST))


def area_below(size: int, rng: np.random.Generator) -> npt.ArrayLike:
    found = mean_weeks(study(size, rng), LAST).set_index("bond")
    truth = {bond: sum(stays(bond, week) for week in range(LAST)) for bond in LEAVES}
    return np.concatenate(
        [
            covers(found["low"], found["high"], [truth[bond] for bond in found.index]),
            covers(
                found.loc[["bond"], "more_low"],
                found.loc[["bond"], "more_high"],
                truth["bond"] - truth["none"],
            ),
        ]
    )


def rates(size: int, rng: np.random.Generator) -> npt.ArrayLike:
    found = leaving_rates(study(size, rng), QUIET)
    under = (found["period"] == "under attack").astype(int)
    truth = np.array([LEAVES[bond][at] for bond, at in zip(found["bond"], under, strict=True)])
    none = np.array([LEAVES["none"][at] for at in under])
    with_bond = (found["bond"] == "bond").to_numpy()
    return np.concatenate(
        [
            covers(found["low"], found["high"], 100 * truth),
            covers(found["ratio_low"], found["ratio_high"], truth / none)[with_bond],
        ]
    )


def attacked(size: int, rng: np.random.Generator) -> pd.DataFrame:
    """Forty areas, each with a depth of its own and a little busier or quieter than others."""
    area = rng.permutation(np.resize(np.arange(40), size))
    depth = np.array([0, 10, 20, 30])[area % 4]
    own = rng.gamma(50, 1 / 50, 40)[area]
    bond = np.where(np.arange(size) % 2, "bond", "none")
    times = np.array([TIMES[name] for name in bond])
    people = study(size, rng, 0.010 * own * times ** (depth / 10))
    return people.assign(area=area, rival_off=depth)


def slope(size: int, rng: np.random.Generator) -> npt.ArrayLike:
    found = attack_model(attacked(size, rng), QUIET)
    return covers(found["low"], found["high"], found["bond"].map(TIMES))


def left_over(size: int, rng: np.random.Generator) -> npt.ArrayLike:
    found = left_under_attack(attacked(size, rng), 20, 10, attack_after=QUIET)
    # The curve is drawn with a constant rate: exp(-rate * weeks).
    truth = np.exp(-10 * 0.010 * found["bond"].map(TIMES) ** 2)
    return covers(found["low"], found["high"], truth)


def repaired(size: int, rng: np.random.Generator) -> npt.ArrayLike:
    """Of 0.70 who buy again without a fault a fault leaves 0.40, and with a repair 0.58; points out of ten likewise."""
    repair = np.resize(["no fault", "at once", "not"], size)
    buys = pd.Series(repair).map({"no fault": 0.70, "at once": 0.58, "not": 0.40})
    likes = pd.Series(repair).map({"no fault": 7.0, "at once": 7.6, "not": 5.0})
    cases = pd.DataFrame(
        {
            "repair": repair,
            "bought_180d": rng.random(size) < buys,
            "satisfaction": likes + rng.normal(0, 2, size),
        }
    )
    found = made_good(cases)
    return covers(found["low"], found["high"], [2.6 / 2.0, 0.18 / 0.30])


ENTRIES = [
    Entry(
        "relations.staying_curve", "share still there after some weeks, some moved away",
        "Kaplan-Meier, Greenwood, log(-log)", "Kalbfleisch & Prentice 2002", "-",
        (100, 400, 1600), "customers, half of them with the bond", curve, "one who left",
    ),
    Entry(
        "relations.stay_difference", "difference of two such shares", "square and add",
        "Zou & Donner 2008", "-",
        (100, 400, 1600), "customers, half of them with the bond", gap, "one who left in each group",
    ),
    Entry(
        "relations.mean_weeks", "weeks there (restricted mean), and difference",
        "area below the Kaplan-Meier curve, normal", "Klein & Moeschberger 2003; Royston & Parmar 2013", "-",
        (100, 400, 1600), "customers, half of them with the bond", area_below, "one who left in each group",
    ),
    Entry(
        "relations.leaving_rates", "leavers for a hundred weeks watched, and ratio of two rates",
        "Poisson, log scale", "Breslow & Day 1987", "-",
        (200, 800, 3200), "customers, half of them with the bond", rates, "one who left in each group",
    ),
    Entry(
        "relations.attack_model", "what ten points more of a price cut multiply leaving by",
        "Poisson regression, sandwich, t over areas", "Liang & Zeger 1986", "area",
        (400, 1200, 3600), "customers in 40 areas, half of them with the bond", slope,
        "five who left under two depths (an error says so)",
    ),
    Entry(
        "relations.left_under_attack", "share that an attack of some depth leaves",
        "Poisson regression, sandwich, t over areas, log rate", "Liang & Zeger 1986", "area",
        (400, 1200, 3600), "customers in 40 areas, half of them with the bond", left_over,
        "five who left under two depths (an error says so)",
    ),
    Entry(
        "relations.made_good", "share of a fault's harm that a repair makes good", "ratio of two differences",
        "Fieller 1954", "-", (300, 900, 2700), "cases, a third of them repaired", repaired,
        "a harm that is certain",
    ),
]  # fmt: skip
