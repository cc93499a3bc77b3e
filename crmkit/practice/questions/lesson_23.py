"""Lesson 23: needs segments: same value, different offer."""

from __future__ import annotations

import pandas as pd

from crmkit.practice.kinds import Customers, Number, Plan, Table
from crmkit.practice.question import Misconception, Option, Question, QuizQuestion, Tables
from crmkit.value import assign_tiers, customer_profit
from crmkit.value.needs import basket_features

TITLE = "Needs segments"


def lines(data: Tables) -> pd.DataFrame:
    """Order lines with their customer, and whether the customer is VIP or key by profit."""
    orders = data.load("orders")
    table = data.load("order_lines").merge(orders[["order_id", "customer_id"]], on="order_id")
    profits = customer_profit(orders, data.load("cost_to_serve")).set_index("customer_id")["profit"]
    top = assign_tiers(profits) >= "key"
    table["top"] = table["customer_id"].map(top).astype(bool)
    table["reduced"] = table["discount"] > 0
    return table


def features(data: Tables) -> pd.DataFrame:
    """Baskets of the customers with five lines or more."""
    found = basket_features(data.load("order_lines"), data.load("orders"), data.load("products"))
    return found[found["lines"] >= 5]


def need_profile(data: Tables, how: str = "mean") -> pd.DataFrame:
    """Mean price level by true need type."""
    truth = data.load_truth("customers").set_index("customer_id")["need_type"]
    found = features(data)
    level = found["price_level"].groupby(truth.reindex(found.index)).agg(how)
    return level.rename_axis("need_type").reset_index()


def _profile_of_all(data: Tables) -> pd.DataFrame:
    truth = data.load_truth("customers").set_index("customer_id")["need_type"]
    found = basket_features(data.load("order_lines"), data.load("orders"), data.load("products"))
    level = found["price_level"].groupby(truth.reindex(found.index)).mean()
    return level.rename_axis("need_type").reset_index()


def _profile_of_lines(data: Tables) -> pd.DataFrame:
    products = data.load("products").set_index("product_id")
    table = lines(data)
    truth = data.load_truth("customers").set_index("customer_id")["need_type"]
    found = (
        table["product_id"].map(products["price"]).groupby(table["customer_id"].map(truth)).mean()
    )
    return found.rename("price_level").rename_axis("need_type").reset_index()


def bargain_hunters(data: Tables) -> pd.Index:
    """Customers with five lines or more, below their categories' mean price, at a discount above 5 %."""
    found = features(data)
    return found.index[(found["price_level"] < -1) & (found["discount_rate"] > 0.05)]


def _either(data: Tables) -> pd.Index:
    found = features(data)
    return found.index[(found["price_level"] < -1) | (found["discount_rate"] > 0.05)]


def _with_few_lines(data: Tables) -> pd.Index:
    found = basket_features(data.load("order_lines"), data.load("orders"), data.load("products"))
    return found.index[(found["price_level"] < -1) & (found["discount_rate"] > 0.05)]


def _plus_one(data: Tables) -> pd.Index:
    found = features(data)
    return found.index[(found["price_level"] > 1) & (found["discount_rate"] > 0.05)]


def _by_money(data: Tables) -> float:
    table = lines(data)
    full = table["quantity"] * table["unit_price"]
    return float(100 * table.loc[table["top"], "discount"].sum() / full[table["top"]].sum())


def top_hours(data: Tables, whole: bool = False, tiers: tuple[str, ...] = ("VIP", "key")) -> float:
    """Hours of service that customers of these tiers took."""
    costs = data.load("cost_to_serve")
    profits = customer_profit(data.load("orders"), costs).set_index("customer_id")["profit"]
    chosen = costs["customer_id"].map(assign_tiers(profits)).isin(tiers)
    if not whole:
        chosen &= costs["year"] == data.company.year
    return float(costs.loc[chosen, "minutes"].sum() / 60)


QUESTIONS = [
    Question(
        id="23-1",
        title="What the best buy at a discount",
        level="fill in",
        prompt=(
            "Do the best customers live on discounts? What share of the order lines of VIP and key "
            "customers (the best 5 % by "
            "profit, `assign_tiers`) was bought at a discount, in per cent?"
        ),
        kind=Number(unit="%", tolerance=0.05),
        points=1,
        reference=lambda data: 100 * lines(data).loc[lambda t: t["top"], "reduced"].mean(),
        hints=(
            "Three tables: lines know their order, orders know their customer, profits know the tier.",
            'A line is reduced if `discount > 0`. Keep the lines of customers with `tiers >= "key"`.',
            "The mean of a column of True and False is a share; times 100 it is in per cent.",
        ),
        misconceptions=(
            Misconception(
                "all customers",
                lambda data: 100 * lines(data)["reduced"].mean(),
                "That is the share among all customers. Which lines belong to VIP and key customers?",
            ),
            Misconception(
                "the other customers",
                lambda data: 100 * lines(data).loc[lambda t: ~t["top"], "reduced"].mean(),
                "That is the share among the ordinary and small customers: the comparison, not the answer.",
            ),
            Misconception(
                "money for lines",
                _by_money,
                "That is how much was taken off, in per cent of the list price. The question counts lines.",
            ),
        ),
        starter=(
            'profits = customer_profit(orders, costs).set_index("customer_id")["profit"]\n'
            "top = profits.index[assign_tiers(profits) >= ____]"
        ),
        solution="Join lines, orders and tiers; keep the top two tiers; take the share of lines with a "
        "discount.",
        code=(
            "from crmkit.value import assign_tiers, customer_profit\n"
            'orders = crmkit.load("orders")\n'
            'profits = customer_profit(orders, crmkit.load("cost_to_serve")).set_index("customer_id")["profit"]\n'
            'top = profits.index[assign_tiers(profits) >= "key"]\n'
            'lines = crmkit.load("order_lines").merge(orders[["order_id", "customer_id"]], on="order_id")\n'
            'answer = 100 * (lines.loc[lines["customer_id"].isin(top), "discount"] > 0).mean()'
        ),
    ),
    Question(
        id="23-2",
        title="Bargain hunters",
        level="change",
        prompt=(
            "Who looks like a bargain hunter? Among customers with five lines or more, find those with a "
            "`price_level` below "
            "-1 and a `discount_rate` above 0.05 (`basket_features`)."
        ),
        kind=Customers(),
        points=2,
        reference=bargain_hunters,
        hints=(
            "`basket_features(order_lines, orders, products)` has a column for each condition, and `lines`.",
            "Three conditions joined with `&`; each in brackets of its own.",
            "`features.index` holds the customer_id.",
        ),
        misconceptions=(
            Misconception(
                "those of whom too little is known",
                _with_few_lines,
                "These include customers with fewer than five lines: one reduced screw makes nobody a "
                "bargain hunter.",
            ),
            Misconception(
                "either for both",
                _either,
                "These fulfil one of the two conditions. The question asks for both.",
            ),
            Misconception(
                "loses the minus",
                _plus_one,
                "You kept price levels above +1: the dearest baskets. Cheap is below -1.",
            ),
        ),
        starter='cheap = (features["price_level"] < ____) & (features["discount_rate"] > ____)',
        solution="Features, three conditions, the index.",
        code=(
            "from crmkit.value.needs import basket_features\n"
            "features = basket_features(\n"
            '    crmkit.load("order_lines"), crmkit.load("orders"), crmkit.load("products"))\n'
            'cheap = (features["price_level"] < -1) & (features["discount_rate"] > 0.05)\n'
            'answer = features.index[cheap & (features["lines"] >= 5)]'
        ),
    ),
    Question(
        id="23-3",
        title="Baskets against the truth",
        level="explore",
        prompt=(
            "Hold the baskets against the truth: for each true `need_type`, give the mean `price_level` "
            "of the customers with "
            "five lines or more. A table with `need_type` and `price_level`."
        ),
        kind=Table(key="need_type", columns={"price_level": 0.0005}),
        points=3,
        reference=need_profile,
        truth=("customers",),
        hints=(
            'The true types stand in `crmkit.load_truth("customers")`; the price level in the basket '
            "features.",
            "Both by customer_id: `types.reindex(features.index)` puts them on the same customers.",
            '`features["price_level"].groupby(types).mean()`',
        ),
        misconceptions=(
            Misconception(
                "those of whom too little is known",
                _profile_of_all,
                "You took all customers. With fewer than five lines a price level is mostly chance: leave "
                "them out.",
            ),
            Misconception(
                "compares lamps with screws",
                _profile_of_lines,
                "Those are mean prices in {company.symbol}, across categories. The price level compares each product "
                "with its own category.",
            ),
            Misconception(
                "median for mean",
                lambda data: need_profile(data, "median"),
                "Those are medians. The question asks for means.",
            ),
        ),
        starter='enough = features[features["lines"] >= ____]',
        solution="Features of customers with five lines or more, grouped by their true need type.",
        code=(
            "from crmkit.value.needs import basket_features\n"
            "features = basket_features(\n"
            '    crmkit.load("order_lines"), crmkit.load("orders"), crmkit.load("products"))\n'
            'features = features[features["lines"] >= 5]\n'
            'types = crmkit.load_truth("customers").set_index("customer_id")["need_type"]\n'
            'mean = features["price_level"].groupby(types.reindex(features.index)).mean()\n'
            'answer = mean.rename_axis("need_type").reset_index()'
        ),
    ),
    Question(
        id="23-4",
        title="What would specialists for the few take?",
        level="explore",
        prompt=(
            "VIP and key customers (the best 5 % by profit over the three years, `assign_tiers`) are to get "
            "specialists at the front line who take twice the time of {company.year}. How many hours MORE "
            "does that take in a "
            "year? One decimal."
        ),
        kind=Number(unit="hours", tolerance=0.05),
        points=3,
        reference=top_hours,
        hints=(
            "`cost_to_serve` has one row per customer and year, with the minutes. Which rows count?",
            "A tier per customer from `customer_profit` and `assign_tiers`; then the rows of {company.year} "
            "of those two tiers.",
            "Twice the time is once the time more: the sum of the minutes, divided by 60.",
        ),
        misconceptions=(
            Misconception(
                "all customers",
                lambda data: top_hours(data, tiers=("VIP", "key", "ordinary", "small")),
                "That is what specialists for everybody would take. The plan is for two tiers.",
            ),
            Misconception(
                "three years for one",
                lambda data: top_hours(data, whole=True),
                "You added up the three years. How many hours is it in one year, in {company.year}?",
            ),
            Misconception(
                "VIP only",
                lambda data: top_hours(data, tiers=("VIP",)),
                "Those are the VIPs alone. The plan is for VIP and key customers.",
            ),
            Misconception(
                "minutes for hours",
                lambda data: 60 * top_hours(data),
                "Those are minutes.",
            ),
            Misconception(
                "twice for once more",
                lambda data: 2 * top_hours(data),
                "That is all of the time with the specialists. How much of it is there already?",
            ),
        ),
        starter='year = costs[costs["year"] == company.year]',
        solution="Tier per customer, minutes of {company.year} of the two tiers, in hours: twice the time "
        "is that much more.",
        code=(
            "from crmkit.value import assign_tiers, customer_profit\n"
            'costs = crmkit.load("cost_to_serve")\n'
            'profits = customer_profit(crmkit.load("orders"), costs).set_index("customer_id")["profit"]\n'
            "tiers = assign_tiers(profits)\n"
            'year = costs[costs["year"] == company.year]\n'
            'top = year["customer_id"].map(tiers).isin(["VIP", "key"])\n'
            'answer = year.loc[top, "minutes"].sum() / 60'
        ),
    ),
    Question(
        id="23-5",
        title="A policy for the key tier",
        level="decide",
        prompt=(
            "Write a service policy for the key tier: what do customers get whose basket says price, "
            "value, or compound, what "
            "does it cost, and what do you do about labels that are wrong?"
        ),
        kind=Plan(
            rubric={
                "a different offer for at least two orientations, each with a reason from the need": 1,
                "says what it costs, and what it must bring to pay for itself": 1,
                "says how often the label is wrong, with a figure from the data, and keeps the door open": 1,
                "proposes how to find out whether the policy works (by chance, a comparison)": 1,
            },
            model=(
                "Value: an adviser, about {company.symbol}40 a year, which pays if it raises a key "
                "customer's profit by "
                "a tenth or less. Price: no adviser, "
                "but the price list first and a promise that the price will not change for a year, which "
                "costs little. Compound: "
                "let them choose between the two, for this label is hardly better than none. Since not "
                "much more than half of the "
                "labels are right, everybody can switch with one click, and nobody is refused anything. "
                "For a year half of each "
                "group, chosen by chance, keeps the old service, and then we compare."
            ),
            minimum_words=40,
        ),
        points=4,
        hints=("Worth says how much, need says on what. What is a wrong label going to cost you?",),
    ),
]

QUIZ = [
    QuizQuestion(
        "k-means was asked for four segments and found four. What follows?",
        [
            Option(
                "There are four kinds of customers",
                "It would have found five, had you asked for five.",
            ),
            Option(
                "Nothing about how many kinds there are",
                "The method gives as many as it is asked for. Ask whether they help to decide something.",
                right=True,
            ),
            Option("Four is better than three", "Nothing was compared."),
        ],
    ),
    QuizQuestion(
        "Segments made from last year and from this year agree well. What does that show?",
        [
            Option("That they are true needs", "Habits are stable too: purse, distance, shelf."),
            Option(
                "That they describe something lasting, whatever it is",
                "Stable is not true. To learn what it is, compare with something outside the baskets.",
                right=True,
            ),
            Option("That there are enough data", "Plenty of data can repeat the same mistake."),
        ],
    ),
    QuizQuestion(
        "Two customers spend the same. What do you know about the offer that suits them?",
        [
            Option(
                "The same offer suits both",
                "Worth says how much one may spend on them, not on what.",
            ),
            Option("Nothing yet", "Worth and need are two questions.", right=True),
            Option("The dearer one suits both", "One of them may want nothing but the price."),
        ],
    ),
]
