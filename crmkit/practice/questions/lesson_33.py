"""Lesson 33: whom a call changes. Uplift, sleeping dogs, and how a ranking is judged."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from crmkit.practice.kinds import Number, Plan
from crmkit.practice.question import (
    Misconception,
    Option,
    Prediction,
    Question,
    QuizQuestion,
    Tables,
)
from crmkit.reactivation import (
    SKEWED,
    TRAITS,
    area,
    effect_error,
    predict_chances,
    qini_curve,
    uplift_curve,
)

TITLE = "Whom a call changes"


def gain(data: Tables, keep: str = "opens >= 7", *, relative: bool = False) -> float:
    """Percentage points more returning after a call than in the control group, among some customers."""
    test = data.load("wake_up_test").query(keep)
    rate = 100 * test.groupby("arm")["returned_60d"].mean()
    change = float(rate["personal call"] - rate["control"])
    return 100 * change / float(rate["control"]) if relative else change


def qini_of_opens(
    data: Tables,
    *,
    arm: str = "personal call",
    table: str = "second_campaign",
    column: str = "opens",
    sign: int = 1,
    curve: Callable[..., pd.DataFrame] = qini_curve,
    all_arms: bool = False,
    measure: Callable[[pd.DataFrame], float] = area,
) -> float:
    """Give the coefficient of a ranking by one column, in extra returns per 100."""
    test = data.load(table)
    if not all_arms:
        test = test[test["arm"].isin(["control", arm])]
    return 100 * measure(curve(sign * test[column], test["arm"] == arm, test["returned_60d"]))


def of_the_likeliest(
    data: Tables,
    *,
    by: str = "anyway",
    what: str = "uplift",
    offer: str | None = "reminder",
    logs: tuple[str, ...] = ("silent_days",),
) -> float:
    """Give the mean uplift of the forty at the top of a list of Beanline's customers, in points."""
    coffee = data.other("beanline")
    test, later = coffee.load("wake_up_test"), coffee.load("second_campaign")
    found = predict_chances(test, later, ["opens", "silent_days"], logs=list(logs))
    if offer is not None:
        found = found[found["offer"] == offer]
    return 100 * float(found.nlargest(40, by)[what].mean())


def order_found(
    data: Tables,
    offer: str = "new product",
    what: str = "rank_correlation",
    score: str = "uplift",
    against: str | None = None,
) -> float:
    """Say how well the model's uplift of an offer agrees with the truth in May."""
    may, truth = data.load("second_campaign"), data.load_truth("second_campaign")
    found = predict_chances(data.load("wake_up_test"), may, TRAITS, logs=SKEWED)
    found = found.loc[found["offer"] == offer, score].to_numpy()
    true = truth.set_index("customer_id").loc[may["customer_id"]]
    effect = true[f"effect_{(against or offer).replace(' ', '_')}"]
    return float(effect_error(found, effect)[what])


PREDICTIONS = [
    Prediction(
        id="33-a",
        prompt=(
            "Of every 100 customers on the list “likely to return”, how many come *because of* the call: how many are "
            "won?"
        ),
        kind=Number(unit="of 100", tolerance=5),
        answer=None,
        why=(
            "Most people say far more. The list is sorted by the chance to return, and even at its top many stay away. "
            "Of those who come, most would have come without a call."
        ),
    ),
    Prediction(
        id="33-b",
        prompt=(
            "Rank May's customers at random, 100 times. How many of these rankings, which know nothing, get a Qini "
            "coefficient above zero?"
        ),
        kind=Number(unit="of 100", tolerance=10),
        answer=None,
        why=(
            "Many people say none. A ranking that knows nothing is as often lucky as unlucky, so a coefficient "
            "above zero "
            "proves little by itself."
        ),
    ),
]

QUESTIONS = [
    Question(
        id="33-1",
        title="What the call did to good readers",
        level="fill in",
        goals=(2,),
        right="Customers who read are changed more by a call than others: a trait that a model can use.",
        prompt=(
            "In the January test, by how many percentage points did the personal call raise the share who "
            "returned, among customers who had "
            "used at least 7 of the last twelve news mails (`opens`)? Give two decimals."
        ),
        kind=Number(unit="percentage points", tolerance=0.005),
        points=1,
        reference=gain,
        hints=(
            "Uplift of a group: compare called and controls *within* it.",
            "Keep `opens >= 7` first, in both arms.",
            '`test[test["opens"] >= 7].groupby("arm")["returned_60d"].mean()`',
        ),
        misconceptions=(
            Misconception(
                "takes all customers",
                lambda data: gain(data, "opens >= 0"),
                "That is the average over everybody. How large is it among those who used at least seven mails?",
            ),
            Misconception(
                "takes the other customers",
                lambda data: gain(data, "opens < 7"),
                "Those are the customers who used fewer than seven. Look at the others, and compare the two numbers.",
            ),
            Misconception(
                "counts every returner as won",
                lambda data: (
                    100
                    * data.load("wake_up_test")
                    .query("opens >= 7 and arm == 'personal call'")["returned_60d"]
                    .mean()
                ),
                "That is how many of them returned after a call. A good reader may well return without one: "
                "who tells you?",
            ),
            Misconception(
                "relative change",
                lambda data: gain(data, relative=True),
                "That is the relative change: so many per cent more. The question asks for percentage points, the "
                "plain difference of the two shares.",
            ),
            Misconception(
                "more than seven for at least seven",
                lambda data: gain(data, "opens > 7"),
                "Those are the customers who used more than seven mails. At least 7 means 7 as well: `>=`.",
            ),
        ),
        starter='rate = test[test["opens"] >= ____].groupby("arm")["returned_60d"].mean()',
        solution="The readers alone, called less control.",
        code=(
            'test = crmkit.load("wake_up_test")\n'
            'rate = test[test["opens"] >= 7].groupby("arm")["returned_60d"].mean()\n'
            'answer = 100 * (rate["personal call"] - rate["control"])'
        ),
    ),
    Question(
        id="33-5",
        title="Rank by mails read",
        level="change",
        goals=(3,),
        right="A ranking by one column needs no model. A model has to beat it before anyone pays for it.",
        prompt=(
            "Do without a model: rank May's customers (`second_campaign`, only the control group and the "
            "personal call) "
            "by `opens`, the most first. How large is the Qini coefficient for `returned_60d`, in extra returns per "
            "100 customers? Two decimals; it may be negative."
        ),
        kind=Number(unit="extra returns per 100", tolerance=0.005),
        points=2,
        reference=qini_of_opens,
        hints=(
            "Keep two arms. The score is a column, the treated are those with the call.",
            "`qini_curve` takes score, treated and outcome; `area` measures the curve.",
            "The outcome is `returned_60d`, and the area is per customer: times 100.",
        ),
        misconceptions=(
            Misconception(
                "takes the test of January",
                lambda data: qini_of_opens(data, table="wake_up_test"),
                "That is January's test. The question asks about May, the second campaign.",
            ),
            Misconception(
                "ranks from the other end",
                lambda data: qini_of_opens(data, sign=-1),
                "You put the customers who read least first. The highest score is called first.",
            ),
            Misconception(
                "takes the uplift curve",
                lambda data: qini_of_opens(data, curve=uplift_curve),
                "That is the area of the uplift curve. The Qini curve counts for each called customer.",
            ),
            Misconception(
                "takes the reminder",
                lambda data: qini_of_opens(data, arm="reminder"),
                "You compared the reminder with the control group. The question asks about the call.",
            ),
            Misconception(
                "everybody else as control",
                lambda data: qini_of_opens(data, all_arms=True),
                "You took everybody who was not called as control, those who got another offer among them. Keep two "
                "arms.",
            ),
            Misconception(
                "the end of the curve",
                lambda data: qini_of_opens(
                    data, measure=lambda curve: float(curve["gain"].iloc[-1])
                ),
                "That is the end of the curve: what calling everybody gains. The coefficient is the area between the "
                "curve and the straight line: `area`.",
            ),
        ),
        starter=(
            'may = crmkit.load("second_campaign")\ntwo = may[may["arm"].isin(["control", ____])]'
        ),
        solution="The curve of the two arms with `opens` as score, and its area.",
        code=(
            "from crmkit.reactivation import area, qini_curve\n"
            'may = crmkit.load("second_campaign")\n'
            'two = may[may["arm"].isin(["control", "personal call"])]\n'
            'curve = qini_curve(two["opens"], two["arm"] == "personal call", two["returned_60d"])\n'
            "answer = 100 * area(curve)"
        ),
    ),
    Question(
        id="33-6",
        title="Beanline's likeliest",
        level="explore",
        goals=(1, 2),
        elsewhere="beanline",
        right="This is what a reminder would change on the list that looks best, as far as the model can say.",
        prompt=(
            "The coffee merchant Beanline learns from its own test (`wake_up_test`) whom a *reminder* changes, from "
            "`opens` and `silent_days` (its logarithm), and looks at the customers of its second campaign. Take the 40 "
            "with the highest chance to return *anyway*. How large is their mean predicted uplift, in percentage "
            "points? "
            "Two decimals; it may be negative."
        ),
        kind=Number(unit="percentage points", tolerance=0.005),
        points=3,
        reference=of_the_likeliest,
        hints=(
            'Both tables with `data="beanline"`: the test is learnt from, the second campaign is asked about.',
            "`predict_chances` gives one row per customer and offer: keep the reminder.",
            "`nlargest` by `anyway`, and then the mean of `uplift`, times 100.",
        ),
        misconceptions=(
            Misconception(
                "takes the most changeable",
                lambda data: of_the_likeliest(data, by="uplift"),
                "Those are the 40 with the highest uplift. The question asks about the 40 who are most likely to "
                "return "
                "anyway.",
            ),
            Misconception(
                "gives the chance to return",
                lambda data: of_the_likeliest(data, what="anyway"),
                "That is their chance to return without a reminder. By how much does the reminder change it?",
            ),
            Misconception(
                "keeps the call",
                lambda data: of_the_likeliest(data, offer="personal call"),
                "That is for the personal call. The question asks about the reminder.",
            ),
            Misconception(
                "all offers together",
                lambda data: of_the_likeliest(data, offer=None),
                "You took the 40 highest of all rows. There is one row per customer and offer: keep the reminder.",
            ),
            Misconception(
                "without the logarithm",
                lambda data: of_the_likeliest(data, logs=()),
                'Your model takes `silent_days` as it is. The question asks for its logarithm: `logs=["silent_days"]`.',
            ),
        ),
        starter=(
            'coffee = crmkit.load("wake_up_test", data="beanline")\n'
            'later = crmkit.load("second_campaign", data="beanline")\n'
            'chances = predict_chances(coffee, later, ["opens", "silent_days"], logs=[____])'
        ),
        solution="The chances of the reminder, the forty most likely, and the mean of their uplift.",
        code=(
            "from crmkit.reactivation import predict_chances\n"
            'coffee = crmkit.load("wake_up_test", data="beanline")\n'
            'later = crmkit.load("second_campaign", data="beanline")\n'
            'found = predict_chances(coffee, later, ["opens", "silent_days"], logs=["silent_days"])\n'
            'found = found[found["offer"] == "reminder"]\n'
            'answer = 100 * found.nlargest(40, "anyway")["uplift"].mean()'
        ),
    ),
    Question(
        id="33-7",
        title="Does the model know the brochure?",
        level="explore",
        goals=(4,),
        truth=("second_campaign",),
        right="A low correlation is normal for an offer with a small effect: there is little to rank.",
        prompt=(
            "Learn from January, as in the lesson, whom the *brochure* (`new product`) changes, and predict May. "
            "How well "
            "does the order agree with the truth: what is the rank correlation of the predicted uplift with "
            "`effect_new_product`? Three decimals."
        ),
        kind=Number(unit="", tolerance=0.0005),
        points=3,
        reference=order_found,
        hints=(
            "The same call of `predict_chances` as in the lesson; keep another offer.",
            "The truth has to be in the order of May's customers: `.loc[may['customer_id']]`.",
            "`effect_error` takes what was predicted and what is true, and gives the `rank_correlation`.",
        ),
        misconceptions=(
            Misconception(
                "keeps the call",
                lambda data: order_found(data, "personal call"),
                "That is the call, as in the lesson. The question asks about the brochure.",
            ),
            Misconception(
                "the truth of the call",
                lambda data: order_found(data, against="personal call"),
                "You compared the uplift of the brochure with the true effect of the call. Take `effect_new_product`.",
            ),
            Misconception(
                "the model of the call",
                lambda data: order_found(data, "personal call", against="new product"),
                "You compared the uplift of the call with the true effect of the brochure. Which offer do you keep?",
            ),
            Misconception(
                "ranks by the chance to return",
                lambda data: order_found(data, score="anyway"),
                "You compared the chance to return anyway with the effect. Take the column `uplift`.",
            ),
            Misconception(
                "gives the error",
                lambda data: order_found(data, what="rmse"),
                "That is the typical error (`rmse`). The question asks for the rank correlation.",
            ),
        ),
        starter=(
            'january, may = test, crmkit.load("second_campaign")\n'
            "found = predict_chances(january, may, TRAITS, logs=SKEWED)\n"
            'predicted = found.loc[found["offer"] == ____, "uplift"]'
        ),
        solution="Predicted uplift of the brochure and its true effect, in the same order.",
        code=(
            "from crmkit.reactivation import SKEWED, TRAITS, effect_error, predict_chances\n"
            'january, may = crmkit.load("wake_up_test"), crmkit.load("second_campaign")\n'
            "found = predict_chances(january, may, TRAITS, logs=SKEWED)\n"
            'predicted = found.loc[found["offer"] == "new product", "uplift"]\n'
            'true = crmkit.load_truth("second_campaign").set_index("customer_id").loc[may["customer_id"]]\n'
            'answer = effect_error(predicted, true["effect_new_product"])["rank_correlation"]'
        ),
    ),
    Question(
        id="33-4",
        title="Ninety per cent accurate",
        level="decide",
        goals=(1, 3),
        prompt=(
            'An agency offers a model that "predicts with 90 % accuracy who will return", and wants to send '
            "your vouchers to the top fifth of "
            "its list. What do you ask, and what do you do?"
        ),
        kind=Plan(
            rubric={
                "tells who returns from who is changed": 1,
                "names the cost of vouchers for those who come anyway": 1,
                "asks for an experiment with a control group among the model's own top fifth": 1,
                "says by which number the model would be judged (difference or Qini with its band)": 1,
            },
            model=(
                "I ask: returns compared with what? The model tells who returns, and not who is changed by the "
                "voucher. A list "
                "of likely returners holds those who come anyway, and each voucher to them costs fifteen per "
                "cent of an order. "
                "So I ask for an experiment with a control group among the model's own top fifth: half of that "
                "fifth, chosen "
                "at random, gets the voucher, the other half gets nothing. The same is done in a fifth that is "
                "drawn at random "
                "from all. I judge the model by the difference between voucher and control in its fifth, with its "
                "interval, compared with the difference in the random fifth. If it does not gain more, we do not "
                "buy it, "
                "however accurate it is."
            ),
            minimum_words=40,
        ),
        points=4,
        hints=(
            "Who is at the top of a list of likely returners?",
            "What does a voucher cost when it goes to such a customer?",
            "How would you see whether the list is better than dice?",
        ),
    ),
]

QUIZ = [
    QuizQuestion(
        "A customer has a chance of 80 % to return if left alone, and of 80 % if called. What is the uplift?",
        [
            Option("80 %", "That is the chance to return."),
            Option("Zero", "The call changes nothing, so it only costs.", right=True),
            Option("It cannot be known", "For one person, no; but here the two chances are given."),
        ],
    ),
    QuizQuestion(
        "A score from dice gets a Qini above zero. Why?",
        [
            Option("Dice work", "Roll them again."),
            Option("Chance", "That is why the band belongs to the curve.", right=True),
            Option("The curve is wrong", "It is one draw; another would lie below."),
        ],
    ),
    QuizQuestion(
        "A thousand customers have the same score. In which order should they come in the curve?",
        [
            Option(
                "As they come in the file",
                "Then the file decides the result: sort it by arm and any score looks good.",
            ),
            Option(
                "In none: the curve goes straight over them",
                "They are one step; the file's order must not matter.",
                right=True,
            ),
            Option("Controls first", "That bends the curve downwards on purpose."),
        ],
    ),
]
