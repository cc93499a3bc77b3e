"""How well rows hide people: classes of rows that look alike, what a link with another list finds, and coarser columns.

Problem
    A table without names can still point at people: postcode, year of birth and gender together are rare. Columns that
    somebody else may know, too, are called quasi-identifiers. Rows that agree in all of them form a class.

Sources
    k-anonymity: Sweeney (2002), Int. J. of Uncertainty, Fuzziness and Knowledge-Based Systems 10(5). l-diversity:
    Machanavajjhala, Kifer, Gehrke & Venkitasubramaniam (2007), ACM Trans. on Knowledge Discovery from Data 1(1).
    Chance that a unique match is right: Skinner & Elliot (2002), J. of the Royal Statistical Society B 64(4). Variance
    of a number of classes: Good & Toulmin (1956), Efron & Thisted (1976), both Biometrika. Shares: Wilson (1927).
    Slope: least squares with HC2 standard errors (MacKinnon & White 1985). Information that a coarser column keeps:
    Lagakos (1988), Statistics in Medicine 7.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from crmkit.errors import CrmkitError
from crmkit.inference import critical_value, wilson
from crmkit.inputs import (
    need_columns,
    need_count,
    need_numbers,
    need_probability,
    need_rows,
    need_share,
    need_unique,
)
from crmkit.later import later

stats = later("scipy.stats")
#: Terms of the alternating sum in the variance of the number of unique rows.
_TERMS = 8


def class_sizes(table: pd.DataFrame, quasi: Sequence[str]) -> pd.Series:
    """Say of each row how many rows look like it, itself included.

    Parameters
    ----------
    table
        One row per person.
    quasi
        The quasi-identifiers. A missing value is a value of its own.

    Returns
    -------
    Series
        ``rows``, in the order of the table.

    Examples
    --------
    >>> class_sizes(pd.DataFrame({"area": ["N", "N", "S"]}), ["area"]).tolist()
    [2, 2, 1]
    """
    need_rows(table, list(quasi), "table")
    if not len(quasi):
        return pd.Series(len(table), index=table.index, name="rows")
    return _sizes(_codes(table, quasi), table.index)


def _codes(table: pd.DataFrame, quasi: Sequence[str]) -> np.ndarray:
    """Number of the class of each row."""
    code = np.zeros(len(table), dtype=np.int64)
    for name in quasi:
        one = pd.factorize(table[name], use_na_sentinel=False)[0]
        code = pd.factorize(code * (int(one.max()) + 1) + one)[0].astype(np.int64)
    return code


def _sizes(code: np.ndarray, index: pd.Index) -> pd.Series:
    return pd.Series(np.bincount(code)[code], index=index, name="rows")


def k_anonymity(
    table: pd.DataFrame, quasi: Sequence[str], *, want: int = 5, level: float = 0.95
) -> pd.Series:
    """Say how well the rows of a table hide people: the smallest class, and the share of rows that are alone.

    Parameters
    ----------
    table
        One row per person.
    quasi
        The columns that somebody else may know.
    want
        The size of a class that is asked for.
    level
        Share of samples in which the interval holds the truth.

    Returns
    -------
    Series
        ``rows``, ``classes``, ``k`` (rows in the smallest class), ``unique`` (rows that are alone), ``share_unique``
        with ``low`` and ``high``, ``share_below`` (share of rows in classes of fewer than `want`).

    Notes
    -----
    k and the number of unique rows are facts of this table. The interval is about another sample of the same size from
    the same customers: which share of its rows would be alone? The number of rows in a class is taken as
    Poisson, with a mean m of its own. A row is alone with chance m exp(-m), so the number of unique rows has the
    variance E(u) - sum of (m exp(-m))^2, less (u - 2 d)^2 / n for the fixed size; u and d are the classes of one and
    two. The sum is estimated without bias by 2 d - 6 t + 12 q - ... (classes of two, three, four rows), as Good and
    Toulmin (1956, Biometrika 43) estimate what a further sample holds.

    Examples
    --------
    >>> table = pd.DataFrame({"area": ["N"] * 3 + ["S"] * 2 + ["W"], "decade": [70, 70, 70, 80, 80, 90]})
    >>> found = k_anonymity(table, ["area", "decade"])
    >>> int(found["k"]), int(found["unique"]), round(found["share_unique"], 2)
    (1, 1, 0.17)
    """
    need_count(want, "want")
    need_probability(level, "level")
    size = class_sizes(table, quasi).to_numpy()
    n, alone = len(size), int((size == 1).sum())
    share = alone / n
    low = high = np.nan
    if n > 1:
        half = critical_value(level) * np.sqrt(_variance_of_unique(size)) / n
        low, high = max(share - half, 0.0), min(share + half, 1.0)
        if half == 0:  # as for a share
            low, high = wilson(alone, n, level=level)
    return pd.Series(
        {
            "rows": n,
            "classes": round(float(np.sum(1 / size))),
            "k": int(size.min()),
            "unique": alone,
            "share_unique": share,
            "low": float(low),
            "high": float(high),
            "share_below": float((size < want).mean()),
        },
        dtype=object,
    )


def _variance_of_unique(size: np.ndarray) -> float:
    """Variance of the number of unique rows in samples of one size; see the notes of `k_anonymity`."""
    n = len(size)
    most = int(size.max())
    classes = np.bincount(size, minlength=4)[: most + 1] / np.maximum(np.arange(most + 1), 1)
    x = np.arange(2, most + 1)
    # An alternating sum; its later terms are damped, or a few large classes would decide (Efron & Thisted 1976).
    damped = stats.binom.sf(x - 3, _TERMS, 0.5)
    squares = float(np.sum(np.where(x % 2, -1.0, 1.0) * x * (x - 1) * classes[2:] * damped))
    slope = classes[1] - 2 * classes[2] if most > 1 else classes[1]
    # m exp(-m) is at most 1 / e: so the sum is at most E(u) / e.
    variance = classes[1] - np.clip(squares, 0.0, classes[1] / np.e) - slope**2 / n
    return max(float(variance), 0.0)


def l_diversity(
    table: pd.DataFrame, quasi: Sequence[str], sensitive: str, *, want: int = 2
) -> pd.Series:
    """Say how many different values of a sensitive column the classes hold.

    Parameters
    ----------
    table
        One row per person.
    quasi
        The columns that somebody else may know.
    sensitive
        The column that nobody should learn.
    want
        How many different values a class should hold.

    Returns
    -------
    Series
        ``classes``, ``l`` (fewest different values in a class), ``share_known`` (share of rows whose class holds one
        value only: anyone who finds the class knows it), ``share_below`` (share of rows in classes with fewer than
        `want`).

    Notes
    -----
    These are facts of the table, no estimates.

    Examples
    --------
    >>> table = pd.DataFrame({"area": ["N", "N", "S", "S"], "note": ["ill", "ill", "ill", "none"]})
    >>> l_diversity(table, ["area"], "note").tolist()
    [2, 1, 0.5, 0.5]
    """
    need_rows(table, [*quasi, sensitive], "table")
    need_count(want, "want")
    code = _codes(table, quasi)
    value = pd.factorize(table[sensitive], use_na_sentinel=False)[0]
    pairs = np.unique(np.column_stack([code, value]), axis=0)
    different = np.bincount(pairs[:, 0])
    of_row = different[code]
    return pd.Series(
        {
            "classes": len(different),
            "l": int(different.min()),
            "share_known": float((of_row == 1).mean()),
            "share_below": float((of_row < want).mean()),
        },
        dtype=object,
    )


class Generalised(NamedTuple):
    """A coarser table.

    Attributes
    ----------
    table : DataFrame
        The rows that are left, with coarser columns.
    suppressed : int
        How many rows were left out because too few looked like them.
    """

    table: pd.DataFrame
    suppressed: int


def generalise(
    table: pd.DataFrame,
    *,
    years: Mapping[str, int] | None = None,
    characters: Mapping[str, int] | None = None,
    drop: Sequence[str] = (),
    k: int = 1,
    quasi: Sequence[str] | None = None,
) -> Generalised:
    """Make columns coarser, leave some out, and leave out rows that still look like too few others.

    Parameters
    ----------
    table
        One row per person.
    years
        Number columns and the width of their bands: ``{"birth_year": 10}`` writes 1970 for 1970 to 1979.
    characters
        Text columns and how many characters stay, blanks not counted: ``{"postcode": 3}`` writes M21 for M21 6XS.
    drop
        Columns to leave out.
    k
        Rows in classes of fewer than `k` are left out (suppressed).
    quasi
        The columns that make the classes. Default: those of `years` and `characters`.

    Returns
    -------
    Generalised
        table, suppressed.

    Raises
    ------
    CrmkitError
        Missing columns; a width below 1; a number of characters below 0.

    Examples
    --------
    >>> table = pd.DataFrame({"postcode": ["M21 6XS", "M21 4AB", "TA5 1AA"], "birth_year": [1971, 1978, 1950]})
    >>> generalise(table, years={"birth_year": 10}, characters={"postcode": 3}, k=2).table.values.tolist()
    [['M21', 1970], ['M21', 1970]]
    """
    years, characters = dict(years or {}), dict(characters or {})
    classes = [*years, *characters] if quasi is None else list(quasi)
    need_rows(table, [*years, *characters, *drop], "table")
    need_count(k, "k")
    coarse = table.copy()
    for name, width in years.items():
        step = need_count(width, f"years[{name!r}]")
        values = need_numbers(coarse[name], name)
        coarse[name] = (np.floor(values / step) * step).astype(int)
    for name, number in characters.items():
        if not isinstance(number, (int, np.integer)) or number < 0:
            raise CrmkitError(
                f"characters[{name!r}] is a whole number from 0 (nothing stays), not {number!r}."
            )
        coarse[name] = shortened(coarse[name], number)
    coarse = coarse.drop(columns=list(drop))
    need_columns(coarse, classes, "table without what was dropped")
    if k == 1:
        return Generalised(coarse, 0)
    enough = class_sizes(coarse, classes) >= k
    return Generalised(coarse[enough], int((~enough).sum()))


def shortened(values: pd.Series, number: int) -> pd.Series:
    """Keep the first characters of each text, blanks not counted; what is missing stays missing.

    Examples
    --------
    >>> shortened(pd.Series(["M21 6XS"]), 4).tolist()
    ['M216']
    """
    return (
        values.astype("string")
        .str.replace(r"\s", "", regex=True)
        .str.slice(0, number)
        .astype(object)
    )


def trend_by_year(
    table: pd.DataFrame,
    outcome: str,
    *,
    by: str = "birth_year",
    per: float = 10,
    level: float = 0.95,
) -> pd.Series:
    """Say how much more often something holds for people born earlier: a straight line through 0 and 1.

    Parameters
    ----------
    table
        One row per person.
    outcome
        Column of True and False, or a number.
    by
        Column of years, whole or in bands. A narrow band moves everybody in it by about the same, so the slope stays;
        wide bands (a generation) make it flatter.
    per
        Years that the slope is for.
    level
        Share of samples in which the interval holds the truth.

    Returns
    -------
    Series
        ``rows``, ``estimate`` (change for people born `per` years earlier), ``low``, ``high``, ``se``. Without an
        interval (missing) where all years are alike, or below four rows.

    Examples
    --------
    >>> table = pd.DataFrame({"birth_year": [1950, 1960, 1970, 1980] * 25, "much": [True, True, False, False] * 25})
    >>> float(round(trend_by_year(table, "much")["estimate"], 2))
    0.4
    """
    need_rows(table, [outcome, by], "table")
    need_probability(level, "level")
    y = need_numbers(table[outcome].astype(float), outcome)
    x = -need_numbers(table[by], by) / per
    n = len(x)
    nothing = {"rows": n, "estimate": np.nan, "low": np.nan, "high": np.nan, "se": np.nan}
    centred = x - x.mean()
    square = float(np.sum(centred**2))
    if n < 4 or square <= 1e-9 * n:
        return pd.Series(nothing)
    slope = float(np.sum(centred * y) / square)
    residual = y - y.mean() - slope * centred
    leverage = np.minimum(1 / n + centred**2 / square, 1 - 1e-9)
    se = float(np.sqrt(np.sum((centred * residual) ** 2 / (1 - leverage))) / square)
    half = critical_value(level, n - 2) * se if se > 0 else np.nan
    return pd.Series(
        nothing | {"estimate": slope, "low": slope - half, "high": slope + half, "se": se}
    )


def what_is_lost(
    before: pd.DataFrame,
    after: pd.DataFrame,
    outcome: str,
    *,
    by: str = "birth_year",
    level: float = 0.95,
) -> pd.DataFrame:
    """Do the same analysis (`trend_by_year`) on a table as it was and on the coarser one.

    Parameters
    ----------
    before, after
        The table as it was, and what is left of it: rows of `before` (the same index), as `generalise` gives them.
    outcome, by, level
        See `trend_by_year`.

    Returns
    -------
    DataFrame
        Two rows, ``version`` "before" and "after": ``rows``, ``estimate``, ``low``, ``high``, ``kept`` (information
        left: the squared standard error before over that after; .5 means that half as many rows would have told as
        much; at most 1). Bands stretch the years, which alone would make the standard error smaller. So the one after
        is put back on the scale of the true years, and with all rows kept `kept` is the squared correlation of the
        years and their bands (Lagakos 1988).

    Raises
    ------
    CrmkitError
        Rows of `after` that are not rows of `before`.

    Examples
    --------
    >>> table = pd.DataFrame({"birth_year": [1950, 1960, 1970, 1980] * 25, "much": [True, True, False, True] * 25})
    >>> what_is_lost(table, table.iloc[:50], "much")["kept"].round(2).tolist()
    [1.0, 0.47]
    """
    rows = [trend_by_year(table, outcome, by=by, level=level) for table in (before, after)]
    found = pd.DataFrame(rows).assign(version=["before", "after"])
    scale = np.array([1.0, _years_per_band_year(before, after, by)])
    kept = np.minimum((rows[0]["se"] * scale / found["se"]) ** 2, 1.0).fillna(0.0)
    found = found.assign(kept=kept, rows=found["rows"].astype(int))
    return found[["version", "rows", "estimate", "low", "high", "kept"]]


def _years_per_band_year(before: pd.DataFrame, after: pd.DataFrame, by: str) -> float:
    """How many true years lie between people whose bands are one year apart, on average (a slope)."""
    if not (before.index.is_unique and after.index.isin(before.index).all()):
        raise CrmkitError(
            "after must hold rows of before, with the same index: take the table that `generalise` gives."
        )
    years = before.loc[after.index, by].to_numpy(dtype=float)
    band = after[by].to_numpy(dtype=float)
    if np.array_equal(years, band):
        return 1.0
    if len(band) == 0 or np.ptp(band) == 0:
        return 0.0
    centred = band - band.mean()
    return float(np.sum(centred * years) / np.sum(centred**2))


# ---- linking two files -----------------------------------------------------------------------------------------------


def link_files(
    extract: pd.DataFrame,
    known: pd.DataFrame,
    on: Sequence[str],
    *,
    row: str = "extract_id",
    person: str = "member_id",
) -> pd.DataFrame:
    """Find rows of a table without names in a list with names: those that agree, one row with one person only.

    Parameters
    ----------
    extract
        The table without names; `row` numbers its rows.
    known
        The list with names; `person` numbers its people.
    on
        Columns that both have.
    row, person
        Columns of the numbers.

    Returns
    -------
    DataFrame
        One row per link: `row`, `person`. A person whom two rows fit, and a row that two persons fit, are left out:
        nobody could say who is who.

    Examples
    --------
    >>> extract = pd.DataFrame({"extract_id": [1, 2, 3], "area": ["N", "S", "S"]})
    >>> known = pd.DataFrame({"member_id": [7, 8], "area": ["N", "S"]})
    >>> link_files(extract, known, ["area"]).values.tolist()
    [[1, 7]]
    """
    need_rows(extract, [row, *on], "extract")
    need_rows(known, [person, *on], "known")
    need_unique(extract, [row], "extract")
    need_unique(known, [person], "known")
    if not len(on):
        raise CrmkitError("on: name one column at least that both tables have.")
    left = extract.loc[class_sizes(extract, on) == 1, [row, *on]].dropna()
    right = known.loc[class_sizes(known, on) == 1, [person, *on]].dropna()
    return left.merge(right, on=list(on))[[row, person]]


def link_rates(
    links: pd.DataFrame,
    rows: pd.DataFrame,
    people: pd.DataFrame,
    *,
    row: str = "extract_id",
    person: str = "member_id",
    level: float = 0.95,
) -> pd.Series:
    """Compare links with the truth: how many people were found, and how many links name the wrong one.

    Parameters
    ----------
    links
        From `link_files`.
    rows, people
        The truth: whose each row is (`row`, ``customer_id``), and which customer each person is (`person`,
        ``customer_id``; empty: none).
    row, person
        Columns of the numbers.
    level
        Share of samples in which the intervals hold the truth.

    Returns
    -------
    Series
        ``people`` (of the list, whose row is in the extract), ``linked``, ``right``, ``wrong``; ``found`` (right ones
        of ``people``) with ``found_low``, ``found_high``; ``share_right`` (of the links) with ``low``, ``high``.

    Examples
    --------
    >>> links = pd.DataFrame({"extract_id": [1, 2], "member_id": [7, 8]})
    >>> rows = pd.DataFrame({"extract_id": [1, 2, 3], "customer_id": [11, 12, 13]})
    >>> people = pd.DataFrame({"member_id": [7, 8, 9], "customer_id": [11, None, 13]})
    >>> link_rates(links, rows, people)[["people", "right", "wrong"]].tolist()
    [2, 1, 1]
    """
    need_columns(links, [row, person], "links")
    need_rows(rows, [row, "customer_id"], "rows")
    need_rows(people, [person, "customer_id"], "people")
    need_probability(level, "level")
    whose = rows.set_index(row)["customer_id"]
    who = people.set_index(person)["customer_id"]
    right = int(
        (links[row].map(whose).to_numpy(float) == links[person].map(who).to_numpy(float)).sum()
    )
    there = int(who.isin(whose).sum())
    linked = len(links)
    found_low, found_high = wilson(right, there, level=level)
    low, high = wilson(right, linked, level=level)
    return pd.Series(
        {
            "people": there,
            "linked": linked,
            "right": right,
            "wrong": linked - right,
            "found": right / there if there else np.nan,
            "found_low": float(found_low),
            "found_high": float(found_high),
            "share_right": right / linked if linked else np.nan,
            "low": float(low),
            "high": float(high),
        },
        dtype=object,
    )


def match_risk(
    table: pd.DataFrame, quasi: Sequence[str], share: float, *, level: float = 0.95
) -> pd.Series:
    """Estimate, without the truth, how often somebody who fits one row only is really that person.

    Parameters
    ----------
    table
        A sample of people chosen at random.
    quasi
        The columns that somebody else may know.
    share
        Share of all the people that the table holds.
    level
        Share of samples in which the interval holds the truth.

    Returns
    -------
    Series
        ``unique``, ``pairs`` (classes of two rows), ``estimate``, ``low``, ``high``. Without an interval where there is
        no unique row, or no pair and not everybody is in the table.

    Notes
    -----
    Skinner & Elliot (2002): with a share p of all in the sample, p u / (p u + 2 (1 - p) d), where u rows are unique and
    d classes hold two. The odds are u over the number of people who look like a unique row and are not in it; the
    interval is for these odds, on the log scale. Counts are taken as Poisson: of pairs, and of those who were missed.

    Examples
    --------
    >>> table = pd.DataFrame({"area": list("ABCDEEFFGGGHHH")})
    >>> match_risk(table, ["area"], 0.5)[["unique", "pairs", "estimate"]].round(2).tolist()
    [4, 2, 0.5]
    """
    need_share(share, "share")
    need_probability(level, "level")
    size = class_sizes(table, quasi).to_numpy()
    unique, pairs = int((size == 1).sum()), int((size == 2).sum() // 2)
    threes = int((size == 3).sum() // 3)
    below = share * unique + 2 * (1 - share) * pairs
    estimate = share * unique / below if below > 0 else np.nan
    low = high = np.nan
    if share == 1 and unique:
        low = high = 1.0
    elif unique and pairs:
        missed = 2 * pairs * (1 - share) / share
        half = critical_value(level) * np.sqrt(1 / pairs + 1 / missed + 1.5 * threes / pairs**2)
        odds = np.log(estimate / (1 - estimate))
        low, high = (float(1 / (1 + np.exp(-(odds + sign * half)))) for sign in (-1, 1))
    return pd.Series(
        {"unique": unique, "pairs": pairs, "estimate": estimate, "low": low, "high": high},
        dtype=object,
    )


__all__ = [
    "Generalised",
    "class_sizes",
    "generalise",
    "k_anonymity",
    "l_diversity",
    "link_files",
    "link_rates",
    "match_risk",
    "shortened",
    "trend_by_year",
    "what_is_lost",
]
