"""Keeping customers: answers in time, what waiting costs, conversations and trust, and whether the satisfied stay."""

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
from crmkit.relations.erlang import agents_needed, erlang_a, erlang_c
from crmkit.relations.health import (
    HealthIndex,
    before_leaving,
    compare_scores,
    signal_changes,
    warning_list,
    weighted_index,
)
from crmkit.relations.satisfaction import (
    by_level,
    level_gap,
    promoter_score,
    promoter_ways,
    still_there,
)
from crmkit.relations.scenes import read_scene, scene_names
from crmkit.relations.staffing import erlang_check, replay_plan, staff_plan
from crmkit.relations.waiting import effect_of_waiting

__all__ = [
    "HealthIndex",
    "agents_needed",
    "all_paths",
    "arrival_profile",
    "before_leaving",
    "begin",
    "branch_trial_effects",
    "by_level",
    "by_style",
    "chain_check",
    "choice_values",
    "compare_scores",
    "compare_styles",
    "effect_of_waiting",
    "erlang_a",
    "erlang_c",
    "erlang_check",
    "lagged_links",
    "level_gap",
    "mean_score",
    "patience",
    "play",
    "promoter_score",
    "promoter_ways",
    "read_scene",
    "replay_plan",
    "report",
    "say_it",
    "scene_names",
    "service_by_hour",
    "show_step",
    "signal_changes",
    "staff_plan",
    "still_there",
    "warning_list",
    "weighted_index",
]
