"""The workshop edition: a lesson as one page without code, with its predictions, explorers and quiz.

A lesson's workshop text is `notebooks/workshop/NN_name.md`: Markdown, and lines that begin with ``@`` and take over a
part of the lesson, so that no text and no figure is kept twice:

    @goals a; b; c        what the reader can do afterwards
    @text LABEL           a Markdown cell of the lesson; `@text LABEL 1 3` takes its first and third block only
    @figure LABEL         a stored figure, with its alt text
    @said LABEL           what a cell printed, as it was stored
    @table LABEL | a | b  a stored table under other heads; "-" leaves a column out, "share %" and
                          "rise (points)" multiply by 100
    @predict 20-a         a prediction; what follows stays closed until it is answered
    @explorer LABEL       an explorer, live
    @quiz 1 2             questions of the lesson's quiz, by their numbers

What an explorer computes is found, not written: `needed` takes from the lesson's code the statements that lead to it,
and the page runs them silently.
"""

from __future__ import annotations

import ast
import html
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import nbformat
from lessons import ROOT, Lesson
from nbconvert.filters import markdown2html

from crmkit.companies import Company, fill, fill_markdown
from crmkit.lesson_texts import blocks
from crmkit.practice import bank, desk, guesses
from crmkit.practice.kinds import Choice, Number
from crmkit.practice.kinds.number import PER_CENT
from crmkit.practice.question import Prediction
from crmkit.practice.quizzes import LETTERS, feedback
from crmkit.practice.reply import as_html
from crmkit.practice.told import told
from crmkit.say import label, say

#: What no explorer of these lessons imports, so that a page need not load it: a test holds it.
WITHOUT = {"scikit-learn", "openpyxl", "et-xmlfile", "narwhals"}
TEXTS = ROOT / "notebooks/workshop"
KINDS = {"goals", "text", "figure", "said", "table", "predict", "explorer", "quiz"}


class WorkshopError(Exception):
    """A workshop text that names something that its lesson does not have."""


@dataclass(frozen=True)
class Piece:
    """One piece of a workshop text: what it is, and what stands behind the ``@word``; of prose the Markdown."""

    kind: str
    words: str


@dataclass
class Page:
    """A lesson's workshop page: its parts, each closed until the prediction before it is answered, and its data."""

    lesson: Lesson
    goals: tuple[str, ...] = ()
    #: The id of the prediction that opens it ("" for the first), and its HTML.
    parts: list[tuple[str, str]] = field(default_factory=list)
    predictions: dict[str, dict[str, Any]] = field(default_factory=dict)
    quiz: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    explorers: list[dict[str, str]] = field(default_factory=list)

    @property
    def steps(self) -> int:
        """How many things there are to do."""
        return len(self.predictions) + len(self.quiz) + len(self.explorers)

    @property
    def data(self) -> dict[str, Any]:
        """Give what the page's script needs."""
        return {
            "lesson": self.lesson.number,
            "predictions": self.predictions,
            "quiz": self.quiz,
            "explorers": self.explorers,
        }


def texts() -> dict[str, Path]:
    """Give the workshop texts that there are, by the name of their lesson."""
    return {path.stem: path for path in sorted(TEXTS.glob("*.md"))}


def pieces(source: str) -> list[Piece]:
    r"""Read a workshop text.

    Examples
    --------
    >>> [(piece.kind, piece.words) for piece in pieces("One,\n\ntwo.\n\n@figure curve\n\nThree.")]
    [('prose', 'One,\n\ntwo.'), ('figure', 'curve'), ('prose', 'Three.')]
    """
    found: list[Piece] = []
    prose: list[str] = []

    def end() -> None:
        if text := "\n".join(prose).strip():
            found.append(Piece("prose", text))
        prose.clear()

    for line in source.splitlines():
        if match := re.match(r"@(\w+) *(.*)$", line):
            if match[1] not in KINDS:
                raise WorkshopError(f"@{match[1]} is none of {', '.join(sorted(KINDS))}")
            end()
            found.append(Piece(match[1], match[2].strip()))
        else:
            prose.append(line)
    end()
    return found


class Maker:
    """Makes a lesson's page from its workshop text and its built notebook."""

    def __init__(self, lesson: Lesson, notebook: Path, source: str) -> None:
        self.page = Page(lesson)
        self._cells = {cell.id: cell for cell in nbformat.read(notebook, as_version=4).cells}
        self._pieces = pieces(source)
        about = bank.of_lesson(lesson.number)
        self._company: Company = desk.own_tables().company
        self._predictions = {asked.id: asked for asked in about.predictions}
        self._questions = told(about.quiz, self._company, f"{lesson.number}-quiz")

    def made(self) -> Page:
        """Make the page."""
        after, body = "", []
        for piece in self._pieces:
            body.append(getattr(self, f"_{piece.kind}")(piece.words))
            if piece.kind == "predict":
                self.page.parts.append((after, "\n".join(body)))
                after, body = piece.words, []
        self.page.parts.append((after, "\n".join(body)))
        return self.page

    def _cell(self, wanted: str) -> Any:
        if wanted not in self._cells:
            raise WorkshopError(f"lesson {self.page.lesson.number} has no cell {wanted!r}")
        return self._cells[wanted]

    def _goals(self, words: str) -> str:
        self.page.goals = tuple(goal.strip() for goal in words.split(";"))
        return ""

    def _prose(self, words: str) -> str:
        return rendered(fill_markdown(words, self._company))

    def _text(self, words: str) -> str:
        wanted, *numbers = words.split()
        source = "".join(self._cell(wanted).source)
        if numbers:
            all_of_it = blocks(source)
            source = "\n\n".join(all_of_it[int(number) - 1] for number in numbers)
        return rendered(source)

    def _figure(self, words: str) -> str:
        return f'<figure class="stored">{self._picture(words)}</figure>'

    def _picture(self, words: str) -> str:
        for output in self._cell(words).get("outputs", []):
            shown = "".join(output.get("data", {}).get("text/html", ""))
            if found := re.search(r'<img class="crmkit-figure".*?>', shown, re.DOTALL):
                return found[0]
        raise WorkshopError(f"{words}: no stored figure")

    def _said(self, words: str) -> str:
        stored = [o for o in self._cell(words).get("outputs", []) if o.output_type == "stream"]
        lines = "".join("".join(output.text) for output in stored).strip().splitlines()
        if not lines:
            raise WorkshopError(f"{words}: nothing printed is stored")
        return f'<p class="counted">{"<br>".join(html.escape(line) for line in lines)}</p>'

    def _table(self, words: str) -> str:
        wanted, *heads = (part.strip() for part in fill(words, self._company).split("|"))
        for output in self._cell(wanted).get("outputs", []):
            shown = "".join(output.get("data", {}).get("text/html", ""))
            if 'class="dataframe' in shown:
                return table(shown, heads, wanted)
            if rows := series("".join(output.get("data", {}).get("text/plain", ""))):
                return table(rows, heads, wanted)
        raise WorkshopError(f"{wanted}: no stored table")

    def _predict(self, words: str) -> str:
        if words not in self._predictions:
            raise WorkshopError(f"lesson {self.page.lesson.number} has no prediction {words!r}")
        asked = self._predictions[words]
        tables = desk.own_tables().of(asked)
        asked = told(asked, self._company)
        answer = (
            asked.kind.read(asked.answer(tables), tables) if asked.answer else self._stored(asked)
        )
        data: dict[str, Any] = {
            "answer": answer,
            "shown": guesses.shown(asked, answer, tables.company),
            "why": as_html(asked.why),
        }
        if isinstance(asked.kind, Choice):
            data |= {"kind": "choice", "options": dict(asked.kind.options)}
        else:
            assert isinstance(asked.kind, Number)
            if asked.kind.unit == tables.company.symbol:
                raise WorkshopError(f"{words} asks for money: the page cannot compare it")
            given, unit = asked.kind.unit, label(asked.kind.unit)
            allowed = max(asked.kind.tolerance, asked.kind.relative * abs(answer))
            data |= {
                "kind": "number",
                "unit": unit,
                "most": allowed + 1e-9 * max(1.0, abs(answer)),  # as kinds.number.near
                "points": given.strip().lower() in PER_CENT,
                "gap": "" if given.startswith("of ") else unit,
            }
        self.page.predictions[words] = data
        return prediction(asked, data)

    def _stored(self, asked: Prediction) -> Any:
        """Read an answer that the lesson works out from the reply that is stored in it."""
        for cell in self._cells.values():
            for output in cell.get("outputs", []):
                said = "".join(output.get("data", {}).get("text/plain", ""))
                if f'reveal("{asked.id}"' not in cell.source or asked.id not in said:
                    continue
                if isinstance(asked.kind, Choice):
                    for key, option in asked.kind.options.items():
                        if f"“{option}”" in said:
                            return key
                elif found := re.search(r" (-?[\d,]+(?:\.\d+)?)", said.splitlines()[1]):
                    return float(found[1].replace(",", ""))
        raise WorkshopError(f"{asked.id}: no stored reply holds its answer")

    def _question(self, number: int) -> str:
        question = self._questions[number - 1]
        name = f"{self.page.lesson.number}-quiz-{number}"
        replies = [feedback(question, place) for place in range(len(question.options))]
        self.page.quiz[name] = [
            {"right": tone == "good", "reply": as_html(words)} for tone, words in replies
        ]
        options = [as_html(option.text) for option in question.options]
        return choices(name, "quiz", say("Question"), as_html(question.prompt), options)

    def _quiz(self, words: str) -> str:
        numbers = [int(number) for number in words.split()]
        strangers = [number for number in numbers if not 1 <= number <= len(self._questions)]
        if strangers:
            raise WorkshopError(
                f"the quiz of lesson {self.page.lesson.number} has no question {strangers[0]}"
            )
        return "\n".join(self._question(number) for number in numbers)

    def _explorer(self, words: str) -> str:
        cell = self._cell(words)
        before = []
        for name, other in self._cells.items():
            if name == words:
                break
            if other.cell_type == "code":
                before.append(other.source)
        code, expression = needed(before, cell.source)
        self.page.explorers.append({"code": code, "expression": expression})
        place = len(self.page.explorers) - 1
        return (
            f'<section class="explorer" data-at="{place}" aria-label="{html.escape(say("Explorer"))}">'
            f'<div class="controls"></div><div class="shown"><figure>{self._picture(words)}</figure>'
            f'<p class="sentence" role="status" aria-live="polite"></p></div>'
            f'<p class="waits" role="status">{html.escape(say("This picture has no controls yet."))}</p></section>'
        )


def rendered(markdown: str) -> str:
    """Render Markdown; a wide table scrolls by itself."""
    return scrolling(markdown2html(markdown))


def scrolling(body: str) -> str:
    """Let tables scroll by themselves, reachable by keyboard."""
    name = html.escape(say("table"))
    return re.sub(
        r"(<table\b.*?</table>)",
        rf'<div class="scroll" tabindex="0" role="region" aria-label="{name}">\1</div>',
        body,
        flags=re.DOTALL,
    )


def series(stored: str) -> str:
    r"""Turn a stored column, which pandas writes as text only, into the rows of a table; "" where it is none.

    Examples
    --------
    >>> series("need\nprice     0.43\nvalue     0.22\nName: share, dtype: float64")
    '<tbody><tr><th>price</th><td>0.43</td></tr><tr><th>value</th><td>0.22</td></tr></tbody>'
    """
    if "dtype: " not in stored:
        return ""
    rows = [re.split(r"\s{2,}", line) for line in stored.splitlines()[:-1]]
    lines = (f"<tr><th>{row[0]}</th><td>{row[1]}</td></tr>" for row in rows if len(row) == 2)
    return f"<tbody>{''.join(lines)}</tbody>"


def table(stored: str, heads: list[str], name: str = "") -> str:
    """Show a stored table under other heads.

    Parameters
    ----------
    stored
        As pandas wrote it.
    heads
        One for each column, the index first. "-" leaves a column out; one that ends in " %" or "(points)" multiplies by
        100.
    name
        For the message where the heads are too many or too few.
    """
    body = re.search(r"<tbody>(.*?)</tbody>", stored, re.DOTALL)
    assert body is not None
    rows: list[list[str]] = []
    for row in re.findall(r"<tr>(.*?)</tr>", body[1], re.DOTALL):
        cells = re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL)
        # Of an index in two levels the first is written once for several rows: its cell is left out, or empty.
        missing = len(rows[0]) - len(cells) if rows else 0
        cells = [*(rows[-1][:missing] if missing else []), *cells]
        rows.append([rows[-1][0] if rows and not cells[0] else cells[0], *cells[1:]])
    if rows and heads[:1] == ["-"] and len(heads) == len(rows[0]) + 1:
        heads = heads[1:]  # `show` leaves row numbers out
    if {len(row) for row in rows} != {len(heads)}:
        raise WorkshopError(f"{name}: {len(heads)} heads for {len(rows[0])} columns")
    kept = [at for at, head in enumerate(heads) if head != "-"]
    top = "".join(
        f'<th scope="col">{html.escape(heads[at].removesuffix(" %"))}</th>' for at in kept
    )
    columns = [_column([row[at] for row in rows], heads[at]) for at in kept]
    lines = []
    for first, *others in zip(*columns, strict=True):
        lines.append(f'<th scope="row">{first}</th>' + "".join(f"<td>{x}</td>" for x in others))
    below = "".join(f"<tr>{line}</tr>" for line in lines)
    head = f'<table class="data"><thead><tr>{top}</tr></thead>'
    return scrolling(f"{head}<tbody>{below}</tbody></table>")


def _column(entries: list[str], head: str) -> list[str]:
    """Write a column of a stored table as a reader writes it: whole numbers without decimals, names without lines."""
    try:
        values = [float(entry.replace(",", "").replace("\N{MINUS SIGN}", "-")) for entry in entries]
    except ValueError:
        named = {"True": say("yes"), "False": say("no")}
        return [named.get(entry, entry.replace("_", " ")) for entry in entries]
    if head.endswith(" %"):
        shown = [f"{100 * value:.0f} %" for value in values]
    elif head.endswith("(points)"):
        shown = [f"{100 * value:+.1f}" for value in values]
    elif all(value.is_integer() for value in values):
        shown = [f"{value:,.0f}" for value in values]
    else:
        shown = entries
    return [text.replace("-", "−") for text in shown]


def prediction(asked: Prediction, data: dict[str, Any]) -> str:
    """Give a prediction as a form."""
    title = say("Predict")
    prompt = as_html(asked.prompt)
    if data["kind"] == "choice":
        options = [as_html(option) for option in data["options"].values()]
        return choices(asked.id, "predict", title, prompt, options, list(data["options"]))
    unit = html.escape(data["unit"])
    return (
        f'<form class="ask predict" data-id="{asked.id}"><fieldset><legend>{title}</legend><p>{prompt}</p>'
        f'<p><label for="guess-{asked.id}">{say("Your guess")}</label> '
        f'<input id="guess-{asked.id}" name="guess" type="text" inputmode="decimal" autocomplete="off" size="8">'
        f" {unit}</p>{_buttons()}</fieldset></form>"
    )


def choices(
    name: str,
    kind: str,
    title: str,
    prompt: str,
    options: list[str],
    values: list[str] | None = None,
) -> str:
    """Give a question with options as a form."""
    values = values or [str(place) for place in range(len(options))]
    rows = "".join(
        f'<label class="option"><input type="radio" name="guess" value="{html.escape(value)}"> '
        f"<span>{LETTERS[place]}) {option}</span></label>"
        for place, (value, option) in enumerate(zip(values, options, strict=True))
    )
    below = _buttons() if kind == "predict" else _reply()
    return (
        f'<form class="ask {kind}" data-id="{name}"><fieldset><legend>{title}</legend><p>{prompt}</p>'
        f"{rows}{below}</fieldset></form>"
    )


def _buttons() -> str:
    return (
        f'<p class="actions"><button class="button keep">{say("Write down my guess")}</button>'
        f'<button type="button" class="button show" hidden>{say("Show the answer")}</button>'
        f'<button type="button" class="button quiet without">{say("Go on without a guess")}</button></p>'
        + _reply()
    )


def _reply() -> str:
    return '<div class="reply" role="status" aria-live="polite"></div>'


def page_words() -> dict[str, str]:
    """Give what workshop.js says, in this process's language; of a guess as `crmkit.practice.guesses` does."""
    return {
        "withUnit": say("{number} {unit}"),
        "quoted": say("“{option}”"),
        "points": say("{number} points"),
        "noGuess": say("You wrote down no guess. It is {answer}."),
        "soItIs": say("You expected {guess}, and so it is."),
        "itIs": say("You expected {guess}. It is {answer}."),
        "close": say("You expected {guess}. It is {answer}: you were close."),
        "timesHigh": say(
            "You expected {guess}. It is {answer}: you were {times:.0f} times too high."
        ),
        "timesLow": say(
            "You expected {guess}. It is {answer}: you were {times:.0f} times too low."
        ),
        "high": say("You expected {guess}. It is {answer}: you were {by} too high."),
        "low": say("You expected {guess}. It is {answer}: you were {by} too low."),
        "kept": say("Written down: {guess}. You can still change it."),
        "pickOne": say("Pick one of them first."),
        "oneNumber": say("Write one number, such as 40."),
        "done": say("{done} of {all} done"),
        "allDone": say("All {all} done"),
        "loading": say(
            "A still picture so far. Your browser is loading what computes it, which takes up to a minute. "
            "Read on meanwhile."
        ),
        "computing": say("A still picture so far. Its figures are being computed."),
        "failed": say("What computes this picture could not be loaded, so it stays still."),
        "noServer": say(
            "This picture stays still, because the page was opened as a file. Opened from a web address, it moves."
        ),
        "saves": say(
            "Your browser saves data, so this picture stays still. To make it move it loads about 70 MB."
        ),
        "again": say("Load it"),
        "roomWaits": say("One moment: what speaks to the room is being loaded."),
        "room_taken": say(
            "You take part. Your guesses and what you pick go to your trainer's computer in this room ({address}), "
            "under a random number."
        ),
        "room_silent": say(
            "Your trainer's computer ({address}) does not answer yet. Go on working: what you answer is sent as soon "
            "as it does."
        ),
        "room_other": say(
            "There is a room at {address}, with another code: compare it letter by letter."
        ),
        "room_closed": say("The room is closed. Nothing is sent."),
        "roomLeft": say(
            "Nothing more is sent. What was sent stays in the room, under a random number."
        ),
    }


def needed(cells: list[str], last: str) -> tuple[str, str]:
    r"""Take from a lesson's cells the statements that the last expression of one cell needs.

    Parameters
    ----------
    cells
        The code before it, in order.
    last
        The cell that ends with the expression.

    Returns
    -------
    tuple of str
        The statements, and the expression.

    Examples
    --------
    >>> before = ["import a, b\nx = a.load()\ny = b.load()", "x['new'] = 1\nprint(x)"]
    >>> print(*needed(before, "z = x\na.show(z)"), sep="\n")
    import a, b
    x = a.load()
    x['new'] = 1
    z = x
    a.show(z)
    """
    statements = [s for cell in cells for s in ast.parse(cell).body] + ast.parse(last).body
    end = statements.pop()
    if not isinstance(end, ast.Expr):
        raise WorkshopError("an explorer's cell ends with the explorer")
    wanted = _read(end)
    kept: list[ast.stmt] = []
    for statement in reversed(statements):
        if _bound(statement) & wanted:
            kept.append(statement)
            wanted |= _read(statement)
    code = "\n".join(ast.unparse(statement) for statement in reversed(kept))
    return code, ast.unparse(end.value)


def _read(statement: ast.AST) -> set[str]:
    return {
        node.id
        for node in ast.walk(statement)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)
    }


def _bound(statement: ast.stmt) -> set[str]:
    """Give the names that a statement makes or changes."""
    found = set()
    for node in ast.walk(statement):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            found.add(node.id)
        elif isinstance(node, ast.Import | ast.ImportFrom):
            found |= {(alias.asname or alias.name).split(".")[0] for alias in node.names}
        elif isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Store):
            inner: ast.expr = node
            while isinstance(inner, ast.Subscript | ast.Attribute):
                inner = inner.value
            if isinstance(inner, ast.Name):
                found.add(inner.id)
    return found
