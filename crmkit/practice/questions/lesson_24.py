"""Lesson 24: what is still to come: alive or not, forecasts, lifetime value."""

from __future__ import annotations

import pandas as pd

from crmkit.practice.kinds import Customers, Number, Plan
from crmkit.practice.question import Misconception, Option, Question, QuizQuestion, Tables
from crmkit.value import BetaGeoModel, customer_summary, holdout_split

TITLE = "What is still to come"


def known(data: Tables) -> pd.DataFrame:
    """Every customer's history until the end of the data."""
    return customer_summary(data.load("orders"), data.company.end)


def fitted(data: Tables) -> tuple[BetaGeoModel, pd.DataFrame]:
    """The model in weeks, and the customers it was fitted on."""
    summary = known(data)
    return BetaGeoModel().fit(summary, unit="W"), summary


def expected(data: Tables, periods: float, unit: str = "W") -> float:
    """Purchase days to expect of all customers together."""
    model, summary = fitted(data)
    return float(model.expected_purchases(periods, summary, unit=unit).sum())


def _as_if_all_stayed(data: Tables) -> float:
    model, summary = fitted(data)
    r, alpha = model.params_["r"], model.params_["alpha"]
    return float(((r + summary["repeat_days"]) / (alpha + summary["age_days"] / 7)).sum() * 26)


def _last_26_weeks(data: Tables) -> float:
    orders = data.load("orders")
    late = orders[orders["order_date"] > pd.Timestamp(data.company.end) - pd.Timedelta(weeks=26)]
    return float(len(late[["customer_id", "order_date"]].drop_duplicates()))


def alive(data: Tables) -> pd.Series:
    """Probability alive of each customer at the end of the data."""
    model, summary = fitted(data)
    return model.probability_alive(summary).set_axis(summary["customer_id"])


def holdout_ratio(data: Tables, days: float = 365, unit: str = "D") -> float:
    """Forecast for the last year over what happened, in per cent."""
    split = holdout_split(data.load("orders"), data.company.year_ago, data.company.end)
    model = BetaGeoModel().fit(split, unit="W")
    forecast = model.expected_purchases(days, split, unit=unit).sum()
    return float(100 * forecast / split["holdout_purchase_days"].sum())


def _inverse(data: Tables) -> float:
    return 1e4 / holdout_ratio(data)


def _with_newcomers(data: Tables) -> float:
    orders = data.load("orders")
    split = holdout_split(orders, data.company.year_ago, data.company.end)
    model = BetaGeoModel().fit(split, unit="W")
    later = orders[orders["order_date"] > data.company.year_ago]
    happened = len(later[["customer_id", "order_date"]].drop_duplicates())
    return float(100 * model.expected_purchases(365, split, unit="D").sum() / happened)


def _has_seen_the_year(data: Tables) -> float:
    orders = data.load("orders")
    split = holdout_split(orders, data.company.year_ago, data.company.end)
    model = BetaGeoModel().fit(customer_summary(orders, data.company.end), unit="W")
    forecast = model.expected_purchases(365, split, unit="D").sum()
    return float(100 * forecast / split["holdout_purchase_days"].sum())


QUESTIONS = [
    Question(
        id="24-1",
        title="The next half year",
        level="fill in",
        prompt=(
            "Fit a BG/NBD model (unit weeks) on all orders until 31 December {company.year}. How many "
            "purchase days does "
            "it expect "
            "of all customers together in the next 26 weeks? One decimal."
        ),
        kind=Number(unit="purchase days", tolerance=0.05),
        points=1,
        reference=lambda data: expected(data, 26),
        hints=(
            "Three steps: the customer summary until the end of {company.year}, the fit, the forecast for "
            "each customer.",
            "`expected_purchases` takes the length of time first; the unit is that of the fit.",
            '`BetaGeoModel().fit(summary, unit="W").expected_purchases(26, summary)`, then add up.',
        ),
        misconceptions=(
            Misconception(
                "days for weeks",
                lambda data: expected(data, 26, "D"),
                "That is the forecast for 26 DAYS. In which unit was the model fitted, and in which did "
                "you ask?",
            ),
            Misconception(
                "as if nobody had left",
                _as_if_all_stayed,
                "You multiplied each customer's rate by the time, as if all were still customers. "
                "Where does the probability of being alive come in?",
            ),
            Misconception(
                "repeats the last half-year",
                _last_26_weeks,
                "That is what was bought in the last 26 weeks, by newcomers too. The question asks what "
                "the model expects next.",
            ),
        ),
        starter=(
            "summary = customer_summary(orders, company.end)\n"
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
        title="Held for lost",
        level="change",
        prompt=(
            "Which customers does that model hold for lost rather than not: probability of being alive below "
            "one half, at "
            "the end of {company.year}?"
        ),
        kind=Customers(may_differ=1),
        points=2,
        reference=lambda data: alive(data).loc[lambda chance: chance < 0.5].index,
        hints=(
            "The model has a method for it that takes the same summary.",
            "`model.probability_alive(summary)` stands on the rows of the summary, not on customer_id.",
            '`summary.loc[model.probability_alive(summary) < 0.5, "customer_id"]`',
        ),
        misconceptions=(
            Misconception(
                "row numbers for customers",
                lambda data: (
                    alive(data).reset_index(drop=True).loc[lambda chance: chance < 0.5].index
                ),
                "Those look like row numbers of the summary. Which customer stands in row 0?",
            ),
            Misconception(
                "one rule of silence for all",
                lambda data: known(data).query("days_since_last > 180")["customer_id"],
                "Those have been silent for more than half a year. For a customer who buys once a year "
                "that is nothing "
                "unusual: the model reads silence against each one's own rhythm.",
            ),
            Misconception(
                "the living",
                lambda data: alive(data).loc[lambda chance: chance >= 0.5].index,
                "Those are alive rather than not. The question asks for the others.",
            ),
            Misconception(
                "few purchases for dead",
                lambda data: _few_expected(data),
                "Those are expected to buy less than once in half a year. One may be alive and buy seldom: "
                "the question is about being alive.",
            ),
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
        title="How good was the forecast?",
        level="explore",
        prompt=(
            "Judge the model by a year it has not seen. Learn from the orders until 31 December "
            "{company.last_year} and "
            "forecast the purchase "
            "days of {company.year} (365 days) for the customers known by then. What is the forecast of all "
            "together, in "
            "per cent of "
            "what these customers really did?"
        ),
        kind=Number(unit="%", tolerance=0.05),
        points=3,
        reference=holdout_ratio,
        hints=(
            "`holdout_split` gives the past and what came after, for the same customers.",
            "Fit on the split table: it holds only what was known at the split. Then forecast 365 days, "
            '`unit="D"`.',
            '`100 * forecast.sum() / split["holdout_purchase_days"].sum()`',
        ),
        misconceptions=(
            Misconception(
                "the model has seen the year",
                _has_seen_the_year,
                "Your model was fitted on orders that include {company.year}. A forecast of days that it has seen "
                "is no forecast.",
            ),
            Misconception(
                "counts newcomers as well",
                _with_newcomers,
                "What happened includes customers who came in {company.year} only. The model could not know of them: "
                "compare the same customers.",
            ),
            Misconception(
                "the wrong way round",
                _inverse,
                "That is what happened in per cent of the forecast. Turn the fraction over.",
            ),
            Misconception(
                "weeks for days",
                lambda data: holdout_ratio(data, 365, "W"),
                "That is far too high: a forecast for 365 WEEKS? The model was fitted in weeks, so say "
                "the unit or the weeks.",
            ),
        ),
        solution="Split, fit on the past, forecast the holdout's length, divide by what the same "
        "customers did.",
        code=(
            "from crmkit.value import BetaGeoModel, holdout_split\n"
            'split = holdout_split(crmkit.load("orders"), company.year_ago, company.end)\n'
            'model = BetaGeoModel().fit(split, unit="W")\n'
            'forecast = model.expected_purchases(365, split, unit="D")\n'
            'answer = 100 * forecast.sum() / split["holdout_purchase_days"].sum()'
        ),
    ),
    Question(
        id="24-4",
        title="Strike them from the list?",
        level="decide",
        prompt=(
            "The director wants to strike all customers with a probability of being alive below 20 % from the "
            "mailing list, "
            "and to give a manager to the fifty with the highest lifetime value. What do you advise?"
        ),
        kind=Plan(
            rubric={
                "says how the model did on days it had not seen, with a figure from the data": 1,
                "names where its story fails (one-time buyers, or sleep taken for death)": 1,
                "distinguishes what a customer will bring from what a manager or a letter would change": 1,
                "proposes a test or a cheaper first step, and says what would change the decision": 1,
            },
            model=(
                "Do not strike them. On {company.year}, which the model had not seen, its forecast was too low, and of "
                "those it had "
                "given up with several purchases about half bought again: they slept. Mail half of them, "
                "chosen "
                "by chance, and "
                "compare. For the fifty: their value is a mean, most of it would come without a manager, so I "
                "would give the "
                "manager to a random half for a year and see the difference in profit. One-time buyers "
                "count as "
                "alive in the "
                "model whatever happens, so I would leave them out of both lists and look at them with "
                "another rule."
            ),
            minimum_words=40,
        ),
        points=4,
        hints=(
            "Look once more at the table that compares what the model says with what happened in {company.year}.",
        ),
    ),
]


def _few_expected(data: Tables) -> pd.Series:
    model, summary = fitted(data)
    return summary.loc[model.expected_purchases(26, summary) < 1, "customer_id"]


QUIZ = [
    QuizQuestion(
        "A customer bought once, two years ago. BG/NBD says: alive with 100 %. Why?",
        [
            Option(
                "Because in its story one can leave only after a repeat purchase",
                "It is an assumption. It says nothing about this customer.",
                right=True,
            ),
            Option(
                "Because the customer is loyal", "One purchase in two years is no sign of that."
            ),
            Option(
                "Because there are too few data",
                "With more customers of the kind it would say the same.",
            ),
        ],
    ),
    QuizQuestion(
        "The 95 % interval of a forecast is narrow, and the truth lies far outside. What has gone wrong?",
        [
            Option(
                "Bad luck: it happens in one case of twenty",
                "Far outside a narrow interval is not bad luck.",
            ),
            Option(
                "The interval supposes that the model's story is true",
                "It tells how much the figure moves with other such customers, not whether the story holds.",
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
                "Without the first three it means nothing, without the last nobody knows whether to "
                "believe it.",
                right=True,
            ),
            Option(
                "A famous formula",
                "The formula is as good as its story is true for your customers.",
            ),
        ],
    ),
]
