"""Lesson 14: three ways to a price."""

from __future__ import annotations

import numpy as np
import pandas as pd

from crmkit.mix import (
    DemandCurve,
    competitor_price,
    cost_plus_price,
    price_profit,
    psm_curves,
    psm_points,
    true_share,
    value_price,
)
from crmkit.practice.kinds import Number, Plan, Table
from crmkit.practice.question import Misconception, Option, Question, QuizQuestion, Tables

TITLE = "Three prices"
PRICES = np.arange(12.0, 45.5, 0.5)
AT = [15, 20, 25, 30]
BUYERS = 10_000


def curve(data: Tables) -> DemandCurve:
    """Demand curve from purchases at prices drawn by chance."""
    return DemandCurve().fit(data.load("price_choices"))


def shares(values: object) -> pd.DataFrame:
    """Table of shares in per cent at the four prices."""
    return pd.DataFrame({"price": AT, "share": 100 * np.asarray(values, dtype=float)})


def lead(
    data: Tables, *, cost: float = 12.0, learnt: bool = False, turnover: bool = False
) -> float:
    """What the price by value brings more than the meter's optimal price."""
    by_value = value_price(curve(data), cost, PRICES.tolist())
    points = psm_points(data.load("price_answers")).set_index("point")["price"]
    pair = np.array([by_value, points["optimal price"]])
    share = curve(data).share(pair) if learnt else true_share(data.load_truth("set_value"), pair)
    money = BUYERS * share * pair if turnover else price_profit(pair, share, cost, BUYERS)
    return float(money[0] - money[1])


def three_ways(data: Tables, *, learnt: bool = False, **other: float) -> pd.DataFrame:
    """Price and profit a year of the three ways, for a cost of 12; `other` replaces the price of some."""
    prices = {
        "competitors": competitor_price(_rivals(data)),
        "cost-plus": cost_plus_price(12.0, 0.30),
        "value": value_price(curve(data), 12.0, PRICES.tolist()),
    } | {way.replace("_", "-"): price for way, price in other.items()}
    at = np.array(list(prices.values()))
    share = curve(data).share(at) if learnt else true_share(data.load_truth("set_value"), at)
    profit = price_profit(at, share, 12.0, BUYERS)
    return pd.DataFrame({"way": list(prices), "price": at, "profit": profit})


def _rivals(data: Tables) -> pd.Series:
    offers = data.load("market_offers")
    return offers.loc[offers["company"] != data.company.name, "price"]


def _mean_of_rivals(data: Tables) -> float:
    return float(_rivals(data).mean())


QUESTIONS = [
    Question(
        id="14-1",
        title="Where does half the room buy?",
        level="fill in",
        prompt=(
            "At which price, in {company.cents} and to one decimal, do half of the customers buy? Learn a demand "
            "curve from `price_choices`."
        ),
        kind=Number(unit="{company.cents}", tolerance=0.05),
        points=1,
        reference=lambda data: 100 * curve(data).median_,
        hints=(
            "Purchases at prices drawn by chance, and a smooth line through them.",
            "`DemandCurve().fit(crmkit.load('price_choices'))`",
            "The fitted curve has the price at which half buy as `median_`, in {company.coins}.",
        ),
        misconceptions=(
            Misconception(
                "middle of the prices paid",
                lambda data: (
                    100 * data.load("price_choices").query("bought == 1")["price"].median()
                ),
                "That is the middle of the prices that were paid. It depends on which prices stood on the shelf. "
                "At which "
                "price does *half of those who saw it* buy?",
            ),
            Misconception(
                "believes the answers",
                lambda data: 100 * data.load("price_answers")["too_expensive"].median(),
                "That is what they said. Asked about money, people bargain: use what they did.",
            ),
            Misconception(
                "mean of the prices paid",
                lambda data: 100 * data.load("price_choices").query("bought == 1")["price"].mean(),
                "That is the mean price paid. It depends on which prices stood on the shelf.",
            ),
        ),
        starter="curve = DemandCurve().fit(____)",
        solution="Fit a DemandCurve to the choices and read its median.",
        code=(
            "from crmkit.mix import DemandCurve\n"
            'answer = 100 * DemandCurve().fit(crmkit.load("price_choices")).median_'
        ),
    ),
    Question(
        id="14-2",
        title="Who would really buy?",
        level="change",
        prompt=(
            "What share of the customers would really buy the set at {company.symbol}15, "
            "{company.symbol}20, {company.symbol}25 and {company.symbol}30 (truth: it is "
            "worth the price to "
            "them *and* they can pay it)? Give `price` and `share` in per cent."
        ),
        kind=Table(key="price", columns={"share": 0.05}, units={"share": "%"}),
        points=2,
        truth=("set_value",),
        reference=lambda data: shares(true_share(data.load_truth("set_value"), AT)),
        hints=(
            "Two conditions for each customer, and a share.",
            "The truth table `set_value` has `value` and `budget`.",
            "`true_share(worth, [15, 20, 25, 30])` gives fractions.",
        ),
        misconceptions=(
            Misconception(
                "forgets that one must be able to pay",
                lambda data: shares(
                    [(data.load_truth("set_value")["value"] >= price).mean() for price in AT]
                ),
                "To these it is worth the price, but some of them cannot pay it. Being able to pay is always a "
                "must-have.",
            ),
            Misconception(
                "looks at budgets only",
                lambda data: shares(
                    [(data.load_truth("set_value")["budget"] >= price).mean() for price in AT]
                ),
                "These can pay. Is it worth it to them?",
            ),
            Misconception(
                "believes the answers",
                lambda data: shares(
                    1 - psm_curves(data.load("price_answers"), AT)["too_expensive"]
                ),
                "Those are the customers who did not call the price too expensive. People bargain when asked: "
                "the truth "
                "is in another table.",
            ),
            Misconception(
                "reads the fitted curve",
                lambda data: shares(curve(data).share(AT)),
                "That is the curve learnt from choices, which is close. The question asks for the truth itself.",
            ),
        ),
        solution="Share of customers with value and budget both at or above each price.",
        code=(
            "import pandas as pd\n"
            "from crmkit.mix import true_share\n"
            "prices = [15, 20, 25, 30]\n"
            'worth = crmkit.load_truth("set_value")\n'
            'answer = pd.DataFrame({"price": prices, "share": 100 * true_share(worth, prices)})'
        ),
    ),
    Question(
        id="14-3",
        title="What does each way earn?",
        level="explore",
        prompt=(
            "A set costs {company.symbol}12 to make. Which price does each of the three ways give, and what "
            "does it earn a year by "
            "the truth, with 10,000 customers? Competitors: the middle of the three rivals' prices. Cost-plus: a "
            "markup of 30 %. Value: the best of {company.symbol}12, {company.symbol}12.50, ... "
            "{company.symbol}45 by the learnt curve. Give `way` (competitors, "
            "cost-plus, value), `price` and `profit`, in {company.symbol}."
        ),
        kind=Table(
            key="way",
            columns={"price": 0.005, "profit": 1.0},
            units={"price": "{company.symbol}", "profit": "{company.symbol}"},
        ),
        points=3,
        truth=("set_value",),
        reference=three_ways,
        hints=(
            "Three prices first, each with its own function; then one profit for each.",
            "`competitor_price(rivals)`, `cost_plus_price(12, 0.30)`, `value_price(curve, 12, prices)`.",
            "Profit: `price_profit(price, true_share(worth, price), 12, 10_000)`, with all three prices at once.",
        ),
        misconceptions=(
            Misconception(
                "a share of the price for a markup",
                lambda data: three_ways(data, cost_plus=12.0 / 0.7),
                "You made 30 % of the *price*. A markup is reckoned on the cost.",
            ),
            Misconception(
                "counts the own offer among its rivals",
                lambda data: three_ways(
                    data, competitors=competitor_price(data.load("market_offers")["price"])
                ),
                "{company.name}'s own price is among the rivals'. Leave it out: it is the price that you look for.",
            ),
            Misconception(
                "mean for middle",
                lambda data: three_ways(data, competitors=_mean_of_rivals(data)),
                "You took the mean of the rivals' prices, which one dear set pulls up. The middle was asked for: the "
                "median.",
            ),
            Misconception(
                "judges by the learnt curve",
                lambda data: three_ways(data, learnt=True),
                "You judged the prices by the curve that chose one of them. Judge by the truth: `true_share`.",
            ),
        ),
        solution="Three prices by three functions, then the profit of each under the truth.",
        code=(
            "import numpy as np\n"
            "import pandas as pd\n"
            "from crmkit.mix import DemandCurve, competitor_price, cost_plus_price\n"
            "from crmkit.mix import price_profit, true_share, value_price\n"
            'rivals = crmkit.load("market_offers").query("company != @company.name")["price"]\n'
            'curve = DemandCurve().fit(crmkit.load("price_choices"))\n'
            "by_value = value_price(curve, 12, np.arange(12, 45.5, 0.5))\n"
            "price = np.array([competitor_price(rivals), cost_plus_price(12, 0.30), by_value])\n"
            'profit = price_profit(price, true_share(crmkit.load_truth("set_value"), price), 12, 10_000)\n'
            'ways = ["competitors", "cost-plus", "value"]\n'
            'answer = pd.DataFrame({"way": ways, "price": price, "profit": profit})'
        ),
    ),
    Question(
        id="14-4",
        title="What is asking the wrong way worth?",
        level="explore",
        prompt=(
            "A set costs {company.symbol}12. How much more profit a year, in {company.symbol}, does the "
            "price by value bring than the "
            "optimal price of the "
            "price sensitivity meter? Price by value: the best of {company.symbol}12, "
            "{company.symbol}12.50, ... {company.symbol}45 by the learnt curve. "
            "Judge both by "
            "the truth, with 10,000 customers."
        ),
        kind=Number(unit="{company.symbol}", tolerance=1.0),
        points=3,
        truth=("set_value",),
        reference=lead,
        hints=(
            "Two prices, two profits under the truth, one difference.",
            "`value_price(curve, 12, prices)` and the row `optimal price` of `psm_points(answers)`.",
            "Profit: `price_profit(price, true_share(worth, price), 12, 10_000)`.",
        ),
        misconceptions=(
            Misconception(
                "judges by the learnt curve",
                lambda data: lead(data, learnt=True),
                "You judged both prices by the curve that chose one of them. Judge by the truth: `true_share`.",
            ),
            Misconception(
                "turnover for profit",
                lambda data: lead(data, turnover=True),
                "That is the difference in turnover. Each set costs {company.symbol}12.",
            ),
            Misconception(
                "the lesson's cost",
                lambda data: lead(data, cost=11.55),
                "You reckoned with {company.symbol}11.55, the cost in the lesson. Here a set costs {company.symbol}12.",
            ),
        ),
        solution="Find both prices, take true shares, profit of each, subtract.",
        code=(
            "import numpy as np\n"
            "from crmkit.mix import DemandCurve, price_profit, psm_points, true_share, value_price\n"
            'curve = DemandCurve().fit(crmkit.load("price_choices"))\n'
            "by_value = value_price(curve, 12, np.arange(12, 45.5, 0.5))\n"
            'meter = psm_points(crmkit.load("price_answers")).set_index("point").loc["optimal price", "price"]\n'
            'worth = crmkit.load_truth("set_value")\n'
            "profit = [price_profit(p, true_share(worth, p), 12, 10_000) for p in (by_value, meter)]\n"
            "answer = profit[0] - profit[1]"
        ),
    ),
    Question(
        id="14-5",
        title="A twin on the shelf",
        level="decide",
        prompt=(
            "A rival brings out a set that customers cannot tell from Hang-It, at {company.symbol}16. The "
            "sales director "
            "wants to go to {company.symbol}15.50. "
            "What do you advise, for this month and for next year?"
        ),
        kind=Plan(
            rubric={
                "says why the price by value is closed beside a twin, with a figure": 1,
                "computes what {company.symbol}15.50 brings today": 1,
                "foresees the rival's answer and where it ends": 1,
                "proposes a difference (which lever, for which need) and how to test it": 1,
            },
            model=(
                "This month we have no choice but to look at his price: at the price by value we would sell "
                "nothing, and at "
                "{company.symbol}15.50 we keep most customers. But he will answer, and two twins who answer "
                "each other end just "
                "above cost, "
                "where neither earns anything. So I would go to {company.symbol}16 and not below, and spend "
                "what a price war "
                "would cost on a "
                "difference: guides and staff, which serve fit, safe and aftercare. A test shelf with both sets "
                "shows "
                "whether customers then see two different things."
            ),
            minimum_words=40,
        ),
        points=4,
        hints=("What will the rival do the day after?",),
    ),
]

QUIZ = [
    QuizQuestion(
        "Which of the three ways to a price can be gone without knowing anything about customers or rivals?",
        [
            Option("By competitors", "That one needs the rivals' prices."),
            Option(
                "Cost-plus",
                "It asks the bookkeeper only. So it is quick, and cannot say what the markup should be.",
                right=True,
            ),
            Option("By customer value", "That one needs what the offer is worth to customers."),
        ],
    ),
    QuizQuestion(
        "Customers say that {company.symbol}20 is too expensive. What do you know?",
        [
            Option(
                "They will not buy at {company.symbol}20",
                "Many of those who say so would. Asked about money, people bargain.",
            ),
            Option(
                "They find it dearer than those who do not say so",
                "The order of the answers is useful; their level is not.",
                right=True,
            ),
            Option("Nothing at all", "The order of the answers is informative."),
        ],
    ),
    QuizQuestion(
        "The best price by the curve is {company.symbol}20.50, the true best is {company.symbol}20. How bad is that?",
        [
            Option(
                "Bad: half a {company.coin} on every set is lost",
                "At the top of the hill a step sideways goes hardly down.",
            ),
            Option(
                "Hardly at all",
                "Profit is flat near its top: a small error in price costs very little.",
                right=True,
            ),
            Option(
                "It cannot happen with good data", "It always happens a little; data are finite."
            ),
        ],
    ),
]
