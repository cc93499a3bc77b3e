"""The parts of a class's pages that say why: profit by cause, customers, slips with their prices, teams in pairs.

Each function takes what `crmkit.game.looking_back` or `crmkit.game.runs` computed and gives HTML; nothing is computed
here but sums.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from crmkit.companies import Company
from crmkit.game.debrief import SECTIONS
from crmkit.game.drawings import bars, esc, strip, table
from crmkit.game.looking_back import ORDERS, OTHER_LUCKS, LookedBack
from crmkit.game.runs import LEVEL
from crmkit.game.slips import VERDICTS
from crmkit.game.teams import SHARED, Game, Team
from crmkit.say import label, listed, mark, say

_FATES = {
    "won": mark("customers only with your plan: won"),
    "not won": mark("customers only as before: not won"),
    "driven away": mark("lost for ever only with your plan: driven away"),
    "not driven away": mark("lost for ever only as before: not driven away"),
    "kept awake": mark("awake at the end only with your plan"),
    "let sleep": mark("awake at the end only as before"),
    "same": mark("the same both ways"),
}
#: Fates that speak for a plan.
_GOOD = ("won", "not driven away", "kept awake")


def paragraph(text: str, role: str = "") -> str:
    """Write a sentence as a paragraph."""
    return f"<p{f' class={role}' if role else ''}>{esc(text)}</p>"


def signed(amount: float, about: Company) -> str:
    """Write an amount with its sign, in the colour of gain or loss."""
    role = "gain" if amount >= 0 else "loss"
    return f"<span class={role}>{esc(about.money(amount, signed=True))}</span>"


def same_luck(game: Game) -> str:
    """Say what a team is compared with."""
    lines = [
        say(
            "Compared with the same customers on the same luck, had the team gone on as before the game. So a "
            "difference is what its decisions did, and not chance."
        )
    ]
    if game.market == SHARED:
        lines.append(
            say(
                "The other teams are held as they were. What they would have done in answer is not in the figures."
            )
        )
    return " ".join(lines)


# ------------------------------------------------------------------------------------------------------------- causes
def causes_part(game: Game, team: Team, back: LookedBack, about: Company) -> str:
    """Show what each part of a plan brought: from as before to the run that counts."""
    shares = back.causes[back.causes["part"] != "all parts"]
    rows = [(say("as before the game"), about.money(back.before), back.before, "run")]
    rows += [
        (
            label(row.part),
            about.money(row.brings, signed=True),
            float(row.brings),
            "good" if row.brings >= 0 else "bad",
        )
        for row in shares.itertuples()
    ]
    # Pence of rounding are no row of their own.
    if abs(back.rest) >= 1:
        rows.append((say("not explained"), about.money(back.rest, signed=True), back.rest, "bad"))
    rows.append((say("your run"), about.money(back.earned), back.earned, "run"))
    alt = say(
        "{team}: profit by cause. {parts}.",
        team=team.name,
        parts=listed(f"{name} {said}" for name, said, _, _ in rows),
    )
    ahead = say(
        "What your customers will still bring in the next two years, if all goes on as before the game: {money}. It "
        "would be {before} if you had gone on so from the start.",
        money=about.money(back.ahead),
        before=about.money(back.ahead_before),
    )
    return "\n".join(
        [
            paragraph(_in_a_sentence(back, shares, about)),
            bars(rows, alt),
            paragraph(ahead),
            paragraph(same_luck(game), "quiet"),
            paragraph(_how_shared(back, shares, about), "quiet"),
        ]
    )


def _in_a_sentence(back: LookedBack, shares: pd.DataFrame, about: Company) -> str:
    more = back.earned - back.before
    said = (
        say("Your plan earned {money} more than as before.", money=about.money(more))
        if more >= 0
        else say("Your plan earned {money} less than as before.", money=about.money(-more))
    )
    if shares.empty:
        return say("You went on as before the game: there is nothing to share out.")
    best, worst = (shares.loc[shares["brings"].agg(which)] for which in ("idxmax", "idxmin"))
    if best["brings"] > 0:
        said += " " + say(
            "Most was gained by: {part} ({money}).",
            part=label(best["part"]),
            money=about.money(best["brings"]),
        )
    if worst["brings"] < 0:
        said += " " + say(
            "Most was lost by: {part} ({money}).",
            part=label(worst["part"]),
            money=about.money(-worst["brings"]),
        )
    return said


def _how_shared(back: LookedBack, shares: pd.DataFrame, about: Company) -> str:
    said = say(
        "Parts help or hinder one another. So each part is given what it adds on average over the orders in which the "
        "parts can be switched on (Shapley 1953), and the parts add up to the whole difference."
    )
    error = shares["error"].max()
    if error and not pd.isna(error):
        said += " " + say(
            "Not all orders were looked at, but {orders}: a share may be wrong by about {money}.",
            orders=ORDERS,
            money=about.money(error),
        )
    return said


def causes_table(game: Game, backs: Mapping[str, LookedBack], about: Company) -> str:
    """Lay all teams' profit by cause side by side: a part a row, a team a column."""
    touched = {part for back in backs.values() for part in back.causes["part"]}
    parts = [part for part in SECTIONS if part in touched]
    by_team = {team: back.causes.set_index("part")["brings"] for team, back in backs.items()}
    rows = [(esc(say("as before the game")), *(esc(about.money(b.before)) for b in backs.values()))]
    for part in parts:
        cells = [
            signed(float(one[part]), about) if part in one.index else "–"
            for one in by_team.values()
        ]
        rows.append((esc(label(part)), *cells))
    if any(abs(back.rest) >= 1 for back in backs.values()):
        rests = [signed(back.rest, about) for back in backs.values()]
        rows.append((esc(say("not explained")), *rests))
    sums = [f"<strong>{esc(about.money(back.earned))}</strong>" for back in backs.values()]
    rows.append((f"<strong>{esc(say('the run that counts'))}</strong>", *sums))
    names = [team.name for team in game.teams]
    return table((say("part of the plan"), *names), rows, numeric=range(1, len(names) + 1))


# --------------------------------------------------------------------------------------------------------------- luck
def luck_strip(runs: pd.DataFrame, number: int, team: Team, about: Company) -> str:
    """Draw where a team's run lies among its replays."""
    part = runs[
        (runs["team"] == team.id) & (runs["round"] == number) & (runs["measure"] == "profit")
    ]
    own = float(part.loc[part["run"] == 0, "so_far"].iloc[0])
    others = part.loc[part["run"] > 0, "so_far"].tolist()
    ends = (about.money(min(own, *others)), about.money(max(own, *others)))
    alt = say(
        "{team}: your run brought {money}; {below} of {count} replays brought less. All lie from {low} to {high}.",
        team=team.name,
        money=about.money(own),
        below=sum(value < own for value in others),
        count=len(others),
        low=ends[0],
        high=ends[1],
    )
    return strip(own, others, ends, alt)


def pairs_part(found: pd.DataFrame, names: Mapping[str, str], about: Company) -> str:
    """Lay teams beside each other two by two, run by run on the same luck."""
    rows = [
        (
            esc(say("{team} beside {other}", team=names[row.team], other=names[row.other])),
            signed(row.came, about),
            signed(row.more, about),
            "–"
            if pd.isna(row.low)
            else esc(
                say(
                    "{low} to {high}",
                    low=about.money(row.low, signed=True),
                    high=about.money(row.high, signed=True),
                )
            ),
            esc(say("{ahead} of {runs}", ahead=row.ahead, runs=row.runs)),
        )
        for row in found.itertuples()
    ]
    head = (
        say("teams"),
        say("more in the run that counts"),
        say("more on average"),
        say("95% interval"),
        say("more in so many runs"),
    )
    said = say(
        "In each run all teams meet the same luck. So what one has more than another on average over the runs comes "
        "from their decisions; the interval says how sure that average is. Where it holds 0, it cannot be told who is "
        "ahead."
    )
    return paragraph(said) + table(head, rows, numeric=(1, 2, 3, 4))


# ---------------------------------------------------------------------------------------------------------- customers
def customers_part(back: LookedBack, about: Company) -> str:
    """Show whom a team won, lost, woke and annoyed, beside the same people as before."""
    told = back.customers
    said = say(
        "At the end {awake:,} customers were awake, and {awake_before:,} as before. Slept when the game began, and "
        "awake only because of your plan: {woken:,}. Contacts annoyed {annoyed:,} people, and "
        "{annoyed_before:,} as before.",
        **dict[str, Any](told),
    )
    rows = [
        (
            esc(say(_FATES[row.fate])),
            f"<span class={'gain' if row.fate in _GOOD else 'loss'}>{row.customers:,}</span>"
            if row.fate != "same"
            else f"{row.customers:,}",
            f"{row.annoyed:,}",
            f"{row.more_orders:+,}",
            signed(float(row.more_margin), about),
        )
        for row in back.fates.itertuples()
    ]
    head = (
        say("what became of them"),
        say("customers"),
        say("annoyed more often"),
        say("more orders"),
        say("more margin"),
    )
    note = say(
        "Many come, or fall asleep, whatever you do. Only those count for your plan who did one thing with it and "
        "another as before. In real life nobody sees this list."
    )
    return paragraph(said) + table(head, rows, numeric=(1, 2, 3, 4)) + paragraph(note, "quiet")


def customers_table(game: Game, backs: Mapping[str, LookedBack]) -> str:
    """Lay all teams' customers side by side."""
    rows = []
    for fate in (name for name in _FATES if name != "same"):
        counts = []
        for back in backs.values():
            found = back.fates.loc[back.fates["fate"] == fate, "customers"]
            counts.append(int(found.iloc[0]) if len(found) else 0)
        if any(counts):
            rows.append((esc(label(fate)), *(f"{count:,}" for count in counts)))
    for name, heading in (
        ("woken", say("slept at the start, woken by the plan")),
        ("annoyed", say("annoyed by contacts")),
    ):
        rows.append((esc(heading), *(f"{back.customers[name]:,}" for back in backs.values())))
    names = [team.name for team in game.teams]
    return table((say("customers"), *names), rows, numeric=range(1, len(names) + 1))


# -------------------------------------------------------------------------------------------------------------- slips
def slips_part(back: LookedBack, about: Company) -> str:
    """Show a team's slips, each with its price, and the lesson that it belongs to."""
    parts = []
    if back.slips.empty:
        parts.append(paragraph(say("No decision of yours is on the list of usual slips.")))
    else:
        rows = [
            (
                esc(label(row.slip)),
                esc(in_short(row.quarters)),
                f"<code>{esc(row.instead)}</code>",
                esc(about.money(row.cost)),
                "–" if pd.isna(row.low) else esc(_from_to(row.low, row.high, about)),
                esc(label(row.verdict)),
                esc(_lesson(row.lesson)),
            )
            for row in back.slips.itertuples()
        ]
        head = (
            *(say("decision"), say("rounds"), say("put right"), say("price")),
            *(say("95% interval"), say("verdict"), say("taught in")),
        )
        parts += [
            paragraph(how_priced()),
            table(head, rows, numeric=(3, 4)),
        ]
    if len(back.habits):
        items = "".join(
            f"<li>{esc(row.habit)}: {esc(row.seen)} ({esc(_lesson(row.lesson))})</li>"
            for row in back.habits.itertuples()
        )
        parts.append(f"<ul>{items}</ul>")
    return "\n".join(parts)


def in_short(numbers: str) -> str:
    """Write rounds that follow one another as first and last.

    Examples
    --------
    >>> in_short("1, 2, 3, 5")
    '1–3, 5'
    """
    groups: list[list[int]] = []
    for number in map(int, numbers.split(", ")):
        if groups and groups[-1][-1] == number - 1:
            groups[-1].append(number)
        else:
            groups.append([number])
    return listed(f"{one[0]}–{one[-1]}" if len(one) > 1 else one[0] for one in groups)


def how_priced() -> str:
    """Say how a slip gets its price."""
    return say(
        "Each decision was put right by itself, and the game was played again on the luck of the game and on {count} "
        "others. The price is what this would have brought more, together with what the customers will still bring. "
        "Below 0 the decision was good after all.",
        count=len(OTHER_LUCKS),
    )


def slips_table(game: Game, backs: Mapping[str, LookedBack], about: Company) -> str:
    """Lay all teams' slips side by side: what to speak of with all of them comes first."""
    by_team = {team: back.slips.set_index("slip") for team, back in backs.items()}
    lessons = {row.slip: row.lesson for back in backs.values() for row in back.slips.itertuples()}
    if not lessons:
        return paragraph(say("No decision of any team is on the list of usual slips."))

    def dear(slip: str) -> float:
        return sum(
            max(float(one.loc[slip, "cost"]), 0.0) for one in by_team.values() if slip in one.index
        )

    rows = []
    for slip in sorted(lessons, key=dear, reverse=True):
        cells = []
        for one in by_team.values():
            if slip not in one.index:
                cells.append("–")
                continue
            said = esc(about.money(float(one.loc[slip, "cost"])))
            sure = one.loc[slip, "verdict"] != VERDICTS[2]
            cells.append(f"<strong>{said}</strong>" if sure else said)
        rows.append((esc(label(slip)), *cells, esc(_lesson(lessons[slip]))))
    names = [team.name for team in game.teams]
    head = (say("decision, and its price"), *names, say("taught in"))
    note = say("Bold: the 95% interval of the price does not hold 0.")
    return (
        paragraph(how_priced())
        + table(head, rows, numeric=range(1, len(names) + 1))
        + paragraph(note, "quiet")
    )


def _lesson(number: str) -> str:
    return say("lesson {number}", number=number)


def _from_to(low: float, high: float, about: Company) -> str:
    return say("{low} to {high}", low=about.money(low), high=about.money(high))


def luck_said(replays: int) -> str:
    """Say what replays are, and how to read them."""
    return say(
        "Your plan was played {count} times more on the same customers, each time with other chance. If more of the "
        "replays brought less than your run, you were lucky; about half is usual. A further run lies between the "
        "two ends of the interval in {level:.0%} of cases. The large point is your run, the others are the replays.",
        count=replays,
        level=LEVEL,
    )
