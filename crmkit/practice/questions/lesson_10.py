"""Lesson 10: touchpoints, weak links, and the trial of a remedy."""

from __future__ import annotations

import pandas as pd

from crmkit.mix import difference, transition_shares, trial_effect
from crmkit.practice.kinds import Number, Plan
from crmkit.practice.question import Misconception, Option, Question, QuizQuestion, Tables

TITLE = "Touchpoints"


def before(data: Tables) -> pd.DataFrame:
    """Log of the journeys before the trial, with their channel."""
    journeys = data.load("journeys")
    return data.load("touchpoint_log").merge(journeys[journeys["arm"] == "none"], on="journey_id")


def share_at(log: pd.DataFrame, touchpoint: str) -> float:
    """Share who went on at a touchpoint, in per cent."""
    return 100 * log.loc[log["touchpoint"] == touchpoint, "went_on"].mean()


def gap_to_others(log: pd.DataFrame) -> float:
    """Web's share at the question less that of the other channels together, in points."""
    at = log[log["touchpoint"] == "question"]
    web, others = at[at["channel"] == "web"]["went_on"], at[at["channel"] != "web"]["went_on"]
    return 100 * float(difference(web.sum(), len(web), others.sum(), len(others))[0])


def effect(data: Tables, outcome: str, *, askers: bool = True) -> float:
    """Effect of the answer on an outcome, in points."""
    journeys = data.load("journeys")
    trial = journeys[journeys["arm"] != "none"]
    if askers:
        log = data.load("touchpoint_log")
        trial = log[log["touchpoint"] == "question"].merge(trial, on="journey_id")
    return 100 * float(trial_effect(trial[["arm", outcome]])["effect"].iloc[0])


def _web_share_of_all_starters(data: Tables) -> float:
    log = before(data)
    web = log[log["channel"] == "web"]
    passed = (web["touchpoint"] == "question") & web["went_on"]
    return 100 * passed.sum() / web["journey_id"].nunique()


def _gap_of_means(data: Tables) -> float:
    journeys = data.load("journeys")
    shares = transition_shares(data.load("touchpoint_log"), journeys[journeys["arm"] == "none"])
    at = shares[shares["touchpoint"] == "question"].set_index("channel")["share"]
    return 100 * float(at["web"] - (at["shop"] + at["app"]) / 2)


def _against_before(data: Tables) -> float:
    journeys, log = data.load("journeys"), data.load("touchpoint_log")
    at = log[log["touchpoint"] == "question"].merge(journeys, on="journey_id")
    at = at[at["channel"] == "web"]
    mean = at.groupby("arm")["bought"].mean()
    return 100 * float(mean["answered"] - mean["none"])


def _relative(data: Tables) -> float:
    journeys, log = data.load("journeys"), data.load("touchpoint_log")
    at = log[log["touchpoint"] == "question"].merge(journeys, on="journey_id")
    mean = at.groupby("arm")["bought"].mean()
    return 100 * float(mean["answered"] / mean["control"] - 1)


QUESTIONS = [
    Question(
        id="10-1",
        title="How many go on at the web's question?",
        level="fill in",
        prompt=(
            "Of the web's customers who reached the touchpoint `question` before the trial (arm `none`), how many "
            "per cent went on?"
        ),
        kind=Number(unit="%", tolerance=0.05),
        points=1,
        reference=lambda data: share_at(before(data).query("channel == 'web'"), "question"),
        hints=(
            "Three conditions: channel, arm, touchpoint. Then one mean.",
            "`log.merge(journeys, on='journey_id')` brings channel and arm to each row of the log.",
            "`100 * part['went_on'].mean()` of the rows that are left.",
        ),
        misconceptions=(
            Misconception(
                "all channels together",
                lambda data: share_at(before(data), "question"),
                "That is the share of all three channels together. Which channel was asked?",
            ),
            Misconception(
                "takes the trial along",
                lambda data: share_at(
                    data.load("touchpoint_log")
                    .merge(data.load("journeys"), on="journey_id")
                    .query("channel == 'web'"),
                    "question",
                ),
                "In those rows half of the later visitors had their question answered at once. Leave the trial out: "
                "which arm was there before it?",
            ),
            Misconception(
                "share of everybody at the start",
                _web_share_of_all_starters,
                "You divided by everybody who noticed the advertisement. A link is judged by those who reach it.",
            ),
        ),
        starter="part = both.query(\"channel == ____ and arm == ____ and touchpoint == 'question'\")",
        solution="Join log and journeys, keep the web before the trial and the touchpoint, take the mean of went_on.",
        code=(
            'both = crmkit.load("touchpoint_log").merge(crmkit.load("journeys"), on="journey_id")\n'
            "part = both.query(\"channel == 'web' and arm == 'none' and touchpoint == 'question'\")\n"
            'answer = 100 * part["went_on"].mean()'
        ),
    ),
    Question(
        id="10-2",
        title="How far does the web lag behind?",
        level="change",
        prompt=(
            "By how many percentage points does the web's share at `question` differ from that of shop and app "
            "together, outside the trial (arm `none`)? (Web less the others, to two decimals; a lower web gives a "
            "negative number.)"
        ),
        kind=Number(unit="percentage points", tolerance=0.005),
        points=2,
        reference=lambda data: gap_to_others(before(data)),
        hints=(
            "Two groups, two shares, one difference.",
            "The second group is shop and app in one heap, not two shares averaged.",
            "`weak_links(shares, 'web')` has it in the column `gap`, as a fraction.",
        ),
        misconceptions=(
            Misconception(
                "average of two shares",
                _gap_of_means,
                "You averaged the shares of shop and app as if equally many came to both. Put their customers into "
                "one heap first.",
            ),
            Misconception(
                "compares with everybody, the web too",
                lambda data: (
                    share_at(before(data).query("channel == 'web'"), "question")
                    - share_at(before(data), "question")
                ),
                "The web itself is in your yardstick, which pulls the two together. Compare with the others only.",
            ),
            Misconception(
                "takes the trial along",
                lambda data: gap_to_others(
                    data.load("touchpoint_log").merge(data.load("journeys"), on="journey_id")
                ),
                "The trial's visitors are in: half of them had the remedy already. Keep the arm `none`.",
            ),
        ),
        solution="One share for the web, one for shop and app in one heap; subtract.",
        code=(
            "from crmkit.mix import transition_shares, weak_links\n"
            'journeys = crmkit.load("journeys")\n'
            'shares = transition_shares(crmkit.load("touchpoint_log"), journeys[journeys["arm"] == "none"])\n'
            'links = weak_links(shares, "web").set_index("touchpoint")\n'
            'answer = 100 * links.loc["question", "gap"]'
        ),
    ),
    Question(
        id="10-3",
        title="What did the answer do for sales?",
        level="explore",
        prompt=(
            "In the trial, by how many percentage points did answering at once raise the share who *bought*, "
            "among those who reached the question? (Two decimals.)"
        ),
        kind=Number(unit="percentage points", tolerance=0.005),
        points=3,
        reference=lambda data: effect(data, "bought"),
        hints=(
            "Who could be touched by the remedy at all? Only they count.",
            "Rows of the log with touchpoint `question`, joined with the journeys of the two arms.",
            "`trial_effect(asked[['arm', 'bought']])` gives the difference as a fraction.",
        ),
        misconceptions=(
            Misconception(
                "counts everybody in the trial",
                lambda data: effect(data, "bought", askers=False),
                "Most of these had left before the question: the remedy could not reach them. Count those who asked.",
            ),
            Misconception(
                "takes the link for the sale",
                lambda data: effect(data, "went_on"),
                "That is the effect on going on at the question. The prompt asks who *bought*, one link later.",
            ),
            Misconception(
                "compares with the time before",
                _against_before,
                "Those before the trial came in other months. Chance made a group for you: the arm `control`.",
            ),
            Misconception(
                "relative for absolute",
                _relative,
                "That is the relative rise. Percentage points are the plain difference of the two shares.",
            ),
        ),
        solution="Keep the trial's journeys that reached the question; share who bought, answered less control.",
        code=(
            "from crmkit.mix import trial_effect\n"
            'journeys, log = crmkit.load("journeys"), crmkit.load("touchpoint_log")\n'
            'trial = journeys[journeys["arm"] != "none"]\n'
            'asked = log.query("touchpoint == \'question\'").merge(trial, on="journey_id")\n'
            'answer = 100 * trial_effect(asked[["arm", "bought"]])["effect"].iloc[0]'
        ),
    ),
    Question(
        id="10-4",
        title="Mend the advertisement?",
        level="decide",
        prompt=(
            "The managing director has {company.symbol}20,000 and a slide: 'The advertisement loses half of "
            "our customers: let us "
            "mend the advertisement.' What do you answer, and what would you do with the money?"
        ),
        kind=Plan(
            rubric={
                "holds the advertisement's share against the other channels, with figures": 1,
                "names the link with the clearest gap, and its uncertainty": 1,
                "says that multiplying shares promises too much, and why": 1,
                "proposes a trial by chance before spending all, and says who is counted": 1,
            },
            model=(
                "About as many go on from the advertisement in every channel, so nothing is broken there: that is "
                "what advertisements are like. The web's question is another matter. There the share is far below "
                "that of shop and app, and the interval of the gap lies wholly below zero. I would answer questions "
                "at once, for half of the visitors drawn by chance, and count the sales among those who ask. I would "
                "promise less than the multiplied shares say, because those whom the mended link lets through are "
                "less keen at the till."
            ),
            minimum_words=40,
        ),
        points=4,
        hints=("Low compared with what? That is the first thing to ask of any share.",),
    ),
]

QUIZ = [
    QuizQuestion(
        "The share of customers who go on is lowest at the advertisement. What follows?",
        [
            Option(
                "It must be mended first",
                "It may be just as low everywhere. Low compared with what?",
            ),
            Option(
                "Nothing, until it is held against the same link elsewhere",
                "A share needs a yardstick; the same link in another channel is one.",
                right=True,
            ),
            Option("The later links are fine", "Each link has a gap of its own to be looked at."),
        ],
    ),
    QuizQuestion(
        "Ninety-four of a hundred customers at the till buy. You mend an earlier link so that more "
        "people reach it. What "
        "will you see at the till?",
        [
            Option(
                "Ninety-four of a hundred again", "That holds only if the newcomers are as keen."
            ),
            Option(
                "Probably a little less",
                "The earlier link used to sort out the less keen. Now some of them come to the till.",
                right=True,
            ),
            Option(
                "More, because the chain is mended",
                "Mending one link does not make people keener at another.",
            ),
        ],
    ),
]
