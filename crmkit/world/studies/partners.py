"""One listens, one grows: partner shops that go different ways, and what becomes of their customers and their sales.

Each shop has a level of its own and drifts by itself from one year to the next: new staff, a new road, a rival. The
drift of one shop is as large as the effect of listening, so two shops tell little and sixty tell much. More floor
brings more sales at once, while it is new; the crowd and the unasked changes cost satisfaction, and sales follow.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from crmkit.data.catalogue.partners import BEGIN, QUARTERS, WAYS

if TYPE_CHECKING:
    from crmkit.world.core.streams import Context


def build(ctx: Context) -> None:
    """Add the partner shops by quarter, and the truth about what each way does."""
    params = ctx.params["partners"]
    rng, names = ctx.rng("partners"), params["towns"]
    n = len(names)
    way = np.repeat(np.arange(len(WAYS)), n // len(WAYS))[ctx.rng("partner_ways").permutation(n)]
    effect = _effects(ctx, params, n)
    satisfaction = _satisfaction(rng, params, way, effect)
    turnover, area = _turnover(rng, params, way)
    answers, changes = _cards(rng, params, way)
    shops = np.array(names, dtype=object)
    ctx.tables["partner_quarters"] = pd.DataFrame(
        {
            "partner": np.repeat(shops, QUARTERS),
            "quarter": np.tile(np.arange(1, QUARTERS + 1), n),
            "way": np.repeat(np.array(WAYS, dtype=object)[way], QUARTERS),
            "answers": answers.ravel(),
            "changes": changes.ravel(),
            "area": area.ravel(),
            "satisfaction": satisfaction.ravel(),
            "turnover": turnover.ravel(),
        }
    )
    ctx.truth["partner_effects"] = pd.DataFrame(
        {"partner": shops, "listens": effect[:, 2], "expands": effect[:, 1]}
    )


def _after() -> np.ndarray:
    """Which quarters are after the beginning of the different ways."""
    return np.arange(1, QUARTERS + 1) >= BEGIN


def _effects(ctx: Context, params: dict[str, Any], n: int) -> np.ndarray:
    """What each way does to satisfaction in each shop (shops x ways); going on as before does nothing."""
    own = params["satisfaction"]
    luck = ctx.rng("partner_effects").standard_normal((n, 2))
    found = np.zeros((n, len(WAYS)))
    found[:, 1] = own["expands"] + own["differ"] * luck[:, 0]
    found[:, 2] = own["listens"] + own["differ"] * luck[:, 1]
    return found


def _satisfaction(
    rng: np.random.Generator, params: dict[str, Any], way: np.ndarray, effect: np.ndarray
) -> np.ndarray:
    """Mean satisfaction by shop and quarter. An effect grows over its first quarters: its mean is the effect."""
    own, n = params["satisfaction"], len(way)
    level = own["mean"] + own["spread"] * rng.standard_normal(n)
    drift = own["drift"] * rng.standard_normal(n)
    noise = own["noise"] * rng.standard_normal((n, QUARTERS))
    grows = np.array([0.5, 1.0, 1.2, 1.3])
    path = np.concatenate([np.zeros(BEGIN - 1), grows])
    moved = effect[np.arange(n), way][:, None] * path + drift[:, None] * _after()
    return np.asarray(np.clip(level[:, None] + moved + noise, 1, 10))


def _turnover(
    rng: np.random.Generator, params: dict[str, Any], way: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Turnover and sales floor by shop and quarter."""
    own, n = params["turnover"], len(way)
    floor = np.exp(rng.normal(np.log(own["area"]), own["area_spread"], n))
    drift = own["drift"] * rng.standard_normal(n)
    noise = own["noise"] * rng.standard_normal((n, QUARTERS))
    paths = np.zeros((len(WAYS), QUARTERS))
    paths[1, BEGIN - 1 :], paths[2, BEGIN - 1 :] = own["expands"], own["listens"]
    season = np.array(own["season"])[np.arange(QUARTERS) % 4]
    log = paths[way] + season + drift[:, None] * _after() + noise
    turnover = own["per_square_metre"] * floor[:, None] / 1000 * np.exp(log)
    larger = 1 + (own["floor"] - 1) * ((way == 1)[:, None] & _after())
    return turnover, np.round(floor[:, None] * larger).astype(int)


def _cards(
    rng: np.random.Generator, params: dict[str, Any], way: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Feedback cards, and changes made because of them, by shop and quarter."""
    own = params["cards"]
    listens = (way == 2)[:, None] & _after()
    answers = rng.poisson(np.where(listens, own["asked"], own["unasked"]))
    return answers, rng.poisson(np.where(listens, own["changes"], own["changes_unasked"]))


def faults(params: dict[str, Any]) -> list[str]:
    """What a section [partners] says that no world can be made of."""
    own = params["partners"]
    found = []
    number, ways = len(own["towns"]), len(WAYS)
    if number < 8 * ways or number % ways or len(set(own["towns"])) < number:
        found.append(
            f"[partners] towns: different names, {8 * ways} at least, and as many for each of {ways} ways."
        )
    long = QUARTERS - BEGIN + 1
    for name in ("expands", "listens"):
        if len(own["turnover"][name]) != long:
            found.append(f"[partners.turnover] {name}: {long} numbers, one for each quarter after.")
    if len(own["turnover"]["season"]) != 4:
        found.append("[partners.turnover] season: four numbers, one for each quarter of a year.")
    return found
