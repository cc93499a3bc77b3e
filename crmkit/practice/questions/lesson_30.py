"""Lesson 30: who is falling asleep, and from which day on."""

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
from crmkit.reactivation import (
    FIXED_RULES,
    STATES,
    at_risk,
    compare_rules,
    naive_return_share,
    purchase_gaps,
    return_curve,
    silence,
    state_on,
    thresholds_by_return,
)

TITLE = "Falling asleep"


def days_since(data: Tables, which: str) -> pd.Series:
    """Days from each customer's first ("min") or last ("max") order to the end of the data."""
    day = data.load("orders").groupby("customer_id")["order_date"].agg(which)
    return (pd.Timestamp(data.company.end) - day).dt.days


def chance(data: Tables, silent: int, horizon: int, *, ended_only: bool = False) -> float:
    """Chance to return within the horizon, in per cent, after so many days of silence."""
    gaps = purchase_gaps(data.load("orders"), data.company.end)
    if ended_only:
        gaps = gaps[gaps["returned"]]
    curve = return_curve(gaps, horizon, at_most=silent, draws=0)
    return float(100 * curve["chance"].iloc[-1])


def lines(data: Tables, horizon: int = 60, *, ended_only: bool = False) -> pd.DataFrame:
    """Draw the lesson's lines from the return curve of a company's customers."""
    gaps = purchase_gaps(data.load("orders"), data.company.end)
    if ended_only:
        gaps = gaps[gaps["returned"]]
    cuts = thresholds_by_return(return_curve(gaps, horizon, draws=0)).cuts
    return pd.DataFrame({"state": STATES[1:], "from_day": cuts})


def agreement_of(data: Tables, rule: str = "60/90/180 days", day: str | None = None) -> pd.Series:
    """Compare a fixed rule with the true states, at the end of the year before unless a day is given."""
    when = day or data.company.year_ago
    silent = silence(data.load("orders"), when).set_index("customer_id")["silent_days"]
    truth = state_on(data.load_truth("sleep_states"), when)
    return compare_rules({rule: FIXED_RULES[rule].state(silent)}, truth).iloc[0]


def slipping(
    data: Tables, value: str = "margin", *, silent_days: int = 60, top_share: float = 0.1
) -> list[int]:
    """Customers in the top tenth by value who have been silent for 60 days or more."""
    listed = at_risk(
        data.load("orders"),
        data.company.end,
        silent_days=silent_days,
        top_share=top_share,
        value=value,
    )
    return listed["customer_id"].tolist()


def tenth_of_the_silent(data: Tables) -> pd.Index:
    """The best tenth of those who are silent, which is not what is asked."""
    worth = data.load("orders").groupby("customer_id")["margin"].sum()
    worth = worth[days_since(data, "max") >= 60]
    return worth.nlargest(len(worth) // 10).index


def without_open_gaps(data: Tables) -> str:
    """Say whether leaving the open gaps out makes the share who come back within 90 days too high or too low."""
    share = naive_return_share(purchase_gaps(data.load("orders"), data.company.end), 90)["share"]
    off = share["open gaps left out"] - share["Kaplan-Meier"]
    return "high" if off > 0.02 else "low" if off < -0.02 else "right"


PREDICTIONS = [
    Prediction(
        id="30-a",
        prompt=(
            "You want to know which share of all gaps ends within 90 days. You leave out all gaps that are still open. "
            "Is your share too high, too low or about right?"
        ),
        kind=Choice({"high": "too high", "low": "too low", "right": "about right"}),
        answer=without_open_gaps,
        why=(
            "Many people drop what is not finished, as if it were a missing value. But the long silences are the ones "
            "that are still open: without them only the stories with a happy end are left."
        ),
    ),
    Prediction(
        id="30-b",
        prompt=(
            'The rule "90 days and lost" calls a customer awake before the 90th day of silence and asleep from '
            "then on. "
            "Of a hundred customers, how many does it put into their true state?"
        ),
        kind=Number(unit="of 100", tolerance=5),
        answer=lambda data: 100 * agreement_of(data, "90 days", data.company.end)["right"],
        truth=("sleep_states",),
        why=(
            "A simple rule looks good here because so many customers are awake or asleep. It never finds the "
            "drowsy and "
            "the half-asleep, the two groups for which you can still do something."
        ),
    ),
    Prediction(
        id="30-c",
        prompt=(
            "Lines in days, or lines in units of the own rhythm: which of the two agrees better with the true "
            "states of "
            "all customers (in kappa)?"
        ),
        kind=Choice(
            {"days": "lines in days", "rhythm": "lines in own rhythms", "level": "both about alike"}
        ),
        answer=None,
        why=(
            "A rhythm sounds personal and therefore better. But most customers have bought only a few times, and "
            "a rhythm "
            "learnt from few gaps is mostly chance."
        ),
    ),
]


QUESTIONS = [
    Question(
        id="30-1",
        title="How many are silent?",
        level="fill in",
        goals=(1,),
        right=(
            "All of these customers are lost by the rule of 90 days; the return curve says that many of them are "
            "not."
        ),
        prompt=(
            "On the last day of {company.year}, which share of all customers who have ever ordered has been silent for "
            "more than 90 days, in per cent?"
        ),
        kind=Number(unit="%", tolerance=0.05),
        points=1,
        reference=lambda data: 100 * (days_since(data, "max") > 90).mean(),
        hints=(
            "Silence runs from one particular order of each customer to the last day of {company.year}. From which?",
            "One last order date per customer first, then the difference in days, then a share.",
            '`last = orders.groupby("customer_id")["order_date"].max()`',
        ),
        misconceptions=(
            Misconception(
                "measures from the first order",
                lambda data: 100 * (days_since(data, "min") > 90).mean(),
                "You have measured from the first order: that is how long they have been customers. "
                "Which order ends a silence?",
            ),
            Misconception(
                "gives a number of customers",
                lambda data: (days_since(data, "max") > 90).sum(),
                "That is how many customers. The question asks for a share: out of how many?",
            ),
            Misconception(
                "stands a year earlier",
                lambda data: (
                    100
                    * (
                        silence(data.load("orders"), data.company.year_ago)["silent_days"] > 90
                    ).mean()
                ),
                "That is the share a year earlier, at the end of {company.last_year}. Which day is asked?",
            ),
            Misconception(
                "counts the ninetieth day too",
                lambda data: 100 * (days_since(data, "max") >= 90).mean(),
                "Very close: you also counted those who have been silent for exactly 90 days. "
                "The question says *more than* 90.",
            ),
            Misconception(
                "counts orders, not customers",
                lambda data: (
                    100
                    * (
                        (pd.Timestamp(data.company.end) - data.load("orders")["order_date"]).dt.days
                        > 90
                    ).mean()
                ),
                "That is the share of old orders. A customer with an old order may have a new one too: "
                "of which day does each customer have only one?",
            ),
            Misconception(
                "gives those who are not silent",
                lambda data: 100 * (days_since(data, "max") <= 90).mean(),
                "Those are the customers who bought within the 90 days. The question asks for the silent ones.",
            ),
        ),
        starter=(
            'last = orders.groupby("customer_id")["order_date"].max()\n'
            "silent = (pd.Timestamp(company.end) - ____).dt.days"
        ),
        solution="Last order per customer, days to the end of the year, share above 90.",
        code=(
            'last = crmkit.load("orders").groupby("customer_id")["order_date"].max()\n'
            "silent = (pd.Timestamp(company.end) - last).dt.days\n"
            "answer = 100 * (silent > 90).mean()"
        ),
    ),
    Question(
        id="30-2",
        title="Fifty days of silence",
        level="change",
        goals=(2,),
        right="That is what a campaign has to beat: this share of the customers comes back without any contact.",
        prompt=(
            "A customer has been silent for 50 days. What is the chance, in per cent, of a purchase within the next 60 "
            "days? Use the gaps of all customers up to the last day of {company.year}, the open ones too. One decimal."
        ),
        kind=Number(unit="%", tolerance=0.05),
        points=2,
        reference=lambda data: chance(data, 50, 60),
        hints=(
            "Two times: how long the silence has lasted, and how far ahead you look. The lesson used others.",
            "`return_curve` has a row for every day of silence; its horizon is an argument.",
            "`return_curve(gaps, 60)`, then the row with `silent_days == 50`.",
        ),
        misconceptions=(
            Misconception(
                "leaves open gaps out",
                lambda data: chance(data, 50, 60, ended_only=True),
                "You have used only gaps that ended. Those are the stories with a happy end: "
                "what about the silences that still run?",
            ),
            Misconception(
                "forgets the silence so far",
                lambda data: chance(data, 0, 60),
                "That is the chance right after a purchase. This customer has already been silent for 50 days.",
            ),
            Misconception(
                "keeps the lesson's horizon",
                lambda data: chance(data, 50, 75),
                "Right curve, wrong horizon: the lesson looked 75 days ahead. Here it is 60.",
            ),
            Misconception(
                "takes each time for the other",
                lambda data: chance(data, 60, 50),
                "You took 60 days of silence and looked 50 ahead. It is the other way round.",
            ),
            Misconception(
                "takes the horizon for the silence",
                lambda data: chance(data, 60, 60),
                "That is the chance after 60 days of silence. Here the silence is 50 days, and 60 is how far you look.",
            ),
            Misconception(
                "gives those who stay away",
                lambda data: 100 - chance(data, 50, 60),
                "That is the share who stay away. The question asks who comes back.",
            ),
            Misconception(
                "counts from the purchase",
                lambda data: chance(data, 0, 110),
                "You have asked who buys within 110 days of a purchase. But those who bought in the first 50 are not "
                "silent: they are out of the question.",
            ),
        ),
        starter="curve = return_curve(gaps, horizon_days=____)",
        solution="All gaps with the open ones censored, the return curve for 60 days, its value at 50 days of silence.",
        code=(
            "from crmkit.reactivation import purchase_gaps, return_curve\n"
            'gaps = purchase_gaps(crmkit.load("orders"), company.end)\n'
            "curve = return_curve(gaps, 60)\n"
            'answer = 100 * curve.loc[curve["silent_days"] == 50, "chance"].iloc[0]'
        ),
    ),
    Question(
        id="30-5",
        title="When does a coffee customer sleep?",
        level="change",
        goals=(2, 3),
        elsewhere="beanline",
        right=(
            "Coffee is bought in another rhythm: the same levels are reached on other days, so a rule borrowed from "
            "another company fails."
        ),
        prompt=(
            "The coffee merchant Beanline looks 60 days ahead and uses the lesson's three levels. From which day of "
            "silence (`from_day`) is one of its customers drowsy, half-asleep, asleep? Give a table with one row for "
            "each `state`, as of the last day of its data."
        ),
        kind=Table(key="state", columns={"from_day": 0.5}, units={"from_day": "days"}),
        points=3,
        reference=lambda data: lines(data.other("beanline")),
        hints=(
            "The same three steps as in the lesson, with other orders and another horizon.",
            "`purchase_gaps`, `return_curve`, `threshold_intervals`: its column `from_day`.",
            "`threshold_intervals(return_curve(purchase_gaps(coffee, end), 60))`",
        ),
        misconceptions=(
            Misconception(
                "takes the own company's orders",
                lines,
                "Those are the lines of {company.name}. The question is about Beanline's orders.",
            ),
            Misconception(
                "keeps the lesson's horizon",
                lambda data: lines(data.other("beanline"), 75),
                "Right orders, wrong horizon: the lesson looked 75 days ahead. Here it is 60.",
            ),
            Misconception(
                "gives the lesson's lines",
                lambda data: lines(data, 75),
                "Those are the lesson's lines: the orders of {company.name}, 75 days ahead. Take Beanline's, and 60.",
            ),
            Misconception(
                "leaves open gaps out",
                lambda data: lines(data.other("beanline"), ended_only=True),
                "You have used only gaps that ended: then customers look more active than they are.",
            ),
        ),
        starter=(
            'coffee = crmkit.load("orders", data="beanline")\n'
            'end = crmkit.company("beanline").end\n'
            "curve = return_curve(purchase_gaps(coffee, end), horizon_days=____)"
        ),
        solution="Gaps of Beanline's customers, the curve for 60 days, and the days on which it crosses the levels.",
        code=(
            "from crmkit.reactivation import purchase_gaps, return_curve, threshold_intervals\n"
            'coffee, end = crmkit.load("orders", data="beanline"), crmkit.company("beanline").end\n'
            "answer = threshold_intervals(return_curve(purchase_gaps(coffee, end), 60))"
        ),
    ),
    Question(
        id="30-3",
        title="Who is slipping away?",
        level="explore",
        goals=(5,),
        right=(
            "These are the calls to make first. The list says whom to ask, not yet that a call helps: that is "
            "lesson 32."
        ),
        prompt=(
            "The shop wants to call earlier, and only its very best. Which customers are in the top tenth of all "
            "customers by margin (of all their orders) and have been silent for 60 days or more on the last day of "
            "{company.year}?"
        ),
        kind=Customers(),
        points=3,
        reference=slipping,
        hints=(
            "Two lists: who is valuable, who is silent. The answer is in both. Of whom is the tenth taken?",
            "The top tenth is of *all* customers, silent or not. `at_risk` does it this way.",
            "`at_risk(orders, company.end, silent_days=60, top_share=0.1)`, then its column `customer_id`.",
        ),
        misconceptions=(
            Misconception(
                "takes the tenth of the silent",
                tenth_of_the_silent,
                "You took the best tenth of those who are silent. The question asks who of the best tenth of "
                "*all* has gone silent.",
            ),
            Misconception(
                "ranks by turnover",
                lambda data: slipping(data, "turnover"),
                "You ranked by turnover. What a customer pays is not what the customer leaves: which column "
                "holds that?",
            ),
            Misconception(
                "keeps the lesson's 91 days",
                lambda data: slipping(data, silent_days=91),
                "Those have been silent for 91 days, as in the lesson. The shop wants to call earlier.",
            ),
            Misconception(
                "keeps the lesson's top fifth",
                lambda data: slipping(data, top_share=0.2),
                "That is the top fifth, as in the lesson. The question asks for the top tenth.",
            ),
            Misconception(
                "gives the lesson's list",
                lambda data: slipping(data, silent_days=91, top_share=0.2),
                "That is the lesson's list: the top fifth, silent for 91 days. Here it is the top tenth, and 60 days.",
            ),
        ),
        starter="listed = at_risk(orders, company.end, silent_days=____, top_share=____)",
        solution="The at-risk list with 60 days and the top tenth.",
        code=(
            "from crmkit.reactivation import at_risk\n"
            'listed = at_risk(crmkit.load("orders"), company.end, silent_days=60, top_share=0.1)\n'
            'answer = listed["customer_id"]'
        ),
    ),
    Question(
        id="30-6",
        title="The ladder, a year earlier",
        level="explore",
        goals=(4,),
        elsewhere="another year",
        truth=("sleep_states",),
        right=(
            "A rule that finds one state well and another badly shows it here, and hides it in the plain share "
            "right."
        ),
        prompt=(
            "At the end of {company.last_year}: which share of customers does the ladder 60/90/180 days put into their "
            "true state, averaged over the four states (`even`), in per cent? One decimal."
        ),
        kind=Number(unit="%", tolerance=0.05),
        points=3,
        reference=lambda data: 100 * agreement_of(data)["even"],
        hints=(
            "Silence and true states of one day: both a year before the lesson's day.",
            '`silence(orders, company.year_ago)` and `state_on(crmkit.load_truth("sleep_states"), company.year_ago)`',
            '`guess = FIXED_RULES["60/90/180 days"].state(quiet["silent_days"])`, then '
            '`compare_rules({"ladder": guess}, truth)` with both indexed by customer.',
        ),
        misconceptions=(
            Misconception(
                "gives the plain share right",
                lambda data: 100 * agreement_of(data)["right"],
                "That is the column `right`: the largest state counts most there. The question asks for the average "
                "over the states.",
            ),
            Misconception(
                "takes the end of this year",
                lambda data: 100 * agreement_of(data, day=data.company.end)["even"],
                "That is the end of {company.year}. Both silence and truth are asked for a year earlier.",
            ),
            Misconception(
                "gives kappa",
                lambda data: 100 * agreement_of(data)["kappa"],
                "That is kappa. The question asks for the column `even`.",
            ),
            Misconception(
                "takes another ladder",
                lambda data: 100 * agreement_of(data, "30/90/180 days")["even"],
                "That is the ladder 30/90/180 days. The question asks for 60/90/180.",
            ),
            Misconception(
                "takes the single line of 90 days",
                lambda data: 100 * agreement_of(data, "90 days")["even"],
                "That is the rule of one line, 90 days. The question asks for the ladder of three.",
            ),
        ),
        starter=(
            'quiet = silence(orders, ____).set_index("customer_id")\n'
            'truth = state_on(crmkit.load_truth("sleep_states"), ____)'
        ),
        solution="Silence and truth a year earlier, the ladder's states, and `even` of `compare_rules`.",
        code=(
            "from crmkit.reactivation import FIXED_RULES, compare_rules, silence, state_on\n"
            'quiet = silence(crmkit.load("orders"), company.year_ago).set_index("customer_id")\n'
            'truth = state_on(crmkit.load_truth("sleep_states"), company.year_ago)\n'
            'guess = FIXED_RULES["60/90/180 days"].state(quiet["silent_days"])\n'
            'answer = 100 * compare_rules({"ladder": guess}, truth)["even"].iloc[0]'
        ),
    ),
    Question(
        id="30-4",
        title="One rule for all?",
        level="decide",
        goals=(3, 4),
        prompt=(
            "The head of marketing wants one rule for all: 90 days and lost. Write to her what you would put "
            "in its place, and why."
        ),
        kind=Plan(
            rubric={
                "says what the return curve shows (no cliff at 90 days)": 1,
                "names levels of the chance to return, and a reason for them (what a wrong call costs)": 1,
                "says that a state is a guess about a customer, and how often it is wrong": 1,
                "says when the lines have to be drawn again": 1,
            },
            model=(
                "I would draw three lines, where the chance to return within the next 75 days falls below one "
                "half, one "
                "quarter and one tenth. Our return curve falls steadily; there is no cliff at 90 days, and about "
                "a quarter "
                "of the customers whom that rule calls lost are not asleep. The levels follow from what a wrong call "
                "costs: a reminder is cheap, so it may go out below one half; a personal call is expensive and "
                "wasted on a "
                "customer who comes anyway, so it waits until one quarter. Each state is a guess with an error: "
                "about a "
                "quarter of the customers are in another state than we say. I would draw the lines again every spring, "
                "and at once if a rival opens next door."
            ),
            minimum_words=40,
        ),
        points=4,
        hints=(
            "What does the curve do at 90 days?",
            "A level of the chance needs a reason: what does it cost to be wrong on either side?",
            "Say also how often the rule is wrong, and when it goes out of date.",
        ),
    ),
]

QUIZ = [
    QuizQuestion(
        "A customer's last purchase was 20 days ago. How long is the gap?",
        [
            Option("20 days", "It is at least 20 days; nobody knows how long it will be."),
            Option("At least 20 days", "It is right-censored: cut off by today.", right=True),
            Option(
                "There is none, it has not ended",
                "It has begun and is watched: that is information.",
            ),
        ],
    ),
    QuizQuestion(
        "You leave all open gaps out. Your customers now look …",
        [
            Option("livelier than they are", "Only the silences that ended are left.", right=True),
            Option(
                "sleepier than they are",
                "You have dropped the long silences, which have not ended.",
            ),
            Option(
                "the same: open gaps hold no information",
                "They say that the customer has stayed away at least that long.",
            ),
        ],
    ),
    QuizQuestion(
        "Half of all customers are asleep. A rule that calls everybody asleep is right for half of them. So it …",
        [
            Option("is a fair rule", "It finds nobody who is awake."),
            Option(
                "shows why we average over the states",
                "In three of the four states it is never right.",
                right=True,
            ),
            Option(
                "is better than a rule that is right for 45 %",
                "Not if that one can tell the states apart.",
            ),
        ],
    ),
]
