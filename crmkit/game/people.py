"""The people of a game: Fernwell's customers with their truth, and a pool of households who may become customers.

Everybody has a number for the whole game: customers of the start first, then households. What never changes about a
person (needs, rhythm, habits) is here; what changes is in `crmkit.game.state`.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from crmkit.game.draws import Floats
from crmkit.world.company import read_company
from crmkit.world.core import people as world_people
from crmkit.world.core.choice import Shelf
from crmkit.world.core.streams import Context
from crmkit.world.processes import products
from crmkit.world.simulate import World, simulate

COMPANY = "fernwell"
#: Columns of the table of customers that are texts.
TEXTS = ("name", "email", "phone", "street", "city", "postcode")
#: Columns of the truth of customers that the game needs as numbers.
NUMBERS = (
    *("weight_solution", "weight_cost", "weight_convenience", "weight_communication"),
    *("budget", "wtp_level", "rate_awake", "lines_mean", "awake_days", "wake_chance"),
    *("demanding", "engaged", "responsiveness", "discount_love"),
)


@dataclass(frozen=True, eq=False)
class People:
    """One entry per person; customers of the start come first.

    Attributes
    ----------
    numbers : array of float, one column for each of `NUMBERS`
    texts : array of str, one column for each of `TEXTS`; "" where nothing is known
    need : array of int
        Position of the need type in the company file.
    must : array of bool, one column per must-have
    business, one_off, newsletter, phone : arrays of bool
        A business; came for one thing; may be sent messages, may be telephoned.
    channels : array of float
        Upper ends of everybody's shares of the channels, all but the last.
    came : array of int
        Position of the acquisition channel; -1 for households of the pool.
    joined : array of int
        Day of the first order, counted from the first day of the game (so below 0); 0 for the pool.
    """

    numbers: Floats
    texts: npt.NDArray[np.str_]
    need: npt.NDArray[np.int64]
    must: npt.NDArray[np.bool_]
    business: npt.NDArray[np.bool_]
    one_off: npt.NDArray[np.bool_]
    newsletter: npt.NDArray[np.bool_]
    phone: npt.NDArray[np.bool_]
    channels: Floats
    came: npt.NDArray[np.int64]
    joined: npt.NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.need)

    def number(self, name: str) -> Floats:
        """One of `NUMBERS`, for everybody."""
        return self.numbers[:, NUMBERS.index(name)]


@functools.cache
def company_file() -> dict[str, Any]:
    """The company file of the game, read once; nobody changes it."""
    return read_company(COMPANY)


@functools.cache
def product_table() -> pd.DataFrame:
    """The products at today's list prices."""
    ctx = Context(company_file(), 0, 0, "en_GB")
    products.build(ctx)
    return ctx.tables["products"]


@functools.lru_cache(maxsize=4)
def opening(customers: int, seed: int) -> World:
    """The world in which the game begins, with its tables and truth up to the eve of the first quarter."""
    return simulate(COMPANY, customers, seed, parts=(), progress=False)


def everybody(customers: int, households: int, seed: int) -> People:
    """Customers of the start and the pool of households, made as the world makes customers.

    Parameters
    ----------
    customers, households
        How many of each.
    seed
        Of the world.
    """
    world = opening(customers, seed)
    params = company_file()
    game_starts = np.datetime64(params["company"]["end"], "D") + 1
    joined = (
        world.tables["customers"]["customer_since"].to_numpy().astype("datetime64[D]") - game_starts
    ).astype(np.int64)
    ours = _people(Context(params, customers, seed, "en_GB"), world.tables, world.truth, joined)
    if households == 0:
        return ours
    # Households are of the same kind as customers; another stream of the same seed makes them.
    ctx = Context(params, households, _pool_seed(seed), "en_GB")
    world_people.build(ctx)
    pool = _people(ctx, ctx.tables, ctx.truth, np.zeros(households, dtype=np.int64))
    order = np.argsort(ctx.rng("game.pool").random(households), kind="stable")
    pool = replace(pool, **{name: values[order] for name, values in vars(pool).items()})
    pool = replace(pool, came=np.full(households, -1, dtype=np.int64))
    return People(
        **{
            name: np.concatenate([values, getattr(pool, name)])
            for name, values in vars(ours).items()
        }
    )


def _pool_seed(seed: int) -> int:
    return int(np.random.SeedSequence(seed, spawn_key=(2026,)).generate_state(1)[0])


def _people(
    ctx: Context,
    tables: dict[str, pd.DataFrame],
    truth: dict[str, pd.DataFrame],
    joined: npt.NDArray[np.int64],
) -> People:
    customers, hidden = tables["customers"], truth["customers"].copy()
    features = list(ctx.params["needs"]["must_haves"])
    texts = hidden["must_haves"].fillna("").str.split(";")
    must = np.array([[f in mine for f in features] for mine in texts]).reshape(-1, len(features))
    business = (customers["kind"] == "business").to_numpy()
    ctx.truth["customers"], ctx.tables["products"] = hidden, product_table()
    ctx.arrays["must"] = must
    _suit_all(ctx)
    came = list(ctx.params["people"]["acquisition"]["person"])
    place = {name: position for position, name in enumerate(came)}
    types = {name: position for position, name in enumerate(ctx.params["needs"]["types"])}
    filled = customers[list(TEXTS)].fillna("").to_numpy(dtype=object)
    return People(
        numbers=np.ascontiguousarray(hidden[list(NUMBERS)].to_numpy(dtype=float)),
        texts=filled.astype(np.str_),
        need=hidden["need_type"].map(types).to_numpy(dtype=np.int64),
        must=ctx.arrays["must"],
        business=business,
        one_off=hidden["one_off"].to_numpy(dtype=bool),
        newsletter=customers["newsletter_consent"].to_numpy(dtype=bool),
        phone=customers["phone_consent"].to_numpy(dtype=bool),
        channels=_habits(ctx, hidden["weight_convenience"].to_numpy(dtype=float)),
        came=customers["acquisition_channel"].map(place).to_numpy(dtype=np.int64),
        joined=joined,
    )


def _suit_all(ctx: Context) -> None:
    """Whom nothing suits do without must-haves, as in the world."""
    shelf = Shelf(ctx)
    nothing = np.flatnonzero(np.isneginf(shelf.utility(0, ctx.customers)).all(axis=1))
    if len(nothing):
        shelf.suit(nothing)


def _habits(ctx: Context, convenience: Floats) -> Floats:
    """Upper ends of the shares of channels, drawn as `crmkit.world.core.choice.channels` draws them."""
    rhythm = ctx.params["rhythm"]
    about = ctx.params["channels"].values()
    online = [channel["role"] == "online" for channel in about]
    mean = np.tile([channel["share"] for channel in about], (len(convenience), 1))
    lean = np.exp(rhythm["channel_convenience"] * (convenience - convenience.mean()))
    mean[:, online] *= lean[:, None]
    rng = ctx.rng("orders.channel")
    share = rng.standard_gamma(mean * rhythm["channel_own"] * 10) + 1e-9
    ends = np.cumsum(share, axis=1)
    # Rounded, because the last binary digit of an exponential depends on the processor.
    return np.asarray((ends / ends[:, -1:])[:, :-1].round(9))
