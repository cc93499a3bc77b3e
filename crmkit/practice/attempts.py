"""The learner's own record: tries, hints taken, predictions. A plain file beside the work.

It holds no names, no times and no answers but the learner's predictions. Deleting it loses nothing but history.

Where it is: the nearest folder upwards that holds `datasets/` (a class folder, a checkout), else the working folder.
``CRMKIT_PRACTICE_STATE`` names another file; ``CRMKIT_PRACTICE_STATE=off`` keeps the record in memory only, which is
how notebooks are built and tested: what a cell shows must not depend on a file that happens to lie about.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from crmkit.say import say

FILE_NAME = "crmkit_progress.json"
SWITCH = "CRMKIT_PRACTICE_STATE"
#: How many twentieths of a second one waits for another kernel.
_PATIENCE = 40


def work_folder(start: Path | None = None) -> Path:
    """Find the folder that a learner's work belongs to."""
    here = (start or Path.cwd()).resolve()
    return next(
        (folder for folder in (here, *here.parents) if (folder / "datasets").is_dir()), here
    )


def _empty() -> dict[str, Any]:
    return {"version": 1, "questions": {}, "predictions": {}}


def _is_sound(record: Any) -> bool:
    return (
        isinstance(record, dict)
        and isinstance(record.get("questions"), dict)
        and isinstance(record.get("predictions"), dict)
        and all(isinstance(entry, dict) for entry in record["questions"].values())
    )


@contextlib.contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Let other notebooks of the folder wait for the length of the block, where the system can (Linux, macOS)."""
    try:
        from fcntl import (  # Pyodide has the module, and nothing of this in it
            LOCK_EX,
            LOCK_NB,
            flock,
        )

        handle = os.open(folder, os.O_RDONLY)
    except (ImportError, OSError):  # Windows, Pyodide; a folder that is not there
        yield
        return
    try:
        # A kernel that was stopped keeps its lock: nobody waits for it longer than for one that writes.
        for _ in range(_PATIENCE):
            try:
                flock(handle, LOCK_EX | LOCK_NB)
                break
            except BlockingIOError:
                time.sleep(0.05)
            except OSError:
                break
        yield
    finally:
        os.close(handle)


class Attempts:
    """The record, read before and written after every change, so that two open notebooks do not lose each other's.

    Examples
    --------
    >>> record = Attempts(None)
    >>> record.entry("20-1")
    {'tries': 0, 'hints': 0, 'passed': False}
    >>> with record.change("20-1") as entry:
    ...     entry["tries"] += 1
    >>> record.entry("20-1")["tries"]
    1
    """

    def __init__(self, path: Path | None) -> None:
        self.path = path
        self._memory = _empty()
        # Sentences for the learner about the file itself, shown with the next reply.
        self.notes: list[str] = []

    @classmethod
    def here(cls) -> Attempts:
        """Open the record that belongs to the working folder, as the environment says."""
        where = os.environ.get(SWITCH, "").strip()
        if where.lower() == "off":
            return cls(None)
        return cls(Path(where) if where else work_folder() / FILE_NAME)

    def _read(self) -> dict[str, Any]:
        if self.path is None:
            return self._memory
        if self.path.exists() and not self.path.is_file():
            # A pipe would keep a reader waiting for ever.
            self.notes.append(
                say(
                    "{file} is no file; your progress is kept only until you close this.",
                    file=self.path.name,
                )
            )
            self.path = None
            return self._memory
        try:
            text = self.path.read_text(encoding="utf-8")
        except FileNotFoundError:
            return _empty()
        except (OSError, UnicodeDecodeError):
            return self._set_aside()
        try:
            record = json.loads(text)
        except (ValueError, RecursionError):
            return self._set_aside()
        return record if _is_sound(record) else self._set_aside()

    def _set_aside(self) -> dict[str, Any]:
        assert self.path is not None
        number = 1
        while (aside := self.path.with_name(f"{self.path.stem}.unreadable-{number}.json")).exists():
            number += 1
        try:
            os.replace(self.path, aside)
        except OSError:
            self.notes.append(
                say(
                    "{file} cannot be read; your progress is kept only until you close this.",
                    file=self.path.name,
                )
            )
            self.path = None
            return self._memory
        self.notes.append(
            say(
                "{file} could not be read: it is now called {aside}, and a new one is begun.",
                file=self.path.name,
                aside=aside.name,
            )
        )
        return _empty()

    def _write(self, record: dict[str, Any]) -> None:
        if self.path is None:
            self._memory = record
            return
        handle = -1
        temporary = ""
        try:
            handle, temporary = tempfile.mkstemp(
                dir=self.path.parent, prefix=".crmkit-", suffix=".tmp"
            )
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                json.dump(record, file, indent=1, ensure_ascii=False, sort_keys=True)
                file.write("\n")
            os.replace(temporary, self.path)
        except OSError:
            with contextlib.suppress(OSError):
                os.unlink(temporary)
            self.notes.append(
                say(
                    "{file} cannot be written here; your progress is kept only until you close this.",
                    file=self.path.name,
                )
            )
            self.path = None
            self._memory = record

    def entry(self, question_id: str) -> dict[str, Any]:
        """Give what is known of one question."""
        return _entry(self._read()["questions"].get(question_id))

    @contextlib.contextmanager
    def change(self, question_id: str) -> Iterator[dict[str, Any]]:
        """Change what is known of one question."""
        with self._changed() as record:
            entry = _entry(record["questions"].get(question_id))
            yield entry
            record["questions"][question_id] = entry

    @contextlib.contextmanager
    def _changed(self) -> Iterator[dict[str, Any]]:
        with _alone(self.path.parent) if self.path else contextlib.nullcontext():
            record = self._read()
            yield record
            self._write(record)

    def all(self) -> dict[str, dict[str, Any]]:
        """Give what is known of every question that was touched."""
        return {key: _entry(value) for key, value in self._read()["questions"].items()}

    def prediction(self, prediction_id: str) -> Any:
        """Give a kept prediction, or None."""
        return self._read()["predictions"].get(prediction_id)

    def predict(self, prediction_id: str, guess: Any) -> None:
        """Keep a prediction."""
        with self._changed() as record:
            record["predictions"][prediction_id] = guess


def _entry(found: Any) -> dict[str, Any]:
    """Give an entry with the fields that the code relies on, whatever was in the file."""
    entry = dict(found) if isinstance(found, dict) else {}
    for name in ("tries", "hints"):
        value = entry.get(name)
        entry[name] = (
            value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else 0
        )
    entry["passed"] = entry.get("passed") is True
    return entry


def fingerprint(plain: Any) -> str:
    """Give a short mark of an answer, so that sending the same one again is not another try.

    Examples
    --------
    >>> fingerprint([1, 2]) == fingerprint([1, 2]), fingerprint([1, 2]) == fingerprint([2, 1])
    (True, False)
    """
    return hashlib.sha256(json.dumps(plain, sort_keys=True, default=str).encode()).hexdigest()[:16]
