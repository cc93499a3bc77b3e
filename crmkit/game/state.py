"""The state of a game: everything that one quarter hands to the next, and nothing else.

A `State` is never changed: `crmkit.game.engine.step` gives another one. It goes into a folder of two files (numbers in
``state.npz`` without pickle, the rest in ``state.toml``) and comes out the same, byte for byte.
"""

from __future__ import annotations

import functools
import io
import tomllib
import zipfile
from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np

from crmkit.errors import CrmkitError
from crmkit.game import brand, service, winning
from crmkit.game.people import People, everybody, opening
from crmkit.game.rules import Rules, known_rules
from crmkit.game.standing import AWAKE, DAYS, STATES, YEAR, Life, State, game_start
from crmkit.inputs import need_count

_FORMAT = 1
#: No game needs more; a state of more would not fit into memory.
MOST_CUSTOMERS = 200_000


def start(customers: int = 2000, seed: int = 1, rules: Rules | None = None) -> State:
    """Begin a game with Fernwell's customers as the world left them.

    Parameters
    ----------
    customers
        How many Fernwell has; the pool of households is ``rules["market.households"]`` times as large.
    seed
        Of the world: who the customers are and what they did up to now.
    rules
        Default: the usual ones.

    Returns
    -------
    State

    Raises
    ------
    CrmkitError
        A number that is none, below 1, or too large; a seed below 0.

    Examples
    --------
    >>> state = start(customers=50, seed=3)
    >>> state.quarter, int(state.is_customer.sum()), len(state.people)
    (0, 50, 250)
    """
    need_count(customers, "customers", MOST_CUSTOMERS)
    if isinstance(seed, bool) or not isinstance(seed, int | np.integer) or not 0 <= seed < 2**63:
        raise CrmkitError(f"seed must be a whole number of at least 0, not {seed!r}.")
    rules = Rules() if rules is None else rules
    return _started(int(customers), int(seed), rules)


@functools.lru_cache(maxsize=4)
def _started(customers: int, seed: int, rules: Rules) -> State:
    """Begin a game; to make its people takes as long as to play some quarters, and replays begin where it began."""
    people = everybody(customers, round(customers * rules["market.households"]), seed)
    fast, slow = brand.usual_stores(rules)
    state = State(
        quarter=0,
        customers=customers,
        seed=seed,
        orders=len(opening(customers, seed).tables["orders"]),
        contacts=0,
        introductions=0,
        rival=1.0,
        attack=0,
        fast=fast,
        slow=slow,
        on_air=False,
        usual_calls=1.0,
        usual_friends=1.0,
        people=people,
        life=_life(customers, seed, people),
        rules=rules,
    )
    for values in (*vars(people).values(), *vars(state.life).values(), fast, slow):
        values.setflags(write=False)  # many games begin with this state
    return state.changed(
        usual_calls=float(service.expected_calls(state).sum()),
        usual_friends=float(winning.talk(state).sum()),
    )


def _life(customers: int, seed: int, people: People) -> Life:
    """What customers bring with them from the world, and nothing for the households."""
    world, n = opening(customers, seed), len(people)
    begins = game_start()
    spells = world.truth["sleep_states"].groupby("customer_id").last()

    def of_all(values: Any, fill: Any, dtype: Any) -> Any:
        whole = np.full(n, fill, dtype=dtype)
        whole[:customers] = values
        return whole

    age = (begins - spells["from_date"].to_numpy().astype("datetime64[D]")).astype(float)
    orders = world.tables["orders"]
    day = (orders["order_date"].to_numpy().astype("datetime64[D]") - begins).astype(np.int64)
    who = orders["customer_id"].to_numpy() - 1
    last = np.full(customers, -(10**6))
    np.maximum.at(last, who, day)
    back = (-1 - day) // DAYS
    recent, margin = np.zeros((n, YEAR), np.int64), np.zeros((n, YEAR), np.int64)
    inside = back < YEAR
    for name, into in (("turnover", recent), ("margin", margin)):
        pence = np.rint(orders[name].to_numpy() * 100).astype(np.int64)
        np.add.at(into, (who[inside], back[inside]), pence[inside])
    code = spells["state"].map({name: place for place, name in enumerate(STATES)}).to_numpy()
    nothing = np.zeros(n, np.int64)
    return Life(
        customer=of_all(np.arange(1, customers + 1), 0, np.int64),
        came=people.came.copy(),
        since=people.joined.copy(),
        sleep=of_all(code, AWAKE, np.int64),
        age=of_all(age, 0.0, float),
        tested=of_all(age, 0.0, float),
        lost=np.zeros(n, bool),
        trust=np.zeros(n),
        last_order=of_all(last, -(10**6), np.int64),
        recent=recent,
        margin=margin,
        tired=np.zeros(n),
        off_list=np.zeros(n, bool),
        member=nothing.copy(),
        bond=nothing.copy(),
        bond_quarters=nothing.copy(),
        paid_once=np.zeros(n, bool),
    )


# ----------------------------------------------------------------------------------------------------------- folders
def to_folder(state: State, path: str | Path) -> Path:
    """Write a state into a folder: the same state gives the same bytes.

    Parameters
    ----------
    state
    path
        Made if it is missing; files of these names in it are replaced.

    Returns
    -------
    Path
        The folder.
    """
    folder = Path(path)
    folder.mkdir(parents=True, exist_ok=True)
    arrays = {"fast": state.fast, "slow": state.slow}
    for part, values in (("people", state.people), ("life", state.life)):
        arrays |= {f"{part}.{name}": array for name, array in vars(values).items()}
    buffer = io.BytesIO()
    np.savez_compressed(buffer, allow_pickle=False, **arrays)
    usual = {name: rule.value for name, rule in known_rules().items()}
    lines = [f"format = {_FORMAT}"]
    lines += [f"{n} = {_toml(getattr(state, n))}" for n in _SCALARS]
    lines += ["", "[rules]"]
    lines += [f'"{name}" = {v!r}' for name, v in state.rules.items() if v != usual[name]]
    for name, raw in (
        ("state.npz", buffer.getvalue()),
        ("state.toml", ("\n".join(lines) + "\n").encode("utf-8")),
    ):
        (folder / name).write_bytes(raw)
    return folder


def _toml(value: float | bool) -> str:
    return str(value).lower() if isinstance(value, bool) else repr(value)


_SCALARS = {
    "quarter": int,
    "customers": int,
    "seed": int,
    "orders": int,
    "contacts": int,
    "introductions": int,
    "rival": float,
    "attack": int,
    "on_air": bool,
    "usual_calls": float,
    "usual_friends": float,
}


def from_folder(path: str | Path) -> State:
    """Read a state from a folder that `to_folder` wrote.

    Raises
    ------
    CrmkitError
        No such folder, a file missing or damaged, or one of another format.
    """
    folder = Path(path)
    try:
        about = tomllib.loads((folder / "state.toml").read_text(encoding="utf-8"))
        with np.load(folder / "state.npz", allow_pickle=False) as stored:
            arrays = {name: stored[name] for name in stored.files}
        if about["format"] != _FORMAT:
            raise CrmkitError(
                f"{folder}: this state has format {about['format']!r}, and this crmkit reads {_FORMAT}. Go on with "
                "the crmkit that wrote it."
            )
        scalars = {name: kind(about[name]) for name, kind in _SCALARS.items()}
        people = People(**{f.name: arrays[f"people.{f.name}"] for f in fields(People)})
        life = Life(**{f.name: arrays[f"life.{f.name}"] for f in fields(Life)})
        rules = Rules(about["rules"])
        stores = {"fast": arrays["fast"], "slow": arrays["slow"]}
    except CrmkitError:
        raise
    except (
        *(OSError, ValueError, KeyError, TypeError, EOFError),
        *(zipfile.BadZipFile, AttributeError),
    ) as error:
        raise CrmkitError(
            f"{folder} holds no state of a game that can be read ({error}). It needs state.toml and state.npz as "
            "to_folder writes them; take them from a copy, or begin a new game."
        ) from error
    if len({len(values) for values in (*vars(people).values(), *vars(life).values())}) != 1:
        raise CrmkitError(
            f"{folder}: state.npz is damaged, its columns differ in length. Take it from a copy."
        )
    return State(**scalars, **stores, people=people, life=life, rules=rules)


__all__ = ["Life", "State", "from_folder", "start", "to_folder"]
