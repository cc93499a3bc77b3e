"""Where the course's files are, and how to take a copy of them without ever losing anybody's work."""

from __future__ import annotations

import os
import shutil
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from crmkit.errors import CrmkitError
from crmkit.home import BUNDLE, PACKAGE
from crmkit.say import settings

#: The company whose tables ship.
OWN = "fernwell"
START = Path("notebooks/00_start_here.ipynb")


def course_files() -> dict[str, Path]:
    """List what a learner's copy consists of: lessons, exercises and data, by their place in the copy.

    Raises
    ------
    CrmkitError
        Neither a checkout nor a package with the course inside.
    """
    checkout = PACKAGE.parent
    top, data = (
        (BUNDLE, PACKAGE / "datasets")
        if (BUNDLE / START).is_file()
        else (checkout, checkout / "datasets")
    )
    if not (top / START).is_file():
        raise CrmkitError(
            "This crmkit came without the lessons. Install it from its repository or its wheel."
        )
    found = {}
    for folder in ("notebooks", "exercises"):
        for path in sorted((top / folder).glob("*.ipynb")):
            found[f"{folder}/{path.name}"] = path
    for path in sorted(data.rglob("*")):
        if path.is_file() and not path.name.startswith("."):
            found[f"datasets/{path.relative_to(data).as_posix()}"] = path
    return found


@dataclass
class Copied:
    """What `copy_out` did: files by their place in the copy."""

    new: list[str] = field(default_factory=list)
    same: list[str] = field(default_factory=list)
    left_alone: list[str] = field(default_factory=list)


def copy_out(folder: Path, files: dict[str, Path]) -> Copied:
    """Copy files into a folder; what is there already stays as it is.

    Parameters
    ----------
    folder : Path
        Made if missing.
    files : dict
        As `course_files` gives them.

    Returns
    -------
    Copied
        ``left_alone`` names what is there and differs from the course's.

    Raises
    ------
    CrmkitError
        The folder is a file, is the course itself, or cannot be written to.

    Examples
    --------
    >>> import tempfile
    >>> source = Path(tempfile.mkdtemp()); _ = (source / "a.txt").write_text("course")
    >>> copy = Path(tempfile.mkdtemp())
    >>> copy_out(copy, {"a.txt": source / "a.txt"}).new
    ['a.txt']
    >>> _ = (copy / "a.txt").write_text("my work")
    >>> copy_out(copy, {"a.txt": source / "a.txt"}).left_alone, (copy / "a.txt").read_text()
    (['a.txt'], 'my work')
    """
    if folder.exists() and not folder.is_dir():
        raise CrmkitError(f"{folder} is a file. Name a folder, such as my-course.")
    if any(source.resolve() == (folder / place).resolve() for place, source in files.items()):
        raise CrmkitError(f"{folder} is the course itself. Name another folder, such as my-course.")
    done = Copied()
    for place, source in files.items():
        target = folder / place
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            if not (target.exists() or target.is_symlink()):
                _copy_whole(source, target)
                done.new.append(place)
                continue
        except FileExistsError:
            pass  # a file where a folder should be, or made by somebody else a moment ago: theirs stays
        except OSError as error:
            raise CrmkitError(
                f"{target} could not be written: {error.strerror or error}."
            ) from error
        same = target.is_file() and target.read_bytes() == source.read_bytes()
        (done.same if same else done.left_alone).append(place)
    return done


def copy_for(folder: Path, company: str | Path = OWN) -> Copied:
    """Copy the course to work in: data, and lessons in the reader's language and the company's words, not yet run.

    Without outputs, so that no result stands under a prediction before it is made. A lesson that has no translation
    stays English.

    Parameters
    ----------
    folder : Path
        Made if missing.
    company : str or Path
        A company that ships, or the path of a company file; by default the course's own.

    Returns
    -------
    Copied
        As `copy_out` gives it.

    Raises
    ------
    CrmkitError
        As `copy_out`; also where the company file is not as it should be.
    """
    from crmkit.practice.classes import about_company, without_outputs
    from crmkit.world import simulate, write

    about, name = about_company(company), Path(company).stem
    own = company == OWN
    with tempfile.TemporaryDirectory(prefix="crmkit-course-") as place:
        made = Path(place)
        files = {}
        for target, source in course_files().items():
            if target.endswith(".ipynb"):
                files[target] = made / target
                files[target].parent.mkdir(parents=True, exist_ok=True)
                text = without_outputs(source.read_text(encoding="utf-8"), about, target)
                files[target].write_text(text, encoding="utf-8")
            elif own or target.startswith("datasets/ugly/"):
                files[target] = source
        if not own:
            world = simulate(company)
            for path in write(world, made / "datasets" / name):
                files[path.relative_to(made).as_posix()] = path
        for target, text in settings().items():
            files[target] = made / target
            files[target].write_text(text, encoding="utf-8")
        return copy_out(folder, files)


def _copy_whole(source: Path, target: Path) -> None:
    """Copy a file under another name, then give it its own: a killed copy must never look like the learner's work.

    Raises
    ------
    FileExistsError
        Somebody else has put a file there meanwhile; it stays as it is.
    """
    number, name = tempfile.mkstemp(
        prefix=f".{target.name[:40]}-", suffix=".part", dir=target.parent
    )
    half = Path(name)
    try:
        with os.fdopen(number, "wb") as copy, source.open("rb") as original:
            shutil.copyfileobj(original, copy)
        half.chmod(source.stat().st_mode & 0o666 | 0o600)  # mkstemp's own is for one person only
        try:
            os.link(half, target)  # a rename would replace what is there
        except FileExistsError:
            raise
        except OSError:  # a file system without links
            half.rename(target)
            return
    except BaseException:
        half.unlink(missing_ok=True)
        raise
    half.unlink()
