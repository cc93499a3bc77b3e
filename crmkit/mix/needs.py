"""What customers need: what they say, what they would keep, what they do.

Business context: asked "how important is this?", customers call nearly everything important. Resources
follow the answer and land where nobody misses them. A question that forces a choice separates needs; what
people do at the shelf separates them further, because some needs are not known to those who have them.

Problem and definitions: a *must-have* is a need without which nothing is bought. A *nice-to-have* makes an
offer better. *Stated* importance is a rating; *derived* importance comes from forced choices between needs;
*revealed* importance comes from purchases. A need is *implicit* where purchases follow it and answers do not.

Sources: best-worst scaling (Louviere, Flynn & Marley 2015, "Best-Worst Scaling", Cambridge UP); Kano, Seraku,
Takahashi & Tsuji 1984 (evaluation table as in Berger et al. 1993); multinomial logit (McFadden 1974).
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import numpy as np
import pandas as pd
from scipy.optimize import minimize
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from scipy.special import logsumexp

from crmkit.errors import CrmkitError
from crmkit.inputs import (
    first_few,
    need_number,
    need_numbers,
    need_rows,
    need_true_false,
    need_unique,
)
from crmkit.mix._answers import answers_covariance
from crmkit.optimum import newton

#: The need that every purchase has: being able to pay.
PAY = "affordable"

_KANO_TABLE = (
    # rows: with it (like, expect, neutral, live with, dislike); columns: without it, in the same order
    ("questionable", "attractive", "attractive", "attractive", "performance"),
    ("reverse", "indifferent", "indifferent", "indifferent", "must-be"),
    ("reverse", "indifferent", "indifferent", "indifferent", "must-be"),
    ("reverse", "indifferent", "indifferent", "indifferent", "must-be"),
    ("reverse", "reverse", "reverse", "reverse", "questionable"),
)


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
            up = u - logsumexp(u, axis=1, keepdims=True)
            down = np.where(is_best, -np.inf, -u)
            down = down - logsumexp(down, axis=1, keepdims=True)
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
        found = minimize(objective, start, jac=True, method="BFGS", options={"gtol": 1e-6})
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
                "share": np.exp(u - logsumexp(u)),
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
    links = coo_array((np.ones(len(above)), (above, below)), shape=(len(names),) * 2)
    count, part = connected_components(links, connection="strong")
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


class ShelfModel:
    """Revealed importance: a logit of purchases from a shelf on the needs that each set met.

    Each task offers some sets and the way out (buying nothing, utility 0). A set's utility is a constant,
    plus a weight for every need that it meets, less a weight per pound of price.

    Attributes
    ----------
    weights_ : DataFrame
        One row per need, the heaviest first: ``need``, ``weight`` (points of utility), ``se``, and ``pounds``
        (the weight in money: weight / price weight).
    price_weight_, constant_ : float
        Points of utility lost per pound; the constant of any set against buying nothing (0 where nobody ever left
        without buying: then sets are weighed against each other only).
    loglik_ : float
        Log-likelihood at the maximum.

    Notes
    -----
    The model adds weights up: a need may always be made good by others or by price. Where customers have
    must-haves that is wrong, and a heavy weight is how a must-have shows in it. Standard errors allow for several
    visits of one customer, as in :class:`BestWorstModel`.

    Examples
    --------
    >>> shelf = pd.DataFrame({"customer_id": 1, "task": np.repeat(range(40), 2), "price": [10, 20] * 40,
    ...     "safe": ([1, 0, 0, 1] * 20), "chosen": ([1, 0, 0, 1] * 14 + [0, 1, 1, 0] * 6)})
    >>> bool(ShelfModel().fit(shelf, ["safe"]).weights_.loc[0, "weight"] > 0)
    True
    """

    weights_: pd.DataFrame
    price_weight_: float
    constant_: float
    loglik_: float

    def fit(self, choices: pd.DataFrame, needs: Sequence[str]) -> ShelfModel:
        """Fit by maximum likelihood with the analytic gradient.

        Parameters
        ----------
        choices
            One row per set on a shelf: ``customer_id``, ``task``, ``price``, one 0/1 column per need, ``chosen``.
        needs
            The needs' columns.

        Returns
        -------
        ShelfModel
            Itself.
        """
        x, y, starts, who = _shelf_arrays(choices, needs)
        # Where nobody ever left without buying, there is no way out to hold a set against, and no constant.
        self._way_out = float((np.add.reduceat(y, starts) == 0).any())
        names = ["constant", *needs, "price"]
        if not self._way_out:
            x, names = x[:, 1:], names[1:]
        group = np.repeat(np.arange(len(starts)), np.diff(np.append(starts, len(y))))

        def parts(beta: np.ndarray) -> tuple[np.ndarray, float]:
            u = np.clip(x @ beta, -50, 50)
            # The way out has utility 0, hence its 1.
            total = self._way_out + np.add.reduceat(np.exp(u), starts)
            p = np.exp(u) / total[group]
            return p, float(u[y > 0].sum() - np.log(total).sum())

        def objective(beta: np.ndarray) -> tuple[float, np.ndarray]:
            p, loglik = parts(beta)
            return -loglik, -(x.T @ (y - p))

        def informed(beta: np.ndarray) -> np.ndarray:
            p = parts(beta)[0]
            mean_x = np.add.reduceat(x * p[:, None], starts)
            return np.asarray((x * p[:, None]).T @ x - mean_x.T @ mean_x)

        found = minimize(objective, np.zeros(x.shape[1]), jac=True, method="BFGS")
        best = newton(lambda beta: objective(beta)[1], informed, found.x)
        p, self.loglik_ = parts(best)
        information = informed(best)
        if np.linalg.eigvalsh(information)[0] < 1e-3:
            raise CrmkitError(
                "shelf choices: they do not settle all weights. Look for a need (or a price) that is the same in all "
                "sets, or that every set bought had, and for customers who never bought."
            )
        covariance, _ = answers_covariance(
            np.linalg.inv(information), x * (y - p)[:, None], who.to_frame("customer_id")
        )
        se = np.sqrt(np.diag(covariance))
        beta = dict(zip(names, best, strict=True))
        self.price_weight_, self.constant_ = -float(beta["price"]), float(beta.get("constant", 0))
        self.weights_ = pd.DataFrame(
            {
                "need": list(needs),
                "weight": [beta[need] for need in needs],
                "se": se[-len(needs) - 1 : -1],
            }
        ).sort_values("weight", ascending=False, ignore_index=True, kind="stable")
        self.weights_["pounds"] = self.weights_["weight"] / self.price_weight_
        return self

    def predict(self, choices: pd.DataFrame) -> np.ndarray:
        """Give the chance of each set on each shelf, in the order of the rows."""
        weights = self.weights_.set_index("need")["weight"]
        u = (
            self.constant_
            + choices[weights.index].to_numpy(dtype=float) @ weights.to_numpy()
            - self.price_weight_ * choices["price"].to_numpy(dtype=float)
        )
        up = pd.Series(np.exp(u), index=choices.index)
        shelf = [choices["customer_id"], choices["task"]]
        return (up / (self._way_out + up.groupby(shelf).transform("sum"))).to_numpy()


def _shelf_arrays(
    choices: pd.DataFrame, needs: Sequence[str]
) -> tuple[np.ndarray, np.ndarray, np.ndarray, pd.Series]:
    need_rows(choices, ["customer_id", "task", "price", "chosen", *needs], "shelf choices")
    ordered = choices.sort_values(["customer_id", "task"], kind="stable")
    shelf = ordered[["customer_id", "task"]].to_numpy()
    new = np.append(True, (shelf[1:] != shelf[:-1]).any(axis=1))
    starts = np.flatnonzero(new)
    y = need_true_false(ordered["chosen"], "shelf choices, chosen").astype(float)
    twice = np.add.reduceat(y, starts) > 1
    if not y.any():
        raise CrmkitError("shelf choices: nothing was ever bought. Weights show in purchases only.")
    if twice.any():
        raise CrmkitError(
            f"shelf choices: {int(twice.sum())} shelves have more than one set chosen, first customer "
            f"{shelf[starts[twice][0], 0]}, task {shelf[starts[twice][0], 1]}. Mark one set or none."
        )
    x = np.column_stack(
        [
            np.ones(len(ordered)),
            *(need_true_false(ordered[need], f"shelf choices, {need}") for need in needs),
            need_numbers(ordered["price"], "shelf choices, price", minimum=0),
        ]
    )
    return x, y, starts, ordered["customer_id"]


def must_haves_by_ranking(ratings: pd.DataFrame, keep: int = 3) -> pd.DataFrame:
    """Call must-have what would be kept if only `keep` needs could be: a forced ranking.

    Being able to pay is a must-have of everybody, whatever the ranking says.

    Parameters
    ----------
    ratings
        One row per customer and need: ``customer_id``, ``need``, ``keep_rank`` (1 = first to be kept).
    keep
        How many may be kept.

    Returns
    -------
    DataFrame
        ``customer_id``, ``need``, ``must_have`` (bool), in the order of the rows.

    Examples
    --------
    >>> ranks = pd.DataFrame({"customer_id": 1, "need": ["safe", "quick", "affordable"], "keep_rank": [1, 2, 3]})
    >>> must_haves_by_ranking(ranks, keep=1)["must_have"].tolist()
    [True, False, True]
    """
    need_rows(ratings, ["customer_id", "need", "keep_rank"], "forced ranking")
    need_number(keep, "keep (how many needs may be kept)", minimum=1)
    rank = need_numbers(ratings["keep_rank"], "forced ranking, keep_rank", minimum=1)
    out = ratings[["customer_id", "need"]].copy()
    out["must_have"] = (rank <= keep) | (ratings["need"] == PAY)
    return out


def must_haves_by_ticking(ratings: pd.DataFrame) -> pd.DataFrame:
    """Call must-have what was ticked under "tick everything you could not do without".

    Parameters
    ----------
    ratings
        ``customer_id``, ``need``, ``ticked`` (bool).

    Returns
    -------
    DataFrame
        ``customer_id``, ``need``, ``must_have``.

    Examples
    --------
    >>> must_haves_by_ticking(pd.DataFrame({"customer_id": [1], "need": ["safe"], "ticked": [True]}))
    ... # doctest: +NORMALIZE_WHITESPACE
       customer_id  need  must_have
    0            1  safe       True
    """
    need_rows(ratings, ["customer_id", "need", "ticked"], "ticked needs")
    out = ratings[["customer_id", "need"]].copy()
    out["must_have"] = need_true_false(ratings["ticked"], "ticked needs, ticked") | (
        ratings["need"] == PAY
    )
    return out


def must_haves_by_shelf(choices: pd.DataFrame, needs: Sequence[str]) -> pd.DataFrame:
    """Rule out must-haves by what was bought: who once bought without a need can do without it.

    Parameters
    ----------
    choices
        As for :class:`ShelfModel`.
    needs
        The needs' columns.

    Returns
    -------
    DataFrame
        ``customer_id``, ``need``, ``bought`` (sets bought), ``without`` (of these, sets that lacked the need), and
        ``possible``: whether the need can still be a must-have (nothing was ever bought without it).

    Examples
    --------
    >>> shelf = pd.DataFrame({"customer_id": 1, "task": [1, 2], "safe": [1, 0], "chosen": [1, 1]})
    >>> must_haves_by_shelf(shelf, ["safe"])["possible"].tolist()
    [False]
    """
    need_rows(choices, ["customer_id", "chosen", *needs], "shelf choices")
    long = choices.melt(["customer_id", "chosen"], list(needs), "need", "met")
    long["without"] = long["chosen"] * (1 - long["met"])
    out = (
        long.groupby(["customer_id", "need"], as_index=False)[["chosen", "without"]]
        .sum()
        .rename(columns={"chosen": "bought"})
    )
    out["possible"] = out["without"] == 0
    return out


def must_haves_by_both(ratings: pd.DataFrame, choices: pd.DataFrame, keep: int = 3) -> pd.DataFrame:
    """Call must-have what would be kept *and* was never done without: words checked by deeds.

    Parameters
    ----------
    ratings
        As for :func:`must_haves_by_ranking`.
    choices
        As for :class:`ShelfModel`.
    keep
        How many needs may be kept in the forced ranking.

    Returns
    -------
    DataFrame
        ``customer_id``, ``need``, ``must_have``.

    Examples
    --------
    >>> ranks = pd.DataFrame({"customer_id": 1, "need": ["safe", "quick"], "keep_rank": [1, 2]})
    >>> shelf = pd.DataFrame({"customer_id": 1, "task": [1], "safe": [0], "quick": [1], "chosen": [1]})
    >>> must_haves_by_both(ranks, shelf, keep=2)["must_have"].tolist()
    [False, True]
    """
    said = must_haves_by_ranking(need_unique(ratings, ["customer_id", "need"], "ratings"), keep)
    needs = [need for need in ratings["need"].unique() if need in choices.columns]
    done = must_haves_by_shelf(choices, needs)[["customer_id", "need", "possible"]]
    both = said.merge(done, on=["customer_id", "need"], how="left", validate="one_to_one")
    both["must_have"] &= both["possible"].astype("boolean").fillna(True).astype(bool)
    return both.drop(columns="possible")


def open_sets(choices: pd.DataFrame, must_haves: pd.DataFrame) -> pd.DataFrame:
    """Keep the sets on the shelf that had all of their customer's must-haves: those that were open to choice.

    Parameters
    ----------
    choices
        As for :class:`ShelfModel`.
    must_haves
        ``customer_id``, ``need``, ``must_have``.

    Returns
    -------
    DataFrame
        Some of the rows of `choices`.

    Examples
    --------
    >>> shelf = pd.DataFrame({"customer_id": 1, "safe": [0, 1]})
    >>> must = pd.DataFrame({"customer_id": [1], "need": ["safe"], "must_have": [True]})
    >>> len(open_sets(shelf, must))
    1
    """
    need_rows(must_haves, ["customer_id", "need", "must_have"], "must-haves")
    need_unique(must_haves, ["customer_id", "need"], "must-haves")
    wide = must_haves.pivot(index="customer_id", columns="need", values="must_have")
    needs = [need for need in wide.columns if need in choices.columns]
    must = wide.reindex(choices["customer_id"])[needs].fillna(False).to_numpy(dtype=bool)
    return choices[~(must & (choices[needs].to_numpy() == 0)).any(axis=1)]


def recovery(found: pd.DataFrame, truth: pd.DataFrame) -> pd.DataFrame:
    """Hold found must-haves against the true ones.

    Parameters
    ----------
    found, truth
        ``customer_id``, ``need``, ``must_have`` each. Being able to pay is left out: it needs no finding.

    Returns
    -------
    DataFrame
        One row: ``called`` (needs called must-have), ``true`` (that are), ``hits`` (both), ``precision``
        (hits / called),
        ``recall`` (hits / true), ``f1`` (their harmonic mean).

    Examples
    --------
    >>> said = pd.DataFrame({"customer_id": 1, "need": ["safe", "quick"], "must_have": [True, True]})
    >>> real = pd.DataFrame({"customer_id": 1, "need": ["safe", "quick"], "must_have": [True, False]})
    >>> recovery(said, real).round(2).values.tolist()
    [[2.0, 1.0, 1.0, 0.5, 1.0, 0.67]]
    """
    columns = ["customer_id", "need", "must_have"]
    need_rows(found, columns, "found must-haves")
    need_rows(truth, columns, "true must-haves")
    need_unique(found, columns[:2], "found must-haves")
    need_unique(truth, columns[:2], "true must-haves")
    both = found[columns].merge(truth[columns], on=["customer_id", "need"], suffixes=("", "_true"))
    if both.empty:
        raise CrmkitError(
            "recovery: found and true must-haves have no customer and need in common. Were they made from "
            "the same world (same seed)?"
        )
    both = both[both["need"] != PAY]
    called, true = both["must_have"].sum(), both["must_have_true"].sum()
    hits = (both["must_have"] & both["must_have_true"]).sum()
    precision, recall = hits / max(called, 1), hits / max(true, 1)
    return pd.DataFrame(
        {
            "called": [called],
            "true": [true],
            "hits": [hits],
            "precision": [precision],
            "recall": [recall],
            "f1": [2 * hits / max(called + true, 1)],
        }
    )


def kano_classes(ratings: pd.DataFrame) -> pd.DataFrame:
    """Sort needs into Kano classes from the pair of questions "with it?" and "without it?".

    Parameters
    ----------
    ratings
        ``customer_id``, ``need``, ``if_present``, ``if_missing`` (1 like, 2 expect, 3 neutral, 4 can live
        with, 5 dislike).

    Returns
    -------
    DataFrame
        ``customer_id``, ``need``, ``kano``: must-be, performance, attractive, indifferent, reverse, questionable.

    Examples
    --------
    >>> pair = pd.DataFrame({"customer_id": [1], "need": ["safe"], "if_present": [2], "if_missing": [5]})
    >>> kano_classes(pair)["kano"].tolist()
    ['must-be']
    """
    need_rows(ratings, ["customer_id", "need", "if_present", "if_missing"], "Kano pairs")
    table = np.array(_KANO_TABLE, dtype=object)
    row = need_numbers(ratings["if_present"], "Kano pairs, if_present", minimum=1, maximum=5)
    column = need_numbers(ratings["if_missing"], "Kano pairs, if_missing", minimum=1, maximum=5)
    half = (row % 1 != 0) | (column % 1 != 0)
    if half.any():
        raise CrmkitError(
            f"Kano pairs: {int(half.sum())} rows hold a mean and no answer, first at row "
            f"{first_few(ratings.index[half])}. Classes belong to single customers: sort first, then count."
        )
    out = ratings[["customer_id", "need"]].copy()
    out["kano"] = table[row.astype(int) - 1, column.astype(int) - 1]
    return out


def compare_importance(
    ratings: pd.DataFrame, tasks: pd.DataFrame, choices: pd.DataFrame
) -> pd.DataFrame:
    """Put stated, derived and revealed importance of each need side by side.

    Parameters
    ----------
    ratings, tasks, choices
        The tables ``need_ratings``, ``best_worst_tasks``, ``shelf_choices`` (all, or of one group of customers).

    Returns
    -------
    DataFrame
        One row per need that the shelf shows: ``need``, ``stated`` (mean rating), ``derived`` (best-worst score),
        ``revealed`` (logit weight), ``revealed_se``, and the three ranks ``stated_rank``, ``derived_rank``,
        ``revealed_rank`` (1 = most important).

    Examples
    --------
    >>> import crmkit  # doctest: +SKIP
    >>> compare_importance(crmkit.load("need_ratings"), crmkit.load("best_worst_tasks"),
    ...                    crmkit.load("shelf_choices")).head()  # doctest: +SKIP
    """
    need_rows(ratings, ["need", "rating"], "ratings")
    stated = ratings.groupby("need")["rating"].mean()
    needs = [need for need in stated.index if need in choices.columns]
    if not needs:
        raise CrmkitError("compare_importance: the shelf has no column named like a rated need.")
    derived = best_worst_counts(tasks).set_index("item")["score"]
    unseen = [need for need in needs if need not in derived.index]
    if unseen:
        raise CrmkitError(f"compare_importance: no card shows the need {first_few(unseen)}.")
    revealed = ShelfModel().fit(choices, needs).weights_.set_index("need")
    out = pd.DataFrame(
        {
            "stated": stated.reindex(needs),
            "derived": derived.reindex(needs),
            "revealed": revealed["weight"].reindex(needs),
            "revealed_se": revealed["se"].reindex(needs),
        }
    )
    for name in ("stated", "derived", "revealed"):
        out[f"{name}_rank"] = out[name].rank(ascending=False, method="min").astype(int)
    out = out.rename_axis("need").reset_index()
    return out.sort_values("revealed", ascending=False, ignore_index=True, kind="stable")


def implicit_needs(
    ratings: pd.DataFrame,
    tasks: pd.DataFrame,
    choices: pd.DataFrame,
    groups: pd.Series,
    *,
    z: float = 2.0,
) -> pd.DataFrame:
    """Find needs that a group's purchases follow and its answers do not.

    In every group, revealed weights are predicted from derived importance by a straight line over all groups
    and needs. A need whose weight lies more than `z` standard errors above the line is called implicit: people
    buy it and do not name it.

    Parameters
    ----------
    ratings, tasks, choices
        The three tables of the survey, with ``customer_id``.
    groups
        Group of each customer, indexed by ``customer_id``.
    z
        How many standard errors make a contradiction. The smaller, the more is found and the more of it is chance.

    Returns
    -------
    DataFrame
        One row per group and need, the largest contradiction first: ``group``, ``need``, ``stated``, ``derived``,
        ``revealed``, ``expected`` (revealed weight that the answers lead one to expect), ``surprise`` (in standard
        errors), ``implicit`` (bool).

    Examples
    --------
    >>> import crmkit  # doctest: +SKIP
    >>> types = crmkit.load_truth("customers").set_index("customer_id")["need_type"]  # doctest: +SKIP
    """
    need_number(z, "z (standard errors)", minimum=0)
    groups = groups[groups.index.isin(ratings["customer_id"])]
    parts = []
    # Must-haves are known from ranking and shelf; what is left to explain is the choice between open sets.
    left = open_sets(choices, must_haves_by_both(ratings, choices))
    for group in sorted(groups.dropna().unique()):
        ids = groups.index[groups == group]
        part = compare_importance(
            *(frame[frame["customer_id"].isin(ids)] for frame in (ratings, tasks, left))
        )
        parts.append(part.assign(group=group))
    if not parts:
        raise CrmkitError("implicit_needs: no customer of the survey has a group.")
    out = pd.concat(parts, ignore_index=True)
    # A median slope (Theil-Sen): the implicit needs themselves must not bend the line.
    x, y = out["derived"].to_numpy(), out["revealed"].to_numpy()
    i, j = np.triu_indices(len(x), 1)
    apart = np.abs(x[i] - x[j]) > 1e-9
    slope = np.median((y[j] - y[i])[apart] / (x[j] - x[i])[apart])
    out["expected"] = np.median(y - slope * x) + slope * x
    residual = y - out["expected"]
    # What the line misses by chance anyway, beyond the standard error of the weight.
    spread = 1.4826 * np.median(np.abs(residual))
    out["surprise"] = residual / np.maximum(out["revealed_se"], spread)
    out["implicit"] = out["surprise"] > z
    columns = [
        "group",
        "need",
        "stated",
        "derived",
        "revealed",
        "expected",
        "surprise",
        "implicit",
    ]
    return out.sort_values("surprise", ascending=False, ignore_index=True, kind="stable")[columns]
