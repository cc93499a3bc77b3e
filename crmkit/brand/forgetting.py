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

from collections.abc import Callable, Sequence
from typing import Any, Self

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import optimize, stats

from crmkit.brand._check import Floats, floats
from crmkit.errors import CrmkitError
from crmkit.inputs import first_few, need_columns, need_numbers
from crmkit.optimum import STEP, curvature_of, settled

_TINY = 1e-12
_SHORTEST_AGE_WEEKS = 1 / (7 * 24)  # an hour: a power of the age has no value at age nought


def _clean_ages(ages: npt.ArrayLike) -> Floats:
    """Ages as a two-dimensional float array, one row a question, NaN where there is no contact."""
    table = floats(ages, "ages")
    if table.ndim == 1:
        table = table.reshape(-1, 1)
    if table.ndim != 2:
        raise CrmkitError(
            f"`ages` must have one row per question and one column per contact; it has {table.ndim} dimensions. "
            "Build it with `exposure_ages(trials)`."
        )
    if np.isinf(table).any():
        raise CrmkitError("`ages` holds infinite values. Use NaN where there is no contact.")
    return table


def _clean_weights(weights: npt.ArrayLike | None, ages: Floats) -> Floats:
    if weights is None:
        return np.ones_like(ages)
    given = floats(weights, "weights")
    try:
        table = np.broadcast_to(given, ages.shape)
    except ValueError:
        raise CrmkitError(
            f"`weights` has the shape {given.shape}, `ages` {ages.shape}: one weight for each age is needed."
        ) from None
    if np.isnan(table).any():
        raise CrmkitError("`weights` holds missing values. A week without contacts has weight 0.")
    if (table < 0).any():
        row, column = np.argwhere(table < 0)[0]
        raise CrmkitError(
            f"Contacts cannot be negative: row {row}, column {column} holds {table[row, column]:g}. Check the "
            "exposure plan."
        )
    return table


def exposure_ages(
    trials: pd.DataFrame,
    exposures: str = "exposures",
    gap_weeks: str = "gap_weeks",
    weeks_after: str = "weeks_after",
) -> Floats:
    """Age of every contact at the moment of the question, for evenly spaced schedules.

    Parameters
    ----------
    trials
        One row per question asked: number of contacts, weeks between two contacts, weeks from the last contact to
        the question.
    exposures, gap_weeks, weeks_after
        Names of these three columns.

    Returns
    -------
    array, shape (questions, most contacts)
        Weeks from contact to question, newest first; NaN where there was no contact.

    Raises
    ------
    CrmkitError
        If a column is missing, a number of contacts, a gap or a delay is negative, or a number of contacts is not
        whole.

    Examples
    --------
    >>> trials = pd.DataFrame({"exposures": [0, 3], "gap_weeks": [0, 2], "weeks_after": [1, 1]})
    >>> exposure_ages(trials).tolist()[1]
    [1.0, 3.0, 5.0]
    """
    need_columns(trials, (exposures, gap_weeks, weeks_after), "trials")
    number, gap, after = (
        need_numbers(trials[name], name, minimum=0) for name in (exposures, gap_weeks, weeks_after)
    )
    parts = trials.index[number % 1 > 0]
    if len(parts):
        raise CrmkitError(
            f"Column '{exposures}' counts contacts in whole numbers; rows {first_few(parts)} hold "
            f"{first_few(trials.loc[parts, exposures])}."
        )
    count = number.astype(int)
    most = max(int(count.max(initial=0)), 1)
    step = np.arange(most)[None, :]
    return np.where(step < count[:, None], after[:, None] + step * gap[:, None], np.nan)


def spacing_weights(ages: npt.ArrayLike, massing: float, fade_weeks: float = 1.0) -> Floats:
    """How much of each contact is taken in, when a contact close to the last one gets less attention.

    A contact that follows the previous one at once counts only ``1 - massing``; the loss halves with every
    `fade_weeks` of distance. This is the deficient-processing account of the spacing effect (Hintzman 1974;
    review: Cepeda et al. 2006, Psychological Bulletin 132).

    Parameters
    ----------
    ages
        Shape (questions, contacts). Weeks from contact to question, newest first, NaN for none (see `exposure_ages`).
    massing
        Share of a contact lost when it comes at once after another, 0 to 1.
    fade_weeks
        Weeks after which half of that loss is gone.

    Returns
    -------
    array of the same shape, each value between ``1 - massing`` and 1.

    Raises
    ------
    CrmkitError
        For a massing outside 0 to 1, or a fading time that is not above nought.

    Examples
    --------
    >>> spacing_weights([[0.0, 0.0], [0.0, 1.0]], massing=0.8).tolist()
    [[0.19999999999999996, 1.0], [0.6, 1.0]]
    """
    if not 0 <= massing <= 1 or not fade_weeks > 0:
        raise CrmkitError(
            f"massing is a share from 0 to 1 and fade_weeks is above 0; got {massing} and {fade_weeks}."
        )
    table = _clean_ages(ages)
    older = np.full_like(table, np.nan)
    older[:, :-1] = table[:, 1:]
    gap = older - table
    loss = massing * np.power(2.0, -np.maximum(gap, 0) / fade_weeks)
    return 1 - np.where(np.isnan(gap), 0.0, loss)


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
        table = _clean_ages(ages)
        amount = _clean_weights(weights, table)
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
            start at nought says little.)

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
        table = _clean_ages(ages)
        amount = _clean_weights(weights, table)
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
                [_from_free(value, kind) for value, kind in zip(theta, kinds, strict=True)]
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

        # never met and yet recalled has probability nought: keep the search away from the corner where everything
        # is nought
        best = None
        for start in self.starts:
            free = [_to_free(value, kind) for value, kind in zip(start, kinds[:own], strict=True)]
            free += [0.0] if self.massing else []
            free += [np.log(0.2)] * len(labels)
            found_one = optimize.minimize(
                loss,
                np.array(free),
                method="L-BFGS-B",
                bounds=[_reach(kind) for kind in kinds],
                options={"maxiter": 500},
            )
            if best is None or found_one.fun < best.fun:
                best = found_one
        assert best is not None
        place = best.x
        inside = _inside(place, kinds)
        # The search stops where the ground is nearly flat; where exactly would depend on the processor.
        place[inside] = settled(_with_the_rest(loss, place, inside), place[inside])
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
        self.estimates_ = _wald_table(names, place, kinds, loss, level)
        return self

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


def _to_free(value: float, kind: str) -> float:
    if kind == "positive":
        return float(np.log(value))
    return float(np.log(value / (1 - value))) if kind == "share" else value


def _from_free(value: float, kind: str) -> float:
    if kind == "positive":
        return float(np.exp(value))
    return float(1 / (1 + np.exp(-value))) if kind == "share" else float(value)


def _reach(kind: str) -> tuple[float, float]:
    """Where a parameter is searched for, on the free scale: from 1/8,000 to 20 for a positive one."""
    return (-9.0, 9.0) if kind == "any" else (-9.0, 3.0)


def _inside(free: Floats, kinds: Sequence[str]) -> npt.NDArray[np.bool_]:
    """Which parameters did not run to an end of their search."""
    ends = np.array([_reach(kind) for kind in kinds])
    return np.asarray((free > ends[:, 0] + STEP) & (free < ends[:, 1] - STEP))


def _with_the_rest(
    loss: Callable[[Floats], float], free: Floats, moving: npt.NDArray[np.bool_]
) -> Callable[[Floats], float]:
    """Give the loss as a function of some parameters; the others stay."""
    held = free.copy()

    def of_some(part: Floats) -> float:
        whole = held.copy()
        whole[moving] = part
        return loss(whole)

    return of_some


def _wald_table(
    names: Sequence[str], free: Floats, kinds: Sequence[str], loss: Any, level: float
) -> pd.DataFrame:
    """Intervals from the curvature of the likelihood; NaN where the data do not pin a parameter down.

    A parameter that ran to the end of its search (a brand that nobody ever recalled has no base) has no curvature
    there: it is held where it is, and the others keep their intervals.
    """
    pinned = _inside(free, kinds)
    hessian = curvature_of(_with_the_rest(loss, free, pinned), free[pinned])
    error = np.full(len(free), np.nan)
    try:
        variance = np.diag(np.linalg.inv(hessian))
        error[pinned] = np.where(variance > 0, np.sqrt(np.abs(variance)), np.nan)
    except np.linalg.LinAlgError:
        pass
    width = stats.norm.ppf(0.5 + level / 2) * error
    with np.errstate(over="ignore"):  # a limit beyond every number is infinite
        rows = [
            (
                name,
                _from_free(value, kind),
                _from_free(value - w, kind),
                _from_free(value + w, kind),
            )
            for name, value, kind, w in zip(names, free, kinds, width, strict=True)
        ]
    return pd.DataFrame(rows, columns=["parameter", "estimate", "low", "high"])


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
        # one, the exponential of their distance cannot overflow, and equal decays divide nothing by nought.
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


def compare_models(
    ages: npt.ArrayLike,
    recalled: npt.ArrayLike,
    models: Sequence[ForgettingModel] | None = None,
    folds: int = 5,
    seed: int = 0,
) -> pd.DataFrame:
    """Find the model that best foretells answers it has not seen.

    The questions are split at random into `folds` parts; each model is fitted on the others and scored on the part
    left out.

    Parameters
    ----------
    ages
        Shape (questions, contacts). Weeks from contact to question.
    recalled
        Shape (questions,). 1 recalled, 0 not.
    models
        Unfitted models; by default one of each kind.
    folds, seed
        Number of parts, and the seed of the split.

    Returns
    -------
    DataFrame, best first
        model, parameters (count), held_out (mean log-likelihood of a question left out; nearer to 0 is better),
        behind_best (mean shortfall against the best), behind_se (its standard error over questions: a shortfall
        below twice this is no proof).

    Raises
    ------
    CrmkitError
        If there are fewer questions than parts, or not as many answers as questions.
    """
    table = _clean_ages(ages)
    hits = floats(recalled, "recalled")
    if hits.shape != (len(table),):
        raise CrmkitError(
            f"`ages` has {len(table)} rows, `recalled` {hits.size}: they must match row by row."
        )
    if len(table) < folds or folds < 2:
        raise CrmkitError(
            f"{len(table)} questions cannot be split into {folds} parts of at least one (and there must be at "
            "least two parts)."
        )
    if models is None:
        models = [kind() for kind in MODELS]
    part = np.random.default_rng(seed).permutation(len(table)) % folds
    scores = []
    for model in models:
        score = np.zeros(len(table))
        for fold in range(folds):
            fresh = type(model)(massing=model.massing)
            rest = part != fold
            fresh.fit(table[rest], hits[rest])
            score[~rest] = fresh.log_likelihood(table[~rest], hits[~rest])
        scores.append(score)
    best = int(np.argmax([score.mean() for score in scores]))
    rows = []
    for model, score in zip(models, scores, strict=True):
        behind = scores[best] - score
        name = model.label + (" + spacing" if model.massing else "")
        rows.append(
            (
                name,
                len(model.names) + model.massing,
                score.mean(),
                behind.mean(),
                behind.std(ddof=1) / np.sqrt(len(behind)),
            )
        )
    columns = ["model", "parameters", "held_out", "behind_best", "behind_se"]
    return pd.DataFrame(rows, columns=columns).sort_values(
        "held_out", ascending=False, ignore_index=True, kind="stable"
    )


# ---- Ebbinghaus: the oldest data of all
# -------------------------------------------------------------------------------------------


def ebbinghaus_savings() -> pd.DataFrame:
    """Ebbinghaus' own table: how much work a list learnt before saves when it is learnt again.

    Returns
    -------
    DataFrame
        minutes since learning; savings (share of the work saved, 0 to 1).

    References
    ----------
    Ebbinghaus (1885), English translation 1913 (public domain), chapter VII.

    Examples
    --------
    >>> ebbinghaus_savings().savings.tolist()
    [0.582, 0.442, 0.358, 0.337, 0.278, 0.254, 0.211]
    """
    return pd.DataFrame(
        {
            "minutes": [19, 63, 525, 1440, 2 * 1440, 6 * 1440, 31 * 1440],
            "savings": [0.582, 0.442, 0.358, 0.337, 0.278, 0.254, 0.211],
        }
    )


def ebbinghaus_repetitions() -> pd.DataFrame:
    """Ebbinghaus on repetition: the more often a list is read today, the less time it takes tomorrow.

    Returns
    -------
    DataFrame
        repetitions today; seconds_saved a day later, of the 1,270 s that a new list takes.

    References
    ----------
    Ebbinghaus (1885), chapter VI.
    """
    return pd.DataFrame(
        {"repetitions": [8, 16, 24, 32, 42, 53], "seconds_saved": [103, 192, 295, 407, 573, 685]}
    )


def ebbinghaus_curve(minutes: npt.ArrayLike, k: float = 1.84, c: float = 1.25) -> Floats:
    """Ebbinghaus' formula for savings, ``k / (log10(minutes) ** c + k)``, as a share from 0 to 1.

    Parameters
    ----------
    minutes
        Minutes, counted as he counted them from one minute *before* the end of learning (so that the formula gives 1
        at the end): 20, 64 and 526 where his table of savings has 19, 63 and 525 minutes since learning.

    Raises
    ------
    CrmkitError
        For times under one minute, where the formula has no value.

    References
    ----------
    Ebbinghaus (1885), English translation 1913 (public domain), chapter VII, section 29.

    Examples
    --------
    >>> ebbinghaus_curve([1, 20, 1440]).round(3).tolist()
    [1.0, 0.57, 0.304]
    """
    time = floats(minutes, "minutes")
    if not (time >= 1).all():
        raise CrmkitError(
            "Ebbinghaus' formula begins one minute before the end of learning: give minutes of 1 or more."
        )
    return k / (np.log10(time) ** c + k)


def fit_retention(
    minutes: npt.ArrayLike,
    retained: npt.ArrayLike,
    curve: str = "power",
    at: npt.ArrayLike | None = None,
) -> tuple[pd.Series, Floats]:
    """Least-squares fit of a plain forgetting curve to measured retention (for tables such as Ebbinghaus').

    Parameters
    ----------
    minutes, retained
        Time since learning (minutes) and share retained (0 to 1).
    curve
        ``"power"``, ``"exponential"`` or ``"ebbinghaus"``.
        ``a * (1 + t) ** -d``, ``a * exp(-t / tau)`` or Ebbinghaus' formula.
    at
        Minutes at which the fitted curve is wanted (to draw it); those of the data unless given.

    Returns
    -------
    (Series of parameters with `r_squared`, array of fitted values)

    Raises
    ------
    CrmkitError
        For an unknown curve, fewer than three points, or shares that are all alike.
    """
    time, share = floats(minutes, "minutes"), floats(retained, "retained")
    if time.shape != share.shape or time.size < 3 or not np.ptp(share) > 0:
        raise CrmkitError(
            "A curve needs three points at least, each with its minutes and its share, and shares that differ; got "
            f"{time.size} times and {share.size} shares."
        )
    shapes: dict[str, tuple[Any, dict[str, float]]] = {
        "power": (lambda t, a, d: a * (1 + t) ** -d, {"a": 0.8, "d": 0.1}),
        "exponential": (lambda t, a, tau: a * np.exp(-t / tau), {"a": 0.5, "tau": 20000.0}),
        "ebbinghaus": (lambda t, k, c: k / (np.log10(t) ** c + k), {"k": 1.5, "c": 1.0}),
    }
    if curve not in shapes:
        raise CrmkitError(f"There is no curve '{curve}'. Choose one of: {', '.join(shapes)}.")
    shape, start = shapes[curve]
    values, _ = optimize.curve_fit(
        shape, time, share, p0=list(start.values()), bounds=(1e-9, np.inf), maxfev=20_000
    )
    fitted = shape(time, *values)
    lost = ((share - fitted) ** 2).sum() / ((share - share.mean()) ** 2).sum()
    drawn = fitted if at is None else shape(floats(at, "at"), *values)
    return pd.Series({**dict(zip(start, values, strict=True)), "r_squared": 1 - lost}), drawn
