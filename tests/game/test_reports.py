"""Reports have the course's columns, the truth is apart, and the functions of the lessons run on them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from crmkit.brand import expand_links, mental_availability
from crmkit.brand.tracker import weekly_recall
from crmkit.companies import from_params
from crmkit.data.catalogue import catalogue
from crmkit.errors import CrmkitError
from crmkit.game.decisions import AS_BEFORE, Experiment, changed
from crmkit.game.engine import step
from crmkit.game.people import company_file
from crmkit.game.reports import Reports, history
from crmkit.game.state import start
from crmkit.reactivation import effect_table, silence
from crmkit.value import (
    assign_tiers,
    cohort_table,
    customer_profit,
    customer_summary,
    rfm_scores,
    top_share,
)

QUARTERS = 3
PLAN = replace(
    changed(
        AS_BEFORE,
        {
            "wake.half_asleep": "reminder",
            "messages.kind": "matched",
            "messages.per_month": 1,
            "research.survey": 200,
            "research.tracker": 600,
            "research.panel": True,
            "winning.referral_reward": 10,
        },
    ),
    experiments=(
        Experiment("do calls wake?", "wake.asleep", "none", "call", 0.4),
        Experiment("bond?", "bonds.kind", "none", "social", 0.3),
    ),
)


@pytest.fixture(scope="module")
def told() -> Reports:
    state = start(customers=600, seed=4)
    found = history(state)
    for _ in range(QUARTERS):
        state, reports = step(state, PLAN, seed=2)
        found = found.add(reports)
    return found


SAME = ("customers", "orders", "order_lines", "products", "cost_to_serve", "engagement")
SAME += ("contacts", "introductions", "acquisition_spend", "brand_pressure")
SAME += ("tracker_respondents", "tracker_answers", "brand_words")


@pytest.mark.parametrize("name", SAME)
def test_tables_have_the_columns_and_types_of_the_course(told, name):
    about = catalogue(from_params(company_file()))[name]
    table = told[name]
    assert [c for c in table.columns if c in about.column_names] == list(about.column_names)
    for column in about.columns:
        values = table[column.name]
        if column.type == "date":
            assert values.dtype.kind == "M", column.name
        elif column.type in ("integer", "boolean"):
            assert values.dtype.kind == {"integer": "i", "boolean": "b"}[column.type], column.name
        if column.required:
            assert values.notna().all(), column.name
    assert not table.duplicated(list(about.key)).any()


def test_what_no_company_knows_is_apart(told):
    hidden = {"lost", "trust", "won_by", "annoyed", "woke_alone", "need_type", "wake_chance"}
    for name, table in told.items():
        seen = set(table.columns) - ({"trust"} if name == "tracker_answers" else set())
        assert not hidden & seen, name
    assert {"game_customers", "game_orders", "sleep_states"} <= set(told.truth)


def test_lessons_on_value_run(told):
    orders = told["orders"]
    summary = customer_summary(orders)
    assert len(summary) == len(told["customers"])
    assert rfm_scores(summary)["F"].between(1, 5).all()
    assert 0.4 < top_share(summary["turnover"], 0.2) < 0.95
    profits = customer_profit(orders, told["cost_to_serve"], told["customers"])
    assert profits["profit"].sum() == pytest.approx(
        orders["margin"].sum() - told["cost_to_serve"]["cost"].sum(), rel=1e-6
    )
    assert assign_tiers(profits["profit"]).nunique() > 2
    assert len(cohort_table(orders, orders["order_date"].max())) > 10
    assert silence(orders)["silent_days"].min() >= 0


def test_lessons_on_experiments_run(told):
    trial = told["trials"].query("experiment == 'do calls wake?' and state == 'asleep'")
    effects = effect_table(trial, "ordered", control="control")
    assert effects["low"].iloc[0] < effects["high"].iloc[0]
    assert set(trial.groupby("arm")["contacted"].mean().round(2)) <= {0.0, 1.0, 0.99, 0.98}


def test_lessons_on_the_brand_run(told):
    weekly = weekly_recall(
        told["brand_pressure"], told["tracker_respondents"], told["tracker_answers"]
    )
    assert len(weekly) == 13 * QUARTERS
    assert weekly["recall"].between(0, 1).all()
    links = expand_links(told["tracker_answers"], told["brand_words"])
    share = mental_availability(links, told["tracker_respondents"])
    assert "Fernwell" in share.reset_index().to_string()


def test_joined_accounts_and_years(told):
    accounts = told["accounts"]
    assert accounts.groupby("quarter").size().nunique() == 1
    assert accounts["quarter"].nunique() == QUARTERS
    assert not told["cost_to_serve"].duplicated(["customer_id", "year"]).any()
    for table in (told["survey"], told["panel"], told["desk"], told["market"]):
        assert table["quarter"].nunique() == QUARTERS


def test_reports_are_a_mapping_and_say_what_is_missing(told):
    assert "orders" in told
    assert "gold" not in told
    with pytest.raises(KeyError, match="there are: customers"):
        told["gold"]
    with pytest.raises(CrmkitError, match="joins Reports"):
        told.add({"orders": pd.DataFrame()})
    assert len(told) == len(list(told))
    assert "orders (" in repr(told)


def test_joining_changes_neither(told):
    before = len(told["orders"])
    told.add(told)
    assert len(told["orders"]) == before
    assert np.isfinite(told["accounts"]["amount"]).all()
