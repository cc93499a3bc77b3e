"""Lesson 00: what the course is, and a first look at who brings the profit."""

from __future__ import annotations

import pandas as pd

from crmkit.practice.kinds import Customers, Number, Plan
from crmkit.practice.question import (
    Misconception,
    Option,
    Prediction,
    Question,
    QuizQuestion,
    Tables,
)
from crmkit.value import customer_profit, top_share

TITLE = "A first look at who brings the profit"


def turnover_by_customer(data: Tables) -> pd.Series:
    """What each customer paid, in the company's currency."""
    return data.load("orders").groupby("customer_id")["turnover"].sum()


def profit_by_customer(data: Tables) -> pd.Series:
    """Margin less cost to serve of each customer, in the company's currency."""
    margin = data.load("orders").groupby("customer_id")["margin"].sum()
    cost = data.load("cost_to_serve").groupby("customer_id")["cost"].sum()
    return margin.sub(cost, fill_value=0)


def percent_of_best(values: pd.Series, share: float) -> float:
    """Per cent of the whole that the best `share` of the customers bring."""
    ranked = values.sort_values(ascending=False, kind="stable")
    return float(100 * ranked.iloc[: round(share * len(ranked))].sum() / ranked.sum())


def _best_by_turnover(data: Tables, share: float) -> float:
    profit = profit_by_customer(data)
    paid = turnover_by_customer(data).sort_values(ascending=False, kind="stable")
    best = paid.index[: round(share * len(paid))]
    return float(100 * profit.reindex(best).sum() / profit.sum())


def _payers(data: Tables) -> pd.Index:
    paid = turnover_by_customer(data)
    return paid.nlargest(len(paid) // 2).index


def _payers_who_cost(data: Tables) -> pd.Index:
    profit = profit_by_customer(data)
    payers = _payers(data)
    return payers[profit.reindex(payers) < 0]


def of_year(data: Tables, year: int, column: str = "profit", share: float = 0.1) -> float:
    """Per cent of one year's profit (or of another column) that the best `share` of those served in it bring."""
    orders, costs = data.load("orders"), data.load("cost_to_serve")
    served = customer_profit(
        orders[orders["order_date"].dt.year == year], costs[costs["year"] == year]
    )
    return 100 * top_share(served[column], share)


def _at_stake(data: Tables) -> dict[str, str]:
    profit = profit_by_customer(data)
    losing = profit[profit < 0]
    return {"count": f"{len(losing):,}", "loss": data.company.money(-losing.sum())}


PREDICTIONS = [
    Prediction(
        id="00-a",
        prompt="The best fifth of the customers (20 %, by profit) bring what share of the whole profit, in per cent?",
        kind=Number(unit="%", tolerance=5),
        answer=lambda data: 100 * top_share(profit_by_customer(data), 0.2),
        why="If you said 80, you knew a rule of thumb. Whether it is more than a rule of thumb, the years will show.",
    ),
]

QUESTIONS = [
    Question(
        id="00-1",
        title="What did all customers pay?",
        level="fill in",
        goals=(1,),
        prompt="What is the turnover of all orders in the three years together, in {company.symbol}?",
        kind=Number(unit="{company.symbol}", tolerance=1),
        points=1,
        reference=lambda data: data.load("orders")["turnover"].sum(),
        hints=(
            "Each order has one amount that the customer paid. Which column is it?",
            'A column of a table is written like `orders["discount"]`; `.sum()` adds it up.',
            '`orders["turnover"].sum()`',
        ),
        misconceptions=(
            Misconception(
                "takes margin for turnover",
                lambda data: data.load("orders")["margin"].sum(),
                "That is the margin: what is left when the goods are paid for. The question asks for what "
                "customers paid.",
            ),
            Misconception(
                "adds the discount again",
                lambda data: data.load("orders")[["turnover", "discount"]].sum().sum(),
                "You added the discounts. They were never paid: `turnover` is already after discount. What is "
                "the sum without them?",
            ),
            Misconception(
                "takes an order's average",
                lambda data: data.load("orders")["turnover"].mean(),
                "That is the average order. The question asks for all of them together.",
            ),
            Misconception(
                "counts the orders",
                lambda data: len(data.load("orders")),
                "That is how many orders there are. How much was paid for them?",
            ),
        ),
        right="This is what customers paid. What is left of it comes next.",
        solution="One column, added up.",
        code='answer = crmkit.load("orders")["turnover"].sum()',
    ),
    Question(
        id="00-5",
        title="The best tenth, in one year",
        level="change",
        goals=(2, 3),
        elsewhere="another year",
        prompt=(
            "The lesson looked at the best fifth in three years. Take {company.year} alone: its orders and its cost to "
            "serve. What share of that year's profit do the best tenth of the customers who were served in it "
            "bring, in per cent? Two decimals."
        ),
        kind=Number(unit="%", tolerance=0.005),
        points=2,
        reference=lambda data: of_year(data, data.company.year),
        hints=(
            "The lesson's cell with the three years does nearly this. Which number in it says how many customers are "
            "counted?",
            '`served = customer_profit(sales, costs[costs["year"] == company.year])`, with that year\'s `sales`.',
            '`100 * top_share(served["profit"], 0.10)`',
        ),
        misconceptions=(
            Misconception(
                "leaves the fifth as it was",
                lambda data: of_year(data, data.company.year, share=0.2),
                "That is the best fifth, as in the lesson. Where does the call say how many customers to count?",
            ),
            Misconception(
                "all three years",
                lambda data: percent_of_best(profit_by_customer(data), 0.10),
                "That is the best tenth of all three years. Keep the rows of {company.year} in both tables.",
            ),
            Misconception(
                "another year",
                lambda data: of_year(data, data.company.last_year),
                "That is {company.last_year}. The question asks for {company.year}.",
            ),
            Misconception(
                "counts one per cent",
                lambda data: of_year(data, data.company.year, share=0.01),
                "That is the best one in a hundred. A tenth, as a fraction, is 0.10.",
            ),
            Misconception(
                "share of turnover",
                lambda data: of_year(data, data.company.year, "turnover"),
                "That is the share of the turnover. Profit is what is left when goods and service are paid.",
            ),
            Misconception(
                "forgets cost to serve",
                lambda data: of_year(data, data.company.year, "margin"),
                "That is the share of the margin. Calls and visits have not been paid yet: which table holds them?",
            ),
        ),
        right="A tenth brings more than half: so it matters whom you put into it, and over which time.",
        starter='sales = orders[orders["order_date"].dt.year == ____]',
        solution="One year's orders and costs, profit by customer, the best tenth, as per cent.",
        code=(
            "from crmkit.value import customer_profit, top_share\n"
            'orders, costs = crmkit.load("orders"), crmkit.load("cost_to_serve")\n'
            'sales = orders[orders["order_date"].dt.year == company.year]\n'
            'served = customer_profit(sales, costs[costs["year"] == company.year])\n'
            'answer = 100 * top_share(served["profit"], 0.10)'
        ),
    ),
    Question(
        id="00-3",
        title="Who pays a lot and still costs more?",
        level="explore",
        goals=(2,),
        prompt=(
            "Which customers belong to the half with the higher turnover and still cost more than they brought: "
            "profit below zero over the three years?"
        ),
        kind=Customers(),
        points=3,
        reference=lambda data: _payers_who_cost(data),
        hints=(
            "Two lists: those who paid most, and those whose profit is below zero. Who is on both?",
            "`orders.groupby(...)` gives the turnovers; `.nlargest(len(turnover) // 2)` keeps the first list.",
            "`payers = turnover.nlargest(len(turnover) // 2).index`, then `profit.reindex(payers)` and the condition.",
        ),
        misconceptions=(
            Misconception(
                "names everybody who loses money",
                lambda data: profit_by_customer(data).loc[lambda profit: profit < 0].index,
                "Those are all customers who cost more than they brought. Only the ones who also paid a lot "
                "were asked for.",
            ),
            Misconception(
                "names all big payers",
                lambda data: _payers(data),
                "That is the half who paid more. Which of them have a profit below zero?",
            ),
            Misconception(
                "ranks single orders",
                lambda data: _payers_by_single_order(data),
                "You ranked orders. One large order is not a large customer: add up each customer's orders first.",
            ),
            Misconception(
                "charges everybody the same cost",
                lambda data: _payers_at_average_cost(data),
                "You spread the cost to serve evenly. It is not even: some never call. Which table knows who did?",
            ),
        ),
        right="A list by turnover would have put all of them among the better half.",
        starter='payers = table.nlargest(____, "turnover")',
        solution="Add up turnover, keep the higher half, and of those keep the ones whose profit is below zero.",
        code=(
            "from crmkit.value import customer_profit\n"
            'table = customer_profit(crmkit.load("orders"), crmkit.load("cost_to_serve"))\n'
            'payers = table.nlargest(len(table) // 2, "turnover")\n'
            'answer = payers.loc[payers["profit"] < 0, "customer_id"]'
        ),
    ),
    Question(
        id="00-4",
        title="What do you advise the director?",
        level="decide",
        goals=(2,),
        prompt=(
            "The director wants to stop serving every customer who costs more than they bring. What do you "
            "advise, and what "
            "would you want to know first?"
        ),
        kind=Plan(
            rubric={
                "says what the figure holds and what it leaves out (three years, only what was written down)": 1,
                "tells new customers from old ones": 1,
                "names another way than dropping them: a cheaper channel, a price for the service, fewer returns": 1,
                "says how one would see that the advice was wrong": 1,
            },
            model=(
                "I would not drop them as one group. Together these {figure.count} customers cost us "
                "{figure.loss} more than they brought. That covers three years, and only the costs that somebody "
                "wrote down. Customers who joined lately have had no time to bring anything, and part of the "
                "cost may be ours: a late parcel makes people call. So I would first split the list by the date "
                "of joining, and look at what the calls were about. Those who joined lately I leave alone. For "
                "old customers with many calls I try a cheaper way first, such as help in the app, a fee for "
                "home visits, or better photos so that less is sent back. I try it on half of them, chosen at "
                "random, and compare after six months. If the half we changed buys less, and the saving is "
                "smaller than the margin that went with them, the advice was wrong."
            ),
            minimum_words=40,
            figures=_at_stake,
        ),
        points=4,
        hints=(
            "What has been paid for out of this profit, and what has not?",
            "When did these customers join, and what did they call about?",
        ),
    ),
]


def _payers_by_single_order(data: Tables) -> pd.Index:
    orders = data.load("orders")
    biggest = orders.nlargest(len(orders) // 2, "turnover")["customer_id"].unique()
    profit = profit_by_customer(data).reindex(biggest)
    return profit[profit < 0].index


def _payers_at_average_cost(data: Tables) -> pd.Index:
    margin = data.load("orders").groupby("customer_id")["margin"].sum()
    average = data.load("cost_to_serve")["cost"].sum() / len(margin)
    left = margin.reindex(_payers(data)) - average
    return left[left < 0].index


QUIZ = [
    QuizQuestion(
        "A customer paid more than anybody else. What do you know about the profit from this customer?",
        [
            Option("It is the highest too", "Goods and service have not been paid yet."),
            Option(
                "Nothing yet",
                "Turnover is before the goods and the service are paid; either can eat it up.",
                right=True,
            ),
            Option(
                "It is above zero",
                "A customer who calls every week can cost more than the margin leaves.",
            ),
        ],
    ),
    QuizQuestion(
        "The curve of profit rises above 100 %. What does that mean?",
        [
            Option(
                "A mistake in the sums",
                "It comes out of right sums whenever somebody's profit is below zero.",
            ),
            Option(
                "Some customers cost more than they bring",
                "The others earn the whole profit and also what these lose.",
                right=True,
            ),
            Option("Turnover has grown", "The curve lines customers up, not years."),
        ],
    ),
    QuizQuestion(
        "Someone says: in our trade, 20 % of the customers bring 80 % of the profit. What do you do with it?",
        [
            Option(
                "Repeat it: everybody does", "That everybody says it is how we know it is a saying."
            ),
            Option(
                "Reject it: it is only a saying", "It may be near the mark; you have not looked."
            ),
            Option(
                "Count it, here, for a stated stretch of time",
                "The share depends on the company, the years, and on what is called profit.",
                right=True,
            ),
        ],
    ),
    QuizQuestion(
        "What is the truth table of this course for?",
        [
            Option(
                "To look the answers up",
                "Then you learn what the answer is, not how far your method is off.",
            ),
            Option(
                "To see how wrong an estimate was, after it was made",
                "No company has such a table; that is why you practise here.",
                right=True,
            ),
        ],
    ),
]
