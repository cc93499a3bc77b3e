"""Tables about sleeping customers: campaigns with and without a control group, contacts, and their true effects."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crmkit.data.catalogue.core import STATES
from crmkit.data.catalogue.machinery import Column, Table

if TYPE_CHECKING:
    from crmkit.companies import Company

CAMPAIGNS = ("spring", "test", "second")
#: Lost cause, won, returns anyway, sleeping dog.
TYPES = ("lost", "won", "anyway", "dog")
CONTACT_CHANNELS = ("e-mail", "letter", "telephone", "card")


def tables(about: Company) -> list[Table]:
    """The tables that a company file's section ``campaigns`` adds."""
    offers = about.lists["offers"]
    _CUSTOMER = Column("customer_id", "integer", "Number of the customer.", minimum=1)
    _LINK = {"customer_id": "customers.customer_id"}

    _KNOWN_BEFORE = [
        Column(
            "silent_days",
            "integer",
            "Days since the last order, on the day of the contact.",
            unit="days",
            minimum=0,
        ),
        Column(
            "orders_before",
            "integer",
            "Orders ever placed before the contact.",
            unit="orders",
            minimum=0,
        ),
        Column(
            "average_order",
            "number",
            f"Mean turnover of the orders up to then (to {about.end}).",
            unit=about.currency,
            minimum=0,
        ),
        Column(
            "margin_year",
            "number",
            "Margin in the 365 days before the contact.",
            unit=about.currency,
        ),
        Column(
            "discount_share",
            "number",
            "Share of the orders placed with a discount.",
            minimum=0,
            maximum=1,
            decimals=2,
        ),
        Column(
            "opens",
            "integer",
            "How many of the last twelve news mails or leaflets were opened or used.",
            minimum=0,
            maximum=12,
        ),
        Column("business", "boolean", "A business, not a private person."),
    ]
    _STATE = Column(
        "state",
        "string",
        "State by the marketing team's working rule (days of silence), not the true state: drowsy from "
        "60 days, half-asleep from "
        "120, asleep from 240.",
        allowed=STATES,
    )

    def _campaign(name: str, title: str, text: str) -> Table:
        return Table(
            name,
            title,
            text,
            [
                _CUSTOMER,
                _STATE,
                Column(
                    "arm",
                    "string",
                    "What chance chose for this customer; control = left alone.",
                    allowed=("control", *offers),
                ),
                *_KNOWN_BEFORE,
                Column(
                    "contacts_before",
                    "integer",
                    "Contacts in the campaign before this one.",
                    minimum=0,
                ),
                Column("returned_60d", "boolean", "Ordered within 60 days."),
                Column("orders_60d", "integer", "Orders within 60 days.", unit="orders", minimum=0),
                Column(
                    "spend_60d",
                    "number",
                    "Turnover within 60 days, after the voucher.",
                    unit=about.currency,
                    minimum=0,
                ),
                Column(
                    "margin_60d",
                    "number",
                    "Margin within 60 days, after the voucher, before the cost of the contact.",
                    unit=about.currency,
                ),
                Column("unsubscribed", "boolean", "Asked not to be contacted again."),
                Column("margin_after", "number", "Margin in days 61 to 120.", unit=about.currency),
            ],
            key=["customer_id"],
            references=_LINK,
        )

    def _effects(name: str, title: str) -> Table:
        return Table(
            name,
            title,
            "One row per customer of the campaign: what each offer does to this customer. Effect = change of the "
            "chance to order within 60 days. Profit = margin to be expected in 120 days over being left alone, less "
            "voucher and contact. Type = what the offer would have done this time.",
            [
                _CUSTOMER,
                Column(
                    "true_state", "string", "True state on the day of the contact.", allowed=STATES
                ),
                Column(
                    "return_chance",
                    "number",
                    "Chance to order within 60 days if left alone.",
                    minimum=0,
                    maximum=1,
                    decimals=3,
                ),
                *[
                    column
                    for offer in (offer.replace(" ", "_") for offer in offers)
                    for column in (
                        Column(
                            f"effect_{offer}",
                            "number",
                            "Change of that chance.",
                            minimum=-1,
                            maximum=1,
                            decimals=3,
                        ),
                        Column(
                            f"type_{offer}",
                            "string",
                            "Lost (cause), won, (returns) anyway, (sleeping) dog.",
                            allowed=TYPES,
                        ),
                        Column(
                            f"profit_{offer}",
                            "number",
                            "Profit to be expected.",
                            unit=about.currency,
                            decimals=1,
                        ),
                    )
                ],
            ],
            key=["customer_id"],
            references=_LINK,
            truth=True,
        )

    return [
        Table(
            "offers",
            "Offers to sleeping customers",
            "One row per thing that can be done for a sleeping customer, with its price.",
            [
                Column("offer", "string", "Name of the offer.", allowed=("control", *offers)),
                Column("description", "string", "What the customer gets."),
                Column("cost", "number", "Cost of one contact.", unit=about.currency, minimum=0),
                Column(
                    "discount",
                    "number",
                    "Share taken off the first order within 60 days.",
                    minimum=0,
                    maximum=1,
                ),
            ],
            key=["offer"],
        ),
        Table(
            "spring_calls",
            f"The spring calls of {about.year}",
            "One row per customer who was asleep by the team's working rule at the beginning of March and may be "
            "telephoned. The team "
            "called its favourites first, so the two groups differ in more than the call. Orders that a call "
            "brought were taken on the "
            "campaign's own form: they count here and are in campaign_orders, not in orders.",
            [
                _CUSTOMER,
                _STATE,
                Column("called", "boolean", "Whether the team called."),
                *_KNOWN_BEFORE,
                Column("returned_60d", "boolean", "Ordered within 60 days."),
                Column(
                    "spend_60d",
                    "number",
                    "Turnover within 60 days.",
                    unit=about.currency,
                    minimum=0,
                ),
                Column("margin_60d", "number", "Margin within 60 days.", unit=about.currency),
            ],
            key=["customer_id"],
            references=_LINK,
        ),
        _campaign(
            "wake_up_test",
            "The wake-up test after the end of the data",
            "One row per customer in the test: everybody asleep by the working rule when the data ended, but not "
            "for more than two years. Chance chose the arm, within each "
            "state. Day of the contacts: the first one after the last day of the orders table; "
            "what its customers ordered since is in campaign_orders.",
        ),
        _campaign(
            "second_campaign",
            "The second campaign, in May after the end of the data",
            "One row per customer asleep by the working rule on the day of the contacts, who had "
            "not unsubscribed. Chance chose the arm again, so that "
            "plans made from the first test can be tried on customers and a season that they have not seen.",
        ),
        Table(
            "contacts",
            "Contacts",
            "One row per contact of the three campaigns.",
            [
                Column("contact_id", "integer", "Number of the contact.", minimum=1),
                Column("campaign", "string", "The campaign it belongs to.", allowed=CAMPAIGNS),
                _CUSTOMER,
                Column("contact_date", "date", "Day."),
                Column(
                    "hour",
                    "integer",
                    "Hour of the day at which it began or went out.",
                    unit="o'clock",
                    minimum=0,
                    maximum=23,
                ),
                Column(
                    "channel",
                    "string",
                    "Way of the contact. Without consent to telephone a personal call is a card written by hand, "
                    "without consent to "
                    "e-mail the message is a letter.",
                    allowed=CONTACT_CHANNELS,
                ),
                Column("message", "string", "What was offered.", allowed=offers),
                Column("cost", "number", "Cost of the contact.", unit=about.currency, minimum=0),
                Column(
                    "answered",
                    "boolean",
                    "Whether the customer reacted at all: opened, replied, picked up.",
                ),
            ],
            key=["contact_id"],
            references=_LINK,
        ),
        Table(
            "campaign_orders",
            "Orders in campaigns",
            "One row per order that is not in the orders table: taken on the form of the spring calls, or "
            "placed after the data ended by a customer of "
            "a later campaign (control groups included) within 120 days of its contact day.",
            [
                Column(
                    "campaign_order_id",
                    "integer",
                    "Number of the order, in order of date.",
                    minimum=1,
                ),
                Column(
                    "campaign",
                    "string",
                    "The campaign in whose time the order fell.",
                    allowed=CAMPAIGNS,
                ),
                _CUSTOMER,
                Column("order_date", "date", "Day of the order."),
                Column(
                    "turnover", "number", "Paid, after the voucher.", unit=about.currency, minimum=0
                ),
                Column("margin", "number", "Turnover less the cost of goods.", unit=about.currency),
            ],
            key=["campaign_order_id"],
            references=_LINK,
        ),
        Table(
            "pressure_test",
            "The test of contact pressure",
            "One row per private customer with consent to the newsletter. For 90 days, chance chose how "
            "many mails a month each of them got.",
            [
                _CUSTOMER,
                Column(
                    "mails_a_month",
                    "integer",
                    "Mails a month, assigned at random.",
                    unit="mails",
                    minimum=0,
                ),
                Column("orders_90d", "integer", "Orders in the 90 days.", unit="orders", minimum=0),
                Column("margin_90d", "number", "Margin in the 90 days.", unit=about.currency),
                Column(
                    "orders_by_mail",
                    "integer",
                    "Orders that came through a link in a mail.",
                    unit="orders",
                    minimum=0,
                ),
                Column("unsubscribed", "boolean", "Ended the newsletter within the 90 days."),
            ],
            key=["customer_id"],
            references=_LINK,
        ),
        Table(
            "acquisition_spend",
            "Spending on new customers",
            "One row per month and channel: what was spent on winning customers.",
            [
                Column("month", "date", "First day of the month."),
                Column(
                    "acquisition_channel",
                    "string",
                    "What brought the customers in.",
                    allowed=about.lists["acquisition"],
                ),
                Column("spend", "number", "Spent in the month.", unit=about.currency, minimum=0),
            ],
            key=["month", "acquisition_channel"],
        ),
        Table(
            "spring_calls",
            "The truth about the spring calls",
            "One row per customer of the spring calls: what would have happened without a call, and what "
            "a call would have done.",
            [
                _CUSTOMER,
                Column(
                    "true_state", "string", "True state on the day of the calls.", allowed=STATES
                ),
                Column("returns_anyway", "boolean", "Would order within 60 days without a call."),
                Column("won_if_called", "boolean", "Would not, but would if called."),
            ],
            key=["customer_id"],
            references=_LINK,
            truth=True,
        ),
        _effects("wake_up_test", "The truth about the wake-up test"),
        _effects("second_campaign", "The truth about the second campaign"),
        Table(
            "pressure_effects",
            "The truth about contact pressure",
            "One row per frequency: what would have to be expected if everybody in the test got that many mails.",
            [
                Column("mails_a_month", "integer", "Mails a month.", unit="mails", minimum=0),
                Column(
                    "orders_90d",
                    "number",
                    "Orders a customer.",
                    unit="orders",
                    minimum=0,
                    decimals=4,
                ),
                Column("margin_90d", "number", "Margin a customer.", unit=about.currency),
                Column(
                    "unsubscribe_chance",
                    "number",
                    "Chance to end the newsletter.",
                    minimum=0,
                    maximum=1,
                    decimals=4,
                ),
            ],
            key=["mails_a_month"],
            truth=True,
        ),
    ]
