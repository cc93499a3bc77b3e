"""Lesson 00: what the course is, and a first look at who brings the profit."""

from __future__ import annotations

import pandas as pd

from crmkit.practice.kinds import Customers, Number, Plan
from crmkit.practice.question import Misconception, Option, Question, QuizQuestion, Tables

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


QUESTIONS = [
    Question(
        id="00-1",
        title="What did all customers pay?",
        level="fill in",
        prompt="What is the turnover of all orders in the three years together, in {company.symbol}?",
        kind=Number(unit="{company.symbol}", tolerance=1),
        points=1,
        reference=lambda data: data.load("orders")["turnover"].sum(),
        hints=(
            "Each order has one amount that the customer paid. Which column is it?",
            'A column of a table is written `orders["name"]`; `.sum()` adds it up.',
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
        solution="One column, added up.",
        code='answer = crmkit.load("orders")["turnover"].sum()',
    ),
    Question(
        id="00-2",
        title="What do the best tenth bring?",
        level="change",
        prompt=(
            "The lesson looked at the best fifth. What share of the whole profit do the best tenth of the customers "
            "(10 %, by profit) bring, in per cent, to two decimals?"
        ),
        kind=Number(unit="%", tolerance=0.005),
        points=2,
        reference=lambda data: percent_of_best(profit_by_customer(data), 0.10),
        hints=(
            "The lesson's cell does nearly this. Which number in it says how many customers are counted?",
            "`top_share(profit, 0.20)` counts a fifth, and gives a fraction: per cent are a hundred times that.",
            "`round(100 * top_share(profit, 0.10), 2)`",
        ),
        misconceptions=(
            Misconception(
                "leaves the fifth as it was",
                lambda data: percent_of_best(profit_by_customer(data), 0.20),
                "That is the best fifth, as in the lesson. Where does the call say how many customers to count?",
            ),
            Misconception(
                "counts one per cent",
                lambda data: percent_of_best(profit_by_customer(data), 0.01),
                "That is the best one in a hundred. A tenth, as a fraction, is 0.10.",
            ),
            Misconception(
                "share of turnover",
                lambda data: percent_of_best(turnover_by_customer(data), 0.10),
                "That is the share of the turnover. Profit is what is left when goods and service are paid: "
                "which of the two "
                "series did you count?",
            ),
            Misconception(
                "ranks by turnover, then takes profit",
                lambda data: _best_by_turnover(data, 0.10),
                "You lined the customers up by what they paid and then added their profit. Who stands first "
                "if you line them "
                "up by profit?",
            ),
            Misconception(
                "forgets cost to serve",
                lambda data: percent_of_best(
                    data.load("orders").groupby("customer_id")["margin"].sum(), 0.10
                ),
                "That is the share of the margin. Calls and visits have not been paid yet: which table holds them?",
            ),
        ),
        starter='answer = 100 * top_share(table["profit"], ____)',
        solution="The same call as in the lesson, with a tenth in place of a fifth, as per cent.",
        code=(
            "from crmkit.value import customer_profit, top_share\n"
            'table = customer_profit(crmkit.load("orders"), crmkit.load("cost_to_serve"))\n'
            'answer = round(100 * top_share(table["profit"], 0.10), 2)'
        ),
    ),
    Question(
        id="00-3",
        title="Who pays a lot and still costs more?",
        level="explore",
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
                "I would not drop them as one group. The figure covers three years and the costs that "
                "somebody wrote down. "
                "Customers who joined lately have had no time to bring anything, and part of the cost may be "
                "ours: a late "
                "parcel makes people call. So I would first split the list by the date of joining and look at "
                "what the "
                "calls were about. Those who joined lately I leave alone. For old customers with many calls I "
                "try a cheaper "
                "way first, such as help in the app, a fee for home visits, or better photos so that less is "
                "sent back. I try it on "
                "half of them, chosen by chance, and compare after six months. If the half we "
                "changed buys less, and the saving is smaller than the margin that went with them, the advice "
                "was wrong."
            ),
            minimum_words=40,
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
