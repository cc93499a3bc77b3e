"""Schedules: what a year of advertising leaves in people's heads, week by week.

The business problem: the budget buys a fixed number of contacts. All at once (burst), evenly (drip), or in waves
(flights)? It depends on what the recall is for: a launch needs a peak, a shop needs the year. Every plan here is a
series of **contacts per person** for each week; a forgetting model (`crmkit.brand.forgetting`) turns it into the
share of people who recall the brand.

Convention: the contacts of a week come at its start, and recall is asked `lag_weeks` later (half a week unless
said otherwise).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from crmkit.brand._check import Floats, floats
from crmkit.brand.forgetting import ForgettingModel
from crmkit.errors import CrmkitError
from crmkit.inputs import need_columns, need_count, need_dates, need_number, need_numbers
from crmkit.later import later

optimize = later("scipy.optimize")

LAG_WEEKS = 0.5


def check_plan(
    plan: Sequence[float] | pd.Series | npt.NDArray[Any], budget: float | None = None
) -> Floats:
    """The plan as an array of contacts per week, or a clear refusal.

    Parameters
    ----------
    plan
        Contacts per person in each week, first week first.
    budget
        Contacts per person that may be bought in all.

    Raises
    ------
    CrmkitError
        For an empty plan, missing or negative contacts, or a plan over budget.

    Examples
    --------
    >>> check_plan([1, 0, 2]).tolist()
    [1.0, 0.0, 2.0]
    """
    contacts = floats(plan, "plan")
    if contacts.ndim != 1 or contacts.size == 0:
        raise CrmkitError("A plan is one number of contacts for each week, and at least one week.")
    if np.isnan(contacts).any() or np.isinf(contacts).any():
        week = int(np.flatnonzero(~np.isfinite(contacts))[0]) + 1
        raise CrmkitError(
            f"Week {week} of the plan has no finite number of contacts. A week of silence is 0."
        )
    if (contacts < 0).any():
        week = int(np.flatnonzero(contacts < 0)[0]) + 1
        raise CrmkitError(
            f"Contacts cannot be negative: week {week} holds {contacts[week - 1]:g}. What has been seen cannot "
            "be unseen."
        )
    if budget is not None and contacts.sum() > budget * (1 + 1e-9):
        raise CrmkitError(
            f"The plan is over budget: {contacts.sum():g} contacts per person, {budget:g} paid for. Take "
            f"{contacts.sum() - budget:g} away."
        )
    return contacts


def make_plan(
    kind: str,
    contacts: float,
    weeks: int = 52,
    start: int = 1,
    length: int | None = None,
    flights: int = 4,
    flight_weeks: int = 3,
) -> pd.Series:
    """One of the classic schedules with the same number of contacts.

    Parameters
    ----------
    kind
        burst: all within `length` weeks from week `start`. drip: the same every week. flights: `flights` waves of
        `flight_weeks` weeks, evenly spread.
    contacts
        Contacts per person over the whole plan.
    weeks
        Weeks planned.
    start
        First week (counted from 1) of a burst or of the first flight.
    length
        Weeks of a burst; a quarter of the plan unless given.

    Returns
    -------
    Series of contacts per person, index `week` = 1 .. weeks.

    Raises
    ------
    CrmkitError
        Unknown kind, negative contacts, or a burst or flight that does not fit into the weeks.

    Examples
    --------
    >>> make_plan("flights", contacts=12, weeks=8, flights=2, flight_weeks=2).tolist()
    [3.0, 3.0, 0.0, 0.0, 3.0, 3.0, 0.0, 0.0]
    """
    weeks, start = need_count(weeks, "weeks of the plan"), need_count(start, "first week")
    contacts = need_number(contacts, "contacts per person", minimum=0)
    if start > weeks:
        raise CrmkitError(
            f"The plan has {weeks} weeks and is to start in week {start}: that does not fit."
        )
    plan = np.zeros(weeks)
    if kind == "burst":
        span = max(weeks // 4, 1) if length is None else need_count(length, "weeks of a burst")
        if start - 1 + span > weeks:
            raise CrmkitError(
                f"A burst of {span} weeks from week {start} does not fit into {weeks} weeks."
            )
        plan[start - 1 : start - 1 + span] = contacts / span
    elif kind == "drip":
        plan[start - 1 :] = contacts / (weeks - start + 1)
    elif kind == "flights":
        flights = need_count(flights, "number of flights")
        flight_weeks = need_count(flight_weeks, "weeks of a flight")
        period = (weeks - start + 1) / flights
        if flight_weeks > period:
            raise CrmkitError(
                f"{flights} flights of {flight_weeks} weeks do not fit into {weeks - start + 1} weeks."
            )
        for flight in range(flights):
            begin = start - 1 + round(flight * period)
            plan[begin : begin + flight_weeks] = contacts / (flights * flight_weeks)
    elif kind != "silence":
        raise CrmkitError(f"There is no schedule '{kind}'. Choose burst, drip, flights or silence.")
    return pd.Series(plan, index=pd.RangeIndex(1, weeks + 1, name="week"), name="contacts")


def zielske_plans() -> dict[str, pd.Series]:
    """Give the two schedules of Zielske's experiment: 13 advertisements, one a week or one every four weeks.

    References
    ----------
    Zielske (1959) "The remembering and forgetting of advertising", Journal of Marketing 23(3).

    Examples
    --------
    >>> [int(plan.sum()) for plan in zielske_plans().values()]
    [13, 13]
    """
    monthly = np.zeros(52)
    monthly[::4] = 1.0
    return {
        "one a week": make_plan("burst", 13, weeks=52, length=13),
        "one every four weeks": pd.Series(
            monthly, index=pd.RangeIndex(1, 53, name="week"), name="contacts"
        ),
    }


def _kernel_matrix(weeks: int, model: ForgettingModel, lag_weeks: float) -> Floats:
    """Row t, column j: what one contact in week j still leaves in week t."""
    if model.params_.get("massing", 0) > 0:
        raise CrmkitError(
            "This model takes less from a contact that follows another at once, and a plan of contacts a week does not "
            "say how they follow each other. Fit the model without massing for plans, or ask about single contacts: "
            "`returns_of_frequency`, `half_life_weeks`."
        )
    age = np.arange(weeks)[:, None] - np.arange(weeks)[None, :] + lag_weeks
    return np.asarray(model.kernel(np.where(age < lag_weeks, np.nan, age)))


def recall_path(
    plan: Sequence[float] | pd.Series | npt.NDArray[Any],
    model: ForgettingModel,
    lag_weeks: float = LAG_WEEKS,
    base: float | None = None,
) -> pd.DataFrame:
    """Recall week by week under a plan.

    Parameters
    ----------
    plan
        Contacts per person in each week.
    model
        Fitted, or made with `known`.
    lag_weeks
        Weeks from the contacts of a week to the question of that week.
    base
        Strength that is there without advertising; the model's own base (or zero) unless given.

    Returns
    -------
    DataFrame
        week (from 1), contacts (per person), strength, recall (share of people, 0 to 1).

    Raises
    ------
    CrmkitError
        For a plan that `check_plan` refuses, or a model fitted with ``massing``: it needs single contacts.

    Examples
    --------
    >>> from crmkit.brand.forgetting import Exponential
    >>> model = Exponential.known(learning=0.5, decay=0.1)
    >>> recall_path([1, 0, 0], model, lag_weeks=0).recall.round(3).tolist()
    [0.393, 0.364, 0.336]
    """
    contacts = check_plan(plan)
    ground = model.params_.get("base", 0.0) if base is None else base
    strength = _kernel_matrix(len(contacts), model, lag_weeks) @ contacts + ground
    return pd.DataFrame(
        {
            "week": np.arange(1, len(contacts) + 1),
            "contacts": contacts,
            "strength": strength,
            "recall": model.link(strength),
        }
    )


def summarise_path(
    path: pd.DataFrame, cost_per_contact: float = 0.0, floor: float = 0.2
) -> pd.Series:
    """The figures a planner asks for.

    Parameters
    ----------
    path
        From `recall_path`.
    cost_per_contact
        £ for one contact with every person of the target group.
    floor
        Recall under which a week counts as forgotten.

    Returns
    -------
    Series
        peak, peak_week, mean, end, weeks_below (weeks with recall under `floor`), contacts, cost.
    """
    recall = path["recall"]
    return pd.Series(
        {
            "peak": recall.max(),
            "peak_week": int(path.loc[recall.idxmax(), "week"]),
            "mean": recall.mean(),
            "end": recall.iloc[-1],
            "weeks_below": int((recall < floor).sum()),
            "contacts": path["contacts"].sum(),
            "cost": path["contacts"].sum() * cost_per_contact,
        }
    )


def compare_plans(
    plans: dict[str, pd.Series],
    model: ForgettingModel,
    cost_per_contact: float = 0.0,
    floor: float = 0.2,
    lag_weeks: float = LAG_WEEKS,
) -> pd.DataFrame:
    """`summarise_path` for several plans, one row each (index: the plan's name).

    Examples
    --------
    >>> from crmkit.brand.forgetting import Exponential
    >>> plans = {"burst": make_plan("burst", 13), "drip": make_plan("drip", 13)}
    >>> table = compare_plans(plans, Exponential.known(learning=0.3, decay=0.1))
    >>> bool(table.loc["burst", "peak"] > table.loc["drip", "peak"])
    True
    """
    rows = {
        name: summarise_path(recall_path(plan, model, lag_weeks), cost_per_contact, floor)
        for name, plan in plans.items()
    }
    return pd.DataFrame(rows).T.rename_axis("plan")


GOALS = ("peak", "mean", "floor")


def best_plan(
    model: ForgettingModel,
    contacts: float,
    goal: str = "mean",
    weeks: int = 52,
    launch_week: int | None = None,
    from_week: int = 1,
    most_per_week: float | None = None,
    lag_weeks: float = LAG_WEEKS,
) -> pd.Series:
    """The plan that serves one stated goal best within a budget of contacts.

    Parameters
    ----------
    model
        Fitted, or made with `known`.
    contacts
        Contacts per person that may be bought in all.
    goal
        ``"peak"``, ``"mean"`` or ``"floor"``.
        peak: recall in `launch_week` as high as it goes. mean: the mean over the weeks from `from_week` on. floor:
        the worst of these weeks as good as it goes.
    launch_week
        For the goal "peak"; the last week unless given.
    from_week
        First week that counts for "mean" and "floor".
    most_per_week
        Most contacts that one week can take (people have only so much evening).
    lag_weeks
        Weeks from the contacts of a week to its question.

    Returns
    -------
    Series of contacts per week, index `week`.

    Raises
    ------
    CrmkitError
        Unknown goal, weeks outside the plan, or a negative budget.

    Notes
    -----
    Strength is linear in the contacts and recall rises with it, so "peak" and "floor" are linear programmes
    (HiGHS) with an exact answer. "mean" is concave for the models with ``1 - exp(-x)`` (one best plan, found by
    SLSQP); for ACT-R it is not, and the answer is the best of several starts.

    Examples
    --------
    >>> from crmkit.brand.forgetting import Exponential
    >>> plan = best_plan(Exponential.known(learning=0.3, decay=0.1), contacts=6, goal="peak", weeks=10, most_per_week=2)
    >>> plan.round(6).tolist()[-4:]
    [0.0, 2.0, 2.0, 2.0]
    """
    if goal not in GOALS:
        raise CrmkitError(f"There is no goal '{goal}'. Choose one of: {', '.join(GOALS)}.")
    if not 0 <= contacts < np.inf:
        raise CrmkitError(
            f"The budget cannot be negative, missing or endless: {contacts:g} contacts."
        )
    launch = weeks if launch_week is None else launch_week
    for name, week in (("launch_week", launch), ("from_week", from_week)):
        if not 1 <= week <= weeks:
            raise CrmkitError(f"{name} = {week} lies outside the plan of {weeks} weeks.")
    if most_per_week is not None and most_per_week <= 0:
        raise CrmkitError("most_per_week must be above zero.")
    kernel = _kernel_matrix(weeks, model, lag_weeks)
    cap = contacts if most_per_week is None else min(most_per_week, contacts)
    if goal == "peak":
        answer = optimize.linprog(
            -kernel[launch - 1],
            A_ub=np.ones((1, weeks)),
            b_ub=[contacts],
            bounds=[(0, cap)] * weeks,
            method="highs",
        )
        plan = answer.x
    elif goal == "floor":
        counted = kernel[from_week - 1 :]
        rows = np.hstack([-counted, np.ones((len(counted), 1))])
        paid = np.append(np.ones(weeks), 0.0)[None, :]
        answer = optimize.linprog(
            np.append(np.zeros(weeks), -1.0),
            A_ub=np.vstack([rows, paid]),
            b_ub=np.append(np.zeros(len(counted)), contacts),
            bounds=[(0, cap)] * weeks + [(0, None)],
            method="highs",
        )
        plan = answer.x[:weeks]
    else:
        plan = _best_mean(model, kernel[from_week - 1 :], contacts, cap)
    plan = np.clip(plan, 0, None)
    return pd.Series(
        np.where(plan < 1e-6, 0.0, plan),
        index=pd.RangeIndex(1, weeks + 1, name="week"),
        name="contacts",
    )


def _best_mean(model: ForgettingModel, kernel: Floats, contacts: float, cap: float) -> Floats:
    weeks = kernel.shape[1]
    base = model.params_.get("base", 0.0)
    step = 1e-6

    def loss(plan: Floats) -> float:
        return -float(np.asarray(model.link(kernel @ plan + base)).mean())

    def slope(plan: Floats) -> Floats:
        strength = kernel @ plan + base
        rise = (np.asarray(model.link(strength + step)) - np.asarray(model.link(strength))) / step
        return -(rise @ kernel) / len(kernel)

    # Starts that differ in shape: even, front-loaded, and waves. All satisfy the cap.
    starts = [np.full(weeks, min(contacts / weeks, cap))]
    for every in (4, 8):
        wave = np.zeros(weeks)
        wave[::every] = min(contacts / len(wave[::every]), cap)
        starts.append(wave)
    best = None
    for start in starts:
        found = optimize.minimize(
            loss,
            start,
            jac=slope,
            method="SLSQP",
            bounds=[(0, cap)] * weeks,
            constraints={
                "type": "ineq",
                "fun": lambda plan: contacts - plan.sum(),
                "jac": lambda plan: -np.ones(weeks),
            },
            options={"maxiter": 300, "ftol": 1e-10},
        )
        if best is None or found.fun < best.fun:
            best = found
    assert best is not None
    plan = np.clip(best.x, 0, cap)
    if plan.sum() == 0 or contacts >= cap * weeks:
        return plan
    plan *= min(1.0, contacts / plan.sum())
    exact = _settled_mean(model, kernel, plan, contacts, cap)
    return exact if loss(exact) <= loss(plan) else plan


def _settled_mean(
    model: ForgettingModel, kernel: Floats, plan: Floats, contacts: float, cap: float
) -> Floats:
    """Carry a nearly best plan on to where one contact more gains the same in every week that is free.

    The optimum is flat: the search ends where the mean no longer changes in its tenth digit, and the weeks then still
    move in their third. These are Newton's steps on the weeks between nothing and the cap, with the budget spent; a
    week that meets one of its ends is held there, and let go when it would gain by it (active set method: Nocedal &
    Wright 2006, "Numerical Optimization", chapter 16). Among plans that do equally well the most even one is taken.
    """
    base = model.params_.get("base", 0.0)
    step, rows = 1e-3, len(kernel)
    plan = plan.copy()
    held = (plan < 1e-6 * cap) | (plan > (1 - 1e-6) * cap)
    plan[held] = np.where(plan[held] < cap / 2, 0.0, cap)
    for _ in range(20 * len(plan)):
        strength = kernel @ plan + base
        here, up, down = (
            np.asarray(model.link(np.maximum(strength + shift, 0.0)))
            for shift in (0.0, step, -step)
        )
        gain = (up - down) / (2 * step) @ kernel / rows
        free = np.flatnonzero(~held)
        bend = (kernel[:, free].T * ((up - 2 * here + down) / step**2)) @ kernel[:, free] / rows
        ridge = 1e-8 * np.abs(np.diag(bend)).max(initial=0.0)
        # Unknown: the move of each free week, and what one contact more is worth.
        system = np.ones((len(free) + 1, len(free) + 1))
        system[:-1, :-1] = bend - ridge * np.eye(len(free))
        system[:-1, -1] = -1.0
        system[-1, -1] = 0.0
        try:
            answer = np.linalg.solve(
                system, np.append(ridge * plan[free] - gain[free], contacts - plan.sum())
            )
        except np.linalg.LinAlgError:
            return plan
        move, worth = answer[:-1], answer[-1]
        with np.errstate(divide="ignore", invalid="ignore"):
            room = np.where(move < 0, -plan[free] / move, (cap - plan[free]) / move)
        room = np.where(move == 0, np.inf, room)
        length = min(1.0, room.min(initial=np.inf))
        plan[free] += length * move
        if length < 1:
            week = free[room.argmin()]
            held[week], plan[week] = True, 0.0 if move[room.argmin()] < 0 else cap
        elif np.abs(move).max(initial=0.0) < 1e-10 * cap:
            better_off = np.where(plan > cap / 2, worth - gain, gain - worth) * held
            if better_off.max() <= 1e-9 * abs(worth):
                return plan
            held[better_off.argmax()] = False
    return plan


def contacts_needed(
    model: ForgettingModel,
    floor: float,
    weeks: int = 52,
    from_week: int = 1,
    lag_weeks: float = LAG_WEEKS,
) -> pd.Series:
    """The cheapest plan that never lets recall fall below a floor.

    Parameters
    ----------
    floor
        Recall, 0 to 1, to be held in every week from `from_week` on.

    Returns
    -------
    Series of contacts per week, index `week`; its sum is the budget to ask for.

    Raises
    ------
    CrmkitError
        If the floor is not between 0 and 1.

    Examples
    --------
    >>> from crmkit.brand.forgetting import Exponential
    >>> plan = contacts_needed(Exponential.known(learning=0.5, decay=0.2), floor=0.3, weeks=6)
    >>> float(round(recall_path(plan, Exponential.known(learning=0.5, decay=0.2)).recall.min(), 3))
    0.3
    """
    if not 0 < floor < 1:
        raise CrmkitError(f"The floor must lie between 0 and 1 (a share of people); it is {floor}.")
    if not 1 <= from_week <= weeks:
        raise CrmkitError(f"from_week = {from_week} lies outside the plan of {weeks} weeks.")
    base = model.params_.get("base", 0.0)
    # recall rises with strength, so the strength that gives the floor is found once
    strength = optimize.brentq(
        lambda log_x: float(model.link(np.array([np.exp(log_x)]))[0]) - floor, -30, 30
    )
    need = float(np.exp(strength)) - base
    counted = _kernel_matrix(weeks, model, lag_weeks)[from_week - 1 :]
    answer = optimize.linprog(
        np.ones(weeks),
        A_ub=-counted,
        b_ub=np.full(len(counted), -max(need, 0.0)),
        bounds=[(0, None)] * weeks,
        method="highs",
    )
    return pd.Series(
        np.where(answer.x < 1e-9, 0.0, answer.x),
        index=pd.RangeIndex(1, weeks + 1, name="week"),
        name="contacts",
    )


def returns_of_frequency(
    model: ForgettingModel,
    most: int = 30,
    gap_weeks: float = 1.0,
    weeks_after: float = 4.0,
    threshold: float = 0.2,
    value_per_point: float | None = None,
    cost_per_contact: float | None = None,
) -> pd.DataFrame:
    """What one more contact adds, and where it stops paying.

    Parameters
    ----------
    most
        Largest number of contacts looked at.
    gap_weeks
        Weeks between two contacts.
    weeks_after
        When recall is asked, in weeks after the last contact.
    threshold
        Recall under which the brand counts as forgotten (for `lasts_weeks`).
    value_per_point, cost_per_contact
        £ that one percentage point of recall is worth, and £ of one more contact with everybody: with both, `pays`
        is added.

    Returns
    -------
    DataFrame
        contacts; recall `weeks_after` weeks later; gain_points (percentage points added by the last contact);
        lasts_weeks (weeks until recall is under `threshold`; 0 if it never reached it); extra_weeks (by which the
        last contact lengthened that); pays (bool, if priced).

    Raises
    ------
    CrmkitError
        If `most` is under 1, or only one of the two prices is given.

    Examples
    --------
    >>> from crmkit.brand.forgetting import Exponential
    >>> table = returns_of_frequency(Exponential.known(learning=0.5, decay=0.1), most=3)
    >>> bool((table.gain_points.diff().dropna() < 0).all())
    True
    """
    if most < 1:
        raise CrmkitError("Look at one contact at least.")
    if (value_per_point is None) != (cost_per_contact is None):
        raise CrmkitError(
            "To see where another contact stops paying give both: value_per_point and cost_per_contact."
        )
    count = np.arange(most + 1)
    step = np.arange(most) * gap_weeks
    horizon = np.arange(0, 260.0, 0.25)
    recall, lasts = [], []
    for n in count:
        ages = np.where(np.arange(most) < n, step, np.nan)
        recall.append(float(model.recall((ages + weeks_after)[None, :])[0]))
        path = model.recall(horizon[:, None] + ages[None, :])
        above = np.flatnonzero(path >= threshold)
        lasts.append(float(horizon[above[-1]]) if len(above) else 0.0)
    table = pd.DataFrame({"contacts": count, "recall": recall, "lasts_weeks": lasts})
    table.insert(2, "gain_points", table["recall"].diff() * 100)
    table["extra_weeks"] = table["lasts_weeks"].diff()
    if value_per_point is not None and cost_per_contact is not None:
        table["pays"] = table["gain_points"] * value_per_point > cost_per_contact
    return table


# ---- carry-over in words that people understand
# -----------------------------------------------------------------------------------


def half_life_from_decay(percent: float, meaning: str) -> float:
    """Half-life in weeks of a tool's "decay", which means two opposite things.

    Parameters
    ----------
    percent
        The tool's weekly figure, above 0 and under 100.
    meaning
        ``"kept"`` or ``"lost"``. Whether the figure is the share kept from one week to the next or the share lost.

    Returns
    -------
    float, weeks until half is left.

    Raises
    ------
    CrmkitError
        For another meaning or a percentage outside 0 to 100.

    Examples
    --------
    >>> round(half_life_from_decay(70, "kept"), 2), round(half_life_from_decay(70, "lost"), 2)
    (1.94, 0.58)
    """
    if meaning not in ("kept", "lost"):
        raise CrmkitError("'decay' is ambiguous: say meaning='kept' or meaning='lost'.")
    if not 0 < need_number(percent, "a weekly decay (percent)") < 100:
        raise CrmkitError(f"A weekly decay lies above 0 and under 100 percent; it is {percent}.")
    kept = percent / 100 if meaning == "kept" else 1 - percent / 100
    return float(np.log(0.5) / np.log(kept))


def decay_from_half_life(half_life_weeks: float) -> pd.Series:
    """Share kept and share lost per week for a half-life in weeks.

    Examples
    --------
    >>> decay_from_half_life(2).round(3).to_dict()
    {'kept': 0.707, 'lost': 0.293}
    """
    if not half_life_weeks > 0:
        raise CrmkitError(f"A half-life is a number of weeks above 0; it is {half_life_weeks}.")
    kept = 0.5 ** (1 / half_life_weeks)
    return pd.Series({"kept": kept, "lost": 1 - kept})


def adstock(plan: Sequence[float] | pd.Series | npt.NDArray[Any], half_life_weeks: float) -> Floats:
    """Contacts still at work in each week when a fixed share fades every week (geometric carry-over).

    Parameters
    ----------
    plan
        Contacts per week.
    half_life_weeks
        Weeks after which half of a contact's work is gone.

    Returns
    -------
    array, contacts still at work, one per week.

    Examples
    --------
    >>> adstock([8, 0, 0, 0], half_life_weeks=1).tolist()
    [8.0, 4.0, 2.0, 1.0]
    """
    contacts = check_plan(plan)
    kept = float(decay_from_half_life(half_life_weeks)["kept"])
    stock = np.zeros_like(contacts)
    left = 0.0
    for week, fresh in enumerate(contacts):
        left = left * kept + fresh
        stock[week] = left
    return stock


def pressure_design(
    pressure: pd.DataFrame, tracked: pd.DataFrame, lag_weeks: float = LAG_WEEKS
) -> tuple[Floats, Floats]:
    """Ages and weights with which a forgetting model can be fitted to a weekly tracker.

    Parameters
    ----------
    pressure
        brand, week (date, a Monday), contacts (per person in that week). Weeks that are not listed count as
        silence: a brand without advertising may be missing altogether.
    tracked
        brand, week (date), one row per brand and week asked.
    lag_weeks
        Weeks from the contacts of a week to its question.

    Returns
    -------
    ages, weights : arrays, shape (rows of `tracked`, weeks of `pressure`)
        For `ForgettingModel.fit(ages, recalled, asked, weights, groups=tracked.brand)`.

    Raises
    ------
    CrmkitError
        If columns are missing, contacts are missing or negative, or a week is no date. (A week of silence has 0.)
    """
    need_columns(pressure, ("brand", "week", "contacts"), "pressure")
    need_columns(tracked, ("brand", "week"), "tracked")
    need_numbers(pressure["contacts"], "contacts", minimum=0)
    dated = pressure.assign(week=need_dates(pressure["week"], "week of pressure"))
    weeks = np.sort(dated["week"].unique())
    wide = dated.pivot_table(
        index="brand", columns="week", values="contacts", aggfunc="sum", fill_value=0.0
    ).reindex(index=pd.unique(tracked["brand"]), columns=weeks, fill_value=0.0)
    when = need_dates(tracked["week"], "week of tracked").to_numpy()
    age = (when[:, None] - weeks[None, :]) / np.timedelta64(7, "D") + lag_weeks
    ages = np.where(age < lag_weeks, np.nan, age)
    return ages, wide.loc[tracked["brand"]].to_numpy(dtype=float)
