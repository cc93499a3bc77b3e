"""What a room has collected, in one SQLite file: restarting the trainer's computer loses nothing.

A person is a random number here. No name, no address, no text of theirs is ever stored, and no clock time: only the
order in which answers came, and whether a prediction came after its answer was shown.
"""

from __future__ import annotations

import json
import os
import secrets
import sqlite3
from collections.abc import Iterable
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crmkit.errors import CrmkitError
from crmkit.live.messages import Answer
from crmkit.practice.room_code import LETTERS, SECRET_LETTERS

if TYPE_CHECKING:
    from collections.abc import Iterator

#: How many people a room holds, how many answers it keeps of one of them, and how many in all.
MOST_PEOPLE, MOST_OF_ONE, MOST_IN_ALL = 2000, 2000, 400_000
_FORM = 1
_TABLES = """
CREATE TABLE IF NOT EXISTS room (
  number INTEGER PRIMARY KEY, secret TEXT NOT NULL, token TEXT NOT NULL, screen TEXT NOT NULL DEFAULT '{}');
CREATE TABLE IF NOT EXISTS people (
  room INTEGER NOT NULL, who TEXT NOT NULL, answers INTEGER NOT NULL DEFAULT 0, PRIMARY KEY (room, who));
CREATE TABLE IF NOT EXISTS answers (
  number INTEGER PRIMARY KEY, room INTEGER NOT NULL, who TEXT NOT NULL, event TEXT NOT NULL, kind TEXT NOT NULL,
  item TEXT NOT NULL, state TEXT NOT NULL, way INTEGER NOT NULL, attempt INTEGER NOT NULL, value, late INTEGER NOT NULL,
  UNIQUE (room, who, event));
CREATE INDEX IF NOT EXISTS by_item ON answers (room, kind, item, number);
"""


class StoreError(CrmkitError):
    """The file cannot hold a room; the text says why and what to do."""


@dataclass(frozen=True)
class Kept:
    """What became of a message: how many answers are new, found no place any more, came after the room had answered."""

    new: int
    full: int
    late: int = 0


class Store:
    """A room in a file.

    Parameters
    ----------
    path
        The file, made if missing; ``":memory:"`` keeps nothing.
    new
        Begin a new room; the rooms before stay in the file.

    Raises
    ------
    StoreError
        The file is something else, or cannot be written.

    Examples
    --------
    >>> store = Store(":memory:")
    >>> store.keep("0123456789abcdef", [Answer("00000000000000aa", "prediction", "20-a", value=40.0)])
    Kept(new=1, full=0, late=0)
    >>> store.people(), store.latest("prediction", "20-a")
    (1, [40.0])
    """

    def __init__(self, path: str | Path, *, new: bool = False) -> None:
        self.path = path
        #: Changes whenever something that a page shows has changed.
        self.version = 0
        try:
            if str(path) != ":memory:":
                # It holds the trainer's token: nobody else on this computer reads it.
                os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
            self._file = sqlite3.connect(
                path, isolation_level=None, timeout=5, check_same_thread=False
            )
            self._file.execute("PRAGMA journal_mode = WAL")
            self._file.execute("PRAGMA synchronous = NORMAL")
            self._prepare()
            self._choose_room(new)
        except (OSError, sqlite3.Error) as error:
            raise StoreError(
                f"{path} cannot be used to keep a room ({error}). Nothing in it was changed. Name another file: "
                "crmkit live --file room.sqlite"
            ) from error

    def _prepare(self) -> None:
        names = {
            name
            for (name,) in self._file.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        }
        form = self._file.execute("PRAGMA user_version").fetchone()[0]
        if (names and "answers" not in names) or form > _FORM:
            raise StoreError(
                f"{self.path} is a database of something else. Nothing in it was changed. Name another file: "
                "crmkit live --file room.sqlite"
            )
        self._file.executescript(_TABLES)
        self._file.execute(f"PRAGMA user_version = {_FORM}")

    def _choose_room(self, new: bool) -> None:
        found = self._file.execute("SELECT max(number) FROM room").fetchone()[0]
        if found is None or new:
            secret = "".join(secrets.choice(LETTERS) for _ in range(SECRET_LETTERS))
            token = secrets.token_urlsafe(24)
            made = self._file.execute(
                "INSERT INTO room (secret, token) VALUES (?, ?)", (secret, token)
            )
            found = made.lastrowid
        self.room = int(found or 0)
        row = self._file.execute(
            "SELECT secret, token, screen FROM room WHERE number = ?", (self.room,)
        )
        self.secret, self.token, screen = row.fetchone()
        self.screen: dict[str, Any] = json.loads(screen)

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    @contextmanager
    def _at_once(self) -> Iterator[None]:
        self._file.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._file.execute("ROLLBACK")
            raise
        self._file.execute("COMMIT")

    # --- what comes in ---------------------------------------------------------------------------

    def knows(self, who: str) -> bool:
        """Tell whether somebody has been here before."""
        row = self._file.execute(
            "SELECT 1 FROM people WHERE room = ? AND who = ?", (self.room, who)
        )
        return row.fetchone() is not None

    def enter(self, who: str) -> bool:
        """Let somebody in; False where the room is full."""
        if self.knows(who):
            return True
        if self.people() >= MOST_PEOPLE:
            return False
        self._file.execute("INSERT INTO people (room, who) VALUES (?, ?)", (self.room, who))
        self.version += 1
        return True

    def keep(self, who: str, answers: Iterable[Answer]) -> Kept:
        """Keep answers; one that came before (the same event) is kept once.

        Raises
        ------
        StoreError
            The file cannot be written just now (a full disk): nothing of these answers was kept.
        """
        try:
            return self._keep(who, list(answers))
        except sqlite3.Error as error:
            raise StoreError(f"{self.path} cannot be written: {error}") from error

    def _keep(self, who: str, answers: list[Answer]) -> Kept:
        new = full = late = 0
        with self._at_once():
            if not self.enter(who):
                return Kept(0, len(answers))
            mine = self._file.execute(
                "SELECT answers FROM people WHERE room = ? AND who = ?", (self.room, who)
            ).fetchone()[0]
            total = self._file.execute("SELECT coalesce(max(number), 0) FROM answers").fetchone()[0]
            for answer in answers:
                if mine + new >= MOST_OF_ONE or total + new >= MOST_IN_ALL:
                    full += 1
                    continue
                after = answer.item in self.revealed()
                done = self._file.execute(
                    "INSERT OR IGNORE INTO answers (room, who, event, kind, item, state, way, attempt, value, late) "
                    "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                    (self.room, who, answer.event, answer.kind, answer.item, answer.state, answer.way,
                     answer.attempt, answer.value, int(after)),
                )  # fmt: skip
                new += done.rowcount
                late += bool(after and done.rowcount)
            self._file.execute(
                "UPDATE people SET answers = answers + ? WHERE room = ? AND who = ?",
                (new, self.room, who),
            )
        self.version += bool(new)
        return Kept(new, full, late)

    # --- what the trainer does -------------------------------------------------------------------

    def revealed(self) -> dict[str, Any]:
        """Give the items whose answer is shown."""
        return self.screen.get("revealed", {})

    def set_screen(self, **changes: Any) -> None:
        """Keep what the page shows: it is the same after a restart."""
        self.screen = {**self.screen, **changes}
        self._file.execute(
            "UPDATE room SET screen = ? WHERE number = ?", (json.dumps(self.screen), self.room)
        )
        self.version += 1

    # --- what was collected ----------------------------------------------------------------------

    def people(self) -> int:
        """Count the people in the room."""
        row = self._file.execute("SELECT count(*) FROM people WHERE room = ?", (self.room,))
        return int(row.fetchone()[0])

    def answers(self) -> int:
        """Count the answers of the room."""
        row = self._file.execute("SELECT count(*) FROM answers WHERE room = ?", (self.room,))
        return int(row.fetchone()[0])

    def items(self) -> list[tuple[str, str, int]]:
        """List what was answered, the latest first: kind, item, by how many people."""
        rows = self._file.execute(
            "SELECT kind, item, count(DISTINCT who) FROM answers WHERE room = ? GROUP BY kind, item "
            "ORDER BY max(number) DESC",
            (self.room,),
        )
        return [(kind, item, int(count)) for kind, item, count in rows]

    def latest(self, kind: str, item: str) -> list[Any]:
        """Give everybody's last value that came before the answer was shown."""
        return self._values(kind, item, "max")

    def first(self, kind: str, item: str) -> list[Any]:
        """Give everybody's first value that came before the answer was shown."""
        return self._values(kind, item, "min")

    def _values(self, kind: str, item: str, which: str) -> list[Any]:
        rows = self._file.execute(
            "SELECT value FROM answers WHERE number IN (SELECT "
            f"{which}(number) FROM answers WHERE room = ? AND kind = ? AND item = ? AND late = 0 GROUP BY who) "
            "ORDER BY number",
            (self.room, kind, item),
        )
        return [value for (value,) in rows]

    def tries(self, item: str) -> list[list[tuple[str, int, int]]]:
        """Give every person's answers to a question, in order: state, misconception, attempt."""
        rows = self._file.execute(
            "SELECT who, state, way, attempt FROM answers WHERE room = ? AND kind = 'check' AND item = ? "
            "ORDER BY number",
            (self.room, item),
        )
        people: dict[str, list[tuple[str, int, int]]] = {}
        for who, state, way, attempt in rows:
            people.setdefault(who, []).append((state, way, attempt))
        return list(people.values())

    def busiest(self, among: int = 30) -> tuple[str, str] | None:
        """Give kind and item of what is answered most just now: the most frequent of the latest answers."""
        row = self._file.execute(
            "SELECT kind, item FROM "
            "(SELECT kind, item, number FROM answers WHERE room = ? ORDER BY number DESC LIMIT ?) "
            "GROUP BY kind, item ORDER BY count(*) DESC, max(number) DESC LIMIT 1",
            (self.room, among),
        ).fetchone()
        return None if row is None else (str(row[0]), str(row[1]))
