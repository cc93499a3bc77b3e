"""Something to play with: how deep the rival cuts, and what each bond keeps: customers and money."""

from __future__ import annotations

import numpy as np
import pandas as pd
from ipywidgets import IntSlider

from crmkit.companies import Company, company
from crmkit.explore import Explorer, canvas, explorer
from crmkit.inputs import need_count, need_number, need_rows
from crmkit.relations.bond_plots import look
from crmkit.say import label, listed, say
from crmkit.style import COLORS

_WIDE = (8.8, 4.6)


def attack_outcome(
    model: pd.DataFrame, off: float, weeks: int, *, by: str = "bond"
) -> pd.DataFrame:
    """Work out which share an attack leaves, and how many weeks a customer is there on average.

    Parameters
    ----------
    model
        From `attack_model`.
    off
        The rival's price cut in per cent.
    weeks
        Weeks since the attack began.
    by
        Column of the groups.

    Returns
    -------
    DataFrame
        `by`, ``share`` (still there after so many weeks), ``mean_weeks`` (of these weeks, there on average).

    Examples
    --------
    >>> model = pd.DataFrame({"bond": ["none"], "rate": [1.0], "times": [2.0]})
    >>> attack_outcome(model, 20, 10)[["share", "mean_weeks"]].round(2).values.tolist()
    [[0.67, 8.24]]
    """
    need_rows(model, [by, "rate", "times"], "model")
    need_number(off, "off", minimum=0, maximum=90)
    need_count(weeks, "weeks")
    rate = model["rate"].to_numpy(float) / 100 * model["times"].to_numpy(float) ** (off / 10)
    share = np.exp(-rate * weeks)
    mean = np.divide(1 - share, rate, out=np.full(len(rate), float(weeks)), where=rate > 0)
    return pd.DataFrame({by: model[by].to_numpy(), "share": share, "mean_weeks": mean})


def attack_explorer(
    model: pd.DataFrame,
    money: pd.DataFrame,
    *,
    off: int = 20,
    weeks: int = 26,
    by: str = "bond",
    about: Company | None = None,
) -> Explorer:
    """Choose how deep a rival cuts its prices and for how long: what each bond keeps.

    Parameters
    ----------
    model
        From `attack_model`.
    money
        One row per group: `by`, ``week_margin`` (margin less running cost of a customer in a week that he or she is
        there).
    off, weeks
        At first: the rival's price cut (%), and how many weeks it lasts.
    by
        Column of the groups.
    about
        The company, for its money; default: the reader's.

    Examples
    --------
    >>> model = pd.DataFrame({"bond": ["none", "social"], "rate": [1.0, 0.5], "times": [2.0, 1.5]})
    >>> money = pd.DataFrame({"bond": ["none", "social"], "week_margin": [14.0, 15.0]})
    >>> from crmkit.companies import shipped
    >>> shown = attack_explorer(model, money, off=20, weeks=10, about=shipped("fernwell"))
    >>> "none 67" in shown.sentence, "social 89" in shown.sentence
    (True, True)
    """
    need_rows(model, [by, "rate", "times"], "model")
    need_rows(money, [by, "week_margin"], "money")
    pounds = (about or company()).money
    groups = model[by].tolist()
    a_week = money.set_index(by)["week_margin"].reindex(groups).to_numpy(float)
    names = [str(label(name)) for name in groups]
    time = np.arange(1, 53)
    figure, ax = canvas(size=_WIDE)
    lines = []
    for name, (hue, mark) in look(groups).items():
        (line,) = ax.plot(
            time, np.ones(len(time)), color=hue, marker=mark, markevery=8, ms=7, label=label(name)
        )
        lines.append(line)
    now = ax.axvline(weeks, color=COLORS["ink"], lw=1, ls="--")
    ax.legend(loc="lower left", ncols=2)
    ax.set(
        title=say("Who is left under the attack"),
        xlabel=say("weeks since the rival cut its prices"),
        ylabel=say("share still there"),
        ylim=(0, 1.03),
        xlim=(0, 52),
    )
    ax.yaxis.set_major_formatter(lambda y, _: f"{y:.0%}")
    rate, times = model["rate"].to_numpy(float) / 100, model["times"].to_numpy(float)

    def draw(off: int, weeks: int) -> str:
        for line, each in zip(lines, rate * times ** (off / 10), strict=True):
            line.set_ydata(np.exp(-each * time))
        now.set_xdata([weeks, weeks])
        found = attack_outcome(model, off, weeks, by=by)
        earned = found["mean_weeks"].to_numpy() * a_week
        shares = listed(
            say("{name} {share:.0%}", name=name, share=share)
            for name, share in zip(names, found["share"], strict=True)
        )
        sums = listed(
            say("{name} {sum}", name=name, sum=pounds(one, 0))
            for name, one in zip(names, earned, strict=True)
        )
        best = names[int(np.argmax(earned))]
        return say(
            "The rival takes {off} % off. Still there after {weeks} weeks: {shares}. What a customer who was there at "
            "the beginning brings in during these weeks: {sums}. The most: {best}.",
            off=off, weeks=weeks, shares=shares, sums=sums, best=best,
        )  # fmt: skip

    controls = {
        "off": IntSlider(
            value=off, min=0, max=30, description=say("the rival takes off (%, 0 to 30)")
        ),
        "weeks": IntSlider(
            value=weeks, min=1, max=52, description=say("weeks of the attack (1 to 52)")
        ),
    }
    return explorer(
        controls, draw, figure, alt=say("Share of customers still there under the attack, by bond")
    )


__all__ = ["attack_explorer", "attack_outcome"]
