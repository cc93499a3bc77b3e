"""What every function of this room asks of its input, said once: which column, which rows, what to do."""

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


def need_columns(frame: pd.DataFrame, columns: Sequence[str], what: str) -> None:
    """Raise unless `frame` has all `columns`."""
    missing = [column for column in columns if column not in frame.columns]
    if missing:
        raise CrmkitError(
            f"{what}: column {first_few(missing)} is missing. The table has: "
            f"{first_few(frame.columns, 12)}. Rename the column that holds it, or choose another."
        )


def need_column(values: object, what: str) -> pd.Series:
    """Give `values` as one Series, and ask for a column where a whole table was given."""
    if isinstance(values, pd.DataFrame):
        raise CrmkitError(
            f"{what}: one column is needed, not a whole table. Choose one of {first_few(values.columns, 12)}: "
            f"table[{str(values.columns[-1]) if len(values.columns) else 'column'!r}]."
        )
    return pd.Series(values)


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


def need_count(number: int, what: str, largest: int | None = None) -> int:
    """Give `number` back if it is a whole number from 1 (to `largest`)."""
    whole = isinstance(number, (int, np.integer)) or (
        isinstance(number, float) and number.is_integer()
    )
    if not whole or number < 1 or (largest is not None and number > largest):
        upper = "1 or more" if largest is None else f"between 1 and {largest}"
        raise CrmkitError(f"{what} is a whole number, {upper}, not {number!r}.")
    return int(number)


def need_numbers(
    values: object, what: str, *, minimum: float | None = None, empty: bool = False
) -> np.ndarray:
    """Give `values` as floats, and raise if any is missing, endless, no number or below `minimum`."""
    series = need_column(values, what)
    if series.empty and not empty:
        raise CrmkitError(f"{what}: there are no rows. At least one is needed.")
    numbers = pd.to_numeric(series, errors="coerce").to_numpy(dtype=float, na_value=np.nan)
    bad = ~np.isfinite(numbers)
    if bad.any():
        raise CrmkitError(
            f"{what}: {int(bad.sum())} of {len(series)} values are missing or no finite numbers, "
            f"first at row {first_few(series.index[bad])} "
            f"({first_few(map(repr, series[bad].tolist()))}). "
            "Fill them with what is true (0, if nothing was spent) or leave those rows out."
        )
    if minimum is not None and (numbers < minimum).any():
        low = numbers < minimum
        raise CrmkitError(
            f"{what}: {int(low.sum())} of {len(series)} values are below {minimum:g}, first at row "
            f"{first_few(series.index[low])} ({first_few(map(repr, series[low].tolist()))})."
        )
    return numbers


def need_ids(frame: pd.DataFrame, what: str) -> None:
    """Raise if a row of `frame` belongs to nobody: a groupby would drop it without a word."""
    missing = frame["customer_id"].isna()
    if missing.any():
        raise CrmkitError(
            f"{what}, column customer_id: {int(missing.sum())} of {len(frame)} are missing, first at row "
            f"{first_few(frame.index[missing])}. Set rows that belong to nobody aside, and say how many."
        )


def need_share(share: float, what: str) -> float:
    """Give `share` back if it lies between 0 (not included) and 1."""
    if not isinstance(share, (int, float, np.number)):
        raise CrmkitError(f"{what} is a share between 0 and 1, a number, not {share!r}.")
    if not 0 < share <= 1:
        hint = f" Did you mean {share / 100:g}?" if 1 < share <= 100 else ""
        raise CrmkitError(f"{what} is a share between 0 and 1, not {share!r}.{hint}")
    return float(share)


def generator(seed: int | np.random.Generator) -> np.random.Generator:
    """Give the generator itself, or a new one from a whole number."""
    return seed if isinstance(seed, np.random.Generator) else np.random.default_rng(seed)
