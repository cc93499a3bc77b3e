"""Translations: what there is to do, and everything that is done to catalogues.

    python tools/translate.py status            what a translator has to do, with old and new English
    python tools/translate.py update            bring the catalogues up to date with the English source
    python tools/translate.py compile           make what crmkit reads at run time
    python tools/translate.py new de_DE Deutsch --lessons 00 20    begin another language

Chinese notebooks are built by ``python tools/build_notebooks.py --language zh_CN --out build/zh_CN 00 20``. The way
from a changed sentence to a landed translation is in docs/translating.md.
"""

from __future__ import annotations

import argparse
import ast
import inspect
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import catalogues
import polib
from build_notebooks import read_master
from catalogues import Edition, Message, edition, languages, merged, missing, outdated, read

from crmkit.lesson_texts import messages as lesson_messages
from crmkit.practice import bank
from crmkit.practice.told import texts
from crmkit.relations.scenes import read_scene, scene_texts

ROOT = Path(__file__).resolve().parents[1]
TEMPLATES = ROOT / "tools/site"
#: Functions of crmkit.say whose first arguments are messages.
_CALLS = {"say": 1, "say_many": 2, "mark": 1}


class SourceError(Exception):
    """A call whose message cannot be collected from the source."""


def in_module(source: str, place: str) -> Iterator[Message]:
    r"""Collect what a module of the package says.

    Parameters
    ----------
    source : str
        Its text.
    place : str
        Its path, for the translator and for errors.

    Raises
    ------
    SourceError
        A message is an f-string: nobody could look it up.

    Examples
    --------
    >>> imports = "from crmkit.say import labels, say\n"
    >>> [m.text for m in in_module(imports + 'say("The best {n}.", n=2); labels("VIP", "key")', "x.py")]
    ['The best {n}.', 'VIP', 'key']
    """
    tree = ast.parse(source)
    imported = {
        alias.asname or alias.name: alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == "crmkit.say"
        for alias in node.names
    }
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name)):
            continue
        name = imported.get(node.func.id, "")
        if name not in _CALLS and name != "labels":
            continue
        for argument in node.args:
            if isinstance(argument, ast.JoinedStr):
                raise SourceError(
                    f"{place}:{argument.lineno}: {name} cannot look an f-string up: give a plain string and fields"
                )
        said = [a.value if isinstance(a, ast.Constant) else None for a in node.args]
        if name == "labels":
            yield from (Message("label", str(t), places=(place,)) for t in said if t)
            continue
        context = next(
            (str(ast.literal_eval(k.value)) for k in node.keywords if k.arg == "context"), ""
        )
        first = said[0] if said else None
        if not isinstance(first, str):
            continue  # say(NAME): the text is marked where it is written
        plural = str(said[1]) if name == "say_many" else ""
        yield Message(context, first, plural, (place,))


def in_commands(source: str, place: str) -> Iterator[Message]:
    r"""Collect the help of a module's commands: docstrings of functions made commands, ``help=`` of their options.

    Examples
    --------
    >>> source = 'App(help="All of it.")\\n@app.command("new")\\ndef new(a=Option(help="An a.")):\\n "Make one."'
    >>> sorted(m.text for m in in_commands(source, "cli.py"))
    ['All of it.', 'An a.', 'Make one.']
    """
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            for keyword in node.keywords:
                if keyword.arg == "help" and isinstance(keyword.value, ast.Constant):
                    yield Message("", inspect.cleandoc(str(keyword.value.value)), places=(place,))
        if isinstance(node, ast.FunctionDef) and any(
            isinstance(made, ast.Call) and getattr(made.func, "attr", "") == "command"
            for made in node.decorator_list
        ):
            yield Message("", ast.get_docstring(node) or "", places=(place,))


def in_template(path: Path, place: str) -> Iterator[Message]:
    """Collect what a page of the site says in its ``trans`` blocks."""
    from jinja2.ext import babel_extract

    options = {"trim_blocks": "true", "lstrip_blocks": "true", "trimmed": "true"}
    with path.open("rb") as file:
        for _, _, found, _ in babel_extract(file, ("gettext", "ngettext", "_"), [], options):
            one, many = (found, "") if isinstance(found, str) else (found[0], found[1])
            yield Message("", one, many or "", (place,))


def in_scenes(root: Path) -> Iterator[Message]:
    """Collect the texts of the conversations that ship: a scene's name, its step and choice are their context."""
    for path in sorted((root / "crmkit/relations/dialogues").glob("*.toml")):
        for context, text in scene_texts(read_scene(path)):
            yield Message(context, text, places=(path.relative_to(root).as_posix(),))


def package_messages(root: Path = ROOT) -> list[Message]:
    """Collect all that the package, its commands and the site say."""
    found: list[Message] = []
    for path in sorted((root / "crmkit").rglob("*.py")):
        place = path.relative_to(root).as_posix()
        if "/practice/questions/" not in place and place != "crmkit/say.py":
            source = path.read_text(encoding="utf-8")
            found += in_module(source, place)
            has_commands = (
                path.name in ("cli.py", "reading.py") or place == "crmkit/commands/game.py"
            )
            found += in_commands(source, place) if has_commands else []
    found += in_scenes(root)
    found.append(Message("between things in a list", ", ", places=("crmkit/say.py",)))
    for path in (root / f"tools/{name}.py" for name in ("build_site", "lessons", "workshop")):
        found += in_module(path.read_text(encoding="utf-8"), path.relative_to(root).as_posix())
    for path in sorted((root / "tools/site").glob("*.j2")):
        found += in_template(path, path.relative_to(root).as_posix())
    return found


def lesson_catalogue(number: str, root: Path = ROOT) -> list[Message]:
    """Collect what one lesson says: its cells, its exercises, its questions, its quiz."""
    found = []
    for room, where in (("notebooks", number), ("exercises", f"exercises/{number}")):
        for path in sorted((root / room / "source").glob(f"{number}_*.py")):
            cells = read_master(path).cells
            found += [Message(context, text) for context, text in lesson_messages(cells, where)]
    lesson = bank.of_lesson(number)
    found.append(Message(f"{number}-title", lesson.title))
    for part in (*lesson.questions, *lesson.predictions, *lesson.quiz):
        found += [Message(context, text) for context, text in texts(part, number)]
    return found


def wanted(language: str, root: Path = ROOT) -> dict[Path, list[Message]]:
    """Give every catalogue of a language with the messages that belong in it."""
    folder = root / "locale" / language
    declared = set(edition(language, root).lessons)
    started = {path.stem.removeprefix("lesson_") for path in folder.glob("lesson_*.po")}
    books = {
        folder / f"lesson_{n}.po": lesson_catalogue(n, root) for n in sorted(declared | started)
    }
    return books | {folder / "crmkit.po": package_messages(root)}


def up_to_date(language: str, root: Path = ROOT) -> dict[Path, polib.POFile]:
    """Give every catalogue of a language as an update would leave it; nothing is written."""
    return {
        path: merged(read(path, language), found, language)
        for path, found in wanted(language, root).items()
    }


def to_do(book: polib.POFile, about: Edition) -> list[polib.POEntry]:
    """Give the entries that a translator has to work on, of what is declared translated."""
    return [e for e in book if (outdated(e) or missing(e)) and about.covers(e)]


def told(entry: polib.POEntry) -> str:
    """Describe one thing to do."""
    where = entry.msgctxt or next((place for place, _ in entry.occurrences), "")
    if not outdated(entry):
        return f"  missing   {where}\n      {_short(entry.msgid)}"
    return (
        f"  outdated  {where}\n    was {_short(entry.previous_msgid or '')}\n    is  {_short(entry.msgid)}\n"
        f"    has {_short(entry.msgstr or next(iter(entry.msgstr_plural.values()), ''))}"
    )


def _short(text: str) -> str:
    return re.sub(r"\s+", " ", text)[:1000]


def status(language: str) -> int:
    """Print what a translator has to do; give how much it is."""
    about, count, later = edition(language), 0, 0
    for path, book in up_to_date(language).items():
        entries = to_do(book, about)
        later += sum(outdated(e) or missing(e) for e in book) - len(entries)
        count += len(entries)
        if entries:
            print(f"{path.relative_to(ROOT)}: {len(entries)} to do")
        for entry in entries:
            print(told(entry))
    print(f"{language}: {count} to do; {later} more in what is not declared translated")
    return count


def update(language: str) -> None:
    """Write a language's catalogues again."""
    for path, book in up_to_date(language).items():
        text = str(book) + "\n"
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")
            print(f"updated {path.relative_to(ROOT)}")


def begin(language: str, name: str, lessons: list[str]) -> None:
    """Make a new language's folder."""
    folder = ROOT / "locale" / language
    if folder.exists():
        raise SystemExit(f"{folder.relative_to(ROOT)} is there already")
    folder.mkdir(parents=True)
    numbers = ", ".join(f'"{number}"' for number in lessons)
    (folder / "edition.toml").write_text(
        f'name = "{name}"\n# Lessons that are whole in this language: tests hold them to it.\nlessons = [{numbers}]\n'
        "# Beginnings of paths whose messages are all translated.\nplaces = []\n"
        "# Glossary terms that are also everyday words: their translation is free.\neveryday = []\n",
        encoding="utf-8",
    )
    update(language)


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("command", choices=["status", "update", "compile", "new"])
    parser.add_argument("language", nargs="?", help="such as zh_CN; by default all there are")
    parser.add_argument("name", nargs="?", help="new: the language's own name for itself")
    parser.add_argument("--lessons", nargs="*", default=["00"], help="new: lessons to begin with")
    options = parser.parse_args(arguments)
    if options.command == "new":
        if not (options.language and options.name):
            parser.error("new needs the language's code and its name: new de_DE Deutsch")
        begin(options.language, options.name, options.lessons)
        return 0
    if options.command == "compile":
        for path in catalogues.compile_all():
            print(path.relative_to(ROOT))
        return 0
    chosen = [options.language] if options.language else languages()
    if options.command == "update":
        for language in chosen:
            update(language)
        return 0
    return int(sum(status(language) for language in chosen) > 0)


if __name__ == "__main__":
    sys.exit(main())
