"""The tables of the channel systems, which do not know of each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crmkit.data.catalogue.machinery import Column, Table

if TYPE_CHECKING:
    from crmkit.companies import Company

_CUSTOMER = Column("customer_id", "integer", "Number of the customer.", minimum=1)


def tables(about: Company) -> list[Table]:
    """The tables that a company file's section ``records`` adds."""
    return [
        Table(
            "channel_records",
            "Records of the channel systems",
            f"One row per record in the systems of {', '.join(about.lists['systems'])}. These systems do not know of "
            "each other: the same customer may be in several of them, spelt a little differently each time.",
            [
                Column(
                    "record_id", "string", "Number of the record, with the letter of its system."
                ),
                Column(
                    "system",
                    "string",
                    "The system that keeps the record.",
                    allowed=about.lists["systems"],
                ),
                Column("name", "string", "Name as it was typed in there."),
                Column("email", "string", "E-mail address, where given.", required=False),
                Column("phone", "string", "Telephone number, where given.", required=False),
                Column("postcode", "string", "Postcode, where given.", required=False),
                Column("created", "date", "Day the record was made."),
            ],
            key=["record_id"],
        ),
        Table(
            "record_owners",
            "The truth about records",
            "One row per record of the channel systems: whose it is.",
            [Column("record_id", "string", "Number of the record."), _CUSTOMER],
            key=["record_id"],
            references={
                "record_id": "channel_records.record_id",
                "customer_id": "customers.customer_id",
            },
            truth=True,
        ),
    ]
