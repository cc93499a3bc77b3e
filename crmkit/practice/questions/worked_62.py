"""What the questions of lesson 62 compute, the wrong ways too."""

from __future__ import annotations

import pandas as pd

from crmkit.practice.question import Tables
from crmkit.relations import (
    breakage,
    joined_effects,
    member_effects,
    point_cost,
    threshold_effect,
)

BEFORE = ["spend_before_12_7", "spend_before_6_1"]
QUARTERS = ["spend_1_3", "spend_4_6", "spend_7_9", "spend_10_12"]
KINDS = ["light", "moderate", "heavy"]


def people_of(data: Tables) -> pd.DataFrame:
    """The customers with the year before, the first year, and the kind of buyer."""
    people = data.load("programme_people")
    people["before"] = people[BEFORE].sum(axis=1)
    people["spend"] = people[QUARTERS].sum(axis=1)
    people["kind"] = pd.cut(people["before"], [0, 150, 450, 1e9], right=False, labels=KINDS)
    return people


def own_part(data: Tables) -> str:
    """How much of the members' gap the programme made: a nearly all, b about half, c a quarter or less."""
    effect = member_effects(people_of(data), "spend", BEFORE).set_index("way")["effect"]
    part = effect["joined, by chance"] / effect["as it looks"]
    return "a" if part > 0.8 else "b" if part > 0.32 else "c"


def moves_least(data: Tables) -> str:
    """The kind of buyer whose spending rises least in the first quarter."""
    found = joined_effects(people_of(data), "spend_1_3", BEFORE, by="kind")
    return "abc"[int(found["more"].to_numpy().argmin())]


def above_for_ten(data: Tables) -> float:
    """Members who end up to 50 above an announced threshold, for ten who end up to 50 below."""
    spent = data.load("programme_tiers").query("year == 3")["spend_before"]
    return 10 * float(spent.between(500, 549).sum() / spent.between(450, 499).sum())


def per_invited(data: Tables, column: str = "spend_4_6", way: str = "") -> float:
    """What being invited adds in a quarter, for each invited customer, and what is mistaken for it."""
    people = people_of(data)
    if way == "adjusted":
        effect = member_effects(people, column, BEFORE).set_index("way")["effect"]
        return float(effect["invited by chance"])
    if way == "joiners":
        some = people[people["arm"] == "invited"]
        return float(some.groupby("joined")[column].mean().diff().iloc[-1])
    if way == "members":
        joined = people[people["joined"] & (people["arm"] == "invited")][column].mean()
        return float(joined - people[people["arm"] == "waiting"][column].mean())
    if way == "own choice":
        some = people[people["arm"] == "own choice"]
        return float(some.groupby("joined")[column].mean().diff().iloc[-1])
    if way == "everybody":
        return float(people.groupby("joined")[column].mean().diff().iloc[-1])
    mean = people.groupby("arm")[column].mean()
    if way == "not the invited":
        others = people[people["arm"] != "invited"][column].mean()
        return float(mean["invited"] - others)
    if way == "not the waiting":
        return float(mean["own choice"] - mean["waiting"])
    if way == "adjusted per member":
        return float(joined_effects(people, column, BEFORE)["effect"].iloc[0])
    gap = float(mean["invited"] - mean["waiting"])
    if way == "per member":
        return gap / float(people.loc[people["arm"] == "invited", "joined"].mean())
    return gap


def by_kind(
    data: Tables, kind: str = "moderate", column: str = "spend_7_9", name: str = "effect"
) -> float:
    """What the programme added for members of a kind in a quarter."""
    people = people_of(data)
    if kind == "all":
        return float(joined_effects(people, column, BEFORE)[name].iloc[0])
    found = joined_effects(people, column, BEFORE, by="kind").set_index("kind")
    if name == "per invited":
        return float(found.loc[kind, "effect"] * found.loc[kind, "joined_share"])
    return float(found.loc[kind, name])


def rise(
    data: Tables,
    margin: float = 0.3,
    points: float = 2,
    value: float = 0.015,
    way: str = "break_even",
    broken: float | None = None,
) -> float:
    """Rise of spending, in per cent, at which a new design pays."""
    share = float(breakage(data.load("programme_points"))["estimate"]) if broken is None else broken
    if way == "both years":
        table = data.load("programme_points")
        share = float(table["expired"].sum() / table["earned"].sum())
        way = "break_even"
    found = point_cost(margin, point_value=value, breakage=share, points_per_unit=points)
    return 100 * float(found[way])


def of_the_light(data: Tables, way: str = "") -> float:
    """Breakage of light buyers, per cent, and what is mistaken for it."""
    people = people_of(data).set_index("person_id")
    points = data.load("programme_points")
    kind = people["kind"].astype(object).reindex(points["person_id"]).to_numpy()
    if way == "everybody":
        return 100 * float(breakage(points)["estimate"])
    if way in KINDS:
        return 100 * float(breakage(points[kind == way])["estimate"])
    some = points[kind == "light"]
    if way == "both years":
        return 100 * float(some["expired"].sum() / some["earned"].sum())
    if way == "not redeemed so far":
        return 100 * float(1 - some["redeemed"].sum() / some["earned"].sum())
    first = some[some["year"] == 1]
    if way == "mean of shares":
        first = first[first["earned"] > 0]
        return 100 * float((first["expired"] / first["earned"]).mean())
    if way == "members":
        return 100 * float((first["expired"] > 0).mean())
    if way == "of all expired":
        whole = points[points["year"] == 1]["expired"].sum()
        return 100 * float(first["expired"].sum() / whole)
    return 100 * float(first["expired"].sum() / first["earned"].sum())


def gold(data: Tables, bandwidth: float | None = 200, year: int = 2, way: str = "effect") -> float:
    """What gold adds at the threshold, with a bandwidth of one's own, and what is mistaken for it."""
    tiers = data.load("programme_tiers")
    table = tiers if year == 0 else tiers[tiers["year"] == year]
    if way == "plain":
        return float(table.groupby("gold")["spend"].mean().diff().iloc[-1])
    if way == "near means":
        near = table[table["spend_before"].between(301, 699)]
        return float(near.groupby("gold")["spend"].mean().diff().iloc[-1])
    found = threshold_effect(table, "spend_before", "spend", 500, bandwidth=bandwidth)
    if way == "middle":
        return float((found["low"] + found["high"]) / 2)
    return float(found[way])


def four_stamps(data: Tables, stamps: int = 4, way: str = "") -> float:
    """Points by which more guests reach the fourth stamp with a given start, and other comparisons."""
    cards = data.load("stamp_cards")
    reached = cards["completed"] if stamps == 9 else cards[f"gap_{stamps}"].notna()
    if way == "only this one":
        reached = reached & cards[f"gap_{stamps + 1}"].isna()
    if way == "of those who began":
        began = cards["gap_1"].notna()
        cards, reached = cards[began], reached[began]
    share = reached.groupby(cards["card"]).mean()
    if way in ("10 with 2", "8 empty"):
        return 100 * float(share[way])
    if way == "relative":
        return 100 * float(share["10 with 2"] / share["8 empty"] - 1)
    return 100 * float(share["10 with 2"] - share["8 empty"])
