"""Carry a search on to its bottom, so that an estimate does not depend on the processor.

A quasi-Newton search stops where the goal no longer changes. Near a flat optimum that is early: the goal is known to
ten digits then, the place of the optimum to four. Where exactly it stops depends on rounding, and rounding differs
between processors. Newton's steps from there end where the slope is zero to rounding: the same place on every machine.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

Slope = Callable[[np.ndarray], np.ndarray]

#: Step of the central differences. Their error, about step**2, is the same on every machine; rounding is far below it.
STEP = 1e-3


def newton(slope: Slope, curvature: Slope, start: np.ndarray, *, most: int = 20) -> np.ndarray:
    """Go from a search's end to the place where the slope is zero.

    Parameters
    ----------
    slope : callable
        Gives the gradient at a place, shape (n,).
    curvature : callable
        Gives the matrix of second derivatives at a place, shape (n, n).
    start : array, shape (n,)
        Where a search ended.
    most : int
        Steps at most. Each has to make the steepest slope smaller; the first that does not is not taken.

    Returns
    -------
    array, shape (n,)
        The place. It is `start` itself where the curvature cannot be inverted.

    References
    ----------
    Nocedal & Wright (2006) "Numerical Optimization", 2nd ed., section 3.3.

    Examples
    --------
    >>> newton(lambda x: x**3 - 8, lambda x: np.diag(3 * x**2), np.array([2.1])).round(12).tolist()
    [2.0]
    """
    place, steep = start, slope(start)
    for _ in range(most):
        try:
            further = place - np.linalg.solve(curvature(place), steep)
        except np.linalg.LinAlgError:
            break
        flatter = slope(further)
        if not np.abs(flatter).max(initial=0.0) < np.abs(steep).max(initial=0.0):
            break
        place, steep = further, flatter
    return place


def slope_of(loss: Callable[[np.ndarray], float], place: np.ndarray) -> np.ndarray:
    """Gradient by central differences.

    Examples
    --------
    >>> slope_of(lambda x: float(x @ x), np.array([1.0, 2.0])).round(6).tolist()
    [2.0, 4.0]
    """
    out = np.empty(len(place))
    for i in range(len(place)):
        ahead, behind = place.copy(), place.copy()
        ahead[i] += STEP
        behind[i] -= STEP
        out[i] = (loss(ahead) - loss(behind)) / (2 * STEP)
    return out


def curvature_of(loss: Callable[[np.ndarray], float], place: np.ndarray) -> np.ndarray:
    """Matrix of second derivatives by central differences.

    Examples
    --------
    >>> curvature_of(lambda x: float(x @ x + x[0] * x[1]), np.array([1.0, 2.0])).round(6).tolist()
    [[2.0, 1.0], [1.0, 2.0]]
    """
    out = np.empty((len(place), len(place)))
    for i in range(len(place)):
        for j in range(i + 1):
            corners = 0.0
            for a, b in ((1, 1), (1, -1), (-1, 1), (-1, -1)):
                moved = place.copy()
                moved[i] += a * STEP
                moved[j] += b * STEP
                corners += a * b * loss(moved)
            out[i, j] = out[j, i] = corners / (4 * STEP * STEP)
    return out


def settled(loss: Callable[[np.ndarray], float], start: np.ndarray) -> np.ndarray:
    """`newton` for a loss without a written derivative; the curvature is worked out once.

    Where `start` is no valley in every direction (the data do not settle something), it is given back as it is.

    Examples
    --------
    >>> settled(lambda x: float(np.cosh(x - 1).sum()), np.array([1.001, 0.998])).round(9).tolist()
    [1.0, 1.0]
    """
    bent = curvature_of(loss, start)
    if not len(start) or not np.isfinite(bent).all() or np.linalg.eigvalsh(bent)[0] <= 0:
        return start
    return newton(lambda place: slope_of(loss, place), lambda _: bent, start)
