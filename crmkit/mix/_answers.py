"""Whose answers they are: what the models of this room make of a column `customer_id`."""

from __future__ import annotations

import numpy as np
import pandas as pd

from crmkit.inference import cluster_numbers, clustered_covariance


def answers_covariance(
    bread: np.ndarray, scores: np.ndarray, answers: pd.DataFrame
) -> tuple[np.ndarray, int]:
    """Give the covariance of a fit to people's answers, and how many units it rests on.

    With a ``customer_id`` the people are the units (sandwich). Without one, or with one person only (then the fit is
    about that person), the answers are, and the covariance is the inverse of the information.

    Parameters
    ----------
    bread
        Inverse of the information.
    scores
        Slope of each answer's log-likelihood, in the order of `answers`.
    answers
        One row an answer.
    """
    if "customer_id" in answers.columns:
        who, people = cluster_numbers(answers["customer_id"], len(answers))
        if people > 1:
            return clustered_covariance(bread, scores, who), people
    return bread, len(answers)
