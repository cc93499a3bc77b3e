"""Lesson 31: flows between states, and what it costs to refill a leaking bucket."""

from __future__ import annotations

import pandas as pd

from crmkit.practice.kinds import Number, Plan, Table
from crmkit.practice.question import Misconception, Option, Question, QuizQuestion, Tables
from crmkit.reactivation import Thresholds, bucket, monthly_states, state_flows

TITLE = "The leaky bucket"


def water(data: Tables, asleep: int = 240) -> pd.Series:
    """Sum the flows of the last year, with customers asleep from so many days of silence."""
    rule = Thresholds(60, 120, asleep)
    states = monthly_states(
        data.load("orders"), rule, first=data.company.year_ago, last=data.company.end
    )
    return bucket(state_flows(states))[["new", "woke", "fell_asleep", "net"]].sum()


def per_hundred(data: Tables, how: str = "effect") -> pd.DataFrame:
    """Extra returns per 100 of money of contacts, by offer."""
    rate = 100 * data.load("wake_up_test").groupby("arm")["returned_60d"].mean()
    cost = data.load("offers").set_index("offer")["cost"].drop("control")
    rate, control = rate.reindex(cost.index), rate["control"]
    value = {
        "effect": (rate - control) / cost,
        "all returners": rate / cost,
        "no cost": rate - control,
        "relative": 100 * (rate - control) / control / cost,
        "one": (rate - control) / cost / 100,
    }[how]
    return value.rename("extra_per_100").rename_axis("offer").reset_index()


QUESTIONS = [
    Question(
        id="31-1",
        title="What does an advertisement's customer cost?",
        level="fill in",
        prompt=(
            "What did one new customer who came through advertisement in {company.year} cost: spending of that year "
            "over customers of "
            "that year? Two decimals."
        ),
        kind=Number(unit="{company.symbol}", tolerance=0.005),
        points=1,
        reference=lambda data: _cost(data),
        hints=(
            "Money spent, divided by customers won: both for this one channel, and both for this one year.",
            "`acquisition_spend` has the money by month and channel; `customers` says what brought each one "
            "in, and when.",
            '`spend["month"].dt.year == {company.year}`, and likewise `customers["customer_since"]`.',
        ),
        misconceptions=(
            Misconception(
                "averages over all channels",
                lambda data: _cost(data, channel=None),
                "That is the average over all channels. A passer-by costs little and lowers it: keep one channel.",
            ),
            Misconception(
                "takes all three years",
                lambda data: _cost(data, whole=True),
                "That is the price over three years. The question asks for {company.year}: in both tables.",
            ),
            Misconception(
                "divides by the channel's customers of all years",
                lambda data: _cost(data) * _won(data) / _won(data, whole=True),
                "You divided the money of one year by the customers of three. Which of them joined in {company.year}?",
            ),
        ),
        starter='paid = spend[(spend["acquisition_channel"] == ____) & (spend["month"].dt.year == company.year)]',
        solution="Spending of the channel in {company.year} over customers of the channel who joined in "
        "{company.year}.",
        code=(
            'channel, spend, customers = "advertisement", crmkit.load("acquisition_spend"), '
            'crmkit.load("customers")\n'
            'paid = spend[(spend["acquisition_channel"] == channel) & (spend["month"].dt.year == company.year)]\n'
            'won = customers[(customers["acquisition_channel"] == channel) & '
            '(customers["customer_since"].dt.year == company.year)]\n'
            'answer = paid["spend"].sum() / len(won)'
        ),
    ),
    Question(
        id="31-2",
        title="The leak with other lines",
        level="change",
        prompt=(
            "Call a customer asleep from 240 days of silence (drowsy from 60, half-asleep from 120). From "
            "the end of {company.last_year} to the "
            "end of {company.year}: how many fell asleep for every 100 new customers?"
        ),
        kind=Number(unit="customers", tolerance=0.05),
        points=2,
        reference=lambda data: 100 * water(data)["fell_asleep"] / water(data)["new"],
        hints=(
            "As in the lesson, with other lines and other months.",
            "`monthly_states(orders, Thresholds(60, 120, 240), first=company.year_ago, last=company.end)`",
            "`bucket(state_flows(states))` has the columns `fell_asleep` and `new`: sum both, then divide.",
        ),
        misconceptions=(
            Misconception(
                "takes the wakers off",
                lambda data: (
                    100 * (water(data)["fell_asleep"] - water(data)["woke"]) / water(data)["new"]
                ),
                "You took off those who woke again. That is the net leak; the question asks how many fell asleep.",
            ),
            Misconception(
                "counts the wakers",
                lambda data: 100 * water(data)["woke"] / water(data)["new"],
                "Those woke up. The question asks for the way down.",
            ),
            Misconception(
                "turns the ratio round",
                lambda data: 100 * water(data)["new"] / water(data)["fell_asleep"],
                "Those are the new customers per 100 who fell asleep: upside down.",
            ),
            Misconception(
                "draws the line at 120 days",
                lambda data: 100 * water(data, 120)["fell_asleep"] / water(data, 120)["new"],
                "You counted who became half-asleep or worse. Asleep begins at 240 days here.",
            ),
        ),
        starter=(
            "states = monthly_states(\n"
            "    orders, Thresholds(____, ____, ____), first=company.year_ago, last=company.end\n"
            ")"
        ),
        solution="States at each month's end with these lines, their flows, and the two sums.",
        code=(
            "from crmkit.reactivation import Thresholds, bucket, monthly_states, state_flows\n"
            'states = monthly_states(crmkit.load("orders"), Thresholds(60, 120, 240), first=company.year_ago, '
            "last=company.end)\n"
            "flows = bucket(state_flows(states))\n"
            'answer = 100 * flows["fell_asleep"].sum() / flows["new"].sum()'
        ),
    ),
    Question(
        id="31-3",
        title="What {company.symbol}100 bring back",
        level="explore",
        prompt=(
            "For each `offer` of the January test: how many extra returns (`extra_per_100`) does it bring "
            "per {company.symbol}100 spent on "
            "contacts, compared with the control group, all states together? It may be negative."
        ),
        kind=Table(
            key="offer", columns={"extra_per_100": 0.05}, units={"extra_per_100": "returns"}
        ),
        points=3,
        reference=per_hundred,
        hints=(
            "Extra returns per contact first, then how many contacts {company.symbol}100 buys.",
            "Extra = share returned in the arm less share returned in the control group.",
            "`100 * (rate - rate['control']) / cost`, with `cost` from the table `offers`.",
        ),
        misconceptions=(
            Misconception(
                "counts every returner as won",
                lambda data: per_hundred(data, "all returners"),
                "You counted everybody who returned. Some would have returned without a contact: which group "
                "tells you how many?",
            ),
            Misconception(
                "forgets the cost",
                lambda data: per_hundred(data, "no cost"),
                "Those are extra returns per 100 contacts. How many contacts do {company.symbol}100 buy of each offer?",
            ),
            Misconception(
                "gives returns for one and not for a hundred",
                lambda data: per_hundred(data, "one"),
                "Those are extra returns for one {company.coin}. The question asks for {company.symbol}100.",
            ),
            Misconception(
                "gives the relative rise",
                lambda data: per_hundred(data, "relative"),
                "You divided by the control group's share. Count returns, not a rise in per cent.",
            ),
        ),
        starter=(
            'rate = test.groupby("arm")["returned_60d"].mean()\nextra = rate.drop("control") - ____'
        ),
        solution="Difference to the control group, divided by the price of a contact, times 100.",
        code=(
            'rate = crmkit.load("wake_up_test").groupby("arm")["returned_60d"].mean()\n'
            'cost = crmkit.load("offers").set_index("offer")["cost"].drop("control")\n'
            'extra = 100 * (rate.drop("control") - rate["control"]) / cost\n'
            'answer = extra.rename("extra_per_100").rename_axis("offer").reset_index()'
        ),
    ),
    Question(
        id="31-4",
        title="Ten times dearer?",
        level="decide",
        prompt=(
            'A consultant writes: "Winning a customer costs ten times as much as keeping one, so move the '
            "whole acquisition "
            'budget to reactivation." What do you answer?'
        ),
        kind=Plan(
            rubric={
                "asks for both prices, at this company": 1,
                "says that the cost of one woken needs a control group": 1,
                "sees that the ratio differs by offer and channel": 1,
                "sees the limit (only so many sleepers; the bucket needs new water)": 1,
            },
            model=(
                "The ten is a ratio of two prices, and I can only see one of them in the slide. A new "
                "customer costs us between eleven "
                "{company.coins} and well over a hundred, by channel. What one woken customer costs depends on how "
                "many come because of the contact: "
                "in our own test, with a control group, that makes our cheapest offers cheaper than winning "
                "and a call dearer. And there are only so many "
                "sleepers: without new customers the bucket runs dry. I would move money from the dearest "
                "channel to reminders, on half of the sleepers by lot, "
                "and decide about the rest when we have counted."
            ),
            minimum_words=40,
        ),
        points=4,
        hints=(
            "Which two numbers make the ten?",
            "Does the ratio hold for every offer and every channel?",
            "What happens to the bucket when nobody new comes?",
        ),
    ),
]


def _won(data: Tables, channel: str | None = "advertisement", whole: bool = False) -> int:
    customers = data.load("customers")
    keep = customers["acquisition_channel"].eq(channel) | (channel is None)
    return int((keep & (customers["customer_since"].dt.year.eq(data.company.year) | whole)).sum())


def _cost(data: Tables, channel: str | None = "advertisement", whole: bool = False) -> float:
    spend = data.load("acquisition_spend")
    keep = spend["acquisition_channel"].eq(channel) | (channel is None)
    keep &= spend["month"].dt.year.eq(data.company.year) | whole
    return float(spend.loc[keep, "spend"].sum() / _won(data, channel, whole))


QUIZ = [
    QuizQuestion(
        "The number of customers has been level for a year. What do you know about the flows?",
        [
            Option(
                "Nobody leaves", "As many leave as come; how many that is, a level does not say."
            ),
            Option("As many run in as run out", "And what runs in has been paid for.", right=True),
            Option(
                "The acquisition budget is too small",
                "That does not follow: the hole may be too large.",
            ),
        ],
    ),
    QuizQuestion(
        "A contact costs {company.symbol}1 and one customer in a hundred comes because of it. What does one "
        "woken customer cost?",
        [
            Option(
                "{company.symbol}1", "That is one contact. Ninety-nine others were paid for too."
            ),
            Option("{company.symbol}100", "A hundred contacts for one customer.", right=True),
            Option("{company.symbol}0.01", "You multiplied; the cost is divided by the share."),
        ],
    ),
    QuizQuestion(
        '"Introductions close at over 80 %." What would you need, to test it?',
        [
            Option("The customers who came through a friend", "Those are the successes only."),
            Option(
                "All introductions, also those that came to nothing",
                "A rate needs its failures.",
                right=True,
            ),
            Option(
                "A survey of what customers would do",
                "What people say they would do is another number.",
            ),
        ],
    ),
]
