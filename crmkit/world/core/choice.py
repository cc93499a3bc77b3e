"""Choice: what a customer takes from a shelf, by random utility, and through which channel.

A customer first feels a need for a category (its share, times the month), then takes the product of that category with
the highest utility: weighted quality, ease and advice, less the weighted price, plus a Gumbel error, which makes the
chances a logit (McFadden 1974). A product that lacks a must-have or costs more than the budget is out, however cheap or
good. Where none is left, the category is not bought.
"""

from __future__ import annotations

import numpy as np

from crmkit.world.core.streams import Context
from crmkit.world.core.time import all_days, weekday_of


class Shelf:
    """The products as a customer weighs them.

    Attributes
    ----------
    categories : list of str
    category : array of int
        Category of each product.
    price, cost : arrays of int
        In pence.
    """

    def __init__(self, ctx: Context) -> None:
        products = ctx.tables["products"]
        self.ctx = ctx
        self.categories = list(ctx.params["orders"]["categories"])
        position = {name: code for code, name in enumerate(self.categories)}
        self.category = products["category"].map(position).to_numpy()
        self.price = np.rint(products["price"].to_numpy(float) * 100).astype(np.int64)
        self.cost = np.rint(products["unit_cost"].to_numpy(float) * 100).astype(np.int64)
        log_price = np.log(products["price"].to_numpy(float))
        middle = np.array(
            [np.median(log_price[self.category == c]) for c in range(len(self.categories))]
        )
        self.relative_price = log_price - middle[self.category]
        self.attributes = products[["quality", "ease", "advice"]].to_numpy(float) - 3
        features = list(ctx.params["needs"]["must_haves"])
        has = [set((text or "").split(";")) for text in products["features"].fillna("")]
        self.has = np.array([[feature in mine for feature in features] for mine in has])
        # A must-have counts only where the category offers it at all: nobody needs a cordless paint.
        offered = np.array(
            [self.has[self.category == c].any(axis=0) for c in range(len(self.categories))]
        )
        self.lacks = offered[self.category] & ~self.has
        # Products of each category side by side; short categories are filled with product -1.
        members = [np.flatnonzero(self.category == c) for c in range(len(self.categories))]
        width = max(map(len, members))
        self.members = np.array(
            [np.pad(m, (0, width - len(m)), constant_values=-1) for m in members]
        )
        shares = np.array(
            [ctx.params["orders"]["categories"][name]["share"] for name in self.categories]
        )
        months = np.array(
            [ctx.params["orders"]["categories"][name]["months"] for name in self.categories]
        )
        self.category_weight = (shares[:, None] * months).T

    def utility(self, low: int, high: int) -> np.ndarray:
        """Utility of each product (columns) to customers low..high-1 (rows); -inf where it is out of the question."""
        truth = self.ctx.truth["customers"].iloc[low:high]
        needs = self.ctx.params["needs"]
        wanted = truth[["weight_solution", "weight_convenience", "weight_communication"]].to_numpy()
        price_weight = truth["weight_cost"].to_numpy() / truth["wtp_level"].to_numpy()
        utility = (needs["taste"] * wanted) @ self.attributes.T
        utility -= needs["price"] * price_weight[:, None] * self.relative_price
        must = self.ctx.arrays["must"][low:high].astype(np.float32)
        missing = must @ self.lacks.T.astype(np.float32) > 0
        too_dear = self.price / 100 > truth["budget"].to_numpy()[:, None]
        utility[missing | too_dear] = -np.inf
        return utility

    def suit(self, who: np.ndarray) -> None:
        """Change the truth of customers whom nothing suits, for they would be no customers.

        They do without their must-haves, and their budget is at least the price of the cheapest product.
        """
        truth = self.ctx.truth["customers"]
        self.ctx.arrays["must"][who] = False
        truth.loc[who, "must_haves"] = None
        truth.loc[who, "budget"] = truth.loc[who, "budget"].clip(lower=self.price.min() / 100)

    def choose(
        self, rng: np.random.Generator, low: int, high: int, who: np.ndarray, month: np.ndarray
    ) -> np.ndarray:
        """The product of each line, for the customers low..high-1; ``who`` counts from low."""
        utility = self.utility(low, high)
        nothing = np.flatnonzero(np.isneginf(utility).all(axis=1))
        if len(nothing):
            self.suit(low + nothing)
            utility[nothing] = self.utility(low, high)[nothing]
        worth = np.exp(utility).astype(np.float32)
        # The last column is for product -1, which nobody buys.
        worth = np.concatenate([worth, np.zeros((len(worth), 1), np.float32)], axis=1)
        ends = np.cumsum(worth[:, self.members], axis=2)
        total = ends[:, :, -1]
        open_ = total > 0
        weight = self.category_weight.astype(np.float32)[month] * open_[who]
        upto = np.cumsum(weight, axis=1)
        u = rng.random(len(who), dtype=np.float32) * upto[:, -1]
        category = np.minimum((upto <= u[:, None]).sum(axis=1), len(self.categories) - 1)
        u = rng.random(len(who), dtype=np.float32) * total[who, category]
        place = np.minimum(
            (ends[who, category] <= u[:, None]).sum(axis=1), self.members.shape[1] - 1
        )
        product = self.members[category, place]
        # Rounding of single precision may pass the last product that is possible: take the likeliest one then.
        wrong = np.flatnonzero((product < 0) | (worth[who, product] == 0))
        if len(wrong):
            rows = self.members[category[wrong]]
            likeliest = worth[who[wrong][:, None], rows].argmax(axis=1)
            product[wrong] = rows[np.arange(len(wrong)), likeliest]
        return product


def channels(
    ctx: Context, rng: np.random.Generator, who: np.ndarray, day: np.ndarray
) -> np.ndarray:
    """Position of the channel of each deal, in the order of the company file; everybody has habits of their own."""
    rhythm = ctx.params["rhythm"]
    roles = [channel["role"] for channel in ctx.params["channels"].values()]
    base = np.array([channel["share"] for channel in ctx.params["channels"].values()])
    convenience = ctx.truth["customers"]["weight_convenience"].to_numpy()
    mean = np.tile(base, (ctx.customers, 1))
    lean = np.exp(rhythm["channel_convenience"] * (convenience - convenience.mean()))
    mean[:, [role == "online" for role in roles]] *= lean[:, None]
    share = rng.standard_gamma(mean * rhythm["channel_own"] * 10)
    share += 1e-9
    ends = np.cumsum(share, axis=1)
    ends /= ends[:, -1:]
    u = rng.random(len(who))
    channel = np.zeros(len(who), np.int8)
    for position in range(len(roles) - 1):
        channel += u > ends[who, position]
    # Nobody answers the telephone on Sundays: such calls are made online instead.
    sunday = weekday_of(all_days(ctx))[day] == 6
    if "online" in roles:
        called = np.array([role == "telephone" for role in roles])[channel]
        channel[called & sunday] = roles.index("online")
    return channel
