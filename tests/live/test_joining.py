"""A learner who joined: what is sent, what never is, and that nothing of the network is ever felt."""

from __future__ import annotations

import contextlib
import http.server
import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from crmkit.practice import bank, check, desk, join, joining, leave, predict, quizzes, reveal
from crmkit.practice.attempts import SWITCH
from crmkit.practice.joining import Sender, pseudonym
from crmkit.practice.room_code import Room, code_of

from .a_room import OpenRoom

NAME = "Ada Lovelace"
CODE = "orders.groupby('customer_id')"


@pytest.fixture(autouse=True)
def _alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """Begin outside any room, with a record and a home of this test's own."""
    monkeypatch.setenv(SWITCH, str(tmp_path / "record.json"))
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setattr(joining, "PAUSES", (0.1,))
    yield
    joining._stop()


class Recorder(http.server.BaseHTTPRequestHandler):
    """Writes down all that comes, and answers as it was told."""

    came: list[tuple[str, dict[str, str], bytes]]
    status = 200
    location = ""

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.came.append((self.path, dict(self.headers), body))
        self.send_response(self.status)
        if self.location:
            self.send_header("Location", self.location)
        self.send_header("Content-Length", "0")
        self.end_headers()

    do_GET = do_POST

    def log_message(self, *_: Any) -> None:
        """Keep the tests' output readable."""


@contextlib.contextmanager
def recording(status: int = 200, location: str = "") -> Iterator[tuple[Room, list[Any]]]:
    made = type("Made", (Recorder,), {"came": [], "status": status, "location": location})
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), made)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield Room("127.0.0.1", server.server_port, "2FXP4A"), made.came
    finally:
        server.shutdown()
        server.server_close()


def until(true: Callable[[], bool], seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def right(question: str) -> Any:
    found = bank.find(question)
    return found.reference(desk.own_tables().of(found))


def work() -> None:
    """Do what a learner does in a lesson: mistakes of every kind among it."""
    predict("20-a", 40)
    predict("20-b", "a")
    predict("20-a", "no number")
    reveal("20-a")
    check("20-1", ...)
    check("20-1", NAME)
    check("20-1", -12345.678)
    question = bank.find("20-1")
    check("20-1", question.misconceptions[1].compute(desk.own_tables().of(question)))
    check("20-1", right("20-1"))
    plan = bank.find("20-5")
    check("20-5", f"{NAME}: {plan.kind.model_on(desk.own_tables().of(plan))} {CODE}")


def test_what_is_sent_are_ids_numbers_and_letters_only(capsys: pytest.CaptureFixture[str]) -> None:
    with recording() as (room, came):
        join(code_of(room))
        work()
        until(lambda: joining._joined is not None and joining._joined.waiting == 0)
    said = capsys.readouterr().out
    assert "Your name, your code and your texts are not sent" in said
    answers = []
    for path, headers, body in came:
        assert path == "/api/answers"
        assert "Cookie" not in headers
        assert NAME.encode() not in body
        assert b"groupby" not in body
        message = json.loads(body)
        assert set(message) == {"room", "who", "answers"}
        answers += message["answers"]
    bare = [{k: v for k, v in answer.items() if k != "event"} for answer in answers]
    assert bare == [
        {"kind": "prediction", "id": "20-a", "value": 40.0},
        {"kind": "prediction", "id": "20-b", "value": "a"},
        {"kind": "check", "id": "20-1", "state": "wrong", "way": 0, "attempt": 1},
        {"kind": "check", "id": "20-1", "state": "wrong", "way": 2, "attempt": 2},
        {"kind": "check", "id": "20-1", "state": "right", "way": 0, "attempt": 3},
        {"kind": "check", "id": "20-5", "state": "written", "way": 0, "attempt": 1},
    ]


def test_nothing_is_sent_by_who_did_not_join_or_has_left() -> None:
    with recording() as (room, came):
        work()
        join(code_of(room))
        leave()
        count = len(came)
        assert count == 1  # the greeting
        work()
        time.sleep(0.3)
        assert len(came) == count


def test_a_pick_in_the_quiz_is_sent_as_its_letter() -> None:
    with recording() as (room, came):
        join(code_of(room))
        box = quizzes.as_widget(bank.of_lesson("20").quiz, "20")
        box.children[1].children[1].index = 1
        until(lambda: len(came) == 2)
    (answer,) = json.loads(came[1][2])["answers"]
    assert (answer["id"], answer["value"]) == ("20-quiz-1", "b")


def test_a_room_shows_what_a_notebook_does(room: OpenRoom) -> None:
    join(room.live.code)
    work()
    until(lambda: joining._joined is not None and joining._joined.waiting == 0)
    assert room.live.store.people() == 1
    assert room.live.store.latest("prediction", "20-a") == [40.0]
    assert room.live.store.tries("20-1") == [[("wrong", 0, 1), ("wrong", 2, 2), ("right", 0, 3)]]


def a_free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def test_check_says_the_same_with_a_room_without_one_and_with_the_network_gone(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    said = []
    with recording() as (there, _):
        gone = Room("127.0.0.1", a_free_port(), "2FXP4A")
        for number, room in enumerate([None, there, gone]):
            monkeypatch.setenv(SWITCH, str(tmp_path / f"record-{number}.json"))
            if room is not None:
                join(code_of(room))
            capsys.readouterr()
            work()
            caught = capsys.readouterr()
            said.append(caught.out)
            assert caught.err == ""
            leave()
    assert said[0] == said[1] == said[2]


def test_nobody_waits_for_a_computer_that_never_answers(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen(50)
        room = Room("127.0.0.1", silent.getsockname()[1], "2FXP4A")
        began = time.monotonic()
        join(code_of(room))
        assert time.monotonic() - began < 8  # its own time-out of two seconds, on a busy machine
        assert "does not answer yet" in capsys.readouterr().out
        listener = desk.listener
        assert listener is not None
        began = time.monotonic()
        for number in range(2000):
            listener({"kind": "prediction", "id": "20-a", "value": float(number)})
        assert time.monotonic() - began < 2
        assert joining._joined is not None
        assert joining._joined.waiting <= joining.MOST_WAITING


def test_what_was_answered_without_a_network_arrives_when_it_is_back(
    opening: Callable[..., Any], capsys: pytest.CaptureFixture[str]
) -> None:
    with opening() as room:
        join(room.live.code)
        predict("20-a", 30)
        until(lambda: joining._joined is not None and joining._joined.waiting == 0)
        port = room.port
    work()
    time.sleep(0.3)
    assert joining._joined is not None
    assert joining._joined.waiting == 6
    with opening(port) as room:
        until(lambda: joining._joined is not None and joining._joined.waiting == 0)
        assert room.live.store.people() == 1
        assert room.live.store.answers() == 7
    caught = capsys.readouterr()
    assert "Traceback" not in caught.out + caught.err


@pytest.mark.parametrize("status", [302, 404, 500, 503])
def test_another_server_at_that_address_gets_no_second_look(
    status: int, capsys: pytest.CaptureFixture[str]
) -> None:
    """A page to log in to a network, say: nothing follows where it leads, and nothing is shown of it."""
    with recording() as (other, elsewhere):
        with recording(status, f"{other.url}/login") as (room, came):
            join(code_of(room))
            predict("20-a", 40)
            until(lambda: len(came) >= 3)
        assert elsewhere == []
    caught = capsys.readouterr()
    assert "does not answer yet" in caught.out
    assert caught.err == ""


def test_no_proxy_and_no_redirect_carries_answers_out_of_the_room(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with recording() as (proxy, seen):
        for name in ("http_proxy", "HTTP_PROXY", "all_proxy"):
            monkeypatch.setenv(name, proxy.url)
        monkeypatch.delenv("no_proxy", raising=False)
        with (
            recording() as (room, came),
            recording(307, f"{proxy.url}/api/answers") as (leading_away, asked),
        ):
            join(code_of(room))
            assert len(came) == 1
            join(code_of(leading_away))
            assert len(asked) == 1
        assert seen == []


def test_a_server_that_does_not_speak_http_is_no_room(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.socket() as odd:
        odd.bind(("127.0.0.1", 0))
        odd.listen(5)

        def answer() -> None:
            with contextlib.suppress(OSError):
                while True:
                    wire, _ = odd.accept()
                    wire.recv(1000)
                    wire.sendall(b"\x00\xff SSH-2.0\r\n\r\n" * 20)
                    wire.close()

        threading.Thread(target=answer, daemon=True).start()
        join(code_of(Room("127.0.0.1", odd.getsockname()[1], "2FXP4A")))
        assert "does not answer yet" in capsys.readouterr().out


@pytest.mark.parametrize("typed", ["", "hello", 12, None, [], "0008M-2FXP4-AZ", "x" * 10_000])
def test_what_is_no_code_gets_a_sentence(typed: Any, capsys: pytest.CaptureFixture[str]) -> None:
    join(typed)
    assert "No such room" in capsys.readouterr().out
    assert desk.listener is None


def test_another_rooms_code_and_a_closed_room_are_said(
    room: OpenRoom, capsys: pytest.CaptureFixture[str]
) -> None:
    join(code_of(Room("127.0.0.1", room.port, "AAAAAA")))
    assert "with another code" in capsys.readouterr().out
    room.screen(closed=True)
    join(room.live.code)
    assert "closed" in capsys.readouterr().out
    assert desk.listener is None


def test_a_room_that_closes_is_left_without_a_word(
    room: OpenRoom, capsys: pytest.CaptureFixture[str]
) -> None:
    join(room.live.code)
    room.screen(closed=True)
    capsys.readouterr()
    predict("20-a", 40)
    until(lambda: joining._joined is not None and joining._joined.state == joining.CLOSED)
    assert "closed" not in capsys.readouterr().out
    join()
    assert "You take part in no room" in capsys.readouterr().out


def test_join_again_and_join_alone_say_how_it_stands(
    room: OpenRoom, capsys: pytest.CaptureFixture[str]
) -> None:
    join()
    join(room.live.code)
    join(room.live.code)
    predict("20-a", 40)
    until(lambda: joining._joined is not None and joining._joined.sent == 1)
    capsys.readouterr()
    join()
    assert "1 answer was sent" in capsys.readouterr().out
    assert room.live.store.people() == 1


def test_two_notebooks_are_one_person_and_another_room_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    room, other = Room("10.0.0.1", 8642, "2FXP4A"), Room("10.0.0.1", 8642, "2FXP4B")
    assert pseudonym(room) == pseudonym(room)
    assert pseudonym(other) != pseudonym(room)
    (tmp_path / ".crmkit_room.json").write_text("{", encoding="utf-8")
    assert len(pseudonym(room)) == 16
    monkeypatch.setenv(SWITCH, "off")
    assert pseudonym(room) != pseudonym(room)


def test_grading_joins_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    with recording() as (room, came):
        monkeypatch.setattr(desk, "recorder", lambda *_: None)
        join(code_of(room))
        assert desk.listener is None
        assert came == []


def test_a_full_queue_drops_the_oldest() -> None:
    sender = Sender(Room("127.0.0.1", a_free_port(), "2FXP4A"), "0" * 16)
    for number in range(joining.MOST_WAITING + 7):
        sender.put({"kind": "prediction", "id": "20-a", "value": float(number)})
    assert sender.waiting == joining.MOST_WAITING
    assert sender.lost == 7
    assert sender._waiting[0]["value"] == 7.0
    sender.stop()
