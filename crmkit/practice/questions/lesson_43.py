"""Lesson 43: forgetting and frequency."""

from __future__ import annotations

import functools

import numpy as np
import pandas as pd

from crmkit.brand import (
    Exponential,
    MemoryChain,
    Power,
    compare_models,
    ebbinghaus_savings,
    exposure_ages,
    returns_of_frequency,
)
from crmkit.brand.contacts import lasting_by_gap
from crmkit.practice.kinds import Number, Plan, Table
from crmkit.practice.question import (
    Misconception,
    Option,
    Prediction,
    Question,
    QuizQuestion,
    Tables,
)

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


def fifth_contact(
    data: Tables, contact: int = 5, gap: float = 2.0, column: str = "gain_points"
) -> float:
    """What a contact adds in percentage points, by the model with one store."""
    trials = data.load("recall_experiment")
    model = Exponential().fit(exposure_ages(trials), trials["recalled"])
    table = returns_of_frequency(model, most=contact, gap_weeks=gap, weeks_after=4)
    return float(table.set_index("contacts").loc[contact, column])


@functools.lru_cache(maxsize=64)
def _held_out(rows: tuple[tuple[float, ...], ...]) -> tuple[float, float]:
    """Held-out log-likelihood of the exponential and of the power curve; fitted once for the same answers."""
    names = ["exposures", "gap_weeks", "weeks_after", "recalled"]
    trials = pd.DataFrame(rows, columns=names)
    models = [Exponential(), Power()]
    table = compare_models(exposure_ages(trials), trials["recalled"], models).set_index("model")
    return float(table.loc["exponential", "held_out"]), float(table.loc["power", "held_out"])


def behind(data: Tables, condition: str = "gap_weeks == 0", alone: bool = False) -> float:
    """How far the exponential is behind the power curve on people whom neither has seen, times 1,000."""
    trials = data.load("recall_experiment").query(condition).drop(columns="person_id")
    exponential, power = _held_out(tuple(map(tuple, trials.to_numpy(dtype=float))))
    return 1000 * (exponential if alone else exponential - power)


def _figures(data: Tables) -> dict[str, str]:
    """Give what the model answer says of further contacts and of spacing."""
    trials = data.load("recall_experiment")
    memory = MemoryChain(massing=True).fit(exposure_ages(trials), trials["recalled"])
    added = returns_of_frequency(memory, most=9, weeks_after=4).set_index("contacts")["gain_points"]
    weeks = lasting_by_gap(memory, gaps=(0, 2), contacts=(13,)).loc[13]
    return {
        "second": f"{added[2]:.0f}",
        "ninth": f"{added[9]:.0f}",
        "evening": f"{weeks[0]:.0f}",
        "spread": f"{weeks[2]:.0f}",
    }


PREDICTIONS = [
    Prediction(
        id="43-a",
        prompt="After one day a third of the work is saved. How much is saved after thirty-one days, in per cent?",
        kind=Number(unit="%", tolerance=4),
        between=(0, 100),
        answer=lambda data: 100 * float(ebbinghaus_savings()["savings"].iloc[-1]),
        why="If every day took the same share as the first one, nothing would be left. Forgetting is fast, "
        "then slow.",
    ),
    Prediction(
        id="43-b",
        prompt="Eight contacts, a week apart, last for months. How many times as long do sixteen last? (1 "
        "means: no longer)",
        kind=Number(unit="times", tolerance=0.2),
        answer=None,
        why="Twice the price for less than twice the time: the store that must be outlived loses the same "
        "share every "
        "week.",
    ),
    Prediction(
        id="43-c",
        prompt="Take eight contacts, once all on one evening, and once two weeks apart. How many times as long "
        "do the spread "
        "ones last?",
        kind=Number(unit="times", tolerance=0.2),
        answer=None,
        why="A contact that follows another at once is only half attended to. Many plans count it as a whole one.",
    ),
]

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
        goals=(1,),
        right="That is one point of a forgetting curve. A second one, at another time, would tell how fast it "
        "falls.",
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
        goals=(1,),
        right="A director understands this number at once. Say also that it is the trace's, and not that of "
        "recall.",
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
                "That is the half-life of *recall*, from half a week after the contact on: what "
                "`half_life_weeks()` "
                "gives. The question asks for the trace, whose half-life is ln 2 / decay.",
            ),
            Misconception(
                "straight-line fall",
                lambda data: 0.5 / decay(data),
                "You let the trace fall in a straight line. It loses a share of what is left, not of what "
                "there was.",
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
        title="What does the fifth contact add?",
        level="change",
        prompt=(
            "Another plan: contacts **two** weeks apart, and the model of 43-2. How many percentage points "
            "does the fifth "
            "contact add to recall, asked four weeks after the last one? (`returns_of_frequency`, three decimals)"
        ),
        kind=Number(unit="percentage points", tolerance=0.0005),
        points=2,
        reference=fifth_contact,
        goals=(3,),
        elsewhere="another plan and another model",
        right="Now multiply it with what a point is worth, and compare it with the price of a contact.",
        hints=(
            "The function of the lesson, with another model and another distance.",
            "`returns_of_frequency(model, most=5, gap_weeks=2, weeks_after=4)` has a row for each contact.",
            "The column `gain_points`, in the row of five contacts.",
        ),
        misconceptions=(
            Misconception(
                "contacts a week apart",
                lambda data: fifth_contact(data, gap=1.0),
                "That is for contacts one week apart. Which distance was asked for?",
            ),
            Misconception(
                "recall after five contacts",
                lambda data: 100 * fifth_contact(data, column="recall"),
                "That is the whole recall after five contacts. What did the fifth one add to it?",
            ),
            Misconception(
                "the sixth contact",
                lambda data: fifth_contact(data, contact=6),
                "That is what the sixth contact adds. The table begins with zero contacts.",
            ),
        ),
        starter="table = returns_of_frequency(model, most=5, gap_weeks=____, weeks_after=4)",
        solution="Fit the model, compute the returns for this distance, take the fifth contact's gain.",
        code=(
            "from crmkit.brand import Exponential, exposure_ages, returns_of_frequency\n"
            'trials = crmkit.load("recall_experiment")\n'
            'model = Exponential().fit(exposure_ages(trials), trials["recalled"])\n'
            "table = returns_of_frequency(model, most=5, gap_weeks=2, weeks_after=4)\n"
            'answer = table.set_index("contacts").loc[5, "gain_points"]'
        ),
    ),
    Question(
        id="43-4",
        title="One store or a power curve, on one evening?",
        level="explore",
        prompt=(
            "Take only the people who had all their contacts on one evening (`gap_weeks` is 0). Compare "
            "`Exponential()` and "
            "`Power()` on answers that they have not seen. What is `held_out` of the exponential less that of "
            "the power "
            "curve, times 1,000? (two decimals; negative where the exponential predicts worse)"
        ),
        kind=Number(unit="thousandths", tolerance=0.005),
        points=3,
        reference=behind,
        goals=(2,),
        right="Look at `behind_se` too: with these few people, can the data tell the two apart?",
        hints=(
            "The comparison of the lesson, with two models and fewer people.",
            '`evening = trials.query("gap_weeks == 0")`, and its own ages.',
            '`compare_models(exposure_ages(evening), evening["recalled"], [Exponential(), Power()])`',
        ),
        misconceptions=(
            Misconception(
                "those with contacts apart",
                lambda data: behind(data, "gap_weeks > 0"),
                "Those are the people whose contacts were weeks apart. Take the others.",
            ),
            Misconception(
                "the exponential alone",
                lambda data: behind(data, alone=True),
                "That is the exponential's own value. The question asks for its distance to the power curve.",
            ),
            Misconception(
                "the power curve less the exponential",
                lambda data: -behind(data),
                "The right size, the other way round: the exponential less the power curve.",
            ),
        ),
        starter='evening = trials.query("gap_weeks == ____")',
        solution="Choose the people, compare the two models, subtract.",
        code=(
            "from crmkit.brand import Exponential, Power, compare_models, exposure_ages\n"
            'trials = crmkit.load("recall_experiment")\n'
            'evening = trials.query("gap_weeks == 0")\n'
            'table = compare_models(exposure_ages(evening), evening["recalled"], [Exponential(), Power()])\n'
            'held_out = table.set_index("model")["held_out"]\n'
            'answer = 1000 * (held_out["exponential"] - held_out["power"])'
        ),
    ),
    Question(
        id="43-5",
        title="Soon and late, by number of contacts",
        level="explore",
        prompt=(
            "For each number of `exposures` above 0 give the share who recall `early` (asked two weeks or less "
            "after the "
            "last contact) and `late` (sixteen weeks or more), in per cent."
        ),
        goals=(4,),
        right="The late column grows with frequency too, and it says how much of the early one is still there.",
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
                "Your 'late' is what is left of 'early'. The question asks for the share of people in both "
                "columns.",
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
        id="43-6",
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
                "Ebbinghaus measured the work saved by one man who wanted to learn; our viewers do not want "
                "to. He also wrote "
                "that the effect of repetition decreases gradually. In our experiment recall does grow with "
                "contacts, but the "
                "second adds {figure.second} points and the ninth only {figure.ninth}. Thirteen contacts on "
                "one evening last "
                "about {figure.evening} weeks, and two weeks apart about {figure.spread}, because a contact "
                "that follows another "
                "at once is half attended to. Tell us which recall you promise in which week, and we will tell "
                "you what a point "
                "is worth to us. Then we can talk about how many contacts, and when."
            ),
            figures=_figures,
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
        "Two models predict held-out answers equally well, within the error. Which one is true?",
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
    QuizQuestion(
        "A trace has a half-life of 3 weeks. How much of it is left after 9 weeks?",
        [
            Option("Nothing", "Half of the half of the half is left."),
            Option("An eighth", "Three half-lives: a half, a quarter, an eighth.", right=True),
            Option("A sixth", "It loses half of what is left, not the same amount each time."),
        ],
    ),
]
