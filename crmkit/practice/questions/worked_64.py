"""What the questions of lesson 64 compute, the wrong ways too."""

from __future__ import annotations

import pandas as pd

from crmkit.mining import ranks_right
from crmkit.practice.question import Tables
from crmkit.relations import (
    HealthIndex,
    chain_check,
    level_gap,
    promoter_ways,
    signal_changes,
    still_there,
    warning_list,
)

SIGNALS = ["logins", "shares", "introductions", "help_given", "complaints", "sales"]
INDEX = [*SIGNALS, "logins_change", "sales_change"]
COST, WORTH = 25.0, 350.0


def letters(data: Tables) -> pd.DataFrame:
    """Answers that came without a call."""
    return data.load("trader_survey").query("way == 'letter'")


def ways(data: Tables) -> pd.DataFrame:
    """The score of quarter 8 in three ways, as in the lesson."""
    active = data.load("trader_quarters").query("quarter == 8")
    active = active.assign(lively=pd.qcut(active["logins"].rank(method="first"), 4, labels=False))
    survey = data.load("trader_survey").query("quarter == 8")
    return promoter_ways(active, survey, group="lively")


def with_the_silent(data: Tables) -> float:
    """The score with calls to the silent."""
    return float(ways(data)["score"].iloc[-1])


def answered(data: Tables, ahead: int = 2) -> pd.DataFrame:
    """Answers with whether the trader stays."""
    stays = still_there(data.load("trader_quarters"), ahead)
    return letters(data).merge(stays, on=["trader_id", "quarter"])


def top_gap(data: Tables) -> float:
    """Points by which 9 and 10 stay more often than 7 and 8."""
    said = answered(data).query("satisfaction >= 7")
    return 100 * float(level_gap(said, said["satisfaction"] >= 9)["gap"])


def judged(data: Tables) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Traders of last year's and of this year's period, with signals, changes and what became of them."""
    quarters = data.load("trader_quarters")
    stays = still_there(quarters)[["trader_id", "quarter", "stays"]]
    table = signal_changes(quarters, SIGNALS).merge(stays, on=["trader_id", "quarter"])
    return table[table["quarter"] == 2], table[table["quarter"] == 6]


def caught(data: Tables, indicators: list[str] | None = None, size: int = 100) -> float:
    """Leavers among the traders with the lowest index this year."""
    before, now = judged(data)
    score = HealthIndex(INDEX if indicators is None else indicators).fit(before).score(now)
    found = warning_list(score, now["stays"], [size], contact_cost=COST, worth=WORTH)
    return float(found["caught"].iloc[0])


# ---- what the questions ask ------------------------------------------------------------------------------------------


def score_of(data: Tables, how: str = "") -> float:
    """Net promoter score of quarter 4; `how`: a wrong way."""
    table = letters(data)
    table = table if how == "all quarters" else table[table["quarter"] == 4]
    said = table["recommendation"]
    if how == "satisfaction":
        said = table["satisfaction"]
    up, down = (said >= 9).mean(), (said <= 6).mean()
    if how == "promoters":
        return 100 * float(up)
    if how == "mean answer":
        return float(said.mean())
    if how == "people":
        return float((said >= 9).sum() - (said <= 6).sum())
    if how == "8 too":
        up = (said >= 8).mean()
    if how == "7 too":
        down = (said <= 7).mean()
    if how == "0 to 5":
        down = (said <= 5).mean()
    if how == "of all asked":
        asked = (data.load("trader_quarters")["quarter"] == 4).sum()
        return 100 * float((said >= 9).sum() - (said <= 6).sum()) / asked
    return 100 * float(up - down)


def effort_gap(data: Tables, how: str = "") -> float:
    """Points by which those with little effort stay more often than those with much; `how`: a wrong way."""
    said = answered(data, 1 if how == "one quarter" else 2)
    column = {"satisfaction": "satisfaction", "recommendation": "recommendation"}.get(how, "effort")
    if how in ("satisfaction", "recommendation"):
        said = said.assign(effort=9 - said[column])
    little, much = said["effort"] <= 2, said["effort"] >= 5
    if how == "all others":
        much = ~little
    if how == "1 only":
        little = said["effort"] <= 1
    if how == "6 and 7":
        much = said["effort"] >= 6
    if how == "little only":
        return 100 * float(said.loc[little, "stays"].mean())
    if how == "little against all":
        return 100 * float(said.loc[little, "stays"].mean() - said["stays"].mean())
    if how == "last quarter only":
        last = said["quarter"] == 6
        little, much = little & last, much & last
    return 100 * float(said.loc[little, "stays"].mean() - said.loc[much, "stays"].mean())


def helpers_gap(data: Tables, how: str = "") -> float:
    """Points by which Beanline's customers who write reviews buy again more often; `how`: a wrong way."""
    other = data if how == "own firm" else data.other("beanline")
    year = data.company.year
    orders, signs = other.load("orders"), other.load("engagement")
    bought = orders.groupby(orders["order_date"].dt.year)["customer_id"].unique()
    signs = signs[signs["year"] == (year if how == "this year's signals" else year - 1)]
    if how != "all customers":
        signs = signs[signs["customer_id"].isin(bought[year - 1])]
    stays = signs["customer_id"].isin(bought[year])
    many = signs["logins"] > signs["logins"].median()
    if how == "more than none":
        many = signs["logins"] > 0
    if how == "at the median too":
        many = signs["logins"] >= signs["logins"].median()
    if how == "above the mean":
        many = signs["logins"] > signs["logins"].mean()
    if how == "lively only":
        return 100 * float(stays[many].mean())
    if how == "against all":
        return 100 * float(stays[many].mean() - stays.mean())
    return 100 * float(stays[many].mean() - stays[~many].mean())


def ranking(data: Tables, how: str = "") -> float:
    """Per cent of pairs that an index of log-ins and help ranks right this year; `how`: a wrong way."""
    before, now = judged(data)
    names = ["sales", "sales_change"] if how == "sales" else ["logins", "help_given"]
    if how == "one indicator":
        names = ["logins"]
    if how == "the lesson's index":
        names = INDEX
    if how == "sales too":
        names = ["logins", "help_given", "sales"]
    learn = now if how == "learnt on this year" else before
    judge = before if how == "judged on last year" else now
    score = HealthIndex(names).fit(learn).score(judge)
    return 100 * float(ranks_right(score, judge["stays"])["estimate"])


def break_even(data: Tables, how: str = "") -> float:
    """Per cent of the caught who must be kept for 150 warnings to pay; `how`: a wrong way."""
    before, now = judged(data)
    names = ["sales", "sales_change"] if how == "sales" else ["logins", "sales_change"]
    worth = 4 * float(now["profit"].mean())
    if how == "one quarter":
        worth /= 4
    if how == "sales as worth":
        worth = 4 * float(now["sales"].mean())
    score = HealthIndex(names).fit(before).score(now)
    cost = COST if how == "the lesson's cost" else 30
    worth = WORTH if how == "the lesson's worth" else worth
    size = 100 if how == "100 warnings" else 150
    found = warning_list(score, now["stays"], [size], contact_cost=cost, worth=worth).iloc[0]
    if how == "caught only":
        return 100 * 30 / worth
    if how == "false only":
        return 100 * 30 * found["false_alarms"] / (worth * found["caught"])
    if how == "all leavers":
        return 100 * found["cost"] / (worth * float((~now["stays"]).sum()))
    if how == "right":
        return 100 * float(found["right"])
    return 100 * float(found["break_even"])


def confirmed(data: Tables, how: str = "", outcome: str = "customer_satisfaction") -> float:
    """Per cent of the plain promise for customer satisfaction that the trial brought; `how`: a wrong way."""
    trial = data.load("branch_trial")
    table = chain_check(
        data.load("branch_quarters"),
        trial,
        "staff_satisfaction",
        ["customer_satisfaction", "profit"],
    )
    wide = table.pivot(index="outcome", columns="way", values="effect")
    if how == "profit":
        outcome = "profit"
    mine = wide.loc[outcome]
    if how == "the effect itself":
        return 100 * float(mine["by chance"])
    if how == "rounded":
        return 100 * round(float(mine["by chance"]), 2) / round(float(mine["as it looks"]), 2)
    if how == "turned round":
        return 100 * float(mine["as it looks"] / mine["by chance"])
    if how == "within":
        return 100 * float(mine["by chance"] / mine["each branch with itself"])
    if how == "within of plain":
        return 100 * float(mine["each branch with itself"] / mine["as it looks"])
    if how == "after only":
        after = trial.groupby("trained")["customer_satisfaction_after"].mean()
        return 100 * float((after[True] - after[False]) / mine["as it looks"])
    if how == "trained only":
        got = trial[trial["trained"]]
        rise = (got["customer_satisfaction_after"] - got["customer_satisfaction_before"]).mean()
        return 100 * float(rise / mine["as it looks"])
    return 100 * float(mine["by chance"] / mine["as it looks"])
