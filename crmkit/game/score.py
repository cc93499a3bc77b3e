"""The score of a game: profit, what the customers will still bring, how healthy the relationship is, and what was luck.

Problem
    Profit alone can be had by selling the future: prices up, service off, nobody won. So three things are measured.

Three measures
    profit      all items of the accounts, in pounds
    equity      customer equity: what those who are customers today will still bring in the next two years if from now
                on all is as it was before the game; margin less handling of orders and letters, discounted at 10 %
                a year.
                It is **simulated** on the game's own customers, always with the same future luck, so that two plans
                differ by what they did. The models of `crmkit.value` (lessons 22 and 23) estimate the same from orders
                alone; a player has only these. They do not know the future price or the trust of a customer, which
                the game's plans change, so they would grade those plans wrongly.
    health      0 to 100: the mean of three shares among customers who bought within a year: who is awake, trust (as a
                share of 10 points), and who may still be contacted
    Value is profit plus equity: what the company has at the end.

Luck
    The same decisions on other luck (and on other customers, for a class) give other results. `luck` plays them again;
    one run's result is one draw from these.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from crmkit.errors import CrmkitError
from crmkit.game.decisions import AS_BEFORE, CHANNELS, Decisions, changed
from crmkit.game.engine import play_checked
from crmkit.game.forecasts import actuals
from crmkit.game.play import QUARTERS, Game, Plan, Policy, profit, run_fast
from crmkit.game.rules import Rules
from crmkit.game.state import AWAKE, State, start
from crmkit.inference import mean_interval, percentile_interval
from crmkit.inputs import need_count, need_number

#: How far customer equity looks ahead: two years. What lies beyond depends little on what is done today.
AHEAD = 8
#: A pound in a year is worth so much less.
RATE = 0.10
#: Seed of the future's luck, the same for every plan; no game has it by accident.
FUTURE = 2_026_000_001
MEASURES = ("profit", "equity", "value", "health")
#: What is done in the future that equity looks at: all as before, and no money for people who are no customers yet.
GOES_ON = changed(
    AS_BEFORE, {**{f"winning.spend.{channel}": 0.0 for channel in CHANNELS}, "brand.weeks": 4}
)


def customer_equity(
    state: State, *, quarters: int = AHEAD, rate: float = RATE, future: int = FUTURE
) -> float:
    """Say what those who are customers today will still bring, if all goes on as before the game.

    Parameters
    ----------
    state
        The truth at the end of a quarter.
    quarters
        How far to look ahead.
    rate
        Discount rate a year.
    future
        Seed of the luck that is still to come.

    Returns
    -------
    float
        Pounds: margin of their orders less what orders and letters cost, discounted to today.
    """
    need_count(quarters, "quarters", 40)
    need_number(rate, "rate", minimum=0, maximum=1)
    ours, rules = state.is_customer, state.rules
    total = 0.0
    for ahead in range(quarters):
        quarter = play_checked(state, GOES_ON, future)
        who = quarter.orders.who
        mine = ours[who]
        pounds = int(quarter.orders.margin[mine].sum()) / 100
        pounds -= rules["market.order_cost"] * int(mine.sum())
        pounds -= rules["market.mailing_cost"] / 4 * int(ours.sum())
        total += pounds / (1 + rate) ** ((ahead + 0.5) / 4)
        state = quarter.after
    return round(total, 2)


def health(state: State) -> float:
    """Measure the relationship, 0 to 100, among customers who bought within a year.

    Returns
    -------
    float
        Mean of three shares: who is awake, trust as a share of ten points, who may still be contacted. 0 where nobody
        has bought within a year.
    """
    life, rules = state.life, state.rules
    own = state.is_customer & (life.last_order > 91 * (state.quarter - 4))
    if not own.any():
        return 0.0
    awake = ((life.sleep == AWAKE) & ~life.lost)[own].mean()
    trust = np.clip(rules["trust.usual"] + life.trust[own], 0, 10).mean() / 10
    reached = (~life.off_list & ~life.lost)[own].mean()
    return round(100 * float((awake + trust + reached) / 3), 2)


def measures(
    state: State, reports: Mapping[str, pd.DataFrame], *, equity: bool = True
) -> dict[str, float]:
    """Measure one quarter.

    Parameters
    ----------
    state
        At its end.
    reports
        Of this quarter alone.
    equity
        False leaves `customer_equity` out (NaN): it takes as long as eight quarters.

    Returns
    -------
    dict
        ``profit``, ``turnover`` (£), ``orders``, ``customers_active`` (with an order), ``equity`` (£), ``health``.
    """
    if "accounts" not in reports:
        raise CrmkitError("reports have no table 'accounts'. Give the reports of the quarter.")
    return {
        "profit": round(float(reports["accounts"]["amount"].sum()), 2),
        **actuals(reports),
        "equity": customer_equity(state) if equity else float("nan"),
        "health": health(state),
    }


def score(game: Game) -> dict[str, float]:
    """Score a game as far as it is played.

    Returns
    -------
    dict
        ``profit`` (£, of all quarters), ``equity`` (£, at the end), ``value`` (their sum), ``health`` (0 to 100, at the
        end).
    """
    return _scored(_profit(game), game.state)


def _profit(game: Game) -> float:
    return round(float(game.accounts["amount"].sum()), 2)


def _scored(earned: float, state: State, equity: bool = True) -> dict[str, float]:
    ahead = customer_equity(state) if equity else float("nan")
    return {
        "profit": earned,
        "equity": ahead,
        "value": round(earned + ahead, 2),
        "health": health(state),
    }


def score_of(
    plan: Plan,
    *,
    customers: int = 2000,
    seed: int = 1,
    luck: int | None = None,
    quarters: int = QUARTERS,
    rules: Rules | None = None,
) -> dict[str, float]:
    """Play a whole game by a plan and score it; see `score`."""
    if isinstance(plan, Decisions) or (isinstance(plan, Policy) and not plan.needs_reports):
        begins = start(customers, seed, rules)
        return score_from(plan, begins, seed if luck is None else luck, quarters)
    return score(Game(customers, seed, luck, quarters, rules).run(plan))


def score_from(plan: Plan, state: State, luck: int, quarters: int = QUARTERS) -> dict[str, float]:
    """Play a whole game from a state by a plan that looks at no reports, and score it; see `score`."""
    bills, after = run_fast(plan, state, quarters, luck)
    return _scored(round(profit(bills), 2), after)


def scores(games: Mapping[str, Game]) -> pd.DataFrame:
    """Lay the scores of several games beside each other.

    Parameters
    ----------
    games
        By name, each as far as it is played.

    Returns
    -------
    DataFrame
        One row per game: ``plan``, ``profit``, ``equity``, ``value``, ``health``; see `score`.

    Examples
    --------
    >>> scores({"as before": Game(customers=50, seed=3).run(AS_BEFORE, 1)}).columns.tolist()
    ['plan', 'profit', 'equity', 'value', 'health']
    """
    return pd.DataFrame([{"plan": name, **score(game)} for name, game in games.items()])


# ---------------------------------------------------------------------------------------------------------------- luck
def luck(game: Game, runs: int = 20, *, first: int = 10_001, equity: bool = True) -> pd.DataFrame:
    """Play a game's decisions again on other luck: the same customers, other accidents.

    Parameters
    ----------
    game
        As far as it is played.
    runs
        How many other runs.
    first
        Seed of the first of them; the others follow it.
    equity
        False leaves `customer_equity` out, and value with it (NaN): it takes as long as eight quarters.

    Returns
    -------
    DataFrame
        One row per run, the game's own first: ``run`` (0 = the game's), ``luck``, ``profit``, ``equity``, ``value``,
        ``health``.
    """
    need_count(runs, "runs")
    if not game.played:
        raise CrmkitError("No quarter has been played yet: there is nothing to play again.")
    rows = [{"run": 0, "luck": game.luck, **_scored(_profit(game), game.state, equity)}]
    for run in range(1, runs + 1):
        seed = first + run - 1
        bills, state = run_fast(list(game.decisions), game.states[0], game.played, seed)
        rows.append({"run": run, "luck": seed, **_scored(round(profit(bills), 2), state, equity)})
    return pd.DataFrame(rows)


def luck_summary(runs: pd.DataFrame, *, level: float = 0.8) -> pd.DataFrame:
    """Lay the one run beside what the same decisions bring on other luck.

    Parameters
    ----------
    runs
        From `luck`.
    level
        Share of the other runs that the interval holds.

    Returns
    -------
    DataFrame
        One row per measure: ``measure``, ``came`` (the game's own), ``mean``, ``low``, ``high`` (of the other runs),
        ``luck`` (came less mean), ``rank`` (share of the other runs that came out lower).
    """
    own, others = runs[runs["run"] == 0], runs[runs["run"] > 0]
    rows = []
    for measure in MEASURES:
        values = others[measure].to_numpy(dtype=float)
        low, high = percentile_interval(values, level=level)
        came, mean = float(own[measure].iloc[0]), float(values.mean())
        lower = float(np.mean(values < came))
        rows.append((measure, came, mean, float(low), float(high), came - mean, lower))
    return pd.DataFrame(rows, columns=["measure", "came", "mean", "low", "high", "luck", "rank"])


# --------------------------------------------------------------------------------------------------- beside each other
def tournament(
    plans: Mapping[str, Plan],
    seeds: Sequence[int],
    *,
    customers: int = 2000,
    quarters: int = QUARTERS,
    rules: Rules | None = None,
) -> pd.DataFrame:
    """Let several plans play on the same customers and the same luck, for several seeds.

    Parameters
    ----------
    plans
        By name.
    seeds
        Of customers and luck.
    customers, quarters, rules
        As in `crmkit.game.play.Game`.

    Returns
    -------
    DataFrame
        One row per plan and seed: ``plan``, ``seed``, ``profit``, ``equity``, ``value``, ``health``.
    """
    rows: list[dict[str, Any]] = [
        {
            "plan": name,
            "seed": seed,
            **score_of(plan, customers=customers, seed=seed, quarters=quarters, rules=rules),
        }
        for seed in seeds
        for name, plan in plans.items()
    ]
    return pd.DataFrame(rows)


def standings(games: pd.DataFrame, beside: str, *, measure: str = "value") -> pd.DataFrame:
    """Sum a tournament up: each plan's mean, and its difference from one plan on the same luck.

    Parameters
    ----------
    games
        From `tournament`.
    beside
        The plan that others are compared with.
    measure
        One of `MEASURES`.

    Returns
    -------
    DataFrame
        ``plan``, ``mean``, ``low``, ``high`` (95 % of the mean, Student's t over seeds), ``more`` (mean difference from
        `beside`, pair by pair), ``more_low``, ``more_high``; the best first.
    """
    wide = games.pivot_table(index="seed", columns="plan", values=measure, sort=False)
    if beside not in wide:
        raise CrmkitError(f"There is no plan {beside!r}. There is: {', '.join(map(str, wide))}.")
    rows = []
    for name in wide:
        own, more = mean_interval(wide[name]), mean_interval(wide[name] - wide[beside])
        rows.append((name, *own, *((0.0, 0.0, 0.0) if name == beside else more)))
    columns = ["plan", "mean", "low", "high", "more", "more_low", "more_high"]
    table = pd.DataFrame(rows, columns=columns)
    return table.sort_values("mean", ascending=False, kind="stable", ignore_index=True)


__all__ = [
    *("AHEAD", "GOES_ON", "MEASURES", "customer_equity", "health", "luck", "luck_summary"),
    *("measures", "score", "score_from", "score_of", "scores", "standings", "tournament"),
]
