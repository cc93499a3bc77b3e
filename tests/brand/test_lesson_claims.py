"""What lessons 40 to 44 say in prose holds for every student's company, not only for the shipped one."""

import numpy as np
import pandas as pd
import pytest

from crmkit.brand import (
    MemoryChain,
    best_plan,
    change_between,
    compare_belief_rules,
    compare_plans,
    distinctiveness,
    double_jeopardy,
    expand_links,
    exposure_ages,
    failure_and_recovery,
    fit_delta_rule,
    interference_cost,
    links_matrix,
    make_plan,
    mental_availability,
    pressure_design,
    recall_path,
    remembering_and_buying,
    returns_of_frequency,
    words_to_own,
)
from crmkit.brand.associations import add_lookalike, claim_word, retrieval_matrix
from crmkit.world import simulate

SEEDS = (2, 3)


@pytest.fixture(scope="module", params=SEEDS)
def company(request):
    seed = request.param
    return simulate("fernwell", customers=10, seed=seed, parts=["brand"], progress=False).tables


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
    assert change.change["Fernwell"] < change.change.drop("Fernwell").min() - 0.1
    strength = matrix["after"].loc["Fernhollow"].sum() / matrix["before"].loc["Fernwell"].sum()
    thinner = add_lookalike(matrix["before"], "Fernwell", 0.8, strength)
    share = {
        name: retrieval_matrix(market).loc["Fernwell"].mean()
        for name, market in {**matrix, "thinner": thinner}.items()
    }
    diluted, lost = share["before"] - share["thinner"], share["before"] - share["after"]
    assert 0.5 < diluted / lost < 1  # most of the loss is plain arithmetic, but not all


def test_lesson_42(company):
    diaries, people = company["diaries"], company["diary_people"]
    gains = fit_delta_rule(diaries, people).set_index("parameter")
    assert gains.low["bad / good"] > 2
    assert gains.estimate["message"] < gains.estimate["good"]
    rules = compare_belief_rules(diaries, people)
    assert rules.rule.tolist()[:3] == ["two gains, bad heavier", "one gain", "Bayesian"]
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
    assert repair.low["failure, call and mend"] < 0  # no paradox
    called = failure_and_recovery(
        cases[cases.arm != "no failure"], ["bought_90d"], against="failure, letter"
    ).set_index("arm")
    assert called.low["failure, call and mend"] > 0


def test_lesson_43(company):
    trials = company["recall_experiment"]
    memory = MemoryChain(massing=True).fit(exposure_ages(trials), trials.recalled)
    assert memory.half_life_weeks(13) > 3 * memory.half_life_weeks(1)
    lasts = returns_of_frequency(memory, most=16, threshold=0.2).set_index("contacts").lasts_weeks
    assert 1.4 < lasts[16] / lasts[8] < 1.8
    assert (lasts[16] - lasts[8]) / (lasts[8] - lasts[4]) == pytest.approx(1, abs=0.25)
    spread = {
        gap: returns_of_frequency(memory, most=8, gap_weeks=gap, threshold=0.2).lasts_weeks.iloc[-1]
        for gap in (0, 2, 4)
    }
    assert spread[2] > 1.4 * spread[0]
    assert spread[4] < 1.1 * spread[2]


def test_lesson_44(company):
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
    third = {
        kind: recall_path(np.tile(plan, 3), model).recall.tail(52) for kind, plan in plans.items()
    }
    third = pd.DataFrame({kind: path.agg(["max", "mean", "min"]) for kind, path in third.items()})
    assert third.idxmax(axis=1).tolist() == ["burst", "drip", "drip"]
    mean = best_plan(model, 46, "mean", from_week=9, most_per_week=4)
    assert (mean.iloc[-8:] < 0.005).all()  # what is bought in December works in January
    panel = company["brand_panel"].assign(log_trips=lambda table: np.log(table.trips))
    points = remembering_and_buying(panel, ["project", "log_trips"]).set_index("question")
    careful = points.loc["recalled, then bought; controls"]
    assert careful.low > 0
    assert careful.points < 0.5 * points.points["same wave"]
    assert points.points["reverse: bought, then recalled; controls"] > 2 * careful.points
