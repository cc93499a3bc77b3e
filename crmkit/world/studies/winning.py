"""Winning customers: what is spent by area, channel and week, whom it brings, and what these bring.

In truth, customers come by themselves or because of a channel. Nobody sees which. The company sees the last click:
people who would have come anyway click on the line of the search page that is paid for, and so do those whom a leaflet
has moved. For eight weeks at a time, one channel is off in some areas and doubled in others, drawn at random.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pandas as pd

if TYPE_CHECKING:
    from crmkit.world.core.streams import Context

Floats = npt.NDArray[np.float64]
#: What brought those whom no channel brought, and the last click of those who did not click.
ALONE, NO_CLICK = "by themselves", "no click"
#: Weeks of one plan of spending.
PLAN = 4
#: Weeks at the end of the data that stand for today in the truth.
TODAY = 13


def build(ctx: Context) -> None:
    """Add spending, new customers, tests by area, the margin of followed customers, and their truth."""
    params = ctx.params["winning"]
    weeks = params["weeks"]
    last_monday = ctx.end + 1 - np.timedelta64((int((ctx.end + 1).astype(int)) + 3) % 7 + 7, "D")
    mondays = last_monday - 7 * np.arange(weeks)[::-1].astype("timedelta64[D]")
    season = np.asarray(ctx.params["rhythm"]["months"], float)
    # The season of a week is that of its Thursday.
    month = ((mondays + 3).astype("datetime64[M]").astype(int)) % 12
    arms = _tests(ctx, params, mondays)
    spend = _spending(ctx, params, season[month] / season.mean(), arms)
    _customers(ctx, params, mondays, season[month] / season.mean(), spend)
    _followed(ctx, params)


def _tests(ctx: Context, params: dict[str, Any], mondays: Any) -> dict[str, npt.NDArray[np.intp]]:
    """Draw the areas' arms, for each channel that is tested."""
    rng = ctx.rng("area_tests")
    names, test = np.array(list(params["areas"])), params["test"]
    arms = list(test["arms"])
    drawn, rows = {}, []
    for channel, about in params["channels"].items():
        if not about["test_week"]:
            continue
        arm = rng.permutation(np.repeat(np.arange(len(arms)), list(test["arms"].values())))
        drawn[channel] = arm
        first = mondays[about["test_week"] - 1]
        rows.append(
            pd.DataFrame(
                {
                    "acquisition_channel": channel,
                    "area": names,
                    "arm": np.array(arms)[arm],
                    "first_week": first,
                    "last_week": first + 7 * (test["weeks"] - 1),
                }
            )
        )
    ctx.tables["area_tests"] = pd.concat(rows, ignore_index=True)
    return drawn


def _spending(
    ctx: Context, params: dict[str, Any], season: Floats, arms: dict[str, npt.NDArray[np.intp]]
) -> Floats:
    """Spend per 1,000 households: weeks x areas x channels."""
    rng = ctx.rng("area_spend")
    weeks, areas = params["weeks"], len(params["areas"])
    blocks = np.arange(weeks) // PLAN
    test = params["test"]
    factors = np.array(list(test["factors"].values()))
    out = np.empty((weeks, areas, len(params["channels"])))
    for c, (channel, about) in enumerate(params["channels"].items()):
        level = np.exp(0.2 * rng.standard_normal(areas) - 0.02)
        plan = about["plan"]
        plans = np.exp(plan * rng.standard_normal((blocks[-1] + 1, areas)) - plan**2 / 2)
        by_week = np.exp(0.08 * rng.standard_normal((weeks, areas)) - 0.0032)
        wanted = plans[blocks]
        if channel in arms:
            during = slice(about["test_week"] - 1, about["test_week"] - 1 + test["weeks"])
            wanted[during] = factors[arms[channel]]
        out[:, :, c] = about["usual"] * level * season[:, None] * wanted * by_week
    return out


def _customers(
    ctx: Context, params: dict[str, Any], mondays: Any, season: Floats, per_thousand: Floats
) -> None:
    """New customers of each area and week, what brought them, and where they clicked last."""
    rng = ctx.rng("area_customers")
    names, channels = list(params["areas"]), list(params["channels"])
    thousands = np.array(list(params["areas"].values())) / 1000
    about = params["channels"]
    half, gain = (np.array([about[c][name] for c in channels]) for name in ("half", "gain"))
    spread = params["area_spread"]
    alone = params["organic"] * np.exp(
        spread * rng.standard_normal(len(names)) - spread**2 / 2
    )  # fmt: skip
    base = season[:, None] * (alone * thousands)
    # The tables round to pence: whoever fits a curve to them fits it to what was truly spent.
    spend = np.round(per_thousand * thousands[:, None], 2)
    per_thousand = spend / thousands[:, None]
    caused = base[:, :, None] * gain * per_thousand / (per_thousand + half)
    by_cause = np.concatenate([base[:, :, None], caused], axis=2)
    expected = by_cause.sum(axis=2)
    luck = rng.gamma(params["scatter"], 1 / params["scatter"], expected.shape)
    total = rng.poisson(expected * luck)
    came = rng.multinomial(total, by_cause / expected[:, :, None])
    # Nobody can click where nothing is spent, and fewer where little is.
    usual = np.array([about[c]["usual"] for c in channels])
    shown = -np.expm1(-2.5 * per_thousand / (usual * season[:, None, None]))
    clicks = np.zeros((*total.shape, len(channels)), dtype=np.int64)
    for i, cause in enumerate([ALONE, *channels]):
        chance = np.array([params["last_click"][cause].get(c, 0.0) for c in channels]) * shown
        chance = np.concatenate([chance, 1 - chance.sum(axis=2, keepdims=True)], axis=2)
        clicks += rng.multinomial(came[:, :, i], chance)[:, :, :-1]

    week = np.repeat(mondays, len(names))
    area = np.tile(np.array(names), len(mondays))
    ctx.tables["area_customers"] = pd.DataFrame(
        {"week": week, "area": area, "new_customers": total.ravel()}
    )
    ctx.tables["area_spend"] = pd.DataFrame(
        {
            "week": np.repeat(week, len(channels)),
            "area": np.repeat(area, len(channels)),
            "acquisition_channel": np.tile(np.array(channels), len(week)),
            "spend": spend.ravel(),
            "last_clicks": clicks.ravel(),
        }
    )
    ctx.tables["acquisition_areas"] = pd.DataFrame(
        {"area": names, "households": list(params["areas"].values())}
    )
    now = slice(-TODAY, None)
    spent, brought = spend[now].sum((0, 1)), caused[now].sum((0, 1))
    further = (caused * half / (per_thousand + half))[now].sum((0, 1))
    clicked = clicks[now].sum((0, 1))
    value = [expected_margin(params["value"][c], params["most_months"]) for c in channels]
    ctx.truth["acquisition_curves"] = pd.DataFrame(
        {
            "acquisition_channel": channels,
            "gain": gain,
            "half": half,
            "customers_caused": brought,
            "share_of_clicks": brought / clicked,
            "average_cost": spent / brought,
            "marginal_cost": spent / further,
            "value": value,
        }
    )


def expected_margin(about: dict[str, float], months: int) -> float:
    """Margin that a won customer brings in so many months, on average."""
    there = np.append(
        1.0, (1 - about["leave_first"]) * (1 - about["leave"]) ** np.arange(months - 1)
    )
    return float(about["margin"] * (1.0 + about["buys"] * there[1:].sum()))


def _followed(ctx: Context, params: dict[str, Any]) -> None:
    """Follow some customers of each last click from their first month on; they join over the whole period."""
    rng = ctx.rng("followed_customers")
    number, most = params["follow"], params["most_months"]
    spread = params["spread"]
    names = list(params["value"])
    channel = np.repeat(np.arange(len(names)), number)
    n = len(channel)
    first = ctx.start.astype("datetime64[M]")
    last = ctx.end.astype("datetime64[M]")
    months = int((last - first).astype(int)) + 1
    joined = rng.integers(0, months, n)
    seen = np.minimum(months - joined, most)
    about = {
        name: np.array([params["value"][who][name] for who in names])[channel]
        for name in ("leave_first", "leave", "buys", "margin")
    }
    gone = np.full((n, most), False)
    leaves = rng.random((n, most - 1)) < np.where(
        np.arange(most - 1) == 0, about["leave_first"][:, None], about["leave"][:, None]
    )
    gone[:, 1:] = np.maximum.accumulate(leaves, axis=1)
    size = np.exp(spread * rng.standard_normal(n) - spread**2 / 2)[:, None]
    buys = rng.random((n, most)) < np.where(np.arange(most) == 0, 1.0, about["buys"][:, None])
    margin = about["margin"][:, None] * size * rng.gamma(2.5, 1 / 2.5, (n, most))
    there = buys & ~gone & (np.arange(most) < seen[:, None])
    ctx.tables["followed_customers"] = pd.DataFrame(
        {
            "followed_id": np.arange(1, n + 1),
            "acquisition_channel": np.array(names)[channel],
            "month_joined": first + joined.astype("timedelta64[M]"),
            "months_seen": seen,
        }
    )
    who, when = np.nonzero(there)
    ctx.tables["followed_margin"] = pd.DataFrame(
        {"followed_id": who + 1, "month": when + 1, "margin": margin[who, when]}
    )
