"""Sessions: an app that most use for nothing, some buy in now and then, and a few subscribe to.

People come at a rhythm of their own, in bursts or evenly. What they do in a session is behaviour
(`crmkit.world.core.behaviour`). In a month with a session somebody who does not subscribe may pay, for a song or for a
subscription; the chance follows from what he or she did in the three months before. A subscription is paid each month
until notice takes effect. Some kinds of event show the inclination to pay, and some exist only once one has paid.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from crmkit.world.core.behaviour import Log, Sessions, causes, logistic, month_number, moved
from crmkit.world.core.behaviour import faults as behaviour_faults
from crmkit.world.core.choice import channels
from crmkit.world.core.people import cumulative, labels
from crmkit.world.core.sleep import events
from crmkit.world.core.streams import Context
from crmkit.world.core.time import all_days
from crmkit.world.processes.sales import Sales, write_sales

SECTIONS = ("sessions", "behaviour")
#: Days of the company that a trade in sessions needs.
DATES = ("log_start", "log_end", "new_version", "test_start", "test_end")


def faults(params: dict[str, Any]) -> Iterator[str]:
    """What a company file says that no sessions can be made of."""
    sessions, company = params["sessions"], params["company"]
    if not 0 < sessions["margin"] < 1:
        yield f"[sessions] margin is a share between 0 and 1, not {sessions['margin']}."
    for name in ("minutes", "subscription"):
        if not sessions[name] > 0:
            yield f"[sessions] {name} must be above 0, not {sessions[name]!r}."
    if len(sessions["song"]) != len(sessions["song_shares"]) or not sessions["song"]:
        yield "[sessions] song and song_shares must be equally long."
    elif not np.isclose(sum(sessions["song_shares"]), 1) or min(sessions["song_shares"]) < 0:
        yield f"[sessions] song_shares must add up to 1; they are {sessions['song_shares']}."
    dates = company.get("dates", {})
    missing = [name for name in DATES if name not in dates]
    if missing:
        yield f"[company.dates] lacks {', '.join(missing)}."
        return
    for name in DATES:
        if not company["start"] <= dates[name] <= company["end"]:
            yield f"[company.dates] {name} = {dates[name]} lies outside {company['start']} to {company['end']}."
    for first, last in (("log_start", "log_end"), ("test_start", "test_end")):
        if dates[first] > dates[last]:
            yield f"[company.dates] {first} = {dates[first]} lies after {last} = {dates[last]}."
    yield from behaviour_faults(params["behaviour"])


def build(ctx: Context) -> None:
    """Add ``sessions``, ``event_kinds``, ``subscriptions``, ``nudge_test``, ``orders`` and their truth."""
    rng = ctx.rng("truth/users")
    sessions, burst = _sessions(ctx)
    traits = {"drive": ctx.truth["customers"]["engaged"].to_numpy()}
    for name in ctx.params["behaviour"]["traits"]:
        traits.setdefault(name, rng.standard_normal(ctx.customers))
    log = Log(ctx, sessions, traits)
    free = [name for name, kind in log.kinds.items() if "eta" not in kind and "after" not in kind]
    nudged = _nudge(ctx, sessions)
    for name in free:
        log.add(name, **nudged.get(name, {}))
    found = causes(ctx, log)
    months = np.arange(found["regular"].shape[1])
    newer = months >= month_number(ctx, np.array([_day(ctx, "new_version")]))[0]
    eta = moved(found, ctx.params["behaviour"]["paying"]["causes"], newer)
    paid = _payments(ctx, sessions, found, eta, newer)
    cell = sessions.who, month_number(ctx, sessions.day)
    for name, kind in log.kinds.items():
        if "eta" in kind:
            log.add(name, eta=np.clip(eta[cell], -2.5, 2.5))
        elif "after" in kind:
            log.add(name, open_to=paid.opened(sessions, kind["after"]))
    _write(ctx, log, traits, burst, paid)


def _day(ctx: Context, name: str) -> int:
    """A day of the company's, counted from the first day of the data."""
    date = np.datetime64(ctx.params["company"]["dates"][name], "D")
    return int((date - ctx.start) / np.timedelta64(1, "D"))


def _sessions(ctx: Context) -> tuple[Sessions, np.ndarray]:
    """All sessions, and how many further ones a visit of each customer brings on average."""
    behaviour, params = ctx.params["behaviour"], ctx.params["sessions"]
    who, day = events(ctx, ctx.rng("sessions"))
    rng = ctx.rng("sessions.when")
    spread = behaviour["visit_spread"]
    burst = behaviour["visit_sessions"] * np.exp(
        spread * rng.standard_normal(ctx.customers) - spread**2 / 2
    )
    further = rng.poisson(burst[who])
    later = np.repeat(np.arange(len(who)), further)
    after = day[later] + rng.integers(1, behaviour["visit_days"] + 1, len(later))
    who, day = np.r_[who, who[later]], np.r_[day, after]
    inside = day < ctx.days
    who, day = who[inside], day[inside]
    odds = np.log(behaviour["evening"] / (1 - behaviour["evening"]))
    lean = odds + behaviour["evening_spread"] * rng.standard_normal(ctx.customers)
    evening = rng.random(len(who)) < logistic(lean)[who]
    middle, width = np.where(evening, 1215, 800), np.where(evening, 70, 170)
    minute = np.clip(np.rint(rng.normal(middle, width)), 0, 1439).astype(np.int64)
    spread = params["minutes_spread"]
    length = params["minutes"] * np.exp(spread * rng.standard_normal(len(who)) - spread**2 / 2)
    order = np.lexsort((minute, day, who))
    who, day, minute = who[order], day[order], minute[order]
    newer = day >= _day(ctx, "new_version")
    return Sessions(who, day, minute, np.maximum(length[order], 0.1).round(1), newer), burst


def _nudge(ctx: Context, sessions: Sessions) -> dict[str, dict[str, np.ndarray]]:
    """Put the users of the last weeks before the test into its arms; what each arm changes in which sessions."""
    test = ctx.params["behaviour"]["test"]
    start, end = _day(ctx, "test_start"), _day(ctx, "test_end")
    lately = (sessions.day >= start - test["days"]) & (sessions.day < start)
    users = np.unique(sessions.who[lately])
    arm = np.full(ctx.customers, -1)
    arm[users] = ctx.rng("nudge_test").integers(0, len(test["arms"]), len(users))
    ctx.arrays["nudge_arm"] = arm
    during = (sessions.day >= start) & (sessions.day <= end)
    changes: dict[str, dict[str, np.ndarray]] = {}
    for position, name in enumerate(test["arms"]):
        touched = during & (arm[sessions.who] == position)
        for event, change in test.get(name, {}).items():
            ((how, size),) = change.items()
            usual = np.full(len(sessions), 0.0 if how == "odds" else 1.0)
            # Two arms may change the same kind: each in the sessions of its own users.
            so_far = changes.get(event, {}).get(how, usual)
            changes[event] = {how: np.where(touched, size, so_far)}
    return changes


class _Paid:
    """Who paid when: payments one by one, and subscriptions with their days."""

    def __init__(self, ctx: Context) -> None:
        self.first = np.full(ctx.customers, ctx.days)
        self.who: list[np.ndarray] = []
        self.day: list[np.ndarray] = []
        self.amount: list[np.ndarray] = []
        self.began: list[np.ndarray] = []  # customer, first day, number of the subscription
        self.ends: list[np.ndarray] = []  # customer, day of notice, last day
        self.days = ctx.days

    def pay(self, who: np.ndarray, day: np.ndarray, amount: np.ndarray) -> None:
        """Add payments."""
        self.first[who] = np.minimum(self.first[who], day)
        self.who.append(who)
        self.day.append(day)
        self.amount.append(amount)

    def subscriptions(self) -> pd.DataFrame:
        """Customer (position), first day, day of notice and last day (both past the end: still running)."""
        began = np.concatenate(self.began, axis=1)
        ends = np.concatenate(self.ends, axis=1)
        began = began[:, np.lexsort((began[1], began[0]))]
        ends = ends[:, np.lexsort((ends[1], ends[0]))]
        frame = pd.DataFrame({"who": began[0], "begin": began[1]})
        # A customer's subscriptions follow one another: the k-th end belongs to the k-th beginning.
        frame["turn"] = frame.groupby("who").cumcount()
        over = pd.DataFrame({"who": ends[0], "notice": ends[1], "end": ends[2]})
        over["turn"] = over.groupby("who").cumcount()
        return frame.merge(over, on=["who", "turn"], how="left").drop(columns="turn")

    def opened(self, sessions: Sessions, to: str) -> np.ndarray:
        """Sessions after the first payment (``any``) or within a subscription (``plus``)."""
        if to == "any":
            return sessions.day > self.first[sessions.who]
        runs = self.subscriptions()
        key = sessions.who.astype(np.int64) * (self.days + 1) + sessions.day
        who = runs["who"].to_numpy(np.int64) * (self.days + 1)
        low = np.searchsorted(key, who + runs["begin"].to_numpy(np.int64), side="right")
        last = runs["end"].fillna(self.days).to_numpy(np.int64)
        high = np.searchsorted(key, who + np.minimum(last, self.days), side="right")
        step = np.zeros(len(sessions) + 1, int)
        np.add.at(step, low, 1)
        np.add.at(step, np.maximum(high, low), -1)
        inside: np.ndarray = np.cumsum(step)[:-1] > 0
        return inside


def _payments(
    ctx: Context,
    sessions: Sessions,
    found: dict[str, np.ndarray],
    eta: np.ndarray,
    newer: np.ndarray,
) -> _Paid:
    """Go through the months: who pays for the first time or again, who gives notice."""
    params, behaviour = ctx.params["sessions"], ctx.params["behaviour"]
    paying, leaving = behaviour["paying"], behaviour["leaving"]
    rng = ctx.rng("orders")
    n, months = eta.shape
    cost = ctx.truth["customers"]["weight_cost"].to_numpy()
    steady = paying["luck"] * rng.standard_normal(n)
    steady -= paying["thrift"] * (cost - cost.mean()) / max(cost.std(), 1e-9)
    ctx.arrays["steady"] = steady
    leave = moved(found, leaving["causes"], newer)
    month = month_number(ctx, sessions.day)
    first_session = np.full((n, months), -1)
    # From the last to the first, so that the first session of a month stays.
    first_session[sessions.who[::-1], month[::-1]] = sessions.day[::-1]
    begins = np.flatnonzero(np.diff(month_number(ctx, np.arange(ctx.days)), prepend=-1))
    song = np.array(params["song"], float)
    shares = cumulative({str(place): share for place, share in enumerate(params["song_shares"])})
    paid = _Paid(ctx)
    running = np.zeros(n, bool)
    due = np.zeros(n, int)  # day of the month on which a subscription is paid
    since = np.zeros(n, int)
    leaves = np.full(n, months + 9)  # month in which the subscription is no longer paid
    for m in range(months):
        here = first_session[:, m] >= 0
        length = (begins[m + 1] if m + 1 < months else ctx.days) - begins[m]
        over = running & (leaves == m)
        running[over] = False
        stays = np.flatnonzero(running)
        paid.pay(
            stays,
            begins[m] + np.minimum(due[stays], length - 1),
            np.full(len(stays), params["subscription"]),
        )
        odds = leaving["base"] + leave[:, m] + leaving["silent"] * ~here
        gives = running & (leaves > months) & (rng.random(n) < logistic(odds)) & (since < m)
        ending = np.flatnonzero(gives)
        leaves[ending] = m + 2
        notice = begins[m] + rng.integers(0, length, len(ending))
        last = begins[m + 2] - 1 if m + 2 < months else ctx.days + 31
        paid.ends.append(np.array([ending, notice, np.full(len(ending), last)]))
        odds = paying["base"] + eta[:, m] + steady + paying["again"] * (paid.first < begins[m])
        pays = np.flatnonzero(here & ~running & (rng.random(n) < logistic(odds)))
        plus = rng.random(len(pays)) < paying["subscribes"]
        price = song[np.searchsorted(shares, rng.random(len(pays)), side="right")]
        day = first_session[pays, m]
        paid.pay(pays, day, np.where(plus, params["subscription"], price))
        new = pays[plus]
        running[new], leaves[new], since[new] = True, months + 9, m
        due[new] = day[plus] - begins[m]
        paid.began.append(np.array([new, day[plus]]))
    return paid


def _write(
    ctx: Context,
    log: Log,
    traits: dict[str, np.ndarray],
    burst: np.ndarray,
    paid: _Paid,
) -> None:
    """Put everything into tables."""
    sessions, params = log.sessions, ctx.params
    channel = channels(ctx, ctx.rng("sessions.channel"), sessions.who, sessions.day)
    who, day = np.concatenate(paid.who), np.concatenate(paid.day)
    turnover = np.concatenate(paid.amount)
    margin = np.round(turnover * params["sessions"]["margin"], 2)
    where = channels(ctx, ctx.rng("orders.channel"), who, day)
    write_sales(ctx, Sales(who, day, where, np.zeros(len(who)), turnover, margin))

    runs = paid.subscriptions()
    running = runs["end"].isna() | (runs["end"] >= ctx.days)
    date = all_days(ctx)

    def dates(days: pd.Series) -> pd.Series:
        inside = pd.to_timedelta(days.where(days < ctx.days), unit="D")
        return (pd.Timestamp(ctx.start) + inside).astype("datetime64[us]")

    ctx.tables["subscriptions"] = pd.DataFrame(
        {
            "subscription_id": np.arange(1, len(runs) + 1),
            "customer_id": runs["who"] + 1,
            "from_date": dates(runs["begin"]),
            "notice_date": dates(runs["notice"]),
            "to_date": dates(runs["end"]).mask(running),
        }
    )
    kept = np.flatnonzero(
        (sessions.day >= _day(ctx, "log_start")) & (sessions.day <= _day(ctx, "log_end"))
    )
    kept = kept[np.lexsort((sessions.who[kept], sessions.minute[kept], sessions.day[kept]))]
    ctx.tables["sessions"] = pd.DataFrame(
        {
            "session_id": np.arange(1, len(kept) + 1),
            "customer_id": sessions.who[kept].astype(np.int64) + 1,
            "date": date[sessions.day[kept]].astype("datetime64[us]"),
            "minute": sessions.minute[kept],
            "channel": labels(list(ctx.company.channels), channel[kept]),
            "minutes": sessions.length[kept],
            "events": _words(log, kept),
        }
    )
    ctx.tables["event_kinds"] = pd.DataFrame(
        [(kind["code"], name, kind["group"], kind["about"]) for name, kind in log.kinds.items()],
        columns=["code", "event", "group", "description"],
    )
    arm = ctx.arrays["nudge_arm"]
    users = np.flatnonzero(arm >= 0)
    during = (sessions.day >= _day(ctx, "test_start")) & (sessions.day <= _day(ctx, "test_end"))

    def number(counts: np.ndarray) -> np.ndarray:
        return np.bincount(sessions.who[during], counts[during], minlength=ctx.customers)[
            users
        ].astype(int)

    ctx.tables["nudge_test"] = pd.DataFrame(
        {
            "customer_id": users + 1,
            "arm": labels(params["behaviour"]["test"]["arms"], arm[users]),
            "sessions": number(np.ones(len(sessions))),
            "takes": number(log.counts["record_take"]),
            "listens": number(log.counts["listen_back"]),
            "favourites": number(log.counts["favourite"]),
        }
    )
    behaviour = params["behaviour"]
    ctx.truth["users"] = pd.DataFrame(
        {"customer_id": np.arange(1, ctx.customers + 1)}
        | traits
        | {"burst": burst, "steady": ctx.arrays["steady"]}
    )
    names = dict.fromkeys([*behaviour["paying"]["causes"], *behaviour["leaving"]["causes"]])
    none = {"before": 0.0, "after": 0.0}
    rows = []
    for name in names:
        pay = behaviour["paying"]["causes"].get(name, none)
        leave = behaviour["leaving"]["causes"].get(name, none)
        rows.append((name, pay["before"], pay["after"], leave["before"], leave["after"]))
    ctx.truth["behaviour_causes"] = pd.DataFrame(
        rows, columns=["cause", "paying_before", "paying_after", "leaving_before", "leaving_after"]
    )
    ctx.truth["event_kinds"] = pd.DataFrame(
        [(name, _role(kind)) for name, kind in log.kinds.items()], columns=["event", "role"]
    )


def _role(kind: dict[str, Any]) -> str:
    if "after" in kind:
        return "after paying"
    return "shows the inclination" if "eta" in kind else "free"


def _words(log: Log, kept: np.ndarray) -> pd.Series:
    """What happened in each session, as ``ls2 tk1``: codes with their numbers, in the order of the kinds."""
    words = np.full(len(kept), "", dtype=object)
    for name, kind in log.kinds.items():
        counts = log.counts[name][kept]
        some = np.flatnonzero(counts)
        text = np.array([f" {kind['code']}{number}" for number in range(256)], dtype=object)
        words[some] = words[some] + text[counts[some]]
    return pd.Series(words, dtype="str").str.strip().replace("", None)
