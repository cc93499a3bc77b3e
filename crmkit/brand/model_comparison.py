"""Which model of forgetting predicts best what people still know whom it has not seen."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from crmkit.brand._check import floats
from crmkit.brand.exposures import clean_ages
from crmkit.brand.forgetting import MODELS, ForgettingModel
from crmkit.errors import CrmkitError


def compare_models(
    ages: npt.ArrayLike,
    recalled: npt.ArrayLike,
    models: Sequence[ForgettingModel] | None = None,
    folds: int = 5,
    seed: int = 0,
) -> pd.DataFrame:
    """Find the model that best predicts answers it has not seen.

    The questions are split at random into `folds` parts; each model is fitted on the others and scored on the part
    left out. The order of the rows changes nothing.

    Parameters
    ----------
    ages
        Shape (questions, contacts). Weeks from contact to question.
    recalled
        Shape (questions,). 1 recalled, 0 not.
    models
        Unfitted models; by default one of each kind.
    folds, seed
        Number of parts, and the seed of the split.

    Returns
    -------
    DataFrame, best first
        model, parameters (count), held_out (mean log-likelihood of a question left out; nearer to 0 is better),
        behind_best (mean shortfall against the best), behind_se (its standard error over questions: a shortfall
        below twice this is no proof).

    Raises
    ------
    CrmkitError
        If there are fewer questions than parts, or not as many answers as questions.
    """
    table = clean_ages(ages)
    hits = floats(recalled, "recalled")
    if hits.shape != (len(table),):
        raise CrmkitError(
            f"`ages` has {len(table)} rows, `recalled` {hits.size}: they must match row by row."
        )
    if len(table) < folds or folds < 2:
        raise CrmkitError(
            f"{len(table)} questions cannot be split into {folds} parts of at least one (and there must be at "
            "least two parts)."
        )
    if models is None:
        models = [kind() for kind in MODELS]
    # Rows in one order, whatever order they came in: the same answers are split in the same way.
    order = np.lexsort((hits, *table.T[::-1]))
    table, hits = table[order], hits[order]
    part = np.random.default_rng(seed).permutation(len(table)) % folds
    scores = []
    for model in models:
        score = np.zeros(len(table))
        for fold in range(folds):
            fresh = type(model)(massing=model.massing)
            rest = part != fold
            fresh.fit(table[rest], hits[rest])
            score[~rest] = fresh.log_likelihood(table[~rest], hits[~rest])
        scores.append(score)
    best = int(np.argmax([score.mean() for score in scores]))
    rows = []
    for model, score in zip(models, scores, strict=True):
        behind = scores[best] - score
        name = model.label + (" + spacing" if model.massing else "")
        rows.append(
            (
                name,
                len(model.names) + model.massing,
                score.mean(),
                behind.mean(),
                behind.std(ddof=1) / np.sqrt(len(behind)),
            )
        )
    columns = ["model", "parameters", "held_out", "behind_best", "behind_se"]
    return pd.DataFrame(rows, columns=columns).sort_values(
        "held_out", ascending=False, ignore_index=True, kind="stable"
    )
