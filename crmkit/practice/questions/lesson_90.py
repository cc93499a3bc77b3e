"""Lesson 90: a good quarter is not yet a good decision."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from crmkit.practice.kinds import Function, Number, Plan
from crmkit.practice.question import (
    Misconception,
    Option,
    Prediction,
    Question,
    QuizQuestion,
    Tables,
)
from crmkit.practice.worked import once

if TYPE_CHECKING:
    from crmkit.game.decisions import Forecast
    from crmkit.game.play import Game

TITLE = "Three years at the desk"
#: What comes before a player decides anything: not one of these items belongs to a lever.
NOT_DECIDED = (
    "turnover",
    "cost of goods",
    "handling of orders",
    "letters and card",
    "overheads",
    "visits",
)
#: Seeds of the luck on which question 90-5 plays the year again.
LUCKS = range(1, 6)


@once
def year(data: Tables) -> dict[str, Any]:
    """Play the predecessor's year, and keep what the questions ask about."""
    from crmkit.game.own import predecessor_year

    game = predecessor_year(data.load("customers"))
    trials = game.reports["trials"]
    return {
        "desk": game.reports["desk"],
        "accounts": game.accounts,
        "trials": trials,
        "graded": _graded(game),
        "other": _on_other_luck(game),
        "next": _next_turnover(game),
    }


def _next_turnover(game: Game) -> Forecast:
    from crmkit.game.forecasts import naive_forecast
    from crmkit.game.own import first_day

    seen = game.seen()
    return naive_forecast(seen.reports["orders"], first_day(seen), level=1)["turnover"]


def _graded(game: Game) -> pd.DataFrame:
    from crmkit.game.forecasts import grade_forecast

    rows = [
        grade_forecast(d.forecast, r) for d, r in zip(game.decisions, game.reported, strict=True)
    ]
    return pd.concat(rows, ignore_index=True)


def _on_other_luck(game: Game) -> list[float]:
    from crmkit.game.play import profit, run_fast

    return [
        profit(run_fast(list(game.decisions), game.states[0], game.played, seed)[0])
        for seed in LUCKS
    ]


def gave_up(data: Tables, way: str = "") -> float:
    """Share of the year's contacts without an answer, per cent, and what is mistaken for it."""
    desk = year(data)["desk"]
    if way == "mean of shares":
        return 100 * float((desk["gave_up"] / desk["contacts"]).mean())
    if way == "last quarter":
        desk = desk.tail(1)
    share = desk["gave_up"].sum() / desk["contacts"].sum()
    return 100 * float(1 - share if way == "answered" else share)


def levers_cost(data: Tables, way: str = "") -> float:
    """What the levers cost in the year, as a share of turnover, and what is mistaken for it."""
    amount = year(data)["accounts"].groupby("item")["amount"].sum()
    decided = -amount.drop(list(NOT_DECIDED)).sum()
    if way == "all costs":
        return 100 * float((amount["turnover"] - amount.sum()) / amount["turnover"])
    if way == "of margin":
        return 100 * float(decided / (amount["turnover"] + amount["cost of goods"]))
    if way == "no desk":
        decided += amount["service desk"]
    if way == "overheads too":
        decided -= amount["overheads"]
    if way == "visits too":
        decided -= amount["visits"]
    return 100 * float(decided / amount["turnover"])


def voucher(data: Tables, way: str = "") -> float:
    """Lower end of the interval of the voucher's effect on margin, and what is mistaken for it."""
    from crmkit.game.own import trial_effect

    trials = year(data)["trials"]
    if way != "all states":
        trials = trials[trials["state"] == "half-asleep"]
    if way == "ordered":
        trials = trials[trials["ordered"]]
    found = trial_effect(trials)
    if way == "turned round":
        return float(-found.high)
    return float({"estimate": found.estimate, "high": found.high}.get(way, found.low))


def mean_score(data: Tables, way: str = "") -> float:
    """Mean interval score of the year's four forecasts, and what is mistaken for it."""
    graded = year(data)["graded"]
    width = graded["high"] - graded["low"]
    missed = np.maximum(graded["low"] - graded["actual"], 0)
    missed += np.maximum(graded["actual"] - graded["high"], 0)
    if way == "width":
        return float(width.mean())
    if way == "misses once":
        return float((width + missed).mean())
    if way == "from the best guess":
        return float((graded["actual"] - graded["best"]).abs().mean())
    if way == "sum":
        return float((width + 10 * missed).sum())
    return float((width + 10 * missed).mean())


def luck_of_the_year(data: Tables, way: str = "") -> float:
    """The year's profit less the mean of the same decisions on other luck, and what is mistaken for it."""
    found = year(data)
    profit = float(found["accounts"]["amount"].sum())
    if way == "turned round":
        return float(np.mean(found["other"])) - profit
    if way == "mean":
        return float(np.mean(found["other"]))
    if way == "the year":
        return profit
    if way == "with its own":
        return profit - float(np.mean([profit, *found["other"]]))
    return profit - float(np.mean(found["other"]))


def agents_next(agents: int, contacts: int, gave_up: int, *, fewest: int = 1) -> int:
    """Decide about agents by the share of contacts that gave up."""
    if contacts == 0:
        return agents
    share = gave_up / contacts
    if share > 0.08:
        return agents + 1
    return max(agents - 1, fewest) if share < 0.02 else agents


def _desks(data: Tables) -> list[tuple[int, int, int]]:
    """Quarters of a desk: the predecessor's, and those at the edges."""
    desk = year(data)["desk"]
    own = [(int(d.agents), int(d.contacts), int(d.gave_up)) for d in desk.itertuples()]
    return [*own, (2, 0, 0), (1, 300, 1), (3, 300, 0), (2, 300, 15), (0, 200, 200)]


def _figures(data: Tables) -> dict[str, str]:
    money = data.company.money
    found = year(data)
    graded, other = found["graded"], found["other"]
    return {
        "gave_up": f"{gave_up(data):.0f} %",
        "levers": f"{levers_cost(data):.0f} %",
        "low": money(voucher(data), signed=True),
        "high": money(voucher(data, "high"), signed=True),
        "inside": str(int(graded["inside"].sum())),
        "profit": money(float(found["accounts"]["amount"].sum())),
        "least": money(min(other)),
        "most": money(max(other)),
        "lowest": money(found["next"].low),
        "highest": money(found["next"].high),
    }


PREDICTIONS = [
    Prediction(
        id="90-a",
        prompt="By how much does this change the profit of all twelve quarters together, beside the plan as before? "
        "(in thousand {company.symbol}; a loss is negative)",
        kind=Number(tolerance=10),
        answer=None,
        why="Many people multiply the first quarter's saving by twelve. But trust sinks while nobody answers, and "
        "customers fall asleep: the loss grows, and the saving does not.",
    ),
    Prediction(
        id="90-b",
        prompt="About 60 customers in each arm are half-asleep when their quarter begins. How wide is the 95 % "
        "interval of the effect on "
        "the margin of a customer in a quarter, from its low to its high end? (in {company.symbol})",
        kind=Number(unit="{company.symbol}", tolerance=15),
        answer=None,
        why="Many people expect a few {company.symbol}, because a call costs {company.symbol}7. Most of these "
        "customers buy "
        "nothing in a quarter, and a few buy for hundreds: so the mean of sixty moves a lot by chance.",
    ),
    Prediction(
        id="90-c",
        prompt="The value (profit and equity) of ten replays on other luck: how far is the highest from the lowest, "
        "as a "
        "share of their mean? (per cent)",
        kind=Number(unit="%", tolerance=10),
        answer=None,
        why="Many people say 5 or less: thousands of orders should even out. But bad luck lasts: a customer who is "
        "lost in "
        "the second year does not come in the third, and brings no friends.",
    ),
]

_LOAD = (
    "import crmkit\nfrom crmkit.game import forecasts, own, play\n"
    'game = own.predecessor_year(crmkit.load("customers"))\n'
)
QUESTIONS = [
    Question(
        id="90-1",
        title="Who waited in vain?",
        level="fill in",
        goals=(1,),
        elsewhere="the predecessor's branch, whose year the lesson does not play",
        prompt="Play the predecessor's year: `game = own.predecessor_year(customers)`. The table `desk` has one row "
        "per "
        "quarter: contacts, and how many of them gave up. Which share of the year's contacts got no answer? (per "
        "cent, "
        "two decimals)",
        kind=Number(unit="%", tolerance=0.005),
        points=1,
        reference=gave_up,
        right="Nobody writes a letter about a call that was not answered. Only this table tells.",
        hints=(
            "Two sums first, then one division.",
            'The table is `game.reports["desk"]`; its columns are `gave_up` and `contacts`.',
            '`100 * desk["gave_up"].sum() / desk["contacts"].sum()`',
        ),
        misconceptions=(
            Misconception(
                "mean of the quarters' shares",
                lambda data: gave_up(data, "mean of shares"),
                "That is the mean of four shares. A quarter with more contacts weighs more: add up first, then "
                "divide.",
            ),
            Misconception(
                "last quarter only",
                lambda data: gave_up(data, "last quarter"),
                "That is the last quarter alone. The question asks for the whole year.",
            ),
            Misconception(
                "those who were answered",
                lambda data: gave_up(data, "answered"),
                "That is the share that got an answer. Which part does the question ask for?",
            ),
        ),
        starter='desk = own.predecessor_year(customers).reports["desk"]\n'
        "answer = 100 * desk[____].sum() / desk[____].sum()",
        solution="Add up both columns over the four quarters, then divide.",
        code=_LOAD + 'desk = game.reports["desk"]\n'
        'answer = 100 * desk["gave_up"].sum() / desk["contacts"].sum()',
    ),
    Question(
        id="90-2",
        title="What did the levers cost?",
        level="change",
        goals=(1,),
        prompt="In the accounts of the predecessor's year some items come whatever is decided: turnover, cost of "
        "goods, "
        "handling of orders, letters and card, overheads, visits. All others are costs of levers. How much did the "
        "levers cost in the year, as a share of turnover? (per cent, two decimals)",
        kind=Number(unit="%", tolerance=0.005),
        points=2,
        reference=levers_cost,
        right="This is the part of turnover that a manager of the desk decides about.",
        hints=(
            "One sum per item first: `game.accounts` has a row per quarter and item.",
            "Costs are negative in the accounts. Drop the six items, and turn the sign round.",
            'With `amount = game.accounts.groupby("item")["amount"].sum()` it is '
            '`-100 * amount.drop(six).sum() / amount["turnover"]`.',
        ),
        misconceptions=(
            Misconception(
                "all costs",
                lambda data: levers_cost(data, "all costs"),
                "That holds all costs. Goods, handling and overheads come whatever is decided.",
            ),
            Misconception(
                "share of the margin",
                lambda data: levers_cost(data, "of margin"),
                "That is the share of what is left after the goods. The question asks for the share of turnover.",
            ),
            Misconception(
                "leaves the desk out",
                lambda data: levers_cost(data, "no desk"),
                "The service desk is missing. The number of agents is decided, so its cost is a lever's.",
            ),
            Misconception(
                "overheads too",
                lambda data: levers_cost(data, "overheads too"),
                "Overheads are in it. Rent and systems cost the same whatever is decided.",
            ),
            Misconception(
                "visits too",
                lambda data: levers_cost(data, "visits too"),
                "Visits are in it. They come whatever is decided, as the question says.",
            ),
        ),
        starter='amount = own.predecessor_year(customers).accounts.groupby("item")["amount"].sum()',
        solution="One sum per item; drop the six that nobody decides; divide by turnover.",
        code=_LOAD + 'amount = game.accounts.groupby("item")["amount"].sum()\n'
        'six = ["turnover", "cost of goods", "handling of orders", "letters and card", "overheads", "visits"]\n'
        'answer = -100 * amount.drop(six).sum() / amount["turnover"]',
    ),
    Question(
        id="90-3",
        title="What can the experiment tell?",
        level="explore",
        goals=(3,),
        prompt="In the predecessor's year chance decided which half-asleep customers would get a voucher (the table "
        "`trials`; a row "
        "is a customer in a quarter). Take the rows with `state` half-asleep. What is the low end of the 95 % "
        "interval "
        "of the voucher's effect on margin? (in {company.symbol} for a customer and quarter, two decimals)",
        kind=Number(unit="{company.symbol}", tolerance=0.005),
        points=2,
        reference=voucher,
        right="Read both ends before you decide. What would you do if the truth were at the low end, and what if it "
        "were at "
        "the high end?",
        hints=(
            "Compare all who could get a voucher with all who could not, those without an order too.",
            'Two columns of `margin`: `arm` is "treatment" or "control".',
            "`mean_difference(treatment, control).low`, from `crmkit.inference`.",
        ),
        misconceptions=(
            Misconception(
                "the estimate alone",
                lambda data: voucher(data, "estimate"),
                "That is the estimate. The question asks for the low end of its interval.",
            ),
            Misconception(
                "the high end",
                lambda data: voucher(data, "high"),
                "That is the high end of the interval.",
            ),
            Misconception(
                "all states together",
                lambda data: voucher(data, "all states"),
                "All customers of both arms are in it. Vouchers went to the half-asleep only: keep these rows.",
            ),
            Misconception(
                "only those who ordered",
                lambda data: voucher(data, "ordered"),
                "Only customers with an order are in it. Whether somebody orders is what the voucher may change, so "
                "those "
                "without an order belong in both arms.",
            ),
            Misconception(
                "control less treatment",
                lambda data: voucher(data, "turned round"),
                "That is the control group less the treatment group. The effect is the other way round.",
            ),
        ),
        starter='trials = own.predecessor_year(customers).reports["trials"]\n'
        'half_asleep = trials[trials["state"] == ____]',
        solution="Keep the half-asleep, and compare the margin of the two arms.",
        code=_LOAD + "from crmkit.inference import mean_difference\n"
        'trials = game.reports["trials"]\n'
        'half_asleep = trials[trials["state"] == "half-asleep"]\n'
        'treatment = half_asleep.loc[half_asleep["arm"] == "treatment", "margin"]\n'
        'control = half_asleep.loc[half_asleep["arm"] == "control", "margin"]\n'
        "answer = mean_difference(treatment, control).low",
    ),
    Question(
        id="90-4",
        title="How good were the forecasts?",
        level="explore",
        goals=(2,),
        prompt="The predecessor stated a forecast of turnover for each quarter (`game.decisions[0].forecast` holds "
        "the "
        "first). What is the mean interval score of the four? (in {company.symbol}, two decimals)",
        kind=Number(unit="{company.symbol}", tolerance=0.01),
        points=2,
        reference=mean_score,
        right="An interval that is too narrow saves a little width and pays ten times for each miss.",
        hints=(
            "The score is the width, and ten times the distance of a miss on top.",
            "`forecasts.grade_forecast` takes a quarter's forecast and its reports; `game.reported` holds the "
            "reports of each.",
            "Go through `zip(game.decisions, game.reported)`, collect the scores, and take their mean.",
        ),
        misconceptions=(
            Misconception(
                "the width alone",
                lambda data: mean_score(data, "width"),
                "That is the mean width. Where are the misses?",
            ),
            Misconception(
                "a miss counted once",
                lambda data: mean_score(data, "misses once"),
                "The distance of a miss counts ten times (2 divided by 0.2), not once.",
            ),
            Misconception(
                "distance from the best guess",
                lambda data: mean_score(data, "from the best guess"),
                "That is the mean distance from the best guess. The score is about the interval.",
            ),
            Misconception(
                "the sum",
                lambda data: mean_score(data, "sum"),
                "That is the sum of the four. The question asks for the mean.",
            ),
        ),
        starter="game = own.predecessor_year(customers)\n"
        "pairs = zip(game.decisions, game.reported)\n"
        "scores = [forecasts.grade_forecast(d.forecast, r)[____].iloc[0] for d, r in pairs]",
        solution="Grade each quarter's forecast with its own reports, and take the mean of the four scores.",
        code=_LOAD + "pairs = zip(game.decisions, game.reported)\n"
        'scores = [forecasts.grade_forecast(d.forecast, r)["score"].iloc[0] for d, r in pairs]\n'
        "answer = sum(scores) / len(scores)",
    ),
    Question(
        id="90-5",
        title="How much of the year was luck?",
        level="explore",
        goals=(4,),
        prompt="Play the predecessor's four decisions again on the luck of seeds 1 to 5: "
        "`play.run_fast(list(game.decisions), game.states[0], 4, seed)` gives the bills first, and "
        "`play.profit(bills)` "
        "their sum. By how much is the profit of the year, as it came, above the mean of the five? (in "
        "{company.symbol}, two decimals; below it is negative)",
        kind=Number(unit="{company.symbol}", tolerance=0.01),
        points=2,
        reference=luck_of_the_year,
        right="Nobody can be praised or blamed for this part of the result.",
        hints=(
            "Five profits and their mean; then the year's own profit, which is the sum of `game.accounts`.",
            "`bills, after = play.run_fast(...)`: only the bills are needed.",
            '`game.accounts["amount"].sum() - sum(others) / 5`',
        ),
        misconceptions=(
            Misconception(
                "mean less the year",
                lambda data: luck_of_the_year(data, "turned round"),
                "That is the mean less the year. A lucky year has a positive number.",
            ),
            Misconception(
                "the mean of the five",
                lambda data: luck_of_the_year(data, "mean"),
                "That is what the decisions bring on average. How far is the year from it?",
            ),
            Misconception(
                "the year's profit alone",
                lambda data: luck_of_the_year(data, "the year"),
                "That is the year's profit itself. Take the mean of the five replays from it.",
            ),
            Misconception(
                "the year among the five",
                lambda data: luck_of_the_year(data, "with its own"),
                "The year itself is in the mean. Compare it with the five others only.",
            ),
        ),
        starter="game = own.predecessor_year(customers)\n"
        "plan, begins = list(game.decisions), game.states[0]\n"
        "others = [play.profit(play.run_fast(plan, begins, 4, seed)[0]) for seed in ____]",
        solution="Five replays on other luck; the year's profit less their mean.",
        code=_LOAD + "plan, begins = list(game.decisions), game.states[0]\n"
        "others = [play.profit(play.run_fast(plan, begins, 4, seed)[0]) for seed in range(1, 6)]\n"
        'answer = game.accounts["amount"].sum() - sum(others) / 5',
    ),
    Question(
        id="90-6",
        title="A rule for the number of agents",
        level="explore",
        goals=(5,),
        prompt="Write the part of a rule that decides about agents: a function `agents_next(agents, contacts, "
        "gave_up)`. If "
        "more than 8 % of the contacts gave up, it takes one more. If fewer than 2 % did, it takes one fewer, but "
        "never "
        "fewer than 1. Otherwise, and in a quarter without any contact, the number stays.",
        kind=Function("agents, contacts, gave_up", returns=Number(), cases=_desks),
        points=2,
        reference=lambda data: agents_next,
        right="A rule that is written down decides in the same way on a good day and on a bad one. And it can be "
        "tried on "
        "other luck.",
        hints=(
            "Which case cannot be divided? Answer it first.",
            "The share is those who gave up, divided by the contacts. Then come two conditions.",
            "`max` of one fewer and 1 never gives 0.",
        ),
        misconceptions=(
            Misconception(
                "goes down to nobody",
                lambda data: (
                    lambda agents, contacts, gave_up: agents_next(
                        agents, contacts, gave_up, fewest=0
                    )
                ),
                "With one agent and hardly anybody who gives up, your rule closes the desk.",
            ),
            Misconception(
                "never takes one fewer",
                lambda data: (
                    lambda agents, contacts, gave_up: max(
                        agents, agents_next(agents, contacts, gave_up)
                    )
                ),
                "Your rule only adds. What happens in a quarter in which hardly anybody gave up?",
            ),
            Misconception(
                "per cent against a fraction",
                lambda data: (
                    lambda agents, contacts, gave_up: agents_next(agents, contacts, 100 * gave_up)
                ),
                "Your share is in per cent, and it is compared with a fraction: 8 % is 0.08, or 8 of 100.",
            ),
            Misconception(
                "a fraction against per cent",
                lambda data: (
                    lambda agents, contacts, gave_up: agents_next(agents, contacts, gave_up / 100)
                ),
                "Your share is a fraction, and it is compared with per cent: 8 % is 0.08.",
            ),
        ),
        starter="def agents_next(agents, contacts, gave_up):\n"
        "    if contacts == 0:\n"
        "        return ____\n"
        "    share = gave_up / contacts\n"
        "    ____",
        solution="The quarter without contacts first; then one more, one fewer, or the same.",
        code="def agents_next(agents, contacts, gave_up):\n"
        "    if contacts == 0:\n"
        "        return agents\n"
        "    share = gave_up / contacts\n"
        "    if share > 0.08:\n"
        "        return agents + 1\n"
        "    return max(agents - 1, 1) if share < 0.02 else agents\n\n\n"
        "answer = agents_next",
    ),
    Question(
        id="90-7",
        title="Your plan for the next quarter",
        level="decide",
        goals=(4, 5),
        points=4,
        prompt="You take over the predecessor's branch after its year. Write your plan for the next quarter in 60 "
        "to 160 words: how many "
        "agents and why, what you do about the voucher, a forecast with two ends, and how much of last year's "
        "result you "
        "put down to the predecessor.",
        hints=("For each decision write the figure from the reports on which it rests.",),
        kind=Plan(
            rubric={
                "A decision about agents, with the share of contacts without an answer": 1,
                "The voucher judged by both ends of its interval": 1,
                "A forecast with two ends, wider than those that missed": 1,
                "Says what of the result may be luck, from the replays": 1,
            },
            model="Of last year's contacts {figure.gave_up} got no answer, more in the quarter with one agent "
            "than in any other. I keep "
            "two and look at the desk's report each quarter. All levers together cost {figure.levers} of turnover. "
            "The "
            "voucher changed margin by {figure.low} to {figure.high} for a customer and quarter. That is too wide to "
            "decide, so I go on with the experiment for the same number of quarters, and send no vouchers to the "
            "others. "
            "The predecessor's forecasts held {figure.inside} of 4. I forecast a turnover from {figure.lowest} to "
            "{figure.highest}: the quarter a year before, with the lowest and the highest "
            "change that this branch has seen in a year. The year brought {figure.profit}. On other luck the "
            "same "
            "decisions bring from {figure.least} to {figure.most}, so I neither praise nor blame the predecessor "
            "for the "
            "sum. I judge the decision to run the desk with one agent: it saved wages for a quarter and cost trust.",
            figures=_figures,
            minimum_words=60,
        ),
    ),
]


QUIZ = [
    QuizQuestion(
        "Four teams played the same game. The team in first place ended 4 % above the second. Who learnt most?",
        [
            Option("The first team", "A few per cent are less than what luck makes of one plan."),
            Option(
                "The place does not say: read their reasons and forecasts",
                "Replays show that chance moves one plan by more than that.",
                right=True,
            ),
            Option("All the same", "They may have learnt much or little: the place does not tell."),
        ],
    ),
    QuizQuestion(
        "A manager cuts the service desk, and the quarter's profit rises. What do you know?",
        [
            Option("It was a good decision", "Wages stop at once; trust and sleep follow later."),
            Option(
                "Wages were saved; what customers do about it is still to come",
                "A quarter shows the saving and only the beginning of the loss.",
                right=True,
            ),
            Option("It was only luck", "A fixed cost that is saved is no luck."),
        ],
    ),
    QuizQuestion(
        "Plan A earned more profit in three years than plan B, and has less equity at the end. Which is better?",
        [
            Option(
                "A, profit counts", "A may have sold the future: fewer customers who come again."
            ),
            Option("B, equity counts", "Profit is money, too."),
            Option(
                "Compare the sum of both, and beside other luck",
                "Profit is what came, equity what will still come.",
                right=True,
            ),
        ],
    ),
    QuizQuestion(
        "An experiment with 60 customers in each arm gives an effect between −25 and +28 for a call that costs 7. "
        "What "
        "follows?",
        [
            Option("Calls do nothing", "An effect of +20 would fit the data as well."),
            Option(
                "So few customers cannot tell",
                "Both a loss and a large gain are in the interval.",
                right=True,
            ),
            Option("Calls pay, because +28 is more than 7", "−25 is in the interval as well."),
        ],
    ),
    QuizQuestion(
        "Your 80 % intervals held what came in all twelve quarters. What do you change?",
        [
            Option("Nothing: all were right", "Intervals of 80 % should miss one in five."),
            Option(
                "Make them narrower",
                "They are wider than they need to be, and width costs score.",
                right=True,
            ),
            Option("Make them wider, to be safe", "They never missed: more width only costs."),
        ],
    ),
]
