"""Three kinds of bond through a year with a rival's price attack; faults and their repair; ideas for partners.

How large the effects are is this world's own. Their direction is the textbooks': a financial bond works at once and is
easily copied, a structural one holds best (Berry & Parasuraman 1991, Marketing Services). Repair: more satisfied than
without a fault, yet not buying more (De Matos, Henrique & Rossi 2007, Journal of Service Research 10); recovery hardly
ever makes good in full (Knox & van Oest 2014, Journal of Marketing 78).

People in these tables have no customer card: their number does not depend on how many customers the world has.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from crmkit.data.catalogue.bonds import BONDS, CASES, HOW, PARTNERS, REPAIRS
from crmkit.world.core.people import labels
from crmkit.world.core.streams import Context
from crmkit.world.studies.campaigns import assign, expit

WEEKS, ATTACK = 52, 26  # length of the study; the attack begins after so many weeks


def build(ctx: Context) -> None:
    """Add the study of bonds, the repairs, the ideas for partners, and their truth."""
    params = ctx.params["bonds"]
    _study(ctx, params)
    ctx.tick(0.7)
    _repairs(ctx, params["repairs"])
    _ideas(ctx, params["ideas"])


# ---- bonds -----------------------------------------------------------------------------------------------------------


def _study(ctx: Context, params: dict[str, Any]) -> None:
    rng = ctx.rng("bond_study")
    n = params["by_chance"] + params["own_choice"]
    chance = np.arange(n) < params["by_chance"]
    loyal, thrifty = rng.standard_normal(n), rng.standard_normal(n)
    depths = np.array(params["depths"])
    areas = params["areas"]
    # As many areas for each depth; as many people in each area, or one more.
    depth_of = rng.permutation(np.resize(depths, areas))
    area = rng.permutation(np.resize(np.arange(areas), n))
    off = depth_of[area]
    usual = params["margin"] * np.exp(
        params["spread"] * rng.standard_normal(n)
        - params["spread"] ** 2 / 2
        + params["loyal_margin"] * loyal
    )
    noise = params["noise"]
    before, quiet_luck, attack_luck = np.exp(noise * rng.standard_normal((3, n)) - noise**2 / 2)
    given = np.empty(n, dtype=int)
    given[chance] = _places(assign(rng, off[chance], dict.fromkeys(BONDS, 1.0)))
    given[~chance] = _choose(rng, params["choice"], loyal[~chance], thrifty[~chance])
    patience = rng.standard_exponential(n)
    moves = np.floor(rng.standard_exponential(n) / params["moves"]).astype(int) + 1

    hold = np.exp(-params["loyal_stay"] * loyal)
    own = {bond: params["bond"][bond] for bond in BONDS}
    # Hazard of leaving in each week, summed up: before the attack, and under it.
    rate = {
        bond: params["leave"]
        * hold
        * about["leave"]
        * np.where(
            np.arange(1, WEEKS + 1)[:, None] > ATTACK, np.exp(about["attack"] * off / 10), 1.0
        )
        for bond, about in own.items()
    }
    risk = {bond: np.cumsum(each, axis=0) for bond, each in rate.items()}
    gone = np.stack([(patience >= each).sum(axis=0) + 1 for each in risk.values()])
    ends = gone[given, np.arange(n)]
    left = (ends <= WEEKS) & (ends <= moves)
    weeks = np.minimum(np.minimum(ends, moves), WEEKS)
    there = np.arange(1, WEEKS + 1)[:, None] <= weeks
    lift = np.stack([_lift(about) for about in own.values()])[given].T  # by week and person

    def margin(part: slice, luck: np.ndarray) -> np.ndarray:
        return np.asarray((usual * luck * (lift * there)[part].sum(axis=0)).round(2))

    quiet, attack = slice(None, ATTACK), slice(ATTACK, None)
    margins = margin(quiet, quiet_luck), margin(attack, attack_luck)
    share, a_week, once = (
        np.array([about.get(name, 0.0) for about in own.values()])[given]
        for name in ("share", "a_week", "once")
    )
    costs = [
        (share * one + a_week * there[part].sum(axis=0) + once * first).round(2)
        for one, part, first in ((margins[0], quiet, 1), (margins[1], attack, 0))
    ]
    ctx.tables["bond_study"] = pd.DataFrame(
        {
            "person_id": np.arange(1, n + 1),
            "how": np.where(chance, *HOW),
            "bond": labels(list(BONDS), given),
            "area": area + 1,
            "rival_off": off,
            "margin_before": (13 * usual * before).round(2),
            "weeks": weeks,
            "left": left,
            "margin_quiet": margins[0],
            "cost_quiet": costs[0],
            "margin_attack": margins[1],
            "cost_attack": costs[1],
        }
    )
    ctx.truth["bond_study"] = pd.DataFrame(
        {
            "person_id": np.arange(1, n + 1),
            "loyal": loyal,
            **{f"stays_{bond}": np.exp(-risk[bond][-1]) for bond in BONDS},
            **{f"earns_{bond}": _earns(usual, rate[bond], own[bond]) for bond in BONDS},
        }
    )


def _places(bonds: np.ndarray) -> np.ndarray:
    return np.array([BONDS.index(bond) for bond in bonds], dtype=int)


def _choose(
    rng: np.random.Generator, weights: dict[str, Any], loyal: np.ndarray, thrifty: np.ndarray
) -> np.ndarray:
    """The bond that each takes who may choose: loyal people like an adviser and an account, thrifty ones a discount."""
    liking = np.stack(
        [
            np.full(len(loyal), weights[bond]["start"])
            + weights[bond]["loyal"] * loyal
            + weights[bond]["thrifty"] * thrifty
            for bond in BONDS
        ]
    )
    # The largest of liking and luck (Gumbel): a choice with logit chances.
    return np.asarray(np.argmax(liking + rng.gumbel(size=liking.shape), axis=0))


def _lift(about: dict[str, Any]) -> np.ndarray:
    """What a bond makes of the margin in each week: at first, and from a week on."""
    week = np.arange(1, WEEKS + 1)
    return np.where(week <= about["first_weeks"], about["first"], about["later"])


def _earns(usual: np.ndarray, rate: np.ndarray, about: dict[str, Any]) -> np.ndarray:
    """Margin less cost to be expected, nobody moving away: who leaves in a week still buys in it."""
    risk = np.cumsum(rate, axis=0)
    there = np.exp(-np.vstack([np.zeros((1, rate.shape[1])), risk[:-1]]))
    kept = (1 - about.get("share", 0.0)) * usual * (_lift(about)[:, None] * there).sum(axis=0)
    net = kept - about.get("a_week", 0.0) * there.sum(axis=0) - about.get("once", 0.0)
    return np.rint(net).astype(int)


# ---- repairs ---------------------------------------------------------------------------------------------------------


def _repairs(ctx: Context, params: dict[str, Any]) -> None:
    rng = ctx.rng("repairs")
    n = params["by_chance"] + params["as_it_came"]
    chance = np.arange(n) < params["by_chance"]
    keen = rng.standard_normal(n)
    orders = rng.poisson(np.exp(params["orders"] + params["orders_spread"] * keen))
    repair = np.empty(n, dtype=int)
    arms = assign(rng, np.minimum(orders[chance], 6), params["shares"])
    repair[chance] = [REPAIRS.index(arm) for arm in arms]
    complain, at_once, late = rng.random((3, n))
    fault = np.where(chance, repair > 0, rng.random(n) < params["faults"])
    # Who buys often complains, and good customers are served first.
    known = fault & (
        complain < expit(params["complain"]["start"] + params["complain"]["keen"] * keen)
    )
    first = at_once < expit(params["first"]["start"] + params["first"]["keen"] * keen)
    came = np.where(~known, 0, np.where(first, 1, np.where(late < params["late"], 2, 3)))
    repair = np.where(chance, repair, came)
    felt = np.where(fault & (repair == 0), 3, repair)  # a fault that nobody told is not repaired
    names = [name.replace(" ", "_") for name in REPAIRS]
    liked = np.array([params["satisfaction"][name] for name in names])[felt]
    buys = np.array([params["buys"][name] for name in names])
    chances = expit(buys[:, None] + params["keen_buys"] * keen)
    score = liked + params["keen_likes"] * keen + params["score_spread"] * rng.standard_normal(n)
    bought = rng.random(n) < chances[felt, np.arange(n)]
    ctx.tables["repairs"] = pd.DataFrame(
        {
            "case_id": np.arange(1, n + 1),
            "how": np.where(chance, *CASES),
            "repair": labels(list(REPAIRS), repair),
            "orders_before": orders,
            "satisfaction": np.clip(np.rint(score), 0, 10).astype(int),
            "bought_180d": bought,
        }
    )
    ctx.truth["repairs"] = pd.DataFrame(
        {
            "case_id": np.arange(1, n + 1),
            "fault": fault,
            **{f"buys_{name}": chances[place] for place, name in enumerate(names)},
        }
    )


# ---- ideas for partners ----------------------------------------------------------------------------------------------


def _ideas(ctx: Context, params: dict[str, Any]) -> None:
    rng = ctx.rng("partner_ideas")
    middle = np.array([about["gains"] for about in params.values()], dtype=float)
    luck = 1 + 0.35 * (2 * rng.random(middle.shape) - 1)
    gains = (100 * np.rint(middle * luck / 100)).astype(int)
    ctx.tables["partner_ideas"] = pd.DataFrame(
        {
            "idea": list(params),
            "partner": [about["partner"] for about in params.values()],
            "gain_company": gains[:, 0],
            "gain_partner": gains[:, 1],
            "gain_customers": gains[:, 2],
        }
    )


def faults(params: dict[str, Any]) -> Iterator[str]:
    """What a section [bonds] says that no study can be made of."""
    own = params["bonds"]
    for where, given, wanted in (
        ("[bonds.bond]", own["bond"], BONDS),
        ("[bonds.choice]", own["choice"], BONDS),
        ("[bonds.repairs] shares", own["repairs"]["shares"], REPAIRS),
    ):
        if set(given) != set(wanted):
            yield f"{where} must name {', '.join(wanted)}, and nothing else; it names {', '.join(given)}."
    if own["areas"] < len(own["depths"]):
        yield "[bonds] areas: each of the `depths` needs an area at least."
    if own["by_chance"] < 4 * len(own["depths"]):
        yield "[bonds] by_chance: each bond needs a customer under each of the `depths` at least."
    if not all(0 <= depth <= 90 for depth in own["depths"]):
        yield "[bonds] depths: the rival's price cuts are per cent, from 0 to 90."
    for idea, about in own["ideas"].items():
        if about["partner"] not in PARTNERS or len(about["gains"]) != 3:
            yield (
                f"[bonds.ideas] {idea!r}: partner is one of {', '.join(PARTNERS)}, and gains are three numbers: the "
                "company's, the partner's, the customers'."
            )
