"""Lesson 23: needs segments: same value, different offer."""

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
from crmkit.value import assign_tiers, customer_profit, policy_gain
from crmkit.value.needs import (
    BASKET,
    basket_features,
    find_segments,
    naive_split,
    name_orientations,
    recovery,
)
from crmkit.value.segment_checks import gain_by_group

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


def yearly_profit(data: Tables, what: str = "profit", years: int = 0) -> pd.Series:
    """Profit (or turnover) of each customer a year; divided by `years` if they are given."""
    sums = customer_profit(data.load("orders"), data.load("cost_to_serve"))
    return sums.set_index("customer_id")[what] / (years or len(data.company.years))


def top_hours(
    data: Tables,
    year: int | None = None,
    tiers: tuple[str, ...] = ("VIP", "key"),
    what: str = "profit",
    *,
    whole: bool = False,
) -> float:
    """Hours of service that customers of these tiers took in the year before the last."""
    costs = data.load("cost_to_serve")
    chosen = costs["customer_id"].map(assign_tiers(yearly_profit(data, what))).isin(tiers)
    if not whole:
        chosen &= costs["year"] == (year or data.company.last_year)
    return float(costs.loc[chosen, "minutes"].sum() / 60)


def hours_by_one_year(data: Tables) -> float:
    """Hours of the tiers that the profit of that one year would make."""
    orders, costs, year = data.load("orders"), data.load("cost_to_serve"), data.company.last_year
    costs = costs[costs["year"] == year]
    people = customer_profit(orders[orders["order_date"].dt.year == year], costs)
    tiers = assign_tiers(people.set_index("customer_id")["profit"])
    return float(costs.loc[costs["customer_id"].map(tiers) >= "key", "minutes"].sum() / 60)


def share_of_minutes(data: Tables) -> float:
    """Per cent of the last year's minutes that VIP and key customers take."""
    year = data.company.year
    everyone = ("VIP", "key", "ordinary", "small")
    return 100 * top_hours(data, year) / top_hours(data, year, everyone)


def need_types(data: Tables) -> pd.Series:
    """The true need type of each customer."""
    return data.load_truth("customers").set_index("customer_id")["need_type"]


def nearest(data: Tables) -> str:
    """Which grouping agrees better with the truth: a for five features, b for the price level alone."""
    choices = features(data)[list(BASKET)]
    rivals = {"a": find_segments(choices), "b": naive_split(choices["price_level"])}
    rand = {key: recovery(each, need_types(data))["adjusted_rand"] for key, each in rivals.items()}
    return max(rand, key=rand.__getitem__)


def right_labels(data: Tables, least: int = 5, *, column: bool = False) -> pd.Series:
    """Per cent of the customers with each label who are truly so (or, of those who are so, who have the label)."""
    found = basket_features(data.load("order_lines"), data.load("orders"), data.load("products"))
    choices = found.loc[found["lines"] >= least, list(BASKET)]
    labels = name_orientations(find_segments(choices), choices["price_level"])
    true = need_types(data).reindex(labels.index)
    return 100 * (labels == true).groupby(true if column else labels).mean()


def surer(data: Tables, least: int = 20, *, column: bool = False) -> pd.DataFrame:
    """Right labels of customers with many lines, as a table."""
    share = right_labels(data, least, column=column)
    return share.rename("right").rename_axis("orientation").reset_index()


def two_ways(data: Tables, measure: str = "adjusted_rand", least: int = 5) -> pd.DataFrame:
    """Five features and one number against the true need types."""
    found = basket_features(data.load("order_lines"), data.load("orders"), data.load("products"))
    choices = found.loc[found["lines"] >= least, list(BASKET)]
    ways = {"k-means": find_segments(choices), "price level": naive_split(choices["price_level"])}
    values = [recovery(each, need_types(data))[measure] for each in ways.values()]
    return pd.DataFrame({"way": list(ways), "adjusted_rand": values})


def adviser(
    data: Tables, column: str = "net", cost: float = 25, part: float = 0.5, years: int = 0
) -> pd.DataFrame:
    """What an adviser brings in each tier, if the lift is a part of the weight of communication."""
    profit = yearly_profit(data, years=years)
    tiers = assign_tiers(profit)
    weight = data.load_truth("customers").set_index("customer_id")["weight_communication"]
    names = ["VIP", "key", "ordinary", "small"]
    policy = pd.DataFrame({"tier": names, "cost_per_customer": [float(cost)] * 4})
    table = policy_gain(tiers, profit, policy, weight.reindex(profit.index) * part)
    return table[["tier", column]].rename(columns={column: "net"})


def _for_the_key_tier(data: Tables) -> dict[str, str]:
    profit = yearly_profit(data)
    tiers = assign_tiers(profit).rename("tier")
    weight = data.load_truth("customers").set_index("customer_id")["weight_communication"]
    gain = gain_by_group(profit * weight.reindex(profit.index) - 40, tiers).loc["key"]
    money, key = data.company.money, profit[tiers == "key"]
    right = right_labels(data)
    return {
        "customers": f"{len(key):,}",
        "cost": money(40 * len(key)),
        "lift": f"{40 * len(key) / key.sum():.0%}".replace("%", " %"),
        "low": money(gain["low"]),
        "high": money(gain["high"]),
        "price": f"{right['price']:.0f} %",
        "value": f"{right['value']:.0f} %",
        "compound": f"{right['compound']:.0f} %",
    }


PREDICTIONS = [
    Prediction(
        id="23-b",
        prompt="Which grouping comes nearer to what customers truly need?",
        kind=Choice(
            {
                "a": "k-means with five features of the basket",
                "b": "three equal parts by the price level alone",
            }
        ),
        answer=nearest,
        truth=("customers",),
        why="Most people trust the method with more features. But a feature brings noise as well as information, and "
        "k-means cannot tell one from the other.",
    ),
    Prediction(
        id="23-a",
        prompt='Of a hundred customers with the label "price", how many are truly price-oriented?',
        kind=Number(unit="of 100", tolerance=5),
        answer=lambda data: right_labels(data)["price"],
        truth=("customers",),
        why="The picture of the profiles shows how the groups differ, not how many people are in the wrong one. Only a "
        "comparison with something outside the baskets tells that.",
    ),
    Prediction(
        id="23-c",
        prompt="VIP and key are the best 5 % of the customers by profit. What share of the staff's minutes do they "
        "take, in per cent?",
        kind=Number(unit="%", tolerance=3),
        between=(0, 100),
        answer=share_of_minutes,
        why="Many people say a fifth or more, because the best customers come to mind first. They take more time each, "
        "but they are few.",
    ),
]

QUESTIONS = [
    Question(
        id="23-1",
        title="What the best buy at a discount",
        level="fill in",
        goals=(1,),
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
        right=(
            "Compare it with the share among the others: worth alone does not say whether somebody wants a discount."
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
        goals=(2,),
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
                "You kept price levels above +1: the most expensive baskets. Cheap is below -1.",
            ),
        ),
        right=(
            "These baskets look price-oriented, but a basket is only what somebody found on the shelf."
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
        id="23-4",
        title="What would specialists for the few take?",
        level="change",
        goals=(5,),
        elsewhere="another year",
        prompt=(
            "The lesson shows {company.year}. Go back a year. Suppose VIP and key customers (the best 5 % by profit "
            "over all years of the data, `assign_tiers`) had got specialists who take twice the time. How many hours "
            "MORE would that have taken in {company.last_year}? Two decimals."
        ),
        kind=Number(unit="hours", tolerance=0.005),
        points=3,
        reference=top_hours,
        hints=(
            "`cost_to_serve` has one row per customer and year, with the minutes. Which rows count?",
            "A tier per customer from `customer_profit` and `assign_tiers`; then the rows of {company.last_year} of "
            "those two tiers.",
            "Twice the time is once the time more: the sum of the minutes, divided by 60.",
        ),
        misconceptions=(
            Misconception(
                "the lesson's year",
                lambda data: top_hours(data, data.company.year),
                "That is {company.year}, as in the lesson. The question is about the year before.",
            ),
            Misconception(
                "all customers",
                lambda data: top_hours(data, tiers=("VIP", "key", "ordinary", "small")),
                "That is what specialists for everybody would take. The plan is for two tiers.",
            ),
            Misconception(
                "all years for one",
                lambda data: top_hours(data, whole=True),
                "You added up all years. How many hours is it in one year, in {company.last_year}?",
            ),
            Misconception(
                "VIP only",
                lambda data: top_hours(data, tiers=("VIP",)),
                "Those are the VIPs alone. The plan is for VIP and key customers.",
            ),
            Misconception(
                "tiers by turnover",
                lambda data: top_hours(data, what="turnover"),
                "You made the tiers by turnover. The question makes them by profit.",
            ),
            Misconception(
                "tiers by one year's profit",
                hours_by_one_year,
                "You made the tiers by the profit of {company.last_year}. The question takes all years of the data.",
            ),
            Misconception(
                "minutes for hours",
                lambda data: 60 * top_hours(data),
                "Those are minutes. How many hours are they?",
            ),
            Misconception(
                "twice for once more",
                lambda data: 2 * top_hours(data),
                "That is all of the time with the specialists. How much of it is there already?",
            ),
        ),
        right="The best are few. That is why a service that nobody could afford for all is cheap for them.",
        starter='profit = ____\ntiers = assign_tiers(profit)\nyear = costs[costs["year"] == ____]',
        solution="Tier per customer, minutes of {company.last_year} of the two tiers, in hours: twice the time is that "
        "much more.",
        code=(
            "from crmkit.value import assign_tiers, customer_profit\n"
            'costs = crmkit.load("cost_to_serve")\n'
            'profits = customer_profit(crmkit.load("orders"), costs).set_index("customer_id")["profit"]\n'
            "tiers = assign_tiers(profits)\n"
            'year = costs[costs["year"] == company.last_year]\n'
            'top = year["customer_id"].map(tiers).isin(["VIP", "key"])\n'
            'answer = year.loc[top, "minutes"].sum() / 60'
        ),
    ),
    Question(
        id="23-3",
        title="Baskets against the truth",
        level="explore",
        goals=(2,),
        prompt=(
            "Compare the baskets with the truth: for each true `need_type`, give the mean `price_level` "
            "of the customers with "
            "five lines or more. A table with `need_type` and `price_level`."
        ),
        kind=Table(key="need_type", columns={"price_level": 0.0005}),
        points=3,
        reference=need_profile,
        truth=("customers",),
        hints=(
            'The true types are in `crmkit.load_truth("customers")`; the price level in the basket '
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
        right=(
            "On average the true kinds differ clearly; for one person the same figure is often wrong."
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
        id="23-6",
        title="The same test at a coffee merchant",
        level="explore",
        goals=(3,),
        elsewhere="beanline",
        prompt=(
            "Beanline sells coffee. Take its customers with five order lines or more. Find three segments from the "
            "five columns of `BASKET` with `find_segments`, and three equal parts by `price_level` with `naive_split`. "
            "How well does each agree with the true `need_type`? A table with `way` (`k-means`, `price level`) and "
            "`adjusted_rand`, with two decimals or more."
        ),
        kind=Table(key="way", columns={"adjusted_rand": 0.0051}),
        points=3,
        reference=lambda data: two_ways(data.other("beanline")),
        truth=("customers",),
        hints=(
            '`crmkit.load("orders", data="beanline")` loads a table of the other firm; `load_truth` takes `data` too.',
            "`basket_features`, then the customers with five lines, then the two groupings.",
            "`recovery` compares one grouping with the true types of its customers; take its `adjusted_rand`.",
        ),
        misconceptions=(
            Misconception(
                "the lesson's firm",
                lambda data: two_ways(data),
                "Those are the figures of {company.name}. The question is about the coffee merchant.",
            ),
            Misconception(
                "share of right labels",
                lambda data: two_ways(data.other("beanline"), "right"),
                "That is the share of customers who are served right. The question asks for the adjusted Rand index.",
            ),
            Misconception(
                "those of whom too little is known",
                lambda data: two_ways(data.other("beanline"), least=1),
                "You took everybody. Keep the customers with five order lines or more.",
            ),
        ),
        right="Test a method again in each firm: another shelf shows needs more clearly, or less.",
        starter='there = [crmkit.load(n, data="beanline") for n in ("order_lines", "orders", "products")]\n'
        "coffee = basket_features(*there)\n"
        'coffee = coffee.loc[coffee["lines"] >= ____, list(BASKET)]',
        solution="Features of the other firm, two groupings, each compared with the true types.",
        code=(
            "from crmkit.value.needs import BASKET, basket_features, find_segments, naive_split, recovery\n"
            'there = [crmkit.load(n, data="beanline") for n in ("order_lines", "orders", "products")]\n'
            "coffee = basket_features(*there)\n"
            'coffee = coffee.loc[coffee["lines"] >= 5, list(BASKET)]\n'
            'true = crmkit.load_truth("customers", data="beanline").set_index("customer_id")["need_type"]\n'
            'ways = {"k-means": find_segments(coffee), "price level": naive_split(coffee["price_level"])}\n'
            'rand = [recovery(found, true)["adjusted_rand"] for found in ways.values()]\n'
            'answer = pd.DataFrame({"way": list(ways), "adjusted_rand": rand})'
        ),
    ),
    Question(
        id="23-7",
        title="Are labels surer with more lines?",
        level="explore",
        goals=(4,),
        prompt=(
            "Keep only the customers with twenty order lines or more. Find three segments again from the five columns "
            "of `BASKET`, and name them with `name_orientations`. Of the customers with each label, what per cent are "
            "truly so? A table with `orientation` and `right`, in per cent."
        ),
        kind=Table(key="orientation", columns={"right": 0.05}, units={"right": "%"}),
        points=3,
        reference=surer,
        truth=("customers",),
        hints=(
            "The lesson does this with five lines or more: change one number, and find the segments again.",
            '`labels = name_orientations(find_segments(many), many["price_level"])`',
            "`(labels == types.reindex(labels.index)).groupby(labels).mean()`",
        ),
        misconceptions=(
            Misconception(
                "the lesson's customers",
                lambda data: surer(data, 5),
                "Those are the customers with five lines or more, as in the lesson. Keep those with twenty.",
            ),
            Misconception(
                "shares of the true kinds",
                lambda data: surer(data, column=True),
                "That is: of those who truly are so, how many have the label. Start from the label: that is all a "
                "firm knows.",
            ),
        ),
        right="A label needs both: enough lines, and a comparison that says how often it is still wrong.",
        starter='many = features.loc[features["lines"] >= ____, list(BASKET)]',
        solution="Fewer customers, segments found again, and for each label the share that is right.",
        code=(
            "from crmkit.value.needs import BASKET, basket_features, find_segments, name_orientations\n"
            "features = basket_features(\n"
            '    crmkit.load("order_lines"), crmkit.load("orders"), crmkit.load("products"))\n'
            'many = features.loc[features["lines"] >= 20, list(BASKET)]\n'
            'labels = name_orientations(find_segments(many), many["price_level"])\n'
            'types = crmkit.load_truth("customers").set_index("customer_id")["need_type"]\n'
            "right = 100 * (labels == types.reindex(labels.index)).groupby(labels).mean()\n"
            'answer = right.rename("right").rename_axis("orientation").reset_index()'
        ),
    ),
    Question(
        id="23-8",
        title="A cheaper adviser who helps less",
        level="explore",
        goals=(5,),
        prompt=(
            "Another adviser costs {company.symbol}25 a year for each customer, and raises the yearly profit of a "
            "customer by HALF of `weight_communication`. What would this adviser earn in a year in each tier, after "
            "cost, if all customers of the tier got one? Profit is a year's: the sum over all years divided by their "
            "number; tiers are those of `assign_tiers`. A table with `tier` and `net` (`policy_gain`)."
        ),
        kind=Table(key="tier", columns={"net": 0.5}, units={"net": "{company.symbol}"}),
        points=3,
        reference=adviser,
        truth=("customers",),
        hints=(
            "`policy_gain` takes the tiers, the profit, the policy and the lift; its column `net` is gain less cost.",
            "The policy has one row for each tier, with `tier` and `cost_per_customer`.",
            "The lift is half of each customer's weight: bring the weights to the customers of the profit with "
            "`reindex`.",
        ),
        misconceptions=(
            Misconception(
                "gain before cost",
                lambda data: adviser(data, "gain"),
                "That is what the adviser brings before cost. What is left after paying?",
            ),
            Misconception(
                "the whole weight",
                lambda data: adviser(data, part=1.0),
                "This adviser helps by half of the weight only.",
            ),
            Misconception(
                "the lesson's price",
                lambda data: adviser(data, cost=40),
                "You charged {company.symbol}40, as in the lesson. This adviser costs {company.symbol}25.",
            ),
            Misconception(
                "all years for one",
                lambda data: adviser(data, years=1),
                "You took the profit of all years together, and the cost of one. Divide the profit by the number of "
                "years.",
            ),
        ),
        right="The same service earns money in one tier and loses it in the next: write a policy by tier.",
        starter='profit = customer_profit(orders, costs).set_index("customer_id")["profit"] / ____\n'
        "tiers = assign_tiers(profit)",
        solution="Yearly profit, tiers, a policy with one price, half of the weight as lift, and `net`.",
        code=(
            "from crmkit.value import assign_tiers, customer_profit, policy_gain\n"
            'profit = customer_profit(crmkit.load("orders"), crmkit.load("cost_to_serve"))\n'
            'profit = profit.set_index("customer_id")["profit"] / len(company.years)\n'
            "tiers = assign_tiers(profit)\n"
            'policy = pd.DataFrame({"tier": ["VIP", "key", "ordinary", "small"], "cost_per_customer": 25.0})\n'
            'weight = crmkit.load_truth("customers").set_index("customer_id")["weight_communication"]\n'
            "table = policy_gain(tiers, profit, policy, 0.5 * weight.reindex(profit.index))\n"
            'answer = table[["tier", "net"]]'
        ),
    ),
    Question(
        id="23-5",
        title="A policy for the key tier",
        level="decide",
        goals=(4, 5),
        prompt=(
            "Write a service policy for the key tier: what do customers get whose basket says price, "
            "value, or compound, what "
            "does it cost, and what do you do about labels that are wrong?"
        ),
        truth=("customers",),
        kind=Plan(
            rubric={
                "a different offer for at least two orientations, each with a reason from the need": 1,
                "says what it costs, and what it must bring to pay for itself": 1,
                "says how often the label is wrong, with a figure from the data, and keeps the door open": 1,
                "proposes how to find out whether the policy works (groups chosen at random, a comparison)": 1,
            },
            model=(
                "Value: an adviser, because they put care before price. With {figure.customers} key customers that "
                "costs at most {figure.cost} a year, and pays for itself if it raises their profit by {figure.lift}. "
                "Under the lesson's assumption it leaves between {figure.low} and {figure.high} a customer. Price: no "
                "adviser, but a promise that prices stay the same for a year, because price comes first for them. "
                "Compound: let them choose. The labels are often wrong: {figure.price} of those called price, "
                "{figure.compound} of compound and {figure.value} of value are right. So everybody can switch with one "
                "click, and nobody is refused anything. For a year half of each group, chosen at random, keeps the old "
                "service, and then we compare their profit."
            ),
            figures=_for_the_key_tier,
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
            Option("That they are true needs", "Habits are stable too: budget, distance, shelf."),
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
            Option(
                "The more expensive one suits both", "One of them may want nothing but the price."
            ),
        ],
    ),
]
