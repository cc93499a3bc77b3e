"""Lesson 32, in reserve: further questions about whether it worked."""

from __future__ import annotations

import pandas as pd

from crmkit.practice.kinds import Number, Table
from crmkit.practice.question import Misconception, Question, Tables
from crmkit.reactivation import effect_table


def width(data: Tables, *, of: str = "width") -> float:
    """Width of the 95 % interval of the reminder in May, in points."""
    row = effect_table(data.load("second_campaign")).set_index("arm").loc["reminder"]
    found = {
        "width": row["high"] - row["low"],
        "half": (row["high"] - row["low"]) / 2,
        "effect": row["effect"],
    }
    return 100 * float(found[of])


def by_state(
    data: Tables, arm: str = "personal call", *, alone: bool = False, turned: bool = False
) -> pd.DataFrame:
    """Effect of an arm in May on the share who returned, in each state."""
    test = data.load("second_campaign")
    share = 100 * test.groupby(["state", "arm"], observed=True)["returned_60d"].mean().unstack()
    found = share[arm] if alone else share[arm] - share["control"]
    return (-found if turned else found).rename("effect").reset_index()


QUESTIONS = [
    Question(
        id="32-b1",
        title="How sure is May?",
        level="change",
        goals=(2,),
        elsewhere="another campaign",
        prompt=(
            "In the test of May (`second_campaign`): how wide is the 95 % interval of the effect of the reminder "
            "on the share who "
            "returned (`returned_60d`), from its lower to its upper end, in percentage points? (two decimals)"
        ),
        kind=Number(unit="percentage points", tolerance=0.005),
        points=2,
        reference=width,
        hints=("`effect_table` has a row for each arm, with `low` and `high`, as fractions.",),
        misconceptions=(
            Misconception(
                "gives the effect",
                lambda data: width(data, of="effect"),
                "That is the effect. How far do the ends of its interval lie apart?",
            ),
            Misconception(
                "half the width",
                lambda data: width(data, of="half"),
                "That is from the middle to one end. The question asks from end to end.",
            ),
        ),
        right="A test four times as large would halve it. Say so before somebody asks for two decimals.",
        solution="The row of the reminder: upper less lower end.",
        code=(
            "from crmkit.reactivation import effect_table\n"
            'row = effect_table(crmkit.load("second_campaign")).set_index("arm").loc["reminder"]\n'
            'answer = 100 * (row["high"] - row["low"])'
        ),
    ),
    Question(
        id="32-b2",
        title="The call in each state",
        level="explore",
        goals=(3,),
        elsewhere="another campaign",
        prompt=(
            "In the test of May (`second_campaign`): by how many percentage points did the personal call raise the "
            "share who "
            "returned, in each `state`? A table with `state` and `effect`. (two decimals; a fall is negative)"
        ),
        kind=Table(key="state", columns={"effect": 0.005}, units={"effect": "percentage points"}),
        points=3,
        reference=by_state,
        hints=(
            "Two shares for each state: called, and left alone.",
            '`.groupby(["state", "arm"])["returned_60d"].mean().unstack()` has a row a state, a column an arm.',
        ),
        misconceptions=(
            Misconception(
                "the called alone",
                lambda data: by_state(data, alone=True),
                "Those are the shares of the called. How many would have returned anyway? Take the control group "
                "away.",
            ),
            Misconception(
                "another arm",
                lambda data: by_state(data, "discount"),
                "That is the discount. The question asks for the personal call.",
            ),
            Misconception(
                "control less called",
                lambda data: by_state(data, turned=True),
                "You took the called from the control group. The effect is the other way round.",
            ),
        ),
        right="You looked at several states: one that stands out may be luck. Lesson 33 asks whom a call changes.",
        solution="The share in each state and arm, and the difference of two columns.",
        code=(
            'share = 100 * crmkit.load("second_campaign").groupby(\n'
            '    ["state", "arm"], observed=True)["returned_60d"].mean().unstack()\n'
            'answer = (share["personal call"] - share["control"]).rename("effect").reset_index()'
        ),
    ),
]
