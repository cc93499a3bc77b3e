"""Catalogues of translations: read, brought up to date, compiled. The build hook of the wheel uses this file too.

locale/zh_CN/edition.toml    the language's name and what of the course is whole in it
locale/zh_CN/lesson_20.po    lesson 20: its cells, its exercises, its questions and quiz
locale/zh_CN/crmkit.po       what the package, the command line and the site say
crmkit/locale/zh_CN/LC_MESSAGES/crmkit.mo, lessons.mo    compiled from them, not committed
"""

from __future__ import annotations

import difflib
import os
import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import polib

ROOT = Path(__file__).resolve().parents[1]
PLURALS = {"zh_CN": "nplurals=1; plural=0;"}
#: The context of a lesson's cell, which only the building of notebooks looks up.
CELL = re.compile(r"(exercises/)?\d\d[b-z]?/")


@dataclass(frozen=True)
class Message:
    """One thing to translate: where it belongs, its English, its plural's English, and where it is written."""

    context: str
    text: str
    plural: str = ""
    places: tuple[str, ...] = ()

    @property
    def key(self) -> tuple[str, str]:
        """What a catalogue knows it by."""
        return self.context, self.text


@dataclass(frozen=True)
class Edition:
    """What a language's ``edition.toml`` says."""

    language: str
    name: str
    lessons: tuple[str, ...]
    places: tuple[str, ...]
    everyday: frozenset[str]

    def covers(self, entry: polib.POEntry) -> bool:
        """Whether an entry must be translated: any of its places is declared, or its file is a lesson's."""
        return not entry.occurrences or any(
            place.startswith(self.places) for place, _ in entry.occurrences
        )


def languages(root: Path = ROOT) -> list[str]:
    """List the languages that have catalogues."""
    return sorted(path.parent.name for path in (root / "locale").glob("*/edition.toml"))


def edition(language: str, root: Path = ROOT) -> Edition:
    """Read what a language declares of itself."""
    text = (root / "locale" / language / "edition.toml").read_text(encoding="utf-8")
    said = tomllib.loads(text)
    return Edition(
        language,
        said["name"],
        tuple(said.get("lessons", [])),
        tuple(said.get("places", [])),
        frozenset(said.get("everyday", [])),
    )


def empty(language: str) -> polib.POFile:
    """Make a catalogue without entries and without dates."""
    book = polib.POFile(wrapwidth=100)
    book.metadata = {
        "Language": language,
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": PLURALS.get(language, "nplurals=2; plural=(n != 1);"),
    }
    return book


def read(path: Path, language: str) -> polib.POFile:
    """Read a catalogue; one that is not there is empty."""
    return polib.pofile(str(path), wrapwidth=100) if path.exists() else empty(language)


def merged(old: polib.POFile, messages: Iterable[Message], language: str) -> polib.POFile:
    """Bring a catalogue up to date with the English messages.

    A changed English text keeps its translation as outdated (``fuzzy``, with the old English beside it): the most
    similar old text of the same context is taken. A translation whose English is gone stays at the file's end as
    obsolete, in case it comes back.

    Parameters
    ----------
    old : POFile
        The catalogue as it is; it is not changed.
    messages : iterable of Message
        All that belong in it, in order; the same key twice becomes one entry with several places.
    language : str
        For the head of the file.
    """
    wanted: dict[tuple[str, str], Message] = {}
    for message in messages:
        before = wanted.get(message.key)
        places = (before.places if before else ()) + message.places
        plural = message.plural or (before.plural if before else "")
        wanted[message.key] = Message(message.context, message.text, plural, places)
    known = {(entry.msgctxt or "", entry.msgid): entry for entry in old}
    gone = {key: entry for key, entry in known.items() if key not in wanted and _has_words(entry)}
    new = empty(language)
    for key, message in wanted.items():
        entry = polib.POEntry(
            msgid=message.text,
            msgid_plural=message.plural,
            msgctxt=message.context or None,
            occurrences=[(place, "") for place in dict.fromkeys(message.places)],
        )
        kept = known.get(key)
        if kept is not None:
            entry.flags = [flag for flag in kept.flags if flag == "fuzzy"]
            entry.previous_msgid = kept.previous_msgid if entry.flags else None
            entry.tcomment = kept.tcomment
        else:
            kept = _most_like(message, gone)
            if kept is not None:
                entry.flags = ["fuzzy"]
                entry.previous_msgid = kept.msgid
                entry.tcomment = kept.tcomment
                gone.pop((kept.msgctxt or "", kept.msgid))
        if kept is not None:
            if message.plural:
                entry.msgstr_plural = dict(kept.msgstr_plural) or {0: kept.msgstr}
            else:
                entry.msgstr = kept.msgstr or next(iter(kept.msgstr_plural.values()), "")
        elif message.plural:
            entry.msgstr_plural = dict.fromkeys(range(_forms(language)), "")
        new.append(entry)
    for entry in gone.values():
        new.append(
            polib.POEntry(
                msgid=entry.msgid, msgctxt=entry.msgctxt, msgstr=entry.msgstr, obsolete=True
            )
        )
    return new


def _forms(language: str) -> int:
    return int(re.search(r"nplurals=(\d)", PLURALS.get(language, "nplurals=2"))[1])  # type: ignore[index]


def _has_words(entry: polib.POEntry) -> bool:
    return bool(entry.msgstr or any(entry.msgstr_plural.values()))


def _most_like(
    message: Message, gone: dict[tuple[str, str], polib.POEntry]
) -> polib.POEntry | None:
    """Find the old text that a new one was probably made of."""
    same = [e for e in gone.values() if (e.msgctxt or "") == message.context]
    need = 0.4 if message.context and message.context != "label" else 0.75
    best, found = 0.0, None
    for entry in same:
        like = difflib.SequenceMatcher(None, entry.msgid, message.text, autojunk=False)
        if like.real_quick_ratio() > best and like.quick_ratio() > best:
            ratio = like.ratio()
            if ratio > best:
                best, found = ratio, entry
    return found if best >= need else None


def outdated(entry: polib.POEntry) -> bool:
    """Whether the English has changed since it was translated."""
    return entry.fuzzy and not entry.obsolete


def missing(entry: polib.POEntry) -> bool:
    """Whether there is no translation, or not of every form."""
    if entry.obsolete:
        return False
    forms = list(entry.msgstr_plural.values())
    return not (all(forms) if entry.msgid_plural and forms else entry.msgstr)


def compile_all(root: Path = ROOT) -> list[Path]:
    """Compile every language's catalogues into the package: the same bytes for the same catalogues."""
    made = []
    for language in languages(root):
        books = {"crmkit": empty(language), "lessons": empty(language)}
        seen: set[tuple[str, str]] = set()
        for path in sorted((root / "locale" / language).glob("*.po")):
            for entry in read(path, language):
                key = (entry.msgctxt or "", entry.msgid)
                if entry.obsolete or entry.fuzzy or missing(entry) or key in seen:
                    continue
                seen.add(key)
                domain = "lessons" if CELL.match(entry.msgctxt or "") else "crmkit"
                books[domain].append(entry)
        folder = root / "crmkit/locale" / language / "LC_MESSAGES"
        folder.mkdir(parents=True, exist_ok=True)
        for domain, book in books.items():
            path = folder / f"{domain}.mo"
            data = book.to_binary()
            if not path.exists() or path.read_bytes() != data:
                part = path.with_suffix(f".{os.getpid()}.part")  # several tests may compile at once
                part.write_bytes(data)
                part.replace(path)
            made.append(path)
    return made
