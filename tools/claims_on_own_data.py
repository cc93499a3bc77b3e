"""What each lesson claims, asked of the variables that its own cells made on another company's data.

`tests/notebooks/test_in_a_class.py` runs the lessons on Fernwell renamed, a year later, in another currency. A claim
about what one small company cannot show (an effect within its own noise) asks the truth, as the lesson does.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

Seen = dict  # the variables of a lesson's cells


def profit_is_in_fewer_hands(seen: Seen) -> None:
    assert seen["share"]["profit"] > seen["share"]["turnover"]
    assert seen["lost"]["peak_share"] > 1
    assert seen["metals"]["value_share"].iloc[-1] < 0
    assert seen["metals"]["value_share"].iloc[0] < seen["pyramid"]["value_share"].iloc[0]


def the_lists_differ_and_the_channel_means_nothing(seen: Seen) -> None:
    guests = seen["guests"]
    assert len(seen["rich"].intersection(seen["helpful"])) < 0.3 * guests
    assert seen["first"].iloc[2] < 0.8 * guests  # "a little weight changes much of the list"
    assert seen["dealt"]["as_large"] > 0.01
    assert 0 < len(seen["new"]) < 0.2 * guests


def recency_finds_people_and_the_funnel_narrows(seen: Seen) -> None:
    back = seen["found"].drop("everyone")["came_back"]
    assert back.drop("R + F + M").idxmax() == "most recent"
    assert seen["funnel"]["people"].is_monotonic_decreasing
    assert (seen["again"] >= 1).mean() > 0.5 > 0.2 > (seen["again"] >= 12).mean()
    assert seen["schedule"]["wrong_share"].iloc[1] > 1 / 3
    then, now, old, new = (seen[name] for name in ("then", "now", "old", "new"))
    assert now.loc[old, "value"].sum() < 0.8 * then.loc[old, "value"].sum()
    assert now.loc[new, "value"].sum() > 1.3 * then.loc[new, "value"].sum()


def one_line_keeps_up_and_the_few_take_little_time(seen: Seen) -> None:
    rand = seen["compared"]["adjusted_rand"]
    assert rand["three parts by price level"] > rand["k-means on five features"] - 0.02
    assert rand["three parts by turnover"] < 0.12
    assert seen["top"] < 0.15 * seen["everybody"]
    mean = seen["by_need"]["mean"].unstack()
    assert mean.loc["ordinary", "value"] > mean.loc["ordinary", "price"]
    assert (mean.loc["VIP"].dropna() > 0).all()


def silence_has_a_rhythm_and_the_two_ends_are_wrong(seen: Seen) -> None:
    now = seen["now"]
    assert now["every second week"] < 0.3 < now["twice a year"]
    judged = seen["judged"]
    once, lost = judged.loc[("BG/NBD", "bought once")], judged.loc[("BG/NBD", "below 20 %")]
    assert once["will_buy"] > once["bought"]
    assert lost["bought"] > 0.3 > lost["will_buy"]
    nearer = judged.loc[("MBG/NBD", "bought once")]
    assert abs(nearer["will_buy"] - once["bought"]) < once["will_buy"] - once["bought"]
    assert seen["gap"].iloc[-1] > 0
    scores = seen["scores"]
    error = scores["mean_absolute_error"]
    assert error["same as last year"] > error.drop("same as last year").max()
    assert scores["total"][["regression", "BG/NBD"]].max() < 1 < scores["total"].iloc[0]
    assert scores["rank_correlation"].idxmax() == "regression"


def the_potential_bring_more_and_the_ranges_hold_too_little(seen: Seen) -> None:
    mean = seen["after"]["mean"]
    assert mean["high-value"] > mean["potential"] > 2.5 * mean["basic"]
    assert seen["promised"] < seen["happened"]
    assert seen["wide"] > 0.85
    assert seen["inside"] / len(seen["few"]) < seen["spread"]["promised"].mean()
    total = seen["total"]
    assert (total["happened"] > total["low"]).all()
    assert total.loc["MBG/NBD", "expected"] > total.loc["BG/NBD", "expected"]


def no_field_is_the_key(seen: Seen) -> None:
    assert seen["hidden"].sum() >= 3
    alone, even = seen["alone"], seen["true"]
    assert alone.loc["email", "error_rate"] < 0.01
    assert alone.loc["name", "wrong_people"] > alone.loc["email", "wrong_people"]
    assert alone.loc["email", "omission_rate"] > 0.4 > 8 * even["omission_rate"]
    assert alone.loc["postcode", "error_rate"] > 0.5
    weight = seen["weight"]
    assert weight["phone", "same"] > weight["postcode", "same"] + 5
    assert weight["phone", "different"] < weight["email", "different"] < 0
    assert seen["table"]["wrong_people"].is_monotonic_decreasing
    assert seen["table"]["split_customers"].is_monotonic_increasing
    assert seen["right"] > 50 - seen["hidden"].sum()


def beliefs_and_data_differ(seen: Seen) -> None:
    assert seen["told"].rank(ascending=False)["quality"] <= 3
    found = seen["from_data"].set_index("lever")
    assert found.loc["quality", "high"] < seen["told"]["quality"]
    assert found.loc["guides", "low"] > seen["told"]["guides"]
    assert seen["agreement"].is_monotonic_increasing
    assert seen["shares"].idxmax()["measured, in 9-3-1"] != seen["shares"].idxmax()["truth"]


def the_measured_house_earns_more(seen: Seen) -> None:
    assert seen["earned"]["more_low"].iloc[1] > 0
    assert seen["best_price"] < 0 < seen["searched"]
    assert seen["step"]["gain"].iloc[0] > 2 * seen["step"]["gain"].iloc[1]
    assert seen["step"]["gain"].iloc[-1] < 0
    promised, came = (
        seen["mix"]
        .compare_offers(seen[judge], seen["from_survey"], seen["rivals"])["profit"]
        .iloc[0]
        for judge in ("learnt", "market")
    )
    assert promised < came
    assert came > 0.75 * seen["searched"]


def the_unanswered_question_breaks_the_chain(seen: Seen) -> None:
    links = seen["links"].set_index("touchpoint")
    assert links.index[links["weak"]].tolist() == ["question"]
    assert seen["keen"]["aftercare"] > seen["keen"]["entrance"] > seen["keen"]["advertisement"]
    assert seen["result"]["comes out"] < seen["result"]["promised"]
    assert seen["effect"]["low"].gt(0).all()
    assert seen["gain"].idxmax() == "question"
    assert seen["gain"]["entrance"] < seen["gain"]["advertisement"]


def three_questions_are_enough_if_they_are_the_right_ones(seen: Seen) -> None:
    card, asked, best = seen["card"]["mean"], seen["asked"]["mean"], seen["best"]
    assert best.idxmax() == 3
    assert asked[6] - asked[0] > 2 * (card[6] - card[0])  # those who stayed liked the shop anyway
    later = seen["later"].set_index("question")
    assert later["worth"].idxmax() == "tool"
    assert later["bits"].idxmax() != "tool"
    assert (
        seen["level"].iloc[0] > seen["level"].iloc[-1] > 0.5
    )  # A wins where most know what they need
    assert seen["by_clerk"]["share"].idxmax() == "B"


def a_mark_costs_nothing_and_a_choice_does(seen: Seen) -> None:
    assert 3 < seen["ticks"] < 8
    durable = seen["side"].set_index("need").loc["durable"]
    assert durable["stated_rank"] == 1 < durable["revealed_rank"]
    assert abs(seen["gap"]) < 2 * seen["se"]  # ranks differ where the estimates do not
    assert seen["agreement"].idxmax() == "revealed"
    found = seen["found"]
    assert found.loc["ticked", "precision"] < 0.5 < 0.7 < found.loc["kept 3", "precision"]
    assert found.loc["kept 3, checked", "precision"] > found.loc["kept 3", "precision"]
    assert found.loc["kept 3, checked", "recall"] == found.loc["kept 3", "recall"]


def the_price_by_value_sells_to_the_fewest_and_earns_most(seen: Seen) -> None:
    earned = seen["earned"].set_index("way")
    assert earned["profit"].idxmax() == earned["share"].idxmin() == "value"
    assert earned["profit"].idxmin() == "cost-plus"
    assert seen["less"] > 0.5 < seen["order"]  # answers bargain and keep the order
    shares = seen["shares"]
    assert (shares["as said"] < shares["truth"]).all()
    assert np.abs(shares["from choices"] - shares["truth"]).max() < 0.05
    wars = seen["wars"]
    assert wars["last_profit"].is_monotonic_increasing
    assert wars["last_price"].iloc[0] - seen["unit_cost"] < 1


def the_chance_falls_with_silence(seen: Seen) -> None:
    assert seen["at"][[0, 30, 90, 180, 360]].is_monotonic_decreasing
    table = seen["table"]["kappa"]
    assert table["from the curve"] > table["90 days"] > table["30 days"]
    assert abs(seen["lead"]["lead"]) < 0.05  # the best ladder, known only from the truth, is near
    assert np.ptp(seen["horizons"]["kappa"]) < 0.1  # the horizon matters little
    assert seen["month"]["once so far"] < 0.7 * seen["month"]["more often"]
    assert 0.3 < seen["once"] < 0.8


def more_fall_asleep_than_join(seen: Seen) -> None:
    total = seen["total"]
    assert total["fell_asleep"] > total["new"] > total["woke"]
    assert total["net"] > 0
    assert seen["more"] > len(seen["water"]) / 2
    assert 0.5 < seen["filled"]["share"] < 1
    assert seen["sent"].mean() < 1 < 18
    assert (seen["prices"]["times"].dropna() < 10).all()


def everybody_counted_and_nobody_compared(seen: Seen) -> None:
    p = seen["both"].xs("p_value", axis=1, level=1)
    assert p["January"].min() > 0.01
    assert p.loc["silent_days", "spring"] < 0.001  # called because they were likely to return
    effects = seen["effects"].set_index("arm")
    truth = seen["truth"]
    assert (truth > 0).all()
    assert ((effects["low"] < truth) & (truth < effects["high"])).all()
    assert len(seen["won"]) < 0.5 * seen["called"]["returned_60d"].sum()
    assert seen["crossing"] >= 9
    assert seen["width"]["drowsy"] > seen["width"]["asleep"]
    assert seen["last"]["called_by_now"] > 4 * seen["last"]["called_by_sequence"]
    assert seen["last"]["called_by_now"] > 0.2


def the_likely_are_not_those_who_can_be_changed(seen: Seen) -> None:
    table = seen["table"]
    assert table.loc["won", "likely to be changed"] > 1.5 * table.loc["won", "likely to return"]
    assert table.loc["anyway", "likely to be changed"] < table.loc["anyway", "likely to return"]
    share = seen["share"]
    assert share["by chance to return"] < 0.3 < share["by predicted uplift"]
    truth = seen["groups"]["truth"]
    assert truth.iloc[0] > truth.iloc[-1] + 0.1
    assert seen["qini"]["low"] < 0 < seen["qini"]["high"]
    assert 0.3 < (seen["luck"] > 0).mean() < 0.7


def the_right_offer_for_all_does_much_of_it(seen: Seen) -> None:
    result = seen["result"].set_index("policy")
    assert result["of_best"].max() < 0.8  # nothing comes near what the truth would choose
    best_for_all = result.loc[["call everybody", "brochure to everybody"], "profit"].max()
    assert best_for_all > 0.6 * result["profit"].max()
    money = seen["money"]
    assert ((money["low"] < 0) & (money["high"] > 0)).all()  # one test cannot confirm it
    assert (seen["widths"]["with forecast"] < seen["widths"]["plain"]).all()
    assert seen["best"].groupby("state")["wins"].max().max() < 0.8


def the_plan_keeps_its_order_and_not_its_promise(seen: Seen) -> None:
    profit = seen["result"].set_index("policy")["profit"]
    assert profit.idxmax() == "oracle, same limits"
    assert profit["our plan"] > max(profit["reminder at random"], profit["call the likeliest"])
    assert seen["kept"] < seen["promised"]
    table = seen["table"].set_index("frequency")
    assert table.loc[8, "unsubscribed"] > table.loc[1, "unsubscribed"]
    assert table.loc[8, "high"] < 0
    held = seen["held"]
    assert held["finds_it"].is_monotonic_increasing
    assert held["least_rise"].is_monotonic_decreasing


def a_word_is_worth_owning_where_it_is_free(seen: Seen) -> None:
    explains = seen["explains"].set_index("brand")
    name = seen["company"].name
    assert explains["retrieval"].idxmax() == name
    assert explains.loc[name, "low"] > explains["high"].drop(name).max()
    assert seen["strength"] < 0.5
    brand, matrix = seen["brand"], seen["matrix"]
    pushed = brand.claim_word(matrix, name, "someone explains", 0.10)
    assert brand.interference_cost(matrix, pushed, name, seen["value"])["cost"].sum() > 0
    sizes = seen["sizes"]
    small = sizes["penetration"].idxmin()
    assert sizes.loc[small, "low"] > 1
    assert sizes.loc[small, "p_adjusted"] < 0.05
    assert (sizes["p_adjusted"].drop(small) > 0.05).all()


def a_lookalike_takes_by_dilution(seen: Seen) -> None:
    name, change = seen["company"].name, seen["change"].set_index("brand")
    assert change["change"].idxmin() == name
    assert change.loc[name, "high"] < 0
    alike = seen["alike"].drop(seen["copy"])
    assert alike.idxmax() == name
    assert seen["shares"].loc[name, "share after"] < seen["shares"].loc[name, "share before"]
    assert seen["before"] > seen["thinner"] > seen["after"]
    assert seen["before"] - seen["thinner"] > seen["thinner"] - seen["after"]
    assert seen["whole"].low > 0
    assert seen["thin"] < seen["plain"]


def bad_moves_trust_more_and_a_repair_returns_a_part(seen: Seen) -> None:
    gains = seen["gains"].set_index("parameter")
    assert gains.loc["bad", "low"] > gains.loc["good", "high"]
    assert gains.loc["good", "low"] > gains.loc["message", "high"]
    weights = seen["weights"].set_index("part")
    assert min(weights.loc["peak", "low"], weights.loc["end", "low"]) > weights.loc["mean", "high"]
    points = seen["points"].set_index("arm")["difference"]
    assert points["failure, letter"] < points["failure, call and mend"] < 0
    assert seen["gain"].set_index("outcome").loc["bought_90d", "low"].iloc[0] > 0


def more_contacts_help_less_and_less(seen: Seen) -> None:
    frequency = seen["frequency"].set_index("contacts")
    assert frequency["gain_points"].dropna().is_monotonic_decreasing
    assert frequency["recall"].is_monotonic_increasing
    assert frequency.loc[16, "lasts_weeks"] < 2 * frequency.loc[8, "lasts_weeks"]
    lasting = seen["lasting"]
    assert lasting.loc[8, 0] < lasting.loc[8, 2]  # eight in one evening are not eight
    assert lasting.loc[8].idxmax() > 0
    assert seen["fewest"] <= seen["last"] <= seen["most"]


def a_burst_makes_a_peak_and_a_drip_an_end(seen: Seen) -> None:
    year = seen["year"]
    assert year["peak"].idxmax() == "burst"
    assert year["end"].idxmax() == "drip"
    assert list(seen["need"].values()) == sorted(seen["need"].values())
    points = seen["links"].set_index("question")["points"]
    assert points["same wave"] > points["recalled, then bought"]
    assert points["recalled, then bought"] > points["recalled, then bought; controls"] > 0
    assert points["reverse: bought, then recalled; controls"] > points["recalled, then bought"]
    assert seen["low"] < np.log(2) / 0.03


def a_reason_given_is_not_the_reason(seen: Seen) -> None:
    table, shares = seen["table"], seen["shares"]
    price = table.loc["too expensive"]
    assert price["people"] == table["people"].max()
    assert price["high"] < 0.5
    assert price["most"] == "something is missing"
    assert shares.loc["near", "share"] < shares.loc["near", "plain"]  # the near answer more
    assert shares.loc["near", "low"] < seen["share"] < shares.loc["near", "high"]
    near = seen["near"]
    assert near.loc[~near["surveyed"], "share"].min() > seen["most"]  # those whom nobody asked


def all_must_haves_or_no_sale(seen: Seen) -> None:
    contest, model = seen["contest"], seen["model"]
    assert contest["hits"].idxmax() == "screen, then points"
    assert contest["behind_low"].dropna().gt(0).all()
    assert model.screens_.estimate > 0.5
    assert seen["forecast"]["share"].idxmax() == seen["result"]["share"].idxmax() == "hire"
    assert seen["result"].loc["hire", "low"] > seen["result"].drop("hire")["high"].max()
    assert seen["truth"].idxmax() == "hire"
    assert len(seen["still"]) > 0
    assert (seen["points"][seen["lacking"]] >= 0.6).mean() > 0.2  # many points, and no sale


def the_next_customer_costs_more_than_the_average_one(seen: Seen) -> None:
    report, costs, true = seen["report"]["attributed_cost"], seen["costs"], seen["true"]
    assert report["leaflets"] > 4 * report["search"]
    assert (costs["marginal"] > costs["average"]).all()
    assert costs["marginal"].idxmin() == true["true marginal"].idxmin() == "leaflets"
    assert seen["today"]["marginal_low"] > report["search"]
    off = seen["test"].loc["off"]
    assert off["cost_low"] > report["search"]
    assert -off["change"] < seen["clicked"]  # many who clicked came anyway
    assert seen["ends"]["leaflets"] > seen["ends"]["search"] > seen["ends"]["social media"]
    plan = seen["plan"]
    assert (plan["best"] - plan["spend"]).idxmax() == "leaflets"
    assert (plan["best"] < plan["spend"])[["search", "social media"]].all()
    assert seen["ratios"].loc["search", "marginal"] < 1 < seen["ratios"].loc["search", "average"]


def most_customers_bring_nobody(seen: Seen) -> None:
    table = seen["table"]
    assert table["share"].iloc[0] > 0.5
    assert table["share_brought"].iloc[-1] > 4 * table["share"].iloc[-1]
    assert seen["r"]["high"] < 1
    assert seen["r"]["in_all_high"] < 18
    assert (seen["rates"]["high"] < 0.8).all()
    gaps = seen["gaps"].set_index("way")
    assert gaps.loc["plain", "low"] > 0
    assert gaps.loc["same kind", "gap"] < gaps.loc["plain", "gap"]
    assert gaps.loc["same kind", "low"] < seen["effect"] < gaps.loc["same kind", "high"]
    assert seen["effects"].loc["to both", "low"] > 0
    assert (seen["effects"]["cost_per_friend"] < seen["effects"]["cost_per_extra"]).all()


def a_promise_kept_on_average_is_broken_in_the_busy_hours(seen: Seen) -> None:
    assert seen["in_time"].mean() > 0.8 > seen["worst"]["within"]
    assert seen["worst"]["calls"] == seen["service"]["calls"].max()
    assert not seen["said"]["c_holds"].all()
    assert seen["said"]["a_holds"].sum() >= len(seen["said"]) - 1
    plan, flat = seen["plan"], seen["flat"]
    assert plan["cost"].sum() <= flat["cost"].sum()
    assert plan["keeps"].all()
    assert not flat["keeps"].all()
    assert seen["again"]["within"].min() > seen["service"]["within"].min()
    effect = seen["effects"].set_index("way")
    assert effect["effect"].is_monotonic_decreasing  # as it looks, like cases, by chance
    assert effect.loc["by chance", "low"] < seen["harm"] < effect.loc["by chance", "high"]
    assert effect.loc["as it looks", "low"] > seen["harm"]
    assert seen["solved"].loc["specialist", "mean"] > seen["solved"].loc["front line", "mean"]


def satisfied_is_not_loyal(seen: Seen) -> None:
    ways = seen["ways"].set_index("way")
    assert ways["score"].iloc[:2].min() > seen["truth_score"] + 5  # the weights do not help
    assert abs(ways["score"].iloc[2] - seen["truth_score"]) < 15
    assert seen["gaps"]["9 to 10 against 7 to 8"]["high"] < 0.1
    assert (
        seen["levels"]["share"].iloc[2:].mean() > seen["stays"]["stays"].mean()
    )  # the silent leave
    profit = seen["profit"]
    assert profit["discount"].is_monotonic_increasing
    assert profit.loc["9 to 10", "mean"] < profit.loc["7 to 8", "mean"]
    assert seen["one"]["logins"] < 0.8 < seen["one"]["sales"]
    assert seen["warnings"]["caught"].iloc[1] > seen["by_sales"]["caught"][0]
    assert seen["compared"].set_index("score")["ranks_right"].idxmax() == "health index"
    assert (seen["shown"]["correlation"] > seen["shown"]["branch_with_itself"]).all()
    effect = seen["mine"].set_index("way")["effect"]
    assert effect["as it looks"] > effect["by chance"]


def no_habit_of_talking_wins_everywhere(seen: Seen) -> None:
    assert seen["share"]["bad"] > 2 * seen["share"]["good"] > 4 * seen["share"]["message"]
    assert seen["trust"] < 6
    paths = seen["paths"]
    assert seen["together"].path == paths["path"].iloc[0]
    assert paths.loc[paths["score"] > 0, "chance"].sum() < 0.1
    assert seen["worst"]["id"] == "everything"
    assert 2 * seen["worst"]["loses"] > seen["values"]["loses"].sum()
    assert seen["cost"] / seen["won"] > 10 * max(one.worth for one in seen["scenes"])
    assert (seen["behind"].max() > 0.01).all()
    best_in = (seen["behind"] < 0.01).sum()
    assert (best_in[["friendliest", "gives in"]] > 0).all()
    assert (best_in[["quickest", "keeps the money"]] == 0).all()
    assert seen["behind"].max().idxmin() == "keeps the money"


def what_a_rival_cannot_copy_holds(seen: Seen) -> None:
    gap = seen["gaps"].set_index("bond")
    assert gap.loc["financial", "low"] < 0.02  # the discount holds no better than no bond
    assert gap.loc["structural", "low"] > 0
    assert gap["gap"].idxmax() == "structural"
    assert gap.loc["social", "gap"] > gap.loc["financial", "gap"]
    assert seen["model"].set_index("bond")["times"].idxmin() == "structural"
    value = seen["value"].set_index(["period", "bond"])["more"]
    assert value["before the attack"].idxmax() == "financial"
    assert value["under attack"].idxmax() == "structural"
    against = seen["against"].set_index("period")
    assert against.loc["before the attack", "more"] < 0 < against.loc["under attack", "low"]
    chosen = seen["both"].set_index(["how", "bond"])["gap"].unstack("how")
    apart = chosen.loc["structural"] - chosen.loc["financial"]
    assert apart["own choice"] > apart["by chance"]
    came = seen["came"].groupby("repair")[["orders_before", "bought_180d"]].mean()
    assert (came.loc["at once"] > came.loc["no fault"]).all()  # the desk's file flatters repairs
    share = seen["good"].set_index("outcome")["share"]
    assert share["bought_180d"] < 1 < share["satisfaction"]


def the_match_sells_and_too_many_messages_lose(seen: Seen) -> None:
    effects, against = (seen[name].set_index("arm") for name in ("effects", "against"))
    assert effects.loc["matched", "effect"] > 1.4 * effects["effect"].drop("matched").max()
    assert against.loc["matched", "low"] > 0
    assert seen["worth"].set_index("arm")["net"].idxmax() == "matched"
    left = seen["waves"].groupby("arm")["unsubscribed"].mean()
    assert left[["one for all", "random"]].min() > 1.3 * left["matched"]
    often = seen["table"].set_index(["arm", "messages_month"])
    assert often.loc[("matched", 8), "net"] < often.loc[("matched", 2), "net"]
    assert often.loc[("one for all", 8), "high"] < 0
    learnt, judged = (seen[name].set_index("way") for name in ("learnt", "judged"))
    assert learnt.loc["nearest", "hit_rate"] > 0.99 > 2 * judged.loc["nearest", "hit_rate"]
    assert (judged.loc[["nearest", "together", "tastes"], "more_low"] > 0).all()
    points = seen["results"].pivot(index="outcome", columns="arm", values=["effect", "low"])
    assert (points["low"]["report"] > 0).all()
    assert (points["effect"]["report"] > points["effect"]["reply"]).all()


def names_gone_and_people_still_found(seen: Seen) -> None:
    assert seen["letters"]["may_use"][seen["flag"]].mean() < 1  # the flag is no proof
    assert seen["hidden"]["k"] == 1
    assert seen["hidden"]["low"] > 0.5
    assert seen["rates"]["found"] > 0.8
    assert seen["coarse"].suppressed < 0.05 * len(seen["extract"])
    assert seen["lost"]["kept"].iloc[1] > 0.8  # "the analysis hardly notices"
    assert seen["different"]["l"] == 1
    assert len(seen["report"]) > 4  # more tables than customers and orders
    assert (seen["traces"]["lines"] <= seen["traces"]["explained"]).all()
    cost = seen["cost"].set_index("arm")
    assert cost.loc["told late", "trust_high"] < cost.loc["told at once", "trust_low"]
    assert cost["trust_high"].max() < 0
    assert 1.5 < cost.loc["told late", "trust"] / cost.loc["told at once", "trust"] < 3


def members_spent_more_before(seen: Seen) -> None:
    effect = seen["effects"].set_index("way")
    by_chance = effect.loc["joined, by chance", "effect"]
    assert effect.loc["as it looks", "effect"] > 3 * by_chance
    assert effect.loc["same spending before", "effect"] > by_chance  # adjusting is not enough
    assert effect.loc["invited by chance", "low"] > 0
    first, over = seen["first"].set_index("kind"), seen["over"]["more"]
    assert first["more"].idxmin() == "heavy"
    assert over.iloc[-1] < 0.75 * over.iloc[0]  # a first quarter is no year
    owed = seen["owed"]["cost"]
    assert abs(owed.iloc[1] - seen["later"]) < owed.iloc[0] - seen["later"]
    assert seen["cost"].break_even < 0.06
    net = seen["net"].set_index("kind")["net"]
    assert net["heavy"] < net[["light", "moderate"]].min()
    assert seen["found"].low > 0
    dense = seen["dense"]
    assert dense.loc["announced", "low"] > 1
    assert dense.loc["announced", "times"] > dense.loc["not known", "times"]
    assert (seen["finished"]["effect"] > 0).all()
    assert seen["hurry"]["shorter"].is_monotonic_decreasing


def data_and_use_decide_what_a_system_brings(seen: Seen) -> None:
    rules = seen["rules"].set_index(["outcome", "term"])["estimate"]
    assert rules["handling_minutes", "system"] > 1.5
    kept = seen["kept"]
    assert 0.3 < kept["handling_minutes", "email"] < 0.8
    assert kept["wrong", "postcode"] < kept["handling_minutes", "postcode"]  # minutes for errors
    assert seen["spoilt"].set_index("mixed")["kept"].dropna().is_monotonic_decreasing
    effects = seen["effects"].set_index(["outcome", "view"])
    assert effects.loc[("handling_minutes", "joined, trained"), "high"] < 0
    opened = seen["trial"].groupby("view")["opened"].mean()
    assert opened["joined"] < 0.5 < opened["joined, trained"]
    offers = seen["offers"].set_index("arm")
    assert offers.loc["next best", "low"] > 0
    assert offers["effect"].idxmax() == "next best"
    yes = seen["people"].groupby("arm")["said_yes"].mean()
    assert yes.idxmax() == "next best, every call"  # most yes, and yet no more margin
    assert seen["less"].set_index("arm").loc["next best, every call", "low"] > 0
    assert seen["true"]["next best, every call"] < 0 < seen["true"]["next best"]
    small, large = (table["solved"] for table in seen["gears"].values())
    assert large.max() - large.iloc[0] > small.max() - small.iloc[0]
    assert large.iloc[1] < large.iloc[0]  # the first few specialists make it worse
    ends = {aim: row["net"] for aim, row in seen["rows"].items()}
    assert min(ends, key=ends.__getitem__) == "everything for everybody"
    assert ends["everything for everybody"] < 0 < ends["answer in one call"]


def four_trades_need_four_clocks_and_sixty_shops(seen: Seen) -> None:
    own = seen["company"].name
    share = {name: of.set_index("measure")["value"].iloc[0] for name, of in seen["found"].items()}
    assert max(share.values()) > 1.4 * min(share.values())  # the number does not carry over
    errors, clocks = seen["errors"], seen["clocks"]
    for name in ("Tarnwald", "Brennick"):
        assert errors[name]["wrong"][0] > 0.5 > errors[name]["wrong"][1] > 1 / 3
    assert errors[own]["wrong"][0] < 0.35  # 90 days are not far off
    assert clocks["Strumwell"] < clocks[own] < clocks["Tarnwald"]
    loyalty = seen["loyalty"].set_index("company")
    assert (loyalty["at_all"] < -0.05).all()
    assert abs(loyalty.loc[own, "change"]) < 0.5 * abs(loyalty.loc[own, "at_all"]) + 0.02
    gaps, placebo = seen["gaps"], seen["placebo"]
    assert seen["story"] > 1.4 * gaps.mean() > 0
    assert abs(gaps.mean() - seen["real"]) < 0.5
    assert abs(placebo).mean() > 0.2
    assert 0 < seen["wrong"] < 0.4  # one pair may point the wrong way
    assert seen["grew"][5] > 0 > seen["grew"][8] - 0.03


def a_stage_is_read_and_age_alone_earns_nothing(seen: Seen) -> None:
    judged = seen["judged"].set_index("stage")
    assert judged.loc["decline", "right"] < 0.5  # decline is seen late
    assert judged.loc["stable", "build-up"] > 0.2
    read, true = seen["stay"]
    assert read < true
    change = seen["change"].set_index("part")
    assert change.loc["who is left", "low"] > 0
    assert change.loc["the same customers", "low"] < 0
    assert seen["kept"]["kept"].is_monotonic_increasing
    assert len(set(seen["choice"].query("best")["kind"])) >= 3  # no kind is the best for all
    assert seen["few"] > 0.15
    assert seen["fifth"] > seen["first"]
    assert seen["life"]["residual_life"].is_monotonic_increasing
    net = seen["net"]
    assert net["a fault", "mending call"] > max(0, net["a fault", "discount"])
    assert net["price", "discount"] > max(0, net["price", "mending call"])
    assert seen["found"]["more than control for all"]["value"] > 0


def a_closed_desk_pays_for_one_quarter_and_few_cannot_tell(seen: Seen) -> None:
    beside = seen["beside"]
    assert beside["more"].iloc[0] > 0 > beside["so_far"].iloc[-1]
    assert beside["trust"].iloc[-1] < beside["trust_other"].iloc[-1]
    assert seen["effect"].high - seen["effect"].low > 15
    again = seen["again"]["estimate"]
    assert (
        again.min() < 7 < 14 < again.max()
    )  # a call costs 7: less than it, and more than twice it
    assert seen["by_quarter"]["so_far"].iloc[-1] > 0
    values = seen["values"]
    assert values.max() - values.min() > abs(seen["by_quarter"]["so_far"].iloc[-1])


def the_loss_is_of_customers_who_stayed(seen: Seen) -> None:
    assert seen["total"] < -3000
    brings = seen["causes"].set_index("part")["brings"]
    assert brings.drop("all parts").idxmin() == "prices"
    assert seen["moved"] < 15
    margin = seen["margin"]
    assert margin["same"] < 0.75 * margin.sum() < 0
    assert seen["mean"].high < 0
    assert seen["spread"]["more"] < seen["spread"]["profit"]
    worst = seen["found"].iloc[0]
    assert worst["slip"] == "prices were cut, and the rival followed"
    assert worst["cost"] > 0


CLAIMS: dict[str, Callable[[Seen], None]] = {
    "13": beliefs_and_data_differ,
    "13b": the_measured_house_earns_more,
    "20": profit_is_in_fewer_hands,
    "21": the_lists_differ_and_the_channel_means_nothing,
    "22": recency_finds_people_and_the_funnel_narrows,
    "23": one_line_keeps_up_and_the_few_take_little_time,
    "24": silence_has_a_rhythm_and_the_two_ends_are_wrong,
    "24b": the_potential_bring_more_and_the_ranges_hold_too_little,
    "25": no_field_is_the_key,
    "10": the_unanswered_question_breaks_the_chain,
    "11": three_questions_are_enough_if_they_are_the_right_ones,
    "12": a_mark_costs_nothing_and_a_choice_does,
    "14": the_price_by_value_sells_to_the_fewest_and_earns_most,
    "30": the_chance_falls_with_silence,
    "31": more_fall_asleep_than_join,
    "32": everybody_counted_and_nobody_compared,
    "33": the_likely_are_not_those_who_can_be_changed,
    "33b": the_right_offer_for_all_does_much_of_it,
    "34": the_plan_keeps_its_order_and_not_its_promise,
    "40": a_word_is_worth_owning_where_it_is_free,
    "41": a_lookalike_takes_by_dilution,
    "42": bad_moves_trust_more_and_a_repair_returns_a_part,
    "43": more_contacts_help_less_and_less,
    "44": a_burst_makes_a_peak_and_a_drip_an_end,
    "50": a_reason_given_is_not_the_reason,
    "51": all_must_haves_or_no_sale,
    "52": the_next_customer_costs_more_than_the_average_one,
    "53": most_customers_bring_nobody,
    "60": a_promise_kept_on_average_is_broken_in_the_busy_hours,
    "62": members_spent_more_before,
    "63": what_a_rival_cannot_copy_holds,
    "64": satisfied_is_not_loyal,
    "65": a_stage_is_read_and_age_alone_earns_nothing,
    "66": four_trades_need_four_clocks_and_sixty_shops,
    "67": data_and_use_decide_what_a_system_brings,
    "68": no_habit_of_talking_wins_everywhere,
    "61": the_match_sells_and_too_many_messages_lose,
    "69": names_gone_and_people_still_found,
    "90": a_closed_desk_pays_for_one_quarter_and_few_cannot_tell,
    "91": the_loss_is_of_customers_who_stayed,
}
