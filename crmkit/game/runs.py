"""Where the teams of a game in class stand, and how much of it is luck: tables that the board and the pages show."""

from __future__ import annotations

from itertools import combinations

import pandas as pd

from crmkit.game.results import read_result
from crmkit.game.teams import Game
from crmkit.inference import mean_interval

#: What is added up over rounds; everything else is as it is at the end of a round.
SUMS = ("profit", "turnover", "orders")
#: An interval between replays holds a further run with this chance; see `crmkit.game.rounds`.
LEVEL = 0.8


def runs(game: Game) -> pd.DataFrame:
    """Give every figure of every round in the run that counts (run 0) and in all replays.

    Returns
    -------
    DataFrame
        One row per `team`, `round`, `run` and `measure`: its `value` in that round, and `so_far`, which is the sum of
        all rounds up to it for what is added up, and the same value for anything else.
    """
    rows = []
    for number in range(1, game.played() + 1):
        outcomes = read_result(game, number).teams
        for team in (one.id for one in game.teams):
            outcome = outcomes[team]
            for run, figures in enumerate((outcome.measures, *outcome.replays)):
                rows += [(team, number, run, name, value) for name, value in figures.items()]
    table = pd.DataFrame(rows, columns=["team", "round", "run", "measure", "value"])
    sums = table.groupby(["team", "run", "measure"])["value"].cumsum()
    table["so_far"] = table["value"].where(~table["measure"].isin(SUMS), sums)
    return table


def standings(table: pd.DataFrame, number: int) -> pd.DataFrame:
    """Give each team's figures up to a round, each with the interval of its replays.

    Parameters
    ----------
    table
        As `runs` gives it.
    number
        The round.

    Returns
    -------
    DataFrame
        One row per `team` and `measure`: `so_far`, `low` and `high` (80 %; missing where there are no replays), and
        `luck`, the share of replays that brought less.

    Examples
    --------
    >>> rows = [("red", 1, run, "profit", value, value) for run, value in enumerate((5.0, *range(9)))]
    >>> table = pd.DataFrame(rows, columns=["team", "round", "run", "measure", "value", "so_far"])
    >>> standings(table, 1).loc[0, ["so_far", "low", "high"]].tolist()
    [5.0, 0.0, 8.0]
    """
    rows = []
    of_round = table[table["round"] == number]
    for (team, measure), part in of_round.groupby(["team", "measure"], sort=False):
        own = float(part.loc[part["run"] == 0, "so_far"].iloc[0])
        others = part.loc[part["run"] > 0, "so_far"].sort_values(kind="stable").to_numpy()
        low = high = luck = float("nan")
        if len(others):
            cut = (len(others) + 1) // 10
            low, high = float(others[cut - 1]), float(others[-cut])
            luck = float((others < own).mean())
        rows.append((team, measure, own, low, high, luck))
    return pd.DataFrame(rows, columns=["team", "measure", "so_far", "low", "high", "luck"])


def leads(table: pd.DataFrame, number: int, measure: str = "profit") -> pd.Series:
    """Count for each team in how many runs it is ahead: the run that counts and all replays, equal in weight.

    Runs of one number have the same chance for all teams, so that they can be compared one by one. Teams that are
    level share a run.

    Examples
    --------
    >>> rows = [("red", 1, 0, 3.0), ("blue", 1, 0, 2.0), ("red", 1, 1, 1.0), ("blue", 1, 1, 2.0)]
    >>> table = pd.DataFrame(rows, columns=["team", "round", "run", "so_far"]).assign(measure="profit")
    >>> leads(table, 1).to_dict()
    {'red': 1.0, 'blue': 1.0}
    """
    part = table[(table["round"] == number) & (table["measure"] == measure)]
    wide = part.pivot(index="run", columns="team", values="so_far")
    wide = wide[list(dict.fromkeys(part["team"]))]
    first = wide.eq(wide.max(axis=1), axis=0)
    return first.div(first.sum(axis=1), axis=0).sum()


def pairs(
    table: pd.DataFrame, number: int, measure: str = "profit", *, of: str | None = None
) -> pd.DataFrame:
    """Lay each two teams beside each other, run by run: what one brought more than the other on the same chance.

    The run that counts and its replays are alike but for chance, so that all are taken. Student's t of the differences:
    chance that hits both teams drops out of them.

    Parameters
    ----------
    table
        As `runs` gives it.
    number
        The round.
    measure
    of
        Only this team beside each other one; default: all pairs.

    Returns
    -------
    DataFrame
        One row for each two teams, in the order of the list: `team`, `other`, `came` (what the team had more in the run
        that counts), `more` (on average over all runs), `low` and `high` (95 % of that average; missing where there are
        no replays or all runs say the same), `ahead` (in how many runs the team had more) and `runs`.

    Examples
    --------
    >>> rows = [("red", 1, run, 3.0 + run) for run in range(3)] + [("blue", 1, run, 2.0) for run in range(3)]
    >>> table = pd.DataFrame(rows, columns=["team", "round", "run", "so_far"]).assign(measure="profit")
    >>> pairs(table, 1)[["team", "other", "came", "more", "ahead", "runs"]].values.tolist()
    [['red', 'blue', 1.0, 2.0, 3, 3]]
    """
    part = table[(table["round"] == number) & (table["measure"] == measure)]
    wide = part.pivot(index="run", columns="team", values="so_far")
    rows = []
    teams = list(dict.fromkeys(part["team"]))
    beside = combinations(teams, 2) if of is None else ((of, one) for one in teams if one != of)
    for team, other in beside:
        more = (wide[team] - wide[other]).to_numpy(dtype=float)
        mean, low, high = mean_interval(more)
        rows.append((team, other, more[0], mean, low, high, int((more > 0).sum()), len(more)))
    names = ["team", "other", "came", "more", "low", "high", "ahead", "runs"]
    return pd.DataFrame(rows, columns=names)
