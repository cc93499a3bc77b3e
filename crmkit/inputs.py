"""What every analysis asks of its input, said once: which column, which rows, what to do."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import TypeAlias

import numpy as np
import pandas as pd

from crmkit.errors import CrmkitError

Moment: TypeAlias = str | dt.date | pd.Timestamp | np.datetime64


def first_few(items: Iterable[object], n: int = 3) -> str:
    """Name the first few offenders, and say how many more there are."""
    listed = list(items)
    text = ", ".join(str(item) for item in listed[:n])
    more = len(listed) - n
    return text if more <= 0 else f"{text} and {more} more"


def need_frame(frame: object, what: str) -> pd.DataFrame:
    """Give `frame` back if it is a pandas table, and say what was wanted if it is not."""
    if not isinstance(frame, pd.DataFrame):
        raise CrmkitError(f"{what}: a pandas table is needed, not {type(frame).__name__}.")
    return frame


def need_columns(frame: object, columns: Sequence[str], what: str) -> pd.DataFrame:
    """Give `frame` back if it is a pandas table with all `columns`; it may have no rows."""
    table = need_frame(frame, what)
    missing = [column for column in columns if column not in table.columns]
    if missing:
        raise CrmkitError(
            f"{what}: column {first_few(missing)} is missing. The table has: "
            f"{first_few(table.columns, 12)}. Rename the column that holds it, or choose another."
        )
    return table


def need_rows(frame: object, columns: Sequence[str], what: str) -> pd.DataFrame:
    """Give `frame` back if it is a pandas table with all `columns` and at least one row."""
    table = need_columns(frame, columns, what)
    if table.empty:
        raise CrmkitError(f"{what}: the table has no rows. At least one is needed.")
    return table


def need_column(values: object, what: str) -> pd.Series:
    """Give `values` as one Series, and ask for a column where a whole table was given."""
    if isinstance(values, pd.DataFrame):
        raise CrmkitError(
            f"{what}: one column is needed, not a whole table. Choose one of {first_few(values.columns, 12)}: "
            f"table[{str(values.columns[-1]) if len(values.columns) else 'column'!r}]."
        )
    return pd.Series(values)


def need_known(values: pd.Series, what: str) -> pd.Series:
    """Give `values` back, and raise if any is missing: a group-by would drop those rows without a word."""
    gone = values.isna()
    if gone.any():
        raise CrmkitError(
            f"{what}: {int(gone.sum())} of {len(values)} values are missing, first at row "
            f"{first_few(values.index[gone])}. Fill them in or leave those rows out, and say how many."
        )
    return values


def need_unique(frame: pd.DataFrame, columns: Sequence[str], what: str) -> pd.DataFrame:
    """Give `frame` back if no two rows agree in `columns`: doubles would be counted twice."""
    twice = frame.duplicated(list(columns))
    if twice.any():
        rows = frame.loc[twice, list(columns)].itertuples(index=False, name=None)
        named = (row[0] if len(row) == 1 else row for row in rows)
        raise CrmkitError(
            f"{what}: {int(twice.sum())} rows repeat an earlier one's {' and '.join(columns)} "
            f"({first_few(named)}). Keep one row each."
        )
    return frame


def need_true_false(values: object, what: str) -> np.ndarray:
    """Give `values` as True and False, and raise unless all are that, or 1 and 0."""
    series = pd.Series(values)
    odd = ~series.isin([True, False])
    if odd.any():
        raise CrmkitError(
            f"{what}: {int(odd.sum())} of {len(series)} values are neither True nor False, first at row "
            f"{first_few(series.index[odd])} ({first_few(series[odd].tolist())})."
        )
    return series.to_numpy(dtype=bool)


def need_number(
    value: object, what: str, *, minimum: float | None = None, maximum: float | None = None
) -> float:
    """Give one number as a float, and raise if it is none or out of bounds."""
    number = pd.to_numeric(value, errors="coerce") if np.isscalar(value) else np.nan
    if isinstance(value, str) or not np.isfinite(number):
        raise CrmkitError(f"{what} must be a number, not {value!r}.")
    if minimum is not None and number < minimum:
        raise CrmkitError(f"{what} must be at least {minimum:g}, not {value!r}.")
    if maximum is not None and number > maximum:
        raise CrmkitError(f"{what} must be at most {maximum:g}, not {value!r}.")
    return float(number)


def need_numbers(
    values: object,
    what: str,
    *,
    minimum: float | None = None,
    maximum: float | None = None,
    empty: bool = False,
) -> np.ndarray:
    """Give `values` as floats, and raise if one is missing, endless, no number or out of bounds."""
    series = need_column(values, what)
    if series.empty and not empty:
        raise CrmkitError(f"{what}: there are no rows. At least one is needed.")
    numbers = pd.to_numeric(series, errors="coerce").to_numpy(dtype=float, na_value=np.nan)
    bad = ~np.isfinite(numbers)
    if bad.any():
        raise CrmkitError(
            f"{what}: {int(bad.sum())} of {len(series)} values are missing or no finite numbers, "
            f"first at row {_where(series, bad)}. "
            "Fill in what is true (0 only where it was nothing), or leave those rows out and say how many."
        )
    for bound, out, word in (
        (minimum, numbers < (-np.inf if minimum is None else minimum), "below"),
        (maximum, numbers > (np.inf if maximum is None else maximum), "above"),
    ):
        if out.any():
            raise CrmkitError(
                f"{what}: {int(out.sum())} of {len(series)} values are {word} {bound:g}, first at row "
                f"{_where(series, out)}."
            )
    return numbers


def need_count(number: int, what: str, largest: int | None = None) -> int:
    """Give `number` back if it is a whole number from 1 (to `largest`)."""
    whole = isinstance(number, (int, np.integer)) or (
        isinstance(number, float) and number.is_integer()
    )
    if not whole or number < 1 or (largest is not None and number > largest):
        upper = "1 or more" if largest is None else f"between 1 and {largest}"
        raise CrmkitError(f"{what} is a whole number, {upper}, not {number!r}.")
    return int(number)


def need_date(moment: Moment) -> pd.Timestamp:
    """Give `moment` as a day without a clock, and raise if it is none."""
    if isinstance(moment, (int, float, np.number)):  # pandas would count nanoseconds from 1970
        raise CrmkitError(f"{moment!r} is no date. Write it as year-month-day: '2025-12-31'.")
    try:
        stamp = pd.Timestamp(moment)
    except (ValueError, TypeError) as error:
        raise CrmkitError(
            f"{moment!r} is no date. Write it as year-month-day: 2025-12-31."
        ) from error
    if stamp is pd.NaT:
        raise CrmkitError("The date is missing. Write it as year-month-day: 2025-12-31.")
    return stamp.tz_localize(None).normalize()


def need_dates(values: pd.Series, what: str) -> pd.Series:
    """Give `values` as whole days, and raise if any cannot be read as a date."""
    dates = pd.to_datetime(values, errors="coerce", format="ISO8601")
    unread = dates.isna().to_numpy()
    if unread.any():
        raise CrmkitError(
            f"{what}: {int(unread.sum())} of {len(values)} dates are missing or cannot be read, first at "
            f"row {_where(values, unread)}. Mend them or leave those rows out."
        )
    return dates.dt.normalize()


def need_share(share: float, what: str) -> float:
    """Give `share` back if it lies between 0 (not included) and 1 (included)."""
    if not isinstance(share, (int, float, np.number)):
        raise CrmkitError(f"{what} is a share between 0 and 1, a number, not {share!r}.")
    if not 0 < share <= 1:
        hint = f" Did you mean {share / 100:g}?" if 1 < share <= 100 else ""
        raise CrmkitError(f"{what} is a share between 0 and 1, not {share!r}.{hint}")
    return float(share)


def need_probability(share: float, what: str) -> float:
    """Give `share` back if it lies strictly between 0 and 1: neither never nor always."""
    if need_share(share, what) == 1:
        raise CrmkitError(f"{what} is a share between 0 and 1, not {share!r}: 1 would be always.")
    return float(share)


def generator(seed: int | np.random.Generator) -> np.random.Generator:
    """Give the generator itself, or a new one from a whole number."""
    return seed if isinstance(seed, np.random.Generator) else np.random.default_rng(seed)


def _where(values: pd.Series, bad: np.ndarray) -> str:
    """Rows and values of the first offenders."""
    return f"{first_few(values.index[bad])} ({first_few(map(repr, values[bad].tolist()))})"
