"""Tables on a slide: how large their letters may be, where their cells break, and what is cut.

A slide does not scroll. So the size of a table's letters follows from the room that the title and the words beside or
below leave. Widths are estimated, not measured: no browser is asked. Estimates are rather too wide than too narrow.
"""

from __future__ import annotations

import html
import re

from crmkit.say import say

#: Pixels that a table may be wide; one wider than `BESIDE` leaves no room for words at its side.
WIDE, BESIDE = 1190, 800
_ROWS = 11
_LARGEST, _UNBROKEN, _SMALLEST = 34, 22, 16  # sizes of type
# In sizes of the type: a character, one in bold, the padding of a cell, a line, the padding of a row.
_CHARACTER, _BOLD, _PADDING, _LINE, _ROW = 0.62, 0.66, 1.36, 1.4, 0.56
_ASIDE = 46  # pixels of the line that says that something was cut


def set_table(page: str, room: int, room_above_words: int) -> tuple[str, int]:
    """Set a table so that it fits on its slide.

    Parameters
    ----------
    page
        HTML with a table in it.
    room
        Pixels that it may be high where words stand at its side, or none.
    room_above_words
        Pixels that it may be high where it takes the whole width, and words stand below.

    Returns
    -------
    shown : str
        HTML.
    width : int
        Pixels, estimated.

    Examples
    --------
    >>> shown, width = set_table("<table><tr><td>1</td></tr></table>", 500, 400)
    >>> shown
    "<div class='table unbroken' style='font-size:34px'><table><tr><td>1</td></tr></table></div>"
    """
    table, end, after = page.rpartition("</table>")
    table, after = (table + end, after) if end else (after, "")
    rows = re.findall(r"<tr.*?</tr>", table, flags=re.DOTALL)
    cut = len(rows) > _ROWS or bool(re.sub(r"<.*?>", "", after).strip())
    kept = rows[:_ROWS]
    whole, broken = _columns(kept)
    height = _LINE + _ROW
    size, unbroken = 0, True
    for available, widest in ((room, BESIDE), (room_above_words, WIDE)):
        size = _size(len(kept), available - _ASIDE * cut, height, sum(whole))
        if size * sum(whole) <= widest:
            break
    width = round(size * sum(whole))
    if size < _UNBROKEN:
        # Cells break between words: the table takes the whole width, and fewer rows if nothing else helps.
        unbroken, width = False, WIDE
        largest = min(_LARGEST, int(WIDE / sum(broken)))
        smallest = min(largest, _SMALLEST)
        size = largest
        while (
            _height(kept, size, whole, broken) > room_above_words - _ASIDE * cut and len(kept) > 2
        ):
            if size > smallest:
                size -= 1
            else:
                kept, cut = kept[:-1], True
    for row in rows[len(kept) :]:
        table = table.replace(row, "", 1)
    if cut:
        table += f"<p class='aside'>{say('Cut here; the whole is in the lesson.')}</p>"
    kind = "table unbroken" if unbroken else "table"
    return f"<div class='{kind}' style='font-size:{size}px'>{without_scripts(table)}</div>", width


def _size(rows: int, room: int, height: float, width: float) -> int:
    """Give the largest size at which so many rows of one line each are neither too high nor too wide."""
    return max(min(_LARGEST, int(room / (height * max(rows, 1))), int(WIDE / max(width, 1))), 1)


def _cells(row: str) -> list[tuple[str, bool]]:
    """Give the texts of a row's cells, from the right, and whether each is a heading in bold."""
    cells = re.findall(r"<t([hd])[^>]*>(.*?)</t[hd]>", row, flags=re.DOTALL)
    # From the right: on the left, one cell may name several rows.
    return [
        (html.unescape(re.sub(r"<.*?>", "", said)).strip(), kind == "h")
        for kind, said in reversed(cells)
    ]


def _columns(rows: list[str]) -> tuple[list[float], list[float]]:
    """Give the width of each column, in sizes of the type: with whole cells, and broken after every word.

    Examples
    --------
    >>> _columns(["<tr><td>so far</td><td>1</td></tr>"])
    ([1.98, 5.08], [1.98, 3.22])
    """
    whole: dict[int, float] = {}
    broken: dict[int, float] = {}
    for row in rows:
        for place, (said, bold) in enumerate(_cells(row)):
            letter = _BOLD if bold else _CHARACTER
            word = max(map(width_of, said.split()), default=0)
            whole[place] = max(whole.get(place, 0), round(letter * width_of(said) + _PADDING, 2))
            broken[place] = max(broken.get(place, 0), round(letter * word + _PADDING, 2))
    return list(whole.values()) or [1.0], list(broken.values()) or [1.0]


def _height(rows: list[str], size: int, whole: list[float], broken: list[float]) -> float:
    """Estimate how many pixels high rows are whose cells break between words.

    As a browser does it, each column gets the width of its longest word, and the rest of the room is shared out by what
    else each column would need to keep its cells whole.
    """
    spare = max(WIDE / size - sum(broken), 0)
    wanted = [one - least for one, least in zip(whole, broken, strict=True)]
    share = min(spare / sum(wanted), 1.0) if sum(wanted) else 0.0
    widths = [least + share * more for least, more in zip(broken, wanted, strict=True)]
    high = 0.0
    for row in rows:
        lines = [
            _lines(said, (widths[place] - _PADDING) / (_BOLD if bold else _CHARACTER))
            for place, (said, bold) in enumerate(_cells(row))
        ]
        high += (_LINE * max(lines, default=1) + _ROW) * size
    return high


def _lines(said: str, room: float) -> int:
    """Count the lines of a cell in which so many characters have room side by side.

    Examples
    --------
    >>> _lines("who stays and who leaves", 10), _lines("", 10)
    (3, 1)
    """
    lines, used = 1, 0.0
    for word in said.split():
        width = width_of(word)
        if used and used + 1 + width > room + 0.01:
            lines, used = lines + 1, 0.0
        # A word that is longer than the line (Chinese has no gaps) goes on in the next one.
        more = max(int((width - 0.01) / max(room, 1)), 0)
        lines += more
        used += width - more * room + (1 if used else 0)
    return lines


def width_of(line: str) -> int:
    """Count characters; a Chinese one is as wide as two others."""
    return len(line) + len(re.findall(r"[\u2e80-\u9fff\uff00-\uffef]", line))


def without_scripts(fragment: str) -> str:
    """Leave scripts out: a slide shows, and does nothing."""
    return re.sub(r"<script.*?</script>", "", fragment, flags=re.DOTALL | re.IGNORECASE)


__all__ = ["BESIDE", "WIDE", "set_table", "width_of", "without_scripts"]
