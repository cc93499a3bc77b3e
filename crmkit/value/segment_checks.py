"""How far to trust segments: against the truth, against a second draw of customers, in money.

k-means gives as many groups as it is asked for. Each function here compares the groups with something outside the
method, and says how sure the comparison is.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
import pandas as pd

from crmkit.errors import CrmkitError
from crmkit.inference import bootstrap_draws, mean_interval, percentile_interval
from crmkit.inputs import Moment, generator, need_count, need_date, need_dates, need_frame
from crmkit.value.needs import BASKET, basket_features, find_segments, recovery

_FEWEST = 100  # customers from whom the bootstrap of a recovery covers: docs/statistics.md


def compare_recovery(
    groupings: Mapping[str, pd.Series],
    truth: pd.Series,
    *,
    level: float = 0.95,
    draws: int = 200,
    seed: int | np.random.Generator = 0,
) -> pd.DataFrame:
    """Compare several groupings of the same customers with the truth, each with an interval.

    All groupings are judged on the same draws of customers, so that ``wins`` compares like with like.

    Parameters
    ----------
    groupings
        Name to labels; all on the same customers.
    truth
        The true label, on the index of the groupings or more.
    level
        Of the interval (customer bootstrap of the labels as they are; the groups are not found again).
    draws
        How often customers are drawn.
    seed

    Returns
    -------
    DataFrame
        One row per grouping: ``adjusted_rand``, ``low``, ``high``, ``right`` and ``largest`` (shares, see
        :func:`~crmkit.value.needs.recovery`), ``wins`` (share of draws in which it comes nearest to the truth). Below
        100 customers there is no interval: the draws would hold the truth too rarely.

    Raises
    ------
    CrmkitError
        There is no grouping, they are on different customers, or a customer has no true label.

    Examples
    --------
    >>> true = pd.Series(["a", "a", "b", "b"] * 10)
    >>> found = compare_recovery({"same": true, "mixed": pd.Series([0, 1] * 20)}, true, draws=50)
    >>> found["adjusted_rand"].round(2).tolist(), found["wins"].tolist()
    ([1.0, -0.03], [1.0, 0.0])
    """
    from sklearn.metrics import adjusted_rand_score

    if not groupings:
        raise CrmkitError("groupings: give at least one, as a name with its labels.")
    people = next(iter(groupings.values())).index
    strangers = [name for name, parts in groupings.items() if not parts.index.equals(people)]
    if strangers:
        raise CrmkitError(
            f"groupings: {strangers[0]!r} is on other customers than the first. Compare them on the same ones."
        )
    whole = pd.DataFrame({name: recovery(parts, truth) for name, parts in groupings.items()}).T
    codes = [pd.factorize(parts)[0] for parts in groupings.values()]
    true = pd.factorize(truth.reindex(people))[0]
    cloud = bootstrap_draws(
        lambda rows: np.array([adjusted_rand_score(true[rows], each[rows]) for each in codes]),
        np.arange(len(people)),
        draws=draws,
        seed=seed,
    )
    ends = percentile_interval(cloud, level=level)
    whole["low"], whole["high"] = ends if len(people) >= _FEWEST else (np.nan, np.nan)
    whole["wins"] = _wins(cloud)
    return whole[["adjusted_rand", "low", "high", "right", "largest", "wins"]]


def segment_stability(
    features: pd.DataFrame,
    ks: Iterable[int] = range(2, 7),
    *,
    draws: int = 10,
    seed: int | np.random.Generator = 0,
) -> pd.DataFrame:
    """Say for each number of groups how well it comes out again, when other customers happen to be in the file.

    Twice a sample is drawn with replacement, the groups are found in it, and every customer is put to the nearest
    centre. The two groupings are compared by the adjusted Rand index (Dolnicar & Leisch 2010, Marketing Letters 21). It
    tells what repeats, not what is true.

    Parameters
    ----------
    features
        One row per customer, numbers only.
    ks
        The numbers of groups to try.
    draws
        How many pairs of samples.
    seed

    Returns
    -------
    DataFrame
        One row per ``k``: ``adjusted_rand`` (mean over the pairs), ``low`` and ``high`` (the least and the most
        that was seen), ``wins`` (share of the pairs in which this number repeats best).

    Raises
    ------
    CrmkitError
        As :func:`~crmkit.value.needs.find_segments`.

    Examples
    --------
    >>> two_islands = pd.DataFrame({"price_level": [0.0, 0.1, 0.2, 0.3, 9.0, 9.1, 9.2, 9.3] * 5})
    >>> float(segment_stability(two_islands, (2, 3), draws=3).loc[2, "adjusted_rand"])
    1.0
    """
    from sklearn.metrics import adjusted_rand_score

    need_frame(features, "features")
    need_count(draws, "draws")
    rng, ks = generator(seed), list(ks)
    spread = features.std(ddof=0)
    table = ((features - features.mean()) / spread.where(spread > 0, 1.0)).reset_index(drop=True)

    def labels(k: int, rows: np.ndarray) -> np.ndarray:
        sample = table.iloc[rows].reset_index(drop=True)
        centres = sample.groupby(find_segments(sample, k)).mean().to_numpy()
        distance = ((table.to_numpy()[:, None, :] - centres) ** 2).sum(axis=2)
        return np.asarray(distance.argmin(axis=1))

    seen = np.zeros((draws, len(ks)))
    for draw in range(draws):
        one, two = (rng.integers(0, len(table), len(table)) for _ in range(2))
        seen[draw] = [adjusted_rand_score(labels(k, one), labels(k, two)) for k in ks]
    return pd.DataFrame(
        {
            "adjusted_rand": seen.mean(axis=0),
            "low": seen.min(axis=0),
            "high": seen.max(axis=0),
            "wins": _wins(seen),
        },
        index=pd.Index(ks, name="k"),
    )


def segments_by_half(
    order_lines: pd.DataFrame,
    orders: pd.DataFrame,
    products: pd.DataFrame,
    middle: Moment,
    *,
    least: int = 5,
) -> pd.DataFrame:
    """Find three segments twice for the same people: from the orders before a day, and from those since.

    Parameters
    ----------
    order_lines, orders, products
        As for :func:`~crmkit.value.needs.basket_features`; `orders` also has ``order_date``.
    middle
        The first day of the second half.
    least
        How many order lines a customer must have in each half.

    Returns
    -------
    DataFrame
        One row per customer with enough lines in both halves: ``first`` and ``second``, the segment's number in each.

    Examples
    --------
    >>> from crmkit import load
    >>> tables = [load(name) for name in ("order_lines", "orders", "products")]
    >>> segments_by_half(*tables, "2024-07-01").columns.tolist()
    ['first', 'second']
    """
    late = need_dates(orders["order_date"], "order_date") >= need_date(middle)
    halves = {}
    for name, part in (("first", orders[~late]), ("second", orders[late])):
        inside = order_lines[order_lines["order_id"].isin(part["order_id"])]
        baskets = basket_features(inside, part, products)
        halves[name] = baskets.loc[baskets["lines"] >= least, list(BASKET)]
    both = halves["first"].index.intersection(halves["second"].index)
    return pd.DataFrame({name: find_segments(half.loc[both]) for name, half in halves.items()})


def gain_by_group(
    gain: pd.Series, *groups: pd.Series, level: float = 0.95, least: int = 20
) -> pd.DataFrame:
    """Give the mean gain per customer in each group, with its interval, to see where an offer pays for itself.

    Parameters
    ----------
    gain
        What the offer earns with each customer, after its cost.
    groups
        One or more labels, on the customers of `gain`. Their names become the names of the index.
    level
        Of Student's interval for the mean.
    least
        Groups below this size get no interval: a mean of few skewed values tells too little.

    Returns
    -------
    DataFrame
        One row per group that has customers: ``customers``, ``mean``, ``low``, ``high``, ``pays`` ("yes" where the
        whole interval lies above zero, "no" where it lies below, "open" where it holds zero or is missing).

    Examples
    --------
    >>> gain = pd.Series([3.0, 4.0, 5.0, -1.0, 1.0, 0.0])
    >>> gain_by_group(gain, pd.Series(list("aaabbb"), name="need"), least=3)["pays"].to_dict()
    {'a': 'yes', 'b': 'open'}
    """
    rows = {}
    for name, each in gain.groupby(list(groups), observed=True, sort=True):
        low, high = mean_interval(each, level=level)[1:] if len(each) >= least else (np.nan, np.nan)
        pays = "yes" if low > 0 else "no" if high < 0 else "open"
        rows[name] = (len(each), each.mean(), low, high, pays)
    table = pd.DataFrame.from_dict(
        rows, orient="index", columns=["customers", "mean", "low", "high", "pays"]
    )
    names = [str(each.name) for each in groups]
    keys = pd.MultiIndex.from_tuples(list(rows), names=names)
    table.index = keys if len(names) > 1 else keys.get_level_values(0)
    return table


def _wins(draws: np.ndarray) -> np.ndarray:
    """Share of the draws (rows) in which each column is best; columns that tie share the draw."""
    best = np.isclose(draws, draws.max(axis=1, keepdims=True), rtol=0, atol=1e-12)
    return np.asarray((best / best.sum(axis=1, keepdims=True)).mean(axis=0))
