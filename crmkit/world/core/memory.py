"""Memory: what a contact leaves, how traces add up, and which brands come to mind, in what order."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

Floats = npt.NDArray[np.float64]


def trace(age_weeks: Floats, memory: Mapping[str, float]) -> Floats:
    """Give what one contact still leaves after some weeks: a fast part, and a slow part that the fast one filled."""
    handed_on = memory["transfer"] / (memory["decay_fast"] - memory["decay_slow"])
    fast = (1 - handed_on) * np.exp(-memory["decay_fast"] * age_weeks)
    return memory["learning"] * (fast + handed_on * np.exp(-memory["decay_slow"] * age_weeks))


def weekly_contacts(
    brands: Mapping[str, Any], weeks: int, rng: np.random.Generator
) -> pd.DataFrame:
    """Lay out each brand's advertising: contacts per person in every week (rows) for every brand (columns)."""
    plan = {}
    week = np.arange(weeks)
    for name, brand in brands.items():
        contacts = np.zeros(weeks)
        for first, last, level in brand["plan"]:  # weeks counted from 1, both ends included
            contacts[first - 1 : last] = level
        uneven = rng.normal(1.0, 0.12, weeks).clip(
            0.6, 1.4
        )  # space is never delivered quite as booked
        contacts = np.where(week < brand["enters_week"] - 1, 0.0, contacts * uneven)
        plan[name] = contacts.round(2)
    return pd.DataFrame(plan)


def brand_strengths(
    contacts: pd.DataFrame, brands: Mapping[str, Any], memory: Mapping[str, float]
) -> pd.DataFrame:
    """Add the traces of all past contacts to what each brand has without advertising, week by week."""
    weeks = len(contacts)
    age = np.arange(weeks)[:, None] - np.arange(weeks)[None, :] + memory["asked_after"]
    left = np.where(age > 0, trace(np.maximum(age, 0.0), memory), 0.0)
    strength = pd.DataFrame(left @ contacts.to_numpy(), columns=contacts.columns)
    for name, brand in brands.items():
        there = np.arange(1, weeks + 1) >= brand["enters_week"]
        strength[name] = np.where(there, strength[name] + brand["base"], 0.0)
    return strength


def named_in_order(strength: Floats, rng: np.random.Generator) -> npt.NDArray[np.int64]:
    """Who names which brand without help, and in what order: 0 not named, 1 named first, and so on.

    Each brand comes to mind or not; among those that do, the stronger tend to come first (a Plackett-Luce order).
    """
    named = rng.random(strength.shape) < -np.expm1(-strength)
    with np.errstate(divide="ignore"):
        haste = np.where(named, np.log(strength) + rng.gumbel(size=strength.shape), -np.inf)
    order = np.argsort(np.argsort(-haste, axis=1, kind="stable"), axis=1) + 1
    return np.where(named, order, 0)
