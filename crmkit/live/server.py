"""The trainer's computer in the room: takes what notebooks send, and serves the page for the projector.

One thread does all work on the store, in turn, so that nothing needs a lock; a second one computes answers from the
tables, which may take seconds. Tornado comes with JupyterLab and is imported only here.
"""

from __future__ import annotations

import asyncio
import hmac
import json
import logging
import secrets
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from importlib import resources
from pathlib import Path
from typing import Any, TypeVar

import tornado.httpserver
import tornado.netutil
import tornado.web

from crmkit.errors import CrmkitError
from crmkit.live import dialogues, items, page, vote_page
from crmkit.live.dialogues import Turn
from crmkit.live.limits import Limit
from crmkit.live.messages import MOST_BYTES, BadMessage, lesson_of_item, read_message
from crmkit.live.store import Store, StoreError
from crmkit.practice import bank
from crmkit.practice.room_code import NoRoomCode, read_code, tidy_secret
from crmkit.practice.tables import OwnTables

T = TypeVar("T")

#: Statuses that a notebook understands (crmkit.practice.joining).
_NO_ROOM, _CLOSED, _TOO_MANY, _REFUSED, _BUSY = 403, 410, 429, 400, 503
_ASSETS = {
    "live.css": ("crmkit.live", "live.css", "text/css; charset=utf-8"),
    "live.js": ("crmkit.live", "live.js", "text/javascript; charset=utf-8"),
    "vote.js": ("crmkit.live", "vote.js", "text/javascript; charset=utf-8"),
    "crmkit-sans-sc.otf": ("crmkit", "fonts/crmkit-sans-sc.otf", "font/otf"),
}
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; font-src 'self'; connect-src 'self'; "
    "img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


class LiveRoom:
    """A room that is open: its store, its limits, its answers.

    Parameters
    ----------
    store
        What was collected.
    code
        The room code that the page shows.
    tables
        Of the trainer; by default those that the working folder has.
    """

    def __init__(self, store: Store, code: str, tables: OwnTables | None = None) -> None:
        self.store, self.code = store, code
        self.tables = tables or OwnTables.here()
        self.about = self.tables.company
        self.desk = ThreadPoolExecutor(1, "crmkit-live-store")
        self.slow = ThreadPoolExecutor(1, "crmkit-live-answers")
        #: One student: sixty answers at once (a notebook run from top to bottom), then one a second.
        self.one = Limit(60, 60)
        #: One computer: a hub holds a whole class.
        self.newcomers = Limit(500, 60)
        self.wrong_codes = Limit(30, 30)
        self.all_wrong_codes = Limit(300, 300)
        self.begun = secrets.token_hex(4)

    async def at_the_desk(self, do: Callable[..., T], *what: Any) -> T:
        """Do something with the store, in turn."""
        return await asyncio.get_running_loop().run_in_executor(self.desk, do, *what)

    @property
    def version(self) -> str:
        """Changes with everything that the page shows."""
        return f"{self.begun}-{self.store.version}"

    def take(self, body: bytes, sender: str) -> tuple[int, dict[str, int] | None]:
        """Take what a notebook or a telephone sent; give the status of the reply and the reply.

        The reply says how many answers came after the room had answered: they are kept, and do not count.
        """
        try:
            message = read_message(body)
        except BadMessage:
            return _REFUSED, None
        known = self.store.knows(message.who)
        if not known and min(self.wrong_codes.left(sender), self.all_wrong_codes.left("")) < 1:
            return _TOO_MANY, None  # without looking at the code: it may be a guess
        if not hmac.compare_digest(message.room.encode(), self.store.secret.encode()):
            self.wrong_codes.allows(sender)
            self.all_wrong_codes.allows("")
            return _NO_ROOM, None
        if self.store.screen.get("closed"):
            return _CLOSED, None
        if not known and not self.newcomers.allows(sender):
            return _TOO_MANY, None
        if not self.one.allows(message.who, max(1, len(message.answers) + message.refused)):
            return _TOO_MANY, None
        try:
            if not message.answers and not known:
                return (200 if self.store.enter(message.who) else _TOO_MANY), None
            kept = self.store.keep(message.who, message.answers)
        except StoreError:
            return _BUSY, None
        return 200, {"late": kept.late}

    def step(self, body: bytes, sender: str) -> tuple[int, dict[str, Any] | None]:
        """Tell a student what the room votes on; give the status of the reply and the reply.

        Parameters
        ----------
        body
            JSON with "room" (the secret, or the code as it was typed), "who" (the student's random number, if there
            is one) and "seen" (what the student's page shows).
        sender
            The address of the student's computer.
        """
        try:
            asked = json.loads(body.decode("utf-8"))
            given, seen, who = asked["room"], asked.get("seen"), asked.get("who")
        except (ValueError, RecursionError, KeyError, TypeError, AttributeError):
            return _REFUSED, None
        if not isinstance(given, str) or not 1 <= len(given) <= 100:
            return _REFUSED, None
        # Who has been let in is not kept out by somebody else's guesses.
        known = isinstance(who, str) and len(who) == 16 and self.store.knows(who)
        if not known and min(self.wrong_codes.left(sender), self.all_wrong_codes.left("")) < 1:
            return _TOO_MANY, None
        try:
            secret = read_code(given).secret
        except NoRoomCode:
            secret = tidy_secret(given)
        if not hmac.compare_digest(secret.encode(), self.store.secret.encode()):
            self.wrong_codes.allows(sender)
            self.all_wrong_codes.allows("")
            return _NO_ROOM, None
        if seen == vote_page.step_key(self.store):
            return 204, None
        return 200, vote_page.step_of(self.store, self.about)

    def state(self) -> dict[str, Any]:
        """Give what the page shows."""
        return {"version": self.version, **page.state(self.store, self.about, self.code)}

    def set_screen(self, change: dict[str, Any]) -> bool:
        """Show what the trainer asks for; False where there is no such thing."""
        kept: dict[str, Any] = {}
        if "lesson" in change:
            if change["lesson"] not in ("", *bank.lessons()):
                return False
            kept["lesson"] = change["lesson"]
        if "item" in change:
            kind, item = change.get("kind"), change["item"]
            if not isinstance(kind, str) or not isinstance(item, str):
                return False
            if item and items.find(kind, item, self.about) is None:
                return False
            kept |= {"kind": kind, "item": item}
            if item:
                kept["lesson"] = lesson_of_item(kind, item)
        for name in ("follow", "closed"):
            if name in change:
                kept[name] = change[name] is True
        if "hide" in change:
            shown = self.store.revealed()
            kept["revealed"] = {
                item: answer for item, answer in shown.items() if item != change["hide"]
            }
        self.store.set_screen(**kept)
        return True

    async def reveal(self, item: str, typed: Any) -> bool:
        """Show the answer of what is on the page; False where it is not known and what was typed is none."""
        shown = await self.at_the_desk(page.shown_item, self.store, self.about)
        if shown is None or shown.id != item:
            return False
        if isinstance(shown.asked, Turn):
            return await self._answer_as_a_room(shown.asked, typed)
        loop = asyncio.get_running_loop()
        answer = items.read_result(shown, typed) if typed is not None else None
        if answer is None:
            try:
                answer = await loop.run_in_executor(self.slow, items.answer_of, shown, self.tables)
            except Exception:  # tables that are not there, say: then the trainer types it
                answer = None
        if answer is None:
            return False

        def keep() -> None:
            revealed = {**self.store.revealed(), item: answer}
            # What the room is busy with may change; what was just revealed stays on the page.
            self.store.set_screen(revealed=revealed, kind=shown.kind, item=shown.id, follow=False)

        await self.at_the_desk(keep)
        return True

    async def _answer_as_a_room(self, turn: Turn, typed: Any) -> bool:
        """Let a conversation go the way that most have voted for, or that the trainer has typed."""
        gains = self.store.screen.get("gains")
        if gains is None:  # seconds, once a room
            loop = asyncio.get_running_loop()
            gains = await loop.run_in_executor(self.slow, dialogues.gains_of, self.tables)

        def keep() -> bool:
            votes = self.store.latest(dialogues.KIND, turn.id)
            letter = dialogues.room_answer(turn, votes, typed)
            if letter is not None:
                revealed = {**self.store.revealed(), turn.id: letter}
                where = {"kind": dialogues.KIND, "item": turn.id, "follow": False}
                self.store.set_screen(revealed=revealed, gains=gains, **where)
            return letter is not None

        return await self.at_the_desk(keep)

    def close(self) -> None:
        """Finish what is being done and close the file."""
        self.slow.shutdown(wait=False, cancel_futures=True)
        self.desk.shutdown(wait=True)
        self.store.close()


class _Handler(tornado.web.RequestHandler):
    room: LiveRoom

    def initialize(self, room: LiveRoom) -> None:
        self.room = room

    def set_default_headers(self) -> None:
        self.clear_header("Server")
        self.set_header("X-Content-Type-Options", "nosniff")
        self.set_header("Referrer-Policy", "no-referrer")
        self.set_header("Cache-Control", "no-store")

    def write_error(self, status_code: int, **_: Any) -> None:
        self.finish()

    @property
    def cookie_name(self) -> str:
        """A computer's cookies are shared by its ports."""
        return f"crmkit_live_{self.request.host.rpartition(':')[2]}"

    def is_trainers(self) -> bool:
        """Tell whether the request holds the room's token."""
        given = self.get_cookie(self.cookie_name, "") or ""
        return hmac.compare_digest(given.encode(), self.room.store.token.encode())


class _Page(_Handler):
    async def get(self) -> None:
        token = self.get_query_argument("token", "")
        if token:
            if hmac.compare_digest(token.encode(), self.room.store.token.encode()):
                # Out of the address: a projector shows it to everybody.
                self.set_cookie(self.cookie_name, token, httponly=True, samesite="Strict", path="/")
            self.redirect("./")
            return
        self.set_header("Content-Security-Policy", _POLICY)
        self.set_header("Content-Type", "text/html; charset=utf-8")
        if self.is_trainers():
            self.finish(page.whole(self.room.code))
        else:
            self.set_status(403)
            self.finish(page.closed_door())


class _Asset(_Handler):
    def get(self, name: str) -> None:
        package, path, kind = _ASSETS[name]
        self.set_header("Content-Type", kind)
        self.finish(resources.files(package).joinpath(path).read_bytes())


class _Answers(_Handler):
    """Where notebooks send to, from JupyterLab or from a page of the browser edition, wherever that is served."""

    def set_default_headers(self) -> None:
        super().set_default_headers()
        self.set_header("Access-Control-Allow-Origin", "*")
        self.set_header("Access-Control-Allow-Methods", "POST")
        self.set_header("Access-Control-Allow-Headers", "Content-Type")
        self.set_header("Access-Control-Allow-Private-Network", "true")

    def options(self) -> None:
        self.set_status(204)
        self.finish()

    async def post(self) -> None:
        sender = self.request.remote_ip or ""
        status, kept = await self.room.at_the_desk(self.room.take, self.request.body, sender)
        self.set_status(status)
        self.finish(kept)


class _Step(_Answers):
    """What the room votes on, for who has its code: a notebook, or the page for a telephone."""

    async def post(self) -> None:
        sender = self.request.remote_ip or ""
        status, step = await self.room.at_the_desk(self.room.step, self.request.body, sender)
        self.set_status(status)
        self.finish(step)


class _Vote(_Handler):
    def get(self) -> None:
        self.set_header("Content-Security-Policy", _POLICY)
        self.set_header("Content-Type", "text/html; charset=utf-8")
        self.finish(vote_page.voting_page())


class _State(_Handler):
    async def get(self) -> None:
        if not self.is_trainers():
            self.send_error(403)
        elif self.get_query_argument("seen", "") == self.room.version:
            self.set_status(204)
            self.finish()
        else:
            self.finish(await self.room.at_the_desk(self.room.state))


class _Screen(_Handler):
    async def post(self) -> None:
        # A page from elsewhere can send no cookie of ours (SameSite) and no JSON without asking first.
        kind = self.request.headers.get("Content-Type", "")
        if not self.is_trainers() or not kind.startswith("application/json"):
            self.send_error(403)
            return
        try:
            change = json.loads(self.request.body)
        except (ValueError, RecursionError):
            change = None
        if not isinstance(change, dict):
            self.send_error(400)
        elif "reveal" in change:
            done = await self.room.reveal(str(change["reveal"]), change.get("result"))
            self.send_error(400) if not done else self.finish({})
        elif await self.room.at_the_desk(self.room.set_screen, change):
            self.finish({})
        else:
            self.send_error(400)


class _Site(tornado.web.StaticFileHandler):
    """The browser edition, served beside the room."""

    def get_content_type(self) -> str:
        kinds = {
            ".mjs": "text/javascript",
            ".wasm": "application/wasm",
            ".ipynb": "application/json",
        }
        return kinds.get(Path(self.absolute_path or "").suffix) or super().get_content_type()


def application(room: LiveRoom, site: Path | None = None) -> tornado.web.Application:
    """Make the web application of a room.

    Parameters
    ----------
    room
        The room.
    site
        The folder of the browser edition, if it is to be served too, below ``/course/``.
    """
    own = {"room": room}
    names = "|".join(name.replace(".", r"\.") for name in _ASSETS)
    routes: list[Any] = [
        (r"/", _Page, own),
        (rf"/({names})", _Asset, own),
        (r"/vote", _Vote, own),
        (r"/api/answers", _Answers, own),
        (r"/api/step", _Step, own),
        (r"/api/state", _State, own),
        (r"/api/screen", _Screen, own),
    ]
    if site is not None:
        routes.append(
            (r"/course/(.*)", _Site, {"path": str(site), "default_filename": "index.html"})
        )
    return tornado.web.Application(routes, log_function=lambda _: None)


class CannotListen(CrmkitError):
    """The address or port cannot be used; the text says what to do."""


def listen(
    application: tornado.web.Application, addresses: list[str], port: int
) -> tornado.httpserver.HTTPServer:
    """Listen on a port of several addresses of this computer.

    Raises
    ------
    CannotListen
        The port is in use, or an address is not this computer's.
    """
    # Hostile or broken notebooks: no large bodies, no headers without end, nobody who sends a byte a minute.
    server = tornado.httpserver.HTTPServer(
        application,
        max_body_size=MOST_BYTES,
        max_header_size=16_384,
        max_buffer_size=4 * MOST_BYTES,
        body_timeout=5,
        idle_connection_timeout=60,
    )
    logging.getLogger("tornado.general").setLevel(logging.ERROR)
    for address in addresses:
        try:
            server.add_sockets(tornado.netutil.bind_sockets(port, address))
        except OSError as error:
            server.stop()
            raise CannotListen(
                f"{address}:{port} cannot be used: {error.strerror or error}."
            ) from error
    return server
