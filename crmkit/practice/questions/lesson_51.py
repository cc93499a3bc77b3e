"""Lesson 51: all must-haves are met, or there is no sale."""

from __future__ import annotations

import pandas as pd

from crmkit.practice.kinds import Choice, Number, Plan, Several
from crmkit.practice.question import (
    Misconception,
    Option,
    Prediction,
    Question,
    QuizQuestion,
    Tables,
)
from crmkit.practice.questions.lesson_50 import BY, others, register, survey
from crmkit.prospects import (
    criteria_met,
    forecast_offers,
    open_to,
    points_of,
    trial_results,
    weighted_shares,
)

TITLE = "All must-haves or no sale"


def half_the_points(data: Tables) -> float:
    """Of a hundred non-customers who lack a must-have, those with half of their points or more."""
    asked = others(data)
    offer = data.load("trial_offers").set_index("offer").iloc[0]
    points = points_of(asked, data.load("market_needs"), offer).to_numpy()
    return 100 * float((points[~asked["must_haves"].to_numpy()] >= 0.5).mean())


def trial(data: Tables, *, by_kind: bool = True) -> pd.DataFrame:
    """The trial among those surveyed, with their kinds."""
    table = data.load("market_trial").merge(survey(data)[["person_id", "kind"]])
    return table if by_kind else table.drop(columns="kind")


def best_offer(data: Tables) -> str:
    """The letter of the changed offer that won most in the trial."""
    share = trial_results(trial(data))["share"].drop("today")
    return {"basic": "a", "evening": "b", "hire": "c"}[str(share.idxmax())]


def one_missing(data: Tables, how: str = "") -> float:
    """Of the non-customers who lack a must-have, the share who lack exactly one, per cent."""
    asked = others(data)
    count = asked["lacks"].str.split(", ").map(len).where(asked["lacks"] != "", 0)
    if how == "of all":
        return 100 * float((count == 1).mean())
    if how == "at least one":
        return 100 * float((count > 0).mean())
    if how == "more":
        return 100 * float((count > 1).sum() / (count > 0).sum())
    if how == "refusing":
        return 100 * float((count == 1).sum() / (asked["kind"] == "refusing").sum())
    if how == "people":
        return float((count == 1).sum())
    if how == "customers too":
        lacks = survey(data)["lacks"]
        return 100 * float((~lacks[lacks != ""].str.contains(",")).mean())
    if how == "alone":
        alone = (count == 1) & (asked["fails"] == "must_haves")
        return 100 * float(alone.sum() / (count > 0).sum())
    return 100 * float((count == 1).sum() / (count > 0).sum())


def ready_set(data: Tables, how: str = "") -> dict[str, float]:
    """Share of the non-customer households open to today's set made ready to use, at 26; and its lower end."""
    people, needs = survey(data), data.load("market_needs")
    offer = data.load("trial_offers").set_index("offer").iloc[0].copy()
    if how not in ("not ready", "today"):
        offer["ready"] = 1
    if how not in ("old price", "today"):
        offer["price"] = 26
    if how == "others only":
        people = people[~people["customer"]].reset_index(drop=True)
    met = criteria_met(people, needs, offer)
    columns = {"no price": ["project", "must_haves"], "one criterion": ["must_haves"]}.get(
        how, ["project", "must_haves", "pay"]
    )
    people["open"] = met[columns].all(axis=1).to_numpy()
    among = None if how == "everybody" else ~people["customer"]
    row = weighted_shares(people, "open", register(data), BY, among=among).loc[True]
    share = row["plain"] if how == "plain" else row["share"]
    low = row["high"] if how == "upper end" else row["low"]
    return {"share": 100 * float(share), "low": 100 * float(low)}


def without_first(data: Tables, how: str = "") -> dict[str, float]:
    """Share of the sets that lacked the customer's first kept need: of those bought, and of all; per cent."""
    shelf, ratings = data.load("shelf_choices"), data.load("need_ratings")
    ratings = ratings[ratings["need"] != "affordable"]
    column = "rating" if how == "rating" else "keep_rank"
    if how == "first of all":  # the customers whose very first need is another are lost
        ratings = ratings[ratings["keep_rank"] == 1]
        shelf = shelf[shelf["customer_id"].isin(ratings["customer_id"])].reset_index(drop=True)
    order = ratings.sort_values(column, ascending=how not in ("rating", "last"), kind="stable")
    need = order.drop_duplicates("customer_id").set_index("customer_id")["need"]
    own = need[shelf["customer_id"]].to_numpy()
    met = pd.Series([row[one] for row, one in zip(shelf.to_dict("records"), own, strict=True)])
    lacked = 100 * (1 - met if how != "had it" else met)
    found = {"bought": float(lacked[shelf["chosen"].to_numpy() == 1].mean())}
    found["shelf"] = float(lacked.mean())
    if how == "not bought":
        found["shelf"] = float(lacked[shelf["chosen"].to_numpy() == 0].mean())
    if how == "of all sets":
        found["bought"] = float((lacked * (shelf["chosen"].to_numpy() == 1)).mean())
    if how == "swapped":
        found = {"bought": found["shelf"], "shelf": found["bought"]}
    return found


def hire_or_cheap(data: Tables, how: str = "") -> dict[str, float]:
    """How many points more of the refusing buy when told of hiring than of the cheap set, and the lower end."""
    table = trial(data)
    kind = {"near": "near"}.get(how, "refusing")
    if how != "everybody":
        table = table[table["kind"] == kind]
    row = trial_results(table, against="today" if how == "today" else "basic").loc["hire"]
    if how == "share":
        return {"more": 100 * float(row["share"]), "low": 100 * float(row["low"])}
    low = row["more_high"] if how == "upper end" else row["more_low"]
    if how == "normal":
        share = table.groupby("offer")["bought"].agg(["mean", "size"]).loc[["hire", "basic"]]
        error = (share["mean"] * (1 - share["mean"]) / share["size"]).sum() ** 0.5
        low = row["more"] - 1.96 * error
    if how == "low of the share":
        low = row["low"]
    return {"more": 100 * float(row["more"]), "low": 100 * float(low)}


def _figures(data: Tables) -> dict[str, str]:
    people, offers = survey(data), data.load("trial_offers")
    people = people.join(open_to(people, data.load("market_needs"), offers), on="person_id")
    table = trial(data)
    told = table.loc[(table["offer"] == "today") & (table["kind"] == "near"), "bought"]
    found = forecast_offers(
        people,
        list(offers["offer"]),
        register(data),
        BY,
        bought=int(told.sum()),
        told=len(told),
        among=~people["customer"],
    )
    kinds = trial_results(table, ["kind"], against="today")
    hire, row = found.loc["hire"], kinds.loc[("refusing", "hire")]
    asked = others(data)
    offer = offers.set_index("offer").loc["hire"]
    still = criteria_met(asked, data.load("market_needs"), offer)
    lacks = still.loc[~still["must_haves"], "lacks"].str.split(", ").explode().value_counts()
    return {
        "open": f"{hire['open']:.0%}",
        "share": f"{hire['share']:.0%}",
        "low": f"{hire['low']:.0%}",
        "high": f"{hire['high']:.0%}",
        "today": f"{found.loc['today', 'share']:.0%}",
        "basic": f"{found.loc['basic', 'share']:.0%}",
        "trial": f"{row['share']:.0%}",
        "trial_low": f"{row['low']:.0%}",
        "trial_high": f"{row['high']:.0%}",
        "cheap": f"{kinds.loc[('refusing', 'basic'), 'share']:.0%}",
        "refused": f"{1 - hire['open']:.0%}",
        "missing": str(lacks.index[0]),
    }


_LOAD = (
    "from crmkit import prospects\n"
    "company = crmkit.company()\n"
    'areas, needs = crmkit.load("market_areas"), crmkit.load("market_needs")\n'
    'offers = crmkit.load("trial_offers").set_index("offer")\n'
    'today = offers.loc["today"]\n'
    'people = crmkit.load("market_people").merge(crmkit.load("market_invited")).merge(areas)\n'
    'people["customer"] = people["buys_at"] == company.name\n'
    "people = people.merge(prospects.criteria_met(people, needs, today))\n"
    "people = people.join(prospects.kinds_of_people(people))\n"
)

PREDICTIONS = [
    Prediction(
        id="51-a",
        prompt="Each person ranked four needs. Tom gives 4 points if the first is met, then 3, 2 and 1: ten at most. "
        "Take the non-customers for whom today's set lacks a must-have. For how many of a hundred of them does the set "
        "still get five points or more?",
        kind=Number(unit="of 100", tolerance=10),
        answer=half_the_points,
        why="Many people say 10 to 20. A sum of points hides what is missing: a set can have most of what somebody "
        "wants, and be refused for the rest.",
    ),
    Prediction(
        id="51-b",
        prompt="Of a hundred people at the shelf, how many screen: they have a must-have among the six needs, or a "
        "highest price that some sets on the shelf exceed?",
        kind=Number(unit="of 100", tolerance=7),
        answer=None,
        why="Many people say half, because they think of one need at a time. Each need is a must-have of a minority, "
        "and hardly anybody has none.",
    ),
    Prediction(
        id="51-c",
        prompt="Which of the three changed offers wins most of the non-customers who are told of it?",
        kind=Choice(
            {
                "a": "the low-price set: it costs least",
                "b": "today's set, brought in the evening",
                "c": "hire for a weekend, complete and ready to use",
            }
        ),
        answer=best_offer,
        why="Many people choose the price, because “too expensive” is what most say. An offer wins whom its price and "
        "*all* of its needs let in; what it leaves out shuts others out.",
    ),
]

QUESTIONS = [
    Question(
        id="51-1",
        title="One thing is missing",
        level="fill in",
        goals=(1,),
        prompt="Take the non-customers of the survey for whom today's set lacks at least one must-have. What share of "
        "them lacks exactly *one*? (per cent, two decimals, without weights)",
        kind=Number(unit="%", tolerance=0.005),
        points=1,
        reference=one_missing,
        right="For most one thing is missing. No sum of points would show which.",
        hints=(
            "`lacks` names the must-haves that are not met, with a comma between; it is empty where none is.",
            'Keep the rows with `lacks != ""`; one must-have means that there is no comma.',
            '`100 * (~others.loc[others["lacks"] != "", "lacks"].str.contains(",")).mean()`',
        ),
        misconceptions=(
            Misconception(
                "of all non-customers",
                lambda data: one_missing(data, "of all"),
                "You divided by all non-customers. The question asks about those who lack a must-have.",
            ),
            Misconception(
                "at least one",
                lambda data: one_missing(data, "at least one"),
                "That is the share of the non-customers who lack at least one. How many of these lack no second?",
            ),
            Misconception(
                "more than one",
                lambda data: one_missing(data, "more"),
                "That is the share who lack two or more. The question asks for those who lack just one.",
            ),
            Misconception(
                "of all who refuse",
                lambda data: one_missing(data, "refusing"),
                "You divided by all who refuse. Some of them fail only at the price, or have nothing to do.",
            ),
            Misconception(
                "a number of people",
                lambda data: one_missing(data, "people"),
                "That is how many people lack exactly one. Divide by all who lack a must-have.",
            ),
            Misconception(
                "customers too",
                lambda data: one_missing(data, "customers too"),
                "You took the customers too. Take `others`, the non-customers.",
            ),
            Misconception(
                "only those who fail at nothing else",
                lambda data: one_missing(data, "alone"),
                "You left out people who also cannot pay or have nothing to do. The question looks at must-haves only.",
            ),
        ),
        starter='lacking = others.loc[others["lacks"] != ____, "lacks"]',
        solution="Keep those with an entry in `lacks`, and count the entries without a comma.",
        code=_LOAD + 'lacks = people.loc[~people["customer"] & (people["lacks"] != ""), "lacks"]\n'
        'answer = 100 * (~lacks.str.contains(",")).mean()',
    ),
    Question(
        id="51-2",
        title="Today's set, made ready to use",
        level="change",
        goals=(2,),
        prompt="Change today's set: it becomes ready to use, and costs {company.symbol}26. Of the non-customer "
        "households in the surveyed areas, what share finds every criterion met? Weight by age group and home; give "
        'the share and the lower end of its 95 % interval. (`{"share": …, "low": …}`, per cent, two decimals)',
        kind=Several(
            {
                "share": Number(unit="%", tolerance=0.005),
                "low": Number(unit="%", tolerance=0.005),
            }
        ),
        points=3,
        reference=ready_set,
        right="The higher price shuts some people out; the must-have that is now met lets more people in.",
        hints=(
            'Copy the offer first: `mine = today.copy()`, then set `mine["ready"]` and `mine["price"]`.',
            "`met = prospects.criteria_met(people, needs, mine)` has three columns: all must be true. "
            '`table = people.assign(open=met[["project", "must_haves", "pay"]].all(axis=1))`',
            '`prospects.weighted_shares(table, "open", register, ["age_group", "home"], among=~table["customer"])'
            ".loc[True]`",
        ),
        misconceptions=(
            Misconception(
                "the old price",
                lambda data: ready_set(data, "old price"),
                "You left the price as it was. The changed set costs more.",
            ),
            Misconception(
                "only the price changed",
                lambda data: ready_set(data, "not ready"),
                "You changed the price and not the set. Which need does it meet now?",
            ),
            Misconception(
                "forgets the price",
                lambda data: ready_set(data, "no price"),
                "You asked for a project and the must-haves. The ability to pay is always a must-have too.",
            ),
            Misconception(
                "today's set",
                lambda data: ready_set(data, "today"),
                "That is today's set, unchanged. Give `mine` to `criteria_met`, not `today`.",
            ),
            Misconception(
                "must-haves only",
                lambda data: ready_set(data, "one criterion"),
                "You asked for the must-haves only. All three criteria must be met.",
            ),
            Misconception(
                "weights of the non-customers alone",
                lambda data: ready_set(data, "others only"),
                "You took the customers out before weighting. The register counts all households: weight everybody who "
                "answered, and name the non-customers with `among=`.",
            ),
            Misconception(
                "the upper end",
                lambda data: ready_set(data, "upper end"),
                "Your `low` is the upper end of the interval.",
            ),
            Misconception(
                "of everybody",
                lambda data: ready_set(data, "everybody"),
                "That is the share of everybody, customers too. The question asks about the non-customers.",
            ),
            Misconception(
                "the plain share",
                lambda data: ready_set(data, "plain"),
                "Your share is that of the answers as they came. The weighted one is in `share`.",
            ),
        ),
        starter='mine = today.copy()\nmine["ready"], mine["price"] = ____, ____',
        solution="Change the offer, ask for all three criteria, and weight the share among the non-customers.",
        code=_LOAD
        + 'register = crmkit.load("market_register").merge(areas[["area", "surveyed"]]).query("surveyed")\n'
        "mine = today.copy()\n"
        'mine["ready"], mine["price"] = 1, 26\n'
        "met = prospects.criteria_met(people, needs, mine)\n"
        'table = people.assign(open=met[["project", "must_haves", "pay"]].all(axis=1).to_numpy())\n'
        'row = prospects.weighted_shares(table, "open", register, ["age_group", "home"], '
        'among=~table["customer"]).loc[True]\n'
        'answer = {"share": 100 * row["share"], "low": 100 * row["low"]}',
    ),
    Question(
        id="51-3",
        title="Bought without the first need",
        level="explore",
        goals=(1,),
        elsewhere="the needs survey among customers",
        prompt="In the needs survey, take for each customer the need that is the first to be kept (leave `affordable` "
        "out: the shelf has no column for it). What share of the sets *bought* from the test shelf lacked the "
        "customer's own first need? And what share of *all* sets that stood there? "
        '(`{"bought": …, "shelf": …}`, per cent, two decimals)',
        kind=Several(
            {
                "bought": Number(unit="%", tolerance=0.005),
                "shelf": Number(unit="%", tolerance=0.005),
            }
        ),
        points=3,
        reference=without_first,
        right="Many sets on the shelf lack that need, and hardly anybody buys one of these, whatever else it has. A "
        "sum of points would let more of them pass.",
        hints=(
            "For each customer, the row of `ratings` with the smallest `keep_rank`, `affordable` left out.",
            "Put that need beside each set (`merge` on `customer_id`), and look up the set's own column of that name.",
            'With `sets = shelf.merge(first, on="customer_id")`: `[row[row["need"]] for row in '
            'sets.to_dict("records")]` is 1 where the need is met.',
        ),
        misconceptions=(
            Misconception(
                "the two the other way round",
                lambda data: without_first(data, "swapped"),
                "You named them the other way round: `bought` is about the sets that were bought.",
            ),
            Misconception(
                "the share that had it",
                lambda data: without_first(data, "had it"),
                "Those are the shares that had the need. The question asks for the sets that lacked it.",
            ),
            Misconception(
                "the sets not bought",
                lambda data: without_first(data, "not bought"),
                "For `shelf` you took the sets that were not bought. The question asks for all that stood there.",
            ),
            Misconception(
                "bought, of all sets",
                lambda data: without_first(data, "of all sets"),
                "For `bought` you divided by all sets. Divide by the sets that were bought.",
            ),
            Misconception(
                "only those with rank 1 left",
                lambda data: without_first(data, "first of all"),
                "You lost the customers who keep `affordable` first. For these, take the next need in their ranking.",
            ),
            Misconception(
                "the need rated highest",
                lambda data: without_first(data, "rating"),
                "You took the need with the highest rating. Ratings call everything important; the forced ranking is "
                "in `keep_rank`.",
            ),
            Misconception(
                "the last to be kept",
                lambda data: without_first(data, "last"),
                "You took the need that is the last to be kept. Rank 1 is the first.",
            ),
        ),
        starter='ranked = ratings[ratings["need"] != "affordable"].sort_values(["customer_id", ____])\n'
        'first = ranked.drop_duplicates("customer_id")[["customer_id", "need"]]',
        solution="One need for each customer, beside each set; then the share of sets without it, bought and all.",
        code='shelf, ratings = crmkit.load("shelf_choices"), crmkit.load("need_ratings")\n'
        'ranked = ratings[ratings["need"] != "affordable"].sort_values(["customer_id", "keep_rank"])\n'
        'first = ranked.drop_duplicates("customer_id")[["customer_id", "need"]]\n'
        'sets = shelf.merge(first, on="customer_id")\n'
        'sets["met"] = [row[row["need"]] for row in sets.to_dict("records")]\n'
        'bought = sets[sets["chosen"] == 1]\n'
        'answer = {"bought": 100 * (1 - bought["met"].mean()), "shelf": 100 * (1 - sets["met"].mean())}',
    ),
    Question(
        id="51-4",
        title="Hire, or the cheap set?",
        level="explore",
        goals=(3, 4),
        prompt="Compare two changed offers in the trial, among the *refusing* of the survey only: how many percentage "
        "points more of those told of hiring buy than of those told of the low-price set, and what is the lower end "
        'of the 95 % interval? (`{"more": …, "low": …}`, two decimals)',
        kind=Several(
            {
                "more": Number(unit="percentage points", tolerance=0.005),
                "low": Number(unit="percentage points", tolerance=0.005),
            }
        ),
        points=3,
        reference=hire_or_cheap,
        right="They were told by a draw, so the difference is the offer's doing.",
        hints=(
            "`prospects.trial_results` compares with the offer that `against=` names.",
            'Keep the refusing first: `trial[trial["kind"] == "refusing"]`. Then `against="basic"`.',
            '`row = prospects.trial_results(trial[trial["kind"] == "refusing"], against="basic").loc["hire"]`',
        ),
        misconceptions=(
            Misconception(
                "compared with today's set",
                lambda data: hire_or_cheap(data, "today"),
                "That compares with today's set. Which offer does the question name?",
            ),
            Misconception(
                "everybody in the trial",
                lambda data: hire_or_cheap(data, "everybody"),
                "You took everybody in the trial. The question asks about the refusing.",
            ),
            Misconception(
                "the near",
                lambda data: hire_or_cheap(data, "near"),
                "Those are the near. They meet every criterion of today's set already.",
            ),
            Misconception(
                "no comparison",
                lambda data: hire_or_cheap(data, "share"),
                "That is the share who hire, with its interval. How many more is it than with the cheap set?",
            ),
            Misconception(
                "the interval of the share",
                lambda data: hire_or_cheap(data, "low of the share"),
                "Your `low` belongs to the share who hire. The lower end of the difference is in `more_low`.",
            ),
            Misconception(
                "the upper end",
                lambda data: hire_or_cheap(data, "upper end"),
                "Your `low` is the upper end of the interval.",
            ),
            Misconception(
                "plus and minus 1.96 standard errors",
                lambda data: hire_or_cheap(data, "normal"),
                "Plus and minus 1.96 standard errors is rough when few bought. Take `more_low`: Newcombe's interval.",
            ),
        ),
        starter='row = prospects.trial_results(trial[trial["kind"] == ____], against=____).loc["hire"]',
        solution="Keep the refusing, compare hiring with the low-price set, and take difference and lower end.",
        code=_LOAD + 'trial = crmkit.load("market_trial").merge(people[["person_id", "kind"]])\n'
        'row = prospects.trial_results(trial[trial["kind"] == "refusing"], against="basic").loc["hire"]\n'
        'answer = {"more": 100 * row["more"], "low": 100 * row["more_low"]}',
    ),
    Question(
        id="51-5",
        title="Which offer next spring?",
        level="decide",
        goals=(2, 3, 4),
        points=4,
        hints=(
            "Whom does it win, by the forecast and by the trial? Whom does it still refuse, and for which must-have?",
        ),
        prompt="Tom wants more quality for everybody; the director wants the cheap set. Write them a note of 60 to 150 "
        "words: which offer next spring, whom it converts (forecast and trial, each with its interval), whom it still "
        "refuses and why, and what would make you change your mind.",
        kind=Plan(
            rubric={
                "An offer, and why must-haves are no points": 1,
                "Forecast and trial, with figures and an interval": 1,
                "Whom it still refuses, and for which must-have": 1,
                "What would change the decision": 1,
            },
            model="We offer hiring for a weekend beside today's set. More quality adds points, and points do not make "
            "up for a missing must-have. {figure.open} of the non-customers find every criterion met by hiring; "
            "we forecast that {figure.share} buy (95 % interval {figure.low} to {figure.high}), against "
            "{figure.today} for today's set and {figure.basic} for the cheap one. In the trial {figure.trial} of the "
            "refusing hired ({figure.trial_low} to {figure.trial_high}); {figure.cheap} bought the cheap set. It "
            "still refuses {figure.refused}: some have nothing to do, and the must-have missed most often is "
            "“{figure.missing}”. Near people need no new offer, only to hear of us. I would change my mind if people "
            "who hire bring the set back late, or if customers of today's set hire in place of buying: the trial "
            "asked non-customers only.",
            figures=_figures,
            minimum_words=60,
        ),
    ),
]


QUIZ = [
    QuizQuestion(
        "A set has five of the six things that Ada wants. The sixth is her must-have. What does she do?",
        [
            Option(
                "She buys: five of six are enough",
                "That adds up points. What is a must-have?",
            ),
            Option(
                "She does not buy it, at any price",
                "Nothing else makes up for a must-have.",
                right=True,
            ),
            Option(
                "She buys if it is cheap enough",
                "A low price is one more point. The condition is still not met.",
            ),
        ],
    ),
    QuizQuestion(
        "A model describes the choices that it has seen perfectly. How do you know that it describes people?",
        [
            Option("It fits, so it does", "A model with enough weights fits anything it has seen."),
            Option(
                "By choices that it has not seen",
                "That is what held-out tasks are for.",
                right=True,
            ),
            Option("By asking people whether they agree", "People do not know how they choose."),
        ],
    ),
    QuizQuestion(
        "Which non-customers does a changed offer win?",
        [
            Option("The near", "They meet every criterion already: they need to hear of it."),
            Option(
                "The refusing whose missing must-have it meets, and who can pay for it",
                "And only if it keeps their other must-haves.",
                right=True,
            ),
            Option("All who refuse", "Each fails at a criterion of their own."),
        ],
    ),
    QuizQuestion(
        "An offer leaves two needs out and becomes cheaper. What happens to the number of people who are open to it?",
        [
            Option("It rises: more can pay", "And those for whom one of the two is a must-have?"),
            Option("It falls: it is a worse offer", "And those who can pay only now?"),
            Option(
                "Either: some come in by the price, others are shut out",
                "Count both before you cut.",
                right=True,
            ),
        ],
    ),
]
