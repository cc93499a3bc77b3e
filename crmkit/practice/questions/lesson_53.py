"""Lesson 53: friends bring friends, and most customers bring nobody."""

from __future__ import annotations

import numpy as np
import pandas as pd

from crmkit.practice.kinds import Customers, Number, Plan
from crmkit.practice.question import (
    Misconception,
    Option,
    Prediction,
    Question,
    QuizQuestion,
    Tables,
)
from crmkit.prospects import (
    like_with_like,
    programme_worth,
    referral_chains,
    reproduction_number,
    reward_effects,
)

TITLE = "Friends bring friends"

#: What was known of newcomers before they came.
TRAITS = ["need_type", "area", "newsletter_consent"]


def told_any(data: Tables) -> float:
    """Customers of a hundred who told at least one friend."""
    told = data.load("introductions")["inviter_id"].nunique()
    return 100 * told / len(data.load("customers"))


def closing(data: Tables, how: str = "") -> float:
    """Per cent of the introductions of the last year that ended in a purchase; `how`: a wrong way."""
    table, year = data.load("introductions"), data.company.year
    if how == "all years":
        return 100 * float(table["bought"].mean())
    mine = table[table["told_on"].dt.year == year]
    if how == "of visitors":
        mine = mine[mine["visited"]]
    if how == "visited":
        return 100 * float(mine["visited"].mean())
    if how == "of all buyers":
        return 100 * float(mine["bought"].sum() / table["bought"].sum())
    if how == "with a card":
        return 100 * float(mine["friend_id"].notna().mean())
    if how == "mean of rates":
        return 100 * float(mine.groupby("inviter_id")["bought"].mean().mean())
    if how == "bought in the year":
        return 100 * float((table["bought_on"].dt.year == year).sum() / len(mine))
    return 100 * float(mine["bought"].mean())


def closed(data: Tables) -> float:
    """People of a hundred who were told and bought."""
    return closing(data, "all years")


def chains(data: Tables) -> pd.DataFrame:
    """Who brought whom."""
    return referral_chains(data.load("customers")["customer_id"], data.load("introductions"))


def who(data: Tables, wanted: str) -> pd.Series:
    """Customers whose row of the chains meets a condition."""
    return chains(data).query(wanted)["customer_id"]


def introduced(data: Tables, how: str = "") -> float:
    """New customers for 100 customers in the last year; `how`: a wrong way."""
    table = data.load("engagement")
    if how != "all years":
        table = table[table["year"] == data.company.year]
    count = table["referrals"]
    if how == "inviters only":
        count = count[count > 0]
    if how == "share":
        count = count > 0
    return 100 * float(count.mean())


def more_at_beanline(data: Tables, how: str = "") -> float:
    """How many more new customers 100 customers introduce at Beanline."""
    return introduced(data.other("beanline"), how) - introduced(data, how)


def gap(
    data: Tables,
    outcome: str = "stayed_24m",
    way: str = "same kind",
    column: str = "gap",
    traits: list[str] | None = None,
) -> float:
    """What newcomers by a friend are ahead of others."""
    found = like_with_like(data.load("newcomers"), outcome, TRAITS if traits is None else traits)
    return float(found.set_index("way").loc[way, column])


def lead_left(data: Tables) -> float:
    """Per cent of the plain lead in margin that are left among people of the same kind."""
    return 100 * gap(data, "margin_24m") / gap(data, "margin_24m", "plain")


def reward(data: Tables) -> pd.DataFrame:
    """The test, with friends who do not live with the inviter."""
    return data.load("reward_test").assign(honest=lambda t: t["friends_120d"] - t["same_address"])


def won(data: Tables, how: str = "", arm: str = "to both") -> float:
    """Of a hundred friends for whom the reward was paid, those whom it won; `how`: a wrong way."""
    mean = reward(data).groupby("arm")[["friends_120d", "honest"]].mean()
    got, none = mean.loc[arm], mean.loc["control"]
    extra = got["honest"] - none["honest"]
    if how == "addresses forgotten":
        extra = got["friends_120d"] - none["friends_120d"]
    if how == "control forgotten":
        extra = got["honest"]
    if how.startswith("anyway"):
        extra = none["honest"]
    if how == "for customers":
        return float(100 * extra)
    paid = got["friends_120d"] if how not in ("of the honest", "anyway") else got["honest"]
    return float(100 * extra / paid)


def earns(data: Tables, how: str = "") -> float:
    """What a thousand letters with a reward to both earn, by a friend's first 12 months; `how`: a wrong way."""
    people, test = data.load("newcomers"), reward(data)
    first = people["margin_1_6"] + people["margin_7_12"]
    if how == "24 months":
        first = people["margin_24m"]
    by_friend = people["came_by"] == "friend"
    worth = float(first[by_friend].mean())
    if how == "the lead":
        worth -= float(first[~by_friend].mean())
    if how == "all newcomers":
        worth = float(first.mean())
    if how == "6 months":
        worth = float(people.loc[by_friend, "margin_1_6"].mean())
    if how == "cost forgotten":
        test["reward_cost"] = 0.0
    count = "friends_120d" if how == "all friends" else "honest"
    if how == "control forgotten":
        both = test[test["arm"] == "to both"]
        return float(1000 * (worth * both["honest"].mean() - both["reward_cost"].mean()))
    found = programme_worth(test, count, "reward_cost", worth).set_index("arm")
    if how == "paid for those won":
        both = test[test["arm"] == "to both"]
        voucher = both["reward_cost"].sum() / both["friends_120d"].sum()
        return float(found.loc["to both", "friends_more"] * (worth - voucher))
    return float(found.loc["to inviter" if how == "the other reward" else "to both", "earns"])


def _figures(data: Tables) -> dict[str, str]:
    money = data.company.money
    test, people = reward(data), data.load("newcomers")
    found = reward_effects(test, "honest", "reward_cost").set_index("arm")
    by_friend = people.loc[people["came_by"] == "friend", "margin_24m"]
    worth = programme_worth(
        test, "honest", "reward_cost", float(by_friend.mean()), float(by_friend.sem())
    ).set_index("arm")
    bought = data.load("introductions").query("bought").groupby("inviter_id").size()
    r = reproduction_number(bought.reindex(data.load("customers")["customer_id"], fill_value=0))
    both, one = found.loc["to both"], found.loc["to inviter"]
    mean = test.groupby("arm")[["reward_cost", "friends_120d"]].mean()

    def cost(amount: float) -> str:
        return money(amount) if np.isfinite(amount) else "∞"

    return {
        "r": f"{r['estimate']:.2f}",
        "paid": money(mean.loc["to both", "reward_cost"] / mean.loc["to both", "friends_120d"]),
        "anyway": f"{both['anyway']:.0%}",
        "more": f"{1000 * both['effect']:.0f}",
        "more_low": f"{1000 * both['low']:.0f}",
        "more_high": f"{1000 * both['high']:.0f}",
        "extra": cost(both["cost_per_extra"]),
        "extra_low": cost(both["extra_low"]),
        "extra_high": cost(both["extra_high"]),
        "one": f"{1000 * one['effect']:.0f}",
        "one_low": f"{1000 * one['low']:.0f}",
        "one_high": f"{1000 * one['high']:.0f}",
        "earns": money(worth.loc["to both", "earns"]),
        "earns_low": money(worth.loc["to both", "low"]),
        "earns_high": money(worth.loc["to both", "high"]),
        "worth": money(by_friend.mean()),
    }


_PROSPECTS = "from crmkit import prospects\n"
_TEST = 'test = crmkit.load("reward_test")\ntest["honest"] = test["friends_120d"] - test["same_address"]\n'

PREDICTIONS = [
    Prediction(
        id="53-a",
        prompt="Of a hundred customers, how many have told at least one friend to come to {company.name}, in "
        "all the years of the data?",
        kind=Number(unit="of 100", tolerance=7),
        answer=told_any,
        why="A guess too high comes from the customers whom we hear talk about a shop. Those who say nothing are "
        "not heard, and most customers say nothing.",
    ),
    Prediction(
        id="53-b",
        prompt="Of a hundred people who were told by a friend, how many bought?",
        kind=Number(unit="of 100", tolerance=5),
        answer=closed,
        why="A guess too high comes from friends whom we see in the shop. Most of those who are told never come.",
    ),
    Prediction(
        id="53-c",
        prompt="Now we compare newcomers by a friend with others of the same need type, the same area and the "
        "same consent to letters. How many per cent of the lead are left?",
        kind=Number(unit="%", tolerance=10),
        answer=lead_left,
        why="A guess of 100 says: the whole lead is the friend's work. A guess of 0 says: all of it is selection. "
        "Here both have a part in it.",
    ),
]

QUESTIONS = [
    Question(
        id="53-1",
        title="One year's introductions",
        level="fill in",
        goals=(2,),
        prompt="Take the introductions that were told in {company.year} (`told_on`). What share of them ended "
        "in a purchase? (per cent, two decimals)",
        kind=Number(unit="%", tolerance=0.005),
        points=1,
        reference=closing,
        right="Say it with its “of whom”: of those told. Friends told in December had little time to buy.",
        hints=(
            'The year of a date column is `introductions["told_on"].dt.year`.',
            "Keep the rows of {company.year}, and take the mean of `bought`.",
            '`100 * introductions.loc[introductions["told_on"].dt.year == {company.year}, "bought"].mean()`',
        ),
        misconceptions=(
            Misconception(
                "takes all years",
                lambda data: closing(data, "all years"),
                "That is the rate of all years. The question asks for those told in {company.year}.",
            ),
            Misconception(
                "of those who visited",
                lambda data: closing(data, "of visitors"),
                "That is a share of those who came to look. Most of those who were told never came. Of whom is "
                "it to be a share?",
            ),
            Misconception(
                "visited in place of bought",
                lambda data: closing(data, "visited"),
                "That is the share who came to look. How many of those who were told bought something?",
            ),
            Misconception(
                "share of all purchases",
                lambda data: closing(data, "of all buyers"),
                "You divided by the purchases of all years. Divide by the introductions of {company.year}.",
            ),
            Misconception(
                "friends with a card only",
                lambda data: closing(data, "with a card"),
                "You counted friends who have a customer number. Friends without a card have bought too.",
            ),
            Misconception(
                "mean of the inviters' own rates",
                lambda data: closing(data, "mean of rates"),
                "That is the mean of the inviters' own rates. It gives an inviter of one friend as much weight "
                "as one of twenty. The question is about introductions.",
            ),
            Misconception(
                "purchases of the year",
                lambda data: closing(data, "bought in the year"),
                "You divided the purchases of the year by the introductions of the year. Some of those buyers "
                "were told the year before.",
            ),
        ),
        starter='year = introductions[introductions["told_on"].dt.year == ____]',
        solution="Keep the introductions of that year, and take the share that bought.",
        code='introductions = crmkit.load("introductions")\n'
        "year = crmkit.company().year\n"
        'told = introductions[introductions["told_on"].dt.year == year]\n'
        'answer = 100 * told["bought"].mean()',
    ),
    Question(
        id="53-2",
        title="Brought through others",
        level="fill in",
        goals=(1,),
        prompt="Which customers brought at least one other customer *through others*? That is: a friend "
        "whom they brought has brought somebody in turn.",
        kind=Customers(),
        points=2,
        reference=lambda data: who(data, "through_others > 0"),
        right="Few customers are on this list. A count of direct friends alone does not find them.",
        hints=(
            '`prospects.referral_chains(customers["customer_id"], introductions)` gives a row for each customer.',
            "The column `through_others` counts them.",
            '`chains.loc[chains["through_others"] > 0, "customer_id"]`',
        ),
        misconceptions=(
            Misconception(
                "brought anybody directly",
                lambda data: who(data, "direct > 0"),
                "Those brought somebody directly. Did that friend bring somebody in turn?",
            ),
            Misconception(
                "brought two or more in all",
                lambda data: who(data, "in_all > 1"),
                "Two or more in all may both be direct friends. Who came through somebody else?",
            ),
            Misconception(
                "those in the middle",
                lambda data: who(data, "generation > 0 and direct > 0"),
                "Those are in the middle: they were brought, and brought somebody. Who stands before them in "
                "the chain?",
            ),
            Misconception(
                "those at the end of the chain",
                lambda data: who(data, "generation > 1"),
                "Those came through others. You are asked for the customers at the beginning of these chains.",
            ),
            Misconception(
                "all friends",
                lambda data: data.load("introductions")["friend_id"].dropna(),
                "Those are the friends who were brought. Which customers are before them in the chain, and one "
                "step more?",
            ),
        ),
        starter='chains = prospects.referral_chains(customers["customer_id"], introductions)\n'
        'listed = chains[chains["____"] > 0]',
        solution="Follow the chains, and keep who has somebody through others.",
        code=_PROSPECTS
        + 'customers, introductions = crmkit.load("customers"), crmkit.load("introductions")\n'
        'chains = prospects.referral_chains(customers["customer_id"], introductions)\n'
        'answer = chains.loc[chains["through_others"] > 0, "customer_id"]',
    ),
    Question(
        id="53-3",
        title="The friends of coffee drinkers",
        level="change",
        goals=(1,),
        elsewhere="beanline",
        prompt="The table `engagement` has a row for each customer and year; `referrals` counts the new "
        "customers whom they introduced. In {company.year}, how many new customers did a hundred customers "
        "introduce at the coffee merchant Beanline, and how many more is that than at {company.name}? Give the "
        "difference. (for 100 customers, two decimals)",
        kind=Number(unit="for 100 customers", tolerance=0.005),
        points=3,
        reference=more_at_beanline,
        right="The same count at two firms, over all customers of each. Why they differ is another question: "
        "other people, another trade.",
        hints=(
            '`crmkit.load("engagement", data="beanline")` loads the table of the other firm.',
            "Keep the rows of {company.year}. The mean of `referrals` includes those who introduced nobody.",
            "A hundred times the mean at Beanline, less a hundred times the mean at {company.name}.",
        ),
        misconceptions=(
            Misconception(
                "mean over inviters only",
                lambda data: more_at_beanline(data, "inviters only"),
                "You left out customers who introduced nobody. They are most of the hundred.",
            ),
            Misconception(
                "share who introduced anybody",
                lambda data: more_at_beanline(data, "share"),
                "You counted customers who introduced anybody. Some introduced several: count new customers.",
            ),
            Misconception(
                "all years",
                lambda data: more_at_beanline(data, "all years"),
                "That is the mean over all years. The question asks for {company.year}.",
            ),
            Misconception(
                "per cent more",
                lambda data: (
                    100 * more_at_beanline(data) / introduced(data)
                    if introduced(data)
                    else float("nan")
                ),
                "That is how many per cent more it is. Give the difference: one count less the other.",
            ),
            Misconception(
                "Beanline alone",
                lambda data: introduced(data.other("beanline")),
                "That is the count at Beanline. How many more is it than at {company.name}?",
            ),
            Misconception(
                "own firm alone",
                introduced,
                "That is the count at {company.name}. What is it at Beanline, and what is the difference?",
            ),
        ),
        starter='there = crmkit.load("engagement", data="beanline")\n'
        'there.loc[there["year"] == ____, "referrals"].mean()',
        solution="The mean number of referrals of all customers of the year at both firms, times 100, and one "
        "less the other.",
        code="year = crmkit.company().year\n"
        "mean = []\n"
        'for table in (crmkit.load("engagement", data="beanline"), crmkit.load("engagement")):\n'
        '    mean.append(100 * table.loc[table["year"] == year, "referrals"].mean())\n'
        "answer = mean[0] - mean[1]",
    ),
    Question(
        id="53-4",
        title="Who is still there",
        level="change",
        goals=(3,),
        prompt="After 24 months (`stayed_24m`), how many percentage points more of the newcomers by a friend "
        "are still there than of others *of the same kind*? Take the lesson's three traits and the row “same "
        "kind”. (three decimals)",
        kind=Number(unit="percentage points", tolerance=0.0005),
        points=2,
        reference=lambda data: 100 * gap(data),
        right="It is less than the plain gap: people with needs that make them stay are brought by friends more "
        "often.",
        hints=(
            "`prospects.like_with_like` takes True and False as an outcome too.",
            'The traits are `["need_type", "area", "newsletter_consent"]`.',
            "Of the row “same kind” take the column `gap`, times 100.",
        ),
        misconceptions=(
            Misconception(
                "the plain gap",
                lambda data: 100 * gap(data, way="plain"),
                "That is the plain gap: it compares people of different kinds.",
            ),
            Misconception(
                "the regression",
                lambda data: 100 * gap(data, way="regression"),
                "That is the row of the regression. You are asked for “same kind”.",
            ),
            Misconception(
                "one trait only",
                lambda data: 100 * gap(data, traits=["need_type"]),
                "You compared people of the same need type. Area and consent differ too.",
            ),
            Misconception(
                "per cent for points",
                lambda data: 100 * gap(data, column="more"),
                "That is how many per cent more of them are there. Percentage points are one share less the "
                "other.",
            ),
            Misconception(
                "months in place of staying",
                lambda data: gap(data, "months_stayed"),
                "That is the gap in months. The outcome is `stayed_24m`.",
            ),
            Misconception(
                "months, times 100",
                lambda data: 100 * gap(data, "months_stayed"),
                "That is a hundred times the gap in months. The outcome is `stayed_24m`.",
            ),
            Misconception(
                "margin in place of staying",
                lambda data: gap(data, "margin_24m"),
                "That is the gap in margin. The outcome is `stayed_24m`.",
            ),
            Misconception(
                "the share of friends, not the gap",
                lambda data: 100 * gap(data, column="value_friend"),
                "That is the share of the newcomers by a friend who are still there. What is the share of the "
                "others of the same kind?",
            ),
        ),
        starter='gaps = prospects.like_with_like(newcomers, "____", ["need_type", "area", "newsletter_consent"])',
        solution="Compare the shares still there within each kind, weighted as friends are spread over the "
        "kinds.",
        code=_PROSPECTS + 'newcomers = crmkit.load("newcomers")\n'
        'traits = ["need_type", "area", "newsletter_consent"]\n'
        'gaps = prospects.like_with_like(newcomers, "stayed_24m", traits).set_index("way")\n'
        'answer = 100 * gaps.loc["same kind", "gap"]',
    ),
    Question(
        id="53-5",
        title="Paid for, and won",
        level="explore",
        goals=(4,),
        prompt="The reward to both was paid for every friend in `friends_120d` of its group. Of a hundred such "
        "friends, how many did it *win*: they live elsewhere, and would not have come without it? (two decimals)",
        kind=Number(unit="of 100", tolerance=0.005),
        points=3,
        reference=won,
        right="The vouchers for all the others bought nothing.",
        hints=(
            "Three means for each customer of a group: all friends, friends who live elsewhere, and the latter "
            "without a reward.",
            "Won is the mean of the honest friends with the reward, less that of the control group.",
            'Divide that by the mean of `friends_120d` in the group "to both".',
        ),
        misconceptions=(
            Misconception(
                "the same address forgotten",
                lambda data: won(data, "addresses forgotten"),
                "You compared all friends with all friends. A friend at the inviter's address may be the "
                "inviter: take them out of both groups.",
            ),
            Misconception(
                "all honest friends counted as won",
                lambda data: won(data, "control forgotten"),
                "Those are all the friends who live elsewhere. Some come without any reward: which group shows "
                "how many?",
            ),
            Misconception(
                "of the honest friends only",
                lambda data: won(data, "of the honest"),
                "You divided by the honest friends. The reward was paid for the others too.",
            ),
            Misconception(
                "those who would have come anyway",
                lambda data: won(data, "anyway"),
                "That is the share who would have come without the reward. How many did it win?",
            ),
            Misconception(
                "those who would have come anyway, of all paid for",
                lambda data: won(data, "anyway, of all"),
                "Those would have come without the reward. It did not win them. Whom did it win?",
            ),
            Misconception(
                "for a hundred customers",
                lambda data: won(data, "for customers"),
                "That is how many friends a hundred letters won. The question is about a hundred friends who "
                "were paid for.",
            ),
            Misconception(
                "the other reward",
                lambda data: won(data, arm="to inviter"),
                "That is the reward to the inviter alone. Take the group “to both”.",
            ),
        ),
        starter='mean = test.groupby("arm")[["friends_120d", "honest"]].mean()\n'
        'more = mean.loc["to both", "honest"] - mean.loc["____", "honest"]',
        solution="Honest friends with the reward less those without it, as a share of all friends that were "
        "paid for.",
        code=_TEST + 'mean = test.groupby("arm")[["friends_120d", "honest"]].mean()\n'
        'more = mean.loc["to both", "honest"] - mean.loc["control", "honest"]\n'
        'answer = 100 * more / mean.loc["to both", "friends_120d"]',
    ),
    Question(
        id="53-6",
        title="A careful director",
        level="explore",
        goals=(4,),
        prompt="The director counts only what a friend brings in the first 12 months: the mean of `margin_1_6` "
        "and `margin_7_12` together, of newcomers by a friend. How much more do a thousand letters with the reward "
        "to both earn then than a thousand letters without a reward? Friends at the inviter's address bring "
        "nothing, but their vouchers are paid. ({company.symbol}, two decimals)",
        kind=Number(unit="{company.symbol}", tolerance=0.005),
        points=3,
        reference=earns,
        right="A friend who was won would not be there, so all that he or she brings counts. How many months of "
        "it, is for the company to decide.",
        hints=(
            "First the worth of one friend, from `newcomers`; then `prospects.programme_worth`.",
            "The count is `honest`, the cost is `reward_cost`.",
            '`prospects.programme_worth(test, "honest", "reward_cost", worth)`, row “to both”, column `earns`.',
        ),
        misconceptions=(
            Misconception(
                "a friend is worth the lead",
                lambda data: earns(data, "the lead"),
                "You took a friend's lead over other newcomers as the worth. Without the reward this friend "
                "would not be there at all: what is lost then?",
            ),
            Misconception(
                "24 months",
                lambda data: earns(data, "24 months"),
                "That counts 24 months. The director counts the first 12.",
            ),
            Misconception(
                "the worth of all newcomers",
                lambda data: earns(data, "all newcomers"),
                "That is the mean of all newcomers. Take those who came by a friend.",
            ),
            Misconception(
                "all friends counted",
                lambda data: earns(data, "all friends"),
                "You counted friends at the inviter's own address too.",
            ),
            Misconception(
                "cost forgotten",
                lambda data: earns(data, "cost forgotten"),
                "The vouchers have not been paid yet.",
            ),
            Misconception(
                "vouchers for those won only",
                lambda data: earns(data, "paid for those won"),
                "You paid for the friends who were won. Are the vouchers paid for these alone?",
            ),
            Misconception(
                "the other reward",
                lambda data: earns(data, "the other reward"),
                "That is the reward to the inviter alone. Take the row “to both”.",
            ),
            Misconception(
                "six months",
                lambda data: earns(data, "6 months"),
                "That counts the first six months. Add `margin_7_12`.",
            ),
            Misconception(
                "control forgotten",
                lambda data: earns(data, "control forgotten"),
                "That is what the letters with the reward bring in all. Letters without it bring something too.",
            ),
        ),
        starter='friends = newcomers[newcomers["came_by"] == "friend"]\n'
        'worth = (friends["margin_1_6"] + friends["____"]).mean()',
        solution="The mean margin of 12 months of those who came by a friend is the worth; then honest friends "
        "more times the worth, less the vouchers.",
        code=_PROSPECTS + _TEST + 'newcomers = crmkit.load("newcomers")\n'
        'friends = newcomers[newcomers["came_by"] == "friend"]\n'
        'worth = (friends["margin_1_6"] + friends["margin_7_12"]).mean()\n'
        'found = prospects.programme_worth(test, "honest", "reward_cost", worth).set_index("arm")\n'
        'answer = found.loc["to both", "earns"]',
    ),
    Question(
        id="53-7",
        title="What Nora tells the meeting",
        level="decide",
        goals=(1, 4),
        points=4,
        hints=(
            "Begin with the friends that each reward wins, with its interval; then the cost of one friend more; "
            "then what you would do, and what you would watch.",
        ),
        prompt="The meeting wants to pay {company.symbol}10 for each friend. Write Nora's answer in 60 to 150 "
        "words: which reward, if any; how many friends it wins and what one more costs, with intervals; what "
        "you say to “one customer influences eighteen others”; what you do about self-referral.",
        kind=Plan(
            rubric={
                "A decision between the rewards that follows from friends won against the control group": 1,
                "Friends more and the cost of one friend more, with an interval": 1,
                "The rule of eighteen answered with the reproduction number or the chains": 1,
                "Self-referral: what is checked, and why one address is no proof": 1,
            },
            model="I would promise {company.symbol}10 to both. For a thousand letters it wins {figure.more} "
            "friends (95 % interval {figure.more_low} to {figure.more_high}) who live elsewhere and would not "
            "have come. For the reward to the inviter alone the figure is {figure.one} ({figure.one_low} to "
            "{figure.one_high}), so I leave it. {figure.anyway} of the friends would have come anyway, and are "
            "paid for too. So one friend more costs {figure.extra} ({figure.extra_low} to {figure.extra_high}), "
            "not {figure.paid}. With {figure.worth} a friend the letters earn {figure.earns} "
            "({figure.earns_low} to {figure.earns_high}). Nobody influences eighteen others: one customer "
            "brings {figure.r}, and each chain dies out. We pay after the friend's second order, and look at "
            "friends with the inviter's address by hand, because some are honest. We keep a control group.",
            figures=_figures,
            minimum_words=60,
        ),
    ),
]


QUIZ = [
    QuizQuestion(
        "A report says: “customers who recommend us bring 1.3 new customers each, so our chains grow.” What is "
        "wrong?",
        [
            Option("Nothing: 1.3 is above 1", "Over whom was the mean taken?"),
            Option(
                "The mean is over those who brought somebody",
                "Such a mean is always 1 or more. Customers who brought nobody belong in it.",
                right=True,
            ),
            Option("1.3 is too small to grow", "Above 1 over *all* customers, a chain would grow."),
        ],
    ),
    QuizQuestion(
        "One customer brings 0.2 new customers on average, and so do those. How many is that in all, for each?",
        [
            Option("0.20", "Those bring some in turn."),
            Option("0.25", "Yes: 0.2 + 0.04 + 0.008 and so on, or 0.2 ÷ 0.8.", right=True),
            Option("It grows without end", "Each generation is a fifth of the one before."),
        ],
    ),
    QuizQuestion(
        "Salespeople write down an introduction when the friend comes to the shop. What does that do to the "
        "closing rate?",
        [
            Option(
                "It makes it higher",
                "Friends who were told and never came are left out, so it is a share of fewer people.",
                right=True,
            ),
            Option("It makes it lower", "Who is left out: buyers, or those who never came?"),
            Option("Nothing", "The buyers are the same. Of how many people are they a share now?"),
        ],
    ),
    QuizQuestion(
        "Customers by a friend bring 40 % more than others of the same need, area and consent. What have you "
        "shown?",
        [
            Option(
                "A friend makes a customer 40 % better", "Did chance decide who came by a friend?"
            ),
            Option(
                "At most this much is the friend's effect, if nothing else differs",
                "It could also be more, if something that nobody wrote down works the other way.",
            ),
            Option(
                "A lead that those three traits do not explain",
                "Other traits may explain it. Only an experiment would tell.",
                right=True,
            ),
        ],
    ),
    QuizQuestion(
        "With a reward of 10, 100 friends come; without it, in a group of the same size, 60. What does one "
        "friend more cost?",
        [
            Option("10", "That is the voucher. It is paid for the 60 too."),
            Option("16.67", "1,000 divided by 60: but the 60 come without a reward."),
            Option("25", "Yes: 1,000 paid, and 40 friends more.", right=True),
        ],
    ),
]
