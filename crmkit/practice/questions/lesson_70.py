"""Lesson 70: the metric that matters is rarely on the first list."""

from __future__ import annotations

import pandas as pd

from crmkit.mining import (
    halves,
    logistic,
    metric_list,
    metrics_in_rounds,
    ranks_right,
    read_events,
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
from crmkit.practice.worked import once

TITLE = "Five numbers on the wall"
COMPANY = "strumwell"

GUT = ["events", "count_finish_lesson", "count_song", "count_streak_shown", "count_see_prices"]

FIVE = [
    "active_weeks",
    "kinds_skills",
    "listen_back_per_record_take",
    "teacher_reply_per_ask_teacher",
    "count_duet",
]


@once
def log(data: Tables) -> tuple[pd.DataFrame, pd.Series]:
    """The app's events, and the group of each kind; lessons 71 to 73 read the same log."""
    kinds = data.load("event_kinds")
    return read_events(data.load("sessions"), kinds), kinds.set_index("event")["group"]


def new_year(data: Tables, later: int = 0) -> str:
    """First day of a year; 0: the company's last, -1: the one before."""
    return f"{data.company.year + later}-01-01"


@once
def users(data: Tables, later: int = 0, days: int = 91) -> tuple[pd.DataFrame, pd.Series]:
    """Metrics of those who had not paid, and who paid within the year; `later`: how many years on."""
    events, groups = log(data)
    year, next_year = new_year(data, later - 1), new_year(data, later)
    return who_pays_first(events, data.load("orders"), year, next_year, days, kinds=groups)


def one(data: Tables) -> pd.DataFrame:
    """Events, in the log's last thirty days, of the user who listened back most often in them."""
    events, _ = log(data)
    end = pd.Timestamp(data.company.dates["log_end"])
    last = events[events["time"] >= end - pd.Timedelta(days=29)]
    listens = last[last["event"] == "listen_back"]
    return last[last["customer_id"] == listens.groupby("customer_id").size().idxmax()]


def per_take(data: Tables) -> float:
    """Listens per take of that user."""
    mine = one(data)["event"].value_counts()
    return float(mine["listen_back"] / mine["record_take"])


def _of_everybody(data: Tables) -> float:
    """Listens per take of all users together, in the same days."""
    events, _ = log(data)
    end = pd.Timestamp(data.company.dates["log_end"])
    last = events.loc[events["time"] >= end - pd.Timedelta(days=29), "event"].value_counts()
    return float(last["listen_back"] / last["record_take"])


def _drawn(data: Tables) -> float:
    """The same, drawn towards all users, as `metric_list` says."""
    mine = one(data)["event"].value_counts()
    return float((mine["listen_back"] + _of_everybody(data)) / (mine["record_take"] + 1))


def area(data: Tables, metric: str = "listen_back_per_record_take", later: int = 0) -> float:
    """Pairs ranked right by one metric, per cent."""
    metrics, paid = users(data, later)
    return 100 * float(ranks_right(metrics[metric], paid)["estimate"])


def of_list(data: Tables, columns: list[str], *, seen: bool = False, later: int = 1) -> float:
    """Pairs ranked right by a regression on some metrics, per cent."""
    train, train_paid, test, test_paid = halves(*users(data, later))
    fitted = logistic(10.0).fit(train[columns], train_paid)
    if seen:
        test, test_paid = train, train_paid
    return 100 * float(
        ranks_right(fitted.predict_proba(test[columns])[:, 1], test_paid)["estimate"]
    )


def which_lists(data: Tables) -> str:
    """Say whether what the rounds add to the gut's list is on the first list: a all, b some, c none."""
    added = metrics_in_rounds(*halves(*users(data)), start=GUT, level=0.9)["added"].iloc[1:]
    listed = metric_list(log(data)[1])
    first = listed.loc[listed["first_list"], "metric"]
    return "a" if added.isin(first).all() else "b" if added.isin(first).any() else "c"


def _figures(data: Tables) -> dict[str, str]:
    metrics, paid = users(data)
    single = ranks_right(metrics["events"], paid)
    rounds = metrics_in_rounds(*halves(metrics, paid), start=GUT, level=0.9)
    return {
        "single": f"{single['estimate']:.0%}",
        "low": f"{single['low']:.0%}",
        "high": f"{single['high']:.0%}",
        "metric": str(rounds["added"].iloc[1]) if len(rounds) > 1 else "none",
        "before": f"{rounds['ranks_right'].iloc[0]:.0%}",
        "after": f"{rounds['ranks_right'].iloc[min(1, len(rounds) - 1)]:.0%}",
    }


#: How worked code begins, here and in lessons 71 to 73: orders alone, or the log as well.
LOAD_ORDERS = (
    "import pandas as pd\n"
    "from crmkit import mining\n"
    'company = crmkit.company("strumwell")\n'
    'kinds, orders = (crmkit.load(n, data="strumwell") for n in ("event_kinds", "orders"))\n'
)
LOAD_LOG = (
    'events = mining.read_events(crmkit.load("sessions", data="strumwell"), kinds)\n'
    'groups = kinds.set_index("event")["group"]\n'
)
_LOAD = LOAD_ORDERS + LOAD_LOG
_METRICS = (
    "metrics, paid = mining.who_pays_first(\n"
    '    events, orders, f"{company.last_year}-01-01", f"{company.year}-01-01", kinds=groups\n'
    ")\n"
)
_LATER = (
    "later, later_paid = mining.who_pays_first(\n"
    '    events, orders, f"{company.year}-01-01", f"{company.next_year}-01-01", kinds=groups\n'
    ")\n"
)

PREDICTIONS = [
    Prediction(
        id="70-a",
        prompt="Take all pairs of one user who paid and one who did not. In how many of a hundred pairs does "
        "the one "
        "who paid have more events in the window? (Chance gives 50.)",
        kind=Number(unit="of 100", tolerance=5),
        answer=lambda data: area(data, "events"),
        why="Many people say 90 or more. Using an app and paying for it are two decisions, and many who use it "
        "much "
        "never pay.",
    ),
    Prediction(
        id="70-b",
        prompt="A computer looks through all metrics for what the gut's five numbers miss. Will those that it "
        "adds be "
        "on the first list (counts, events, active days)?",
        kind=Choice({"a": "yes, all of them", "b": "some of them", "c": "none of them"}),
        answer=which_lists,
        why="Counts go together: people who do much of one thing do much of most. So further counts say "
        "little that "
        "is new, and metrics of another family say more.",
    ),
]

QUESTIONS = [
    Question(
        id="70-1",
        title="One metric, by its pairs",
        level="fill in",
        goals=(3,),
        prompt="Take the metric `listen_back_per_record_take` alone. What share of the pairs does it rank "
        "right? (per "
        "cent, two decimals)",
        kind=Number(unit="%", tolerance=0.005),
        points=1,
        reference=area,
        right="Alone it looks weak. Beside the amount of use it says something new, and that is why the rounds "
        "take it.",
        hints=(
            "`mining.ranks_right` takes a metric and the outcome.",
            'The metric is the column `metrics["listen_back_per_record_take"]`.',
            '`100 * mining.ranks_right(metrics["listen_back_per_record_take"], paid)["estimate"]`',
        ),
        misconceptions=(
            Misconception(
                "gives the lower end of the interval",
                lambda data: (
                    100
                    * float(
                        ranks_right(users(data)[0]["listen_back_per_record_take"], users(data)[1])[
                            "low"
                        ]
                    )
                ),
                "That is the lower end of the interval. Which entry is the estimate?",
            ),
            Misconception(
                "counts listens instead of listens per take",
                lambda data: area(data, "count_listen_back"),
                "You ranked by the number of listens. The metric asked for divides it by the takes.",
            ),
            Misconception(
                "takes only the half that judges",
                lambda data: (
                    100
                    * float(
                        ranks_right(
                            halves(*users(data))[2]["listen_back_per_record_take"],
                            halves(*users(data))[3],
                        )["estimate"]
                    )
                ),
                "You looked at one half of the users. No model learns here, so nobody has to be kept back.",
            ),
        ),
        starter='found = mining.ranks_right(metrics[____], paid)["estimate"]',
        solution="Rank all users by the one metric, and take the estimate in per cent.",
        code=_LOAD
        + _METRICS
        + 'answer = 100 * mining.ranks_right(metrics["listen_back_per_record_take"], paid)["estimate"]',
    ),
    Question(
        id="70-2",
        title="A metric by hand",
        level="fill in",
        goals=(1,),
        prompt="Take the last thirty days of the log ({company.last_year}-12-02 to {company.dates[log_end]}), and the "
        "user who listened back (`listen_back`) most often in them. How many listens for each take "
        "(`record_take`) does this user have in these days, without any drawing towards other users? (three decimals)",
        kind=Number(unit="listens per take", tolerance=0.0005),
        points=1,
        reference=per_take,
        right="A ratio of one user is quickly said and rests on few events: that is why the metrics draw it "
        "towards all.",
        hints=(
            "First the days, then the user, then two counts.",
            '`last = events[events["time"] >= "{company.last_year}-12-02"]` cuts the log by time.',
            '`listens = last[last["event"] == "listen_back"]` are the listens; count them by user, then the '
            "user's takes.",
        ),
        misconceptions=(
            Misconception(
                "takes per listen",
                lambda data: 1 / per_take(data),
                "That is takes for each listen: the ratio is upside down.",
            ),
            Misconception(
                "drawn towards all users",
                _drawn,
                "That draws the user towards all others, as the list of metrics does. Here only the user's own takes "
                "and listens count.",
            ),
            Misconception(
                "all users together",
                _of_everybody,
                "Those are the listens and takes of all users together. Keep the one user first.",
            ),
        ),
        starter='last = events[events["time"] >= f"{company.last_year}-12-____"]',
        solution="Cut the log to its last thirty days, find the user with most listens, and divide two counts.",
        code=_LOAD + 'last = events[events["time"] >= f"{company.last_year}-12-02"]\n'
        'listens = last[last["event"] == "listen_back"]\n'
        'user = listens.groupby("customer_id").size().idxmax()\n'
        'mine = last.loc[last["customer_id"] == user, "event"].value_counts()\n'
        'answer = mine["listen_back"] / mine["record_take"]',
    ),
    Question(
        id="70-3",
        title="The same metric, a year later",
        level="change",
        goals=(2, 3),
        elsewhere="another year",
        prompt="Stand on the first day of {company.year}: the metrics count the 91 days before, and the "
        "outcome is who "
        "pays first within {company.year}. What share of the pairs does `active_weeks` rank right now? (per "
        "cent, two "
        "decimals)",
        kind=Number(unit="%", tolerance=0.005),
        points=2,
        reference=lambda data: area(data, "active_weeks", later=1),
        right="Test a metric again each year. Lesson 73 watches for the day on which it no longer works.",
        hints=(
            "`mining.who_pays_first` takes the day of decision and the end of the outcome.",
            "The outcome ends before the first day of {company.next_year}.",
            '`later, later_paid = mining.who_pays_first(events, orders, "{company.year}-01-01", '
            '"{company.next_year}-01-01", kinds=groups)`',
        ),
        misconceptions=(
            Misconception(
                "the lesson's year",
                lambda data: area(data, "active_weeks"),
                "That is the lesson's year. The day of decision lies a year later.",
            ),
            Misconception(
                "active days for active weeks",
                lambda data: area(data, "active_days", later=1),
                "You ranked by active days. Weeks were asked for.",
            ),
        ),
        starter="later, later_paid = mining.who_pays_first(events, orders, ____, ____, kinds=groups)",
        solution="The same function with both days a year later, then the pairs that `active_weeks` ranks right.",
        code=_LOAD
        + _LATER
        + 'answer = 100 * mining.ranks_right(later["active_weeks"], later_paid)["estimate"]',
    ),
    Question(
        id="70-4",
        title="Your list against the gut's",
        level="explore",
        goals=(2, 4),
        elsewhere="another year",
        prompt="Now in {company.year}. Learn a logistic regression (`mining.logistic(10.0)`) from the first "
        "half of the "
        "users with these five metrics: `active_weeks`, `kinds_skills`, `listen_back_per_record_take`, "
        "`teacher_reply_per_ask_teacher`, `count_duet`. What share of the pairs in the *other* half does it "
        "rank right? "
        "(per cent, two decimals)",
        kind=Number(unit="%", tolerance=0.005),
        points=3,
        reference=lambda data: of_list(data, FIVE),
        right="Compare it with the gut's five in the same year: only users who were not seen can settle which "
        "list is "
        "better.",
        hints=(
            "`mining.halves(later, later_paid)` gives four tables: two to learn from, two to judge.",
            "`fitted = mining.logistic(10.0).fit(train[five], train_paid)` learns from the first half.",
            '`100 * mining.ranks_right(fitted.predict_proba(test[five])[:, 1], test_paid)["estimate"]`',
        ),
        misconceptions=(
            Misconception(
                "judges on the users seen",
                lambda data: of_list(data, FIVE, seen=True),
                "That is judged on the users from whom the model has learnt. In that half every list looks good.",
            ),
            Misconception(
                "the lesson's year",
                lambda data: of_list(data, FIVE, later=0),
                "That is the lesson's year. Stand on the first day of {company.year}.",
            ),
            Misconception(
                "the gut's list",
                lambda data: of_list(data, GUT),
                "Those are the gut's five. Take the five of the question.",
            ),
        ),
        starter="train, train_paid, test, test_paid = mining.halves(____, ____)",
        solution="Split the users of the later year, learn from one half with the five metrics, and rank the "
        "other half.",
        code=_LOAD + _LATER + "five = [\n"
        '    "active_weeks", "kinds_skills", "listen_back_per_record_take",\n'
        '    "teacher_reply_per_ask_teacher", "count_duet",\n'
        "]\n"
        "train, train_paid, test, test_paid = mining.halves(later, later_paid)\n"
        "fitted = mining.logistic(10.0).fit(train[five], train_paid)\n"
        'answer = 100 * mining.ranks_right(fitted.predict_proba(test[five])[:, 1], test_paid)["estimate"]',
    ),
    Question(
        id="70-5",
        title="Five numbers for the wall",
        level="decide",
        goals=(4,),
        points=4,
        hints=(
            "Begin with what the lesson printed: one metric alone, the rounds, and the interval of the judges.",
        ),
        prompt="Lea asks which numbers belong on the wall, and which do not. Write her a note of 60 to 150 "
        "words: name at "
        "least one number that stays and one that comes or goes, say with a figure how good it is, how sure "
        "you are, and "
        "when the list has to be looked at again.",
        kind=Plan(
            rubric={
                "A number that stays, with a figure of how well it ranks users": 1,
                "A number that comes in or goes, with the reason": 1,
                "How sure it is: an interval, or users who were not seen": 1,
                "When the list is looked at again, and why": 1,
            },
            model="Keep the number of events: alone it ranks {figure.single} of the pairs right (95 % interval "
            "{figure.low} to {figure.high}). Put {figure.metric} on the wall: beside the team's five numbers "
            "it takes the users whom the model had not seen from {figure.before} to {figure.after} of the "
            "pairs. Take songs played off: it goes together with events and says little that is new. I am not "
            "sure of the order, because each half has only a few dozen payers, and a twin of the new metric "
            "might have come in as well. We look at the list again in three months and after every new version "
            "of the app: a metric belongs to one product and one time, and nobody has shown yet that any of "
            "them is a cause.",
            figures=_figures,
            minimum_words=60,
        ),
    ),
]


QUIZ = [
    QuizQuestion(
        "A metric ranks 50 % of the pairs right. What does it say about who pays?",
        [
            Option("Nothing", "A coin does as well.", right=True),
            Option(
                "It is right for half of the users", "It is about pairs: 50 % is what chance gives."
            ),
            Option("It is as good as most", "Chance gives 50 %. Compare it with that."),
        ],
    ),
    QuizQuestion(
        "Why is a list of metrics judged on users from whom nothing was learnt?",
        [
            Option("They are more typical", "They are alike: chance has split them."),
            Option(
                "Among those seen, every further metric looks good",
                "A model also learns what was luck.",
                right=True,
            ),
            Option("It saves time", "It costs half of the data. The reason is honesty."),
        ],
    ),
    QuizQuestion(
        "Suppose that the rounds add `weeks_rhythm`. What do you know?",
        [
            Option(
                "Practising rhythm makes people pay",
                "That would be a cause. Only an experiment can tell.",
            ),
            Option(
                "It says something about who pays that the other metrics leave open",
                "Yes, and a twin of it might have done as well.",
                right=True,
            ),
            Option(
                "It is the best metric of all",
                "It is best beside those chosen before it, not alone.",
            ),
        ],
    ),
]
