"""Remembering and buying: lags, controls, reverse cause."""

import numpy as np
import pandas as pd
import pytest

from crmkit.brand import add_lags, effect_in_points, remembering_and_buying
from crmkit.errors import CrmkitError


def _panel(rng, effect, people=300, waves=8, reverse=1.0):
    project = rng.random(people) < 0.3
    recalled = np.zeros(people, dtype=bool)
    rows, true = [], []
    for wave in range(1, waves + 1):
        base = -1.5 + 1.2 * project
        true.append(1 / (1 + np.exp(-(base + effect))) - 1 / (1 + np.exp(-base)))
        bought = rng.random(people) < 1 / (1 + np.exp(-(base + effect * recalled)))
        recalled = rng.random(people) < 1 / (1 + np.exp(-(-1 + reverse * bought + 1.2 * project)))
        rows.append(
            pd.DataFrame(
                {
                    "person_id": range(people),
                    "wave": wave,
                    "project": project,
                    "bought": bought,
                    "recalled": recalled,
                }
            )
        )
    return pd.concat(rows).astype(int), 100 * np.mean(true[1:])


def test_lags_look_back_one_wave_only():
    panel = pd.DataFrame(
        {"person_id": [1, 1, 1, 2], "wave": [1, 2, 4, 3], "recalled": [1, 0, 1, 1]}
    )
    assert add_lags(panel, ["recalled"])[
        ["person_id", "wave", "recalled_before"]
    ].values.tolist() == [[1, 2, 1]]
    with pytest.raises(CrmkitError, match="twice in wave"):
        add_lags(pd.concat([panel, panel.head(1)]), ["recalled"])


def test_effect_with_controls_covers_the_truth_and_the_naive_one_does_not():
    inside, naive = [], []
    for seed in range(40):
        panel, truth = _panel(np.random.default_rng(seed), effect=0.6)
        table = remembering_and_buying(panel, ["project"]).set_index("question")
        careful = table.loc["recalled, then bought; controls"]
        inside.append(careful.low <= truth <= careful.high)
        naive.append(table.loc["same wave", "low"] <= truth <= table.loc["same wave", "high"])
    assert np.mean(inside) >= 0.85
    assert np.mean(naive) <= 0.3


def test_no_effect_is_not_found_though_the_naive_link_is_strong():
    wrong = []
    for seed in range(40):
        panel, _ = _panel(np.random.default_rng(seed), effect=0.0)
        table = remembering_and_buying(panel, ["project"]).set_index("question")
        assert table.loc["same wave", "low"] > 0
        careful = table.loc["recalled, then bought; controls"]
        wrong.append(careful.low > 0 or careful.high < 0)
    assert np.mean(wrong) <= 0.15


def test_two_by_two_by_hand():
    panel = pd.DataFrame({"person_id": range(100), "saw": [0] * 60 + [1] * 40})
    panel["bought"] = [1] * 15 + [0] * 45 + [1] * 20 + [0] * 20
    found = effect_in_points(panel, "bought", "saw")
    assert found.points == pytest.approx(100 * (20 / 40 - 15 / 60))
    error = np.sqrt(0.5 * 0.5 / 40 + 0.25 * 0.75 / 60) * 100
    assert found.high - found.points == pytest.approx(1.96 * error, rel=0.02)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"bought": [1] * 6}, "both 0 and 1"),
        ({"saw": [0, 1, 2, 0, 1, 2]}, "both 0 and 1"),
        ({"bought": [0, 1, None, 0, 1, 0]}, r"bought \(1\)"),
        ({"bought": [0, 0, 0, 1, 1, 1], "saw": [0, 0, 0, 1, 1, 1]}, "perfectly|told apart"),
    ],
)
def test_bad_input(change, words):
    panel = pd.DataFrame(
        {"person_id": range(6), "saw": [0, 1, 0, 1, 0, 1], "bought": [0, 1, 0, 0, 1, 1]}
    ).assign(**change)
    with pytest.raises(CrmkitError, match=words):
        effect_in_points(panel, "bought", "saw")
    with pytest.raises(CrmkitError, match="column heard is missing"):
        effect_in_points(panel, "bought", "heard")


def test_one_wave_or_one_person_tells_nothing_and_one_control_needs_no_list():
    panel, _ = _panel(np.random.default_rng(1), effect=0.6)
    one = remembering_and_buying(panel, "project")
    pd.testing.assert_frame_equal(one, remembering_and_buying(panel, ["project"]))
    with pytest.raises(CrmkitError, match="two waves"):
        remembering_and_buying(panel[panel.wave == 1], ["project"])
    with pytest.raises(CrmkitError, match="two people"):
        effect_in_points(panel.assign(person_id=1), "bought", "project")
    with pytest.raises(CrmkitError, match="`project` must hold numbers"):
        effect_in_points(panel.assign(project="yes"), "bought", "project")
