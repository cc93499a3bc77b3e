"""Leakage: metrics that knew the answer, because they exist only once the answer is there."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from crmkit.inference import adjust_p_values
from crmkit.inputs import (
    Moment,
    need_columns,
    need_date,
    need_probability,
    need_share,
    need_true_false,
)
from crmkit.mining.errors import areas, ranks_right
from crmkit.mining.metrics import behaviour_metrics, halves, paid_between
from crmkit.mining.models import logistic

#: A metric that by itself ranks nearly everybody right deserves a question.
TOO_GOOD = 0.9


def leakage_audit(
    events: pd.DataFrame, orders: pd.DataFrame, *, level: float = 0.95
) -> pd.DataFrame:
    """Ask of each kind of event whether anybody showed it before paying.

    For an honest kind it does not matter whether somebody has paid. If it were so, how likely would it be that nobody
    who had not yet paid shows it, although so many did afterwards? Users are counted, not events, because one user's
    events are alike.

    Parameters
    ----------
    events : DataFrame
        The log: ``customer_id``, ``time`` and ``event``.
    orders : DataFrame
        ``customer_id``, ``order_date`` and ``turnover``: when each paid. Somebody counts as having paid from the first
        payment on; what happens on that very day is left aside, because the order of things within it is not known.
    level : float
        The audit raises a false alarm about any honest kind with at most a chance of 1 less this.

    Returns
    -------
    DataFrame
        One row per kind, suspects first: ``event``, ``before`` (users who showed it and had not paid by then),
        ``after`` (users who showed it after paying), ``p`` (adjusted for the number of kinds, Holm),
        ``leaks`` (bool), ``why``.

    Raises
    ------
    CrmkitError
        A column is missing, or a level outside 0 to 1.

    References
    ----------
    Kaufman, Rosset, Perlich & Stitelman (2012), Leakage in data mining, ACM TKDD 6(4): what is legitimate is what was
    there before the target.

    Examples
    --------
    >>> times = pd.date_range("2024-01-01", periods=60)
    >>> log = pd.DataFrame({"customer_id": range(60), "time": times, "event": ["open"] * 48 + ["receipt"] * 12})
    >>> orders = pd.DataFrame({"customer_id": range(36, 60), "order_date": "2023-12-24", "turnover": 5.0})
    >>> leakage_audit(log, orders.assign(order_date=pd.to_datetime(orders["order_date"])))[["event", "leaks"]]
         event  leaks
    0  receipt   True
    1     open  False
    """
    need_columns(events, ["customer_id", "time", "event"], "events")
    need_columns(orders, ["customer_id", "order_date", "turnover"], "orders")
    need_probability(level, "level")
    first = orders[orders["turnover"] > 0].groupby("customer_id")["order_date"].min()
    paid_on = events["customer_id"].map(first)
    day = events["time"].dt.normalize()
    place = np.where(
        paid_on.isna() | (day < paid_on), "before", np.where(day > paid_on, "after", "")
    )
    seen = pd.DataFrame(
        {"event": events["event"].astype(str), "user": events["customer_id"], "place": place}
    ).drop_duplicates()
    users = seen[seen["place"] != ""].drop_duplicates(["user", "place"])["place"].value_counts()
    share = users.get("after", 0) / max(users.sum(), 1)
    table = seen.groupby(["event", "place"]).size().unstack(fill_value=0)
    table = table.reindex(columns=["before", "after"], fill_value=0)
    # Nobody before, so many after: each of them would be "after" with this chance.
    p = np.where(table["before"] == 0, share ** table["after"], 1.0)
    found = table.assign(p=adjust_p_values(p)).reset_index()
    found["leaks"] = found["p"] < 1 - level
    found["why"] = np.where(
        found["leaks"], "only those who have paid show it",
        np.where(found["before"] == 0, "seen too rarely to tell", ""),
    )  # fmt: skip
    found.columns.name = None
    order = ["p", "event"]
    return found.sort_values(order, kind="stable", ignore_index=True)


def too_good_alone(
    metrics: pd.DataFrame, outcome: object, *, limit: float = TOO_GOOD, level: float = 0.95
) -> pd.DataFrame:
    """List the metrics that by themselves rank nearly everybody right: an answer in disguise, or a gift.

    Parameters
    ----------
    metrics : DataFrame
        One row per user, one column per metric.
    outcome : Series or array of bool
    limit : float
        The share of pairs ranked right, in either direction, from which a metric is suspicious.
    level : float
        With at most a chance of 1 less this, any honest metric is called suspicious.

    Returns
    -------
    DataFrame
        One row per suspicious metric, the best first: ``metric``, ``ranks_right`` with ``low`` and ``high``, and
        ``only_payers``: whether it is above zero for users with the outcome alone. Suspicious is a metric

        - whose lower end lies above `limit`; the ends are corrected for the number of metrics (Bonferroni), because the
          best of five hundred looks good by luck,
        - which ranks all pairs right, or which only users with the outcome show, if chance would hardly do so (exact
          test, corrected by Holm's method). Such a metric knows the answer even where few show it.

    Raises
    ------
    CrmkitError
        As `ranks_right`.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> paid = rng.random(200) < 0.3
    >>> metrics = pd.DataFrame({"receipts": paid * 1.0, "visits": rng.poisson(4, 200)})
    >>> too_good_alone(metrics, paid)["metric"].tolist()
    ['receipts']
    """
    truth = need_true_false(outcome, "outcome")
    need_share(limit, "limit")
    need_probability(level, "level")
    if metrics.empty or not 0 < truth.sum() < len(truth):
        return pd.DataFrame(columns=["metric", "ranks_right", "low", "high", "only_payers"])
    area = areas(metrics, truth)
    each = 1 - (1 - level) / metrics.shape[1]
    only, by_chance = _only_payers(metrics, truth, area)
    by_chance = adjust_p_values(by_chance) < 1 - level
    rows = []
    # The quick way sorts out those that are far from the limit.
    for place in np.flatnonzero((np.abs(area - 0.5) > limit - 0.5) | by_chance):
        name = metrics.columns[place]
        turned = metrics[name] if area[place] > 0.5 else -metrics[name]
        found = ranks_right(turned, truth, level=each)
        if found["low"] > limit or by_chance[place]:
            rows.append((name, *found, bool(only[place])))
    frame = pd.DataFrame(rows, columns=["metric", "ranks_right", "low", "high", "only_payers"])
    return frame.sort_values("ranks_right", ascending=False, kind="stable", ignore_index=True)


def _only_payers(
    metrics: pd.DataFrame, truth: np.ndarray, area: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Which metrics only those with the outcome show, and how likely chance does that, or ranks all pairs right."""
    from scipy.special import gammaln

    def ways(n: int, k: np.ndarray | int) -> np.ndarray:
        found: np.ndarray = gammaln(n + 1) - gammaln(np.asarray(k) + 1.0) - gammaln(n - k + 1.0)
        return found

    shown = metrics.to_numpy(float) > 0
    number, yes = shown.sum(axis=0), int(truth.sum())
    only = (number > 0) & ~shown[~truth].any(axis=0)
    # All of these many users are among those with the outcome: so many choices of all choices of users.
    chance = np.ones(len(area))
    chance[only] = np.exp(ways(yes, number[only]) - ways(len(truth), number[only]))
    perfect = (area == 0) | (area == 1)
    chance[perfect] = np.minimum(chance[perfect], 2 * np.exp(-ways(len(truth), yes)))
    return only, np.minimum(chance, 1.0)


def time_split(
    events: pd.DataFrame, orders: pd.DataFrame, decision: Moment, cuts: list[Moment]
) -> pd.DataFrame:
    """Say of each cut how many events lie after the decision, and how many of them after the user's own payment.

    A metric that counts until a later day than the decision has seen a part of the answer.

    Parameters
    ----------
    events, orders : DataFrame
        As for `leakage_audit`.
    decision : date
        The day on which somebody had to decide.
    cuts : list of date
        Days until which metrics might be counted.

    Returns
    -------
    DataFrame
        One row per cut: ``cut``, ``events`` (until then), ``too_late`` (share of them on or after the decision),
        ``after_paying`` (share of them after the user's first payment on or after the decision).

    Raises
    ------
    CrmkitError
        A column is missing, or a date cannot be read.

    Examples
    --------
    >>> times = pd.to_datetime(["2024-01-01", "2024-03-01"])
    >>> log = pd.DataFrame({"customer_id": [1, 1], "time": times, "event": "play"})
    >>> orders = pd.DataFrame({"customer_id": [1], "order_date": [pd.Timestamp("2024-02-01")], "turnover": [5.0]})
    >>> time_split(log, orders, "2024-02-01", ["2024-02-01", "2024-04-01"])["too_late"].tolist()
    [0.0, 0.5]
    """
    need_columns(events, ["customer_id", "time", "event"], "events")
    start = need_date(decision)
    later = orders[(orders["turnover"] > 0) & (orders["order_date"] >= start)]
    paid_on = events["customer_id"].map(later.groupby("customer_id")["order_date"].min())
    rows = []
    for cut in map(need_date, cuts):
        inside = events["time"] < cut
        n = max(int(inside.sum()), 1)
        late = (inside & (events["time"] >= start)).sum() / n
        rows.append((cut, int(inside.sum()), late, (inside & (events["time"] > paid_on)).sum() / n))
    return pd.DataFrame(rows, columns=["cut", "events", "too_late", "after_paying"])


def forecast_by_cut(
    events: pd.DataFrame,
    orders: pd.DataFrame,
    decision: Moment,
    until: Moment,
    cuts: list[Moment],
    days: int = 91,
    *,
    kinds: pd.Series | None = None,
    model: Any = None,
) -> pd.DataFrame:
    """Count the metrics until a later and later day, and compare what the forecast promises with what it keeps.

    Asked is who, of those who have not paid before the decision, pays until the end of the outcome. Half of the users
    teach. The others judge twice: with metrics counted until the cut (the promise), and with what could be known on the
    day of decision (what is kept).

    Parameters
    ----------
    events, orders, days, kinds
        As for `who_pays_first`: each window has so many days, and ends on the day before its cut.
    decision, until : date
        The first day of the outcome, and the first day after it.
    cuts : list of date
        Days until which the metrics are counted, rising. A cut on the day of decision is the honest one: there, promise
        and what is kept are the same number.
    model : scikit-learn classifier, optional
        Default: `crmkit.mining.logistic`.

    Returns
    -------
    DataFrame
        One row per cut: ``cut``, ``users`` (in the window, and not yet paying at the decision), ``promised`` and
        ``kept`` (pairs ranked right), ``too_late`` and ``after_paying`` (shares of the window's events, as
        `time_split`).

    Raises
    ------
    CrmkitError
        As `who_pays_first` and `ranks_right`.

    Examples
    --------
    >>> rng = np.random.default_rng(2)
    >>> user, day = rng.integers(0, 300, 6000), pd.to_timedelta(rng.integers(0, 120, 6000), unit="D")
    >>> log = pd.DataFrame({"customer_id": user, "time": pd.Timestamp("2024-01-01") + day, "event": "play"})
    >>> orders = pd.DataFrame({"customer_id": range(0, 300, 5), "turnover": 5.0})
    >>> orders["order_date"] = pd.Timestamp("2024-03-05")
    >>> found = forecast_by_cut(log, orders, "2024-03-01", "2024-05-01", ["2024-03-01", "2024-04-01"], 30)
    >>> bool(found["promised"][0] == found["kept"][0]), found["too_late"].round().tolist()
    (True, [0.0, 1.0])
    """
    from sklearn.base import clone

    def asked(cut: Moment) -> tuple[pd.DataFrame, pd.Series]:
        metrics = behaviour_metrics(events, cut, days, kinds=kinds)
        metrics = metrics[~paid_between(orders, metrics.index, "1900-01-01", decision)]
        return metrics, paid_between(orders, metrics.index, decision, until)

    if kinds is None:  # the same metrics at every cut
        names = sorted(events["event"].astype(str).unique())
        kinds = pd.Series("all", index=names)
    known, known_paid = asked(decision)
    rows = []
    for cut in cuts:
        train, train_paid, test, test_paid = halves(*asked(cut))
        fitted = clone(logistic() if model is None else model).fit(train, train_paid)
        others = ~known.index.isin(train.index)
        promised = ranks_right(fitted.predict_proba(test)[:, 1], test_paid)["estimate"]
        kept = ranks_right(fitted.predict_proba(known[others])[:, 1], known_paid[others])
        window = events[events["time"] >= need_date(cut) - pd.Timedelta(days=days)]
        late = time_split(window, orders, decision, [cut]).iloc[0]
        users = len(train) + len(test)
        row = (late["cut"], users, promised, kept["estimate"], late["too_late"])
        rows.append((*row, late["after_paying"]))
    columns = ["cut", "users", "promised", "kept", "too_late", "after_paying"]
    return pd.DataFrame(rows, columns=columns)
