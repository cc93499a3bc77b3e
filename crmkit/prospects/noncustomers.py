"""Who is no customer, and why: criteria that are met or not, three kinds of people, and shares of the whole market.

A person buys an offer only if there is something to do, if the price can be paid, and if every must-have is met. Those
who meet all of it and are no customers are *near*; those who fail a criterion are *refusing*; those at whom nobody has
looked are *unexplored*.

Sources: Holt & Smith (1979) Journal of the Royal Statistical Society A 142 (post-stratification: variance given the
numbers of answers); Kott & Carr (1997) Journal of Official Statistics 13 (score interval with the effective number of
answers); Kim & Mauborgne (2005) Blue Ocean Strategy, chapter 5 (three tiers of non-customers).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from crmkit.errors import CrmkitError
from crmkit.inference import wilson
from crmkit.inputs import (
    first_few,
    need_columns,
    need_numbers,
    need_rows,
    need_true_false,
    need_unique,
)
from crmkit.mix import must_haves_by_ranking

#: The criteria of `criteria_met`, in the order in which they are asked.
CRITERIA = ("project", "must_haves", "pay")
KINDS = ("customer", "near", "refusing", "unexplored")
#: What a failed criterion means, in the words in which people are asked for their reason.
REASONS = {"project": "no use for it", "must_haves": "something is missing", "pay": "too expensive"}


def must_haves(needs: pd.DataFrame, keep: int = 3) -> pd.DataFrame:
    """Call must-have what is among the first kept, and without which the person would leave.

    Parameters
    ----------
    needs
        One row per person and need kept: ``person_id``, ``need``, ``keep_rank``, ``would_leave``.
    keep
        How many needs may be kept (see `crmkit.mix.must_haves_by_ranking`).

    Returns
    -------
    DataFrame
        ``person_id``, ``need``: one row per must-have, in the order of the rows.

    Examples
    --------
    >>> ranks = pd.DataFrame({"person_id": 1, "need": ["safe", "quick"], "keep_rank": [1, 2],
    ...                       "would_leave": [False, True]})
    >>> must_haves(ranks)["need"].tolist()
    ['quick']
    """
    need_rows(needs, ["person_id", "need", "keep_rank", "would_leave"], "forced ranking")
    ranked = must_haves_by_ranking(needs.rename(columns={"person_id": "customer_id"}), keep)
    leaves = need_true_false(needs["would_leave"], "forced ranking, would_leave")
    found = needs.loc[ranked["must_have"].to_numpy() & leaves, ["person_id", "need"]]
    return found.reset_index(drop=True)


def criteria_met(
    people: pd.DataFrame, needs: pd.DataFrame, offer: pd.Series, *, keep: int = 3
) -> pd.DataFrame:
    """Ask of each person whether an offer meets the three criteria: something to do, must-haves, the price.

    Parameters
    ----------
    people
        One row per person: ``person_id``, ``projects`` (a year), ``can_spend``, ``shop`` (whether one is near).
    needs
        As for `must_haves`.
    offer
        A row of the table ``trial_offers``: ``price``, ``brought``, and 1 or 0 for each need.
    keep
        How many needs may be kept.

    Returns
    -------
    DataFrame
        In the order of `people`: ``person_id``, ``project``, ``must_haves``, ``pay`` (bool), and ``lacks``: the
        must-haves that the offer does not meet, with a comma between.

    Examples
    --------
    >>> people = pd.DataFrame({"person_id": [1, 2], "projects": [1, 2], "can_spend": [30, 10], "shop": True})
    >>> ranks = pd.DataFrame({"person_id": [1], "need": ["quick"], "keep_rank": [1], "would_leave": [True]})
    >>> offer = pd.Series({"price": 24, "brought": False, "quick": 0, "nearby": 1})
    >>> criteria_met(people, ranks, offer).values.tolist()
    [[1, True, False, True, 'quick'], [2, True, True, False, '']]
    """
    need_rows(people, ["person_id", "projects", "can_spend", "shop"], "people")
    need_unique(people, ["person_id"], "people")
    missing = [name for name in ("price", "brought") if name not in offer.index]
    if missing:
        raise CrmkitError(
            f"offer: {first_few(missing)} is missing. Take a row of trial_offers: offers.loc['hire']."
        )
    found = must_haves(needs, keep)
    found = found[found["person_id"].isin(people["person_id"])]
    shop = need_true_false(people["shop"], "people, shop")
    at_shop = pd.Series(shop, index=people["person_id"]).reindex(found["person_id"]).to_numpy()
    met = offer_meets(offer, found["need"], at_shop)
    lacking: dict[object, list[str]] = {}
    for person, need in found.loc[~met, ["person_id", "need"]].itertuples(index=False):
        lacking.setdefault(person, []).append(need)
    lacks = np.array([", ".join(lacking.get(p, ())) for p in people["person_id"]], dtype=object)
    return pd.DataFrame(
        {
            "person_id": people["person_id"].to_numpy(),
            "project": need_numbers(people["projects"], "people, projects", minimum=0) > 0,
            "must_haves": lacks == "",
            "pay": need_numbers(people["can_spend"], "people, can_spend") >= offer["price"],
            "lacks": lacks,
        }
    )


def offer_meets(offer: pd.Series, need: pd.Series, shop: np.ndarray) -> np.ndarray:
    """Say for each row whether an offer meets its need; "nearby" also where the person has a shop, or it is brought.

    Parameters
    ----------
    offer
        A row of the table ``trial_offers``: ``brought``, and 1 or 0 for each need.
    need
        One need per row.
    shop
        Whether the person of that row has a shop near.

    Returns
    -------
    ndarray
        True and False, one per row.

    Raises
    ------
    CrmkitError
        The offer does not speak of a need.

    Examples
    --------
    >>> offer = pd.Series({"brought": False, "quick": 1, "nearby": 1})
    >>> offer_meets(offer, pd.Series(["quick", "nearby"]), np.array([False, False])).tolist()
    [True, False]
    """
    unknown = sorted(set(need) - set(offer.index))
    if unknown:
        raise CrmkitError(
            f"offer: it does not say whether it meets {first_few(unknown)}. Add 1 or 0 for each need."
        )
    met = offer[need].to_numpy(dtype=float) == 1
    return met & ((need.to_numpy() != "nearby") | shop | bool(offer["brought"]))


def open_to(
    people: pd.DataFrame, needs: pd.DataFrame, offers: pd.DataFrame, *, keep: int = 3
) -> pd.DataFrame:
    """Say which offers meet every criterion of a person.

    Parameters
    ----------
    people, needs
        As for `criteria_met`.
    offers
        One row per offer: ``offer`` and what `criteria_met` asks of one.
    keep
        How many needs may be kept.

    Returns
    -------
    DataFrame
        Index ``person_id`` in the order of `people`, one bool column per offer.

    Examples
    --------
    >>> people = pd.DataFrame({"person_id": [1, 2], "projects": [1, 2], "can_spend": [30, 10], "shop": True})
    >>> ranks = pd.DataFrame({"person_id": [1], "need": ["quick"], "keep_rank": [1], "would_leave": [True]})
    >>> offers = pd.DataFrame({"offer": ["today", "cheap"], "price": [24, 9], "brought": False, "quick": [1, 0]})
    >>> open_to(people, ranks, offers).values.tolist()
    [[True, False], [False, True]]
    """
    need_rows(offers, ["offer", "price", "brought"], "offers")
    rows = offers.set_index("offer")
    found = {}
    for name, row in rows.iterrows():
        met = criteria_met(people, needs, row, keep=keep)
        found[name] = met[list(CRITERIA)].all(axis=1).to_numpy()
    return pd.DataFrame(found, index=pd.Index(people["person_id"], name="person_id"))


def kinds_of_people(
    people: pd.DataFrame,
    criteria: Sequence[str] = CRITERIA,
    *,
    customer: str = "customer",
) -> pd.DataFrame:
    """Sort people into customers, near, refusing and unexplored, by the criteria that they meet.

    Parameters
    ----------
    people
        One row per person: a column `customer` (true or false), and one column per criterion: true (met), false, or
        empty where nobody has looked.
    criteria
        The columns of the criteria.
    customer
        The column that says who is a customer.

    Returns
    -------
    DataFrame
        In the order and with the index of `people`: ``kind``, and ``fails``, the criteria not met with a comma between.
        One failed criterion is enough to refuse; a person without one and with an empty criterion is unexplored.

    Examples
    --------
    >>> asked = pd.DataFrame({"customer": [True, False, False, False], "project": True,
    ...                       "pay": [True, True, False, None]})
    >>> kinds_of_people(asked, ["project", "pay"])["kind"].tolist()
    ['customer', 'near', 'refusing', 'unexplored']
    """
    need_rows(people, [customer, *criteria], "people")
    if not criteria:
        raise CrmkitError(
            "criteria: name at least one column that says whether a criterion is met."
        )
    buys = need_true_false(people[customer], f"people, {customer}")
    known = {}
    for name in criteria:
        values = people[name]
        gone = values.isna().to_numpy()
        met = np.ones(len(people), dtype=bool)
        if (~gone).any():
            met[~gone] = need_true_false(values[~gone], f"people, {name}")
        known[name] = (met, gone)
    failed = {name: ~met & ~gone for name, (met, gone) in known.items()}
    any_failed = np.logical_or.reduce(list(failed.values()))
    any_gone = np.logical_or.reduce([gone for _, gone in known.values()])
    kind = np.select([buys, any_failed, any_gone], ["customer", "refusing", "unexplored"], "near")
    fails = [
        ", ".join(name for name in criteria if failed[name][i] and not buys[i])
        for i in range(len(people))
    ]
    return pd.DataFrame({"kind": kind, "fails": fails}, index=people.index)


def compare_kinds(found: Any, truth: Any, *, level: float = 0.95) -> pd.DataFrame:
    """Compare kinds found with the true ones: how many of those called so are, how many of the true are found.

    Parameters
    ----------
    found, truth
        A kind per person each, in the same order.
    level
        Of the intervals (Wilson).

    Returns
    -------
    DataFrame
        Index ``kind``: ``called``, ``true`` (people), ``error_rate`` (wrong among those called so), ``low``, ``high``,
        and ``omission_rate`` (missed among those who are), ``omission_low``, ``omission_high``.

    Examples
    --------
    >>> compare_kinds(["near", "near", "refusing"], ["near", "refusing", "refusing"])["error_rate"].to_dict()
    {'near': 0.5, 'refusing': 0.0}
    """
    called, true = np.asarray(found, dtype=object), np.asarray(truth, dtype=object)
    if len(called) != len(true) or len(called) == 0:
        raise CrmkitError(
            f"kinds: {len(called)} found and {len(true)} true ones. One of each per person is needed."
        )
    rows = {}
    for kind in [name for name in KINDS if name in called or name in true]:
        is_called, is_true = called == kind, true == kind
        hits = int((is_called & is_true).sum())
        n, m = int(is_called.sum()), int(is_true.sum())
        rows[kind] = [
            n, m,
            *((n - hits) / n if n else np.nan, *wilson(n - hits, n, level=level)),
            *((m - hits) / m if m else np.nan, *wilson(m - hits, m, level=level)),
        ]  # fmt: skip
    columns = ["called", "true", "error_rate", "low", "high"]
    columns += ["omission_rate", "omission_low", "omission_high"]
    table = pd.DataFrame.from_dict(rows, orient="index", columns=columns).rename_axis("kind")
    return table.astype({"called": int, "true": int})


def response_rates(
    invited: pd.DataFrame, by: Sequence[str], *, level: float = 0.95
) -> pd.DataFrame:
    """Share of the invited who answered, by group.

    Parameters
    ----------
    invited
        One row per person invited: ``answered``, and the columns `by`.
    by
        The columns that make the groups.
    level
        Of the intervals (Wilson).

    Returns
    -------
    DataFrame
        Index the groups: ``invited``, ``answered``, ``share``, ``low``, ``high``.

    Examples
    --------
    >>> sent = pd.DataFrame({"age": ["young", "young", "old"], "answered": [True, False, True]})
    >>> response_rates(sent, ["age"])["share"].to_dict()
    {'old': 1.0, 'young': 0.5}
    """
    need_rows(invited, ["answered", *by], "invitations")
    frame = invited[list(by)].assign(
        answered=need_true_false(invited["answered"], "invitations, answered")
    )
    table = frame.groupby(list(by))["answered"].agg(invited="size", answered="sum")
    table["share"] = table["answered"] / table["invited"]
    table["low"], table["high"] = wilson(table["answered"], table["invited"], level=level)
    return table


def answer_weights(people: pd.DataFrame, register: pd.DataFrame, by: Sequence[str]) -> pd.Series:
    """Weight each answer with the households of its group: how many of them one answer stands for.

    Parameters
    ----------
    people
        One row per person who answered, with the columns `by`.
    register
        Households of every group: the columns `by` and ``households`` (several rows of a group are added).
    by
        The columns that make the groups.

    Returns
    -------
    Series
        ``weight``, with the index of `people`: households / answers of the group (post-stratification).

    Raises
    ------
    CrmkitError
        A group of the register without an answer: join it with another.

    Examples
    --------
    >>> asked = pd.DataFrame({"home": ["rented", "owned", "owned"]})
    >>> answer_weights(asked, pd.DataFrame({"home": ["owned", "rented"], "households": [60, 40]}), ["home"]).tolist()
    [40.0, 30.0, 30.0]
    """
    need_rows(people, list(by), "answers")
    need_rows(register, [*by, "households"], "register")
    known = register.groupby(list(by))["households"].sum()
    known = known[known > 0]
    counts = people.groupby(list(by)).size()
    silent = known.index.difference(counts.index)
    if len(silent):
        raise CrmkitError(
            f"answers: nobody answered of {first_few(silent)}. Join small groups, or use fewer columns in by."
        )
    strange = counts.index.difference(known.index)
    if len(strange):
        raise CrmkitError(
            f"register: no households of {first_few(strange)}, though people there have answered. Add them."
        )
    each = (known / counts).rename("weight")
    joined = people[list(by)].join(each, on=list(by))["weight"]
    return pd.Series(joined.to_numpy(dtype=float), index=people.index, name="weight")


def weighted_shares(
    people: pd.DataFrame,
    column: str,
    register: pd.DataFrame,
    by: Sequence[str],
    *,
    among: Any = None,
    level: float = 0.95,
) -> pd.DataFrame:
    """Estimate shares of the whole population from answers that some groups gave more often than others.

    Post-stratification: each group counts as much as it has households (Holt & Smith 1979). The interval is a score
    interval with the effective number of answers (Kott & Carr 1997).

    Parameters
    ----------
    people
        One row per person who answered: `column` and the columns `by`.
    column
        What is counted: each of its values gets a share.
    register
        As for `answer_weights`.
    by
        The columns that make the groups; each needs two answers at least.
    among
        True for the people of whom the shares are taken (default: everybody).
    level
        Of the intervals.

    Returns
    -------
    DataFrame
        Index the values of `column`: ``answers``, ``plain`` (the share of the answers), ``share`` (weighted), ``low``,
        ``high``.

    Examples
    --------
    >>> asked = pd.DataFrame({"home": ["rented"] * 2 + ["owned"] * 8, "kind": ["near", "far"] + ["near"] * 8})
    >>> known = pd.DataFrame({"home": ["owned", "rented"], "households": [50, 50]})
    >>> weighted_shares(asked, "kind", known, ["home"]).loc["near", ["plain", "share"]].tolist()
    [0.9, 0.75]
    """
    need_columns(people, [column], "answers")
    weight = answer_weights(people, register, by).to_numpy()
    inside = np.ones(len(people), dtype=bool) if among is None else need_true_false(among, "among")
    if len(inside) != len(people) or not inside.any():
        raise CrmkitError("among: true or false for each row of the answers, and true for some.")
    group = people.groupby(list(by)).ngroup().to_numpy()
    counts = np.bincount(group)
    if counts.min() < 2:
        raise CrmkitError(
            "answers: a group has one answer only, which cannot tell how much answers differ. Join small groups, "
            "or use fewer columns in by."
        )
    whole = weight.sum()
    base = float((weight * inside).sum())
    values = people[column].to_numpy(dtype=object)
    rows = {}
    for value in pd.unique(people.loc[inside, column].dropna().sort_values(kind="stable")):
        hit = inside & (values == value)
        share = float(weight[hit].sum() / base)
        score = inside * (hit - share) * whole / base
        mean = np.bincount(group, score) / counts
        spread = np.bincount(group, (score - mean[group]) ** 2) / (counts - 1)
        size = np.bincount(group, weight) / whole
        variance = float((size**2 * spread / counts).sum())
        # Where all are alike, Kish's effective number.
        alike = base**2 / float((weight[inside] ** 2).sum())
        answers = share * (1 - share) / variance if variance > 0 else alike
        low, high = wilson(share * answers, answers, level=level)
        rows[value] = [int(hit.sum()), hit.sum() / inside.sum(), share, low, high]
    columns = ["answers", "plain", "share", "low", "high"]
    return pd.DataFrame.from_dict(rows, orient="index", columns=columns).rename_axis(column)


def reasons_by_criteria(people: pd.DataFrame) -> pd.Series:
    """Give the reason that follows from the criteria: the first that fails, or what is left if none does.

    Parameters
    ----------
    people
        ``project``, ``must_haves``, ``pay`` (from `criteria_met`) and ``knows_us``.

    Returns
    -------
    Series
        ``reason``: "no use for it", "something is missing", "too expensive", "do not know you", "happy where I am".

    Examples
    --------
    >>> asked = pd.DataFrame({"project": True, "must_haves": [False, True], "pay": [False, True], "knows_us": True})
    >>> reasons_by_criteria(asked).tolist()
    ['something is missing', 'happy where I am']
    """
    need_rows(people, [*CRITERIA, "knows_us"], "people")
    met = {name: need_true_false(people[name], f"people, {name}") for name in CRITERIA}
    knows = need_true_false(people["knows_us"], "people, knows_us")
    found = np.select(
        [~met[name] for name in CRITERIA] + [~knows],
        [*REASONS.values(), "do not know you"],
        "happy where I am",
    )
    return pd.Series(found, index=people.index, name="reason")


def near_by_area(people: pd.DataFrame, *, level: float = 0.95) -> pd.DataFrame:
    """Share of the near among the non-customers of each area.

    Parameters
    ----------
    people
        One row per person who answered: ``area``, ``surveyed``, ``kind``.
    level
        Of the intervals (Wilson).

    Returns
    -------
    DataFrame
        Index ``area``: ``surveyed``, ``people`` (non-customers who answered), ``near``, ``share``, ``low``, ``high``.

    Examples
    --------
    >>> met = pd.DataFrame({"area": "Quay", "surveyed": False, "kind": ["near", "refusing", "customer"]})
    >>> near_by_area(met)[["people", "near", "share"]].values.tolist()
    [[2.0, 1.0, 0.5]]
    """
    need_rows(people, ["area", "surveyed", "kind"], "people")
    others = people[people["kind"] != "customer"].assign(near=lambda rows: rows["kind"] == "near")
    table = others.groupby("area").agg(
        surveyed=("surveyed", "first"), people=("near", "size"), near=("near", "sum")
    )
    table["share"] = table["near"] / table["people"]
    table["low"], table["high"] = wilson(table["near"], table["people"], level=level)
    return table


def stated_and_true(stated: Any, true: Any, *, level: float = 0.95) -> pd.DataFrame:
    """Ask of each stated reason how often it is the true one.

    Parameters
    ----------
    stated, true
        The stated and the true reason of each person, in the same order.
    level
        Of the intervals (Wilson).

    Returns
    -------
    DataFrame
        Index ``stated``, the most frequent first: ``people``, ``right``, ``share`` (right / people), ``low``, ``high``,
        and ``most``: the most frequent true reason.

    Examples
    --------
    >>> stated_and_true(["price", "price", "far"], ["price", "far", "far"])["share"].to_dict()
    {'price': 0.5, 'far': 1.0}
    """
    frame = pd.DataFrame({"stated": list(stated), "true": list(true)}).dropna()
    if frame.empty:
        raise CrmkitError(
            "reasons: nobody has a stated and a true one. Are the columns the right ones?"
        )
    frame["right"] = frame["stated"] == frame["true"]
    table = frame.groupby("stated")["right"].agg(people="size", right="sum")
    table["share"] = table["right"] / table["people"]
    table["low"], table["high"] = wilson(table["right"], table["people"], level=level)
    table["most"] = frame.groupby("stated")["true"].agg(lambda part: part.value_counts().index[0])
    return table.sort_values("people", ascending=False, kind="stable")
