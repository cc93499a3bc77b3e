"""Records: the same customer in the systems of shop, web and app, spelt a little differently each time."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from crmkit.world.core import names
from crmkit.world.core.streams import Context


def build(ctx: Context) -> None:
    """Add ``channel_records`` and ``truth/record_owners``."""
    records = ctx.params["records"]
    rng = ctx.rng("channel_records")
    customers, orders = ctx.tables["customers"], ctx.tables["orders"]
    joined = ctx.arrays["joined"]
    systems = ctx.company.lists["systems"]
    channels = list(ctx.company.channels)
    codes = pd.Categorical(orders["channel"], categories=channels).codes
    who = orders["customer_id"].to_numpy() - 1
    day = (orders["order_date"].to_numpy().astype("datetime64[D]") - ctx.start).astype(int)
    parts = []
    for code, system in enumerate(systems):
        created = np.full(ctx.customers, ctx.days, np.int64)
        mine = codes == channels.index(system)
        np.minimum.at(created, who[mine], day[mine])
        idle = (created == ctx.days) & (rng.random(ctx.customers) < records["unused"])
        created[idle] = joined[idle]
        there = np.flatnonzero(created < ctx.days)
        order = np.argsort(created[there], kind="stable")
        parts.append((np.full(len(there), code), there[order], created[there][order]))
    system_code, owner, created = (np.concatenate(column) for column in zip(*parts, strict=True))
    n = len(owner)
    record_id = np.array(
        [
            f"{system[0].upper()}{number:05d}"
            for system, part in zip(systems, parts, strict=True)
            for number in range(1, len(part[0]) + 1)
        ],
        object,
    )
    person = (customers["kind"] == "person").to_numpy()[owner]
    name = customers["name"].to_numpy(object)[owner]
    email = customers["email"].to_numpy(object)[owner]
    phone = customers["phone"].to_numpy(object)[owner]
    postcode = customers["postcode"].to_numpy(object)[owner]

    _change(name, rng.random(n) < records["initial"], _initial, person)
    wrong = rng.random(n) < records["typing_error"]
    place = rng.random(n)
    for row in np.flatnonzero(wrong):
        name[row] = _swap(name[row], place[row])
    _change(name, rng.random(n) < records["capitals"], str.upper)
    other = rng.random(n) < records["other_email"]
    _change(email, other, _other_email)
    moved = rng.random(n) < records["moved"]
    pool = np.array(names.pools(ctx.locale)["postcode"], object)
    postcode[moved] = pool[rng.integers(len(pool), size=n)[moved]]
    for values, shares in ((email, "no_email"), (phone, "no_phone"), (postcode, "no_postcode")):
        share = np.array([records[shares][system] for system in systems])[system_code]
        values[rng.random(n) < share] = None
    ctx.tables["channel_records"] = pd.DataFrame(
        {
            "record_id": record_id,
            "system": np.array(systems, object)[system_code],
            "name": name,
            "email": email,
            "phone": phone,
            "postcode": postcode,
            "created": (ctx.start + created).astype("datetime64[us]"),
        }
    )
    ctx.truth["record_owners"] = pd.DataFrame({"record_id": record_id, "customer_id": owner + 1})


def _change(
    values: np.ndarray,
    chosen: np.ndarray,
    change: Callable[[str], str],
    only: np.ndarray | bool = True,
) -> None:
    """Change the chosen strings in place; what is missing stays missing."""
    for row in np.flatnonzero(chosen & only):
        if isinstance(values[row], str):
            values[row] = change(values[row])


def _initial(name: str) -> str:
    first, space, last = name.partition(" ")
    return f"{first[0]}. {last}" if space else name


def _swap(name: str, place: float) -> str:
    """Swap two neighbouring letters after the first one."""
    at = 1 + int(place * (len(name) - 2)) if len(name) > 3 else 0
    return name[:at] + name[at + 1 : at + 2] + name[at : at + 1] + name[at + 2 :] if at else name


def _other_email(email: str) -> str:
    """Another address of the same person, as people have several."""
    local, at, domain = email.partition("@")
    first, dot, rest = local.partition(".")
    return f"{first[:1]}{rest}{at}{domain}" if dot else f"mail.{email}"
