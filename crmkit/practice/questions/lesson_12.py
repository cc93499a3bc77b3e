"""Lesson 12: what customers say, what they would keep, what they do."""

from __future__ import annotations

import pandas as pd

from crmkit.mix import (
    best_worst_counts,
    implicit_needs,
    must_haves_by_ranking,
    must_haves_by_ticking,
    recovery,
)
from crmkit.practice.kinds import Number, Plan, Table
from crmkit.practice.question import Misconception, Option, Question, QuizQuestion, Tables

TITLE = "What they really need"


def above_mean(ratings: pd.DataFrame) -> pd.Series:
    """Mean rating of each need less the mean of all ratings."""
    return ratings.groupby("need")["rating"].mean() - ratings["rating"].mean()


def _scores(data: Tables) -> pd.DataFrame:
    counts = best_worst_counts(data.load("best_worst_tasks"))
    return counts.rename(columns={"item": "need"})


def _table(values: pd.Series, name: str) -> pd.DataFrame:
    return values.rename(name).rename_axis("need").reset_index()


def _figure(data: Tables, found: pd.DataFrame, figure: str) -> float:
    return 100 * float(recovery(found, data.load_truth("needs"))[figure].iloc[0])


def _with_affordable(data: Tables) -> float:
    found = must_haves_by_ranking(data.load("need_ratings"), 2)
    both = found.merge(data.load_truth("needs"), on=["customer_id", "need"], suffixes=("", "_true"))
    return 100 * float(both.loc[both["must_have"], "must_have_true"].mean())


def surprises(data: Tables) -> pd.DataFrame:
    """Every need type and need, with what the shelf says beyond the answers."""
    types = data.load_truth("customers").set_index("customer_id")["need_type"]
    return implicit_needs(
        data.load("need_ratings"), data.load("best_worst_tasks"), data.load("shelf_choices"), types
    )


def _first(data: Tables, column: str = "surprise", *, ascending: bool = False) -> pd.DataFrame:
    """One need of each type: the first by a column."""
    ordered = surprises(data).sort_values(column, ascending=ascending, kind="stable")
    return ordered.drop_duplicates("group")[["group", "need", "surprise"]]


QUESTIONS = [
    Question(
        id="12-1",
        title="What do ratings say, once the generosity is off?",
        level="fill in",
        prompt=(
            "How far does the mean rating of each need lie above or below the mean of all ratings? Give `need` and "
            "`above`, in points."
        ),
        kind=Table(key="need", columns={"above": 0.005}, units={"above": "points"}),
        points=1,
        reference=lambda data: _table(above_mean(data.load("need_ratings")), "above"),
        hints=(
            "Twelve means, and one mean of everything.",
            "`ratings.groupby('need')['rating'].mean()` gives the twelve.",
            "Subtract `ratings['rating'].mean()`.",
        ),
        misconceptions=(
            Misconception(
                "the mean itself",
                lambda data: _table(
                    data.load("need_ratings").groupby("need")["rating"].mean(), "above"
                ),
                "Those are the means themselves. They all look high: take off what everybody gives to everything.",
            ),
            Misconception(
                "less the middle of the scale",
                lambda data: _table(
                    data.load("need_ratings").groupby("need")["rating"].mean() - 5.5, "above"
                ),
                "You took off 5.5, the middle of the scale. Nobody uses the scale around its middle: take off "
                "the mean "
                "of all ratings.",
            ),
            Misconception(
                "medians",
                lambda data: _table(
                    data.load("need_ratings").groupby("need")["rating"].median()
                    - data.load("need_ratings")["rating"].median(),
                    "above",
                ),
                "Those are medians, which jump by whole points on this scale. The question asks for means.",
            ),
        ),
        starter='above = ratings.groupby(____)["rating"].mean() - ____',
        solution="Mean by need, less the mean of all ratings.",
        code=(
            'ratings = crmkit.load("need_ratings")\n'
            'above = ratings.groupby("need")["rating"].mean() - ratings["rating"].mean()\n'
            'answer = above.rename("above").reset_index()'
        ),
    ),
    Question(
        id="12-2",
        title="What is best, what is worst?",
        level="change",
        prompt=(
            "What is the best-worst score of each need: how often best, less how often worst, divided by how "
            "often it was "
            "shown? Give `need` and `score`."
        ),
        kind=Table(key="need", columns={"score": 0.0005}),
        points=2,
        reference=lambda data: _scores(data)[["need", "score"]],
        hints=(
            "Three counts for each need: shown, best, worst.",
            "Shown: count the need over the four columns `item_1` to `item_4` (`melt` or `stack`).",
            "`best_worst_counts(cards)` has it; its column `item` is the need.",
        ),
        misconceptions=(
            Misconception(
                "forgets how often it was shown",
                lambda data: _scores(data).assign(score=lambda f: f["best"] - f["worst"])[
                    ["need", "score"]
                ],
                "Those are counts. A need that was shown more often would get more of everything: divide.",
            ),
            Misconception(
                "counts only the best",
                lambda data: _scores(data).assign(score=lambda f: f["best"] / f["shown"])[
                    ["need", "score"]
                ],
                "That is how often it was best. Being worst counts too, with a minus.",
            ),
            Misconception(
                "divides by best and worst",
                lambda data: _scores(data).assign(
                    score=lambda f: (f["best"] - f["worst"]) / (f["best"] + f["worst"])
                )[["need", "score"]],
                "You divided by the times it was chosen either way. A need that was shown and left alone counts "
                "as well.",
            ),
        ),
        solution="Best less worst, divided by shown, for each need.",
        code=(
            "from crmkit.mix import best_worst_counts\n"
            'counts = best_worst_counts(crmkit.load("best_worst_tasks"))\n'
            'answer = counts.rename(columns={"item": "need"})[["need", "score"]]'
        ),
    ),
    Question(
        id="12-3",
        title="How often is a kept need a must-have?",
        level="explore",
        prompt=(
            "If only two needs may be kept (`keep_rank` 1 and 2), how many per cent of the needs kept are "
            "true must-haves "
            "of that customer? Leave `affordable` out: it is everybody's."
        ),
        kind=Number(unit="%", tolerance=0.05),
        points=3,
        truth=("needs",),
        reference=lambda data: _figure(
            data, must_haves_by_ranking(data.load("need_ratings"), 2), "precision"
        ),
        hints=(
            "Of those *called* must-have, how many are: that is precision.",
            "Join the ratings with `crmkit.load_truth('needs')` on customer and need.",
            "`recovery(must_haves_by_ranking(ratings, keep=2), truth)` has it, and leaves `affordable` out.",
        ),
        misconceptions=(
            Misconception(
                "recall for precision",
                lambda data: _figure(
                    data, must_haves_by_ranking(data.load("need_ratings"), 2), "recall"
                ),
                "That is the share of the true must-haves that were found. The question starts from those kept.",
            ),
            Misconception(
                "counts affordable too",
                _with_affordable,
                "Being able to pay is in your count: it is right for everybody and makes the method look better "
                "than it "
                "is.",
            ),
            Misconception(
                "keeps three",
                lambda data: _figure(
                    data, must_haves_by_ranking(data.load("need_ratings"), 3), "precision"
                ),
                "That is for three needs kept. With two, who stays?",
            ),
            Misconception(
                "ticks for ranks",
                lambda data: _figure(
                    data, must_haves_by_ticking(data.load("need_ratings")), "precision"
                ),
                "Those are the ticked needs. The forced ranking is in `keep_rank`.",
            ),
        ),
        solution="Needs with keep_rank 1 or 2 without affordable; the share of them that the truth calls must-have.",
        code=(
            "from crmkit.mix import must_haves_by_ranking, recovery\n"
            'kept = must_haves_by_ranking(crmkit.load("need_ratings"), keep=2)\n'
            'answer = 100 * recovery(kept, crmkit.load_truth("needs"))["precision"].iloc[0]'
        ),
    ),
    Question(
        id="12-4",
        title="Which need does nobody name?",
        level="explore",
        prompt=(
            "Which need is most surprising in each need type: bought far more than the answers lead one to expect? "
            "Take the types from the truth table `customers` (`need_type`). Give `group`, `need` and `surprise` (in "
            "standard errors, two decimals)."
        ),
        kind=Table(
            key="group",
            columns={"need": None, "surprise": 0.005},
            units={"surprise": "standard errors"},
        ),
        points=3,
        truth=("customers",),
        reference=_first,
        hints=(
            "An implicit need leaves one trace: purchases that follow it, and answers that pass over it.",
            "`types = crmkit.load_truth('customers').set_index('customer_id')['need_type']`, then "
            "`implicit_needs(ratings, cards, shelf, types)`.",
            "The table comes with the largest surprise first: `.drop_duplicates('group')` keeps one need of each type.",
        ),
        misconceptions=(
            Misconception(
                "named most",
                lambda data: _first(data, "derived"),
                "Those are called best most often on the cards: what everybody names is explicit. What is bought "
                "and *not* named?",
            ),
            Misconception(
                "lowest mark",
                lambda data: _first(data, "stated", ascending=True),
                "Those are rated lowest. Most needs with low marks are just unimportant, at the shelf as well.",
            ),
            Misconception(
                "sorted the wrong way",
                lambda data: _first(data, ascending=True),
                "Those are praised and not bought. The implicit need is the opposite: bought and not praised.",
            ),
        ),
        solution="implicit_needs by need type; the row with the largest surprise of each.",
        code=(
            "from crmkit.mix import implicit_needs\n"
            'types = crmkit.load_truth("customers").set_index("customer_id")["need_type"]\n'
            'found = implicit_needs(crmkit.load("need_ratings"), crmkit.load("best_worst_tasks"),\n'
            '                       crmkit.load("shelf_choices"), types)\n'
            'answer = found.drop_duplicates("group")[["group", "need", "surprise"]]'
        ),
    ),
    Question(
        id="12-5",
        title="Lasting or safe?",
        level="decide",
        prompt=(
            "There is money to improve one need, and two candidates: `durable`, which customers rate highest "
            "after being "
            "able to pay, and `safe`. Which do you choose, and on what evidence?"
        ),
        kind=Plan(
            rubric={
                "says why the ratings are no evidence (they cost nothing; known bias)": 1,
                "uses the shelf, with a figure, for both needs": 1,
                "says for whom: must-have, implicit need of one need type, or indifferent": 1,
                "says what would change the decision, or how to test it before spending all": 1,
            },
            model=(
                "Safe, and I would say how sure I am. Durable is rated high because lasting is what one is expected to "
                "want, and a mark costs nothing. At the shelf safe weighs at least as much (I give both weights with "
                "their standard errors: on the mean of all customers the two may not be told apart), and for the "
                "compound type it is an implicit need: they buy it and do not name it. Durable stays a must-have for "
                "some, so I would not let it fall. Before "
                "ordering, I would put a safer set beside the present one on the test shelf for a month, for "
                "half of the "
                "shops drawn by chance."
            ),
            minimum_words=40,
        ),
        points=4,
        hints=("Which of the three lists lay nearest to the truth?",),
    ),
]

QUIZ = [
    QuizQuestion(
        "A need is ticked as 'could not do without' by most customers. Is it a must-have?",
        [
            Option("Yes: they said so", "A tick costs nothing, and most ticks are no must-haves."),
            Option(
                "Perhaps: ask what they would give up for it, and look whether they ever bought without it",
                "A ranking forces a choice, and one purchase without it disproves it.",
                right=True,
            ),
            Option(
                "No: ticks are always wrong",
                "Most true must-haves are ticked too; they drown among the others.",
            ),
        ],
    ),
    QuizQuestion(
        "An elderly buyer asks for a simple telephone with large keys. One maker adds an emergency key that calls the "
        "family. Which need is which?",
        [
            Option("Both are explicit", "Nobody asked for the emergency key."),
            Option(
                "Simple is the explicit need, the floor; the key meets an implicit one",
                "Without the floor there is no sale; the implicit need is what surprises.",
                right=True,
            ),
            Option(
                "The key is a must-have",
                "Simple telephones sold before there was such a key. Who once bought without it can do without it.",
            ),
        ],
    ),
    QuizQuestion(
        "A set meets every need of a customer, costs {company.symbol}16, and is worth {company.symbol}20 to "
        "her. She has {company.symbol}15. What will she do?",
        [
            Option("Buy: it is worth more than it costs", "Worth does not pay. She cannot."),
            Option(
                "Not buy: being able to pay is a must-have, always",
                "It is everybody's must-have, and no nice-to-have makes it good.",
                right=True,
            ),
            Option(
                "Buy if one more nice-to-have is added", "A missed must-have cannot be made good."
            ),
        ],
    ),
    QuizQuestion(
        "How can an implicit need be found?",
        [
            Option("By asking for it", "Those who have it do not know it."),
            Option(
                "Where purchases follow a need that the answers pass over",
                "Deeds contradict words: that is the only trace it leaves.",
                right=True,
            ),
            Option("It has the lowest mark", "Most needs with low marks are just unimportant."),
        ],
    ),
]
