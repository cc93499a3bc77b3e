"""What the teams read after the game: a page for each, and one that lies beside them all.

A page tells what the money came from, what was decided beside the others, how good the forecasts were, and how much was
luck. What would have happened under another plan is the debrief's, in `crmkit.game.debrief` and lesson 91.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import pandas as pd

from crmkit.companies import Company, shipped
from crmkit.errors import CrmkitError
from crmkit.game import durable
from crmkit.game.board import esc, luck_lines, page, source_of
from crmkit.game.decided import AS_BEFORE, Decisions
from crmkit.game.delivery import plan_of
from crmkit.game.fields import FIELDS
from crmkit.game.forecasts import forecast_record, grade_forecast
from crmkit.game.rounds import read_result
from crmkit.game.runs import LEVEL, runs, standings
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


def write_pages(game: Game) -> list[Path]:
    """Write every team's page and the overview into ``debrief/``; gives the overview first.

    Raises
    ------
    CrmkitError
        Nothing has been played yet.
    """
    if game.played() == 0:
        raise CrmkitError("Nothing has been played yet. First: crmkit game advance.")
    table = runs(game)
    home = game.folder / FOLDER
    written = [home / OVERVIEW]
    durable.put(written[0], overview(game, table))
    for team in game.teams:
        path = home / f"{team.id}.html"
        durable.put(path, team_page(game, team, table))
        written.append(path)
    return written


def overview(game: Game, table: pd.DataFrame) -> str:
    """Write the trainer's page: results with their intervals, forecasts, and a link to each team."""
    about, played = shipped("fernwell"), game.played()
    now = standings(table, played).set_index(["team", "measure"])
    rows = []
    for team in game.teams:
        link = f'<a href="{esc(team.id)}.html">{esc(team.name)}</a>'
        money = now.loc[(team.id, "profit")]
        record = forecast_record(forecasts(game, team)) if len(forecasts(game, team)) else None
        total = None if record is None else record[record["measure"] == "all"].iloc[0]
        rows.append(
            (
                link,
                esc(about.money(money["so_far"])),
                esc(_between(money["low"], money["high"], about)),
                esc(_plain(now, team.id, "customers_active")),
                esc(_plain(now, team.id, "health", 1)),
                "–" if total is None else esc(_inside(total)),
            )
        )
    head = (
        say("team"),
        say("profit"),
        say("{level:.0%} of replays", level=LEVEL),
        say("customers who bought, last round"),
        say("health of relations"),
        say("forecasts that held what came"),
    )
    title = say("After the game: {title}", title=game.course().title)
    parts = [
        f"<h1>{esc(title)}</h1>",
        _table(head, rows, numeric=(1, 2, 3, 4)),
        *(
            f"<p>{esc(line)}</p>"
            for line in (luck_lines(game, table, played) if game.replays else ())
        ),
    ]
    return page(title, "\n".join(parts))


def team_page(game: Game, team: Team, table: pd.DataFrame) -> str:
    """Write one team's page."""
    about = shipped("fernwell")
    title = say("After the game: {team}", team=team.name)
    parts = [
        f"<h1>{esc(title)}</h1>",
        f"<h2>{esc(say('What the money came from'))}</h2>",
        _money_table(game, team, about),
        f"<h2>{esc(say('What was luck'))}</h2>",
        _luck(game, team, table, about),
        f"<h2>{esc(say('How good the forecasts were'))}</h2>",
        _forecast_part(game, team),
        f"<h2>{esc(say('What was decided, beside the other teams'))}</h2>",
        _decided(game, team),
    ]
    return page(title, "\n".join(parts))


# ------------------------------------------------------------------------------------------------- money
def accounts(game: Game, team: Team) -> pd.DataFrame:
    """Give a team's accounts of all rounds: an item a row, a round a column, in pounds; costs are negative."""
    pieces = []
    for number in range(1, game.played() + 1):
        tables = read_tables(game.round_folder(number) / TEAMS / team.id / "reports")
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
    return _table(head, rows, numeric=range(1, len(head)))


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
    said = say(
        "Your plan was played {count} times more on the same customers, each time with other chance. If more of the "
        "replays brought less than your run, you were lucky; about half is usual.",
        count=game.replays,
    )
    head = (
        say("round"),
        say("profit so far"),
        say("{level:.0%} of replays", level=LEVEL),
        say("replays that brought less"),
    )
    return f"<p>{esc(said)}</p>{_table(head, rows, numeric=(1, 2, 3))}"


# --------------------------------------------------------------------------------------------- forecasts
def forecasts(game: Game, team: Team) -> pd.DataFrame:
    """Grade a team's forecasts of all rounds, as `crmkit.game.forecasts.grade_forecast` does, with `round` in front."""
    pieces = []
    for number in range(1, game.played() + 1):
        plan = plan_of(game, team, number)
        if plan.forecast:
            reports = read_tables(game.round_folder(number) / TEAMS / team.id / "reports")
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
    return said + _table(head, rows, numeric=(2, 3, 4, 6))


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
        parts.append(f"<h3>{esc(heading)}{esc(': ' + listed(notes)) if notes else ''}</h3>")
        for one in order:
            if said := source_of(result.teams[one.id].source):
                parts.append(f"<p>{esc(one.name)}: {esc(said)}</p>")
        if table.empty:
            parts.append(f"<p>{esc(say('All was as before the game.'))}</p>")
            continue
        rows = []
        for lever, row in table.iterrows():
            usual = _value(AS_BEFORE, str(lever))
            cells = [_marked(str(row[one.id]), usual) for one in order]
            rows.append((f"<code>{esc(lever)}</code>", esc(usual), *cells))
        head = (say("lever"), say("before"), *(one.name for one in order))
        parts.append(_table(head, rows))
    return "\n".join(parts)


def _marked(value: str, usual: str) -> str:
    """Show what differs from before the game in bold."""
    return esc(value) if value == usual else f"<strong>{esc(value)}</strong>"


# ------------------------------------------------------------------------------------------------ helpers
def _between(low: float, high: float, about: Company) -> str:
    if pd.isna(low):
        return "–"
    return say("{low} to {high}", low=about.money(low), high=about.money(high))


def _plain(now: pd.DataFrame, team: str, measure: str, places: int = 0) -> str:
    if (team, measure) not in now.index:
        return "–"
    return f"{now.loc[(team, measure), 'so_far']:,.{places}f}"


def _table(head: Sequence[str], rows: Iterable[Sequence[str]], numeric: Iterable[int] = ()) -> str:
    """Write a table; its heading is escaped here, its cells are HTML already."""
    right = set(numeric)

    def cells(tag: str, row: Sequence[str]) -> str:
        return "".join(
            f"<{tag}{' class=n' if place in right else ''}>{cell}</{tag}>"
            for place, cell in enumerate(row)
        )

    body = "\n".join(f"<tr>{cells('td', row)}</tr>" for row in rows)
    top = cells("th", [esc(cell) for cell in head])
    return f"<table>\n<thead><tr>{top}</tr></thead>\n<tbody>\n{body}\n</tbody>\n</table>"
