"""Forecasts from metrics, beside plain rivals: scikit-learn does the models."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from crmkit.errors import CrmkitError
from crmkit.inputs import need_true_false
from crmkit.mining.errors import areas, error_rates, ranks_right

#: The share of users whom a comparison takes as predicted, unless told otherwise.
REACH = 0.10


def _shrunk(table: Any) -> Any:
    """Logarithms that keep the sign: a few users do a hundred times what others do."""
    return np.sign(table) * np.log1p(np.abs(table))


def logistic(strength: float = 0.003) -> Any:
    """Make a logistic regression on shrunk and standardised metrics, fit for many metrics and few payers.

    Parameters
    ----------
    strength : float
        Inverse of the penalty on large coefficients (``C`` of scikit-learn): the smaller, the more cautious.

    Returns
    -------
    Pipeline of scikit-learn
        With ``fit`` and ``predict_proba``.

    Examples
    --------
    >>> model = logistic().fit([[0.0], [1.0], [2.0], [3.0]], [False, False, True, True])
    >>> model.predict_proba([[0.0], [3.0]])[:, 1].round(1).tolist()
    [0.5, 0.5]
    """
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import FunctionTransformer, StandardScaler

    return make_pipeline(
        FunctionTransformer(_shrunk),
        StandardScaler(),
        LogisticRegression(C=strength, max_iter=2000),
    )


def last_step(fitted: Any, values: np.ndarray) -> tuple[Any, np.ndarray]:
    """Prepare `values` as a fitted model does, once and for all, where it treats each metric by itself.

    Shuffling a metric before or after is then the same, and a model of five hundred metrics need not prepare all of
    them again for each that is shuffled.

    Parameters
    ----------
    fitted : scikit-learn classifier
    values : array
        One row per user, one column per metric.

    Returns
    -------
    classifier, array
        What remains of the model, and the values that it takes; both unchanged for any model but `logistic`.

    Examples
    --------
    >>> users = np.arange(8.0).reshape(-1, 1)
    >>> model = logistic().fit(users, users[:, 0] > 3)
    >>> last, ready = last_step(model, users)
    >>> bool(np.allclose(last.predict_proba(ready), model.predict_proba(users)))
    True
    """
    from sklearn.pipeline import Pipeline
    from sklearn.preprocessing import FunctionTransformer, StandardScaler

    def alone(step: Any) -> bool:
        own = isinstance(step, FunctionTransformer) and step.func is _shrunk
        return own or isinstance(step, StandardScaler)

    if not (isinstance(fitted, Pipeline) and all(alone(step) for _, step in fitted.steps[:-1])):
        return fitted, values
    return fitted[-1], fitted[:-1].transform(values) if len(fitted) > 1 else values


def boosting(seed: int = 0) -> Any:
    """Make a gradient boosting of small trees, stopped early enough for a few thousand users.

    Returns
    -------
    HistGradientBoostingClassifier of scikit-learn

    Examples
    --------
    >>> boosting().max_depth
    3
    """
    from sklearn.ensemble import HistGradientBoostingClassifier

    return HistGradientBoostingClassifier(
        max_iter=80, learning_rate=0.06, max_depth=3, min_samples_leaf=30, l2_regularization=5.0,
        max_features=0.2, random_state=seed,
    )  # fmt: skip


def best_single(metrics: pd.DataFrame, outcome: Any) -> str:
    """Name the metric that by itself ranks users best, in either direction.

    Examples
    --------
    >>> best_single(pd.DataFrame({"a": [1, 2, 3, 4], "b": [1, 3, 2, 4]}), [False, False, True, True])
    'a'
    """
    truth = need_true_false(outcome, "outcome")
    return str(metrics.columns[int(np.abs(areas(metrics, truth) - 0.5).argmax())])


def compare_models(
    train: pd.DataFrame,
    paid: Any,
    test: pd.DataFrame,
    test_paid: Any,
    models: dict[str, Any] | None = None,
    *,
    reach: float = REACH,
    level: float = 0.95,
) -> pd.DataFrame:
    """Fit models on some users and compare them on others, beside the best rule of one metric.

    Parameters
    ----------
    train, test : DataFrame
        Metrics of the users from whom is learnt, and of those who judge: other users, or a later window.
    paid, test_paid : Series or array of bool
        What became of them.
    models : dict of str to scikit-learn classifier, optional
        By name. Default: `logistic` and `boosting`.
    reach : float
        The share of the users who judge that each model predicts to pay: those with the highest scores.
    level : float
        Share of samples in which the intervals hold the truth.

    Returns
    -------
    DataFrame
        One row per model, the one-metric rule first: ``model``, ``metrics`` (how many it uses), ``ranks_right`` (AUC)
        with ``low`` and ``high``, ``error_rate`` and ``omission_rate`` of the `reach` predicted. ``attrs["scores"]``
        holds the scores of the users who judge, one column per model; ``attrs["models"]`` the fitted models.

    Raises
    ------
    CrmkitError
        The two tables have different metrics, or as `error_rates`.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> users = pd.DataFrame({"days": rng.poisson(5, 800), "noise": rng.random(800)})
    >>> paid = rng.random(800) < users["days"] / 20
    >>> found = compare_models(users[:400], paid[:400], users[400:], paid[400:], {"regression": logistic()})
    >>> found["model"].tolist()
    ['one metric: days', 'regression']
    """
    if list(train.columns) != list(test.columns):
        odd = sorted(set(train.columns) ^ set(test.columns))
        raise CrmkitError(f"train and test must have the same metrics; they differ in {odd[:3]}.")
    truth = need_true_false(paid, "paid")
    models = (
        {"logistic regression": logistic(), "gradient boosting": boosting()}
        if models is None
        else models
    )
    single = best_single(train, truth)
    falls = train[single][truth].mean() < train[single][~truth].mean()
    scores = {f"one metric: {single}": (-test[single] if falls else test[single]).to_numpy(float)}
    fitted = {}
    for name, model in models.items():
        fitted[name] = model.fit(train, truth)
        scores[name] = model.predict_proba(test)[:, 1]
    rows = []
    for name, score in scores.items():
        area = ranks_right(score, test_paid, level=level)
        rates = error_rates(score, test_paid, [np.quantile(score, 1 - reach)]).iloc[0]
        rows.append(
            {
                "model": name,
                "metrics": train.shape[1] if name in models else 1,
                "ranks_right": area["estimate"],
                "low": area["low"],
                "high": area["high"],
                "error_rate": rates["error_rate"],
                "omission_rate": rates["omission_rate"],
            }
        )
    found = pd.DataFrame(rows)
    found.attrs["scores"] = pd.DataFrame(scores, index=test.index)
    found.attrs["models"] = fitted
    return found
