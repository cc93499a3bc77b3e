"""What each customer will still bring: BG/NBD for how often, Gamma-Gamma for how much, lifetime value from both.

Business context: without a contract nobody gives notice. A customer silent for half a year may be gone, or may
simply buy
once a year. The BG/NBD model reads from everyone's rhythm how likely each is still a customer, and how many
purchases are to come; the Gamma-Gamma model how much a purchase is worth; both together give a lifetime value.

Stories behind the models. BG/NBD: while a customer is *alive* purchases come by chance at a rate of their own
(the rates differ as
a gamma distribution); after every purchase the customer leaves with a probability of their own (these differ
as a beta distribution).
Gamma-Gamma: what one customer spends varies about a mean of their own, and the means differ; how
much and how often have nothing to do with each other.

Time: a summary counts days; a model is fitted in a unit that is said once (``fit(summary, unit="W")``), and keeps it.

References
----------
Fader, Hardie & Lee (2005), "Counting your customers" the easy way, Marketing Science 24(2), 275-284.
Fader & Hardie (2013), The Gamma-Gamma model of monetary value, note at brucehardie.com.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import ClassVar, Self, overload

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy.linalg import eigh_tridiagonal
from scipy.optimize import minimize
from scipy.special import betaln, digamma, expit, gammaln

from crmkit.errors import CrmkitError
from crmkit.inputs import (
    first_few,
    generator,
    need_columns,
    need_count,
    need_frame,
    need_numbers,
)
from crmkit.optimum import newton

DAYS_PER_UNIT = {"D": 1.0, "W": 7.0, "M": 365.25 / 12, "Y": 365.25}
"""Days in a day, a week, a mean month and a mean year: the time units that a model may be fitted in."""

_NODES = 48  # of the quadrature over the leaving probability: 1e-8 on CDNOW, see the tests


def days_per(unit: str) -> float:
    """Give the days in a time unit, ``"D"``, ``"W"``, ``"M"`` (mean month) or ``"Y"`` (mean year).

    Examples
    --------
    >>> days_per("W")
    7.0
    """
    if not isinstance(unit, str) or unit not in DAYS_PER_UNIT:
        raise CrmkitError(
            f"unit {unit!r} is no time unit here. Use 'D' (days), 'W' (weeks), 'M' (months) or 'Y' (years)."
        )
    return DAYS_PER_UNIT[unit]


class _Model:
    """What both models share: maximise over logarithms of positive parameters, then say how sure that is."""

    _names: ClassVar[tuple[str, ...]]
    _settings: ClassVar[tuple[str, ...]] = ()

    params_: pd.Series
    log_likelihood_: float
    standard_errors_: pd.Series
    covariance_: pd.DataFrame
    customers_: int
    converged_: bool

    @property
    def _fitted(self) -> np.ndarray:
        if not hasattr(self, "params_"):
            raise CrmkitError(
                f"This {type(self).__name__} has not seen any customers yet: call fit(summary) first."
            )
        return self.params_.to_numpy()

    @classmethod
    def from_params(cls, params: dict[str, float], **kwargs: str) -> Self:
        """Make a model from known parameters, as if it had been fitted.

        Parameters
        ----------
        params
            All parameters by name, each above zero.
        **kwargs
            ``unit`` of :class:`BetaGeoModel`: it has to be said, because the parameters mean nothing without it.

        Returns
        -------
        Model
            Ready to predict; it knows no log-likelihood and no standard errors.

        Raises
        ------
        CrmkitError
            A parameter is missing, unknown or not above zero, or the time unit is missing or unknown.

        Examples
        --------
        >>> GammaGammaModel.from_params({"p": 6.25, "q": 3.74, "gamma": 15.44}).mean_value
        35.21897810218978
        """
        if set(params) != set(cls._names):
            raise CrmkitError(
                f"{cls.__name__} needs the parameters {', '.join(cls._names)}, not {', '.join(params)}."
            )
        if set(kwargs) != set(cls._settings):
            wanted = "unit='W' (or 'D', 'M', 'Y')" if cls._settings else "nothing"
            raise CrmkitError(
                f"{cls.__name__}.from_params needs {wanted} beside the parameters, "
                f"not {', '.join(kwargs) or 'nothing'}."
            )
        if "unit" in kwargs:
            days_per(kwargs["unit"])
        values = need_numbers(pd.Series(params)[list(cls._names)], "params")
        if (values <= 0).any():
            raise CrmkitError(f"params: all must be above zero, not {dict(params)}.")
        model = cls()
        model.params_ = pd.Series(values, index=list(cls._names))
        for name, given in kwargs.items():
            setattr(model, f"{name}_", given)
        return model

    def _maximise(
        self,
        objective: Callable[[np.ndarray], tuple[float, np.ndarray]],
        start: np.ndarray,
        customers: int,
    ) -> None:
        """Find the largest log-likelihood; `objective` gives minus its mean and the slope in log-parameters."""
        found = minimize(
            objective,
            np.log(start),
            jac=True,
            # L-BFGS-B finds the same place, but spends ten times as long in the threads of its linear algebra.
            method="SLSQP",
            bounds=[(-15.0, 15.0)] * len(start),
            options={"ftol": 1e-12, "maxiter": 500},
        )
        place = found.x
        # The search stops where the ground is nearly flat, and this goes to its bottom.
        place = newton(
            lambda logs: objective(logs)[1], lambda logs: _hessian(objective, logs), place
        )
        hessian = _hessian(objective, place)
        self.params_ = pd.Series(np.exp(place), index=list(self._names))
        self.log_likelihood_ = -customers * objective(place)[0]
        self.customers_ = customers
        curvature = np.linalg.eigvalsh(hessian)
        steep = float(np.abs(objective(place)[1]).max())
        self.converged_ = bool(steep < 1e-5 and curvature[0] > 1e-10 and np.abs(place).max() < 14)
        if self.converged_:
            scale = np.exp(place)
            covariance = np.linalg.inv(hessian * customers) * np.outer(scale, scale)
        else:
            covariance = np.full((len(place), len(place)), np.nan)
            warnings.warn(
                f"{type(self).__name__}: the data do not settle the parameters "
                f"({', '.join(f'{k} {v:.3g}' for k, v in self.params_.items())}). There may be too few "
                f"customers, too short a "
                "time, or nobody who leaves. Standard errors are missing; check predictions on held-out months.",
                stacklevel=3,
            )
        self.covariance_ = pd.DataFrame(covariance, self._names, self._names)
        self.standard_errors_ = pd.Series(np.sqrt(np.diag(covariance)), index=list(self._names))


class BetaGeoModel(_Model):
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
        x, tx, age = _history(summary, per)
        weight = np.ones(len(x)) if weights is None else need_numbers(weights, "weights", minimum=0)
        if len(weight) != len(x):
            raise CrmkitError(
                f"weights: {len(weight)} for {len(x)} customers. One for each is needed."
            )
        repeaters = int(weight[x > 0].sum())
        if weight.sum() < 10 or repeaters < 2:
            raise CrmkitError(
                f"BetaGeoModel cannot learn four numbers from {int(weight.sum())} customers of whom {repeaters} "
                f"bought on "
                "more than one day. At least 10 customers with 2 repeaters are needed, and some hundreds to trust it."
            )
        self.unit_ = unit
        objective = _beta_geo_objective(x, tx, age, weight)
        rate = weight @ x / max(weight @ age, 1e-9)
        start = np.array([0.5, 0.5 / max(rate, 1e-6), 1.0, 2.0])
        self._maximise(objective, start, int(weight.sum()))
        return self

    def probability_alive(self, summary: pd.DataFrame) -> pd.Series:
        """Give the probability that each customer is still one, at the end of the observation.

        A customer who has bought once only cannot have left in this model (one leaves after a *repeat* purchase): 1.

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
        x, tx, age = _history(summary, days_per(self._unit))
        return pd.Series(
            expit(self._log_odds_alive(x, tx, age)), index=summary.index, name="probability_alive"
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
        by Gauss-Jacobi quadrature.
        """
        ahead = self._in_unit(periods, unit)
        if summary is None:
            return float(self._given_alive(np.zeros(1), np.zeros(1), ahead)[0])
        x, tx, age = _history(summary, days_per(self._unit))
        alive = expit(self._log_odds_alive(x, tx, age))
        return pd.Series(
            alive * self._given_alive(x, age, ahead), index=summary.index, name="expected_purchases"
        )

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
        p, weight = _beta_nodes(a, b)
        return _expected_given(p, r, alpha, lengths) @ weight

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
            so_many = gammaln(r + j) - gammaln(r) - gammaln(j + 1) + r * np.log(alpha / (alpha + t))
            return np.exp(so_many) * share**j

        stayed = np.exp(betaln(a, b + count) - betaln(a, b)) * still_there(count)
        if count == 0:
            return stayed
        left = np.exp(betaln(a + 1, b + count - 1) - betaln(a, b))
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
        repeat = x > 0
        odds = np.full(len(x), np.inf)
        odds[repeat] = -(
            np.log(a)
            - np.log(b + x[repeat] - 1)
            + (r + x[repeat]) * (np.log(alpha + age[repeat]) - np.log(alpha + tx[repeat]))
        )
        return odds

    def _given_alive(self, x: np.ndarray, age: np.ndarray, ahead: float) -> np.ndarray:
        return self._over_leaving(
            x, age, lambda p, shape, rate: _expected_given(p, shape, rate, ahead)
        )

    def _over_leaving(
        self,
        x: np.ndarray,
        age: np.ndarray,
        function: Callable[[np.ndarray, np.ndarray, np.ndarray], np.ndarray],
    ) -> np.ndarray:
        """Take the mean of ``function(p, r + x, alpha + T)`` over ``p ~ Beta(a, b + x)``."""
        r, alpha, a, b = self._fitted
        # Customers with the same count and age have the same answer: ask once.
        pairs, place = _distinct(x, age)
        answer = np.empty(len(pairs))
        for count in np.unique(pairs[:, 0]):
            rows = np.flatnonzero(pairs[:, 0] == count)
            p, weight = _beta_nodes(a, b + count)
            for chunk in np.array_split(rows, len(rows) // 20_000 + 1):
                rate = alpha + pairs[chunk, 1]
                answer[chunk] = function(p, np.full(len(chunk), r + count), rate) @ weight
        return answer[place]


class GammaGammaModel(_Model):
    """How much a purchase of each customer is worth.

    Attributes
    ----------
    params_ : Series
        ``p`` (shape of one customer's purchases), ``q``, ``gamma`` (how customers' means differ; gamma in money).
    log_likelihood_, standard_errors_, covariance_, converged_
        As in :class:`BetaGeoModel`.
    customers_ : int
        Customers with a repeat purchase that were used.
    set_aside_ : int
        Customers with repeat purchases whose mean is zero or less: a gamma distribution knows no such
        purchase. A warning said so.

    References
    ----------
    Fader & Hardie (2013), The Gamma-Gamma model of monetary value.

    Examples
    --------
    >>> model = GammaGammaModel.from_params({"p": 6.25, "q": 3.74, "gamma": 15.44})
    >>> seen = pd.DataFrame({"repeat_days": [0, 1, 20], "mean_repeat_value": [0.0, 100.0, 100.0]})
    >>> model.expected_value(seen).round(1).tolist()
    [35.2, 80.3, 98.6]
    """

    _names = ("p", "q", "gamma")
    set_aside_: int

    def fit(self, summary: pd.DataFrame, *, weights: object = None) -> Self:
        """Learn the three parameters by maximum likelihood from the customers with repeat purchases.

        Parameters
        ----------
        summary
            One row per customer: ``repeat_days``, ``mean_repeat_value``.
        weights
            How often each row counts; once if left out.

        Returns
        -------
        GammaGammaModel
            Itself.

        Raises
        ------
        CrmkitError
            A column is missing, or there are too few customers to learn from.
        """
        x, mean = _spending(summary)
        weight = np.ones(len(x)) if weights is None else need_numbers(weights, "weights", minimum=0)
        if len(weight) != len(x):
            raise CrmkitError(
                f"weights: {len(weight)} for {len(x)} customers. One for each is needed."
            )
        repeat = x > 0
        used = repeat & (mean > 0)
        self.set_aside_ = int((repeat & ~used).sum())
        if self.set_aside_:
            warnings.warn(
                f"GammaGammaModel: {self.set_aside_} of {int(repeat.sum())} customers with repeat purchases "
                f"have a mean of zero or "
                "less and are set aside: the model knows only purchases above zero.",
                stacklevel=2,
            )
        x, mean, weight = x[used], mean[used], weight[used]
        x, mean, weight = x[weight > 0], mean[weight > 0], weight[weight > 0]
        if weight.sum() < 10 or np.ptp(mean) == 0:
            raise CrmkitError(
                f"GammaGammaModel cannot learn three numbers from {int(weight.sum())} customers with repeat "
                f"purchases and "
                f"{len(np.unique(mean))} different means. At least 10 who differ are needed, and some hundreds "
                f"to trust it."
            )
        # Money in units of its own mean: the search then starts near 1 in pounds as in yen.
        scale = float(np.average(mean, weights=weight))
        objective = _gamma_gamma_objective(x, mean / scale, weight)
        self._maximise(objective, np.array([2.0, 3.0, 1.0]), int(weight.sum()))
        self.params_["gamma"] *= scale
        self.standard_errors_["gamma"] *= scale
        self.covariance_.loc["gamma"] *= scale
        self.covariance_["gamma"] *= scale
        self.log_likelihood_ -= float(weight.sum()) * np.log(scale)
        return self

    @property
    def mean_value(self) -> float:
        """Mean value of a purchase over all customers. Endless when ``q`` is 1 or less."""
        p, q, gamma = self._fitted
        return float(p * gamma / (q - 1)) if q > 1 else float("inf")

    def expected_value(self, summary: pd.DataFrame) -> pd.Series:
        """Give the mean value of each customer's purchases: their own mean, drawn towards everyone's.

        The fewer purchases were seen, the more it is drawn. Of someone who bought once, the first purchase is not
        used (it is in no repeat mean), and everyone's mean is given.

        Parameters
        ----------
        summary
            As for :meth:`fit`.

        Returns
        -------
        Series
            Money per purchase, in the currency of the summary, on its index.

        Raises
        ------
        CrmkitError
            As :meth:`fit`; a mean below zero; or ``q`` of 1 or less with a customer of whom no repeat purchase
            was seen.
        """
        p, q, gamma = self._fitted
        x, mean = _spending(summary)
        low = (x > 0) & (mean < 0)
        if low.any():
            raise CrmkitError(
                f"summary, column mean_repeat_value: {int(low.sum())} are below zero, first at row "
                f"{first_few(summary.index[low])}. Refunds larger than purchases: look at those customers apart."
            )
        below = p * x + q - 1
        if (below <= 0).any():
            raise CrmkitError(
                f"q is {q:.2f}: customers differ so much that a mean over all does not exist. Leave out the customers "
                "without a repeat purchase, or look at the largest purchases first."
            )
        value = p * (gamma + x * mean) / below
        return pd.Series(value, index=summary.index, name="expected_value")


def customer_lifetime_value(
    purchases: BetaGeoModel,
    value: GammaGammaModel,
    summary: pd.DataFrame,
    *,
    horizon: float,
    unit: str,
    discount_per_year: float,
    currency: str,
    margin_rate: float = 1.0,
) -> pd.DataFrame:
    """Put how often, how long and how much together: the money to expect of each customer from now on.

    Each expected purchase is discounted by the moment at which it is expected (continuous time), so the answer does
    not depend on cutting the horizon into weeks or months. Time unit and currency must be said: figures
    four times too large have come out of tools that assumed one.

    Parameters
    ----------
    purchases, value
        The two fitted models.
    summary
        As :func:`customer_summary` gives, in days.
    horizon
        How far ahead.
    unit
        Time unit of `horizon`: ``"D"``, ``"W"``, ``"M"``, ``"Y"``. It need not be that of the fit.
    discount_per_year
        What money in a year is worth less: 0.1 is 10 % a year.
    currency
        Currency of the summary, such as ``"GBP"``; it is written beside every figure.
    margin_rate
        Share of the value that is left after costs: 1 if `summary` already holds margins.

    Returns
    -------
    DataFrame
        On the index of `summary`: ``customer_id`` (if there), ``probability_alive``, ``expected_purchases`` (within the
        horizon), ``expected_value`` (per purchase), ``lifetime_value`` (discounted), ``currency``.

    Raises
    ------
    CrmkitError
        As the models do; also a discount below 0 or above 1 (a percentage?), a margin rate outside 0 to 1, no currency.

    Examples
    --------
    >>> often = BetaGeoModel.from_params({"r": 0.243, "alpha": 4.414, "a": 0.793, "b": 2.426}, unit="W")
    >>> much = GammaGammaModel.from_params({"p": 6.25, "q": 3.74, "gamma": 15.44})
    >>> seen = pd.DataFrame(
    ...     {"repeat_days": [2], "active_span_days": [210], "age_days": [272], "mean_repeat_value": [50.0]}
    ... )
    >>> clv = customer_lifetime_value(often, much, seen, horizon=1, unit="Y", discount_per_year=0.1, currency="GBP")
    >>> clv[["expected_purchases", "expected_value", "lifetime_value"]].round(2)
       expected_purchases  expected_value  lifetime_value
    0                1.55           47.34           70.29
    """
    if not isinstance(discount_per_year, (int, float, np.number)) or not 0 <= discount_per_year < 1:
        raise CrmkitError(
            f"discount_per_year is a share between 0 and 1 (10 % is 0.1), not {discount_per_year!r}."
        )
    if not isinstance(margin_rate, (int, float, np.number)) or not 0 < margin_rate <= 1:
        raise CrmkitError(f"margin_rate is a share between 0 and 1, not {margin_rate!r}.")
    if not currency or not isinstance(currency, str):
        raise CrmkitError("currency must be named, such as 'GBP': a figure without it says little.")
    ahead = purchases._in_unit(horizon, unit)
    x, tx, age = _history(summary, days_per(purchases._unit))
    alive = expit(purchases._log_odds_alive(x, tx, age))
    force = np.log1p(discount_per_year) * days_per(purchases._unit) / days_per("Y")
    moments, widths = np.polynomial.legendre.leggauss(20)
    moments, widths = ahead * (moments + 1) / 2, ahead * widths / 2

    def discounted(p: np.ndarray, shape: np.ndarray, rate: np.ndarray) -> np.ndarray:
        total = np.zeros((len(shape), len(p)))
        for moment, width in zip(moments, widths, strict=True):
            # Purchases per unit of time at that moment: rate of purchase times the chance to be still there.
            grown = np.log1p(np.outer(moment / rate, p))
            total += width * np.exp(-force * moment - (shape + 1)[:, None] * grown)
        return total * (shape / rate)[:, None]

    worth = value.expected_value(summary) * margin_rate
    columns = {"customer_id": summary["customer_id"]} if "customer_id" in summary else {}
    return pd.DataFrame(
        {
            **columns,
            "probability_alive": alive,
            "expected_purchases": alive * purchases._given_alive(x, age, ahead),
            "expected_value": worth,
            "lifetime_value": alive * purchases._over_leaving(x, age, discounted) * worth,
            "currency": currency,
        },
        index=summary.index,
    )


def predict_spread(
    purchases: BetaGeoModel,
    value: GammaGammaModel,
    summary: pd.DataFrame,
    *,
    horizon: float,
    unit: str,
    level: float = 0.8,
    draws: int = 1000,
    seed: int | np.random.Generator = 0,
) -> pd.DataFrame:
    """Let each customer's future happen many times, and say how far apart the outcomes lie.

    The lifetime value is a mean. One customer does not spend a mean: most spend nothing or much more. The spread here
    is that of the customer's own future, the parameters taken as known; how sure the parameters are is
    :func:`bootstrap_params`'s business.

    Parameters
    ----------
    purchases, value, summary, horizon, unit
        As for :func:`customer_lifetime_value`; nothing is discounted.
    level
        Share of the futures that lie between ``low`` and ``high``.
    draws
        Futures per customer.
    seed
        Whole number or generator.

    Returns
    -------
    DataFrame
        On the index of `summary`: ``mean``, ``low``, ``median``, ``high`` (money within the horizon),
        ``nothing`` (share of the
        futures without a purchase).

    Examples
    --------
    >>> often = BetaGeoModel.from_params({"r": 0.243, "alpha": 4.414, "a": 0.793, "b": 2.426}, unit="W")
    >>> much = GammaGammaModel.from_params({"p": 6.25, "q": 3.74, "gamma": 15.44})
    >>> seen = pd.DataFrame(
    ...     {"repeat_days": [2], "active_span_days": [210], "age_days": [272], "mean_repeat_value": [50.0]}
    ... )
    >>> predict_spread(often, much, seen, horizon=1, unit="Y")["low"].tolist()
    [0.0]
    """
    rng = generator(seed)
    need_count(draws, "draws")
    if not 0 < level < 1:
        raise CrmkitError(f"level is a share between 0 and 1, not {level!r}.")
    ahead = purchases._in_unit(horizon, unit)
    x, tx, age = _history(summary, days_per(purchases._unit))
    _, mean = _spending(summary)
    r, alpha, a, b = purchases._fitted
    p_shape, q, gamma = value._fitted
    alive = expit(purchases._log_odds_alive(x, tx, age))
    rows = []
    for i in range(len(x)):
        rate = rng.gamma(r + x[i], 1 / (alpha + age[i]), draws)
        leaving = rng.beta(a, b + x[i], draws)
        count = _future_purchases(rate, leaving, rng.random(draws) < alive[i], ahead, rng)
        own = rng.gamma(p_shape * x[i] + q, 1 / (gamma + x[i] * max(mean[i], 0.0)), draws)
        spent = np.where(count > 0, rng.gamma(p_shape * np.maximum(count, 1)) / own, 0.0)
        low, middle, high = np.quantile(spent, [(1 - level) / 2, 0.5, (1 + level) / 2])
        rows.append((spent.mean(), low, middle, high, float((count == 0).mean())))
    return pd.DataFrame(
        rows, columns=["mean", "low", "median", "high", "nothing"], index=summary.index
    )


def bootstrap_params(
    model: BetaGeoModel | GammaGammaModel,
    summary: pd.DataFrame,
    *,
    draws: int = 100,
    seed: int | np.random.Generator = 0,
) -> pd.DataFrame:
    """Fit the model again on customers drawn anew with replacement, to see how far the parameters would move.

    Parameters
    ----------
    model
        A fitted model: its kind and its time unit are used.
    summary
        The customers it was fitted on.
    draws
        How many times.
    seed
        Whole number or generator.

    Returns
    -------
    DataFrame
        One row per draw, one column per parameter. Quantiles of a column, or of anything computed from the
        rows, are intervals.

    Raises
    ------
    CrmkitError
        As ``fit``; the model has not been fitted.

    Examples
    --------
    >>> orders, _ = simulate_orders({"r": 0.5, "alpha": 8.0, "a": 0.8, "b": 2.4}, customers=300, seed=1)
    >>> from crmkit.value.summary import customer_summary
    >>> summary = customer_summary(orders, "2025-12-31")
    >>> bootstrap_params(BetaGeoModel().fit(summary), summary, draws=3).shape
    (3, 4)
    """
    _ = model._fitted
    need_count(draws, "draws")
    rng = generator(seed)
    found = []
    for _draw in range(draws):
        weights = rng.multinomial(len(summary), np.full(len(summary), 1 / len(summary)))
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # one warning is enough, and the first fit gave it
            if isinstance(model, BetaGeoModel):
                found.append(BetaGeoModel().fit(summary, model._unit, weights=weights).params_)
            else:
                found.append(GammaGammaModel().fit(summary, weights=weights).params_)
    return pd.DataFrame(found).reset_index(drop=True)


def simulate_orders(
    params: dict[str, float] | pd.Series,
    value_params: dict[str, float] | pd.Series | None = None,
    *,
    customers: int = 1000,
    start: str = "2023-01-01",
    joined_until: str | None = None,
    end: str = "2025-12-31",
    unit: str = "W",
    seed: int | np.random.Generator = 0,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Make a company whose customers do exactly what the models suppose, and say what nobody could see.

    Parameters
    ----------
    params
        ``r``, ``alpha``, ``a``, ``b``; the time unit of alpha is `unit`.
    value_params
        ``p``, ``q``, ``gamma``: money per order. Left out, every order is 1.
    customers
        How many.
    start, joined_until, end
        First purchases fall evenly between the first two; the observation ends with the third. `joined_until`
        left out: all start on `start`.
    unit
        Time unit of the parameters.
    seed
        Whole number or generator.

    Returns
    -------
    orders : DataFrame
        ``customer_id``, ``order_date`` (a day), ``turnover``.
    truth : DataFrame
        One row per customer: ``customer_id``, ``rate`` (purchases per `unit`), ``leaving`` (probability after
        a repeat purchase),
        ``alive`` (at the end), ``mean_value`` (money per order).

    Raises
    ------
    CrmkitError
        Wrong parameters or dates.

    Examples
    --------
    >>> orders, truth = simulate_orders({"r": 0.5, "alpha": 8.0, "a": 0.8, "b": 2.4}, customers=100, seed=1)
    >>> len(truth), orders["customer_id"].nunique()
    (100, 100)
    """
    rng = generator(seed)
    model = BetaGeoModel.from_params(dict(params), unit=unit)
    r, alpha, a, b = model._fitted
    per = days_per(unit)
    begin, finish = pd.Timestamp(start), pd.Timestamp(end)
    last_start = begin if joined_until is None else pd.Timestamp(joined_until)
    if not begin <= last_start <= finish:
        raise CrmkitError(
            f"The days must follow each other: start {start}, joined_until {joined_until}, end {end}."
        )
    rate = rng.gamma(r, 1 / alpha, customers)
    leaving = rng.beta(a, b, customers)
    moment = rng.integers(0, (last_start - begin).days + 1, customers).astype(float)
    length = float((finish - begin).days)
    who, when = [np.arange(customers)], [moment.copy()]
    alive = np.ones(customers, dtype=bool)
    going = np.arange(customers)
    while len(going):
        moment[going] += rng.exponential(1 / np.maximum(rate[going], 1e-12)) * per
        going = going[moment[going] <= length]
        who.append(going)
        when.append(moment[going].copy())
        gone = rng.random(len(going)) < leaving[going]
        alive[going[gone]] = False
        going = going[~gone]
    customer = np.concatenate(who)
    day = np.floor(np.concatenate(when))
    mean_value = np.ones(customers)
    spent = np.ones(len(customer))
    if value_params is not None:
        p, q, gamma = GammaGammaModel.from_params(dict(value_params))._fitted
        nu = rng.gamma(q, 1 / gamma, customers)
        mean_value = p / nu
        spent = np.maximum(np.round(rng.gamma(p, 1 / nu[customer]), 2), 0.01)
    orders = pd.DataFrame(
        {
            "customer_id": customer + 1,
            "order_date": begin + pd.to_timedelta(day, unit="D"),
            "turnover": spent,
        }
    )
    orders = orders.sort_values(["order_date", "customer_id"], kind="stable").reset_index(drop=True)
    truth = pd.DataFrame(
        {
            "customer_id": np.arange(customers) + 1,
            "rate": rate,
            "leaving": leaving,
            "alive": alive,
            "mean_value": mean_value,
        }
    )
    return orders, truth


def _future_purchases(
    rate: np.ndarray, leaving: np.ndarray, alive: np.ndarray, ahead: float, rng: np.random.Generator
) -> np.ndarray:
    count = np.zeros(len(rate), dtype=int)
    moment = np.zeros(len(rate))
    going = np.flatnonzero(alive)
    while len(going):
        moment[going] += rng.exponential(1 / np.maximum(rate[going], 1e-12))
        going = going[moment[going] <= ahead]
        count[going] += 1
        going = going[rng.random(len(going)) >= leaving[going]]
    return count


def _history(summary: pd.DataFrame, per: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Repeat purchases, time of the last one and age, in the unit of the model; checked for contradictions."""
    need_frame(summary, "summary")
    columns = ["repeat_days", "active_span_days", "age_days"]
    if {"frequency", "recency", "T"} <= set(summary.columns) and "age_days" not in summary.columns:
        raise CrmkitError(
            "summary: it has frequency, recency, T, and does not say in which unit. Rename them to repeat_days, "
            "active_span_days "
            "(last minus first) and age_days, all counted in days."
        )
    need_columns(summary, columns, "summary")
    x, tx, age = (need_numbers(summary[c], f"summary, column {c}", minimum=0) for c in columns)
    wrong = tx > age
    if wrong.any():
        raise CrmkitError(
            f"summary: {int(wrong.sum())} of {len(x)} customers have active_span_days larger than age_days (a "
            f"last purchase after "
            f"the end), first at row {first_few(summary.index[wrong])}. Is active_span_days last minus first, and "
            "the end the same for all?"
        )
    wrong = (x == 0) & (tx > 0) | (x > 0) & (tx == 0) | (x > tx)
    if wrong.any():
        raise CrmkitError(
            f"summary: {int(wrong.sum())} of {len(x)} customers contradict themselves, first at row "
            f"{first_few(summary.index[wrong])}: repeat_days counts distinct days after the first purchase, so "
            f"it is 0 exactly "
            "when active_span_days is 0, and never larger than it. Are the times in days, and is the first "
            "purchase left out of "
            "repeat_days?"
        )
    return x, tx / per, age / per


def _spending(summary: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    columns = ["repeat_days", "mean_repeat_value"]
    need_columns(summary, columns, "summary")
    x = need_numbers(summary["repeat_days"], "summary, column repeat_days", minimum=0)
    return x, need_numbers(summary["mean_repeat_value"], "summary, column mean_repeat_value")


def _distinct(*columns: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Distinct rows, and for each customer the place of theirs; ``np.unique(axis=0)`` takes ten times as long."""
    code = np.zeros(len(columns[0]), dtype=np.int64)
    for column in columns:
        code, _ = pd.factorize(code)
        own, values = pd.factorize(column)
        code = code * max(len(values), 1) + own
    place, _ = pd.factorize(code)
    first = np.empty(place.max() + 1, dtype=np.int64)
    first[place[::-1]] = np.arange(len(place))[::-1]
    return np.column_stack([column[first] for column in columns]), place


def _expected_given(
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
    points, vectors = eigh_tridiagonal(diagonal, np.sqrt(square))
    return np.clip((points + 1) / 2, 1e-300, 1.0), vectors[0] ** 2


def _hessian(
    objective: Callable[[np.ndarray], tuple[float, np.ndarray]], place: np.ndarray
) -> np.ndarray:
    step = 1e-4
    columns = []
    for i in range(len(place)):
        shift = np.zeros(len(place))
        shift[i] = step
        columns.append((objective(place + shift)[1] - objective(place - shift)[1]) / (2 * step))
    hessian = np.array(columns)
    return (hessian + hessian.T) / 2


def _dot(one: np.ndarray, other: np.ndarray) -> float:
    # Not `@`: for long vectors that wakes the threads of the linear algebra, which costs more than it saves.
    return float(np.einsum("i,i->", one, other))


def _beta_geo_objective(
    x: np.ndarray, tx: np.ndarray, age: np.ndarray, weight: np.ndarray
) -> Callable[[np.ndarray], tuple[float, np.ndarray]]:
    """Minus the mean log-likelihood of BG/NBD and its slope in the logarithms of r, alpha, a, b."""
    # Customers with one and the same history are counted, not computed again.
    keep = weight > 0
    rows, place = _distinct(x[keep], tx[keep], age[keep])
    weight = np.bincount(place, weight[keep])
    weight = weight / weight.sum()
    x, tx, age = rows.T
    # What depends on the count alone is computed once per count.
    counts, of_count = np.unique(x, return_inverse=True)
    count_weight = np.bincount(of_count, weight)
    once = x == 0
    repeat = ~once
    xr, txr = x[repeat], tx[repeat]

    def objective(logs: np.ndarray) -> tuple[float, np.ndarray]:
        r, alpha, a, b = np.exp(logs)
        by_count = (
            gammaln(r + counts) - gammaln(r) + gammaln(a + b) + gammaln(b + counts) - gammaln(b)
        )
        by_count += r * logs[1] - gammaln(a + b + counts)
        log_age = np.log(alpha + age)
        log_tx = np.log(alpha + txr)
        alive = -(r + x) * log_age
        gone = logs[2] - np.log(b + xr - 1) - (r + xr) * log_tx
        share = np.zeros(len(x))  # of the likelihood, that comes from having left
        share[repeat] = expit(gone - alive[repeat])
        together = alive.copy()
        together[repeat] = np.logaddexp(alive[repeat], gone)
        value = _dot(count_weight, by_count) + _dot(weight, together)

        stay, left = weight * (1 - share), (weight * share)[repeat]
        d_r = _dot(count_weight, digamma(r + counts) - digamma(r) + logs[1])
        d_r -= _dot(stay, log_age) + _dot(left, log_tx)
        d_alpha = (
            r / alpha - _dot(stay, (r + x) / (alpha + age)) - _dot(left, (r + xr) / (alpha + txr))
        )
        with_a = digamma(a + b) - digamma(a + b + counts)
        d_a = _dot(count_weight, with_a) + left.sum() / a
        d_b = _dot(count_weight, with_a + digamma(b + counts) - digamma(b)) - _dot(
            left, 1 / (b + xr - 1)
        )
        return -value, -np.array([d_r * r, d_alpha * alpha, d_a * a, d_b * b])

    return objective


def _gamma_gamma_objective(
    x: np.ndarray, mean: np.ndarray, weight: np.ndarray
) -> Callable[[np.ndarray], tuple[float, np.ndarray]]:
    """Minus the mean log-likelihood of Gamma-Gamma and its slope in the logarithms of p, q, gamma."""
    weight = weight / weight.sum()
    counts, of_count = np.unique(x, return_inverse=True)
    count_weight = np.bincount(of_count, weight)
    log_mean, log_x = np.log(mean), np.log(x)

    def objective(logs: np.ndarray) -> tuple[float, np.ndarray]:
        p, q, gamma = np.exp(logs)
        px = p * x
        log_sum = np.log(gamma + x * mean)
        by_count = gammaln(p * counts + q) - gammaln(p * counts)
        value = _dot(count_weight, by_count) - gammaln(q) + q * logs[2]
        value += _dot(weight, (px - 1) * log_mean + px * log_x - (px + q) * log_sum)
        with_q = digamma(p * counts + q)
        d_p = _dot(count_weight, counts * (with_q - digamma(p * counts)))
        d_p += _dot(weight, x * (log_mean + log_x - log_sum))
        d_q = _dot(count_weight, with_q) - digamma(q) + logs[2] - _dot(weight, log_sum)
        d_gamma = q / gamma - _dot(weight, (px + q) / (gamma + x * mean))
        return -value, -np.array([d_p * p, d_q * q, d_gamma * gamma])

    return objective
