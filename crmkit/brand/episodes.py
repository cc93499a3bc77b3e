"""Episodic memory: what happened to a customer, what they made of it, and what it does to trust and to buying.

The business problem: advertising makes a promise and leaves a first, provisional impression. Each later
advertisement rehearses it, a good experience strengthens it, a bad one revises it, and revises it more. Trust is
then no feeling but a forecast: what the customer expects of the next time.

Three readings of the same diary:

* **delta rule**: belief moves by a fixed share of the surprise, ``belief + gain * (experience - belief)``, with a
larger gain for bad surprises
  (Rescorla & Wagner 1972; losses weigh more: Baumeister et al. 2001, Review of General Psychology 5);
* **peak-end**: a visit is remembered by its most intense moment and its last one (Kahneman, Fredrickson, Schreiber
& Redelmeier 1993, Psychological Science 4);
* **Bayesian**: the first impression counts as so many experiences, and every further one shifts the mean less.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from crmkit.brand._check import Floats, floats
from crmkit.brand.forgetting import ForgettingModel
from crmkit.errors import CrmkitError
from crmkit.inference import (
    Estimate,
    clustered_covariance,
    critical_value,
    fits_exactly,
    mean_difference,
    ratio_interval,
)
from crmkit.inputs import need_columns, need_numbers
from crmkit.later import later

optimize = later("scipy.optimize")

MESSAGE = "advertisement"
#: With fewer people, how they differ is not told well enough for an interval.
_FEWEST_PEOPLE = 10
#: Below this an interval of how far a rule is behind held the truth in 91 % of worlds at most (30 people).
_FEWEST_TO_COMPARE = 50


@dataclass(frozen=True)
class Gains:
    """Share of a surprise (0 to 1) that belief takes over: from a message, a good and a bad experience."""

    message: float
    good: float
    bad: float

    def __post_init__(self) -> None:
        for name, value in (("message", self.message), ("good", self.good), ("bad", self.bad)):
            if not 0 <= value <= 1:
                raise CrmkitError(
                    f"A gain lies between 0 (nothing learnt) and 1 (the past forgotten); {name} is {value}."
                )


def belief_path(
    first_impression: float,
    ratings: npt.ArrayLike,
    gains: Gains,
    kinds: Sequence[str] | None = None,
) -> Floats:
    """Belief after each event by the delta rule.

    Parameters
    ----------
    first_impression
        Belief before the first event, 0 to 10.
    ratings
        What each event was like (experience) or promised (advertisement), 0 to 10.
    gains
        How far belief moves.
    kinds
        Kind of each event; "advertisement" uses the message gain, everything else counts as experience.

    Returns
    -------
    array of beliefs, one per event.

    Raises
    ------
    CrmkitError
        If a rating is missing or kinds and ratings differ in length.

    Examples
    --------
    >>> belief_path(6, [8, 2], Gains(message=0.1, good=0.2, bad=0.5)).round(2).tolist()
    [6.4, 4.2]
    """
    values = floats(ratings, "ratings")
    if np.isnan(values).any() or np.isnan(first_impression):
        raise CrmkitError(
            "A rating or the first impression is missing. Leave events without a rating out, and say how many."
        )
    if kinds is not None and len(kinds) != len(values):
        raise CrmkitError(f"There are {len(values)} ratings but {len(kinds)} kinds.")
    belief = float(first_impression)
    path = np.empty(len(values))
    for i, value in enumerate(values):
        surprise = value - belief
        if kinds is not None and kinds[i] == MESSAGE:
            gain = gains.message
        else:
            gain = gains.good if surprise >= 0 else gains.bad
        belief += gain * surprise
        path[i] = belief
    return path


def bayes_path(
    first_impression: float,
    ratings: npt.ArrayLike,
    worth: float,
    kinds: Sequence[str] | None = None,
    message_worth: float = 1.0,
) -> Floats:
    """Belief after each event by Bayes' rule: the first impression counts like `worth` experiences.

    The mean of a normal belief with known noise; the n-th experience has the gain ``1 / (worth + n)``, which falls
    as experience grows. A message ("advertisement" in `kinds`) counts like `message_worth` experiences.

    Examples
    --------
    >>> bayes_path(6, [10, 10], worth=1).round(2).tolist()
    [8.0, 8.67]
    """
    if not worth > 0:
        raise CrmkitError("The first impression must be worth something: `worth` is above 0.")
    if not message_worth >= 0:
        raise CrmkitError(
            "A message counts like so many experiences: `message_worth` is 0 or more."
        )
    values = floats(ratings, "ratings")
    if kinds is not None and len(kinds) != len(values):
        raise CrmkitError(f"There are {len(values)} ratings but {len(kinds)} kinds.")
    message = np.zeros(len(values), dtype=bool) if kinds is None else np.asarray(kinds) == MESSAGE
    counts = np.where(message, message_worth, 1.0)
    return (worth * first_impression + (counts * values).cumsum()) / (worth + counts.cumsum())


def _beliefs(diaries: pd.DataFrame, start: pd.Series, gains: tuple[float, float, float]) -> Floats:
    """Delta rule for all diaries at once: one step for everybody's n-th event at a time."""
    message, good, bad = gains
    person, people = pd.factorize(diaries["person_id"])
    step = diaries.groupby("person_id").cumcount().to_numpy()
    is_message = (diaries["kind"] == MESSAGE).to_numpy()
    rating = diaries["rating"].to_numpy(dtype=float)
    belief = start.loc[people].to_numpy(dtype=float).copy()
    path = np.empty(len(diaries))
    for n in range(int(step.max(initial=-1)) + 1):
        rows = np.flatnonzero(step == n)
        who = person[rows]
        surprise = rating[rows] - belief[who]
        gain = np.where(is_message[rows], message, np.where(surprise >= 0, good, bad))
        belief[who] += gain * surprise
        path[rows] = belief[who]
    return path


def fit_delta_rule(
    diaries: pd.DataFrame, people: pd.DataFrame, level: float = 0.95
) -> pd.DataFrame:
    """How much a message, a good and a bad experience move trust, by least squares on reported trust.

    Parameters
    ----------
    diaries
        person_id, kind, rating (0 to 10), trust (reported after the event, 0 to 10), in the order in which things
        happened.
    people
        person_id, first_impression (0 to 10).
    level
        Confidence level.

    Returns
    -------
    DataFrame
        parameter (message, good, bad), estimate, low, high. The row `bad / good` says how many times heavier a bad
        surprise weighs. A gain is NaN if no event of its kind is in the diaries; so are the ends of all
        intervals with fewer than ten people.

    Raises
    ------
    CrmkitError
        If columns, ratings or first impressions are missing, a diary's person is not in `people` or is there twice, or
        there are fewer than ten events.

    Notes
    -----
    A person's answers hang together, because people differ in how far they are moved: the errors are clustered by
    person (sandwich; Liang & Zeger 1986).
    """
    need_columns(diaries, ("person_id", "kind", "rating", "trust"), "diaries")
    need_columns(people, ("person_id", "first_impression"), "people")
    if people["person_id"].duplicated().any():
        twice = people.loc[people["person_id"].duplicated(), "person_id"]
        raise CrmkitError(f"`people` lists some people twice, first {twice.iloc[0]}.")
    need_numbers(people["first_impression"], "first_impression")
    if len(diaries) < 10:
        raise CrmkitError(f"Three gains need more events than {len(diaries)}: bring ten at least.")
    start = people.set_index("person_id")["first_impression"]
    unknown = sorted(set(diaries["person_id"]) - set(start.index))
    if unknown:
        raise CrmkitError(
            f"{len(unknown)} diaries belong to nobody in `people`, first {unknown[0]}."
        )
    empty = diaries.index[diaries[["rating", "trust"]].isna().any(axis=1)]
    if len(empty):
        raise CrmkitError(
            f"Rating or trust is missing in {len(empty)} rows, first {empty[0]}. Leave these events out, and "
            "say how many."
        )
    told = diaries["trust"].to_numpy(dtype=float)

    def gap(values: npt.NDArray[np.float64]) -> Floats:
        return _beliefs(diaries, start, (values[0], values[1], values[2])) - told

    found = optimize.least_squares(gap, [0.1, 0.3, 0.3], bounds=(0, 1))
    people_asked = diaries["person_id"].nunique()
    cover = clustered_covariance(
        np.linalg.pinv(found.jac.T @ found.jac),
        found.jac * found.fun[:, None],
        diaries["person_id"],
    )
    if people_asked < _FEWEST_PEOPLE or fits_exactly(found.fun, told, within=1e-5):
        cover = np.full_like(cover, np.nan)
    t = critical_value(level, people_asked - 1)
    error = np.sqrt(np.diag(cover))
    gain = np.where(np.abs(found.jac).sum(axis=0) > 0, found.x, np.nan)  # no such event: unknown
    rows = [
        (
            name,
            x,
            max(x - t * e, 0.0) if e >= 0 else np.nan,
            min(x + t * e, 1.0) if e >= 0 else np.nan,
        )
        for name, x, e in zip(
            ("message", "good", "bad"), gain, np.where(np.isnan(gain), np.nan, error), strict=True
        )
    ]
    # A ratio has a long tail to the right: its interval is worked out on the log scale (delta method).
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = gain[2] / gain[1] if gain[1] > 1e-4 else np.nan  # moved by nothing: no ratio
        spread = t * np.sqrt(
            cover[2, 2] / gain[2] ** 2
            + cover[1, 1] / gain[1] ** 2
            - 2 * cover[1, 2] / (gain[1] * gain[2])
        )
    rows.append(("bad / good", ratio, ratio * np.exp(-spread), ratio * np.exp(spread)))
    return pd.DataFrame(rows, columns=["parameter", "estimate", "low", "high"])


def compare_belief_rules(
    diaries: pd.DataFrame,
    people: pd.DataFrame,
    folds: int = 5,
    seed: int = 0,
    level: float = 0.95,
) -> pd.DataFrame:
    """Find the rule that best predicts the trust of people it was not fitted on.

    All rules that learn may weigh a message otherwise than an experience, so that none wins for knowing messages: "two
    gains" learns three numbers, "one gain" and "Bayesian" two each.

    Parameters
    ----------
    diaries, people
        As for `fit_delta_rule`.
    folds, seed
        People are split at random into `folds` parts; each part is predicted by rules fitted on the others.
    level
        Of the intervals.

    Returns
    -------
    DataFrame, best first
        rule, error (mean absolute error of predicted trust, in points of the 0 to 10 scale), behind (how much larger
        than the best rule's, for the same answers), low and high (interval of `behind`, with persons as the sample;
        NaN for the best itself, and with fewer than fifty people).
    """
    if not 2 <= folds <= len(people):
        raise CrmkitError(
            f"{len(people)} people cannot be split into {folds} parts of at least one (and there must be at least two "
            "parts)."
        )
    order = np.random.default_rng(seed).permutation(len(people)) % folds
    part = pd.Series(order, index=people["person_id"].to_numpy())
    start = people.set_index("person_id")["first_impression"]
    fold_of = diaries["person_id"].map(part)
    misses: dict[str, list[Floats]] = {rule: [] for rule in _RULES}
    who: list[npt.NDArray[Any]] = []
    for fold in range(folds):
        known, held = diaries[fold_of != fold], diaries[fold_of == fold]
        if held.empty:
            continue
        told = held["trust"].to_numpy(dtype=float)
        who.append(held["person_id"].to_numpy())
        for rule, predict in _foretellers(known, people, start).items():
            misses[rule].append(np.abs(predict(held) - told))
    missed = pd.DataFrame({rule: np.concatenate(parts) for rule, parts in misses.items()})
    by_person = missed.groupby(np.concatenate(who)).agg(["sum", "size"])
    error = missed.mean().sort_values(kind="stable")
    best = error.index[0]
    rows = []
    for rule in error.index:
        more = by_person[rule, "sum"] - by_person[best, "sum"]
        behind = ratio_interval(more, by_person[rule, "size"], level=level, share=False)
        if len(by_person) < _FEWEST_TO_COMPARE:
            behind = Estimate(behind.estimate, np.nan, np.nan)
        rows.append((rule, error[rule], *behind))
    return pd.DataFrame(rows, columns=["rule", "error", "behind", "low", "high"])


_RULES = (
    "two gains, bad heavier",
    "one gain",
    "Bayesian",
    "first impression stays",
    "last event only",
)


def _foretellers(
    known: pd.DataFrame, people: pd.DataFrame, start: pd.Series
) -> dict[str, Callable[[pd.DataFrame], Floats]]:
    """Fit every rule to the known diaries; give functions that predict the trust in others."""
    told = known["trust"].to_numpy(dtype=float)
    gains = fit_delta_rule(known, people).set_index("parameter")["estimate"].fillna(0.0)

    def one(values: Floats, frame: pd.DataFrame) -> Floats:
        return _beliefs(frame, start, (values[0], values[1], values[1]))

    def bayes(logs: Floats, frame: pd.DataFrame) -> Floats:
        worth, message = np.exp(logs)
        counts = np.where(frame["kind"] == MESSAGE, message, 1.0)
        table = pd.DataFrame({"n": counts, "sum": counts * frame["rating"].to_numpy(dtype=float)})
        so_far = table.groupby(frame["person_id"].to_numpy(), sort=False).cumsum()
        first = frame["person_id"].map(start).to_numpy(dtype=float)
        return np.asarray((worth * first + so_far["sum"]) / (worth + so_far["n"]), dtype=float)

    single = optimize.least_squares(lambda x: one(x, known) - told, [0.1, 0.3], bounds=(0, 1)).x
    judge = optimize.least_squares(
        lambda x: bayes(x, known) - told, [0.0, -1.0], bounds=([-4, -8], [5, 3])
    ).x
    fitted = (gains["message"], gains["good"], gains["bad"])
    return dict(
        zip(
            _RULES,
            (
                lambda frame: _beliefs(frame, start, fitted),
                lambda frame: one(single, frame),
                lambda frame: bayes(judge, frame),
                lambda frame: frame["person_id"].map(start).to_numpy(dtype=float),
                lambda frame: frame["rating"].to_numpy(dtype=float),
            ),
            strict=True,
        )
    )


# ---- one model for first impression, rehearsal and revision
# -------------------------------------------------------------------------


def impression_path(
    events: pd.DataFrame,
    first_impression: float,
    gains: Gains,
    memory: ForgettingModel,
    weeks: int = 52,
    experience_weight: float = 3.0,
) -> pd.DataFrame:
    """Follow first impression, rehearsal and revision in one: what a customer believes, and whether they think of us.

    Every event does two things. It **moves belief** (delta rule: a message a little towards its promise, an
    experience more, a bad one most), and it **leaves a trace** that fades (forgetting model; an experience leaves
    `experience_weight` times the trace of a message, good or bad alike). So a bad experience makes the brand
    better remembered and less trusted at once.

    Parameters
    ----------
    events
        week (1 .. weeks), kind ("advertisement" or an experience), rating (0 to 10; for an advertisement, what it
        promises).
    first_impression
        Belief before the first event, 0 to 10.
    gains
        How far belief moves.
    memory
        How traces fade.
    experience_weight
        Trace of one experience in units of one message.

    Returns
    -------
    DataFrame, one row per week
        week, trust (belief = forecast of the next experience), recall (0 to 1), promise (the latest message's, NaN
        before any), gap (promise - trust).

    Raises
    ------
    CrmkitError
        For events outside the weeks or a negative weight.

    Examples
    --------
    >>> from crmkit.brand.forgetting import Exponential
    >>> events = pd.DataFrame({"week": [2, 3], "kind": ["advertisement", "delivery"], "rating": [9, 3]})
    >>> path = impression_path(events, 6, Gains(0.1, 0.2, 0.5), Exponential.known(learning=0.4, decay=0.1), weeks=4)
    >>> path.trust.round(2).tolist()
    [6.0, 6.3, 4.65, 4.65]
    """
    need_columns(events, ("week", "kind", "rating"), "events")
    outside = events.index[~events["week"].between(1, weeks)]
    if len(outside):
        raise CrmkitError(
            f"{len(outside)} events lie outside weeks 1 to {weeks}, first in week {events.loc[outside[0], 'week']}."
        )
    if experience_weight < 0:
        raise CrmkitError("A trace cannot be negative: experience_weight must be 0 or more.")
    ordered = events.sort_values("week", kind="stable")
    beliefs = belief_path(first_impression, ordered["rating"], gains, list(ordered["kind"]))
    when = ordered["week"].to_numpy(dtype=float)
    message = (ordered["kind"] == MESSAGE).to_numpy()
    axis = np.arange(1, weeks + 1)
    last = np.searchsorted(when, axis, side="right")
    trust = np.where(
        last > 0,
        np.append(beliefs, first_impression)[np.maximum(last, 1) - 1]
        if len(when)
        else first_impression,
        first_impression,
    )
    promised = ordered["rating"].where(message).ffill().to_numpy(dtype=float)
    promise = np.where(
        last > 0,
        np.append(promised, np.nan)[np.maximum(last, 1) - 1] if len(when) else np.nan,
        np.nan,
    )
    if len(when):
        age = axis[:, None] - when[None, :] + 0.5
        recall = memory.recall(
            np.where(age >= 0.5, age, np.nan),
            np.broadcast_to(np.where(message, 1.0, experience_weight), age.shape),
        )
    else:
        recall = memory.recall(np.full((weeks, 1), np.nan))
    return pd.DataFrame(
        {"week": axis, "trust": trust, "recall": recall, "promise": promise, "gap": promise - trust}
    )


# ---- peak and end
# ----------------------------------------------------------------------------------------------------------------


def summarise_visits(moments: pd.DataFrame, neutral: float = 5.0) -> pd.DataFrame:
    """Mean, peak and end of each visit.

    Parameters
    ----------
    moments
        visit_id, moment (order within the visit), rating (0 to 10).
    neutral
        Rating that is neither good nor bad; the peak is the moment farthest from it (the worse of two that are
        equally far).

    Returns
    -------
    DataFrame, index visit_id
        mean, peak, end (all 0 to 10), moments (count).

    Raises
    ------
    CrmkitError
        If a column or a rating is missing.

    Examples
    --------
    >>> moments = pd.DataFrame({"visit_id": [1, 1, 1], "moment": [1, 2, 3], "rating": [6, 1, 8]})
    >>> summarise_visits(moments).loc[1, ["mean", "peak", "end"]].tolist()
    [5.0, 1.0, 8.0]
    """
    need_columns(moments, ("visit_id", "moment", "rating"), "moments")
    need_numbers(moments["rating"], "rating")
    ordered = moments.sort_values(["visit_id", "moment"])
    far = ordered.assign(far=(ordered["rating"] - neutral).abs()).sort_values(
        ["visit_id", "far", "rating"], ascending=[True, False, True]
    )
    grouped = ordered.groupby("visit_id")["rating"]
    return pd.DataFrame(
        {
            "mean": grouped.mean(),
            "peak": far.groupby("visit_id")["rating"].first(),
            "end": grouped.last(),
            "moments": grouped.size(),
        }
    )


def fit_peak_end(moments: pd.DataFrame, visits: pd.DataFrame, level: float = 0.95) -> pd.DataFrame:
    """What a visit is remembered by: linear regression of the remembered rating on mean, peak and end.

    Parameters
    ----------
    moments
        As for `summarise_visits`.
    visits
        visit_id, remembered (rating of the whole visit, asked later, 0 to 10).

    Returns
    -------
    DataFrame
        part (mean, peak, end), weight (points of remembered rating per point), low, high.

    Raises
    ------
    CrmkitError
        With fewer than ten visits in both tables, a rating missing, or a visit that is remembered twice.
    """
    need_columns(visits, ("visit_id", "remembered"), "visits")
    need_numbers(visits["remembered"], "remembered")
    if visits["visit_id"].duplicated().any():
        twice = visits.loc[visits["visit_id"].duplicated(), "visit_id"]
        raise CrmkitError(f"`visits` lists some visits twice, first {twice.iloc[0]}.")
    table = summarise_visits(moments).join(visits.set_index("visit_id")["remembered"], how="inner")
    if len(table) < 10:
        raise CrmkitError(
            f"Three weights need more visits than {len(table)}: bring ten at least that are in both tables."
        )
    design = np.column_stack(
        [np.ones(len(table)), table[["mean", "peak", "end"]].to_numpy(dtype=float)]
    )
    target = table["remembered"].to_numpy(dtype=float)
    weight, *_ = np.linalg.lstsq(design, target, rcond=None)
    freedom = len(target) - 4
    residual = target - design @ weight
    noise = np.nan if fits_exactly(residual, target) else (residual**2).sum() / freedom
    error = np.sqrt(np.diag(np.linalg.inv(design.T @ design)) * noise)
    z = critical_value(level, freedom)
    return pd.DataFrame(
        {
            "part": ["mean", "peak", "end"],
            "weight": weight[1:],
            "low": (weight - z * error)[1:],
            "high": (weight + z * error)[1:],
        }
    )


# ---- failure and recovery
# --------------------------------------------------------------------------------------------------------


def failure_and_recovery(
    cases: pd.DataFrame,
    outcomes: Sequence[str] = ("named_first", "bought_90d"),
    against: str = "no failure",
    level: float = 0.95,
) -> pd.DataFrame:
    """Tell what a service failure costs, and what each way of mending it returns.

    Parameters
    ----------
    cases
        arm (what happened to whom, decided by chance) and the outcomes (0 or 1, or £).
    outcomes
        Columns to compare.
    against
        The arm that the others are compared with: "no failure" shows costs, the cheap repair shows what the expensive
        one returns.

    Returns
    -------
    DataFrame
        outcome, arm, people, mean, difference (mean less that of `against`), low, high (Newcombe's interval for
        outcomes of 0 and 1, Welch's for amounts; NaN where an arm's amounts are all the same).

    Raises
    ------
    CrmkitError
        If a column, everybody in the arm `against`, or an outcome's values are missing.
    """
    need_columns(cases, ("arm", *outcomes), "cases")
    if cases["arm"].isna().any():
        raise CrmkitError(
            f"Column 'arm' is missing in {int(cases['arm'].isna().sum())} rows. Leave these people out, and say how "
            "many."
        )
    if not (cases["arm"] == against).any():
        raise CrmkitError(
            f"There is nobody in the arm '{against}': a difference needs somebody to compare with. "
            f"Arms: {', '.join(sorted(cases['arm'].unique()))}."
        )
    rows = []
    for outcome in outcomes:
        if cases[outcome].isna().any():
            raise CrmkitError(
                f"Column '{outcome}' is missing in {int(cases[outcome].isna().sum())} rows. "
                "Leave these people out, and say how many."
            )
        base = cases.loc[cases["arm"] == against, outcome].to_numpy(dtype=float)
        for arm, values in cases.groupby("arm", sort=True)[outcome]:
            own = values.to_numpy(dtype=float)
            gap, low, high = mean_difference(own, base, level=level)
            if arm == against:
                low = high = np.nan
            rows.append((outcome, arm, len(own), own.mean(), gap, low, high))
    return pd.DataFrame(
        rows, columns=["outcome", "arm", "people", "mean", "difference", "low", "high"]
    )


def delivery_paths(
    gains: pd.DataFrame,
    memory: ForgettingModel,
    *,
    promise: float,
    first_impression: float,
    good: float,
    bad: float,
    weeks: int = 40,
) -> dict[str, pd.DataFrame]:
    """Follow trust and recall over three advertisements and then a delivery, once a good one and once a bad one.

    Parameters
    ----------
    gains
        From `fit_delta_rule`.
    memory
        How traces fade.
    promise
        What the advertisements of weeks 2, 6 and 10 promise, 0 to 10.
    first_impression
        Trust before them, 0 to 10.
    good, bad
        What the delivery of week 12 is worth, 0 to 10.
    weeks
        How long to follow.

    Returns
    -------
    dict of str to DataFrame
        "good delivery" and "bad delivery": index week, columns trust, recall, gap (promise less trust).

    Examples
    --------
    >>> from crmkit.brand.forgetting import MemoryChain
    >>> gains = pd.DataFrame({"parameter": ["message", "good", "bad"], "estimate": [0.05, 0.2, 0.4]})
    >>> memory = MemoryChain.known(learning=0.3, decay_fast=0.5, transfer=0.07, decay_slow=0.03)
    >>> paths = delivery_paths(gains, memory, promise=9, first_impression=6, good=8.5, bad=2)
    >>> bool(paths["bad delivery"]["trust"][20] < 5 < paths["good delivery"]["trust"][20])
    True
    """
    found = gains.set_index("parameter")["estimate"]
    customer = Gains(found["message"], found["good"], found["bad"])
    adverts = pd.DataFrame({"week": [2, 6, 10], "kind": "advertisement", "rating": float(promise)})
    paths = {}
    for name, rating in (("good delivery", good), ("bad delivery", bad)):
        delivery = pd.DataFrame({"week": [12], "kind": [name], "rating": [float(rating)]})
        events = pd.concat([adverts, delivery])
        path = impression_path(events, first_impression, customer, memory, weeks=weeks)
        paths[name] = path.set_index("week")[["trust", "recall", "gap"]]
    return paths
