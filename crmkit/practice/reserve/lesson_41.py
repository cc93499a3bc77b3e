"""Lesson 41, in reserve: further questions about lookalikes."""

from __future__ import annotations

import pandas as pd

from crmkit.practice.kinds import Number, Table
from crmkit.practice.question import Misconception, Question, Tables
from crmkit.practice.questions.lesson_41 import answers_with_period, counts, nearest


def liking(
    data: Tables, column: str = "liking", *, turned: bool = False, all_early: bool = False
) -> pd.DataFrame:
    """Change of the mean liking of each brand that was there before, in points of the scale."""
    answers = answers_with_period(data)
    late = answers[answers["period"] == "after"].groupby("brand")[column].mean()
    before = answers[answers["period"].isin(["before", "entering"] if all_early else ["before"])]
    gap = (late - before.groupby("brand")[column].mean()).dropna()
    gap = gap[sorted(set(answers.loc[answers["period"] == "before", "brand"]))]
    return (-gap if turned else gap).rename("change").rename_axis("brand").reset_index()


def alike(data: Tables, period: str = "before") -> pd.DataFrame:
    """Each brand's nearest rival in a period, with their similarity."""
    return nearest(counts(data, period))


QUESTIONS = [
    Question(
        id="41-b1",
        title="Were they liked less?",
        level="change",
        goals=(2,),
        elsewhere="another measure",
        prompt=(
            "By how much did the mean `liking` of each brand change from the year before the lookalike (weeks before "
            "{company.dates[turn]}) to the time after it had settled (weeks after {company.dates[settled]})? A "
            "table with `brand` "
            "and `change`, for the brands that were there in both periods. (points of the scale, three decimals)"
        ),
        kind=Table(key="brand", columns={"change": 0.0005}),
        points=2,
        reference=liking,
        hints=(
            "Two means by brand, of two periods; the weeks between belong to neither.",
            "A brand that was not there before has no difference: `.dropna()`.",
        ),
        misconceptions=(
            Misconception(
                "trust for liking",
                lambda data: liking(data, "trust"),
                "That is trust. The question asks for `liking`.",
            ),
            Misconception(
                "before less after",
                lambda data: liking(data, turned=True),
                "You took the later from the earlier mean. A change is later less earlier.",
            ),
            Misconception(
                "the weeks between counted as before",
                lambda data: liking(data, all_early=True),
                "The weeks in which the lookalike settled are among the earlier ones. They belong to neither period.",
            ),
        ),
        right="Compare the change of one brand with the others': what happens to all of them is nobody's doing.",
        solution="The mean liking of each brand in two periods, and the difference.",
        code=(
            'people = crmkit.load("tracker_respondents")\n'
            'answers = crmkit.load("tracker_answers").merge(people, on="respondent_id")\n'
            'early = answers[answers["week"] < company.dates["turn"]].groupby("brand")["liking"].mean()\n'
            'late = answers[answers["week"] > company.dates["settled"]].groupby("brand")["liking"].mean()\n'
            'answer = (late - early).dropna().rename("change").reset_index()'
        ),
    ),
    Question(
        id="41-b2",
        title="Whom one stood beside before",
        level="explore",
        goals=(3,),
        elsewhere="another period",
        prompt=(
            "Take the year **before** the lookalike (weeks before {company.dates[turn]}). Give for each `brand` "
            "its `nearest` rival in "
            "memory and their `similarity` (cosine of the two profiles, four decimals)."
        ),
        kind=Table(key="brand", columns={"nearest": None, "similarity": 0.00005}),
        points=3,
        reference=alike,
        hints=(
            "As in the lesson, for another period.",
            "`distinctiveness(links_matrix(links))` has both columns.",
        ),
        misconceptions=(
            Misconception(
                "after it had settled",
                lambda data: alike(data, "after"),
                "That is the time after the lookalike had settled. The question asks for the year before.",
            ),
            Misconception(
                "centred profiles",
                lambda data: nearest(counts(data, "before"), centred=True),
                "You took each brand's mean away first, so this is a correlation. The cosine takes the counts as "
                "they are.",
            ),
        ),
        right="A brand that had a near neighbour before loses less that is new when another one comes.",
        solution="The links of one period, and the cosine of each pair of rows.",
        code=(
            "from crmkit.brand import distinctiveness, expand_links, links_matrix\n"
            'people = crmkit.load("tracker_respondents")\n'
            'people = people[people["week"] < company.dates["turn"]]\n'
            'links = expand_links(crmkit.load("tracker_answers"), crmkit.load("brand_words"))\n'
            'links = links[links["respondent_id"].isin(people["respondent_id"])]\n'
            'answer = distinctiveness(links_matrix(links)).reset_index()[["brand", "nearest", "similarity"]]'
        ),
    ),
]
