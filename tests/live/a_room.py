"""A room on 127.0.0.1 with real HTTP, as `crmkit live` opens it."""

from __future__ import annotations

import asyncio
import http.client
import json
import secrets
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from crmkit.live.server import LiveRoom, application, listen
from crmkit.live.store import Store
from crmkit.practice.room_code import Room, code_of


class OpenRoom:
    """A room that answers on a port; `ask` speaks HTTP to it as a student's notebook or the trainer's page does."""

    def __init__(self, file: Path, port: int = 0) -> None:
        self.live = LiveRoom(Store(file), "")
        self._ready = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve(port)), daemon=True)
        self._thread.start()
        assert self._ready.wait(20)

    async def _serve(self, port: int) -> None:
        self._loop, self._over = asyncio.get_running_loop(), asyncio.Event()
        server = listen(application(self.live), ["127.0.0.1"], port)
        (first,) = server._sockets.values()
        self.port = first.getsockname()[1]
        self.room = Room("127.0.0.1", self.port, self.live.store.secret)
        self.live.code = code_of(self.room)
        self._ready.set()
        await self._over.wait()
        server.stop()
        await server.close_all_connections()

    def close(self) -> None:
        self._loop.call_soon_threadsafe(self._over.set)
        self._thread.join(20)
        self.live.close()

    @property
    def cookie(self) -> dict[str, str]:
        return {"Cookie": f"crmkit_live_{self.port}={self.live.store.token}"}

    def ask(
        self, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None
    ) -> tuple[int, bytes, dict[str, str]]:
        wire = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            sent = body if isinstance(body, bytes | None) else json.dumps(body).encode()
            wire.request(method, path, sent, headers or {})
            answer = wire.getresponse()
            return answer.status, answer.read(), dict(answer.getheaders())
        finally:
            wire.close()

    def send(self, answers: list[Any], who: str | None = None, room: str | None = None) -> int:
        body = {
            "room": room or self.live.store.secret,
            "who": who or a_random(),
            "answers": answers,
        }
        return self.ask("POST", "/api/answers", body)[0]

    def screen(self, **change: Any) -> int:
        headers = self.cookie | {"Content-Type": "application/json"}
        return self.ask("POST", "/api/screen", change, headers)[0]

    def state(self) -> dict[str, Any]:
        status, body, _ = self.ask("GET", "/api/state", headers=self.cookie)
        assert status == 200
        return json.loads(body)


def a_random() -> str:
    return secrets.token_hex(8)


def guess(value: Any, about: str = "20-a") -> dict[str, Any]:
    return {"event": a_random(), "kind": "prediction", "id": about, "value": value}


def check(state: str, way: int = 0, attempt: int = 1, about: str = "20-1") -> dict[str, Any]:
    return {
        "event": a_random(), "kind": "check", "id": about, "state": state, "way": way, "attempt": attempt,
    }  # fmt: skip


def poll(letter: Any, about: str = "20-quiz-1") -> dict[str, Any]:
    return {"event": a_random(), "kind": "quiz", "id": about, "value": letter}


@pytest.fixture
def opening(tmp_path: Path) -> Callable[..., Any]:
    """Open rooms for the length of a block."""

    @contextmanager
    def open_it(port: int = 0) -> Iterator[OpenRoom]:
        opened = OpenRoom(tmp_path / "room.sqlite", port)
        try:
            yield opened
        finally:
            opened.close()

    return open_it


@pytest.fixture
def room(opening: Callable[..., Any]) -> Iterator[OpenRoom]:
    with opening() as opened:
        yield opened
