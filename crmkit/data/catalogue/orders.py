"""The tables of a company that sells goods: what there is to buy, and the lines of each order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crmkit.data.catalogue.machinery import Column, Table

if TYPE_CHECKING:
    from crmkit.companies import Company


def tables(about: Company) -> list[Table]:
    """The tables that a trade in goods adds."""
    return [
        Table(
            "products",
            "Products",
            "One row per product, with what it costs the company, what the customer pays, and what the strongest "
            "rival asks for a similar product.",
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
                    "features",
                    "string",
                    "Features it has, separated by semicolons.",
                    required=False,
                ),
                Column(
                    "unit_cost",
                    "number",
                    "What one piece costs the company.",
                    unit=about.currency,
                    minimum=0,
                ),
                Column(
                    "price", "number", "List price of one piece.", unit=about.currency, minimum=0
                ),
                Column(
                    "rival_price",
                    "number",
                    "Price of the strongest rival for a similar product.",
                    unit=about.currency,
                    minimum=0,
                ),
            ],
            key=["product_id"],
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
                    unit=about.currency,
                    minimum=0,
                ),
                Column(
                    "discount",
                    "number",
                    "Taken off the list price of the line.",
                    unit=about.currency,
                    minimum=0,
                ),
                Column(
                    "turnover",
                    "number",
                    "Paid after discount; zero when sent back.",
                    unit=about.currency,
                    minimum=0,
                ),
                Column(
                    "margin",
                    "number",
                    "Turnover less cost of goods (sent back: less the value lost).",
                    unit=about.currency,
                ),
                Column("returned", "boolean", "Whether the line was sent back and refunded."),
            ],
            key=["order_id", "line"],
            references={"order_id": "orders.order_id", "product_id": "products.product_id"},
        ),
    ]
