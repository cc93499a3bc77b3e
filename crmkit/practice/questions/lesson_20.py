"""Lesson 20: who brings the profit. Also the worked example of docs/writing_questions.md."""

from __future__ import annotations

import pandas as pd

from crmkit.practice.kinds import Choice, Customers, Number, Plan, Table
from crmkit.practice.question import (
    Misconception,
    Option,
    Prediction,
    Question,
    QuizQuestion,
    Tables,
)
from crmkit.value import (
    assign_tiers,
    customer_profit,
    list_certainty,
    names_again,
    share_by_window,
    tier_table,
    tiers_with_cost,
    top_share,
)

TITLE = "Who brings the profit"

#: Tiers by the profit of one year, in the company's currency: what question 20-6 asks for.
AMOUNTS = {"top": 500, "middle": 100, "base": 0}


def profit_by_customer(data: Tables) -> pd.Series:
    """Margin of all orders less all cost to serve, for every customer (also those who never ordered)."""
    margin = data.load("orders").groupby("customer_id")["margin"].sum()
    cost = data.load("cost_to_serve").groupby("customer_id")["cost"].sum()
    everyone = data.load("customers")["customer_id"]
    return margin.reindex(everyone, fill_value=0) - cost.reindex(everyone, fill_value=0)


def of_year(data: Tables, year: int) -> pd.DataFrame:
    """What every customer who was served in one year brought and cost in it."""
    orders, costs = data.load("orders"), data.load("cost_to_serve")
    return customer_profit(
        orders[orders["order_date"].dt.year == year], costs[costs["year"] == year]
    )


def totals(data: Tables) -> pd.DataFrame:
    """What every customer brought and cost, by customer."""
    found = customer_profit(data.load("orders"), data.load("cost_to_serve"), data.load("customers"))
    return found.set_index("customer_id")


def minutes_by_tier(
    data: Tables, tier: pd.Series, column: str = "minutes", year: int | None = None
) -> pd.DataFrame:
    """Per cent of all staff minutes (or contacts) that each tier takes, in one year or in all."""
    costs = data.load("cost_to_serve")
    if year is not None:
        costs = costs[costs["year"] == year]
    sums = costs[column].groupby(costs["customer_id"].map(tier).astype(str)).sum()
    return (100 * sums / sums.sum()).rename("minutes").rename_axis("tier").reset_index()


def _mean_minutes(data: Tables) -> pd.DataFrame:
    each = data.load("cost_to_serve").groupby("customer_id")["minutes"].sum()
    means = each.groupby(each.index.map(tiers_with_cost(totals(data))).astype(str)).mean()
    return (100 * means / means.sum()).rename("minutes").rename_axis("tier").reset_index()


def _minutes_by_row(data: Tables) -> pd.DataFrame:
    tier = tiers_with_cost(totals(data).reset_index()).astype(str)
    sums = data.load("cost_to_serve")["minutes"].groupby(tier).sum()
    return (100 * sums / sums.sum()).rename("minutes").rename_axis("tier").reset_index()


def _year_less_all_costs(data: Tables) -> pd.Series:
    orders = data.load("orders")
    sold = orders[orders["order_date"].dt.year == data.company.year]
    return customer_profit(sold, data.load("cost_to_serve"))["profit"]


def shares_by_amount(values: pd.Series, column: str = "value_share") -> pd.DataFrame:
    """Per cent of the profit (or of the customers) in each tier of `AMOUNTS`."""
    table = tier_table(assign_tiers(values, AMOUNTS, by="amount"), values)
    return pd.DataFrame({"tier": table["tier"], "share": 100 * table[column]})


def certainty(data: Tables, share: float) -> pd.DataFrame:
    """How sure the list of the best `share` is, as the lesson computes it."""
    customers = data.load("customers")
    top = int(len(customers) * share)
    return list_certainty(
        data.load("orders"), data.load("cost_to_serve"), customers, top=top, seed=20
    )


def doubtful(data: Tables, share: float = 0.1, least: float = 0.95) -> pd.Index:
    """Those on the list of the best `share` who are on it in less than `least` of the draws."""
    found = certainty(data, share)
    return found.index[found["on_list"] & (found["share_of_draws"] < least)]


def best_fifth(data: Tables, column: str = "profit") -> float:
    """Per cent of the profit (or of another column) that the best fifth of all customers bring."""
    return 100 * top_share(totals(data)[column], 0.2)


def more_at_beanline(data: Tables, column: str = "profit") -> float:
    """Points by which the best fifth's share is larger at Beanline than at the reader's company."""
    return best_fifth(data.other("beanline"), column) - best_fifth(data, column)


def _names_on_both(data: Tables) -> float:
    people = totals(data)
    desk = len(people) // 20
    large = people.nlargest(desk, "turnover").index
    return 100 * float(large.isin(people.nlargest(desk, "profit").index).mean())


def _month_against_years(data: Tables) -> str:
    about = data.company
    shares = share_by_window(
        data.load("orders"),
        {
            "month": (f"{about.year}-06-01", f"{about.year}-06-30"),
            "years": (about.start, about.end),
        },
    )["top_share"]
    gap = shares["month"] - shares["years"]
    return "c" if abs(gap) < 0.02 else "a" if gap > 0 else "b"


def _again(data: Tables) -> float:
    found = certainty(data, 0.05)
    return 100 * names_again(found, len(found) // 20)


def _at_stake(data: Tables) -> dict[str, str]:
    people = totals(data)
    loss = -people.loc[people["profit"] < 0, "profit"].sum() / people["profit"].sum()
    minutes = minutes_by_tier(data, tiers_with_cost(people)).set_index("tier")["minutes"]
    return {"loss": f"{100 * loss:.0f} %", "minutes": f"{minutes['costs more']:.0f} %"}


PREDICTIONS = [
    Prediction(
        id="20-a",
        prompt="One list names the 5 % of the customers with the largest turnover, another the 5 % with the largest "
        "profit. Of a hundred names on the first list, how many are on the second too?",
        kind=Number(unit="of 100", tolerance=4),
        answer=_names_on_both,
        why="Margin grows with turnover, so the two lists are much alike. The other names pay much and leave less: "
        "discounts and service eat up what they pay.",
    ),
    Prediction(
        id="20-b",
        prompt="Take the customers who bought in June {company.year}, and what they paid in that month. Compared with "
        "all three years, the best fifth of the customers bring …",
        kind=Choice(
            {
                "a": "a larger share of the turnover",
                "b": "a smaller share of the turnover",
                "c": "about the same share (within 2 points)",
            }
        ),
        answer=_month_against_years,
        why="A month shows how unequal baskets are. Years also show who comes again, and that differs far more between "
        "customers.",
    ),
    Prediction(
        id="20-c",
        prompt="Suppose the same customers lived these three years twice, with the same habits and other luck. Of a "
        "hundred names on the list of the best 5 %, how many would be on the second list as well?",
        kind=Number(unit="of 100", tolerance=5),
        answer=_again,
        why="Most people say 90 or more. But near the cut one large order decides, and many are near the cut.",
    ),
]

QUESTIONS = [
    Question(
        id="20-1",
        title="The profit of one year",
        level="fill in",
        goals=(1,),
        elsewhere="another year",
        prompt="How much profit, in {company.coins}, did all customers together bring in {company.year} alone: that "
        "year's margin less that year's cost to serve?",
        kind=Number(unit="{company.symbol}", tolerance=1),
        points=1,
        reference=lambda data: of_year(data, data.company.year)["profit"].sum(),
        hints=(
            "Two tables hold what you need, and each knows the year: `order_date` in one, `year` in the other.",
            "Keep the rows of {company.year} in both tables, then use `customer_profit` as the lesson does.",
            '`customer_profit(sold, served)["profit"].sum()`',
        ),
        misconceptions=(
            Misconception(
                "all three years",
                lambda data: profit_by_customer(data).sum(),
                "That is the profit of all three years. Which rows belong to {company.year}?",
            ),
            Misconception(
                "takes turnover for profit",
                lambda data: of_year(data, data.company.year)["turnover"].sum(),
                "That is what customers paid. {company.name} had to buy the goods, and to serve the customers: "
                "what is left after both?",
            ),
            Misconception(
                "forgets cost to serve",
                lambda data: of_year(data, data.company.year)["margin"].sum(),
                "That is the margin. Calls, visits and returns cost money too: which table holds that cost?",
            ),
            Misconception(
                "takes off the cost of all years",
                lambda data: (
                    of_year(data, data.company.year)["margin"].sum()
                    - data.load("cost_to_serve")["cost"].sum()
                ),
                "The margin is that of {company.year}, but you took off the cost of all three years.",
            ),
            Misconception(
                "another year",
                lambda data: of_year(data, data.company.last_year)["profit"].sum(),
                "That is the profit of {company.last_year}. The question asks for {company.year}.",
            ),
            Misconception(
                "the mean of the years",
                lambda data: profit_by_customer(data).sum() / len(data.company.years),
                "That is the mean profit of a year, over all years. The question asks for {company.year} alone.",
            ),
            Misconception(
                "the mean of a customer",
                lambda data: of_year(data, data.company.year)["profit"].mean(),
                "That is the mean profit of one customer in {company.year}. The question asks for all together.",
            ),
        ),
        right="A profit belongs to a stretch of time: say which, whenever you quote one.",
        starter='sold = orders[orders["order_date"].dt.year == ____]\n'
        'served = costs[costs["year"] == ____]',
        solution="Keep one year in both tables; then the margin less the cost to serve, summed.",
        code=(
            "from crmkit.value import customer_profit\n"
            'orders, costs = crmkit.load("orders"), crmkit.load("cost_to_serve")\n'
            'sold = orders[orders["order_date"].dt.year == company.year]\n'
            'served = costs[costs["year"] == company.year]\n'
            'answer = customer_profit(sold, served)["profit"].sum()'
        ),
    ),
    Question(
        id="20-2",
        title="Who costs more than they bring?",
        level="change",
        goals=(4,),
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
            Misconception(
                "one year only",
                lambda data: of_year(data, data.company.year).query("profit < 0")["customer_id"],
                "Those cost more than they brought in {company.year} alone. The question asks about all three years.",
            ),
        ),
        right="Only the sum by customer shows them: a list of orders, or of margins, hides who is expensive.",
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
        id="20-6",
        title="Cut by amount",
        level="change",
        goals=(3,),
        elsewhere="another year",
        prompt=(
            "The head of sales wants amounts that everyone can remember. Take the profit that each customer brought in "
            "{company.year}, as in 20-1. Cut by amount: `top` from {company.symbol}500, `middle` from "
            "{company.symbol}100, `base` below. What share of the profit of {company.year} does each tier bring, in "
            "per cent? A table with `tier` and `share`."
        ),
        kind=Table(key="tier", columns={"share": 0.05}, units={"share": "%"}),
        points=2,
        reference=lambda data: shares_by_amount(of_year(data, data.company.year)["profit"]),
        hints=(
            "First the profit of each customer in {company.year}. Then two helpers: one gives tiers, the "
            "other sums them up.",
            '`assign_tiers(profit, {"top": 500, "middle": 100, "base": 0}, by="amount")` gives the tiers.',
            "`tier_table(tiers, profit)` has the column `value_share`: a fraction. Per cent are a hundred times that.",
        ),
        misconceptions=(
            Misconception(
                "share of the customers",
                lambda data: shares_by_amount(
                    of_year(data, data.company.year)["profit"], "customer_share"
                ),
                "That is how many of the customers are in each tier. What share of the profit do they bring?",
            ),
            Misconception(
                "cuts by turnover",
                lambda data: shares_by_amount(of_year(data, data.company.year)["turnover"]),
                "You cut by turnover. The amounts are amounts of profit.",
            ),
            Misconception(
                "profit of all three years",
                lambda data: shares_by_amount(profit_by_customer(data)),
                "That is the profit of three years against the amounts of one. Keep the rows of {company.year} first.",
            ),
            Misconception(
                "another year",
                lambda data: shares_by_amount(of_year(data, data.company.last_year)["profit"]),
                "Those are the shares of {company.last_year}. The question asks for {company.year}.",
            ),
            Misconception(
                "takes off the cost of all years",
                lambda data: shares_by_amount(_year_less_all_costs(data)),
                "The margin is that of {company.year}, but you took off the cost of all three years.",
            ),
        ),
        right="Amounts mean the same next year. Next year's tiers may be larger or smaller, and that is news.",
        starter='profit = customer_profit(sold, served)["profit"]\n'
        'tiers = assign_tiers(profit, {"top": 500, "middle": ____, "base": 0}, by=____)',
        solution="One year's profit by customer, tiers by amount, the share of each tier as per cent.",
        code=(
            "from crmkit.value import assign_tiers, customer_profit, tier_table\n"
            'orders, costs = crmkit.load("orders"), crmkit.load("cost_to_serve")\n'
            'sold = orders[orders["order_date"].dt.year == company.year]\n'
            'profit = customer_profit(sold, costs[costs["year"] == company.year])["profit"]\n'
            'tiers = assign_tiers(profit, {"top": 500, "middle": 100, "base": 0}, by="amount")\n'
            "table = tier_table(tiers, profit)\n"
            'answer = pd.DataFrame({"tier": table["tier"], "share": 100 * table["value_share"]})'
        ),
    ),
    Question(
        id="20-7",
        title="The rule at another firm",
        level="explore",
        goals=(2,),
        elsewhere="beanline",
        prompt=(
            "Does 80/20 hold at the coffee merchant Beanline? Compute the share of the *profit* of three years that "
            "the best fifth of its customers bring. By how many percentage points is it larger than at {company.name}? "
            "Two decimals."
        ),
        kind=Number(unit="percentage points", tolerance=0.005),
        points=3,
        reference=more_at_beanline,
        hints=(
            "The same three tables exist for both firms. Do the same for each, then subtract.",
            '`crmkit.load("orders", data="beanline")` loads a table of the other firm.',
            '`100 * top_share(customer_profit(orders, costs, customers)["profit"], 0.2)` for each of the two.',
        ),
        misconceptions=(
            Misconception(
                "share of the turnover",
                lambda data: more_at_beanline(data, "turnover"),
                "That is the difference of the shares of turnover. The rule is about profit: what does service cost?",
            ),
            Misconception(
                "share of the margin",
                lambda data: more_at_beanline(data, "margin"),
                "That is the difference of the shares of margin. The cost to serve has not been paid yet.",
            ),
            Misconception(
                "Beanline alone",
                lambda data: best_fifth(data.other("beanline")),
                "That is the share at Beanline. By how much is it larger than at {company.name}?",
            ),
            Misconception(
                "own firm alone",
                lambda data: best_fifth(data),
                "That is the share at {company.name}. What is it at Beanline, and how large is the difference?",
            ),
            Misconception(
                "per cent for points",
                lambda data: 100 * (best_fifth(data.other("beanline")) / best_fifth(data) - 1),
                "That is the difference in per cent of {company.name}'s share. Percentage points are one share "
                "less the other.",
            ),
            Misconception(
                "compared with 80 %",
                lambda data: best_fifth(data.other("beanline")) - 80,
                "That is the distance from 80 %. The question compares Beanline with {company.name}.",
            ),
        ),
        right="Close to 80 in both, and equal in neither: a rule of thumb is where a count begins, not where it ends.",
        starter='coffee = [crmkit.load(name, data="beanline") for name in ("orders", "cost_to_serve", "customers")]\n'
        "there = top_share(customer_profit(*coffee)[____], 0.2)",
        solution="Profit by customer at both firms, the best fifth's share of each, one less the other.",
        code=(
            "from crmkit.value import customer_profit, top_share\n"
            'names = ["orders", "cost_to_serve", "customers"]\n'
            "here = [crmkit.load(name) for name in names]\n"
            'there = [crmkit.load(name, data="beanline") for name in names]\n'
            'shares = [100 * top_share(customer_profit(*firm)["profit"], 0.2) for firm in (there, here)]\n'
            "answer = shares[0] - shares[1]"
        ),
    ),
    Question(
        id="20-8",
        title="Whose place is not sure?",
        level="explore",
        goals=(3,),
        prompt=(
            "The desk doubles: now the best *tenth* of the customers by profit. Whose place on this list is "
            "not sure: who is on it, but in fewer than 95 % of the draws? Use `list_certainty` with `seed=20`, and "
            "`len(customers) // 10` as the length of the list. Its table has the `customer_id` as its index."
        ),
        kind=Customers(may_differ=2),
        points=3,
        reference=doubtful,
        hints=(
            "The lesson did it for a twentieth. What says how long the list is?",
            "`certain = list_certainty(orders, costs, customers, top=len(customers) // 10, seed=20)`",
            'Two conditions: `certain["on_list"]`, and `certain["share_of_draws"]` below 0.95. The index names them.',
        ),
        misconceptions=(
            Misconception(
                "names the sure ones",
                lambda data: (
                    certainty(data, 0.1)
                    .loc[lambda c: c["on_list"] & (c["share_of_draws"] >= 0.95)]
                    .index
                ),
                "Those are sure of their place. The question asks for the others on the list.",
            ),
            Misconception(
                "keeps the twentieth",
                lambda data: doubtful(data, 0.05),
                "That is the list of the best twentieth, as in the lesson. How long is the new one?",
            ),
            Misconception(
                "also those behind the cut",
                lambda data: (
                    certainty(data, 0.1).loc[lambda c: c["share_of_draws"].between(0, 0.9499)].index
                ),
                "These include people who are not on the list. Only names on it can have a doubtful place on it.",
            ),
            Misconception(
                "fewer than half of the draws",
                lambda data: doubtful(data, least=0.5),
                "These are on the list in fewer than half of the draws. The question asks for fewer than 95 %.",
            ),
        ),
        right="More places do not make the list surer: there is a new cut, and new neighbours on both sides of it.",
        starter="certain = list_certainty(orders, costs, customers, top=____, seed=20)",
        solution="The lesson's helper with a longer list, then the names on it below 95 %.",
        code=(
            "from crmkit.value import list_certainty\n"
            'customers = crmkit.load("customers")\n'
            'certain = list_certainty(crmkit.load("orders"), crmkit.load("cost_to_serve"), customers,\n'
            "                         top=len(customers) // 10, seed=20)\n"
            'answer = certain[certain["on_list"] & (certain["share_of_draws"] < 0.95)].index'
        ),
    ),
    Question(
        id="20-4",
        title="Who takes the staff's time?",
        level="explore",
        goals=(4,),
        prompt=(
            "Give every customer a tier by profit with `tiers_with_cost` (diamond, gold, silver, standard, and those "
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
                "Those are contacts. A call of two minutes and a visit of two hours both count as one: which column "
                "holds the time?",
            ),
            Misconception(
                "minutes of one customer",
                lambda data: _mean_minutes(data),
                "You compared the mean minutes of one customer in each tier. The question asks for all minutes of a "
                "tier: add them up.",
            ),
            Misconception(
                "one year only",
                lambda data: minutes_by_tier(
                    data, tiers_with_cost(totals(data)), year=data.company.year
                ),
                "Those are the minutes of {company.year} alone. The question asks for all three years.",
            ),
            Misconception(
                "rows put side by side",
                _minutes_by_row,
                "The first customer's tier stands beside the first row of the costs, which may be another "
                "customer. Find each row's "
                "tier by its `customer_id`.",
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
        right="A few of the customers take much of the time. That is where to begin: with what they call about.",
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
        goals=(4,),
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
                "Not yet. All of them together take back {figure.loss} of the profit, and take {figure.minutes} of the "
                "staff's minutes (20-4). So the money at stake is time, not goods. First I would ask what they call "
                "about: the typical one bought once, and needed help. Then I would try a cheaper way to serve: a "
                "printed guide in every parcel and help in the app, for half of them chosen at random. After six "
                "months we compare. If the minutes do not fall in the half that got it, my advice was wrong, and we "
                "talk about a fee. Some are new, and sending them away cannot be undone."
            ),
            figures=_at_stake,
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
                "A large customer can cost more than the margin leaves. Look before you are sure.",
            ),
        ],
    ),
    QuizQuestion(
        "The curve of profit is at 112 % after the best half of the customers. What does that say?",
        [
            Option("A mistake in the sums", "Correct sums give this whenever others lose money."),
            Option(
                "The other half together lose 12 % of the profit",
                "The curve ends at 100 %, so what comes after takes the 12 points away again.",
                right=True,
            ),
            Option(
                "Profit has grown by 12 %",
                "The curve lines up customers of one stretch of time. It compares no years.",
            ),
        ],
    ),
    QuizQuestion(
        'A consultant says: "In your trade, 20 % of the customers bring 80 % of the profit." What do you ask first?',
        [
            Option(
                "Over which time, and of which firm?",
                "The share changes with both, so without them the sentence says nothing about you.",
                right=True,
            ),
            Option(
                "How can we raise the 20 %?",
                "A larger or smaller share is neither good nor bad: it only says how unlike the customers are.",
            ),
            Option(
                "Nothing: the rule is well known",
                "That it is well known does not make it true of your customers.",
            ),
        ],
    ),
    QuizQuestion(
        "Place 250 gets a personal desk, place 251 does not. What do you know about these two customers?",
        [
            Option(
                "The first is the better customer",
                "They may differ by one small order, and by luck.",
            ),
            Option(
                "Next to nothing",
                "With a little other luck they change places. Let somebody who knows them decide.",
                right=True,
            ),
            Option(
                "The second should be dropped",
                "A cut says who gets one service. It says nothing about sending people away.",
            ),
        ],
    ),
]
