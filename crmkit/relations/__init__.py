"""Keeping customers: answers in time, what waiting costs, and what a conversation does to trust."""

from crmkit.relations.calls import arrival_profile, patience, service_by_hour
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
from crmkit.relations.scenes import read_scene, scene_names
from crmkit.relations.staffing import erlang_check, replay_plan, staff_plan
from crmkit.relations.waiting import effect_of_waiting

__all__ = [
    "agents_needed",
    "all_paths",
    "arrival_profile",
    "begin",
    "by_style",
    "choice_values",
    "compare_styles",
    "effect_of_waiting",
    "erlang_a",
    "erlang_c",
    "erlang_check",
    "mean_score",
    "patience",
    "play",
    "read_scene",
    "replay_plan",
    "report",
    "say_it",
    "scene_names",
    "service_by_hour",
    "show_step",
    "staff_plan",
]
