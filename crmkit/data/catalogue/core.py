"""The tables that every company has: customers, turnover, cost of serving, engagement, and the truth behind them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crmkit.data.catalogue.machinery import Column, Table

if TYPE_CHECKING:
    from crmkit.companies import Company

STATES = ("awake", "drowsy", "half-asleep", "asleep")

_CUSTOMER = Column("customer_id", "integer", "Number of the customer.", minimum=1)


def tables(about: Company) -> list[Table]:
    """The tables that every kind of trade gives."""
    return [
        Table(
            "customers",
            "Customers",
            f"One row per {about.words['customer']}: everybody who has come since {about.start}. "
            "Names, addresses and telephone numbers are made up.",
            [
                Column(
                    "customer_id",
                    "integer",
                    "Number of the customer, in order of joining.",
                    minimum=1,
                ),
                Column("name", "string", "Name of the person or the business."),
                Column(
                    "kind",
                    "string",
                    "A private person or a business.",
                    allowed=("person", "business"),
                ),
                Column(
                    "email",
                    "string",
                    "E-mail address, always at example.org, which belongs to nobody.",
                    required=False,
                ),
                Column(
                    "phone",
                    "string",
                    "Telephone number at which nobody can be reached: kept free for fiction, or unassigned.",
                    required=False,
                ),
                Column("street", "string", "Street and house number."),
                Column("city", "string", "Town or city."),
                Column("postcode", "string", "Postcode."),
                Column(
                    "acquisition_channel",
                    "string",
                    "What brought the customer in.",
                    allowed=about.lists["acquisition"],
                ),
                Column(
                    "customer_since", "date", "Day of joining, which is the day of the first order."
                ),
                Column("newsletter_consent", "boolean", "May we send e-mail?"),
                Column("phone_consent", "boolean", "May we telephone?"),
            ],
            key=["customer_id"],
        ),
        Table(
            "orders",
            "Orders",
            f"One row per {about.words['deal']}, from {about.start} to {about.end}, in order of date. One that was "
            "wholly taken back stays in the table, with a turnover of zero.",
            [
                Column("order_id", "integer", "Number of the order, in order of date.", minimum=1),
                _CUSTOMER,
                Column("order_date", "date", "Day of the order."),
                Column(
                    "channel", "string", "Where it was placed.", allowed=about.lists["channels"]
                ),
                Column(
                    "discount",
                    "number",
                    "Taken off the list price, in all.",
                    unit=about.currency,
                    minimum=0,
                ),
                Column(
                    "turnover",
                    "number",
                    "Paid after discount, less refunds.",
                    unit=about.currency,
                    minimum=0,
                ),
                Column(
                    "margin",
                    "number",
                    "Turnover less the cost of goods (for goods sent back: less the value they lost).",
                    unit=about.currency,
                ),
            ],
            key=["order_id"],
            references={"customer_id": "customers.customer_id"},
        ),
        Table(
            "cost_to_serve",
            "Cost of serving",
            "One row per customer and year, from the year of joining on: what it cost to serve this customer beyond "
            "the goods. Profit of a customer = sum of margin less sum of this cost.",
            [
                _CUSTOMER,
                Column("year", "integer", "Calendar year.", minimum=2000),
                Column(
                    "contacts",
                    "integer",
                    "Calls, messages, complaints and visits.",
                    unit="contacts",
                    minimum=0,
                ),
                Column(
                    "minutes", "integer", "Staff time spent on them.", unit="minutes", minimum=0
                ),
                Column(
                    "cost",
                    "number",
                    "Cost of that time, of visits, mailings and handling.",
                    unit=about.currency,
                    minimum=0,
                ),
            ],
            key=["customer_id", "year"],
            references={"customer_id": "customers.customer_id"},
        ),
        Table(
            "engagement",
            "Engagement",
            "One row per customer and year, from the year of joining on: what customers bring that is not money.",
            [
                _CUSTOMER,
                Column("year", "integer", "Calendar year.", minimum=2000),
                Column(
                    "logins",
                    "integer",
                    "Visits to the account, web and app.",
                    unit="log-ins",
                    minimum=0,
                ),
                Column("reviews", "integer", "Product reviews written.", unit="reviews", minimum=0),
                Column(
                    "referrals", "integer", "New customers introduced.", unit="customers", minimum=0
                ),
                Column(
                    "help_given",
                    "integer",
                    "Answers to other customers' questions.",
                    unit="answers",
                    minimum=0,
                ),
            ],
            key=["customer_id", "year"],
            references={"customer_id": "customers.customer_id"},
        ),
        Table(
            "customers",
            "The truth about each customer",
            "One row per customer: what the simulation knows and no company ever sees. Needs, ability to pay, rhythm, "
            "sleep.",
            [
                _CUSTOMER,
                Column(
                    "need_type",
                    "string",
                    "Price-, value-oriented or compound.",
                    allowed=about.lists["need_types"],
                ),
                Column(
                    "weight_solution",
                    "number",
                    "Weight of the solution (quality).",
                    minimum=0,
                    maximum=1,
                    decimals=3,
                ),
                Column(
                    "weight_cost",
                    "number",
                    "Weight of the cost to the customer.",
                    minimum=0,
                    maximum=1,
                    decimals=3,
                ),
                Column(
                    "weight_convenience",
                    "number",
                    "Weight of convenience.",
                    minimum=0,
                    maximum=1,
                    decimals=3,
                ),
                Column(
                    "weight_communication",
                    "number",
                    "Weight of advice and care.",
                    minimum=0,
                    maximum=1,
                    decimals=3,
                ),
                Column(
                    "must_haves",
                    "string",
                    "Features without which nothing is bought.",
                    required=False,
                ),
                Column(
                    "budget",
                    "number",
                    "The most this customer can pay for one piece.",
                    unit=about.currency,
                    minimum=0,
                ),
                Column(
                    "wtp_level",
                    "number",
                    "Willingness to pay, relative to the typical customer (1).",
                    minimum=0,
                    decimals=3,
                ),
                Column(
                    "rate_awake",
                    "number",
                    "Orders while awake.",
                    unit="orders a year",
                    minimum=0,
                    decimals=3,
                ),
                Column(
                    "lines_mean",
                    "number",
                    "Expected lines in an order.",
                    unit="lines",
                    minimum=1,
                    decimals=3,
                ),
                Column(
                    "awake_days",
                    "number",
                    "Expected length of a spell awake.",
                    unit="days",
                    minimum=0,
                    decimals=1,
                ),
                Column(
                    "wake_chance",
                    "number",
                    "Chance that a spell of sleep ends in waking up a step, not in deeper sleep.",
                    minimum=0,
                    maximum=1,
                    decimals=3,
                ),
                Column(
                    "one_off", "boolean", "Came for one thing: falls asleep after the first order."
                ),
                Column(
                    "demanding",
                    "number",
                    "Need for service, relative to the typical customer (1).",
                    minimum=0,
                    decimals=3,
                ),
                Column("engaged", "number", "Drive to take part, standard normal.", decimals=3),
                Column(
                    "responsiveness",
                    "number",
                    "Openness to being contacted, standard normal; low means irritated.",
                    decimals=3,
                ),
                Column(
                    "discount_love",
                    "number",
                    "Chance of using a discount on an ordinary day.",
                    minimum=0,
                    maximum=1,
                    decimals=3,
                ),
            ],
            key=["customer_id"],
            references={"customer_id": "customers.customer_id"},
            truth=True,
        ),
        Table(
            "sleep_states",
            "The truth about sleep",
            "One row per customer and spell. A spell awake begins with an order in its first week. Spells follow on "
            "each other without a gap from the day of joining to the last day of the data.",
            [
                _CUSTOMER,
                Column("state", "string", "State during the spell.", allowed=STATES),
                Column("from_date", "date", "First day of the spell."),
                Column(
                    "to_date",
                    "date",
                    "Last day of the spell (the last day of the data if it was still going on).",
                ),
            ],
            key=["customer_id", "from_date"],
            references={"customer_id": "customers.customer_id"},
            truth=True,
        ),
    ]
