"""What customers take from a shelf: a logit of purchases on the needs that each set met.

Source: multinomial logit (McFadden 1974).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from crmkit.errors import CrmkitError
from crmkit.inputs import (
    first_few,
    need_numbers,
    need_rows,
    need_true_false,
)
from crmkit.later import later
from crmkit.mix._answers import answers_covariance
from crmkit.optimum import newton

optimize = later("scipy.optimize")


class ShelfModel:
    """Revealed importance: a logit of purchases from a shelf on the needs that each set met.

    Each task offers some sets and the way out (buying nothing, utility 0). A set's utility is a constant,
    plus a weight for every need that it meets, less a weight per pound of price.

    Attributes
    ----------
    weights_ : DataFrame
        One row per need, the heaviest first: ``need``, ``weight`` (points of utility), ``se``, and ``worth``
        (the weight in money: weight / price weight).
    price_weight_, constant_ : float
        Points of utility lost per pound; the constant of any set against buying nothing (0 where nobody ever left
        without buying: then sets are weighed against each other only).
    loglik_ : float
        Log-likelihood at the maximum.
    covariance_ : DataFrame
        Covariance of the needs' weights, needs as index and columns.

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
    covariance_: pd.DataFrame

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
            # The way out has utility 0, so its term is 1.
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

        found = optimize.minimize(objective, np.zeros(x.shape[1]), jac=True, method="BFGS")
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
        own = slice(-len(needs) - 1, -1)  # before them a constant perhaps, after them the price
        beta = dict(zip(names, best, strict=True))
        self.price_weight_, self.constant_ = -float(beta["price"]), float(beta.get("constant", 0))
        self.weights_ = pd.DataFrame(
            {
                "need": list(needs),
                "weight": [beta[need] for need in needs],
                "se": se[own],
            }
        ).sort_values("weight", ascending=False, ignore_index=True, kind="stable")
        self.weights_["worth"] = self.weights_["weight"] / self.price_weight_
        self.covariance_ = pd.DataFrame(
            covariance[own, own], index=list(needs), columns=list(needs)
        )
        return self

    def difference(self, need: str, other: str) -> tuple[float, float]:
        """Compare the weights of two needs.

        Parameters
        ----------
        need, other
            Two of the needs that were fitted.

        Returns
        -------
        tuple of float
            Weight of `need` less weight of `other`, and the standard error of this difference. It counts that the two
            weights come from the same purchases (their covariance).

        Raises
        ------
        CrmkitError
            A need that was not fitted.

        Examples
        --------
        >>> draw = np.random.default_rng(1).integers
        >>> shelf = pd.DataFrame({"customer_id": np.arange(400), "task": 1, "price": draw(10, 20, 400),
        ...                       "safe": draw(0, 2, 400), "quick": draw(0, 2, 400)})
        >>> shelf["chosen"] = ((draw(0, 10, 400) + 4 * shelf["safe"] - shelf["price"] / 2) > 0).astype(int)
        >>> gap, se = ShelfModel().fit(shelf, ["safe", "quick"]).difference("safe", "quick")
        >>> gap > 2 * se
        True
        """
        unknown = [name for name in (need, other) if name not in self.covariance_.index]
        if unknown:
            raise CrmkitError(
                f"ShelfModel.difference: no weight was fitted for {first_few(unknown)}. Take two of "
                f"{', '.join(self.covariance_.index)}."
            )
        weight, cover = self.weights_.set_index("need")["weight"], self.covariance_
        variance = (
            cover.loc[need, need] + cover.loc[other, other] - 2 * float(cover.loc[need, other])
        )
        return float(weight[need] - weight[other]), float(np.sqrt(max(variance, 0.0)))

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
