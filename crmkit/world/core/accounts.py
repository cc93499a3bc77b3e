"""Accounts: the several people of a customer that is a business."""

from __future__ import annotations

import numpy as np
import pandas as pd

from crmkit.world.core import names
from crmkit.world.core.people import labels, pick
from crmkit.world.core.streams import Context


def build(ctx: Context, *, persons: bool = False) -> None:
    """Add ``account_people``; ``ctx.arrays["account_people"]`` is the customer (position) of each.

    The first person of every account has the first role of the company file, the others any role, by its share. With
    ``persons`` a customer that is no business is an account too, and its only person is itself.
    """
    about = ctx.params["accounts"]
    rng = ctx.rng("account_people")
    business = ctx.arrays["business"]
    account = np.arange(ctx.customers) if persons else np.flatnonzero(business)
    number = np.where(business[account], 1 + rng.poisson(about["people"] - 1, len(account)), 1)
    owner = np.repeat(account, number)
    first = np.ones(len(owner), bool)
    first[1:] = owner[1:] != owner[:-1]
    roles = {name: role["share"] for name, role in about["roles"].items()}
    role = np.where(first, 0, pick(rng, roles, len(owner)))
    pool = names.pools(ctx.locale)
    given, family = (
        np.array(pool[name], object)[rng.integers(len(pool[name]), size=len(owner))]
        for name in ("first", "last")
    )
    name = names.combine(pool["person"], first=given, last=family)
    name = np.where(business[owner], name, ctx.tables["customers"]["name"].to_numpy(object)[owner])
    ctx.arrays["account_people"] = owner
    ctx.arrays["account_roles"] = role
    ctx.tables["account_people"] = pd.DataFrame(
        {
            "person_id": np.arange(1, len(owner) + 1),
            "customer_id": owner + 1,
            "name": name,
            "role": labels(list(roles), role),
        }
    )


def person_of(rng: np.random.Generator, people: np.ndarray, who: np.ndarray) -> np.ndarray:
    """Draw one of the people (positions in ``people``, sorted by customer) for each customer in ``who``."""
    low = np.searchsorted(people, who, side="left")
    high = np.searchsorted(people, who, side="right")
    return np.asarray(low + np.floor(rng.random(len(who)) * (high - low)), np.int64)
