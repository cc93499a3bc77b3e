"""Lesson 32: did it work? Groups chosen at random, differences with their intervals, and sample size."""

from __future__ import annotations

import pandas as pd

from crmkit.practice.kinds import Choice, Number, Plan
from crmkit.practice.question import (
    Misconception,
    Option,
    Prediction,
    Question,
    QuizQuestion,
    Tables,
)
from crmkit.reactivation import (
    effect_table,
    randomisation_check,
    sample_size,
    sequential_interval,
    share_difference,
)

TITLE = "Did it work?"


def rates(data: Tables, state: str | None = None, campaign: str = "wake_up_test") -> pd.Series:
    """Share returned by arm in the January test, in per cent; "others" = all but the personal call."""
    test = data.load(campaign)
    if state:
        test = test[test["state"] == state]
    share = 100 * test.groupby("arm")["returned_60d"].mean()
    share["others"] = 100 * test.loc[test["arm"] != "personal call", "returned_60d"].mean()
    share["all"] = 100 * test["returned_60d"].mean()
    return share


def silence_before(data: Tables) -> str:
    """Say whether the called customers of spring had been silent longer or shorter than the others (medians)."""
    median = data.load("spring_calls").groupby("called")["silent_days"].median()
    return "shorter" if median[True] < median[False] else "longer"


def won_of_returners(data: Tables) -> float:
    """Of a hundred called customers who returned, give how many returned because of the call."""
    spring = data.load("spring_calls").merge(data.load_truth("spring_calls"), on="customer_id")
    called = spring[spring["called"]]
    return float(100 * called["won_if_called"].sum() / called["returned_60d"].sum())


def counts(data: Tables, arm: str = "discount", outcome: str = "returned_60d") -> tuple[int, ...]:
    """Returned and all, in an arm of the January test and in its control group."""
    test = data.load("wake_up_test")
    groups = [test.loc[test["arm"] == name, outcome] for name in (arm, "control")]
    return tuple(int(number) for group in groups for number in (group.sum(), len(group)))


def every_evening(data: Tables, place: int = 1, arm: str = "discount") -> float:
    """Give one end of the sequential interval of an arm, in percentage points."""
    return 100 * float(sequential_interval(*counts(data, arm))[place])


def more_spent(data: Tables, campaign: str = "second_campaign", how: str = "customer") -> float:
    """Give what the brochure changed in 60 days' spending, against the control group."""
    table = data.load(campaign)
    if how == "returner":
        table = table[table["returned_60d"]]
    if how == "total":
        total = table.groupby("arm")["spend_60d"].sum()
        return float(total["new product"] - total["control"])
    effect = effect_table(table, "spend_60d").set_index("arm")
    return float(effect.loc["new product", "value" if how == "arm alone" else "effect"])


def gap_of(data: Tables, table: str = "second_campaign", column: str = "largest_gap") -> float:
    """Check one trait of a campaign's arms."""
    people = data.load(table)
    if "arm" not in people:
        people = people.assign(arm=people["called"].astype(str))
    return float(randomisation_check(people, ["silent_days"])[column].iloc[0])


def figures_of_the_answer(data: Tables) -> dict[str, str]:
    """Give what a good answer names, from the learner's own tables."""
    median = data.load("spring_calls").groupby("called")["silent_days"].median()
    base = rates(data)["control"] / 100
    return {
        "called": f"{median[True]:.0f}",
        "others": f"{median[False]:.0f}",
        "size": f"{sample_size(base, 0.05):,}",
    }


PREDICTIONS = [
    Prediction(
        id="32-c",
        prompt=(
            "Of a hundred called customers who came back, how many came back *because of* the call, and would "
            "have stayed "
            "away without it?"
        ),
        kind=Number(unit="of 100", tolerance=10),
        answer=won_of_returners,
        truth=("spring_calls",),
        why=(
            "A return after a call looks like a return because of it. The comparison with those who were not "
            "called does "
            "not help either: chance did not choose them."
        ),
    ),
    Prediction(
        id="32-a",
        prompt=(
            "Who was called? Compare how long the called and the others had been silent *before* the telephone rang."
        ),
        kind=Choice(
            {
                "shorter": "the called had been silent for a shorter time",
                "longer": "the called had been silent for a longer time",
            }
        ),
        answer=silence_before,
        why=(
            "The team began with the customers it liked to talk to: those who had bought often and had not been "
            "away for "
            "long. Lesson 30 says what such customers do by themselves."
        ),
    ),
    Prediction(
        id="32-b",
        prompt=(
            "Of a hundred customers left alone ten come back. You hope to raise that to fifteen. How many "
            "customers do you "
            "need in each group?"
        ),
        kind=Number(unit="customers", relative=0.25),
        answer=lambda data: sample_size(0.10, 0.05),
        why=(
            "Most people say a hundred or two. But chance alone moves the share of so few customers by several "
            "points, as "
            "much as the offer does."
        ),
    ),
]

QUESTIONS = [
    Question(
        id="32-1",
        title="What the call did",
        level="fill in",
        goals=(1, 3),
        right="That is what the call changed; the share who returned after it says nothing by itself.",
        prompt=(
            "By how many percentage points did the personal call raise the share who returned within 60 days "
            "in the January test "
            "(`wake_up_test`), all states together?"
        ),
        kind=Number(unit="percentage points", tolerance=0.05),
        points=1,
        reference=lambda data: rates(data)["personal call"] - rates(data)["control"],
        hints=(
            "Two groups, one difference: which two?",
            "Nobody but the control group shows what would have happened without a call.",
            '`.groupby("arm")["returned_60d"].mean()`, then subtract the control, times 100.',
        ),
        misconceptions=(
            Misconception(
                "counts every returner as won",
                lambda data: rates(data)["personal call"],
                "That is how many came back after a call. How many of those would have come back without one? "
                "You have a group that tells you.",
            ),
            Misconception(
                "gives the relative rise",
                lambda data: 100 * (rates(data)["personal call"] / rates(data)["control"] - 1),
                "You have the relative rise. Percentage points are the plain difference of two shares.",
            ),
            Misconception(
                "takes the campaign of May",
                lambda data: (
                    rates(data, campaign="second_campaign")["personal call"]
                    - rates(data, campaign="second_campaign")["control"]
                ),
                "That is the test of May (`second_campaign`). The question asks for January's, `wake_up_test`.",
            ),
            Misconception(
                "compares with everybody else",
                lambda data: rates(data)["personal call"] - rates(data)["others"],
                "You compared with all other customers of the test, and most of those got an offer too. "
                "Which group got nothing?",
            ),
            Misconception(
                "gives a fraction",
                lambda data: (rates(data)["personal call"] - rates(data)["control"]) / 100,
                "Right difference, wrong unit: percentage points run from 0 to 100.",
            ),
        ),
        starter='rate = test.groupby(____)["returned_60d"].mean()',
        solution="Share in the arm less share in the control group, times 100.",
        code=(
            'rate = crmkit.load("wake_up_test").groupby("arm")["returned_60d"].mean()\n'
            'answer = 100 * (rate["personal call"] - rate["control"])'
        ),
    ),
    Question(
        id="32-2",
        title="The discount among the drowsy",
        level="change",
        goals=(3,),
        right=(
            "Few customers are in this comparison: with its interval it may mean anything from a loss to a large "
            "gain."
        ),
        prompt=(
            "In the January test, by how many percentage points did the discount raise the share who returned "
            "within 60 days, among customers whom the team's rule calls drowsy? Give two decimals."
        ),
        kind=Number(unit="percentage points", tolerance=0.005),
        points=2,
        reference=lambda data: rates(data, "drowsy")["discount"] - rates(data, "drowsy")["control"],
        hints=(
            "The same difference, within one state.",
            "Keep `state == 'drowsy'` first: in the arm *and* in the control group.",
            '`test[test["state"] == "drowsy"].groupby("arm")["returned_60d"].mean()`, then subtract.',
        ),
        misconceptions=(
            Misconception(
                "takes all states together",
                lambda data: rates(data)["discount"] - rates(data)["control"],
                "That mixes the drowsy, many of whom return by themselves, with the asleep, who hardly do. "
                "Which state was asked?",
            ),
            Misconception(
                "takes the control group of all states",
                lambda data: rates(data, "drowsy")["discount"] - rates(data)["control"],
                "You compared drowsy customers with a control group of all states. Most of those sleep more deeply: "
                "compare like with like.",
            ),
            Misconception(
                "counts every returner as won",
                lambda data: rates(data, "drowsy")["discount"],
                "That is how many came back with the voucher in hand. Drowsy customers come back by "
                "themselves too: how many?",
            ),
            Misconception(
                "gives the relative rise",
                lambda data: (
                    100 * (rates(data, "drowsy")["discount"] / rates(data, "drowsy")["control"] - 1)
                ),
                "You have the relative rise. The question asks for percentage points.",
            ),
        ),
        starter='rate = test[test["state"] == ____].groupby("arm")["returned_60d"].mean()',
        solution="The drowsy alone, arm less control, times 100.",
        code=(
            'test = crmkit.load("wake_up_test")\n'
            'rate = test[test["state"] == "drowsy"].groupby("arm")["returned_60d"].mean()\n'
            'answer = 100 * (rate["discount"] - rate["control"])'
        ),
    ),
    Question(
        id="32-5",
        title="Was May a fair test?",
        level="change",
        goals=(2,),
        elsewhere="another campaign",
        right=(
            "A gap of a tenth or two of a standard deviation is what chance makes; spring's was more than ten "
            "times that."
        ),
        prompt=(
            "In the test of May (`second_campaign`), how large is the largest gap between two arms in "
            "`silent_days`, in "
            "standard deviations? Three decimals."
        ),
        kind=Number(unit="standard deviations", tolerance=0.0005),
        points=2,
        reference=gap_of,
        hints=(
            "The same check as in the lesson, for one trait of another campaign.",
            "`randomisation_check` takes the list and the names of the traits.",
            '`randomisation_check(may, ["silent_days"])`, its column `largest_gap`.',
        ),
        misconceptions=(
            Misconception(
                "takes the test of January",
                lambda data: gap_of(data, "wake_up_test"),
                "That is January's test. May's list is `second_campaign`.",
            ),
            Misconception(
                "takes the calls of spring",
                lambda data: gap_of(data, "spring_calls"),
                "Those are the calls of spring, where chance did not choose. May's list is `second_campaign`.",
            ),
            Misconception(
                "gives the p-value",
                lambda data: gap_of(data, column="p_value"),
                "That is the p-value: how often chance makes such differences. The question asks how large the gap is.",
            ),
        ),
        starter="checked = randomisation_check(may, [____])",
        solution="The randomisation check of May's list for `silent_days`, its largest gap.",
        code=(
            "from crmkit.reactivation import randomisation_check\n"
            'may = crmkit.load("second_campaign")\n'
            'answer = randomisation_check(may, ["silent_days"])["largest_gap"].iloc[0]'
        ),
    ),
    Question(
        id="32-3",
        title="How many for the next test?",
        level="explore",
        goals=(4,),
        right="If you have not so many, say so before the test, not after it.",
        prompt=(
            "Plan the next test. Of the customers left alone in January a certain share returned: your base. "
            "How many customers do you "
            "need in each of two equal groups, to find a rise of 4 percentage points on that base with a "
            "power of 90 % (alpha 5 %)?"
        ),
        kind=Number(unit="customers", tolerance=1),
        points=3,
        reference=lambda data: sample_size(rates(data)["control"] / 100, 0.04, power=0.9),
        hints=(
            "Three numbers go in: base, effect, power. Two of them are in the question.",
            "Shares, not percentages: four points are 0.04.",
            "`sample_size(base, 0.04, power=0.9)`",
        ),
        misconceptions=(
            Misconception(
                "keeps a power of 80 %",
                lambda data: sample_size(rates(data)["control"] / 100, 0.04),
                "That is for a power of 80 %. To miss the effect only once in ten times takes more customers.",
            ),
            Misconception(
                "gives the share for the number",
                lambda data: rates(data)["control"] / 100,
                "That is the base, the share that returns without an offer. It goes into `sample_size`; "
                "what comes out?",
            ),
            Misconception(
                "adds both groups",
                lambda data: 2 * sample_size(rates(data)["control"] / 100, 0.04, power=0.9),
                "That is both groups together. The question asks for each.",
            ),
            Misconception(
                "takes everybody's share for the base",
                lambda data: sample_size(rates(data)["all"] / 100, 0.04, power=0.9),
                "Your base holds customers who got an offer. What share returns when nobody does anything?",
            ),
            Misconception(
                "takes 4 per cent of the base",
                lambda data: sample_size(
                    rates(data)["control"] / 100, 0.04 * rates(data)["control"] / 100, power=0.9
                ),
                "You asked for a rise *by* 4 % of the base. Four percentage points are far more, and need "
                "far fewer customers.",
            ),
        ),
        starter="answer = sample_size(____, ____, power=____)",
        solution="The control group's share is the base; four points are 0.04; the power goes in as 0.9.",
        code=(
            "from crmkit.reactivation import sample_size\n"
            'test = crmkit.load("wake_up_test")\n'
            'base = test.loc[test["arm"] == "control", "returned_60d"].mean()\n'
            "answer = sample_size(base, 0.04, power=0.9)"
        ),
    ),
    Question(
        id="32-6",
        title="Spending for each customer",
        level="explore",
        goals=(1, 3),
        elsewhere="another campaign",
        right="Everybody in the arm counts, also those who bought nothing: only so are the two groups still alike.",
        prompt=(
            "In May (`second_campaign`), by how much did the brochure (`new product`) raise the spending of 60 days "
            "(`spend_60d`) for each customer in the arm, in {company.symbol}? Two decimals. It may be negative."
        ),
        kind=Number(unit="{company.symbol}", tolerance=0.005),
        points=3,
        reference=more_spent,
        hints=(
            "The same comparison as for returns, with an amount in place of a share.",
            "Customers who bought nothing spent zero, and are in the mean.",
            '`effect_table(may, "spend_60d")`, the row of the brochure.',
        ),
        misconceptions=(
            Misconception(
                "divides by those who returned",
                lambda data: more_spent(data, how="returner"),
                "You compared only those who returned. They were not chosen by chance: an offer that wakes small "
                "buyers "
                "looks worse then, though it brings more.",
            ),
            Misconception(
                "gives the spending without the control group",
                lambda data: more_spent(data, how="arm alone"),
                "That is what they spent. What would they have spent without the brochure?",
            ),
            Misconception(
                "gives the total for the mean",
                lambda data: more_spent(data, how="total"),
                "Those are totals, and the groups differ in size. Compare the means.",
            ),
            Misconception(
                "takes the test of January",
                lambda data: more_spent(data, "wake_up_test"),
                "That is January's test. May's list is `second_campaign`.",
            ),
        ),
        starter="table = effect_table(may, ____)",
        solution="The difference of two means over all customers of the groups.",
        code=(
            "from crmkit.reactivation import effect_table\n"
            'table = effect_table(crmkit.load("second_campaign"), "spend_60d").set_index("arm")\n'
            'answer = table.loc["new product", "effect"]'
        ),
    ),
    Question(
        id="32-7",
        title="If they had looked every evening",
        level="explore",
        goals=(5,),
        right="The interval is wider than that of one look: that is the price of looking whenever one likes.",
        prompt=(
            "The team had looked at January's test every evening. Which lower end, in percentage points, does the "
            "sequential interval of the discount against control have at the end (`returned_60d`, all states "
            "together)? Two decimals."
        ),
        kind=Number(unit="percentage points", tolerance=0.005),
        points=3,
        reference=every_evening,
        hints=(
            "Four counts go in: returned and all in the arm, returned and all in the control group.",
            "The difference, the lower and the upper end come out: which of the three is asked?",
            'With `arm = test.loc[test["arm"] == "discount", "returned_60d"]`: `arm.sum()` and `len(arm)`, and '
            "the same "
            "for the control group.",
        ),
        misconceptions=(
            Misconception(
                "takes the interval of one look",
                lambda data: 100 * share_difference(*counts(data))[1],
                "That is the interval for one look on a day chosen beforehand. They looked every evening.",
            ),
            Misconception(
                "gives the upper end",
                lambda data: every_evening(data, 2),
                "That is the upper end. The lower one says whether zero is left out.",
            ),
            Misconception(
                "gives the difference",
                lambda data: every_evening(data, 0),
                "That is the difference itself. Its interval is asked.",
            ),
        ),
        starter=(
            'arm = test.loc[test["arm"] == "discount", "returned_60d"]\n'
            'control = test.loc[test["arm"] == ____, "returned_60d"]'
        ),
        solution="The sequential interval from the four counts, its lower end times 100.",
        code=(
            "from crmkit.reactivation import sequential_interval\n"
            'test = crmkit.load("wake_up_test")\n'
            'arm = test.loc[test["arm"] == "discount", "returned_60d"]\n'
            'control = test.loc[test["arm"] == "control", "returned_60d"]\n'
            "found = sequential_interval(arm.sum(), len(arm), control.sum(), len(control))\n"
            "answer = 100 * found[1]"
        ),
    ),
    Question(
        id="32-4",
        title="Do you sign?",
        level="decide",
        goals=(1, 4),
        prompt=(
            "The team wants to repeat the spring calls, this time for everybody, because the first round "
            "paid for itself several times over. "
            "Write to the director: do you sign?"
        ),
        kind=Plan(
            rubric={
                "says that the called were not like the others before the call": 1,
                "says that most returners would have returned anyway (returns-anyway bias)": 1,
                "proposes a control group chosen at random, and its size": 1,
                "says on which day and by which number it will be judged": 1,
            },
            model=(
                "I do not sign for everybody; I sign for a test. The called were not like the others before the "
                "call: half "
                "of them had been silent for {figure.called} days or less, half of the others for {figure.others} "
                "or more. "
                "So most returners on the slide would have returned anyway, and a count of returners cannot tell. "
                "Choose "
                "the next list at random: half to be called, half left alone as a control group, {figure.size} "
                "customers in "
                "each, which shows a rise of five points four times in five. We look once, on day 61, at the "
                "difference in "
                "the share returned. If it is below three points, the calls do not pay and we stop."
            ),
            figures=figures_of_the_answer,
            minimum_words=40,
        ),
        points=4,
        hints=(
            "Who was called, and who was not?",
            "What would you have to see, to sign?",
            "Numbers, day, measure: say them before.",
        ),
    ),
]

QUIZ = [
    QuizQuestion(
        "Of 100 customers called, 40 returned; of 100 left alone at random, 35 returned. How many did the calls win?",
        [
            Option("40", "35 of them would have come anyway."),
            Option(
                "About 5",
                "And with so few customers the interval reaches well below zero.",
                right=True,
            ),
            Option("75", "Those who were not called were not won by calls."),
        ],
    ),
    QuizQuestion(
        "An interval reaches from -2 to +9 percentage points. What do you say?",
        [
            Option("The offer does nothing", "It may do a lot: 9 points are in the interval."),
            Option(
                "This test cannot tell",
                "Anything between a small harm and a large gain fits the data.",
                right=True,
            ),
            Option("The offer brings 3.5 points", "That is the middle, not a finding."),
        ],
    ),
    QuizQuestion(
        "You look every evening and stop at the first significant result. How often does an offer that does "
        "nothing look like a success?",
        [
            Option("In 5 of 100 tests", "That holds for one look."),
            Option("Far more often", "Every look is another chance to be lucky.", right=True),
            Option(
                "Never, if the test is long enough", "The longer you peek, the likelier it gets."
            ),
        ],
    ),
    QuizQuestion(
        "A well-known e-mail test (Hillstrom 2008): of 21,307 customers with the men's mail 267 bought, for "
        "$113.53 each; of "
        "21,387 with the women's mail 189 bought, for $121.89 each. Which mail brought more?",
        [
            Option(
                "The women's mail: its buyers spent more",
                "Buyers are not a random group: a mail that wins many small buyers loses this comparison.",
            ),
            Option(
                "The men's mail: more for each customer who got it",
                "$1.42 against $1.08. Divide by everybody who got the mail: chance made those groups alike.",
                right=True,
            ),
            Option(
                "Neither: the groups differ in size",
                "They hardly do, and a mean for each customer allows for it.",
            ),
        ],
    ),
]
