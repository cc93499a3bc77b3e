"""What every analysis asks of its input, said once: which column, which rows, what to do.

Dates
    A date is a day on the calendar of the place where it was written. A clock and a time zone are left out
    *without moving the day*: 23:30 on 29 March in Berlin stays 29 March, and two midnights with a clock change between
    them are two whole days apart. Numbers are no dates (pandas would count nanoseconds from 1970).
Flags
    True and False, or 1 and 0, in any of pandas' types (numpy, nullable, Arrow, object). Text is refused, because every
    text that is not empty counts as True in Python, "False" too; a missing flag is refused for the same reason.
Numbers
    Any type of number, nullable and Arrow too; missing and endless values are refused. Dates and complex numbers are
    no numbers.
Ties
    .3 - .1 and .2 differ in the last binary digit only. `same_steps` and `reaches` take such numbers for equal, so that
    no order and no cut depends on the way in which a sum was made.
"""

from __future__ import annotations

import datetime as dt
import re
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


def orders_of(frame: object) -> object:
    """Give the orders of what :func:`crmkit.read_orders` gives, and anything else as it is."""
    return getattr(frame, "orders", frame) if hasattr(frame, "report") else frame


def need_frame(frame: object, what: str) -> pd.DataFrame:
    """Give `frame` back if it is a pandas table, and say what was wanted if it is not.

    What :func:`crmkit.read_orders` gives (orders and report) is taken for its orders.
    """
    frame = orders_of(frame)
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
    """Give `values` as True and False, and raise unless all are that, or 1 and 0.

    Examples
    --------
    >>> need_true_false(pd.Series([True, False], dtype="boolean"), "returned").tolist()
    [True, False]
    """
    series = need_column(values, what)
    odd = ~series.isin([True, False]).to_numpy(dtype=bool)
    if odd.any():
        text = series[odd].map(lambda value: isinstance(value, str)).any()
        todo = (
            'Text is neither: turn it into flags first, as in column.map({"True": True, "False": False}).'
            if text
            else "Fill in what is true, or leave those rows out and say how many."
        )
        raise CrmkitError(
            f"{what}: {int(odd.sum())} of {len(series)} values are neither True nor False, first at row "
            f"{_where(series, odd)}. {todo}"
        )
    return series.to_numpy(dtype=bool)


def is_true_false(values: pd.Series) -> bool:
    """Tell whether a column holds flags: numpy's, nullable or Arrow's, or True and False as objects.

    Examples
    --------
    >>> [is_true_false(pd.Series([True, False], dtype=t)) for t in ("bool", "boolean", "object", "int")]
    [True, True, True, False]
    """
    if pd.api.types.is_bool_dtype(values.dtype):
        return True
    if values.dtype != object or values.empty:
        return False
    return bool(values.map(lambda value: isinstance(value, (bool, np.bool_))).all())


def _plain(value: object) -> str:
    """Write a value as one types it: 500.0, not np.float64(500.0)."""
    return repr(value.item() if isinstance(value, np.generic) else value)


def need_number(
    value: object, what: str, *, minimum: float | None = None, maximum: float | None = None
) -> float:
    """Give one number as a float, and raise if it is none or out of bounds."""
    number = pd.to_numeric(value, errors="coerce") if np.isscalar(value) else np.nan
    if isinstance(value, (str, bool, np.bool_)) or not np.isfinite(number):
        raise CrmkitError(f"{what} must be a number, not {value!r}.")
    if minimum is not None and number < minimum:
        raise CrmkitError(f"{what} must be at least {minimum:g}, not {_plain(value)}.")
    if maximum is not None and number > maximum:
        per_cent = maximum == 1 and 1 < number <= 100
        meant = f" Did you mean {number / 100:g}?" if per_cent else ""
        raise CrmkitError(f"{what} must be at most {maximum:g}, not {_plain(value)}.{meant}")
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
    if (
        pd.api.types.is_datetime64_any_dtype(series.dtype)
        or pd.api.types.is_timedelta64_dtype(series.dtype)
        or pd.api.types.is_complex_dtype(series.dtype)
    ):
        raise CrmkitError(
            f"{what}: plain numbers are needed, not {series.dtype}. Of a difference of dates take the days: .dt.days."
        )
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
    if isinstance(
        moment, (int, float, np.number, np.bool_)
    ):  # pandas would count nanoseconds from 1970
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


def need_dates(values: object, what: str) -> pd.Series:
    """Give `values` as whole days without a clock or time zone, and raise if any cannot be read as a date.

    Parameters
    ----------
    values
        A column of dates: numpy's, Arrow's, with or without a time zone (also several), Python's, or ISO text.
    what
        Its name, for messages.

    Returns
    -------
    Series
        Midnights, on the index of `values`: each the day that was on the calendar where it was written.

    Raises
    ------
    CrmkitError
        Numbers, missing values, text that is no date.

    Examples
    --------
    >>> berlin = pd.Series(pd.to_datetime(["2025-03-29", "2025-03-31"])).dt.tz_localize("Europe/Berlin")
    >>> int(need_dates(berlin, "order_date").diff().dt.days.iloc[1])
    2
    """
    series = need_column(values, what)
    if pd.api.types.is_numeric_dtype(series.dtype) and not series.empty:
        raise CrmkitError(
            f"{what}: these are numbers ({first_few(series)}), not dates. Say what they count, as in "
            'pd.to_datetime(column, format="%Y%m%d") for 20251231.'
        )
    try:
        dates = pd.to_datetime(series, errors="coerce", format="ISO8601")
    except ValueError:  # several time zones in one column
        dates = None
    if dates is None or (dates.isna() & series.notna()).any():
        # Each on its own clock: the offset is cut off, and what it was added to stays.
        dates = pd.to_datetime(series.map(_without_zone), errors="coerce", format="ISO8601")
    unread = dates.isna().to_numpy(dtype=bool)
    if unread.any():
        raise CrmkitError(
            f"{what}: {int(unread.sum())} of {len(series)} dates are missing or cannot be read, first at "
            f"row {_where(series, unread)}. Mend them or leave those rows out."
        )
    if dates.dt.tz is not None:
        dates = dates.dt.tz_localize(None)
    if isinstance(dates.dtype, pd.ArrowDtype):
        dates = dates.astype("datetime64[us]")
    return dates.dt.normalize()


def _without_zone(moment: object) -> object:
    """One date as its own clock shows it."""
    if isinstance(moment, str):
        return (
            re.sub(r"(?<=\d)\s*(Z|[+-]\d{2}(:?\d{2})?)$", "", moment) if ":" in moment else moment
        )
    if isinstance(moment, dt.datetime):
        return moment.replace(tzinfo=None)
    return moment


def same_steps(values: object, what: str = "values") -> tuple[np.ndarray, np.ndarray]:
    """Sort numbers into steps: near-equal ones, as .3 - .1 and .2, are one step.

    Parameters
    ----------
    values
        Numbers, none missing.
    what
        Their name, for messages.

    Returns
    -------
    levels, step : ndarray
        Lowest number of each step, rising; and for each value the place of its step.

    Notes
    -----
    Two neighbours are one step if they differ by less than a millionth of a millionth of their own size, or by
    less than sums of the column's largest number can be told apart: what rounding leaves, far below what is
    measured.

    Examples
    --------
    >>> levels, step = same_steps([0.3 - 0.1, 0.2, 0.5])
    >>> len(levels), step.tolist()
    (2, [0, 0, 1])
    """
    numbers = need_numbers(values, what, empty=True)
    order = np.argsort(numbers, kind="stable")
    ranked = numbers[order]
    if not len(ranked):
        return ranked, order
    apart = np.diff(ranked) > _slack(ranked[1:], np.abs(ranked).max())
    step = np.empty(len(ranked), dtype=np.intp)
    step[order] = np.append(0, np.cumsum(apart))
    return ranked[np.append(True, apart)], step


def reaches(values: object, cut: float) -> np.ndarray:
    """Tell which numbers are at least `cut`; what misses it by rounding alone reaches it.

    Examples
    --------
    >>> reaches([91.02 + 0.71 + 8.27, 99.99], 100).tolist()
    [True, False]
    """
    numbers = np.asarray(values, dtype=float)
    return numbers >= cut - _slack(np.asarray(cut, dtype=float), 0.0)


def _slack(size: np.ndarray, largest: float) -> np.ndarray:
    """Difference below which two numbers of this size are equal but for rounding."""
    return np.maximum(1e-12 * np.abs(size), 8 * np.finfo(float).eps * largest)


def need_share(share: float, what: str) -> float:
    """Give `share` back if it lies between 0 (not included) and 1 (included)."""
    if not isinstance(share, (int, float, np.number)):
        raise CrmkitError(f"{what} is a share between 0 and 1, a number, not {share!r}.")
    if not 0 < share <= 1:
        hint = f" Did you mean {share / 100:g}?" if 1 < share <= 100 else ""
        raise CrmkitError(f"{what} is a share between 0 and 1, not {_plain(share)}.{hint}")
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
