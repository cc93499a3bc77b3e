"""Episodes: belief, peak and end, failure and recovery."""

import numpy as np
import pandas as pd
import pytest

from crmkit.brand import (
    Exponential,
    Gains,
    MemoryChain,
    bayes_path,
    belief_path,
    compare_belief_rules,
    failure_and_recovery,
    fit_delta_rule,
    fit_peak_end,
    impression_path,
    summarise_visits,
)
from crmkit.errors import CrmkitError

GAINS = Gains(message=0.1, good=0.2, bad=0.5)


def test_delta_rule_by_hand():
    path = belief_path(6, [9, 8, 2], GAINS, ["advertisement", "delivery", "failure"])
    assert path.tolist() == pytest.approx([6.3, 6.64, 4.32])
    assert belief_path(6, [], GAINS).tolist() == []
    assert belief_path(6, [6, 6], GAINS).tolist() == [6, 6]  # what was expected changes nothing
    with pytest.raises(CrmkitError, match="missing"):
        belief_path(6, [np.nan], GAINS)
    with pytest.raises(CrmkitError, match="2 ratings but 1 kinds"):
        belief_path(6, [1, 2], GAINS, ["delivery"])
    with pytest.raises(CrmkitError, match=r"bad is 1\.5"):
        Gains(0.1, 0.2, 1.5)


def test_bayes_gain_falls_with_experience():
    path = bayes_path(6, [8] * 20, worth=4)
    steps = np.diff(np.append(6, path))
    assert (np.diff(steps) < 0).all()
    assert path[0] == pytest.approx((4 * 6 + 8) / 5)
    assert bayes_path(6, [8] * 5000, worth=4)[-1] == pytest.approx(8, abs=0.01)
    with pytest.raises(CrmkitError):
        bayes_path(6, [8], worth=0)


def _diaries(rng, people=120, gains=GAINS, noise=0.5):
    rows, start = [], np.clip(rng.normal(6, 1, people), 1, 10)
    for person in range(people):
        count = rng.integers(4, 10)
        kind = rng.choice(["advertisement", "delivery", "failure"], count, p=[0.3, 0.5, 0.2])
        rating = np.where(
            kind == "failure",
            2.0,
            np.where(kind == "advertisement", 8.5, rng.normal(7, 1.3, count)),
        )
        trust = belief_path(start[person], rating, gains, list(kind)) + rng.normal(0, noise, count)
        rows.append(
            pd.DataFrame({"person_id": person, "kind": kind, "rating": rating, "trust": trust})
        )
    return pd.concat(rows, ignore_index=True), pd.DataFrame(
        {"person_id": range(people), "first_impression": start}
    )


def test_gains_are_recovered_with_honest_intervals():
    inside = []
    for seed in range(40):
        table = fit_delta_rule(*_diaries(np.random.default_rng(seed), people=60)).set_index(
            "parameter"
        )
        truth = {"message": 0.1, "good": 0.2, "bad": 0.5, "bad / good": 2.5}
        inside += [table.low[name] <= value <= table.high[name] for name, value in truth.items()]
    assert 0.88 <= np.mean(inside) <= 0.995


def test_the_rule_that_made_the_diaries_foretells_best():
    table = compare_belief_rules(*_diaries(np.random.default_rng(1)))
    assert table.rule[0] == "two gains, bad heavier"
    alike, people = _diaries(np.random.default_rng(2), gains=Gains(0.3, 0.3, 0.3))
    table = compare_belief_rules(alike, people).set_index("rule").error
    assert table["one gain"] == pytest.approx(table["two gains, bad heavier"], abs=0.02)


def test_diary_errors():
    diaries, people = _diaries(np.random.default_rng(0), people=5)
    with pytest.raises(CrmkitError, match="belong to nobody"):
        fit_delta_rule(diaries, people.tail(2))
    with pytest.raises(CrmkitError, match="missing in 1 rows"):
        fit_delta_rule(diaries.assign(trust=diaries.trust.where(diaries.index != 3)), people)


def test_a_gain_without_events_of_its_kind_is_unknown():
    diaries, people = _diaries(np.random.default_rng(4), people=30)
    table = fit_delta_rule(diaries[diaries.kind != "advertisement"], people).set_index("parameter")
    assert table.loc["message"].isna().all()
    assert table.loc["bad", "low"] <= table.loc["bad", "estimate"] <= table.loc["bad", "high"]


@pytest.mark.parametrize(
    ("rows", "change", "words"),
    [
        (5, {}, "more events than 5"),
        (50, {"people": lambda people: pd.concat([people, people.head(1)])}, "twice, first 0"),
        (50, {"people": lambda people: people.assign(first_impression=np.nan)}, "first_impression"),
    ],
)
def test_diaries_that_cannot_be_fitted(rows, change, words):
    diaries, people = _diaries(np.random.default_rng(0), people=20)
    people = change.get("people", lambda same: same)(people)
    with pytest.raises(CrmkitError, match=words):
        fit_delta_rule(diaries.head(rows), people)
    with pytest.raises(CrmkitError, match="cannot be split"):
        compare_belief_rules(diaries, people.head(3), folds=5)


def test_impression_rehearsal_revision():
    memory = MemoryChain.known(learning=0.5, decay_fast=0.5, transfer=0.05, decay_slow=0.02)
    adverts = pd.DataFrame({"week": [2, 6, 10], "kind": "advertisement", "rating": 9.0})
    bad = pd.DataFrame({"week": [12], "kind": ["failure"], "rating": [1.0]})
    quiet = impression_path(adverts.head(0), 6, GAINS, memory, weeks=30)
    rehearsed = impression_path(adverts, 6, GAINS, memory, weeks=30)
    revised = impression_path(pd.concat([adverts, bad]), 6, GAINS, memory, weeks=30)
    assert (quiet.trust == 6).all()
    assert (quiet.recall == 0).all()
    assert quiet.promise.isna().all()
    assert (np.diff(rehearsed.trust[[0, 1, 5, 9]]) > 0).all()
    assert rehearsed.gap.iloc[-1] == pytest.approx(9 - rehearsed.trust.iloc[-1])
    # a bad experience: better remembered and less trusted
    assert revised.recall[12] > rehearsed.recall[12]
    assert revised.trust[12] < rehearsed.trust[12] - 2
    with pytest.raises(CrmkitError, match="outside weeks 1 to 8"):
        impression_path(adverts, 6, GAINS, memory, weeks=8)
    with pytest.raises(CrmkitError, match="negative"):
        impression_path(
            adverts, 6, GAINS, Exponential.known(learning=1, decay=1), experience_weight=-1
        )


def test_visits_and_peak_end():
    moments = pd.DataFrame(
        {"visit_id": [1] * 3 + [2] * 2, "moment": [3, 1, 2, 1, 2], "rating": [7, 5, 10, 0, 10]}
    )
    table = summarise_visits(moments)
    assert table.loc[1].tolist() == pytest.approx([22 / 3, 10, 7, 3])
    assert table.loc[2, "peak"] == 0  # equally far from neutral: the worse one
    rng = np.random.default_rng(3)
    moments = pd.DataFrame(
        {
            "visit_id": np.repeat(np.arange(500), 6),
            "moment": np.tile(np.arange(6), 500),
            "rating": rng.integers(0, 11, 3000),
        }
    )
    parts = summarise_visits(moments)
    visits = pd.DataFrame(
        {
            "visit_id": parts.index,
            "remembered": 0.1 * parts["mean"]
            + 0.5 * parts.peak
            + 0.4 * parts.end
            + rng.normal(0, 0.5, 500),
        }
    )
    found = fit_peak_end(moments, visits).set_index("part")
    for part, weight in (("mean", 0.1), ("peak", 0.5), ("end", 0.4)):
        assert found.low[part] <= weight <= found.high[part]
    for wrong, words in (
        (visits.head(5), "more visits"),
        (pd.concat([visits, visits.head(1)]), "visits twice"),
        (
            visits.assign(remembered=visits.remembered.where(visits.visit_id > 0)),
            "remembered: 1 of 500",
        ),
    ):
        with pytest.raises(CrmkitError, match=words):
            fit_peak_end(moments, wrong)
    with pytest.raises(CrmkitError, match="rating: "):
        summarise_visits(moments.assign(rating=moments.rating.where(moments.index > 0)))


def test_failure_and_recovery():
    cases = pd.DataFrame(
        {
            "arm": ["no failure"] * 4 + ["failure, letter"] * 4,
            "bought_90d": [1, 1, 1, 0, 1, 0, 0, 0],
        }
    )
    table = failure_and_recovery(cases, ["bought_90d"]).set_index("arm")
    assert table.loc["failure, letter", "difference"] == pytest.approx(-0.5)
    assert table.loc["failure, letter", "low"] < -0.5 < table.loc["failure, letter", "high"]
    turned = failure_and_recovery(cases, ["bought_90d"], against="failure, letter").set_index("arm")
    assert turned.loc["no failure", "difference"] == pytest.approx(0.5)
    with pytest.raises(CrmkitError, match="nobody in the arm"):
        failure_and_recovery(cases.tail(4), ["bought_90d"])
    with pytest.raises(CrmkitError, match="'arm' is missing in 1 rows"):
        failure_and_recovery(cases.assign(arm=cases.arm.where(cases.index > 0)), ["bought_90d"])
    with pytest.raises(CrmkitError, match="missing in 1 rows"):
        failure_and_recovery(
            cases.assign(bought_90d=cases.bought_90d.where(cases.index > 0)), ["bought_90d"]
        )
