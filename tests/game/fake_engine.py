"""An engine of a few lines, for the tests of a game in class: what a team decides moves one number, chance the rest."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from crmkit.errors import CrmkitError
from crmkit.game.machine import Machine


@dataclass(frozen=True)
class State:
    customers: int
    seed: int
    quarter: int = 0
    money: float = 0.0
    rent: float = 0.0


class Reports(dict):
    def __init__(self, tables: dict[str, pd.DataFrame], truth: dict[str, pd.DataFrame]) -> None:
        super().__init__(tables)
        self.truth = truth


def start(customers: int, seed: int) -> State:
    return State(customers, seed)


def history(state: State) -> Reports:
    days = pd.to_datetime(["2024-11-03", "2024-12-24"])
    orders = pd.DataFrame({"order_id": [1, 2], "date": days, "turnover": [12.5, 80.0]})
    return Reports({"orders": orders.assign(returned=[False, True], customer_id=1)}, {})


def step(state: State, decisions: Any, seed: int) -> tuple[State, Reports]:
    quarter = state.quarter + 1
    chance = np.random.default_rng([seed, quarter]).normal(0, 500)
    turnover = round(20_000 + 40_000 * (decisions.prices.level - 1) + chance, 2)
    staff = -1_000.0 * decisions.service.agents
    items = {"turnover": turnover, "staff": staff, "rent": -state.rent}
    accounts = pd.DataFrame(
        {"quarter": quarter, "item": list(items), "amount": list(items.values())}
    )
    orders = pd.DataFrame(
        {"order_id": [10 * quarter], "date": pd.to_datetime(["2025-02-01"]), "turnover": [turnover]}
    ).assign(returned=False, customer_id=1)
    truth = {"customers": pd.DataFrame({"quarter": [quarter], "asleep": [7]})}
    after = replace(state, quarter=quarter, money=state.money + sum(items.values()))
    return after, Reports({"accounts": accounts, "orders": orders}, truth)


def measures(state: State, reports: Reports, *, equity: bool = True) -> dict[str, float]:
    accounts = reports["accounts"].set_index("item")["amount"]
    return {
        "profit": accounts.sum(),
        "turnover": accounts["turnover"],
        "orders": 1.0,
        "customers_active": state.customers / 2,
        "health": 61.5,
    }


def quick(state: State, decisions: Any, seed: int) -> tuple[State, dict[str, float]]:
    after, reports = step(state, decisions, seed)
    return after, measures(after, reports)


def save(state: State, folder: Path) -> None:
    (folder / "state.json").write_text(json.dumps(vars(state)))


def load(folder: Path) -> State:
    return State(**json.loads((folder / "state.json").read_text()))


def ruled(state: State, rules: dict[str, Any]) -> State:
    for name in rules:
        if name != "shop.rent":
            raise CrmkitError(f"There is no rule {name!r}.")
    return replace(state, rent=float(rules["shop.rent"]))


def ruled_as(state: State, other: State) -> State:
    return replace(state, rent=other.rent)


FAKE = Machine(start, history, step, save, load, measures, quick, ruled_as, ruled)
