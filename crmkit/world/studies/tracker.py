"""What people remember of six brands: tracker, recall experiment, panel, diaries, visits, mended failures.

The world has a memory of its own here, written without the package's models: a contact leaves a fast and a slow
trace, traces add up, and the chance to be named is one minus the chance that no trace is found. A model
that is fitted to these tables can be compared with `truth/brand_parameters`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from crmkit.world.core.memory import brand_strengths, named_in_order, trace, weekly_contacts
from crmkit.world.core.streams import Context

Floats = npt.NDArray[np.float64]
WEEK = np.timedelta64(7, "D")


def _link_strengths(
    section: Mapping[str, Any], weeks: int
) -> tuple[npt.NDArray[np.float64], list[str], list[str]]:
    """Strength of each link by week, brand and word; the lookalike takes its links from the brand it copies."""
    brands, words = section["brands"], [word["word"] for word in section["words"]]
    names = list(brands)
    table = np.zeros((weeks, len(names), len(words)))
    for b, name in enumerate(names):
        table[:, b] = np.asarray(brands[name]["links"], dtype=float)
    copy = section["lookalike"]
    original, lookalike = names.index(copy["copies"]), names.index(copy["brand"])
    since = np.arange(1, weeks + 1) - brands[copy["brand"]]["enters_week"] + 1
    grown = np.clip(since / copy["weeks_to_grow"], 0, 1)[:, None]
    profile = table[0, original]
    mixed = copy["similarity"] * profile + (1 - copy["similarity"]) * profile.mean()
    table[:, lookalike] = grown * copy["strength"] * mixed
    # What is alike is mistaken: part of the original's links now lead to the copy.
    table[:, original] = profile * (1 - grown * copy["similarity"] * copy["taken"])
    return table, names, words


def _tracker(
    ctx: Context,
    section: Mapping[str, Any],
    strength: pd.DataFrame,
    mondays: npt.NDArray[np.datetime64],
) -> None:
    rng = ctx.rng("tracker_respondents")
    names = list(section["brands"])
    weeks = len(mondays)
    asked = rng.integers(section["respondents"][0], section["respondents"][1] + 1, weeks)
    asked[np.array(section["weeks_without_fieldwork"]) - 1] = 0
    week = np.repeat(np.arange(weeks), asked)
    segments = section["segments"]
    share = np.array([part["share"] for part in segments.values()])
    segment = rng.choice(len(segments), len(week), p=share / share.sum())
    respondent = np.arange(1, len(week) + 1)
    ctx.tables["tracker_respondents"] = pd.DataFrame(
        {
            "respondent_id": respondent,
            "week": mondays[week],
            "segment": np.array(list(segments))[segment],
        }
    )

    rng = ctx.rng("tracker_answers")
    now = strength.to_numpy()[week]
    position = named_in_order(now, rng)
    known = (position > 0) | (
        (rng.random(now.shape) < -np.expm1(-section["shown_factor"] * now)) & (now > 0)
    )
    links, _, words = _link_strengths(section, weeks)
    interest = np.array([part["interest"] for part in segments.values()])[segment]
    involved = interest * rng.gamma(section["involvement"], 1 / section["involvement"], len(week))
    linked = rng.random((len(week), len(names), len(words))) < -np.expm1(
        -involved[:, None, None] * links[week]
    )
    linked &= known[:, :, None]
    letters = np.array([word["letter"] for word in section["words"]])

    copy = section["lookalike"]
    trust = np.tile([section["brands"][name]["trust"] for name in names], (len(week), 1)).astype(
        float
    )
    after = week + 1 >= section["brands"][copy["brand"]]["enters_week"]
    trust[after, names.index(copy["copies"])] -= copy["trust_lost"]
    told_trust = np.clip(np.rint(trust + rng.normal(0, 1.6, trust.shape)), 0, 10)
    liking = np.clip(
        np.rint(0.7 * trust + 1.8 + 0.4 * (told_trust - trust) + rng.normal(0, 1.3, trust.shape)),
        0,
        10,
    )
    who, brand = np.nonzero(known)
    ctx.tables["tracker_answers"] = pd.DataFrame(
        {
            "respondent_id": respondent[who],
            "brand": np.array(names)[brand],
            "position": position[who, brand],
            "liking": liking[who, brand].astype(int),
            "trust": told_trust[who, brand].astype(int),
            "links": ["".join(letters[row]) or None for row in linked[who, brand]],
        }
    )
    rows = []
    for half, at in (("before the lookalike", 0), ("end of the second year", weeks - 1)):
        for b, name in enumerate(names):
            rows += [(half, name, word, links[at, b, w]) for w, word in enumerate(words)]
    ctx.truth["brand_links"] = pd.DataFrame(rows, columns=["period", "brand", "word", "strength"])


def _experiment(ctx: Context, section: Mapping[str, Any]) -> None:
    """Random schedules: how often, how far apart, and asked how long after."""
    rng = ctx.rng("recall_experiment")
    memory = section["memory"]
    people = section["people"]
    exposures = rng.choice(section["exposures"], people)
    gap = np.where(exposures > 1, rng.choice(section["gap_weeks"], people), 0)
    after = rng.choice(section["weeks_after"], people)
    most = int(max(section["exposures"]))
    number = np.arange(most)[None, :]
    age = after[:, None] + number * gap[:, None]
    there = number < exposures[:, None]
    # A contact that follows at once is only half attended to; the oldest one always is.
    follows = number < exposures[:, None] - 1
    taken_in = np.where(follows, 1 - memory["massing"] * 0.5 ** gap[:, None], 1.0)
    strength = (trace(age, memory) * taken_in * there).sum(axis=1)
    ctx.tables["recall_experiment"] = pd.DataFrame(
        {
            "person_id": np.arange(1, people + 1),
            "exposures": exposures,
            "gap_weeks": gap,
            "weeks_after": after,
            "recalled": (rng.random(people) < -np.expm1(-strength)).astype(int),
        }
    )


def _logistic(x: Floats) -> Floats:
    return 1 / (1 + np.exp(-x))


def _panel(ctx: Context, section: Mapping[str, Any], contacts: Floats) -> None:
    """The same people every four weeks: what came to mind, and what they had bought since the last time."""
    rng = ctx.rng("brand_panel")
    people, waves = section["people"], section["waves"]
    trips = np.maximum(
        np.rint(rng.lognormal(np.log(section["trips"]), section["trips_spread"], people)), 1
    )
    weight = np.log(trips / section["trips"])
    buy, recall = section["bought"], section["recalled"]
    project = rng.random(people) < section["project_share"]
    recalled = rng.random(people) < 0.35
    bought = np.zeros(people, dtype=bool)
    rows, to_buy, to_recall = [], [], []
    for wave in range(waves):
        starts = rng.random(people) < section["project_share"] / section["project_waves"]
        project = np.where(project, rng.random(people) > 1 / section["project_waves"], starts)
        seen = rng.poisson(contacts[4 * wave : 4 * wave + 4].sum() * section["seen_share"], people)
        common = (
            buy["start"] + buy["project"] * project + buy["trips"] * weight + buy["bought"] * bought
        )
        to_buy.append(_logistic(common + buy["recalled"]) - _logistic(common))
        bought_now = rng.random(people) < _logistic(common + buy["recalled"] * recalled)
        common = (
            recall["start"]
            + recall["project"] * project
            + recall["trips"] * weight
            + recall["seen"] * np.sqrt(seen)
        )
        common = common + recall["recalled"] * recalled
        to_recall.append(_logistic(common + recall["bought"]) - _logistic(common))
        recalled_now = rng.random(people) < _logistic(common + recall["bought"] * bought_now)
        bought, recalled = bought_now, recalled_now
        rows.append(
            pd.DataFrame(
                {
                    "person_id": np.arange(1, people + 1),
                    "wave": wave + 1,
                    "trips": trips.astype(int),
                    "project": project.astype(int),
                    "contacts": seen,
                    "bought": bought.astype(int),
                    "recalled": recalled.astype(int),
                }
            )
        )
    panel = pd.concat(rows).sort_values(["person_id", "wave"], ignore_index=True)
    ctx.tables["brand_panel"] = panel
    later = slice(1, None)  # the first wave has no wave before it
    ctx.arrays["brand_effects"] = {
        "recall raises buying (points)": 100 * float(np.mean(to_buy[later])),
        "buying raises recall (points)": 100 * float(np.mean(to_recall[later])),
    }


def _diaries(ctx: Context, section: Mapping[str, Any]) -> None:
    """What happened to some customers, event by event, and how far they trusted the company after each."""
    rng = ctx.rng("diaries")
    gains = section["gains"]
    first = np.clip(rng.normal(section["first_impression"], 1.1, section["people"]), 2, 9.5).round(
        1
    )
    rows, truth = [], []
    for person, impression in enumerate(first, start=1):
        belief = float(impression)
        service = rng.normal(section["service"], 0.8)
        count = 2 + rng.poisson(section["events"])
        days = np.sort(rng.choice(ctx.days - 180, count, replace=False)) + 90
        failed = False
        for number, day in enumerate(days, start=1):
            if failed and rng.random() < section["recovery_share"]:
                kind, rating = "recovery", rng.normal(8.6, 0.7)
            elif rng.random() < section["message_share"]:
                kind, rating = "advertisement", rng.normal(section["promise"], 0.3)
            elif rng.random() < section["failure_share"]:
                kind, rating = "failure", rng.normal(1.8, 0.8)
            else:
                kind = str(rng.choice(["shop visit", "delivery", "advice", "use at home"]))
                rating = rng.normal(service, 1.4)
            failed = kind == "failure"
            rating = float(np.clip(rating, 0, 10).round(1))
            surprise = rating - belief
            gain = (
                gains["message"]
                if kind == "advertisement"
                else gains["good" if surprise >= 0 else "bad"]
            )
            belief += gain * surprise
            told = float(np.clip(belief + rng.normal(0, section["noise"]), 0, 10).round(1))
            rows.append(
                (person, number, ctx.start + np.timedelta64(int(day), "D"), kind, rating, told)
            )
            truth.append((person, number, gain * surprise, belief))
    ctx.tables["diary_people"] = pd.DataFrame(
        {"person_id": np.arange(1, len(first) + 1), "first_impression": first}
    )
    ctx.tables["diaries"] = pd.DataFrame(
        rows, columns=["person_id", "event", "date", "kind", "rating", "trust"]
    )
    ctx.truth["diaries"] = pd.DataFrame(truth, columns=["person_id", "event", "effect", "belief"])


def _visits(ctx: Context, section: Mapping[str, Any]) -> None:
    """Visits to the shop, moment by moment, and how they were remembered a week later."""
    rng = ctx.rng("visits")
    weight = section["weights"]
    moments, remembered = [], []
    for visit in range(1, section["visits"] + 1):
        count = int(rng.integers(4, 8))
        mood = rng.normal(6.3, 1.0)
        rating = np.clip(np.rint(rng.normal(mood, 2.1, count)), 0, 10)
        far = np.abs(rating - 5)
        peak = rating[far == far.max()].min()
        whole = weight["mean"] * rating.mean() + weight["peak"] * peak + weight["end"] * rating[-1]
        remembered.append(
            (visit, float(np.clip(whole + rng.normal(0, section["noise"]), 0, 10).round(1)))
        )
        moments += [(visit, number, int(value)) for number, value in enumerate(rating, start=1)]
    ctx.tables["visit_moments"] = pd.DataFrame(moments, columns=["visit_id", "moment", "rating"])
    ctx.tables["visits"] = pd.DataFrame(remembered, columns=["visit_id", "remembered"])


def _service_cases(ctx: Context, section: Mapping[str, Any]) -> None:
    """A warehouse breaks down by chance, and a coin decides how each late parcel is made good."""
    rng = ctx.rng("service_cases")
    people = section["people"]
    arms = list(section["arms"])
    failed = rng.random(people) < section["failure_share"]
    arm = np.where(failed, 1 + (rng.random(people) < 0.5), 0)
    orders = rng.poisson(3.0, people) + 1
    lift = 0.12 * (np.log(orders) - 1.2)
    named, bought = (
        rng.random(people)
        < np.clip(np.array([section["arms"][name][what] for name in arms])[arm] + lift, 0.02, 0.98)
        for what in ("named_first", "bought_90d")
    )
    spend = np.where(bought, rng.lognormal(np.log(section["basket"]), 0.7, people), 0.0)
    ctx.tables["service_cases"] = pd.DataFrame(
        {
            "person_id": np.arange(1, people + 1),
            "arm": np.array(arms)[arm],
            "orders_before": orders,
            "named_first": named.astype(int),
            "bought_90d": bought.astype(int),
            "spend_90d": spend.round(2),
        }
    )


def build(ctx: Context) -> None:
    """Build all tables about brands and memory."""
    section = ctx.params["brand"]
    weeks = int(section["weeks"])
    mondays = np.datetime64(section["first_monday"], "D") + np.arange(weeks) * WEEK
    brands = section["brands"]
    contacts = weekly_contacts(brands, weeks, ctx.rng("brand_pressure"))
    strength = brand_strengths(contacts, brands, section["memory"])

    ctx.tables["brands"] = pd.DataFrame(
        {
            "brand": list(brands),
            "story": [brand["story"] for brand in brands.values()],
            "market_share": [float(brand["market_share"]) for brand in brands.values()],
            "entered": [
                mondays[brand["enters_week"] - 1] if brand["enters_week"] > 1 else mondays[0]
                for brand in brands.values()
            ],
        }
    )
    ctx.tables["brand_words"] = pd.DataFrame(section["words"])[
        ["letter", "word", "kind", "yearly_value"]
    ].astype({"yearly_value": float})
    pressure = contacts.assign(week=mondays).melt("week", var_name="brand", value_name="contacts")
    entered = pressure["brand"].map(
        {name: mondays[brand["enters_week"] - 1] for name, brand in brands.items()}
    )
    pressure = pressure[pressure["week"] >= entered].sort_values(
        ["brand", "week"], ignore_index=True
    )
    pressure["spend"] = (pressure["contacts"] * section["cost_per_contact"]).round(0)
    ctx.tables["brand_pressure"] = pressure[["brand", "week", "contacts", "spend"]]

    _tracker(ctx, section, strength, mondays)
    ctx.tick(0.5)
    _experiment(ctx, section["experiment"])
    _panel(ctx, section["panel"], contacts[section["lookalike"]["copies"]].to_numpy())
    _diaries(ctx, section["diaries"])
    _visits(ctx, section["visits"])
    _service_cases(ctx, section["service_cases"])

    long = strength.assign(week=mondays).melt("week", var_name="brand", value_name="strength")
    long = long[long["strength"] > 0].sort_values(["brand", "week"], ignore_index=True)
    ctx.truth["brand_recall"] = long.assign(recall=-np.expm1(-long["strength"]))[
        ["brand", "week", "strength", "recall"]
    ]
    ctx.truth["brand_parameters"] = _parameters(section, ctx.arrays["brand_effects"])


def _parameters(section: Mapping[str, Any], effects: Mapping[str, float]) -> pd.DataFrame:
    """Every number behind the brand tables that an analysis might try to find."""
    rows: list[tuple[str, str, float]] = []
    rows += [("tracker", name, value) for name, value in section["memory"].items()]
    rows += [
        ("tracker", f"base {name}", brand["base"]) for name, brand in section["brands"].items()
    ]
    rows += [
        ("lookalike", name, section["lookalike"][name])
        for name in ("similarity", "strength", "taken", "trust_lost")
    ]
    rows += [("experiment", name, value) for name, value in section["experiment"]["memory"].items()]
    rows += [("diaries", name, value) for name, value in section["diaries"]["gains"].items()]
    rows += [("visits", name, value) for name, value in section["visits"]["weights"].items()]
    for arm, chances in section["service_cases"]["arms"].items():
        rows += [("service cases", f"{name}: {arm}", value) for name, value in chances.items()]
    rows += [("panel", name, value) for name, value in effects.items()]
    table = pd.DataFrame(rows, columns=["part", "parameter", "value"])
    return table.astype({"value": float})
