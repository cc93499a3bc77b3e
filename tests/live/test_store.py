"""The room's file: nothing twice, nothing lost, the same after a restart."""

from __future__ import annotations

import sqlite3
import stat
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crmkit.live import store as store_module
from crmkit.live.messages import Answer
from crmkit.live.store import Kept, Store, StoreError

EVENTS = st.integers(0, 12).map(lambda n: f"{n:016x}")
PEOPLE = st.sampled_from([f"{n:016x}" for n in range(4)])
SENT = st.lists(st.tuples(PEOPLE, EVENTS, st.integers(0, 100)), max_size=40)


@settings(max_examples=60, deadline=None)
@given(SENT)
def test_what_comes_twice_counts_once_and_the_first_stays(sent: list[tuple[str, str, int]]) -> None:
    store = Store(":memory:")
    expected: dict[tuple[str, str], int] = {}
    for who, event, value in sent:
        kept = store.keep(who, [Answer(event, "prediction", "20-a", value=float(value))])
        assert kept == Kept(int((who, event) not in expected), 0)
        expected.setdefault((who, event), value)
    assert store.answers() == len(expected)
    last = {who: value for (who, _), value in expected.items()}
    first = {who: value for (who, _), value in reversed(expected.items())}
    assert sorted(store.latest("prediction", "20-a")) == sorted(last.values())
    assert sorted(store.first("prediction", "20-a")) == sorted(first.values())
    assert store.people() == len({who for who, _, _ in sent})


def test_a_restart_keeps_answers_code_token_and_what_is_shown(tmp_path: Path) -> None:
    file = tmp_path / "room.sqlite"
    before = Store(file)
    before.keep("0" * 16, [Answer("1" * 16, "quiz", "20-quiz-1", value="b")])
    before.set_screen(kind="quiz", item="20-quiz-1", revealed={"20-quiz-1": "b"})
    # Not closed: the computer's battery was empty.
    after = Store(file)
    assert (after.secret, after.token, after.screen) == (before.secret, before.token, before.screen)
    assert after.first("quiz", "20-quiz-1") == ["b"]
    again = after.keep("0" * 16, [Answer("1" * 16, "quiz", "20-quiz-1", value="b")])
    assert again == Kept(0, 0)


def test_a_new_room_is_empty_and_has_another_code(tmp_path: Path) -> None:
    file = tmp_path / "room.sqlite"
    old = Store(file)
    old.keep("0" * 16, [Answer("1" * 16, "prediction", "20-a", value=4.0)])
    new = Store(file, new=True)
    assert new.secret != old.secret
    assert new.token != old.token
    assert (new.people(), new.answers(), new.items()) == (0, 0, [])
    assert old.answers() == 1


def test_codes_do_not_repeat() -> None:
    assert len({Store(":memory:").secret for _ in range(50)}) == 50


def test_a_prediction_after_the_reveal_does_not_count() -> None:
    store = Store(":memory:")
    store.keep("0" * 16, [Answer("1" * 16, "prediction", "20-a", value=10.0)])
    store.set_screen(revealed={"20-a": 92.0})
    store.keep("0" * 16, [Answer("2" * 16, "prediction", "20-a", value=92.0)])
    assert store.latest("prediction", "20-a") == [10.0]


def test_one_person_cannot_fill_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store_module, "MOST_OF_ONE", 5)
    store = Store(":memory:")
    many = [Answer(f"{n:016x}", "prediction", "20-a", value=1.0) for n in range(9)]
    assert store.keep("0" * 16, many) == Kept(5, 4)
    assert store.keep("f" * 16, many[:1]) == Kept(1, 0)


def test_a_full_room_takes_nobody_else(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store_module, "MOST_PEOPLE", 1)
    store = Store(":memory:")
    assert store.enter("0" * 16)
    assert store.enter("0" * 16)
    assert not store.enter("1" * 16)
    assert store.keep("1" * 16, [Answer("1" * 16, "prediction", "20-a", value=1.0)]) == Kept(0, 1)


def test_what_the_room_is_busy_with_does_not_follow_a_single_straggler() -> None:
    store = Store(":memory:")
    assert store.busiest() is None
    for n in range(10):
        store.keep(f"{n:016x}", [Answer(f"{n:016x}", "prediction", "20-a", value=1.0)])
    store.keep("0" * 16, [Answer("f" * 16, "prediction", "20-b", value="a")])
    assert store.busiest() == ("prediction", "20-a")


def test_another_file_is_left_as_it_is(tmp_path: Path) -> None:
    text = tmp_path / "notes.txt"
    text.write_text("my notes, which are long enough not to be a database " * 30, encoding="utf-8")
    before = text.read_bytes()
    with pytest.raises(StoreError, match="Nothing in it was changed"):
        Store(text)
    assert text.read_bytes() == before

    other = tmp_path / "other.sqlite"
    with sqlite3.connect(other) as made:
        made.execute("CREATE TABLE mine (a)")
    with pytest.raises(StoreError, match="database of something else"):
        Store(other)
    with sqlite3.connect(other) as seen:
        assert [name for (name,) in seen.execute("SELECT name FROM sqlite_master")] == ["mine"]

    with pytest.raises(StoreError, match="cannot be used"):
        Store(tmp_path / "no folder" / "room.sqlite")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such permissions")
def test_the_token_is_for_the_trainer_alone(tmp_path: Path) -> None:
    Store(tmp_path / "room.sqlite")
    assert stat.S_IMODE((tmp_path / "room.sqlite").stat().st_mode) == 0o600


def test_nothing_but_numbers_ids_and_letters_is_stored(tmp_path: Path) -> None:
    store = Store(tmp_path / "room.sqlite")
    columns = [row[1] for row in store._file.execute("PRAGMA table_info(answers)")]
    assert columns == [
        *("number", "room", "who", "event", "kind", "item"),
        *("state", "way", "attempt", "value", "late"),
    ]
