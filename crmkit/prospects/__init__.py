"""Winning customers: who does not buy and why, what it takes, what it costs, and who brings whom.

A lesson imports from here; the code lives in modules named for what they compute.
"""

from __future__ import annotations

from crmkit.prospects.acquisition import (
    ResponseModel,
    attributed_cost,
    best_split,
    last_weeks,
)
from crmkit.prospects.area_tests import area_growth, area_test
from crmkit.prospects.conversion import forecast_offers, points_of, trial_results
from crmkit.prospects.noncustomers import (
    answer_weights,
    compare_kinds,
    criteria_met,
    kinds_of_people,
    must_haves,
    near_by_area,
    open_to,
    reasons_by_criteria,
    response_rates,
    stated_and_true,
    weighted_shares,
)
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
from crmkit.prospects.screening import OwnWeights, ScreeningModel, compare_choices

__all__ = [
    "OwnWeights",
    "ResponseModel",
    "ScreeningModel",
    "answer_weights",
    "area_growth",
    "area_test",
    "attributed_cost",
    "best_split",
    "closing_rates",
    "compare_choices",
    "compare_kinds",
    "criteria_met",
    "forecast_offers",
    "gap_over_time",
    "generation_table",
    "grow_tree",
    "how_many_bring",
    "kinds_of_people",
    "last_weeks",
    "like_with_like",
    "margin_by_month",
    "must_haves",
    "near_by_area",
    "open_to",
    "payback",
    "points_of",
    "programme_worth",
    "reasons_by_criteria",
    "referral_chains",
    "reproduction_number",
    "response_rates",
    "reward_effects",
    "stated_and_true",
    "trial_results",
    "value_over_cost",
    "weighted_shares",
]
