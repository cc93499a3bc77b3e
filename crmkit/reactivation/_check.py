"""What every function of this room asks of its input, said once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd

from crmkit.errors import CrmkitError


def first_few(items: Iterable[object], n: int = 3) -> str:
    """Name the first few offenders, and say how many more there are."""
    listed = list(items)
    more = len(listed) - n
    return ", ".join(map(str, listed[:n])) + (f" and {more} more" if more > 0 else "")


def need_columns(frame: object, columns: Sequence[str], what: str) -> pd.DataFrame:
    """Give `frame` back if it is a pandas table with all `columns` and at least one row."""
    if not isinstance(frame, pd.DataFrame):
        raise CrmkitError(f"{what}: a pandas table is needed, not {type(frame).__name__}.")
    missing = [column for column in columns if column not in frame.columns]
    if missing:
        raise CrmkitError(
            f"{what}: column {first_few(missing)} is missing. The table has: "
            f"{first_few(frame.columns, 12)}. Rename the column that holds it, or choose another."
        )
    if frame.empty:
        raise CrmkitError(f"{what}: the table has no rows. At least one is needed.")
    return frame


def need_dates(values: pd.Series, what: str) -> pd.Series:
    """Give `values` as whole days, and raise if any cannot be read as a date."""
    dates = pd.to_datetime(values, errors="coerce", format="ISO8601")
    if dates.isna().any():
        bad = values[dates.isna()]
        raise CrmkitError(
            f"{what}: {len(bad)} of {len(values)} dates are missing or cannot be read, first at row "
            f"{first_few(bad.index)} ({first_few(map(repr, bad))}). Mend them or leave those rows out."
        )
    return dates.dt.normalize()


def need_numbers(values: pd.Series, what: str, *, minimum: float | None = None) -> np.ndarray:
    """Give `values` as floats, and raise if any is missing, endless or below `minimum`."""
    numbers = pd.to_numeric(values, errors="coerce").to_numpy(dtype=float, na_value=np.nan)
    bad = ~np.isfinite(numbers) | (numbers < (-np.inf if minimum is None else minimum))
    if bad.any():
        rule = "" if minimum is None else f", or below {minimum:g}"
        raise CrmkitError(
            f"{what}: {int(bad.sum())} of {len(values)} values are missing or no finite numbers{rule}, "
            f"first at row {first_few(values.index[bad])} ({first_few(map(repr, values[bad]))})."
        )
    return numbers


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


def need_share(share: float, what: str) -> float:
    """Give `share` back if it lies strictly between 0 and 1."""
    if not 0 < share < 1:
        hint = f" Did you mean {share / 100:g}?" if 1 <= share < 100 else ""
        raise CrmkitError(f"{what} is a share between 0 and 1, not {share!r}.{hint}")
    return float(share)


def generator(seed: int | np.random.Generator) -> np.random.Generator:
    """Give the generator itself, or a new one from a whole number."""
    return seed if isinstance(seed, np.random.Generator) else np.random.default_rng(seed)
