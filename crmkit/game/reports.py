"""What a company can know of a quarter, in tables with the names and columns of the course; the truth is kept apart.

Every analysis of a lesson runs on `orders`, `customers`, `contacts` and the rest. `Reports.add` joins quarters.
"""

from __future__ import annotations

import functools
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
import pandas as pd

from crmkit.errors import CrmkitError
from crmkit.game import brand as brand_store
from crmkit.game.accounts import Bill, offer_costs, surveyed
from crmkit.game.decisions import WORDS
from crmkit.game.draws import Draws, poisson
from crmkit.game.living import EVENTS, OFFER_NAMES
from crmkit.game.people import TEXTS, company_file, opening, product_table
from crmkit.game.plan import ARMS, BONDS, OFFERS
from crmkit.game.quarter import Quarter
from crmkit.game.standing import DAYS, STATES, WEEKS, State, game_start
from crmkit.game.winning import CAUSES
from crmkit.world.core.memory import named_in_order

#: Tables that say how things stand: the last quarter's replaces the earlier ones. All others are added row by row.
STANDING = ("customers", "products", "brands", "brand_words")
#: Tables with one row per customer and year: quarters are summed.
SUMMED = ("cost_to_serve", "engagement")
PERSONS = 400  # in the panel


#: A table, or what makes it.
Made: TypeAlias = "pd.DataFrame | Callable[[], pd.DataFrame]"


class Tables(Mapping[str, pd.DataFrame]):
    """Tables by name; what is given as a function is made when it is first asked for.

    To write a quarter's tables takes longer than to play it, and most games are played only to be compared.
    """

    def __init__(self, tables: Mapping[str, Made]) -> None:
        self._tables = dict(tables)

    def __getitem__(self, name: str) -> pd.DataFrame:
        if name not in self._tables:
            raise KeyError(f"No table {name!r}; there are: {', '.join(self._tables)}.")
        table = self._tables[name]
        if not isinstance(table, pd.DataFrame):
            table = self._tables[name] = table()
        return table

    def __contains__(self, name: object) -> bool:
        return name in self._tables

    def __iter__(self) -> Iterator[str]:
        return iter(self._tables)

    def __len__(self) -> int:
        return len(self._tables)


class Reports(Tables):
    """Tables by name, as of one quarter or of several joined.

    Attributes
    ----------
    truth : Tables
        What no company knows.
    """

    def __init__(self, tables: Mapping[str, Made], truth: Mapping[str, Made] | None = None) -> None:
        super().__init__(tables)
        self.truth = Tables(truth or {})

    def __repr__(self) -> str:
        about = ", ".join(f"{name} ({len(table):,})" for name, table in self.items())
        return f"Reports: {about}"

    def add(self, later: Reports) -> Reports:
        """Join these reports with those of a later quarter.

        Parameters
        ----------
        later
            Of the quarter (or quarters) that follow.

        Returns
        -------
        Reports
            Others; neither of the two is changed.
        """
        if not isinstance(later, Reports):
            raise CrmkitError(f"add() joins Reports with Reports, not with {type(later).__name__}.")
        return joined([self, later])


def joined(reports: Sequence[Reports]) -> Reports:
    """Join reports of quarters that follow one another."""
    return Reports(_join(reports), _join([one.truth for one in reports]))


def _join(parts: Sequence[Tables]) -> dict[str, Made]:
    names = dict.fromkeys(name for part in parts for name in part)
    return {name: functools.partial(_joined, parts, name) for name in names}


def _joined(parts: Sequence[Tables], name: str) -> pd.DataFrame:
    tables = [part[name] for part in parts if name in part]
    if name in STANDING:
        return tables[-1]
    tables = [table for table in tables if not table.empty] or tables[-1:]
    if name not in SUMMED:
        return pd.concat(tables, ignore_index=True) if len(tables) > 1 else tables[0]
    # Two by two: sums of decimals depend on their order.
    return functools.reduce(_summed, tables)


def _summed(first: pd.DataFrame, second: pd.DataFrame) -> pd.DataFrame:
    both = pd.concat([first, second], ignore_index=True)
    return both.groupby(["customer_id", "year"], as_index=False).sum()


def history(state: State) -> Reports:
    """Give what the company knew before the first quarter: the tables of the world from which the game began.

    They begin with the customer card, three years before the game, so that every customer's first order is there.

    Examples
    --------
    >>> from crmkit.game.state import start
    >>> sorted(history(start(customers=20, seed=3)))
    ['cost_to_serve', 'customers', 'engagement', 'order_lines', 'orders', 'products']
    """
    world = opening(state.customers, state.seed)
    truth = {name: world.truth[name].copy for name in ("customers", "sleep_states")}
    return Reports({name: table.copy for name, table in world.tables.items()}, truth)


def write_reports(quarter: Quarter, costs: Bill) -> Reports:
    """Tell of a quarter what the company can know, and the truth apart."""
    makers = dict(_MAKERS)
    research = quarter.decisions.research
    if research.survey:
        makers["survey"] = _survey
    if research.tracker:
        asked = functools.cache(lambda: _tracker(quarter))
        makers["brand_words"] = lambda _: _words()
        makers["tracker_respondents"] = lambda _: asked()[0]
        makers["tracker_answers"] = lambda _: asked()[1]
    if research.panel:
        makers["panel"] = _panel
    makers["accounts"] = lambda quarter: _accounts(quarter, costs)
    tables, truth = (
        {name: functools.partial(make, quarter) for name, make in each.items()}
        for each in (makers, _TRUTHS)
    )
    return Reports(tables, truth)


# ------------------------------------------------------------------------------------------------------------ helpers
def _dates(quarter: Quarter, day: npt.NDArray[np.int64]) -> pd.Series:
    return pd.Series((quarter.before.first_day + day).astype("datetime64[us]"))


def _text(values: object) -> pd.Series:
    return pd.Series(np.asarray(values, dtype=object), dtype="str")


def _ids(quarter: Quarter) -> npt.NDArray[np.int64]:
    return quarter.after.life.customer


def _year(quarter: Quarter) -> int:
    """The calendar year in which most of the quarter lies."""
    return int(str(quarter.before.first_day + DAYS // 2)[:4])


def _number(quarter: Quarter) -> int:
    return quarter.after.quarter


# ------------------------------------------------------------------------------------------------------ what was sold
def _orders(quarter: Quarter) -> pd.DataFrame:
    orders = quarter.orders
    channels = np.array(list(company_file()["channels"]), dtype=object)
    return pd.DataFrame(
        {
            "order_id": quarter.before.orders + 1 + np.arange(len(orders)),
            "customer_id": _ids(quarter)[orders.who],
            "order_date": _dates(quarter, orders.day),
            "channel": _text(channels[orders.channel]),
            "discount": orders.discount / 100,
            "turnover": orders.turnover / 100,
            "margin": orders.margin / 100,
        }
    )


def _order_lines(quarter: Quarter) -> pd.DataFrame:
    orders = quarter.orders
    first = np.searchsorted(orders.line_order, np.arange(len(orders)), side="left")
    return pd.DataFrame(
        {
            "order_id": quarter.before.orders + 1 + orders.line_order,
            "line": np.arange(len(orders.line_order)) - first[orders.line_order] + 1,
            "product_id": orders.line_product + 1,
            "quantity": orders.line_quantity,
            "unit_price": orders.line_price / 100,
            "discount": orders.line_discount / 100,
            "turnover": orders.line_turnover / 100,
            "margin": orders.line_margin / 100,
            "returned": orders.line_returned,
        }
    )


def _customers(state: State) -> pd.DataFrame:
    """Every customer so far, as the company sees them: who unsubscribed has given no consent any more."""
    people, life = state.people, state.life
    who = np.flatnonzero(state.is_customer)
    who = who[np.argsort(life.customer[who], kind="stable")]
    texts = people.texts[who]
    frame = pd.DataFrame({"customer_id": life.customer[who]})
    columns: dict[str, pd.Series] = {}
    for place, name in enumerate(TEXTS):
        columns[name] = _text(texts[:, place]).replace("", None)
    frame["name"] = columns["name"]
    frame["kind"] = _text(np.where(people.business[who], "business", "person"))
    for name in TEXTS[1:]:
        frame[name] = columns[name]
    channels = np.array(list(company_file()["people"]["acquisition"]["person"]), dtype=object)
    frame["acquisition_channel"] = _text(channels[life.came[who]])
    frame["customer_since"] = (game_start() + life.since[who]).astype("datetime64[us]")
    frame["newsletter_consent"] = people.newsletter[who] & ~life.off_list[who]
    frame["phone_consent"] = people.phone[who] & ~life.off_list[who]
    return frame


def _products(quarter: Quarter) -> pd.DataFrame:
    frame = product_table().copy()
    level = quarter.decisions.prices.level
    frame["price"] = (np.rint(np.rint(frame["price"] * 100) * level) / 100).to_numpy()
    frame["rival_price"] = (frame["rival_price"] * quarter.effects.rival).round(2)
    order = ["product_id", "name", "category", "quality", "ease", "advice", "features"]
    return frame[[*order, "unit_cost", "price", "rival_price"]]


# ------------------------------------------------------------------------------------------------- who was served
def _cost_to_serve(quarter: Quarter) -> pd.DataFrame:
    about, after = company_file()["service"], quarter.after
    who = np.flatnonzero(after.is_customer)
    who = who[np.argsort(after.life.customer[who], kind="stable")]
    calls, visits = quarter.calls[who], quarter.visits[who]
    talked = 2 * calls * about["minutes"] / 2
    spread = np.exp(0.5 * quarter.luck.normal("serve.minutes", who) - 0.125)
    minutes = np.rint(talked * spread + visits * about["visit_minutes"]).astype(np.int64)
    orders = np.bincount(quarter.orders.who, minlength=len(after.people))[who]
    cost = minutes * about["minute_cost"] + visits * about["visit_cost"]
    cost = cost + orders * about["order_cost"] + about["mailing_cost"] / 4
    return pd.DataFrame(
        {
            "customer_id": after.life.customer[who],
            "year": _year(quarter),
            "contacts": calls + visits,
            "minutes": minutes,
            "cost": cost.round(2),
        }
    )


def _engagement(quarter: Quarter) -> pd.DataFrame:
    about, after = company_file()["engagement"], quarter.after
    who = np.flatnonzero(after.is_customer)
    who = who[np.argsort(after.life.customer[who], kind="stable")]
    deep = after.life.sleep[who] > 1
    drive = np.exp(about["spread"] * after.people.number("engaged")[who])
    level = drive / 4 * (1 - about["awake"] * deep) * ~after.life.lost[who]
    told = quarter.inviter[quarter.inviter >= 0]
    frame = pd.DataFrame({"customer_id": after.life.customer[who], "year": _year(quarter)})
    for column in ("logins", "reviews", "referrals", "help_given"):
        if column == "referrals":
            frame[column] = np.bincount(told, minlength=len(after.people))[who]
        else:
            luck = quarter.luck.uniform(f"engagement.{column}", who)
            frame[column] = poisson(about[column] * level, luck)
    return frame


def _desk(quarter: Quarter) -> pd.DataFrame:
    """One row: contacts of our customers with the desk, and how many had no answer."""
    return pd.DataFrame(
        {
            "quarter": [_number(quarter)],
            "contacts": [int(quarter.calls.sum())],
            "gave_up": [int(quarter.failed.sum())],
            "agents": [quarter.decisions.service.agents],
        }
    )


# ---------------------------------------------------------------------------------------------- who was contacted
def _contacts(quarter: Quarter) -> pd.DataFrame:
    contacted, people, luck = quarter.effects.contacted, quarter.before.people, quarter.luck
    who = np.flatnonzero(contacted.offer > 0)
    day = 7 * contacted.week + np.floor(5 * luck.uniform("wake.day", np.arange(len(people))))
    day = day.astype(np.int64)
    who = who[np.lexsort((who, day[who]))]
    offer = contacted.offer[who]
    call = offer == OFFERS.index("call")
    rings = call & people.phone[who]
    by_mail = ~call & people.newsletter[who]
    reacts = np.where(rings, 0.6, np.where(call, 0.35, 0.2))
    names = np.array(["", *(OFFER_NAMES[name] for name in OFFERS[1:])], dtype=object)
    channel = np.select([rings, call, by_mail], ["telephone", "card", "e-mail"], "letter")
    return pd.DataFrame(
        {
            "contact_id": quarter.before.contacts + 1 + np.arange(len(who)),
            "campaign": _text(np.full(len(who), f"quarter {_number(quarter)}")),
            "customer_id": _ids(quarter)[who],
            "contact_date": _dates(quarter, day[who]),
            "hour": 9 + np.floor(9 * luck.uniform("wake.hour", who)).astype(np.int64),
            "channel": _text(channel),
            "message": _text(names[offer]),
            "cost": offer_costs()[offer],
            "answered": luck.uniform("wake.answered", who) < reacts,
            "state": _text(np.array(STATES, dtype=object)[contacted.working[who]]),
        }
    )


def _messages(quarter: Quarter) -> pd.DataFrame:
    who = np.flatnonzero(quarter.effects.sent > 0)
    off = quarter.after.life.off_list & ~quarter.before.life.off_list
    return pd.DataFrame(
        {
            "quarter": _number(quarter),
            "customer_id": _ids(quarter)[who],
            "messages": quarter.effects.sent[who],
            "unsubscribed": off[who],
        }
    )


def _trials(quarter: Quarter) -> pd.DataFrame:
    """One row per experiment and customer in it: the arm, and what he or she did in the quarter."""
    rows = []
    n, orders = len(quarter.before.people), quarter.orders
    number = np.bincount(orders.who, minlength=n)
    off = quarter.after.life.off_list & ~quarter.before.life.off_list
    silent = DAYS * quarter.before.quarter - quarter.before.life.last_order
    for one, arm in zip(quarter.decisions.experiments, quarter.effects.plan.arms, strict=True):
        who = np.flatnonzero(arm >= 0)
        who = who[np.argsort(_ids(quarter)[who], kind="stable")]
        rows.append(
            pd.DataFrame(
                {
                    "quarter": _number(quarter),
                    "experiment": _text(np.full(len(who), one.name)),
                    "customer_id": _ids(quarter)[who],
                    "arm": _text(np.array(ARMS, dtype=object)[arm[who]]),
                    "state": _text(
                        np.array(STATES, dtype=object)[quarter.effects.contacted.working[who]]
                    ),
                    "silent_days": silent[who],
                    "contacted": quarter.effects.contacted.offer[who] > 0,
                    "ordered": number[who] > 0,
                    "orders": number[who],
                    "turnover": quarter.after.life.recent[who, 0] / 100,
                    "margin": quarter.after.life.margin[who, 0] / 100,
                    "unsubscribed": off[who],
                }
            )
        )
    columns = ["quarter", "experiment", "customer_id", "arm", "state", "silent_days", "contacted"]
    columns += ["ordered", "orders", "turnover", "margin", "unsubscribed"]
    return pd.concat(rows, ignore_index=True) if rows else pd.DataFrame(columns=columns)


# ---------------------------------------------------------------------------------------------------- who was won
def _introductions(quarter: Quarter) -> pd.DataFrame:
    """Friends who bought, and who told them; friends who came to nothing are not seen."""
    came = quarter.after.life.came
    channels = list(company_file()["people"]["acquisition"]["person"])
    who = np.flatnonzero(quarter.inviter >= 0)
    who = who[np.argsort(_ids(quarter)[who], kind="stable")]
    known = came[who] == channels.index("friend")
    bought = game_start() + quarter.after.life.since[who]
    told = bought - 1 - np.floor(21 * quarter.luck.uniform("winning.told", who)).astype(int)
    return pd.DataFrame(
        {
            "introduction_id": quarter.before.introductions + 1 + np.arange(len(who)),
            "inviter_id": _ids(quarter)[quarter.inviter[who]],
            "told_on": told.astype("datetime64[us]"),
            "visited": True,
            "visited_on": bought.astype("datetime64[us]"),
            "bought": True,
            "bought_on": bought.astype("datetime64[us]"),
            "friend_id": np.where(known, _ids(quarter)[who].astype(float), np.nan),
        }
    )


def _spend(quarter: Quarter) -> pd.DataFrame:
    """Spending by month, in three equal parts; the last one takes what does not divide."""
    month = quarter.before.first_day.astype("datetime64[M]") + np.arange(3)
    rows = []
    for channel, amount in quarter.decisions.winning.spend.items():
        part = round(100 * amount) // 3
        pence = [part, part, round(100 * amount) - 2 * part]
        for day, spent in zip(month.astype("datetime64[us]"), pence, strict=True):
            rows.append((day, channel, spent / 100))
    frame = pd.DataFrame(rows, columns=["month", "acquisition_channel", "spend"])
    return frame.sort_values(["month"], kind="stable", ignore_index=True)


# --------------------------------------------------------------------------------------------- brand, market, research
def _mondays(quarter: Quarter) -> npt.NDArray[np.datetime64]:
    first = quarter.before.first_day
    weekday = int((first.astype(int) + 3) % 7)
    return first - weekday + 7 * np.arange(WEEKS)


def _pressure(quarter: Quarter) -> pd.DataFrame:
    rules = quarter.before.rules
    contacts = brand_store.weeks_on_air(quarter.decisions.brand) * rules["brand.contacts"]
    return pd.DataFrame(
        {
            "brand": company_file()["company"]["name"],
            "week": _mondays(quarter).astype("datetime64[us]"),
            "contacts": contacts,
            "spend": (contacts * len(quarter.before.people) * rules["brand.contact_cost"]).round(0),
            "word": quarter.decisions.brand.word,
        }
    )


def _market(quarter: Quarter) -> pd.DataFrame:
    """Prices beside the rival's, one row a quarter."""
    return pd.DataFrame(
        {
            "quarter": [_number(quarter)],
            "our_level": [quarter.decisions.prices.level],
            "rival_level": [round(quarter.effects.rival, 4)],
        }
    )


def _accounts(quarter: Quarter, costs: Bill) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "quarter": _number(quarter),
            "item": _text(list(costs)),
            "amount": [amount / 100 for amount in costs.values()],
        }
    )


def _survey(quarter: Quarter) -> pd.DataFrame:
    """Customers asked at random at the end of the quarter; those who are content answer a little more often."""
    rules, luck, life = quarter.before.rules, quarter.luck, quarter.after.life
    there = np.flatnonzero(quarter.before.is_customer)
    drawn = np.argsort(luck.uniform("survey.drawn", there), kind="stable")[: surveyed(quarter)]
    who = np.sort(there[drawn])
    share = rules["research.survey_answers"]
    odds = np.log(share / (1 - share)) if 0 < share < 1 else 20 * (share - 0.5)
    chance = 1 / (1 + np.exp(-(odds + 0.25 * life.trust[who])))
    answers = (luck.uniform("survey.answers", who) < chance) & ~life.off_list[who]
    trust = rules["trust.usual"] + life.trust[who]
    score = np.clip(np.rint(trust + 1.2 * luck.normal("survey.score", who)), 0, 10)
    friend = np.clip(np.rint(trust - 0.2 + 1.6 * luck.normal("survey.friend", who)), 0, 10)
    return pd.DataFrame(
        {
            "quarter": _number(quarter),
            "customer_id": life.customer[who],
            "answered": answers,
            "satisfaction": np.where(answers, score, np.nan),
            "recommendation": np.where(answers, friend, np.nan),
        }
    )


def _words() -> pd.DataFrame:
    words = company_file()["brand"]["words"]
    return pd.DataFrame(words)[["letter", "word", "kind", "yearly_value"]]


def _tracker(quarter: Quarter) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Households asked over the thirteen weeks which brands come to mind, as the company's tracker does."""
    section, asked = company_file()["brand"], quarter.decisions.research.tracker
    name = company_file()["company"]["name"]
    seed = np.random.SeedSequence(
        quarter.luck.seed, spawn_key=(zlib.crc32(b"tracker"), quarter.luck.quarter)
    )
    rng = np.random.default_rng(seed)
    week = np.sort(rng.integers(0, WEEKS, asked), kind="stable")
    segments = section["segments"]
    shares = np.array([part["share"] for part in segments.values()])
    segment = rng.choice(len(segments), asked, p=shares / shares.sum())
    brands = section["brands"]
    ours = list(brands).index(name)
    # The rivals stand where their base is; what advertising left of our words adds up to our own strength.
    strength = np.tile([one["base"] for one in brands.values()], (asked, 1))
    added = (quarter.after.fast + quarter.after.slow).sum()
    strength[:, ours] += added * quarter.effects.in_mind[week] / quarter.effects.in_mind[-1]
    position = named_in_order(strength, rng)
    shown = -np.expm1(-section["shown_factor"] * strength)
    known = (position > 0) | (rng.random(strength.shape) < shown)
    links = np.array([one["links"] for one in brands.values()], float)
    links[ours] += quarter.after.fast + quarter.after.slow
    interest = np.array([part["interest"] for part in segments.values()])[segment]
    involved = interest * rng.gamma(section["involvement"], 1 / section["involvement"], asked)
    linked = rng.random((asked, len(brands), len(WORDS))) < -np.expm1(
        -involved[:, None, None] * links
    )
    trust = np.array([one["trust"] for one in brands.values()], float)
    life = quarter.after.life
    there = quarter.after.is_customer
    trust[ours] += float(life.trust[there].mean()) if there.any() else 0.0
    told = np.clip(np.rint(trust + rng.normal(0, 1.6, strength.shape)), 0, 10)
    liking = 0.7 * trust + 1.8 + 0.4 * (told - trust) + rng.normal(0, 1.3, strength.shape)
    # Numbers of respondents go on from quarter to quarter: a quarter has at most 2,000.
    number = 10_000 * quarter.before.quarter + np.arange(1, asked + 1)
    people = pd.DataFrame(
        {
            "respondent_id": number,
            "week": _mondays(quarter)[week].astype("datetime64[us]"),
            "segment": _text(np.array(list(segments), dtype=object)[segment]),
        }
    )
    who, brand = np.nonzero(known)
    letters = np.array([word["letter"] for word in section["words"]])
    texts = ["".join(letters[row]) or None for row in linked[who, brand]]
    answers = pd.DataFrame(
        {
            "respondent_id": number[who],
            "brand": _text(np.array(list(brands), dtype=object)[brand]),
            "position": position[who, brand],
            "liking": np.clip(np.rint(liking), 0, 10)[who, brand].astype(int),
            "trust": told[who, brand].astype(int),
            "links": pd.Series(texts, dtype="str"),
        }
    )
    return people, answers


def _panel(quarter: Quarter) -> pd.DataFrame:
    """Persons drawn once for the whole game: what they bought from us, and from others."""
    people, state = quarter.before.people, quarter.before
    everyone = np.arange(len(people))
    fixed = Draws(state.seed, 0)
    who = np.sort(np.argsort(fixed.uniform("panel", everyone), kind="stable")[:PERSONS])
    number = np.bincount(quarter.orders.who, minlength=len(people))[who]
    total = people.number("rate_awake")[who] / 4
    elsewhere = poisson(
        np.maximum(total - 0.5 * number, 0.1 * total), quarter.luck.uniform("panel.else", who)
    )
    return pd.DataFrame(
        {
            "quarter": _number(quarter),
            "person_id": np.arange(1, len(who) + 1),
            "customer": quarter.after.is_customer[who],
            "orders_here": number,
            "orders_elsewhere": elsewhere,
        }
    )


# -------------------------------------------------------------------------------------------------------------- truth
def _true_customers(quarter: Quarter) -> pd.DataFrame:
    """What no company knows, one row per customer of the quarter; nobody but the debrief looks at it."""
    after, lives = quarter.after, quarter.lives
    who = np.flatnonzero(after.is_customer)
    who = who[np.argsort(after.life.customer[who], kind="stable")]
    cause = np.array(["", *CAUSES], dtype=object)[lives.cause[who] + 1]
    return pd.DataFrame(
        {
            "quarter": _number(quarter),
            "customer_id": after.life.customer[who],
            "person": who,
            "state": _text(np.array(STATES, dtype=object)[after.life.sleep[who]]),
            "lost": after.life.lost[who],
            "trust": (quarter.before.rules["trust.usual"] + after.life.trust[who]).round(3),
            "won_by": _text(cause).replace("", None),
            "woken": lives.won[who],
            "woke_alone": lives.woke_alone[who],
            "annoyed": lives.annoyed[who],
            "driven_away": lives.driven_away[who],
            "moved": lives.moved[who],
            "no_answer": quarter.failed[who].astype(int),
            "member": quarter.effects.members[who],
            "bond": _text(np.array(BONDS, dtype=object)[quarter.effects.bond[who]]),
            **{
                f"log_{name}": values[who].round(4)
                for name, values in quarter.effects.causes.items()
            },
        }
    )


def _true_orders(quarter: Quarter) -> pd.DataFrame:
    events = np.array(["ordinary", *EVENTS], dtype=object)[quarter.orders.event + 1]
    return pd.DataFrame(
        {
            "order_id": quarter.before.orders + 1 + np.arange(len(quarter.orders)),
            "kind": _text(events),
        }
    )


def _true_words(quarter: Quarter) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "quarter": _number(quarter),
            "word": list(WORDS),
            "advertised": (quarter.after.fast + quarter.after.slow).round(5),
        }
    )


#: What makes each table of every quarter, in their order.
_MAKERS: dict[str, Callable[[Quarter], pd.DataFrame]] = {
    "orders": _orders,
    "order_lines": _order_lines,
    "customers": lambda quarter: _customers(quarter.after),
    "products": _products,
    "cost_to_serve": _cost_to_serve,
    "engagement": _engagement,
    "contacts": _contacts,
    "message_log": _messages,
    "introductions": _introductions,
    "acquisition_spend": _spend,
    "trials": _trials,
    "brand_pressure": _pressure,
    "market": _market,
    "accounts": lambda quarter: pd.DataFrame(),
    "desk": _desk,
}
_TRUTHS = {
    "game_customers": _true_customers,
    "game_orders": _true_orders,
    "game_words": _true_words,
}
