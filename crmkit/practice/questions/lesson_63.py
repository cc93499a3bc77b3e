"""Lesson 63: three kinds of bond, and what a rival cannot copy."""

from __future__ import annotations

import numpy as np
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
from crmkit.relations import (
    bond_value,
    left_under_attack,
    made_good,
    stay_difference,
    staying_curve,
)

TITLE = "Three kinds of bond"

GAINS = ["gain_company", "gain_partner", "gain_customers"]


def trial(data: Tables) -> pd.DataFrame:
    """Customers whose bond chance decided."""
    return data.load("bond_study").query("how == 'by chance'")


def fair(data: Tables) -> pd.DataFrame:
    """Cases in which chance decided on the repair."""
    return data.load("repairs").query("how == 'by chance'")


def there(
    data: Tables, bond: str = "social", week: int = 39, how: str = "", start: int = 0
) -> float:
    """Per cent still there after a week; `how`: a wrong way; `start`: of those there after that week."""
    people = data.load("bond_study") if how == "everybody" else trial(data)
    mine = people[people["bond"] == bond]
    moved = ~mine["left"] & (mine["weeks"] <= week) & (mine["weeks"] < 52)
    if how == "moved left":
        return 100 * float((mine["weeks"] > week).mean())
    if how == "moved stayed":
        return 100 * float(1 - (mine["left"] & (mine["weeks"] <= week)).mean())
    if how == "all movers out":
        watched = mine["left"] | (mine["weeks"] == 52)
        return 100 * float((mine.loc[watched, "weeks"] > week).mean())
    if how == "moved out":
        return 100 * float((mine.loc[~moved, "weeks"] > week).mean())
    curve = staying_curve(mine).set_index("week")["stay"]
    return 100 * float(curve[week] / curve[start])


def stays(data: Tables, bond: str) -> float:
    """Customers of a hundred with a bond by chance who are there after the year."""
    people = trial(data)
    curve = staying_curve(people[people["bond"] == bond]).set_index("week")["stay"]
    return 100 * float(curve.iloc[-1])


def too_good(data: Tables, bond: str = "structural", how: str = "") -> float:
    """Percentage points by which choosing makes a bond look better than chance says; `how`: a wrong way."""
    study = data.load("bond_study")
    if how == "plain":
        share = 1 - study.groupby(["how", "bond"])["left"].mean()
        gap = share.unstack()[bond] - share.unstack()["none"]
    elif how == "no control":
        found = stay_difference(study, 52, within="how").set_index(["how", "bond"])
        gap = found["stay"].unstack()[bond]
    else:
        week = 26 if how == "before the attack" else 52
        found = stay_difference(study, week, within="how").set_index(["how", "bond"])
        gap = found["gap"].unstack()[bond]
    if how == "chosen only":
        return 100 * float(gap["own choice"])
    if how == "chance only":
        return 100 * float(gap["by chance"])
    return 100 * float(gap["own choice"] - gap["by chance"])


def adviser(data: Tables, times: float = 2.0, how: str = "", bond: str = "social") -> float:
    """What the adviser earns in the year, more than no bond, at so many times the cost; `how`: a wrong way."""
    people = data.load("bond_study") if how == "everybody" else trial(data)
    after = 1.0 if how == "quiet only" else times
    people = people.assign(
        cost_quiet=times * people["cost_quiet"], cost_attack=after * people["cost_attack"]
    )
    found = bond_value(people, known=() if how == "plain" else ("margin_before",))
    if how == "cost once more":
        known = bond_value(trial(data)).set_index(["period", "bond"]).loc[("both together", bond)]
        return float(known["more"] - known["cost"])
    period = "under attack" if how == "under attack" else "both together"
    row = found[(found["period"] == period) & (found["bond"] == bond)].iloc[0]
    return float(row["net"] if how == "no control" else row["more"])


def best_idea(data: Tables, how: str = "") -> dict[str, object]:
    """The idea with the most for the company where nobody loses, and its gain in all; `how`: a wrong way."""
    ideas = data.load("partner_ideas")
    fair_ones = (ideas[GAINS] >= 0).all(axis=1)
    if how in ("most for us", "most for us, own gain"):
        fair_ones = fair_ones | True
    place = int(ideas.loc[fair_ones, "gain_company"].idxmax())
    counted = {
        "own gain": GAINS[:1], "most for us, own gain": GAINS[:1], "two sides": GAINS[:2],
    }.get(how, GAINS)  # fmt: skip
    return {"idea": "abcdef"[place], "gain": float(ideas.loc[place, counted].sum())}


def subscribed(data: Tables, how: str = "", week: int = 52) -> float:
    """Per cent of Strumwell's subscriptions that still run after a year; `how`: a wrong way."""
    app = data.other("strumwell")
    table, end = app.load("subscriptions"), pd.Timestamp(app.company.end)
    ended = table["to_date"] <= end
    days = (table["to_date"].where(ended, end) - table["from_date"]).dt.days
    weeks = np.ceil(days / 7)
    if how == "running today":
        return 100 * float((~ended).mean())
    if how == "rounded down":
        weeks = days // 7
    if how == "running ones left out":
        return 100 * float((weeks[ended] > week).mean())
    if how == "running ones ended":
        return 100 * float((weeks > week).mean())
    if how == "running ones stay":
        return 100 * float(1 - (ended & (weeks <= week)).mean())
    if how == "days":
        weeks = days
    people = pd.DataFrame({"bond": "app", "weeks": weeks, "left": ended})
    curve = staying_curve(people).set_index("week")["stay"]
    return 100 * float(curve[min(week, curve.index[-1])])


def mended(data: Tables, done: str = "late", outcome: str = "bought_180d", how: str = "") -> float:
    """Per cent of the harm that a repair makes good; `how`: a wrong way."""
    cases = data.load("repairs") if how in ("came", "all") else fair(data)
    if how == "came":
        cases = cases[cases["how"] == "as it came"]
    mean = cases.groupby("repair")[outcome].mean()
    if how == "of the level":
        return 100 * float(mean[done] / mean["no fault"])
    if how == "points":
        return 100 * float(mean[done] - mean["not"])
    if how == "left over":
        return 100 * float((mean["no fault"] - mean[done]) / (mean["no fault"] - mean["not"]))
    return 100 * float(made_good(cases, [outcome], done=done)["share"].iloc[0])


def _figures(data: Tables) -> dict[str, str]:
    people, money = trial(data), data.company.money
    value = bond_value(people).set_index(["period", "bond"])
    gap = stay_difference(people, 52).set_index("bond")
    deep = left_under_attack(people, 30, 26).set_index("bond")["share"]

    def span(row: pd.Series) -> str:
        return f"{money(row['low'])} to {money(row['high'])}"

    def points(row: pd.Series) -> str:
        return f"{100 * row['low']:.0f} to {100 * row['high']:.0f}"

    discount, account = (gap.loc[bond] for bond in ("financial", "structural"))
    quiet = value.loc[("before the attack", "financial")]
    under = value.loc[("under attack", "financial")]
    year = value.loc[("both together", "structural")]
    figures = {
        "quiet": money(quiet["more"]), "quiet_span": span(quiet),
        "under": money(under["more"]), "under_span": span(under),
        "discount": f"{100 * discount['gap']:.0f}", "discount_span": points(discount),
        "account": f"{100 * account['gap']:.0f}", "account_span": points(account),
        "year": money(year["more"]), "year_span": span(year),
        "deep_none": f"{deep['none']:.0%}", "deep_account": f"{deep['structural']:.0%}",
        "chosen": f"{too_good(data, how='chosen only'):.0f}",
    }  # fmt: skip
    return {name: text.replace("-", "−") for name, text in figures.items()}  # a minus, not a hyphen


_RELATIONS = "import pandas as pd\nfrom crmkit import relations\n"
_TRIAL = 'study = crmkit.load("bond_study")\ntrial = study[study["how"] == "by chance"]\n'
_FAIR = 'cases = crmkit.load("repairs")\nfair = cases[cases["how"] == "by chance"]\n'

PREDICTIONS = [
    Prediction(
        id="63-a",
        prompt="A hundred customers got the standing discount by chance. How many of them are still there after 52 "
        "weeks, the attack included?",
        kind=Number(unit="of 100", tolerance=6),
        answer=lambda data: stays(data, "financial"),
        why="A guess too high comes from the first half of the year, when the discount sold well. Under the attack "
        "somebody else is cheaper.",
    ),
    Prediction(
        id="63-b",
        prompt="And of a hundred customers with the tool rental account?",
        kind=Number(unit="of 100", tolerance=6),
        answer=lambda data: stays(data, "structural"),
        why="A guess too low comes from the thought that everybody goes where it is cheaper. For these customers going "
        "means work.",
    ),
    Prediction(
        id="63-c",
        prompt="A fault makes customers buy again less often. What part of this harm does a repair at once make good? "
        "(per cent; 100 is all of it)",
        kind=Number(unit="%", tolerance=12),
        answer=lambda data: mended(data, "at once"),
        why="A guess of 100 or more comes from what people say after a good repair: they are very satisfied. What they "
        "buy is something else.",
    ),
]

QUESTIONS = [
    Question(
        id="63-1",
        title="The adviser after 39 weeks",
        level="fill in",
        goals=(1,),
        prompt="Of the customers whom chance gave the social bond: which share is still there after week 39? Some "
        "moved "
        "away. (per cent, two decimals)",
        kind=Number(unit="%", tolerance=0.005),
        points=1,
        reference=there,
        right="Thirteen weeks of the attack are in it, and those who moved count until they moved.",
        hints=(
            "`relations.staying_curve(trial)` gives the share for each bond and week.",
            "Keep the row with the bond social and the week 39; the share is in `stay`.",
            '`curve.query("bond == \'social\' and week == 39")["stay"]`, times 100',
        ),
        misconceptions=(
            Misconception(
                "those who moved counted as leavers",
                lambda data: there(data, how="moved left"),
                "You counted who was watched longer than 39 weeks. Those who moved away before did not go to a rival.",
            ),
            Misconception(
                "those who moved counted as stayers",
                lambda data: there(data, how="moved stayed"),
                "You counted those who moved away as still there. Nobody knows what they would have done.",
            ),
            Misconception(
                "those who moved left out",
                lambda data: there(data, how="moved out"),
                "You left out those who moved. Until then they stayed, and that counts.",
            ),
            Misconception(
                "everyone who ever moved left out",
                lambda data: there(data, how="all movers out"),
                "You left out everyone who moved, even after week 39. Count them for the weeks in which they were "
                "watched: `staying_curve` does it.",
            ),
            Misconception(
                "everybody, also those who chose",
                lambda data: there(data, how="everybody"),
                "Customers who chose their bond are among yours. Take those whose bond chance decided.",
            ),
            Misconception(
                "the end of the year",
                lambda data: there(data, week=52),
                "That is the share after 52 weeks. The question is about week 39.",
            ),
            Misconception(
                "of those there when the attack began",
                lambda data: there(data, start=26),
                "That is a share of those who were there when the attack began. Take all who began the study.",
            ),
            Misconception(
                "another bond",
                lambda data: there(data, "structural"),
                "That is the rental account. The adviser is the social bond.",
            ),
        ),
        starter="curve = relations.staying_curve(trial)\n"
        'row = curve[(curve["bond"] == "____") & (curve["week"] == ____)]',
        solution="Draw the staying curve of the customers whose bond chance decided, and read it at week 39.",
        code=_RELATIONS + _TRIAL + "curve = relations.staying_curve(trial)\n"
        'row = curve[(curve["bond"] == "social") & (curve["week"] == 39)]\n'
        'answer = 100 * row["stay"].iloc[0]',
    ),
    Question(
        id="63-2",
        title="Too good to be the account",
        level="fill in",
        goals=(2,),
        prompt="Take the gap between the rental account and no bond, in the share still there after 52 weeks. By how "
        "many "
        "percentage points is it larger among customers who chose than among those whose bond chance decided? (two "
        "decimals)",
        kind=Number(unit="percentage points", tolerance=0.005),
        points=2,
        reference=too_good,
        right="This part of the gap is the customers and not the account. One number of two groups carries a wide "
        "interval: say so when you report it.",
        hints=(
            '`relations.stay_difference(study, 52, within="how")` makes the comparison for both parts.',
            "Take the rows of the bond structural; the gap is in `gap`.",
            "The gap of “own choice” less that of “by chance”, times 100.",
        ),
        misconceptions=(
            Misconception(
                "the gap of those who chose",
                lambda data: too_good(data, how="chosen only"),
                "That is the gap among those who chose. How large is it where chance decided, and what is the "
                "difference?",
            ),
            Misconception(
                "the gap by chance",
                lambda data: too_good(data, how="chance only"),
                "That is the gap where chance decided. How large is it among those who chose, and what is the "
                "difference?",
            ),
            Misconception(
                "without the customers who have no bond",
                lambda data: too_good(data, how="no control"),
                "You compared the shares with an account. Customers without a bond differ between the two parts too: "
                "compare the gaps.",
            ),
            Misconception(
                "plain shares of `left`",
                lambda data: too_good(data, how="plain"),
                "You took plain shares of `left`. Some moved away before the end: what do you know about them?",
            ),
            Misconception(
                "half of the year",
                lambda data: too_good(data, how="before the attack"),
                "That is after 26 weeks, before the attack. Take 52.",
            ),
            Misconception(
                "another bond",
                lambda data: too_good(data, "social"),
                "That is the adviser. The account is the bond structural.",
            ),
        ),
        starter='both = relations.stay_difference(study, 52, within="____").set_index(["how", "bond"])',
        solution="Both gaps to no bond, one less the other.",
        code=_RELATIONS
        + _TRIAL
        + 'both = relations.stay_difference(study, 52, within="how").set_index(["how", "bond"])\n'
        'gap = both["gap"]\n'
        'answer = 100 * (gap["own choice", "structural"] - gap["by chance", "structural"])',
    ),
    Question(
        id="63-3",
        title="An adviser at twice the cost",
        level="change",
        goals=(3,),
        prompt="Good advisers are hard to find: suppose that the social bond costs twice as much, before the attack "
        "and "
        "under it. How much more than no bond does it earn then, over the whole year, per customer? Customers whose "
        "bond "
        "chance decided; allow for the margin before. ({company.symbol}, two decimals)",
        kind=Number(unit="{company.symbol}", tolerance=0.005),
        points=3,
        reference=adviser,
        right="A bond that earns well at one cost may not at another. Look at the interval too: may it be below zero?",
        hints=(
            "Change the columns `cost_quiet` and `cost_attack` in a copy, then work out the value again.",
            "No bond costs nothing, so doubling everybody's cost does not change it: `trial.assign(cost_quiet=2 * "
            'trial["cost_quiet"], …)`.',
            "`relations.bond_value(dear)`: period “both together”, bond social, column `more`.",
        ),
        misconceptions=(
            Misconception(
                "the cost as it is",
                lambda data: adviser(data, 1.0),
                "That is with the cost as it is. What if it doubles?",
            ),
            Misconception(
                "no cost",
                lambda data: adviser(data, 0.0),
                "The cost has not been subtracted. What is left when it is paid twice?",
            ),
            Misconception(
                "half a year doubled",
                lambda data: adviser(data, how="quiet only"),
                "You doubled the cost before the attack. It doubles under the attack too.",
            ),
            Misconception(
                "the mean cost subtracted once more by hand",
                lambda data: adviser(data, how="cost once more"),
                "Nearly: you subtracted the mean cost once more by hand. But `bond_value` allows for the margin "
                "before, and what a bond costs depends on that too. Work out the value again with both costs doubled.",
            ),
            Misconception(
                "under the attack only",
                lambda data: adviser(data, how="under attack"),
                "That is the second half of the year. The question is about both together.",
            ),
            Misconception(
                "plain difference",
                lambda data: adviser(data, how="plain"),
                "That is the difference of the plain means. Allow for `margin_before`, as the lesson does.",
            ),
            Misconception(
                "net, not more than no bond",
                lambda data: adviser(data, how="no control"),
                "That is what a customer with an adviser earns. Customers without a bond earn something too.",
            ),
            Misconception(
                "with those who chose",
                lambda data: adviser(data, how="everybody"),
                "Customers who chose are among yours. Take those whose bond chance decided.",
            ),
            Misconception(
                "another bond",
                lambda data: adviser(data, bond="structural"),
                "That is the rental account. The adviser is the social bond.",
            ),
        ),
        starter="dear = trial.assign(\n"
        '    cost_quiet=____ * trial["cost_quiet"], cost_attack=____ * trial["cost_attack"]\n)',
        solution="Double both columns of cost, and compare with no bond again.",
        code=_RELATIONS + _TRIAL + "dear = trial.assign(\n"
        '    cost_quiet=2 * trial["cost_quiet"], cost_attack=2 * trial["cost_attack"]\n)\n'
        'found = relations.bond_value(dear).set_index(["period", "bond"])\n'
        'answer = found.loc[("both together", "social"), "more"]',
    ),
    Question(
        id="63-4",
        title="An idea for both sides",
        level="change",
        goals=(5,),
        prompt="Look at the ideas in which nobody loses: neither the company, nor the partner, nor customers. Which of "
        "these gives the company the most, and what do all three gain together? Letters a to f stand for the rows of "
        '`ideas`, from the top. Answer as `{"idea": "…", "gain": …}`, the gain in {company.symbol}.',
        kind=Several(
            {
                "idea": Choice(
                    {
                        "a": "open the stock list to the paint supplier",
                        "b": "pay the paint supplier a month later",
                        "c": "one rental depot with the builders' yard",
                        "d": "fewer brands, fixed with a rival",
                        "e": "a repair evening with the town",
                        "f": "street parking for our lorries",
                    }
                ),
                "gain": Number(unit="{company.symbol}", tolerance=0.5),
            }
        ),
        points=2,
        reference=best_idea,
        right="A partner who gains comes back with the next idea. One who loses waits for a chance to leave, and an "
        "agreement with a rival at the cost of customers is forbidden besides.",
        hints=(
            'The three columns of gains: `gains = ideas[["gain_company", "gain_partner", "gain_customers"]]`.',
            "Nobody loses: `(gains >= 0).all(axis=1)`. Of these take the row with the largest `gain_company`.",
            "`gains.sum(axis=1)` is what all three gain together.",
        ),
        misconceptions=(
            Misconception(
                "the most for the company, also where others lose",
                lambda data: best_idea(data, "most for us"),
                "That gives the company the most of all ideas. Who pays for it?",
            ),
            Misconception(
                "the most for the company, and only its gain",
                lambda data: best_idea(data, "most for us, own gain"),
                "That is the largest gain of the company. Look along its row: does anybody lose?",
            ),
            Misconception(
                "the company's gain only",
                lambda data: best_idea(data, "own gain"),
                "The idea is the one. What do all three gain together?",
            ),
            Misconception(
                "the customers' gain forgotten",
                lambda data: best_idea(data, "two sides"),
                "The idea is the one. You added two gains; customers gain too.",
            ),
        ),
        starter='gains = ideas[["gain_company", "gain_partner", "gain_customers"]]\n'
        "fair_ideas = ideas[(gains >= ____).all(axis=1)]",
        solution="Keep the ideas in which no gain is below zero, take the one with the most for the company, and add "
        "up "
        "its three gains.",
        code='ideas = crmkit.load("partner_ideas")\n'
        'gains = ideas[["gain_company", "gain_partner", "gain_customers"]]\n'
        "fair_ideas = ideas[(gains >= 0).all(axis=1)]\n"
        'place = fair_ideas["gain_company"].idxmax()\n'
        'answer = {"idea": "abcdef"[place], "gain": gains.loc[place].sum()}',
    ),
    Question(
        id="63-5",
        title="Subscriptions of an app",
        level="explore",
        goals=(1,),
        elsewhere="strumwell",
        prompt="Strumwell's table `subscriptions` has the first day (`from_date`) and the last (`to_date`; empty or "
        "after "
        'the last day of the data: still running). The last day is `crmkit.company("strumwell").end`. Count weeks as '
        "days "
        "÷ 7, rounded up. Which share of subscriptions still runs after week 52? (per cent, two decimals)",
        kind=Number(unit="%", tolerance=0.005),
        points=3,
        reference=subscribed,
        right="The same curve serves contracts, subscriptions, staff and machines: whatever ends, and is not yet "
        "over when "
        "one looks.",
        hints=(
            '`ended = table["to_date"] <= end`; a subscription that runs is watched until `end`.',
            "Weeks: `np.ceil(days / 7)`, with `days` from `from_date` to `to_date` or `end`.",
            "A table with `bond` (one value for all), `weeks` and `left` goes to `relations.staying_curve`.",
        ),
        misconceptions=(
            Misconception(
                "running ones left out",
                lambda data: subscribed(data, "running ones left out"),
                "You left out the subscriptions that still run: these are the ones that last.",
            ),
            Misconception(
                "running ones counted as ended",
                lambda data: subscribed(data, "running ones ended"),
                "You counted which were watched longer than 52 weeks. Young ones could not be: they have not ended.",
            ),
            Misconception(
                "running ones counted as stayers",
                lambda data: subscribed(data, "running ones stay"),
                "You counted those that began lately as if they had run a year.",
            ),
            Misconception(
                "running today, old and new",
                lambda data: subscribed(data, "running today"),
                "That is the share that runs on the last day of the data, old and new ones together. How many still "
                "run after 52 weeks of their own?",
            ),
            Misconception(
                "rounded down",
                lambda data: subscribed(data, "rounded down"),
                "You rounded the weeks down. A week that has begun counts: `np.ceil`.",
            ),
            Misconception(
                "half a year",
                lambda data: subscribed(data, week=26),
                "That is after 26 weeks. The question is about 52.",
            ),
            Misconception(
                "days for weeks",
                lambda data: subscribed(data, "days"),
                "You gave days where weeks are wanted: that is the share after 52 days.",
            ),
        ),
        starter='table = crmkit.load("subscriptions", data="strumwell")\n'
        'end = pd.Timestamp(crmkit.company("strumwell").end)\n'
        'ended = table["to_date"] <= ____',
        solution="Watch each subscription until it ended, or until the last day of the data, and draw the staying "
        "curve.",
        code="import numpy as np\n"
        + _RELATIONS
        + 'table = crmkit.load("subscriptions", data="strumwell")\n'
        'end = pd.Timestamp(crmkit.company("strumwell").end)\n'
        'ended = table["to_date"] <= end\n'
        'days = (table["to_date"].where(ended, end) - table["from_date"]).dt.days\n'
        'people = pd.DataFrame({"bond": "app", "weeks": np.ceil(days / 7), "left": ended})\n'
        'curve = relations.staying_curve(people).set_index("week")\n'
        'answer = 100 * curve.loc[52, "stay"]',
    ),
    Question(
        id="63-6",
        title="Better late than never?",
        level="explore",
        goals=(4,),
        elsewhere="the late repair",
        prompt="In the trial of repairs: which part of the harm to buying again does a *late* repair make good? (per "
        "cent "
        "of the harm, two decimals)",
        kind=Number(unit="%", tolerance=0.005),
        points=2,
        reference=mended,
        right="A late repair wins back less than one at once. Look at its interval: is it certain that it wins back "
        "anything?",
        hints=(
            "The harm is what buying again loses between no fault and a fault that is not repaired.",
            "`relations.made_good` has `done=`: the repair that is looked at.",
            '`relations.made_good(fair, ["bought_180d"], done="late")["share"]`, times 100',
        ),
        misconceptions=(
            Misconception(
                "the repair at once",
                lambda data: mended(data, "at once"),
                "That is the repair at once. How much does the late one make good?",
            ),
            Misconception(
                "satisfaction",
                lambda data: mended(data, outcome="satisfaction"),
                "That is about satisfaction. The question asks for buying again.",
            ),
            Misconception(
                "the desk's own file",
                lambda data: mended(data, how="came"),
                "That is from the cases as they came. Those who complain are other customers: take the trial.",
            ),
            Misconception(
                "all cases together",
                lambda data: mended(data, how="all"),
                "Cases as they came are among yours. Take those in which chance decided on the repair: `fair`.",
            ),
            Misconception(
                "a share of the level",
                lambda data: mended(data, how="of the level"),
                "You divided by those without a fault. Some would buy again without any repair: what part of the "
                "*harm* "
                "is made good?",
            ),
            Misconception(
                "points won back",
                lambda data: mended(data, how="points"),
                "Those are the points won back. Of how many points lost?",
            ),
            Misconception(
                "what is still missing",
                lambda data: mended(data, how="left over"),
                "That part of the harm is left. Which part is made good?",
            ),
        ),
        starter='found = relations.made_good(fair, ["bought_180d"], done="____")',
        solution="Late less not repaired, divided by no fault less not repaired.",
        code=_RELATIONS
        + _FAIR
        + 'found = relations.made_good(fair, ["bought_180d"], done="late")\n'
        'answer = 100 * found["share"].iloc[0]',
    ),
    Question(
        id="63-7",
        title="What Nora tells sales",
        level="decide",
        goals=(2, 3),
        points=4,
        prompt="Sales wants to give every good customer a standing discount against the rival. Write Nora's answer "
        "in 60 "
        "to 150 words: what the discount does before and under the attack, which bond you would offer instead, what it "
        "earns and holds, with intervals; why you do not look at customers who chose; what you would watch.",
        hints=(
            "First the discount in both halves of the year; then the bond that holds, in points and in money; then "
            "what "
            "could be wrong.",
        ),
        kind=Plan(
            rubric={
                "The discount judged in both halves of the year, with figures": 1,
                "A bond chosen by what it holds and by what it earns after its cost, with intervals": 1,
                "Customers who chose are another kind, so only groups by chance are compared": 1,
                "What is to be watched: depth of the attack, part of the basket bought elsewhere, or whether people "
                "feel "
                "held": 1,
            },
            model="Before the attack a discount earns {figure.quiet} a customer more than no bond "
            "({figure.quiet_span}). "
            "Under the attack it is {figure.under} ({figure.under_span}), and after the year its share of customers "
            "still there differs from no bond by {figure.discount} points ({figure.discount_span}): it does not bind, "
            "because a rival copies it. I would "
            "offer the rental account. It keeps {figure.account} points more ({figure.account_span}) and earns "
            "{figure.year} a customer over the year after its cost ({figure.year_span}). If the rival takes 30 % off, "
            "{figure.deep_account} of its customers are left after half a year, without a bond {figure.deep_none}. "
            "Among "
            "those who chose, the account seems to keep {figure.chosen} points; loyal people take it, so I count only "
            "where chance decided. We watch whether customers buy part elsewhere, and whether somebody stays only "
            "because "
            "leaving is made hard.",
            figures=_figures,
            minimum_words=60,
        ),
    ),
]

QUIZ = [
    QuizQuestion(
        "Ten of a hundred customers moved to another town. What do you do with them in a staying curve?",
        [
            Option(
                "Count them as leavers",
                "They did not go to a rival. That makes the bond look worse.",
            ),
            Option(
                "Count them for as long as they were watched",
                "Yes. Until they moved they stayed; what came later nobody knows.",
                right=True,
            ),
            Option("Leave them out", "Then the weeks in which they stayed are lost."),
        ],
    ),
    QuizQuestion(
        "Customers with an account stay far longer than others. They asked for it. What have you shown?",
        [
            Option(
                "That the account binds",
                "Who asks for an account? Perhaps those who want to stay anyway.",
            ),
            Option("That loyal customers take accounts", "Possible, but that is not shown either."),
            Option(
                "That both are possible",
                "Yes. Only groups made by chance would tell the two apart.",
                right=True,
            ),
        ],
    ),
    QuizQuestion(
        "A hazard ratio of 0.5 under the attack means:",
        [
            Option(
                "half as many customers are left",
                "It compares how fast they leave, not how many are left.",
            ),
            Option(
                "in a week half as many of those who are there leave",
                "Yes. How many are left in the end depends on how long the attack lasts.",
                right=True,
            ),
            Option(
                "half of the customers leave", "It is a ratio of two groups, not a share of one."
            ),
        ],
    ),
    QuizQuestion(
        "After a good repair customers are more satisfied than customers without a fault. Should a shop make small "
        "faults on purpose?",
        [
            Option("Yes, and repair them at once", "Do these customers also buy again more often?"),
            Option(
                "No: they say more and buy less",
                "Yes, here and in published studies. Satisfaction is said; buying again is done.",
                right=True,
            ),
            Option(
                "It makes no difference", "It does: fewer of them buy again than without a fault."
            ),
        ],
    ),
    QuizQuestion(
        "A supplier is made to wait a month longer for its money. The company gains, the supplier loses. What is that?",
        [
            Option(
                "Win-win, because the company wins", "It takes two. What does the supplier gain?"
            ),
            Option(
                "A gain for one side, which seldom lasts",
                "Yes. A partner who loses looks for somebody else.",
                right=True,
            ),
            Option("Relationship marketing", "That needs a gain for both sides."),
        ],
    ),
]
