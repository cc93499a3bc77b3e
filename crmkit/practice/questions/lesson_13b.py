"""Lesson 13b: from the house to an offer, and what it earns beside its rivals."""

from __future__ import annotations

import pandas as pd

from crmkit.mix import (
    Market,
    as_matrix,
    choice_shares,
    compare_offers,
    estimate_effects,
    offer_costs,
    offers_from_houses,
    simulate_offers,
    step_gains,
    team_house,
    to_9_3_1,
)
from crmkit.practice.kinds import Number, Plan
from crmkit.practice.question import (
    Misconception,
    Option,
    Prediction,
    Question,
    QuizQuestion,
    Tables,
)

TITLE = "What the offer earns"
TRUTH = ("needs", "set_value", "lever_effects", "customers")


def true_market(data: Tables) -> Market:
    """The market as it is."""
    return Market.from_tables(
        data.load_truth("needs"),
        data.load_truth("set_value"),
        data.load_truth("lever_effects"),
        data.load("levers"),
        data.load_truth("customers"),
    )


def _names(data: Tables) -> tuple[list[str], list[str]]:
    return list(data.load("needs")["need"]), list(data.load("levers")["lever"])


def _effects(data: Tables) -> pd.DataFrame:
    return estimate_effects(data.load("prototype_ratings"), *_names(data))


def learnt_market(data: Tables) -> Market:
    """The market as survey, shelf and prototypes show it."""
    return Market.from_survey(
        data.load("need_ratings"),
        data.load("shelf_choices"),
        data.load("price_answers"),
        _effects(data),
        data.load("levers"),
        data.load_truth("customers").set_index("customer_id")["need_type"],
    )


def built(data: Tables, price: float) -> pd.DataFrame:
    """The offers from the team's house and from the measured one, with the money of today."""
    houses = {"team": team_house(*_names(data)), "measured": to_9_3_1(as_matrix(_effects(data)))}
    weights = data.load_truth("needs").groupby("need")["weight"].mean().reindex(_names(data)[0])
    budget = offer_costs(true_market(data), data.load("market_offers"))["fixed_cost"].iloc[0]
    return offers_from_houses(houses, weights, data.load("levers"), float(budget), price=price)


def pair(data: Tables, price: float = 26.0, column: str = "more") -> float:
    """What `compare_offers` says of the measured house's offer beside the team's."""
    found = compare_offers(
        true_market(data), built(data, price), data.load("market_offers").iloc[1:]
    )
    return float(found[column].iloc[1])


def profit(
    data: Tables,
    *,
    dearer: float = 2.0,
    guides: int = 4,
    rivals: bool = True,
    column: str = "profit",
) -> float:
    """Profit of our changed set in the true market."""
    offers = data.load("market_offers")
    offers.loc[0, "price"] = offers.loc[0, "price"] + dearer
    offers.loc[0, "guides"] = guides
    shelf = offers if rivals else offers.head(1)
    return float(simulate_offers(true_market(data), shelf)[column].iloc[0])


def _fixed_cost_forgotten(data: Tables) -> float:
    steps = data.load("levers").set_index("lever")["step_fixed_cost"]
    more = 4 - data.load("market_offers").loc[0, "guides"]
    return profit(data) + float(more * steps["guides"])


def won(data: Tables, lever: str = "kit", levels: int = 2, of: str = "refusing") -> float:
    """Sets a year that customers who refuse today buy of our set with a lever pulled up."""
    market, offers = true_market(data), data.load("market_offers")
    today = choice_shares(market, offers)[:, 0]
    offers.loc[0, lever] += levels
    changed = choice_shares(market, offers)[:, 0]
    chances = {
        "refusing": changed * (today == 0),
        "all": changed,
        "more": changed - today,
        "refusing on average": changed[today == 0],
    }[of]
    return float(chances.mean() * market.buyers)


def promise(data: Tables, *, judge: str = "both", price: float = 22.0) -> float:
    """What the survey promises for the measured house's offer, less what the true market gives."""
    offer, rivals = built(data, price).tail(1), data.load("market_offers").iloc[1:]
    said = [
        float(compare_offers(market, offer, rivals)["profit"].iloc[0])
        for market in (learnt_market(data), true_market(data))
    ]
    return {"both": said[0] - said[1], "survey": said[0], "truth": said[1]}[judge]


def figures_of_the_answer(data: Tables) -> dict[str, str]:
    """The fair pair and the best step, from the learner's own data."""
    market, offers = true_market(data), data.load("market_offers")
    rivals = offers.iloc[1:]
    row = compare_offers(market, built(data, 22.0), rivals).iloc[1]
    steps = step_gains(market, offers.head(1), rivals).set_index("lever")["gain"]
    money = data.company.money
    return {
        "more": money(row["more"]),
        "low": money(row["more_low"]),
        "high": money(row["more_high"]),
        "profit": money(row["profit"]),
        "best": str(steps.index[0]),
        "gain": money(steps.iloc[0]),
        "quality": money(steps["quality"]),
    }


PREDICTIONS = [
    Prediction(
        id="13b-a",
        prompt=(
            "The cheapest of the four sets is offered at the lowest price that covers its cost, with no other set on "
            "the shelf. Of 100 buyers, how many take it?"
        ),
        kind=Number(unit="of 100 buyers", tolerance=3),
        answer=None,
        why=(
            "Many people think that there is a price at which anything sells. But a missed must-have cannot be made "
            "good, and most customers have one that a plain set misses."
        ),
    ),
    Prediction(
        id="13b-b",
        prompt=(
            "The measured house spends the same money by the same rule, and its set has the same price. What does its "
            "offer earn, in {company.coins} a year?"
        ),
        kind=Number(unit="{company.coins} a year", tolerance=10_000),
        answer=None,
        why=(
            "Many people expect a few per cent more, because most cells of the two houses agree. But few cells are "
            "enough: they move the money to a lever that opens the set to customers who refused it."
        ),
    ),
]

QUESTIONS = [
    Question(
        id="13b-1",
        title="A higher price and better guides",
        level="fill in",
        goals=(1,),
        elsewhere="a changed set",
        right="Customers pay more for a set that they can use: price and explanation belong together.",
        prompt=(
            "{company.name} raises the price of its set by {company.symbol}2 *and* lifts its guides to level 4. What "
            "profit a year does the true market give it, in {company.symbol}, with the rivals as they are?"
        ),
        kind=Number(unit="{company.symbol}", tolerance=1.0),
        points=2,
        truth=TRUTH,
        reference=profit,
        hints=(
            "Change two cells of `market_offers`, in the first row.",
            "`mix.simulate_offers(market, ...)` with the market of the lesson; the first row is ours.",
            '`changed.loc[0, "price"] += 2; changed.loc[0, "guides"] = 4` in a copy, `changed = offers.copy()`.',
        ),
        misconceptions=(
            Misconception(
                "only the price",
                lambda data: profit(data, guides=int(data.load("market_offers").loc[0, "guides"])),
                "That is the higher price alone. What do customers get for it? Lift the guides too.",
            ),
            Misconception(
                "only the guides",
                lambda data: profit(data, dearer=0.0),
                "That is with better guides at the old price. Raise the price too.",
            ),
            Misconception(
                "turnover for profit",
                lambda data: profit(data, column="turnover"),
                "That is turnover. Sets and levers cost money: which column is left after both?",
            ),
            Misconception(
                "forgets the rivals",
                lambda data: profit(data, rivals=False),
                "You let our set stand alone on the shelf. The rivals are still there.",
            ),
            Misconception(
                "one level too few",
                lambda data: profit(data, guides=3),
                "That is with guides at level 3, one step up. The question asks for level 4.",
            ),
            Misconception(
                "forgets what the guides cost a year",
                _fixed_cost_forgotten,
                "The guides must be made every year: their fixed costs are missing.",
            ),
        ),
        starter=(
            "changed = offers.copy()\n"
            'changed.loc[0, "price"] += ____\n'
            'changed.loc[0, "guides"] = ____'
        ),
        solution="Two changed cells, the true market, profit of the first row.",
        code=(
            "from crmkit.mix import Market, simulate_offers\n"
            "market = Market.from_tables(\n"
            '    crmkit.load_truth("needs"), crmkit.load_truth("set_value"), crmkit.load_truth("lever_effects"),\n'
            '    crmkit.load("levers"), crmkit.load_truth("customers"))\n'
            'changed = crmkit.load("market_offers")\n'
            'changed.loc[0, "price"] += 2\n'
            'changed.loc[0, "guides"] = 4\n'
            'answer = simulate_offers(market, changed)["profit"].iloc[0]'
        ),
    ),
    Question(
        id="13b-2",
        title="The fair pair at another price",
        level="change",
        goals=(3,),
        elsewhere="another price",
        right="The measured house stays ahead at another price: the difference does not depend on the price we chose.",
        prompt=(
            "Build both offers of the lesson again, from the team's house and from the measured one, with the same "
            "money, but at a price of {company.symbol}26. By how much does the measured house earn more a year, in "
            "{company.symbol}?"
        ),
        kind=Number(unit="{company.symbol}", tolerance=1.0),
        points=2,
        truth=TRUTH,
        reference=pair,
        hints=(
            "Only the price changes: houses, weights and budget stay.",
            "`mix.offers_from_houses(houses, weights, levers, budget, price=26)`",
            "`mix.compare_offers(market, ..., rivals)` has the column `more`; its second row is the measured house.",
        ),
        misconceptions=(
            Misconception(
                "the lesson's price",
                lambda data: pair(data, 22.0),
                "That is at {company.symbol}22, as in the lesson. Set the price to {company.symbol}26.",
            ),
            Misconception(
                "the profit itself",
                lambda data: pair(data, column="profit"),
                "That is what the measured house earns. By how much is it more than the team's?",
            ),
            Misconception(
                "the other way round",
                lambda data: -pair(data),
                "You subtracted the other way round: measured less team.",
            ),
            Misconception(
                "the lower end",
                lambda data: pair(data, column="more_low"),
                "That is the lower end of the interval. The question asks for the estimate, `more`.",
            ),
        ),
        starter="changed = mix.offers_from_houses(houses, weights, levers, budget, price=____)",
        solution="The two houses, the same money, another price, and the difference of the profits.",
        code=(
            "from crmkit.mix import Market, as_matrix, compare_offers, estimate_effects, offer_costs\n"
            "from crmkit.mix import offers_from_houses, team_house, to_9_3_1\n"
            "market = Market.from_tables(\n"
            '    crmkit.load_truth("needs"), crmkit.load_truth("set_value"), crmkit.load_truth("lever_effects"),\n'
            '    crmkit.load("levers"), crmkit.load_truth("customers"))\n'
            'needs, levers = list(crmkit.load("needs")["need"]), crmkit.load("levers")\n'
            'names, offers = list(levers["lever"]), crmkit.load("market_offers")\n'
            'effects = estimate_effects(crmkit.load("prototype_ratings"), needs, names)\n'
            'houses = {"team": team_house(needs, names), "measured": to_9_3_1(as_matrix(effects))}\n'
            'weights = crmkit.load_truth("needs").groupby("need")["weight"].mean().reindex(needs)\n'
            'budget = offer_costs(market, offers)["fixed_cost"].iloc[0]\n'
            "changed = offers_from_houses(houses, weights, levers, budget, price=26)\n"
            'answer = compare_offers(market, changed, offers.iloc[1:])["more"].iloc[1]'
        ),
    ),
    Question(
        id="13b-3",
        title="Won from those who refuse",
        level="explore",
        goals=(2,),
        elsewhere="another lever",
        right="If nobody who refuses is won, a step only moves near non-customers: ask which must-have is missed.",
        prompt=(
            "The lesson pulled the guides one level up. Pull `guides` to level 5 instead, everything else as it is. "
            "How many sets a year would be bought by customers who **refuse** today's set? (the market stands for "
            "40,000 buyers; a whole number is enough)"
        ),
        kind=Number(unit="sets a year", tolerance=0.6),
        points=3,
        truth=TRUTH,
        reference=lambda data: _won(data),
        hints=(
            "Each customer's chance to buy, today and with the changed set; who has a chance of 0 today?",
            "`mix.choice_shares(market, offers)[:, 0]` gives the chances for the first offer.",
            "Keep the new chances where today's is 0, add them up, divide by the number of customers, times 40,000.",
        ),
        misconceptions=(
            Misconception(
                "all who buy",
                lambda data: _won(data, of="all"),
                "Those are all sets sold. How many of them go to customers who refuse today's set?",
            ),
            Misconception(
                "all that is gained",
                lambda data: _won(data, of="more"),
                "That is what is sold more than today. It holds near non-customers too.",
            ),
            Misconception(
                "as if all refused",
                lambda data: _won(data, of="refusing on average"),
                "You divided by those who refuse only. Each customer stands for the same number of buyers: divide by "
                "all customers.",
            ),
            Misconception(
                "one level up",
                lambda data: won(data, "guides", 1),
                "That is with guides one level up, as in the lesson. Pull them to level 5.",
            ),
        ),
        starter=(
            "refuse = mix.choice_shares(market, offers)[:, 0] == 0\n"
            "best_guides = offers.copy()\n"
            'best_guides.loc[0, "guides"] = ____'
        ),
        solution="Today's refusals, the chances with the changed set, added up over those who refuse.",
        code=(
            "from crmkit.mix import Market, choice_shares\n"
            "market = Market.from_tables(\n"
            '    crmkit.load_truth("needs"), crmkit.load_truth("set_value"), crmkit.load_truth("lever_effects"),\n'
            '    crmkit.load("levers"), crmkit.load_truth("customers"))\n'
            'offers = crmkit.load("market_offers")\n'
            "refuse = choice_shares(market, offers)[:, 0] == 0\n"
            "best_guides = offers.copy()\n"
            'best_guides.loc[0, "guides"] = 5\n'
            "changed = choice_shares(market, best_guides)[:, 0]\n"
            "answer = (changed * refuse).mean() * 40_000"
        ),
    ),
    Question(
        id="13b-4",
        title="What the survey promises for the measured house",
        level="explore",
        goals=(4,),
        elsewhere="another offer",
        right="A minus means that the survey is too careful here. You know the error only because the truth is known.",
        prompt=(
            "Take the offer of the measured house at {company.symbol}22. What profit a year does the market learnt "
            "from the survey promise for it, **less** what the true market gives? In {company.symbol}; too low a "
            "promise is a negative number."
        ),
        kind=Number(unit="{company.symbol}", tolerance=1.0),
        points=3,
        truth=TRUTH,
        reference=promise,
        hints=(
            "The same offer, judged twice: by `learnt` and by `market`.",
            "`mix.compare_offers(learnt, measured_offer, rivals)` and the same with `market`.",
            "Subtract the two profits: survey less truth.",
        ),
        misconceptions=(
            Misconception(
                "the promise",
                lambda data: promise(data, judge="survey"),
                "That is the promise. How far is it from what the true market gives?",
            ),
            Misconception(
                "the true profit",
                lambda data: promise(data, judge="truth"),
                "That is what the true market gives. What did the survey promise?",
            ),
            Misconception(
                "the other way round",
                lambda data: -promise(data),
                "You subtracted the other way round: promise less truth.",
            ),
        ),
        starter=(
            'house = {"measured": houses["measured"]}\n'
            "measured_offer = mix.offers_from_houses(house, weights, levers, budget, price=22)\n"
            "promised = mix.compare_offers(____, measured_offer, rivals)"
        ),
        solution="One offer, two judges, the difference of their profits.",
        code=(
            "from crmkit.mix import Market, as_matrix, compare_offers, estimate_effects, offer_costs\n"
            "from crmkit.mix import offers_from_houses, to_9_3_1\n"
            'truth, customers = crmkit.load_truth("needs"), crmkit.load_truth("customers")\n'
            'needs, levers = list(crmkit.load("needs")["need"]), crmkit.load("levers")\n'
            'market = Market.from_tables(truth, crmkit.load_truth("set_value"), crmkit.load_truth("lever_effects"),\n'
            "                            levers, customers)\n"
            'effects = estimate_effects(crmkit.load("prototype_ratings"), needs, list(levers["lever"]))\n'
            "learnt = Market.from_survey(\n"
            '    crmkit.load("need_ratings"), crmkit.load("shelf_choices"), crmkit.load("price_answers"),\n'
            '    effects, levers, customers.set_index("customer_id")["need_type"])\n'
            'weights = truth.groupby("need")["weight"].mean().reindex(needs)\n'
            'offers = crmkit.load("market_offers")\n'
            'budget = offer_costs(market, offers)["fixed_cost"].iloc[0]\n'
            'house = {"measured": to_9_3_1(as_matrix(effects))}\n'
            "measured_offer = offers_from_houses(house, weights, levers, budget, price=22)\n"
            'promised, real = (compare_offers(judge, measured_offer, offers.iloc[1:])["profit"].iloc[0]\n'
            "                  for judge in (learnt, market))\n"
            "answer = promised - real"
        ),
    ),
    Question(
        id="13b-5",
        title="Follow the house?",
        level="decide",
        goals=(3, 4),
        prompt=(
            'The director asks: "Should we rebuild the offer by the measured house, with the money that we spend '
            'today?" Answer him, with figures, and say what you would do first.'
        ),
        kind=Plan(
            rubric={
                "says what the measured house earns more than the team's, with an interval": 1,
                "names what the interval does not know (rivals answer, model, promise of a survey)": 1,
                "names the levers that change, and why (needs, a must-have)": 1,
                "says how to try it on a part of the shops before all, at random": 1,
            },
            model=(
                "Yes, but step by step. With the same money, rule and price, the offer from the measured house earns "
                "{figure.more} more a year than that from the team's (95 % interval {figure.low} to {figure.high}). It "
                "spends on guides, which make the set safe and explain it, and takes the money from shops; a set "
                "that does not explain itself is refused by many, whatever its price. Of single steps from today's "
                "offer, {figure.best} earns most ({figure.gain}), while better steel brings {figure.quality}. The "
                "interval only knows that other customers might have been asked. It knows neither that rivals answer "
                "nor what the model leaves out. So I would first bring the better guides into half of the shops, "
                "chosen at random, and compare sales for a quarter."
            ),
            figures=figures_of_the_answer,
            minimum_words=40,
        ),
        points=4,
        truth=TRUTH,
        hints=("Which figure of the lesson compares like with like, and how sure is it?",),
    ),
]


def _won(data: Tables, of: str = "refusing") -> float:
    """As :func:`won`, with the guides at level 5."""
    return won(data, "guides", 5 - int(data.load("market_offers").loc[0, "guides"]), of)


QUIZ = [
    QuizQuestion(
        "An offer misses a must-have of a segment. By how much must its price fall to sell there?",
        [
            Option("By what the need is worth", "That would hold for a nice-to-have."),
            Option(
                "No price is low enough",
                "A must-have cannot be made good by anything else, price included.",
                right=True,
            ),
            Option("To its cost", "The cheapest set at its cost sold next to nothing."),
        ],
    ),
    QuizQuestion(
        "A customer's must-haves are all met by our set, and yet she buys another one. What is she?",
        [
            Option(
                "A near non-customer",
                "She may take ours next time: a better offer or a lower price can move her.",
                right=True,
            ),
            Option(
                "A refusing non-customer", "Then a must-have would be missed, or she could not pay."
            ),
            Option("An unexplored non-customer", "We know her: she is in the table."),
        ],
    ),
    QuizQuestion(
        "Two levers are equally important. One step of the first earns ten times as much as one of the second. How can "
        "that be?",
        [
            Option("The importance was computed wrongly", "It may be right, and still not say it."),
            Option(
                "Its step lifts a need over the threshold of a must-have, or costs less",
                "Importance knows nothing of thresholds and costs.",
                right=True,
            ),
            Option("By chance", "One market, computed twice, differs by nothing but the levers."),
        ],
    ),
    QuizQuestion(
        "A survey promises a profit with a 95 % interval. What is not in this interval?",
        [
            Option("That only some customers were asked", "That is just what is in it."),
            Option(
                "That the survey's model may be wrong, and that rivals may answer",
                "The interval knows only which customers might have been asked instead.",
                right=True,
            ),
            Option("Nothing: 95 % is 95 %", "Of the model's own world, and not of ours."),
        ],
    ),
]
