"""Keeping customers: answers, messages, conversations, bonds, a loyalty programme, early warning, stages."""

from crmkit.relations.accounts import account_plan
from crmkit.relations.anonymity import (
    class_sizes,
    generalise,
    k_anonymity,
    l_diversity,
    link_files,
    link_rates,
    match_risk,
    trend_by_year,
    what_is_lost,
)
from crmkit.relations.bonds import (
    attack_model,
    bond_value,
    leaving_rates,
    left_under_attack,
    mean_weeks,
    stay_difference,
    staying_curve,
)
from crmkit.relations.calls import arrival_profile, patience, service_by_hour
from crmkit.relations.chain import branch_trial_effects, chain_check, lagged_links
from crmkit.relations.conversation import (
    all_paths,
    begin,
    by_style,
    choice_values,
    compare_styles,
    mean_score,
    play,
    report,
    say_it,
    show_step,
)
from crmkit.relations.erasure import forget, references_of, traces_of
from crmkit.relations.erlang import agents_needed, erlang_a, erlang_c
from crmkit.relations.gears import two_gears
from crmkit.relations.health import (
    HealthIndex,
    before_leaving,
    compare_scores,
    signal_changes,
    warning_list,
    weighted_index,
)
from crmkit.relations.kinds import (
    break_even_margin,
    choose_kind,
    kept_by_kind,
    renewal_table,
    winback_effects,
)
from crmkit.relations.matching import judge_matching, recommend
from crmkit.relations.messages import (
    address_value,
    feedback_effects,
    frequency_curve,
    frequency_table,
    message_effects,
    message_worth,
    year_of_messages,
)
from crmkit.relations.net import net_by_kind
from crmkit.relations.points import breakage, point_cost, points_liability
from crmkit.relations.privacy import cost_of_leak, count_reasons, may_use, minimise
from crmkit.relations.programme import joined_effects, member_effects, programme_profit
from crmkit.relations.projects import (
    best_split,
    project_outcome,
    project_risk,
    project_splits,
)
from crmkit.relations.repair import made_good, repair_effects
from crmkit.relations.satisfaction import (
    by_level,
    level_gap,
    promoter_score,
    promoter_ways,
    still_there,
)
from crmkit.relations.scenes import read_scene, scene_names
from crmkit.relations.staffing import erlang_check, replay_plan, staff_plan
from crmkit.relations.stages import (
    age_change,
    by_age,
    judge_stages,
    quarters_of,
    read_stages,
    stage_moves,
)
from crmkit.relations.stamps import goal_gradient
from crmkit.relations.systems import (
    agent_effects,
    desk_gains,
    desk_rules,
    mix_people,
    next_offer,
    separate,
    simulate_desk,
    sort_systems,
)
from crmkit.relations.thresholds import threshold_density, threshold_effect
from crmkit.relations.waiting import effect_of_waiting

__all__ = [
    "HealthIndex",
    "account_plan",
    "address_value",
    "age_change",
    "agent_effects",
    "agents_needed",
    "all_paths",
    "arrival_profile",
    "attack_model",
    "before_leaving",
    "begin",
    "best_split",
    "bond_value",
    "branch_trial_effects",
    "break_even_margin",
    "breakage",
    "by_age",
    "by_level",
    "by_style",
    "chain_check",
    "choice_values",
    "choose_kind",
    "class_sizes",
    "compare_scores",
    "compare_styles",
    "cost_of_leak",
    "count_reasons",
    "desk_gains",
    "desk_rules",
    "effect_of_waiting",
    "erlang_a",
    "erlang_c",
    "erlang_check",
    "feedback_effects",
    "forget",
    "frequency_curve",
    "frequency_table",
    "generalise",
    "goal_gradient",
    "joined_effects",
    "judge_matching",
    "judge_stages",
    "k_anonymity",
    "kept_by_kind",
    "l_diversity",
    "lagged_links",
    "leaving_rates",
    "left_under_attack",
    "level_gap",
    "link_files",
    "link_rates",
    "made_good",
    "match_risk",
    "may_use",
    "mean_score",
    "mean_weeks",
    "member_effects",
    "message_effects",
    "message_worth",
    "minimise",
    "mix_people",
    "net_by_kind",
    "next_offer",
    "patience",
    "play",
    "point_cost",
    "points_liability",
    "programme_profit",
    "project_outcome",
    "project_risk",
    "project_splits",
    "promoter_score",
    "promoter_ways",
    "quarters_of",
    "read_scene",
    "read_stages",
    "recommend",
    "references_of",
    "renewal_table",
    "repair_effects",
    "replay_plan",
    "report",
    "say_it",
    "scene_names",
    "separate",
    "service_by_hour",
    "show_step",
    "signal_changes",
    "simulate_desk",
    "sort_systems",
    "staff_plan",
    "stage_moves",
    "stay_difference",
    "staying_curve",
    "still_there",
    "threshold_density",
    "threshold_effect",
    "traces_of",
    "trend_by_year",
    "two_gears",
    "warning_list",
    "weighted_index",
    "what_is_lost",
    "winback_effects",
    "year_of_messages",
]
