"""The tables of the needs survey: what customers need (4C), what companies offer (4P), and what prices do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crmkit.data.catalogue.machinery import Column, Table

if TYPE_CHECKING:
    from crmkit.companies import Company

CS = ("solution", "cost", "convenience", "communication")
PS = ("product", "price", "place", "promotion")
KANO = ("must-be", "performance", "attractive", "indifferent")

_CUSTOMER = Column("customer_id", "integer", "Number of the customer.", minimum=1)


def tables(about: Company) -> list[Table]:
    """The tables that a company file's section ``mix`` adds."""
    needs, levers = about.lists["needs"], about.lists["levers"]
    need_column = Column("need", "string", "The need.", allowed=needs)
    lever_columns = [
        Column(lever, "integer", f"Lever: {what}; 1 (least) to 5 (most).", minimum=1, maximum=5)
        for lever, what in zip(levers, about.lists["lever_words"], strict=True)
    ]
    return [
        Table(
            "needs",
            "Needs of people who hang things on walls",
            "One row per need, in the order of the four C.",
            [
                need_column,
                Column("c", "string", "The C it belongs to.", allowed=CS),
                Column("wording", "string", "How it was worded in the survey."),
            ],
            key=["need"],
        ),
        Table(
            "best_worst_tasks",
            "Needs survey: best-worst tasks",
            "One row per card. A card shows four needs; the customer says which matters most and which least.",
            [
                _CUSTOMER,
                Column("task", "integer", "Number of the card.", minimum=1),
                *[
                    Column(f"item_{i}", "string", "A need on the card.", allowed=needs)
                    for i in range(1, 5)
                ],
                Column("best", "string", "The need that matters most.", allowed=needs),
                Column("worst", "string", "The need that matters least.", allowed=needs),
            ],
            key=["customer_id", "task"],
            references={"customer_id": "customers.customer_id"},
        ),
        Table(
            "need_ratings",
            "Needs survey: ratings, ticks, rankings",
            "One row per customer and need: the same need, asked about in four ways.",
            [
                _CUSTOMER,
                need_column,
                Column(
                    "rating", "integer", "'How important is this?', 1 to 10.", minimum=1, maximum=10
                ),
                Column(
                    "ticked", "boolean", "Ticked under 'tick everything you could not do without'."
                ),
                Column(
                    "keep_rank",
                    "integer",
                    "'If only one could be kept, which? If only two?' 1 is the first to be kept.",
                    minimum=1,
                    maximum=len(needs),
                ),
                Column(
                    "if_present",
                    "integer",
                    "'How would you feel with it?' 1 like, 2 expect, 3 neutral, 4 can live with, 5 dislike.",
                    minimum=1,
                    maximum=5,
                ),
                Column(
                    "if_missing",
                    "integer",
                    "'How would you feel without it?' 1 like, 2 expect, 3 neutral, 4 can live with, 5 dislike.",
                    minimum=1,
                    maximum=5,
                ),
            ],
            key=["customer_id", "need"],
            references={"customer_id": "customers.customer_id", "need": "needs.need"},
        ),
        Table(
            "shelf_choices",
            "Choices from the test shelf",
            "One row per set on a test shelf: three sets stand there at a time, drawn by "
            "chance, and the customer buys one of "
            "them with real money or walks away. A need is 1 where the set meets it.",
            [
                _CUSTOMER,
                Column("task", "integer", "Number of the visit to the shelf.", minimum=1),
                Column("option", "integer", "Place on the shelf.", minimum=1, maximum=3),
                Column("price", "integer", "Price on the label.", unit=about.currency, minimum=0),
                *[
                    Column(
                        need,
                        "integer",
                        f"Whether the set meets the need '{need}'.",
                        minimum=0,
                        maximum=1,
                    )
                    for need in needs
                    if need != "affordable"
                ],
                Column("chosen", "integer", "1 for the set that was bought.", minimum=0, maximum=1),
            ],
            key=["customer_id", "task", "option"],
            references={"customer_id": "customers.customer_id"},
        ),
        Table(
            "prototype_ratings",
            "Ratings of prototypes",
            "One row per prototype that a customer tried. The levers of each prototype were "
            "drawn by chance; the customer then "
            "said how well it met each need, 1 to 10.",
            [
                _CUSTOMER,
                Column(
                    "prototype",
                    "integer",
                    "Number of the prototype within the customer.",
                    minimum=1,
                ),
                *lever_columns,
                *[
                    Column(
                        f"meets_{need}",
                        "integer",
                        f"How well it met '{need}', 1 to 10.",
                        minimum=1,
                        maximum=10,
                    )
                    for need in needs
                ],
            ],
            key=["customer_id", "prototype"],
            references={"customer_id": "customers.customer_id"},
        ),
        Table(
            "levers",
            "Levers of the offer",
            "One row per lever that a company can pull, in the order of the four P, with what a step up costs.",
            [
                Column("lever", "string", "The lever.", allowed=levers),
                Column("p", "string", "The P it belongs to.", allowed=PS),
                Column("what", "string", "What is done when it is pulled."),
                Column(
                    "step_unit_cost",
                    "number",
                    "Cost of one step up, for each set sold.",
                    unit=about.currency,
                    minimum=0,
                ),
                Column(
                    "step_fixed_cost",
                    "number",
                    "Cost of one step up, a year.",
                    unit=about.currency,
                    minimum=0,
                ),
            ],
            key=["lever"],
        ),
        Table(
            "market_offers",
            "Offers in the market",
            f"One row per picture-hanging set on sale: {about.name}'s and its rivals', as positions on the four P.",
            [
                Column("offer", "string", "Name of the offer."),
                Column("company", "string", "Who sells it."),
                Column("price", "number", "Price of one set.", unit=about.currency, minimum=0),
                *[column for column in lever_columns if column.name != "low_price"],
            ],
            key=["offer"],
        ),
        Table(
            "price_answers",
            "Open price questions",
            "One row per customer: the four open questions of the price sensitivity meter "
            f"about {about.name}'s picture-hanging set.",
            [
                _CUSTOMER,
                *[
                    Column(name, "number", text, unit=about.currency, minimum=0)
                    for name, text in {
                        "too_cheap": "So cheap that you would doubt its quality.",
                        "cheap": "A bargain.",
                        "expensive": "Getting expensive, yet you would still think about it.",
                        "too_expensive": "Too expensive to think about.",
                    }.items()
                ],
            ],
            key=["customer_id"],
            references={"customer_id": "customers.customer_id"},
        ),
        Table(
            "price_choices",
            "Choices at a price",
            "One row per customer and day: the same set, at a price drawn by chance; bought or not, with real money.",
            [
                _CUSTOMER,
                Column("task", "integer", "Number of the day.", minimum=1),
                Column("price", "number", "Price on the label.", unit=about.currency, minimum=0),
                Column("bought", "integer", "1 if bought.", minimum=0, maximum=1),
            ],
            key=["customer_id", "task"],
            references={"customer_id": "customers.customer_id"},
        ),
        Table(
            "needs",
            "The truth about needs",
            "One row per customer of the survey and need: what the choices of this customer follow.",
            [
                _CUSTOMER,
                need_column,
                Column(
                    "weight",
                    "number",
                    "Weight in choices, in points of utility.",
                    minimum=0,
                    decimals=3,
                ),
                Column("must_have", "boolean", "Whether nothing is bought without it."),
                Column("implicit", "boolean", "Whether the customer does not know of it."),
                Column("kano", "string", "What it does to this customer.", allowed=KANO),
            ],
            key=["customer_id", "need"],
            references={"customer_id": "customers.customer_id", "need": "needs.need"},
            truth=True,
        ),
        Table(
            "need_bias",
            "The truth about stated importance",
            "One row per need: how far customers say too much of it when asked 'how important is this?'.",
            [need_column, Column("bias", "number", "Points on the scale of 1 to 10.", decimals=1)],
            key=["need"],
            references={"need": "needs.need"},
            truth=True,
        ),
        Table(
            "lever_effects",
            "The truth about levers",
            "One row per need and lever: what pulling the lever from 1 to 5 adds to how well the need is met (0 to 1).",
            [
                need_column,
                Column("lever", "string", "The lever.", allowed=levers),
                Column(
                    "effect",
                    "number",
                    "Effect of the whole way from 1 to 5.",
                    minimum=-1,
                    maximum=1,
                ),
            ],
            key=["need", "lever"],
            references={"need": "needs.need", "lever": "levers.lever"},
            truth=True,
        ),
        Table(
            "set_value",
            "The truth about the worth of the set",
            f"One row per customer of the survey: what {about.name}'s picture-hanging set is "
            "worth, and the most that can be paid.",
            [
                _CUSTOMER,
                Column(
                    "value",
                    "number",
                    "Willingness to pay for the set.",
                    unit=about.currency,
                    minimum=0,
                ),
                Column(
                    "budget",
                    "number",
                    "Ability to pay for any such set.",
                    unit=about.currency,
                    minimum=0,
                ),
            ],
            key=["customer_id"],
            references={"customer_id": "customers.customer_id"},
            truth=True,
        ),
    ]
