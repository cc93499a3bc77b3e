"""Lesson 69: a table without names is not anonymous."""

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
    cost_of_leak,
    count_reasons,
    forget,
    generalise,
    k_anonymity,
    link_files,
    link_rates,
    may_use,
    trend_by_year,
    what_is_lost,
)

TITLE = "Whose data is it"
KNOWN = ["postcode", "birth_year"]
#: What question 69-5 follows.
POINTS = {
    "orders": {"customer_id": "customers.customer_id"},
    "order_lines": {"order_id": "orders.order_id"},
}


def rates(data: Tables) -> pd.Series:
    """What the club's list finds in the extract as published."""
    links = link_files(data.load("open_extract"), data.load("club_members"), KNOWN)
    return link_rates(links, data.load_truth("open_extract"), data.load_truth("club_members"))


def paid_by(data: Tables, found: pd.DataFrame) -> float:
    """Share of the turnover of some customers that comes from those whose data may be used."""
    paid = data.load("orders").groupby("customer_id")["turnover"].sum()
    paid = found["customer_id"].map(paid).fillna(0)
    return float(paid[found["may_use"]].sum() / paid.sum())


def callable_in_june(data: Tables, way: str = "") -> float:
    """Share of turnover of those who may be called on the last day of June, per cent, and what is mistaken for it."""
    year = data.company.year
    day = f"{year}-12-31" if way == "end of the year" else f"{year}-06-30"
    consents = data.load("consents")
    purpose = "newsletter" if way == "letters" else "telephone"
    whose = data.load_truth("open_extract")["customer_id"]
    if way == "withdrawn too":
        consents = consents.assign(withdrawn_on=pd.NaT)
    if way == "flag":
        flags = data.load("customers").set_index("customer_id")["phone_consent"]
        found = pd.DataFrame({"customer_id": whose, "may_use": flags.loc[whose].to_numpy()})
        return 100 * paid_by(data, found)
    if way == "of those who agreed":
        whose = consents.loc[consents["purpose"] == purpose, "customer_id"]
    found = may_use(consents, purpose, day, whose, evidence=way != "no proof")
    if way == "customers":
        return 100 * float(found["may_use"].mean())
    return 100 * paid_by(data, found)


def alone(data: Tables, way: str = "") -> float:
    """Share of rows alone in year of birth, month of the first purchase and gender, per cent."""
    extract = data.load("open_extract")
    quasi = ["birth_year", "first_month", "gender"]
    if way == "without gender":
        quasi = quasi[:2]
    if way == "with postcode":
        quasi = [*quasi, "postcode"]
    if way == "year of birth":
        quasi = quasi[:1]
    size = extract.groupby(quasi)["extract_id"].size()
    if way == "of classes":
        return 100 * float((size == 1).mean())
    if way == "classes":
        return 100 * len(size) / len(extract)
    return 100 * float(k_anonymity(extract, quasi)["share_unique"])


def coarse_trend(data: Tables, way: str = "", k: int = 3, years: int = 10) -> float:
    """Change of the share of complaints for people born ten years earlier, in points, from a coarser extract."""
    extract = data.load("open_extract")
    extract["note"] = extract["service_note"] != "none"
    if way == "complaints only":
        extract["note"] = extract["service_note"] == "complaint"
    if way == "before":
        return 100 * float(trend_by_year(extract, "note")["estimate"])
    coarse = generalise(extract, years={"birth_year": years}, characters={"postcode": 1}, k=k).table
    found = 100 * float(trend_by_year(coarse, "note")["estimate"])
    return found / 10 if way == "one year" else found


def silence(data: Tables, way: str = "") -> float:
    """What telling late costs a person more than telling at once, in money, and other comparisons."""
    panel = data.load("leak_panel")
    if way == "plain":
        mean = panel.groupby("arm")["margin_26w"].mean()
        return float(mean["told at once"] - mean["told late"])
    if way == "trust":
        found = cost_of_leak(panel).set_index("arm")["trust"]
        return float(found["told at once"] - found["told late"])
    if way in ("late", "once"):
        row = cost_of_leak(panel).set_index("arm")["margin"]
        return -float(row["told late" if way == "late" else "told at once"])
    some = panel[panel["arm"] != "not affected"]
    found = cost_of_leak(some, control="told at once")
    return -float(found["margin"].iloc[0])


def in_the_books(data: Tables, way: str = "") -> float:
    """Turnover that stays in the books, without a person, when customers 1 to 20 are forgotten."""
    tables = {name: data.load(name) for name in ("customers", "orders", "order_lines")}
    some = 19 if way == "one too few" else 20
    done = forget(tables, range(1, some + 1), references=POINTS)
    if way == "others":
        return float(done.tables["orders"]["turnover"].sum())
    if way == "both tables":
        return float(sum(done.kept[name]["turnover"].sum() for name in ("orders", "order_lines")))
    return float(done.kept["orders"]["margin" if way == "margin" else "turnover"].sum())


def _figures(data: Tables) -> dict[str, str]:
    money = data.company.money
    extract, found = data.load("open_extract"), rates(data)
    extract["much"] = extract["turnover_band"].str.endswith("or more")
    coarse = generalise(extract, years={"birth_year": 10}, drop=["postcode"], k=5)
    lost = what_is_lost(extract, coarse.table, "much")
    day = f"{data.company.year}-12-31"
    shared = count_reasons(
        may_use(
            data.load("consents"), "sharing", day, data.load_truth("open_extract")["customer_id"]
        )
    )
    cost = cost_of_leak(data.load("leak_panel"), len(data.load("customers")), letter_cost=0.8)
    cost = cost.set_index("arm")
    return {
        "found": f"{found['found']:.0%}",
        "found_low": f"{found['found_low']:.0%}",
        "found_high": f"{found['found_high']:.0%}",
        "may": f"{shared['share'].iloc[0]:.0%}",
        "kept": f"{lost['kept'].iloc[1]:.0%}",
        "once": money(cost.loc["told at once", "cost"]),
        "late": money(cost.loc["told late", "cost"]),
        "late_low": money(cost.loc["told late", "low"]),
        "late_high": money(cost.loc["told late", "high"]),
    }


_LOAD = "from crmkit import relations\n"

PREDICTIONS = [
    Prediction(
        id="69-a",
        truth=("open_extract", "club_members"),
        prompt="The club's list holds name, postcode and year of birth. Some members are customers whose row is in the "
        "extract. Of a hundred such members, for how many do postcode and year of birth lead to the right row?",
        kind=Number(unit="of 100", tolerance=10),
        answer=lambda data: 100 * float(rates(data)["found"]),
        why="Many people say 20 or fewer. A postcode has few customers, and they were born in different years. "
        "Together the two columns are nearly as good as a name.",
    ),
    Prediction(
        id="69-b",
        prompt="The extract gets bands of ten years and no postcode at all. The university asks whether older "
        "customers have a high turnover more often. How much of the information for this question "
        "is left? (0 to 100 %; 50 % means: half of the exact rows would tell as much)",
        kind=Number(unit="%", tolerance=10),
        answer=None,
        why="Many people expect half. The question is about age, and a band of ten years is narrow beside sixty years. "
        "The postcode told nothing about it.",
    ),
    Prediction(
        id="69-c",
        prompt="Traces of this customer are in `customers` and in `orders`. In how many further tables?",
        kind=Number(unit="tables", tolerance=2),
        answer=None,
        why="Many people say two or three. Tests, contacts, surveys, introductions, records and notes are forgotten, "
        "because nobody works with all of them.",
    ),
]

QUESTIONS = [
    Question(
        id="69-1",
        title="Whom may we call?",
        level="fill in",
        goals=(1,),
        truth=("open_extract",),
        prompt="Take the customers of whom a row is in the extract, and their turnover in all years. Which share of it "
        "comes from customers who may be called on 30 June {company.year}? Consent without proof counts as none. (per "
        "cent, two decimals)",
        kind=Number(unit="%", tolerance=0.005),
        points=2,
        reference=callable_in_june,
        right="The same customer may be called in June and not in December. A list of calls needs a day.",
        hints=(
            "`relations.may_use` takes the register, the purpose, the day and the customers.",
            'The purpose is "telephone"; the customers are those of `crmkit.load_truth("open_extract")`.',
            'Add the turnover to `found` with `found["customer_id"].map(…)`, and divide the sum where `may_use` is '
            "True by the sum of all.",
        ),
        misconceptions=(
            Misconception(
                "share of customers",
                lambda data: callable_in_june(data, "customers"),
                "That is the share of the customers. Which part of the turnover do they bring?",
            ),
            Misconception(
                "counts withdrawn consent",
                lambda data: callable_in_june(data, "withdrawn too"),
                "You counted customers who had withdrawn their consent by that day.",
            ),
            Misconception(
                "counts consent without proof",
                lambda data: callable_in_june(data, "no proof"),
                "Some of these consents have no proof. Does the question count them?",
            ),
            Misconception(
                "at the end of the year",
                lambda data: callable_in_june(data, "end of the year"),
                "That is for the last day of the year. Consents were given and withdrawn after June.",
            ),
            Misconception(
                "another purpose",
                lambda data: callable_in_june(data, "letters"),
                "Those are customers who may get letters. Consent to letters is no consent to calls.",
            ),
            Misconception(
                "the flag in the table of customers",
                lambda data: callable_in_june(data, "flag"),
                "That is the flag `phone_consent`. It knows no day and no proof. What does the register say?",
            ),
            Misconception(
                "of those who once agreed",
                lambda data: callable_in_june(data, "of those who agreed"),
                "That is a share of those who once agreed to calls. Which customers does the question ask about?",
            ),
        ),
        starter='found = relations.may_use(consents, "telephone", "____", whose["customer_id"])',
        solution="Ask the register for the purpose, the day and the customers, and compare their turnover with all.",
        code=_LOAD + "year = crmkit.company().year\n"
        'whose = crmkit.load_truth("open_extract")["customer_id"]\n'
        'found = relations.may_use(crmkit.load("consents"), "telephone", f"{year}-06-30", whose)\n'
        'paid = found["customer_id"].map(crmkit.load("orders").groupby("customer_id")["turnover"].sum()).fillna(0)\n'
        'answer = 100 * paid[found["may_use"]].sum() / paid.sum()',
    ),
    Question(
        id="69-2",
        title="Without any address",
        level="fill in",
        goals=(2,),
        prompt="Somebody knows of a customer the year of birth, the month of the first purchase and the gender, and no "
        "address at all. Which share of the rows of the extract is alone in these three columns? (per cent, two "
        "decimals)",
        kind=Number(unit="%", tolerance=0.005),
        points=2,
        reference=alone,
        right="No address is needed. Three harmless columns together point at many single people.",
        hints=(
            "`relations.k_anonymity` takes the table and a list of columns.",
            "The columns are `birth_year`, `first_month` and `gender`; the entry is `share_unique`.",
            '`100 * relations.k_anonymity(extract, ["birth_year", "first_month", "gender"])["share_unique"]`',
        ),
        misconceptions=(
            Misconception(
                "leaves out the gender",
                lambda data: alone(data, "without gender"),
                "That is with two columns. The gender is known, too.",
            ),
            Misconception(
                "adds the postcode",
                lambda data: alone(data, "with postcode"),
                "That is with the postcode. Here nobody knows the address.",
            ),
            Misconception(
                "share of classes",
                lambda data: alone(data, "of classes"),
                "That is the share of the classes that have one row. The question asks for a share of the rows.",
            ),
            Misconception(
                "classes for rows",
                lambda data: alone(data, "classes"),
                "You counted all classes. How many of them have one row only?",
            ),
        ),
        starter='found = relations.k_anonymity(extract, ["birth_year", "____", "gender"])',
        solution="Name the three columns as quasi-identifiers and take the share of rows that are alone.",
        code=_LOAD + 'extract = crmkit.load("open_extract")\n'
        'found = relations.k_anonymity(extract, ["birth_year", "first_month", "gender"])\n'
        'answer = 100 * found["share_unique"]',
    ),
    Question(
        id="69-3",
        title="Another analysis of a coarser extract",
        level="change",
        goals=(3,),
        elsewhere="another outcome, and another k",
        prompt="Make the extract coarser: bands of ten years, the first character of the postcode, k = 3. For people "
        "born ten years earlier, by how many percentage points more often does the desk have a note about them "
        '(`service_note` is not "none")? (three decimals)',
        kind=Number(unit="percentage points", tolerance=0.0005),
        points=3,
        reference=coarse_trend,
        right="Compare it with the extract as published: the slope moves by much less than its interval is wide, "
        "and no row is alone any more.",
        hints=(
            "`relations.generalise` takes `years`, `characters` and `k`; its `table` is the coarser extract.",
            'A column of True and False is needed first: `extract["service_note"] != "none"`.',
            '`100 * relations.trend_by_year(coarse.table, "note")["estimate"]`',
        ),
        misconceptions=(
            Misconception(
                "the extract as published",
                lambda data: coarse_trend(data, "before"),
                "That is the extract as it was published. Make it coarser first.",
            ),
            Misconception(
                "leaves nobody out",
                lambda data: coarse_trend(data, k=1),
                "You made the columns coarser and left no row out. With k = 3, rows in small classes go.",
            ),
            Misconception(
                "k of the lesson",
                lambda data: coarse_trend(data, k=5),
                "That is with k = 5. The question asks for k = 3.",
            ),
            Misconception(
                "bands of twenty years",
                lambda data: coarse_trend(data, years=20),
                "That is with bands of twenty years. The question asks for ten.",
            ),
            Misconception(
                "complaints only",
                lambda data: coarse_trend(data, "complaints only"),
                "You counted complaints. A late payment and a long illness are notes, too.",
            ),
            Misconception(
                "for one year",
                lambda data: coarse_trend(data, "one year"),
                "That is the change for one year. The question asks for ten.",
            ),
        ),
        starter='coarse = relations.generalise(extract, years={"birth_year": 10}, characters={"postcode": ____}, k=3)',
        solution="Make the flag, make the columns coarser, leave small classes out, and fit the line.",
        code=_LOAD + 'extract = crmkit.load("open_extract")\n'
        'extract["note"] = extract["service_note"] != "none"\n'
        'coarse = relations.generalise(extract, years={"birth_year": 10}, characters={"postcode": 1}, k=3)\n'
        'answer = 100 * relations.trend_by_year(coarse.table, "note")["estimate"]',
    ),
    Question(
        id="69-4",
        title="What stays in the books",
        level="change",
        goals=(4,),
        prompt="Customers 1 to 20 ask to be deleted. Carry this through `customers`, `orders` and `order_lines`. Which "
        "turnover stays in the books of `orders`, without a person? (two decimals)",
        kind=Number(unit="currency", tolerance=0.005),
        points=2,
        reference=in_the_books,
        right="The people are gone and the sums are as before: both duties are met.",
        hints=(
            "`relations.forget` takes a dict of tables, the numbers, and the references.",
            "`references` may be all of `relations.references_of()`; `kept` holds the anonymous rows by table.",
            '`done.kept["orders"]["turnover"].sum()`',
        ),
        misconceptions=(
            Misconception(
                "what the others bought",
                lambda data: in_the_books(data, "others"),
                "That is the turnover of the customers who stay. The rows kept for the books are in `kept`.",
            ),
            Misconception(
                "looks among the rows that stay",
                lambda data: 0.0,
                "You looked in `done.tables`: there the rows are gone. What the books keep is in `done.kept`.",
            ),
            Misconception(
                "counts everything twice",
                lambda data: in_the_books(data, "both tables"),
                "You added orders and order lines. The lines are parts of the same orders.",
            ),
            Misconception(
                "nineteen customers",
                lambda data: in_the_books(data, "one too few"),
                "One customer is missing: `range(1, 20)` ends at 19.",
            ),
            Misconception(
                "margin for turnover",
                lambda data: in_the_books(data, "margin"),
                "That is the margin. The question asks for the turnover.",
            ),
        ),
        starter="done = relations.forget(tables, range(1, ____), references=relations.references_of())",
        solution="Forget the twenty, and add up the turnover of the anonymous rows of `orders`.",
        code=_LOAD
        + 'tables = {name: crmkit.load(name) for name in ("customers", "orders", "order_lines")}\n'
        "done = relations.forget(tables, range(1, 21), references=relations.references_of())\n"
        'answer = done.kept["orders"]["turnover"].sum()',
    ),
    Question(
        id="69-5",
        title="What silence costs",
        level="explore",
        goals=(5,),
        elsewhere="another comparison: late against at once",
        prompt="Among the people whose addresses leaked, compare those who were told late with those who were told at "
        "once, allowing for the margin before. How much more margin does telling late cost a person in 26 weeks? "
        "(two decimals; more cost is a positive number)",
        kind=Number(unit="currency", tolerance=0.005),
        points=2,
        reference=silence,
        right="Both groups had the same leak. The difference is what the silence did.",
        hints=(
            "`relations.cost_of_leak` compares with `control`. Which arm is the comparison here?",
            'Leave out those who were not affected, and give `control="told at once"`.',
            'The margin lost is a negative effect: `-found["margin"].iloc[0]`.',
        ),
        misconceptions=(
            Misconception(
                "the plain means",
                lambda data: silence(data, "plain"),
                "That is the difference of the plain means. Allow for the margin before, as `cost_of_leak` does.",
            ),
            Misconception(
                "late against not affected",
                lambda data: silence(data, "late"),
                "That is what the leak and the silence cost together. Compare with those who were told at once.",
            ),
            Misconception(
                "at once against not affected",
                lambda data: silence(data, "once"),
                "That is what the leak costs where people were told at once. What does telling late add?",
            ),
            Misconception(
                "trust for money",
                lambda data: silence(data, "trust"),
                "Those are points of trust. The question asks for the margin.",
            ),
        ),
        starter='some = panel[panel["arm"] != "____"]',
        solution="Keep the two arms with a leak, and take the one that was told at once as the control.",
        code=_LOAD + 'panel = crmkit.load("leak_panel")\n'
        'some = panel[panel["arm"] != "not affected"]\n'
        'found = relations.cost_of_leak(some, control="told at once")\n'
        'answer = -found["margin"].iloc[0]',
    ),
    Question(
        id="69-6",
        title="Lena's note to the board",
        level="decide",
        goals=(1, 3, 5),
        truth=("open_extract", "club_members"),
        points=4,
        hints=(
            "Begin with whose rows may be shared; then say what you would publish in their place.",
        ),
        prompt="The board wants to give the university this year's extract in the old form, and to keep silent about "
        "the leak until somebody asks. Write Lena's note in 60 to 160 words: whose data may be shared, what the old "
        "form gives away, which form you propose and what the analysis loses, and what silence would cost.",
        kind=Plan(
            rubric={
                "Says how many customers agreed to sharing, and what follows": 1,
                "Re-identification with a figure and its interval": 1,
                "A coarser form, with what it hides and what the analysis keeps": 1,
                "The cost of telling late against at once, from the panel, with an interval": 1,
            },
            model="Only {figure.may} of the customers in the extract have agreed to sharing, with proof and without "
            "withdrawal: I would share only their rows. The old form is not anonymous. With postcode and year of birth "
            "a club's list found {figure.found} of its members in it ({figure.found_low} to {figure.found_high}), with "
            "what our desk noted about them. I propose bands of ten years and no postcode, with at least five people "
            "alike. The university's question keeps {figure.kept} of its information. And we tell everybody about the "
            "leak today. In the panel, where chance decided, it costs {figure.once} if all are told at once and "
            "{figure.late} if they are told late ({figure.late_low} to {figure.late_high}). Silence costs more. "
            "A lawyer should check what the law asks of us. What is published already cannot be called back; "
            "we tell these customers, too.",
            figures=_figures,
            minimum_words=60,
        ),
    ),
]


QUIZ = [
    QuizQuestion(
        "A table has no names, but postcode, year of birth and gender. Is it anonymous?",
        [
            Option(
                "Yes, nobody is named", "Other lists have the names, and these columns lead there."
            ),
            Option(
                "Only if each row looks like several others in these columns",
                "Then these columns alone do not lead to one person.",
                right=True,
            ),
            Option("Yes, if it is published", "Publishing lets more people link it."),
        ],
    ),
    QuizQuestion(
        "A table is 5-anonymous. In one class all five rows have the note “long illness”. You know that your neighbour "
        "is in this class. What do you know?",
        [
            Option(
                "Nothing: five rows look alike",
                "You do not know the row, but all rows say the same.",
            ),
            Option("The neighbour's note", "All rows of the class hold it: l is 1.", right=True),
            Option(
                "The note with a chance of one in five",
                "Each of the five rows holds the same note.",
            ),
        ],
    ),
    QuizQuestion(
        "A customer agreed to letters in March. In May you want to call him. May you?",
        [
            Option("Yes, he has agreed", "He has agreed to another purpose."),
            Option("Not on the ground of this consent", "Each purpose needs its own.", right=True),
            Option(
                "Yes, if the flag in `customers` is set", "A flag without purpose proves nothing."
            ),
        ],
    ),
    QuizQuestion(
        "All rows with the customer's number are deleted in all tables. Is the request met?",
        [
            Option(
                "Yes, the number is gone", "Records and notes may hold the name without the number."
            ),
            Option(
                "Only when a search for name and addresses finds nothing either",
                "Some tables know no number.",
                right=True,
            ),
            Option("No, the sums must go, too", "Book-keeping keeps sums, without the person."),
        ],
    ),
]
