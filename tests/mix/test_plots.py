"""Plots show the numbers they were given, with axes named and units."""

import numpy as np
import pandas as pd
import pytest

from crmkit.errors import CrmkitError
from crmkit.mix import Shop, clerk_results, plots, psm_curves, psm_points, where_a_wins


def test_clerk_curve_shows_the_conversions():
    results = clerk_results(Shop.example())
    ax = plots.plot_clerk_curve(results)
    shown = ax.lines[0].get_ydata()
    assert np.allclose(shown, 100 * results.query("clerk == 'B'")["conversion"])
    assert "%" in ax.get_ylabel()


def test_where_a_wins_map_is_centred_on_level():
    ax = plots.plot_where_a_wins_map(where_a_wins(Shop.example(), [0, 0.5, 1], [0, 1]))
    low, high = ax.collections[0].get_clim()
    assert low == -high


def test_touchpoint_map_has_a_mark_for_every_channel():
    shares = pd.DataFrame(
        {
            "channel": ["web", "shop"],
            "step": 1,
            "touchpoint": "shelf",
            "share": [0.5, 0.7],
            "low": [0.4, 0.6],
            "high": [0.6, 0.8],
        }
    )
    ax = plots.plot_touchpoint_map(shares)
    assert {text.get_text() for text in ax.get_legend().get_texts()} == {"web", "shop"}


def test_house_map_writes_its_cells():
    ax = plots.plot_house_map(
        pd.DataFrame({"staff": [9, 0], "quality": [0, -3]}, index=["fit", "ready"])
    )
    assert {text.get_text() for text in ax.texts} == {"9", "-3"}


def test_the_meters_band_begins_and_ends_where_lines_cross():
    rows = pd.DataFrame(
        {
            "too_cheap": [2.0, 4],
            "cheap": [4.0, 6],
            "expensive": [8.0, 9],
            "too_expensive": [9.0, 12],
        }
    )
    points = psm_points(rows)
    ax = plots.plot_meter_curves(psm_curves(rows, np.arange(0, 15, 0.5)), points)
    band = ax.patches[0]
    low, high = points.set_index("point")["price"][["lower end", "upper end"]]
    assert (band.get_x(), band.get_x() + band.get_width()) == (low, high)
    lines = {line.get_label(): line.get_ydata() for line in ax.lines}
    assert np.allclose(lines["not cheap"], 100 - lines["cheap"])
    marked = [line.get_xdata()[0] for line in ax.lines if line.get_marker() == "o"]
    assert marked == points.set_index("point")["price"].drop("indifference price").tolist()


def test_profit_curve_marks_prices_at_their_profit():
    ax = plots.plot_profit_curve(np.array([10.0, 20.0]), np.array([0.0, 5000.0]), {"value": 15.0})
    mark = ax.lines[-1]
    assert (mark.get_xdata()[0], mark.get_ydata()[0]) == (15.0, 2.5)


def test_beside_a_rival_a_price_is_marked_at_what_it_earns_there():
    prices = np.array([10.0, 20.0])
    ax = plots.plot_profit_curve(
        prices, 5000 * np.array([0, 1.0]), {"value": 20.0}, beside=np.array([0, 1000.0])
    )
    assert ax.lines[-1].get_ydata()[0] == 1
    assert [line.get_label() for line in ax.lines[:2]] == ["without a rival", "beside the rival"]
    assert ax.get_ylim()[1] > 5


def test_importance_bars_can_show_the_truth():
    found = pd.DataFrame({"lever": ["staff", "kit"], "share": [0.6, 0.4]})
    ax = plots.plot_importance_bars(found, found.assign(share=[0.5, 0.5]))
    assert sorted(bar.get_width() for bar in ax.patches) == [40, 60]
    assert list(ax.lines[0].get_xdata()) == [50, 50]


def test_demand_curves_draw_the_truth_apart():
    x = np.array([1.0, 2.0])
    ax = plots.plot_demand_curves({"truth": (x, x / 4), "learnt": (x, x / 5)})
    assert ax.lines[0].get_linestyle() == "--"


def test_a_frame_without_the_columns_is_refused():
    for plot in (
        plots.plot_clerk_curve,
        plots.plot_touchpoint_map,
        plots.plot_where_a_wins_map,
        plots.plot_importance_ranks,
        plots.plot_recovery_bars,
        plots.plot_importance_bars,
    ):
        with pytest.raises(CrmkitError, match="missing"):
            plot(pd.DataFrame({"x": [1]}))
