"""The tables of a maker for business customers: from enquiry and quote to delivery, and contracts for service."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crmkit.data.catalogue import complaints
from crmkit.data.catalogue.machinery import Column, Table

if TYPE_CHECKING:
    from crmkit.companies import Company

OUTCOMES = ("won", "lost", "open")
_CUSTOMER = Column("customer_id", "integer", "Number of the account in customers.", minimum=1)
_OF_CUSTOMERS = {"customer_id": "customers.customer_id"}


def _id(name: str, what: str) -> Column:
    return Column(name, "integer", f"Number of the {what}.", minimum=1)


def _share(name: str, words: str, decimals: int = 3) -> Column:
    return Column(name, "number", words, minimum=0, maximum=1, decimals=decimals)


def tables(about: Company) -> list[Table]:
    """The tables that a trade in projects adds."""
    order = Column("order_id", "integer", "Number in orders.", minimum=1)
    of_orders = {"order_id": "orders.order_id"}
    goods = Column("goods", "string", "Kind of goods.", allowed=about.lists["goods"])

    def money(name: str, words: str) -> Column:
        return Column(name, "number", words, unit=about.currency, minimum=0)

    return [
        complaints.people(about),
        Table(
            "enquiries",
            "Enquiries",
            "One row per enquiry for a project, in order of date. Direct orders need none, and most are direct.",
            [
                _id("enquiry_id", "enquiry"),
                _CUSTOMER,
                Column("person_id", "integer", "Who asked: number in account_people.", minimum=1),
                Column("date", "date", "Day of the enquiry."),
                Column("channel", "string", "Where it came.", allowed=about.lists["channels"]),
                goods,
            ],
            key=["enquiry_id"],
            references=_OF_CUSTOMERS | {"person_id": "account_people.person_id"},
        ),
        Table(
            "quotes",
            "Quotes",
            "One row per quote. An enquiry that was not answered has none. A quote without a decision on the last day "
            "of the data is open.",
            [
                _id("quote_id", "quote"),
                Column("enquiry_id", "integer", "Number of the enquiry.", minimum=1),
                _CUSTOMER,
                Column("date", "date", "Day of the quote."),
                Column(
                    "days_to_quote",
                    "integer",
                    "From the enquiry to the quote.",
                    unit="days",
                    minimum=1,
                ),
                money("discount", "Taken off the list price."),
                money("price", "Price after discount."),
                Column(
                    "promised_days",
                    "integer",
                    "Promised days from the order to the delivery.",
                    unit="days",
                    minimum=1,
                ),
                Column("outcome", "string", "What became of it.", allowed=OUTCOMES),
                Column(
                    "lost_because",
                    "string",
                    "What the account said when it declined; empty if it did not decline.",
                    allowed=about.lists["lost_because"],
                    required=False,
                ),
                Column("decided", "date", "Day of the decision; empty while open.", required=False),
            ],
            key=["quote_id"],
            references=_OF_CUSTOMERS | {"enquiry_id": "enquiries.enquiry_id"},
        ),
        Table(
            "quote_orders",
            "Orders from quotes",
            "One row per quote that was won: the order that it became.",
            [order, Column("quote_id", "integer", "Number of the quote.", minimum=1)],
            key=["order_id"],
            references=of_orders | {"quote_id": "quotes.quote_id"},
        ),
        Table(
            "deliveries",
            "Deliveries",
            "One row per order.",
            [
                order,
                goods,
                Column("promised_date", "date", "Day that was promised."),
                Column(
                    "delivered_date",
                    "date",
                    "Day of delivery; empty if not yet delivered.",
                    required=False,
                ),
            ],
            key=["order_id"],
            references=of_orders,
        ),
        Table(
            "contracts",
            "Contracts for service",
            "One row per contract. It runs for a year and is renewed for another, until the account leaves at a "
            "renewal.",
            [
                _id("contract_id", "contract"),
                _CUSTOMER,
                Column("plan", "string", "What was agreed.", allowed=about.lists["service_plans"]),
                Column("seats", "integer", "For how many machines.", unit="machines", minimum=1),
                money("yearly_fee", "Due at the start of each year."),
                Column("from_date", "date", "First day."),
                Column("to_date", "date", "Last day; empty while it runs.", required=False),
                Column(
                    "renewals",
                    "integer",
                    "How often it was renewed so far.",
                    unit="renewals",
                    minimum=0,
                ),
            ],
            key=["contract_id"],
            references=_OF_CUSTOMERS,
        ),
        Table(
            "contract_fees",
            "Fees of contracts",
            "One row per contract and year. A fee falls due by itself and is no order: what an account brings is the "
            "sum of both tables.",
            [
                Column("contract_id", "integer", "Number of the contract.", minimum=1),
                Column(
                    "date",
                    "date",
                    "Day on which the fee was due: the first of each year of the contract.",
                ),
                money("fee", "What was paid."),
                money("margin", "What is left when the planned visits are paid for."),
            ],
            key=["contract_id", "date"],
            references={"contract_id": "contracts.contract_id"},
        ),
        Table(
            "service_visits",
            "Service visits",
            "One row per visit of a technician: planned, under a contract, or after a breakdown.",
            [
                _id("visit_id", "visit"),
                _CUSTOMER,
                Column("date", "date", "Day of the visit."),
                Column("reason", "string", "Why it was made.", allowed=("planned", "breakdown")),
                Column(
                    "under_contract",
                    "boolean",
                    "Whether the fee of a contract covers it; otherwise the account paid for it.",
                ),
                Column("hours", "number", "Hours on site.", unit="hours", minimum=0, decimals=1),
                money(
                    "cost",
                    "What it cost the company; covered by the fee or the bill, and not in cost_to_serve.",
                ),
            ],
            key=["visit_id"],
            references=_OF_CUSTOMERS,
        ),
        Table(
            "suppliers",
            "Suppliers",
            "One row per supplier of the company.",
            [
                _id("supplier_id", "supplier"),
                Column("supplier", "string", "Name.", allowed=about.lists["suppliers"]),
                Column("goods", "string", "Kinds of goods that depend on it, with ; between."),
            ],
            key=["supplier_id"],
        ),
        Table(
            "supplier_deliveries",
            "Deliveries of suppliers",
            "One row per delivery to the company, in order of the day that was promised.",
            [
                _id("delivery_id", "delivery"),
                Column("supplier_id", "integer", "Number of the supplier.", minimum=1),
                Column("promised_date", "date", "Day that was promised."),
                Column("delivered_date", "date", "Day of delivery."),
                money("value", "Value of the delivery."),
                _share("faulty_share", "Share of the pieces that were faulty."),
            ],
            key=["delivery_id"],
            references={"supplier_id": "suppliers.supplier_id"},
        ),
        Table(
            "dealers",
            "Dealers",
            "One row per dealer that sells for the company.",
            [_id("dealer_id", "dealer"), Column("dealer", "string", "Name.")],
            key=["dealer_id"],
        ),
        Table(
            "dealer_orders",
            "Orders through dealers",
            "One row per order that a dealer brought.",
            [
                order,
                Column("dealer_id", "integer", "Number of the dealer.", minimum=1),
                money("commission", "Paid to the dealer; taken off the margin."),
            ],
            key=["order_id"],
            references=of_orders | {"dealer_id": "dealers.dealer_id"},
        ),
        Table(
            "accounts",
            "The truth about each account",
            "One row per account: its size, what decides a quote there, and the chance that it leaves a service "
            "contract at a renewal.",
            [
                _CUSTOMER,
                Column(
                    "size",
                    "number",
                    "Size, relative to the mean business (1).",
                    minimum=0,
                    decimals=3,
                ),
                Column(
                    "weight_price",
                    "number",
                    "How much the price counts there (1 is usual).",
                    minimum=0,
                    decimals=3,
                ),
                Column(
                    "weight_fit",
                    "number",
                    "How much the technical fit counts.",
                    minimum=0,
                    decimals=3,
                ),
                Column(
                    "weight_delivery",
                    "number",
                    "How much the delivery days count.",
                    minimum=0,
                    decimals=3,
                ),
                _share(
                    "leave_chance", "Chance to leave a contract at a renewal, the same at each.", 4
                ),
            ],
            key=["customer_id"],
            references=_OF_CUSTOMERS,
            truth=True,
        ),
        Table(
            "quotes",
            "The truth about quotes",
            "One row per quote: what the market asked, and the chance of winning for an account that had bought no "
            "project before. Each project won before, up to three, raises the odds.",
            [
                Column("quote_id", "integer", "Number of the quote.", minimum=1),
                money("market_price", "Price of similar goods on the market."),
                _share("win_chance", "Chance of winning, for an account without a project before."),
            ],
            key=["quote_id"],
            references={"quote_id": "quotes.quote_id"},
            truth=True,
        ),
        Table(
            "supplier_months",
            "The truth about suppliers",
            "One row per supplier and month: whether it was in trouble, which makes its deliveries late and the "
            "company's own as well.",
            [
                Column("supplier_id", "integer", "Number of the supplier.", minimum=1),
                Column("month", "date", "First day of the month."),
                Column("trouble", "boolean", "Whether it was in trouble."),
            ],
            key=["supplier_id", "month"],
            references={"supplier_id": "suppliers.supplier_id"},
            truth=True,
        ),
        *complaints.tables(about),
    ]
