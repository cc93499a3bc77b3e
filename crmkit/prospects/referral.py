"""Introductions: how many customers each brings, directly and through others, and how many introductions close.

Each customer has one inviter or none. The customers who came in another way are generation 0, those whom they brought
are generation 1, and so on.

Sources: Lloyd-Smith et al. (2005) Nature 438 (the spread of how many each brings, and what it means for a chain);
Harris (1963) The Theory of Branching Processes; McCullagh & Nelder (1989) Generalized Linear Models, section 6.2
(counts that vary more than chance); Wilson (1927) JASA 22; Cochran (1977) Sampling Techniques, section 6.3 (clusters).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from crmkit.errors import CrmkitError
from crmkit.inference import critical_value, ratio_interval, wilson
from crmkit.inputs import (
    first_few,
    generator,
    need_column,
    need_count,
    need_known,
    need_number,
    need_numbers,
    need_rows,
    need_true_false,
    need_unique,
)

#: A tree of more people than this is not grown.
MOST = 100_000


def referral_chains(
    customers: Any,
    introductions: pd.DataFrame,
    *,
    inviter: str = "inviter_id",
    friend: str = "friend_id",
) -> pd.DataFrame:
    """Count for each customer whom they brought, directly and through others, and in which generation they came.

    Parameters
    ----------
    customers
        The numbers of all customers, also of those who brought nobody: they count too.
    introductions
        One row per friend who became a customer: who brought whom. Rows without a `friend` (introductions that came to
        nothing) are left out.
    inviter, friend
        Its two columns.

    Returns
    -------
    DataFrame
        One row per customer, in the order given: ``customer_id``, ``inviter_id`` (missing: nobody), ``generation``
        (0: came in another way), ``direct`` (customers whom they brought), ``through_others`` (whom those brought, and
        so on), ``in_all``.

    Raises
    ------
    CrmkitError
        A friend with two inviters, an inviter or friend who is no customer, people who brought each other in a circle.

    Examples
    --------
    >>> who = pd.DataFrame({"inviter_id": [1, 1, 2], "friend_id": [2, 3, 4]})
    >>> referral_chains([1, 2, 3, 4, 5], who)[["generation", "direct", "in_all"]].values.tolist()
    [[0, 2, 3], [1, 1, 1], [1, 0, 0], [2, 0, 0], [0, 0, 0]]
    """
    ids = pd.Index(need_known(need_column(customers, "customers"), "customers"))
    if not ids.is_unique:
        twice = ids[ids.duplicated()]
        raise CrmkitError(
            f"customers: {first_few(twice)} stands there more than once. Give each customer once."
        )
    need_rows(introductions, [inviter, friend], "introductions")
    known = introductions.loc[introductions[friend].notna(), [inviter, friend]]
    need_known(known[inviter], inviter)
    need_unique(known, [friend], "introductions")
    above, below = ids.get_indexer(known[inviter]), ids.get_indexer(known[friend])
    for place, name in ((above, inviter), (below, friend)):
        if (place < 0).any():
            raise CrmkitError(
                f"{name}: {first_few(known.loc[place < 0, name])} is not among the customers. Add them, or leave "
                "those rows out and say how many."
            )
    parent = np.full(len(ids), -1)
    parent[below] = above
    generation, levels = _generations(parent, ids)
    direct = np.bincount(above, minlength=len(ids))
    in_all = direct.copy()
    for level in reversed(levels[1:]):
        np.add.at(in_all, parent[level], in_all[level])
    came = np.where(parent >= 0, ids.to_numpy()[parent], np.nan) if len(known) else np.nan
    return pd.DataFrame(
        {
            "customer_id": ids,
            "inviter_id": came,
            "generation": generation,
            "direct": direct,
            "through_others": in_all - direct,
            "in_all": in_all,
        }
    )


def _generations(parent: np.ndarray, ids: pd.Index) -> tuple[np.ndarray, list[np.ndarray]]:
    """Generation of each customer, and the customers of each generation."""
    generation = np.where(parent < 0, 0, -1)
    levels = [np.flatnonzero(parent < 0)]
    while len(levels[-1]):
        reached = np.isin(parent, levels[-1]) & (generation < 0)
        generation[reached] = len(levels)
        levels.append(np.flatnonzero(reached))
    if (generation < 0).any():
        raise CrmkitError(
            f"introductions: {first_few(ids[generation < 0])} brought each other in a circle, so nobody came first. "
            "Look at the dates, and keep the row that came first."
        )
    return generation, levels[:-1]


def generation_table(chains: pd.DataFrame) -> pd.DataFrame:
    """Sum up the generations: how many came, and how many they brought in turn.

    Parameters
    ----------
    chains
        From `referral_chains`.

    Returns
    -------
    DataFrame
        One row per generation: ``generation``, ``customers``, ``share`` (of all), ``brought`` (customers brought in all
        by this generation), ``per_customer``, ``brought_nobody`` (share).

    Examples
    --------
    >>> who = pd.DataFrame({"inviter_id": [1, 1], "friend_id": [2, 3]})
    >>> generation_table(referral_chains([1, 2, 3], who))[["customers", "brought"]].values.tolist()
    [[1, 2], [2, 0]]
    """
    need_rows(chains, ["generation", "direct"], "chains")
    groups = chains.groupby("generation")["direct"]
    table = pd.DataFrame({"customers": groups.size(), "brought": groups.sum()})
    table["share"] = table["customers"] / len(chains)
    table["per_customer"] = table["brought"] / table["customers"]
    table["brought_nobody"] = groups.apply(lambda direct: float((direct == 0).mean()))
    columns = ["customers", "share", "brought", "per_customer", "brought_nobody"]
    return table[columns].reset_index()


def how_many_bring(direct: Any, *, most: int = 4) -> pd.DataFrame:
    """Sum up how many customers bring nobody, one, two, ..., and which share of all friends is theirs.

    Parameters
    ----------
    direct
        How many each customer brought (or told), 0 for those who brought nobody.
    most
        From so many on they share one row.

    Returns
    -------
    DataFrame
        One row per number: ``friends`` ("0", "1", ..., "4 or more"), ``customers``, ``share`` (of all customers),
        ``brought``, ``share_brought`` (of all friends; missing if nobody brought any).

    Examples
    --------
    >>> how_many_bring([0, 0, 0, 1, 5])[["friends", "share", "share_brought"]].iloc[[0, -1]].values.tolist()
    [['0', 0.6, 0.0], ['4 or more', 0.2, 0.8333333333333334]]
    """
    need_count(most, "most")
    counts = _counts(direct)
    group = np.minimum(counts, most)
    number = np.bincount(group, minlength=most + 1)
    brought = np.bincount(group, counts, minlength=most + 1).astype(int)
    with np.errstate(invalid="ignore"):
        share = brought / np.float64(brought.sum())
    return pd.DataFrame(
        {
            "friends": [*map(str, range(most)), f"{most} or more"],
            "customers": number,
            "share": number / len(counts),
            "brought": brought,
            "share_brought": share,
        }
    )


def _counts(direct: Any) -> np.ndarray:
    numbers = need_numbers(direct, "direct", minimum=0)
    if (numbers % 1 > 0).any():
        raise CrmkitError("direct: whole numbers of friends are needed, one for each customer.")
    return numbers.astype(int)


def reproduction_number(direct: Any, *, level: float = 0.95) -> pd.Series:
    """Estimate how many customers one customer brings, and how many that makes through all generations.

    Below 1 a chain dies out: each generation is smaller than the one before, and in the end one customer stands for
    R / (1 - R) others. From 1 on it can grow without end.

    Parameters
    ----------
    direct
        How many **each** customer brought, 0 for those who brought nobody. The mean over inviters only is no
        reproduction number: it is above 1 always.
    level
        Share of samples in which the intervals hold the truth.

    Returns
    -------
    Series
        ``customers``, ``friends``, ``estimate`` (R), ``low``, ``high``, ``in_all`` (R / (1 - R); infinite from R = 1
        on), ``in_all_low``, ``in_all_high``. No interval (NaN) where nobody brought anybody, or all brought the same.

    Notes
    -----
    The interval allows for counts that vary more between customers than chance alone would make them (few bring many):
    standard error from the data, on the log scale (quasi-Poisson; McCullagh & Nelder 1989). Customers who came lately
    have had little time: R of those who have been there longer is larger.

    Examples
    --------
    >>> found = reproduction_number([0] * 80 + [1] * 15 + [2] * 5)
    >>> found[["estimate", "low", "high", "in_all"]].round(2).tolist()
    [0.25, 0.16, 0.38, 0.33]
    """
    counts = _counts(direct)
    n, mean = len(counts), float(counts.mean())
    low = high = np.nan
    if mean > 0 and n > 1 and counts.var() > 0:
        half = critical_value(level, n - 1) * counts.std(ddof=1) / np.sqrt(n) / mean
        low, high = mean * np.exp(-half), mean * np.exp(half)

    def in_all(r: float) -> float:
        return float("inf") if r >= 1 else r / (1 - r)

    return pd.Series(
        {
            "customers": n,
            "friends": int(counts.sum()),
            "estimate": mean,
            "low": low,
            "high": high,
            "in_all": in_all(mean),
            "in_all_low": in_all(low),
            "in_all_high": in_all(high),
        }
    )


def closing_rates(
    introductions: pd.DataFrame,
    steps: Sequence[tuple[str | None, str]] = (
        (None, "visited"),
        ("visited", "bought"),
        (None, "bought"),
    ),
    *,
    inviter: str | None = "inviter_id",
    level: float = 0.95,
) -> pd.DataFrame:
    """Count which share of introductions goes a step further, with two intervals: each alone, and by inviter.

    One inviter's friends are alike, and so are their answers. An interval that counts each of them as one more
    independent case (Wilson's) is too narrow then.

    Parameters
    ----------
    introductions
        One row per person who was told.
    steps
        Pairs (of whom, what): columns of True and False; None stands for all who were told.
    inviter
        Column that says whose friends they are; None if the rows are independent.
    level
        Share of samples in which the intervals hold the truth.

    Returns
    -------
    DataFrame
        One row per step: ``of``, ``who``, ``people``, ``inviters``, ``rate``, ``low``, ``high`` (by inviter),
        ``wilson_low``, ``wilson_high`` (each alone), ``times_wider``.

    Examples
    --------
    >>> told = pd.DataFrame({"inviter_id": [1, 1, 1, 2, 3], "visited": [True, True, True, False, True],
    ...     "bought": [True, True, False, False, False]})
    >>> closing_rates(told)[["of", "who", "rate"]].values.tolist()
    [['told', 'visited', 0.8], ['visited', 'bought', 0.5], ['told', 'bought', 0.4]]
    """
    names = {name for step in steps for name in step if name}
    need_rows(introductions, [*sorted(names), *([inviter] if inviter else [])], "introductions")
    flags = {name: need_true_false(introductions[name], name) for name in names}
    whose = np.arange(len(introductions))
    if inviter:
        whose = pd.factorize(need_known(introductions[inviter], inviter))[0]
    rows = []
    for of, who in steps:
        base = flags[of] if of else np.ones(len(introductions), bool)
        went = base & flags[who]
        people, gone = np.bincount(whose, base), np.bincount(whose, went)
        gone, people = gone[people > 0], people[people > 0]
        alone = wilson(went.sum(), base.sum(), level=level)
        found = ratio_interval(gone, people, level=level) if len(people) else (np.nan,) * 3
        rows.append(
            {
                "of": of or "told",
                "who": who,
                "people": int(base.sum()),
                "inviters": len(people),
                "rate": found[0],
                "low": found[1],
                "high": found[2],
                "wilson_low": float(alone[0]),
                "wilson_high": float(alone[1]),
                "times_wider": (found[2] - found[1]) / (alone[1] - alone[0]),
            }
        )
    return pd.DataFrame(rows)


def grow_tree(
    starters: int,
    told: float,
    closing: float,
    *,
    alike: float = 0.5,
    generations: int = 30,
    most: int = MOST,
    seed: int | np.random.Generator = 0,
) -> pd.DataFrame:
    """Let a tree of introductions grow: each customer tells some friends, and some of them come and tell others.

    Parameters
    ----------
    starters
        Customers with whom it begins.
    told
        Friends whom a customer tells, the mean over all customers.
    closing
        Share of them who become customers.
    alike
        How alike customers are in telling: small means that few tell nearly all, as in real data (the shape of a
        negative binomial distribution).
    generations
        It is cut off after so many.
    most
        It is cut off at so many people.
    seed

    Returns
    -------
    DataFrame
        One row per customer: ``generation`` (0: a starter), ``parent`` (row of who brought this one; -1 for starters).
        It ends when nobody comes any more, or when `generations` or `most` is reached.

    Examples
    --------
    >>> tree = grow_tree(20, told=2, closing=0.25, seed=1)
    >>> tree["generation"].value_counts().sort_index().iloc[:2].tolist()
    [20, 7]
    """
    need_count(starters, "starters", need_count(most, "most"))
    closing = need_number(closing, "closing", minimum=0, maximum=1)
    mean = need_number(told, "told", minimum=0) * closing
    shape = need_number(alike, "alike", minimum=1e-6)
    rng = generator(seed)
    levels, parents = [np.zeros(starters, int)], [np.full(starters, -1)]
    first, size = 0, starters
    for generation in range(1, need_count(generations, "generations") + 1):
        # Who comes of those that are told is a thinned negative binomial: again one, of the same shape.
        comes = rng.poisson(mean * rng.gamma(shape, 1 / shape, size))
        room = most - first - size
        parent = np.repeat(np.arange(first, first + size), comes)[: max(room, 0)]
        if not len(parent):
            break
        first, size = first + size, len(parent)
        levels.append(np.full(size, generation))
        parents.append(parent)
    return pd.DataFrame({"generation": np.concatenate(levels), "parent": np.concatenate(parents)})
