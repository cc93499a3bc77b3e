"""The room code: where a trainer's computer is in the room's network, and the room's secret, in one short word.

``join("0008M-2FXP4-AY")`` has to be typed from a projector. So the code is as short as the network allows: of an
address in a private network only the part that differs is written. Letters that look alike are left out (Crockford's
base 32), capitals do not matter, and a last letter finds out a slip of the hand before anything is sent.
"""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass

from crmkit.errors import CrmkitError
from crmkit.say import say

#: Where `crmkit live` listens if nothing else is asked for. The code has no room for it then: it is known.
PORT = 8642
#: How many ports after the first one the code can name by itself.
NEAR_PORTS = 3

LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_LOOK_ALIKE = str.maketrans("OIL", "011")
# What the first letter says of the address: the part that all addresses of its kind have, and how many bits follow.
_NETWORKS = (
    ipaddress.IPv4Network("192.168.0.0/16"),
    ipaddress.IPv4Network("10.0.0.0/8"),
    ipaddress.IPv4Network("172.16.0.0/12"),
    ipaddress.IPv4Network("100.64.0.0/10"),
    ipaddress.IPv4Network("127.0.0.1/32"),
    ipaddress.IPv4Network("0.0.0.0/0"),
)
_GROUP = 5
#: Letters of a secret: 2 ** 30 of them; the server lets 300 be tried a minute.
SECRET_LETTERS = 6
_PORT_LETTERS = 4


class NoRoomCode(CrmkitError):
    """What was given is no room code; the text says what is wrong with it."""


@dataclass(frozen=True)
class Room:
    """What a room code says: the address and port of the trainer's computer, and the room's secret."""

    address: str
    port: int
    secret: str

    @property
    def url(self) -> str:
        """Where the trainer's computer listens."""
        return f"http://{self.address}:{self.port}"


def tidy_secret(secret: str) -> str:
    """Write a secret as codes write it.

    Examples
    --------
    >>> tidy_secret("lo-2fxp")
    '102FXP'
    """
    return "".join(letter for letter in str(secret).upper() if letter.isalnum()).translate(
        _LOOK_ALIKE
    )


def is_secret(secret: str) -> bool:
    """Tell whether a text can be a room's secret."""
    return len(secret) == SECRET_LETTERS and all(letter in LETTERS for letter in secret)


def code_of(room: Room) -> str:
    """Write a room as a code.

    Parameters
    ----------
    room
        Its address is an IPv4 one.

    Examples
    --------
    >>> code_of(Room("192.168.1.20", 8642, "2FXP4A"))
    '0008M-2FXP4-AY'
    >>> len(code_of(Room("10.12.200.7", 8642, "2FXP4A"))) - len(code_of(Room("127.0.0.1", 8642, "2FXP4A")))
    6
    """
    address = ipaddress.IPv4Address(room.address)
    kind = next(place for place, net in enumerate(_NETWORKS) if address in net)
    near = room.port - PORT
    port = near if 0 <= near < NEAR_PORTS else NEAR_PORTS
    body = LETTERS[kind * 4 + port]
    body += _digits(int(address) & int(_NETWORKS[kind].hostmask), _letters_of(kind))
    if port == NEAR_PORTS:
        body += _digits(room.port, _PORT_LETTERS)
    body += room.secret
    body += _check_letter(body)
    return "-".join(body[at : at + _GROUP] for at in range(0, len(body), _GROUP))


def read_code(typed: object) -> Room:
    """Read a code as somebody typed it: capitals, dashes and spaces do not matter.

    Raises
    ------
    NoRoomCode
        It is none.

    Examples
    --------
    >>> read_code(" 0008m 2fxp4 ay").url
    'http://192.168.1.20:8642'
    >>> read_code("0008M-2FXP4-A5")
    Traceback (most recent call last):
        ...
    crmkit.practice.room_code.NoRoomCode: That is not quite the room code: compare it letter by letter.
    """
    if not isinstance(typed, str) or not typed.strip():
        raise NoRoomCode(
            say('Give the room code that your trainer shows, between quotes: join("...").')
        )
    body = tidy_secret(typed[:100])
    slip = NoRoomCode(say("That is not quite the room code: compare it letter by letter."))
    if len(body) < 2 + SECRET_LETTERS or any(letter not in LETTERS for letter in body):
        raise slip
    kind, port = divmod(LETTERS.index(body[0]), 4)
    if kind >= len(_NETWORKS) or _check_letter(body[:-1]) != body[-1]:
        raise slip
    at = 1 + _letters_of(kind)
    host = _number(body[1:at])
    ends = at + (_PORT_LETTERS if port == NEAR_PORTS else 0)
    number = _number(body[at:ends]) if port == NEAR_PORTS else PORT + port
    secret = body[ends:-1]
    network = _NETWORKS[kind]
    if not is_secret(secret) or host > int(network.hostmask) or not 0 < number < 65536:
        raise slip
    return Room(str(network.network_address + host), number, secret)


def _letters_of(kind: int) -> int:
    """Say how many letters the differing part of an address takes."""
    return -(-(32 - _NETWORKS[kind].prefixlen) // 5)


def _digits(number: int, length: int) -> str:
    return "".join(LETTERS[number >> 5 * place & 31] for place in reversed(range(length)))


def _number(letters: str) -> int:
    value = 0
    for letter in letters:
        value = value * 32 + LETTERS.index(letter)
    return value


def _check_letter(body: str) -> str:
    """Give a letter that changes with any one letter, and with any two neighbours that change places.

    A sum over powers of 2 in the field with 32 elements: no single slip leaves it as it was.
    """
    total = 0
    for letter in reversed(body):
        total = _doubled(total ^ LETTERS.index(letter))
    return LETTERS[total]


def _doubled(element: int) -> int:
    """Double an element of the field with 32 elements (x^5 + x^2 + 1)."""
    element <<= 1
    return element ^ 0b100101 if element & 32 else element
