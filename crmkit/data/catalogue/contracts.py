"""The table of a company that lives on contracts; every payment is in the common ``orders``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crmkit.data.catalogue.machinery import Column, Table

if TYPE_CHECKING:
    from crmkit.companies import Company


def tables(about: Company) -> list[Table]:
    """The tables that a trade in contracts adds."""
    return [
        Table(
            "contracts",
            "Contracts",
            "One row per contract. Its payments are in orders, one a month.",
            [
                Column("contract_id", "integer", "Number of the contract.", minimum=1),
                Column("customer_id", "integer", "Number of the customer.", minimum=1),
                Column("plan", "string", "What was agreed.", allowed=about.lists["plans"]),
                Column("seats", "integer", "For how many people or machines.", minimum=1),
                Column("monthly_fee", "number", "Due each month.", unit=about.currency, minimum=0),
                Column("from_date", "date", "First day."),
                Column("to_date", "date", "Last day; empty while it runs.", required=False),
            ],
            key=["contract_id"],
            references={"customer_id": "customers.customer_id"},
        ),
        Table(
            "contract_payments",
            "Payments of contracts",
            "One row per payment: which contract it belongs to.",
            [
                Column("order_id", "integer", "Number of the payment in orders.", minimum=1),
                Column("contract_id", "integer", "Number of the contract.", minimum=1),
            ],
            key=["order_id"],
            references={
                "order_id": "orders.order_id",
                "contract_id": "contracts.contract_id",
            },
        ),
    ]
