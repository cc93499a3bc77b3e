"""Plain English: turns of phrase that readers whose second language it is would have to look up, or read twice.

What a reader sees is searched: lessons, exercises, questions, plots and explorers, docstrings, error messages, the
docs, the site and the company files. Comments in code are for its authors and are not. A pattern is kept precise
instead of excusing a file.
"""

from __future__ import annotations

import ast
import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from itertools import accumulate
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).resolve().parents[2]


class Turn(NamedTuple):
    """A turn of phrase that is not to come back."""

    #: A regular expression; a space stands for any white space. Capital letters matter.
    pattern: str
    #: Why a reader stumbles.
    why: str
    #: What to write.
    instead: str
    #: A sentence that has to be found.
    bad: str
    #: A sentence that must not be found.
    good: str


# No or little, at the head of a clause, turns subject and verb round.
_FEW = r"(?:Only (?:then|now|there|here)|Not (?:only|until)|Never|Seldom|Rarely|Nor)"
_VERB = r"(?:am|is|are|was|were|do|does|did|has|have|had|can|could|will|would|must|should|may)"

TURNS = [
    Turn(
        r"\b(?:[Ww]here|[Tt]here|[Hh]ere)(?:of|in|by|upon|unto|with|from|to|after)\b",
        "legal and archaic",
        "of which, in it, by this, after that",
        "The table and the columns therein.",
        "Wherever there is a table, there it is.",
    ),
    Turn(
        r"\b(?:lest|ere|unto|albeit|whilst|amongst|amid|amidst|hitherto|henceforth|forthwith|whence|thence|thrice)\b",
        "archaic",
        "so that ... not, before, to, although, while, among, until now, from now on, from there, three times",
        "Write it down, lest it be forgotten.",
        "There were three; among them the least.",
    ),
    Turn(
        r"\b[Hh]ence\b|\b[Ll]ikewise\b|\b[Tt]hus\b",
        "bookish",
        "so, in the same way",
        "Hence the wider interval.",
        "So the interval is wider.",
    ),
    Turn(
        r"\b[Nn][ao]ught\b",
        "archaic",
        "zero, nothing",
        "The decay must be above nought.",
        "We sought a decay above zero.",
    ),
    Turn(
        r"\b[Rr]eckon(?:s|ed|ing)?\b",
        "dialect, and another word for one thing",
        "compute, expect",
        "The clerk reckons with the shop's figure.",
        "The clerk computes it.",
    ),
    Turn(
        r"\b[Ww]ho(?:so)?ever\b|\b[Ww]homever\b",
        "bookish",
        "anyone who",
        "Whoever buys twice comes back.",
        "However often anyone who buys comes back.",
    ),
    Turn(
        # The clause is the subject of a second verb; a title ("Who buys what") and a question have one verb only.
        r"(?:^|[.:;!*] )Who (?!is |are |was |were |they |it |he |she |we |you |the )[^?.;:,\n]+?,? (?:will|can|may|must"
        r"|should|would|is|are|was|has|gets?|costs?|pays?|spent|needs|wins|loses|begins|stays|comes)\b[^?\n]*[.,;]",
        "a clause without the one it is about",
        "Anyone who, those who, customers who",
        "Who bought lately will buy again, and soon.",
        "Who buys what. Who is right, and who can tell?",
    ),
    Turn(
        r"\b[Bb]y lot\b",
        "archaic",
        "at random",
        "The names were drawn by lot.",
        "The names grew by lots of luck.",
    ),
    Turn(
        r"\b(?:hold|holds|held|holding)\b(?: \w+){0,2} against\b",
        "not what the verb means to most readers",
        "compare with",
        "The estimate is held against the truth.",
        "Levers that pull against each other.",
    ),
    Turn(
        r"\bspeaks? (?:for|against) (?!itself|themselves)",
        "translated: facts do not speak for a claim",
        "is evidence for, points to, is a reason against",
        "Nothing speaks against multiplying.",
        "The figure speaks for itself.",
    ),
    Turn(
        r"\b[Dd]eeds?\b|\b[Pp]urses?\b",
        "archaic",
        "what they do, budget",
        "Check their words by their deeds.",
        "Indeed they pursue it.",
    ),
    Turn(
        r"\bthe like\b(?! button)",
        "archaic",
        "and others, similar, a similar product",
        "duckdb and the like are imported late.",
        "They are the likely ones.",
    ),
    Turn(
        r"\b[Ss]ave for (?!later\b|a |you|each|it|them)|\bsave that (?:it|he|she|they|we|the|there)\b",
        "archaic",
        "except",
        "All is known save for prices.",
        "Save for later; save that file.",
    ),
    Turn(
        r"\b[Aa]new\b|\b[Aa]fresh\b",
        "bookish",
        "again",
        "The customers are drawn anew.",
        "A new draw of the customers, again.",
    ),
    Turn(
        r"\b[Dd]ear(?:er|est)\b|\b(?:is|are|was|too|how|so|as|be|one|buys|or|and) dear\b|\b(?:a|the) dear (?!reader)\w",
        "readers know it from letters only",
        "expensive, costs more",
        "Winning is ten times dearer.",
        "Dear Ms Lindqvist, thank you.",
    ),
    Turn(
        r"\b[Ff]oret[eo](?:ll|lls|lling|ld)\b",
        "sounds of oracles",
        "predict, forecast",
        "The trait foretells a return.",
        "The model predicts a return.",
    ),
    Turn(
        r"\b[Ff]ortnight(?:s|ly)?\b|\btwelvemonth\b",
        "British and dated",
        "two weeks, a year",
        "A fortnight of silence.",
        "Two weeks of silence.",
    ),
    Turn(
        rf"(?:^|[.:;!?*] )(?:{_FEW}(?: \w+,?){{0,6}}? {_VERB} (?:not )?(?:the|it|he|she|they|we|you|one|I|this)"
        r"|Only (?:when|if|after|where|once|by)(?: \w+,?){2,9}? (?:do|does|did|can|will|may) (?:it|they|we|you))\b",
        "subject and verb are turned round",
        "put the subject first: 'The model can only then ...', 'It never ...'",
        "Only then may the two be multiplied.",
        "Only names on the list can have a place on it. Never look back. Only if it is the best.",
    ),
    Turn(
        r"\b[Bb]e (?:it|they) (?:a|an|the|by|in|for|from|on|with|of|good|bad)\b",
        "archaic",
        "whether it is",
        "Every firm, be it a shop or a hotel.",
        "That need not be. It may be their shop.",
    ),
    Turn(
        r"(?:^|[.:;!] )(?:Were|Had|Should) (?:it|he|she|they|we|one|the|a|an|there)\b[^?.\n]*[,.]",
        "a condition without 'if'",
        "if",
        "Were it so, nobody would pay.",
        "Were they changed or moved? Had it rained?",
    ),
    Turn(
        r"\b[Ss]hall\b",
        "dated",
        "will, should",
        "How we shall know.",
        "How we will know, in a shallow bowl.",
    ),
    Turn(
        r"\b(?:stands|stand|stood) in\b(?! (?:line|for))",
        "translated: a figure or a sentence does not stand",
        "is in",
        "The label stands in the header.",
        "The label is in the header; five stand in line.",
    ),
    Turn(
        r"(?:^|[.:;·!] )One (?:may|can|must|should|sees|looks|knows|needs|takes)\b",
        "stiff, and it looks like a number",
        "you, we",
        "One may stop after the explorer.",
        "One of them may stop. The last one can go.",
    ),
    Turn(
        r"\b(?:some|any)(?:body|one)(?: (?:should|must|may|can))? (?:decide|judge|choose)s? who (?:knows|has|is)\b",
        "the relative clause has lost its noun",
        "somebody who knows them decides",
        "Let somebody decide who knows them.",
        "Let somebody who knows them decide who comes.",
    ),
]


def in_python(source: str) -> Iterator[tuple[int, str]]:
    """Give every string of a module, docstrings too, with the line where it begins; fields become ``{}``."""
    left: list[ast.AST] = [ast.parse(source)]
    while left:
        node = left.pop()
        if isinstance(node, ast.JoinedStr):
            yield (
                node.lineno,
                "".join(
                    str(part.value) if isinstance(part, ast.Constant) else "{}"
                    for part in node.values
                ),
            )
        elif isinstance(node, ast.Constant):
            if isinstance(node.value, str):
                yield node.lineno, node.value
        else:
            left.extend(ast.iter_child_nodes(node))


def in_master(source: str) -> Iterator[tuple[int, str]]:
    """Give what a lesson shows, prose and code, paragraph by paragraph; a cell's header is not shown."""
    begun, lines = 1, list[str]()
    for number, line in enumerate([*source.splitlines(), ""], start=1):
        text = re.sub(r"^# ?", "", line)
        if line.startswith("# %%") or not text.strip():
            yield begun, "\n".join(lines)
            begun, lines = number + 1, []
        else:
            lines.append(text)


def in_text(source: str) -> Iterator[tuple[int, str]]:
    """Give a page's paragraphs."""
    begun, lines = 1, list[str]()
    for number, line in enumerate([*source.splitlines(), ""], start=1):
        if line.strip():
            lines.append(line)
        else:
            yield begun, "\n".join(lines)
            begun, lines = number + 1, []


def pages() -> Iterator[Path]:
    """Give every file that holds what a reader sees."""
    for pattern in (
        *("notebooks/source/*.py", "exercises/source/*.py", "crmkit/**/*.py", "tools/**/*.py"),
        *("*.md", "docs/**/*.md", "datasets/**/*.md", ".github/**/*.md", ".github/**/*.yml"),
        *("crmkit/world/companies/*.toml", "crmkit/practice/glossary/*.csv", "tools/site/*.j2"),
        *("tools/site/*.js", "tools/lesson_template/*", "docs/hub/*", "CITATION.cff", "Makefile"),
    ):
        yield from (path for path in sorted(ROOT.glob(pattern)) if path.is_file())


def texts(path: Path) -> Iterator[tuple[int, str]]:
    """Give a file's texts, each with the line where it begins."""
    source = path.read_text(encoding="utf-8")
    if path.suffix != ".py":
        return in_text(source)
    return in_master(source) if path.parent.name == "source" else in_python(source)


_TESTS = [re.compile(turn.pattern.replace(" ", r"\s+"), re.MULTILINE) for turn in TURNS]
#: Between two texts, so that no turn begins in one and ends in the next.
_BETWEEN = "\n\0\n"


def faults(place: str, found: Iterable[tuple[int, str]]) -> list[str]:
    """Name each turn in these texts: file, line, words, and what to write."""
    found = sorted(found)
    starts = list(accumulate((len(text) + len(_BETWEEN) for _, text in found), initial=0))
    whole = _BETWEEN.join(text for _, text in found)  # one search a file is faster than one a text
    said = []
    for turn, test in zip(TURNS, _TESTS, strict=True):
        for hit in test.finditer(whole):
            index = bisect_right(starts, hit.start()) - 1
            line = found[index][0] + whole.count("\n", starts[index], hit.start())
            words = " ".join(hit.group().split())
            said.append(f"{place}:{line}: '{words}' ({turn.why}); write: {turn.instead}")
    return said


def test_everything_that_a_reader_sees_is_in_plain_words():
    said = [fault for path in pages() for fault in faults(str(path.relative_to(ROOT)), texts(path))]
    assert not said, "\n".join(said)


@pytest.mark.parametrize("turn", TURNS, ids=lambda turn: turn.bad)
def test_each_turn_is_found_and_its_plain_neighbour_is_not(turn):
    test = re.compile(turn.pattern.replace(" ", r"\s+"), re.MULTILINE)
    assert test.search(turn.bad)
    assert not test.search(turn.good)


def test_a_planted_turn_is_named_with_its_line():
    said = faults(
        "a.py", in_python('x = 1\n\n\ndef f():\n    """Do it.\n\n    Drawn\n    by lot.\n    """\n')
    )
    assert said == ["a.py:8: 'by lot' (archaic); write: at random"]
    assert faults("b.md", in_text("# A\n\nOne line.\nDrawn by\nlot.\n")) == [
        "b.md:4: 'by lot' (archaic); write: at random"
    ]
    master = '# %% [markdown] label="drawn-by-lot"\n# # A\n#\n# Fine.\n# How we shall know.\n'
    assert [fault[:6] for fault in faults("c.py", in_master(master))] == ["c.py:5"]
    assert not faults("d.py", in_python("# drawn by lot\nx = f'{1} drawn at random'\n"))
