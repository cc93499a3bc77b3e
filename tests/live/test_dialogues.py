"""A room holds a conversation together: votes at each step, the way that most want, and nothing under five."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from crmkit.brand import Gains
from crmkit.errors import CrmkitError
from crmkit.live import dialogues, messages
from crmkit.practice import join, joining, vote
from crmkit.practice.attempts import SWITCH
from crmkit.relations import all_paths, read_scene
from crmkit.relations.scenes import FOLDER

from .a_room import OpenRoom, a_random

START = "our_mistake-"


@pytest.fixture(autouse=True)
def _no_scenes_of_ones_own() -> Iterator[None]:
    yield
    dialogues.offer(())


def ballot(letter: Any, item: str = START) -> dict[str, Any]:
    return {"event": a_random(), "kind": "scene", "id": item, "value": letter}


def students_see(room: OpenRoom, given: str | None = None, seen: str = "") -> tuple[int, Any]:
    asked = {"room": given or room.live.store.secret, "seen": seen}
    status, body, _ = room.ask("POST", "/api/step", asked)
    return status, json.loads(body) if body else None


def show(room: OpenRoom, item: str = START) -> None:
    assert room.screen(kind="scene", item=item, follow=False) == 200


def test_a_class_goes_through_a_conversation_step_by_step(room: OpenRoom) -> None:
    show(room)
    people = [a_random() for _ in range(7)]
    state = room.state()
    assert state["lesson"] == "68"
    assert "wrong tiles" in state["stage"]
    for letters, item, reply in (
        ("cccccab", START, "two hours at most"),
        ("bbbbbbc", "our_mistake-c", "That saves my day"),
        ("aaaaaaa", "our_mistake-cb", "Until then"),
    ):
        assert room.state()["item"] == f"scene/{item}"
        assert students_see(room)[1]["item"] == item
        assert room.state()["turns"][1] == "", "on only once the room has answered"
        for who, letter in zip(people, letters, strict=True):
            assert room.send([ballot(letter, item)], who) == 200
        assert reply not in room.state()["stage"]
        assert room.screen(reveal=item) == 200
        state = room.state()
        assert reply in state["stage"]
        assert "the room's answer" in state["stage"].replace("&#x27;", "'")
        assert "Trust 6.0 →" in state["said"]
        seen = students_see(room)[1]
        assert seen["choices"] == []
        assert seen["last"][1].startswith(reply[:5]) or reply in seen["last"][1]
        room.screen(kind="scene", item=state["turns"][1].split("/")[1], follow=False)
    state = room.state()
    assert state["item"] == "scene/our_mistake-cba"
    assert "the best way of all" in state["said"]
    assert not state["can_reveal"]
    assert students_see(room)[1]["over"]


def test_a_vote_may_change_until_the_room_has_answered(room: OpenRoom) -> None:
    show(room)
    people = [a_random() for _ in range(6)]
    for who in people:
        room.send([ballot("a")], who)
    for who in people:
        room.send([ballot("c")], who)
    assert room.screen(reveal=START) == 200
    for who in people:
        room.send([ballot("b")], who)
    body = {"room": room.live.store.secret, "who": people[0], "answers": [ballot("b")]}
    status, told, _ = room.ask("POST", "/api/answers", body)
    assert (status, json.loads(told)) == (200, {"late": 1})  # the telephone says so
    assert room.live.store.latest("scene", START) == ["c"] * 6
    assert room.live.store.revealed()[START] == "c"
    assert room.screen(hide=START) == 200  # the answer is taken back
    assert students_see(room)[1]["choices"]


def test_fewer_than_five_votes_show_nothing_and_decide_nothing(room: OpenRoom) -> None:
    show(room)
    for letter in "cccb":
        room.send([ballot(letter)])
    state = room.state()
    assert "4 answers so far" in state["said"]
    assert 'class="count"' not in state["stage"]
    assert room.screen(reveal=START) == 400, "the way taken would tell the votes"
    assert "two hours" not in room.state()["stage"]
    # The trainer asks the room, and types the letter.
    assert state["asks_result"]
    assert room.screen(reveal=START, result="x") == 400
    assert room.screen(reveal=START, result=" B") == 200
    state = room.state()
    assert "under the tiles" in state["stage"]
    assert 'class="count"' not in state["stage"]


def test_a_choice_of_one_to_four_votes_has_no_number(room: OpenRoom) -> None:
    show(room)
    for letter in "cccccba":
        room.send([ballot(letter)])
    stage = room.state()["stage"]
    assert '<span class="count">5</span>' in stage
    assert stage.count('<span class="count">few</span>') == 2


def test_students_see_the_step_and_never_a_vote(room: OpenRoom) -> None:
    assert students_see(room)[1]["item"] == ""
    show(room)
    status, step = students_see(room, given=room.live.code.lower())  # as typed from the wall
    assert status == 200
    assert step["person"] == "Jonas Weber"
    assert [letter for letter, _ in step["choices"]] == ["a", "b", "c"]
    for letter in "ccccccab":
        room.send([ballot(letter)])
    assert students_see(room, seen=step["seen"])[0] == 204, "votes change nothing that students see"
    assert students_see(room)[1] == step
    room.screen(closed=True)
    assert students_see(room)[1]["item"] == ""


def test_without_the_code_nobody_sees_the_step(room: OpenRoom) -> None:
    show(room)
    inside = a_random()
    assert room.send([], inside) == 200
    assert students_see(room, given="2FXP4A")[0] == 403
    for body in (b"x", b"[]", b"{}", b'{"room": 3}', b'{"room": ""}', b"\xff", b'"' + b"a" * 300):
        assert room.ask("POST", "/api/step", body)[0] == 400
    for _ in range(40):
        status, _ = students_see(room, given="2FXP4A")
    assert status == 429, "a code is not found by trying"
    assert students_see(room)[0] == 429, "a newcomer waits: this may be a guess"
    seen = {"room": room.live.store.secret, "who": inside, "seen": ""}
    assert room.ask("POST", "/api/step", seen)[0] == 200, "who is in the room stays in it"
    seen["room"] = "2FXP4A"
    assert room.ask("POST", "/api/step", seen)[0] == 403


def test_the_page_for_a_telephone_holds_nothing_of_the_room(room: OpenRoom) -> None:
    show(room)
    status, body, headers = room.ask("GET", "/vote")
    assert status == 200
    assert "script-src 'self'" in headers["Content-Security-Policy"]
    for secret in (room.live.code, room.live.store.secret, room.live.store.token, "tiles"):
        assert secret not in body.decode()
    assert room.ask("GET", "/vote.js")[0] == 200


@pytest.mark.parametrize(
    ("item", "value"),
    [
        (START, "d"), (START, "C"), (START, "ab"), (START, ""), (START, 1), (START, None), (START, ["a"]),
        ("our_mistake-cba", "a"), ("our_mistake-z", "a"), ("our_mistake-cbaaaaaaaa", "a"), ("our_mistake", "a"),
        ("no_such_scene-", "a"), ("../our_mistake-", "a"), ("x" * 500 + "-", "a"), ("-", "a"), (7, "a"),
    ],
)  # fmt: skip
def test_what_is_no_vote_is_left_out(room: OpenRoom, item: Any, value: Any) -> None:
    assert room.send([ballot(value, item)]) == 200
    assert room.live.store.answers() == 0


def test_the_way_is_the_same_after_a_restart(opening: Callable[..., Any]) -> None:
    with opening() as room:
        show(room)
        for _ in range(5):
            room.send([ballot("c")])
        room.screen(reveal=START)
        show(room, "our_mistake-c")
    with opening() as room:
        assert room.state()["item"] == "scene/our_mistake-c"
        assert "two hours at most" in room.state()["stage"]
        show(room)
        assert room.state()["revealed"]
        assert "Trust 6.0 →" in room.state()["said"]


def test_a_trainers_own_scene_is_played_too(room: OpenRoom, tmp_path: Path) -> None:
    text = (FOLDER / "our_mistake.toml").read_text(encoding="utf-8")
    mine = tmp_path / "my_scene.toml"
    mine.write_text(text.replace("Jonas Weber", "Nina Hart"), encoding="utf-8")
    dialogues.offer([mine])
    room.screen(lesson="68")
    assert any(value == "scene/my_scene-" for value, _ in room.state()["items"])
    show(room, "my_scene-")
    assert students_see(room)[1]["person"] == "Nina Hart"
    assert messages.find_item("scene", "my_scene-c") is not None
    mine.write_text(text.replace("rating = 8", "rating = 80", 1), encoding="utf-8")
    with pytest.raises(CrmkitError, match="lies between 0 and 10"):
        dialogues.offer([mine])


def test_every_way_of_every_scene_is_a_place() -> None:
    for name, scene in dialogues.scenes().items():
        for path in all_paths(scene, Gains(0.06, 0.18, 0.42))["path"]:
            for length in range(len(path)):
                turn = dialogues.find_turn(dialogues.turn_id(name, path[:length]))
                assert turn is not None
                assert path[length] in turn.letters
            end = dialogues.find_turn(dialogues.turn_id(name, path))
            assert end is not None
            assert end.step is None


# --- from a notebook ---------------------------------------------------------------------------------


@pytest.fixture
def joined(room: OpenRoom, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[OpenRoom]:
    monkeypatch.setenv(SWITCH, str(tmp_path / "record.json"))
    monkeypatch.setenv("HOME", str(tmp_path))
    join(room.live.code)
    yield room
    joining._stop()


def test_a_student_votes_from_a_notebook(joined: OpenRoom, capsys: Any) -> None:
    def said(*letter: Any) -> str:
        capsys.readouterr()
        vote(*letter)
        return capsys.readouterr().out

    assert "nothing to vote on" in said()
    show(joined)
    choice = read_scene("our_mistake").steps["call"].choices[2].say
    assert choice in said()
    assert "Give one of the letters: a, b, c" in said("z")
    assert choice in said("C")
    until = time.monotonic() + 10
    while not joined.live.store.latest("scene", START) and time.monotonic() < until:
        time.sleep(0.05)
    assert joined.live.store.latest("scene", START) == ["c"]


def test_who_has_not_joined_and_whom_nothing_answers_get_a_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    joining._stop()
    vote("a")
    assert "You take part in no room" in capsys.readouterr().out
    room = joining.Room("127.0.0.1", 9, "2FXP4A")
    monkeypatch.setattr(joining, "_joined", joining.Sender(room, a_random()))
    for answer in ((0, ""), (200, "x"), (200, "[]"), (200, '{"choices": 3}'), (500, "")):
        monkeypatch.setattr(joining, "_ask", lambda *_, answer=answer: answer)
        vote("a")
        assert "does not answer" in capsys.readouterr().out
