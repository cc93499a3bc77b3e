"""Waking sleeping customers: three campaigns, a test of contact pressure, and what winning new customers cost.

Where these lie in time. The orders table ends with the period and knows nothing of campaigns, so that adding
them changes nothing
in it. The spring calls fall inside the period: who returns anyway is read off the orders, and orders that
only the call brought
are in ``campaign_orders``. The wake-up tests begin right after the period: the same process of sleep and
orders is run on, and
the offers change what it would have brought.

What an offer does to one customer, in one campaign. Without a contact the customer either returns within the
follow-up or not.
An offer wins one who would have stayed away with chance ``win``, and drives one away who would have returned
with chance ``dog``
(principal strata, Frangakis & Rubin 2002: returns anyway, won, lost cause, sleeping dog). Both chances
depend on how deeply the
customer sleeps, on traits (openness to contact, love of discounts, ...) and on how often he or she was
contacted shortly before.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from crmkit.data.catalogue.core import STATES
from crmkit.data.catalogue.reactivation import TYPES
from crmkit.world.core.people import labels
from crmkit.world.core.sleep import AWAKE, order_rate, spells, state_on
from crmkit.world.core.streams import Context

FOLLOW_UP = 60  # days in which a return counts
WATCHED = 120  # days watched in all


def build(ctx: Context) -> None:
    """Add the campaigns' tables and their truth."""
    people = _People(ctx)
    ctx.tables["offers"] = _offers(ctx)
    contacts, extra = [], []
    calls, more = _spring_calls(ctx, people)
    contacts.append(calls)
    extra.append(more)
    future = _Future(ctx, people)
    ctx.tick(0.2)
    for campaign, name, when in (
        ("test", "wake_up_test", "test_date"),
        ("second", "second_campaign", "second_date"),
    ):
        day = _day(ctx, when)
        ctx.tables[name], sent, orders, ctx.truth[name] = _campaign(
            ctx, people, future, campaign, day
        )
        contacts.append(sent)
        extra.append(orders)
        ctx.tick(0.5 if campaign == "test" else 0.8)
    sent = pd.concat(contacts, ignore_index=True)
    sent.insert(0, "contact_id", np.arange(1, len(sent) + 1))
    ctx.tables["contacts"] = sent
    orders = pd.concat(extra, ignore_index=True)
    orders = orders.sort_values(["order_date", "customer_id"], kind="stable").reset_index(drop=True)
    orders.insert(0, "campaign_order_id", np.arange(1, len(orders) + 1))
    ctx.tables["campaign_orders"] = orders
    _pressure(ctx, people)
    _acquisition(ctx)


def _day(ctx: Context, name: str) -> int:
    """A date of the company file as a day, counted from the first day of the data."""
    date = pd.Timestamp(ctx.params["campaigns"][name])
    return int((date - pd.Timestamp(ctx.start)).days)


def expit(x: np.ndarray) -> np.ndarray:
    """The logistic function."""
    return 1 / (1 + np.exp(-x))


def assign(rng: np.random.Generator, strata: np.ndarray, shares: dict[str, float]) -> np.ndarray:
    """Draw arms at random within each stratum, in the planned shares to the nearest customer.

    Parameters
    ----------
    rng : Generator
    strata : array
        One value per customer.
    shares : dict
        Planned share of each arm (scaled to 1).

    Returns
    -------
    array of str
    """
    names = np.array(list(shares))
    ends = np.cumsum(list(shares.values())) / sum(shares.values())
    arms = np.empty(len(strata), dtype=names.dtype)
    for stratum in np.unique(strata):
        rows = rng.permutation(np.flatnonzero(strata == stratum))
        # A random start spreads the rounding evenly over the arms.
        place = (np.arange(len(rows)) + rng.random()) / max(len(rows), 1)
        arms[rows] = names[
            np.searchsorted(ends, np.minimum(place, 1 - 1e-12), side="right").clip(
                0, len(names) - 1
            )
        ]
    return arms


def returns_under(
    anyway: np.ndarray, luck: np.ndarray, win: np.ndarray, dog: np.ndarray
) -> np.ndarray:
    """Who returns under an offer: the won join, the driven away drop out.

    Parameters
    ----------
    anyway : array of bool
        Who would return without a contact.
    luck : array
        One uniform number per customer, the same for every offer.
    win, dog : array
        Chances to be won (if not anyway) and to be driven away (if anyway).

    Returns
    -------
    array of bool
    """
    return np.where(anyway, luck >= dog, luck < win)


class _People:
    """What the campaigns need to know of every customer, position = customer_id - 1."""

    def __init__(self, ctx: Context) -> None:
        truth, customers = ctx.truth["customers"], ctx.tables["customers"]
        orders = ctx.tables["orders"]
        n = ctx.customers
        self.who = orders["customer_id"].to_numpy() - 1
        self.day = (orders["order_date"].to_numpy().astype("datetime64[D]") - ctx.start).astype(int)
        self.turnover, self.margin = orders["turnover"].to_numpy(), orders["margin"].to_numpy()
        self.discounted = (orders["discount"] > 0).to_numpy()
        count = np.bincount(self.who, minlength=n)
        prior = ctx.params["campaigns"]["amount_prior"]
        mean_turnover, share = self.turnover.mean(), self.margin.sum() / self.turnover.sum()
        # Own mean order, drawn towards everybody's as if `prior` average orders had been seen.
        self.amount = (np.bincount(self.who, self.turnover, n) + prior * mean_turnover) / (
            count + prior
        )
        self.margin_share = (
            np.bincount(self.who, self.margin, n) + prior * mean_turnover * share
        ) / (self.amount * (count + prior))
        self.margin_share = self.margin_share.clip(0.1, 0.7)
        self.business = (customers["kind"] == "business").to_numpy()
        self.newsletter = customers["newsletter_consent"].to_numpy()
        self.phone = customers["phone_consent"].to_numpy()

        def standard(column: str) -> np.ndarray:
            values = truth[column].to_numpy()
            return (values - values.mean()) / max(values.std(), 1e-9)

        self.open = truth["responsiveness"].to_numpy()
        self.traits = {
            "openness": self.open,
            "discount_love": standard("discount_love"),
            "solution": standard("weight_solution"),
            "communication": standard("weight_communication"),
            "business": self.business.astype(float),
        }
        rng = ctx.rng("campaigns.opens")
        self.opens = rng.binomial(12, expit(-0.6 + 1.1 * self.open))


class _Future:
    """What happens after the period: the process of sleep and orders, run on, and changed by what the campaigns did."""

    def __init__(self, ctx: Context, people: _People) -> None:
        self.ctx, self.people = ctx, people
        self.first = ctx.days
        self.last = _day(ctx, "second_date") + WATCHED
        everybody = np.arange(ctx.customers)
        self.gone = np.zeros(ctx.customers, bool)  # asked not to be contacted any more
        self.contacted = np.zeros(ctx.customers, int)
        n = ctx.customers
        self.run(
            ctx.rng("campaigns.future"),
            everybody,
            state_on(ctx, ctx.end).clip(0),
            np.full(n, self.first),
            np.full(n, self.last),
        )

    def run(
        self,
        rng: np.random.Generator,
        who: np.ndarray,
        state: np.ndarray,
        begin: np.ndarray,
        last: np.ndarray,
    ) -> None:
        """Set the spells and orders of some customers from a day on (all, the first time)."""
        owner, states, first, end = spells(self.ctx, rng, who, state, begin, last)
        new = {"who": who[owner], "state": states, "begin": first, "end": end}
        placed, day = _orders(self.ctx, rng, who[owner], (owner, states, first, end))
        placed = who[owner][placed]
        if not hasattr(self, "spells"):
            self.spells, self.who, self.day = new, placed, day
            return
        since = np.full(self.ctx.customers, np.iinfo(np.int64).max)
        since[who] = begin
        kept = self.spells["begin"] < since[self.spells["who"]]
        old = {name: values[kept] for name, values in self.spells.items()}
        old["end"] = np.minimum(old["end"], since[old["who"]] - 1)
        self.spells = {name: np.concatenate([old[name], new[name]]) for name in old}
        before = self.day < since[self.who]
        self.who, self.day = np.append(self.who[before], placed), np.append(self.day[before], day)

    def states(self, day: int) -> np.ndarray:
        """True state of everybody on a day."""
        inside = (self.spells["begin"] <= day) & (day <= self.spells["end"])
        states = np.zeros(self.ctx.customers, int)
        states[self.spells["who"][inside]] = self.spells["state"][inside]
        return states


def _orders(
    ctx: Context,
    rng: np.random.Generator,
    who: np.ndarray,
    spells_of: tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray],
) -> tuple[np.ndarray, np.ndarray]:
    """Row of the spell, and day, of every order in some spells; waking up begins with one, in its first week."""
    owner, state, begin, end = spells_of
    count = rng.poisson(order_rate(ctx, who, state) * (end - begin + 1))
    row = np.repeat(np.arange(len(who)), count)
    day = begin[row] + np.floor(rng.random(len(row)) * (end - begin + 1)[row]).astype(int)
    follows = np.append(False, owner[1:] == owner[:-1])
    woke = np.flatnonzero(follows & (state == AWAKE))
    week = np.minimum(7, (end - begin + 1)[woke])
    return np.append(row, woke), np.append(
        day, begin[woke] + np.floor(rng.random(len(woke)) * week).astype(int)
    )


def _chances(ctx: Context, who: np.ndarray, state: np.ndarray, name: str) -> dict[str, np.ndarray]:
    """Chance to return within the follow-up, and orders to be expected, from many futures run from one state."""
    times = ctx.params["campaigns"]["futures"]
    rng = ctx.rng(f"campaigns.chances {name}")

    def futures(states: np.ndarray, days: int) -> tuple[np.ndarray, np.ndarray]:
        many = np.repeat(np.arange(len(who)), times)
        begin = np.zeros(len(many), int)
        owner, inside, first, end = spells(
            ctx, rng, who[many], states[many], begin, begin + days - 1
        )
        row, day = _orders(ctx, rng, who[many][owner], (owner, inside, first, end))
        future = owner[row]
        early = np.bincount(future[day < FOLLOW_UP], minlength=len(many)) > 0
        count = np.bincount(future, minlength=len(many))
        return early.reshape(len(who), times), count.reshape(len(who), times)

    back, count = futures(state, WATCHED)
    anyway = back.mean(axis=1)
    after = futures(np.full(len(who), AWAKE), WATCHED - ctx.params["campaigns"]["return_days"])[
        1
    ].mean(axis=1)
    with np.errstate(invalid="ignore"):
        orders = np.where(
            anyway > 0, (count * back).sum(axis=1) / np.maximum(back.sum(axis=1), 1), 0.0
        )
    return {"anyway": anyway, "orders_anyway": orders, "orders_won": 1 + after}


def _win_and_dog(
    ctx: Context, people: _People, who: np.ndarray, state: np.ndarray, contacted: np.ndarray
) -> tuple[dict[str, np.ndarray], dict[str, np.ndarray], dict[str, np.ndarray]]:
    """Chances to be won, to be driven away and to unsubscribe, by offer."""
    params = ctx.params["campaigns"]
    win, dog, leave = {}, {}, {}
    for offer in ctx.company.lists["offers"]:
        own = params["effects"][offer]
        base = np.array([own["win"][name] for name in STATES])[state]
        # On the scale of log-odds, so that chances stay chances; worn by contacts shortly before.
        lift = np.log(base / (1 - base)) + sum(
            (own["traits"][trait] * people.traits[trait][who] for trait in own["traits"]),
            np.zeros(len(who)),
        )
        win[offer] = expit(lift) * params["wear"] ** contacted
        closed = expit(-2.5 * (people.open[who] + params["irritable_below"]))
        dog[offer] = np.minimum(own["dog"] * closed * params["irritation"] ** contacted, 0.95)
        leave[offer] = np.minimum(
            (0.004 + own["unsubscribe"] * closed) * params["irritation"] ** contacted, 0.9
        )
    return win, dog, leave


def _known(people: _People, future: _Future | None, day: int, ctx: Context) -> pd.DataFrame:
    """What the company knows of every customer on the eve of a campaign."""
    who, days = people.who, people.day
    if future is not None:
        who, days = np.append(who, future.who), np.append(days, future.day)
    n = ctx.customers
    last = np.full(n, -1)
    seen = days < day
    np.maximum.at(last, who[seen], days[seen])
    old = people.day < day
    count = np.bincount(who[seen], minlength=n)
    year = old & (people.day >= day - 365)
    orders = np.bincount(people.who[old], minlength=n)
    discounted = np.bincount(people.who[old], people.discounted[old], n)
    with np.errstate(invalid="ignore"):
        spend = np.bincount(people.who[old], people.turnover[old], n)
        return pd.DataFrame(
            {
                "silent_days": np.where(last >= 0, day - last, 0),
                "joined": last >= 0,
                "orders_before": count,
                "average_order": spend / np.maximum(orders, 1),
                "margin_year": np.bincount(people.who[year], people.margin[year], n),
                "discount_share": discounted / np.maximum(orders, 1),
                "opens": people.opens,
                "business": people.business,
            }
        )


def _working_state(ctx: Context, silent: np.ndarray) -> np.ndarray:
    """The company's own states, by days of silence."""
    cuts = ctx.params["campaigns"]["working_rule"]
    return np.searchsorted(
        [cuts["drowsy"], cuts["half-asleep"], cuts["asleep"]], silent, side="right"
    )


def _money(
    rng: np.random.Generator, people: _People, who: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Turnover and margin of orders, in pounds and pence."""
    spread = 0.6
    turnover = people.amount[who] * np.exp(spread * rng.standard_normal(len(who)) - spread**2 / 2)
    return turnover.round(2), (turnover * people.margin_share[who]).round(2)


def _campaign(
    ctx: Context, people: _People, future: _Future, campaign: str, day: int
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """One randomised campaign: its table, its contacts, its orders, its truth."""
    params = ctx.params["campaigns"]
    rng = ctx.rng(f"campaigns {campaign}")
    known = _known(people, future, day, ctx)
    working = _working_state(ctx, known["silent_days"].to_numpy())
    lately = known["silent_days"].to_numpy() <= params["longest_silence"]
    eligible = np.flatnonzero(known["joined"].to_numpy() & lately & (working > 0) & ~future.gone)
    if len(eligible) > params["largest"]:
        eligible = np.sort(rng.choice(eligible, params["largest"], replace=False))
    who, true = eligible, future.states(day)[eligible]
    n = len(who)
    chances = _chances(ctx, who, true, campaign)
    contacted = future.contacted[who]
    win, dog, leave = _win_and_dog(ctx, people, who, true, contacted)
    arm = assign(rng, working[who], params["shares"])

    inside = (future.day >= day) & (future.day < day + FOLLOW_UP)
    anyway = np.zeros(ctx.customers, bool)
    anyway[future.who[inside]] = True
    anyway = anyway[who]
    luck, sour = rng.random(n), rng.random(n)
    offers = ctx.company.lists["offers"]
    arms = ("control", *offers)
    under = {"control": anyway, **{o: returns_under(anyway, luck, win[o], dog[o]) for o in offers}}
    treated = arm != "control"
    returned = np.select([arm == a for a in arms], [under[a] for a in arms], default=False)
    unsubscribed = treated & (
        sour < np.select([arm == a for a in offers], [leave[a] for a in offers], 0.0)
    )

    # The won return after some days and are awake from then on; the driven away are asleep from the contact on.
    won, driven = returned & ~anyway, anyway & ~returned
    back = day + np.minimum(rng.exponential(params["return_days"], n), FOLLOW_UP - 1).astype(int)
    changed = won | driven
    future.run(
        rng,
        who[changed],
        np.where(won, AWAKE, 3)[changed],
        np.where(won, back, day)[changed],
        np.full(changed.sum(), future.last),
    )
    future.who, future.day = np.append(future.who, who[won]), np.append(future.day, back[won])
    future.contacted[:] = 0
    future.contacted[who[treated]] = 1
    future.gone[who[unsubscribed]] = True

    place = np.full(ctx.customers, -1)
    place[who] = np.arange(n)
    ours = (place[future.who] >= 0) & (future.day >= day) & (future.day < day + WATCHED)
    orders = pd.DataFrame({"row": place[future.who[ours]], "day": future.day[ours]})
    orders = orders.sort_values(["row", "day"], kind="stable").reset_index(drop=True)
    buyer = who[orders["row"]]
    turnover, margin = _money(rng, people, buyer)
    # The voucher goes off the first order within the follow-up: margin loses what turnover loses.
    first = ~orders["row"].duplicated().to_numpy() & (orders["day"].to_numpy() < day + FOLLOW_UP)
    rate = np.zeros(n)
    for offer, about in params["effects"].items():
        rate[arm == offer] = about["discount"]
    off = np.where(first, (turnover * rate[orders["row"]]).round(2), 0.0)
    orders["turnover"], orders["margin"] = (turnover - off).round(2), (margin - off).round(2)
    early = (orders["day"] < day + FOLLOW_UP).to_numpy()

    def total(values: np.ndarray, when: np.ndarray) -> np.ndarray:
        return np.bincount(orders["row"][when], values[when], n).round(2)

    table = known.iloc[who].reset_index(drop=True)
    table = table.assign(
        customer_id=who + 1,
        state=labels(list(STATES), working[who]),
        arm=arm,
        contacts_before=contacted,
        returned_60d=returned,
        orders_60d=np.bincount(orders["row"][early], minlength=n),
        spend_60d=total(orders["turnover"].to_numpy(), early),
        margin_60d=total(orders["margin"].to_numpy(), early),
        unsubscribed=unsubscribed,
        margin_after=total(orders["margin"].to_numpy(), ~early),
    ).drop(columns="joined")
    sent = _contacts(
        ctx, rng, campaign, who[treated], arm[treated], day, people, people.open[who[treated]]
    )
    placed = pd.DataFrame(
        {
            "campaign": campaign,
            "customer_id": buyer + 1,
            "order_date": (ctx.start + orders["day"].to_numpy()).astype("datetime64[us]"),
            "turnover": orders["turnover"],
            "margin": orders["margin"],
        }
    )
    return (
        table,
        sent,
        placed,
        _truth(ctx, people, who, true, chances, win, dog, anyway, under),
    )


def _truth(
    ctx: Context,
    people: _People,
    who: np.ndarray,
    true: np.ndarray,
    chances: dict[str, np.ndarray],
    win: dict[str, np.ndarray],
    dog: dict[str, np.ndarray],
    anyway: np.ndarray,
    under: dict[str, np.ndarray],
) -> pd.DataFrame:
    """Each offer's true effect on each customer: on the chance to return, this time, and on profit."""
    offers = ctx.tables["offers"].set_index("offer")
    margin = people.amount[who] * people.margin_share[who]
    p = chances["anyway"]
    table = {
        "customer_id": who + 1,
        "true_state": labels(list(STATES), true),
        "return_chance": p,
    }
    for offer in ctx.company.lists["offers"]:
        gained, lost = (1 - p) * win[offer], p * dog[offer]
        name = offer.replace(" ", "_")
        code = np.where(anyway, np.where(under[offer], 2, 3), np.where(under[offer], 1, 0))
        table[f"effect_{name}"] = gained - lost
        table[f"type_{name}"] = labels(list(TYPES), code)
        table[f"profit_{name}"] = (
            gained * chances["orders_won"] * margin
            - lost * chances["orders_anyway"] * margin
            - (p + gained - lost) * offers.loc[offer, "discount"] * people.amount[who]
            - offers.loc[offer, "cost"]
        )
    return pd.DataFrame(table)


def _contacts(
    ctx: Context,
    rng: np.random.Generator,
    campaign: str,
    who: np.ndarray,
    message: np.ndarray,
    day: np.ndarray | int,
    people: _People,
    openness: np.ndarray,
) -> pd.DataFrame:
    """One row per contact: when, through which channel, at which cost, and whether it was answered."""
    cost = ctx.tables["offers"].set_index("offer")["cost"]
    call = message == _call(ctx)
    channel = np.where(
        call,
        np.where(people.phone[who], "telephone", "card"),
        np.where(people.newsletter[who], "e-mail", "letter"),
    )
    answered = rng.random(len(who)) < expit(np.where(call, -0.2, -1.8) + 0.8 * openness)
    return pd.DataFrame(
        {
            "campaign": campaign,
            "customer_id": who + 1,
            "contact_date": (ctx.start + np.broadcast_to(day, len(who))).astype("datetime64[us]"),
            "hour": rng.integers(9, 19, len(who)),
            "channel": channel,
            "message": message,
            "cost": cost.loc[message].to_numpy(),
            "answered": answered,
        }
    )


def _call(ctx: Context) -> str:
    """The offer that is made by telephone, and by a card where nobody may call."""
    return str(ctx.params["campaigns"].get("call", "personal call"))


def _offers(ctx: Context) -> pd.DataFrame:
    """The price list of what can be done for a sleeping customer."""
    effects = ctx.params["campaigns"]["effects"]
    rows = [("control", "Nothing: left alone, chosen at random.", 0.0, 0.0)]
    rows += [
        (offer, effects[offer]["words"], effects[offer]["cost"], effects[offer]["discount"])
        for offer in effects
    ]
    return pd.DataFrame(rows, columns=["offer", "description", "cost", "discount"])


def _spring_calls(ctx: Context, people: _People) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The calls that nobody randomised: the best and most recent first, as long as the team had time."""
    params = ctx.params["campaigns"]
    rng = ctx.rng("spring_calls")
    day = _day(ctx, "spring_date")
    known = _known(people, None, day, ctx)
    state = _working_state(ctx, known["silent_days"].to_numpy())
    lately = known["silent_days"].to_numpy() <= params["longest_silence"]
    who = np.flatnonzero(known["joined"].to_numpy() & lately & (state > 0) & people.phone)
    table = known.iloc[who].reset_index(drop=True).drop(columns="joined")
    likes = (
        np.log1p(table["orders_before"].to_numpy())
        + 0.5 * np.log1p(table["margin_year"].clip(lower=0).to_numpy())
        - table["silent_days"].to_numpy() / 60
        + params["spring_whim"] * rng.standard_normal(len(who))
    )
    called = np.zeros(len(who), bool)
    called[np.argsort(-likes, kind="stable")[: round(params["spring_share"] * len(who))]] = True
    true = state_on(ctx, ctx.start + day).clip(0)[who]
    win = _win_and_dog(ctx, people, who, true, np.zeros(len(who), int))[0][_call(ctx)]
    inside = (people.day >= day) & (people.day < day + FOLLOW_UP)
    anyway = np.zeros(ctx.customers, bool)
    anyway[people.who[inside]] = True
    anyway = anyway[who]
    could = ~anyway & (rng.random(len(who)) < win * params["spring_hurry"])
    won = called & could
    # Of no orders at all, NumPy makes whole numbers.
    spend = np.bincount(people.who[inside], people.turnover[inside], ctx.customers)[who] * 1.0
    margin = np.bincount(people.who[inside], people.margin[inside], ctx.customers)[who] * 1.0
    back = day + np.minimum(rng.exponential(params["return_days"], len(who)), FOLLOW_UP - 1).astype(
        int
    )
    more, more_margin = _money(rng, people, who[won])
    spend[won] += more
    margin[won] += more_margin
    ctx.tables["spring_calls"] = table.assign(
        customer_id=who + 1,
        state=labels(list(STATES), state[who]),
        called=called,
        returned_60d=anyway | won,
        spend_60d=spend.round(2),
        margin_60d=margin.round(2),
    )
    ctx.truth["spring_calls"] = pd.DataFrame(
        {
            "customer_id": who + 1,
            "true_state": labels(list(STATES), true),
            "returns_anyway": anyway,
            "won_if_called": could,
        }
    )
    contacts = _contacts(
        ctx,
        rng,
        "spring",
        who[called],
        np.full(called.sum(), _call(ctx)),
        day,
        people,
        people.open[who[called]],
    )
    orders = pd.DataFrame(
        {
            "campaign": "spring",
            "customer_id": who[won] + 1,
            "order_date": (ctx.start + back[won]).astype("datetime64[us]"),
            "turnover": more,
            "margin": more_margin,
        }
    )
    return contacts, orders


def _pressure(ctx: Context, people: _People) -> None:
    """The test of contact pressure: readers of the newsletter, each given a frequency at random, for 90 days."""
    params = ctx.params["campaigns"]["pressure"]
    rng = ctx.rng("pressure_test")
    readers = np.flatnonzero(people.newsletter & ~people.business)
    if len(readers) > ctx.params["campaigns"]["largest"]:
        readers = np.sort(rng.choice(readers, ctx.params["campaigns"]["largest"], replace=False))
    n = len(readers)
    often = assign(rng, np.zeros(n, int), {str(f): 1.0 for f in params["frequencies"]}).astype(int)
    state = state_on(ctx, ctx.end).clip(0)[readers]
    openness = people.open[readers]

    def rates(mails: np.ndarray | int) -> tuple[np.ndarray, np.ndarray]:
        """Orders to be expected in 90 days, and chance to unsubscribe."""
        closed = expit(-2.5 * (openness + ctx.params["campaigns"]["irritable_below"]))
        reminded = (
            params["gain"] * expit(openness) * (1 - np.exp(-np.asarray(mails) / params["full_at"]))
        )
        irritated = params["irritation"] * np.asarray(mails) ** 2 * (0.3 + closed) / 64
        usual = order_rate(ctx, readers, state) * 90 + params["idle_orders"]
        return usual * np.exp(reminded - irritated), 1 - np.exp(
            -params["leave"] * np.asarray(mails) ** 1.5 * (0.15 + closed)
        )

    expected, leave = rates(often)
    orders = rng.poisson(expected)
    buyer = np.repeat(np.arange(n), orders)
    _, margin = _money(rng, people, readers[buyer])
    # Customers who read mails also order through them what would have been ordered anyway: the link claims too
    # much.
    through = rng.binomial(orders, np.minimum(0.12 * often * expit(openness), 0.9))
    ctx.tables["pressure_test"] = pd.DataFrame(
        {
            "customer_id": readers + 1,
            "mails_a_month": often,
            "orders_90d": orders,
            "margin_90d": np.bincount(buyer, margin, n).round(2),
            "orders_by_mail": through,
            "unsubscribed": rng.random(n) < leave,
        }
    )
    worth = people.amount[readers] * people.margin_share[readers]
    rows = []
    for frequency in params["frequencies"]:
        expected, leave = rates(frequency)
        means = [values.mean() if n else 0.0 for values in (expected, expected * worth, leave)]
        rows.append((frequency, *means))
    ctx.truth["pressure_effects"] = pd.DataFrame(
        rows, columns=["mails_a_month", "orders_90d", "margin_90d", "unsubscribe_chance"]
    )


def _acquisition(ctx: Context) -> None:
    """What was spent on winning customers, by month and channel."""
    prices: dict[str, Any] = ctx.params["campaigns"]["acquisition"]
    rng = ctx.rng("acquisition_spend")
    customers = ctx.tables["customers"]
    month = customers["customer_since"].to_numpy().astype("datetime64[M]")
    months = np.arange(ctx.start.astype("datetime64[M]"), ctx.end.astype("datetime64[M]") + 1)
    rows = []
    for channel, price in prices.items():
        won = month[(customers["acquisition_channel"] == channel).to_numpy()]
        # Some advertising runs whether anybody comes or not.
        count = np.array([(won == m).sum() for m in months])
        spend = (
            price
            * (0.75 * count + 0.25 * count.mean())
            * np.exp(0.1 * rng.standard_normal(len(months)))
        )
        rows.append(
            pd.DataFrame(
                {
                    "month": months.astype("datetime64[us]"),
                    "acquisition_channel": channel,
                    "spend": spend,
                }
            )
        )
    table = pd.concat(rows, ignore_index=True)
    ctx.tables["acquisition_spend"] = table.sort_values(
        ["month", "acquisition_channel"], kind="stable"
    ).reset_index(drop=True)
