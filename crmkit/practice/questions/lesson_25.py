"""Lesson 25: one customer, several records: weighing evidence, and what its errors cost."""

from __future__ import annotations

import functools

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
from crmkit.value.profile import (
    MatchModel,
    candidate_pairs,
    compare_pairs,
    customer_profile,
    fit_match_weights,
    judged_sample,
    link_records,
    linkage_by_field,
    linkage_quality,
    random_pairs,
    score_pairs,
    tidy_records,
    two_lists,
    under_records,
)

TITLE = "One customer, several records"


def owners(data: Tables) -> pd.Series:
    """Give the true customer of each record."""
    return data.load_truth("record_owners").set_index("record_id")["customer_id"]


def bought(data: Tables) -> pd.DataFrame:
    """Give the orders as the systems wrote them: under a record, not under a customer."""
    return under_records(data.load("orders"), data.load("channel_records"), owners(data))


def by_record(data: Tables, column: str = "turnover") -> pd.Series:
    """Sum what stands under each record; 0 where nothing does."""
    summed = bought(data).groupby("record_id")[column].sum()
    return summed.reindex(data.load("channel_records")["record_id"], fill_value=0.0)


def under_shared_addresses(data: Tables, *, known: bool = True, keep: object = False) -> float:
    """Turnover under the records whose e-mail address another record has too."""
    records = data.load("channel_records")
    shared = records["email"].duplicated(keep=keep)
    if known:
        shared &= records["email"].notna()
    return float(by_record(data)[shared.to_numpy()].sum())


@functools.lru_cache(maxsize=32)
def _weighed(
    columns: tuple[str, ...], rows: tuple[tuple[object, ...], ...]
) -> tuple[pd.DataFrame, pd.DataFrame, MatchModel]:
    """Tidy, compare and weigh; once for the same records."""
    tidy = tidy_records(pd.DataFrame(rows, columns=list(columns)))
    compared, chance = compare_pairs(tidy, candidate_pairs(tidy)), random_pairs(tidy)
    model = fit_match_weights(compared, compare_pairs(tidy, chance), chance.attrs["all_pairs"])
    return tidy, score_pairs(compared, model), model


def weighed(data: Tables) -> tuple[pd.DataFrame, pd.DataFrame, MatchModel]:
    """Give tidy records, scored pairs and the model, as the lesson makes them."""
    records = data.load("channel_records").drop(columns="created")
    plain = records.astype(object).where(records.notna(), None)
    return _weighed(tuple(plain.columns), tuple(plain.itertuples(index=False, name=None)))


def people(data: Tables, bits: float | None = None) -> pd.Series:
    """Link the records at so many bits (the lesson's, if none are given): the person of each record."""
    tidy, scored, model = weighed(data)
    threshold = round(-model.prior_weight) if bits is None else bits
    return link_records(tidy, scored, threshold=threshold)


def one_pair(
    data: Tables, *, start: float = 1, name: str = "initial", more: tuple[str, ...] = ()
) -> float:
    """Bits of a pair with an initial, another e-mail address and the same telephone number."""
    _, _, model = weighed(data)
    weight = model.table["weight"]
    found = weight["name", name] + weight["phone", "same"]
    found += sum(weight[field, "different"] for field in ("email", *more))
    return float(found + start * model.prior_weight)


def of_many_records(data: Tables, bits: float | None = 16, *, least: int = 3) -> pd.Series:
    """Turnover of each person who was joined from `least` records or more."""
    person = people(data, bits)
    spent = by_record(data).groupby(person).sum()
    return spent[person.value_counts().reindex(spent.index) >= least]


def last_years_lists(
    data: Tables, *, year: int | None = None, top: int = 100, of: str = "margin"
) -> pd.DataFrame:
    """Make the two lists of one year; of all years where `year` is 0."""
    orders = bought(data)
    year = data.company.last_year if year is None else year
    if year:
        orders = orders[orders["order_date"].dt.year == year]
    return two_lists(orders, owners(data), top=top, of=of, draws=1)  # type: ignore[arg-type]


def hidden(data: Tables, **asked: object) -> pd.Index:
    """Customers among the best of whom no record is among the best records."""
    lists = last_years_lists(data, **asked)  # type: ignore[arg-type]
    return lists.index[lists["on_joined"] & ~lists["on_records"]]


def in_their_place(data: Tables, *, joined: bool = False) -> pd.Index:
    """Customers with a record on the list who are not among the best; or those who are on both."""
    lists = last_years_lists(data)
    return lists.index[lists["on_records"] & (lists["on_joined"] == joined)]


def rate(data: Tables, bits: float | None = 16, name: str = "omission_rate") -> float:
    """Give a rate of the matching at so many bits, in per cent."""
    return float(100 * linkage_quality(people(data, bits), owners(data))[name])


def more_at_beanline(data: Tables, bits: float | None = 16, name: str = "omission_rate") -> float:
    """How much higher a rate is at the coffee merchant, in points."""
    return rate(data.other("beanline"), bits, name) - rate(data, bits, name)


def profiles(data: Tables, *, joined: bool = True) -> pd.DataFrame:
    """Profile everybody at 16 bits, or every record for itself."""
    records = data.load("channel_records")
    alone = pd.Series(range(len(records)), index=records["record_id"])
    return customer_profile(records, people(data, 16) if joined else alone, bought(data))


def app_customers(data: Tables, *, joined: bool = True, favourite: bool = True) -> pd.Series:
    """Margin of each person whose favourite system is the app, or who has a record there at all."""
    found = profiles(data, joined=joined)
    chosen = found["favourite"] == "app" if favourite else found["systems"].str.contains("app")
    return found.loc[chosen, "margin"]


def _errors_at(data: Tables) -> dict[str, str]:
    """Give what the model answer says of the two thresholds."""
    figures = {}
    for name, bits in (("low", 8), ("strict", 16)):
        found = linkage_quality(people(data, bits), owners(data))
        figures[f"mixed_{name}"] = f"{int(found['wrong_people']):,}"
        figures[f"pieces_{name}"] = f"{int(found['split_customers']):,}"
    judged = judged_sample(people(data, 16), owners(data), seed=25).loc["error rate"]
    return figures | {"judged": f"{int(judged['judged'])}", "high": f"{judged['high']:.1%}"}


def _more_often(data: Tables) -> str:
    """Tell which error of the e-mail rule is the more frequent one."""
    tidy, scored, _ = weighed(data)
    email = linkage_by_field(tidy, scored, owners(data)).loc["email"]
    wrong, missed = (
        email["joined_pairs"] - email["right_pairs"],
        email["true_pairs"] - email["right_pairs"],
    )
    return "a" if wrong > missed else "b"


def _none_of_200(data: Tables) -> float:
    """Upper end of the interval where none of 200 judged links is wrong, in per cent."""
    same = pd.Series(range(200)).repeat(2).reset_index(drop=True)
    return float(100 * judged_sample(same, same, size=200).loc["error rate", "high"])


PREDICTIONS = [
    Prediction(
        id="25-a",
        prompt="How many different customers are behind the records of the three systems?",
        kind=Number(unit="customers", relative=0.1),
        answer=lambda data: owners(data).nunique(),
        why="No list says so, and no list can: each system counts its own records, and a customer who uses two "
        "systems "
        "is counted twice.",
        truth=("record_owners",),
    ),
    Prediction(
        id="25-c",
        prompt="Take the 50 customers with the highest margin, all their records together, and the 50 records "
        "with the "
        "highest margin. How many of the 50 customers have no record among the 50 records?",
        kind=Number(unit="of 50", tolerance=3),
        answer=lambda data: len(hidden(data, year=0, top=50)),
        why="A good customer of one shop is easy to see. One who buys everywhere has no large record at all.",
        truth=("record_owners",),
    ),
    Prediction(
        id="25-b",
        prompt="Join all records that have the same e-mail address. Which mistake will there be more of?",
        kind=Choice(
            {
                "a": "two customers are joined by mistake",
                "b": "records of one customer are not joined",
            }
        ),
        answer=_more_often,
        why="An address is nearly always of one person. But not every record has one, and a person may have two.",
        truth=("record_owners",),
    ),
    Prediction(
        id="25-d",
        prompt="Two people judge 200 links that were drawn at random, and none is wrong. How many per cent of "
        "all links "
        "may be wrong all the same? (the upper end of the 95 % interval)",
        kind=Number(unit="%", tolerance=0.5),
        between=(0, 100),
        answer=_none_of_200,
        why="None of 200 is not none at all. To be sure of less than one in a thousand, one has to judge thousands.",
    ),
]

QUESTIONS = [
    Question(
        id="25-1",
        title="What the e-mail rule touches",
        level="fill in",
        goals=(2,),
        prompt=(
            "How much turnover would the e-mail rule touch? Sum what stands under the records whose e-mail "
            "address another record has too, in {company.symbol}."
        ),
        kind=Number(unit="{company.symbol}", tolerance=0.5),
        points=1,
        reference=under_shared_addresses,
        truth=("record_owners",),
        hints=(
            "Two steps: which records share their address with another one? Then the turnover under those.",
            "`.duplicated(keep=False)` marks every record of an address that stands more than once. What does it say "
            "of records without an address?",
            '`records["email"].notna() & records["email"].duplicated(keep=False)`',
        ),
        misconceptions=(
            Misconception(
                "a missing address is an address",
                lambda data: under_shared_addresses(data, known=False),
                "pandas takes two missing addresses for the same, so every record without an address is in your sum. "
                "What is missing is no evidence: leave those records out.",
            ),
            Misconception(
                "leaves out the first of each",
                lambda data: under_shared_addresses(data, keep="first"),
                "`duplicated()` leaves out the first record of each address and marks only the later ones. Which "
                "argument makes it mark them all?",
            ),
            Misconception(
                "counts records",
                lambda data: int(
                    data.load("channel_records")["email"].dropna().duplicated(False).sum()
                ),
                "That is how many records there are. How much was bought under them?",
            ),
            Misconception(
                "per cent for an amount",
                lambda data: 100 * under_shared_addresses(data) / by_record(data).sum(),
                "That is their share of the turnover in per cent. The question asks for {company.coins}.",
            ),
        ),
        right="The rest stands under records that the rule cannot join with any other, or under no record at all.",
        starter=(
            'shared = records[____ & records["email"].duplicated(keep=False)]\n'
            'answer = bought.loc[bought["record_id"].isin(shared["record_id"]), "turnover"].sum()'
        ),
        solution="Mark the records whose address stands more than once, without those that have none; sum the "
        "turnover under them.",
        code=(
            "from crmkit.value.profile import under_records\n"
            'records = crmkit.load("channel_records")\n'
            'owner = crmkit.load_truth("record_owners").set_index("record_id")["customer_id"]\n'
            'bought = under_records(crmkit.load("orders"), records, owner)\n'
            'shared = records[records["email"].notna() & records["email"].duplicated(keep=False)]\n'
            'answer = bought.loc[bought["record_id"].isin(shared["record_id"]), "turnover"].sum()'
        ),
    ),
    Question(
        id="25-5",
        title="Weigh one pair",
        level="fill in",
        goals=(2,),
        prompt=(
            "Two records have the same telephone number and different e-mail addresses. Of the first name one "
            "of them "
            "has the initial only. One record lacks the postcode. Add up the evidence with `model`, and the bits by "
            "which every pair starts behind. By how many bits are they ahead (above 0) or behind (below 0)? "
            "Three decimals."
        ),
        kind=Number(unit="bits", tolerance=0.0005),
        points=1,
        reference=one_pair,
        hints=(
            "One weight for each field that both records have. What is missing adds nothing.",
            '`weight = model.table["weight"]`, and then for instance `weight["phone", "same"]`.',
            "Every pair starts with `model.prior_weight`, which is below 0: add it.",
        ),
        misconceptions=(
            Misconception(
                "without the start",
                lambda data: one_pair(data, start=0),
                "That is the evidence alone. Nearly all pairs are strangers: where does every pair start?",
            ),
            Misconception(
                "the start with the wrong sign",
                lambda data: one_pair(data, start=-1),
                "The start is against the pair. `model.prior_weight` is already below 0: add it, do not subtract it.",
            ),
            Misconception(
                "a missing postcode is a different one",
                lambda data: one_pair(data, more=("postcode",)),
                "You counted the missing postcode as a different one. What is missing is no evidence.",
            ),
            Misconception(
                "the same name",
                lambda data: one_pair(data, name="same"),
                "That is the weight of the same name. An initial and a full first name agree less: take `initial`.",
            ),
        ),
        right="Ten bits more make the odds about a thousand times as high: the telephone number outweighs "
        "the other address.",
        starter=(
            'weight = model.table["weight"]\n'
            'answer = weight["name", "initial"] + weight["email", ____] + weight["phone", ____] + ____'
        ),
        solution="Add the weights of name, e-mail and telephone, and the start.",
        code=(
            "from crmkit.value.profile import candidate_pairs, compare_pairs, fit_match_weights\n"
            "from crmkit.value.profile import random_pairs, tidy_records\n"
            'tidy = tidy_records(crmkit.load("channel_records"))\n'
            "compared, chance = compare_pairs(tidy, candidate_pairs(tidy)), random_pairs(tidy)\n"
            'model = fit_match_weights(compared, compare_pairs(tidy, chance), chance.attrs["all_pairs"])\n'
            'weight = model.table["weight"]\n'
            'answer = weight["name", "initial"] + weight["email", "different"] + weight["phone", "same"]\n'
            "answer += model.prior_weight"
        ),
    ),
    Question(
        id="25-2",
        title="Be stricter",
        level="change",
        goals=(4,),
        prompt=(
            "Be stricter: let a link need 16 bits. How much turnover stands under the people who were then joined "
            "from three records, in {company.symbol}?"
        ),
        kind=Number(unit="{company.symbol}", tolerance=0.5),
        points=2,
        reference=lambda data: float(of_many_records(data).sum()),
        truth=("record_owners",),
        hints=(
            "The lesson's chain to the end, with another threshold: tidy, pairs, compare, weights, score, link.",
            "`link_records` gives each record its person. How many records has each person?",
            'With `size = person.groupby(person).transform("size")` keep the records where it is 3, and sum the '
            "turnover under them.",
        ),
        misconceptions=(
            Misconception(
                "the lesson's threshold",
                lambda data: float(of_many_records(data, None).sum()),
                "That is the turnover at the lesson's threshold. The question asks for 16 bits.",
            ),
            Misconception(
                "two records or more",
                lambda data: float(of_many_records(data, least=2).sum()),
                "You kept everybody who was joined at all. Which people have a record in each of the three systems?",
            ),
            Misconception(
                "everybody",
                lambda data: float(of_many_records(data, least=1).sum()),
                "That is the turnover under all records together. Keep only the people with three.",
            ),
            Misconception(
                "mean for sum",
                lambda data: float(of_many_records(data).mean()),
                "That is what one such person spends on average. The question asks for all of them together.",
            ),
        ),
        right="With more bits, fewer people are whole: what the agent sees of them is less, and it is surely theirs.",
        starter=(
            "person = link_records(tidy, scored, threshold=____)\n"
            'three = person[person.groupby(person).transform("size") == ____].index'
        ),
        solution="Link at 16 bits, count the records of each person, keep those with three, sum the turnover.",
        code=(
            "from crmkit.value.profile import candidate_pairs, compare_pairs, fit_match_weights, link_records\n"
            "from crmkit.value.profile import random_pairs, score_pairs, tidy_records, under_records\n"
            'records = crmkit.load("channel_records")\n'
            'owner = crmkit.load_truth("record_owners").set_index("record_id")["customer_id"]\n'
            'bought = under_records(crmkit.load("orders"), records, owner)\n'
            "tidy = tidy_records(records)\n"
            "compared, chance = compare_pairs(tidy, candidate_pairs(tidy)), random_pairs(tidy)\n"
            'model = fit_match_weights(compared, compare_pairs(tidy, chance), chance.attrs["all_pairs"])\n'
            "person = link_records(tidy, score_pairs(compared, model), threshold=16)\n"
            'three = person[person.groupby(person).transform("size") == 3].index\n'
            'answer = bought.loc[bought["record_id"].isin(three), "turnover"].sum()'
        ),
    ),
    Question(
        id="25-3",
        title="Whom a list of records hides",
        level="explore",
        goals=(1,),
        elsewhere="another year",
        prompt=(
            "Take only the orders of {company.last_year}, and lists of 100. Which of the 100 customers with the "
            "highest "
            "margin have no record among the 100 records with the highest margin?"
        ),
        kind=Customers(),
        points=3,
        reference=hidden,
        truth=("record_owners",),
        hints=(
            "The lesson's helper, with other orders and a longer list.",
            '`bought[bought["order_date"].dt.year == company.last_year]` keeps one year.',
            "In `two_lists(...)` they are `on_joined` and not `on_records`.",
        ),
        misconceptions=(
            Misconception(
                "all three years",
                lambda data: hidden(data, year=0),
                "You took the orders of all years. The question asks for {company.last_year}.",
            ),
            Misconception(
                "another year",
                lambda data: hidden(data, year=data.company.year),
                "Those are the orders of {company.year}. The question asks for the year before.",
            ),
            Misconception(
                "lists of 50",
                lambda data: hidden(data, top=50),
                "That is with lists of 50, as in the lesson. How long are they here?",
            ),
            Misconception(
                "turnover for margin",
                lambda data: hidden(data, of="turnover"),
                "You made both lists by turnover. The question asks for margin.",
            ),
            Misconception(
                "those in their place",
                in_their_place,
                "These have a record on the list of records, and are not among the 100 best. The question asks "
                "for the "
                "others: among the best, and without a record on the list.",
            ),
            Misconception(
                "those who are on both lists",
                lambda data: in_their_place(data, joined=True),
                "These are the ones whom the list of records does show. Who is missing from it?",
            ),
        ),
        right="Next year's list hides others: the fault is in the method, not in these customers.",
        starter=(
            'one_year = bought[bought["order_date"].dt.year == ____]\n'
            "lists = two_lists(one_year, owner, top=____)"
        ),
        solution="Keep one year, make the two lists of 100, and take those who are only on the joined one.",
        code=(
            "from crmkit.value.profile import two_lists, under_records\n"
            'owner = crmkit.load_truth("record_owners").set_index("record_id")["customer_id"]\n'
            'bought = under_records(crmkit.load("orders"), crmkit.load("channel_records"), owner)\n'
            'lists = two_lists(bought[bought["order_date"].dt.year == company.last_year], owner, top=100)\n'
            'answer = lists.index[lists["on_joined"] & ~lists["on_records"]]'
        ),
    ),
    Question(
        id="25-6",
        title="The same method at another firm",
        level="explore",
        goals=(3,),
        elsewhere="beanline",
        prompt=(
            "Link the records of {company.name} and those of the coffee merchant Beanline, both at 16 bits. By "
            "how many "
            "percentage points is the omission rate higher at Beanline? Three decimals; below 0 if it is lower."
        ),
        kind=Number(unit="percentage points", tolerance=0.0005),
        points=3,
        reference=more_at_beanline,
        truth=("record_owners",),
        hints=(
            "The whole way twice, once for each firm. The first cell has `learn`, which does most of it.",
            '`crmkit.load("channel_records", data="beanline")` and `crmkit.load_truth("record_owners", '
            'data="beanline")`.',
            '`100 * linkage_quality(link_records(tidy, scored, 16), owner)["omission_rate"]` for each of the two.',
        ),
        misconceptions=(
            Misconception(
                "the error rate",
                lambda data: more_at_beanline(data, name="error_rate"),
                "That is the difference of the error rates. Which share of the pairs of one person was *not* joined?",
            ),
            Misconception(
                "the share that was found",
                lambda data: more_at_beanline(data, name="recall"),
                "That compares the shares that were found. The omission rate is the rest.",
            ),
            Misconception(
                "at the lesson's threshold",
                lambda data: more_at_beanline(data, bits=None),
                'You linked each firm where "the same" is as likely as not. The question asks for 16 bits at both.',
            ),
            Misconception(
                "Beanline alone",
                lambda data: rate(data.other("beanline")),
                "That is Beanline's omission rate. By how much is it higher than that of {company.name}?",
            ),
            Misconception(
                "a share for points",
                lambda data: more_at_beanline(data) / 100,
                "That is a difference of shares from 0 to 1. In percentage points it is a hundred times that.",
            ),
        ),
        right="The same bits do not mean the same at two firms: what a till asks for, and how many customers "
        "there are, "
        "decides how much evidence there is.",
        starter=(
            'tidy, compared, model = learn(crmkit.load("channel_records", data=____))\n'
            "person = link_records(tidy, score_pairs(compared, model), threshold=____)"
        ),
        solution="Tidy, compare, weigh and link both firms' records at 16 bits; subtract the omission rates.",
        code=(
            "from crmkit.value.profile import candidate_pairs, compare_pairs, fit_match_weights, link_records\n"
            "from crmkit.value.profile import linkage_quality, random_pairs, score_pairs, tidy_records\n"
            "def omission_rate(firm):\n"
            '    tidy = tidy_records(crmkit.load("channel_records", data=firm))\n'
            "    compared, chance = compare_pairs(tidy, candidate_pairs(tidy)), random_pairs(tidy)\n"
            "    model = fit_match_weights(compared, compare_pairs(tidy, chance), chance.attrs['all_pairs'])\n"
            '    owner = crmkit.load_truth("record_owners", data=firm).set_index("record_id")["customer_id"]\n'
            "    person = link_records(tidy, score_pairs(compared, model), threshold=16)\n"
            '    return 100 * linkage_quality(person, owner)["omission_rate"]\n'
            'answer = omission_rate("beanline") - omission_rate(None)'
        ),
    ),
    Question(
        id="25-7",
        title="What the app's customers bring",
        level="explore",
        goals=(5,),
        prompt=(
            "Link the records at 16 bits and make the profile of every person (`customer_profile`). What is the mean "
            "margin of those whose `favourite` is the app, in {company.symbol}? Two decimals."
        ),
        kind=Number(unit="{company.symbol}", tolerance=0.005),
        points=3,
        reference=lambda data: float(app_customers(data).mean()),
        truth=("record_owners",),
        hints=(
            "First the person of each record, then one row per person, then those with one favourite.",
            "`customer_profile(records, person, bought)` has the columns `favourite` and `margin`.",
            '`profile.loc[profile["favourite"] == "app", "margin"].mean()`',
        ),
        misconceptions=(
            Misconception(
                "records for people",
                lambda data: float(app_customers(data, joined=False).mean()),
                "Each record is a person of its own in your profiles. Give `customer_profile` the people that "
                "`link_records` found.",
            ),
            Misconception(
                "everybody with a record in the app",
                lambda data: float(app_customers(data, favourite=False).mean()),
                "Those are all who have a record in the app. For whom is it the favourite?",
            ),
            Misconception(
                "total for mean",
                lambda data: float(app_customers(data).sum()),
                "That is what all of them bring together. The question asks for the mean of one person.",
            ),
            Misconception(
                "everybody",
                lambda data: float(profiles(data)["margin"].mean()),
                "That is the mean of all people. Keep those whose favourite is the app.",
            ),
        ),
        right="The margin of a person counts what they bought elsewhere too. A report of the app alone would "
        "show less.",
        starter="profile = customer_profile(records, link_records(tidy, scored, ____), bought)",
        solution="Link, make the profiles, keep one favourite, take the mean.",
        code=(
            "from crmkit.value.profile import candidate_pairs, compare_pairs, customer_profile, fit_match_weights\n"
            "from crmkit.value.profile import link_records, random_pairs, score_pairs, tidy_records, under_records\n"
            'records = crmkit.load("channel_records")\n'
            'owner = crmkit.load_truth("record_owners").set_index("record_id")["customer_id"]\n'
            'bought = under_records(crmkit.load("orders"), records, owner)\n'
            "tidy = tidy_records(records)\n"
            "compared, chance = compare_pairs(tidy, candidate_pairs(tidy)), random_pairs(tidy)\n"
            'model = fit_match_weights(compared, compare_pairs(tidy, chance), chance.attrs["all_pairs"])\n'
            "person = link_records(tidy, score_pairs(compared, model), threshold=16)\n"
            "profile = customer_profile(records, person, bought)\n"
            'answer = profile.loc[profile["favourite"] == "app", "margin"].mean()'
        ),
    ),
    Question(
        id="25-4",
        title="Two lists for two uses?",
        level="decide",
        goals=(4, 5),
        truth=("record_owners",),
        prompt=(
            "Marketing wants to send one catalogue to each person. The call centre wants to show all orders to the "
            'agent when somebody rings. Both ask you for "the joined list". What do you give to whom?'
        ),
        kind=Plan(
            rubric={
                "gives the two uses different thresholds, and says which error each of them cannot afford": 1,
                "supports it with figures (people mixed up and customers in pieces at each threshold), and says "
                "how sure "
                "they are": 1,
                "says what happens to the doubtful pairs in between (a question to the caller, a check by hand)": 1,
                "says who may see the profile, what for, and how consent is asked": 1,
            },
            model=(
                "Two lists. A catalogue too many costs a {company.coin}, so 8 bits will do for Marketing: "
                "{figure.mixed_low} "
                "people there are two customers, and {figure.pieces_low} customers are in pieces. On the "
                "telephone a wrong "
                "link reads a stranger's orders aloud. The agent gets the list at 16 bits: {figure.mixed_strict} "
                "mixed up, "
                "{figure.pieces_strict} in pieces. We know these figures only because the truth is known here. A "
                "firm would "
                "have {figure.judged} links judged by hand: at 16 bits such a sample allows up to {figure.high} "
                "wrong ones "
                "(95 % interval). For pairs between 8 and 16 bits the agent asks the caller for an order number "
                "before "
                "anything is shown. Only agents see the profile, only during a call; the account page says so "
                "and asks "
                "for consent."
            ),
            figures=_errors_at,
            minimum_words=40,
        ),
        points=4,
        hints=("Which of the two errors hurts with a catalogue, and which with a caller?",),
    ),
]

QUIZ = [
    QuizQuestion(
        "Two records have the same name; both lack an e-mail address. What does the e-mail say about them?",
        [
            Option(
                "It agrees: both have none",
                "Thousands have none. That a till did not ask says nothing about who stood there.",
            ),
            Option("Nothing", "What is missing is no evidence, in either direction.", right=True),
            Option(
                "It makes them less likely to be one person",
                "Only two different addresses would, and only a little.",
            ),
        ],
    ),
    QuizQuestion(
        "A vendor promises that 99 % of its links are right. What do you ask next?",
        [
            Option(
                "How many of the true links it finds",
                "A tool that joins only what agrees in everything is hardly ever wrong, and leaves most "
                "customers in pieces.",
                right=True,
            ),
            Option(
                "Nothing: one per cent wrong is fine",
                "Fine for which use? And what about the pairs that it did not join?",
            ),
            Option("Which algorithm it uses", "The two rates count, whatever the algorithm."),
        ],
    ),
    QuizQuestion(
        "Why does the same postcode count for less than the same telephone number?",
        [
            Option(
                "Postcodes are shorter", "Length is not it. How often do two strangers share one?"
            ),
            Option(
                "Two strangers share a postcode more often than a number",
                "That ratio is what evidence means.",
                right=True,
            ),
            Option(
                "People change their telephone less often",
                "That bears on what a *difference* says. What an agreement says depends on strangers.",
            ),
        ],
    ),
    QuizQuestion(
        "Two hundred links were judged by hand, and none of them was wrong. What do you report?",
        [
            Option(
                "No link is wrong",
                "Of 200. There are thousands, and a few wrong ones would hardly be among the 200.",
            ),
            Option(
                "Up to two per cent may be wrong",
                "That is about the upper end of the 95 % interval: what the sample cannot rule out.",
                right=True,
            ),
            Option(
                "Nothing: a sample is no proof",
                "It is no proof, and it rules out much: an error rate of ten per cent, for instance.",
            ),
        ],
    ),
]
