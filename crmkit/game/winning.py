"""Winning new customers: households that come by themselves, by a paid channel, or because a friend told them.

As in `crmkit.world.studies.winning`: what a channel adds grows with spending and levels off, ``gain * s / (s + half)``.
What is on record is the last click, which is not always the cause.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from crmkit.game.decisions import CHANNELS, Decisions
from crmkit.game.draws import Draws, Floats
from crmkit.game.people import company_file
from crmkit.game.rules import Rules
from crmkit.game.standing import DROWSY, WEEKS, State

#: What can bring a household, in the order of `Pull.parts`.
CAUSES = ("by themselves", *CHANNELS, "friend")
_RULE = {
    "search": "search",
    "social media": "social",
    "leaflets": "leaflets",
    "local radio": "radio",
}
#: Where a last click is put on record, as `customers` names it.
_ON_RECORD = {"search": "search", "social media": "social media", "leaflets": "advertisement"}
_ON_RECORD |= {"local radio": "advertisement"}


def talk(state: State) -> Floats:
    """How much each customer talks of us: his or her drive, less while asleep, more with trust."""
    about = company_file()["engagement"]
    drive = np.exp(about["spread"] * state.people.number("engaged"))
    deep = state.life.sleep > DROWSY
    level = (
        drive
        * (1 - about["awake"] * deep)
        * np.exp(state.rules["trust.friends"] * state.life.trust)
    )
    return np.asarray(level * (state.is_customer & ~state.life.lost))


def reward_lift(reward: Floats, rules: Rules) -> Floats:
    """What a reward adds to introductions, as a share: more and more slowly.

    Examples
    --------
    >>> reward_lift(np.array([0.0, 10.0]), Rules()).round(2).tolist()
    [0.0, 0.73]
    """
    return np.asarray(
        rules["winning.reward_lift"] * -np.expm1(-np.asarray(reward) / rules["winning.reward_half"])
    )


def channel_adds(spend: float, channel: str, households: int, rules: Rules) -> float:
    """What a channel adds in a week to those who come by themselves, as a share of them.

    Parameters
    ----------
    spend
        In pounds a quarter.
    channel
        One of `crmkit.game.decisions.CHANNELS`.
    households
        In the pool at the start.
    rules
    """
    if not households:
        return 0.0
    a_week = spend / WEEKS / (households / 1000)
    gain, half = levels_off(channel, rules)
    return gain * a_week / (a_week + half)


def levels_off(channel: str, rules: Rules) -> tuple[float, float]:
    """The most that a channel adds, and the £ a week for each 1,000 households that add half of it."""
    name = _RULE[channel]
    return rules[f"winning.{name}_gain"], rules[f"winning.{name}_half"]


def keen(state: State, source: str) -> Floats:
    """Whom a channel, or a friend, brings: those who come for one thing, likelier or not; the sum stays."""
    once = state.people.one_off
    households = len(once) - state.customers
    often = float(once[state.customers :].mean()) if households else 0.0
    k = min(state.rules[f"winning.{_RULE.get(source, source)}_once"], 1 / max(often, 1e-9))
    return np.where(once, k, (1 - often * k) / max(1 - often, 1e-9))


@dataclass(frozen=True, eq=False)
class Pull:
    """Hazard of each household to come in a week of ordinary busyness, by cause, without the brand's part.

    ``parts[cause]`` has one entry per person; ``talking`` is how much each customer talks, with the reward.
    """

    parts: npt.NDArray[np.float64]
    talking: Floats


def pull(state: State, decisions: Decisions, reward: Floats, price: Floats) -> Pull:
    """What draws households in the quarter.

    Parameters
    ----------
    state, decisions
    reward
        The referral reward that each customer is promised, in pounds.
    price
        Factor of each person for our prices beside the rival's.
    """
    rules, people = state.rules, state.people
    pool = ~state.is_customer
    households = len(people) - state.customers
    base = rules["winning.organic"] / 1000 * pool
    talking = talk(state) * (1 + reward_lift(reward, rules))
    told = float(talking.sum()) / max(state.usual_friends, 1e-9)
    parts = [base * (1 - rules["winning.friends"]) * price]
    for channel in CHANNELS:
        adds = channel_adds(decisions.winning.spend[channel], channel, households, rules)
        parts.append(base * adds * price * keen(state, channel))
    parts.append(base * rules["winning.friends"] * told * keen(state, "friend"))
    return Pull(np.array(parts), talking)


def on_record(
    cause: npt.NDArray[np.int64], decisions: Decisions, person: npt.NDArray[np.int64], luck: Draws
) -> npt.NDArray[np.int64]:
    """The acquisition channel on record for newcomers, as a position in the company's list.

    Friends are noted; of the others the last click counts, and the rest are taken for visits to the shop. Nobody can
    click on a channel that is off.
    """
    channels = list(company_file()["people"]["acquisition"]["person"])
    clicks = company_file()["winning"]["last_click"]
    u = luck.uniform("winning.click", person)
    record = np.full(len(cause), channels.index("shop visit"))
    for place, name in enumerate(CAUSES):
        mine = cause == place
        if name == "friend":
            known = u >= company_file()["referral"]["no_name"]
            record[mine & known] = channels.index("friend")
            continue
        low = 0.0
        for channel, share in clicks[name].items():
            if decisions.winning.spend[channel] > 0:
                record[mine & (low <= u) & (u < low + share)] = channels.index(_ON_RECORD[channel])
            low += share
    return record


def inviters(talking: Floats, number: npt.NDArray[np.int64], luck: Draws) -> npt.NDArray[np.int64]:
    """Who told each newcomer that a friend brought, as positions of persons; in proportion to how much they talk."""
    ends = np.cumsum(talking)
    if not len(number) or ends[-1] <= 0:
        return np.full(len(number), -1)
    place = np.searchsorted(ends, luck.uniform("winning.friend", number) * ends[-1], side="right")
    return np.minimum(place, len(talking) - 1)
