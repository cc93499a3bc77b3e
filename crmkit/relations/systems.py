"""The system behind the desk: what separate databases cost in calls, and what a joined view saves or spoils.

Problem
    A caller's records lie in several systems. With separate screens the agent searches, asks again, and sometimes
    answers from half of the facts. A joined view ends that, if the join is right: one that puts two people into one
    lets the agent read out somebody else's orders.

Ways
    Rules are measured on calls with separate screens (`desk_rules`). A simulation lets the same calls be answered with
    several databases (`simulate_desk`), every call with the same luck each time, and compares call by call
    (`desk_gains`). A trial says what a joined view does with real agents (`agent_effects`): chance chose agents, so
    the agent is the unit.

Sources
    Kinds of system: Buttle & Maklan (2019) Customer Relationship Management, ch. 1. Common random numbers: Law (2015)
    Simulation Modeling and Analysis, 11.2. Clusters: Liang & Zeger (1986); ratios over callers: Cochran (1977) 6.3.
    Trials of clusters: Donner & Klar (2000). What goes with what is bought: Linden, Smith & York (2003).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from crmkit.errors import CrmkitError
from crmkit.inference import (
    Estimate,
    adjust_p_values,
    clustered_covariance,
    critical_value,
    ratio_interval,
)
from crmkit.inputs import (
    first_few,
    generator,
    need_known,
    need_numbers,
    need_rows,
    need_true_false,
    need_unique,
)
from crmkit.later import later
from crmkit.relations.chain import branch_trial_effects
from crmkit.say import labels, say

stats = later("scipy.stats")

#: What is counted in a call.
OUTCOMES = ("handling_minutes", "repeats", "wrong")

# ---- three kinds of system -------------------------------------------------------------------------------------------


class Job(NamedTuple):
    """A job that a system does, the kind of system that does it, and why."""

    job: str
    table: str
    kind: str
    why: str


KINDS = labels("operational", "collaborative", "analytical")


def _jobs() -> dict[str, Job]:
    """The jobs to be sorted, in the reader's language."""
    day = say("It carries out a step of selling, marketing or service, day by day.")
    together = say("It lets people and channels answer a customer together, and in time.")
    learn = say("It learns from what was recorded what ought to be done.")
    return {
        "a": Job(say("send a reminder on day 30 of silence"), "contacts", KINDS[0], day),
        "b": Job(say("find out whether the reminder wakes anybody"), "wake_up_test", KINDS[2], learn),
        "c": Job(say("put a caller through to the next free agent"), "desk_calls", KINDS[1], together),
        "d": Job(say("write up an order at the till"), "orders", KINDS[0], day),
        "e": Job(say("show the shop what was ordered on the web"), "channel_records", KINDS[1], together),
        "f": Job(say("rank customers by the margin they bring"), "order_lines", KINDS[2], learn),
    }  # fmt: skip


def sort_systems(guess: Mapping[str, object] | None = None) -> pd.DataFrame:
    """List jobs of a CRM system, and judge which kind of system you would give each to.

    Parameters
    ----------
    guess
        For each letter a kind: "operational", "collaborative" or "analytical". ``...`` is not sorted yet.

    Returns
    -------
    DataFrame
        One row per job: ``letter``, ``job``, ``table`` (of this course, where it is recorded); with a guess also
        ``guess``, ``right`` ("yes", "no", or empty) and ``reply``.

    Examples
    --------
    >>> found = sort_systems({"a": "operational", "b": "operational"})
    >>> found["right"].tolist()[:3]
    ['yes', 'no', '']
    """
    jobs = _jobs()
    table = pd.DataFrame(
        {"letter": list(jobs), "job": [one.job for one in jobs.values()], "table": [one.table for one in jobs.values()]}
    )  # fmt: skip
    if guess is None:
        return table
    unknown = [letter for letter in guess if letter not in jobs]
    if unknown:
        raise CrmkitError(f"guess: there is no job {first_few(unknown)}; jobs are a to f.")
    given = {letter: guess.get(letter, ...) for letter in jobs}
    given = {
        letter: kind.strip().lower() if isinstance(kind, str) else kind
        for letter, kind in given.items()
    }
    for letter, kind in given.items():
        if kind is not ... and kind not in KINDS:
            raise CrmkitError(
                f"guess {letter!r}: a kind is one of {', '.join(KINDS)}, not {kind!r}."
            )
    asks = say("Not this one. Does it carry out a step, join people and channels, or learn?")
    verdicts: list[tuple[object, str, str]] = []
    for letter, kind in given.items():
        if kind is ...:
            verdicts.append(("", "", say("Not sorted yet.")))
        elif kind == jobs[letter].kind:
            verdicts.append((kind, "yes", jobs[letter].why))
        else:
            verdicts.append((kind, "no", asks))
    return table.join(pd.DataFrame(verdicts, columns=["guess", "right", "reply"]))


# ---- rules of the desk, measured -------------------------------------------------------------------------------------


def desk_rules(
    calls: pd.DataFrame, outcomes: Sequence[str] = OUTCOMES, *, level: float = 0.95
) -> pd.DataFrame:
    """Measure what a hard case, and each further system with a record of the caller, add to a call.

    Parameters
    ----------
    calls
        Calls with separate screens: ``agent_id``, ``hard``, ``systems``, and the outcomes.
    outcomes
        Columns: minutes, questions asked again, wrong answers.
    level
        Of each interval.

    Returns
    -------
    DataFrame
        One row per outcome and term (``start``, ``hard``, ``system``): ``outcome``, ``term``, ``estimate``, ``low``,
        ``high``.

    Notes
    -----
    Least squares. An agent's calls are alike, so errors are clustered by agent, with Student's t.

    Examples
    --------
    >>> calls = pd.DataFrame({"agent_id": [1, 1, 2, 2, 3, 3, 4, 4], "hard": [False, True] * 4,
    ...     "systems": [1, 2, 2, 1, 1, 2, 2, 3], "handling_minutes": [4.0, 8, 5, 7, 4, 8, 5, 9]})
    >>> desk_rules(calls, ["handling_minutes"])["estimate"].round(2).tolist()
    [4.0, 3.0, 1.0]
    """
    need_rows(calls, ["agent_id", "hard", "systems", *outcomes], "calls")
    hard = need_true_false(calls["hard"], "hard").astype(float)
    systems = need_numbers(calls["systems"], "systems", minimum=1)
    who = need_known(calls["agent_id"], "agent_id")
    design = np.column_stack([np.ones(len(calls)), hard, systems - 1])
    if np.linalg.matrix_rank(design) < 3:
        raise CrmkitError(
            "calls: hard and simple cases are needed, and callers in different numbers of systems."
        )
    bread = np.linalg.inv(design.T @ design)
    z = critical_value(level, max(who.nunique() - 1, 1))
    rows = []
    for outcome in outcomes:
        y = need_numbers(calls[outcome], outcome)
        weights = bread @ design.T @ y
        noise = design * (y - design @ weights)[:, None]
        half = z * np.sqrt(np.diag(clustered_covariance(bread, noise, who)))
        for term, estimate, reach in zip(("start", "hard", "system"), weights, half, strict=True):
            rows.append((outcome, term, estimate, estimate - reach, estimate + reach))
    return pd.DataFrame(rows, columns=["outcome", "term", "estimate", "low", "high"])


def _rule(rules: pd.DataFrame, outcome: str) -> tuple[float, float, float]:
    mine = rules[rules["outcome"] == outcome].set_index("term")["estimate"]
    missing = [term for term in ("start", "hard", "system") if term not in mine.index]
    if missing:
        raise CrmkitError(
            f"rules: {outcome} has no {first_few(missing)}. Take them from desk_rules."
        )
    return float(mine["start"]), float(mine["hard"]), float(mine["system"])


# ---- the same calls, other databases ---------------------------------------------------------------------------------


def separate(owner: pd.Series) -> pd.Series:
    """Give each record a person of its own: nothing is joined.

    Examples
    --------
    >>> separate(pd.Series({"S1": 7, "W1": 7})).to_dict()
    {'S1': 0, 'W1': 1}
    """
    return pd.Series(np.arange(len(owner)), index=owner.index, name="person")


def mix_people(owner: pd.Series, share: float, *, seed: int | np.random.Generator = 0) -> pd.Series:
    """Spoil a perfect join: put the records of some customers, chosen by chance, together in pairs.

    Parameters
    ----------
    owner
        The true customer of each record.
    share
        Share of customers who are mixed up with another one, from 0 to 1.
    seed

    Returns
    -------
    Series
        ``person`` of each record.

    Examples
    --------
    >>> owner = pd.Series({"S1": 7, "W1": 7, "S2": 8})
    >>> mix_people(owner, 1).nunique(), mix_people(owner, 0).nunique()
    (1, 2)
    """
    if not 0 <= share <= 1:
        raise CrmkitError(f"share: from 0 to 1 of the customers, not {share!r}.")
    rng = generator(seed)
    person, people = pd.factorize(need_known(owner, "owner"))
    # The same order for every share: who is mixed up at 5 % is so at 10 % too.
    order = rng.permutation(len(people))
    pairs = round(share * len(people) / 2)
    becomes = np.arange(len(people))
    becomes[order[1 : 2 * pairs : 2]] = order[0 : 2 * pairs : 2]
    return pd.Series(becomes[person], index=owner.index, name="person")


def simulate_desk(
    calls: pd.DataFrame,
    owner: pd.Series,
    databases: Mapping[str, pd.Series],
    rules: pd.DataFrame,
    *,
    seed: int | np.random.Generator = 0,
) -> pd.DataFrame:
    """Let the same calls be answered with several databases, each call with the same luck every time.

    Chance chooses whose record each call is about. The caller's records lie in so many pieces as the database has
    people for them: each further piece costs what `rules` say. A screen that shows records of others too leads to a
    wrong answer as often as their share of it.

    Parameters
    ----------
    calls
        Answered calls: ``call_id``, ``hard``, ``handling_minutes`` (taken as those of a call whose facts lie in one
        place).
    owner
        The true customer of each record; index ``record_id``.
    databases
        By name: the person to whom a database puts each record, on the same index. `separate` joins nothing.
    rules
        From `desk_rules`.
    seed
        Of who calls, and of the luck in each call.

    Returns
    -------
    DataFrame
        One row per database and call: ``database``, ``call_id``, ``customer_id``, ``pieces``, ``handling_minutes``,
        ``repeats``, ``wrong``.

    Notes
    -----
    Common random numbers (Law 2015): a difference between two databases is never luck that one of them had.

    Examples
    --------
    >>> owner = pd.Series({"S1": 7, "W1": 7, "A1": 7})
    >>> calls = pd.DataFrame({"call_id": [1], "hard": [False], "handling_minutes": [5.0]})
    >>> rules = pd.DataFrame([(o, t, v) for o in ("handling_minutes", "repeats", "wrong")
    ...     for t, v in (("start", 0.0), ("hard", 0.0), ("system", 0.5))], columns=["outcome", "term", "estimate"])
    >>> found = simulate_desk(calls, owner, {"three": separate(owner), "one": owner}, rules)
    >>> found[["database", "pieces", "handling_minutes"]].values.tolist()
    [['three', 3, 6.0], ['one', 1, 5.0]]
    """
    need_unique(need_rows(calls, ["call_id", "hard", "handling_minutes"], "calls"), ["call_id"], "calls")  # fmt: skip
    need_rows(rules, ["outcome", "term", "estimate"], "rules")
    hard = need_true_false(calls["hard"], "hard")
    talk = need_numbers(calls["handling_minutes"], "handling_minutes", minimum=0)
    if not databases:
        raise CrmkitError(
            "databases: name one at least, such as {'separate': relations.separate(owner)}."
        )
    customer = need_known(owner, "owner").to_numpy()
    if not len(customer):
        raise CrmkitError("owner: there are no records, so nobody can call.")
    minute, again, error = (_rule(rules, outcome) for outcome in OUTCOMES)
    rng = generator(seed)
    n = len(calls)
    about = rng.integers(0, len(customer), n)
    asks, errs, reads = rng.random((3, n))
    parts = []
    for name, found in databases.items():
        missing = owner.index.difference(found.index)
        if len(missing):
            raise CrmkitError(
                f"database {name!r}: {len(missing)} records have no person, first {first_few(missing)}."
            )
        person = pd.factorize(need_known(found.reindex(owner.index), name))[0]
        pieces, others = (one[about] for one in _seen(customer, person))
        more = pieces - 1
        rate = np.maximum(again[0] + again[1] * hard + again[2] * more, 0)
        chance = np.clip(error[0] + error[1] * hard + error[2] * more, 0, 1)
        parts.append(
            pd.DataFrame(
                {
                    "database": name,
                    "call_id": calls["call_id"].to_numpy(),
                    "customer_id": customer[about],
                    "pieces": pieces,
                    "handling_minutes": talk + minute[2] * more,
                    "repeats": stats.poisson.ppf(asks, rate).astype(int),
                    "wrong": (errs < chance) | (reads < others),
                }
            )
        )
    return pd.concat(parts, ignore_index=True)


def _seen(customer: np.ndarray, person: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """For each record: in how many pieces its customer lies, and which share of its screen is about others."""
    table = pd.DataFrame({"customer": customer, "person": person})
    pieces = table.groupby("customer")["person"].transform("nunique").to_numpy()
    screen = table.groupby("person")["person"].transform("size").to_numpy()
    own = table.groupby(["customer", "person"])["person"].transform("size").to_numpy()
    return pieces, 1 - own / screen


def desk_gains(
    simulated: pd.DataFrame,
    baseline: str,
    *,
    best: str | None = None,
    outcomes: Sequence[str] = OUTCOMES,
    level: float = 0.95,
) -> pd.DataFrame:
    """Compare databases with one of them, call by call.

    Parameters
    ----------
    simulated
        From `simulate_desk`.
    baseline
        The database with which the others are compared.
    best
        A database whose gain counts as 100 %, such as the perfect join; then ``kept`` is added.
    outcomes
        What is compared.
    level
        Of each interval.

    Returns
    -------
    DataFrame
        One row per outcome and database: ``outcome``, ``database``, ``mean`` (a call), ``effect`` (less that of the
        baseline), ``low``, ``high``; with `best` also ``kept`` (share of the gain of `best`), ``kept_low``,
        ``kept_high``.

    Notes
    -----
    The intervals are about other calls of the same kind under the same rules, callers being drawn with all their calls
    (linearised ratio, Cochran 1977, 6.3). How sure the rules are, they do not say.

    Examples
    --------
    >>> simulated = pd.DataFrame({"database": ["three"] * 3 + ["one"] * 3, "call_id": [1, 2, 3] * 2,
    ...     "customer_id": [1, 2, 3] * 2, "repeats": [2, 1, 0, 0, 0, 0]})
    >>> desk_gains(simulated, "three", outcomes=["repeats"])["effect"].tolist()
    [nan, -1.0]
    """
    need_rows(simulated, ["database", "call_id", "customer_id", *outcomes], "simulated")
    need_unique(simulated, ["database", "call_id"], "simulated")
    names = list(pd.unique(simulated["database"]))
    for role, name in (("baseline", baseline), ("best", best)):
        if name is not None and name not in names:
            raise CrmkitError(
                f"{role}: there is no database {name!r}; there are {first_few(names, 8)}."
            )
    caller = simulated.drop_duplicates("call_id").set_index("call_id")["customer_id"]
    rows = []
    for outcome in outcomes:
        wide = simulated.assign(_y=need_numbers(simulated[outcome], outcome)).pivot(
            index="call_id", columns="database", values="_y"
        )
        who = caller.reindex(wide.index).to_numpy()
        sums = wide.sub(wide[baseline], axis=0).groupby(who).sum()
        size = wide.groupby(who).size().to_numpy(float)
        of_best = None if best is None else sums[best].to_numpy(float)
        for name in names:
            row = {"outcome": outcome, "database": name, "mean": wide[name].mean()}
            gap = sums[name].to_numpy(float)
            effect, kept = (Estimate(np.nan, np.nan, np.nan) for _ in range(2))
            if name != baseline:
                effect = ratio_interval(gap, size, level=level, share=False)
            row |= {"effect": effect.estimate, "low": effect.low, "high": effect.high}
            if of_best is not None:
                if name != baseline:
                    sign = -1.0 if of_best.sum() < 0 else 1.0
                    kept = ratio_interval(sign * gap, sign * of_best, level=level, share=False)
                row |= {"kept": kept.estimate, "kept_low": kept.low, "kept_high": kept.high}
            rows.append(row)
    return pd.DataFrame(rows)


# ---- the trial with agents -------------------------------------------------------------------------------------------


def agent_effects(
    calls: pd.DataFrame,
    outcomes: Sequence[str] = OUTCOMES,
    *,
    view: str = "view",
    control: str = "separate",
    level: float = 0.95,
) -> pd.DataFrame:
    """Give the effect of what chance gave agents, allowing for how each agent was before.

    Parameters
    ----------
    calls
        One row per call: ``agent_id``, ``period`` ("before" or "trial"), `view`, and the outcomes.
    outcomes
        Columns: numbers, or True and False.
    view, control
        Column of what chance gave the agent, and its value for the control group.
    level
        Of each interval by itself.

    Returns
    -------
    DataFrame
        One row per outcome and view: ``outcome``, `view`, ``agents`` (of this view), ``mean`` (in the trial, of their
        means), ``control_mean``, ``effect``, ``low``, ``high``, ``p_value``, ``p_adjusted`` (Holm, for all rows).

    Notes
    -----
    An agent's mean is one number, however many calls. Regression on arm and mean before, Student's t; p-value by
    dealing the arms out again (`branch_trial_effects`).

    Examples
    --------
    >>> calls = pd.DataFrame({"agent_id": np.repeat(range(8), 2), "period": ["before", "trial"] * 8,
    ...     "view": ["separate"] * 8 + ["joined"] * 8,
    ...     "repeats": [1, 1, 2, 2.1, 3, 3, 4, 3.9, 1, 0.1, 2, 1, 3, 1.9, 4, 3]})
    >>> agent_effects(calls, ["repeats"])["effect"].round(1).tolist()
    [-1.0]
    """
    need_rows(calls, ["agent_id", "period", view, *outcomes], "calls")
    for column in ("agent_id", "period", view):
        need_known(calls[column], column)
    given = calls.groupby("agent_id")[view].nunique()
    if (given > 1).any():
        raise CrmkitError(
            f"{view}: agent {first_few(given.index[given > 1])} has several. Chance gave each agent one."
        )
    if control not in set(calls[view]):
        raise CrmkitError(
            f"{view}: there is no {control!r}; there are {first_few(pd.unique(calls[view]), 8)}."
        )
    other = set(calls["period"]) - {"before", "trial"}
    if other:
        raise CrmkitError(f"period: before or trial, not {first_few(sorted(map(str, other)))}.")
    values = {outcome: need_numbers(calls[outcome], outcome) for outcome in outcomes}
    means = calls.assign(**values).groupby(["agent_id", view, "period"])[list(outcomes)].mean()
    wide = means.unstack("period")
    if wide.shape[1] < 2 * len(outcomes) or wide.isna().any(axis=None):
        raise CrmkitError("period: each agent needs calls before the trial and in it.")
    when = {"before": "before", "trial": "after"}
    wide.columns = [f"{outcome}_{when[period]}" for outcome, period in wide.columns]
    wide = wide.reset_index(view)
    parts = []
    for name in [one for one in pd.unique(calls[view]) if one != control]:
        both = wide[wide[view].isin([name, control])]
        size = both[view].value_counts()
        if size.min() < 3:
            raise CrmkitError(
                f"{view}: three agents are needed at least with {name!r} and with {control!r}."
            )
        found = branch_trial_effects(
            both.assign(_arm=both[view] == name), outcomes, arm="_arm", level=level
        )
        after = both.groupby(view)[[f"{outcome}_after" for outcome in outcomes]].mean()
        parts.append(
            found.drop(columns="branches").assign(
                **{view: name, "agents": size[name]},
                mean=after.loc[name].to_numpy(),
                control_mean=after.loc[control].to_numpy(),
            )
        )
    if not parts:
        raise CrmkitError(f"{view}: all agents have {control!r}, so there is nothing to compare.")
    table = pd.concat(parts, ignore_index=True)
    table["_place"] = table["outcome"].map({name: place for place, name in enumerate(outcomes)})
    table = table.sort_values("_place", kind="stable", ignore_index=True)
    table["p_adjusted"] = adjust_p_values(table["p_value"])
    first = ["outcome", view, "agents", "mean", "control_mean", "effect", "low", "high"]
    return table[[*first, "p_value", "p_adjusted"]]


# ---- the next offer --------------------------------------------------------------------------------------------------


def next_offer(
    purchases: pd.DataFrame,
    customer: object,
    *,
    buyer: str = "customer_id",
    item: str = "product_id",
) -> pd.DataFrame:
    """Rank what a caller has not bought by how often it goes with what he or she has.

    Parameters
    ----------
    purchases
        One row per purchase: `buyer`, `item`.
    customer
        The caller.
    buyer, item
        Columns of who bought, and of what.

    Returns
    -------
    DataFrame
        One row per item that the caller has not bought, best first: `item`, ``with_own`` (of those who bought an item
        of the caller's, the share who bought this one; mean over the caller's items), ``all`` (share of all buyers),
        ``lift`` (the one over the other: above 1 it goes with what the caller has).

    Examples
    --------
    >>> bought = pd.DataFrame({"customer_id": [1, 1, 2, 2, 3, 3, 4], "product_id": list("ababcda")})
    >>> next_offer(bought, 4)[["product_id", "with_own", "all"]].round(2).values.tolist()[0]
    ['b', 0.67, 0.5]
    """
    need_rows(purchases, [buyer, item], "purchases")
    for column in (buyer, item):
        need_known(purchases[column], column)
    who, buyers = pd.factorize(purchases[buyer])
    what, items = pd.factorize(purchases[item], sort=True)
    place = np.flatnonzero(np.asarray(buyers) == customer)
    if not len(place):
        raise CrmkitError(
            f"customer: {customer!r} has bought nothing here. Offer what most people buy."
        )
    has = np.zeros((len(buyers), len(items)))
    has[who, what] = 1
    own = has[place[0]] > 0
    if own.all():
        raise CrmkitError(f"customer: {customer!r} has bought every {item} already.")
    of_own = has[:, own]
    with_own = ((of_own.T @ has) / of_own.sum(axis=0)[:, None]).mean(axis=0)
    everybody = has.mean(axis=0)
    table = pd.DataFrame(
        {item: items, "with_own": with_own, "all": everybody, "lift": with_own / everybody}
    )[~own]
    return table.sort_values("with_own", ascending=False, kind="stable", ignore_index=True)


__all__ = [
    "agent_effects",
    "desk_gains",
    "desk_rules",
    "mix_people",
    "next_offer",
    "separate",
    "simulate_desk",
    "sort_systems",
]
