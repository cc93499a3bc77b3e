"""The room code: it comes back, and a slip of the hand is found out."""

from __future__ import annotations

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmkit.practice.room_code import LETTERS, NoRoomCode, Room, code_of, read_code

ADDRESSES = st.one_of(
    st.ip_addresses(v=4),
    *(
        st.ip_addresses(network=net)
        for net in (
            "192.168.0.0/16",
            "10.0.0.0/8",
            "172.16.0.0/12",
            "100.64.0.0/10",
            "127.0.0.1/32",
        )
    ),
).map(str)
SECRETS = st.text(LETTERS, min_size=6, max_size=6)
ROOMS = st.builds(Room, ADDRESSES, st.integers(1, 65535) | st.integers(8642, 8644), SECRETS)


@given(ROOMS)
def test_a_code_says_its_room(room: Room) -> None:
    code = code_of(room)
    assert read_code(code) == room
    assert read_code(f"  {code.lower().replace('-', ' ')}\n") == room
    assert read_code(code.replace("0", "o").replace("1", "l")) == room


@given(ROOMS, st.data())
def test_one_wrong_letter_or_two_swapped_ones_are_found_out(
    room: Room, data: st.DataObject
) -> None:
    code = code_of(room).replace("-", "")
    at = data.draw(st.integers(0, len(code) - 1))
    other = data.draw(st.sampled_from(LETTERS).filter(lambda letter: letter != code[at]))
    with pytest.raises(NoRoomCode):
        read_code(code[:at] + other + code[at + 1 :])
    if at and code[at - 1] != code[at]:
        with pytest.raises(NoRoomCode):
            read_code(code[: at - 1] + code[at] + code[at - 1] + code[at + 1 :])


@given(st.text() | st.none() | st.integers() | st.binary())
def test_anything_else_is_told_in_a_sentence(typed: object) -> None:
    with pytest.raises(NoRoomCode):
        read_code(typed)


def test_at_home_and_in_most_rooms_a_code_has_twelve_letters() -> None:
    for network in ("192.168.0.0/16", "10.0.0.0/8"):
        last = str(ipaddress.IPv4Network(network)[-2])
        assert len(code_of(Room(last, 8642, "ZZZZZZ")).replace("-", "")) <= 13
