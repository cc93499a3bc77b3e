"""Lesson 44, in reserve: further questions about a year of advertising."""

from __future__ import annotations

import pandas as pd

from crmkit.practice.kinds import Number, Table
from crmkit.practice.question import Misconception, Question, Tables
from crmkit.practice.questions.lesson_44 import by_project, drip_against_burst, lagged


def seen(data: Tables) -> pd.DataFrame:
    """Purchases of those with contacts in a wave less those without, with and without a project."""
    panel = lagged(data)
    return by_project(panel.assign(saw=(panel["contacts"] > 0).astype(int)), "saw", "bought")


def _named(data: Tables) -> pd.DataFrame:
    panel = lagged(data)
    return by_project(panel.assign(saw=(panel["contacts"] > 0).astype(int)), "saw", "recalled")


def _everybody(data: Tables) -> pd.DataFrame:
    panel = lagged(data)
    mean = 100 * panel.groupby(panel["contacts"] > 0)["bought"].mean()
    return pd.DataFrame({"project": [0, 1], "points": [mean[True] - mean[False]] * 2})


QUESTIONS = [
    Question(
        id="44-b1",
        title="The smaller budget, by the mean",
        level="change",
        goals=(3,),
        elsewhere="another measure",
        prompt=(
            "Fit the model with one store (`Exponential()`) to your tracker with `fit_tracker`, and take "
            "{company.name}'s base. With 30 "
            "contacts a year: how many percentage points more recall does a drip have than a burst, on the "
            "**mean** of the year's weeks "
            "(`compare_plans`, column `mean`)? (three decimals; lower: a negative number)"
        ),
        kind=Number(unit="percentage points", tolerance=0.0005),
        points=3,
        reference=lambda data: drip_against_burst(data, "mean", 30),
        hints=(
            "As in the exercise: two plans of 30 contacts, one column of the comparison.",
            '`compare_plans(plans, model)["mean"]`, a fraction.',
        ),
        misconceptions=(
            Misconception(
                "the end of the year",
                lambda data: drip_against_burst(data, "end", 30),
                "That is the end of the year. The question asks for the mean of all weeks.",
            ),
            Misconception(
                "23 contacts",
                lambda data: drip_against_burst(data, "mean", 23),
                "That is for 23 contacts. Here there are 30.",
            ),
            Misconception(
                "burst less drip",
                lambda data: -drip_against_burst(data, "mean", 30),
                "You took the drip from the burst. The question asks how much more the drip has.",
            ),
        ),
        right="Mean, peak and end name different winners: ask what the brand is for before you ask for a plan.",
        solution="The model of the tracker, two plans, and the difference of their means.",
        code=(
            "from crmkit.brand import Exponential, compare_plans, make_plan\n"
            "from crmkit.brand.tracker import fit_tracker, weekly_recall\n"
            'pressures = crmkit.load("brand_pressure")\n'
            'people, answers = crmkit.load("tracker_respondents"), crmkit.load("tracker_answers")\n'
            "weekly = weekly_recall(pressures, people, answers)\n"
            "memory, expected = fit_tracker(Exponential(), pressures, weekly)\n"
            "model = Exponential.known(**memory.params_, base=memory.bases_[company.name])\n"
            'plans = {kind: make_plan(kind, 30) for kind in ("drip", "burst")}\n'
            'mean = 100 * compare_plans(plans, model)["mean"]\n'
            'answer = mean["drip"] - mean["burst"]'
        ),
    ),
    Question(
        id="44-b2",
        title="Seen and bought",
        level="explore",
        goals=(4,),
        elsewhere="another cause",
        prompt=(
            "In the panel, from the second interview of each person on: how many percentage points more often does "
            "somebody buy who had "
            "a contact or more (`contacts`) since the interview before, without (`project` 0) and with (`project` "
            "1) a project going on? "
            "A table with `project` and `points`. (two decimals)"
        ),
        kind=Table(key="project", columns={"points": 0.005}, units={"points": "percentage points"}),
        points=3,
        reference=seen,
        hints=(
            "`add_lags` of the lesson leaves each person's first interview out.",
            "A mean of `bought` by `project` and by whether `contacts` is above 0, then `.unstack()`.",
        ),
        misconceptions=(
            Misconception(
                "recall for purchases",
                _named,
                "That is how much more often they *recall*. The question asks whether they buy.",
            ),
            Misconception(
                "everybody together",
                _everybody,
                "You compared everybody at once. Those with a project buy more and look more: keep the two groups "
                "apart.",
            ),
        ),
        right="Contacts were not drawn at random. Say what else may differ before you call it an effect.",
        solution="The panel without first interviews, and the difference within each kind of customer.",
        code=(
            "from crmkit.brand import add_lags\n"
            'panel = add_lags(crmkit.load("brand_panel"), ["recalled"])\n'
            'saw = (panel["contacts"] > 0).rename("saw")\n'
            'mean = 100 * panel.groupby([panel["project"], saw])["bought"].mean().unstack()\n'
            'answer = (mean[True] - mean[False]).rename("points").reset_index()'
        ),
    ),
]
