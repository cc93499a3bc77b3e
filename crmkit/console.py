"""What all commands share: help in the reader's language, and the option that chooses it.

Help is written in English where the command is: as the docstring of its function and as ``help=`` of its options.
``tools/translate.py`` collects both, and they are looked up when help is printed.
"""

from __future__ import annotations

import contextlib
import gettext
import inspect
import os
import re
from collections.abc import Callable, Iterator
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup

from crmkit.errors import CrmkitError
from crmkit.say import CATALOGUES, ENGLISH, SWITCH, language, mark, say, speak, translated

BAD_INPUT = 2
#: What Typer itself says in a page of help. It looks them up by gettext, in the domain that is set.
TYPERS_WORDS = (
    mark("Arguments"),
    mark("Options"),
    mark("Commands"),
    mark("Show this message and exit."),
    mark("default: {default}"),
    mark("required"),
)


def choose_language(wanted: str | None) -> str | None:
    """Speak the language that ``--language`` names, here and in every process that the command starts.

    Raises
    ------
    typer.Exit
        crmkit does not speak it; a sentence says what it speaks.
    """
    if wanted:
        try:
            speak(wanted)
        except CrmkitError as error:
            typer.echo(str(error), err=True)
            raise typer.Exit(BAD_INPUT) from error
        os.environ[SWITCH] = language()
    return wanted


@contextlib.contextmanager
def _in_readers_language(*parts: Any) -> Iterator[None]:
    """Show commands and options with their help in the reader's language; afterwards they are as they were."""
    english = [(part, part.help) for part in parts if getattr(part, "help", None)]
    for part, text in english:
        part.help = translated(inspect.cleandoc(text))
    domain, before = gettext.textdomain(), os.environ.get("LANGUAGE")
    gettext.bindtextdomain("crmkit", str(CATALOGUES))
    gettext.textdomain("crmkit")
    os.environ["LANGUAGE"] = language()
    try:
        yield
    finally:
        gettext.textdomain(domain)
        os.environ.pop("LANGUAGE")
        if before is not None:
            os.environ["LANGUAGE"] = before
        for part, text in english:
            part.help = text


class _InReadersLanguage:
    """What a command and a group of commands have in common: their help is in the reader's language."""

    help: str | None

    def get_help(self, ctx: Any) -> str:
        """Write the page of help."""
        with _in_readers_language(self, *self.get_params(ctx)):  # type: ignore[attr-defined]
            return super().get_help(ctx)  # type: ignore[misc]

    def format_usage(self, ctx: Any, formatter: Any) -> None:
        """Write how the command is called."""
        pieces = self.collect_usage_pieces(ctx)  # type: ignore[attr-defined]
        formatter.write_usage(ctx.command_path, " ".join(pieces), prefix=f"{say('Usage:')} ")

    def get_short_help_str(self, limit: int = 45) -> str:
        """Give the first sentence of the help."""
        if language() == ENGLISH or not self.help:
            return super().get_short_help_str(limit)  # type: ignore[misc]
        # Typer cuts at spaces, which not every language has.
        return re.split(r"[\n。]", translated(inspect.cleandoc(self.help)))[0]


class Command(_InReadersLanguage, TyperCommand):
    """A command whose help is in the reader's language."""


class Group(_InReadersLanguage, TyperGroup):
    """A group of commands whose help is in the reader's language."""


class App(typer.Typer):
    """Commands in the reader's language, their help plain text."""

    def __init__(self, **settings: Any) -> None:
        own: dict[str, Any] = {"cls": Group, "no_args_is_help": True, "rich_markup_mode": None}
        super().__init__(**own | settings)

    def command(self, name: str | None = None, **settings: Any) -> Callable[..., Any]:
        """Make a function a command, as Typer does."""
        own: dict[str, Any] = {"cls": Command}
        return super().command(name, **own | settings)
