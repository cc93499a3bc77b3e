"""Needs: counts and logits give back what was put in; must-haves and implicit needs are found."""

import numpy as np
import pandas as pd
import pytest

from crmkit.errors import CrmkitError
from crmkit.mix import (
    BestWorstModel,
    ShelfModel,
    best_worst_counts,
    compare_importance,
    implicit_needs,
    kano_classes,
    kano_shares,
    must_haves_by_both,
    must_haves_by_ranking,
    must_haves_by_ticking,
    rank_agreement,
    recovery,
    simulate_best_worst,
)

UTILITIES = {"a": 1.4, "b": 0.6, "c": 0.0, "d": -0.5, "e": -1.5}


def test_counts_add_up():
    counts = best_worst_counts(simulate_best_worst(UTILITIES, 300, 1, size=4))
    assert counts["shown"].sum() == 1200
    assert counts["best"].sum() == counts["worst"].sum() == 300
    assert counts["item"].tolist() == list("abcde")


def test_best_worst_logit_recovers_utilities_and_its_errors_are_honest():
    true = pd.Series(UTILITIES) - np.mean(list(UTILITIES.values()))
    inside, off = 0, []
    for seed in range(40):
        fitted = BestWorstModel().fit(simulate_best_worst(UTILITIES, 400, seed, size=4))
        found = fitted.utilities_.set_index("item").loc[list(true.index)]
        inside += int((np.abs(found["utility"] - true) < 1.96 * found["se"]).sum())
        off.append(found["utility"] - true)
    assert np.abs(np.mean(off)) < 0.02
    assert 0.90 <= inside / 200 <= 0.99


def cards_of(own, rng, each):
    """Cards of four, `each` for every customer (row) with utilities of their own (columns)."""
    u = np.repeat(own, each, axis=0)
    items = rng.random(u.shape).argsort(1)[:, :4]
    shown, rows = np.take_along_axis(u, items, 1), np.arange(len(u))
    best = (shown + rng.gumbel(size=items.shape)).argmax(1)
    against = -shown + rng.gumbel(size=items.shape)
    against[rows, best] = -np.inf
    names = np.array(list("abcde"))
    tasks = pd.DataFrame(names[items], columns=[f"item_{i}" for i in range(1, 5)])
    tasks["customer_id"] = np.repeat(np.arange(len(own)), each)
    return tasks.assign(best=names[items[rows, best]], worst=names[items[rows, against.argmax(1)]])


def utilities_of(tasks):
    return BestWorstModel().fit(tasks).utilities_.set_index("item").loc[list("abcde")]


def test_best_worst_errors_allow_for_customers_who_differ():
    """Nine cards each from customers who differ: only errors by customer hold what is to be found often enough."""
    rng, means = np.random.default_rng(8), np.array([0.8, 0.3, 0.0, -0.3, -0.8])
    # What the fit tends to: one card each from very many customers.
    limit = utilities_of(cards_of(means + rng.normal(0, 1, (20_000, 5)), rng, 1))["utility"]
    counts = []
    for _ in range(30):
        tasks = cards_of(means + rng.normal(0, 1, (120, 5)), rng, 9)
        for found in (utilities_of(tasks), utilities_of(tasks.drop(columns="customer_id"))):
            inside = int((np.abs(found["utility"] - limit) < 1.96 * found["se"]).sum())
            counts.append(inside)
    by_customer, as_strangers = np.reshape(counts, (30, 2)).sum(axis=0) / 150
    assert 0.90 <= by_customer <= 0.99
    assert as_strangers < 0.88


def test_best_worst_utilities_follow_what_customers_know_of(any_world):
    """Cards show needs as their owners are aware of them: by the truth, without the needs they do not know of."""
    truth = any_world.truth["needs"]
    aware = np.log(truth["weight"].where(~truth["implicit"], 0.3)) + 1.2 * truth["must_have"]
    aware = aware.groupby(truth["need"]).mean()
    found = BestWorstModel().fit(any_world.tables["best_worst_tasks"]).utilities_.set_index("item")
    assert np.corrcoef(found["utility"], aware.loc[found.index])[0, 1] > 0.98


def test_best_worst_gradient_gives_a_maximum():
    tasks = simulate_best_worst(UTILITIES, 500, 3)
    model = BestWorstModel().fit(tasks)
    u = model.utilities_.set_index("item")["utility"]

    def loglik(u):
        total = 0.0
        for row in tasks.itertuples(index=False):
            items = [getattr(row, f"item_{i}") for i in range(1, 5)]
            rest = [item for item in items if item != row.best]
            total += u[row.best] - np.log(np.exp(u[items]).sum())
            total += -u[row.worst] - np.log(np.exp(-u[rest]).sum())
        return total

    best = loglik(u)
    assert best == pytest.approx(model.loglik_, abs=1e-6)
    for item in UTILITIES:
        for step in (0.05, -0.05):
            assert loglik(u.add(pd.Series({item: step}), fill_value=0)) < best


def test_shelf_logit_recovers_weights():
    rng = np.random.default_rng(5)
    n, weights = 3000, np.array([1.2, 0.4, 0.0])
    met = rng.random((n, 3, 3)) < 0.5
    price = rng.choice([10, 15, 20], size=(n, 3))
    u = -0.5 + met @ weights - 0.08 * price + rng.gumbel(size=(n, 3))
    chosen = np.column_stack([rng.gumbel(size=n), u]).argmax(1)[:, None] == np.arange(1, 4)
    shelf = pd.DataFrame(
        {
            "customer_id": np.repeat(np.arange(n), 3),
            "task": 1,
            "price": price.ravel(),
            **{name: met[:, :, i].ravel().astype(int) for i, name in enumerate("xyz")},
            "chosen": chosen.ravel().astype(int),
        }
    )
    model = ShelfModel().fit(shelf, list("xyz"))
    found = model.weights_.set_index("need").loc[list("xyz")]
    assert (np.abs(found["weight"] - weights) < 3 * found["se"]).all()
    assert model.price_weight_ == pytest.approx(0.08, abs=0.02)
    assert model.predict(shelf).mean() == pytest.approx(shelf["chosen"].mean(), abs=0.005)
    shuffled = shelf.sample(frac=1, random_state=2)
    again = ShelfModel().fit(shuffled, list("xyz"))
    assert again.loglik_ == pytest.approx(model.loglik_, abs=1e-4)


def test_forced_ranking_finds_must_haves_that_ticking_drowns(any_world):
    ratings, truth = any_world.tables["need_ratings"], any_world.truth["needs"]
    ticked = recovery(must_haves_by_ticking(ratings), truth).iloc[0]
    ranked = recovery(must_haves_by_ranking(ratings, 3), truth).iloc[0]
    both = recovery(must_haves_by_both(ratings, any_world.tables["shelf_choices"]), truth).iloc[0]
    assert ticked["precision"] < 0.5 < 0.7 < ranked["precision"]
    assert ranked["recall"] > 0.8
    assert both["f1"] > ranked["f1"] > ticked["f1"]


def test_deeds_never_contradict_a_true_must_have(any_world):
    from crmkit.mix import must_haves_by_shelf

    needs = [n for n in any_world.tables["needs"]["need"] if n != "affordable"]
    done = must_haves_by_shelf(any_world.tables["shelf_choices"], needs)
    both = done.merge(any_world.truth["needs"], on=["customer_id", "need"])
    assert both.loc[both["must_have"], "possible"].all()


def test_kano_table_is_that_of_the_source():
    pairs = {
        (1, 5): "performance",
        (1, 3): "attractive",
        (2, 5): "must-be",
        (4, 5): "must-be",
        (3, 3): "indifferent",
        (5, 1): "reverse",
        (1, 1): "questionable",
        (5, 5): "questionable",
    }
    frame = pd.DataFrame(list(pairs), columns=["if_present", "if_missing"]).assign(
        customer_id=1, need="x"
    )
    assert kano_classes(frame)["kano"].tolist() == list(pairs.values())


def test_kano_classes_agree_with_the_truth(any_world):
    found = kano_classes(any_world.tables["need_ratings"])
    both = found.merge(any_world.truth["needs"], on=["customer_id", "need"])
    assert (both["kano_x"] == both["kano_y"]).mean() > 0.85


def test_stated_importance_errs_in_the_known_way(any_world):
    tables, truth = any_world.tables, any_world.truth
    side = compare_importance(
        tables["need_ratings"], tables["best_worst_tasks"], tables["shelf_choices"]
    ).set_index("need")
    weight = truth["needs"].groupby("need")["weight"].mean().reindex(side.index)
    revealed = side["revealed"].corr(weight, method="spearman")
    assert revealed > side["stated"].corr(weight, method="spearman") + 0.1
    # Needs with a positive bias are rated above their derived rank, those with a negative one below it.
    bias = truth["need_bias"].set_index("need")["bias"].reindex(side.index)
    over = side["derived_rank"] - side["stated_rank"]
    assert over[bias > 1].mean() > 0 > over[bias < -1].mean()


def test_implicit_needs_are_found_where_deeds_contradict_words(any_world):
    tables, truth = any_world.tables, any_world.truth
    groups = truth["customers"].set_index("customer_id")["need_type"]
    groups = groups[groups.index.isin(truth["needs"]["customer_id"])]
    found = implicit_needs(
        tables["need_ratings"], tables["best_worst_tasks"], tables["shelf_choices"], groups
    )
    truth_pairs = {("price", "ready"), ("value", "aftercare"), ("compound", "safe")}
    top = set(found.head(3)[["group", "need"]].itertuples(index=False, name=None))
    assert top == truth_pairs
    called = found[found["implicit"]]
    assert truth_pairs <= set(called[["group", "need"]].itertuples(index=False, name=None))
    assert len(called) <= 5


@pytest.mark.parametrize(
    ("frame", "message"),
    [
        (pd.DataFrame(columns=["item_1", "item_2", "item_3", "best", "worst"]), "no rows"),
        (pd.DataFrame({"best": ["a"], "worst": ["b"]}), "at least\n?.*three items|three items"),
        (
            pd.DataFrame(
                {"item_1": ["a"], "item_2": ["b"], "item_3": ["c"], "best": ["z"], "worst": ["b"]}
            ),
            "not on the card",
        ),
        (pd.DataFrame({"item_1": ["a"]}), "best"),
        (
            pd.DataFrame(
                {"item_1": ["a"], "item_2": ["b"], "item_3": ["c"], "best": ["a"], "worst": ["a"]}
            ),
            "both best and worst",
        ),
        (
            pd.DataFrame(
                {"item_1": ["a"], "item_2": ["a"], "item_3": ["c"], "best": ["a"], "worst": ["c"]}
            ),
            "an item twice",
        ),
        (
            pd.DataFrame(
                {"item_1": ["a"], "item_2": [None], "item_3": ["c"], "best": ["a"], "worst": ["c"]}
            ),
            "an empty place",
        ),
    ],
)
def test_bad_cards_are_refused(frame, message):
    with pytest.raises(CrmkitError, match=message):
        best_worst_counts(frame)


def test_cards_that_settle_no_utility_are_refused():
    """An item that is always best, and two groups of items that never meet."""
    tasks = simulate_best_worst(UTILITIES, 60, 1)
    with_a = (tasks.filter(like="item_") == "a").any(axis=1)
    always = tasks[(tasks["best"] == "a") | ~with_a]
    with pytest.raises(CrmkitError, match="never place a both above and below"):
        BestWorstModel().fit(always)
    other = tasks.replace({name: name.upper() for name in UTILITIES})
    with pytest.raises(CrmkitError, match="no finite utility"):
        BestWorstModel().fit(pd.concat([tasks, other]))


def test_choices_that_settle_no_weight_are_refused():
    shelf = pd.DataFrame(
        {
            "customer_id": 1,
            "task": np.repeat(range(20), 2),
            "price": [10, 20] * 20,
            "x": [1, 0, 0, 1] * 10,
            "chosen": [1, 0, 0, 1] * 8 + [0, 1, 1, 0] * 2,
        }
    )
    # Nobody ever left without buying: the sets are weighed against each other.
    model = ShelfModel().fit(shelf, ["x"])
    assert model.weights_["se"].iloc[0] < 5
    assert model.predict(shelf).reshape(-1, 2).sum(axis=1) == pytest.approx(1)
    for bad, message in (
        (shelf.assign(price=10), "do not settle"),
        (shelf.assign(chosen=[1, 0, 0, 1] * 10), "do not settle"),
        (shelf.assign(chosen=0), "nothing was ever bought"),
        (shelf.assign(x=np.where(shelf["task"] == 3, np.nan, shelf["x"])), "x: 2 of 40"),
    ):
        with pytest.raises(CrmkitError, match=message):
            ShelfModel().fit(bad, ["x"])


def test_bad_surveys_are_refused():
    ranks = pd.DataFrame({"customer_id": [1, 1], "need": ["x", "y"], "keep_rank": [1, np.nan]})
    with pytest.raises(CrmkitError, match="keep_rank: 1 of 2"):
        must_haves_by_ranking(ranks)
    with pytest.raises(CrmkitError, match="neither True nor False"):
        must_haves_by_ticking(ranks.assign(ticked=["True", "False"]))
    with pytest.raises(CrmkitError, match="a mean and no answer"):
        kano_classes(ranks.assign(if_present=2.5, if_missing=3))
    with pytest.raises(CrmkitError, match="no rows"):
        must_haves_by_ticking(pd.DataFrame(columns=["customer_id", "need", "ticked"]))
    with pytest.raises(CrmkitError, match="at least 1"):
        must_haves_by_ranking(
            pd.DataFrame({"customer_id": [1], "need": ["x"], "keep_rank": [1]}), keep=0
        )
    with pytest.raises(CrmkitError, match="more than one set chosen"):
        ShelfModel().fit(
            pd.DataFrame({"customer_id": 1, "task": 1, "price": 5, "x": 1, "chosen": [1, 1]}), ["x"]
        )
    with pytest.raises(CrmkitError, match="above 5"):
        kano_classes(
            pd.DataFrame({"customer_id": [1], "need": "x", "if_present": 6, "if_missing": 1})
        )
    one = pd.DataFrame({"customer_id": [1], "need": ["x"], "must_have": [True]})
    with pytest.raises(CrmkitError, match="in common"):
        recovery(one, one.assign(customer_id=2))


def test_a_difference_of_weights_counts_that_they_are_linked(world):
    shelf = world.tables["shelf_choices"]
    model = ShelfModel().fit(shelf, ["safe", "durable", "quick"])
    gap, se = model.difference("safe", "durable")
    weight = model.weights_.set_index("need")
    assert gap == pytest.approx(weight.loc["safe", "weight"] - weight.loc["durable", "weight"])
    np.testing.assert_allclose(
        np.sqrt(np.diag(model.covariance_)), weight.loc[model.covariance_.index, "se"]
    )
    assert model.difference("durable", "safe") == (pytest.approx(-gap), pytest.approx(se))
    assert model.difference("safe", "safe") == (0, 0)
    with pytest.raises(CrmkitError, match="no weight was fitted for cheap"):
        model.difference("safe", "cheap")


def test_agreement_needs_a_weight_of_every_need():
    sides = pd.DataFrame(
        {"need": ["a", "b"], "stated": [1, 2], "derived": [2, 1], "revealed": [1, 2]}
    )
    with pytest.raises(CrmkitError, match="no weight is given for the need b"):
        rank_agreement(sides, pd.Series({"a": 1.0}))


def test_kano_shares_count_every_answer():
    pairs = pd.DataFrame(
        {
            "customer_id": [1, 2, 3, 4],
            "need": "safe",
            "if_present": [2, 1, 1, 1],
            "if_missing": [5, 3, 3, 1],
        }
    )
    shares = kano_shares(pairs).loc["safe"]
    assert shares.to_dict() == {
        "must-be": 0.25,
        "performance": 0,
        "attractive": 0.5,
        "indifferent": 0,
    }  # the fourth contradicts herself: questionable
