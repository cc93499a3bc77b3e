"""The core tables: customers, products, orders, the cost of serving, engagement, and the truth behind them."""

from __future__ import annotations

from crmkit.data.catalogue.machinery import Column, Table

CHANNELS = ("shop", "web", "app", "call centre")
SYSTEMS = ("shop", "web", "app")
STATES = ("awake", "drowsy", "half-asleep", "asleep")
NEED_TYPES = ("price", "value", "compound")
ACQUISITION = ("shop visit", "search", "social media", "friend", "advertisement", "trade fair")

_CUSTOMER = Column("customer_id", "integer", "Number of the customer.", minimum=1)

TABLES = [
    Table(
        "customers",
        "Customers",
        "One row per customer: every person or business that has ever ordered since the customer card began in January "
        "2023. Names, addresses and telephone numbers are made up.",
        [
            Column(
                "customer_id", "integer", "Number of the customer, in order of joining.", minimum=1
            ),
            Column("name", "string", "Name of the person or the business."),
            Column(
                "kind", "string", "A private person or a business.", allowed=("person", "business")
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
                allowed=ACQUISITION,
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
        "channel_records",
        "Records of the channel systems",
        "One row per record in the till system of the shops, the web shop and the app. The three systems do not "
        "know of each other: the same customer may stand in up to three of them, spelt a little differently each time.",
        [
            Column("record_id", "string", "Number of the record, with the letter of its system."),
            Column("system", "string", "The system that keeps the record.", allowed=SYSTEMS),
            Column("name", "string", "Name as it was typed in there."),
            Column("email", "string", "E-mail address, where given.", required=False),
            Column("phone", "string", "Telephone number, where given.", required=False),
            Column("postcode", "string", "Postcode, where given.", required=False),
            Column("created", "date", "Day the record was made."),
        ],
        key=["record_id"],
    ),
    Table(
        "products",
        "Products",
        "One row per product, with what it costs the company, what the customer pays, and what the strongest rival "
        "asks for the like.",
        [
            Column("product_id", "integer", "Number of the product.", minimum=1),
            Column("name", "string", "Name of the product."),
            Column("category", "string", "Category on the shelf."),
            Column(
                "quality",
                "integer",
                "How well it solves the problem, 1 to 5.",
                minimum=1,
                maximum=5,
            ),
            Column(
                "ease",
                "integer",
                "How little time and effort it takes, 1 to 5.",
                minimum=1,
                maximum=5,
            ),
            Column(
                "advice",
                "integer",
                "How much advice and help comes with it, 1 to 5.",
                minimum=1,
                maximum=5,
            ),
            Column(
                "features", "string", "Features it has, separated by semicolons.", required=False
            ),
            Column(
                "unit_cost", "number", "What one piece costs the company.", unit="GBP", minimum=0
            ),
            Column("price", "number", "List price of one piece.", unit="GBP", minimum=0),
            Column(
                "rival_price",
                "number",
                "Price of the strongest rival for the like.",
                unit="GBP",
                minimum=0,
            ),
        ],
        key=["product_id"],
    ),
    Table(
        "orders",
        "Orders",
        "One row per order, from 1 January 2023 to 31 December 2025, in order of date. An order that was wholly sent "
        "back stays in the table, with a turnover of zero.",
        [
            Column("order_id", "integer", "Number of the order, in order of date.", minimum=1),
            _CUSTOMER,
            Column("order_date", "date", "Day of the order."),
            Column("channel", "string", "Where it was placed.", allowed=CHANNELS),
            Column(
                "discount", "number", "Taken off the list price, in all.", unit="GBP", minimum=0
            ),
            Column(
                "turnover", "number", "Paid after discount, less refunds.", unit="GBP", minimum=0
            ),
            Column(
                "margin",
                "number",
                "Turnover less the cost of goods (for goods sent back: less the value they lost).",
                unit="GBP",
            ),
        ],
        key=["order_id"],
        references={"customer_id": "customers.customer_id"},
    ),
    Table(
        "order_lines",
        "Order lines",
        "One row per product in an order. Turnover, margin and discount add up to those of the order.",
        [
            Column("order_id", "integer", "Number of the order.", minimum=1),
            Column("line", "integer", "Number of the line within the order.", minimum=1),
            Column("product_id", "integer", "Number of the product.", minimum=1),
            Column("quantity", "integer", "Pieces.", unit="pieces", minimum=1),
            Column(
                "unit_price",
                "number",
                "List price of one piece on that day.",
                unit="GBP",
                minimum=0,
            ),
            Column(
                "discount", "number", "Taken off the list price of the line.", unit="GBP", minimum=0
            ),
            Column(
                "turnover",
                "number",
                "Paid after discount; zero when sent back.",
                unit="GBP",
                minimum=0,
            ),
            Column(
                "margin",
                "number",
                "Turnover less cost of goods (sent back: less the value lost).",
                unit="GBP",
            ),
            Column("returned", "boolean", "Whether the line was sent back and refunded."),
        ],
        key=["order_id", "line"],
        references={"order_id": "orders.order_id", "product_id": "products.product_id"},
    ),
    Table(
        "cost_to_serve",
        "Cost of serving",
        "One row per customer and year, from the year of joining on: what it cost to serve this customer beyond the "
        "goods. Profit of a customer = sum of margin less sum of this cost.",
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
            Column("minutes", "integer", "Staff time spent on them.", unit="minutes", minimum=0),
            Column(
                "cost",
                "number",
                "Cost of that time, of visits, mailings and handling.",
                unit="GBP",
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
                "need_type", "string", "Price-, value-oriented or compound.", allowed=NEED_TYPES
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
                "must_haves", "string", "Features without which nothing is bought.", required=False
            ),
            Column(
                "budget",
                "number",
                "The most this customer can pay for one piece.",
                unit="GBP",
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
            Column("one_off", "boolean", "Came for one thing: falls asleep after the first order."),
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
