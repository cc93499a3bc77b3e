"""The board of a game in class, for the projector: one HTML file, nothing fetched.

Money, customers and the health of relations stand side by side, each with the interval of its replays. Teams keep the
order in which they were entered, and nobody is called first: after a few quarters a rank is chance to a good part, and
it says little about what was learnt [1]_.

References
----------
.. [1] Washbush, J. & Gosen, J. (2001). An exploration of game-derived learning in total enterprise simulations.
   Simulation & Gaming 32(3), 281-296. doi:10.1177/104687810103200301
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from importlib import resources

import pandas as pd

from crmkit.companies import Company, shipped
from crmkit.game import durable
from crmkit.game.drawings import EDGE, HIGH, WIDE, Scale, esc
from crmkit.game.results import BEFORE, JOINED, OWN, REPEATED, Result, read_result
from crmkit.game.runs import LEVEL, leads, runs, standings
from crmkit.game.teams import Game
from crmkit.game.trainer import Course
from crmkit.practice.pages import chinese_font
from crmkit.say import language, listed, mark, say

BOARD = "board.html"
_SOURCES = {
    OWN: "",
    REPEATED: mark("nothing collected: repeats its decisions"),
    BEFORE: mark("nothing collected: goes on as before the game"),
    JOINED: mark("joined later: until then as before the game"),
}
#: Decimals that tell two values of a measure apart.
_PLACES = {"health": 1}


def source_of(source: str) -> str:
    """Say where a team's decisions come from, if not from itself in this round."""
    said = _SOURCES.get(source, "")
    return say(said) if said else ""


def write_board(game: Game) -> str:
    """Write the board of a game into its folder; gives the name of the file."""
    durable.put(game.folder / BOARD, board(game))
    return BOARD


def page(title: str, body: str) -> str:
    """Wrap a body into a page that fetches nothing and may not run anything.

    Examples
    --------
    >>> "<title>A &amp; B</title>" in page("A & B", "")
    True
    """
    css = resources.files("crmkit.game").joinpath("board.css").read_text(encoding="utf-8")
    style = f"{chinese_font(title + body)}\n{css}".strip()
    safe = "default-src 'none'; style-src 'unsafe-inline'; font-src data:; img-src data:"
    return (
        f'<!doctype html>\n<html lang="{language().replace("_", "-")}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{safe}">\n<title>{esc(title)}</title>\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<style>\n{style}\n</style>\n</head>\n<body>\n<main>\n{body}\n</main>\n</body>\n</html>\n"
    )


def board(game: Game) -> str:
    """Draw the board as a page."""
    course, played = game.course(), game.played()
    about = shipped("fernwell")
    parts = [f"<h1>{esc(course.title)}</h1>"]
    if played == 0:
        said = say(
            "{teams} teams, {rounds} rounds. Nothing has been played yet.",
            teams=len(game.teams),
            rounds=course.rounds,
        )
        parts.append(f"<p>{esc(said)}</p>")
    else:
        result = read_result(game, played)
        said = say(
            "Round {number} of {rounds} has been played.", number=played, rounds=course.rounds
        )
        parts += [f'<p class="quiet">{esc(said)}</p>', *map(_event, result.events)]
        parts.append(_standing(game, result, about))
    if played < course.rounds:
        parts.append(_next_round(course, played + 1))
    return page(course.title, "\n".join(parts))


def _event(event: object) -> str:
    title, text = event["title"], event["text"]  # type: ignore[index]
    return f'<div class="event"><strong>{esc(title)}</strong><p>{esc(text)}</p></div>'


def _next_round(course: Course, number: int) -> str:
    parts = [f"<h2>{esc(say('Next: round {number}', number=number))}</h2>"]
    parts += [_event({"title": e.title, "text": e.text}) for e in course.events_of(number)]
    levers = course.open_in(number)
    if levers is None:
        said = say("All levers are open.")
    elif levers:
        said = say("Open levers: {levers}. The others keep their values.", levers=listed(levers))
    else:
        said = say("No lever is open in this round: look, and state a forecast.")
    return "\n".join([*parts, f"<p>{esc(said)}</p>"])


# ------------------------------------------------------------------------------------------------ where they stand
def _standing(game: Game, result: Result, about: Company) -> str:
    table = runs(game)
    now = standings(table, result.round).set_index(["team", "measure"])
    money = now.xs("profit", level="measure")
    scale = Scale.of(money[["so_far", "low", "high"]].to_numpy().ravel())
    heads = (
        say("Team"),
        say("Profit so far: this run, and where {level:.0%} of replays lie", level=LEVEL),
        say("Profit by round"),
        say("Customers who bought"),
        say("Health of relations"),
    )
    rows = ['<div class="team head">' + "".join(f"<div>{esc(h)}</div>" for h in heads) + "</div>"]
    for team in game.teams:
        by_round = table[
            (table["team"] == team.id) & (table["run"] == 0) & (table["measure"] == "profit")
        ]
        said = source_of(result.teams[team.id].source)
        note = f"<small>{esc(said)}</small>" if said else ""
        rows.append(
            '<div class="team">'
            f'<div class="name">{esc(team.name)}{note}</div>'
            f'<div class="figure money">{_money(money.loc[team.id], scale, about, team.name)}</div>'
            f'<div class="figure way"><span class="label">{esc(heads[2])}</span>'
            f"{_way(by_round['value'].tolist(), about, team.name)}</div>"
            + _figure(now, team.id, "customers_active", heads[3])
            + _figure(now, team.id, "health", heads[4])
            + "</div>"
        )
    title = say("How far they are after {number} rounds", number=result.round)
    if result.round == 1:
        title = say("How far they are after one round")
    parts = [f"<h2>{esc(title)}</h2>", f'<div class="teams">{"".join(rows)}</div>']
    if game.replays:
        parts.append(f"<h2>{esc(say('How much of it is luck'))}</h2>")
        parts += [f"<p>{esc(line)}</p>" for line in luck_lines(game, table, result.round)]
    return "\n".join(parts)


def luck_lines(game: Game, table: pd.DataFrame, number: int) -> list[str]:
    """Say in sentences what the replays show: how wide chance is, and who is ahead in how many runs."""
    lines = [
        say(
            "Every plan was played {count} times more on the same customers, each time with other chance. A further "
            "run lies in the interval in {level:.0%} of cases. In each run all teams meet the same chance: a bad "
            "quarter is bad for all of them.",
            count=game.replays,
            level=LEVEL,
        )
    ]
    if len(game.teams) > 1:
        names = {team.id: team.name for team in game.teams}
        ahead = leads(table, number)
        said = [
            say("{team}: {count:g}", team=names[team], count=round(count, 1))
            for team, count in ahead.items()
            if count > 0
        ]
        lines.append(
            say(
                "Most profit so far, in {runs} runs (this one and the replays): {teams}.",
                runs=game.replays + 1,
                teams=listed(said),
            )
        )
        lines.append(
            say("A place says little about what a team has learnt. Reasons and forecasts say more.")
        )
    return lines


def _figure(now: pd.DataFrame, team: str, measure: str, heading: str) -> str:
    label = f'<span class="label">{esc(heading)}</span>'
    if (team, measure) not in now.index:
        return f'<div class="figure">{label}–</div>'
    row = now.loc[(team, measure)]
    places = _PLACES.get(measure, 0)
    text = f"{row['so_far']:,.{places}f}"
    if not math.isnan(row["low"]):
        low, high = (f"{row[end]:,.{places}f}" for end in ("low", "high"))
        text += f"<small>{esc(say('{low} to {high}', low=low, high=high))}</small>"
    return f'<div class="figure">{label}{text}</div>'


def _money(row: pd.Series, scale: Scale, about: Company, team: str) -> str:
    said = about.money(row["so_far"])
    bar, between = "", ""
    if not math.isnan(row["low"]):
        left, right = scale.at(row["low"]), scale.at(row["high"])
        bar = f'<rect class="band" x="{left}" y="14" width="{max(right - left, 2):.1f}" height="16" rx="3"/>'
        between = say(
            "{level:.0%} of replays: {low} to {high}",
            level=LEVEL,
            low=about.money(row["low"]),
            high=about.money(row["high"]),
        )
    zero = scale.at(0)
    alt = say("{team}: profit so far {money}. {between}", team=team, money=said, between=between)
    drawing = (
        f'<svg viewBox="0 0 {WIDE} {HIGH}" role="img" aria-label="{esc(alt.strip())}">'
        f'<line class="axis" x1="{EDGE}" x2="{WIDE - EDGE}" y1="40" y2="40"/>'
        f'<line class="zero" x1="{zero}" x2="{zero}" y1="4" y2="40"/>'
        f'<text x="{zero + 4}" y="11">{esc(about.money(0))}</text>'
        f'{bar}<circle class="run" cx="{scale.at(row["so_far"])}" cy="22" r="7"/></svg>'
    )
    return f"<strong>{esc(said)}</strong> <small>{esc(between)}</small>{drawing}"


def _way(values: Sequence[float], about: Company, team: str) -> str:
    """Draw profit by round as a small line; zero is marked."""
    wide, high, edge = 180, 46, 6
    low, top = min(0.0, *values), max(0.0, *values)
    span = top - low or 1.0
    step = (wide - 2 * edge) / max(len(values) - 1, 1)
    points = [
        (
            round(edge + place * step, 1),
            round(high - edge - (v - low) / span * (high - 2 * edge), 1),
        )
        for place, v in enumerate(values)
    ]
    zero = round(high - edge + low / span * (high - 2 * edge), 1)
    amounts = listed(about.money(v) for v in values)
    alt = say("{team}: profit by round {amounts}", team=team, amounts=amounts)
    way = " ".join(f"{x},{y}" for x, y in points)
    x, y = points[-1]
    return (
        f'<svg viewBox="0 0 {wide} {high}" role="img" aria-label="{esc(alt)}">'
        f'<line class="zero" x1="{edge}" x2="{wide - edge}" y1="{zero}" y2="{zero}"/>'
        f'<polyline class="way" points="{way}"/><circle class="run" cx="{x}" cy="{y}" r="4"/></svg>'
        f"<small>{esc(say('last: {money}', money=about.money(values[-1])))}</small>"
    )
