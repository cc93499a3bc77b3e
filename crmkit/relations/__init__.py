"""Keeping customers: answers in time, and what waiting costs."""

from crmkit.relations.calls import arrival_profile, patience, service_by_hour
from crmkit.relations.erlang import agents_needed, erlang_a, erlang_c
from crmkit.relations.staffing import erlang_check, replay_plan, staff_plan
from crmkit.relations.waiting import effect_of_waiting

__all__ = [
    "agents_needed",
    "arrival_profile",
    "effect_of_waiting",
    "erlang_a",
    "erlang_c",
    "erlang_check",
    "patience",
    "replay_plan",
    "service_by_hour",
    "staff_plan",
]
