"""The right word, and an ear: what a message does, the readers it drives away, and what an answer to feedback does.

Problem
    A message that opens well may still lose money: it costs little to send, but every reader who leaves the list takes
    along what later messages would have brought. And is it the personal touch that helps, or the right product?

Sources
    Several rows of one reader count as one unit: influence summed over readers (Liang & Zeger 1986, Biometrika 73).
    Several comparisons: Holm (1979). Shares: Wilson (1927), Newcombe (1998); means of different people: Welch (1947).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np
import pandas as pd

from crmkit.errors import CrmkitError
from crmkit.inference import adjust_p_values, critical_value, tells_spread, wilson
from crmkit.inputs import (
    first_few,
    need_count,
    need_known,
    need_number,
    need_numbers,
    need_probability,
    need_rows,
    need_true_false,
)
from crmkit.later import later
from crmkit.reactivation import effect_table
from crmkit.say import labels

stats = later("scipy.stats")

NO_MESSAGE = "no message"
labels(NO_MESSAGE, "one for all", "matched", "random")
labels("gives feedback again", "buys", "likes more (of answers)", "likes more (of all)")


def message_effects(
    waves: pd.DataFrame,
    outcome: str,
    *,
    control: str = NO_MESSAGE,
    arm: str = "arm",
    reader: str = "reader_id",
    level: float = 0.95,
    adjust: Literal["holm", "fdr"] = "holm",
) -> pd.DataFrame:
    """Compare each arm with one of them, where the same readers come again in several waves.

    Parameters
    ----------
    waves
        One row per wave and reader: `reader`, `arm`, `outcome`. Chance decided the arm again in each wave.
    outcome
        True and False, or a number.
    control
        The arm with which the others are compared.
    arm, reader
        Columns.
    level
        Of each interval by itself.
    adjust
        How ``p_adjusted`` allows for the number of arms (`crmkit.inference.adjust_p_values`).

    Returns
    -------
    DataFrame
        One row per other arm, in order of appearance by name: ``arm``, ``messages`` (rows), ``value``,
        ``control_value``, ``effect``, ``low``, ``high``, ``p_value``, ``p_adjusted``. No interval where all values
        of an arm are alike.

    Raises
    ------
    CrmkitError
        Missing columns or values, an unknown control, a single arm.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> waves = pd.DataFrame({"reader_id": np.arange(4000) % 800, "arm": rng.choice(["no message", "matched"], 4000)})
    >>> waves["bought"] = rng.random(4000) < np.where(waves["arm"] == "matched", 0.16, 0.08)
    >>> message_effects(waves, "bought")[["arm", "effect", "low", "high"]].round(2).values.tolist()
    [['matched', 0.09, 0.07, 0.11]]
    """
    need_rows(waves, [reader, arm, outcome], "waves")
    need_probability(level, "level")
    need_known(waves[arm], arm)
    values = need_numbers(waves[outcome], outcome)
    names = sorted(map(str, waves[arm].unique()))
    if control not in names or len(names) < 2:
        raise CrmkitError(
            f"{arm}: {control!r} is to be compared with the others, but the arms are {first_few(names, 8)}. "
            "Choose one of them as `control`."
        )
    who = pd.factorize(need_known(waves[reader], reader))[0]
    groups = {name: (waves[arm].astype(str) == name).to_numpy() for name in names}
    mean = {name: float(values[mine].mean()) for name, mine in groups.items()}
    # How far each reader moves the mean of an arm.
    pull = {
        name: np.bincount(who, np.where(mine, values - mean[name], 0.0)) / mine.sum()
        for name, mine in groups.items()
    }
    readers = len(pull[control])
    rows = []
    for name in names:
        if name == control:
            continue
        effect, p, half = mean[name] - mean[control], np.nan, np.nan
        apart = pull[name] - pull[control]
        if tells_spread(values[groups[name]]) or tells_spread(values[groups[control]]):
            error = np.sqrt((apart**2).sum() * readers / (readers - 1))
            half = critical_value(level, readers - 1) * error
            p = 2 * float(stats.t.sf(abs(effect) / error, readers - 1))
        rows.append(
            {
                "arm": name,
                "messages": int(groups[name].sum()),
                "value": mean[name],
                "control_value": mean[control],
                "effect": effect,
                "low": effect - half,
                "high": effect + half,
                "p_value": p,
            }
        )
    table = pd.DataFrame(rows)
    return table.assign(p_adjusted=adjust_p_values(table["p_value"], adjust))


def address_value(
    gain: float, leaves: float, *, messages_year: float = 26, years: float = 1
) -> float:
    """Say what a reader on the list is worth: the gains of the messages to come, as long as he or she stays.

    Parameters
    ----------
    gain
        What one message earns (margin it adds, less its cost).
    leaves
        Chance of unsubscribing after a message.
    messages_year
        Messages a year.
    years
        How far one looks ahead.

    Returns
    -------
    float

    Notes
    -----
    gain * (1 + s + s^2 + ...), s = 1 - leaves, for as many messages as come in these years. The reader may buy in the
    shop without the list: only what messages add is lost.

    Examples
    --------
    >>> round(address_value(1.0, 0.01, messages_year=26), 2)
    23.0
    >>> address_value(1.0, 0.0, messages_year=26)
    26.0
    """
    need_number(gain, "gain")
    need_number(leaves, "leaves", minimum=0, maximum=1)
    number = need_number(messages_year, "messages_year", minimum=0) * need_number(
        years, "years", minimum=0
    )
    if leaves == 0:
        return float(gain * number)
    return float(gain * (1 - (1 - leaves) ** number) / leaves)


def message_worth(
    waves: pd.DataFrame,
    *,
    cost: float,
    address: float,
    margin: str = "margin_14d",
    control: str = NO_MESSAGE,
    arm: str = "arm",
    reader: str = "reader_id",
    level: float = 0.95,
) -> pd.DataFrame:
    """Say what one message earns in each arm, net of its cost and of the readers whom it drives away.

    Parameters
    ----------
    waves
        As for `message_effects`, with `margin` and ``unsubscribed``.
    cost
        Of sending one message.
    address
        What a reader on the list is worth (`address_value`). It is taken as known.
    margin, arm, reader
        Columns.
    control
        The arm without a message.
    level
        Of each interval by itself.

    Returns
    -------
    DataFrame
        One row per arm with a message: ``arm``, ``margin_more`` (over the control), ``left_more`` (share who
        unsubscribe), ``address_lost`` (that share in money), ``cost``, ``net``, ``low``, ``high``, ``p_adjusted``.

    Examples
    --------
    >>> waves = pd.DataFrame({"reader_id": range(8), "arm": ["no message"] * 4 + ["random"] * 4,
    ...     "margin_14d": [0, 2, 0, 2, 0, 4, 4, 0], "unsubscribed": [False] * 7 + [True]})
    >>> message_worth(waves, cost=0.25, address=4.0)[["margin_more", "address_lost", "net"]].values.tolist()
    [[1.0, 1.0, -0.25]]
    """
    need_rows(waves, [reader, arm, margin, "unsubscribed"], "waves")
    need_number(cost, "cost", minimum=0)
    need_number(address, "address")
    gone = need_true_false(waves["unsubscribed"], "unsubscribed").astype(float)
    earned = need_numbers(waves[margin], margin)
    sent = (waves[arm] != control).to_numpy(dtype=float)
    frame = waves[[reader, arm]].assign(
        _margin=earned, _gone=gone, _net=earned - cost * sent - address * gone
    )
    ways = {
        name: message_effects(frame, name, control=control, arm=arm, reader=reader, level=level)
        for name in ("_margin", "_gone", "_net")
    }
    net = ways["_net"]
    return pd.DataFrame(
        {
            "arm": net["arm"],
            "margin_more": ways["_margin"]["effect"],
            "left_more": ways["_gone"]["effect"],
            "address_lost": address * ways["_gone"]["effect"],
            "cost": float(cost),
            "net": net["effect"],
            "low": net["low"],
            "high": net["high"],
            "p_adjusted": net["p_adjusted"],
        }
    )


def frequency_table(
    trial: pd.DataFrame,
    *,
    cost: float,
    address: float,
    margin: str = "margin_90d",
    months: float = 3,
    control: str = NO_MESSAGE,
    level: float = 0.95,
) -> pd.DataFrame:
    """Say what so many messages a month earn per reader, by a trial in which chance decided how many.

    Parameters
    ----------
    trial
        One row per reader: ``arm``, ``messages_month``, `margin`, ``unsubscribed``.
    cost, address
        As for `message_worth`.
    margin
        Column of the margin over the whole trial.
    months
        How long it took.
    control
        The arm without messages.
    level
        Of each interval by itself.

    Returns
    -------
    DataFrame
        One row per arm and frequency: ``arm``, ``messages_month``, ``readers``, ``margin_more`` with ``margin_low``,
        ``margin_high``; ``left`` (share who unsubscribed) with ``left_low``, ``left_high``; ``net`` (margin less cost
        less addresses lost, over no messages) with ``low``, ``high``, and ``p_adjusted`` for all rows together.

    Notes
    -----
    The cost is counted for the planned messages, also those that nobody received who had left: a little too much.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> often = rng.choice([0, 2, 8], 3000)
    >>> trial = pd.DataFrame({"arm": np.where(often > 0, "matched", "no message"), "messages_month": often,
    ...     "margin_90d": rng.gamma(4, 10, 3000) + 2.0 * np.minimum(often, 4),
    ...     "unsubscribed": rng.random(3000) < often**2 / 150})
    >>> frequency_table(trial, cost=0.05, address=30)["net"].round(0).tolist()
    [4.0, -4.0]
    """
    need_rows(trial, ["arm", "messages_month", margin, "unsubscribed"], "trial")
    need_number(cost, "cost", minimum=0)
    need_number(address, "address")
    need_number(months, "months", minimum=0)
    often = need_numbers(trial["messages_month"], "messages_month", minimum=0)
    gone = need_true_false(trial["unsubscribed"], "unsubscribed").astype(float)
    earned = need_numbers(trial[margin], margin)
    kind = need_known(trial["arm"], "arm").astype(str)
    cell = kind.where(kind == control, kind + " " + pd.Series(often, trial.index).astype(str))
    frame = pd.DataFrame(
        {"cell": cell, "margin": earned, "net": earned - cost * months * often - address * gone}
    )
    more, net = (
        effect_table(frame, name, arm="cell", control=control, level=level).set_index("arm")
        for name in ("margin", "net")
    )
    cells = pd.DataFrame({"arm": kind, "messages_month": often, "cell": cell, "gone": gone})
    cells = cells[kind != control].groupby(["arm", "messages_month", "cell"], sort=True)["gone"]
    table = cells.agg(readers="size", left="mean").reset_index()
    left_low, left_high = wilson(table["left"] * table["readers"], table["readers"], level=level)
    found = table["cell"]
    return pd.DataFrame(
        {
            "arm": table["arm"],
            "messages_month": table["messages_month"],
            "readers": table["readers"],
            "margin_more": more.loc[found, "effect"].to_numpy(),
            "margin_low": more.loc[found, "low"].to_numpy(),
            "margin_high": more.loc[found, "high"].to_numpy(),
            "left": table["left"],
            "left_low": left_low,
            "left_high": left_high,
            "net": net.loc[found, "effect"].to_numpy(),
            "low": net.loc[found, "low"].to_numpy(),
            "high": net.loc[found, "high"].to_numpy(),
            "p_adjusted": net.loc[found, "p_adjusted"].to_numpy(),
        }
    )


def frequency_curve(table: pd.DataFrame, *, months: float = 3, half: float = 2.4) -> pd.DataFrame:
    """Draw a smooth curve through a table of frequencies, to ask about numbers that were not tried.

    Parameters
    ----------
    table
        From `frequency_table`: two frequencies or more for each arm.
    months
        How long the trial took.
    half
        Messages a month at which 63 % of the most that messages can add is reached.

    Returns
    -------
    DataFrame
        One row per arm: ``arm``; ``most_month`` (the most that messages can add in a month while a reader is on the
        list); ``half``; ``leaves`` (chance of leaving after a message, at two a month); ``pressure`` (power by which
        more messages a month make each of them worse).

    Notes
    -----
    Leaving: the log of the hazard is a line in the log of the frequency, weighted by the number who left. Margin:
    least squares, one number an arm. The curve is a help for thinking; what is known, and how surely, is in the
    table.

    Examples
    --------
    >>> table = pd.DataFrame({"arm": "matched", "messages_month": [2.0, 8.0], "readers": 1000,
    ...     "margin_more": [9.0, 12.0], "left": [0.03, 0.45]})
    >>> frequency_curve(table).round(3)[["leaves", "pressure"]].values.tolist()
    [[0.005, 1.147]]
    """
    need_rows(table, ["arm", "messages_month", "readers", "margin_more", "left"], "table")
    need_number(half, "half", minimum=0.1)
    need_number(months, "months", minimum=0.1)
    rows = []
    for arm, part in table.groupby("arm", sort=True):
        if part["messages_month"].nunique() < 2:
            raise CrmkitError(f"table: two frequencies at least are needed for {arm!r}.")
        often = need_numbers(part["messages_month"], "messages_month", minimum=0.01)
        # Half a reader keeps the log finite where nobody, or everybody, left.
        left = (part["left"] * part["readers"]).clip(0.5, part["readers"] - 0.5)
        hazard = -np.log1p(-left / part["readers"]).to_numpy()
        x, y, weight = (
            np.log(often / 2),
            np.log(hazard / (months * often)),
            np.sqrt(left.to_numpy()),
        )
        slope, start = np.polyfit(x, y, 1, w=weight)
        there = -np.expm1(-hazard) / hazard  # part of the time on the list, on average
        shape = months * -np.expm1(-often / half) * there
        rows.append(
            {
                "arm": arm,
                "most_month": float((shape * part["margin_more"]).sum() / (shape**2).sum()),
                "half": float(half),
                "leaves": float(np.exp(start)),
                "pressure": max(float(slope), 0.0),
            }
        )
    return pd.DataFrame(rows)


def year_of_messages(
    curve: pd.DataFrame,
    per_month: float,
    *,
    match: float = 1.0,
    cost: float = 0.05,
    address: float = 30.0,
    months: int = 12,
) -> pd.Series:
    """Say what a year of so many messages a month brings per reader.

    Parameters
    ----------
    curve
        From `frequency_curve`: the rows "one for all" and "matched".
    per_month
        Messages a month.
    match
        How well they match: 0 = one for all, 1 = as the matched ones of the trial.
    cost, address
        As for `message_worth`.
    months
        How long.

    Returns
    -------
    Series
        ``margin``, ``cost``, ``left`` (share who have unsubscribed by the end), ``address_lost``, ``net``.

    Examples
    --------
    >>> curve = pd.DataFrame({"arm": ["matched", "one for all"], "most_month": [5.5, 1.5], "half": 2.4,
    ...     "leaves": [0.005, 0.015], "pressure": 1.2})
    >>> [round(float(year_of_messages(curve, often)["net"])) for often in (1, 3, 8)]
    [21, 32, -6]
    """
    need_rows(curve, ["arm", "most_month", "half", "leaves", "pressure"], "curve")
    need_number(per_month, "per_month", minimum=0)
    need_number(match, "match", minimum=0, maximum=1)
    need_count(months, "months")
    ends = curve.set_index("arm")
    lacking = {"one for all", "matched"} - set(ends.index)
    if lacking:
        raise CrmkitError(f"curve: the arm {first_few(sorted(lacking))} is missing.")
    most, half, leaves, pressure = (
        (1 - match) * float(ends.loc["one for all", name])
        + match * float(ends.loc["matched", name])
        for name in ("most_month", "half", "leaves", "pressure")
    )
    hazard = per_month * leaves * (per_month / 2) ** pressure if per_month else 0.0
    begin = np.exp(-hazard * np.arange(months))
    there = begin * (-np.expm1(-hazard) / hazard if hazard else 1.0)  # of each month, on average
    margin = float((most * -np.expm1(-per_month / half) * there).sum())
    sent, left = float(cost * per_month * there.sum()), float(-np.expm1(-hazard * months))
    return pd.Series(
        {
            "margin": margin,
            "cost": sent,
            "left": left,
            "address_lost": address * left,
            "net": margin - sent - address * left,
        }
    )


def feedback_effects(
    trial: pd.DataFrame, *, arm: str = "arm", control: str = "none", level: float = 0.95
) -> pd.DataFrame:
    """Say what it does to report back to those who told of something.

    Parameters
    ----------
    trial
        One row per customer who told of something: `arm`, ``feedback_again``, ``bought_90d``, ``survey`` (an answer
        such as "likes more"; missing where nobody answered).
    arm, control
        Column of what chance decided, and the value for nothing heard.
    level
        Of each interval by itself.

    Returns
    -------
    DataFrame
        One row per outcome and arm: ``outcome``, ``arm``, ``customers``, ``value``, ``control_value``, ``effect``,
        ``low``, ``high``, ``p_adjusted`` (Holm, for all rows together).

    Notes
    -----
    Liking is counted twice. Of those who answered: they chose to answer, and a report may change who does. Of all
    asked, with silence counted as "not more": nobody is left out, but the share is too low. What both show is safe.

    Examples
    --------
    >>> trial = pd.DataFrame({"arm": ["none"] * 40 + ["report"] * 40, "feedback_again": [False, True] * 40,
    ...     "bought_90d": [False, True] * 40, "survey": ["likes more", None] * 40})
    >>> feedback_effects(trial)["effect"].tolist()
    [0.0, 0.0, 0.0, 0.0]
    """
    need_rows(trial, [arm, "feedback_again", "bought_90d", "survey"], "trial")
    answered = trial["survey"].notna()
    more = trial["survey"].eq("likes more").fillna(False).astype(bool)
    if not answered.any():
        raise CrmkitError("survey: nobody answered. Use effect_table for the other outcomes.")
    frame = trial[[arm]].assign(
        again=need_true_false(trial["feedback_again"], "feedback_again"),
        bought=need_true_false(trial["bought_90d"], "bought_90d"),
        more=more,
    )
    ways: Sequence[tuple[str, pd.DataFrame, str]] = [
        ("gives feedback again", frame, "again"),
        ("buys", frame, "bought"),
        ("likes more (of answers)", frame[answered], "more"),
        ("likes more (of all)", frame, "more"),
    ]
    parts = [
        effect_table(some, name, arm=arm, control=control, level=level).assign(outcome=words)
        for words, some, name in ways
    ]
    table = pd.concat(parts, ignore_index=True)
    table["p_adjusted"] = adjust_p_values(table["p_value"])
    names = ["outcome", "arm", "customers", "value", "control_value", "effect", "low", "high"]
    return table[[*names, "p_adjusted"]]


__all__ = [
    "address_value",
    "feedback_effects",
    "frequency_curve",
    "frequency_table",
    "message_effects",
    "message_worth",
    "year_of_messages",
]
