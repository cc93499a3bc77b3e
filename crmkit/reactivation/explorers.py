"""Things to play with: thresholds, the bucket, sample size, and the budget."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from ipywidgets import Dropdown, FloatSlider, IntSlider

from crmkit.companies import company, money
from crmkit.errors import CrmkitError
from crmkit.explore import Explorer, canvas, explorer, room
from crmkit.inputs import need_rows
from crmkit.reactivation.flows import run_bucket
from crmkit.reactivation.sizes import detectable, power, power_curve, sample_size
from crmkit.reactivation.states import STATES, Thresholds, agreement
from crmkit.say import label, mark, say
from crmkit.style import COLORS, color, for_letters

_WIDE = (9.6, 5.0)


def who_falls_where(
    silent_days: pd.Series,
    drowsy: float,
    half_asleep: float,
    asleep: float,
    truth: pd.Series | None = None,
) -> pd.DataFrame:
    """Count who falls into which state at some thresholds, and, where the truth is known, how many of them rightly.

    Parameters
    ----------
    silent_days
        By customer_id.
    drowsy, half_asleep, asleep
        Thresholds in days; sorted if they cross.
    truth
        True state by customer_id.

    Returns
    -------
    DataFrame
        Index ``state``; ``customers``, ``share``, and, with `truth`, ``right`` (share of these customers in
        their true state).

    Examples
    --------
    >>> who_falls_where(pd.Series([5, 50, 500]), 30, 60, 90)["customers"].tolist()
    [1, 1, 0, 1]
    """
    cuts = sorted([drowsy, half_asleep, asleep])
    guess = np.searchsorted(cuts, silent_days.to_numpy(float), side="right")
    count = np.bincount(guess, minlength=len(STATES))
    index = pd.Index(STATES, name="state")
    table = pd.DataFrame({"customers": count, "share": count / max(len(guess), 1)}, index=index)
    if truth is not None:
        known = _places(truth.reindex(silent_days.index))
        seen = known >= 0
        hits = np.bincount(guess[seen], weights=guess[seen] == known[seen], minlength=len(STATES))
        of = np.bincount(guess[seen], minlength=len(STATES))
        table["right"] = np.divide(hits, of, out=np.full(len(STATES), np.nan), where=of > 0)
    return table


def _places(states: pd.Series) -> np.ndarray:
    """Give each state its place in ``STATES``; -1 where none is known."""
    return pd.Categorical(states.astype(object), categories=list(STATES)).codes.astype(int)


def threshold_explorer(
    curve: pd.DataFrame,
    silent_days: pd.Series,
    truth: pd.Series | None = None,
    start: Thresholds | None = None,
) -> Explorer:
    """Move the three thresholds over the return curve and see who falls where.

    Parameters
    ----------
    curve
        From :func:`crmkit.reactivation.returns.return_curve`.
    silent_days
        Days of silence by customer_id.
    truth
        True state by customer_id: the sentence then says how many are in their true state.
    start
        Where the sliders stand at first. Default: 30, 60, 90 days.

    Returns
    -------
    Explorer

    Examples
    --------
    >>> curve = pd.DataFrame({"silent_days": range(400), "chance": np.linspace(0.7, 0.05, 400)})
    >>> shown = threshold_explorer(curve, pd.Series([5, 50, 200, 350]))
    >>> shown.set(drowsy=100)
    >>> "2 awake" in shown.sentence
    True
    """
    need_rows(curve, ["silent_days", "chance"], "curve")
    begin = start or Thresholds(30, 60, 90)
    longest = int(min(curve["silent_days"].max(), 400))
    first = [int(min(cut, longest)) for cut in begin.cuts]
    silent = silent_days.to_numpy(float)
    figure, (left, right) = canvas(size=_WIDE, columns=2, width_ratios=[1.7, 1])
    left.plot(curve["silent_days"], curve["chance"], color=COLORS["focus"])
    left.set(
        title=say("Chance to come back"),
        xlabel=say("days since the last purchase"),
        ylabel=say("chance"),
        xlim=(0, longest),
        ylim=(0, float(curve["chance"].max()) * 1.1),
    )
    left.yaxis.set_major_formatter(lambda y, _: f"{y:.0%}")
    for cut in first:
        left.axvline(cut, color=COLORS["muted"], ls=":", lw=1.4)
    lines = [left.axvline(1, color=color(s), ls="--", lw=2) for s in STATES[1:]]
    names = [label(state) for state in STATES]
    bars = right.barh(names, [0] * 4, color=[color(s) for s in STATES])
    right.barh(
        names,
        who_falls_where(silent_days, *first)["customers"],
        fill=False,
        edgecolor=COLORS["muted"],
        ls=":",
        lw=1.4,
    )
    labels = [right.text(0, i, "", va="center") for i in range(4)]
    right.invert_yaxis()
    right.set(
        title=say("Who falls where"), xlabel=say("customers"), xlim=(0, len(silent_days) * 1.5)
    )
    right.grid(axis="y", visible=False)
    known = np.full(len(silent), -1) if truth is None else _places(truth.reindex(silent_days.index))
    seen = known >= 0

    def agreed(cuts: list[int]) -> dict[str, float]:
        return agreement(np.searchsorted(cuts, silent[seen], side="right"), known[seen])

    goal = agreed(sorted(first))["kappa"] if seen.any() else 0.0

    def draw(drowsy: int, half_asleep: int, asleep: int) -> str:
        cuts = sorted([drowsy, half_asleep, asleep])
        table = who_falls_where(silent_days, drowsy, half_asleep, asleep)
        for line, cut in zip(lines, cuts, strict=True):
            line.set_xdata([cut, cut])
        for bar, text, count, share in zip(
            bars, labels, table["customers"], table["share"], strict=True
        ):
            bar.set_width(count)
            text.set_x(count)
            text.set_text(f" {count:,} ({share:.0%})")
        at = np.interp(cuts, curve["silent_days"], curve["chance"])
        said = [
            say(
                "{awake:,} awake, {drowsy:,} drowsy, {half:,} half-asleep, {asleep:,} asleep. At the three lines the "
                "chance to come back is {first:.0%}, {second:.0%} and {third:.0%}.",
                **dict(zip(("awake", "drowsy", "half", "asleep"), table["customers"], strict=True)),
                **dict(zip(("first", "second", "third"), at, strict=True)),
            )
        ]
        if [drowsy, half_asleep, asleep] != cuts:
            said.append(say("(The sliders have crossed: they are taken in rising order.)"))
        if seen.any():
            found = agreed(cuts)
            said.append(
                say(
                    "In their true state: {right:.0%}; averaged over the four states {even:.0%}; kappa {kappa:.3f}.",
                    right=found["right"],
                    even=found["even"],
                    kappa=found["kappa"],
                )
            )
            said.append(say(_compared_with(found["kappa"], goal), goal=goal))
        return " ".join(said)

    def slider(value: int, words: str) -> IntSlider:
        return IntSlider(value=value, min=1, max=longest, description=words)

    controls = {
        "drowsy": slider(first[0], say("drowsy from (days, 1 to {most})", most=longest)),
        "half_asleep": slider(first[1], say("half-asleep from (days, 1 to {most})", most=longest)),
        "asleep": slider(first[2], say("asleep from (days, 1 to {most})", most=longest)),
    }
    return explorer(
        controls,
        draw,
        figure,
        alt=say(
            "Return curve with three lines, and the number of customers in each state; dotted: where all stood at first"
        ),
    )


def _compared_with(kappa: float, goal: float) -> str:
    """Say in words whether the lines at the start are beaten; differences below a thousandth are none."""
    if kappa > goal + 0.0005:
        return mark("The lines at the start had {goal:.3f}: you have beaten them.")
    if kappa < goal - 0.0005:
        return mark("The lines at the start had {goal:.3f}: they are still better.")
    return mark("The lines at the start had {goal:.3f}: that is the figure to beat.")


def _on_step(value: float, least: float, step: float) -> float:
    """Put `value` on the slider's grid: the browser would, and what is shown would no longer be what was drawn."""
    return round(least + round((value - least) / step) * step, 6)


def bucket_explorer(
    start: int = 2000,
    won_a_month: int = 90,
    leak: float = 0.05,
    win_cost: float = 30.0,
    wake_cost: float = 20.0,
) -> Explorer:
    """Turn the tap and mend the hole of a leaky bucket.

    Parameters
    ----------
    start
        Customers awake at the start.
    won_a_month
        New customers a month.
    leak
        Share who fall asleep in a month.
    win_cost
        £ to win one customer.
    wake_cost
        £ to keep one customer who would have fallen asleep (from an experiment).

    Returns
    -------
    Explorer

    Examples
    --------
    >>> shown = bucket_explorer(start=1000, won_a_month=50, leak=0.05, win_cost=40)
    >>> "50 fall asleep" in shown.sentence
    True
    """
    goal = 2 * start
    begin = run_bucket(start, won_a_month, _on_step(100 * leak, 0, 0.1) / 100, months=36)["awake"]
    figure, (left, right) = canvas(size=_WIDE, columns=2)
    months = np.arange(37)
    left.plot(months, begin, color=COLORS["muted"], ls=":", label=say("as it is now"))
    left.axhline(goal, color=COLORS["good"], ls="--", lw=1.4, label=say("goal: twice as many"))
    (awake,) = left.plot(months, months * 0.0, color=COLORS["focus"])
    left.set(
        title=say("Customers in the bucket"),
        xlabel=say("months from now"),
        ylabel=say("customers not asleep"),
        xlim=(0, 36),
        ylim=(0, start * 2.4),
    )
    left.legend(loc="lower right")
    (spent,) = right.plot(
        months,
        months * 0.0,
        color=COLORS["contrast"],
        label=say("spent on winning and keeping"),
    )
    (lost,) = right.plot(
        months, months * 0.0, color=COLORS["bad"], label=say("of it: only to refill the leak")
    )
    top = max(won_a_month * win_cost * 36 * 2 / 1000, 1)
    right.set(
        title=say("Money spent"),
        xlabel=say("months from now"),
        ylabel=say("thousand {symbol}", symbol=company().sign),
        xlim=(0, 36),
        ylim=(0, top),
    )
    right.legend(loc="upper left")

    def draw(won: int, leak: float, kept: float, win_cost: float) -> str:
        mended = leak * (1 - kept / 100)
        flow = run_bucket(start, won, mended / 100, win_cost=win_cost, months=36)
        held = (flow["awake"].shift(1).fillna(0) * (leak - mended) / 100).cumsum() * wake_cost
        awake.set_ydata(flow["awake"])
        spent.set_ydata((flow["spent"] + held) / 1000)
        lost.set_ydata(flow["replaced"] / 1000)
        for ax, highest, usual in (
            (left, flow["awake"].max(), start * 2.4),
            (right, (flow["spent"] + held).max() / 1000, top),
        ):
            ax.set_ylim(0, room(highest, usual))
        first, last = flow.iloc[1], flow.iloc[-1]
        said = [
            say(
                "In the first month {asleep:.0f} fall asleep and {won} are won; after three years there are {end:,.0f} "
                "customers. Winning has cost {spent} by then, of which {replaced} only filled up the leak; keeping has "
                "cost {kept}.",
                asleep=first["fell_asleep"],
                won=won,
                end=last["awake"],
                spent=money(last["spent"]),
                replaced=money(last["replaced"]),
                kept=money(held.iloc[-1]),
            ),
            say(
                "The bucket settles at {level:,.0f} customers, where as many are lost in a month as are won.",
                level=100 * won / mended,
            )
            if mended > 0
            else say("Nobody is lost, so it never settles."),
        ]
        if last["awake"] >= goal:
            said.append(
                say(
                    "You reached the goal of {goal:,}: {total} in three years.",
                    goal=goal,
                    total=money(last["spent"] + held.iloc[-1]),
                )
            )
        return " ".join(said)

    controls = {
        "won": IntSlider(
            value=won_a_month,
            min=0,
            max=4 * won_a_month,
            description=say("new customers a month (0 to {most})", most=4 * won_a_month),
        ),
        "leak": FloatSlider(
            value=_on_step(100 * leak, 0, 0.1),
            min=0,
            max=15,
            step=0.1,
            readout_format=".1f",
            description=say("fall asleep in a month (%, 0 to 15)"),
        ),
        "kept": IntSlider(
            value=0,
            min=0,
            max=100,
            description=say(
                "of these kept awake, at {cost} each (%, 0 to 100)", cost=money(wake_cost)
            ),
        ),
        "win_cost": FloatSlider(
            value=_on_step(win_cost, 1, 0.1),
            min=1,
            max=_on_step(2 * win_cost, 1, 0.1),
            step=0.1,
            readout_format=".1f",
            description=say(
                "cost of one new customer ({symbol}, 1 to {most:.0f})",
                symbol=company().sign,
                most=2 * win_cost,
            ),
        ),
    }
    return explorer(
        controls,
        draw,
        figure,
        alt=say(
            "Customers not asleep over three years, beside today's course and the goal of twice as many; and the money "
            "spent on winning and keeping them"
        ),
    )


def sample_size_explorer(base: float = 0.10, customers: int = 400, rise: float = 0.05) -> Explorer:
    """Find out what a test of some size can see, and how large it must be to see what one hopes for.

    Parameters
    ----------
    base
        Share that returns without an offer.
    customers
        Customers in each group.
    rise
        Hoped-for rise, as a share.

    Returns
    -------
    Explorer

    Examples
    --------
    >>> "686" in sample_size_explorer(0.10, 400, 0.05).sentence
    True
    """
    figure, ax = canvas(size=(8.4, 4.8))
    rises = np.linspace(0.002, 0.2, 100)
    at_first = power_curve(_on_step(100 * base, 1, 1) / 100, rises, _on_step(customers, 20, 20))
    ax.plot(100 * rises, at_first["power"], color=COLORS["muted"], ls=":")
    (line,) = ax.plot(100 * rises, rises * 0, color=COLORS["focus"])
    (dot,) = ax.plot([5], [0.5], "o", color=COLORS["bad"], ms=10, clip_on=False)
    ax.axhline(0.8, color=COLORS["muted"], ls="--")
    ax.text(
        19.8,
        0.79,
        say("goal: 80 %; dotted: the test at the start"),
        ha="right",
        va="top",
        color=for_letters(COLORS["muted"]),
    )
    ax.set(
        title=say("What this test can see"),
        xlabel=say("true rise (percentage points)"),
        ylabel=say("chance that the test finds it"),
        xlim=(0, 20),
        ylim=(0, 1.02),
    )
    ax.yaxis.set_major_formatter(lambda y, _: f"{y:.0%}")

    def draw(base: float, customers: int, rise: float) -> str:
        b, r = base / 100, rise / 100
        line.set_ydata(power_curve(b, rises, customers)["power"])
        found = power(b, r, customers)
        dot.set_data([rise], [found])
        least = detectable(b, customers)
        said = [
            say(
                "With {customers:,} customers in each group a rise from {base:.0f} % to {end:.1f} % is found "
                "{found:.0%} of the time. To find it four times in five you need {size:,} in each group.",
                customers=customers,
                base=base,
                end=base + rise,
                found=found,
                size=sample_size(b, r),
            ),
            say("Found four times in five: no rise at all.")
            if np.isnan(least)
            else say("Found four times in five: {least:.1f} points or more.", least=100 * least),
        ]
        if found >= 0.8:
            said.append(say("You reached the goal of 80 %."))
        return " ".join(said)

    controls = {
        "base": FloatSlider(
            value=_on_step(100 * base, 1, 1),
            min=1,
            max=60,
            step=1,
            readout_format=".0f",
            description=say("return without an offer (%, 1 to 60)"),
        ),
        "customers": IntSlider(
            value=int(_on_step(customers, 20, 20)),
            min=20,
            max=4000,
            step=20,
            description=say("customers in each group (20 to 4,000)"),
        ),
        "rise": FloatSlider(
            value=_on_step(100 * rise, 0.5, 0.5),
            min=0.5,
            max=20,
            step=0.5,
            readout_format=".1f",
            description=say("rise hoped for (points, 0.5 to 20)"),
        ),
    }
    return explorer(
        controls,
        draw,
        figure,
        alt=say("Chance that a test finds a rise, against the size of the rise"),
    )


def call_explorer(
    lists: dict[str, pd.Series], kinds: pd.Series, effect: pd.Series, start: int = 20
) -> Explorer:
    """Call down a list and see whom one has called: the won, those who come anyway, the lost and the dogs.

    Parameters
    ----------
    lists
        A score by customer_id for each list; the highest are called first.
    kinds
        The true kind of each customer by customer_id: "won", "anyway", "lost", "dog".
    effect
        The true effect of a call by customer_id, as a share.
    start
        Per cent called at first.

    Returns
    -------
    Explorer

    Examples
    --------
    >>> ids = range(1, 11)
    >>> kinds = pd.Series(["won"] * 5 + ["lost"] * 5, index=ids)
    >>> shown = call_explorer({"good": -pd.Series(ids, index=ids)}, kinds, (kinds == "won") * 0.5)
    >>> shown.set(share=50)
    >>> "win 2.5 extra returns" in shown.sentence
    True
    """
    if not lists:
        raise CrmkitError("lists: one list at least is needed.")
    names = ["won", "anyway", "lost", "dog"]
    hues = [COLORS["good"], COLORS["contrast"], COLORS["muted"], COLORS["bad"]]
    orders = {
        name: score.sort_values(ascending=False, kind="stable").index
        for name, score in lists.items()
    }
    everybody = len(kinds)
    goal = 0.5 * float(effect.clip(lower=0).sum())

    def count(name: str, share: int) -> tuple[int, pd.Series, float]:
        who = orders[name][: everybody * share // 100]
        of_kind = kinds.loc[who].astype(str).value_counts().reindex(names, fill_value=0)
        return len(who), of_kind, float(effect.loc[who].sum())

    first = next(iter(lists))
    at_first = _per_cent(count(first, start)[1])
    figure, ax = canvas(size=(8.4, 4.4))
    bars = ax.bar(range(4), at_first, color=hues, width=0.6)
    ax.plot(range(4), at_first, "_", color=COLORS["ink"], ms=42, label=say("at the start"))
    ax.set_xticks(range(4), [label(name) for name in names])
    ax.set(
        title=say("Whom the calls reach"),
        ylabel=say("of 100 customers called"),
        ylim=(0, 100),
    )
    ax.legend(loc="upper right")

    def draw(ranked: str, share: int) -> str:
        called, of_kind, gain = count(ranked, share)
        for bar, height in zip(bars, _per_cent(of_kind), strict=True):
            bar.set_height(height)
        said = [
            say(
                "{called:,} calls by the list “{ranked}” reach {won:,} who are won, {anyway:,} who come anyway, "
                "{lost:,} who stay away and {dog:,} whom the call drives away. They win {gain:.1f} extra returns; as "
                "many calls at random would win {random:.1f}.",
                called=called,
                ranked=label(ranked),
                won=of_kind["won"],
                anyway=of_kind["anyway"],
                lost=of_kind["lost"],
                dog=of_kind["dog"],
                gain=gain,
                random=float(effect.mean()) * called,
            )
        ]
        said.append(
            say("You reached the goal of {goal:.0f} extra returns.", goal=goal)
            if gain >= goal
            else say(
                "The goal is {goal:.0f} extra returns, with as few calls as you can.", goal=goal
            )
        )
        return " ".join(said)

    controls = {
        "ranked": Dropdown(
            options=[(label(name), name) for name in lists], value=first, description=say("list")
        ),
        "share": IntSlider(
            value=start,
            min=5,
            max=100,
            step=5,
            description=say("customers called (%, 5 to 100)"),
        ),
    }
    return explorer(
        controls, draw, figure, alt=say("Customers called, by what the call does to them")
    )


def _per_cent(counts: pd.Series) -> pd.Series:
    """Give counts as per cent of their sum; nothing of nothing is 0."""
    return 100 * counts / max(int(counts.sum()), 1)


def budget_explorer(
    curves: dict[str, pd.DataFrame], truth: dict[str, pd.DataFrame] | None = None
) -> Explorer:
    """Move the budget and see what each way of choosing earns with it.

    Parameters
    ----------
    curves
        ``budget``, ``profit`` and ``contacts``, rising in budget: what each way expects, or truly earns.
    truth
        The same for what is truly earned by spending in that order; drawn dotted. The goal is nine tenths of its
        highest profit (of what is expected, if there is no truth).

    Returns
    -------
    Explorer

    Examples
    --------
    >>> curve = pd.DataFrame({"budget": [0.0, 100.0], "profit": [0.0, 300.0], "contacts": [0, 50]})
    >>> shown = budget_explorer({"by uplift": curve})
    >>> shown.set(budget=50)
    >>> "“by uplift” promises £150" in shown.sentence
    True
    """
    if not curves:
        raise CrmkitError("curves: one way of choosing at least is needed.")
    for name, curve in curves.items():
        need_rows(curve, ["budget", "profit", "contacts"], name)
    truth = truth or {}
    figure, ax = canvas(size=(8.8, 4.8))
    most = max(float(curve["budget"].max()) for curve in curves.values())
    hues = ["focus", "contrast", "extra"]
    for (name, curve), hue in zip(curves.items(), hues, strict=False):
        hers = {"color": COLORS[hue], "label": label(name)}
        ax.plot(curve["budget"], curve["profit"], **hers)
        if name in truth:
            hers["label"] = say("{name}, truly", name=label(name))
            ax.plot(truth[name]["budget"], truth[name]["profit"], ls=":", **hers)
    goal = 0.9 * max(float(curve["profit"].max()) for curve in (truth or curves).values())
    ax.axhline(
        goal,
        color=COLORS["good"],
        ls="--",
        lw=1.4,
        label=say("goal: {goal}, truly", goal=money(goal))
        if truth
        else say("goal: {goal}", goal=money(goal)),
    )
    ax.axhline(0, color=COLORS["ink"], lw=1)
    ax.legend(loc="upper left")
    low, high = ax.get_ylim()
    ax.set(
        title=say("Profit against budget"),
        xlabel=say("budget for contacts ({symbol})", symbol=company().sign),
        ylabel=say("extra profit in 120 days ({symbol})", symbol=company().sign),
        xlim=(0, most),
        ylim=(low, high * 1.35),
    )
    step = max(int(most / 100), 1)
    start = int(most / 4 // step * step)
    ax.axvline(start, color=COLORS["muted"], ls=":", lw=1.4)
    line = ax.axvline(0, color=COLORS["ink"], ls="--")
    dots = [
        ax.plot([0], [0], "o", color=COLORS[hue], ms=9, clip_on=False)[0]
        for _, hue in zip(curves, hues, strict=False)
    ]

    def draw(budget: int) -> str:
        line.set_xdata([budget, budget])
        said, reached = [say("With {budget}:", budget=money(budget))], False
        for dot, (name, curve) in zip(dots, curves.items(), strict=False):
            spent = min(budget, float(curve["budget"].iloc[-1]))
            profit = float(np.interp(spent, curve["budget"], curve["profit"]))
            people = float(np.interp(spent, curve["budget"], curve["contacts"]))
            dot.set_data([spent], [profit])
            told: dict[str, Any] = {"name": label(name), "profit": money(profit), "people": people}
            if name in truth:
                brought = float(np.interp(spent, truth[name]["budget"], truth[name]["profit"]))
                reached |= brought >= goal
                said.append(
                    say(
                        "“{name}” promises {profit} from {people:,.0f} contacts and truly brings {true}.",
                        true=money(brought),
                        **told,
                    )
                )
            else:
                reached |= not truth and profit >= goal
                said.append(say("“{name}” promises {profit} from {people:,.0f} contacts.", **told))
        if reached:
            said.append(
                say("You reached the goal of {goal}. Is there a smaller budget?", goal=money(goal))
            )
        return " ".join(said)

    slider = IntSlider(
        value=start,
        min=0,
        max=int(np.ceil(most)),
        step=step,
        description=say(
            "budget ({symbol}, 0 to {most:,.0f})", symbol=company().sign, most=np.ceil(most)
        ),
    )
    return explorer(
        {"budget": slider},
        draw,
        figure,
        alt=say("Profit of each way of choosing against the budget"),
    )


__all__ = [
    "bucket_explorer",
    "budget_explorer",
    "call_explorer",
    "sample_size_explorer",
    "threshold_explorer",
    "who_falls_where",
]
