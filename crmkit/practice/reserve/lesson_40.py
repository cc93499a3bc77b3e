"""Lesson 40, in reserve: further questions about a word in the mind."""

from __future__ import annotations

import pandas as pd

from crmkit.practice.kinds import Number, Table
from crmkit.practice.question import Misconception, Question, Tables
from crmkit.practice.questions.lesson_40 import first_year, link_counts, ratio, second_year

_LINKS = (
    "from crmkit.brand import expand_links, links_matrix\n"
    'people = crmkit.load("tracker_respondents")\n'
    'people = people[people["week"] {when} company.dates["turn"]]\n'
    'links = expand_links(crmkit.load("tracker_answers"), crmkit.load("brand_words"))\n'
    'links = links[links["respondent_id"].isin(people["respondent_id"])]\n'
)


def strengths(data: Tables, *, of: str = "asked", later: bool = False) -> pd.DataFrame:
    """Per cent of the people asked who link the company and each word."""
    people = second_year(data) if later else first_year(data)
    counts = link_counts(data, people)
    own = counts.loc[data.company.name]
    found = {"asked": own / len(people), "links": own / own.sum(), "ratio": own / counts.sum()}[of]
    return (100 * found).rename("strength").rename_axis("word").reset_index()


def change(data: Tables, word: str = "cheapest", *, turned: bool = False) -> float:
    """Change of the ratio rule for one word from the first to the second year, in points."""
    name = data.company.name
    gap = ratio(data, second_year(data)).loc[name, word] - ratio(data).loc[name, word]
    return 100 * float(-gap if turned else gap)


QUESTIONS = [
    Question(
        id="40-b1",
        title="How strong is each word?",
        level="change",
        goals=(1,),
        prompt=(
            "How many per cent of the people asked in the first year (weeks before {company.dates[turn]}) link "
            "each word with "
            "{company.name}? A table with `word` and `strength`. (two decimals)"
        ),
        kind=Table(key="word", columns={"strength": 0.005}, units={"strength": "%"}),
        points=2,
        reference=strengths,
        hints=(
            "Count the links of {company.name} by word, and divide by the people asked.",
            "`links_matrix(links)` has a row for each brand and a column for each word.",
        ),
        misconceptions=(
            Misconception(
                "share of the company's links",
                lambda data: strengths(data, of="links"),
                "You divided by all links of {company.name}. Strength asks how many of the people asked have the "
                "link.",
            ),
            Misconception(
                "the ratio rule",
                lambda data: strengths(data, of="ratio"),
                "That is the ratio rule: of all links of a word, those that lead to {company.name}. Here the whole "
                "is the people.",
            ),
            Misconception(
                "the second year",
                lambda data: strengths(data, later=True),
                "Those are the people of the second year. Keep the weeks before {company.dates[turn]}.",
            ),
        ),
        right="A strong link can still lead elsewhere: strength and the ratio rule answer different questions.",
        solution="The company's row of the counts, divided by the people asked.",
        code=_LINKS.format(when="<")
        + "own = 100 * links_matrix(links).loc[company.name] / len(people)\n"
        'answer = own.rename("strength").rename_axis("word").reset_index()',
    ),
    Question(
        id="40-b2",
        title="A year later, with one brand more",
        level="explore",
        goals=(2,),
        elsewhere="another year",
        prompt=(
            "Somebody thinks *cheapest*. By how many percentage points did the chance that this leads to "
            "{company.name}, by the "
            "ratio rule, change from the first year (weeks before {company.dates[turn]}) to the second? (three "
            "decimals; a fall is "
            "negative)"
        ),
        kind=Number(unit="percentage points", tolerance=0.0005),
        points=2,
        reference=change,
        hints=(
            "The ratio rule twice, for the people of each year.",
            "One column of the counts: {company.name}'s number over the sum.",
        ),
        misconceptions=(
            Misconception(
                "first year less second",
                lambda data: change(data, turned=True),
                "You took the second from the first year. A change is later less earlier.",
            ),
            Misconception(
                "another word",
                lambda data: change(data, "someone explains"),
                "That is *someone explains*. The question asks for *cheapest*.",
            ),
        ),
        right="A new brand takes from everybody's ratio, even where nobody forgot anything.",
        solution="The ratio of each year for one word, and the difference.",
        code=(
            "from crmkit.brand import expand_links, links_matrix\n"
            'people = crmkit.load("tracker_respondents")\n'
            'links = expand_links(crmkit.load("tracker_answers"), crmkit.load("brand_words"))\n'
            "def ratio(group):\n"
            '    own = links[links["respondent_id"].isin(group["respondent_id"])]\n'
            '    column = links_matrix(own)["cheapest"]\n'
            "    return 100 * column[company.name] / column.sum()\n"
            'turn = company.dates["turn"]\n'
            'answer = ratio(people[people["week"] >= turn]) - ratio(people[people["week"] < turn])'
        ),
    ),
]
