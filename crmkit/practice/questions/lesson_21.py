"""Lesson 21: more than money: two rankings, their weights, and who would be missed."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from crmkit.practice.kinds import Choice, Customers, Number, Plan
from crmkit.practice.question import (
    Misconception,
    Option,
    Prediction,
    Question,
    QuizQuestion,
    Tables,
)
from crmkit.value import (
    customer_profit,
    engagement_summary,
    holdout_split,
    list_stability,
    matched_gaps,
    top_list,
    weighted_score,
    widest_gap,
)

TITLE = "More than money"

DEEDS = ["reviews", "referrals", "help_given"]
#: The lesson's weights: of the forum's list, and of both lists together.
NOT_MONEY = {"reviews": 1, "referrals": 2, "help_given": 1}
LESSON = {"turnover": 4, **NOT_MONEY}
#: The weights that questions 21-5 and 21-6 ask for.
ASKED = {"turnover": 6, "referrals": 3, "help_given": 1}


def people(data: Tables) -> pd.DataFrame:
    """Turnover and other contributions of every customer, over all years."""
    everyone = data.load("customers")["customer_id"]
    table = data.load("engagement").groupby("customer_id")[DEEDS].sum()
    table = table.reindex(everyone, fill_value=0)
    turnover = data.load("orders").groupby("customer_id")["turnover"].sum()
    table["turnover"] = turnover.reindex(everyone, fill_value=0.0)
    return table


def share_from_below(data: Tables) -> float:
    """Per cent of all referrals that come from customers below the median turnover."""
    table = people(data)
    below = table["turnover"] < table["turnover"].median()
    return float(100 * table.loc[below, "referrals"].sum() / table["referrals"].sum())


def quiet_advocates(data: Tables) -> pd.Index:
    """Customers with at least 2 referrals and a turnover below the mean."""
    table = people(data)
    return table.index[(table["referrals"] >= 2) & (table["turnover"] < table["turnover"].mean())]


def _share_of_customers(data: Tables) -> float:
    table = people(data)
    below = table["turnover"] < table["turnover"].median()
    return float(100 * (table.loc[below, "referrals"] > 0).mean())


def guests_by(data: Tables, weights: Mapping[str, float]) -> pd.Index:
    """Ids of the guests, one for every twenty customers, by these weights."""
    table = people(data)
    return top_list(weighted_score(table, weights), len(table) // 20)


def depending(data: Tables, weights: Mapping[str, float], least: float = 0.95) -> pd.Index:
    """Ids of those on the list who are on it in less than `least` of the draws of weights."""
    table = people(data)
    stable = list_stability(table, weights, top=len(table) // 20, seed=21)
    return stable.index[stable["on_list"] & (stable["share_of_draws"] < least)]


def channel_gap(data: Tables, *, year: bool = True, persons: bool = True) -> pd.Series:
    """The widest gap in turnover between channels, in the data and by chance (of the last year, of private persons)."""
    customers, orders = data.load("customers"), data.load("orders")
    if year:
        orders = orders[orders["order_date"].dt.year == data.company.year]
    if persons:
        customers = customers[customers["kind"] == "person"]
    paid = orders.groupby("customer_id")["turnover"].sum()
    paid = paid.reindex(customers["customer_id"], fill_value=0.0)
    return widest_gap(paid, customers["acquisition_channel"], seed=21)


def credited(
    data: Tables, share: float = 1 / 3, least: int = 3, *, everyone: bool = False
) -> float:
    """Mean of profit plus credit of those with `least` referrals or more."""
    customers = data.load("customers")
    profit = customer_profit(data.load("orders"), data.load("cost_to_serve"), customers)
    profit = profit.set_index("customer_id")["profit"]
    private = customers.loc[customers["kind"] == "person", "customer_id"]
    credit = share * (profit if everyone else profit[private]).mean()
    referrals = people(data)["referrals"]
    return float((profit + credit * referrals)[referrals >= least].mean())


def _on_both(data: Tables) -> float:
    rich = guests_by(data, {"turnover": 1})
    return 100 * float(rich.isin(guests_by(data, NOT_MONEY)).mean())


def _active_buy_more(data: Tables) -> str:
    about, engagement = data.company, data.load("engagement")
    known = holdout_split(data.load("orders"), about.year_ago, about.end)
    until_then = engagement_summary(engagement[engagement["year"] <= about.last_year])
    known = known.merge(until_then, on="customer_id")
    gaps = matched_gaps(
        known["holdout_turnover"], weighted_score(known, NOT_MONEY), known["turnover"], [100]
    )
    low, high = gaps[["low", "high"]].iloc[0]
    return "a" if low > 0 else "c" if high < 0 else "b"


def _list_figures(data: Tables) -> dict[str, str]:
    table = people(data)
    stable = list_stability(table, LESSON, top=len(table) // 20, seed=21)
    drawn = stable.loc[stable["on_list"], "share_of_draws"]
    return {
        "guests": f"{len(drawn):,}",
        "sure": f"{(drawn >= 0.95).sum():,}",
        "depend": f"{(drawn < 0.95).sum():,}",
    }


PREDICTIONS = [
    Prediction(
        id="21-a",
        prompt="Of a hundred names on one list, how many are on the other list as well?",
        kind=Number(unit="of 100", tolerance=5),
        answer=_on_both,
        why="Those who buy much are a little more active than others, so the lists are not strangers. But most of what "
        "makes somebody write or help has nothing to do with how much they buy.",
    ),
    Prediction(
        id="21-b",
        prompt="If the channel meant nothing at all: how large would the gap in profit between the best and the worst "
        "channel still be, in {company.symbol}, in the middle of the deals?",
        kind=Number(unit="{company.symbol}", tolerance=8),
        answer=None,
        why="Many people say zero. But somebody is always first and somebody last, and a small channel swings widely. "
        "Picking the two makes a gap by itself.",
    ),
    Prediction(
        id="21-c",
        prompt="Among customers with the same past turnover: do the more active ones buy more in the year after?",
        kind=Choice(
            {
                "a": "yes (the 95 % interval lies above zero)",
                "b": "the data cannot say (the interval contains zero)",
                "c": "no, they buy less (the interval lies below zero)",
            }
        ),
        answer=_active_buy_more,
        why="A few customers buy so much that a mean moves with them, so the interval is wide. Whether it just holds "
        "zero or just does not changes little: the effect may be next to nothing, or large.",
    ),
]

QUESTIONS = [
    Question(
        id="21-1",
        title="Who brings the others?",
        level="fill in",
        goals=(1,),
        prompt=(
            "What share of all referrals, in per cent, comes from customers whose turnover (three years) "
            "is below the "
            "median turnover of all customers? Two decimals."
        ),
        kind=Number(unit="%", tolerance=0.005),
        points=1,
        reference=share_from_below,
        hints=(
            "You need two things per customer: turnover from the orders, referrals from the engagement table.",
            "The median is taken over customers. Then sum the referrals of those below it.",
            '`people.loc[people["turnover"] < people["turnover"].median(), "referrals"].sum()`, in per cent of all',
        ),
        misconceptions=(
            Misconception(
                "mean for median",
                lambda data: (
                    100
                    * people(data)
                    .loc[lambda t: t["turnover"] < t["turnover"].mean(), "referrals"]
                    .sum()
                    / people(data)["referrals"].sum()
                ),
                "You cut at the mean. A few giants pull it up, so far more than half of the customers lie "
                "below it. "
                "The question cuts at the median.",
            ),
            Misconception(
                "share of customers",
                _share_of_customers,
                "That is the share of those customers who have referred anybody. "
                "The question asks for their share of all referrals.",
            ),
            Misconception(
                "the upper half",
                lambda data: 100 - share_from_below(data),
                "That is the share of the upper half. The question asks for those below the median.",
            ),
        ),
        right="A list by money alone would not show them, and these referrals would be missed.",
        starter='below = people["turnover"] < ____',
        solution="One row per customer with turnover and referrals; sum the referrals below the median; "
        "divide by all.",
        code=(
            "from crmkit.value import customer_profit, engagement_summary\n"
            'customers = crmkit.load("customers")\n'
            'people = customer_profit(crmkit.load("orders"), customers=customers).merge(\n'
            '    engagement_summary(crmkit.load("engagement"), customers), on="customer_id")\n'
            'below = people["turnover"] < people["turnover"].median()\n'
            'answer = 100 * people.loc[below, "referrals"].sum() / people["referrals"].sum()'
        ),
    ),
    Question(
        id="21-2",
        title="Invisible to the till",
        level="change",
        goals=(1,),
        prompt=(
            "Whom would a list by money never show? Find the customers who have introduced at least two "
            "others (all years "
            "together) and whose turnover is below the mean turnover of all customers."
        ),
        kind=Customers(),
        points=2,
        reference=quiet_advocates,
        hints=(
            "Add the referrals up over the years first: a customer has a row for each year.",
            "Two conditions on one row per customer, joined with `&`.",
            '`people[(people["referrals"] >= 2) & (people["turnover"] < people["turnover"].mean())]`',
        ),
        misconceptions=(
            Misconception(
                "single years for the sum",
                lambda data: (
                    people(data)
                    .loc[data.load("engagement").query("referrals >= 2")["customer_id"].unique()]
                    .loc[lambda t: t["turnover"] < people(data)["turnover"].mean()]
                    .index
                ),
                "You looked for two referrals within one year. One in {company.last_year} and one in "
                "{company.year} make two as well: "
                "add up first.",
            ),
            Misconception(
                "median for mean",
                lambda data: (
                    people(data)
                    .loc[lambda t: (t["referrals"] >= 2) & (t["turnover"] < t["turnover"].median())]
                    .index
                ),
                "You cut at the median turnover; the question cuts at the mean, which the giants pull up.",
            ),
            Misconception(
                "all advocates",
                lambda data: people(data).query("referrals >= 2").index,
                "These include advocates with a large turnover. A list by money would have shown them.",
            ),
        ),
        right="These are the advocates that the till cannot see: someone should know their names.",
        solution="Sum referrals per customer, join turnover, keep rows that fulfil both conditions.",
        code=(
            "from crmkit.value import customer_profit, engagement_summary\n"
            'customers = crmkit.load("customers")\n'
            'people = customer_profit(crmkit.load("orders"), customers=customers).merge(\n'
            '    engagement_summary(crmkit.load("engagement"), customers), on="customer_id")\n'
            'quiet = (people["referrals"] >= 2) & (people["turnover"] < people["turnover"].mean())\n'
            'answer = people.loc[quiet, "customer_id"]'
        ),
    ),
    Question(
        id="21-5",
        title="Other weights, other guests",
        level="change",
        goals=(2,),
        prompt=(
            "The director proposes other weights: turnover 6, referrals 3, help given 1, and nothing for reviews. Who "
            "is invited? Name the guests, one for every twenty customers (`len(people) // 20`)."
        ),
        kind=Customers(may_differ=2),
        points=2,
        reference=lambda data: guests_by(data, ASKED),
        hints=(
            "Two helpers of the lesson: one turns measures and weights into a score, one takes the best.",
            '`score = weighted_score(people, {"turnover": 6, "referrals": 3, "help_given": 1})`',
            "`top_list(score, len(people) // 20)` gives rows of `people`; their `customer_id` is asked for.",
        ),
        misconceptions=(
            Misconception(
                "the lesson's weights",
                lambda data: guests_by(data, LESSON),
                "Those are the guests by the lesson's weights. What has the director proposed?",
            ),
            Misconception(
                "money alone",
                lambda data: guests_by(data, {"turnover": 1}),
                "That is the list by turnover alone. Referrals and help count too.",
            ),
            Misconception(
                "the same weight for all",
                lambda data: guests_by(data, dict.fromkeys(["turnover", *DEEDS], 1)),
                "You gave all measures the same weight. The director's weights differ, and reviews have none.",
            ),
            Misconception(
                "without the money",
                lambda data: guests_by(data, {"referrals": 3, "help_given": 1}),
                "You left the turnover out. The director gives it a weight of 6.",
            ),
        ),
        right="Anyone who proposes weights proposes guests. So write the weights on the invitation list.",
        starter="score = weighted_score(people, {____: 6, ____: 3, ____: 1})",
        solution="Percentile scores weighted and averaged, and the best of them.",
        code=(
            "from crmkit.value import customer_profit, engagement_summary, top_list, weighted_score\n"
            'customers = crmkit.load("customers")\n'
            'people = customer_profit(crmkit.load("orders"), customers=customers).merge(\n'
            '    engagement_summary(crmkit.load("engagement"), customers), on="customer_id")\n'
            'score = weighted_score(people, {"turnover": 6, "referrals": 3, "help_given": 1})\n'
            'answer = people.loc[top_list(score, len(people) // 20), "customer_id"]'
        ),
    ),
    Question(
        id="21-6",
        title="Which guests depend on the weights?",
        level="explore",
        goals=(2,),
        prompt=(
            "With the director's weights of 21-5: who is on the list, but in fewer than 95 % of the draws of "
            "`list_stability`? Use `seed=21`."
        ),
        kind=Customers(may_differ=2),
        points=3,
        reference=lambda data: depending(data, ASKED),
        hints=(
            "The lesson's cell does it for other weights. Make `customer_id` the index first, so that ids come out.",
            '`stable = list_stability(people.set_index("customer_id"), weights, top=len(people) // 20, seed=21)`',
            'Two conditions: `stable["on_list"]`, and `stable["share_of_draws"]` below 0.95.',
        ),
        misconceptions=(
            Misconception(
                "names the sure ones",
                lambda data: guests_by(data, ASKED).difference(depending(data, ASKED)),
                "Those are on the list whatever the weights. The question asks for the others.",
            ),
            Misconception(
                "the lesson's weights",
                lambda data: depending(data, LESSON),
                "Those depend on the lesson's weights. Use the director's.",
            ),
            Misconception(
                "fewer than half of the draws",
                lambda data: depending(data, ASKED, 0.5),
                "These are on the list in fewer than half of the draws. The question asks for fewer than 95 %.",
            ),
            Misconception(
                "the whole list",
                lambda data: guests_by(data, ASKED),
                "That is the whole list. Which of the names depend on the weights?",
            ),
        ),
        right="These are the names that people should decide about, and no formula.",
        starter='stable = list_stability(people.set_index("customer_id"), ____, top=len(people) // 20, seed=21)',
        solution="The lesson's helper with other weights, then the names on the list below 95 %.",
        code=(
            "from crmkit.value import customer_profit, engagement_summary, list_stability\n"
            'customers = crmkit.load("customers")\n'
            'people = customer_profit(crmkit.load("orders"), customers=customers).merge(\n'
            '    engagement_summary(crmkit.load("engagement"), customers), on="customer_id")\n'
            'weights = {"turnover": 6, "referrals": 3, "help_given": 1}\n'
            'stable = list_stability(people.set_index("customer_id"), weights, top=len(people) // 20, seed=21)\n'
            'answer = stable[stable["on_list"] & (stable["share_of_draws"] < 0.95)].index'
        ),
    ),
    Question(
        id="21-7",
        title="A gap made by picking",
        level="explore",
        goals=(3,),
        elsewhere="another year",
        prompt=(
            "Now the *turnover* of {company.year} alone, of private persons (those who bought nothing count as 0), by "
            "acquisition channel. How large is the gap between best and worst channel that chance alone makes, in "
            "{company.symbol}, in the middle of the deals? Use `widest_gap` with `seed=21`."
        ),
        kind=Number(unit="{company.symbol}", tolerance=0.05),
        points=3,
        reference=lambda data: channel_gap(data)["by_chance"],
        hints=(
            "One row per private person: turnover of the year, and the channel. Nobody may fall out.",
            '`paid = sold.groupby("customer_id")["turnover"].sum().reindex(private["customer_id"], fill_value=0)`',
            '`widest_gap(paid, private["acquisition_channel"], seed=21)["by_chance"]`',
        ),
        misconceptions=(
            Misconception(
                "the gap in the data",
                lambda data: channel_gap(data)["gap"],
                "That is the gap in the data. How large is it when the channels are dealt at random?",
            ),
            Misconception(
                "all three years",
                lambda data: channel_gap(data, year=False)["by_chance"],
                "That is the gap by chance for all years together. Keep the orders of {company.year} first.",
            ),
            Misconception(
                "businesses too",
                lambda data: channel_gap(data, persons=False)["by_chance"],
                "Businesses are among them: they are larger, and a few of them make large gaps. Keep private persons.",
            ),
        ),
        right="Hold every gap that was picked against this one, not against zero.",
        starter='sold = orders[orders["order_date"].dt.year == ____]',
        solution="Turnover of the year per private person, dealt over the channels.",
        code=(
            "from crmkit.value import widest_gap\n"
            'orders, customers = crmkit.load("orders"), crmkit.load("customers")\n'
            'private = customers[customers["kind"] == "person"]\n'
            'sold = orders[orders["order_date"].dt.year == company.year]\n'
            'paid = sold.groupby("customer_id")["turnover"].sum()\n'
            'paid = paid.reindex(private["customer_id"], fill_value=0.0)\n'
            'answer = widest_gap(paid, private["acquisition_channel"], seed=21)["by_chance"]'
        ),
    ),
    Question(
        id="21-8",
        title="A credit with a doubt",
        level="explore",
        goals=(4,),
        prompt=(
            "Suppose two of three friends would have come anyway. Credit each referral with a third of the mean profit "
            "of private persons (three years). What do the customers with three referrals or more bring on average, "
            "own profit and credit together? In {company.symbol}, two decimals."
        ),
        kind=Number(unit="{company.symbol}", tolerance=0.005),
        points=3,
        reference=credited,
        hints=(
            "Three steps: the mean profit of private persons, a third of it for each referral, then the mean of a few.",
            '`credit = people.loc[people["customer_id"].isin(private["customer_id"]), "profit"].mean() / 3`',
            '`(people["profit"] + credit * people["referrals"])[people["referrals"] >= 3].mean()`',
        ),
        misconceptions=(
            Misconception(
                "the whole credit",
                lambda data: credited(data, 1.0),
                "You credited every referral in full, as if none of the friends would have come anyway.",
            ),
            Misconception(
                "two thirds",
                lambda data: credited(data, 2 / 3),
                "Two of three would have come anyway: only the third is owed to the referral.",
            ),
            Misconception(
                "no credit",
                lambda data: credited(data, 0.0),
                "That is their own profit. The credit for referrals is missing.",
            ),
            Misconception(
                "mean profit of everyone",
                lambda data: credited(data, everyone=True),
                "Your credit is taken from all customers, businesses too. A friend who is brought is a private person.",
            ),
            Misconception(
                "more than three referrals",
                lambda data: credited(data, least=4),
                "Those have more than three referrals. Three counts too.",
            ),
        ),
        right="The value of a referral is a supposition times a mean: say the supposition beside the figure.",
        starter='both = people["profit"] + ____ * people["referrals"]',
        solution="A third of the mean profit of private persons for each referral, added to own profit, averaged.",
        code=(
            "from crmkit.value import customer_profit, engagement_summary\n"
            'customers = crmkit.load("customers")\n'
            'profits = customer_profit(crmkit.load("orders"), crmkit.load("cost_to_serve"), customers)\n'
            'people = profits.merge(engagement_summary(crmkit.load("engagement"), customers), on="customer_id")\n'
            'private = customers[customers["kind"] == "person"]\n'
            'credit = people.loc[people["customer_id"].isin(private["customer_id"]), "profit"].mean() / 3\n'
            'both = people["profit"] + credit * people["referrals"]\n'
            'answer = both[people["referrals"] >= 3].mean()'
        ),
    ),
    Question(
        id="21-4",
        title="The rule for the guest list",
        level="decide",
        goals=(2,),
        prompt=(
            "The hall holds one guest for every twenty customers. Write the rule by which they are chosen, with its "
            "weights, so that the head of sales and the head of the forum can both sign it."
        ),
        kind=Plan(
            rubric={
                "names the measures and their weights, and says why these": 1,
                "says how many names depend on the weights, with a figure from the data": 1,
                "has a way for the names in between (a person decides, or a draw)": 1,
                "names one way in which the rule could be gamed or be unfair, and what to do about it": 1,
            },
            model=(
                "Turnover gets a weight of 4, referrals 2, reviews and help 1 each, because a referral brings a "
                "customer and a review only an opinion. By this rule {figure.sure} of the {figure.guests} names are "
                "on the list in at least 95 % of the draws of weights: they are invited at once. The other "
                "{figure.depend} depend on the weights; for these places the two heads choose in turn. Somebody "
                "could write fifty reviews about one hammer, so only the first five of a year count. And newcomers "
                "have had less time, so we count per year of membership."
            ),
            figures=_list_figures,
            minimum_words=40,
        ),
        points=4,
        hints=("`list_stability` says which names need no discussion.",),
    ),
]

QUIZ = [
    QuizQuestion(
        "Why are percentile scores used to combine turnover and reviews?",
        [
            Option(
                "They put both on one scale",
                "A place among all customers means the same for money and for reviews.",
                right=True,
            ),
            Option(
                "They find the right weights",
                "They find no weights at all; a person has to choose them.",
            ),
            Option(
                "They keep the distances",
                "They throw distances away: the first may be far ahead of the second or a penny.",
            ),
        ],
    ),
    QuizQuestion(
        "Suppose active customers buy more in the year after, also at the same past turnover. May we pay "
        "customers to be active?",
        [
            Option(
                "Yes, it will raise sales",
                "Those who are active by themselves may simply like the shop.",
            ),
            Option(
                "We do not know yet: that needs an experiment",
                "The table shows who buys more, not what would happen if somebody were made active.",
                right=True,
            ),
            Option(
                "No, activity is useless",
                "It predicts purchases, which is useful, whatever causes them.",
            ),
        ],
    ),
    QuizQuestion(
        "A name is on the list under your weights, but in few of the random draws around them. What does "
        "that say?",
        [
            Option(
                "The customer is unimportant",
                "It says something about the list, not about the customer.",
            ),
            Option("The weights are wrong", "No draw can tell right weights from wrong ones."),
            Option(
                "The place is owed to your choice of weights",
                "Others with the same priorities would have left the name out. Let a person decide.",
                right=True,
            ),
        ],
    ),
]
