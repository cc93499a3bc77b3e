"""Lesson 34: the whole plan. Contact pressure, a budget, a cap, and how it will be measured."""

from __future__ import annotations

import pandas as pd

from crmkit.practice.kinds import Number, Plan, Table
from crmkit.practice.question import (
    Misconception,
    Option,
    Prediction,
    Question,
    QuizQuestion,
    Tables,
)
from crmkit.reactivation import (
    choose_offers,
    contact_page,
    forecast_profits,
    leave_alone,
    offer_profits,
    power,
)

TITLE = "A wake-up plan"


def gone(data: Tables, mails: int) -> float:
    """Share who unsubscribed at so many mails a month, in per cent."""
    test = data.load("pressure_test")
    return float(100 * test.loc[test["mails_a_month"] == mails, "unsubscribed"].mean())


def net(
    data: Tables,
    *,
    mail: float = 0.1,
    lost: float = 5.0,
    months: int = 3,
    at: int = 4,
    over: int | None = 0,
) -> float:
    """Net margin a customer at so many mails a month, over another frequency or over nothing."""
    test = data.load("pressure_test")
    value = test["margin_90d"] - mail * months * test["mails_a_month"] - lost * test["unsubscribed"]
    mean = value.groupby(test["mails_a_month"]).mean()
    return float(mean[at] - (0 if over is None else mean[over]))


def best(data: Tables, budget: float | None = 150, contacts: int | None = 60) -> float:
    """The most that the true profits allow within the limits."""
    profits = offer_profits(data.load_truth("second_campaign"), data.load("offers"))
    return float(choose_offers(profits, budget=budget, contacts=contacts)["profit"].sum())


def best_offers_cut(data: Tables) -> float:
    """Give everybody the best offer, and stop when the money or the contacts are used up."""
    profits = offer_profits(data.load_truth("second_campaign"), data.load("offers"))
    chosen = choose_offers(profits, contacts=60)
    return float(chosen.loc[chosen["cost"].cumsum() <= 150, "profit"].sum())


def coffee_page(
    data: Tables, offer: str = "personal call", *, consent: bool = True
) -> pd.DataFrame:
    """Count, for each state of Beanline's sleepers, who is called and who gets a card."""
    coffee = data.other("beanline")
    campaign = coffee.load("second_campaign")[["customer_id", "state"]]
    people = campaign.merge(coffee.load("customers"), on="customer_id")
    if not consent:
        people["phone_consent"] = True
    plan = people[["customer_id"]].assign(offer=offer, cost=0.0, profit=0.0)
    page = contact_page(plan, people).reset_index()
    if offer != "personal call":
        page = page.rename(columns={"e-mail": "a", "letter": "b"}).drop(
            columns=["telephone", "card"]
        )
        page = page.rename(columns={"a": "telephone", "b": "card"})
    return page[["state", "telephone", "card"]]


def found_of_100(
    data: Tables, held: float = 0.25, *, rise: float = 0.05, arm: str = "control"
) -> float:
    """Give the power of a plan with 600 customers, in tests of 100."""
    may = data.load("second_campaign")
    base = float(may.loc[may["arm"] == arm, "returned_60d"].mean())
    control = round(600 * held)
    return 100 * power(base, rise, 600 - control, control)


def figures_of_the_answer(data: Tables) -> dict[str, str]:
    """Give the figures that a good page names, from the learner's own tables."""
    sleepers, offers = data.load("second_campaign"), data.load("offers")
    budget, cap = (10 * round(share * len(sleepers) / 10) for share in (0.45, 0.4))
    profits = forecast_profits(data.load("wake_up_test"), sleepers, offers)
    plan = choose_offers(profits, budget=budget, contacts=cap)
    plan = plan.merge(sleepers[["customer_id", "state"]], on="customer_id")
    money = data.company.money
    names = {"discount": "voucher", "new product": "brochure", "personal call": "call"}
    of_state = {
        str(state): ", ".join(
            f"{number} {names.get(str(offer), offer)}"
            for offer, number in part["offer"].value_counts().items()
        )
        for state, part in plan.groupby("state", observed=True)
    }
    return {
        "contacts": f"{len(plan):,}",
        "cost": money(plan["cost"].sum()),
        "offers": "; ".join(f"{state} customers {offers}" for state, offers in of_state.items()),
        "alone": f"{len(leave_alone(profits)):,}",
        "promised": money(plan["profit"].sum()),
        "modest": money(plan["profit"].sum() / 3),
    }


PREDICTIONS = [
    Prediction(
        id="34-a",
        prompt="At which number of mails a month was the margin per customer highest: 0, 1, 2, 4 or 8?",
        kind=Number(unit="mails a month", tolerance=0),
        answer=lambda data: (
            data.load("pressure_test").groupby("mails_a_month")["margin_90d"].mean().idxmax()
        ),
        why=(
            "Many people take the highest number, because orders through mails rise with every mail. Orders in all "
            "do not. How sure the test is of the highest point, the next table says."
        ),
    ),
    Prediction(
        id="34-b",
        prompt=(
            "You hold back one chosen customer in ten. The plan truly raises the share who return by six points, "
            "from 12 %. In how many of 100 such tests would you find it?"
        ),
        kind=Number(unit="of 100", tolerance=10),
        answer=None,
        why=(
            "Most people expect to find it nearly always. But the smaller of the two groups decides what a test can "
            "see, and one in ten is a small group."
        ),
    ),
    Prediction(
        id="34-c",
        prompt="Of every 100 {company.coins} that the plan promises, how many will it truly bring?",
        kind=Number(unit="of 100", tolerance=15),
        answer=None,
        why=(
            "A plan takes the highest of many estimates, and the highest are often the most overrated. The same "
            "happens to every plan that is chosen by a model."
        ),
    ),
]

QUESTIONS = [
    Question(
        id="34-1",
        title="Eight mails against two",
        level="fill in",
        goals=(2,),
        right="These customers cannot be written to again, so this price is paid for longer than the test ran.",
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
        goals=(2,),
        right="The table has an interval for this number, too: look at it before you write four mails to everybody.",
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
                "You paid for the mails. Customers who unsubscribed cost something too.",
            ),
            Misconception(
                "gives the net margin and no difference",
                lambda data: net(data, over=None),
                "That is the net margin at four mails. Customers without mails bring something too: take the "
                "difference.",
            ),
            Misconception(
                "compares with one mail",
                lambda data: net(data, over=1),
                "You compared four mails with one. The question asks for four against none.",
            ),
            Misconception(
                "compares two mails with none",
                lambda data: net(data, at=2),
                "That is for two mails a month. The question asks for four.",
            ),
            Misconception(
                "takes four away from none",
                lambda data: -net(data),
                "The sign is turned round: four mails less none is asked.",
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
        goals=(3,),
        right="The limits cost something: without them the same customers would bring more.",
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
                "gives everybody the best offer until the money is gone",
                best_offers_cut,
                "You gave each customer the best offer and stopped when the money was gone. A cheaper offer leaves "
                "money for more customers: let `choose_offers` keep to both limits at once.",
            ),
            Misconception(
                "pays for the contacts twice",
                lambda data: best(data) - 150,
                "You took the budget off. The profits have paid for the contacts already.",
            ),
            Misconception(
                "gives the profit of one contact",
                lambda data: best(data) / 60,
                "That is the profit per contact. The question asks for the profit of all.",
            ),
            Misconception(
                "forgets the budget",
                lambda data: best(data, budget=None),
                "That keeps to 60 contacts, and spends more than {company.symbol}150. The most expensive offers have "
                "to make room.",
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
        id="34-5",
        title="Beanline calls its sleepers",
        level="explore",
        goals=(1,),
        elsewhere="beanline",
        right="A plan that counts on the telephone for everybody would have called people who never allowed it.",
        prompt=(
            "The coffee merchant Beanline wants to call every customer of its second campaign. Those who have not "
            "allowed calls get a card. For each `state`: how many calls (`telephone`) and how many cards (`card`) "
            "are that?"
        ),
        kind=Table(key="state", columns={"telephone": 0, "card": 0}),
        points=3,
        reference=coffee_page,
        hints=(
            "The states are in the table of the campaign, the consent is in the customers' table.",
            'A plan is a table of customers with `offer`, `cost` and `profit`. Here the offer is "personal call" '
            "for all; "
            "cost and profit may be 0.",
            "`contact_page(plan, people)` counts the channels.",
        ),
        misconceptions=(
            Misconception(
                "forgets consent",
                lambda data: coffee_page(data, consent=False),
                "You call everybody. Some have not allowed it: look at `phone_consent`.",
            ),
            Misconception(
                "takes leave to e-mail for leave to call",
                lambda data: coffee_page(data, "reminder"),
                "You looked at the consent to e-mail. A call needs `phone_consent`.",
            ),
        ),
        starter=(
            'coffee = crmkit.load("second_campaign", data="beanline")[["customer_id", "state"]]\n'
            'people = coffee.merge(crmkit.load("customers", data="beanline"), on="customer_id")\n'
            'plan = people[["customer_id"]].assign(offer=____, cost=0.0, profit=0.0)'
        ),
        solution="A plan with one offer for all, and the page that follows from the consent.",
        code=(
            "from crmkit.reactivation import contact_page\n"
            'coffee = crmkit.load("second_campaign", data="beanline")[["customer_id", "state"]]\n'
            'people = coffee.merge(crmkit.load("customers", data="beanline"), on="customer_id")\n'
            'plan = people[["customer_id"]].assign(offer="personal call", cost=0.0, profit=0.0)\n'
            "answer = contact_page(plan, people).reset_index()"
        ),
    ),
    Question(
        id="34-6",
        title="A quarter held back",
        level="explore",
        goals=(4,),
        right="Say this number to the director before the campaign: afterwards it sounds like an excuse.",
        prompt=(
            "A plan for the autumn has 600 customers, and a quarter of them is held back. Without a contact as many "
            "return as in the control group of May's campaign (`second_campaign`, `returned_60d`). The plan truly adds "
            "five points. In how many of 100 such tests is the rise found? One decimal."
        ),
        kind=Number(unit="of 100", tolerance=0.05),
        points=2,
        reference=found_of_100,
        hints=(
            "The base is a share: the mean of `returned_60d` in the control group.",
            "A quarter of 600 is the holdout; all others are treated.",
            "`power(base, 0.05, 450, 150)` gives a share.",
        ),
        misconceptions=(
            Misconception(
                "takes the halves of a test",
                lambda data: found_of_100(data, 0.5),
                "You split the 600 in halves. Here only a quarter is held back.",
            ),
            Misconception(
                "turns the groups round",
                lambda data: found_of_100(data, 0.75),
                "You held back three quarters. A quarter is held back, the others are treated.",
            ),
            Misconception(
                "takes the base from an arm with an offer",
                lambda data: found_of_100(data, arm="reminder"),
                "Those customers had a reminder. The base is the share who return without a contact.",
            ),
            Misconception(
                "keeps the six points of the lesson",
                lambda data: found_of_100(data, rise=0.06),
                "Six points were the lesson's. Here the plan adds five.",
            ),
        ),
        starter=(
            'may = crmkit.load("second_campaign")\n'
            'base = may.loc[may["arm"] == ____, "returned_60d"].mean()'
        ),
        solution="The base from the control group, and the power with 450 treated and 150 held back.",
        code=(
            "from crmkit.reactivation import power\n"
            'may = crmkit.load("second_campaign")\n'
            'base = may.loc[may["arm"] == "control", "returned_60d"].mean()\n'
            "answer = 100 * power(base, 0.05, 450, 150)"
        ),
    ),
    Question(
        id="34-4",
        title="One page for the director",
        level="decide",
        goals=(1, 4),
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
                "sets a holdout at random, its size, the measure and the day, beforehand": 2,
            },
            model=(
                "We contact {figure.contacts} sleepers for {figure.cost}: {figure.offers}. A call becomes a card "
                "where we may not "
                "telephone, and a message becomes a letter where we may not e-mail. We leave {figure.alone} "
                "customers alone, "
                "because for them no offer pays: they come anyway, would be driven away, or bring too little. "
                "The model "
                "promises {figure.promised}. With a third held back, and because chosen estimates are too high, "
                "we count on "
                "{figure.modest}. Nobody gets more than one wake-up contact a quarter and two mails a month. A "
                "third of "
                "the chosen, drawn at random, gets nothing. On day 61 we compare the share who returned in both "
                "groups. If the plan is not at least three points ahead, we stop; the interval is written beside it."
            ),
            figures=figures_of_the_answer,
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
                "Orders move from the shop to the link. Only orders in all, with the frequency chosen at random, "
                "can tell.",
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
