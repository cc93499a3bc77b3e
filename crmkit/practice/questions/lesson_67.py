"""Lesson 67: the system behind the desk."""

from __future__ import annotations

from typing import Any

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
from crmkit.reactivation import adjusted_effects
from crmkit.relations import (
    agent_effects,
    arrival_profile,
    best_split,
    desk_gains,
    desk_rules,
    mix_people,
    patience,
    project_outcome,
    project_risk,
    separate,
    simulate_desk,
    two_gears,
)

TITLE = "The system behind the desk"

PARTS = ("data", "adoption", "features")
NARROW = "answer in one call"


def apart(data: Tables) -> pd.DataFrame:
    """Calls with separate screens."""
    calls = data.load("agent_calls")
    return calls[(calls["period"] == "before") | (calls["view"] == "separate")]


def added(data: Tables, outcome: str = "wrong", term: str = "system", how: str = "") -> float:
    """What a term adds to an outcome; wrong answers in percentage points. `how`: a wrong way."""
    calls = data.load("agent_calls") if how == "all calls" else apart(data)
    if how == "control only":
        calls = calls[calls["view"] == "separate"]
    if how == "before only":
        calls = calls[calls["period"] == "before"]
    if how in ("one to two", "one to three"):
        share = calls.groupby("systems")[outcome].mean()
        return 100 * float(share[2 if how == "one to two" else 3] - share[1])
    found = desk_rules(calls, [outcome]).set_index("term")["estimate"]
    return float(found[term]) * (100 if outcome == "wrong" else 1)


def kept(
    data: Tables, share: float = 0.08, outcome: str = "wrong", how: str = "", seed: int = 67
) -> float:
    """Per cent of the gain that is kept with so many customers mixed up; `how`: a wrong way."""
    owner = data.load_truth("record_owners").set_index("record_id")["customer_id"]
    calls = data.load("desk_calls")
    mixed, rules = mix_people(owner, share, seed=seed), desk_rules(apart(data))
    bases = {"separate": separate(owner), "perfect": owner, "mixed": mixed}
    answered = simulate_desk(calls[calls["answered"]], owner, bases, rules, seed=seed)
    found = desk_gains(answered, "separate", best="perfect", outcomes=[outcome])
    row = found.set_index("database").loc["mixed"]
    if how == "points":
        return 100 * float(row["effect"])
    if how == "level":
        return 100 * float(row["mean"])
    if how == "lost":
        return 100 * (1 - float(row["kept"]))
    return 100 * float(row["kept"])


def training(
    data: Tables, outcome: str = "handling_minutes", control: str = "joined", how: str = ""
) -> float:
    """Effect of the joined view with training, compared with another view; `how`: a wrong way."""
    calls = data.load("agent_calls")
    if how == "two effects":
        return training(data, outcome, "separate") - float(
            agent_effects(calls, [outcome]).set_index("view")["effect"]["joined"]
        )
    if how:
        calls = calls[calls["period"] == "trial"] if how != "all periods" else calls
        if how == "opened only":
            calls = calls[calls["opened"]]
        mean = calls.groupby("view")[outcome].mean()
        return float(mean["joined, trained"] - mean[control])
    found = agent_effects(calls, [outcome], control=control).set_index("view")["effect"]
    return float(found["joined, trained"])


def suggestion(
    data: Tables, arm: str = "next best", control: str = "best seller", how: str = ""
) -> float:
    """Margin in 90 days that an arm brings more than another, adjusted; `how`: a wrong way."""
    people = data.load("offer_trial")
    if how == "plain":
        mean = people.groupby("arm")["margin_90d"].mean()
        return float(mean[arm] - mean[control])
    if how == "growth":
        mean = (people["margin_90d"] - people["margin_before"]).groupby(people["arm"]).mean()
        return float(mean[arm] - mean[control])
    if how == "two effects":
        return suggestion(data, arm, "no suggestion") - suggestion(data, control, "no suggestion")
    if how == "said yes":
        people = people[people["said_yes"]]
    found = adjusted_effects(people, "margin_90d", ["margin_before"], control=control)
    return float(found.set_index("arm")["effect"][arm])


def money(
    data: Tables, budget: float = 90, aim: str = NARROW, part: str = "data", how: str = ""
) -> float:
    """Money for a part in the best split; `how`: a wrong way."""
    aims = data.load("crm_aims")
    if how == "in proportion":
        row = aims.set_index("aim").loc[aim, list(PARTS)]
        return float(budget * row[part] / row.sum())
    if how == "scaled":
        return float(best_split(aims, aim)[part] * budget / aims["budget"].iloc[0])
    if how == "equal":
        return budget / len(PARTS)
    if how == "per cent":
        return 100 * float(best_split(aims, aim, budget)[part]) / budget
    return float(best_split(aims, aim, budget)[part])


def _facts(data: Tables) -> dict[str, Any]:
    desk, staff = data.load("desk_calls"), data.load("desk_staff")
    wage = staff["cost"].sum() / staff["agents"].sum()
    talk = desk[desk["answered"]].groupby("hard")["handling_minutes"].mean()
    rate = data.load("desk_enquiries").groupby(["hard", "answered_by"])["solved_first"].mean()
    top = arrival_profile(desk).nlargest(1, "load").iloc[0]
    return {
        "calls": float(top["calls"]), "hard_share": float(desk["hard"].mean()), "wage": float(wage),
        "minutes": {"simple": float(talk[False]), "hard": float(talk[True])},
        "solved": {
            "simple": float(rate[False, "front line"]), "hard": float(rate[True, "front line"]),
            "specialist": float(rate[True, "specialist"]),
        },
        "patience": float(patience(desk)["estimate"]),
    }  # fmt: skip


def solved(data: Tables, size: int = 3, how: str = "") -> float:
    """Percentage points solved more with the best number of specialists than without; `how`: a wrong way."""
    facts = _facts(data)
    wage = facts["wage"]
    table = two_gears(
        size * facts["calls"],
        facts["hard_share"],
        facts["minutes"],
        facts["solved"],
        payroll=7 * (1 if how == "old payroll" else size) * wage,
        cost=wage,
        specialist_cost=(1.0 if how == "same wage" else 1.4) * wage,
        patience_minutes=facts["patience"],
    )
    if how == "no specialists":
        return 100 * float(table["solved"].iloc[0])
    if how == "level":
        return 100 * float(table["solved"].max())
    if how == "relative":
        return 100 * float(table["solved"].max() / table["solved"].iloc[0] - 1)
    if how == "number":
        return float(table.loc[table["solved"].idxmax(), "specialists"])
    return 100 * float(table["solved"].max() - table["solved"].iloc[0])


def opened(data: Tables, view: str = "joined") -> float:
    """Per cent of calls in the trial in which agents opened the joined view."""
    calls = data.load("agent_calls")
    mine = calls[(calls["period"] == "trial") & (calls["view"] == view)]
    return 100 * float(mine["opened"].mean())


def _figures(data: Tables) -> dict[str, str]:
    pounds = data.company.money
    effects = agent_effects(data.load("agent_calls")).set_index(["outcome", "view"])
    offers = adjusted_effects(
        data.load("offer_trial"), "margin_90d", ["margin_before"], control="no suggestion"
    ).set_index("arm")
    aims = data.load("crm_aims")
    best, wide = best_split(aims, NARROW), "everything for everybody"
    risk = project_risk(aims, NARROW, best, seed=67)
    worst = project_outcome(aims, wide, best_split(aims, wide))

    def span(row: pd.Series, places: int = 1) -> str:
        return f"{row['low']:.{places}f} to {row['high']:.{places}f}"

    def thousand(sum_: float) -> str:
        return pounds(1000 * round(float(sum_)), 0)

    trained = effects.loc[("handling_minutes", "joined, trained")]
    plain = effects.loc[("handling_minutes", "joined")]
    once, every = offers.loc["next best"], offers.loc["next best, every call"]
    figures = {
        "trained": f"{trained['effect']:.1f}", "trained_span": span(trained),
        "plain": f"{plain['effect']:.1f}", "plain_span": span(plain),
        "opened": f"{opened(data):.0f}", "opened_trained": f"{opened(data, 'joined, trained'):.0f}",
        "once": pounds(once["effect"], 1), "once_span": span(once),
        "every": pounds(every["effect"], 1), "every_span": span(every),
        "data": thousand(best["data"]), "adoption": thousand(best["adoption"]),
        "features": thousand(best["features"]), "net": thousand(risk["net"]),
        "low": thousand(risk["low"]), "high": thousand(risk["high"]), "wide": thousand(worst["net"]),
    }  # fmt: skip
    return {name: text.replace("-", "−") for name, text in figures.items()}  # a minus, not a hyphen


_START = "import pandas as pd\nfrom crmkit import relations\n"
_APART = (
    'study = crmkit.load("agent_calls")\n'
    'apart = study[(study["period"] == "before") | (study["view"] == "separate")]\n'
)
_OWNER = (
    'owner = crmkit.load_truth("record_owners").set_index("record_id")["customer_id"]\n'
    'calls = crmkit.load("desk_calls").query("answered")\n'
)

PREDICTIONS = [
    Prediction(
        id="67-a",
        prompt="A perfect join saves a number of minutes a call. Which part of that does a join by e-mail address "
        "save? (per cent)",
        kind=Number(unit="%", tolerance=8),
        between=(0, 100),
        answer=None,
        why="Everybody who buys on the web has an address, but the shop's till asks nobody for one, and people have "
        "two. Records without it stay apart.",
    ),
    Prediction(
        id="67-b",
        prompt="Some agents got the joined view without training. In how many of a hundred calls did they open it?",
        kind=Number(unit="of 100", tolerance=8),
        answer=opened,
        why="A guess too high takes a system that is there for one that is used. In a call nobody has time to learn.",
    ),
    Prediction(
        id="67-c",
        prompt="With a fitting offer at the end of every call: how much more margin does a caller bring in 90 days "
        "than without any suggestion? ({company.symbol}, below 0: less)",
        kind=Number(unit="{company.symbol}", tolerance=1.5),
        answer=lambda data: suggestion(data, "next best, every call", "no suggestion"),
        why="Most people expect more, for these callers say yes most often. A yes is not yet more margin.",
    ),
]

QUESTIONS = [
    Question(
        id="67-1",
        title="Wrong answers in pieces",
        level="fill in",
        goals=(1,),
        prompt="Measure the rules on the calls with separate screens, all together. By how many percentage points does "
        "each further system with a record of the caller raise the share of wrong answers? (two decimals)",
        kind=Number(unit="percentage points", tolerance=0.005),
        points=1,
        reference=added,
        right="Each system that the agent does not see is a fact that may be missing. This rule drives the simulation, "
        "so it is measured and not guessed.",
        hints=(
            "`relations.desk_rules(apart)` has a row for each outcome and term.",
            'The outcome is "wrong", the term "system"; the share is in `estimate`.',
            "`rules.query(\"outcome == 'wrong' and term == 'system'\")[\"estimate\"]`, times 100",
        ),
        misconceptions=(
            Misconception(
                "what a hard case adds",
                lambda data: added(data, term="hard"),
                "That is what a hard case adds. The question is about one further system.",
            ),
            Misconception(
                "the call with one record",
                lambda data: added(data, term="start"),
                "That is a simple call of a caller with one record. What does one system more add?",
            ),
            Misconception(
                "all calls, with the joined view too",
                lambda data: added(data, how="all calls"),
                "Calls with the joined view are among yours. Take those with separate screens: before the trial, and "
                "the control group in it.",
            ),
            Misconception(
                "the control group only",
                lambda data: added(data, how="control only"),
                "You took the agents of the control group. Before the trial all agents had separate screens: their "
                "calls count too.",
            ),
            Misconception(
                "calls before the trial only",
                lambda data: added(data, how="before only"),
                "You took calls before the trial. The control group had separate screens in it as well.",
            ),
            Misconception(
                "one record against two",
                lambda data: added(data, how="one to two"),
                "You compared callers with one and with two records. The rule uses all calls, and allows for hard "
                "cases.",
            ),
            Misconception(
                "one record against three",
                lambda data: added(data, how="one to three"),
                "That is the step from one record to three. What does *each* further system add?",
            ),
            Misconception(
                "questions asked again",
                lambda data: added(data, "repeats"),
                "That is about questions asked again. The question is about wrong answers.",
            ),
            Misconception(
                "minutes",
                lambda data: added(data, "handling_minutes"),
                "That is in minutes of a call. The question is about wrong answers.",
            ),
            Misconception(
                "the share of wrong answers",
                lambda data: 100 * float(apart(data)["wrong"].mean()),
                "That is how many calls get a wrong answer. How many more are there for each further system?",
            ),
        ),
        starter='rules = relations.desk_rules(apart).set_index(["outcome", "term"])\n'
        'share = rules.loc[("____", "____"), "estimate"]',
        solution="Measure the rules on calls with separate screens, and read what one system more adds to wrong "
        "answers.",
        code=_START
        + _APART
        + 'rules = relations.desk_rules(apart).set_index(["outcome", "term"])\n'
        'answer = 100 * rules.loc[("wrong", "system"), "estimate"]',
    ),
    Question(
        id="67-2",
        title="Eight per cent mixed up",
        level="change",
        goals=(2,),
        truth=("record_owners",),
        prompt="Spoil the perfect join: 8 % of the customers are mixed up (`mix_people` with `seed=67`). Let the "
        "desk's answered calls run with it, with separate databases and with the perfect join (`seed=67` again). Which "
        "part of the perfect join's gain in *wrong answers* is kept? (per cent, two decimals)",
        kind=Number(unit="%", tolerance=0.005),
        points=2,
        reference=kept,
        right="A few mixed-up customers cost a larger part of the gain than their number says: each of them gets wrong "
        "answers in half of the calls.",
        hints=(
            "Three databases: `relations.separate(owner)`, `owner`, `relations.mix_people(owner, 0.08, seed=67)`.",
            '`relations.desk_gains(answered, "separate", best="perfect")` has the part in `kept`.',
            "The row of the mixed database with the outcome wrong, times 100.",
        ),
        misconceptions=(
            Misconception(
                "minutes instead of wrong answers",
                lambda data: kept(data, outcome="handling_minutes"),
                "That is about minutes, which a mix-up does not change by these rules. What happens to wrong answers?",
            ),
            Misconception(
                "points instead of a part",
                lambda data: kept(data, how="points"),
                "Those are the points that are won. Which part is it of what the perfect join wins?",
            ),
            Misconception(
                "the share of wrong answers",
                lambda data: kept(data, how="level"),
                "That is the share of wrong answers itself. How much less is it than with separate databases, and "
                "which part is this of the perfect join's gain?",
            ),
            Misconception(
                "the part that is lost",
                lambda data: kept(data, how="lost"),
                "That part is lost. Which part is kept?",
            ),
            Misconception(
                "80 per cent mixed up",
                lambda data: kept(data, 0.8),
                "You mixed up 80 % of the customers. 8 % is 0.08.",
            ),
            Misconception(
                "0.8 per cent mixed up",
                lambda data: kept(data, 0.008),
                "You mixed up 0.8 % of the customers. 8 % is 0.08.",
            ),
        ),
        starter="mixed = relations.mix_people(owner, ____, seed=67)\n"
        'bases = {"separate": relations.separate(owner), "perfect": owner, "mixed": mixed}',
        solution="Let the same calls run with the three databases, and divide the gain of the mixed one by that of the "
        "perfect one.",
        code=_START + _APART + _OWNER + "mixed = relations.mix_people(owner, 0.08, seed=67)\n"
        'bases = {"separate": relations.separate(owner), "perfect": owner, "mixed": mixed}\n'
        "answered = relations.simulate_desk(calls, owner, bases, relations.desk_rules(apart), seed=67)\n"
        'gains = relations.desk_gains(answered, "separate", best="perfect", outcomes=["wrong"])\n'
        'answer = 100 * gains.set_index("database").loc["mixed", "kept"]',
    ),
    Question(
        id="67-3",
        title="What two days of training bring",
        level="change",
        goals=(3,),
        prompt="Compare agents who got the joined view *with* training with those who got it *without*. What is the "
        "effect on the minutes of a call, allowing for how agents were before? (minutes, three decimals; below 0: "
        "faster)",
        kind=Number(unit="minutes", tolerance=0.0005),
        points=2,
        reference=training,
        right="Both groups have the same program. The difference is its use, and chance decided on the training.",
        hints=(
            "`relations.agent_effects` compares with the group that `control=` names.",
            'The control group is "joined" here.',
            '`relations.agent_effects(study, ["handling_minutes"], control="joined")`, row “joined, trained”',
        ),
        misconceptions=(
            Misconception(
                "compared with separate screens",
                lambda data: training(data, control="separate"),
                "That compares with separate screens. What does training add to the view?",
            ),
            Misconception(
                "two effects subtracted",
                lambda data: training(data, how="two effects"),
                "You subtracted two effects against separate screens. That is near, and has no interval: compare the "
                "two groups with the view directly.",
            ),
            Misconception(
                "difference of all calls in the trial",
                lambda data: training(data, how="calls"),
                "You compared plain means of calls. How fast were these agents before the trial? `agent_effects` "
                "allows for it.",
            ),
            Misconception(
                "calls before the trial counted too",
                lambda data: training(data, how="all periods"),
                "You averaged over calls before the trial, too. Then nobody had the view.",
            ),
            Misconception(
                "only calls in which the view was opened",
                lambda data: training(data, how="opened only"),
                "You kept calls in which the view was opened. Agents chose these calls, chance did not.",
            ),
            Misconception(
                "another outcome",
                lambda data: training(data, "repeats"),
                "That is about questions asked again. The question is about minutes.",
            ),
        ),
        starter='effects = relations.agent_effects(study, ["handling_minutes"], control="____")\n'
        'row = effects.set_index("view").loc["joined, trained"]',
        solution="The same helper with the untrained agents as control group.",
        code=_START + 'study = crmkit.load("agent_calls")\n'
        'effects = relations.agent_effects(study, ["handling_minutes"], control="joined")\n'
        'answer = effects.set_index("view").loc["joined, trained", "effect"]',
    ),
    Question(
        id="67-4",
        title="The fitting offer against the best seller",
        level="explore",
        goals=(4,),
        prompt="One suggestion each: how much more margin in 90 days does the *next best offer* bring than the *best "
        "seller*, allowing for the margin before? ({company.symbol} a caller, two decimals)",
        kind=Number(unit="{company.symbol}", tolerance=0.005),
        points=2,
        reference=suggestion,
        right="Both groups heard one suggestion. The difference is what the agent's joined view adds: knowing what the "
        "caller has.",
        hints=(
            "`adjusted_effects` compares with the group that `control=` names.",
            'The control group is "best seller", the covariate "margin_before".',
            "The row of the arm “next best”, column `effect`.",
        ),
        misconceptions=(
            Misconception(
                "compared with no suggestion",
                lambda data: suggestion(data, control="no suggestion"),
                "That compares with no suggestion. How much better is it than the best seller?",
            ),
            Misconception(
                "two effects subtracted",
                lambda data: suggestion(data, how="two effects"),
                "You subtracted two effects against no suggestion. That is near, and has no interval: name the best "
                "seller as control group.",
            ),
            Misconception(
                "every call",
                lambda data: suggestion(data, "next best, every call"),
                "That is the offer at every call. The question is about one.",
            ),
            Misconception(
                "plain means",
                lambda data: suggestion(data, how="plain"),
                "You compared plain means. What callers bought before explains a large part of the noise: allow for "
                "it.",
            ),
            Misconception(
                "growth since before",
                lambda data: suggestion(data, how="growth"),
                "You compared how much margin has changed. That takes the margin before in full; the regression takes "
                "as much of it as predicts.",
            ),
            Misconception(
                "only those who said yes",
                lambda data: suggestion(data, how="said yes"),
                "You kept those who said yes. Chance did not choose them.",
            ),
        ),
        starter='effects = adjusted_effects(people, "margin_90d", ["margin_before"], control="____")',
        solution="The same regression with the best seller as control group.",
        code="from crmkit.reactivation import adjusted_effects\n"
        'people = crmkit.load("offer_trial")\n'
        'effects = adjusted_effects(people, "margin_90d", ["margin_before"], control="best seller")\n'
        'answer = effects.set_index("arm").loc["next best", "effect"]',
    ),
    Question(
        id="67-5",
        title="The board gives less",
        level="explore",
        goals=(5,),
        prompt="The board gives 90 thousand in place of what the table says. The aim is “answer in one call”. How much "
        "of it should go into *data* in the best split? (thousand {company.currency}, two decimals)",
        kind=Number(unit="thousand", tolerance=0.005),
        points=2,
        reference=money,
        right="With less money no part is dropped. All get less, but not in proportion: what is cheap stays nearly "
        "whole.",
        hints=(
            "`relations.best_split` has `budget=`.",
            "It gives the money for each part: take data.",
            '`relations.best_split(aims, "answer in one call", budget=90)["data"]`',
        ),
        misconceptions=(
            Misconception(
                "the table's budget",
                lambda data: money(data, 120),
                "That is with the budget of the table. The board gives 90.",
            ),
            Misconception(
                "the old split, made smaller",
                lambda data: money(data, how="scaled"),
                "You made the old split smaller in proportion. Is the next pound worth the same everywhere then?",
            ),
            Misconception(
                "in proportion to what parts need",
                lambda data: money(data, how="in proportion"),
                "You split in proportion to the sums of the table. What does the next pound bring in each part?",
            ),
            Misconception(
                "a third each",
                lambda data: money(data, how="equal"),
                "That is a third. The parts do not need the same.",
            ),
            Misconception(
                "per cent of the budget",
                lambda data: money(data, how="per cent"),
                "That is in per cent of the money. The question asks for the sum.",
            ),
            Misconception(
                "another part",
                lambda data: money(data, part="adoption"),
                "That is for adoption. The question is about data.",
            ),
            Misconception(
                "another aim",
                lambda data: money(data, aim="suggest the next offer"),
                "That is for another aim. The aim is to answer in one call.",
            ),
        ),
        starter='split = relations.best_split(aims, "answer in one call", budget=____)',
        solution="The best split with another budget.",
        code=_START + 'aims = crmkit.load("crm_aims")\n'
        'answer = relations.best_split(aims, "answer in one call", budget=90)["data"]',
    ),
    Question(
        id="67-6",
        title="Three desks put together",
        level="explore",
        goals=(5,),
        elsewhere="a desk three times as large",
        prompt="Three desks like this one are put together: three times the calls of the busiest hour, and three times "
        "the payroll of seven agents. A specialist costs 1.4 times an agent. By how many percentage points is the "
        "share solved at first contact higher with the best number of specialists than without any? (three decimals)",
        kind=Number(unit="percentage points", tolerance=0.0005),
        points=3,
        reference=solved,
        right="Put together, the specialists' line is long enough to be answered in time. That is why service centres "
        "are large, and why small desks share specialists.",
        hints=(
            "The cells of the lesson have all that is needed: only the number of desks changes.",
            "`relations.two_gears(3 * top.calls, ..., payroll=3 * 7 * wage, ...)`",
            "The largest value in `solved` less the first one, times 100.",
        ),
        misconceptions=(
            Misconception(
                "one desk",
                lambda data: solved(data, 1),
                "That is one desk. Three are put together.",
            ),
            Misconception(
                "four desks",
                lambda data: solved(data, 4),
                "That is the desk of the lesson, four times as large. Here three are put together.",
            ),
            Misconception(
                "relative to no specialists",
                lambda data: solved(data, how="relative"),
                "You divided by the share without specialists. Percentage points are a plain difference.",
            ),
            Misconception(
                "the payroll of one desk",
                lambda data: solved(data, how="old payroll"),
                "You have the calls of three desks and the payroll of one.",
            ),
            Misconception(
                "the share solved",
                lambda data: solved(data, how="level"),
                "That is the share solved with the best number. How large is it without specialists?",
            ),
            Misconception(
                "without specialists",
                lambda data: solved(data, how="no specialists"),
                "That is the share without specialists. How much more is it with the best number of them?",
            ),
            Misconception(
                "specialists at an agent's wage",
                lambda data: solved(data, how="same wage"),
                "You pay specialists like agents. They cost 1.4 times as much.",
            ),
            Misconception(
                "the number of specialists",
                lambda data: solved(data, how="number"),
                "That is how many specialists are best. How many more callers are solved with them?",
            ),
        ),
        starter="table = relations.two_gears(____ * top.calls, hard, minutes, solved, payroll=____ * 7 * wage,\n"
        "    cost=wage, specialist_cost=1.4 * wage, patience_minutes=patient)",
        solution="Three times the calls and the payroll; the largest share solved less the first.",
        code=_START + 'desk, staff = crmkit.load("desk_calls"), crmkit.load("desk_staff")\n'
        'wage = staff["cost"].sum() / staff["agents"].sum()\n'
        'top = relations.arrival_profile(desk).nlargest(1, "load").iloc[0]\n'
        'talk = desk[desk["answered"]].groupby("hard")["handling_minutes"].mean()\n'
        'rate = crmkit.load("desk_enquiries").groupby(["hard", "answered_by"])["solved_first"].mean()\n'
        "table = relations.two_gears(\n"
        '    3 * top.calls, desk["hard"].mean(), talk.set_axis(["simple", "hard"]),\n'
        '    rate.set_axis(["simple", "hard", "specialist"]), payroll=3 * 7 * wage, cost=wage,\n'
        '    specialist_cost=1.4 * wage, patience_minutes=relations.patience(desk)["estimate"],\n'
        ")\n"
        'answer = 100 * (table["solved"].max() - table["solved"].iloc[0])',
    ),
    Question(
        id="67-7",
        title="What Nora tells the board",
        level="decide",
        goals=(1, 3, 5),
        points=4,
        prompt="The seller of software proposes everything for everybody, mostly features. Write Nora's answer in 60 "
        "to 150 words: the aim, and which kind of system it needs first; how the money is split, with the reason; what "
        "the trial with agents says, with intervals; what you would watch.",
        hints=(
            "First the aim, then the three parts, then the evidence of the trial. Say what is a model and what was "
            "measured.",
        ),
        kind=Plan(
            rubric={
                "One aim, and the kind of system it needs, with a reason": 1,
                "A split in which no part gets nothing, with figures, said to be a model's": 1,
                "What the trial with agents shows, with intervals, training apart": 1,
                "What is watched: use, mix-ups or wrong answers, margin against a control group": 1,
            },
            model="I would aim at answering in one call. For this we need a collaborative system first: one view for "
            "all channels. Of the money {figure.data} go into data, {figure.adoption} into adoption, {figure.features} "
            "into features, because the three multiply. By the model that brings {figure.net} net ({figure.low} to "
            "{figure.high}); everything for everybody ends at {figure.wide} even with its best split. The trial is "
            "evidence: with training the view changed calls by {figure.trained} minutes ({figure.trained_span}), "
            "without by {figure.plain} ({figure.plain_span}); it was opened in {figure.opened_trained} against "
            "{figure.opened} of 100 calls. One fitting offer brings {figure.once} ({figure.once_span}) a caller, one "
            "at every call {figure.every} ({figure.every_span}). We watch how often the view is opened, wrong answers "
            "and mixed-up customers each week, and margin against callers without a suggestion.",
            figures=_figures,
            minimum_words=60,
        ),
    ),
]

QUIZ = [
    QuizQuestion(
        "A fitter sees the next visits on a telephone and closes each job there. What kind of system is that?",
        [
            Option("operational", "It carries out the service, on the road.", right=True),
            Option("collaborative", "Does it join channels, or carry out a step?"),
            Option("analytical", "What does it learn?"),
        ],
    ),
    QuizQuestion(
        "Why does each call in the simulation have the same luck with every database?",
        [
            Option("So that the simulation is quick", "It would be as quick with other luck."),
            Option(
                "So that a difference comes from the database alone",
                "Long and short calls are the same on both sides, and cancel.",
                right=True,
            ),
            Option(
                "So that the result is the same as in the trial", "A trial has other calls and people."
            ),
        ],
    ),
    QuizQuestion(
        "Calls in which the joined view was opened took longer. What do you conclude?",
        [
            Option("The view slows agents down", "In which calls do agents open it?"),
            Option("The view should be opened in each call", "That does not follow either."),
            Option(
                "Nothing yet: agents chose the calls",
                "They open it in hard cases. Compare agents with agents, as chance chose them.",
                right=True,
            ),
        ],
    ),
    QuizQuestion(
        "Twenty agents with the view took 800 calls, and twenty without took 800. How many numbers does the comparison "
        "rest on?",
        [
            Option("1,600", "Calls of one agent are alike. What did chance choose?"),
            Option("40", "One for each agent that chance chose.", right=True),
            Option("2", "Then there could be no interval."),
        ],
    ),
    QuizQuestion(
        "Offers at every call get most yes. Why is that no success?",
        [
            Option("Yes is never a sale", "Here each yes is a sale."),
            Option(
                "Some would have bought anyway, and annoyed callers buy less of the rest",
                "Only the margin of the whole group, against a control group, shows both.",
                right=True,
            ),
            Option("The offers cost too much of the agents' time", "That comes on top. What do callers buy?"),
        ],
    ),
    QuizQuestion(
        "Data work to 90 %, features to 90 %, and nobody was trained, so adoption is 0. How well does it work?",
        [
            Option("to 60 %, the mean", "What does an unopened screen answer?"),
            Option("to 0 %", "0.9 × 0 × 0.9. What needs each other multiplies.", right=True),
            Option("to 81 %", "That leaves adoption out."),
        ],
    ),
]  # fmt: skip
