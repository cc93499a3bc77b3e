"""Lesson 62: members spend more, and mostly they did before."""

from __future__ import annotations

from crmkit.practice.kinds import Choice, Number, Plan
from crmkit.practice.question import (
    Misconception,
    Option,
    Prediction,
    Question,
    QuizQuestion,
    Tables,
)
from crmkit.practice.questions.worked_62 import (
    BEFORE,
    KINDS,
    above_for_ten,
    by_kind,
    four_stamps,
    gold,
    moves_least,
    of_the_light,
    own_part,
    people_of,
    per_invited,
    rise,
)
from crmkit.relations import (
    joined_effects,
    member_effects,
    points_liability,
    programme_profit,
)

TITLE = "Points and tiers"


def _figures(data: Tables) -> dict[str, str]:
    money, people = data.company.money, people_of(data)
    points = data.load("programme_points")
    effects = member_effects(people, "spend", BEFORE).set_index("way")
    row = effects.loc["joined, by chance"]
    vouchers = points[points["year"] == 1].set_index("person_id")["redeemed"] * 0.02
    people["paid"] = people["person_id"].map(vouchers).fillna(0) + 1.5 * people["joined"]
    net = programme_profit(people, "spend", "paid", BEFORE, margin=0.35, by="kind")
    net = net.set_index("kind")
    first, last = joined_effects(people, ["spend_1_3", "spend_10_12"], BEFORE).to_dict("records")
    owed = points_liability(points, 0.02).iloc[1]
    found = {
        "gap": money(effects.loc["as it looks", "effect"]),
        "effect": money(row["effect"]),
        "effect_low": money(row["low"]),
        "effect_high": money(row["high"]),
        "first": f"{first['more']:.0%}",
        "last": f"{last['more']:.0%}",
        "last_low": f"{last['more_low']:.0%}",
        "last_high": f"{last['more_high']:.0%}",
        "owed": money(owed["cost"]),
        "owed_low": money(owed["low"]),
        "owed_high": money(owed["high"]),
    }
    for kind in (*KINDS, "all"):
        for name in ("net", "low", "high"):
            found[f"{kind}_{name}"] = money(net.loc[kind, name], 1)
    return found


_LOAD = (
    "from crmkit import relations\n"
    'people = crmkit.load("programme_people")\n'
    'before = ["spend_before_12_7", "spend_before_6_1"]\n'
)
_KINDS = (
    "import pandas as pd\n"
    "year = people[before].sum(axis=1)\n"
    'names = ["light", "moderate", "heavy"]\n'
    'people["kind"] = pd.cut(year, [0, 150, 450, 1e9], right=False, labels=names)\n'
)

PREDICTIONS = [
    Prediction(
        id="62-a",
        prompt="Members spent far more in the first year than customers who did not join. How much of this gap did the "
        "programme itself make?",
        kind=Choice({"a": "nearly all of it", "b": "about half of it", "c": "less than a third"}),
        answer=own_part,
        why="The table shows it: those who joined had spent far more already in the year *before*. "
        "Many people look at the second column only.",
    ),
    Prediction(
        id="62-b",
        prompt="Whose spending does the programme raise least, in per cent?",
        kind=Choice(
            {"a": "that of light buyers", "b": "that of moderate ones", "c": "that of heavy ones"}
        ),
        answer=moves_least,
        why="Many people expect most of those who get most points. But they buy with us nearly all they need already.",
    ),
    Prediction(
        id="62-c",
        prompt="Now the threshold of 500 is announced. For each ten members who end the year up to 50 below it, how "
        "many end it up to 50 above?",
        kind=Number(unit="members", tolerance=4),
        answer=above_for_ten,
        why="Many people say ten or fewer: high amounts are rarer than low ones. But those who are nearly there "
        "buy a little more. *Times* in the table is another number: it looks right at the threshold.",
    ),
]

QUESTIONS = [
    Question(
        id="62-1",
        title="What an invitation adds",
        level="fill in",
        goals=(1,),
        prompt="Look at months 4 to 6 (`spend_4_6`). By how much did an invited customer spend more than "
        "a waiting one, "
        "on average, whether he or she joined or not? Take the plain difference of the means. ({company.currency}, "
        "two decimals)",
        kind=Number(unit="{company.currency}", tolerance=0.005),
        points=1,
        reference=per_invited,
        right="It is small, because it counts those who did not join too. But chance made it: nothing else makes the "
        "two groups differ.",
        hints=(
            "Three groups are in `arm`. Which two did chance make?",
            "The mean of `spend_4_6` by `arm`, then one minus the other.",
            '`mean = people.groupby("arm")["spend_4_6"].mean()`',
        ),
        misconceptions=(
            Misconception(
                "compares joiners with the rest of the invited",
                lambda data: per_invited(data, way="joiners"),
                "You compared those of the invited who joined with those who did not. They chose that themselves. Keep "
                "all invited together.",
            ),
            Misconception(
                "compares members with the waiting",
                lambda data: per_invited(data, way="members"),
                "You kept only those of the invited who joined: the larger buyers. The waiting group has larger and "
                "smaller ones. Compare all with all.",
            ),
            Misconception(
                "own choice",
                lambda data: per_invited(data, way="own choice"),
                "Those customers chose for themselves. Which two groups did chance make?",
            ),
            Misconception(
                "all members against all others",
                lambda data: per_invited(data, way="everybody"),
                "That is members less others, over all groups. Who joined, chose to. Compare by `arm`.",
            ),
            Misconception(
                "all others as control",
                lambda data: per_invited(data, way="not the invited"),
                "Your control group holds customers of their own choice, and many of them are members. Take the "
                "waiting only.",
            ),
            Misconception(
                "per member",
                lambda data: per_invited(data, way="per member"),
                "You divided by the share who joined: that is per member. The question asks per invited customer.",
            ),
            Misconception(
                "adjusted",
                lambda data: per_invited(data, way="adjusted"),
                "That allows for the spending before. It is good practice, but here the plain difference is asked.",
            ),
            Misconception(
                "own choice against the waiting",
                lambda data: per_invited(data, way="not the waiting"),
                "You took the customers of their own choice in place of the invited.",
            ),
            Misconception(
                "adjusted, per member",
                lambda data: per_invited(data, way="adjusted per member"),
                "That is per customer who joined, and allows for the spending before. Take the plain difference of "
                "the means of all invited and all waiting.",
            ),
            Misconception(
                "the first quarter",
                lambda data: per_invited(data, "spend_1_3"),
                "Those are months 1 to 3.",
            ),
            Misconception(
                "the whole year",
                lambda data: per_invited(data, "spend"),
                "That is the whole year. Take months 4 to 6.",
            ),
        ),
        starter='mean = people.groupby(____)["spend_4_6"].mean()',
        solution="The mean of all invited less the mean of all waiting.",
        code=_LOAD + 'mean = people.groupby("arm")["spend_4_6"].mean()\n'
        'answer = mean["invited"] - mean["waiting"]',
    ),
    Question(
        id="62-2",
        title="Moderate buyers, half a year on",
        level="change",
        goals=(2,),
        prompt="What did the programme add in months 7 to 9 for **moderate** buyers (150 to under 450 in the year "
        "before) who joined? Allow for the two halves of the year before. ({company.currency} per member, "
        "two decimals)",
        kind=Number(unit="{company.currency}", tolerance=0.005),
        points=2,
        reference=by_kind,
        right="Compare it with their first three months: a gain that looked safe has begun to fade.",
        hints=(
            "`relations.joined_effects` takes the column of the period, the columns before, and `by`.",
            "The column `kind` is made by `pd.cut`, as in the lesson.",
            '`relations.joined_effects(people, "spend_7_9", before, by="kind")`, the row of moderate buyers',
        ),
        misconceptions=(
            Misconception(
                "light buyers",
                lambda data: by_kind(data, "light"),
                "Those are the light buyers. Take the row of the moderate ones.",
            ),
            Misconception(
                "heavy buyers",
                lambda data: by_kind(data, "heavy"),
                "Those are the heavy buyers. Take the row of the moderate ones.",
            ),
            Misconception(
                "all kinds",
                lambda data: by_kind(data, "all"),
                "Those are all members together. Give `by` the column of the kind.",
            ),
            Misconception(
                "the first quarter",
                lambda data: by_kind(data, column="spend_1_3"),
                "Those are months 1 to 3, when the programme was new.",
            ),
            Misconception(
                "the second quarter",
                lambda data: by_kind(data, column="spend_4_6"),
                "Those are months 4 to 6. Take months 7 to 9.",
            ),
            Misconception(
                "the last quarter",
                lambda data: by_kind(data, column="spend_10_12"),
                "Those are months 10 to 12. Take months 7 to 9.",
            ),
            Misconception(
                "the whole year",
                lambda data: by_kind(data, column="spend"),
                "That is the whole year. Take months 7 to 9.",
            ),
            Misconception(
                "per invited",
                lambda data: by_kind(data, name="per invited"),
                "That is per invited customer. The question asks what it added for those who joined.",
            ),
            Misconception(
                "what they would have spent",
                lambda data: by_kind(data, name="without"),
                "That is what they would have spent without the programme. What did it add?",
            ),
            Misconception(
                "a fraction",
                lambda data: by_kind(data, name="more"),
                "That is a part of what they would have spent. Asked is money: the column `effect`.",
            ),
            Misconception(
                "a share",
                lambda data: 100 * by_kind(data, name="more"),
                "That is in per cent of what they would have spent. Asked is money: the column `effect`.",
            ),
        ),
        starter='found = relations.joined_effects(people, ____, before, by="kind")',
        solution="The effect on those who joined, by kind, in the column of months 7 to 9.",
        code=_LOAD
        + _KINDS
        + 'found = relations.joined_effects(people, "spend_7_9", before, by="kind")\n'
        'answer = found.set_index("kind").loc["moderate", "effect"]',
    ),
    Question(
        id="62-3",
        title="A new design",
        level="change",
        goals=(3,),
        prompt="The director wants two points for each {company.symbol}1; 100 points are to be worth "
        "{company.symbol}1.50, and the margin is 30 %. Suppose that breakage stays as it was. By how many "
        "per cent must "
        "spending rise before the points pay? (three decimals)",
        kind=Number(unit="%", tolerance=0.0005),
        points=2,
        reference=rise,
        right="The richer the points, the faster the needed rise grows: they are paid on the old spending too.",
        hints=(
            "`relations.point_cost` takes margin, `point_value`, `breakage` and `points_per_unit`.",
            "One point is worth a hundredth of {company.symbol}1.50; the breakage is the `estimate` of "
            "`relations.breakage(points)`.",
            '`100 * relations.point_cost(0.3, point_value=0.015, breakage=…, points_per_unit=2)["break_even"]`',
        ),
        misconceptions=(
            Misconception(
                "no breakage",
                lambda data: rise(data, broken=0.0),
                "You took it that every point is redeemed. What share was not?",
            ),
            Misconception(
                "one point",
                lambda data: rise(data, points=1),
                "That is for one point for each unit of money. The director wants two.",
            ),
            Misconception(
                "the lesson's value",
                lambda data: rise(data, value=0.02),
                "You kept the value of a point from the lesson. What are 100 points worth now?",
            ),
            Misconception(
                "the lesson's margin",
                lambda data: rise(data, margin=0.35),
                "You kept the margin of the lesson. It is 30 % here.",
            ),
            Misconception(
                "share of the margin",
                lambda data: rise(data, way="share_of_margin"),
                "That is the share of the margin that points take. The rise earns points too, so it must be larger: "
                "cost ÷ (margin − cost).",
            ),
            Misconception(
                "the cost for each unit spent",
                lambda data: rise(data, way="cost"),
                "That is what points cost in per cent of spending. What rise of spending pays for it?",
            ),
            Misconception(
                "breakage over both years",
                lambda data: rise(data, way="both years"),
                "Your breakage counts points of the second year, which can still expire. Take the year that is over.",
            ),
        ),
        starter="cost = relations.point_cost(____, point_value=____, breakage=____, points_per_unit=____)",
        solution="Cost of the points after breakage, over margin less that cost.",
        code='from crmkit import relations\npoints = crmkit.load("programme_points")\n'
        'broken = relations.breakage(points)["estimate"]\n'
        "cost = relations.point_cost(0.3, point_value=0.015, breakage=broken, points_per_unit=2)\n"
        'answer = 100 * cost["break_even"]',
    ),
    Question(
        id="62-4",
        title="Whose points expire?",
        level="explore",
        goals=(3,),
        prompt="Which share of their points did **light** buyers (under 150 in the year before) never redeem? "
        "(per cent of the points, three decimals)",
        kind=Number(unit="%", tolerance=0.0005),
        points=2,
        reference=of_the_light,
        right="The smallest members lose the largest share of their points, and they are those whom the "
        "programme moved. A "
        "smaller voucher would reach them.",
        hints=(
            "Find the light buyers in the table of people, then keep their rows in the table of points.",
            "`relations.breakage` leaves out the year that is still open.",
            '`relations.breakage(points[points["person_id"].isin(light)])["estimate"]`',
        ),
        misconceptions=(
            Misconception(
                "all members",
                lambda data: of_the_light(data, "everybody"),
                "That is the breakage of all members. Keep the light buyers.",
            ),
            Misconception(
                "both years",
                lambda data: of_the_light(data, "both years"),
                "You divided by the points of both years. Those of the second have not ended yet.",
            ),
            Misconception(
                "not redeemed so far",
                lambda data: of_the_light(data, "not redeemed so far"),
                "You counted outstanding points as lost. Some of them will still be redeemed.",
            ),
            Misconception(
                "the mean of the members' shares",
                lambda data: of_the_light(data, "mean of shares"),
                "You took the mean of the members' shares. Asked is the share of the points: sum over sum.",
            ),
            Misconception(
                "members who lost points",
                lambda data: of_the_light(data, "members"),
                "That is the share of members who lost some points. Asked is the share of the points.",
            ),
            Misconception(
                "moderate buyers",
                lambda data: of_the_light(data, "moderate"),
                "Those are the moderate buyers. Light buyers spent less than 150 in the year before.",
            ),
            Misconception(
                "heavy buyers",
                lambda data: of_the_light(data, "heavy"),
                "Those are the heavy buyers. Light buyers spent less than 150 in the year before.",
            ),
            Misconception(
                "their part of all that expired",
                lambda data: of_the_light(data, "of all expired"),
                "That is the light buyers' part of all expired points. Divide by the points that they earned.",
            ),
        ),
        starter='light = people.loc[people["before"] < ____, "person_id"]',
        solution="Keep the points of light buyers in the first year: expired over earned.",
        code=_LOAD + 'points = crmkit.load("programme_points")\n'
        'light = people.loc[people[before].sum(axis=1) < 150, "person_id"]\n'
        'answer = 100 * relations.breakage(points[points["person_id"].isin(light)])["estimate"]',
    ),
    Question(
        id="62-5",
        title="Gold, seen from nearer",
        level="explore",
        goals=(4,),
        prompt="Nora wants to look only at members within {company.symbol}200 of the threshold of "
        "{company.symbol}500. What does "
        "gold add there, in the year for which nobody knew the threshold? ({company.currency}, two decimals)",
        kind=Number(unit="{company.currency}", tolerance=0.005),
        points=2,
        reference=gold,
        right="Nearer members are more alike, but fewer: the interval is wider. An effect that changes much with the "
        "bandwidth should not be trusted.",
        hints=(
            "Gold of year 2 was decided before the threshold was known.",
            "`relations.threshold_effect` takes `bandwidth`.",
            '`relations.threshold_effect(two, "spend_before", "spend", 500, bandwidth=200)["effect"]`',
        ),
        misconceptions=(
            Misconception(
                "the bandwidth of the lesson",
                lambda data: gold(data, None),
                "That is with the bandwidth that the helper chose. Give it `bandwidth=200`.",
            ),
            Misconception(
                "the year with the announced threshold",
                lambda data: gold(data, year=3),
                "In that year members knew the threshold and came across it. Take the year before.",
            ),
            Misconception(
                "both years",
                lambda data: gold(data, year=0),
                "Both years are in your table. Keep the one for which nobody knew the threshold.",
            ),
            Misconception(
                "gold against the rest",
                lambda data: gold(data, way="plain"),
                "That is all gold members against all others. They are gold because they spend more.",
            ),
            Misconception(
                "plain means within the bandwidth",
                lambda data: gold(data, way="near means"),
                "Those are plain means on both sides. Spending also rises within 200: let a line on each side end "
                "at the threshold.",
            ),
            Misconception(
                "the middle of the interval",
                lambda data: gold(data, way="middle"),
                "That is the middle of the interval, which allows for bends. The estimate is in `effect`.",
            ),
        ),
        starter='two = tiers[tiers["year"] == ____]\n'
        'found = relations.threshold_effect(two, "spend_before", "spend", 500, bandwidth=____)',
        solution="The regression discontinuity in the first year of gold, with the bandwidth asked for.",
        code='from crmkit import relations\ntiers = crmkit.load("programme_tiers")\n'
        'two = tiers[tiers["year"] == 2]\n'
        'found = relations.threshold_effect(two, "spend_before", "spend", 500, bandwidth=200)\n'
        'answer = found["effect"]',
    ),
    Question(
        id="62-6",
        title="Half the way",
        level="explore",
        goals=(5,),
        elsewhere="the stamp cards",
        prompt="Does the given start already help half-way? By how many percentage points more of the "
        "guests with a given "
        "start drank at least **four** coffees on the card than of those with an empty card? (two decimals)",
        kind=Number(unit="percentage points", tolerance=0.005),
        points=2,
        reference=four_stamps,
        right="The help begins early. Both cards ask for eight coffees, so the given stamps cost nothing but ink.",
        hints=(
            "`gap_4` is empty where the fourth stamp was never reached.",
            "`.notna()` is True where there is a value; its mean by `card` is a share.",
            '`share = cards["gap_4"].notna().groupby(cards["card"]).mean()`, then the difference times 100',
        ),
        misconceptions=(
            Misconception(
                "completed cards",
                lambda data: four_stamps(data, 9),
                "That is for completed cards. Four coffees are enough here.",
            ),
            Misconception(
                "exactly four",
                lambda data: four_stamps(data, way="only this one"),
                "That is exactly four. At least four are asked.",
            ),
            Misconception(
                "of those who began",
                lambda data: four_stamps(data, way="of those who began"),
                "You left out guests who never used their card. The card may decide that too: keep them.",
            ),
            Misconception(
                "relative",
                lambda data: four_stamps(data, way="relative"),
                "That is in per cent of the other share. Asked are percentage points: the plain difference.",
            ),
            Misconception(
                "the given start alone",
                lambda data: four_stamps(data, way="10 with 2"),
                "That is the share with a given start. How much more is it than with an empty card?",
            ),
            Misconception(
                "the empty card alone",
                lambda data: four_stamps(data, way="8 empty"),
                "That is the share with an empty card. How much more is it with a given start?",
            ),
        ),
        starter='share = cards[____].notna().groupby(cards["card"]).mean()',
        solution="The share of each group that has a fourth gap; the difference in points.",
        code='cards = crmkit.load("stamp_cards")\n'
        'share = cards["gap_4"].notna().groupby(cards["card"]).mean()\n'
        'answer = 100 * (share["10 with 2"] - share["8 empty"])',
    ),
    Question(
        id="62-7",
        title="Nora's note to the director",
        level="decide",
        goals=(1, 2, 3, 5),
        points=4,
        hints=(
            "Begin with the effect by chance beside the plain gap. Then say who pays for the points.",
        ),
        prompt="The marketing director wants the programme in all shops, because members spend so much more. Write him "
        "Nora's note in 60 to 160 words: what the programme really moved, whom and how long, what it "
        "costs and owes, and "
        "what you would do.",
        kind=Plan(
            rubric={
                "The effect by chance with its interval, beside the plain gap": 1,
                "Who moves and who does not, and how the gain fades": 1,
                "Net per member with its interval, and what is owed for points": 1,
                "A decision that follows, with a group that waits so that it can be judged": 1,
            },
            model="Not as it is. Members spent {figure.gap} more than others, but most of that was there "
            "before. By our "
            "own draw the programme added {figure.effect} a year for each who joined ({figure.effect_low} to "
            "{figure.effect_high}). The gain was {figure.first} in the first three months and {figure.last} in the "
            "last ({figure.last_low} to {figure.last_high}). Per member we earned {figure.all_net} "
            "({figure.all_low} to {figure.all_high}): {figure.light_net} with light and {figure.moderate_net} with "
            "moderate buyers, but {figure.heavy_net} with heavy ones ({figure.heavy_low} to {figure.heavy_high}). For "
            "outstanding points we will still pay about {figure.owed} ({figure.owed_low} to {figure.owed_high}). I "
            "would give small vouchers, so that light buyers reach them, no points on what heavy buyers "
            "buy anyway, and "
            "gold for those near its threshold. A part of the new shops waits a year, chosen by chance. Then we "
            "know.",
            figures=_figures,
            minimum_words=60,
        ),
    ),
]


QUIZ = [
    QuizQuestion(
        "Members spend 200 more than others. Before the programme they spent 170 more. What do you know?",
        [
            Option("The programme added 200", "170 of it was there before."),
            Option("The programme added 30", "Only if both groups would have changed alike."),
            Option(
                "It added about 30 if nothing else made them change differently",
                "People who plan to spend more may join more readily.",
                right=True,
            ),
        ],
    ),
    QuizQuestion(
        "Invited customers spend 10 more than waiting ones, on average. Half of the invited joined. What did the "
        "programme add for each who joined?",
        [
            Option("10", "That is per invited customer, and half of them did not join."),
            Option("20", "The letter did nothing for the other half.", right=True),
            Option("5", "You multiplied by the share in place of dividing."),
        ],
    ),
    QuizQuestion(
        "Why not compare the invited who joined with all who had to wait?",
        [
            Option(
                "Those who join buy more anyway",
                "The waiting group holds people who would have joined and others who would not.",
                right=True,
            ),
            Option("The groups are of different size", "Means can be compared all the same."),
            Option("We may: chance chose the invited", "Chance did not choose who of them joined."),
        ],
    ),
    QuizQuestion(
        "Of the points of a finished year 80 % were redeemed. Now 1,000 new points were earned, of which 500 are "
        "redeemed already. How many of the other 500 will be?",
        [
            Option("500", "Some will expire."),
            Option("400", "80 % of all points earned, not of those that are left."),
            Option("300", "800 of 1,000 in all, less 500.", right=True),
        ],
    ),
    QuizQuestion(
        "Gold begins at 500, and everybody knows it. Just above are twice as many members as just below. "
        "May you compare "
        "them?",
        [
            Option("Yes, they spend nearly the same", "They also differ in who wanted gold."),
            Option(
                "No: people chose their side", "Those above are not like those below.", right=True
            ),
            Option("Yes, if there are enough of them", "More people do not mend it."),
        ],
    ),
    QuizQuestion(
        "On stamp cards the mean gap before the last stamp is half the mean gap before the first. Do people hurry?",
        [
            Option("Yes, twice as fast", "Who is left at the last stamp?"),
            Option(
                "It is not shown: slow people may have given up",
                "Compare each card with itself.",
                right=True,
            ),
            Option("No", "They may hurry too. Compare each card with itself."),
        ],
    ),
]
