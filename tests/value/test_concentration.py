import numpy as np
import pandas as pd
import pytest

from crmkit.errors import CrmkitError
from crmkit.value.concentration import (
    concentration_curve,
    customer_profit,
    customers_for_share,
    gini,
    losing_customers,
    share_table,
    top_share,
    top_share_interval,
)


def test_the_curve_counts_from_the_best_and_ends_at_one():
    curve = concentration_curve([1, 4, 5])
    assert curve["value_share"].tolist() == [0, 0.5, 0.9, 1.0]
    assert curve["customer_share"].tolist() == [0, 1 / 3, 2 / 3, 1.0]


def test_losses_lift_the_curve_above_one_and_bring_it_back():
    curve = concentration_curve([100, 20, -20])
    assert curve["value_share"].max() == pytest.approx(1.2)
    assert curve["value_share"].iloc[-1] == pytest.approx(1.0)
    assert losing_customers([100, 20, -20])["peak_share"] == pytest.approx(1.2)
    assert losing_customers([100, 20, -20])["losing"] == 1


def test_gini_is_half_the_relative_mean_difference():
    values = np.random.default_rng(3).lognormal(size=200)
    by_hand = np.abs(values[:, None] - values[None, :]).mean() / (2 * values.mean())
    assert gini(values) == pytest.approx(by_hand)


def test_gini_of_a_pareto_distribution_is_the_known_one():
    # Pareto with shape a has Gini 1 / (2 a - 1); quantiles stand in for a sample, so no luck is needed.
    a, n = 3.0, 200_000
    values = (1 - (np.arange(n) + 0.5) / n) ** (-1 / a)
    assert gini(values) == pytest.approx(1 / (2 * a - 1), abs=0.001)


def test_gini_with_losses_can_pass_one_and_its_normalised_form_cannot():
    values = [10, 5, -12, 1]
    assert gini(values) > 1
    assert 0 <= gini(values, normalised=True) <= 1
    assert gini([7], normalised=True) == 0


def test_the_share_table_counts_customers_as_it_says():
    table = share_table(np.arange(1, 101), [0.01, 0.2, 1])
    assert table["customers"].tolist() == [1, 20, 100]
    assert table["value_share"].iloc[1] == pytest.approx(sum(range(81, 101)) / 5050)
    assert table["smallest_value"].tolist() == [100, 81, 1]
    assert top_share(np.arange(1, 101), 0.2) == pytest.approx(table["value_share"].iloc[1])


def test_customers_for_share_is_the_smallest_that_reaches_it():
    assert customers_for_share([70, 10, 10, 5, 5], 0.8) == 0.4
    assert customers_for_share([70, 10, 10, 5, 5], 1) == 1.0


def test_order_and_index_of_the_customers_do_not_matter():
    values = pd.Series([5, 1, 9, 2], index=[40, 7, 3, 99])
    assert gini(values) == gini(values.sort_values().reset_index(drop=True))
    assert top_share(values, 0.25) == 9 / 17


def test_one_customer_brings_it_all():
    assert top_share([12.0]) == 1
    assert gini([12.0]) == 0
    assert len(concentration_curve([12.0])) == 2


def test_the_interval_holds_the_share_and_narrows_with_more_customers():
    rng = np.random.default_rng(1)
    small, large = rng.lognormal(size=400), rng.lognormal(size=15_000)
    low, high = top_share_interval(small, draws=200)
    narrow_low, narrow_high = top_share_interval(large, draws=200)
    assert low < top_share(small) < high
    assert narrow_high - narrow_low < (high - low) / 3
    # Too few customers, or no spread: no interval, and never one without width.
    assert np.isnan(top_share_interval(small[:399])).all()
    assert np.isnan(top_share_interval(np.ones(500))).all()
    assert top_share_interval(small, draws=50, seed=4) == top_share_interval(
        small, draws=50, seed=4
    )


def test_profit_keeps_everyone_who_is_in_any_table():
    orders = pd.DataFrame(
        {"customer_id": [5, 5, 9], "turnover": [10.0, 5.0, 2.0], "margin": [4.0, 1.0, 1.0]},
        index=[10, 7, 7],
    )
    costs = pd.DataFrame({"customer_id": [5, 3, 5], "cost": [1.0, 2.0, 1.5]})
    profit = customer_profit(orders, costs, pd.DataFrame({"customer_id": [3, 11]}))
    assert profit["customer_id"].tolist() == [3, 5, 9, 11]
    assert profit["profit"].tolist() == [-2.0, 2.5, 1.0, 0.0]
    assert profit["orders"].tolist() == [0, 2, 1, 0]
    assert customer_profit(orders)["profit"].tolist() == [5.0, 1.0]


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ([], "no rows"),
        ([1.0, np.nan], "missing"),
        ([1.0, "many"], "'many'"),
        ([0, 0, 0], "add up to 0"),
        ([-5, 1], "add up to -4"),
    ],
)
@pytest.mark.parametrize(
    "function", [concentration_curve, top_share, share_table, gini, losing_customers]
)
def test_values_that_have_no_share_are_refused_in_words(function, values, words):
    with pytest.raises(CrmkitError, match=words):
        function(values)


def test_a_share_in_percent_is_recognised():
    with pytest.raises(CrmkitError, match=r"Did you mean 0\.2"):
        top_share([1, 2], 20)


def test_a_missing_column_is_named_with_what_there_is():
    with pytest.raises(CrmkitError, match=r"margin is missing.*turnover"):
        customer_profit(pd.DataFrame({"customer_id": [1], "turnover": [2.0]}))
