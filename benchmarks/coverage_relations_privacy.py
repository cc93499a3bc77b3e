"""Coverage of the intervals of privacy in `crmkit.relations`; `coverage_relations` lists them."""

from __future__ import annotations

import functools

import numpy as np
import numpy.typing as npt
import pandas as pd

from benchmarks._coverage import Entry, covers
from crmkit.relations import (
    cost_of_leak,
    count_reasons,
    generalise,
    k_anonymity,
    link_files,
    link_rates,
    match_risk,
    trend_by_year,
    what_is_lost,
)

#: Postcode areas of unlike size, and years of birth.
AREAS = 1 / np.arange(1, 31)
PEOPLE = 20_000
LOST, LEAK = 1.5, -12.0


def draw(size: int, rng: np.random.Generator) -> pd.DataFrame:
    """People in areas of unlike size, born over sixty years."""
    area = rng.choice(len(AREAS), size, p=AREAS / AREAS.sum())
    return pd.DataFrame({"area": area, "birth_year": 1940 + rng.binomial(60, 0.5, size)})


@functools.cache
def alone(size: int) -> float:
    """Expected share of rows alone: each of the others misses the row's class."""
    p = AREAS / AREAS.sum()
    k = np.arange(61)
    log = np.cumsum(np.log(np.arange(1, 61)))
    log = np.concatenate([[0.0], log])
    born = np.exp(log[60] - log[k] - log[60 - k] - 60 * np.log(2))
    cell = np.outer(p, born).ravel()
    return float(np.sum(cell * (1 - cell) ** (size - 1)))


def unique(size: int, rng: np.random.Generator) -> npt.ArrayLike:
    """Share of rows that are alone."""
    found = k_anonymity(draw(size, rng), ["area", "birth_year"])
    return covers(found["low"], found["high"], alone(size))


def risk(size: int, rng: np.random.Generator) -> npt.ArrayLike:
    """Chance that a unique match is right, in a population of this size of which a fifth is in the sample."""
    everybody = draw(size, rng)
    some = everybody[rng.random(size) < 0.2]
    on = ["area", "birth_year"]
    found = match_risk(some, on, 0.2)
    once = some[~some.duplicated(on, keep=False)]
    fits = everybody.groupby(on).size().reindex(pd.MultiIndex.from_frame(once[on])).sum()
    return covers(found["low"], found["high"], len(once) / fits)


def trend(size: int, rng: np.random.Generator) -> npt.ArrayLike:
    """Five points more for ten years earlier, from single years and from bands."""
    year = rng.integers(1940, 2000, size)
    much = rng.random(size) < 0.2 + 0.05 * (2000 - year) / 10
    table = pd.DataFrame({"birth_year": year, "much": much, "area": rng.integers(0, 5, size)})
    found = trend_by_year(table, "much")
    coarse = generalise(table, years={"birth_year": 10}).table
    lost = what_is_lost(table, coarse, "much").set_index("version").loc["after"]
    return covers([found["low"], lost["low"]], [found["high"], lost["high"]], [0.05, 0.05])


def linked(size: int, rng: np.random.Generator) -> npt.ArrayLike:
    """Share of links that are right: a link is wrong where the person is a stranger who looks like a row."""
    row = np.arange(size)
    stranger = rng.random(size) < 0.3
    fits = rng.random(size) < 0.6
    extract = pd.DataFrame({"extract_id": row, "key": row})
    known = pd.DataFrame({"member_id": row, "key": np.where(fits, row, -1 - row)})
    links = link_files(extract, known, ["key"])
    rates = link_rates(
        links,
        extract.rename(columns={"key": "customer_id"}),
        pd.DataFrame({"member_id": row, "customer_id": np.where(stranger, -1.0 - row, row)}),
    )
    return covers(
        [rates["low"], rates["found_low"]], [rates["high"], rates["found_high"]], [0.7, 0.6]
    )


def leak(size: int, rng: np.random.Generator) -> npt.ArrayLike:
    """Trust and margin that a leak takes, with margins as skewed as in the company."""
    arm = np.repeat(["not affected", "told late"], size)
    late = arm == "told late"
    rate = rng.gamma(2.0, 0.07, 2 * size)
    before = 19 * rng.poisson(13 * rate)
    after = 19.0 * rng.poisson(26 * rate * np.where(late, 1 + LEAK / (19 * 26 * 0.14), 1.0))
    trust = rng.normal(6.4, 1.2, 2 * size)
    panel = pd.DataFrame(
        {
            "arm": arm,
            "trust_before": trust + rng.normal(0, 0.5, 2 * size),
            "trust_after": trust - LOST * late + rng.normal(0, 0.5, 2 * size),
            "margin_before": before,
            "margin_26w": after,
        }
    )
    row = cost_of_leak(panel, 100, letter_cost=1.0).iloc[0]
    return covers(
        [row["trust_low"], row["margin_low"], row["low"]],
        [row["trust_high"], row["margin_high"], row["high"]],
        [-LOST, LEAK, 100 * (1 - LEAK)],
    )


def reasons(size: int, rng: np.random.Generator) -> npt.ArrayLike:
    """Share of customers by reason."""
    names = ["may be used", "never agreed", "withdrawn"]
    found = count_reasons(pd.DataFrame({"reason": rng.choice(names, size, p=[0.2, 0.7, 0.1])}))
    row = found.set_index("reason").reindex(names)
    return covers(row["low"], row["high"], [0.2, 0.7, 0.1])


ENTRIES = [
    Entry(
        "relations.count_reasons", "share of customers whose data may be used, and of each reason why not", "score",
        "Wilson 1927", "-", (100, 400, 1400), "customers", reasons, "one customer", worlds=1000,
    ),
    Entry(
        "relations.k_anonymity", "share of rows that are alone in a sample of this size", "Poisson classes, normal",
        "Good & Toulmin 1956", "-", (100, 400, 1400), "rows", unique, "two rows", worlds=1000,
    ),
    Entry(
        "relations.match_risk", "chance that a unique match is right", "Poisson counts, logit scale",
        "Skinner & Elliot 2002", "-", (1500, 4000, 8000), "people, a fifth of them in the sample", risk,
        "one unique row and one pair", worlds=1000,
    ),
    Entry(
        "relations.trend_by_year", "change of a share for people born ten years earlier", "least squares, HC2, t",
        "MacKinnon & White 1985", "-", (60, 300, 1400), "rows", trend, "four rows", worlds=1000,
    ),
    Entry(
        "relations.link_rates", "share of links that are right; share of people found", "score", "Wilson 1927", "-",
        (60, 300, 1400), "people", linked, "one link", worlds=1000,
    ),
    Entry(
        "relations.cost_of_leak", "trust and margin lost, cost of a leak", "regression in each arm, HC2, t", "Lin 2013",
        "-", (100, 300, 600), "people an arm", leak, "ten people more than covariates an arm", worlds=1000,
    ),
]  # fmt: skip
