"""The shop: people come in and ask for a drill; two clerks serve them, each in a way of their own.

Clerk A shows everything and recommends what is best value for money. Clerk B asks first and offers what most
probably fits. What a visitor needs is hidden; a visitor buys if the offer fits and patience has lasted so long.
"""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from crmkit.data.catalogue.shop import QUESTIONS

if TYPE_CHECKING:
    from crmkit.world.core.streams import Context

_LISTS = ("job", "wall", "tool", "often", "skill")


def build(ctx: Context) -> None:
    """Add the solutions, the visitors, the conversations and their answers."""
    params = ctx.params["shop"]
    solutions = pd.DataFrame(params["solutions"]).reindex(
        columns=["solution", "price", "rating", *_LISTS]
    )
    visitors = _visitors(params)
    fits = _fits(solutions, visitors)
    ctx.tables["solutions"] = solutions
    ctx.truth["shop_visitors"] = visitors
    _conversations(ctx, params, solutions, visitors, fits)


def _visitors(params: dict) -> pd.DataFrame:
    rows = []
    for job, wall, tool, often, skill, spend in product(
        params["job"],
        params["wall"],
        params["tool"],
        ("once", "again and again"),
        ("first time", "done before"),
        params["spend"]["once"],
    ):
        again, done = params["often"][job], params["skill"][often]
        share = (
            params["job"][job]
            * params["wall"][wall]
            * params["tool"][tool]
            * (again if often == "again and again" else 1 - again)
            * (done if skill == "done before" else 1 - done)
            * params["spend"][often][spend]
        )
        rows.append((job, wall, tool, often, skill, spend, share))
    return pd.DataFrame(rows, columns=[*QUESTIONS, "share"])


def _fits(solutions: pd.DataFrame, visitors: pd.DataFrame) -> np.ndarray:
    """Whether each solution (column) fits each kind of visitor (row)."""
    fits = np.ones((len(visitors), len(solutions)), dtype=bool)
    for j, solution in enumerate(solutions.to_dict("records")):
        for name in _LISTS:
            if isinstance(solution[name], str):
                fits[:, j] &= visitors[name].isin(solution[name].split(";")).to_numpy()
        fits[:, j] &= (
            visitors["spend"].str.removeprefix("up to ").astype(float).to_numpy()
            >= (solution["price"])
        )
    return fits


def _conversations(
    ctx: Context,
    params: dict,
    solutions: pd.DataFrame,
    visitors: pd.DataFrame,
    fits: np.ndarray,
) -> None:
    rng = ctx.rng("shop_conversations")
    n = params["conversations"]
    share = visitors["share"].to_numpy()
    kind = rng.choice(len(visitors), size=n, p=share / share.sum())
    knows, hurried = rng.random(n) < params["knows"], rng.random(n) < params["hurried"]
    patience = rng.exponential(
        np.where(hurried, params["patience_hurried"], params["patience_calm"])
    )
    clerk = np.where(rng.random(n) < params["share_a"], "A", "B")
    asked = np.where(clerk == "A", 0, rng.integers(0, len(QUESTIONS) + 1, n))
    best_value = int((solutions["rating"]).to_numpy().argmax())
    values = {name: visitors[name].to_numpy(dtype=object) for name in QUESTIONS}
    names = solutions["solution"].to_numpy(dtype=object)

    offered, fit, answers = [], np.zeros(n, dtype=bool), []
    for i in range(n):
        posterior = share.copy()
        if clerk[i] == "B":
            for turn, name in enumerate(rng.permutation(QUESTIONS)[: asked[i]], start=1):
                answer = values[name][kind[i]]
                if rng.random() > params["truthful"]:
                    others = sorted(set(values[name]) - {answer})
                    answer = others[rng.integers(len(others))]
                wrong = (1 - params["truthful"]) / (len(set(values[name])) - 1)
                posterior *= np.where(values[name] == answer, params["truthful"], wrong)
                answers.append((i + 1, turn, name, answer))
            choice = int((posterior @ fits).argmax())
        else:
            choice = best_value
            # Who knows what would do finds it among all that clerk A shows.
            if knows[i] and fits[kind[i]].any():
                choice = int(np.flatnonzero(fits[kind[i]])[0])
        offered.append(names[choice])
        fit[i] = fits[kind[i], choice]

    # Who knows stops clerk A half-way.
    minutes = np.where(
        clerk == "A",
        params["recital"] * np.where(knows, 0.5, 1.0),
        params["greeting"] + params["per_question"] * asked,
    )
    left = patience < minutes
    chance = np.where(fit, params["buys_if_fits"], params["buys_if_not"])
    bought = ~left & (rng.random(n) < chance)
    mark = 3 + 1.3 * fit - 0.5 * ~fit - 1.2 * left + rng.normal(0, 0.6, n)
    day = np.sort(rng.integers(0, 365, n))
    minutes = np.where(left, patience, minutes)
    ctx.tables["shop_conversations"] = pd.DataFrame(
        {
            "conversation_id": np.arange(1, n + 1),
            "date": (ctx.end - 364 + day).astype("datetime64[us]"),
            "clerk": clerk,
            "planned_questions": asked,
            "questions": asked,
            "minutes": minutes,
            "left_early": left,
            "offered": [None if gone else kit for gone, kit in zip(left, offered, strict=True)],
            "bought": bought,
            "satisfaction": np.clip(np.round(mark), 1, 5).astype(int),
        }
    )
    # A visitor who leaves has answered only the questions for which there was time.
    said = pd.DataFrame(answers, columns=["conversation_id", "turn", "question", "answer"])
    heard = (minutes - params["greeting"])[said["conversation_id"].to_numpy() - 1]
    ctx.tables["shop_answers"] = said[
        said["turn"].to_numpy() * params["per_question"] <= heard + 1e-9
    ].reset_index(drop=True)
    said_count = ctx.tables["shop_answers"]["conversation_id"].value_counts()
    ctx.tables["shop_conversations"]["questions"] = (
        ctx.tables["shop_conversations"]["conversation_id"].map(said_count).fillna(0).astype(int)
    )
    ctx.truth["shop_conversations"] = pd.DataFrame(
        {
            "conversation_id": np.arange(1, n + 1),
            **{name: values[name][kind] for name in QUESTIONS},
            "knows": knows,
            "hurried": hurried,
            "fits": fit & ~left,
        }
    )
