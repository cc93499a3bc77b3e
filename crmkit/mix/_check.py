"""What every function of this room asks of its input: which column, which rows, what to do."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd

from crmkit.errors import CrmkitError


def few(items: Iterable[object], n: int = 3) -> str:
    """Name the first few offenders, and say how many more there are."""
    listed = list(items)
    text = ", ".join(str(item) for item in listed[:n])
    return text if len(listed) <= n else f"{text} and {len(listed) - n} more"


def need_frame(frame: object, columns: Sequence[str], what: str) -> pd.DataFrame:
    """Give `frame` back if it is a table with rows and all `columns`; say what is wrong if not."""
    if not isinstance(frame, pd.DataFrame):
        raise CrmkitError(f"{what}: a pandas table is needed, not {type(frame).__name__}.")
    missing = [column for column in columns if column not in frame.columns]
    if missing:
        raise CrmkitError(
            f"{what}: column {few(missing)} is missing. The table has: {few(frame.columns, 12)}. "
            "Rename the column that holds it."
        )
    if frame.empty:
        raise CrmkitError(f"{what}: the table has no rows. At least one answer is needed.")
    return frame


def need_numbers(
    values: object, what: str, *, minimum: float | None = None, maximum: float | None = None
) -> np.ndarray:
    """Give `values` as floats, and raise if one is missing, endless, no number or out of bounds."""
    series = pd.Series(values)
    numbers = pd.to_numeric(series, errors="coerce").to_numpy(dtype=float, na_value=np.nan)
    bad = ~np.isfinite(numbers)
    if bad.any():
        raise CrmkitError(
            f"{what}: {int(bad.sum())} of {len(series)} values are missing or no numbers, first at "
            f"row {few(series.index[bad])}. Fill them with what is true or leave those rows out."
        )
    for bound, out, word in (
        (minimum, numbers < (minimum if minimum is not None else 0), "below"),
        (maximum, numbers > (maximum if maximum is not None else 0), "above"),
    ):
        if bound is not None and out.any():
            raise CrmkitError(
                f"{what}: {int(out.sum())} of {len(series)} values are {word} {bound:g}, first at "
                f"row {few(series.index[out])} ({few(series[out].tolist())})."
            )
    return numbers


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


def need_true_false(values: object, what: str) -> np.ndarray:
    """Give `values` as True and False, and raise unless all are that, or 1 and 0."""
    series = pd.Series(values)
    odd = ~series.isin([True, False])
    if odd.any():
        raise CrmkitError(
            f"{what}: {int(odd.sum())} of {len(series)} values are neither True nor False, first at row "
            f"{few(series.index[odd])} ({few(series[odd].tolist())})."
        )
    return series.to_numpy(dtype=bool)


def need_once(frame: pd.DataFrame, keys: Sequence[str], what: str) -> pd.DataFrame:
    """Give `frame` back if no two rows have the same `keys`."""
    double = frame.loc[frame.duplicated(list(keys)), list(keys)]
    if len(double):
        first = ", ".join(f"{key} {value}" for key, value in zip(keys, double.iloc[0], strict=True))
        raise CrmkitError(
            f"{what}: {len(double)} rows repeat an earlier one, first {first}. Keep one of each."
        )
    return frame
