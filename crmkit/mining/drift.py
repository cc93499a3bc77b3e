"""Drift: what was learnt last year, judged on this year's users, and metrics that no longer mean what they meant."""

from __future__ import annotations

import numpy as np
import pandas as pd

from crmkit.errors import CrmkitError
from crmkit.inputs import need_count

#: The rule of thumb in circulation: below .1 nothing, above .25 much.
RULE = (0.10, 0.25)


def drift_watch(before: pd.DataFrame, now: pd.DataFrame, bins: int = 10) -> pd.DataFrame:
    """Compare how each metric is spread over the users before and now (population stability index).

    The index is the sum over classes of (now - before) x log(now / before), with shares of users. With few users it
    is above zero although nothing has changed: by chance about (classes - 1) x (1/n + 1/m). So the limit follows from
    the numbers of users, and not from a rule of thumb.

    Parameters
    ----------
    before, now : DataFrame
        Metrics of the users of two windows; the same columns.
    bins : int
        Classes of about equal size, cut where `before` has its quantiles; equal values stay together.

    Returns
    -------
    DataFrame
        One row per metric, the most changed first: ``metric``, ``index`` (stability index), ``limit`` (what chance
        alone exceeds for any of the metrics in one case of a hundred: Bonferroni, for who watches hundreds finds some
        that change by luck), ``changed`` (bool), ``mean_before``, ``mean_now``, ``factor`` (now /
        before).

    Raises
    ------
    CrmkitError
        Different metrics, or no users.

    References
    ----------
    Yurdakul & Naranjo (2020), Statistical properties of the population stability index, Journal of Risk Model
    Validation 14(4): under no change the index times 1 / (1/n + 1/m) is about chi-squared with classes less one degrees
    of freedom.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> before = pd.DataFrame({"same": rng.poisson(5, 900), "other": rng.poisson(5, 900)})
    >>> now = pd.DataFrame({"same": rng.poisson(5, 900), "other": rng.poisson(8, 900)})
    >>> drift_watch(before, now)[["metric", "changed"]].values.tolist()
    [['other', True], ['same', False]]
    """
    from scipy import stats

    need_count(bins, "bins")
    if list(before.columns) != list(now.columns):
        odd = sorted(set(before.columns) ^ set(now.columns))
        raise CrmkitError(f"before and now must have the same metrics; they differ in {odd[:3]}.")
    if not len(before) or not len(now):
        raise CrmkitError("There must be users in both windows.")
    n, m = len(before), len(now)
    rows = []
    for name in before.columns:
        old, new = before[name].to_numpy(float), now[name].to_numpy(float)
        cuts = np.unique(np.quantile(old, np.linspace(0, 1, bins + 1)[1:-1]))
        first = np.bincount(np.searchsorted(cuts, old, side="left"), minlength=len(cuts) + 1)
        second = np.bincount(np.searchsorted(cuts, new, side="left"), minlength=len(cuts) + 1)
        used = first + second > 0
        # Half a user in each class, so that an empty one does not make the index endless.
        p = (first[used] + 0.5) / (n + 0.5 * used.sum())
        q = (second[used] + 0.5) / (m + 0.5 * used.sum())
        index = float(((q - p) * np.log(q / p)).sum())
        free = max(int(used.sum()) - 1, 1)
        limit = float(stats.chi2.isf(0.01 / len(before.columns), free)) * (1 / n + 1 / m)
        rows.append((name, index, limit, index > limit, old.mean(), new.mean()))
    columns = ["metric", "index", "limit", "changed", "mean_before", "mean_now"]
    found = pd.DataFrame(rows, columns=columns)
    found["factor"] = found["mean_now"] / found["mean_before"].replace(0, np.nan)
    return found.sort_values("index", ascending=False, kind="stable", ignore_index=True)
