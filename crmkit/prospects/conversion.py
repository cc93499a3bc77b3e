"""Whom a changed offer would win: a forecast from criteria, and what a trial says of it.

The forecast multiplies two shares: of the people, those whose every criterion the offer meets; of these, those who buy
when they are told of it. The trial tells each person of one offer, drawn at random, and sees who buys.

Sources: Wilson (1927); Newcombe (1998); for the product of two shares the delta method on the log scale (Cox &
Hinkley 1974, section 9.2).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from crmkit.errors import CrmkitError
from crmkit.inference import critical_value, newcombe, wilson
from crmkit.inputs import first_few, need_rows, need_true_false
from crmkit.prospects.noncustomers import offer_meets, weighted_shares


def forecast_offers(
    people: pd.DataFrame,
    offers: Sequence[str],
    register: pd.DataFrame,
    by: Sequence[str],
    *,
    bought: int,
    told: int,
    among: Any = None,
    level: float = 0.95,
) -> pd.DataFrame:
    """Forecast which share of the people each offer would win, before anybody tries it.

    Parameters
    ----------
    people
        One row per person who answered: one true/false column per offer (`open_to`), and the columns `by`.
    offers
        The columns of the offers.
    register, by, among
        As for `weighted_shares`.
    bought, told
        Of so many `told` of an offer that meets all their criteria, so many `bought`.
    level
        Of the intervals.

    Returns
    -------
    DataFrame
        Index ``offer``: ``open`` (share whose every criterion it meets), ``open_low``, ``open_high``, ``share``
        (forecast: open x bought / told), ``low``, ``high``. No interval (NaN) where nobody is open or nobody bought.

    Examples
    --------
    >>> asked = pd.DataFrame({"home": ["rented", "owned"] * 50, "hire": [True, False] * 25 + [True, True] * 25})
    >>> known = pd.DataFrame({"home": ["owned", "rented"], "households": [50, 50]})
    >>> forecast_offers(asked, ["hire"], known, ["home"], bought=20, told=60)["share"].round(3).tolist()
    [0.25]
    """
    need_rows(people, [*offers, *by], "people")
    if not 0 <= bought <= told or told < 1:
        raise CrmkitError("bought and told: of `told` people (at least one), `bought` have bought.")
    z = critical_value(level)
    rows = {}
    for name in offers:
        found = weighted_shares(people, name, register, by, among=among, level=level)
        if True not in found.index:
            rows[name] = [0.0, np.nan, np.nan, 0.0, np.nan, np.nan]
            continue
        share, low, high = (float(found.loc[True, key]) for key in ("share", "low", "high"))
        rate = bought / told
        wins = share * rate
        # The score interval's reach on the log scale stands for the standard error of the first share.
        spread = np.hypot(
            np.log(high / low) / 2 if low > 0 else np.nan,
            z * np.sqrt((1 - rate) / bought) if bought else np.nan,
        )
        rows[name] = [
            share,
            low,
            high,
            wins,
            wins * np.exp(-spread),
            min(wins * np.exp(spread), 1.0),
        ]
    columns = ["open", "open_low", "open_high", "share", "low", "high"]
    return pd.DataFrame.from_dict(rows, orient="index", columns=columns).rename_axis("offer")


def trial_results(
    trial: pd.DataFrame,
    by: Sequence[str] = (),
    *,
    against: str | None = None,
    level: float = 0.95,
) -> pd.DataFrame:
    """Share of those told of an offer who bought it, in each group, and how much more than of another offer.

    Parameters
    ----------
    trial
        One row per person: ``offer`` (drawn at random), ``bought``, and the columns `by`.
    by
        Columns that make groups (a kind of person), besides the offer.
    against
        The offer with which the others are compared.
    level
        Of the intervals: Wilson, and Newcombe for the difference.

    Returns
    -------
    DataFrame
        Index the groups and ``offer``: ``people``, ``bought``, ``share``, ``low``, ``high``; with `against` also
        ``more`` (share less that of the other offer in the same group), ``more_low``, ``more_high``.

    Examples
    --------
    >>> tried = pd.DataFrame({"offer": ["today"] * 4 + ["hire"] * 4, "bought": [True] + [False] * 4 + [True] * 3})
    >>> trial_results(tried, against="today")["more"].to_dict()
    {'hire': 0.5, 'today': 0.0}
    """
    need_rows(trial, ["offer", "bought", *by], "trial")
    frame = trial[["offer", *by]].assign(bought=need_true_false(trial["bought"], "trial, bought"))
    table = frame.groupby([*by, "offer"])["bought"].agg(people="size", bought="sum")
    table["share"] = table["bought"] / table["people"]
    table["low"], table["high"] = wilson(table["bought"], table["people"], level=level)
    if against is None:
        return table
    names = table.index.get_level_values("offer")
    if against not in names:
        raise CrmkitError(
            f"against: nobody was told of {against!r}. The offers are {first_few(names.unique())}."
        )
    base = table[names == against]
    if by:
        base = base.droplevel("offer")
        base = base.reindex(table.index.droplevel("offer"))
        one, n = base["bought"].to_numpy(float), base["people"].to_numpy(float)
    else:
        one, n = (np.full(len(table), float(base[key].iloc[0])) for key in ("bought", "people"))
    more = newcombe(table["bought"], table["people"], one, n, level=level)
    own = names == against
    for name, values in zip(("more", "more_low", "more_high"), more, strict=True):
        table[name] = np.where(own, 0.0 if name == "more" else np.nan, values)
    return table


def points_of(people: pd.DataFrame, needs: pd.DataFrame, offer: pd.Series) -> pd.Series:
    """Add up points, as one should not: of the needs that a person ranks, the share that an offer meets.

    Parameters
    ----------
    people
        ``person_id`` and ``shop``.
    needs
        ``person_id``, ``need``, ``keep_rank``: the first kept counts most (4, 3, 2, 1 of 10 for four needs).
    offer
        A row of ``trial_offers``.

    Returns
    -------
    Series
        ``points``: between 0 and 1, index ``person_id``.

    Examples
    --------
    >>> people = pd.DataFrame({"person_id": [1], "shop": True})
    >>> ranks = pd.DataFrame({"person_id": 1, "need": ["safe", "quick"], "keep_rank": [1, 2]})
    >>> points_of(people, ranks, pd.Series({"brought": False, "safe": 1, "quick": 0})).round(2).to_dict()
    {1: 0.67}
    """
    need_rows(people, ["person_id", "shop"], "people")
    need_rows(needs, ["person_id", "need", "keep_rank"], "forced ranking")
    frame = needs.merge(people[["person_id", "shop"]], on="person_id")
    worth = frame["keep_rank"].max() + 1 - frame["keep_rank"]
    met = offer_meets(offer, frame["need"], need_true_false(frame["shop"], "people, shop"))
    total = worth.groupby(frame["person_id"]).sum()
    points = (worth * met).groupby(frame["person_id"]).sum() / total
    return points.reindex(people["person_id"]).rename("points")
