"""Where the course's lessons are, and its commands: one search for all that need them."""

from __future__ import annotations

import re
import shutil
import sysconfig
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent
#: Where a wheel keeps the lessons and exercises (pyproject.toml puts them there); its data lie beside them.
BUNDLE = PACKAGE / "bundle"


_LESSON = re.compile(r"\d\d[b-z]?(?=[_.-]|$)")


def lesson_of(name: str) -> str:
    """Give the lesson's number with which a name begins: two digits, and a letter where a lesson has a second part.

    Parameters
    ----------
    name
        A file's name, a question's or a prediction's id.

    Returns
    -------
    str
        Empty where the name begins with none.

    Examples
    --------
    >>> lesson_of("20_who.ipynb"), lesson_of("33b-1"), lesson_of("20"), lesson_of("notes.ipynb")
    ('20', '33b', '20', '')
    """
    found = _LESSON.match(name)
    return found[0] if found else ""


def lessons_in(course: Path) -> list[Path]:
    """List the lessons of a folder, in the order of their numbers; empty where it holds none."""
    found = (path for path in (course / "notebooks").glob("*.ipynb") if lesson_of(path.name))
    return sorted(found, key=lambda path: (lesson_of(path.name), path.name))


def find_course(here: Path | None = None) -> Path | None:
    """Find the folder whose ``notebooks/`` holds lessons.

    Looks here and above (a checkout, a copy made by ``crmkit start``, what a trainer handed out: a few lessons
    are enough), then at the checkout that crmkit was installed from.

    Returns
    -------
    Path or None
        None for a crmkit that was installed as a package and has not been copied out yet.

    Examples
    --------
    >>> import tempfile
    >>> mine = Path(tempfile.mkdtemp()).resolve()
    >>> (mine / "notebooks").mkdir(); (mine / "notebooks" / "20_who.ipynb").touch()
    >>> find_course(mine / "notebooks") == mine
    True
    """
    here = (here or Path.cwd()).resolve()
    return next((f for f in (here, *here.parents, PACKAGE.parent) if lessons_in(f)), None)


def typed(command: str) -> str:
    """Write a command of this environment as it must be typed: with its folder, where the shell would not find it.

    Examples
    --------
    >>> typed("no-such-command")
    'no-such-command'
    """
    own = shutil.which(command, path=sysconfig.get_path("scripts"))
    found = shutil.which(command)
    # Folders are compared, not files: every environment's `python` leads to one and the same program.
    if own is None or (found and Path(found).parent.resolve() == Path(own).parent.resolve()):
        return command
    return f'"{own}"' if " " in own else own
