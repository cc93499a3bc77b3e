"""The market: everybody who could buy, of whom the customers are a part, and the studies of those who do not.

People screen, then choose. A person buys an offer only if there is something to do at home, if the price can be paid
and if every must-have is met; among what passes, taste and chance decide. The *survey* asks some areas only, and not
everybody answers. The *first look* meets a few people of areas that were never asked. On the *test shelf* and in the
*trial of changed offers* people act; what they say of their reasons is something else.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from crmkit.data.catalogue.market import AGES, HOMES, PAGES, REASONS

if TYPE_CHECKING:
    from crmkit.world.core.streams import Context

_MISSING, _PRICE, _NO_USE, _UNKNOWN, _HAPPY = range(5)


def build(ctx: Context) -> None:
    """Add the tables of the market."""
    params = ctx.params["market"]
    needs = [need for need in ctx.company.lists["needs"] if need != "affordable"]
    market = _people(ctx, params, needs)
    _offers(ctx, params, needs)
    open_to = _open_to(params, needs, market)
    bought = _bought(ctx, params, needs, market, open_to)
    _reasons(ctx, params, needs, market, open_to)
    asked = _survey(ctx, params, market)
    _needs(ctx, params, needs, market, asked)
    _shelf(ctx, params, needs, market, asked)
    _trial(ctx, market, asked, bought)
    _web(ctx, params, market)
    _truth(ctx, params, needs, market, asked, bought)


def _people(ctx: Context, params: dict, needs: list[str]) -> dict[str, Any]:
    """Draw everybody: area, age, home, projects, budget, must-haves, and whether the company is known."""
    rng = ctx.rng("truth/market_people")
    areas = list(params["areas"])
    shares = np.array([params["areas"][name]["share"] for name in areas])
    n = params["people"]
    counts = np.floor(n * shares / shares.sum()).astype(int)
    counts[0] += n - counts.sum()
    area = np.repeat(np.arange(len(areas)), counts)[rng.permutation(n)]
    sort = [params["sorts"][params["areas"][name]["sort"]] for name in areas]
    shop = np.array([params["areas"][name]["shop"] for name in areas])[area]
    ages = np.cumsum([one["ages"] for one in sort], axis=1)
    age = (rng.random(n)[:, None] > ages[area][:, :-1]).sum(1)
    owned = rng.random(n) < np.array([one["owned"] for one in sort])[area, age]
    home = owned.astype(int)
    group = np.array([[params["groups"][a][h] for h in HOMES] for a in AGES])[age, home]
    factor = np.array([[one["projects"], one["budget"], *one["knows"]] for one in sort])[area]
    projects = rng.negative_binomial(1.6, 1.6 / (1.6 + group[:, 2] * factor[:, 0]))
    budget = group[:, 1] * factor[:, 1] * rng.lognormal(0, 0.42, n)
    must = np.empty((n, len(needs)), dtype=bool)
    for j, need in enumerate(needs):
        about = params["must_haves"].get(need, {"share": 0.0})
        odds = np.full(n, about["share"] / (1 - about["share"]))
        odds *= np.array([about.get("young", 1), 1, about.get("old", 1)])[age]
        odds *= np.where(home == 0, about.get("rented", 1), 1)
        must[:, j] = rng.random(n) < odds / (1 + odds)
    weight = np.array(params["shelf_need"]) * rng.lognormal(
        0, params["shelf_spread"], (n, len(params["shelf_needs"]))
    )
    knows = rng.random(n) < np.where(shop, factor[:, 2], factor[:, 3])
    return {
        "areas": areas,
        "area": area,
        "shop": shop,
        "age": age,
        "home": home,
        "answers": group[:, 0],
        "projects": projects,
        "budget": budget,
        "must": must,
        "weight": weight,
        "knows": knows,
    }


def _offers(ctx: Context, params: dict, needs: list[str]) -> None:
    ctx.tables["trial_offers"] = pd.DataFrame(
        [
            {
                "offer": name,
                "words": about["words"],
                "price": about["price"],
                "brought": about["brought"],
                **{need: int(need in about["meets"]) for need in needs},
            }
            for name, about in params["offers"].items()
        ]
    )


def _meets(about: dict, needs: list[str], shop: np.ndarray) -> np.ndarray:
    """Whether an offer meets each need (column) of each person (row): nearness depends on the area."""
    met = np.tile([need in about["meets"] for need in needs], (len(shop), 1))
    met[:, needs.index("nearby")] &= shop | about["brought"]
    return met


def _open_to(params: dict, needs: list[str], market: dict) -> dict[str, np.ndarray]:
    """Say who could buy each offer: a project, the money, and every must-have met."""
    found = {}
    for name, about in params["offers"].items():
        met = _meets(about, needs, market["shop"])
        found[name] = (
            (market["projects"] > 0)
            & (market["budget"] >= about["price"])
            & (met | ~market["must"]).all(1)
        )
    return found


def _bought(
    ctx: Context, params: dict, needs: list[str], market: dict, open_to: dict[str, np.ndarray]
) -> dict[str, np.ndarray]:
    """Say who would buy each offer if told of it; a person's chance is shared by all offers."""
    rng = ctx.rng("truth/market_bought")
    shock = rng.logistic(size=len(market["area"]))
    columns = [needs.index(need) for need in params["shelf_needs"]]
    found = {}
    for name, about in params["offers"].items():
        met = _meets(about, needs, market["shop"])[:, columns]
        wanted = market["weight"] / np.array(params["shelf_need"])
        pull = params["accept"] + params["accept_need"] * ((met * wanted).sum(1) - 3)
        pull += params["accept_price"] * (about["price"] - 20)
        found[name] = open_to[name] & (pull + shock > 0)
    return found


def _reasons(
    ctx: Context, params: dict, needs: list[str], market: dict, open_to: dict[str, np.ndarray]
) -> None:
    """Who is a customer, who is near, who refuses; the true reason and the one that is said."""
    rng = ctx.rng("truth/market_reasons")
    today = next(iter(params["offers"]))
    about = params["offers"][today]
    n = len(market["area"])
    stays = rng.random(n) < 1 / (1 + np.exp(-params["stays"]))
    market["customer"] = open_to[today] & market["knows"] & stays
    market["lacks"] = market["must"] & ~_meets(about, needs, market["shop"])
    market["can_pay"] = market["budget"] >= about["price"]
    market["reason"] = np.select(
        [
            market["projects"] == 0,
            market["lacks"].any(1),
            ~market["can_pay"],
            ~market["knows"],
        ],
        [_NO_USE, _MISSING, _PRICE, _UNKNOWN],
        default=_HAPPY,
    )
    market["kind"] = np.select(
        [market["customer"], open_to[today]], ["customer", "near"], default="refusing"
    )
    said = np.cumsum([params["says"][reason] for reason in REASONS], axis=1)
    market["said"] = (rng.random(n)[:, None] > said[market["reason"]][:, :-1]).sum(1)
    rivals = list(params["rivals"])
    share = np.array(list(params["rivals"].values()))
    at = rng.choice(len(rivals), size=n, p=share / share.sum())
    places = np.array(rivals, dtype=object)[at]
    places[market["projects"] == 0] = rivals[-1]
    market["buys_at"] = np.where(market["customer"], ctx.company.name, places)


def _survey(ctx: Context, params: dict, market: dict) -> dict[str, np.ndarray]:
    """Invite, and see who answers; meet a few people in areas that were never asked."""
    rng = ctx.rng("market_invited")
    about = [params["areas"][name] for name in market["areas"]]
    surveyed = np.array([one["surveyed"] for one in about])
    looked = np.array([one.get("first_look", False) for one in about])
    households = np.bincount(market["area"], minlength=len(about))
    ctx.tables["market_areas"] = pd.DataFrame(
        {
            "area": market["areas"],
            "households": households,
            "shop": [one["shop"] for one in about],
            "surveyed": surveyed,
        }
    )
    cell = (market["area"] * len(AGES) + market["age"]) * len(HOMES) + market["home"]
    size = len(about) * len(AGES) * len(HOMES)
    area, rest = np.divmod(np.arange(size), len(AGES) * len(HOMES))
    age, home = np.divmod(rest, len(HOMES))
    ctx.tables["market_register"] = pd.DataFrame(
        {
            "area": np.array(market["areas"], dtype=object)[area],
            "age_group": np.array(AGES, dtype=object)[age],
            "home": np.array(HOMES, dtype=object)[home],
            "households": np.bincount(cell, minlength=size),
        }
    )
    pool = np.flatnonzero(surveyed[market["area"]])
    invited = np.sort(rng.choice(pool, min(params["invited"], len(pool)), replace=False))
    answered = rng.random(len(invited)) < market["answers"][invited]
    ctx.tables["market_invited"] = _who(market, invited).assign(answered=answered)

    rng = ctx.rng("market_first_look")
    places = np.flatnonzero(looked)
    part = params["first_look"] // max(len(places), 1)
    met = [
        rng.choice(pool, min(part, len(pool)), replace=False)
        for pool in (np.flatnonzero(market["area"] == place) for place in places)
    ]
    first = np.sort(np.concatenate(met)) if met else np.empty(0, dtype=int)
    rng = ctx.rng("market_people")
    n = len(market["area"])
    # Answers are nearly true: a project forgotten or promised, a sum rounded to pounds.
    slip = rng.random(n)
    projects = np.where(
        slip < 0.01, 0, np.where(slip > 0.99, market["projects"] + 1, market["projects"])
    )
    said = {
        "projects": projects,
        "buys_at": market["buys_at"],
        "knows_us": market["knows"],
        "can_spend": np.round(market["budget"] * rng.lognormal(0, params["spend_noise"], n)),
        "stated_reason": np.where(
            market["customer"], None, np.array(REASONS, dtype=object)[market["said"]]
        ),
    }
    answerers = invited[answered]
    for name, who in (("market_people", answerers), ("market_first_look", first)):
        frame = (
            _who(market, who) if name == "market_first_look" else _who(market, who)[["person_id"]]
        )
        ctx.tables[name] = frame.assign(**{key: values[who] for key, values in said.items()})
    return {"answerers": answerers, "first": first, "all": np.sort(np.append(answerers, first))}


def _who(market: dict, who: np.ndarray) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "person_id": who + 1,
            "area": np.array(market["areas"], dtype=object)[market["area"][who]],
            "age_group": np.array(AGES, dtype=object)[market["age"][who]],
            "home": np.array(HOMES, dtype=object)[market["home"][who]],
        }
    )


def _needs(
    ctx: Context, params: dict, needs: list[str], market: dict, asked: dict[str, np.ndarray]
) -> None:
    """Rank the needs that would be kept, and ask of each whether the person would leave without it."""
    rng = ctx.rng("market_needs")
    who, kept = asked["all"], params["kept"]
    must = market["must"][who]
    pull = np.zeros(must.shape)
    for j, need in enumerate(needs):
        if need in params["shelf_needs"]:
            pull[:, j] = 2 * market["weight"][who][:, params["shelf_needs"].index(need)]
    first = np.argsort(
        -(pull + params["ranking"] * must + rng.gumbel(size=must.shape)), axis=1, kind="stable"
    )[:, :kept]
    true = np.take_along_axis(must, first, axis=1)
    chance = np.where(true, params["leave_true"], params["leave_false"])
    ctx.tables["market_needs"] = pd.DataFrame(
        {
            "person_id": np.repeat(who + 1, kept),
            "need": np.array(needs, dtype=object)[first.ravel()],
            "keep_rank": np.tile(np.arange(1, kept + 1), len(who)),
            "would_leave": (rng.random(first.shape) < chance).ravel(),
        }
    )


def _shelf(
    ctx: Context, params: dict, needs: list[str], market: dict, asked: dict[str, np.ndarray]
) -> None:
    """Three sets at a time, drawn at random; screened, then chosen; or nothing is bought."""
    rng = ctx.rng("market_choices")
    pool = asked["answerers"]
    who = np.sort(rng.choice(pool, min(params["shelf_people"], len(pool)), replace=False))
    names, tasks = params["shelf_needs"], params["shelf_tasks"]
    shape = (len(who), tasks, 3)
    met = rng.random((*shape, len(names))) < 0.6
    price = rng.choice(params["shelf_prices"], size=shape)
    must = market["must"][who][:, [needs.index(name) for name in names]]
    passes = (met | ~must[:, None, None, :]).all(-1)
    passes &= price <= market["budget"][who][:, None, None]
    utility = params["shelf_base"] - params["shelf_price"] * price
    utility = utility + (met * market["weight"][who][:, None, None, :]).sum(-1)
    utility = np.where(passes, utility + rng.gumbel(size=shape), -np.inf)
    best = utility.argmax(-1)
    buys = utility.max(-1) > rng.gumbel(size=shape[:2])
    chosen = (np.arange(3) == best[..., None]) & buys[..., None]
    index = np.indices(shape)
    ctx.tables["market_choices"] = pd.DataFrame(
        {
            "person_id": (who[index[0]] + 1).ravel(),
            "task": index[1].ravel() + 1,
            "option": index[2].ravel() + 1,
            "price": price.ravel(),
            **{name: met[..., j].ravel().astype(int) for j, name in enumerate(names)},
            "chosen": chosen.ravel().astype(int),
        }
    )


def _trial(
    ctx: Context, market: dict, asked: dict[str, np.ndarray], bought: dict[str, np.ndarray]
) -> None:
    """Each non-customer who has answered is told of one offer, drawn at random, and buys or not."""
    rng = ctx.rng("market_trial")
    who = asked["all"][~market["customer"][asked["all"]]]
    offers = list(bought)
    arm = rng.permutation(np.arange(len(who)) % len(offers))
    ctx.tables["market_trial"] = pd.DataFrame(
        {
            "person_id": who + 1,
            "offer": np.array(offers, dtype=object)[arm],
            "bought": np.column_stack([bought[name][who] for name in offers])[
                np.arange(len(who)), arm
            ],
        }
    )


def _web(ctx: Context, params: dict, market: dict) -> None:
    """Visits to the web shop that did not buy: people of all areas, the young more often."""
    rng = ctx.rng("web_visitors")
    about, n = params["web"], params["visits"]
    pull = np.where(market["customer"], 0, np.array([1.6, 1.0, 0.5])[market["age"]])
    who = rng.choice(len(pull), size=n, p=pull / pull.sum())
    reason = market["reason"][who]
    where = np.cumsum([about[name] for name in REASONS], axis=1)
    left = (rng.random(n)[:, None] > where[reason][:, :-1]).sum(1)
    answers = rng.random(n) < about["answers"]
    said = np.cumsum([params["says"][name] for name in REASONS], axis=1)
    answer = (rng.random(n)[:, None] > said[reason][:, :-1]).sum(1)
    source = rng.choice(len(about["sources"]), size=n, p=np.array(list(about["sources"].values())))
    day = np.sort(rng.integers(0, 91, n))
    ctx.tables["web_visitors"] = pd.DataFrame(
        {
            "visit_id": np.arange(1, n + 1),
            "date": (ctx.end - 90 + day).astype("datetime64[us]"),
            "source": np.array(list(about["sources"]), dtype=object)[source],
            "pages": 1 + left + rng.poisson(1.5, n),
            "left_at": np.array(PAGES, dtype=object)[left],
            "exit_answer": np.where(answers, np.array(REASONS, dtype=object)[answer], None),
        }
    )
    ctx.truth["web_visitors"] = pd.DataFrame(
        {
            "visit_id": np.arange(1, n + 1),
            "kind": market["kind"][who],
            "true_reason": np.array(REASONS, dtype=object)[reason],
        }
    )


def _truth(
    ctx: Context,
    params: dict,
    needs: list[str],
    market: dict,
    asked: dict[str, np.ndarray],
    bought: dict[str, np.ndarray],
) -> None:
    who = asked["all"]
    names = np.array(needs, dtype=object)
    listed = {
        key: [";".join(names[row]) or None for row in market[key][who]] for key in ("must", "lacks")
    }
    ctx.truth["market_people"] = pd.DataFrame(
        {
            "person_id": who + 1,
            "kind": market["kind"][who],
            "has_project": market["projects"][who] > 0,
            "budget": market["budget"][who],
            "must_haves": listed["must"],
            "lacks": listed["lacks"],
            "true_reason": np.where(
                market["customer"][who],
                None,
                np.array(REASONS, dtype=object)[market["reason"][who]],
            ),
            **{f"buys_{name}": values[who] for name, values in bought.items()},
        }
    )
    counts = {
        "customers": market["customer"],
        "near": market["kind"] == "near",
        "refusing": market["kind"] == "refusing",
    }
    counts |= {f"buys_{name}": values & ~market["customer"] for name, values in bought.items()}
    ctx.truth["market_areas"] = pd.DataFrame(
        {
            "area": market["areas"],
            **{
                key: np.bincount(market["area"][values], minlength=len(market["areas"]))
                for key, values in counts.items()
            },
        }
    )
