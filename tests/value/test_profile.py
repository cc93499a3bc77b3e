"""One customer, several records: weights of evidence, links, and the joined profile, compared with the truth."""

import itertools
import re

import numpy as np
import pandas as pd
import pytest

import crmkit
from crmkit.errors import CrmkitError
from crmkit.value.explorers import linkage_explorer
from crmkit.value.linking import pair_errors
from crmkit.value.plots import plot_evidence, plot_match_weights, plot_pieces
from crmkit.value.profile import (
    FIELDS,
    MatchModel,
    candidate_pairs,
    compare_pairs,
    customer_profile,
    fit_match_weights,
    judged_sample,
    link_records,
    linkage_by_threshold,
    linkage_quality,
    profile_card,
    random_pairs,
    score_pairs,
    threshold_costs,
    tidy_records,
    two_lists,
    under_records,
)

COLUMNS = ["record_id", "system", *FIELDS, "created"]


def few(*rows):
    return pd.DataFrame(rows, columns=COLUMNS)


ANN = few(
    ["S1", "shop", "HILL-RAY, Ann", None, "0114 496-0777", "m21 6xs", "2024-01-02"],
    ["W1", "web", "Ann Hill Ray", "Ann@Example.org", "01144960777", "M216XS", "2025-01-02"],
    ["A1", "app", "A. Ray", "ann@example.org", None, None, "2023-01-02"],
    ["A2", "app", "Bo Ray", "bo@example.org", " ", None, "2023-01-02"],
)


@pytest.fixture(scope="module")
def linked():
    records = crmkit.load("channel_records")
    tidy = tidy_records(records)
    compared = compare_pairs(tidy, candidate_pairs(tidy))
    chance = random_pairs(tidy)
    model = fit_match_weights(compared, compare_pairs(tidy, chance), chance.attrs["all_pairs"])
    owner = crmkit.load_truth("record_owners").set_index("record_id")["customer_id"]
    return tidy, score_pairs(compared, model), model, owner, chance.attrs["all_pairs"]


def test_spelling_is_no_difference_and_what_is_missing_stays_missing():
    tidy = tidy_records(ANN)
    assert tidy.loc["S1", "name"] == tidy.loc["W1", "name"] == "ann hill ray"
    assert tidy.loc["S1", "phone"] == tidy.loc["W1", "phone"] == "1144960777"
    assert tidy.loc["S1", "postcode"] == tidy.loc["W1", "postcode"]
    assert tidy.loc["W1", "email"] == tidy.loc["A1", "email"]
    assert tidy.loc["A2", "phone"] is None
    assert ANN.loc[0, "name"] == "HILL-RAY, Ann"  # the given table is not touched


@pytest.mark.parametrize(
    ("field", "one", "other", "code"),
    [
        ("name", "Zoë Núñez", "ZOE NUNEZ", "44"),
        ("name", "Ｌｉ Wei", "li wei", "44"),
        ("name", "O'Brien, Pat", "Pat O Brien", "44"),
        ("phone", "+44 (0)114 496 0777", "0114 496 0777", "44"),
        ("phone", "0044 114 496 0777", "01144960777", "44"),
        ("phone", "+86 138 0013 8000", "13800138000", "86"),
        ("postcode", "m21 6xs", "M216XS ", "44"),
    ],
)
def test_two_ways_of_writing_one_thing(field, one, other, code):
    rows = few(
        ["S1", "shop", "x", None, None, None, "2024-01-01"],
        ["W1", "web", "x", None, None, None, "2024-01-01"],
    )
    rows[field] = [one, other]
    tidy = tidy_records(rows, code)
    assert tidy.loc["S1", field] == tidy.loc["W1", field] != ""


def test_a_telephone_number_that_a_spreadsheet_made_a_number_has_no_decimals():
    rows = few(
        ["S1", "shop", "x", None, None, None, "2024-01-01"],
        ["W1", "web", "x", None, None, None, "2024-01-01"],
    ).assign(phone=[1144960777.0, np.nan])
    assert tidy_records(rows)["phone"].tolist() == ["1144960777", None]


def test_a_name_of_dots_is_missing_not_the_same():
    rows = few(
        ["S1", "shop", "...", None, "1", None, "2024-01-01"],
        ["W1", "web", "-", None, "1", None, "2024-01-01"],
        ["A1", "app", "Ann", None, "1", None, "2024-01-01"],
    )
    tidy = tidy_records(rows)
    assert compare_pairs(tidy, candidate_pairs(tidy))["name"].tolist() == ["missing"] * 3


def test_pairs_share_something_and_come_from_two_systems():
    tidy = tidy_records(ANN)
    pairs = set(map(tuple, candidate_pairs(tidy).to_numpy()))
    assert pairs == {("S1", "W1"), ("W1", "A1"), ("S1", "A1")}  # A1 and A2 are of one system
    with pytest.raises(CrmkitError, match="shoe_size"):
        candidate_pairs(tidy, ["shoe_size"])


def test_a_value_that_everybody_shares_makes_no_pairs_and_is_counted():
    rows = [
        [f"{s}{i}", s, f"N{i} M{i}", "info@example.org", None, None, "2024-01-01"]
        for s in ("shop", "web")
        for i in range(150)
    ]
    found = candidate_pairs(tidy_records(few(*rows)))
    assert found.attrs["skipped"]["email"] == 1
    assert len(found) == 150  # by name


@pytest.mark.parametrize(
    ("one", "other", "agreement"),
    [
        ("Ann Hill", "ANN HILL", "same"),
        ("A. Hill", "Ann Hill", "initial"),
        ("A. Hill", "Bo Hill", "different"),
        ("Anne Hill", "Anne Hlil", "close"),
        ("Ann Hill", "Bo Ray", "different"),
        ("Martha Jones", "Marhta Jones", "close"),
        ("安丽", "安丽", "same"),
    ],
)
def test_names_agree_in_four_ways(one, other, agreement):
    table = few(
        ["S1", "shop", one, None, "1", None, "2024-01-01"],
        ["W1", "web", other, None, "1", None, "2024-01-01"],
    )
    tidy = tidy_records(table)
    compared = compare_pairs(tidy, candidate_pairs(tidy))
    assert compared.loc[0, "name"] == agreement
    assert compared.loc[0, "email"] == "missing"


def test_em_recovers_known_probabilities():
    """Patterns drawn from known m and u: the algorithm, which sees no labels, finds them again."""
    rng = np.random.default_rng(3)
    n, matches = 400_000, 4_000
    same = np.arange(n) < matches
    m = {"name": 0.8, "email": 0.7, "phone": 0.95, "postcode": 0.85}
    u = {"name": 0.002, "email": 0.0005, "phone": 0.001, "postcode": 0.01}
    pairs = pd.DataFrame({"left": np.arange(n).astype(str), "right": "x"})
    for field in FIELDS:
        agrees = rng.random(n) < np.where(same, m[field], u[field])
        pairs[field] = np.where(agrees, "same", "different")
    pairs.loc[rng.random(n) < 0.3, "email"] = "missing"
    shared = (pairs[list(FIELDS)] == "same").any(axis=1)
    model = fit_match_weights(pairs[shared], pairs[~shared].sample(50_000, random_state=1), n)
    assert model.prior == pytest.approx(matches / n, rel=0.03)
    for field in FIELDS:
        found = model.table.loc[(field, "same")]
        assert found["same_person"] == pytest.approx(m[field], abs=0.02)
        assert found["strangers"] == pytest.approx(u[field], rel=0.2)
        assert found["weight"] == pytest.approx(np.log2(m[field] / u[field]), abs=0.3)


def test_fernwells_number_of_matches_and_rates_are_recovered_without_the_truth(linked):
    _, scored, model, owner, all_pairs = linked
    same = owner.loc[scored["left"]].to_numpy() == owner.loc[scored["right"]].to_numpy()
    systems = owner.groupby(owner).size()
    true_pairs = int((systems * (systems - 1) // 2).sum())
    assert model.prior * all_pairs == pytest.approx(true_pairs, rel=0.02)
    for field, levels in FIELDS.items():
        known = scored[field] != "missing"
        for level in levels:
            true = (scored.loc[known & same, field] == level).mean()
            assert model.table.loc[(field, level), "same_person"] == pytest.approx(true, abs=0.02)


def test_probabilities_are_honest(linked):
    _, scored, _, owner, _ = linked
    same = owner.loc[scored["left"]].to_numpy() == owner.loc[scored["right"]].to_numpy()
    for low, high in ((0, 0.2), (0.3, 0.7), (0.9, 1.01)):
        inside = scored["probability"].between(low, high, inclusive="left").to_numpy()
        assert same[inside].mean() == pytest.approx(
            scored.loc[inside, "probability"].mean(), abs=0.1
        )


def test_weighed_evidence_beats_every_single_field(linked):
    tidy, scored, model, owner, _ = linked
    found = linkage_quality(link_records(tidy, scored, -model.prior_weight), owner)
    assert found["precision"] > 0.98
    assert found["recall"] > 0.97
    for field in FIELDS:
        one = scored.assign(weight=np.where(scored[field] == "same", 20.0, -20.0))
        alone = linkage_quality(link_records(tidy, one, 0), owner)
        assert alone["recall"] < found["recall"]


def test_a_higher_threshold_mixes_up_fewer_people_and_leaves_more_in_pieces(linked):
    tidy, scored, _, owner, _ = linked
    found = [linkage_quality(link_records(tidy, scored, t), owner) for t in (0, 8, 14, 22)]
    assert np.all(np.diff([q["wrong_people"] for q in found]) <= 0)
    assert np.all(np.diff([q["split_customers"] for q in found]) >= 0)


def test_rates_add_up_to_one_with_precision_and_recall(linked):
    tidy, scored, _, owner, _ = linked
    table = linkage_by_threshold(tidy, scored, owner, (4, 16))
    assert table.index.tolist() == [4, 16]
    assert (table["error_rate"] + table["precision"]).tolist() == [1, 1]
    assert (table["omission_rate"] + table["recall"]).tolist() == [1, 1]
    alone = linkage_quality(link_records(tidy, scored, 16), owner)
    assert table.loc[16].tolist() == alone.tolist()


def pairs_counted_slowly(person, owner):
    """Every pair of records, one after the other."""
    wrong, missed = [], []
    for one, other in itertools.combinations(person.index, 2):
        if person[one] == person[other] and owner[one] != owner[other]:
            wrong.append((owner[one], owner[other]))
        if person[one] != person[other] and owner[one] == owner[other]:
            missed.append(owner[one])
    return wrong, missed


def test_costs_of_thresholds_are_those_of_a_slow_count_in_the_data_and_in_draws():
    rng = np.random.default_rng(5)
    ids = [f"{system}{number}" for system in "SWA" for number in range(12)]
    tidy = pd.DataFrame({"system": [i[0] for i in ids]}, index=pd.Index(ids, name="record_id"))
    owner = pd.Series(np.tile(np.arange(12), 3), index=ids)
    pairs = [(a, b) for a, b in itertools.combinations(ids, 2) if a[0] != b[0]]
    scored = pd.DataFrame(pairs, columns=["left", "right"])
    same = scored["left"].map(owner) == scored["right"].map(owner)
    scored["weight"] = rng.normal(0, 3, len(scored)) + 6 * same
    errors = pair_errors(tidy, scored, owner, (0, 4, 8), draws=3, seed=1)
    drawn = np.random.default_rng(1).multinomial(12, np.full(12, 1 / 12), 3)
    for row, bits in enumerate((0, 4, 8)):
        wrong, missed = pairs_counted_slowly(link_records(tidy, scored, bits), owner)
        assert errors.table.loc[bits, "wrong_pairs"] == errors.wrong[row, 0] == len(wrong)
        assert errors.table.loc[bits, "missed_pairs"] == errors.missed[row, 0] == len(missed)
        for draw, times in enumerate(drawn, start=1):
            assert errors.wrong[row, draw] == sum(times[a] * times[b] for a, b in wrong)
            assert errors.missed[row, draw] == sum(times[a] for a in missed)
    assert errors.wrong[0, 0] > 0 < errors.missed[2, 0], "both errors are there to be counted"
    found = threshold_costs(tidy, scored, owner, 5, (0, 4, 8), draws=50)
    assert found["cost"].tolist() == (5 * found["wrong_pairs"] + found["missed_pairs"]).tolist()
    assert found["wins"].sum() == pytest.approx(1)
    assert found["wins"].max() < 1, "few customers do not decide it"
    with pytest.raises(CrmkitError, match="wrong_costs is a number from 0 on, not -1"):
        threshold_costs(tidy, scored, owner, -1)


def test_the_dearer_a_wrong_pair_the_higher_the_cheapest_threshold(linked):
    tidy, scored, _, owner, _ = linked
    errors = pair_errors(tidy, scored, owner, range(0, 21, 2), draws=40, seed=2)
    places = np.array([errors.cheapest(costs) for costs in (0, 1, 5, 50)])
    assert (np.diff(places, axis=0) >= 0).all()
    assert (places[0] < places[-1]).all()


def test_a_judged_sample_is_right_on_average_and_takes_all_where_there_are_few(linked):
    tidy, scored, _, owner, _ = linked
    person = link_records(tidy, scored, 4)
    true = linkage_quality(person, owner)
    samples = [judged_sample(person, owner, size=300, seed=seed) for seed in range(12)]
    for name, rate in (("error rate", "error_rate"), ("omission rate", "omission_rate")):
        found = np.array([sample.loc[name, "rate"] for sample in samples])
        assert abs(found.mean() - true[rate]) < 4 * found.std() / np.sqrt(len(found)) + 1e-9
        assert (
            np.mean([s.loc[name, "low"] <= true[rate] <= s.loc[name, "high"] for s in samples])
            > 0.8
        )
    whole = judged_sample(person, owner, size=10**6)
    assert whole["rate"].tolist() == pytest.approx([true["error_rate"], true["omission_rate"]])
    nobody = judged_sample(pd.Series({"S1": 0, "W1": 1}), pd.Series({"S1": 7, "W1": 8}))
    assert nobody["judged"].tolist() == [0, 0]
    assert nobody[["rate", "low", "high"]].isna().all(axis=None)


def test_two_lists_name_whom_the_list_of_records_hides():
    rows = [["S1", 40], ["W1", 35], ["A1", 30], ["S2", 60], ["W2", 5], ["S3", 50], [None, 999]]
    bought = pd.DataFrame(rows, columns=["record_id", "margin"]).assign(turnover=range(7))
    owner = pd.Series({"S1": 7, "W1": 7, "A1": 7, "S2": 8, "W2": 8, "S3": 9})
    found = two_lists(bought, owner, top=2)
    assert found["whole"].to_dict() == {7: 105, 8: 65, 9: 50}
    assert found["largest"].to_dict() == {7: 40, 8: 60, 9: 50}
    assert found.index[found["on_joined"] & ~found["on_records"]].tolist() == [7]
    assert found.index[found["on_records"] & ~found["on_joined"]].tolist() == [9]
    assert found.attrs["orders_without_record"] == 1
    assert found["share_of_draws"].between(0, 1).all()
    assert two_lists(bought, owner, top=1, of="turnover").index.tolist() == [8, 9]
    with pytest.raises(CrmkitError, match="records S3 have no customer"):
        two_lists(bought, owner.drop("S3"))


def test_a_card_says_who_it_is_what_they_bring_and_what_is_unknown():
    person = pd.Series({"S1": 0, "W1": 0, "A1": 0, "A2": 1})
    orders = pd.DataFrame(
        {"record_id": ["S1"], "order_date": pd.to_datetime(["2024-02-01"]), "turnover": [1234.5]}
    )
    logins = pd.DataFrame({"record_id": ["W1"], "logins": [3]})
    profile = customer_profile(ANN, person, orders, activity=logins)
    card = profile_card(profile, 0)["profile"]
    assert card["value", "turnover"] == crmkit.company().money(1234.5)
    assert card["behaviour", "last_order"] == "2024-02-01"
    assert card["behaviour", "logins"] == "3"
    assert profile_card(profile, 1).loc[("behaviour", "favourite"), "profile"] == "unknown"
    with pytest.raises(CrmkitError, match="there is no person 9"):
        profile_card(profile, 9)


def test_a_system_keeps_a_person_once_and_the_stronger_link_wins():
    tidy = tidy_records(ANN)
    scored = pd.DataFrame(
        {"left": ["W1", "W1", "S1"], "right": ["A2", "A1", "W1"], "weight": [5.0, 20.0, 30.0]}
    )
    person = link_records(tidy, scored, 0)
    assert person["S1"] == person["W1"] == person["A1"] != person["A2"]
    assert person.attrs["refused"] == 1
    assert link_records(tidy, scored, 99).nunique() == 4


def test_quality_counts_what_is_joined_missed_and_mixed_up():
    owner = pd.Series({"S1": 1, "W1": 1, "A1": 1, "A2": 2, "S2": 3})
    person = pd.Series({"S1": 0, "W1": 0, "A1": 1, "A2": 1, "S2": 2})
    quality = linkage_quality(person, owner)
    assert quality[["joined_pairs", "true_pairs", "right_pairs"]].tolist() == [2, 3, 1]
    assert quality["precision"] == 0.5
    assert quality["recall"] == pytest.approx(1 / 3)
    assert quality[["wrong_people", "split_customers"]].tolist() == [1, 1]
    alone = linkage_quality(pd.Series({"S1": 0, "A2": 1}), owner)
    assert np.isnan(alone["precision"])
    assert np.isnan(alone["recall"])
    with pytest.raises(CrmkitError, match="Z9 have no true customer"):
        linkage_quality(pd.Series({"Z9": 0}), owner)


def test_a_profile_joins_records_and_counts_what_it_cannot_place():
    person = pd.Series({"S1": 0, "W1": 0, "A1": 0, "A2": 1})
    orders = pd.DataFrame(
        {
            "record_id": ["S1", "W1", "W1", None, "Z9"],
            "order_date": pd.to_datetime(
                ["2024-02-01", "2025-02-01", "2025-03-01"] + ["2025-04-01"] * 2
            ),
            "turnover": [10.0, 20.0, 30.0, 40.0, 50.0],
        }
    )
    profile = customer_profile(ANN, person, orders)
    ann, bo = profile.loc[0], profile.loc[1]
    assert ann["systems"] == "app + shop + web"
    assert ann["name"] == "HILL-RAY, Ann"
    assert ann["email"] == "Ann@Example.org"  # the newest that is not missing
    assert ann["phone"] == "01144960777"
    assert (ann["orders"], ann["turnover"], ann["favourite"]) == (3, 60.0, "web")
    assert (bo["orders"], bo["turnover"]) == (0, 0)
    assert pd.isna(bo["favourite"])
    assert profile.attrs["orders_without_record"] == 2


def test_tables_are_put_back_under_the_systems_own_numbers():
    records = pd.DataFrame(
        {"record_id": ["S1", "W1", "A1", "W2"], "system": ["shop", "web", "app", "web"]}
    )
    owner = pd.Series({"S1": 7, "W1": 7, "A1": 8, "W2": 9})
    orders = pd.DataFrame(
        {"order_id": [1, 2, 3], "customer_id": [7, 8, 7], "channel": ["web", "app", "call centre"]}
    )
    found = under_records(orders, records, owner)
    assert found.columns.tolist() == ["order_id", "record_id", "channel"]
    assert found["record_id"].fillna("none").tolist() == ["W1", "A1", "none"]
    once = under_records(pd.DataFrame({"customer_id": [7, 8, 9]}), records, owner, ("shop", "web"))
    assert once["record_id"].fillna("none").tolist() == ["S1", "none", "W2"]
    with pytest.raises(CrmkitError, match="no record is of fax"):
        under_records(orders, records, owner, ["fax"])
    with pytest.raises(CrmkitError, match="customer 9 has two records in one system"):
        under_records(orders, records, owner.replace(7, 9).rename(None))
    with pytest.raises(CrmkitError, match="channel is missing"):
        under_records(orders[["customer_id"]], records, owner)


def test_a_profile_has_value_behaviour_and_need():
    person = pd.Series({"S1": 0, "W1": 0, "A1": 0, "A2": 1})
    orders = pd.DataFrame(
        {
            "order_id": [1, 2, 3],
            "record_id": ["S1", "W1", None],
            "order_date": pd.to_datetime(["2024-02-01", "2025-02-01", "2025-03-01"]),
            "turnover": [10.0, 36.0, 40.0],
            "margin": [1.0, 2.0, 3.0],
        }
    )
    products = pd.DataFrame(
        {"product_id": [1, 2], "category": "lamps", "price": [10.0, 40.0], "quality": [2, 4]}
    ).assign(ease=3, advice=1)
    lines = pd.DataFrame({"order_id": [1, 2, 3], "product_id": [1, 2, 2], "quantity": 1}).assign(
        unit_price=[10.0, 40.0, 40.0], discount=[0.0, 4.0, 0.0]
    )
    activity = pd.DataFrame(
        {
            "record_id": ["S1", "W1", "W1", "Z9"],
            "logins": [np.nan, 2, 3, 9],
            "contacts": [4, 0, 0, 9],
        }
    )
    profile = customer_profile(
        ANN, person, orders, activity=activity, order_lines=lines, products=products
    )
    ann, bo = profile.loc[0], profile.loc[1]
    assert ann[["turnover", "margin", "logins", "contacts"]].tolist() == [46.0, 3.0, 5.0, 4.0]
    assert (ann["lines"], ann["quality"]) == (2, 0.0)  # one lamp below the mean, one above
    assert ann["discount_rate"] == pytest.approx(4 / 50)
    assert bo[["margin", "logins"]].tolist() == [0.0, 0.0]
    assert np.isnan(bo["quality"])
    assert profile.attrs["orders_without_record"] == 1
    assert profile.attrs["activity_without_record"] == 1


def test_profiles_of_the_found_people_are_nearly_those_of_the_true_ones(linked):
    tidy, scored, _, owner, _ = linked
    records = crmkit.load("channel_records")
    orders = under_records(crmkit.load("orders"), records, owner)
    found = customer_profile(records, link_records(tidy, scored, 8), orders)
    true = customer_profile(records, owner, orders)
    spent = crmkit.load("orders").query("channel != 'call centre'")
    by_customer = spent.groupby("customer_id")["turnover"].sum()
    assert true["turnover"].sum() == pytest.approx(by_customer.sum())
    pd.testing.assert_series_equal(
        true.loc[by_customer.index, "turnover"], by_customer, check_names=False
    )
    best = [set(table.nlargest(50, "turnover")["turnover"].round(2)) for table in (found, true)]
    assert len(best[0] & best[1]) >= 49
    one_record_each = customer_profile(
        records, pd.Series(range(len(records)), index=records["record_id"]), orders
    )
    pieces = set(one_record_each.nlargest(50, "turnover")["turnover"].round(2))
    assert len(pieces & best[1]) < 35  # unjoined, the list is another one


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda p, o: customer_profile(ANN, pd.concat([p, p]), o), "person: record_id S1, W1, A1"),
        (lambda p, o: customer_profile(pd.concat([ANN, ANN]), p, o), "records: record_id S1, W1"),
        (lambda p, o: customer_profile(ANN, p, o.assign(turnover="x")), "column turnover"),
        (lambda p, o: customer_profile(ANN, p, o, activity=o), "activity, column order_date"),
        (
            lambda p, o: customer_profile(ANN, p, o.drop(columns="record_id")),
            "record_id is missing",
        ),
    ],
)
def test_a_profile_of_odd_tables_is_refused(call, message):
    person = pd.Series({"S1": 0, "W1": 0, "A1": 0, "A2": 1})
    orders = pd.DataFrame({"record_id": ["S1"], "order_date": ["new year"], "turnover": [1.0]})
    with pytest.raises(CrmkitError, match=message):
        call(person, orders)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda t: t.iloc[:0], "the table has no rows"),
        (lambda t: t.drop(columns="phone"), "phone is missing"),
        (lambda t: t.assign(record_id="S1"), "record_id S1 stands more than once"),
        (lambda t: t.assign(system=[None, "b", "c", "d"]), "system is missing at row 0"),
        (lambda t: "records.csv", "a pandas table is needed, not str"),
    ],
)
def test_bad_records_are_refused_with_a_reason(change, message):
    with pytest.raises(CrmkitError, match=message):
        tidy_records(change(ANN))


def test_what_cannot_be_learnt_from_is_refused():
    tidy = tidy_records(ANN)
    compared = compare_pairs(tidy, candidate_pairs(tidy))
    with pytest.raises(CrmkitError, match="no pairs to learn from"):
        fit_match_weights(compared.iloc[:0], compared, 5)
    with pytest.raises(CrmkitError, match="counts every pair"):
        fit_match_weights(compared, compared, 1)
    with pytest.raises(CrmkitError, match="every pair is a candidate"):
        fit_match_weights(compared, compared, 5)
    with pytest.raises(CrmkitError, match="all are from one system"):
        random_pairs(tidy[tidy["system"] == "app"])
    with pytest.raises(CrmkitError, match="X9 are no records of the tidy table"):
        compare_pairs(tidy, pd.DataFrame({"left": ["X9"], "right": ["S1"]}))
    with pytest.raises(CrmkitError, match="X9 are no records of the tidy table"):
        link_records(tidy, pd.DataFrame({"left": ["S1"], "right": ["X9"], "weight": [1.0]}), 0)
    with pytest.raises(CrmkitError, match="1 pairs have no weight"):
        link_records(tidy, pd.DataFrame({"left": ["S1"], "right": ["W1"], "weight": [np.nan]}), 0)
    with pytest.raises(CrmkitError, match="country_code is text of digits"):
        tidy_records(ANN, "+44")
    with pytest.raises(CrmkitError, match="owner: records S1 stand more than once"):
        linkage_quality(pd.Series({"S1": 0}), pd.Series([1, 2], index=["S1", "S1"]))
    with pytest.raises(CrmkitError, match="threshold is a weight"):
        link_records(tidy, compared.assign(weight=1.0), float("nan"))


def test_a_missing_field_is_no_evidence_and_weights_add_up():
    table = pd.DataFrame(
        {"weight": {("name", "same"): 9.0, ("email", "same"): 12.0, ("phone", "different"): -7.0}}
    )
    compared = pd.DataFrame(
        {
            "name": ["same", "missing"],
            "email": ["same", "missing"],
            "phone": ["different", "missing"],
            "postcode": ["missing", "missing"],
        }
    )
    scored = score_pairs(compared, MatchModel(table, prior=0.5, iterations=1))
    assert scored["weight"].tolist() == [14.0, 0.0]
    assert scored["probability"].tolist() == [pytest.approx(2**14 / (1 + 2**14)), 0.5]


def test_customers_in_pieces_are_drawn_and_marked():
    pieces = pd.DataFrame({"shop": [5.0, 90.0], "web": [np.nan, 20.0], "app": [60.0, 30.0]})
    ax = plot_pieces(pieces, cut=70)
    tops = sorted(bar.get_y() + bar.get_height() for bar in ax.patches)
    assert tops[-1] == 140
    (marks,) = [line for line in ax.lines if line.get_marker() == "v"]
    assert marks.get_xdata().tolist() == [1]  # the smaller one: 5 and 60, but 65 together
    with pytest.raises(CrmkitError, match="no customers to draw"):
        plot_pieces(pieces.iloc[:0])


def test_figures_and_explorer(linked):
    tidy, scored, model, owner, _ = linked
    assert len(plot_evidence(model.table).patches) == len(model.table)
    assert plot_match_weights(scored).get_yscale() == "log"
    shown = linkage_explorer(tidy, scored, owner, goal=20)
    assert shown.error is None
    before = shown.picture, shown.sentence
    shown.set(threshold=14)
    assert shown.error is None
    assert "0 of them are two customers" in shown.sentence

    def cheapest():
        found = re.search(r"be (\S+) bits \(with other customers: (\S+) to (\S+),", shown.sentence)
        return [int(number) for number in found.groups()]

    at_one = cheapest()
    assert at_one[1] <= at_one[0] <= at_one[2]
    shown.set(wrong_costs=20, threshold=4)
    assert cheapest()[0] >= at_one[0]
    assert "You reached it" not in shown.sentence
    shown.set(threshold=cheapest()[0])
    assert shown.sentence.endswith("You reached it: no other threshold is cheaper here.")
    shown.reset()
    assert (shown.picture, shown.sentence) == before


def test_words_for_nothing_known_and_numbers_among_text_are_no_evidence():
    rows = pd.DataFrame(
        {
            "record_id": ["a", "b", "c"],
            "system": "shop",
            "name": ["Ann Hill", "Bo Lee", "Cy Dunn"],
            "email": ["N/A", "n/a", " - "],
            "phone": ["-", 1144960777.0, "0114 496 0777"],
            "postcode": ["unknown", "?", "m21 6xs"],
        }
    )
    tidy = tidy_records(rows)
    named = tidy_records(rows.assign(name=["N/A", "unknown", None]))
    assert named["name"].isna().all(), "a record without a name is a record"
    pairs = candidate_pairs(named.assign(system=["a", "b", "c"]))
    assert pairs.to_numpy().tolist() == [["b", "c"]], "the telephone, and no name"
    assert tidy_records(rows.assign(name=["Na", "Nan", "X"]))["name"].tolist() == ["na", "nan", "x"]
    assert tidy["email"].isna().all()
    assert tidy["phone"].tolist() == [None, "1144960777", "1144960777"]
    assert tidy["postcode"].tolist() == [None, None, "M216XS"]
