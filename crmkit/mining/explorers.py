"""Things to play with: the threshold and its cost, metrics in and out, and the day until which is counted."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from ipywidgets import FloatSlider, IntSlider, SelectMultiple

from crmkit.companies import Company, company
from crmkit.errors import CrmkitError
from crmkit.explore import Explorer, canvas, explorer
from crmkit.inputs import need_rows
from crmkit.mining.errors import error_rates, ranks_right
from crmkit.mining.models import logistic
from crmkit.say import say
from crmkit.style import COLORS

_WIDE = (8.8, 4.8)


def threshold_explorer(
    score: Any,
    outcome: Any,
    *,
    wrong_cost: float = 2.0,
    missed_cost: float = 20.0,
    about: Company | None = None,
) -> Explorer:
    """Move the threshold and see wrong alarms, missed ones and what both cost.

    Parameters
    ----------
    score, outcome
        As for `error_rates`; the scores are chances.
    wrong_cost, missed_cost : float
        What one of each costs at first.
    about : Company, optional
        Whose money it is; by default the company whose tables are at hand.

    Returns
    -------
    Explorer

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> chance = rng.random(500)
    >>> shown = threshold_explorer(chance, rng.random(500) < chance)
    >>> shown.set(threshold=50)
    >>> "error rate" in shown.sentence and "omission rate" in shown.sentence
    True
    """
    money = (about or company()).money
    scores = np.asarray(score, float)
    cuts = np.round(np.arange(0, 101) / 100, 2)
    rates = error_rates(scores, outcome, cuts).iloc[::-1].reset_index(drop=True)
    most = int(np.ceil(100 * np.quantile(scores, 0.99)))
    figure, ax = canvas(size=_WIDE)
    ax.plot(rates["threshold"], rates["error_rate"], color=COLORS["bad"], label=say("error rate"))
    ax.plot(
        rates["threshold"],
        rates["omission_rate"],
        color=COLORS["focus"],
        label=say("omission rate"),
    )
    (cost_line,) = ax.plot(
        rates["threshold"], rates["error_rate"] * 0, color=COLORS["ink"], ls=":",
        label=say("cost, as a share of the cost of choosing nobody"),
    )  # fmt: skip
    line = ax.axvline(0, color=COLORS["ink"], ls="--")
    (goal,) = ax.plot(
        [0], [0], "v", color=COLORS["good"], ms=11, label=say("lowest cost"), clip_on=False
    )
    ax.legend(loc="upper right")
    ax.set(
        title=say("Wrong alarms, missed ones, and their cost"),
        xlabel=say("threshold: predicted to pay from this chance on"),
        ylabel=say("share"),
        xlim=(0, most / 100),
        ylim=(0, 1.4),
    )
    for axis in (ax.xaxis, ax.yaxis):
        axis.set_major_formatter(lambda x, _: f"{x:.0%}")
    payers = int(np.asarray(outcome, bool).sum())

    def draw(threshold: int, wrong_cost: float, missed_cost: float) -> str:
        cost = wrong_cost * rates["wrong"] + missed_cost * rates["missed"]
        nobody = missed_cost * payers
        cost_line.set_ydata((cost / nobody).clip(upper=1.4))
        best = int(cost[:most].argmin())
        goal.set_data([rates["threshold"][best]], [min(cost[best] / nobody, 1.4)])
        line.set_xdata([threshold / 100] * 2)
        row = rates.iloc[threshold]
        said = [
            say(
                "From a chance of {threshold} % on, {predicted:,.0f} users are predicted: error rate {error:.0%}, "
                "omission rate {omission:.0%}. Wrong alarms and missed ones cost {cost}.",
                threshold=threshold, predicted=row["predicted"], error=row["error_rate"],
                omission=row["omission_rate"], cost=money(cost[threshold]),
            )
            if row["predicted"]
            else say(
                "From a chance of {threshold} % on, nobody is predicted. All are missed, which costs {cost}.",
                threshold=threshold, cost=money(cost[threshold]),
            )
        ]  # fmt: skip
        if threshold == best:
            said.append(say("You reached the lowest cost."))
        else:
            said.append(say("The lowest cost is {cost}.", cost=money(cost[best])))
        return " ".join(said)

    controls = {
        "threshold": IntSlider(
            value=most // 2, min=0, max=most, description=say("threshold (%, 0 to {most})", most=most)
        ),
        "wrong_cost": FloatSlider(
            value=wrong_cost, min=0.5, max=10, step=0.5, readout_format=".1f",
            description=say("cost of a wrong alarm (0.5 to 10)"),
        ),
        "missed_cost": FloatSlider(
            value=missed_cost, min=1, max=60, step=1, readout_format=".0f",
            description=say("cost of a missed user (1 to 60)"),
        ),
    }  # fmt: skip
    return explorer(
        controls, draw, figure, alt=say("Error rate, omission rate and cost against the threshold")
    )


def metrics_explorer(
    train: pd.DataFrame,
    paid: Any,
    test: pd.DataFrame,
    test_paid: Any,
    choices: list[str],
    start: list[str],
    *,
    goal: float | None = None,
) -> Explorer:
    """Put metrics into a forecast and take them out, and see how users who were not seen are ranked.

    Parameters
    ----------
    train, paid, test, test_paid
        As for `compare_models`.
    choices : list of str
        The metrics to choose from.
    start : list of str
        Those chosen at first.
    goal : float, optional
        Share of the pairs not seen that is to be ranked right; the sentence says when it is reached.

    Returns
    -------
    Explorer

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> users = pd.DataFrame({"days": rng.poisson(5, 800), "noise": rng.random(800)})
    >>> paid = rng.random(800) < users["days"] / 20
    >>> halves = users[:400], paid[:400], users[400:], paid[400:]
    >>> shown = metrics_explorer(*halves, ["days", "noise"], ["noise"], goal=0.55)
    >>> "goal" in shown.sentence
    False
    >>> shown.set(metrics=("days",))
    >>> "1 metric" in shown.sentence, "You reached the goal of 55.0%" in shown.sentence
    (True, True)
    """
    if not choices or not set(start) <= set(choices):
        raise CrmkitError("choices must hold at least one metric, and all of start.")
    figure, ax = canvas(size=_WIDE)
    kept: dict[tuple[str, ...], tuple[float, float, float, float]] = {}

    def judged(names: tuple[str, ...]) -> tuple[float, float, float, float]:
        """Pairs ranked right among the seen and the unseen, with the interval of the latter."""
        if names not in kept:
            fitted = logistic(10.0).fit(train[list(names)].to_numpy(float), np.asarray(paid, bool))
            seen = ranks_right(fitted.predict_proba(train[list(names)].to_numpy(float))[:, 1], paid)
            new = ranks_right(
                fitted.predict_proba(test[list(names)].to_numpy(float))[:, 1], test_paid
            )
            kept[names] = (seen["estimate"], *(float(value) for value in new))
        return kept[names]

    first = judged(tuple(start)) if start else (0.5, 0.5, 0.5, 0.5)
    ax.axvline(0.5, color=COLORS["muted"], ls="--", label=say("chance"))
    ax.plot(
        [first[1]], [0], "D", color=COLORS["muted"], ms=9, label=say("the start, users not seen")
    )
    (seen_dot,) = ax.plot([0.5], [1], "o", color=COLORS["contrast"], ms=12, label=say("users seen"))
    (new_dot,) = ax.plot([0.5], [0], "o", color=COLORS["focus"], ms=12, label=say("users not seen"))
    (reach,) = ax.plot([0.5, 0.5], [0, 0], color=COLORS["focus"], lw=2)
    if goal is not None:
        ax.plot(
            [goal] * 2, [-0.6, 1.4], color=COLORS["good"], ls=":", label=say("goal, users not seen")
        )
    ax.set_yticks([0, 1], [say("not seen"), say("seen")])
    ax.set(
        title=say("Pairs of users ranked right"),
        xlabel=say("pairs ranked right"),
        xlim=(0.45, 1),
        ylim=(-0.6, 2.2),
    )
    ax.xaxis.set_major_formatter(lambda x, _: f"{x:.0%}")
    ax.legend(loc="upper right", ncols=2)

    def draw(metrics: tuple[str, ...]) -> str:
        if not metrics:
            for dot in (seen_dot, new_dot):
                dot.set_xdata([0.5])
            reach.set_xdata([0.5, 0.5])
            return say("Without a metric a forecast is chance: half of the pairs are ranked right.")
        names = tuple(name for name in choices if name in metrics)
        seen, new, low, high = judged(names)
        seen_dot.set_xdata([seen])
        new_dot.set_xdata([new])
        reach.set_xdata([low, high])
        what: dict[str, Any] = {"seen": seen, "new": new, "low": low, "high": high}
        what |= {"number": len(names), "gain": 100 * (new - first[1])}
        if len(names) == 1:
            said = say(
                "With 1 metric {seen:.1%} of the pairs seen are ranked right, and {new:.1%} of those not seen "
                "({low:.0%} to {high:.0%}): {gain:+.1f} points against the start.",
                **what,
            )
        else:
            said = say(
                "With {number} metrics {seen:.1%} of the pairs seen are ranked right, and {new:.1%} of those not seen "
                "({low:.0%} to {high:.0%}): {gain:+.1f} points against the start.",
                **what,
            )
        if goal is None or new < goal:
            return said
        reached = say("You reached the goal of {goal:.1%}. Do fewer metrics do it too?", goal=goal)
        return f"{said} {reached}"

    picker = SelectMultiple(
        options=choices, value=tuple(start), rows=min(len(choices), 12),
        description=say("metrics (hold Ctrl for several)"),
    )  # fmt: skip
    return explorer(
        {"metrics": picker},
        draw,
        figure,
        alt=say("Share of pairs ranked right, among users seen and not seen"),
    )


def split_explorer(curve: pd.DataFrame, decision: str) -> Explorer:
    """Count the metrics until a later and later day, and see the forecast become brilliant and worthless.

    Parameters
    ----------
    curve : DataFrame
        One row per cut, rising: ``cut`` (date), ``promised`` and ``kept`` (pairs ranked right: of the users who judge,
        with metrics counted until the cut; and with what can truly be known on the day of decision), ``too_late``
        (share of events on or after the decision).
    decision : str
        The day on which somebody has to decide.

    Returns
    -------
    Explorer

    Examples
    --------
    >>> cuts = pd.to_datetime(["2024-01-01", "2024-07-01"])
    >>> curve = pd.DataFrame({"cut": cuts, "promised": [0.75, 0.95], "kept": [0.75, 0.6], "too_late": [0.0, 0.5]})
    >>> shown = split_explorer(curve, "2024-01-01")
    >>> shown.set(cut=1)
    >>> "50% of the events" in shown.sentence
    True
    """
    need_rows(curve, ["cut", "promised", "kept", "too_late"], "curve")
    curve = curve.reset_index(drop=True)
    start = pd.Timestamp(decision)
    days = (curve["cut"] - start).dt.days
    figure, ax = canvas(size=_WIDE)
    ax.plot(days, curve["promised"], color=COLORS["bad"], label=say("promised"))
    ax.plot(days, curve["kept"], color=COLORS["focus"], label=say("kept on the day of decision"))
    ax.axvline(0, color=COLORS["good"], ls="--", label=say("day of decision"))
    line = ax.axvline(0, color=COLORS["ink"], ls=":")
    dots = [
        ax.plot([0], [0.5], "o", color=COLORS[hue], ms=10, clip_on=False)[0]
        for hue in ("bad", "focus")
    ]
    ax.legend(loc="upper left")
    ax.set(
        title=say("The later one looks, the better the forecast seems"),
        xlabel=say("metrics counted until (days after the decision)"),
        ylabel=say("pairs ranked right"),
        ylim=(0.5, 1.12),
    )
    ax.set_yticks([0.5, 0.6, 0.7, 0.8, 0.9, 1.0])
    ax.yaxis.set_major_formatter(lambda y, _: f"{y:.0%}")

    def draw(cut: int) -> str:
        row = curve.iloc[cut]
        line.set_xdata([days[cut]] * 2)
        for dot, name in zip(dots, ("promised", "kept"), strict=True):
            dot.set_data([days[cut]], [row[name]])
        said = say(
            "Counted until {date}: the forecast promises {promised:.0%} of pairs ranked right and keeps {kept:.0%}. "
            "{late:.0%} of the events lie after the decision.",
            date=f"{row['cut']:%Y-%m-%d}", promised=row["promised"], kept=row["kept"], late=row["too_late"],
        )  # fmt: skip
        if row["too_late"] == 0:
            return said + " " + say("This is an honest forecast.")
        return said

    slider = IntSlider(
        value=0, min=0, max=len(curve) - 1,
        description=say("which cut (0 to {most})", most=len(curve) - 1),
    )  # fmt: skip
    return explorer(
        {"cut": slider},
        draw,
        figure,
        alt=say("Pairs ranked right, promised and kept, against the cut"),
    )


__all__ = ["metrics_explorer", "split_explorer", "threshold_explorer"]
