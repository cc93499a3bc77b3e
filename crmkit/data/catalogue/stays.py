"""The table of a company that lets rooms: every stay, beside the common ``orders``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crmkit.data.catalogue.machinery import Column, Table

if TYPE_CHECKING:
    from crmkit.companies import Company


def tables(about: Company) -> list[Table]:
    """The tables that a trade in stays adds."""
    return [
        Table(
            "stays",
            "Stays",
            "One row per stay, with the number that it has in orders. A booking that found no free room is not here.",
            [
                Column("order_id", "integer", "Number of the stay in orders.", minimum=1),
                Column("booked", "date", "Day of the booking."),
                Column("arrival", "date", "First night."),
                Column("nights", "integer", "Nights.", unit="nights", minimum=1),
                Column("room", "string", "Kind of room.", allowed=about.lists["rooms"]),
                Column("rate", "number", "Price of a night.", unit=about.currency, minimum=0),
                Column(
                    "commission",
                    "number",
                    "Paid to the agent that brought the booking; taken off the margin.",
                    unit=about.currency,
                    minimum=0,
                ),
            ],
            key=["order_id"],
            references={"order_id": "orders.order_id"},
        ),
    ]
