"""Lesson 66: the same four questions in four trades."""

from __future__ import annotations

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
from crmkit.relations import (
    before_and_after,
    clock_errors,
    loyalty_change,
    own_clock,
    pair_gaps,
    retention_by_cohort,
    silent_and_sleeping,
    story_pair,
    way_effects,
)
from crmkit.value import top_share

TITLE = "Four trades, one idea"


def clock(data: Tables, way: str = "") -> float:
    """The own clock with a year to come back, in days, and what is mistaken for it."""
    orders = data.load("orders")
    if way == "half a year":
        return float(own_clock(orders, 180)["clock_days"])
    if way == "gap":
        days = orders[["customer_id", "order_date"]].drop_duplicates()
        days = days.sort_values(["customer_id", "order_date"])
        gaps = days.groupby("customer_id")["order_date"].diff().dt.days
        return float(gaps.mean())
    found = own_clock(orders, 365)
    if way == "back":
        return 100 * float(found["back"])
    return float(found["high" if way == "high" else "clock_days"])


def alarms(data: Tables, way: str = "") -> float:
    """Share of those awake who get a wrong alarm with 60 days, per cent, and other shares."""
    who = silent_and_sleeping(data.load("orders"), data.load_truth("sleep_states"))
    days = 90 if way == "90 days" else 60
    found = clock_errors(who["silent_days"], who["asleep"], [days]).iloc[0]
    awake = ~who["asleep"]
    wrong = float((awake & (who["silent_days"] > days)).sum())
    if way == "or equal":
        return 100 * float((awake & (who["silent_days"] >= days)).sum() / awake.sum())
    if way == "of alarms":
        return 100 * wrong / float(found["alarms"])
    if way == "of all":
        return 100 * wrong / len(who)
    if way == "alarms":
        return 100 * float(found["alarms"]) / len(who)
    return 100 * float(found["missed" if way == "missed" else "wrong"])


def fifth(orders: pd.DataFrame, column: str = "margin", days: int = 365) -> float:
    """Share of the best fifth in the last year, per cent."""
    end = orders["order_date"].max()
    year = orders[orders["order_date"] > end - pd.Timedelta(days=days)]
    return 100 * float(top_share(year.groupby("customer_id")[column].sum(), 0.2))


def fifth_gap(data: Tables, way: str = "") -> float:
    """Points that the best fifth bring more at Brennick than here, and what is mistaken for it."""
    own, maker = data.load("orders"), data.other("brennick").load("orders")
    if way == "turnover":
        return fifth(maker, "turnover") - fifth(own, "turnover")
    if way == "all years":
        return fifth(maker, days=100_000) - fifth(own, days=100_000)
    if way == "times":
        return 100 * (fifth(maker) / fifth(own) - 1)
    if way == "maker":
        return fifth(maker)
    return fifth(maker) - fifth(own)


def a_year(orders: pd.DataFrame, way: str = "") -> float:
    """Deals in the last year of a customer who had any."""
    end = orders["order_date"].max()
    year = orders[orders["order_date"] > end - pd.Timedelta(days=365)]
    who = (orders if way == "all customers" else year)["customer_id"].nunique()
    return len(year) / who


def deals_ratio(data: Tables, way: str = "") -> float:
    """How many times as many orders a year a customer here has as one person at Brennick."""
    maker = data.other("brennick")
    people = maker.load("account_people").groupby("customer_id").size().mean()
    own, account = a_year(data.load("orders"), way), a_year(maker.load("orders"), way)
    if way == "person":
        return float(account / people)
    if way == "less":
        return float(own - account / people)
    part = own / account
    if way == "accounts":
        return float(part)
    if way == "divided":
        return float(part / people)
    return float(part * people)


def loyalty(data: Tables, way: str = "") -> float:
    """Change of the share who came again within half a year, in points, and other changes."""
    cohorts = retention_by_cohort(data.load("orders"), within_days=365 if way == "a year" else 180)
    found = loyalty_change({"us": cohorts}).iloc[0]
    if way == "at all":
        return 100 * float(found["at_all"])
    whole = cohorts[cohorts["within"].notna()]
    if way == "of the first":
        return 100 * float(found["change"] / whole["within"].iloc[0])
    if way == "last":
        return 100 * float(whole["within"].iloc[-1])
    if way == "first two":
        return 100 * float(whole["within"].iloc[1] - whole["within"].iloc[0])
    if way == "neighbours":
        return 100 * float(whole["within"].iloc[-1] - whole["within"].iloc[-2])
    if way == "other way round":
        return -100 * float(found["change"])
    return 100 * float(found["change"])


def floor(data: Tables, way: str = "") -> float:
    """What expanding did to turnover per square metre and quarter, and what is mistaken for it."""
    shops = data.load("partner_quarters")
    shops["per_metre"] = 1000 * shops["turnover"] / shops["area"]
    if way == "thousands":
        shops["per_metre"] = shops["turnover"] / shops["area"]
    outcome = "turnover" if way == "turnover" else "per_metre"
    if way == "last quarter":
        by = shops[shops["quarter"] == 8].groupby("way")["per_metre"].mean()
        return float(by["expands"] - by["as before"])
    changes = before_and_after(shops, outcome)
    if way == "no control":
        return float(changes.loc[changes["way"] == "expands", "change"].mean())
    if way == "against listens":
        return float(pair_gaps(changes, "expands", "listens").mean())
    if way == "after only":
        by = changes.groupby("way")["per_metre_after"].mean()
        return float(by["expands"] - by["as before"])
    effects = way_effects(changes, "as before", draws=1).set_index("way")["effect"]
    return float(effects["listens" if way == "listens" else "expands"])


def _story(data: Tables) -> tuple[float, float, float, float]:
    """The story's gap, the mean of all pairs, and the effect of expanding with its p-value."""
    changes = before_and_after(data.load("partner_quarters"), "satisfaction")
    pair = story_pair(changes, "listens", "expands")["change"]
    effects = way_effects(changes, "as before").set_index("way")
    return (
        float(pair.iloc[0] - pair.iloc[1]),
        float(pair_gaps(changes, "listens", "expands").mean()),
        float(effects.loc["listens", "effect"]),
        float(effects.loc["expands", "effect"]),
    )


def _figures(data: Tables) -> dict[str, str]:
    story, mean, listens, expands = _story(data)
    here = own_clock(data.load("orders"), 180)
    hotel = own_clock(data.other("tarnwald").load("orders"), 180)
    return {
        "here": f"{here['clock_days']:.0f}",
        "here_low": f"{here['low']:.0f}",
        "here_high": f"{here['high']:.0f}",
        "hotel": f"{hotel['clock_days']:.0f}",
        "hotel_low": f"{hotel['low']:.0f}",
        "hotel_high": f"{hotel['high']:.0f}",
        "story": f"{story:.1f}",
        "mean": f"{mean:.1f}",
        "listens": f"{listens:+.1f}",
        "expands": f"{expands:+.1f}",
        "metre": f"{data.company.symbol}{-floor(data):.0f}",
    }


_LOAD = "from crmkit import relations\n"

PREDICTIONS = [
    Prediction(
        id="66-a",
        prompt="Take 100 guests of the hotel who are truly awake: they will come again at their usual pace. How many "
        "of "
        'them does the rule "inactive after 90 days" call inactive?',
        kind=Number(unit="of 100", tolerance=10),
        answer=None,
        why="Many people say 20 or 30, because 90 days seem long. Somebody who stays at a hotel twice a year is "
        "silent for half a year, and nothing is wrong.",
    ),
    Prediction(
        id="66-b",
        prompt="Now give everybody the same time: one year after the first order. By how many points "
        "does {company.name}'s share who came again change from the first cohort to the last? (a fall is negative)",
        kind=Number(unit="points", tolerance=4),
        between=(-100, 100),
        answer=lambda data: (
            100
            * float(
                loyalty_change({"us": retention_by_cohort(data.load("orders"))})["change"].iloc[0]
            )
        ),
        why="Many people expect a fall of 10 or more, as in the share who came again at all. Most of that fall is "
        "time: older customers have had more of it.",
    ),
    Prediction(
        id="66-c",
        prompt="Now all 20 shops that listened and all 20 that expanded. How many points of satisfaction lie between "
        "the mean changes of the two?",
        kind=Number(unit="points", tolerance=0.4),
        between=(-20, 20),
        answer=lambda data: _story(data)[1],
        why="Many people stay near the story. It took the best shop of one kind and the worst of the other. The mean "
        "of all is about half of that.",
    ),
]

QUESTIONS = [
    Question(
        id="66-1",
        title="Stand a year back",
        level="fill in",
        goals=(2,),
        prompt="The lesson stood half a year back. Stand a year back: 365 days. What is {company.name}'s own clock "
        "now? (days, one decimal)",
        kind=Number(unit="days", tolerance=0.05),
        points=2,
        reference=clock,
        right="With another distance the clock moves. Act on what both distances say.",
        hints=(
            "`relations.own_clock` takes visits and how many days to stand back.",
            "Orders count as visits here. The entry is `clock_days`.",
            '`relations.own_clock(crmkit.load("orders"), 365)["clock_days"]`',
        ),
        misconceptions=(
            Misconception(
                "half a year back",
                lambda data: clock(data, "half a year"),
                "That is with 180 days. The question asks for 365.",
            ),
            Misconception(
                "the mean gap",
                lambda data: clock(data, "gap"),
                "That is the mean gap between two purchases. It knows only gaps that have ended. Who never came back?",
            ),
            Misconception(
                "an end of the interval",
                lambda data: clock(data, "high"),
                "That is an end of the interval. The estimate lies between the two ends.",
            ),
            Misconception(
                "the share who came back",
                lambda data: clock(data, "back"),
                "That is the share of customers who came back, in per cent. The question asks for days.",
            ),
        ),
        starter="answer = relations.own_clock(orders, ____)",
        solution="Give the function another distance, and take the clock.",
        code=_LOAD + 'answer = relations.own_clock(crmkit.load("orders"), 365)["clock_days"]',
    ),
    Question(
        id="66-2",
        title="A hasty rule",
        level="change",
        goals=(2,),
        truth=("sleep_states",),
        prompt='{company.name} tries "inactive after 60 days". Of the customers who are truly awake, which '
        "share gets a wrong alarm? (per cent, two decimals)",
        kind=Number(unit="%", tolerance=0.005),
        points=2,
        reference=alarms,
        right="A share of those awake compares from trade to trade; a share of the alarms also depends on how many "
        "sleep.",
        hints=(
            "`relations.silent_and_sleeping` puts each customer's silence beside the truth.",
            "`relations.clock_errors` takes the days of silence, who sleeps, and a list of clocks.",
            'The entry is `wrong`: `100 * errors["wrong"].iloc[0]`',
        ),
        misconceptions=(
            Misconception(
                "90 days",
                lambda data: alarms(data, "90 days"),
                "That is with 90 days. The question asks for 60.",
            ),
            Misconception(
                "share of the alarms",
                lambda data: alarms(data, "of alarms"),
                "That is a share of the alarms, as in lesson 72. The question asks for a share of those awake.",
            ),
            Misconception(
                "share of all customers",
                lambda data: alarms(data, "of all"),
                "You divided by all customers. The question asks for a share of those awake.",
            ),
            Misconception(
                "the sleepers who are missed",
                lambda data: alarms(data, "missed"),
                "Those are sleepers who are missed. A wrong alarm names somebody awake.",
            ),
            Misconception(
                "with the day itself",
                lambda data: alarms(data, "or equal"),
                "You counted those silent for exactly 60 days, too. Inactive is who has been silent for *more* days.",
            ),
            Misconception(
                "all alarms",
                lambda data: alarms(data, "alarms"),
                "Those are all alarms. How many of them name somebody awake?",
            ),
        ),
        starter="who = relations.silent_and_sleeping(orders, spells)\n"
        'errors = relations.clock_errors(who["silent_days"], who["asleep"], [____])',
        solution="Put silence beside the truth, count with 60 days, and take the share of those awake.",
        code=_LOAD
        + 'who = relations.silent_and_sleeping(crmkit.load("orders"), crmkit.load_truth("sleep_states"))\n'
        'errors = relations.clock_errors(who["silent_days"], who["asleep"], [60])\n'
        'answer = 100 * errors["wrong"].iloc[0]',
    ),
    Question(
        id="66-3",
        title="Who depends more on a few?",
        level="change",
        goals=(1,),
        elsewhere="another trade: the maker Brennick",
        prompt="By how many points is the best fifth's share of the margin of the last 365 days larger at Brennick "
        "than at {company.name}? (two decimals)",
        kind=Number(unit="points", tolerance=0.005),
        points=2,
        reference=fifth_gap,
        right="Where a few bring so much, losing one account is a bad year. That calls for a person who looks after "
        "it.",
        hints=(
            "`relations.four_analyses` gives the share for any company's tables; you may also compute it yourself.",
            "The last 365 days end with each company's own last order. Add up the margin of each customer.",
            '`top_share(year.groupby("customer_id")["margin"].sum(), 0.2)`, once for each company, then subtract.',
        ),
        misconceptions=(
            Misconception(
                "turnover for margin",
                lambda data: fifth_gap(data, "turnover"),
                "That is the share of the turnover. The question asks for the margin.",
            ),
            Misconception(
                "all years",
                lambda data: fifth_gap(data, "all years"),
                "That is over all years, and Brennick's tables hold more of them. Take the last 365 days of both.",
            ),
            Misconception(
                "per cent for points",
                lambda data: fifth_gap(data, "times"),
                "That says how many per cent larger it is. The question asks for the difference in points.",
            ),
            Misconception(
                "how many times",
                lambda data: 1 + fifth_gap(data, "times") / 100,
                "That says how many times as large it is. The question asks for the difference in points.",
            ),
            Misconception(
                "one company only",
                lambda data: fifth_gap(data, "maker"),
                "That is Brennick's share. How far is it from ours?",
            ),
        ),
        starter="shares = {}\n"
        'for name, table in {"here": orders, "maker": maker["orders"]}.items():\n'
        '    year = table[table["order_date"] > table["order_date"].max() - pd.Timedelta(days=____)]\n'
        '    shares[name] = 100 * top_share(year.groupby("customer_id")["margin"].sum(), 0.2)',
        solution="The same three lines for both companies, then the difference.",
        code="import pandas as pd\n\nfrom crmkit.value import top_share\n\n"
        'both = {"here": crmkit.load("orders"), "maker": crmkit.load("orders", data="brennick")}\n'
        "shares = {}\n"
        "for name, table in both.items():\n"
        '    year = table[table["order_date"] > table["order_date"].max() - pd.Timedelta(days=365)]\n'
        '    shares[name] = 100 * top_share(year.groupby("customer_id")["margin"].sum(), 0.2)\n'
        'answer = shares["maker"] - shares["here"]',
    ),
    Question(
        id="66-4",
        title="Orders of a person",
        level="change",
        goals=(3,),
        elsewhere="another trade: the maker Brennick",
        prompt="Take customers with an order in the last 365 days. At {company.name} a customer is one person. At "
        "Brennick an account has several people (the mean over all accounts in `account_people`). Divide the "
        "orders a year of a customer here by those of one *person* at Brennick. (three decimals)",
        kind=Number(unit="times", tolerance=0.0005),
        points=2,
        reference=deals_ratio,
        right="By accounts the two trades lie much closer together than by people. The unit decides what you see.",
        hints=(
            "Orders a year: the orders of the last 365 days, divided by the customers who placed them.",
            "Brennick's orders of a person: the orders of an account, divided by the people in an account.",
            '`people = maker["account_people"].groupby("customer_id").size().mean()`',
        ),
        misconceptions=(
            Misconception(
                "accounts for people",
                lambda data: deals_ratio(data, "accounts"),
                "You compared a customer with an account. How many people are behind an account?",
            ),
            Misconception(
                "divides by the people on the wrong side",
                lambda data: deals_ratio(data, "divided"),
                "An account's orders are shared by its people. Which of the two numbers becomes smaller?",
            ),
            Misconception(
                "subtracts",
                lambda data: deals_ratio(data, "less"),
                "That is the difference. The question asks how many times as many.",
            ),
            Misconception(
                "one person at Brennick only",
                lambda data: deals_ratio(data, "person"),
                "Those are the orders of a person at Brennick. Which number is divided by it?",
            ),
            Misconception(
                "customers who did not order",
                lambda data: deals_ratio(data, "all customers"),
                "You divided by all customers who ever ordered. Take those with an order in the last 365 days.",
            ),
        ),
        starter="people = maker[____].groupby(____).size().mean()",
        solution="Orders of a customer in both companies; the maker's divided by the people in an account.",
        code="import pandas as pd\n\n\n"
        "def a_year(orders):\n"
        '    year = orders[orders["order_date"] > orders["order_date"].max() - pd.Timedelta(days=365)]\n'
        '    return len(year) / year["customer_id"].nunique()\n\n\n'
        'people = crmkit.load("account_people", data="brennick").groupby("customer_id").size().mean()\n'
        'person = a_year(crmkit.load("orders", data="brennick")) / people\n'
        'answer = a_year(crmkit.load("orders")) / person',
    ),
    Question(
        id="66-5",
        title="Half a year for everybody",
        level="explore",
        goals=(4,),
        elsewhere="another time to come back",
        prompt="Give each newcomer of {company.name} 180 days to come again, instead of 365. By how many points did "
        "the share change from the first cohort to the last one that was watched? (a fall is negative; two decimals)",
        kind=Number(unit="points", tolerance=0.005),
        points=2,
        reference=loyalty,
        right="With a shorter time, newer customers can be judged too. Look at the interval before you speak of a "
        "trend.",
        hints=(
            "`relations.retention_by_cohort` takes `within_days`.",
            "`relations.loyalty_change` takes a dict of such tables; one company is enough.",
            '`relations.loyalty_change({"us": cohorts})["change"].iloc[0]`, times 100.',
        ),
        misconceptions=(
            Misconception(
                "came again at all",
                lambda data: loyalty(data, "at all"),
                "That is the change of the share who came again at all. Older customers had more time.",
            ),
            Misconception(
                "a year",
                lambda data: loyalty(data, "a year"),
                "That is with 365 days. The question asks for 180.",
            ),
            Misconception(
                "per cent of the first",
                lambda data: loyalty(data, "of the first"),
                "You divided by the first cohort's share. The question asks for points.",
            ),
            Misconception(
                "the last two cohorts",
                lambda data: loyalty(data, "neighbours"),
                "That compares the last two cohorts. The question begins with the first.",
            ),
            Misconception(
                "the share of the last cohort",
                lambda data: loyalty(data, "last"),
                "That is the share of the last cohort. How far is it from the first cohort's?",
            ),
            Misconception(
                "the first two cohorts",
                lambda data: loyalty(data, "first two"),
                "That compares the first two cohorts. The question ends with the last that was watched.",
            ),
            Misconception(
                "first less last",
                lambda data: loyalty(data, "other way round"),
                "That is the first less the last. Which sign has a fall?",
            ),
        ),
        starter="cohorts = relations.retention_by_cohort(orders, within_days=____)",
        solution="Cohorts with 180 days, and the change from the first to the last that was watched.",
        code=_LOAD
        + 'cohorts = relations.retention_by_cohort(crmkit.load("orders"), within_days=180)\n'
        'answer = 100 * relations.loyalty_change({"us": cohorts})["change"].iloc[0]',
    ),
    Question(
        id="66-6",
        title="What a square metre brings",
        level="explore",
        goals=(5,),
        elsewhere="another outcome",
        prompt="What did expanding do to the turnover of a quarter *per square metre*, compared with the shops that "
        "went on as before, in quarters 5 to 8? (in {company.symbol}, not in thousands; a loss is negative; two "
        "decimals)",
        kind=Number(unit="currency", tolerance=0.005),
        points=3,
        reference=floor,
        right="The larger floor sells hardly more than the old one, and rent and staff are paid by the square metre.",
        hints=(
            "Make a column first: 1000 times `turnover`, divided by `area`.",
            "`relations.before_and_after` takes the name of the column; `relations.way_effects` compares the ways.",
            '`relations.way_effects(changes, "as before").set_index("way").loc["expands", "effect"]`',
        ),
        misconceptions=(
            Misconception(
                "whole turnover, not in thousands",
                lambda data: 1000 * floor(data, "turnover"),
                "That is the turnover of the whole shop. The question asks for a square metre.",
            ),
            Misconception(
                "the last quarter only",
                lambda data: floor(data, "last quarter"),
                "You compared quarter 8 only. The question asks for the mean of quarters 5 to 8, less that of the "
                "quarters before.",
            ),
            Misconception(
                "whole turnover",
                lambda data: floor(data, "turnover"),
                "That is the turnover of the shop, in thousands. The question asks for a square metre.",
            ),
            Misconception(
                "before and after only",
                lambda data: floor(data, "no control"),
                "That is the change of the shops that expanded. What happened to those that went on as before?",
            ),
            Misconception(
                "compared with those that listened",
                lambda data: floor(data, "against listens"),
                "You compared with the shops that listened. The question compares with those that went on as before.",
            ),
            Misconception(
                "after only",
                lambda data: floor(data, "after only"),
                "You compared the quarters after only. The shops differed before, too.",
            ),
            Misconception(
                "another way",
                lambda data: floor(data, "listens"),
                "That is what listening did. The question asks about expanding.",
            ),
            Misconception(
                "in thousands",
                lambda data: floor(data, "thousands"),
                "That is in thousands. The question asks for the currency itself.",
            ),
        ),
        starter='shops["per_metre"] = 1000 * shops["turnover"] / shops[____]\n'
        'changes = relations.before_and_after(shops, "per_metre")',
        solution="Make the column, take before and after, and compare with those that went on as before.",
        code=_LOAD + 'shops = crmkit.load("partner_quarters")\n'
        'shops["per_metre"] = 1000 * shops["turnover"] / shops["area"]\n'
        'changes = relations.before_and_after(shops, "per_metre")\n'
        'effects = relations.way_effects(changes, "as before").set_index("way")\n'
        'answer = effects.loc["expands", "effect"]',
    ),
    Question(
        id="66-7",
        title="One rule for the group",
        level="decide",
        goals=(1, 2, 3, 5),
        prompt='An investor buys {company.name} and the hotel. He wants one rule for both: "a letter after 90 '
        'days of silence". '
        "And after reading the magazine he wants no partner shop to expand, ever. What do you advise? Use figures "
        "from the data, and say what would change your mind.",
        kind=Plan(
            rubric={
                "Each trade's own clock with its interval, and whom 90 days would alarm": 1,
                "Who the customer is: person or account": 1,
                "The story's gap beside that of all shops, and why the pair was extreme": 1,
                "What would change the advice, and how to find out": 1,
            },
            model="One rule does not fit both. Our own clock is {figure.here} days ({figure.here_low} to "
            "{figure.here_high}), the hotel's {figure.hotel} ({figure.hotel_low} to {figure.hotel_high}). With 90 "
            "days most guests who are awake would get the letter. And a traveller who is silent may belong to a firm "
            "that is awake, so at the hotel I would write to the account. The magazine's two shops lie {figure.story} "
            "points apart, all shops {figure.mean}: it chose the best and the worst. All the same, expanding without "
            "asking changed satisfaction by {figure.expands} points, and a square metre brings {figure.metre} less in "
            "a quarter. Listening brought {figure.listens}. Nobody has tried both together: let chance choose 20 "
            "shops that ask first and then expand. If they keep satisfaction, I change my mind.",
            figures=_figures,
            minimum_words=60,
        ),
        points=4,
        hints=(
            "Begin with the two clocks: `relations.own_clock` for both companies.",
            "Put the story's gap beside the mean of all pairs: `relations.pair_gaps`.",
            "What would a trial look like that could prove you wrong?",
        ),
    ),
]

QUIZ = [
    QuizQuestion(
        "A table shows a dash for complaints at one company. What do you know?",
        [
            Option(
                "It has no complaints",
                "A dash is no zero. Who would have written a complaint down?",
            ),
            Option(
                "Its tables do not hold complaints",
                "Yes. Customers may complain all the same.",
                right=True,
            ),
            Option("It has fewer than the others", "To say fewer, you need a number."),
        ],
    ),
    QuizQuestion(
        "A trade's customers come once a year. Which clock of sleep is nearest to the truth?",
        [
            Option("90 days, as in the handbook", "Most who are awake would be called inactive."),
            Option(
                "Its own: longer than a year",
                "Yes. Read it from the trade's own visits.",
                right=True,
            ),
            Option("The mean of several trades", "The mean of an app and a hotel fits neither."),
        ],
    ),
    QuizQuestion(
        "Of the customers of 2020, 80 % came again by today; of those of last year, 50 %. What follows?",
        [
            Option(
                "Loyalty falls",
                "The first had years, the others months. What if both had the same time?",
            ),
            Option("Loyalty rises", "Nothing here says so."),
            Option("Nothing yet", "Yes. First give both the same time.", right=True),
        ],
    ),
    QuizQuestion(
        "A magazine compares the best shop that listened with the worst that grew. What is its gap?",
        [
            Option(
                "Larger than the effect",
                "Yes. Each of the two was also lucky or unlucky; that is why it was chosen.",
                right=True,
            ),
            Option("About the effect", "It would be, if chance had picked the pair."),
            Option("Smaller than the effect", "The most extreme of many pairs lies far out."),
        ],
    ),
    QuizQuestion(
        "A placebo pair of shops, in which nobody changed anything, lies 0.8 points apart. What does it tell?",
        [
            Option("The data are wrong", "Shops drift by themselves: staff, roads, rivals."),
            Option(
                "How far two shops drift apart by themselves",
                "Yes. A pair of the story has to be seen beside that.",
                right=True,
            ),
            Option("That listening does nothing", "Neither of the two listened."),
        ],
    ),
]
