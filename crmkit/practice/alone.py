"""One command at a time in a folder that a command changes."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

from crmkit.practice.roster import ClassError


@contextlib.contextmanager
def working_alone(folder: Path, command: str) -> Iterator[None]:
    """Refuse a second command in the same folder at the same time (Linux, macOS).

    Parameters
    ----------
    folder
        It exists. The lock goes with the process: a killed command leaves none behind.
    command
        What is at work there, as it is typed.

    Raises
    ------
    ClassError
        Another one is at work.
    """
    try:
        from fcntl import LOCK_EX, LOCK_NB, LOCK_UN, flock

        handle = os.open(folder, os.O_RDONLY)
    except (ImportError, OSError):  # Windows
        yield
        return
    try:
        flock(handle, LOCK_EX | LOCK_NB)
    except BlockingIOError:
        os.close(handle)
        raise ClassError(
            f"Another `{command}` is at work in {folder}: wait until it has ended."
        ) from None
    except OSError:  # a network drive without locks
        pass
    try:
        yield
    finally:
        with contextlib.suppress(OSError):
            # Said, and not only closed: worker processes that still end have the handle too.
            flock(handle, LOCK_UN)
            os.close(handle)
