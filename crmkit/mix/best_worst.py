"""Forced choices between needs: counts, and a logit with its uncertainty.

Sources: best-worst scaling (Louviere, Flynn & Marley 2015, "Best-Worst Scaling", Cambridge UP); multinomial logit
(McFadden 1974).
"""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pandas as pd

from crmkit.errors import CrmkitError
from crmkit.inputs import (
    first_few,
    need_rows,
)
from crmkit.later import later
from crmkit.mix._answers import answers_covariance
from crmkit.optimum import newton

csgraph = later("scipy.sparse.csgraph")
optimize = later("scipy.optimize")
sparse = later("scipy.sparse")
special = later("scipy.special")


def best_worst_counts(tasks: pd.DataFrame) -> pd.DataFrame:
    """Count how often each need was called best and worst of a card.

    Parameters
    ----------
    tasks
        One row per card: ``item_1``, ``item_2``, ..., ``best``, ``worst``.

    Returns
    -------
    DataFrame
        One row per item, the highest score first: ``item``, ``shown``, ``best``, ``worst`` (cards), and
        ``score`` = (best - worst) / shown, from -1 to 1.

    Raises
    ------
    CrmkitError
        No rows, no items, or a best or worst that was not on its card.

    Examples
    --------
    >>> cards = pd.DataFrame({"item_1": ["a", "a"], "item_2": ["b", "c"], "item_3": ["c", "d"],
    ...                       "best": ["a", "a"], "worst": ["c", "c"]})
    >>> best_worst_counts(cards).round(2).values.tolist()[0]
    ['a', 2, 2, 0, 1.0]
    """
    items, best, worst, names = _cards(tasks)
    shown = np.bincount(items.ravel(), minlength=len(names))
    out = pd.DataFrame(
        {
            "item": names,
            "shown": shown,
            "best": np.bincount(best, minlength=len(names)),
            "worst": np.bincount(worst, minlength=len(names)),
        }
    )
    out["score"] = (out["best"] - out["worst"]) / out["shown"]
    return out.sort_values("score", ascending=False, ignore_index=True, kind="stable")


def _cards(tasks: pd.DataFrame) -> tuple[np.ndarray, np.ndarray, np.ndarray, list[str]]:
    """Cards as whole numbers: items (cards x places), best, worst, and the items' names."""
    need_rows(tasks, ["best", "worst"], "best-worst tasks")
    columns = [column for column in tasks.columns if str(column).startswith("item_")]
    if len(columns) < 3:
        raise CrmkitError(
            f"best-worst tasks: {len(columns)} columns item_1, item_2, ... found; a card needs at least "
            "three items."
        )
    shown = tasks[columns].to_numpy(dtype=object)
    gap = tasks[columns].isna().any(axis=1).to_numpy(copy=True)
    for i, j in combinations(range(len(columns)), 2):
        gap |= shown[:, i] == shown[:, j]
    if gap.any():
        raise CrmkitError(
            f"best-worst tasks: {int(gap.sum())} cards have an empty place or an item twice, first at row "
            f"{first_few(tasks.index[gap])}. A card shows different items."
        )
    for role in ("best", "worst"):
        off = ~(shown == tasks[role].to_numpy(dtype=object)[:, None]).any(axis=1)
        if off.any():
            raise CrmkitError(
                f"best-worst tasks: {int(off.sum())} rows name a {role} item that was not on the card, "
                f"first at row {first_few(tasks.index[off])} ({first_few(tasks.loc[off, role])})."
            )
    same = tasks["best"].to_numpy(dtype=object) == tasks["worst"].to_numpy(dtype=object)
    if same.any():
        raise CrmkitError(
            f"best-worst tasks: {int(same.sum())} rows call one item both best and worst, first at row "
            f"{first_few(tasks.index[same])}."
        )
    names = sorted(set(shown.ravel().tolist()))
    code = {name: i for i, name in enumerate(names)}
    items = np.vectorize(code.__getitem__, otypes=[int])(shown)
    best = tasks["best"].map(code).to_numpy(dtype=int)
    worst = tasks["worst"].map(code).to_numpy(dtype=int)
    return items, best, worst, names


class BestWorstModel:
    """Multinomial logit of best-worst tasks: the utility of each item, with its uncertainty.

    The best item of a card is chosen with probability proportional to ``exp(u)``, then the worst of the
    others with probability proportional to ``exp(-u)`` (the sequential best-worst model). Utilities have no
    zero of their own: they are centred to sum to 0.

    Attributes
    ----------
    utilities_ : DataFrame
        One row per item, the highest first: ``item``, ``utility``, ``se`` (standard error), ``share``
        (the utilities as shares of first choices that sum to 1).
    loglik_ : float
        Log-likelihood at the maximum.
    covariance_ : ndarray
        Covariance of the utilities, items in alphabetical order.

    Notes
    -----
    A customer answers several cards, in one mind. If the cards carry a ``customer_id``, the standard errors allow for
    that (sandwich, clustered by customer; Liang & Zeger 1986), and are NaN with no more customers than items; without
    one, or for the cards of one customer, cards count as independent.
    Customers differ, and the utilities are those of the mixture: somewhat nearer to 0 than the mean of the
    customers' own.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> model = BestWorstModel().fit(simulate_best_worst({"a": 1.0, "b": 0.0, "c": -1.0}, 500, rng, size=3))
    >>> model.utilities_["item"].tolist()
    ['a', 'b', 'c']
    """

    utilities_: pd.DataFrame
    loglik_: float
    covariance_: np.ndarray

    def fit(self, tasks: pd.DataFrame) -> BestWorstModel:
        """Fit by maximum likelihood with the analytic gradient.

        Parameters
        ----------
        tasks
            As in :func:`best_worst_counts`; ``customer_id``, if it is there, groups the cards of one person.

        Returns
        -------
        BestWorstModel
            Itself.

        Raises
        ------
        CrmkitError
            Cards as bad as in :func:`best_worst_counts`, or answers that never place some items below others.
        """
        items, best, worst, names = _cards(tasks)
        m = len(names)
        _must_be_linked(items, best, worst, names)
        is_best = items == best[:, None]
        is_worst = items == worst[:, None]

        def probabilities(free: np.ndarray) -> tuple[np.ndarray, np.ndarray, float]:
            u = np.append(free, 0.0)[items]
            up = u - special.logsumexp(u, axis=1, keepdims=True)
            down = np.where(is_best, -np.inf, -u)
            down = down - special.logsumexp(down, axis=1, keepdims=True)
            return np.exp(up), np.exp(down), float(up[is_best].sum() + down[is_worst].sum())

        def objective(free: np.ndarray) -> tuple[float, np.ndarray]:
            p, q, loglik = probabilities(free)
            slope = np.bincount(
                items.ravel(), ((is_best - p) - (is_worst - q)).ravel(), minlength=m
            )
            return -loglik, -slope[:-1]

        def informed(free: np.ndarray) -> np.ndarray:
            information = np.zeros((m, m))
            for probability in probabilities(free)[:2]:
                # Sum over cards of diag(p) - p p', placed at the items that the card shows.
                np.add.at(information, (items, items), probability)
                np.add.at(
                    information,
                    (items[:, :, None], items[:, None, :]),
                    -probability[:, :, None] * probability[:, None, :],
                )
            return information

        start = np.zeros(m - 1)
        found = optimize.minimize(objective, start, jac=True, method="BFGS", options={"gtol": 1e-6})
        best = newton(lambda u: objective(u)[1], lambda u: informed(u)[:-1, :-1], found.x)
        p, q, self.loglik_ = probabilities(best)
        information = informed(best)
        # Utilities are known up to a constant: invert on the plane on which they sum to 0.
        covariance = np.linalg.pinv(information, rcond=1e-9, hermitian=True)
        slopes = np.zeros((len(items), m))
        np.put_along_axis(slopes, items, (is_best - p) - (is_worst - q), axis=1)
        covariance, _ = answers_covariance(covariance, slopes, tasks)
        u = np.append(best, 0.0)
        u -= u.mean()
        self.covariance_ = covariance
        self.utilities_ = pd.DataFrame(
            {
                "item": names,
                "utility": u,
                "se": np.sqrt(np.diag(covariance)),
                "share": np.exp(u - special.logsumexp(u)),
            }
        ).sort_values("utility", ascending=False, ignore_index=True, kind="stable")
        return self


def _must_be_linked(
    items: np.ndarray, best: np.ndarray, worst: np.ndarray, names: list[str]
) -> None:
    """Refuse cards from which some utility would be without end.

    Every item must be placed above every other one by some chain of answers (Ford 1957, as for paired comparisons).
    """
    above = np.concatenate([np.repeat(best, items.shape[1]), items[items != best[:, None]]])
    below = np.concatenate([items.ravel(), np.repeat(worst, items.shape[1] - 1)])
    links = sparse.coo_array((np.ones(len(above)), (above, below)), shape=(len(names),) * 2)
    count, part = csgraph.connected_components(links, connection="strong")
    if count > 1:
        apart = [names[i] for i in np.flatnonzero(part == np.bincount(part).argmin())]
        raise CrmkitError(
            f"best-worst tasks: the answers never place {first_few(apart)} both above and below the others, so that no "
            "finite utility fits. Take more cards, or leave such items out; best_worst_counts needs no more."
        )


def simulate_best_worst(
    utilities: dict[str, float], cards: int, seed: int | np.random.Generator, *, size: int = 4
) -> pd.DataFrame:
    """Draw best-worst cards and answers from known utilities, to try a method on.

    Parameters
    ----------
    utilities
        Utility of each item.
    cards
        Number of cards.
    seed
        Random seed.
    size
        Items on a card.

    Returns
    -------
    DataFrame
        ``item_1`` ..., ``best``, ``worst``.

    Examples
    --------
    >>> simulate_best_worst({"a": 9.0, "b": 0.0, "c": -9.0}, 1, 0, size=3)[["best", "worst"]].values.tolist()
    [['a', 'c']]
    """
    rng = np.random.default_rng(seed)
    names, u = np.array(list(utilities)), np.array(list(utilities.values()), dtype=float)
    items = rng.random((cards, len(u))).argsort(1)[:, :size]
    best = (u[items] + rng.gumbel(size=items.shape)).argmax(1)
    against = -u[items] + rng.gumbel(size=items.shape)
    rows = np.arange(cards)
    against[rows, best] = -np.inf
    frame = pd.DataFrame({f"item_{i + 1}": names[items[:, i]] for i in range(size)})
    return frame.assign(best=names[items[rows, best]], worst=names[items[rows, against.argmax(1)]])
