"""Lesson 34: the whole plan. Contact pressure, a budget, a cap, and how it will be measured."""

from __future__ import annotations

from crmkit.practice.kinds import Number, Plan
from crmkit.practice.question import Misconception, Option, Question, QuizQuestion, Tables
from crmkit.reactivation import choose_offers, offer_profits

TITLE = "A wake-up plan"


def gone(data: Tables, mails: int) -> float:
    """Share who unsubscribed at so many mails a month, in per cent."""
    test = data.load("pressure_test")
    return float(100 * test.loc[test["mails_a_month"] == mails, "unsubscribed"].mean())


def net(data: Tables, *, mail: float = 0.1, lost: float = 5.0, months: int = 3) -> float:
    """Net margin a customer at 4 mails a month, over none."""
    test = data.load("pressure_test")
    value = test["margin_90d"] - mail * months * test["mails_a_month"] - lost * test["unsubscribed"]
    mean = value.groupby(test["mails_a_month"]).mean()
    return float(mean[4] - mean[0])


def best(data: Tables, budget: float | None = 150, contacts: int | None = 60) -> float:
    """The most that the true profits allow within the limits."""
    profits = offer_profits(data.load_truth("second_campaign"), data.load("offers"))
    return float(choose_offers(profits, budget=budget, contacts=contacts)["profit"].sum())


QUESTIONS = [
    Question(
        id="34-1",
        title="Eight mails against two",
        level="fill in",
        prompt=(
            "In the test of contact pressure, by how many percentage points did more customers unsubscribe "
            "at 8 mails a month than at 2?"
        ),
        kind=Number(unit="percentage points", tolerance=0.05),
        points=1,
        reference=lambda data: gone(data, 8) - gone(data, 2),
        hints=(
            "Two groups of the test, one difference.",
            "The mean of a True/False column is a share.",
            '`pressure.groupby("mails_a_month")["unsubscribed"].mean()`',
        ),
        misconceptions=(
            Misconception(
                "gives the share at eight mails",
                lambda data: gone(data, 8),
                "That is the share at eight mails. Some leave at two mails as well: take the difference.",
            ),
            Misconception(
                "compares with four mails",
                lambda data: gone(data, 8) - gone(data, 4),
                "You compared eight with four. The question asks for eight against two.",
            ),
            Misconception(
                "gives the relative rise",
                lambda data: (
                    100 * (gone(data, 8) / gone(data, 2) - 1)
                    if gone(data, 2)
                    else 100 * gone(data, 8)
                ),
                "You have the relative rise. Percentage points are the plain difference.",
            ),
        ),
        starter='share = pressure.groupby("mails_a_month")["unsubscribed"].____()',
        solution="Two shares and their difference, times 100.",
        code=(
            'share = crmkit.load("pressure_test").groupby("mails_a_month")["unsubscribed"].mean()\n'
            "answer = 100 * (share[8] - share[2])"
        ),
    ),
    Question(
        id="34-2",
        title="What four mails leave",
        level="change",
        prompt=(
            "A mail costs {company.symbol}0.10, the test ran three months, and a customer who unsubscribes "
            "costs {company.symbol}5. How "
            "much more net margin per customer, in {company.symbol}, did 4 "
            "mails a month bring than none? It may be negative."
        ),
        kind=Number(unit="{company.symbol}", tolerance=0.01),
        points=2,
        reference=net,
        hints=(
            "Margin, less mails, less lost permissions: per customer, in each of the two groups.",
            "Four mails a month for three months are twelve mails.",
            "`pressure_table(pressure, mail_cost=0.10, months=3, contact_value=5)` has a column `extra`.",
        ),
        misconceptions=(
            Misconception(
                "compares margins only",
                lambda data: net(data, mail=0, lost=0),
                "That is the difference in margin. The mails and the lost permissions have not been paid for.",
            ),
            Misconception(
                "forgets those who unsubscribed",
                lambda data: net(data, lost=0),
                "You paid for the mails. Who unsubscribed costs something too.",
            ),
            Misconception(
                "pays for one month",
                lambda data: net(data, months=1),
                "You paid for the mails of one month. The test ran three.",
            ),
            Misconception(
                "forgets the mails",
                lambda data: net(data, mail=0),
                "You paid for lost permissions, not for the mails.",
            ),
        ),
        starter="table = pressure_table(pressure, mail_cost=____, months=____, contact_value=____)",
        solution="Net margin per customer in both groups, and the difference.",
        code=(
            "from crmkit.reactivation import pressure_table\n"
            'table = pressure_table(crmkit.load("pressure_test"), mail_cost=0.10, months=3, contact_value=5)\n'
            'answer = table.set_index("frequency").loc[4, "extra"]'
        ),
    ),
    Question(
        id="34-3",
        title="The most that {company.symbol}150 can do",
        level="explore",
        prompt=(
            "By the drawer of the second campaign: what is the highest profit, in {company.symbol}, that "
            "anybody could have "
            "made in it with a budget of {company.symbol}150 and at most "
            "60 contacts?"
        ),
        kind=Number(unit="{company.symbol}", tolerance=1, relative=0.002),
        points=3,
        reference=best,
        hints=(
            "Each customer, each offer, its true profit and its cost; then choose within two limits.",
            "`offer_profits(truth, offers)` makes the table, `choose_offers` takes both limits.",
            "`choose_offers(profits, budget=150, contacts=60)`",
        ),
        misconceptions=(
            Misconception(
                "forgets the budget",
                lambda data: best(data, budget=None),
                "That keeps to 60 contacts, and spends more than {company.symbol}150. The dearest offers "
                "have to make room.",
            ),
            Misconception(
                "forgets the cap",
                lambda data: best(data, contacts=None),
                "That keeps to {company.symbol}150, and needs more than 60 contacts.",
            ),
            Misconception(
                "forgets both limits",
                lambda data: best(data, None, None),
                "That is what one could make without limits.",
            ),
        ),
        truth=("second_campaign",),
        starter=(
            "profits = offer_profits(truth, offers)\n"
            'answer = choose_offers(profits, budget=____, contacts=____)["profit"].sum()'
        ),
        solution="All true profits, and the choice under both limits.",
        code=(
            "from crmkit.reactivation import choose_offers, offer_profits\n"
            'profits = offer_profits(crmkit.load_truth("second_campaign"), crmkit.load("offers"))\n'
            'answer = choose_offers(profits, budget=150, contacts=60)["profit"].sum()'
        ),
    ),
    Question(
        id="34-4",
        title="One page for the director",
        level="decide",
        prompt=(
            "Write the one page for the director: who gets what, by which way, at what cost, who is left "
            "alone, how often we write, and how she will see "
            "whether it worked."
        ),
        kind=Plan(
            rubric={
                "says which states or customers get which offer, by which channel, within consent": 1,
                "names cost and a modest expectation of profit": 1,
                "says who is left alone, and why": 1,
                "sets a limit on contacts per customer": 1,
                "sets a holdout by lot, its size, the measure and the day, beforehand": 2,
            },
            model=(
                "(From the data as shipped; with yours the numbers differ.) We contact 800 sleepers for 900 "
                "{company.coins}. Half-asleep customers who read our mails get a "
                "reminder, the asleep among them a voucher, and about sixty "
                "customers with large orders a call, or a card where we may not telephone. We leave alone "
                "more than two hundred for whom nothing pays, most of them because "
                "contact would drive them away. The model promises about twelve thousand {company.coins}; we count on "
                "half. Nobody gets more than one wake-up contact a quarter and two news "
                "mails a month. A third of the chosen, drawn by lot, gets nothing. On day 61 we compare the "
                "share who ordered. Below three points more than the holdout we stop."
            ),
            minimum_words=60,
        ),
        points=6,
        hints=(
            "Who, what, how, how much, who not, how often, how measured.",
            "Promise less than the model does, and say why.",
            "What would make you stop? Say it before.",
        ),
    ),
]

QUIZ = [
    QuizQuestion(
        "The more mails, the more orders come through links in mails. So more mails bring more orders?",
        [
            Option("Yes, the count shows it", "It shows who was there when the order was placed."),
            Option(
                "Not necessarily",
                "Orders move from the till to the link; only orders in all, by lot, can tell.",
                right=True,
            ),
            Option("No, fewer mails always bring more", "In the test a few mails did help."),
        ],
    ),
    QuizQuestion(
        "Two frequencies bring the same within the interval. Which do you choose?",
        [
            Option("The lower one", "Unsubscribing cannot be undone.", right=True),
            Option(
                "The higher one, to be safe",
                "Safe for whom? Each mail loses some readers for good.",
            ),
            Option("Whichever has the higher estimate", "The difference is within chance."),
        ],
    ),
    QuizQuestion(
        "The plan promised {company.symbol}12,000 and brought half. What happened?",
        [
            Option(
                "The model was broken",
                "Not necessarily: even a good model overrates what it has chosen for being high.",
            ),
            Option(
                "It chose the highest of many estimates, and those are overrated most",
                "The winner's curse.",
                right=True,
            ),
            Option("The customers cheated", "They bought what they bought."),
        ],
    ),
]
