"""Lesson 33b, in reserve: further questions about what a contact earns."""

from __future__ import annotations

import pandas as pd

from crmkit.practice.kinds import Customers, Table
from crmkit.practice.question import Misconception, Question, Tables
from crmkit.practice.questions.lesson_33b import profit

OFFERS = {"profit_reminder": "reminder", "profit_discount": "discount", "profit_new_product": "new product",
          "profit_personal_call": "personal call"}  # fmt: skip


def to_all(data: Tables, *, mean: bool = False, winners: bool = False) -> pd.DataFrame:
    """What each offer to everybody would truly have brought: in all, for one, or from those with whom it pays."""
    truth = profit(data)
    truth = truth.clip(lower=0) if winners else truth
    found = truth.mean() if mean else truth.sum()
    return found.rename(index=OFFERS).rename("profit").rename_axis("offer").reset_index()


def better_than(
    data: Tables,
    one: str = "profit_personal_call",
    other: str = "profit_discount",
    *,
    pays: bool = True,
) -> pd.Index:
    """Customers with whom a call beats a voucher and pays."""
    truth = profit(data)
    chosen = truth[one] > truth[other]
    return truth.index[chosen & (truth[one] > 0)] if pays else truth.index[chosen]


QUESTIONS = [
    Question(
        id="33b-b1",
        title="Everybody gets the same",
        level="fill in",
        goals=(1,),
        truth=("second_campaign", "wake_up_test"),
        prompt=(
            "By the truth of the second campaign: what would each offer have brought in profit, in "
            "{company.symbol} in all, if "
            "**everybody** had got it? A table with `offer` (reminder, discount, new product, personal call) and "
            "`profit`. (two "
            "decimals)"
        ),
        kind=Table(key="offer", columns={"profit": 0.005}, units={"profit": "{company.symbol}"}),
        points=2,
        reference=to_all,
        hints=(
            "The truth has a column `profit_…` for each offer.",
            "Sum each column, and give it the offer's name.",
        ),
        misconceptions=(
            Misconception(
                "for one customer",
                lambda data: to_all(data, mean=True),
                "That is for one customer. What is it for all of them?",
            ),
            Misconception(
                "only where it pays",
                lambda data: to_all(data, winners=True),
                "You added only the customers with whom it pays. Everybody gets it here, also those with whom it "
                "loses money.",
            ),
        ),
        right="The same offer to everybody pays for some with the money of the others.",
        solution="The sums of the four columns.",
        code=(
            'truth = crmkit.load_truth("second_campaign")\n'
            'total = truth[[c for c in truth if c.startswith("profit_")]].sum()\n'
            'total.index = total.index.str.removeprefix("profit_").str.replace("_", " ")\n'
            'answer = total.rename("profit").rename_axis("offer").reset_index()'
        ),
    ),
    Question(
        id="33b-b2",
        title="Call rather than voucher",
        level="explore",
        goals=(3,),
        truth=("second_campaign", "wake_up_test"),
        prompt=(
            "By the truth of the second campaign: with which customers would a call have brought a profit (above "
            "0) **and** more "
            "than a voucher (`discount`)?"
        ),
        kind=Customers(),
        points=2,
        reference=better_than,
        hints=(
            "Two conditions on two columns of the truth.",
            '`(truth["profit_personal_call"] > truth["profit_discount"]) & (truth["profit_personal_call"] > 0)`',
        ),
        misconceptions=(
            Misconception(
                "also where both lose",
                lambda data: better_than(data, pays=False),
                "Among those are customers with whom the call loses money too, only less. It must bring a profit.",
            ),
            Misconception(
                "voucher rather than call",
                lambda data: better_than(data, "profit_discount", "profit_personal_call"),
                "Those are the customers with whom the voucher is better. The question asks for the call.",
            ),
        ),
        right="Nobody's score names them all. How close a plan comes is what a test measures.",
        solution="The two conditions, on the columns of the truth.",
        code=(
            'truth = crmkit.load_truth("second_campaign").set_index("customer_id")\n'
            'call, voucher = truth["profit_personal_call"], truth["profit_discount"]\n'
            "answer = truth.index[(call > voucher) & (call > 0)]"
        ),
    ),
]
