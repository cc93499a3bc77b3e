"""Lesson 00, in reserve: further questions about who brings the profit."""

from __future__ import annotations

from crmkit.practice.kinds import Customers, Number
from crmkit.practice.question import Misconception, Question, Tables
from crmkit.practice.questions.lesson_00 import (
    percent_of_best,
    profit_by_customer,
    turnover_by_customer,
)
from crmkit.value import customer_profit


def cost_share(data: Tables) -> float:
    """Per cent of the margin that serving the customers took."""
    cost = data.load("cost_to_serve")["cost"].sum()
    return 100 * float(cost / data.load("orders")["margin"].sum())


def quiet(data: Tables, years_ago: int = 0) -> set[int]:
    """Customers who were served in a year and bought nothing in it."""
    year, orders, costs = (
        data.company.year - years_ago,
        data.load("orders"),
        data.load("cost_to_serve"),
    )
    bought = orders.loc[orders["order_date"].dt.year == year, "customer_id"]
    return set(costs.loc[costs["year"] == year, "customer_id"]) - set(bought)


def losers(data: Tables) -> list[int]:
    """Customers whose profit of the last year is below zero."""
    year, orders = data.company.year, data.load("orders")
    sold = orders[orders["order_date"].dt.year == year]
    table = customer_profit(sold, data.load("cost_to_serve").query("year == @year"))
    return list(table.loc[table["profit"] < 0, "customer_id"])


QUESTIONS = [
    Question(
        id="00-b1",
        title="What does service take?",
        level="fill in",
        goals=(2,),
        prompt=(
            "Of each 100 {company.symbol} of margin in the three years, how many went into serving the customers? "
            "In per "
            "cent of the margin, two decimals."
        ),
        kind=Number(unit="%", tolerance=0.005),
        points=1,
        reference=cost_share,
        hints=(
            "Two sums, one from each table.",
            '`costs["cost"].sum()` and `orders["margin"].sum()`: which is the whole?',
        ),
        misconceptions=(
            Misconception(
                "divides by the turnover",
                lambda data: (
                    100
                    * data.load("cost_to_serve")["cost"].sum()
                    / data.load("orders")["turnover"].sum()
                ),
                "You divided by what customers paid. The question asks for a share of what was left of it: the "
                "margin.",
            ),
            Misconception(
                "gives what is left",
                lambda data: 100 - cost_share(data),
                "That is what is left after serving them. How much went into it?",
            ),
            Misconception(
                "mean cost of a row by mean margin of an order",
                lambda data: (
                    100
                    * data.load("cost_to_serve")["cost"].mean()
                    / data.load("orders")["margin"].mean()
                ),
                "You divided two means, and the tables have different numbers of rows. Take the two sums.",
            ),
        ),
        right="So a company that looks at margins alone sees this much that it does not have.",
        solution="The sum of all costs, as a share of the sum of all margins.",
        code=(
            'spent, margin = crmkit.load("cost_to_serve")["cost"].sum(), crmkit.load("orders")["margin"].sum()\n'
            "answer = 100 * spent / margin"
        ),
    ),
    Question(
        id="00-b2",
        title="The best twentieth, by turnover and by profit",
        level="change",
        goals=(2, 3),
        prompt=(
            "Take the best twentieth (5 %) of the customers in orders. Their share of the profit, if the best are "
            "those "
            "with most profit, less their share of the turnover, if the best are those with most turnover: how many "
            "percentage points? (three years, customers with orders or costs for the profit; two decimals)"
        ),
        kind=Number(unit="percentage points", tolerance=0.005),
        points=2,
        reference=lambda data: (
            percent_of_best(profit_by_customer(data), 0.05)
            - percent_of_best(turnover_by_customer(data), 0.05)
        ),
        hints=(
            "Two shares, each from its own list of the best.",
            "`top_share(values, 0.05)` gives a fraction, for any column of one number a customer.",
        ),
        misconceptions=(
            Misconception(
                "the other way round",
                lambda data: (
                    percent_of_best(turnover_by_customer(data), 0.05)
                    - percent_of_best(profit_by_customer(data), 0.05)
                ),
                "You took the turnover's share less the profit's. The question asks for the profit's first.",
            ),
            Misconception(
                "the best fifth",
                lambda data: (
                    percent_of_best(profit_by_customer(data), 0.2)
                    - percent_of_best(turnover_by_customer(data), 0.2)
                ),
                "That is for the best fifth, as in the lesson. A twentieth is 5 %.",
            ),
            Misconception(
                "only the profit's share",
                lambda data: percent_of_best(profit_by_customer(data), 0.05),
                "That is the share of the profit. What is left when you take the turnover's share away?",
            ),
        ),
        right="Profit lies in fewer hands than turnover: serving costs are not spread as sales are.",
        solution="The share of the best twentieth of each list, and the difference.",
        code=(
            "from crmkit.value import customer_profit, top_share\n"
            'table = customer_profit(crmkit.load("orders"), crmkit.load("cost_to_serve"))\n'
            'paid = crmkit.load("orders").groupby("customer_id")["turnover"].sum()\n'
            'answer = 100 * (top_share(table["profit"], 0.05) - top_share(paid, 0.05))'
        ),
    ),
    Question(
        id="00-b3",
        title="Served, and nothing bought",
        level="explore",
        goals=(2,),
        prompt=(
            "Whom did the company serve in {company.year} (a row in `cost_to_serve` for that year) although they "
            "bought "
            "nothing in that year?"
        ),
        kind=Customers(),
        points=2,
        reference=quiet,
        hints=(
            "Two lists of that year: who was served, and who bought.",
            'Set one less set two, or `~served["customer_id"].isin(sold["customer_id"])`.',
        ),
        misconceptions=(
            Misconception(
                "who cost more than they brought",
                losers,
                "Those cost more than they brought in {company.year}; many of them did buy. Who bought nothing?",
            ),
            Misconception(
                "the year before",
                lambda data: quiet(data, 1),
                "Those are the quiet ones of {company.last_year}. The question asks for {company.year}.",
            ),
            Misconception(
                "who bought",
                lambda data: set(
                    data.load("orders").loc[
                        lambda t: t["order_date"].dt.year == data.company.year, "customer_id"
                    ]
                ),
                "Those did buy in {company.year}. Who was served and is not among them?",
            ),
        ),
        right="They are no bad customers for that: a complaint about last year's drill is served this year.",
        solution="The customers served in the year, less those with an order in it.",
        code=(
            'orders, costs = crmkit.load("orders"), crmkit.load("cost_to_serve")\n'
            'served = set(costs.loc[costs["year"] == company.year, "customer_id"])\n'
            'sold = set(orders.loc[orders["order_date"].dt.year == company.year, "customer_id"])\n'
            "answer = served - sold"
        ),
    ),
]
