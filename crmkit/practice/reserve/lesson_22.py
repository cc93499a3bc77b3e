"""Lesson 22, in reserve: further questions about recency, frequency and value."""

from __future__ import annotations

import pandas as pd

from crmkit.practice.kinds import Number, Table
from crmkit.practice.question import Misconception, Question, Tables
from crmkit.practice.questions.lesson_22 import TIERS, known, scored, summary
from crmkit.value import migration_matrix, tiers_over_time


def by_frequency(data: Tables, letter: str = "F", *, turnover: bool = False) -> pd.DataFrame:
    """Per cent of each score who came back in the lesson's 90 days (or what they spent then)."""
    people = known(data)
    came = people["holdout_turnover"] if turnover else 100.0 * (people["holdout_purchase_days"] > 0)
    found = came.groupby(scored(people)[letter]).mean()
    return found.rename("came_back").rename_axis("F").reset_index()


def risen(data: Tables, *, of: str = "small") -> float:
    """Per cent of the small customers of a year ago who are in a higher tier now."""
    about = data.company
    seen = tiers_over_time(data.load("orders"), [about.year_ago, about.end], TIERS)
    matrix = migration_matrix(seen, about.year_ago, about.end)
    higher = matrix.loc["small", ["VIP", "key", "ordinary"]].sum()
    whole = {
        "small": matrix.loc["small"].sum(),
        "stayed in business": matrix.loc["small", list(TIERS)].sum(),
        "count": 100.0,
    }[of]
    return 100 * float(higher / whole)


QUESTIONS = [
    Question(
        id="22-b1",
        title="The middle customer's money",
        level="change",
        goals=(1,),
        prompt=(
            "Describe all customers by `customer_summary` up to the last day of the data. What is the **median** "
            "turnover of "
            "those who bought on exactly two days, in {company.symbol}? (two decimals)"
        ),
        kind=Number(unit="{company.symbol}", tolerance=0.005),
        points=1,
        reference=lambda data: (
            summary(data, data.company.end).query("purchase_days == 2")["turnover"].median()
        ),
        hints=(
            "One row per customer: keep those with two purchase days.",
            '`summary[summary["purchase_days"] == 2]`, and the middle of a column',
        ),
        misconceptions=(
            Misconception(
                "mean for median",
                lambda data: (
                    summary(data, data.company.end).query("purchase_days == 2")["turnover"].mean()
                ),
                "That is the mean. Half of them lie below the median.",
            ),
            Misconception(
                "two repeat days",
                lambda data: (
                    summary(data, data.company.end).query("repeat_days == 2")["turnover"].median()
                ),
                "Those came back twice, so they bought on three days. Which column counts all days?",
            ),
            Misconception(
                "two days or more",
                lambda data: (
                    summary(data, data.company.end).query("purchase_days >= 2")["turnover"].median()
                ),
                "You kept everybody with two days or more. The question asks for exactly two.",
            ),
        ),
        right="A median is not moved by one customer who bought a machine.",
        solution="Keep those with two purchase days, and take the median of the turnover.",
        code=(
            "from crmkit.value import customer_summary\n"
            'people = customer_summary(crmkit.load("orders"), company.end)\n'
            'answer = people.loc[people["purchase_days"] == 2, "turnover"].median()'
        ),
    ),
    Question(
        id="22-b2",
        title="Who comes often comes back",
        level="change",
        goals=(3,),
        elsewhere="another letter",
        prompt=(
            "The lesson asked it of recency. Take the lesson's customers, known on 31 December "
            "{company.last_year}, and its 90 "
            "days after (until 31 March {company.year}). With the lesson's cuts: of the customers with each score "
            "`F` (1 to 5), "
            "how many per cent came back? A table with `F` and `came_back`. (one decimal)"
        ),
        kind=Table(key="F", columns={"came_back": 0.05}, units={"came_back": "%"}),
        points=2,
        reference=by_frequency,
        hints=(
            "The lesson does it for `R`. Which letter changes?",
            '`100 * (known["holdout_purchase_days"] > 0).groupby(rfm_scores(known, cuts=cuts)["F"]).mean()`',
        ),
        misconceptions=(
            Misconception(
                "groups by recency",
                lambda data: by_frequency(data, "R"),
                "Those are the shares by R, as in the lesson. The question asks for F.",
            ),
            Misconception(
                "groups by money",
                lambda data: by_frequency(data, "M"),
                "Those are the shares by M. The question asks for F.",
            ),
            Misconception(
                "money spent for people",
                lambda data: by_frequency(data, turnover=True),
                "That is what they spent on average. How many per cent of them bought at all?",
            ),
        ),
        right="Compare the step from score to score with the one of recency: the steeper letter tells more.",
        solution="Score by the cuts, and take the share who bought in the 90 days by F.",
        code=(
            "from crmkit.value import holdout_split, rfm_scores\n"
            'cuts = {"R": [30, 90, 180, 365], "F": [2, 4, 8, 16], "M": [50, 200, 500, 1500]}\n'
            'known = holdout_split(crmkit.load("orders"), company.year_ago, f"{company.year}-03-31")\n'
            'back = 100 * (known["holdout_purchase_days"] > 0)\n'
            'share = back.groupby(rfm_scores(known, cuts=cuts)["F"]).mean()\n'
            'answer = share.rename("came_back").reset_index()'
        ),
    ),
    Question(
        id="22-b3",
        title="From small to larger",
        level="explore",
        goals=(5,),
        prompt=(
            "With the lesson's tiers (`VIP` from {company.symbol}2,000 of turnover in 365 days, `key` from "
            "{company.symbol}800, "
            "`ordinary` from {company.symbol}200, `small` below): of those who were small at the end of "
            "{company.last_year}, how "
            "many per cent are in a **higher** tier at the end of {company.year}? (two decimals)"
        ),
        kind=Number(unit="%", tolerance=0.005),
        points=3,
        reference=risen,
        hints=(
            "`tiers_over_time` for two days, `migration_matrix` between them.",
            "Row `small`, three columns of four. What is the whole of that row?",
        ),
        misconceptions=(
            Misconception(
                "forgets those who bought nothing after",
                lambda data: risen(data, of="stayed in business"),
                "You left out those who bought nothing in the second year. They were small too, and did not rise.",
            ),
            Misconception(
                "counts them",
                lambda data: risen(data, of="count"),
                "That is how many rose. What share of those who were small is it?",
            ),
        ),
        right="Somebody always rises, so a list made once misses the best of the next year.",
        solution="The row of the small ones: the three higher columns, over the whole row.",
        code=(
            "from crmkit.value import migration_matrix, tiers_over_time\n"
            'cuts = {"VIP": 2000, "key": 800, "ordinary": 200, "small": 0}\n'
            "ends = [company.year_ago, company.end]\n"
            'seen = tiers_over_time(crmkit.load("orders"), ends, cuts)\n'
            "shares = migration_matrix(seen, *ends, shares=True)\n"
            'answer = 100 * shares.loc["small", ["VIP", "key", "ordinary"]].sum()'
        ),
    ),
]
