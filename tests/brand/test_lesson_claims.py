"""What lessons 40 to 44 say in prose holds for every student's company, not only for the shipped one."""

import numpy as np
import pandas as pd
import pytest
from worlds import seeds, world_of

from crmkit.brand import (
    BaseLevel,
    Exponential,
    MemoryChain,
    Power,
    best_plan,
    change_between,
    compare_belief_rules,
    compare_models,
    compare_plans,
    contacts_needed,
    delivery_paths,
    difference_in_differences,
    distinctiveness,
    double_jeopardy,
    expand_links,
    exposure_ages,
    failure_and_recovery,
    fit_delta_rule,
    fit_peak_end,
    interference_cost,
    interference_cost_total,
    links_matrix,
    make_plan,
    mental_availability,
    pressure_design,
    profile_similarity,
    recall_path,
    remembering_and_buying,
    returns_of_frequency,
    words_to_own,
)
from crmkit.brand.associations import add_lookalike, claim_word, retrieval_matrix
from crmkit.inference import percentile_interval

SEEDS = seeds(1, 2, 3, 4, 5, 6)


@pytest.fixture(scope="module", params=SEEDS)
def world(request):
    return world_of("fernwell", customers=10, seed=request.param, parts=["brand"])


@pytest.fixture(scope="module")
def company(world):
    return world.tables


@pytest.fixture(scope="module")
def linked(company):
    people = company["tracker_respondents"]
    ends = pd.to_datetime(["2023-12-31", "2024-12-29", "2025-06-01", "2025-12-31"])
    people = people.assign(period=pd.cut(people.week, ends, labels=["before", "entering", "after"]))
    people = people[people.period != "entering"].assign(
        period=lambda table: table.period.astype(str)
    )
    links = expand_links(company["tracker_answers"], company["brand_words"])
    links = links.merge(people[["respondent_id", "period"]], on="respondent_id")
    matrix = {
        name: links_matrix(part) / (people.period == name).sum()
        for name, part in links.groupby("period")
    }
    return people, links, matrix


def test_lesson_40(company, linked):
    people, links, matrix = linked
    people, links = people[people.period == "before"], links[links.period == "before"]
    value = company["brand_words"].set_index("word")["yearly_value"]
    ranking = words_to_own(links, people, "Fernwell", value)
    assert ranking.index[:2].tolist() == ["spring garden", "someone explains"]
    before = matrix["before"]
    all_in_all = {
        word: -interference_cost(
            before, claim_word(before, "Fernwell", word, 0.1), "Fernwell", value
        )["cost"].sum()
        for word in ("someone explains", "big renovation")
    }
    assert all_in_all["someone explains"] < 0 < all_in_all["big renovation"]
    verdicts = double_jeopardy(mental_availability(links, people)).set_index("brand")["verdict"]
    assert verdicts[verdicts != "as its size"].to_dict() == {"Oakwright": "stronger than its size"}
    sizes = double_jeopardy(mental_availability(links, people)).set_index("brand")
    assert sizes["penetration"].idxmin() == "Oakwright"
    clear = (sizes["network_size"] > sizes["high"]) | (sizes["network_size"] < sizes["low"])
    assert clear[clear].index.tolist() == ["Oakwright"]
    assert value.idxmax() == "big renovation"
    assert ranking["score"].rank()["big renovation"] < len(ranking)
    groups = mental_availability(links, people, by="segment", brands=["Fernwell"])
    groups = groups.set_index("segment")
    assert groups.network_size_low["trade"] > groups.network_size_high["renter"]
    assert np.ptp(groups.mental_market_share) < 0.04


def test_lesson_41(company, linked):
    people, links, matrix = linked
    alike = {period: distinctiveness(table) for period, table in matrix.items()}
    assert alike["before"].similarity["Fernwell"] < 0.9
    assert alike["after"].nearest["Fernwell"] == "Fernhollow"
    assert alike["after"].similarity["Fernwell"] > 0.98
    table = mental_availability(links, people, by="period")
    change = change_between(table, "period", "before", "after", "network_size").set_index("brand")
    change = change.drop("Fernhollow", errors="ignore")
    assert change.high["Fernwell"] < 0
    controls = ["Toolmere", "Bramblecote", "Pennygrove", "Oakwright"]
    counted = links.groupby(["respondent_id", "brand", "period"], observed=True).size()
    counted = counted.rename("links").reset_index()
    trust = company["tracker_answers"].merge(people, on="respondent_id").dropna(subset="trust")
    for rows, outcome in ((counted, "links"), (trust, "trust")):
        found = difference_in_differences(rows, outcome, "Fernwell", controls).set_index("brand")
        assert found.loc["Fernwell", "high"] < 0
        assert found.loc["Fernwell", "p_adjusted"] < 0.001
        assert (found.loc[controls, "p_adjusted"] > 0.01).all()  # placebos
    assert -0.85 < found.loc["Fernwell", "effect"] < -0.3  # trust: about half a point
    shares = table.pivot(index="brand", columns="period", values="mental_market_share")
    assert (shares["after"] < shares["before"]).loc[["Fernwell", *controls]].all(), "every share"
    assert (change.high[controls] > 0).all(), "nobody else has clearly fewer links per person"
    reach = table.pivot(index="brand", columns="period", values="penetration")
    fewer = (reach["after"] - reach["before"]).loc[["Fernwell", *controls]]
    assert fewer.idxmin() == "Pennygrove", "fewer people think of it at all"
    pressure = company["brand_pressure"].query("brand == 'Pennygrove' and contacts > 0")
    assert pressure["week"].max() < pd.Timestamp("2024-07-15"), "it stopped advertising"
    value = company["brand_words"].set_index("word")["yearly_value"]
    cost = interference_cost_total(links, people, "Fernwell", value, draws=100)
    assert 1e6 < cost.low < cost.estimate < cost.high < 5e6
    assert change.change["Fernwell"] < change.change.drop("Fernwell").min() - 0.1
    strength = matrix["after"].loc["Fernhollow"].sum() / matrix["before"].loc["Fernwell"].sum()
    thinner = add_lookalike(matrix["before"], "Fernwell", 0.8, strength)
    share = {
        name: retrieval_matrix(market).loc["Fernwell"].mean()
        for name, market in {**matrix, "thinner": thinner}.items()
    }
    diluted, lost = share["before"] - share["thinner"], share["before"] - share["after"]
    assert 0.5 < diluted / lost < 1  # most of the loss is plain arithmetic, but not all
    like = profile_similarity(thinner)
    (added,) = like.index.difference(matrix["before"].index)
    assert like.loc[added, "Fernwell"] > 0.95  # the recipe's cosine is near 1
    tenth = retrieval_matrix(add_lookalike(matrix["before"], "Fernwell", 0.8, 0.5))
    assert (
        tenth.loc["Fernwell"].mean() < 0.9 * share["before"]
    )  # the explorer's goal can be reached
    spread = matrix["after"]
    for word in ("moving in", "big renovation", "cheapest", "everything in stock"):
        spread = claim_word(spread, "Fernwell", word, 0.06)
    own = [
        retrieval_matrix(market).loc["Fernwell", "someone explains"]
        for market in (matrix["after"], spread)
    ]
    assert own[1] < 0.95 * own[0]


def test_lesson_42(company):
    diaries, people = company["diaries"], company["diary_people"]
    gains = fit_delta_rule(diaries, people).set_index("parameter")
    assert gains.low["bad / good"] > 2
    assert gains.estimate["message"] < min(gains.estimate["good"], gains.estimate["bad"])
    weights = fit_peak_end(company["visit_moments"], company["visits"]).set_index("part")
    assert weights.weight["mean"] < 0.55 * min(weights.weight["peak"], weights.weight["end"])
    memory = MemoryChain.known(learning=0.3, decay_fast=0.5, transfer=0.07, decay_slow=0.03)
    paths = delivery_paths(
        gains.reset_index(), memory, promise=9.0, first_impression=6.0, good=8.5, bad=2.0
    )
    good, bad = paths.values()
    assert np.allclose(good["recall"], bad["recall"])
    assert bad["recall"][12] > bad["recall"][11]  # better remembered ...
    assert bad["trust"][12] < bad["trust"][11] - 1  # ... and less trusted, steeply
    assert 0 < good["trust"][12] - good["trust"][11] < 1  # a little
    rules = compare_belief_rules(diaries, people)
    assert rules.rule[0] == "two gains, bad heavier"
    assert set(rules.rule[1:3]) == {"one gain", "Bayesian"}
    assert (rules.low[1:] > 0.05).all()
    assert rules.error[2] - rules.error[1] < 0.06
    first = people.set_index("person_id")["first_impression"]
    failure = diaries[diaries.kind == "failure"].groupby("person_id")["event"].min()
    who = first[failure.index[failure > 5]].idxmin()
    told = diaries[diaries.person_id == who].set_index("event")["trust"]
    assert told[failure[who] - 1] > first[who] + 0.9
    assert told[failure[who]] < told[failure[who] - 1] - 1.2
    later = diaries.groupby("person_id")[["kind", "rating"]].shift(-1).add_prefix("next_")
    forecast = diaries.join(later).dropna(subset="next_rating")
    forecast = forecast[forecast.next_kind != "advertisement"]
    assert forecast.next_rating.mean() > forecast.trust.mean() + 0.4
    assert abs(forecast.trust.corr(forecast.next_rating)) < 0.15
    cases = company["service_cases"]
    repair = failure_and_recovery(cases, ["bought_90d"]).set_index("arm")
    assert repair.high["failure, letter"] < 0
    assert repair.difference["failure, call and mend"] < 0  # fewer came back
    assert repair.low["failure, call and mend"] < -0.05  # nothing speaks for a paradox
    means = cases.groupby("arm")["orders_before"].mean()
    assert np.ptp(means) < 0.4  # about equally often
    called = failure_and_recovery(
        cases[cases.arm != "no failure"], ["bought_90d"], against="failure, letter"
    ).set_index("arm")
    assert called.low["failure, call and mend"] > 0
    spent = failure_and_recovery(
        cases[cases.arm != "no failure"], ["spend_90d"], against="failure, letter"
    ).set_index("arm")
    wide = spent.loc["failure, call and mend"]
    assert wide.low < 0.5 * wide.difference  # in money the interval is wide


def test_lesson_43(company):
    trials = company["recall_experiment"]
    memory = MemoryChain(massing=True).fit(exposure_ages(trials), trials.recalled)
    assert memory.half_life_weeks(13) > 3 * memory.half_life_weeks(1)
    drawn = memory.drawn(40)
    life = {n: percentile_interval([each.half_life_weeks(n) for each in drawn]) for n in (1, 13)}
    assert life[13][0] > 1.5 * life[1][1]  # the two intervals lie well apart
    priced = [
        returns_of_frequency(each, most=20, value_per_point=12_000, cost_per_contact=36_000)
        for each in (memory, *drawn)
    ]
    pays = [table.loc[table["pays"], "contacts"].max() for table in priced]
    low, high = percentile_interval(pays[1:])
    assert low <= pays[0] <= high
    assert 2 <= high - low + 1 <= 6
    added = priced[0].set_index("contacts")["gain_points"]
    assert added[9] < 0.5 * added[2]
    assert added.dropna().is_monotonic_decreasing  # every further contact adds less
    double = returns_of_frequency(memory, most=20, value_per_point=24_000, cost_per_contact=36_000)
    assert double.loc[double["pays"], "contacts"].max() >= 13  # the agency's thirteen may pay
    cells = trials.groupby(["exposures", "weeks_after"]).size()
    assert 40 < cells.median() < 60
    raw = trials[trials.exposures >= 4].groupby("gap_weeks")["recalled"].mean()
    assert raw.drop(0).max() < raw[0] + 0.08  # in the raw table spacing seems to help little
    lasts = returns_of_frequency(memory, most=16, threshold=0.2).set_index("contacts").lasts_weeks
    assert lasts.is_monotonic_increasing  # true, all the way
    assert lasts[2] < 8  # below three contacts it does not last
    assert lasts[8] > 17  # for months
    assert 1.4 < lasts[16] / lasts[8] < 1.8
    assert (lasts[16] - lasts[8]) / (lasts[8] - lasts[4]) == pytest.approx(1, abs=0.25)
    spread = {
        gap: returns_of_frequency(memory, most=8, gap_weeks=gap, threshold=0.2).lasts_weeks.iloc[-1]
        for gap in (0, 2, 4)
    }
    assert spread[2] > 1.4 * spread[0]
    assert spread[4] < 1.1 * spread[2]


def test_lesson_43_exponential_is_behind_and_the_others_cannot_be_told_apart(company):
    trials = company["recall_experiment"]
    kinds = [kind(massing=True) for kind in (Exponential, Power, BaseLevel, MemoryChain)]
    found = compare_models(exposure_ages(trials), trials.recalled, [*kinds, MemoryChain()])
    behind = (found["behind_best"] / found["behind_se"].where(found["behind_se"] > 0)).fillna(0)
    behind.index = found["model"]
    first = found["model"].head(3)
    assert set(first) == {"memory chain + spacing", "power + spacing", "ACT-R base level + spacing"}
    assert (behind[first] < 2.5).all()
    assert behind["exponential + spacing"] > 2.5
    by_name = found.set_index("model")["held_out"]
    assert by_name["memory chain + spacing"] > by_name["memory chain"]


def test_lesson_44(company, world):
    people, answers = company["tracker_respondents"], company["tracker_answers"]
    named = answers[answers.position > 0].merge(people, on="respondent_id")
    named = named.groupby(["brand", "week"]).size().rename("named")
    weekly = company["brand_pressure"][["brand", "week"]].join(named, on=["brand", "week"])
    weekly["asked"] = weekly.week.map(people.groupby("week").size())
    weekly = weekly.fillna({"named": 0, "asked": 0})
    ages, contacts = pressure_design(company["brand_pressure"], weekly)
    fitted = MemoryChain().fit(ages, weekly.named, weekly.asked, contacts, weekly.brand)
    model = MemoryChain.known(**fitted.params_, base=fitted.bases_["Fernwell"])
    plans = {kind: make_plan(kind, 46) for kind in ("burst", "drip", "flights")}
    year = compare_plans(plans, model)
    assert year.idxmax().loc[["peak", "mean", "end"]].tolist() == ["burst", "burst", "drip"]
    assert year["end"].idxmin() == "burst"  # the worst December
    silent = fitted.link(np.array([fitted.bases_["Pennygrove"]]))[0]
    assert silent > 0.05  # not to zero
    assert weekly.loc[weekly["asked"] > 0, "asked"].median() == pytest.approx(40, abs=4)
    third = {
        kind: recall_path(np.tile(plan, 3), model).recall.tail(52) for kind, plan in plans.items()
    }
    third = pd.DataFrame({kind: path.agg(["max", "mean", "min"]) for kind, path in third.items()})
    assert third.idxmax(axis=1).tolist() == ["burst", "drip", "drip"]
    assert third.loc["mean", "drip"] < third.loc["mean"].drop("drip").max() + 0.02  # by a little
    assert third.loc["min", "drip"] > third.loc["min"].drop("drip").max() + 0.05  # by far
    needs = [contacts_needed(model, floor, from_week=9).sum() for floor in (0.4, 0.45, 0.5, 0.55)]
    assert (np.diff(needs, 2) > 0).all()  # each step costs more than the one before
    mean = best_plan(model, 46, "mean", from_week=9, most_per_week=4)
    assert (mean.iloc[-8:] < 0.005).all()  # what is bought in December works in January
    goals = {
        "peak": best_plan(model, 46, "peak", launch_week=20, most_per_week=4),
        "mean": mean,
        "floor": best_plan(model, 46, "floor", from_week=9, most_per_week=4),
    }
    for each in fitted.drawn(20):
        curve = MemoryChain.known(**each.params_, base=each.bases_["Fernwell"])
        paths = {goal: recall_path(plan, curve).recall for goal, plan in goals.items()}
        table = pd.DataFrame(
            {goal: (p.iloc[19], p.iloc[8:].mean(), p.iloc[8:].min()) for goal, p in paths.items()}
        )
        assert table.idxmax(axis=1).tolist() == ["peak", "mean", "floor"]
    ours = np.concatenate(
        [np.zeros(11), np.full(9, 2.0), np.full(32, 28 / 32)]
    )  # 44-4's model answer
    at_peak = [recall_path(plan, model).recall.iloc[19] for plan in (goals["peak"], ours)]
    assert 0.15 < at_peak[0] - at_peak[1] < 0.25
    panel = company["brand_panel"].assign(log_trips=lambda table: np.log(table.trips))
    points = remembering_and_buying(panel, ["project", "log_trips"]).set_index("question")
    careful = points.loc["recalled, then bought; controls"]
    shrinks = points.points[
        ["same wave", "recalled, then bought", "recalled, then bought; controls"]
    ]
    assert shrinks.is_monotonic_decreasing  # and again
    true = world.truth["brand_parameters"].set_index("parameter")["value"]
    assert abs(careful.points - true["recall raises buying (points)"]) < 3  # they come close
    assert careful.low > 0
    assert careful.points < 0.5 * points.points["same wave"]
    assert points.points["reverse: bought, then recalled; controls"] > 2 * careful.points
