"""Lesson 41: lookalikes."""

from __future__ import annotations

import numpy as np
import pandas as pd

from crmkit.brand import claim_word, retrieval_matrix
from crmkit.practice.kinds import Choice, Number, Plan, Table
from crmkit.practice.question import (
    Misconception,
    Option,
    Prediction,
    Question,
    QuizQuestion,
    Tables,
)

TITLE = "Lookalikes"


def rivals(data: Tables) -> list[str]:
    """Name the brands that were there before and that nobody copied."""
    answers = answers_with_period(data)
    there = sorted(answers.loc[answers["period"] == "before", "brand"].unique())
    return [name for name in there if name != data.company.name]


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


def links_per_asked(data: Tables) -> pd.Series:
    """Links per person asked, whether they have any or not, by period."""
    answers = answers_with_period(data)
    asked = answers.drop_duplicates("respondent_id").groupby("period").size()
    own = answers[answers["brand"] == data.company.name]
    return own.groupby("period")["number"].sum() / asked


def trust_change(
    data: Tables, before: tuple[str, ...] = ("before",), after: tuple[str, ...] = ("after",)
) -> pd.Series:
    """Mean trust after less before, by brand."""
    answers = answers_with_period(data)
    early = answers[answers["period"].isin(before)].groupby("brand")["trust"].mean()
    return answers[answers["period"].isin(after)].groupby("brand")["trust"].mean() - early


def _beyond_the_rivals(change: pd.Series, data: Tables) -> float:
    """The company's change less the mean change of the brands that nobody copied."""
    return float(change[data.company.name] - change[rivals(data)].mean())


def _pooled(data: Tables) -> float:
    answers = answers_with_period(data)
    others = answers[answers["brand"].isin(rivals(data))].groupby("period")["trust"].mean()
    return float(trust_change(data)[data.company.name] - (others["after"] - others["before"]))


def counts(data: Tables, period: str | None = "after") -> pd.DataFrame:
    """People who link brand (rows) and word (columns) in one period, or in all weeks."""
    answers = answers_with_period(data)
    if period is not None:
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


def changes(data: Tables) -> pd.Series:
    """Change in links per person who has any, by brand, of those that were there before."""
    answers = answers_with_period(data)
    linked = answers[answers["number"] > 0].groupby(["brand", "period"])["number"].mean().unstack()
    return (linked["after"] - linked["before"]).dropna()


def who_loses(data: Tables) -> str:
    """Give whose links per person fall most: a the leader, b the company, c the discounter, d another."""
    most, named = changes(data).idxmin(), data.company.words
    return {named["leader"]: "a", data.company.name: "b", named["discounter"]: "c"}.get(most, "d")


def next_most_alike_loses(data: Tables) -> str:
    """Tell whether the brand next most similar to the copy loses next most: a yes, b no."""
    rows = counts(data).to_numpy(dtype=float)
    rows = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    alike = pd.DataFrame(rows @ rows.T, index=counts(data).index, columns=counts(data).index)
    others = rivals(data)
    nearest_one = alike[data.company.words["lookalike"]][others].idxmax()
    return "a" if changes(data)[others].idxmin() == nearest_one else "b"


def after_claim(
    data: Tables,
    brand: str | None = None,
    period: str | None = "before",
    share: float = 0.1,
    word: str = "spring garden",
) -> float:
    """Per cent of 'spring garden' that lead to the garden centre once it has claimed 'moving in'."""
    people = answers_with_period(data).drop_duplicates("respondent_id")["period"]
    table = counts(data, period) / (len(people) if period is None else (people == period).sum())
    name = brand or data.company.words["garden_centre"]
    return 100 * float(
        retrieval_matrix(claim_word(table, name, "moving in", share)).loc[name, word]
    )


PREDICTIONS = [
    Prediction(
        id="41-a",
        prompt="A sixth brand comes in, so each of the five old shares of all links must fall. But which old brand "
        "loses most links **per person**?",
        kind=Choice(
            {
                "a": "the market leader, {company.words[leader]}",
                "b": "{company.name}",
                "c": "the discounter, {company.words[discounter]}",
                "d": "another one",
            }
        ),
        answer=who_loses,
        why="A share can fall because one more brand shares the links. Links per person fall only if somebody "
        "takes links "
        "away.",
    ),
    Prediction(
        id="41-b",
        prompt="By the textbooks, the more alike two brands are, the more they disturb each other. Leave out "
        "{company.name}. Does "
        "the brand whose words are next most similar to the newcomer's lose the second most links?",
        kind=Choice({"a": "yes", "b": "no"}),
        answer=next_most_alike_loses,
        why="Five brands, one of them copied, cannot show a line. They can show that the copied one is hit.",
    ),
]

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
            "By how much did {company.name}'s network size (links per person who has any) change from the year "
            "before "
            "the lookalike (weeks before {company.dates[turn]}) to the time after it had settled (weeks after "
            "{company.dates[settled]})? (links per 100 people who have any, two decimals; a fall is negative)"
        ),
        goals=(2,),
        right="These links are lost, not only diluted: the number does not divide by the other brands.",
        kind=Number(unit="links per 100 people", tolerance=0.005),
        points=1,
        reference=lambda data: 100 * (network_size(data)["after"] - network_size(data)["before"]),
        hints=(
            "Two samples of people, one mean for each, one difference.",
            "Only people with one link or more count in the denominator.",
            '`links[links["brand"] == company.name].groupby("respondent_id").size()` has the links of each person.',
        ),
        misconceptions=(
            Misconception(
                "counts people without links",
                lambda data: (network_size(data, least=0) * 100).pipe(
                    lambda size: size["after"] - size["before"]
                ),
                "You divided by everybody who knows the name, also those without a single link. Who belongs in the "
                "denominator?",
            ),
            Misconception(
                "per person asked",
                lambda data: (
                    100 * (links_per_asked(data)["after"] - links_per_asked(data)["before"])
                ),
                "You divided by everybody who was asked. Network size counts only people with at least one link to "
                "{company.name}.",
            ),
            Misconception(
                "less the change of the others",
                lambda data: 100 * _beyond_the_rivals(changes(data), data),
                "That is the difference in differences: the change of the other brands is subtracted already. The "
                "question asks for {company.name}'s own change.",
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
        starter='own = links[links["respondent_id"].isin(____["respondent_id"]) & (links["brand"] == '
        "company.name)]",
        solution="Keep people with one link or more for {company.name}, take the mean of each period, subtract.",
        code=(
            _LINKS + "def size(group):\n"
            '    own = links[links["respondent_id"].isin(group["respondent_id"]) & (links["brand"] == '
            "company.name)]\n"
            '    return len(own) / own["respondent_id"].nunique()\n'
            "answer = 100 * (size(after) - size(before))"
        ),
    ),
    Question(
        id="41-2",
        title="How much trust, beyond what happened to all?",
        level="change",
        prompt=(
            "Use the four brands that were there before and that nobody copied as the control group. How far "
            "did trust in "
            "{company.name} change (same two periods) beyond the mean change of these four brands? "
            "(points of the 0 to 10 scale, three decimals)"
        ),
        goals=(3,),
        right="This number leaves out what hit all brands. It still holds all that hit {company.name} alone, the "
        "copy and anything else.",
        kind=Number(unit="points", tolerance=0.0005),
        points=2,
        reference=lambda data: _beyond_the_rivals(trust_change(data), data),
        hints=(
            "A difference of differences: first each brand's own change, then ours less theirs.",
            "Mean trust by brand and period; after less before; then {company.name}'s less the mean of the four.",
            '`answers[answers["week"] < company.dates["turn"]].groupby("brand")["trust"].mean()` is the mean '
            "before.",
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
                lambda data: _beyond_the_rivals(trust_change(data, ("before", "entering")), data),
                "Your 'before' reaches into the months in which the lookalike was already selling.",
            ),
            Misconception(
                "the months of entering counted as after",
                lambda data: _beyond_the_rivals(
                    trust_change(data, after=("entering", "after")), data
                ),
                "Your 'after' begins with the first week of the lookalike. The months in which it was settling are "
                "left out: which date ends them?",
            ),
            Misconception(
                "the company among its own controls",
                lambda data: (
                    trust_change(data)[data.company.name] - trust_change(data).dropna().mean()
                ),
                "You took the mean of five brands, {company.name} among them. The control group is the four that "
                "nobody copied.",
            ),
            Misconception(
                "compares with the lookalike's level",
                lambda data: (
                    answers_with_period(data)
                    .query("period == 'after'")
                    .groupby("brand")["trust"]
                    .mean()
                    .pipe(lambda mean: mean[data.company.name] - mean[rivals(data)].mean())
                ),
                "That compares levels after the entry. {company.name} may have had another level all along: compare "
                "changes.",
            ),
        ),
        starter=(
            'early = answers[answers["week"] < company.dates["turn"]].groupby("brand")["trust"].mean()\n'
            'late = answers[____].groupby("brand")["trust"].mean()'
        ),
        solution="Mean trust by brand and period, after less before; {company.name}'s change less the mean of "
        "four.",
        code=(
            'people = crmkit.load("tracker_respondents")\n'
            'answers = crmkit.load("tracker_answers").merge(people, on="respondent_id")\n'
            'early = answers[answers["week"] < company.dates["turn"]].groupby("brand")["trust"].mean()\n'
            'late = answers[answers["week"] > company.dates["settled"]].groupby("brand")["trust"].mean()\n'
            "change = late - early\n"
            "answer = change[company.name] - change.dropna().drop(company.name).mean()"
        ),
    ),
    Question(
        id="41-3",
        title="One more word for the garden centre",
        level="change",
        prompt=(
            "Take the year before the lookalike, and another brand: {company.words[garden_centre]}. It puts a "
            "tenth of "
            "all its strength behind *moving in*. In how many cases out of a hundred does *spring garden*, its "
            "best "
            "word, still lead to it? (per cent, three decimals)"
        ),
        kind=Number(unit="%", tolerance=0.0005),
        points=2,
        reference=after_claim,
        goals=(4,),
        elsewhere="another brand, another year",
        right="The campaign is paid for twice: once to the agency, and once with the word that was most its own.",
        hints=(
            "The lesson did it for {company.name} after the entry: two names change.",
            '`claim_word(matrix, company.words["garden_centre"], "moving in", 0.1)` gives the strengths '
            "afterwards.",
            "`retrieval_matrix` of it, the garden centre's row, the column *spring garden*.",
        ),
        misconceptions=(
            Misconception(
                "before the claim",
                lambda data: after_claim(data, share=0.0),
                "That is the chance today, before the campaign.",
            ),
            Misconception(
                "the time after the entry",
                lambda data: after_claim(data, period="after"),
                "That is the market with the lookalike in it. Which weeks were asked for?",
            ),
            Misconception(
                "the company instead of the garden centre",
                lambda data: after_claim(data, data.company.name),
                "That is what would happen to {company.name}. The question is about the garden centre.",
            ),
            Misconception(
                "the word that was claimed",
                lambda data: after_claim(data, word="moving in"),
                "That is the claimed word, *moving in*. The question asks what is left of *spring garden*.",
            ),
            Misconception(
                "all weeks together",
                lambda data: after_claim(data, period=None),
                "You took all weeks, those with the lookalike among them. Keep the people of the year before.",
            ),
        ),
        starter='matrix = links_matrix(links[links["respondent_id"].isin(____["respondent_id"])]) / len(before)',
        solution="The strengths of the year before, the claim for the other brand, the ratio rule, one cell.",
        code=(
            _LINKS + "from crmkit.brand import claim_word, retrieval_matrix\n"
            'early = links[links["respondent_id"].isin(before["respondent_id"])]\n'
            "matrix = links_matrix(early) / len(before)\n"
            'name = company.words["garden_centre"]\n'
            'claimed = claim_word(matrix, name, "moving in", 0.1)\n'
            'answer = 100 * retrieval_matrix(claimed).loc[name, "spring garden"]'
        ),
    ),
    Question(
        id="41-4",
        title="Who is nearest to whom?",
        level="explore",
        prompt=(
            "For the time after {company.dates[settled]} give for each `brand` its `nearest` rival in memory "
            "and their "
            "`similarity` "
            "(cosine of the two profiles, three decimals)."
        ),
        goals=(1,),
        right="A brand that is nearly another brand's double has to differ by something else than words.",
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
                "You took the mean off each row first: that is a correlation. The cosine compares the profiles as "
                "they are.",
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
            Misconception(
                "all weeks together",
                lambda data: nearest(counts(data, None)),
                "You took all weeks, the year before the lookalike among them. Keep the people asked after it had "
                "settled.",
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
        id="41-5",
        title="One answer to the copy",
        level="decide",
        prompt=(
            "The director has money for one answer to {company.words[lookalike]}: change the leaf and the "
            "green, claim four "
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
                "I would test a changed leaf. All five brands have a smaller share of the links, and most of "
                "our loss is this "
                "dilution, which neither a court nor a new leaf gives back. Ours alone is the change in links "
                "per person "
                "({figure.links} per 100 people) and in trust ({figure.trust} points beyond the mean of the "
                "other brands). "
                "Brands with similar words but another look were spared, which points to the looks, though "
                "five brands cannot "
                "prove it. I would not claim four words: each would thin out the word that is most ours. So: a "
                "changed leaf in "
                "five towns drawn at random against five others, links and trust compared after half a year. "
                "The cost is that "
                "our regulars recognise us by the old leaf."
            ),
            figures=lambda data: {
                "links": f"{100 * changes(data)[data.company.name]:.0f}",
                "trust": f"{trust_change(data)[data.company.name] - trust_change(data)[rivals(data)].mean():.2f}",
            },
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
    QuizQuestion(
        "You are copied. The agency wants to claim four more words at once. What does the fan effect say?",
        [
            Option(
                "Each word gets less, the best one too",
                "The same strength, shared by more links.",
                right=True,
            ),
            Option(
                "More words make the brand stronger",
                "Only if the campaign brings more strength in all.",
            ),
            Option("The copy loses words", "The copy can claim the same four."),
        ],
    ),
]
