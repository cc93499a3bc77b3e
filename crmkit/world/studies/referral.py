"""Introductions: who told whom and what became of it, what newcomers by a friend are worth, and what a reward does.

How it hangs together with the other tables. ``engagement`` says how many new customers each customer introduced in
each year; just as many rows of ``introductions`` end in a purchase. Those of them who took a card are the customers
whose channel is ``friend``, each matched to an inviter with a free place who is likely to know them (same city, same
kind of need). Two studies lie outside the period of the other tables, so that adding them changes nothing there:
newcomers of the two years before the card, and a test of rewards that begins after the last day.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from crmkit.data.catalogue.referral import AREAS, HALF_YEARS
from crmkit.world.core.people import labels
from crmkit.world.core.streams import Context
from crmkit.world.studies.campaigns import assign, expit

TRIES = 60  # how many free places are looked at for each friend
FOLLOW_UP = 120  # days of the test of rewards


def build(ctx: Context) -> None:
    """Add the tables of introductions and their truth."""
    _introductions(ctx)
    ctx.tick(0.6)
    _first_visits(ctx)
    _newcomers(ctx)
    ctx.tick(0.8)
    _reward_test(ctx)


def _joined(ctx: Context) -> np.ndarray:
    """Day of joining of each customer, counted from the first day of the data."""
    since = ctx.tables["customers"]["customer_since"].to_numpy().astype("datetime64[D]")
    return (since - ctx.start).astype(int)


def _introductions(ctx: Context) -> None:
    rng = ctx.rng("introductions")
    joined = _joined(ctx)
    won = _won(ctx, rng, joined)
    vain, people = _in_vain(ctx, rng, joined)
    table = pd.concat([won, vain], ignore_index=True)
    table = table.sort_values(["told", "inviter"], kind="stable").reset_index(drop=True)
    bought, visited = table["bought"].to_numpy(), table["seen"].to_numpy() >= 0

    def day(column: str, known: np.ndarray) -> pd.Series:
        days = (ctx.start + table[column].to_numpy()).astype("datetime64[us]")
        return pd.Series(np.where(known, days, np.datetime64("NaT", "us")))

    ctx.tables["introductions"] = pd.DataFrame(
        {
            "introduction_id": np.arange(1, len(table) + 1),
            "inviter_id": table["inviter"].to_numpy() + 1,
            "told_on": day("told", np.ones(len(table), bool)),
            "visited": visited,
            "visited_on": day("seen", visited),
            "bought": bought,
            "bought_on": day("paid", bought),
            "friend_id": np.where(table["friend"] >= 0, table["friend"] + 1.0, np.nan),
        }
    )
    ctx.truth["inviters"] = people


def _won(ctx: Context, rng: np.random.Generator, joined: np.ndarray) -> pd.DataFrame:
    """The introductions that ended in a purchase: as many as `engagement` counts."""
    counted = ctx.tables["engagement"]
    times = counted["referrals"].to_numpy()
    inviter = np.repeat(counted["customer_id"].to_numpy() - 1, times)
    year = np.repeat(counted["year"].to_numpy(), times)
    friend = _friends(ctx, rng, joined, inviter, year)
    first = np.array([np.datetime64(f"{y}-01-01") for y in year], "datetime64[D]")
    end = np.array([np.datetime64(f"{y}-12-31") for y in year], "datetime64[D]")
    low = np.maximum((first - ctx.start).astype(int), joined[inviter])
    high = (end - ctx.start).astype(int)
    paid = low + (rng.random(len(inviter)) * (high - low + 1)).astype(int)
    paid = np.where(friend >= 0, joined[friend], paid)
    # Six in ten buy on the day of the first visit.
    later = np.where(rng.random(len(paid)) < 0.6, 0, rng.exponential(9, len(paid)).astype(int) + 1)
    seen = np.maximum(paid - later, joined[inviter])
    told = np.maximum(seen - rng.exponential(12, len(paid)).astype(int), joined[inviter])
    return pd.DataFrame(
        {
            "inviter": inviter,
            "told": told,
            "seen": seen,
            "paid": paid,
            "bought": True,
            "friend": friend,
        }
    )


def _friends(
    ctx: Context,
    rng: np.random.Generator,
    joined: np.ndarray,
    inviter: np.ndarray,
    year: np.ndarray,
) -> np.ndarray:
    """The card holder who came by each place, or -1: friends look for an inviter whom they are likely to know."""
    params = ctx.params["referral"]
    customers = ctx.tables["customers"]
    city = pd.factorize(customers["city"])[0]
    need = pd.factorize(ctx.truth["customers"]["need_type"])[0]
    letters = customers["newsletter_consent"].to_numpy()
    came = np.flatnonzero((customers["acquisition_channel"] == "friend").to_numpy())
    came = came[rng.random(len(came)) >= params["no_name"]]
    came_in = customers["customer_since"].dt.year.to_numpy()[came]
    found = np.full(len(inviter), -1)
    like = params["alike"]
    for one in np.unique(year):
        places = np.flatnonzero(year == one)
        free = len(places)
        for friend in rng.permutation(came[came_in == one]):
            if free == 0:
                break
            at = rng.integers(0, free, TRIES)
            who = inviter[places[at]]
            weight = np.exp(
                like["city"] * (city[who] == city[friend])
                + like["need"] * (need[who] == need[friend])
                + like["newsletter"] * (letters[who] == letters[friend])
            ) * (joined[who] < joined[friend])
            total = weight.cumsum()
            luck = rng.random()
            if total[-1] == 0:
                continue
            chosen = at[np.searchsorted(total, luck * total[-1], side="right")]
            found[places[chosen]] = friend
            free -= 1
            places[chosen] = places[free]
    return found


def _in_vain(
    ctx: Context, rng: np.random.Generator, joined: np.ndarray
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The introductions that came to nothing, and how inclined everybody is to tell others."""
    params, engagement = ctx.params["referral"], ctx.params["engagement"]
    n = ctx.customers
    shape, alike = params["in_vain_shape"], params["visit_alike"]
    drive = np.exp(engagement["spread"] * ctx.truth["customers"]["engaged"].to_numpy())
    usual = np.exp(engagement["spread"] ** 2 / 2)
    rate = params["in_vain"] * drive / usual * rng.gamma(shape, 1 / shape, n)
    chance = rng.beta(alike * params["visit_share"], alike * (1 - params["visit_share"]), n)
    length = ctx.days - joined
    count = rng.poisson(rate * length / 365.25)
    who = np.repeat(np.arange(n), count)
    told = joined[who] + (rng.random(len(who)) * length[who]).astype(int)
    seen = told + rng.exponential(12, len(who)).astype(int)
    came = (rng.random(len(who)) < chance[who]) & (seen < ctx.days)
    table = pd.DataFrame(
        {
            "inviter": who,
            "told": told,
            "seen": np.where(came, seen, -1),
            "paid": -1,
            "bought": False,
            "friend": -1,
        }
    )
    people = pd.DataFrame(
        {
            "customer_id": np.arange(1, n + 1),
            "told_a_year": rate + engagement["referrals"] * drive,
            "visit_chance": chance,
        }
    )
    return table, people


def _first_visits(ctx: Context) -> None:
    """Who came for the first time in the last year. What friends came for follows from who bought (Bayes' rule)."""
    params = ctx.params["referral"]["visits"]
    rng = ctx.rng("first_visits")
    told = ctx.tables["introductions"]
    last_year = f"{ctx.end.astype('datetime64[Y]')}-01-01"
    told = told[told["visited"] & (told["visited_on"] >= last_year)]
    cold = rng.poisson(params["cold"] * ctx.customers)
    size = len(told) + cold
    by_friend = np.arange(size) < len(told)
    first = np.datetime64(last_year, "D")
    day = first + rng.integers(0, int((ctx.end - first).astype(int)) + 1, size)
    day[by_friend] = told["visited_on"].to_numpy().astype("datetime64[D]")

    def log_odds(project: np.ndarray, near: np.ndarray) -> np.ndarray:
        buy = params["buy"]
        return np.where(project, buy["project"], buy["none"]) + params["near"] * near

    # Four kinds of visitor; for friends, how likely each is among those who bought and among those who did not.
    project = np.array([False, False, True, True])
    near = np.array([False, True, False, True])
    bought = np.zeros(size, bool)
    bought[by_friend] = told["bought"].to_numpy()
    kind = np.zeros(size, int)
    for way, mine in (("friend", by_friend), ("other", ~by_friend)):
        share = np.where(project, params["project"][way], 1 - params["project"][way])
        share = share * np.where(near, params["lives_near"][way], 1 - params["lives_near"][way])
        if way == "other":
            kind[mine] = np.searchsorted(share.cumsum()[:-1], rng.random(cold), side="right")
            continue
        chance = expit(log_odds(project, near) + params["friend"])
        for outcome in (True, False):
            given = (share * (chance if outcome else 1 - chance)).cumsum()
            rows = np.flatnonzero(mine & (bought == outcome))
            kind[rows] = np.searchsorted(
                (given / given[-1])[:-1], rng.random(len(rows)), side="right"
            )
    alone = expit(log_odds(project[kind], near[kind]))
    bought[~by_friend] = rng.random(cold) < alone[~by_friend]
    inviter = np.full(size, np.nan)
    inviter[by_friend] = told["inviter_id"].to_numpy()
    order = np.argsort(day, kind="stable")
    table = pd.DataFrame(
        {
            "visit_date": day.astype("datetime64[us]"),
            "came_by": np.where(by_friend, "friend", "other"),
            "inviter_id": inviter,
            "project": project[kind],
            "near": near[kind],
            "bought": bought,
        }
    ).iloc[order]
    table.insert(0, "visit_id", np.arange(1, size + 1))
    ctx.tables["first_visits"] = table
    ctx.truth["first_visits"] = pd.DataFrame(
        {
            "visit_id": np.arange(1, size + 1),
            "chance_friend": expit(log_odds(project[kind], near[kind]) + params["friend"])[order],
            "chance_other": alone[order],
        }
    )


def _newcomers(ctx: Context) -> None:
    """Newcomers before the card, and each of them once more: brought by a friend, and not."""
    params = ctx.params["referral"]["newcomers"]
    rng = ctx.rng("newcomers")
    n = max(round(params["share"] * ctx.customers), 1)
    needs = {name: kind["share"] for name, kind in ctx.params["needs"]["types"].items()}
    kinds = list(needs)
    need = rng.choice(len(kinds), n, p=np.array(list(needs.values())) / sum(needs.values()))
    area = rng.choice(len(AREAS), n, p=[0.40, 0.38, 0.22])
    consent = rng.random(n) < ctx.params["people"]["newsletter_consent"]

    def by(name: str, names: list[str] | tuple[str, ...], code: np.ndarray) -> np.ndarray:
        return np.array([params[name][one] for one in names], float)[code]

    log_odds = params["friend_base"] + params["friend_consent"] * consent
    log_odds = log_odds + by("friend_need", kinds, need) + by("friend_area", AREAS, area)
    friend = rng.random(n) < expit(log_odds)
    mean = params["margin"] * by("need", kinds, need) * by("area", AREAS, area)
    mean = mean * np.where(consent, params["consent"], 1.0)
    own = np.exp(params["spread"] * rng.standard_normal(n) - params["spread"] ** 2 / 2)
    ups = np.exp(params["noise"] * rng.standard_normal((n, 4)) - params["noise"] ** 2 / 2)
    patience = rng.standard_exponential(n)
    leave = params["leave"] * by("leave_need", kinds, need)

    def life(with_friend: bool) -> tuple[np.ndarray, np.ndarray]:
        """Months stayed (24 at most) and the margin of each half-year."""
        hazard = leave * (params["friend_leave"] if with_friend else 1.0)
        months = np.minimum(np.floor(patience / hazard) + 1, 24)
        lift = np.array(params["friend_margin"]) if with_friend else np.ones(4)
        there = np.clip((months[:, None] - np.arange(0, 24, 6)) / 6, 0, 1)
        return months.astype(int), (mean * own)[:, None] * ups * lift * there

    months_friend, margin_friend = life(True)
    months_other, margin_other = life(False)
    months = np.where(friend, months_friend, months_other)
    # The account is kept to the penny, and its sum is the sum of what is kept.
    margin = np.where(friend[:, None], margin_friend, margin_other).round(2)
    first = ctx.start - 730
    day = np.sort(first + rng.integers(0, 730, n))
    ctx.tables["newcomers"] = pd.DataFrame(
        {
            "newcomer_id": np.arange(1, n + 1),
            "came_by": np.where(friend, "friend", "other"),
            "joined_on": day.astype("datetime64[us]"),
            "need_type": labels(kinds, need),
            "area": labels(list(AREAS), area),
            "newsletter_consent": consent,
            **{name: margin[:, half] for half, name in enumerate(HALF_YEARS)},
            "margin_24m": margin.sum(axis=1),
            "months_stayed": months,
            "stayed_24m": months == 24,
        }
    )
    ctx.truth["newcomers"] = pd.DataFrame(
        {
            "newcomer_id": np.arange(1, n + 1),
            "margin_friend": margin_friend.sum(axis=1),
            "margin_other": margin_other.sum(axis=1),
            "stays_friend": months_friend == 24,
            "stays_other": months_other == 24,
        }
    )


def _reward_test(ctx: Context) -> None:
    """The test of rewards: chance decides what the letter promises."""
    params = ctx.params["referral"]["test"]
    rng = ctx.rng("reward_test")
    last_year = f"{ctx.end.astype('datetime64[Y]')}-01-01"
    orders, told = ctx.tables["orders"], ctx.tables["introductions"]
    recent = orders.loc[orders["order_date"] >= last_year, "customer_id"].to_numpy() - 1
    ordered = np.bincount(recent, minlength=ctx.customers)
    asked = told.loc[told["told_on"] >= last_year, "inviter_id"].to_numpy() - 1
    told_before = np.bincount(asked, minlength=ctx.customers)
    able = np.flatnonzero(ordered > 0)
    size = min(round(params["share"] * len(able)), params["largest"])
    who = np.sort(rng.choice(able, size, replace=False))
    before = np.minimum(told_before[who], 2)
    arms = assign(rng, before, {"control": 1.0, **dict.fromkeys(params["lift"], 1.0)})
    drive = np.exp(
        ctx.params["engagement"]["spread"] * ctx.truth["customers"]["engaged"].to_numpy()[who]
    )
    rate = params["friends"] * drive / np.exp(ctx.params["engagement"]["spread"] ** 2 / 2)
    anyway = rng.poisson(rate)
    cheats = rng.random(size) < params["cheats"]
    luck = rng.random(size)
    friends = anyway.copy()
    own = (rng.random(size) < params["household"]).astype(int)
    effects = {}
    for arm, lift in params["lift"].items():
        mine = arms == arm
        effects[arm] = rate * lift
        # A reward adds friends; it takes none away.
        friends[mine] += rng.poisson(effects[arm])[mine]
        own[mine] += (cheats & (luck < params["cheat_share"][arm]))[mine]
    paid = {"control": 0, "to inviter": 1, "to both": 2}
    vouchers = np.array([paid[arm] for arm in arms])
    asked_more = rng.poisson((params["told"] - 1) * rate * (1 + 0.5 * vouchers))
    ctx.tables["reward_test"] = pd.DataFrame(
        {
            "customer_id": who + 1,
            "arm": arms,
            "told_before": told_before[who],
            "orders_before": ordered[who],
            "told_120d": friends + own + asked_more,
            "friends_120d": friends + own,
            "same_address": own,
            "reward_cost": params["reward"] * vouchers * (friends + own),
        }
    )
    ctx.truth["reward_test"] = pd.DataFrame(
        {
            "customer_id": who + 1,
            "anyway": anyway,
            "effect_to_inviter": effects["to inviter"],
            "effect_to_both": effects["to both"],
            "cheats": cheats,
        }
    )
