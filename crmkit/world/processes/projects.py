"""Projects: accounts order parts when they need some, ask for a quote when they build, and pay for service each year.

At the rhythm of an account (see `crmkit.world.core.sleep.events`) something is needed. Mostly it is a direct order;
sometimes an enquiry, which is answered by a quote, won or lost by price, fit, promised days and how fast the answer was
(a logit; each account weighs these by the people who decide there). Goods are promised for a day, and late where their
supplier is in trouble. A part of the accounts signs a contract for service, a year at a time: at each renewal an
account leaves with a chance of its own, and these differ as a beta distribution, so that renewals follow the shifted
beta-geometric model (Fader & Hardie 2007).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from crmkit.data.catalogue.projects import OUTCOMES
from crmkit.world.core import accounts, troubles
from crmkit.world.core.choice import channels
from crmkit.world.core.people import labels, pick
from crmkit.world.core.sleep import events
from crmkit.world.core.streams import Context
from crmkit.world.processes.sales import Sales, write_sales

SECTIONS = ("projects", "accounts", "complaints")
#: What decides a quote, in the order of the weights that a role has.
WEIGHTS = ("price", "fit", "delivery")
YEAR_DAYS = 365.25


def faults(params: dict[str, Any]) -> Iterator[str]:
    """What a company file says that no projects can be made of."""
    projects = params["projects"]
    for name, goods in projects["goods"].items():
        if not 0 < goods["margin"] < 1:
            yield f"Goods {name!r}: margin is a share between 0 and 1, not {goods['margin']!r}."
        if goods["supplier"] not in projects["suppliers"]:
            yield f"Goods {name!r}: there is no supplier {goods['supplier']!r} in [projects.suppliers]."
    for name, plan in projects["plans"].items():
        if not 0 < plan["margin"] < 1:
            yield f"Plan {name!r}: margin is a share of the fee between 0 and 1, not {plan['margin']!r}."
    for name in ("leave_alpha", "leave_beta"):
        if not projects[name] > 0:
            yield f"[projects] {name} must be above 0, not {projects[name]!r}."
    yield from troubles.faults(params)


@dataclass
class Deals:
    """What accounts need, one entry each, in order of account and day; arrays of equal length.

    Attributes
    ----------
    who, day : array of int
        Account (position) and day.
    project : array of bool
        Whether it is an enquiry for a project, and no direct order.
    goods : array of int
        Position of the kind of goods.
    value : array of float
        What the goods are worth on the market.
    """

    who: np.ndarray
    day: np.ndarray
    project: np.ndarray
    goods: np.ndarray
    value: np.ndarray


def build(ctx: Context) -> None:
    """Add ``orders``, and what leads to them, follows them and stands behind them; the catalogue lists the tables."""
    accounts.build(ctx, persons=True)
    known = _accounts(ctx)
    deals = _needs(ctx, known)
    bad = _suppliers(ctx)
    channel = channels(ctx, ctx.rng("projects.channel"), deals.who, deals.day)
    quotes = _quotes(ctx, deals, known)
    odds, late, days, promised = _delays(ctx, deals, quotes, bad)
    trouble = troubles.draw(ctx, deals.who, odds)
    won, kept = _decide(deals, quotes, trouble.gone)
    contracts = _contracts(ctx, deals, won, late, days, known)
    _enquiries(ctx, deals, quotes, kept, won, channel)
    sold = np.flatnonzero(won)
    order, sold = _orders(ctx, deals, quotes, sold, channel, trouble)
    _fees(ctx, contracts)
    _after(ctx, deals, order, sold, late, promised, days, trouble)
    _visits(ctx, contracts, known)
    _quote_orders(ctx, sold, order)


def _accounts(ctx: Context) -> pd.DataFrame:
    """Add ``truth/accounts``: size, what decides a quote there, and the chance to leave a contract at a renewal."""
    projects, roles = ctx.params["projects"], ctx.params["accounts"]["roles"].values()
    rng = ctx.rng("truth/accounts")
    n, spread = ctx.customers, projects["size_spread"]
    size = np.exp(spread * rng.standard_normal(n) - spread**2 / 2)
    size = np.where(ctx.arrays["business"], size, size * projects["person_size"])
    owner, role = ctx.arrays["account_people"], ctx.arrays["account_roles"]
    people = np.bincount(owner, minlength=n)
    frame = {"customer_id": np.arange(1, n + 1), "size": np.maximum(size, 0.02).round(3)}
    for place, name in enumerate(WEIGHTS):
        weight = np.array([about["weights"][place] for about in roles])[role]
        frame[f"weight_{name}"] = (np.bincount(owner, weight, minlength=n) / people).round(3)
    leave = rng.beta(projects["leave_alpha"], projects["leave_beta"], n)
    frame["leave_chance"] = np.clip(leave, 0.0001, 0.9999).round(4)
    ctx.truth["accounts"] = pd.DataFrame(frame)
    return ctx.truth["accounts"]


def _needs(ctx: Context, known: pd.DataFrame) -> Deals:
    """What is needed and when; the first is always a direct order, which made a customer of the account."""
    projects, goods = ctx.params["projects"], ctx.params["projects"]["goods"]
    who, day = events(ctx, ctx.rng("projects"))
    rng = ctx.rng("projects.what")
    n = len(who)
    first = np.ones(n, bool)
    first[1:] = who[1:] != who[:-1]
    project = ~first & (rng.random(n) < projects["enquiries"])
    direct = pick(rng, {name: about["share"] for name, about in goods.items()}, n)
    large = pick(rng, {name: about["project_share"] for name, about in goods.items()}, n)
    kind = np.where(project, large, direct)
    middle = np.where(
        project,
        np.array([about["project"] for about in goods.values()], float)[kind],
        np.array([about["order"] for about in goods.values()], float)[kind],
    )
    size = known["size"].to_numpy()[who] ** np.where(project, projects["project_power"], 1.0)
    value = middle * size * np.exp(projects["value_spread"] * rng.standard_normal(n))
    return Deals(who, day, project, kind, np.maximum(value, projects["least"]).round(0))


@dataclass
class Quotes:
    """What became of each deal that is an enquiry; entries of direct orders mean nothing.

    Attributes
    ----------
    answered, stopped : array of bool
        Whether it was quoted, and whether the account gave the project up.
    days_to_quote, decided : array of int
        Days from the enquiry to the quote; day of the decision.
    price, discount : array of float
        What was asked, and what had been taken off the list price.
    days : array of int
        Delivery days that were promised.
    utility : array of float
        Log odds of winning, before what is known from earlier projects is added.
    u : array of float
        The draw that decides.
    because : array of int
        Why it is lost if it is lost: position in the list of the company file.
    known : float
        Log odds that each project won before adds, up to three.
    """

    answered: np.ndarray
    stopped: np.ndarray
    days_to_quote: np.ndarray
    decided: np.ndarray
    price: np.ndarray
    discount: np.ndarray
    days: np.ndarray
    utility: np.ndarray
    u: np.ndarray
    because: np.ndarray
    known: float


def _quotes(ctx: Context, deals: Deals, known: pd.DataFrame) -> Quotes:
    projects = ctx.params["projects"]
    quote, goods = projects["quotes"], projects["goods"]
    rng = ctx.rng("quotes")
    n = len(deals.who)
    answered = rng.random(n) < quote["answered"]
    days_to_quote = 1 + np.floor(rng.gamma(1.6, quote["days"] / 1.6, n)).astype(np.int64)
    markup = quote["markup"] * rng.standard_normal(n)
    usual = np.array([about["days"] for about in goods.values()], float)[deals.goods]
    longer = quote["longer"] * rng.standard_normal(n)
    days = np.maximum(np.rint(usual * np.exp(longer)), 1).astype(np.int64)
    fit = rng.standard_normal(n)
    weights = {name: known[f"weight_{name}"].to_numpy()[deals.who] for name in WEIGHTS}
    against = np.column_stack(
        [
            quote["price"] * weights["price"] * markup,
            -quote["fit"] * weights["fit"] * fit,
            quote["delivery"] * weights["delivery"] * longer,
            quote["slow"] * (days_to_quote - quote["days"]) / 7,
        ]
    )
    # What spoke most against the quote is named as the reason, mostly.
    because = (against + 0.35 * rng.gumbel(size=against.shape)).argmax(axis=1) + 1
    stopped = rng.random(n) < quote["stopped"]
    price = np.round(deals.value * np.exp(markup), 0)
    off = np.clip(rng.normal(quote["discount"], 0.05, n), 0, 0.3).round(2)
    decision = 1 + np.floor(rng.gamma(1.5, quote["decision_days"] / 1.5, n)).astype(np.int64)
    return Quotes(
        answered,
        stopped,
        days_to_quote,
        deals.day + days_to_quote + decision,
        price,
        np.round(price * off / (1 - off), 0),
        days,
        quote["base"] - against.sum(axis=1),
        rng.random(n),
        np.where(stopped, 0, because),
        float(quote["known"]),
    )


def _decide(deals: Deals, quotes: Quotes, gone: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Which deals become orders, and which take place at all, account by account in order of day.

    An account that leaves for good after trouble needs nothing more. Whether a quote wins depends on the projects won
    before it.
    """
    won, kept = np.zeros(len(deals.who), bool), np.zeros(len(deals.who), bool)
    account, wins, left = -1, 0, False
    chance = np.exp(quotes.utility)
    step = float(np.exp(quotes.known))
    for place, who in enumerate(deals.who):
        if who != account:
            account, wins, left = who, 0, False
        if left:
            continue
        kept[place] = True
        if deals.project[place]:
            odds = chance[place] * step ** min(wins, 3)
            won[place] = (
                quotes.answered[place]
                and not quotes.stopped[place]
                and quotes.u[place] < odds / (1 + odds)
            )
            wins += won[place]
        else:
            won[place] = True
        left = won[place] and gone[place]
    return won, kept


def _suppliers(ctx: Context) -> np.ndarray:
    """Add ``suppliers``, ``supplier_deliveries`` and the truth; give whether each month of each supplier is bad."""
    about = ctx.params["projects"]["suppliers"]
    rng = ctx.rng("suppliers")
    months = (ctx.end.astype("datetime64[M]") - ctx.start.astype("datetime64[M]")).astype(int) + 1
    trouble = np.array([supplier["trouble"] for supplier in about.values()])
    # A bad month is often followed by another one.
    bad = np.zeros((len(about), months + 1), bool)
    for month in range(months):
        stays = np.where(bad[:, month - 1], 0.55, trouble * 0.5) if month else trouble
        bad[:, month] = rng.random(len(about)) < stays
    goods = ctx.params["projects"]["goods"].items()

    def goods_of(supplier: str) -> list[str]:
        return [name for name, made in goods if made["supplier"] == supplier]

    ctx.tables["suppliers"] = pd.DataFrame(
        {
            "supplier_id": np.arange(1, len(about) + 1),
            "supplier": list(about),
            "goods": [";".join(goods_of(name)) for name in about],
        }
    )
    ctx.truth["supplier_months"] = pd.DataFrame(
        {
            "supplier_id": np.repeat(np.arange(1, len(about) + 1), months),
            "month": np.tile(
                (ctx.start.astype("datetime64[M]") + np.arange(months)).astype("datetime64[us]"),
                len(about),
            ),
            "trouble": bad[:, :months].ravel(),
        }
    )
    rows = []
    for place, supplier in enumerate(about.values()):
        in_month = np.repeat(np.arange(months), rng.poisson(supplier["deliveries"], months))
        n = len(in_month)
        begins = (ctx.start.astype("datetime64[M]") + in_month).astype("datetime64[D]")
        day = begins + rng.integers(28, size=n)
        hit = bad[place, in_month]
        late = np.where(rng.random(n) < np.where(hit, 0.75, 0.08), 1, 0)
        late = late * rng.geometric(np.where(hit, 1 / 14, 1 / 4))
        value = supplier["value"] * np.exp(0.5 * rng.standard_normal(n))
        faulty = rng.beta(1.2, np.where(hit, 30, 80))
        rows.append(
            pd.DataFrame(
                {
                    "supplier_id": place + 1,
                    "promised_date": day.astype("datetime64[us]"),
                    "delivered_date": (day + late).astype("datetime64[us]"),
                    "value": value,
                    "faulty_share": faulty,
                }
            )
        )
    frame = pd.concat(rows).sort_values(["promised_date", "supplier_id"], kind="stable")
    frame = frame[frame["delivered_date"] <= ctx.end]
    frame.insert(0, "delivery_id", np.arange(1, len(frame) + 1))
    ctx.tables["supplier_deliveries"] = frame
    return bad


def _delays(
    ctx: Context, deals: Deals, quotes: Quotes, bad: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Factor on the chance of trouble, days late, day of the order, and days promised, of each deal."""
    projects = ctx.params["projects"]
    rng = ctx.rng("deliveries")
    day = np.where(deals.project, quotes.decided, deals.day)
    usual = np.array([about["days"] for about in projects["goods"].values()])[deals.goods]
    direct = np.maximum(np.rint(usual * projects["direct_days"]), 1).astype(np.int64)
    promised = np.where(deals.project, quotes.days, direct)
    names = list(projects["suppliers"])
    supplier = np.array([names.index(about["supplier"]) for about in projects["goods"].values()])
    date = ctx.start + np.minimum(day, ctx.days - 1)
    month = (date.astype("datetime64[M]") - ctx.start.astype("datetime64[M]")).astype(int)
    hit = bad[supplier[deals.goods], month]
    chance = np.where(hit, projects["late_in_trouble"], projects["late"])
    late = rng.random(len(day)) < chance
    days_late = np.where(
        late, rng.geometric(1 / projects["late_days"], len(day)), -rng.integers(0, 3, len(day))
    )
    days_late = np.maximum(days_late, 1 - promised)
    return 1 + projects["late_trouble"] * (days_late > 3), days_late, day, promised


@dataclass
class Contracts:
    """Contracts for service: account, plan, first day, years paid, fee of a year, and whether it has ended."""

    who: np.ndarray
    plan: np.ndarray
    begin: np.ndarray
    years: np.ndarray
    fee: np.ndarray
    ended: np.ndarray
    seats: np.ndarray


def _contracts(
    ctx: Context,
    deals: Deals,
    won: np.ndarray,
    late: np.ndarray,
    day: np.ndarray,
    known: pd.DataFrame,
) -> Contracts:
    """Add ``contracts``: an account signs one, if any, after the first delivery of machines for which it wants one."""
    projects, plans = ctx.params["projects"], ctx.params["projects"]["plans"]
    rng = ctx.rng("contracts")
    signs = np.array([about["signs"] for about in projects["goods"].values()])[deals.goods]
    signs = signs * np.where(deals.project, 1.0, projects["direct_signs"])
    wants = won & (rng.random(len(won)) < signs)
    begin = day + np.maximum(late, 0) + 30
    rows = np.flatnonzero(wants & (begin < ctx.days - 1))
    rows = rows[np.lexsort((begin[rows], deals.who[rows]))]
    first = np.ones(len(rows), bool)
    first[1:] = deals.who[rows][1:] != deals.who[rows][:-1]
    rows = rows[first]
    rows = rows[np.argsort(begin[rows], kind="stable")]
    who, begin = deals.who[rows], begin[rows]
    plan = pick(rng, {name: about["share"] for name, about in plans.items()}, len(rows))
    seats = 1 + rng.poisson(projects["machines"] * known["size"].to_numpy()[who] ** 0.5)
    fee = np.round(np.array([about["fee"] for about in plans.values()], float)[plan] * seats, 0)
    # Years until the account leaves: geometric, with the account's own chance at each renewal.
    leave = known["leave_chance"].to_numpy()[who]
    years = 1 + np.floor(np.log(1 - rng.random(len(rows))) / np.log1p(-leave)).astype(np.int64)
    seen = 1 + ((ctx.days - 1 - begin) // YEAR_DAYS).astype(np.int64)
    last = begin + np.floor(np.minimum(years, 99) * YEAR_DAYS).astype(np.int64) - 1
    ended = last < ctx.days - 1
    found = Contracts(who, plan, begin, np.minimum(years, seen), fee, ended, seats)
    to_date = pd.Series((ctx.start + np.where(ended, last, 0)).astype("datetime64[us]"))
    ctx.tables["contracts"] = pd.DataFrame(
        {
            "contract_id": np.arange(1, len(rows) + 1),
            "customer_id": who.astype(np.int64) + 1,
            "plan": labels(list(plans), plan),
            "seats": seats,
            "yearly_fee": fee,
            "from_date": (ctx.start + begin).astype("datetime64[us]"),
            "to_date": to_date.where(ended),
            "renewals": found.years - 1,
        }
    )
    return found


def _enquiries(
    ctx: Context,
    deals: Deals,
    quotes: Quotes,
    kept: np.ndarray,
    won: np.ndarray,
    channel: np.ndarray,
) -> None:
    """Add ``enquiries``, ``quotes`` and ``truth/quotes``."""
    projects = ctx.params["projects"]
    rng = ctx.rng("enquiries")
    rows = np.flatnonzero(kept & deals.project)
    rows = rows[np.argsort(deals.day[rows], kind="stable")]
    person = accounts.person_of(rng, ctx.arrays["account_people"], deals.who[rows])
    ctx.tables["enquiries"] = pd.DataFrame(
        {
            "enquiry_id": np.arange(1, len(rows) + 1),
            "customer_id": deals.who[rows].astype(np.int64) + 1,
            "person_id": person + 1,
            "date": (ctx.start + deals.day[rows]).astype("datetime64[us]"),
            "channel": labels(list(ctx.company.channels), channel[rows]),
            "goods": labels(list(projects["goods"]), deals.goods[rows]),
        }
    )
    quoted_on = deals.day[rows] + quotes.days_to_quote[rows]
    quoted = np.flatnonzero(quotes.answered[rows] & (quoted_on < ctx.days))
    number, rows, quoted_on = quoted + 1, rows[quoted], quoted_on[quoted]
    open_ = quotes.decided[rows] >= ctx.days
    outcome = np.where(open_, 2, np.where(won[rows], 0, 1))
    because = labels(list(projects["quotes"]["lost"]), quotes.because[rows])
    ctx.arrays["quoted"] = rows
    ctx.tables["quotes"] = pd.DataFrame(
        {
            "quote_id": np.arange(1, len(rows) + 1),
            "enquiry_id": number,
            "customer_id": deals.who[rows].astype(np.int64) + 1,
            "date": (ctx.start + quoted_on).astype("datetime64[us]"),
            "days_to_quote": quotes.days_to_quote[rows],
            "discount": quotes.discount[rows],
            "price": quotes.price[rows],
            "promised_days": quotes.days[rows],
            "outcome": labels(list(OUTCOMES), outcome),
            "lost_because": because.where(outcome == 1),
            "decided": pd.Series(
                (ctx.start + np.minimum(quotes.decided[rows], ctx.days)).astype("datetime64[us]")
            ).where(~open_),
        }
    )
    chance = (1 - projects["quotes"]["stopped"]) / (1 + np.exp(-quotes.utility[rows]))
    ctx.truth["quotes"] = pd.DataFrame(
        {
            "quote_id": np.arange(1, len(rows) + 1),
            "market_price": deals.value[rows],
            "win_chance": chance,
        }
    )


def _orders(
    ctx: Context,
    deals: Deals,
    quotes: Quotes,
    sold: np.ndarray,
    channel: np.ndarray,
    trouble: troubles.Troubles,
) -> tuple[np.ndarray, np.ndarray]:
    """Add ``orders``, ``dealers`` and ``dealer_orders``.

    Returns
    -------
    order, sold : arrays of int
        order_id of each deal that became an order within the data, and its position among the deals.
    """
    projects, goods = ctx.params["projects"], ctx.params["projects"]["goods"]
    rng = ctx.rng("projects.discount")
    day = np.where(deals.project, quotes.decided, deals.day)
    sold = sold[day[sold] < ctx.days]
    agent = np.array([role == "agent" for role in ctx.company.channels.values()])[channel[sold]]
    love = ctx.truth["customers"]["discount_love"].to_numpy()[deals.who[sold]]
    off = np.where(rng.random(len(sold)) < love, projects["discount"], 0.0)
    listed = np.where(deals.project[sold], quotes.price[sold], deals.value[sold])
    discount = np.where(deals.project[sold], quotes.discount[sold], np.round(listed * off, 2))
    turnover = np.where(deals.project[sold], listed, listed - discount)
    share = np.array([about["margin"] for about in goods.values()])[deals.goods[sold]]
    cost = np.where(deals.project[sold], deals.value[sold] * projects["project_cost"], listed)
    commission = np.round(turnover * projects["commission"] * agent, 2)
    margin = np.round(turnover - cost * (1 - share) - commission, 2)
    order = write_sales(
        ctx,
        Sales(
            deals.who[sold],
            day[sold],
            channel[sold],
            discount,
            turnover,
            margin,
            trouble.voiced[sold].astype(int),
        ),
    )
    place = np.empty(len(order), np.int64)
    place[order] = np.arange(1, len(order) + 1)
    _dealers(ctx, deals.who[sold][agent], place[agent], commission[agent])
    return place, sold


def _fees(ctx: Context, contracts: Contracts) -> None:
    """Add ``contract_fees``: what each year of a contract brings. It falls due by itself, so it is no order."""
    contract = np.repeat(np.arange(len(contracts.who)), contracts.years)
    ends = np.cumsum(contracts.years)
    year = np.arange(len(contract)) - np.repeat(ends - contracts.years, contracts.years)
    day = contracts.begin[contract] + np.floor(year * YEAR_DAYS).astype(np.int64)
    share = np.array([about["margin"] for about in ctx.params["projects"]["plans"].values()])
    fee = contracts.fee[contract]
    ctx.tables["contract_fees"] = pd.DataFrame(
        {
            "contract_id": contract + 1,
            "date": (ctx.start + day).astype("datetime64[us]"),
            "fee": fee,
            "margin": fee * share[contracts.plan[contract]],
        }
    )


def _dealers(ctx: Context, who: np.ndarray, order: np.ndarray, commission: np.ndarray) -> None:
    """Add ``dealers`` and ``dealer_orders``; an account has a dealer of its own."""
    about = ctx.params["projects"]["dealers"]
    mine = ctx.rng("dealers").integers(len(about), size=ctx.customers)
    ctx.tables["dealers"] = pd.DataFrame(
        {"dealer_id": np.arange(1, len(about) + 1), "dealer": about}
    )
    frame = pd.DataFrame({"order_id": order, "dealer_id": mine[who] + 1, "commission": commission})
    ctx.tables["dealer_orders"] = frame.sort_values("order_id", kind="stable")


def _after(
    ctx: Context,
    deals: Deals,
    order: np.ndarray,
    sold: np.ndarray,
    late: np.ndarray,
    promised: np.ndarray,
    day: np.ndarray,
    trouble: troubles.Troubles,
) -> None:
    """Add ``deliveries``, ``complaints`` and what the truth knows of them."""
    by_id = np.argsort(order, kind="stable")
    sold, order = sold[by_id], order[by_id]
    late = late[sold]
    due = day[sold] + promised[sold]
    came = due + late
    here = came < ctx.days
    date = pd.Series((ctx.start + np.where(here, came, 0)).astype("datetime64[us]"))
    ctx.tables["deliveries"] = pd.DataFrame(
        {
            "order_id": order,
            "goods": labels(list(ctx.params["projects"]["goods"]), deals.goods[sold]),
            "promised_date": (ctx.start + due).astype("datetime64[us]"),
            "delivered_date": date.where(here),
        }
    )
    who = deals.who[sold]
    trouble = trouble.of(sold)
    gone = np.zeros(ctx.customers, bool)
    gone[who[trouble.gone]] = True
    troubles.write_complaints(ctx, trouble, who, came, _next_order(who, day[sold], came))
    troubles.write_return_chances(ctx, gone)


def _next_order(who: np.ndarray, day: np.ndarray, after: np.ndarray) -> np.ndarray:
    """Day of the account's next order after a day of each row; beyond all data where there is none."""
    step = 10 * int(max(day.max(initial=0), after.max(initial=0)) + 1)
    keys = np.sort(who.astype(np.int64) * step + day)
    at = np.searchsorted(keys, who.astype(np.int64) * step + after + 1)
    found = keys[np.minimum(at, len(keys) - 1)]
    return np.where((at < len(keys)) & (found // step == who), found % step, step - 1)


def _visits(ctx: Context, contracts: Contracts, known: pd.DataFrame) -> None:
    """Add ``service_visits``: those planned in contracts, and those after a breakdown."""
    service = ctx.params["projects"]["visits"]
    rng = ctx.rng("service_visits")
    paid = np.minimum(contracts.begin + np.floor(contracts.years * YEAR_DAYS), ctx.days)
    span = (paid - contracts.begin).astype(np.int64)
    planned = rng.poisson(service["planned"] * span / YEAR_DAYS)
    one = np.repeat(np.arange(len(contracts.who)), planned)
    day_planned = contracts.begin[one] + np.floor(rng.random(len(one)) * span[one]).astype(np.int64)
    # Machines break down from the day on which the account had the first of them.
    joined = ctx.arrays["joined"]
    years = (ctx.days - joined) / YEAR_DAYS
    count = rng.poisson(service["breakdowns"] * known["size"].to_numpy() ** 0.5 * years)
    broken = np.repeat(np.arange(ctx.customers), count)
    day_broken = joined[broken] + np.floor(
        rng.random(len(broken)) * (ctx.days - joined[broken])
    ).astype(np.int64)
    first = np.full(ctx.customers, ctx.days)
    until = np.zeros(ctx.customers, np.int64)
    first[contracts.who], until[contracts.who] = contracts.begin, contracts.begin + span
    who = np.concatenate([contracts.who[one], broken]).astype(np.int64)
    day = np.concatenate([day_planned, day_broken])
    under = (day >= first[who]) & (day < until[who])
    hours = np.maximum(rng.gamma(2.0, service["hours"] / 2.0, len(who)).round(1), 0.5)
    order = np.argsort(day, kind="stable")
    ctx.tables["service_visits"] = pd.DataFrame(
        {
            "visit_id": np.arange(1, len(order) + 1),
            "customer_id": who[order] + 1,
            "date": (ctx.start + day[order]).astype("datetime64[us]"),
            "reason": labels(["planned", "breakdown"], (order >= len(one)).astype(int)),
            "under_contract": under[order],
            "hours": hours[order],
            "cost": (hours * service["hour_cost"] + service["travel"])[order],
        }
    )


def _quote_orders(ctx: Context, sold: np.ndarray, order: np.ndarray) -> None:
    """Add ``quote_orders``: the order that each quote which was won became."""
    quote = pd.Series(ctx.tables["quotes"]["quote_id"].to_numpy(), index=ctx.arrays["quoted"])
    found = quote.reindex(sold)
    here = found.notna().to_numpy()
    frame = pd.DataFrame(
        {"order_id": order[here], "quote_id": found[here].to_numpy().astype(np.int64)}
    )
    ctx.tables["quote_orders"] = frame.sort_values("order_id", kind="stable")
