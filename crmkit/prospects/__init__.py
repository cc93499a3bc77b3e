"""Winning customers: what a new one costs and brings, and friends who bring friends."""

from crmkit.prospects.acquisition import ResponseModel, attributed_cost, best_split, last_weeks
from crmkit.prospects.area_tests import area_growth, area_test
from crmkit.prospects.payback import margin_by_month, payback, value_over_cost
from crmkit.prospects.referral import (
    closing_rates,
    generation_table,
    grow_tree,
    how_many_bring,
    referral_chains,
    reproduction_number,
)
from crmkit.prospects.referral_value import (
    gap_over_time,
    like_with_like,
    programme_worth,
    reward_effects,
)

__all__ = [
    "ResponseModel",
    "area_growth",
    "area_test",
    "attributed_cost",
    "best_split",
    "closing_rates",
    "gap_over_time",
    "generation_table",
    "grow_tree",
    "how_many_bring",
    "last_weeks",
    "like_with_like",
    "margin_by_month",
    "payback",
    "programme_worth",
    "referral_chains",
    "reproduction_number",
    "reward_effects",
    "value_over_cost",
]
