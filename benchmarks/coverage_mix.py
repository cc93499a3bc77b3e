"""Coverage of the intervals of `crmkit.mix`. Everywhere people differ, and most of them answer several times."""

from __future__ import annotations

import functools

import numpy as np
import numpy.typing as npt
import pandas as pd

from benchmarks._coverage import Entry, covers
from crmkit.inference import percentile_interval
from crmkit.mix import (
    BestWorstModel,
    DemandCurve,
    Market,
    ShelfModel,
    compare_offers,
    estimate_effects,
    implicit_needs,
    lever_certainty,
    simulate_best_worst,
    transition_shares,
    trial_effect,
    value_price,
    value_price_interval,
    weak_links,
)

PRICES = np.array([8.0, 12.0, 16.0, 24.0, 32.0])
STEPS = ("door", "shelf", "till")
PASS = np.array([0.3, 0.6, 0.8])
TASTES = {"a": 0.8, "b": 0.3, "c": 0.0, "d": -0.4, "e": -0.7}
#: Where a model says less than the world does, the truth is what it settles on in a very large sample.
LARGE = 40_000


def shelf_prices(size: int, rng: np.random.Generator) -> pd.DataFrame:
    """Each customer has one limit, and meets five prices."""
    limit = np.exp(np.log(16) + 0.5 * rng.normal(size=size))
    price = rng.choice(PRICES, (size, 5))
    slips = rng.logistic(0, 0.12, price.shape)
    return pd.DataFrame(
        {
            "customer_id": np.repeat(np.arange(size), 5),
            "price": price.ravel(),
            "bought": (np.log(limit)[:, None] + slips > np.log(price)).ravel(),
        }
    )


@functools.cache
def demand_truth() -> np.ndarray:
    return DemandCurve().fit(shelf_prices(LARGE, np.random.default_rng(1))).share(PRICES[1:4])


def demand(size: int, rng: np.random.Generator) -> npt.ArrayLike:
    low, high = DemandCurve().fit(shelf_prices(size, rng)).interval(PRICES[1:4])
    return covers(low, high, demand_truth())


TRIED = np.arange(8.0, 32.0, 0.02)


@functools.cache
def best_price_truth() -> float:
    """From four large samples: one alone is still off by a seventh of the smallest interval."""
    samples = (shelf_prices(LARGE, np.random.default_rng(seed)) for seed in range(1, 5))
    found = [value_price(DemandCurve().fit(rows), 8.0, TRIED.tolist()) for rows in samples]
    return float(np.mean(found))


def best_price(size: int, rng: np.random.Generator) -> npt.ArrayLike:
    curve = DemandCurve().fit(shelf_prices(size, rng))
    low, high = value_price_interval(curve, 8.0, TRIED.tolist(), seed=int(rng.integers(1 << 30)))
    return covers(low, high, best_price_truth())


def drawn_share(size: int, rng: np.random.Generator) -> npt.ArrayLike:
    curves = DemandCurve().fit(shelf_prices(size, rng)).drawn(200, int(rng.integers(1 << 30)))
    return covers(
        *percentile_interval([each.share(PRICES[1:4]) for each in curves]), demand_truth()
    )


def cards(size: int, rng: np.random.Generator) -> pd.DataFrame:
    """Six cards of three items for each customer, whose tastes lie around the common ones."""
    names = np.array(list(TASTES))
    taste = np.array(list(TASTES.values())) + rng.normal(0, 0.8, (size, 5))
    items = rng.random((size * 6, 5)).argsort(1)[:, :3]
    own = np.repeat(taste, 6, axis=0)[np.arange(size * 6)[:, None], items]
    best = (own + rng.gumbel(size=own.shape)).argmax(1)
    against = -own + rng.gumbel(size=own.shape)
    rows = np.arange(len(own))
    against[rows, best] = -np.inf
    frame = pd.DataFrame({f"item_{i + 1}": names[items[:, i]] for i in range(3)})
    return frame.assign(
        customer_id=np.repeat(np.arange(size), 6),
        best=names[items[rows, best]],
        worst=names[items[rows, against.argmax(1)]],
    )


def utilities(frame: pd.DataFrame) -> pd.DataFrame:
    return BestWorstModel().fit(frame).utilities_.set_index("item").loc[list(TASTES)]


@functools.cache
def taste_truth() -> np.ndarray:
    return utilities(cards(LARGE // 4, np.random.default_rng(1)))["utility"].to_numpy()


def best_worst(size: int, rng: np.random.Generator) -> npt.ArrayLike:
    found = utilities(cards(size, rng))
    half = 1.96 * found["se"]
    return covers(found["utility"] - half, found["utility"] + half, taste_truth())


def shelf(size: int, rng: np.random.Generator) -> pd.DataFrame:
    """Five shelves of two sets for each customer, whose weights lie around the common ones; buying nothing is open."""
    weight = np.array([1.2, 0.5]) + rng.normal(0, 0.8, (size, 2))
    met = rng.integers(0, 2, (size, 5, 2, 2))
    price = rng.integers(5, 20, (size, 5, 2)).astype(float)
    u = 0.8 + (met * weight[:, None, None, :]).sum(-1) - 0.12 * price + rng.gumbel(size=price.shape)
    out = rng.gumbel(size=(size, 5))
    chosen = (u == np.maximum(u.max(2), out)[..., None]).astype(int)
    return pd.DataFrame(
        {
            "customer_id": np.repeat(np.arange(size), 10),
            "task": np.tile(np.repeat(np.arange(5), 2), size),
            "price": price.ravel(),
            "x": met[..., 0].ravel(),
            "y": met[..., 1].ravel(),
            "chosen": chosen.ravel(),
        }
    )


def weights(frame: pd.DataFrame) -> pd.DataFrame:
    return ShelfModel().fit(frame, ["x", "y"]).weights_.set_index("need").loc[["x", "y"]]


@functools.cache
def weight_truth() -> np.ndarray:
    return weights(shelf(LARGE // 4, np.random.default_rng(1)))["weight"].to_numpy()


def revealed(size: int, rng: np.random.Generator) -> npt.ArrayLike:
    found = weights(shelf(size, rng))
    half = 1.96 * found["se"]
    return covers(found["weight"] - half, found["weight"] + half, weight_truth())


def weight_gap(size: int, rng: np.random.Generator) -> npt.ArrayLike:
    gap, error = ShelfModel().fit(shelf(size, rng), ["x", "y"]).difference("x", "y")
    truth = weight_truth()
    return covers(gap - 1.96 * error, gap + 1.96 * error, truth[0] - truth[1])


WANTED = {"a": 1.2, "b": 0.8, "c": 0.4, "d": 0.0, "e": -0.4, "f": -0.8}


def deeds_like_words(size: int, rng: np.random.Generator) -> npt.ArrayLike:
    """Two groups of `size` customers who buy what they say, so that no need is implicit."""
    who, names = np.arange(2 * size), list(WANTED)
    group = pd.Series(np.where(who < size, "x", "y"), index=who)
    # The second group wants the same things in the opposite order.
    own = np.where(who[:, None] < size, list(WANTED.values()), list(WANTED.values())[::-1])
    met = rng.integers(0, 2, (2 * size, 5, 2, 6))
    price = rng.integers(5, 15, (2 * size, 5, 2)).astype(float)
    u = 1.0 + (met * own[:, None, None, :]).sum(-1) - 0.2 * price
    sets = np.concatenate([u, np.zeros((2 * size, 5, 1))], axis=2)
    best = (sets + rng.gumbel(size=sets.shape)).argmax(2)
    shelf_rows = pd.DataFrame(met.reshape(-1, 6), columns=names).assign(
        customer_id=np.repeat(who, 10),
        task=np.tile(np.repeat(np.arange(5), 2), 2 * size),
        price=price.ravel(),
        chosen=(best[..., None] == np.arange(2)).astype(int).ravel(),
    )
    cards_seen = [
        simulate_best_worst(dict(zip(names, own[at], strict=True)), 8 * size, rng).assign(
            customer_id=np.repeat(who[group == name], 8)
        )
        for name, at in (("x", 0), ("y", size))
    ]
    said = pd.DataFrame(
        {
            "customer_id": np.repeat(who, 6),
            "need": np.tile(names, 2 * size),
            "rating": rng.integers(1, 8, 12 * size),
            "keep_rank": (own + rng.gumbel(size=own.shape)).argsort(1)[:, ::-1].argsort(1).ravel()
            + 1,
        }
    )
    found = implicit_needs(said, pd.concat(cards_seen), shelf_rows, group)
    return float((found["p_adjusted"] > 0.05).all())


def prototypes(size: int, rng: np.random.Generator) -> npt.ArrayLike:
    """Two prototypes for each customer, who marks high or low in general, and twice as wide where a set is good."""
    levels = rng.integers(1, 6, (2 * size, 2))
    met = (levels - 1) / 4 @ np.array([0.5, 0.2])
    mood = np.repeat(rng.normal(0, 0.8, size), 2)
    marks = 3 + 5 * met + mood + rng.normal(0, 0.4 + met)
    frame = pd.DataFrame(levels, columns=["staff", "kit"]).assign(
        customer_id=np.repeat(np.arange(size), 2), meets_fit=np.clip(marks, 1, 10)
    )
    found = estimate_effects(frame, ["fit"], ["staff", "kit"], ends=(3.0, 8.0))
    return covers(found["low"], found["high"], prototype_truth())


@functools.cache
def prototype_truth() -> np.ndarray:
    rng = np.random.default_rng(1)
    levels = rng.integers(1, 6, (400_000, 2))
    met = (levels - 1) / 4 @ np.array([0.5, 0.2])
    marks = 3 + 5 * met + rng.normal(0, 0.8, len(met)) + rng.normal(0, 0.4 + met)
    design = np.column_stack([np.ones(len(met)), (levels - 1) / 4])
    return np.linalg.lstsq(design, (np.clip(marks, 1, 10) - 3) / 5, rcond=None)[0][1:]


def marks_and_weights(size: int, rng: np.random.Generator) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Two prototypes and two weights for each customer; the weights are skewed and hang together."""
    levels = rng.integers(1, 6, (2 * size, 2))
    effects = np.array([[0.6, 0.2], [0.0, 0.7]])
    met = (levels - 1) / 4 @ effects.T
    mood = np.repeat(rng.normal(0, 0.1, size), 2)[:, None]
    frame = pd.DataFrame(levels, columns=["staff", "kit"]).assign(
        customer_id=np.repeat(np.arange(size), 2)
    )
    marks = np.clip(2 + 7 * (0.1 + 0.8 * met + mood + rng.normal(0, 0.1, met.shape)), 1, 10)
    frame["meets_fit"], frame["meets_ready"] = marks.T
    keen = rng.gamma(2, 0.5, size)[:, None]
    weight = keen * rng.gamma(2, [1.0, 0.5], (size, 2))
    needs = pd.DataFrame(
        {
            "customer_id": np.repeat(np.arange(size), 2),
            "need": ["fit", "ready"] * size,
            "weight": weight.ravel(),
        }
    )
    return frame, needs


@functools.cache
def importance_truth() -> float:
    found = lever_certainty(
        *marks_and_weights(LARGE, np.random.default_rng(1)), ["staff", "kit"], draws=1
    )
    return float(found.set_index("lever").loc["staff", "share"])


def importance(size: int, rng: np.random.Generator) -> npt.ArrayLike:
    found = lever_certainty(*marks_and_weights(size, rng), ["staff", "kit"], draws=400, seed=1)
    own = found.set_index("lever").loc["staff"]
    return covers(own["low"], own["high"], importance_truth())


SETS = pd.DataFrame({"offer": ["a", "b"], "price": [12.0, 14.0], "staff": [3, 5], "kit": [3, 4]})


def customers(size: int, rng: np.random.Generator) -> Market:
    """Customers of two needs, one in three of whom cannot do without advice, and whose means differ."""
    weight = np.column_stack([rng.gamma(2, 1.0, (size, 2)), rng.gamma(4, 0.5, size)])
    must = np.column_stack([rng.random(size) < 0.3, np.zeros(size, bool), np.ones(size, bool)])
    needs = pd.DataFrame(
        {
            "customer_id": np.repeat(np.arange(size), 3),
            "need": ["advice", "complete", "affordable"] * size,
            "weight": weight.ravel(),
            "must_have": must.ravel(),
        }
    )
    ids = range(size)
    house = pd.DataFrame({"staff": [0.9, 0.0], "kit": [0.0, 0.9]}, index=["advice", "complete"])
    cost = pd.DataFrame(
        {"lever": ["staff", "kit"], "step_unit_cost": [0.5, 0.9], "step_fixed_cost": [500, 300]}
    )
    return Market(
        needs,
        pd.Series(rng.uniform(8, 30, size), index=ids),
        house,
        cost,
        pd.Series("all", index=ids),
        walk_away=1.0,
        some_nice=0,
    )


def tried(size: int, rng: np.random.Generator) -> pd.DataFrame:
    return compare_offers(customers(size, rng), SETS, SETS.head(1).assign(price=10.0))


@functools.cache
def offer_truth() -> tuple[float, float]:
    found = tried(LARGE, np.random.default_rng(1))
    return float(found["profit"].iloc[1]), float(found["more"].iloc[1])


def offers(size: int, rng: np.random.Generator) -> npt.ArrayLike:
    """The profit of the second offer, and how much it earns beyond the first."""
    row = tried(size, rng).iloc[1]
    return covers(row[["low", "more_low"]], row[["high", "more_high"]], np.array(offer_truth()))


def journeys(
    size: int, rng: np.random.Generator, web: np.ndarray = PASS
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """As many journeys on the web as size says, and twice as many in shops; three links each."""
    chance = np.where(np.arange(3 * size)[:, None] < size, web, PASS)
    went = rng.random((3 * size, 3)) < chance
    reached = np.column_stack([np.ones(3 * size, dtype=bool), went[:, :-1].cumprod(1).astype(bool)])
    row, step = np.nonzero(reached)
    log = pd.DataFrame(
        {
            "journey_id": row,
            "step": step + 1,
            "touchpoint": np.array(STEPS)[step],
            "went_on": went[row, step],
        }
    )
    names = np.where(np.arange(3 * size) < size, "web", "shop")
    return log, pd.DataFrame({"journey_id": np.arange(3 * size), "channel": names})


def links(size: int, rng: np.random.Generator) -> npt.ArrayLike:
    found = transition_shares(*journeys(size, rng))
    return covers(found["low"], found["high"], PASS[found["step"] - 1])


def gaps(size: int, rng: np.random.Generator) -> npt.ArrayLike:
    """All gaps at once: the intervals are widened for their number."""
    web = np.array([0.3, 0.5, 0.8])
    found = weak_links(transition_shares(*journeys(size, rng, web)), "web")
    held = covers(found["low"], found["high"], (web - PASS)[found["step"] - 1])
    return float(held.all())


def remedy(size: int, rng: np.random.Generator) -> npt.ArrayLike:
    arm = np.where(np.arange(size) < size // 2, "answered", "control")
    bought = rng.random(size) < np.where(arm == "answered", 0.25, 0.18)
    found = trial_effect(pd.DataFrame({"arm": arm, "bought": bought}))
    return covers(found["low"], found["high"], 0.07)


ENTRIES = [
    Entry(
        "mix.BestWorstModel.fit",
        "utilities (1.96 `se` to either side)",
        "logit, sandwich",
        "Liang & Zeger 1986",
        "customer",
        (60, 150, 300),
        "customers",
        best_worst,
        "one customer more than items",
    ),
    Entry(
        "mix.ShelfModel.fit",
        "weights of needs (1.96 `se` to either side)",
        "logit, sandwich",
        "Liang & Zeger 1986",
        "customer",
        (60, 150, 300),
        "customers",
        revealed,
        "one customer more than weights",
    ),
    Entry(
        "mix.ShelfModel.difference",
        "difference of two weights (1.96 standard errors)",
        "logit, sandwich",
        "Liang & Zeger 1986",
        "customer",
        (60, 150, 300),
        "customers",
        weight_gap,
        "one customer more than weights",
    ),
    Entry(
        "mix.estimate_effects",
        "effect of a lever on a need",
        "least squares, sandwich, t",
        "Liang & Zeger 1986",
        "customer",
        (30, 100, 300),
        "customers",
        prototypes,
        "one customer more than unknowns",
        worlds=1000,
    ),
    Entry(
        "mix.lever_certainty",
        "share of importance of a lever",
        "cluster bootstrap, percentile",
        "Field & Welsh 2007",
        "customer",
        (100, 200, 300),
        "customers",
        importance,
        "100 customers",
    ),
    Entry(
        "mix.compare_offers",
        "profit of an offer, and how much more it earns than another",
        "Student's t over customers",
        "Student 1908",
        "customer",
        (50, 150, 300),
        "customers",
        offers,
        "two distinct customers",
    ),
    Entry(
        "mix.DemandCurve.interval",
        "share who buy at a price",
        "logit, sandwich, t",
        "Liang & Zeger 1986",
        "customer",
        (50, 200, 500),
        "customers",
        demand,
        "three customers",
    ),
    Entry(
        "mix.value_price_interval",
        "price that earns most by the curve",
        "curves drawn from the fit, percentile",
        "Krinsky & Robb 1986",
        "customer",
        (50, 200, 500),
        "customers",
        best_price,
        "three customers",
        worlds=1000,
    ),
    Entry(
        "mix.DemandCurve.drawn",
        "share who buy at a price, from curves drawn",
        "draws from the fit, percentile",
        "King et al. 2000",
        "customer",
        (50, 200, 500),
        "customers",
        drawn_share,
        "three customers",
    ),
    Entry(
        "mix.implicit_needs",
        "adjusted p-value: bought, though not said",
        "distance from a median slope; false discovery rate",
        "Benjamini & Hochberg 1995",
        "customer",
        (100, 200, 400),
        "customers a group",
        deeds_like_words,
        "one customer more than weights",
        worlds=200,
    ),
    Entry(
        "mix.transition_shares",
        "share who go on at a touchpoint",
        "score",
        "Wilson 1927",
        "-",
        (50, 200, 1000),
        "journeys a channel",
        links,
        "one journey",
    ),
    Entry(
        "mix.weak_links",
        "gap to the other channels, all links at once",
        "Newcombe, Bonferroni",
        "Newcombe 1998",
        "-",
        (50, 200, 1000),
        "journeys a channel",
        gaps,
        "one journey",
        worlds=400,
    ),
    Entry(
        "mix.trial_effect",
        "effect on a share",
        "Newcombe",
        "Newcombe 1998",
        "-",
        (60, 200, 1000),
        "customers",
        remedy,
        "one customer an arm",
        worlds=1000,
    ),
]
