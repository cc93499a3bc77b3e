"""Lesson 42: what happened to me."""

from __future__ import annotations

import pandas as pd

from crmkit.brand import failure_and_recovery, fit_delta_rule, fit_peak_end
from crmkit.practice.kinds import Choice, Number, Plan, Table
from crmkit.practice.question import (
    Misconception,
    Option,
    Prediction,
    Question,
    QuizQuestion,
    Tables,
)

TITLE = "What happened to me"


def gains(data: Tables) -> pd.Series:
    """Estimated gains by name."""
    return fit_delta_rule(data.load("diaries"), data.load("diary_people")).set_index("parameter")[
        "estimate"
    ]


def visits(data: Tables) -> pd.DataFrame:
    """Remembered rating, mean, first, last and lowest moment of each visit."""
    moments = data.load("visit_moments").sort_values(["visit_id", "moment"])
    rating = moments.groupby("visit_id")["rating"]
    table = pd.DataFrame(
        {
            "mean": rating.mean(),
            "first": rating.first(),
            "last": rating.last(),
            "lowest": rating.min(),
        }
    )
    return table.join(data.load("visits").set_index("visit_id"))


def by_end(data: Tables, moment: str = "last", outcome: str = "remembered") -> float:
    """Mean outcome of visits with a good moment (7 or more) less that of visits with a bad one (3 or less)."""
    table = visits(data)
    return float(
        table.loc[table[moment] >= 7, outcome].mean()
        - table.loc[table[moment] <= 3, outcome].mean()
    )


def by_arm(data: Tables, against: str = "no failure", relative: bool = False) -> pd.DataFrame:
    """Share that bought again and its difference, by arm."""
    share = 100 * data.load("service_cases").groupby("arm")["bought_90d"].mean()
    gap = share - share[against]
    return pd.DataFrame(
        {"bought": share, "difference": 100 * gap / share[against] if relative else gap}
    ).reset_index()


def ratio(data: Tables, who: str = "sceptics") -> float:
    """How much heavier a bad surprise weighs than a good one, for some of the diary keepers."""
    people, diaries = data.load("diary_people"), data.load("diaries")
    middle = people["first_impression"].median()
    if who == "sceptics":
        people = people[people["first_impression"] < middle]
    elif who == "others":
        people = people[people["first_impression"] >= middle]
    diaries = diaries[diaries["person_id"].isin(people["person_id"])]
    found = fit_delta_rule(diaries, people).set_index("parameter")["estimate"]
    return float(found["good"] / found["bad"] if who == "upside down" else found["bad / good"])


def what_remains(data: Tables) -> str:
    """Tell what of a visit counts more: a the mean of all moments, b the peak and the end."""
    found = fit_peak_end(data.load("visit_moments"), data.load("visits"))
    weight = found.set_index("part")["weight"]
    return "b" if weight[["peak", "end"]].min() > weight["mean"] else "a"


def after_repair(data: Tables) -> str:
    """Compare who was called with those without a failure: a more came back, b about as many, c fewer."""
    found = failure_and_recovery(data.load("service_cases"), ["bought_90d"]).set_index("arm")
    called = found.loc["failure, call and mend"]
    return "a" if called["low"] > 0 else "c" if called["high"] < 0 else "b"


def _figures(data: Tables) -> dict[str, str]:
    """Give what the model answer says of the call against the letter."""
    cases = data.load("service_cases")
    failed = cases[cases["arm"] != "no failure"]
    found = failure_and_recovery(failed, ["bought_90d", "spend_90d"], against="failure, letter")
    called = found[found["arm"] != "failure, letter"].set_index("outcome")
    money, share = called.loc["spend_90d"], called.loc["bought_90d"]
    symbol = data.company.symbol
    pays = "Yes, as far as 90 days show" if money["difference"] / 3 > 8 else "Not all of them"
    return {
        "verdict": pays,
        "share": f"{100 * share['difference']:.0f}",
        "money": f"{symbol}{money['difference']:.0f}",
        "low": f"{money['low']:.0f}",
        "high": f"{money['high']:.0f}",
        "margin": f"{symbol}{money['difference'] / 3:.1f}",
        "margin_high": f"{symbol}{money['high'] / 3:.1f}",
    }


PREDICTIONS = [
    Prediction(
        id="42-a",
        prompt="Take all diaries. A customer expected 7 and got 3: trust falls. Another expected 3 and got 7: "
        "trust rises. "
        "How many times as far does the bad surprise move trust as the good one?",
        kind=Number(unit="times", tolerance=0.4),
        answer=lambda data: ratio(data, "all"),
        why="Many people expect the two to cancel out. Then a company could make good for each failure with "
        "one success.",
    ),
    Prediction(
        id="42-b",
        prompt="A visit is rated moment by moment, and as a whole a week later. What says most of how it is "
        "remembered?",
        kind=Choice(
            {
                "a": "the mean of all moments",
                "b": "the most intense moment and the last one",
            }
        ),
        answer=what_remains,
        why="It feels fair that every moment should count. Memory keeps the extremes and the end.",
    ),
    Prediction(
        id="42-c",
        prompt="After a late parcel some customers were called, and the thing was mended. Compared with "
        "customers whose "
        "parcel was in time, how many of them bought again within 90 days?",
        kind=Choice({"a": "more", "b": "about as many", "c": "fewer"}),
        answer=after_repair,
        why="The story of the grateful customer is told often. It is about those who complained, and not about "
        "all.",
    ),
]

QUESTIONS = [
    Question(
        id="42-1",
        title="What is left of seven points of trust?",
        level="fill in",
        prompt=(
            "A customer trusts {company.name} with 7.0 of 10. A delivery comes that is worth 3.0. What trust "
            "does the "
            "delta rule predict, with the gains that `fit_delta_rule` finds in your diaries? (points, three "
            "decimals)"
        ),
        goals=(1,),
        right="To climb back to 7.0 with deliveries that are worth 9, this customer needs several of them.",
        kind=Number(unit="points", tolerance=0.0005),
        points=1,
        reference=lambda data: 7 + gains(data)["bad"] * (3 - 7),
        hints=(
            "New trust is old trust plus gain times surprise. What is the surprise here, and of which kind?",
            "The surprise is 3.0 - 7.0. It is a bad one.",
            '`gains["bad"]` is the gain, once `gains` holds the estimates by name.',
        ),
        misconceptions=(
            Misconception(
                "takes the gain of a good surprise",
                lambda data: 7 + gains(data)["good"] * (3 - 7),
                "You used the gain of a good surprise. Was it one?",
            ),
            Misconception(
                "takes the gain of a message",
                lambda data: 7 + gains(data)["message"] * (3 - 7),
                "That is the gain of an advertisement. A delivery is an experience.",
            ),
            Misconception(
                "multiplies the rating instead of the surprise",
                lambda data: 7 - gains(data)["bad"] * 3,
                "You let trust move by a share of the rating. It moves by a share of the surprise: rating less "
                "trust.",
            ),
            Misconception(
                "half-way between trust and delivery",
                lambda data: 5.0,
                "You went half-way from the old trust to the delivery. Trust moves by the gain, which "
                "need not be a half.",
            ),
            Misconception(
                "weighted mean the wrong way round",
                lambda data: 3 + gains(data)["bad"] * (7 - 3),
                "You started from the delivery and moved towards the old trust. Start from the trust.",
            ),
        ),
        starter=(
            'gains = fit_delta_rule(diaries, keepers).set_index("parameter")["estimate"]\n'
            "answer = 7 + gains[____] * (____ - 7)"
        ),
        solution="Seven plus the gain of a bad surprise times minus four.",
        code=(
            "from crmkit.brand import fit_delta_rule\n"
            'table = fit_delta_rule(crmkit.load("diaries"), crmkit.load("diary_people"))\n'
            'gains = table.set_index("parameter")["estimate"]\n'
            'answer = 7 + gains["bad"] * (3 - 7)'
        ),
    ),
    Question(
        id="42-2",
        title="How much is a good ending worth?",
        level="change",
        prompt=(
            "By how many points is a visit remembered as better when its last moment was rated 7 or more than "
            "when it "
            "was rated 3 or less? (mean of `remembered`, three decimals)"
        ),
        goals=(3,),
        right="Part of this difference is not the end alone: visits that end well are often good before, too.",
        kind=Number(unit="points", tolerance=0.0005),
        points=2,
        reference=by_end,
        hints=(
            "Two groups of visits, made by their last moment; the outcome is in the other table.",
            '`moments.sort_values("moment").groupby("visit_id")["rating"].last()` is the last moment.',
            "Join it with `visits`, then compare the two means of `remembered`.",
        ),
        misconceptions=(
            Misconception(
                "groups by the first moment",
                lambda data: by_end(data, "first"),
                "You grouped by the first moment. The question is about the last one.",
            ),
            Misconception(
                "compares the mean of the moments",
                lambda data: by_end(data, "last", "mean"),
                "Those are the ratings on the spot, averaged. How was the visit remembered a week later?",
            ),
            Misconception(
                "groups by the visit's mean",
                lambda data: by_end(data, "mean"),
                "You grouped visits by their mean rating. Group by the last moment only.",
            ),
            Misconception(
                "bad less good",
                lambda data: -by_end(data),
                "The right size with the sign turned: good ends less bad ends.",
            ),
        ),
        starter='last = moments.groupby("visit_id")["rating"].____()',
        solution="Last moment of each visit, two groups, difference of the mean remembered ratings.",
        code=(
            'moments = crmkit.load("visit_moments").sort_values(["visit_id", "moment"])\n'
            'last = moments.groupby("visit_id")["rating"].last().rename("last")\n'
            'table = crmkit.load("visits").join(last, on="visit_id")\n'
            'good, bad = table[table["last"] >= 7], table[table["last"] <= 3]\n'
            'answer = good["remembered"].mean() - bad["remembered"].mean()'
        ),
    ),
    Question(
        id="42-3",
        title="Do sceptics weigh bad news more?",
        level="change",
        prompt=(
            "Take only the diary keepers whose first impression lies below the median of all of them. How many "
            "times as "
            "much does a bad surprise weigh for them as a good one? (the ratio of the two gains, three decimals)"
        ),
        kind=Number(unit="times", tolerance=0.0005),
        points=2,
        reference=ratio,
        goals=(2,),
        elsewhere="other customers",
        right="Compare it with the interval for all: a first impression need not change how people learn.",
        hints=(
            "Choose the people first, then their diaries, then fit the same rule.",
            '`few = keepers[keepers["first_impression"] < keepers["first_impression"].median()]`',
            '`fit_delta_rule(diaries[diaries["person_id"].isin(few["person_id"])], few)` has a row `bad / good`.',
        ),
        misconceptions=(
            Misconception(
                "all diary keepers",
                lambda data: ratio(data, "all"),
                "That is the ratio for all diary keepers. Whose diaries were asked for?",
            ),
            Misconception(
                "those above the median",
                lambda data: ratio(data, "others"),
                "Those are the people with the better first impression. Take those below the median.",
            ),
            Misconception(
                "good divided by bad, of all",
                lambda data: ratio(data, "upside down"),
                "That is good divided by bad, for all people. Turn it round, and choose the people first.",
            ),
        ),
        starter='few = keepers[keepers["first_impression"] < ____]',
        solution="The people below the median, their diaries, and the last row of the fitted rule.",
        code=(
            "from crmkit.brand import fit_delta_rule\n"
            'diaries, keepers = crmkit.load("diaries"), crmkit.load("diary_people")\n'
            'few = keepers[keepers["first_impression"] < keepers["first_impression"].median()]\n'
            'table = fit_delta_rule(diaries[diaries["person_id"].isin(few["person_id"])], few)\n'
            'gains = table.set_index("parameter")["estimate"]\n'
            'answer = gains["bad / good"]'
        ),
    ),
    Question(
        id="42-4",
        title="What did the late parcels cost?",
        level="explore",
        prompt=(
            "For each `arm` of the late parcels give the share that `bought` again within 90 days (per cent) "
            "and its "
            "`difference` to those whose parcel was in time (percentage points; 0 for these themselves)."
        ),
        goals=(4,),
        right="The two differences together say what the failure took, and what the call returned of it.",
        kind=Table(
            key="arm",
            columns={"bought": 0.05, "difference": 0.05},
            units={"bought": "%", "difference": "percentage points"},
        ),
        points=3,
        reference=by_arm,
        hints=(
            "Three means, and three differences to one of them.",
            "`bought_90d` is 0 or 1: its mean is the share.",
            '`failure_and_recovery(cases, ["bought_90d"])` has both as shares from 0 to 1.',
        ),
        misconceptions=(
            Misconception(
                "relative for points",
                lambda data: by_arm(data, relative=True),
                "Your difference is relative to those without a failure. Percentage points are the plain "
                "difference.",
            ),
            Misconception(
                "against the letter",
                lambda data: by_arm(data, against="failure, letter"),
                "You compared with the letter. That shows what the call returns; the question is what the "
                "failure cost.",
            ),
            Misconception(
                "no failure less the arm",
                lambda data: by_arm(data).assign(difference=lambda table: -table["difference"]),
                "The right sizes with the sign turned: the arm less those without a failure.",
            ),
        ),
        starter='share = 100 * cases.groupby(____)["bought_90d"].mean()',
        solution="Mean of bought_90d by arm, in per cent, less that of 'no failure'.",
        code=(
            'share = 100 * crmkit.load("service_cases").groupby("arm")["bought_90d"].mean()\n'
            'answer = pd.DataFrame({"bought": share, "difference": share - share["no failure"]}).reset_index()'
        ),
    ),
    Question(
        id="42-5",
        title="Whom to call",
        level="decide",
        prompt=(
            "A call to a customer with a late parcel, with the mending, costs {company.symbol}9; a letter "
            "costs {company.symbol}1. {company.name} "
            "has some 3,000 late "
            "parcels a year. Should every one of them be called?"
        ),
        kind=Plan(
            rubric={
                "gives what the call returns against the letter, with its interval, in purchases or money": 1,
                "turns turnover into margin, or says that it must be, before comparing with the cost": 1,
                "considers calling only some (whom, and why), or testing that": 1,
                "names what the 90 days do not show": 1,
            },
            model=(
                "{figure.verdict}. Against the letter the call brings back {figure.share} customers in a "
                "hundred. In turnover "
                "that is {figure.money} a customer (95 % interval {figure.low} to {figure.high}), and with a "
                "margin of a third "
                "{figure.margin}, at the upper end {figure.margin_high}. The call costs {company.symbol}8 more "
                "than the letter. "
                "I would call those with several orders before, because they have more to lose, half of them "
                "chosen by a coin, "
                "and watch both halves for a year. What the 90 days do not show are later orders and what "
                "neighbours hear."
            ),
            figures=_figures,
            minimum_words=40,
        ),
        points=4,
        hints=(
            "Cost against letter is {company.symbol}8. What does a customer who comes back leave, after "
            "goods are paid?",
        ),
    ),
]

QUIZ = [
    QuizQuestion(
        "After a failure unaided recall of a brand goes up. What has improved?",
        [
            Option("The brand", "Recall does not say what is recalled."),
            Option(
                "Nothing need have improved: a bad episode leaves a trace too",
                "Measure trust, or what they buy, beside recall.",
                right=True,
            ),
            Option(
                "The memory of the customers",
                "They remember this one thing; that is all that one knows.",
            ),
        ],
    ),
    QuizQuestion(
        "Only customers who complained were asked, and those whose complaint was handled well are the most "
        "loyal of all. A recovery paradox?",
        [
            Option("Yes", "Who is missing from the sample?"),
            Option(
                "It cannot be said: who complains was loyal enough to bother",
                "Those who left without a word are not there, and nobody drew by chance.",
                right=True,
            ),
            Option("No, that is impossible", "It is possible; this comparison does not show it."),
        ],
    ),
    QuizQuestion(
        "A customer trusts you with 6. The gain for good surprises is 0.2. A delivery comes that is worth 6. "
        "What is the "
        "new trust?",
        [
            Option("6", "There was no surprise, so nothing moves.", right=True),
            Option("7.2", "Trust moves by a share of the surprise, not of the rating."),
            Option("6.2", "The gain is a share; the surprise was zero."),
        ],
    ),
]
