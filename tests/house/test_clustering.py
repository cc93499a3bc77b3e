"""People are the sample: an interval must not narrow because the same people answered more often.

Two slow checks that know nothing of how a function clusters:

* twins: every answer is there twice, under the same person. That tells nothing new, so the interval stays as it is;
  with answers counted as independent it shrinks by the root of two.
* jackknife: the estimate is made anew without each person in turn, and the interval is compared with that spread.

Each test here was seen to fail with the clustering taken out of the function. `fit_delta_rule` and
`difference_in_differences` have theirs in tests/brand/test_coverage.py, `DemandCurve` in tests/mix/test_coverage.py.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from benchmarks import coverage_brand, coverage_mix, coverage_reactivation
from crmkit.brand import (
    compare_belief_rules,
    difference_in_differences,
    effect_in_points,
    episodes,
    interference_cost_total,
    mental_availability,
    remembering_and_buying,
    retrieval,
    words_to_own,
)
from crmkit.inference import (
    bootstrap_interval,
    clustered_covariance,
    critical_value,
)
from crmkit.mix import BestWorstModel, DemandCurve, ShelfModel, estimate_effects
from crmkit.reactivation import return_curve
from crmkit.value import cohort_table

RNG = np.random.default_rng


def width(low: object, high: object) -> np.ndarray:
    return np.asarray(high, dtype=float) - np.asarray(low, dtype=float)


def visits() -> pd.DataFrame:
    rng = RNG(1)
    who = np.repeat(np.arange(40), 4)
    return pd.DataFrame({"who": who, "spent": rng.gamma(1, 20, 40)[who] + rng.gamma(1, 5, 160)})


def mean_visit(table: pd.DataFrame) -> np.ndarray:
    spent = table["spent"].to_numpy()
    found = bootstrap_interval(lambda rows: spent[rows].mean(), table["who"], draws=100)
    return width(found.low, found.high)


def slope(table: pd.DataFrame) -> np.ndarray:
    x = np.ones((len(table), 1))
    score = x * (table["spent"] - table["spent"].mean()).to_numpy()[:, None]
    return np.sqrt(clustered_covariance(np.linalg.inv(x.T @ x), score, table["who"]))[0]


def prototypes() -> pd.DataFrame:
    rng = RNG(2)
    levels = rng.integers(1, 6, (80, 2))
    marks = 3 + levels @ [0.8, 0.3] + np.repeat(rng.normal(0, 1, 40), 2) + rng.normal(0, 0.5, 80)
    return pd.DataFrame(levels, columns=["staff", "kit"]).assign(
        customer_id=np.repeat(np.arange(40), 2), meets_fit=np.clip(marks, 1, 10)
    )


def effects(table: pd.DataFrame) -> np.ndarray:
    found = estimate_effects(table, ["fit"], ["staff", "kit"], ends=(3.0, 8.0))
    return width(found["low"], found["high"])


def ratings() -> pd.DataFrame:
    rng = RNG(3)
    rating = rng.normal(0, 1.5, (60, 1)) + rng.normal(6, 1, (60, 3))
    return pd.DataFrame(
        {
            "respondent_id": np.repeat(np.arange(60), 3),
            "brand": list("ABC") * 60,
            "period": np.repeat(["before", "after"], 90),
            "trust": rating.ravel(),
        }
    )


def before_after(table: pd.DataFrame) -> np.ndarray:
    found = difference_in_differences(table, "trust", "A")
    return width(found["low"], found["high"])


def curve(table: pd.DataFrame) -> np.ndarray:
    found = return_curve(table, 30, at_most=60, step=30, draws=60)
    return width(found["low"], found["high"])


def share_who_buy(table: pd.DataFrame) -> np.ndarray:
    low, high = DemandCurve().fit(table).interval([16.0])
    return width(low, high)


def shelf_weights(table: pd.DataFrame) -> np.ndarray:
    model = ShelfModel().fit(table, ["x", "y"])
    return np.append(model.weights_["se"], model.difference("x", "y")[1])


def panel_effect(table: pd.DataFrame) -> np.ndarray:
    found = effect_in_points(table, "bought", "recalled")
    return width(found.low, found.high)


TWINS: list[tuple[Callable[[], pd.DataFrame], Callable[[pd.DataFrame], np.ndarray]]] = [
    (visits, mean_visit),
    (visits, slope),
    (prototypes, effects),
    (ratings, before_after),
    (lambda: coverage_reactivation.mixed_gaps(60, RNG(4)), curve),
    (lambda: coverage_mix.shelf_prices(60, RNG(5)), share_who_buy),
    (lambda: coverage_mix.cards(60, RNG(6)), lambda t: BestWorstModel().fit(t).utilities_["se"]),
    (lambda: coverage_mix.shelf(60, RNG(7)), shelf_weights),
    (lambda: coverage_brand.panel(60, RNG(8)), panel_effect),
]


@pytest.mark.parametrize(
    ("data", "found"),
    TWINS,
    ids=[
        "bootstrap_interval",
        "clustered_covariance",
        "estimate_effects",
        "difference_in_differences",
        "return_curve",
        "DemandCurve",
        "BestWorstModel",
        "ShelfModel",
        "effect_in_points",
    ],
)
def test_twins_tell_nothing_new(
    data: Callable[[], pd.DataFrame], found: Callable[[pd.DataFrame], np.ndarray]
) -> None:
    once = data()
    again = once.assign(task=once["task"] + 100) if "task" in once else once
    twice = pd.concat([once, again], ignore_index=True)
    alone, twins = found(once), found(twice)
    assert np.all(np.asarray(alone) > 0)
    # estimate_effects and the curve's edges count rows a little: far from the 0.71 of independent answers.
    assert np.asarray(twins) / np.asarray(alone) == pytest.approx(1, abs=0.08)


def test_several_orders_of_one_customer_are_one_customer() -> None:
    first = pd.DataFrame({"customer_id": range(30), "order_date": pd.Timestamp("2024-06-01")})
    later = first.head(9).assign(order_date=pd.Timestamp("2025-06-01"))
    found = [
        cohort_table(pd.concat([first, *[later] * times]), "2025-12-31", period="Y")
        for times in (1, 5)
    ]
    pd.testing.assert_frame_equal(*found)


# ---- links: a person's hang together ---------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def keen_and_not() -> tuple[pd.DataFrame, pd.DataFrame]:
    """Eighty people in two periods: some know one brand, others the four others, and few give most of the links."""
    rng = RNG(9)
    keen = rng.gamma(0.8, 2.0, 80)
    own = rng.random(80) < 0.5
    wanted = np.where(np.arange(5) == 0, own[:, None], ~own[:, None]) | (rng.random((80, 5)) < 0.08)
    links = wanted[:, :, None] & (rng.random((80, 5, 4)) < 1 - np.exp(-keen[:, None, None]))
    who, brand, word = np.nonzero(links)
    period = np.where(np.arange(80) < 40, "before", "after")
    table = pd.DataFrame(
        {"respondent_id": who, "brand": np.array(list("ABCDE"))[brand], "word": word.astype(str)}
    ).assign(period=period[who])
    return table, pd.DataFrame({"respondent_id": np.arange(80), "period": period})


VALUE = pd.Series([4.0, 3.0, 2.0, 1.0], index=list("0123"))


def of_market(links: pd.DataFrame, people: pd.DataFrame) -> tuple[float, float, float]:
    row = mental_availability(links, people).set_index("brand").loc["A"]
    return tuple(row[f"mental_market_share{end}"] for end in ("", "_low", "_high"))


def of_mind(links: pd.DataFrame, people: pd.DataFrame) -> tuple[float, float, float]:
    row = mental_availability(links, people).set_index("brand").loc["A"]
    return tuple(row[f"share_of_mind{end}"] for end in ("", "_low", "_high"))


def of_word(links: pd.DataFrame, people: pd.DataFrame) -> tuple[float, float, float]:
    row = retrieval(links[links["word"] == "0"], ["A"]).iloc[0]
    return row["retrieval"], row["low"], row["high"]


def of_score(
    links: pd.DataFrame, people: pd.DataFrame, draws: int = 3
) -> tuple[float, float, float]:
    row = words_to_own(links, people, "A", VALUE, replicates=draws).loc["0"]
    return row["score"], row["low"], row["high"]


def of_cost(
    links: pd.DataFrame, people: pd.DataFrame, draws: int = 3
) -> tuple[float, float, float]:
    return tuple(interference_cost_total(links, people, "A", VALUE, draws=draws))


@pytest.fixture(scope="module")
def both_or_one() -> tuple[pd.DataFrame, pd.DataFrame]:
    """Eighty people who link nearly every word with both brands: people hardly differ."""
    rng = RNG(12)
    links = np.ones((80, 2, 4), dtype=bool)
    links[:, 1] = rng.random((80, 1)) < 0.88
    links &= (rng.random((80, 4)) < 0.9)[:, None, :]
    who, brand, word = np.nonzero(links)
    period = np.where(np.arange(80) < 40, "before", "after")
    table = pd.DataFrame(
        {"respondent_id": who, "brand": np.array(list("AB"))[brand], "word": word.astype(str)}
    ).assign(period=period[who])
    return table, pd.DataFrame({"respondent_id": np.arange(80), "period": period})


@pytest.mark.parametrize("found", [of_market, of_mind, of_word, of_score, of_cost])
def test_intervals_of_links_are_those_of_people(found, keen_and_not, both_or_one) -> None:
    drawn = found in (of_score, of_cost)
    links, people = both_or_one if drawn else keen_and_not
    _, low, high = found(links, people, 400) if drawn else found(links, people)
    # Without two people at a time, forty times: their spread is that of the estimate (grouped jackknife).
    without = [
        found(*(table[table["respondent_id"] % 40 != part] for table in (links, people)))[0]
        for part in range(40)
    ]
    spread = 1.96 * np.sqrt(39 * np.var(without))
    assert (high - low) / 2 == pytest.approx(spread, rel=0.25 if drawn else 0.18)


def test_rules_of_belief_are_compared_by_person(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rules that miss by the same for all events of a person: eight events of one are no eight people."""
    rng = RNG(10)
    miss = rng.gamma(2, 1, 60)
    diaries = pd.DataFrame({"person_id": np.repeat(np.arange(60), 8), "trust": 5.0})
    people = pd.DataFrame({"person_id": np.arange(60), "first_impression": 5.0})
    told = {
        "right": lambda rows: rows["trust"].to_numpy(),
        "off": lambda rows: rows["trust"].to_numpy() + miss[rows["person_id"]],
    }
    monkeypatch.setattr(episodes, "_RULES", list(told))
    monkeypatch.setattr(episodes, "_foretellers", lambda *given: told)
    row = compare_belief_rules(diaries, people, folds=2).set_index("rule").loc["off"]
    assert row["behind"] == pytest.approx(miss.mean())
    half = critical_value(df=59) * miss.std(ddof=1) / np.sqrt(60)
    assert (row["high"] - row["low"]) / 2 == pytest.approx(half, rel=1e-6)


def test_the_four_effects_are_those_of_people() -> None:
    table = coverage_brand.panel(60, RNG(11))
    found = remembering_and_buying(table, ["keen"]).set_index("question").loc["same wave"]
    same = effect_in_points(table[table["wave"] > 1], "bought", "recalled")  # whose test is above
    assert (found["points"], found["low"], found["high"]) == pytest.approx(tuple(same[:3]))
