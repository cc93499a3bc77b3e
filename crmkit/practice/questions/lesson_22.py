"""Lesson 22: recency, frequency, money, and how tiers move."""

from __future__ import annotations

import warnings

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
    TierWarning,
    compare_rules,
    customer_summary,
    holdout_split,
    migration_matrix,
    review_schedule,
    rfm_scores,
    sales_funnel,
    score_by_position,
    tiers_over_time,
)

TITLE = "Recency, frequency, value"

#: The lesson's cuts for scores, and for tiers.
SCORE_CUTS = {"R": [30, 90, 180, 365], "F": [2, 4, 8, 16], "M": [50, 200, 500, 1500]}
TIERS = {"VIP": 2000, "key": 800, "ordinary": 200, "small": 0}
#: The tiers that question 22-3 asks for.
CUTS = {"high": 800, "middle": 200, "low": 0}


def summary(data: Tables, end: str) -> pd.DataFrame:
    """One row per customer, from the orders up to a day."""
    return customer_summary(data.load("orders"), end).set_index("customer_id")


def known(data: Tables) -> pd.DataFrame:
    """The lesson's customers at the turn of the year, and their next 90 days."""
    about = data.company
    return holdout_split(data.load("orders"), about.year_ago, f"{about.year}-03-31")


def summer(data: Tables, letter: str = "R", *, before: bool = False) -> pd.DataFrame:
    """Per cent of each score who bought in the third quarter of the last year (or in the second)."""
    year = data.company.year
    days = (f"{year}-03-31", f"{year}-06-30") if before else (f"{year}-06-30", f"{year}-09-30")
    split = holdout_split(data.load("orders"), *days)
    return came_back(split, letter)


def came_back(
    split: pd.DataFrame, letter: str = "R", *, by_place: bool = False, count: bool = False
) -> pd.DataFrame:
    """Per cent of each score who bought again, or how many."""
    groups = (split["holdout_purchase_days"] > 0).groupby(scored(split, by_place=by_place)[letter])
    back = groups.sum().astype(float) if count else 100 * groups.mean()
    return back.rename("came_back").rename_axis("R").reset_index()


def _summer_split(data: Tables) -> pd.DataFrame:
    year = data.company.year
    return holdout_split(data.load("orders"), f"{year}-06-30", f"{year}-09-30")


def _half_year(data: Tables) -> pd.DataFrame:
    return holdout_split(data.load("orders"), f"{data.company.year}-06-30", data.company.end)


def _silence_of_this_year(data: Tables) -> float:
    people = summary(data, data.company.end)
    return float(
        people.loc[people["last_date"].dt.year == data.company.year, "days_since_last"].mean()
    )


def scored(people: pd.DataFrame, *, by_place: bool = False) -> pd.DataFrame:
    """Scores by the lesson's cuts, or by place."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", TierWarning)
        return rfm_scores(people, cuts=None if by_place else SCORE_CUTS)


def cell(data: Tables, wanted: str, *, by_place: bool = False, year_ago: bool = False) -> pd.Index:
    """Customers whose three scores are `wanted` at the end of the data."""
    about = data.company
    people = summary(data, about.year_ago if year_ago else about.end)
    return people.index[(scored(people, by_place=by_place)["cell"] == wanted).to_numpy()]


def moved(data: Tables, *, last: bool = False) -> pd.DataFrame:
    """Customers by tier at the end of the first year and of the next (or of the last two)."""
    about = data.company
    ends = [about.year_ago, about.end] if last else [f"{about.first_year}-12-31", about.year_ago]
    return migration_matrix(tiers_over_time(data.load("orders"), ends, CUTS), *ends)


def stayed(matrix: pd.DataFrame, of: str = "start") -> pd.DataFrame:
    """Per cent of each tier that stays; `of` says of whom: ``start``, ``end``, ``all``, ``buyers``; or ``people``."""
    tiers = list(CUTS)
    same = pd.Series({tier: matrix.loc[tier, tier] for tier in tiers})
    whole = {
        "start": matrix.loc[tiers].sum(axis=1),
        "end": matrix[tiers].sum(),
        "all": matrix.loc[tiers].sum().sum(),
        "buyers": matrix.loc[tiers, tiers].sum(axis=1),
        "people": 100,
    }[of]
    return (100 * same / whole).rename("stayed").rename_axis("tier").reset_index()


def funnel(
    data: Tables, column: str = "of_stage_before", *, everyone: bool = False, before: bool = False
) -> pd.DataFrame:
    """Per cent who reach each stage, of those whose journey began in the web shop (or of all)."""
    log, journeys = data.load("touchpoint_log"), data.load("journeys")
    if not everyone:
        web = journeys["channel"] == "web"
        online = journeys.loc[web & (journeys["arm"] == "none") if before else web, "journey_id"]
        log = log[log["journey_id"].isin(online)]
    table = sales_funnel(log).iloc[1:]
    factor = 1 if column == "people" else 100
    return (factor * table[column]).rename("reached").reset_index()


def _scores_of_one_time_buyers(data: Tables) -> int:
    people = known(data)
    scores = score_by_position(people["purchase_days"])
    return int(scores[people["purchase_days"] == 1].nunique())


def _best_rule(data: Tables) -> str:
    people = known(data)
    rules = {
        "a": -people["days_since_last"],
        "b": people["purchase_days"],
        "c": people["turnover"],
    }
    return str(
        compare_rules(people, rules, len(people) // 4).loc[list("abc"), "came_back"].idxmax()
    )


def _vips_still_there(data: Tables) -> float:
    about = data.company
    ends = [about.year_ago, about.end]
    seen = tiers_over_time(data.load("orders"), ends, TIERS)
    return 100 * float(migration_matrix(seen, *ends, shares=True).loc["VIP", "VIP"])


def _staleness(data: Tables) -> dict[str, str]:
    about = data.company
    ends = pd.date_range(f"{about.first_year}-12-31", about.end, freq="QE")
    schedule = review_schedule(tiers_over_time(data.load("orders"), list(ends), TIERS))
    return {
        "half": f"{100 * schedule['wrong_share'].iloc[1]:.0f} %",
        "year": f"{100 * schedule['wrong_share'].iloc[3]:.0f} %",
        "missed": f"{100 * schedule['top_missed_share'].iloc[3]:.0f} %",
    }


PREDICTIONS = [
    Prediction(
        id="22-a",
        prompt="Many customers have bought on exactly one day. A tool sorts all customers by purchase days and cuts "
        "the table into five equal parts. How many different scores will these customers get?",
        kind=Number(unit="of 5", tolerance=0),
        answer=_scores_of_one_time_buyers,
        why="Many people say one, because they all did the same. But a cut by position follows the order of the "
        "table, so it may separate two equals.",
    ),
    Prediction(
        id="22-b",
        prompt="Each rule may choose a quarter of the customers. Which rule finds the most people who buy again within "
        "90 days?",
        kind=Choice(
            {
                "a": "those who bought most recently",
                "b": "those who bought most often",
                "c": "those who spent most",
            }
        ),
        answer=_best_rule,
        why="Most people think of their best customers first, and mean money. But a silent customer is often a lost "
        "one, however much was spent before.",
    ),
    Prediction(
        id="22-c",
        prompt="Of a hundred VIPs of {company.last_year}, how many are still VIPs at the end of {company.year}?",
        kind=Number(unit="of 100", tolerance=5),
        answer=_vips_still_there,
        why="Most people say 80 or more. A year holds much luck: those who are picked for an exceptional year are less "
        "exceptional in the next.",
    ),
]

QUESTIONS = [
    Question(
        id="22-1",
        title="How long ago, on average?",
        level="fill in",
        goals=(1,),
        elsewhere="another year",
        prompt=(
            "On average, how many days have passed since a customer's last purchase, seen from 31 "
            "December {company.year}? "
            "One number for all customers, with two decimals."
        ),
        kind=Number(unit="days", tolerance=0.005),
        points=1,
        reference=lambda data: summary(data, data.company.end)["days_since_last"].mean(),
        hints=(
            "`known` looks from the year before. Describe the customers again, as seen on the last day of the data.",
            "`customer_summary(orders, company.end)` has one row per customer. Which of its columns is meant?",
            '`customer_summary(orders, company.end)["days_since_last"].mean()`',
        ),
        misconceptions=(
            Misconception(
                "the recency of the lifetime models",
                lambda data: summary(data, data.company.end)["active_span_days"].mean(),
                "You measured from the first to the last purchase. That is called recency in lesson 24. "
                "Here the clock starts at the last purchase: where does it stop?",
            ),
            Misconception(
                "counts from the first purchase",
                lambda data: (
                    pd.Timestamp(data.company.end) - summary(data, data.company.end)["first_date"]
                ).dt.days.mean(),
                "That is how long they have been customers: days since the first purchase. Which purchase "
                "was asked?",
            ),
            Misconception(
                "looks from a year earlier",
                lambda data: summary(data, data.company.year_ago)["days_since_last"].mean(),
                "That is seen from 31 December {company.last_year}, as in the lesson. The question looks from a year "
                "later: who bought meanwhile, and who is new?",
            ),
            Misconception(
                "averages over orders",
                lambda data: (
                    pd.Timestamp(data.company.end) - data.load("orders")["order_date"]
                ).dt.days.mean(),
                "You averaged over all orders, so a customer with forty orders counts forty times. "
                "Take each customer's last order first.",
            ),
            Misconception(
                "median for mean",
                lambda data: summary(data, data.company.end)["days_since_last"].median(),
                "That is the median: half of the customers lie below it. The question asks for the mean.",
            ),
            Misconception(
                "the sum for the mean",
                lambda data: summary(data, data.company.end)["days_since_last"].sum(),
                "Those are the days of all customers added up. The question asks for the mean of one.",
            ),
            Misconception(
                "only those who bought this year",
                _silence_of_this_year,
                "You kept only those who bought in {company.year}. Those who have been silent for longer count too.",
            ),
            Misconception(
                "a day too many",
                lambda data: summary(data, data.company.end)["days_since_last"].mean() + 1,
                "One day too many: you look from 1 January. The question looks from 31 December {company.year}.",
            ),
        ),
        right='Small is good here. When somebody says "recency 200", ask from which day to which.',
        starter='summary = customer_summary(orders, ____)\nanswer = summary["____"].mean()',
        solution="The customer summary up to the last day, and the mean of one column.",
        code=(
            "from crmkit.value import customer_summary\n"
            'summary = customer_summary(crmkit.load("orders"), company.end)\n'
            'answer = summary["days_since_last"].mean()'
        ),
    ),
    Question(
        id="22-6",
        title="Five, five, five",
        level="change",
        goals=(2,),
        elsewhere="another year",
        prompt=(
            "Who is in the best cell at the end of {company.year}? Describe the customers by `customer_summary` up to "
            "31 December {company.year}, score them by `rfm_scores` with the lesson's cuts, and name those with the "
            "cell `555`."
        ),
        kind=Customers(),
        points=2,
        reference=lambda data: cell(data, "555"),
        hints=(
            "Two helpers, one after the other: the first describes, the second scores.",
            "`rfm_scores(summary, cuts=cuts)` has a column `cell`. It holds text, not numbers.",
            '`scores.loc[scores["cell"] == "555", "customer_id"]`',
        ),
        misconceptions=(
            Misconception(
                "scores by place, without the cuts",
                lambda data: cell(data, "555", by_place=True),
                "You scored by place: the best fifth of each measure. With the lesson's cuts a 5 means fewer than 30 "
                "days, 16 purchase days or more, and {company.symbol}1,500 or more.",
            ),
            Misconception(
                "looks from a year earlier",
                lambda data: cell(data, "555", year_ago=True),
                "Those had a 555 on 31 December {company.last_year}, as in the lesson. Who has it a year later?",
            ),
            Misconception(
                "the silent for the recent",
                lambda data: cell(data, "155"),
                "Those have bought much and often, and are silent for a year: R = 1. The R comes first in a cell.",
            ),
        ),
        right="Such a list is a description: these customers need no catalogue to come back.",
        starter="summary = customer_summary(orders, ____)\nscores = rfm_scores(summary, cuts=____)",
        solution="Describe, score with the written cuts, keep one cell.",
        code=(
            "from crmkit.value import customer_summary, rfm_scores\n"
            'cuts = {"R": [30, 90, 180, 365], "F": [2, 4, 8, 16], "M": [50, 200, 500, 1500]}\n'
            'summary = customer_summary(crmkit.load("orders"), company.end)\n'
            "scores = rfm_scores(summary, cuts=cuts)\n"
            'answer = scores.loc[scores["cell"] == "555", "customer_id"]'
        ),
    ),
    Question(
        id="22-7",
        title="Does recency hold in summer?",
        level="explore",
        goals=(3,),
        elsewhere="another season",
        prompt=(
            "The lesson tested winter. Take what was known on 30 June {company.year}, and what was bought until 30 "
            "September. Score recency with the lesson's cuts. Of the customers with each score `R` (1 to 5), how many "
            "per cent came back? A table with `R` and `came_back`."
        ),
        kind=Table(key="R", columns={"came_back": 0.05}, units={"came_back": "%"}),
        points=3,
        reference=summer,
        hints=(
            "The lesson's first cell does it for the turn of the year. Which two days change?",
            '`known = holdout_split(orders, f"{company.year}-06-30", f"{company.year}-09-30")`',
            '`100 * (known["holdout_purchase_days"] > 0).groupby(rfm_scores(known, cuts=cuts)["R"]).mean()`',
        ),
        misconceptions=(
            Misconception(
                "groups by frequency",
                lambda data: summer(data, "F"),
                "Those are the shares by F, the score of frequency. The question asks for R.",
            ),
            Misconception(
                "groups by money",
                lambda data: summer(data, "M"),
                "Those are the shares by M, the score of money. The question asks for R.",
            ),
            Misconception(
                "the quarter before",
                lambda data: summer(data, before=True),
                "You looked from 31 March to 30 June. The question looks from 30 June to 30 September.",
            ),
            Misconception(
                "the lesson's winter",
                lambda data: came_back(known(data)),
                "Those are the shares of the winter, as in the lesson. The question looks from 30 June.",
            ),
            Misconception(
                "until the end of the year",
                lambda data: came_back(_half_year(data)),
                "You looked until 31 December. The question looks until 30 September.",
            ),
            Misconception(
                "scores by place, without the cuts",
                lambda data: came_back(_summer_split(data), by_place=True),
                "You scored by place, the best fifth first. Give `rfm_scores` the lesson's cuts.",
            ),
            Misconception(
                "people for shares",
                lambda data: came_back(_summer_split(data), count=True),
                "Those are how many came back. What share are they of the customers with that score?",
            ),
        ),
        right="The order holds in another season; the shares need not. So write the days beside a share.",
        starter='known = holdout_split(orders, f"{company.year}-06-30", ____)',
        solution="Cut the orders at the end of June, score, and compare with the three months after.",
        code=(
            "from crmkit.value import holdout_split, rfm_scores\n"
            'cuts = {"R": [30, 90, 180, 365], "F": [2, 4, 8, 16], "M": [50, 200, 500, 1500]}\n'
            'orders = crmkit.load("orders")\n'
            'known = holdout_split(orders, f"{company.year}-06-30", f"{company.year}-09-30")\n'
            'back = known["holdout_purchase_days"] > 0\n'
            'share = 100 * back.groupby(rfm_scores(known, cuts=cuts)["R"]).mean()\n'
            'answer = share.rename("came_back").reset_index()'
        ),
    ),
    Question(
        id="22-3",
        title="How many stay in their tier?",
        level="explore",
        goals=(5,),
        elsewhere="another year",
        prompt=(
            "Go back a year. Give tiers by the turnover of the 365 days before: `high` from {company.symbol}800, "
            "`middle` from {company.symbol}200, `low` below. Of the customers in each tier at the end of "
            "{company.first_year}, what per cent are in the SAME tier at the end of {company.last_year}? A table with "
            "`tier` and `stayed`, in per cent."
        ),
        kind=Table(key="tier", columns={"stayed": 0.05}, units={"stayed": "%"}),
        points=3,
        reference=lambda data: stayed(moved(data)),
        hints=(
            "`tiers_over_time` gives the tiers on several days, `migration_matrix` compares two of them.",
            '`seen = tiers_over_time(orders, [f"{company.first_year}-12-31", company.year_ago], '
            '{"high": 800, "middle": 200, "low": 0})`',
            "With `shares=True` each row of the matrix adds up to 1. Those who stayed stand where row and column have "
            "the same name.",
        ),
        misconceptions=(
            Misconception(
                "forgets those who bought nothing after",
                lambda data: stayed(moved(data), "buyers"),
                "You compared only those who bought in both years. Those who bought nothing later have left the tier "
                "too: are they in your total?",
            ),
            Misconception(
                "reads the matrix by columns",
                lambda data: stayed(moved(data), "end"),
                "That is: of those in the tier at the end of {company.last_year}, how many were there a year earlier. "
                "Start from the earlier day.",
            ),
            Misconception(
                "share of all customers",
                lambda data: stayed(moved(data), "all"),
                "You divided by all customers. The question is about each tier: divide by those who were in it at the "
                "end of {company.first_year}.",
            ),
            Misconception(
                "the lesson's two years",
                lambda data: stayed(moved(data, last=True)),
                "Those are the years of the lesson. The question starts at the end of {company.first_year}.",
            ),
            Misconception(
                "people for shares",
                lambda data: stayed(moved(data), "people"),
                "That is how many stayed. What share are they of those who were in the tier at the start?",
            ),
        ),
        right="A list of tiers is a photograph. After a year it shows people who have moved on.",
        starter='ends = [f"{company.first_year}-12-31", ____]\n'
        'seen = tiers_over_time(orders, ends, {"high": 800, "middle": 200, "low": 0})',
        solution="Tiers on two days, the matrix of shares between them, and its diagonal.",
        code=(
            "from crmkit.value import migration_matrix, tiers_over_time\n"
            'ends = [f"{company.first_year}-12-31", company.year_ago]\n'
            'cuts = {"high": 800, "middle": 200, "low": 0}\n'
            'seen = tiers_over_time(crmkit.load("orders"), ends, cuts)\n'
            "shares = migration_matrix(seen, *ends, shares=True)\n"
            'answer = pd.DataFrame({"tier": list(cuts), "stayed": [100 * shares.loc[t, t] for t in cuts]})'
        ),
    ),
    Question(
        id="22-8",
        title="The funnel of the web shop",
        level="explore",
        goals=(4,),
        prompt=(
            "The lesson's funnel counts everyone. Now take only the journeys of the web shop: `journeys` has the "
            "`channel` of each `journey_id`, and `web` is the one. For `target`, `prospect`, `customer` and `loyal`: "
            "what per cent of those in the stage BEFORE reached it? A table with `stage` and `reached`."
        ),
        kind=Table(key="stage", columns={"reached": 0.05}, units={"reached": "%"}),
        points=3,
        reference=funnel,
        hints=(
            "First the journeys of one channel, then their rows of the log, then the lesson's helper.",
            '`online = journeys.loc[journeys["channel"] == "web", "journey_id"]`',
            '`sales_funnel(log[log["journey_id"].isin(online)])` has `of_stage_before`, a fraction.',
        ),
        misconceptions=(
            Misconception(
                "all channels",
                lambda data: funnel(data, everyone=True),
                "Those are the shares of all channels together. Keep the journeys of the web shop first.",
            ),
            Misconception(
                "share of all leads",
                lambda data: funnel(data, "of_leads"),
                "You divided by all leads. The question asks how many of those in the stage just before went on.",
            ),
            Misconception(
                "people for shares",
                lambda data: funnel(data, "people"),
                "Those are people. What share are they of the stage before?",
            ),
            Misconception(
                "only before the trial",
                lambda data: funnel(data, before=True),
                "You left out the journeys of the trial, as lesson 10 does. Take all journeys of the web here.",
            ),
        ),
        right="A funnel narrows in another place in each channel: look there first, and then ask why.",
        starter='log, journeys = crmkit.load("touchpoint_log"), crmkit.load("journeys")\n'
        'online = journeys.loc[journeys["channel"] == ____, "journey_id"]',
        solution="Keep one channel's journeys, count the stages, take the share of the stage before.",
        code=(
            "from crmkit.value import sales_funnel\n"
            'log, journeys = crmkit.load("touchpoint_log"), crmkit.load("journeys")\n'
            'online = journeys.loc[journeys["channel"] == "web", "journey_id"]\n'
            'table = sales_funnel(log[log["journey_id"].isin(online)]).iloc[1:]\n'
            'answer = (100 * table["of_stage_before"]).rename("reached").reset_index()'
        ),
    ),
    Question(
        id="22-5",
        title="How often should the list be made?",
        level="decide",
        goals=(5,),
        prompt=(
            "The head of sales wants to make the list of VIP and key customers once a year, in January, "
            "to keep things "
            "calm. Recommend a review schedule, and say what you would tell a VIP who drops out of the tier."
        ),
        kind=Plan(
            rubric={
                "states how much of a list is wrong after some months, with a figure from the data": 1,
                "weighs the cost of a review against the cost of serving the wrong people": 1,
                "distinguishes a real fall from chance and season (regression to the mean)": 1,
                "says what happens to those who drop out, so that they are not driven away": 1,
            },
            model=(
                "Make it every quarter. After half a year {figure.half} of the labels are wrong, after a year "
                "{figure.year}, and of today's VIP and key customers {figure.missed} are not marked on a list of last "
                "year. A review costs a minute of computing; a desk that looks after the wrong people costs a salary. "
                "One weak quarter is often chance or season (regression to the mean), so a customer rises at once and "
                "falls only after two reviews below the line. Those who drop out keep the person they know for half a "
                "year, and get a call that asks whether anything went wrong."
            ),
            minimum_words=40,
            figures=_staleness,
        ),
        points=4,
        hints=("Look at `review_schedule` once more: two columns, two different costs.",),
    ),
]

QUIZ = [
    QuizQuestion(
        "A colleague says a customer has a recency of 400 days. Is that good or bad?",
        [
            Option(
                "Bad: the customer has been silent for 400 days",
                "Only if recency means days since the last purchase.",
            ),
            Option(
                "Good: the customer was active for 400 days",
                "Only if recency means the span from first to last purchase.",
            ),
            Option(
                "Ask first which recency is meant",
                "The word has two meanings in this field, and they point in opposite directions.",
                right=True,
            ),
        ],
    ),
    QuizQuestion(
        "Half of the customers have bought once. A tool splits them over frequency scores 1, 2 and 3. "
        "What is wrong?",
        [
            Option(
                "Nothing: the fifths must be equally large",
                "Equal size is bought with unequal treatment of equals.",
            ),
            Option(
                "Equals got different scores by their row in the table",
                "Sort the file another way and they swap. A score must follow from what a customer did.",
                right=True,
            ),
            Option(
                "There should be ten scores, not five",
                "With ten scores the same people would be split over more of them.",
            ),
        ],
    ),
    QuizQuestion(
        "The VIPs of last year bought a third less this year. What follows for the VIP service?",
        [
            Option(
                "It failed",
                "They were picked for a year that was exceptional, partly by luck: we should expect a fall.",
            ),
            Option(
                "It worked, or they would have fallen more",
                "Nothing here says how far they would have fallen without it.",
            ),
            Option(
                "Nothing yet: we need VIPs who did not get it",
                "Without a comparison group regression to the mean cannot be told from the effect of the "
                "service.",
                right=True,
            ),
        ],
    ),
]
