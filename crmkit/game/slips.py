"""Slips: decisions that cost money, each priced by playing the game again without it, with the lesson that teaches it.

A rule only points at a decision. What it cost is not assumed but measured: the same customers and the same luck, with
this one thing put right. A decision that looks wrong and earned money is shown as what it was.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from crmkit.game.debrief import need_played
from crmkit.game.decided import AS_BEFORE, Decisions
from crmkit.game.decisions import CHANNELS, changed
from crmkit.game.fields import Value
from crmkit.game.forecasts import grade_forecast
from crmkit.game.play import Game, profit, run_fast
from crmkit.game.score import customer_equity
from crmkit.inference import mean_interval
from crmkit.say import labels, say

#: Share of contacts without an answer above which the desk is too small.
GAVE_UP = 0.15
#: Quarters of forecasts from which on their intervals can be judged.
ENOUGH = 4
VERDICTS = labels("cost money", "earned money", "too close to call")


@dataclass(frozen=True)
class Slip:
    """What may go wrong: how it is seen, what would have put it right, and where it is taught."""

    name: str
    lesson: str
    #: Of a game and a quarter (from 0): the levers to set otherwise, none if all is well.
    remedy: Callable[[Game, int], dict[str, Value]]


def _desk_too_small(game: Game, place: int) -> dict[str, Value]:
    desk = game.reported[place]["desk"].iloc[0]
    agents = game.decisions[place].service.agents
    if desk["gave_up"] > GAVE_UP * desk["contacts"] and agents < 40:
        return {"service.agents": agents + 1}
    return {}


def _desk_too_large(game: Game, place: int) -> dict[str, Value]:
    desk = game.reported[place]["desk"].iloc[0]
    agents = game.decisions[place].service.agents
    if desk["gave_up"] < 0.01 * desk["contacts"] and agents > 1:
        return {"service.agents": agents - 1}
    return {}


def _price_war(game: Game, place: int) -> dict[str, Value]:
    return {"prices.level": 1.0} if game.decisions[place].prices.level < 0.98 else {}


def _too_dear(game: Game, place: int) -> dict[str, Value]:
    return {"prices.level": 1.0} if game.decisions[place].prices.level > 1.08 else {}


def _money_for_the_awake(game: Game, place: int) -> dict[str, Value]:
    wake = game.decisions[place].wake
    return {"wake.drowsy": "none"} if wake.drowsy in ("voucher", "call") else {}


def _expensive_contacts_for_the_asleep(game: Game, place: int) -> dict[str, Value]:
    wake = game.decisions[place].wake
    return {"wake.asleep": "reminder"} if wake.asleep in ("voucher", "call") else {}


def _too_many_messages(game: Game, place: int) -> dict[str, Value]:
    messages = game.decisions[place].messages
    return {"messages.per_month": 2} if messages.kind != "none" and messages.per_month > 4 else {}


def _one_for_all(game: Game, place: int) -> dict[str, Value]:
    messages = game.decisions[place].messages
    one = messages.kind == "same for all" and messages.per_month > 0
    return {"messages.kind": "matched"} if one else {}


def _another_word(game: Game, place: int) -> dict[str, Value]:
    word, first = game.decisions[place].brand.word, game.decisions[0].brand.word
    return {"brand.word": first} if word != first else {}


def _off_the_air(game: Game, place: int) -> dict[str, Value]:
    usual = AS_BEFORE.brand.weeks
    return {"brand.weeks": usual} if game.decisions[place].brand.weeks == 0 else {}


def _in_one_burst(game: Game, place: int) -> dict[str, Value]:
    brand = game.decisions[place].brand
    return {"brand.spread": True} if 2 <= brand.weeks <= 8 and not brand.spread else {}


def _one_channel(game: Game, place: int) -> dict[str, Value]:
    spend = game.decisions[place].winning.spend
    total, usual = sum(spend.values()), AS_BEFORE.winning.spend
    if total <= 0 or max(spend.values()) <= 0.7 * total:
        return {}
    share = total / sum(usual.values())
    return {f"winning.spend.{name}": round(share * usual[name], 2) for name in CHANNELS}


def _expensive_friends(game: Game, place: int) -> dict[str, Value]:
    reward = game.decisions[place].winning.referral_reward
    return {"winning.referral_reward": 10.0} if reward > 20 else {}


def _generous_points(game: Game, place: int) -> dict[str, Value]:
    rate = game.decisions[place].programme.return_rate
    return {"programme.return_rate": 0.02} if rate > 0.05 else {}


def _bonds_for_all(game: Game, place: int) -> dict[str, Value]:
    bonds = game.decisions[place].bonds
    return {"bonds.share": 0.2} if bonds.kind != "none" and bonds.share > 0.5 else {}


def _changed_bonds(game: Game, place: int) -> dict[str, Value]:
    kinds = [one.bonds.kind for one in game.decisions[: place + 1]]
    known = [kind for kind in kinds if kind != "none"]
    odd = bool(known) and kinds[-1] not in ("none", known[0])
    return {"bonds.kind": known[0]} if odd else {}


#: In the order of the plan's file.
SLIPS = (
    Slip("the desk was too small", "60", _desk_too_small),
    Slip("the desk had more people than calls", "60", _desk_too_large),
    Slip("prices were cut, and the rival followed", "14", _price_war),
    Slip("prices were far above the rival's", "14", _too_dear),
    Slip("money for customers who would have come anyway", "33", _money_for_the_awake),
    Slip("expensive contacts for those fast asleep", "34", _expensive_contacts_for_the_asleep),
    Slip("more messages than readers bear", "61", _too_many_messages),
    Slip("one message for all", "61", _one_for_all),
    Slip("generous points", "62", _generous_points),
    Slip("bonds for all", "63", _bonds_for_all),
    Slip("a bond given up for another", "63", _changed_bonds),
    Slip("another word for the brand", "40", _another_word),
    Slip("off the air", "43", _off_the_air),
    Slip("all weeks on air in one burst", "44", _in_one_burst),
    Slip("nearly all spending in one channel", "52", _one_channel),
    Slip("an expensive reward for friends", "53", _expensive_friends),
)

labels(
    "the desk was too small",
    "the desk had more people than calls",
    "prices were cut, and the rival followed",
    "prices were far above the rival's",
    "money for customers who would have come anyway",
    "expensive contacts for those fast asleep",
    "more messages than readers bear",
    "one message for all",
    "generous points",
    "bonds for all",
    "a bond given up for another",
    "another word for the brand",
    "off the air",
    "all weeks on air in one burst",
    "nearly all spending in one channel",
    "an expensive reward for friends",
)


def slips(game: Game, *, lucks: Iterable[int] | None = None, level: float = 0.95) -> pd.DataFrame:
    """Find decisions that may have cost money, and price each by playing without it.

    Parameters
    ----------
    game
        As far as it is played.
    lucks
        Seeds of luck on which each is priced; default: the game's own and seven others.
    level
        Of the interval of the cost over lucks.

    Returns
    -------
    DataFrame
        One row for each of `SLIPS` that occurs, the most expensive first: ``slip``, ``quarters`` (in which it was made,
        such as "1, 2, 5"), ``instead`` (what would have put it right), ``cost`` (£ of value, mean over lucks: what the
        better decision would have brought more; negative where the decision was good after all), ``low``, ``high``,
        ``verdict`` (one of `VERDICTS`), ``lesson``.

    Examples
    --------
    >>> game = Game(customers=50, seed=3).run([changed(AS_BEFORE, {"prices.level": 0.8})] * 2)
    >>> slips(game, lucks=[1, 2])[["slip", "quarters", "lesson"]].values.tolist()[0][1:]
    ['1, 2', '14']
    """
    need_played(game)
    assert game.luck is not None
    seeds = [game.luck, *range(20_001, 20_008)] if lucks is None else list(lucks)
    played = {seed: _worth(game, game.decisions, seed) for seed in seeds}
    rows = []
    for slip in SLIPS:
        remedies = [slip.remedy(game, place) for place in range(game.played)]
        if not any(remedies):
            continue
        plan = [
            changed(one, remedy) if remedy else one
            for one, remedy in zip(game.decisions, remedies, strict=True)
        ]
        cost = [_worth(game, plan, seed) - played[seed] for seed in seeds]
        mean, low, high = mean_interval(cost, level=level)
        quarters = ", ".join(str(place + 1) for place, one in enumerate(remedies) if one)
        rows.append(
            (
                slip.name,
                quarters,
                _instead(remedies),
                *(round(value, 2) for value in (mean, low, high)),
                _verdict(low, high),
                slip.lesson,
            )
        )
    columns = ["slip", "quarters", "instead", "cost", "low", "high", "verdict", "lesson"]
    table = pd.DataFrame(rows, columns=columns)
    return table.sort_values("cost", ascending=False, kind="stable", ignore_index=True)


def _worth(game: Game, plan: Sequence[Decisions], seed: int) -> float:
    bills, state = run_fast(list(plan), game.states[0], game.played, seed)
    return profit(bills) + customer_equity(state)


def _in_a_file(value: Value) -> str:
    """Write a value as a plan's file has it, but for the quotes around a word."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _instead(remedies: list[dict[str, Value]]) -> str:
    """Name the levers and what they should have been, each once, the most frequent value first."""
    found: dict[str, Counter[Value]] = {}
    for remedy in remedies:
        for lever, value in remedy.items():
            found.setdefault(lever, Counter())[value] += 1
    parts = []
    for lever, values in found.items():
        shown = (_in_a_file(value) for value, _ in values.most_common(3))
        parts.append(f"{lever}: {' or '.join(shown)}")
    return "; ".join(parts)


def _verdict(low: float, high: float) -> str:
    if low > 0:
        return VERDICTS[0]
    return VERDICTS[1] if high < 0 else VERDICTS[2]


def habits(game: Game) -> pd.DataFrame:
    """List what has no price of its own, but decides how well one can decide: experiments and forecasts.

    Returns
    -------
    DataFrame
        ``habit``, ``seen`` (a sentence with its numbers), ``lesson``.
    """
    need_played(game)
    rows = []
    first: dict[str, int] = {}
    for place, one in enumerate(game.decisions):
        for section in ("wake", "messages", "programme", "bonds"):
            if getattr(one, section) != getattr(AS_BEFORE, section):
                first.setdefault(section, place)
    tried: dict[str, int] = {}
    for place, one in enumerate(game.decisions):
        for experiment in one.experiments:
            tried.setdefault(experiment.lever.partition(".")[0], place)
    untried = [name for name, place in first.items() if tried.get(name, 10**6) > place]
    if first:
        rows.append(
            (
                say("tried before it was done"),
                say(
                    "{tried} of {count} levers for single customers were tried in an experiment before they were used.",
                    tried=len(first) - len(untried),
                    count=len(first),
                ),
                "32",
            )
        )
    graded = [
        grade_forecast(one.forecast, reports)
        for one, reports in zip(game.decisions, game.reported, strict=True)
        if one.forecast
    ]
    number = sum(len(one) for one in graded)
    inside = int(np.sum([one["inside"].sum() for one in graded])) if graded else 0
    if len(graded) < ENOUGH:
        sentence = say(
            "Forecasts were stated in {count} of {played} quarters: too few to be judged.",
            count=len(graded),
            played=game.played,
        )
    else:
        sentence = say(
            "{inside} of {number} intervals held what came; at 80 % one expects {expected:.0f}.",
            inside=inside,
            number=number,
            expected=0.8 * number,
        )
    rows.append((say("forecasts"), sentence, "90"))
    return pd.DataFrame(rows, columns=["habit", "seen", "lesson"])


__all__ = ["SLIPS", "Slip", "habits", "slips"]
