"""Take part in a room: what a trainer's page shows comes from here, and from those only who joined.

What is sent: which question, right or not, which of the known wrong ways (its number), how many tries, a prediction's
number or letter, a letter of the quiz. Never a name, never code, never a text: there is no field for one. It goes to
the one computer that the room code names, in the room's own network, and nowhere else.

Nobody waits for the network: a reply is shown first, a thread sends later (in the browser edition a task does), and
where nothing answers it tries again, more and more seldom. Nothing that goes wrong here is ever shown to a learner.
"""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import sys
import threading
import time
from collections import deque
from pathlib import Path
from typing import Any

from crmkit.practice import desk
from crmkit.practice.attempts import SWITCH
from crmkit.practice.reply import Reply
from crmkit.practice.room_code import NoRoomCode, Room, read_code
from crmkit.say import say, say_many

#: How long one attempt to send may take, how many answers go at once, and how many wait at most.
SECONDS, AT_ONCE, MOST_WAITING = 2.0, 20, 500
#: How much of an answer is read, in bytes.
MOST_READ = 65_536
#: How long one waits after a failure, again and again; a learner's own next answer is tried at once.
PAUSES = (1.0, 2.0, 4.0, 8.0, 15.0)
_IN_BROWSER = sys.platform == "emscripten"
#: What the server says: taken; another room's code; this room was closed; too many at once.
TAKEN, NO_ROOM, CLOSED, TOO_MANY, REFUSED = 200, 403, 410, 429, 400


def pseudonym(room: Room) -> str:
    """Give the random number under which a room knows this learner: the same one in all notebooks.

    It is kept in the learner's home, not beside the work: what is handed in does not hold it.
    """
    keep = os.environ.get(SWITCH, "").strip().lower() != "off"
    place = (Path("/drive") if _IN_BROWSER else Path.home()) / ".crmkit_room.json"
    key = f"{room.address}:{room.port}/{room.secret}"
    with contextlib.suppress(Exception):
        known = json.loads(place.read_text(encoding="utf-8")) if keep else {}
        if known.get("room") == key and len(str(known.get("who"))) == 16:
            return str(known["who"])
    who = secrets.token_hex(8)
    if keep:
        with contextlib.suppress(Exception):
            place.write_text(json.dumps({"room": key, "who": who}), encoding="utf-8")
            place.chmod(0o600)
    return who


class Sender:
    """Sends a learner's answers to a room, later and in order, without anybody waiting.

    Parameters
    ----------
    room
        Where to.
    who
        The learner's pseudonym.
    """

    def __init__(self, room: Room, who: str) -> None:
        self.room, self.who = room, who
        self.sent = self.lost = 0
        #: What the server said last; 0 where it did not answer.
        self.state = 0
        self._waiting: deque[dict[str, Any]] = deque()
        self._lock = threading.Lock()
        self._wake = threading.Event()
        self._over = False
        self._running = False

    @property
    def waiting(self) -> int:
        """How many answers have not been sent yet."""
        return len(self._waiting)

    def put(self, answer: dict[str, Any]) -> None:
        """Take an answer and come back at once."""
        with self._lock:
            if self._over:
                return
            if len(self._waiting) >= MOST_WAITING:
                self._waiting.popleft()
                self.lost += 1
            self._waiting.append({"event": secrets.token_hex(8), **answer})
        self._wake.set()
        self._begin()

    def stop(self) -> None:
        """Send nothing any more."""
        with self._lock:
            self._over = True
            self._waiting.clear()
        self._wake.set()

    def greet(self) -> int:
        """Ask the room whether it is there; give what it says, 0 where nothing answers."""
        heard = [0]

        def ask() -> None:
            heard[0] = self._answered(_post(self._url, self._body([])))

        if _IN_BROWSER:
            ask()
        else:  # a server that answers drop by drop is not waited for either
            asking = threading.Thread(target=ask, name="crmkit-room-greeting", daemon=True)
            asking.start()
            asking.join(SECONDS + 0.5)
        self.state = heard[0]
        return self.state

    @property
    def _url(self) -> str:
        return f"{self.room.url}/api/answers"

    def _begin(self) -> None:
        with self._lock:
            if self._running or self._over:
                return
            self._running = True
        if _IN_BROWSER:
            import asyncio

            self._task = asyncio.ensure_future(self._send_in_browser())
        else:
            threading.Thread(target=self._send, name="crmkit-room", daemon=True).start()

    def _body(self, answers: list[dict[str, Any]]) -> str:
        return json.dumps({"room": self.room.secret, "who": self.who, "answers": answers})

    def _next(self) -> list[dict[str, Any]]:
        with self._lock:
            if not self._waiting or self._over:
                self._running = False
                return []
            self._wake.clear()
            return [answer for answer, _ in zip(self._waiting, range(AT_ONCE), strict=False)]

    def _done(self, answers: list[dict[str, Any]], state: int) -> bool:
        """Take off what arrived; tell whether to go on at once."""
        self.state = state
        if state in (TAKEN, REFUSED):
            with self._lock:
                events = {answer["event"] for answer in answers}
                kept = [answer for answer in self._waiting if answer["event"] not in events]
                self._waiting = deque(kept)
            if state == TAKEN:
                self.sent += len(answers)
            else:
                self.lost += len(answers)
            return True
        if state in (NO_ROOM, CLOSED):
            self.stop()
            return True
        return False

    @staticmethod
    def _answered(state: int) -> int:
        """Take whatever else a server says (a hotel's log-in page, say) as no answer."""
        return state if state in (TAKEN, NO_ROOM, CLOSED, TOO_MANY, REFUSED) else 0

    def _send(self) -> None:
        failures = 0
        while answers := self._next():
            try:
                state = self._answered(_post(self._url, self._body(answers)))
            except Exception:  # whatever it is, nobody wants to read it
                state = 0
            if self._done(answers, state):
                failures = 0
            else:
                self._wake.wait(PAUSES[min(failures, len(PAUSES) - 1)])
                failures += 1

    async def _send_in_browser(self) -> None:
        import asyncio

        failures = 0
        while answers := self._next():
            try:
                state = self._answered(await _fetch(self._url, self._body(answers)))
            except Exception:
                state = 0
            if self._done(answers, state):
                failures = 0
            else:
                until = time.monotonic() + PAUSES[min(failures, len(PAUSES) - 1)]
                while time.monotonic() < until and not self._wake.is_set():
                    await asyncio.sleep(0.25)
                failures += 1


def _post(url: str, body: str) -> int:
    """Post a text and give the status; 0 where nothing answers in time."""
    return _ask(url, body)[0]


def _ask(url: str, body: str) -> tuple[int, str]:
    """Post a text and give status and answer; 0 where nothing answers in time."""
    if _IN_BROWSER:
        return _ask_from_worker(url, body)
    from urllib.error import HTTPError
    from urllib.request import HTTPRedirectHandler, ProxyHandler, Request, build_opener

    class _Stay(HTTPRedirectHandler):
        def redirect_request(self, *_: Any) -> None:
            return None

    # No proxy: what is meant for the room stays in it. No redirect, for the same reason.
    opener = build_opener(ProxyHandler({}), _Stay)
    request = Request(url, body.encode(), {"Content-Type": "text/plain"})
    try:
        with opener.open(request, timeout=SECONDS) as answer:
            return int(answer.status), answer.read(MOST_READ).decode("utf-8", "replace")
    except HTTPError as refused:
        return int(refused.code), ""
    except (OSError, ValueError):
        return 0, ""
    except Exception:  # a server that does not speak HTTP
        return 0, ""


def _ask_from_worker(url: str, body: str) -> tuple[int, str]:
    """Do the same in the browser edition, whose Python may wait for an answer in its worker."""
    from js import XMLHttpRequest  # type: ignore[import-not-found]

    request = XMLHttpRequest.new()
    request.open("POST", url, False)
    with contextlib.suppress(Exception):
        request.timeout = int(SECONDS * 1000)
    try:
        request.send(body)
    except Exception:
        return 0, ""
    return int(request.status), str(request.responseText)[:MOST_READ]


async def _fetch(url: str, body: str) -> int:
    from js import AbortSignal, fetch
    from pyodide.ffi import to_js  # type: ignore[import-not-found]

    options = {"method": "POST", "body": body, "redirect": "error", "credentials": "omit"}
    made = to_js(options, dict_converter=_object())
    made.signal = AbortSignal.timeout(int(SECONDS * 1000))
    answer = await fetch(url, made)
    return int(answer.status)


def _object() -> Any:
    from js import Object

    return Object.fromEntries


_joined: Sender | None = None


def _what_is_sent(room: Room) -> tuple[str, ...]:
    return (
        say(
            "From now on this goes to your trainer's computer in this room ({address}): which question you answer, "
            "whether it is right, which known mistake it is, how many tries, your predictions and what you pick in a "
            "quiz.",
            address=room.address,
        ),
        say(
            "Your name, your code and your texts are not sent. You are a random number. To stop: leave()."
        ),
    )


@desk.safely
def join(code: str = ...) -> Reply:  # type: ignore[assignment]
    """Take part in the room whose code your trainer shows: `join("0008M-2FXP4-AY")`.

    Parameters
    ----------
    code
        The room code. Without it, `join()` says whether you take part.
    """
    about = say("Room")
    if code is ...:
        return _how_it_stands(about)
    try:
        room, state = take_part(code)
    except NoRoomCode as problem:
        return Reply(about, say("No such room"), (str(problem),), tone="look")
    if state == NO_ROOM:
        text = say(
            "There is a room at {address}, with another code: compare it letter by letter.",
            address=room.address,
        )
        return Reply(about, say("No such room"), (text,), tone="look")
    if state == CLOSED:
        return Reply(about, say("The room is closed"), (say("Nothing is sent."),), tone="grey")
    if state != TAKEN:
        text = say(
            "Your trainer's computer does not answer yet. Go on working: what you answer is sent as soon as it does."
        )
        return Reply(about, say("Joined, and waiting"), (text, *_what_is_sent(room)), tone="look")
    return Reply(about, say("Joined"), _what_is_sent(room), tone="good")


def take_part(code: str) -> tuple[Room, int]:
    """Join a room, and give it with what its computer said.

    Parameters
    ----------
    code
        The room code.

    Returns
    -------
    tuple of Room and int
        `TAKEN`, or 0 where nothing answers yet: from now on answers are sent. `NO_ROOM` or `CLOSED`: nothing is sent.

    Raises
    ------
    NoRoomCode
        A slip of the hand.
    """
    global _joined
    room = read_code(code)
    if _joined is None or _joined.room != room or _joined.state in (NO_ROOM, CLOSED):
        _stop()
        sender = Sender(room, pseudonym(room))
    else:
        sender = _joined
    state = sender.greet()
    if state not in (NO_ROOM, CLOSED):
        _joined = sender
        desk.listener = sender.put
    return room, state


def _how_it_stands(about: str) -> Reply:
    sender = _joined
    if sender is None or sender.state in (NO_ROOM, CLOSED):
        text = say('You take part in no room. To do so: join("room code").')
        return Reply(about, say("Not joined"), (text,), tone="grey")
    sent = say_many("{count} answer was sent.", "{count} answers were sent.", sender.sent)
    left = say_many("{count} answer waits.", "{count} answers wait.", sender.waiting)
    return Reply(about, say("Joined"), (sent, left, *_what_is_sent(sender.room)))


def _stop() -> None:
    global _joined
    desk.listener = None
    if _joined is not None:
        _joined.stop()
    _joined = None


@desk.safely
def vote(letter: str = ...) -> Reply:  # type: ignore[assignment]
    """Vote in a conversation that the room holds together: `vote()` shows the step, `vote("b")` votes.

    Parameters
    ----------
    letter
        Of the answer. Voting again changes the vote, until the room has answered.
    """
    about = say("Vote")
    sender = _joined
    if sender is None or sender.state in (NO_ROOM, CLOSED):
        text = say('You take part in no room. To do so: join("room code").')
        return Reply(about, say("Not joined"), (text,), tone="grey")
    step = _step_of(sender)
    if step is None:
        text = say("Your trainer's computer does not answer. Try again in a moment.")
        return Reply(about, say("No answer"), (text,), tone="look")
    if not step["choices"]:
        text = say("There is nothing to vote on just now. Look at the wall.")
        return Reply(about, say("Wait"), (text,), tone="grey")
    choices = tuple(f"{name}) {said}" for name, said in step["choices"])
    asked = say("{person}: “{says}”", person=step["person"], says=step["says"])
    known = dict(step["choices"])
    if letter is ...:
        how = say('To vote: vote("{letter}")', letter=step["choices"][0][0])
        return Reply(about, step["person"], (step["matter"], asked), choices, after=(how,))
    given = str(letter).strip().lower()
    if given not in known:
        text = say("Give one of the letters: {letters}.", letters=", ".join(known))
        return Reply(about, say("No such answer"), (asked, text), choices, tone="look")
    sender.put({"kind": "scene", "id": step["item"], "value": given})
    text = say("{letter}) {said}", letter=given, said=known[given])
    after = (say("You may change it until the room has answered."),)
    return Reply(about, say("Your vote is on its way"), (asked, text), after=after, tone="good")


def _step_of(sender: Sender) -> dict[str, Any] | None:
    """Ask the trainer's computer what the room votes on; None where it says nothing that can be read."""
    asked = {"room": sender.room.secret, "who": sender.who, "seen": ""}
    status, text = _ask(f"{sender.room.url}/api/step", json.dumps(asked))
    if status != TAKEN:
        return None
    try:
        found = json.loads(text)
        choices = [(str(name)[:1], str(said)) for name, said in found.get("choices", ())]
        texts = {name: str(found.get(name, "")) for name in ("item", "person", "matter", "says")}
    except (ValueError, TypeError, AttributeError, RecursionError):
        return None
    return {**texts, "choices": choices}


@desk.safely
def leave() -> Reply:
    """Take part no longer: `leave()`. Nothing more is sent."""
    was = _joined is not None
    _stop()
    text = (
        say("Nothing more is sent. What was sent stays in the room, under a random number.")
        if was
        else say("You take part in no room. Nothing is sent.")
    )
    return Reply(say("Room"), say("Left") if was else say("Not joined"), (text,), tone="grey")
