"""Who should know whom: the net of relationships that an aim asks for, beside the one that is there.

Problem
    A system that lets everybody meet everybody is soon built and soon empty. First comes the aim: it says which kinds
    of people should know one another. Then one counts which of these pairs do.

Sources
    Density within and between groups of a network: Wasserman & Faust (1994), Social Network Analysis, chapter 10
    (density matrix of a block model).
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import combinations_with_replacement

import pandas as pd

from crmkit.errors import CrmkitError
from crmkit.inputs import first_few, need_known, need_rows, need_unique


def net_by_kind(
    people: pd.DataFrame, links: pd.DataFrame, wanted: Iterable[tuple[str, str]] = ()
) -> pd.DataFrame:
    """Count for each pair of kinds how many could know one another, and how many do.

    Parameters
    ----------
    people
        ``person_id``, ``kind``.
    links
        ``person_id``, ``knows_id``: one row per pair who know each other, in either order, each once.
    wanted
        Pairs of kinds that the aim asks for.

    Returns
    -------
    DataFrame
        One row per pair of kinds: ``one``, ``other``, ``possible`` (pairs), ``known`` (of these), ``share``,
        ``wanted``, ``missing`` (possible less known, 0 where the aim does not ask for the pair). The whole net is
        counted: there is no sample, so no interval.

    Raises
    ------
    CrmkitError
        A person twice or unknown, somebody who knows him- or herself, a pair twice, a kind that does not occur.

    Examples
    --------
    >>> people = pd.DataFrame({"person_id": [1, 2, 3], "kind": ["host", "guest", "guest"]})
    >>> links = pd.DataFrame({"person_id": [1], "knows_id": [3]})
    >>> found = net_by_kind(people, links, [("guest", "host")])
    >>> found[["one", "other", "possible", "known", "missing"]].values.tolist()
    [['guest', 'guest', 1, 0, 0], ['guest', 'host', 2, 1, 1], ['host', 'host', 0, 0, 0]]
    """
    need_rows(people, ["person_id", "kind"], "people")
    need_unique(people, ["person_id"], "people")
    need_rows(links, ["person_id", "knows_id"], "links")
    kind = need_known(people["kind"], "kind").astype(str).set_axis(people["person_id"])
    ends = links[["person_id", "knows_id"]]
    strange = sorted(set(ends.stack()) - set(kind.index))
    if strange:
        raise CrmkitError(
            f"links: {first_few(strange)} is not among the people. Add them, or leave the rows out."
        )
    ends = pd.DataFrame({"person_id": ends.min(axis=1), "knows_id": ends.max(axis=1)})
    if (ends["person_id"] == ends["knows_id"]).any():
        raise CrmkitError("links: somebody knows him- or herself. Leave those rows out.")
    need_unique(ends, ["person_id", "knows_id"], "links")
    size = kind.value_counts()
    asked = {tuple(sorted(map(str, each))) for each in wanted}
    unknown = sorted({name for each in asked for name in each} - set(size.index))
    if unknown:
        raise CrmkitError(
            f"wanted: there is no kind {first_few(unknown)}; there are {first_few(sorted(size.index), 9)}."
        )
    found = pd.DataFrame({"a": ends["person_id"].map(kind), "b": ends["knows_id"].map(kind)}).apply(
        lambda row: tuple(sorted(row)), axis=1
    )
    known = found.value_counts()
    rows = []
    for one, other in combinations_with_replacement(sorted(size.index), 2):
        n, m = int(size[one]), int(size[other])
        possible = n * (n - 1) // 2 if one == other else n * m
        here = int(known.get((one, other), 0))
        want = (one, other) in asked
        rows.append(
            {
                "one": one, "other": other, "possible": possible, "known": here,
                "share": here / possible if possible else float("nan"),
                "wanted": want, "missing": possible - here if want else 0,
            }
        )  # fmt: skip
    return pd.DataFrame(rows)


__all__ = ["net_by_kind"]
