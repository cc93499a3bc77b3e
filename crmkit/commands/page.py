"""One HTML page of a command: nothing is fetched, and nothing leaves the computer."""

from __future__ import annotations

from base64 import b64encode
from html import escape
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

from crmkit.errors import CrmkitError
from crmkit.say import language

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def _mark(command: str) -> str:
    """Give the mark of every page of a command, so that nothing but such a page is ever overwritten."""
    return f'<meta name="generator" content="crmkit {command}">'


def figure(ax: Axes, title: str | None, alt: str) -> str:
    """Draw a figure into the page and close it; without a title it keeps its own."""
    from crmkit.style import close, png, titles_inside

    if title is not None:
        ax.set_title(title)
    titles_inside(ax.figure)  # type: ignore[arg-type]
    picture = b64encode(png(ax.figure)).decode("ascii")  # type: ignore[arg-type]
    close(ax.figure)  # type: ignore[arg-type]
    return (
        f'<figure><img alt="{escape(alt, quote=True)}" src="data:image/png;base64,{picture}">'
        "</figure>"
    )


def page_of(title: str, body: str, command: str) -> str:
    """Put a body into a whole page that bears the mark of its command."""
    style = resources.files("crmkit.commands").joinpath("page.css").read_text(encoding="utf-8")
    return (
        f'<!doctype html>\n<html lang="{language().replace("_", "-")}">\n<head>\n<meta charset="utf-8">\n'
        f"<title>{escape(title)}</title>\n{_mark(command)}\n"
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<style>\n{style}</style>\n</head>\n<body>\n<main>\n{body}\n</main>\n</body>\n</html>\n"
    )


def write_page(page: str, path: Path, command: str) -> None:
    """Write a page where there is none yet, or over an earlier page of the same command.

    Raises
    ------
    CrmkitError
        Another file stands there, or the place cannot be written to.
    """
    try:
        if path.exists() and _mark(command) not in path.read_text(
            encoding="utf-8", errors="replace"
        ):
            raise CrmkitError(
                f"{path} is there already and is no page of this command. Nothing was written. "
                "Choose another name with --page."
            )
        path.write_text(page, encoding="utf-8")
    except OSError as error:
        raise CrmkitError(f"{path} could not be written: {error.strerror or error}.") from error
