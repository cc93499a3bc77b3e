"""Lesson 10, in reserve: further questions about touchpoints."""

from __future__ import annotations

import pandas as pd

from crmkit.mix import trial_effect
from crmkit.practice.kinds import Number, Table
from crmkit.practice.question import Misconception, Question, Tables


def losses(data: Tables, *, share: bool = False, everyone: bool = False) -> pd.DataFrame:
    """Journeys that each touchpoint of the web lost before the trial, in per cent of all that the web lost."""
    log, journeys = data.load("touchpoint_log"), data.load("journeys")
    own = journeys[journeys["channel"] == "web"]
    own = own if everyone else own[own["arm"] == "none"]
    part = log[log["journey_id"].isin(own["journey_id"])]
    stopped = ~part["went_on"].astype(bool)
    if share:
        found = 100 * stopped.groupby(part["touchpoint"]).mean()
    else:
        count = stopped.groupby(part["touchpoint"]).sum()
        found = 100 * count / count.sum()
    return found.rename("lost").reset_index()


def trial_at(data: Tables, touchpoint: str = "entrance") -> pd.Series:
    """Effect (percentage points) of answering at once on buying, among all of the trial who reached a touchpoint."""
    journeys, log = data.load("journeys"), data.load("touchpoint_log")
    trial = journeys[journeys["arm"] != "none"]
    part = log[log["touchpoint"] == touchpoint].merge(trial, on="journey_id")
    return 100 * trial_effect(part[["arm", "bought"]]).iloc[0][["effect", "low", "high"]].astype(
        float
    )


def width(data: Tables, touchpoint: str = "entrance") -> float:
    """Width of its interval, in percentage points."""
    found = trial_at(data, touchpoint)
    return float(found["high"] - found["low"])


QUESTIONS = [
    Question(
        id="10-b1",
        title="Where the web loses people",
        level="change",
        goals=(1,),
        prompt=(
            "Of all journeys of the **web** that ended before the trial (arm `none`), how many per cent ended at "
            "each "
            "touchpoint: there a row of the log says that the customer did not go on? A table with `touchpoint` and "
            "`lost`. (one decimal)"
        ),
        kind=Table(key="touchpoint", columns={"lost": 0.05}, units={"lost": "%"}),
        points=2,
        reference=losses,
        hints=(
            "First the journeys of the web shop before the trial, then their rows of the log.",
            "Count the rows with `went_on` 0 at each touchpoint. What is the whole?",
        ),
        misconceptions=(
            Misconception(
                "share of those who reached it",
                lambda data: losses(data, share=True),
                "You divided by those who reached each touchpoint. The question asks how all losses are spread: "
                "divide by "
                "all that ended.",
            ),
            Misconception(
                "the trial's journeys too",
                lambda data: losses(data, everyone=True),
                "The journeys of the trial are among them. Keep the arm `none`.",
            ),
        ),
        right="Most losses come early because most people are still there, not because the early links are weak.",
        solution="The rows of the web in which nobody went on, counted by touchpoint, as shares of them all.",
        code=(
            'journeys, log = crmkit.load("journeys"), crmkit.load("touchpoint_log")\n'
            "own = journeys.query(\"channel == 'web' and arm == 'none'\")\n"
            'part = log[log["journey_id"].isin(own["journey_id"]) & (log["went_on"] == 0)]\n'
            'answer = (100 * part["touchpoint"].value_counts(normalize=True)).rename("lost").reset_index()'
        ),
    ),
    Question(
        id="10-b2",
        title="The trial at the entrance",
        level="explore",
        goals=(4,),
        elsewhere="another touchpoint",
        prompt=(
            "Count everyone in the trial who reached the **entrance**. How wide is the 95 % interval of the effect "
            "of "
            "answering at once on the share who *bought*: upper less lower end, in percentage points? (two decimals)"
        ),
        kind=Number(unit="percentage points", tolerance=0.005),
        points=2,
        reference=width,
        hints=(
            "As in the lesson, but another touchpoint, and two other columns of the result.",
            '`trial_effect(part[["arm", "bought"]])` has `low` and `high`, as fractions.',
        ),
        misconceptions=(
            Misconception(
                "gives the effect",
                lambda data: trial_at(data)["effect"],
                "That is the effect itself. How far do the two ends of its interval lie apart?",
            ),
            Misconception(
                "half the width",
                lambda data: width(data) / 2,
                "That is from the middle to one end. The question asks from end to end.",
            ),
            Misconception(
                "counts those who asked",
                lambda data: width(data, "question"),
                "Those are the people who reached the question. Here everyone counts who reached the entrance.",
            ),
        ),
        right="Most of these people left before any question was asked: they widen the interval and add nothing.",
        solution="Keep the trial's journeys at one touchpoint, and take the interval's two ends.",
        code=(
            "from crmkit.mix import trial_effect\n"
            'journeys, log = crmkit.load("journeys"), crmkit.load("touchpoint_log")\n'
            "part = log.query(\"touchpoint == 'entrance'\").merge(journeys.query(\"arm != 'none'\"), on='journey_id')\n"
            'found = trial_effect(part[["arm", "bought"]]).iloc[0]\n'
            'answer = 100 * (found["high"] - found["low"])'
        ),
    ),
]
