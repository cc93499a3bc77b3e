"""``crmkit live``: open a room on the trainer's computer, and serve its page until Ctrl-C."""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
import signal
import socket
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crmkit.errors import CrmkitError
from crmkit.practice.room_code import NEAR_PORTS, PORT, Room, code_of
from crmkit.say import say

if TYPE_CHECKING:
    from crmkit.live.server import LiveRoom

HERE = "127.0.0.1"


def own_address() -> str:
    """Find this computer's address in the room's network; its address for itself alone where it has no network.

    Nothing is sent: a datagram socket that is told a destination only looks up which way it would go.
    """
    with contextlib.suppress(OSError), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as way:
        way.connect(("192.0.2.1", 9))  # an address that belongs to nobody (RFC 5737)
        return str(way.getsockname()[0])
    with contextlib.suppress(OSError):
        found = socket.gethostbyname(socket.gethostname())
        if not found.startswith("127."):
            return found
    return HERE


def checked_address(given: str | None) -> str:
    """Read the address to be used.

    Raises
    ------
    CrmkitError
        It is no IPv4 address that a student's computer could reach.

    Examples
    --------
    >>> checked_address("192.168.1.20")
    '192.168.1.20'
    """
    if given is None:
        return own_address()
    try:
        address = ipaddress.IPv4Address(given)
    except ValueError:
        raise CrmkitError(
            f"--address {given}: write it as four numbers, such as 192.168.1.20."
        ) from None
    if address.is_unspecified or address.is_multicast:
        raise CrmkitError(
            f"--address {given}: name this computer's own address in the room's network."
        )
    return str(address)


def _bound(application: Any, address: str, port: int | None) -> tuple[Any, int]:
    """Listen on the port asked for, or on the first of a few that is free."""
    from crmkit.live.server import CannotListen, listen

    addresses = [address] if address == HERE else [address, HERE]
    tried = [port] if port else [PORT + step for step in range(NEAR_PORTS)]
    trouble: CannotListen | None = None
    for wanted in tried:
        try:
            return listen(application, addresses, wanted), wanted
        except CannotListen as error:
            trouble = error
    raise CrmkitError(
        f"{trouble} Is crmkit live running already? Another port: --port 8700. Another address of this computer: "
        "--address."
    )


def open_room(
    file: Path,
    address: str | None,
    port: int | None,
    site: Path | None,
    new: bool,
    tell: Callable[[str], None],
    scenes: Sequence[Path] = (),
) -> None:
    """Open the room and serve it until it is ended by Ctrl-C.

    Parameters
    ----------
    file
        Where everything is kept.
    address, port
        Where to listen; found if not given.
    site
        The folder of the browser edition, to be served too.
    new
        Begin a new room.
    tell
        Shows a line to the trainer.
    scenes
        Conversations of the trainer's own, as files.

    Raises
    ------
    CrmkitError
        Tornado is missing, the port is in use, a scene has a fault, or the file is something else.
    """
    if find_spec("tornado") is None:
        raise CrmkitError(
            "crmkit live needs tornado, which JupyterLab brings: pip install 'crmkit[lab]'"
        )
    if site is not None and not (site / "index.html").is_file():
        raise CrmkitError(
            f"--site {site}: there is no index.html in it. make site writes that folder."
        )
    from crmkit.live import dialogues
    from crmkit.live.server import LiveRoom, application
    from crmkit.live.store import Store

    dialogues.offer(scenes)
    where = checked_address(address)
    store = Store(file, new=new)
    room = LiveRoom(store, code="")
    try:
        asyncio.run(
            _serve(room, lambda: _bound(application(room, site), where, port), where, site, tell)
        )
    finally:
        room.close()


async def _serve(
    room: LiveRoom,
    listen: Callable[[], tuple[Any, int]],
    where: str,
    site: Path | None,
    tell: Callable[[str], None],
) -> None:
    server, port = listen()
    room.code = code_of(Room(where, port, room.store.secret))
    # The questions' files take a moment to read; the first answer does not wait for them.
    warm = asyncio.get_running_loop().run_in_executor(room.slow, _read_questions)
    tell(say("The page for the projector (keep this link to yourself: it holds the controls):"))
    tell(f"\n    http://{where}:{port}/?token={room.store.token}\n")
    tell(say("Students type:"))
    tell(f'\n    from crmkit.practice import join\n    join("{room.code}")\n')
    tell(say("Votes on a telephone: {address}", address=f"http://{where}:{port}/vote") + "\n")
    if site is not None:
        tell(say("The course in the browser: {address}", address=f"http://{where}:{port}/course/"))
    if where == HERE:
        tell(say("{address} is this computer itself: only notebooks on it can join.", address=HERE))
    if answers := room.store.answers():
        tell(say("Answers kept from before: {count}. For an empty room: --new", count=answers))
    tell(say("All is kept in {file}. Ctrl-C ends it.", file=room.store.path))
    over = asyncio.Event()
    loop = asyncio.get_running_loop()
    for ending in (signal.SIGINT, signal.SIGTERM):
        with contextlib.suppress(
            NotImplementedError, ValueError, RuntimeError
        ):  # Windows; another thread
            loop.add_signal_handler(ending, over.set)
    with contextlib.suppress(asyncio.CancelledError):
        await over.wait()
    server.stop()
    warm.cancel()
    await server.close_all_connections()


def _read_questions() -> None:
    from crmkit.practice import bank

    for lesson in bank.lessons():
        bank.of_lesson(lesson)
