"""Privacy: consents on record, an extract that was published without names, a club's list, notes, and a leak.

The extract holds some of the company's own customers, without name and number, so anyone with a list of names,
postcodes and years of birth can find some of them again. The register of consents covers the same customers. The leak
lies after the last day of the other tables, so that it changes none of them; its panel goes by numbers of its own,
whose key the company does not have. Trust moves by the delta rule of lesson 42, and orders follow trust.
"""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from crmkit.world.core import names
from crmkit.world.core.people import pick

if TYPE_CHECKING:
    from crmkit.world.core.streams import Context

PURPOSES = ("newsletter", "telephone", "analysis", "sharing")
#: How consent was given, and what proves it.
EVIDENCE = {
    "shop form": "signed form",
    "web form": "log entry",
    "app": "log entry",
    "telephone": "recording",
    "old list": "none",
}
GENDERS = ("female", "male", "not said")
ARMS = ("not affected", "told at once", "told late")
WEEKS_BEFORE, WEEKS_AFTER = 13, 26


def build(ctx: Context) -> None:
    """Add consents, the extract, the club's list, notes, and the leak, with their truth."""
    params = ctx.params["privacy"]
    people = _people(ctx, params)
    _extract(ctx, params, people)
    _consents(ctx, params, people["customer"].to_numpy())
    _club(ctx, params, people)
    _notes(ctx, params)
    _leak(ctx, params)


# ---- the extract, and what a club knows ------------------------------------------------------------------------------


def _people(ctx: Context, params: dict[str, Any]) -> pd.DataFrame:
    """What the extract and the club say of each person among the customers; `customer` is the place, from 0."""
    rng = ctx.rng("open_extract")
    customers, orders = ctx.tables["customers"], ctx.tables["orders"]
    n = ctx.customers
    turnover = np.zeros(n)
    np.add.at(turnover, orders["customer_id"].to_numpy() - 1, orders["turnover"].to_numpy())
    turnover = turnover.round(2)
    # Older customers spend more: there is something that an analysis of the extract can find.
    rank = (np.argsort(np.argsort(turnover, kind="stable"), kind="stable") + 0.5) / n
    tie = params["age_and_turnover"]
    pull = tie * (rank - 0.5) * np.sqrt(12) + np.sqrt(1 - tie**2) * rng.standard_normal(n)
    age = np.clip(params["age"] + params["age_spread"] * pull, 18, 90).astype(int)
    band = np.searchsorted(params["turnover_bands"], turnover, side="right")
    note = pick(rng, params["notes_on_file"], n)
    ill = rng.random(n) < params["illness"] * np.maximum(age - 30, 0) / 40
    person = (customers["kind"] == "person").to_numpy()
    frame = pd.DataFrame(
        {
            "customer": np.arange(n),
            "postcode": customers["postcode"].to_numpy(object),
            "birth_year": int(str(ctx.end)[:4]) - age,
            "gender": np.array(GENDERS, object)[pick(rng, params["genders"], n)],
            "first_month": customers["customer_since"].dt.strftime("%Y-%m").to_numpy(object),
            "turnover_band": np.array(_bands(params), object)[band],
            "category": _favourite(ctx),
            "service_note": np.where(
                ill, "long illness", np.array(list(params["notes_on_file"]), object)[note]
            ),
        }
    )[person]
    return frame.iloc[rng.permutation(len(frame))].reset_index(drop=True)


def _bands(params: dict[str, Any]) -> list[str]:
    """Names of the bands of turnover.

    Examples
    --------
    >>> _bands({"turnover_bands": [100, 400]})
    ['under 100', '100 to 399', '400 or more']
    """
    ends = params["turnover_bands"]
    between = [f"{low} to {high - 1}" for low, high in itertools.pairwise(ends)]
    return [f"under {ends[0]}", *between, f"{ends[-1]} or more"]


def _favourite(ctx: Context) -> np.ndarray:
    """The category in which each customer paid most; of equal ones the first in the list of products."""
    lines, orders = ctx.tables["order_lines"], ctx.tables["orders"]
    code, categories = pd.factorize(ctx.tables["products"]["category"])
    who = orders["customer_id"].to_numpy()[lines["order_id"].to_numpy() - 1] - 1
    paid = np.zeros((ctx.customers, len(categories)))
    np.add.at(paid, (who, code[lines["product_id"].to_numpy() - 1]), lines["turnover"].to_numpy())
    return np.asarray(categories.to_numpy(object)[paid.round(2).argmax(1)])


def _extract(ctx: Context, params: dict[str, Any], people: pd.DataFrame) -> None:
    rows = people.head(params["largest"])
    number = np.arange(1, len(rows) + 1)
    ctx.tables["open_extract"] = rows.drop(columns="customer").assign(extract_id=number)
    ctx.truth["open_extract"] = pd.DataFrame(
        {"extract_id": number, "customer_id": rows["customer"].to_numpy() + 1}
    )


def _club(ctx: Context, params: dict[str, Any], people: pd.DataFrame) -> None:
    """Members of a club: some are customers, others live in the same towns and are not."""
    rng = ctx.rng("club_members")
    inside = people[rng.random(len(people)) < params["club_share"]].head(params["largest_club"])
    strangers = round(len(inside) * params["club_strangers"])
    pool = names.pools(ctx.locale)
    drawn = names.draw(rng, ctx.locale, np.zeros(max(strangers, 1), bool))
    age = np.clip(rng.normal(params["age"], params["age_spread"], strangers), 18, 90).astype(int)
    codes = np.array(pool["postcode"], object)
    customers = ctx.tables["customers"]
    own = inside["customer"].to_numpy()
    frame = pd.DataFrame(
        {
            "name": [*customers["name"].to_numpy(object)[own], *drawn.name[:strangers]],
            "postcode": [
                *inside["postcode"],
                *codes[rng.integers(len(codes), size=strangers)],
            ],
            "birth_year": [*inside["birth_year"], *(int(str(ctx.end)[:4]) - age)],
            "customer_id": [*(own + 1.0), *[np.nan] * strangers],
        }
    )
    frame = frame.sort_values(["name", "postcode", "birth_year"], kind="stable", ignore_index=True)
    frame["member_id"] = np.arange(1, len(frame) + 1)
    ctx.tables["club_members"] = frame.drop(columns="customer_id")
    ctx.truth["club_members"] = frame[["member_id", "customer_id"]]


# ---- consents, and notes without a number ----------------------------------------------------------------------------


def _consents(ctx: Context, params: dict[str, Any], people: np.ndarray) -> None:
    """Consents of those in the extract. The flags of `customers` follow them, but not always."""
    rng, own = ctx.rng("consents"), params["consent"]
    who = np.sort(people[: params["largest"]])
    customers = ctx.tables["customers"]
    flag = {
        "newsletter": customers["newsletter_consent"].to_numpy()[who],
        "telephone": customers["phone_consent"].to_numpy()[who],
    }
    days = (ctx.end - customers["customer_since"].to_numpy().astype("datetime64[D]")[who]).astype(
        int
    )
    hows = list(EVIDENCE)
    parts = []
    for purpose in PURPOSES:
        says_yes = flag.get(purpose, np.zeros(len(who), bool))
        given = says_yes | (rng.random(len(who)) < own["given"][purpose])
        how = pick(rng, own["how"], len(who))
        later = np.where(rng.random(len(who)) < own["later"], rng.random(len(who)), 0.0)
        after = (later * days).astype(int)
        after = np.where(how == hows.index("old list"), 0, after)
        # Where the flag says yes, a withdrawal has not reached the table of customers.
        stale = rng.random(len(who)) < own["stale"]
        gone = np.where(says_yes, stale, rng.random(len(who)) < own["withdrawn"])
        if purpose in flag:
            gone = np.where(says_yes, gone, True)
        left = after + ((days - after) * (0.1 + 0.8 * rng.random(len(who)))).astype(int)
        lost = rng.random(len(who)) < own["lost"]
        proof = np.array(list(EVIDENCE.values()), object)[how]
        part = pd.DataFrame(
            {
                "customer_id": who + 1,
                "purpose": purpose,
                "given_on": ctx.end - (days - after),
                "how": np.array(hows, object)[how],
                "evidence": np.where(lost, "none", proof),
                "withdrawn_on": np.where(gone, ctx.end - (days - left), np.datetime64("NaT")),
            }
        )
        parts.append(part[given])
    table = pd.concat(parts)
    order = table["purpose"].map({name: at for at, name in enumerate(PURPOSES)})
    ctx.tables["consents"] = (
        table.assign(_at=order)
        .sort_values(["customer_id", "_at"], kind="stable", ignore_index=True)
        .drop(columns="_at")
    )


def _notes(ctx: Context, params: dict[str, Any]) -> None:
    """Notes of the desk: names, addresses and telephone numbers in running text, and no customer number."""
    rng = ctx.rng("desk_notes")
    customers = ctx.tables["customers"]
    texts = params["note_texts"]
    number = min(params["notes"], ctx.customers)
    who = rng.choice(ctx.customers, number, replace=False, shuffle=False)
    day = np.sort(rng.integers(0, 365, number))
    text = rng.integers(0, len(texts), number)
    rows = customers.iloc[who].fillna({"email": "", "phone": ""}).to_dict("records")
    said = [texts[at].format(**_reach(row)) for at, row in zip(text, rows, strict=True)]
    note = np.arange(1, number + 1)
    ctx.tables["desk_notes"] = pd.DataFrame(
        {"note_id": note, "date": (ctx.end - 364 + day).astype("datetime64[us]"), "text": said}
    )
    ctx.truth["desk_notes"] = pd.DataFrame({"note_id": note, "customer_id": who + 1})


def _reach(row: dict[str, Any]) -> dict[str, str]:
    """How a note speaks of a customer: by name, and by whatever else was at hand."""
    return {"name": row["name"], "reach": row["phone"] or row["email"] or row["street"]}


# ---- the leak --------------------------------------------------------------------------------------------------------


def _leak(ctx: Context, params: dict[str, Any]) -> None:
    """A panel, a third of whose addresses stayed safe; chance decided who was told at once and who late."""
    rng, own = ctx.rng("leak_panel"), params["leak"]
    n = own["people"]
    arm = rng.permutation(np.arange(n) % len(ARMS))
    before = np.clip(rng.normal(own["trust"], own["trust_spread"], n), 1, 10)
    felt = np.array([own["rating"].get(name, np.nan) for name in ARMS])[arm]
    surprise = felt - before
    gain = np.where(surprise < 0, own["gain"]["bad"], own["gain"]["good"])
    moved = np.where(np.isnan(felt), 0.0, gain * surprise)
    rate = rng.gamma(own["shape"], own["orders_a_week"] / own["shape"], n)
    week = np.arange(-WEEKS_BEFORE, WEEKS_AFTER)
    fades = np.where(week < 0, 0.0, 0.5 ** (week / own["half_life"]))
    factor = np.exp(own["orders_by_trust"] * moved[:, None] * fades)
    orders = rng.poisson(rate[:, None] * factor)
    basket = own["margin"] * np.exp(
        rng.normal(-(own["spread"] ** 2) / 2, own["spread"], orders.shape)
    )
    margin = (orders * basket).round(2)
    after = week >= 0

    def told(trust: np.ndarray) -> np.ndarray:
        return np.clip(trust + rng.normal(0, own["noise"], n), 0, 10).round(1)

    ctx.tables["leak_panel"] = pd.DataFrame(
        {
            "person_id": np.arange(1, n + 1),
            "arm": np.array(ARMS, object)[arm],
            "trust_before": told(before),
            "trust_after": told(before + moved),
            "margin_before": margin[:, ~after].sum(1),
            "orders_26w": orders[:, after].sum(1),
            "margin_26w": margin[:, after].sum(1),
        }
    )
    monday = np.datetime64(own["monday"], "D") + 7 * week
    ctx.tables["leak_weeks"] = pd.DataFrame(
        {
            "week": np.repeat(monday.astype("datetime64[us]"), len(ARMS)),
            "arm": np.tile(np.array(ARMS, object), len(week)),
            "people": np.tile(np.bincount(arm, minlength=len(ARMS)), len(week)),
            "orders": np.column_stack(
                [orders[arm == code].sum(0) for code in range(len(ARMS))]
            ).ravel(),
        }
    )
    ctx.truth["leak_panel"] = _true_costs(own, before, rate, fades[after])


def _true_costs(
    own: dict[str, Any], before: np.ndarray, rate: np.ndarray, fades: np.ndarray
) -> pd.DataFrame:
    """Trust and margin that each arm costs a person, over everybody in the panel."""
    rows = []
    for name in ARMS[1:]:
        surprise = own["rating"][name] - before
        moved = np.where(surprise < 0, own["gain"]["bad"], own["gain"]["good"]) * surprise
        lost = np.expm1(own["orders_by_trust"] * moved[:, None] * fades).sum(1)
        rows.append((name, moved.mean(), own["margin"] * (rate * lost).mean()))
    return pd.DataFrame(rows, columns=["arm", "trust", "margin"])


def faults(params: dict[str, Any]) -> list[str]:
    """What a section [privacy] says of which no tables can be made."""
    own = params["privacy"]
    found = []
    for where, given, wanted in (
        ("consent.given", own["consent"]["given"], PURPOSES),
        ("consent.how", own["consent"]["how"], EVIDENCE),
        ("genders", own["genders"], GENDERS),
        ("leak.rating", own["leak"]["rating"], ARMS[1:]),
        ("leak.gain", own["leak"]["gain"], ("good", "bad")),
    ):
        if list(given) != list(wanted):
            found.append(f"[privacy] {where} must name {', '.join(wanted)}, in this order.")
    bands = own["turnover_bands"]
    if not bands or sorted(set(bands)) != bands:
        found.append("[privacy] turnover_bands must rise, with one number at least.")
    if "none" not in own["notes_on_file"]:
        found.append("[privacy] notes_on_file must name 'none'.")
    if any("{name}" not in text or "{reach}" not in text for text in own["note_texts"]):
        found.append("[privacy] note_texts: each must hold {name} and {reach}.")
    if own["leak"]["people"] < 30:
        found.append("[privacy.leak] people: 30 at least, ten for each arm.")
    return found
