"""Awake, drowsy, half-asleep, asleep: where to draw the lines, and how far a line can be trusted.

Three ways to draw them: a fixed number of days (everybody's habit), from the return curve (behaviour), and
relative to each
customer's own rhythm (two weeks of silence is nothing for one customer and a goodbye from another). Which
is better is a
question for the data: :func:`compare_rules` compares any of them with the truth.

Sources
    Cohen (1968), Psychological Bulletin 70(4), for weighted kappa (a test compares it with scikit-learn's). Own rhythm:
    the customer's
    mean gap, drawn towards everybody's as if ``prior_gaps`` gaps of typical length had been seen (the
    posterior mean of an
    exponential gap under its conjugate prior).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import pandas as pd

from crmkit.errors import CrmkitError
from crmkit.inputs import Moment, need_date, need_dates, need_numbers, need_probability, need_rows
from crmkit.reactivation.returns import kaplan_meier, last_day, purchase_gaps

STATES = ("awake", "drowsy", "half-asleep", "asleep")
#: A point of a return curve counts only where so many gaps are still watched.
SEEN = 50
#: Chance to return below which a customer counts as drowsy, half-asleep, asleep: an even chance, one in
#: four, one in ten.
LEVELS = (0.5, 0.25, 0.1)


@dataclass(frozen=True)
class Thresholds:
    """Silence from which a customer counts as drowsy, half-asleep, asleep.

    Parameters
    ----------
    drowsy, half_asleep, asleep
        In days, or in units of the own rhythm. Equal values leave the state between them empty.

    Raises
    ------
    CrmkitError
        If they do not rise.

    Examples
    --------
    >>> Thresholds(30, 60, 90).state([10, 30, 400]).tolist()
    ['awake', 'drowsy', 'asleep']
    """

    drowsy: float
    half_asleep: float
    asleep: float

    def __post_init__(self) -> None:
        if not 0 <= self.drowsy <= self.half_asleep <= self.asleep:
            raise CrmkitError(
                f"Thresholds must not fall: drowsy {self.drowsy:g}, half-asleep {self.half_asleep:g}, "
                f"asleep {self.asleep:g}. Give them in this order."
            )

    @property
    def cuts(self) -> tuple[float, float, float]:
        """The three of them as a tuple."""
        return self.drowsy, self.half_asleep, self.asleep

    def state(self, silence: Sequence[float] | pd.Series) -> pd.Series:
        """Give each silence its state, as an ordered categorical with the silence's own index."""
        series = silence if isinstance(silence, pd.Series) else pd.Series(np.asarray(silence))
        values = need_numbers(series, "silence", minimum=0)
        codes = np.searchsorted(np.asarray(self.cuts, dtype=float), values, side="right")
        states = pd.Categorical.from_codes(codes, categories=list(STATES), ordered=True)
        return pd.Series(states, index=series.index, name="state")


#: What people do without looking: one line (awake before, asleep after) or a ladder of three, out of 30, 60,
#: 90, 180 days.
FIXED_RULES: dict[str, Thresholds] = {
    **{f"{d} days": Thresholds(d, d, d) for d in (30, 60, 90, 180)},
    **{"/".join(map(str, c)) + " days": Thresholds(*c) for c in combinations((30, 60, 90, 180), 3)},
}


def thresholds_by_return(curve: pd.DataFrame, levels: Sequence[float] = LEVELS) -> Thresholds:
    """Draw the lines where the chance to return first falls below a level.

    Parameters
    ----------
    curve
        From :func:`crmkit.reactivation.returns.return_curve`: ``silent_days``, ``chance`` (and
        ``at_risk``: points that fewer than 50 gaps reach are left out).
    levels
        Three falling shares. Chance below which a customer counts as drowsy, half-asleep, asleep.

    Returns
    -------
    Thresholds
        In the unit of ``silent_days``.

    Raises
    ------
    CrmkitError
        If the levels do not fall, or the curve never stays below one of them: then the data cannot say where
        that line is.

    Examples
    --------
    >>> curve = pd.DataFrame({"silent_days": [0, 30, 60, 90], "chance": [0.7, 0.45, 0.2, 0.05]})
    >>> thresholds_by_return(curve).cuts
    (30.0, 60.0, 90.0)
    """
    seen, peak = _where_seen(curve, levels)
    chance, silent = seen["chance"].to_numpy(), seen["silent_days"].to_numpy(dtype=float)
    found = []
    for level in levels:
        day = _first_below(chance, silent, peak, level)
        if np.isnan(day):
            raise CrmkitError(
                f"levels: the chance to return never falls below {level:g} within the {silent.max():g} that "
                f"{SEEN} gaps reach; its lowest is {chance[peak:].min():.2f}. Raise the level, shorten the horizon, or "
                "bring a longer history."
            )
        found.append(day)
    return Thresholds(*found)


def threshold_intervals(curve: pd.DataFrame, levels: Sequence[float] = LEVELS) -> pd.DataFrame:
    """Draw the same lines as :func:`thresholds_by_return`, each with the days between which it may as well lie.

    A line is where an estimated curve crosses a level, so it is an estimate too. Its interval holds all days on which
    the level lies inside the curve's interval.

    Parameters
    ----------
    curve
        From :func:`crmkit.reactivation.returns.return_curve`, with its interval: ``silent_days``, ``chance``, ``low``,
        ``high`` (and ``at_risk``).
    levels
        As in :func:`thresholds_by_return`.

    Returns
    -------
    DataFrame
        One row per state, index ``state`` ("drowsy", "half-asleep", "asleep"): ``chance_below`` (the level),
        ``from_day``, ``low``, ``high`` (in the unit of ``silent_days``; ``high`` is missing where the upper end of the
        curve never falls below the level: the data give no latest day).

    Raises
    ------
    CrmkitError
        As :func:`thresholds_by_return`; a curve without its interval.

    Notes
    -----
    Brookmeyer & Crowley (1982), Biometrics 38: the interval of a median survival time by inverting the interval of the
    curve; here for a conditional chance, and for each level by itself.

    Examples
    --------
    >>> curve = pd.DataFrame({"silent_days": [0, 30, 60, 90, 120], "chance": [0.7, 0.45, 0.2, 0.08, 0.05],
    ...     "low": [0.6, 0.4, 0.15, 0.04, 0.02], "high": [0.8, 0.51, 0.26, 0.12, 0.09]})
    >>> threshold_intervals(curve)[["from_day", "low", "high"]].values.tolist()
    [[30.0, 30.0, 60.0], [60.0, 60.0, 90.0], [90.0, 90.0, 120.0]]
    """
    need_rows(curve, ["silent_days", "chance", "low", "high"], "curve")
    lines = thresholds_by_return(curve, levels)
    seen, peak = _where_seen(curve, levels)
    if seen["low"].isna().all():
        raise CrmkitError(
            "curve: it has no interval (low and high are missing). Make it with draws, as return_curve does by itself."
        )
    silent = seen["silent_days"].to_numpy(dtype=float)
    ends = {
        end: [_first_below(seen[end].to_numpy(), silent, peak, level) for level in levels]
        for end in ("low", "high")
    }
    return pd.DataFrame(
        {"chance_below": list(levels), "from_day": list(lines.cuts), **ends},
        index=pd.Index(STATES[1:], name="state"),
    )


def _where_seen(curve: pd.DataFrame, levels: Sequence[float]) -> tuple[pd.DataFrame, int]:
    """Give the part of a curve that can be trusted, and the place of its peak.

    The curve may rise at first (nobody buys on the day after) and again among very few: one looks from its peak on, and
    only where there is something to see.
    """
    need_rows(curve, ["silent_days", "chance"], "curve")
    for level in levels:
        need_probability(level, "levels: each")
    if len(levels) != 3 or not levels[0] >= levels[1] >= levels[2]:
        raise CrmkitError(f"levels: three shares that fall are needed, not {tuple(levels)!r}.")
    seen = curve[curve["at_risk"] >= SEEN] if "at_risk" in curve else curve
    if seen.empty:
        raise CrmkitError(
            f"curve: nowhere are {SEEN} gaps still watched. Bring more customers or a longer history."
        )
    return seen, int(seen["chance"].to_numpy().argmax())


def _first_below(values: np.ndarray, silent: np.ndarray, start: int, level: float) -> float:
    """Give the first silence, from `start` on, at which a curve lies below a level; missing where it never does."""
    below = np.flatnonzero(values[start:] < level)
    return float(silent[start + below[0]]) if len(below) else float("nan")


def thresholds_by_cost(curve: pd.DataFrame, means: pd.DataFrame) -> pd.DataFrame:
    """Find, for each means, the silence from which it pays: too early it is wasted on those who return anyway.

    A contact wins a share of those who would *not* return by themselves, and anyone who returns takes the gift
    along. At a chance c to return, it pays where ``(1 - c) * wins * margin`` reaches
    ``cost + (c + (1 - c) * wins) * gift``: where c has fallen to
    ``1 - (cost + gift) / (wins * margin + (1 - wins) * gift)``.

    Parameters
    ----------
    curve
        ``silent_days``, ``chance``.
    means
        One row per means: ``offer``, ``cost`` (£ a contact), ``wins`` (share won of those who would not
        return; from an experiment, not from hope; may be negative), ``margin`` (£ that a won
        customer brings), and, if there is one, ``gift`` (£ that everybody who returns is
        given, won or not: what a voucher is worth).

    Returns
    -------
    DataFrame
        `means` with ``pays_below`` (chance to return; below 0: never) and ``from_day`` (missing where it
        never pays). If `means` also has ``wins_low`` and ``wins_high`` (the ends of the test's interval), ``earliest``
        and ``latest`` are the days at those ends, taken with the ends of the curve's interval if it has one (missing:
        never): as far apart as test and curve together allow.

    Raises
    ------
    CrmkitError
        Columns or numbers are missing; an interval is asked for (``wins_low``, ``wins_high``), and the curve's own is
        missing everywhere, because it was made with ``draws=0``.

    Examples
    --------
    >>> curve = pd.DataFrame({"silent_days": [0, 30, 60, 90], "chance": [0.7, 0.45, 0.2, 0.05]})
    >>> means = pd.DataFrame({"offer": ["letter", "visit"], "cost": [1, 30], "wins": 0.1, "margin": 20})
    >>> thresholds_by_cost(curve, means)["from_day"].tolist()
    [30.0, nan]
    """
    need_rows(curve, ["silent_days", "chance"], "curve")
    table = need_rows(means, ["offer", "cost", "wins", "margin"], "means").copy()
    wins = need_numbers(table["wins"], "wins")
    cost = need_numbers(table["cost"], "cost", minimum=0)
    gift = need_numbers(table["gift"], "gift", minimum=0) if "gift" in table else 0.0
    worth = wins * need_numbers(table["margin"], "margin") + (1 - wins) * gift
    with np.errstate(divide="ignore", invalid="ignore"):
        table["pays_below"] = np.where(worth > 0, 1 - (cost + gift) / worth, -np.inf)
    highest = np.maximum.accumulate(curve["chance"].to_numpy()[::-1])[::-1]
    silent = curve["silent_days"].to_numpy(dtype=float)
    days = [silent[highest <= limit] for limit in table["pays_below"]]
    table["from_day"] = [float(d[0]) if len(d) else np.nan for d in days]
    if {"wins_low", "wins_high"} <= set(table.columns):
        empty = [end for end in ("low", "high") if end in curve and curve[end].isna().all()]
        if empty:
            raise CrmkitError(
                f"curve: it has no interval ({' and '.join(empty)} are missing everywhere), so `earliest` and `latest` "
                "cannot be told. Make the curve with draws (return_curve does by itself, draws=0 does not), or drop "
                "the columns low and high to take its chance for known."
            )
        for day, share, chance in (
            ("earliest", "wins_high", "low"),
            ("latest", "wins_low", "high"),
        ):
            ends = table.drop(columns=["wins_low", "wins_high"])
            ends["wins"] = table[share]
            seen = curve.assign(chance=curve[chance] if chance in curve else curve["chance"])
            seen = seen[seen["chance"].notna()]
            table[day] = thresholds_by_cost(seen[["silent_days", "chance"]], ends)["from_day"]
    return table


def rhythm_gaps(
    orders: pd.DataFrame, as_of: Moment | None = None, *, prior_gaps: float = 2
) -> pd.DataFrame:
    """Measure every gap in units of the customer's own rhythm, as known when the gap began.

    Parameters
    ----------
    orders
        ``customer_id``, ``order_date``.
    as_of
        End of the observation.
    prior_gaps
        How strongly a customer with few gaps is drawn to the typical gap: as if so many typical ones had
        been seen.

    Returns
    -------
    DataFrame
        :func:`~crmkit.reactivation.returns.purchase_gaps` with ``usual_days`` (own rhythm from the customer's *earlier*
        gaps, drawn towards everybody's typical gap: the mean up to the longest that was watched, open gaps included, by
        Kaplan-Meier from all gaps up to `as_of`; give an earlier `as_of` to look from an earlier day)
        and ``rhythm`` (``gap_days / usual_days``); missing where all gaps have no length.

    Examples
    --------
    >>> orders = pd.DataFrame({"customer_id": 1, "order_date": ["2025-01-01", "2025-01-11", "2025-01-31"]})
    >>> rhythm_gaps(orders, "2025-02-15", prior_gaps=1)["usual_days"].round(1).tolist()
    [16.7, 13.3, 15.6]
    """
    if prior_gaps <= 0:
        raise CrmkitError(f"prior_gaps must be above 0, not {prior_gaps!r}.")
    gaps = purchase_gaps(orders, as_of)
    # The mean of the gaps that have ended would be far too short: the long ones are still open.
    steps = kaplan_meier(gaps["gap_days"], gaps["returned"])
    lasted = np.diff(steps["duration"].to_numpy())
    typical = float((lasted * steps["away"].to_numpy()[:-1]).sum())
    earlier = gaps.groupby("customer_id")["gap_days"].cumsum() - gaps["gap_days"]
    count = gaps["number"] - 1
    gaps["usual_days"] = (prior_gaps * typical + earlier) / (prior_gaps + count)
    gaps["rhythm"] = gaps["gap_days"] / gaps["usual_days"]
    return gaps


def silence(
    orders: pd.DataFrame, as_of: Moment | None = None, *, prior_gaps: float = 2
) -> pd.DataFrame:
    """Say for each customer how long the silence is, in days and in units of the own rhythm.

    Parameters
    ----------
    orders
        ``customer_id``, ``order_date``.
    as_of
        Day as of which one looks; later orders are not looked at.
    prior_gaps
        See :func:`rhythm_gaps`.

    Returns
    -------
    DataFrame
        One row per customer who has bought by then: ``customer_id``, ``last_date``, ``silent_days``,
        ``purchase_days``,
        ``usual_days`` (own rhythm), ``rhythm`` (silent_days / usual_days).

    Examples
    --------
    >>> orders = pd.DataFrame({"customer_id": 1, "order_date": ["2025-01-01", "2025-01-11", "2025-01-31"]})
    >>> silence(orders, "2025-02-15", prior_gaps=1)[["silent_days", "rhythm"]].round(2).values.tolist()
    [[15.0, 0.96]]
    """
    open_gaps = rhythm_gaps(orders, as_of, prior_gaps=prior_gaps)
    last = open_gaps[~open_gaps["returned"]]
    names = {"start_date": "last_date", "gap_days": "silent_days", "number": "purchase_days"}
    columns = ["customer_id", "last_date", "silent_days", "purchase_days", "usual_days", "rhythm"]
    return last.rename(columns=names)[columns].reset_index(drop=True)


def state_on(spells: pd.DataFrame, day: Moment) -> pd.Series:
    """Look up each customer's state on one day in a table of spells.

    Parameters
    ----------
    spells
        ``customer_id``, ``state``, ``from_date``, ``to_date`` (both ends count), such as the truth's
        ``sleep_states``.
    day

    Returns
    -------
    Series
        Ordered categorical ``state`` by ``customer_id``; customers without a spell on that day are not in it.

    Raises
    ------
    CrmkitError
        If nobody has a spell on that day.

    Examples
    --------
    >>> spells = pd.DataFrame({"customer_id": [1, 1], "state": ["awake", "asleep"],
    ...     "from_date": ["2025-01-01", "2025-02-01"], "to_date": ["2025-01-31", "2025-12-31"]})
    >>> state_on(spells, "2025-02-01").to_dict()
    {1: 'asleep'}
    """
    need_rows(spells, ["customer_id", "state", "from_date", "to_date"], "spells")
    when = need_date(day)
    begun = need_dates(spells["from_date"], "from_date") <= when
    now = spells[begun & (need_dates(spells["to_date"], "to_date") >= when)]
    if now.empty:
        raise CrmkitError(
            f"spells: nobody has a state on {when:%Y-%m-%d}. Choose a day inside the data."
        )
    states = pd.Categorical(now["state"], categories=list(STATES), ordered=True)
    return pd.Series(states, index=pd.Index(now["customer_id"], name="customer_id"), name="state")


def agreement(guess: np.ndarray, truth: np.ndarray) -> dict[str, float]:
    """Measure how well guessed states agree with true ones.

    Parameters
    ----------
    guess, truth
        Places in ``STATES``, 0 to 3, one for each customer.

    Returns
    -------
    dict
        ``right``, ``even``, ``steps_off``, ``kappa``: see :func:`compare_rules`.

    Examples
    --------
    >>> agreement(np.array([0, 3, 3, 3]), np.array([0, 0, 3, 3]))["right"]
    0.75
    """
    hit = guess == truth
    of_state = np.bincount(truth, minlength=len(STATES))
    hits = np.bincount(truth, weights=hit, minlength=len(STATES))
    # As scikit-learn's cohen_kappa_score(weights="linear"), much faster: bootstraps ask thousands of times.
    size = len(STATES)
    seen = np.bincount(size * guess + truth, minlength=size * size).reshape(size, size)
    apart = np.abs(np.subtract.outer(np.arange(size), np.arange(size)))
    by_chance = np.outer(seen.sum(axis=1), seen.sum(axis=0)) / max(len(guess), 1)
    expected = (apart * by_chance).sum()
    kappa = 1 - (apart * seen).sum() / expected if expected else np.nan
    return {
        "right": float(hit.mean()),
        "even": float((hits[of_state > 0] / of_state[of_state > 0]).mean()),
        "steps_off": float(np.abs(guess - truth).mean()),
        "kappa": 1.0 if np.isnan(kappa) else float(kappa),
    }


def compare_rules(guesses: Mapping[str, pd.Series], truth: pd.Series) -> pd.DataFrame:
    """Compare several ways to tell the states with the truth.

    Parameters
    ----------
    guesses
        States by customer_id.
    truth
        True states by customer_id. Customers without a truth, or without a guess, are left out and counted.

    Returns
    -------
    DataFrame
        One row per rule, best first: ``right`` (share of customers in their true state), ``even`` (the same,
        averaged over the
        four true states, so that a rule cannot win on the largest state alone), ``steps_off`` (mean distance
        in steps; awake
        taken for asleep is 3 off), ``kappa`` (linearly weighted agreement beyond chance, 1 = perfect, 0 =
        chance), ``customers``.
        Sorted by kappa.

    Examples
    --------
    >>> truth = pd.Series(["awake", "asleep"], index=[1, 2])
    >>> compare_rules({"all awake": pd.Series("awake", index=[1, 2]), "right": truth}, truth)["right"].to_dict()
    {'right': 1.0, 'all awake': 0.5}
    """
    codes = {state: code for code, state in enumerate(STATES)}
    rows = {}
    for name, guess in guesses.items():
        pairs = pd.DataFrame({"guess": guess.astype(str), "truth": truth.astype(str)}).dropna()
        odd = set(pairs["guess"]) | set(pairs["truth"])
        if odd - set(STATES):
            raise CrmkitError(
                f"{name}: unknown state {sorted(odd - set(STATES))[0]!r}. States: {', '.join(STATES)}."
            )
        if pairs.empty:
            raise CrmkitError(
                f"{name}: no customer is in both the guess and the truth. Index both by customer_id."
            )
        g, t = (pairs[name].map(codes).to_numpy() for name in ("guess", "truth"))
        rows[name] = {**agreement(g, t), "customers": len(pairs)}
    table = pd.DataFrame.from_dict(rows, orient="index").rename_axis("rule")
    return table.astype({"customers": int}).sort_values("kappa", ascending=False, kind="stable")


def at_risk(
    orders: pd.DataFrame,
    as_of: Moment | None = None,
    *,
    silent_days: float = 91,
    top_share: float = 0.2,
    value: str = "margin",
) -> pd.DataFrame:
    """List formerly high-value customers who have bought nothing for a while.

    Parameters
    ----------
    orders
        ``customer_id``, ``order_date`` and `value`.
    as_of
        Day of the list.
    silent_days
        Silence from which a customer is on the list (the rule of thumb: "over three months").
    top_share
        Who counts as high-value: this share of all customers, by `value` up to the day.
    value
        Column that is summed.

    Returns
    -------
    DataFrame
        One row per customer on the list, most valuable first: ``customer_id``, `value`, ``last_date``,
        ``silent_days``,
        ``purchase_days``, ``usual_days``, ``rhythm``. Ties at the border are all in.

    Examples
    --------
    >>> orders = pd.DataFrame({"customer_id": [1, 1, 2, 3], "margin": [50, 60, 5, 6],
    ...     "order_date": ["2025-01-01", "2025-01-11", "2025-01-31", "2025-06-30"]})
    >>> at_risk(orders, top_share=0.4)["customer_id"].tolist()
    [1]
    """
    orders = need_rows(orders, ["customer_id", "order_date", value], "orders")
    need_probability(top_share, "top_share")
    need_numbers(orders[value], value)
    quiet = silence(orders, as_of)
    end = last_day(orders, as_of)
    seen = orders[need_dates(orders["order_date"], "order_date") <= end]
    worth = seen.groupby("customer_id")[value].sum()
    border = worth.sort_values(ascending=False, kind="stable").iloc[
        max(int(len(worth) * top_share), 1) - 1
    ]
    table = quiet.merge(
        worth[worth >= border].rename(value), left_on="customer_id", right_index=True
    )
    table = table[table["silent_days"] >= silent_days]
    table = table.sort_values([value, "customer_id"], ascending=[False, True]).reset_index(
        drop=True
    )
    return table[["customer_id", value, *[c for c in quiet.columns if c != "customer_id"]]]
