"""Lesson 71: a forecast that looks brilliant may have seen the answer."""

from __future__ import annotations

from typing import Any

import pandas as pd

from crmkit.mining import (
    behaviour_metrics,
    forecast_by_cut,
    halves,
    leakage_audit,
    logistic,
    paid_between,
    ranks_right,
    time_split,
    who_pays_first,
)
from crmkit.practice.kinds import Number, Plan, Several
from crmkit.practice.question import (
    Misconception,
    Option,
    Prediction,
    Question,
    QuizQuestion,
    Tables,
)
from crmkit.practice.questions.lesson_70 import LOAD_LOG, LOAD_ORDERS, log, new_year
from crmkit.practice.worked import once

TITLE = "The metric that knew the answer"
COMPANY = "strumwell"

#: Kinds of event that have to do with money; the reader guesses how many of them leak.
MONEY = ["see_prices", "see_plus", "start_trial", "show_receipt"]


def _version(data: Tables) -> str:
    return str(data.company.dates["new_version"])


def _score(fitted: Any, metrics: pd.DataFrame, paid: pd.Series) -> float:
    score = fitted.predict_proba(metrics)[:, 1]
    return 100 * float(ranks_right(score, paid)["estimate"])


@once
def late(data: Tables) -> tuple[pd.DataFrame, pd.Series]:
    """Max's users: metrics of the last 91 days of the year in which they paid or did not."""
    orders, year, today = data.load("orders"), new_year(data, -1), new_year(data, 0)
    events, groups = log(data)
    now = behaviour_metrics(events, today, kinds=groups)
    now = now[~paid_between(orders, now.index, "1900-01-01", year)]
    return now, paid_between(orders, now.index, year, today)


@once
def first(
    data: Tables, decision: str, until: str, without: tuple[str, ...] = ()
) -> tuple[pd.DataFrame, pd.Series]:
    """Users who had not paid, as they were known on the day of decision."""
    events, groups = log(data)
    return who_pays_first(
        events, data.load("orders"), decision, until, kinds=groups, without=without
    )


@once
def promised_and_kept(data: Tables) -> tuple[float, float]:
    """What Max's model promises, and what it keeps in the next year."""
    train, train_paid, test, test_paid = halves(*late(data))
    fitted = logistic().fit(train, train_paid)
    ahead = first(data, new_year(data, 0), new_year(data, 1))
    return _score(fitted, test, test_paid), _score(fitted, *ahead)


@once
def audit(data: Tables, until: str = "2100-01-01") -> pd.DataFrame:
    """The leakage audit of the log before a day, by kind of event."""
    events, _ = log(data)
    found = leakage_audit(events[events["time"] < until], data.load("orders"))
    return found.set_index("event")


def _leaks(data: Tables) -> tuple[str, ...]:
    found = audit(data)
    return tuple(found.index[found["leaks"]])


def too_late(
    data: Tables,
    column: str = "too_late",
    decision: str | None = None,
    cut: str | None = None,
) -> float:
    """Share of the events until October that somebody who decides in July cannot know, per cent."""
    day = decision or _version(data)
    cut = cut or f"{data.company.last_year}-10-01"
    return 100 * float(time_split(log(data)[0], data.load("orders"), day, [cut])[column][0])


def after_for_100(data: Tables, until: str | None = None) -> float:
    """For 100 users who opened the page about Plus before they had paid, how many did so after."""
    row = audit(data, until or _version(data)).loc["see_plus"]
    return 100 * float(row["after"] / row["before"])


def _counted_by_events(data: Tables) -> float:
    """The same of events in place of users: a user counts as often as he or she looked."""
    events, orders = log(data)[0], data.load("orders")
    seen = events[(events["event"] == "see_plus") & (events["time"] < _version(data))]
    paid_on = orders[orders["turnover"] > 0].groupby("customer_id")["order_date"].min()
    first_day = seen["customer_id"].map(paid_on)
    day = seen["time"].dt.normalize()
    return 100 * float((day > first_day).sum() / (first_day.isna() | (day < first_day)).sum())


def at_version(data: Tables, cut: int | None = 0, decision: str | None = None) -> dict[str, float]:
    """Promise and what is kept, of a window that ends on the first day of the year; None: on the decision."""
    day = decision or _version(data)
    events, groups = log(data)
    row = forecast_by_cut(
        events, data.load("orders"), day, new_year(data, 0),
        [day if cut is None else new_year(data, cut)], kinds=groups,
    ).iloc[0]  # fmt: skip
    return {name: 100 * float(row[name]) for name in ("promised", "kept")}


def again(
    data: Tables, metric: str = "part_paid", *, everybody: bool = False, past: bool = False
) -> float:
    """Pairs ranked right by one metric, among those who have paid: who of them pays again."""
    orders, today, then = data.load("orders"), new_year(data, 0), new_year(data, 1)
    events, groups = log(data)
    users = behaviour_metrics(events, today, kinds=groups)
    if not everybody:
        users = users[paid_between(orders, users.index, "1900-01-01", today)]
    outcome = (new_year(data, -1), today) if past else (today, then)
    paid = paid_between(orders, users.index, *outcome)
    return 100 * float(ranks_right(users[metric], paid)["estimate"])


def ahead(data: Tables, *, how: str = "honest") -> float:
    """Learn at the new version from what was known, and judge in the next year, without the kinds that leak."""
    leaks, version, today = _leaks(data), _version(data), new_year(data, 0)
    train, train_paid = first(data, version, today, leaks)
    judges = first(data, today, new_year(data, 1), leaks)
    if how == "seen":
        judges = (train, train_paid)
    if how == "half":
        train, train_paid, *judges = halves(train, train_paid)  # type: ignore[assignment]
    if how == "year":
        train, train_paid = first(data, new_year(data, -1), today, leaks)
    fitted = logistic().fit(train, train_paid)
    if how == "yes or no":
        return 100 * float(ranks_right(fitted.predict(judges[0]), judges[1])["estimate"])
    return _score(fitted, *judges)


def _figures(data: Tables) -> dict[str, str]:
    promised, kept = promised_and_kept(data)
    users, paid = first(data, new_year(data, 0), new_year(data, 1))
    leaks = _leaks(data)
    return {
        "promised": f"{promised:.0f} %",
        "kept": f"{kept:.0f} %",
        "plain": f"{100 * float(ranks_right(users['events'], paid)['estimate']):.0f} %",
        "number": str(len(leaks)),
        "example": leaks[0] if leaks else "show_receipt",
        "again": f"{again(data, 'count_open_plus'):.0f} %",
    }


_LOAD = LOAD_ORDERS + LOAD_LOG
_DAYS = (
    'version = company.dates["new_version"]\n'
    'today, then = f"{company.year}-01-01", f"{company.next_year}-01-01"\n'
)

PREDICTIONS = [
    Prediction(
        id="71-a",
        prompt="The model scores all users who have not paid when {company.year} begins. Take pairs of one who "
        "pays in {company.year} and one who does not. In how many of a hundred pairs will the one who pays have the "
        "higher score? (Chance gives 50.)",
        kind=Number(unit="of 100", tolerance=5),
        answer=lambda data: promised_and_kept(data)[1],
        why="Many people name nearly the promised number, because the model was judged on users whom it had not "
        "seen. But part of what it looked at exists only after the payment, and nobody who has not paid yet shows it.",
    ),
    Prediction(
        id="71-b",
        prompt="The list of prices was opened (`see_prices`), the page about Plus was opened (`see_plus`), a trial "
        "week was begun (`start_trial`), a receipt was opened (`show_receipt`). How many of these four can only users "
        "show who have paid already?",
        kind=Number(unit="of 4", tolerance=0),
        answer=lambda data: float(audit(data)["leaks"].reindex(MONEY).sum()),
        why="Many people suspect everything that goes with paying. A strong sign is no leak if it can be seen before "
        "the payment.",
    ),
]

QUESTIONS = [
    Question(
        id="71-1",
        title="What was not known yet",
        level="fill in",
        goals=(1,),
        prompt="Somebody had to decide on the day of the new version ({company.dates[new_version]}), and a colleague "
        "counts all events of the log up to {company.last_year}-10-01. What share of these events could not be known "
        "on the day of decision? (per cent, two decimals)",
        kind=Number(unit="%", tolerance=0.005),
        points=1,
        reference=too_late,
        right="Every metric made from these events has seen a part of the answer, whatever it counts.",
        hints=(
            "`mining.time_split` takes the events, the orders, the day of decision and a list of cuts.",
            'The day of decision is `company.dates["new_version"]`; there is one cut.',
            'The column is `too_late`: `mining.time_split(events, orders, company.dates["new_version"], '
            '["{company.last_year}-10-01"])["too_late"]`',
        ),
        misconceptions=(
            Misconception(
                "counts what comes after the user's own payment",
                lambda data: too_late(data, "after_paying"),
                "That is the share of events after the user's own payment. The question asks for those on or after "
                "the day of "
                "decision, for all users.",
            ),
            Misconception(
                "the lesson's day of decision",
                lambda data: too_late(data, decision=new_year(data, -1)),
                "You took the first day of {company.last_year}. On which day does somebody decide here?",
            ),
            Misconception(
                "counts the whole log",
                lambda data: too_late(data, cut="2100-01-01"),
                "You counted all events of the log. Until which day does the colleague count?",
            ),
            Misconception(
                "the decision and the cut swapped",
                lambda data: too_late(
                    data, decision=f"{data.company.last_year}-10-01", cut=_version(data)
                ),
                "You swapped the two days: one decides on the earlier one, and counts until the later one.",
            ),
        ),
        starter="split = mining.time_split(events, orders, ____, [____])",
        solution="Cut the log at October, and ask which share of it lies on or after the day of decision.",
        code=_LOAD
        + 'split = mining.time_split(events, orders, company.dates["new_version"], [f"{company.last_year}-10-01"])\n'
        'answer = 100 * split["too_late"].iloc[0]',
    ),
    Question(
        id="71-2",
        title="Before and after, by users",
        level="fill in",
        goals=(3,),
        elsewhere="the first version of the app only",
        prompt="Run the audit on the events before the new version ({company.dates[new_version]}). Take the kind "
        "`see_plus`: for a hundred users who showed it and had not paid by then, how many users showed it after "
        "paying? (two decimals)",
        kind=Number(unit="for each 100", tolerance=0.005),
        points=2,
        reference=after_for_100,
        right="Many showed it before paying: it is a sign, and no leak. For a leak the number before is zero.",
        hints=(
            "Cut the events by time first, and leave the orders whole.",
            "The audit has the columns `before` and `after`, counted in users.",
            '`row = early.set_index("event").loc["see_plus"]`, then 100 times after divided by before.',
        ),
        misconceptions=(
            Misconception(
                "takes the whole log",
                lambda data: after_for_100(data, "2100-01-01"),
                "That is the audit of the whole log. Leave out the events from the day of the new version on.",
            ),
            Misconception(
                "before for each hundred after",
                lambda data: 1e4 / after_for_100(data),
                "Your ratio is upside down. Of which users are there to be a hundred?",
            ),
            Misconception(
                "counts events in place of users",
                _counted_by_events,
                "You counted events. One keen user then counts many times: count users, as the audit does.",
            ),
            Misconception(
                "divides by before and after together",
                lambda data: 1e4 / (100 + 1e4 / after_for_100(data)),
                "You divided by `before` and `after` together. Of which users are there to be a hundred?",
            ),
        ),
        starter='early = mining.leakage_audit(events[events["time"] < ____], orders)',
        solution="Cut the log, run the audit, and divide its two counts.",
        code=_LOAD
        + 'early = mining.leakage_audit(events[events["time"] < company.dates["new_version"]], orders)\n'
        'row = early.set_index("event").loc["see_plus"]\n'
        'answer = 100 * row["after"] / row["before"]',
    ),
    Question(
        id="71-3",
        title="The same mistake in half a year",
        level="change",
        goals=(2,),
        elsewhere="another day of decision",
        prompt="Who pays first between the new version ({company.dates[new_version]}) and the end of "
        "{company.last_year}? A colleague makes Max's mistake: the window holds the last 91 days of "
        "{company.last_year}. What share of the pairs does the forecast promise to rank right, and what does it keep "
        'with what was known on the day of decision? (`{"promised": …, "kept": …}`, per cent, two decimals)',
        kind=Several(
            {
                "promised": Number(unit="%", tolerance=0.005),
                "kept": Number(unit="%", tolerance=0.005),
            }
        ),
        points=3,
        reference=at_version,
        right="The day of decision is another one, and the gap is there again: it belongs to the mistake, not to the "
        "year.",
        hints=(
            "`mining.forecast_by_cut` gives both numbers; it takes the decision, the end of the outcome and the cuts.",
            "There is one cut: the first day of {company.year}, which is the end of the outcome as well.",
            '`curve = mining.forecast_by_cut(events, orders, company.dates["new_version"], "{company.year}-01-01", '
            '["{company.year}-01-01"], kinds=groups)`',
        ),
        misconceptions=(
            Misconception(
                "the lesson's day of decision",
                lambda data: at_version(data, decision=new_year(data, -1)),
                "That decides on the first day of {company.last_year}, as the lesson does.",
            ),
            Misconception(
                "the honest window",
                lambda data: at_version(data, None),
                "Your window ends on the day of decision: that is the honest forecast. The colleague counts until "
                "the end of the year.",
            ),
            Misconception(
                "the two the other way round",
                lambda data: dict(
                    zip(("kept", "promised"), at_version(data).values(), strict=True)
                ),
                "You named them the other way round. Which of the two does one see before the outcome is known?",
            ),
        ),
        starter="curve = mining.forecast_by_cut(events, orders, ____, today, [____], kinds=groups)",
        solution="The lesson's curve with another day of decision and a single cut.",
        code=_LOAD
        + _DAYS
        + "curve = mining.forecast_by_cut(events, orders, version, today, [today], kinds=groups)\n"
        'answer = (100 * curve[["promised", "kept"]].iloc[0]).to_dict()',
    ),
    Question(
        id="71-4",
        title="Honest for another question",
        level="explore",
        goals=(4,),
        elsewhere="another question: who pays again",
        prompt="Take the users who paid before {company.year} began, and their metrics of the 91 days before. What "
        "share of the pairs does `part_paid` rank right, when the question is who pays again in {company.year}? "
        "(per cent, two decimals)",
        kind=Number(unit="%", tolerance=0.005),
        points=2,
        reference=again,
        right="Refused for one question, useful for the other: that is why the store keeps it.",
        hints=(
            '`mining.behaviour_metrics(events, "{company.year}-01-01", kinds=groups)` gives the metrics.',
            "`mining.paid_between` says who paid before the year, and who paid within it.",
            '`before = mining.paid_between(orders, metrics.index, "1900-01-01", "{company.year}-01-01")` chooses the '
            "users.",
        ),
        misconceptions=(
            Misconception(
                "takes all users",
                lambda data: again(data, everybody=True),
                "You took all users. Among those who never paid nobody shows the metric, so it tells payers from "
                "others and knows the answer again. Asked are those who have paid.",
            ),
            Misconception(
                "kinds tried in place of the share of events",
                lambda data: again(data, "kinds_paid"),
                "That is `kinds_paid`, the number of kinds tried. Asked is `part_paid`, the share of the events.",
            ),
            Misconception(
                "the lesson's metric",
                lambda data: again(data, "count_open_plus"),
                "That is `count_open_plus`. Here the metric is the share of the group `paid` among a user's events.",
            ),
            Misconception(
                "who paid in the year before",
                lambda data: again(data, past=True),
                "You asked who paid in {company.last_year}: that was before the day of decision. In which year does "
                "the outcome lie?",
            ),
            Misconception(
                "takes those who had not paid",
                lambda _: 50.0,
                "50 % says nothing at all: among those who have not paid nobody shows the metric, and every pair is a "
                "tie. Asked are those who have paid.",
            ),
        ),
        starter="metrics = mining.behaviour_metrics(events, today, kinds=groups)\n"
        'before = mining.paid_between(orders, metrics.index, "1900-01-01", ____)',
        solution="Keep those who have paid, ask who pays in the next year, and rank by the one metric.",
        code=_LOAD + _DAYS + "metrics = mining.behaviour_metrics(events, today, kinds=groups)\n"
        'metrics = metrics[mining.paid_between(orders, metrics.index, "1900-01-01", today)]\n'
        "paid = mining.paid_between(orders, metrics.index, today, then)\n"
        'answer = 100 * mining.ranks_right(metrics["part_paid"], paid)["estimate"]',
    ),
    Question(
        id="71-5",
        title="The honest forecast, judged a year later",
        level="explore",
        goals=(2, 3),
        elsewhere="another day of decision",
        prompt="Build it as it should be. Leave the kinds that leak out of the log (`without=`). Learn with "
        "`mining.logistic()` from all users who had not paid on the day of the new version "
        "({company.dates[new_version]}), outcome until the end of {company.last_year}. Judge on the users who had not "
        "paid when {company.year} begins, outcome in {company.year}. What share of the pairs is ranked right? (per "
        "cent, two decimals)",
        kind=Number(unit="%", tolerance=0.005),
        points=3,
        reference=ahead,
        right="This number was earned with what was known on each day. You may show it to Lea. (Keep the kinds that "
        "leak, and it is the same: in a window that ends in time nobody who has not paid shows them.)",
        hints=(
            'The kinds that leak: `leaks = list(audit.loc[audit["leaks"], "event"])`.',
            "`mining.who_pays_first` twice: once to learn, once to judge, both with `without=leaks`.",
            '`train, train_paid = mining.who_pays_first(events, orders, company.dates["new_version"], '
            '"{company.year}-01-01", kinds=groups, without=leaks)`, then the judges in the same way.',
        ),
        misconceptions=(
            Misconception(
                "judges on the users seen",
                lambda data: ahead(data, how="seen"),
                "That is judged on the users from whom the model has learnt. Who are the judges?",
            ),
            Misconception(
                "judges on the other half",
                lambda data: ahead(data, how="half"),
                "You split the users of one day into halves. Learn from all of them, and judge in the next year.",
            ),
            Misconception(
                "the lesson's day of decision",
                lambda data: ahead(data, how="year"),
                "You learnt from the users of the first day of {company.last_year}. Here the day of the new version "
                "is asked for.",
            ),
            Misconception(
                "yes or no in place of the chances",
                lambda data: ahead(data, how="yes or no"),
                "`predict` says only yes or no, so most pairs are ties. Rank by the chances: "
                "`predict_proba(…)[:, 1]`.",
            ),
        ),
        starter="train, train_paid = mining.who_pays_first(\n"
        '    events, orders, company.dates["new_version"], ____, kinds=groups, without=____\n'
        ")",
        solution="Two windows, each ending on its day of decision, without the kinds that leak: one teaches, the later "
        "one judges.",
        code=_LOAD + _DAYS + "audit = mining.leakage_audit(events, orders)\n"
        'leaks = list(audit.loc[audit["leaks"], "event"])\n'
        "train, train_paid = mining.who_pays_first(events, orders, version, today, kinds=groups, without=leaks)\n"
        "test, test_paid = mining.who_pays_first(events, orders, today, then, kinds=groups, without=leaks)\n"
        "score = mining.logistic().fit(train, train_paid).predict_proba(test)[:, 1]\n"
        'answer = 100 * mining.ranks_right(score, test_paid)["estimate"]',
    ),
    Question(
        id="71-6",
        title="What happens to Max's model",
        level="decide",
        goals=(2, 4),
        points=4,
        hints=(
            "Begin with what was promised and what was kept; then say what is used, and for what.",
        ),
        prompt="Lea asks whether Max's model may be used, and what to do with its metrics. Write her a note of 60 to "
        "150 words: what it promised and kept, why, what you would use instead, and what happens to the metrics "
        "that are refused.",
        kind=Plan(
            rubric={
                "What was promised and what was kept, with figures": 1,
                "Why: what the model knew that nobody could know on the day of decision": 1,
                "What is used instead, and how it is judged": 1,
                "What happens to the refused metrics, with the question for which they may be used": 1,
            },
            model="Do not use it. It promised to rank {figure.promised} of the pairs right and kept {figure.kept}; "
            "the plain number of events reaches {figure.plain}. Its window lay after the day of decision, so it "
            "counted what people do once they have paid: {figure.number} kinds of event, such as {figure.example}, "
            "were shown by nobody who had not paid. Judging on other users could not help, because the same window "
            "was used for them. I would end the window on the day of decision, leave those kinds out, and judge on "
            "a later year before anybody is called. The refused metrics stay in the store: for the question who "
            "pays again they are honest, and the number of Plus lessons opened ranks {figure.again} of the pairs "
            "right there. The audit runs again with every new kind of event.",
            figures=_figures,
            minimum_words=60,
        ),
    ),
]


QUIZ = [
    QuizQuestion(
        "A model ranks 93 % of the pairs right, on users whom it has not seen. What do you ask first?",
        [
            Option(
                "How many metrics it uses",
                "Many metrics make a model worse on users not seen, not better.",
            ),
            Option(
                "Until which day the metrics count, and from which day the outcome",
                "If the two overlap, it may have seen the answer.",
                right=True,
            ),
            Option("Which kind of model it is", "Any kind of model uses a leak, if there is one."),
        ],
    ),
    QuizQuestion(
        "Payers open the list of prices far more often than others. Does the metric leak?",
        [
            Option(
                "Yes, it has to do with paying", "That makes it a strong sign. When can it exist?"
            ),
            Option(
                "No, if it is counted before the day of decision",
                "Anybody can look at prices before paying.",
                right=True,
            ),
            Option(
                "Only if it is the best metric",
                "Being good alone is a reason to look, not a proof.",
            ),
        ],
    ),
    QuizQuestion(
        "Two users showed `gift_song`. Both had paid. What does that prove?",
        [
            Option(
                "That only payers can show it", "Two users may be chance: ask how likely that is."
            ),
            Option(
                "Nothing yet",
                "The audit wants so many that chance can hardly do it.",
                right=True,
            ),
            Option("That it causes payment", "Neither a cause nor a leak is shown by two users."),
        ],
    ),
    QuizQuestion(
        "A metric was refused for “who pays first”. What do you do with it?",
        [
            Option("Delete it", "It may be the best one for another question."),
            Option(
                "Keep it, with the questions for which it is honest",
                "Yes: for “who pays again” everybody who is asked about can show it.",
                right=True,
            ),
            Option(
                "Use it with a small weight",
                "A small part of the answer is still a part of the answer.",
            ),
        ],
    ),
]
