"""The tables of complaints and of the people of an account, which several kinds of trade share."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from crmkit.data.catalogue.machinery import Column, Table

if TYPE_CHECKING:
    from crmkit.companies import Company

#: Whether somebody who complained came again within a year.
LATER = ("yes", "no", "too early")
_CUSTOMER = Column("customer_id", "integer", "Number of the customer.", minimum=1)


def slug(name: str) -> str:
    """A name as part of a column's name.

    Examples
    --------
    >>> slug("made good")
    'made_good'
    """
    return re.sub(r"\W+", "_", name.lower()).strip("_")


def tables(about: Company) -> list[Table]:
    """Complaints, their truth, and the chance of each customer to come again."""
    deal, customer = about.words["deal"], about.words["customer"]
    return [
        Table(
            "complaints",
            "Complaints",
            f"One row per complaint, in order of date. Most of those who have trouble with a {deal} do not complain.",
            [
                Column("complaint_id", "integer", "Number of the complaint.", minimum=1),
                Column("order_id", "integer", f"Number of the {deal} in orders.", minimum=1),
                _CUSTOMER,
                Column("date", "date", "Day of the complaint."),
                Column(
                    "matter",
                    "string",
                    "What it was about.",
                    allowed=about.lists["complaint_matters"],
                ),
                Column(
                    "hours_to_answer",
                    "number",
                    "From the complaint to the answer.",
                    unit="hours",
                    minimum=0,
                    decimals=1,
                ),
                Column(
                    "answer", "string", "What was done.", allowed=about.lists["complaint_answers"]
                ),
                Column(
                    "came_again",
                    "string",
                    f"Whether this {customer} came again within 365 days; too early: the data end before, and up to "
                    "then there was nothing.",
                    allowed=LATER,
                ),
            ],
            key=["complaint_id"],
            references={
                "order_id": "orders.order_id",
                "customer_id": "customers.customer_id",
            },
        ),
        Table(
            "complaints",
            "The truth about complaints",
            "One row per complaint: how severe the trouble was, which decides both the answer and the leaving, and the "
            f"chance that this {customer} leaves for good under each answer.",
            [
                Column("complaint_id", "integer", "Number of the complaint.", minimum=1),
                Column(
                    "severe", "boolean", "Whether the trouble was severe; nobody wrote that down."
                ),
                Column("gone", "boolean", f"Whether this {customer} left for good because of it."),
                *(
                    Column(
                        f"leaves_{slug(name)}",
                        "number",
                        f'Chance of leaving for good if the answer is "{name}".',
                        minimum=0,
                        maximum=1,
                        decimals=3,
                    )
                    for name in about.lists["complaint_answers"]
                ),
            ],
            key=["complaint_id"],
            references={"complaint_id": "complaints.complaint_id"},
            truth=True,
        ),
        Table(
            "return_chances",
            "The truth about coming again",
            f"One row per {customer}: the chance of coming again in the year after the data, as long as nothing goes "
            "wrong, from rhythm and state of sleep.",
            [
                _CUSTOMER,
                Column(
                    "gone", "boolean", f"Whether this {customer} left for good after a trouble."
                ),
                Column(
                    "return_chance",
                    "number",
                    f"Chance of at least one {deal} in the 365 days after the data; 0 for those who left for good.",
                    minimum=0,
                    maximum=1,
                    decimals=3,
                ),
            ],
            key=["customer_id"],
            references={"customer_id": "customers.customer_id"},
            truth=True,
        ),
    ]


def people(about: Company) -> Table:
    """The people of the accounts."""
    return Table(
        "account_people",
        "People at the accounts",
        "One row per person whom the company knows at an account (a customer that is a business). Names are made up.",
        [
            Column("person_id", "integer", "Number of the person.", minimum=1),
            Column("customer_id", "integer", "Number of the account in customers.", minimum=1),
            Column("name", "string", "Name of the person."),
            Column("role", "string", "Part in the account.", allowed=about.lists["account_roles"]),
        ],
        key=["person_id"],
        references={"customer_id": "customers.customer_id"},
    )
