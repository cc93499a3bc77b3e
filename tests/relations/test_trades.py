"""Four analyses in any trade, their clock, the difficulties, and stories of shops: by hand, refused, recovered."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pytest

import crmkit
from crmkit import relations
from crmkit.errors import CrmkitError
from crmkit.relations.trade_explorers import clock_explorer, error_curve
from crmkit.relations.trade_plots import (
    plot_clocks,
    plot_effect_path,
    plot_loyalty,
    plot_measure,
    plot_pairs,
)
from crmkit.style import close
from crmkit.world import simulate

NAMES = ("tarnwald", "brennick")


@pytest.fixture(scope="module")
def shipped():
    return {name: relations.trade_tables(name) for name in NAMES}


@pytest.fixture(scope="module")
def shops():
    world = simulate("fernwell", 20, seed=11, parts=["partners"], progress=False)
    return world.tables["partner_quarters"]


def orders(customers=60, seed=1):
    rng = np.random.default_rng(seed)
    who = rng.integers(1, customers + 1, 12 * customers)
    # Odd customers come for two months only.
    last = np.where(who % 2, 60, 700)
    day = pd.Timestamp("2024-01-01") + pd.to_timedelta(rng.uniform(0, last).astype(int), unit="D")
    return pd.DataFrame(
        {
            "customer_id": who,
            "order_date": day,
            "channel": rng.choice(["web", "shop"], len(who)),
            "turnover": 20.0,
            "margin": rng.gamma(2, 10, len(who)),
        }
    )


# ---- the clock -------------------------------------------------------------------------------------------------------


def test_a_clock_is_where_the_fitted_chance_is_the_average_one() -> None:
    from sklearn.linear_model import LogisticRegression

    table = relations.silent_and_back(orders(400), 180)
    found = relations.own_clock(orders(400), 180)
    x = np.log1p(table[["silent_days"]].to_numpy(float))
    model = LogisticRegression(C=1e9, tol=1e-9).fit(x, table["back"])
    share = table["back"].mean()
    line = (np.log(share / (1 - share)) - model.intercept_[0]) / model.coef_[0, 0]
    assert found["clock_days"] == pytest.approx(np.expm1(line), rel=1e-3)
    assert found["back"] == pytest.approx(share)
    assert found["low"] < found["clock_days"] < found["high"]


def test_the_clocks_interval_is_about_the_bootstraps() -> None:
    table = orders(400)
    found = relations.own_clock(table, 180)
    rng = np.random.default_rng(3)
    rows = table.groupby("customer_id").indices
    draws = []
    for _ in range(60):
        picked = rng.choice(list(rows), len(rows))
        again = [table.iloc[rows[who]].assign(customer_id=at) for at, who in enumerate(picked)]
        draws.append(relations.own_clock(pd.concat(again), 180, table["order_date"].max()))
    spread = np.std(np.log1p([draw["clock_days"] for draw in draws]))
    half = np.log1p(found["high"]) - np.log1p(found["clock_days"])
    assert half / 1.96 == pytest.approx(spread, rel=0.35)


def test_what_a_rule_gets_wrong_by_hand() -> None:
    found = relations.clock_errors([10, 90, 91, 300], [False, False, True, True], [90, 9, 400])
    assert found["alarms"].tolist() == [2, 4, 0]
    assert found["wrong"].tolist() == [0, 1, 0]
    assert found["missed"].tolist() == [0, 0, 1]
    assert found["right"].tolist() == [1, 0.5, 0.5]
    assert (found["wrong_high"] > found["wrong"]).iloc[0]


@pytest.mark.parametrize(
    ("ask", "said"),
    [
        (lambda: relations.clock_errors([1, 2], [True], [9]), "2 values"),
        (lambda: relations.clock_errors([1, 2], [True, True], [9]), "somebody must be awake"),
        (lambda: relations.clock_errors([1, 2], [True, False], [-1]), "clocks"),
        (lambda: relations.own_clock(orders(10), 180), "20 of each"),
        (lambda: relations.own_clock(orders(), 5000), "longer history"),
        (lambda: relations.silent_and_back(orders().drop(columns="order_date")), "order_date"),
        (lambda: relations.four_analyses({}), "table orders"),
        (lambda: relations.difficulties({}), "table orders"),
        (lambda: relations.four_analyses({"orders": orders()}, "2020-01-01"), "later day"),
        (lambda: relations.retention_by_cohort(orders(), "2020-01-01"), "later day"),
        (lambda: relations.loyalty_change({}), "at least one company"),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(ask, said) -> None:
    with pytest.raises(CrmkitError, match=re.escape(said)):
        ask()


def test_silence_that_says_nothing_gives_no_clock() -> None:
    """Each comes back whether silent for long or not, and half of them chance sends away."""
    rng = np.random.default_rng(2)
    who = np.arange(400)
    first = pd.Timestamp("2024-01-01") + pd.to_timedelta(rng.integers(0, 200, 400), unit="D")
    back = pd.DataFrame({"customer_id": who, "order_date": pd.Timestamp("2024-12-01")})
    # The longer silent, the likelier back: the wrong way round.
    come = back[np.asarray((pd.Timestamp("2024-08-01") - first).days) > 110]
    visits = pd.concat([pd.DataFrame({"customer_id": who, "order_date": first}), come])
    with pytest.raises(CrmkitError, match="does not fall with silence"):
        relations.own_clock(visits, 180, "2024-12-31")


# ---- the four analyses -----------------------------------------------------------------------------------------------


def test_every_company_gets_every_measure_or_the_reason(shipped) -> None:
    found = {name: relations.four_analyses(of) for name, of in shipped.items()}
    one, two = found.values()
    assert one["measure"].tolist() == two["measure"].tolist()
    for table in found.values():
        without = table["value"].isna()
        assert (table.loc[without, "reason"] != "").all()
        shares = table.loc[(table["unit"] == "share") & ~without]
        inside = shares[shares["low"].notna()]
        assert (inside["low"] <= inside["value"]).all()
        assert (inside["value"] <= inside["high"]).all()
    words = relations.side_by_side(found).droplevel("analysis")
    assert words.loc["complained about most", "tarnwald"].startswith("noise: ")
    assert words.loc["used most", "tarnwald"] == "–"
    missing = relations.what_is_missing(found)
    assert "used most" in " ".join(missing.loc[missing["company"] == "tarnwald", "measures"])


def test_shares_and_multiples_by_hand() -> None:
    table = orders()
    end = table["order_date"].max()
    year = table[table["order_date"] > end - pd.Timedelta(days=365)]
    brought = year.groupby("customer_id")["margin"].sum().sort_values(ascending=False)
    cost = pd.DataFrame({"customer_id": table["customer_id"].unique(), "year": 2024, "cost": 60.0})
    found = relations.four_analyses({"orders": table, "cost_to_serve": cost}, "2024-12-31")
    found = found.set_index("measure")["value"]
    at = table[table["order_date"] <= "2024-12-31"].groupby("customer_id")["margin"].sum()
    assert found["cost more than they bring"] == pytest.approx((at < 60).mean())
    now = relations.four_analyses({"orders": table}).set_index("measure")["value"]
    best = brought[: round(0.2 * len(brought))].sum() / brought.sum()
    assert now["best fifth's share of margin"] == pytest.approx(best)
    assert now["best fifth against the others"] == pytest.approx(4 * best / (1 - best))


def test_turnover_takes_the_place_of_a_margin_that_is_not_there() -> None:
    found = relations.four_analyses({"orders": orders().drop(columns="margin")}).set_index(
        "measure"
    )
    assert found.loc["best fifth's share of margin", "of"] == "turnover"
    assert "–" not in relations.side_by_side({"us": found.reset_index()}).iloc[0, 0]


def test_in_currency_or_hundredths_the_answers_are_the_same(shipped) -> None:
    table = shipped["brennick"] | {
        "orders": shipped["brennick"]["orders"].assign(margin=lambda t: 100 * t["margin"]),
        "cost_to_serve": shipped["brennick"]["cost_to_serve"].assign(
            cost=lambda t: 100 * t["cost"]
        ),
    }
    one, two = (relations.four_analyses(of)["value"] for of in (shipped["brennick"], table))
    assert np.allclose(one, two, equal_nan=True)


def test_people_look_asleep_whose_firm_is_awake(shipped) -> None:
    stays = shipped["tarnwald"]["account_stays"].merge(shipped["tarnwald"]["orders"], on="order_id")
    found = relations.silent_people(stays, 180)
    assert 0.2 < found["low"] < found["awake_behind"] < found["high"] < 0.6
    with pytest.raises(CrmkitError, match="nobody is silent"):
        relations.silent_people(stays, 100_000)


def test_what_is_trade_units_and_what_leaves_a_trace(shipped) -> None:
    about = {name: (crmkit.company(name), of) for name, of in shipped.items()}
    table = relations.trade_units(about).set_index("company")
    assert table.loc["tarnwald", "deal"] == "stay"
    assert table.loc["brennick", "people"] > 2
    traces = relations.activity_traces(shipped)
    visits = traces[traces["activity"] == "visits"].iloc[0]
    assert visits["tarnwald"] == "–"
    assert visits["brennick"].startswith("service_visits")


# ---- loyalty ---------------------------------------------------------------------------------------------------------


def test_equal_time_takes_away_a_fall_that_was_only_time() -> None:
    """Everybody comes again after the same kind of gap; only the time to do so differs."""
    rng = np.random.default_rng(5)
    n = 3000
    first = rng.integers(0, 3 * 365 - 30, n)
    gap = rng.exponential(400, n).astype(int) + 1
    days = np.concatenate([first, first + gap])
    table = pd.DataFrame({"customer_id": np.tile(np.arange(n), 2), "day": days})
    table = table[table["day"] < 3 * 365]
    table["order_date"] = pd.Timestamp("2023-01-01") + pd.to_timedelta(table["day"], unit="D")
    cohorts = relations.retention_by_cohort(table, "2025-12-31")
    found = relations.loyalty_change({"us": cohorts}).iloc[0]
    assert found["at_all"] < -0.3
    assert found["low"] < 0 < found["high"]
    assert np.isnan(cohorts["within"].iloc[-1])


def test_cohorts_by_hand() -> None:
    rows = [(who, "2023-03-01") for who in range(40)] + [(who, "2024-02-29") for who in range(30)]
    table = pd.DataFrame(rows, columns=["customer_id", "order_date"])
    found = relations.retention_by_cohort(table, "2024-03-05").iloc[0]
    assert found["within"] == found["at_all"] == 0.75
    assert found["watched"] == 40
    early = relations.retention_by_cohort(table, "2024-03-05", within_days=100).iloc[0]
    assert early["within"] == 0
    assert early["high"] > 0


def test_difficulties_say_what_they_cannot_test(shipped) -> None:
    hotel = relations.difficulties(shipped["tarnwald"]).set_index("measure")
    assert hotel.loc["review score: last year less first", "reason"] == ""
    maker = relations.difficulties(shipped["brennick"]).set_index("measure")
    assert maker.loc["review score: last year less first", "reason"] == "no table reviews"
    bare = relations.difficulties({"orders": orders().drop(columns="channel")}).set_index("measure")
    assert bare.loc["two channels or more", "reason"] == "orders: no column channel"


# ---- stories ---------------------------------------------------------------------------------------------------------


def test_pairs_by_hand() -> None:
    table = pd.DataFrame(
        {"way": ["up", "up", "same", "same", "same"], "change": [1.0, 3.0, 0.0, 1.0, 2.0]}
    )
    assert sorted(relations.pair_gaps(table, "up", "same")) == [-1, 0, 1, 1, 2, 3]
    placebo = relations.pair_gaps(table, "same", "same")
    assert len(placebo) == 6
    assert placebo.sum() == 0
    assert relations.story_pair(table, "up", "same")["change"].tolist() == [3, 0]


def test_chance_alone_gives_small_p_values_as_often_as_it_should() -> None:
    rng = np.random.default_rng(8)
    hits = 0
    for seed in range(200):
        table = pd.DataFrame({"way": np.repeat(["a", "b"], 10), "change": rng.standard_normal(20)})
        hits += relations.way_effects(table, "b", draws=199, seed=seed)["p_value"].iloc[0] <= 0.05
    assert 2 <= hits <= 20


def test_the_path_is_flat_before_the_ways_part(shops) -> None:
    path = relations.effect_path(shops, "satisfaction", "as before")
    before = path[path["quarter"] < 5].groupby("way")["gap"].mean()
    assert np.allclose(before, 0, atol=1e-9)
    changes = relations.before_and_after(shops, "satisfaction")
    effects = relations.way_effects(changes, "as before").set_index("way")["effect"]
    after = path[path["quarter"] >= 5].groupby("way")["gap"].mean()
    assert np.allclose(after, effects[after.index])


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda t: t.assign(way=["x", *t["way"][1:]]), "more than one"),
        (lambda t: pd.concat([t, t]), "partner"),
        (lambda t: t[t["quarter"] < 5], "needs a quarter before"),
        (lambda t: t.drop(columns="way"), "way"),
    ],
)
def test_shops_that_cannot_be_compared(shops, change, said) -> None:
    with pytest.raises(CrmkitError, match=said):
        relations.before_and_after(change(shops), "satisfaction")


def test_other_ways_that_are_not_there(shops) -> None:
    changes = relations.before_and_after(shops, "satisfaction")
    with pytest.raises(CrmkitError, match="there is no 'sings'"):
        relations.story_pair(changes, "sings", "expands")
    with pytest.raises(CrmkitError, match="must both be there"):
        relations.pair_gaps(changes, "sings", "expands")
    with pytest.raises(CrmkitError, match="'sings' and another way"):
        relations.way_effects(changes, "sings")
    with pytest.raises(CrmkitError, match="there is no 'sings'"):
        relations.effect_path(shops, "turnover", "sings")
    with pytest.raises(CrmkitError, match="above 0"):
        relations.effect_path(shops.assign(turnover=0.0), "turnover", "as before", relative=True)


# ---- pictures --------------------------------------------------------------------------------------------------------


def test_pictures_draw_what_they_are_given(shops, shipped) -> None:
    found = {name: relations.four_analyses(of) for name, of in shipped.items()}
    ax = plot_measure(found, "own clock")
    assert [text.get_text() for text in ax.get_yticklabels()] == list(NAMES)
    close(ax.figure)
    errors = {"us": relations.clock_errors([1, 100], [False, True], [50, 90])}
    ax = plot_clocks(errors, title="T")
    assert ax.get_title(loc="left") == "T"
    close(ax.figure)
    cohorts = {name: relations.retention_by_cohort(of["orders"]) for name, of in shipped.items()}
    ax = plot_loyalty(relations.loyalty_change(cohorts))
    close(ax.figure)
    changes = relations.before_and_after(shops, "satisfaction")
    gaps = relations.pair_gaps(changes, "listens", "expands")
    ax = plot_pairs(gaps, relations.pair_gaps(changes, "as before", "as before"), story=3, truth=1)
    close(ax.figure)
    ax = plot_effect_path(
        relations.effect_path(shops, "turnover", "as before", relative=True), percent=True
    )
    close(ax.figure)


def test_the_explorer_counts_as_the_function_does() -> None:
    table = pd.DataFrame({"silent_days": [10, 100, 200, 300], "asleep": [False, False, True, True]})
    shown = clock_explorer(
        {"us": table, "they": table.assign(silent_days=5)}, {"us": 150, "they": 9}
    )
    shown.set(days=10)
    curve = error_curve(table["silent_days"], table["asleep"], np.arange(301)).iloc[10]
    assert f"{100 * curve['right']:.0f} % of all" in shown.sentence
    shown.set(company="they")
    assert "they" in shown.sentence
    assert "9 days" in shown.sentence
    with pytest.raises(CrmkitError, match="a clock for each"):
        clock_explorer({"us": table}, {})
