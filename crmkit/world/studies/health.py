"""Satisfied is not loyal: trade customers who are asked, who act, and who leave; and the branches with their staff.

A trader decides to leave one to three quarters before the first quarter without a purchase. From then on he or she is
quiet: fewer log-ins, fewer shares, less help for others. Sales fall in the last quarter only. The reasons are few: the
need ends, a rival opens near, or something is wrong. Only the last of them has to do with satisfaction. Who is content
answers the survey more often. Discounts make content, and cost margin.

In the branches a good location lifts staff, customers and profit, and profit pays for what pleases the staff: so the
three go together for more reasons than one. In the trial chance alone decided which branches got the training.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from crmkit.data.catalogue.health import QUARTERS, REASONS, SIGNALS

if TYPE_CHECKING:
    from crmkit.world.core.streams import Context

#: Quarters that pass before the first of the data, so that some are about to leave at its beginning.
BEFORE = 6


def build(ctx: Context) -> None:
    """Add traders, their quarters and answers, branches, and the trial, with their truth."""
    params = ctx.params["health"]
    location = ctx.rng("branch_locations").standard_normal(len(params["branches"]))
    near = _rivals(ctx, params)
    _branches(ctx, params, location, near)
    _trial(ctx, params)
    ctx.tick(0.3)
    _traders(ctx, params, location, near)


def _rivals(ctx: Context, params: dict[str, Any]) -> np.ndarray:
    """Whether a rival is near, by branch and quarter of the data."""
    own, number = params["rivals"], len(params["branches"])
    rng = ctx.rng("branch_rivals")
    some = rng.permutation(number) < round(own["ever"] * number)
    opens = rng.integers(own["first"], QUARTERS, number)
    return np.asarray(some[:, None] & (np.arange(1, QUARTERS + 1) >= opens[:, None]))


# ---- traders ---------------------------------------------------------------------------------------------------------


def _traders(ctx: Context, params: dict[str, Any], location: np.ndarray, near: np.ndarray) -> None:
    rng, mood_is, leaves = ctx.rng("traders"), params["mood"], params["leaves"]
    quarters = BEFORE + QUARTERS
    # About a tenth leaves in a quarter, and as many come.
    come = rng.poisson(0.09 * params["traders"], quarters - 1)
    joined = np.repeat(np.arange(quarters), np.append(params["traders"], come))
    n = len(joined)
    branch = rng.integers(0, len(location), n)
    discount = rng.integers(0, len(params["discounts"]), n)
    usual = params["sales"] * _lognormal(rng, params["sales_spread"], n)
    lively = _lognormal(rng, params["lively_spread"], n)
    base = (
        mood_is["own"] * rng.standard_normal(n)
        + mood_is["location"] * location[branch]
        + mood_is["discount"] * (discount - (len(params["discounts"]) - 1) / 2)
    )
    moment = mood_is["moment"] * rng.standard_normal(n)
    fresh = mood_is["moment"] * np.sqrt(1 - mood_is["stays"] ** 2)
    gone = np.full(n, 10_000)  # first quarter without a purchase
    decided = np.full(n, 10_000)
    reason = np.full(n, -1)
    chances = [leaves["dissatisfied"][level] for level in ("low", "middle", "high", "highest")]
    rows = []
    for quarter in range(quarters):
        moment = mood_is["stays"] * moment + fresh * rng.standard_normal(n)
        mood = base + moment
        satisfaction = _steps(mood, mood_is["satisfaction"], 1, 10)
        rival = near[branch, max(quarter - BEFORE, 0)] & (quarter >= BEFORE)
        odds = np.column_stack(
            [
                np.full(n, leaves["need_ends"]),
                leaves["rival"] * rival,
                np.select([satisfaction <= 4, satisfaction <= 6, satisfaction <= 8], chances[:3], chances[3]),
                np.full(n, leaves["other"]),
            ]
        )  # fmt: skip
        luck = rng.random(n)
        which = (luck[:, None] >= odds.cumsum(axis=1)).sum(axis=1)
        long = 1 + np.searchsorted(np.cumsum(params["cools"])[:-1], rng.random(n), side="right")
        new = (joined <= quarter) & (decided > quarter) & (which < len(REASONS))
        decided[new], reason[new] = quarter, which[new]
        gone[new] = quarter + long[new]
        noise = _lognormal(rng, params["sales_noise"], n)
        still = rng.random(n) < params["quiet_anyway"]
        counts, loud = _signals(rng, params, mood, lively, still | (decided <= quarter))
        sales = np.round(
            np.maximum(
                usual * noise * np.where(gone == quarter + 1, params["last_sales"], 1.0), 5.0
            )
        )
        recommendation = _steps(mood, mood_is["recommendation"], 0, 10, rng.standard_normal(n))
        effort = _steps(mood, mood_is["effort"], 1, 7, rng.standard_normal(n))
        says = params["answers"]
        chance = 1 / (1 + np.exp(-(says["start"] + says["mood"] * mood + says["lively"] * loud)))
        answered = rng.random(n) < chance
        here = (joined <= quarter) & (gone > quarter)
        if quarter < BEFORE:
            continue
        who = np.flatnonzero(here)
        rate = params["margin"] - np.array(params["discounts"])[discount]
        cost = (
            params["contact_cost"] * counts["service_contacts"]
            + params["complaint_cost"] * counts["complaints"]
        )
        rows.append(
            pd.DataFrame(
                {
                    "trader": who,
                    "quarter": quarter - BEFORE + 1,
                    **{name: count[who] for name, count in counts.items()},
                    "sales": sales[who],
                    "profit": (rate * sales - cost)[who],
                    "satisfaction": satisfaction[who],
                    "recommendation": recommendation[who],
                    "effort": effort[who],
                    "answered": answered[who],
                    "decided": (decided <= quarter)[who],
                }
            )
        )
    _write(ctx, params, pd.concat(rows, ignore_index=True), joined, branch, discount, reason)


def _signals(
    rng: np.random.Generator,
    params: dict[str, Any],
    mood: np.ndarray,
    lively: np.ndarray,
    silent: np.ndarray,
) -> tuple[dict[str, np.ndarray], np.ndarray]:
    """What each trader does in a quarter, and how lively (log, in standard deviations of the usual)."""
    part = np.where(silent, params["quiet"], 1.0)
    found = {}
    for name in SIGNALS:
        rate = params["signals"][name] * part
        if name == "complaints":
            rate = rate * np.exp(-0.6 * mood)
        elif name != "service_contacts":
            rate = rate * lively
        found[name] = rng.poisson(rate)
    return found, np.log(part * lively) / params["lively_spread"]


def _write(
    ctx: Context,
    params: dict[str, Any],
    table: pd.DataFrame,
    joined: np.ndarray,
    branch: np.ndarray,
    discount: np.ndarray,
    reason: np.ndarray,
) -> None:
    """Number those who were seen, and divide what was seen from what was not."""
    seen = np.unique(table["trader"].to_numpy())
    number = np.zeros(len(joined), int)
    number[seen] = np.arange(1, len(seen) + 1)
    table.insert(0, "trader_id", number[table["trader"].to_numpy()])
    last = table.groupby("trader")["quarter"].max().to_numpy()
    left = last < QUARTERS
    names = np.array([*REASONS, ""], dtype=object)
    ctx.tables["traders"] = pd.DataFrame(
        {
            "trader_id": number[seen],
            "branch": np.array(params["branches"], dtype=object)[branch[seen]],
            "discount": np.array(params["discounts"])[discount[seen]],
            "last_quarter": np.where(left, last, np.nan),
            "reason": pd.Series(names[np.where(left, reason[seen], -1)]).replace("", None),
        }
    )
    ctx.tables["trader_quarters"] = table[
        ["trader_id", "quarter", *SIGNALS, "sales", "profit"]
    ].copy()
    silent = np.flatnonzero(((table["quarter"] == QUARTERS) & ~table["answered"]).to_numpy())
    rng = ctx.rng("trader_calls")
    size = min(params["answers"]["called"], len(silent))
    called = np.zeros(len(table), bool)
    called[rng.choice(silent, size, replace=False)] = True
    way = np.where(called, "call", "letter")
    told = table["answered"].to_numpy() | called
    said = ["trader_id", "quarter", "satisfaction", "recommendation", "effort"]
    survey = table.loc[told, said].copy()
    survey.insert(2, "way", way[told])
    ctx.tables["trader_survey"] = survey
    ctx.truth["trader_quarters"] = table[
        ["trader_id", "quarter", "satisfaction", "recommendation", "decided"]
    ].copy()


def _lognormal(rng: np.random.Generator, spread: float, n: int) -> np.ndarray:
    """Factors with mean 1."""
    return np.asarray(np.exp(rng.normal(-(spread**2) / 2, spread, n)))


def _steps(
    mood: np.ndarray,
    how: list[float],
    lowest: int,
    highest: int,
    noise: np.ndarray | float = 0.0,
) -> np.ndarray:
    """A mood told on a scale of whole numbers."""
    middle, points = how[:2]
    spread = how[2] if len(how) > 2 else 0.0
    return np.clip(np.round(middle + points * mood + spread * noise), lowest, highest).astype(int)


# ---- branches --------------------------------------------------------------------------------------------------------


def _run(
    rng: np.random.Generator,
    chain: dict[str, Any],
    location: np.ndarray,
    quarters: int,
    lift: np.ndarray | float = 0.0,
) -> np.ndarray:
    """Staff, customers and profit of each branch, quarter by quarter (3 x quarters x branches), in deviations."""
    n = len(location)
    staff, customer, profit = np.zeros((3, n))
    found = np.zeros((3, quarters, n))
    for quarter in range(-8, quarters):
        luck = rng.standard_normal((3, n))
        of = chain["staff"]
        before = customer
        staff = (
            of["location"] * location
            + of["profit"] * profit
            + of["keeps"] * (staff - of["location"] * location)
            + of["noise"] * luck[0]
            + lift
        )
        of = chain["customer"]
        customer = (
            of["location"] * location
            + of["staff"] * staff
            + of["keeps"] * (customer - of["location"] * location)
            + of["noise"] * luck[1]
        )
        of = chain["profit"]
        profit = (
            of["location"] * location
            + of["customer"] * before
            + of["keeps"] * (profit - of["location"] * location)
            + of["noise"] * luck[2]
        )
        if quarter >= 0:
            found[:, quarter] = staff, customer, profit
    return found


def _told(chain: dict[str, Any], name: str, deviation: np.ndarray) -> np.ndarray:
    """Points of a scale, or thousands of pounds."""
    return np.asarray(chain[name]["mean"] + chain[name]["points"] * deviation)


def _branches(ctx: Context, params: dict[str, Any], location: np.ndarray, near: np.ndarray) -> None:
    chain, names = params["chain"], params["branches"]
    found = _run(ctx.rng("branch_quarters"), chain, location, QUARTERS)
    staff, customer, profit = (
        _told(chain, name, found[place]).T.ravel()
        for place, name in enumerate(("staff", "customer", "profit"))
    )
    ctx.tables["branch_quarters"] = pd.DataFrame(
        {
            "branch": np.repeat(np.array(names, dtype=object), QUARTERS),
            "quarter": np.tile(np.arange(1, QUARTERS + 1), len(names)),
            "staff_satisfaction": np.clip(staff, 1, 10),
            "customer_satisfaction": np.clip(customer, 1, 10),
            "profit": profit,
            "rival_near": near.ravel(),
        }
    )


def _trial(ctx: Context, params: dict[str, Any]) -> None:
    """A year on, half of the branches get a training. Each branch runs with it and without it, with the same luck."""
    chain, own, names = params["chain"], params["trial"], params["branches"]
    location = ctx.rng("branch_locations").standard_normal(len(names))
    n, quarters = len(names), own["quarters"]
    trained = ctx.rng("branch_trial").permutation(n) < n // 2
    runs = {}
    for with_it in (False, True):
        rng = ctx.rng("branch_trial_year")
        before = _run(rng, chain, location, quarters)
        # The same branches go on; the training takes a quarter or two until it is felt everywhere.
        after = _run(
            rng,
            chain,
            location,
            quarters,
            own["training"] * (1 - chain["staff"]["keeps"]) * with_it,
        )
        runs[with_it] = before.mean(axis=1), after.mean(axis=1)
    table: dict[str, Any] = {"branch": np.array(names, dtype=object), "trained": trained}
    truth: dict[str, Any] = {"branch": np.array(names, dtype=object), "location": location}
    for place, name in enumerate(("staff", "customer", "profit")):
        column = name if name == "profit" else f"{name}_satisfaction"
        before = _told(chain, name, runs[False][0][place])
        plain, lifted = (_told(chain, name, runs[way][1][place]) for way in (False, True))
        table[f"{column}_before"] = before
        table[f"{column}_after"] = np.where(trained, lifted, plain)
        truth[f"{name}_effect"] = lifted - plain
    ctx.tables["branch_trial"] = pd.DataFrame(table)
    ctx.truth["branch_trial"] = pd.DataFrame(truth)


def faults(params: dict[str, Any]) -> list[str]:
    """What a section [health] says that no world can be made of."""
    own = params["health"]
    found = []
    number = len(own["branches"])
    if number < 8 or number % 2 or len(set(own["branches"])) < number:
        found.append("[health] branches: an even number of different names, eight at least.")
    if own["traders"] < 200:
        found.append("[health] traders: 200 at least, for the lesson learns from half of them.")
    if len(own["cools"]) != 3 or abs(sum(own["cools"]) - 1) > 1e-9:
        found.append("[health] cools: three shares that add up to 1.")
    missing = [name for name in SIGNALS if name not in own["signals"]]
    if missing:
        found.append(f"[health.signals] lacks {missing[0]}.")
    return found
