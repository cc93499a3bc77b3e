"""Coverage of the intervals of `crmkit.brand`.

One person links several brands, keeps a diary, answers in every wave.
"""

from __future__ import annotations

import functools

import numpy as np
import numpy.typing as npt
import pandas as pd

from benchmarks._coverage import Entry, covers
from crmkit.brand import (
    Exponential,
    Power,
    change_between,
    compare_belief_rules,
    compare_models,
    difference_in_differences,
    double_jeopardy,
    effect_in_points,
    failure_and_recovery,
    fit_delta_rule,
    fit_peak_end,
    interference_cost_total,
    link_shares,
    mental_availability,
    pressure_design,
    remembering_and_buying,
    retrieval,
    words_to_own,
)
from crmkit.brand.contacts import contacts_that_pay, half_lives
from crmkit.brand.tracker import fit_tracker, measure_plans, plans_in_draws
from crmkit.errors import CrmkitError
from crmkit.inference import percentile_interval

BRANDS = ["A", "B", "C", "D", "E", "F"]
STRENGTH = {
    "before": [0.5, 0.35, 0.25, 0.18, 0.12, 0.08],
    "after": [0.3, 0.35, 0.25, 0.18, 0.12, 0.2],
}
WORDS = [f"w{i}" for i in range(8)]
VALUE = pd.Series(np.arange(1.0, 9.0), index=WORDS)
MEASURES = ("penetration", "network_size", "mental_market_share", "share_of_mind")
LARGE = 60_000


# ---- links -----------------------------------------------------------------------------------------------------------


def tracker(
    size: int, rng: np.random.Generator, periods: tuple[str, ...] = ("before",)
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """People who think much or little of the category link brands with words, `size` of them in each period."""
    parts, people = [], []
    for number, period in enumerate(periods):
        keen = rng.gamma(1.5, 1 / 1.5, size)
        rate = (
            keen[:, None, None]
            * np.array(STRENGTH[period])[None, :, None]
            * np.linspace(1.4, 0.6, 8)
        )
        who, brand, word = np.nonzero(rng.random(rate.shape) < 1 - np.exp(-rate))
        parts.append(
            pd.DataFrame(
                {
                    "respondent_id": who + number * size,
                    "brand": np.array(BRANDS)[brand],
                    "word": np.array(WORDS)[word],
                    "period": period,
                }
            )
        )
        people.append(
            pd.DataFrame({"respondent_id": np.arange(size) + number * size, "period": period})
        )
    return pd.concat(parts, ignore_index=True), pd.concat(people, ignore_index=True)


def measured(
    size: int, rng: np.random.Generator, periods: tuple[str, ...] = ("before",)
) -> pd.DataFrame:
    links, people = tracker(size, rng, periods)
    by = "period" if len(periods) > 1 else None
    return mental_availability(links, people, by=by, brands=BRANDS)


@functools.cache
def availability_truth() -> pd.DataFrame:
    return measured(LARGE, np.random.default_rng(1), ("before", "after"))


def availability(size: int, rng: np.random.Generator) -> npt.ArrayLike:
    found, truth = measured(size, rng), availability_truth().query("period == 'before'")
    return np.concatenate(
        [covers(found[f"{m}_low"], found[f"{m}_high"], truth[m].to_numpy()) for m in MEASURES]
    )


def change(size: int, rng: np.random.Generator) -> npt.ArrayLike:
    two = ("period", "before", "after")
    found = change_between(measured(size, rng, ("before", "after")), *two)
    return covers(found["low"], found["high"], change_between(availability_truth(), *two)["change"])


def of_its_size(size: int, rng: np.random.Generator) -> npt.ArrayLike:
    """Size explains everything: the links of a person are negative binomial with one spread."""
    keen = rng.gamma(0.8, 1 / 0.8, (size, 1))
    count = rng.poisson(keen * np.array([1.2, 0.8, 0.6, 0.4, 0.3, 0.2]))
    who, brand = np.nonzero(count)
    rows = np.repeat(np.arange(len(who)), count[who, brand])
    word = np.arange(len(rows)) - np.repeat(
        np.append(0, count[who, brand].cumsum()[:-1]), count[who, brand]
    )
    links = pd.DataFrame(
        {"respondent_id": who[rows], "brand": np.array(BRANDS)[brand[rows]], "word": word}
    )
    people = pd.DataFrame({"respondent_id": np.arange(size)})
    found = double_jeopardy(mental_availability(links, people))
    return covers(found["low"], found["high"], found["network_size"])


@functools.cache
def share_truth() -> tuple[np.ndarray, np.ndarray]:
    links, people = tracker(LARGE, np.random.default_rng(1))
    return link_shares(links, people)["share"].to_numpy(), retrieval(links)["retrieval"].to_numpy()


def shares(size: int, rng: np.random.Generator) -> npt.ArrayLike:
    links, people = tracker(size, rng)
    found = link_shares(links, people, BRANDS).set_index(["brand", "word"])
    index = pd.MultiIndex.from_product([BRANDS, WORDS])
    found = found.reindex(index)
    return covers(found["low"], found["high"], share_truth()[0])


def ratio_rule(size: int, rng: np.random.Generator) -> npt.ArrayLike:
    found = retrieval(tracker(size, rng)[0], BRANDS).set_index(["word", "brand"])
    found = found.reindex(pd.MultiIndex.from_product([WORDS, BRANDS]))
    return covers(found["low"], found["high"], share_truth()[1])


@functools.cache
def worth_truth() -> tuple[pd.Series, float]:
    links, people = tracker(LARGE, np.random.default_rng(1), ("before", "after"))
    first = links[links["period"] == "before"]
    words = words_to_own(first, LARGE, "A", VALUE, replicates=1)["score"]
    return words, interference_cost_total(links, people, "A", VALUE, draws=2).estimate


def worth(size: int, rng: np.random.Generator) -> npt.ArrayLike:
    links, people = tracker(size, rng)
    found = words_to_own(links, people, "A", VALUE, replicates=200, seed=int(rng.integers(1 << 30)))
    return covers(found["low"], found["high"], worth_truth()[0].reindex(found.index))


def cost(size: int, rng: np.random.Generator) -> npt.ArrayLike:
    links, people = tracker(size, rng, ("before", "after"))
    found = interference_cost_total(
        links, people, "A", VALUE, draws=200, seed=int(rng.integers(1 << 30))
    )
    return covers(found.low, found.high, worth_truth()[1])


def differences(size: int, rng: np.random.Generator) -> npt.ArrayLike:
    """Ratings of four brands by the same people; the first falls by half a point more than the others."""
    mood = rng.normal(0, 1.5, 2 * size)
    after = np.arange(2 * size) >= size
    rating = 6 + mood[:, None] + rng.normal(0, 1, (2 * size, 4)) + 0.3 * after[:, None]
    rating[:, 0] -= 0.5 * after
    rows = pd.DataFrame(
        {
            "respondent_id": np.repeat(np.arange(2 * size), 4),
            "brand": np.tile(BRANDS[:4], 2 * size),
            "period": np.repeat(np.where(after, "after", "before"), 4),
            "trust": rating.ravel(),
        }
    )
    found = difference_in_differences(rows, "trust", "A")
    return covers(found["low"], found["high"], [-0.5, 0, 0, 0])


# ---- episodes --------------------------------------------------------------------------------------------------------


def diaries(size: int, rng: np.random.Generator) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Eight events each; people differ in how far they are moved."""
    gain = np.stack([rng.beta(2, 18, size), rng.beta(4, 16, size), rng.beta(5, 5, size)], axis=1)
    start = rng.normal(6, 1, size)
    belief, rows = start.copy(), []
    for _ in range(8):
        kind = rng.choice(["advertisement", "delivery", "failure"], size, p=[0.3, 0.5, 0.2])
        rating = np.select(
            [kind == "failure", kind == "advertisement"], [2.0, 8.5], rng.normal(7, 1.3, size)
        )
        good = rating >= belief
        own = np.where(kind == "advertisement", gain[:, 0], np.where(good, gain[:, 1], gain[:, 2]))
        belief = belief + own * (rating - belief)
        rows.append(
            pd.DataFrame(
                {
                    "person_id": np.arange(size),
                    "kind": kind,
                    "rating": rating,
                    "trust": belief + rng.normal(0, 0.4, size),
                }
            )
        )
    return pd.concat(rows, ignore_index=True), pd.DataFrame(
        {"person_id": np.arange(size), "first_impression": start}
    )


@functools.cache
def gain_truth() -> np.ndarray:
    return fit_delta_rule(*diaries(LARGE // 10, np.random.default_rng(1)))["estimate"].to_numpy()


def gains(size: int, rng: np.random.Generator) -> npt.ArrayLike:
    found = fit_delta_rule(*diaries(size, rng))
    return covers(found["low"], found["high"], gain_truth())


@functools.cache
def rule_truth() -> pd.Series:
    return compare_belief_rules(*diaries(LARGE // 12, np.random.default_rng(1)), folds=2).set_index(
        "rule"
    )["behind"]


def rules(size: int, rng: np.random.Generator) -> npt.ArrayLike:
    found = compare_belief_rules(*diaries(size, rng), folds=2).set_index("rule")
    found = found.loc[["Bayesian", "first impression stays", "last event only"]]
    return covers(found["low"], found["high"], rule_truth()[found.index])


def peak_end(size: int, rng: np.random.Generator) -> npt.ArrayLike:
    rating = np.clip(rng.normal(6, 2, (size, 6)), 0, 10)
    moments = pd.DataFrame(
        {
            "visit_id": np.repeat(np.arange(size), 6),
            "moment": np.tile(np.arange(6), size),
            "rating": rating.ravel(),
        }
    )
    far = np.abs(rating - 5).argmax(1)
    told = 1 + 0.1 * rating.mean(1) + 0.4 * rating[np.arange(size), far] + 0.4 * rating[:, -1]
    visits = pd.DataFrame(
        {"visit_id": np.arange(size), "remembered": told + rng.normal(0, 1, size)}
    )
    found = fit_peak_end(moments, visits)
    return covers(found["low"], found["high"], [0.1, 0.4, 0.4])


def failures(size: int, rng: np.random.Generator) -> npt.ArrayLike:
    arm = np.array(["no failure", "letter", "call"])[np.arange(size) % 3]
    chance = pd.Series({"no failure": 0.3, "letter": 0.12, "call": 0.22})
    bought = (rng.random(size) < chance[arm].to_numpy()).astype(int)
    spend = rng.gamma(2, 20, size) * np.where(arm == "letter", 0.8, 1.0)
    found = failure_and_recovery(
        pd.DataFrame({"arm": arm, "bought": bought, "spend": spend}), ["bought", "spend"]
    ).set_index(["outcome", "arm"])
    truth = {
        ("bought", "letter"): -0.18,
        ("bought", "call"): -0.08,
        ("spend", "letter"): -8,
        ("spend", "call"): 0,
    }
    found = found.loc[list(truth)]
    return covers(found["low"], found["high"], list(truth.values()))


# ---- the panel, and forgetting ---------------------------------------------------------------------------------------


def panel(size: int, rng: np.random.Generator) -> pd.DataFrame:
    """Six waves; somebody who is keen recalls and buys more, and recall adds to buying a little."""
    keen = rng.normal(0, 1, size)
    recalled = rng.random((6, size)) < 1 / (1 + np.exp(-keen))
    before = np.vstack([recalled[:1], recalled[:-1]])
    bought = rng.random((6, size)) < 1 / (1 + np.exp(1 - keen - 0.5 * before))
    return pd.DataFrame(
        {
            "person_id": np.tile(np.arange(size), 6),
            "wave": np.repeat(np.arange(1, 7), size),
            "recalled": recalled.ravel().astype(int),
            "bought": bought.ravel().astype(int),
            "keen": np.tile(keen, 6),
        }
    )


@functools.cache
def panel_truth() -> tuple[float, np.ndarray]:
    table = panel(LARGE // 3, np.random.default_rng(1))
    return (
        effect_in_points(table, "bought", "recalled").points,
        remembering_and_buying(table, ["keen"])["points"].to_numpy(dtype=float),
    )


def points(size: int, rng: np.random.Generator) -> npt.ArrayLike:
    found = effect_in_points(panel(size, rng), "bought", "recalled")
    return covers(found.low, found.high, panel_truth()[0])


def four_ways(size: int, rng: np.random.Generator) -> npt.ArrayLike:
    found = remembering_and_buying(panel(size, rng), ["keen"]).astype({"low": float, "high": float})
    return covers(found["low"], found["high"], panel_truth()[1])


def _trial(size: int, rng: np.random.Generator) -> Exponential:
    ages = rng.choice([0.5, 1, 2, 4, 8, 16], size)[:, None]
    recalled = rng.random(size) < Exponential.known(learning=0.8, decay=0.15).recall(ages)
    return Exponential().fit(ages, recalled.astype(int))


def forgetting(size: int, rng: np.random.Generator) -> npt.ArrayLike:
    found = _trial(size, rng).estimates_
    return covers(found["low"], found["high"], [0.8, 0.15])


def half_life(size: int, rng: np.random.Generator) -> npt.ArrayLike:
    lives = [
        m.half_life_weeks() for m in _trial(size, rng).drawn(100, seed=int(rng.integers(1 << 30)))
    ]
    low, high = percentile_interval(lives)
    return covers(low, high, Exponential.known(learning=0.8, decay=0.15).half_life_weeks())


KNOWN = Exponential.known(learning=0.8, decay=0.15)


def lives(size: int, rng: np.random.Generator) -> npt.ArrayLike:
    found = half_lives(_trial(size, rng), (1, 8))
    return covers(
        found["low"], found["high"], [KNOWN.half_life_weeks(exposures=n) for n in found.index]
    )


def last_that_pays(size: int, rng: np.random.Generator) -> npt.ArrayLike:
    """Whole numbers: both ends count as inside, and they may be the same."""
    price = {"value_per_point": 10.0, "cost_per_contact": 50.0}
    truth = contacts_that_pay(KNOWN, **price, draws=0)[0]
    _, low, high = contacts_that_pay(_trial(size, rng), **price, draws=40)
    return covers(low - 0.5, high + 0.5, truth)


def _answers(size: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    ages = rng.choice([0.5, 1, 2, 4, 8, 16], size)[:, None]
    return ages, (rng.random(size) < KNOWN.recall(ages)).astype(int)


@functools.cache
def behind_truth() -> float:
    found = compare_models(*_answers(LARGE, np.random.default_rng(1)), [Exponential(), Power()], 2)
    return float(found.set_index("model").loc[Power().label, "behind_best"])


def behind(size: int, rng: np.random.Generator) -> npt.ArrayLike:
    """How far a power curve lies behind where forgetting is exponential."""
    found = compare_models(*_answers(size, rng), [Exponential(), Power()], 2)
    gap = found.set_index("model").loc[Power().label]
    if gap["behind_best"] == 0:  # it came out best: nothing is said of it
        return float("nan")
    half = 1.96 * gap["behind_se"]
    return covers(gap["behind_best"] - half, gap["behind_best"] + half, behind_truth())


BASE, WEEKS = 0.3, pd.date_range("2024-01-01", periods=40, freq="7D")
PLANS = {"peak": [0.0] * 16 + [1.5] * 4 + [0.0] * 6, "mean": [0.25] * 26}


def planned(size: int, rng: np.random.Generator) -> npt.ArrayLike:
    """What two plans reach, from a tracker of 40 weeks in which `size` people are asked each."""
    contacts = np.where(np.arange(40) % 13 < 4, rng.gamma(4, 0.3, 40), 0.0)
    pressure = pd.DataFrame({"brand": "A", "week": WEEKS, "contacts": contacts})
    real = Exponential.known(learning=0.8, decay=0.15, base=BASE)
    weekly = pressure.assign(asked=size)
    ages, weights = pressure_design(pressure, weekly)
    weekly["named"] = rng.binomial(size, KNOWN.link(KNOWN.strength(ages, weights) + BASE))
    memory, _ = fit_tracker(Exponential(), pressure, weekly)
    try:
        found = plans_in_draws(PLANS, memory, "A")  # 100 draws, as in the lesson
    except CrmkitError:  # the sample does not pin the base down: the function refuses
        return np.full(len(PLANS), np.nan)
    truth = measure_plans(PLANS, real)
    return covers(found["low"], found["high"], [truth.loc[goal, goal] for goal in found.index])


ENTRIES = [
    Entry(
        "brand.link_shares",
        "share who link a brand with a word",
        "score",
        "Wilson 1927",
        "-",
        (60, 200, 1000),
        "people",
        shares,
        "one person",
        worlds=200,
    ),
    Entry(
        "brand.retrieval",
        "share of a word's links that go to a brand",
        "linearised ratio, logit scale, t; Wilson at 0 and 1",
        "Cochran 1977",
        "person",
        (100, 300, 1000),
        "people",
        ratio_rule,
        "two people",
        worlds=200,
    ),
    Entry(
        "brand.mental_availability",
        "penetration, network size, mental market share, share of mind",
        "Wilson; t; linearised ratio, logit scale",
        "Cochran 1977",
        "person",
        (100, 300, 1000),
        "people",
        availability,
        worlds=200,
    ),
    Entry(
        "brand.change_between",
        "change of network size between two samples",
        "squared errors added",
        "Newcombe 1998",
        "person",
        (100, 300, 1000),
        "people a period",
        change,
        worlds=200,
    ),
    Entry(
        "brand.double_jeopardy",
        "links per person of a brand of this size",
        "scatter of the other brands, t; verdict: Holm",
        "Ehrenberg et al. 1990",
        "person",
        (300, 1000, 3000),
        "people",
        of_its_size,
        "four brands",
        worlds=200,
    ),
    Entry(
        "brand.words_to_own",
        "score of a word",
        "bootstrap of people, percentile",
        "Field & Welsh 2007",
        "person",
        (200, 500, 1000),
        "people",
        worth,
        worlds=200,
    ),
    Entry(
        "brand.interference_cost_total",
        "what a change in the market costs",
        "bootstrap of people, percentile",
        "Field & Welsh 2007",
        "person",
        (100, 300, 1000),
        "people a period",
        cost,
        "two people a period",
        worlds=200,
    ),
    Entry(
        "brand.difference_in_differences",
        "our change less the controls', and placebos",
        "linearised, t",
        "Liang & Zeger 1986",
        "person",
        (50, 200, 1000),
        "people a period",
        differences,
        "two people",
    ),
    Entry(
        "brand.fit_delta_rule",
        "gains of messages, good and bad events; their ratio",
        "least squares, sandwich, t",
        "Liang & Zeger 1986",
        "person",
        (30, 60, 200),
        "people",
        gains,
        "ten people",
        worlds=200,
    ),
    Entry(
        "brand.compare_belief_rules",
        "how much worse a rule predicts than the best",
        "linearised, paired by person",
        "Cochran 1977",
        "person",
        (60, 100, 150),
        "people",
        rules,
        "fifty people",
        worlds=200,
    ),
    Entry(
        "brand.fit_peak_end",
        "weights of mean, peak, end",
        "least squares, t",
        "Student 1908",
        "-",
        (30, 100, 400),
        "visits",
        peak_end,
        "ten visits",
    ),
    Entry(
        "brand.failure_and_recovery",
        "difference between arms",
        "Newcombe for shares, Welch for amounts",
        "Newcombe 1998; Welch 1947",
        "-",
        (150, 500, 2000),
        "people in three arms",
        failures,
        "two distinct amounts an arm",
    ),
    Entry(
        "brand.effect_in_points",
        "average marginal effect",
        "logit, sandwich, delta method",
        "Liang & Zeger 1986",
        "person",
        (60, 150, 400),
        "people of six waves",
        points,
        "one person more than weights",
    ),
    Entry(
        "brand.remembering_and_buying",
        "four effects, with and without controls",
        "logit, sandwich, delta method",
        "Liang & Zeger 1986",
        "person",
        (60, 150, 400),
        "people of six waves",
        four_ways,
        "one person more than weights",
        worlds=200,
    ),
    Entry(
        "brand.ForgettingModel.fit",
        "parameters of a forgetting curve",
        "Wald, log scale",
        "Cox & Hinkley 1974",
        "-",
        (600, 1200, 2400),
        "people asked once",
        forgetting,
        "what the curvature pins down",
        worlds=200,
    ),
    Entry(
        "brand.ForgettingModel.drawn",
        "half-life",
        "draws from the fit, percentile",
        "King et al. 2000",
        "-",
        (600, 1200, 2400),
        "people asked once",
        half_life,
        "what the curvature pins down",
        worlds=400,
    ),
    Entry(
        "brand.half_lives",
        "half-life after 1 and 8 contacts",
        "draws from the fit, percentile",
        "King et al. 2000",
        "-",
        (600, 1200, 2400),
        "people asked once",
        lives,
        "what the curvature pins down",
        worlds=400,
    ),
    Entry(
        "brand.contacts_that_pay",
        "last contact that pays",
        "draws from the fit, percentile",
        "King et al. 2000",
        "-",
        (600, 1200, 2400),
        "people asked once",
        last_that_pays,
        "what the curvature pins down",
        "Ends are whole numbers that count as inside, so it holds more often.",
        worlds=200,
    ),
    Entry(
        "brand.compare_models",
        "how much worse a model predicts (1.96 `behind_se`)",
        "paired, normal",
        "Vuong 1989",
        "-",
        (600, 1200, 2400),
        "people asked once",
        behind,
        "two folds",
        worlds=200,
    ),
    Entry(
        "brand.plans_in_draws",
        "recall that a plan reaches",
        "draws from the fit, percentile",
        "King et al. 2000",
        "-",
        (50, 100, 300),
        "people a week",
        planned,
        "100 draws, or a base that the tracker does not pin down",
        worlds=200,
    ),
]
