"""Games that lesson 90 plays: one for each reader, a rule that decides, a predecessor's year, and what a step costs.

The customers of a reader's game are drawn with a number made from the reader's own table of customers. So each student
of a class plays another game, always the same one, and a question about it has one answer.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from dataclasses import replace

import pandas as pd

from crmkit.game.bill import planned_bill
from crmkit.game.decisions import Decisions, Experiment, Forecast, Value, changed
from crmkit.game.fields import FIELD
from crmkit.game.forecasts import naive_forecast
from crmkit.game.play import Game, Seen
from crmkit.game.policies import as_before, plan_of
from crmkit.game.standing import DAYS, game_start
from crmkit.inference import Estimate, mean_difference
from crmkit.inputs import need_count, need_rows
from crmkit.say import labels

#: Customers of a branch: enough for the lesson's claims, few enough for a browser.
SIZE = 500
#: Of the predecessor's branch, about whose year the exercises ask.
PREDECESSOR_SIZE = 300
#: No seed of the predecessor's branch is a reader's own.
_OTHER_BRANCH = 100_000
_SEEDS = 100_000
#: Share of contacts without an answer from which the rule takes one more agent.
TOO_MANY = 0.1
#: A step of each lever, from what was before: the lever that moves, and what moves with it.
_STEPS: tuple[Mapping[str, Value], ...] = (
    {"service.agents": 3},
    {"service.hours": "long"},
    {"wake.drowsy": "reminder"},
    {"wake.half_asleep": "call"},
    {"wake.asleep": "voucher"},
    {"messages.kind": "matched", "messages.per_month": 2},
    {"programme.return_rate": 0.02},
    {"bonds.kind": "structural", "bonds.share": 0.1},
    {"brand.weeks": 6},
    {"winning.referral_reward": 5.0},
    {"research.survey": 400},
    {"research.tracker": 400},
    {"research.panel": True},
)
labels("service.agents", "service.hours", "wake.drowsy", "wake.half_asleep", "wake.asleep")
labels("messages.per_month", "programme.return_rate", "bonds.share", "brand.weeks")
labels("winning.referral_reward", "research.survey", "research.tracker", "research.panel")


def own_seed(customers: pd.DataFrame) -> int:
    """Give the number that belongs to a table of customers: another table, another number.

    Parameters
    ----------
    customers
        ``customer_id`` and ``name``, in any order.

    Returns
    -------
    int
        From 1 to 100,000: the CRC-32 of the numbers and names, which is the same on every machine.

    Examples
    --------
    >>> both = pd.DataFrame({"customer_id": [2, 1], "name": ["Bo", "Ada"]})
    >>> own_seed(both) == own_seed(both.iloc[::-1]), own_seed(both) == own_seed(both.head(1))
    (True, False)
    """
    need_rows(customers, ["customer_id", "name"], "customers")
    ordered = customers.sort_values("customer_id", kind="stable")
    pairs = zip(ordered["customer_id"], ordered["name"], strict=True)
    return 1 + zlib.crc32("\n".join(f"{int(i)} {n}" for i, n in pairs).encode()) % _SEEDS


def branch(customers: pd.DataFrame, size: int = SIZE) -> Game:
    """Begin the game of a reader: a branch whose customers are drawn with `own_seed`.

    Parameters
    ----------
    customers
        The reader's own table.
    size
        Customers of the branch.

    Returns
    -------
    Game
        With no quarter played.

    Examples
    --------
    >>> branch(pd.DataFrame({"customer_id": [1], "name": ["Ada"]}), size=50).played
    0
    """
    return Game(customers=size, seed=own_seed(customers))


def first_day(seen: Seen) -> pd.Timestamp:
    """Give the first day of the quarter that is decided about."""
    return pd.Timestamp(game_start()) + pd.Timedelta(days=DAYS * (seen.quarter - 1))


def cost_of_steps(seen: Seen) -> pd.DataFrame:
    """Say what one step of each lever costs in the coming quarter, all others as before the game.

    Parameters
    ----------
    seen
        What the player sees.

    Returns
    -------
    DataFrame
        One row per lever: ``lever``, ``may_be``, ``before``, ``step`` (what is tried), ``cost`` (£ in the coming
        quarter, beside the plan as before), ``how`` ("exact", "about" or "at most"). What the step brings is not in it.

    Examples
    --------
    >>> table = cost_of_steps(Game(customers=50, seed=3).seen()).set_index("lever")
    >>> str(table.loc["service.agents", "may_be"]), str(table.loc["service.agents", "how"])
    ('whole number from 0 to 40', 'exact')
    """
    usual = as_before(seen.customers)
    base = planned_bill(usual, seen).set_index("item")
    rows = []
    for step in _STEPS:
        lever = list(step)[-1]
        bill = planned_bill(plan_of(step, seen.customers), seen).set_index("item")
        more = (bill["amount"] - base["amount"]).round(2)
        item = more.abs().idxmax()
        section, name = lever.split(".")
        before = getattr(getattr(usual, section), name)
        given = ", ".join(_written(value) for value in step.values())
        cost = round(float(more.sum()), 2)
        rows.append((lever, FIELD[lever].bounds, _written(before), given, cost, bill["how"][item]))
    columns = ["lever", "may_be", "before", "step", "cost", "how"]
    return pd.DataFrame(rows, columns=columns)


def _written(value: Value) -> str:
    return ("yes" if value else "no") if isinstance(value, bool) else f"{value}"


def with_experiment(
    plan: Decisions, lever: str, control: Value, treatment: Value, *, share: float = 0.5
) -> Decisions:
    """Give a plan in which two arms, drawn at random, get different things.

    Parameters
    ----------
    plan
    lever
        What differs: one of `crmkit.game.decisions.LEVERS`.
    control, treatment
        What the one arm gets, and the other.
    share
        Share of the customers in each of the two arms; the others get the plan.

    Examples
    --------
    >>> plan = with_experiment(Decisions(), "wake.half_asleep", "none", "call")
    >>> plan.experiments[0].share
    0.5
    """
    name = f"{treatment} or {control}"
    return replace(plan, experiments=(Experiment(name, lever, control, treatment, share),))


def desk_rule(seen: Seen) -> Decisions:
    """Decide as lesson 90 does: answer, call the half-asleep, bind the best; one more agent where too many gave up.

    Parameters
    ----------
    seen
        What the player sees.
    """
    plan = plan_of(
        {
            "service.first": "best customers",
            "wake.half_asleep": "call",
            "messages.kind": "matched",
            "messages.per_month": 2,
            "bonds.kind": "structural",
            "bonds.share": 0.1,
            "brand.spread": True,
        },
        seen.customers,
    )
    agents = 2
    if seen.decisions:
        desk = seen.reports["desk"].iloc[-1]
        agents = seen.decisions[-1].service.agents
        agents += desk["gave_up"] > TOO_MANY * desk["contacts"]
    return changed(plan, {"service.agents": int(agents)})


def predecessor_year(customers: pd.DataFrame) -> Game:
    """Play the year of a predecessor at another branch: other agents each quarter, an experiment, and forecasts.

    Parameters
    ----------
    customers
        The reader's own table, from which the branch follows.

    Returns
    -------
    Game
        With four quarters played. Each plan states a forecast of turnover that is half as wide as it should be, as
        people's intervals usually are.

    Examples
    --------
    >>> predecessor_year(pd.DataFrame({"customer_id": [1], "name": ["Ada"]})).played
    4
    """
    game = Game(customers=PREDECESSOR_SIZE, seed=_OTHER_BRANCH + own_seed(customers))
    for agents in (2, 1, 2, 3):
        seen = game.seen()
        wide = naive_forecast(seen.reports["orders"], first_day(seen))["turnover"]
        narrow = Forecast(
            round((wide.low + wide.best) / 2, 2), wide.best, round((wide.high + wide.best) / 2, 2)
        )
        plan = plan_of({"service.agents": agents, "brand.spread": True}, game.customers)
        tried = with_experiment(plan, "wake.half_asleep", "none", "voucher", share=0.4)
        game.play(replace(tried, forecast={"turnover": narrow}))
    return game


def trial_effect(trials: pd.DataFrame) -> Estimate:
    """Estimate what the treatment of an experiment does to margin.

    Parameters
    ----------
    trials
        ``arm`` ("treatment" or "control") and ``margin`` of each customer and quarter.

    Returns
    -------
    Estimate
        Treatment less control, with its 95 % interval (`crmkit.inference.mean_difference`).

    Examples
    --------
    >>> trials = pd.DataFrame({"arm": ["treatment"] * 2 + ["control"] * 2, "margin": [3.0, 5, 1, 3]})
    >>> trial_effect(trials).estimate
    2.0
    """
    need_rows(trials, ["arm", "margin"], "trials")
    arms = [trials.loc[trials["arm"] == arm, "margin"] for arm in ("treatment", "control")]
    return mean_difference(*arms)


def on_other_luck(game: Game, state: str, runs: int = 8, *, first: int = 20_001) -> pd.DataFrame:
    """Play a game with an experiment again on other luck, and say what it finds each time.

    Parameters
    ----------
    game
        As far as it is played; its decisions hold one experiment.
    state
        Customers that are looked at: ``state`` in the table ``trials``.
    runs
        How many.
    first
        Seed of the first luck; the others follow it.

    Returns
    -------
    DataFrame
        One row per run: ``luck``, ``estimate``, ``low``, ``high`` (£ of margin for a customer and quarter, treatment
        less control; 95 %, Welch).

    Examples
    --------
    >>> plan = with_experiment(Decisions(), "wake.asleep", "none", "call")
    >>> on_other_luck(Game(customers=50, seed=3).run(plan, 1), "asleep", 2).shape
    (2, 4)
    """
    need_count(runs, "runs")
    rows = []
    for luck in range(first, first + runs):
        again = Game(game.customers, game.seed, luck, game.quarters, game.rules)
        trials = again.run(list(game.decisions)).reports["trials"]
        rows.append((luck, *trial_effect(trials[trials["state"] == state])))
    return pd.DataFrame(rows, columns=["luck", "estimate", "low", "high"]).round(4)
