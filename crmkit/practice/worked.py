"""What several questions of a lesson build on is computed once for the same tables, as a notebook does it."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, Concatenate, ParamSpec, TypeVar

import numpy as np
import pandas as pd

from crmkit.practice.question import Tables

Asked = ParamSpec("Asked")
Found = TypeVar("Found")

#: So many results are kept beside a set of tables, the ones used last: a table of metrics takes some megabytes.
KEPT = 4


def once(
    function: Callable[Concatenate[Tables, Asked], Found],
) -> Callable[Concatenate[Tables, Asked], Found]:
    """Keep what a function has computed from a learner's tables, for the next question that asks for the same.

    Parameters
    ----------
    function : callable
        Takes the tables first. Further arguments that cannot be compared (a list, a frame) are computed each time.

    Returns
    -------
    callable
        The same function. What it gives may be changed without changing what is kept.

    Examples
    --------
    >>> from crmkit.practice.tables import OwnTables
    >>> own, asked = OwnTables.of_frames({"orders": pd.DataFrame({"turnover": [2, 3]})}), []
    >>> @once
    ... def total(data, factor=1):
    ...     asked.append(factor)
    ...     return factor * data.load("orders")["turnover"].sum()
    >>> int(total(own)), int(total(own)), int(total(own, 2)), asked
    (5, 5, 10, [1, 2])
    """

    @functools.wraps(function)
    def kept(data: Tables, /, *given: Asked.args, **named: Asked.kwargs) -> Found:
        worked: dict[Any, Any] | None = getattr(data, "worked", None)
        # A truth table that one question may use is not handed to another that may not.
        allowed = getattr(data, "_allowed_truth", ())
        place = (function.__module__, function.__qualname__, allowed, given, *sorted(named.items()))
        try:
            known = worked is not None and place in worked
        except TypeError:
            worked, known = None, False
        if worked is None:
            return function(data, *given, **named)
        found = worked.pop(place) if known else function(data, *given, **named)
        worked[place] = found
        while len(worked) > KEPT:
            del worked[next(iter(worked))]
        return _as_new(found)

    return kept


def _as_new(found: Any) -> Any:
    """Give a result so that changing it leaves the kept one as it is."""
    if isinstance(found, tuple):
        return tuple(_as_new(part) for part in found)
    if isinstance(found, np.ndarray):
        return found.copy()
    # pandas copies the values themselves when one of the two is written to.
    return found.copy(deep=False) if isinstance(found, (pd.DataFrame, pd.Series)) else found
