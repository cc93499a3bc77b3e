"""Coverage of the intervals of `crmkit.prospects` about what new customers cost and bring."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from benchmarks._coverage import Entry, covers
from crmkit.prospects import (
    ResponseModel,
    area_test,
    best_split,
    margin_by_month,
    payback,
    value_over_cost,
)

CHANNELS = ["leaflets", "search"]
#: What each channel can add at the most, and the spend that adds half of it.
GAIN, HALF = np.array([0.5, 0.4]), np.array([80.0, 60.0])
#: Margin of each month, while a customer is there, and the chance to leave at its end.
MARGIN, LEAVE, MONTHS = 20.0, 0.2, 12
VALUE = MARGIN * (1 - 0.8**MONTHS) / LEAVE


def panel(
    areas: int, rng: np.random.Generator, weeks: int = 52
) -> tuple[pd.DataFrame, pd.DataFrame, np.ndarray, np.ndarray]:
    """Areas and weeks with two channels; counts scatter more than Poisson's. Gives the truth too: spend, base."""
    days = pd.date_range("2025-01-06", periods=weeks, freq="7D")
    names = [f"area {i}" for i in range(areas)]
    alone = 40 * np.exp(0.2 * rng.normal(size=areas) + 0.3 * np.sin(np.arange(weeks) / 8)[:, None])
    spend = rng.gamma(2.0, 40.0, (weeks, areas, 2))
    mean = alone * (1 + (GAIN * spend / (spend + HALF)).sum(axis=2))
    luck = rng.gamma(100, 1 / 100, mean.shape)
    grid = pd.MultiIndex.from_product([days, names], names=["week", "area"]).to_frame(index=False)
    won = grid.assign(new_customers=rng.poisson(mean * luck).ravel())
    table = pd.concat(
        [grid.assign(acquisition_channel=c, spend=spend[:, :, i].ravel()) for i, c in enumerate(CHANNELS)]
    )  # fmt: skip
    return table, won, spend, alone


def true_costs(spend: np.ndarray, alone: np.ndarray, weeks: int = 13) -> np.ndarray:
    """Average and marginal cost of the last weeks: a row each, a column per channel."""
    spend, alone = spend[-weeks:], alone[-weeks:, :, None]
    caused = (alone * GAIN * spend / (spend + HALF)).sum((0, 1))
    further = (alone * GAIN * HALF * spend / (spend + HALF) ** 2).sum((0, 1))
    return np.array([spend.sum((0, 1)) / caused, spend.sum((0, 1)) / further])


def costs(size: int, rng: np.random.Generator) -> npt.ArrayLike:
    table, won, spend, alone = panel(size, rng)
    found = ResponseModel().fit(table, won).costs().loc[CHANNELS]
    truth = true_costs(spend, alone)
    return np.concatenate(
        [
            covers(found[f"{name}_low"], found[f"{name}_high"], truth[i])
            for i, name in enumerate(("average", "marginal"))
        ]
    )


def true_parameters(spend: np.ndarray) -> np.ndarray:
    mean = spend.mean((0, 1))
    return np.concatenate([GAIN * mean / (mean + HALF), HALF / (mean + HALF)])


def parameters(size: int, rng: np.random.Generator) -> npt.ArrayLike:
    table, won, spend, _ = panel(size, rng)
    model = ResponseModel().fit(table, won)
    found = np.concatenate([model.adds_, model.bends_])
    error = 1.96 * np.sqrt(np.diag(model.covariance_))
    return covers(found - error, found + error, true_parameters(spend))


def drawn(size: int, rng: np.random.Generator) -> npt.ArrayLike:
    table, won, spend, _ = panel(size, rng)
    cloud = ResponseModel().fit(table, won).drawn(400, seed=rng)
    low, high = np.quantile(cloud, [0.025, 0.975], axis=0, method="weibull")
    return covers(low, high, true_parameters(spend))


def split(size: int, rng: np.random.Generator) -> npt.ArrayLike:
    table, won, spend, alone = panel(size, rng)
    budget = float(spend[-13:].sum() / 13)
    plan = best_split(ResponseModel().fit(table, won), budget, draws=200, seed=rng)
    weekly = spend[-13:].sum((0, 1)) / 13
    # The best split in truth: search its one free number.
    shares = np.linspace(0.001, 0.999, 2000)
    came = np.zeros(len(shares))
    for i, part in enumerate((shares, 1 - shares)):
        own = spend[-13:, :, i, None] * (part * budget / weekly[i])
        came += (alone[-13:, :, None] * GAIN[i] * own / (own + HALF[i])).sum((0, 1))
    best = shares[came.argmax()] * budget * np.array([1, -1]) + np.array([0, budget])
    found = plan.loc[CHANNELS]
    return covers(found["low"], found["high"], best)


def geo(size: int, rng: np.random.Generator) -> npt.ArrayLike:
    """A third of the areas off for eight weeks; the channel brings a fifth of all customers."""
    days = pd.date_range("2025-01-06", periods=34, freq="7D")
    names = [f"area {i}" for i in range(size)]
    arm = np.array(["off", "as usual", "doubled"])[rng.permutation(np.arange(size) % 3)]
    base = 40 * np.exp(0.2 * rng.normal(size=size) + 0.3 * np.sin(np.arange(34) / 8)[:, None])
    during = (np.arange(34) >= 26)[:, None]
    factor = np.where(
        during, np.array([{"off": 0.0, "doubled": 2.0}.get(a, 1.0) for a in arm]), 1.0
    )
    adds = 0.5 * factor / (factor + 1)  # at the usual spend a quarter comes on top
    won = rng.poisson(base * (1 + adds) * rng.gamma(100, 1 / 100, base.shape))
    grid = pd.MultiIndex.from_product([days, names], names=["week", "area"]).to_frame(index=False)
    money = grid.assign(
        acquisition_channel="search", spend=(factor * 10 * base).ravel(), last_clicks=0
    )
    tests = pd.DataFrame({"acquisition_channel": "search", "area": names, "arm": arm}).assign(
        first_week=days[26], last_week=days[33]
    )
    customers = grid.assign(new_customers=won.ravel())
    found = area_test(money, customers, tests, "search", draws=1, seed=rng)
    truth = np.array([1 / 1.25, (1 + 0.5 * 2 / 3) / 1.25]) - 1
    cost = []
    for i, name in enumerate(("off", "doubled")):
        own = arm == name
        usual = (1.25 * base[26:, own]).sum() / 8
        cost.append(found.loc[name, "spend"] / (usual * truth[i]))
    found = found.loc[["off", "doubled"]]
    return np.concatenate(
        [
            covers(found["low"], found["high"], truth),
            covers(found["cost_low"], found["cost_high"], np.array(cost)),
        ]
    )


def histories(size: int, rng: np.random.Generator) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Customers who leave by chance, watched for 1 to 24 months."""
    seen = rng.integers(1, 25, size)
    stays = rng.geometric(LEAVE, size)
    people = pd.DataFrame(
        {"followed_id": np.arange(size), "acquisition_channel": "search", "months_seen": seen}
    )
    often = np.minimum(np.minimum(stays, seen), MONTHS)
    who = np.repeat(np.arange(size), often)
    month = np.arange(len(who)) - np.repeat(often.cumsum() - often, often) + 1
    money = rng.gamma(2, MARGIN / 2, len(who))
    return people, pd.DataFrame({"followed_id": who, "month": month, "margin": money})


def worth(size: int, rng: np.random.Generator) -> npt.ArrayLike:
    found = margin_by_month(*histories(size, rng), months=MONTHS).iloc[[0, 5, 11]]
    truth = MARGIN * (1 - 0.8 ** np.array([1, 6, 12])) / LEAVE
    return covers(found["low"], found["high"], truth)


def priced(rng: np.random.Generator, cost: float) -> pd.DataFrame:
    """A cost as an experiment would give it: customers per unit of money with an error of a tenth."""
    rate = (1 + 0.1 * rng.normal()) / cost
    return pd.DataFrame({"cost": [1 / rate], "high": [1 / (rate - 0.196 / cost)]}, index=["search"])


def ratio(size: int, rng: np.random.Generator) -> npt.ArrayLike:
    found = value_over_cost(*histories(size, rng), priced(rng, 30.0), months=MONTHS).iloc[0]
    return covers(found["low"], found["high"], VALUE / 30)


def months(size: int, rng: np.random.Generator) -> npt.ArrayLike:
    found = payback(*histories(size, rng), priced(rng, 55.0), months=MONTHS, draws=200, seed=rng)
    row = found.iloc[0].fillna(MONTHS + 1)
    # 20 + 16 + 12.8 + 10.24 = 59.04: in truth it has come back by the end of the fourth month.
    return covers(row["low"], row["high"], 4)


def _entry(name: str, about: str, method: str, source: str, *rest: object, **more: object) -> Entry:
    return Entry(f"prospects.{name}", about, method, source, *rest, **more)  # type: ignore[arg-type]


_AREAS = ("-", (6, 12, 24), "areas of 52 weeks")
_MORE = ("-", (12, 24, 36), "areas of 52 weeks")
ENTRIES = [
    _entry(
        "ResponseModel.fit", "what a channel adds, and how its answer bends (1.96 standard errors)",
        "quasi-Poisson, Wald", "McCullagh & Nelder 1989", *_MORE, parameters, "two areas or four weeks",
    ),
    _entry(
        "ResponseModel.costs", "average and marginal cost of a customer",
        "delta method for customers per unit of money, turned over", "Cochran 1977", *_AREAS, costs,
        "two areas or four weeks",
    ),
    _entry(
        "ResponseModel.drawn", "as `ResponseModel.fit`", "draws from the fit, percentile",
        "King et al. 2000", *_MORE, drawn, "two areas or four weeks",
    ),
    _entry(
        "best_split", "best spend by channel", "draws from the fit, percentile", "King et al. 2000",
        *_AREAS, split, "two areas or four weeks",
    ),
    _entry(
        "area_test", "effect of a channel by area, and cost per customer caused",
        "difference in differences of logs, t", "Vaver & Koehler 2011", "area", (9, 18, 36),
        "areas in three arms", geo, "two areas an arm",
    ),
    _entry(
        "margin_by_month", "margin of a customer so far, many watched for a short time",
        "partitioned estimator, linearised", "Bang & Tsiatis 2000", "customer", (100, 300, 1000),
        "customers", worth, "two distinct values",
    ),
    _entry(
        "value_over_cost", "value over cost", "delta method", "Cochran 1977", "customer",
        (100, 300, 1000), "customers", ratio, "two distinct values", worlds=1000,
    ),
    _entry(
        "payback", "month by which the cost has come back", "draws of margins and cost, percentile",
        "King et al. 2000", "customer", (100, 300, 1000), "customers", months, "never",
        "Ends are whole months that count as inside, so it holds more often.",
    ),
]  # fmt: skip
