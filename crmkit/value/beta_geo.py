"""How often customers buy, and whether they still do: the BG/NBD model, and MBG/NBD, in which one may leave at once.

Both tell one story: while a customer is *alive* purchases come at random at a rate of their own (the rates differ as
a gamma distribution); after a purchase the customer leaves with a probability of their own (these differ as a beta
distribution). In BG/NBD one leaves only after a *repeat* purchase, so that anyone who bought once is alive for certain;
in MBG/NBD also after the first.

References
----------
Fader, Hardie & Lee (2005), "Counting your customers" the easy way, Marketing Science 24(2), 275-284.
Batislam, Denizel & Filiztekin (2007), Empirical validation and comparison of models for customer base analysis,
International Journal of Research in Marketing 24(3), 201-209.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar, Self, overload

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from crmkit.errors import CrmkitError
from crmkit.inputs import need_numbers
from crmkit.later import later
from crmkit.value.fitting import FittedModel, days_per, distinct_rows, dot, purchase_history

linalg = later("scipy.linalg")
special = later("scipy.special")

_NODES = 48  # of the quadrature over the leaving probability: 1e-8 on CDNOW, see the tests
#: From this horizon on, in multiples of alpha + T, those nodes are too few (they err by exp(-192 / sqrt(multiple))).
_FAR = 50.0


class BetaGeoModel(FittedModel):
    """How often customers buy, and whether they still do: the BG/NBD model.

    Attributes
    ----------
    params_ : Series
        ``r``, ``alpha`` (rates of purchase: gamma with shape r and rate alpha, in the unit of the fit), ``a``, ``b``
        (leaving after a purchase: beta).
    log_likelihood_ : float
        Of the data, at ``params_``.
    standard_errors_ : Series
        Of ``params_``, from the curvature of the log-likelihood. ``covariance_`` has all of it.
    unit_ : str
        Time unit of ``params_``.
    customers_ : int
        How many were used.
    converged_ : bool
        False if the data do not settle the parameters; a warning said so.

    References
    ----------
    Fader, Hardie & Lee (2005), Marketing Science 24(2): equations (6), (7), (10).

    Examples
    --------
    >>> model = BetaGeoModel.from_params({"r": 0.243, "alpha": 4.414, "a": 0.793, "b": 2.426}, unit="W")
    >>> silent = pd.DataFrame({"repeat_days": [2, 2], "active_span_days": [210, 30], "age_days": [272, 272]})
    >>> model.probability_alive(silent).round(2).tolist()
    [0.72, 0.11]
    """

    _names = ("r", "alpha", "a", "b")
    _settings = ("unit",)
    # Chances to leave before the first repeat purchase: none here, one in MBG/NBD.
    _first: ClassVar[int] = 0
    unit_: str

    def fit(self, summary: pd.DataFrame, unit: str = "W", *, weights: object = None) -> Self:
        """Learn the four parameters by maximum likelihood.

        Parameters
        ----------
        summary
            One row per customer: ``repeat_days``, ``active_span_days``, ``age_days``, as
            :func:`customer_summary` gives.
        unit
            Time unit of the parameters: ``"D"``, ``"W"``, ``"M"`` or ``"Y"``. It changes ``alpha`` and the
            log-likelihood;
            it changes no prediction.
        weights
            How often each row counts; once if left out.

        Returns
        -------
        BetaGeoModel
            Itself.

        Raises
        ------
        CrmkitError
            A column is missing or contradicts itself (a last purchase after the end), or there are too few
            customers to learn from.
        """
        per = days_per(unit)
        x, tx, age = purchase_history(summary, per)
        weight = np.ones(len(x)) if weights is None else need_numbers(weights, "weights", minimum=0)
        if len(weight) != len(x):
            raise CrmkitError(
                f"weights: {len(weight)} for {len(x)} customers. One for each is needed."
            )
        repeaters = int(weight[x > 0].sum())
        if weight.sum() < 10 or repeaters < 2:
            raise CrmkitError(
                f"{type(self).__name__} cannot learn four numbers from {int(weight.sum())} customers of whom "
                f"{repeaters} bought on "
                "more than one day. At least 10 customers with 2 repeaters are needed, and some hundreds to trust it."
            )
        self.unit_ = unit
        objective = _beta_geo_objective(x, tx, age, weight, self._first)
        rate = weight @ x / max(weight @ age, 1e-9)
        start = np.array([0.5, 0.5 / max(rate, 1e-6), 1.0, 2.0])
        self._maximise(objective, start, int(weight.sum()))
        return self

    def probability_alive(self, summary: pd.DataFrame) -> pd.Series:
        """Give the probability that each customer is still one, at the end of the observation.

        A customer who has bought once only cannot have left in BG/NBD (one leaves after a *repeat* purchase): 1.

        Parameters
        ----------
        summary
            As for :meth:`fit`, in days.

        Returns
        -------
        Series
            Between 0 and 1, on the index of `summary`.

        Raises
        ------
        CrmkitError
            As :meth:`fit`, or the model has not been fitted.
        """
        x, tx, age = purchase_history(summary, days_per(self._unit))
        return pd.Series(
            special.expit(self._log_odds_alive(x, tx, age)),
            index=summary.index,
            name="probability_alive",
        )

    @overload
    def expected_purchases(
        self, periods: float, summary: None = None, *, unit: str | None = None
    ) -> float: ...
    @overload
    def expected_purchases(
        self, periods: float, summary: pd.DataFrame, *, unit: str | None = None
    ) -> pd.Series: ...
    def expected_purchases(
        self, periods: float, summary: pd.DataFrame | None = None, *, unit: str | None = None
    ) -> pd.Series | float:
        """Give the purchase days to expect in the next `periods`, given what each customer has done.

        Parameters
        ----------
        periods
            Length of time ahead.
        summary
            As for :meth:`fit`. Left out: for a new customer, counted from their first purchase, which is not counted.
        unit
            Time unit of `periods`: that of the fit if left out.

        Returns
        -------
        Series or float
            Expected number, on the index of `summary`; one number without it.

        Raises
        ------
        CrmkitError
            As :meth:`fit`, or `periods` is negative or no number.

        Notes
        -----
        The published formula has a hypergeometric function that fails at ``a = 1`` and for large counts. It is
        the mean of
        ``(1 - (A / (A + p t))^(r + x)) / p`` over ``p ~ Beta(a, b + x)`` with ``A = alpha + T``, and is taken
        here as such,
        by Gauss-Jacobi quadrature; where t is many times A, by a trapezoidal sum (:func:`_far_nodes`).
        """
        ahead = self._in_unit(periods, unit)
        if summary is None:
            return float(self.expected_cumulative([ahead])[0])
        x, tx, age = purchase_history(summary, days_per(self._unit))
        alive = special.expit(self._log_odds_alive(x, tx, age))
        return pd.Series(
            alive * self._given_alive(x, age, ahead), index=summary.index, name="expected_purchases"
        )

    def probability_of_purchase(
        self, periods: float, summary: pd.DataFrame, *, unit: str | None = None
    ) -> pd.Series:
        """Give the probability that each customer buys at least once in the next `periods`.

        To be alive is not yet to buy: a customer who buys once in two years may be alive and buy nothing for a year.
        So this, and not the probability of being alive, is what later purchases can be compared with.

        Parameters
        ----------
        periods
            Length of time ahead.
        summary
            As for :meth:`fit`, in days.
        unit
            Time unit of `periods`: that of the fit if left out.

        Returns
        -------
        Series
            Between 0 and the probability of being alive, on the index of `summary`.

        Raises
        ------
        CrmkitError
            As :meth:`fit`, or `periods` is negative or no number.

        Notes
        -----
        Nobody alive leaves before their next purchase, so that of those alive the share
        ``((alpha + T) / (alpha + T + t))^(r + x)`` buys nothing: the chance of no event of a Poisson process whose rate
        is distributed as Gamma(r + x, alpha + T).

        Examples
        --------
        >>> model = BetaGeoModel.from_params({"r": 0.243, "alpha": 4.414, "a": 0.793, "b": 2.426}, unit="W")
        >>> silent = pd.DataFrame({"repeat_days": [0, 2], "active_span_days": [0, 210], "age_days": [272, 272]})
        >>> model.probability_of_purchase(1, silent, unit="Y").round(2).tolist()
        [0.17, 0.6]
        """
        ahead = self._in_unit(periods, unit)
        x, _, age = purchase_history(summary, days_per(self._unit))
        r, alpha, _, _ = self._fitted
        buys = -np.expm1(-(r + x) * np.log1p(ahead / (alpha + age)))
        return (self.probability_alive(summary) * buys).rename("probability_of_purchase")

    def expected_cumulative(self, times: object, *, unit: str | None = None) -> np.ndarray:
        """Give the repeat purchases to expect of a new customer by each of `times` since the first purchase.

        Parameters
        ----------
        times
            Lengths of time.
        unit
            Their unit: that of the fit if left out.

        Returns
        -------
        ndarray
            One number per time.
        """
        per = days_per(unit or self._unit) / days_per(self._unit)
        lengths = need_numbers(times, "times", minimum=0) * per
        r, alpha, a, b = self._fitted
        nodes = _beta_nodes if lengths.max(initial=0) <= _FAR * alpha else _far_nodes
        p, weight = nodes(a, b + self._first)
        stayed = np.exp(special.betaln(a, b + self._first) - special.betaln(a, b))
        return stayed * (expected_given(p, r, alpha, lengths) @ weight)

    def purchase_count_probability(
        self, count: int, periods: object, *, unit: str | None = None
    ) -> np.ndarray:
        """Give the probability that a new customer makes `count` repeat purchases in each of `periods`.

        Parameters
        ----------
        count
            Number of repeat purchases, 0 or more.
        periods
            Lengths of time since the first purchase.
        unit
            Their unit: that of the fit if left out.

        Returns
        -------
        ndarray
            One probability per period.
        """
        per = days_per(unit or self._unit) / days_per(self._unit)
        t = need_numbers(periods, "periods", minimum=0) * per
        if count < 0 or count != int(count):
            raise CrmkitError(f"count is a whole number of purchases, 0 or more, not {count!r}.")
        r, alpha, a, b = self._fitted
        share = t / (alpha + t)

        def still_there(j: int) -> np.ndarray:
            so_many = (
                special.gammaln(r + j)
                - special.gammaln(r)
                - special.gammaln(j + 1)
                + r * np.log(alpha / (alpha + t))
            )
            return np.exp(so_many) * share**j

        first = self._first
        stayed = np.exp(special.betaln(a, b + count + first) - special.betaln(a, b)) * still_there(
            count
        )
        if count + first == 0:
            return stayed
        left = np.exp(special.betaln(a + 1, b + count + first - 1) - special.betaln(a, b))
        return stayed + left * (1 - sum(still_there(j) for j in range(count)))

    @property
    def _unit(self) -> str:
        _ = self._fitted
        return self.unit_

    def _in_unit(self, periods: float, unit: str | None) -> float:
        length = float(need_numbers([periods], "periods", minimum=0)[0])
        return length * days_per(unit or self._unit) / days_per(self._unit)

    def _log_odds_alive(self, x: np.ndarray, tx: np.ndarray, age: np.ndarray) -> np.ndarray:
        r, alpha, a, b = self._fitted
        repeat = x + self._first > 0
        odds = np.full(len(x), np.inf)
        odds[repeat] = -(
            np.log(a)
            - np.log(b + x[repeat] + self._first - 1)
            + (r + x[repeat]) * (np.log(alpha + age[repeat]) - np.log(alpha + tx[repeat]))
        )
        return odds

    def _given_alive(self, x: np.ndarray, age: np.ndarray, ahead: float) -> np.ndarray:
        return self._over_leaving(
            x, age, ahead, lambda p, shape, rate: expected_given(p, shape, rate, ahead)
        )

    def _over_leaving(
        self,
        x: np.ndarray,
        age: np.ndarray,
        ahead: float,
        function: Callable[[np.ndarray, np.ndarray, np.ndarray], np.ndarray],
    ) -> np.ndarray:
        """Take the mean of ``function(p, r + x, alpha + T)`` over ``p ~ Beta(a, b + x)`` (MBG/NBD: b + x + 1).

        `ahead` is how far the function looks: it decides how many points are needed.
        """
        r, alpha, a, b = self._fitted
        # Customers with the same count and age have the same answer: ask once.
        pairs, place = distinct_rows(x, age)
        answer = np.empty(len(pairs))
        far = ahead > _FAR * (alpha + pairs[:, 1])
        for count in np.unique(pairs[:, 0]):
            for nodes, most, where in ((_beta_nodes, 20_000, ~far), (_far_nodes, 4_000, far)):
                rows = np.flatnonzero(where & (pairs[:, 0] == count))
                if not len(rows):
                    continue
                p, weight = nodes(a, b + count + self._first)
                for chunk in np.array_split(rows, len(rows) // most + 1):
                    rate = alpha + pairs[chunk, 1]
                    answer[chunk] = function(p, np.full(len(chunk), r + count), rate) @ weight
        return answer[place]


class ModifiedBetaGeoModel(BetaGeoModel):
    """How often customers buy, and whether they still do, where one may leave after the very first purchase: MBG/NBD.

    In BG/NBD a customer who bought once is alive for certain. Here they leave after the first purchase with the same
    probability as after any other, so that their silence counts too. Methods and attributes are those of
    :class:`BetaGeoModel`.

    References
    ----------
    Batislam, Denizel & Filiztekin (2007), International Journal of Research in Marketing 24(3), 201-209.

    Examples
    --------
    >>> model = ModifiedBetaGeoModel.from_params({"r": 0.5, "alpha": 6.0, "a": 0.9, "b": 1.6}, unit="W")
    >>> once = pd.DataFrame({"repeat_days": [0, 0], "active_span_days": [0, 0], "age_days": [30, 600]})
    >>> model.probability_alive(once).round(2).tolist()
    [0.58, 0.31]
    """

    _first = 1


def expected_given(
    p: np.ndarray, shape: ArrayLike, rate: ArrayLike, ahead: ArrayLike
) -> np.ndarray:
    """Expected purchases within `ahead` of someone alive who leaves with probability p: rows customers, columns p."""
    shapes, rates, lengths = np.broadcast_arrays(*np.atleast_1d(shape, rate, ahead))
    grown = shapes[:, None] * np.log1p(np.outer(lengths / rates, p))
    return -np.expm1(-grown) / p


def _beta_nodes(a: float, b: float) -> tuple[np.ndarray, np.ndarray]:
    """Points and weights that take a mean over Beta(a, b): Gauss-Jacobi by Golub and Welsch (1969).

    scipy's ``roots_jacobi`` overflows for large parameters; the eigenvalues of the recurrence do not.
    """
    k = np.arange(1, _NODES)
    alpha, beta = b - 1.0, a - 1.0
    total = alpha + beta
    diagonal = np.empty(_NODES)
    diagonal[0] = (beta - alpha) / (total + 2)
    diagonal[1:] = (beta**2 - alpha**2) / ((2 * k + total) * (2 * k + total + 2))
    square = np.empty(_NODES - 1)
    square[0] = 4 * (alpha + 1) * (beta + 1) / ((total + 2) ** 2 * (total + 3))
    j = k[1:]
    square[1:] = (
        4
        * j
        * (j + alpha)
        * (j + beta)
        * (j + total)
        / ((2 * j + total) ** 2 * (2 * j + total + 1) * (2 * j + total - 1))
    )
    points, vectors = linalg.eigh_tridiagonal(diagonal, np.sqrt(square))
    return np.clip((points + 1) / 2, 1e-300, 1.0), vectors[0] ** 2


def _far_nodes(a: float, b: float) -> tuple[np.ndarray, np.ndarray]:
    """Points and weights that take a mean over Beta(a, b) of a function that bends sharply near 0: some hundreds.

    A trapezoidal sum over w, where ``p = expit(middle + spread sinh(w))``: on this scale the bend at ``p = A / t`` is
    as smooth as any other place, and the tails of the beta distribution fall doubly exponentially (Takahasi & Mori
    1974, Publications of the RIMS 9).
    """
    step = 0.04
    middle, spread = np.log(a / b), np.sqrt(1 / a + 1 / b)
    w = np.arange(-9, 9 + step / 2, step)
    u = middle + spread * np.sinh(w)
    log_p = -np.logaddexp(0, -u)
    log_weight = a * log_p - b * np.logaddexp(0, u) + np.log(np.cosh(w))
    kept = log_weight > log_weight.max() - 50
    weight = np.exp(log_weight[kept] - log_weight.max())
    return np.exp(np.maximum(log_p[kept], -650)), weight / weight.sum()


def _beta_geo_objective(
    x: np.ndarray, tx: np.ndarray, age: np.ndarray, weight: np.ndarray, first: int
) -> Callable[[np.ndarray], tuple[float, np.ndarray]]:
    """Minus the mean log-likelihood of BG/NBD (first 0) or MBG/NBD (1), and its slope in log r, alpha, a, b."""
    # Customers with one and the same history are counted, not computed again.
    keep = weight > 0
    rows, place = distinct_rows(x[keep], tx[keep], age[keep])
    weight = np.bincount(place, weight[keep])
    weight = weight / weight.sum()
    x, tx, age = rows.T
    # What depends on the count alone is computed once per count.
    counts, of_count = np.unique(x, return_inverse=True)
    count_weight = np.bincount(of_count, weight)
    chances = counts + first  # to leave that were not taken
    repeat = x + first > 0
    xr, txr = x[repeat], tx[repeat]

    def objective(logs: np.ndarray) -> tuple[float, np.ndarray]:
        r, alpha, a, b = np.exp(logs)
        by_count = (
            special.gammaln(r + counts)
            - special.gammaln(r)
            + special.gammaln(a + b)
            + special.gammaln(b + chances)
            - special.gammaln(b)
        )
        by_count += r * logs[1] - special.gammaln(a + b + chances)
        log_age = np.log(alpha + age)
        log_tx = np.log(alpha + txr)
        alive = -(r + x) * log_age
        gone = logs[2] - np.log(b + xr + first - 1) - (r + xr) * log_tx
        share = np.zeros(len(x))  # of the likelihood, that comes from having left
        share[repeat] = special.expit(gone - alive[repeat])
        together = alive.copy()
        together[repeat] = np.logaddexp(alive[repeat], gone)
        value = dot(count_weight, by_count) + dot(weight, together)

        stay, left = weight * (1 - share), (weight * share)[repeat]
        d_r = dot(count_weight, special.digamma(r + counts) - special.digamma(r) + logs[1])
        d_r -= dot(stay, log_age) + dot(left, log_tx)
        d_alpha = (
            r / alpha - dot(stay, (r + x) / (alpha + age)) - dot(left, (r + xr) / (alpha + txr))
        )
        with_a = special.digamma(a + b) - special.digamma(a + b + chances)
        d_a = dot(count_weight, with_a) + left.sum() / a
        d_b = dot(count_weight, with_a + special.digamma(b + chances) - special.digamma(b)) - dot(
            left, 1 / (b + xr + first - 1)
        )
        return -value, -np.array([d_r * r, d_alpha * alpha, d_a * a, d_b * b])

    return objective
