"""The needs survey: what customers say they need, what they do, and what they really need.

Three layers lie over each other, and the tables show them one by one. *True weights* drive what people buy
from the test shelf. What they are *aware of* drives the best-worst cards and the forced ranking: one need of
each need type is unknown to most of those who have it. *Ratings* add what people like to say of themselves,
and a readiness to call everything important.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from crmkit.world.core.streams import Context


def build(ctx: Context) -> None:
    """Add the tables of the needs survey, the levers and the market's offers."""
    params = ctx.params["mix"]
    _small_tables(ctx, params)
    truth = _true_needs(ctx, params)
    _asked(ctx, params, truth)
    _shelf(ctx, params, truth)
    _prototypes(ctx, params, truth)
    _prices(ctx, params, truth)


def _small_tables(ctx: Context, params: dict) -> None:
    need_names = ctx.company.lists["needs"]
    lever_names = ctx.company.lists["levers"]
    needs = pd.DataFrame.from_dict(
        params["needs"], orient="index", columns=["c", "share", "bias", "wording"]
    )
    needs = needs.loc[list(need_names)].rename_axis("need").reset_index()
    ctx.tables["needs"] = needs[["need", "c", "wording"]]
    ctx.truth["need_bias"] = needs[["need", "bias"]]
    levers = pd.DataFrame.from_dict(
        params["levers"],
        orient="index",
        columns=["p", "step_unit_cost", "step_fixed_cost", "what"],
    )
    ctx.tables["levers"] = levers.loc[list(lever_names)].rename_axis("lever").reset_index()
    ctx.tables["market_offers"] = pd.DataFrame(
        [
            {"offer": o["offer"], "company": o["company"], "price": o["price"], **o["levers"]}
            for o in params["offers"]
        ]
    )
    ctx.truth["lever_effects"] = pd.DataFrame(
        [
            {"need": need, "lever": lever, "effect": float(params["effects"][need].get(lever, 0))}
            for need in need_names
            for lever in lever_names
        ]
    )


def _true_needs(ctx: Context, params: dict) -> dict[str, np.ndarray]:
    """Draw weights, must-haves and blind spots of the respondents; add the truth tables."""
    need_names = ctx.company.lists["needs"]
    rng = ctx.rng("truth/needs")
    people = ctx.tables["customers"]
    core = ctx.truth["customers"]
    persons = people.loc[people["kind"] == "person", "customer_id"].to_numpy()
    asked = np.sort(
        rng.choice(persons, size=min(params["respondents"], len(persons)), replace=False)
    )
    core = core.set_index("customer_id").loc[asked]
    n, m = len(asked), len(need_names)

    of_c = np.array([params["needs"][need][0] for need in need_names])
    within = np.array([params["needs"][need][1] for need in need_names])
    weight = np.empty((n, m))
    for c in np.unique(of_c):
        weight[:, of_c == c] = core[f"weight_{c}"].to_numpy()[:, None] * within[of_c == c]
    weight *= rng.lognormal(0, 0.45, (n, m))

    column = {need: i for i, need in enumerate(need_names)}
    blind = np.array([column[params["implicit"][kind]] for kind in core["need_type"]])
    implicit = np.zeros((n, m), dtype=bool)
    implicit[np.arange(n), blind] = rng.random(n) < params["forget_share"]
    # An implicit need is a strong one: what nobody asks for and everybody is glad of.
    weight = np.where(implicit, np.maximum(weight, weight.mean(1, keepdims=True)) * 2.2, weight)
    weight = m * weight / weight.sum(1, keepdims=True)

    # Must-haves: always the ability to pay, and one to three of the others, the weightier the likelier.
    must = np.zeros((n, m), dtype=bool)
    must[:, column["affordable"]] = True
    keys = np.log(weight**1.5) + rng.gumbel(size=(n, m))
    keys[implicit | must] = -np.inf
    rank = (-keys).argsort(1).argsort(1)
    must |= rank < rng.choice([1, 2, 3], size=(n, 1), p=[0.35, 0.45, 0.2])

    strong = weight >= 1.15
    weak = weight < 0.75
    kano = np.select(
        [must, implicit, strong, weak],
        ["must-be", "attractive", "performance", "indifferent"],
        default="attractive",
    )
    value = params["set_value"] * core["wtp_level"].to_numpy() ** 0.7 * rng.lognormal(0, 0.22, n)
    budget = value * rng.lognormal(0.25, 0.2, n)

    ctx.truth["needs"] = pd.DataFrame(
        {
            "customer_id": np.repeat(asked, m),
            "need": np.tile(np.array(need_names), n),
            "weight": weight.ravel(),
            "must_have": must.ravel(),
            "implicit": implicit.ravel(),
            "kano": kano.ravel(),
        }
    )
    ctx.truth["set_value"] = pd.DataFrame({"customer_id": asked, "value": value, "budget": budget})
    return {
        "asked": asked,
        "weight": weight,
        "must": must,
        "implicit": implicit,
        "kano": kano,
        "value": value,
        "budget": budget,
    }


def _asked(ctx: Context, params: dict, truth: dict[str, np.ndarray]) -> None:
    """Add what customers say: best-worst cards, and one need asked about in four ways."""
    need_names = ctx.company.lists["needs"]
    asked, must = truth["asked"], truth["must"]
    n, m = must.shape
    aware = np.log(np.where(truth["implicit"], 0.3, truth["weight"])) + 1.2 * must

    rng = ctx.rng("best_worst_tasks")
    cards = params["cards"]
    # Each round of three cards deals all twelve needs once, so every need is seen equally often.
    rounds = -(-cards * 4 // m)
    deal = rng.random((n, rounds, m)).argsort(2).reshape(n, -1, 4)[:, :cards]
    u = np.take_along_axis(aware, deal.reshape(n, -1), 1).reshape(deal.shape)
    best = (u + rng.gumbel(size=u.shape)).argmax(2)
    against = -u + rng.gumbel(size=u.shape)
    np.put_along_axis(against, best[..., None], -np.inf, 2)
    worst = against.argmax(2)
    names = np.array(need_names)
    ctx.tables["best_worst_tasks"] = pd.DataFrame(
        {
            "customer_id": np.repeat(asked, cards),
            "task": np.tile(np.arange(1, cards + 1), n),
            **{f"item_{i + 1}": names[deal[:, :, i].ravel()] for i in range(4)},
            "best": names[np.take_along_axis(deal, best[..., None], 2).ravel()],
            "worst": names[np.take_along_axis(deal, worst[..., None], 2).ravel()],
        }
    )

    rng = ctx.rng("need_ratings")
    bias = np.array([params["needs"][need][2] for need in need_names])
    said = aware + 0.6 * bias
    rating = 6.3 + 1.1 * aware + bias + rng.normal(0.6, 0.8, (n, 1)) + rng.normal(0, 1, (n, m))
    ticked = rng.random((n, m)) < 1 / (1 + np.exp(-(-0.5 + 1.1 * said + 0.8 * must)))
    keep = (-(1.5 * aware + 2.2 * must) - rng.gumbel(size=(n, m))).argsort(1).argsort(1) + 1
    # What the two questions of a Kano pair get, by true class: (with it, without it).
    pair = {"must-be": (2, 5), "performance": (1, 5), "attractive": (1, 3), "indifferent": (3, 3)}
    answers = np.array([[pair[kind] for kind in row] for row in truth["kano"]])
    slip = rng.random((n, m, 2)) < 0.15
    answers = np.clip(answers + slip * rng.choice([-1, 1], size=(n, m, 2)), 1, 5)
    ctx.tables["need_ratings"] = pd.DataFrame(
        {
            "customer_id": np.repeat(asked, m),
            "need": np.tile(names, n),
            "rating": np.clip(np.round(rating), 1, 10).astype(int).ravel(),
            "ticked": ticked.ravel(),
            "keep_rank": keep.ravel(),
            "if_present": answers[..., 0].ravel(),
            "if_missing": answers[..., 1].ravel(),
        }
    )


def _shelf(ctx: Context, params: dict, truth: dict[str, np.ndarray]) -> None:
    """Add choices from the test shelf: all must-haves first, then the best of what is left."""
    need_names = ctx.company.lists["needs"]
    rng = ctx.rng("shelf_choices")
    n, m = truth["must"].shape
    tasks = params["shelf_tasks"]
    money = need_names.index("affordable")
    met = rng.random((n, tasks, 3, m)) < 0.65
    price = rng.choice(params["shelf_prices"], size=(n, tasks, 3))
    weight, must = truth["weight"][:, None, None, :], truth["must"][:, None, None, :]
    others = np.arange(m) != money
    u = (weight * met)[..., others].sum(-1) - weight[..., money] * price / params["price_unit"]
    lacking = (must & ~met)[..., others].any(-1)
    cannot_pay = price > truth["budget"][:, None, None]
    u = np.where(lacking | cannot_pay, -np.inf, u + rng.gumbel(size=u.shape))
    leave = params["walk_away"] + rng.gumbel(size=(n, tasks, 1))
    chosen = np.concatenate([leave, u], axis=2).argmax(2)[..., None] == np.arange(1, 4)
    ctx.tables["shelf_choices"] = pd.DataFrame(
        {
            "customer_id": np.repeat(truth["asked"], tasks * 3),
            "task": np.tile(np.repeat(np.arange(1, tasks + 1), 3), n),
            "option": np.tile([1, 2, 3], n * tasks),
            "price": price.ravel(),
            **{
                need: met[..., i].ravel().astype(int)
                for i, need in enumerate(need_names)
                if need != "affordable"
            },
            "chosen": chosen.ravel().astype(int),
        }
    )


def _prototypes(ctx: Context, params: dict, truth: dict[str, np.ndarray]) -> None:
    """Add ratings of prototypes whose levers were drawn by chance."""
    need_names = ctx.company.lists["needs"]
    lever_names = ctx.company.lists["levers"]
    rng = ctx.rng("prototype_ratings")
    n, each = len(truth["asked"]), params["prototypes"]
    levels = rng.integers(1, 6, size=(n * each, len(lever_names)))
    effects = np.array(
        [[params["effects"][need].get(lever, 0.0) for lever in lever_names] for need in need_names]
    )
    met = (levels - 1) / 4 @ effects.T
    # People keep away from the ends of a scale: 2 is "not at all", 9 is "wholly".
    marks = 2 + 7 * met + rng.normal(0, 0.9, met.shape)
    ctx.tables["prototype_ratings"] = pd.DataFrame(
        {
            "customer_id": np.repeat(truth["asked"], each),
            "prototype": np.tile(np.arange(1, each + 1), n),
            **dict(zip(lever_names, levels.T, strict=True)),
            **{
                f"meets_{need}": column
                for need, column in zip(
                    need_names, np.clip(np.round(marks), 1, 10).astype(int).T, strict=True
                )
            },
        }
    )


def _prices(ctx: Context, params: dict, truth: dict[str, np.ndarray]) -> None:
    """Add the four open price questions, and purchases at prices drawn by chance."""
    rng = ctx.rng("price_answers")
    value, n = truth["value"], len(truth["value"])
    # Asked about money, people bargain: they name less than they would pay.
    top = value * params["understating"] * rng.lognormal(0, 0.12, n)
    share = np.sort(rng.beta(16, [[13, 7, 2.5]], size=(n, 3)), axis=1)
    ctx.tables["price_answers"] = pd.DataFrame(
        {
            "customer_id": truth["asked"],
            "too_cheap": _half(top * share[:, 0]),
            "cheap": _half(top * share[:, 1]),
            "expensive": _half(top * share[:, 2]),
            "too_expensive": _half(top),
        }
    )
    rng = ctx.rng("price_choices")
    days = params["price_days"]
    low, high = (round(params["set_value"] * part / 23) for part in (8, 45))
    price = rng.integers(low, high, size=(n, days)).astype(float)
    mood = value[:, None] * rng.lognormal(0, 0.1, (n, days))
    bought = (price <= mood) & (price <= truth["budget"][:, None])
    ctx.tables["price_choices"] = pd.DataFrame(
        {
            "customer_id": np.repeat(truth["asked"], days),
            "task": np.tile(np.arange(1, days + 1), n),
            "price": price.ravel(),
            "bought": bought.ravel().astype(int),
        }
    )


def _half(sums: np.ndarray) -> np.ndarray:
    """Round to halves, as people do."""
    return np.round(sums * 2) / 2
