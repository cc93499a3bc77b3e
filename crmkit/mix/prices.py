"""Three ways to a price: by competitors, by cost, by what the set is worth to customers.

Business context: a rival's price is easy to see and cost is easy to count; what customers would pay must be
found out. Asked openly, people name less than they pay; watched, they show it. Where a near-identical rival
exists, worth hardly matters: customers take the cheaper of two equal things.

Sources: price sensitivity meter (van Westendorp 1976, ESOMAR congress); logit demand (McFadden 1974).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from crmkit.errors import CrmkitError
from crmkit.inference import critical_value
from crmkit.inputs import first_few, need_count, need_numbers, need_rows, need_true_false
from crmkit.later import later
from crmkit.mix._answers import answers_covariance
from crmkit.optimum import newton

optimize = later("scipy.optimize")

_OPEN = ("too_cheap", "cheap", "expensive", "too_expensive")


def ordered_answers(answers: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Part open price answers into those in order (too cheap <= cheap <= expensive <= too expensive) and the rest.

    Returns
    -------
    kept, set_aside : DataFrame
        Rows in order, and rows that contradict themselves.

    Raises
    ------
    CrmkitError
        No answers, a missing column, or no row in order.

    Examples
    --------
    >>> rows = pd.DataFrame({"too_cheap": [2, 9], "cheap": [4, 4], "expensive": [8, 8], "too_expensive": [9, 9]})
    >>> [len(part) for part in ordered_answers(rows)]
    [1, 1]
    """
    need_rows(answers, _OPEN, "open price answers")
    numbers = np.column_stack(
        [need_numbers(answers[name], f"open price answers, {name}", minimum=0) for name in _OPEN]
    )
    ordered = (np.diff(numbers, axis=1) >= 0).all(axis=1)
    if not ordered.any():
        raise CrmkitError(
            "open price answers: no row is in order (too cheap, cheap, expensive, too expensive). Are the columns "
            "mixed up?"
        )
    return answers[ordered], answers[~ordered]


def psm_curves(answers: pd.DataFrame, prices: Sequence[float]) -> pd.DataFrame:
    """Draw up the four curves of the price sensitivity meter.

    Parameters
    ----------
    answers
        ``too_cheap``, ``cheap``, ``expensive``, ``too_expensive``, in pounds; rows out of order are left out
        (:func:`ordered_answers` shows them).
    prices
        Prices at which to read the curves.

    Returns
    -------
    DataFrame
        ``price`` and the share of customers who find it ``too_cheap``, ``cheap``, ``expensive``, ``too_expensive``.

    Examples
    --------
    >>> rows = pd.DataFrame({"too_cheap": [2, 4], "cheap": [4, 6], "expensive": [8, 9], "too_expensive": [9, 12]})
    >>> psm_curves(rows, [4])[["too_cheap", "cheap", "expensive"]].values.tolist()
    [[0.5, 1.0, 0.0]]
    """
    kept, _ = ordered_answers(answers)
    grid = np.asarray(prices, dtype=float)
    out = {"price": grid}
    for name in _OPEN:
        values = np.sort(kept[name].to_numpy(dtype=float))
        if "cheap" in name:
            out[name] = 1 - np.searchsorted(values, grid, side="left") / len(values)
        else:
            out[name] = np.searchsorted(values, grid, side="right") / len(values)
    return pd.DataFrame(out)


def psm_points(answers: pd.DataFrame) -> pd.DataFrame:
    """Find the four crossings of the price sensitivity meter.

    Of the two readings in use this is van Westendorp's: the range of acceptable prices reaches from "too cheap = not
    cheap" to "not expensive = too expensive". Some tools cross "too cheap" with "expensive" instead, and "cheap" with
    "too expensive", which gives a narrower range.

    Returns
    -------
    DataFrame
        ``point``, ``price`` (pounds), ``crossing``: the lower end of the acceptable range, the optimal price, the
        indifference price, the upper end.

    Examples
    --------
    >>> rows = pd.DataFrame({"too_cheap": [2, 4], "cheap": [4, 6], "expensive": [8, 9], "too_expensive": [9, 12]})
    >>> psm_points(rows)["point"].tolist()
    ['lower end', 'optimal price', 'indifference price', 'upper end']
    """
    kept, _ = ordered_answers(answers)
    # The curves are steps: they change at an answer only. Look at every answer and once between two.
    named = np.unique(kept[list(_OPEN)].to_numpy(dtype=float))
    between = np.append((named[1:] + named[:-1]) / 2, named[-1] + 1)
    grid = np.stack([named, between], axis=1).ravel()
    # Where a stretch between two answers begins and ends; an answer itself is a point.
    begins = np.repeat(named, 2)
    ends = np.stack([named, np.append(named[1:], named[-1])], axis=1).ravel()
    c = psm_curves(kept, grid.tolist())
    pairs = [
        ("lower end", c["too_cheap"], 1 - c["cheap"], "too cheap = not cheap"),
        ("optimal price", c["too_cheap"], c["too_expensive"], "too cheap = too expensive"),
        ("indifference price", c["cheap"], c["expensive"], "cheap = expensive"),
        ("upper end", 1 - c["expensive"], c["too_expensive"], "not expensive = too expensive"),
    ]
    rows = []
    for name, falling, rising, crossing in pairs:
        # Step curves may run together for a stretch: take its middle.
        below = np.flatnonzero((falling > rising).to_numpy())
        above = np.flatnonzero((rising > falling).to_numpy())
        last = ends[below[-1]] if len(below) else named[0]
        rows.append((name, float(last + begins[above[0]]) / 2, crossing))
    return pd.DataFrame(rows, columns=["point", "price", "crossing"])


class DemandCurve:
    """Share of customers who buy at a price, learnt from purchases at prices drawn by chance.

    A logit in the logarithm of price: ``share = 1 / (1 + exp(-(a - b log price)))``.

    Attributes
    ----------
    a_, b_ : float
        Parameters.
    covariance_ : ndarray
        Their covariance (2 x 2): NaN where the people are too few to tell it.
    clusters_ : int
        How many people it rests on (answers, if nothing says whose they are).
    median_ : float
        The price at which half buy, exp(a / b), in pounds.

    Notes
    -----
    A person meets several prices with one limit in mind, so that the answers hang together. If the choices carry a
    ``customer_id``, the covariance allows for that (sandwich, clustered by customer; Liang & Zeger 1986); without it,
    rows count as independent.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> price = rng.uniform(5, 40, 2000)
    >>> buys = rng.random(2000) < 1 / (1 + np.exp(-(12 - 4 * np.log(price))))
    >>> curve = DemandCurve().fit(pd.DataFrame({"price": price, "bought": buys}))
    >>> bool(abs(curve.median_ - np.exp(3)) < 1)
    True
    """

    a_: float
    b_: float
    covariance_: np.ndarray
    clusters_: int
    median_: float

    def fit(self, choices: pd.DataFrame) -> DemandCurve:
        """Fit by maximum likelihood to ``price`` and ``bought`` (0/1); gives itself back.

        Parameters
        ----------
        choices
            One row per answer: ``price``, ``bought``, and ``customer_id`` if people answered several times.

        Raises
        ------
        CrmkitError
            Prices of 0, nobody or everybody bought, or answers that settle no curve.
        """
        need_rows(choices, ["price", "bought"], "choices at a price")
        price = need_numbers(choices["price"], "choices at a price, price", minimum=0)
        y = need_true_false(choices["bought"], "choices at a price, bought").astype(float)
        if (price == 0).any():
            raise CrmkitError("choices at a price: a price of 0 has no logarithm. Leave gifts out.")
        if y.min() == y.max():
            raise CrmkitError(
                "choices at a price: everybody bought or nobody did. A curve needs prices at which some buy."
            )
        x = np.column_stack([np.ones(len(y)), -np.log(price)])
        centre = np.array([0.0, np.log(price).mean()])

        def objective(beta: np.ndarray) -> tuple[float, np.ndarray]:
            u = (x + centre) @ beta
            p = 1 / (1 + np.exp(-u))
            return float(np.logaddexp(0, u).sum() - u @ y), -((x + centre).T @ (y - p))

        def informed(beta: np.ndarray) -> np.ndarray:
            p = 1 / (1 + np.exp(-(x + centre) @ beta))
            return np.asarray(((x + centre) * (p * (1 - p))[:, None]).T @ (x + centre))

        found = optimize.minimize(objective, np.array([0.0, 1.0]), jac=True, method="BFGS")
        best = newton(lambda beta: objective(beta)[1], informed, found.x)
        self.b_ = float(best[1])
        self.a_ = float(best[0] + best[1] * centre[1])
        p = self.share(price)
        information = (x * (p * (1 - p))[:, None]).T @ x
        if np.linalg.eigvalsh(information)[0] < 1e-4:
            raise CrmkitError(
                "choices at a price: they do not settle a curve. It takes several prices, and some at which one "
                "person buys and another does not."
            )
        self.covariance_, self.clusters_ = answers_covariance(
            np.linalg.inv(information), x * (y - p)[:, None], choices
        )
        self.median_ = float(np.exp(self.a_ / self.b_))
        return self

    def share(self, price: object) -> np.ndarray:
        """Share of customers who buy at each price."""
        if not hasattr(self, "a_"):
            raise CrmkitError(
                "the curve has not been learnt yet: DemandCurve().fit(choices) first."
            )
        return 1 / (1 + np.exp(-(self.a_ - self.b_ * np.log(np.asarray(price, dtype=float)))))

    def drawn(self, draws: int = 200, seed: int = 0) -> list[DemandCurve]:
        """Give curves drawn from the uncertainty of the fit, to carry it on to what is computed with the curve.

        Parameters
        ----------
        draws
            How many.
        seed
            Of the draws.

        Returns
        -------
        list of DemandCurve
            Whatever is computed with the curve (the price that earns most, say) is computed with each of these;
            `crmkit.inference.percentile_interval` turns the results into an interval.

        Raises
        ------
        CrmkitError
            Before `fit`, or where the people are too few to tell the covariance.
        """
        if not hasattr(self, "covariance_") or not np.isfinite(self.covariance_).all():
            raise CrmkitError(
                "the curve's uncertainty is not known: fit it to the choices of more people first."
            )
        # Roots by Cholesky: the same draws on every processor, to the last digits. With few people the covariance is
        # itself uncertain, so the draws follow Student's t, as `interval` does.
        rng, count = np.random.default_rng(seed), need_count(draws, "draws")
        freedom = max(self.clusters_ - 1, 1)
        noise = rng.normal(size=(count, 2)) / np.sqrt(rng.chisquare(freedom, (count, 1)) / freedom)
        places = np.array([self.a_, self.b_]) + noise @ np.linalg.cholesky(self.covariance_).T
        out = []
        for a, b in places:
            curve = DemandCurve()
            curve.a_, curve.b_ = float(a), float(b)
            curve.median_ = float(np.exp(a / b))
            out.append(curve)
        return out

    def interval(self, price: object, level: float = 0.95) -> tuple[np.ndarray, np.ndarray]:
        """Lower and upper end of the share at each price.

        Parameters
        ----------
        price
            Prices in pounds.
        level
            Share of samples in which the interval holds the truth: between 0 and 1, .95 unless asked otherwise.

        Returns
        -------
        low, high : ndarray
            On the logit scale by the delta method, so it lies between 0 and 1; NaN where the people are too few.
        """
        log_price = np.log(np.asarray(price, dtype=float))
        x = np.stack([np.ones_like(log_price), -log_price], axis=-1)
        u = self.a_ - self.b_ * log_price
        se = np.sqrt(np.einsum("...i,ij,...j->...", x, self.covariance_, x))
        half = critical_value(level, self.clusters_ - 1) * se
        return 1 / (1 + np.exp(half - u)), 1 / (1 + np.exp(-half - u))


def true_share(truth: pd.DataFrame, price: object) -> np.ndarray:
    """Share of customers to whom the set is worth its price and who can pay it.

    Parameters
    ----------
    truth
        ``value`` and ``budget`` of each customer, in pounds (the truth table ``set_value``).
    price
        Prices in pounds.

    Examples
    --------
    >>> true_share(pd.DataFrame({"value": [10, 20], "budget": [30, 15]}), [9, 12, 16]).tolist()
    [1.0, 0.5, 0.0]
    """
    need_rows(truth, ["value", "budget"], "worth of the set")
    most = np.sort(
        np.minimum(
            need_numbers(truth["value"], "worth of the set, value"),
            need_numbers(truth["budget"], "worth of the set, budget"),
        )
    )
    return 1 - np.searchsorted(most, np.asarray(price, dtype=float), side="left") / len(most)


def share_against_rival(
    truth: pd.DataFrame,
    price: object,
    rival_price: float,
    *,
    worth_more: float = 0.0,
    blur: float = 0.5,
) -> np.ndarray:
    """Share who buy ours when a rival's set stands beside it.

    Who would buy either takes the one that leaves more: ours with chance ``1 / (1 + exp(-(rival price + worth more
    - price) / blur))``. The smaller `blur`, the more alike the sets: a near-identical rival.

    Parameters
    ----------
    truth
        ``value``, ``budget``.
    price
        Our price, in pounds.
    rival_price
        The rival's.
    worth_more
        What ours is worth more to everybody, in pounds.
    blur
        How much tastes differ between the two, in pounds.

    Examples
    --------
    >>> worth = pd.DataFrame({"value": [20.0] * 4, "budget": [30.0] * 4})
    >>> share_against_rival(worth, [9.0, 10.0, 13.0], rival_price=10.0).round(2).tolist()
    [0.88, 0.5, 0.0]
    """
    need_rows(truth, ["value", "budget"], "worth of the set")
    if blur <= 0:
        raise CrmkitError(f"blur must be above 0, not {blur!r}: tastes always differ a little.")
    prices = np.asarray(price, dtype=float)
    ours = np.atleast_1d(prices)[:, None]
    value, budget = truth["value"].to_numpy(dtype=float), truth["budget"].to_numpy(dtype=float)
    can_ours = (value + worth_more >= ours) & (budget >= ours)
    can_rival = (value >= rival_price) & (budget >= rival_price)
    prefers = 1 / (1 + np.exp(-np.clip((rival_price + worth_more - ours) / blur, -50, 50)))
    chance = np.where(can_ours, np.where(can_rival, prefers, 1.0), 0.0).mean(axis=1)
    return chance if prices.ndim else chance[0]


def price_war(
    truth: pd.DataFrame,
    unit_cost: float,
    rival_price: float,
    *,
    blur: float = 0.5,
    rounds: int = 40,
    step: float = 0.1,
) -> pd.DataFrame:
    """Let two sellers with the same cost answer each other's price in turn, each with what earns most now.

    Parameters
    ----------
    truth
        ``value``, ``budget``.
    unit_cost
        Cost of a set for either, in pounds.
    rival_price
        The rival's price before the first round.
    blur
        How much tastes differ between the two sets, in pounds.
    rounds
        How often a seller sets a price.
    step
        Prices are multiples of this above the cost.

    Returns
    -------
    DataFrame
        One row per round: ``round``, ``who`` (we, rival), ``price``, ``share`` (of customers who then
        buy from that seller).

    Examples
    --------
    >>> worth = pd.DataFrame({"value": [20.0] * 4, "budget": [30.0] * 4})
    >>> war = price_war(worth, 10.0, 16.0, blur=0.3, rounds=60)
    >>> bool(war["price"].iloc[0] < 16), bool(war["price"].iloc[-1] < 11)
    (True, True)
    """
    need_rows(truth, ["value", "budget"], "worth of the set")
    if rounds < 1 or step <= 0:
        raise CrmkitError("price_war: at least one round, and a step above 0.")
    top = float(np.minimum(truth["value"], truth["budget"]).max())
    prices = unit_cost + step * np.arange(1, max(2, int((top - unit_cost) / step) + 1))
    other, rows = float(rival_price), []
    for number in range(1, rounds + 1):
        share = share_against_rival(truth, prices, other, blur=blur)
        at = int(price_profit(prices, share, unit_cost, 1).argmax())
        rows.append((number, "we" if number % 2 else "rival", prices[at], share[at]))
        other = float(prices[at])
    return pd.DataFrame(rows, columns=["round", "who", "price", "share"])


def price_profit(price: object, share: object, unit_cost: float, buyers: float) -> np.ndarray:
    """Profit at each price: share x buyers x (price - unit cost), in pounds.

    Raises
    ------
    CrmkitError
        A price below the unit cost, a negative cost.

    Examples
    --------
    >>> price_profit([10, 12], [0.5, 0.4], unit_cost=6, buyers=100).tolist()
    [200.0, 240.0]
    """
    if unit_cost < 0:
        raise CrmkitError(f"unit_cost must not be negative, not {unit_cost!r}.")
    prices = np.asarray(price, dtype=float)
    below = np.atleast_1d(prices)[np.atleast_1d(prices) < unit_cost]
    if below.size:
        raise CrmkitError(
            f"price {first_few(f'{p:.2f}' for p in below)} lies below the cost of {unit_cost:.2f} a set: every sale "
            "would lose money. Start the prices at the cost."
        )
    return np.asarray(share, dtype=float) * buyers * (prices - unit_cost)


def cost_plus_price(unit_cost: float, markup: float) -> float:
    """Cost and a markup on it.

    Examples
    --------
    >>> cost_plus_price(8.0, 0.5)
    12.0
    """
    if unit_cost <= 0 or markup < 0:
        raise CrmkitError(
            f"cost-plus needs a cost above 0 and a markup of at least 0, not {unit_cost!r} and {markup!r}. "
            "A markup of 50 % is 0.5."
        )
    return float(unit_cost * (1 + markup))


def competitor_price(rival_prices: Sequence[float], position: float = 0.0) -> float:
    """Middle (median) of the rivals' prices, moved by a position: -0.05 is five per cent below them.

    Examples
    --------
    >>> competitor_price([10, 12, 30])
    12.0
    """
    prices = need_numbers(list(rival_prices), "rivals' prices", minimum=0, empty=True)
    if not len(prices):
        raise CrmkitError("rivals' prices: there are none. This way to a price needs a rival.")
    return float(np.median(prices) * (1 + position))


def value_price(curve: DemandCurve, unit_cost: float, prices: Sequence[float]) -> float:
    """Price that earns most by the demand curve.

    Examples
    --------
    >>> curve = DemandCurve()
    >>> curve.a_, curve.b_ = 12.0, 4.0
    >>> value_price(curve, 8.0, range(8, 40))
    19.0
    """
    grid = need_numbers(list(prices), "prices to try", minimum=0)
    if not len(grid):
        raise CrmkitError("value_price: the list of prices to try is empty.")
    return float(grid[np.argmax(price_profit(grid, curve.share(grid), unit_cost, 1))])
