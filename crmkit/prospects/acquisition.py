"""What a new customer costs: the answer of areas to spending, the next customer's cost, and the best split of a budget.

Three costs go by one name. **Attributed** cost divides the spend by the customers whose last click was the channel's:
many of them would have come anyway. **Average** cost divides it by the customers who came because of it. **Marginal**
cost is that of the next one: where a channel is close to saturation, it lies far above the average.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from crmkit.errors import CrmkitError
from crmkit.inference import critical_value, percentile_interval
from crmkit.inputs import (
    first_few,
    generator,
    need_count,
    need_dates,
    need_known,
    need_numbers,
    need_rows,
    need_unique,
)
from crmkit.optimum import newton

Floats = npt.NDArray[np.float64]
CHANNEL = "acquisition_channel"
#: What is known of a bend before any data: it lies about halfway between a flat and a straight answer.
_BEND, _BEND_SPREAD = 0.5, 0.3
#: Multiples of today's spend at which a best split is sought.
_MULTIPLES = np.append(0.0, np.geomspace(0.01, 12, 160))


def _spending(spend: object, columns: list[str]) -> pd.DataFrame:
    table = need_rows(spend, columns, "spend")
    need_numbers(table["spend"], "spend", minimum=0)
    week = need_dates(table["week"], "week")
    return table.assign(week=need_known(week, "week"))


def last_weeks(weeks: pd.Series, number: int) -> pd.Series:
    """Tell which rows belong to the last weeks of a table.

    Parameters
    ----------
    weeks
        The week of each row.
    number
        How many weeks.

    Examples
    --------
    >>> last_weeks(pd.Series(pd.to_datetime(["2025-01-06", "2025-01-13"])), 1).tolist()
    [False, True]
    """
    known = np.sort(weeks.unique())
    return weeks >= known[-min(need_count(number, "weeks"), len(known))]


def attributed_cost(spend: pd.DataFrame, *, weeks: int = 13) -> pd.DataFrame:
    """Divide each channel's spend by the customers whose last click was its own.

    It is what most reports call the cost per acquisition. It says nothing of who would have come anyway.

    Parameters
    ----------
    spend
        ``week``, ``acquisition_channel``, ``spend``, ``last_clicks``; any number of areas.
    weeks
        How many of the last weeks are counted.

    Returns
    -------
    DataFrame
        One row per channel (index ``acquisition_channel``): ``spend``, ``last_clicks``, ``attributed_cost``.

    Raises
    ------
    CrmkitError
        A missing column, no rows, spend below 0.

    Examples
    --------
    >>> table = pd.DataFrame({"week": ["2025-01-06"] * 2, "acquisition_channel": "search", "spend": [60.0, 40.0],
    ...     "last_clicks": [3, 1]})
    >>> attributed_cost(table)["attributed_cost"].tolist()
    [25.0]
    """
    table = _spending(spend, ["week", CHANNEL, "spend", "last_clicks"])
    need_numbers(table["last_clicks"], "last_clicks", minimum=0)
    now = table[last_weeks(table["week"], weeks)]
    found = now.groupby(CHANNEL)[["spend", "last_clicks"]].sum()
    clicks = found["last_clicks"]
    return found.assign(attributed_cost=found["spend"] / clicks.where(clicks > 0))


class ResponseModel:
    r"""The answer of new customers to spending, with saturation, from many areas and weeks.

    The customers expected in an area and week are

    .. math:: \mu = e^{\alpha_{area} + \tau_{week}} \, \Bigl(1 + \sum_c a_c
              \frac{x_c}{(1 - b_c)\, x_c + b_c}\Bigr),

    with :math:`x` the channel's spend per household over its mean. It is the curve of Michaelis and Menten (Hill's with
    exponent 1), written so that both unknowns mean something: `a` is what the channel adds at its mean spend, as a
    share of those who come by themselves, and `b` the share of an average customer that the next unit of money still
    brings.
    With ``b = 1`` there is no saturation. Half of the most is reached at ``b / (1 - b)`` times the mean spend.

    Fitted by quasi-Poisson likelihood (Fisher scoring): counts may scatter more than Poisson's by a constant factor.
    Where a channel brings hardly anybody, the data say nothing of `b`: a weak prior (normal, .5 with a spread of .3)
    keeps it where a curve with saturation has it.

    Attributes
    ----------
    channels_ : list of str
    adds_, bends_ : ndarray
        `a` and `b` of each channel.
    covariance_ : ndarray
        Of both, first all `a`, then all `b`; scaled by the dispersion.
    dispersion_ : float
        Pearson's: 1 for Poisson counts.
    converged_ : bool
    week_effects_, area_effects_ : Series
        Customers a week without advertising are ``exp`` of their sum.

    References
    ----------
    Hanssens, Parsons & Schultz (2001), Market Response Models, 2nd ed., chapter 3; Jin et al. (2017), Bayesian methods
    for media mix modeling with carryover and shape effects (Google); McCullagh & Nelder (1989), Generalized Linear
    Models, chapter 9 (quasi-likelihood).

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> weeks = pd.date_range("2024-01-01", periods=40, freq="7D")
    >>> grid = pd.MultiIndex.from_product([weeks, list("ABCDEF")], names=["week", "area"]).to_frame(index=False)
    >>> spend = grid.assign(acquisition_channel="leaflets", spend=rng.gamma(2, 50, len(grid)))
    >>> mean = 50 * (1 + 0.5 * spend["spend"] / (spend["spend"] + 100))
    >>> model = ResponseModel().fit(spend, grid.assign(new_customers=rng.poisson(mean)))
    >>> found = model.costs().loc["leaflets"]
    >>> bool(found["average"] < found["marginal"])
    True
    """

    channels_: list[str]
    adds_: Floats
    bends_: Floats
    covariance_: Floats
    dispersion_: float
    converged_: bool
    week_effects_: pd.Series
    area_effects_: pd.Series

    def fit(
        self, spend: pd.DataFrame, customers: pd.DataFrame, areas: pd.DataFrame | None = None
    ) -> ResponseModel:
        """Fit the curves.

        Parameters
        ----------
        spend
            ``week``, ``area``, ``acquisition_channel``, ``spend``: one row per week, area and channel; a missing one
            counts as nothing spent.
        customers
            ``week``, ``area``, ``new_customers``: all new customers, whatever brought them.
        areas
            ``area``, ``households``. Left out, spend is taken as it is: then areas should be about equally large.

        Returns
        -------
        ResponseModel
            Itself.

        Raises
        ------
        CrmkitError
            A missing column, a week of an area twice, an area without households; fewer than two areas or four weeks; a
            channel whose spend never differs.
        """
        spent = _spending(spend, ["week", "area", CHANNEL, "spend"])
        won = need_rows(customers, ["week", "area", "new_customers"], "customers")
        need_unique(won, ["week", "area"], "customers")
        need_unique(spent, ["week", "area", CHANNEL], "spend")
        won = won.assign(week=need_dates(won["week"], "week")).reset_index(drop=True)
        self._y = need_numbers(won["new_customers"], "new_customers", minimum=0).astype(float)
        week, self._weeks = pd.factorize(won["week"], sort=True)
        area, names = pd.factorize(won["area"], sort=True)
        if len(names) < 2 or len(self._weeks) < 4:
            raise CrmkitError(
                f"customers: {len(names)} areas and {len(self._weeks)} weeks. Only areas that differ from each other "
                "in the same week show what spending does: at least two areas and four weeks are needed."
            )
        size = _households(areas, names)
        wide = spent.pivot_table(
            index=["week", "area"], columns=CHANNEL, values="spend", aggfunc="sum"
        )
        wide = wide.reindex(pd.MultiIndex.from_frame(won[["week", "area"]])).fillna(0.0)
        self.channels_ = [str(name) for name in wide.columns]
        self._spend = wide.to_numpy(float)
        per_household = self._spend / size[area][:, None]
        flat = np.ptp(per_household, axis=0) <= 0
        if flat.any():
            raise CrmkitError(
                f"spend: it never differs for {first_few(np.array(self.channels_)[flat])}. What a channel does can "
                "only be seen where it changes; leave the channel out."
            )
        self._x = per_household / per_household.mean(axis=0)
        self._week, self._area = week, area
        self._search(len(names))
        self.area_effects_ = pd.Series(self._alpha, index=names, name="area_effect")
        self.week_effects_ = pd.Series(self._tau, index=self._weeks, name="week_effect")
        return self

    def _parts(self, theta: Floats, x: Floats) -> tuple[Floats, Floats, Floats]:
        """Each channel's share added, its denominator, and 1 plus the sum of what is added."""
        k = len(self.channels_)
        below = (1 - theta[k:]) * x + theta[k:]
        added = theta[:k] * x / below
        return added, below, 1 + added.sum(axis=-1)

    def _design(self, theta: Floats) -> Floats:
        """How the log of the expected customers moves with `a` and `b` of each channel."""
        k = len(self.channels_)
        _, below, total = self._parts(theta, self._x)
        by_a = self._x / below
        by_b = theta[:k] * self._x * (self._x - 1) / below**2
        return np.concatenate([by_a, by_b], axis=1) / total[:, None]

    def _search(self, areas: int) -> None:
        """Fisher scoring, a step halved until the likelihood rises, then carried on to the bottom."""
        n, weeks, k = len(self._y), len(self._weeks), len(self.channels_)
        m = areas + weeks - 1

        def by_label(values: Floats) -> Floats:
            """Sums by area, then by week without the first: what dummies of both would give."""
            out = np.zeros((areas + weeks, *values.shape[1:]))
            np.add.at(out, self._area, values)
            np.add.at(out, areas + self._week, values)
            return np.delete(out, areas, axis=0)

        known = np.zeros(m + 2 * k)  # what is known beforehand, in units of information
        known[m + k :] = 1 / _BEND_SPREAD**2

        def expected(place: Floats) -> Floats:
            total = self._parts(place[m:], self._x)[2]
            level = place[self._area] + np.append(0.0, place[areas:m])[self._week]
            return np.asarray(np.exp(level) * total)

        def allowed(place: Floats) -> bool:
            _, below, total = self._parts(place[m:], self._x)
            return bool(below.min() > 0.02 and total.min() > 0.05)

        def likelihood(place: Floats) -> float:
            if not allowed(place):
                return -np.inf
            mu = expected(place)
            weak = ((place[m + k :] - _BEND) ** 2).sum() / _BEND_SPREAD**2 / 2
            return float(self._y @ np.log(mu) - mu.sum() - weak)

        def slope(place: Floats) -> Floats:
            if not allowed(place):
                return np.full(len(place), np.nan)
            over = expected(place) - self._y
            steep = np.append(by_label(over), self._design(place[m:]).T @ over)
            steep[m + k :] += (place[m + k :] - _BEND) / _BEND_SPREAD**2
            return steep

        def information(place: Floats) -> Floats:
            mu, moves = expected(place), self._design(place[m:])
            whole = np.diag(np.append(by_label(mu), np.zeros(2 * k)) + known)
            both = np.zeros((areas, weeks))
            np.add.at(both, (self._area, self._week), mu)
            whole[:areas, areas:m] = both[:, 1:]
            whole[areas:m, :areas] = both[:, 1:].T
            whole[:m, m:] = by_label(mu[:, None] * moves)
            whole[m:, :m] = whole[:m, m:].T
            whole[m:, m:] += moves.T @ (mu[:, None] * moves)
            return whole

        place = np.zeros(m + 2 * k)
        by_area = np.bincount(self._area, self._y, areas) / np.bincount(self._area, minlength=areas)
        place[:areas] = np.log(np.maximum(by_area, 0.1))
        place[m:] = np.repeat([0.1, 0.6], k)
        now, self.converged_ = likelihood(place), False
        for _ in range(60):
            try:
                step = np.linalg.solve(information(place), -slope(place))
            except np.linalg.LinAlgError:
                break
            size = 1.0
            while likelihood(place + size * step) < now and size > 1e-6:
                size /= 2
            if size <= 1e-6:
                break
            place = place + size * step
            before, now = now, likelihood(place)
            if now - before < 1e-7:
                self.converged_ = True
                break
        place = newton(slope, information, place, most=12)
        mu = expected(place)
        whole = information(place) - np.diag(known)
        self.dispersion_ = float(((self._y - mu) ** 2 / mu).sum() / max(n - len(place), 1))
        kept = whole[m:, m:] - whole[m:, :m] @ np.linalg.solve(whole[:m, :m], whole[:m, m:])
        self._df = n - len(place)
        try:
            inverse = np.linalg.inv(kept / self.dispersion_ + np.diag(known[m:]))
            self.covariance_ = np.asarray(inverse, dtype=np.float64)
        except np.linalg.LinAlgError:
            self.covariance_ = np.full(kept.shape, np.nan)
        self.adds_, self.bends_ = place[m : m + k], place[m + k :]
        self._alpha, self._tau = place[:areas], np.append(0.0, place[areas:m])
        self._mu = mu

    @property
    def _theta(self) -> Floats:
        return np.concatenate([self.adds_, self.bends_])

    def _now(self, weeks: int) -> npt.NDArray[np.bool_]:
        number = min(need_count(weeks, "weeks"), len(self._weeks))
        return np.asarray(self._week >= len(self._weeks) - number)

    def _caused(
        self, theta: Floats, weeks: int, multiple: Floats | float = 1.0
    ) -> tuple[Floats, Floats]:
        """Customers a week that each channel brings, and what a rise of its spend by its whole again would bring.

        The second is a slope: the share of a rise that is small.
        """
        now = self._now(weeks)
        x, k = self._x[now], len(self.channels_)
        alone = self._mu[now] / self._parts(theta, x)[2]
        more = x * multiple
        added, below, _ = self._parts(theta, more)
        number = min(weeks, len(self._weeks))
        slope = theta[:k] * theta[k:] * x / below**2
        return alone @ added / number, alone @ slope / number

    def costs(self, *, weeks: int = 13, level: float = 0.95) -> pd.DataFrame:
        """Give what a customer costs on average and what the next one costs, at the spend of the last weeks.

        "The next one" is what a small rise of the channel's spend by the same per cent everywhere costs per customer.

        Parameters
        ----------
        weeks
            How many of the last weeks stand for today.
        level
            Share of samples in which the intervals hold the truth.

        Returns
        -------
        DataFrame
            One row per channel (index ``acquisition_channel``): ``spend`` and ``customers`` (caused) a week,
            ``average``, ``average_low``, ``average_high``, ``marginal``, ``marginal_low``, ``marginal_high``. The upper
            end is endless where the data do not show that the channel brings anybody. The intervals come from those of
            customers per unit of money (delta method), turned over.

        Examples
        --------
        See `ResponseModel`.
        """
        theta = self._theta
        now = self._now(weeks)
        spend = self._spend[now].sum(axis=0) / min(weeks, len(self._weeks))
        rates = np.array(self._caused(theta, weeks)) / spend
        gradient = np.empty((2, len(self.channels_), len(theta)))
        for i in range(len(theta)):
            ahead, behind = theta.copy(), theta.copy()
            ahead[i] += 1e-4
            behind[i] -= 1e-4
            both = (np.array(self._caused(place, weeks)) for place in (ahead, behind))
            up, down = both
            gradient[:, :, i] = (up - down) / 2e-4 / spend
        error = np.sqrt(np.einsum("rci,ij,rcj->rc", gradient, self.covariance_, gradient))
        if not self.converged_:
            error[:] = np.nan
        half = critical_value(level, max(self._df, 1)) * error
        table = {"spend": spend, "customers": rates[0] * spend}
        for name, rate, wide in zip(("average", "marginal"), rates, half, strict=True):
            table[name] = _cost(rate)
            table[f"{name}_low"], table[f"{name}_high"] = _cost(rate + wide), _cost(rate - wide)
        return pd.DataFrame(table, index=pd.Index(self.channels_, name=CHANNEL))

    def customers_at(self, multiples: Any, *, weeks: int = 13) -> pd.DataFrame:
        """Give the customers that each channel brings a week at multiples of today's spend.

        Parameters
        ----------
        multiples
            Such as 0, 0.5, 1, 2: the same for every area and week.
        weeks
            How many of the last weeks stand for today.

        Returns
        -------
        DataFrame
            One row per channel and multiple: ``acquisition_channel``, ``multiple``, ``spend`` and ``customers`` a week,
            ``average`` and ``marginal`` (cost there).

        Examples
        --------
        See `ResponseModel`.
        """
        steps = need_numbers(multiples, "multiples", minimum=0)
        now = self._now(weeks)
        spend = self._spend[now].sum(axis=0) / min(weeks, len(self._weeks))
        parts = []
        for step in steps:
            came, slope = self._caused(self._theta, weeks, float(step))
            parts.append(
                pd.DataFrame(
                    {
                        CHANNEL: self.channels_,
                        "multiple": float(step),
                        "spend": spend * step,
                        "customers": came,
                        "average": _cost(came / np.where(step > 0, spend * step, np.nan)),
                        "marginal": _cost(slope / spend),
                    }
                )
            )
        table = pd.concat(parts, ignore_index=True)
        return table.sort_values([CHANNEL, "multiple"], kind="stable", ignore_index=True)

    def drawn(self, draws: int = 200, *, seed: int | np.random.Generator = 0) -> Floats:
        """Draw curves that fit the data about as well: rows of all `a`, then all `b` (King, Tomz & Wittenberg 2000).

        Draws in which a channel drives customers away, or in which the next unit of money brings more than the
        average, are moved to the nearest that is possible.

        Parameters
        ----------
        draws
            How many.
        seed

        Returns
        -------
        ndarray, draws x 2 channels

        Examples
        --------
        See `ResponseModel`.
        """
        need_count(draws, "draws")
        if not (self.converged_ and np.isfinite(self.covariance_).all()):
            return np.full((draws, len(self._theta)), np.nan)
        # Cholesky, not the singular values of numpy's own draws: their signs depend on the processor.
        root = np.linalg.cholesky(self.covariance_)
        cloud = self._theta + generator(seed).standard_normal((draws, len(root))) @ root.T
        return _possible(cloud, len(self.channels_))


def _possible(theta: Floats, channels: int) -> Floats:
    out = np.array(theta, float)
    out[..., :channels] = np.maximum(out[..., :channels], 0.0)
    out[..., channels:] = np.clip(out[..., channels:], 0.02, 0.98)
    return out


def _cost(rate: Floats) -> Floats:
    """Money per customer from customers per unit of money; endless where none is brought."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(np.isnan(rate), np.nan, np.where(rate > 0, 1 / rate, np.inf))


def _households(areas: pd.DataFrame | None, names: Any) -> Floats:
    if areas is None:
        return np.ones(len(names))
    table = need_rows(areas, ["area", "households"], "areas")
    need_unique(table, ["area"], "areas")
    need_numbers(table["households"], "households", minimum=1)
    size = table.set_index("area")["households"].reindex(names)
    if size.isna().any():
        raise CrmkitError(
            f"areas: no households for {first_few(size.index[size.isna()])}. Add a row for each area in customers."
        )
    return size.to_numpy(float)


def best_split(
    model: ResponseModel,
    budget: float | None = None,
    *,
    value: pd.Series | None = None,
    weeks: int = 13,
    draws: int = 200,
    level: float = 0.95,
    seed: int | np.random.Generator = 0,
) -> pd.DataFrame:
    """Split a weekly budget so that the next unit of money brings the same in every channel.

    Where marginal returns are equal, no shift from one channel to another brings more; where a channel brings less even
    with its first unit, it gets nothing.

    Parameters
    ----------
    model
        Fitted.
    budget
        Money a week for all channels. Left out, as much is spent as pays: until the next customer costs what he or she
        is worth (`value` is needed then).
    value
        Margin of a new customer, by channel. Left out, customers count alike.
    weeks
        How many of the last weeks stand for today.
    draws
        Curves drawn from the fit (`ResponseModel.drawn`), at least 50.
    level
        Share of samples in which the intervals hold the truth.
    seed

    Returns
    -------
    DataFrame
        One row per channel (index ``acquisition_channel``): ``spend`` today, ``best``, ``low``, ``high`` (a week),
        ``customers`` and ``customers_best``, ``marginal`` (at the best spend). In ``attrs``: ``gain``, ``gain_low``,
        ``gain_high`` (what this split brings more a week than today's: customers, or margin less money if
        `value` is given) and ``better`` (share of the draws in which it does).

    Raises
    ------
    CrmkitError
        No budget and no value; a budget that is not above 0, or beyond twelve times today's spend; a channel without a
        value.

    References
    ----------
    Dorfman & Steiner (1954), Optimal advertising and optimal quality, American Economic Review 44; Hanssens, Parsons &
    Schultz (2001), chapter 9. King, Tomz & Wittenberg (2000), American Journal of Political Science 44 (draws).

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> weeks = pd.date_range("2024-01-01", periods=40, freq="7D")
    >>> names = ["week", "area", "acquisition_channel"]
    >>> grid = pd.MultiIndex.from_product([weeks, list("ABCDEF"), ["one", "two"]], names=names).to_frame(index=False)
    >>> spend = grid.assign(spend=rng.gamma(2, 50, len(grid)))
    >>> wide = spend.pivot(index=["week", "area"], columns="acquisition_channel", values="spend")
    >>> mean = 90 * (1 + 0.6 * wide["one"] / (wide["one"] + 100) + 0.2 * wide["two"] / (wide["two"] + 100))
    >>> won = mean.rename("new_customers").reset_index()
    >>> plan = best_split(ResponseModel().fit(spend, won), 1200)
    >>> float(plan["best"].sum().round(6)), bool(plan["best"]["one"] > plan["best"]["two"])
    (1200.0, True)
    """
    names = model.channels_
    worth = np.ones(len(names)) if value is None else _worth(value, names)
    if budget is None and value is None:
        raise CrmkitError("best_split: give a budget, or the value of a customer by channel.")
    need_count(draws, "draws")
    now = model._now(weeks)
    spend = model._spend[now].sum(axis=0) / min(weeks, len(model._weeks))
    if budget is not None and not 0 < budget < _MULTIPLES[-1] * spend.sum():
        raise CrmkitError(
            f"budget must be above 0 and below {_MULTIPLES[-1]:g} times today's {spend.sum():,.0f} a week, not "
            f"{budget:,.0f}."
        )
    best_theta = _possible(model._theta, len(names))
    cells = _Cells(model, weeks, spend, worth, budget, value is not None)
    best = cells.best(best_theta)
    today = np.ones(len(names))
    cloud = model.drawn(draws, seed=seed)
    places = np.array([cells.best(theta) for theta in cloud]) * spend
    gains = np.array([cells.gain(theta, best, today) for theta in cloud])
    low, high = percentile_interval(places, level=level)
    gain_low, gain_high = percentile_interval(gains, level=level)
    came, _ = model._caused(best_theta, weeks)
    then, slope = model._caused(best_theta, weeks, best)
    table = pd.DataFrame(
        {
            "spend": spend,
            "best": best * spend,
            "low": low,
            "high": high,
            "customers": came,
            "customers_best": then,
            "marginal": _cost(slope / spend),
        },
        index=pd.Index(names, name=CHANNEL),
    )
    known = np.isfinite(gains)
    table.attrs = {
        "gain": float(cells.gain(best_theta, best, today)),
        "gain_low": float(gain_low),
        "gain_high": float(gain_high),
        "better": float((gains[known] > 0).mean()) if known.any() else float("nan"),
    }
    return table


class _Cells:
    """What a best split needs again and again: the answer of all areas together at multiples of today's spend."""

    def __init__(
        self,
        model: ResponseModel,
        weeks: int,
        spend: Floats,
        worth: Floats,
        budget: float | None,
        charged: bool,
    ) -> None:
        self.model, self.weeks, self.spend = model, weeks, spend
        self.worth, self.budget, self.charged = worth, budget, charged

    def best(self, theta: Floats) -> Floats:
        """Multiples of today's spend at which the next unit of money brings the same everywhere."""
        if not np.isfinite(theta).all():
            return np.full(len(self.spend), np.nan)
        model, now = self.model, self.model._now(self.weeks)
        x, k = model._x[now], len(self.spend)
        alone = model._mu[now] / model._parts(theta, x)[2] / min(self.weeks, len(model._weeks))
        slopes = np.empty((k, len(_MULTIPLES)))
        for c in range(k):
            below = (1 - theta[k + c]) * x[:, c, None] * _MULTIPLES + theta[k + c]
            slopes[c] = theta[c] * theta[k + c] * ((alone * x[:, c]) @ (1 / (below * below)))
        returns = slopes * (self.worth / self.spend)[:, None]

        def wanted(price: float) -> Floats:
            return np.array(
                [np.interp(-price, -returns[c], _MULTIPLES) if theta[c] > 0 else 0.0 for c in range(k)]
            )  # fmt: skip

        if self.budget is None:
            return wanted(1.0)
        low, high = float(returns[:, -1].min()) * 0.5 + 1e-12, float(returns.max()) * 2 + 1e-9
        for _ in range(60):
            middle = np.sqrt(low * high)
            if wanted(middle) @ self.spend > self.budget:
                low = middle
            else:
                high = middle
        found = wanted(float(np.sqrt(low * high)))
        total = found @ self.spend
        return found * (self.budget / total) if total > 0 else found

    def gain(self, theta: Floats, one: Floats, other: Floats) -> float:
        """What one split brings more a week than the other."""
        came = [self.model._caused(theta, self.weeks, split)[0] for split in (one, other)]
        more = float((came[0] - came[1]) @ self.worth)
        return more - float((one - other) @ self.spend) if self.charged else more


def _worth(value: pd.Series, names: list[str]) -> Floats:
    found = pd.Series(value).reindex(names)
    if found.isna().any():
        raise CrmkitError(
            f"value: nothing is given for {first_few(found.index[found.isna()])}. Give one value per channel."
        )
    return np.asarray(need_numbers(found, "value", minimum=0), float)
