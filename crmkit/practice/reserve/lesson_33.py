"""Lesson 33, in reserve: further questions about whom a call changes."""

from __future__ import annotations

from crmkit.practice.kinds import Number
from crmkit.practice.question import Misconception, Question, Tables
from crmkit.practice.questions.lesson_33 import gain, order_found, qini_of_opens


def by_silence(data: Tables, sign: int) -> float:
    """Qini coefficient of the silence in January; the longest first where `sign` is 1."""
    return qini_of_opens(
        data, arm="reminder", table="wake_up_test", column="silent_days", sign=sign
    )


QUESTIONS = [
    Question(
        id="33-b1",
        title="Those who never open",
        level="fill in",
        goals=(1,),
        elsewhere="other customers",
        prompt=(
            "In the January test, by how many percentage points did the personal call raise the share who "
            "returned, among "
            "customers who opened **at most 2** of the last twelve news mails (`opens`)? (two decimals)"
        ),
        kind=Number(unit="percentage points", tolerance=0.005),
        points=1,
        reference=lambda data: gain(data, "opens <= 2"),
        hints=(
            "Keep some customers of the test, then compare two arms.",
            '`test[test["opens"] <= 2].groupby("arm")["returned_60d"].mean()`',
        ),
        misconceptions=(
            Misconception(
                "those who open much",
                lambda data: gain(data, "opens >= 7"),
                "Those opened 7 or more, as in the exercise. Here: 2 at most.",
            ),
            Misconception(
                "fewer than 2",
                lambda data: gain(data, "opens < 2"),
                "You left out those with exactly 2. At most 2 means 0, 1 or 2.",
            ),
            Misconception(
                "everybody",
                lambda data: gain(data, "opens >= 0"),
                "That is everybody. Keep those with 2 opens or fewer.",
            ),
        ),
        right="Few customers lie behind such a number: ask for its interval before you act on it.",
        solution="Keep them, and compare call and control.",
        code=(
            'test = crmkit.load("wake_up_test")\n'
            'rate = test[test["opens"] <= 2].groupby("arm")["returned_60d"].mean()\n'
            'answer = 100 * (rate["personal call"] - rate["control"])'
        ),
    ),
    Question(
        id="33-b2",
        title="The shortest silence first",
        level="change",
        goals=(2,),
        elsewhere="another ranking",
        prompt=(
            "Rank the customers of January's test (`wake_up_test`, only the control group and the reminder) by "
            "`silent_days`, the "
            "**shortest** silence first. How large is the Qini coefficient for `returned_60d`, in extra returns "
            "per 100 customers? "
            "(two decimals; it may be negative)"
        ),
        kind=Number(unit="per 100", tolerance=0.005),
        points=2,
        reference=lambda data: by_silence(data, -1),
        hints=(
            "`qini_curve` puts the highest score first. Which score puts the shortest silence first?",
            '`100 * area(qini_curve(-two["silent_days"], two["arm"] == "reminder", two["returned_60d"]))`',
        ),
        misconceptions=(
            Misconception(
                "the longest silence first",
                lambda data: by_silence(data, 1),
                "You put the longest silence first: the helper begins with the highest score.",
            ),
            Misconception(
                "the call",
                lambda data: qini_of_opens(
                    data, arm="personal call", table="wake_up_test", column="silent_days", sign=-1
                ),
                "That is for the call. The question asks for the reminder.",
            ),
            Misconception(
                "the test of May",
                lambda data: qini_of_opens(data, arm="reminder", column="silent_days", sign=-1),
                "Those are May's customers. The question asks for January's.",
            ),
        ),
        right="A plain rule is the rival that a model has to beat.",
        solution="Keep two arms, rank by minus the silence, and take the area.",
        code=(
            "from crmkit.reactivation import area, qini_curve\n"
            'test = crmkit.load("wake_up_test")\n'
            'two = test[test["arm"].isin(["control", "reminder"])]\n'
            'curve = qini_curve(-two["silent_days"], two["arm"] == "reminder", two["returned_60d"])\n'
            "answer = 100 * area(curve)"
        ),
    ),
    Question(
        id="33-b3",
        title="The order of the called",
        level="explore",
        goals=(3,),
        elsewhere="another offer",
        truth=("second_campaign",),
        prompt=(
            "Learn from January, as in the lesson, whom the **call** (`personal call`) changes, and predict May. "
            "What is the rank "
            "correlation of the predicted uplift with the truth (`effect_personal_call`)? (three decimals)"
        ),
        kind=Number(unit="", tolerance=0.0005),
        points=3,
        reference=lambda data: order_found(data, "personal call"),
        hints=(
            "`predict_chances(january, may, TRAITS, logs=SKEWED)`, and only the rows of one offer.",
            '`effect_error(predicted, true["effect_personal_call"])["rank_correlation"]`',
        ),
        misconceptions=(
            Misconception(
                "the brochure",
                lambda data: order_found(data, "new product"),
                "That is the brochure, as in the exercise. The question asks for the call.",
            ),
            Misconception(
                "those who come anyway",
                lambda data: order_found(data, "personal call", score="anyway"),
                "You ranked by the chance to return anyway. The question ranks by the uplift.",
            ),
        ),
        right="No real company can compute it. What it has instead is a test that was not used for learning.",
        solution="Learn on January, predict May, compare the order with the truth.",
        code=(
            "from crmkit.reactivation import SKEWED, TRAITS, effect_error, predict_chances\n"
            'january, may = crmkit.load("wake_up_test"), crmkit.load("second_campaign")\n'
            "found = predict_chances(january, may, TRAITS, logs=SKEWED)\n"
            'predicted = found.loc[found["offer"] == "personal call", "uplift"]\n'
            'true = crmkit.load_truth("second_campaign").set_index("customer_id").loc[may["customer_id"]]\n'
            'answer = effect_error(predicted, true["effect_personal_call"])["rank_correlation"]'
        ),
    ),
]
