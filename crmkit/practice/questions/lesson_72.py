"""Lesson 72: wrong alarms cost money, and so do those who are missed."""

from __future__ import annotations

import numpy as np
import pandas as pd

from crmkit.mining import (
    behaviour_metrics,
    calibration,
    error_rates,
    halves,
    logistic,
    paid_between,
    threshold_by_cost,
    who_pays_first,
)
from crmkit.practice.kinds import Choice, Number, Plan, Several
from crmkit.practice.question import (
    Misconception,
    Option,
    Prediction,
    Question,
    QuizQuestion,
    Tables,
)
from crmkit.practice.questions.lesson_70 import LOAD_LOG, LOAD_ORDERS, log, new_year
from crmkit.practice.worked import once

TITLE = "Wrong alarms and missed ones"
COMPANY = "strumwell"

#: The metrics of the lesson's forecast.
FOUR = ["events", "kinds_skills", "listen_back_per_record_take", "teacher_reply_per_ask_teacher"]
#: What a wrong alarm and a missed user cost in the lesson.
COSTS = (4.0, 20.0)


@once
def asked(data: Tables, later: int) -> tuple[pd.DataFrame, pd.Series]:
    """Users who had not paid when a year began, and who paid in it; 0: the company's last year."""
    events, kinds = log(data)
    days = new_year(data, later), new_year(data, later + 1)
    return who_pays_first(events, data.load("orders"), *days, kinds=kinds)


@once
def forecast(data: Tables) -> tuple[np.ndarray, np.ndarray]:
    """Chances of the last year's users, learnt in the year before, and who of them paid."""
    before, before_paid = asked(data, -1)
    users, paid = asked(data, 0)
    model = logistic(10.0).fit(before[FOUR], before_paid)
    return model.predict_proba(users[FOUR])[:, 1], paid.to_numpy()


def rate(data: Tables, which: str = "omission_rate", line: float = 0.15) -> float:
    """One of the two rates at a threshold, per cent."""
    return 100 * float(error_rates(*forecast(data), [line])[which][0])


def missed_of_all(data: Tables) -> float:
    """Missed users as a share of all users: the wrong group below the line."""
    chance, paid = forecast(data)
    return 100 * float(error_rates(chance, paid, [0.15])["missed"][0]) / len(paid)


def missed_of_the_others(data: Tables) -> float:
    """Missed users as a share of those who are not on the list: another wrong group below the line."""
    chance, paid = forecast(data)
    row = error_rates(chance, paid, [0.15]).iloc[0]
    return 100 * float(row["missed"] / (len(paid) - row["predicted"]))


def hundred(data: Tables) -> pd.Series:
    """Both rates, counts and all, of the hundred users with the highest chances."""
    chance, paid = forecast(data)
    return error_rates(chance, paid, [np.sort(chance)[-100]]).iloc[0]


def _both(row: pd.Series) -> dict[str, float]:
    return {name: 100 * float(row[name]) for name in ("error_rate", "omission_rate")}


def _found(data: Tables) -> dict[str, float]:
    """The inconsistent wording: of those who paid, the share that was found."""
    rates = _both(hundred(data))
    return rates | {"omission_rate": 100 - rates["omission_rate"]}


def _right(data: Tables) -> dict[str, float]:
    """The share of the list that paid, in place of the share that did not."""
    rates = _both(hundred(data))
    return rates | {"error_rate": 100 - rates["error_rate"]}


def cheapest(data: Tables, wrong: float = 7.0, missed: float = 15.0, how: str = "cost") -> float:
    """The least that both errors together can cost, for a thousand users."""
    chance, paid = forecast(data)
    found = threshold_by_cost(chance, paid, wrong, missed, draws=50)
    cost = found.get(how, 0.0)
    if how == "formula":
        row = error_rates(chance, paid, [wrong / (wrong + missed)]).iloc[0]
        cost = wrong * row["wrong"] + missed * row["missed"]
    return 1000 * float(cost) / len(paid)


def again(data: Tables, line: float = 6, *, everybody: bool = False) -> dict[str, float]:
    """Both rates of a plain rule: who was active in so many weeks pays again."""
    events, kinds = log(data)
    orders, today = data.load("orders"), new_year(data, 0)
    users = behaviour_metrics(events, today, kinds=kinds)
    if not everybody:
        users = users[paid_between(orders, users.index, "1900-01-01", today)]
    paid = paid_between(orders, users.index, today, new_year(data, 1))
    return _both(error_rates(users["active_weeks"], paid, [line]).iloc[0])


def promise(
    data: Tables,
    group: int = -1,
    groups: int = 5,
    *,
    seen: bool = False,
    later: bool = False,
    strength: float = 10.0,
    column: str | None = None,
) -> float:
    """How much more a group of users was promised to pay than came, percentage points."""
    if later:
        chance, paid = forecast(data)
    else:
        train, train_paid, test, test_paid = halves(*asked(data, -1))
        if seen:
            test, test_paid = train, train_paid
        fitted = logistic(strength).fit(train[FOUR], train_paid)
        chance, paid = fitted.predict_proba(test[FOUR])[:, 1], test_paid.to_numpy()
    row = calibration(chance, paid, groups=groups).iloc[group]
    if column:
        return 100 * float(row[column])
    return 100 * float(row["promised"] - row["came"])


def which_way(data: Tables) -> str:
    """What a lower threshold does: a both fall, b error up and omission down, c the other way."""
    high, low = (error_rates(*forecast(data), [line]).iloc[0] for line in (0.2, 0.1))
    error_up = low["error_rate"] > high["error_rate"]
    omission_up = low["omission_rate"] > high["omission_rate"]
    return "c" if omission_up else "b" if error_up else "a"


def _figures(data: Tables) -> dict[str, str]:
    chance, paid = forecast(data)
    money = data.company.money
    best = threshold_by_cost(chance, paid, *COSTS)
    row = error_rates(chance, paid, [best["threshold"]]).iloc[0]
    return {
        "line": f"{best['threshold']:.0%}",
        "low": f"{best['low']:.0%}",
        "high": f"{best['high']:.0%}",
        "listed": f"{row['predicted']:.0f}",
        "error": f"{row['error_rate']:.0%}",
        "wrong": money(COSTS[0] * row["wrong"]),
        "omission": f"{row['omission_rate']:.0%}",
        "missed": money(COSTS[1] * row["missed"]),
        "cost": money(best["cost"]),
        "cost_low": money(best["cost_low"]),
        "cost_high": money(best["cost_high"]),
        "none": money(best["none"]),
        "all": money(best["all"]),
    }


_LOAD = LOAD_ORDERS + LOAD_LOG
_LOAD += (
    'year, today, then = (f"{company.year + n}-01-01" for n in (-1, 0, 1))\n'
    'four = ["events", "kinds_skills", "listen_back_per_record_take", "teacher_reply_per_ask_teacher"]\n'
    "before, before_paid = mining.who_pays_first(events, orders, year, today, kinds=groups)\n"
)
_CHANCE = (
    "users, paid = mining.who_pays_first(events, orders, today, then, kinds=groups)\n"
    "chance = mining.logistic(10.0).fit(before[four], before_paid).predict_proba(users[four])[:, 1]\n"
)

PREDICTIONS = [
    Prediction(
        id="72-a",
        prompt="The forecast ranks some three pairs of four right. Put everybody with a chance of 20 % or more on the "
        "list. Of a hundred users on it, how many will **not** pay in {company.year}?",
        kind=Number(unit="of 100", tolerance=7),
        answer=lambda data: rate(data, "error_rate", 0.2),
        why="Many people say 20 to 30. Where few pay at all, even a good forecast is wrong about most of those whom it "
        "names.",
    ),
    Prediction(
        id="72-b",
        prompt="Lea lowers the threshold from 20 % to 10 %. What happens to the share of wrong alarms on the list "
        "(error rate), and to the share of payers who are missed (omission rate)?",
        kind=Choice(
            {
                "a": "both fall, because the list is longer",
                "b": "the error rate rises, the omission rate falls",
                "c": "the error rate falls, the omission rate rises",
            }
        ),
        answer=which_way,
        why="The users who come in have smaller chances than those on the list, so more of them are wrong alarms. And "
        "every payer among them is one less who is missed.",
    ),
]

QUESTIONS = [
    Question(
        id="72-1",
        title="The omission rate at one threshold",
        level="fill in",
        goals=(1,),
        prompt="The threshold is a chance of 15 %. What is the omission rate of the list? (per cent, two decimals)",
        kind=Number(unit="%", tolerance=0.005),
        points=1,
        reference=rate,
        right="Each of these users pays and finds no reply ready: that is where the {company.symbol}20 go.",
        hints=(
            "`mining.error_rates` takes the chances, the outcome and a list of thresholds.",
            "The column is `omission_rate`.",
            '`100 * mining.error_rates(chance, paid, [0.15])["omission_rate"].iloc[0]`',
        ),
        misconceptions=(
            Misconception(
                "gives the error rate",
                lambda data: rate(data, "error_rate"),
                "That is the error rate: it looks at users on the list. Who stands below the line of the omission "
                "rate?",
            ),
            Misconception(
                "gives the share found",
                lambda data: 100 - rate(data),
                "That is the share of the payers that was found. Omitted are the others.",
            ),
            Misconception(
                "divides by all users",
                missed_of_all,
                "You divided the missed by all users. Only a user who pays can be missed: divide by those who paid.",
            ),
            Misconception(
                "divides by those who are not on the list",
                missed_of_the_others,
                "You divided the missed by the users who are not on the list. Most of those do not pay, so nobody "
                "misses them. Who stands below the line?",
            ),
            Misconception(
                "a threshold of 15 in place of 0.15",
                lambda data: rate(data, line=15),
                "Then all are missed: no chance is as high as your threshold. How is a chance of 15 % written in "
                "`chance`?",
            ),
        ),
        starter='found = mining.error_rates(chance, paid, [____])["omission_rate"]',
        solution="Count both errors at this threshold, and take the share missed of those who paid.",
        code=_LOAD
        + _CHANCE
        + 'answer = 100 * mining.error_rates(chance, paid, [0.15])["omission_rate"].iloc[0]',
    ),
    Question(
        id="72-2",
        title="A report put right",
        level="fill in",
        goals=(1, 2),
        prompt="A report describes the list of the hundred users with the highest chances. As “omission rate” it gives "
        "the share of the payers that were *found*, and as “error rate” the share of the list that *paid*. Give both "
        'rates as this lesson defines them. (`{"error_rate": …, "omission_rate": …}`, per cent, two decimals)',
        kind=Several(
            {
                "error_rate": Number(unit="%", tolerance=0.005),
                "omission_rate": Number(unit="%", tolerance=0.005),
            }
        ),
        points=2,
        reference=lambda data: _both(hundred(data)),
        right="Now lower is better for both. Ask of every report what stands below the line, and whether low is good.",
        hints=(
            "The threshold is the hundredth chance, counted from the highest.",
            "`line = pd.Series(chance).nlargest(100).min()`",
            '`row = mining.error_rates(chance, paid, [line]).iloc[0]`, then 100 times `row["error_rate"]` and '
            '`row["omission_rate"]`.',
        ),
        misconceptions=(
            Misconception(
                "omission as the share found",
                _found,
                "Your omission rate is the share found, as in the report. The laziest list of all would then have the "
                "best rate. Which share was missed?",
            ),
            Misconception(
                "error as the share that paid",
                _right,
                "Your error rate is the share of the list that paid. Errors are the others.",
            ),
            Misconception(
                "both rates as in the report",
                lambda data: {name: 100 - value for name, value in _both(hundred(data)).items()},
                "Those are the two rates of the report: the share of the list that paid, and the share of the payers "
                "that was found. This lesson counts the errors.",
            ),
            Misconception(
                "the two the other way round",
                lambda data: dict(
                    zip(("omission_rate", "error_rate"), _both(hundred(data)).values(), strict=True)
                ),
                "You named them the other way round: an error is on the list, an omission is not.",
            ),
        ),
        starter="line = pd.Series(chance).nlargest(____).min()\n"
        "row = mining.error_rates(chance, paid, [line]).iloc[0]",
        solution="The threshold is the hundredth highest chance; then count wrong alarms among the hundred, and missed "
        "users among all who paid.",
        code=_LOAD + _CHANCE + "line = pd.Series(chance).nlargest(100).min()\n"
        "row = mining.error_rates(chance, paid, [line]).iloc[0]\n"
        'answer = {name: 100 * row[name] for name in ("error_rate", "omission_rate")}',
    ),
    Question(
        id="72-3",
        title="More expensive to prepare, cheaper at night",
        level="change",
        goals=(3,),
        prompt="The teachers' pay changes: to prepare a reply costs {company.symbol}7, and one that is missing costs "
        "{company.symbol}15 more. What do wrong alarms and missed users cost together at the cheapest threshold, for "
        "every 1,000 users? ({company.symbol}, two decimals)",
        kind=Number(unit="{company.symbol}", tolerance=0.005),
        points=2,
        reference=cheapest,
        right="The two costs have come closer, so a wrong alarm weighs more and the list is shorter.",
        hints=(
            "`mining.threshold_by_cost` takes chances, outcome and the two costs.",
            "The entry `cost` is for all users together: divide by their number, times 1,000.",
            '`1000 * mining.threshold_by_cost(chance, paid, wrong_cost=7, missed_cost=15)["cost"] / len(paid)`',
        ),
        misconceptions=(
            Misconception(
                "the two costs swapped",
                lambda data: cheapest(data, 15.0, 7.0),
                "You swapped the two costs. Which of them does a user cause who is on the list and does not pay?",
            ),
            Misconception(
                "the costs of the lesson",
                lambda data: cheapest(data, *COSTS),
                "Those are the lesson's costs. The pay has changed.",
            ),
            Misconception(
                "adds the preparing to what a missed user costs",
                lambda data: cheapest(data, missed=22.0),
                "You added the two costs. The {company.symbol}15 are already the whole difference between a missed "
                "user and one whose reply is ready.",
            ),
            Misconception(
                "changes the first cost only",
                lambda data: cheapest(data, missed=COSTS[1]),
                "You changed the cost of preparing only. What does a missing reply cost now?",
            ),
            Misconception(
                "the threshold of the formula",
                lambda data: cheapest(data, how="formula"),
                "You took the threshold that would be best if the chances were true. Search for the cheapest one in "
                "the outcomes.",
            ),
            Misconception(
                "lists nobody",
                lambda data: cheapest(data, how="none"),
                "That is what it costs to list nobody. A list can do better.",
            ),
        ),
        starter="best = mining.threshold_by_cost(chance, paid, wrong_cost=____, missed_cost=____)",
        solution="The same search with the new costs, and the cost per user times a thousand.",
        code=_LOAD
        + _CHANCE
        + "best = mining.threshold_by_cost(chance, paid, wrong_cost=7, missed_cost=15)\n"
        'answer = 1000 * best["cost"] / len(paid)',
    ),
    Question(
        id="72-4",
        title="Who pays again, by one rule",
        level="explore",
        goals=(1,),
        elsewhere="another question: who pays again",
        prompt="Now look at the users who paid before {company.year} began, with their metrics of the 91 days "
        "before. A plain rule says: anyone with an event in 6 weeks or more (`active_weeks`) pays again in "
        "{company.year}. What "
        'are its error rate and its omission rate? (`{"error_rate": …, "omission_rate": …}`, per cent, two decimals)',
        kind=Several(
            {
                "error_rate": Number(unit="%", tolerance=0.005),
                "omission_rate": Number(unit="%", tolerance=0.005),
            }
        ),
        points=3,
        reference=again,
        right="The error rate is low without any model, because most of those who have paid pay again. Compare a rule "
        "with listing everybody before you praise it.",
        hints=(
            "`mining.behaviour_metrics` gives the metrics; `mining.paid_between` says who paid before, and who after.",
            "A score may be any number: `active_weeks` with the threshold 6.",
            '`mining.error_rates(metrics["active_weeks"], again, [6]).iloc[0]`',
        ),
        misconceptions=(
            Misconception(
                "more than six weeks",
                lambda data: again(data, 7),
                "You left out those with exactly 6 weeks. The rule says 6 or more.",
            ),
            Misconception(
                "takes all users",
                lambda data: again(data, everybody=True),
                "You took all users. Asked are those who paid before the year began.",
            ),
            Misconception(
                "the two the other way round",
                lambda data: dict(
                    zip(("omission_rate", "error_rate"), again(data).values(), strict=True)
                ),
                "You named them the other way round: an error is on the list, an omission is not.",
            ),
        ),
        starter="metrics = mining.behaviour_metrics(events, today, kinds=groups)\n"
        'metrics = metrics[mining.paid_between(orders, metrics.index, "1900-01-01", ____)]',
        solution="Keep those who have paid, ask who pays within the year, and count both errors of the rule.",
        code=_LOAD + "metrics = mining.behaviour_metrics(events, today, kinds=groups)\n"
        'metrics = metrics[mining.paid_between(orders, metrics.index, "1900-01-01", today)]\n'
        "again = mining.paid_between(orders, metrics.index, today, then)\n"
        'row = mining.error_rates(metrics["active_weeks"], again, [6]).iloc[0]\n'
        'answer = {name: 100 * row[name] for name in ("error_rate", "omission_rate")}',
    ),
    Question(
        id="72-5",
        title="Are the chances true within one year?",
        level="explore",
        goals=(4,),
        elsewhere="another year",
        prompt="Go back to {company.last_year}. Learn the forecast (`mining.logistic(10.0)` and the lesson's four "
        "metrics) from the first half of the users of that year (`mining.halves`), and let the other half judge. Of "
        "five groups of users, take the one with the highest chances: how many percentage points more were promised "
        "than came? (two decimals, negative if more came)",
        kind=Number(unit="percentage points", tolerance=0.005),
        points=3,
        reference=promise,
        right="Within one year nothing but chance and too bold a model can bend the promise; from year to year the "
        "world does it as well.",
        hints=(
            "`mining.halves(before, before_paid)` gives two tables to learn from and two to judge.",
            "`mining.calibration(..., groups=5)` rises from low to high chances: the last row is asked for.",
            'The answer is `100 * (row["promised"] - row["came"])`.',
        ),
        misconceptions=(
            Misconception(
                "the lesson's year",
                lambda data: promise(data, later=True),
                "Those are the users of {company.year}. Stay within {company.last_year}.",
            ),
            Misconception(
                "judges on the users seen",
                lambda data: promise(data, seen=True),
                "That is judged on the half from which the model has learnt. Let the other half judge.",
            ),
            Misconception(
                "the lowest group",
                lambda data: promise(data, 0),
                "That is the group with the lowest chances. Take the highest.",
            ),
            Misconception(
                "ten groups",
                lambda data: promise(data, groups=10),
                "You made ten groups. Five are asked for.",
            ),
            Misconception(
                "the default model",
                lambda data: promise(data, strength=0.003),
                "`mining.logistic()` without a number is made for hundreds of metrics: here its chances are all drawn "
                "together. Which model does the question name?",
            ),
            Misconception(
                "what was promised alone",
                lambda data: promise(data, column="promised"),
                "That is what was promised. How much of it came?",
            ),
        ),
        starter="train, train_paid, test, test_paid = mining.halves(____, ____)",
        solution="Learn from one half, give chances to the other, and compare promise and outcome of the highest "
        "fifth.",
        code=_LOAD + "train, train_paid, test, test_paid = mining.halves(before, before_paid)\n"
        "chance = mining.logistic(10.0).fit(train[four], train_paid).predict_proba(test[four])[:, 1]\n"
        "row = mining.calibration(chance, test_paid, groups=5).iloc[-1]\n"
        'answer = 100 * (row["promised"] - row["came"])',
    ),
    Question(
        id="72-6",
        title="Where Lea draws the line",
        level="decide",
        goals=(3, 4),
        points=4,
        hints=(
            "Begin with the cheapest threshold and its interval; then say in money what each of the two errors costs.",
        ),
        prompt="Lea asks from which chance on a reply is prepared (a wrong alarm costs {company.symbol}4, a missed "
        "user {company.symbol}20). Write her a note of 60 to 150 words: the threshold, both rates and what each "
        "costs in {company.coins}, how sure you are, and when the line has to be drawn again.",
        kind=Plan(
            rubric={
                "A threshold, with the figures of error rate and omission rate": 1,
                "What each of the two errors costs, with figures, against listing nobody or everybody": 1,
                "How sure it is: a figure with its interval": 1,
                "When the line is drawn again, and why": 1,
            },
            model="Prepare a reply from a chance of {figure.line} on: {figure.listed} users. The error rate is "
            "{figure.error}: wrong alarms cost {figure.wrong}. The omission rate is {figure.omission}: missed users "
            "cost {figure.missed}. Together that is {figure.cost}, while listing nobody costs {figure.none} and "
            "listing everybody {figure.all}. Most replies are prepared in vain, and that is right, because a missed "
            "user costs as much as five of them. I am not sure of the line itself (95 % interval {figure.low} to "
            "{figure.high}); the cost is surer ({figure.cost_low} to {figure.cost_high}), because the curve is flat "
            "near its lowest point. We draw it again when the teachers' pay changes, after a new version of the "
            "app, and each January: the chances were learnt in another year, and more or fewer may pay than they "
            "promise.",
            figures=_figures,
            minimum_words=60,
        ),
    ),
]


QUIZ = [
    QuizQuestion(
        "200 users are on the list, 120 of them do not pay. 100 users pay in all. What are the two rates?",
        [
            Option(
                "Error rate 60 %, omission rate 20 %",
                "80 on the list pay, so 20 of the 100 payers are missed.",
                right=True,
            ),
            Option(
                "Error rate 40 %, omission rate 80 %",
                "Those are the shares that are right and found, not wrong and missed.",
            ),
            Option(
                "Error rate 60 %, omission rate 80 %",
                "80 of the 100 payers were found. How many were missed?",
            ),
        ],
    ),
    QuizQuestion(
        "A report says: “omission rate 85 %, and lower is better”. What do you do?",
        [
            Option("Refuse the model: it misses nearly all", "Perhaps 85 % were found."),
            Option("Praise it: it finds nearly all", "Perhaps 85 % were missed."),
            Option(
                "Ask of whom it is a share",
                "Both meanings are in circulation, and they are opposites.",
                right=True,
            ),
        ],
    ),
    QuizQuestion(
        "A missed user becomes twice as expensive. What happens to the cheapest threshold?",
        [
            Option(
                "It falls or stays: the list gets longer",
                "More wrong alarms are worth it now.",
                right=True,
            ),
            Option(
                "It rises: the list gets shorter", "A shorter list misses more, at twice the cost."
            ),
            Option("Nothing, it depends on the model", "It depends on the model and on the costs."),
        ],
    ),
    QuizQuestion(
        "A model ranks users as well as last year, and twice as many pay. What is no longer right?",
        [
            Option("The order of the users", "It is as good as before."),
            Option(
                "Its chances, and a threshold made from them",
                "Ranking and promising are two different things.",
                right=True,
            ),
            Option("Nothing", "It promises half as many payers as come."),
        ],
    ),
]
