"""Lesson 44: a year of advertising."""

from __future__ import annotations

import pandas as pd

from crmkit.practice.kinds import Number, Plan, Table
from crmkit.practice.question import Misconception, Option, Question, QuizQuestion, Tables

TITLE = "A year of advertising"


def weekly(data: Tables, brand: str) -> pd.DataFrame:
    """One brand's weeks: asked, named without help, known at all, contacts."""
    people = data.load("tracker_respondents")
    answers = (
        data.load("tracker_answers").query("brand == @brand").merge(people, on="respondent_id")
    )
    table = pd.DataFrame({"asked": people.groupby("week").size()})
    table["named"] = answers[answers["position"] > 0].groupby("week").size()
    table["first"] = answers[answers["position"] == 1].groupby("week").size()
    table["known"] = answers.groupby("week").size()
    table["contacts"] = (
        data.load("brand_pressure").query("brand == @brand").set_index("week")["contacts"]
    )
    return table.fillna(0)


def lift(data: Tables, what: str = "named", out_of: str = "asked") -> float:
    """Share in weeks on air less share in silent weeks, in percentage points."""
    table = weekly(data, data.company.name)
    on, off = table[table["contacts"] > 0], table[table["contacts"] == 0]
    return float(100 * (on[what].sum() / on[out_of].sum() - off[what].sum() / off[out_of].sum()))


def periods(data: Tables, what: str = "named") -> tuple[float, float]:
    """Pennygrove's share while it advertised, and later, when it was silent."""
    table = weekly(data, "Pennygrove")
    on, late = table[table["contacts"] > 0], table[table.index >= data.company.dates["silent"]]
    return float(on[what].sum() / on["asked"].sum()), float(late[what].sum() / late["asked"].sum())


def lagged(data: Tables) -> pd.DataFrame:
    """The panel with each person's recall in the interview before."""
    panel = data.load("brand_panel").sort_values(["person_id", "wave"])
    panel["before"] = panel.groupby("person_id")["recalled"].shift(1)
    return panel.dropna(subset="before")


def by_project(panel: pd.DataFrame, cause: str, outcome: str) -> pd.DataFrame:
    """Outcome with the cause less outcome without it, in points, with and without a project."""
    mean = 100 * panel.groupby(["project", cause])[outcome].mean().unstack()
    return (mean[1] - mean[0]).rename("points").reset_index()


def _all_alike(data: Tables) -> pd.DataFrame:
    mean = 100 * lagged(data).groupby("before")["bought"].mean()
    return pd.DataFrame({"project": [0, 1], "points": [mean[1] - mean[0]] * 2})


QUESTIONS = [
    Question(
        id="44-1",
        title="What do weeks on air lift?",
        level="fill in",
        prompt=(
            "By how many percentage points is {company.name} named without help more often in weeks with contacts "
            "than in weeks "
            "of silence? Pool the people of all weeks of each kind. (two decimals)"
        ),
        kind=Number(unit="percentage points", tolerance=0.005),
        points=1,
        reference=lift,
        hints=(
            "Two kinds of weeks; in each, named divided by asked.",
            "`position > 0` is named without help. Everybody asked in the week belongs below the line.",
            "Sum named and asked over the weeks of each kind before dividing.",
        ),
        misconceptions=(
            Misconception(
                "share of those who know the brand",
                lambda data: lift(data, out_of="known"),
                "You divided by the rows of `tracker_answers`: those are only the people who know {company.name}. "
                "Who was asked?",
            ),
            Misconception(
                "counts those who know it when shown",
                lambda data: lift(data, "known"),
                "That is aided recall: everybody with a row. Named without help has `position` above 0.",
            ),
            Misconception(
                "counts first places only",
                lambda data: lift(data, "first"),
                "You counted only those who named {company.name} first. Second and third are named without "
                "help as well.",
            ),
        ),
        starter=(
            'named = answers.query("brand == @company.name and position > 0")["respondent_id"]\n'
            'table = people.assign(named=people["respondent_id"].isin(named), on_air=people["week"].map(____) > 0)'
        ),
        solution="Named and asked, summed over weeks with and without contacts; two shares, one difference.",
        code=(
            'people = crmkit.load("tracker_respondents")\n'
            'pressure = crmkit.load("brand_pressure").query("brand == @company.name").set_index("week")["contacts"]\n'
            'named = crmkit.load("tracker_answers").query("brand == @company.name and position > 0")["respondent_id"]\n'
            'table = people.assign(named=people["respondent_id"].isin(named))\n'
            'table["on_air"] = table["week"].map(pressure) > 0\n'
            'share = 100 * table.groupby("on_air")["named"].mean()\n'
            "answer = share[True] - share[False]"
        ),
    ),
    Question(
        id="44-2",
        title="What is left of a brand that fell silent?",
        level="change",
        prompt=(
            "Pennygrove fell silent. How much of the unaided recall that it had in its weeks on air was left "
            "from {company.dates[silent]} on? "
            "(the later share as a per cent of the earlier one, two decimals)"
        ),
        kind=Number(unit="%", tolerance=0.005),
        points=2,
        reference=lambda data: 100 * periods(data)[1] / periods(data)[0],
        hints=(
            "Two shares of people asked, then one divided by the other.",
            "On air: weeks with contacts above 0. Later: weeks from {company.dates[silent]} on.",
            "`100 * later / on_air`, both as shares of all people asked.",
        ),
        misconceptions=(
            Misconception(
                "the later share itself",
                lambda data: 100 * periods(data)[1],
                "That is the share who name it later. How much is that of what it was?",
            ),
            Misconception(
                "what was lost for what was left",
                lambda data: 100 * (1 - periods(data)[1] / periods(data)[0]),
                "That part was lost. The question asks for the part that was left.",
            ),
            Misconception(
                "percentage points",
                lambda data: 100 * (periods(data)[0] - periods(data)[1]),
                "That is the fall in percentage points. The question asks for what is left, relative to what was.",
            ),
            Misconception(
                "aided recall",
                lambda data: 100 * periods(data, "known")[1] / periods(data, "known")[0],
                "You counted everybody who knows the name when shown it. Named without help has `position` above 0.",
            ),
        ),
        starter=(
            'named = answers.query("brand == \'Pennygrove\' and position > 0")["respondent_id"]\n'
            'table = people.assign(named=people["respondent_id"].isin(named))\n'
            'later = table[table["week"] >= company.dates["silent"]][____].mean()'
        ),
        solution="Share named in weeks on air, share named from {company.dates[silent]} on, the second "
        "divided by the first.",
        code=(
            'people = crmkit.load("tracker_respondents")\n'
            'pressure = crmkit.load("brand_pressure").query("brand == \'Pennygrove\'").set_index("week")["contacts"]\n'
            'named = crmkit.load("tracker_answers").query("brand == \'Pennygrove\' and position > 0")\n'
            'named = named["respondent_id"]\n'
            'table = people.assign(named=people["respondent_id"].isin(named), contacts=people["week"].map(pressure))\n'
            'later = table[table["week"] >= company.dates["silent"]]["named"].mean()\n'
            'answer = 100 * later / table.query("contacts > 0")["named"].mean()'
        ),
    ),
    Question(
        id="44-3",
        title="Recalled before, bought after",
        level="explore",
        prompt=(
            "In the panel: how many percentage points more often does somebody buy who named {company.name} in the "
            "interview *before*, "
            "without (`project` 0) and with (`project` 1) a project going on? Columns `project` and `points`."
        ),
        kind=Table(key="project", columns={"points": 0.05}, units={"points": "points"}),
        points=3,
        reference=lambda data: by_project(lagged(data), "before", "bought"),
        hints=(
            "First bring each person's earlier answer into the row, then compare within each kind of project.",
            '`panel.groupby("person_id")["recalled"].shift(1)`, or `add_lags(panel, ["recalled"])`.',
            '`panel.groupby(["project", "recalled_before"])["bought"].mean().unstack()`, then the difference.',
        ),
        misconceptions=(
            Misconception(
                "recall of the same wave",
                lambda data: by_project(lagged(data), "recalled", "bought"),
                "You used the recall of the same interview, which came *after* the purchase. Which came before?",
            ),
            Misconception(
                "recall by buying",
                lambda data: by_project(lagged(data), "bought", "recalled"),
                "You turned the question round: recall of those who bought. Who buys, among those who recalled "
                "before?",
            ),
            Misconception(
                "both kinds together",
                _all_alike,
                "Both rows hold the difference over everybody. A project drives recall and buying: compare "
                "within each kind.",
            ),
        ),
        starter=(
            'panel = add_lags(crmkit.load("brand_panel"), [____])\n'
            'mean = panel.groupby(["project", ____])["bought"].mean().unstack()'
        ),
        solution="Lag recall by person, mean of bought by project and earlier recall, difference in points.",
        code=(
            "from crmkit.brand import add_lags\n"
            'panel = add_lags(crmkit.load("brand_panel"), ["recalled"])\n'
            'mean = 100 * panel.groupby(["project", "recalled_before"])["bought"].mean().unstack()\n'
            'answer = (mean[1] - mean[0]).rename("points").reset_index()'
        ),
    ),
    Question(
        id="44-4",
        title="The plan for the board",
        level="decide",
        prompt=(
            "46 contacts, 52 weeks, three directors: a peak in week 20, the best mean, never below a floor. "
            "Write the plan that you "
            "would put to the board, and what it gives up."
        ),
        kind=Plan(
            rubric={
                "states one goal, or an order of goals, and why": 1,
                "gives the plan in weeks and contacts, within 46": 1,
                "names with figures what the plan gives up for the other goals": 1,
                "says what happens after week 52, or how recall turns into sales and what is not known of it": 1,
            },
            model=(
                "The season sells the garden, so I put the peak first and the floor second. Two contacts a "
                "week from week 12 to 20 "
                "(18), then 28 spread evenly over the 32 weeks to the end: together 46. Week 20 stays about "
                "twenty points under what the plan for the peak alone would "
                "reach, and the autumn stays above what the burst leaves. The plan for the best mean would buy "
                "nothing in the last months, "
                "but its January would pay for it, so I do not take the mean of one year as a goal. Recall "
                "precedes buying in our "
                "panel by a few points only: I would keep two towns silent in autumn to see what that is worth."
            ),
            minimum_words=40,
        ),
        points=4,
        hints=(
            "Which of the three goals would you give up last, and what does the calendar of the trade say?",
        ),
    ),
]

QUIZ = [
    QuizQuestion(
        "An agency writes 'decay 70 %'. What do you answer?",
        [
            Option(
                "That is fast",
                "Only if 70 % are lost each week; if 70 % are kept it is three times slower.",
            ),
            Option(
                "What is the half-life, in weeks?",
                "The one question that leaves no second meaning.",
                right=True,
            ),
            Option("That is slow", "Only if 70 % are kept each week."),
        ],
    ),
    QuizQuestion(
        "A plan that buys nothing in its last quarter has the best mean recall of the year. Why?",
        [
            Option(
                "Late contacts work mostly in weeks that are not counted",
                "The horizon ends and so does the reward: look at the year after.",
                right=True,
            ),
            Option(
                "People forget nothing in autumn",
                "They forget as always; nobody counts the weeks after.",
            ),
            Option("Early contacts are cheaper", "All contacts cost the same here."),
        ],
    ),
    QuizQuestion(
        "In a tracker, people who recall a brand buy it three times as often. What does that show about advertising?",
        [
            Option(
                "It works threefold",
                "Buyers recall what they bought, and people with a project do both.",
            ),
            Option(
                "Little, before lags, controls, or better an experiment",
                "Reverse cause and common causes are in that figure.",
                right=True,
            ),
            Option("It does not work", "That is not shown either."),
        ],
    ),
]
