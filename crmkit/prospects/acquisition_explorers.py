"""Something to play with: a budget in several channels, what a customer costs there, and what moving money does."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from ipywidgets import FloatSlider

from crmkit.companies import Company, company
from crmkit.explore import Explorer, canvas, explorer
from crmkit.prospects.acquisition import CHANNEL, ResponseModel, best_split
from crmkit.say import label, say
from crmkit.style import COLORS

Floats = npt.NDArray[np.float64]
#: Multiples of today's spend between which the curves are read off.
_STEPS = np.linspace(0, 3, 61)


class Curves:
    """Customers and their cost at any weekly spend, read off a fitted model once.

    Examples
    --------
    See `split_explorer`.
    """

    def __init__(self, model: ResponseModel, *, weeks: int = 13) -> None:
        table = model.customers_at(_STEPS, weeks=weeks)
        self.channels = list(model.channels_)
        own = [table[table[CHANNEL] == name] for name in self.channels]
        self._spend = [part["spend"].to_numpy(float) for part in own]
        self._customers = [part["customers"].to_numpy(float) for part in own]
        self._next = [part["marginal"].to_numpy(float) for part in own]
        self.today = np.array([spend[20] for spend in self._spend])

    def customers(self, spend: Floats) -> Floats:
        """Customers a week that each channel brings at these weekly spends."""
        both = zip(spend, self._spend, self._customers, strict=True)
        return np.array([np.interp(money, grid, came) for money, grid, came in both])

    def next_cost(self, spend: Floats) -> Floats:
        """What the next customer costs in each channel at these weekly spends."""
        both = zip(spend, self._spend, self._next, strict=True)
        return np.array([np.interp(money, grid, cost) for money, grid, cost in both])

    def moved(self, spend: Floats, source: int, target: int, amount: float) -> float:
        """Customers a week more, if money is moved from one channel to another."""
        after = np.array(spend, float)
        after[source] -= amount
        after[target] += amount
        return float((self.customers(after) - self.customers(spend)).sum())


def split_explorer(
    model: ResponseModel, *, weeks: int = 13, amount: float = 1000.0, about: Company | None = None
) -> Explorer:
    """Spend a weekly budget across channels, and see average cost, next cost, and what moving money does.

    Parameters
    ----------
    model
        Fitted.
    weeks
        How many of the last weeks stand for today.
    amount
        How much money is moved in the sentence.
    about
        Whose money it is; by default the company whose tables are at hand.

    Returns
    -------
    Explorer

    Examples
    --------
    >>> import pandas as pd
    >>> rng = np.random.default_rng(0)
    >>> weeks = pd.date_range("2024-01-01", periods=40, freq="7D")
    >>> names = ["week", "area", "acquisition_channel"]
    >>> grid = pd.MultiIndex.from_product([weeks, list("ABCDEF"), ["one", "two"]], names=names).to_frame(index=False)
    >>> spend = grid.assign(spend=rng.gamma(2, 500, len(grid)))
    >>> wide = spend.pivot(index=["week", "area"], columns="acquisition_channel", values="spend")
    >>> mean = 90 * (1 + 0.6 * wide["one"] / (wide["one"] + 1000) + 0.2 * wide["two"] / (wide["two"] + 1000))
    >>> shown = split_explorer(ResponseModel().fit(spend, mean.rename("new_customers").reset_index()))
    >>> "to one brings" in shown.sentence
    True
    """
    money = (about or company()).money
    symbol = (about or company()).symbol
    curves = Curves(model, weeks=weeks)
    today, names = curves.today, [label(name) for name in curves.channels]
    budget = float(today.sum())
    most = float(
        curves.customers(best_split(model, budget, weeks=weeks, draws=1)["best"].to_numpy()).sum()
    )
    place = np.arange(len(names))
    figure, (left, right) = canvas(size=(9.6, 4.4), columns=2)
    bars = left.bar(place, today / 1000, color=COLORS["focus"], label=say("your plan"))
    left.plot(place, today / 1000, "_", ms=34, mew=2, color=COLORS["ink"], label=say("today"))
    (average,) = right.plot(
        place, place, "o", color=COLORS["focus"], ms=10, label=say("on average")
    )
    (further,) = right.plot(
        place, place, "D", color=COLORS["bad"], ms=10, label=say("the next one")
    )
    left.set(
        title=say("Spend a week"),
        ylabel=say("thousands of {symbol}", symbol=symbol.strip()),
        ylim=(0, 3.3 * today.max() / 1000),
    )
    right.set(
        title=say("Cost of a customer caused"),
        ylabel=say("cost of one customer ({symbol})", symbol=symbol.strip()),
        ylim=(0, 2.5 * float(curves.next_cost(today).max())),
        xlim=(-0.6, len(names) - 0.4),
    )
    for ax in (left, right):
        ax.set_xticks(place, names)
        ax.legend(loc="upper right")
    top = 2.5 * float(curves.next_cost(today).max())

    def draw(**plan: float) -> str:
        spend = np.array(list(plan.values())) * 1000
        came = curves.customers(spend)
        cost = curves.next_cost(spend)
        for bar, value in zip(bars, spend, strict=True):
            bar.set_height(value / 1000)
        mean = np.where(came > 0, spend / np.where(came > 0, came, 1.0), np.nan)
        average.set_ydata(np.minimum(mean, top))
        further.set_ydata(np.minimum(cost, top))
        said = [
            say(
                "{spend} a week brings {customers:,.1f} new customers a week; today {today} brings {before:,.1f}.",
                spend=money(spend.sum()), customers=came.sum(), today=money(budget),
                before=curves.customers(today).sum(),
            )
        ]  # fmt: skip
        can_give = np.where(spend >= amount, cost, -np.inf)
        source, target = int(can_give.argmax()), int(cost.argmin())
        if np.isfinite(can_give[source]) and source != target:
            said.append(
                say(
                    "To move {amount} from {source} to {target} brings {gain:+.1f} customers a week.",
                    amount=money(amount), source=names[source], target=names[target],
                    gain=curves.moved(spend, source, target, amount),
                )
            )  # fmt: skip
        if abs(spend.sum() - budget) <= 1000 and came.sum() > 0.997 * most:
            said.append(say("You found about the most that this budget can bring."))
        return " ".join(said)

    controls = {
        f"channel_{i}": FloatSlider(
            value=round(today[i] / 1000, 1), min=0, max=round(3 * today[i] / 1000, 1), step=0.1,
            readout_format=".1f",
            description=say("{channel} (thousands of {symbol})", channel=name, symbol=symbol.strip()),
        )
        for i, name in enumerate(names)
    }  # fmt: skip
    return explorer(
        controls,
        draw,
        figure,
        alt=say("Spend a week by channel, and what a customer costs there on average and next"),
    )


__all__ = ["Curves", "split_explorer"]
