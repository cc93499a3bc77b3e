"""How much a purchase of each customer is worth: the Gamma-Gamma model.

What one customer spends varies about a mean of their own, and the means differ; how much and how often have nothing to
do with each other.

References
----------
Fader & Hardie (2013), The Gamma-Gamma model of monetary value, note at brucehardie.com.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Self

import numpy as np
import pandas as pd

from crmkit.errors import CrmkitError
from crmkit.inputs import first_few, need_numbers
from crmkit.later import later
from crmkit.value.fitting import FittedModel, dot, spending_history

special = later("scipy.special")


class GammaGammaModel(FittedModel):
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
        x, mean = spending_history(summary)
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
        x, mean = spending_history(summary)
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
        by_count = special.gammaln(p * counts + q) - special.gammaln(p * counts)
        value = dot(count_weight, by_count) - special.gammaln(q) + q * logs[2]
        value += dot(weight, (px - 1) * log_mean + px * log_x - (px + q) * log_sum)
        with_q = special.digamma(p * counts + q)
        d_p = dot(count_weight, counts * (with_q - special.digamma(p * counts)))
        d_p += dot(weight, x * (log_mean + log_x - log_sum))
        d_q = dot(count_weight, with_q) - special.digamma(q) + logs[2] - dot(weight, log_sum)
        d_gamma = q / gamma - dot(weight, (px + q) / (gamma + x * mean))
        return -value, -np.array([d_p * p, d_q * q, d_gamma * gamma])

    return objective
