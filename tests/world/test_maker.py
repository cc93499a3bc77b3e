"""The maker for business customers is believable: accounts, quotes, deliveries, renewals are like its trade's.

The numbers in brackets are the sources that crmkit/world/companies/brennick.toml names; a range without one is assumed.
"""

from __future__ import annotations

import re
from importlib import resources

import numpy as np
import pandas as pd
import pytest

from crmkit.value import ContractModel
from crmkit.world import World, simulate

N = 700


@pytest.fixture(scope="module", params=range(1, 6), ids=lambda seed: f"seed-{seed}")
def maker(request: pytest.FixtureRequest) -> World:
    return simulate("brennick", customers=N, seed=request.param, progress=False)


def test_every_account_has_ordered_and_first_on_the_day_of_joining(maker: World) -> None:
    first = maker.tables["orders"].groupby("customer_id")["order_date"].min()
    assert len(first) == N
    assert (first.to_numpy() == maker.tables["customers"]["customer_since"].to_numpy()).all()


def test_few_accounts_and_few_orders_bring_most(maker: World) -> None:
    """A fifth of the accounts brings more than in the average firm, 67 % [1]; of orders only the shape is known."""
    orders = maker.tables["orders"]
    turnover = orders.groupby("customer_id")["turnover"].sum()
    assert 0.70 < turnover.nlargest(N // 5).sum() / turnover.sum() < 0.90
    assert turnover.max() / turnover.sum() < 0.15
    sizes = orders["turnover"].sort_values(ascending=False, kind="stable")
    assert 0.65 < sizes.head(len(sizes) // 10).sum() / sizes.sum() < 0.85
    cost = maker.tables["cost_to_serve"].groupby("customer_id")["cost"].sum()
    profit = orders.groupby("customer_id")["margin"].sum() - cost
    assert 0.10 < (profit < 0).mean() < 0.32  # small accounts do not pay for their visits
    year = orders.groupby(orders["order_date"].dt.year)["turnover"].sum()
    assert year.max() < 3 * year.min()


def test_a_third_of_the_quotes_wins_and_reasons_are_named(maker: World) -> None:
    """Of B2B quotes a fifth to a third are won [2]; a supplier that is known wins some more (assumed)."""
    quotes = maker.tables["quotes"]
    decided = quotes[quotes["outcome"] != "open"]
    assert 0.25 < (decided["outcome"] == "won").mean() < 0.42
    assert (quotes["lost_because"].notna() == (quotes["outcome"] == "lost")).all()
    reasons = quotes["lost_because"].value_counts(normalize=True)
    assert len(reasons) == 5
    assert reasons.between(0.06, 0.40).all()
    enquiries = maker.tables["enquiries"]
    assert 0.85 < len(quotes) / len(enquiries) < 0.97
    asked = quotes.merge(enquiries, on="enquiry_id", suffixes=("", "_asked"))
    assert ((asked["date"] - asked["date_asked"]).dt.days == asked["days_to_quote"]).all()
    people = enquiries.merge(maker.tables["account_people"], on="person_id")
    assert (people["customer_id_x"] == people["customer_id_y"]).all()


def test_dear_and_late_quotes_are_lost(maker: World) -> None:
    quotes = maker.tables["quotes"].merge(maker.truth["quotes"], on="quote_id")
    quotes = quotes[quotes["outcome"] != "open"]
    won = quotes["outcome"] == "won"
    markup = quotes["price"] / quotes["market_price"]
    assert markup[won].mean() < markup[~won].mean() - 0.015
    assert quotes.loc[won, "days_to_quote"].mean() < quotes.loc[~won, "days_to_quote"].mean()
    high = quotes["win_chance"] > quotes["win_chance"].median()
    assert won[high].mean() > won[~high].mean() + 0.15


def test_a_quote_that_is_won_is_an_order_at_its_price(maker: World) -> None:
    quotes, orders = maker.tables["quotes"], maker.tables["orders"]
    both = maker.tables["quote_orders"].merge(quotes, on="quote_id").merge(orders, on="order_id")
    assert len(both) == (quotes["outcome"] == "won").sum()
    assert (both["price"] == both["turnover"]).all()
    assert (both["decided"] == both["order_date"]).all()
    assert (both["customer_id_x"] == both["customer_id_y"]).all()


def test_most_deliveries_are_in_time_except_when_a_supplier_is_in_trouble(maker: World) -> None:
    """Orders without a fault are 75 to 99 %, 89 % on average, over all trades [3]; in time are some more."""
    deliveries = maker.tables["deliveries"].dropna().merge(maker.tables["orders"], on="order_id")
    late = deliveries["delivered_date"] > deliveries["promised_date"]
    assert 0.80 < 1 - late.mean() < 0.95
    assert (deliveries["delivered_date"] >= deliveries["order_date"]).all()
    goods = maker.tables["suppliers"].assign(goods=lambda t: t["goods"].str.split(";"))
    goods = goods.explode("goods")[["supplier_id", "goods"]]
    month = deliveries["order_date"].dt.to_period("M").dt.to_timestamp().astype("datetime64[us]")
    known = deliveries.assign(month=month, late=late).merge(goods, on="goods")
    known = known.merge(maker.truth["supplier_months"], on=["supplier_id", "month"])
    by = known.groupby("trouble")["late"].mean()
    assert by[True] > 2.5 * by[False]
    own = maker.tables["supplier_deliveries"]
    share = (own["delivered_date"] > own["promised_date"]).groupby(own["supplier_id"]).mean()
    assert share.between(0.05, 0.40).all()


def renewals(world: World) -> tuple[np.ndarray, np.ndarray]:
    """How many contracts were due for each renewal, and how many of them renewed."""
    contracts = world.tables["contracts"]
    done, left = contracts["renewals"], contracts["to_date"].notna()
    due = [((done >= k) | (left & (done == k - 1))).sum() for k in range(1, 8)]
    return np.array(due), np.array([(done >= k).sum() for k in range(1, 8)])


def test_most_contracts_are_renewed_and_those_that_stay_renew_more_often(maker: World) -> None:
    """Of contracts for support and maintenance 82 % are renewed a year, on average [4]."""
    due, done = renewals(maker)
    assert 0.80 < done.sum() / due.sum() < 0.92
    assert done[3:].sum() / due[3:].sum() > done[0] / due[0] + 0.02
    contracts = maker.tables["contracts"]
    assert 300 < len(contracts) < 480
    chance = maker.truth["accounts"]["leave_chance"].to_numpy()[contracts["customer_id"] - 1]
    left = contracts["to_date"].notna()
    assert chance[left].mean() > chance[~left].mean() + 0.08


def test_renewals_follow_the_beta_geometric_model() -> None:
    due, done = np.zeros(7), np.zeros(7)
    for seed in range(1, 9):
        world = simulate("brennick", customers=N, seed=seed, progress=False)
        more = renewals(world)
        due, done = due + more[0], done + more[1]
    params = world.params["projects"]
    alpha, beta = params["leave_alpha"], params["leave_beta"]
    k = np.arange(1, 8)
    usual = (beta + k - 1) / (alpha + beta + k - 1)
    spread = np.sqrt(usual * (1 - usual) / due)
    assert (np.abs(done / due - usual) < 3.5 * spread).all()
    kept = 100_000 * np.concatenate([[1.0], np.cumprod(done / due)])
    assert abs(ContractModel().fit(kept).survival([7])[0] - np.prod(usual)) < 0.03


def test_fees_are_paid_each_year_a_contract_runs(maker: World) -> None:
    contracts = maker.tables["contracts"]
    fees = maker.tables["contract_fees"]
    by = fees.groupby("contract_id")["fee"].agg(["size", "min", "max"])
    assert (by["size"].to_numpy() == contracts["renewals"] + 1).all()
    assert (by["min"].to_numpy() == contracts["yearly_fee"]).all()
    assert (by["max"].to_numpy() == contracts["yearly_fee"]).all()
    share = fees["fee"].sum() / (fees["fee"].sum() + maker.tables["orders"]["turnover"].sum())
    assert 0.04 < share < 0.15
    last = contracts["to_date"].dropna()
    assert (last <= pd.Timestamp("2025-12-31")).all()


def test_every_number_of_the_company_has_a_source_or_is_called_assumed() -> None:
    text = resources.files("crmkit.world").joinpath("companies/brennick.toml").read_text("utf-8")
    known = set(re.findall(r"^# (\[\d\]) ", text, re.MULTILINE))
    assert len(known) == 6
    numbers = text[text.index("[people]") :].splitlines()
    for line in numbers:
        code, _, comment = line.partition("#")
        if re.search(r"=.*[\d.]", re.sub(r'"[^"]*"', "", code)):
            cited = set(re.findall(r"\[\d\]", comment))
            assert cited <= known, line
            assert cited or "assumed" in comment, line


def test_late_deliveries_bring_complaints_and_good_answers_keep_accounts(maker: World) -> None:
    """Complaints about 2 to 10 % of the goods: about one plant's 2 %, and the 5 % that counts as acceptable [5]."""
    complaints, orders = maker.tables["complaints"], maker.tables["orders"]
    goods = maker.tables["deliveries"].dropna()
    late = (goods["delivered_date"] - goods["promised_date"]).dt.days > 3
    complained = goods["order_id"].isin(complaints["order_id"]).groupby(late).mean()
    assert 0.02 < len(complaints) / len(goods) < 0.10
    assert complained[True] > 2 * complained[False]
    judged = complaints[complaints["came_again"] != "too early"]
    again = (judged["came_again"] == "yes").groupby(judged["answer"]).mean()
    assert again["made good"] > again["nothing"] + 0.05
    assert complaints["order_id"].isin(orders["order_id"]).all()


def test_roles_decide_by_different_things(maker: World) -> None:
    people, truth = maker.tables["account_people"], maker.truth["accounts"]
    count = people.groupby("customer_id").size()
    assert set(people["role"]) == {"buyer", "engineer", "finance", "user"}
    assert 2.5 < count[count > 1].mean() < 5.5
    finance = people.loc[people["role"] == "finance", "customer_id"].unique()
    has = truth["customer_id"].isin(finance)
    assert truth.loc[has, "weight_price"].mean() > truth.loc[~has, "weight_price"].mean()


def test_visits_are_planned_under_contracts_and_paid_for_without(maker: World) -> None:
    visits = maker.tables["service_visits"]
    assert visits.loc[visits["reason"] == "planned", "under_contract"].all()
    broken = visits[visits["reason"] == "breakdown"]
    assert 0.2 < broken["under_contract"].mean() < 0.8
    assert visits["date"].is_monotonic_increasing
