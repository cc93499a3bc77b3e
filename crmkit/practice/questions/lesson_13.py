"""Lesson 13: the house of quality, believed and measured."""

from __future__ import annotations

from typing import Any

import pandas as pd

from crmkit.mix import (
    BestWorstModel,
    as_matrix,
    estimate_effects,
    gaps,
    lever_certainty,
    lever_importance,
    team_house,
    to_9_3_1,
)
from crmkit.practice.kinds import Choice, Number, Plan, Table
from crmkit.practice.question import (
    Misconception,
    Option,
    Prediction,
    Question,
    QuizQuestion,
    Tables,
)

TITLE = "House of quality"
FIRST = 60  # prototypes that question 13-6 keeps
LETTERS = {"quality": "a", "kit": "b", "staff": "c", "guides": "d"}


def names(data: Tables) -> tuple[list[str], list[str]]:
    """Needs and levers of the learner's company."""
    return list(data.load("needs")["need"]), list(data.load("levers")["lever"])


def effects(data: Tables, *, first: int | None = None, **options: Any) -> pd.DataFrame:
    """Effects of all levers on all needs, from the prototypes."""
    return estimate_effects(data.load("prototype_ratings").head(first), *names(data), **options)


def _on(found: pd.DataFrame, need: str = "ready", times: float = 1.0) -> pd.DataFrame:
    part = found[found["need"] == need][["lever", "effect"]]
    return part.assign(effect=times * part["effect"])


def _correlations(data: Tables) -> pd.DataFrame:
    tried = data.load("prototype_ratings")
    together = tried[names(data)[1]].corrwith(tried["meets_ready"])
    return together.rename("effect").rename_axis("lever").reset_index()


def _believed(data: Tables) -> pd.DataFrame:
    row = team_house(*names(data)).loc["ready"]
    return row.rename("effect").rename_axis("lever").reset_index()


def _ends(data: Tables) -> pd.DataFrame:
    tried = data.load("prototype_ratings")
    return pd.DataFrame(
        [
            (lever, (mark[5] - mark[1]) / 7)
            for lever in names(data)[1]
            for mark in [tried.groupby(lever)["meets_ready"].mean()]
        ],
        columns=["lever", "effect"],
    )


def _true_weights(data: Tables) -> pd.Series:
    return data.load_truth("needs").groupby("need")["weight"].mean()


def _of_cards(data: Tables) -> pd.Series:
    found = BestWorstModel().fit(data.load("best_worst_tasks")).utilities_
    return found.set_index("item")["share"]


def _equal(data: Tables) -> pd.Series:
    return pd.Series(1.0, index=names(data)[0])


def _shares(matrix: pd.DataFrame, weights: pd.Series) -> pd.DataFrame:
    out = lever_importance(matrix, weights.reindex(matrix.index))[["lever", "share"]]
    return out.assign(share=100 * out["share"])


def behind(
    data: Tables, column: str = "delivery", *, by: str = "weighted_gap", turned: bool = False
) -> pd.DataFrame:
    """The three needs in which the rival with the highest `column` is most ahead."""
    house = as_matrix(effects(data)).drop(columns="low_price").drop(index="affordable")
    offers = data.load("market_offers")
    pair = [offers.iloc[0], offers.loc[offers[column].idxmax()]]
    found = gaps(house, _true_weights(data).drop("affordable"), *(pair[::-1] if turned else pair))
    return found.sort_values(by, kind="stable").head(3)[["need", "weighted_gap"]]


def _gaps_alone(data: Tables) -> pd.DataFrame:
    house = as_matrix(effects(data)).drop(columns="low_price").drop(index="affordable")
    offers = data.load("market_offers")
    rival = offers.loc[offers["delivery"].idxmax()]
    found = gaps(house, _true_weights(data).drop("affordable"), offers.iloc[0], rival)
    return (
        found.sort_values("gap", kind="stable")
        .head(3)[["need", "gap"]]
        .rename(columns={"gap": "weighted_gap"})
    )


def _of_cell(data: Tables, first: int | None = FIRST, need: str = "safe") -> pd.Series:
    """What so many prototypes say of guides and one need."""
    found = effects(data, first=first)
    return found[(found["need"] == need) & (found["lever"] == "guides")].iloc[0]


def width(data: Tables, first: int | None = FIRST, need: str = "safe") -> float:
    """Width of the interval of that cell."""
    cell = _of_cell(data, first, need)
    return float(cell["high"] - cell["low"])


def app(
    data: Tables,
    *,
    harm: int = -3,
    weights: pd.Series | None = None,
    column: str = "share",
    lever: str = "app",
) -> float:
    """Share of importance (%) of question 13-5's ninth lever in the team's house."""
    house = team_house(*names(data)).assign(app=0)
    house.loc[["quick", "nearby", "instructions", "advice"], "app"] = [9, 3, 1, harm]
    found = lever_importance(house, _true_weights(data) if weights is None else weights)
    return 100 * float(found.set_index("lever").loc[lever, column])


def figures_of_the_answer(data: Tables) -> dict[str, str]:
    """Effects and importance of quality and staff, from the learner's own prototypes."""
    found = effects(data).set_index(["need", "lever"])
    sure = lever_certainty(
        data.load("prototype_ratings"), data.load_truth("needs"), names(data)[1]
    ).set_index("lever")
    out = {
        lever: f"{row['share']:.0%} (95 % interval {row['low']:.0%} to {row['high']:.0%})"
        for lever, row in sure.loc[["quality", "staff"]].iterrows()
    }
    for name, cell in {
        "fit_staff": ("fit", "staff"),
        "fit_quality": ("fit", "quality"),
        "ready": ("ready", "quality"),
        "quick": ("quick", "staff"),
    }.items():
        out[name] = f"{found.loc[cell, 'effect']:.2f}"
    return out


PREDICTIONS = [
    Prediction(
        id="13-a",
        prompt=(
            "Which of these levers, pulled from level 1 to 5, adds most to `fit`: that the set does exactly the job?"
        ),
        kind=Choice(
            {
                "a": "quality (better steel)",
                "b": "kit (more in the box)",
                "c": "staff (time to ask and to explain)",
                "d": "guides (instructions, films, a help line)",
            }
        ),
        answer=lambda data: LETTERS[
            _on(effects(data), "fit").set_index("lever")["effect"].loc[list(LETTERS)].idxmax()
        ],
        why=(
            "Many people say quality, because they think of the product. But whether a set fits the job is decided "
            "before anybody touches it: by whether somebody asks what it is for."
        ),
    ),
    Prediction(
        id="13-c",
        prompt=(
            "The house has 96 cells. In how many of them did the team write 0, although the data see a clear effect "
            "(help or harm)?"
        ),
        kind=Number(unit="of 96", tolerance=2),
        answer=None,
        why=(
            "A team knows what each lever is *for*, so the nines are mostly right. Side effects and harms are "
            "forgotten: few cells, and some of them large."
        ),
    ),
]

QUESTIONS = [
    Question(
        id="13-1",
        title="What makes a set ready to use?",
        level="fill in",
        goals=(2,),
        elsewhere="another need",
        right="One of these numbers is negative: without it, the team would pay for a lever that also does harm.",
        prompt=(
            "What does each lever, pulled all the way from 1 to 5, add to how far the need `ready` is met (0 to 1)? "
            "Estimate it from the prototypes, all levers at once. Give `lever` and `effect`. (three decimals)"
        ),
        kind=Table(key="lever", columns={"effect": 0.0005}),
        points=1,
        reference=lambda data: _on(effects(data)),
        hints=(
            "A straight line of the mark on the levels of all eight levers at once.",
            "`mix.estimate_effects(prototypes, needs, names)` does it for every need, as in the lesson.",
            "Keep the rows with `need == 'ready'` and the columns `lever` and `effect`.",
        ),
        misconceptions=(
            Misconception(
                "the lesson's need",
                lambda data: _on(effects(data), "fit"),
                "Those are the effects on `fit`, as in the lesson. Which need was asked for?",
            ),
            Misconception(
                "one step for the whole way",
                lambda data: _on(effects(data), times=0.25),
                "That is the effect of one step. From 1 to 5 there are four.",
            ),
            Misconception(
                "takes 1 and 10 for the ends",
                lambda data: _on(effects(data, ends=(1.0, 10.0))),
                "You read 1 as not at all and 10 as wholly. People avoid the ends: 2 and 9 are what they use.",
            ),
            Misconception(
                "means at both ends",
                _ends,
                "You compared the mean marks at levels 1 and 5, which leaves out all other prototypes. Use the line "
                "through all of them.",
            ),
            Misconception(
                "correlation for effect",
                _correlations,
                "Those are correlations. They say how closely two columns go together, not how much a lever adds.",
            ),
            Misconception(
                "points of the mark",
                lambda data: _on(effects(data), times=7.0),
                "Those are points of the mark, which runs from 2 to 9. On the scale from 0 to 1 they are a seventh.",
            ),
            Misconception(
                "the team's beliefs",
                _believed,
                "That is the row of the team's house, what it believes. What do the prototypes say?",
            ),
        ),
        starter='answer = effects[effects["need"] == ____][["lever", "effect"]]',
        solution="estimate_effects for all needs and levers, then the rows of ready.",
        code=(
            "from crmkit.mix import estimate_effects\n"
            'needs, names = list(crmkit.load("needs")["need"]), list(crmkit.load("levers")["lever"])\n'
            'effects = estimate_effects(crmkit.load("prototype_ratings"), needs, names)\n'
            'answer = effects.query("need == \'ready\'")[["lever", "effect"]]'
        ),
    ),
    Question(
        id="13-5",
        title="A ninth lever",
        level="fill in",
        goals=(1,),
        elsewhere="a ninth lever",
        right="A lever that serves several needs a little may weigh as much as one that serves a single need strongly.",
        prompt=(
            "The shop managers propose a ninth lever: an `app` to reserve sets. They believe that it serves `quick` "
            "strongly and `nearby` somewhat, `instructions` weakly, and that it harms `advice` somewhat. Fill in this "
            "column beside the team's eight. With the lesson's weights, what share of the importance would `app` have, "
            "in per cent? (three decimals)"
        ),
        kind=Number(unit="%", tolerance=0.0005),
        points=1,
        truth=("needs",),
        reference=app,
        hints=(
            "A ninth column: 9, 3, 1, and -3 for the harm; 0 everywhere else.",
            '`bigger = team.assign(app=0)`, then `bigger.loc["quick", "app"] = 9`, and so on.',
            "`mix.lever_importance(bigger, weights)` has the column `share`; times 100.",
        ),
        misconceptions=(
            Misconception(
                "the importance itself",
                lambda data: app(data, column="importance") / 100,
                "That is the importance of the app. What part is it of the importance of all nine levers?",
            ),
            Misconception(
                "takes harm for help",
                lambda data: app(data, harm=3),
                "You added the harm. The app harms `advice`: that cell is -3.",
            ),
            Misconception(
                "leaves out the harm",
                lambda data: app(data, harm=0),
                "You left the harm out. The app harms `advice` somewhat: -3.",
            ),
            Misconception(
                "all needs weigh the same",
                lambda data: app(data, weights=_equal(data)),
                "In your house every need weighs the same. Multiply each row by the weight of its need.",
            ),
            Misconception(
                "another lever",
                lambda data: app(data, lever="delivery"),
                "That is `delivery`, which serves `quick` as well. The question asks about `app`.",
            ),
        ),
        starter=(
            "bigger = team.assign(app=0)\n"
            'bigger.loc[["quick", "nearby", "instructions", "advice"], "app"] = ____'
        ),
        solution="One column with four cells, the weights, and the share of one lever.",
        code=(
            "from crmkit.mix import lever_importance, team_house\n"
            'needs, names = list(crmkit.load("needs")["need"]), list(crmkit.load("levers")["lever"])\n'
            "bigger = team_house(needs, names).assign(app=0)\n"
            'bigger.loc[["quick", "nearby", "instructions", "advice"], "app"] = [9, 3, 1, -3]\n'
            'weights = crmkit.load_truth("needs").groupby("need")["weight"].mean()\n'
            'found = lever_importance(bigger, weights).set_index("lever")\n'
            'answer = 100 * found.loc["app", "share"]'
        ),
    ),
    Question(
        id="13-2",
        title="Whose weights?",
        level="change",
        goals=(1,),
        elsewhere="weights from the cards",
        right="Other weights, another order: say beside every house whose weights it uses.",
        prompt=(
            "The lesson took its weights from the truth, which no company has. Take those of the best-worst cards: fit "
            "`BestWorstModel` (lesson 12), whose column `share` is the weight. With the measured effects as the house "
            "(not rounded), what share of the importance has each lever? Give `lever` and `share` in per cent. (one "
            "decimal)"
        ),
        kind=Table(key="lever", columns={"share": 0.05}, units={"share": "%"}),
        points=2,
        truth=("needs",),
        reference=lambda data: _shares(as_matrix(effects(data)), _of_cards(data)),
        hints=(
            "Weights first: `mix.BestWorstModel().fit(cards).utilities_`, one row per need (`item`).",
            "`mix.as_matrix` turns the long table of effects into needs by levers.",
            "`mix.lever_importance(mix.as_matrix(effects), weights)`, its column `share`, times 100.",
        ),
        misconceptions=(
            Misconception(
                "the true weights",
                lambda data: _shares(as_matrix(effects(data)), _true_weights(data)),
                "Those are the true weights, as in the lesson. Take the weights from the cards.",
            ),
            Misconception(
                "all needs weigh the same",
                lambda data: _shares(as_matrix(effects(data)), _equal(data)),
                "In your house every need weighs the same. Customers do not see it so: use the weights.",
            ),
            Misconception(
                "rounds to 9-3-1",
                lambda data: _shares(to_9_3_1(as_matrix(effects(data))), _of_cards(data)),
                "You rounded the effects to 9, 3 and 1 first. Use them as they were measured.",
            ),
            Misconception(
                "takes harm for help",
                lambda data: _shares(as_matrix(effects(data)).abs(), _of_cards(data)),
                "Your harms count as help: the minus signs are gone. A lever that harms a need loses importance.",
            ),
            Misconception(
                "the team's house",
                lambda data: _shares(team_house(*names(data)), _of_cards(data)),
                "That is the house of the team. Use the measured one.",
            ),
        ),
        starter='cards_say = mix.BestWorstModel().fit(cards).utilities_.set_index("item")["____"]',
        solution="Effects as a matrix, weights from the cards, lever_importance, share times 100.",
        code=(
            "from crmkit.mix import BestWorstModel, as_matrix, estimate_effects, lever_importance\n"
            'needs, names = list(crmkit.load("needs")["need"]), list(crmkit.load("levers")["lever"])\n'
            'house = as_matrix(estimate_effects(crmkit.load("prototype_ratings"), needs, names))\n'
            'weights = BestWorstModel().fit(crmkit.load("best_worst_tasks")).utilities_.set_index("item")["share"]\n'
            "out = lever_importance(house, weights)\n"
            'answer = out.assign(share=100 * out["share"])[["lever", "share"]]'
        ),
    ),
    Question(
        id="13-6",
        title="With sixty prototypes",
        level="explore",
        goals=(3,),
        elsewhere="the first sixty prototypes",
        right=(
            "A tenth of the prototypes, and an interval about three times as wide: large effects are still found, "
            "small ones are not."
        ),
        prompt=(
            "The team overlooked that `guides` serve `safe`. How sure would that be with only the first 60 rows of the "
            "prototypes? Estimate the effects from these, and give the width of the 95 % interval of this cell (upper "
            "less lower end). (three decimals)"
        ),
        kind=Number(unit="on the scale from 0 to 1", tolerance=0.0005),
        points=2,
        reference=width,
        hints=(
            "First choose the rows, then estimate as in the lesson.",
            "`mix.estimate_effects(prototypes.head(60), needs, names)`",
            "Keep the row with `need == 'safe'` and `lever == 'guides'`; its `high` less its `low`.",
        ),
        misconceptions=(
            Misconception(
                "all prototypes",
                lambda data: width(data, None),
                "That is with all prototypes. Take the first 60 rows.",
            ),
            Misconception(
                "half of the interval",
                lambda data: width(data) / 2,
                "That is one half of the interval, from the estimate to one end. Give both halves.",
            ),
            Misconception(
                "four standard errors",
                lambda data: 3.92 * _of_cell(data)["se"],
                "You took 1.96 standard errors to either side. With so few customers it has to be a little more: use "
                "`low` and `high`.",
            ),
            Misconception(
                "the standard error",
                lambda data: _of_cell(data)["se"],
                "That is the standard error. How far are the two ends of the interval apart?",
            ),
            Misconception(
                "the effect",
                lambda data: _of_cell(data)["effect"],
                "That is the effect. How far are the two ends of its interval apart?",
            ),
            Misconception(
                "another need",
                lambda data: width(data, need="fit"),
                "That is the effect on `fit`. The question asks about `safe`.",
            ),
        ),
        starter="few = mix.estimate_effects(prototypes.head(____), needs, names)",
        solution="Sixty rows, the effects, one cell, and the width of its interval.",
        code=(
            "from crmkit.mix import estimate_effects\n"
            'needs, names = list(crmkit.load("needs")["need"]), list(crmkit.load("levers")["lever"])\n'
            'few = estimate_effects(crmkit.load("prototype_ratings").head(60), needs, names)\n'
            "cell = few.query(\"need == 'safe' and lever == 'guides'\").iloc[0]\n"
            'answer = cell["high"] - cell["low"]'
        ),
    ),
    Question(
        id="13-7",
        title="Against the fastest rival",
        level="explore",
        goals=(4,),
        elsewhere="another rival",
        right="Against each rival we lack something else: choose first whose customers you want to win.",
        prompt=(
            "The lesson compared our set with the most expensive rival. Take the rival with the highest "
            "`delivery`. For which "
            "three needs is it most ahead of us? Give `need` and `weighted_gap`. (three decimals, negative)"
        ),
        kind=Table(key="need", columns={"weighted_gap": 0.0005}),
        points=3,
        truth=("needs",),
        reference=behind,
        hints=(
            "Only the rival changes; house and weights are those of the lesson, without the price: `without_price`.",
            '`fastest = offers.loc[offers["delivery"].idxmax()]`',
            "`mix.gaps(without_price, weights[without_price.index], ours, fastest)` is sorted: the first three rows.",
        ),
        misconceptions=(
            Misconception(
                "the most expensive rival",
                lambda data: behind(data, "price"),
                "That is the most expensive rival, as in the lesson. Take the one with the highest `delivery`.",
            ),
            Misconception(
                "the gaps before weighing",
                _gaps_alone,
                "Those are gaps before weighing. `weighted_gap` multiplies each by what the need weighs.",
            ),
            Misconception(
                "turned round",
                lambda data: behind(data, turned=True),
                "You gave the rival first. The gap is ours less the rival's, so what we lack has a minus.",
            ),
            Misconception(
                "without weights",
                lambda data: behind(data, by="gap"),
                "Those are the largest gaps before weighing. A gap in a need that weighs little costs little.",
            ),
        ),
        starter='fastest = offers.loc[offers["____"].idxmax()]',
        solution="Another rival, the same house: the first three rows of gaps.",
        code=(
            "from crmkit.mix import as_matrix, estimate_effects, gaps\n"
            'needs, names = list(crmkit.load("needs")["need"]), list(crmkit.load("levers")["lever"])\n'
            'house = as_matrix(estimate_effects(crmkit.load("prototype_ratings"), needs, names))\n'
            'house = house.drop(columns="low_price").drop(index="affordable")\n'
            'weights = crmkit.load_truth("needs").groupby("need")["weight"].mean().drop("affordable")\n'
            'offers = crmkit.load("market_offers")\n'
            'fastest = offers.loc[offers["delivery"].idxmax()]\n'
            'answer = gaps(house, weights, offers.iloc[0], fastest).head(3)[["need", "weighted_gap"]]'
        ),
    ),
    Question(
        id="13-4",
        title="Steel or staff?",
        level="decide",
        goals=(3, 4),
        prompt=(
            "The engineers want better steel, the shop managers want more staff, and there is money for one of the "
            "two. What does the house say? Write the recommendation to the board."
        ),
        kind=Plan(
            rubric={
                "starts from needs and their weights, not from the lever": 1,
                "compares the two levers with figures of the measured house": 1,
                "names the conflict that each lever brings (ready, quick)": 1,
                "says how sure the figures are, and what the house does not know (cost, rivals)": 1,
            },
            model=(
                "Staff. That the set fits the job weighs much for customers, and `fit` depends on staff who ask "
                "({figure.fit_staff} on the way from level 1 to 5), far more than on steel ({figure.fit_quality}). "
                "Over all needs, staff have {figure.staff} of the importance, quality {figure.quality}; the intervals "
                "come from drawing the customers again with replacement. Each lever has a price besides money: "
                "steel makes the set less "
                "ready to use ({figure.ready}), staff make the purchase less quick ({figure.quick}). So I would let "
                "customers book a clerk. The house says nothing about costs or about what rivals will do: before "
                "we spend "
                "the money for a year, I would try both in a few shops, chosen at random."
            ),
            figures=figures_of_the_answer,
            minimum_words=40,
        ),
        points=4,
        truth=("needs",),
        hints=("Which needs does each of the two levers serve, and how heavy are they?",),
    ),
]


QUIZ = [
    QuizQuestion(
        "In a company's past products, better steel always came with better staff. What does a straight line through "
        "their marks say about steel?",
        [
            Option(
                "Its true effect", "Only levers set apart from each other show their own effects."
            ),
            Option(
                "Nothing reliable: it cannot be told from the effect of the staff",
                "Levers that always move together get each other's credit. Chance must set them.",
                right=True,
            ),
            Option(
                "That it has none", "It may have, and hide behind staff, or the other way round."
            ),
        ],
    ),
    QuizQuestion(
        "A team fills in a house, and the bottom row comes out with two decimals. How good are these numbers?",
        [
            Option("Exact: they were computed", "The computation is exact. What went in was not."),
            Option(
                "As good as the beliefs in the cells and the weights",
                "The house passes beliefs on, right or wrong.",
                right=True,
            ),
            Option("Worthless", "A house shows a team where it disagrees, and what to measure."),
        ],
    ),
    QuizQuestion(
        "Better steel makes a set last longer, and heavier, so that it is less ready to use. What is that?",
        [
            Option(
                "A reason to leave the steel as it is",
                "Perhaps. But first try to solve it by design, such as a lighter steel.",
            ),
            Option(
                "A conflict: one lever serves a need that another one harms",
                "Kit and guides serve `ready`, and steel harms it. Overlooked, it is paid for twice.",
                right=True,
            ),
            Option(
                "The roof of the house",
                "The roof says which levers disturb each other technically, whatever the needs.",
            ),
        ],
    ),
    QuizQuestion(
        "Two levers have 17 % and 16 % of the importance, each with an interval of about three points. Which one comes "
        "first?",
        [
            Option("The one with 17 %", "Other customers might have turned the order round."),
            Option(
                "The data do not say",
                "The intervals overlap: let costs decide, or measure more.",
                right=True,
            ),
            Option("Both are unimportant", "Among eight levers, 17 % is much."),
        ],
    ),
]
