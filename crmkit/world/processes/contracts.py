"""Contracts: a customer who is awake has one, pays each month, and gives notice when falling asleep.

A contract begins with every spell awake and ends with it. The plan is chosen by random utility; seats follow the size
of the customer (businesses have more). Each month's payment is one sale.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from crmkit.world.core.choice import channels
from crmkit.world.core.people import labels
from crmkit.world.core.sleep import AWAKE
from crmkit.world.core.streams import Context
from crmkit.world.processes.sales import Sales, write_sales

SECTIONS = ("contracts",)
MONTH_DAYS = 30.4375


def faults(params: dict[str, Any]) -> Iterator[str]:
    """What a company file says that no contracts can be made of."""
    for name, plan in params["contracts"]["plans"].items():
        if not 0 < plan["margin"] < 1:
            yield f"Plan {name!r}: margin is a share of the fee between 0 and 1, not {plan['margin']}."


def build(ctx: Context) -> None:
    """Add ``orders``, ``contracts`` and ``contract_payments``."""
    contracts, plans = ctx.params["contracts"], ctx.params["contracts"]["plans"]
    owner, state, begin, end = ctx.arrays["spells"]
    awake = state == AWAKE
    owner, begin, end = owner[awake], begin[awake], end[awake]
    rng = ctx.rng("contracts")
    truth = ctx.truth["customers"]
    quality = np.array([plan["quality"] for plan in plans.values()]) - 3.0
    fee = np.array([plan["fee"] for plan in plans.values()], float)
    needs = ctx.params["needs"]
    wanted = truth["weight_solution"].to_numpy()[owner, None] * needs["taste"]
    thrift = (truth["weight_cost"] / truth["wtp_level"]).to_numpy()[owner, None] * needs["price"]
    utility = wanted * quality - thrift * (np.log(fee) - np.log(fee).mean())
    plan = (utility + rng.gumbel(size=utility.shape)).argmax(axis=1)
    business = ctx.arrays["business"][owner]
    seats = 1 + rng.poisson(np.where(business, contracts["business_seats"], contracts["seats"]) - 1)
    monthly = np.round(fee[plan] * seats, 2)
    order = np.lexsort((owner, begin))
    owner, begin, end, plan, seats, monthly = (
        values[order] for values in (owner, begin, end, plan, seats, monthly)
    )
    running = end == ctx.days - 1
    last = (ctx.start + end).astype("datetime64[us]")
    ctx.tables["contracts"] = pd.DataFrame(
        {
            "contract_id": np.arange(1, len(owner) + 1),
            "customer_id": owner + 1,
            "plan": labels(list(plans), plan),
            "seats": seats.astype(np.int64),
            "monthly_fee": monthly,
            "from_date": (ctx.start + begin).astype("datetime64[us]"),
            "to_date": pd.Series(last).mask(running),
        }
    )
    months = 1 + ((end - begin) // MONTH_DAYS).astype(int)
    contract = np.repeat(np.arange(len(owner)), months)
    number = np.arange(len(contract)) - np.repeat(np.cumsum(months) - months, months)
    day = (begin[contract] + np.floor(number * MONTH_DAYS)).astype(np.int64)
    who = owner[contract]
    turnover = monthly[contract]
    margin = np.round(turnover * np.array([p["margin"] for p in plans.values()])[plan[contract]], 2)
    # A contract stays in the channel in which it was made.
    channel = channels(ctx, ctx.rng("contracts.channel"), owner, begin)[contract]
    complaints = rng.poisson(contracts["complaints"], len(who))
    order = write_sales(
        ctx, Sales(who, day, channel, np.zeros(len(who)), turnover, margin, complaints)
    )
    ctx.tables["contract_payments"] = pd.DataFrame(
        {"order_id": np.arange(1, len(order) + 1), "contract_id": contract[order] + 1}
    )
