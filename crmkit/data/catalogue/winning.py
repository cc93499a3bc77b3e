"""The tables of winning customers: spending by area, new customers, tests by area, and what won customers bring."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crmkit.data.catalogue.machinery import Column, Table

if TYPE_CHECKING:
    from crmkit.companies import Company

ARMS = ("off", "as usual", "doubled")


def tables(about: Company) -> list[Table]:
    """The tables that a company file's section ``winning`` adds."""
    areas, paid = about.lists["areas"], about.lists["paid_channels"]
    area = Column("area", "string", "The area.", allowed=areas)
    week = Column("week", "date", "Monday of the week.")
    channel = Column(
        "acquisition_channel",
        "string",
        "What the money was spent on. What `acquisition_spend` calls advertisement is parted here: leaflets, and "
        "local radio.",
        allowed=paid,
    )
    followed = Column("followed_id", "integer", "Number of the followed customer.", minimum=1)
    return [
        Table(
            "acquisition_areas",
            "Areas in which customers are won",
            "One row per area.",
            [area, Column("households", "integer", "Households.", unit="households", minimum=1)],
            key=["area"],
        ),
        Table(
            "area_spend",
            "Spending on new customers by area",
            "One row per week, area and channel: what was spent, and how many new customers clicked there last. It "
            "counts all new customers of these areas; `customers` and `acquisition_spend` hold a sample of them.",
            [
                week,
                area,
                channel,
                Column("spend", "number", "Spent in the week.", unit=about.currency, minimum=0),
                Column(
                    "last_clicks",
                    "integer",
                    "New customers whose last click (or whose voucher code) before the first purchase was the "
                    "channel's.",
                    unit="customers",
                    minimum=0,
                ),
            ],
            key=["week", "area", "acquisition_channel"],
            references={"area": "acquisition_areas.area"},
        ),
        Table(
            "area_customers",
            "New customers by area",
            "One row per week and area: all who bought for the first time, whatever brought them.",
            [
                week,
                area,
                Column(
                    "new_customers", "integer", "New customers.", unit="customers", minimum=0
                ),
            ],
            key=["week", "area"],
            references={"area": "acquisition_areas.area"},
        ),
        Table(
            "area_tests",
            "Tests of channels by area",
            "One row per channel tested and area. For eight weeks the channel was off in some areas and doubled in "
            "others, drawn at random. All else went on as planned.",
            [
                channel,
                area,
                Column("arm", "string", "What was done with the channel in the area.", allowed=ARMS),
                Column("first_week", "date", "Monday of the test's first week."),
                Column("last_week", "date", "Monday of the test's last week."),
            ],
            key=["acquisition_channel", "area"],
            references={"area": "acquisition_areas.area"},
        ),
        Table(
            "followed_customers",
            "Won customers who were followed",
            "One row per customer: equally many were drawn at random for each last click.",
            [
                followed,
                Column(
                    "acquisition_channel",
                    "string",
                    "The last click before the first purchase.",
                    allowed=about.lists["won_by"],
                ),
                Column("month_joined", "date", "First day of the month of the first purchase."),
                Column(
                    "months_seen",
                    "integer",
                    "Months for which the margin is known, the first included. Later ones lie after the data, or "
                    "are not kept.",
                    unit="months",
                    minimum=1,
                ),
            ],
            key=["followed_id"],
        ),
        Table(
            "followed_margin",
            "Margin of the followed customers",
            "One row per followed customer and month with a purchase. A month that was seen and is missing here "
            "brought nothing.",
            [
                followed,
                Column(
                    "month", "integer", "Month since joining: 1 is that of the first purchase.",
                    unit="months", minimum=1,
                ),
                Column("margin", "number", "Margin of the month.", unit=about.currency),
            ],
            key=["followed_id", "month"],
            references={"followed_id": "followed_customers.followed_id"},
        ),
        Table(
            "acquisition_curves",
            "The truth about winning customers",
            "One row per channel: the curve that the customers were made from, and what follows from it for the last "
            "13 weeks.",
            [
                channel,
                Column(
                    "gain", "number",
                    "Most that the channel can add, as a share of those who come without advertising.",
                    decimals=4, minimum=0,
                ),
                Column(
                    "half", "number", "Spend a week per 1,000 households that adds half of it.",
                    unit=about.currency, minimum=0,
                ),
                Column(
                    "customers_caused", "number", "New customers who came because of the channel, on average.",
                    unit="customers", minimum=0,
                ),
                Column(
                    "share_of_clicks", "number",
                    "Customers caused, divided by the last clicks. Above 1 where the click sees too few.",
                    decimals=4, minimum=0,
                ),
                Column("average_cost", "number", "Spend per customer caused.", unit=about.currency, minimum=0),
                Column(
                    "marginal_cost", "number",
                    "Cost of one further customer, where spending rises a little everywhere.",
                    unit=about.currency, minimum=0,
                ),
                Column(
                    "value", "number",
                    "Margin that a customer with this last click brings within the months followed, on average.",
                    unit=about.currency,
                ),
            ],
            key=["acquisition_channel"],
            truth=True,
        ),
    ]  # fmt: skip
