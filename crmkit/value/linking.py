"""Records that belong together, joined into people, and how well that was done. See `crmkit.value.profile`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from crmkit.errors import CrmkitError
from crmkit.inference import wilson
from crmkit.inputs import first_few, generator, need_columns, need_count
from crmkit.value.records import FIELDS, pair_places


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
    systems = [{system} for system in tidy["system"].tolist()]
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
    """Compare found people with the true ones, pair by pair and person by person.

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
        ``right_pairs`` (both); ``precision`` (right of joined) and ``recall`` (right of true), and what each lacks to
        1: ``error_rate`` and ``omission_rate``; all four NaN where there is nothing to divide by; ``wrong_people``
        (records of two customers or more in one person) and ``split_customers`` (a customer's records in two people
        or more).

    Raises
    ------
    CrmkitError
        Where a record has no true customer.

    Examples
    --------
    >>> person = pd.Series([0, 0, 1, 2], index=["S1", "W1", "A1", "S2"])
    >>> owner = pd.Series([7, 7, 7, 8], index=["S1", "W1", "A1", "S2"])
    >>> linkage_quality(person, owner)[["error_rate", "omission_rate", "split_customers"]].round(2).tolist()
    [0.0, 0.67, 1.0]
    """
    both = _found_and_true(person, owner)
    joined, truly = _pairs_within(both["person"]), _pairs_within(both["owner"])
    right = _pairs_within(both.groupby(["person", "owner"], sort=False).ngroup())
    owners, people = (
        both.groupby("person")["owner"].nunique(),
        both.groupby("owner")["person"].nunique(),
    )
    precision = right / joined if joined else np.nan
    recall = right / truly if truly else np.nan
    return pd.Series(
        {
            "found_people": both["person"].nunique(),
            "true_people": both["owner"].nunique(),
            "joined_pairs": joined,
            "true_pairs": truly,
            "right_pairs": right,
            "precision": precision,
            "recall": recall,
            "error_rate": 1 - precision,
            "omission_rate": 1 - recall,
            "wrong_people": int((owners > 1).sum()),
            "split_customers": int((people > 1).sum()),
        },
        name="quality",
    )


def _found_and_true(person: pd.Series, owner: pd.Series) -> pd.DataFrame:
    """Put the found person and the true customer of each record side by side; a record without either is an error."""
    for name, values in (("person", person), ("owner", owner)):
        if values.index.has_duplicates:
            twice = values.index[values.index.duplicated()].unique()
            raise CrmkitError(f"{name}: records {first_few(twice)} stand more than once.")
    true = owner.reindex(person.index)
    if true.isna().any():
        raise CrmkitError(
            f"owner: records {first_few(true.index[true.isna()])} have no true customer."
        )
    return pd.DataFrame({"person": person, "owner": true})


def linkage_by_field(tidy: pd.DataFrame, compared: pd.DataFrame, owner: pd.Series) -> pd.DataFrame:
    """Join the records that are the same in one field, one field after the other, and compare with the truth.

    Parameters
    ----------
    tidy
        From `tidy_records`.
    compared
        From `compare_pairs`.
    owner
        The true customer of each record.

    Returns
    -------
    DataFrame
        Index: the fields; columns as in `linkage_quality`.

    Examples
    --------
    >>> from crmkit.value.profile import candidate_pairs, compare_pairs, tidy_records
    >>> rows = [["S1", "shop", "Ann Hill", None, None, "M21 6XS"], ["W1", "web", "A. Hill", None, None, "M21 6XS"]]
    >>> tidy = tidy_records(pd.DataFrame(rows, columns=["record_id", "system", *FIELDS]))
    >>> compared = compare_pairs(tidy, candidate_pairs(tidy))
    >>> linkage_by_field(tidy, compared, pd.Series({"S1": 7, "W1": 7}))["omission_rate"].to_dict()
    {'name': 1.0, 'email': 1.0, 'phone': 1.0, 'postcode': 0.0}
    """
    alike = {
        field: compared.assign(weight=(compared[field] == "same").astype(float)) for field in FIELDS
    }
    found = [linkage_quality(link_records(tidy, pairs, 1), owner) for pairs in alike.values()]
    return _as_table(found, pd.Index(alike, name="field"))


def linkage_by_threshold(
    tidy: pd.DataFrame, scored: pd.DataFrame, owner: pd.Series, thresholds: Sequence[float]
) -> pd.DataFrame:
    """Join the records at one threshold after the other, and compare with the truth.

    Parameters
    ----------
    tidy, scored
        As for `link_records`.
    owner
        The true customer of each record.
    thresholds
        Least weights (bits) of a link.

    Returns
    -------
    DataFrame
        Index ``bits``: the thresholds; columns as in `linkage_quality`.

    Examples
    --------
    >>> from crmkit.value.profile import tidy_records
    >>> rows = [[f"{s[0].upper()}1", s, "x", None, None, None] for s in ("shop", "web", "app")]
    >>> tidy = tidy_records(pd.DataFrame(rows, columns=["record_id", "system", *FIELDS]))
    >>> scored = pd.DataFrame({"left": ["S1", "S1"], "right": ["W1", "A1"], "weight": [12.0, 3.0]})
    >>> owner = pd.Series({"S1": 7, "W1": 7, "A1": 8})
    >>> linkage_by_threshold(tidy, scored, owner, (0, 8, 16))[["wrong_people", "split_customers"]].to_numpy().tolist()
    [[1, 0], [0, 0], [0, 1]]
    """
    found = [linkage_quality(link_records(tidy, scored, bits), owner) for bits in thresholds]
    return _as_table(found, pd.Index(thresholds, name="bits"))


def _as_table(found: Sequence[pd.Series], index: pd.Index) -> pd.DataFrame:
    """Put qualities under each other; what is counted is whole."""
    table = pd.DataFrame(list(found)).set_index(index)
    rates = ("precision", "recall", "error_rate", "omission_rate")
    return table.astype({column: int for column in table.columns if column not in rates})


def threshold_costs(
    tidy: pd.DataFrame,
    scored: pd.DataFrame,
    owner: pd.Series,
    wrong_costs: float,
    thresholds: Sequence[float] = tuple(range(0, 25, 2)),
    *,
    draws: int = 200,
    seed: int | np.random.Generator = 0,
) -> pd.DataFrame:
    """Say what the errors of each threshold cost, and how often it would be the cheapest with other customers.

    The matching stays as it is. The customers are drawn again with replacement (bootstrap; Efron & Tibshirani 1993),
    and with each customer its missed pairs; a wrong pair counts as often as both its customers together were drawn.

    Parameters
    ----------
    tidy, scored
        As for `link_records`.
    owner
        The true customer of each record.
    wrong_costs
        How many missed pairs one wrong pair is worth.
    thresholds
        Least weights (bits) of a link, rising.
    draws
        How often the customers are drawn.
    seed
        Whole number or generator.

    Returns
    -------
    DataFrame
        Index ``bits``; ``wrong_pairs``, ``missed_pairs``, ``cost`` (in missed pairs), ``wins`` (share of the draws in
        which it is the cheapest; of equally cheap ones the lowest, so that the shares add up to 1).

    Raises
    ------
    CrmkitError
        As `linkage_quality`; costs that are no number from 0 on.

    Examples
    --------
    >>> from crmkit.value.profile import tidy_records
    >>> rows = [[f"{s[0].upper()}1", s, "x", None, None, None] for s in ("shop", "web", "app")]
    >>> tidy = tidy_records(pd.DataFrame(rows, columns=["record_id", "system", *FIELDS]))
    >>> scored = pd.DataFrame({"left": ["S1", "S1"], "right": ["W1", "A1"], "weight": [12.0, 3.0]})
    >>> owner = pd.Series({"S1": 7, "W1": 7, "A1": 8})
    >>> threshold_costs(tidy, scored, owner, 5, (0, 8, 16))["cost"].to_dict()
    {0: 10.0, 8: 0.0, 16: 1.0}
    """
    if not (np.isfinite(wrong_costs) and wrong_costs >= 0):
        raise CrmkitError(f"wrong_costs is a number from 0 on, not {wrong_costs!r}.")
    errors = pair_errors(tidy, scored, owner, thresholds, draws=draws, seed=seed)
    table = errors.table[["wrong_pairs", "missed_pairs"]]
    return table.assign(cost=errors.costs(wrong_costs)[:, 0], wins=errors.wins(wrong_costs))


@dataclass(frozen=True)
class PairErrors:
    """What each threshold gets wrong: made by `pair_errors`.

    Attributes
    ----------
    table : DataFrame
        Index ``bits``; the columns of `linkage_quality`, ``wrong_pairs``, ``missed_pairs``.
    wrong, missed : ndarray
        Wrong and missed pairs, a row per threshold: as they are (first column), and in each draw of the customers.
    """

    table: pd.DataFrame
    wrong: np.ndarray
    missed: np.ndarray

    def costs(self, wrong_costs: float) -> np.ndarray:
        """Give the cost (in missed pairs) of each threshold (row) in each draw (column; the first is no draw)."""
        return self.wrong * wrong_costs + self.missed

    def cheapest(self, wrong_costs: float) -> np.ndarray:
        """Give the place of the cheapest threshold in each draw; of equally cheap ones the lowest."""
        # Counted whole numbers times a price: equal costs may differ in the last bit.
        return np.round(self.costs(wrong_costs)[:, 1:], 9).argmin(axis=0)

    def wins(self, wrong_costs: float) -> np.ndarray:
        """Give the share of the draws in which each threshold is the cheapest."""
        won = np.bincount(self.cheapest(wrong_costs), minlength=len(self.table))
        return won / won.sum()


def pair_errors(
    tidy: pd.DataFrame,
    scored: pd.DataFrame,
    owner: pd.Series,
    thresholds: Sequence[float],
    *,
    draws: int = 200,
    seed: int | np.random.Generator = 0,
) -> PairErrors:
    """Count wrong and missed pairs at each threshold, in the data and in draws of their customers."""
    need_count(draws, "draws")
    if not len(thresholds):
        raise CrmkitError("thresholds: there are none.")
    true = owner.reindex(tidy.index)
    customers = pd.Index(true.dropna().unique())
    rng = generator(seed)
    drawn = rng.multinomial(len(customers), np.full(len(customers), 1 / len(customers)), draws)
    times = np.vstack([np.ones(len(customers)), drawn]).T
    wrong, missed, found = [], [], []
    for bits in thresholds:
        person = link_records(tidy, scored, bits)
        found.append(linkage_quality(person, owner))
        both = _found_and_true(person, owner)
        parts = both.groupby(["person", "owner"], sort=False).size().rename("records").reset_index()
        parts["at"] = customers.get_indexer(parts["owner"])
        inside = parts["records"] * (parts["records"] - 1) // 2
        own = parts.groupby("at")["records"].sum()
        apart = own * (own - 1) // 2 - inside.groupby(parts["at"]).sum()
        missed.append(apart.to_numpy() @ times[apart.index])
        two = parts[parts["person"].duplicated(keep=False)]
        pairs = two.merge(two, on="person", suffixes=("", "_other")).query("at < at_other")
        count = (pairs["records"] * pairs["records_other"]).to_numpy()
        wrong.append(count @ (times[pairs["at"]] * times[pairs["at_other"]]))
    table = _as_table(found, pd.Index(thresholds, name="bits")).assign(
        wrong_pairs=[int(each[0]) for each in wrong],
        missed_pairs=[int(each[0]) for each in missed],
    )
    return PairErrors(table, np.array(wrong), np.array(missed))


def judged_sample(
    person: pd.Series,
    owner: pd.Series,
    *,
    size: int = 200,
    seed: int | np.random.Generator = 0,
    level: float = 0.95,
) -> pd.DataFrame:
    """Estimate the two rates of a matching from pairs that were drawn at random and judged by hand.

    A firm has no truth file. For the error rate it draws pairs of records that were joined, and two people say of each
    whether it is one person. For the omission rate it asks customers which of its lists they are on, and looks
    whether those records were joined. Here the truth is the judge. The intervals are Wilson's (1927).

    Parameters
    ----------
    person
        From `link_records`.
    owner
        What the judges say: the customer of each record.
    size
        How many pairs are judged for each rate; all of them where there are fewer.
    seed
        Whole number or generator.
    level
        Share of samples in which an interval holds the rate of all pairs.

    Returns
    -------
    DataFrame
        Index ``error rate``, ``omission rate``; ``judged`` (pairs), ``wrong`` (of them), ``rate``, ``low``, ``high``
        (0 to 1; NaN where there is nothing to judge).

    Raises
    ------
    CrmkitError
        As `linkage_quality`; a `size` below 1.

    Examples
    --------
    >>> person = pd.Series([0, 0, 1, 2], index=["S1", "W1", "A1", "S2"])
    >>> owner = pd.Series([7, 7, 7, 8], index=["S1", "W1", "A1", "S2"])
    >>> judged_sample(person, owner)[["judged", "wrong"]].to_numpy().tolist()
    [[1, 0], [3, 2]]
    """
    need_count(size, "size, how many pairs are judged,")
    both = _found_and_true(person, owner)
    rng = generator(seed)
    rows = []
    for drawn_from, judge in (("person", "owner"), ("owner", "person")):
        pairs = _list_pairs(both[drawn_from])
        pairs = rng.choice(pairs, min(size, len(pairs)), replace=False, shuffle=False)
        said = both[judge].to_numpy()
        wrong = int((said[pairs[:, 0]] != said[pairs[:, 1]]).sum())
        low, high = wilson(wrong, len(pairs), level=level)
        rate = wrong / len(pairs) if len(pairs) else np.nan
        rows.append((len(pairs), wrong, rate, float(low), float(high)))
    return pd.DataFrame(
        rows,
        columns=["judged", "wrong", "rate", "low", "high"],
        index=["error rate", "omission rate"],
    )


def _list_pairs(group: pd.Series) -> np.ndarray:
    """List the pairs of rows that are in one group, by their row numbers."""
    rows = pd.DataFrame({"group": group.to_numpy(), "at": np.arange(len(group))})
    pairs = rows.merge(rows, on="group", suffixes=("", "_other")).query("at < at_other")
    return pairs[["at", "at_other"]].to_numpy()


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
