"""The store: every metric is kept, with the questions for which it is legitimate."""

from __future__ import annotations

import pandas as pd

from crmkit.inputs import first_few, need_columns

#: The questions of a business with payers and subscribers, and who is asked about.
QUESTIONS = {
    "pays first": "users who have never paid",
    "pays again": "users who have paid",
    "stays": "users with a running subscription",
}


def metric_store(
    metrics: pd.DataFrame, leaks: pd.DataFrame, questions: dict[str, str] | None = None
) -> pd.DataFrame:
    """Keep every metric, and say for which question it may be used.

    A metric that counts what only payers can do knows the answer to "who pays first?". For "who pays again?" and "who
    stays?" the same metric is honest: everybody who is asked about can show it.

    Parameters
    ----------
    metrics : DataFrame
        As `metric_list` gives it.
    leaks : DataFrame
        As `leakage_audit` gives it: ``event``, ``leaks``.
    questions : dict of str to str, optional
        By name, who is asked about. Default: `QUESTIONS`. Metrics that leak are refused for the first question.

    Returns
    -------
    DataFrame
        `metrics` with one column of True and False per question, and ``why``: the reason where one is False.

    Raises
    ------
    CrmkitError
        A column is missing.

    Examples
    --------
    >>> from crmkit.mining import metric_list
    >>> listed = metric_list(pd.Series({"play": "music", "receipt": "money"}))
    >>> leaks = pd.DataFrame({"event": ["play", "receipt"], "leaks": [False, True]})
    >>> store = metric_store(listed, leaks).set_index("metric")
    >>> store.loc["count_receipt", ["pays first", "pays again"]].tolist()
    [False, True]
    """
    need_columns(metrics, ["metric", "counts"], "metrics")
    need_columns(leaks, ["event", "leaks"], "leaks")
    questions = QUESTIONS if questions is None else questions
    known = set(leaks.loc[leaks["leaks"], "event"].astype(str))
    seen = [sorted(known.intersection(kinds)) for kinds in metrics["counts"]]
    touched = pd.Series([bool(kinds) for kinds in seen], index=metrics.index)
    store = metrics.copy()
    for place, question in enumerate(questions):
        store[question] = ~touched if place == 0 else True
    store["why"] = [
        f"counts {first_few(kinds)}, which only payers do" if kinds else "" for kinds in seen
    ]
    return store
