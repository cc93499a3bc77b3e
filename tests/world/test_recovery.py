"""The truth can be recovered from the tables that the learner sees."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import minimize
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import cross_val_predict
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from crmkit.world import World, read_company


@pytest.fixture(scope="module")
def baskets(fernwell: World) -> pd.DataFrame:
    """Order lines with the product's attributes and the customer's truth."""
    lines = fernwell.tables["order_lines"].merge(
        fernwell.tables["orders"][["order_id", "customer_id"]]
    )
    return lines.merge(fernwell.tables["products"], on="product_id").merge(
        fernwell.truth["customers"]
    )


def basket_features(baskets: pd.DataFrame) -> pd.DataFrame:
    """What the baskets of customers with eight lines or more are like."""
    by = baskets["customer_id"]
    middle = baskets.groupby("category")["price"].transform("median")
    features = baskets.groupby("customer_id")[["quality", "ease", "advice"]].mean()
    features["dear"] = np.log(baskets["price"] / middle).groupby(by).mean()
    features["dearest"] = np.log(baskets["price"]).groupby(by).max()
    features["discount"] = (baskets["discount"] > 0).groupby(by).mean()
    return features[baskets.groupby("customer_id").size() >= 8]


def test_needs_show_in_baskets(baskets: pd.DataFrame) -> None:
    """What a customer's products are like tells what he or she needs, the better the more was bought."""
    by = baskets.groupby("customer_id")
    seen = by[["quality", "ease", "advice"]].mean()
    true = by[
        ["weight_solution", "weight_cost", "weight_convenience", "weight_communication"]
    ].first()
    middle = baskets.groupby("category")["price"].transform("median")
    cheap = -np.log(baskets["price"] / middle).groupby(baskets["customer_id"]).mean()
    often = by.size() >= 10
    assert often.sum() > 1000

    def tie(seen_: pd.Series, true_: str) -> float:
        return seen_[often].corr(true[true_][often], method="spearman")

    assert tie(seen["quality"], "weight_solution") > 0.4
    assert tie(seen["advice"], "weight_communication") > 0.25
    assert tie(seen["ease"], "weight_convenience") > 0.15
    assert tie(cheap, "weight_cost") > 0.5


def test_the_shares_of_need_types_are_recovered_from_baskets(
    fernwell: World, baskets: pd.DataFrame
) -> None:
    """Counting predicted types, corrected by how often the prediction errs, gives back how many are of each type.

    Adjusted classify and count (Forman 2008): learnt on one half of the customers, tried on a part of the other half
    in which the price-oriented were made rare, so that the shares learnt would be wrong.
    """
    features = basket_features(baskets)
    types = (
        fernwell.truth["customers"].set_index("customer_id")["need_type"].reindex(features.index)
    )
    learn = features.index % 2 == 0
    tried = ~learn & ((types != "price") | (features.index % 3 == 0))
    model = make_pipeline(StandardScaler(), LogisticRegression())
    guess = cross_val_predict(model, features[learn], types[learn], cv=5)
    errs = pd.crosstab(types[learn], guess, normalize="index")
    counted = pd.Series(model.fit(features[learn], types[learn]).predict(features[tried]))
    estimate = np.linalg.solve(errs.T, counted.value_counts(normalize=True)[errs.columns])
    true = types[tried].value_counts(normalize=True)[errs.index]
    assert abs(true["price"] - types.value_counts(normalize=True)["price"]) > 0.15
    assert np.abs(estimate - true).max() < 0.06
    assert np.diag(errs).mean() > 0.6


def test_choices_within_a_category_give_back_the_weights(
    fernwell: World, baskets: pd.DataFrame
) -> None:
    """A conditional logit of what was taken from the shelf finds each type's mean weights (McFadden 1974)."""
    needs = read_company("fernwell")["needs"]
    products = fernwell.tables["products"]
    category = pd.Categorical(products["category"])
    log_price = np.log(products["price"])
    relative = log_price - log_price.groupby(products["category"]).transform("median")
    design = np.column_stack([products[["quality", "ease", "advice"]] - 3, -relative])
    truth = fernwell.truth["customers"]
    free = truth[truth["must_haves"].isna()]
    for need_type, group in free.groupby("need_type"):
        lines = baskets[baskets["customer_id"].isin(group["customer_id"])]
        taken = lines["product_id"].to_numpy() - 1
        open_ = category.codes[None, :] == category.codes[taken][:, None]
        open_ &= products["price"].to_numpy() <= lines["budget"].to_numpy()[:, None]

        def loss(beta: np.ndarray, taken=taken, open_=open_) -> float:
            utility = design @ beta
            worth = np.where(open_, np.exp(utility), 0).sum(axis=1)
            return (np.log(worth) - utility[taken]).mean()

        beta = minimize(loss, np.ones(4)).x
        line_weights = lines[
            ["weight_solution", "weight_convenience", "weight_communication"]
        ].mean()
        expected = [
            *(needs["taste"] * line_weights),
            needs["price"] * (lines["weight_cost"] / lines["wtp_level"]).mean(),
        ]
        # Customers of one type differ among themselves, which a logit without them reads as weaker tastes.
        assert np.allclose(beta, expected, rtol=0.25, atol=0.08), (need_type, beta, expected)


def test_orders_in_each_state_have_the_rate_that_the_company_file_says(fernwell: World) -> None:
    """Orders per day in each spell, over the customer's own rate awake: 1, 0.12, 0.03, 0."""
    spells, truth = fernwell.truth["sleep_states"], fernwell.truth["customers"]
    orders = fernwell.tables["orders"][["customer_id", "order_date"]].sort_values("order_date")
    at = pd.merge_asof(
        orders,
        spells.sort_values("from_date"),
        left_on="order_date",
        right_on="from_date",
        by="customer_id",
    )
    days = (spells["to_date"] - spells["from_date"]).dt.days + 1
    rate = spells["customer_id"].map(truth.set_index("customer_id")["rate_awake"]) / 365.25
    expected = (rate * days).groupby(spells["state"]).sum()
    found = at.groupby("state").size().reindex(expected.index, fill_value=0)
    # Every spell awake begins with one order on top.
    found["awake"] -= (spells["state"] == "awake").sum()
    rates = pd.Series(read_company("fernwell")["sleep"]["rates"])
    for state in ("awake", "drowsy", "half-asleep"):
        standard_error = np.sqrt(found[state]) / expected[state]
        # Season and weekday make an order likelier on some days: 6 % leeway on top of chance.
        assert (
            abs(found[state] / expected[state] - rates[state])
            < 3 * standard_error + 0.06 * rates[state]
        )
    assert found["asleep"] == 0


def test_silence_tells_how_deeply_a_customer_sleeps(fernwell: World) -> None:
    orders, spells = fernwell.tables["orders"], fernwell.truth["sleep_states"]
    silent = (
        pd.Timestamp("2025-12-31") - orders.groupby("customer_id")["order_date"].max()
    ).dt.days
    state = spells[spells["to_date"] == "2025-12-31"].set_index("customer_id")["state"]
    depth = state.map({"awake": 0, "drowsy": 1, "half-asleep": 2, "asleep": 3}).reindex(
        silent.index
    )
    assert silent.corr(depth, method="spearman") > 0.7
    medians = silent.groupby(state).median()
    assert medians["awake"] < medians["drowsy"] < medians["half-asleep"] < medians["asleep"]
    assert medians["awake"] < 45
    assert medians["asleep"] > 180


def test_customers_who_sleep_sooner_leave_longer_gaps(fernwell: World) -> None:
    """Hazards differ by customer: who has short spells awake has more of his or her life asleep."""
    spells, truth = (
        fernwell.truth["sleep_states"],
        fernwell.truth["customers"].set_index("customer_id"),
    )
    days = (spells["to_date"] - spells["from_date"]).dt.days + 1
    awake = days[spells["state"] == "awake"].groupby(spells["customer_id"]).sum()
    share = (awake / days.groupby(spells["customer_id"]).sum()).fillna(0)
    regular = truth.index[~truth["one_off"]]
    assert share[regular].corr(truth["awake_days"][regular], method="spearman") > 0.4
    deep = spells[spells["state"].isin(["drowsy", "half-asleep"])]
    following = spells.groupby("customer_id")["state"].shift(-1)[deep.index]
    ended = following.notna()
    woke = (following[ended] == "awake").groupby(deep["customer_id"][ended]).agg(["mean", "size"])
    expected = truth["wake_chance"].reindex(woke.index)
    assert abs(np.average(woke["mean"] - expected, weights=woke["size"])) < 0.02


def test_profit_shares_follow_from_the_truth(fernwell: World) -> None:
    """Expected profit, computed from the truth alone, finds most of the customers who bring most of the profit."""
    truth = fernwell.truth["customers"].set_index("customer_id")
    orders = fernwell.tables["orders"]
    margin = orders.groupby("customer_id")["margin"].sum()
    cost = fernwell.tables["cost_to_serve"].groupby("customer_id")["cost"].sum()
    profit = margin - cost
    spells = fernwell.truth["sleep_states"]
    days = (spells["to_date"] - spells["from_date"]).dt.days + 1
    awake = days.where(spells["state"] == "awake", 0).groupby(spells["customer_id"]).sum()
    expected = truth["rate_awake"] * awake / 365.25 * truth["lines_mean"]
    expected *= truth["need_type"].map(
        orders.merge(truth, on="customer_id").groupby("need_type")["margin"].mean()
    )
    top = set(profit.nlargest(1000).index)
    found = set(expected.nlargest(1000).index)
    assert len(top & found) > 650
    # And the share of profit that they bring is near that of the true top fifth.
    assert profit[list(found)].sum() / profit[list(top)].sum() > 0.75


def test_records_of_one_person_can_be_joined_by_what_they_share(fernwell: World) -> None:
    """Equal e-mail or telephone means the same customer; and many true pairs share one of them."""
    records = fernwell.tables["channel_records"].merge(fernwell.truth["record_owners"])
    pairs = records.merge(records, on="customer_id", suffixes=("", "_2"))
    pairs = pairs[pairs["record_id"] < pairs["record_id_2"]]
    shared = (pairs["email"] == pairs["email_2"]) | (pairs["phone"] == pairs["phone_2"])
    assert 0.6 < shared.mean() < 0.97
    for column in ("email", "phone"):
        known = records.dropna(subset=[column])
        assert (known.groupby(column)["customer_id"].nunique() == 1).mean() > 0.99
