"""Lesson 25: one customer, several records: weighing evidence, and what its errors cost."""

from __future__ import annotations

import pandas as pd

from crmkit.practice.kinds import Customers, Number, Plan
from crmkit.practice.question import Misconception, Option, Question, QuizQuestion, Tables
from crmkit.value.profile import (
    candidate_pairs,
    compare_pairs,
    fit_match_weights,
    link_records,
    random_pairs,
    score_pairs,
    tidy_records,
    under_records,
)

TITLE = "One customer, several records"


def owners(data: Tables) -> pd.Series:
    """Give the true customer of each record."""
    return data.load_truth("record_owners").set_index("record_id")["customer_id"]


def bought(data: Tables) -> pd.DataFrame:
    """Give the orders as the systems wrote them: under a record, not under a customer."""
    return under_records(data.load("orders"), data.load("channel_records"), owners(data))


def by_record(data: Tables, column: str = "turnover") -> pd.Series:
    """Sum what stands under each record; 0 where nothing does."""
    summed = bought(data).groupby("record_id")[column].sum()
    return summed.reindex(data.load("channel_records")["record_id"], fill_value=0.0)


def under_shared_addresses(data: Tables, *, known: bool = True, keep: object = False) -> float:
    """Turnover under the records whose e-mail address another record bears too."""
    records = data.load("channel_records")
    shared = records["email"].duplicated(keep=keep)
    if known:
        shared &= records["email"].notna()
    return float(by_record(data)[shared.to_numpy()].sum())


def people(data: Tables, bits: float) -> pd.Series:
    """Link the records at so many bits: the person of each record."""
    tidy = tidy_records(data.load("channel_records"))
    compared, chance = compare_pairs(tidy, candidate_pairs(tidy)), random_pairs(tidy)
    model = fit_match_weights(compared, compare_pairs(tidy, chance), chance.attrs["all_pairs"])
    return link_records(tidy, score_pairs(compared, model), threshold=bits)


def of_many_records(data: Tables, bits: float = 16, *, least: int = 3) -> pd.Series:
    """Turnover of each person who was joined from `least` records or more."""
    person = people(data, bits)
    spent = by_record(data).groupby(person).sum()
    return spent[person.value_counts().reindex(spent.index) >= least]


def in_pieces(
    data: Tables, column: str = "margin", *, all_pieces: bool = True, all_orders: bool = False
) -> pd.Index:
    """Customers among the 100 best whose records are not among the 100 best records."""
    owner, record = owners(data), by_record(data, column)
    if all_orders:
        whole = data.load("orders").groupby("customer_id")[column].sum()
    else:
        whole = record.groupby(owner.reindex(record.index)).sum()
    best = whole.nlargest(100).index
    listed = pd.Series(record.index.isin(record.nlargest(100).index), index=record.index)
    on_list = listed.groupby(owner.reindex(record.index)).agg("any" if all_pieces else "all")
    return best[~on_list.reindex(best).fillna(False).astype(bool)]


def _on_the_list(data: Tables) -> pd.Index:
    record = by_record(data, "margin")
    best = record.groupby(owners(data).reindex(record.index)).sum().nlargest(100).index
    return best.difference(in_pieces(data))


QUESTIONS = [
    Question(
        id="25-1",
        title="What the e-mail rule touches",
        level="fill in",
        prompt=(
            "How much turnover would the e-mail rule touch? Sum what stands under the records whose e-mail "
            "address another record bears too, in {company.symbol}."
        ),
        kind=Number(unit="{company.symbol}", tolerance=0.5),
        points=1,
        reference=under_shared_addresses,
        truth=("record_owners",),
        hints=(
            "Two steps: which records share their address with another one; then the turnover under those.",
            "`.duplicated(keep=False)` marks every record of an address that stands more than once. What does it say "
            "of records without an address?",
            '`records["email"].notna() & records["email"].duplicated(keep=False)`',
        ),
        misconceptions=(
            Misconception(
                "a missing address is an address",
                lambda data: under_shared_addresses(data, known=False),
                "pandas calls two missing addresses alike, so every record without an address is in your sum. "
                "What is missing is no evidence: leave those records out.",
            ),
            Misconception(
                "leaves out the first of each",
                lambda data: under_shared_addresses(data, keep="first"),
                "`duplicated()` passes over the first record of each address and marks only the later ones. Which "
                "argument makes it mark them all?",
            ),
            Misconception(
                "counts records",
                lambda data: int(
                    data.load("channel_records")["email"].dropna().duplicated(False).sum()
                ),
                "That is how many records there are. How much was bought under them?",
            ),
            Misconception(
                "per cent for an amount",
                lambda data: 100 * under_shared_addresses(data) / by_record(data).sum(),
                "That is their share of the turnover in per cent. The question asks for {company.coins}.",
            ),
        ),
        starter=(
            'shared = records[____ & records["email"].duplicated(keep=False)]\n'
            'answer = bought.loc[bought["record_id"].isin(shared["record_id"]), "turnover"].sum()'
        ),
        solution="Mark the records whose address stands more than once, those without an address left out; sum the "
        "turnover under them.",
        code=(
            "from crmkit.value.profile import under_records\n"
            'records = crmkit.load("channel_records")\n'
            'owner = crmkit.load_truth("record_owners").set_index("record_id")["customer_id"]\n'
            'bought = under_records(crmkit.load("orders"), records, owner)\n'
            'shared = records[records["email"].notna() & records["email"].duplicated(keep=False)]\n'
            'answer = bought.loc[bought["record_id"].isin(shared["record_id"]), "turnover"].sum()'
        ),
    ),
    Question(
        id="25-2",
        title="Be stricter",
        level="change",
        prompt=(
            "Be stricter: let a link need 16 bits. How much turnover stands under the people who were then joined "
            "from three records, in {company.symbol}?"
        ),
        kind=Number(unit="{company.symbol}", tolerance=0.5),
        points=2,
        reference=lambda data: float(of_many_records(data).sum()),
        truth=("record_owners",),
        hints=(
            "The lesson's chain to the end, with another threshold: tidy, pairs, compare, weights, score, link.",
            "`link_records` gives each record its person. How many records has each person?",
            'With `size = person.groupby(person).transform("size")` keep the records where it is 3, and sum the '
            "turnover under them.",
        ),
        misconceptions=(
            Misconception(
                "the lesson's threshold",
                lambda data: float(of_many_records(data, 12).sum()),
                "That is the turnover at 12 bits, as in the lesson. The question asks for 16.",
            ),
            Misconception(
                "two records or more",
                lambda data: float(of_many_records(data, least=2).sum()),
                "You kept everybody who was joined at all. Which people have a record in each of the three systems?",
            ),
            Misconception(
                "everybody",
                lambda data: float(of_many_records(data, least=1).sum()),
                "That is the turnover under all records together. Keep only the people with three.",
            ),
            Misconception(
                "mean for sum",
                lambda data: float(of_many_records(data).mean()),
                "That is what one such person spends on average. The question asks for all of them together.",
            ),
        ),
        starter=(
            "person = link_records(tidy, scored, threshold=____)\n"
            'three = person[person.groupby(person).transform("size") == ____].index'
        ),
        solution="Link at 16 bits, count the records of each person, keep those with three, sum the turnover.",
        code=(
            "from crmkit.value.profile import candidate_pairs, compare_pairs, fit_match_weights, link_records\n"
            "from crmkit.value.profile import random_pairs, score_pairs, tidy_records, under_records\n"
            'records = crmkit.load("channel_records")\n'
            'owner = crmkit.load_truth("record_owners").set_index("record_id")["customer_id"]\n'
            'bought = under_records(crmkit.load("orders"), records, owner)\n'
            "tidy = tidy_records(records)\n"
            "compared, chance = compare_pairs(tidy, candidate_pairs(tidy)), random_pairs(tidy)\n"
            'model = fit_match_weights(compared, compare_pairs(tidy, chance), chance.attrs["all_pairs"])\n'
            "person = link_records(tidy, score_pairs(compared, model), threshold=16)\n"
            'three = person[person.groupby(person).transform("size") == 3].index\n'
            'answer = bought.loc[bought["record_id"].isin(three), "turnover"].sum()'
        ),
    ),
    Question(
        id="25-3",
        title="Whom a list of records hides",
        level="explore",
        prompt=(
            "Whom does a list of records hide, if it is made by margin? Among the 100 customers with the highest "
            "margin (all their records together), find those of whom no record is among the 100 records with the "
            "highest margin."
        ),
        kind=Customers(may_differ=1),
        points=3,
        reference=in_pieces,
        truth=("record_owners",),
        hints=(
            "Two lists: the 100 best customers and the 100 best records. Who of the first has nothing on the second?",
            "`owner` says whose a record is: `margin.groupby(owner.reindex(margin.index)).sum()` joins the pieces.",
            "`best.difference(owner[margin.nlargest(100).index])` takes the owners of the best records away.",
        ),
        misconceptions=(
            Misconception(
                "turnover for margin",
                lambda data: in_pieces(data, "turnover"),
                "You made both lists by turnover, as the lesson does. The question asks for margin.",
            ),
            Misconception(
                "any piece for every piece",
                lambda data: in_pieces(data, all_pieces=False),
                "These have some record that is not on the list. Hidden are only those with none on it.",
            ),
            Misconception(
                "those who are on the list",
                _on_the_list,
                "These are the ones whom the list of records does show. Who is missing from it?",
            ),
        ),
        solution="The 100 best sums by customer, less the owners of the 100 best records.",
        code=(
            "from crmkit.value.profile import under_records\n"
            'owner = crmkit.load_truth("record_owners").set_index("record_id")["customer_id"]\n'
            'bought = under_records(crmkit.load("orders"), crmkit.load("channel_records"), owner)\n'
            'margin = bought.groupby("record_id")["margin"].sum()\n'
            "best = margin.groupby(owner.reindex(margin.index)).sum().nlargest(100).index\n"
            "answer = best.difference(owner[margin.nlargest(100).index])"
        ),
    ),
    Question(
        id="25-4",
        title="Two lists for two uses?",
        level="decide",
        prompt=(
            "Marketing wants to send one catalogue to each person. The call centre wants to show all orders to the "
            'agent when somebody rings. Both ask you for "the joined list". What do you give to whom?'
        ),
        kind=Plan(
            rubric={
                "gives the two uses different thresholds, and says which error each of them cannot afford": 1,
                "supports it with figures: how many are mixed up and how many in pieces at each threshold": 1,
                "says what happens to the doubtful pairs in between (a question to the caller, a check by hand)": 1,
                "says who may see the profile, what for, and how consent is asked": 1,
            },
            model=(
                "Two lists. The catalogue costs a {company.coin}: for it 8 bits will do, where some fifty "
                "catalogues serve two "
                "customers at once and about as many get two. On the telephone a wrong link reads a stranger's "
                "orders aloud, so the agent gets the list at 16 bits, where nearly nobody is mixed up; some two "
                "hundred customers stay in pieces there, and for pairs between 8 and 16 bits the agent asks the "
                "caller for the order number before anything is shown. Two people judge a hundred of those by hand "
                "each quarter. Only agents see the profile, only during a call, and the account page says so and asks."
            ),
            minimum_words=40,
        ),
        points=4,
        hints=("Which of the two errors does a catalogue notice, and which does a caller?",),
    ),
]

QUIZ = [
    QuizQuestion(
        "Two records have the same name; both lack an e-mail address. What does the e-mail say about them?",
        [
            Option(
                "It agrees: both have none",
                "Thousands have none. That a till does not ask says nothing about who stood at it.",
            ),
            Option("Nothing", "What is missing is no evidence, in either direction.", right=True),
            Option(
                "It speaks against them", "Only two different addresses would, and only a little."
            ),
        ],
    ),
    QuizQuestion(
        "A vendor promises that 99 % of its links are right. What do you ask next?",
        [
            Option(
                "How many of the true links it finds",
                "A tool that joins only what agrees in everything is hardly ever wrong, and leaves most "
                "customers in pieces.",
                right=True,
            ),
            Option(
                "Nothing: one per cent wrong is fine",
                "Fine for what? And what about those it never joined?",
            ),
            Option("Which algorithm it uses", "The two rates matter, however they were reached."),
        ],
    ),
    QuizQuestion(
        "Why does the same postcode count for less than the same telephone number?",
        [
            Option(
                "Postcodes are shorter", "Length is not it. How often do two strangers share one?"
            ),
            Option(
                "Two strangers share a postcode more often than a number",
                "That ratio is what evidence means.",
                right=True,
            ),
            Option(
                "People change their telephone less often",
                "That bears on what a *difference* says. What an agreement says depends on strangers.",
            ),
        ],
    ),
]
