"""What the two models of lifetime value share: time units, maximum likelihood, and the columns that they read."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import ClassVar, Self

import numpy as np
import pandas as pd

from crmkit.errors import CrmkitError
from crmkit.inputs import first_few, need_columns, need_frame, need_numbers
from crmkit.later import later
from crmkit.optimum import newton

optimize = later("scipy.optimize")

DAYS_PER_UNIT = {"D": 1.0, "W": 7.0, "M": 365.25 / 12, "Y": 365.25}
"""Days in a day, a week, a mean month and a mean year: the time units that a model may be fitted in."""


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


class FittedModel:
    """What the models share: maximise over logarithms of positive parameters, then say how sure that is."""

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
        >>> from crmkit.value import GammaGammaModel
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
        found = optimize.minimize(
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
                f"{type(self).__name__}: these data do not settle the model: quite different versions of it fit them "
                "equally well. There may be too few customers, too short a time, or nobody who leaves. Do not use its "
                "numbers before you have compared them with months that it has not seen. Standard errors are missing.",
                stacklevel=3,
            )
        self.covariance_ = pd.DataFrame(covariance, self._names, self._names)
        self.standard_errors_ = pd.Series(np.sqrt(np.diag(covariance)), index=list(self._names))


def purchase_history(
    summary: pd.DataFrame, per: float
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
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


def spending_history(summary: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Repeat purchases and their mean value."""
    columns = ["repeat_days", "mean_repeat_value"]
    need_columns(summary, columns, "summary")
    x = need_numbers(summary["repeat_days"], "summary, column repeat_days", minimum=0)
    return x, need_numbers(summary["mean_repeat_value"], "summary, column mean_repeat_value")


def distinct_rows(*columns: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
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


def dot(one: np.ndarray, other: np.ndarray) -> float:
    """Sum of products."""
    # Not `@`: for long vectors that wakes the threads of the linear algebra, which costs more than it saves.
    return float(np.einsum("i,i->", one, other))


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
