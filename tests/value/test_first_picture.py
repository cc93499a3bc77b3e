"""The first picture of unknown customers, on a hand-made case, on the sample, and on CDNOW."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_rgba

from crmkit.data.own.ugly import TILL, ugly_sample
from crmkit.data.own_orders import read_orders
from crmkit.errors import CrmkitError
from crmkit.inference import wilson
from crmkit.style import COLORS, close
from crmkit.value import (
    holdout_split,
    last_year_forecast,
    score_forecasts,
    simulate_orders,
    top_share,
    top_share_interval,
)
from crmkit.value.first_picture import (
    first_picture,
    months_since_last,
    orders_per_customer,
    picture_with_intervals,
    plot_months_since_last,
    plot_orders_per_customer,
    plot_rows_set_aside,
    reading_explorer,
    rule_in_words,
)
from crmkit.value.hidden_year import forecast_hidden_year, value_of_next_year


@pytest.fixture
def orders():
    return pd.DataFrame(
        {
            "customer_id": ["a", "a", "b", "c", "d", "e"],
            "order_date": pd.to_datetime(
                ["2024-01-01", "2024-06-30", "2024-01-15", "2024-06-01", "2024-12-31", "2024-03-01"]
            ),
            "turnover": [40.0, 40.0, 5.0, 5.0, 5.0, 5.0],
        }
    )


def test_the_numbers_of_a_case_done_by_hand(orders):
    seen = first_picture(orders)
    assert seen.to_dict() == {
        "orders": 6, "customers": 5, "turnover": 100, "bought_once": 0.8, "best_fifth": 0.8, "quiet": 0.8,
    }  # fmt: skip
    early = first_picture(orders, "2024-03-01")
    assert early[["customers", "bought_once", "quiet"]].tolist() == [3, 1.0, 0.0]
    assert orders_per_customer(orders).to_dict() == {
        "1": 0.8, "2": 0.2, "3": 0, "4": 0, "5": 0, "6": 0, "7+": 0,
    }  # fmt: skip
    assert months_since_last(orders).loc[[0, 6, 7, 10, 11]].tolist() == [0.2, 0.2, 0.2, 0.2, 0.2]


def test_the_grey_bars_hold_those_who_are_quiet(orders):
    for silent in (179, 180, 182, 183):
        last = orders["order_date"].max()
        late = orders.assign(
            order_date=orders["order_date"].where(
                orders["customer_id"] != "c", last - pd.Timedelta(days=silent)
            )
        )
        ax = plot_months_since_last(late)
        grey = to_rgba(COLORS["muted"])
        bars = [bar.get_height() for bar in ax.containers[0] if bar.get_facecolor() == grey]
        assert sum(bars) == pytest.approx(first_picture(late)["quiet"]), silent
        close(ax.figure)


def test_shares_come_with_intervals_and_none_is_made_up(orders):
    seen = picture_with_intervals(orders)
    assert seen.loc["bought once"].tolist() == [0.8, *wilson(4, 5)]
    assert seen.loc["best fifth", "share"] == 0.8
    assert seen.loc["best fifth", ["low", "high"]].isna().all()
    rng = np.random.default_rng(0)
    many = pd.DataFrame(
        {
            "customer_id": np.arange(400),
            "order_date": pd.Timestamp("2025-01-01") + pd.to_timedelta(np.arange(400), unit="D"),
            "turnover": rng.gamma(0.5, 40, 400),
        }
    )
    found = picture_with_intervals(many).loc["best fifth"]
    assert (found["low"], found["high"]) == top_share_interval(many["turnover"], 0.2)
    assert found["low"] < found["share"] < found["high"]


@pytest.mark.parametrize(
    ("customers", "said"),
    [
        (1, "One customer is too few"),
        (9, "9 customers are too few"),
        (40, "40 customers are too few"),
        (399, "399 customers are too few"),
        (400, "95 % interval"),
    ],
)
def test_a_rule_is_judged_in_words_and_never_by_a_missing_number(customers, said):
    spent = np.random.default_rng(1).gamma(0.5, 40, customers)
    sentence = rule_in_words(spent)
    assert said in sentence
    assert "nan" not in sentence
    assert f"bring {top_share(spent):.0%} of the total" in sentence


def test_the_rule_of_thumb_holds_where_the_interval_holds_it():
    spent = np.random.default_rng(2).lognormal(0, 1.65, 800)
    low, high = top_share_interval(spent)
    assert low < 0.8 < high
    assert "it may hold here" in rule_in_words(spent)
    assert "it does not hold here" in rule_in_words(spent, promised=0.95)
    assert "nothing to test" in rule_in_words([7.0] * 400)


def test_the_rows_set_aside_are_drawn_where_they_lie():
    report = read_orders(ugly_sample()).report
    ax = plot_rows_set_aside(report)
    names = [text.get_text() for text in ax.get_yticklabels()]
    copies = report.set_aside.query("reason == 'exact duplicate'")["row"]
    line = ax.lines[[name.startswith("exact duplicate") for name in names].index(True)]
    assert line.get_xdata().tolist() == copies.tolist()
    assert f"exact duplicate ({len(copies)})" in names
    close(ax.figure)
    clean = read_orders(b"customer,date,amount\nA,2025-01-05,10\n").report
    close(plot_rows_set_aside(clean).figure)
    frame = pd.DataFrame(
        {"customer": ["A", "", "B"], "date": ["2025-01-05"] * 3, "amount": [1, 2, 3]},
        index=["first", "second", "third"],
    )
    labelled = plot_rows_set_aside(read_orders(frame).report)
    assert labelled.lines[0].get_xdata().tolist() == [1]
    close(labelled.figure)


def test_bad_input_says_what_is_missing(orders):
    with pytest.raises(CrmkitError, match="order_date"):
        first_picture(orders.drop(columns="order_date"))
    with pytest.raises(CrmkitError, match="later day"):
        first_picture(orders, "2020-01-01")
    with pytest.raises(CrmkitError, match="reading"):
        reading_explorer({})


def test_the_explorer_says_what_the_pure_functions_say():
    orders = read_orders(ugly_sample()).orders
    readings = {"decided": orders[orders["customer_id"] != TILL], "till counted": orders}
    shown = reading_explorer(readings)
    for reading, frame in readings.items():
        shown.set(reading=reading, as_of=pd.Timestamp("2024-06-30"))
        assert shown.error is None
        seen = first_picture(frame, "2024-06-30")
        assert (
            f"{seen['customers']:.0f} customers, {seen['bought_once']:.0%} of them"
            in shown.sentence
        )
        assert f"{seen['quiet']:.0%} have bought nothing" in shown.sentence
    short = pd.DataFrame(
        {"customer_id": ["a"], "order_date": [pd.Timestamp("2024-05-05")], "turnover": [1.0]}
    )
    assert reading_explorer({"one order": short}).error is None


def test_the_explorer_says_when_its_goal_is_reached():
    orders = read_orders(ugly_sample()).orders
    persons = orders[orders["customer_id"] != TILL]
    shown = reading_explorer({"decided": persons}, goal=0.5)
    assert "You reached it" not in shown.sentence
    assert first_picture(persons, "2023-10-31")["bought_once"] > 0.5
    shown.set(as_of=pd.Timestamp("2023-10-31"))
    assert "You reached it: 50% or more" in shown.sentence


def test_the_pictures_of_lesson_80_are_drawn_from_cdnow():
    """A real log: half of its customers bought once (Fader & Hardie 2001), and most had left by the end."""
    spec = importlib.util.find_spec("lifetimes")
    if spec is None or spec.origin is None:
        pytest.skip("lifetimes is not installed")
    orders, _ = read_orders(Path(spec.origin).parent / "datasets/CDNOW_master.txt")
    seen = first_picture(orders)
    assert 0.45 < seen["bought_once"] < 0.55
    assert 0.7 < seen["quiet"] < 0.95
    for draw, share in (
        (plot_orders_per_customer, orders_per_customer(orders)),
        (plot_months_since_last, months_since_last(orders)),
    ):
        ax = draw(orders)
        heights = [bar.get_height() for bar in ax.containers[0]]
        assert heights == pytest.approx(share.tolist())
        assert np.isclose(sum(heights), 1)
        close(ax.figure)
    shown = reading_explorer({"CDNOW": orders})
    assert shown.error is None
    assert f"{seen['customers']:,.0f} customers" in shown.sentence


def test_the_forecast_of_a_hidden_year_says_which_is_nearer():
    rng = np.random.default_rng(5)
    days = pd.date_range("2023-01-01", "2025-12-31")
    # Everybody buys twice a month and stops for good after the first year: "as last year" has to be wrong.
    rows = [
        (customer, day)
        for customer in range(120)
        for day in rng.choice(days[: 365 + 10 * (customer % 60)], 24)
    ]
    orders = pd.DataFrame(rows, columns=["customer_id", "order_date"]).assign(turnover=10.0)
    orders = pd.concat([orders, orders.tail(1).assign(order_date=days[-1])])
    table = forecast_hidden_year(orders)
    off = (table.loc["total", ["lifetime model", "as last year"]] - 1).abs()
    assert off.iloc[0] < off.iloc[1]
    assert table.loc["total", "model is nearer"] > 0.95
    with pytest.raises(CrmkitError, match="no past to forecast from"):
        forecast_hidden_year(orders.head(1))
    with pytest.raises(CrmkitError, match="customers"):
        forecast_hidden_year(orders[orders["customer_id"] < 2])
    asleep = pd.concat(
        [orders[orders["order_date"] < "2023-06-01"], orders.tail(1).assign(customer_id=999)]
    )
    with pytest.raises(CrmkitError, match="bought in the"):
        forecast_hidden_year(asleep)


def test_the_scores_of_a_hidden_year_are_those_of_score_forecasts():
    orders, _ = simulate_orders({"r": 0.5, "alpha": 8.0, "a": 0.8, "b": 2.4}, customers=250, seed=4)
    table = forecast_hidden_year(orders, draws=50)
    last = orders["order_date"].max()
    hidden = min(365, (last - orders["order_date"].min()).days // 2)
    split = last - pd.Timedelta(days=hidden)
    known = holdout_split(orders, split, last).set_index("customer_id")
    rival = last_year_forecast(orders, split, last)
    scores = score_forecasts(known["holdout_purchase_days"].astype(float), {"rival": rival}).iloc[0]
    wanted = scores[["total", "mean_absolute_error", "top_found"]].astype(float).tolist()
    assert table["as last year"].tolist() == pytest.approx(wanted)
    assert table["model is nearer"].between(0, 1).all()
    again = forecast_hidden_year(orders, draws=50)
    pd.testing.assert_frame_equal(table, again)


def test_the_value_of_next_year_grows_with_the_margin():
    orders, _ = simulate_orders({"r": 0.5, "alpha": 8.0, "a": 0.8, "b": 2.4}, customers=250, seed=4)
    one, two = (value_of_next_year(orders, margin_rate=rate) for rate in (0.2, 0.4))
    assert one.index.name == "customer_id"
    assert len(one) == orders["customer_id"].nunique()
    assert two["lifetime_value"].to_numpy() == pytest.approx(2 * one["lifetime_value"].to_numpy())
    with pytest.raises(CrmkitError):
        value_of_next_year(orders.head(3), margin_rate=0.3)
