"""Lesson 14, in reserve: further questions about prices."""

from __future__ import annotations

import numpy as np
import pandas as pd

from crmkit.mix import DemandCurve, value_price
from crmkit.practice.kinds import Number, Table
from crmkit.practice.question import Misconception, Question, Tables
from crmkit.practice.questions.lesson_14 import curve

PRICES = np.arange(16, 45.25, 0.25).tolist()
COSTS = [8, 12, 16]


def by_cost(data: Tables, *, markup: bool = False, share: bool = False) -> pd.DataFrame:
    """Best price for several costs of a set, by the learnt curve."""
    learnt = curve(data)
    prices = [cost * 1.3 if markup else value_price(learnt, cost, PRICES) for cost in COSTS]
    found = 100 * learnt.share(prices) if share else prices
    return pd.DataFrame({"cost": COSTS, "price": np.asarray(found, dtype=float)})


def half_buy_width(data: Tables, *, of: str = "half") -> float:
    """Difference of the price at which half buy, when asked of the first and of the later tasks."""
    choices = data.load("price_choices")
    first = choices["task"] == 1
    early, late = (DemandCurve().fit(choices[rows]).median_ for rows in (first, ~first))
    return {"half": late - early, "turned": early - late, "early": early, "late": late}[of]


QUESTIONS = [
    Question(
        id="14-b1",
        title="Does the tenth question change the answer?",
        level="change",
        goals=(2,),
        elsewhere="some of the tasks",
        prompt=(
            "Customers were asked several times (`task`). Learn one demand curve from the first task of each "
            "customer (`task` "
            "1) and one from all later tasks. By how much is the price at which half buy higher in the later ones, "
            "in "
            "{company.symbol}? (two decimals; lower: a negative number)"
        ),
        kind=Number(unit="{company.symbol}", tolerance=0.005),
        points=2,
        reference=half_buy_width,
        hints=(
            "Two curves from two parts of `price_choices`.",
            "`DemandCurve().fit(part).median_` is the price at which half buy.",
        ),
        misconceptions=(
            Misconception(
                "the other way round",
                lambda data: half_buy_width(data, of="turned"),
                "You took the first less the later. The question asks how much higher the later is.",
            ),
            Misconception(
                "only the later tasks",
                lambda data: half_buy_width(data, of="late"),
                "That is the price of the later tasks. How far is it from that of the first?",
            ),
            Misconception(
                "the first against all",
                lambda data: curve(data).median_ - half_buy_width(data, of="early"),
                "You set the first task against all of them together, the first included. Take the later ones alone.",
            ),
        ),
        right="If people learned or tired, it would show here. But one task a customer says little.",
        solution="Fit the curve to each part, and take the difference of the medians.",
        code=(
            "from crmkit.mix import DemandCurve\n"
            'choices = crmkit.load("price_choices")\n'
            'early = DemandCurve().fit(choices[choices["task"] == 1])\n'
            'late = DemandCurve().fit(choices[choices["task"] > 1])\n'
            "answer = late.median_ - early.median_"
        ),
    ),
    Question(
        id="14-b2",
        title="What a more expensive hook does to the price",
        level="explore",
        goals=(3,),
        elsewhere="other costs",
        prompt=(
            "A set may cost {company.symbol}8, {company.symbol}12 or {company.symbol}16. How many per cent of the "
            "customers buy "
            "at the price by value for each cost (the best of {company.symbol}16, {company.symbol}16.25, … "
            "{company.symbol}45 by the learnt curve)? A table with `cost` and `share`. (one decimal)"
        ),
        kind=Table(key="cost", columns={"share": 0.05}, units={"share": "%"}),
        points=3,
        reference=lambda data: by_cost(data, share=True).rename(columns={"price": "share"}),
        hints=(
            "For each cost, first the price, then the share at that price.",
            "`value_price(curve, cost, prices)` and `curve.share(price)`, a fraction.",
        ),
        misconceptions=(
            Misconception(
                "gives the prices",
                lambda data: by_cost(data).rename(columns={"price": "share"}),
                "Those are the prices. How many per cent buy at each?",
            ),
            Misconception(
                "cost-plus",
                lambda data: by_cost(data, markup=True, share=True).rename(
                    columns={"price": "share"}
                ),
                "You set the prices by a markup of 30 %. The price by value asks the curve.",
            ),
        ),
        right="A higher cost raises the price by less than the cost: some of it is paid by the margin.",
        solution="The best price for each cost, and the share of the curve at it.",
        code=(
            "import numpy as np\n"
            "from crmkit.mix import DemandCurve, value_price\n"
            'curve, prices = DemandCurve().fit(crmkit.load("price_choices")), np.arange(16, 45.25, 0.25)\n'
            "costs = [8, 12, 16]\n"
            "best = [value_price(curve, cost, prices) for cost in costs]\n"
            'answer = pd.DataFrame({"cost": costs, "share": 100 * curve.share(best)})'
        ),
    ),
]
