"""Coverage of the shared intervals (`crmkit.inference`)."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from benchmarks._coverage import Entry, covers
from crmkit.inference import (
    adjust_p_values,
    beta_product,
    bootstrap_draws,
    bootstrap_interval,
    clustered_covariance,
    critical_value,
    mean_difference,
    mean_interval,
    newcombe,
    newcombe_p,
    percentile_interval,
    ratio_interval,
    wilson,
)


def share(size: int, rng: np.random.Generator) -> npt.ArrayLike:
    truth = np.array([0.02, 0.1, 0.3, 0.5])
    return covers(*wilson(rng.binomial(size, truth), size), truth)


def two_shares(size: int, rng: np.random.Generator) -> npt.ArrayLike:
    first, second = np.array([0.03, 0.12, 0.5]), np.array([0.02, 0.1, 0.4])
    found = newcombe(rng.binomial(size, first), size, rng.binomial(size // 2, second), size // 2)
    return covers(found[1], found[2], first - second)


def two_equal_shares(size: int, rng: np.random.Generator) -> npt.ArrayLike:
    share = np.array([0.1, 0.3])
    return (
        newcombe_p(rng.binomial(size, share), size, rng.binomial(size // 2, share), size // 2)
        > 0.05
    )


def no_false_finding(size: int, rng: np.random.Generator) -> npt.ArrayLike:
    return (adjust_p_values(rng.random(size)) > 0.05).all()


def mean(size: int, rng: np.random.Generator) -> npt.ArrayLike:
    return covers(*mean_interval(rng.gamma(2, 10, size))[1:], 20)


def two_means(size: int, rng: np.random.Generator) -> npt.ArrayLike:
    return covers(*mean_difference(rng.gamma(2, 10, size), rng.gamma(4, 3, size // 2))[1:], 8)


def share_of_links(size: int, rng: np.random.Generator) -> npt.ArrayLike:
    """People give several links each, and lean to one brand or another."""
    lean, links = rng.beta(1, 3, size), rng.integers(1, 8, size)
    return covers(*ratio_interval(rng.binomial(links, lean), links)[1:], 0.25)


def away(size: int, rng: np.random.Generator) -> npt.ArrayLike:
    """Half come back in the long run, and people are watched for 1 to 200 days."""
    back, watched = np.ceil(rng.exponential(60, size)), rng.integers(1, 200, size)
    back = np.where(rng.random(size) < 0.5, back, np.inf)
    days, ended = np.minimum(back, watched), back <= watched
    times = np.unique(days)
    risk = np.array([(days >= t).sum() for t in times])
    gone = np.array([((days == t) & ended).sum() for t in times])
    low, high = beta_product(risk, gone, mid=True)
    at = np.searchsorted(times, [10, 30, 90], side="right") - 1
    truth = 0.5 + 0.5 * np.exp(-np.array([10, 30, 90]) / 60)
    return covers(low[at], high[at], truth)


def _visits(size: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    who = np.repeat(np.arange(size), rng.integers(1, 6, size))
    return who, rng.normal(10, 3, size)[who] + rng.normal(0, 1, len(who))


def clustered_mean(size: int, rng: np.random.Generator) -> npt.ArrayLike:
    who, value = _visits(size, rng)
    draws = bootstrap_draws(lambda rows: value[rows].mean(), who, draws=300, seed=rng)
    return covers(*percentile_interval(draws), 10)


def clustered_slope(size: int, rng: np.random.Generator) -> npt.ArrayLike:
    """People differ in level and in slope; a line through all their visits."""
    who = np.repeat(np.arange(size), 4)
    x = np.column_stack(
        [np.ones(len(who)), rng.normal(0, 1, size)[who] + rng.normal(0, 1, len(who))]
    )
    y = x @ [1.0, 0.5] + rng.normal(0, 1, size)[who] + rng.normal(0, 1, len(who))
    bread = np.linalg.inv(x.T @ x)
    fit = bread @ x.T @ y
    error = np.sqrt(np.diag(clustered_covariance(bread, x * (y - x @ fit)[:, None], who)))
    half = critical_value(df=size - 1) * error
    return covers(fit - half, fit + half, [1.0, 0.5])


def skewed_mean(size: int, rng: np.random.Generator) -> npt.ArrayLike:
    spent = rng.gamma(1, 20, size)
    return covers(
        *bootstrap_interval(lambda rows: spent[rows].mean(), range(size), draws=800, seed=rng)[1:],
        20,
    )


ENTRIES = [
    Entry(
        "inference.wilson",
        "share",
        "score",
        "Wilson 1927",
        "-",
        (30, 100, 1000),
        "people",
        share,
        "one person",
    ),
    Entry(
        "inference.newcombe",
        "difference of two shares",
        "two Wilson intervals",
        "Newcombe 1998, method 10",
        "-",
        (60, 200, 1000),
        "and half as many people",
        two_shares,
        "one person a group",
    ),
    Entry(
        "inference.newcombe_p",
        "p-value: two equal shares",
        "inverse of Newcombe's interval",
        "Newcombe 1998",
        "-",
        (60, 200, 1000),
        "and half as many people",
        two_equal_shares,
        "one person a group",
    ),
    Entry(
        "inference.adjust_p_values",
        "chance of no false finding among all",
        "step-down",
        "Holm 1979",
        "-",
        (2, 10, 50),
        "comparisons",
        no_false_finding,
        "one p-value",
    ),
    Entry(
        "inference.mean_interval",
        "mean",
        "Student's t",
        "Student 1908",
        "-",
        (40, 100, 1000),
        "people",
        mean,
    ),
    Entry(
        "inference.mean_difference",
        "difference of two means",
        "Welch; Newcombe for 0 and 1",
        "Welch 1947",
        "-",
        (60, 200, 1000),
        "and half as many people",
        two_means,
        "two distinct values a group",
    ),
    Entry(
        "inference.ratio_interval",
        "ratio of two sums over people",
        "linearised, logit scale",
        "Cochran 1977",
        "person",
        (40, 200, 1000),
        "people",
        share_of_links,
    ),
    Entry(
        "inference.beta_product",
        "share still away",
        "beta product, mid-p",
        "Fay & Brittain 2016",
        "-",
        (20, 100, 300),
        "people",
        away,
        "one person",
    ),
    Entry(
        "inference.clustered_covariance",
        "weights of a regression with several rows a person",
        "sandwich, t",
        "Liang & Zeger 1986",
        "cluster",
        (30, 100, 300),
        "people",
        clustered_slope,
        "one person more than weights",
    ),
    Entry(
        "inference.bootstrap_draws",
        "mean of people with several answers (with `percentile_interval`)",
        "cluster bootstrap, percentile",
        "Field & Welsh 2007",
        "cluster",
        (40, 100, 300),
        "people",
        clustered_mean,
    ),
    Entry(
        "inference.percentile_interval",
        "as `bootstrap_draws`",
        "percentile",
        "Efron & Tibshirani 1993",
        "cluster",
        (40, 100, 300),
        "people",
        clustered_mean,
    ),
    Entry(
        "inference.bootstrap_interval",
        "mean of skewed amounts",
        "BCa, clusters drawn",
        "Efron 1987",
        "cluster",
        (80, 150, 300),
        "people",
        skewed_mean,
    ),
]
