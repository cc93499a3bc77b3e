"""Touchpoints: intervals as published, the weak link found, the trial believed before the promise."""

import numpy as np
import pandas as pd
import pytest

from crmkit.errors import CrmkitError
from crmkit.mix import (
    chain,
    difference,
    first_weak_link,
    promised_rise,
    transition_shares,
    trial_effect,
    weak_links,
    wilson,
)


def test_wilson_as_published():
    """Newcombe 1998 (Statistics in Medicine 17:857), table I, method 3: 81 of 263 gives .2553 to .3662."""
    low, high = wilson(81, 263)
    assert (low, high) == (pytest.approx(0.2553, abs=5e-5), pytest.approx(0.3662, abs=5e-5))
    low, high = wilson(15, 148)
    assert (low, high) == (pytest.approx(0.0624, abs=5e-5), pytest.approx(0.1605, abs=5e-5))


def test_difference_as_published():
    """Newcombe 1998 (Statistics in Medicine 17:873), table II, method 10: 56/70 less 48/80 and 9/10 less 3/10."""
    for counts, published in (
        ((56, 70, 48, 80), (0.0524, 0.3339)),
        ((9, 10, 3, 10), (0.1705, 0.8090)),
    ):
        _, low, high = difference(*counts)
        assert float(low) == pytest.approx(published[0], abs=5e-5)
        assert float(high) == pytest.approx(published[1], abs=5e-5)


def test_the_map_finds_the_webs_unanswered_question(any_world):
    journeys, log = any_world.tables["journeys"], any_world.tables["touchpoint_log"]
    shares = transition_shares(log, journeys[journeys["arm"] != "answered"])
    links = weak_links(shares, "web")
    assert links.loc[links["gap"].idxmin(), "touchpoint"] == "question"
    assert first_weak_link(links) == "question"
    # The lowest share of all is another one, and nothing is wrong with it.
    assert links.loc[links["share"].idxmin(), "touchpoint"] == "advertisement"
    assert not links.set_index("touchpoint").loc["advertisement", "weak"]


def test_links_that_are_alike_are_seldom_called_weak():
    """Six links, no gap in truth: any of them is called weak in one channel of forty, not in one of seven."""
    rng, wrong = np.random.default_rng(6), 0
    for _ in range(150):
        shares = pd.DataFrame(
            {
                "channel": np.repeat(["web", "shop"], 6),
                "step": [*range(1, 7)] * 2,
                "touchpoint": [*"abcdef"] * 2,
                "reached": 300,
                "went_on": rng.binomial(300, 0.7, 12),
            }
        )
        wrong += weak_links(shares, "web")["weak"].any()
    assert wrong / 150 < 0.06


def test_a_trial_counts_ones_and_zeros_like_true_and_false():
    trial = pd.DataFrame(
        {"arm": ["control", "control", "answered", "answered"], "bought": [0, 1, 1, 1]}
    )
    assert trial_effect(trial)["effect"].tolist() == [0.5]
    with pytest.raises(CrmkitError, match="an outcome"):
        trial_effect(trial.assign(bought=[3, 4, 5, 6]))


def test_shares_are_counts(any_world):
    journeys, log = any_world.tables["journeys"], any_world.tables["touchpoint_log"]
    shares = transition_shares(log, journeys)
    web = shares[shares["channel"] == "web"].set_index("step")
    assert (web["went_on"].iloc[:-1].to_numpy() == web["reached"].iloc[1:].to_numpy()).all()
    assert ((shares["low"] <= shares["share"]) & (shares["share"] <= shares["high"])).all()


def test_survivors_are_keener(any_world):
    log = any_world.tables["touchpoint_log"].merge(any_world.truth["journeys"], on="journey_id")
    assert log.groupby("step")["keenness"].mean().is_monotonic_increasing


def test_the_trial_recovers_a_known_effect():
    rng = np.random.default_rng(2)
    inside = 0
    for _ in range(200):
        treated = rng.random(800) < 0.5
        bought = rng.random(800) < np.where(treated, 0.26, 0.18)
        trial = pd.DataFrame({"arm": np.where(treated, "answered", "control"), "bought": bought})
        row = trial_effect(trial).iloc[0]
        inside += row["low"] <= 0.08 <= row["high"]
    assert 0.90 <= inside / 200 <= 0.99


def test_mending_the_link_lets_more_through(any_world):
    journeys, log = any_world.tables["journeys"], any_world.tables["touchpoint_log"]
    asked = log[log["touchpoint"] == "question"].merge(
        journeys[journeys["arm"] != "none"], on="journey_id"
    )
    out = trial_effect(asked[["arm", "went_on", "bought"]]).set_index("outcome")
    assert out.loc["went_on", "low"] > 0
    assert out.loc["bought", "effect"] > 0


def test_no_weak_link_is_none():
    links = pd.DataFrame({"step": [1], "touchpoint": ["door"], "weak": [False]})
    assert first_weak_link(links) is None


@pytest.mark.parametrize(
    ("act", "message"),
    [
        (
            lambda: trial_effect(pd.DataFrame({"arm": ["control"], "bought": [True]})),
            "nobody in the arm",
        ),
        (lambda: trial_effect(pd.DataFrame({"arm": []})), "no rows"),
        (
            lambda: promised_rise(
                pd.DataFrame({"channel": ["web"], "touchpoint": ["till"], "share": [0.5]}),
                "web",
                "till",
                50,
            ),
            "between 0 and 1",
        ),
        (
            lambda: weak_links(
                pd.DataFrame(
                    {
                        "channel": ["web"],
                        "step": 1,
                        "touchpoint": "till",
                        "reached": 5,
                        "went_on": 2,
                    }
                ),
                "web",
            ),
            "at least two",
        ),
        (
            lambda: weak_links(
                pd.DataFrame(
                    {
                        "channel": ["web", "shop"],
                        "step": [1, 2],
                        "touchpoint": ["door", "till"],
                        "reached": 5,
                        "went_on": 2,
                    }
                ),
                "web",
            ),
            "only 'web' has the link door",
        ),
    ],
)
def test_bad_maps_are_refused(act, message):
    with pytest.raises(CrmkitError, match=message):
        act()


def test_a_chain_of_equals_is_a_product():
    assert chain([0.5, 0.4, 0.9]) == pytest.approx([0.5, 0.2, 0.18])


def test_a_chain_agrees_with_drawn_customers():
    rng = np.random.default_rng(4)
    keen = rng.normal(0, 1.2, 200_000)
    left = np.ones(200_000, dtype=bool)
    for p, expected in zip((0.46, 0.76, 0.38), chain([0.46, 0.76, 0.38], 1.2), strict=True):
        left &= rng.random(200_000) < 1 / (1 + np.exp(-(np.log(p / (1 - p)) + keen)))
        assert left.mean() == pytest.approx(expected, abs=0.004)


def test_mending_brings_less_than_multiplying_promises():
    old, new = chain([0.5, 0.4, 0.5], 1.2), chain([0.5, 0.8, 0.5], 1.2)
    promise = (new[1] / new[0]) / (old[1] / old[0])
    assert new[-1] / old[-1] < promise
    with pytest.raises(CrmkitError, match="both excluded"):
        chain([0.5, 1.0])
