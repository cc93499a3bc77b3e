"""The log of behaviour: one row per event, from a compact log of sessions or from a file of one's own."""

from __future__ import annotations

import numpy as np
import pandas as pd

from crmkit.errors import CrmkitError

#: Columns of a log.
COLUMNS = ("customer_id", "time", "event")


class LogError(CrmkitError):
    """A log that cannot be used as it is."""


def read_events(sessions: pd.DataFrame, event_kinds: pd.DataFrame) -> pd.DataFrame:
    """Turn the compact log of sessions into one row per event.

    A session lists its events as codes with numbers, ``ls2 tk1``: two of one kind and one of another. The log does not
    keep the second at which each happened; they are spread evenly over the session, in the order of the list.

    Parameters
    ----------
    sessions : DataFrame
        ``customer_id``, ``date``, ``minute`` (of the day, minutes), ``minutes`` (length) and ``events``.
    event_kinds : DataFrame
        ``code`` (two letters) and ``event``.

    Returns
    -------
    DataFrame
        ``customer_id``, ``time`` and ``event`` (a category, in the order of `event_kinds`), in order of time.

    Raises
    ------
    LogError
        A code that `event_kinds` does not know.

    Examples
    --------
    >>> sessions = pd.DataFrame(
    ...     {"customer_id": [7], "date": [pd.Timestamp("2024-03-01")], "minute": [1200], "minutes": [12.0],
    ...      "events": ["ls2 tk1"]}
    ... )
    >>> kinds = pd.DataFrame({"code": ["ls", "tk"], "event": ["start_lesson", "record_take"]})
    >>> read_events(sessions, kinds)["event"].tolist()
    ['start_lesson', 'start_lesson', 'record_take']
    """
    words = sessions["events"].fillna("").astype(str).to_numpy()
    lengths = np.array([word.count(" ") + bool(word) for word in words])
    items = np.array(" ".join(filter(None, words)).split(), dtype=object)
    codes, kinds = pd.factorize(items)
    known = dict(zip(event_kinds["code"], range(len(event_kinds)), strict=True))
    strange = sorted({kind[:2] for kind in kinds} - set(known))
    if strange:
        raise LogError(
            f"Column events: the codes {', '.join(strange[:5])} are none of event_kinds."
        )
    number = np.array([int(kind[2:]) for kind in kinds], np.int64)
    place = np.array([known[kind[:2]] for kind in kinds], np.int64)
    per_item = number[codes] if len(items) else np.zeros(0, np.int64)
    session = np.repeat(np.repeat(np.arange(len(words)), lengths), per_item)
    event = np.repeat(place[codes] if len(items) else np.zeros(0, np.int64), per_item)
    total = np.bincount(session, minlength=len(words))
    first = np.cumsum(total) - total
    position = np.arange(len(session)) - first[session]
    start = sessions["date"].to_numpy("datetime64[s]") + sessions["minute"].to_numpy(
        "timedelta64[m]"
    )
    step = sessions["minutes"].to_numpy(float) * 60 / np.maximum(total, 1)
    offset = np.floor(position * step[session]).astype("timedelta64[s]")
    frame = pd.DataFrame(
        {
            "customer_id": sessions["customer_id"].to_numpy()[session],
            "time": (start[session] + offset).astype("datetime64[us]"),
            "event": pd.Categorical.from_codes(event, categories=list(event_kinds["event"])),
        }
    )
    return frame.sort_values("time", kind="stable", ignore_index=True)
