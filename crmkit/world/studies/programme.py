"""A loyalty programme: whom it moves, its points, its gold tier, and a test of stamp cards.

The programme began in the years before the data of the other tables, in shops with a register of their own, so that it
changes nothing there. Each customer has two lives: spending as a member, and spending as no member. Who joins is not
like who does not: those who buy much join more, and so do those with plans, of which nobody knows.

Directions as published: members spend more mostly because buyers join (Leenheer et al. 2007, International Journal of
Research in Marketing 24); light and moderate buyers move within three months, heavy ones hardly (Liu 2007, Journal of
Marketing 71); gains erode in six to nine months (Meyer-Waarden & Benavent 2009, Journal of the Academy of Marketing
Science 37); two of ten stamps given: 34 % against 19 % (Nunes & Dreze 2006, Journal of Consumer Research 32); gaps
shrink by a fifth towards the reward (Kivetz, Urminsky & Zheng 2006, Journal of Marketing Research 43).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from crmkit.data.catalogue.programme import ARMS, BEFORE, CARDS, GAPS, KINDS, QUARTERS
from crmkit.world.core.streams import Context
from crmkit.world.studies.campaigns import assign, expit

STEPS = len(GAPS)


def build(ctx: Context) -> None:
    """Add the tables of the programme and their truth."""
    joined, spent = _people(ctx)
    ctx.tick(0.4)
    years = _tiers(ctx, joined, spent.sum(axis=1))
    ctx.tick(0.6)
    _points(ctx, joined, spent, years)
    ctx.tick(0.8)
    _cards(ctx)


def faults(params: dict[str, Any]) -> Iterator[str]:
    """What is wrong with the section ``programme`` of a company file."""
    own = params["programme"]
    for name, length in (("cuts", 2), ("curve", 4), ("card_chance", 2)):
        if len(own[name]) != length:
            yield f"[programme] {name} needs {length} numbers, not {len(own[name])}."
    if sorted(own["effect"]) != sorted(KINDS):
        yield f"[programme] effect must name {', '.join(KINDS)}, and nothing else."


def _uneven(rng: np.random.Generator, spread: float, shape: tuple[int, ...]) -> np.ndarray:
    """Factors with a mean of 1."""
    return np.exp(spread * rng.standard_normal(shape) - spread**2 / 2)


def _people(ctx: Context) -> tuple[np.ndarray, np.ndarray]:
    """The trial and the register. Gives who joined, and what they spent in each quarter."""
    params = ctx.params["programme"]
    rng = ctx.rng("programme_people")
    n = params["people"]
    nature = rng.standard_normal(n)
    usual = params["spend"] * np.exp(params["spread"] * nature)
    project = rng.random(n) < params["project_share"]
    before = np.round(usual[:, None] / 2 * _uneven(rng, params["noise_half"], (n, 2)))
    kind = np.searchsorted(params["cuts"], before.sum(axis=1), side="right")
    arm = assign(rng, kind, dict(zip(ARMS, params["arms"], strict=True)))
    lean = params["join"] + params["join_spend"] * nature + params["join_project"] * project
    willing = rng.random(n) < expit(lean)
    joined = willing & (arm != ARMS[1])
    plain = usual[:, None] / 4 * _uneven(rng, params["noise_quarter"], (n, 4))
    plain = plain * np.where(project, params["project"], 1.0)[:, None]
    lift = np.array([params["effect"][name] for name in KINDS])[kind]
    lift = lift * rng.gamma(4.0, 0.25, n)
    with_it = plain * (1 + lift[:, None] * np.array(params["curve"]))
    spent = np.round(np.where(joined[:, None], with_it, plain))
    number = np.arange(1, n + 1)
    ctx.tables["programme_people"] = pd.DataFrame(
        {
            "person_id": number,
            "arm": arm,
            "joined": joined,
            **{name: before[:, half].astype(int) for half, name in enumerate(BEFORE)},
            **{name: spent[:, place].astype(int) for place, name in enumerate(QUARTERS)},
        }
    )
    ctx.truth["programme_people"] = pd.DataFrame(
        {
            "person_id": number,
            "project": project,
            "spend_with": np.round(with_it.sum(axis=1)).astype(int),
            "spend_without": np.round(plain.sum(axis=1)).astype(int),
        }
    )
    ctx.arrays["programme_usual"] = usual
    return joined, spent


def _tiers(ctx: Context, joined: np.ndarray, first: np.ndarray) -> np.ndarray:
    """Two years of gold. Gives what members spent in the second and third year.

    The threshold is announced at the start of the second year: some who would end just below it buy a little more to
    reach it. They are keen people, who spend more in the next year too, gold or not.
    """
    params = ctx.params["programme"]["tiers"]
    rng = ctx.rng("programme_tiers")
    who = np.flatnonzero(joined)
    n, line = len(who), params["threshold"]
    usual = ctx.arrays["programme_usual"][who]
    decides = first[who]
    plain = usual[:, None] * _uneven(rng, params["noise"], (n, 2))
    # A good first year goes on in part: what a member spends depends on what he or she spent.
    plain[:, 0] = plain[:, 0] ** (1 - params["lasts"]) * np.maximum(decides, 1) ** params["lasts"]
    lift = params["gold"] * rng.gamma(4.0, 0.25, (n, 2))
    keen, luck = rng.random(n) < params["keen_share"], rng.random(n)
    beyond = rng.exponential(params["beyond"], n)
    effect = plain * lift
    gold = decides >= line
    second = np.round(plain[:, 0] + np.where(gold, effect[:, 0], 0))
    gap = line - second
    pulled = keen & (gap > 0) & (luck < params["pull"] * (1 - gap / params["reach"]))
    reached = np.where(pulled, np.round(line + beyond), second)
    third = plain[:, 1] * np.where(keen, params["keen"], 1.0)
    effect[:, 1] = third * lift[:, 1]
    gold_later = reached >= line
    # Half of what was bought to reach the threshold would have been bought later.
    third = np.maximum(third - params["borrowed"] * (reached - second), 0)
    third = np.round(third + np.where(gold_later, effect[:, 1], 0))
    person = np.tile(who + 1, 2)
    year = np.repeat([2, 3], n)
    ctx.tables["programme_tiers"] = pd.DataFrame(
        {
            "person_id": person,
            "year": year,
            "spend_before": np.concatenate([decides, reached]).astype(int),
            "gold": np.concatenate([gold, gold_later]),
            "spend": np.concatenate([reached, third]).astype(int),
        }
    )
    ctx.truth["programme_tiers"] = pd.DataFrame(
        {
            "person_id": person,
            "year": year,
            "gold_effect": np.round(effect.T.ravel()).astype(int),
            "pulled": np.concatenate([np.zeros(n, bool), pulled]),
        }
    )
    return np.column_stack([reached, third])


def _points(ctx: Context, joined: np.ndarray, spent: np.ndarray, years: np.ndarray) -> None:
    """Points by quarter: earned, redeemed in steps (the oldest first), expired after four further quarters."""
    params = ctx.params["programme"]["points"]
    rng = ctx.rng("programme_points")
    who = np.flatnonzero(joined)
    n, step = len(who), params["step"]
    earned = np.zeros((n, 12), int)
    earned[:, :4] = spent[who].astype(int)
    for year in (0, 1):
        total = years[:, year].astype(int)
        ends = np.floor(total[:, None] * np.cumsum(rng.dirichlet(np.full(4, 6.0), n), axis=1))
        ends = np.column_stack([np.zeros(n), ends])
        ends[:, -1] = total
        earned[:, 4 * (year + 1) : 4 * (year + 2)] = np.diff(ends, axis=1).astype(int)
    first, second = params["attention"]
    attends = rng.beta(first, second, n)
    left = np.zeros((n, 12), int)
    used = np.zeros((n, 12), int)
    expired = np.zeros((n, 12), int)
    kept = {}
    for quarter in range(12):
        left[:, quarter] = earned[:, quarter]
        asks = rng.random(n) < attends
        wanted = np.where(asks, left.sum(axis=1) // step * step, 0)
        for cohort in range(max(quarter - 4, 0), quarter + 1):
            take = np.minimum(left[:, cohort], wanted)
            left[:, cohort] -= take
            used[:, cohort] += take
            wanted = wanted - take
        if quarter >= 4:
            expired[:, quarter - 4] = left[:, quarter - 4]
            left[:, quarter - 4] = 0
        if quarter == 7:
            kept = {"redeemed": used.copy(), "expired": expired.copy(), "outstanding": left.copy()}
    counts = {"earned": earned, **kept}
    rows = {
        name: np.concatenate([c[:, :4].sum(axis=1), c[:, 4:8].sum(axis=1)])
        for name, c in counts.items()
    }
    ctx.tables["programme_points"] = pd.DataFrame(
        {"person_id": np.tile(who + 1, 2), "year": np.repeat([1, 2], n), **rows}
    )
    later = (used[:, 4:8] - kept["redeemed"][:, 4:8]).sum(axis=1)
    ctx.truth["programme_points"] = pd.DataFrame({"person_id": who + 1, "redeemed_later": later})


def _cards(ctx: Context) -> None:
    """The test of stamp cards: who gives up, and how long the next stamp takes."""
    params = ctx.params["programme"]
    rng = ctx.rng("stamp_cards")
    n = params["cards"]
    given = assign(rng, np.zeros(n, int), dict.fromkeys(CARDS, 1.0)) == CARDS[1]
    slow = rng.standard_normal(n)
    # Chance to go on after each stamp: slow people give up sooner.
    base = np.array(params["card_chance"]) ** (1 / STEPS)
    odds = np.log(base / (1 - base)) + params["card_shift"]
    goes_on = expit(odds[None, :] - params["card_slow"] * slow[:, None])
    chance = goes_on**STEPS
    stays = goes_on[np.arange(n), given.astype(int)]
    stamps = (rng.random((n, STEPS)) < stays[:, None]).cumprod(axis=1).astype(bool)
    nearer = 1 - params["gradient"] * np.arange(STEPS) / (STEPS - 1)
    days = params["gap"] * np.exp(params["gap_spread"] * slow)[:, None] * nearer
    days = days * _uneven(rng, params["gap_noise"], (n, STEPS))
    days = np.where(stamps, np.maximum(days, 0.1), np.nan)
    ctx.tables["stamp_cards"] = pd.DataFrame(
        {
            "card_id": np.arange(1, n + 1),
            "card": np.where(given, CARDS[1], CARDS[0]),
            "completed": stamps[:, -1],
            **{name: days[:, place] for place, name in enumerate(GAPS)},
        }
    )
    ctx.truth["stamp_cards"] = pd.DataFrame(
        {
            "card_id": np.arange(1, n + 1),
            "chance_empty": chance[:, 0],
            "chance_given": chance[:, 1],
        }
    )
