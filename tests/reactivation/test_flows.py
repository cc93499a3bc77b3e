"""Flows, the price of a leak, and waking against winning: worked by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from crmkit.errors import CrmkitError
from crmkit.reactivation import (
    break_even,
    bucket,
    first_margin,
    refill,
    share_moves,
    state_flows,
    wake_or_win,
)

ENDS = pd.to_datetime(["2025-01-31", "2025-02-28", "2025-03-31"])


def test_moves_are_shares_of_those_who_were_there() -> None:
    states = pd.DataFrame([[0, 1, 1], [0, 0, 3], [3, 0, 0], [-1, 0, 0]], columns=ENDS)
    moves = share_moves(state_flows(states))
    # Awake at a month's end: 1, 2 in January; 2, 3, 4 in February.
    assert moves.loc["awake", ["awake", "drowsy", "asleep"]].tolist() == [0.6, 0.2, 0.2]
    assert moves.loc["asleep", "awake"] == 1
    assert moves.loc["half-asleep"].isna().all(), "nobody was there"


def test_refilling_counts_net_over_all_months_and_never_more_than_was_spent() -> None:
    water = pd.DataFrame({"new": [10, 10], "woke": [5, 0], "fell_asleep": [0, 9]})
    assert refill(water, 10) == {"spent": 200, "net_leak": 4, "replaced": 40, "share": 0.2}
    flood = refill(water.assign(fell_asleep=[50, 50]), 10)
    assert (flood["replaced"], flood["share"]) == (200, 1)
    assert refill(water.assign(woke=[50, 50]), 10)["replaced"] == 0
    states = pd.DataFrame([[0, 3, 0], [-1, 0, 0]], columns=ENDS)
    assert refill(bucket(state_flows(states)), 7)["net_leak"] == 0


def test_the_first_margin_counts_whole_windows_and_those_who_bought_nothing() -> None:
    orders = pd.DataFrame(
        {
            "customer_id": [1, 1, 2, 3],
            "order_date": ["2025-01-01", "2025-01-30", "2025-01-31", "2025-03-25"],
            "margin": [10.0, 5.0, 8.0, 99.0],
        }
    )
    customers = pd.DataFrame(
        {
            "customer_id": [1, 2, 3, 4],
            "customer_since": ["2025-01-01", "2025-01-01", "2025-03-20", "2025-01-01"],
        }
    )
    # Day 30 is the last that counts; the third joined too late to be watched; the fourth bought nothing.
    assert first_margin(orders, customers, 30, as_of="2025-03-31") == pytest.approx(15 / 3)
    assert first_margin(orders, customers, 31, as_of="2025-03-31") == pytest.approx(23 / 3)
    with pytest.raises(CrmkitError, match="nobody joined 300 days"):
        first_margin(orders, customers, 300)


def test_waking_is_ahead_only_where_the_whole_interval_says_so() -> None:
    effects = pd.DataFrame(
        {
            "arm": ["sure", "open", "dear", "no price"],
            "effect": [0.06, 0.06, 0.06, 0.06],
            "low": [0.04, -0.01, 0.04, 0.04],
            "high": [0.08, 0.13, 0.08, 0.08],
        }
    )
    costs = pd.Series({"sure": 0.6, "open": 0.6, "dear": 9.0, "control": 0.0})
    table = wake_or_win(effects, costs, 30, 100, 90)
    line = 100 / 30 * 0.6 / 90
    assert table.loc["sure", "break_even"] == pytest.approx(line)
    assert 0.04 > line > -0.01
    assert table["ahead"].to_dict() == {"sure": "waking", "open": "cannot tell", "dear": "winning"}
    assert table.loc["sure", ["times", "times_low", "times_high"]].tolist() == pytest.approx(
        [3, 2, 4]
    )
    assert table.loc["open", "times_low"] == 0
    plain = break_even(30, 100, 0.6, 90, 0.06)
    assert table.loc["sure", "times"] == pytest.approx(plain["times"])
    assert np.isclose(line, plain["break_even_uplift"])
