"""Lesson 64: satisfied is not loyal."""

from __future__ import annotations

from crmkit.practice.kinds import Number, Plan
from crmkit.practice.question import (
    Misconception,
    Option,
    Prediction,
    Question,
    QuizQuestion,
    Tables,
)
from crmkit.practice.questions.worked_64 import (
    COST,
    INDEX,
    WORTH,
    answered,
    break_even,
    caught,
    confirmed,
    effort_gap,
    helpers_gap,
    judged,
    letters,
    ranking,
    score_of,
    top_gap,
    ways,
    with_the_silent,
)
from crmkit.relations import (
    HealthIndex,
    branch_trial_effects,
    by_level,
    chain_check,
    compare_scores,
    warning_list,
)

TITLE = "Satisfied is not loyal"


def _figures(data: Tables) -> dict[str, str]:
    money = data.company.money
    before, now = judged(data)
    table = ways(data)
    index, sales = (
        HealthIndex(names).fit(before).score(now) for names in (INDEX, ["sales", "sales_change"])
    )
    found = warning_list(index, now["stays"], [100], contact_cost=COST, worth=WORTH).iloc[0]
    compared = compare_scores({"sales": sales, "index": index}, now["stays"]).iloc[1]
    levels = by_level(
        answered(data).assign(top=lambda t: t["satisfaction"] >= 9).query("satisfaction >= 7"),
        "top",
    )
    chain = chain_check(
        data.load("branch_quarters"), data.load("branch_trial"), "staff_satisfaction", ["profit"]
    ).set_index("way")
    staff = branch_trial_effects(data.load("branch_trial"), ["staff_satisfaction"], draws=1).iloc[0]
    thousand = 1000.0
    return {
        "score": f"{table['score'].iloc[0]:.0f}",
        "heard": f"{table['score'].iloc[-1]:.0f}",
        "heard_low": f"{table['low'].iloc[-1]:.0f}",
        "heard_high": f"{table['high'].iloc[-1]:.0f}",
        "top": f"{levels['share'].iloc[1]:.0%}",
        "next": f"{levels['share'].iloc[0]:.0%}",
        "caught": f"{found['caught']:.0f}",
        "false": f"{found['false_alarms']:.0f}",
        "even": f"{found['break_even']:.0%}",
        "cost": money(found["cost"]),
        "gap": f"{100 * compared['gap']:.0f}",
        "gap_low": f"{100 * compared['gap_low']:.0f}",
        "gap_high": f"{100 * compared['gap_high']:.0f}",
        "staff": f"{staff['effect']:.1f}",
        "plain": money(thousand * chain.loc["as it looks", "effect"]),
        "trial": money(thousand * chain.loc["by chance", "effect"]),
        "trial_low": money(thousand * chain.loc["by chance", "low"]),
        "trial_high": money(thousand * chain.loc["by chance", "high"]),
    }


_START = "from crmkit import relations\n"
_TABLES = (
    'quarters, survey = crmkit.load("trader_quarters"), crmkit.load("trader_survey")\n'
    'letters = survey[survey["way"] == "letter"]\n'
)
_PERIODS = (
    'signals = ["logins", "help_given", "sales"]\n'
    'stays = relations.still_there(quarters)[["trader_id", "quarter", "stays"]]\n'
    "table = relations.signal_changes(quarters, signals).merge(stays)\n"
    'last_year, this_year = table[table["quarter"] == 2], table[table["quarter"] == 6]\n'
)

PREDICTIONS = [
    Prediction(
        id="64-a",
        prompt="You have seen the score of those who answered. What is it with the calls to the silent, in points "
        "(-100 to 100)?",
        kind=Number(unit="points", tolerance=6),
        between=(-100, 100),
        answer=with_the_silent,
        why="A guess too high takes the silent for people like those who answer. Content people answer more often.",
    ),
    Prediction(
        id="64-b",
        prompt="Take traders who answered 9 or 10 to the question on satisfaction, and those who answered 7 or 8. How "
        "many percentage points more of the first still buy two quarters later?",
        kind=Number(unit="points", tolerance=3),
        between=(-100, 100),
        answer=top_gap,
        why="A guess too high says: the more satisfied, the more loyal. Above a level that is good enough, other "
        "things decide.",
    ),
    Prediction(
        id="64-c",
        prompt="A hundred warnings by the health index: how many leavers do they catch?",
        kind=Number(unit="leavers", tolerance=6),
        answer=caught,
        why="A guess near the number for sales says that log-ins and help add little. A guess near 100 says that "
        "nobody goes quiet and stays.",
    ),
]

QUESTIONS = [
    Question(
        id="64-1",
        title="The score of another quarter",
        level="fill in",
        goals=(1,),
        prompt="What is the net promoter score of quarter 4, by the letters? (points, two decimals)",
        kind=Number(unit="points", tolerance=0.005),
        points=1,
        reference=score_of,
        right="Say with it how many were asked and how many answered.",
        hints=(
            "Keep the rows of quarter 4. The column is `recommendation`.",
            "The share of 9 and 10, less the share of 0 to 6, times 100.",
            '`relations.promoter_score(letters.loc[letters["quarter"] == 4, "recommendation"])["score"]`',
        ),
        misconceptions=(
            Misconception(
                "promoters only",
                lambda data: score_of(data, "promoters"),
                "That is the share of promoters. What must be subtracted?",
            ),
            Misconception(
                "8 counts as promoter",
                lambda data: score_of(data, "8 too"),
                "You counted 8 as a promoter. It counts on neither side.",
            ),
            Misconception(
                "7 counts as detractor",
                lambda data: score_of(data, "7 too"),
                "You counted 7 as a detractor. It counts on neither side.",
            ),
            Misconception(
                "detractors to 5 only",
                lambda data: score_of(data, "0 to 5"),
                "Your detractors end at 5. Where do they end in the lesson?",
            ),
            Misconception(
                "all quarters",
                lambda data: score_of(data, "all quarters"),
                "That is the score of all quarters together.",
            ),
            Misconception(
                "of all who were asked",
                lambda data: score_of(data, "of all asked"),
                "You divided by all traders of the quarter. Those who did not answer are then counted as 7 or 8.",
            ),
            Misconception(
                "satisfaction",
                lambda data: score_of(data, "satisfaction"),
                "You took the answers about satisfaction. Which question is the score about?",
            ),
            Misconception(
                "mean answer",
                lambda data: score_of(data, "mean answer"),
                "That is the mean answer. The score is a difference of two shares.",
            ),
            Misconception(
                "number of people",
                lambda data: score_of(data, "people"),
                "That is a number of people. Divide by those who answered in quarter 4.",
            ),
        ),
        starter='said = letters.loc[letters["quarter"] == ____, "recommendation"]',
        solution="The share of 9 and 10 less the share of 0 to 6, of those who answered in quarter 4.",
        code=_START + _TABLES + 'said = letters.loc[letters["quarter"] == 4, "recommendation"]\n'
        'answer = relations.promoter_score(said)["score"]',
    ),
    Question(
        id="64-2",
        title="Effort and staying",
        level="change",
        goals=(2,),
        prompt="The letter also asks how much effort it is to buy from us (`effort`, 1 to 7). How many percentage "
        "points more of those who say 1 or 2 still buy two quarters later than of those who say 5 to 7? Take all "
        "quarters of which it is known. (two decimals)",
        kind=Number(unit="percentage points", tolerance=0.005),
        points=2,
        reference=effort_gap,
        right="Is its interval above zero? `relations.level_gap` says so. Still, a gap among those who answered is no "
        "effect of effort.",
        hints=(
            "`relations.still_there(quarters, ahead=2)` says who stays; merge it with the letters.",
            "Two groups: `effort <= 2` and `effort >= 5`. The mean of `stays` in each.",
            '`100 * (said.loc[said["effort"] <= 2, "stays"].mean() - said.loc[said["effort"] >= 5, "stays"].mean())`',
        ),
        misconceptions=(
            Misconception(
                "one quarter ahead",
                lambda data: effort_gap(data, "one quarter"),
                "That looks one quarter ahead. The question asks for two.",
            ),
            Misconception(
                "all who say 3 or more",
                lambda data: effort_gap(data, "all others"),
                "Your second group has everybody from 3 on. It begins at 5.",
            ),
            Misconception(
                "little effort against everybody",
                lambda data: effort_gap(data, "little against all"),
                "You compared with all answers. Compare with those who say 5 to 7.",
            ),
            Misconception(
                "quarter 6 only",
                lambda data: effort_gap(data, "last quarter only"),
                "That is quarter 6 alone. It is known of the quarters before it too.",
            ),
            Misconception(
                "1 only",
                lambda data: effort_gap(data, "1 only"),
                "Your first group has those who say 1. It has those who say 2, too.",
            ),
            Misconception(
                "6 and 7 only",
                lambda data: effort_gap(data, "6 and 7"),
                "Your second group begins at 6. It begins at 5.",
            ),
            Misconception(
                "little effort only",
                lambda data: effort_gap(data, "little only"),
                "That is the share of those with little effort who stay. How many of those with much effort stay?",
            ),
        ),
        starter="stays = relations.still_there(quarters, ahead=____)\n"
        'said = letters.merge(stays, on=["trader_id", "quarter"])',
        solution="Merge the letters with who stays, and compare the two groups.",
        code=_START + _TABLES + "stays = relations.still_there(quarters, ahead=2)\n"
        'said = letters.merge(stays, on=["trader_id", "quarter"])\n'
        'little, much = said[said["effort"] <= 2], said[said["effort"] >= 5]\n'
        'answer = 100 * (little["stays"].mean() - much["stays"].mean())',
    ),
    Question(
        id="64-3",
        title="A signal at the coffee merchant",
        level="change",
        goals=(3,),
        elsewhere="beanline",
        prompt="At Beanline, take the customers who ordered in the year before {company.year}. Lively are those whose "
        "`logins` in that year (table `engagement`) are above the median of these customers. How many percentage "
        "points more of the lively than of the others ordered in {company.year} too? (two decimals)",
        kind=Number(unit="percentage points", tolerance=0.005),
        points=3,
        reference=helpers_gap,
        right="The signal comes from the year before, so it could have been known in time.",
        hints=(
            '`crmkit.load("engagement", data="beanline")` and `crmkit.load("orders", data="beanline")`.',
            "Who ordered in a year: the `customer_id` of the orders with that year in `order_date`.",
            "Keep the signals of the year before, and of those who ordered in it. `stays` is whether the customer is "
            "among those who ordered in {company.year}.",
        ),
        misconceptions=(
            Misconception(
                "signals of the same year",
                lambda data: helpers_gap(data, "this year's signals"),
                "You took the log-ins of {company.year}. Those who stayed away could not log in: this signal is not "
                "known in time.",
            ),
            Misconception(
                "all customers",
                lambda data: helpers_gap(data, "all customers"),
                "You kept customers who had not ordered in the year before. They have nothing to leave.",
            ),
            Misconception(
                "share of the lively only",
                lambda data: helpers_gap(data, "lively only"),
                "That is the share of the lively who stay. How many of the others stay?",
            ),
            Misconception(
                "against all",
                lambda data: helpers_gap(data, "against all"),
                "You compared with all customers, and the lively are among them.",
            ),
            Misconception(
                "own firm",
                lambda data: helpers_gap(data, "own firm"),
                "That is {company.name}. The question is about Beanline.",
            ),
            Misconception(
                "median counts as lively",
                lambda data: helpers_gap(data, "at the median too"),
                "Your line is one step too low. Lively are those with more than the median of these customers.",
            ),
            Misconception(
                "mean for median",
                lambda data: helpers_gap(data, "above the mean"),
                "You took the mean as the line. The question says the median.",
            ),
        ),
        starter='orders, signs = (crmkit.load(name, data="beanline") for name in ("orders", "engagement"))\n'
        'signs = signs[signs["year"] == ____]',
        solution="Signals of the year before, of those who ordered in it; then the share who ordered again, in two "
        "groups.",
        code="year = crmkit.company().year\n"
        'orders, signs = (crmkit.load(name, data="beanline") for name in ("orders", "engagement"))\n'
        'ordered = orders.groupby(orders["order_date"].dt.year)["customer_id"].unique()\n'
        'signs = signs[(signs["year"] == year - 1) & signs["customer_id"].isin(ordered[year - 1])]\n'
        'stays = signs["customer_id"].isin(ordered[year])\n'
        'lively = signs["logins"] > signs["logins"].median()\n'
        "answer = 100 * (stays[lively].mean() - stays[~lively].mean())",
    ),
    Question(
        id="64-4",
        title="An index without sales",
        level="change",
        goals=(3,),
        prompt="Let an index learn from `logins` and `help_given` in quarter 2. In quarter 6, in how many per cent "
        "of the pairs has the trader who stays the higher score? (two decimals)",
        kind=Number(unit="%", tolerance=0.005),
        points=2,
        reference=ranking,
        right="No sales figure is in it. What was learnt last year still ranks this year.",
        hints=(
            'Learn: `relations.HealthIndex(["logins", "help_given"]).fit(last_year)`. Judge: `.score(this_year)`.',
            '`relations.compare_scores({...}, this_year["stays"])` has the column `ranks_right`.',
            '`100 * relations.compare_scores({"index": index.score(this_year)}, this_year["stays"])["ranks_right"][0]`',
        ),
        misconceptions=(
            Misconception(
                "judged on the period from which it learnt",
                lambda data: ranking(data, "judged on last year"),
                "That judges the index on the quarter from which it learnt. Judge it on quarter 6.",
            ),
            Misconception(
                "learnt on the period that judges",
                lambda data: ranking(data, "learnt on this year"),
                "Your index learnt from quarter 6 itself. In time you would have known quarter 2 only.",
            ),
            Misconception(
                "sales alone",
                lambda data: ranking(data, "sales"),
                "That is the index of sales alone.",
            ),
            Misconception(
                "log-ins alone",
                lambda data: ranking(data, "one indicator"),
                "That is log-ins alone. Add `help_given`.",
            ),
            Misconception(
                "the lesson's index",
                lambda data: ranking(data, "the lesson's index"),
                "That is the lesson's index of eight indicators. The question names two.",
            ),
            Misconception(
                "sales too",
                lambda data: ranking(data, "sales too"),
                "Sales are in your index. The question names log-ins and help only.",
            ),
        ),
        starter='index = relations.HealthIndex(["logins", "____"]).fit(last_year)',
        solution="Learn from quarter 2, score quarter 6, and count the pairs.",
        code=_START
        + _TABLES
        + _PERIODS
        + 'index = relations.HealthIndex(["logins", "help_given"]).fit(last_year)\n'
        'found = relations.compare_scores({"index": index.score(this_year)}, this_year["stays"])\n'
        'answer = 100 * found["ranks_right"][0]',
    ),
    Question(
        id="64-5",
        title="When does a list pay?",
        level="explore",
        goals=(4,),
        prompt="An index of `logins` and `sales_change`, learnt on quarter 2, warns of 150 traders in quarter 6. A "
        "call costs {company.symbol}30. A trader who is kept is worth four times the mean profit of a trader in "
        "quarter 6 (of those in the table that judges). What share of the leavers on the list must the calls keep, "
        "so that the list pays? (per cent, two decimals)",
        kind=Number(unit="%", tolerance=0.005),
        points=3,
        reference=break_even,
        right="It is a condition, not a finding. Whether calls keep so many, only a test with a control group can say.",
        hints=(
            'Worth: `4 * this_year["profit"].mean()`.',
            "`relations.warning_list(score, stays, [150], contact_cost=..., worth=...)`",
            "The column is `break_even`; times 100.",
        ),
        misconceptions=(
            Misconception(
                "profit of one quarter",
                lambda data: break_even(data, "one quarter"),
                "You took the profit of one quarter as the worth. The question says four.",
            ),
            Misconception(
                "sales as the worth",
                lambda data: break_even(data, "sales as worth"),
                "You took sales for profit.",
            ),
            Misconception(
                "calls to leavers only",
                lambda data: break_even(data, "caught only"),
                "You set one call against one trader. All 150 are called, and only the leavers among them can be kept.",
            ),
            Misconception(
                "false warnings only",
                lambda data: break_even(data, "false only"),
                "You paid for the false warnings only. The right ones are called too.",
            ),
            Misconception(
                "all leavers",
                lambda data: break_even(data, "all leavers"),
                "You divided by all leavers. Those who are missed cannot be kept.",
            ),
            Misconception(
                "share of right warnings",
                lambda data: break_even(data, "right"),
                "That is the share of warnings that were right. What do the calls cost, and what is one trader worth?",
            ),
            Misconception(
                "sales alone",
                lambda data: break_even(data, "sales"),
                "That is the list by sales alone.",
            ),
            Misconception(
                "cost of the lesson",
                lambda data: break_even(data, "the lesson's cost"),
                "You took the cost of a call from the lesson. Here a call costs {company.symbol}30.",
            ),
            Misconception(
                "worth of the lesson",
                lambda data: break_even(data, "the lesson's worth"),
                "You took the worth from the lesson. Here it is four times the mean profit.",
            ),
            Misconception(
                "100 warnings",
                lambda data: break_even(data, "100 warnings"),
                "That is a list of 100 warnings. The question says 150.",
            ),
        ),
        starter='worth = 4 * this_year["____"].mean()\n'
        'score = relations.HealthIndex(["logins", "sales_change"]).fit(last_year).score(this_year)',
        solution="Cost of 150 calls, divided by the worth of the leavers on the list.",
        code=_START
        + _TABLES
        + _PERIODS
        + 'score = relations.HealthIndex(["logins", "sales_change"]).fit(last_year).score(this_year)\n'
        'worth = 4 * this_year["profit"].mean()\n'
        'found = relations.warning_list(score, this_year["stays"], [150], contact_cost=30, worth=worth)\n'
        'answer = 100 * found["break_even"][0]',
    ),
    Question(
        id="64-6",
        title="How much of the promise is kept",
        level="explore",
        goals=(5,),
        prompt="The training made staff happier. The row “as it looks” says how much *customer* satisfaction should "
        "rise with that; the row “by chance” says how much it rose in the trial. How many per cent of the promised "
        "rise did the trial bring? (three decimals)",
        kind=Number(unit="%", tolerance=0.0005),
        points=2,
        reference=confirmed,
        right="The rest only goes with happy staff: it is not their work. Both figures have an interval: "
        "with 20 branches the share is rough.",
        hints=(
            '`relations.chain_check(branches, trial, "staff_satisfaction", ["customer_satisfaction"])`',
            "Two of its rows: “by chance” and “as it looks”; the column is `effect`.",
            "A hundred times the first, divided by the second.",
        ),
        misconceptions=(
            Misconception(
                "turned round",
                lambda data: confirmed(data, "turned round"),
                "You divided the promise by what the trial brought. Turn it round.",
            ),
            Misconception(
                "each branch with itself",
                lambda data: confirmed(data, "within"),
                "You divided by the row in which each branch is compared with itself.",
            ),
            Misconception(
                "no trial",
                lambda data: confirmed(data, "within of plain"),
                "Neither of these two rows is the trial.",
            ),
            Misconception(
                "profit",
                lambda data: confirmed(data, "profit"),
                "That is profit. The question is about customer satisfaction.",
            ),
            Misconception(
                "only after",
                lambda data: confirmed(data, "after only"),
                "You compared the branches after the training only. `chain_check` allows for how each was before.",
            ),
            Misconception(
                "trained branches before and after",
                lambda data: confirmed(data, "trained only"),
                "You took the rise in the trained branches. What happened in the others meanwhile?",
            ),
            Misconception(
                "effect itself",
                lambda data: confirmed(data, "the effect itself"),
                "That is the effect in the trial, times 100. Divide it by what the plain figures promise.",
            ),
            Misconception(
                "rounded figures",
                lambda data: confirmed(data, "rounded"),
                "You took the rounded figures of the lesson's table. Compute with the full ones.",
            ),
        ),
        starter='found = relations.chain_check(branches, trial, "staff_satisfaction", ["____"])',
        solution="The effect by chance as a share of the effect as it looks.",
        code=_START
        + 'branches, trial = crmkit.load("branch_quarters"), crmkit.load("branch_trial")\n'
        'found = relations.chain_check(branches, trial, "staff_satisfaction", ["customer_satisfaction"])\n'
        'effect = found.set_index("way")["effect"]\n'
        'answer = 100 * effect["by chance"] / effect["as it looks"]',
    ),
    Question(
        id="64-7",
        title="What Iris tells the director",
        level="decide",
        goals=(1, 2, 3, 4, 5),
        points=4,
        hints=(
            "Begin with the score and the silent; then who stays; then the list and its cost; then the training. An "
            "interval belongs to each.",
        ),
        prompt="The director wants one number on the wall, the net promoter score, and a bonus for it. Write Iris's "
        "answer in 60 to 150 words: what the score hides; what you would watch instead and how you know that it is "
        "better; what a list of 100 warnings catches and costs; what you say about “happy staff bring profit”.",
        kind=Plan(
            rubric={
                "The score with the silent, and why it differs from that of those who answered": 1,
                "An index chosen on one period and judged on the next, beside sales alone, with an interval": 1,
                "What a list catches, what it costs, and that calls need a test with a control group": 1,
                "The chain: what the plain figures promise, and what the trial shows": 1,
            },
            model="Our score of {figure.score} is that of those who answered. With calls to the silent it is "
            "{figure.heard} ({figure.heard_low} to {figure.heard_high}). A bonus would teach us to ask content "
            "people. And 9 and 10 are not loyal: {figure.top} of them stay, {figure.next} of 7 and 8. I would watch "
            "a health index. It learnt from last year, and this year it ranks {figure.gap} of 100 pairs more right "
            "than sales alone ({figure.gap_low} to {figure.gap_high}). A hundred calls cost {figure.cost}: "
            "{figure.caught} reach leavers, {figure.false} do not. They pay if they keep {figure.even} of those "
            "leavers. Nobody knows that yet, so half of the list is called, at random. Training made staff happier "
            "by {figure.staff} points. Plain figures promise {figure.plain} more profit a quarter for that; the "
            "trial says {figure.trial} ({figure.trial_low} to {figure.trial_high}).",
            figures=_figures,
            minimum_words=60,
        ),
    ),
]

QUIZ = [
    QuizQuestion(
        "Of 900 customers 300 answered a survey, and the score is 30 (21 to 39). What does the interval allow for?",
        [
            Option(
                "For those who did not answer",
                "It knows nothing of them. What would they have said?",
            ),
            Option(
                "For chance, if those who answered were like all",
                "Yes. That they are like all is not in it.",
                right=True,
            ),
            Option("For both", "An interval is computed from answers. Whose answers are missing?"),
        ],
    ),
    QuizQuestion(
        "Customers who answer 10 leave as often as those who answer 7. What follows?",
        [
            Option("Satisfaction does not matter", "And those who answer 3?"),
            Option(
                "Above “good enough”, something else decides who stays",
                "Yes: a rival near, or a need that ends.",
                right=True,
            ),
            Option("Those who answer 10 lie", "They may be satisfied and leave all the same."),
        ],
    ),
    QuizQuestion(
        "An index is chosen on this year's leavers, and finds 80 % of this year's leavers. How good is it?",
        [
            Option(
                "It finds 80 % of the leavers", "Of those from whom it was chosen. And of others?"
            ),
            Option("Better than sales", "Against what period were the two compared?"),
            Option(
                "Nobody knows before it is judged on another period",
                "Yes. It knew the answers from which it was chosen.",
                right=True,
            ),
        ],
    ),
    QuizQuestion(
        "Branches with happier staff make more profit a quarter later. A branch manager says: “so happy staff bring "
        "profit.” Which figure is the clearest reason against it?",
        [
            Option("The profit is not much higher", "Even a small one could be the staff's work."),
            Option(
                "Branches with more profit have happier staff a quarter later, just as clearly",
                "Yes. Then a common cause, or the way back, is as good an explanation. A trial tells.",
                right=True,
            ),
            Option(
                "There are only 20 branches", "That makes it unsure. It does not make it wrong."
            ),
        ],
    ),
]
