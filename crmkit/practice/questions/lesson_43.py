"""Lesson 43: forgetting and frequency."""

from __future__ import annotations

import numpy as np
import pandas as pd

from crmkit.brand import Exponential, exposure_ages
from crmkit.practice.kinds import Number, Plan, Table
from crmkit.practice.question import Misconception, Option, Question, QuizQuestion, Tables

TITLE = "Forgetting and frequency"


def share(data: Tables, condition: str) -> float:
    """Share who recall among the people for whom the condition holds, in per cent."""
    return float(100 * data.load("recall_experiment").query(condition)["recalled"].mean())


def decay(data: Tables) -> float:
    """Weekly decay of one store, fitted to all answers."""
    trials = data.load("recall_experiment")
    return Exponential().fit(exposure_ages(trials), trials["recalled"]).params_["decay"]


def recall_half_life(data: Tables) -> float:
    """Half-life of recall after one contact, by the same model."""
    trials = data.load("recall_experiment")
    return Exponential().fit(exposure_ages(trials), trials["recalled"]).half_life_weeks()


def early_and_late(
    data: Tables, early: str = "weeks_after <= 2", late: str = "weeks_after >= 16"
) -> pd.DataFrame:
    """Recall soon and late after the last contact, in per cent, by number of contacts."""
    trials = data.load("recall_experiment").query("exposures > 0")
    parts = {
        name: 100 * trials.query(condition).groupby("exposures")["recalled"].mean()
        for name, condition in (("early", early), ("late", late))
    }
    return pd.DataFrame(parts).reset_index()


QUESTIONS = [
    Question(
        id="43-1",
        title="What eight contacts leave",
        level="fill in",
        prompt=(
            "Of the people who had exactly eight contacts and were asked four weeks or more after the last "
            "one, how many "
            "recalled the brand? (per cent, two decimals)"
        ),
        kind=Number(unit="%", tolerance=0.005),
        points=1,
        reference=lambda data: share(data, "exposures == 8 and weeks_after >= 4"),
        hints=(
            "Two conditions, then one mean.",
            "`recalled` is 0 or 1: its mean is the share.",
            '`trials.query("exposures == 8 and weeks_after >= 4")["recalled"].mean()` is the share from 0 to 1.',
        ),
        misconceptions=(
            Misconception(
                "all delays",
                lambda data: share(data, "exposures == 8"),
                "That counts everybody with eight contacts, also those asked within days. How long after was "
                "asked for?",
            ),
            Misconception(
                "more than four weeks",
                lambda data: share(data, "exposures == 8 and weeks_after > 4"),
                "You left out those who were asked after exactly four weeks.",
            ),
            Misconception(
                "eight or more contacts",
                lambda data: share(data, "exposures >= 8 and weeks_after >= 4"),
                "That includes people with thirteen contacts.",
            ),
            Misconception(
                "share of those who recall",
                lambda data: (
                    100
                    * data.load("recall_experiment")
                    .query("exposures == 8 and weeks_after >= 4")["recalled"]
                    .sum()
                    / data.load("recall_experiment")["recalled"].sum()
                ),
                "You divided by all who recalled. Divide by those who had eight contacts and were asked that late.",
            ),
        ),
        starter='answer = 100 * trials.query("exposures == ____ and weeks_after >= ____")["recalled"].mean()',
        solution="Keep eight contacts and four weeks or more, take the mean of recalled, times a hundred.",
        code=(
            'trials = crmkit.load("recall_experiment")\n'
            'answer = 100 * trials.query("exposures == 8 and weeks_after >= 4")["recalled"].mean()'
        ),
    ),
    Question(
        id="43-2",
        title="The half-life of a trace",
        level="change",
        prompt=(
            "Fit `Exponential()` (without spacing) to the whole experiment. What is the half-life of a trace, "
            "in weeks? "
            "(two decimals)"
        ),
        kind=Number(unit="weeks", tolerance=0.005),
        points=2,
        reference=lambda data: np.log(2) / decay(data),
        hints=(
            "The trace is learning x exp(-decay x weeks). When is it half of what it was?",
            "Half is left when decay x weeks = ln 2.",
            '`np.log(2) / model.params_["decay"]`',
        ),
        misconceptions=(
            Misconception(
                "mean life for half-life",
                lambda data: 1 / decay(data),
                "After that many weeks about a third is left (1/e), not a half.",
            ),
            Misconception(
                "half-life of recall",
                recall_half_life,
                "That is the half-life of *recall*, from half a week after the contact on: what `half_life_weeks()` "
                "gives. The question asks for the trace, whose half-life is ln 2 / decay.",
            ),
            Misconception(
                "straight-line fall",
                lambda data: 0.5 / decay(data),
                "You let the trace fall in a straight line. It loses a share of what is left, not of what there was.",
            ),
            Misconception(
                "reports the decay",
                decay,
                "That is the decay per week. In how many weeks does it bring a trace down to half?",
            ),
        ),
        starter="model = Exponential().fit(exposure_ages(trials), ____)",
        solution="Fit, then ln 2 divided by the decay.",
        code=(
            "import numpy as np\n"
            "from crmkit.brand import Exponential, exposure_ages\n"
            'trials = crmkit.load("recall_experiment")\n'
            'model = Exponential().fit(exposure_ages(trials), trials["recalled"])\n'
            'answer = np.log(2) / model.params_["decay"]'
        ),
    ),
    Question(
        id="43-3",
        title="Soon and late, by number of contacts",
        level="explore",
        prompt=(
            "For each number of `exposures` above 0 give the share who recall `early` (asked two weeks or less "
            "after the last "
            "contact) and `late` (sixteen weeks or more), in per cent."
        ),
        kind=Table(
            key="exposures",
            columns={"early": 0.05, "late": 0.05},
            units={"early": "%", "late": "%"},
        ),
        points=3,
        reference=early_and_late,
        hints=(
            "Two tables by number of contacts, side by side.",
            '`trials[trials["weeks_after"] <= 2].groupby("exposures")["recalled"].mean()` is the first.',
            "Leave `exposures == 0` out, and give per cent.",
        ),
        misconceptions=(
            Misconception(
                "late is everything after two weeks",
                lambda data: early_and_late(data, late="weeks_after > 2"),
                "Your 'late' begins right after 'early'. It should begin at sixteen weeks.",
            ),
            Misconception(
                "late as a share of early",
                lambda data: early_and_late(data).assign(
                    late=lambda table: 100 * table["late"] / table["early"]
                ),
                "Your 'late' is what is left of 'early'. The question asks for the share of people in both columns.",
            ),
            Misconception(
                "early and late swapped",
                lambda data: early_and_late(data).rename(
                    columns={"early": "late", "late": "early"}
                ),
                "The two columns have changed places: recall falls with time.",
            ),
        ),
        starter='early = trials.query("weeks_after <= ____").groupby(____)["recalled"].mean()',
        solution="Group the early and the late answers by number of contacts, take means, times a hundred.",
        code=(
            'trials = crmkit.load("recall_experiment").query("exposures > 0")\n'
            'early = trials.query("weeks_after <= 2").groupby("exposures")["recalled"].mean()\n'
            'late = trials.query("weeks_after >= 16").groupby("exposures")["recalled"].mean()\n'
            'answer = pd.DataFrame({"early": 100 * early, "late": 100 * late}).reset_index()'
        ),
    ),
    Question(
        id="43-4",
        title="A letter from the agency",
        level="decide",
        prompt=(
            "The agency writes: 'Ebbinghaus proved that memory grows with repetition. We recommend thirteen "
            "contacts in the "
            "launch week.' Answer the letter."
        ),
        kind=Plan(
            rubric={
                "says what Ebbinghaus measured (a saving of work; the effect of repetition decreases "
                "gradually), and why it is not what an advertiser buys": 1,
                "uses a figure from the experiment on what further contacts add, or how long they last": 1,
                "answers the 'in one week': what massed contacts lose, and what distance would be better": 1,
                "asks for the goal, or for what a point of recall is worth, before a number of contacts is fixed": 1,
            },
            model=(
                "Ebbinghaus measured the work saved by one man who wanted to learn; our viewers do not. And he wrote "
                "himself that the effect of repetition decreases gradually. In our "
                "experiment recall "
                "does grow with contacts, but the ninth adds less than half of what the second added, and "
                "weeks of memory grow "
                "with the logarithm. Thirteen in one week lose much of their effect because a contact that "
                "follows at once is "
                "half attended to: a week or two apart they last about half as long again. Tell us what recall "
                "you want in which week, "
                "and what a point is worth to us; then we can talk about how many."
            ),
            minimum_words=40,
        ),
        points=4,
        hints=(
            "Where is the sentence right, where is it only half right, and what does it leave out?",
        ),
    ),
]

QUIZ = [
    QuizQuestion(
        "A colleague compares people with eight contacts on one evening and eight contacts over eight weeks, "
        "four weeks after the last. Both recall alike. Does spacing not matter?",
        [
            Option(
                "It does not: the shares are equal",
                "The first contact of one group is four weeks old, that of the other eleven.",
            ),
            Option(
                "It may: the spaced group's early contacts are older",
                "Two effects against each other; a model that knows each contact's age can part them.",
                right=True,
            ),
            Option(
                "It does: eight weeks are more than one evening",
                "True of the calendar; the shares alone do not show it.",
            ),
        ],
    ),
    QuizQuestion(
        "Two models foretell held-out answers equally well within the error. Which one is true?",
        [
            Option(
                "The simpler one", "Prefer it for use, but the data have not said that it is true."
            ),
            Option(
                "The data cannot tell",
                "Where they part, beyond the data, be careful with both.",
                right=True,
            ),
            Option(
                "The one with more parameters",
                "More parameters always fit better in sample; that is why answers were held out.",
            ),
        ],
    ),
]
