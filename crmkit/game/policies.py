"""Rivals that play by rule: nobody, the spender, the discounter, this course's book, and one who knows the truth.

Each is a `crmkit.game.play.Policy`: a function of what a player sees. Only the last is shown the truth, and decides by
it (`crmkit.game.truth`); the others know what any player can know.

The book
    by_the_book does what the lessons say: answers come before campaigns (61, 66), customers are woken where waking pays
    and with a small arm held back to see it (30 to 33), the best are bound and the rest are left alone (63), points are
    not given to those who buy anyway (62), advertising is spread over the weeks and speaks of the situation in which
    much is bought and little is thought of us (43, 44), money goes to channels by what they add, not by the last click
    (52), and prices stay where customers' value puts them (10, 11).
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import numpy as np
import pandas as pd

from crmkit.errors import CrmkitError
from crmkit.game.decisions import AS_BEFORE, Decisions, Experiment, Value, changed
from crmkit.game.play import Policy, Seen
from crmkit.game.truth import decide
from crmkit.inference import mean_difference

#: Money and people of a plan are for 2,000 customers at the start; other sizes scale the money.
USUAL_SIZE = 2000


def scaled(changes: Mapping[str, Value], customers: int) -> dict[str, Value]:
    """Scale a plan's money for channels, and people asked, to a company of another size.

    Agents stay: they are shared with other callers, and their cost is scaled by the rules.

    Examples
    --------
    >>> scaled({"winning.spend.search": 1200.0, "service.agents": 3}, 1000)
    {'winning.spend.search': 600.0, 'service.agents': 3}
    """
    part = customers / USUAL_SIZE
    result: dict[str, Value] = {}
    for lever, value in changes.items():
        if lever.startswith("winning.spend.") and not isinstance(value, str):
            result[lever] = round(float(value) * part, 2)
        elif lever in ("research.survey", "research.tracker") and not isinstance(value, str):
            result[lever] = round(int(value) * part)
        else:
            result[lever] = value
    return result


def as_before(customers: int) -> Decisions:
    """Give what Fernwell did before the game, with its spending scaled to the size of the company."""
    spend = {f"winning.spend.{name}": pounds for name, pounds in AS_BEFORE.winning.spend.items()}
    return changed(AS_BEFORE, scaled(spend, customers))


def plan_of(changes: Mapping[str, Value], customers: int) -> Decisions:
    """Give `as_before` with some levers changed, scaled alike."""
    return changed(as_before(customers), scaled(changes, customers))


def _nobody(seen: Seen) -> Decisions:
    return as_before(seen.customers)


_SPENDER: Mapping[str, Value] = MappingProxyType(
    {
        "service.agents": 5,
        "service.hours": "always",
        "wake.drowsy": "reminder",
        "wake.half_asleep": "voucher",
        "wake.asleep": "voucher",
        "messages.kind": "matched",
        "messages.per_month": 3,
        "programme.return_rate": 0.05,
        "programme.tiers": True,
        "bonds.kind": "social",
        "bonds.share": 0.4,
        "brand.weeks": 13,
        "winning.spend.search": 3600.0,
        "winning.spend.social media": 1500.0,
        "winning.spend.leaflets": 1650.0,
        "winning.spend.local radio": 1200.0,
        "winning.referral_reward": 20.0,
        "research.survey": 400,
        "research.tracker": 400,
        "research.panel": True,
    }
)
_DISCOUNTER: Mapping[str, Value] = MappingProxyType(
    {
        "prices.level": 0.9,
        "wake.half_asleep": "voucher",
        "wake.asleep": "voucher",
        "bonds.kind": "financial",
        "bonds.share": 0.2,
        "brand.word": "cheapest",
    }
)


def _spender(seen: Seen) -> Decisions:
    return plan_of(_SPENDER, seen.customers)


def _discounter(seen: Seen) -> Decisions:
    return plan_of(_DISCOUNTER, seen.customers)


# ---------------------------------------------------------------------------------------------------------- the book
#: Interviews of the one tracker that the book buys, and share of customers held back from a campaign.
_TRACKER, _HELD_BACK = 300, 0.1
#: Share of contacts without an answer, above which an agent is added, and below which one is too many.
_TOO_MANY, _FEW = 0.12, 0.02


def _by_the_book(seen: Seen) -> Decisions:
    changes: dict[str, Value] = {
        "service.agents": _agents(seen),
        "service.first": "best customers",
        "wake.half_asleep": "call",
        "wake.most_contacts": 6,
        "messages.kind": "matched",
        "messages.per_month": 1,
        "bonds.kind": "structural",
        "bonds.share": 0.12,
        "brand.spread": True,
        "brand.word": best_word(seen.reports),
        "winning.spend.search": 900.0,
        "winning.spend.social media": 400.0,
        "winning.spend.leaflets": 1100.0,
        "winning.spend.local radio": 600.0,
        "winning.referral_reward": 5.0,
        "research.tracker": _TRACKER if seen.quarter == 1 else 0,
    }
    decisions = plan_of(changes, seen.customers)
    held = Experiment("call or none", "wake.half_asleep", "none", "call", _HELD_BACK)
    if seen.quarter <= 4 and not _harmful(seen.reports, held.name):
        return Decisions(**{**vars(decisions), "experiments": (held,)})
    if _harmful(seen.reports, held.name):
        return changed(decisions, {"wake.half_asleep": "none"})
    return decisions


def _agents(seen: Seen) -> int:
    """As many agents as keep waiting short: one more where too many gave up, one fewer where hardly any did."""
    if not seen.decisions:
        return 3
    agents = seen.decisions[-1].service.agents
    desk = seen.reports["desk"].iloc[-1]
    share = float(desk["gave_up"]) / max(float(desk["contacts"]), 1.0)
    return min(max(agents + (share > _TOO_MANY) - (share < _FEW), 1), 40)


def best_word(reports: Mapping[str, pd.DataFrame], *, usual: str = AS_BEFORE.brand.word) -> str:
    """Choose the word whose buyers spend much and of whom few think of us: where one link more is worth most.

    Parameters
    ----------
    reports
        With ``tracker_answers`` (``brand``, ``links``) and ``brand_words`` (``letter``, ``word``, ``yearly_value``);
        without them it stays with `usual`.
    usual
        The word until something is known.

    Returns
    -------
    str
        The word with the largest value * (1 - our share of its links) / all its links.

    Examples
    --------
    >>> words = pd.DataFrame({"letter": ["A", "B"], "word": ["paint", "drill"], "yearly_value": [10, 10]})
    >>> answers = pd.DataFrame({"brand": ["Fernwell", "Toolmere", "Toolmere"], "links": ["A", "AB", "B"]})
    >>> best_word({"tracker_answers": answers, "brand_words": words})
    'drill'
    """
    if "tracker_answers" not in reports or "brand_words" not in reports:
        return usual
    words, answers = reports["brand_words"], reports["tracker_answers"]
    ours = answers["brand"] == "Fernwell"
    links = answers["links"].fillna("")
    worth = []
    for row in words.itertuples():
        named = links.str.contains(str(row.letter), regex=False)
        # One more for everybody: a word that nobody named is no certain bargain.
        everyone, own = 1 + int(named.sum()), int((named & ours).sum())
        worth.append(float(row.yearly_value) * (1 - own / everyone) / everyone)
    return str(words["word"].iloc[int(np.argmax(worth))])


def _harmful(reports: Mapping[str, pd.DataFrame], name: str) -> bool:
    """Tell whether an experiment so far says that the treatment earns less, beyond doubt."""
    if "trials" not in reports:
        return False
    trial = reports["trials"]
    trial = trial[(trial["experiment"] == name) & (trial["state"] == "half-asleep")]
    arms = [
        trial.loc[trial["arm"] == arm, "margin"].to_numpy(dtype=float)
        for arm in ("treatment", "control")
    ]
    if min(len(values) for values in arms) < 30:
        return False
    return mean_difference(*arms).high < 0


# --------------------------------------------------------------------------------------------------------- the truth
def _knows_the_truth(seen: Seen) -> Decisions:
    if seen.state is None:
        raise CrmkitError(
            "This rival decides by the truth, and was given none: let a Game play it, or give Seen its state."
        )
    return plan_of(decide(seen.state), seen.customers)


nobody = Policy("nobody", _nobody, needs_reports=False)
spender = Policy("spender", _spender, needs_reports=False)
discounter = Policy("discounter", _discounter, needs_reports=False)
by_the_book = Policy("by the book", _by_the_book)
knows_the_truth = Policy(
    "knows the truth", _knows_the_truth, knows_the_truth=True, needs_reports=False
)
#: By name, in the order in which they are usually told of.
POLICIES = MappingProxyType(
    {one.name: one for one in (nobody, spender, discounter, by_the_book, knows_the_truth)}
)
