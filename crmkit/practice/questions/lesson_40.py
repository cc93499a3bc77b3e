"""Lesson 40: a word in the mind."""

from __future__ import annotations

import pandas as pd

from crmkit.practice.kinds import Number, Plan, Table
from crmkit.practice.question import Misconception, Option, Question, QuizQuestion, Tables

TITLE = "A word in the mind"


def first_year(data: Tables) -> pd.DataFrame:
    """People asked before the turn of the year."""
    people = data.load("tracker_respondents")
    return people[people["week"] < data.company.dates["turn"]]


def link_counts(data: Tables, people: pd.DataFrame) -> pd.DataFrame:
    """How many of these people link brand (rows) and word (columns)."""
    answers = data.load("tracker_answers")
    answers = answers[answers["respondent_id"].isin(people["respondent_id"])]
    words = data.load("brand_words")
    columns = {
        row.word: answers["links"]
        .fillna("")
        .str.contains(row.letter)
        .groupby(answers["brand"])
        .sum()
        for row in words.itertuples()
    }
    return pd.DataFrame(columns)


def ratio(data: Tables, people: pd.DataFrame | None = None) -> pd.DataFrame:
    """Ratio rule: each column of the counts divided by its sum."""
    counts = link_counts(data, first_year(data) if people is None else people)
    return counts / counts.sum()


def scores(
    data: Tables, brand: str = "Toolmere", freedom: bool = True, value: bool = True
) -> pd.Series:
    """Strength x value x freedom of each word for one brand, millions a year."""
    people = first_year(data)
    counts = link_counts(data, people)
    worth = data.load("brand_words").set_index("word")["yearly_value"] / 1e6
    score = counts.loc[brand] / len(people)
    if value:
        score = score * worth.reindex(score.index)
    if freedom:
        score = score * (1 - counts.drop(brand).max() / counts.sum())
    return score


def _sizes(data: Tables) -> pd.DataFrame:
    people = first_year(data)
    answers = data.load("tracker_answers")
    answers = answers[answers["respondent_id"].isin(people["respondent_id"])]
    number = answers["links"].fillna("").str.len()
    linked = number[number > 0].groupby(answers["brand"])
    table = pd.DataFrame(
        {"penetration": 100 * linked.size() / len(people), "network_size": linked.mean()}
    )
    return table.rename_axis("brand").reset_index()


QUESTIONS = [
    Question(
        id="40-1",
        title="Where does 'weekend repair' lead?",
        level="fill in",
        prompt=(
            "In the first year (weeks before {company.dates[turn]}): when somebody thinks 'weekend repair', "
            "in how many "
            "cases out "
            "of a hundred does that lead to {company.name}, by the ratio rule? (per cent, two decimals)"
        ),
        kind=Number(unit="%", tolerance=0.005),
        points=1,
        reference=lambda data: 100 * ratio(data).loc[data.company.name, "weekend repair"],
        hints=(
            "One word, all brands: how many links are there in all, and how many of them are {company.name}'s?",
            "`links_matrix(links)` has one column for each word.",
            '`counts = links_matrix(links)["weekend repair"]`, then {company.name}\'s number divided by the sum.',
        ),
        misconceptions=(
            Misconception(
                "share of people instead of share of links",
                lambda data: (
                    100
                    * link_counts(data, first_year(data)).loc[data.company.name, "weekend repair"]
                    / len(first_year(data))
                ),
                "That is the share of people who link the two. The word calls up other brands as well: how "
                "many links does "
                "it have in all?",
            ),
            Misconception(
                "share of the brand's links instead of the word's",
                lambda data: (
                    100
                    * link_counts(data, first_year(data)).loc[data.company.name, "weekend repair"]
                    / link_counts(data, first_year(data)).loc[data.company.name].sum()
                ),
                "You divided by {company.name}'s links. That says how much of {company.name} is this word; "
                "the question "
                "begins with the word: "
                "divide down the column, not along the row.",
            ),
            Misconception(
                "both years together",
                lambda data: (
                    100
                    * ratio(data, data.load("tracker_respondents")).loc[
                        data.company.name, "weekend repair"
                    ]
                ),
                "That mixes both years, and in the second there is one brand more. Which weeks were asked for?",
            ),
        ),
        starter="counts = links_matrix(links)[____]",
        solution="Count the links of the word for each brand in the first year, and divide {company.name}'s "
        "by the sum.",
        code=(
            "from crmkit.brand import expand_links, links_matrix\n"
            'people = crmkit.load("tracker_respondents")\n'
            'people = people[people["week"] < company.dates["turn"]]\n'
            'links = expand_links(crmkit.load("tracker_answers"), crmkit.load("brand_words"))\n'
            'links = links[links["respondent_id"].isin(people["respondent_id"])]\n'
            'counts = links_matrix(links)["weekend repair"]\n'
            "answer = 100 * counts[company.name] / counts.sum()"
        ),
    ),
    Question(
        id="40-2",
        title="What is the market leader's best word worth?",
        level="change",
        prompt=(
            "Now for the market leader: what is the highest score (strength x value x freedom) that any word has for "
            "Toolmere in the first year, in {company.symbol} million a year? (three decimals)"
        ),
        kind=Number(unit="{company.symbol} million", tolerance=0.0005),
        points=2,
        reference=lambda data: scores(data).max(),
        hints=(
            "The cell for {company.name} needs one change.",
            "Strength is the share of *all* people asked; freedom is 1 less the strongest rival's share of the "
            "word's links.",
            '`words_to_own(links, len(people), "Toolmere", value)` gives the scores in {company.symbol}.',
        ),
        misconceptions=(
            Misconception(
                "leaves freedom out",
                lambda data: scores(data, freedom=False).max(),
                "That is strength times value. A word that a rival shares is worth less: what is left when the "
                "strongest "
                "rival has had its part?",
            ),
            Misconception(
                "own share of links for freedom",
                lambda data: (
                    scores(data, freedom=False)
                    * ratio(data).loc["Toolmere"].reindex(scores(data).index)
                ).max(),
                "You used Toolmere's own share of the word's links. Freedom looks at the rivals: 1 less the "
                "largest of theirs.",
            ),
            Misconception(
                "scores the own brand",
                lambda data: scores(data, data.company.name).max(),
                "That is {company.name}'s best score. The question turns to the market leader.",
            ),
            Misconception(
                "units for millions",
                lambda data: scores(data).max() * 1e6,
                "Right, in {company.coins}. The question asks for {company.symbol} million.",
            ),
        ),
        starter="table = words_to_own(links, len(people), ____, value)",
        solution="The same function as for {company.name}, with the other brand; the largest score, in millions.",
        code=(
            "from crmkit.brand import expand_links, words_to_own\n"
            'words = crmkit.load("brand_words")\n'
            'people = crmkit.load("tracker_respondents")\n'
            'people = people[people["week"] < company.dates["turn"]]\n'
            'links = expand_links(crmkit.load("tracker_answers"), words)\n'
            'links = links[links["respondent_id"].isin(people["respondent_id"])]\n'
            'value = words.set_index("word")["yearly_value"]\n'
            'answer = words_to_own(links, len(people), "Toolmere", value)["score"].max() / 1e6'
        ),
    ),
    Question(
        id="40-3",
        title="Who knows each brand, and with how many words?",
        level="explore",
        prompt=(
            "For each `brand` of the first year give its `penetration` (per cent of people asked who have one "
            "link or more) "
            "and its `network_size` (links per person who has any)."
        ),
        kind=Table(
            key="brand",
            columns={"penetration": 0.05, "network_size": 0.005},
            units={"penetration": "%"},
        ),
        points=3,
        reference=_sizes,
        hints=(
            "Two divisions, with two different numbers below the line.",
            "Penetration divides by everybody asked; network size only by those with a link.",
            "`mental_availability(links, people)` has both; penetration is a share from 0 to 1 there.",
        ),
        misconceptions=(
            Misconception(
                "divides links by those who know the brand",
                lambda data: _sizes_among_knowers(data),
                "You counted everybody who knows the name, also those without a single link. Network size is "
                "about those who "
                "have one link or more.",
            ),
            Misconception(
                "network size over everybody asked",
                lambda data: _sizes(data).assign(
                    network_size=lambda table: table["network_size"] * table["penetration"] / 100
                ),
                "You divided the links by everybody asked. Then a small brand must come out low: divide by "
                "those who have any.",
            ),
        ),
        starter="table = mental_availability(links, ____)",
        solution="Count people with a link, and links, for each brand; then divide.",
        code=(
            "from crmkit.brand import expand_links, mental_availability\n"
            'people = crmkit.load("tracker_respondents")\n'
            'people = people[people["week"] < company.dates["turn"]]\n'
            'links = expand_links(crmkit.load("tracker_answers"), crmkit.load("brand_words"))\n'
            'links = links[links["respondent_id"].isin(people["respondent_id"])]\n'
            "table = mental_availability(links, people)\n"
            'answer = table[["brand", "penetration", "network_size"]].assign(penetration=100 * table["penetration"])'
        ),
    ),
    Question(
        id="40-4",
        title="One word under the logo",
        level="decide",
        prompt=(
            "Which word should stand under {company.name}'s logo for the next three years? Choose one, and say what "
            "it will cost."
        ),
        kind=Plan(
            rubric={
                "chooses one word and gives its strength, value or freedom from the data": 1,
                "says which rival holds part of it, and how much": 1,
                "names what the choice costs: the words that are pushed back, or the market left to others": 1,
                "says how one would see in a year that it did not work": 1,
            },
            model=(
                "'Spring garden': about a third of people link it with us, it is one of the largest markets, "
                "and although "
                "Bramblecote holds more of its links than we do, no word has a higher score. It costs us "
                "attention for 'someone explains', "
                "which is ours already and needs only care, and it leaves 'big renovation' to Toolmere, who "
                "has half of its links. "
                "In a year I would look at our share of the word's links with its interval: if the interval "
                "still holds "
                "today's share, the campaign has not moved it, and I would go back to explaining."
            ),
            minimum_words=40,
        ),
        points=4,
        hints=(
            "Which of the three numbers would you defend before the board, and which would the board attack?",
        ),
    ),
]


def _sizes_among_knowers(data: Tables) -> pd.DataFrame:
    people = first_year(data)
    answers = data.load("tracker_answers")
    answers = answers[answers["respondent_id"].isin(people["respondent_id"])]
    mean = answers["links"].fillna("").str.len().groupby(answers["brand"]).mean()
    return _sizes(data).assign(network_size=lambda table: table["brand"].map(mean))


QUIZ = [
    QuizQuestion(
        "Of the links of 'cheapest', half lead to a discounter and a fifth to you. Your posters make more people "
        "think 'cheapest', and change no link. Whom do they help most, by the ratio rule?",
        [
            Option(
                "You: they are your posters",
                "The posters bring the word to mind; the links decide where it leads.",
            ),
            Option(
                "The discounter: the word leads there most often",
                "Half of these thoughts end there, a fifth with you.",
                right=True,
            ),
            Option(
                "Nobody: words have no effect",
                "The word is a cue; the question is to whom it leads.",
            ),
        ],
    ),
    QuizQuestion(
        "A small brand has a lower network size than a large one. What follows?",
        [
            Option(
                "It is weak",
                "Small brands have fewer links per person for no other reason than being small.",
            ),
            Option(
                "Nothing, until one knows what its size would give",
                "Double jeopardy: compare with a brand of this size, not with the leader.",
                right=True,
            ),
            Option(
                "It should ask for more words", "More words spread the same activation thinner."
            ),
        ],
    ),
]
