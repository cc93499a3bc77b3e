"""Brand and memory: how a brand is remembered, confused, relived and forgotten.

* `crmkit.brand.forgetting`: models of forgetting, fits, half-life
* `crmkit.brand.schedules`: a year of advertising, plan by plan
* `crmkit.brand.associations`: category + word = brand, interference, which word to own
* `crmkit.brand.availability`: mental availability and the small-brand penalty
* `crmkit.brand.episodes`: experiences, trust, failure and recovery
* `crmkit.brand.buying`: does remembering precede buying?
* `crmkit.brand.plots`, `crmkit.brand.explorers`: figures and things to play with
"""

from crmkit.brand.associations import (
    add_lookalike,
    claim_word,
    distinctiveness,
    expand_links,
    fan_share,
    interference_cost,
    interference_cost_total,
    link_shares,
    links_matrix,
    network_layout,
    profile_similarity,
    recall_from_cues,
    retrieval,
    retrieval_matrix,
    words_to_own,
)
from crmkit.brand.availability import (
    change_between,
    double_jeopardy,
    expected_network_size,
    mental_availability,
)
from crmkit.brand.before_after import difference_in_differences
from crmkit.brand.buying import add_lags, effect_in_points, remembering_and_buying
from crmkit.brand.ebbinghaus import (
    ebbinghaus_curve,
    ebbinghaus_repetitions,
    ebbinghaus_savings,
    fit_retention,
)
from crmkit.brand.episodes import (
    Gains,
    bayes_path,
    belief_path,
    compare_belief_rules,
    delivery_paths,
    failure_and_recovery,
    fit_delta_rule,
    fit_peak_end,
    impression_path,
    summarise_visits,
)
from crmkit.brand.exposures import exposure_ages, spacing_weights
from crmkit.brand.forgetting import (
    BaseLevel,
    Exponential,
    ForgettingModel,
    MemoryChain,
    Power,
)
from crmkit.brand.model_comparison import compare_models
from crmkit.brand.schedules import (
    adstock,
    best_plan,
    check_plan,
    compare_plans,
    contacts_needed,
    decay_from_half_life,
    half_life_from_decay,
    make_plan,
    pressure_design,
    recall_path,
    returns_of_frequency,
    summarise_path,
    zielske_plans,
)

__all__ = [
    "BaseLevel",
    "Exponential",
    "ForgettingModel",
    "Gains",
    "MemoryChain",
    "Power",
    "add_lags",
    "add_lookalike",
    "adstock",
    "bayes_path",
    "belief_path",
    "best_plan",
    "change_between",
    "check_plan",
    "claim_word",
    "compare_belief_rules",
    "compare_models",
    "compare_plans",
    "contacts_needed",
    "decay_from_half_life",
    "delivery_paths",
    "difference_in_differences",
    "distinctiveness",
    "double_jeopardy",
    "ebbinghaus_curve",
    "ebbinghaus_repetitions",
    "ebbinghaus_savings",
    "effect_in_points",
    "expand_links",
    "expected_network_size",
    "exposure_ages",
    "failure_and_recovery",
    "fan_share",
    "fit_delta_rule",
    "fit_peak_end",
    "fit_retention",
    "half_life_from_decay",
    "impression_path",
    "interference_cost",
    "interference_cost_total",
    "link_shares",
    "links_matrix",
    "make_plan",
    "mental_availability",
    "network_layout",
    "pressure_design",
    "profile_similarity",
    "recall_from_cues",
    "recall_path",
    "remembering_and_buying",
    "retrieval",
    "retrieval_matrix",
    "returns_of_frequency",
    "spacing_weights",
    "summarise_path",
    "summarise_visits",
    "words_to_own",
    "zielske_plans",
]
