"""What crmkit says to its reader, in the reader's language.

English is written in the code; other languages are gettext catalogues (``locale/``, compiled into ``crmkit/locale``).
A message is a **whole sentence** with named fields; it is looked up when it is drawn or printed::

    say("The best {share:.0%} bring {part:.0%}.", share=0.2, part=0.8)

The reader's language is, in this order: what `speak` set (``--language`` of the command line), ``CRMKIT_LANGUAGE``, the
``language`` in a ``crmkit.toml`` beside the reader's work or above (``crmkit start --language`` writes one), English.
Names of tables and columns, values in tables and raised errors are English in every language; `label` gives a value's
name for a reader. docs/translating.md tells how a sentence gets its translation.
"""

from __future__ import annotations

import contextlib
import functools
import gettext
import os
import re
import tomllib
import warnings
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from crmkit.errors import CrmkitError

SWITCH = "CRMKIT_LANGUAGE"
SETTINGS = "crmkit.toml"
ENGLISH = "en"
#: Where the compiled catalogues are: ``LANGUAGE/LC_MESSAGES/crmkit.mo`` and, for lessons, ``lessons.mo``.
CATALOGUES = Path(__file__).parent / "locale"

_spoken: str | None = None


def languages() -> list[str]:
    """List the languages that crmkit speaks, English first.

    Examples
    --------
    >>> languages()[0]
    'en'
    """
    return [ENGLISH, *sorted(path.parts[-3] for path in CATALOGUES.glob("*/LC_MESSAGES/crmkit.mo"))]


def speak(wanted: str | None) -> None:
    """Choose the language of this process; None leaves the choice to the environment again.

    Parameters
    ----------
    wanted : str or None
        Such as ``"zh_CN"``; ``"zh-cn"`` and ``"zh"`` will do as well.

    Raises
    ------
    CrmkitError
        crmkit does not speak it; the message lists what it speaks.

    Examples
    --------
    >>> speak("en-GB"); language()
    'en'
    >>> speak(None)
    """
    global _spoken
    found = None if wanted is None else _known(wanted)
    if wanted is not None and found is None:
        raise CrmkitError(f"crmkit does not speak {wanted!r}. It speaks: {', '.join(languages())}.")
    _spoken = found


@contextlib.contextmanager
def speaking(wanted: str | None) -> Iterator[None]:
    """Speak a language for the length of a block; see `speak`.

    Examples
    --------
    >>> with speaking("en"):
    ...     language()
    'en'
    """
    global _spoken
    before = _spoken
    speak(wanted)
    try:
        yield
    finally:
        _spoken = before


def language() -> str:
    """Give the reader's language, such as ``"en"`` or ``"zh_CN"``.

    Returns
    -------
    str
        English where another language is asked for that crmkit does not speak; a warning says so once.
    """
    if _spoken is not None:
        return _spoken
    wanted = os.environ.get(SWITCH, "").strip() or _setting(os.getcwd())
    return _heard(wanted) if wanted else ENGLISH


@functools.lru_cache(maxsize=16)
def _heard(wanted: str) -> str:
    found = _known(wanted)
    if found is None:
        known = ", ".join(languages())
        warnings.warn(
            f"crmkit does not speak {wanted!r}; it goes on in English. It speaks: {known}.",
            stacklevel=4,
        )
    return found or ENGLISH


def _known(wanted: str) -> str | None:
    """Match a language's name to one that is spoken: by itself, or by its first part."""
    plain = re.sub(r"[.@].*", "", wanted.strip()).replace("-", "_").lower()
    spoken = {name.lower(): name for name in languages()}
    if plain in spoken:
        return spoken[plain]
    first = plain.split("_")[0]
    return next(
        (name for low, name in spoken.items() if first and low.split("_")[0] == first), None
    )


@functools.lru_cache(maxsize=16)
def _setting(here: str) -> str:
    """Read the language that the nearest ``crmkit.toml`` names; a file that cannot be read names none."""
    for folder in (Path(here), *Path(here).parents):
        try:
            text = (folder / SETTINGS).read_text(encoding="utf-8")
            return str(tomllib.loads(text).get("language", ""))
        except (OSError, ValueError):
            continue
    return ""


def settings() -> dict[str, str]:
    """Give what a folder of work needs for its notebooks to speak this process's language: file name and text.

    Returns
    -------
    dict of str to str
        Empty for English.

    Examples
    --------
    >>> settings()
    {}
    """
    return {} if language() == ENGLISH else {SETTINGS: f'language = "{language()}"\n'}


@functools.lru_cache(maxsize=16)
def catalogue(spoken: str, domain: str = "crmkit") -> gettext.NullTranslations:
    """Open a compiled catalogue; English has none and gives every message as it is.

    Parameters
    ----------
    spoken : str
        A language, as `language` gives it.
    domain : {"crmkit", "lessons"}
        What crmkit says, or the lessons' own text.
    """
    if spoken == ENGLISH:
        return gettext.NullTranslations()
    return gettext.translation(domain, CATALOGUES, languages=[spoken], fallback=True)


def translated(message: str, *, context: str = "", domain: str = "crmkit") -> str:
    """Look a message up without filling its fields.

    Parameters
    ----------
    message : str
        The English text.
    context : str
        Where it belongs, for one of several messages with the same English text: a question's id and field, a
        lesson and a cell's label.
    domain : {"crmkit", "lessons"}
        The catalogue.

    Examples
    --------
    >>> translated("No catalogue holds this sentence.")
    'No catalogue holds this sentence.'
    """
    if not message:  # the empty message is the catalogue's own head
        return message
    known = catalogue(language(), domain)
    return known.pgettext(context, message) if context else known.gettext(message)


def say(message: str, /, *, context: str = "", **fields: Any) -> str:
    """Say a sentence in the reader's language.

    Parameters
    ----------
    message : str
        The English sentence, written out here (or marked by `mark` where it is written): tools collect it from the
        source. Its fields are named, and may have formats: ``"{share:.0%}"``.
    context : str
        Only where the same English text means two things.
    **fields
        What is in the fields. Without any, braces in the message are plain braces.

    Examples
    --------
    >>> say("The best {share:.0%} bring {part:.0%}.", share=0.2, part=0.8)
    'The best 20% bring 80%.'
    """
    return _filled(translated(message, context=context), message, fields)


def say_many(one: str, many: str, count: int, /, *, context: str = "", **fields: Any) -> str:
    """Say one sentence of two, by a number that it holds as ``{count}``.

    Parameters
    ----------
    one, many : str
        For a count of one, and for all others. A language may have more forms, or one: its catalogue knows.
    count : int
        Also the field ``count``.
    context : str
        As in `say`.
    **fields
        All other fields.

    Examples
    --------
    >>> say_many("{count} try more", "{count:,} tries more", 2)
    '2 tries more'
    """
    known = catalogue(language())
    found = (
        known.npgettext(context, one, many, count) if context else known.ngettext(one, many, count)
    )
    return _filled(found, one if count == 1 else many, {"count": count, **fields})


def _filled(found: str, english: str, fields: dict[str, Any]) -> str:
    if not fields:
        return found
    try:
        return found.format(**fields)
    except (KeyError, IndexError, ValueError):
        # A fault in a catalogue must not become a traceback; the tests hold its fields to the English ones.
        return english.format(**fields)


def mark(message: str, /) -> str:
    """Mark a message that is written here and said later, by ``say(NAME)``.

    Examples
    --------
    >>> mark("What the best customers bring")
    'What the best customers bring'
    """
    return message


def labels(*values: str) -> tuple[str, ...]:
    """Declare values of a table that readers see, so that they get a name in every language.

    Examples
    --------
    >>> labels("VIP", "key")
    ('VIP', 'key')
    """
    return values


def label(value: object) -> str:
    """Give the name of a value for a reader; a value that nobody declared by `labels` is shown as it is.

    Examples
    --------
    >>> label("key"), label(2025)
    ('key', '2025')
    """
    return translated(str(value), context="label")


def listed(things: Iterable[object]) -> str:
    """Write things one after the other: with commas, in Chinese with its own.

    Examples
    --------
    >>> listed(["VIP", "key", "small"])
    'VIP, key, small'
    """
    return say(", ", context="between things in a list").join(str(thing) for thing in things)
