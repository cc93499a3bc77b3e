"""Lesson 20: who brings the profit. Also the worked example of docs/writing_questions.md."""

from __future__ import annotations

import pandas as pd

from crmkit.practice.kinds import Customers, Number, Plan, Table
from crmkit.practice.question import Misconception, Option, Question, QuizQuestion, Tables
from crmkit.value import customer_profit, tiers_with_cost

TITLE = "Who brings the profit"


def profit_by_customer(data: Tables) -> pd.Series:
    """Margin of all orders less all cost to serve, for every customer (also those who never ordered)."""
    margin = data.load("orders").groupby("customer_id")["margin"].sum()
    cost = data.load("cost_to_serve").groupby("customer_id")["cost"].sum()
    everyone = data.load("customers")["customer_id"]
    return margin.reindex(everyone, fill_value=0) - cost.reindex(everyone, fill_value=0)


def tenths(values: pd.Series) -> pd.DataFrame:
    """Share of the total that each tenth of the customers brings, in per cent, best tenth first."""
    ranked = values.sort_values(ascending=False, kind="stable").reset_index(drop=True)
    tenth = ranked.index * 10 // len(ranked) + 1
    share = 100 * ranked.groupby(tenth).sum() / ranked.sum()
    return share.rename_axis("tenth").rename("share").reset_index()


def totals(data: Tables) -> pd.DataFrame:
    """What every customer brought and cost, by customer."""
    found = customer_profit(data.load("orders"), data.load("cost_to_serve"), data.load("customers"))
    return found.set_index("customer_id")


def minutes_by_tier(data: Tables, tier: pd.Series, column: str = "minutes") -> pd.DataFrame:
    """Per cent of all staff minutes (or contacts) that each tier takes."""
    costs = data.load("cost_to_serve")
    sums = costs[column].groupby(costs["customer_id"].map(tier).astype(str)).sum()
    return (100 * sums / sums.sum()).rename("minutes").rename_axis("tier").reset_index()


QUESTIONS = [
    Question(
        id="20-1",
        title="The profit of three years",
        level="fill in",
        prompt="How much profit, in {company.coins}, did all customers together bring in the three years: "
        "margin less cost to serve?",
        kind=Number(unit="{company.symbol}", tolerance=1),
        points=1,
        reference=lambda data: profit_by_customer(data).sum(),
        hints=(
            "Profit is what is left of the margin when the cost to serve is paid. Which two tables hold the two?",
            "Each table has one column that you need: `margin` and `cost`. Sum each, then subtract.",
            '`crmkit.load("orders")["margin"].sum()` is the first half.',
        ),
        misconceptions=(
            Misconception(
                "takes turnover for profit",
                lambda data: data.load("orders")["turnover"].sum(),
                "That is what customers paid. {company.name} had to buy the goods, and to serve the customers: "
                "what is left after both?",
            ),
            Misconception(
                "forgets cost to serve",
                lambda data: data.load("orders")["margin"].sum(),
                "That is the margin. Calls, visits and returns cost money too: which table holds that cost?",
            ),
            Misconception(
                "takes the cost off turnover",
                lambda data: (
                    data.load("orders")["turnover"].sum() - data.load("cost_to_serve")["cost"].sum()
                ),
                "You took the cost to serve off, but from turnover: the goods themselves were not free.",
            ),
        ),
        starter='answer = orders["margin"].sum() - ____',
        solution="Two sums and a difference: margin is what the goods leave, cost to serve is what the relation takes.",
        code=(
            'margin = crmkit.load("orders")["margin"].sum()\n'
            'cost = crmkit.load("cost_to_serve")["cost"].sum()\n'
            "answer = margin - cost"
        ),
    ),
    Question(
        id="20-2",
        title="Who costs more than they bring?",
        level="change",
        prompt="Which customers cost more than they brought: profit below zero over the three years?",
        kind=Customers(),
        points=2,
        reference=lambda data: profit_by_customer(data).loc[lambda profit: profit < 0].index,
        hints=(
            "First one number per customer, then the condition.",
            "A customer may be in one of the two tables only: nobody must fall out of the difference.",
            "`margin.sub(cost, fill_value=0)` keeps customers who are in only one of the two.",
        ),
        misconceptions=(
            Misconception(
                "looks at single orders",
                lambda data: data.load("orders").query("margin < 0")["customer_id"],
                "Those have an order that lost money. Sum over each customer first: "
                "one bad order is not a bad customer.",
            ),
            Misconception(
                "forgets cost to serve",
                lambda data: (
                    data.load("orders")
                    .groupby("customer_id")["margin"]
                    .sum()
                    .loc[lambda m: m < 0]
                    .index
                ),
                "Those have a negative margin. A customer can leave a margin and still cost more in calls and visits.",
            ),
            Misconception(
                "charges everybody the same cost",
                lambda data: _loss_at_average_cost(data),
                "You spread the cost to serve evenly. It is not even: some never call, others call every week. "
                "Which table knows who did?",
            ),
        ),
        starter="profits = customer_profit(orders, ____, customers)",
        solution="Sum margin and cost per customer, subtract so that nobody falls out, keep what is below zero.",
        code=(
            "from crmkit.value import customer_profit\n"
            'orders, costs = crmkit.load("orders"), crmkit.load("cost_to_serve")\n'
            'profits = customer_profit(orders, costs, crmkit.load("customers"))\n'
            'answer = profits.loc[profits["profit"] < 0, "customer_id"]'
        ),
    ),
    Question(
        id="20-3",
        title="The profit, tenth by tenth",
        level="explore",
        prompt=(
            "Rank all customers by profit, cut them into ten groups of equal size, best first (`tenth` 1 to 10), "
            "and give the `share` of the whole profit that each group brings, in per cent."
        ),
        kind=Table(key="tenth", columns={"share": 0.05}, units={"share": "%"}),
        points=3,
        reference=lambda data: tenths(profit_by_customer(data)),
        hints=(
            "Sort by profit first; then the customer's place in the row decides the tenth.",
            "With the sorted profits in a fresh index, `profit.index * 10 // len(profit) + 1` is the tenth.",
            "`100 * profit.groupby(tenth).sum() / profit.sum()` is the share in per cent.",
        ),
        misconceptions=(
            Misconception(
                "ranks by turnover",
                lambda data: tenths(
                    data.load("orders")
                    .groupby("customer_id")["turnover"]
                    .sum()
                    .reindex(data.load("customers")["customer_id"], fill_value=0)
                ),
                "Those are the tenths of turnover. Profit is concentrated differently: what pulls its last tenth down?",
            ),
            Misconception(
                "adds the shares up",
                lambda data: tenths(profit_by_customer(data)).assign(
                    share=lambda t: t["share"].cumsum()
                ),
                "You have added the shares up from the top. The question asks for each tenth by itself.",
            ),
            Misconception(
                "worst tenth first",
                lambda data: tenths(profit_by_customer(data)).assign(
                    tenth=lambda t: 11 - t["tenth"]
                ),
                "The right shares in the wrong order: tenth 1 should be the best customers.",
            ),
        ),
        solution="Sort, number the rows, turn the number into a tenth, sum within each tenth, divide by the whole.",
        code=(
            "from crmkit.value import customer_profit\n"
            'orders, costs = crmkit.load("orders"), crmkit.load("cost_to_serve")\n'
            'profits = customer_profit(orders, costs, crmkit.load("customers"))["profit"]\n'
            "profit = profits.sort_values(ascending=False).reset_index(drop=True)\n"
            "tenth = profit.index * 10 // len(profit) + 1\n"
            "share = 100 * profit.groupby(tenth).sum() / profit.sum()\n"
            'answer = share.rename_axis("tenth").rename("share").reset_index()'
        ),
    ),
    Question(
        id="20-4",
        title="Who takes the staff's time?",
        level="explore",
        prompt=(
            "Give every customer a tier by profit with `tiers_with_cost` (diamond, gold, silver, ordinary, and those "
            "who cost more). What share of all staff minutes of the three years does each tier take, in per cent? "
            "A table with `tier` and `minutes`."
        ),
        kind=Table(key="tier", columns={"minutes": 0.05}, units={"minutes": "%"}),
        points=3,
        reference=lambda data: minutes_by_tier(data, tiers_with_cost(totals(data))),
        hints=(
            "Two steps: a tier for each customer, then the minutes of each tier. Which table holds the minutes?",
            "`tiers_with_cost(profits)` stands on the rows of `profits`: make `customer_id` their index first.",
            '`100 * costs["minutes"].groupby(costs["customer_id"].map(tier)).sum() / costs["minutes"].sum()`',
        ),
        misconceptions=(
            Misconception(
                "ranks by turnover",
                lambda data: minutes_by_tier(
                    data, tiers_with_cost(totals(data), rank_by="turnover")
                ),
                "You ranked the others by turnover. The question ranks them by profit.",
            ),
            Misconception(
                "share of the contacts",
                lambda data: minutes_by_tier(data, tiers_with_cost(totals(data)), "contacts"),
                "Those are contacts. A call of two minutes and a visit of two hours are one contact each: "
                "which column holds the time?",
            ),
            Misconception(
                "share of the customers",
                lambda data: (
                    (100 * tiers_with_cost(totals(data)).value_counts(normalize=True))
                    .rename("minutes")
                    .rename_axis("tier")
                    .reset_index()
                ),
                "That is how many of the customers are in each tier. The question asks for the minutes they take.",
            ),
        ),
        starter='tier = tiers_with_cost(customer_profit(orders, costs, customers).set_index("customer_id"))',
        solution="A tier per customer by profit, the minutes summed by tier, each divided by all minutes.",
        code=(
            "from crmkit.value import customer_profit, tiers_with_cost\n"
            'costs = crmkit.load("cost_to_serve")\n'
            'profits = customer_profit(crmkit.load("orders"), costs, crmkit.load("customers"))\n'
            'tier = tiers_with_cost(profits.set_index("customer_id"))\n'
            'minutes = costs["minutes"].groupby(costs["customer_id"].map(tier), observed=False).sum()\n'
            "share = 100 * minutes / minutes.sum()\n"
            'answer = share.rename_axis("tier").rename("minutes").reset_index()'
        ),
    ),
    Question(
        id="20-5",
        title="Stop serving them?",
        level="decide",
        prompt=(
            "The marketing director reads your list of customers who cost more than they bring, and wants to stop "
            "serving them. What do you tell her?"
        ),
        kind=Plan(
            rubric={
                "says how much of the profit is at stake, with a figure from the data": 1,
                "asks why these customers cost so much, before deciding what to do with them": 1,
                "names a cheaper way to serve them than sending them away (self-service, a fee, a minimum order)": 1,
                "says what would change the decision, and how one would find out": 1,
            },
            model=(
                "Not yet. All of them together cost us a known sum, which is small beside what the top tenth brings. "
                "Most of the loss is service time, not goods: I would offer them the web shop and a minimum order "
                "for free delivery, to half of them chosen by chance, and compare after a quarter. If cost does not "
                "fall in the half that got it, we talk about prices. Some are new, and may be next year's good "
                "customers: sending them away cannot be undone."
            ),
            minimum_words=40,
        ),
        points=4,
        hints=(
            "What would you need to know about these customers before you would send any of them away?",
        ),
    ),
]


def _loss_at_average_cost(data: Tables) -> pd.Index:
    margin = data.load("orders").groupby("customer_id")["margin"].sum()
    profit = margin - data.load("cost_to_serve")["cost"].sum() / len(margin)
    return profit[profit < 0].index


QUIZ = [
    QuizQuestion(
        "A customer has the highest turnover of all. What do you know about the profit from this customer?",
        [
            Option(
                "It is the highest too",
                "Turnover is before goods and service are paid. Look at the discounts first.",
            ),
            Option(
                "Nothing yet",
                "Discounts, returns and hours of service can eat a large turnover up.",
                right=True,
            ),
            Option(
                "It is at least above zero",
                "Some of the largest customers of any firm lose it money.",
            ),
        ],
    ),
]
