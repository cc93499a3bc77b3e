"""Forgetting: how likely it is that a person still recalls what they met some weeks ago.

The business question behind it: an advertisement is paid for today and works only as long as it is remembered. How
long is that, and how much longer after two, four or thirteen contacts?

All models here share one shape, so that they can be swapped, fitted and compared alike:

* every contact leaves a **trace** that fades with its age: the model's `kernel`;
* traces add up to one **strength**, which is the kernel summed over all contacts;
* strength becomes the **probability of recall** through the model's `link`.

=================== ================================================= ==========================
model               trace of one contact of age t (weeks)             recall from strength x
=================== ================================================= ==========================
Exponential         learning * exp(-decay t)                          1 - exp(-x)
Power               learning * (1 + 7 t) ** -decay                    1 - exp(-x)
MemoryChain         two stores, see the class                         1 - exp(-x)
BaseLevel (ACT-R)   t ** -decay                                       1 / (1 + exp((threshold - ln x) / noise))
=================== ================================================= ==========================

Sources: Murre & Chessa (2011) "Power laws from individual differences in learning and forgetting"; Chessa & Murre
(2007) Marketing Science 26(1) (memory chain, advertising); Anderson & Schooler (1991) Psychological Science 2 and
Anderson et al. (2004) Psychological Review 111 (ACT-R base level); Ebbinghaus (1885); Murre & Dros (2015) PLoS ONE
10(7) e0120644.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Self

import numpy as np
import numpy.typing as npt
import pandas as pd

from crmkit.brand._check import Floats, floats
from crmkit.brand._free_scale import (
    from_free,
    inside,
    reach,
    to_free,
    wald_covariance,
    wald_table,
    with_the_rest,
)
from crmkit.brand.exposures import clean_ages, clean_weights, spacing_weights
from crmkit.errors import CrmkitError
from crmkit.inputs import first_few, need_count
from crmkit.later import later
from crmkit.optimum import settled

optimize = later("scipy.optimize")

_TINY = 1e-12
_SHORTEST_AGE_WEEKS = 1 / (7 * 24)  # an hour: a power of the age has no value at age zero


class ForgettingModel:
    """What the four models share: adding traces up, fitting by maximum likelihood, intervals, half-life.

    Parameters
    ----------
    massing
        Also fit how much a contact loses that follows another at once (see `spacing_weights`). Only for data that
        name single contacts.

    Attributes
    ----------
    params_ : dict
        Learned (or given) values by name.
    estimates_ : DataFrame
        After `fit`: parameter, estimate, low, high (95 % unless asked otherwise).
    log_likelihood_ : float
        After `fit`, of the data fitted.
    """

    names: tuple[str, ...] = ()
    starts: tuple[tuple[float, ...], ...] = ()
    label = ""

    def __init__(self, massing: bool = False) -> None:
        self.massing = massing

    @classmethod
    def known(cls, **values: float) -> Self:
        """A model whose parameters are known rather than fitted.

        Examples
        --------
        >>> Exponential.known(learning=0.7, decay=0.1).recall([0.0]).round(3).tolist()
        [0.503]
        """
        allowed = (*cls.names, "massing", "base")
        unknown = sorted(set(values) - set(allowed))
        missing = sorted(set(cls.names) - set(values))
        if unknown or missing:
            raise CrmkitError(
                f"{cls.__name__} needs {', '.join(cls.names)}."
                + (f" Missing: {', '.join(missing)}." if missing else "")
                + (f" Unknown: {', '.join(unknown)}." if unknown else "")
            )
        if values.get("massing", 0) > 1:
            raise CrmkitError(
                f"massing = {values['massing']:g} makes no sense: it is the share of a contact that is lost, 0 to 1."
            )
        for name, value in values.items():
            free_sign = name == "threshold"
            if (
                not np.isfinite(value)
                or (value < 0 and not free_sign)
                or (value == 0 and name in ("noise",))
            ):
                raise CrmkitError(
                    f"{name} = {value} makes no sense: give a {'finite' if free_sign else 'positive'} number."
                )
        model = cls(massing="massing" in values)
        model.params_ = dict(values)
        return model

    params_: dict[str, float]
    bases_: dict[Any, float]
    estimates_: pd.DataFrame
    log_likelihood_: float
    _place: Floats
    _kinds: list[str]
    _covariance: Floats

    # ---- the two things that differ from model to model
    def _kernel(self, age: Floats, values: Sequence[float]) -> Floats:
        raise NotImplementedError

    def _link(self, strength: Floats, values: Sequence[float]) -> Floats:
        return -np.expm1(-strength)

    def _values(self) -> list[float]:
        if not hasattr(self, "params_"):
            raise CrmkitError(
                f"This {type(self).__name__} has no parameters yet: call `fit` first, or use "
                f"`{type(self).__name__}.known(...)`."
            )
        return [self.params_[name] for name in self.names]

    # ---- using a model
    def kernel(self, age_weeks: npt.ArrayLike) -> Floats:
        """Trace that one contact of this age still leaves; 0 if it has not happened (negative or missing age)."""
        age = np.asarray(age_weeks, dtype=float)
        happened = age >= 0
        trace = self._kernel(np.where(happened, age, 0.0), self._values())
        return np.where(happened, trace, 0.0)

    def link(self, strength: npt.ArrayLike) -> Floats:
        """Probability of recall from the summed strength."""
        return self._link(np.asarray(strength, dtype=float), self._values())

    def strength(self, ages: npt.ArrayLike, weights: npt.ArrayLike | None = None) -> Floats:
        """Summed traces, one value per row of `ages` (weeks from contact to question, NaN for none)."""
        table = clean_ages(ages)
        amount = clean_weights(weights, table)
        values = self._values()
        massing = self.params_.get("massing", 0.0)
        if massing > 0:
            amount = amount * spacing_weights(table, massing)
        happened = table >= 0
        trace = np.where(happened, self._kernel(np.where(happened, table, 0.0), values), 0.0)
        return (trace * amount).sum(axis=1) + self.params_.get("base", 0.0)

    def recall(self, ages: npt.ArrayLike, weights: npt.ArrayLike | None = None) -> Floats:
        """Probability of recall, one value per row of `ages`.

        Parameters
        ----------
        ages
            Shape (questions, contacts).
            Weeks from contact to question; NaN, or a negative number, for a contact that has not happened.
        weights
            Contacts at each of these ages (0 or more); 1 each if left out.

        Returns
        -------
        array, shape (questions,), between 0 and 1. Without any contact (and without a base) it is 0.
        """
        return self.link(self.strength(ages, weights))

    def half_life_weeks(
        self, exposures: int = 1, gap_weeks: float = 1.0, from_weeks: float = 0.5
    ) -> float:
        """Weeks until recall has fallen to half of what it was `from_weeks` after the last contact.

        Parameters
        ----------
        exposures
            Number of contacts, evenly spaced by `gap_weeks`.
        gap_weeks
            Weeks between two contacts.
        from_weeks
            When the clock starts, in weeks after the last contact. (Fast models fall so steeply at first that a
            start at zero says little.)

        Returns
        -------
        float
            Weeks; ``inf`` if recall never falls that low within a thousand years.

        Raises
        ------
        CrmkitError
            Without a contact, for negative weeks, or if nothing is recalled to begin with.

        Examples
        --------
        >>> model = Exponential.known(learning=0.001, decay=np.log(2) / 6)
        >>> round(model.half_life_weeks(), 1)
        6.0
        """
        if exposures < 1:
            raise CrmkitError(
                "A half-life needs at least one contact: what was never met cannot be forgotten."
            )
        if gap_weeks < 0 or from_weeks < 0:
            raise CrmkitError(
                f"Weeks cannot be negative: gap_weeks is {gap_weeks:g}, from_weeks {from_weeks:g}."
            )
        steps = np.arange(exposures) * gap_weeks

        def left(weeks: float) -> float:
            return float(self.recall((from_weeks + weeks + steps)[None, :])[0])

        target = left(0.0) / 2
        if target == 0:
            raise CrmkitError(
                "Nothing is recalled to begin with, so there is no half of it. Does a contact leave any trace "
                f"(learning is {self.params_.get('learning', np.nan):g})?"
            )
        high = 1.0
        while left(high) > target:
            high *= 2
            if high > 52_000:
                return float("inf")
        return float(optimize.brentq(lambda weeks: left(weeks) - target, 0.0, high))

    # ---- fitting
    def _transforms(self, bases: int) -> list[str]:
        kinds = ["any" if name == "threshold" else "positive" for name in self.names]
        return kinds + (["share"] if self.massing else []) + ["positive"] * bases

    def fit(
        self,
        ages: npt.ArrayLike,
        recalled: npt.ArrayLike,
        asked: npt.ArrayLike | None = None,
        weights: npt.ArrayLike | None = None,
        groups: npt.ArrayLike | None = None,
        level: float = 0.95,
    ) -> Self:
        """Fit by maximum likelihood (binomial), with Wald intervals on the log (or logit) scale.

        Parameters
        ----------
        ages
            Shape (questions, contacts).
            Weeks from contact to question, NaN for none (see `exposure_ages` and `schedules.pressure_design`).
        recalled
            Shape (questions,). 1 recalled, 0 not; or, with `asked`, how many of those asked recalled.
        asked
            How many people were asked. Rows with nobody asked carry no information and are left out of the
            likelihood.
        weights
            Contacts at each age.
        groups
            Label per row (say, the brand): each label gets a base strength of its own that advertising did not
            make (shops seen, past use).
        level
            Confidence level of the intervals.

        Returns
        -------
        self, with `params_`, `bases_`, `estimates_`, `log_likelihood_`. An interval is NaN where the data do not pin
        the parameter down.

        Raises
        ------
        CrmkitError
            If lengths differ, counts are impossible, nobody was asked (at all, or about one of the groups), there was
            no contact in any row, or somebody recalled without a contact and the model has no base that allows it.
        """
        table = clean_ages(ages)
        amount = clean_weights(weights, table)
        hits = floats(recalled, "recalled")
        tries = np.ones_like(hits) if asked is None else floats(asked, "asked")
        if hits.shape != (len(table),) or tries.shape != hits.shape:
            raise CrmkitError(
                f"`ages` has {len(table)} rows, `recalled` {hits.size}, `asked` {tries.size}: they must match "
                "row by row."
            )
        if np.isnan(hits).any() or np.isnan(tries).any():
            raise CrmkitError(
                f"`recalled` or `asked` is missing in {int((np.isnan(hits) | np.isnan(tries)).sum())} rows. "
                "Leave such rows out."
            )
        wrong = np.flatnonzero((hits < 0) | (hits > tries))
        if len(wrong):
            raise CrmkitError(
                f"More people recalled than were asked (or fewer than none): row {wrong[0]} has "
                f"{hits[wrong[0]]:g} of {tries[wrong[0]]:g}."
            )
        if tries.sum() == 0:
            raise CrmkitError("Nobody was asked in any row: there is nothing to fit.")
        labels: list[Any] = []
        member = np.zeros(len(table), dtype=int)
        if groups is not None:
            member, found = pd.factorize(np.asarray(groups), sort=True)
            labels = list(found)
            if len(member) != len(table) or (member < 0).any():
                raise CrmkitError(
                    f"`groups` must name the group of each of the {len(table)} rows; it has {len(member)} entries, "
                    f"{int((member < 0).sum())} of them missing."
                )
            unasked = np.flatnonzero(np.bincount(member, tries, minlength=len(labels)) == 0)
            if len(unasked):
                raise CrmkitError(
                    f"Nobody was asked about {first_few(labels[i] for i in unasked)} in any row: leave these rows out."
                )

        keep = tries > 0
        table, amount, hits, tries, member = (
            table[keep],
            amount[keep],
            hits[keep],
            tries[keep],
            member[keep],
        )
        if (
            weights is None
        ):  # people asked alike are counted once: the same likelihood, many times faster
            alike = np.column_stack([np.nan_to_num(table, nan=-1.0), member])
            first, which = np.unique(alike, axis=0, return_index=True, return_inverse=True)[1:]
            which = which.reshape(-1)
            hits, tries = (np.bincount(which, each).astype(float) for each in (hits, tries))
            table, amount, member = table[first], amount[first], member[first]
        happened = table >= 0
        safe = np.where(happened, table, 0.0)
        amount = np.where(happened, amount, 0.0)
        met = (amount > 0).any(axis=1)
        if not met.any():
            raise CrmkitError(
                "No row has a contact before its question: without one there is nothing to forget, and nothing to fit."
            )
        if not labels and hits[~met].any():
            raise CrmkitError(
                f"{hits[~met].sum():g} answers recall what was never met, which these models cannot explain. Leave "
                "these rows out, or pass `groups` (one label for all rows will do): each group gets a base strength."
            )
        distinct, position = np.unique(
            safe, return_inverse=True
        )  # few distinct ages: the kernel is worked out once for each
        position = position.reshape(safe.shape)
        kinds = self._transforms(len(labels))
        own = len(self.names)

        def unpack(theta: Floats) -> Floats:
            return np.array(
                [from_free(value, kind) for value, kind in zip(theta, kinds, strict=True)]
            )

        def loss(theta: Floats) -> float:
            values = unpack(theta)
            trace = self._kernel(distinct, list(values[:own]))[position]
            dose = amount
            if self.massing:
                dose = amount * spacing_weights(np.where(happened, table, np.nan), values[own])
            strength = (trace * dose).sum(axis=1)
            if labels:
                strength = strength + values[-len(labels) :][member]
            chance = np.clip(self._link(strength, list(values[:own])), _TINY, 1 - _TINY)
            return -float((hits * np.log(chance) + (tries - hits) * np.log1p(-chance)).sum())

        # never met and yet recalled has probability zero: keep the search away from the corner where everything
        # is zero
        best = None
        for start in self.starts:
            free = [to_free(value, kind) for value, kind in zip(start, kinds[:own], strict=True)]
            free += [0.0] if self.massing else []
            free += [np.log(0.2)] * len(labels)
            found_one = optimize.minimize(
                loss,
                np.array(free),
                method="L-BFGS-B",
                bounds=[reach(kind) for kind in kinds],
                options={"maxiter": 500},
            )
            if best is None or found_one.fun < best.fun:
                best = found_one
        assert best is not None
        place = best.x
        moving = inside(place, kinds)
        # The search stops where the ground is nearly flat; where exactly would depend on the processor.
        place[moving] = settled(with_the_rest(loss, place, moving), place[moving])
        values = unpack(place)
        self.params_ = dict(zip(self.names, values[:own].tolist(), strict=True))
        if self.massing:
            self.params_["massing"] = float(values[own])
        self.bases_ = {
            label: float(value)
            for label, value in zip(labels, values[len(values) - len(labels) :], strict=True)
        }
        self.log_likelihood_ = -loss(place)
        names = [*self.params_, *(f"base {label}" for label in labels)]
        self._place, self._kinds = place, kinds
        self._covariance = wald_covariance(place, kinds, loss)
        self.estimates_ = wald_table(names, place, kinds, self._covariance, level)
        return self

    def drawn(self, draws: int = 200, seed: int = 0) -> list[Self]:
        """Give models whose parameters are drawn from the uncertainty of the fit, to carry it on to what follows.

        Whatever is computed with a fitted model (a half-life, the best plan, where a contact stops paying) is computed
        with each of these as well; `crmkit.inference.percentile_interval` turns the results into an interval, and
        their mean is the share of draws in which something holds.

        Parameters
        ----------
        draws
            How many.
        seed
            Of the draws.

        Returns
        -------
        list of models
            Known models (no `estimates_`), with bases like this one's.

        Raises
        ------
        CrmkitError
            Before `fit`, or where the data do not pin the parameters down.

        Notes
        -----
        Normal on the scale of the fit, logarithms of positive parameters (King, Tomz & Wittenberg 2000, American
        Journal of Political Science 44). A parameter at the end of its search stays where it is.

        Examples
        --------
        >>> ages, recalled = [[1.0], [4.0], [9.0]], [70, 40, 20]
        >>> model = Exponential().fit(ages, recalled, asked=[100, 100, 100])
        >>> lives = [each.half_life_weeks() for each in model.drawn(50)]
        >>> bool(np.quantile(lives, 0.1) < model.half_life_weeks() < np.quantile(lives, 0.9))
        True
        """
        if not hasattr(self, "_place"):
            raise CrmkitError(
                f"This {type(self).__name__} was not fitted, so nothing is known of its uncertainty: call `fit` first."
            )
        need_count(draws, "draws")
        moving = np.isfinite(np.diag(self._covariance))
        if not moving.any():
            raise CrmkitError(
                "The data do not pin this model down: no parameter has an interval. Take a simpler model, or more "
                "answers."
            )
        spread = self._covariance[np.ix_(moving, moving)]
        # Roots by eigenvalues: a direction of which next to nothing is known must not break the draw.
        size, axes = np.linalg.eigh((spread + spread.T) / 2)
        noise = np.random.default_rng(seed).normal(size=(draws, len(size)))
        places = np.tile(self._place, (draws, 1))
        places[:, moving] += noise * np.sqrt(np.maximum(size, 0)) @ axes.T
        out = []
        for place in places:
            values = [from_free(x, kind) for x, kind in zip(place, self._kinds, strict=True)]
            model = type(self)(massing=self.massing)
            own = [*self.names, *(["massing"] if self.massing else [])]
            model.params_ = dict(zip(own, values, strict=False))
            model.bases_ = dict(zip(self.bases_, values[len(own) :], strict=True))
            out.append(model)
        return out

    def log_likelihood(
        self,
        ages: npt.ArrayLike,
        recalled: npt.ArrayLike,
        asked: npt.ArrayLike | None = None,
        weights: npt.ArrayLike | None = None,
    ) -> Floats:
        """Log-likelihood of each row under the learned parameters (binomial, without the constant)."""
        hits = np.asarray(recalled, dtype=float)
        tries = np.ones_like(hits) if asked is None else np.asarray(asked, dtype=float)
        chance = np.clip(self.recall(ages, weights), _TINY, 1 - _TINY)
        return hits * np.log(chance) + (tries - hits) * np.log1p(-chance)


class Exponential(ForgettingModel):
    """The same share is lost every week: trace = learning * exp(-decay * age).

    Parameters in `params_`: `learning` (strength of a fresh contact), `decay` (per week; ``ln 2 / decay`` is the
    half-life of the strength in weeks).

    Examples
    --------
    >>> model = Exponential.known(learning=1.0, decay=0.2)
    >>> model.recall([[0.0], [5.0]]).round(3).tolist()
    [0.632, 0.308]
    """

    names = ("learning", "decay")
    starts = ((0.5, 0.1), (1.0, 0.5))
    label = "exponential"

    def _kernel(self, age: Floats, values: Sequence[float]) -> Floats:
        learning, decay = values
        return learning * np.exp(-decay * age)


class Power(ForgettingModel):
    """Fast at first, slow later: trace = learning * (1 + age in days) ** -decay.

    Parameters in `params_`: `learning`, `decay` (exponent, no unit).

    Examples
    --------
    >>> Power.known(learning=1.0, decay=0.5).kernel([0.0, 1.0]).round(3).tolist()
    [1.0, 0.354]
    """

    names = ("learning", "decay")
    starts = ((0.5, 0.5), (1.5, 0.8))
    label = "power"

    def _kernel(self, age: Floats, values: Sequence[float]) -> Floats:
        learning, decay = values
        return learning * np.power(1 + 7 * age, -decay)


class MemoryChain(ForgettingModel):
    """Two stores in a chain: what the fast store holds is copied, while it lasts, into a slow one.

    One contact leaves in the fast store ``learning * exp(-decay_fast t)``, and in the slow store, filled from the
    fast one at rate `transfer`, ``learning * transfer * (exp(-decay_slow t) - exp(-decay_fast t)) / (decay_fast -
    decay_slow)``. Recall is the chance that at least one trace is found: ``1 - exp(-strength)`` (Chessa & Murre
    2007, Marketing Science 26(1), with a retrieval threshold of one trace).

    Parameters in `params_`: `learning`; `decay_fast`, `transfer`, `decay_slow`, all per week.

    Examples
    --------
    >>> model = MemoryChain.known(learning=0.6, decay_fast=0.5, transfer=0.05, decay_slow=0.01)
    >>> model.recall([[0.0], [4.0], [26.0]]).round(3).tolist()
    [0.451, 0.123, 0.046]
    """

    names = ("learning", "decay_fast", "transfer", "decay_slow")
    starts = ((0.6, 0.6, 0.06, 0.02), (0.4, 0.2, 0.02, 0.05))
    label = "memory chain"

    def _kernel(self, age: Floats, values: Sequence[float]) -> Floats:
        learning, fast, transfer, slow = values
        # What the slow store holds is the same whichever of the two decays is the larger one: counted from the smaller
        # one, the exponential of their distance cannot overflow, and equal decays divide nothing by zero.
        product = np.abs(fast - slow) * age
        small = product < 1e-8
        ratio = np.where(small, 1.0, -np.expm1(-product) / np.where(small, 1.0, product))
        handed_on = transfer * np.exp(-min(fast, slow) * age) * age * ratio
        return learning * (np.exp(-fast * age) + handed_on)


class BaseLevel(ForgettingModel):
    """ACT-R base-level learning: recall by activation.

    Activation B = ln(sum of age ** -decay), recall = 1 / (1 + exp((threshold - B) / noise)).

    Parameters in `params_`: `decay` (exponent, about .5 in the laboratory with ages in seconds), `threshold`
    (activation at which recall is even), `noise` (spread of the activation). Ages in weeks, none shorter than an
    hour. With no contact the activation is minus infinity: recall 0.

    Examples
    --------
    >>> model = BaseLevel.known(decay=0.5, threshold=0.0, noise=0.4)
    >>> model.recall([[1.0], [np.nan]]).tolist()
    [0.5, 0.0]
    """

    names = ("decay", "threshold", "noise")
    starts = ((0.5, 0.0, 0.5), (1.0, 1.0, 1.0), (0.8, -0.5, 1.0))
    label = "ACT-R base level"

    def _kernel(self, age: Floats, values: Sequence[float]) -> Floats:
        return np.power(np.maximum(age, _SHORTEST_AGE_WEEKS), -values[0])

    def _link(self, strength: Floats, values: Sequence[float]) -> Floats:
        _, threshold, noise = values
        with np.errstate(divide="ignore"):
            activation = np.log(strength)
        return (
            1 / (1 + np.exp(np.clip((threshold - activation) / noise, -700, 700))) * (strength > 0)
        )


MODELS: tuple[type[ForgettingModel], ...] = (Exponential, Power, MemoryChain, BaseLevel)
