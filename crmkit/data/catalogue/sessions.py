"""The tables of an app: every session; purchases and subscription payments stand in the common ``orders``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crmkit.data.catalogue.machinery import Column, Table

if TYPE_CHECKING:
    from crmkit.companies import Company

_CUSTOMER = Column("customer_id", "integer", "Number of the user.", minimum=1)


def tables(about: Company) -> list[Table]:
    """The tables that a trade in sessions adds."""
    return [
        Table(
            "sessions",
            "Sessions",
            "One row per session of use, in order of date. Most users never pay; what payers pay stands in orders.",
            [
                Column("session_id", "integer", "Number of the session.", minimum=1),
                _CUSTOMER,
                Column("date", "date", "Day of the session."),
                Column("channel", "string", "Where it was.", allowed=about.lists["channels"]),
                Column("minutes", "number", "Length.", unit="minutes", minimum=0, decimals=1),
                Column("actions", "integer", "What was done in it.", unit="actions", minimum=1),
            ],
            key=["session_id"],
            references={"customer_id": "customers.customer_id"},
        ),
        Table(
            "payers",
            "The truth about who pays",
            "One row per user: whether the user would ever pay, which no app knows on the first day.",
            [
                _CUSTOMER,
                Column("payer", "boolean", "Whether the user would ever pay."),
                Column("subscriber", "boolean", "Whether by the month; else by purchases."),
            ],
            key=["customer_id"],
            references={"customer_id": "customers.customer_id"},
            truth=True,
        ),
    ]
