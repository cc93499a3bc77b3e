"""Lesson 33b: what a contact earns. Profit customer by customer, policies, and how sure a choice is."""

from __future__ import annotations

import pandas as pd

from crmkit.practice.kinds import Choice, Customers, Number, Plan
from crmkit.practice.question import (
    Misconception,
    Option,
    Prediction,
    Question,
    QuizQuestion,
    Tables,
)
from crmkit.reactivation import (
    best_offers,
    offer_days,
    policy_values,
    purchase_gaps,
    return_curve,
)

TITLE = "What a contact earns"


def profit(data: Tables) -> pd.DataFrame:
    """True profit of each offer in the second campaign, one column each, by customer."""
    truth = data.load_truth("second_campaign").set_index("customer_id")
    return truth[[column for column in truth if column.startswith("profit_")]]


def pays_below(
    data: Tables, offer: str = "personal call", column: str = "pays_below", cost: float = 3.0
) -> float:
    """Give the chance below which an offer pays if it costs so much, in per cent."""
    gaps = purchase_gaps(data.load("orders"), data.company.end)
    offers = data.load("offers").copy()
    offers.loc[offers["offer"] == offer, "cost"] = cost
    curve = return_curve(gaps, 60, draws=0)
    found = offer_days(data.load("wake_up_test"), offers, curve.drop(columns=["low", "high"]))
    return 100 * float(found.loc[offer, column])


def voucher_at_beanline(
    data: Tables, *, state: str = "half-asleep", offer: str = "discount", unpaid: float = 0.0
) -> float:
    """Give what an offer earns a contact in one state of Beanline's sleepers."""
    coffee = data.other("beanline")
    found = best_offers(coffee.load("wake_up_test"), coffee.load("offers"), draws=1)
    row = found[(found["state"] == state) & (found["offer"] == offer)]
    return float(row["profit"].iloc[0]) + unpaid


def value_of_all(
    data: Tables,
    offer: str = "new product",
    end: str = "value",
    *,
    over: bool = True,
    table: str = "second_campaign",
) -> float:
    """Give what an offer to everybody brings in returns per 100 customers, by the test of May."""
    test = data.load(table)
    test = test.assign(back=100.0 * test["returned_60d"])
    if not over:
        return float(test.loc[test["arm"] == offer, "back"].mean())
    policy = {"all": pd.Series(offer, index=test["customer_id"])}
    return float(policy_values(policy, test, "back").loc["all", end])


def figures_of_the_answer(data: Tables) -> dict[str, str]:
    """Give the best offers by state, with how often they win, from the learner's own test."""
    best = best_offers(data.load("wake_up_test"), data.load("offers")).groupby("state").head(1)
    names = {"discount": "the voucher", "new product": "the brochure", "personal call": "the call"}
    names |= {"reminder": "the reminder", "leave alone": "silence"}
    said = [
        f"{names.get(str(row.offer), row.offer)} for the {row.state} (best in {row.wins:.0%} of the draws)"
        for row in best.itertuples()
    ]
    return {"best": ", ".join(said)}


PREDICTIONS = [
    Prediction(
        id="33b-a",
        prompt=(
            "Which pays from an earlier day of a silence: a reminder for {company.symbol}0.60, or a voucher of "
            "15 % that "
            "costs as much to send?"
        ),
        kind=Choice({"a": "the reminder", "b": "the voucher", "c": "neither ever pays"}),
        answer=None,
        why=(
            "Many people say the voucher, because it wins more. But it also goes to everyone who comes anyway, "
            "and early in "
            "a silence these are many."
        ),
    ),
    Prediction(
        id="33b-b",
        prompt="Which of these policies truly earned most in May?",
        kind=Choice(
            {
                "a": "the best offer per state",
                "b": "a call to everybody",
                "c": "the best offer per customer, by uplift",
                "d": "the brochure to everybody",
            }
        ),
        answer=None,
        why=(
            "A choice per customer can only be as good as the test that it was learnt from. A plain offer that "
            "is good for "
            "nearly everybody is a strong rival."
        ),
    ),
]

QUESTIONS = [
    Question(
        id="33b-1",
        title="A reminder to everybody",
        level="fill in",
        goals=(4,),
        right="A plain rival is cheap to compute: a choice per customer has to beat it.",
        prompt=(
            "Open the truth of the second campaign. What would a reminder to everybody truly have brought "
            "in profit, in {company.symbol} in all?"
        ),
        kind=Number(unit="{company.symbol}", tolerance=0.5),
        points=2,
        reference=lambda data: profit(data)["profit_reminder"].sum(),
        hints=(
            "The truth table of the second campaign has one column per offer.",
            "Everybody means everybody: also those with a loss.",
            '`crmkit.load_truth("second_campaign")["profit_reminder"]`',
        ),
        misconceptions=(
            Misconception(
                "takes the mean for the total",
                lambda data: profit(data)["profit_reminder"].mean(),
                "That is the mean per customer. The question asks for all of them together.",
            ),
            Misconception(
                "takes the brochure",
                lambda data: profit(data)["profit_new_product"].sum(),
                "That is the brochure. The question asks about the reminder.",
            ),
            Misconception(
                "keeps only the profitable",
                lambda data: profit(data)["profit_reminder"].clip(lower=0).sum(),
                "You left out those who cost money. That would be a policy that knows the truth; a reminder "
                "to *everybody* reaches the others too.",
            ),
            Misconception(
                "pays for the contact twice",
                lambda data: (
                    profit(data)["profit_reminder"].sum()
                    - len(profit(data))
                    * data.load("offers").set_index("offer").loc["reminder", "cost"]
                ),
                "You took the cost of the contacts off. The column has done that already: see its description.",
            ),
            Misconception(
                "takes January's customers",
                lambda data: data.load_truth("wake_up_test")["profit_reminder"].sum(),
                "That is the January test. The second campaign has a table of its own.",
            ),
        ),
        truth=("second_campaign", "wake_up_test"),
        starter="answer = truth[____].sum()",
        solution="The sum of one column: gains and losses together.",
        code='answer = crmkit.load_truth("second_campaign")["profit_reminder"].sum()',
    ),
    Question(
        id="33b-2",
        title="A cheaper call",
        level="change",
        goals=(2,),
        right="The cost decides from which day an offer pays; the test's interval says how sure that day is.",
        prompt=(
            "The call centre finds a way to call for {company.symbol}3 instead of {company.symbol}7. With what "
            "January's "
            "test measured: below which chance to come back by oneself does a call pay now, in per cent? One decimal."
        ),
        kind=Number(unit="%", tolerance=0.05),
        points=2,
        reference=pays_below,
        hints=(
            "Change one number in the table of offers, and let the helper of the lesson do the rest.",
            '`offers.loc[offers["offer"] == "personal call", "cost"] = 3`',
            "`offer_days` takes the test, the offers and the return curve; its column `pays_below` is a share.",
        ),
        misconceptions=(
            Misconception(
                "keeps the old cost",
                lambda data: pays_below(data, cost=7.0),
                "That is with a cost of {company.symbol}7. The call costs {company.symbol}3 now.",
            ),
            Misconception(
                "gives the share won",
                lambda data: pays_below(data, column="wins"),
                "That is the share won of those who would stay away. The question asks below which chance the "
                "call pays.",
            ),
        ),
        starter=(
            'gaps = purchase_gaps(crmkit.load("orders"), company.end)\n'
            'cheaper = offers.assign(cost=offers["cost"].where(offers["offer"] != "personal call", ____))'
        ),
        solution="The table of offers with another cost, and the column `pays_below`.",
        code=(
            "from crmkit.reactivation import offer_days, purchase_gaps, return_curve\n"
            'january, offers = crmkit.load("wake_up_test"), crmkit.load("offers")\n'
            'gaps = purchase_gaps(crmkit.load("orders"), company.end)\n'
            'cheaper = offers.assign(cost=offers["cost"].where(offers["offer"] != "personal call", 3.0))\n'
            "days = offer_days(january, cheaper, return_curve(gaps, 60))\n"
            'answer = 100 * days.loc["personal call", "pays_below"]'
        ),
    ),
    Question(
        id="33b-3",
        title="Whom to leave alone",
        level="explore",
        goals=(3,),
        right="Nobody sees this list in real life: the model's own list of whom to leave alone is a guess at it.",
        prompt=(
            "By the truth of the second campaign: which customers should have been left alone, because no offer "
            "at all would "
            "have brought "
            "a profit?"
        ),
        kind=Customers(),
        points=3,
        reference=lambda data: profit(data).loc[lambda p: p.max(axis=1) <= 0].index,
        hints=(
            "Four columns; for these customers, what is true of all four?",
            "If the best of the four is not above zero, none is.",
            "`.max(axis=1) <= 0`",
        ),
        misconceptions=(
            Misconception(
                "takes January's customers",
                lambda data: (
                    data.load_truth("wake_up_test")
                    .set_index("customer_id")
                    .filter(like="profit_")
                    .loc[lambda p: p.max(axis=1) <= 0]
                    .index
                ),
                "Those are customers of the January test. The question asks about the second campaign.",
            ),
            Misconception(
                "one losing offer is enough",
                lambda data: profit(data).loc[lambda p: p.min(axis=1) <= 0].index,
                "For those, *some* offer loses money. Another may pay: leave alone only where none does.",
            ),
            Misconception(
                "looks at the call only",
                lambda data: profit(data).loc[lambda p: p["profit_personal_call"] <= 0].index,
                "Those should not be called. A reminder is far cheaper: look at all four offers.",
            ),
            Misconception(
                "averages over the offers",
                lambda data: profit(data).loc[lambda p: p.mean(axis=1) <= 0].index,
                "You averaged the four offers. Nobody sends an average: the best of them decides.",
            ),
            Misconception(
                "gives those to be contacted",
                lambda data: profit(data).loc[lambda p: p.max(axis=1) > 0].index,
                "Those are the customers with a profitable offer. The question asks for the others.",
            ),
        ),
        truth=("second_campaign", "wake_up_test"),
        starter='profits = truth.set_index("customer_id").filter(like=____)',
        solution="The best of the four profits is not above zero.",
        code=(
            'truth = crmkit.load_truth("second_campaign").set_index("customer_id")\n'
            'profits = truth[[c for c in truth if c.startswith("profit_")]]\n'
            "answer = profits[profits.max(axis=1) <= 0].index"
        ),
    ),
    Question(
        id="33b-5",
        title="Beanline's voucher",
        level="explore",
        goals=(1,),
        elsewhere="beanline",
        right="Beanline's test is small: look at `low`, `high` and `wins` before you print vouchers.",
        prompt=(
            "The coffee merchant Beanline has a test of the same four offers. What did the voucher (`discount`) "
            "earn per "
            "contact over doing nothing, among its *half-asleep* customers, in Beanline's currency? Two "
            "decimals; it may "
            "be negative."
        ),
        kind=Number(unit="", tolerance=0.005),
        points=3,
        reference=voucher_at_beanline,
        hints=(
            'Both tables with `data="beanline"`: `wake_up_test` and `offers`.',
            "`best_offers` takes the test and the offers, and has one row per state and offer.",
            "Keep the row of the half-asleep and the voucher, and take its `profit`.",
        ),
        misconceptions=(
            Misconception(
                "looks at the asleep",
                lambda data: voucher_at_beanline(data, state="asleep"),
                "Those are the asleep. The question asks about the half-asleep.",
            ),
            Misconception(
                "looks at the drowsy",
                lambda data: voucher_at_beanline(data, state="drowsy"),
                "Those are the drowsy. The question asks about the half-asleep.",
            ),
            Misconception(
                "takes the reminder",
                lambda data: voucher_at_beanline(data, offer="reminder"),
                "That is the reminder, which gives nothing away. The question asks about the voucher.",
            ),
            Misconception(
                "forgets the cost",
                lambda data: voucher_at_beanline(data, unpaid=0.6),
                "You did not pay for the contact. Profit is won, less given away, less cost.",
            ),
        ),
        starter=(
            'coffee = crmkit.load("wake_up_test", data="beanline")\n'
            'table = best_offers(coffee, crmkit.load("offers", data=____))'
        ),
        solution="The table of offers on Beanline's test, and its row for the half-asleep and the voucher.",
        code=(
            "from crmkit.reactivation import best_offers\n"
            'coffee = crmkit.load("wake_up_test", data="beanline")\n'
            'table = best_offers(coffee, crmkit.load("offers", data="beanline"))\n'
            'row = (table["state"] == "half-asleep") & (table["offer"] == "discount")\n'
            'answer = table.loc[row, "profit"].iloc[0]'
        ),
    ),
    Question(
        id="33b-6",
        title="What May's test says about the brochure",
        level="explore",
        goals=(4,),
        right="Where the lower end lies below zero, the test cannot rule out that the brochure wins nobody.",
        prompt=(
            "Judge the policy “brochure (`new product`) to everybody” by May's test, within states, in returns per 100 "
            "customers over leaving everybody alone. What is the *lower end* of its 95 % interval? One decimal."
        ),
        kind=Number(unit="returns per 100", tolerance=0.05),
        points=3,
        reference=lambda data: value_of_all(data, end="low"),
        hints=(
            "The outcome is `returned_60d`, as 0 and 100.",
            'A policy is a Series: the offer by customer_id, here "new product" for all.',
            "`policy_values` takes a dictionary of policies, the test and the outcome; it has `value`, `low` and "
            "`high`.",
        ),
        misconceptions=(
            Misconception(
                "gives the value",
                value_of_all,
                "That is the estimate. The question asks for the lower end of its interval.",
            ),
            Misconception(
                "gives the upper end",
                lambda data: value_of_all(data, end="high"),
                "That is the upper end of the interval.",
            ),
            Misconception(
                "counts every returner as won",
                lambda data: value_of_all(data, over=False),
                "That is the share who returned with the brochure. How many more is it than in the control group, and "
                "from where to where does the interval go?",
            ),
            Misconception(
                "takes January",
                lambda data: value_of_all(data, end="low", table="wake_up_test"),
                "That is January's test. A policy is judged on May here.",
            ),
        ),
        starter=(
            'may = crmkit.load("second_campaign")\n'
            'may["back"] = 100.0 * may["returned_60d"]\n'
            'policy = pd.Series(____, index=may["customer_id"])'
        ),
        solution="One policy, one outcome, and the lower end of its value.",
        code=(
            "import pandas as pd\n"
            "from crmkit.reactivation import policy_values\n"
            'may = crmkit.load("second_campaign")\n'
            'may["back"] = 100.0 * may["returned_60d"]\n'
            'policy = {"all": pd.Series("new product", index=may["customer_id"])}\n'
            'answer = policy_values(policy, may, "back").loc["all", "low"]'
        ),
    ),
    Question(
        id="33b-4",
        title="The best offer for each state?",
        level="decide",
        goals=(3, 4),
        prompt=(
            "A colleague has taken the best offer for each state from January's test and wants to send it to everybody "
            "from now on. What do you tell her, and what do you do in the next campaign?"
        ),
        kind=Plan(
            rubric={
                "names a best offer and how sure it is (share of draws, or interval)": 1,
                "says that the best of several estimates is overrated": 1,
                "compares with a plain rival (the same offer for all, or nobody)": 1,
                "keeps a part of the customers at random for the next test": 1,
            },
            model=(
                "January's best offers are {figure.best}. Where the share of the draws is far below one, the test "
                "has not decided between the offers. And the best of several estimates is usually overrated, so that "
                "less will come in than the table says. In the next campaign I send her choice to one part of the "
                "customers and compare it with a plain rival, the brochure for all, and with nobody. Chance decides "
                "who gets which, and a third gets nothing. We judge by the share who return within 60 days, with its "
                "interval, because money would need many more customers."
            ),
            figures=figures_of_the_answer,
            minimum_words=40,
        ),
        points=4,
        hints=(
            "In how many draws does the best offer of each state win?",
            "What happens to the highest of many estimates in the next campaign?",
            "What would you compare her choice with, and how?",
        ),
    ),
]

QUIZ = [
    QuizQuestion(
        "A reminder and a voucher cost the same to send. Why does the voucher have to wait until a silence has "
        "lasted longer?",
        [
            Option(
                "It wins more of the deep sleepers",
                "It may, but that is not what makes it expensive early on.",
            ),
            Option(
                "Until then most who use it would have come anyway",
                "Everyone who returns takes the gift along, won or not; the longer the silence, the fewer come by "
                "themselves.",
                right=True,
            ),
            Option(
                "Vouchers annoy customers who are awake",
                "They rather like them: that is the trouble.",
            ),
        ],
    ),
    QuizQuestion(
        "A policy was chosen as the best of many by a test. What do you expect of its promise?",
        [
            Option("It will be kept", "It would be, if it had not been chosen for being high."),
            Option(
                "Less will come in than was promised",
                "The highest of many estimates is usually overrated: the winner's curse.",
                right=True,
            ),
            Option("More will come in", "Luck that helped the estimate does not come twice."),
        ],
    ),
    QuizQuestion(
        "Judged by money, a test cannot tell two policies apart; judged by returns it can. Why?",
        [
            Option("Money does not matter", "It does. It is only harder to measure."),
            Option(
                "A few large orders make money vary much more than returns",
                "A yes or no varies little; so the same number of customers tells more.",
                right=True,
            ),
            Option("Returns are measured more carefully", "Both come from the same orders."),
        ],
    ),
]
