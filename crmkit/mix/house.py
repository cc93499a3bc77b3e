"""The house of quality: which lever of the offer (4P) serves which need of the customer (4C), and how strongly.

Business context: needs are the customer's words, levers are what the company can pull. Between them lies a
matrix that a team usually fills in by judgement with 9 (strong), 3 (medium), 1 (weak) or nothing. It turns
weights of needs into weights of levers, shows levers that pull against each other, and can be compared with
data: prototypes whose levers were set by chance and whose buyers said which needs were met.

Sources: Hauser & Clausing 1988, "The House of Quality", Harvard Business Review 66(3); Akao 1990.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from crmkit.errors import CrmkitError
from crmkit.inference import (
    adjust_p_values,
    cluster_numbers,
    clustered_covariance,
    critical_value,
    fits_exactly,
)
from crmkit.inputs import first_few, need_number, need_numbers, need_rows, need_unique
from crmkit.later import later

stats = later("scipy.stats")

#: What a team writes into a cell.
STRENGTHS = (0, 1, 3, 9)

#: What the team of lesson 13 believes, by lever: plausible, complete by its own lights, and wrong in places.
TEAM: dict[str, dict[str, int]] = {
    "quality": {"fit": 9, "durable": 9, "safe": 3},
    "kit": {"complete": 9, "ready": 9, "fit": 3},
    "low_price": {"affordable": 9},
    "returns": {"returnable": 9},
    "shops": {"nearby": 9, "quick": 3},
    "delivery": {"quick": 9},
    "staff": {"advice": 9, "aftercare": 9},
    "guides": {"instructions": 9},
}


def check_matrix(
    matrix: pd.DataFrame, needs: Sequence[str] | None = None, levers: Sequence[str] | None = None
) -> pd.DataFrame:
    """Give the matrix back if it can be used, in the order of `needs` and `levers`.

    Parameters
    ----------
    matrix
        Rows are needs, columns levers, cells numbers (a negative one: the lever works against the need).
    needs, levers
        The rows and columns that it must have, no more and no fewer.

    Returns
    -------
    DataFrame
        The same, with float cells.

    Raises
    ------
    CrmkitError
        Missing, foreign or double rows or columns; cells that are empty or no numbers.

    Examples
    --------
    >>> check_matrix(pd.DataFrame({"staff": [9]}, index=["advice"])).loc["advice", "staff"].item()
    9.0
    """
    if not isinstance(matrix, pd.DataFrame):
        raise CrmkitError(
            f"house of quality: a table of needs by levers is needed, not {type(matrix).__name__}."
        )
    if matrix.empty:
        raise CrmkitError(
            "house of quality: the matrix is empty. It needs at least one need and one lever."
        )
    for axis, wanted, word in (
        (matrix.index, needs, "row (need)"),
        (matrix.columns, levers, "column (lever)"),
    ):
        double = axis[axis.duplicated()]
        if len(double):
            raise CrmkitError(
                f"house of quality: {word} {first_few(double)} occurs twice. Keep one."
            )
        if wanted is None:
            continue
        missing = [name for name in wanted if name not in axis]
        foreign = [name for name in axis if name not in set(wanted)]
        if missing or foreign:
            said = [f"{word} {first_few(missing)} is missing"] if missing else []
            said += [f"{word} {first_few(foreign)} is foreign"] if foreign else []
            raise CrmkitError(
                f"house of quality: {'; '.join(said)}. It must have exactly: {first_few(wanted, 12)}."
            )
    typed = all(pd.api.types.is_numeric_dtype(kind) for kind in matrix.dtypes)
    cells = (matrix if typed else matrix.apply(pd.to_numeric, errors="coerce")).astype(float)
    bad = ~np.isfinite(cells.to_numpy())
    if bad.any():
        row, column = np.argwhere(bad)[0]
        raise CrmkitError(
            f"house of quality: {int(bad.sum())} cells hold no number, first need {matrix.index[row]!r}, lever "
            f"{matrix.columns[column]!r}. Write 0 where there is no relation."
        )
    return cells.reindex(
        index=None if needs is None else list(needs),
        columns=None if levers is None else list(levers),
    )


def check_weights(weights: Mapping[str, float] | pd.Series, needs: Sequence[str]) -> pd.Series:
    """Give the weights of `needs`, in that order, summing to 1.

    Raises
    ------
    CrmkitError
        Missing or foreign needs, negative weights, or nothing but zeros.

    Examples
    --------
    >>> check_weights({"safe": 3, "quick": 1}, ["safe", "quick"]).tolist()
    [0.75, 0.25]
    """
    if not isinstance(weights, Mapping | pd.Series):
        raise CrmkitError(
            "weights of needs: a weight by name is needed, a Series or a dict such as {'safe': 3}, not "
            f"{type(weights).__name__}."
        )
    given = dict(weights)
    missing = [need for need in needs if need not in given]
    foreign = [need for need in given if need not in set(needs)]
    if missing or foreign:
        raise CrmkitError(
            "weights of needs: "
            + "; ".join(
                ([f"{first_few(missing)} has no weight"] if missing else [])
                + ([f"{first_few(foreign)} is no row of the matrix"] if foreign else [])
            )
            + "."
        )
    asked = pd.Series([given[need] for need in needs], index=list(needs))
    numbers = need_numbers(asked, "weights of needs", minimum=0)
    if numbers.sum() == 0:
        raise CrmkitError("weights of needs: all are 0. At least one need must matter.")
    return pd.Series(numbers / numbers.sum(), index=asked.index)


def team_house(needs: Sequence[str], levers: Sequence[str]) -> pd.DataFrame:
    """Give the house that the team of lesson 13 filled in by judgement.

    Parameters
    ----------
    needs, levers
        Names, in the order of rows and columns.

    Returns
    -------
    DataFrame
        Needs by levers, in 9-3-1; 0 where the team sees no relation.

    Raises
    ------
    CrmkitError
        Needs or levers that are not those of the team.

    Examples
    --------
    >>> needs = [need for served in TEAM.values() for need in served]
    >>> team_house(dict.fromkeys(needs), list(TEAM)).loc["fit", ["quality", "staff"]].tolist()
    [9, 0]
    """
    return check_matrix(pd.DataFrame(TEAM).fillna(0), list(needs), list(levers)).astype(int)


def lever_importance(
    matrix: pd.DataFrame, weights: Mapping[str, float] | pd.Series
) -> pd.DataFrame:
    """Weigh levers by the needs they serve: the bottom row of the house.

    Parameters
    ----------
    matrix
        Needs by levers.
    weights
        Weight by need. How much each need matters; any scale, not negative.

    Returns
    -------
    DataFrame
        One row per lever, the most important first: ``lever``, ``importance`` (sum over needs of weight times cell),
        ``share`` (of the importance of all levers with a positive one).

    Examples
    --------
    >>> house = pd.DataFrame({"staff": [9, 0], "guides": [1, 3]}, index=["advice", "instructions"])
    >>> lever_importance(house, {"advice": 1, "instructions": 1})["importance"].tolist()
    [4.5, 2.0]
    """
    cells = check_matrix(matrix)
    share = check_weights(weights, list(cells.index))
    importance = share.to_numpy() @ cells.to_numpy()
    gain = importance.clip(min=0)
    best_first = np.argsort(-importance, kind="stable")
    return pd.DataFrame(
        {
            "lever": cells.columns[best_first],
            "importance": importance[best_first],
            "share": (gain / gain.sum() if gain.sum() > 0 else gain)[best_first],
        }
    )


def conflicts(matrix: pd.DataFrame, weights: Mapping[str, float] | pd.Series) -> pd.DataFrame:
    """Find needs over which two levers pull against each other.

    Not to be confused with the roof of the house of quality: the roof says which levers get into each other's way
    technically, whatever the needs (Hauser & Clausing 1988). Here two levers conflict because one need gains by the
    first and loses by the second.

    Parameters
    ----------
    matrix, weights
        As for :func:`lever_importance`.

    Returns
    -------
    DataFrame
        One row per pair and need, the strongest first: ``lever`` (serves the need), ``against`` (harms it), ``need``,
        ``strength`` (weight of the need times the harm done). Empty where no cell is negative.

    Examples
    --------
    >>> house = pd.DataFrame({"kit": [9], "quality": [-3]}, index=["ready"])
    >>> conflicts(house, {"ready": 1})[["lever", "against", "strength"]].values.tolist()
    [['kit', 'quality', 3.0]]
    """
    cells = check_matrix(matrix)
    share = check_weights(weights, list(cells.index))
    rows = [
        (lever, against, need, -share[need] * cells.loc[need, against])
        for need in cells.index
        for against in cells.columns[cells.loc[need] < 0]
        for lever in cells.columns[cells.loc[need] > 0]
    ]
    out = pd.DataFrame(rows, columns=["lever", "against", "need", "strength"])
    return out.sort_values("strength", ascending=False, ignore_index=True, kind="stable")


def needs_met(matrix: pd.DataFrame, levels: pd.DataFrame | Mapping[str, float]) -> pd.DataFrame:
    """Say how far offers meet each need, by a matrix of effects (0 to 1 for the way from level 1 to 5).

    Parameters
    ----------
    matrix
        Needs by levers; cells are effects of the whole way from 1 to 5.
    levels
        One row per offer (or one offer), levers as columns, levels 1 to 5.

    Returns
    -------
    DataFrame
        One row per offer, one column per need, from 0 (not at all) to 1 (wholly).

    Examples
    --------
    >>> house = pd.DataFrame({"staff": [0.9]}, index=["advice"])
    >>> needs_met(house, {"staff": 3}).loc[0, "advice"].item()
    0.45
    """
    cells = check_matrix(matrix)
    frame = levels if isinstance(levels, pd.DataFrame) else pd.DataFrame([dict(levels)])
    need_rows(frame, list(cells.columns), "levels of the levers")
    x = np.column_stack(
        [
            need_numbers(frame[lever], f"lever {lever}", minimum=1, maximum=5)
            for lever in cells.columns
        ]
    )
    met = np.clip((x - 1) / 4 @ cells.to_numpy().T, 0, 1)
    return pd.DataFrame(met, index=frame.index, columns=cells.index)


def gaps(
    matrix: pd.DataFrame, weights: Mapping[str, float] | pd.Series, ours: Mapping, rival: Mapping
) -> pd.DataFrame:
    """Compare how far our offer and a rival's meet each need: the right-hand wing of the house.

    Parameters
    ----------
    matrix
        Needs by levers, as effects.
    weights
        Weight of each need.
    ours, rival
        Level by lever. The two offers.

    Returns
    -------
    DataFrame
        One row per need, the costliest gap first: ``need``, ``weight``, ``ours``, ``rival`` (0 to 1),
        ``gap`` (ours less
        rival), ``weighted_gap``.

    Examples
    --------
    >>> house = pd.DataFrame({"staff": [0.8]}, index=["advice"])
    >>> gaps(house, {"advice": 1}, {"staff": 1}, {"staff": 5})["gap"].tolist()
    [-0.8]
    """
    share = check_weights(weights, list(matrix.index))
    met = [
        needs_met(matrix, {name: offer[name] for name in matrix.columns if name in offer}).iloc[0]
        for offer in (ours, rival)
    ]
    out = pd.DataFrame({"weight": share, "ours": met[0], "rival": met[1]})
    out["gap"] = out["ours"] - out["rival"]
    out["weighted_gap"] = out["weight"] * out["gap"]
    return (
        out.rename_axis("need")
        .reset_index()
        .sort_values("weighted_gap", ignore_index=True, kind="stable")
    )


def offer_from_importance(
    matrix: pd.DataFrame,
    weights: Mapping[str, float] | pd.Series,
    levers: pd.DataFrame,
    budget: float,
) -> pd.Series:
    """Turn the bottom row of the house into an offer: pull the most important lever for the money, and again.

    Every step goes to the lever with most importance for each pound a year that the step costs, until no step fits into
    the budget. Levers without importance stay at 1; ``low_price`` is a price, not an outlay, and is left out.

    Parameters
    ----------
    matrix, weights
        As for :func:`lever_importance`.
    levers
        ``lever``, ``step_fixed_cost`` (pounds a year).
    budget
        Pounds a year.

    Returns
    -------
    Series
        Level (1 to 5) of each lever.

    Examples
    --------
    >>> house = pd.DataFrame({"staff": [9], "guides": [1]}, index=["advice"])
    >>> cost = pd.DataFrame({"lever": ["staff", "guides"], "step_fixed_cost": [100, 50]})
    >>> offer_from_importance(house, {"advice": 1}, cost, budget=450).to_dict()
    {'staff': 5, 'guides': 2}
    """
    left = need_number(budget, "budget (money a year)", minimum=0)
    need_rows(levers, ["lever", "step_fixed_cost"], "levers")
    found = lever_importance(matrix, weights)
    importance = dict(zip(found["lever"], found["importance"], strict=True))
    names = [lever for lever in matrix.columns if lever != "low_price"]
    without = [lever for lever in names if lever not in set(levers["lever"])]
    if without:
        raise CrmkitError(f"levers: no cost for the lever {first_few(without)} of the matrix.")
    steps = need_numbers(levers["step_fixed_cost"], "levers, step_fixed_cost", minimum=0)
    cost = {lever: max(step, 1.0) for lever, step in zip(levers["lever"], steps, strict=True)}
    level = dict.fromkeys(names, 1)
    worth = [lever for lever in names if importance[lever] > 0]
    for lever in sorted(worth, key=lambda lever: -importance[lever] / cost[lever]):
        up = min(4, int(left // cost[lever]))
        level[lever] += up
        left -= up * cost[lever]
    return pd.Series(level)


def design_and_scale(
    prototypes: pd.DataFrame,
    needs: Sequence[str],
    levers: Sequence[str],
    ends: tuple[float, float] = (2.0, 9.0),
) -> tuple[np.ndarray, np.ndarray]:
    """Give the two sides of the straight line of :func:`estimate_effects`, checked.

    Returns
    -------
    design
        One row per prototype: 1, then the levels with the way from 1 to 5 as 0 to 1.
    scale
        One row per prototype, one column per need: the mark with the way between `ends` as 0 to 1.
    """
    need_rows(prototypes, [*levers, *(f"meets_{need}" for need in needs)], "prototypes")
    x = np.column_stack(
        [
            need_numbers(prototypes[lever], f"lever {lever}", minimum=1, maximum=5)
            for lever in levers
        ]
    )
    n, k = len(x), x.shape[1] + 1
    still = [lever for lever, column in zip(levers, x.T, strict=True) if np.ptp(column) == 0]
    if still:
        raise CrmkitError(
            f"prototypes: lever {first_few(still)} has the same level everywhere; nothing can be learnt of it. "
            "Leave it out."
        )
    if n <= k:
        raise CrmkitError(f"prototypes: {n} rows for {k} unknowns. More prototypes are needed.")
    # The whole way from 1 to 5 becomes the way from 0 to 1.
    design = np.column_stack([np.ones(n), (x - 1) / 4])
    if np.linalg.matrix_rank(design) < k:
        raise CrmkitError(
            "prototypes: two or more levers always move together, so that their effects cannot be told apart. Set "
            "each lever by chance, or leave one of them out."
        )
    marks = np.column_stack(
        [
            need_numbers(prototypes[f"meets_{need}"], f"meets_{need}", minimum=1, maximum=10)
            for need in needs
        ]
    )
    return design, (marks - ends[0]) / (ends[1] - ends[0])


def estimate_effects(
    prototypes: pd.DataFrame,
    needs: Sequence[str],
    levers: Sequence[str],
    *,
    ends: tuple[float, float] = (2.0, 9.0),
    level: float = 0.95,
) -> pd.DataFrame:
    """Learn from rated prototypes which lever serves which need.

    A straight line for each need: mark (1 to 10) on the levels (1 to 5) of all levers, by least squares. The levels
    must have been set by chance; else a lever gets the credit of its companions.

    Parameters
    ----------
    prototypes
        One row per rated prototype: one column per lever, ``meets_<need>`` for each need, and ``customer_id`` if
        people rated several.
    needs, levers
        Names.
    ends
        Marks that stand for "not at all" and "wholly". People keep away from the ends of a scale.

    Returns
    -------
    DataFrame
        One row per need and lever: ``need``, ``lever``, ``effect`` (of the whole way from 1 to 5, as a share
        of the scale),
        ``se``, ``low``, ``high`` (95 % interval unless asked otherwise). If the prototypes carry a ``customer_id``, the
        errors allow for one person's marks hanging together (sandwich, clustered by customer), and are NaN with no more
        customers than unknowns, or where no mark differs from the fit; else they allow for unequal spread only (HC1).

    Raises
    ------
    CrmkitError
        Too few prototypes, a missing column, or a lever that never moved.

    Examples
    --------
    >>> tried = pd.DataFrame({"staff": [1, 2, 3, 4, 5], "meets_advice": [2, 4, 5, 8, 9]})
    >>> estimate_effects(tried, ["advice"], ["staff"])["effect"].round(2).tolist()
    [1.03]
    """
    design, scale = design_and_scale(prototypes, needs, levers, ends)
    n, k = design.shape
    inverse = np.linalg.inv(design.T @ design)
    # A person rates several prototypes. Without names, or with one person, the ratings themselves are the sample.
    named = "customer_id" in prototypes.columns and prototypes["customer_id"].nunique() > 1
    who = prototypes["customer_id"] if named else range(n)
    units = cluster_numbers(who, n)[1]
    few = (n - 1) / (n - k)  # degrees of freedom used up by the levers
    parts = []
    for need, y in zip(needs, scale.T, strict=True):
        beta = inverse @ design.T @ y
        residual = y - design @ beta
        se = np.sqrt(few * np.diag(clustered_covariance(inverse, design * residual[:, None], who)))
        if fits_exactly(residual, y):
            se = np.full(k, np.nan)
        parts.append(
            pd.DataFrame({"need": need, "lever": list(levers), "effect": beta[1:], "se": se[1:]})
        )
    out = pd.concat(parts, ignore_index=True)
    half = critical_value(level, max(1, units - (1 if named else k))) * out["se"]
    out["low"], out["high"] = out["effect"] - half, out["effect"] + half
    return out


def as_matrix(effects: pd.DataFrame, value: str = "effect") -> pd.DataFrame:
    """Turn a long table of effects into needs by levers, in the order of first appearance.

    Examples
    --------
    >>> long = pd.DataFrame({"need": ["advice"], "lever": ["staff"], "effect": [0.9]})
    >>> as_matrix(long).loc["advice", "staff"].item()
    0.9
    """
    need_rows(effects, ["need", "lever", value], "effects")
    need_unique(effects, ["need", "lever"], "effects")
    wide = effects.pivot(index="need", columns="lever", values=value)
    out = wide.loc[effects["need"].drop_duplicates(), effects["lever"].drop_duplicates()]
    return out.rename_axis(columns=None)


def to_9_3_1(effects: pd.DataFrame) -> pd.DataFrame:
    """Round effects to the strengths that a team writes, with their sign.

    9 from .45 on, 3 from .25, 1 from .08, else 0.

    Examples
    --------
    >>> to_9_3_1(pd.DataFrame({"staff": [0.9, -0.2]}, index=["advice", "quick"]))["staff"].tolist()
    [9, -1]
    """
    cells = check_matrix(effects)
    size = cells.abs().round(6)
    strength = np.select([size >= 0.45, size >= 0.25, size >= 0.08], [9, 3, 1], default=0)
    return pd.DataFrame(
        strength * np.sign(cells).astype(int), index=cells.index, columns=cells.columns
    )


def compare_matrices(mine: pd.DataFrame, data: pd.DataFrame) -> pd.DataFrame:
    """Hold a matrix filled in by judgement against one that was estimated.

    Parameters
    ----------
    mine
        Needs by levers, in 9-3-1 (or any scale; only the sign and the size within the matrix count).
    data
        The long table of :func:`estimate_effects`.

    Returns
    -------
    DataFrame
        One row per cell: ``need``, ``lever``, ``mine``, ``effect``, ``low``, ``high``, ``verdict``: agree,
        overlooked (the data see an effect of at least .1, which stands out among all cells by Holm's correction, the
        reader none), imagined (the reader sees one, the data's interval lies below
        .1), wrong sign.

    Examples
    --------
    >>> data = pd.DataFrame({"need": ["fit"], "lever": ["staff"], "effect": [.6], "low": [.56], "high": [.64]})
    >>> compare_matrices(pd.DataFrame({"staff": [0]}, index=["fit"]), data)["verdict"].tolist()
    ['overlooked']
    """
    estimate = as_matrix(data)
    cells = check_matrix(mine, list(estimate.index), list(estimate.columns))
    out = data[["need", "lever", "effect", "low", "high"]].copy()
    out.insert(
        2, "mine", [cells.loc[n, lv] for n, lv in zip(out["need"], out["lever"], strict=True)]
    )
    # Many cells are many looks. The intervals are taken as 95 % ones, wide as 1.96 standard errors.
    away = out["effect"].abs() / ((out["high"] - out["low"]) / (2 * critical_value()))
    sure = adjust_p_values(2 * stats.norm.sf(away)) < 0.05
    real = (out["effect"].abs() >= 0.1) & sure & ((out["low"] > 0) | (out["high"] < 0))
    nothing = (out["high"] < 0.1) & (out["low"] > -0.1)
    out["verdict"] = np.select(
        [
            (out["mine"] == 0) & real,
            (out["mine"] != 0) & nothing,
            real & (np.sign(out["mine"]) != np.sign(out["effect"])),
        ],
        ["overlooked", "imagined", "wrong sign"],
        default="agree",
    )
    return out
