"""Touchpoints: where customers meet the company, and where they turn away.

Business context: whatever a customer can perceive of a company is a touchpoint: an advertisement, the door, the
shelf, the answer to a question, the till, help afterwards. A chain of them is as good as its links. The lowest
share is not always the weak link: few of those who see an advertisement come in, anywhere. So a link is
compared with the same link elsewhere, and the remedy is tried on customers drawn by chance before it is believed.

The intervals of shares and of their differences are those of `crmkit.inference`.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from crmkit.errors import CrmkitError
from crmkit.inference import newcombe, wilson
from crmkit.inputs import (
    first_few,
    need_number,
    need_numbers,
    need_rows,
    need_true_false,
    need_unique,
)


def transition_shares(log: pd.DataFrame, journeys: pd.DataFrame) -> pd.DataFrame:
    """Share of customers who went on, at each touchpoint of each channel.

    Parameters
    ----------
    log
        One row per touchpoint reached: ``journey_id``, ``step``, ``touchpoint``, ``went_on``.
    journeys
        ``journey_id``, ``channel``; only these journeys count.

    Returns
    -------
    DataFrame
        ``channel``, ``step``, ``touchpoint``, ``reached``, ``went_on`` (journeys), ``share``, ``low``, ``high`` (95 %).

    Examples
    --------
    >>> log = pd.DataFrame({"journey_id": [1, 2], "step": 1, "touchpoint": "shelf", "went_on": [True, False]})
    >>> transition_shares(log, pd.DataFrame({"journey_id": [1, 2], "channel": "web"}))["share"].tolist()
    [0.5]
    """
    need_rows(log, ["journey_id", "step", "touchpoint", "went_on"], "log of touchpoints")
    need_rows(journeys, ["journey_id", "channel"], "journeys")
    need_unique(journeys, ["journey_id"], "journeys")
    both = log.merge(journeys[["journey_id", "channel"]], on="journey_id")
    if both.empty:
        raise CrmkitError("touchpoints: no journey of the log is in the table of journeys.")
    both["went_on"] = need_true_false(both["went_on"], "log of touchpoints, went_on")
    out = both.groupby(["channel", "step", "touchpoint"], as_index=False).agg(
        reached=("went_on", "size"), went_on=("went_on", "sum")
    )
    out["share"] = out["went_on"] / out["reached"]
    out["low"], out["high"] = wilson(out["went_on"], out["reached"])
    return out


def weak_links(shares: pd.DataFrame, channel: str) -> pd.DataFrame:
    """Hold each link of a channel against the same link of the other channels.

    Parameters
    ----------
    shares
        What :func:`transition_shares` gives.
    channel
        The channel to look at.

    Returns
    -------
    DataFrame
        One row per touchpoint, in order: ``step``, ``touchpoint``, ``share``, ``elsewhere`` (share in the
        other channels together), ``gap``, ``low``, ``high``, ``weak``: the interval lies wholly below 0. The
        intervals are 95 % for all links of the channel at once (Bonferroni): anyone who looks at six links and calls
        one weak should not be wrong more often than who looks at one.

    Examples
    --------
    >>> both = pd.DataFrame({"channel": ["web", "shop"], "step": 1, "touchpoint": "shelf", "reached": 200,
    ...                      "went_on": [60, 120]})
    >>> weak_links(both, "web")["weak"].tolist()
    [True]
    """
    need_rows(shares, ["channel", "step", "touchpoint", "reached", "went_on"], "transition shares")
    channels = list(shares["channel"].unique())
    if channel not in channels or len(channels) < 2:
        raise CrmkitError(
            f"weak_links: channel {channel!r} must be one of at least two; there are: {first_few(channels, 6)}."
        )
    keys = ["step", "touchpoint"]
    ours = shares[shares["channel"] == channel].set_index(keys)[["reached", "went_on"]]
    others = shares[shares["channel"] != channel].groupby(keys)[["reached", "went_on"]].sum()
    alone = ours.index.difference(others.index)
    if len(alone):
        raise CrmkitError(
            f"weak_links: only {channel!r} has the link {first_few(name for _, name in alone)}; there is "
            f"nothing to "
            "compare it with. Leave it out."
        )
    others = others.loc[ours.index]
    out = pd.DataFrame(
        {
            "share": ours["went_on"] / ours["reached"],
            "elsewhere": others["went_on"] / others["reached"],
        }
    )
    out["gap"], out["low"], out["high"] = newcombe(
        ours["went_on"],
        ours["reached"],
        others["went_on"],
        others["reached"],
        level=1 - 0.05 / len(ours),
    )
    out["weak"] = out["high"] < 0
    return out.reset_index().sort_values("step", ignore_index=True, kind="stable")


def first_weak_link(links: pd.DataFrame) -> str | None:
    """Name the first touchpoint that :func:`weak_links` calls weak; None if there is none.

    Examples
    --------
    >>> first_weak_link(pd.DataFrame({"step": [1, 2], "touchpoint": ["door", "shelf"], "weak": [False, True]}))
    'shelf'
    """
    need_rows(links, ["step", "touchpoint", "weak"], "links")
    weak = links[links["weak"]].sort_values("step", kind="stable")
    return None if weak.empty else str(weak["touchpoint"].iloc[0])


def promised_rise(shares: pd.DataFrame, channel: str, touchpoint: str, share: float) -> float:
    """What multiplying shares promises if one link is mended: new sales divided by old ones, less 1.

    All links after it are taken to stay as they are. They do not, if those who now pass are less keen: then the
    promise is too high.

    Parameters
    ----------
    shares
        What :func:`transition_shares` gives.
    channel, touchpoint
        The link.
    share
        Its share once mended, 0 to 1.

    Examples
    --------
    >>> link = pd.DataFrame({"channel": ["web"], "touchpoint": ["shelf"], "share": [0.4]})
    >>> round(promised_rise(link, "web", "shelf", 0.6), 6)
    0.5
    """
    need_rows(shares, ["channel", "touchpoint", "share"], "transition shares")
    need_number(share, "share, a number between 0 and 1,", minimum=0, maximum=1)
    row = shares[(shares["channel"] == channel) & (shares["touchpoint"] == touchpoint)]
    if len(row) != 1:
        raise CrmkitError(f"promised_rise: no single link {touchpoint!r} in channel {channel!r}.")
    if row["share"].iloc[0] == 0:
        raise CrmkitError(
            f"promised_rise: nobody passes {touchpoint!r} today; no rise can be told."
        )
    return float(share / row["share"].iloc[0] - 1)


def chain(chances: Sequence[float], spread: float = 0.0) -> np.ndarray:
    """Share of all customers who pass each link, when customers differ in keenness.

    Parameters
    ----------
    chances
        Chance of going on at each link for a customer of average keenness, each between 0 and 1 (both excluded).
    spread
        Standard deviation of keenness, in log-odds, normal, the same for a customer at every link. With 0 the result
        is the plain product of the chances.

    Returns
    -------
    ndarray
        Share of those at the start who have passed link 1, link 2, ...

    Examples
    --------
    >>> chain([0.5, 0.5]).tolist()
    [0.5, 0.25]
    >>> chain([0.5, 0.5], spread=1.2).round(2).tolist()
    [0.5, 0.31]
    """
    p = need_numbers(list(chances), "chances")
    if not len(p) or (p <= 0).any() or (p >= 1).any():
        raise CrmkitError(
            f"chances lie between 0 and 1, both excluded, not {first_few(p.tolist(), 8)}."
        )
    need_number(spread, "spread of keenness", minimum=0)
    # Gauss-Hermite: the mean over a normal distribution as a weighted sum over 30 points.
    nodes, weights = np.polynomial.hermite_e.hermegauss(30)
    odds = np.log(p / (1 - p))[None, :] + spread * nodes[:, None]
    passed = (1 / (1 + np.exp(-odds))).cumprod(axis=1)
    return weights @ passed / weights.sum()


def trial_effect(
    trial: pd.DataFrame, treated: str = "answered", control: str = "control"
) -> pd.DataFrame:
    """Effect of a remedy that was given by chance, on each outcome.

    Parameters
    ----------
    trial
        One row per customer of the trial: ``arm`` and one column per outcome, true and false or 1 and 0.
    treated, control
        Names of the two arms.

    Returns
    -------
    DataFrame
        One row per outcome: ``outcome``, ``control``, ``treated`` (shares), ``effect`` (difference),
        ``low``, ``high`` (95 %).

    Examples
    --------
    >>> trial = pd.DataFrame({"arm": ["control"] * 4 + ["answered"] * 4, "bought": [0, 0, 0, 1, 0, 1, 1, 1]})
    >>> trial_effect(trial.astype({"bought": bool}))["effect"].tolist()
    [0.5]
    """
    need_rows(trial, ["arm"], "trial")
    arms = {arm: trial[trial["arm"] == arm] for arm in (treated, control)}
    for arm, part in arms.items():
        if part.empty:
            raise CrmkitError(
                f"trial: nobody in the arm {arm!r}; there are: {first_few(trial['arm'].unique(), 6)}."
            )
    outcomes = [c for c in trial.columns if c != "arm" and trial[c].isin([True, False]).all()]
    if not outcomes:
        raise CrmkitError(
            f"trial: none of the columns {first_few(trial.columns, 6)} is an outcome, all true and false or 1 "
            f"and 0."
        )
    rows = []
    for outcome in outcomes:
        (k1, n1), (k0, n0) = (
            (int(arms[arm][outcome].sum()), len(arms[arm])) for arm in (treated, control)
        )
        effect, low, high = (float(x) for x in newcombe(k1, n1, k0, n0))
        rows.append((outcome, k0 / n0, k1 / n1, effect, low, high))
    return pd.DataFrame(rows, columns=["outcome", "control", "treated", "effect", "low", "high"])


def mended_rise(
    chances: Sequence[float], mended: Sequence[float], spread: float
) -> dict[str, float]:
    """Compare what multiplying shares promises of mended links with what comes out at the end of the chain.

    Parameters
    ----------
    chances, mended
        Chance of going on at each link for a customer of average keenness, today and once mended; one of them differs.
    spread
        Standard deviation of keenness, in log-odds (see :func:`chain`).

    Returns
    -------
    dict
        ``link now``, ``link mended`` (shares of those who reach the mended link), ``promised``, ``comes out`` (new
        sales divided by old ones, less 1).

    Examples
    --------
    >>> found = mended_rise([0.5, 0.4, 0.8], [0.5, 0.8, 0.8], spread=0.0)
    >>> round(found["promised"], 6) == round(found["comes out"], 6) == 1.0
    True
    >>> found = mended_rise([0.5, 0.4, 0.8], [0.5, 0.8, 0.8], spread=1.2)
    >>> found["comes out"] < found["promised"]
    True
    """
    old, new = np.asarray(chances, dtype=float), np.asarray(mended, dtype=float)
    changed = np.flatnonzero(old != new)
    if len(changed) != 1:
        raise CrmkitError(f"mended_rise: one link is to be mended, not {len(changed)}.")
    link = int(changed[0])
    before, after = chain(old.tolist(), spread), chain(new.tolist(), spread)
    reached = before[link - 1] if link else 1.0
    now, then = before[link] / reached, after[link] / reached
    return {
        "link now": float(now),
        "link mended": float(then),
        "promised": float(then / now - 1),
        "comes out": float(after[-1] / before[-1] - 1),
    }


def gain_per_link(chances: pd.Series, points: float, spread: float) -> pd.Series:
    """What raising each link alone would do to sales, when customers differ in keenness.

    Parameters
    ----------
    chances
        Chance of going on for a customer of average keenness, by link, in order.
    points
        By how much each is raised, as a fraction: 0.10 for ten points.
    spread
        Standard deviation of keenness, in log-odds.

    Returns
    -------
    Series
        New sales divided by old ones, less 1, by link.

    Examples
    --------
    >>> gain_per_link(pd.Series({"shelf": 0.5, "till": 0.8}), 0.1, 0.0).round(3).to_dict()
    {'shelf': 0.2, 'till': 0.125}
    """
    now = chain(chances.tolist(), spread)[-1]
    gains = {
        name: chain(chances.where(chances.index != name, chances + points).tolist(), spread)[-1]
        / now
        - 1
        for name in chances.index
    }
    return pd.Series(gains)
