"""Lesson 80: your own orders. Every learner's own orders are made ugly, and read back."""

from __future__ import annotations

import pandas as pd

from crmkit.data.own.ugly import TILL, ugly_file, ugly_rows, web_shop_file
from crmkit.data.own_orders import OwnOrders, read_orders
from crmkit.practice.kinds import Choice, Number, Plan, Table
from crmkit.practice.question import (
    Misconception,
    Option,
    Prediction,
    Question,
    QuizQuestion,
    Tables,
)
from crmkit.value import first_picture as pictures
from crmkit.value import hidden_year

TITLE = "Your own orders"

EXPORT = (
    "from crmkit.data.own.ugly import TILL, ugly_file\n"
    'orders = crmkit.load("orders")\n'
    'export = ugly_file(orders[orders["order_date"] >= company.year_start])\n'
)
WEB_SHOP = (
    "from crmkit.data.own.ugly import web_shop_file\n"
    'orders = crmkit.load("orders")\n'
    'web_shop = web_shop_file(orders[orders["order_date"] >= company.year_start])\n'
)


def of_year(data: Tables, year: int | None = None) -> pd.DataFrame:
    """The learner's orders of one year (the last one), which an export of the exercises is made of."""
    orders = data.load("orders")
    kept = orders["order_date"].dt.year == (year or data.company.year)
    return orders.loc[kept, ["customer_id", "order_date", "turnover"]]


_DONE: dict[tuple[bytes, str], OwnOrders] = {}


def read_back(data: Tables, duplicates: str = "set aside", year: int | None = None) -> OwnOrders:
    """Read the learner's ugly export, as the lesson does.

    A question asks for it once per misconception, so the last ones are kept.
    """
    orders = of_year(data, year)
    key = pd.util.hash_pandas_object(orders).to_numpy().tobytes(), duplicates
    if key not in _DONE:
        if len(_DONE) > 40:
            _DONE.clear()
        _DONE[key] = read_orders(ugly_file(orders), duplicates=duplicates)
    return _DONE[key]


def till_sales(orders: pd.DataFrame) -> float:
    """Turnover that was booked on the till's own number."""
    return float(orders.loc[orders["customer_id"] == TILL, "turnover"].sum())


def without_till(orders: pd.DataFrame) -> pd.DataFrame:
    """Leave out what was booked on the till's own number."""
    return orders[orders["customer_id"] != TILL]


def negative_sum(data: Tables) -> float:
    """What the refunds that were set aside add up to (below zero)."""
    aside = read_back(data).report.set_aside
    text = aside.loc[aside["reason"] == "refund or negative amount", "value"]
    return float(_as_number(text).sum())


def total_line(data: Tables) -> float:
    """The sum that the export's own last line gives."""
    return float(_as_number(ugly_rows(of_year(data))["Betrag"].tail(1)).iloc[0])


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
    rows = [
        ("all numbers", *picture(orders, by)),
        ("without the till", *picture(without_till(orders), by)),
    ]
    return pd.DataFrame(rows, columns=["reading", "customers", "best_fifth"])


def fifth_of_rows(orders: pd.DataFrame) -> pd.DataFrame:
    """The same, with the best fifth of the orders in place of the customers."""
    table = two_readings(orders)
    for place, part in enumerate((orders, without_till(orders))):
        ranked = part["turnover"].sort_values(ascending=False, kind="stable")
        best = ranked.iloc[: max(1, round(0.2 * len(ranked)))].sum()
        table.loc[place, "best_fifth"] = 100 * best / ranked.sum()
    return table


def april_at_the_web_shop(data: Tables, **changed: object) -> float:
    """Turnover of April in the web shop's file, read with the options that it needs, or with others."""
    options = {"dayfirst": False, "refunds": "net", "statuses": {"On hold": "counts"}} | changed
    own = read_orders(web_shop_file(of_year(data)), **options).orders  # type: ignore[arg-type]
    return float(own.loc[own["order_date"].dt.month == 4, "turnover"].sum())


def shares(orders: pd.DataFrame) -> pd.DataFrame:
    """Per cent who bought once and who are quiet, with the ends of the interval."""
    return (100 * pictures.shares_of_customers(orders)).reset_index()


def bought_once(data: Tables, days: int | None = 365) -> float:
    """Per cent of Beanline's customers with one order in the last `days` of its file; in all of it where None."""
    orders = data.other("beanline").load("orders")
    last = orders["order_date"].max()
    if days:
        orders = orders[orders["order_date"] > last - pd.Timedelta(days=days)]
    return 100 * float(pictures.first_picture(orders)["bought_once"])


def here_once(data: Tables) -> float:
    """Per cent of the customers in the export with one order, the till left out."""
    return 100 * float(pictures.first_picture(without_till(read_back(data).orders))["bought_once"])


def promised(data: Tables, forecast: str = "as last year", firm: str = "beanline") -> float:
    """Per cent by which a forecast of the hidden year is too high (below zero: too low)."""
    orders = (data.other(firm) if firm else data).load("orders")
    return 100 * float(hidden_year.forecast_hidden_year(orders, draws=1).loc["total", forecast] - 1)


def _of_the_export(data: Tables) -> dict[str, str]:
    own = read_back(data)
    report = own.report
    till = till_sales(own.orders) / report.turnover
    return {
        "rows": f"{report.rows_read:,}",
        "used": f"{report.rows_used:,}",
        "copies": f"{(report.set_aside['reason'] == 'exact duplicate').sum():,}",
        "till": f"{till:.0%}".replace("%", " %"),
        "refunds": f"€{-negative_sum(data):,.0f}",
    }


PREDICTIONS = [
    Prediction(
        id="80-a",
        prompt="Of a hundred rows of this file, how many can *not* be used as they are?",
        kind=Number(unit="of 100", tolerance=4),
        answer=None,
        why="Most people think of misspelt cells. Often more rows go because nobody is named in them, because they "
        "are in the file twice, or because they are no orders at all.",
    ),
    Prediction(
        id="80-b",
        prompt="Suppose a hurried colleague makes one of two mistakes: he keeps the copies, or he counts the till as a "
        "customer. Which of the two moves the share that the best fifth of the customers bring further?",
        kind=Choice(
            {"a": "the copies", "b": "the till", "c": "both about the same (within half a point)"}
        ),
        answer=None,
        why="What falls on everyone alike leaves shares as they are. What falls on a single name changes who the best "
        "are.",
    ),
    Prediction(
        id="80-c",
        prompt="Of a hundred customers of this file (the till left out), how many have bought nothing for half a year "
        "when the file ends?",
        kind=Number(unit="of 100", tolerance=8),
        answer=None,
        why="A list of customers only grows: nobody is taken off it when they stop coming. So the quiet pile up.",
    ),
    Prediction(
        id="80-d",
        prompt="Suppose the file had ended after a third of its time. The share of its customers who have bought once "
        "would then be …",
        kind=Choice({"a": "larger", "b": "smaller", "c": "about the same (within 5 points)"}),
        answer=None,
        why="People who came last month had no time to come again. In a young file nearly everyone came last month.",
    ),
]

QUESTIONS = [
    Question(
        id="80-1",
        title="Read the till's file",
        level="fill in",
        goals=(1,),
        prompt=(
            "Your own shop's orders of {company.year} have been put through the same till: `export` is the ugly file. "
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
                "That is the sum that the export itself gives. It also adds sales without a customer, and takes "
                "refunds off. The question asks for the orders that can be used.",
            ),
            Misconception(
                "subtracts the refunds",
                lambda data: read_back(data).report.turnover + negative_sum(data),
                "You took the refunds off. They have numbers of their own, so nothing says which order they take "
                "back: they are set aside, and named in the report.",
            ),
            Misconception(
                "leaves the till's number out",
                lambda data: read_back(data).report.turnover - till_sales(read_back(data).orders),
                "You left 99999 out. That is a decision for the next question. Here all orders count that can be used.",
            ),
        ),
        right="The report shows the same sum, and beside it what was left out: a sum that comes with its account.",
        starter=("own, report = crmkit.read_orders(____)\nanswer = own[____].sum()"),
        solution="Reading gives the orders and the report; the orders' turnover is summed.",
        code=EXPORT + 'own, report = crmkit.read_orders(export)\nanswer = own["turnover"].sum()',
    ),
    Question(
        id="80-2",
        title="The till's own number",
        level="change",
        goals=(2,),
        prompt=(
            "At the till, sales are booked on the number 99999 when nobody shows a card. How much turnover, in €, of "
            "the usable orders in `export` stands on that number?"
        ),
        kind=Number(unit="€", tolerance=0.5),
        points=2,
        reference=lambda data: till_sales(read_back(data).orders),
        hints=(
            "Choose rows. What does `customer_id` hold: numbers, or text?",
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
        right="So much turnover has no name. Nobody can be written to for it, and nobody should be ranked by it.",
        starter='answer = own.loc[own[____] == TILL, "turnover"].sum()',
        solution="Keep the rows whose customer is the text 99999, and sum their turnover.",
        code=EXPORT
        + "own, report = crmkit.read_orders(export)\n"
        + 'answer = own.loc[own["customer_id"] == TILL, "turnover"].sum()',
    ),
    Question(
        id="80-5",
        title="A web shop's file",
        level="change",
        goals=(1,),
        elsewhere="a web shop's export",
        prompt=(
            "A web shop of yours exports `web_shop`. Its owner says: the month stands before the day, orders *On hold* "
            "have been paid, and a refund carries the number of its order. What is the turnover, in $, of April, "
            "refunds taken off?"
        ),
        kind=Number(unit="$", tolerance=0.5),
        points=2,
        reference=april_at_the_web_shop,
        hints=(
            "Read it without any option first. What does the report assume? Compare that with what the owner says.",
            "Three options: `dayfirst`, `statuses`, `refunds`. The table near the end of the lesson shows each.",
            '`crmkit.read_orders(web_shop, dayfirst=False, statuses={"On hold": "counts"}, refunds="net")`, then the '
            'rows with `own["order_date"].dt.month == 4`.',
        ),
        misconceptions=(
            Misconception(
                "reads the day first",
                lambda data: april_at_the_web_shop(data, dayfirst=True),
                "You read 04/05 as the fourth of May. Nothing in the file decides it, but the owner said which number "
                "is the month.",
            ),
            Misconception(
                "leaves orders on hold out",
                lambda data: april_at_the_web_shop(data, statuses=None),
                "Orders *On hold* are not in your sum. In most shops they were never paid; here the owner says that "
                "they were.",
            ),
            Misconception(
                "leaves refunds as they are",
                lambda data: april_at_the_web_shop(data, refunds="set aside"),
                "That is before refunds. They carry the number of their order here, so they can be taken off.",
            ),
            Misconception(
                "counts the cancelled orders too",
                lambda data: april_at_the_web_shop(data, statuses=None, status=False),
                "You counted every row, the cancelled orders too. Only *On hold* means something else here.",
            ),
        ),
        right="Three sentences of the owner changed the sum, and no program could have known them.",
        starter='own, report = crmkit.read_orders(web_shop, dayfirst=____, statuses={"On hold": ____}, refunds=____)',
        solution="Three options for three things that only the owner knows; then the rows of April.",
        code=WEB_SHOP
        + 'statuses = {"On hold": "counts"}\n'
        + 'own = crmkit.read_orders(web_shop, dayfirst=False, refunds="net", statuses=statuses).orders\n'
        + 'answer = own.loc[own["order_date"].dt.month == 4, "turnover"].sum()',
    ),
    Question(
        id="80-8",
        title="The first picture of another year",
        level="change",
        goals=(3,),
        elsewhere="another year",
        prompt=(
            "Put the orders of {company.last_year} through the till: `ugly_file` of those orders makes the export. "
            "Read it, leave the till's number out, and draw the first picture. Give two rows, `measure` = `bought "
            "once` and `quiet`, with `share`, `low` and `high` of the 95 % interval, all in per cent."
        ),
        kind=Table(
            key="measure",
            columns={"share": 0.05, "low": 0.05, "high": 0.05},
            units=dict.fromkeys(("share", "low", "high"), "%"),
        ),
        points=2,
        reference=lambda data: shares(
            without_till(read_back(data, year=data.company.last_year).orders)
        ),
        hints=(
            'Four steps: the orders with `orders["order_date"].dt.year == {company.last_year}`, the export, the '
            "reading, the picture.",
            "Leave the till's number out before you draw. Shares are fractions; times 100 is per cent.",
            '`picture_with_intervals` gives the table, `.drop("best fifth")` leaves the two rows.',
        ),
        misconceptions=(
            Misconception(
                "takes the export of the other year",
                lambda data: shares(without_till(read_back(data).orders)),
                "That is the picture of {company.year}. The question asks for {company.last_year}.",
            ),
            Misconception(
                "takes the orders as they are",
                lambda data: shares(of_year(data, data.company.last_year).query("turnover > 0")),
                "Those are the orders before they went through the till. The question asks for what can be read from "
                "the export.",
            ),
        ),
        right="Faults of the file come on top: the interval only says how far other customers would move the share.",
        starter='export_before = ugly_file(orders[orders["order_date"].dt.year == ____])\n'
        "own_before, report_before = crmkit.read_orders(____)",
        solution="The same till for another year, its number left out, the first picture with intervals, in per cent.",
        code=EXPORT
        + "from crmkit.value.first_picture import picture_with_intervals\n"
        + 'before = ugly_file(orders[orders["order_date"].dt.year == company.last_year])\n'
        + "own = crmkit.read_orders(before).orders\n"
        + 'answer = 100 * picture_with_intervals(own[own["customer_id"] != TILL]).drop("best fifth")',
    ),
    Question(
        id="80-3",
        title="Two readings of one file",
        level="explore",
        goals=(2,),
        prompt=(
            "Does the till's number change the picture of `export`? Give two rows, `reading` = `all numbers` and "
            "`without the till`, with the number of `customers` and what the `best_fifth` of them (20 %, rounded) "
            "bring of the turnover, in per cent."
        ),
        kind=Table(
            key="reading", columns={"customers": 0, "best_fifth": 0.05}, units={"best_fifth": "%"}
        ),
        points=3,
        reference=lambda data: two_readings(read_back(data).orders),
        hints=(
            "Two tables of orders, one picture of each. Which helper of the lesson puts readings side by side?",
            '`own[own["customer_id"] != TILL]` is the second reading; `compare_readings` takes both by name.',
            "`compare_readings` gives `best_fifth` as a fraction, and the names of the readings as its index.",
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
                "You ranked orders. The question is about customers: add up each one's orders first.",
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
        right="One number among thousands moves the share: always look at the first names of a ranking.",
        starter='readings = {"all numbers": own, "without the till": own[own["customer_id"] != ____]}\n'
        "compared = compare_readings(____)",
        solution="The two readings side by side; the share as per cent.",
        code=EXPORT
        + "from crmkit.value.first_picture import compare_readings\n"
        + "own, report = crmkit.read_orders(export)\n"
        + 'readings = {"all numbers": own, "without the till": own[own["customer_id"] != TILL]}\n'
        + 'compared = compare_readings(readings)[["customers", "best_fifth"]]\n'
        + 'answer = compared.assign(best_fifth=100 * compared["best_fifth"]).rename_axis("reading")',
    ),
    Question(
        id="80-6",
        title="Two firms over the same time",
        level="explore",
        goals=(4,),
        elsewhere="beanline",
        prompt=(
            "`own` covers one year, the orders of the coffee merchant Beanline cover three. Compare the two over the "
            "same length of time: take the last 365 days of Beanline's orders. By how many percentage points is the "
            "share of customers who bought once larger at Beanline than in `own` without the till? (Below zero: "
            "smaller.)"
        ),
        kind=Number(unit="percentage points", tolerance=0.1),
        points=3,
        reference=lambda data: bought_once(data) - here_once(data),
        hints=(
            "Two first pictures, and one difference. Which orders of Beanline belong to the last 365 days?",
            '`coffee["order_date"] > coffee["order_date"].max() - pd.Timedelta(days=365)`',
            '`first_picture(orders)["bought_once"]` is a fraction; a difference of two fractions, times 100, is in '
            "points.",
        ),
        misconceptions=(
            Misconception(
                "takes all three years of Beanline",
                lambda data: bought_once(data, None) - here_once(data),
                "You compared three years with one. In three years people have more time to come again.",
            ),
            Misconception(
                "Beanline alone",
                lambda data: bought_once(data),
                "That is the share at Beanline. By how many points is it larger than in `own`?",
            ),
            Misconception(
                "own shop alone",
                lambda data: here_once(data),
                "That is the share in `own`. What is it at Beanline, over as long a time, and how far apart are they?",
            ),
            Misconception(
                "subtracts the other way round",
                lambda data: here_once(data) - bought_once(data),
                "That is your share less Beanline's. The question asks how much larger Beanline's is.",
            ),
        ),
        right="Over the same time the difference belongs to the firms; over unlike times it belongs to the calendar.",
        starter='coffee = crmkit.load("orders", data="beanline")\n'
        'recent = coffee[coffee["order_date"] > ____ - pd.Timedelta(days=365)]',
        solution="The last 365 days of Beanline, the first picture of both firms, one share less the other.",
        code=EXPORT
        + "from crmkit.value.first_picture import first_picture\n"
        + "own, report = crmkit.read_orders(export)\n"
        + 'coffee = crmkit.load("orders", data="beanline")\n'
        + 'recent = coffee[coffee["order_date"] > coffee["order_date"].max() - pd.Timedelta(days=365)]\n'
        + 'there, here = (first_picture(part)["bought_once"] for part in (recent, own[own["customer_id"] != TILL]))\n'
        + "answer = 100 * (there - here)",
    ),
    Question(
        id="80-7",
        title="A hidden year at another firm",
        level="explore",
        goals=(5,),
        elsewhere="beanline",
        prompt=(
            "Hide the last year of Beanline's orders with `forecast_hidden_year`, as the lesson did. By how many per "
            "cent is the sum that the rule *as last year* promises too high? (Below zero: too low.)"
        ),
        kind=Number(unit="%", tolerance=0.05),
        points=3,
        reference=promised,
        hints=(
            "The helper gives three measures. Which of them compares sums, and what value would be right?",
            '`forecast_hidden_year(crmkit.load("orders", data="beanline"))`, row `total`.',
            "A total of 1.25 is 25 % too high: take 1 away, then times 100.",
        ),
        misconceptions=(
            Misconception(
                "the lifetime model",
                lambda data: promised(data, "lifetime model"),
                "That is the lifetime model's sum. The question asks for the rule *as last year*.",
            ),
            Misconception(
                "own firm",
                lambda data: promised(data, firm=""),
                "That is {company.name}'s hidden year. The question asks for Beanline's.",
            ),
            Misconception(
                "forgets to take 100 % away",
                lambda data: promised(data) + 100,
                "That is the promise as per cent of what happened. How much of it is too high?",
            ),
        ),
        right="A rule that was never compared with a hidden year may be this far off, and nobody would know.",
        starter='scores = forecast_hidden_year(crmkit.load("orders", data=____))',
        solution="The hidden year of Beanline, the total of the rule, less 1, as per cent.",
        code=(
            "from crmkit.value.hidden_year import forecast_hidden_year\n"
            'scores = forecast_hidden_year(crmkit.load("orders", data="beanline"))\n'
            'answer = 100 * (scores.loc["total", "as last year"] - 1)'
        ),
    ),
    Question(
        id="80-4",
        title="A letter by Friday",
        level="decide",
        goals=(1, 2),
        prompt=(
            "The owner of your shop wants a letter to the best fifth of the customers by Friday, made from `export`. "
            "Which rows do you set aside, which do you keep, what do you ask first, and what do you say about the list?"
        ),
        kind=Plan(
            rubric={
                "says what is done with the till's number, and why, with a figure from the file": 1,
                "says what is done with copies and refunds, and why": 1,
                "asks something that the file cannot answer (how the export was made, who has a card, consent)": 1,
                "states with the list how many rows it rests on and what was left out, with figures from the file": 1,
            },
            model=(
                "99999 goes out: a till cannot read a letter, although {figure.till} of the turnover stands on it. The "
                "{figure.copies} copies go out too: they lie in one block, so two exports were pasted together. "
                "Refunds have numbers of their own; I leave them aside and say that they are {figure.refunds}. Before "
                "I rank anybody I ask who may be written to, and whether sales without a card are other people or the "
                "same. Under the list I write: {figure.used} of {figure.rows} rows were used, from when to when, and "
                "customers without a card are not in it."
            ),
            figures=_of_the_export,
            minimum_words=40,
        ),
        points=4,
        hints=("Who on this list cannot read a letter? And who is missing from it?",),
    ),
]

QUIZ = [
    QuizQuestion(
        "A file reads without an error. What do you know?",
        [
            Option(
                "Its numbers are right",
                "A file that holds everything twice reads without an error too.",
            ),
            Option(
                "A program found cells where it looked for them",
                "That is all. No program can see whether 03/04/2025 begins with a day or with a month.",
                right=True,
            ),
            Option(
                "Nothing was lost",
                "Only an account of rows read, used and set aside tells you that.",
            ),
        ],
    ),
    QuizQuestion(
        "Two rows are equal in every cell. The file has a customer, a date and an amount. What are they?",
        [
            Option("A copy", "Perhaps. Two coffees on one morning look just the same."),
            Option("Two purchases", "Perhaps. Two exports pasted together look just the same."),
            Option(
                "The file cannot say",
                "Without an order number or a time of day it cannot. If the equal rows lie in one block, two exports "
                "were probably pasted together.",
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
                "End the same file a year earlier, and the share is a different one.",
                right=True,
            ),
        ],
    ),
    QuizQuestion(
        'A forecast was nearer than the rule "as last year" in 60 % of the draws. What do you conclude?',
        [
            Option(
                "It is better", "In four draws of ten the rule was nearer. That is close to a coin."
            ),
            Option("It is useless", "It may still be better: the file is too small to tell."),
            Option(
                "This file cannot tell which is better",
                "Then take the one that is cheaper, and compare again when the file is longer.",
                right=True,
            ),
        ],
    ),
]
