"""Lesson 68: no one way of talking wins every conversation."""

from __future__ import annotations

import pandas as pd

from crmkit.brand import Gains, fit_delta_rule
from crmkit.practice.kinds import Number, Plan
from crmkit.practice.question import (
    Misconception,
    Option,
    Prediction,
    Question,
    QuizQuestion,
    Tables,
)
from crmkit.relations import (
    all_paths,
    by_style,
    compare_styles,
    mean_score,
    play,
    read_scene,
    scene_names,
)

TITLE = "No one way of talking wins every conversation"


def gains(data: Tables) -> pd.DataFrame:
    """What moves trust, from the reader's own diaries."""
    return fit_delta_rule(data.load("diaries"), data.load("diary_people"))


def gives_in_best(data: Tables) -> float:
    """In how many scenes always giving in finds the best way."""
    table = compare_styles([read_scene(name) for name in scene_names()], gains(data))
    return float((table["best"] - table["gives in"] < 1e-9).sum())


def friendly_beats_chance(data: Tables) -> float:
    """In how many scenes the friendliest does better than somebody who picks at random."""
    table = compare_styles([read_scene(name) for name in scene_names()], gains(data))
    return float((table["friendliest"] > table["at random"]).sum())


def after_talk(data: Tables, how: str = "") -> float:
    """Trust of Tom Reyes after the way "bab"; `how`: a wrong way."""
    found = gains(data).set_index("parameter")["estimate"]
    scene = read_scene("changed_mind")
    moved = Gains(found["message"], found["good"], found["bad"])
    if how == "one gain":
        moved = Gains(found["message"], found["good"], found["good"])
    if how == "swapped":
        moved = Gains(found["message"], found["bad"], found["good"])
    state = play(scene, "ba" if how == "last forgotten" else "bab", moved)
    if how == "mean":
        return float(sum(choice.rating for _, choice in state.said) / len(state.said))
    if how == "change":
        return state.trust - scene.trust
    return state.trust


def at_random(data: Tables, how: str = "") -> float:
    """Mean score of somebody who picks at random while the telephone rings; `how`: a wrong way."""
    paths = all_paths(read_scene("call_in_meeting"), gains(data))
    if how == "unweighted":
        return float(paths["score"].mean())
    if how == "likeliest":
        return float(paths["score"].median())
    if how == "best":
        return float(paths["score"][0])
    if how == "money":
        return float((paths["money"] * paths["chance"]).sum())
    return mean_score(paths)


def behind(data: Tables, how: str = "") -> float:
    """How much the quickest is behind the best way with Olga Brandt; `how`: a wrong way."""
    scene, moved = (
        read_scene("our_mistake" if how == "another scene" else "dissatisfied"),
        gains(data),
    )
    paths = all_paths(scene, moved)
    best = paths.iloc[0]
    habit = by_style(scene, "gives in" if how == "gives in" else "quickest", moved)
    if how == "random":
        return mean_score(paths) - habit.score
    if how == "score":
        return habit.score
    if how == "minutes forgotten":
        saved = float(best["minutes"]) - habit.minutes
        return float(best["score"] - habit.score + scene.minute * saved)
    if how == "trust":
        return float(best["trust"] - habit.trust)
    return float(best["score"] - habit.score)


def break_even(data: Tables, how: str = "") -> float:
    """Worth of a point from which the friendliest way pays better than "bab"; `how`: a wrong way."""
    scene, moved = read_scene("changed_mind"), gains(data)
    firm, kind = play(scene, "bab", moved), by_style(scene, "friendliest", moved)
    minute = 0.0 if how == "minutes forgotten" else scene.minute
    cost = firm.money - kind.money + minute * (kind.minutes - firm.minutes)
    if how == "money forgotten":
        cost = minute * (kind.minutes - firm.minutes)
    if how == "scores":
        return float((firm.score - kind.score) / (kind.trust - firm.trust))
    if how == "gain from the start":
        return float(cost / (kind.trust - scene.trust))
    if how == "cost":
        return float(cost)
    return float(cost / (kind.trust - firm.trust))


def _figures(data: Tables) -> dict[str, str]:
    table = compare_styles([read_scene(name) for name in scene_names()], gains(data))
    behind = table["best"] - table["gives in"]
    money = data.company.money
    return {
        "count": f"{gives_in_best(data):.0f}",
        "all": f"{len(table)}",
        "price": money(behind["price_pressure"]),
        "mistake": money(behind["our_mistake"]),
        "mean": money(behind.mean()),
        "value": f"{money(break_even(data))}",
    }


_GAINS = (
    "from crmkit import brand, relations\n"
    'gains = brand.fit_delta_rule(crmkit.load("diaries"), crmkit.load("diary_people"))\n'
)

PREDICTIONS = [
    Prediction(
        id="68-a",
        prompt="Somebody gives in wherever the customer demands something, and is friendly elsewhere. In how many of "
        "the eight scenes is no other way better?",
        kind=Number(unit="scenes", tolerance=1),
        answer=gives_in_best,
        why="Giving in pleases at once, and the cost comes later. Those who see only the customer's face guess too "
        "high.",
    ),
    Prediction(
        id="68-b",
        prompt="Somebody always gives the friendliest answer. Add up trust, time and money: in how many of the eight "
        "scenes is this better than the average of somebody who picks answers at random?",
        kind=Number(unit="scenes", tolerance=1),
        answer=friendly_beats_chance,
        why="Friendliness wins trust, and it takes minutes and money. Where a minute costs much, or a demand is large, "
        "even chance does better.",
    ),
]

QUESTIONS = [
    Question(
        id="68-1",
        title="A no with a we",
        level="fill in",
        goals=(1,),
        prompt="Tom Reyes wants to give back a shelf that was cut for him (scene `changed_mind`). You answer *b*, "
        "then *a*, then *b*. What is his trust at the end? (0 to 10, four decimals)",
        kind=Number(unit="points of trust", tolerance=0.00005),
        points=1,
        reference=after_talk,
        right="He did not get his money, and his trust is higher than before: the no was short, and the help was real.",
        hints=(
            '`relations.read_scene("changed_mind")` reads the scene, `relations.play` plays it.',
            "`relations.play` takes scene, letters and gains, and gives a state. The trust is its `.trust`.",
            '`relations.play(relations.read_scene("changed_mind"), "bab", gains).trust`',
        ),
        misconceptions=(
            Misconception(
                "one gain for all surprises",
                lambda data: after_talk(data, "one gain"),
                "You moved trust by the same share each time. Was the first answer better or worse than he expected?",
            ),
            Misconception(
                "gains the wrong way round",
                lambda data: after_talk(data, "swapped"),
                "You took the share of bad surprises for the good ones, and the other way round.",
            ),
            Misconception(
                "last answer forgotten",
                lambda data: after_talk(data, "last forgotten"),
                "That is his trust after two answers. There are three.",
            ),
            Misconception(
                "mean of the ratings",
                lambda data: after_talk(data, "mean"),
                "That is the mean quality of the three answers. Trust moves towards each of them by a share only.",
            ),
            Misconception(
                "the change",
                lambda data: after_talk(data, "change"),
                "That is how far his trust moved. The question asks where it is at the end.",
            ),
        ),
        starter='state = relations.play(relations.read_scene("changed_mind"), "____", gains)',
        solution="Play the three answers, and read the trust.",
        code=_GAINS
        + 'answer = relations.play(relations.read_scene("changed_mind"), "bab", gains).trust',
    ),
    Question(
        id="68-2",
        title="Chance while the telephone rings",
        level="change",
        goals=(2, 3),
        prompt="You plan a guest house with Mei Chen, and your telephone rings (scene `call_in_meeting`). What does "
        "somebody score on average who picks every answer at random? ({company.symbol}, two decimals)",
        kind=Number(unit="{company.symbol}", tolerance=0.005),
        points=2,
        reference=at_random,
        right="This mean is what a habit has to beat before one may call it a skill.",
        hints=(
            "`relations.all_paths` lists all ways of a scene with their score and chance.",
            "Not every way is as likely as every other: weigh the scores by `chance`.",
            '`(paths["score"] * paths["chance"]).sum()`, or `relations.mean_score(paths)`',
        ),
        misconceptions=(
            Misconception(
                "all ways alike",
                lambda data: at_random(data, "unweighted"),
                "You gave each way the same weight. Somebody who picks at random goes some ways more often than "
                "others: where an answer stands among two, it is taken more often than among three.",
            ),
            Misconception(
                "the middle way",
                lambda data: at_random(data, "likeliest"),
                "That is the middle of all ways. The question asks for a mean.",
            ),
            Misconception(
                "the best way",
                lambda data: at_random(data, "best"),
                "That is the best way. Chance rarely finds it.",
            ),
            Misconception(
                "money only",
                lambda data: at_random(data, "money"),
                "That is the money alone. The score counts trust and minutes too.",
            ),
        ),
        starter='paths = relations.all_paths(relations.read_scene("____"), gains)',
        solution="All ways, each score weighed by its chance, added up.",
        code=_GAINS
        + 'paths = relations.all_paths(relations.read_scene("call_in_meeting"), gains)\n'
        'answer = (paths["score"] * paths["chance"]).sum()',
    ),
    Question(
        id="68-3",
        title="Quick with a dissatisfied customer",
        level="explore",
        goals=(3,),
        prompt="Olga Brandt's paint is peeling (scene `dissatisfied`). How much is somebody who always gives the "
        "quickest answer behind the best way? ({company.symbol}, two decimals, above zero)",
        kind=Number(unit="{company.symbol}", tolerance=0.005),
        points=2,
        reference=behind,
        right="The quickest saves about twelve minutes, worth less than {company.symbol}8 here, and ends with "
        "three to four points of trust less.",
        hints=(
            '`relations.by_style(scene, "quickest", gains)` plays the habit; its `.score` is the score.',
            "The best way stands first in `relations.all_paths(scene, gains)`, column `score`.",
            '`paths["score"][0] - relations.by_style(scene, "quickest", gains).score`',
        ),
        misconceptions=(
            Misconception(
                "behind chance",
                lambda data: behind(data, "random"),
                "That is the distance to somebody who picks at random. Compare with the best way.",
            ),
            Misconception(
                "the score alone",
                lambda data: behind(data, "score"),
                "That is the score of the quickest. How far is it from the best one?",
            ),
            Misconception(
                "the habit of giving in",
                lambda data: behind(data, "gives in"),
                "That is how far somebody is behind who always gives in.",
            ),
            Misconception(
                "minutes forgotten",
                lambda data: behind(data, "minutes forgotten"),
                "You did not count the minutes. The quickest saves some, and these are worth something.",
            ),
            Misconception(
                "points of trust",
                lambda data: behind(data, "trust"),
                "That is how much less trust is left, in points. What is a point worth, and what do the minutes cost?",
            ),
            Misconception(
                "another scene",
                lambda data: behind(data, "another scene"),
                "That is the scene of our mistake. Take `dissatisfied`.",
            ),
        ),
        starter='scene = relations.read_scene("dissatisfied")\nhabit = relations.by_style(scene, "____", gains)',
        solution="The best score of all ways, less the score of the habit.",
        code=_GAINS + 'scene = relations.read_scene("dissatisfied")\n'
        'best = relations.all_paths(scene, gains)["score"].max()\n'
        'answer = best - relations.by_style(scene, "quickest", gains).score',
    ),
    Question(
        id="68-4",
        title="A customer who stays",
        level="explore",
        goals=(2, 4),
        prompt="Tom Reyes may stay for good. Compare two ways through `changed_mind`: *bab*, and that of the "
        "friendliest. From which worth of a point of his trust on does the friendliest way score higher? "
        "({company.symbol} a point, two decimals)",
        kind=Number(unit="{company.symbol}", tolerance=0.005),
        points=3,
        reference=break_even,
        right="Compare it with the 7 of a customer who leaves after a year, and with the 70 of a builder: for hardly "
        "anybody here is it worth taking back cut wood.",
        hints=(
            "What does the friendliest way cost more, in money and in minutes? What does it win more, in trust?",
            "The two ways score the same where worth times the trust won equals what it costs more.",
            "`(firm.money - kind.money + scene.minute * (kind.minutes - firm.minutes)) / (kind.trust - firm.trust)`",
        ),
        misconceptions=(
            Misconception(
                "minutes forgotten",
                lambda data: break_even(data, "minutes forgotten"),
                "You counted the money. The friendliest way takes more minutes too.",
            ),
            Misconception(
                "money forgotten",
                lambda data: break_even(data, "money forgotten"),
                "You counted the minutes. The money that was given back counts too.",
            ),
            Misconception(
                "trust won since the beginning",
                lambda data: break_even(data, "gain from the start"),
                "You divided by all the trust that the friendliest way wins. The other way wins some as well.",
            ),
            Misconception(
                "scores in place of costs",
                lambda data: break_even(data, "scores"),
                "You divided the difference of the scores. A score holds a worth of trust already, the 7 of today. "
                "Take money and minutes only.",
            ),
            Misconception(
                "the cost alone",
                lambda data: break_even(data, "cost"),
                "That is what the friendliest way costs more. Divide it by the trust that it wins more.",
            ),
        ),
        starter='scene = relations.read_scene("changed_mind")\n'
        'firm, kind = relations.play(scene, "bab", gains), relations.by_style(scene, "____", gains)',
        solution="What it costs more, in money and minutes, divided by the trust that it wins more.",
        code=_GAINS + 'scene = relations.read_scene("changed_mind")\n'
        'firm = relations.play(scene, "bab", gains)\n'
        'kind = relations.by_style(scene, "friendliest", gains)\n'
        "cost = firm.money - kind.money + scene.minute * (kind.minutes - firm.minutes)\n"
        "answer = cost / (kind.trust - firm.trust)",
    ),
    Question(
        id="68-5",
        title="A page for new staff",
        level="decide",
        goals=(3, 4),
        points=4,
        hints=(
            "Begin with where always giving in is right and where it costs most; then your own rule.",
        ),
        prompt="Nora's page for new staff says: “The customer is always right. Give in.” Write a better "
        "rule in 60 to 150 words: where giving in is right, where it costs most (with figures), what you say in its "
        "place, and what your figures cannot know.",
        kind=Plan(
            rubric={
                "A figure for how the habit fares, over the scenes or in one": 1,
                "A place where giving in is right, with the reason": 1,
                "A rule that looks at the customer's worth, the minute or the cost": 1,
                "What is assumed: the quality of answers, or the worth of trust": 1,
            },
            model="Always giving in finds the best way in {figure.count} of {figure.all} scenes. On average it is "
            "{figure.mean} behind the best way, under price pressure {figure.price}, after our own mistake "
            "{figure.mistake}. It is right where it costs us little and helps much: whole packets at the end of a "
            "project. So I would write: hear the customer out, say “we”, keep the principle, and give ground where "
            "it is cheap for us and worth much to the customer. Before you give money, think of what this customer's "
            "trust is worth: to take back cut wood pays only from {figure.value} a point on. On a full Saturday say "
            "at the beginning how many minutes you have. I do not know how good our customers find these answers: "
            "the scenes' authors chose that. I would ask thirty customers, and compute again.",
            figures=_figures,
            minimum_words=60,
        ),
    ),
]


def _votes(name: str, best: str) -> list[QuizQuestion]:
    """Give a scene's steps as questions of the quiz, so that a class can vote on them in `crmkit live`."""
    scene = read_scene(name)
    found = []
    for step, letter in zip(scene.steps.values(), best, strict=True):
        who = f"{scene.person}. {scene.matter} She says: " if step.id == scene.start else ""
        options = [
            Option(choice.say, choice.why, right=place == "abc".index(letter))
            for place, choice in enumerate(step.choices)
        ]
        found.append(QuizQuestion(f"{who}“{step.says}” What do you say?", options))
    return found


QUIZ = [
    QuizQuestion(
        "A customer's trust is 6. Which of two answers moves it farther: one worth 9, or one worth 3?",
        [
            Option(
                "They move it equally far", "Both surprises are 3 points. Is their share the same?"
            ),
            Option("The one worth 3", "Yes. A bad surprise has the larger share.", right=True),
            Option("The one worth 9", "Its surprise is as large, but good."),
        ],
    ),
    QuizQuestion(
        "Two customers make the same demand. For one a point of trust is worth 7, for the other 70. What follows?",
        [
            Option(
                "The same answer may be right for one and wrong for the other",
                "Yes. The cost of an answer is the same, what it wins is not.",
                right=True,
            ),
            Option(
                "Fairness asks for the same answer",
                "Courtesy can be the same. Must money and time be?",
            ),
            Option(
                "Give in to the second one always",
                "Even there giving in can cost more than it wins.",
            ),
        ],
    ),
    QuizQuestion(
        "Your figures say that the taxi scores higher than the van tomorrow. Which part of them is the least certain?",
        [
            Option("The delta rule", "It was fitted to diaries, and tested on other people."),
            Option("The price of the taxi", "You can look it up."),
            Option(
                "How good the customer finds each answer",
                "Yes. Somebody chose those numbers.",
                right=True,
            ),
        ],
    ),
    *_votes("old_customer", "bcb"),
]
