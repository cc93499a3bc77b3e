"""What the teams read after the game: a page for each, and one that lies beside them all.

A page tells what each part of the plan brought, how much was luck, what became of the customers, which decisions cost
money, how good the forecasts were, and what was decided beside the others. All that asks for another run of the game is
computed before, in `crmkit.game.looking_back`; without it a page has the rest.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from crmkit.companies import Company
from crmkit.errors import CrmkitError
from crmkit.game import durable
from crmkit.game.board import luck_lines, page, source_of
from crmkit.game.debrief_sections import (
    causes_part,
    causes_table,
    customers_part,
    customers_table,
    luck_said,
    luck_strip,
    pairs_part,
    paragraph,
    same_luck,
    slips_part,
    slips_table,
)
from crmkit.game.decided import AS_BEFORE, Decisions
from crmkit.game.delivery import plan_of
from crmkit.game.drawings import esc
from crmkit.game.drawings import table as table_of
from crmkit.game.fields import FIELDS
from crmkit.game.forecasts import forecast_record, grade_forecast
from crmkit.game.looking_back import LookedBack
from crmkit.game.money import about_money
from crmkit.game.results import read_result
from crmkit.game.runs import LEVEL, pairs, runs, standings
from crmkit.game.tables import read_tables
from crmkit.game.teams import TEAMS, Game, Team
from crmkit.game.trainer import moved
from crmkit.say import label, listed, mark, say

FOLDER, OVERVIEW = "debrief", "index.html"
_FORECASTS = {
    "turnover": mark("turnover"),
    "orders": mark("orders"),
    "customers_active": mark("customers who bought"),
}


def write_pages(game: Game, backs: Mapping[str, LookedBack] | None = None) -> list[Path]:
    """Write every team's page and the overview into ``debrief/``; gives the overview first.

    Parameters
    ----------
    game
    backs
        From `crmkit.game.looking_back.look_back`; without it, what asks for another run of the game is left out.

    Raises
    ------
    CrmkitError
        Nothing has been played yet.
    """
    if game.played() == 0:
        raise CrmkitError("Nothing has been played yet. First: crmkit game advance.")
    table = runs(game)
    home = game.folder / FOLDER
    durable.clear_unfinished(home)
    written = [home / OVERVIEW]
    durable.put(written[0], overview(game, table, backs))
    for team in game.teams:
        path = home / f"{team.id}.html"
        durable.put(path, team_page(game, team, table, (backs or {}).get(team.id)))
        written.append(path)
    return written


def overview(game: Game, table: pd.DataFrame, backs: Mapping[str, LookedBack] | None = None) -> str:
    """Write the trainer's page, for the wall: all teams side by side, and a link to each one's page."""
    about, played = about_money(game.symbol), game.played()
    now = standings(table, played).set_index(["team", "measure"])
    rows = []
    for team in game.teams:
        link = f'<a href="{esc(team.id)}.html">{esc(team.name)}</a>'
        money = now.loc[(team.id, "profit")]
        stated = forecasts(game, team)
        record = forecast_record(stated) if len(stated) else None
        total = None if record is None else record[record["measure"] == "all"].iloc[0]
        rows.append(
            (
                link,
                esc(about.money(money["so_far"])),
                esc(_between(money["low"], money["high"], about)),
                esc(_ahead(now, team.id, about)),
                esc(_plain(now, team.id, "customers_active")),
                esc(_plain(now, team.id, "health", 1)),
                "–" if total is None else esc(_held(total)),
            )
        )
    head = (
        say("team"),
        say("profit"),
        say("{level:.0%} of replays", level=LEVEL),
        say("what customers will still bring in two years"),
        say("customers who bought, last round"),
        say("health of relations"),
        say("forecasts that held what came"),
    )
    title = say("After the game: {title}", title=game.course().title)
    parts = [f"<h1>{esc(title)}</h1>", table_of(head, rows, numeric=(1, 2, 3, 4, 5, 6))]
    if backs:
        parts += [
            _heading(say("What the profit came from")),
            paragraph(same_luck(game)),
            causes_table(game, backs, about),
        ]
    if game.replays:
        parts.append(_heading(say("How much of it is luck")))
        parts += [paragraph(line) for line in luck_lines(game, table, played)]
        if len(game.teams) > 1:
            names = {team.id: team.name for team in game.teams}
            parts.append(pairs_part(pairs(table, played), names, about))
    if backs:
        parts += [
            _heading(say("What became of the customers")),
            customers_table(game, backs),
            _heading(say("What to speak of")),
            slips_table(game, backs, about),
        ]
    return page(title, "\n".join(parts))


def _heading(text: str) -> str:
    return f"<h2>{esc(text)}</h2>"


def team_page(game: Game, team: Team, table: pd.DataFrame, back: LookedBack | None = None) -> str:
    """Write one team's page."""
    about = about_money(game.symbol)
    title = say("After the game: {team}", team=team.name)
    parts = [f"<h1>{esc(title)}</h1>"]
    if back is not None:
        parts += [
            _heading(say("What the profit came from")),
            causes_part(game, team, back, about),
        ]
    parts += [_heading(say("What was luck")), _luck(game, team, table, about)]
    if back is not None:
        parts += [
            _heading(say("What became of the customers")),
            customers_part(back, about),
            _heading(say("Which decisions cost money")),
            slips_part(back, about),
        ]
    parts += [
        _heading(say("How good the forecasts were")),
        _forecast_part(game, team),
        _heading(say("The accounts, round by round")),
        _money_table(game, team, about),
        _heading(say("What was decided, beside the other teams")),
        _decided(game, team),
    ]
    return page(title, "\n".join(parts))


# ------------------------------------------------------------------------------------------------- money
def accounts(game: Game, team: Team) -> pd.DataFrame:
    """Give a team's accounts of all rounds: an item a row, a round a column, in pounds; costs are negative."""
    pieces = []
    for number in range(1, game.played() + 1):
        home = game.round_folder(number) / TEAMS / team.id / "reports"
        tables = read_tables(home, ["accounts"])
        one = tables["accounts"].groupby("item", sort=False)["amount"].sum()
        pieces.append(one.rename(number))
    return pd.concat(pieces, axis=1).fillna(0.0)


def _money_table(game: Game, team: Team, about: Company) -> str:
    table = accounts(game, team)
    table = table[table.abs().sum(axis=1) > 0]
    rows = [
        (esc(label(item)), *(esc(about.money(v)) for v in row), esc(about.money(row.sum())))
        for item, row in table.iterrows()
    ]
    sums = table.sum()
    total = [f"<strong>{esc(about.money(v))}</strong>" for v in (*sums, sums.sum())]
    rows.append((f"<strong>{esc(say('profit'))}</strong>", *total))
    rounds = [say("round {number}", number=number) for number in table.columns]
    head = (say("item"), *rounds, say("together"))
    return table_of(head, rows, numeric=range(1, len(head)))


# -------------------------------------------------------------------------------------------------- luck
def _luck(game: Game, team: Team, table: pd.DataFrame, about: Company) -> str:
    if not game.replays:
        return f"<p>{esc(say('This game was played without replays.'))}</p>"
    rows = []
    for number in range(1, game.played() + 1):
        money = standings(table, number).set_index(["team", "measure"]).loc[(team.id, "profit")]
        below = round(money["luck"] * game.replays)
        rows.append(
            (
                str(number),
                esc(about.money(money["so_far"])),
                esc(_between(money["low"], money["high"], about)),
                esc(say("{below} of {count}", below=below, count=game.replays)),
            )
        )
    head = (
        say("round"),
        say("profit so far"),
        say("{level:.0%} of replays", level=LEVEL),
        say("replays that brought less"),
    )
    parts = [
        paragraph(luck_said(game.replays)),
        luck_strip(table, game.played(), team, about),
        table_of(head, rows, numeric=(1, 2, 3)),
    ]
    if len(game.teams) > 1:
        names = {one.id: one.name for one in game.teams}
        parts += [
            f"<h3>{esc(say('Beside the other teams'))}</h3>",
            pairs_part(pairs(table, game.played(), of=team.id), names, about),
        ]
    return "\n".join(parts)


# --------------------------------------------------------------------------------------------- forecasts
def forecasts(game: Game, team: Team) -> pd.DataFrame:
    """Grade a team's forecasts of all rounds, as `crmkit.game.forecasts.grade_forecast` does, with `round` in front."""
    pieces = []
    for number in range(1, game.played() + 1):
        plan = plan_of(game, team, number)
        if plan.forecast:
            home = game.round_folder(number) / TEAMS / team.id / "reports"
            reports = read_tables(home, ["orders"])
            one = grade_forecast(plan.forecast, reports)
            one.insert(0, "round", number)
            pieces.append(one)
    return pd.concat(pieces, ignore_index=True) if pieces else pd.DataFrame()


def _forecast_part(game: Game, team: Team) -> str:
    graded = forecasts(game, team)
    if graded.empty:
        return f"<p>{esc(say('No forecast was stated.'))}</p>"
    rows = [
        (
            str(row.round),
            esc(say(_FORECASTS[row.measure])),
            esc(say("{low:,.0f} to {high:,.0f}", low=row.low, high=row.high)),
            f"{row.best:,.0f}",
            f"{row.actual:,.0f}",
            esc(say("yes") if row.inside else say("no")),
            f"{row.score:,.0f}",
        )
        for row in graded.itertuples()
    ]
    record = forecast_record(graded)
    total = record[record["measure"] == "all"].iloc[0]
    sentence = say(
        "Your intervals are good if eight of ten hold what came: fewer mean too sure, all of many mean too "
        "careful. The score is the width, and for a miss ten times the distance on top: smaller is better.",
    )
    head = (
        *(say("round"), say("of what"), say("interval"), say("best guess"), say("came")),
        *(say("inside"), say("score")),
    )
    said = f"<p>{esc(_inside(total))}</p><p>{esc(sentence)}</p>"
    return said + table_of(head, rows, numeric=(2, 3, 4, 6))


def _held(total: pd.Series) -> str:
    return say(
        "{inside} of {count} ({low:.0%} to {high:.0%})",
        inside=int(total["inside"]),
        count=int(total["forecasts"]),
        low=total["low"],
        high=total["high"],
    )


def _inside(total: pd.Series) -> str:
    return say(
        "{inside} of {count} held what came ({low:.0%} to {high:.0%} would, by these, in the long run).",
        inside=int(total["inside"]),
        count=int(total["forecasts"]),
        low=total["low"],
        high=total["high"],
    )


# --------------------------------------------------------------------------------------------- decisions
def decided(game: Game, number: int) -> pd.DataFrame:
    """Lay the teams' decisions of a round side by side: a lever a row, a team a column, only what anybody moved."""
    plans = {team.id: plan_of(game, team, number) for team in game.teams}
    touched: set[str] = set()
    for plan in plans.values():
        touched |= set(moved(AS_BEFORE, plan))
    levers = [one.lever for one in FIELDS if one.lever in touched]
    levers += ["experiment"] * ("experiment" in touched)
    columns = {
        team: pd.Series([_value(plan, lever) for lever in levers], index=levers, dtype="str")
        for team, plan in plans.items()
    }
    return pd.DataFrame(columns, index=pd.Index(levers, name="lever"))


def _value(plan: Decisions, lever: str) -> str:
    if lever == "experiment":
        return listed(one.name for one in plan.experiments) if plan.experiments else "–"
    value = plan.value(lever)
    if isinstance(value, bool):
        return say("yes") if value else say("no")
    return label(value) if isinstance(value, str) else f"{value:g}"


def _decided(game: Game, team: Team) -> str:
    others = [other for other in game.teams if other.id != team.id]
    order = [team, *others]
    parts = []
    for number in range(1, game.played() + 1):
        table = decided(game, number)
        result = read_result(game, number)
        heading = say("Round {number}", number=number)
        notes = [f"{e['title']}" for e in result.events]
        told = esc(heading) + (esc(": " + listed(notes)) if notes else "")
        inside = [
            f"<p>{esc(one.name)}: {esc(said)}</p>"
            for one in order
            if (said := source_of(result.teams[one.id].source))
        ]
        if table.empty:
            inside.append(f"<p>{esc(say('All was as before the game.'))}</p>")
        else:
            rows = []
            for lever, row in table.iterrows():
                usual = _value(AS_BEFORE, str(lever))
                cells = [_marked(str(row[one.id]), usual) for one in order]
                rows.append((f"<code>{esc(lever)}</code>", esc(usual), *cells))
            head = (say("lever"), say("before"), *(one.name for one in order))
            inside.append(table_of(head, rows))
        # Twelve rounds are long: each is folded up but the last.
        shown = " open" if number == game.played() else ""
        parts.append(
            f"<details{shown}><summary>{told}</summary>\n" + "\n".join(inside) + "\n</details>"
        )
    return "\n".join(parts)


def _marked(value: str, usual: str) -> str:
    """Show what differs from before the game in bold."""
    return esc(value) if value == usual else f"<strong>{esc(value)}</strong>"


# ------------------------------------------------------------------------------------------------ helpers
def _between(low: float, high: float, about: Company) -> str:
    if pd.isna(low):
        return "–"
    return say("{low} to {high}", low=about.money(low), high=about.money(high))


def _ahead(now: pd.DataFrame, team: str, about: Company) -> str:
    found = (team, "equity") in now.index
    return about.money(now.loc[(team, "equity"), "so_far"]) if found else "–"


def _plain(now: pd.DataFrame, team: str, measure: str, places: int = 0) -> str:
    if (team, measure) not in now.index:
        return "–"
    return f"{now.loc[(team, measure), 'so_far']:,.{places}f}"
