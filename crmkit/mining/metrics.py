"""From a log to metrics: what each user did in a window of days, told in a hundred ways, or in five hundred.

The log is added up by the engine in which it lives (pandas, Polars, DuckDB, ...) to one row per user, kind of event and
day. All metrics are made from that table, so they are equal whatever the engine.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from crmkit.data.own.progress import Progress
from crmkit.inputs import Moment, first_few, need_columns, need_date
from crmkit.later import later
from crmkit.mining.log import COLUMNS, LogError

nw = later("narwhals")

#: Days that ``recent_`` metrics look back.
RECENT_DAYS = 30
#: From this hour on an event is in the evening.
EVENING = 18
#: Longest window; weeks are kept as bits of one whole number.
MOST_DAYS = 62 * 7
#: The families of metrics, and what each asks.
FAMILIES = {
    "how often": "how many times",
    "how regular": "in how many weeks and on how many days, and how evenly",
    "how recent": "how long ago the last time was",
    "how varied": "how many different things, and how large a part each group is",
    "trend": "more or less than at the beginning of the window",
    "one per other": "how often one thing follows for each of another",
    "when": "at what time of the day and the week",
}


def metric_list(kinds: pd.Series) -> pd.DataFrame:
    """List the metrics that a log with these kinds of event gives.

    The first list is what most people write down first: how often each kind of event happened, in the whole window and
    lately. The others come from asking seven questions of everything.

    Parameters
    ----------
    kinds : Series of str
        The group of each kind of event, indexed by the kind. Ratios are made within groups.

    Returns
    -------
    DataFrame
        One row per metric, in the order of `behaviour_metrics`: ``metric``, ``family``, ``meaning``, ``first_list``
        (bool), ``counts`` (list of the kinds of event that it is made of).

    Examples
    --------
    >>> metric_list(pd.Series({"play": "music", "sing": "music"})).groupby("first_list").size().to_dict()
    {False: 20, True: 6}
    """
    names = list(kinds.index)
    rows: list[tuple[str, str, str, bool, list[str]]] = []
    for kind in names:
        rows.append((f"count_{kind}", "how often", f"number of {kind}", True, [kind]))
    for kind in names:
        text = f"number of {kind} in the last {RECENT_DAYS} days"
        rows.append((f"recent_{kind}", "how often", text, True, [kind]))
    rows.append(("events", "how often", "number of events of all kinds", True, names))
    rows.append(("active_days", "how regular", "days with an event", True, names))
    for prefix, family, text in (
        ("weeks", "how regular", "weeks with {}"),
        ("since", "how recent", "days since the last {} (the whole window and one more: never)"),
        ("trend", "trend", "{} in the last third of the window less in the first third"),
    ):
        rows += [(f"{prefix}_{kind}", family, text.format(kind), False, [kind]) for kind in names]
    for above, below in _pairs(kinds):
        text = f"{above} for each {below}, a user with few drawn towards all users"
        rows.append((f"{above}_per_{below}", "one per other", text, False, [above, below]))
    of_group = {group: list(kinds.index[kinds == group]) for group in dict.fromkeys(kinds)}
    for group, inside in of_group.items():
        text = f"kinds of event tried in {group}"
        rows.append((f"kinds_{group}", "how varied", text, False, inside))
    for group in of_group:
        text = f"share of {group} among all events"
        rows.append((f"part_{group}", "how varied", text, False, names))
    for name, family, text in (
        ("kinds", "how varied", "kinds of event tried"),
        ("evenness", "how varied", "how evenly the events spread over the kinds (entropy, bits)"),
        ("active_weeks", "how regular", "weeks with an event"),
        ("longest_gap", "how regular", "longest time without an event, days"),
        ("gap_spread", "how regular", "standard deviation of the days between active days"),
        ("longest_run", "how regular", "longest run of days in a row with an event"),
        ("since_last", "how recent", "days since the last event"),
        ("since_first", "how recent", "days since the first event of the window"),
        ("evening", "when", f"share of events after {EVENING} o'clock"),
        ("weekend", "when", "share of events on Saturdays and Sundays"),
    ):
        rows.append((name, family, text, False, names))
    return pd.DataFrame(rows, columns=["metric", "family", "meaning", "first_list", "counts"])


def _pairs(kinds: pd.Series) -> list[tuple[str, str]]:
    """Kinds of one group, each above each other."""
    names, groups = list(kinds.index), kinds.to_numpy()
    return [
        (names[above], names[below])
        for below in range(len(names))
        for above in range(len(names))
        if above != below and groups[above] == groups[below]
    ]


@dataclass
class _Daily:
    """What each user did on each day: one entry per user, kind and day with at least one event."""

    users: np.ndarray
    user: np.ndarray
    kind: np.ndarray
    day: np.ndarray
    number: np.ndarray
    evening: np.ndarray


def behaviour_metrics(
    events: Any,
    end: Moment,
    days: int = 91,
    *,
    kinds: pd.Series | None = None,
    metrics: str = "all",
    without: Iterable[str] = (),
    usual: pd.Series | None = None,
    progress: bool = False,
) -> pd.DataFrame:
    """Compute the metrics of every user with an event in the window.

    Parameters
    ----------
    events
        The log: ``customer_id``, ``time`` (dates or moments) and ``event`` (text). A pandas, Polars, PyArrow, Dask or
        PySpark frame, or a DuckDB relation.
    end : date
        The first day that is no longer in the window: the day on which somebody has to decide. Nothing from this day on
        is looked at.
    days : int
        Length of the window.
    kinds : Series of str, optional
        The group of each kind of event, indexed by the kind: which kinds there are, and which ratios are made. Default:
        the kinds in the window, in the order of the alphabet, as one group.
    metrics : str
        ``"first"`` for the first list, ``"all"`` for all of `metric_list`.
    without : iterable of str
        Kinds of event to leave out altogether, such as those that only payers can show (`leakage_audit` finds them):
        no metric counts them, not even ``events`` and ``active_days``. So every metric may be used for "who pays
        first?". Users who did nothing else have no row.
    usual : Series of float, optional
        The ratio, by metric of the family "one per other", towards which a user with few events is drawn. Default: that
        of all users in the window. To judge new users by a model, give the ``attrs["usual"]`` of the metrics from which
        it learnt: what is usual may have changed, and the same user would get another value.
    progress : bool
        Show a bar, for logs of many million events.

    Returns
    -------
    DataFrame
        One row per user, indexed by ``customer_id`` in rising order, one column per metric of `metric_list`.
        ``attrs`` holds ``start`` and ``end`` (dates as text), ``left_out`` (how many events of the log lie outside the
        window), ``without`` (how many events of the window are of kinds left out) and ``usual`` (ratios by metric).

    Raises
    ------
    LogError
        A column is missing or of the wrong type, something is missing in it, a kind is unknown, or the window is empty
        or longer than `MOST_DAYS`.

    Examples
    --------
    >>> log = pd.DataFrame(
    ...     {
    ...         "customer_id": [1, 1, 1, 2],
    ...         "time": pd.to_datetime(
    ...             ["2024-03-01 19:00", "2024-03-01 19:05", "2024-03-09 08:00", "2024-03-10 12:00"]
    ...         ),
    ...         "event": ["play", "sing", "play", "play"],
    ...     }
    ... )
    >>> found = behaviour_metrics(log, "2024-03-11", 14)
    >>> found[["count_play", "active_weeks", "since_last", "evening"]].round(2).values.tolist()
    [[2.0, 2.0, 2.0, 0.67], [1.0, 1.0, 1.0, 0.0]]
    """
    if metrics not in ("first", "all"):
        raise LogError(f"metrics is 'first' or 'all', not {metrics!r}.")
    if not 3 <= days <= MOST_DAYS:
        raise LogError(f"days must lie between 3 and {MOST_DAYS}, not {days!r}.")
    last = need_date(end)
    start = last - pd.Timedelta(days=days)
    with Progress("events", ["adding up by day", "metrics"], shown=progress) as bar:
        bar.at("adding up by day")
        asked = kinds
        daily, kinds, outside = _add_up(events, start, last, kinds)
        bar.at("metrics")
        without = [without] if isinstance(without, str) else list(without)
        if asked is None:  # then a kind may be known that nobody showed in the window
            without = [name for name in without if name in kinds.index]
        daily, kinds, taken = _leave_out(daily, kinds, without)
        wanted = metric_list(kinds)
        if metrics == "first":
            wanted = wanted[wanted["first_list"]]
        columns, ratios = _columns(
            daily, kinds, days, start.day_of_week, usual, all_of_them=metrics == "all"
        )
        found = pd.DataFrame(
            {name: columns[name] for name in wanted["metric"]},
            index=pd.Index(daily.users, name="customer_id"),
            copy=False,
        )
    found.attrs.update(
        start=str(start.date()), end=str(last.date()), left_out=outside, without=taken, usual=ratios
    )
    return found


def _leave_out(
    daily: _Daily, kinds: pd.Series, without: list[str]
) -> tuple[_Daily, pd.Series, int]:
    """The log without some kinds, and how many events were taken out."""
    strange = [name for name in without if name not in kinds.index]
    if strange:
        raise LogError(f"without: {first_few(strange)} is no kind of event in the log.")
    if not without:
        return daily, kinds, 0
    kept = ~kinds.index.isin(without)
    inside = kept[daily.kind]
    if not inside.any():
        raise LogError("without: nothing else happened in the window.")
    user, place = np.unique(daily.user[inside], return_inverse=True)
    kind = (np.cumsum(kept) - 1)[daily.kind[inside]]
    rest = _Daily(
        daily.users[user],
        place,
        kind,
        daily.day[inside],
        daily.number[inside],
        daily.evening[inside],
    )
    return rest, kinds[kept], int(daily.number[~inside].sum())


def _add_up(
    events: Any, start: pd.Timestamp, end: pd.Timestamp, kinds: pd.Series | None
) -> tuple[_Daily, pd.Series, int]:
    """Add up the log by user, kind and day, in the engine that holds it."""
    try:
        frame = nw.from_native(events).lazy()
    except TypeError as error:
        raise LogError(
            f"events: {type(events).__name__} is no table that crmkit knows. Give a pandas, Polars, PyArrow, Dask "
            "or PySpark frame, or a DuckDB relation."
        ) from error
    schema = frame.collect_schema()
    need_columns(pd.DataFrame(columns=schema.names()), list(COLUMNS), "events")
    if not (schema["time"] == nw.Date or schema["time"] == nw.Datetime):
        raise LogError(
            f"events, column time holds {schema['time']}, not dates. Turn it into dates first: pd.to_datetime."
        )
    if schema["time"] == nw.Date:
        frame = frame.with_columns(nw.col("time").cast(nw.Datetime("us")))
    zone = getattr(schema["time"], "time_zone", None)
    low, high = (moment.tz_localize(zone).to_pydatetime() for moment in (start, end))
    facts = _pandas(
        frame.select(
            nw.len().alias("rows"), *(nw.col(name).null_count().alias(name) for name in COLUMNS)
        )
    ).iloc[0]
    for name in COLUMNS:
        if facts[name]:
            raise LogError(
                f"events, column {name}: {int(facts[name])} of {int(facts['rows'])} are missing. "
                "Set those events aside, and say how many."
            )
    inside = frame.filter(nw.col("time") >= low, nw.col("time") < high)
    counted = _pandas(
        inside.select(
            "customer_id",
            nw.col("event").cast(nw.String).alias("event"),
            nw.col("time").dt.truncate("1d").alias("day"),
            (nw.col("time").dt.hour() >= EVENING).cast(nw.Int64).alias("evening"),
        )
        .group_by("customer_id", "event", "day")
        .agg(nw.len().alias("number"), nw.col("evening").sum())
    )
    if counted.empty:
        raise LogError(
            f"events: none of {int(facts['rows'])} lies from {start.date()} to {end.date()} (the last day not "
            "counted). Choose another end, or a longer window."
        )
    kind, names = pd.factorize(counted["event"], sort=True)
    if kinds is None:
        kinds = pd.Series("all", index=list(names))
    strange = [name for name in names if name not in kinds.index]
    if strange:
        raise LogError(
            f"events, column event: {len(strange)} kinds are not in kinds, first {first_few(strange)}."
        )
    place = pd.Index(kinds.index).get_indexer(pd.Index(names))
    user, users = pd.factorize(counted["customer_id"], sort=True)
    moment = pd.to_datetime(counted["day"])
    if isinstance(moment.dtype, pd.DatetimeTZDtype):
        moment = moment.dt.tz_localize(None)
    day = (moment.to_numpy("datetime64[D]") - np.datetime64(start.date())).astype(np.int64)
    number = counted["number"].to_numpy(np.int64)
    daily = _Daily(
        np.asarray(users), user, place[kind], day, number, counted["evening"].to_numpy(np.int64)
    )
    return daily, kinds, int(facts["rows"]) - int(number.sum())


def _pandas(frame: Any) -> pd.DataFrame:
    table: pd.DataFrame = frame.collect().to_pandas()
    return table


def _columns(
    daily: _Daily,
    kinds: pd.Series,
    days: int,
    weekday: int,
    usual: pd.Series | None,
    *,
    all_of_them: bool,
) -> tuple[dict[str, np.ndarray], dict[str, float]]:
    """Every metric by name, and the usual ratios; ``weekday``: that of the window's first day, 0 for Monday."""
    n, k = len(daily.users), len(kinds)
    cell = daily.user * k + daily.kind

    def table(weights: np.ndarray) -> np.ndarray:
        return np.bincount(cell, weights, minlength=n * k).reshape(n, k).astype(float)

    def some(inside: np.ndarray) -> np.ndarray:
        return table(np.where(inside, daily.number, 0))

    found: dict[str, np.ndarray] = {}

    def each(prefix: str, values: np.ndarray) -> None:
        found.update({f"{prefix}_{kind}": values[:, i] for i, kind in enumerate(kinds.index)})

    count = table(daily.number)
    each("count", count)
    each("recent", some(daily.day >= days - RECENT_DAYS))
    present = np.zeros((n, days), bool)
    present[daily.user, daily.day] = True
    total = count.sum(axis=1)
    found["events"] = total
    found["active_days"] = present.sum(axis=1).astype(float)
    ratios: dict[str, float] = {}
    if not all_of_them:
        return found, ratios
    weeks = np.zeros(n * k, np.int64)
    np.bitwise_or.at(weeks, cell, np.int64(1) << (daily.day // 7))
    each("weeks", np.bitwise_count(weeks).reshape(n, k).astype(float))
    last = np.full(n * k, -1, np.int64)
    np.maximum.at(last, cell, daily.day)
    each("since", (days - last).reshape(n, k).astype(float))
    third = days // 3
    each("trend", some(daily.day >= days - third) - some(daily.day < third))
    position = {kind: i for i, kind in enumerate(kinds.index)}
    for above, below in _pairs(kinds):
        over, under = count[:, position[above]], count[:, position[below]]
        name = f"{above}_per_{below}"
        ratios[name] = _usual(name, usual, over.sum() / max(under.sum(), 1.0))
        found[name] = (over + ratios[name]) / (under + 1)
    for group in dict.fromkeys(kinds):
        inside = (kinds == group).to_numpy()
        found[f"kinds_{group}"] = (count[:, inside] > 0).sum(axis=1).astype(float)
        found[f"part_{group}"] = count[:, inside].sum(axis=1) / total
    found["kinds"] = (count > 0).sum(axis=1).astype(float)
    share = count / total[:, None]
    found["evenness"] = -np.sum(share * np.log2(np.where(share > 0, share, 1.0)), axis=1)
    found |= _rhythm(present, days)
    found["evening"] = np.bincount(daily.user, daily.evening, n) / total
    weekend = (weekday + daily.day) % 7 >= 5
    found["weekend"] = np.bincount(daily.user, daily.number * weekend, n) / total
    return found, ratios


def _usual(name: str, given: pd.Series | None, here: float) -> float:
    if given is None:
        return float(here)
    ratio = given.get(name)
    if ratio is None or not np.isfinite(ratio):
        raise LogError(
            f"usual: the ratio of {name} is missing. Give attrs['usual'] of other metrics, as a Series."
        )
    return float(ratio)


def _rhythm(present: np.ndarray, days: int) -> dict[str, np.ndarray]:
    """What the active days of each user (rows) tell by themselves."""
    n = len(present)
    user, day = np.nonzero(present)
    width = -(-days // 7) * 7
    padded = np.zeros((n, width), bool)
    padded[:, :days] = present
    first = present.argmax(axis=1)
    last = days - 1 - present[:, ::-1].argmax(axis=1)
    same = np.diff(user) == 0
    owner, gap = user[1:][same], np.diff(day)[same].astype(float)
    longest = np.maximum(first, days - 1 - last).astype(float)
    np.maximum.at(longest, owner, gap - 1)
    number = np.bincount(owner, minlength=n)
    mean = np.bincount(owner, gap, n) / np.maximum(number, 1)
    square = np.bincount(owner, (gap - mean[owner]) ** 2, n) / np.maximum(number, 1)
    run, best = np.zeros(n), np.zeros(n)
    for column in range(days):
        run = (run + 1) * present[:, column]
        best = np.maximum(best, run)
    return {
        "active_weeks": padded.reshape(n, -1, 7).any(axis=2).sum(axis=1).astype(float),
        "longest_gap": longest,
        "gap_spread": np.sqrt(square),
        "longest_run": best,
        "since_last": (days - last).astype(float),
        "since_first": (days - first).astype(float),
    }


def paid_between(orders: pd.DataFrame, users: pd.Index, start: Moment, end: Moment) -> pd.Series:
    """Say of each user whether he or she paid from `start` on and before `end`.

    Parameters
    ----------
    orders : DataFrame
        ``customer_id``, ``order_date`` and ``turnover``.
    users : Index
        Whom to ask about.
    start, end : date
        The first day of the period, and the first day after it.

    Returns
    -------
    Series of bool
        Indexed by `users`.

    Raises
    ------
    CrmkitError
        A column is missing, or a date cannot be read.

    Examples
    --------
    >>> orders = pd.DataFrame({"customer_id": [1], "order_date": [pd.Timestamp("2024-02-01")], "turnover": [9.99]})
    >>> paid_between(orders, pd.Index([1, 2]), "2024-01-01", "2025-01-01").tolist()
    [True, False]
    """
    need_columns(orders, ["customer_id", "order_date", "turnover"], "orders")
    date = orders["order_date"]
    inside = (date >= need_date(start)) & (date < need_date(end)) & (orders["turnover"] > 0)
    return pd.Series(users.isin(orders.loc[inside, "customer_id"]), index=users, name="paid")


def who_pays_first(
    events: Any,
    orders: pd.DataFrame,
    decision: Moment,
    until: Moment,
    days: int = 91,
    *,
    kinds: pd.Series | None = None,
    without: Iterable[str] = (),
    usual: pd.Series | None = None,
) -> tuple[pd.DataFrame, pd.Series]:
    """Take the users who have never paid, what they did before the decision, and whether they paid after it.

    Parameters
    ----------
    events, days, kinds, without, usual
        As for `behaviour_metrics`: the window ends on the day before `decision`.
    orders : DataFrame
        ``customer_id``, ``order_date`` and ``turnover``.
    decision, until : date
        The first day of the outcome, and the first day after it.

    Returns
    -------
    metrics : DataFrame
        As `behaviour_metrics`, without those who paid before `decision`.
    paid : Series of bool
        Whether each paid from `decision` on and before `until`, on the same index.

    Raises
    ------
    CrmkitError
        As `behaviour_metrics` and `paid_between`.

    Examples
    --------
    >>> times = pd.to_datetime(["2024-01-01", "2024-01-02"])
    >>> log = pd.DataFrame({"customer_id": [1, 2], "time": times, "event": "play"})
    >>> orders = pd.DataFrame({"customer_id": [2], "order_date": [pd.Timestamp("2024-03-01")], "turnover": [5.0]})
    >>> metrics, paid = who_pays_first(log, orders, "2024-02-01", "2025-02-01")
    >>> paid.tolist()
    [False, True]
    """
    metrics = behaviour_metrics(events, decision, days, kinds=kinds, without=without, usual=usual)
    before = paid_between(orders, metrics.index, "1900-01-01", decision)
    metrics = metrics[~before]
    return metrics, paid_between(orders, metrics.index, decision, until)


def halves(
    metrics: pd.DataFrame, paid: pd.Series
) -> tuple[pd.DataFrame, pd.Series, pd.DataFrame, pd.Series]:
    """Put every other user into the half that teaches, and the others into the half that judges.

    Customer numbers follow the day of joining, so both halves hold old and new users alike.

    Parameters
    ----------
    metrics : DataFrame
        One row per user.
    paid : Series of bool
        On the same index.

    Returns
    -------
    train, train_paid, test, test_paid
        In the order in which `compare_models`, `rank_metrics` and `metrics_in_rounds` take them.

    Raises
    ------
    LogError
        The two have different users.

    Examples
    --------
    >>> found = halves(pd.DataFrame({"days": [1, 2, 3, 4]}), pd.Series([True, False, True, False]))
    >>> found[0]["days"].tolist(), found[2]["days"].tolist()
    ([1, 3], [2, 4])
    """
    if not metrics.index.equals(paid.index):
        raise LogError("metrics and paid must have the same users in the same order.")
    learn = np.arange(len(metrics)) % 2 == 0
    return metrics[learn], paid[learn], metrics[~learn], paid[~learn]
