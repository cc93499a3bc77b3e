"""Lesson 31: flows between states, and what it costs to refill a leaking bucket."""

from __future__ import annotations

import pandas as pd

from crmkit.practice.kinds import Number, Plan, Table
from crmkit.practice.question import (
    Misconception,
    Option,
    Prediction,
    Question,
    QuizQuestion,
    Tables,
)
from crmkit.reactivation import (
    Thresholds,
    break_even,
    bucket,
    cost_of_one,
    effect_table,
    first_margin,
    monthly_states,
    purchase_gaps,
    refill,
    return_curve,
    state_flows,
    thresholds_by_return,
)

TITLE = "The leaky bucket"


def monthly(data: Tables, asleep: int = 240, *, since: str = "") -> pd.DataFrame:
    """Give the bucket by month, with customers asleep from so many days of silence."""
    rule = Thresholds(60, 120, asleep)
    first = since or data.company.year_ago
    states = monthly_states(data.load("orders"), rule, first=first, last=data.company.end)
    return bucket(state_flows(states))


def water(data: Tables, asleep: int = 240, *, since: str = "") -> pd.Series:
    """Sum the flows of the last year, with customers asleep from so many days of silence."""
    return monthly(data, asleep, since=since)[["new", "woke", "fell_asleep", "net"]].sum()


def mean_of_months(data: Tables) -> float:
    """Give the mean of the monthly ratios, which is not the ratio of the sums."""
    months = monthly(data)
    months = months[months["new"] > 0]
    return float((100 * months["fell_asleep"] / months["new"]).mean())


def asleep_per_100_new(data: Tables) -> float:
    """Give what the lesson finds: those who fell asleep for every 100 new customers in two years."""
    orders, about = data.load("orders"), data.company
    lines = thresholds_by_return(return_curve(purchase_gaps(orders, about.end), 75, draws=0))
    states = monthly_states(orders, lines, first=f"{about.last_year}-01-01", last=about.end)
    total = bucket(state_flows(states))[["new", "fell_asleep"]].sum()
    return float(100 * total["fell_asleep"] / total["new"])


def ten_times_dearer(data: Tables) -> int:
    """Count the offers for which winning is at least ten times as expensive as waking."""
    one = cost_of_one(data.load("acquisition_spend"), data.load("customers"))["cost_of_one"].iloc[0]
    effect = effect_table(data.load("wake_up_test")).set_index("arm")["effect"]
    cost = data.load("offers").set_index("offer")["cost"].reindex(effect.index)
    return int((one * effect / cost >= 10).sum())


def replaced(data: Tables, what: str = "share") -> float:
    """Say what Beanline's leak takes of its new customers in the last year, in per cent."""
    coffee = data.other("beanline")
    rule = Thresholds(40, 80, 140)
    states = monthly_states(
        coffee.load("orders"), rule, first=coffee.company.year_ago, last=coffee.company.end
    )
    flow = bucket(state_flows(states))
    if what == "share":
        return 100 * refill(flow, 1.0)["share"]
    total = flow[["new", "woke", "fell_asleep"]].sum()
    return float(100 * total[what] / total["new"])


def figures_of_the_answer(data: Tables) -> dict[str, str]:
    """Give the prices that a good answer names, from the learner's own tables."""
    spend, customers = data.load("acquisition_spend"), data.load("customers")
    by_channel = cost_of_one(spend, customers, by="acquisition_channel")["cost_of_one"]
    one = cost_of_one(spend, customers)["cost_of_one"].iloc[0]
    effect = effect_table(data.load("wake_up_test")).set_index("arm")["effect"]
    cost = data.load("offers").set_index("offer")["cost"]
    times = one * effect / cost.reindex(effect.index)
    money = data.company.money
    return {
        "least": money(by_channel.min()),
        "most": money(by_channel.max()),
        "call": f"{times['personal call']:.1f}",
        "voucher": f"{times['discount']:.1f}",
    }


def needed(data: Tables, *, channel: str | None = "advertisement") -> float:
    """Give the break-even share of a parcel against advertisement, in percentage points."""
    worth = first_margin(data.load("orders"), data.load("customers"), 120, as_of=data.company.end)
    found = break_even(_cost(data, channel), worth, 15, 90, 0.05)["break_even_uplift"]
    return 100 * float(found)


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


PREDICTIONS = [
    Prediction(
        id="31-a",
        prompt=(
            "The number of customers who are not asleep rose over these two years. For every 100 new customers: "
            "how many "
            "customers fell asleep?"
        ),
        kind=Number(unit="customers", tolerance=10),
        answer=asleep_per_100_new,
        why=(
            "Most people guess far below 100, because the level rises. But those who wake by themselves fill the "
            "bucket "
            "too, and nobody sees them in a stock."
        ),
    ),
    Prediction(
        id="31-b",
        prompt=(
            "A reminder or a voucher costs {company.symbol}0.60 a contact, a brochure {company.symbol}1.50, a "
            "personal call {company.symbol}7. For how many of these four offers is winning one customer at least ten "
            "times as expensive as waking one?"
        ),
        kind=Number(unit="of 4 offers", tolerance=0),
        answer=ten_times_dearer,
        why=(
            "A contact is cheap, but it is paid for everybody who is contacted, and only a few of them come because of "
            "it. That makes one woken customer expensive."
        ),
    ),
]

QUESTIONS = [
    Question(
        id="31-1",
        title="What does an advertisement's customer cost?",
        level="fill in",
        goals=(3,),
        right=(
            "It is the price of the channel that counts for a decision: the average over all channels is far from "
            "it."
        ),
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
            '`spend["month"].dt.year == {company.year}`, and the same with `customers["customer_since"]`.',
        ),
        misconceptions=(
            Misconception(
                "averages over all channels",
                lambda data: _cost(data, channel=None),
                "That is the average over all channels. A passer-by costs little and lowers it: keep one channel.",
            ),
            Misconception(
                "takes the year before",
                lambda data: _cost(data, year=data.company.last_year),
                "That is the price of {company.last_year}. The question asks for {company.year}: in both tables.",
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
        goals=(1,),
        right="Other lines, another leak: compare months with each other, and never two buckets with different lines.",
        prompt=(
            "Call a customer asleep from 240 days of silence (drowsy from 60, half-asleep from 120). From "
            "the end of {company.last_year} to the "
            "end of {company.year}: how many fell asleep for every 100 new customers? Take the sums of all "
            "months. One decimal."
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
                "averages the months' ratios",
                mean_of_months,
                "You divided month by month and took the mean. A small month then counts as much as a large one: "
                "divide "
                "the sums.",
            ),
            Misconception(
                "takes the lesson's two years",
                lambda data: (
                    100
                    * water(data, since=f"{data.company.last_year}-01-01")["fell_asleep"]
                    / water(data, since=f"{data.company.last_year}-01-01")["new"]
                ),
                "Those are the two years of the lesson. The question asks for {company.year} alone.",
            ),
            Misconception(
                "counts those who woke",
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
        id="31-5",
        title="From which share on?",
        level="change",
        goals=(4,),
        right="A test has to show that much before the money moves: if its interval holds this number, it cannot tell.",
        prompt=(
            "A parcel of samples for a sleeper costs {company.symbol}15, and a woken customer brings "
            "{company.symbol}90 "
            "of margin in 120 days. A new customer from advertisement costs what you found in 31-1 and brings "
            "what new customers "
            "bring in 120 days (`first_margin`). From which share of contacted customers who return *because of* the "
            "parcel, in percentage points, does waking bring as much per {company.coin}? Three decimals."
        ),
        kind=Number(unit="percentage points", tolerance=0.0005),
        points=2,
        reference=needed,
        hints=(
            "At break-even a {company.coin} brings the same margin in both uses.",
            "Winning brings margin / cost per {company.coin}; waking brings share x 90 / 15.",
            "`first_margin(orders, customers, days=120, as_of=company.end)`",
            '`break_even(30, 100, 15, 90, 0.05)["break_even_uplift"]`, with your two numbers in place of 30 and 100. '
            "The uplift that you put in last does not matter for it.",
        ),
        misconceptions=(
            Misconception(
                "takes the average price of all channels",
                lambda data: needed(data, channel=None),
                "You took the average price of a new customer. The question asks about advertisement.",
            ),
            Misconception(
                "asks only that the parcel pays for itself",
                lambda data: 100 * 15 / 90,
                "From that share on the parcel pays its own cost. It must bring as much as winning does: how much is "
                "that per {company.coin}?",
            ),
            Misconception(
                "compares the costs without the margins",
                lambda data: 100 * 15 / _cost(data),
                "From that share on a woken customer costs as much as a new one. But the two do not bring the same "
                "margin.",
            ),
        ),
        starter="worth = first_margin(orders, customers, days=____, as_of=company.end)",
        solution="The margin per unit of money in both uses, set equal: margin / cost = share x 90 / 15.",
        code=(
            "from crmkit.reactivation import break_even, first_margin\n"
            'spend, customers = crmkit.load("acquisition_spend"), crmkit.load("customers")\n'
            'channel, year = "acquisition_channel", company.year\n'
            'paid = spend[(spend[channel] == "advertisement") & (spend["month"].dt.year == year)]["spend"].sum()\n'
            'won = (customers[channel] == "advertisement") & (customers["customer_since"].dt.year == year)\n'
            'worth = first_margin(crmkit.load("orders"), customers, days=120, as_of=company.end)\n'
            'answer = 100 * break_even(paid / won.sum(), worth, 15, 90, 0.05)["break_even_uplift"]'
        ),
    ),
    Question(
        id="31-3",
        title="What {company.symbol}100 bring back",
        level="explore",
        goals=(3,),
        right="So many returns were caused by the money. Each of these numbers has an interval, and most are wide.",
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
        id="31-6",
        title="Beanline's leak",
        level="explore",
        goals=(1, 2),
        elsewhere="beanline",
        right="So much of what Beanline pays for new customers buys no growth at all.",
        prompt=(
            "The coffee merchant Beanline calls a customer drowsy from 40, half-asleep from 80 and asleep from "
            "140 days of "
            "silence. From the end of {company.last_year} to the end of {company.year}: which share of its new "
            "customers, "
            "in per cent, only replaced those who fell asleep and did not wake? One decimal."
        ),
        kind=Number(unit="%", tolerance=0.05),
        points=3,
        reference=replaced,
        hints=(
            "The same steps as in the lesson, with other orders and other lines.",
            '`crmkit.load("orders", data="beanline")`, `monthly_states` with its own lines, `state_flows`, `bucket`.',
            '`refill(bucket(state_flows(states)), 1)["share"]`: the price of a customer does not matter for the share.',
        ),
        misconceptions=(
            Misconception(
                "forgets those who woke",
                lambda data: replaced(data, "fell_asleep"),
                "Those are all who fell asleep, for every 100 new customers. Some of them woke again.",
            ),
            Misconception(
                "counts those who woke",
                lambda data: replaced(data, "woke"),
                "Those are the customers who woke, for every 100 new ones. The question asks for the net leak.",
            ),
            Misconception(
                "gives what was left for growth",
                lambda data: 100 - replaced(data),
                "That is the share that made the company grow. The other part is asked.",
            ),
        ),
        starter=(
            'coffee = crmkit.load("orders", data="beanline")\n'
            "states = monthly_states(\n"
            "    coffee, Thresholds(____, ____, ____), first=company.year_ago, last=company.end\n"
            ")"
        ),
        solution="Beanline's states with its own lines, the flows, and the net leak over the new customers.",
        code=(
            "from crmkit.reactivation import Thresholds, bucket, monthly_states, refill, state_flows\n"
            'about, coffee = crmkit.company("beanline"), crmkit.load("orders", data="beanline")\n'
            "states = monthly_states(coffee, Thresholds(40, 80, 140), first=about.year_ago, last=about.end)\n"
            'answer = 100 * refill(bucket(state_flows(states)), 1)["share"]'
        ),
    ),
    Question(
        id="31-4",
        title="Ten times more expensive?",
        level="decide",
        goals=(3, 4),
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
                "The ten is a ratio of two prices, and I ask for both of them, here and not on a slide. A new customer "
                "costs us between {figure.least} and {figure.most}, by channel. What one woken customer costs can "
                "only be "
                "said with a control group, because many would have come anyway. In our own test the ratio is "
                "{figure.call} for a personal call and {figure.voucher} for the voucher: it differs by offer and by "
                "channel, and its interval is wide. There is a limit too: there are only so many sleepers, and without "
                "new customers the bucket runs dry. I would move money from the most expensive channel to the voucher "
                "for half "
                "of the sleepers, chosen at random, and decide about the rest when we have counted."
            ),
            figures=figures_of_the_answer,
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


def _won(
    data: Tables,
    channel: str | None = "advertisement",
    whole: bool = False,
    year: int | None = None,
) -> int:
    customers = data.load("customers")
    keep = customers["acquisition_channel"].eq(channel) | (channel is None)
    wanted = year or data.company.year
    return int((keep & (customers["customer_since"].dt.year.eq(wanted) | whole)).sum())


def _cost(
    data: Tables,
    channel: str | None = "advertisement",
    whole: bool = False,
    year: int | None = None,
) -> float:
    spend = data.load("acquisition_spend")
    keep = spend["acquisition_channel"].eq(channel) | (channel is None)
    keep &= spend["month"].dt.year.eq(year or data.company.year) | whole
    return float(spend.loc[keep, "spend"].sum() / _won(data, channel, whole, year))


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
