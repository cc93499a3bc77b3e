"""Lesson 31, in reserve: further questions about the leaky bucket."""

from __future__ import annotations

import pandas as pd

from crmkit.practice.kinds import Number, Table
from crmkit.practice.question import Misconception, Question, Tables
from crmkit.practice.questions.lesson_31 import water


def cost_by_channel(
    data: Tables, *, years: bool = False, mean: bool = False, upside_down: bool = False
) -> pd.DataFrame:
    """What one new customer cost in each channel in the last year."""
    spend, customers, year = (
        data.load("acquisition_spend"),
        data.load("customers"),
        data.company.year,
    )
    if not years:
        spend = spend[spend["month"].dt.year == year]
        customers = customers[customers["customer_since"].dt.year == year]
    paid = spend.groupby("acquisition_channel")["spend"].agg("mean" if mean else "sum")
    won = customers["acquisition_channel"].value_counts().reindex(paid.index)
    found = won / paid if upside_down else paid / won
    return found.rename("cost").reset_index()


QUESTIONS = [
    Question(
        id="31-b1",
        title="The dear door and the cheap one",
        level="fill in",
        goals=(2,),
        elsewhere="every channel",
        prompt=(
            "What did one new customer cost in {company.year}, for each channel with spending: the spending of "
            "that year over the "
            "customers who came in it? A table with `acquisition_channel` and `cost`, in {company.symbol}. (two "
            "decimals)"
        ),
        kind=Table(
            key="acquisition_channel", columns={"cost": 0.005}, units={"cost": "{company.symbol}"}
        ),
        points=2,
        reference=cost_by_channel,
        hints=(
            "Two sums by channel, of the same year: what was paid, and who came.",
            "Only channels with spending are asked for.",
        ),
        misconceptions=(
            Misconception(
                "all years",
                lambda data: cost_by_channel(data, years=True),
                "Those are all years. Keep {company.year}, in both tables.",
            ),
            Misconception(
                "a month's spending",
                lambda data: cost_by_channel(data, mean=True),
                "You divided the mean of a month by the customers of a year. Add the months up.",
            ),
            Misconception(
                "customers for a coin",
                lambda data: cost_by_channel(data, upside_down=True),
                "That is customers for each {company.symbol} spent. The question asks the other way round.",
            ),
        ),
        right="This is an average. What the next customer costs is another question, and a harder one.",
        solution="Spending and customers of the year, by channel, and one over the other.",
        code=(
            'spend, customers = crmkit.load("acquisition_spend"), crmkit.load("customers")\n'
            'channel = "acquisition_channel"\n'
            'paid = spend[spend["month"].dt.year == company.year].groupby(channel)["spend"].sum()\n'
            'new = customers[customers["customer_since"].dt.year == company.year]\n'
            'answer = (paid / new[channel].value_counts().reindex(paid.index)).rename("cost").reset_index()'
        ),
    ),
    Question(
        id="31-b2",
        title="Who wakes by himself",
        level="change",
        goals=(1,),
        elsewhere="other lines",
        prompt=(
            "Call a customer asleep from 180 days of silence (drowsy from 60, half-asleep from 120). From the end of "
            "{company.last_year} to the end of {company.year}: how many woke up for every 100 who fell asleep? "
            "Take the sums of all "
            "months. (one decimal)"
        ),
        kind=Number(unit="per 100", tolerance=0.05),
        points=2,
        reference=lambda data: (
            100 * float(water(data, 180)["woke"] / water(data, 180)["fell_asleep"])
        ),
        hints=(
            "The lesson's chain of helpers, with another line.",
            "`bucket(state_flows(states))` has columns `woke` and `fell_asleep`.",
        ),
        misconceptions=(
            Misconception(
                "asleep from 240 days",
                lambda data: (
                    100 * float(water(data, 240)["woke"] / water(data, 240)["fell_asleep"])
                ),
                "You called them asleep from 240 days. Here it is 180.",
            ),
            Misconception(
                "the other way round",
                lambda data: (
                    100 * float(water(data, 180)["fell_asleep"] / water(data, 180)["woke"])
                ),
                "Those are sleepers for every 100 who woke. The question asks the other way round.",
            ),
            Misconception(
                "for 100 new customers",
                lambda data: 100 * float(water(data, 180)["woke"] / water(data, 180)["new"]),
                "You divided by the new customers. The question divides by those who fell asleep.",
            ),
        ),
        right="They woke without anybody's help: anyone who claims them for a campaign needs a control group.",
        solution="States by month, flows, and the ratio of two sums.",
        code=(
            "from crmkit.reactivation import Thresholds, bucket, monthly_states, state_flows\n"
            "lines = Thresholds(60, 120, 180)\n"
            'states = monthly_states(crmkit.load("orders"), lines, first=company.year_ago, last=company.end)\n'
            "flows = bucket(state_flows(states))\n"
            'answer = 100 * flows["woke"].sum() / flows["fell_asleep"].sum()'
        ),
    ),
]
