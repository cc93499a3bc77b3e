"""Lesson 60: a promise kept on average is broken in the busy hours."""

from __future__ import annotations

import numpy as np

from crmkit.practice.kinds import Choice, Number, Plan
from crmkit.practice.question import (
    Misconception,
    Option,
    Prediction,
    Question,
    QuizQuestion,
    Tables,
)
from crmkit.relations import (
    agents_needed,
    arrival_profile,
    effect_of_waiting,
    erlang_check,
    patience,
    replay_plan,
    service_by_hour,
    staff_plan,
)

TITLE = "Answer in time"


def worst_hour(data: Tables) -> float:
    """Share of callers answered within a minute in the hour with the most calls, per cent."""
    table = service_by_hour(data.load("desk_calls"))
    return 100 * float(table.loc[table["calls"].idxmax(), "within"])


def for_the_busiest(data: Tables) -> int:
    """Agents that the busiest hour needs, callers who hang up allowed for."""
    calls = data.load("desk_calls")
    profile = arrival_profile(calls)
    top = profile.loc[profile["load"].idxmax()]
    want = {"within_seconds": 60, "patience_minutes": float(patience(calls)["estimate"])}
    return agents_needed(top["calls"], top["handling_minutes"], **want)


def blamed(data: Tables) -> str:
    """How much of the plain gap the wait does, by the trial: a all, b about half, c next to nothing."""
    table = effect_of_waiting(data.load("desk_enquiries"), "likes_less", data.load("answer_trial"))
    part = table["effect"].iloc[2] / table["effect"].iloc[0]
    return "a" if part > 0.85 else "b" if part > 0.2 else "c"


def in_time(data: Tables, hour: int | None = 17, seconds: float = 20, below: str = "all") -> float:
    """Share of callers answered in so many seconds, per cent; `below`: who stands below the line."""
    calls = data.load("desk_calls")
    if hour is not None:
        calls = calls[calls["minute"] // 60 == hour]
    soon = calls["wait_minutes"] <= seconds / 60 + 1e-9
    if below == "answered":
        calls, soon = calls[calls["answered"]], soon[calls["answered"]]
    if below != "short waits":
        soon = soon & calls["answered"]
    return 100 * float(soon.mean())


def on_mondays(data: Tables, way: str = "patience", weekday: int = 0) -> float:
    """Patience of those who call on Mondays, in minutes, and what is mistaken for it."""
    calls = data.load("desk_calls")
    if way != "every day":
        calls = calls[calls["date"].dt.day_of_week == weekday]
    if way == "who gave up":
        return float(calls.loc[~calls["answered"], "wait_minutes"].mean())
    if way == "all":
        return float(calls["wait_minutes"].mean())
    if way == "answered":
        waited = calls.loc[calls["answered"], "wait_minutes"].sum()
        return float(waited / (~calls["answered"]).sum())
    return float(patience(calls)["estimate"])


def give_up(
    data: Tables,
    promise: float = 0.9,
    seconds: float = 30,
    way: str = "",
    agents: int | None = None,
) -> float:
    """How many callers a day hang up under a plan, and what is mistaken for it."""
    calls = data.load("desk_calls")
    found = patience(calls)
    waits = float(found["of_those_who_gave_up" if way == "short" else "estimate"])
    waits = round(waits, 1) if way == "rounded" else waits
    profile = arrival_profile(calls)
    plan = staff_plan(
        profile, promise=promise, within_seconds=seconds, patience_minutes=waits, agents=agents
    )
    if way == "log":
        return float((~calls["answered"]).sum() / calls["date"].nunique())
    if way == "shares":
        return float(plan["gave_up"].sum())
    if way == "plain mean":
        return float(plan["gave_up"].mean() * plan["calls"].sum())
    if way == "replay":
        plan = replay_plan(calls, plan, patience_minutes=waits)
    share = 1 - plan["within"] if way == "late" else plan["gave_up"]
    return float((share * plan["calls"]).sum())


def too_low(data: Tables, name: str = "erlang_c", hour: int = 17, seconds: float = 30) -> float:
    """How many points a formula lies below what was observed in an hour."""
    calls, staff = data.load("desk_calls"), data.load("desk_staff")
    table = erlang_check(
        calls, staff, within_seconds=seconds, patience_minutes=patience(calls)["estimate"]
    ).set_index("hour")
    return 100 * float(table.loc[hour, "within"] - table.loc[hour, name])


def hard_ones(data: Tables, way: str = "trial") -> float:
    """Points by which hard cases buy again less often if promised the next day, and other comparisons."""
    trial, enquiries = data.load("answer_trial"), data.load("desk_enquiries")
    if way in ("as it looks", "like cases"):
        effects = effect_of_waiting(enquiries, "bought_90d")["effect"]
        return 100 * float(effects[0 if way == "as it looks" else 1])
    if way == "all cases":
        some = trial
    elif way == "observed":
        some = enquiries[enquiries["hard"]]
        late, fast = some[some["wait_hours"] > 24], some[some["wait_hours"] <= 1]
        return 100 * float(late["bought_90d"].mean() - fast["bought_90d"].mean())
    else:
        some = trial[trial["hard"] ^ (way == "simple cases")]
    slow = some["promise"] == "next day"
    if way == "as answered":
        slow = some["wait_hours"] > 1
    what = "likes_less" if way == "likes less" else "bought_90d"
    groups = some.groupby(slow)[what].mean()
    if way in ("slow share", "fast share"):
        return 100 * float(groups[way == "slow share"])
    if way == "relative":
        return 100 * float(groups[True] / groups[False] - 1)
    return 100 * float(groups[True] - groups[False])


def specialists(data: Tables, way: str = "points") -> float:
    """Points by which specialists solve more hard cases that came by messenger, and other comparisons."""
    some = data.load("desk_enquiries")
    if way != "every channel":
        some = some[some["channel"] == "messenger"]
    if way != "simple cases too":
        some = some[some["hard"]]
    shares = some.groupby("answered_by")["solved_first"].mean()
    if way in ("specialist", "front line"):
        return 100 * float(shares[way])
    if way == "relative":
        return 100 * float(shares["specialist"] / shares["front line"] - 1)
    if way == "of all solved":
        solved = some[some["solved_first"]]
        part = (solved["answered_by"] == "specialist").mean()
        return 100 * float(part - (1 - part))
    return 100 * float(shares["specialist"] - shares["front line"])


def _figures(data: Tables) -> dict[str, str]:
    calls, staff = data.load("desk_calls"), data.load("desk_staff")
    money = data.company.money
    service, found = service_by_hour(calls, staff), patience(calls)
    profile = arrival_profile(calls)
    cost = staff["cost"].sum() / staff["agents"].sum()
    plan = staff_plan(profile, patience_minutes=found["estimate"], hour_cost=cost)
    again = replay_plan(calls, plan, patience_minutes=found["estimate"])
    low = service.loc[service["within"].idxmin()]
    check = erlang_check(calls, staff, patience_minutes=found["estimate"])
    enquiries, trial = data.load("desk_enquiries"), data.load("answer_trial")
    row = effect_of_waiting(enquiries, "bought_90d", trial).iloc[2]
    return {
        "hour": f"{low['hour']:.0f}",
        "within": f"{low['within']:.0%}",
        "within_low": f"{low['low']:.0%}",
        "within_high": f"{low['high']:.0%}",
        "today": money(4 * len(plan) * cost),
        "plan": money(plan["cost"].sum()),
        "hours": f"{plan['agents'].sum()}",
        "again": f"{(again['within'] * again['calls']).sum() / again['calls'].sum():.0%}",
        "lowest": f"{again['within'].min():.0%}",
        "held": f"{check['a_holds'].sum()}",
        "of": f"{len(check)}",
        "harm": f"{-100 * row['effect']:.0f}",
        "harm_low": f"{-100 * row['high']:.0f}",
        "harm_high": f"{-100 * row['low']:.0f}",
    }


_LOAD = (
    "from crmkit import relations\n"
    'calls, staff = crmkit.load("desk_calls"), crmkit.load("desk_staff")\n'
)

PREDICTIONS = [
    Prediction(
        id="60-a",
        prompt="Of all callers about 80 % are answered within a minute. In the hour with the most calls, of a hundred "
        "callers, how many are answered within a minute?",
        kind=Number(unit="of 100", tolerance=7),
        answer=worst_hour,
        why="Many people say 70 or more. With the same staff in all hours the quiet ones are far above the promise and "
        "the busy ones far below, and the mean hides both.",
    ),
    Prediction(
        id="60-b",
        prompt="The busiest hour brings a load of 3 to 4 erlangs: so many agents are busy on average. How many "
        "agents does it need so that 80 % are answered within a minute?",
        kind=Number(unit="agents", tolerance=0),
        answer=for_the_busiest,
        why="Many people say four: the load, rounded up. Calls come together by chance, so a line forms, and only "
        "agents beyond the load empty it.",
    ),
    Prediction(
        id="60-c",
        prompt="The two groups differ by far. How much of this gap does the long wait itself make?",
        kind=Choice({"a": "all of it, or nearly", "b": "about half of it", "c": "next to nothing"}),
        answer=blamed,
        why="Those who waited long were not like the others before they waited: more hard cases, and more people who "
        "were upset already.",
    ),
]

QUESTIONS = [
    Question(
        id="60-1",
        title="A stricter promise, one hour",
        level="fill in",
        goals=(1,),
        prompt="Of all callers who come between 17 and 18 o'clock, which share is answered within 20 seconds? "
        "(per cent, two decimals)",
        kind=Number(unit="%", tolerance=0.005),
        points=1,
        reference=in_time,
        right="A caller does not care about the mean of the day. This is the share that he or she meets in this hour.",
        hints=(
            "`relations.service_by_hour` takes the promise as `within_seconds`.",
            "The row with `hour` 17 is asked for, and its column `within`.",
            '`100 * relations.service_by_hour(calls, within_seconds=20).set_index("hour").loc[17, "within"]`',
        ),
        misconceptions=(
            Misconception(
                "leaves out who hung up",
                lambda data: in_time(data, below="answered"),
                "You left out the callers who hung up. They were not answered within 20 seconds either: they belong "
                "below the line.",
            ),
            Misconception(
                "counts who hung up soon as answered soon",
                lambda data: in_time(data, below="short waits"),
                "You counted everybody with a short wait. Some of them hung up within 20 seconds. Were they answered?",
            ),
            Misconception(
                "keeps the minute",
                lambda data: in_time(data, seconds=60),
                "That is the share within a minute. The question asks for 20 seconds.",
            ),
            Misconception(
                "takes all hours",
                lambda data: in_time(data, hour=None),
                "That is the share of the whole day. Keep the calls of one hour.",
            ),
            Misconception(
                "seconds for minutes",
                lambda data: in_time(data, seconds=1200),
                "That is everybody who was answered at all, or nearly. `wait_minutes` is in minutes: how many "
                "minutes are 20 seconds?",
            ),
            Misconception(
                "the hour after",
                lambda data: in_time(data, hour=18),
                "That is the hour from 18 to 19. Calls between 17 and 18 o'clock have the hour 17.",
            ),
            Misconception(
                "20 seconds as 0.2 minutes",
                lambda data: in_time(data, seconds=12),
                "0.2 minutes are 12 seconds. What part of a minute are 20 seconds?",
            ),
            Misconception(
                "the plain mean of the hours",
                lambda data: float(np.mean([in_time(data, hour=hour) for hour in range(9, 19)])),
                "That is the mean of all hours. Take the row of the hour from 17.",
            ),
        ),
        starter="service = relations.service_by_hour(calls, within_seconds=____)",
        solution="Count by hour with the stricter promise, everybody who called below the line, and take one row.",
        code=_LOAD + "service = relations.service_by_hour(calls, within_seconds=20)\n"
        'answer = 100 * service.set_index("hour").loc[17, "within"]',
    ),
    Question(
        id="60-2",
        title="Patience on Mondays",
        level="fill in",
        goals=(2,),
        prompt="How long are those who call on a Monday willing to wait, on average? (minutes, three decimals)",
        kind=Number(unit="minutes", tolerance=0.0005),
        points=2,
        reference=on_mondays,
        right="All the waiting of everybody, over the number who hung up. Those who were answered tell something too: "
        "their patience had not ended yet.",
        hints=(
            'A Monday has the weekday 0: `calls["date"].dt.day_of_week == 0`.',
            "`relations.patience` takes the calls; the entry is `estimate`.",
            '`relations.patience(calls[calls["date"].dt.day_of_week == 0])["estimate"]`',
        ),
        misconceptions=(
            Misconception(
                "the mean wait of those who hung up",
                lambda data: on_mondays(data, "who gave up"),
                "That is how long those waited who hung up: the least patient of all. What do you know of the "
                "patience of those who were answered?",
            ),
            Misconception(
                "the mean wait",
                lambda data: on_mondays(data, "all"),
                "That is the mean wait. Most were answered long before their patience ended.",
            ),
            Misconception(
                "every day",
                lambda data: on_mondays(data, "every day"),
                "That is the patience of all weekdays. Keep the Mondays.",
            ),
            Misconception(
                "Tuesday for Monday",
                lambda data: on_mondays(data, weekday=1),
                "Those are the Tuesdays: pandas counts the days of the week from 0.",
            ),
            Misconception(
                "leaves out the waits of those who hung up",
                lambda data: on_mondays(data, "answered"),
                "You left out the waits of those who hung up. They were patient for a while too: add all waits.",
            ),
            Misconception(
                "seconds for minutes",
                lambda data: 60 * on_mondays(data),
                "Those are seconds. The question asks for minutes.",
            ),
        ),
        starter='mondays = calls[calls["date"].dt.day_of_week == ____]',
        solution="Keep the Mondays; the waiting time of all their calls over the number of those who hung up.",
        code=_LOAD + 'mondays = calls[calls["date"].dt.day_of_week == 0]\n'
        'answer = relations.patience(mondays)["estimate"]',
    ),
    Question(
        id="60-3",
        title="A plan for a stricter promise",
        level="change",
        goals=(2,),
        prompt="Nora wants 90 % answered within 30 seconds, in every hour. Plan the fewest agents (Erlang A, with the "
        "patience of all calls). Under this plan, how many callers a day hang up? (three decimals)",
        kind=Number(unit="callers", tolerance=0.0005),
        points=3,
        reference=give_up,
        right="A stricter promise costs more agent hours, and part of what they buy is that fewer people hang up.",
        hints=(
            "`relations.staff_plan(profile, promise=…, within_seconds=…, patience_minutes=…)` gives `gave_up` by hour.",
            "In each hour, the share who hang up times the calls of that hour are people.",
            '`(plan["gave_up"] * plan["calls"]).sum()`',
        ),
        misconceptions=(
            Misconception(
                "the plain mean of the hours",
                lambda data: give_up(data, way="plain mean"),
                "You took the mean share of the hours for all callers. More people call in a busy hour: multiply hour "
                "by hour, then add.",
            ),
            Misconception(
                "a share in place of people",
                lambda data: (
                    100 * give_up(data) / arrival_profile(data.load("desk_calls"))["calls"].sum()
                ),
                "That is how many of a hundred callers hang up. How many people a day are that?",
            ),
            Misconception(
                "adds up the shares of the hours",
                lambda data: give_up(data, way="shares"),
                "You added the shares of the hours. A share of what? Multiply each by the calls of its hour first.",
            ),
            Misconception(
                "the promise of the lesson",
                lambda data: give_up(data, 0.8, 60),
                "That is the plan of the lesson. The promise has become stricter in two ways.",
            ),
            Misconception(
                "changes the share only",
                lambda data: give_up(data, 0.9, 60),
                "You changed the share. The time has changed too: 30 seconds.",
            ),
            Misconception(
                "changes the time only",
                lambda data: give_up(data, 0.8, 30),
                "You changed the time. The share has changed too: 90 %.",
            ),
            Misconception(
                "four agents in every hour",
                lambda data: give_up(data, agents=4),
                "That is what happens with four agents in every hour. The plan gives each hour its own number.",
            ),
            Misconception(
                "the wait of those who hung up as patience",
                lambda data: give_up(data, way="short"),
                "You took the mean wait of those who hung up for patience. The others' patience was longer: "
                "`relations.patience(calls)` allows for it.",
            ),
            Misconception(
                "a formula by which nobody hangs up",
                lambda data: 0.0,
                "By Erlang C nobody hangs up. Give the plan the patience of the callers: then it uses Erlang A.",
            ),
            Misconception(
                "a rounded patience",
                lambda data: give_up(data, way="rounded"),
                'Nearly: you typed the rounded patience. Give the plan `relations.patience(calls)["estimate"]` itself.',
            ),
            Misconception(
                "the replay of the plan",
                lambda data: give_up(data, way="replay"),
                "That is the plan with the observed calls run once more. The question asks what the plan itself says.",
            ),
            Misconception(
                "all days together",
                lambda data: give_up(data) * data.load("desk_calls")["date"].nunique(),
                "That is for all days of the log together. The question asks for one day.",
            ),
            Misconception(
                "who is not answered in time",
                lambda data: give_up(data, way="late"),
                "Those are all who are not answered in time. Some of them wait longer and are answered. How many hang "
                "up?",
            ),
            Misconception(
                "who hung up in the log",
                lambda data: give_up(data, way="log"),
                "That is how many hang up a day with the staff of today. How many hang up under the plan?",
            ),
        ),
        starter="plan = relations.staff_plan(\n"
        "    relations.arrival_profile(calls), promise=____, within_seconds=____, patience_minutes=____\n"
        ")",
        solution="Plan with the new promise, then add up, over the hours, share times calls.",
        code=_LOAD + 'patience = relations.patience(calls)["estimate"]\n'
        "plan = relations.staff_plan(\n"
        "    relations.arrival_profile(calls), promise=0.9, within_seconds=30, patience_minutes=patience\n"
        ")\n"
        'answer = (plan["gave_up"] * plan["calls"]).sum()',
    ),
    Question(
        id="60-4",
        title="How far off is a formula?",
        level="explore",
        goals=(3,),
        prompt="Take a promise of 30 seconds. In the hour from 17 to 18, by how many percentage points does Erlang C "
        "lie below the share that was observed? (two decimals)",
        kind=Number(unit="percentage points", tolerance=0.005),
        points=2,
        reference=too_low,
        right="A desk that planned by this formula would buy agents whom nobody needs. Where hardly anybody waits, the "
        "two formulas say the same.",
        hints=(
            "`relations.erlang_check` gives what was observed (`within`) and both formulas, by hour.",
            "The promise is `within_seconds=30`; the patience is that of all calls.",
            '`row = said.set_index("hour").loc[17]`, then `100 * (row["within"] - row["erlang_c"])`',
        ),
        misconceptions=(
            Misconception(
                "Erlang A",
                lambda data: too_low(data, "erlang_a"),
                "That is Erlang A, which knows that some hang up. The question asks for Erlang C.",
            ),
            Misconception(
                "the promise of a minute",
                lambda data: too_low(data, seconds=60),
                "That is for a promise of a minute. Take 30 seconds.",
            ),
            Misconception(
                "the formula's share itself",
                lambda data: in_time(data, seconds=30) - too_low(data),
                "That is what Erlang C says. How far below the observed share is it?",
            ),
            Misconception(
                "another hour",
                lambda data: too_low(data, hour=11),
                "That is the hour from 11. Take the one from 17.",
            ),
            Misconception(
                "relative for points",
                lambda data: 100 * too_low(data) / in_time(data, seconds=30),
                "That is in per cent of the observed share. Asked are percentage points: the plain difference.",
            ),
            Misconception(
                "one formula against the other",
                lambda data: too_low(data) - too_low(data, "erlang_a"),
                "You compared the two formulas with each other. Compare Erlang C with what was observed.",
            ),
            Misconception(
                "the observed share itself",
                lambda data: in_time(data, seconds=30),
                "That is the observed share. How far below it does Erlang C lie?",
            ),
        ),
        starter="said = relations.erlang_check(calls, staff, within_seconds=____, patience_minutes=____)",
        solution="Compare the observed share and the formula's in the row of that hour.",
        code=_LOAD + 'patience = relations.patience(calls)["estimate"]\n'
        "said = relations.erlang_check(calls, staff, within_seconds=30, patience_minutes=patience)\n"
        'row = said.set_index("hour").loc[17]\n'
        'answer = 100 * (row["within"] - row["erlang_c"])',
    ),
    Question(
        id="60-5",
        title="Hard cases, and what they do",
        level="explore",
        goals=(4,),
        elsewhere="another outcome, and hard cases only",
        prompt="Now look at what customers do, and at hard cases only. By how many percentage points does the promise "
        "of the next day change the share who buy again within 90 days, against the promise of an hour? Use the trial. "
        "(two decimals, negative if fewer buy)",
        kind=Number(unit="percentage points", tolerance=0.005),
        points=3,
        reference=hard_ones,
        right="Look at its interval before you act on it: hard cases are a small part of the trial, and a difference "
        "between two small groups is uncertain.",
        hints=(
            "Keep the trial's rows with `hard`; the groups are in `promise`.",
            "The share who buy again in each group is the mean of `bought_90d`.",
            "The share of the next day minus the share of the hour, times 100.",
        ),
        misconceptions=(
            Misconception(
                "all cases",
                lambda data: hard_ones(data, "all cases"),
                "Those are all cases of the trial. Keep the hard ones.",
            ),
            Misconception(
                "simple cases",
                lambda data: hard_ones(data, "simple cases"),
                "Those are the simple cases. Keep the hard ones.",
            ),
            Misconception(
                "like cases compared",
                lambda data: hard_ones(data, "like cases"),
                "Those are like cases compared, outside the trial. Keep the trial's hard cases: there chance decided.",
            ),
            Misconception(
                "as it looks, outside the trial",
                lambda data: hard_ones(data, "observed"),
                "You compared those who happened to wait with those who did not. Also among hard cases the upset ones "
                "were put off. Which table was made by chance?",
            ),
            Misconception(
                "by the wait, not by the promise",
                lambda data: hard_ones(data, "as answered"),
                "You sorted by the wait. Where a promise of an hour was broken, chance did not decide it. Compare the "
                "two promises as they were given.",
            ),
            Misconception(
                "relative for points",
                lambda data: hard_ones(data, "relative"),
                "That is the change in per cent of the other group's share. Asked are percentage points: the plain "
                "difference.",
            ),
            Misconception(
                "likes less for buys again",
                lambda data: hard_ones(data, "likes less"),
                "That is the share who like the brand less. The question asks who buys again.",
            ),
            Misconception(
                "the share under one promise",
                lambda data: hard_ones(data, "slow share"),
                "That is the share who buy again under the promise of the next day. What is it under the other "
                "one?",
            ),
            Misconception(
                "the share under the other promise",
                lambda data: hard_ones(data, "fast share"),
                "That is the share who buy again under the promise of an hour. What is it under the other one?",
            ),
            Misconception(
                "as it looks, all cases",
                lambda data: hard_ones(data, "as it looks"),
                "That is the plain gap between long and short waits of all cases, which chance did not make. Use "
                "the trial, and its hard cases.",
            ),
        ),
        starter='hard = trial[____]\nshares = hard.groupby("promise")["bought_90d"].mean()',
        solution="Among the hard cases of the trial, the share who buy again under one promise less that under the "
        "other.",
        code='trial = crmkit.load("answer_trial")\n'
        'shares = trial[trial["hard"]].groupby("promise")["bought_90d"].mean()\n'
        'answer = 100 * (shares["next day"] - shares["within the hour"])',
    ),
    Question(
        id="60-6",
        title="What specialists solve",
        level="explore",
        goals=(5,),
        elsewhere="one channel: the messenger",
        prompt="Take the hard cases that came by messenger. By how many percentage points more do specialists solve at "
        "first contact than the front line? (two decimals)",
        kind=Number(unit="percentage points", tolerance=0.005),
        points=2,
        reference=specialists,
        right="Chance decided which hard case met a specialist. If the best customers got them, the comparison would "
        "show the customers and not the specialists.",
        hints=(
            "Two conditions: `hard`, and `channel` equal to messenger.",
            "The two groups are in `answered_by`, the outcome in `solved_first`.",
            '`shares = some.groupby("answered_by")["solved_first"].mean()`, then the difference times 100.',
        ),
        misconceptions=(
            Misconception(
                "every channel",
                lambda data: specialists(data, "every channel"),
                "Those are the hard cases of all channels. Keep the messenger.",
            ),
            Misconception(
                "simple cases too",
                lambda data: specialists(data, "simple cases too"),
                "The front line also has the simple cases, which nearly always are solved. Compare hard with hard.",
            ),
            Misconception(
                "the specialists alone",
                lambda data: specialists(data, "specialist"),
                "That is the share that specialists solve. How much more is it than the front line's?",
            ),
            Misconception(
                "relative for points",
                lambda data: specialists(data, "relative"),
                "That is in per cent of the front line's share. Asked are percentage points: the plain difference.",
            ),
            Misconception(
                "of those that were solved",
                lambda data: specialists(data, "of all solved"),
                "You asked of the solved cases who solved them. Ask of each group's cases how many were solved.",
            ),
            Misconception(
                "the front line alone",
                lambda data: specialists(data, "front line"),
                "That is the share that the front line solves. How much more do specialists solve?",
            ),
        ),
        starter='some = enquiries[enquiries["hard"] & (enquiries["channel"] == ____)]',
        solution="Among hard cases of this channel, the share that specialists solve less that of the front line.",
        code='enquiries = crmkit.load("desk_enquiries")\n'
        'some = enquiries[enquiries["hard"] & (enquiries["channel"] == "messenger")]\n'
        'shares = some.groupby("answered_by")["solved_first"].mean()\n'
        'answer = 100 * (shares["specialist"] - shares["front line"])',
    ),
    Question(
        id="60-7",
        title="Nora's note to the director",
        level="decide",
        goals=(1, 2, 4),
        points=4,
        hints=("Begin with the worst hour; then say what your plan costs against today.",),
        prompt="The director asks whether the desk needs more money. Write him Nora's note in 60 to 160 words: where "
        "the promise is broken, what you would change and what it costs, how you know that the plan will hold, and "
        "what a late answer does to customers.",
        kind=Plan(
            rubric={
                "Names the worst hour with its share and interval, not the mean": 1,
                "A plan by hour with its cost against today's": 1,
                "How the plan was judged, with a figure, and where it may fail": 1,
                "The effect of a late answer from the trial, with its interval": 1,
            },
            model="No more money at first: other hours. In the hour from {figure.hour} only {figure.within} of all "
            "callers are answered within a minute ({figure.within_low} to {figure.within_high}), those who hang up "
            "counted. The mean of the day hides it. My plan takes {figure.hours} agent hours a day and costs "
            "{figure.plan}; four in each hour, as today, cost {figure.today}. The formula behind it agrees with "
            "{figure.held} of {figure.of} observed hours. When this staff answers our own calls once more, "
            "{figure.again} are in time, and {figure.lowest} in the worst hour, so I would keep one agent in reserve "
            "on Mondays. Late written answers cost customers: by the trial {figure.harm} of a hundred fewer buy again "
            "({figure.harm_low} to {figure.harm_high}). The gap in our reports is much larger, because hard cases wait "
            "longer. I count again after a month, and after each change of opening hours.",
            figures=_figures,
            minimum_words=60,
        ),
    ),
]


QUIZ = [
    QuizQuestion(
        "A desk answers 80 % of its callers within a minute. What do you know about the hour from 11 to 12?",
        [
            Option("80 % are answered within a minute", "The mean says nothing about one hour."),
            Option(
                "Nothing yet",
                "With the same staff in all hours, a busy hour can lie far below the mean.",
                right=True,
            ),
            Option(
                "At least 80 %, because the promise is kept", "The promise is kept on average only."
            ),
        ],
    ),
    QuizQuestion(
        "Of 100 callers 70 are answered within a minute, 10 later, and 20 hang up. What is the service level?",
        [
            Option("70 %", "All 100 wanted an answer, and 70 got it in time.", right=True),
            Option("88 %", "You left out the 20 who hung up. They were not answered in time."),
            Option("90 %", "You counted those who hung up as answered in time."),
        ],
    ),
    QuizQuestion(
        "The agents are busy 55 % of their time. The director wants 95 %. What happens?",
        [
            Option("The same service for less money", "At 95 % there is hardly ever a free agent."),
            Option(
                "Waits grow many times over, and many hang up",
                "Without free time nobody is there to answer at once.",
                right=True,
            ),
            Option(
                "Waits nearly double, as the busy time does", "Waits grow much faster than that."
            ),
        ],
    ),
    QuizQuestion(
        "Those who hung up had waited for one minute and a half on average. How patient are callers?",
        [
            Option("One minute and a half", "Those are the least patient of all."),
            Option(
                "More patient: those who were answered might have waited longer",
                "Their patience had not ended when they were answered.",
                right=True,
            ),
            Option("Less patient: some hung up at once", "They are in the mean already."),
        ],
    ),
    QuizQuestion(
        "Customers who waited over a day buy less. When does that show what the wait does?",
        [
            Option(
                "When there are enough of them",
                "A large sample makes a biased figure precise, but not right.",
            ),
            Option(
                "When chance decided who waited",
                "Then nothing else makes the two groups differ.",
                right=True,
            ),
            Option(
                "When hard cases are compared with hard cases",
                "That helps. But upset customers may have to wait longer, and nobody noted that.",
            ),
        ],
    ),
]
