"""Sleeping customers: who is asleep, whom to wake, with what, and what it truly brought.

Lessons 30 to 34 follow the modules: `returns` and `states` (falling asleep), `flows` (the leaky bucket),
`experiments` (did it
work), `uplift` and `waking` (whom to wake, with what), `pressure` (how often is too often).
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from crmkit.reactivation.experiments import (
    adjusted_effects,
    effect_table,
    follow_up,
    randomisation_check,
    share_difference,
    true_effects,
)
from crmkit.reactivation.flows import (
    break_even,
    bucket,
    cost_of_one,
    first_margin,
    monthly_states,
    refill,
    run_bucket,
    share_moves,
    state_flows,
    wake_or_win,
)
from crmkit.reactivation.pitfalls import (
    peeking,
    regression_to_the_mean,
    sequential_interval,
    uncontrolled_count,
    winners_again,
)
from crmkit.reactivation.plans import (
    SKEWED,
    TRAITS,
    best_offers,
    compare_learners,
    contact_page,
    forecast_outcome,
    forecast_profits,
    holdout_table,
    later_margin,
    offer_days,
    plan_certainty,
    policy_values,
    return_worth,
)
from crmkit.reactivation.pressure import pressure_table
from crmkit.reactivation.returns import (
    kaplan_meier,
    naive_return_share,
    purchase_gaps,
    return_curve,
)
from crmkit.reactivation.rules import kappa_lead, listed_states, try_horizons
from crmkit.reactivation.sizes import detectable, power, power_curve, sample_size
from crmkit.reactivation.states import (
    FIXED_RULES,
    STATES,
    Thresholds,
    at_risk,
    compare_rules,
    rhythm_gaps,
    silence,
    state_on,
    threshold_intervals,
    thresholds_by_cost,
    thresholds_by_return,
)
from crmkit.reactivation.uplift import (
    area,
    effect_error,
    perfect_qini_curve,
    policy_value,
    qini_band,
    qini_by_luck,
    qini_curve,
    true_curve,
    uplift_by_group,
    uplift_curve,
)
from crmkit.reactivation.waking import (
    budget_curve,
    choose_offers,
    compare_policies,
    expected_profit,
    leave_alone,
    offer_profits,
    predict_chances,
    rates_by_group,
    realised,
)

if TYPE_CHECKING:
    from crmkit.reactivation.learners import (
        DoublyRobust,
        TransformedOutcome,
        TwoModels,
        features,
    )

# scikit-learn costs more than pandas: only who asks for a learner imports it.
_LEARNERS = {"DoublyRobust", "TransformedOutcome", "TwoModels", "features"}

__all__ = [
    "FIXED_RULES",
    "SKEWED",
    "STATES",
    "TRAITS",
    "DoublyRobust",
    "Thresholds",
    "TransformedOutcome",
    "TwoModels",
    "adjusted_effects",
    "area",
    "at_risk",
    "best_offers",
    "break_even",
    "bucket",
    "budget_curve",
    "choose_offers",
    "compare_learners",
    "compare_policies",
    "compare_rules",
    "contact_page",
    "cost_of_one",
    "detectable",
    "effect_error",
    "effect_table",
    "expected_profit",
    "features",
    "first_margin",
    "follow_up",
    "forecast_outcome",
    "forecast_profits",
    "holdout_table",
    "kaplan_meier",
    "kappa_lead",
    "later_margin",
    "leave_alone",
    "listed_states",
    "monthly_states",
    "naive_return_share",
    "offer_days",
    "offer_profits",
    "peeking",
    "perfect_qini_curve",
    "plan_certainty",
    "policy_value",
    "policy_values",
    "power",
    "power_curve",
    "predict_chances",
    "pressure_table",
    "purchase_gaps",
    "qini_band",
    "qini_by_luck",
    "qini_curve",
    "randomisation_check",
    "rates_by_group",
    "realised",
    "refill",
    "regression_to_the_mean",
    "return_curve",
    "return_worth",
    "rhythm_gaps",
    "run_bucket",
    "sample_size",
    "sequential_interval",
    "share_difference",
    "share_moves",
    "silence",
    "state_flows",
    "state_on",
    "threshold_intervals",
    "thresholds_by_cost",
    "thresholds_by_return",
    "true_curve",
    "true_effects",
    "try_horizons",
    "uncontrolled_count",
    "uplift_by_group",
    "uplift_curve",
    "wake_or_win",
    "winners_again",
]


def __getattr__(name: str) -> object:
    """Fetch a learner, and scikit-learn with it, when it is asked for."""
    if name not in _LEARNERS:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module("crmkit.reactivation.learners"), name)


def __dir__() -> list[str]:
    return sorted(__all__)
