"""The tables of a company that lets rooms: every stay, beside the common ``orders``, and what belongs to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crmkit.data.catalogue import complaints
from crmkit.data.catalogue.machinery import Column, Table

if TYPE_CHECKING:
    from crmkit.companies import Company


def tables(about: Company) -> list[Table]:
    """The tables that a trade in stays adds."""
    stay = Column("order_id", "integer", "Number of the stay in orders.", minimum=1)
    of_orders = {"order_id": "orders.order_id"}
    room = Column("room", "string", "Kind of room.", allowed=about.lists["rooms"])
    score = Column(
        "score", "integer", "From 1 (very bad) to 10 (excellent).", minimum=1, maximum=10
    )
    return [
        Table(
            "stays",
            "Stays",
            "One row per stay, with the number that it has in orders. A booking that found no free room is not here.",
            [
                stay,
                Column("booked", "date", "Day of the booking."),
                Column("arrival", "date", "First night."),
                Column("nights", "integer", "Nights.", unit="nights", minimum=1),
                room,
                Column(
                    "rate",
                    "number",
                    "Price of a night: that of the day of arrival, or the firm's own under a contract.",
                    unit=about.currency,
                    minimum=0,
                ),
                Column(
                    "commission",
                    "number",
                    "Paid to the agent that brought the booking; taken off the margin.",
                    unit=about.currency,
                    minimum=0,
                ),
            ],
            key=["order_id"],
            references=of_orders,
        ),
        Table(
            "room_nights",
            "Rooms by night",
            "One row per night and kind of room: how many there are, how many were let, and what one costs. Occupancy "
            "= let / rooms.",
            [
                Column("date", "date", "The night that begins on this day."),
                room,
                Column("rooms", "integer", "Rooms of the kind.", unit="rooms", minimum=1),
                Column("let", "integer", "Rooms let.", unit="rooms", minimum=0),
                Column(
                    "list_rate",
                    "number",
                    "List price of a night for guests who arrive on this day: by season and weekday.",
                    unit=about.currency,
                    minimum=0,
                ),
            ],
            key=["date", "room"],
        ),
        complaints.people(about),
        Table(
            "account_rates",
            "Contract rates",
            "One row per account (a firm with a contract) and kind of room: the agreed price, the same all year.",
            [
                Column("customer_id", "integer", "Number of the account in customers.", minimum=1),
                room,
                Column(
                    "rate", "number", "Agreed price of a night.", unit=about.currency, minimum=0
                ),
            ],
            key=["customer_id", "room"],
            references={"customer_id": "customers.customer_id"},
        ),
        Table(
            "account_stays",
            "Travellers of accounts",
            "One row per stay that was booked under a firm's contract: who travelled.",
            [
                stay,
                Column("person_id", "integer", "Number in account_people.", minimum=1),
            ],
            key=["order_id"],
            references=of_orders | {"person_id": "account_people.person_id"},
        ),
        Table(
            "reviews",
            "Reviews of stays",
            "One row per review, in order of date. Everybody is asked; most do not answer, and those who do are not "
            "like the others.",
            [
                stay,
                Column("date", "date", "Day of the review."),
                Column(
                    "place",
                    "string",
                    "Where it was written.",
                    allowed=about.lists["review_places"],
                ),
                score,
            ],
            key=["order_id"],
            references=of_orders,
        ),
        Table(
            "stay_scores",
            "The truth about every stay",
            "One row per stay: the score that the guest would give, and the chance that he or she writes a review.",
            [
                stay,
                Column("trouble", "boolean", "Whether something went wrong, said or unsaid."),
                score,
                Column(
                    "review_chance",
                    "number",
                    "Chance of writing a review.",
                    minimum=0,
                    maximum=1,
                    decimals=3,
                ),
            ],
            key=["order_id"],
            references=of_orders,
            truth=True,
        ),
        *complaints.tables(about),
    ]
