"""Which customers matter, by how much, and on what evidence.

From the Pareto curve over tiers and RFM to lifetime value with its uncertainty. A lesson imports from here;
the code lives in modules named for what they compute.
"""

from __future__ import annotations

from crmkit.value.certainty import list_certainty, names_again
from crmkit.value.cohorts import bought_again, cohort_table
from crmkit.value.comparisons import matched_gaps, widest_gap
from crmkit.value.concentration import (
    compare_firms,
    concentration_curve,
    customer_profit,
    customers_for_share,
    gini,
    losing_customers,
    share_by_window,
    share_table,
    top_share,
    top_share_interval,
)
from crmkit.value.contracts import ContractModel
from crmkit.value.funnel import sales_funnel
from crmkit.value.lifetime import (
    BetaGeoModel,
    GammaGammaModel,
    ModifiedBetaGeoModel,
    bootstrap_params,
    customer_lifetime_value,
    predict_spread,
    simulate_orders,
)
from crmkit.value.migration import migration_matrix, movers, review_schedule, tiers_over_time
from crmkit.value.model_checks import (
    cumulative_purchases,
    forecast_features,
    holdout_by_frequency,
    last_year_forecast,
    regression_forecast,
    repeat_counts,
    score_forecasts,
    value_frequency_correlation,
)
from crmkit.value.profile import (
    MatchModel,
    candidate_pairs,
    compare_pairs,
    customer_profile,
    fit_match_weights,
    link_records,
    linkage_quality,
    random_pairs,
    score_pairs,
    tidy_records,
    under_records,
)
from crmkit.value.ranking import (
    engagement_summary,
    list_stability,
    percentile_score,
    ranking,
    top_list,
    weight_sensitivity,
    weighted_score,
)
from crmkit.value.rfm import (
    compare_rules,
    cut_score,
    quantile_score,
    rfm_scores,
    score_by_position,
    split_equals,
)
from crmkit.value.simulated_orders import three_trades
from crmkit.value.summary import customer_summary, holdout_split
from crmkit.value.tiers import (
    COSTS_MORE,
    PYRAMID,
    TierWarning,
    assign_tiers,
    movement_tiers,
    policy_cost,
    policy_gain,
    potential_tiers,
    tier_table,
    tiers_with_cost,
)

__all__ = [
    "COSTS_MORE",
    "PYRAMID",
    "BetaGeoModel",
    "ContractModel",
    "GammaGammaModel",
    "MatchModel",
    "ModifiedBetaGeoModel",
    "TierWarning",
    "assign_tiers",
    "bootstrap_params",
    "bought_again",
    "candidate_pairs",
    "cohort_table",
    "compare_firms",
    "compare_pairs",
    "compare_rules",
    "concentration_curve",
    "cumulative_purchases",
    "customer_lifetime_value",
    "customer_profile",
    "customer_profit",
    "customer_summary",
    "customers_for_share",
    "cut_score",
    "engagement_summary",
    "fit_match_weights",
    "forecast_features",
    "gini",
    "holdout_by_frequency",
    "holdout_split",
    "last_year_forecast",
    "link_records",
    "linkage_quality",
    "list_certainty",
    "list_stability",
    "losing_customers",
    "matched_gaps",
    "migration_matrix",
    "movement_tiers",
    "movers",
    "names_again",
    "percentile_score",
    "policy_cost",
    "policy_gain",
    "potential_tiers",
    "predict_spread",
    "quantile_score",
    "random_pairs",
    "ranking",
    "regression_forecast",
    "repeat_counts",
    "review_schedule",
    "rfm_scores",
    "sales_funnel",
    "score_by_position",
    "score_forecasts",
    "score_pairs",
    "share_by_window",
    "share_table",
    "simulate_orders",
    "split_equals",
    "three_trades",
    "tidy_records",
    "tier_table",
    "tiers_over_time",
    "tiers_with_cost",
    "top_list",
    "top_share",
    "top_share_interval",
    "under_records",
    "value_frequency_correlation",
    "weight_sensitivity",
    "weighted_score",
    "widest_gap",
]
