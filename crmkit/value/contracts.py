"""How long customers with a contract stay: the shifted beta-geometric model (sBG).

Business context: a subscriber gives notice, so the firm knows who has left. The share that renews rises from year to
year, not because customers grow loyal but because those who leave easily have left. A line through the first years
misses this; a chance to leave that differs from customer to customer explains it with two numbers.

References
----------
Fader & Hardie (2007), How to project customer retention, Journal of Interactive Marketing 21(1), 76-90.
Fader & Hardie (2010), Customer-base valuation in a contractual setting: the perils of ignoring heterogeneity,
Marketing Science 29(1), 85-93 (the expected residual life).
"""

from __future__ import annotations

from typing import Self

import numpy as np
import pandas as pd

from crmkit.errors import CrmkitError
from crmkit.inference import critical_value
from crmkit.inputs import need_numbers, need_true_false
from crmkit.later import later
from crmkit.value.fitting import FittedModel

special = later("scipy.special")


class ContractModel(FittedModel):
    """How many customers still have their contract after each renewal: the sBG model.

    Each customer leaves at every renewal with a probability of their own; these differ as a beta distribution.

    Attributes
    ----------
    params_ : Series
        ``alpha``, ``beta``: the mean chance to leave at the first renewal is alpha / (alpha + beta).
    log_likelihood_, standard_errors_, covariance_, customers_, converged_
        As in :class:`~crmkit.value.BetaGeoModel`.

    Examples
    --------
    >>> model = ContractModel().fit([1000, 869, 743, 653, 593, 551, 517, 491])  # Fader & Hardie 2007, High End
    >>> model.params_.round(3).to_dict()
    {'alpha': 0.668, 'beta': 3.806}
    >>> model.survival([1, 12]).round(3).tolist()
    [0.851, 0.378]
    """

    _names = ("alpha", "beta")

    def fit(self, customers: object) -> Self:
        """Learn the two parameters by maximum likelihood.

        Parameters
        ----------
        customers
            How many of one cohort are still there: at the start, after the first renewal, after the second, ...

        Returns
        -------
        ContractModel
            Itself.

        Raises
        ------
        CrmkitError
            Fewer than three counts, one below zero or missing, counts that rise, or nobody who left.
        """
        counts = need_numbers(customers, "customers", minimum=0)
        if len(counts) < 3:
            raise CrmkitError(
                f"customers: {len(counts)} counts. At least three are needed: the start and two renewals."
            )
        if (np.diff(counts) > 0).any():
            at = int(np.flatnonzero(np.diff(counts) > 0)[0]) + 1
            raise CrmkitError(
                f"customers: the count rises from {counts[at - 1]:g} to {counts[at]:g} at renewal {at}. Follow one "
                "cohort: those who joined later have a start of their own."
            )
        if counts[0] == counts[-1]:
            raise CrmkitError("customers: nobody has left, so nothing says who may.")
        # Left at renewal t: B(alpha + 1, beta + t - 1) / B(alpha, beta); still there after n: B(alpha, beta + n) / B.
        lost = -np.diff(counts)
        n = len(lost)
        more_alpha = np.append(np.ones(n), 0.0)
        more_beta = np.append(np.arange(n), float(n))
        weight = np.append(lost, counts[-1]) / counts[0]
        return self._learn(more_alpha, more_beta, weight, round(float(counts[0])))

    def fit_contracts(self, renewals: object, ended: object) -> Self:
        """Learn from contracts that began at different times: each has been renewed as often as its age allowed.

        Parameters
        ----------
        renewals
            How often each contract has been renewed so far, 0 or more.
        ended
            Whether it has ended, at the renewal after those; otherwise it still runs.

        Returns
        -------
        ContractModel
            Itself.

        Raises
        ------
        CrmkitError
            Columns of different length, a number below zero or not whole, nobody who left, or nobody who renewed.

        Examples
        --------
        >>> import crmkit
        >>> contracts = crmkit.load("contracts", data="brennick")
        >>> model = ContractModel().fit_contracts(contracts["renewals"], contracts["to_date"].notna())
        >>> bool(0.05 < model.params_["alpha"] / model.params_.sum() < 0.30)
        True
        """
        times = need_numbers(renewals, "renewals", minimum=0)
        left = need_true_false(ended, "ended")
        if len(times) != len(left):
            raise CrmkitError(
                f"renewals and ended: {len(times)} contracts in one and {len(left)} in the other."
            )
        if (times % 1 != 0).any():
            raise CrmkitError("renewals: a contract is renewed a whole number of times.")
        if not left.any() or not times.any():
            raise CrmkitError(
                "renewals and ended: nobody has left, or nobody has renewed, so nothing says who may."
            )
        kinds, counts = np.unique(np.column_stack([left, times]), axis=0, return_counts=True)
        return self._learn(kinds[:, 0], kinds[:, 1], counts / len(times), len(times))

    def _learn(
        self, more_alpha: np.ndarray, more_beta: np.ndarray, weight: np.ndarray, customers: int
    ) -> Self:
        """Maximise the sum of ``weight`` times log B(alpha + more_alpha, beta + more_beta) / B(alpha, beta)."""

        def objective(logs: np.ndarray) -> tuple[float, np.ndarray]:
            alpha, beta = np.exp(logs)
            one, two = alpha + more_alpha, beta + more_beta
            value = float(np.sum(weight * (special.betaln(one, two) - special.betaln(alpha, beta))))
            both = special.digamma(one + two) - special.digamma(alpha + beta)
            slope_alpha = np.sum(weight * (special.digamma(one) - special.digamma(alpha) - both))
            slope_beta = np.sum(weight * (special.digamma(two) - special.digamma(beta) - both))
            return -value, -np.array([slope_alpha * alpha, slope_beta * beta])

        self._maximise(objective, np.array([1.0, 2.0]), customers)
        return self

    def survival(self, renewals: object) -> np.ndarray:
        """Give the share of a cohort that is still there after each number of renewals.

        Parameters
        ----------
        renewals
            Numbers of renewals, 0 or more, beyond those seen as well.

        Returns
        -------
        ndarray
            Between 0 and 1.
        """
        t = need_numbers(renewals, "renewals", minimum=0)
        alpha, beta = self._fitted
        return np.exp(special.betaln(alpha, beta + t) - special.betaln(alpha, beta))

    def retention(self, renewals: object) -> np.ndarray:
        """Give the share that renews at each renewal (1 is the first), of those who were there until then.

        Parameters
        ----------
        renewals
            Which renewals, 1 or more.

        Returns
        -------
        ndarray
            Between 0 and 1; it rises, although no customer changes.
        """
        t = need_numbers(renewals, "renewals", minimum=1)
        alpha, beta = self._fitted
        return (beta + t - 1) / (alpha + beta + t - 1)

    def residual_life(self, renewals: object, *, discount: float) -> np.ndarray:
        """Give the discounted renewals still to come, just before the next one is due.

        Times the margin of a period it is what the contract is still worth.

        Parameters
        ----------
        renewals
            How many renewals the customer has made, 0 or more.
        discount
            What money is worth less a period later: 0.1 is 10 %.

        Returns
        -------
        ndarray
            Discounted number of renewals, the one due counted at full value.

        Raises
        ------
        CrmkitError
            `discount` is not above 0 and below 1.
        """
        n = need_numbers(renewals, "renewals", minimum=0)
        if not isinstance(discount, (int, float, np.number)) or not 0 < discount < 1:
            raise CrmkitError(
                f"discount is a share above 0 and below 1 (10 % is 0.1), not {discount!r}."
            )
        alpha, beta = self._fitted
        size = alpha + beta + n
        return (beta + n) / size * special.hyp2f1(1, beta + n + 1, size + 1, 1 / (1 + discount))

    def intervals(self, renewals: object, *, discount: float, level: float = 0.95) -> pd.DataFrame:
        """Say how sure survival and the renewals still to come are, by the delta method (Cox & Hinkley 1974).

        Survival is normal on the scale of log odds, the residual life on that of its logarithm. The interval holds what
        is true of the model; whether the model is, years that it has not seen must say.

        Parameters
        ----------
        renewals
            Numbers of renewals, 0 or more.
        discount
            As in `residual_life`.
        level
            Share of samples in which an interval holds the truth.

        Returns
        -------
        DataFrame
            ``renewal``, ``survival`` with ``survival_low`` and ``survival_high``, ``residual_life`` with
            ``residual_life_low`` and ``residual_life_high``. Missing where the data do not settle the model.

        Raises
        ------
        CrmkitError
            The model was not fitted (`from_params` knows no errors), or `discount` is no share.
        """
        t = need_numbers(renewals, "renewals", minimum=0)
        params = self._fitted
        if not hasattr(self, "covariance_"):
            raise CrmkitError(
                "This ContractModel comes from known parameters, so there is nothing to be unsure of: call fit first."
            )
        z, step = critical_value(level), 1e-5
        spread = self.covariance_.to_numpy() / np.outer(params, params)  # of the logarithms

        def scales(logs: np.ndarray) -> np.ndarray:
            moved = self.from_params(dict(zip(self._names, np.exp(logs), strict=True)))
            stay = moved.survival(t)
            with np.errstate(divide="ignore"):
                odds = np.log(stay) - np.log1p(-stay)
            return np.array([odds, np.log(moved.residual_life(t, discount=discount))])

        logs = np.log(params)
        middle = scales(logs)
        with np.errstate(invalid="ignore"):
            slopes = np.array(
                [
                    (scales(logs + step * e) - scales(logs - step * e)) / (2 * step)
                    for e in np.eye(2)
                ]
            )
        error = np.sqrt(np.einsum("ikt,ij,jkt->kt", slopes, spread, slopes))
        with np.errstate(over="ignore", invalid="ignore"):
            low, high = middle - z * error, middle + z * error
            ends = [1 / (1 + np.exp(-low[0])), 1 / (1 + np.exp(-high[0]))]
        ends = [np.where(t == 0, 1.0, end) for end in ends]  # at the start everybody is there
        return pd.DataFrame(
            {
                "renewal": t,
                "survival": self.survival(t),
                "survival_low": ends[0],
                "survival_high": ends[1],
                "residual_life": np.exp(middle[1]),
                "residual_life_low": np.exp(low[1]),
                "residual_life_high": np.exp(high[1]),
            }
        )

    def table(self, renewals: int) -> pd.DataFrame:
        """List survival and retention up to a number of renewals: ``renewal``, ``survival``, ``retention``."""
        t = np.arange(1, renewals + 1)
        return pd.DataFrame(
            {"renewal": t, "survival": self.survival(t), "retention": self.retention(t)}
        )
