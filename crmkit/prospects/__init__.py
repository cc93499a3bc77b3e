"""Winning customers: friends who bring friends."""

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
    "closing_rates",
    "gap_over_time",
    "generation_table",
    "grow_tree",
    "how_many_bring",
    "like_with_like",
    "programme_worth",
    "referral_chains",
    "reproduction_number",
    "reward_effects",
]
