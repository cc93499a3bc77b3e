"""Coverage of the intervals of `crmkit.prospects`."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from benchmarks._coverage import Entry, covers
from crmkit.prospects import (
    ScreeningModel,
    compare_kinds,
    forecast_offers,
    response_rates,
    stated_and_true,
    trial_results,
    weighted_shares,
)

#: Four groups: their households, the chance to answer, the share that is near, the share that is no customer.
HOUSEHOLDS = np.array([3000, 2500, 2500, 2000])
ANSWERS = np.array([0.2, 0.35, 0.5, 0.7])
NEAR = np.array([0.05, 0.1, 0.2, 0.3])
OTHERS = np.array([0.95, 0.9, 0.85, 0.8])
REGISTER = pd.DataFrame({"group": list("abcd"), "households": HOUSEHOLDS})
NEEDS = ["quick", "ready", "safe"]
MUST, WEIGHTS = np.array([0.2, 0.3, 0.1]), np.array([0.5, 0.7, 0.4])


def answered(size: int, rng: np.random.Generator) -> pd.DataFrame:
    """Of `size` people invited, those who answer: more of the groups in which more are near."""
    group = rng.choice(4, size, p=HOUSEHOLDS / HOUSEHOLDS.sum())
    group = group[rng.random(size) < ANSWERS[group]]
    return pd.DataFrame(
        {
            "group": np.array(list("abcd"))[group],
            "other": rng.random(len(group)) < OTHERS[group],
            "near": rng.random(len(group)) < NEAR[group],
        }
    )


def share(size: int, rng: np.random.Generator) -> npt.ArrayLike:
    """Share of the near among the non-customers, with answers that depend on the group."""
    people = answered(size, rng)
    found = weighted_shares(people, "near", REGISTER, ["group"], among=people["other"])
    weight = HOUSEHOLDS * OTHERS
    if True not in found.index:
        return np.nan
    return covers(found.loc[True, "low"], found.loc[True, "high"], weight @ NEAR / weight.sum())


def won(size: int, rng: np.random.Generator) -> npt.ArrayLike:
    """Forecast: the share that is open, times the share of those told who buy."""
    people = answered(size, rng)
    told = max(size // 10, 1)
    bought = rng.binomial(told, 0.3)
    found = forecast_offers(people, ["near"], REGISTER, ["group"], bought=bought, told=told)
    truth = 0.3 * HOUSEHOLDS @ NEAR / HOUSEHOLDS.sum()
    return covers(found["low"], found["high"], truth)


def shelf(size: int, rng: np.random.Generator) -> pd.DataFrame:
    """Eight tasks of each person: screened by must-haves and a price, then weighed."""
    shape = (size, 8, 3)
    met = rng.random((*shape, 3)) < 0.6
    price = rng.choice([12, 20, 28], shape)
    must = rng.random((size, 3)) < MUST
    cap = rng.choice([12, 20, 28], size, p=[0.2, 0.2, 0.6])
    passes = (met | ~must[:, None, None, :]).all(-1) & (price <= cap[:, None, None])
    utility = 1 - 0.09 * price + met @ WEIGHTS + rng.gumbel(size=shape)
    utility = np.where(passes, utility, -np.inf)
    buys = utility.max(-1) > rng.gumbel(size=shape[:2])
    chosen = (np.arange(3) == utility.argmax(-1)[..., None]) & buys[..., None]
    index = np.indices(shape)
    return pd.DataFrame(
        {
            "person_id": index[0].ravel(),
            "task": index[1].ravel(),
            "option": index[2].ravel(),
            "price": price.ravel(),
            **{name: met[..., j].ravel().astype(int) for j, name in enumerate(NEEDS)},
            "chosen": chosen.ravel().astype(int),
        }
    )


def screens(size: int, rng: np.random.Generator) -> npt.ArrayLike:
    """Shares of must-haves, the weights of what passes, and the share of people who screen."""
    model = ScreeningModel().fit(shelf(size, rng), NEEDS)
    free = np.prod(1 - MUST) * 0.6
    weights = np.array([1.0, *WEIGHTS, -0.09])
    return np.concatenate(
        [
            covers(model.must_haves_["low"], model.must_haves_["high"], MUST),
            covers(model.weights_["low"], model.weights_["high"], weights),
            np.atleast_1d(covers(model.screens_.low, model.screens_.high, 1 - free)),
        ]
    )


def errors(size: int, rng: np.random.Generator) -> npt.ArrayLike:
    """A fifth of those called near are not."""
    wrong = rng.random(size) < 0.2
    found = compare_kinds(["near"] * size, np.where(wrong, "refusing", "near")).loc["near"]
    return covers(found["low"], found["high"], 0.2)


def answers(size: int, rng: np.random.Generator) -> npt.ArrayLike:
    found = response_rates(pd.DataFrame({"all": 1, "answered": rng.random(size) < 0.4}), ["all"])
    return covers(found["low"], found["high"], 0.4)


def reasons(size: int, rng: np.random.Generator) -> npt.ArrayLike:
    """Of those who name the price, a seventh mean it."""
    true = np.where(rng.random(size) < 1 / 7, "price", "other")
    found = stated_and_true(["price"] * size, true)
    return covers(found["low"], found["high"], 1 / 7)


def trial(size: int, rng: np.random.Generator) -> npt.ArrayLike:
    """Two offers, bought by 12 and by 5 %."""
    arm = rng.permutation(np.arange(size) % 2)
    bought = rng.random(size) < np.where(arm == 1, 0.12, 0.05)
    tried = pd.DataFrame({"offer": np.array(["today", "hire"])[arm], "bought": bought})
    row = trial_results(tried, against="today").loc["hire"]
    return np.array(
        [covers(row["low"], row["high"], 0.12), covers(row["more_low"], row["more_high"], 0.07)]
    )


ENTRIES = [
    Entry(
        "prospects.weighted_shares",
        "share of a population from answers that depend on the group",
        "post-stratification, score with effective answers",
        "Holt & Smith 1979; Kott & Carr 1997",
        "-",
        (200, 600, 4000),
        "people invited, four in ten of whom answer",
        share,
        "two answers a group",
    ),
    Entry(
        "prospects.forecast_offers",
        "share of a population that an offer would win",
        "product of two shares, delta method on the log scale",
        "Cox & Hinkley 1974",
        "-",
        (400, 1000, 4000),
        "people invited, and a tenth as many told of an offer",
        won,
        "one who is open and one who bought",
    ),
    Entry(
        "prospects.ScreeningModel.fit",
        "shares of must-haves, weights of what passes, share who screen",
        "EM, covariance from persons' scores, logit scale",
        "Gilbride & Allenby 2004; Meilijson 1989",
        "person",
        (100, 250, 500),
        "people with eight choices each",
        screens,
        "half a person for whom a need is a must-have",
        worlds=200,
    ),
    Entry(
        "prospects.compare_kinds",
        "share wrong among those called so",
        "score",
        "Wilson 1927",
        "-",
        (50, 200, 1000),
        "people called so",
        errors,
        "one person",
        worlds=1000,
    ),
    Entry(
        "prospects.response_rates",
        "share of the invited who answer",
        "score",
        "Wilson 1927",
        "-",
        (50, 200, 1000),
        "people invited",
        answers,
        "one person",
        worlds=1000,
    ),
    Entry(
        "prospects.stated_and_true",
        "share of those who state a reason for whom it is the true one",
        "score",
        "Wilson 1927",
        "-",
        (50, 200, 1000),
        "people who state it",
        reasons,
        "one person",
        worlds=1000,
    ),
    Entry(
        "prospects.trial_results",
        "share who buy an offer, and how much more than another",
        "score; Newcombe",
        "Wilson 1927; Newcombe 1998",
        "-",
        (200, 600, 1600),
        "people, half of them told of each offer",
        trial,
        "one person an offer",
        worlds=1000,
    ),
]
