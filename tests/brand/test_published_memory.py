"""Published figures: Ebbinghaus' table, his curve, repetition against saving; the orders of Zielske's two
schedules."""

import numpy as np
import pytest

from crmkit.brand import (
    BaseLevel,
    Exponential,
    MemoryChain,
    ebbinghaus_curve,
    ebbinghaus_repetitions,
    ebbinghaus_savings,
    fit_retention,
    recall_path,
    zielske_plans,
)
from crmkit.errors import CrmkitError


def test_ebbinghaus_table():
    """Ebbinghaus 1885, chapter VII (1913 translation)."""
    table = ebbinghaus_savings()
    assert table.minutes.tolist() == [19, 63, 525, 1440, 2880, 8640, 44640]
    assert table.savings.tolist() == [0.582, 0.442, 0.358, 0.337, 0.278, 0.254, 0.211]


def test_ebbinghaus_own_curve():
    """Ebbinghaus 1885, section 29: the column "b calculated" of his table, to half a unit of its last digit.

    He counts t from one minute before the end of learning: 20, 64 and 526 minutes where the savings were measured
    after 19, 63 and 525.
    """
    minutes = [20, 64, 526, 1440, 2 * 1440, 6 * 1440, 31 * 1440]
    published = [57.0, 46.7, 34.5, 30.4, 28.1, 24.9, 21.2]
    found = 100 * ebbinghaus_curve(minutes)
    assert np.delete(found, 1) == pytest.approx(np.delete(published, 1), abs=0.05)
    assert int(10 * found[1]) == 467  # 46.77, where he cut the last digit off
    observed = ebbinghaus_savings().savings
    difference = [1.2, -2.5, 1.3, 3.3, -0.3, 0.5, -0.1]
    assert (100 * observed - published).tolist() == pytest.approx(difference, abs=0.05)
    assert ebbinghaus_curve(1.0) == 1.0  # at the end of learning everything is saved
    with pytest.raises(CrmkitError):
        ebbinghaus_curve(0.5)


def test_least_squares_finds_constants_near_his():
    table = ebbinghaus_savings()
    found, fitted = fit_retention(table.minutes, table.savings, "ebbinghaus")
    assert found["k"] == pytest.approx(1.84, abs=0.15)
    assert found["c"] == pytest.approx(1.25, abs=0.15)
    assert found["r_squared"] > 0.97
    assert fitted.shape == (7,)
    drawn = fit_retention(table.minutes, table.savings, "ebbinghaus", at=[19, 100, 44640])[1]
    assert drawn[[0, 2]].tolist() == pytest.approx(fitted[[0, 6]].tolist())


def test_a_power_curve_fits_ebbinghaus_and_an_exponential_does_not():
    """As Murre & Dros 2015 found for his data and their replication."""
    table = ebbinghaus_savings()
    power = fit_retention(table.minutes, table.savings, "power")[0]["r_squared"]
    exponential = fit_retention(table.minutes, table.savings, "exponential")[0]["r_squared"]
    assert power > 0.97
    assert exponential < 0.75
    with pytest.raises(CrmkitError, match="no curve"):
        fit_retention([1, 2, 3], [1, 0.5, 0.4], "straight")
    for minutes, shares in (([1, 2], [0.5, 0.4]), ([1, 2, 3], [0, 0, 0]), ([1, 2, 3], [0.5])):
        with pytest.raises(CrmkitError, match="three points"):
            fit_retention(minutes, shares)


def test_repetition_against_saving():
    """Ebbinghaus 1885, chapter VI: about 12.7 s saved by each repetition, nearly in a straight line."""
    table = ebbinghaus_repetitions()
    each = table.seconds_saved / table.repetitions
    assert each.mean() == pytest.approx(12.7, abs=0.05)
    assert np.corrcoef(table.repetitions, table.seconds_saved)[0, 1] > 0.995


# Calibrated once to Zielske's two peaks and the fall after the burst (Nelder-Mead; see the lesson on schedules).
# What is tested is the orders.
CHAIN = MemoryChain.known(learning=1.1, decay_fast=1.8, transfer=0.114, decay_slow=0.092)
ACT_R = BaseLevel.known(decay=1.36, threshold=0.33, noise=0.96)


def _paths(model, lag):
    return [
        recall_path(plan, model, lag_weeks=lag).recall.to_numpy()
        for plan in zielske_plans().values()
    ]


@pytest.mark.parametrize(
    ("model", "lag"), [(CHAIN, 0.5), (ACT_R, 1.0)], ids=["memory chain", "ACT-R"]
)
def test_zielske_orders(model, lag):
    """Zielske 1959: the burst peaks higher and is half gone in four weeks; spacing ends the year higher."""
    weekly, monthly = _paths(model, lag)
    assert weekly.argmax() == 12
    assert weekly.max() > monthly.max()
    assert weekly[16] / weekly[12] == pytest.approx(0.5, abs=0.06)
    assert monthly[-4:].max() > 3 * weekly[-4:].max()
    assert weekly.max() == pytest.approx(0.63, abs=0.03)
    assert monthly[45:].max() == pytest.approx(0.48, abs=0.03)


def test_zielske_means_and_what_a_model_cannot_do():
    """29 % spaced, 21 % burst over the year: ACT-R has the order, the memory chain two nearly equal means."""
    weekly, monthly = _paths(ACT_R, 1.0)
    assert monthly.mean() > weekly.mean() + 0.02
    weekly, monthly = _paths(CHAIN, 0.5)
    assert abs(monthly.mean() - weekly.mean()) < 0.01


def test_one_store_cannot_do_both():
    """No half-life lets one store reach the burst's peak, its fall, and the end of the spaced year."""
    misses = []
    for half_life in np.linspace(1, 30, 24):
        for learning in np.linspace(0.02, 1.5, 24):
            model = Exponential.known(learning=learning, decay=np.log(2) / half_life)
            weekly, monthly = _paths(model, 0.5)
            fall = weekly[16] / weekly[12]
            misses.append(max(abs(weekly.max() - 0.63), abs(monthly.max() - 0.48), abs(fall - 0.5)))
    assert min(misses) > 0.05
