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

from crmkit.companies import Company
from crmkit.game import durable
from crmkit.game.drawings import EDGE, HIGH, WIDE, Scale, esc, fair_scale
from crmkit.game.money import about_money
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
    about = about_money(game.symbol)
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
    ids, names = [team.id for team in game.teams], {team.id: team.name for team in game.teams}
    scale, far = fair_scale(
        {one: money.loc[one, ["so_far", "low", "high"]].astype(float).tolist() for one in ids}
    )
    own = table[(table["run"] == 0) & (table["measure"] == "profit")]
    by_round = {one: own.loc[own["team"] == one, "value"].tolist() for one in ids}
    heights, far_by_round = fair_scale(by_round)
    heads = (
        say("Team"),
        say("Profit so far: this run, and where {level:.0%} of replays lie", level=LEVEL),
        say("Profit by round"),
        say("Customers who bought"),
        say("Health of relations"),
    )
    rows = ['<div class="team head">' + "".join(f"<div>{esc(h)}</div>" for h in heads) + "</div>"]
    for team in game.teams:
        said = source_of(result.teams[team.id].source)
        note = f"<small>{esc(said)}</small>" if said else ""
        rows.append(
            '<div class="team">'
            f'<div class="name">{esc(team.name)}{note}</div>'
            f'<div class="figure money">{_money(money.loc[team.id], scale, about, team.name)}</div>'
            f'<div class="figure way"><span class="label">{esc(heads[2])}</span>'
            f"{_way(by_round[team.id], heights, about, team.name)}</div>"
            + _figure(now, team.id, "customers_active", heads[3])
            + _figure(now, team.id, "health", heads[4])
            + "</div>"
        )
    title = say("How far they are after {number} rounds", number=result.round)
    if result.round == 1:
        title = say("How far they are after one round")
    parts = [
        f"<h2>{esc(title)}</h2>",
        _legend(game, about),
        f'<div class="teams">{"".join(rows)}</div>',
    ]
    beyond = [names[one] for one in ids if one in far or one in far_by_round]
    if beyond:
        said = say(
            "The axes are drawn for the other teams. At an arrow a team lies beyond their end: {teams}. The amounts in "
            "figures hold for all.",
            teams=listed(beyond),
        )
        parts.append(f'<p class="quiet">{esc(said)}</p>')
    if game.replays:
        parts.append(f"<h2>{esc(say('How much of it is luck'))}</h2>")
        parts += [f"<p>{esc(line)}</p>" for line in luck_lines(game, table, result.round)]
    return "\n".join(parts)


def _legend(game: Game, about: Company) -> str:
    """Say what the marks mean."""
    point = '<svg viewBox="0 0 16 16"><circle class="run" cx="8" cy="8" r="6"/></svg>'
    bar = '<svg viewBox="0 0 28 16"><rect class="band" width="28" height="16" rx="3"/></svg>'
    line = '<svg viewBox="0 0 16 16"><line class="zero" x1="8" x2="8" y1="0" y2="16"/></svg>'
    marks = [(point, say("the run that counts")), (line, about.money(0))]
    if game.replays:
        said = say("where {level:.0%} of replays lie", level=LEVEL)
        marks.insert(1, (bar, said))
    inside = "".join(f'<span aria-hidden="true">{mark}</span> {esc(said)} ' for mark, said in marks)
    return f'<p class="legend quiet">{inside}</p>'


def luck_lines(game: Game, table: pd.DataFrame, number: int) -> list[str]:
    """Say in sentences what the replays show: how wide chance is, and who is ahead in how many runs."""
    now = standings(table, number)
    money = now[now["measure"] == "profit"]
    lines = [
        say(
            "Every plan was played {count} times more on the same customers, each time with other chance. A further "
            "run lies in the interval in {level:.0%} of cases. In each run all teams meet the same chance: a bad "
            "quarter is bad for all of them.",
            count=game.replays,
            level=LEVEL,
        )
    ]
    if len(money) > 1 and (money["so_far"] < money["low"]).all():
        lines.append(
            say(
                "This time chance was bad for all: every team earned less than nearly all of its replays. Compare the "
                "teams with each other, not a point with its bar."
            )
        )
    if len(money) > 1 and (money["so_far"] > money["high"]).all():
        lines.append(
            say(
                "This time chance was good for all: every team earned more than nearly all of its replays. Compare the "
                "teams with each other, not a point with its bar."
            )
        )
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
        bar = _bar(scale, row["low"], row["high"])
        between = say(
            "{level:.0%} of replays: {low} to {high}",
            level=LEVEL,
            low=about.money(row["low"]),
            high=about.money(row["high"]),
        )
    zero = scale.at(0)
    alt = say("{team}: profit so far {money}. {between}", team=team, money=said, between=between)
    side = scale.beyond(row["so_far"])
    point = (
        _arrow(scale.at(row["so_far"]), 22, side, 0)
        if side
        else f'<circle class="run" cx="{scale.at(row["so_far"])}" cy="22" r="7"/>'
    )
    drawing = (
        f'<svg viewBox="0 0 {WIDE} {HIGH}" role="img" aria-label="{esc(alt.strip())}">'
        f'<line class="axis" x1="{EDGE}" x2="{WIDE - EDGE}" y1="40" y2="40"/>'
        f'<line class="zero" x1="{zero}" x2="{zero}" y1="4" y2="40"/>'
        f'<text x="{zero + 4}" y="11">{esc(about.money(0))}</text>'
        f"{bar}{point}</svg>"
    )
    return f"<strong>{esc(said)}</strong> <small>{esc(between)}</small>{drawing}"


def _bar(scale: Scale, low: float, high: float) -> str:
    """Draw the interval of replays as far as it lies on the axis."""
    if scale.beyond(low) == scale.beyond(high) != 0:
        return ""
    left, right = scale.at(low), scale.at(high)
    return f'<rect class="band" x="{left}" y="14" width="{max(right - left, 2):.1f}" height="16" rx="3"/>'


def _arrow(x: float, y: float, across: int, down: int) -> str:
    """Draw a mark that points to where a figure lies that is not on the axis: to the right and down, or against it."""
    size = 9
    if across:
        ends = f"{x},{y - size} {x + across * size},{y} {x},{y + size}"
    else:
        ends = f"{x - size},{y} {x},{y + down * size} {x + size},{y}"
    return f'<polygon class="run" points="{ends}"/>'


def _way(values: Sequence[float], scale: Scale, about: Company, team: str) -> str:
    """Draw profit by round as a small line, on the same scale for all teams; zero is marked."""
    wide, high, edge = 180, 46, 6
    step = (wide - 2 * edge) / max(len(values) - 1, 1)

    def height(amount: float) -> float:
        return round(high - edge - scale.share(amount) * (high - 2 * edge), 1)

    zero = height(0)
    amounts = listed(about.money(v) for v in values)
    alt = say("{team}: profit by round {amounts}", team=team, amounts=amounts)
    way = " ".join(f"{round(edge + place * step, 1)},{height(v)}" for place, v in enumerate(values))
    x = round(edge + (len(values) - 1) * step, 1)
    side = scale.beyond(values[-1])
    end = (
        _arrow(x - 4, edge + 4 if side > 0 else high - edge - 4, 0, -side)
        if side
        else f'<circle class="run" cx="{x}" cy="{height(values[-1])}" r="4"/>'
    )
    return (
        f'<svg class="cut" viewBox="0 0 {wide} {high}" role="img" aria-label="{esc(alt)}">'
        f'<line class="zero" x1="{edge}" x2="{wide - edge}" y1="{zero}" y2="{zero}"/>'
        f'<polyline class="way" points="{way}"/>{end}</svg>'
        f"<small>{esc(say('last: {money}', money=about.money(values[-1])))}</small>"
    )
