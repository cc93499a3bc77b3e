"""The texts of a lesson's notebook, and the same notebook in another language.

A message is one block of Markdown (what stands between two empty lines), one string that a cell shows (printed, a
title, alt text), or one comment. Its context is the lesson and the cell's lasting label: ``20/pyramid``,
``exercises/20/20-1``. A cell's code is the same in every language but for these strings and comments.

A string with fields keeps them: ``print(f"{len(orders):,} orders")`` is the message ``{len(orders):,} orders``, in
which a translator may move the field and must not change it (but for a date's format: ``%d %B %Y``).
"""

from __future__ import annotations

import ast
import copy
import io
import re
import tokenize
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from crmkit.say import translated

#: Calls whose strings are shown, by name or by method; of `reveal` all but the first (the id of the guess).
_SHOWN = {
    *(
        "print",
        "reveal",
        "set_title",
        "set_xlabel",
        "set_ylabel",
        "suptitle",
        "text",
        "annotate",
        "legend",
    ),
}
#: Keywords whose strings are shown, in any call.
_KEYWORDS = {"alt", "title", "label", "xlabel", "ylabel", "subtitle", "note", "caption"}
#: Names whose strings are prose of the reader: the model answers of written questions.
_PROSE = {"answer"}
_STRING = re.compile(
    r"""(?P<prefix>[A-Za-z]{0,2})(?P<quote>\"\"\"|'''|"|')(?P<body>(?:\\.|(?!(?P=quote)).)*)(?P=quote)""",
    re.DOTALL,
)
_FIELD = re.compile(r"\{[^{}]*\}")
#: A date's format, which is each language's own; ``:.0%`` is none.
_DATE = re.compile(r":[^:{}]*%[A-Za-z][^{}]*\}$")


@dataclass(frozen=True)
class Piece:
    """A string or a comment of a cell's code: where it stands (characters), its message, and how it is written."""

    start: int
    end: int
    message: str
    kind: str  # "string", "f-string", "comment"


def blocks(markdown: str) -> list[str]:
    r"""Split Markdown at its empty lines; a fenced block stays whole.

    Examples
    --------
    >>> blocks("## A claim\n\nProse\nof two lines.\n\n```\na\n\nb\n```")
    ['## A claim', 'Prose\nof two lines.', '```\na\n\nb\n```']
    """
    found: list[list[str]] = [[]]
    fenced = False
    for line in markdown.splitlines():
        fenced ^= line.lstrip().startswith("```")
        if line.strip() or fenced:
            found[-1].append(line.rstrip())
        elif found[-1]:
            found.append([])
    return ["\n".join(lines) for lines in found if lines]


def fields(message: str) -> list[str]:
    """Give the fields of a message in order of the alphabet: a translation must have the same.

    Examples
    --------
    >>> fields("{b:,} of {a}")
    ['{a}', '{b:,}']
    >>> fields("{day:%d %B %Y}") == fields("{day:%Y年%m月%d日}")
    True
    """
    found = _FIELD.findall(message.replace("{{", "").replace("}}", ""))
    return sorted(_DATE.sub(":date}", field) for field in found)


def pieces(source: str) -> list[Piece]:
    r"""Find the strings and comments of a cell that a reader reads, in order.

    Parameters
    ----------
    source : str
        Python.

    Returns
    -------
    list of Piece
        Empty where the source cannot be parsed.

    Examples
    --------
    >>> [piece.message for piece in pieces('n = load("orders")  # one row an order\nprint(f"{len(n):,} orders", "n")')]
    ['one row an order', '{len(n):,} orders']
    """
    try:
        tree = ast.parse(source)
    except SyntaxError:
        return []
    starts = _line_starts(source)
    found = [*_comments(source, starts)]
    for node in _shown(tree):
        begin = _place(source, starts, node.lineno, node.col_offset)
        end = _place(source, starts, node.end_lineno or 0, node.end_col_offset or 0)
        message, kind = _message(node, source[begin:end])
        if _says_something(message):
            found.append(Piece(begin, end, message, kind))
    return sorted(found, key=lambda piece: piece.start)


def _line_starts(source: str) -> list[int]:
    starts = [0]
    for line in source.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    return starts


def _place(source: str, starts: list[int], line: int, column: int) -> int:
    """Turn a line and a column in bytes, as `ast` counts, into a place in the text."""
    text = source[starts[line - 1] : starts[line]]
    return starts[line - 1] + len(text.encode()[:column].decode())


def _comments(source: str, starts: list[int]) -> Iterator[Piece]:
    """Find comments in words; marks and lines of code that are commented out are none."""
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type != tokenize.COMMENT:
            continue
        text = token.string.lstrip("#").strip()
        try:
            only_name = isinstance(getattr(ast.parse(text).body[0], "value", None), ast.Name)
            if not only_name:
                continue
        except (SyntaxError, IndexError, ValueError):
            pass
        if _says_something(text) and not text.startswith(("noqa", "type:")):
            begin = starts[token.start[0] - 1] + token.start[1]
            yield Piece(begin, begin + len(token.string), text, "comment")


def _shown(tree: ast.Module) -> Iterator[ast.expr]:
    """Find the strings that stand where a reader sees them."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else None
            name = node.func.id if isinstance(node.func, ast.Name) else name
            if name in _SHOWN:
                for argument in node.args[name == "reveal" :]:
                    yield from _strings(argument)
            for keyword in node.keywords:
                if keyword.arg in _KEYWORDS:
                    yield from _strings(keyword.value)
        elif isinstance(node, ast.Assign):
            names = {target.id for target in node.targets if isinstance(target, ast.Name)}
            if names & _PROSE:
                yield from (text for text in _strings(node.value) if _is_prose(text))
        elif isinstance(node, ast.Expr):
            yield from _strings(node.value)


def _strings(node: ast.expr) -> Iterator[ast.expr]:
    """Find the strings of an expression: of both branches of a choice, of a list, of a sum."""
    if isinstance(node, ast.JoinedStr) or (
        isinstance(node, ast.Constant) and isinstance(node.value, str)
    ):
        yield node
    elif isinstance(node, ast.IfExp):
        yield from _strings(node.body)
        yield from _strings(node.orelse)
    elif isinstance(node, ast.BinOp):
        yield from _strings(node.left)
        yield from _strings(node.right)
    elif isinstance(node, ast.List | ast.Tuple):
        for part in node.elts:
            yield from _strings(part)


def _is_prose(node: ast.expr) -> bool:
    return isinstance(node, ast.JoinedStr) or (
        isinstance(node, ast.Constant) and len(str(node.value).split()) > 4
    )


def _says_something(message: str) -> bool:
    return re.search(r"[^\W\d_]{2}", _FIELD.sub("", message)) is not None


def _message(node: ast.expr, written: str) -> tuple[str, str]:
    """Give a string's message and kind; of an f-string the text as it is written, so that its fields can be kept."""
    if isinstance(node, ast.Constant):
        return str(node.value), "string"
    parts = []
    for token in _STRING.finditer(written):
        body = token["body"]
        if "f" not in token["prefix"].lower():
            body = body.replace("{", "{{").replace("}", "}}")
        parts.append(body)
    return "".join(parts), "f-string"


def _written(message: str, piece: Piece) -> str:
    """Write a translated message as Python, in place of a piece."""
    if piece.kind == "comment":
        return f"# {' '.join(message.split())}"
    if piece.kind == "string":
        text = message.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
        return f'"{text}"'
    inside = "".join(_FIELD.findall(message))
    quote = next(mark for mark in ('"', "'", '"""') if mark not in inside)
    # Outside the fields, the quotation mark that ends the string is not free.
    parts = re.split(r"(\{[^{}]*\})", message)
    text = "".join(
        part if _FIELD.fullmatch(part) else part.replace(quote, f"\\{quote}") for part in parts
    )
    text = text.replace("\n", "\\n")
    return f"f{quote}{text}{quote}"


def messages(cells: list[dict[str, Any]], where: str) -> list[tuple[str, str]]:
    """List a notebook's messages: context and text, in order, each once.

    Parameters
    ----------
    cells : list of dict
        A notebook's cells, with their texts' fields (``{company.name}``) unfilled or kept beside them.
    where : str
        Lesson or exercises: ``"20"``, ``"exercises/20"``.

    Examples
    --------
    >>> messages([{"cell_type": "markdown", "id": "title", "metadata": {}, "source": "# Half"}], "20")
    [('20/title', '# Half')]
    """
    found: dict[tuple[str, str], None] = {}
    for cell in cells:
        source = text_with_fields(cell)
        texts = (
            blocks(source)
            if cell["cell_type"] == "markdown"
            else [piece.message for piece in pieces(source)]
        )
        for text in texts:
            found[f"{where}/{cell['id']}", text] = None
    return list(found)


def text_with_fields(cell: dict[str, Any]) -> str:
    """Give a cell's source before a company's words were put into it (see `crmkit.companies.tell`)."""
    source = cell["source"] if isinstance(cell["source"], str) else "".join(cell["source"])
    return str(cell["metadata"].get("crmkit", {}).get("text", source))


def from_catalogue(context: str, text: str) -> str:
    """Look a lesson's message up in the catalogue of the reader's language."""
    return translated(text, context=context, domain="lessons")


def retold(
    notebook: dict[str, Any], where: str, look_up: Callable[[str, str], str] = from_catalogue
) -> dict[str, Any]:
    r"""Give a lesson's notebook in the reader's language, its company's fields unfilled, its outputs as they were.

    Parameters
    ----------
    notebook : dict
        As ``json.load`` reads an ``.ipynb``, with the cells' labels as their ids. It is not changed.
    where : str
        Lesson or exercises: ``"20"``, ``"exercises/20"``.
    look_up : callable, optional
        From context and English text to the translation; without one, it gives the English back.

    Returns
    -------
    dict
        The same cells; what has no translation stays English.

    Examples
    --------
    >>> cell = {"cell_type": "code", "id": "sum", "metadata": {}, "source": 'print("a sum")  # two numbers'}
    >>> retold({"cells": [cell]}, "20", lambda context, text: text.upper())["cells"][0]["source"]
    'print("A SUM")  # TWO NUMBERS'
    """
    told = copy.deepcopy(notebook)
    for cell in told["cells"]:
        context = f"{where}/{cell.get('id', '')}"
        source = text_with_fields(cell)
        if cell["cell_type"] == "markdown":
            cell["source"] = "\n\n".join(look_up(context, block) for block in blocks(source))
        elif cell["cell_type"] == "code":
            for piece in reversed(pieces(source)):
                new = look_up(context, piece.message)
                if new != piece.message:
                    source = source[: piece.start] + _written(new, piece) + source[piece.end :]
            cell["source"] = source
        else:
            continue
        kept = cell["metadata"].get("crmkit", {})
        kept.pop("text", None)  # `tell` will keep it again
        if not kept:
            cell["metadata"].pop("crmkit", None)
    return told


def _field(part: ast.FormattedValue) -> str:
    """Describe a field of an f-string; a date's format is each language's own."""
    format_spec = ast.unparse(part.format_spec) if part.format_spec else ""
    if re.search(r"%[A-Za-z]", format_spec):
        format_spec = "date"
    return f"{ast.dump(part.value)}!{part.conversion}:{format_spec}"


def skeleton(source: str) -> str:
    """Give a cell's code without its strings' words and its comments: equal in all languages.

    Examples
    --------
    >>> skeleton('print(f"{a} of {b}")  # so') == skeleton('print(f"{b} 之 {a}")')
    True
    >>> skeleton('print(f"{a} of {b}")') == skeleton('print(f"{a} of {a}")')
    False
    """

    class Blank(ast.NodeTransformer):
        def visit_Constant(self, node: ast.Constant) -> ast.Constant:
            return ast.Constant("") if isinstance(node.value, str) else node

        def visit_JoinedStr(self, node: ast.JoinedStr) -> ast.Constant:
            parts = [_field(part) for part in node.values if isinstance(part, ast.FormattedValue)]
            return ast.Constant("".join(sorted(parts)))

    return ast.dump(Blank().visit(ast.parse(source)))
