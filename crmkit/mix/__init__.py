"""From what customers need (4C) to what a company offers (4P).

Touchpoints, the two clerks, must-haves, the house of quality, prices, the offer simulator. A lesson imports from here;
the code lives in modules named for what they compute.
"""

from __future__ import annotations

from crmkit.inference import newcombe as difference
from crmkit.inference import wilson
from crmkit.mix.best_worst import BestWorstModel, best_worst_counts, simulate_best_worst
from crmkit.mix.clerks import (
    ClerkGame,
    Shop,
    best_questions,
    chance_fits,
    clerk_results,
    question_worth,
    random_order_sales,
    simulate_shop,
    where_a_wins,
)
from crmkit.mix.house import (
    as_matrix,
    check_matrix,
    compare_matrices,
    conflicts,
    estimate_effects,
    gaps,
    lever_importance,
    needs_met,
    offer_from_importance,
    to_9_3_1,
)
from crmkit.mix.must_haves import (
    compare_must_haves,
    must_haves_by_both,
    must_haves_by_ranking,
    must_haves_by_shelf,
    must_haves_by_ticking,
    open_sets,
    recovery,
)
from crmkit.mix.needs import (
    compare_importance,
    implicit_needs,
    kano_classes,
    kano_shares,
    rank_agreement,
)
from crmkit.mix.offers import (
    Market,
    best_offer,
    choice_shares,
    four_p_first_offer,
    full_cost,
    offer_costs,
    simulate_offers,
)
from crmkit.mix.price_comparisons import (
    compare_prices,
    markup_by_cost,
    price_wars,
    value_price_interval,
)
from crmkit.mix.prices import (
    DemandCurve,
    competitor_price,
    cost_plus_price,
    ordered_answers,
    price_profit,
    price_war,
    psm_curves,
    psm_points,
    share_against_rival,
    true_share,
    value_price,
)
from crmkit.mix.shelf import ShelfModel
from crmkit.mix.touchpoints import (
    chain,
    first_weak_link,
    gain_per_link,
    mended_rise,
    promised_rise,
    transition_shares,
    trial_effect,
    weak_links,
)

__all__ = [
    "BestWorstModel",
    "ClerkGame",
    "DemandCurve",
    "Market",
    "ShelfModel",
    "Shop",
    "as_matrix",
    "best_offer",
    "best_questions",
    "best_worst_counts",
    "chain",
    "chance_fits",
    "check_matrix",
    "choice_shares",
    "clerk_results",
    "compare_importance",
    "compare_matrices",
    "compare_must_haves",
    "compare_prices",
    "competitor_price",
    "conflicts",
    "cost_plus_price",
    "difference",
    "estimate_effects",
    "first_weak_link",
    "four_p_first_offer",
    "full_cost",
    "gain_per_link",
    "gaps",
    "implicit_needs",
    "kano_classes",
    "kano_shares",
    "lever_importance",
    "markup_by_cost",
    "mended_rise",
    "must_haves_by_both",
    "must_haves_by_ranking",
    "must_haves_by_shelf",
    "must_haves_by_ticking",
    "needs_met",
    "offer_costs",
    "offer_from_importance",
    "open_sets",
    "ordered_answers",
    "price_profit",
    "price_war",
    "price_wars",
    "promised_rise",
    "psm_curves",
    "psm_points",
    "question_worth",
    "random_order_sales",
    "rank_agreement",
    "recovery",
    "share_against_rival",
    "simulate_best_worst",
    "simulate_offers",
    "simulate_shop",
    "to_9_3_1",
    "transition_shares",
    "trial_effect",
    "true_share",
    "value_price",
    "value_price_interval",
    "weak_links",
    "where_a_wins",
    "wilson",
]
