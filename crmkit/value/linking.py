"""Records that belong together, joined into people, and how well that was done. See `crmkit.value.profile`."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from crmkit.errors import CrmkitError
from crmkit.inputs import first_few, need_columns
from crmkit.value.records import pair_places


def link_records(tidy: pd.DataFrame, scored: pd.DataFrame, threshold: float) -> pd.Series:
    """Join the records whose evidence reaches the threshold into people, strongest evidence first.

    A system keeps a person once. So a link that would put two records of one system into the same person is refused,
    whatever its weight: the evidence for the stronger link was better.

    Parameters
    ----------
    tidy
        From `tidy_records`.
    scored
        From `score_pairs`: ``left``, ``right``, ``weight``.
    threshold
        Least weight (bits) of a link.

    Returns
    -------
    Series
        ``person``: a number from 0 on for every record, also for those that stay alone; index ``record_id``.
        ``attrs["refused"]``: how many links were refused.

    Examples
    --------
    >>> from crmkit.value.profile import FIELDS, tidy_records
    >>> rows = [[f"{s[0].upper()}1", s, "x", None, None, None] for s in ("shop", "web", "app")]
    >>> tidy = tidy_records(pd.DataFrame(rows, columns=["record_id", "system", *FIELDS]))
    >>> scored = pd.DataFrame({"left": ["S1", "S1"], "right": ["W1", "A1"], "weight": [12.0, 3.0]})
    >>> link_records(tidy, scored, threshold=8).to_dict()
    {'S1': 0, 'W1': 0, 'A1': 1}
    """
    need_columns(scored, ["left", "right", "weight"], "scored")
    if not np.isfinite(threshold):
        raise CrmkitError(f"threshold is a weight in bits, such as 12, not {threshold!r}.")
    if scored["weight"].isna().any():
        raise CrmkitError(
            f"scored: {int(scored['weight'].isna().sum())} pairs have no weight. Score them with score_pairs."
        )
    strong = scored[scored["weight"] >= threshold].sort_values(
        "weight", ascending=False, kind="stable"
    )
    left, right = pair_places(strong, tidy.index, "scored")
    links = zip(left.tolist(), right.tolist(), strict=True)
    person = list(range(len(tidy)))
    members = {row: [row] for row in person}
    systems = [{system} for system in tidy["system"]]
    refused = 0
    for one, other in links:
        a, b = person[one], person[other]
        if a == b:
            continue
        if systems[a] & systems[b]:
            refused += 1
            continue
        if b < a:
            a, b = b, a
        systems[a] |= systems[b]
        for row in members[b]:
            person[row] = a
        members[a] += members.pop(b)
    numbered = pd.Series(pd.factorize(np.array(person))[0], index=tidy.index, name="person")
    numbered.attrs["refused"] = refused
    return numbered


def linkage_quality(person: pd.Series, owner: pd.Series) -> pd.Series:
    """Hold found people against the true ones, pair by pair and person by person.

    Parameters
    ----------
    person
        From `link_records`.
    owner
        The true customer of each record, on the same index (more records do no harm).

    Returns
    -------
    Series
        ``found_people``, ``true_people``; ``joined_pairs`` (pairs of records put into one person), ``true_pairs``,
        ``right_pairs`` (both); ``precision`` (right of joined) and ``recall`` (right of true), NaN where there is
        nothing to divide by; ``wrong_people`` (records of two customers or more in one person) and ``split_customers``
        (a customer's records in two people or more).

    Raises
    ------
    CrmkitError
        Where a record has no true customer.

    Examples
    --------
    >>> person = pd.Series([0, 0, 1, 2], index=["S1", "W1", "A1", "S2"])
    >>> owner = pd.Series([7, 7, 7, 8], index=["S1", "W1", "A1", "S2"])
    >>> linkage_quality(person, owner)[["precision", "recall", "split_customers"]].round(2).tolist()
    [1.0, 0.33, 1.0]
    """
    for name, values in (("person", person), ("owner", owner)):
        if values.index.has_duplicates:
            twice = values.index[values.index.duplicated()].unique()
            raise CrmkitError(f"{name}: records {first_few(twice)} stand more than once.")
    true = owner.reindex(person.index)
    if true.isna().any():
        raise CrmkitError(
            f"owner: records {first_few(true.index[true.isna()])} have no true customer."
        )
    both = pd.DataFrame({"person": person, "owner": true})
    joined, truly = _pairs_within(both["person"]), _pairs_within(both["owner"])
    right = _pairs_within(both.groupby(["person", "owner"], sort=False).ngroup())
    owners, people = (
        both.groupby("person")["owner"].nunique(),
        both.groupby("owner")["person"].nunique(),
    )
    return pd.Series(
        {
            "found_people": both["person"].nunique(),
            "true_people": both["owner"].nunique(),
            "joined_pairs": joined,
            "true_pairs": truly,
            "right_pairs": right,
            "precision": right / joined if joined else np.nan,
            "recall": right / truly if truly else np.nan,
            "wrong_people": int((owners > 1).sum()),
            "split_customers": int((people > 1).sum()),
        },
        name="quality",
    )


def _pairs_within(group: pd.Series) -> int:
    size = group.value_counts().to_numpy()
    return int((size * (size - 1) // 2).sum())


def under_records(
    table: pd.DataFrame,
    records: pd.DataFrame,
    owner: pd.Series,
    systems: Sequence[str] | None = None,
) -> pd.DataFrame:
    """Put a table back to what the systems wrote: the number of their own record instead of the customer's.

    The shipped tables bear the true customer, as if the joining had been done. A till knows no customer, only its
    record; this function undoes the joining, so that one can see what a company sees before it.

    Parameters
    ----------
    table
        With ``customer_id``, and ``channel`` where no `systems` are given.
    records
        ``record_id``, ``system``.
    owner
        The true customer of each record, index ``record_id``.
    systems
        Where an entry was written: under the customer's record in the first of these systems that has one. Without,
        in the row's own ``channel``.

    Returns
    -------
    DataFrame
        `table` with ``record_id`` in the place of ``customer_id``; missing where the customer has no such record (an
        order by telephone stands under none).

    Raises
    ------
    CrmkitError
        Where a column is missing, a system is unknown, or a customer has two records in one system.

    Examples
    --------
    >>> records = pd.DataFrame({"record_id": ["S1", "W1"], "system": ["shop", "web"]})
    >>> owner = pd.Series({"S1": 7, "W1": 7})
    >>> orders = pd.DataFrame({"customer_id": [7, 7, 7], "channel": ["web", "shop", "call centre"], "turnover": 9.0})
    >>> under_records(orders, records, owner)["record_id"].fillna("none").tolist()
    ['W1', 'S1', 'none']
    """
    need_columns(records, ["record_id", "system"], "records")
    need_columns(
        table,
        ["customer_id"] if systems is not None else ["customer_id", "channel"],
        "table",
    )
    whose = records[["record_id", "system"]].assign(
        customer_id=records["record_id"].map(owner).to_numpy()
    )
    whose = whose.dropna(subset="customer_id")
    twice = whose.duplicated(["customer_id", "system"])
    if twice.any():
        raise CrmkitError(
            f"records: customer {first_few(whose.loc[twice, 'customer_id'].unique())} has two records in one system, "
            "so nothing says under which of them an order stood."
        )
    if systems is None:
        where = table[["customer_id"]].assign(system=table["channel"])
    else:
        strange = [system for system in systems if system not in set(records["system"])]
        if strange:
            raise CrmkitError(f"systems: no record is of {first_few(strange)}.")
        whose["rank"] = whose["system"].map({system: at for at, system in enumerate(systems)})
        whose = whose.dropna(subset="rank").sort_values("rank", kind="stable")
        whose = whose.drop_duplicates("customer_id")
        where = table[["customer_id"]]
    on = list(where.columns)
    number = where.merge(whose[[*on, "record_id"]], on=on, how="left")["record_id"].to_numpy()
    before = table.columns.get_loc("customer_id")
    found = table.drop(columns="customer_id")
    found.insert(int(before), "record_id", number)
    return found
