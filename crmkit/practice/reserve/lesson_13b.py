"""Lesson 13b, in reserve: further questions about what the offer earns."""

from __future__ import annotations

import pandas as pd

from crmkit.mix import choice_shares, simulate_offers
from crmkit.practice.kinds import Number, Table
from crmkit.practice.question import Misconception, Question, Tables
from crmkit.practice.questions.lesson_13b import TRUTH, true_market

_MARKET = (
    "from crmkit.mix import Market, {names}\n"
    "market = Market.from_tables(\n"
    '    crmkit.load_truth("needs"), crmkit.load_truth("set_value"), crmkit.load_truth("lever_effects"),\n'
    '    crmkit.load("levers"), crmkit.load_truth("customers"))\n'
    'offers = crmkit.load("market_offers")\n'
)


def refusals(data: Tables, *, of: str = "refuse") -> pd.DataFrame:
    """Per cent of the buyers who would never take each offer (or who take it now)."""
    market, offers = true_market(data), data.load("market_offers")
    chances = choice_shares(market, offers)
    found = {
        "refuse": (chances == 0).mean(axis=0),
        "take": chances.mean(axis=0),
        "not take": 1 - chances.mean(axis=0),
    }[of]
    return pd.DataFrame({"offer": offers["offer"], "refuse": 100 * found[: len(offers)]})


def cheaper(data: Tables, less: float = 2.0, delivery: int = 5, *, column: str = "profit") -> float:
    """By how much our figure of a year changes with a lower price and faster delivery."""
    market, offers = true_market(data), data.load("market_offers")
    before = simulate_offers(market, offers)[column].iloc[0]
    offers.loc[0, "price"] -= less
    offers.loc[0, "delivery"] = delivery
    return float(simulate_offers(market, offers)[column].iloc[0] - before)


QUESTIONS = [
    Question(
        id="13b-b1",
        title="Who would never take it",
        level="change",
        goals=(2,),
        truth=TRUTH,
        prompt=(
            "How many per cent of the buyers **refuse** each of the offers: a missed must-have gives it the chance "
            "0, whatever "
            "else is on the shelf? A table with `offer` and `refuse`. (two decimals)"
        ),
        kind=Table(key="offer", columns={"refuse": 0.005}, units={"refuse": "%"}),
        points=2,
        reference=refusals,
        hints=(
            "`choice_shares(market, offers)` has a row for each buyer and a column for each offer.",
            "`(chances == 0).mean(axis=0)`; the columns come in the order of the offers.",
        ),
        misconceptions=(
            Misconception(
                "those who take it",
                lambda data: refusals(data, of="take"),
                "Those take it. Who could never take it?",
            ),
            Misconception(
                "those who do not take it",
                lambda data: refusals(data, of="not take"),
                "Those do not take it today; many of them might. A refusal is a chance of exactly 0.",
            ),
        ),
        right="Such a buyer is no matter of price: no discount makes a missed must-have good.",
        solution="The chance of each buyer and offer, and the share of chances that are 0.",
        code=_MARKET.format(names="choice_shares")
        + "chances = choice_shares(market, offers)[:, : len(offers)]\n"
        'answer = pd.DataFrame({"offer": offers["offer"], "refuse": 100 * (chances == 0).mean(axis=0)})',
    ),
    Question(
        id="13b-b2",
        title="Cheaper and faster",
        level="explore",
        goals=(1,),
        elsewhere="another offer",
        truth=TRUTH,
        prompt=(
            "{company.name} lowers the price of its set by {company.symbol}2 **and** lifts its delivery to level "
            "5. By how much "
            "does its profit a year change in the true market, in {company.symbol}, with the rivals as they are? "
            "(a fall is a "
            "negative number)"
        ),
        kind=Number(unit="{company.symbol}", tolerance=1),
        points=3,
        reference=cheaper,
        hints=(
            "Simulate the offers as they are, and as they would be.",
            'Row 0 is ours. `simulate_offers(market, offers)["profit"].iloc[0]`, twice.',
        ),
        misconceptions=(
            Misconception(
                "only the price",
                lambda data: cheaper(data, 2.0, int(data.load("market_offers").loc[0, "delivery"])),
                "That is the lower price alone. The delivery is lifted too.",
            ),
            Misconception(
                "only the delivery",
                lambda data: cheaper(data, 0.0),
                "That is the faster delivery alone. The price falls too.",
            ),
            Misconception(
                "the profit after it",
                lambda data: (
                    cheaper(data)
                    + float(
                        simulate_offers(true_market(data), data.load("market_offers"))[
                            "profit"
                        ].iloc[0]
                    )
                ),
                "That is the profit with the new set. By how much does it differ from today's?",
            ),
        ),
        right="Two changes at once have one result: simulate them together, never add them up.",
        solution="Simulate twice, and take the difference of our profit.",
        code=_MARKET.format(names="simulate_offers") + "changed = offers.copy()\n"
        'changed.loc[0, "price"] -= 2\n'
        'changed.loc[0, "delivery"] = 5\n'
        'now, then = (simulate_offers(market, shelf)["profit"].iloc[0] for shelf in (offers, changed))\n'
        "answer = then - now",
    ),
]
