"""Lesson 22: recency, frequency, money, and how tiers move."""

from __future__ import annotations

import pandas as pd

from crmkit.practice.kinds import Customers, Number, Plan, Table
from crmkit.practice.question import Misconception, Option, Question, QuizQuestion, Tables

TITLE = "Recency, frequency, value"

CUTS = {"high": 800.0, "middle": 200.0, "low": 0.0}


def summary(data: Tables) -> pd.DataFrame:
    """First and last purchase, distinct days and orders of each customer."""
    return (
        data.load("orders")
        .groupby("customer_id")["order_date"]
        .agg(first="min", last="max", days="nunique", orders="size")
    )


def days_since_last(data: Tables) -> pd.Series:
    """Recency as RFM means it."""
    return (pd.Timestamp(data.company.end) - summary(data)["last"]).dt.days


def recent_and_frequent(data: Tables) -> pd.Index:
    """Customers who bought less than 90 days ago, and on at least 8 days."""
    seen = summary(data)
    return seen.index[(days_since_last(data) < 90) & (seen["days"] >= 8)]


def year_tiers(data: Tables) -> pd.DataFrame:
    """Tier by turnover in the last two years, of everyone who bought in either."""
    orders = data.load("orders")
    year = orders["order_date"].dt.year
    spent = orders.assign(year=year).pivot_table(
        index="customer_id", columns="year", values="turnover", aggfunc="sum"
    )
    spent = spent.reindex(columns=[data.company.last_year, data.company.year])

    def tier(amount: float) -> str:
        if pd.isna(amount):
            return "away"
        return "high" if amount >= CUTS["high"] else "middle" if amount >= CUTS["middle"] else "low"

    return spent.map(tier).set_axis(["before", "after"], axis=1)


def stayed(tiers: pd.DataFrame, given: str = "before") -> pd.DataFrame:
    """Per cent of each tier that is in the same tier in the other year."""
    same = tiers["before"] == tiers["after"]
    share = 100 * same.groupby(tiers[given]).mean()
    return share.reindex(list(CUTS)).rename("stayed").rename_axis("tier").reset_index()


def _share_of_all(data: Tables) -> pd.DataFrame:
    tiers = year_tiers(data)
    tiers = tiers[tiers["before"] != "away"]
    same = tiers[tiers["before"] == tiers["after"]]["before"].value_counts() / len(tiers) * 100
    return (
        same.reindex(list(CUTS), fill_value=0.0).rename("stayed").rename_axis("tier").reset_index()
    )


def _of_those_who_bought(data: Tables) -> pd.DataFrame:
    tiers = year_tiers(data)
    return stayed(tiers[tiers["after"] != "away"])


STAGES = {
    "target": "entrance",
    "prospect": "question",
    "customer": "aftercare",
}


def funnel(data: Tables, before: str = "stage") -> pd.DataFrame:
    """Per cent of those in the stage before who reach each stage of the funnel.

    `before` names other wrong ways to take the share: of all leads, of the touchpoint before, of the customers.
    """
    log = data.load("touchpoint_log")
    reached = log.groupby("touchpoint")["journey_id"].nunique()
    people = pd.Series(
        {"lead": reached["advertisement"]}
        | {stage: reached[touchpoint] for stage, touchpoint in STAGES.items()}
        | {"loyal": log.loc[log["touchpoint"] == "aftercare", "went_on"].sum()}
    )
    whole = people.shift()
    if before == "leads":
        whole = whole * 0 + people["lead"]
    elif before == "touchpoint":
        whole["prospect"], whole["customer"] = reached["shelf"], reached["till"]
    share = (100 * people / whole).drop("lead")
    return share.rename("reached").rename_axis("stage").reset_index()


def _people_in_stage(data: Tables) -> pd.DataFrame:
    share = funnel(data).set_index("stage")["reached"] / 100
    leads = data.load("touchpoint_log")["journey_id"].nunique()
    return (leads * share.cumprod()).round().rename("reached").reset_index()


QUESTIONS = [
    Question(
        id="22-1",
        title="How long ago, on average?",
        level="fill in",
        prompt=(
            "On average, how many days have passed since a customer's last purchase, seen from 31 "
            "December {company.year}? "
            "One number for all customers, with two decimals."
        ),
        kind=Number(unit="days", tolerance=0.005),
        points=1,
        reference=lambda data: days_since_last(data).mean(),
        hints=(
            "One number per customer first: the date of the last purchase. The mean comes after.",
            '`orders.groupby("customer_id")["order_date"].max()` gives the last purchases.',
            "`(pd.Timestamp(company.end) - last).dt.days` turns dates into days.",
        ),
        misconceptions=(
            Misconception(
                "the recency of the lifetime models",
                lambda data: (summary(data)["last"] - summary(data)["first"]).dt.days.mean(),
                "You measured from the first to the last purchase. That is called recency in lesson 24. "
                "Here the clock starts at the last purchase: where does it stop?",
            ),
            Misconception(
                "counts from the first purchase",
                lambda data: (
                    pd.Timestamp(data.company.end) - summary(data)["first"]
                ).dt.days.mean(),
                "That is how long they have been customers: days since the first purchase. Which purchase "
                "was asked?",
            ),
            Misconception(
                "averages over orders",
                lambda data: (
                    pd.Timestamp(data.company.end) - data.load("orders")["order_date"]
                ).dt.days.mean(),
                "You averaged over all orders, so a customer with forty orders counts forty times. "
                "Take each customer's last order first.",
            ),
            Misconception(
                "median for mean",
                lambda data: days_since_last(data).median(),
                "That is the median: half of the customers lie below it. The question asks for the mean.",
            ),
        ),
        starter='last = orders.groupby("customer_id")["order_date"].____()',
        solution="Take each customer's last order date, subtract it from the last day, average over customers.",
        code=(
            'last = crmkit.load("orders").groupby("customer_id")["order_date"].max()\n'
            "answer = (pd.Timestamp(company.end) - last).dt.days.mean()"
        ),
    ),
    Question(
        id="22-2",
        title="Who is recent and frequent?",
        level="change",
        prompt=(
            "Which customers are both recent and frequent at the end of {company.year}: last purchase less than 90 "
            "days before "
            "31 December {company.year}, and purchases on at least 8 different days?"
        ),
        kind=Customers(),
        points=2,
        reference=recent_and_frequent,
        hints=(
            "`customer_summary(orders, company.end)` has a column for each of the two conditions.",
            "`days_since_last` and `purchase_days`; both conditions must hold, so join them with `&`.",
            '`summary[(summary["days_since_last"] < 90) & (summary["purchase_days"] >= 8)]`',
        ),
        misconceptions=(
            Misconception(
                "long ago for lately",
                lambda data: summary(data).index[
                    (days_since_last(data) >= 90) & (summary(data)["days"] >= 8)
                ],
                "These are the frequent who have fallen silent. A recent customer has FEW days since the "
                "last purchase.",
            ),
            Misconception(
                "either for both",
                lambda data: summary(data).index[
                    (days_since_last(data) < 90) | (summary(data)["days"] >= 8)
                ],
                "These fulfil one condition or the other. The question asks for those who fulfil both.",
            ),
            Misconception(
                "counts repeat days",
                lambda data: summary(data).index[
                    (days_since_last(data) < 90) & (summary(data)["days"] >= 9)
                ],
                "You seem to have counted repeat days, which leave the first purchase out. "
                "The first day counts here too.",
            ),
            Misconception(
                "new for recent",
                lambda data: summary(data).index[
                    ((pd.Timestamp(data.company.end) - summary(data)["first"]).dt.days < 90)
                ],
                "These made their FIRST purchase lately: newcomers. Recent means that the last purchase "
                "was lately.",
            ),
        ),
        starter="summary = customer_summary(orders, ____)",
        solution="Two columns of the customer summary, two conditions, joined with `&`.",
        code=(
            "from crmkit.value import customer_summary\n"
            'summary = customer_summary(crmkit.load("orders"), company.end)\n'
            'both = (summary["days_since_last"] < 90) & (summary["purchase_days"] >= 8)\n'
            'answer = summary.loc[both, "customer_id"]'
        ),
    ),
    Question(
        id="22-3",
        title="How many stay in their tier?",
        level="explore",
        prompt=(
            "Give tiers by turnover in a calendar year: `high` from {company.symbol}800, `middle` from "
            "{company.symbol}200, `low` below "
            "that (but "
            "bought something). Of the customers in each tier of {company.last_year}, what per cent are in "
            "the SAME tier "
            "in {company.year}? "
            "A table with `tier` and `stayed`, in per cent."
        ),
        kind=Table(key="tier", columns={"stayed": 0.05}, units={"stayed": "%"}),
        points=3,
        reference=lambda data: stayed(year_tiers(data)),
        hints=(
            "Two columns per customer, turnover in {company.last_year} and in {company.year}; then a tier "
            "for each; then compare.",
            "Those who bought nothing in {company.year} belong to the {company.last_year} tier's total all "
            "the same: they did not stay.",
            "`100 * (before == after).groupby(before).mean()` once `before` and `after` are tiers on the "
            "same customers.",
        ),
        misconceptions=(
            Misconception(
                "forgets those who bought nothing after",
                _of_those_who_bought,
                "You compared only those who bought in both years. Whoever bought nothing in {company.year} "
                "has left the "
                "tier too: "
                "are they in your total?",
            ),
            Misconception(
                "reads the matrix by columns",
                lambda data: stayed(year_tiers(data), given="after"),
                "That is: of those in the tier in {company.year}, how many were there in "
                "{company.last_year}. Start from the "
                "customers of {company.last_year}.",
            ),
            Misconception(
                "share of all customers",
                _share_of_all,
                "You divided by all customers. The question is about each tier: divide by those who were "
                "in it in {company.last_year}.",
            ),
        ),
        solution="A tier per customer and year; for every tier of {company.last_year} the share whose tier "
        "of {company.year} is "
        "the same.",
        code=(
            'orders = crmkit.load("orders")\n'
            'spent = orders.assign(year=orders["order_date"].dt.year).pivot_table(\n'
            '    index="customer_id", columns="year", values="turnover", aggfunc="sum")[[company.last_year, '
            "company.year]]\n"
            "def tier(amount):\n"
            '    if pd.isna(amount):\n        return "away"\n'
            '    return "high" if amount >= 800 else "middle" if amount >= 200 else "low"\n'
            "before, after = spent[company.last_year].map(tier), spent[company.year].map(tier)\n"
            'share = 100 * (before == after).groupby(before).mean().drop("away", errors="ignore")\n'
            'answer = share.rename_axis("tier").rename("stayed").reset_index()'
        ),
    ),
    Question(
        id="22-4",
        title="The funnel, step by step",
        level="explore",
        prompt=(
            "The sales funnel in `touchpoint_log`: a lead met the advertisement, a target the entrance, a prospect the "
            "question, a customer aftercare (there one has paid), and is loyal who went on from there. For `target`, "
            "`prospect`, `customer` and `loyal`: what per cent of those in the stage BEFORE reached it? A table with "
            "`stage` and `reached`."
        ),
        kind=Table(key="stage", columns={"reached": 0.05}, units={"reached": "%"}),
        points=3,
        reference=funnel,
        hints=(
            "First count the people in each of the five stages; then divide each count by the one above it.",
            '`log.groupby("touchpoint")["journey_id"].nunique()` counts who met each touchpoint.',
            "With the five counts in a Series, in order: `100 * people / people.shift()`.",
        ),
        misconceptions=(
            Misconception(
                "share of all leads",
                lambda data: funnel(data, "leads"),
                "You divided by all leads. The question asks how many of those in the stage just before went on.",
            ),
            Misconception(
                "share of the touchpoint before",
                lambda data: funnel(data, "touchpoint"),
                "You divided by the touchpoint just before. Some touchpoints are not the start of a stage: who came in "
                "and never reached the shelf was a target too.",
            ),
            Misconception(
                "people for shares",
                _people_in_stage,
                "Those are people. What share are they of the stage before?",
            ),
        ),
        starter=(
            'log = crmkit.load("touchpoint_log")\n'
            'met = log.groupby("touchpoint")["journey_id"].____()'
        ),
        solution="Count the people in each stage, divide by the count of the stage before.",
        code=(
            'log = crmkit.load("touchpoint_log")\n'
            'met = log.groupby("touchpoint")["journey_id"].nunique()\n'
            'back = log.loc[log["touchpoint"] == "aftercare", "went_on"].sum()\n'
            'people = pd.Series({"lead": met["advertisement"], "target": met["entrance"],\n'
            '    "prospect": met["question"], "customer": met["aftercare"], "loyal": back})\n'
            'share = (100 * people / people.shift()).drop("lead")\n'
            'answer = share.rename_axis("stage").rename("reached").reset_index()'
        ),
    ),
    Question(
        id="22-5",
        title="How often shall the list be made?",
        level="decide",
        prompt=(
            "The head of sales wants to make the list of VIP and key customers once a year, in January, "
            "to keep things "
            "calm. Recommend a review schedule, and say what you would tell a VIP who drops out of the tier."
        ),
        kind=Plan(
            rubric={
                "states how much of a list is wrong after some months, with a figure from the data": 1,
                "weighs the cost of a review against the cost of serving the wrong people": 1,
                "distinguishes a real fall from chance and season (regression to the mean)": 1,
                "says what happens to those who drop out, so that they are not driven away": 1,
            },
            model=(
                "Make it every quarter. After a year more than half of the labels are wrong, and of today's "
                "best more than "
                "half are not on the old list; a review costs a minute of computing. To keep calm, let a "
                "customer rise at "
                "once but fall only after two reviews below the line: one weak quarter is often chance or "
                "season. Who drops "
                "out keeps the name of the person they know for half a year, and gets a call that asks whether "
                "anything "
                "went wrong. We do not announce a demotion."
            ),
            minimum_words=40,
        ),
        points=4,
        hints=("Look at `review_schedule` once more: two columns, two different costs.",),
    ),
]

QUIZ = [
    QuizQuestion(
        "A colleague says a customer has a recency of 400 days. Is that good or bad?",
        [
            Option(
                "Bad: the customer has been silent for 400 days",
                "Only if recency means days since the last purchase.",
            ),
            Option(
                "Good: the customer was active for 400 days",
                "Only if recency means the span from first to last purchase.",
            ),
            Option(
                "One has to ask which recency is meant",
                "The word has two meanings in this field, and they point in opposite directions.",
                right=True,
            ),
        ],
    ),
    QuizQuestion(
        "Half of the customers have bought once. A tool splits them over frequency scores 1, 2 and 3. "
        "What is wrong?",
        [
            Option(
                "Nothing: the fifths must be equally large",
                "Equal size is bought with unequal treatment of equals.",
            ),
            Option(
                "Equals got different scores by their row in the table",
                "Sort the file another way and they swap. A score must follow from what a customer did.",
                right=True,
            ),
            Option(
                "There should be ten scores, not five",
                "With ten scores the same people would be split over more of them.",
            ),
        ],
    ),
    QuizQuestion(
        "The VIPs of last year bought a third less this year. What follows for the VIP service?",
        [
            Option(
                "It failed",
                "They were picked for a year that was exceptional, partly by luck: a fall was to be expected.",
            ),
            Option(
                "It worked, or they would have fallen more",
                "Nothing here says how far they would have fallen without it.",
            ),
            Option(
                "Nothing yet: one needs VIPs who did not get it",
                "Without a comparison group regression to the mean cannot be told from the effect of the "
                "service.",
                right=True,
            ),
        ],
    ),
]
