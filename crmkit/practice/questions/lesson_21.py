"""Lesson 21: more than money: two rankings, their weights, and who would be missed."""

from __future__ import annotations

import pandas as pd

from crmkit.practice.kinds import Customers, Number, Plan, Table
from crmkit.practice.question import Misconception, Option, Question, QuizQuestion, Tables

TITLE = "More than money"

DEEDS = ["reviews", "referrals", "help_given"]


def people(data: Tables) -> pd.DataFrame:
    """Turnover and deeds of every customer, over all years."""
    everyone = data.load("customers")["customer_id"]
    table = data.load("engagement").groupby("customer_id")[DEEDS].sum()
    table = table.reindex(everyone, fill_value=0)
    turnover = data.load("orders").groupby("customer_id")["turnover"].sum()
    table["turnover"] = turnover.reindex(everyone, fill_value=0.0)
    return table


def share_from_below(data: Tables) -> float:
    """Per cent of all referrals that come from customers below the median turnover."""
    table = people(data)
    below = table["turnover"] < table["turnover"].median()
    return float(100 * table.loc[below, "referrals"].sum() / table["referrals"].sum())


def quiet_advocates(data: Tables) -> pd.Index:
    """Customers with at least 2 referrals and a turnover below the mean."""
    table = people(data)
    return table.index[(table["referrals"] >= 2) & (table["turnover"] < table["turnover"].mean())]


def by_channel(data: Tables, how: str = "mean") -> pd.DataFrame:
    """Turnover per customer by acquisition channel."""
    channel = data.load("customers").set_index("customer_id")["acquisition_channel"]
    turnover = people(data)["turnover"]
    return (
        turnover.groupby(channel).agg(how).rename("turnover").rename_axis("channel").reset_index()
    )


def _orders_by_channel(data: Tables) -> pd.DataFrame:
    orders = data.load("orders").merge(
        data.load("customers")[["customer_id", "acquisition_channel"]], on="customer_id"
    )
    mean = orders.groupby("acquisition_channel")["turnover"].mean()
    return mean.rename_axis("channel").reset_index()


def _share_of_customers(data: Tables) -> float:
    table = people(data)
    below = table["turnover"] < table["turnover"].median()
    return float(100 * (table.loc[below, "referrals"] > 0).mean())


QUESTIONS = [
    Question(
        id="21-1",
        title="Who brings the others?",
        level="fill in",
        prompt=(
            "What share of all referrals, in per cent, comes from customers whose turnover (three years) "
            "is below the "
            "median turnover of all customers? Two decimals."
        ),
        kind=Number(unit="%", tolerance=0.005),
        points=1,
        reference=share_from_below,
        hints=(
            "You need two things per customer: turnover from the orders, referrals from the engagement table.",
            "The median is taken over customers. Then sum the referrals of those below it.",
            '`people.loc[people["turnover"] < people["turnover"].median(), "referrals"].sum()`, in per cent of all',
        ),
        misconceptions=(
            Misconception(
                "mean for median",
                lambda data: (
                    100
                    * people(data)
                    .loc[lambda t: t["turnover"] < t["turnover"].mean(), "referrals"]
                    .sum()
                    / people(data)["referrals"].sum()
                ),
                "You cut at the mean. A few giants pull it up, so far more than half of the customers lie "
                "below it. "
                "The question cuts at the median.",
            ),
            Misconception(
                "share of customers",
                _share_of_customers,
                "That is the share of those customers who have referred anybody. "
                "The question asks for their share of all referrals.",
            ),
            Misconception(
                "the upper half",
                lambda data: 100 - share_from_below(data),
                "That is the share of the upper half. The question asks for those below the median.",
            ),
        ),
        starter='below = people["turnover"] < ____',
        solution="One row per customer with turnover and referrals; sum the referrals below the median; "
        "divide by all.",
        code=(
            "from crmkit.value import customer_profit, engagement_summary\n"
            'customers = crmkit.load("customers")\n'
            'people = customer_profit(crmkit.load("orders"), customers=customers).merge(\n'
            '    engagement_summary(crmkit.load("engagement"), customers), on="customer_id")\n'
            'below = people["turnover"] < people["turnover"].median()\n'
            'answer = 100 * people.loc[below, "referrals"].sum() / people["referrals"].sum()'
        ),
    ),
    Question(
        id="21-2",
        title="Invisible to the till",
        level="change",
        prompt=(
            "Whom would a list by money never show? Find the customers who have introduced at least two "
            "others (all years "
            "together) and whose turnover is below the mean turnover of all customers."
        ),
        kind=Customers(),
        points=2,
        reference=quiet_advocates,
        hints=(
            "Add the referrals up over the years first: a customer has a row for each year.",
            "Two conditions on one row per customer, joined with `&`.",
            '`people[(people["referrals"] >= 2) & (people["turnover"] < people["turnover"].mean())]`',
        ),
        misconceptions=(
            Misconception(
                "single years for the sum",
                lambda data: (
                    people(data)
                    .loc[data.load("engagement").query("referrals >= 2")["customer_id"].unique()]
                    .loc[lambda t: t["turnover"] < people(data)["turnover"].mean()]
                    .index
                ),
                "You looked for two referrals within one year. One in {company.last_year} and one in "
                "{company.year} make two as well: "
                "add up first.",
            ),
            Misconception(
                "median for mean",
                lambda data: (
                    people(data)
                    .loc[lambda t: (t["referrals"] >= 2) & (t["turnover"] < t["turnover"].median())]
                    .index
                ),
                "You cut at the median turnover; the question cuts at the mean, which the giants pull up.",
            ),
            Misconception(
                "all advocates",
                lambda data: people(data).query("referrals >= 2").index,
                "These include advocates with a large turnover. A list by money would have shown them.",
            ),
        ),
        solution="Sum referrals per customer, join turnover, keep rows that fulfil both conditions.",
        code=(
            "from crmkit.value import customer_profit, engagement_summary\n"
            'customers = crmkit.load("customers")\n'
            'people = customer_profit(crmkit.load("orders"), customers=customers).merge(\n'
            '    engagement_summary(crmkit.load("engagement"), customers), on="customer_id")\n'
            'quiet = (people["referrals"] >= 2) & (people["turnover"] < people["turnover"].mean())\n'
            'answer = people.loc[quiet, "customer_id"]'
        ),
    ),
    Question(
        id="21-3",
        title="Friends' friends",
        level="explore",
        prompt=(
            "Are customers who came through a friend worth more? Give the mean turnover per customer, in "
            "{company.symbol}, for each "
            "acquisition channel: a table with `channel` and `turnover`."
        ),
        kind=Table(
            key="channel", columns={"turnover": 0.5}, units={"turnover": "{company.symbol}"}
        ),
        points=3,
        reference=by_channel,
        hints=(
            "One row per customer first (turnover over three years), then the channel beside it, then the "
            "mean.",
            "The channel stands in `customers`, column `acquisition_channel`.",
            '`people.groupby("acquisition_channel")["turnover"].mean()`, then rename index and column.',
        ),
        misconceptions=(
            Misconception(
                "mean per order",
                _orders_by_channel,
                "That is the mean per ORDER. A customer with forty orders is one customer: sum first.",
            ),
            Misconception(
                "sum for mean",
                lambda data: by_channel(data, "sum"),
                "Those are sums: a channel that brought many customers looks good by number alone. Per "
                "customer, please.",
            ),
            Misconception(
                "median for mean",
                lambda data: by_channel(data, "median"),
                "Those are medians. They say more of the typical customer; the question asks for the mean.",
            ),
        ),
        solution="Turnover per customer, channel per customer, mean by channel.",
        code=(
            'turnover = crmkit.load("orders").groupby("customer_id")["turnover"].sum()\n'
            'people = crmkit.load("customers").set_index("customer_id")\n'
            'people["turnover"] = turnover.reindex(people.index, fill_value=0)\n'
            'mean = people.groupby("acquisition_channel")["turnover"].mean()\n'
            'answer = mean.rename_axis("channel").reset_index()'
        ),
    ),
    Question(
        id="21-4",
        title="The rule for the guest list",
        level="decide",
        prompt=(
            "The hall holds one guest for every twenty customers. Write the rule by which they are chosen, with its "
            "weights, so that the head of sales and the head of the forum can both sign it."
        ),
        kind=Plan(
            rubric={
                "names the measures and their weights, and says why these": 1,
                "says how many names depend on the weights, with a figure from the data": 1,
                "has a way for the names in between (a person decides, or a draw)": 1,
                "names one way in which the rule could be gamed or be unfair, and what to do about it": 1,
            },
            model=(
                "Half of the weight goes to turnover, a quarter to referrals, an eighth each to reviews "
                "and help, because a "
                "referral brings a customer and a review only an opinion. Those who are on the list in "
                "nearly all draws of the "
                "weights are invited at once; for the rest the two heads choose in turn. Deeds are "
                "counted per year of "
                "membership, so that newcomers have a chance, and only the first five reviews of a year "
                "count, so that nobody "
                "writes fifty about one hammer."
            ),
            minimum_words=40,
        ),
        points=4,
        hints=("`list_stability` says which names need no discussion.",),
    ),
]

QUIZ = [
    QuizQuestion(
        "Why are percentile scores used to combine turnover and reviews?",
        [
            Option(
                "They put both on one scale",
                "A place among all customers means the same for money and for reviews.",
                right=True,
            ),
            Option(
                "They find the right weights",
                "They find no weights at all; a person has to choose them.",
            ),
            Option(
                "They keep the distances",
                "They throw distances away: the first may be far ahead of the second or a penny.",
            ),
        ],
    ),
    QuizQuestion(
        "Suppose active customers buy more in the year after, also at the same past turnover. May we pay "
        "customers to be active?",
        [
            Option(
                "Yes, it will raise sales",
                "Those who are active by themselves may simply like the shop.",
            ),
            Option(
                "We do not know yet: that needs an experiment",
                "The table shows who buys more, not what would happen if somebody were made active.",
                right=True,
            ),
            Option(
                "No, activity is useless",
                "It foretells purchases, which is useful, whatever causes them.",
            ),
        ],
    ),
    QuizQuestion(
        "A name is on the list under your weights, but in few of the random draws around them. What does "
        "that say?",
        [
            Option(
                "The customer is unimportant",
                "It says something about the list, not about the customer.",
            ),
            Option("The weights are wrong", "No draw can tell right weights from wrong ones."),
            Option(
                "The place is owed to your choice of weights",
                "Others with the same priorities would have left the name out. Let a person decide.",
                right=True,
            ),
        ],
    ),
]
