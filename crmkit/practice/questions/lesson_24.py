"""Lesson 24: who is still a customer, and how a forecast is judged."""

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
    BetaGeoModel,
    ModifiedBetaGeoModel,
    customer_summary,
    holdout_split,
    judge_alive,
    last_year_forecast,
    score_forecasts,
)

TITLE = "Who is still a customer?"

#: The two forecasts of question 24-3.
AS_BEFORE, MODEL = "as before", "MBG/NBD"


def known(data: Tables, *, year_ago: bool = False) -> pd.DataFrame:
    """Every customer's history until the end of the data, or until a year before."""
    about = data.company
    return customer_summary(data.load("orders"), about.year_ago if year_ago else about.end)


def expected(
    data: Tables,
    periods: float = 26,
    unit: str = "W",
    *,
    kind: type[BetaGeoModel] = BetaGeoModel,
    year_ago: bool = False,
    mean: bool = False,
) -> float:
    """Purchase days to expect of all customers together, or of one on average."""
    people = known(data, year_ago=year_ago)
    each = kind().fit(people, unit="W").expected_purchases(periods, people, unit=unit)
    return float(each.mean() if mean else each.sum())


def _as_if_all_stayed(data: Tables) -> float:
    people = known(data)
    r, alpha = BetaGeoModel().fit(people, unit="W").params_[["r", "alpha"]]
    return float(((r + people["repeat_days"]) / (alpha + people["age_days"] / 7)).sum() * 26)


def _last_26_weeks(data: Tables) -> float:
    orders = data.load("orders")
    late = orders[orders["order_date"] > pd.Timestamp(data.company.end) - pd.Timedelta(weeks=26)]
    return float(len(late[["customer_id", "order_date"]].drop_duplicates()))


def alive(
    data: Tables, *, kind: type[BetaGeoModel] = BetaGeoModel, year_ago: bool = False
) -> pd.Series:
    """Probability alive of each customer at the end of the data."""
    people = known(data, year_ago=year_ago)
    chance = kind().fit(people, unit="W").probability_alive(people)
    return chance.set_axis(people["customer_id"])


def lost(chance: pd.Series) -> pd.Index:
    """The customers more likely lost than not."""
    return chance.index[chance < 0.5]


def _few_expected(data: Tables) -> pd.Series:
    people = known(data)
    model = BetaGeoModel().fit(people, unit="W")
    return people.loc[model.expected_purchases(26, people) < 1, "customer_id"]


def two_forecasts(
    data: Tables,
    *,
    kind: type[BetaGeoModel] = ModifiedBetaGeoModel,
    unit: str = "D",
    column: str = "total",
    seen: bool = False,
    upside_down: bool = False,
    whole_year: bool = False,
) -> pd.DataFrame:
    """Total over what happened, for two forecasts of the second half of the last year."""
    about, orders = data.company, data.load("orders")
    middle = f"{about.year}-06-30"
    people = holdout_split(orders, middle, about.end).set_index("customer_id")
    learnt = customer_summary(orders, about.end) if seen else people
    days = 365.0 if whole_year else float(people["holdout_days"].iloc[0])
    forecasts = {
        AS_BEFORE: last_year_forecast(orders, middle, about.end),
        MODEL: kind().fit(learnt, unit="W").expected_purchases(days, people, unit=unit),
    }
    scores = score_forecasts(people["holdout_purchase_days"].astype(float), forecasts)
    total = 1 / scores[column] if upside_down else scores[column]
    return pd.DataFrame({"forecast": scores["forecast"], "total": total})


def coffee_gap(
    data: Tables,
    *,
    kind: type[BetaGeoModel] = ModifiedBetaGeoModel,
    said: str = "will_buy",
    band: str = "bought once",
    sign: float = 100.0,
    relative: bool = False,
) -> float:
    """By how many points a model's chance of a purchase lies above the share who bought, at Beanline."""
    coffee = data.other("beanline")
    about = coffee.company
    split = holdout_split(coffee.load("orders"), about.year_ago, about.end)
    row = judge_alive(kind().fit(split, unit="W"), split).loc[band]
    gap = sign * float(row[said] - row["bought"])
    return gap / float(row["bought"]) if relative else gap


def _frequent_is_worse(data: Tables) -> str:
    about = data.company
    split = holdout_split(data.load("orders"), about.year_ago, about.end)
    model = BetaGeoModel().fit(split, unit="W")
    silent = pd.DataFrame(
        {"repeat_days": [17, 1], "active_span_days": [238, 180], "age_days": [358, 300]}
    )
    often, seldom = model.probability_alive(silent)
    return "a" if often < seldom else "b"


def _one_time_buyers_back(data: Tables) -> float:
    about = data.company
    split = holdout_split(data.load("orders"), about.year_ago, about.end)
    once = split.loc[split["repeat_days"] == 0, "holdout_purchase_days"]
    return 100 * float((once > 0).mean())


def figures_of_the_answer(data: Tables) -> dict[str, str]:
    """How those fared whom the model had given up, and how far its total was off, on the learner's own year."""
    about = data.company
    split = holdout_split(data.load("orders"), about.year_ago, about.end)
    model = BetaGeoModel().fit(split, unit="W")
    given_up = judge_alive(model, split).loc["below 20 %"]
    total = model.expected_purchases(365, split, unit="D").sum()
    return {
        "customers": f"{given_up['customers']:,.0f}",
        "back": f"{100 * given_up['bought']:.0f} %",
        "low": f"{100 * given_up['low']:.0f}",
        "high": f"{100 * given_up['high']:.0f} %",
        "total": f"{100 * total / split['holdout_purchase_days'].sum():.0f} %",
    }


PREDICTIONS = [
    Prediction(
        id="24-a",
        prompt="For which of the two are four months of silence the worse sign?",
        kind=Choice(
            {
                "a": "for the one who came every second week",
                "b": "for the one who came twice a year",
                "c": "for both the same",
            }
        ),
        answer=_frequent_is_worse,
        why="Some people think of the frequent customer as the loyal one, who will surely come back. But for this "
        "customer many visits did not come. For the other one a visit was hardly due.",
    ),
    Prediction(
        id="24-b",
        prompt="Take the customers who had bought on one day only by the end of {company.last_year}. Of a hundred of "
        "them, how many bought again in {company.year}?",
        kind=Number(unit="of 100", tolerance=5),
        answer=_one_time_buyers_back,
        why="Most people say more. Those who came long ago and never came back are many, and a list of customers keeps "
        "them all.",
    ),
    Prediction(
        id="24-c",
        prompt="Four forecasts of each customer's purchases in {company.year}. Which has the smallest error per "
        "customer?",
        kind=Choice(
            {
                "a": "the same as last year",
                "b": "a regression on all that is known",
                "c": "BG/NBD",
                "d": "MBG/NBD",
            }
        ),
        answer=None,
        why="Many people trust the famous formula, or the plain rule. A formula is as good as its story fits the "
        "customers, and the plain rule takes each customer's luck of last year for a habit.",
    ),
]

QUESTIONS = [
    Question(
        id="24-1",
        title="The next half year",
        level="fill in",
        goals=(2,),
        elsewhere="another year",
        prompt=(
            "Fit a BG/NBD model (unit weeks) on all orders until 31 December {company.year}. How many purchase days "
            "does it expect of all customers together in the next 26 weeks? One decimal."
        ),
        kind=Number(unit="purchase days", tolerance=0.05),
        points=1,
        reference=expected,
        right="This is a forecast of the total, and the lesson showed that it comes out too low. Write that beside it.",
        hints=(
            "The lesson's `model` and `known` end a year earlier. Three steps: the customer summary until the end of "
            "{company.year}, the fit, the forecast for each customer.",
            "`expected_purchases` takes the length of time first; the unit is that of the fit.",
            '`BetaGeoModel().fit(summary, unit="W").expected_purchases(26, summary)`, then add up.',
        ),
        misconceptions=(
            Misconception(
                "keeps the lesson's year",
                lambda data: expected(data, year_ago=True),
                "That is the lesson's model, which ends on 31 December {company.last_year}. Describe the customers "
                "again, until the end of {company.year}, and fit again.",
            ),
            Misconception(
                "days for weeks",
                lambda data: expected(data, 26, "D"),
                "That is the forecast for 26 DAYS. In which unit was the model fitted, and in which did you ask?",
            ),
            Misconception(
                "weeks for days",
                lambda data: expected(data, 182),
                "That is the forecast for 182 WEEKS. The model was fitted in weeks: ask for 26, or say the unit.",
            ),
            Misconception(
                "mean for total",
                lambda data: expected(data, mean=True),
                "That is the mean per customer. The question asks for all customers together.",
            ),
            Misconception(
                "takes the second model",
                lambda data: expected(data, kind=ModifiedBetaGeoModel),
                "That is the forecast of MBG/NBD. The question asks for BG/NBD.",
            ),
            Misconception(
                "as if nobody had left",
                _as_if_all_stayed,
                "You multiplied each customer's rate by the time, as if all were still customers. Where does the "
                "probability of being alive come in?",
            ),
            Misconception(
                "repeats the last half-year",
                _last_26_weeks,
                "That is what was bought in the last 26 weeks, by newcomers too. The question asks what the model "
                "expects next.",
            ),
        ),
        starter=(
            "summary = customer_summary(orders, ____)\n"
            'model = BetaGeoModel().fit(summary, unit="W")'
        ),
        solution="Summary, fit, forecast per customer, sum.",
        code=(
            "from crmkit.value import BetaGeoModel, customer_summary\n"
            'summary = customer_summary(crmkit.load("orders"), company.end)\n'
            'model = BetaGeoModel().fit(summary, unit="W")\n'
            "answer = model.expected_purchases(26, summary).sum()"
        ),
    ),
    Question(
        id="24-2",
        title="More likely lost than not",
        level="change",
        goals=(1,),
        elsewhere="another year",
        prompt=(
            "Fit a BG/NBD model (unit weeks) on all orders until 31 December {company.year}. For which customers is "
            "the probability alive then below one half?"
        ),
        kind=Customers(may_differ=1),
        points=2,
        reference=lambda data: lost(alive(data)),
        right="No one-time buyer is among them, however long ago they came: in this story they cannot leave.",
        hints=(
            "The model has a method for it that takes the same summary.",
            "`model.probability_alive(summary)` stands on the rows of the summary, not on customer_id.",
            '`summary.loc[model.probability_alive(summary) < 0.5, "customer_id"]`',
        ),
        misconceptions=(
            Misconception(
                "row numbers for customers",
                lambda data: lost(alive(data).reset_index(drop=True)),
                "Those look like row numbers of the summary. Which customer is in row 0?",
            ),
            Misconception(
                "one rule of silence for all",
                lambda data: known(data).query("days_since_last > 180")["customer_id"],
                "Those have been silent for more than half a year. For a customer who buys once a year that is nothing "
                "unusual: the model reads silence against each one's own rhythm.",
            ),
            Misconception(
                "the living",
                lambda data: alive(data).loc[lambda chance: chance >= 0.5].index,
                "Those are more likely alive than not. The question asks for the others.",
            ),
            Misconception(
                "keeps the lesson's year",
                lambda data: lost(alive(data, year_ago=True)),
                "Those are the ones at the end of {company.last_year}, as in the lesson. The question looks from a "
                "year later.",
            ),
            Misconception(
                "takes the second model",
                lambda data: lost(alive(data, kind=ModifiedBetaGeoModel)),
                "Those are given up by MBG/NBD, in which one-time buyers can leave. The question asks for BG/NBD.",
            ),
            Misconception(
                "few purchases for lost",
                _few_expected,
                "Those are expected to buy less than once in half a year. A customer may be alive and buy rarely: "
                "the question is about being alive.",
            ),
        ),
        starter=(
            "summary = customer_summary(orders, company.end)\n"
            'model = BetaGeoModel().fit(summary, unit="W")\n'
            "chance = model.____(summary)"
        ),
        solution="The probability for each row, then the customer_id of the rows below one half.",
        code=(
            "from crmkit.value import BetaGeoModel, customer_summary\n"
            'summary = customer_summary(crmkit.load("orders"), company.end)\n'
            'model = BetaGeoModel().fit(summary, unit="W")\n'
            'answer = summary.loc[model.probability_alive(summary) < 0.5, "customer_id"]'
        ),
    ),
    Question(
        id="24-3",
        title="Two forecasts of another half-year",
        level="explore",
        goals=(3,),
        elsewhere="another half-year",
        prompt=(
            "Learn from the orders until 30 June {company.year}, and forecast the days from then to 31 December "
            "{company.year} in two ways: `as before` (`last_year_forecast`) and `MBG/NBD` (fitted in weeks). Score "
            "both with `score_forecasts`. A table with `forecast` and `total`, the forecast of all together as a share "
            "of what happened (1 is right). Two decimals."
        ),
        kind=Table(key="forecast", columns={"total": 0.005}),
        points=3,
        reference=two_forecasts,
        right="Half a year holds a "
        "season, and neither forecast knows about it: that is one more reason to look at more "
        "than one hidden period.",
        hints=(
            "`holdout_split` gives the past and what came after, for the same customers. Which two days does it take?",
            "Fit on the split table: it holds only what was known on 30 June. Its `holdout_days` says how many days "
            'there are to forecast, with `unit="D"`.',
            "`score_forecasts` takes what happened and a dictionary of forecasts; all must stand on `customer_id`.",
        ),
        misconceptions=(
            Misconception(
                "takes BG/NBD",
                lambda data: two_forecasts(data, kind=BetaGeoModel),
                "Your second forecast is that of BG/NBD. The question asks for MBG/NBD: `ModifiedBetaGeoModel`.",
            ),
            Misconception(
                "the model has seen the half-year",
                lambda data: two_forecasts(data, seen=True),
                "Your model was fitted on orders until the end of {company.year}. A forecast of days that it has seen "
                "is no forecast.",
            ),
            Misconception(
                "weeks for days",
                lambda data: two_forecasts(data, unit="W"),
                'That is a forecast for 184 WEEKS. The model was fitted in weeks, so say `unit="D"`.',
            ),
            Misconception(
                "the wrong way round",
                lambda data: two_forecasts(data, upside_down=True),
                "That is what happened over the forecast. Turn the fraction over.",
            ),
            Misconception(
                "the error for the total",
                lambda data: two_forecasts(data, column="mean_absolute_error"),
                "That is the mean error per customer. The question asks for the total of all customers.",
            ),
            Misconception(
                "a year for half a year",
                lambda data: two_forecasts(data, whole_year=True),
                "Your MBG/NBD forecasts 365 days, as in the lesson. Here half a year is hidden: `holdout_days`.",
            ),
        ),
        starter=(
            'middle = f"{company.year}-06-30"\n'
            'known = holdout_split(orders, middle, company.end).set_index("customer_id")\n'
            'model = ModifiedBetaGeoModel().fit(known, unit="W")\n'
            'days = known["holdout_days"].iloc[0]\n'
            'forecasts = {"as before": last_year_forecast(orders, middle, company.end), "MBG/NBD": ____}'
        ),
        solution="Split, fit on the past, forecast the length of the holdout, and score both for the same customers.",
        code=(
            "from crmkit.value import ModifiedBetaGeoModel, holdout_split, last_year_forecast, score_forecasts\n"
            'orders, middle = crmkit.load("orders"), f"{company.year}-06-30"\n'
            'known = holdout_split(orders, middle, company.end).set_index("customer_id")\n'
            'model = ModifiedBetaGeoModel().fit(known, unit="W")\n'
            'forecasts = {"as before": last_year_forecast(orders, middle, company.end)}\n'
            'days = known["holdout_days"].iloc[0]\n'
            'forecasts["MBG/NBD"] = model.expected_purchases(days, known, unit="D")\n'
            'answer = score_forecasts(known["holdout_purchase_days"], forecasts)[["forecast", "total"]]'
        ),
    ),
    Question(
        id="24-5",
        title="Beanline's one-time buyers",
        level="explore",
        goals=(4,),
        elsewhere="beanline",
        prompt=(
            "The coffee merchant Beanline has many who bought once. Hide its last year, fit MBG/NBD on the rest (in "
            "weeks), and judge it with `judge_alive`. For those who bought once: by how many percentage points does "
            "the model's probability of a purchase (`will_buy`) lie above the share who really bought? Two decimals; "
            "below zero if it lies below."
        ),
        kind=Number(unit="percentage points", tolerance=0.005),
        points=3,
        reference=coffee_gap,
        right="Compare it with BG/NBD, which never lets these customers leave, and with the interval of `bought`: the "
        "group is small.",
        hints=(
            'Beanline has its own dates: `about = crmkit.company("beanline")`.',
            '`holdout_split(crmkit.load("orders", data="beanline"), about.year_ago, about.end)`, then the fit.',
            '`row = judge_alive(model, split).loc["bought once"]`, and `row["will_buy"] - row["bought"]` in points.',
        ),
        misconceptions=(
            Misconception(
                "takes BG/NBD",
                lambda data: coffee_gap(data, kind=BetaGeoModel),
                "That is BG/NBD. The question asks for MBG/NBD, in which customers may leave after the first purchase.",
            ),
            Misconception(
                "alive for buying",
                lambda data: coffee_gap(data, said="alive"),
                "You compared the probability of being alive. A customer may be alive and buy nothing for a year: take "
                "`will_buy`.",
            ),
            Misconception(
                "the wrong way round",
                lambda data: coffee_gap(data, sign=-100.0),
                "The size is right and the sign is not: take what the model said, less what happened.",
            ),
            Misconception(
                "fraction for points",
                lambda data: coffee_gap(data, sign=1.0),
                "Right difference, wrong unit: percentage points run from 0 to 100.",
            ),
            Misconception(
                "per cent for points",
                lambda data: coffee_gap(data, relative=True),
                "That is the difference as a per cent of those who bought. The question asks for percentage points: "
                "one share less the other.",
            ),
            Misconception(
                "those given up",
                lambda data: coffee_gap(data, band="below 20 %"),
                "That is the row of those whom the model gave up. The question asks for those who bought once.",
            ),
        ),
        starter=(
            'about, coffee = crmkit.company("beanline"), crmkit.load("orders", data="beanline")\n'
            "split = holdout_split(coffee, about.year_ago, about.end)\n"
            "table = judge_alive(____, split)"
        ),
        solution="Split, fit, judge, and one row of the table.",
        code=(
            "from crmkit.value import ModifiedBetaGeoModel, holdout_split, judge_alive\n"
            'about, coffee = crmkit.company("beanline"), crmkit.load("orders", data="beanline")\n'
            "split = holdout_split(coffee, about.year_ago, about.end)\n"
            'table = judge_alive(ModifiedBetaGeoModel().fit(split, unit="W"), split)\n'
            'answer = 100 * (table["will_buy"] - table["bought"])["bought once"]'
        ),
    ),
    Question(
        id="24-4",
        title="Strike them from the list?",
        level="decide",
        goals=(3, 4),
        prompt=(
            "The director wants to strike all customers with a probability alive below 20 % (BG/NBD) from the mailing "
            "list. What do you advise?"
        ),
        kind=Plan(
            rubric={
                "says what those whom the model had given up did in the hidden year, with a figure and how sure it "
                "is": 1,
                "names where the model's story fails (sleep taken for death, or one-time buyers)": 1,
                "distinguishes who will buy anyway from whom a letter would change": 1,
                "proposes a test or a cheaper first step, and says what would change the decision": 1,
            },
            model=(
                "Do not strike them yet. A year ago the model gave up {figure.customers} customers, and {figure.back} "
                "of them bought in the year after (95 % interval {figure.low} to {figure.high}). They were asleep, and "
                "the model takes sleep for death; its total came to {figure.total} of what happened. One-time buyers "
                "are not on this list at all, because the model thinks that they cannot leave: look at them with "
                "MBG/NBD. But many of those who come back come without a letter. So write to a random half of the list "
                "for half a year and leave the other half alone. If both halves buy equally, strike them: then the "
                "letter changes nothing and its cost is saved."
            ),
            minimum_words=40,
            figures=figures_of_the_answer,
        ),
        points=4,
        hints=(
            "Look once more at the table that compares what the model says with what happened in {company.year}.",
            "Would those who came back have come without a letter? How could you find out?",
        ),
    ),
]

QUIZ = [
    QuizQuestion(
        "A customer bought once, two years ago. BG/NBD says: alive with 100 %. Why?",
        [
            Option(
                "Because in its story a customer can leave only after a repeat purchase",
                "It is an assumption. It says nothing about this customer.",
                right=True,
            ),
            Option(
                "Because the customer is loyal", "One purchase in two years is no sign of that."
            ),
            Option(
                "Because there are too few data",
                "With more customers like this it would say the same.",
            ),
        ],
    ),
    QuizQuestion(
        "Two customers have been silent for four months. One came every week, the other twice a year. Which rule is "
        "best?",
        [
            Option(
                "Both are lost after 90 days",
                "For the second one no visit was due yet.",
            ),
            Option(
                "Compare the silence with each customer's own rhythm",
                "Many visits of the first did not come, and hardly one of the second.",
                right=True,
            ),
            Option(
                "Keep the frequent one, because frequent customers are loyal",
                "They were. The missing visits say that something has changed.",
            ),
        ],
    ),
    QuizQuestion(
        "A model fits the past perfectly. What does that say about its forecast?",
        [
            Option("It will be right", "A flexible model fits any past."),
            Option(
                "Little: it has to be compared with days it has not seen, and with a plain rival",
                "Only hidden days tell, and only a rival says whether the model was worth the work.",
                right=True,
            ),
            Option(
                "It will be wrong",
                "That does not follow either.",
            ),
        ],
    ),
]
