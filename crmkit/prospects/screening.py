"""First screened, then chosen: must-haves that no other need can make good, and a price that is not passed.

A *compensatory* choice adds up points: a set may lack one need and make it good by others. A *conjunctive* screen asks
whether every must-have is there and whether the price can be paid; only what passes is weighed. Gilbride & Allenby
(2004, Marketing Science 23, 391-406) found that 92 % of the people in their study screened before they chose.

Sources: Gilbride & Allenby (2004); Dempster, Laird & Rubin (1977) JRSS B 39 (EM); Meilijson (1989) JRSS B 51
(covariance from the persons' scores); McFadden (1974).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from crmkit.errors import CrmkitError
from crmkit.inference import Estimate, critical_value, mean_interval
from crmkit.inputs import (
    first_few,
    need_count,
    need_numbers,
    need_rows,
    need_true_false,
    need_unique,
)
from crmkit.mix import ShelfModel


@dataclass(frozen=True)
class _Shelf:
    """Choices as arrays: one row per task."""

    persons: pd.Index
    who: np.ndarray  # row of persons, per task
    starts: np.ndarray
    x: np.ndarray  # tasks x options x weights: constant, needs, price
    unmet: np.ndarray  # tasks x options: bits of the needs that are not met
    price: np.ndarray
    chosen: np.ndarray  # option, or -1 for nothing
    order: np.ndarray  # rows of the table, in the order of the arrays


def _arrays(choices: pd.DataFrame, needs: Sequence[str]) -> _Shelf:
    need_rows(choices, ["person_id", "task", "option", "price", "chosen", *needs], "shelf choices")
    need_unique(choices, ["person_id", "task", "option"], "shelf choices")
    if not 1 <= len(needs) <= 8:
        raise CrmkitError(
            "needs: between 1 and 8 columns; the screen tries every set of must-haves."
        )
    order = np.lexsort((choices["option"], choices["task"], choices["person_id"]))
    table = choices.iloc[order]
    sizes = table.groupby(["person_id", "task"]).size()
    options = int(sizes.iloc[0])
    odd = sizes.index[sizes != options]
    if len(odd):
        raise CrmkitError(
            f"shelf choices: every task needs {options} sets; person and task {first_few(odd)} have another number. "
            "Leave those tasks out."
        )
    shape = (len(sizes), options)
    met = np.stack(
        [need_true_false(table[need], f"shelf choices, {need}").reshape(shape) for need in needs],
        axis=-1,
    )
    price = need_numbers(table["price"], "shelf choices, price", minimum=0).reshape(shape)
    taken = need_true_false(table["chosen"], "shelf choices, chosen").reshape(shape)
    if (taken.sum(1) > 1).any():
        raise CrmkitError(
            "shelf choices: a task has more than one set chosen. Mark one set or none."
        )
    x = np.concatenate([np.ones((*shape, 1)), met, price[..., None]], axis=-1)
    who, persons = pd.factorize(sizes.index.get_level_values(0))
    return _Shelf(
        pd.Index(persons, name="person_id"),
        who,
        np.flatnonzero(np.append(True, np.diff(who) > 0)),
        x,
        (~met) @ (1 << np.arange(len(needs))),
        price,
        np.where(taken.any(1), taken.argmax(1), -1),
        order,
    )


@dataclass(frozen=True)
class _Alive:
    """The screens that a person's purchases leave possible: one row per person and screen, then per task of it."""

    person: np.ndarray
    screen: np.ndarray
    person_starts: np.ndarray
    cell: np.ndarray  # task x patterns + pattern, one for each task of each row
    first: np.ndarray  # where each row's tasks begin in `cell`
    row: np.ndarray  # the row of each cell
    tasks: int
    patterns: int

    def by_pattern(self, share: np.ndarray) -> np.ndarray:
        """Weight of each pattern of passing options, per task: the chance of all screens that give it."""
        each = share[self.person, self.screen][self.row]
        weight = np.bincount(self.cell, each, minlength=self.tasks * self.patterns)
        return weight.reshape(self.tasks, self.patterns)


def _alive(shelf: _Shelf, passing: np.ndarray) -> _Alive:
    """Rule out every screen by which something that was bought would not have passed."""
    bought = np.flatnonzero(shelf.chosen >= 0)
    possible = np.ones(passing.shape, dtype=bool)
    possible[bought] = (passing[bought] >> shelf.chosen[bought, None]) & 1
    person, screen = np.nonzero(np.logical_and.reduceat(possible, shelf.starts, axis=0))
    tasks = np.diff(np.append(shelf.starts, len(shelf.who)))
    counts = tasks[person]
    first = np.append(0, np.cumsum(counts)[:-1])
    row = np.repeat(np.arange(len(person)), counts)
    task = shelf.starts[person][row] + np.arange(len(row)) - first[row]
    patterns = 1 << shelf.price.shape[1]
    return _Alive(
        person,
        screen,
        np.flatnonzero(np.append(True, np.diff(person) > 0)),
        task * patterns + passing[task, screen[row]],
        first,
        row,
        len(passing),
        patterns,
    )


class ScreeningModel:
    """Conjunctive screening: each person has must-haves and a price that is not passed; what passes is weighed.

    Fitted by EM over every set of must-haves and every price on the shelf. Being a must-have is taken as independent
    from need to need; the weights of what passes are the same for all.

    Attributes
    ----------
    must_haves_ : DataFrame
        Index ``need``: ``share`` of people for whom it is a must-have, ``low``, ``high``.
    prices_ : DataFrame
        Index ``price``: ``share`` of people who would pay it, and not the next price on the shelf.
        The highest price stands for those whom no price on the shelf stops; 0 for those whom every price does.
    weights_ : DataFrame
        Index: the constant, the needs, the price: ``weight``, ``low``, ``high`` (points of utility of what passes).
    screens_ : Estimate
        Share of people who screen at all: with a must-have, or with a price that is not passed.
    people_ : DataFrame
        Index ``person_id``: for each need, the chance that it is a must-have of this person, given the choices.
    loglik_ : float
    iterations_ : int

    Examples
    --------
    >>> draw = np.random.default_rng(1)
    >>> shelf = pd.DataFrame({"person_id": np.repeat(np.arange(80), 24),
    ...     "task": np.tile(np.repeat(np.arange(8), 3), 80),
    ...     "option": np.tile([1, 2, 3], 640), "price": draw.choice([10, 20], 1920), "safe": draw.integers(0, 2, 1920)})
    >>> wanted = (shelf["safe"] == 1) | (shelf["person_id"] >= 40)
    >>> utility = np.where(wanted, 4 - 0.2 * shelf["price"] + draw.gumbel(size=1920), -9)
    >>> best = pd.Series(utility).groupby([shelf["person_id"], shelf["task"]]).transform("max")
    >>> shelf["chosen"] = ((utility == best) & (utility > 0)).astype(int)
    >>> model = ScreeningModel().fit(shelf, ["safe"])
    >>> bool(0.35 < model.must_haves_.loc["safe", "share"] < 0.65)
    True
    """

    must_haves_: pd.DataFrame
    prices_: pd.DataFrame
    weights_: pd.DataFrame
    screens_: Estimate
    people_: pd.DataFrame
    loglik_: float
    iterations_: int

    def __init__(self, *, level: float = 0.95, most: int = 200) -> None:
        self.level = level
        self.most = need_count(most, "most (steps of the fit)")

    def fit(self, choices: pd.DataFrame, needs: Sequence[str]) -> ScreeningModel:
        """Fit by maximum likelihood.

        Parameters
        ----------
        choices
            One row per set on a shelf: ``person_id``, ``task``, ``option``, ``price``, one 0/1 column per need,
            ``chosen``. Every task has the same number of sets; buying nothing is always possible.
        needs
            The needs' columns.

        Returns
        -------
        ScreeningModel
            Itself.
        """
        shelf = _arrays(choices, needs)
        if (shelf.chosen < 0).all():
            raise CrmkitError(
                "shelf choices: nothing was ever bought. Screens show in purchases only."
            )
        self._needs = list(needs)
        self._levels = np.append(0.0, np.unique(shelf.price))
        self._sets = (np.arange(1 << len(needs))[:, None] >> np.arange(len(needs))) & 1
        passing = self._passing(shelf)
        alive = _alive(shelf, passing)
        people = len(shelf.persons)
        theta = np.full(len(needs), 0.2)
        caps = np.full(len(self._levels), 1 / len(self._levels))
        beta = np.zeros(shelf.x.shape[-1])
        before = -np.inf
        for step in range(self.most):
            self._theta, self._caps, self._beta = theta, caps, beta
            share, loglik = self._posterior(shelf, alive)
            self.iterations_ = step + 1
            if loglik - before < 1e-4 * (1 + step // 50):
                break
            before = loglik
            by_set = share.reshape(people, len(self._sets), -1)
            theta = np.clip(by_set.sum(2).mean(0) @ self._sets, 1e-6, 1 - 1e-6)
            caps = np.clip(by_set.sum(1).mean(0), 1e-9, None)
            caps /= caps.sum()
            weight = alive.by_pattern(share)
            for _ in range(2):
                slope, curve, _ = _weighted_logit(beta, shelf, weight)
                beta = beta + np.linalg.solve(curve + 1e-6 * np.eye(len(beta)), slope.sum(0))
        self.loglik_ = float(loglik)
        self._posteriors = pd.DataFrame(share, index=shelf.persons)
        self._intervals(shelf, alive, share)
        return self

    def _passing(self, shelf: _Shelf) -> np.ndarray:
        """For each task and each screen: which options pass, as bits."""
        masks = np.arange(len(self._sets))
        passing = np.zeros((len(shelf.who), len(masks) * len(self._levels)), dtype=np.int8)
        for j in range(shelf.price.shape[1]):
            fits = (shelf.unmet[:, j, None] & masks) == 0
            paid = shelf.price[:, j, None] <= self._levels
            passing |= ((fits[:, :, None] & paid[:, None, :]).reshape(passing.shape)).astype(
                np.int8
            ) << np.int8(j)
        return passing

    def _log_prior(self) -> np.ndarray:
        must = self._sets @ np.log(self._theta) + (1 - self._sets) @ np.log1p(-self._theta)
        return (must[:, None] + np.log(self._caps)).ravel()

    def _posterior(self, shelf: _Shelf, alive: _Alive) -> tuple[np.ndarray, float]:
        """Chance of each screen for each person, given the choices; and the log-likelihood."""
        chance = np.log(_chances(self._beta, shelf)[1] + 1e-300).ravel()
        total = np.add.reduceat(chance[alive.cell], alive.first) + self._log_prior()[alive.screen]
        top = np.maximum.reduceat(total, alive.person_starts)
        scaled = np.exp(total - top[alive.person])
        norm = np.add.reduceat(scaled, alive.person_starts)
        share = np.zeros((len(shelf.persons), len(self._sets) * len(self._levels)))
        share[alive.person, alive.screen] = scaled / norm[alive.person]
        return share, float((top + np.log(norm)).sum())

    def _intervals(self, shelf: _Shelf, alive: _Alive, share: np.ndarray) -> None:
        """Covariance from the persons' scores (Meilijson 1989), then intervals on the logit scale."""
        by_set = share.reshape(len(share), len(self._sets), -1)
        must = by_set.sum(2) @ self._sets
        cap = by_set.sum(1)
        slope = _weighted_logit(self._beta, shelf, alive.by_pattern(share))[0]
        own = np.add.reduceat(slope, shelf.starts, axis=0)
        scores = np.column_stack([must - self._theta, (cap - self._caps)[:, :-1], own])
        settled = np.concatenate(
            [
                (self._theta * len(share) > 0.5) & ((1 - self._theta) * len(share) > 0.5),
                (self._caps * len(share) > 0.5)[:-1],
                np.ones(len(self._beta), dtype=bool),
            ]
        )
        information = scores[:, settled].T @ scores[:, settled]
        cover = np.zeros((len(settled),) * 2)
        cover[np.ix_(settled, settled)] = np.linalg.pinv(information, hermitian=True)
        z = critical_value(self.level)
        se = np.where(settled, np.sqrt(np.clip(np.diag(cover), 0, None)), np.nan)
        k, c = len(self._needs), len(self._caps) - 1
        logit = np.log(self._theta / (1 - self._theta))
        self.must_haves_ = pd.DataFrame(
            {
                "share": self._theta,
                "low": _share_of(logit - z * se[:k]),
                "high": _share_of(logit + z * se[:k]),
            },
            index=pd.Index(self._needs, name="need"),
        )
        self.prices_ = pd.DataFrame(
            {"share": self._caps}, index=pd.Index(self._levels, name="price")
        )
        names = pd.Index(["constant", *self._needs, "price"], name="weight of")
        reach = z * se[k + c :]
        self.weights_ = pd.DataFrame(
            {"weight": self._beta, "low": self._beta - reach, "high": self._beta + reach},
            index=names,
        )
        free = float(np.prod(1 - self._theta) * self._caps[-1])
        # Of log odds of screening: d/d logit(theta) = theta / (1 - free) and likewise for the prices.
        steps = np.concatenate([self._theta, self._caps[:-1], np.zeros(len(self._beta))])
        spread = float(np.sqrt(max(steps @ cover @ steps, 0.0))) / max(1 - free, 1e-9)
        middle = np.log((1 - free) / max(free, 1e-12))
        low, high = _share_of(np.array([middle - z * spread, middle + z * spread]))
        self.screens_ = Estimate(1 - free, float(low), float(high))
        self.people_ = pd.DataFrame(must, index=shelf.persons, columns=self._needs)

    def predict(self, choices: pd.DataFrame) -> np.ndarray:
        """Give the chance of each set, in the order of the rows: a person's own screen, as far as choices showed it."""
        shelf = _arrays(choices, self._needs)
        prior = np.exp(self._log_prior())
        known = self._posteriors.reindex(shelf.persons).to_numpy()
        known = np.where(np.isnan(known), prior, known)
        passing = self._passing(shelf)
        by_option, _ = _chances(self._beta, shelf)
        weight = _by_pattern(known, shelf, passing)
        chance = (by_option * weight[:, None, :]).sum(-1)
        out = np.empty(len(choices))
        out[shelf.order] = chance.ravel()
        return out


def _share_of(log_odds: np.ndarray) -> np.ndarray:
    return np.asarray(1 / (1 + np.exp(-np.clip(log_odds, -500, 500))))


def _by_pattern(share: np.ndarray, shelf: _Shelf, passing: np.ndarray) -> np.ndarray:
    """Weight of each pattern of passing options, per task: the chance of all screens that give it."""
    patterns = 1 << shelf.price.shape[1]
    flat = np.arange(len(passing))[:, None] * patterns + passing
    weight = np.bincount(flat.ravel(), share[shelf.who].ravel(), minlength=len(passing) * patterns)
    return weight.reshape(len(passing), patterns)


def _patterns(options: int) -> np.ndarray:
    """Which options pass in each pattern: patterns x options."""
    return ((np.arange(1 << options)[:, None] >> np.arange(options)) & 1).astype(float)


def _chances(beta: np.ndarray, shelf: _Shelf) -> tuple[np.ndarray, np.ndarray]:
    """Chance of each option (tasks x options x patterns), and of what was chosen (tasks x patterns)."""
    power = np.exp(np.clip(shelf.x @ beta, -40, 40))
    open_ = _patterns(power.shape[1])
    total = 1 + power @ open_.T
    by_option = power[:, :, None] * open_.T / total[:, None, :]
    picked = np.take_along_axis(by_option, np.maximum(shelf.chosen, 0)[:, None, None], axis=1)[:, 0]
    return by_option, np.where(shelf.chosen[:, None] < 0, 1 / total, picked)


def _weighted_logit(
    beta: np.ndarray, shelf: _Shelf, weight: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Slope per task, curvature, and the expected options of a logit over what passes, weighted by pattern."""
    by_option, _ = _chances(beta, shelf)
    expected = (by_option * weight[:, None, :]).sum(-1)
    taken = (np.arange(expected.shape[1]) == shelf.chosen[:, None]).astype(float)
    slope = ((taken - expected)[:, :, None] * shelf.x).sum(1)
    size = len(beta)
    rows = shelf.x.reshape(-1, size)
    curve = (rows * expected.ravel()[:, None]).T @ rows
    for pattern in range(1, weight.shape[1]):
        mean = (by_option[:, :, pattern, None] * shelf.x).sum(1)
        curve -= (mean * weight[:, pattern, None]).T @ mean
    return slope, curve, expected


class OwnWeights:
    """Compensatory choice with weights of one's own: everybody's weights, moved as far as the person's choices ask.

    The fair rival of a screen: it too learns about each person. A penalty (`pull`) draws a person's weights to
    everybody's; without one, eight choices could not settle them (ridge; Hoerl & Kennard 1970).

    Attributes
    ----------
    weights_ : DataFrame
        Index ``person_id``; columns: the constant, the needs, the price.

    Examples
    --------
    >>> draw = np.random.default_rng(1)
    >>> shelf = pd.DataFrame({"person_id": np.repeat(np.arange(20), 16),
    ...     "task": np.tile(np.repeat(np.arange(8), 2), 20),
    ...     "option": np.tile([1, 2], 160), "price": draw.choice([10, 20], 320), "safe": draw.integers(0, 2, 320)})
    >>> utility = 3 * shelf["safe"] - 0.2 * shelf["price"] + 2 + draw.gumbel(size=320)
    >>> best = utility.groupby([shelf["person_id"], shelf["task"]]).transform("max")
    >>> shelf["chosen"] = ((utility == best) & (utility > 0)).astype(int)
    >>> bool(OwnWeights().fit(shelf, ["safe"]).weights_["safe"].mean() > 0)
    True
    """

    weights_: pd.DataFrame

    def __init__(self, *, pull: float = 1.0) -> None:
        self.pull = pull

    def fit(self, choices: pd.DataFrame, needs: Sequence[str]) -> OwnWeights:
        """Fit everybody's weights, then each person's.

        Parameters
        ----------
        choices, needs
            As for `ScreeningModel.fit`.

        Returns
        -------
        OwnWeights
            Itself.
        """
        shelf = _arrays(choices, needs)
        self._needs = list(needs)
        common = ShelfModel().fit(choices.rename(columns={"person_id": "customer_id"}), needs)
        heavy = common.weights_.set_index("need")["weight"]
        centre = np.array([common.constant_, *heavy[list(needs)], -common.price_weight_])
        # A pound is a small step: its weight may move by as much as a pound counts, a need's by as much as a point.
        penalty = np.diag(self.pull * np.array([*[1.0] * (len(needs) + 1), 100.0]))
        beta = np.tile(centre, (len(shelf.persons), 1))
        taken = (np.arange(shelf.price.shape[1]) == shelf.chosen[:, None]).astype(float)
        for _ in range(12):
            power = np.exp(np.clip((shelf.x * beta[shelf.who][:, None, :]).sum(-1), -40, 40))
            chance = power / (1 + power.sum(1, keepdims=True))
            slope = ((taken - chance)[:, :, None] * shelf.x).sum(1)
            mean = (chance[:, :, None] * shelf.x).sum(1)
            curve = np.einsum("tj,tja,tjb->tab", chance, shelf.x, shelf.x)
            curve -= mean[:, :, None] * mean[:, None, :]
            whole = np.add.reduceat(curve, shelf.starts, axis=0) + penalty
            step = np.add.reduceat(slope, shelf.starts, axis=0) - (beta - centre) @ penalty
            beta = beta + np.linalg.solve(whole, step[:, :, None])[:, :, 0]
        self.weights_ = pd.DataFrame(
            beta, index=shelf.persons, columns=["constant", *needs, "price"]
        )
        self._centre = centre
        return self

    def predict(self, choices: pd.DataFrame) -> np.ndarray:
        """Give the chance of each set, in the order of the rows; a person not seen gets everybody's weights."""
        shelf = _arrays(choices, self._needs)
        beta = self.weights_.reindex(shelf.persons).to_numpy()
        beta = np.where(np.isnan(beta), self._centre, beta)
        power = np.exp(np.clip((shelf.x * beta[shelf.who][:, None, :]).sum(-1), -40, 40))
        out = np.empty(len(choices))
        out[shelf.order] = (power / (1 + power.sum(1, keepdims=True))).ravel()
        return out


def compare_choices(
    choices: pd.DataFrame, needs: Sequence[str], *, held_out: int = 2, level: float = 0.95
) -> pd.DataFrame:
    """Let three models learn from the first tasks of everybody, and judge them by the last.

    Parameters
    ----------
    choices, needs
        As for `ScreeningModel.fit`.
    held_out
        How many tasks of each person, the last, are kept back.
    level
        Of the intervals: Student's, over persons.

    Returns
    -------
    DataFrame
        Index ``model``: "points, all alike" (one set of weights), "points, one's own" (`OwnWeights`, its pull chosen
        among the tasks that it may see), "screen, then points" (`ScreeningModel`). ``tasks``, ``hits`` (share of the
        tasks held out in which the likeliest was chosen), ``chance`` (mean chance given to what was chosen), ``low``,
        ``high`` (of `chance`), ``behind`` (how much lower its chance is than the screen's, person by person),
        ``behind_low``, ``behind_high``.

    Examples
    --------
    >>> draw = np.random.default_rng(1)
    >>> shelf = pd.DataFrame({"person_id": np.repeat(np.arange(80), 24),
    ...     "task": np.tile(np.repeat(np.arange(8), 3), 80),
    ...     "option": np.tile([1, 2, 3], 640), "price": draw.choice([10, 20], 1920), "safe": draw.integers(0, 2, 1920)})
    >>> wanted = (shelf["safe"] == 1) | (shelf["person_id"] >= 40)
    >>> utility = np.where(wanted, 4 - 0.2 * shelf["price"] + draw.gumbel(size=1920), -9)
    >>> best = pd.Series(utility).groupby([shelf["person_id"], shelf["task"]]).transform("max")
    >>> shelf["chosen"] = ((utility == best) & (utility > 0)).astype(int)
    >>> list(compare_choices(shelf, ["safe"])["tasks"])
    [160, 160, 160]
    """
    need_rows(choices, ["person_id", "task", "option", "price", "chosen", *needs], "shelf choices")
    last = choices.groupby("person_id")["task"].rank(method="dense", ascending=False)
    kept = need_count(held_out, "held_out (tasks kept back)")
    learn, judge = choices[last > kept], choices[last <= kept]
    if learn.empty:
        raise CrmkitError(f"held_out: nobody has more than {kept} tasks. Keep fewer of them back.")
    common = ShelfModel().fit(learn.rename(columns={"person_id": "customer_id"}), needs)
    alike = common.predict(judge.rename(columns={"person_id": "customer_id"}))
    chances = {
        "points, all alike": alike,
        "points, one's own": OwnWeights(pull=_best_pull(learn, needs))
        .fit(learn, needs)
        .predict(judge),
        "screen, then points": ScreeningModel().fit(learn, needs).predict(judge),
    }
    judged = {name: _judged(judge, chance) for name, chance in chances.items()}
    screen = judged["screen, then points"].groupby("person_id")["chance"].mean()
    rows = {}
    for name, table in judged.items():
        own = table.groupby("person_id")["chance"].mean()
        rows[name] = [
            len(table), table["hit"].mean(), *mean_interval(own, level=level),
            *mean_interval(screen - own, level=level),
        ]  # fmt: skip
    columns = ["tasks", "hits", "chance", "low", "high", "behind", "behind_low", "behind_high"]
    return pd.DataFrame.from_dict(rows, orient="index", columns=columns).rename_axis("model")


def _judged(judge: pd.DataFrame, chance: np.ndarray) -> pd.DataFrame:
    """Per task: the chance given to what was chosen, and whether it was the likeliest (nothing counts too)."""
    table = judge[["person_id", "task", "chosen"]].assign(chance=chance)
    table["taken"] = table["chance"] * table["chosen"]
    tasks = table.groupby(["person_id", "task"]).agg(
        total=("chance", "sum"),
        top=("chance", "max"),
        taken=("taken", "sum"),
        any=("chosen", "max"),
    )
    nothing = 1 - tasks["total"]
    tasks["chance"] = np.where(tasks["any"] == 1, tasks["taken"], nothing)
    tasks["hit"] = tasks["chance"] >= np.maximum(tasks["top"], nothing) - 1e-12
    return tasks.reset_index()


def _best_pull(learn: pd.DataFrame, needs: Sequence[str]) -> float:
    """Choose the pull that forecasts the last of the tasks to learn from best."""
    last = learn.groupby("person_id")["task"].rank(method="dense", ascending=False)
    first, then = learn[last > 1], learn[last == 1]
    if first.empty:
        return 1.0
    scores = {
        pull: np.log(_judged(then, OwnWeights(pull=pull).fit(first, needs).predict(then))["chance"] + 1e-9).mean()
        for pull in (0.2, 0.5, 1.0, 2.0, 5.0)
    }  # fmt: skip
    return max(scores, key=lambda pull: scores[pull])
