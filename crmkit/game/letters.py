"""What a team reads: how it plays, what came of the last round, and a notebook to look and decide in."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from crmkit.game.decided import Forecast
from crmkit.game.fields import FORECASTS, forecast_name
from crmkit.game.money import about_money
from crmkit.game.results import JOINED, OWN
from crmkit.game.rules import Rules
from crmkit.game.trainer import Course
from crmkit.practice.roster import Student as Team
from crmkit.say import label, listed, say

#: Measures in pounds.
MONEY = ("profit", "turnover")


def read_me(team: Team, symbol: str | None = None) -> str:
    """Write how a team plays: three steps, what counts, what is in the tables, and what the words mean."""
    rules = Rules()
    steps = [
        say(
            "1. **Read.** `news.md` says what came of the last round, which round comes and what is new. "
            "`reports/round_00` holds the three years before the game, the other folders one round each, as tables "
            "(CSV) with the columns of the course."
        ),
        say(
            "2. **Decide** in `decisions/round_01.toml` (02 for the second round, and so on). First write why, with a "
            "figure from the reports, into its second line, after `# why:`; more lines may follow that begin so. Then "
            "change values. Each line says what it is and what it may be. The file begins as what you decided last. "
            "State a forecast: it is graded."
        ),
        say(
            "3. **Hand in** that file, or this whole folder, also as a zip file, before the round is played. Do so "
            "also when you change nothing. A team that hands in nothing goes on with what it decided last, and without "
            "a forecast."
        ),
    ]
    counts = [
        say(
            "**Profit**: all lines of `accounts`, over all rounds. Rent and staff of the shop are among them."
        ),
        say(
            "**What your customers will still bring**: after the last round they live on for two years, served as "
            "before the game. A team that sells the future for a good last quarter loses here. You see "
            "it in the debrief."
        ),
        say(
            "**Health of relations**, 0 to 100: the mean of three shares among those who bought within a year: awake, "
            "trust, may still be contacted."
        ),
        say(
            "**Your reasons and forecasts**. A result is partly chance, these are not. Your trainer grades them, "
            "and not your place."
        ),
    ]
    tables = [
        (
            "orders, order_lines, customers, products, cost_to_serve, engagement",
            say("as in lesson 20; the last year in cost_to_serve and engagement is not over yet"),
        ),
        (
            "accounts",
            say(
                "quarter, item, amount in {symbol}, costs below 0; their sum is the profit",
                symbol=about_money(symbol).sign,
            ),
        ),
        (
            "desk",
            say("our customers' contacts in the quarter, how many of them gave up, and agents"),
        ),
        ("market", say("our price level and the rival's; 1 = today's list")),
        ("contacts", say("every contact to wake: who got it, when, and how")),
        (
            "trials",
            say(
                "each customer of an experiment: arm, state by days of silence, whether contacted, what was ordered. A "
                "lever that wakes the half-asleep can do nothing for the others: compare the arms within that state"
            ),
        ),
        (
            "message_log",
            say("each reader of messages: how many came, and whether the reader unsubscribed"),
        ),
        (
            "introductions, acquisition_spend, brand_pressure",
            say("friends who were brought, spending by channel and month, advertising by week"),
        ),
        (
            "survey, brand_words, tracker_respondents, tracker_answers, panel",
            say("research, from the quarters in which you bought it"),
        ),
    ]
    words = [
        say(
            "**drowsy, half-asleep, asleep**: no order for {drowsy:g}, {half_asleep:g} and {asleep:g} days. This is a "
            "rule: a customer who is silent may still be awake.",
            drowsy=rules["wake.drowsy_after"],
            half_asleep=rules["wake.half_asleep_after"],
            asleep=rules["wake.asleep_after"],
        ),
        say("**customers_active**: customers who bought in the quarter."),
        say(
            "**80 % of a forecast**: if you are honest, about eight of ten of your intervals hold what came. Begin "
            "with the same quarter of last year, not with the last one: there are seasons."
        ),
    ]
    parts = [
        [f"# {team.name}"],
        [say("You run a customer desk, quarter by quarter. Every round is one quarter.")],
        [f"## {say('A round')}"],
        steps,
        [
            say(
                "`desk.ipynb` opens all tables and a form that fills in the file and shows what a plan costs."
            )
        ],
        [
            say(
                "`crmkit game check decisions/round_01.toml`, typed in a terminal in this folder, says whether a file "
                "can be used, before you hand it in."
            )
        ],
        [f"## {say('What counts')}"],
        _points(counts),
        [f"## {say('The tables')}"],
        _points([f"`{names.replace(', ', '`, `')}`: {said}." for names, said in tables]),
        [
            say(
                "A table comes with the first round that has it. A customer who is not in `orders` has bought nothing."
            )
        ],
        [f"## {say('What the words mean')}"],
        _points(words),
    ]
    return "\n\n".join("\n".join(part) for part in parts) + "\n"


def _points(lines: Sequence[str]) -> list[str]:
    return [f"- {line}" for line in lines]


def notebook(team: Team, symbol: str | None = None) -> str:
    """Write a notebook with which a team looks and decides: all tables so far, and the form."""
    title = f"# {team.name}"
    texts = [
        (
            "markdown",
            f"{title}\n\n{say('All tables so far, as the analyses of the lessons take them:')}",
        ),
        (
            "code",
            "from crmkit.game.own_folder import seen, to_fill_in\n\nknown = seen()\nknown.reports",
        ),
        ("code", 'known.reports["orders"].tail()'),
        (
            "markdown",
            say(
                "Money by quarter ({symbol}); empty before the first round:",
                symbol=about_money(symbol).sign,
            ),
        ),
        (
            "code",
            "from crmkit.game.desk import compare_arms, first_forecast, money_by_quarter\n\n"
            "money_by_quarter(known.reports).round()",
        ),
        (
            "markdown",
            say(
                "A forecast to begin with: as in the same quarter a year ago. It knows nothing of what you decide. "
                "Change it by what you know, and say why."
            ),
        ),
        ("code", "first_forecast(known).round()"),
        (
            "markdown",
            say(
                "Your experiments: the share of each arm that ordered, and the difference with its 95 % interval. "
                "Read the row of the state that the lever is for. The rows of the others, which it cannot "
                "move, show what chance makes of two equal groups."
            ),
        ),
        ("code", "compare_arms(known.reports).round(3)"),
        (
            "markdown",
            say(
                "The decisions for the coming round. The form says what is wrong, and what the plan costs:"
            ),
        ),
        (
            "code",
            "from crmkit.game.form import decision_form\n\ndecision_form(to_fill_in(), known)",
        ),
    ]
    cells: list[dict[str, object]] = []
    for place, (kind, source) in enumerate(texts):
        cell: dict[str, object] = {
            "cell_type": kind,
            "id": f"desk-{place}",
            "metadata": {},
            "source": source,
        }
        cells.append(cell | ({"execution_count": None, "outputs": []} if kind == "code" else {}))
    kernel = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
    plain = {"cells": cells, "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(plain, indent=1, ensure_ascii=False, sort_keys=True) + "\n"


def news(
    course: Course,
    played: int,
    source: str = OWN,
    came: Mapping[str, float] | None = None,
    forecast: Mapping[str, Forecast] | None = None,
    *,
    symbol: str | None = None,
) -> str:
    """Write what came of the last round, and what is new: the round that comes, its events, the open levers.

    Parameters
    ----------
    course
        The trainer's file.
    played
        How many rounds have been played.
    source
        Where the last round's decisions came from.
    came
        The last round's figures by measure.
    forecast
        What the team forecast for it.
    symbol
        Of the game's money.

    Examples
    --------
    >>> print(news(Course("A game", 6, {}), 1, came={"profit": 1520.4, "orders": 310.0}))
    # Round 2 of 6
    <BLANKLINE>
    All levers are open.
    <BLANKLINE>
    Hand in `decisions/round_02.toml`.
    <BLANKLINE>
    ## What came of round 1
    <BLANKLINE>
    | measure | came | your forecast | was it inside? |
    |---|---|---|---|
    | profit (£) | 1,520 | | |
    | orders | 310 | none | |
    <BLANKLINE>
    """
    number = played + 1
    if number > course.rounds:
        lines = [f"# {say('The game is over')}", ""]
        lines += [say("All {rounds} rounds have been played.", rounds=course.rounds), ""]
    else:
        lines = _next(course, number)
    if came:
        lines += _last(played, source, came, forecast or {}, about_money(symbol).sign)
    return "\n".join(lines)


def _next(course: Course, number: int) -> list[str]:
    lines = [f"# {say('Round {number} of {rounds}', number=number, rounds=course.rounds)}", ""]
    for event in course.events_of(number):
        lines += [f"**{event.title}**", "", event.text, ""]
    lasting = [e.title for e in course.events if e.round < number and e.rules]
    if lasting:
        lines += [say("Still so, from earlier rounds: {events}.", events=listed(lasting)), ""]
    levers = course.open_in(number)
    if levers is None:
        lines += [say("All levers are open."), ""]
    elif levers:
        lines += [
            say("Open levers: {levers}. The others keep their values.", levers=listed(levers)),
            "",
        ]
    else:
        lines += [say("No lever is open in this round: look, and state a forecast."), ""]
    file = f"decisions/round_{number:02d}.toml"
    return [*lines, say("Hand in `{file}`.", file=file), ""]


def _last(
    number: int,
    source: str,
    came: Mapping[str, float],
    forecast: Mapping[str, Forecast],
    sign: str,
) -> list[str]:
    lines = [f"## {say('What came of round {number}', number=number)}", ""]
    if source == JOINED:
        lines += [say("You joined later: until now the desk went on as before the game."), ""]
    elif source != OWN:
        said = say(
            "Nothing was handed in that could be used, so you went on with what was decided before, and without a "
            "forecast. What was played: `reports/round_{number:02d}/decisions.toml`.",
            number=number,
        )
        lines += [said, ""]
    heads = say("measure"), say("came"), say("your forecast"), say("was it inside?")
    lines += [f"| {' | '.join(heads)} |", "|---|---|---|---|"]
    for name in ("profit", *FORECASTS):
        if name in came:
            stated, inside = "", ""
            if name in forecast:
                one = forecast[name]
                stated = say("{low:,.0f} to {high:,.0f}", low=one.low, high=one.high)
                inside = say("yes") if one.low <= came[name] <= one.high else say("no")
            elif name in FORECASTS:
                stated = say("none")
            unit = f" ({sign})" if name in MONEY else ""
            cells = [_named(name) + unit, f"{came[name]:,.0f}", stated, inside]
            lines.append("|" + "|".join(f" {cell} ".replace("  ", " ") for cell in cells) + "|")
    return [*lines, ""]


def _named(measure: str) -> str:
    return forecast_name(measure) if measure in FORECASTS else label(measure)
