"""Modules that are imported when they are first used, so that a lesson's first cell answers at once.

scipy's statistics, scikit-learn and matplotlib's figures take longer to import than pandas; a lesson that loads a table
and counts needs none of them. The idea is that of SPEC 1, "Lazy Loading of Submodules and Functions"
(https://scientific-python.org/specs/spec-0001/).
"""

from __future__ import annotations

from importlib import import_module
from typing import Any


class _Later:
    """Stands for a module; the first name that is asked of it imports the module."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, name: str) -> Any:
        # The import system is asked once only: asking it costs more than many of the functions that are wanted.
        module = self.__dict__.get("_module") or self.__dict__.setdefault(
            "_module", import_module(self._name)
        )
        return getattr(module, name)

    def __repr__(self) -> str:
        return f"<module {self._name!r}, imported when it is used>"


def later(name: str) -> Any:
    """Give a module that is imported when it is first used.

    Parameters
    ----------
    name : str
        As in an import statement: ``scipy.stats``.

    Returns
    -------
    object
        Its attributes are the module's.

    Examples
    --------
    >>> stats = later("scipy.stats")
    >>> round(float(stats.norm.ppf(0.975)), 2)
    1.96
    """
    return _Later(name)
