"""What the functions of this room ask of their input beyond what all do (`crmkit.inputs`)."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from crmkit.errors import CrmkitError
from crmkit.inputs import first_few

Floats = npt.NDArray[np.float64]


def floats(values: object, what: str) -> Floats:
    """Give `values` as an array of floats (missing ones as NaN), and raise if any is no number at all."""
    try:
        return np.asarray(values, dtype=float)
    except (TypeError, ValueError):
        raise CrmkitError(
            f"`{what}` must hold numbers only. Turn texts into numbers first (`pd.to_numeric`)."
        ) from None


def need_brand(brand: str, strengths: pd.DataFrame) -> None:
    """Raise unless the table of strengths has a row for `brand`."""
    if brand not in strengths.index:
        raise CrmkitError(
            f"There is no brand '{brand}'. The table has: {', '.join(map(str, strengths.index))}."
        )


def need_strengths(strengths: pd.DataFrame) -> pd.DataFrame:
    """Give a table of brands by words as floats, and raise where a link has no strength of 0 or more."""
    table = pd.DataFrame(
        floats(strengths, "strengths"), index=strengths.index, columns=strengths.columns
    )
    bad = ~(table >= 0)  # missing ones too
    if bad.to_numpy().any():
        row, column = np.argwhere(bad.to_numpy())[0]
        raise CrmkitError(
            f"`strengths`: {int(bad.to_numpy().sum())} links are missing or below 0, first between the brand "
            f"'{table.index[row]}' and the word '{table.columns[column]}'. A strength is 0 or more."
        )
    return table


def need_values(value: object, words: pd.Index) -> pd.Series:
    """Give the value of each word in the order of `words`, and raise if one has none."""
    if not isinstance(value, pd.Series):
        raise CrmkitError(
            '`value` must be a Series of amounts a year with the words as index, such as `words.set_index("word")'
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
