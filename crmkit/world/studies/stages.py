"""A relationship has stages: firms followed from their first order; kinds of relationship; winning back.

A firm explores, builds up, stays stable, declines and ends, each quarter with some chance to move on (Dwyer, Schurr &
Oh 1987, Journal of Marketing 51). Large firms stay longer. Nobody becomes worth more by staying: with the years firms
learn to ask for discounts (Reinartz & Kumar 2000, Journal of Marketing 64). Kinds of relationship: Kotler's five
levels. Winning back: why a firm left decides what brings it back, and those bought back with a discount leave sooner
(Stauss & Friege 1999, Journal of Service Research 1; Kumar, Bhagwat & Zhang 2015, Journal of Marketing 79). How large
the effects are is this world's own.

These firms have no customer card: their number does not depend on how many customers the world has.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from crmkit.data.catalogue.stages import KINDS, LEFT_FOR, OFFERS, QUARTERS, STAGES
from crmkit.world.core.people import labels
from crmkit.world.core.streams import Context
from crmkit.world.studies.campaigns import assign

_ENDED = STAGES.index("ended")


def build(ctx: Context) -> None:
    """Add the firms by quarter, the trials of kinds and of winning back, the care plans, and their truth."""
    params = ctx.params["stages"]
    _firms(ctx, params["firms"])
    ctx.tick(0.4)
    _kinds(ctx, params["kinds"])
    _lost(ctx, params["lost"])
    _plans(ctx, params["plans"])


# ---- stages ----------------------------------------------------------------------------------------------------------


def _firms(ctx: Context, params: dict[str, Any]) -> None:
    rng = ctx.rng("firm_quarters")
    n = params["number"]
    first = rng.integers(0, params["last_start"], n)
    size = rng.standard_normal(n)
    usual = params["orders"] * np.exp(params["orders_spread"] * size)
    luck = rng.random((QUARTERS, n))
    stage = np.zeros(n, dtype=int)
    seen = []
    for late in range(QUARTERS):
        if late:
            stage = _move(params["moves"], stage, luck[late], np.exp(-params["size_stays"] * size))
        seen.append(stage)
    stages = np.stack(seen)  # by quarters since the first order
    age = np.arange(QUARTERS)[:, None]
    level = np.array([params["level"][name] for name in STAGES])[stages]
    orders = rng.poisson(usual * level)
    # Who has just placed the first order has one.
    orders[0] = np.maximum(orders[0], 1)
    noise = params["noise"]
    each = params["margin"] * np.exp(noise * rng.standard_normal((QUARTERS, n)) - noise**2 / 2)
    margin = orders * each * (1 - params["discount_learnt"]) ** age
    visits = rng.poisson(params["visits"], (QUARTERS, n)) * (stages < _ENDED)
    cost = params["visit_cost"] * visits + params["order_cost"] * orders
    quarter = first + age + 1
    kept = quarter <= QUARTERS
    firm = np.broadcast_to(np.arange(1, n + 1), kept.shape)
    table = pd.DataFrame(
        {
            "firm_id": firm[kept],
            "quarter": quarter[kept],
            "orders": orders[kept],
            "margin": margin[kept].round(2),
            "cost": cost[kept].round(2),
            "stage": labels(list(STAGES), stages[kept]),
        }
    )
    table = table.sort_values(["firm_id", "quarter"], kind="stable").reset_index(drop=True)
    ctx.tables["firm_quarters"] = table.drop(columns="stage")
    ctx.truth["firm_quarters"] = table[["firm_id", "quarter", "stage"]]


def _move(
    moves: dict[str, dict[str, float]], stage: np.ndarray, luck: np.ndarray, leaves: np.ndarray
) -> np.ndarray:
    """The stage a quarter later; `leaves` multiplies each firm's chances to decline or to end."""
    after = stage.copy()
    for place, name in enumerate(STAGES[:-1]):
        here = stage == place
        end = np.zeros(len(stage))
        for to, chance in moves[name].items():
            target = STAGES.index(to)
            start, end = end, end + chance * (leaves if target >= STAGES.index("decline") else 1.0)
            after[here & (luck >= start) & (luck < end)] = target
    return after


# ---- kinds of relationship -------------------------------------------------------------------------------------------


def _kinds(ctx: Context, params: dict[str, Any]) -> None:
    rng = ctx.rng("kind_trial")
    n = params["firms"]
    own = {kind: params["kind"][kind] for kind in KINDS}
    size, share, noise = rng.standard_normal((3, n))
    turnover = params["turnover"] * np.exp(params["turnover_spread"] * size)
    # Who buys much has learnt to bargain: the larger the turnover, the smaller the share that is left.
    part = params["share"] * np.exp(params["share_spread"] * share - params["bargain"] * size)
    before = np.maximum(1, np.rint(turnover * np.minimum(part, params["share_most"])))
    turnover = np.rint(turnover)
    rank = np.argsort(np.argsort(before, kind="stable"), kind="stable")
    kind = assign(rng, rank * 30 // n, dict.fromkeys(KINDS, 1.0))
    stays = np.array([own[name]["stays"] for name in kind])
    grows = np.array([own[name]["grows"] for name in kind])
    stayed = rng.random(n) < stays
    spread = params["noise"]
    year = before * grows * np.exp(spread * noise - spread**2 / 2) * stayed
    ctx.tables["kind_trial"] = pd.DataFrame(
        {
            "firm_id": np.arange(1, n + 1),
            "turnover_before": turnover.astype(int),
            "margin_before": before.astype(int),
            "kind": kind,
            "stayed": stayed,
            "margin_year": np.rint(year).astype(int),
        }
    )
    ctx.tables["relation_kinds"] = pd.DataFrame(
        {
            "kind": list(KINDS),
            "cost_firm": [float(about["cost_firm"]) for about in own.values()],
            "cost_fixed": [float(about["cost_fixed"]) for about in own.values()],
        }
    )
    ctx.truth["relation_kinds"] = pd.DataFrame(
        {
            "kind": list(KINDS),
            "stays": [about["stays"] for about in own.values()],
            "kept": [round(about["stays"] * about["grows"], 3) for about in own.values()],
        }
    )


# ---- winning back ----------------------------------------------------------------------------------------------------


def _lost(ctx: Context, params: dict[str, Any]) -> None:
    rng = ctx.rng("lost_firms")
    n = params["firms"]
    reasons = params["reasons"]
    ends = np.cumsum([reasons[name]["share"] for name in LEFT_FOR])
    reason = np.searchsorted(ends / ends[-1], rng.random(n), side="right")
    first = np.rint(params["margin"] * np.exp(params["spread"] * rng.standard_normal(n)))
    offer = assign(rng, reason, dict.fromkeys(OFFERS, 1.0))
    given = np.array([OFFERS.index(name) for name in offer])
    chances = np.array([[reasons[name]["returns"][o] for o in OFFERS] for name in LEFT_FOR])
    returned = rng.random(n) < chances[reason, given]
    # Years of margin in the second life: who came for the discount leaves sooner, and pays less.
    lasts = np.array([params["second"][o] for o in OFFERS])
    cost = np.array([params["cost"][o] for o in OFFERS])
    noise = params["noise"]
    luck = np.exp(noise * rng.standard_normal(n) - noise**2 / 2)
    second = np.rint(first * lasts[given] * luck * returned)
    ctx.tables["lost_firms"] = pd.DataFrame(
        {
            "firm_id": np.arange(1, n + 1),
            "left_for": labels(list(LEFT_FOR), reason),
            "margin_first": first.astype(int),
            "offer": offer,
            "returned": returned,
            "margin_second": second.astype(int),
            "cost": cost[given],
        }
    )
    nets = chances[reason] * lasts * first[:, None] - cost
    names = [name.replace(" ", "_") for name in OFFERS]
    ctx.truth["lost_firms"] = pd.DataFrame(
        {
            "firm_id": np.arange(1, n + 1),
            **{f"returns_{o}": chances[reason, k] for k, o in enumerate(names)},
            **{f"net_{o}": np.rint(nets[:, k]).astype(int) for k, o in enumerate(names)},
        }
    )


# ---- care plans ------------------------------------------------------------------------------------------------------


def _plans(ctx: Context, params: dict[str, Any]) -> None:
    """Plans that began in different years: at each renewal a firm ends its plan with a chance of its own."""
    rng = ctx.rng("care_plans")
    n = params["number"]
    chance = rng.beta(params["alpha"], params["beta"], n)
    due = rng.integers(1, params["years"] + 1, n)  # renewals that have come up for a plan that runs
    ends = (rng.random((params["years"], n)) < chance).cumsum(axis=0) > 0
    made = (~ends & (np.arange(params["years"])[:, None] < due)).sum(axis=0)
    ctx.tables["care_plans"] = pd.DataFrame(
        {"plan_id": np.arange(1, n + 1), "renewals": made, "ended": made < due}
    )
    ctx.truth["care_plans"] = pd.DataFrame({"plan_id": np.arange(1, n + 1), "leave_chance": chance})


def faults(params: dict[str, Any]) -> Iterator[str]:
    """What a section [stages] says that no tables can be made of."""
    firms, kinds, lost = (params["stages"][name] for name in ("firms", "kinds", "lost"))
    for where, given, wanted in (
        ("[stages.firms] level", firms["level"], STAGES),
        ("[stages.firms.moves]", firms["moves"], STAGES[:-1]),
        ("[stages.kinds.kind]", kinds["kind"], KINDS),
        ("[stages.lost.reasons]", lost["reasons"], LEFT_FOR),
        ("[stages.lost] cost", lost["cost"], OFFERS),
        ("[stages.lost] second", lost["second"], OFFERS),
        *(
            (f"[stages.lost.reasons] {name!r} returns", about["returns"], OFFERS)
            for name, about in lost["reasons"].items()
        ),
    ):
        if set(given) != set(wanted):
            yield f"{where} must name {', '.join(wanted)}, and nothing else; it names {', '.join(given)}."
    if not 1 <= firms["last_start"] <= QUARTERS:
        yield f"[stages.firms] last_start: the last quarter of a first order is from 1 to {QUARTERS}."
    for name, moves in firms["moves"].items():
        strange = [to for to in moves if to not in STAGES]
        if strange:
            yield f"[stages.firms.moves] {name!r}: {', '.join(strange)} is no stage."
        if sum(moves.values()) > 1:
            yield f"[stages.firms.moves] {name!r}: the chances to move add up to more than 1."
    plans = params["stages"]["plans"]
    if plans["years"] < 2 or min(plans["alpha"], plans["beta"]) <= 0:
        yield "[stages.plans]: years is 2 or more, alpha and beta are above 0."
    if kinds["firms"] < 30 * len(KINDS):
        yield f"[stages.kinds] firms: at least {30 * len(KINDS)} are needed, so that each kind gets firms of all sizes."
