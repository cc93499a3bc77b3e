"""Reading behaviour: from a log to metrics, from metrics to a forecast, and how to tell whether it can be used."""

from crmkit.mining.drift import drift_watch
from crmkit.mining.errors import calibration, error_rates, ranks_right, threshold_by_cost
from crmkit.mining.leakage import forecast_by_cut, leakage_audit, time_split, too_good_alone
from crmkit.mining.log import LogError, read_events
from crmkit.mining.metrics import (
    FAMILIES,
    behaviour_metrics,
    halves,
    metric_list,
    paid_between,
    who_pays_first,
)
from crmkit.mining.models import best_single, boosting, compare_models, logistic
from crmkit.mining.ranking import metric_groups, metrics_in_rounds, rank_metrics
from crmkit.mining.store import QUESTIONS, metric_store

__all__ = [
    "FAMILIES",
    "QUESTIONS",
    "LogError",
    "behaviour_metrics",
    "best_single",
    "boosting",
    "calibration",
    "compare_models",
    "drift_watch",
    "error_rates",
    "forecast_by_cut",
    "halves",
    "leakage_audit",
    "logistic",
    "metric_groups",
    "metric_list",
    "metric_store",
    "metrics_in_rounds",
    "paid_between",
    "rank_metrics",
    "ranks_right",
    "read_events",
    "threshold_by_cost",
    "time_split",
    "too_good_alone",
    "who_pays_first",
]
