"""Lesson 91: the customers stayed, and the money was gone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from crmkit.practice.kinds import Number, Plan
from crmkit.practice.question import (
    Misconception,
    Option,
    Prediction,
    Question,
    QuizQuestion,
    Tables,
)
from crmkit.practice.worked import once

TITLE = "Ada's year"
SIZE, QUARTERS, RUNS = 250, 4, 4
ADA: dict[str, str | int | float | bool] = {
    "service.agents": 3,
    "wake.drowsy": "call",
    "bonds.kind": "social",
    "bonds.share": 0.5,
}


@once
def year(data: Tables) -> dict[str, Any]:
    """Play Ada's year and the same year as before, and keep what the questions ask about."""
    from crmkit.game import debrief, own, policies, score

    game = own.branch(data.load("customers"), size=SIZE).run(policies.plan_of(ADA, SIZE), QUARTERS)
    usual = game.replay(1, debrief.as_before(game))
    people = debrief.fates(game)
    return {
        **_persistency(game.reports),
        "beside": debrief.side_by_side(game, usual),
        "causes": debrief.causes(game, measure="profit").set_index("part"),
        "same": people["fate"] == "same",
        "more": people["margin"] - people["margin_beside"],
        "margin": people["margin"],
        "items": debrief.money_by_item(game).set_index("item")["more"],
        "runs": score.luck(game, RUNS, equity=False)["profit"].to_numpy(dtype=float),
        "others": score.luck(usual, RUNS, equity=False)["profit"].to_numpy(dtype=float),
    }


def _persistency(reports: Mapping[str, pd.DataFrame]) -> dict[str, float]:
    """Give the shares of a review's persistency, and what is mistaken for the last one."""
    import matplotlib.pyplot as plt

    from crmkit.review.customers import persistency
    from crmkit.review.parts import books_of

    books = books_of(reports, None, None)
    part = persistency(books)
    for ax, _ in part.pictures:
        plt.close(ax.get_figure(root=True))
    table = part.tables[0][1]
    now = books.year()["customer_id"].nunique()
    return {
        "again": float(100 * table["share"].iloc[-1]),
        "the year before": float(100 * table["share"].iloc[-2]),
        "of last year": float(100 * table["bought again"].iloc[-1] / now),
    }


def again(data: Tables, way: str = "again") -> float:
    """Share of one year's customers who bought again in the next, per cent, and what is mistaken for it."""
    return float(year(data)[way])


def whole(data: Tables, way: str = "") -> float:
    """What Ada's plan earned more than the plan as before, and what is mistaken for it."""
    found = year(data)
    beside = found["beside"]
    if way == "last quarter":
        return float(beside["more"].iloc[-1])
    if way == "first quarter":
        return float(beside["more"].iloc[0])
    if way == "a quarter":
        return float(beside["more"].mean())
    if way == "the other's profit":
        return float(beside["profit_other"].sum())
    if way == "profit":
        return float(beside["profit"].sum())
    if way == "beside its first quarter":
        return float(beside["profit"].iloc[-1] - beside["profit"].iloc[0])
    if way == "turnover":
        return float(found["items"]["turnover"])
    if way == "turned round":
        return -float(beside["so_far"].iloc[-1])
    return float(beside["so_far"].iloc[-1])


def bonds(data: Tables, column: str = "brings", part: str = "bonds") -> float:
    """What the bonds brought, in one of the ways of counting it."""
    return float(year(data)["causes"].loc[part, column])


def stayed(data: Tables, way: str = "") -> float:
    """Margin that customers with the same fate brought more, and what is mistaken for it."""
    found = year(data)
    if way == "all":
        return float(found["more"].sum())
    if way == "the others":
        return float(found["more"][~found["same"]].sum())
    if way == "under the plan":
        return float(found["margin"][found["same"]].sum())
    if way == "each":
        return float(found["more"][found["same"]].mean())
    return float(found["more"][found["same"]].sum())


def paired(data: Tables, way: str = "") -> float:
    """Mean difference of profit over four other lucks, and what is mistaken for it."""
    found = year(data)
    more = found["runs"] - found["others"]
    if way == "with its own":
        return float(np.mean(more))
    if way == "own alone":
        return float(more[0])
    if way == "plan":
        return float(np.mean(found["runs"][1:]))
    if way == "sum":
        return float(np.sum(more[1:]))
    if way == "other luck":
        return float(np.mean(found["runs"][1:]) - found["others"][0])
    return float(np.mean(more[1:]))


def _figures(data: Tables) -> dict[str, str]:
    money = data.company.money
    found = year(data)
    more = found["runs"][1:] - found["others"][1:]
    return {
        "whole": money(whole(data), signed=True),
        "bonds": money(bonds(data), signed=True),
        "service": money(bonds(data, part="service"), signed=True),
        "wake": money(bonds(data, part="wake"), signed=True),
        "stayed": money(stayed(data), signed=True),
        "all": money(stayed(data, "all"), signed=True),
        "low": money(float(more.min()), signed=True),
        "high": money(float(more.max()), signed=True),
    }


_YEAR = (
    "from crmkit.game import debrief, own, policies, score\n"
    'levers = {"service.agents": 3, "wake.drowsy": "call", "bonds.kind": "social", "bonds.share": 0.5}\n'
    'customers = crmkit.load("customers")\n'
    "game = own.branch(customers, size=250).run(policies.plan_of(levers, 250), 4)\n"
)
_USUAL = "usual = game.replay(1, debrief.as_before(game))\n"

PREDICTIONS = [
    Prediction(
        id="91-a",
        prompt="The year is played again without Tom's plan. How much more or less profit did his plan bring in four "
        "quarters? (in thousand {company.symbol}; less is a negative number; his year had about 480 customers)",
        kind=Number(unit="thousand", tolerance=3),
        answer=None,
        why="Many people expect a gain: cheaper goods, messages and vouchers bring orders, and a desk costs money. But "
        "each order brings less, and the rival lowers its prices, too.",
    ),
    Prediction(
        id="91-b",
        prompt="Of a hundred customers, how many ended otherwise than without the plan (won or not, awake or asleep, "
        "driven away or not)?",
        kind=Number(unit="of 100", tolerance=3),
        answer=None,
        why="Many people say 20 or more: so much was done. Most customers do what they would have done anyway.",
    ),
]

QUESTIONS = [
    Question(
        id="91-1",
        title="Ada's year beside the same year",
        level="fill in",
        goals=(2,),
        elsewhere="another plan",
        prompt="Ada played `own.branch(customers, size=250)` for four quarters: a social bond for half of the people "
        '(`bonds.kind`, `bonds.share`), three agents, and "call" for `wake.drowsy`. How much more profit did her plan '
        "bring than the plan as before, on the same customers and luck? (two decimals; less is a negative number)",
        kind=Number(unit="currency", tolerance=0.005),
        points=2,
        reference=whole,
        right="Customers and luck are the same in both runs, so this is what her plan did.",
        hints=(
            "Play the plan, then `game.replay` with the plan as before, then compare quarter by quarter.",
            "`debrief.as_before(game)` is the other plan; `debrief.side_by_side` takes both games.",
            '`debrief.side_by_side(game, usual)["so_far"].iloc[-1]`',
        ),
        misconceptions=(
            Misconception(
                "the last quarter only",
                lambda data: whole(data, "last quarter"),
                "That is the last quarter alone. The question asks for all four.",
            ),
            Misconception(
                "the first quarter only",
                lambda data: whole(data, "first quarter"),
                "That is the first quarter alone. The question asks for all four.",
            ),
            Misconception(
                "for each quarter",
                lambda data: whole(data, "a quarter"),
                "That is the mean of a quarter. The question asks for the four together.",
            ),
            Misconception(
                "her profit",
                lambda data: whole(data, "profit"),
                "That is her profit. How much of it would have come without her plan?",
            ),
            Misconception(
                "the profit without her plan",
                lambda data: whole(data, "the other's profit"),
                "That is the profit without her plan. What is it to be compared with?",
            ),
            Misconception(
                "the last quarter beside the first",
                lambda data: whole(data, "beside its first quarter"),
                "That compares two quarters of one run. The seasons differ, too. Compare two runs.",
            ),
            Misconception(
                "turnover for profit",
                lambda data: whole(data, "turnover"),
                "That is turnover. What did the plan cost?",
            ),
            Misconception(
                "the wrong way round",
                lambda data: whole(data, "turned round"),
                "You subtracted her plan from the other. The order of the two games matters.",
            ),
        ),
        starter="beside = debrief.side_by_side(game, ____)",
        solution="Play the year, play it again as before, and sum the differences of the quarters.",
        code=_YEAR + _USUAL + "beside = debrief.side_by_side(game, usual)\n"
        'answer = beside["so_far"].iloc[-1]',
    ),
    Question(
        id="91-2",
        title="Ada's review",
        level="fill in",
        goals=(1,),
        prompt="Review Ada's reports at the end of her year. Of the customers of the year before, which share bought "
        "again last year? (per cent, two decimals)",
        kind=Number(unit="%", tolerance=0.005),
        points=2,
        reference=again,
        right="The review says who stayed. It does not say whether her plan kept them.",
        hints=(
            "`crmkit.review.review` takes the reports; the second of its seven parts is the persistency, "
            "and Python counts from 0.",
            "A part has `tables`, pairs of a caption and a table; the last row is the last year.",
            '`100 * review(game.reports)[1].tables[0][1]["share"].iloc[-1]`',
        ),
        misconceptions=(
            Misconception(
                "the year before",
                lambda data: again(data, "the year before"),
                "That is the row of an earlier year. The last row is the last year.",
            ),
            Misconception(
                "of last year's customers",
                lambda data: again(data, "of last year"),
                "That is a share of last year's customers. The question asks about those of the year before.",
            ),
            Misconception(
                "the change",
                lambda data: again(data) - again(data, "the year before"),
                "That is the change between two years, in points. Which row of the table is the last year?",
            ),
        ),
        starter="persistency = review(game.reports)[____].tables[0][1]",
        solution="Make the review, take the table of the persistency, and read its last row.",
        code=_YEAR + "from crmkit.review import review\n"
        "persistency = review(game.reports)[1].tables[0][1]\n"
        'answer = 100 * persistency["share"].iloc[-1]',
    ),
    Question(
        id="91-3",
        title="What the bonds brought",
        level="change",
        goals=(3,),
        prompt="Share the difference of Ada's profit out among her levers, so that the parts add up to the whole. "
        "How much did the bonds bring? (two decimals; less is a negative number)",
        kind=Number(unit="currency", tolerance=0.005),
        points=2,
        reference=bonds,
        right="The other two parts add up with it to the whole difference: nothing is hidden.",
        hints=(
            "`debrief.causes` does it, for what its argument `measure` names: here the profit.",
            "Of its columns, only one adds up to the row `all parts`.",
            '`debrief.causes(game, measure="profit").set_index("part").loc["bonds", "brings"]`',
        ),
        misconceptions=(
            Misconception(
                "switched on alone",
                lambda data: bonds(data, "alone"),
                "That is what bonds bring without her other levers. Do these parts add up?",
            ),
            Misconception(
                "added last",
                lambda data: bonds(data, "last"),
                "That is what bonds add to her other levers. Do these parts add up?",
            ),
            Misconception(
                "what the bonds cost",
                lambda data: float(year(data)["items"]["bonds"]),
                "That is what the bonds cost, from the accounts. What did they bring back?",
            ),
            Misconception(
                "the calls",
                lambda data: bonds(data, part="wake"),
                "That is the calls. The question asks for the bonds.",
            ),
            Misconception(
                "the service desk",
                lambda data: bonds(data, part="service"),
                "That is the desk. The question asks for the bonds.",
            ),
            Misconception(
                "all parts",
                lambda data: bonds(data, part="all parts"),
                "That is the whole difference. Which part of it belongs to the bonds?",
            ),
        ),
        starter='causes = debrief.causes(game, measure="____").set_index("part")',
        solution="Take the mean over all orders in which the levers could be switched on.",
        code=_YEAR + 'causes = debrief.causes(game, measure="profit").set_index("part")\n'
        'answer = causes.loc["bonds", "brings"]',
    ),
    Question(
        id="91-4",
        title="Those who ended as they would have anyway",
        level="explore",
        goals=(5,),
        prompt="How much more margin did customers with the same fate bring under Ada's plan than as before, all of "
        "them together? (two decimals; less is a negative number)",
        kind=Number(unit="currency", tolerance=0.005),
        points=2,
        reference=stayed,
        right="Compare it with the sum over all fates: the count of those won and lost says little about money.",
        hints=(
            "`debrief.fates` compares each customer, `debrief.fate_summary` sums up by fate.",
            "The column is `more_margin`, the row is `same`.",
            '`debrief.fate_summary(debrief.fates(game)).set_index("fate").loc["same", "more_margin"]`',
        ),
        misconceptions=(
            Misconception(
                "all customers",
                lambda data: stayed(data, "all"),
                "That is the sum over all fates. Keep those with the same fate.",
            ),
            Misconception(
                "the others",
                lambda data: stayed(data, "the others"),
                "Those are the customers whose fate is another one. Which ones does the question ask about?",
            ),
            Misconception(
                "margin of one run",
                lambda data: stayed(data, "under the plan"),
                "That is their margin under the plan. How much of it would have come anyway?",
            ),
            Misconception(
                "for each customer",
                lambda data: stayed(data, "each"),
                "That is for one customer. The question asks for all of them together.",
            ),
            Misconception(
                "counts customers",
                lambda data: float(year(data)["same"].sum()),
                "That is how many they are. How much more margin did they bring?",
            ),
        ),
        starter='fates = debrief.fate_summary(debrief.fates(____)).set_index("fate")',
        solution="Compare each customer in both runs, and sum the difference of margin over those with the same fate.",
        code=_YEAR + 'fates = debrief.fate_summary(debrief.fates(game)).set_index("fate")\n'
        'answer = fates.loc["same", "more_margin"]',
    ),
    Question(
        id="91-5",
        title="Ada's plan on four other lucks",
        level="explore",
        goals=(4,),
        prompt="Play Ada's plan and the plan as before on the same four other lucks, with `score.luck(…, 4)`. What is "
        "the mean difference of profit over these four pairs, without the game's own luck? (two decimals)",
        kind=Number(unit="currency", tolerance=0.005),
        points=3,
        reference=paired,
        right="Within a pair only the plan differs. One pair alone may be kind to a plan.",
        hints=(
            "`score.luck(game, 4)` for both games: its row 0 is the game's own luck.",
            "Subtract the two columns `profit`, and leave row 0 out.",
            '`(score.luck(game, 4)["profit"] - score.luck(usual, 4)["profit"])[1:].mean()`',
        ),
        misconceptions=(
            Misconception(
                "with the game's own luck",
                lambda data: paired(data, "with its own"),
                "Row 0 is the game's own luck. The question asks for the four others.",
            ),
            Misconception(
                "the game's own luck alone",
                lambda data: paired(data, "own alone"),
                "That is one pair: the game's own luck. The question asks for the four others.",
            ),
            Misconception(
                "her profit",
                lambda data: paired(data, "plan"),
                "That is the mean profit of her plan. Each run has a partner under the plan as before.",
            ),
            Misconception(
                "not the same luck",
                lambda data: paired(data, "other luck"),
                "You compared other lucks with the game's own. Both plans need the same four.",
            ),
            Misconception(
                "the sum",
                lambda data: paired(data, "sum"),
                "That is the sum over the pairs. The question asks for their mean.",
            ),
        ),
        starter='difference = score.luck(game, ____)["profit"] - score.luck(usual, ____)["profit"]',
        solution="Play both plans on the same four lucks, subtract pair by pair, and take the mean.",
        code=_YEAR
        + _USUAL
        + 'more = score.luck(game, 4)["profit"] - score.luck(usual, 4)["profit"]\n'
        "answer = more[1:].mean()",
    ),
    Question(
        id="91-6",
        title="A note to Ada's manager",
        level="decide",
        goals=(2, 3, 4, 5),
        points=4,
        hints=("Begin with what the same year without the plan brought, not with last year.",),
        prompt="Should Ada go on in the same way? Write to her manager in 60 to 160 words: what her plan brought "
        "beside the same year without it, which lever did most, on whom the money was won or lost, what was luck, and "
        "what you would do next year. Say one thing that the game does not model.",
        kind=Plan(
            rubric={
                "Compares with the same year as before, not with last year": 1,
                "Names what each lever brought, and the parts add up": 1,
                "Says what customers with the same fate brought": 1,
                "Gives the range over other lucks, and a limit of the game": 1,
            },
            model="Beside the same year as before, Ada's plan changed the profit by {figure.whole}. Of this the bonds "
            "brought {figure.bonds}, the desk {figure.service} and the calls {figure.wake}. Few customers ended "
            "otherwise: those with the same fate account for {figure.stayed} of {figure.all} of margin. On four other "
            "lucks, in pairs, the difference lies between {figure.low} and {figure.high}, so one year alone says "
            "little. Next year I would give bonds to the best tenth only, and call one half of the drowsy customers, "
            "drawn at random: the other half is the control group, because many of them come anyway. I "
            "would keep the third "
            "agent only if contacts without an answer are frequent. The game does not model how well staff learn, "
            "and bonds are made by people. We look at the result again after two quarters.",
            figures=_figures,
            minimum_words=60,
        ),
    ),
]


QUIZ = [
    QuizQuestion(
        "Turnover is higher than last year. What does that say about this year's plan?",
        [
            Option("It worked", "Season, rival and customers changed, too."),
            Option(
                "Nothing yet: the same year without the plan is missing",
                "That is the comparison.",
                right=True,
            ),
            Option("It failed", "It may have; nothing here shows it."),
        ],
    ),
    QuizQuestion(
        "Alone, a lever brings 10. Added to all others, it brings 4. What is the difference?",
        [
            Option("Luck", "Both are played on the same luck."),
            Option("A mistake in the accounts", "Both sums are right."),
            Option(
                "An interaction: the others do a part of the same work",
                "What it adds depends on what is there already.",
                right=True,
            ),
        ],
    ),
    QuizQuestion(
        "Hardly any customer left under the plan. Was it harmless?",
        [
            Option("Yes, customers are what counts", "They may all stay and bring less."),
            Option(
                "Only the margin of those who stayed can tell",
                "Here the loss was theirs.",
                right=True,
            ),
            Option("No, some always leave", "Some leave without the plan, too."),
        ],
    ),
    QuizQuestion(
        "A real firm cannot play a year again. What can stand in for it?",
        [
            Option("The year before", "Other customers, another rival, another season."),
            Option(
                "A control group, drawn at random before the plan begins",
                "It lives through the same year without the plan.",
                right=True,
            ),
            Option("Customers who left", "They differ from the others in more than the plan."),
        ],
    ),
]
