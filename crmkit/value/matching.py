"""How much each agreement of two records says, learnt without a truth. See `crmkit.value.profile`.

Sources: Fellegi & Sunter (1969), JASA 64, 1183-1210; Winkler (1988), Proceedings of the Section on Survey Research
Methods, ASA, 667-671.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from crmkit.errors import CrmkitError
from crmkit.inputs import need_columns
from crmkit.value.records import FIELDS


@dataclass(frozen=True)
class MatchModel:
    """What was learnt about agreement: made by `fit_match_weights`.

    Attributes
    ----------
    table : DataFrame
        Index ``field``, ``agreement``; ``same_person`` (the literature's m: how often records of one person agree so),
        ``strangers`` (u: how often records of two people do), ``weight`` (log2 of their ratio, in bits).
    prior : float
        Share of all pairs of two systems that are of one person.
    iterations : int
        Rounds until nothing moved any more.
    """

    table: pd.DataFrame
    prior: float
    iterations: int

    @property
    def prior_weight(self) -> float:
        """What a pair must make up for before it is as likely as not of one person: log2 of the prior odds."""
        return float(np.log2(self.prior / (1 - self.prior)))


def fit_match_weights(
    candidates: pd.DataFrame, strangers: pd.DataFrame, all_pairs: int, *, rounds: int = 500
) -> MatchModel:
    """Learn the weights of evidence from the records themselves, by the EM algorithm: nobody says who is who.

    Every pair is either of one person or of two. Begin with a guess of how the two kinds agree; ask of each pattern
    how probable each kind is; learn from that how the two kinds agree; again, until nothing moves. Given the kind, the
    fields are taken to agree or not independently of each other (a family that shares name and telephone breaks this).

    Parameters
    ----------
    candidates
        Compared `candidate_pairs`: all the pairs that share something.
    strangers
        Compared `random_pairs`: they stand for all the other pairs.
    all_pairs
        How many pairs there are altogether (``attrs["all_pairs"]`` of `random_pairs`).
    rounds
        At most so many.

    Returns
    -------
    MatchModel

    Raises
    ------
    CrmkitError
        Where there are no candidates, or too few to learn from.

    Examples
    --------
    >>> import crmkit
    >>> from crmkit.value import candidate_pairs, compare_pairs, random_pairs, tidy_records
    >>> tidy = tidy_records(crmkit.load("channel_records"))
    >>> some = random_pairs(tidy)
    >>> model = fit_match_weights(
    ...     compare_pairs(tidy, candidate_pairs(tidy)), compare_pairs(tidy, some), some.attrs["all_pairs"]
    ... )
    >>> bool(model.table.loc[("email", "same"), "weight"] > model.table.loc[("postcode", "same"), "weight"] > 0)
    True
    """
    fields = list(FIELDS)
    for frame, what in ((candidates, "candidates"), (strangers, "strangers")):
        need_columns(frame, ["left", "right", *fields], what)
        if frame.empty:
            raise CrmkitError(f"{what}: there are no pairs to learn from.")
    if all_pairs <= len(candidates):
        raise CrmkitError(
            f"all_pairs is {all_pairs:,}, but there are {len(candidates):,} candidates already: it counts every pair."
        )
    seen = pd.MultiIndex.from_frame(candidates[["left", "right"]])
    others = strangers[~pd.MultiIndex.from_frame(strangers[["left", "right"]]).isin(seen)]
    if others.empty:
        raise CrmkitError("strangers: every pair is a candidate too. Draw more random pairs.")
    pattern = pd.concat(
        [
            candidates.groupby(fields).size(),
            others.groupby(fields).size() * ((all_pairs - len(candidates)) / len(others)),
        ]
    )
    pattern = pattern.groupby(level=fields).sum()
    pairs = pattern.to_numpy(float)
    levels = pattern.index.to_frame(index=False)
    masks = {
        (field, level): (levels[field] == level).to_numpy()
        for field, known in FIELDS.items()
        for level in known
    }
    m = {key: 0.9 if key[1] == "same" else 0.1 / (len(FIELDS[key[0]]) - 1) for key in masks}
    u = {key: max(pairs[mask].sum(), 0.5) / pairs.sum() for key, mask in masks.items()}
    # Begin with as many matches as there are pairs that agree in two fields or more.
    prior = max(pairs[(levels == "same").sum(axis=1) >= 2].sum(), 1.0) / pairs.sum()
    iterations, moved = 0, np.inf
    while moved > 1e-9 and iterations < rounds:
        iterations += 1
        odds = np.full(len(pairs), prior / (1 - prior))
        for key, mask in masks.items():
            odds[mask] *= m[key] / u[key]
        same = odds / (1 + odds) * pairs
        before, prior = prior, float(np.clip(same.sum() / pairs.sum(), 1e-9, 0.5))
        m, u = _shares(masks, same), _shares(masks, pairs - same)
        moved = abs(prior / before - 1)
    table = pd.DataFrame({"same_person": m, "strangers": u})
    table.index = pd.MultiIndex.from_tuples(table.index, names=["field", "agreement"])
    table["weight"] = np.log2(table["same_person"] / table["strangers"])
    return MatchModel(table, prior, iterations)


def _shares(
    masks: dict[tuple[str, str], np.ndarray], pairs: np.ndarray
) -> dict[tuple[str, str], float]:
    """Give the share of each level among the pairs that know the field; half a pair more, so that none is zero."""
    counted = {key: pairs[mask].sum() + 0.5 for key, mask in masks.items()}
    known = {
        field: sum(counted[field, level] for level in levels) for field, levels in FIELDS.items()
    }
    return {key: float(count / known[key[0]]) for key, count in counted.items()}


def score_pairs(compared: pd.DataFrame, model: MatchModel) -> pd.DataFrame:
    """Add up the weights of evidence of each pair.

    Parameters
    ----------
    compared
        From `compare_pairs`.
    model

    Returns
    -------
    DataFrame
        `compared` with ``weight`` (bits; a missing field adds 0) and ``probability`` that the two are one person,
        which also counts that most pairs are not.

    Examples
    --------
    >>> table = pd.DataFrame({"weight": {("name", "same"): 9.0, ("email", "same"): 12.0}})
    >>> compared = pd.DataFrame({"name": ["same"], "email": ["same"], "phone": ["missing"], "postcode": ["missing"]})
    >>> score_pairs(compared, MatchModel(table, prior=2**-11, iterations=1))["weight"].tolist()
    [21.0]
    """
    need_columns(compared, list(FIELDS), "compared")
    weight = np.zeros(len(compared))
    for field in FIELDS:
        known = (
            model.table["weight"].xs(field, level=0)
            if field in model.table.index.get_level_values(0)
            else {}
        )
        weight += compared[field].map(dict(known)).fillna(0.0).to_numpy(float)
    odds = np.exp2(np.clip(weight + model.prior_weight, -1000, 1000))
    return compared.assign(weight=weight, probability=odds / (1 + odds))
