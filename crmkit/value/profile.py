"""One customer, several records: find the records that belong together, and join them into one profile.

A till, a web shop and an app each keep a list of their own, so a good customer may look like three small ones. No field
proves that two records are of one person: addresses change, names are shared, telephone numbers too. Fellegi and
Sunter (1969) weigh the evidence: how much likelier is it that two records agree like this if they are of one person
than if they are of two? The logarithms (base 2) of these ratios are the weights of evidence, and they add up over the
fields. The ratios are learnt without a truth, from the records themselves, by the EM algorithm (Winkler 1988).

The way through: `tidy_records` → `candidate_pairs` → `compare_pairs` → `fit_match_weights` → `score_pairs` →
`link_records` → `customer_profile`; `linkage_quality` holds the result against the truth where there is one, and
`under_records` puts Fernwell's tables back to what its systems had written before anyone joined them.

Sources: I. P. Fellegi and A. B. Sunter, "A Theory for Record Linkage", JASA 64 (1969) 1183-1210; W. E. Winkler, "Using
the EM Algorithm for Weight Computation in the Fellegi-Sunter Model of Record Linkage", Proceedings of the Section
on Survey Research Methods, ASA (1988) 667-671; P. Christen, "Data Matching" (Springer 2012).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

import numpy as np
import pandas as pd

from crmkit.errors import CrmkitError
from crmkit.inputs import first_few, need_columns, need_frame, need_numbers, need_rows
from crmkit.value.needs import basket_features

__all__ = [
    "FIELDS",
    "MatchModel",
    "candidate_pairs",
    "compare_pairs",
    "customer_profile",
    "fit_match_weights",
    "link_records",
    "linkage_quality",
    "random_pairs",
    "score_pairs",
    "tidy_records",
    "under_records",
]

#: What is compared, and how far two records can agree in it, best first. What either record lacks is no evidence.
FIELDS: dict[str, tuple[str, ...]] = {
    "name": ("same", "initial", "close", "different"),
    "email": ("same", "different"),
    "phone": ("same", "different"),
    "postcode": ("same", "different"),
}
MISSING = "missing"

# Two neighbouring letters swapped in a name of ten letters still give 0.9; two names drawn at random rarely pass 0.7.
_CLOSE = 0.85
# A block of n records has n(n - 1) / 2 pairs. A value in more records than this (a switchboard, "n/a") tells nothing.
_LARGEST_BLOCK = 200


def tidy_records(records: pd.DataFrame, country_code: str = "44") -> pd.DataFrame:
    """Write the same thing the same way: capitals, accents and punctuation are no difference between people.

    Parameters
    ----------
    records
        One row per record with ``record_id``, ``system``, ``name``, ``email``, ``phone``, ``postcode``; the last three
        may be missing.
    country_code
        Country of the telephone numbers: "+44 114 496 0777" and "0114 496 0777" are one number. China's is "86".

    Returns
    -------
    DataFrame
        Index ``record_id``; the same columns as before, with name ("Hill, Ann" turned into "ann hill") and e-mail in
        small letters, the telephone number as digits without country code and leading zeros, the postcode in capitals
        without blanks; empty text becomes missing. Other columns stay as they are.

    Raises
    ------
    CrmkitError
        Where a column, a record's number, system or name is missing, a number stands twice, or there are no records.

    Examples
    --------
    >>> rows = [["S1", "shop", "HILL, Ann ", None, "0114 496-0777", "m21 6xs"]]
    >>> tidy = tidy_records(pd.DataFrame(rows, columns=["record_id", "system", *FIELDS]))
    >>> tidy.loc["S1", ["name", "phone", "postcode"]].tolist()
    ['ann hill', '1144960777', 'M216XS']
    """
    frame = need_rows(records, ["record_id", "system", *FIELDS], "records")
    if not (isinstance(country_code, str) and country_code.isdecimal()):
        raise CrmkitError(f'country_code is text of digits, such as "44", not {country_code!r}.')
    for column in ("record_id", "system", "name"):
        if frame[column].isna().any():
            where = frame.index[frame[column].isna()]
            raise CrmkitError(
                f"records: {column} is missing at row {first_few(where)}. Fill it or leave those rows out."
            )
    twice = frame["record_id"][frame["record_id"].duplicated()]
    if len(twice):
        raise CrmkitError(
            f"records: record_id {first_few(twice.unique())} stands more than once. Each record needs a number of "
            "its own: put the system's letter in front of it."
        )
    tidy = frame.set_index("record_id").copy()
    text = {field: _as_text(tidy[field]) for field in FIELDS}
    turned = text["name"].str.replace(r"^([^,]+),([^,]+)$", r"\2 \1", regex=True)
    words = turned.map(_plain, na_action="ignore").str.replace(r"[^\w\s]", " ", regex=True)
    text["name"] = words.str.replace(r"\s+", " ", regex=True).str.strip()
    text["email"] = text["email"].str.casefold()
    digits = text["phone"].str.replace(r"(?!^\+)\D", "", regex=True)
    home = digits.str.replace(rf"^(?:\+|00){country_code}", "", regex=True)
    text["phone"] = home.str.replace(r"^[+0]+", "", regex=True)
    text["postcode"] = text["postcode"].str.upper().str.replace(r"\s", "", regex=True)
    for field, values in text.items():
        empty = values.isna() | (values == "")
        tidy[field] = values.astype(object).mask(empty, None)
    return tidy


def _as_text(values: pd.Series) -> pd.Series:
    """Give text; a telephone number that was read as 1144960777.0 has no decimals."""
    if pd.api.types.is_float_dtype(values) and (values.dropna() % 1 == 0).all():
        values = values.astype("Int64")
    return values.astype("string").str.strip()


def _plain(name: str) -> str:
    """Small letters without accents; wide letters of Chinese typing become ordinary ones."""
    parts = unicodedata.normalize("NFKD", name.casefold())
    return "".join(letter for letter in parts if not unicodedata.combining(letter))


def candidate_pairs(
    tidy: pd.DataFrame, blocks: Sequence[str] = ("email", "phone", "postcode", "short_name")
) -> pd.DataFrame:
    """List the pairs of records worth a look: those from two systems that share at least one thing.

    All pairs of 9,000 records are forty million; almost none is of one person. Pairs are formed only within **blocks**:
    records that share an e-mail address, a telephone number, a postcode, or initial and last name. A pair that shares
    none of these is lost here already, which `linkage_quality` counts as missed.

    Parameters
    ----------
    tidy
        From `tidy_records`.
    blocks
        Columns of `tidy`, or ``short_name``: first letter and last word of the name.

    Returns
    -------
    DataFrame
        Columns ``left`` and ``right``: record numbers, each pair once. ``attrs["skipped"]`` counts, per block, values
        shared by more than 200 records, which were not used.

    Raises
    ------
    CrmkitError
        Where a block is no column.

    Examples
    --------
    >>> rows = [
    ...     ["S1", "shop", "Ann Hill", None, None, "M21 6XS"],
    ...     ["W1", "web", "A. Hill", "ann@example.org", None, None],
    ...     ["A1", "app", "Bo Ray", "bo@example.org", None, None],
    ... ]
    >>> tidy = tidy_records(pd.DataFrame(rows, columns=["record_id", "system", *FIELDS]))
    >>> candidate_pairs(tidy).to_numpy().tolist()
    [['S1', 'W1']]
    """
    keys = tidy.assign(short_name=_short_names(tidy["name"]))
    need_columns(keys, blocks, "blocks")
    found: list[np.ndarray] = []
    skipped: dict[str, int] = {}
    for block in blocks:
        values = keys[block].dropna()
        size = values.map(values.value_counts())
        skipped[block] = int(values[size > _LARGEST_BLOCK].nunique())
        part = values[(size > 1) & (size <= _LARGEST_BLOCK)].reset_index()
        place = pd.Series(np.arange(len(tidy)), index=tidy.index)
        part["at"] = place.reindex(part.iloc[:, 0]).to_numpy()
        both = part.merge(part, on=block, suffixes=("", "_other"))
        found.append(both.loc[both["at"] < both["at_other"], ["at", "at_other"]].to_numpy())
    at = np.unique(np.concatenate(found), axis=0) if found else np.empty((0, 2), int)
    pairs = _named(tidy, at)
    pairs.attrs["skipped"] = skipped
    return pairs


def random_pairs(tidy: pd.DataFrame, size: int = 20_000, seed: int = 0) -> pd.DataFrame:
    """Draw pairs of records from two systems by chance: nearly all are of two different people.

    `fit_match_weights` learns from them how often strangers agree by accident.

    Parameters
    ----------
    tidy
        From `tidy_records`.
    size
        Draws; pairs within one system and repeated pairs fall away.
    seed

    Returns
    -------
    DataFrame
        Columns ``left`` and ``right``. ``attrs["all_pairs"]``: how many pairs of two systems there are altogether.

    Examples
    --------
    >>> rows = [[f"{s}{i}", s, "x", None, None, None] for s in ("shop", "web") for i in range(5)]
    >>> tidy = tidy_records(pd.DataFrame(rows, columns=["record_id", "system", *FIELDS]))
    >>> random_pairs(tidy, 50).attrs["all_pairs"]
    25
    """
    sizes = tidy["system"].value_counts().to_numpy()
    total = int((sizes.sum() ** 2 - (sizes**2).sum()) // 2)
    if total == 0:
        raise CrmkitError(
            "records: all are from one system. Linking needs records of two systems or more."
        )
    drawn = np.random.default_rng(seed).integers(len(tidy), size=(size, 2))
    pairs = _named(tidy, np.unique(np.sort(drawn, axis=1), axis=0))
    pairs.attrs["all_pairs"] = total
    return pairs


def _named(tidy: pd.DataFrame, at: np.ndarray) -> pd.DataFrame:
    """Turn row numbers into record numbers, pairs within one system left out."""
    system = tidy["system"].to_numpy()
    at = at[system[at[:, 0]] != system[at[:, 1]]]
    ids = tidy.index.to_numpy()
    return pd.DataFrame({"left": ids[at[:, 0]], "right": ids[at[:, 1]]})


def _short_names(names: pd.Series) -> pd.Series:
    """First letter and last word: what "Ann Hill", "A. Hill" and "ANN HILL" share."""
    return names.str[:1] + " " + names.str.split().str[-1]


def compare_pairs(tidy: pd.DataFrame, pairs: pd.DataFrame) -> pd.DataFrame:
    """Say for each pair and field how far the two records agree.

    Parameters
    ----------
    tidy
        From `tidy_records`.
    pairs
        Columns ``left`` and ``right``.

    Returns
    -------
    DataFrame
        Columns ``left``, ``right``, and one per field of `FIELDS`. A name agrees as "same"; "initial" (one has but the
        first letter of the first name); "close" (a slip of the keys); or is "different". "missing": one of the two
        records lacks the field, which is no evidence either way.

    Examples
    --------
    >>> rows = [
    ...     ["S1", "shop", "Ann Hill", None, "0114 496 0777", "M21 6XS"],
    ...     ["W1", "web", "A. Hill", "ann@example.org", "0114 496 0777", "BN1 9YA"],
    ... ]
    >>> tidy = tidy_records(pd.DataFrame(rows, columns=["record_id", "system", *FIELDS]))
    >>> compare_pairs(tidy, candidate_pairs(tidy)).loc[0, list(FIELDS)].tolist()
    ['initial', 'missing', 'same', 'different']
    """
    need_columns(pairs, ["left", "right"], "pairs")
    left, right = (tidy.iloc[at] for at in _places(pairs, tidy.index, "pairs"))
    compared = pairs[["left", "right"]].reset_index(drop=True)
    for field in FIELDS:
        a, b = left[field].to_numpy(object), right[field].to_numpy(object)
        known = ~(pd.isna(a) | pd.isna(b))
        agreement = np.where(known, np.where(a == b, "same", "different"), MISSING)
        if field == "name":  # the only field with shades
            agreement = agreement.astype(object)
            agreement[known] = _compare_names(a[known], b[known])
        compared[field] = agreement
    return compared


def _places(pairs: pd.DataFrame, known: pd.Index, what: str) -> tuple[np.ndarray, np.ndarray]:
    """Give the row numbers of both sides of the pairs; a record that is not there is named."""
    found = []
    for column in ("left", "right"):
        at = known.get_indexer(pairs[column])
        if (at < 0).any():
            raise CrmkitError(
                f"{what}, column {column}: {first_few(pairs.loc[at < 0, column].unique())} are no records of the tidy "
                "table. Both must come from the same records."
            )
        found.append(at)
    return found[0], found[1]


def _compare_names(a: np.ndarray, b: np.ndarray) -> list[str]:
    pairs = list(zip(a, b, strict=True))
    found = {pair: _agreement(*pair) for pair in set(pairs)}
    return [found[pair] for pair in pairs]


def _agreement(one: str, other: str) -> str:
    if one == other:
        return "same"
    (first, _, last), (first_other, _, last_other) = one.rpartition(" "), other.rpartition(" ")
    if (
        last == last_other
        and first[:1] == first_other[:1]
        and min(len(first), len(first_other)) == 1
    ):
        return "initial"
    alike = SequenceMatcher(a=one, b=other, autojunk=False)
    quick = alike.real_quick_ratio() >= _CLOSE and alike.quick_ratio() >= _CLOSE
    return "close" if quick and alike.ratio() >= _CLOSE else "different"


@dataclass(frozen=True)
class MatchModel:
    """What was learnt about agreement: made by `fit_match_weights`.

    Attributes
    ----------
    table : DataFrame
        Index ``field``, ``agreement``; ``same_person`` (the literature's m: how often records of one person agree so),
        ``strangers`` (u: how often records of two people do), ``weight`` (log2 of their ratio, in bits).
    prior : float
        Share of all pairs of two systems that are of one person.
    iterations : int
        Rounds until nothing moved any more.
    """

    table: pd.DataFrame
    prior: float
    iterations: int

    @property
    def prior_weight(self) -> float:
        """What a pair must make up for before it is as likely as not of one person: log2 of the prior odds."""
        return float(np.log2(self.prior / (1 - self.prior)))


def fit_match_weights(
    candidates: pd.DataFrame, strangers: pd.DataFrame, all_pairs: int, *, rounds: int = 500
) -> MatchModel:
    """Learn the weights of evidence from the records themselves, by the EM algorithm: nobody says who is who.

    Every pair is either of one person or of two. Begin with a guess of how the two kinds agree; ask of each pattern
    how probable each kind is; learn from that how the two kinds agree; again, until nothing moves. Given the kind, the
    fields are taken to agree or not independently of each other (a family that shares name and telephone breaks this).

    Parameters
    ----------
    candidates
        Compared `candidate_pairs`: all the pairs that share something.
    strangers
        Compared `random_pairs`: they stand for all the other pairs.
    all_pairs
        How many pairs there are altogether (``attrs["all_pairs"]`` of `random_pairs`).
    rounds
        At most so many.

    Returns
    -------
    MatchModel

    Raises
    ------
    CrmkitError
        Where there are no candidates, or too few to learn from.

    Examples
    --------
    >>> import crmkit
    >>> tidy = tidy_records(crmkit.load("channel_records"))
    >>> some = random_pairs(tidy)
    >>> model = fit_match_weights(
    ...     compare_pairs(tidy, candidate_pairs(tidy)), compare_pairs(tidy, some), some.attrs["all_pairs"]
    ... )
    >>> bool(model.table.loc[("email", "same"), "weight"] > model.table.loc[("postcode", "same"), "weight"] > 0)
    True
    """
    fields = list(FIELDS)
    for frame, what in ((candidates, "candidates"), (strangers, "strangers")):
        need_columns(frame, ["left", "right", *fields], what)
        if frame.empty:
            raise CrmkitError(f"{what}: there are no pairs to learn from.")
    if all_pairs <= len(candidates):
        raise CrmkitError(
            f"all_pairs is {all_pairs:,}, but there are {len(candidates):,} candidates already: it counts every pair."
        )
    seen = pd.MultiIndex.from_frame(candidates[["left", "right"]])
    others = strangers[~pd.MultiIndex.from_frame(strangers[["left", "right"]]).isin(seen)]
    if others.empty:
        raise CrmkitError("strangers: every pair is a candidate too. Draw more random pairs.")
    pattern = pd.concat(
        [
            candidates.groupby(fields).size(),
            others.groupby(fields).size() * ((all_pairs - len(candidates)) / len(others)),
        ]
    )
    pattern = pattern.groupby(level=fields).sum()
    pairs = pattern.to_numpy(float)
    levels = pattern.index.to_frame(index=False)
    masks = {
        (field, level): (levels[field] == level).to_numpy()
        for field, known in FIELDS.items()
        for level in known
    }
    m = {key: 0.9 if key[1] == "same" else 0.1 / (len(FIELDS[key[0]]) - 1) for key in masks}
    u = {key: max(pairs[mask].sum(), 0.5) / pairs.sum() for key, mask in masks.items()}
    # Begin with as many matches as there are pairs that agree in two fields or more.
    prior = max(pairs[(levels == "same").sum(axis=1) >= 2].sum(), 1.0) / pairs.sum()
    iterations, moved = 0, np.inf
    while moved > 1e-9 and iterations < rounds:
        iterations += 1
        odds = np.full(len(pairs), prior / (1 - prior))
        for key, mask in masks.items():
            odds[mask] *= m[key] / u[key]
        same = odds / (1 + odds) * pairs
        before, prior = prior, float(np.clip(same.sum() / pairs.sum(), 1e-9, 0.5))
        m, u = _shares(masks, same), _shares(masks, pairs - same)
        moved = abs(prior / before - 1)
    table = pd.DataFrame({"same_person": m, "strangers": u})
    table.index = pd.MultiIndex.from_tuples(table.index, names=["field", "agreement"])
    table["weight"] = np.log2(table["same_person"] / table["strangers"])
    return MatchModel(table, prior, iterations)


def _shares(
    masks: dict[tuple[str, str], np.ndarray], pairs: np.ndarray
) -> dict[tuple[str, str], float]:
    """Give the share of each level among the pairs that know the field; half a pair more, so that none is zero."""
    counted = {key: pairs[mask].sum() + 0.5 for key, mask in masks.items()}
    known = {
        field: sum(counted[field, level] for level in levels) for field, levels in FIELDS.items()
    }
    return {key: float(count / known[key[0]]) for key, count in counted.items()}


def score_pairs(compared: pd.DataFrame, model: MatchModel) -> pd.DataFrame:
    """Add up the weights of evidence of each pair.

    Parameters
    ----------
    compared
        From `compare_pairs`.
    model

    Returns
    -------
    DataFrame
        `compared` with ``weight`` (bits; a missing field adds 0) and ``probability`` that the two are one person,
        which also counts that most pairs are not.

    Examples
    --------
    >>> table = pd.DataFrame({"weight": {("name", "same"): 9.0, ("email", "same"): 12.0}})
    >>> compared = pd.DataFrame({"name": ["same"], "email": ["same"], "phone": ["missing"], "postcode": ["missing"]})
    >>> score_pairs(compared, MatchModel(table, prior=2**-11, iterations=1))["weight"].tolist()
    [21.0]
    """
    need_columns(compared, list(FIELDS), "compared")
    weight = np.zeros(len(compared))
    for field in FIELDS:
        known = (
            model.table["weight"].xs(field, level=0)
            if field in model.table.index.get_level_values(0)
            else {}
        )
        weight += compared[field].map(dict(known)).fillna(0.0).to_numpy(float)
    odds = np.exp2(np.clip(weight + model.prior_weight, -1000, 1000))
    return compared.assign(weight=weight, probability=odds / (1 + odds))


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
    left, right = _places(strong, tidy.index, "scored")
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


def customer_profile(
    records: pd.DataFrame,
    person: pd.Series,
    orders: pd.DataFrame,
    *,
    activity: pd.DataFrame | None = None,
    order_lines: pd.DataFrame | None = None,
    products: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Join the records of each person and what stands under them: value, behaviour and need, one row per person.

    Parameters
    ----------
    records
        As the systems have them (not tidied), with ``created``.
    person
        From `link_records`.
    orders
        ``record_id``, ``order_date``, ``turnover``; ``margin`` too if it is to be summed, and ``order_id`` for the
        need.
    activity
        What else the systems wrote down, such as log-ins, enquiries and reviews: ``record_id`` and columns of numbers,
        any number of rows per record. They are summed; nothing written counts as 0.
    order_lines, products
        As for `crmkit.value.needs.basket_features`: how somebody chooses says what they need.

    Returns
    -------
    DataFrame
        Index ``person``. Who: ``records``, ``systems`` ("shop + web"), ``name``, ``email``, ``phone``, ``postcode``
        (of each the newest that is not missing; of the names the longest, because an initial says less). Value:
        ``orders``, ``turnover``, ``margin`` (0 where nothing was bought). Behaviour: ``first_order``, ``last_order``,
        ``favourite`` (the system most orders came through; missing where nothing was bought), the columns of
        `activity`. Need: the columns of `basket_features` (missing where nothing was bought). Rows of unknown records
        are counted in ``attrs["orders_without_record"]`` and ``attrs["activity_without_record"]``.

    Raises
    ------
    CrmkitError
        Where a column is missing or holds no numbers, or records stand twice.

    Examples
    --------
    >>> rows = [
    ...     ["S1", "shop", "A. Hill", None, "0114 496 0777", "M21 6XS", "2024-01-02"],
    ...     ["W1", "web", "Ann Hill", "ann@example.org", None, "M21 6XS", "2025-03-04"],
    ... ]
    >>> records = pd.DataFrame(rows, columns=["record_id", "system", *FIELDS, "created"])
    >>> orders = pd.DataFrame({"record_id": ["S1", "W1"], "order_date": ["2024-01-02", "2025-03-04"],
    ...                        "turnover": [20.0, 30.0]})
    >>> found = customer_profile(records, pd.Series({"S1": 0, "W1": 0}), orders)
    >>> found.loc[0, ["systems", "name"]].tolist()
    ['shop + web', 'Ann Hill']
    """
    need_columns(records, ["record_id", "system", *FIELDS, "created"], "records")
    orders = need_columns(orders, ["record_id", "order_date", "turnover"], "orders")
    for values, what in ((records["record_id"], "records"), (person.index, "person")):
        if pd.Index(values).has_duplicates:
            twice = pd.Index(values)[pd.Index(values).duplicated()].unique()
            raise CrmkitError(f"{what}: record_id {first_few(twice)} stands more than once.")
    known = records.assign(person=records["record_id"].map(person)).dropna(subset="person")
    known = known.assign(
        person=known["person"].astype(int),
        length=known["name"].str.replace(".", "", regex=False).str.len(),
    )
    newest = known.sort_values("created", kind="stable").groupby("person")
    longest = known.sort_values(["length", "created"], kind="stable").groupby("person")
    profile = pd.DataFrame(
        {
            "records": newest.size(),
            "systems": newest["system"].agg(lambda names: " + ".join(sorted(set(names)))),
            "name": longest["name"].last(),
            **{field: newest[field].last() for field in ("email", "phone", "postcode")},
        }
    )
    money = [column for column in ("turnover", "margin") if column in orders]
    for column in money:
        need_numbers(orders[column], f"orders, column {column}", empty=True)
    bought = orders.assign(
        person=orders["record_id"].map(person),
        system=orders["record_id"].map(records.set_index("record_id")["system"]),
    )
    inside = bought.dropna(subset="person")
    by_person = inside.groupby("person")
    value = by_person[money].sum()
    value.insert(0, "orders", by_person.size())
    value["first_order"], value["last_order"] = (
        by_person["order_date"].min(),
        by_person["order_date"].max(),
    )
    counts = inside.groupby(["person", "system"]).size().sort_values(kind="stable")
    value["favourite"] = counts.reset_index().groupby("person")["system"].last()
    profile = profile.join(value)
    profile[["orders", *money]] = profile[["orders", *money]].fillna(0)
    profile["orders"] = profile["orders"].astype(int)
    lost = {"orders_without_record": int(bought["person"].isna().sum())}
    if activity is not None:
        done, lost["activity_without_record"] = _sum_of_activity(activity, person)
        profile = profile.join(done)
        profile[done.columns] = profile[done.columns].fillna(0)
    if order_lines is not None and products is not None:
        own = inside.assign(customer_id=inside["person"].astype(int))
        lines = need_frame(order_lines, "order_lines")
        need_columns(own, ["order_id"], "orders")
        need_columns(lines, ["order_id"], "order_lines")
        need = basket_features(lines[lines["order_id"].isin(own["order_id"])], own, products)
        profile = profile.join(need)
    profile.attrs.update(lost)
    return profile


def _sum_of_activity(activity: pd.DataFrame, person: pd.Series) -> tuple[pd.DataFrame, int]:
    """Give the sums of each person, and the number of rows that belong to no known record."""
    need_columns(activity, ["record_id"], "activity")
    columns = [column for column in activity.columns if column != "record_id"]
    for column in columns:
        need_numbers(activity[column].fillna(0), f"activity, column {column}", empty=True)
    whose = activity["record_id"].map(person)
    return activity[columns].groupby(whose).sum(), int(whose.isna().sum())
