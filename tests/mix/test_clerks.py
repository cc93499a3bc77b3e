"""The two clerks: the story comes out, its opposite too, and exact sums agree with drawn visitors."""

import itertools

import numpy as np
import pandas as pd
import pytest

from crmkit.errors import CrmkitError
from crmkit.mix import (
    ClerkGame,
    Shop,
    best_questions,
    chance_fits,
    clerk_results,
    question_worth,
    simulate_shop,
    where_a_wins,
    wilson,
)


@pytest.fixture(scope="module")
def shop(world):
    return Shop(world.tables["solutions"], world.truth["shop_visitors"])


def test_a_loses_and_b_wins(shop):
    results = clerk_results(shop).set_index(["clerk", "questions"])["conversion"]
    best = results["B"].max()
    assert best > 2 * results["A", 0]
    # A few questions pay, all six do not.
    assert 2 <= results["B"].idxmax() <= 4
    assert results["B", 6] < best


def test_a_wins_with_a_hurried_customer_who_knows(shop):
    grid = where_a_wins(shop, [0, 0.25, 0.5, 0.75, 1], [0, 0.5, 1])
    table = grid.pivot(index="knows", columns="hurried", values="b_less_a")
    assert table.loc[0].min() > 0.1
    assert table.loc[1].max() < 0
    # Hurry helps A, knowing helps A.
    assert (table.diff().dropna() < 0).all(axis=None)
    assert (table.loc[:0.75].diff(axis=1).dropna(axis=1) < 0).all(axis=None)


def test_where_a_wins_agrees_with_the_results_of_the_shop(shop):
    results = clerk_results(shop)
    here = where_a_wins(shop, [shop.knows], [shop.hurried]).iloc[0]
    assert here["a"] == pytest.approx(results.loc[0, "conversion"])
    assert here["b"] == pytest.approx(results.loc[1:, "conversion"].max())


def test_exact_sums_agree_with_drawn_visitors(shop):
    exact = clerk_results(shop, order=["job", "wall", "tool", "skill", "spend", "often"])
    for clerk, k in (("A", 0), ("B", 0), ("B", 2), ("B", 4)):
        asked = ["job", "wall", "tool", "skill"][:k]
        drawn = simulate_shop(shop, clerk, 40_000, 3, questions=asked)
        row = exact[(exact["clerk"] == clerk) & (exact["questions"] == k)].iloc[0]
        for name, mean in (
            ("conversion", drawn["bought"].mean()),
            ("fits", drawn["fits"].mean()),
            ("minutes", drawn["minutes"].mean() / 10),
            ("stays", 1 - drawn["left_early"].mean()),
        ):
            expected = row[name] / 10 if name == "minutes" else row[name]
            assert mean == pytest.approx(expected, abs=0.012), (clerk, k, name)


def test_recorded_conversations_bear_the_model_out(any_world):
    """Conversion by clerk and planned questions lies where the exact sums say, within chance."""
    shop = Shop(any_world.tables["solutions"], any_world.truth["shop_visitors"])
    talks = any_world.tables["shop_conversations"]
    a = talks[talks["clerk"] == "A"]["bought"]
    low, high = wilson(a.sum(), len(a))
    assert low - 0.03 < clerk_results(shop, order=[]).loc[0, "conversion"] < high + 0.03
    b = talks[(talks["clerk"] == "B") & (talks["planned_questions"] >= 2)]["bought"]
    assert b.mean() > a.mean() + 0.05


def test_more_answers_never_hurt_the_fit_and_information_is_never_negative(shop):
    for k in range(len(shop.questions)):
        for asked in itertools.combinations(shop.questions, k):
            for extra in set(shop.questions) - set(asked):
                assert chance_fits(shop, [*asked, extra]) >= chance_fits(shop, asked) - 1e-9
        if k == 2:
            break
    worth = question_worth(shop)
    assert (worth[["bits", "worth"]] >= -1e-12).all(axis=None)


def test_bits_are_shannons():
    shop = Shop.example()
    shop.truthful = 1.0
    entropy = -(0.7 * np.log2(0.7) + 0.3 * np.log2(0.3))
    assert question_worth(shop)["bits"].iloc[0] == pytest.approx(entropy)


def test_information_is_not_worth(shop):
    """A question can tell much about the visitor and nothing for the offer."""
    worth = question_worth(shop).set_index("question")
    assert worth["bits"].rank().loc["tool"] > worth["worth"].rank().loc["tool"]


def test_greedy_questions_are_nearly_the_best_set(shop):
    for k in (1, 2, 3):
        best = max(chance_fits(shop, s) for s in itertools.combinations(shop.questions, k))
        assert chance_fits(shop, best_questions(shop, k)) > best - 0.03


def test_the_game_goes_by_the_shops_rules(shop):
    sold = 0
    for seed in range(400):
        game = ClerkGame(shop, seed)
        for question in ("job", "wall", "tool"):
            game.ask(question)
        game.offer(shop.recommend(game.answers))
        assert game.over
        assert game.result
        sold += game.sold
    expected = clerk_results(shop, order=["job", "wall", "tool"])["conversion"].iloc[-1]
    assert sold / 400 == pytest.approx(expected, abs=0.08)
    before = game.result
    assert game.ask("spend") == before
    assert game.offer(shop.names[0]) == before


def test_the_same_seed_brings_the_same_visitor(shop):
    assert ClerkGame(shop, 5).case == ClerkGame(shop, 5).case


def test_bad_shops_and_questions_are_refused(shop):
    with pytest.raises(CrmkitError, match="no rows"):
        Shop(shop.solutions, shop.visitors.iloc[:0])
    with pytest.raises(CrmkitError, match="below 0"):
        Shop(shop.solutions, shop.visitors.assign(share=-1.0))
    with pytest.raises(CrmkitError, match="share between 0 and 1"):
        Shop(shop.solutions, shop.visitors, knows=15)
    with pytest.raises(CrmkitError, match="Somebody must come in"):
        Shop(shop.solutions, shop.visitors.assign(share=0.0))
    with pytest.raises(CrmkitError, match="same answer to wall"):
        Shop(shop.solutions, shop.visitors.assign(wall="wood"))
    with pytest.raises(CrmkitError, match="visitors, spend"):
        Shop(
            shop.solutions,
            shop.visitors.assign(spend=["a little", "up to 30"] * (len(shop.visitors) // 2)),
        )
    with pytest.raises(CrmkitError, match="no question 'age'"):
        shop.likelihood("age", "40")
    with pytest.raises(CrmkitError, match="no answer 'steel'"):
        shop.posterior({"wall": "steel"})
    with pytest.raises(CrmkitError, match="asked twice"):
        chance_fits(shop, ["job", "job"])
    with pytest.raises(CrmkitError, match="clerk is"):
        simulate_shop(shop, "C", 10, 1)
    with pytest.raises(CrmkitError, match="no solution"):
        ClerkGame(shop, 1).offer("dynamite")
    with pytest.raises(CrmkitError, match="none of the columns"):
        Shop(shop.solutions, pd.DataFrame({"share": [1.0]}))
