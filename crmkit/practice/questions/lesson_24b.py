"""Lesson 24b: value of a purchase, lifetime value, potential customers, intervals, contracts."""

from __future__ import annotations

import functools

import pandas as pd

from crmkit.practice.kinds import Choice, Customers, Number, Plan
from crmkit.practice.question import (
    Misconception,
    Option,
    Prediction,
    Question,
    QuizQuestion,
    Tables,
)
from crmkit.value import (
    BetaGeoModel,
    ContractModel,
    GammaGammaModel,
    ModifiedBetaGeoModel,
    customer_lifetime_value,
    customer_summary,
    holdout_split,
    potential_tiers,
    total_interval,
)
from crmkit.value.segment_checks import gain_by_group

TITLE = "What a customer is worth"

#: Members of question 24b-5: at the start, and after each of four renewals (Fader & Hardie 2007, "Regular").
MEMBERS = (1000, 631, 468, 382, 326)


def usable(data: Tables, *, year_ago: bool = False) -> pd.DataFrame:
    """Histories until the end of the data (or a year before), without those whose repeat purchases were refunded."""
    about = data.company
    people = customer_summary(data.load("orders"), about.year_ago if year_ago else about.end)
    return people[(people["repeat_days"] == 0) | (people["mean_repeat_value"] > 0)]


@functools.lru_cache(maxsize=8)  # a question's wrong ways ask for the same fits again and again
def models(
    data: Tables, kind: type[BetaGeoModel], *, year_ago: bool
) -> tuple[pd.DataFrame, BetaGeoModel, GammaGammaModel]:
    """The customers of `usable`, and the two models fitted on them."""
    people = usable(data, year_ago=year_ago)
    return people, kind().fit(people, unit="W"), GammaGammaModel().fit(people)


def next_purchase(
    data: Tables, *, repeats: int = 2, mean: float = 300.0, year_ago: bool = False
) -> float:
    """Expected value of the next purchase of a customer with so many repeat purchases of such a mean."""
    model = GammaGammaModel().fit(usable(data, year_ago=year_ago))
    seen = pd.DataFrame({"repeat_days": [repeats], "mean_repeat_value": [mean]})
    return float(model.expected_value(seen).iloc[0])


def lifetime(
    data: Tables,
    *,
    horizon: float = 2,
    unit: str = "Y",
    discount: float = 0.15,
    with_margin: bool = True,
    year_ago: bool = False,
    kind: type[BetaGeoModel] = ModifiedBetaGeoModel,
) -> pd.DataFrame:
    """Lifetime values of the customers of `usable`, with their turnover so far."""
    people, often, much = models(data, kind, year_ago=year_ago)  # type: ignore[arg-type]
    rate = people["margin"].sum() / people["turnover"].sum() if with_margin else 1.0
    found = customer_lifetime_value(
        often,
        much,
        people,
        horizon=horizon,
        unit=unit,
        discount_per_year=discount,
        currency=data.company.currency,
        margin_rate=rate,
    )
    return found.assign(turnover=people["turnover"], days_since_last=people["days_since_last"])


def total(data: Tables, **terms: object) -> float:
    """Lifetime value of all customers together."""
    return float(lifetime(data, **terms)["lifetime_value"].sum())  # type: ignore[arg-type]


def tier(
    data: Tables, wanted: str = "potential", *, by_date: bool = False, year_ago: bool = False
) -> pd.Series:
    """Customers of one tier, at the end of the data or a year before."""
    people = lifetime(data, horizon=1, discount=0.10, year_ago=year_ago)
    promise = -people["days_since_last"] if by_date else people["lifetime_value"]
    return people.loc[potential_tiers(people["turnover"], promise) == wanted, "customer_id"]


def coffee_total(
    data: Tables, end: str = "high", *, kind: type[BetaGeoModel] = ModifiedBetaGeoModel
) -> float:
    """An end of the interval of Beanline's purchases in its last year, forecast a year before."""
    coffee = data.other("beanline")
    about = coffee.company
    people = customer_summary(coffee.load("orders"), about.year_ago)
    model = kind().fit(people, unit="W")
    expected = float(model.expected_purchases(365, people, unit="D").sum())
    if end == "estimate":
        return expected
    high = total_interval(model, people, horizon=365, unit="D", draws=20, seed=24).high
    return high if end == "high" else 2 * expected - high


def fee(data: Tables) -> float:
    """The yearly fee of question 24b-5: what a mean order of the learner's company brings."""
    return float(data.load("orders")["turnover"].mean())


def members(renewals: int = 8, counts: tuple[int, ...] = MEMBERS) -> float:
    """Of 1,000 members those still there after so many renewals, learnt from the counts."""
    return 1000 * float(ContractModel().fit(counts).survival([renewals])[0])


def figures_of_the_answer(data: Tables) -> dict[str, str]:
    """How far the total was off, and what the fifty of the highest value brought in the hidden year."""
    about = data.company
    split = holdout_split(data.load("orders"), about.year_ago, about.end)
    people = lifetime(data, horizon=1, discount=0.10, year_ago=True)
    came = split.set_index("customer_id")["holdout_margin"]
    fifty = came[people.nlargest(50, "lifetime_value")["customer_id"]]
    found = gain_by_group(fifty, pd.Series("best", index=fifty.index, name="list")).loc["best"]
    promised = 100 * people["lifetime_value"].sum() / came.sum()
    return {
        "total": f"{promised:.0f} %",
        "mean": about.money(found["mean"]),
        "low": about.money(found["low"]),
        "high": about.money(found["high"]),
        "least": about.money(fifty.min()),
        "most": about.money(fifty.max()),
    }


PREDICTIONS = [
    Prediction(
        id="24b-a",
        prompt="A customer has come back once, and paid {company.symbol}400. Most purchases are much smaller. How much "
        "do you expect this customer's next purchase to be worth?",
        kind=Number(unit="{company.symbol}", tolerance=40),
        answer=None,
        why="Many people say 400, because it is all that they have seen of this customer. Others take everybody's "
        "mean. The truth lies between: one purchase is partly this customer, and partly chance.",
    ),
    Prediction(
        id="24b-b",
        prompt="Two customers have brought little so far. One is called potential by the model, the other basic. How "
        "many times as much margin does the potential one bring in the hidden year, on average?",
        kind=Number(unit="times", tolerance=1),
        answer=None,
        why="The model needs only dates and amounts for it. The hidden year shows that the names were well chosen.",
    ),
    Prediction(
        id="24b-c",
        prompt="BG/NBD forecasts the purchases of all customers in {company.year}, with a 90 % interval. Where "
        "will the real number lie?",
        kind=Choice({"a": "below the interval", "b": "inside it", "c": "above it"}),
        answer=None,
        why="Most people say inside, because 90 % sounds like a promise. It is one only if the model's story is true, "
        "and in this story nobody who sleeps can wake.",
    ),
]

QUESTIONS = [
    Question(
        id="24b-1",
        title="Two purchases of 300",
        level="fill in",
        goals=(1,),
        elsewhere="another year",
        prompt=(
            "Fit a Gamma-Gamma model on all orders until 31 December {company.year} (set those customers aside whose "
            "repeat purchases were all refunded). A customer has two repeat purchases with a mean of "
            "{company.symbol}300. What is the next purchase expected to be worth? Two decimals."
        ),
        kind=Number(unit="{company.symbol}", tolerance=0.005),
        points=1,
        reference=next_purchase,
        right="The estimate lies between this customer's mean and everybody's. After twenty purchases it would lie "
        "close to 300.",
        hints=(
            "The lesson's `usable` ends a year earlier. Describe the customers again, until the end of {company.year}.",
            '`usable = summary[(summary["repeat_days"] == 0) | (summary["mean_repeat_value"] > 0)]`, then the fit.',
            "`expected_value` takes a small table with `repeat_days` and `mean_repeat_value`: one row, 2 and 300.",
        ),
        misconceptions=(
            Misconception(
                "keeps the lesson's year",
                lambda data: next_purchase(data, year_ago=True),
                "That is the lesson's model, which ends on 31 December {company.last_year}. Fit it again with the "
                "orders of {company.year}.",
            ),
            Misconception(
                "the customer's own mean",
                lambda data: 300.0,
                "That is the customer's own mean. Two purchases are few: where does everybody's mean come in?",
            ),
            Misconception(
                "everybody's mean",
                lambda data: next_purchase(data, repeats=0, mean=0.0),
                "That is everybody's mean, the answer for someone of whom no repeat purchase was seen.",
            ),
            Misconception(
                "one purchase for two",
                lambda data: next_purchase(data, repeats=1),
                "That is the answer after one repeat purchase. This customer has two.",
            ),
            Misconception(
                "counts the first purchase, too",
                lambda data: next_purchase(data, repeats=3),
                "That is the answer after three repeat purchases. Two were seen; the first purchase of all is not one "
                "of them.",
            ),
        ),
        starter=(
            "summary = customer_summary(orders, ____)\n"
            'usable = summary[(summary["repeat_days"] == 0) | (summary["mean_repeat_value"] > 0)]\n'
            'seen = pd.DataFrame({"repeat_days": [2], "mean_repeat_value": [300.0]})'
        ),
        solution="Describe the customers, fit, and ask for one row.",
        code=(
            "import pandas as pd\n"
            "from crmkit.value import GammaGammaModel, customer_summary\n"
            'summary = customer_summary(crmkit.load("orders"), company.end)\n'
            'usable = summary[(summary["repeat_days"] == 0) | (summary["mean_repeat_value"] > 0)]\n'
            'seen = pd.DataFrame({"repeat_days": [2], "mean_repeat_value": [300.0]})\n'
            "answer = GammaGammaModel().fit(usable).expected_value(seen).iloc[0]"
        ),
    ),
    Question(
        id="24b-2",
        title="Two years at 15 %",
        level="change",
        goals=(2,),
        elsewhere="another year",
        prompt=(
            "The bank asks for two years, at a discount of 15 % a year. Fit MBG/NBD (unit weeks) and Gamma-Gamma on "
            "`usable`, the customers at the end of {company.year}, and take their own margin rate (margin over "
            "turnover). What is the lifetime value of all of them together, in {company.symbol}?"
        ),
        kind=Number(unit="{company.symbol}", relative=0.0005),
        points=2,
        reference=total,
        right="Quote it as the bank asked: two years, 15 % a year, margin before the cost to serve, and the currency.",
        hints=(
            "Two models, one margin rate, and one helper that asks for all terms.",
            '`customer_lifetime_value(often, much, usable, horizon=2, unit="Y", discount_per_year=0.15, ...)`',
            '`margin_rate=usable["margin"].sum() / usable["turnover"].sum()`, and add up `lifetime_value`.',
        ),
        misconceptions=(
            Misconception(
                "turnover for margin",
                lambda data: total(data, with_margin=False),
                "That is turnover. The bank wants the margin: which share of it is left?",
            ),
            Misconception(
                "one year",
                lambda data: total(data, horizon=1),
                "That is one year ahead. The bank asks for two.",
            ),
            Misconception(
                "the lesson's discount",
                lambda data: total(data, discount=0.10),
                "That is at 10 % a year, as in the lesson. The bank asks for 15 %.",
            ),
            Misconception(
                "no discount",
                lambda data: total(data, discount=0.0),
                "You did not discount: money in two years counts as much as money today.",
            ),
            Misconception(
                "two weeks for two years",
                lambda data: total(data, unit="W"),
                'That is two WEEKS ahead. The horizon has a unit of its own: `unit="Y"`.',
            ),
            Misconception(
                "keeps the lesson's year",
                lambda data: total(data, year_ago=True),
                "That starts on 31 December {company.last_year}, as in the lesson. The bank asks a year later.",
            ),
            Misconception(
                "mean for total",
                lambda data: float(lifetime(data)["lifetime_value"].mean()),
                "That is the mean per customer. The bank asks for all of them together.",
            ),
            Misconception(
                "takes BG/NBD",
                lambda data: total(data, kind=BetaGeoModel),
                "That is with BG/NBD. The question asks for MBG/NBD.",
            ),
        ),
        starter=(
            'often = ModifiedBetaGeoModel().fit(usable, unit="W")\n'
            "much = GammaGammaModel().fit(usable)\n"
            'rate = usable["margin"].sum() / usable["turnover"].sum()\n'
            'terms = {"horizon": ____, "unit": "Y", "discount_per_year": ____, "currency": company.currency}'
        ),
        solution="Two models, one rate, the terms of the bank, and a sum.",
        code=(
            "from crmkit.value import GammaGammaModel, ModifiedBetaGeoModel\n"
            "from crmkit.value import customer_lifetime_value, customer_summary\n"
            'summary = customer_summary(crmkit.load("orders"), company.end)\n'
            'usable = summary[(summary["repeat_days"] == 0) | (summary["mean_repeat_value"] > 0)]\n'
            'often, much = ModifiedBetaGeoModel().fit(usable, unit="W"), GammaGammaModel().fit(usable)\n'
            'rate = usable["margin"].sum() / usable["turnover"].sum()\n'
            'terms = {"horizon": 2, "unit": "Y", "discount_per_year": 0.15, "currency": company.currency}\n'
            "clv = customer_lifetime_value(often, much, usable, margin_rate=rate, **terms)\n"
            'answer = clv["lifetime_value"].sum()'
        ),
    ),
    Question(
        id="24b-3",
        title="The potential customers of today",
        level="explore",
        goals=(3,),
        elsewhere="another year",
        prompt=(
            "Who are the potential customers now? Take `usable` (the end of {company.year}), MBG/NBD and Gamma-Gamma "
            "fitted on it, a lifetime value of one year at 10 % with its own margin rate, and `potential_tiers` by "
            "`turnover` and lifetime value. Give the `customer_id` of the potential ones."
        ),
        kind=Customers(may_differ=2),
        points=3,
        reference=tier,
        right="Write the list down with its date. In a year you can check whether they brought more than the others.",
        hints=(
            "First the lifetime values as in the lesson, with the customers of `usable`.",
            '`tiers = potential_tiers(usable["turnover"], clv["lifetime_value"])`',
            '`usable.loc[tiers == "potential", "customer_id"]`',
        ),
        misconceptions=(
            Misconception(
                "the high-value ones",
                lambda data: tier(data, "high-value"),
                "Those are high-value: they have brought much already. The question asks for those of whom much is "
                "still to come.",
            ),
            Misconception(
                "the basic ones",
                lambda data: tier(data, "basic"),
                "Those are basic: little so far, and little expected.",
            ),
            Misconception(
                "by the date of the last purchase",
                lambda data: tier(data, by_date=True),
                "Those are picked by the date of the last purchase. The question asks for the lifetime value.",
            ),
            Misconception(
                "keeps the lesson's year",
                lambda data: tier(data, year_ago=True),
                "Those are the potential customers of {company.last_year}, as in the lesson. Who is it a year later?",
            ),
            Misconception(
                "the best by lifetime value alone",
                lambda data: lifetime(data, horizon=1, discount=0.10).nlargest(
                    len(tier(data)), "lifetime_value"
                )["customer_id"],
                "Those have the highest lifetime value of all. Most of them are high-value customers already: "
                "`potential_tiers` takes those out first.",
            ),
        ),
        starter=(
            'often = ModifiedBetaGeoModel().fit(usable, unit="W")\n'
            "much = GammaGammaModel().fit(usable)\n"
            'rate = usable["margin"].sum() / usable["turnover"].sum()\n'
            'terms = {"horizon": 1, "unit": "Y", "discount_per_year": 0.10, "currency": company.currency}\n'
            "clv = customer_lifetime_value(often, much, usable, margin_rate=rate, **terms)\n"
            'tiers = potential_tiers(usable["turnover"], ____)'
        ),
        solution="Lifetime values, tiers, and the customer_id of one tier.",
        code=(
            "from crmkit.value import GammaGammaModel, ModifiedBetaGeoModel, customer_lifetime_value\n"
            "from crmkit.value import customer_summary, potential_tiers\n"
            'summary = customer_summary(crmkit.load("orders"), company.end)\n'
            'usable = summary[(summary["repeat_days"] == 0) | (summary["mean_repeat_value"] > 0)]\n'
            'often, much = ModifiedBetaGeoModel().fit(usable, unit="W"), GammaGammaModel().fit(usable)\n'
            'rate = usable["margin"].sum() / usable["turnover"].sum()\n'
            'terms = {"horizon": 1, "unit": "Y", "discount_per_year": 0.10, "currency": company.currency}\n'
            "clv = customer_lifetime_value(often, much, usable, margin_rate=rate, **terms)\n"
            'tiers = potential_tiers(usable["turnover"], clv["lifetime_value"])\n'
            'answer = usable.loc[tiers == "potential", "customer_id"]'
        ),
    ),
    Question(
        id="24b-5",
        title="The eighth renewal of a club card",
        level="explore",
        goals=(5,),
        elsewhere="another firm",
        prompt=(
            "{company.name} thinks of a club card, with a yearly fee as high as the mean `turnover` of its orders (all "
            "rows of `orders`). Members may renew as in another firm of the same paper: of 1,000 there, 631, 468, 382 "
            "and 326 were left after one to four renewals. According to the sBG model, what would the *eighth* renewal "
            "of 1,000 members bring in fees? In whole {company.symbol}."
        ),
        kind=Number(unit="{company.symbol}", tolerance=0.5),
        points=3,
        reference=lambda data: members() * fee(data),
        right="In that firm 223 of 1,000 were left after eight renewals. One rate of leaving for all would have "
        "promised about half of that.",
        hints=(
            "The model takes the counts, beginning with 1,000.",
            "`survival` takes a list of renewals and gives shares of those who began.",
            '`1000 * contract.survival([8])[0]` members, each with a fee of `orders["turnover"].mean()`.',
        ),
        misconceptions=(
            Misconception(
                "one rate of leaving for all",
                lambda data: 1000 * 0.326**2 * fee(data),
                "That is one rate for all: four more renewals like the first four. But those who leave easily have "
                "left.",
            ),
            Misconception(
                "the last rate for all",
                lambda data: 326 * (326 / 382) ** 4 * fee(data),
                "You went on with the last share that renewed. It rises from renewal to renewal: use the model.",
            ),
            Misconception(
                "members without the fee",
                lambda data: members(),
                "Those are the members who are left. What do their fees bring?",
            ),
            Misconception(
                "one member for 1,000",
                lambda data: members() / 1000 * fee(data),
                "That is for one member who began. The card begins with 1,000.",
            ),
            Misconception(
                "leaves out the start",
                lambda data: members(counts=MEMBERS[1:]) * fee(data),
                "You left out the 1,000 who began: the model then takes 631 for the start.",
            ),
            Misconception(
                "four renewals",
                lambda data: members(4) * fee(data),
                "That is the fourth renewal. The question asks for the eighth.",
            ),
            Misconception(
                "nine renewals",
                lambda data: members(9) * fee(data),
                "That is the ninth renewal: `survival` counts from 0 renewals, which is the start.",
            ),
            Misconception(
                "the lesson's firm",
                lambda data: members(counts=(1000, 869, 743, 653, 593)) * fee(data),
                "That is the firm of the lesson. Take the counts of the question.",
            ),
        ),
        starter=(
            "contract = ContractModel().fit([1000, 631, 468, 382, 326])\n"
            'fee = orders["turnover"].____'
        ),
        solution="Fit the counts, take the survival after eight renewals, times 1,000 members and the fee.",
        code=(
            "from crmkit.value import ContractModel\n"
            "contract = ContractModel().fit([1000, 631, 468, 382, 326])\n"
            'fee = crmkit.load("orders")["turnover"].mean()\n'
            "answer = 1000 * contract.survival([8])[0] * fee"
        ),
    ),
    Question(
        id="24b-6",
        title="Beanline's interval",
        level="explore",
        goals=(4,),
        elsewhere="beanline",
        prompt=(
            "Stand at the end of the year before Beanline's last one. Fit MBG/NBD (unit weeks) on the customers known "
            "then, and forecast the purchases of the next 365 days of all together by `total_interval`, with "
            "`draws=20` and `seed=24`. What is the *upper end* of the 90 % interval, in whole purchases?"
        ),
        kind=Number(unit="purchases", tolerance=0.5),
        points=3,
        reference=coffee_total,
        right="Now compare it with the sum of `holdout_purchase_days`. One year inside an interval does not prove the "
        "story, and one far outside is evidence against it.",
        hints=(
            'Beanline has its own dates: `about = crmkit.company("beanline")`.',
            "`holdout_split(coffee, about.year_ago, about.end)` gives the customers known then, and what came after.",
            'Of `total_interval(model, known, horizon=365, unit="D", draws=20, seed=24)` take `high`.',
        ),
        misconceptions=(
            Misconception(
                "gives the forecast",
                lambda data: coffee_total(data, "estimate"),
                "That is the forecast itself. The question asks for the upper end of its interval.",
            ),
            Misconception(
                "gives the lower end",
                lambda data: coffee_total(data, "low"),
                "That is the lower end of the interval.",
            ),
            Misconception(
                "takes BG/NBD",
                lambda data: coffee_total(data, kind=BetaGeoModel),
                "That is with BG/NBD. The question asks for MBG/NBD.",
            ),
        ),
        starter=(
            'about, coffee = crmkit.company("beanline"), crmkit.load("orders", data="beanline")\n'
            "known = holdout_split(coffee, about.year_ago, about.end)\n"
            'model = ModifiedBetaGeoModel().fit(known, unit="W")\n'
            'interval = total_interval(model, known, horizon=____, unit="D", draws=20, seed=24)'
        ),
        solution="Split, fit, and the interval's `high`.",
        code=(
            "from crmkit.value import ModifiedBetaGeoModel, holdout_split, total_interval\n"
            'about, coffee = crmkit.company("beanline"), crmkit.load("orders", data="beanline")\n'
            "known = holdout_split(coffee, about.year_ago, about.end)\n"
            'model = ModifiedBetaGeoModel().fit(known, unit="W")\n'
            'answer = total_interval(model, known, horizon=365, unit="D", draws=20, seed=24).high'
        ),
    ),
    Question(
        id="24b-4",
        title="A manager for the fifty best?",
        level="decide",
        goals=(2, 4),
        prompt=(
            "The director wants to give a personal manager to the fifty customers with the highest lifetime value, and "
            "to print each value, to the penny, in the manager's papers. What do you advise?"
        ),
        kind=Plan(
            rubric={
                "says how the forecast did on a hidden year, with a figure": 1,
                "says how uncertain the value of one customer or of the group is, with a range or an interval": 1,
                "distinguishes what the fifty bring anyway from what a manager would change": 1,
                "proposes a test (a part of them at random), and says what would change the decision": 1,
            },
            model=(
                "Last year's lifetime values came to {figure.total} of what all customers brought in the hidden year. "
                "The fifty with the highest values brought {figure.mean} of margin each (95 % interval {figure.low} to "
                "{figure.high}), but the single ones from {figure.least} to {figure.most}. So print a range or a "
                "class, and no pennies. Most of this margin would come without a manager: the value says who brings "
                "much, and not whom a manager changes. I would give a manager to a random half of the hundred best for "
                "a year and compare the margin of both halves. If the difference, with its interval, does not cover "
                "the manager's salary, I would stop."
            ),
            minimum_words=40,
            figures=figures_of_the_answer,
        ),
        points=4,
        hints=(
            "How far apart do the futures of one customer lie?",
            "What would these fifty bring without a manager, and how could you find out?",
        ),
    ),
]

QUIZ = [
    QuizQuestion(
        "The 90 % interval of a forecast is narrow, and the truth lies far outside. What has gone wrong?",
        [
            Option(
                "Bad luck: it happens in one case of ten",
                "Far outside a narrow interval is not bad luck.",
            ),
            Option(
                "The interval supposes that the model's story is true",
                "It tells how much the figure moves if the story holds, and not whether the story holds.",
                right=True,
            ),
            Option(
                "Too few bootstrap draws", "More draws make the ends of the same interval steadier."
            ),
        ],
    ),
    QuizQuestion(
        "Which of these makes a lifetime value worth quoting?",
        [
            Option("Two decimals", "They say how it was printed."),
            Option(
                "Currency, horizon, discount, and how the forecast did on unseen days",
                "Without the first three it means nothing, without the last nobody knows whether to believe it.",
                right=True,
            ),
            Option(
                "A famous formula",
                "The formula is as good as its story is true for your customers.",
            ),
        ],
    ),
    QuizQuestion(
        "The share of members who renew rises from year to year. What follows?",
        [
            Option(
                "Members grow more loyal",
                "Perhaps, but it would rise even if nobody changed.",
            ),
            Option(
                "Nothing about loyalty: those who leave easily have left",
                "Those who stay are others than those who began. The sBG model needs no more than that.",
                right=True,
            ),
            Option(
                "The firm has become better",
                "Perhaps, but it would rise even if the firm did not change.",
            ),
        ],
    ),
]
