"""Lesson 12: what customers say, what they would keep, what they do."""

from __future__ import annotations

import numpy as np
import pandas as pd

from crmkit.mix import (
    ShelfModel,
    best_worst_counts,
    compare_importance,
    implicit_needs,
    must_haves_by_both,
    must_haves_by_ranking,
    must_haves_by_ticking,
    recovery,
)
from crmkit.practice.kinds import Number, Plan, Table
from crmkit.practice.question import (
    Misconception,
    Option,
    Prediction,
    Question,
    QuizQuestion,
    Tables,
)

TITLE = "What they really need"
FIRST_CARDS = 3


def high_marks(data: Tables) -> float:
    """Of a hundred marks, how many are 7 or more."""
    return 100 * float((data.load("need_ratings")["rating"] >= 7).mean())


def _sides(data: Tables) -> pd.DataFrame:
    return compare_importance(
        data.load("need_ratings"), data.load("best_worst_tasks"), data.load("shelf_choices")
    )


def rank_when_bought(data: Tables, need: str = "durable") -> int:
    """Rank of a need at the shelf, 1 is the heaviest."""
    return int(_sides(data).set_index("need").loc[need, "revealed_rank"])


def scores(data: Tables, cards: int | None = FIRST_CARDS) -> pd.DataFrame:
    """Best-worst counts of the first cards of each customer (None: of all), with `need` as name."""
    tasks = data.load("best_worst_tasks")
    if cards is not None:
        tasks = tasks[tasks["task"] <= cards]
    return best_worst_counts(tasks).rename(columns={"item": "need"})


def _score(data: Tables, **other: pd.Series) -> pd.DataFrame:
    return scores(data).assign(**other)[["need", "score"]]


def _shelf(data: Tables) -> ShelfModel:
    shelf = data.load("shelf_choices")
    needs = [need for need in data.load("needs")["need"] if need in shelf.columns]
    return ShelfModel().fit(shelf, needs)


def apart(data: Tables, need: str = "complete", other: str = "returnable") -> float:
    """By how many standard errors a need outweighs another at the shelf."""
    gap, se = _shelf(data).difference(need, other)
    return gap / se


def _gap(data: Tables) -> float:
    return _shelf(data).difference("complete", "returnable")[0]


def _apart_unlinked(data: Tables) -> float:
    """Leave out that both weights come from the same purchases."""
    se = _shelf(data).weights_.set_index("need")["se"]
    return _gap(data) / float(np.hypot(se["complete"], se["returnable"]))


def _figure(data: Tables, found: pd.DataFrame, figure: str = "precision") -> float:
    return 100 * float(recovery(found, data.load_truth("needs"))[figure].iloc[0])


def checked(data: Tables, keep: int = 4, figure: str = "precision") -> float:
    """Precision or recall of a forced ranking that is checked at the shelf, in per cent."""
    found = must_haves_by_both(data.load("need_ratings"), data.load("shelf_choices"), keep)
    return _figure(data, found, figure)


def _with_affordable(data: Tables) -> float:
    found = must_haves_by_both(data.load("need_ratings"), data.load("shelf_choices"), 4)
    both = found.merge(data.load_truth("needs"), on=["customer_id", "need"], suffixes=("", "_true"))
    return 100 * float(both.loc[both["must_have"], "must_have_true"].mean())


def surprises(data: Tables) -> pd.DataFrame:
    """Every need type and need, with what the shelf says beyond the answers."""
    types = data.load_truth("customers").set_index("customer_id")["need_type"]
    return implicit_needs(
        data.load("need_ratings"), data.load("best_worst_tasks"), data.load("shelf_choices"), types
    )


def one_of_each(data: Tables, column: str = "surprise", *, ascending: bool = True) -> pd.DataFrame:
    """One need of each type: the first by a column."""
    ordered = surprises(data).sort_values(column, ascending=ascending, kind="stable")
    return ordered.drop_duplicates("group")[["group", "need", "surprise"]]


def _figures(data: Tables) -> dict[str, str]:
    """Give what the model answer says of the two needs at the shelf."""
    model = _shelf(data)
    weights = model.weights_.set_index("need")
    safe, durable = weights.loc["safe"], weights.loc["durable"]
    gap, se = model.difference("safe", "durable")
    hidden = surprises(data).query("need == 'safe'").iloc[0]
    return {
        "safe": f"{safe['weight']:.2f}",
        "safe_se": f"{safe['se']:.2f}",
        "durable": f"{durable['weight']:.2f}",
        "durable_se": f"{durable['se']:.2f}",
        "apart": f"{gap / se:.1f}",
        "reading": (
            "chance alone would hardly order them so"
            if abs(gap) > 2 * se
            else "the mean of all customers alone does not decide it"
        ),
        "group": str(hidden["group"]),
        "surprise": f"{hidden['surprise']:.1f}",
    }


PREDICTIONS = [
    Prediction(
        id="12-a",
        prompt="Of a hundred marks that customers gave, how many are 7 or more?",
        kind=Number(unit="of 100", tolerance=5),
        answer=high_marks,
        why="If only the important needs got high marks, a few would. A mark costs nothing, so many get one.",
    ),
    Prediction(
        id="12-b",
        prompt="Of eleven needs on a shelf, `durable` is rated highest. Which place does it take when customers pay "
        "(1 to 11)?",
        kind=Number(unit="", tolerance=1),
        answer=rank_when_bought,
        why="Lasting is what one is expected to want. People say so when it costs nothing, and pay for other things "
        "first.",
    ),
    Prediction(
        id="12-c",
        prompt="Of a hundred needs that were ticked as *could not do without*, how many are true must-haves of that "
        "customer?",
        kind=Number(unit="of 100", tolerance=5),
        answer=None,
        why="A tick costs as little as a mark. Most must-haves are ticked, and most ticks are "
        "wrong.",
    ),
]

QUESTIONS = [
    Question(
        id="12-1",
        title="What do the first cards say?",
        level="fill in",
        prompt=(
            "Customers tire of cards. Take only the first three cards of each customer (`task` 1 to 3). What is the "
            "best-worst score of each need? Give `need` and `score`. (two decimals)"
        ),
        kind=Table(key="need", columns={"score": 0.005}),
        points=1,
        reference=lambda data: scores(data)[["need", "score"]],
        goals=(1,),
        elsewhere="the first three cards",
        right="With a third of the cards the order at the top is much the same; between neighbours it is less sure.",
        hints=(
            "First choose the rows, then count as in the lesson.",
            "`cards[cards['task'] <= 3]` are the rows.",
            "`best_worst_counts(...)` has the column `score`; its column `item` is the need.",
        ),
        misconceptions=(
            Misconception(
                "all cards",
                lambda data: scores(data, None)[["need", "score"]],
                "Those are the scores of all nine cards. Take the first three of each customer.",
            ),
            Misconception(
                "forgets how often it was shown",
                lambda data: _score(data, score=scores(data)["best"] - scores(data)["worst"]),
                "Those are counts. A need that was shown more often would get more of everything: divide.",
            ),
            Misconception(
                "counts only the best",
                lambda data: _score(data, score=scores(data)["best"] / scores(data)["shown"]),
                "That is how often it was best. Being worst counts too, with a minus.",
            ),
            Misconception(
                "divides by best and worst",
                lambda data: _score(
                    data,
                    score=(scores(data)["best"] - scores(data)["worst"])
                    / (scores(data)["best"] + scores(data)["worst"]),
                ),
                "You divided by the times it was chosen either way. A need that was shown and left alone counts as "
                "well.",
            ),
        ),
        starter='counts = best_worst_counts(cards[cards["task"] <= ____])',
        solution="Keep the cards 1 to 3, count, and divide best less worst by shown.",
        code=(
            "from crmkit.mix import best_worst_counts\n"
            'cards = crmkit.load("best_worst_tasks")\n'
            'counts = best_worst_counts(cards[cards["task"] <= 3])\n'
            'answer = counts.rename(columns={"item": "need"})[["need", "score"]]'
        ),
    ),
    Question(
        id="12-2",
        title="Complete or returnable?",
        level="change",
        prompt=(
            "Two needs belong to customer cost: nothing extra to buy (`complete`) and money back (`returnable`). By "
            "how many standard errors does the weight of `complete` at the shelf lie above that of `returnable`? Fit "
            "all needs of the shelf together. (two decimals; below it: a negative number)"
        ),
        kind=Number(unit="standard errors", tolerance=0.005),
        points=2,
        reference=apart,
        goals=(3,),
        elsewhere="another pair of needs",
        right="Above two, chance alone would hardly order them so. Below two, say that you do not know.",
        hints=(
            "A difference of two weights, divided by the standard error of this difference.",
            "`ShelfModel().fit(shelf, on_shelf)` as in the lesson; `on_shelf` are the needs that the shelf shows.",
            "`.difference('complete', 'returnable')` gives the difference and its standard error.",
        ),
        misconceptions=(
            Misconception(
                "the difference alone",
                _gap,
                "That is the difference of the weights. How large is it compared with its standard error?",
            ),
            Misconception(
                "the other way round",
                lambda data: -apart(data),
                "You subtracted the other way round: `complete` less `returnable`.",
            ),
            Misconception(
                "the lesson's pair",
                lambda data: apart(data, "safe", "durable"),
                "That is safe less durable, as in the lesson. Which two needs were asked for?",
            ),
            Misconception(
                "leaves out that the weights are linked",
                _apart_unlinked,
                "You added the two squared standard errors. Both weights come from the same purchases, so they are "
                "linked: `difference` allows for it.",
            ),
        ),
        starter="gap, se = bought.difference(____, ____)",
        solution="Fit the shelf model, take the difference and its standard error, and divide.",
        code=(
            "from crmkit.mix import ShelfModel\n"
            'shelf, needs = crmkit.load("shelf_choices"), crmkit.load("needs")["need"]\n'
            "bought = ShelfModel().fit(shelf, [need for need in needs if need in shelf.columns])\n"
            'gap, se = bought.difference("complete", "returnable")\n'
            "answer = gap / se"
        ),
    ),
    Question(
        id="12-3",
        title="What if four may be kept?",
        level="explore",
        prompt=(
            "Let customers keep **four** needs, and strike out what they once bought without. How many per cent of the "
            "needs that are left are true must-haves of that customer? Leave `affordable` out: it is everybody's. (one "
            "decimal)"
        ),
        kind=Number(unit="%", tolerance=0.05),
        points=3,
        truth=("needs",),
        reference=checked,
        goals=(2,),
        elsewhere="another number kept",
        right="Keeping more finds more must-haves and names more false ones. Which error costs you more?",
        hints=(
            "Of those *called* must-have, how many are: that is precision.",
            "`must_haves_by_both(ratings, shelf, keep=4)` ranks and strikes out.",
            "`recovery(..., truth)` has `precision` as a fraction, and leaves `affordable` out.",
        ),
        misconceptions=(
            Misconception(
                "recall for precision",
                lambda data: checked(data, figure="recall"),
                "That is the share of the true must-haves that were found. The question starts from those called.",
            ),
            Misconception(
                "counts affordable too",
                _with_affordable,
                "Being able to pay is in your count. It is right for everybody, and makes the method look better than "
                "it is.",
            ),
            Misconception(
                "does not check at the shelf",
                lambda data: _figure(data, must_haves_by_ranking(data.load("need_ratings"), 4)),
                "That is the ranking alone. Strike out what the customer once bought without.",
            ),
            Misconception(
                "keeps three",
                lambda data: checked(data, 3),
                "That is for three needs kept, as in the lesson. Keep four.",
            ),
            Misconception(
                "ticks for ranks",
                lambda data: _figure(data, must_haves_by_ticking(data.load("need_ratings"))),
                "Those are the ticked needs. The forced ranking is in `keep_rank`.",
            ),
            Misconception(
                "the harmonic mean",
                lambda data: checked(data, figure="f1"),
                "That is `f1`, which mixes both shares. The question asks for precision.",
            ),
        ),
        starter="found = must_haves_by_both(ratings, shelf, keep=____)",
        solution="Keep four, strike out what was once bought without, and take the precision.",
        code=(
            "from crmkit.mix import must_haves_by_both, recovery\n"
            'ratings, shelf = crmkit.load("need_ratings"), crmkit.load("shelf_choices")\n'
            "found = must_haves_by_both(ratings, shelf, keep=4)\n"
            'answer = 100 * recovery(found, crmkit.load_truth("needs"))["precision"].iloc[0]'
        ),
    ),
    Question(
        id="12-4",
        title="Which need is named and not bought?",
        level="explore",
        prompt=(
            "Now look for the opposite contradiction. Which need of each need type is bought **least**, compared with "
            "what the answers lead one to expect? Take the types from the truth table `customers` (`need_type`). Give "
            "`group`, `need` and `surprise`. (in standard errors, two decimals)"
        ),
        kind=Table(
            key="group",
            columns={"need": None, "surprise": 0.005},
            units={"surprise": "standard errors"},
        ),
        points=3,
        truth=("customers",),
        reference=one_of_each,
        goals=(4,),
        elsewhere="the opposite contradiction",
        right="Few of these go beyond two standard errors. The lowest of eleven is always low: it may be chance.",
        hints=(
            "The table of `implicit_needs` holds every pair of type and need. Which end of it?",
            "`types = crmkit.load_truth('customers').set_index('customer_id')['need_type']`",
            "Sort by `surprise`, smallest first; `.drop_duplicates('group')` keeps one need of each type.",
        ),
        misconceptions=(
            Misconception(
                "the implicit needs",
                lambda data: one_of_each(data, ascending=False),
                "Those are bought and not named, as in the lesson. The question asks for the opposite.",
            ),
            Misconception(
                "named most",
                lambda data: one_of_each(data, "derived", ascending=False),
                "Those are called best most often. Are they bought less than that leads one to expect?",
            ),
            Misconception(
                "highest mark",
                lambda data: one_of_each(data, "stated", ascending=False),
                "Those have the highest marks. The column `surprise` compares answers with purchases.",
            ),
        ),
        starter='lowest = hidden.sort_values("____").drop_duplicates("____")',
        solution="implicit_needs by need type; the row with the smallest surprise of each.",
        code=(
            "from crmkit.mix import implicit_needs\n"
            'types = crmkit.load_truth("customers").set_index("customer_id")["need_type"]\n'
            'hidden = implicit_needs(crmkit.load("need_ratings"), crmkit.load("best_worst_tasks"),\n'
            '                        crmkit.load("shelf_choices"), types)\n'
            'answer = hidden.sort_values("surprise").drop_duplicates("group")[["group", "need", "surprise"]]'
        ),
    ),
    Question(
        id="12-5",
        title="Lasting or safe?",
        level="decide",
        prompt=(
            "There is money to improve one need, and two candidates: `durable`, which customers rate highest after "
            "being able to pay, and `safe`. Which do you choose, and on what evidence?"
        ),
        kind=Plan(
            rubric={
                "says why the ratings are no evidence (they cost nothing; known bias)": 1,
                "uses the shelf, with a weight and a standard error, for both needs": 1,
                "says for whom: must-have, implicit need of one need type, or indifferent": 1,
                "says what would change the decision, or how to test it before spending all": 1,
            },
            model=(
                "I choose safe. Durable is rated high because lasting is what one is expected to want, and a mark "
                "costs nothing; the ratings are known to be too high there. At the shelf safe weighs {figure.safe} "
                "(standard error {figure.safe_se}) and durable {figure.durable} ({figure.durable_se}). They are "
                "{figure.apart} standard errors apart: {figure.reading}. For the type {figure.group} safe is "
                "probably an implicit need: it weighs {figure.surprise} standard errors more than the answers lead "
                "one to expect. Durable stays a must-have for some, so I would not let it fall. Before I order, I "
                "would put a safer set beside the present one for a month, in half of the shops, chosen at random. "
                "If it sells no better there, I would not change the set."
            ),
            figures=_figures,
            minimum_words=40,
        ),
        points=4,
        truth=("customers",),
        goals=(3, 4),
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
                "Simple telephones sold "
                "before there was such a key. Anyone who once bought without it can do without it.",
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
                "They buy other things than they name: that is the only trace it leaves.",
                right=True,
            ),
            Option("It has the lowest mark", "Most needs with low marks are just unimportant."),
        ],
    ),
]
