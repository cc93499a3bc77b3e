"""Coverage of the intervals of satisfaction, health and the chain of branches in `crmkit.relations`."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from benchmarks._coverage import Entry, covers
from crmkit.relations import (
    before_leaving,
    branch_trial_effects,
    by_level,
    chain_check,
    compare_scores,
    lagged_links,
    level_gap,
    promoter_score,
    promoter_ways,
)

#: Shares of the answers 0 to 10 of everybody.
ANSWERS = np.array([1, 1, 2, 2, 4, 7, 10, 16, 22, 20, 15]) / 100
SCORE = 100 * float(ANSWERS[9:].sum() - ANSWERS[:7].sum())


def score(size: int, rng: np.random.Generator) -> npt.ArrayLike:
    found = promoter_score(rng.choice(11, size, p=ANSWERS))
    return covers(found["low"], found["high"], SCORE)


def ways(size: int, rng: np.random.Generator) -> npt.ArrayLike:
    """Who answers depends on the group alone: then the last two ways are right, and the first is not judged."""
    group = rng.choice(3, size, p=[0.3, 0.4, 0.3])
    lift = np.array([-1, 0, 1])[group]
    said = np.clip(rng.choice(11, size, p=ANSWERS) + lift, 0, 10)
    moved = [np.roll(ANSWERS, 0), ANSWERS, np.roll(ANSWERS, 0)]
    lower = np.append(moved[0][1:], 0)
    lower[0] += moved[0][0]
    upper = np.append(0, moved[2][:-1])
    upper[10] += moved[2][10]
    scores = [100 * (p[9:].sum() - p[:7].sum()) for p in (lower, ANSWERS, upper)]
    truth = float(np.dot(scores, [0.3, 0.4, 0.3]))
    loud = rng.random(size) < np.array([0.25, 0.4, 0.55])[group]
    silent = np.flatnonzero(~loud)
    called = rng.choice(silent, max(len(silent) // 4, 2), replace=False)
    who = np.append(np.flatnonzero(loud), called)
    survey = pd.DataFrame({"trader_id": who, "recommendation": said[who]})
    survey["way"] = np.where(np.arange(len(who)) < loud.sum(), "letter", "call")
    asked = pd.DataFrame({"trader_id": np.arange(size), "group": group})
    found = promoter_ways(asked, survey, group="group")
    return covers(found["low"][1:], found["high"][1:], truth)


def _answers(size: int, rng: np.random.Generator) -> pd.DataFrame:
    """People with one to four answers that hang together; from 7 on 90 % stay, below 75 %."""
    times = rng.integers(1, 5, size)
    who = np.repeat(np.arange(size), times)
    top = (rng.random(size) < 0.6)[who]
    steady = rng.random(size)[who]
    fresh = rng.random(len(who))
    luck = np.where(rng.random(len(who)) < 0.5, steady, fresh)
    return pd.DataFrame({"trader_id": who, "top": top, "stays": luck < np.where(top, 0.9, 0.75)})


def levels(size: int, rng: np.random.Generator) -> npt.ArrayLike:
    found = by_level(_answers(size, rng), "top")
    return covers(found["low"], found["high"], [0.75, 0.9])


def gap(size: int, rng: np.random.Generator) -> npt.ArrayLike:
    table = _answers(size, rng)
    found = level_gap(table, table["top"])
    return covers(found["low"], found["high"], 0.15)


def last_quarters(size: int, rng: np.random.Generator) -> npt.ArrayLike:
    """Half of the usual in the last quarter, as usual before."""
    usual = rng.gamma(3, 3, size)
    rate = np.column_stack([np.repeat(usual[:, None], 5, axis=1), 0.5 * usual])
    table = pd.DataFrame(
        {
            "trader_id": np.repeat(np.arange(size), 6),
            "quarter": np.tile(np.arange(1, 7), size),
            "logins": rng.poisson(rate).ravel(),
        }
    )
    stayer = pd.DataFrame({"trader_id": [size], "quarter": [9], "logins": [1]})
    found = before_leaving(pd.concat([table, stayer]), ["logins"], back=2)
    return covers(found["low"], found["high"], [1.0, 0.5])


def two_scores(size: int, rng: np.random.Generator) -> npt.ArrayLike:
    """Two normal scores of the same people, correlated .5, one standard deviation and half of one apart."""
    from scipy import stats

    stays = rng.random(size) < 0.8
    noise = rng.multivariate_normal([0, 0], [[1, 0.5], [0.5, 1]], size)
    first, second = noise.T + np.outer([0.5, 1.0], stays)
    found = compare_scores({"first": first, "second": second}, stays)
    truth = stats.norm.cdf(np.array([0.5, 1.0]) / np.sqrt(2))
    held = covers(found["low"], found["high"], truth)
    return np.append(held, covers(found["gap_low"][1], found["gap_high"][1], truth[1] - truth[0]))


def _panel(size: int, rng: np.random.Generator) -> tuple[pd.DataFrame, np.ndarray]:
    place = rng.standard_normal(size)
    staff = 0.7 * place[:, None] + 0.7 * rng.standard_normal((size, 8))
    profit = 0.8 * place[:, None] + 0.6 * rng.standard_normal((size, 8))
    profit[:, 1:] += 0.3 * staff[:, :-1]
    profit[:, 0] += 0.3 * (0.7 * place + 0.7 * rng.standard_normal(size))
    table = pd.DataFrame(
        {
            "branch": np.repeat(np.arange(size), 8),
            "quarter": np.tile(np.arange(1, 9), size),
            "staff": staff.ravel(),
            "profit": profit.ravel(),
        }
    )
    return table, place


def links(size: int, rng: np.random.Generator) -> npt.ArrayLike:
    found = lagged_links(_panel(size, rng)[0], [("staff", "profit")], draws=1)
    # Var staff = .98; profit = 1.01 place + .21 noise of staff + .6 noise.
    both = 0.7 * 1.01 + 0.3 * 0.49
    truth = both / np.sqrt(0.98 * (1.01**2 + 0.21**2 + 0.36))
    return covers(found["low"], found["high"], truth)


def _branches(size: int, rng: np.random.Generator) -> pd.DataFrame:
    trained = rng.permutation(size) < size // 2
    trial: dict[str, np.ndarray] = {"trained": trained}
    place = rng.standard_normal(size)
    for name, effect in (("staff", 1.0), ("profit", 0.4)):
        trial[f"{name}_before"] = place + 0.4 * rng.standard_normal(size)
        trial[f"{name}_after"] = place + 0.4 * rng.standard_normal(size) + effect * trained
    return pd.DataFrame(trial)


def trial(size: int, rng: np.random.Generator) -> npt.ArrayLike:
    found = branch_trial_effects(_branches(size, rng), ["staff", "profit"], draws=1)
    return covers(found["low"], found["high"], [1.0, 0.4])


def chain(size: int, rng: np.random.Generator) -> npt.ArrayLike:
    """The slopes are judged for the dose that the trial showed; the third way for the truth."""
    panel, _ = _panel(size, rng)
    panel = panel.assign(profit=panel["profit"])
    trials = _branches(size, rng)
    dose = branch_trial_effects(trials, ["staff"], draws=1)["effect"][0]
    found = chain_check(panel, trials, "staff", ["profit"])
    # Same quarter: cov = .7 x 1.01, var = .98. Within a branch of 8 quarters: staff of the same quarter does nothing,
    # and each mean draws: -.3 x .49 x 7/64 x (8/7) / .49 x ... = -.3 / 8 x 7/8 / (7/8).
    plain = 0.7 * 1.01 / 0.98
    inside = -0.3 / 8
    held = covers(found["low"], found["high"], [dose * plain, dose * inside, 0.4])
    return held


ENTRIES = [
    Entry(
        "relations.promoter_score", "net promoter score", "adjusted Wald, one added on either side",
        "Bonett & Price 2012; Rocks 2016", "-", (30, 100, 1000), "answers", score, "one answer", worlds=1000,
    ),
    Entry(
        "relations.promoter_ways", "the same, weighted by groups, and with calls to the silent",
        "strata weighted afterwards; sample of the silent", "Cochran 1977, 5A and 13.6", "-",
        (120, 400, 1500), "people asked", ways, "two answers in each group",
    ),
    Entry(
        "relations.by_level", "share who stay at a level of an answer", "linearised ratio, logit scale, t",
        "Cochran 1977", "customer", (60, 200, 1000), "customers", levels, "two distinct customers",
    ),
    Entry(
        "relations.level_gap", "gap in the share who stay between two levels", "linearised, t over customers",
        "Cochran 1977", "customer", (60, 200, 1000), "customers", gap, "two customers on a side",
    ),
    Entry(
        "relations.before_leaving", "share of the usual in each of the last quarters", "linearised ratio, t",
        "Cochran 1977", "customer", (30, 100, 400), "customers who left", last_quarters, "two distinct customers",
    ),
    Entry(
        "relations.compare_scores", "share of pairs ranked right, and the gap between two scores",
        "DeLong, logit scale; DeLong, paired", "DeLong et al. 1988; Pepe 2003", "-",
        (100, 400, 1600), "customers", two_scores, "two who stay and two who leave",
    ),
    Entry(
        "relations.lagged_links", "correlation with a later quarter", "jackknife over branches, Fisher's scale, t",
        "Efron 1982; Cameron et al. 2008", "branch", (12, 20, 60), "branches of 8 quarters", links, "six branches",
        worlds=1000,
    ),
    Entry(
        "relations.branch_trial_effects", "effect of a trial among few branches", "regression on arm and before, t",
        "Fisher 1935", "-", (8, 20, 60), "branches", trial, "three branches in an arm", worlds=1000,
    ),
    Entry(
        "relations.chain_check", "slopes over branches and within them, and the trial",
        "sandwich by branch (CR3), t; regression, t", "Bell & McCaffrey 2002", "branch",
        (12, 20, 60), "branches of 8 quarters", chain, "six branches",
    ),
]  # fmt: skip
