"""Lesson 44: a year of advertising."""

from __future__ import annotations

import numpy as np
import pandas as pd

from crmkit.brand import Exponential, best_plan, compare_plans, make_plan, recall_path
from crmkit.brand.forgetting import ForgettingModel
from crmkit.brand.tracker import fit_tracker, weekly_recall
from crmkit.practice.kinds import Choice, Number, Plan, Table
from crmkit.practice.question import (
    Misconception,
    Option,
    Prediction,
    Question,
    QuizQuestion,
    Tables,
)

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


def lift(
    data: Tables,
    what: str = "named",
    out_of: str = "asked",
    *,
    by_week: bool = False,
    relative: bool = False,
) -> float:
    """Share in weeks on air less share in silent weeks, in percentage points."""
    table = weekly(data, data.company.name)
    on, off = table[table["contacts"] > 0], table[table["contacts"] == 0]
    if by_week:
        return float(100 * ((on[what] / on[out_of]).mean() - (off[what] / off[out_of]).mean()))
    heard, unheard = on[what].sum() / on[out_of].sum(), off[what].sum() / off[out_of].sum()
    return float(100 * (heard - unheard) / (unheard if relative else 1))


def periods(data: Tables, what: str = "named", before: str = "on air") -> tuple[float, float]:
    """The discounter's share while it advertised (or `before` else), and later, when it was silent."""
    table = weekly(data, data.company.words["discounter"])
    is_late = table.index >= data.company.dates["silent"]
    late = table[is_late]
    early = {
        "on air": table["contacts"] > 0,
        "not late": ~is_late,
        "ours on air": weekly(data, data.company.name)["contacts"] > 0,
    }[before]
    on = table[early]
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


#: Models fitted already, by the tracker they were fitted to: several questions ask the same one.
_FITTED: dict[tuple[float, ...], ForgettingModel] = {}


def one_store(data: Tables) -> ForgettingModel:
    """Fit the model with one store to the learner's tracker."""
    names = ("brand_pressure", "tracker_respondents", "tracker_answers")
    pressure, people, answers = (data.load(name) for name in names)
    key = (
        float(pressure["contacts"].sum()),
        len(people),
        len(answers),
        float(answers["position"].sum()),
    )
    if key not in _FITTED:
        weekly = weekly_recall(pressure, people, answers)
        _FITTED[key] = fit_tracker(Exponential(), pressure, weekly)[0]
    return _FITTED[key]


def kept(data: Tables, meaning: str = "kept") -> float:
    """Per cent of a trace that is kept from week to week, by the model with one store."""
    decay = one_store(data).params_["decay"]
    share = float(np.exp(-decay))
    return 100 * {"kept": share, "lost": 1 - share, "decay": decay, "straight": 1 - decay}[meaning]


def drip_against_burst(
    data: Tables,
    measure: str = "end",
    contacts: float = 23,
    *,
    base: bool = True,
    relative: bool = False,
) -> float:
    """What a drip has more than a burst of as many contacts, in percentage points, by the model with one store."""
    fitted = one_store(data)
    own = {"base": fitted.bases_[data.company.name]} if base else {}
    model = Exponential.known(**fitted.params_, **own)
    plans = {kind: make_plan(kind, contacts) for kind in ("drip", "burst")}
    found = compare_plans(plans, model)[measure]
    gap = 100 * float(found["drip"] - found["burst"])
    return gap / float(found["burst"]) if relative else gap


def _figures(data: Tables) -> dict[str, str]:
    """Give what the model answer says of its plan: recall in week 20, and what the best plan for it would reach."""
    fitted = one_store(data)
    model = Exponential.known(**fitted.params_, base=fitted.bases_[data.company.name])
    ours = np.concatenate([np.zeros(11), np.full(9, 2.0), np.full(32, 28 / 32)])
    path = recall_path(ours, model)["recall"]
    peak = recall_path(best_plan(model, 46, "peak", launch_week=20, most_per_week=4), model)[
        "recall"
    ]
    return {
        "peak": f"{path.iloc[19]:.0%}",
        "best": f"{peak.iloc[19]:.0%}",
        "end": f"{path.iloc[-1]:.0%}",
        "best_end": f"{peak.iloc[-1]:.0%}",
    }


PREDICTIONS = [
    Prediction(
        id="44-a",
        prompt="46 contacts in one year: which plan has the highest mean recall **of this year**?",
        kind=Choice({"a": "burst", "b": "drip", "c": "flights"}),
        answer=None,
        why="A mean of one year favours what comes first: the price is paid in January, when nobody looks any more.",
    ),
    Prediction(
        id="44-b",
        prompt="People who name {company.name} in an interview have bought there in the weeks before much more "
        "often than "
        "the others. Call this difference 100 %. How much of it is left as an effect of remembering on later "
        "buying?",
        kind=Number(unit="%", tolerance=8),
        answer=None,
        why="Buyers remember where they bought, and people with a project do both. The advertising does not do that.",
    ),
]

QUESTIONS = [
    Question(
        id="44-1",
        title="What do weeks on air lift?",
        level="fill in",
        prompt=(
            "By how many percentage points is {company.name} named without help more often in weeks with "
            "contacts than in "
            "weeks of silence? Pool the people of all weeks of each kind. (two decimals)"
        ),
        goals=(1,),
        right="Part of this lift stays in the silent weeks that follow, so the difference is too small for "
        "what a burst does.",
        kind=Number(unit="percentage points", tolerance=0.005),
        points=1,
        reference=lift,
        hints=(
            "Two kinds of weeks; in each, named divided by asked.",
            "`position > 0` is named without help. Everybody asked in the week belongs in the denominator.",
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
            Misconception(
                "relative change",
                lambda data: lift(data, relative=True),
                "That is the relative change: so many per cent more. The question asks for percentage points, the "
                "plain difference of the two shares.",
            ),
            Misconception(
                "mean of the weeks",
                lambda data: lift(data, by_week=True),
                "You took the mean of the weeks' shares, so a week with few people counts as much as one with many. "
                "Pool the people first.",
            ),
        ),
        starter=(
            'named = answers.query("brand == @company.name and position > 0")["respondent_id"]\n'
            'table = people.assign(named=people["respondent_id"].isin(named), on_air=people["week"].map(____) > 0)'
        ),
        solution="Named and asked, summed over weeks with and without contacts; two shares, one difference.",
        code=(
            'people = crmkit.load("tracker_respondents")\n'
            'pressure = crmkit.load("brand_pressure").query("brand == '
            '@company.name").set_index("week")["contacts"]\n'
            'named = crmkit.load("tracker_answers").query("brand == @company.name and position > '
            '0")["respondent_id"]\n'
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
            "{company.words[discounter]} fell silent. How much of the unaided recall that it had in its weeks "
            "on air was "
            "left from {company.dates[silent]} on? (the later share as a per cent of the earlier one, two decimals)"
        ),
        goals=(1,),
        elsewhere="another brand",
        right="What is left after so long a silence is mostly its base: shops, bags and customers.",
        kind=Number(unit="%", tolerance=0.005),
        points=2,
        reference=lambda data: 100 * periods(data)[1] / periods(data)[0],
        hints=(
            "Two shares of people asked, then one divided by the other.",
            "On air: weeks with contacts above 0. Later: weeks from {company.dates[silent]} on.",
            "Take both as shares of all people asked; then divide the later one by the one on air.",
        ),
        misconceptions=(
            Misconception(
                "the later share itself",
                lambda data: 100 * periods(data)[1],
                "That is the share who name it later. What part is that of the earlier share?",
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
                "You counted everybody who knows the name when shown it. Named without help has `position` "
                "above 0.",
            ),
            Misconception(
                "all weeks before",
                lambda data: 100 * periods(data)[1] / periods(data, before="not late")[0],
                "Your earlier weeks are all before {company.dates[silent]}, silent ones among them. Keep the weeks "
                "with contacts of {company.words[discounter]}.",
            ),
            Misconception(
                "the company's weeks on air",
                lambda data: 100 * periods(data)[1] / periods(data, before="ours on air")[0],
                "Those are the weeks in which {company.name} was on air. Take the contacts of "
                "{company.words[discounter]}.",
            ),
        ),
        starter=(
            'rival = company.words["discounter"]\n'
            'named = answers.query("brand == @rival and position > 0")["respondent_id"]\n'
            'table = people.assign(named=people["respondent_id"].isin(named))\n'
            'later = table[table["week"] >= company.dates["silent"]][____].mean()'
        ),
        solution="Share named in weeks on air, share named from {company.dates[silent]} on, the second "
        "divided by the first.",
        code=(
            'people = crmkit.load("tracker_respondents")\n'
            'rival = company.words["discounter"]\n'
            'pressure = crmkit.load("brand_pressure").query("brand == @rival").set_index("week")["contacts"]\n'
            'named = crmkit.load("tracker_answers").query("brand == @rival and position > 0")\n'
            'named = named["respondent_id"]\n'
            'table = people.assign(named=people["respondent_id"].isin(named), '
            'contacts=people["week"].map(pressure))\n'
            'later = table[table["week"] >= company.dates["silent"]]["named"].mean()\n'
            'answer = 100 * later / table.query("contacts > 0")["named"].mean()'
        ),
    ),
    Question(
        id="44-3",
        title="What do you type into the planning tool?",
        level="change",
        prompt=(
            "Fit the model with **one** store (`Exponential()`) to your tracker with `fit_tracker`. Its "
            "`decay` is the rate "
            "in exp(-decay x weeks). A planning tool asks for the per cent that is *kept* from week to week. "
            "What do you "
            "type? (per cent, two decimals)"
        ),
        kind=Number(unit="%", tolerance=0.005),
        points=2,
        reference=kept,
        goals=(1, 2),
        right="Write the half-life beside it, so that nobody takes it for what is lost.",
        hints=(
            "After one week exp(-decay) of a trace is left.",
            "`memory, expected = fit_tracker(Exponential(), pressures, weekly_recall(pressures, people, answers))`",
            '`100 * np.exp(-memory.params_["decay"])`',
        ),
        misconceptions=(
            Misconception(
                "what is lost",
                lambda data: kept(data, "lost"),
                "That part is lost from week to week. The tool asks for the part that is kept.",
            ),
            Misconception(
                "the rate itself",
                lambda data: kept(data, "decay"),
                "That is the rate times 100. It holds for an instant only; over a week, exp(-decay) is kept.",
            ),
            Misconception(
                "one less the rate",
                lambda data: kept(data, "straight"),
                "One less the rate is near for slow decay, and wrong for fast decay: use exp(-decay).",
            ),
        ),
        starter="memory, expected = fit_tracker(____, pressures, weekly_recall(pressures, people, answers))",
        solution="Fit, then exp of the negative rate, in per cent.",
        code=(
            "import numpy as np\n"
            "from crmkit.brand import Exponential\n"
            "from crmkit.brand.tracker import fit_tracker, weekly_recall\n"
            'pressures = crmkit.load("brand_pressure")\n'
            'people, answers = crmkit.load("tracker_respondents"), crmkit.load("tracker_answers")\n'
            "weekly = weekly_recall(pressures, people, answers)\n"
            "memory, expected = fit_tracker(Exponential(), pressures, weekly)\n"
            'answer = 100 * np.exp(-memory.params_["decay"])'
        ),
    ),
    Question(
        id="44-4",
        title="Half the money, and one store",
        level="explore",
        prompt=(
            "The budget is cut to 23 contacts. Take the model of 44-3 with {company.name}'s base. How many "
            "percentage points "
            "more recall does a drip have at the **end** of the year than a burst? (two decimals)"
        ),
        kind=Number(unit="percentage points", tolerance=0.005),
        points=3,
        reference=drip_against_burst,
        goals=(3,),
        right="With one store the burst is forgotten by December. With two stores the difference has another size.",
        hints=(
            "`Exponential.known(**memory.params_, base=memory.bases_[company.name])` is the model for plans.",
            '`make_plan("drip", 23)` and `make_plan("burst", 23)`, then `compare_plans`.',
            "The column `end`, drip less burst, times 100.",
        ),
        misconceptions=(
            Misconception(
                "46 contacts",
                lambda data: drip_against_burst(data, contacts=46),
                "That is for 46 contacts. The budget has been cut.",
            ),
            Misconception(
                "the mean of the year",
                lambda data: drip_against_burst(data, "mean"),
                "You compared the means of the year. The question asks for its end.",
            ),
            Misconception(
                "the peak",
                lambda data: drip_against_burst(data, "peak"),
                "You compared the peaks. The question asks for the end of the year.",
            ),
            Misconception(
                "without the base",
                lambda data: drip_against_burst(data, base=False),
                "Your model has no base, as if {company.name} had no shops and no customers. "
                "Say `base=memory.bases_[company.name]`.",
            ),
            Misconception(
                "per cent for points",
                lambda data: drip_against_burst(data, relative=True),
                "That is how many per cent more the drip has. The question asks for percentage points: one share less "
                "the other.",
            ),
            Misconception(
                "burst less drip",
                lambda data: -drip_against_burst(data),
                "The right size, the other way round: drip less burst.",
            ),
        ),
        starter='plans = {kind: make_plan(kind, ____) for kind in ("drip", "burst")}',
        solution="The model with its base, two plans, one comparison.",
        code=(
            "from crmkit.brand import Exponential, compare_plans, make_plan\n"
            "from crmkit.brand.tracker import fit_tracker, weekly_recall\n"
            'pressures = crmkit.load("brand_pressure")\n'
            'people, answers = crmkit.load("tracker_respondents"), crmkit.load("tracker_answers")\n'
            "weekly = weekly_recall(pressures, people, answers)\n"
            "memory, expected = fit_tracker(Exponential(), pressures, weekly)\n"
            "model = Exponential.known(**memory.params_, base=memory.bases_[company.name])\n"
            'plans = {kind: make_plan(kind, 23) for kind in ("drip", "burst")}\n'
            'end = 100 * compare_plans(plans, model)["end"]\n'
            'answer = end["drip"] - end["burst"]'
        ),
    ),
    Question(
        id="44-5",
        title="Recalled before, bought after",
        level="explore",
        prompt=(
            "In the panel: how many percentage points more often does somebody buy who named {company.name} in the "
            "interview *before*, without (`project` 0) and with (`project` 1) a project going on? Columns "
            "`project` and "
            "`points`."
        ),
        goals=(4,),
        right="Within each kind the difference is smaller than over everybody: the project drove part of it.",
        kind=Table(key="project", columns={"points": 0.05}, units={"points": "percentage points"}),
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
                "recall of the same wave, all waves",
                lambda data: by_project(data.load("brand_panel"), "recalled", "bought"),
                "You used the recall of the same interview, which came *after* the purchase. `add_lags` brings the "
                "recall of the interview before into the row.",
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
        id="44-6",
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
                "week from week 12 to "
                "20 (18), then 28 spread evenly over the 32 weeks to the end: together 46. By a model with one "
                "store this gives "
                "{figure.peak} in week 20, where the plan for the peak alone would reach {figure.best}, and "
                "{figure.end} in the "
                "last week instead of {figure.best_end}. I do not take the mean of one year as a goal: its "
                "best plan buys "
                "nothing in the last months, and January would pay for it. Recall comes before buying in our "
                "panel by a few "
                "points only, so I would keep two towns silent in autumn to see what it is worth."
            ),
            figures=_figures,
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
                "Only this question leaves no second meaning.",
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
        "In a tracker, people who recall a brand buy it three times as often. What does that show about "
        "advertising?",
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
