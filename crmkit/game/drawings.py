"""What the pages of a game in class are drawn with: tables, bars and points as plain HTML and SVG, nothing fetched.

Words and numbers stand beside a drawing as text, so that they stay legible on a telephone and on the wall; each drawing
says in words what it shows. Colours are roles of ``board.css``, in light and in dark.
"""

from __future__ import annotations

import html
import math
import statistics
from collections.abc import Iterable, Mapping, Sequence

#: Size of a line of money in drawing units, and the room at its ends.
WIDE, HIGH, EDGE = 420, 46, 10
#: A line of which the other teams would fill less than this part is drawn for them alone.
FLAT = 0.4


def esc(text: object) -> str:
    """Give a text as a page can hold it, in an attribute too."""
    return html.escape(str(text), quote=True)


class Scale:
    """Amounts of money as places on a line, the same for all teams, with zero on it.

    Examples
    --------
    >>> scale = Scale.of([100.0, float("nan")])
    >>> scale.at(0), scale.at(100)
    (10.0, 410.0)
    """

    def __init__(self, low: float, high: float) -> None:
        self.low, self.high = low, high

    @classmethod
    def of(cls, amounts: Iterable[float]) -> Scale:
        """Span amounts and zero; what is missing is left out."""
        known = [0.0, *(float(a) for a in amounts if not math.isnan(a))]
        low, high = min(known), max(known)
        return cls(low, high if high > low else low + 1)

    def at(self, amount: float) -> float:
        """Give the place of an amount; the end of the line where it lies beyond."""
        share = min(max(self.share(amount), 0.0), 1.0)
        return round(EDGE + share * (WIDE - 2 * EDGE), 1)

    def share(self, amount: float) -> float:
        """Give the part of the line that lies before an amount: below 0 or above 1 where it is not on it."""
        return (amount - self.low) / (self.high - self.low)

    def beyond(self, amount: float) -> int:
        """Tell whether an amount lies before the line (-1), on it (0) or after it (1)."""
        return int(amount > self.high) - int(amount < self.low)


def fair_scale(amounts: Mapping[str, Sequence[float]]) -> tuple[Scale, list[str]]:
    """Span what teams have, unless a few lie so far away that the others could not be told apart.

    Parameters
    ----------
    amounts
        By team.

    Returns
    -------
    Scale
        Of all teams; of the others only, where leaving out fewer than half of them makes the line less than `FLAT` of
        what it was.
    list of str
        The teams that were left out, and lie beyond its ends, in the order of the list.

    Examples
    --------
    >>> scale, far = fair_scale({"red": [10, 12], "blue": [8], "green": [11], "late": [-300]})
    >>> scale.low, scale.high, far, scale.beyond(-300)
    (0.0, 12.0, ['late'], -1)
    """
    known = {team: [a for a in those if not math.isnan(a)] for team, those in amounts.items()}
    whole = Scale.of(a for those in known.values() for a in those)
    middle = statistics.median([a for those in known.values() for a in those] or [0.0])

    def away(team: str) -> float:
        return max((abs(amount - middle) for amount in known[team]), default=0.0)

    farthest = sorted(known, key=away, reverse=True)
    for count in range(1, (len(known) + 1) // 2):
        near = Scale.of(a for team in farthest[count:] for a in known[team])
        if near.high - near.low < FLAT * (whole.high - whole.low):
            return near, [team for team in known if team in farthest[:count]]
    return whole, []


def table(head: Sequence[str], rows: Iterable[Sequence[str]], numeric: Iterable[int] = ()) -> str:
    """Write a table; its heading is escaped here, its cells are HTML already. `numeric` columns stand to the right."""
    right = set(numeric)

    def cells(tag: str, row: Sequence[str]) -> str:
        return "".join(
            f"<{tag}{' class=n' if place in right else ''}>{cell}</{tag}>"
            for place, cell in enumerate(row)
        )

    body = "\n".join(f"<tr>{cells('td', row)}</tr>" for row in rows)
    top = cells("th", [esc(cell) for cell in head])
    # A wide table is scrolled by itself, by keyboard too; its page never is.
    return (
        '<div class="wide" tabindex="0">\n'
        f"<table>\n<thead><tr>{top}</tr></thead>\n<tbody>\n{body}\n</tbody>\n</table>\n</div>"
    )


def bars(rows: Sequence[tuple[str, str, float, str]], alt: str) -> str:
    """Draw amounts as bars from zero, one below the other.

    Parameters
    ----------
    rows
        Name, amount in words, amount, and role of the colour: "good", "bad" or "run".
    alt
        What the drawing shows, in words.

    Examples
    --------
    >>> 'class="bad"' in bars([("prices", "-£5", -5.0, "bad")], "Prices cost £5.")
    True
    """
    scale = Scale.of([amount for _, _, amount, _ in rows])
    zero, drawn = scale.at(0), []
    for name, said, amount, role in rows:
        left, right = sorted((zero, scale.at(amount)))
        drawn.append(
            f'<div class="bar"><span>{esc(name)}</span>'
            f'<svg viewBox="0 0 {WIDE} 22" preserveAspectRatio="none" aria-hidden="true">'
            f'<rect class="{esc(role)}" x="{left}" y="4" width="{max(right - left, 1):.1f}" height="14"/>'
            f'<line class="axis" x1="{zero}" x2="{zero}" y1="0" y2="22"/></svg>'
            f'<span class="n">{esc(said)}</span></div>'
        )
    return f'<div class="bars" role="group" aria-label="{esc(alt)}">{"".join(drawn)}</div>'


def strip(own: float, others: Sequence[float], ends: tuple[str, str], alt: str) -> str:
    """Draw one run among others: points on a line, the one that counts large.

    Parameters
    ----------
    own
        The run that counts.
    others
        Its replays.
    ends
        The lowest and the highest in words.
    alt
        What the drawing shows, in words.
    """
    low, high = min(own, *others), max(own, *others)
    span = high - low or 1.0

    def at(value: float) -> float:
        return round(EDGE + (value - low) / span * (WIDE - 2 * EDGE), 1)

    # Points of nearly the same value stand above one another.
    points = "".join(
        f'<circle class="other" cx="{at(value)}" cy="{14 + 9 * (place % 3)}" r="4.5"/>'
        for place, value in enumerate(sorted(others))
    )
    return (
        f'<div class="strip"><svg viewBox="0 0 {WIDE} {HIGH}" role="img" aria-label="{esc(alt)}">'
        f'<line class="axis" x1="{EDGE}" x2="{WIDE - EDGE}" y1="40" y2="40"/>{points}'
        f'<circle class="run" cx="{at(own)}" cy="23" r="8"/></svg>'
        f'<div class="ends"><span>{esc(ends[0])}</span><span>{esc(ends[1])}</span></div></div>'
    )
