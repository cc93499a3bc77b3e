"""Which metrics matter: shares of explanation on users not seen, their stability, and groups that go together."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from crmkit.errors import CrmkitError
from crmkit.inputs import generator, need_count, need_share, need_true_false
from crmkit.mining.errors import areas, ranks_right
from crmkit.mining.models import last_step, logistic


def metric_groups(metrics: pd.DataFrame, alike: float = 0.8) -> pd.Series:
    """Put metrics that go together into groups: a model cannot tell them apart, so neither can a ranking.

    Parameters
    ----------
    metrics : DataFrame
        One row per user, one column per metric.
    alike : float
        Metrics whose rank correlation is at least this on average, in either direction, form a group.

    Returns
    -------
    Series of int
        The group of each metric, indexed by its name; 0, 1, ... in the order of the columns. Metrics without any spread
        share the group -1.

    Raises
    ------
    CrmkitError
        `alike` is no share.

    References
    ----------
    Average linkage on 1 less the absolute Spearman correlation, as scikit-learn's guide does for permutation importance
    with collinear features.

    Examples
    --------
    >>> metric_groups(pd.DataFrame({"a": [1, 2, 3, 4], "b": [2, 4, 6, 9], "c": [4, 1, 3, 2]})).tolist()
    [0, 0, 1]
    """
    from scipy.cluster.hierarchy import fcluster, linkage
    from scipy.spatial.distance import squareform

    need_share(alike, "alike")
    spread = metrics.nunique() > 1
    used = metrics.loc[:, spread]
    group = pd.Series(-1, index=metrics.columns, name="group")
    if used.shape[1] == 1:
        group[used.columns] = 0
    if used.shape[1] < 2:
        return group
    far = 1 - np.abs(np.corrcoef(used.rank().to_numpy(), rowvar=False))
    np.fill_diagonal(far, 0)
    tree = linkage(squareform(np.clip((far + far.T) / 2, 0, None), checks=False), "average")
    group[used.columns] = pd.factorize(fcluster(tree, 1 - alike, "distance"))[0]
    return group


def rank_metrics(
    train: pd.DataFrame,
    paid: Any,
    test: pd.DataFrame,
    test_paid: Any,
    *,
    model: Any = None,
    groups: pd.Series | None = None,
    draws: int = 20,
    seed: int = 0,
) -> pd.DataFrame:
    """Rank groups of metrics by how much worse a model judges new users when their values are shuffled.

    Each draw learns from a sample of the users (with replacement) and shuffles each group again among the users who
    judge, all its metrics together. A group that matters loses much, and in nearly every draw.

    Parameters
    ----------
    train, test : DataFrame
        Metrics of the users from whom is learnt, and of those who judge.
    paid, test_paid : Series or array of bool
    model : scikit-learn classifier, optional
        Default: `crmkit.mining.logistic`.
    groups : Series of int, optional
        Default: `metric_groups` of `train`.
    draws : int
    seed : int

    Returns
    -------
    DataFrame
        One row per group, the most important first: ``group`` (number), ``metric`` (the one of its metrics that alone
        ranks best among those from whom is learnt), ``metrics`` (how many), ``loss`` (mean of how much the share of
        pairs ranked right falls), ``low``, ``high`` (the 2.5 and 97.5 per cent points of the draws), ``share`` (of all
        losses above zero), ``in_top`` (share of the draws in which it is among the first five).

    Raises
    ------
    CrmkitError
        The tables have different metrics; nobody paid; a number of draws below 1.

    References
    ----------
    Breiman (2001), Random forests, Machine Learning 45: permutation importance; Meinshausen & Bühlmann (2010),
    Stability selection, JRSS B 72, for looking at many samples.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> users = pd.DataFrame({"days": rng.poisson(5, 800), "noise": rng.random(800)})
    >>> paid = rng.random(800) < users["days"] / 20
    >>> rank_metrics(users[:400], paid[:400], users[400:], paid[400:], draws=5)["metric"].tolist()
    ['days', 'noise']
    """
    from sklearn.base import clone

    if list(train.columns) != list(test.columns):
        odd = sorted(set(train.columns) ^ set(test.columns))
        raise CrmkitError(f"train and test must have the same metrics; they differ in {odd[:3]}.")
    need_count(draws, "draws")
    truth, judged = need_true_false(paid, "paid"), need_true_false(test_paid, "test_paid")
    if not truth.any() or truth.all() or not judged.any() or judged.all():
        raise CrmkitError(
            "Among both sorts of users somebody must have paid, and somebody must not have."
        )
    groups = metric_groups(train) if groups is None else groups
    rng = generator(seed)
    model = logistic() if model is None else model
    members = {g: np.flatnonzero(groups.to_numpy() == g) for g in sorted(set(groups)) if g >= 0}
    values = test.to_numpy(float)
    losses = np.empty((draws, len(members)))
    for draw in range(draws):
        rows = rng.integers(0, len(train), len(train))
        while not truth[rows].any() or truth[rows].all():
            rows = rng.integers(0, len(train), len(train))
        fitted = clone(model).fit(train.to_numpy(float)[rows], truth[rows])
        last, ready = last_step(fitted, values)
        usual = _area(last, ready, judged)
        mixed = ready.copy()
        for column, place in enumerate(members.values()):
            mixed[:, place] = ready[np.ix_(rng.permutation(len(ready)), place)]
            losses[draw, column] = usual - _area(last, mixed, judged)
            mixed[:, place] = ready[:, place]
    area = areas(train.to_numpy(float), truth)
    names = [train.columns[place[np.abs(area[place] - 0.5).argmax()]] for place in members.values()]
    place = (-losses).argsort(axis=1, kind="stable").argsort(axis=1, kind="stable")
    mean = losses.mean(axis=0)
    low, high = np.quantile(losses, [0.025, 0.975], axis=0)
    positive = np.maximum(mean, 0)
    found = pd.DataFrame(
        {
            "group": list(members),
            "metric": names,
            "metrics": [len(m) for m in members.values()],
            "loss": mean,
            "low": low,
            "high": high,
            "share": positive / max(positive.sum(), 1e-12),
            "in_top": (place < 5).mean(axis=0),
        }
    )
    return found.sort_values("loss", ascending=False, kind="stable", ignore_index=True)


def _area(fitted: Any, values: np.ndarray, truth: np.ndarray) -> float:
    return float(areas(fitted.predict_proba(values)[:, [1]], truth)[0])


def metrics_in_rounds(
    train: pd.DataFrame,
    paid: Any,
    test: pd.DataFrame,
    test_paid: Any,
    *,
    start: list[str] | None = None,
    rounds: int = 8,
    level: float = 0.95,
) -> pd.DataFrame:
    """Add the metric that explains most of what is left, round by round, and take out what has become useless.

    What is added or taken out is decided on the users from whom is learnt, by the score test of a logistic regression;
    the users who judge only look on. The p-values of the best of many are too small, so a round needs one below the
    limit divided by the number of candidates (Bonferroni), and the rounds end when there is none.

    Parameters
    ----------
    train, test, paid, test_paid
        As for `rank_metrics`.
    start : list of str, optional
        Metrics to begin with, such as a list made by gut. Default: none.
    rounds : int
        At most so many.
    level : float
        1 less the chance of adding a useless metric in a round.

    Returns
    -------
    DataFrame
        One row per round, the start first: ``round``, ``added``, ``removed`` (a name, or empty), ``metrics`` (list
        of str), ``ranks_right`` of the users who judge, with ``low`` and ``high``.

    Raises
    ------
    CrmkitError
        A name in `start` is no metric; as `rank_metrics`.

    References
    ----------
    Rao (1948), the score test; Efroymson (1960), stepwise regression, whose p-values cannot be trusted: so
    other users judge.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> users = pd.DataFrame({"noise": rng.random(800), "days": rng.poisson(5, 800)})
    >>> paid = rng.random(800) < users["days"] / 20
    >>> metrics_in_rounds(users[:400], paid[:400], users[400:], paid[400:])["added"].tolist()
    ['', 'days']
    """
    from scipy import stats

    truth = need_true_false(paid, "paid")
    chosen = list(start or [])
    strange = [name for name in chosen if name not in train.columns]
    if strange:
        raise CrmkitError(f"start: there is no metric {strange[0]!r} among the {train.shape[1]}.")
    need_count(rounds, "rounds")
    shrunk = np.sign(train) * np.log1p(np.abs(train))
    spread = shrunk.std(ddof=0).replace(0, np.nan)
    z = ((shrunk - shrunk.mean()) / spread).fillna(0.0)
    known = spread.notna().to_numpy()
    limit = (1 - level) / max(int(known.sum()), 1)
    rows = []

    def look(number: int, added: str, removed: str) -> None:
        row = {"round": number, "added": added, "removed": removed, "metrics": list(chosen)}
        area = {"estimate": 0.5, "low": np.nan, "high": np.nan}
        if chosen:
            fitted = logistic(10.0).fit(train[chosen].to_numpy(float), truth)
            score = fitted.predict_proba(test[chosen].to_numpy(float))[:, 1]
            area = dict(ranks_right(score, test_paid))
        rows.append(
            row | {"ranks_right": area["estimate"], "low": area["low"], "high": area["high"]}
        )

    look(0, "", "")
    for number in range(1, rounds + 1):
        strength = _score_test(z, truth, chosen)
        strength[~known] = 0
        best = int(strength.argmax())
        if 2 * stats.norm.sf(strength[best]) > limit:
            break
        chosen.append(str(train.columns[best]))
        useless = _useless(z, truth, chosen)
        if useless:
            chosen.remove(useless)
        look(number, str(train.columns[best]), useless)
    return pd.DataFrame(rows)


def _fit(
    z: pd.DataFrame, truth: np.ndarray, chosen: list[str]
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Design, chances and inverse information of a logistic regression (Newton's method, a trace of a penalty)."""
    design = np.column_stack([np.ones(len(z)), z[chosen].to_numpy()])
    beta = np.zeros(design.shape[1])
    beta[0] = np.log(truth.mean() / (1 - truth.mean()))
    for _ in range(25):
        chance = 1 / (1 + np.exp(-np.clip(design @ beta, -30, 30)))
        information = (design * (chance * (1 - chance))[:, None]).T @ design
        information += 1e-6 * np.eye(len(beta))
        step = np.linalg.solve(information, design.T @ (truth - chance) - 1e-6 * beta)
        beta += step
        if np.abs(step).max() < 1e-8:
            break
    return design, chance, np.linalg.inv(information)


def _score_test(z: pd.DataFrame, truth: np.ndarray, chosen: list[str]) -> np.ndarray:
    """How many standard errors each metric would explain beyond those chosen."""
    design, chance, inverse = _fit(z, truth, chosen)
    weight = chance * (1 - chance)
    values = z.to_numpy()
    rest = values - design @ (inverse @ ((design * weight[:, None]).T @ values))
    variance = (rest**2 * weight[:, None]).sum(axis=0)
    score = rest.T @ (truth - chance)
    found = np.where(
        variance > 1e-6 * len(z) * weight.mean(),
        np.abs(score) / np.sqrt(np.maximum(variance, 1e-12)),
        0,
    )
    found[[z.columns.get_loc(name) for name in chosen]] = 0
    return found


def _useless(z: pd.DataFrame, truth: np.ndarray, chosen: list[str]) -> str:
    """The chosen metric that explains least beside the others, if that is hardly anything; empty: none."""
    if len(chosen) < 2:
        return ""
    strength = {}
    for name in chosen[:-1]:
        others = [other for other in chosen if other != name]
        strength[name] = _score_test(z[chosen], truth, others)[chosen.index(name)]
    weakest = min(strength, key=lambda name: strength[name])
    return weakest if strength[weakest] < 1.0 else ""
