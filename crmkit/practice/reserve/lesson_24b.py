"""Lesson 24b, in reserve: further questions about what a customer is worth."""

from __future__ import annotations

import pandas as pd

from crmkit.practice.kinds import Number
from crmkit.practice.question import Misconception, Question, Tables
from crmkit.practice.questions.lesson_24b import lifetime, next_purchase, usable
from crmkit.value import GammaGammaModel


def pulled(data: Tables) -> float:
    """By how much the expected value of one repeat purchase of 300 lies below 300."""
    return 300 - next_purchase(data, repeats=1)


def _all_alike(data: Tables) -> float:
    """The same with nine repeat purchases: less is pulled."""
    model = GammaGammaModel().fit(usable(data))
    seen = pd.DataFrame({"repeat_days": [9], "mean_repeat_value": [300.0]})
    return 300 - float(model.expected_value(seen).iloc[0])


def share_of_best(data: Tables, *, share: float = 0.1, column: str = "lifetime_value") -> float:
    """Per cent of the lifetime value of all that the best tenth hold."""
    people = lifetime(data, horizon=1, discount=0.10)
    values = people[column]
    return 100 * float(values.nlargest(int(len(values) * share)).sum() / values.sum())


QUESTIONS = [
    Question(
        id="24b-b1",
        title="One large order",
        level="change",
        goals=(1,),
        elsewhere="another customer",
        prompt=(
            "Fit a Gamma-Gamma model on `usable`, the customers at the end of {company.year}. Somebody has come "
            "back **once**, and "
            "spent {company.symbol}300. By how much does the model expect the next purchase to be worth **less** "
            "than "
            "{company.symbol}300, in {company.symbol}? (two decimals)"
        ),
        kind=Number(unit="{company.symbol}", tolerance=0.005),
        points=2,
        reference=pulled,
        hints=(
            "What does the model expect of a customer with one repeat purchase of 300?",
            '`pd.DataFrame({"repeat_days": [1], "mean_repeat_value": [300.0]})`, then `expected_value`.',
        ),
        misconceptions=(
            Misconception(
                "gives what is expected",
                lambda data: next_purchase(data, repeats=1),
                "That is what the next purchase is expected to be worth. How far does it lie below 300?",
            ),
            Misconception(
                "nine purchases",
                _all_alike,
                "That is for somebody with nine purchases: they say more, so the model pulls less. Here there is "
                "one.",
            ),
            Misconception(
                "two purchases",
                lambda data: 300 - next_purchase(data, repeats=2),
                "That is for two repeat purchases. Here there is one.",
            ),
        ),
        right="One order says little, so the model believes the crowd more than the order.",
        solution="The expected value for one repeat purchase of 300, taken from 300.",
        code=(
            "from crmkit.value import GammaGammaModel, customer_summary\n"
            'summary = customer_summary(crmkit.load("orders"), company.end)\n'
            'usable = summary[(summary["repeat_days"] == 0) | (summary["mean_repeat_value"] > 0)]\n'
            'seen = pd.DataFrame({"repeat_days": [1], "mean_repeat_value": [300.0]})\n'
            "answer = 300 - GammaGammaModel().fit(usable).expected_value(seen).iloc[0]"
        ),
    ),
    Question(
        id="24b-b2",
        title="In whose hands the future lies",
        level="explore",
        goals=(2,),
        prompt=(
            "Take `usable` (the end of {company.year}), MBG/NBD (unit weeks) and Gamma-Gamma fitted on it, and a "
            "lifetime value of "
            "one year at 10 % with its own margin rate. What share of the lifetime value of all do the tenth with "
            "the highest "
            "hold (`len(usable) // 10` customers), in per cent? (two decimals)"
        ),
        kind=Number(unit="%", tolerance=0.005),
        points=3,
        reference=share_of_best,
        hints=(
            "`customer_lifetime_value` as in the lesson; then the largest tenth of a column.",
            '`clv["lifetime_value"].nlargest(len(usable) // 10).sum()`, in per cent of all',
        ),
        misconceptions=(
            Misconception(
                "past turnover for the future",
                lambda data: share_of_best(data, column="turnover"),
                "That is what they have paid so far. The question asks for what is still to come.",
            ),
            Misconception(
                "a fifth",
                lambda data: share_of_best(data, share=0.2),
                "That is the best fifth. The question asks for a tenth.",
            ),
        ),
        right="Compare it with the tenth's share of the past: the future is spread by those who are still here.",
        solution="The lifetime value of each, the largest tenth, over the whole.",
        code=(
            "from crmkit.value import GammaGammaModel, ModifiedBetaGeoModel\n"
            "from crmkit.value import customer_lifetime_value, customer_summary\n"
            'summary = customer_summary(crmkit.load("orders"), company.end)\n'
            'usable = summary[(summary["repeat_days"] == 0) | (summary["mean_repeat_value"] > 0)]\n'
            'often, much = ModifiedBetaGeoModel().fit(usable, unit="W"), GammaGammaModel().fit(usable)\n'
            'rate = usable["margin"].sum() / usable["turnover"].sum()\n'
            'terms = {"horizon": 1, "unit": "Y", "discount_per_year": 0.10, "currency": company.currency}\n'
            "clv = customer_lifetime_value(often, much, usable, margin_rate=rate, **terms)\n"
            'value = clv["lifetime_value"]\n'
            "answer = 100 * value.nlargest(len(value) // 10).sum() / value.sum()"
        ),
    ),
]
