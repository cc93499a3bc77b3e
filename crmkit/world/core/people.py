"""People: who the customers are, when they came, and what moves them."""

from __future__ import annotations

import numpy as np
import pandas as pd

from crmkit.world.core import names
from crmkit.world.core import time as calendar
from crmkit.world.core.streams import Context

NEEDS = ("solution", "cost", "convenience", "communication")
# A trade without order lines sells one thing at a time.
_ONE_LINE = {"lines": 1.0, "lines_spread": 0.0, "one_off_lines": 1.0}


def build(ctx: Context) -> None:
    """Add ``customers`` and ``truth/customers``."""
    joined, business = _joining(ctx)
    _needs(ctx, joined, business)
    _contact(ctx, joined, business)


def pick(rng: np.random.Generator, shares: dict[str, float], size: int) -> np.ndarray:
    """Positions 0, 1, ... drawn with the given shares, which need not add up to 1."""
    return np.searchsorted(cumulative(shares), rng.random(size), side="right")


def cumulative(shares: dict[str, float]) -> np.ndarray:
    """Upper ends of the shares laid side by side on the line from 0 to 1, the last left out."""
    values = np.array(list(shares.values()), float)
    return (np.cumsum(values) / values.sum())[:-1]


def labels(names_: list[str], codes: np.ndarray) -> pd.Series:
    """Strings for codes: quick for millions of rows."""
    return pd.Series(pd.array(names_, dtype="str").take(codes))


def _joining(ctx: Context) -> tuple[np.ndarray, np.ndarray]:
    """The day of joining (counted from the first day of the data, rising) and who is a business."""
    people = ctx.params["people"]
    rng = ctx.rng("joining")
    n = ctx.customers
    business = rng.random(n) < people["business_share"]
    busy = calendar.busyness(ctx)
    # The rush after the start fades; the others come evenly, but on busy days rather than on quiet ones.
    rush = np.exp(-np.arange(ctx.days) / people["launch_days"])
    u = rng.random(n)
    launch = rng.random(n) < people["launch_share"]
    day = np.empty(n, np.int64)
    for kind in (0, 1):
        for early, profile in ((True, rush), (False, np.ones(ctx.days))):
            chosen = (business == kind) & (launch == early)
            ends = np.cumsum(busy[kind] * profile)
            day[chosen] = np.searchsorted(ends / ends[-1], u[chosen], side="right")
    order = np.argsort(day, kind="stable")
    day = np.minimum(day[order], ctx.days - 1)
    ctx.arrays["joined"], ctx.arrays["business"] = day, business[order]
    return ctx.arrays["joined"], ctx.arrays["business"]


def _needs(ctx: Context, joined: np.ndarray, business: np.ndarray) -> None:
    needs, sleep, rhythm = ctx.params["needs"], ctx.params["sleep"], ctx.params["rhythm"]
    lines = ctx.params.get("orders", _ONE_LINE)
    rng = ctx.rng("truth/customers")
    n = len(joined)
    types = list(needs["types"])
    kind = pick(rng, {name: needs["types"][name]["share"] for name in types}, n)

    def of_type(parameter: str) -> np.ndarray:
        return np.array([needs["types"][name][parameter] for name in types], float)[kind]

    means = np.array([needs["types"][name]["weights"] for name in types], float)
    means /= means.sum(axis=1, keepdims=True)
    weights = rng.standard_gamma(means[kind] * needs["concentration"])
    weights = np.maximum(weights / weights.sum(axis=1, keepdims=True), 0.01)
    weights /= weights.sum(axis=1, keepdims=True)
    weights[:, :3] = weights[:, :3].round(3)
    weights[:, 3] = 1 - weights[:, :3].sum(axis=1)

    shares = np.array(list(needs["must_haves"].values()))
    must = rng.random((n, len(shares))) < shares
    # People who drew more than three have none: a long list is a wish list.
    must[must.sum(axis=1) > 3] = False
    ctx.arrays["must"] = must

    one_off = rng.random(n) < sleep["one_off_share"]
    one_off &= ~business
    awake_days = sleep["awake_days"] * _spread(rng, sleep["awake_spread"], n)
    wake = rng.beta(
        sleep["wake_chance"] * sleep["wake_concentration"],
        (1 - sleep["wake_chance"]) * sleep["wake_concentration"],
        n,
    )
    rate = rng.gamma(rhythm["rate_shape"], rhythm["rate"] / rhythm["rate_shape"], n)
    rate = np.where(business, rate * rhythm["business_rate"], rate)
    rate = np.where(one_off, rate * sleep["one_off_rate"], rate)
    lines_mean = 1 + (lines["lines"] - 1) * _spread(rng, lines["lines_spread"], n)
    tie = ctx.params["engagement"]["tie"]
    rhythm = (np.log(rate) - np.log(rate).mean()) / max(np.log(rate).std(), 1e-9)
    engaged = tie * rhythm + np.sqrt(1 - tie**2) * rng.standard_normal(n)
    discount = of_type("discount")
    frame = pd.DataFrame({"customer_id": np.arange(1, n + 1)})
    frame["need_type"] = labels(types, kind)
    for position, need in enumerate(NEEDS):
        frame[f"weight_{need}"] = weights[:, position].round(3)
    frame["must_haves"] = _joined(list(needs["must_haves"]), must)
    frame["budget"] = (
        of_type("budget") * np.exp(of_type("budget_spread") * rng.standard_normal(n))
    ).round(2)
    frame["wtp_level"] = (
        of_type("wtp") * np.exp(needs["wtp_spread"] * rng.standard_normal(n))
    ).round(3)
    frame["rate_awake"] = np.maximum(rate, 0.05).round(3)
    frame["lines_mean"] = np.where(one_off, lines_mean * lines["one_off_lines"], lines_mean).round(
        3
    )
    frame["awake_days"] = np.where(
        one_off, sleep["one_off_days"], np.maximum(awake_days, 10)
    ).round(1)
    frame["wake_chance"] = np.where(one_off, sleep["one_off_wake"], wake).round(3)
    frame["one_off"] = one_off
    frame["demanding"] = np.minimum(
        _spread(rng, ctx.params["service"]["demanding_spread"], n),
        ctx.params["service"]["demanding_most"],
    ).round(3)
    frame["engaged"] = engaged.round(3)
    frame["responsiveness"] = rng.standard_normal(n).round(3)
    frame["discount_love"] = np.clip(rng.beta(discount * 8, (1 - discount) * 8), 0, 1).round(3)
    ctx.truth["customers"] = frame


def _spread(rng: np.random.Generator, sigma: float, n: int) -> np.ndarray:
    """Log-normal factors with mean 1."""
    return np.exp(sigma * rng.standard_normal(n) - sigma**2 / 2)


def _joined(features: list[str], must: np.ndarray) -> pd.Series:
    """Each row's features joined by semicolons; there are few different rows, so each is written once."""
    codes = must @ (1 << np.arange(len(features)))
    kinds, code = np.unique(codes, return_inverse=True)
    texts = [";".join(f for bit, f in enumerate(features) if kind >> bit & 1) for kind in kinds]
    return labels(texts, code).replace("", None)


def _contact(ctx: Context, joined: np.ndarray, business: np.ndarray) -> None:
    people = ctx.params["people"]
    rng = ctx.rng("customers")
    n = len(joined)
    who = names.draw(rng, ctx.locale, business, people.get("business_names"))
    frame = pd.DataFrame({"customer_id": np.arange(1, n + 1)})
    frame["name"] = who.name
    frame["kind"] = labels(["person", "business"], business.astype(int))
    frame["email"] = pd.Series(who.email, dtype="str").where(rng.random(n) < people["email_known"])
    frame["phone"] = pd.Series(who.phone, dtype="str").where(rng.random(n) < people["phone_known"])
    frame["street"] = who.street
    frame["city"] = who.city
    frame["postcode"] = who.postcode
    channels = list(people["acquisition"]["person"])
    u = rng.random(n)
    came = np.where(
        business,
        np.searchsorted(
            cumulative({c: people["acquisition"]["business"][c] for c in channels}), u, side="right"
        ),
        np.searchsorted(cumulative(people["acquisition"]["person"]), u, side="right"),
    )
    frame["acquisition_channel"] = labels(channels, came)
    frame["customer_since"] = (ctx.start + joined).astype("datetime64[us]")
    frame["newsletter_consent"] = rng.random(n) < people["newsletter_consent"]
    frame["phone_consent"] = rng.random(n) < people["phone_consent"]
    ctx.tables["customers"] = frame
