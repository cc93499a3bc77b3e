"""Coverage of the intervals of introductions in `crmkit.prospects`; `coverage_prospects` lists them."""

from __future__ import annotations

import functools

import numpy as np
import numpy.typing as npt
import pandas as pd

from benchmarks._coverage import Entry, covers
from crmkit.prospects import (
    closing_rates,
    gap_over_time,
    like_with_like,
    programme_worth,
    reproduction_number,
    reward_effects,
)

#: Margin, lead and spread of newcomers; months that they stay.
LEAD, LEAVE, FRIEND_LEAVE = 1.2, 0.03, 0.8
LARGE = 400_000  # people of the sample that stands for all


def brings(size: int, rng: np.random.Generator) -> npt.ArrayLike:
    """Few bring many: a negative binomial with mean .25."""
    found = reproduction_number(rng.poisson(0.25 * rng.gamma(0.5, 2, size)))
    return covers([found["low"], found["in_all_low"]], [found["high"], found["in_all_high"]],
                  [0.25, 0.25 / 0.75])  # fmt: skip


def closes(size: int, rng: np.random.Generator) -> npt.ArrayLike:
    """Inviters differ in how well they choose, and in how many they tell."""
    told = 1 + rng.poisson(2, size)
    whose = np.repeat(np.arange(size), told)
    bought = rng.random(len(whose)) < rng.beta(1, 3, size)[whose]
    table = pd.DataFrame({"inviter_id": whose, "bought": bought})
    row = closing_rates(table, [(None, "bought")]).iloc[0]
    return covers(row["low"], row["high"], 0.25)


def newcomers(size: int, rng: np.random.Generator) -> pd.DataFrame:
    """Friends bring those who are worth more anyway; inviters bring several who are alike."""
    need, near = rng.integers(0, 3, size), rng.random(size) < 0.4
    by_friend = rng.random(size) < 0.2 + 0.1 * need + 0.1 * near
    whose = np.where(by_friend, rng.integers(0, max(size // 8, 1), size), -1 - np.arange(size))
    alike = np.unique(whose, return_inverse=True)[1]
    pull = rng.normal(size=alike.max() + 1)[alike]
    margin = 50 * (1 + 0.4 * need) * np.where(near, 1.2, 1.0) * np.where(by_friend, LEAD, 1.0)
    months = rng.exponential(1 / np.where(by_friend, LEAVE * FRIEND_LEAVE, LEAVE))
    return pd.DataFrame(
        {
            "came_by": np.where(by_friend, "friend", "other"),
            "need": need,
            "near": near,
            "inviter": whose,
            "margin": margin * np.exp(0.6 * rng.normal(size=size) + 0.3 * pull - 0.225),
            "months": np.minimum(np.floor(months) + 1, 24),
        }
    )


@functools.cache
def gaps() -> tuple[float, float, float]:
    """The gap of those whom friends brought, and how much of it is plain."""
    people = newcomers(LARGE, np.random.default_rng(0))
    other = people["came_by"] == "other"
    expected = 50 * (1 + 0.4 * people["need"]) * np.where(people["near"], 1.2, 1.0)
    true = float(expected[~other].mean()) * (LEAD - 1)
    plain = float(expected[~other].mean() * LEAD - expected[other].mean())
    return plain, true, LEAD - 1


def alike(size: int, rng: np.random.Generator) -> npt.ArrayLike:
    """All three ways: each has its own truth; two of them know the effect."""
    table = like_with_like(
        newcomers(size, rng), "margin", ["need", "near"], cluster="inviter"
    ).set_index("way")
    plain, true, more = gaps()
    wanted = [plain, true, true, more, more]
    ends = {end: [*table[end], *table[f"more_{end}"].iloc[1:]] for end in ("low", "high")}
    return covers(ends["low"], ends["high"], wanted)


def erodes(size: int, rng: np.random.Generator) -> npt.ArrayLike:
    """Margin in the first half-year, and share still there after it."""
    people = newcomers(size, rng)
    row = gap_over_time(people, ["margin"], ["need", "near"], months="months").iloc[0]
    stay = np.exp(-5 * LEAVE * FRIEND_LEAVE) - np.exp(-5 * LEAVE)
    return covers(
        [row["more_low"], row["stay_low"]], [row["more_high"], row["stay_high"]], [LEAD - 1, stay]
    )


def reward_test(size: int, rng: np.random.Generator) -> pd.DataFrame:
    """Three arms: .08 friends a customer without a reward, .14 and .18 with one of 10."""
    arm = np.repeat(["control", "one", "both"], size)
    mean = np.repeat([0.08, 0.14, 0.18], size)
    friends = rng.poisson(mean * rng.gamma(1.0, 1.0, 3 * size))
    paid = np.repeat([0.0, 10.0, 20.0], size) * friends
    return pd.DataFrame({"arm": arm, "friends": friends, "paid": paid})


def rewarded(size: int, rng: np.random.Generator) -> npt.ArrayLike:
    """Friends more, and what one more costs."""
    found = reward_effects(reward_test(size, rng), "friends", "paid")
    low, high = ([*found[a], *found[b]] for a, b in (("low", "extra_low"), ("high", "extra_high")))
    return covers(low, high, [0.06, 0.10, 1.4 / 0.06, 3.6 / 0.10])


def earned(size: int, rng: np.random.Generator) -> npt.ArrayLike:
    """What each reward earns; a friend is worth 100, estimated with a standard error of 10."""
    worth = 100 + 10 * rng.normal()
    found = programme_worth(reward_test(size, rng), "friends", "paid", worth, 10.0)
    return covers(found["low"], found["high"], [4600.0, 6400.0])


ENTRIES = [
    Entry(
        "prospects.reproduction_number",
        "customers brought by one customer, and through all generations",
        "quasi-Poisson, log scale, t",
        "McCullagh & Nelder 1989",
        "customer",
        (100, 400, 2000),
        "customers",
        brings,
        "one friend in all",
        worlds=1000,
    ),
    Entry(
        "prospects.closing_rates",
        "share of introductions that close",
        "linearised ratio, logit scale, t",
        "Cochran 1977",
        "inviter",
        (50, 150, 600),
        "inviters",
        closes,
        "two inviters",
        worlds=1000,
    ),
    Entry(
        "prospects.like_with_like",
        "gap between customers brought by a friend and others: plain, same kind, regression",
        "influence summed over clusters, t",
        "Liang & Zeger 1986; Kline 2011",
        "inviter",
        (200, 600, 2400),
        "newcomers",
        alike,
        "two people of each",
    ),
    Entry(
        "prospects.gap_over_time",
        "lead in margin while there, and in staying",
        "regression of the others, t",
        "Kline 2011",
        "-",
        (300, 800, 2400),
        "newcomers",
        erodes,
        "two people of each",
    ),
    Entry(
        "prospects.reward_effects",
        "friends more by a reward, and the cost of one more",
        "Welch; Fieller",
        "Welch 1947; Fieller 1954",
        "-",
        (200, 500, 1500),
        "customers an arm",
        rewarded,
        "two distinct values an arm",
        worlds=1000,
    ),
    Entry(
        "prospects.programme_worth",
        "what a reward earns over none",
        "Welch, delta method for the worth",
        "Welch 1947",
        "-",
        (200, 500, 1500),
        "customers an arm",
        earned,
        "two distinct values an arm",
        worlds=1000,
    ),
]
