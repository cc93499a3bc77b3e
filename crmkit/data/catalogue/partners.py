"""The tables of partner shops: some listen to feedback, some open a larger floor, some go on as before."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crmkit.data.catalogue.machinery import Column, Table

if TYPE_CHECKING:
    from crmkit.companies import Company

#: Quarters of the data, and the first quarter in which the shops go different ways.
QUARTERS, BEGIN = 8, 5
#: What a partner may do.
WAYS = ("as before", "expands", "listens")


def tables(about: Company) -> list[Table]:
    """The tables that a company file's section ``partners`` adds."""
    partner = Column(
        "partner",
        "string",
        "Name of the town in which the partner's shop is.",
        allowed=about.lists["partner_towns"],
    )
    thousands = f"1,000 {about.currency}"
    quarters = Table(
        "partner_quarters",
        "Partner shops by quarter",
        "One row per partner shop and quarter. Partners own these shops and sell under the company's name; none of "
        "their customers is in `customers`. From quarter 5 on the shops went different ways. Chance decided which.",
        [
            partner,
            Column(
                "quarter", "integer", "Quarter: 1 to 4 is the year before, 5 to 8 the year after.",
                minimum=1, maximum=QUARTERS,
            ),
            Column(
                "way", "string",
                "From quarter 5 on: asks customers every week and changes what they say (listens); opens a larger "
                "floor without asking anybody (expands); neither (as before).",
                allowed=WAYS,
            ),
            Column("answers", "integer", "Feedback cards that customers filled in.", minimum=0),
            Column("changes", "integer", "Changes made because of such cards.", minimum=0),
            Column("area", "integer", "Sales floor.", unit="m2", minimum=1),
            Column(
                "satisfaction", "number", "Mean of a survey among customers, 1 to 10.",
                minimum=1, maximum=10,
            ),
            Column("turnover", "number", "Turnover, in thousands.", unit=thousands, minimum=0, decimals=1),
        ],
        key=["partner", "quarter"],
    )  # fmt: skip
    truth = Table(
        "partner_effects",
        "The truth about the partner shops",
        "One row per partner shop: what each way does there, compared with going on as before, in quarters 5 to 8.",
        [
            partner,
            Column("listens", "number", "On satisfaction, in points.", decimals=3),
            Column("expands", "number", "On satisfaction, in points.", decimals=3),
        ],
        key=["partner"],
        truth=True,
    )
    return [quarters, truth]
