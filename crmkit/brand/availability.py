"""Mental availability: how many people think of the brand, in how many situations, and how much of that is mere size.

The business problem: a brand that is linked to more buying situations (category entry points) is thought of more
often. But the larger brand scores higher on every measure, for no other reason than being larger (double jeopardy:
fewer people know a small brand, *and* these few link it to fewer things). Read raw, a small strong brand looks weak.

Measures as defined by Romaniuk (in: Romaniuk & Sharp 2016, How Brands Grow Part 2; Romaniuk 2023, Better Brand
Health), counted over brand x entry-point links. Double jeopardy: Ehrenberg, Goodhardt & Barwise (1990) Journal of
Marketing 54(3).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from crmkit.errors import CrmkitError
from crmkit.inference import (
    Estimate,
    adjust_p_values,
    critical_value,
    mean_interval,
    ratio_interval,
    wilson,
)
from crmkit.inputs import first_few, need_columns, need_probability
from crmkit.later import later

optimize = later("scipy.optimize")
stats = later("scipy.stats")


def _availability_once(
    links: pd.DataFrame, respondents: int, brands: Sequence[str], level: float
) -> pd.DataFrame:
    counts = (
        links.drop_duplicates(["respondent_id", "brand", "word"])
        .groupby(["respondent_id", "brand"], observed=True)
        .size()
        .unstack(fill_value=0)
    )
    total = counts.sum(axis=1).to_numpy(dtype=float)  # links to all brands, also those not listed
    per_person = counts.reindex(columns=list(brands), fill_value=0).to_numpy(dtype=float)
    rows = []
    for column, brand in enumerate(brands):
        own = per_person[:, column]
        linkers = own > 0
        people = int(linkers.sum())
        low, high = wilson(people, respondents, level=level)
        nothing = Estimate(np.nan, np.nan, np.nan)
        size = mean_interval(own[linkers], level=level) if people else nothing
        error = own[linkers].std(ddof=1) / np.sqrt(people) if people > 1 else np.nan
        market = ratio_interval(own, total, level=level) if len(total) else nothing
        mind = ratio_interval(own[linkers], total[linkers], level=level) if people else nothing
        rows.append(
            {
                "brand": brand,
                "respondents": respondents,
                "linkers": people,
                "penetration": people / respondents,
                "penetration_low": float(low),
                "penetration_high": float(high),
                **_columns("network_size", size),
                "network_size_se": error,
                **_columns("mental_market_share", market),
                **_columns("share_of_mind", mind),
            }
        )
    return pd.DataFrame(rows)


def _columns(measure: str, found: Estimate) -> dict[str, float]:
    """Name an estimate and the two ends of its interval."""
    return {measure: found.estimate, f"{measure}_low": found.low, f"{measure}_high": found.high}


def mental_availability(
    links: pd.DataFrame,
    respondents: pd.DataFrame,
    by: str | None = None,
    brands: Sequence[str] | None = None,
    level: float = 0.95,
) -> pd.DataFrame:
    """Mental penetration, network size, mental market share and share of mind, each with its sampling error.

    Parameters
    ----------
    links
        respondent_id, brand, word: one row per link (see `associations.expand_links`).
    respondents
        respondent_id of everybody asked, also those who linked nothing, and the column `by`.
    by
        Column of `respondents` to split by (segment, quarter, …). A group with nobody in it has no row.
    brands
        Brands to list, also such as nobody links. The shares still count the links to all brands.

    Returns
    -------
    DataFrame, one row per brand (and group)
        - linkers: people with one link or more
        - penetration: linkers / respondents
        - network_size: mean number of links of a linker
        - mental_market_share: the brand's links / all brands' links
        - share_of_mind: among its linkers, the brand's links / all their links

        network_size also has its standard error, `network_size_se`. Each has `_low` and `_high` (95 % unless asked
        otherwise), NaN where there is nothing to count, or where all linkers give the same number of links: then
        nothing says how much they differ.

    Raises
    ------
    CrmkitError
        If nobody was asked, a respondent is listed twice, somebody belongs to no group, or links come from people who
        are not in `respondents`.

    Examples
    --------
    >>> links = pd.DataFrame({"respondent_id": [1, 1, 2], "brand": ["A", "A", "B"], "word": ["x", "y", "x"]})
    >>> people = pd.DataFrame({"respondent_id": [1, 2, 3, 4]})
    >>> mental_availability(links, people)[["brand", "penetration", "network_size"]].values.tolist()
    [['A', 0.25, 2.0], ['B', 0.25, 1.0]]
    """
    need_columns(links, ("respondent_id", "brand", "word"), "links")
    need_columns(respondents, ("respondent_id",), "respondents")
    if by is not None and by not in respondents.columns:
        raise CrmkitError(
            f"`respondents` has no column '{by}' to split by. It has: {', '.join(map(str, respondents.columns))}."
        )
    if len(respondents) == 0:
        raise CrmkitError(
            "Nobody was asked: there are no respondents in this selection. Choose other weeks or segments."
        )
    if respondents["respondent_id"].duplicated().any():
        twice = respondents.loc[respondents["respondent_id"].duplicated(), "respondent_id"]
        raise CrmkitError(
            f"`respondents` lists some people twice, first {twice.iloc[0]}: every share would come out too low."
        )
    if by is not None and respondents[by].isna().any():
        missing = respondents.loc[respondents[by].isna(), "respondent_id"]
        raise CrmkitError(
            f"'{by}' is missing for {len(missing)} people, first {first_few(missing)}. Leave them out of both tables, "
            f"or give them a group of their own (`fillna('unknown')`)."
        )
    strangers = ~links["respondent_id"].isin(respondents["respondent_id"])
    if strangers.any():
        raise CrmkitError(
            f"{int(strangers.sum())} links come from people who are not in `respondents`, first "
            f"{links.loc[strangers, 'respondent_id'].iloc[0]}. "
            "Choose the same people in both tables."
        )
    order = list(brands) if brands is not None else sorted(links["brand"].unique())
    if by is None:
        return _availability_once(links, len(respondents), order, level)
    parts = []
    for group, people in respondents.groupby(by, observed=True):
        theirs = links[links["respondent_id"].isin(people["respondent_id"])]
        part = _availability_once(theirs, len(people), order, level)
        part.insert(0, by, group)
        parts.append(part)
    return pd.concat(parts, ignore_index=True)


def change_between(
    availability: pd.DataFrame,
    by: str,
    before: object,
    after: object,
    measure: str = "network_size",
) -> pd.DataFrame:
    """Tell how far a measure moved between two groups of people (two periods, say), brand by brand.

    Parameters
    ----------
    availability
        From `mental_availability` with ``by``: the two groups are different people.
    by
        Column that names the group.
    before, after
        The two groups.
    measure
        penetration, network_size, mental_market_share or share_of_mind.

    Returns
    -------
    DataFrame
        brand, before, after, change, low, high (95 %: the two samples are independent, so their squared errors add up).
        Brands that one of the groups does not know at all have NaN.

    Raises
    ------
    CrmkitError
        If a group or the measure is not there.

    Examples
    --------
    >>> links = pd.DataFrame({"respondent_id": [1, 1, 2, 3, 4], "brand": "A", "word": list("xyxxx")})
    >>> people = pd.DataFrame({"respondent_id": [1, 2, 3, 4], "year": [1, 1, 2, 2]})
    >>> table = change_between(mental_availability(links, people, by="year"), "year", 1, 2)
    >>> table[["before", "after", "change"]].values.tolist()
    [[1.5, 1.0, -0.5]]
    """
    if measure not in availability.columns:
        raise CrmkitError(f"There is no measure '{measure}' in the table.")
    need_columns(availability, (by, "brand"), "availability")
    groups = {}
    for name, group in (("before", before), ("after", after)):
        part = availability[availability[by] == group].set_index("brand")
        if part.empty:
            raise CrmkitError(
                f"Nobody belongs to {by} = {group!r}. There are: {', '.join(map(str, availability[by].unique()))}."
            )
        groups[name] = part
    first, second = groups["before"], groups["after"].reindex(groups["before"].index)
    change = second[measure] - first[measure]
    half = np.hypot(
        second[f"{measure}_high"] - second[measure], first[f"{measure}_high"] - first[measure]
    )
    table = pd.DataFrame(
        {
            "before": first[measure],
            "after": second[measure],
            "change": change,
            "low": change - half,
            "high": change + half,
        }
    )
    return table.reset_index()


def expected_network_size(penetration: object, spread: float) -> np.ndarray:
    """Tell how many links per linker a brand gets for its size alone.

    The case in which people differ only in how much they think of the category at all.

    If a person's number of links to a brand is negative binomial with the same `spread` for all brands (NBD, the
    model behind double jeopardy), penetration alone fixes it: mean links ``m = spread * ((1 - penetration) ** (-1
    / spread) - 1)``, links per linker ``m / penetration``.

    Parameters
    ----------
    penetration
        Shares from 0 to 1 (1 excluded).
    spread
        The NBD's k; small where people differ much.

    Examples
    --------
    >>> expected_network_size([0.2, 0.6], spread=1.0).round(2).tolist()
    [1.25, 2.5]
    """
    share = np.asarray(penetration, dtype=float)
    if not spread > 0 or ((share < 0) | (share >= 1)).any():
        raise CrmkitError("Penetration lies from 0 to under 1, and spread is above 0.")
    mean = spread * (np.power(1 - share, -1 / spread) - 1)
    return np.divide(mean, share, out=np.ones_like(mean), where=share > 0)


def _spread_of_links(penetration: float, spread: float) -> float:
    """Standard deviation of the links of one linker where size is all (zero-truncated NBD)."""
    mean = spread * ((1 - penetration) ** (-1 / spread) - 1)
    squares = (mean + mean**2 * (1 + 1 / spread)) / penetration
    return float(np.sqrt(squares - (mean / penetration) ** 2))


def double_jeopardy(availability: pd.DataFrame, level: float = 0.95) -> pd.DataFrame:
    """Find the brands with more, or fewer, links per person than their size explains.

    Parameters
    ----------
    availability
        One row per brand, from `mental_availability` without `by`.
    level
        Share of brands, of which size explains everything, that lie between low and high; and of markets of such
        brands that get no false verdict on any of them.

    Returns
    -------
    DataFrame, largest penetration first
        brand, penetration, network_size, expected (links per linker for a brand of this size), low and high (where the
        network size of such a brand lies), excess (percent above or below expected), p_adjusted (Holm, over the brands
        of the table), verdict ("stronger than its size", "as its size", "weaker than its size": by p_adjusted).

    Raises
    ------
    CrmkitError
        With fewer than four brands that anybody links: two or three points make no pattern. Also for a table with a
        brand in several rows, and for a brand that everybody links: its size sets no limit to its links.

    Notes
    -----
    For each brand the spread is fitted on the *other* brands (least squares on log network size, weighted by
    linkers), so that no brand is measured by itself. The interval joins how the other brands differ beyond their
    size (their scatter about the pattern, less their sampling errors) with the brand's own sampling error; with few
    brands it is wide, and should be. A table looks at all its brands, and the more it looks at, the likelier one
    strays by chance. The verdict allows for that; so a brand may lie outside its interval and still count as its size.
    """
    if availability["brand"].duplicated().any():
        raise CrmkitError(
            "The table holds some brands several times. Compare sizes within one group: choose it first, or call "
            "`mental_availability` without `by`."
        )
    everybody = availability.loc[availability["penetration"] >= 1, "brand"]
    if len(everybody):
        raise CrmkitError(
            f"Everybody asked links {first_few(everybody)} with something: no size says how many links that should be. "
            "Ask more people, or leave the brand out."
        )
    table = availability.loc[availability["linkers"] > 1].sort_values(
        "penetration", ascending=False, ignore_index=True, kind="stable"
    )
    if len(table) < 4:
        raise CrmkitError(
            f"The pattern of brand size needs four brands that people link to something; there are {len(table)}."
        )
    share, size, weight = (
        table[name].to_numpy(dtype=float) for name in ("penetration", "network_size", "linkers")
    )
    own_error = table["network_size_se"].to_numpy(dtype=float) / size  # on the log scale
    need_probability(level, "level")
    expected, error = np.empty(len(table)), np.empty(len(table))
    freedom = len(table) - 2  # the other brands, less the one parameter fitted to them
    for i in range(len(table)):
        rest = np.arange(len(table)) != i

        def gaps(log_spread: float, rest: np.ndarray = rest) -> np.ndarray:
            return np.log(size[rest]) - np.log(
                expected_network_size(share[rest], float(np.exp(log_spread)))
            )

        def misfit(log_spread: float, rest: np.ndarray = rest) -> float:
            return float((weight[rest] * gaps(log_spread, rest) ** 2).sum())

        best = optimize.minimize_scalar(misfit, bounds=(-4, 5), method="bounded")
        expected[i] = expected_network_size(share[i : i + 1], float(np.exp(best.x)))[0]
        scatter = (gaps(best.x, rest) ** 2).sum() / freedom
        if (
            not own_error[i] > 0
        ):  # linkers who all give as many links do not tell how brands of this size vary
            spread = float(np.exp(best.x))
            own_error[i] = _spread_of_links(share[i], spread) / expected[i] / np.sqrt(weight[i])
        # What the other brands scatter by more than their sampling errors is how brands differ beyond their size.
        beyond = max(scatter - np.nanmean(own_error[rest] ** 2), 0.0)
        error[i] = np.sqrt(beyond + own_error[i] ** 2)
    width = critical_value(level, freedom) * error
    p = 2 * stats.t.sf(np.abs(np.log(size / expected)) / error, freedom)
    out = table[["brand", "penetration", "network_size"]].assign(
        expected=expected,
        low=expected * np.exp(-width),
        high=expected * np.exp(width),
        excess=(size / expected - 1) * 100,
        p_adjusted=adjust_p_values(p),
    )
    found = out["p_adjusted"] < 1 - level
    out["verdict"] = np.select(
        [found & (size > expected), found & (size < expected)],
        ["stronger than its size", "weaker than its size"],
        "as its size",
    )
    return out
