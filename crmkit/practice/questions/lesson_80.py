"""Lesson 80: your own orders. Every learner's own orders are made ugly, and read back."""

from __future__ import annotations

import pandas as pd

from crmkit.data.own.ugly import TILL, ugly_file, ugly_rows
from crmkit.data.own_orders import OwnOrders, read_orders
from crmkit.practice.kinds import Number, Plan, Table
from crmkit.practice.question import Misconception, Option, Question, QuizQuestion, Tables

TITLE = "Your own orders"

EXPORT = (
    "from crmkit.data.own.ugly import TILL, ugly_file\n"
    'orders = crmkit.load("orders")\n'
    'export = ugly_file(orders[orders["order_date"] >= company.year_start])\n'
)


def last_year(data: Tables) -> pd.DataFrame:
    """The learner's orders of the last year, which the export of the exercises is made of."""
    orders = data.load("orders")
    return orders.loc[
        orders["order_date"] >= data.company.year_start, ["customer_id", "order_date", "turnover"]
    ]


_DONE: dict[tuple[bytes, str], OwnOrders] = {}


def read_back(data: Tables, duplicates: str = "set aside") -> OwnOrders:
    """Read the learner's ugly export, as the lesson does.

    A question asks for it once per misconception, so the last ones are kept.
    """
    orders = last_year(data)
    key = pd.util.hash_pandas_object(orders).to_numpy().tobytes(), duplicates
    if key not in _DONE:
        if len(_DONE) > 40:
            _DONE.clear()
        _DONE[key] = read_orders(ugly_file(orders), duplicates=duplicates)
    return _DONE[key]


def till_sales(orders: pd.DataFrame) -> float:
    """Turnover that was booked on the till's own number."""
    return float(orders.loc[orders["customer_id"] == TILL, "turnover"].sum())


def negative_sum(data: Tables) -> float:
    """What the refunds that were set aside add up to (below zero)."""
    aside = read_back(data).report.set_aside
    text = aside.loc[aside["reason"] == "refund or negative amount", "value"]
    return float(_as_number(text).sum())


def total_line(data: Tables) -> float:
    """The sum that the export's own last line gives."""
    return float(_as_number(ugly_rows(last_year(data))["Betrag"].tail(1)).iloc[0])


def _as_number(text: pd.Series) -> pd.Series:
    return text.str.replace(r"[^\d,-]", "", regex=True).str.replace(",", ".").astype(float)


def picture(orders: pd.DataFrame, by: str = "turnover") -> tuple[int, float]:
    """Number of customers, and what the best fifth of them bring, in per cent."""
    grouped = orders.groupby("customer_id")["turnover"]
    values = (grouped.sum() if by == "turnover" else grouped.size()).sort_values(
        ascending=False, kind="stable"
    )
    fifth = max(1, round(0.2 * len(values)))
    return len(values), 100 * float(values.iloc[:fifth].sum() / values.sum())


def two_readings(orders: pd.DataFrame, by: str = "turnover") -> pd.DataFrame:
    """The picture with and without the till's number."""
    persons = orders[orders["customer_id"] != TILL]
    rows = [("all numbers", *picture(orders, by)), ("without the till", *picture(persons, by))]
    return pd.DataFrame(rows, columns=["reading", "customers", "best_fifth"])


def fifth_of_rows(orders: pd.DataFrame) -> pd.DataFrame:
    """The same, with the best fifth of the orders in place of the customers."""
    table = two_readings(orders)
    for place, part in enumerate((orders, orders[orders["customer_id"] != TILL])):
        ranked = part["turnover"].sort_values(ascending=False, kind="stable")
        best = ranked.iloc[: max(1, round(0.2 * len(ranked)))].sum()
        table.loc[place, "best_fifth"] = 100 * best / ranked.sum()
    return table


QUESTIONS = [
    Question(
        id="80-1",
        title="Read the till's file",
        level="fill in",
        prompt=(
            "Your own shop's orders of {company.year} have been through the till of a garden centre: "
            "`export` is the ugly file. "
            "Read it with `crmkit.read_orders`. What is the turnover, in €, of the orders that can be used?"
        ),
        kind=Number(unit="€", tolerance=0.5),
        points=1,
        reference=lambda data: read_back(data).report.turnover,
        hints=(
            "`read_orders` gives two things back. Which of the two holds the orders?",
            "`own, report = crmkit.read_orders(export)`, then one column of `own`.",
            '`own["turnover"].sum()`; the first line of the report says it too.',
        ),
        misconceptions=(
            Misconception(
                "keeps the copies",
                lambda data: read_back(data, "keep").report.turnover,
                "That counts a stretch of the file twice: two exports were pasted under each other, and they overlap. "
                "What does `read_orders` do with copies if you let it?",
            ),
            Misconception(
                "believes the total under the last row",
                total_line,
                "That is the sum the export itself gives. It also adds sales without a customer, and takes refunds "
                "off. The question asks for the orders that can be used.",
            ),
            Misconception(
                "subtracts the refunds",
                lambda data: read_back(data).report.turnover + negative_sum(data),
                "You took the refunds off. They carry numbers of their own, so nothing says which order they take "
                "back: they are set aside, and named in the report.",
            ),
            Misconception(
                "leaves the till's number out",
                lambda data: read_back(data).report.turnover - till_sales(read_back(data).orders),
                "You left 99999 out. That is a decision worth taking, and the next question takes it; here, all "
                "orders that can be used.",
            ),
        ),
        starter=("own, report = crmkit.read_orders(____)\nanswer = own[____].sum()"),
        solution="Reading gives the orders and the report; the orders' turnover is summed.",
        code=EXPORT + 'own, report = crmkit.read_orders(export)\nanswer = own["turnover"].sum()',
    ),
    Question(
        id="80-2",
        title="The till's own number",
        level="change",
        prompt=(
            "At the till, sales are booked on the number 99999 when nobody shows a card. How much turnover, in €, of "
            "the usable orders in `export` stands on that number?"
        ),
        kind=Number(unit="€", tolerance=0.5),
        points=2,
        reference=lambda data: till_sales(read_back(data).orders),
        hints=(
            "It is a matter of choosing rows. What does `customer_id` hold: numbers, or text?",
            '`own["customer_id"] == "99999"`, with quotation marks: `read_orders` keeps ids as text.',
            '`own.loc[own["customer_id"] == "99999", "turnover"].sum()`',
        ),
        misconceptions=(
            Misconception(
                "keeps the copies",
                lambda data: till_sales(read_back(data, "keep").orders),
                "That is with the copied stretch counted twice. Leave `duplicates` as it is.",
            ),
            Misconception(
                "compares text with a number",
                lambda data: 0.0,
                "Nothing was found. Ids are text (00417 must keep its zeros), so 99999 without quotation marks "
                "equals none of them.",
            ),
            Misconception(
                "takes everybody else",
                lambda data: read_back(data).report.turnover - till_sales(read_back(data).orders),
                "That is the turnover of all the others. Which rows did you keep?",
            ),
            Misconception(
                "counts orders",
                lambda data: float((read_back(data).orders["customer_id"] == TILL).sum()),
                "That is how many orders stand on the number. What were they worth?",
            ),
        ),
        starter='answer = own.loc[own[____] == TILL, "turnover"].sum()',
        solution="Keep the rows whose customer is the text 99999, and sum their turnover.",
        code=EXPORT
        + "own, report = crmkit.read_orders(export)\n"
        + 'answer = own.loc[own["customer_id"] == TILL, "turnover"].sum()',
    ),
    Question(
        id="80-3",
        title="Two readings of one file",
        level="explore",
        prompt=(
            "Does the till's number change the picture? Give two rows, `reading` = `all numbers` and `without the "
            "till`, with the number of `customers` and what the `best_fifth` of them (20 %, rounded) bring of "
            "the turnover, in per cent."
        ),
        kind=Table(
            key="reading", columns={"customers": 0, "best_fifth": 0.05}, units={"best_fifth": "%"}
        ),
        points=3,
        reference=lambda data: two_readings(read_back(data).orders),
        hints=(
            "Two tables of orders, the same sum over each: turnover by customer first.",
            "`top_share(spent, 0.2)` from `crmkit.value` gives the best fifth as a share; times 100 is per cent.",
            '`persons = own[own["customer_id"] != "99999"]` is the second reading.',
        ),
        misconceptions=(
            Misconception(
                "keeps the copies",
                lambda data: two_readings(read_back(data, "keep").orders),
                "Your table still holds the copied stretch. Read with `duplicates` left as it is.",
            ),
            Misconception(
                "takes the best fifth of the orders",
                lambda data: fifth_of_rows(read_back(data).orders),
                "You ranked orders. The question is about customers: add each one's orders up first.",
            ),
            Misconception(
                "counts orders in place of turnover",
                lambda data: two_readings(read_back(data).orders, by="orders"),
                "You ranked customers by the number of their orders. What did they pay?",
            ),
            Misconception(
                "swaps the two readings",
                lambda data: two_readings(read_back(data).orders).assign(
                    reading=["without the till", "all numbers"]
                ),
                "Right numbers under the wrong names: which of the two has one customer more?",
            ),
        ),
        starter=(
            'spent = own.groupby("customer_id")["turnover"].sum()\nanswer = top_share(spent, ____)'
        ),
        solution="Sum turnover by customer in both tables; count the customers; add the best fifth up and divide.",
        code=EXPORT
        + "from crmkit.value import top_share\n"
        + "own, report = crmkit.read_orders(export)\n"
        + 'readings = {"all numbers": own, "without the till": own[own["customer_id"] != TILL]}\n'
        + "rows = []\n"
        + "for reading, part in readings.items():\n"
        + '    spent = part.groupby("customer_id")["turnover"].sum()\n'
        + '    rows.append({"reading": reading, "customers": len(spent), "best_fifth": 100 * top_share(spent, 0.2)})\n'
        + "answer = pd.DataFrame(rows)",
    ),
    Question(
        id="80-4",
        title="A letter by Friday",
        level="decide",
        prompt=(
            "The owner wants a letter to the best fifth of her customers by Friday, made from this file. Which rows "
            "do you set aside, which do you keep, what do you ask her first, and what do you say about the list?"
        ),
        kind=Plan(
            rubric={
                "says what is done with the till's number, and why": 1,
                "says what is done with copies and refunds, and why": 1,
                "asks something that the file cannot answer (how the export was made, who has a card, consent)": 1,
                "states with the list how many rows it rests on and what was left out": 1,
            },
            model=(
                "99999 goes out: a till cannot read a letter. The copied block goes out too, because it lies between "
                "two rows and so comes from two overlapping exports. Refunds have numbers of their own; I leave them "
                "aside and say how much they are. Before I rank anybody I ask who may be written to, and whether the "
                "sales without a card are other people or the same. Under the list I write: so many of so many rows, "
                "from when to when, and that customers without a card are not in it."
            ),
            minimum_words=40,
        ),
        points=4,
        hints=("Who on this list cannot read a letter? And who is missing from it altogether?",),
    ),
]

QUIZ = [
    QuizQuestion(
        "A file reads without an error. What do you know?",
        [
            Option("Its numbers are right", "A file counted twice reads without an error too."),
            Option(
                "A program found cells where it looked for them",
                "That is all. Whether a date is a day or a month, no program can see in 03/04/2025.",
                right=True,
            ),
            Option("Nothing was lost", "Only a count of rows in and rows used tells you that."),
        ],
    ),
    QuizQuestion(
        "Two rows are equal in every cell. The file has a customer, a date and an amount. What are they?",
        [
            Option("A copy", "Perhaps. Two coffees on one morning look just the same."),
            Option("Two purchases", "Perhaps. Two exports pasted together look just the same."),
            Option(
                "The file cannot say",
                "Without an order number or a time of day it cannot. Where the equal rows lie in "
                "one block, it was the paste.",
                right=True,
            ),
        ],
    ),
    QuizQuestion(
        "Half the customers of a young file bought once. Is that bad?",
        [
            Option(
                "Yes: they did not come back",
                "Some joined last week. They had no time to come back.",
            ),
            Option(
                "It depends on how long ago they came",
                "End the same file a year earlier, and the share is another one.",
                right=True,
            ),
        ],
    ),
]
