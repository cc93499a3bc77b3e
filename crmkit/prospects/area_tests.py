"""What a channel truly brings: areas drawn at random in which it is off, as usual or doubled for some weeks."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from crmkit.errors import CrmkitError
from crmkit.inference import critical_value
from crmkit.inputs import (
    first_few,
    generator,
    need_count,
    need_dates,
    need_numbers,
    need_rows,
    need_unique,
)
from crmkit.prospects.acquisition import CHANNEL

Floats = npt.NDArray[np.float64]
USUAL = "as usual"


def area_growth(
    customers: pd.DataFrame, tests: pd.DataFrame, channel: str, *, before: int = 26
) -> pd.DataFrame:
    """Give each area's new customers a week in a test, and in the weeks before it.

    Parameters
    ----------
    customers
        ``week``, ``area``, ``new_customers``.
    tests
        ``acquisition_channel``, ``area``, ``arm``, ``first_week``, ``last_week``.
    channel
        The channel whose test it is.
    before
        How many weeks before the test are compared with.

    Returns
    -------
    DataFrame
        One row per area: ``area``, ``arm``, ``before`` and ``during`` (customers a week), ``growth`` (their ratio).

    Raises
    ------
    CrmkitError
        No test of the channel, an area twice or without customers, weeks that are not there.

    Examples
    --------
    >>> week = pd.to_datetime(["2025-01-06", "2025-01-13"])
    >>> won = pd.DataFrame({"week": week, "area": "A", "new_customers": [20, 15]})
    >>> test = pd.DataFrame({"acquisition_channel": ["search"], "area": ["A"], "arm": ["off"],
    ...     "first_week": ["2025-01-13"], "last_week": ["2025-01-13"]})
    >>> area_growth(won, test, "search", before=1)["growth"].tolist()
    [0.75]
    """
    need_count(before, "before")
    won = need_rows(customers, ["week", "area", "new_customers"], "customers")
    need_unique(won, ["week", "area"], "customers")
    count = need_numbers(won["new_customers"], "new_customers", minimum=0)
    week = need_dates(won["week"], "week")
    own = _test_of(tests, channel)
    first, last = (need_dates(own[name], name) for name in ("first_week", "last_week"))
    if first.nunique() > 1 or last.nunique() > 1:
        raise CrmkitError(
            f"tests: the areas of the test of {channel!r} have different weeks. Compare areas in the same weeks only: "
            "one test at a time."
        )
    start, end = first.iloc[0], last.iloc[0]
    earlier = np.sort(week[week < start].unique())[-before:]
    if not len(earlier) or not week.between(start, end).any():
        raise CrmkitError(
            f"customers: weeks before the test and in it ({start:%Y-%m-%d} to {end:%Y-%m-%d}) are needed; there are "
            f"{week.min():%Y-%m-%d} to {week.max():%Y-%m-%d}."
        )
    frame = pd.DataFrame({"week": week, "area": won["area"], "n": count})
    table = own[["area", "arm"]].reset_index(drop=True)
    for name, inside in (
        ("before", week.isin(earlier)),
        ("during", week.between(start, end)),
    ):
        rows = frame[inside]
        table[name] = table["area"].map(rows.groupby("area")["n"].sum()) / rows["week"].nunique()
    nobody = ~(table[["before", "during"]] > 0).all(axis=1)
    if nobody.any():
        raise CrmkitError(
            f"customers: nobody came in {first_few(table['area'][nobody])} before the test or in it. Take larger "
            "areas, or leave these out and say so."
        )
    return table.assign(growth=table["during"] / table["before"])


def _test_of(tests: object, channel: str) -> pd.DataFrame:
    table = need_rows(tests, [CHANNEL, "area", "arm", "first_week", "last_week"], "tests")
    own = table[table[CHANNEL] == channel]
    if own.empty:
        raise CrmkitError(
            f"tests: there is none of {channel!r}. There are: {first_few(table[CHANNEL].unique(), 12)}."
        )
    return need_unique(own, ["area"], "tests")


def area_test(
    spend: pd.DataFrame,
    customers: pd.DataFrame,
    tests: pd.DataFrame,
    channel: str,
    *,
    before: int = 26,
    draws: int = 1000,
    level: float = 0.95,
    seed: int | np.random.Generator = 0,
) -> pd.DataFrame:
    """Compare areas in which a channel was off or doubled with those where it went on as usual.

    The growth of each area from before the test to the test is one number: the area is the unit that was drawn. The
    logs of the growths are compared (difference in differences), with a spread common to all arms, so that season and
    size of the areas fall out.

    Parameters
    ----------
    spend
        ``week``, ``area``, ``acquisition_channel``, ``spend``, ``last_clicks``.
    customers, tests, channel, before
        As for `area_growth`. One arm is called "as usual".
    draws
        How often the arms are dealt to the areas again for the p-value.
    level
        Share of samples in which the intervals hold the truth.
    seed

    Returns
    -------
    DataFrame
        One row per other arm (index ``arm``): ``areas``; ``change``, ``low``, ``high`` (of new customers against as
        usual, a share); ``p`` (randomisation test); ``customers``, ``customers_low``, ``customers_high`` (more or fewer
        a week in the areas of the arm); ``spend`` (more or less a week there); ``clicks`` (last clicks, more or less a
        week); ``cost``, ``cost_low``, ``cost_high`` (money per customer that the channel truly brings between the two
        levels; an endless upper end where the test cannot rule out that it brings nobody).

    Raises
    ------
    CrmkitError
        As `area_growth`; no arm "as usual", or fewer than two areas in it or in another.

    References
    ----------
    Vaver & Koehler (2011), Measuring ad effectiveness using geo experiments (Google); Blake, Nosko & Tadelis (2015),
    Consumer heterogeneity and paid search effectiveness, Econometrica 83; Phipson & Smyth (2010) for the p-value.

    Examples
    --------
    >>> rng = np.random.default_rng(2)
    >>> weeks = pd.date_range("2025-01-06", periods=30, freq="7D")
    >>> arm = dict(zip("ABCDEFGH", ["off", "as usual"] * 4))
    >>> won = pd.MultiIndex.from_product([weeks, arm], names=["week", "area"]).to_frame(index=False)
    >>> off = (won["week"] >= weeks[22]) & (won["area"].map(arm) == "off")
    >>> won["new_customers"] = rng.poisson(np.where(off, 80, 100))
    >>> spend = won.assign(acquisition_channel="search", spend=np.where(off, 0, 900), last_clicks=np.where(off, 0, 30))
    >>> test = pd.DataFrame({"acquisition_channel": "search", "area": list(arm), "arm": list(arm.values()),
    ...     "first_week": weeks[22], "last_week": weeks[29]})
    >>> found = area_test(spend, won, test, "search").loc["off"]
    >>> bool(found["low"] < -0.2 < found["high"]), bool(found["cost_low"] < 45 < found["cost_high"])
    (True, True)
    """
    need_count(draws, "draws")
    table = area_growth(customers, tests, channel, before=before)
    counts = table["arm"].value_counts()
    if USUAL not in counts.index or len(counts) < 2 or counts.min() < 2:
        raise CrmkitError(
            f"tests: an arm called {USUAL!r} and another are needed, each with two areas at least. There are: "
            f"{', '.join(f'{arm} ({n})' for arm, n in counts.items())}."
        )
    growth = np.log(table["growth"].to_numpy(float))
    arm = table["arm"].to_numpy()
    usual = arm == USUAL
    within = growth - table.groupby("arm")["growth"].transform(lambda g: np.log(g).mean())
    df = len(table) - len(counts)
    variance = float((within**2).sum() / df)
    # By how much the common level is carried into each area's customers: what it would have had as usual.
    as_usual = table["before"] * np.exp(growth[usual].mean())
    money = _spend_against_usual(spend, tests, channel, table, before)
    rng = generator(seed)
    rows = {}
    for name in [other for other in counts.sort_index().index if other != USUAL]:
        own = arm == name
        gap = float(growth[own].mean() - growth[usual].mean())
        half = critical_value(level, df) * np.sqrt(variance * (1 / own.sum() + 1 / usual.sum()))
        low, high = np.expm1(gap - half), np.expm1(gap + half)
        base = float(as_usual[own].sum())
        more_spend, more_clicks = money.loc[own, ["spend", "clicks"]].sum()
        change = np.expm1(gap)
        ends = sorted(_per_customer(more_spend, base * end) for end in (low, high))
        rows[name] = {
            "areas": int(own.sum()),
            "change": change,
            "low": low,
            "high": high,
            "p": _dealt_again(growth, own, usual, draws, rng),
            "customers": base * change,
            "customers_low": base * low,
            "customers_high": base * high,
            "spend": more_spend,
            "clicks": more_clicks,
            "cost": _per_customer(more_spend, base * change),
            "cost_low": ends[0],
            "cost_high": ends[1],
        }
    return pd.DataFrame(rows).T.rename_axis("arm").astype({"areas": int})


def _per_customer(money: float, customers: float) -> float:
    """Money per customer; endless where more money brought none."""
    return float(money / customers) if money * customers > 0 else float("inf")


def _dealt_again(
    growth: Floats, own: np.ndarray, usual: np.ndarray, draws: int, rng: np.random.Generator
) -> float:
    """How often chance alone parts two arms as far: the arms are dealt again among the areas of both."""
    both = growth[own | usual]
    size = int(own.sum())
    seen = abs(growth[own].mean() - growth[usual].mean())
    order = rng.permuted(np.tile(both, (draws, 1)), axis=1)
    gaps = np.abs(order[:, :size].mean(axis=1) - order[:, size:].mean(axis=1))
    return float(((gaps >= seen * (1 - 1e-12)).sum() + 1) / (draws + 1))


def _spend_against_usual(
    spend: object, tests: pd.DataFrame, channel: str, table: pd.DataFrame, before: int
) -> pd.DataFrame:
    """What the test changed in each area: spend and last clicks a week, against growth as usual."""
    columns = ["week", "area", CHANNEL, "spend", "last_clicks"]
    frame = need_rows(spend, columns, "spend")
    need_numbers(frame["spend"], "spend", minimum=0)
    need_numbers(frame["last_clicks"], "last_clicks", minimum=0)
    own = frame[frame[CHANNEL] == channel]
    if own.empty:
        raise CrmkitError(f"spend: there is no row of {channel!r}.")
    week = need_dates(own["week"], "week")
    test = _test_of(tests, channel)
    start, end = (need_dates(test[name], name).iloc[0] for name in ("first_week", "last_week"))
    earlier = np.sort(week[week < start].unique())[-before:]
    out = {}
    for name, column in (("spend", "spend"), ("clicks", "last_clicks")):
        by_area = []
        for inside in (week.isin(earlier), week.between(start, end)):
            rows = own[inside]
            weeks = max(week[inside].nunique(), 1)
            by_area.append(
                table["area"].map(rows.groupby("area")[column].sum()).fillna(0.0) / weeks
            )
        usual = (table["arm"] == USUAL).to_numpy()
        grown = by_area[1][usual].sum() / max(by_area[0][usual].sum(), 1e-9)
        out[name] = by_area[1] - by_area[0] * grown
    return pd.DataFrame(out)
