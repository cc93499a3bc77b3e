"""Lesson 40: a word in the mind."""

from __future__ import annotations

import pandas as pd

from crmkit.brand import double_jeopardy, expand_links, mental_availability, retrieval
from crmkit.practice.kinds import Choice, Number, Plan, Table
from crmkit.practice.question import (
    Misconception,
    Option,
    Prediction,
    Question,
    QuizQuestion,
    Tables,
)

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


def second_year(data: Tables) -> pd.DataFrame:
    """People asked from the turn of the year on."""
    people = data.load("tracker_respondents")
    return people[people["week"] >= data.company.dates["turn"]]


def links_of(data: Tables, people: pd.DataFrame) -> pd.DataFrame:
    """One row per link of these people."""
    answers = data.load("tracker_answers")
    answers = answers[answers["respondent_id"].isin(people["respondent_id"])]
    return expand_links(answers, data.load("brand_words"))


def limit(
    data: Tables,
    people: pd.DataFrame | None = None,
    word: str = "someone explains",
    which: str = "low",
    brand: str | None = None,
) -> float:
    """One number of the ratio rule's interval, in per cent; by default its lower end in the second year."""
    table = retrieval(links_of(data, second_year(data) if people is None else people))
    row = table[(table["word"] == word) & (table["brand"] == (brand or data.company.name))]
    return 100 * float(row[which].iloc[0])


def best_director(data: Tables) -> str:
    """Give whose word has the highest score for the company: a, b, c, or d for none of the three."""
    best = scores(data, data.company.name).idxmax()
    return {"big renovation": "a", "cheapest": "b", "someone explains": "c"}.get(str(best), "d")


def strength_for_its_size(data: Tables) -> str:
    """Compare the small maker's network with what its size would give: a less, b the same, c more."""
    people = first_year(data)
    sizes = double_jeopardy(mental_availability(links_of(data, people), people))
    verdict = sizes.set_index("brand")["verdict"][data.company.words["small_maker"]]
    return {"weaker than its size": "a", "as its size": "b"}.get(str(verdict), "c")


def leader(data: Tables) -> str:
    """Name the market leader."""
    return data.company.words["leader"]


def scores(
    data: Tables, brand: str | None = None, freedom: bool = True, value: bool = True
) -> pd.Series:
    """Strength x value x freedom of each word for one brand, by default the leader; millions a year."""
    brand = brand or leader(data)
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


def _figures(data: Tables) -> dict[str, str]:
    """Give what the model answer says of the word with the highest score."""
    word = str(scores(data, data.company.name).idxmax())
    rivals = ratio(data)[word].drop(data.company.name)
    strength = link_counts(data, first_year(data)).loc[data.company.name, word] / len(
        first_year(data)
    )
    worth = data.load("brand_words").set_index("word")["yearly_value"][word]
    return {
        "word": word,
        "strength": f"{strength:.0%}",
        "value": f"{data.company.symbol}{worth / 1e6:.1f} million",
        "rival": str(rivals.idxmax()),
        "share": f"{rivals.max():.0%}",
    }


PREDICTIONS = [
    Prediction(
        id="40-a",
        prompt="Somebody thinks *someone explains*. In how many cases out of a hundred does that lead to "
        "{company.name}? "
        "Look at the column before you answer.",
        kind=Number(unit="of 100", tolerance=5),
        answer=lambda data: 100 * ratio(data).loc[data.company.name, "someone explains"],
        why="Many people read the share of people off the figure. That share says nothing about the links that the "
        "word has to other brands.",
    ),
    Prediction(
        id="40-b",
        prompt="*Cheapest* leads to {company.words[discounter]} today, and *big renovation* to "
        "{company.words[leader]}. "
        "What would it be worth to own one of these words? Which of the three directors is right?",
        kind=Choice(
            {
                "a": "sales: big renovation",
                "b": "buying: cheapest",
                "c": "the shop floor: someone explains",
                "d": "none of the three",
            }
        ),
        answer=best_director,
        why="Each director looks at one number. A word needs three: it must be strong with us, valuable, and free.",
    ),
    Prediction(
        id="40-c",
        prompt="Take those who know {company.words[small_maker]}. Do they link it with fewer words than people "
        "link a "
        "brand of this size with, with as many, or with more?",
        kind=Choice({"a": "fewer", "b": "as many", "c": "more"}),
        answer=strength_for_its_size,
        why="Size is easy to see, and strength is not. So many people take the one for the other.",
    ),
]

QUESTIONS = [
    Question(
        id="40-1",
        title="Where does 'weekend repair' lead?",
        level="fill in",
        prompt=(
            "In the first year (weeks before {company.dates[turn]}), somebody thinks *weekend repair*. In how "
            "many cases "
            "out of a hundred does that lead to {company.name}, by the ratio rule? (per cent, two decimals)"
        ),
        goals=(1,),
        right="A competitor for this word would have to take these cases from you, or the rest from the others.",
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
            "Now for the market leader, {company.words[leader]}: what is the highest score (strength x value x "
            "freedom) "
            "that any word has for this brand in the first year, in {company.symbol} million a year? (three "
            "decimals)"
        ),
        goals=(3,),
        right="The leader's best word is the one that you should not attack first.",
        kind=Number(unit="{company.symbol} million", tolerance=0.0005),
        points=2,
        reference=lambda data: scores(data).max(),
        hints=(
            "The cell for {company.name} needs one change.",
            "Strength is the share of *all* people asked; freedom is 1 less the strongest rival's share of the "
            "word's links.",
            '`words_to_own(links, people, company.words["leader"], value)` gives the scores in {company.symbol}.',
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
                    * ratio(data).loc[leader(data)].reindex(scores(data).index)
                ).max(),
                "You used the leader's own share of the word's links. Freedom looks at the rivals: 1 less the "
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
        starter="table = words_to_own(links, people, ____, value)",
        solution="The same function as for {company.name}, with the other brand; the largest score, in millions.",
        code=(
            "from crmkit.brand import expand_links, words_to_own\n"
            'words = crmkit.load("brand_words")\n'
            'people = crmkit.load("tracker_respondents")\n'
            'people = people[people["week"] < company.dates["turn"]]\n'
            'links = expand_links(crmkit.load("tracker_answers"), words)\n'
            'links = links[links["respondent_id"].isin(people["respondent_id"])]\n'
            'value = words.set_index("word")["yearly_value"]\n'
            'leader = company.words["leader"]\n'
            'answer = words_to_own(links, people, leader, value)["score"].max() / 1e6'
        ),
    ),
    Question(
        id="40-3",
        title="How sure is it, a year later?",
        level="change",
        prompt=(
            "Take the second year (weeks from {company.dates[turn]} on), when there is one brand more. "
            "Somebody thinks "
            "*someone explains*. What is the lower end of the 95 % interval for the chance that this leads to "
            "{company.name}? (per cent, two decimals)"
        ),
        kind=Number(unit="%", tolerance=0.005),
        points=2,
        reference=limit,
        goals=(2,),
        elsewhere="another year",
        right="Before you say that a word leads somewhere, say how far it could be less.",
        hints=(
            "The same function as in the lesson, with the links of other weeks.",
            '`later = everybody[everybody["week"] >= company.dates["turn"]]` are the people.',
            "`retrieval(links)` has a column `low`, from 0 to 1.",
        ),
        misconceptions=(
            Misconception(
                "the first year",
                lambda data: limit(data, first_year(data)),
                "That is the lower end in the first year. Which weeks were asked for?",
            ),
            Misconception(
                "both years together",
                lambda data: limit(data, data.load("tracker_respondents")),
                "That mixes both years. Keep the weeks from {company.dates[turn]} on.",
            ),
            Misconception(
                "the estimate for its lower end",
                lambda data: limit(data, which="retrieval"),
                "That is the estimate itself. The interval has two ends: which was asked for?",
            ),
            Misconception(
                "the upper end",
                lambda data: limit(data, which="high"),
                "That is the upper end of the interval. The lower one was asked for.",
            ),
            Misconception(
                "the leader",
                lambda data: limit(data, brand=leader(data)),
                "That is the market leader's. The question is about {company.name}.",
            ),
        ),
        starter='later = everybody[everybody["week"] >= ____]',
        solution="The people of the second year, their links, the ratio rule, and the lower end for one word "
        "and brand.",
        code=(
            "from crmkit.brand import expand_links, retrieval\n"
            'everybody = crmkit.load("tracker_respondents")\n'
            'later = everybody[everybody["week"] >= company.dates["turn"]]\n'
            'answers = crmkit.load("tracker_answers")\n'
            'answers = answers[answers["respondent_id"].isin(later["respondent_id"])]\n'
            'table = retrieval(expand_links(answers, crmkit.load("brand_words")))\n'
            'row = table[(table["word"] == "someone explains") & (table["brand"] == company.name)]\n'
            'answer = 100 * row["low"].iloc[0]'
        ),
    ),
    Question(
        id="40-4",
        title="Who knows each brand, and with how many words?",
        level="explore",
        prompt=(
            "For each `brand` of the first year give its `penetration` (per cent of people asked who have one "
            "link or more) "
            "and its `network_size` (links per person who has any)."
        ),
        goals=(1, 4),
        right="Small brands come out low in both columns. Whether a brand is weak, only the comparison with "
        "its size tells.",
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
            'answer = table[["brand", "penetration", "network_size"]].assign(penetration=100 * '
            'table["penetration"])'
        ),
    ),
    Question(
        id="40-5",
        title="One word under the logo",
        level="decide",
        prompt=(
            "Which word should stand under {company.name}'s logo for the next three years? Choose one, and say "
            "what "
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
                "I choose '{figure.word}'. {figure.strength} of the people link it with us, buyers who begin "
                "with it spend "
                "{figure.value} a year, and {figure.rival}, the strongest rival for it, holds {figure.share} "
                "of its links. No "
                "other word has a higher score. The choice costs us attention for our other words, which "
                "are pushed back a little, and it leaves 'big renovation' to the market leader. In a year I "
                "would look at "
                "our share of the links of this word with its interval. If today's share still lies inside the "
                "interval, the "
                "campaign has not moved it, and I would stop."
            ),
            figures=_figures,
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
                "Nothing, until you know what its size would give",
                "Double jeopardy: compare with a brand of this size, not with the leader.",
                right=True,
            ),
            Option(
                "It should ask for more words", "More words spread the same activation thinner."
            ),
        ],
    ),
    QuizQuestion(
        "A campaign moves a tenth of all your strength to one word. What happens to your other words?",
        [
            Option("Nothing", "The strength has to come from somewhere: from your other words."),
            Option("They grow with it", "That would be strength from nowhere."),
            Option(
                "They lead to you less often",
                "So a campaign has a second bill: what the other words lose.",
                right=True,
            ),
        ],
    ),
]
