"""Files that outlast a killed command: written whole, flushed to the disk, then moved into their place."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from pathlib import Path

#: What a killed command may leave behind begins so, and is cleared away by the next one.
UNFINISHED = ".crmkit-"


def put(path: Path, content: str | bytes) -> None:
    """Write a file so that a kill or a power cut leaves the old one or the new one, never half of one.

    Parameters
    ----------
    path
        Its folder is made if it is missing.
    content
        Text is written as UTF-8; what no file can hold becomes a question mark.
    """
    raw = content.encode("utf-8", "replace") if isinstance(content, str) else content
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=UNFINISHED, suffix=".tmp")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(raw)
            file.flush()
            os.fsync(file.fileno())
        _readable(Path(temporary))
        os.replace(temporary, path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    _flush(path.parent)


def begin(final: Path) -> Path:
    """Give an empty folder beside `final` in which to build it; what an earlier attempt left is removed."""
    partial = final.with_name(f"{UNFINISHED}{final.name}.partial")
    if partial.exists():
        shutil.rmtree(partial)
    partial.mkdir(parents=True)
    return partial


def finish(partial: Path, final: Path) -> None:
    """Move a whole folder into its place in one step, after all of it has reached the disk.

    Raises
    ------
    OSError
        There is something at `final` already.
    """
    for folder, _, files in os.walk(partial):
        for name in files:
            _flush(Path(folder) / name)
        _flush(Path(folder))
    os.rename(partial, final)
    _flush(final.parent)


def clear_unfinished(folder: Path) -> None:
    """Remove what a killed command left in a folder; call it only where no other command is at work."""
    if not folder.is_dir():
        return
    for path in folder.iterdir():
        if path.name.startswith(UNFINISHED):
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path)
            else:
                path.unlink(missing_ok=True)


def _readable(path: Path) -> None:
    """Give a temporary file, which is private, the rights of any new file: a shared drive is for others too."""
    mask = os.umask(0)
    os.umask(mask)
    path.chmod(0o666 & ~mask)


def _flush(path: Path) -> None:
    # Windows opens no folder so; some network drives flush none.
    with contextlib.suppress(OSError):
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
