"""Lesson 42, in reserve: further questions about what happened to me."""

from __future__ import annotations

import pandas as pd

from crmkit.practice.kinds import Number, Table
from crmkit.practice.question import Misconception, Question, Tables
from crmkit.practice.questions.lesson_42 import by_end, gains


def spent(
    data: Tables, against: str = "no failure", column: str = "spend_90d", *, buyers: bool = False
) -> pd.DataFrame:
    """Mean spending of 90 days in each arm, less that of those whose parcel was in time."""
    cases = data.load("service_cases")
    cases = cases[cases["bought_90d"] == 1] if buyers else cases
    mean = cases.groupby("arm")[column].mean()
    return (mean - mean[against]).rename("difference").reset_index()


def two_visits(data: Tables, start: float = 6.0, events: tuple[float, ...] = (3.0, 9.0)) -> float:
    """Trust after two events, by the delta rule with the estimated gains."""
    found, trust = gains(data), start
    for worth in events:
        trust += found["bad" if worth < trust else "good"] * (worth - trust)
    return float(trust)


def _at_once(data: Tables) -> float:
    found = gains(data)
    return float(6 + found["bad"] * (3 - 6) + found["good"] * (9 - 6))


QUESTIONS = [
    Question(
        id="42-b1",
        title="A bad one, then a good one",
        level="change",
        goals=(1,),
        elsewhere="two events",
        prompt=(
            "A customer trusts {company.name} with 6.0 of 10. First comes a delivery worth 3.0, then a visit worth "
            "9.0. What trust does "
            "the delta rule predict after both, with the gains that `fit_delta_rule` finds in your diaries? "
            "(points, four decimals)"
        ),
        kind=Number(unit="points", tolerance=0.00005),
        points=2,
        reference=two_visits,
        hints=(
            "One after the other: the second event meets the trust that the first has left.",
            "A surprise below the trust takes the gain `bad`, one above it `good`.",
        ),
        misconceptions=(
            Misconception(
                "both from the trust at the start",
                _at_once,
                "You let both meet the trust of 6.0. The second meets what the first has left.",
            ),
            Misconception(
                "the good one first",
                lambda data: two_visits(data, events=(9.0, 3.0)),
                "You took the good one first. The order counts: first 3.0, then 9.0.",
            ),
            Misconception(
                "only the first event",
                lambda data: two_visits(data, events=(3.0,)),
                "That is the trust after the first event. The second is still to come.",
            ),
        ),
        right="What comes last counts more, because the later surprise is larger and nothing follows it.",
        solution="The rule twice, the second time from where the first has ended.",
        code=(
            "from crmkit.brand import fit_delta_rule\n"
            'table = fit_delta_rule(crmkit.load("diaries"), crmkit.load("diary_people"))\n'
            'gains = table.set_index("parameter")["estimate"]\n'
            'trust = 6 + gains["bad"] * (3 - 6)\n'
            'answer = trust + gains["good"] * (9 - trust)'
        ),
    ),
    Question(
        id="42-b2",
        title="How the beginning is remembered",
        level="change",
        goals=(2,),
        elsewhere="another moment",
        prompt=(
            "By how many points is a visit remembered as better when its **first** moment was rated 7 or more than "
            "when it was rated 3 "
            "or less? (mean of `remembered`, three decimals)"
        ),
        kind=Number(unit="points", tolerance=0.0005),
        points=2,
        reference=lambda data: by_end(data, "first"),
        hints=(
            "Sort the moments, and take the first of each visit.",
            '`moments.groupby("visit_id")["rating"].first()`',
        ),
        misconceptions=(
            Misconception(
                "the last moment",
                by_end,
                "That is the last moment, as in the exercise. The question asks for the first.",
            ),
            Misconception(
                "the mean of all moments",
                lambda data: by_end(data, "mean"),
                "You sorted by the mean of the whole visit. The question looks at the first moment alone.",
            ),
            Misconception(
                "bad less good",
                lambda data: -by_end(data, "first"),
                "You took good from bad. The question asks how much better the good ones are remembered.",
            ),
        ),
        right="Set it beside the last moment: an entrance that costs a fortune may be remembered by nobody.",
        solution="The first rating of each visit, two groups, and the difference of the means.",
        code=(
            'moments = crmkit.load("visit_moments").sort_values(["visit_id", "moment"])\n'
            'first = moments.groupby("visit_id")["rating"].first().rename("first")\n'
            'table = crmkit.load("visits").join(first, on="visit_id")\n'
            'good, bad = table[table["first"] >= 7], table[table["first"] <= 3]\n'
            'answer = good["remembered"].mean() - bad["remembered"].mean()'
        ),
    ),
    Question(
        id="42-b3",
        title="What the late parcel cost",
        level="explore",
        goals=(3,),
        elsewhere="another outcome",
        prompt=(
            "For each `arm` of the late parcels: how much more or less did a customer spend in 90 days "
            "(`spend_90d`) than those whose "
            "parcel was in time, on average, in {company.symbol}? A table with `arm` and `difference` (0 for these "
            "themselves; two "
            "decimals)"
        ),
        kind=Table(
            key="arm", columns={"difference": 0.005}, units={"difference": "{company.symbol}"}
        ),
        points=3,
        reference=spent,
        hints=("A mean by arm, also of those who spent nothing; then take one row away from all.",),
        misconceptions=(
            Misconception(
                "only those who bought again",
                lambda data: spent(data, buyers=True),
                "You kept those who bought again. Those who stayed away spent 0: that is the damage.",
            ),
            Misconception(
                "against the letter",
                lambda data: spent(data, "failure, letter"),
                "You compared with the letter. The question compares with parcels in time.",
            ),
        ),
        right="Money says what shares do not: a few large buyers may decide it, so look at its interval too.",
        solution="The mean by arm, less the mean of those whose parcel was in time.",
        code=(
            'mean = crmkit.load("service_cases").groupby("arm")["spend_90d"].mean()\n'
            'answer = (mean - mean["no failure"]).rename("difference").reset_index()'
        ),
    ),
]
