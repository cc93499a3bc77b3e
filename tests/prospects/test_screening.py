"""Screening: must-haves and prices are found again, and forecast choices that were held out."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from benchmarks import coverage_prospects_noncustomers as coverage
from benchmarks._coverage import measure
from crmkit.errors import CrmkitError
from crmkit.prospects import OwnWeights, ScreeningModel, compare_choices
from tests.prospects.conftest import Market

SCREENING = next(e for e in coverage.ENTRIES if e.function == "prospects.ScreeningModel.fit")
NEEDS = coverage.NEEDS


def test_the_truth_is_found_again(any_market: Market) -> None:
    choices = any_market.tables["market_choices"]
    needs = [*choices.columns[4:-1]]
    model = ScreeningModel().fit(choices, needs)
    truth = any_market.truth["market_people"].set_index("person_id").loc[model.people_.index]
    must = truth["must_haves"].fillna("").str.get_dummies(";").reindex(columns=needs, fill_value=0)
    found = model.must_haves_
    held = (found["low"] <= must.mean()) & (must.mean() <= found["high"])
    assert held.sum() >= 5
    screens = (must.any(axis=1) | (truth["budget"] < 32)).mean()
    assert model.screens_.low < screens < model.screens_.high
    assert 0.85 < model.screens_.estimate < 0.95
    # A person's own must-haves: told apart far better than by the share of all.
    chance = model.people_.to_numpy()[must.to_numpy() == 1]
    assert chance.mean() > 0.7 > 0.15 > model.people_.to_numpy()[must.to_numpy() == 0].mean()


def test_a_screen_forecasts_choices_held_out_better_than_points(any_market: Market) -> None:
    choices = any_market.tables["market_choices"]
    table = compare_choices(choices, [*choices.columns[4:-1]])
    rivals = table.drop("screen, then points")
    assert (rivals["behind_low"] > 0.02).all()
    assert (table["tasks"] == 500).all()
    assert table["hits"].is_monotonic_increasing


def test_people_who_add_up_points_are_not_called_screeners() -> None:
    rng = np.random.default_rng(3)
    shelf = coverage.shelf(300, rng)
    utility = 1 - 0.09 * shelf["price"] + shelf[NEEDS] @ coverage.WEIGHTS
    utility = (utility + rng.gumbel(size=len(shelf))).to_numpy().reshape(-1, 3)
    buys = utility.max(1) > rng.gumbel(size=len(utility))
    shelf["chosen"] = (
        ((np.arange(3) == utility.argmax(1)[:, None]) & buys[:, None]).ravel().astype(int)
    )
    model = ScreeningModel().fit(shelf, NEEDS)
    assert model.screens_.estimate < 0.2
    table = compare_choices(shelf, NEEDS)
    assert table.loc["points, all alike", "behind_low"] < 0.01


def test_chances_follow_the_rows_and_a_stranger_gets_the_average(fernwell: Market) -> None:
    choices = fernwell.tables["market_choices"]
    needs = [*choices.columns[4:-1]]
    for model in (ScreeningModel().fit(choices, needs), OwnWeights().fit(choices, needs)):
        chance = pd.Series(model.predict(choices), index=choices.index)
        mixed = choices.sample(frac=1, random_state=1)
        assert model.predict(mixed) == pytest.approx(chance[mixed.index].to_numpy())
        task = chance.groupby([choices["person_id"], choices["task"]]).sum()
        assert task.between(0, 1).all()
        strange = model.predict(choices.head(24).assign(person_id=10**6))
        assert np.isfinite(strange).all()
        assert not np.allclose(strange, chance.head(24))


def test_what_is_wrong_is_named(fernwell: Market) -> None:
    choices = fernwell.tables["market_choices"]
    with pytest.raises(CrmkitError, match="column noise is missing"):
        ScreeningModel().fit(choices, ["noise"])
    with pytest.raises(CrmkitError, match="nothing was ever bought"):
        ScreeningModel().fit(choices.assign(chosen=0), ["quick"])
    with pytest.raises(CrmkitError, match="another number"):
        ScreeningModel().fit(choices.iloc[1:], ["quick"])
    with pytest.raises(CrmkitError, match="more than one set chosen"):
        ScreeningModel().fit(choices.assign(chosen=1), ["quick"])
    with pytest.raises(CrmkitError, match="more than 8 tasks"):
        compare_choices(choices, ["quick"], held_out=8)


# With scores of tasks in place of persons: .8.
@pytest.mark.parametrize(("size", "worlds"), [(250, 40)])
def test_intervals_hold(size: int, worlds: int) -> None:
    assert 0.92 <= measure(SCREENING, size, worlds).coverage <= 0.99
