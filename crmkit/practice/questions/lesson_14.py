"""Lesson 14: three ways to a price."""

from __future__ import annotations

import numpy as np
import pandas as pd

from crmkit.mix import (
    DemandCurve,
    Market,
    compare_prices,
    competitor_price,
    cost_plus_price,
    offer_costs,
    price_wars,
    psm_curves,
    psm_points,
    value_price,
    value_price_interval,
)
from crmkit.practice.kinds import Number, Plan, Table
from crmkit.practice.question import (
    Misconception,
    Option,
    Prediction,
    Question,
    QuizQuestion,
    Tables,
)

TITLE = "Three prices"
PRICES = np.arange(12, 45.25, 0.25).tolist()
COST, BUYERS = 12.0, 10_000
AT, TWIN = [14, 18, 26], 18.0
BLURS = [0.3, 3.0]
#: What the cost of a set takes from the truth.
MARKET = ("set_value", "needs", "lever_effects", "customers")


def curve(data: Tables, who: pd.Series | None = None) -> DemandCurve:
    """Demand curve from purchases at prices drawn at random, of all customers or of some ids."""
    choices = data.load("price_choices")
    return DemandCurve().fit(choices if who is None else choices[choices["customer_id"].isin(who)])


def said_less(data: Tables) -> float:
    """By how much the price at which half buy lies above the middle answer to "too expensive"."""
    return curve(data).median_ - float(data.load("price_answers")["too_expensive"].median())


def shares(found: object) -> pd.DataFrame:
    """Table of shares in per cent at the prices asked for."""
    return pd.DataFrame({"price": AT, "share": 100 * np.asarray(found, dtype=float)})


def elsewhere(data: Tables) -> pd.DataFrame:
    """Share of the other company's customers who buy at some prices."""
    return shares(curve(data.other("beanline")).share(AT))


def _said_elsewhere(data: Tables) -> pd.DataFrame:
    answers = data.other("beanline").load("price_answers")
    return shares(1 - psm_curves(answers, AT)["too_expensive"])


def _counted_elsewhere(data: Tables) -> pd.DataFrame:
    """Shares of the occasions at which the price was this one or higher, bought or not told apart by a curve."""
    choices = data.other("beanline").load("price_choices")
    return shares([choices.loc[choices["price"] >= price, "bought"].mean() for price in AT])


def set_cost(data: Tables) -> float:
    """Cost of the company's own set."""
    truth = {name: data.load_truth(name) for name in MARKET}
    market = Market.from_tables(
        truth["needs"],
        truth["set_value"],
        truth["lever_effects"],
        data.load("levers"),
        truth["customers"],
    )
    offers = data.load("market_offers")
    own = offers[offers["company"] == data.company.name]
    return float(offer_costs(market, own)["unit_cost"].iloc[0])


def rivals(data: Tables) -> pd.Series:
    """Prices of the rivals."""
    offers = data.load("market_offers")
    return offers.loc[offers["company"] != data.company.name, "price"]


def meter(data: Tables, point: str = "optimal price") -> float:
    """One of the prices that the price sensitivity meter reads."""
    return float(psm_points(data.load("price_answers")).set_index("point")["price"][point])


def by_type(
    data: Tables, point: str = "upper end", *, all_alike: bool = False, paid: bool = False
) -> pd.DataFrame:
    """Meter and demand curve of each need type; all customers in every row, or the middle of what was paid."""
    types = data.load_truth("customers").set_index("customer_id")["need_type"]
    answers, choices = data.load("price_answers"), data.load("price_choices")
    rows = []
    for group in sorted(types[answers["customer_id"]].unique()):
        who = types.index if all_alike else types.index[types == group]
        own = answers[answers["customer_id"].isin(who)]
        bought = choices[choices["customer_id"].isin(who) & (choices["bought"] == 1)]
        half = bought["price"].median() if paid else curve(data, who).median_
        if point == "middle answer":
            end = own["too_expensive"].median()
        else:
            end = psm_points(own).set_index("point")["price"][point]
        rows.append((group, float(end), float(half)))
    return pd.DataFrame(rows, columns=["need_type", "upper_end", "half_buy"])


def three_ways(data: Tables, cost: float = COST, **other: float) -> pd.DataFrame:
    """Price and profit a year of the three ways; `other` replaces the price of some."""
    prices = {
        "competitors": competitor_price(rivals(data)),
        "cost-plus": cost_plus_price(cost, 0.30),
        "value": value_price(curve(data), cost, PRICES),
    } | {way.replace("_", "-"): price for way, price in other.items()}
    return compare_prices(data.load_truth("set_value"), prices, cost, BUYERS)


def _ways(data: Tables, column: str, cost: float = COST, **other: float) -> pd.DataFrame:
    """The three ways with something else in place of the profit."""
    found = three_ways(data, cost, **other)
    profit = {
        "learnt": BUYERS * curve(data).share(found["price"]) * (found["price"] - cost),
        "turnover": BUYERS * found["share"] * found["price"],
        "everybody": BUYERS * (found["price"] - cost),
        "profit": found["profit"],
    }[column]
    return found.assign(profit=profit)[["way", "price", "profit"]]


def errors(data: Tables, cost: float = COST, point: str = "optimal price") -> pd.DataFrame:
    """What the price by value, the ends of its interval, and the meter's price earn a year."""
    low, high = value_price_interval(curve(data), cost, PRICES)
    prices = {
        "lower end": low,
        "value": value_price(curve(data), cost, PRICES),
        "upper end": high,
        "meter": meter(data, point),
    }
    return compare_prices(data.load_truth("set_value"), prices, cost, BUYERS)


def _errors(data: Tables, column: str) -> pd.DataFrame:
    found = errors(data)
    share = curve(data).share(found["price"]) if column == "learnt" else found["share"]
    each = found["price"] - (0 if column == "turnover" else COST)
    return found.assign(profit=BUYERS * share * each)


def _narrower(data: Tables) -> pd.DataFrame:
    """Take one standard error for the interval."""
    low, high = value_price_interval(curve(data), COST, PRICES, level=0.68)
    prices = dict(zip(errors(data)["way"], errors(data)["price"], strict=True))
    prices |= {"lower end": low, "upper end": high}
    return compare_prices(data.load_truth("set_value"), prices, COST, BUYERS)


def ends(
    data: Tables, cost: float = COST, rival: float = TWIN, *, rounds: int = 60
) -> pd.DataFrame:
    """Where two sellers end who answer each other, as twins and with a difference."""
    return price_wars(data.load_truth("set_value"), cost, rival, BLURS, BUYERS, rounds=rounds)


def _figures(data: Tables) -> dict[str, str]:
    """Give what the model answer says of the twin."""
    worth, cost, rival = (
        data.load_truth("set_value"),
        set_cost(data),
        competitor_price(rivals(data)),
    )
    value = value_price(curve(data), cost, np.arange(np.ceil(cost), 45, 0.25).tolist())
    prices = {"below": rival - 0.5, "same": rival, "value": value}
    found = compare_prices(worth, prices, cost, BUYERS, rival_price=rival, blur=0.3)
    found = found.set_index("way")
    war = price_wars(worth, cost, rival, [0.3], BUYERS).iloc[0]
    money = data.company.money
    return {
        "rival": money(rival, 2),
        "value": money(value, 2),
        "value_profit": money(found.loc["value", "profit"]),
        "below": money(rival - 0.5, 2),
        "below_share": f"{found.loc['below', 'share']:.0%}",
        "below_profit": money(found.loc["below", "profit"]),
        "same_profit": money(found.loc["same", "profit"]),
        "cost": money(cost, 2),
        "end": money(war["last_price"], 2),
        "end_profit": money(war["last_profit"]),
    }


PREDICTIONS = [
    Prediction(
        id="14-a",
        prompt="Asked openly, half of 300 customers find the set too expensive at a price X. On a test shelf, "
        "half of "
        "the customers still buy it at a price Y. How many {company.coins} does Y lie above X? (below: a negative "
        "number)",
        kind=Number(unit="{company.coins}", tolerance=1),
        answer=said_less,
        why="Who is asked for a price has a reason to name a low one. The level is off by a little or by much, "
        "and the "
        "answers alone do not tell which.",
    ),
    Prediction(
        id="14-b",
        prompt="Of every hundred {company.coins} of profit that the best price would earn, how many does cost "
        "and 30 % "
        "earn?",
        kind=Number(unit="of 100", tolerance=5),
        answer=None,
        why="A markup of 30 % sounds sound, and every set earns something. What is lost does not show in the "
        "books: "
        "customers who would have paid more.",
    ),
    Prediction(
        id="14-c",
        prompt="How many {company.cents} below the price of this twin do you earn most today? (above it: a "
        "negative "
        "number)",
        kind=Number(unit="{company.cents}", tolerance=50),
        answer=None,
        why="The worth has not changed, so many people stay near the price by value. But customers now compare two "
        "equal sets, and buy the cheaper one.",
    ),
    Prediction(
        id="14-d",
        prompt="Now the two of you answer each other in turn, each time with the price that earns most that "
        "day, sixty "
        "times. How many {company.coins} above the cost of a set does your price end?",
        kind=Number(unit="{company.coins}", tolerance=0.5),
        answer=None,
        why="Each single step is clever, and all of them together are not. The fall ends only where a step "
        "down would "
        "win less than it costs.",
    ),
]

QUESTIONS = [
    Question(
        id="14-1",
        title="Who buys at another firm?",
        level="fill in",
        prompt=(
            "The coffee merchant Beanline put a product of its own on a test shelf, at prices drawn at random: "
            "`crmkit.load('price_choices', data='beanline')`. What share of its customers buys at 14, 18 and "
            "26 euros, "
            "by a demand curve? Give `price` and `share` in per cent. (one decimal)"
        ),
        kind=Table(key="price", columns={"share": 0.05}, units={"share": "%"}),
        points=1,
        reference=elsewhere,
        goals=(3,),
        elsewhere="beanline",
        right="The same two lines serve every firm that lets chance set a price for some weeks.",
        hints=(
            "Purchases at prices drawn at random, and a smooth line through them.",
            "`DemandCurve().fit(choices)`, with Beanline's choices.",
            "The fitted curve gives fractions: `100 * curve.share([14, 18, 26])` are per cent.",
        ),
        misconceptions=(
            Misconception(
                "the lesson's company",
                lambda data: shares(curve(data).share(AT)),
                "That is {company.name}. Load the choices of Beanline: `data='beanline'`.",
            ),
            Misconception(
                "believes the answers",
                _said_elsewhere,
                "Those are the customers who did not call the price too expensive. Asked about money, people "
                "bargain: "
                "use what they did.",
            ),
            Misconception(
                "counts more expensive occasions too",
                _counted_elsewhere,
                "You counted all occasions at this price or a higher one. What is the share *at* this price? "
                "Read it "
                "off a curve.",
            ),
        ),
        starter='beans = crmkit.load("price_choices", data="beanline")\nthere = DemandCurve().fit(____)',
        solution="Fit a DemandCurve to Beanline's choices and read its shares.",
        code=(
            "import pandas as pd\n"
            "from crmkit.mix import DemandCurve\n"
            'there = DemandCurve().fit(crmkit.load("price_choices", data="beanline"))\n'
            'answer = pd.DataFrame({"price": [14, 18, 26], "share": 100 * there.share([14, 18, 26])})'
        ),
    ),
    Question(
        id="14-2",
        title="Three types, one price?",
        level="change",
        prompt=(
            "Read the meter for each need type of the customers (truth table `customers`, column `need_type`), and "
            "learn a demand curve of each type's choices. Give `need_type`, `upper_end` (of the meter's range of "
            "acceptable prices) and `half_buy` (the price at which half buy), in {company.coins}. (two decimals)"
        ),
        kind=Table(
            key="need_type",
            columns={"upper_end": 0.005, "half_buy": 0.005},
            units={"upper_end": "{company.coins}", "half_buy": "{company.coins}"},
        ),
        points=2,
        truth=("customers",),
        reference=by_type,
        goals=(2, 3),
        elsewhere="each need type by itself",
        right="A firm that believed the meter would ask each type for less than half of its customers pay.",
        hints=(
            "Choose the customers of one type, then do what the lesson does with all.",
            "`types = crmkit.load_truth('customers').set_index('customer_id')['need_type']`; "
            "`answers['customer_id'].map(types)` gives each answer its type.",
            "`for need_type, own in answers.groupby(answers['customer_id'].map(types))`: `psm_points(own)` has "
            "the row "
            "`upper end`.",
        ),
        misconceptions=(
            Misconception(
                "all customers in every row",
                lambda data: by_type(data, all_alike=True),
                "Every row is about all customers. Choose those of one type first.",
            ),
            Misconception(
                "the optimal price",
                lambda data: by_type(data, "optimal price"),
                "You gave the meter's optimal price. The upper end of its range was asked for.",
            ),
            Misconception(
                "the lower end",
                lambda data: by_type(data, "lower end"),
                "That is the lower end of the range. The upper end was asked for.",
            ),
            Misconception(
                "the middle answer",
                lambda data: by_type(data, "middle answer"),
                "That is the middle of the answers to *too expensive*. The upper end is a crossing: see "
                "`psm_points`.",
            ),
            Misconception(
                "the middle of the prices paid",
                lambda data: by_type(data, paid=True),
                "The upper ends are right. For `half_buy` you took the middle of the prices paid, which "
                "depends on the "
                "prices that stood on the shelf: fit a `DemandCurve`.",
            ),
        ),
        starter=(
            "types = crmkit.load_truth('customers').set_index('customer_id')['need_type']\n"
            "for need_type, own in answers.groupby(answers['customer_id'].map(types)):\n"
            "    upper_end = psm_points(own).set_index('point').loc[____, 'price']"
        ),
        solution="For each type: psm_points of its answers, and the median of a DemandCurve of its choices.",
        code=(
            "import pandas as pd\n"
            "from crmkit.mix import DemandCurve, psm_points\n"
            'answers, choices = crmkit.load("price_answers"), crmkit.load("price_choices")\n'
            'types = crmkit.load_truth("customers").set_index("customer_id")["need_type"]\n'
            "rows = []\n"
            'for need_type, own in answers.groupby(answers["customer_id"].map(types)):\n'
            '    upper_end = psm_points(own).set_index("point").loc["upper end", "price"]\n'
            '    curve = DemandCurve().fit(choices[choices["customer_id"].map(types) == need_type])\n'
            "    rows.append((need_type, upper_end, curve.median_))\n"
            'answer = pd.DataFrame(rows, columns=["need_type", "upper_end", "half_buy"])'
        ),
    ),
    Question(
        id="14-3",
        title="What does each way earn?",
        level="explore",
        prompt=(
            "The cost of a set rises to {company.symbol}12. Which price does each of the three ways give, and what "
            "does it earn a year by the truth, with 10,000 customers and no twin? Competitors: the middle of the "
            "rivals' prices. Cost-plus: a markup of 30 %. Value: the best of {company.symbol}12, "
            "{company.symbol}12.25, … {company.symbol}45 by the learnt curve. Give `way` (competitors, cost-plus, "
            "value), `price` and `profit`, in {company.symbol}."
        ),
        kind=Table(
            key="way",
            columns={"price": 0.005, "profit": 1.0},
            units={"price": "{company.symbol}", "profit": "{company.symbol}"},
        ),
        points=3,
        truth=MARKET,
        reference=three_ways,
        goals=(1,),
        elsewhere="another cost",
        right="Only two of the three prices have noticed that the cost rose, and only one of them knows the "
        "customers.",
        hints=(
            "Three prices first, each with its own function; then one profit for each.",
            "`competitor_price(rivals)`, `cost_plus_price(12, 0.30)`, `value_price(curve, 12, prices)`.",
            "`compare_prices(worth, {'competitors': ..., 'cost-plus': ..., 'value': ...}, 12, 10_000)`",
        ),
        misconceptions=(
            Misconception(
                "the lesson's cost",
                lambda data: three_ways(data, set_cost(data)),
                "You computed with the cost of the lesson. Here a set costs {company.symbol}12.",
            ),
            Misconception(
                "a share of the price for a markup",
                lambda data: three_ways(data, cost_plus=COST / 0.7),
                "You made 30 % of the *price*. A markup is a share of the cost.",
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
                lambda data: three_ways(data, competitors=float(rivals(data).mean())),
                "You took the mean of the rivals' prices, which one high price pulls up. The middle was asked "
                "for: the "
                "median.",
            ),
            Misconception(
                "judges by the learnt curve",
                lambda data: _ways(data, "learnt"),
                "You judged the prices by the curve that chose one of them. Judge by the truth: `true_share`.",
            ),
            Misconception(
                "turnover for profit",
                lambda data: _ways(data, "turnover"),
                "That is the turnover. Each set costs {company.symbol}12.",
            ),
            Misconception(
                "sells to everybody",
                lambda data: _ways(data, "everybody"),
                "That is the profit if all 10,000 bought at each price. Which share does?",
            ),
        ),
        starter="ways = {'competitors': competitor_price(____), 'cost-plus': cost_plus_price(12, ____)}",
        solution="Three prices by three functions, then the profit of each under the truth.",
        code=(
            "import numpy as np\n"
            "from crmkit.mix import DemandCurve, compare_prices, competitor_price, cost_plus_price, value_price\n"
            'rivals = crmkit.load("market_offers").query("company != @company.name")["price"]\n'
            'curve = DemandCurve().fit(crmkit.load("price_choices"))\n'
            'ways = {"competitors": competitor_price(rivals), "cost-plus": cost_plus_price(12, 0.30)}\n'
            'ways["value"] = value_price(curve, 12, np.arange(12, 45.25, 0.25))\n'
            'answer = compare_prices(crmkit.load_truth("set_value"), ways, 12, 10_000)'
        ),
    ),
    Question(
        id="14-4",
        title="What does an error in the price cost?",
        level="explore",
        prompt=(
            "A set costs {company.symbol}12. How bad is a price that is a little wrong, and one that was asked "
            "for in "
            "the wrong way? Take the price by value (the best of {company.symbol}12, {company.symbol}12.25, … "
            "{company.symbol}45 by the learnt curve), the two ends of its 95 % interval, and the optimal price "
            "of the "
            "meter. Give `way` (lower end, value, upper end, meter), `price` and `profit` (a year, by the "
            "truth, with "
            "10,000 customers and no twin), in {company.symbol}."
        ),
        kind=Table(
            key="way",
            columns={"price": 0.005, "profit": 1.0},
            units={"price": "{company.symbol}", "profit": "{company.symbol}"},
        ),
        points=3,
        truth=MARKET,
        reference=errors,
        goals=(1, 2, 3),
        elsewhere="another cost",
        right="Chance moves the price along the flat top of the hill; asking in the wrong way takes it down "
        "the slope.",
        hints=(
            "Four prices, each with its name, and one table of what they earn.",
            "`value_price_interval(curve, 12, prices)` gives both ends; the meter's price is in "
            "`psm_points(answers)`.",
            "`compare_prices(worth, {'lower end': low, 'value': ..., 'upper end': high, 'meter': ...}, 12, "
            "10_000)`",
        ),
        misconceptions=(
            Misconception(
                "the lesson's cost",
                lambda data: errors(data, set_cost(data)),
                "You computed with the cost of the lesson. Here a set costs {company.symbol}12.",
            ),
            Misconception(
                "the meter's upper end",
                lambda data: errors(data, point="upper end"),
                "For the meter you took the upper end of its range. Its optimal price was asked for.",
            ),
            Misconception(
                "the meter's indifference price",
                lambda data: errors(data, point="indifference price"),
                "For the meter you took the indifference price. Its optimal price was asked for.",
            ),
            Misconception(
                "an interval of one standard error",
                _narrower,
                "Your interval is too narrow: it is that of 68 %. Ask for 95 %, which is what the function "
                "gives by "
                "itself.",
            ),
            Misconception(
                "judges by the learnt curve",
                lambda data: _errors(data, "learnt"),
                "You judged the prices by the curve that chose one of them. Judge by the truth: `true_share`.",
            ),
            Misconception(
                "turnover for profit",
                lambda data: _errors(data, "turnover"),
                "That is the turnover. Each set costs {company.symbol}12.",
            ),
        ),
        starter="low, high = value_price_interval(curve, ____, prices)",
        solution="The price by value, its interval and the meter's price, compared under the truth.",
        code=(
            "import numpy as np\n"
            "from crmkit.mix import DemandCurve, compare_prices, psm_points, value_price, value_price_interval\n"
            'curve, prices = DemandCurve().fit(crmkit.load("price_choices")), np.arange(12, 45.25, 0.25)\n'
            "low, high = value_price_interval(curve, 12, prices)\n"
            'meter = psm_points(crmkit.load("price_answers")).set_index("point").loc["optimal price", "price"]\n'
            "found = {'lower end': low, 'value': value_price(curve, 12, prices), 'upper end': high, 'meter': "
            "meter}\n"
            'answer = compare_prices(crmkit.load_truth("set_value"), found, 12, 10_000)'
        ),
    ),
    Question(
        id="14-6",
        title="Where does the war end?",
        level="explore",
        prompt=(
            "Another rival asks {company.symbol}18, and a set costs either of you {company.symbol}12. Let the two "
            "answer each other sixty times: once as twins (tastes differ by 0.3) and once with a difference "
            "(by 3). "
            "Give `tastes_differ_by`, and `last_price` and `last_profit` of ours (a year, by the truth, with "
            "10,000 "
            "customers), in {company.symbol}."
        ),
        kind=Table(
            key="tastes_differ_by",
            columns={"last_price": 0.005, "last_profit": 1.0},
            units={"last_price": "{company.symbol}", "last_profit": "{company.symbol}"},
        ),
        points=3,
        truth=MARKET,
        reference=ends,
        goals=(4,),
        elsewhere="another rival and another cost",
        right="Where the rival began hardly matters at the end. What matters is how different the sets are.",
        hints=(
            "The lesson let five pairs of sellers answer each other. Which function did it?",
            "`price_wars(worth, 12, ...)`: then the rival's price, a list of differences, and the customers.",
            "`price_wars(worth, 12, 18, [0.3, 3], 10_000)` has all three columns.",
        ),
        misconceptions=(
            Misconception(
                "the lesson's cost",
                lambda data: ends(data, set_cost(data), competitor_price(rivals(data))),
                "You computed with the cost of the lesson. Here a set costs {company.symbol}12.",
            ),
            Misconception(
                "the first answer for the last",
                lambda data: ends(data).assign(
                    last_price=ends(data)["first_price"],
                    last_profit=ends(data, rounds=1)["last_profit"],
                ),
                "That is our first answer. What is left when the rival has answered, and we, and so on?",
            ),
            Misconception(
                "the first price and the last profit",
                lambda data: ends(data).assign(last_price=ends(data)["first_price"]),
                "The profit is that of the end, the price is our first. Which column holds the last?",
            ),
            Misconception(
                "a few answers only",
                lambda data: ends(data, rounds=5),
                "You stopped after a few answers, and the price still moves. Sixty were asked for.",
            ),
        ),
        starter="price_wars(worth, ____, 18, [0.3, ____], 10_000)",
        solution="price_wars with the new cost and rival, for both differences.",
        code=(
            "from crmkit.mix import price_wars\n"
            'answer = price_wars(crmkit.load_truth("set_value"), 12, 18, [0.3, 3], 10_000)'
        ),
    ),
    Question(
        id="14-5",
        title="A twin on the shelf",
        level="decide",
        prompt=(
            "A rival brings out a set that customers cannot tell from {company.name}'s, at the middle of today's "
            "rivals' prices. The sales director wants to go 50 {company.cents} below it. What do you advise, "
            "for this "
            "month and for next year?"
        ),
        kind=Plan(
            rubric={
                "says why the price by value is closed beside a twin, with a figure": 1,
                "computes what 50 {company.cents} below the rival brings today": 1,
                "foresees the rival's answer and where it ends, with a figure": 1,
                "proposes a difference (which lever, for which need) and how to test it": 1,
            },
            model=(
                "Beside the twin the price by value, {figure.value}, would earn {figure.value_profit} a year: "
                "customers who would buy either take the cheaper set. At {figure.below} we would sell to "
                "{figure.below_share} of them and earn {figure.below_profit}, as long as the rival stands still; at"
                " the rival's own price, {figure.rival}, it is {figure.same_profit}. But the rival will answer. Two"
                " twins who answer each other end at {figure.end}, with a cost of {figure.cost}, and "
                "{figure.end_profit} a year are left. So this month I would ask {figure.rival} and not less, and "
                "not begin the war. For next year I would spend what the war would cost on a difference that "
                "customers feel: guides and staff, which serve the needs safe, aftercare and fit. A test shelf, on "
                "which chance decides which of our two sets stands beside the twin, shows whether customers then "
                "pay more."
            ),
            figures=_figures,
            minimum_words=40,
        ),
        points=4,
        truth=MARKET,
        goals=(4,),
        hints=("What will the rival do the day after?",),
    ),
]

QUIZ = [
    QuizQuestion(
        "Which of the three ways to a price needs no knowledge of customers or rivals?",
        [
            Option("By competitors", "That one needs the rivals' prices."),
            Option(
                "Cost-plus",
                "It asks the bookkeeper only. So it is quick, and it cannot say what the markup should be.",
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
                "To most of them it is worth less than to those who do not say so",
                "The order of the answers is useful; their level is not.",
                right=True,
            ),
            Option("Nothing at all", "The order of the answers is informative."),
        ],
    ),
    QuizQuestion(
        "The best price by the curve is {company.symbol}20.50, the true best is {company.symbol}20. How bad is "
        "that?",
        [
            Option(
                "Bad: half a {company.coin} on every set is lost",
                "Near the top of the hill, a small step to the side costs hardly any height.",
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
    QuizQuestion(
        "Two twins have answered each other until hardly any profit is left. What helps?",
        [
            Option(
                "One last step down, to drive the other out",
                "The other has the same cost: below it, both lose on every set.",
            ),
            Option(
                "A difference that customers feel",
                "The more the two sets differ in customers' eyes, the higher the price that both can keep.",
                right=True,
            ),
            Option(
                "Cost-plus with a higher markup",
                "Above the twin's price nearly all sets stay on the shelf.",
            ),
        ],
    ),
]
