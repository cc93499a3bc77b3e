"""Lesson 20, in reserve: further questions about who brings the profit."""

from __future__ import annotations

import pandas as pd

from crmkit.practice.kinds import Number, Table
from crmkit.practice.question import Misconception, Question, Tables
from crmkit.practice.questions.lesson_20 import of_year, totals
from crmkit.value import tiers_with_cost


def lost_by_half(data: Tables, of: str = "lost") -> float:
    """What the half with more turnover lost the company: those of it who cost more than they brought."""
    people = totals(data)
    half = people.nlargest(len(people) // 2, "turnover")
    losing = half.loc[half["profit"] < 0, "profit"]
    return {
        "lost": -float(losing.sum()),
        "everybody": -float(people.loc[people["profit"] < 0, "profit"].sum()),
        "profit of the half": float(half["profit"].sum()),
    }[of]


def per_head(
    data: Tables, column: str = "profit", *, total: bool = False, middle: bool = False
) -> pd.DataFrame:
    """Mean of a column for a customer of each tier of `tiers_with_cost`."""
    people = totals(data)
    grouped = people[column].groupby(tiers_with_cost(people).astype(str))
    found = grouped.sum() if total else grouped.median() if middle else grouped.mean()
    return found.rename("profit").rename_axis("tier").reset_index()


def gave(data: Tables, year: int, share: float = 0.05) -> float:
    """Sum of the year's profit of those who were the best of the year before."""
    people, later = of_year(data, year - 1), of_year(data, year)
    best = people.nlargest(int(len(people) * share), "profit")["customer_id"]
    return float(later.loc[later["customer_id"].isin(best), "profit"].sum())


QUESTIONS = [
    Question(
        id="20-b1",
        title="Large, and expensive",
        level="change",
        goals=(1,),
        prompt=(
            "Take the half of all customers with the larger turnover (`len(people) // 2` of them). Those among "
            "them who cost more "
            "than they brought over the three years: how much did they cost the company beyond what they brought, "
            "together, in "
            "{company.symbol}? (a positive number, two decimals)"
        ),
        kind=Number(unit="{company.symbol}", tolerance=0.005),
        points=2,
        reference=lost_by_half,
        hints=(
            "First the half by turnover, then those of it with a profit below zero.",
            '`people.nlargest(len(people) // 2, "turnover")`',
        ),
        misconceptions=(
            Misconception(
                "everybody who loses",
                lambda data: lost_by_half(data, "everybody"),
                "Those are all customers who cost more than they brought. Keep the half with the larger turnover "
                "first.",
            ),
            Misconception(
                "the profit of the half",
                lambda data: lost_by_half(data, "profit of the half"),
                "That is what the whole half brought. Add up only those with a profit below zero.",
            ),
        ),
        right="Nobody notices them on a list by turnover, and a discount would make them cost even more.",
        solution="The half by turnover, and the sum of the profits below zero in it, without the sign.",
        code=(
            "from crmkit.value import customer_profit\n"
            'people = customer_profit(crmkit.load("orders"), crmkit.load("cost_to_serve"), crmkit.load("customers"))\n'
            'large = people.nlargest(len(people) // 2, "turnover")\n'
            'answer = -large.loc[large["profit"] < 0, "profit"].sum()'
        ),
    ),
    Question(
        id="20-b2",
        title="What one customer of a tier brings",
        level="change",
        goals=(2,),
        prompt=(
            "Give every customer a tier by profit with `tiers_with_cost`. What does **one** customer of each tier "
            "bring, on "
            "average over the three years, in {company.symbol}? A table with `tier` and `profit`. (two decimals)"
        ),
        kind=Table(key="tier", columns={"profit": 0.005}, units={"profit": "{company.symbol}"}),
        points=2,
        reference=per_head,
        hints=(
            "The tier of each customer first; then a mean by tier.",
            '`people["profit"].groupby(tiers_with_cost(people)).mean()`, with `customer_id` as the index of `people`.',
        ),
        misconceptions=(
            Misconception(
                "total of the tier",
                lambda data: per_head(data, total=True),
                "That is what the whole tier brings. How much is it for one customer?",
            ),
            Misconception(
                "median for mean",
                lambda data: per_head(data, middle=True),
                "That is the middle customer of the tier. On average asks for the mean.",
            ),
            Misconception(
                "turnover for profit",
                lambda data: per_head(data, "turnover"),
                "That is what they paid. What is left of it after goods and service?",
            ),
        ),
        right="A tier is a promise about such numbers: write them on the plan for the tier.",
        solution="The tier of each customer, and the mean profit by tier.",
        code=(
            "from crmkit.value import customer_profit, tiers_with_cost\n"
            'people = customer_profit(crmkit.load("orders"), crmkit.load("cost_to_serve"), crmkit.load("customers"))\n'
            'people = people.set_index("customer_id")\n'
            'found = people["profit"].groupby(tiers_with_cost(people), observed=True).mean()\n'
            'answer = found.rename_axis("tier").reset_index()'
        ),
    ),
    Question(
        id="20-b3",
        title="Last year's best, this year's money",
        level="explore",
        goals=(3,),
        elsewhere="another year",
        prompt=(
            "Take the best twentieth of the customers who were served in {company.last_year}, by profit of that year "
            "(`int(0.05 * len(people))` of them). How much profit did the same customers bring in {company.year}, "
            "together, in "
            "{company.symbol}? (two decimals)"
        ),
        kind=Number(unit="{company.symbol}", tolerance=0.005),
        points=3,
        reference=lambda data: gave(data, data.company.year),
        hints=(
            "Two years, each with its own `customer_profit`; the list comes from the first, the money from the "
            "second.",
            "Customers who were not served in the second year add nothing.",
        ),
        misconceptions=(
            Misconception(
                "the best of this year",
                lambda data: _own_year(data, data.company.year),
                "Those are the best of {company.year} itself. The list was made the year before.",
            ),
            Misconception(
                "their profit in the first year",
                lambda data: _own_year(data, data.company.year - 1),
                "That is what they brought in {company.last_year}, when they were chosen. What came a year later?",
            ),
            Misconception(
                "the best tenth",
                lambda data: gave(data, data.company.year, 0.1),
                "That is the best tenth. A twentieth is 5 %.",
            ),
        ),
        right="It is less than they brought when they were chosen: part of being best is luck.",
        solution="Choose in the one year, and add up in the next.",
        code=(
            "from crmkit.value import customer_profit\n"
            'orders, costs = crmkit.load("orders"), crmkit.load("cost_to_serve")\n'
            "def of_year(year):\n"
            '    return customer_profit(orders[orders["order_date"].dt.year == year], costs[costs["year"] == year])\n'
            "before, after = of_year(company.year - 1), of_year(company.year)\n"
            'best = before.nlargest(int(0.05 * len(before)), "profit")["customer_id"]\n'
            'answer = after.loc[after["customer_id"].isin(best), "profit"].sum()'
        ),
    ),
]


def _own_year(data: Tables, year: int) -> float:
    people = of_year(data, year)
    return float(people.nlargest(int(len(people) * 0.05), "profit")["profit"].sum())
