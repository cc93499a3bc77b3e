"""Models of forgetting: limits, fits, errors."""

import numpy as np
import pandas as pd
import pytest

from crmkit.brand import (
    BaseLevel,
    Exponential,
    MemoryChain,
    Power,
    compare_models,
    exposure_ages,
    spacing_weights,
)
from crmkit.errors import CrmkitError

KNOWN = [
    Exponential.known(learning=0.5, decay=0.1),
    Power.known(learning=0.8, decay=0.5),
    MemoryChain.known(learning=0.6, decay_fast=0.5, transfer=0.06, decay_slow=0.02),
    BaseLevel.known(decay=0.9, threshold=0.5, noise=0.8),
]
NONE = np.full((1, 1), np.nan)


@pytest.mark.parametrize("model", KNOWN, ids=lambda model: model.label)
def test_no_exposure_is_no_recall(model):
    assert model.recall(NONE)[0] == 0.0
    assert model.recall([[-3.0]])[0] == 0.0  # a contact still to come


@pytest.mark.parametrize("model", KNOWN, ids=lambda model: model.label)
def test_one_exposure_fades_and_stays_a_probability(model):
    recall = model.recall(np.linspace(0, 520, 200)[:, None])
    assert ((recall >= 0) & (recall <= 1)).all()
    assert (np.diff(recall) <= 1e-12).all()
    assert recall[-1] < recall[0] / 2


@pytest.mark.parametrize("model", KNOWN, ids=lambda model: model.label)
def test_massed_exposures_add_up_and_equal_one_weighted_contact(model):
    massed = np.full((1, 8), 4.0)
    assert model.recall(massed)[0] == pytest.approx(model.recall([[4.0]], weights=[[8.0]])[0])
    assert model.strength(massed)[0] == pytest.approx(8 * model.strength([[4.0]])[0])
    assert model.recall(massed)[0] > model.recall([[4.0]])[0]
    endless = model.recall([[4.0]], weights=[[1e9]])[0]
    assert endless == pytest.approx(1.0, abs=1e-3)  # enough contacts and everybody recalls


def test_memory_chain_limits():
    """No transfer is one store; equal decays are no division by zero; a full chain peaks later than its fast
    store."""
    alone = MemoryChain.known(learning=0.6, decay_fast=0.5, transfer=0.0, decay_slow=0.02)
    one = Exponential.known(learning=0.6, decay=0.5)
    ages = np.array([[0.0], [1.0], [10.0]])
    assert np.allclose(alone.recall(ages), one.recall(ages))
    equal = MemoryChain.known(learning=0.6, decay_fast=0.1, transfer=0.05, decay_slow=0.1)
    near = MemoryChain.known(learning=0.6, decay_fast=0.1, transfer=0.05, decay_slow=0.1 + 1e-7)
    assert np.isfinite(equal.recall(ages)).all()
    assert np.allclose(equal.recall(ages), near.recall(ages), atol=1e-6)
    # by hand: learning * exp(-a t) * (1 + transfer * t) when both decays are a
    assert equal.kernel(10.0) == pytest.approx(0.6 * np.exp(-1) * 1.5)


def test_memory_chain_holds_its_numbers_whichever_store_is_the_faster():
    """A search for the best fit passes through decays of 20 a week and ages of a year: nothing may overflow."""
    ages = np.array([0.0, 1.0, 52.0, 1000.0])
    with np.errstate(all="raise", under="ignore"):
        for fast, slow in ((1e-4, 20.0), (20.0, 1e-4)):
            model = MemoryChain.known(learning=1.0, decay_fast=fast, transfer=0.5, decay_slow=slow)
            by_hand = np.exp(-fast * ages) + 0.5 * (np.exp(-slow * ages) - np.exp(-fast * ages)) / (
                fast - slow
            )
            assert model.kernel(ages).tolist() == pytest.approx(by_hand.tolist())


def test_base_level_one_contact_by_hand():
    """ACT-R: recall is even where the activation, -d ln t, meets the threshold."""
    model = BaseLevel.known(decay=0.5, threshold=-0.5 * np.log(9), noise=0.3)
    assert model.recall([[9.0]])[0] == pytest.approx(0.5)
    assert np.isfinite(
        model.recall([[0.0]])[0]
    )  # at age zero the power has no value: an hour is the least
    two = model.strength([[1.0, 4.0]])[0]
    assert two == pytest.approx(1 + 0.5)


def test_half_life_against_closed_form():
    weak = Exponential.known(learning=1e-4, decay=np.log(2) / 6)
    assert weak.half_life_weeks() == pytest.approx(6, abs=0.01)
    strong = Exponential.known(learning=1.0, decay=np.log(2) / 6)
    assert (
        strong.half_life_weeks() > 6
    )  # recall saturates: the strength halves in six weeks, recall later
    assert strong.half_life_weeks(exposures=8) > strong.half_life_weeks(exposures=2)
    with pytest.raises(CrmkitError, match="at least one contact"):
        strong.half_life_weeks(exposures=0)
    endless = Exponential.known(learning=1.0, decay=0.0)
    assert endless.half_life_weeks() == float("inf")
    with pytest.raises(CrmkitError, match="Nothing is recalled"):
        Exponential.known(learning=0.0, decay=0.1).half_life_weeks()
    with pytest.raises(CrmkitError, match="negative"):
        strong.half_life_weeks(exposures=3, gap_weeks=-1)


def test_spacing_weights():
    ages = exposure_ages(
        pd.DataFrame({"exposures": [3, 3], "gap_weeks": [0, 2], "weeks_after": [1, 1]})
    )
    weight = spacing_weights(ages, massing=0.6)
    assert weight[0].tolist() == pytest.approx([0.4, 0.4, 1.0])
    assert weight[1].tolist() == pytest.approx([1 - 0.15, 1 - 0.15, 1.0])
    for massing, fade in ((2.0, 1.0), (-0.1, 1.0), (0.5, 0.0)):
        with pytest.raises(CrmkitError, match="massing is a share"):
            spacing_weights(ages, massing, fade)


def _draw(model, seed, people=3000):
    rng = np.random.default_rng(seed)
    trials = pd.DataFrame(
        {
            "exposures": rng.choice([1, 2, 4, 8], people),
            "gap_weeks": rng.choice([0, 1, 4], people),
            "weeks_after": rng.choice([0.5, 1, 2, 4, 8, 16, 30, 52], people),
        }
    )
    ages = exposure_ages(trials)
    return ages, (rng.random(people) < model.recall(ages)).astype(int)


@pytest.mark.parametrize("model", KNOWN, ids=lambda model: model.label)
def test_each_model_finds_its_own_parameters(model):
    ages, recalled = _draw(model, seed=5)
    fitted = type(model)().fit(ages, recalled)
    table = fitted.estimates_.set_index("parameter")
    for name, value in model.params_.items():
        # a wider level than the coverage test's: one draw, several parameters
        spread = (table.high[name] - table.low[name]) / 2
        assert abs(table.estimate[name] - value) < 2.2 * spread, name


@pytest.mark.parametrize("model", KNOWN, ids=lambda model: model.label)
def test_intervals_cover_the_truth_nineteen_times_in_twenty(model):
    inside = []
    for seed in range(30):
        ages, recalled = _draw(model, seed=1000 + seed, people=1500)
        table = type(model)().fit(ages, recalled).estimates_.set_index("parameter")
        inside += [
            table.low[name] <= value <= table.high[name] for name, value in model.params_.items()
        ]
    # the parameters of one draw hang together: allow 30 independent draws' worth of luck (binomial, 0.3 %)
    assert 0.83 <= np.mean(inside) < 1.0  # and intervals that always cover would be too wide


def test_held_out_likelihood_finds_the_model_that_made_the_data():
    ages, recalled = _draw(
        MemoryChain.known(learning=0.7, decay_fast=1.2, transfer=0.1, decay_slow=0.01), 3, 4000
    )
    table = compare_models(ages, recalled, seed=2)
    assert table.model[0] == "memory chain"
    assert (table.behind_best >= 0).all()
    behind = table.set_index("model").behind_best["exponential"]
    assert behind > 2 * table.set_index("model").behind_se["exponential"]
    mixed = np.random.default_rng(1).permutation(
        len(recalled)
    )  # the order of the rows changes nothing
    again = compare_models(ages[mixed], recalled[mixed], seed=2)
    pd.testing.assert_frame_equal(table, again)


def test_counts_and_single_answers_give_the_same_fit():
    ages, recalled = _draw(KNOWN[0], 9, 400)
    single = Exponential().fit(ages, recalled)
    unique, inverse = np.unique(np.nan_to_num(ages, nan=-1.0), axis=0, return_inverse=True)
    inverse = inverse.reshape(-1)
    counted = Exponential().fit(unique, np.bincount(inverse, recalled), asked=np.bincount(inverse))
    assert counted.params_ == pytest.approx(single.params_, rel=1e-3)
    assert counted.log_likelihood_ == pytest.approx(single.log_likelihood_)


def test_a_brand_nobody_recalls_leaves_the_others_their_intervals():
    ages, recalled = _draw(KNOWN[0], 9, 400)
    alone = Exponential().fit(ages, recalled, groups=["Known"] * 400)
    both = Exponential().fit(
        np.vstack([ages, np.full((30, ages.shape[1]), np.nan)]),
        np.append(recalled, np.zeros(30)),
        groups=["Known"] * 400 + ["Unknown"] * 30,
    )
    table = both.estimates_.set_index("parameter")
    assert both.bases_["Unknown"] < 1e-3
    assert table.loc["base Unknown", ["low", "high"]].isna().all()
    rest = alone.estimates_.set_index("parameter").loc[["learning", "decay"]]
    assert rest.notna().all(axis=None)
    assert np.allclose(table.loc[rest.index], rest, rtol=1e-3)


def test_rows_with_nobody_asked_change_nothing():
    ages, recalled = _draw(KNOWN[0], 9, 400)
    plain = Exponential().fit(ages, recalled)
    more = np.vstack([ages, np.full((2, ages.shape[1]), 1.0)])
    padded = Exponential().fit(
        more, np.append(recalled, [0, 0]), asked=np.append(np.ones(400), [0, 0])
    )
    assert padded.params_ == pytest.approx(plain.params_)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"weights": [[-1.0], [1.0]]}, "negative"),
        ({"recalled": [2, 1]}, "More people recalled"),
        ({"recalled": [1]}, "row by row"),
        ({"asked": [0, 0], "recalled": [0, 0]}, "Nobody was asked"),
        ({"recalled": [np.nan, 1]}, "missing"),
        ({"weights": [[np.nan], [1.0]]}, "missing"),
        ({"weights": [[1.0, 1.0, 1.0]]}, "shape"),
        ({"ages": [[np.inf], [1.0]]}, "infinite"),
        ({"ages": [["soon"], ["late"]]}, "`ages` must hold numbers"),
        ({"recalled": ["yes", "no"]}, "`recalled` must hold numbers"),
        ({"ages": [[np.nan], [-1.0]], "recalled": [0, 0]}, "No row has a contact"),
        ({"ages": [[np.nan], [1.0]]}, "never met"),
        ({"groups": ["A", None]}, "1 of them missing"),
        ({"groups": ["A"]}, "it has 1 entries"),
        ({"groups": ["A", "B"], "asked": [1, 0], "recalled": [1, 0]}, "Nobody was asked about B"),
    ],
)
def test_bad_input_is_refused_in_words(change, words):
    given = {"ages": [[1.0], [2.0]], "recalled": [1, 0]} | change
    with pytest.raises(CrmkitError, match=words):
        Exponential().fit(**given)


def test_unknown_parameters_and_unfitted_models():
    with pytest.raises(CrmkitError, match="Missing: decay"):
        Exponential.known(learning=1.0)
    with pytest.raises(CrmkitError, match="makes no sense"):
        Exponential.known(learning=-1.0, decay=0.1)
    with pytest.raises(CrmkitError, match="0 to 1"):
        Exponential.known(learning=1.0, decay=0.1, massing=2.0)
    with pytest.raises(CrmkitError, match="fit"):
        Power().recall([[1.0]])
    with pytest.raises(CrmkitError, match="column gap_weeks is missing"):
        exposure_ages(pd.DataFrame({"exposures": [1], "weeks_after": [1]}))
    trials = pd.DataFrame({"exposures": [2, 1], "gap_weeks": [0, 0], "weeks_after": [1, 1]})
    for wrong, words in (
        ({"exposures": [1, -1]}, r"exposures: 1 of 2 values are below 0, first at row 1 \(-1\)"),
        ({"exposures": [1, 1.5]}, r"whole numbers; rows 1 hold 1\.5"),
        ({"weeks_after": [1, np.nan]}, "weeks_after: 1 of 2 values are missing"),
        ({"gap_weeks": ["daily", 0]}, "daily"),
    ):
        with pytest.raises(CrmkitError, match=words):
            exposure_ages(trials.assign(**wrong))
    with pytest.raises(CrmkitError, match="split"):
        compare_models([[1.0]], [1])
    with pytest.raises(CrmkitError, match="row by row"):
        compare_models([[1.0]] * 9, [1])
