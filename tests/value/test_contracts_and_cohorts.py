"""sBG by its published figures, and cohort tables by a slow count."""

import numpy as np
import pandas as pd
import pytest

from crmkit.errors import CrmkitError
from crmkit.inference import wilson
from crmkit.value import ContractModel, cohort_table

# Fader & Hardie (2007), J. Interactive Marketing 21(1): share of two cohorts still there, years 0 to 12.
HIGH_END = [1, 0.869, 0.743, 0.653, 0.593, 0.551, 0.517, 0.491, 0.468, 0.445, 0.427, 0.409, 0.394]
REGULAR = [1, 0.631, 0.468, 0.382, 0.326, 0.289, 0.262, 0.241, 0.223, 0.207, 0.194, 0.183, 0.173]


@pytest.mark.parametrize(
    ("seen", "years", "alpha", "beta", "year_12"),
    [
        (HIGH_END, 7, 0.668, 3.806, 0.378),
        (REGULAR, 7, 0.704, 1.182, 0.170),
        (HIGH_END, 4, 1.281, 7.790, 0.307),
        (REGULAR, 4, 0.764, 1.296, 0.160),
    ],
)
def test_sbg_as_published(seen, years, alpha, beta, year_12):
    model = ContractModel().fit(1000 * np.array(seen[: years + 1]))
    assert model.params_["alpha"] == pytest.approx(alpha, abs=0.0006)
    assert model.params_["beta"] == pytest.approx(beta, abs=0.0006)
    assert model.survival([12])[0] == pytest.approx(year_12, abs=0.0006)
    assert model.converged_


@pytest.mark.parametrize(
    ("seen", "life"),
    [(HIGH_END, [5.414, 5.901, 6.897, 7.530]), (REGULAR, [2.964, 4.103, 5.894, 6.842])],
)
def test_residual_life_as_published_and_as_a_slow_sum(seen, life):
    model = ContractModel().fit(1000 * np.array(seen[:8]))
    after = np.array([0, 1, 4, 7])
    found = model.residual_life(after, discount=0.1)
    np.testing.assert_allclose(found, life, atol=0.0006)
    ahead = np.arange(1, 400)
    slow = [
        (model.survival(n + ahead) / model.survival([n]) / 1.1 ** (ahead - 1)).sum() for n in after
    ]
    np.testing.assert_allclose(found, slow, rtol=1e-9)


def test_contracts_of_one_age_give_what_their_cohort_gives():
    counts = [1000, 869, 743, 653, 593]
    lost = -np.diff(counts)
    renewals = np.repeat([0, 1, 2, 3, 4], [*lost, counts[-1]])
    ended = np.repeat([True, False], [lost.sum(), counts[-1]])
    cohort, single = ContractModel().fit(counts), ContractModel().fit_contracts(renewals, ended)
    np.testing.assert_allclose(single.params_, cohort.params_, rtol=1e-6)
    np.testing.assert_allclose(single.covariance_, cohort.covariance_, rtol=1e-4)
    assert single.customers_ == 1000


def test_intervals_hold_the_estimate_and_narrow_with_more_customers():
    few, many = (
        ContractModel().fit(size * np.array(HIGH_END[:8])).intervals([0, 1, 12], discount=0.1)
        for size in (300, 3000)
    )
    for table in (few, many):
        for name in ("survival", "residual_life"):
            assert (table[f"{name}_low"] <= table[name] + 1e-12).all()
            assert (table[name] <= table[f"{name}_high"] + 1e-12).all()
    wide = few["survival_high"] - few["survival_low"]
    narrow = many["survival_high"] - many["survival_low"]
    assert wide[0] == 0
    assert (narrow[1:] / wide[1:]).between(0.25, 0.40).all()  # 1 / sqrt(10) = 0.32


@pytest.mark.parametrize(
    ("renewals", "ended", "words"),
    [
        ([1, 2], [True], "2 contracts in one and 1"),
        ([1.5, 2], [True, False], "whole number of times"),
        ([1, 2], [False, False], "nobody has left"),
        ([0, 0], [True, False], "nobody has renewed"),
    ],
)
def test_single_contracts_that_teach_nothing_are_refused(renewals, ended, words):
    with pytest.raises(CrmkitError, match=words):
        ContractModel().fit_contracts(renewals, ended)


def test_known_parameters_have_no_interval():
    with pytest.raises(CrmkitError, match="nothing to be unsure of"):
        ContractModel.from_params({"alpha": 0.7, "beta": 1.2}).intervals([1], discount=0.1)


def test_retention_is_the_ratio_of_survivals_and_rises():
    table = ContractModel.from_params({"alpha": 0.7, "beta": 1.2}).table(10)
    survival = np.append(1, table["survival"])
    np.testing.assert_allclose(table["retention"], survival[1:] / survival[:-1])
    assert (table["retention"].diff().dropna() > 0).all()


@pytest.mark.parametrize(
    ("counts", "words"),
    [
        ([10, 5], "At least three"),
        ([10, 5, 6], "rises from 5 to 6"),
        ([9, 9, 9], "nobody has left"),
    ],
)
def test_contracts_that_teach_nothing_are_refused(counts, words):
    with pytest.raises(CrmkitError, match=words):
        ContractModel().fit(counts)


@pytest.mark.parametrize("period", ["M", "Q", "Y"])
def test_a_cohort_table_is_what_one_counts_by_hand(period):
    rng = np.random.default_rng(1)
    orders = pd.DataFrame(
        {
            "customer_id": rng.integers(0, 60, 400),
            "order_date": pd.Timestamp("2023-01-01")
            + pd.to_timedelta(rng.integers(0, 1000, 400), "D"),
        }
    )
    table = cohort_table(orders, "2025-08-20", period=period)
    assert not table.duplicated(["cohort", "age"]).any()
    day = orders["order_date"].dt.to_period(period)
    first = day.groupby(orders["customer_id"]).min()
    for row in table.itertuples():
        when = pd.Period(row.cohort, period) + row.age
        assert when.end_time <= pd.Timestamp("2025-08-21")
        own = first.index[first == pd.Period(row.cohort, period)]
        bought = orders.loc[
            (day == when) & orders["customer_id"].isin(own), "customer_id"
        ].nunique()
        assert (row.customers, row.bought) == (len(own), bought)
        low, high = wilson(bought, len(own))
        assert np.isnan(row.low) if row.age == 0 else (row.low, row.high) == (low, high)
    with pytest.raises(CrmkitError, match="no period"):
        cohort_table(orders, "2023-01-20", period="Y")
