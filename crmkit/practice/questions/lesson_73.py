"""Lesson 73: which metrics matter, and for how long."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from crmkit.mining import (
    behaviour_metrics,
    drift_watch,
    halves,
    logistic,
    metrics_in_rounds,
    paid_between,
    rank_metrics,
    who_pays_first,
)
from crmkit.practice.kinds import Choice, Number, Plan
from crmkit.practice.question import (
    Misconception,
    Option,
    Prediction,
    Question,
    QuizQuestion,
    Tables,
)
from crmkit.practice.questions.lesson_70 import GUT, LOAD_LOG, LOAD_ORDERS, log, new_year
from crmkit.practice.worked import once
from crmkit.reactivation import share_difference

TITLE = "Which metrics matter, and for how long"
COMPANY = "strumwell"

WALL = [
    "events", "active_weeks", "count_song", "kinds_skills", "count_record_take",
    "listen_back_per_record_take", "teacher_reply_per_ask_teacher",
    "count_favourite", "count_streak_shown", "count_see_plus",
]  # fmt: skip
FIVE = ["events", "active_weeks", "kinds_skills", *WALL[5:7]]
OLD = ["count_song", "count_streak_shown"]


@once
def users(data: Tables, later: int = 0, usual: Any = None) -> tuple[pd.DataFrame, pd.Series]:
    """Metrics of those who had not paid, and who paid within the year; `later`: how many years on."""
    events, groups = log(data)
    return who_pays_first(
        events, data.load("orders"), new_year(data, later - 1), new_year(data, later),
        kinds=groups, without=groups.index[groups == "paid"], usual=usual,
    )  # fmt: skip


def ranked(
    data: Tables,
    columns: list[str],
    *,
    seed: int = 0,
    strength: float = 0.1,
    draws: int = 20,
    swapped: bool = False,
) -> pd.DataFrame:
    """The ranking of single metrics, indexed by their names."""
    learn, paid, judge, judge_paid = halves(*users(data))
    if swapped:
        learn, paid, judge, judge_paid = judge, judge_paid, learn, paid
    alone = pd.Series(range(len(columns)), index=columns)
    found = rank_metrics(
        learn[columns], paid, judge[columns], judge_paid,
        model=logistic(strength), groups=alone, seed=seed, draws=draws,
    )  # fmt: skip
    return found.set_index("metric")


def twin_left(data: Tables) -> str:
    """Say what is left of the loss of the first metric beside its copy: a as before, b a part, c nothing."""
    learn, paid, judge, judge_paid = halves(*users(data))
    alone = ranked(data, WALL)
    first = str(alone.index[0])
    double = [table[WALL].assign(twin=table[first]) for table in (learn, judge)]
    found = rank_metrics(
        double[0], paid, double[1], judge_paid, model=logistic(0.1),
        groups=pd.Series(range(len(WALL) + 1), index=double[0].columns),
    ).set_index("metric")  # fmt: skip
    left = found.loc[first, "loss"] / alone["loss"].iloc[0]
    return "a" if left > 0.75 else "b" if left > 0.1 else "c"


@once
def arms(
    data: Tables, *, payers_too: bool = False, end: pd.Timestamp | None = None
) -> pd.DataFrame:
    """Users and payers in each arm of the test of nudges; until the end of the year, or of another day."""
    orders, test = data.load("orders"), data.load("nudge_test").set_index("customer_id")
    start = f"{data.company.year}-01-01"
    stop = end or f"{data.company.year + 1}-01-01"
    if not payers_too:
        before = orders.loc[orders["order_date"] < start, "customer_id"]
        test = test[~test.index.isin(before)]
    test["paid"] = paid_between(orders, test.index, start, stop)
    return test.groupby("arm").agg(
        users=("paid", "size"), payers=("paid", "sum"), favourites=("favourites", "mean"),
        listens=("listens", "mean"),
    )  # fmt: skip


def gain(table: pd.DataFrame, arm: str, other: str = "none") -> tuple[float, float, float]:
    """Percentage points more payers in one arm than in another, with the interval."""
    counts = [table.loc[name, count] for name in (arm, other) for count in ("payers", "users")]
    found = share_difference(*counts)
    return 100 * float(found[0]), 100 * float(found[1]), 100 * float(found[2])


def after_test(data: Tables) -> pd.Timestamp:
    """The first day after the test."""
    return pd.Timestamp(data.company.dates["test_end"]) + pd.Timedelta(days=1)


def paying_share(data: Tables, arm: str) -> float:
    """Who of one arm paid until the test ended, per cent."""
    row = arms(data, end=after_test(data)).loc[arm]
    return 100 * float(row["payers"] / row["users"])


def which_way(data: Tables) -> str:
    """Say whether the nudge to mark favourites made more people pay: a more, b cannot be told, c fewer."""
    _, low, high = gain(arms(data), "favourite")
    return "a" if low > 0 else "c" if high < 0 else "b"


def drift(data: Tables) -> pd.DataFrame:
    """The watch of the lesson: last year's users against this year's."""
    metrics, _ = users(data)
    later, _ = users(data, 1, usual=metrics.attrs["usual"])
    return drift_watch(metrics, later)


def across(
    data: Tables,
    metric: str = "count_favourite",
    *,
    column: str = "index",
    how: str = "all",
) -> float:
    """The drift of one metric over the new version: the quarter before it, and the one after."""
    events, groups = log(data)
    turn = pd.Timestamp(data.company.dates["new_version"])
    before = behaviour_metrics(events, turn, kinds=groups)
    now = behaviour_metrics(events, turn + pd.DateOffset(months=3), kinds=groups)
    if how == "two classes":
        was, now_is = ((users[metric] > 0).mean() for users in (before, now))
        log_odds = np.log(now_is / was) - np.log((1 - now_is) / (1 - was))
        return float((now_is - was) * log_odds)
    if how == "in both":
        both = before.index.intersection(now.index)
        before, now = before.loc[both], now.loc[both]
    return float(drift_watch(before, now).set_index("metric").loc[metric, column])


def from_old(
    data: Tables, later: int = 1, *, place: int = -1, start: Any = OLD, halved: bool = False
) -> float:
    """Pairs ranked right at the end of the rounds that begin with an old list, per cent."""
    metrics, paid = users(data, later)
    four = halves(metrics, paid) if halved else (metrics, paid, metrics, paid)
    rounds = metrics_in_rounds(*four, start=list(start), rounds=3, level=0.9)
    return 100 * float(rounds["ranks_right"].iloc[place])


def _figures(data: Tables) -> dict[str, str]:
    ranking = ranked(data, WALL)
    metrics, paid = users(data)
    shares = paid.groupby(metrics["count_favourite"] > 0).mean()
    found = {arm: gain(arms(data), arm) for arm in ("favourite", "listen")}
    later, later_paid = users(data, 1, usual=metrics.attrs["usual"])
    rounds = metrics_in_rounds(later, later_paid, later, later_paid, start=FIVE, level=0.9)
    said = {
        "first": str(ranking.index[0]),
        "share": f"{ranking['share'].iloc[0]:.0%}",
        "top": f"{ranking['in_top'].iloc[0]:.0%}",
        "with": f"{shares.get(True, 0.0):.0%}",
        "without": f"{shares.get(False, 0.0):.0%}",
        "added": " and ".join(filter(None, rounds["added"])) or "no metric",
    }
    for arm, (size, low, high) in found.items():
        said[f"{arm}_gain"] = f"{size:+.1f}"
        said[f"{arm}_low"], said[f"{arm}_high"] = f"{low:+.1f}", f"{high:+.1f}"
    return said


_EVENTS = LOAD_LOG + ('own = {"kinds": groups, "without": groups.index[groups == "paid"]}\n')

PREDICTIONS = [
    Prediction(
        id="73-a",
        prompt="Which of these metrics has the largest share of explanation?",
        kind=Choice(
            {
                "a": "`events`: all that a user did",
                "b": "`count_favourite`: songs marked as favourites",
                "c": "`listen_back_per_record_take`: listens per take",
                "d": "`kinds_skills`: how many kinds of exercise were tried",
            }
        ),
        answer=lambda data: {
            "events": "a",
            "count_favourite": "b",
            "listen_back_per_record_take": "c",
            "kinds_skills": "d",
        }[
            next(
                name
                for name in ranked(data, WALL).index
                if name
                in ("events", "count_favourite", "listen_back_per_record_take", "kinds_skills")
            )
        ],
        why="All that a user did ranks well by itself. But most of it is in other metrics, too; listens per "
        "take are in no other.",
    ),
    Prediction(
        id="73-b",
        prompt="We copy the first metric of the ranking and give the forecast both. Then we shuffle only one of the "
        "two. How large is the loss now?",
        kind=Choice({"a": "about as before", "b": "clearly smaller", "c": "nearly zero or below"}),
        answer=twin_left,
        why="The forecast shares the weight between the two, so the copy still carries its half. A ranking of single "
        "metrics shows the most important one as a small one.",
    ),
    Prediction(
        id="73-c",
        prompt="The nudge made its users mark about three times as many favourites. Did more of them pay within "
        "the year than of those without a nudge?",
        kind=Choice(
            {
                "a": "yes, more (beyond chance)",
                "b": "no difference beyond chance",
                "c": "fewer (beyond chance)",
            }
        ),
        answer=which_way,
        why="Keen users mark favourites and pay. Marking more does not make anybody keener.",
    ),
    Prediction(
        id="73-d",
        prompt="How many of the metrics are spread over this year's users otherwise than over last year's, "
        "beyond chance?",
        kind=Number(unit="metrics", tolerance=15),
        answer=lambda data: int(drift(data)["changed"].sum()),
        why="Two events changed with the new version. But each is in a good many metrics.",
    ),
]

QUESTIONS = [
    Question(
        id="73-1",
        title="The shares of the gut's list",
        level="fill in",
        goals=(1,),
        prompt="Rank the five metrics that the team chose by gut in lesson 70 (`gut` in the exercises): "
        '`gut = ["events", "count_finish_lesson", "count_song", "count_streak_shown", "count_see_prices"]`. '
        "Each metric is a group of its own; the model is `mining.logistic(0.1)`, with 20 draws and seed 0. What is the "
        "share of explanation of `events`? (per cent, two decimals)",
        kind=Number(unit="%", tolerance=0.005),
        points=1,
        reference=lambda data: 100 * float(ranked(data, GUT).loc["events", "share"]),
        right="On the long wall its share was another one. A share belongs to a list, not to a metric.",
        hints=(
            "`mining.rank_metrics` takes the halves, with the columns of the list alone.",
            "`groups=pd.Series(range(5), index=gut)` makes each metric a group of its own.",
            "`mining.rank_metrics(learn[gut], learn_paid, judge[gut], judge_paid, model=mining.logistic(0.1), "
            'groups=alone)` gives the table; look for the row of `events` and the column "share".',
        ),
        misconceptions=(
            Misconception(
                "the loss instead of the share",
                lambda data: 100 * float(ranked(data, GUT).loc["events", "loss"]),
                "That is the loss, in points. Divide it by the sum of all losses above zero.",
            ),
            Misconception(
                "the share on the long wall",
                lambda data: 100 * float(ranked(data, WALL).loc["events", "share"]),
                "That is the share among the ten metrics of the wall. The list here has five.",
            ),
            Misconception(
                "another model",
                lambda data: 100 * float(ranked(data, GUT, strength=0.003).loc["events", "share"]),
                "That is the default model, which is made for hundreds of metrics. Which one does the question name?",
            ),
            Misconception(
                "the two halves swapped",
                lambda data: 100 * float(ranked(data, GUT, swapped=True).loc["events", "share"]),
                "You swapped the two halves. Which one learns, and in which one is the shuffling done?",
            ),
            Misconception(
                "ten draws",
                lambda data: 100 * float(ranked(data, GUT, draws=10).loc["events", "share"]),
                "That is with ten draws. How many does the question name?",
            ),
        ),
        starter="alone = pd.Series(range(5), index=gut)\n"
        "ranking = mining.rank_metrics(learn[gut], learn_paid, ____, ____, model=mining.logistic(0.1), groups=alone)",
        solution="Rank the five, each as a group of its own, and take the share of `events`.",
        code=LOAD_ORDERS + _EVENTS + "metrics, paid = mining.who_pays_first(\n"
        '    events, orders, f"{company.last_year}-01-01", f"{company.year}-01-01", **own\n'
        ")\n"
        "learn, learn_paid, judge, judge_paid = mining.halves(metrics, paid)\n"
        'gut = ["events", "count_finish_lesson", "count_song", "count_streak_shown", "count_see_prices"]\n'
        "alone = pd.Series(range(5), index=gut)\n"
        "ranking = mining.rank_metrics(\n"
        "    learn[gut], learn_paid, judge[gut], judge_paid, model=mining.logistic(0.1), groups=alone\n"
        ")\n"
        'answer = 100 * ranking.set_index("metric").loc["events", "share"]',
    ),
    Question(
        id="73-2",
        title="The nudge while it lasted",
        level="change",
        goals=(2,),
        prompt="The lesson counted payers until the end of {company.year}. Count only until the last day of the test, "
        "{company.dates[test_end]}. By how many percentage points did the nudge to *listen* raise the share who "
        "pay for the first time, compared with no nudge? (two decimals)",
        kind=Number(unit="percentage points", tolerance=0.005),
        points=2,
        reference=lambda data: gain(arms(data, end=after_test(data)), "listen")[0],
        right="Those who were drawn decide, whether they listened or not: so nobody has chosen the group.",
        hints=(
            "First leave out of the test those who had paid before {company.year}.",
            "`mining.paid_between` takes the first day, and the first day that no longer counts.",
            'After `fresh["paid"] = …`, `fresh.groupby("arm")["paid"].mean()` gives the three shares.',
        ),
        misconceptions=(
            Misconception(
                "until the end of the year",
                lambda data: gain(arms(data), "listen")[0],
                "That counts the whole year. The question stops at the end of the test.",
            ),
            Misconception(
                "with those who had paid before",
                lambda data: gain(arms(data, payers_too=True, end=after_test(data)), "listen")[0],
                "Those who had paid before are still in. Who of the test can pay for the *first* time?",
            ),
            Misconception(
                "against the other nudge",
                lambda data: gain(arms(data, end=after_test(data)), "listen", "favourite")[0],
                "You compared the two nudges. Compare with the users who had none.",
            ),
            Misconception(
                "the nudge to mark favourites",
                lambda data: gain(arms(data, end=after_test(data)), "favourite")[0],
                "That is the nudge to mark favourites.",
            ),
            Misconception(
                "the share of one group alone",
                lambda data: paying_share(data, "listen"),
                "That is the share of payers among those who were nudged to listen. How many pay without a nudge?",
            ),
            Misconception(
                "in per cent of the share without a nudge",
                lambda data: 100 * (paying_share(data, "listen") / paying_share(data, "none") - 1),
                "You divided by the share without a nudge. Percentage points are the plain difference of two shares.",
            ),
        ),
        starter='before = orders.loc[orders["order_date"] < ____, "customer_id"]\n'
        'fresh = nudges[~nudges["customer_id"].isin(before)].set_index("customer_id")',
        solution="Leave out who had paid, mark who paid during the test, and compare the shares of two arms.",
        code=LOAD_ORDERS + 'nudges = crmkit.load("nudge_test", data="strumwell")\n'
        'start = f"{company.year}-01-01"\n'
        'end = pd.Timestamp(company.dates["test_end"]) + pd.Timedelta(days=1)\n'
        'before = orders.loc[orders["order_date"] < start, "customer_id"]\n'
        'fresh = nudges[~nudges["customer_id"].isin(before)].set_index("customer_id")\n'
        'fresh["paid"] = mining.paid_between(orders, fresh.index, start, end)\n'
        'shares = fresh.groupby("arm")["paid"].mean()\n'
        'answer = 100 * (shares["listen"] - shares["none"])',
    ),
    Question(
        id="73-3",
        title="The quarter before and the quarter after",
        level="change",
        goals=(3,),
        elsewhere="another quarter",
        prompt="Did the new version change the habits at once? Compare the metrics of *all* users in the 91 days "
        "before {company.dates[new_version]} with those in the 91 days before the day three months later. What is the "
        "stability index of `count_favourite`? (four decimals)",
        kind=Number(unit="", tolerance=0.00005),
        points=2,
        reference=across,
        right="The day of the new version is the day to look: a watch once a year would have come months too late.",
        hints=(
            "`mining.behaviour_metrics` takes the events, the day before which it counts, and `kinds=groups`.",
            'The two days: `turn = pd.Timestamp(company.dates["new_version"])` and `turn + pd.DateOffset(months=3)`.',
            '`mining.drift_watch(before, now).set_index("metric").loc["count_favourite", "index"]`',
        ),
        misconceptions=(
            Misconception(
                "last year against this year",
                lambda data: float(drift(data).set_index("metric").loc["count_favourite", "index"]),
                "That compares the two years of the lesson. The question is about the quarters around the new version.",
            ),
            Misconception(
                "the limit instead of the index",
                lambda data: across(data, column="limit"),
                "That is the limit of chance. Which column holds the index?",
            ),
            Misconception(
                "the last thirty days",
                lambda data: across(data, "recent_favourite"),
                "That is `recent_favourite`, the last thirty days of each window.",
            ),
            Misconception(
                "by hand, with two classes",
                lambda data: across(data, how="two classes"),
                "You made two classes, none and some, as in the lesson's hand calculation. `mining.drift_watch` makes "
                "more of them: among those who mark favourites, too, the number may change.",
            ),
            Misconception(
                "the users of both quarters only",
                lambda data: across(data, how="in both"),
                "You kept those who were there in both quarters. Asked are *all* users of each.",
            ),
        ),
        starter='turn = pd.Timestamp(company.dates["new_version"])\n'
        "before = mining.behaviour_metrics(events, ____, kinds=groups)",
        solution="Metrics of two windows, one on either side of the new version, and the watch over both.",
        code=LOAD_ORDERS + _EVENTS + 'turn = pd.Timestamp(company.dates["new_version"])\n'
        "before = mining.behaviour_metrics(events, turn, kinds=groups)\n"
        "now = mining.behaviour_metrics(events, turn + pd.DateOffset(months=3), kinds=groups)\n"
        'drift = mining.drift_watch(before, now).set_index("metric")\n'
        'answer = drift.loc["count_favourite", "index"]',
    ),
    Question(
        id="73-4",
        title="An old screen, brought up to date",
        level="explore",
        goals=(4,),
        elsewhere="another list and another year",
        prompt="In the lobby hangs an old screen with two numbers: songs played and days in a row "
        '(`old = ["count_song", "count_streak_shown"]`). Bring it up to date for {company.year}: users who had not '
        "paid when it began, and who paid within it. All of them choose and judge, as in the lesson: at most three "
        "rounds, `level=0.9`. What share of the pairs is ranked right after the last round? (per cent, two decimals)",
        kind=Number(unit="%", tolerance=0.005),
        points=3,
        reference=from_old,
        right="Look at what came in, and whether anything of the old screen went out. The number itself is a little "
        "too high: who chooses here also judges.",
        hints=(
            "`mining.who_pays_first` from the first day of {company.year} on.",
            "`mining.metrics_in_rounds` takes the users twice, `start=old`, `rounds=3` and `level=0.9`.",
            'The last row: `rounds["ranks_right"].iloc[-1]`, in per cent.',
        ),
        misconceptions=(
            Misconception(
                "the start instead of the end",
                lambda data: from_old(data, place=0),
                "That is the old screen before the rounds. Take the last row.",
            ),
            Misconception(
                "last year",
                lambda data: from_old(data, 0),
                "Those are last year's users. Stand on the first day of {company.year}.",
            ),
            Misconception(
                "after the first round",
                lambda data: from_old(data, place=1),
                "That is after the first round. Which row is the last one?",
            ),
            Misconception(
                "one half chooses, the other judges",
                lambda data: from_old(data, halved=True),
                "You let one half choose and the other judge, as in lesson 70. That is the safer way, but here all of "
                "them do both.",
            ),
        ),
        starter='later, later_paid = mining.who_pays_first(events, orders, f"{company.year}-01-01", ____, **own)\n'
        "rounds = mining.metrics_in_rounds(\n"
        "    later, later_paid, later, later_paid, start=____, rounds=3, level=0.9\n"
        ")",
        solution="The later year's users, three rounds from the old screen, and the last row.",
        code=LOAD_ORDERS + _EVENTS + "later, later_paid = mining.who_pays_first(\n"
        '    events, orders, f"{company.year}-01-01", f"{company.next_year}-01-01", **own\n'
        ")\n"
        'old = ["count_song", "count_streak_shown"]\n'
        "rounds = mining.metrics_in_rounds(\n"
        "    later, later_paid, later, later_paid, start=old, rounds=3, level=0.9\n"
        ")\n"
        'answer = 100 * rounds["ranks_right"].iloc[-1]',
    ),
    Question(
        id="73-5",
        title="A heart on every song?",
        level="decide",
        goals=(2,),
        points=4,
        hints=(
            "Four parts: what goes along, what the experiment says with its interval, what to do, and "
            "when to look again.",
        ),
        prompt="Answer Lea's colleague, who wants to nudge everybody to mark favourites. Write 60 to 150 words: what "
        "is right about his figure, what the experiment says (with an interval), what you would do instead, and when "
        "the list of metrics has to be judged again.",
        kind=Plan(
            rubric={
                "What is right about the figure, and why it shows no cause": 1,
                "What the experiment says, with an interval": 1,
                "What to do instead, or what to try next": 1,
                "When the list is judged again, and why": 1,
            },
            model="Your figure is right: {figure.with} of the users who marked favourites paid, and {figure.without} "
            "of the others. But keen users do more of everything, so favourites go along with payment. When chance "
            "decided who was nudged, the nudge changed the share of payers by {figure.favourite_gain} points (95 % "
            "interval {figure.favourite_low} to {figure.favourite_high}): nothing to build on. The nudge to listen to "
            "one's own takes changed it by {figure.listen_gain} points ({figure.listen_low} to {figure.listen_high}). "
            "I would try that one again on new users, and roll it out if it holds. In the forecast favourites may "
            "stay. The first of the wall is {figure.first}, with {figure.share} of the explanation and among the first "
            "five in {figure.top} of the draws. We judge the list again each January and after every new version: this "
            "year the rounds brought in {figure.added}.",
            figures=_figures,
            minimum_words=60,
        ),
    ),
]

QUIZ = [
    QuizQuestion(
        "A metric has the largest share of explanation. What may you do?",
        [
            Option(
                "Nudge users to do more of it",
                "Perhaps it goes along only. An experiment would tell.",
            ),
            Option("Use it in the forecast", "For that it need not be a cause.", right=True),
            Option(
                "Take the others off the wall",
                "Its share rests on the others, and twins may hide among them.",
            ),
        ],
    ),
    QuizQuestion(
        "Two metrics are twins, and each alone has hardly any share. What do you do?",
        [
            Option("Take both out", "Together they may be the most important thing on the list."),
            Option(
                "Shuffle them together, as one group",
                "Then neither can stand in for the other.",
                right=True,
            ),
            Option("Double their shares", "What both lose together is not twice what one loses."),
        ],
    ),
    QuizQuestion(
        "The drift watch is silent. Is last year's forecast still good?",
        [
            Option("Yes, nothing has changed", "The metrics have not. What they mean may have."),
            Option(
                "That is known when new outcomes have judged it",
                "An effect can fade although its metric stays as it was.",
                right=True,
            ),
            Option("No, it is a year old", "Age alone spoils nothing. Look at new outcomes."),
        ],
    ),
    QuizQuestion(
        "In a test 4,000 users were nudged at random, and half of them followed. Whom do you compare?",
        [
            Option(
                "Those who followed with those who did not",
                "The followers chose themselves: they are the keen ones.",
            ),
            Option(
                "All who were nudged with all who were not",
                "Only that comparison was made by chance.",
                right=True,
            ),
            Option(
                "Those who followed with those who were not nudged",
                "The keen ones again, against a mixture.",
            ),
        ],
    ),
]
