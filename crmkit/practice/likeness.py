"""Texts that are much alike, and what is known of which came first.

Two texts are compared by their *shingles*, all runs of three words (Broder, 1997, "On the resemblance and containment
of documents"); the share is the containment: of the shorter text's shingles, how many the longer one has too. So order
does not matter, nor does what one of them adds. Figures do not count (everybody's are their own), nor does what the
question itself says, nor a phrase that a third of the class uses.

A hundred words of which five are changed keep about 85 % of their shingles. `LEAST_SHARE` lies far below that and far
above what honest texts have in common: ``python -m benchmarks likeness`` measures both, docs/grading.md has the result.

That two texts are alike says nothing about who did what. What is known is said beside: whose data the figures in them
fit, and which came first.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import combinations

from crmkit.practice.moments import lasted
from crmkit.say import listed, say

#: From this share of shingles in common on, two texts are named.
LEAST_SHARE = 0.5
#: A text with fewer shingles of its own is compared as a whole: too little is left to speak of a share.
LEAST_SHINGLES = 12
_WORDS_IN_SHINGLE, _CHARACTERS_IN_SHINGLE = 3, 5
#: A phrase that more of the class use is common speech.
_COMMON_SHARE, _COMMON_COUNT = 1 / 3, 5
_TOKEN = re.compile(r"[\u3400-\u9fff]|\d+(?:[.,]\d+)*|[^\W\d_]+(?:['’][^\W\d_]+)?")
_FIGURE = re.compile(
    r"(?<![\w.,])\d{1,3}(?:,\d{3})+(?:\.\d+)?(?!\w)|(?<![\w.,])\d+(?:[.,]\d+)?(?!\w)"
)


@dataclass(frozen=True)
class Text:
    """One student's text: the words, the figures that the student's own data give, when it came."""

    words: str
    own: tuple[float, ...] = ()
    came: dt.datetime | None = None


@dataclass(frozen=True)
class Alike:
    """Two texts that are much alike.

    Parameters
    ----------
    one, other
        The two students.
    share
        Of the shorter text's shingles, how many the other has.
    passage
        The longest run of words that both have.
    fits_one, fits_other
        Figures in both texts that fit only the data of one, or of the other.
    first
        The student whose text came first, and by how long; empty where that is not known.
    """

    one: str
    other: str
    share: float
    passage: str = ""
    fits_one: tuple[str, ...] = ()
    fits_other: tuple[str, ...] = ()
    first: str = ""
    by: dt.timedelta | None = None

    def known(self, names: Mapping[str, str] | None = None) -> str:
        """Say what is known of which came first, and accuse nobody."""
        called = names or {}
        said = [
            say(
                "figures in both fit only the data of {student} ({figures})",
                student=called.get(who, who),
                figures=listed(figures),
            )
            for who, figures in ((self.one, self.fits_one), (self.other, self.fits_other))
            if figures
        ]
        if self.first and self.by is not None:
            said.append(
                say(
                    "the text of {student} came {span} earlier",
                    student=called.get(self.first, self.first),
                    span=lasted(self.by),
                )
            )
        return "; ".join(said) or say("nothing is known of which came first")


def tokens(text: str) -> list[str]:
    """Split a text into words; a Chinese character is one, a figure is ``#``.

    Examples
    --------
    >>> tokens("Call the 31.4 % first, don't wait: 先打电话")
    ['call', 'the', '#', 'first', "don't", 'wait', '先', '打', '电', '话']
    """
    return [
        "#" if token[0].isdigit() else token.replace("’", "'")
        for token in _TOKEN.findall(text.casefold())
    ]


def shingles(text: str) -> set[tuple[str, ...]]:
    """Give all runs of three words of a text, or of five characters of one that is mostly Chinese."""
    found = tokens(text)
    chinese = sum("\u3400" <= token <= "\u9fff" for token in found)
    size = _CHARACTERS_IN_SHINGLE if 2 * chinese > len(found) else _WORDS_IN_SHINGLE
    return {tuple(found[i : i + size]) for i in range(len(found) - size + 1)}


def share_in_common(one: set[tuple[str, ...]], other: set[tuple[str, ...]]) -> float:
    """Give the containment: of the smaller set, the share that the other one has.

    Examples
    --------
    >>> share_in_common(shingles("a b c d"), shingles("x a b c d e f"))
    1.0
    """
    least = min(len(one), len(other))
    return len(one & other) / least if least else 0.0


def alike(texts: Mapping[str, Text], said_before: Iterable[str] = ()) -> list[Alike]:
    """Find the pairs of texts that are much alike.

    Parameters
    ----------
    texts
        Student -> text, of one question.
    said_before
        What everybody has read: the question and its rubric.

    Returns
    -------
    list of Alike
        Most alike first.
    """
    read: set[tuple[str, ...]] = set().union(*(shingles(text) for text in said_before))
    own = {name: shingles(text.words) - read for name, text in texts.items()}
    used = Counter(shingle for found in own.values() for shingle in found)
    common = {
        shingle
        for shingle, count in used.items()
        if count >= _COMMON_COUNT and count > _COMMON_SHARE * len(texts)
    }
    own = {name: found - common for name, found in own.items()}
    whole = {name: tokens(text.words) for name, text in texts.items()}
    pairs = []
    for one, other in combinations(sorted(texts), 2):
        if whole[one] == whole[other] and whole[one]:
            share = 1.0
        elif min(len(own[one]), len(own[other])) < LEAST_SHINGLES:
            continue
        else:
            share = share_in_common(own[one], own[other])
        if share >= LEAST_SHARE:
            pairs.append(_described(one, other, share, texts))
    return sorted(pairs, key=lambda pair: (-pair.share, pair.one, pair.other))


def _described(one: str, other: str, share: float, texts: Mapping[str, Text]) -> Alike:
    mine, theirs = texts[one], texts[other]
    both = [
        f for f in dict.fromkeys(_FIGURE.findall(mine.words)) if f in _FIGURE.findall(theirs.words)
    ]
    fits_one = tuple(f for f in both if fits(f, mine.own) and not fits(f, theirs.own))
    fits_other = tuple(f for f in both if fits(f, theirs.own) and not fits(f, mine.own))
    first, by = "", None
    # A platform writes down a whole folder within the same minute.
    if mine.came and theirs.came and abs(mine.came - theirs.came) >= dt.timedelta(minutes=1):
        first = one if mine.came < theirs.came else other
        by = abs(mine.came - theirs.came)
    return Alike(
        one, other, share, longest_run(mine.words, theirs.words), fits_one, fits_other, first, by
    )


def longest_run(one: str, other: str, most: int = 40) -> str:
    """Give the longest run of words that two texts share, as the first has it.

    Examples
    --------
    >>> longest_run("Well: call them first, then wait.", "I would call them first and hope.")
    'call them first'
    """
    places = [found.span() for found in _TOKEN.finditer(one.casefold())]
    mine, theirs = tokens(one), tokens(other)
    match = SequenceMatcher(None, mine, theirs, autojunk=False).find_longest_match()
    if not match.size or len(one.casefold()) != len(one):
        return " ".join(mine[match.a : match.a + min(match.size, most)])
    last = match.a + min(match.size, most) - 1
    return " ".join(one[places[match.a][0] : places[last][1]].split())


def fits(figure: str, values: Sequence[float]) -> bool:
    """Tell whether a figure, as written, is one of a student's own, rounded as it is written.

    A figure of fewer than three digits, or one that may be a year, fits by chance and counts for nobody.

    Examples
    --------
    >>> fits("31.4", [31.42]), fits("31.4", [0.3142]), fits("31.5", [31.42]), fits("12", [12.0]), fits("2025", [2025.0])
    (True, True, False, False, False)
    """
    plain = (
        figure.replace(",", "")
        if re.fullmatch(r"\d{1,3}(,\d{3})+(\.\d+)?", figure)
        else figure.replace(",", ".")
    )
    digits = len(plain.partition(".")[2])
    if len(plain.replace(".", "").lstrip("0")) < 3 or re.fullmatch(r"(19|20)\d\d", plain):
        return False
    number = float(plain)
    return any(
        abs(round(abs(value) * scale, digits) - number) < 10**-digits / 1000
        for value in values
        for scale in (1, 100)
    )


def figures_in(text: str) -> list[float]:
    """Read the figures of a text.

    Examples
    --------
    >>> figures_in("£38,304 of 31.4 %, or 0,5")
    [38304.0, 31.4, 0.5]
    """
    found = []
    for figure in _FIGURE.findall(text):
        thousands = re.fullmatch(r"\d{1,3}(,\d{3})+(\.\d+)?", figure)
        found.append(float(figure.replace(",", "") if thousands else figure.replace(",", ".")))
    return found
