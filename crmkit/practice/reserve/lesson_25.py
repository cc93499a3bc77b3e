"""Lesson 25, in reserve: further questions about one customer with several records."""

from __future__ import annotations

from crmkit.practice.kinds import Customers, Number
from crmkit.practice.question import Misconception, Question, Tables
from crmkit.practice.questions.lesson_25 import by_record, owners, people


def split_turnover(data: Tables, *, of: str = "split") -> float:
    """Per cent of the turnover that lies with customers who have more than one record."""
    owner, spent = owners(data), by_record(data)
    several = owner.groupby(owner).transform("size") > 1
    chosen = several.reindex(spent.index)
    return {
        "split": 100 * float(spent[chosen].sum() / spent.sum()),
        "money": float(spent[chosen].sum()),
        "records": 100 * float(chosen.mean()),
        "one": 100 * float(spent[~chosen].sum() / spent.sum()),
    }[of]


def wrongly_joined(data: Tables, bits: float = 8, *, with_anybody: bool = False) -> list[int]:
    """Records that were joined with a record of another customer (or with any record)."""
    owner, person = owners(data), people(data, bits)
    each = owner.reindex(person.index).groupby(person)
    joined = each.transform("size" if with_anybody else "nunique") > 1
    return list(person.index[joined])


QUESTIONS = [
    Question(
        id="25-b1",
        title="How much money lies in pieces",
        level="change",
        goals=(1,),
        truth=("record_owners",),
        prompt=(
            "The truth (`record_owners`) says who owns each record. Of the turnover that stands under any record, "
            "how many per "
            "cent stand under the records of customers who have **more than one** record? (two decimals)"
        ),
        kind=Number(unit="%", tolerance=0.005),
        points=2,
        reference=split_turnover,
        hints=(
            "Count the records of each owner first; then sum what stands under the records of those with several.",
            '`owner.groupby(owner).transform("size") > 1` says so for each record.',
        ),
        misconceptions=(
            Misconception(
                "share of the records",
                lambda data: split_turnover(data, of="records"),
                "That is the share of the records. How much of the turnover stands under them?",
            ),
            Misconception(
                "orders without a record in the whole",
                lambda data: (
                    split_turnover(data, of="money") / data.load("orders")["turnover"].sum() * 100
                ),
                "You divided by all turnover. Some orders stand under no record at all (cash at the till): leave "
                "them out.",
            ),
            Misconception(
                "amount for share",
                lambda data: split_turnover(data, of="money"),
                "That is the amount. What share of the whole turnover is it?",
            ),
            Misconception(
                "those with one record",
                lambda data: split_turnover(data, of="one"),
                "That is what stands under customers with one record. The question asks for several.",
            ),
        ),
        right="That is the part of the sales that every list by record sees in pieces.",
        solution="The records of owners with several, and what stands under them, over all.",
        code=(
            "from crmkit.value.profile import under_records\n"
            'owner = crmkit.load_truth("record_owners").set_index("record_id")["customer_id"]\n'
            'bought = under_records(crmkit.load("orders"), crmkit.load("channel_records"), owner)\n'
            'several = owner.index[owner.groupby(owner).transform("size") > 1]\n'
            'in_pieces = bought.loc[bought["record_id"].isin(several), "turnover"].sum()\n'
            'under = bought.loc[bought["record_id"].notna(), "turnover"].sum()\n'
            "answer = 100 * in_pieces / under"
        ),
    ),
    Question(
        id="25-b2",
        title="Joined with a stranger",
        level="explore",
        goals=(3,),
        elsewhere="another threshold",
        truth=("record_owners",),
        prompt=(
            "Link the records at **8** bits. Which records were joined with a record of **another** customer? Give "
            "their "
            "`record_id`."
        ),
        kind=Customers(column="record_id", things="records"),
        points=3,
        reference=wrongly_joined,
        hints=(
            "For each person whom the linking made: how many true owners do the records have?",
            '`owner.reindex(person.index).groupby(person).transform("nunique") > 1`',
        ),
        misconceptions=(
            Misconception(
                "the lesson's threshold",
                lambda data: wrongly_joined(data, 16),
                "Those are the ones at 16 bits. At 8 bits more is joined, and more of it wrongly.",
            ),
            Misconception(
                "all joined records",
                lambda data: wrongly_joined(data, with_anybody=True),
                "Those are all that were joined with any other. Many of these belong together: compare the owners.",
            ),
        ),
        right="Each of them would get a stranger's letters. That is the price of a low threshold.",
        solution="The person of each record at 8 bits, and the persons with more than one true owner.",
        code=(
            "from crmkit.value.profile import candidate_pairs, compare_pairs, fit_match_weights, link_records\n"
            "from crmkit.value.profile import random_pairs, score_pairs, tidy_records\n"
            'owner = crmkit.load_truth("record_owners").set_index("record_id")["customer_id"]\n'
            'tidy = tidy_records(crmkit.load("channel_records"))\n'
            "compared, chance = compare_pairs(tidy, candidate_pairs(tidy)), random_pairs(tidy)\n"
            'model = fit_match_weights(compared, compare_pairs(tidy, chance), chance.attrs["all_pairs"])\n'
            "person = link_records(tidy, score_pairs(compared, model), threshold=8)\n"
            'mixed = owner.reindex(person.index).groupby(person).transform("nunique") > 1\n'
            "answer = person.index[mixed]"
        ),
    ),
]
