"""Learners of uplift: from a randomised test to what an offer changes in each customer.

Sources
    Two models: Radcliffe & Surry (1999). Transformed outcome: Jaskowski & Jaroszewicz (2012); Athey & Imbens (2015).
    Doubly robust: Kennedy (2023), Electronic Journal of Statistics 17(2).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator, clone
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from crmkit.errors import CrmkitError
from crmkit.inputs import generator, need_numbers, need_probability, need_rows, need_true_false


def features(customers: pd.DataFrame, columns: Sequence[str]) -> pd.DataFrame:
    """Turn columns known before the contact into numbers that a model can read.

    Parameters
    ----------
    customers
    columns
        Numbers stay; booleans become 0 and 1; words become one column for each word but the first.

    Returns
    -------
    DataFrame
        Same index; only numbers.

    Examples
    --------
    >>> features(pd.DataFrame({"state": ["drowsy", "asleep"], "orders": [3, 1]}), ["state",
    ...     "orders"]).columns.tolist()
    ['orders', 'state_drowsy']
    """
    part = need_rows(customers, columns, "customers")[list(columns)]
    words = part.select_dtypes(exclude=["number", "bool"]).columns
    part = part.astype(dict.fromkeys(words, "str"))
    table = pd.get_dummies(part, columns=list(words), drop_first=True, dtype=float).astype(float)
    for name in table:
        need_numbers(table[name], name)
    return table


class _Uplift(BaseEstimator):
    """What both learners share: looking at the input, once."""

    def _look(
        self, X: Any, treated: Any, outcome: Any
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        X, was = np.asarray(X, float), need_true_false(treated, "treated")
        y = need_numbers(outcome, "outcome")
        if not len(X) == len(was) == len(y):
            raise CrmkitError(
                f"X, treated and outcome differ in length: {len(X)}, {len(was)}, {len(y)}."
            )
        if not np.isfinite(X).all() or not np.isfinite(y).all():
            raise CrmkitError(
                "X and outcome must be finite numbers; fill in what is missing, or leave those customers out "
                "and say how many."
            )
        for name, group in (("treated", was), ("control", ~was)):
            if group.sum() < 2 or (set(np.unique(y)) == {0.0, 1.0} and np.ptp(y[group]) == 0):
                raise CrmkitError(
                    f"{name}: {int(group.sum())} customers, all with the same outcome. "
                    "Nothing can be learnt about who differs. Use more customers, or arms "
                    "in which somebody returned."
                )
        return X, was, y


class TwoModels(_Uplift):
    """Two models, one for the treated and one for the control group; uplift is the difference of their forecasts.

    Parameters
    ----------
    estimator
        A classifier (``predict_proba`` is used) or a regressor. Default: scaled, mildly regularised logistic
        regression for outcomes
        of 0 and 1, ridge regression otherwise.

    Attributes
    ----------
    treated_, control_ : estimator
        The two fitted models.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> X, treated = rng.normal(size=(2000, 1)), rng.random(2000) < 0.5
    >>> y = rng.random(2000) < 0.3 + 0.2 * treated * (X[:, 0] > 0)
    >>> uplift = TwoModels().fit(X, treated, y).predict(X)
    >>> bool(uplift[X[:, 0] > 1].mean() > uplift[X[:, 0] < -1].mean())
    True
    """

    def __init__(self, estimator: Any = None) -> None:
        self.estimator = estimator

    def fit(self, X: Any, treated: Any, outcome: Any) -> TwoModels:
        """Fit one model to each group.

        Parameters
        ----------
        X
            Numbers, one row per customer.
        treated
        outcome
            0/1 or numbers.

        Returns
        -------
        TwoModels
            Itself.
        """
        X, was, y = self._look(X, treated, outcome)
        model = self.estimator
        if model is None:
            binary = set(np.unique(y)) <= {0.0, 1.0}
            model = make_pipeline(
                StandardScaler(), LogisticRegression(C=0.1) if binary else Ridge(10.0)
            )
        self.treated_ = clone(model).fit(X[was], y[was])
        self.control_ = clone(model).fit(X[~was], y[~was])
        return self

    def predict(self, X: Any) -> np.ndarray:
        """Give each customer's uplift, in the unit of the outcome."""
        return self.predict_treated(X) - self.predict_control(X)

    def predict_treated(self, X: Any) -> np.ndarray:
        """Give each customer's outcome if treated."""
        return _expected(self.treated_, np.asarray(X, float))

    def predict_control(self, X: Any) -> np.ndarray:
        """Give each customer's outcome if left alone."""
        return _expected(self.control_, np.asarray(X, float))


class TransformedOutcome(_Uplift):
    """One model of a transformed outcome whose mean *is* the uplift.

    The outcome of a treated customer counts ``y / p``, of a control ``-y / (1 - p)``, with p the chance to
    be treated. Its mean, for
    customers who are alike, is their uplift, so that any regression learns uplift directly; the price is
    more noise.

    Parameters
    ----------
    estimator
        Default: scaled ridge regression.
    treated_share
        Chance to be treated, as the experiment was designed. Default: share in the data.

    Attributes
    ----------
    model_ : estimator
    treated_share_ : float

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> X, treated = rng.normal(size=(2000, 1)), rng.random(2000) < 0.5
    >>> y = rng.random(2000) < 0.3 + 0.2 * treated * (X[:, 0] > 0)
    >>> round(float(TransformedOutcome().fit(X, treated, y).predict(X).mean()), 1)
    0.1
    """

    def __init__(self, estimator: Any = None, treated_share: float | None = None) -> None:
        self.estimator = estimator
        self.treated_share = treated_share

    def fit(self, X: Any, treated: Any, outcome: Any) -> TransformedOutcome:
        """Fit the model; arguments as for :meth:`TwoModels.fit`."""
        X, was, y = self._look(X, treated, outcome)
        p = was.mean() if self.treated_share is None else self.treated_share
        self.treated_share_ = need_probability(float(p), "treated_share")
        model = (
            make_pipeline(StandardScaler(), Ridge(100.0))
            if self.estimator is None
            else self.estimator
        )
        self.model_ = clone(model).fit(X, np.where(was, y / p, -y / (1 - p)))
        return self

    def predict(self, X: Any) -> np.ndarray:
        """Give each customer's uplift, in the unit of the outcome."""
        return self.model_.predict(np.asarray(X, float))


class DoublyRobust(_Uplift):
    """Two models first, then one model of what they missed: right if either the models or the lot is right.

    Each customer's forecast with and without the offer comes from :class:`TwoModels` learnt on the *other* half. What
    the forecast missed, weighted by the chance of the arm, is added to the forecast uplift; a last regression of that
    value gives the uplift (Kennedy 2023, Electronic Journal of Statistics 17(2)).

    Parameters
    ----------
    estimator
        Last regression. Default: scaled ridge regression.
    treated_share
        Chance to be treated, as the experiment was designed. Default: share in the data.
    seed
        Of the halves.

    Attributes
    ----------
    model_ : estimator
    average_ : float
        Mean effect (the AIPW estimate) in the training customers.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> X, treated = rng.normal(size=(2000, 1)), rng.random(2000) < 0.5
    >>> y = rng.random(2000) < 0.3 + 0.2 * treated * (X[:, 0] > 0)
    >>> round(float(DoublyRobust().fit(X, treated, y).predict(X).mean()), 1)
    0.1
    """

    def __init__(
        self, estimator: Any = None, treated_share: float | None = None, seed: int = 0
    ) -> None:
        self.estimator = estimator
        self.treated_share = treated_share
        self.seed = seed

    def fit(self, X: Any, treated: Any, outcome: Any) -> DoublyRobust:
        """Fit the models; arguments as for :meth:`TwoModels.fit`."""
        X, was, y = self._look(X, treated, outcome)
        p = need_probability(
            float(was.mean() if self.treated_share is None else self.treated_share), "treated_share"
        )
        half = np.empty(len(y), dtype=int)
        rng = generator(self.seed)
        for group in (was, ~was):  # halves alike in both arms
            half[group] = rng.permutation(np.arange(group.sum()) % 2)
        value = np.empty(len(y))
        for side in (0, 1):
            here = half == side
            model = TwoModels().fit(X[~here], was[~here], y[~here])
            with_it, without = model.predict_treated(X[here]), model.predict_control(X[here])
            value[here] = (
                with_it
                - without
                + np.where(was[here], (y[here] - with_it) / p, -(y[here] - without) / (1 - p))
            )
        last = (
            make_pipeline(StandardScaler(), Ridge(100.0))
            if self.estimator is None
            else self.estimator
        )
        self.average_ = float(value.mean())
        self.model_ = clone(last).fit(X, value)
        return self

    def predict(self, X: Any) -> np.ndarray:
        """Give each customer's uplift, in the unit of the outcome."""
        return self.model_.predict(np.asarray(X, float))


def _expected(model: Any, X: np.ndarray) -> np.ndarray:
    """Give the chance of a 1 from a classifier, the mean from a regressor."""
    if not hasattr(model, "predict_proba"):
        return model.predict(X)
    return model.predict_proba(X)[:, list(model.classes_).index(1.0)]
