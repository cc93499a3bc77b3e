"""Which kind of relationship for which customers, and who comes back: trials in which chance decided.

Problem
    More work for a customer keeps more margin, and costs more. Whether it pays depends on the margin that is there to
    keep, and on how many customers share the fixed cost. Of those who left, some return without any offer.

Sources
    Five kinds of relationship, chosen by margin and number of customers: Kotler & Keller (2016) Marketing Management,
    from Kotler (1992). Winning back, second lifetime value: Stauss & Friege (1999) Journal of Service Research 1;
    reason of leaving: Kumar, Bhagwat & Zhang (2015) Journal of Marketing 79. Means and their difference: Student and
    Welch. A ratio with a known numerator: the interval of its denominator, turned over.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pandas as pd

from crmkit.errors import CrmkitError
from crmkit.inference import mean_difference, mean_interval, wilson
from crmkit.inputs import (
    need_count,
    need_known,
    need_number,
    need_numbers,
    need_rows,
    need_true_false,
    need_unique,
)
from crmkit.reactivation import effect_table
from crmkit.say import labels

labels("basic", "reactive", "accountable", "proactive", "partner")


def kept_by_kind(
    trial: pd.DataFrame, kinds: pd.DataFrame, *, control: str = "basic", level: float = 0.95
) -> pd.DataFrame:
    """Say which share of the margin each kind of relationship keeps, of the year before.

    Parameters
    ----------
    trial
        One row per customer: ``kind`` (by chance), ``margin_before``, ``margin_year``, ``stayed``.
    kinds
        One row per kind, from the least work to the most: ``kind``.
    control
        The kind that others are compared with.
    level

    Returns
    -------
    DataFrame
        In the order of `kinds`: ``kind``, ``customers``, ``stayed`` (share), ``kept`` (mean of this year's margin over
        last year's; who left has 0) with ``low`` and ``high``, ``more`` (than with `control`) with ``more_low``,
        ``more_high``.

    Examples
    --------
    >>> trial = pd.DataFrame({"kind": ["basic", "basic", "partner", "partner"], "margin_before": 100,
    ...     "margin_year": [70, 90, 100, 120], "stayed": True})
    >>> kept_by_kind(trial, pd.DataFrame({"kind": ["basic", "partner"]}))[["kept", "more"]].round(2).values.tolist()
    [[0.8, 0.0], [1.1, 0.3]]
    """
    groups = _kept(trial, kinds)
    if control not in groups:
        raise CrmkitError(f"kinds: there is no {control!r} to compare with.")
    rows = []
    for kind, (kept, stayed) in groups.items():
        own = mean_interval(kept, level=level)
        apart = mean_difference(kept, groups[control][0], level=level)
        is_control = kind == control
        rows.append(
            {
                "kind": kind, "customers": len(kept), "stayed": stayed.mean(),
                "kept": own.estimate, "low": own.low, "high": own.high, "more": apart.estimate,
                "more_low": np.nan if is_control else apart.low,
                "more_high": np.nan if is_control else apart.high,
            }
        )  # fmt: skip
    return pd.DataFrame(rows)


def _kept(trial: pd.DataFrame, kinds: pd.DataFrame) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """What each customer kept, and whether he stayed, by kind in the order of `kinds`."""
    need_rows(kinds, ["kind"], "kinds")
    need_unique(kinds, ["kind"], "kinds")
    need_rows(trial, ["kind", "margin_before", "margin_year", "stayed"], "trial")
    need_known(trial["kind"], "kind")
    before = need_numbers(trial["margin_before"], "margin_before")
    if (before <= 0).any():
        raise CrmkitError(
            f"margin_before is not above 0 in {int((before <= 0).sum())} rows: no share of it can be kept. Look at "
            "these customers apart, and say how many they are."
        )
    kept = need_numbers(trial["margin_year"], "margin_year") / before
    stayed = need_true_false(trial["stayed"], "stayed")
    which = trial["kind"].to_numpy()
    strange = sorted({str(kind) for kind in set(which) - set(kinds["kind"])})
    if strange:
        raise CrmkitError(f"kind: kinds has no row for {', '.join(strange)}.")
    groups = {kind: (kept[which == kind], stayed[which == kind]) for kind in kinds["kind"]}
    few = [kind for kind, (part, _) in groups.items() if len(part) < 2]
    if few:
        raise CrmkitError(f"trial: fewer than two customers had {', '.join(few)}.")
    return groups


def break_even_margin(
    trial: pd.DataFrame, kinds: pd.DataFrame, customers: int, *, level: float = 0.95
) -> pd.DataFrame:
    """Give the margin a year from which each kind pays more than the one before it, for a group of so many customers.

    ``break_even = (further cost of a customer + further fixed cost / customers) / further share kept``

    Parameters
    ----------
    trial
        As in `kept_by_kind`.
    kinds
        One row per kind, from the least work to the most: ``kind``, ``cost_firm`` (a year and customer), ``cost_fixed``
        (a year and group).
    customers
        How many share the fixed cost.
    level

    Returns
    -------
    DataFrame
        One row per kind but the first: ``kind``, ``instead_of``, ``cost`` (further, a customer), ``more`` (further
        share kept), ``break_even``, ``low``, ``high``. ``high`` is infinite where the trial leaves open that
        nothing more is kept; ``break_even`` is missing where nothing more was.

    Examples
    --------
    >>> trial = pd.DataFrame({"kind": ["basic", "basic", "partner", "partner"], "margin_before": 100,
    ...     "margin_year": [79, 81, 99, 101], "stayed": True})
    >>> kinds = pd.DataFrame({"kind": ["basic", "partner"], "cost_firm": [0, 50], "cost_fixed": [0, 1000]})
    >>> break_even_margin(trial, kinds, 100)[["cost", "break_even"]].round(0).values.tolist()
    [[60.0, 300.0]]
    """
    need_count(customers, "customers")
    groups = _kept(trial, kinds)
    cost = _costs(kinds, customers)
    rows = []
    names = list(groups)
    for before, kind in pairwise(names):
        more = mean_difference(groups[kind][0], groups[before][0], level=level)
        further = cost[kind] - cost[before]
        with np.errstate(divide="ignore"):
            low, high = (
                np.divide(further, end) if end > 0 else np.inf for end in (more.high, more.low)
            )
        rows.append(
            {
                "kind": kind, "instead_of": before, "cost": further, "more": more.estimate,
                "break_even": further / more.estimate if more.estimate > 0 else np.nan,
                "low": low, "high": high,
            }
        )  # fmt: skip
    return pd.DataFrame(rows)


def _costs(kinds: pd.DataFrame, customers: int) -> dict[str, float]:
    """Cost a year and customer of each kind, the fixed cost shared."""
    need_rows(kinds, ["kind", "cost_firm", "cost_fixed"], "kinds")
    each = need_numbers(kinds["cost_firm"], "cost_firm", minimum=0)
    fixed = need_numbers(kinds["cost_fixed"], "cost_fixed", minimum=0)
    return dict(zip(kinds["kind"], each + fixed / customers, strict=True))


def choose_kind(
    groups: pd.DataFrame,
    trial: pd.DataFrame,
    kinds: pd.DataFrame,
    *,
    control: str = "basic",
    level: float = 0.95,
) -> pd.DataFrame:
    """Compute what each kind of relationship earns in each group of customers, and mark the best.

    Parameters
    ----------
    groups
        One row per group: ``tier``, ``customers``, ``margin`` (a year, of the mean customer).
    trial, kinds
        As in `break_even_margin`.
    control
        The kind that others are compared with.
    level

    Returns
    -------
    DataFrame
        One row per group and kind: ``tier``, ``customers``, ``margin``, ``kind``, ``net`` (margin kept less cost, a
        year and customer), ``more`` (than with `control`), ``low``, ``high``, ``best``.

    Notes
    -----
    The interval allows for what the trial leaves open. The group's margin and the costs are taken as known, and a kind
    is taken to keep the same share in each group.

    Examples
    --------
    >>> trial = pd.DataFrame({"kind": ["basic", "basic", "partner", "partner"], "margin_before": 100,
    ...     "margin_year": [79, 81, 99, 101], "stayed": True})
    >>> kinds = pd.DataFrame({"kind": ["basic", "partner"], "cost_firm": [0, 50], "cost_fixed": [0, 1000]})
    >>> groups = pd.DataFrame({"tier": ["large", "small"], "customers": [20, 500], "margin": [900, 100]})
    >>> found = choose_kind(groups, trial, kinds)
    >>> found.loc[found["best"], ["tier", "kind", "net"]].values.tolist()
    [['large', 'partner', 800.0], ['small', 'basic', 80.0]]
    """
    need_rows(groups, ["tier", "customers", "margin"], "groups")
    kept = kept_by_kind(trial, kinds, control=control, level=level).set_index("kind")
    rows = []
    for tier, customers, margin in zip(
        groups["tier"], groups["customers"], groups["margin"], strict=True
    ):
        need_count(int(customers), "customers")
        need_number(float(margin), "margin")
        cost = _costs(kinds, int(customers))
        for kind, row in kept.iterrows():
            further = cost[str(kind)] - cost[control]
            rows.append(
                {
                    "tier": tier, "customers": int(customers), "margin": float(margin), "kind": kind,
                    "net": margin * row["kept"] - cost[str(kind)],
                    "more": margin * row["more"] - further,
                    "low": margin * row["more_low"] - further,
                    "high": margin * row["more_high"] - further,
                }
            )  # fmt: skip
    table = pd.DataFrame(rows)
    top = table.groupby("tier", sort=False)["net"].transform("max")
    return table.assign(best=(table["net"] == top).to_numpy())


def renewal_table(renewals: object, ended: object, *, level: float = 0.95) -> pd.DataFrame:
    """Count, at each renewal, which share of the contracts that came up for it were renewed.

    Parameters
    ----------
    renewals
        How often each contract has been renewed so far.
    ended
        Whether it has ended, at the renewal after those.
    level

    Returns
    -------
    DataFrame
        ``renewal`` (1 is the first), ``due`` (contracts that came up for it), ``renewed`` (how many), ``retention``
        (the share), ``low``, ``high`` (Wilson).

    Examples
    --------
    >>> renewal_table([0, 1, 2, 2], [True, True, False, False])[["due", "renewed"]].values.tolist()
    [[4, 3], [3, 2]]
    """
    times = need_numbers(renewals, "renewals", minimum=0)
    left = need_true_false(ended, "ended")
    if len(times) != len(left):
        raise CrmkitError(
            f"renewals and ended: {len(times)} contracts in one and {len(left)} in the other."
        )
    last = int((times + left).max()) if len(times) else 0
    if last < 1:
        raise CrmkitError("renewals: no contract has come up for a renewal yet.")
    step = np.arange(1, last + 1)
    renewed = (times[:, None] >= step).sum(axis=0)
    due = renewed + (left[:, None] & (times[:, None] == step - 1)).sum(axis=0)
    low, high = wilson(renewed, due, level=level)
    return pd.DataFrame(
        {"renewal": step, "due": due, "renewed": renewed, "retention": renewed / due, "low": low, "high": high}
    )  # fmt: skip


def winback_effects(
    lost: pd.DataFrame, *, by: str | None = None, control: str = "control", level: float = 0.95
) -> pd.DataFrame:
    """Compare each offer with no offer: who returns, and what a firm that was asked brings after its cost.

    Parameters
    ----------
    lost
        One row per customer who had left: ``offer`` (by chance), ``returned``, ``margin_second`` (margin of the second
        life; 0 without a return), ``cost`` (of the contact), and `by` if given.
    by
        Column whose values get comparisons of their own, such as ``left_for``.
    control
        The offer of the control group.
    level

    Returns
    -------
    DataFrame
        One row per outcome (and `by`) and offer: ``outcome`` ("returned", "net"), `by`, ``offer``, ``customers``,
        ``value``, ``control_value``, ``effect``, ``low``, ``high``, ``p_adjusted`` (Holm, for the rows of one outcome).

    Notes
    -----
    *Net* counts everybody who was asked, also those who did not return. The margin of those who returned must not be
    compared: each offer brings back other customers.

    Examples
    --------
    >>> lost = pd.DataFrame({"offer": ["control"] * 50 + ["call"] * 50,
    ...     "returned": [False] * 45 + [True] * 25 + [False] * 30,
    ...     "margin_second": [0] * 45 + [80, 120] * 12 + [90] + [0] * 30, "cost": [0] * 50 + [9] * 50})
    >>> winback_effects(lost)[["outcome", "effect"]].round(2).values.tolist()
    [['returned', 0.3], ['net', 21.6]]
    """
    keys = [by] if by else []
    need_rows(lost, ["offer", "returned", "margin_second", "cost", *keys], "lost")
    people = lost.assign(
        returned=need_true_false(lost["returned"], "returned"),
        net=need_numbers(lost["margin_second"], "margin_second")
        - need_numbers(lost["cost"], "cost"),
    )
    people = people.rename(columns={"offer": "arm"}).sort_values("arm", kind="stable")
    wanted = [
        *keys,
        "offer",
        "customers",
        "value",
        "control_value",
        "effect",
        "low",
        "high",
        "p_adjusted",
    ]
    tables = []
    for outcome in ("returned", "net"):
        found = effect_table(people, outcome, control=control, by=by, level=level)
        found = found.rename(columns={"arm": "offer"})[wanted]
        found.insert(0, "outcome", outcome)
        tables.append(found)
    return pd.concat(tables, ignore_index=True)
