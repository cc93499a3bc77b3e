"""Records of several systems: spelt alike, paired, and compared field by field. See `crmkit.value.profile`."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from difflib import SequenceMatcher

import numpy as np
import pandas as pd

from crmkit.errors import CrmkitError
from crmkit.inputs import first_few, need_columns, need_rows
from crmkit.say import labels

#: What is compared, and how far two records can agree in it, best first. What either record lacks is no evidence.
FIELDS: dict[str, tuple[str, ...]] = {
    "name": ("same", "initial", "close", "different"),
    "email": ("same", "different"),
    "phone": ("same", "different"),
    "postcode": ("same", "different"),
}
MISSING = "missing"
labels("name", "email", "phone", "postcode", "same", "initial", "close", "different")
#: What people type where they have nothing to say. Two records that share such a word share nothing.
NOTHING_KNOWN = frozenset(
    {
        "n/a",
        "na",
        "n.a.",
        "none",
        "null",
        "nan",
        "nil",
        "unknown",
        "not known",
        "tbd",
        "-",
        "--",
        "---",
        ".",
        "?",
        "x",
    }
)

# People are called so: in a name these are no words for nothing.
_NAMES_TOO = {"na", "nan", "nil", "x"}
# Two neighbouring letters swapped in a name of ten letters still give 0.9; two names drawn at random rarely pass 0.7.
_CLOSE = 0.85
# A block of n records has n(n - 1) / 2 pairs. A value in more records than this (a switchboard, "n/a") tells nothing.
_LARGEST_BLOCK = 200


def tidy_records(records: pd.DataFrame, country_code: str = "44") -> pd.DataFrame:
    """Write the same thing the same way: capitals, accents and punctuation are no difference between people.

    Parameters
    ----------
    records
        One row per record with ``record_id``, ``system``, ``name``, ``email``, ``phone``, ``postcode``; the last four
        may be missing.
    country_code
        Country of the telephone numbers: "+44 114 496 0777" and "0114 496 0777" are one number. China's is "86".

    Returns
    -------
    DataFrame
        Index ``record_id``; the same columns as before, with name ("Hill, Ann" turned into "ann hill") and e-mail in
        small letters, the telephone number as digits without country code and leading zeros, the postcode in capitals
        without blanks; empty text and a word of `NOTHING_KNOWN` ("n/a", "-") become missing. Other columns stay as
        they are.

    Raises
    ------
    CrmkitError
        Where a column, a record's number or system is missing, a number stands twice, or there are no records.

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
    for column in ("record_id", "system"):
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
    for field, values in text.items():
        nothing = NOTHING_KNOWN - _NAMES_TOO if field == "name" else NOTHING_KNOWN
        text[field] = values.mask(values.str.casefold().isin(nothing))
    turned = text["name"].str.replace(r"^([^,]+),([^,]+)$", r"\2 \1", regex=True)
    plain = turned.map(_plain, na_action="ignore").astype("string")
    words = plain.str.replace(r"[^\w\s]", " ", regex=True)
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
    if values.dtype == object:  # numbers among text, as a spreadsheet with gaps gives them
        values = values.map(lambda v: int(v) if isinstance(v, float) and v.is_integer() else v)
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
    return names.map(lambda name: f"{name[0]} {name.split()[-1]}", na_action="ignore")


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
    left, right = (tidy.iloc[at] for at in pair_places(pairs, tidy.index, "pairs"))
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


def pair_places(pairs: pd.DataFrame, known: pd.Index, what: str) -> tuple[np.ndarray, np.ndarray]:
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
