"""Agents with a joined view of the caller, suggestions at the end of a call, and aims of a CRM project.

Chance decided for each agent, so the agent is the unit and not the call. A view that is not opened changes nothing;
agents open it in hard calls first, so calls in which it was opened look slow. Suggestions: some of those who say yes
would have bought anyway, and too many suggestions cost what people buy besides. How large all this is, is this world's
own.

People in these tables have no customer card: their number does not depend on how many customers the world has.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from crmkit.data.catalogue.agents import ARMS, PARTS, PERIODS, VIEWS
from crmkit.world.core.people import labels
from crmkit.world.core.streams import Context
from crmkit.world.studies.campaigns import assign, expit


def build(ctx: Context) -> None:
    """Add the trial with agents, the trial of suggestions and the aims, with their truth."""
    params = ctx.params["agents"]
    _calls(ctx, params)
    ctx.tick(0.5)
    _offers(ctx, params["offers"])
    _aims(ctx, params)


# ---- agents ----------------------------------------------------------------------------------------------------------


def _calls(ctx: Context, params: dict[str, Any]) -> None:
    rng = ctx.rng("agent_calls")
    agents, number = params["agents"], params["calls"]
    given = np.array([VIEWS.index(v) for v in assign(rng, np.zeros(agents), dict.fromkeys(VIEWS, 1.0))])  # fmt: skip
    pace = params["pace"] * rng.standard_normal(agents)
    care = params["care"] * rng.standard_normal(agents)
    keen = params["keen"] * rng.standard_normal(agents)
    a_row = np.repeat(np.arange(len(number)), number)  # period of each call of one agent
    period = np.tile(a_row, agents)
    agent = np.repeat(np.arange(agents), len(a_row))
    n = len(agent)

    hard = rng.random(n) < params["hard_share"]
    chances = np.array(params["systems"])
    systems = 1 + np.searchsorted(np.cumsum(chances / chances.sum()), rng.random(n), side="right")
    systems = np.minimum(systems, len(chances))
    more = systems - 1
    spread = params["minutes_spread"]
    middle = np.where(hard, params["minutes"]["hard"], params["minutes"]["simple"])
    luck = np.exp(rng.normal(-(spread**2) / 2, spread, n))
    # A trained agent opens the view more often, and everybody opens it in hard calls first.
    start = np.array([params["opens"]["plain"], params["opens"]["plain"], params["opens"]["trained"]])  # fmt: skip
    opens = expit(start[given[agent]] + params["opens"]["hard"] * hard + keen[agent])
    has = (given[agent] > 0) & (period == 1)
    opened = has & (rng.random(n) < opens)

    asked = {
        "separate": params["repeats"]["start"] + params["repeats"]["system"] * more,
        "joined": np.full(n, params["repeats"]["start"]),
    }
    wrong = params["wrong"]
    base = wrong["start"] + wrong["hard"] * hard + care[agent]
    errs = {
        "separate": expit(base + wrong["system"] * more),
        "joined": (1 - wrong["mixed"]) * expit(base) + wrong["mixed"],
    }
    extra = {
        "separate": params["search_minutes"] * more,
        "joined": np.full(n, params["read_minutes"]),
    }
    which = np.where(opened, 1, 0)
    repeats = rng.poisson(np.stack(list(asked.values()))[which, np.arange(n)])
    works = np.exp(pace[agent])
    extra_minutes = np.stack(list(extra.values()))[which, np.arange(n)]
    spent = works * (middle * luck + extra_minutes + params["repeat_minutes"] * repeats)
    chance = np.stack(list(errs.values()))[which, np.arange(n)]
    ctx.tables["agent_calls"] = pd.DataFrame(
        {
            "call_id": np.arange(1, n + 1),
            "agent_id": agent + 1,
            "period": labels(list(PERIODS), period),
            "view": labels(list(VIEWS), given[agent]),
            "hard": hard,
            "systems": systems,
            "opened": opened,
            "handling_minutes": np.maximum(spent, 0.1),
            "repeats": repeats,
            "wrong": rng.random(n) < chance,
        }
    )
    ctx.truth["agent_calls"] = pd.DataFrame(
        {
            "call_id": np.arange(1, n + 1),
            **{
                f"minutes_{way}": works * (middle + extra[way] + params["repeat_minutes"] * asked[way])
                for way in asked
            },
            **{f"wrong_{way}": errs[way] for way in errs},
        }
    )  # fmt: skip


# ---- suggestions -----------------------------------------------------------------------------------------------------


def _offers(ctx: Context, params: dict[str, Any]) -> None:
    rng = ctx.rng("offer_trial")
    n = params["people"]
    keen = rng.standard_normal(n)
    orders = rng.poisson(np.exp(params["orders"] + params["orders_spread"] * keen))
    arm = np.array([ARMS.index(a) for a in assign(rng, np.minimum(orders, 6), dict.fromkeys(ARMS, 1.0))])  # fmt: skip
    usual = params["margin"] * np.exp(params["spread"] * keen)
    noise = params["noise"]
    before, after = np.exp(noise * rng.standard_normal((2, n)) - noise**2 / 2)
    calls = 1 + rng.poisson(params["more_calls"] * np.exp(0.2 * keen))
    heard = np.stack([np.zeros(n, dtype=int), np.ones(n, dtype=int), np.ones(n, dtype=int), calls])
    about = [None, params["best_seller"], params["next_best"], params["next_best"]]
    # The first suggestion counts in full, each further one a part of the one before.
    weight = (1 - params["fades"] ** heard) / (1 - params["fades"])
    yes = np.stack(
        [
            np.zeros(n) if one is None else 1 - (1 - one["yes"]) ** weight[place]
            for place, one in enumerate(about)
        ]
    )
    gain = np.array([0.0 if one is None else one["margin"] * (1 - one["anyway"]) for one in about])
    # Who hears too many suggestions buys less of everything else.
    too_many = np.maximum(heard - params["patient"], 0)
    lost = np.minimum(params["annoys"] * too_many, 0.6)
    expected = usual * (1 - lost) + yes * gain[:, None]
    mine = (arm, np.arange(n))
    said = rng.random(n) < yes[mine]
    less = expit(params["less"]["start"] + params["less"]["more"] * too_many)
    ctx.tables["offer_trial"] = pd.DataFrame(
        {
            "person_id": np.arange(1, n + 1),
            "arm": labels(list(ARMS), arm),
            "orders_before": orders,
            "margin_before": usual * before,
            "calls": calls,
            "suggestions": heard[mine],
            "said_yes": said,
            "margin_90d": usual * after * (1 - lost[mine]) + said * gain[arm],
            "likes_less": rng.random(n) < less[mine],
        }
    )
    ctx.truth["offer_trial"] = pd.DataFrame(
        {
            "person_id": np.arange(1, n + 1),
            **{f"margin_{place}": expected[place] for place in range(len(ARMS))},
        }
    )


# ---- aims of a project -----------------------------------------------------------------------------------------------


def _aims(ctx: Context, params: dict[str, Any]) -> None:
    rng = ctx.rng("crm_aims")
    aims = params["aims"]
    columns = ("worth", *PARTS)
    middle = np.array([[about[name] for name in columns] for about in aims.values()], dtype=float)
    luck = 1 + params["luck"] * (2 * rng.random(middle.shape) - 1)
    found = np.rint(middle * luck)
    ctx.tables["crm_aims"] = pd.DataFrame(
        {
            "aim": list(aims),
            **{name: found[:, place] for place, name in enumerate(columns)},
            "budget": float(params["budget"]),
            "years": params["years"],
        }
    )


def faults(params: dict[str, Any]) -> Iterator[str]:
    """What a section [agents] says that no study can be made of."""
    own = params["agents"]
    if own["agents"] < 4 * len(VIEWS):
        yield "[agents] agents: each of the three views needs four agents at least."
    if len(own["calls"]) != len(PERIODS) or min(own["calls"]) < 1:
        yield "[agents] calls: two numbers, calls of an agent before the trial and in it, 1 at least."
    if len(own["systems"]) != 3:
        yield "[agents] systems: three shares, of callers with one, two and three records."
    if own["offers"]["people"] < 10 * len(ARMS):
        yield "[agents.offers] people: each of the four arms needs ten people at least."
    if own["budget"] <= 0:
        yield "[agents] budget: the board gives nothing; a sum above 0 is needed."
    for aim, about in own["aims"].items():
        if set(about) != {"worth", *PARTS} or min(about.values()) <= 0:
            yield (
                f"[agents.aims] {aim!r}: worth, data, adoption and features are needed, each above 0 (thousands)."
            )
