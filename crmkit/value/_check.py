"""What every function of this room asks of its input, said once: which column, which rows, what to do."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd

from crmkit.errors import CrmkitError


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


def need_numbers(
    values: object, what: str, *, minimum: float | None = None, empty: bool = False
) -> np.ndarray:
    """Give `values` as floats, and raise if any is missing, endless, no number or below `minimum`."""
    series = pd.Series(values)
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


def need_share(share: float, what: str) -> float:
    """Give `share` back if it lies between 0 (not included) and 1."""
    if not 0 < share <= 1:
        hint = f" Did you mean {share / 100:g}?" if 1 < share <= 100 else ""
        raise CrmkitError(f"{what} is a share between 0 and 1, not {share!r}.{hint}")
    return float(share)


def generator(seed: int | np.random.Generator) -> np.random.Generator:
    """Give the generator itself, or a new one from a whole number."""
    return seed if isinstance(seed, np.random.Generator) else np.random.default_rng(seed)
