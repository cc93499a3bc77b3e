"""Lesson 65: stages, age, kinds of relationship, contracts, winning back."""

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
    age_change,
    break_even_margin,
    judge_stages,
    kept_by_kind,
    quarters_of,
    read_stages,
    stage_moves,
    winback_effects,
)
from crmkit.value import ContractModel

TITLE = "A relationship has stages"

_TRUTH = ("firm_quarters",)


def right(data: Tables) -> float:
    """Per cent of all quarters whose stage the lesson's rule reads right."""
    read = read_stages(data.load("firm_quarters"))
    judged = judge_stages(read, data.load_truth("firm_quarters")).set_index("stage")
    return 100 * float(judged.loc["all", "right"])


def with_net(data: Tables) -> pd.DataFrame:
    """The firms by quarter, with margin less cost, and the margin of a hundred orders."""
    table = data.load("firm_quarters")
    orders = table["orders"].where(table["orders"] > 0)
    return table.assign(
        net=table["margin"] - table["cost"], margin_100=100 * table["margin"] / orders
    )


def aged(
    data: Tables,
    value: str = "net",
    part: str = "the same customers",
    early: int = 5,
    late: int = 10,
) -> float:
    """What changes between two ages."""
    found = age_change(with_net(data), value, early, late).set_index("part")
    return float(found.loc[part, "change"])


def said_decline(data: Tables, how: str = "") -> float:
    """Per cent of the quarters read as decline that truly are; `how`: a wrong way."""
    keys = ["firm_id", "quarter"]
    read = read_stages(data.load("firm_quarters"))
    both = read.merge(data.load_truth("firm_quarters"), on=keys, suffixes=("", "_true"))
    said, true = both["stage"] == "decline", both["stage_true"] == "decline"
    if how == "of the true":
        return 100 * float(said[true].mean())
    if how == "of all":
        return 100 * float((said & true).mean())
    if how == "all stages":
        return 100 * float((both["stage"] == both["stage_true"]).mean())
    if how == "or ended":
        return 100 * float(both.loc[said, "stage_true"].isin(["decline", "ended"]).mean())
    return 100 * float(true[said].mean())


def even(
    data: Tables,
    kind: str = "partner",
    customers: int = 100,
    cost: float | None = None,
    how: str = "",
) -> float:
    """Break-even margin of a kind of relationship; `how`: a wrong way."""
    kinds, trial = data.load("relation_kinds"), data.load("kind_trial")
    kinds["cost_firm"] = kinds["cost_firm"].astype(float)
    if cost is not None:
        kinds.loc[kinds["kind"] == kind, "cost_firm"] = cost
    if how == "no fixed cost":
        kinds["cost_fixed"] = 0.0
    row = break_even_margin(trial, kinds, customers).set_index("kind").loc[kind]
    if how in ("against basic", "whole cost"):
        kept = kept_by_kind(trial, kinds).set_index("kind")
        own = kinds.set_index("kind").loc[kind]
        whole = own["cost_firm"] + own["cost_fixed"] / customers
        part = kept.loc[kind, "more"] if how == "against basic" else row["more"]
        return float(whole / part)
    if how == "of the whole kept":
        kept = kept_by_kind(trial, kinds).set_index("kind")
        return float(row["cost"] / kept.loc[kind, "kept"])
    return float(row["break_even"])


def beanline_moves(data: Tables, how: str = "") -> float:
    """Per cent of Beanline's quarters read as stable after which the next reads decline; `how`: a wrong way."""
    panel = quarters_of(data.other("beanline").load("orders"))
    if how == "no empty quarters":
        panel = panel[panel["orders"] > 0].copy()
        panel["quarter"] = panel.groupby("customer_id").cumcount() + 1
    few = 6.0 if how == "six orders" else 4.0
    read = read_stages(panel, few=few, customer="customer_id")
    moves = stage_moves(read, customer="customer_id").set_index(["from_stage", "to_stage"])
    if how == "of all moves":
        return 100 * float(moves.loc[("stable", "decline"), "moves"] / moves["moves"].sum())
    if how in ("stable", "ended"):
        return 100 * float(moves.loc[("stable", how), "share"])
    if how == "other way":
        return 100 * float(moves.loc[("decline", "stable"), "share"])
    return 100 * float(moves.loc[("stable", "decline"), "share"])


def plan_worth(
    data: Tables, renewals: int = 3, discount: float = 0.08, margin: float = 60.0, how: str = ""
) -> float:
    """What a care plan is still worth just before the next renewal; `how`: a wrong way."""
    plans = data.load("care_plans")
    model = ContractModel().fit_contracts(plans["renewals"], plans["ended"])
    if how == "one chance for all":
        # Nobody differs: as many renewals to come as a geometric series with the mean share renewed.
        stays = plans["renewals"].sum() / (plans["renewals"].sum() + plans["ended"].sum())
        return float(margin * stays / (1 - stays / (1 + discount)))
    return float(margin * model.residual_life([renewals], discount=discount)[0])


def planned(data: Tables, how: str = "") -> float:
    """What a plan by reason earns for each lost firm, more than a discount for all; `how`: a wrong way."""
    lost = data.load("lost_firms")
    lost["net"] = lost["margin_second"] - lost["cost"]
    value = "margin_second" if how == "no cost" else "net"
    if how == "returned only":
        lost = lost[lost["returned"]]
    means = lost.groupby(["left_for", "offer"])[value].mean().unstack()
    share = lost["left_for"].value_counts(normalize=True).reindex(means.index)
    if how == "reasons alike":
        share[:] = 1 / len(share)
    plan = {"price": "discount", "a fault": "mending call"}
    best = pd.Series({why: means.loc[why, plan.get(why, "control")] for why in means.index})
    rival = {"no offer": "control", "call for all": "mending call"}.get(how, "discount")
    if how == "the plan's own":
        return float((share * best).sum())
    return float((share * (best - means[rival])).sum())


def _figures(data: Tables) -> dict[str, str]:
    money = data.company.money
    change = age_change(with_net(data), "net", 5, 10).set_index("part")
    trial, kinds = data.load("kind_trial"), data.load("relation_kinds")
    step = break_even_margin(trial, kinds, 100).set_index("kind").loc["partner"]
    large = trial.nlargest(150, "turnover_before")
    least = trial["margin_before"].nlargest(150).min()
    found = winback_effects(data.load("lost_firms"), by="left_for").query("outcome == 'net'")
    net = found.set_index(["left_for", "offer"])

    def span(row: pd.Series) -> str:
        return f"{money(row['low'])} to {money(row['high'])}"

    same, left = (change.loc[part] for part in ("the same customers", "who is left"))
    call, discount = net.loc[("a fault", "mending call")], net.loc[("price", "discount")]
    needless = net.loc[("no need", "discount")]
    figures = {
        "same": money(same["change"]), "same_span": span(same), "left": money(left["change"]),
        "even": money(step["break_even"]), "even_span": span(step),
        "large": f"{(large['margin_before'] < least).mean():.0%}",
        "call": money(call["effect"]), "call_span": span(call),
        "discount": money(discount["effect"]), "discount_span": span(discount),
        "needless": span(needless),
    }  # fmt: skip
    return {name: text.replace("-", "−") for name, text in figures.items()}  # a minus, not a hyphen


_RELATIONS = "import pandas as pd\nfrom crmkit import relations\n"
_TRIAL = 'trial, kinds = crmkit.load("kind_trial"), crmkit.load("relation_kinds")\n'

PREDICTIONS = [
    Prediction(
        id="65-a",
        prompt="The rule reads the stage of each firm in each quarter. Of a hundred quarters, in how many is the "
        "stage read right?",
        kind=Number(unit="of 100", tolerance=6),
        answer=right,
        truth=_TRUTH,
        why="A guess too high comes from the clean example. In a real quarter chance alone makes a few orders more or "
        "fewer. A guess too low forgets that the ended are easy to see.",
    ),
    Prediction(
        id="65-b",
        prompt="Take the firms that buy at age 5 and at age 10. By how much does their net margin of a quarter change "
        "in between, on average, in {company.symbol}? (They bring about 130 in a quarter.)",
        kind=Number(unit="{company.symbol}", tolerance=8),
        answer=aged,
        why="A guess too high comes from the rule that age brings more. The mean of all who buy rises, but "
        "because the small ones leave.",
    ),
    Prediction(
        id="65-c",
        prompt="A group has 100 firms. From which margin on (of a firm, in a year) does the kind *partner* pay more "
        "than *proactive*, in {company.symbol}? The costs and shares are in the table.",
        kind=Number(unit="{company.symbol}", tolerance=800),
        answer=even,
        why="A guess near the further cost forgets that only a part of the margin is gained. The further cost is "
        "divided by that part.",
    ),
]

QUESTIONS = [
    Question(
        id="65-1",
        title="When the rule says decline",
        level="fill in",
        goals=(1,),
        prompt="Read the stages with the lesson's rule. Of the quarters that are read as *decline*, which share "
        "truly are in decline? (per cent, two decimals)",
        kind=Number(unit="%", tolerance=0.005),
        points=2,
        reference=said_decline,
        truth=_TRUTH,
        right="So a reading has two sides: how many true declines it finds, and how often it is right when it says "
        "decline. Look at `stage_true` of the wrong ones: many of these firms have gone already.",
        hints=(
            "Read and true stage in one table: merge `read` with `truth` on `firm_id` and `quarter`.",
            "Keep the rows that the rule reads as decline; only then look at the true stage.",
            '`100 * (said["stage_true"] == "decline").mean()`',
        ),
        misconceptions=(
            Misconception(
                "true declines that are read so",
                lambda data: said_decline(data, "of the true"),
                "That says how many of the true declines are read as decline. Begin with the quarters that are "
                "*read* as decline.",
            ),
            Misconception(
                "share of all quarters",
                lambda data: said_decline(data, "of all"),
                "You divided by all quarters. Divide by those that are read as decline.",
            ),
            Misconception(
                "all stages",
                lambda data: said_decline(data, "all stages"),
                "That is how often the reading is right in all stages. Keep the quarters read as decline first.",
            ),
            Misconception(
                "ended counted as right",
                lambda data: said_decline(data, "or ended"),
                "You counted firms that have gone as right. In which stage are they truly?",
            ),
        ),
        starter="both = relations.read_stages(quarters).merge(\n"
        '    truth, on=["firm_id", "quarter"], suffixes=("", "_true")\n)\n'
        'said = both[both["____"] == "decline"]',
        solution="Put both stages into one table, keep what is read as decline, and take the share that truly is.",
        code=_RELATIONS + 'read = relations.read_stages(crmkit.load("firm_quarters"))\n'
        'truth = crmkit.load_truth("firm_quarters")\n'
        'both = read.merge(truth, on=["firm_id", "quarter"], suffixes=("", "_true"))\n'
        'said = both[both["stage"] == "decline"]\n'
        'answer = 100 * (said["stage_true"] == "decline").mean()',
    ),
    Question(
        id="65-2",
        title="What a hundred orders leave, with age",
        level="change",
        goals=(2,),
        prompt="Old firms have learnt to bargain, says Omar. Take the margin of a hundred orders (100 × `margin` "
        "÷ `orders` of a quarter). By how much does it change from age 4 to age 9 in the same firms, in "
        "{company.symbol}? (two decimals; below zero if it falls)",
        kind=Number(unit="{company.symbol}", tolerance=0.005),
        points=2,
        reference=lambda data: aged(data, "margin_100", early=4, late=9),
        right="So age can even cost: what a firm learns, it uses.",
        hints=(
            'A column of your own: `quarters["margin_100"]`, missing where there is no order.',
            '`relations.age_change(quarters, "margin_100", 4, 9)` has a row for the same customers.',
            'The column `change` of the row with `part == "the same customers"`',
        ),
        misconceptions=(
            Misconception(
                "all who buy",
                lambda data: aged(data, "margin_100", "all who buy", 4, 9),
                "That compares all who buy at each age. Some of the first are gone at the second.",
            ),
            Misconception(
                "who is left",
                lambda data: aged(data, "margin_100", "who is left", 4, 9),
                "That is the part that comes from who is left. What happened in the same firms?",
            ),
            Misconception(
                "the lesson's ages",
                lambda data: aged(data, "margin_100"),
                "Those are ages 5 and 10. Here it is 4 and 9.",
            ),
            Misconception(
                "margin of a quarter",
                lambda data: aged(data, "margin", early=4, late=9),
                "That is the margin of a quarter. Divide each quarter's margin by its orders first, times 100.",
            ),
        ),
        starter='quarters["margin_100"] = 100 * quarters["margin"] / quarters["orders"].where(quarters["orders"] '
        '> 0)\nfound = relations.age_change(quarters, "margin_100", ____, ____)',
        solution="A column with the margin of a hundred orders, then the change in the same firms.",
        code=_RELATIONS + 'quarters = crmkit.load("firm_quarters")\n'
        'some = quarters["orders"].where(quarters["orders"] > 0)\n'
        'quarters["margin_100"] = 100 * quarters["margin"] / some\n'
        'found = relations.age_change(quarters, "margin_100", 4, 9).set_index("part")\n'
        'answer = found.loc["the same customers", "change"]',
    ),
    Question(
        id="65-3",
        title="Cheaper calls with ideas",
        level="change",
        goals=(3,),
        prompt="A new system makes *proactive* cheaper: {company.symbol}300 a year for each firm; the fixed "
        "costs stay. A group has 40 firms. From which margin of a firm on (in a year) does *proactive* pay "
        "more than *accountable*, in {company.symbol}? (whole number)",
        kind=Number(unit="{company.symbol}", tolerance=0.5),
        points=2,
        reference=lambda data: even(data, "proactive", 40, 300.0),
        right="With few firms the fixed cost weighs: the same care pays only for larger margins.",
        hints=(
            'Change `cost_firm` in the row `kinds["kind"] == "proactive"`.',
            "`relations.break_even_margin(trial, kinds, 40)` shares the fixed cost among 40 firms.",
            "The column `break_even` of the row *proactive*",
        ),
        misconceptions=(
            Misconception(
                "cost not changed",
                lambda data: even(data, "proactive", 40),
                "That is with the old cost of a firm. Change it in `kinds` first.",
            ),
            Misconception(
                "the lesson's 100 firms",
                lambda data: even(data, "proactive", 100, 300.0),
                "You shared the fixed cost among 100 firms. Here there are 40.",
            ),
            Misconception(
                "fixed cost not shared",
                lambda data: even(data, "proactive", 1, 300.0),
                "You charged each firm the whole fixed cost. Forty firms share it.",
            ),
            Misconception(
                "another kind",
                lambda data: even(data, "accountable", 40),
                "That is the row of *accountable*. The question asks from when on *proactive* pays more.",
            ),
            Misconception(
                "fixed cost forgotten",
                lambda data: even(data, "proactive", 40, 300.0, "no fixed cost"),
                "You left out the fixed cost. Forty firms share it.",
            ),
            Misconception(
                "compared with basic",
                lambda data: even(data, "proactive", 40, 300.0, "against basic"),
                "You compared with *basic*. The firm would otherwise have *accountable*, which costs and keeps "
                "something.",
            ),
            Misconception(
                "whole cost over the further share",
                lambda data: even(data, "proactive", 40, 300.0, "whole cost"),
                "Above the line stands the whole cost of *proactive*. Take what it costs more than *accountable*.",
            ),
            Misconception(
                "further cost over the whole share",
                lambda data: even(data, "proactive", 40, 300.0, "of the whole kept"),
                "Below the line stands all that *proactive* keeps. Take what it keeps more than *accountable*.",
            ),
        ),
        starter='cheaper = kinds.copy()\ncheaper.loc[cheaper["kind"] == "proactive", "cost_firm"] = ____\n'
        "found = relations.break_even_margin(trial, cheaper, ____)",
        solution="Change one cost, share the fixed cost among 40, divide the further cost by the further share kept.",
        code=_RELATIONS + _TRIAL + 'kinds.loc[kinds["kind"] == "proactive", "cost_firm"] = 300\n'
        'found = relations.break_even_margin(trial, kinds, 40).set_index("kind")\n'
        'answer = found.loc["proactive", "break_even"]',
    ),
    Question(
        id="65-4",
        title="Stages at another company",
        level="explore",
        goals=(1,),
        elsewhere="beanline",
        prompt="Beanline sells coffee. Make quarters of its orders, and read the stages with `few=4` (its "
        "customers are smaller). Of the quarters that are read as *stable* and have a next one, in which share is the "
        "next one read as *decline*? (per cent, two decimals)",
        kind=Number(unit="%", tolerance=0.005),
        points=3,
        reference=beanline_moves,
        right="A rule with boundaries travels to other companies; how often it is right there, nobody has tested.",
        hints=(
            'Orders: `crmkit.load("orders", data="beanline")`. `relations.quarters_of` makes the quarters.',
            'Customers are named in `customer_id`: give `customer="customer_id"` to both functions.',
            '`relations.stage_moves(read, customer="customer_id")`, the row from stable to decline',
        ),
        misconceptions=(
            Misconception(
                "six orders, as in the lesson",
                lambda data: beanline_moves(data, "six orders"),
                "You left `few` at 6. Here a customer explores below 4 orders.",
            ),
            Misconception(
                "quarters without an order left out",
                lambda data: beanline_moves(data, "no empty quarters"),
                "You left out the quarters without an order. They are what a decline is made of.",
            ),
            Misconception(
                "share of all moves",
                lambda data: beanline_moves(data, "of all moves"),
                "You divided by all moves. Divide by the quarters that read stable.",
            ),
            Misconception(
                "those who stay stable",
                lambda data: beanline_moves(data, "stable"),
                "That is the share that reads stable again. The question asks for decline.",
            ),
            Misconception(
                "those who end",
                lambda data: beanline_moves(data, "ended"),
                "That is the share that reads ended. Decline is another stage.",
            ),
            Misconception(
                "from decline to stable",
                lambda data: beanline_moves(data, "other way"),
                "That is the way back: from decline to stable.",
            ),
        ),
        starter='coffee = relations.quarters_of(crmkit.load("orders", data="beanline"))\n'
        'read = relations.read_stages(coffee, few=____, customer="____")',
        solution="Quarters of the orders, the rule with another boundary, then the transition matrix.",
        code=_RELATIONS + 'coffee = relations.quarters_of(crmkit.load("orders", data="beanline"))\n'
        'read = relations.read_stages(coffee, few=4, customer="customer_id")\n'
        'moves = relations.stage_moves(read, customer="customer_id").set_index(["from_stage", "to_stage"])\n'
        'answer = 100 * moves.loc[("stable", "decline"), "share"]',
    ),
    Question(
        id="65-5",
        title="What a care plan is still worth",
        level="explore",
        goals=(4,),
        prompt="{company.name} sells care plans for tools (`care_plans`), renewed once a year. A plan leaves a "
        "margin of {company.symbol}60 a year, and a year later is worth 8 % less. What is a plan still worth "
        "that has been renewed 3 times, just before the next renewal, in {company.symbol}? Fit a "
        "`ContractModel`. (two decimals)",
        kind=Number(unit="{company.symbol}", tolerance=0.005),
        points=3,
        reference=plan_worth,
        right="It is the most that keeping this plan may cost, and more than for a new plan, though no firm has "
        "changed.",
        hints=(
            '`ContractModel().fit_contracts(plans["renewals"], plans["ended"])` learns from plans of all ages.',
            "Its `residual_life` takes the number of renewals and the discount, and counts the yearly margins to come.",
            "Each margin is worth 60: `60 * model.residual_life([3], discount=0.08)`",
        ),
        misconceptions=(
            Misconception(
                "a new plan",
                lambda data: plan_worth(data, 0),
                "That is for a plan never renewed. What does it say of a firm that it has renewed 3 times?",
            ),
            Misconception(
                "the lesson's 10 %",
                lambda data: plan_worth(data, discount=0.10),
                "That is with 10 % a year, as in the lesson. Here it is 8 %.",
            ),
            Misconception(
                "one renewal too many",
                lambda data: plan_worth(data, 4),
                "That is for a plan that has been renewed 4 times. The next renewal, which is still to come, does "
                "not count yet.",
            ),
            Misconception(
                "years, not money",
                lambda data: plan_worth(data, margin=1.0),
                "Those are yearly margins to come. What is one of them worth?",
            ),
            Misconception(
                "one chance for all",
                lambda data: plan_worth(data, how="one chance for all"),
                "You gave all firms the same chance to renew. They differ, and 3 renewals tell which kind a firm is.",
            ),
        ),
        starter='plans = crmkit.load("care_plans")\n'
        'model = ContractModel().fit_contracts(plans["____"], plans["____"])',
        solution="Fit the model to renewals and ends, ask for the residual life after 3 renewals, times the margin.",
        code="from crmkit.value import ContractModel\n"
        'plans = crmkit.load("care_plans")\n'
        'model = ContractModel().fit_contracts(plans["renewals"], plans["ended"])\n'
        "answer = 60 * model.residual_life([3], discount=0.08)[0]",
    ),
    Question(
        id="65-6",
        title="A plan by reason",
        level="explore",
        goals=(5,),
        prompt="A plan: a discount for those who left because of the price, the mending call for those with a fault, "
        "nothing for all others. How much more does it earn than a discount for everybody, in {company.symbol} of net "
        "margin for each lost firm? Take the mean net margin of each reason and offer, and weight by how many "
        "left for each reason. (two decimals)",
        kind=Number(unit="{company.symbol}", tolerance=0.005),
        points=3,
        reference=planned,
        right="A question that costs a minute, “why did you leave?”, is worth more than the discount.",
        hints=(
            "Net margin: `margin_second` less `cost`, also of those who did not return.",
            '`lost.groupby(["left_for", "offer"])["net"].mean().unstack()` has a row for each reason.',
            'For each reason: `means.loc[reason, offer of the plan] - means.loc[reason, "discount"]`. Weights: '
            '`lost["left_for"].value_counts(normalize=True)`',
        ),
        misconceptions=(
            Misconception(
                "those who returned only",
                lambda data: planned(data, "returned only"),
                "You took those who returned. Firms that did not return count too: with a margin of 0, and with "
                "what the offer cost.",
            ),
            Misconception(
                "cost forgotten",
                lambda data: planned(data, "no cost"),
                "You left out what the contact cost.",
            ),
            Misconception(
                "each reason counted alike",
                lambda data: planned(data, "reasons alike"),
                "You counted each reason alike. Many more left because of the price than for a rival's range.",
            ),
            Misconception(
                "compared with no offer",
                lambda data: planned(data, "no offer"),
                "You compared with no offer. The other rule is a discount for everybody.",
            ),
            Misconception(
                "the plan alone",
                lambda data: planned(data, "the plan's own"),
                "That is what the plan earns. How much is it more than the discount for everybody?",
            ),
        ),
        starter='lost["net"] = lost["margin_second"] - lost["cost"]\n'
        'means = lost.groupby(["left_for", "offer"])["net"].mean().unstack()\n'
        'share = lost["left_for"].value_counts(normalize=True)\n'
        'plan = {"price": "discount", "a fault": "____", "a rival\'s range": "control", "no need": "____"}\n'
        'gain = means.loc["a fault", plan["a fault"]] - means.loc["a fault", "____"]',
        solution="For each reason the plan's offer less the discount, weighted by how many left for it.",
        code=_RELATIONS + 'lost = crmkit.load("lost_firms")\n'
        'lost["net"] = lost["margin_second"] - lost["cost"]\n'
        'means = lost.groupby(["left_for", "offer"])["net"].mean().unstack()\n'
        'share = lost["left_for"].value_counts(normalize=True)\n'
        'plan = pd.Series("control", index=means.index)\n'
        'plan["price"], plan["a fault"] = "discount", "mending call"\n'
        'gain = pd.Series({why: means.loc[why, plan[why]] - means.loc[why, "discount"] for why in means.index})\n'
        "answer = (share * gain).sum()",
    ),
    Question(
        id="65-7",
        title="Omar's answer to three rules",
        level="decide",
        goals=(2, 3, 5),
        points=4,
        prompt="Write Omar's answer to the director's three rules, in 60 to 150 words: what age does and what "
        "only looks like it, who gets a manager of their own, and who gets which offer after leaving; each with "
        "a figure and its interval. Say what you would watch.",
        hints=(
            "The same customers at two ages; the break-even margin; the net effect by reason. Then what could be "
            "wrong.",
        ),
        kind=Plan(
            rubric={
                "Age: the same customers against all, with a figure": 1,
                "Care by margin and number, with the break-even margin and its interval, not by demand": 1,
                "Offers by the reason for leaving, as net effects against no offer": 1,
                "What is to be watched: other tiers, second life, wrong readings, or a new trial": 1,
            },
            model="From age 5 to 10 the same firms change by {figure.same} a quarter ({figure.same_span}); "
            "{figure.left} comes from who is left, because small firms leave. So age alone earns "
            "nothing. A manager of their own goes by margin: with 100 firms it pays from {figure.even} a year "
            "({figure.even_span}). Of the 150 firms with the most turnover {figure.large} are not among the 150 "
            "with the most margin, so demand does not decide. After leaving, a call pays where there was a "
            "fault: {figure.call} for each lost firm ({figure.call_span}); a discount where it was the price: "
            "{figure.discount} ({figure.discount_span}). Firms without a need get nothing: for a discount there "
            "the "
            "interval is {figure.needless}. I would watch how long those who came for a discount stay, and "
            "repeat the trial next year with a control group.",
            figures=_figures,
            minimum_words=60,
        ),
    ),
]

QUIZ = [
    QuizQuestion(
        "Customers of ten years bring twice as much as customers of two years. What have you shown?",
        [
            Option(
                "That customers grow with the years",
                "Are the old ones the same people as the young ones?",
            ),
            Option(
                "That both is possible: they grew, or the small ones left",
                "Yes. Only the same customers at two ages tell the two apart.",
                right=True,
            ),
            Option(
                "That we should keep all for ten years",
                "What would the small ones bring if they were kept?",
            ),
        ],
    ),
    QuizQuestion(
        "A customer reads *stable*, then *build-up*, then *stable*. What is the best explanation?",
        [
            Option(
                "It grew and shrank again",
                "Possible, but how often does a reading do this by chance?",
            ),
            Option(
                "Probably chance in the orders",
                "Yes. Stable customers seem to move more than they do.",
                right=True,
            ),
            Option(
                "The rule is useless",
                "It is right in most quarters. It says less about one quarter.",
            ),
        ],
    ),
    QuizQuestion(
        "The share of contracts renewed rises from 83 % at the first renewal to 91 % at the fifth. No customer "
        "changes. How can that be?",
        [
            Option(
                "It cannot: somebody must grow loyal", "Think of those who are no longer there."
            ),
            Option(
                "Those who leave easily left early",
                "Yes. At the fifth renewal mostly those are left who hardly ever leave.",
                right=True,
            ),
            Option("It is chance", "With many contracts it comes back in each cohort."),
        ],
    ),
    QuizQuestion(
        "A customer buys more than all others. Is it a key customer?",
        [
            Option(
                "Yes: large demand means key customer", "What is left after discounts and service?"
            ),
            Option(
                "Only if its margin pays for care of its own",
                "Yes. Margin and cost decide, not demand.",
                right=True,
            ),
            Option(
                "No: large customers always bargain", "Many do, but not all. Look at the margin."
            ),
        ],
    ),
    QuizQuestion(
        "A hundred customers got a discount after leaving, and twenty came back. How many did the discount win?",
        [
            Option("Twenty", "Would none of them have come back without it?"),
            Option(
                "Twenty, less those who come back without an offer",
                "Yes. Only a control group says how many those are.",
                right=True,
            ),
            Option("Nobody can know", "A control group of customers left alone can say it."),
        ],
    ),
]
