"""The score: profit, what the base will still bring, health; and how much of it was luck."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from crmkit.errors import CrmkitError
from crmkit.game.decisions import AS_BEFORE, changed
from crmkit.game.play import Game
from crmkit.game.score import (
    MEASURES,
    customer_equity,
    health,
    luck,
    luck_summary,
    measures,
    score,
    score_of,
    standings,
    tournament,
)
from crmkit.game.state import start

SMALL = 80
DEARER = changed(AS_BEFORE, {"prices.level": 1.1})


@pytest.fixture(scope="module")
def game() -> Game:
    return Game(SMALL, seed=5, quarters=3).run(AS_BEFORE)


def test_the_score_is_the_accounts_and_the_future(game: Game) -> None:
    got = score(game)
    assert tuple(got) == MEASURES
    assert got["profit"] == pytest.approx(game.accounts["amount"].sum(), abs=0.01)
    assert got["equity"] == customer_equity(game.state)
    assert got["value"] == pytest.approx(got["profit"] + got["equity"], abs=0.01)
    assert got == score_of(AS_BEFORE, customers=SMALL, seed=5, quarters=3)


def test_a_quarter_is_measured_by_its_own_reports(game: Game) -> None:
    got = measures(game.state, game.reported[-1])
    own = game.reported[-1]
    assert got["profit"] == pytest.approx(own["accounts"]["amount"].sum(), abs=0.01)
    assert got["orders"] == len(own["orders"])
    assert got["customers_active"] == own["orders"]["customer_id"].nunique()
    assert np.isnan(measures(game.state, own, equity=False)["equity"])
    with pytest.raises(CrmkitError, match="accounts"):
        measures(game.state, {"orders": own["orders"]})


def test_equity_looks_ahead_and_discounts(game: Game) -> None:
    near, far = (customer_equity(game.state, quarters=n) for n in (2, 8))
    assert 0 < near < far
    assert customer_equity(game.state, quarters=8, rate=0) > far
    for wrong in ({"quarters": 0}, {"rate": -1}, {"rate": 10}):
        with pytest.raises(CrmkitError):
            customer_equity(game.state, **wrong)


def test_equity_counts_only_those_who_are_customers_today() -> None:
    state = start(SMALL, 5)
    nobody = state.changed(life=vars_changed(state, lost=np.ones(len(state.people), bool)))
    # Letters go on being sent to those who are lost, and nothing comes back.
    assert customer_equity(nobody) < 0


def vars_changed(state, **values):
    from dataclasses import replace

    return replace(state.life, **values)


def test_health_lies_between_0_and_100_and_falls_with_trust(game: Game) -> None:
    state = game.state
    assert 0 < health(state) < 100
    worse = state.changed(life=vars_changed(state, trust=state.life.trust - 2))
    assert health(worse) == pytest.approx(health(state) - 100 * 0.2 / 3, abs=1)
    gone = state.changed(life=vars_changed(state, last_order=np.full(len(state.people), -(10**6))))
    assert health(gone) == 0


def test_luck_is_shown_beside_the_one_run(game: Game) -> None:
    runs = luck(game, 6)
    assert runs["run"].tolist() == list(range(7))
    assert runs.loc[0, "value"] == score(game)["value"]
    assert runs["profit"].nunique() == 7
    shown = luck_summary(runs).set_index("measure")
    assert shown.index.tolist() == list(MEASURES)
    assert (shown["low"] <= shown["high"]).all()
    assert (shown["came"] - shown["mean"]).tolist() == pytest.approx(shown["luck"].tolist())
    again = luck(game, 2)
    pd.testing.assert_frame_equal(again, runs.iloc[:3])
    with pytest.raises(CrmkitError, match="No quarter"):
        luck(Game(SMALL))


def test_plans_are_compared_on_the_same_luck() -> None:
    games = tournament(
        {"as before": AS_BEFORE, "dearer": DEARER}, [1, 2, 3], customers=SMALL, quarters=2
    )
    assert len(games) == 6
    table = standings(games, "as before", measure="profit").set_index("plan")
    wide = games.pivot_table(index="seed", columns="plan", values="profit")
    more = (wide["dearer"] - wide["as before"]).mean()
    assert table.loc["dearer", "more"] == pytest.approx(more)
    assert table.loc["as before", "more"] == 0
    assert table["mean"].is_monotonic_decreasing
    # Pairs on the same luck differ less than games on different luck.
    assert (wide["dearer"] - wide["as before"]).std() < wide["dearer"].std()
    with pytest.raises(CrmkitError, match="no plan 'nobody'"):
        standings(games, "nobody")
