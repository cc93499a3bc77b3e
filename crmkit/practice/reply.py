"""How a reply looks: a small box in the notebook, and the same words as plain text.

Both are the same every time for the same reply; nothing is said by colour alone.
"""

from __future__ import annotations

import html
import re
import sys
from dataclasses import dataclass
from typing import Any

# As in crmkit.style, whose import would bring matplotlib. Only the edge is coloured: any theme stays readable.
COLOURS = {
    "good": "#00A766",
    "look": "#C58400",
    "calm": "#293EBA",
    "grey": "#808A96",
}


def as_html(text: str) -> str:
    """Escape a text for HTML; what stands between backticks becomes code, between stars emphasis.

    Examples
    --------
    >>> as_html("use `a < b` & go")
    'use <code>a &lt; b</code> &amp; go'
    >>> as_html("the *best* of **two**, 2 * 3 * 4, `a * b * c`")
    'the <em>best</em> of <strong>two</strong>, 2 * 3 * 4, <code>a * b * c</code>'

    Two amounts in dollars are no formula, which JupyterLab would make of them:

    >>> as_html("$4 or $20")
    '<span>$</span>4 or <span>$</span>20'
    """
    pieces = re.split(r"(`[^`\n]+`)", html.escape(text))
    for place, piece in enumerate(pieces):
        if place % 2:
            pieces[place] = f"<code>{piece[1:-1]}</code>"
        else:
            piece = piece.replace("$", "<span>$</span>")
            bold = re.sub(r"\*\*(\S(?:[^*\n]*\S)?)\*\*", r"<strong>\1</strong>", piece)
            pieces[place] = re.sub(
                r"(?<![\w*])\*(\S(?:[^*\n]*\S)?)\*(?![\w*])", r"<em>\1</em>", bold
            )
    return "".join(pieces)


@dataclass(frozen=True)
class Reply:
    """A title, some sentences, and perhaps some code.

    `tries` is how often the question has been answered, where a trainer reads it: a handed-in notebook carries it in
    the stored reply (`tries_in` finds it there).

    Examples
    --------
    >>> Reply("20-1", "Not yet", ("The share is too high.",), tone="look")
    20-1 · Not yet
    The share is too high.
    """

    about: str
    title: str
    sentences: tuple[str, ...] = ()
    items: tuple[str, ...] = ()
    code: str = ""
    after: tuple[str, ...] = ()
    tone: str = "calm"
    tries: int = 0

    def __repr__(self) -> str:
        head = f"{self.about} · {self.title}" if self.about else self.title
        lines = [head, *self.sentences, *(f"- {item}" for item in self.items)]
        if self.code:
            lines += ["", *("    " + line for line in self.code.strip("\n").splitlines()), ""]
        return "\n".join([*lines, *self.after]).rstrip()

    def _repr_html_(self) -> str:
        esc = as_html
        parts = [
            f"<div><strong>{esc(self.about)}{' · ' if self.about else ''}{esc(self.title)}</strong></div>"
        ]
        parts += [f"<div>{esc(sentence)}</div>" for sentence in self.sentences]
        if self.items:
            parts.append(
                "<ul style='margin:.2em 0'>"
                + "".join(f"<li>{esc(i)}</li>" for i in self.items)
                + "</ul>"
            )
        if self.code:
            parts.append(
                f"<pre style='margin:.4em 0'>{html.escape(self.code.strip(chr(10)))}</pre>"
            )
        parts += [f"<div>{esc(sentence)}</div>" for sentence in self.after]
        counted = (
            f' data-crmkit-tries="{html.escape(self.about)}:{self.tries}"' if self.tries else ""
        )
        return (
            f'<div role="note"{counted} style="border-left:4px solid {COLOURS[self.tone]};padding:.2em .8em;'
            f'margin:.3em 0;max-width:46em;line-height:1.5">{"".join(parts)}</div>'
        )


_TRIES = re.compile(r'data-crmkit-tries="(\d\d[b-z]?-\w{1,8}):(\d{1,6})"')


def tries_in(cell: Any) -> dict[str, int]:
    """Find in a notebook's cell how often each question had been answered when its replies were stored.

    Examples
    --------
    >>> stored = Reply("20-1", "Not yet", tries=4)._repr_html_()
    >>> tries_in({"outputs": [{"data": {"text/html": [stored]}}]})
    {'20-1': 4}
    """
    found: dict[str, int] = {}
    outputs = cell.get("outputs") if isinstance(cell, dict) else None
    for output in outputs if isinstance(outputs, list) else ():
        data = output.get("data") if isinstance(output, dict) else None
        stored = data.get("text/html") if isinstance(data, dict) else None
        pieces = stored if isinstance(stored, list) else [stored]
        for piece in pieces:
            if isinstance(piece, str):
                for question, count in _TRIES.findall(piece):
                    found[question] = max(found.get(question, 0), int(count))
    return found


def show(reply: Any) -> None:
    """Show a reply: as a box in a notebook, as plain text anywhere else.

    Shown, not returned: a learner's `check` is not always the last line of its cell.
    """
    if "IPython" in sys.modules:
        from IPython import get_ipython
        from IPython.display import display

        shell = get_ipython()
        # A notebook's shell, in Jupyter as in the browser; a terminal's would show the words of an object anyway.
        if shell is not None and type(shell).__name__ != "TerminalInteractiveShell":
            display(reply)
            return
    print(repr(reply))
