"""Lesson 23, in reserve: further questions about needs segments."""

from __future__ import annotations

import pandas as pd

from crmkit.practice.kinds import Number, Table
from crmkit.practice.question import Misconception, Question, Tables
from crmkit.practice.questions.lesson_23 import features, need_types
from crmkit.value.needs import basket_features


def discounts(
    data: Tables, *, column: str = "discount_rate", everybody: bool = False
) -> pd.DataFrame:
    """Mean discount rate by true need type, of customers with five lines or more."""
    found = (
        basket_features(data.load("order_lines"), data.load("orders"), data.load("products"))
        if everybody
        else features(data)
    )
    mean = found[column].groupby(need_types(data).reindex(found.index)).mean()
    return mean.rename("discount_rate").rename_axis("need_type").reset_index()


def above(data: Tables, *, of: str = "price", turned: bool = False) -> float:
    """Of the customers with a price level above 0, per cent who are truly of a need type."""
    found, types = features(data), need_types(data)
    dear = found["price_level"] > 0
    true = types.reindex(found.index) == of
    return 100 * float(dear[true].mean() if turned else true[dear].mean())


QUESTIONS = [
    Question(
        id="23-b1",
        title="Who buys at a discount?",
        level="change",
        goals=(3,),
        elsewhere="another feature",
        truth=("customers",),
        prompt=(
            "Compare the baskets with the truth once more: for each true `need_type`, give the mean "
            "`discount_rate` of the "
            "customers with five lines or more (`basket_features`). A table with `need_type` and `discount_rate`. "
            "(a fraction, "
            "four decimals)"
        ),
        kind=Table(key="need_type", columns={"discount_rate": 0.00005}),
        points=2,
        reference=discounts,
        hints=(
            "Features first, then only the customers with five lines or more, then a mean by need type.",
            '`features["discount_rate"].groupby(types.reindex(features.index)).mean()`',
        ),
        misconceptions=(
            Misconception(
                "everybody",
                lambda data: discounts(data, everybody=True),
                "Customers with one to four lines are among them. Their rates say little: keep five lines or more.",
            ),
            Misconception(
                "the price level",
                lambda data: discounts(data, column="price_level"),
                "That is the price level, as in the exercise. The question asks for `discount_rate`.",
            ),
        ),
        right="A feature that differs between the types can tell them apart; one that does not only adds noise.",
        solution="The baskets of those with five lines or more, and the mean by true type.",
        code=(
            "from crmkit.value.needs import basket_features\n"
            "features = basket_features(\n"
            '    crmkit.load("order_lines"), crmkit.load("orders"), crmkit.load("products"))\n'
            'features = features[features["lines"] >= 5]\n'
            'types = crmkit.load_truth("customers").set_index("customer_id")["need_type"]\n'
            'mean = features["discount_rate"].groupby(types.reindex(features.index)).mean()\n'
            'answer = mean.rename_axis("need_type").reset_index()'
        ),
    ),
    Question(
        id="23-b2",
        title="Dear taste, and yet a saver",
        level="explore",
        goals=(3,),
        truth=("customers",),
        prompt=(
            "A colleague says: 'Anyone who buys above the mean price of the category does not look at prices.' Of the "
            "customers "
            "with five lines or more and a `price_level` above 0, how many per cent are truly of the need type "
            "`price`? (two "
            "decimals)"
        ),
        kind=Number(unit="%", tolerance=0.005),
        points=3,
        reference=above,
        hints=(
            "First the customers with a price level above 0; then the share of one type among them.",
            "A mean of yes and no is a share. Which customers belong in it?",
        ),
        misconceptions=(
            Misconception(
                "share of the type with an expensive basket",
                lambda data: above(data, turned=True),
                "You began with the type, and asked how many of it buy above the mean. The question begins with "
                "those who buy "
                "above the mean.",
            ),
            Misconception(
                "value for price",
                lambda data: above(data, of="value"),
                "That is the need type `value`. The question asks for `price`.",
            ),
        ),
        right="One number sorts people roughly. Say how many it sorts wrongly before you treat them by it.",
        solution="Those above 0, and the share of them with the type.",
        code=(
            "from crmkit.value.needs import basket_features\n"
            "features = basket_features(\n"
            '    crmkit.load("order_lines"), crmkit.load("orders"), crmkit.load("products"))\n'
            'dear = features[(features["lines"] >= 5) & (features["price_level"] > 0)]\n'
            'types = crmkit.load_truth("customers").set_index("customer_id")["need_type"]\n'
            'answer = 100 * (types.reindex(dear.index) == "price").mean()'
        ),
    ),
]
