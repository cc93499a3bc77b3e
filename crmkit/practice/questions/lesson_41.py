"""Lesson 41: lookalikes."""

from __future__ import annotations

import numpy as np
import pandas as pd

from crmkit.practice.kinds import Number, Plan, Table
from crmkit.practice.question import Misconception, Option, Question, QuizQuestion, Tables

TITLE = "Lookalikes"
RIVALS = ["Toolmere", "Bramblecote", "Pennygrove", "Oakwright"]


def answers_with_period(data: Tables) -> pd.DataFrame:
    """All answers with the period of their week: before, entering, after."""
    answers = data.load("tracker_answers").merge(
        data.load("tracker_respondents"), on="respondent_id"
    )
    own = data.company
    ends = pd.to_datetime([own.start, own.dates["turn"], own.dates["settled"], own.end])
    answers["period"] = pd.cut(
        answers["week"], ends, labels=["before", "entering", "after"], right=False
    ).astype(str)
    return answers.assign(number=answers["links"].fillna("").str.len())


def network_size(data: Tables, brand: str | None = None, least: int = 1) -> pd.Series:
    """Links per person with at least so many links, by period."""
    answers = answers_with_period(data)
    own = answers[(answers["brand"] == (brand or data.company.name)) & (answers["number"] >= least)]
    return own.groupby("period")["number"].mean()


def trust_change(data: Tables, before: tuple[str, ...] = ("before",)) -> pd.Series:
    """Mean trust after less before, by brand."""
    answers = answers_with_period(data)
    early = answers[answers["period"].isin(before)].groupby("brand")["trust"].mean()
    return answers[answers["period"] == "after"].groupby("brand")["trust"].mean() - early


def _pooled(data: Tables) -> float:
    answers = answers_with_period(data)
    others = answers[answers["brand"].isin(RIVALS)].groupby("period")["trust"].mean()
    return float(trust_change(data)[data.company.name] - (others["after"] - others["before"]))


def counts(data: Tables, period: str = "after") -> pd.DataFrame:
    """People who link brand (rows) and word (columns) in one period."""
    answers = answers_with_period(data)
    answers = answers[answers["period"] == period]
    linked = {
        row.word: answers["links"]
        .fillna("")
        .str.contains(row.letter)
        .groupby(answers["brand"])
        .sum()
        for row in data.load("brand_words").itertuples()
    }
    return pd.DataFrame(linked)


def nearest(table: pd.DataFrame, centred: bool = False) -> pd.DataFrame:
    """Each brand's most similar rival by the cosine of their rows."""
    rows = table.to_numpy(dtype=float)
    if centred:
        rows = rows - rows.mean(axis=1, keepdims=True)
    rows = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    alike = pd.DataFrame(rows @ rows.T, index=table.index, columns=table.index)
    alike = alike.mask(np.eye(len(alike), dtype=bool))
    return pd.DataFrame(
        {
            "brand": alike.index,
            "nearest": alike.idxmax(axis=1).to_numpy(),
            "similarity": alike.max(axis=1).to_numpy(),
        }
    )


_LINKS = (
    "from crmkit.brand import expand_links, mental_availability, links_matrix, distinctiveness\n"
    'people = crmkit.load("tracker_respondents")\n'
    'turn, settled = company.dates["turn"], company.dates["settled"]\n'
    'before, after = people[people["week"] < turn], people[people["week"] > settled]\n'
    'links = expand_links(crmkit.load("tracker_answers"), crmkit.load("brand_words"))\n'
)

QUESTIONS = [
    Question(
        id="41-1",
        title="How many links did {company.name} lose?",
        level="fill in",
        prompt=(
            "By how much did {company.name}'s network size (links per person who has any) change from the "
            "year before the "
            "lookalike (weeks before {company.dates[turn]}) to the time after it had settled (weeks after "
            "{company.dates[settled]})? "
            "(links per 100 people who have any, two decimals; a fall is negative)"
        ),
        kind=Number(unit="links per 100 people", tolerance=0.005),
        points=1,
        reference=lambda data: 100 * (network_size(data)["after"] - network_size(data)["before"]),
        hints=(
            "Two samples of people, one mean for each, one difference.",
            "Only people with one link or more count below the line.",
            '`mental_availability(links, people, by="period")` has `network_size`; or count the letters in `links`.',
        ),
        misconceptions=(
            Misconception(
                "counts people without links",
                lambda data: (network_size(data, least=0) * 100).pipe(
                    lambda size: size["after"] - size["before"]
                ),
                "You divided by everybody who knows the name, also those without a single link. Who belongs "
                "below the line?",
            ),
            Misconception(
                "the months of entering taken for after",
                lambda data: 100 * (network_size(data)["entering"] - network_size(data)["before"]),
                "Those are the months in which the newcomer was still making itself known. Which weeks were "
                "asked for?",
            ),
            Misconception(
                "relative change",
                lambda data: 100 * (network_size(data)["after"] / network_size(data)["before"] - 1),
                "That is the relative change, in per cent. The question asks for links: the plain difference.",
            ),
            Misconception(
                "before less after",
                lambda data: 100 * (network_size(data)["before"] - network_size(data)["after"]),
                "The right size, the wrong way round: what came after less what was before.",
            ),
        ),
        starter='own = links[links["respondent_id"].isin(____["respondent_id"]) & (links["brand"] == company.name)]',
        solution="Keep people with one link or more for {company.name}, take the mean of each period, subtract.",
        code=(
            _LINKS + "def size(group):\n"
            '    own = links[links["respondent_id"].isin(group["respondent_id"]) & (links["brand"] == company.name)]\n'
            '    return len(own) / own["respondent_id"].nunique()\n'
            "answer = 100 * (size(after) - size(before))"
        ),
    ),
    Question(
        id="41-2",
        title="How much trust, beyond what happened to all?",
        level="change",
        prompt=(
            "Use Toolmere, Bramblecote, Pennygrove and Oakwright as the control group: how far did trust in "
            "{company.name} "
            "change (same two periods) beyond the mean change of these four brands? "
            "(points of the 0 to 10 scale, three decimals)"
        ),
        kind=Number(unit="points", tolerance=0.0005),
        points=2,
        reference=lambda data: (
            trust_change(data)[data.company.name] - trust_change(data)[RIVALS].mean()
        ),
        hints=(
            "A difference of differences: first each brand's own change, then ours less theirs.",
            "Mean trust by brand and period; after less before; then {company.name}'s less the mean of the four.",
            '`by_period = answers.groupby(["brand", "period"])["trust"].mean().unstack()`',
        ),
        misconceptions=(
            Misconception(
                "no control group",
                lambda data: trust_change(data)[data.company.name],
                "That is {company.name}'s own change. What happened meanwhile to brands that nobody copied?",
            ),
            Misconception(
                "pools the answers of the four",
                _pooled,
                "You pooled all answers of the four brands, so the well-known ones count most, and the mix of "
                "brands may shift. "
                "Take each brand's change first, then the mean of the four.",
            ),
            Misconception(
                "the months of entering counted as before",
                lambda data: (
                    trust_change(data, ("before", "entering"))[data.company.name]
                    - trust_change(data, ("before", "entering"))[RIVALS].mean()
                ),
                "Your 'before' reaches into the months in which the lookalike was already selling.",
            ),
            Misconception(
                "compares with the lookalike's level",
                lambda data: (
                    answers_with_period(data)
                    .query("period == 'after'")
                    .groupby("brand")["trust"]
                    .mean()
                    .pipe(lambda mean: mean[data.company.name] - mean[RIVALS].mean())
                ),
                "That compares levels after the entry. {company.name} may have stood elsewhere all along: "
                "compare changes.",
            ),
        ),
        starter=(
            'early = answers[answers["week"] < company.dates["turn"]].groupby("brand")["trust"].mean()\n'
            'late = answers[____].groupby("brand")["trust"].mean()'
        ),
        solution="Mean trust by brand and period, after less before; {company.name}'s change less the mean of four.",
        code=(
            'people = crmkit.load("tracker_respondents")\n'
            'answers = crmkit.load("tracker_answers").merge(people, on="respondent_id")\n'
            'early = answers[answers["week"] < company.dates["turn"]].groupby("brand")["trust"].mean()\n'
            'late = answers[answers["week"] > company.dates["settled"]].groupby("brand")["trust"].mean()\n'
            "change = late - early\n"
            'answer = change[company.name] - change[["Toolmere", "Bramblecote", "Pennygrove", "Oakwright"]].mean()'
        ),
    ),
    Question(
        id="41-3",
        title="Who is nearest to whom?",
        level="explore",
        prompt=(
            "For the time after {company.dates[settled]} give for each `brand` its `nearest` rival in memory and their "
            "`similarity` "
            "(cosine of the two profiles, three decimals)."
        ),
        kind=Table(key="brand", columns={"nearest": None, "similarity": 0.0005}),
        points=3,
        reference=lambda data: nearest(counts(data)),
        hints=(
            "First the matrix brand x word for these weeks, then the similarity of its rows.",
            "A brand is most similar to itself: look at the others only.",
            "`distinctiveness(links_matrix(links))` has both columns.",
        ),
        misconceptions=(
            Misconception(
                "correlation for cosine",
                lambda data: nearest(counts(data), centred=True),
                "You took the mean off each row first: that is a correlation. The cosine compares the profiles "
                "as they stand.",
            ),
            Misconception(
                "columns normalised first",
                lambda data: nearest(counts(data) / counts(data).sum()),
                "You compared shares of each word (ratio rule). A profile is the brand's own row of links.",
            ),
            Misconception(
                "distinctiveness for similarity",
                lambda data: nearest(counts(data)).assign(
                    similarity=lambda table: 1 - table["similarity"]
                ),
                "Those are the distances (1 less the similarity).",
            ),
        ),
        starter="table = distinctiveness(links_matrix(____))",
        solution="Count links by brand and word, take the cosine of each pair of rows, keep the largest.",
        code=(
            _LINKS + 'links = links[links["respondent_id"].isin(after["respondent_id"])]\n'
            "table = distinctiveness(links_matrix(links))\n"
            'answer = table.reset_index()[["brand", "nearest", "similarity"]]'
        ),
    ),
    Question(
        id="41-4",
        title="One answer to the copy",
        level="decide",
        prompt=(
            "The director has money for one answer to Fernhollow: change the leaf and the green, claim four "
            "new words, sue, or "
            "push the word that is most ours. What do you advise, and what would you measure?"
        ),
        kind=Plan(
            rubric={
                "separates what dilution took (every new rival would) from what confusion took, with figures": 1,
                "says which evidence points to the looks rather than the words, or that the data cannot tell": 1,
                "names the cost of the chosen answer, such as the fan effect or recognition lost with the old leaf": 1,
                "proposes a measurement with a control: other brands, regions, or either leaf by chance": 1,
            },
            model=(
                "Most of the loss is dilution, which neither a court nor a new leaf gives back. What is ours "
                "alone is the fall in "
                "links per person and in trust, and the brands with similar words but another look lost "
                "neither: that points to "
                "the looks. I would not claim four words: each would thin out 'someone explains'. I would test "
                "a changed leaf in "
                "five towns drawn by chance against five others, and compare links and trust there after half "
                "a year, because the "
                "old leaf is also what our regulars recognise us by."
            ),
            minimum_words=40,
        ),
        points=4,
        hints=("Which part of the loss would any new rival have caused, and which only a copy?",),
    ),
]

QUIZ = [
    QuizQuestion(
        "A sixth brand enters. Your share of all links falls from 24 to 20 per cent, your links per person "
        "stay. What happened?",
        [
            Option("Interference", "Then people would have fewer links with you."),
            Option("Dilution", "The same links, divided among more brands.", right=True),
            Option("Forgetting", "Forgetting takes links away; these are all still there."),
        ],
    ),
    QuizQuestion(
        "Why do four other brands help to judge what the lookalike did to one?",
        [
            Option(
                "They show what happened to everybody in those months",
                "Weather, prices, the season: whatever hit all is in their change too.",
                right=True,
            ),
            Option(
                "They make the sample larger",
                "Size is not the point: they answer another question.",
            ),
            Option(
                "They are the average of the market",
                "They are not: one of them has fallen silent. But they were not copied.",
            ),
        ],
    ),
]
