"""Lesson 50: three kinds of people do not buy, and each needs something else."""

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
from crmkit.prospects import (
    criteria_met,
    kinds_of_people,
    reasons_by_criteria,
    response_rates,
    stated_and_true,
    trial_results,
    weighted_shares,
)
from crmkit.reactivation import share_difference

TITLE = "Three kinds of non-customers"

BY = ["age_group", "home"]


def _sorted(data: Tables, table: pd.DataFrame) -> pd.DataFrame:
    """Add who is a customer, the three criteria, the kind, and what fails."""
    today = data.load("trial_offers").set_index("offer").iloc[0]
    table = table.merge(data.load("market_areas"))
    table["customer"] = table["buys_at"] == data.company.name
    table = table.merge(criteria_met(table, data.load("market_needs"), today))
    return table.join(kinds_of_people(table))


def survey(data: Tables) -> pd.DataFrame:
    """Everybody who answered the survey, sorted."""
    return _sorted(data, data.load("market_people").merge(data.load("market_invited")))


def others(data: Tables) -> pd.DataFrame:
    """Those of the survey who are no customers."""
    people = survey(data)
    return people[~people["customer"]]


def first_look(data: Tables) -> pd.DataFrame:
    """Everybody met in the first look, sorted."""
    return _sorted(data, data.load("market_first_look"))


def register(data: Tables, *, everywhere: bool = False) -> pd.DataFrame:
    """Households of each group: in the areas surveyed, or in all."""
    table = data.load("market_register").merge(data.load("market_areas")[["area", "surveyed"]])
    return table if everywhere else table[table["surveyed"]]


def price_is_true(data: Tables) -> float:
    """Of a hundred who say "too expensive", those for whom it is so by the criteria."""
    asked = others(data)
    found = stated_and_true(asked["stated_reason"], reasons_by_criteria(asked))
    return 100 * float(found.loc["too expensive", "share"])


def plain_is(data: Tables) -> str:
    """Whether the plain share of the near is too high (a), too low (b) or right within half a point (c)."""
    row = weighted_shares(survey(data), "kind", register(data), BY).loc["near"]
    gap = row["plain"] - row["share"]
    return "c" if abs(gap) < 0.005 else "a" if gap > 0 else "b"


def near_there(data: Tables) -> str:
    """Share of the near among non-customers of the first look against the survey: a fewer, b the same, c more."""
    table = first_look(data)
    there = table.loc[~table["customer"], "kind"] == "near"
    here = others(data)["kind"] == "near"
    _, low, high = share_difference(there.sum(), len(there), here.sum(), len(here))
    return "c" if low > 0 else "a" if high < 0 else "b"


def only_must_haves(data: Tables, how: str = "") -> float:
    """Share of the refusing who fail at the must-haves only, per cent."""
    asked = survey(data) if how == "everybody" else others(data)
    refusing = asked["kind"] == "refusing"
    alone = asked["fails"] == "must_haves"
    if how == "any":
        alone = asked["fails"].str.contains("must_haves")
    if how == "price":
        alone = asked["fails"] == "pay"
    if how == "people":
        return float((alone & refusing).sum())
    base = refusing.sum() if how in ("", "any", "price") else len(asked)
    return 100 * float((alone & refusing).sum() / base)


def unknown_near(data: Tables, how: str = "") -> dict[str, float]:
    """Of the near households, the share that does not know the company, and the lower end of its interval."""
    people = survey(data)
    table = people.assign(unknown=~people["knows_us"])
    among = table["kind"] == "near"
    if how == "others":
        among = ~table["customer"]
    if how == "everybody":
        among = among.notna()
    if how == "filtered":
        table, among = table[among], among[among]
    found = weighted_shares(
        table, "unknown", register(data, everywhere=how == "everywhere"), BY, among=among
    ).loc[how != "known"]
    share = found["plain"] if how == "plain" else found["share"]
    end = found["high"] if how == "upper" else found["low"]
    return {"share": 100 * float(share), "low": 100 * float(end)}


def before_basket(data: Tables, how: str = "") -> float:
    """Of visits whose exit answer is "too expensive", the share that ended before the basket, per cent."""
    visits = data.load("web_visitors")
    dear = visits["exit_answer"] == "too expensive"
    early = visits["left_at"].isin(["landing", "product"])
    if how == "basket":
        early = visits["left_at"].isin(["landing", "product", "basket"])
    if how == "inverse":
        return 100 * float((dear & early).sum() / early.sum())
    if how == "all":
        return 100 * float((dear & early).sum() / len(visits))
    if how == "anybody":
        return 100 * float(early.mean())
    if how == "answered":
        return 100 * float((dear & early).sum() / visits["exit_answer"].notna().sum())
    if how == "visits":
        return float((dear & early).sum())
    if how in ("landing", "product"):
        early = visits["left_at"] == how
    return 100 * float((dear & early).sum() / dear.sum())


def near_households(data: Tables, how: str = "") -> float:
    """Near households in the two areas of the first look, each area's share carried to its households."""
    table, areas = first_look(data), data.load("market_areas").set_index("area")["households"]
    if how == "like the others":
        share = weighted_shares(survey(data), "kind", register(data), BY).loc["near", "share"]
        return float(share * areas.loc[table["area"].unique()].sum())
    if how == "all four":
        unasked = data.load("market_areas").query("not surveyed")["households"].sum()
        return float((table["kind"] == "near").mean() * unasked)
    if how == "pooled":
        return float((table["kind"] == "near").mean() * areas.loc[table["area"].unique()].sum())
    if how == "others":
        table = table[~table["customer"]]
    if how == "met":
        return float((table["kind"] == "near").sum())
    share = (table["kind"] == "near").groupby(table["area"]).mean()
    if how == "rounded":
        share = share.round(2)
    found = share * areas.loc[share.index]
    return float(found.iloc[0] if how == "one area" else found.sum())


def _figures(data: Tables) -> dict[str, str]:
    people, asked = survey(data), others(data)
    shares = weighted_shares(people, "kind", register(data), BY)
    first = first_look(data)
    there = response_rates(
        first[~first["customer"]].assign(answered=lambda rows: rows["kind"] == "near"), ["area"]
    ).sort_values("share", ascending=False, kind="stable")
    areas = data.load("market_areas")
    trial = data.load("market_trial").merge(asked[["person_id", "stated_reason"]])
    dear = trial_results(trial[trial["stated_reason"] == "too expensive"], against="today")
    near, refusing = shares.loc["near"], shares.loc["refusing"]
    return {
        "near": f"{near['share']:.0%}",
        "near_low": f"{near['low']:.0%}",
        "near_high": f"{near['high']:.0%}",
        "refusing": f"{refusing['share']:.0%}",
        "must": f"{only_must_haves(data) / 100:.0%}",
        "price": f"{price_is_true(data):.0f}",
        "unexplored": f"{areas.loc[~areas['surveyed'], 'households'].sum() / areas['households'].sum():.0%}",
        "area": str(there.index[0]),
        "there": f"{there['share'].iloc[0]:.0%}",
        "there_low": f"{there['low'].iloc[0]:.0%}",
        "there_high": f"{there['high'].iloc[0]:.0%}",
        "basic": f"{dear.loc['basic', 'share']:.0%}",
        "today": f"{dear.loc['today', 'share']:.0%}",
        "hire": f"{dear.loc['hire', 'share']:.0%}",
        "unknown": f"{unknown_near(data)['share'] / 100:.0%}",
    }


_LOAD = (
    "import pandas as pd\n"
    "from crmkit import prospects\n"
    "company = crmkit.company()\n"
    'areas, needs = crmkit.load("market_areas"), crmkit.load("market_needs")\n'
    'today = crmkit.load("trial_offers").set_index("offer").loc["today"]\n'
    "def sort_people(table):\n"
    '    table = table.merge(areas).assign(customer=table["buys_at"] == company.name)\n'
    "    table = table.merge(prospects.criteria_met(table, needs, today))\n"
    "    return table.join(prospects.kinds_of_people(table))\n"
)
_PEOPLE = (
    'people = sort_people(crmkit.load("market_people").merge(crmkit.load("market_invited")))\n'
)

PREDICTIONS = [
    Prediction(
        id="50-a",
        prompt="The survey also asked how much each person can spend, and which needs are must-haves. Of 100 "
        "non-customers who *say* “too expensive”: for how many is the price the only thing in the way? (They have "
        "something to do at home, every must-have is met, and they cannot pay the price.)",
        kind=Number(unit="of 100", tolerance=7),
        answer=price_is_true,
        why="Many people believe the answer and say 60 or more. But most who say “too expensive” miss a "
        "must-have.",
    ),
    Prediction(
        id="50-b",
        prompt="Take the share of near people among all answers, without weights. Compared with the share among all "
        "households of the surveyed areas, is it …",
        kind=Choice(
            {
                "a": "too high: those who answer most are the ones who meet the criteria most",
                "b": "too low: near people are too busy to answer",
                "c": "about right: there are more than a thousand answers",
            }
        ),
        answer=plain_is,
        why="Many answers make an estimate precise, not right. Who answers depends on age and home, and so do needs "
        "and money.",
    ),
    Prediction(
        id="50-c",
        prompt="At the doors of the two areas never asked, an interviewer asked the same questions. Take both areas "
        "together. Compared with the surveyed areas, is the share of near people among non-customers …",
        kind=Choice({"a": "smaller", "b": "about the same", "c": "larger"}),
        answer=near_there,
        why="Without a look the honest answer is “unknown”. Areas are not left out at random: what keeps an "
        "interviewer away often also makes the people there different.",
    ),
]

QUESTIONS = [
    Question(
        id="50-1",
        title="A must-have, and nothing else",
        level="fill in",
        goals=(1,),
        prompt="Of the refusing people who answered the survey, what share fails at the must-haves *only*? They have "
        "something to do, and they can pay the price. (per cent of the refusing, two decimals, without weights)",
        kind=Number(unit="%", tolerance=0.005),
        points=1,
        reference=only_must_haves,
        right="A lower price alone wins none of these. Something has to be added to the offer.",
        hints=(
            "`fails` names all criteria that are not met, with a comma between.",
            'Keep the rows with `kind == "refusing"`; then ask where `fails` is exactly `"must_haves"`.',
            '`100 * (refusing["fails"] == "must_haves").mean()`',
        ),
        misconceptions=(
            Misconception(
                "counts those who fail at the price too",
                lambda data: only_must_haves(data, "any"),
                "That counts people who also fail at something else. With a must-have added, would they buy?",
            ),
            Misconception(
                "divides by all non-customers",
                lambda data: only_must_haves(data, "of others"),
                "You divided by all who are no customers. The question asks about the refusing.",
            ),
            Misconception(
                "divides by everybody",
                lambda data: only_must_haves(data, "everybody"),
                "You divided by everybody who answered, customers too. The question asks about the refusing.",
            ),
            Misconception(
                "counts those who fail at the price only",
                lambda data: only_must_haves(data, "price"),
                "Those fail at the price only. Which criterion does the question name?",
            ),
            Misconception(
                "a number of people",
                lambda data: only_must_haves(data, "people"),
                "That is how many people they are. Divide by all who refuse, and multiply by 100.",
            ),
        ),
        starter='refusing = others[others["kind"] == ____]',
        solution="Take the refusing, and count those whose only failed criterion is the must-haves.",
        code=_LOAD + _PEOPLE + 'refusing = people[people["kind"] == "refusing"]\n'
        'answer = 100 * (refusing["fails"] == "must_haves").mean()',
    ),
    Question(
        id="50-2",
        title="Near, and never heard of us",
        level="change",
        goals=(2,),
        prompt="Of the *near* households in the surveyed areas, what share does not know {company.name}? Weight by age "
        "group and home, and give the share and the lower end of its 95 % interval. `among=` takes True for the "
        'people of whom the share is taken. (`{"share": …, "low": …}`, per cent, two decimals)',
        kind=Several(
            {
                "share": Number(unit="%", tolerance=0.005),
                "low": Number(unit="%", tolerance=0.005),
            }
        ),
        points=2,
        reference=unknown_near,
        right="For these an advertisement can do the whole work. The others know us, and go elsewhere from habit.",
        hints=(
            "`prospects.weighted_shares` has `among=`: true for the people of whom the share is taken.",
            'Make a column first: `people.assign(unknown=~people["knows_us"])`. All answers stay in the table; `among` '
            "chooses.",
            '`prospects.weighted_shares(table, "unknown", register[register["surveyed"]], ["age_group", "home"], '
            'among=table["kind"] == "near").loc[True]`',
        ),
        misconceptions=(
            Misconception(
                "the plain share",
                lambda data: unknown_near(data, "plain"),
                "Your share is that of the answers as they came. The weighted one is in `share`.",
            ),
            Misconception(
                "households of all areas",
                lambda data: unknown_near(data, "everywhere"),
                "You weighted with the households of all areas. Which areas did the survey ask?",
            ),
            Misconception(
                "of all non-customers",
                lambda data: unknown_near(data, "others"),
                "That is the share among all who are no customers. The question asks about the near only.",
            ),
            Misconception(
                "of everybody",
                lambda data: unknown_near(data, "everybody"),
                "That is the share among everybody who answered. Choose the near with `among=`.",
            ),
            Misconception(
                "those who know the company",
                lambda data: unknown_near(data, "known"),
                "That is the share that knows us: the row False. Take the row True.",
            ),
            Misconception(
                "the upper end",
                lambda data: unknown_near(data, "upper"),
                "The share is right, but that is the upper end of the interval. The lower one is in `low`.",
            ),
            Misconception(
                "the near filtered before weighting",
                lambda data: unknown_near(data, "filtered"),
                "You weighted a table of near people only: then each group's near people stand for all its households. "
                "Keep all answers in the table, and choose the near with `among=`.",
            ),
        ),
        starter='table = people.assign(unknown=~people["knows_us"])\n'
        'found = prospects.weighted_shares(table, "unknown", ____, ["age_group", "home"], among=____)',
        solution="One column for those who do not know us, weighted by the surveyed areas' households, among the near.",
        code=_LOAD
        + _PEOPLE
        + 'register = crmkit.load("market_register").merge(areas[["area", "surveyed"]])\n'
        'table = people.assign(unknown=~people["knows_us"])\n'
        'row = prospects.weighted_shares(table, "unknown", register[register["surveyed"]], ["age_group", "home"],\n'
        '                                among=table["kind"] == "near").loc[True]\n'
        'answer = {"share": 100 * row["share"], "low": 100 * row["low"]}',
    ),
    Question(
        id="50-3",
        title="“Too expensive”, before any price was added up",
        level="explore",
        goals=(3,),
        elsewhere="visits to the web shop",
        prompt="Look at the visits to the web shop whose answer on leaving was “too expensive”. What share of them "
        "ended before the basket, on the landing or the product page? (per cent, two decimals)",
        kind=Number(unit="%", tolerance=0.005),
        points=2,
        reference=before_basket,
        right="More than half had seen no total and no cost of delivery when they left. The answer alone does not "
        "show what stopped them.",
        hints=(
            "Two columns: `exit_answer` and `left_at`.",
            'Keep the visits with this answer: `visits[visits["exit_answer"] == "too expensive"]`.',
            '`100 * visits[visits["exit_answer"] == "too expensive"]["left_at"].isin(["landing", "product"]).mean()`',
        ),
        misconceptions=(
            Misconception(
                "the other way round",
                lambda data: before_basket(data, "inverse"),
                "Of the visits that ended early, that is the share with this answer. Turn it round: divide by the "
                "visits with this answer.",
            ),
            Misconception(
                "the basket counted too",
                lambda data: before_basket(data, "basket"),
                "You counted the visits that ended in the basket too. The question stops before it.",
            ),
            Misconception(
                "of all visits",
                lambda data: before_basket(data, "all"),
                "You divided by all visits. Most of them gave another answer, or none.",
            ),
            Misconception(
                "whatever the answer was",
                lambda data: before_basket(data, "anybody"),
                "That is the share of all visits that ended early. Which answer does the question name?",
            ),
            Misconception(
                "the landing page only",
                lambda data: before_basket(data, "landing"),
                "You counted the landing page only. The product page lies before the basket too.",
            ),
            Misconception(
                "the product page only",
                lambda data: before_basket(data, "product"),
                "You counted the product page only. The landing page lies before the basket too.",
            ),
            Misconception(
                "of all who answered",
                lambda data: before_basket(data, "answered"),
                "You divided by all visits with an answer. Divide by those whose answer was “too expensive”.",
            ),
            Misconception(
                "a number of visits",
                lambda data: before_basket(data, "visits"),
                "That is how many visits they are. The question asks for a share, in per cent.",
            ),
        ),
        starter='dear = visits[visits["exit_answer"] == ____]',
        solution="Take the visits with this answer, and count where they ended.",
        code='visits = crmkit.load("web_visitors")\n'
        'dear = visits[visits["exit_answer"] == "too expensive"]\n'
        'answer = 100 * dear["left_at"].isin(["landing", "product"]).mean()',
    ),
    Question(
        id="50-4",
        title="How many near households were never asked?",
        level="explore",
        goals=(1, 4),
        elsewhere="areas never asked",
        prompt="In each of the two areas of the first look, take the share of near people among *all* whom the "
        "interviewer met, and multiply it by the households of that area. How many near households do both areas "
        "have together? (households, one decimal)",
        kind=Number(unit="households", tolerance=0.05),
        points=3,
        reference=near_households,
        right="Nobody had asked them before. Say with this number that it rests on some 150 people in each area.",
        hints=(
            '`first` is sorted like the survey: `kind == "near"` for each person met.',
            "One share for each area: `groupby`. Multiply it by the households of that area, which are in `areas`.",
            '`share = (first["kind"] == "near").groupby(first["area"]).mean()`',
        ),
        misconceptions=(
            Misconception(
                "like the others",
                lambda data: near_households(data, "like the others"),
                "You used the share of the surveyed areas for people whom nobody had asked. Are they like the "
                "others? The first look was made to answer that.",
            ),
            Misconception(
                "both areas as one",
                lambda data: near_households(data, "pooled"),
                "You took one share for both areas. They differ, and one has more households than the other.",
            ),
            Misconception(
                "carried to all areas never asked",
                lambda data: near_households(data, "all four"),
                "You multiplied by the households of all areas that were not surveyed. The interviewer saw only "
                "two of them.",
            ),
            Misconception(
                "of the non-customers",
                lambda data: near_households(data, "others"),
                "Your shares are of the non-customers, but you multiplied them by all households. Take the shares of "
                "all whom the interviewer met.",
            ),
            Misconception(
                "one area only",
                lambda data: near_households(data, "one area"),
                "That is one of the two areas. Add the other.",
            ),
            Misconception(
                "shares rounded first",
                lambda data: near_households(data, "rounded"),
                "You rounded the shares before you multiplied. Keep all decimals until the end.",
            ),
            Misconception(
                "people met",
                lambda data: near_households(data, "met"),
                "That is how many near people the interviewer met. For how many households do they stand?",
            ),
        ),
        starter='share = (first["kind"] == ____).groupby(first["area"]).mean()',
        solution="A share for each area, times the households of the same area, added up.",
        code=_LOAD + 'first = sort_people(crmkit.load("market_first_look"))\n'
        'share = (first["kind"] == "near").groupby(first["area"]).mean()\n'
        'answer = (share * areas.set_index("area")["households"]).sum()',
    ),
    Question(
        id="50-5",
        title="What Nadia tells the director",
        level="decide",
        goals=(1, 2, 3, 4),
        points=4,
        hints=(
            "One sentence for each of the three kinds: how many, and what they need. Then the cheap set.",
        ),
        prompt="The director wants the cheap set, because most non-customers say “too expensive”. Write him a note of "
        "60 to 150 words: what people say and what is the case, what each of the three kinds needs, what to do "
        "first, and how sure you are.",
        kind=Plan(
            rubric={
                "Stated and true reasons, with a figure": 1,
                "The three kinds, each with what it needs, two of them with figures": 1,
                "A decision that follows, on the cheap set and on what comes first": 1,
                "How sure it is: an interval, and what is still unknown": 1,
            },
            model="Do not make the cheap set yet. Of a hundred who say “too expensive”, the price is all that is in "
            "the way for {figure.price} only; in the trial the cheap set won {figure.basic} of those who say so, "
            "today's set {figure.today}, hiring for a weekend {figure.hire}. Refusing are {figure.refusing} of the "
            "households surveyed, {figure.must} of these because of a must-have alone: they need another offer. "
            "Near are {figure.near} (95 % interval {figure.near_low} to {figure.near_high}); {figure.unknown} of them "
            "do not know us, and need to hear of us. Nobody has asked {figure.unexplored} of all households. In "
            "{figure.area} {figure.there} of the non-customers met were near ({figure.there_low} to "
            "{figure.there_high}). So we advertise there first, and survey the two areas at which nobody has looked. "
            "The weights know age and home only; if busy people do not answer, we do not see it.",
            figures=_figures,
            minimum_words=60,
        ),
    ),
]


QUIZ = [
    QuizQuestion(
        "Somebody has a project and the money, misses delivery in the evening, and says “too expensive”. Which kind?",
        [
            Option("Near: the money is there", "Money is one criterion of three. What else fails?"),
            Option(
                "Refusing: a must-have fails",
                "One failed criterion is enough, whatever the person says.",
                right=True,
            ),
            Option(
                "Unexplored: the reason is unclear",
                "The criteria are known. What the person says does not change them.",
            ),
        ],
    ),
    QuizQuestion(
        "A survey has 5,000 answers, most of them from older people who own their home. What do 5,000 more of the "
        "same kind give?",
        [
            Option("The right share at last", "Those who did not answer are still missing."),
            Option(
                "A narrower interval round the same wrong share",
                "More answers only make it more precise; weights by known groups correct it.",
                right=True,
            ),
            Option("Nothing at all", "The interval does become narrower. Does it hold the truth?"),
        ],
    ),
    QuizQuestion(
        "Which kind of non-customer is an advertisement made for?",
        [
            Option(
                "Near",
                "They meet every criterion, and may not know of you.",
                right=True,
            ),
            Option(
                "Refusing",
                "A criterion fails, and an advertisement does not change that. Another offer may win them.",
            ),
            Option("Unexplored", "First you have to know who they are."),
        ],
    ),
    QuizQuestion(
        "Nobody has asked in the villages. What may a report say about them?",
        [
            Option(
                "What holds for the towns, with a wider interval",
                "An interval covers the chance in a sample. From the villages there is no sample.",
            ),
            Option(
                "“Unknown”, and what a first look would cost",
                "A first look can answer an open question. A guess only hides it.",
                right=True,
            ),
            Option("That they do not want us", "Nobody has asked them."),
        ],
    ),
]
