"""The offer simulator: who buys which offer, at what profit, when needs are what they are.

Business context: an offer is a position on the four P. It sells when it meets *all* must-haves of a customer
(being able to pay is always one) and *some* nice-to-haves; among the offers that do, the customer takes the one
that gives most for all that it costs: the price, what must be bought besides, the trip, the risk.

Model: random utility (McFadden 1974). For customer i and offer o that passes the must-haves,
``U = sum of weight x how far the need is met - weight of money x full cost / 20 + chance``, with Gumbel chance;
buying nothing has the utility ``walk_away``. An offer that misses a must-have is no candidate, however cheap: the
rule is non-compensatory (Gilbride & Allenby 2004, Marketing Science 23(3)).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations, product

import numpy as np
import pandas as pd

from crmkit.errors import CrmkitError
from crmkit.inference import mean_interval
from crmkit.inputs import (
    first_few,
    need_number,
    need_numbers,
    need_rows,
    need_true_false,
    need_unique,
)
from crmkit.mix.house import as_matrix, check_matrix, needs_met, offer_from_importance
from crmkit.mix.must_haves import PAY, must_haves_by_both, open_sets
from crmkit.mix.shelf import ShelfModel

#: What a set costs to make with every lever at 1, in pounds.
BASE_COST = 3.0
#: Met at least this far (0 to 1), a need counts as met.
MET = 0.4
#: Pounds that weigh as much as the need "affordable".
MONEY_UNIT = 20.0
#: What must be bought besides if the set is not complete at all; the trip if no shop is near (40 minutes at
#: 10 pounds an hour); the share of the price at risk if money never comes back.
EXTRAS, TRIP, RISK = 6.0, 40 * 10 / 60, 0.1


@dataclass
class Market:
    """Customers, what they need, and what levers do: all that decides who buys which offer.

    Parameters
    ----------
    needs
        One row per customer and need: ``customer_id``, ``need``, ``weight`` (points of utility, not
        negative), ``must_have``.
    budgets
        The most that each customer can pay, by ``customer_id``, in pounds.
    effects
        Needs by levers, as effects of the way from level 1 to 5 (0 to 1).
    levers
        The table ``levers``: ``lever``, ``step_unit_cost``, ``step_fixed_cost``.
    groups
        Segment of each customer, by ``customer_id``.
    buyers
        Purchases a year for which the customers stand.
    walk_away
        Utility of buying nothing.
    some_nice
        How many nice-to-haves an offer must meet at least.

    Examples
    --------
    >>> market = Market.example()
    >>> simulate_offers(market, market.example_offers())["share"].round(2).tolist()
    [0.92, 0.0]
    """

    needs: pd.DataFrame
    budgets: pd.Series
    effects: pd.DataFrame
    levers: pd.DataFrame
    groups: pd.Series
    buyers: int = 40_000
    walk_away: float = 4.2
    some_nice: int = 2
    _cache: dict = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        need_rows(self.needs, ["customer_id", "need", "weight", "must_have"], "needs")
        need_rows(self.levers, ["lever", "step_unit_cost", "step_fixed_cost"], "levers")
        steps = [
            need_numbers(self.levers[column], f"levers, {column}")
            for column in ("step_unit_cost", "step_fixed_cost")
        ]
        need_unique(self.needs, ["customer_id", "need"], "needs")
        need_numbers(self.needs["weight"], "needs, weight", minimum=0)
        need_true_false(self.needs["must_have"], "needs, must_have")
        need_numbers(self.budgets, "budgets", minimum=0)
        wide = self.needs.pivot(index="customer_id", columns="need", values="weight")
        if wide.isna().to_numpy().any():
            odd = wide.index[wide.isna().any(axis=1)]
            raise CrmkitError(
                f"needs: {len(odd)} customers lack a row for some need, first customer {first_few(odd)}."
            )
        if PAY not in wide.columns:
            raise CrmkitError(
                f"needs: the need {PAY!r} is missing; being able to pay is always one."
            )
        must = self.needs.pivot(index="customer_id", columns="need", values="must_have")
        others = [need for need in wide.columns if need != PAY]
        effects = check_matrix(self.effects)
        absent = [need for need in others if need not in effects.index]
        if absent:
            raise CrmkitError(f"effects: no row for the need {first_few(absent)}.")
        free = set(effects.columns) - {"low_price"} - set(self.levers["lever"])
        if free:
            raise CrmkitError(
                f"levers: no cost for the lever {first_few(sorted(free))} of the effects."
            )
        for name, series in (("budgets", self.budgets), ("groups", self.groups)):
            gone = wide.index.difference(series.index)
            if len(gone):
                raise CrmkitError(f"{name}: customer {first_few(gone)} is missing.")
        self._cache = {
            "ids": wide.index,
            "others": others,
            "weight": wide[others].to_numpy(dtype=float),
            "money": wide[PAY].to_numpy(dtype=float),
            "must": must[others].to_numpy(dtype=bool),
            "budget": self.budgets.loc[wide.index].to_numpy(dtype=float),
            "effects": effects.loc[others].drop(columns="low_price", errors="ignore"),
            "groups": self.groups.loc[wide.index].to_numpy(),
            "costs": dict(zip(self.levers["lever"], zip(*steps, strict=True), strict=True)),
        }

    @property
    def segments(self) -> list[str]:
        """Names of the segments."""
        return sorted(set(self._cache["groups"]))

    @classmethod
    def from_tables(
        cls,
        needs: pd.DataFrame,
        budgets: pd.DataFrame,
        effects: pd.DataFrame,
        levers: pd.DataFrame,
        customers: pd.DataFrame,
    ) -> Market:
        """Make the true market from the truth tables ``needs``, ``set_value``, ``lever_effects``, ``customers``."""
        return cls(
            needs,
            budgets.set_index("customer_id")["budget"],
            as_matrix(effects),
            levers,
            customers.set_index("customer_id")["need_type"],
        )

    @classmethod
    def from_survey(
        cls,
        ratings: pd.DataFrame,
        choices: pd.DataFrame,
        answers: pd.DataFrame,
        effects: pd.DataFrame,
        levers: pd.DataFrame,
        groups: pd.Series,
        *,
        keep: int = 3,
    ) -> Market:
        """Make a market from what a company can see: forced rankings, shelf choices, price answers, prototypes.

        Must-haves are the first `keep` needs of the forced ranking that were never done without at the shelf. Weights
        are logit weights of the customer's segment, from those sets on the shelf that had all of these must-haves
        and could be paid for.

        Parameters
        ----------
        ratings, choices, answers
            The tables ``need_ratings``, ``shelf_choices``, ``price_answers``.
        effects
            What :func:`crmkit.mix.estimate_effects` gives.
        levers
            The table ``levers``.
        groups
            Segment of each customer, by ``customer_id``.
        keep
            Needs kept in the forced ranking.
        """
        must = must_haves_by_both(ratings, choices, keep)
        others = [need for need in ratings["need"].unique() if need in choices.columns]
        ids = pd.Index(must["customer_id"].unique())
        # Who has paid more than the answer to "too expensive?" can pay more.
        paid = choices[choices["chosen"] == 1].groupby("customer_id")["price"].max()
        said = answers.set_index("customer_id")["too_expensive"]
        budgets = pd.concat([said, paid], axis=1).max(axis=1)
        choosable = open_sets(choices, must)
        choosable = choosable[choosable["price"] <= choosable["customer_id"].map(budgets)]
        group_of = groups.reindex(ids)
        parts, away = [], []
        for name in sorted(group_of.dropna().unique()):
            members = group_of.index[group_of == name]
            model = ShelfModel().fit(choosable[choosable["customer_id"].isin(members)], others)
            weight = model.weights_.set_index("need")["weight"].clip(lower=0)
            weight[PAY] = max(model.price_weight_, 0) * MONEY_UNIT
            parts.append(
                must[must["customer_id"].isin(members)].assign(
                    weight=lambda f, weight=weight: f["need"].map(weight)
                )
            )
            away.append((-model.constant_, len(members)))
        walk_away = float(np.average([a for a, _ in away], weights=[n for _, n in away]))
        return cls(
            pd.concat(parts, ignore_index=True),
            budgets,
            as_matrix(effects),
            levers,
            group_of,
            walk_away=walk_away,
        )

    @classmethod
    def example(cls) -> Market:
        """Make a tiny market: one customer, two needs, two levers."""
        return cls(
            pd.DataFrame(
                {
                    "customer_id": 1,
                    "need": ["advice", "durable", PAY],
                    "weight": [6.0, 1.0, 1.0],
                    "must_have": [True, False, True],
                }
            ),
            pd.Series({1: 30.0}),
            pd.DataFrame({"staff": [1.0, 0.0], "quality": [0.0, 1.0]}, index=["advice", "durable"]),
            pd.DataFrame(
                {
                    "lever": ["staff", "quality"],
                    "step_unit_cost": [0.5, 1.0],
                    "step_fixed_cost": [100.0, 50.0],
                }
            ),
            pd.Series({1: "all"}),
            buyers=1000,
            walk_away=3.0,
            some_nice=0,
        )

    @staticmethod
    def example_offers() -> pd.DataFrame:
        """Two offers for the tiny market: one with advice, one without."""
        return pd.DataFrame(
            {
                "offer": ["asks first", "cheap"],
                "price": [10.0, 4.0],
                "staff": [5, 1],
                "quality": [1, 1],
            }
        )


def offer_costs(market: Market, offers: pd.DataFrame) -> pd.DataFrame:
    """Add up what offers cost: for each set, and a year.

    Returns
    -------
    DataFrame
        ``unit_cost`` (pounds a set), ``fixed_cost`` (pounds a year), in the order of `offers`.

    Examples
    --------
    >>> market = Market.example()
    >>> offer_costs(market, market.example_offers())["unit_cost"].tolist()
    [5.0, 3.0]
    """
    costs = {
        lever: cost for lever, cost in market._cache["costs"].items() if lever in offers.columns
    }
    steps = offers[list(costs)].to_numpy(dtype=float) - 1
    total = steps @ np.array(list(costs.values())).reshape(-1, 2)
    return pd.DataFrame(
        {"unit_cost": BASE_COST + total[:, 0], "fixed_cost": total[:, 1]}, index=offers.index
    )


def full_cost(offers: pd.DataFrame, met: pd.DataFrame) -> np.ndarray:
    """Price plus what else a purchase costs the customer: extras, the trip, the risk (pounds).

    Parameters
    ----------
    offers
        With ``price``.
    met
        How far each offer meets ``complete``, ``nearby``, ``returnable`` (0 to 1); a need that is not there
        costs nothing.

    Examples
    --------
    >>> full_cost(pd.DataFrame({"price": [10.0]}), pd.DataFrame({"complete": [0.5]})).tolist()
    [13.0]
    """
    price = offers["price"].to_numpy(dtype=float)
    total = price.copy()
    for need, cost in (("complete", EXTRAS), ("nearby", TRIP), ("returnable", RISK * price)):
        if need in met.columns:
            total = total + cost * (1 - met[need].to_numpy(dtype=float))
    return total


def choice_shares(market: Market, offers: pd.DataFrame) -> np.ndarray:
    """Chance that each customer (row) buys each offer (column); what is left to 1 is buying nothing.

    Examples
    --------
    >>> market = Market.example()
    >>> choice_shares(market, market.example_offers()).round(2).tolist()
    [[0.92, 0.0]]
    """
    up = _pull(market, _check_offers(market, offers))
    return up / (np.exp(market.walk_away) + up.sum(axis=1, keepdims=True))


def _check_offers(market: Market, offers: pd.DataFrame, *, loss_ok: bool = False) -> pd.DataFrame:
    levers = [lever for lever in market.effects.columns if lever != "low_price"]
    need_rows(offers, ["price", *levers], "offers")
    need_numbers(offers["price"], "offers, price", minimum=0)
    unit_cost = offer_costs(market, offers)["unit_cost"].to_numpy()
    below = offers["price"].to_numpy(dtype=float) < unit_cost
    if below.any() and not loss_ok:
        i = int(np.flatnonzero(below)[0])
        name = offers["offer"].iloc[i] if "offer" in offers.columns else f"row {offers.index[i]}"
        cost = unit_cost[i]
        raise CrmkitError(
            f"offers: the price of {name} is {offers['price'].iloc[i]:.2f}, below its cost of {cost:.2f} a set: "
            "every sale would lose money. Raise the price or lower a lever."
        )
    return offers


def _pull(market: Market, offers: pd.DataFrame) -> np.ndarray:
    """exp(utility) of each customer for each offer; 0 where a must-have is missed."""
    c = market._cache
    effects = c["effects"]
    met = needs_met(effects, offers[list(effects.columns)])
    share_met = met[c["others"]].to_numpy()
    price = offers["price"].to_numpy(dtype=float)
    u = c["weight"] @ share_met.T - c["money"][:, None] * full_cost(offers, met) / MONEY_UNIT
    unmet = (share_met < MET).astype(float).T
    lacking = c["must"].astype(float) @ unmet > 0
    nice = (~c["must"]).astype(float) @ (1 - unmet) >= market.some_nice
    can_pay = price <= c["budget"][:, None]
    return np.where(~lacking & nice & can_pay, np.exp(u), 0.0)


def simulate_offers(
    market: Market, offers: pd.DataFrame, *, by_segment: bool = False
) -> pd.DataFrame:
    """Say what each offer sells and earns when all of them are on sale.

    Parameters
    ----------
    market
        The customers.
    offers
        One row per offer: ``offer``, ``price``, one column per lever (levels 1 to 5).
    by_segment
        One row per offer and segment. Profit is then before fixed costs, which no segment causes alone.

    Returns
    -------
    DataFrame
        ``offer`` (, ``segment``), ``share`` (of all purchases that might be made, or of the segment's),
        ``units``, ``turnover``,
        ``profit`` (pounds a year).

    Raises
    ------
    CrmkitError
        A price below cost, a lever missing or outside 1 to 5.

    Examples
    --------
    >>> market = Market.example()
    >>> simulate_offers(market, market.example_offers())[["offer", "units"]].round().values.tolist()
    [['asks first', 924.0], ['cheap', 0.0]]
    """
    need_rows(offers, ["offer"], "offers")
    chance = choice_shares(market, offers)
    costs = offer_costs(market, offers)
    price = offers["price"].to_numpy(dtype=float)
    margin = price - costs["unit_cost"].to_numpy()
    groups = market._cache["groups"]
    segments: list = market.segments if by_segment else [None]
    inside = [groups == segment if by_segment else slice(None) for segment in segments]
    share = np.array([chance[members].mean(axis=0) for members in inside])
    weight = np.array([len(chance[members]) / len(groups) for members in inside])
    units = share * market.buyers * weight[:, None]
    profit = units * margin - (0 if by_segment else costs["fixed_cost"].to_numpy())
    out = pd.DataFrame(
        {
            "offer": np.tile(offers["offer"].to_numpy(), len(segments)),
            "share": share.ravel(),
            "units": units.ravel(),
            "turnover": (units * price).ravel(),
            "profit": profit.ravel(),
        }
    )
    if by_segment:
        out.insert(1, "segment", np.repeat(segments, len(offers)))
    return out


def compare_offers(
    market: Market, offers: pd.DataFrame, rivals: pd.DataFrame, *, level: float = 0.95
) -> pd.DataFrame:
    """Put offers on sale one after the other, each alone against the rivals, and say how sure their profits are.

    The customers of the market are a sample, and stand for all buyers. So the mean over them has a standard error
    (Student's t), and so has the difference of two offers, customer by customer. What the market itself has wrong
    (effects, must-haves, budgets) is not in these intervals.

    Parameters
    ----------
    market
        The customers.
    offers
        One row per offer to be tried: ``offer``, ``price``, one column per lever (levels 1 to 5).
    rivals
        Offers that stay on sale.
    level
        Of the intervals.

    Returns
    -------
    DataFrame
        One row per offer, in the given order: ``offer``, ``units``, ``profit`` with ``low`` and ``high`` (a year),
        and ``more`` with ``more_low`` and ``more_high``: profit beyond that of the first offer (NaN for the first).

    Examples
    --------
    >>> market = Market.example()
    >>> offers = market.example_offers()
    >>> compare_offers(market, offers.iloc[:1], offers.iloc[1:])["profit"].round().tolist()
    [4221.0]
    """
    need_rows(offers, ["offer", "price"], "offers")
    columns = [name for name in offers.columns if name in rivals.columns]
    costs = offer_costs(market, offers)
    rows: list[dict[str, object]] = []
    first = np.zeros(0)
    for at, name in enumerate(offers["offer"]):
        shelf = pd.concat([offers.iloc[[at]][columns], rivals[columns]], ignore_index=True)
        units = choice_shares(market, shelf)[:, 0] * market.buyers
        margin = float(offers["price"].iloc[at]) - float(costs["unit_cost"].iloc[at])
        profit = units * margin - float(costs["fixed_cost"].iloc[at])
        own = mean_interval(profit, level=level)
        first = first if at else profit
        more = mean_interval(profit - first, level=level) if at else (np.nan,) * 3
        rows.append(
            {
                "offer": name,
                "units": units.mean(),
                **dict(zip(("profit", "low", "high"), own, strict=True)),
                **dict(zip(("more", "more_low", "more_high"), more, strict=True)),
            }
        )
    return pd.DataFrame(rows)


def step_gains(market: Market, ours: pd.DataFrame, rivals: pd.DataFrame) -> pd.DataFrame:
    """Pull each lever of an offer one step up, everything else as it is, and say what that step earns.

    Parameters
    ----------
    market
        The customers.
    ours
        One row: the offer.
    rivals
        Offers that stay on sale.

    Returns
    -------
    DataFrame
        One row per lever that can still be pulled (below 5), the most profitable first: ``lever``, ``gain`` (profit a
        year more than without the step), ``refused`` (change in the share of customers to whom the offer is closed,
        because it misses a must-have or too many nice-to-haves, or cannot be paid).

    Raises
    ------
    CrmkitError
        More than one offer, or none.

    Examples
    --------
    >>> market = Market.example()
    >>> offers = market.example_offers()
    >>> step_gains(market, offers.iloc[1:], offers.iloc[:1])["lever"].tolist()
    ['quality', 'staff']
    """
    need_rows(ours, ["offer", "price"], "ours")
    if len(ours) != 1:
        raise CrmkitError(f"ours: one offer is needed, one row; there are {len(ours)}.")
    columns = [name for name in ours.columns if name in rivals.columns]
    levers = [lever for lever in market.effects.columns if lever != "low_price"]

    def outcome(offer: pd.DataFrame) -> tuple[float, float]:
        shelf = pd.concat([offer[columns], rivals[columns]], ignore_index=True)
        closed = float((choice_shares(market, shelf)[:, 0] == 0).mean())
        return float(simulate_offers(market, shelf)["profit"].iloc[0]), closed

    profit, refused = outcome(ours)
    rows = []
    for lever in levers:
        if ours[lever].iloc[0] < 5:
            then, closed = outcome(ours.assign(**{lever: ours[lever] + 1}))
            rows.append((lever, then - profit, closed - refused))
    out = pd.DataFrame(rows, columns=["lever", "gain", "refused"])
    return out.sort_values("gain", ascending=False, ignore_index=True, kind="stable")


def offers_from_houses(
    houses: Mapping[str, pd.DataFrame],
    weights: Mapping[str, float] | pd.Series,
    levers: pd.DataFrame,
    budget: float,
    *,
    price: float,
) -> pd.DataFrame:
    """Build one offer from each house, by the same rule, for the same money, at the same price.

    Parameters
    ----------
    houses
        Needs by levers, by name of the offer.
    weights, levers, budget
        As for :func:`crmkit.mix.offer_from_importance`.
    price
        Price of a set.

    Returns
    -------
    DataFrame
        One row per house: ``offer``, ``price``, one column per lever (levels 1 to 5).

    Examples
    --------
    >>> house = pd.DataFrame({"staff": [9], "quality": [1]}, index=["advice"])
    >>> cost = pd.DataFrame({"lever": ["staff", "quality"], "step_fixed_cost": [100, 50]})
    >>> offers_from_houses({"ours": house}, {"advice": 1}, cost, 450, price=10).values.tolist()
    [['ours', 10, 5, 2]]
    """
    rows = [
        {"offer": name, "price": price, **offer_from_importance(house, weights, levers, budget)}
        for name, house in houses.items()
    ]
    return pd.DataFrame(rows)


def _profits(market: Market, candidates: pd.DataFrame, rivals_pull: np.ndarray) -> np.ndarray:
    """Profit of each candidate, alone against the rivals."""
    up = _pull(market, candidates)
    share = (up / (np.exp(market.walk_away) + rivals_pull[:, None] + up)).mean(axis=0)
    costs = offer_costs(market, candidates)
    margin = candidates["price"].to_numpy() - costs["unit_cost"].to_numpy()
    return share * market.buyers * margin - costs["fixed_cost"].to_numpy()


def best_offer(
    market: Market,
    rivals: pd.DataFrame,
    budget: float,
    *,
    prices: Sequence[float] = tuple(range(6, 33)),
    starts: int = 6,
    seed: int = 1,
) -> pd.DataFrame:
    """Search for the offer that earns most against the rivals, with fixed costs within a budget.

    From several starting points the search changes one lever, or two together, or the price, as long as profit
    rises. It need not find the very best; more starts make that likelier.

    Parameters
    ----------
    market
        The customers (true ones, or as a survey sees them).
    rivals
        Offers that stay on sale.
    budget
        Fixed costs that may be spent a year, in pounds.
    prices
        Prices to try.
    starts, seed
        Number of starting points, and the seed that draws them.

    Returns
    -------
    DataFrame
        One row: ``offer``, ``price``, the levers, ``profit`` (as the given market sees it), ``fixed_cost``.

    Examples
    --------
    >>> market = Market.example()
    >>> found = best_offer(market, market.example_offers().iloc[1:], budget=500)
    >>> found["staff"].item(), found["quality"].item()
    (5, 1)
    """
    need_number(budget, "budget (money a year)", minimum=0)
    need_numbers(list(prices), "prices to try", minimum=0, empty=True)
    levers = [lever for lever in market.effects.columns if lever != "low_price"]
    pull = _pull(market, _check_offers(market, rivals, loss_ok=True)).sum(axis=1)
    steps = market.levers.set_index("lever").loc[levers, "step_fixed_cost"].to_numpy(dtype=float)
    price_list = np.array(sorted(prices), dtype=float)
    if not len(price_list):
        raise CrmkitError("best_offer: the list of prices to try is empty.")
    rng = np.random.default_rng(seed)
    best: tuple[float, np.ndarray] = (-np.inf, np.array([]))
    for start in range(max(starts, 1)):
        x = np.ones(len(levers) + 1)
        x[-1] = price_list[len(price_list) // 2]
        if start:
            for at in rng.permutation(len(levers)):
                room = budget - (x[:-1] - 1) @ steps
                most = 5 if steps[at] == 0 else 1 + min(4, int(room // steps[at]))
                x[at] = rng.integers(1, most + 1)
        value = -np.inf
        while True:
            around = _neighbours(x, price_list)
            fixed = (around[:, :-1] - 1) @ steps
            frame = pd.DataFrame(around[fixed <= budget + 1e-9], columns=[*levers, "price"])
            cost = offer_costs(market, frame)["unit_cost"].to_numpy()
            frame = frame[frame["price"].to_numpy() >= cost].reset_index(drop=True)
            if frame.empty:
                break
            profits = _profits(market, frame, pull)
            at = int(profits.argmax())
            if profits[at] <= value + 1e-9:
                break
            value, x = float(profits[at]), frame.iloc[at].to_numpy(dtype=float)
        if value > best[0]:
            best = (value, x)
    if not best[1].size:
        raise CrmkitError("best_offer: no price on the list covers the cost of any offer.")
    return _one_offer("best offer", levers, best[1], best[0], steps)


def _one_offer(
    name: str, levers: list[str], x: np.ndarray, profit: float, steps: np.ndarray
) -> pd.DataFrame:
    row: dict[str, object] = {"offer": name, "price": float(x[-1])}
    row |= {lever: round(level) for lever, level in zip(levers, x[:-1], strict=True)}
    return pd.DataFrame([{**row, "profit": profit, "fixed_cost": float((x[:-1] - 1) @ steps)}])


def _neighbours(x: np.ndarray, prices: np.ndarray) -> np.ndarray:
    """The point itself, every other price, another level of one lever at near prices, other levels of two levers."""
    other = [[level for level in range(1, 6) if level != now] for now in x[:-1]]
    one = [_with(x[:-1], {i: level}) for i, levels in enumerate(other) for level in levels]
    two = [
        _with(x[:-1], {i: first, j: second})
        for i, j in combinations(range(len(other)), 2)
        for first, second in product(other[i], other[j])
    ]
    near = [price for price in prices if abs(price - x[-1]) <= 3]
    rows = [np.append(x[:-1], price) for price in prices]
    rows += [np.append(levels, price) for levels in one for price in near]
    rows += [np.append(levels, x[-1]) for levels in two]
    return np.array(rows)


def _with(levels: np.ndarray, change: Mapping[int, float]) -> np.ndarray:
    out = levels.copy()
    for at, level in change.items():
        out[at] = level
    return out


def four_p_first_offer(
    market: Market,
    rivals: pd.DataFrame,
    budget: float,
    *,
    order: Sequence[str] = ("quality", "kit", "shops", "delivery", "guides", "returns", "staff"),
) -> pd.DataFrame:
    """Make an offer the other way round: from the company's idea of a good product, not from needs.

    Levers go to 5 one after the other, the product first, until the fixed costs reach the budget; the price is
    the mean of the rivals' (or the unit cost and a pound, if that is more).

    Parameters
    ----------
    market
        For costs, and for the profit that comes of it.
    rivals
        Offers that stay on sale.
    budget
        Fixed costs that may be spent a year, in pounds.
    order
        Levers, the first first.

    Returns
    -------
    DataFrame
        As :func:`best_offer`.

    Examples
    --------
    >>> market = Market.example()
    >>> four_p_first_offer(market, market.example_offers().iloc[1:], 200, order=["quality", "staff"])["quality"].item()
    5
    """
    levers = [lever for lever in market.effects.columns if lever != "low_price"]
    need_rows(rivals, ["price", *levers], "rivals")
    foreign = [lever for lever in order if lever not in levers]
    if foreign:
        raise CrmkitError(
            f"four_p_first_offer: {first_few(foreign)} in `order` is no lever; there are: {first_few(levers, 12)}."
        )
    steps = market.levers.set_index("lever").loc[levers, "step_fixed_cost"].to_numpy(dtype=float)
    x = np.ones(len(levers) + 1)
    left = need_number(budget, "budget (money a year)", minimum=0)
    for lever in order:
        at = levers.index(lever)
        up = 4 if steps[at] == 0 else min(4, int(left // steps[at]))
        x[at] += up
        left -= up * steps[at]
    frame = pd.DataFrame([x], columns=[*levers, "price"])
    cost = float(offer_costs(market, frame)["unit_cost"].iloc[0])
    x[-1] = max(round(float(rivals["price"].mean()), 2), cost + 1)
    frame["price"] = x[-1]
    pull = _pull(market, rivals).sum(axis=1)
    profit = float(_profits(market, frame, pull)[0])
    return _one_offer("4P first", levers, x, profit, steps)
