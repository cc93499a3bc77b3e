"""What every function of this room asks of its input, said once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from crmkit.errors import CrmkitError

Floats = npt.NDArray[np.float64]


def first_few(items: Iterable[object], n: int = 3) -> str:
    """Name the first few offenders, and say how many more there are."""
    listed = list(items)
    more = len(listed) - n
    return ", ".join(map(str, listed[:n])) + (f" and {more} more" if more > 0 else "")


def need_columns(frame: object, columns: Sequence[str], what: str) -> None:
    """Raise unless `frame` is a pandas table with all `columns`."""
    if not isinstance(frame, pd.DataFrame):
        raise CrmkitError(
            f"`{what}` must be a table with the columns {', '.join(columns)}, not {type(frame).__name__}."
        )
    lacking = [column for column in columns if column not in frame.columns]
    if lacking:
        raise CrmkitError(
            f"`{what}` has no column {first_few(lacking)}. It has: {', '.join(map(str, frame.columns))}."
        )


def floats(values: object, what: str) -> Floats:
    """Give `values` as an array of floats (missing ones as NaN), and raise if any is no number at all."""
    try:
        return np.asarray(values, dtype=float)
    except (TypeError, ValueError):
        raise CrmkitError(
            f"`{what}` must hold numbers only. Turn texts into numbers first (`pd.to_numeric`)."
        ) from None


def need_numbers(column: pd.Series, what: str, minimum: float = -np.inf) -> Floats:
    """Give a column as floats, and raise if any value is missing, endless or below `minimum`."""
    numbers = pd.to_numeric(column, errors="coerce").to_numpy(dtype=float, na_value=np.nan)
    bad = ~np.isfinite(numbers) | (numbers < minimum)
    if bad.any():
        rule = "" if np.isinf(minimum) else f" of {minimum:g} or more"
        raise CrmkitError(
            f"Column '{what}' must hold numbers{rule} only; {int(bad.sum())} of {len(column)} rows do not, first "
            f"row {first_few(column.index[bad])} ({first_few(column[bad])}). Mend them, or leave these rows out "
            "and say how many."
        )
    return numbers


def need_brand(brand: str, strengths: pd.DataFrame) -> None:
    """Raise unless the table of strengths has a row for `brand`."""
    if brand not in strengths.index:
        raise CrmkitError(
            f"There is no brand '{brand}'. The table has: {', '.join(map(str, strengths.index))}."
        )


def need_values(value: object, words: pd.Index) -> pd.Series:
    """Give the value of each word in the order of `words`, and raise if one has none."""
    if not isinstance(value, pd.Series):
        raise CrmkitError(
            '`value` must be a Series of £ a year with the words as index, such as `words.set_index("word")'
            f'["yearly_value"]`, not {type(value).__name__}.'
        )
    found = value.reindex(words)
    if found.isna().any():
        raise CrmkitError(
            f"`value` says nothing about {first_few(found.index[found.isna()])}. Give every word a value, 0 if it "
            "has none."
        )
    return found.astype(float)


def people_asked(respondents: object, links: pd.DataFrame) -> int:
    """Give the number of people asked, from a number or from the table of everybody asked."""
    asked = len(respondents) if isinstance(respondents, pd.DataFrame) else respondents
    if not isinstance(asked, (int, np.integer)):
        raise CrmkitError(
            "`respondents` is the number of people asked, or the table of everybody asked; it is "
            f"{type(respondents).__name__}."
        )
    if asked < 1:
        raise CrmkitError(
            "Nobody was asked: there is no share to tell. Choose weeks with respondents."
        )
    if links["respondent_id"].nunique() > asked:
        raise CrmkitError(
            f"{links['respondent_id'].nunique()} people gave links, but only {asked} are said to have been asked. "
            "Choose the same people in both."
        )
    return int(asked)
