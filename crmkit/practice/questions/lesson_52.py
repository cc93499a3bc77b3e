"""Lesson 52: what a new customer costs, on average and the next one, and what he or she brings."""

from __future__ import annotations

import functools
from collections.abc import Hashable
from typing import Any, cast

import numpy as np
import pandas as pd

from crmkit.practice.kinds import Number, Plan, Several
from crmkit.practice.question import (
    Misconception,
    Option,
    Prediction,
    Question,
    QuizQuestion,
    Tables,
)
from crmkit.prospects import (
    ResponseModel,
    area_growth,
    area_test,
    attributed_cost,
    best_split,
    margin_by_month,
)

TITLE = "What a new customer costs"
CHANNEL = "acquisition_channel"


def by_click(data: Tables, channel: str = "social media", weeks: int = 52) -> float:
    """Cost of a customer by last click."""
    return float(attributed_cost(data.load("area_spend"), weeks=weeks).loc[channel].iloc[-1])


def click_of_everybody(data: Tables) -> float:
    """Spend on social media, divided by all new customers."""
    spend, won = data.load("area_spend"), data.load("area_customers")
    first = np.sort(spend["week"].unique())[-52]
    own = spend[(spend[CHANNEL] == "social media") & (spend["week"] >= first)]
    return float(own["spend"].sum() / won.loc[won["week"] >= first, "new_customers"].sum())


def click_by_week(data: Tables) -> float:
    """The mean of the weeks' costs, in place of one sum over the other."""
    spend = data.load("area_spend")
    own = spend[spend[CHANNEL] == "social media"]
    by_week = own.groupby("week")[["spend", "last_clicks"]].sum().iloc[-52:]
    return float((by_week["spend"] / by_week["last_clicks"]).mean())


def found_in(data: Tables, channel: str, arm: str = "off") -> pd.Series:
    """What the test of a channel found in an arm."""
    spend, won = data.load("area_spend"), data.load("area_customers")
    return area_test(spend, won, data.load("area_tests"), channel, draws=1).loc[arm]


def change(data: Tables, channel: str = "social media", arm: str = "off") -> float:
    """Change of new customers against as usual, per cent."""
    return 100 * float(found_in(data, channel, arm)["change"])


def growths(data: Tables, how: str) -> float:
    """Wrong ways to read the test of social media, per cent."""
    table = area_growth(data.load("area_customers"), data.load("area_tests"), "social media")
    arms = table.groupby("arm")[["before", "during", "growth"]].mean()
    if how == "before and after":
        return 100 * float(arms.loc["off", "growth"] - 1)
    if how == "levels":
        return 100 * float(arms.loc["off", "during"] / arms.loc["as usual", "during"] - 1)
    if how == "subtracted":
        return 100 * float(arms.loc["off", "growth"] - arms.loc["as usual", "growth"])
    return 100 * float(arms.loc["off", "growth"] / arms.loc["as usual", "growth"] - 1)


@functools.lru_cache(maxsize=8)  # wrong ways ask for the same fit again and again
def _kept(data: Any) -> ResponseModel:
    names = ("area_spend", "area_customers", "acquisition_areas")
    return ResponseModel().fit(*(data.load(name) for name in names))


def fitted(data: Tables) -> ResponseModel:
    """The lesson's curves."""
    return _kept(cast(Hashable, data))


def at_twice(
    data: Tables, column: str = "marginal", multiple: float = 2.0, channel: str = "leaflets"
) -> float:
    """A cost of a channel at a multiple of today's spend."""
    table = fitted(data).customers_at([multiple])
    return float(table.set_index(CHANNEL).loc[channel, column])


def added(data: Tables) -> float:
    """Cost of a customer of those whom the second half of twice the money for leaflets brings."""
    table = fitted(data).customers_at([1, 2])
    own = table[table[CHANNEL] == "leaflets"][["spend", "customers"]].diff().iloc[-1]
    return float(own["spend"] / own["customers"])


def brought(data: Tables, months: int = 12) -> pd.Series:
    """Margin of a customer so far, by last click."""
    table = margin_by_month(data.load("followed_customers"), data.load("followed_margin"))
    return table[table["month"] == months].set_index(CHANNEL)["so_far"]


def worth(
    data: Tables, months: int = 12, cost: str = "marginal", channel: str = "social media"
) -> dict[str, float]:
    """Margin of a customer of a channel, and how many times the cost it is."""
    value = float(brought(data, months)[channel])
    price = by_click(data, channel, weeks=13)
    if cost != "attributed":
        price = float(fitted(data).costs().loc[channel, cost])
    return {"value": value, "ratio": value / price}


def worth_wrong(data: Tables, how: str) -> dict[str, float]:
    """Takes unwatched months for months without margin, keeps long histories or buyers only, or repeats month 1."""
    people, money = data.load("followed_customers"), data.load("followed_margin")
    people = people[people[CHANNEL] == "social media"]
    if how == "long only":
        people = people[people["months_seen"] >= 12]
    own = money[money["followed_id"].isin(people["followed_id"]) & (money["month"] <= 12)]
    value = float(own["margin"].sum() / len(people))
    if how == "buyers only":
        value = float(own.groupby("month")["margin"].mean().sum())
    if how == "first month":
        value = 12 * float(brought(data, 1)["social media"])
    return {
        "value": value,
        "ratio": value / float(fitted(data).costs().loc["social media", "marginal"]),
    }


def up_to(data: Tables, months: int = 12, channel: str = "leaflets") -> float:
    """Weekly spend on a channel up to which the next customer brings what he or she costs."""
    value = brought(data, months).drop("no click")
    return float(best_split(fitted(data), value=value, draws=1).loc[channel, "best"])


def up_to_average(data: Tables) -> float:
    """The same with the average cost in place of the marginal one."""
    table = fitted(data).customers_at(np.linspace(0.05, 12, 240))
    own = table[table[CHANNEL] == "leaflets"]
    return float(np.interp(brought(data)["leaflets"], own["average"], own["spend"]))


def _figures(data: Tables) -> dict[str, str]:
    money = data.company.money
    model, value = fitted(data), brought(data, 24).drop("no click")
    costs, report = model.costs(), attributed_cost(data.load("area_spend"))["attributed_cost"]
    plan = best_split(model, float(costs["spend"].sum()), value=value)
    row = found_in(data, "search")
    return {
        "click": money(report["search"]),
        "click_leaflets": money(report["leaflets"]),
        "true": money(row["cost"]),
        "true_low": money(row["cost_low"]),
        "true_high": money(row["cost_high"]) if np.isfinite(row["cost_high"]) else "?",
        "next": money(costs.loc["search", "marginal"]),
        "next_leaflets": money(costs.loc["leaflets", "marginal"]),
        "value": money(value["search"]),
        "value_leaflets": money(value["leaflets"]),
        "best": money(plan.loc["leaflets", "best"], 0),
        "now": money(plan.loc["leaflets", "spend"], 0),
        "best_low": money(plan.loc["leaflets", "low"]),
        "best_high": money(plan.loc["leaflets", "high"]),
        "gain": money(plan.attrs["gain"]),
        "gain_low": money(plan.attrs["gain_low"]),
        "gain_high": money(plan.attrs["gain_high"]),
    }


def next_search(data: Tables) -> float:
    """What a customer costs whom the next thousand for search brings."""
    model = fitted(data)
    now = float(model.costs().loc["search", "spend"])
    two = model.customers_at([1, 1 + 1000 / now])
    came = two.loc[two[CHANNEL] == "search", "customers"].to_numpy()
    return 1000 / float(came[1] - came[0])


_LOAD = (
    "from crmkit import prospects\n"
    'names = ("area_spend", "area_customers", "area_tests", "acquisition_areas")\n'
    "spend, won, tests, areas = (crmkit.load(name) for name in names)\n"
)
_FIT = "model = prospects.ResponseModel().fit(spend, won, areas)\n"
_VALUE = (
    'followed, margin = crmkit.load("followed_customers"), crmkit.load("followed_margin")\n'
    "by_month = prospects.margin_by_month(followed, margin)\n"
    'value = by_month[by_month["month"] == 12].set_index("acquisition_channel")["so_far"]\n'
)

PREDICTIONS = [
    Prediction(
        id="52-a",
        prompt="Then search was off in six areas. By how many per cent did their new customers fall, compared "
        "with the areas where everything went on as usual? (a number above 0)",
        kind=Number(unit="%", tolerance=5),
        answer=lambda data: -change(data, "search"),
        why="Many people name the share of the clicks. Most of those who clicked had decided already, and came "
        "without the click.",
    ),
    Prediction(
        id="52-b",
        prompt="You know the average. What does one customer cost of those whom {company.symbol}1,000 **more** "
        "a week for search brings? ({company.sign})",
        kind=Number(unit="{company.symbol}", tolerance=35),
        answer=next_search,
        why="Many people name the average. The first money reaches those who are easily won; what comes on top "
        "reaches the others.",
    ),
]

QUESTIONS = [
    Question(
        id="52-1",
        title="The report on a whole year",
        level="fill in",
        goals=(1,),
        prompt="By last click, what did one new customer of **social media** cost in the last **52** weeks? "
        "({company.symbol}, two decimals)",
        kind=Number(unit="{company.symbol}", tolerance=0.005),
        points=1,
        reference=by_click,
        right="It is what the report calls the cost of a customer. Whether the channel caused them it cannot say.",
        hints=(
            "The helper of the report takes a number of weeks.",
            '`prospects.attributed_cost(spend, weeks=____).loc["social media"]`',
        ),
        misconceptions=(
            Misconception(
                "the lesson's 13 weeks",
                lambda data: by_click(data, weeks=13),
                "Those are the last 13 weeks. The question asks for 52.",
            ),
            Misconception(
                "divides by all new customers",
                click_of_everybody,
                "You divided by all new customers. The report divides by those with their last click there.",
            ),
            Misconception(
                "mean of the weeks",
                click_by_week,
                "You took the mean of 52 weekly costs. A week with few customers counts as much there as one "
                "with many: add up first, then divide.",
            ),
            Misconception(
                "search",
                lambda data: by_click(data, "search"),
                "That is search. Which channel does the question name?",
            ),
            Misconception(
                "all weeks",
                lambda data: by_click(data, weeks=data.load("area_spend")["week"].nunique()),
                "Those are all the weeks in the table. The question asks for the last 52.",
            ),
            Misconception(
                "caused for clicked",
                lambda data: float(fitted(data).costs().loc["social media", "average"]),
                "That is what a customer costs whom the channel caused, from the curves. The question asks for "
                "the report: cost by last click.",
            ),
        ),
        starter='answer = prospects.attributed_cost(spend, weeks=____).loc["social media", "attributed_cost"]',
        solution="Add up money and last clicks of 52 weeks, and divide.",
        code=_LOAD
        + 'answer = prospects.attributed_cost(spend, weeks=52).loc["social media", "attributed_cost"]',
    ),
    Question(
        id="52-2",
        title="Social media switched off",
        level="change",
        goals=(1, 2),
        elsewhere="another test, of another channel",
        prompt="Social media was tested too. By how many per cent did new customers change where it was off, "
        "compared with the areas as usual? (as the helper finds it; per cent, two decimals, negative for fewer)",
        kind=Number(unit="%", tolerance=0.005),
        points=2,
        reference=change,
        right="Look at its interval as well: a small channel needs more areas, or more weeks, than this.",
        hints=(
            "`prospects.area_test` takes the name of the channel.",
            'Its column `change` is a share: `prospects.area_test(spend, won, tests, "social media").loc["off"]`.',
        ),
        misconceptions=(
            Misconception(
                "before and after",
                lambda data: growths(data, "before and after"),
                "You compared the areas with their own past. What would have happened there without the test? "
                "The other areas show it.",
            ),
            Misconception(
                "levels in the test",
                lambda data: growths(data, "levels"),
                "You compared the areas during the test. They were not equally large before it.",
            ),
            Misconception(
                "means of growths",
                lambda data: growths(data, "means"),
                "You took the means of the growths, as one does by hand. The helper takes means of their logs: "
                "growth multiplies.",
            ),
            Misconception(
                "growths subtracted",
                lambda data: growths(data, "subtracted"),
                "You subtracted one mean growth from the other. Growth multiplies: divide, and take 1 away. The "
                "helper does it with logs.",
            ),
            Misconception(
                "customers for per cent",
                lambda data: float(found_in(data, "social media")["customers"]),
                "That is how many customers a week are missing. The question asks for per cent: column `change`.",
            ),
            Misconception(
                "the doubled areas",
                lambda data: change(data, arm="doubled"),
                "Those are the areas where the channel was doubled.",
            ),
            Misconception(
                "the lesson's test",
                lambda data: change(data, "search"),
                "That is the test of search. Which channel does the question name?",
            ),
        ),
        starter="test = prospects.area_test(spend, won, tests, ____)",
        solution="The same test with another channel's name; its change in per cent.",
        code=_LOAD + 'test = prospects.area_test(spend, won, tests, "social media")\n'
        'answer = 100 * test.loc["off", "change"]',
    ),
    Question(
        id="52-3",
        title="Twice as many leaflets",
        level="change",
        goals=(3,),
        prompt="Suppose {company.name} spends **twice** as much on leaflets as today. What does the **next** "
        "customer of leaflets cost then? ({company.symbol}, two decimals)",
        kind=Number(unit="{company.symbol}", tolerance=0.005),
        points=2,
        reference=at_twice,
        right="With this cost you decide whether to go on. The average of all leaflet customers would say that "
        "there is more room than there is.",
        hints=(
            "`model.customers_at([...])` gives both costs at multiples of today's spend.",
            "The row of leaflets, at 2, column `marginal`.",
        ),
        misconceptions=(
            Misconception(
                "average for marginal",
                lambda data: at_twice(data, "average"),
                "That is the mean over all customers of leaflets at twice the spend, the first included. What "
                "does the next one cost?",
            ),
            Misconception(
                "today's",
                lambda data: at_twice(data, multiple=1),
                "That is the next customer at today's spend.",
            ),
            Misconception(
                "those added, on average",
                added,
                "That is the mean over all customers whom the second half of the money brings. What does the "
                "next one after them cost?",
            ),
            Misconception(
                "search",
                lambda data: at_twice(data, channel="search"),
                "That is search. Which channel does the question name?",
            ),
            Misconception(
                "multiple of three",
                lambda data: at_twice(data, multiple=3),
                "That is three times today's spend. At 1 `customers_at` gives today, at 2 twice as much.",
            ),
            Misconception(
                "today's, times two",
                lambda data: 2 * at_twice(data, multiple=1),
                "You doubled today's cost. How the cost rises is what the curve says.",
            ),
            Misconception(
                "attributed for incremental",
                lambda data: by_click(data, "leaflets", 13),
                "That is the cost by last click. It says nothing of whom the leaflets brought.",
            ),
        ),
        starter="table = model.customers_at([____])",
        solution="The curve at twice today's spend: what a little more costs per customer.",
        code=_LOAD + _FIT + 'table = model.customers_at([2]).set_index("acquisition_channel")\n'
        'answer = table.loc["leaflets", "marginal"]',
    ),
    Question(
        id="52-4",
        title="A year of a social media customer",
        level="explore",
        goals=(3, 4),
        elsewhere="another span: a year",
        prompt="Take the followed customers with their last click on social media. What margin does one of them "
        "bring "
        'within **12** months, and how many times the cost of the **next** customer is that? (`{"value": …, '
        '"ratio": …}`; '
        "value in {company.symbol}, both with two decimals)",
        kind=Several(
            {
                "value": Number(unit="{company.symbol}", tolerance=0.005),
                "ratio": Number(unit="", tolerance=0.005),
            }
        ),
        points=3,
        reference=worth,
        right="Whether this is below 1 decides about the next {company.coin}, whatever the report's own ratio "
        "says.",
        hints=(
            "`prospects.margin_by_month` adds the months up; take month 12 of social media.",
            'The cost of the next customer is `model.costs().loc["social media", "marginal"]`.',
        ),
        misconceptions=(
            Misconception(
                "unwatched months as nothing",
                lambda data: worth_wrong(data, "as nothing"),
                "You divided all margin by all customers. Those who joined lately have not had their 12 months "
                "yet: a month that nobody watched is not a month without margin.",
            ),
            Misconception(
                "long histories only",
                lambda data: worth_wrong(data, "long only"),
                "You kept those only who were watched for 12 months. That is fair, but leaves out what the "
                "others show of their first months. The helper uses all.",
            ),
            Misconception(
                "buyers only",
                lambda data: worth_wrong(data, "buyers only"),
                "You took the mean over those who bought in a month. Those who were watched and bought nothing "
                "count too.",
            ),
            Misconception(
                "the first month times twelve",
                lambda data: worth_wrong(data, "first month"),
                "You took the first month twelve times. Many leave: later months bring less.",
            ),
            Misconception(
                "search",
                lambda data: worth(data, channel="search"),
                "Those are customers of search. Which channel does the question name?",
            ),
            Misconception(
                "24 months",
                lambda data: worth(data, 24),
                "Those are 24 months. The question asks for 12.",
            ),
            Misconception(
                "average for marginal",
                lambda data: worth(data, cost="average"),
                "You divided by the average cost. What does the next customer cost?",
            ),
            Misconception(
                "attributed for incremental",
                lambda data: worth(data, cost="attributed"),
                "You divided by the cost of the report. It counts customers who would have come anyway.",
            ),
        ),
        starter="by_month = prospects.margin_by_month(followed, margin)\n"
        'value = by_month[by_month["month"] == ____].set_index("acquisition_channel")["so_far"]',
        solution="Margin of 12 months, each month over those watched in it, divided by the cost of the next "
        "customer.",
        code=_LOAD + _FIT + _VALUE + 'cost = model.costs().loc["social media", "marginal"]\n'
        'answer = {"value": value["social media"], "ratio": value["social media"] / cost}',
    ),
    Question(
        id="52-5",
        title="Back within a year",
        level="explore",
        goals=(4, 5),
        prompt="The controller has a rule: what a customer costs must come back in margin within **12** months. "
        "Up to how much a week may be spent on **leaflets**, so that even the next customer pays back in time? "
        "({company.symbol}, whole {company.coins})",
        kind=Number(unit="{company.symbol}", tolerance=0.5, relative=0.004),
        points=3,
        reference=up_to,
        right="A shorter payback time makes the company more careful than its customers' whole worth would ask "
        "for. That has a price too.",
        hints=(
            "`prospects.best_split(model, value=...)` without a budget spends until the next customer costs the "
            "value.",
            'The value is the margin of 12 months, by channel; `value.drop("no click")`.',
            "The row of leaflets, column `best`.",
        ),
        misconceptions=(
            Misconception(
                "average for marginal",
                up_to_average,
                "At this spend the mean over all customers keeps the rule. The last ones cost far more: what "
                "of the next?",
            ),
            Misconception(
                "24 months",
                lambda data: up_to(data, 24),
                "You took the margin of 24 months. The rule says 12.",
            ),
            Misconception(
                "today's spend",
                lambda data: float(fitted(data).costs().loc["leaflets", "spend"]),
                "That is what leaflets get today. Up to which spend does the next customer still pay back?",
            ),
            Misconception(
                "the change only",
                lambda data: up_to(data) - float(fitted(data).costs().loc["leaflets", "spend"]),
                "That is how much may be added to today's spend, or has to be taken away. The question asks for "
                "the whole spend of a week.",
            ),
            Misconception(
                "search",
                lambda data: up_to(data, channel="search"),
                "That is search. Which channel does the question name?",
            ),
            Misconception(
                "the share of today's budget",
                lambda data: float(
                    best_split(
                        (model := fitted(data)),
                        float(model.costs()["spend"].sum()),
                        value=brought(data).drop("no click"),
                        draws=1,
                    ).loc["leaflets", "best"]
                ),
                "You split today's budget. The question has no budget: the rule alone ends the spending.",
            ),
        ),
        starter="by_month = prospects.margin_by_month(followed, margin)\n"
        'value = by_month[by_month["month"] == ____].set_index("acquisition_channel")["so_far"]\n'
        'plan = prospects.best_split(model, value=value.drop("no click"))',
        solution="Spend until the next customer costs the margin of 12 months.",
        code=_LOAD
        + _FIT
        + _VALUE
        + 'plan = prospects.best_split(model, value=value.drop("no click"))\n'
        'answer = plan.loc["leaflets", "best"]',
    ),
    Question(
        id="52-6",
        title="An answer to the director",
        level="decide",
        goals=(2, 4, 5),
        points=4,
        hints=(
            "Begin with what the test of search found, and its interval. Then: what costs the next customer?",
        ),
        prompt="The director wants to stop leaflets and put the money into search. Write him a note of 60 to "
        "150 words: what the report misses, what the next customer costs and brings in both channels, how you "
        "would move the money, how sure you are, and what you will measure next.",
        kind=Plan(
            rubric={
                "Attributed and caused customers kept apart, with the test's figure and its interval": 1,
                "Cost of the next customer, with figures for both channels": 1,
                "Compared with the margin that a customer brings, in which time": 1,
                "A move with an amount, its uncertainty, and what is measured next": 1,
            },
            model="Please do not stop the leaflets. The report says {figure.click} for search, but when search "
            "was off, most of those customers came all the same: one that it truly brings costs {figure.true} "
            "(95 % interval {figure.true_low} to {figure.true_high}). The next one costs {figure.next}, and "
            "such customers bring {figure.value} of margin within 24 months. The next leaflet customer costs "
            "{figure.next_leaflets}, though the report says {figure.click_leaflets}, and brings "
            "{figure.value_leaflets}. With today's budget I would raise leaflets from {figure.now} a week "
            "towards {figure.best} ({figure.best_low} to {figure.best_high}) and lower search and social media. "
            "That should bring {figure.gain} of margin more for each week's spending ({figure.gain_low} to "
            "{figure.gain_high}). We move a third of it first, in areas chosen at random, and count new "
            "customers for eight weeks. If they do not rise as the curve says, we stop.",
            figures=_figures,
            minimum_words=60,
        ),
    ),
]

QUIZ = [
    QuizQuestion(
        "Search has 40 % of all last clicks. It is switched off, and new customers fall by 10 %. What share "
        "of the new customers did search bring?",
        [
            Option("40 %", "Three in four of those would have come without it."),
            Option("10 %", "The others would have come anyway.", right=True),
            Option("None", "One in ten is missing without it."),
        ],
    ),
    QuizQuestion(
        "A channel brings 100 customers for 5,000. With 6,000 it brings 108. What does a decision about the "
        "last 1,000 need?",
        [
            Option("50 a customer", "That is the mean over the first hundred."),
            Option("56 a customer", "That is the mean over all 108."),
            Option("125 a customer", "1,000 for 8 customers more.", right=True),
        ],
    ),
    QuizQuestion(
        "A new customer costs 60 and buys for 30 a month; 40 % of it is margin. When has the cost come back?",
        [
            Option("After 2 months", "That counts turnover. The goods have to be paid for."),
            Option("After 5 months", "12 of margin a month: 5 months bring 60.", right=True),
            Option("At once", "The first month brings 12."),
        ],
    ),
    QuizQuestion(
        "New customers of the last months are in the table of margins. How do you compute what one brings in a "
        "year?",
        [
            Option(
                "All margin divided by all customers",
                "It takes months that have not happened yet for months without margin.",
            ),
            Option(
                "Month by month, over those who were watched in it, then added up",
                "Those who left count with nothing, those not yet watched do not count.",
                right=True,
            ),
            Option("The first month times twelve", "Many leave: later months bring less."),
        ],
    ),
    QuizQuestion(
        "Two channels have the same average cost. Where does the next amount go?",
        [
            Option("Half to each", "The averages do not tell what the next customer costs."),
            Option(
                "To the one whose next customer costs less for what he or she brings",
                "Go on until the next customer is worth it equally in both.",
                right=True,
            ),
            Option("To the larger one", "It may be the more saturated one."),
        ],
    ),
]
