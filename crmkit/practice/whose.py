"""Whose a hand-in is, by its name: learning platforms write names, numbers and addresses in ways of their own."""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

#: The shortest name, in letters, that is looked for anywhere in a hand-in's name; shorter ones only at its beginning.
_SHORTEST = 3
_MOST_WORDS = 4  # of a name whose words a platform may have joined in any order


class Known(Protocol):
    """What of a student is asked here."""

    @property
    def id(self) -> str:
        """The name of the folder."""

    @property
    def name(self) -> str:
        """The name as written."""

    @property
    def given(self) -> Mapping[str, str]:
        """The roster's other columns."""


@dataclass(frozen=True)
class _Key:
    words: tuple[str, ...]
    any_order: bool = False

    @property
    def size(self) -> int:
        # A Chinese character says as much as two letters.
        return sum(len(w) + len(re.findall(r"[\u3400-\u9fff]", w)) for w in self.words)


def plain_words(text: str) -> tuple[str, ...]:
    """Split a name into words without accents, capitals and punctuation.

    Examples
    --------
    >>> plain_words("O'Brien, Siobhán_991234")
    ('o', 'brien', 'siobhan', '991234')
    >>> plain_words("王芳-20231105")
    ('王芳', '20231105')
    """
    folded = unicodedata.normalize("NFKD", text.casefold())
    bare = unicodedata.normalize("NFC", "".join(c for c in folded if not unicodedata.combining(c)))
    return tuple(re.findall(r"[^\W\d_]+|\d+", bare))


def keys_of(students: Iterable[Known]) -> dict[str, list[_Key]]:
    """Give for each student what would name them: id, name, and whatever of the roster is theirs alone.

    Parameters
    ----------
    students
        With ``id``, ``name`` and ``given``, the roster's other columns.
    """
    students = list(students)
    shared: dict[str, set[str]] = {}
    for student in students:
        for value in student.given.values():
            for part in {value.casefold(), value.casefold().partition("@")[0]}:
                shared.setdefault(part, set()).add(student.id)
    keys: dict[str, list[_Key]] = {}
    for student in students:
        own = [_Key(plain_words(student.id)), _Key(plain_words(student.name), any_order=True)]
        for value in student.given.values():
            # A group or a course of study is many people's; an address or a login is one's own.
            for part in {value.casefold(), value.casefold().partition("@")[0]}:
                if shared[part] == {student.id}:
                    own.append(_Key(plain_words(part)))
        keys[student.id] = [key for key in own if key.words]
    return keys


def fitting(name: str, keys: Mapping[str, Sequence[_Key]]) -> list[str]:
    """Name the students whom a hand-in's name fits best: one, several where it cannot be told, or none.

    Examples
    --------
    >>> from crmkit.practice.roster import Student
    >>> keys = keys_of([Student("9", "Siobhán O'Brien"), Student("10", "Li Wei", {"email": "lw7@example.org"})])
    >>> fitting("O'Brien, Siobhán_991234_assignsubmission_file_", keys), fitting("obriensiobhan_LATE_20_who", keys)
    (['9'], ['9'])
    >>> fitting("Assignment 20_lw7_attempt_2026-11-20", keys), fitting("holiday photos", keys)
    (['10'], [])
    """
    words = plain_words(name)
    found = {
        student: max((_fit(words, key) for key in own), default=0) for student, own in keys.items()
    }
    best = max(found.values(), default=0)
    return [student for student, size in found.items() if size == best] if best else []


def _fit(words: tuple[str, ...], key: _Key) -> int:
    """Tell how many letters of a name a key explains; 0 where it does not fit."""
    length = len(key.words)
    if key.size < _SHORTEST:
        begins = words[:length] == key.words
        return key.size if begins else 0
    for at in range(len(words) - length + 1):
        window = words[at : at + length]
        if window == key.words or (key.any_order and sorted(window) == sorted(key.words)):
            return key.size
    if key.any_order and 1 < length <= _MOST_WORDS:
        joined = {"".join(order) for order in itertools.permutations(key.words)}
        if joined & set(words):
            return key.size
    return 0
