"""Call a learner's function: with copies, within a time, and with whatever it raises turned into a sentence."""

from __future__ import annotations

import copy
import linecache
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType, TracebackType
from typing import Any

from crmkit.say import say


@dataclass(frozen=True)
class Outcome:
    """What one call gave: a value, or the sentence that says why there is none.

    `failed` is empty, or one of "error", "time", "nothing", "unreadable".
    """

    value: Any
    failed: str = ""
    message: str = ""


class TooSlow(BaseException):
    """A call took longer than it may. Not an Exception, so that a bare ``except Exception`` lets it through."""


def has_timer() -> bool:
    """Tell whether a POSIX timer can be used here: it needs the main thread, and Pyodide's would not ring."""
    in_main = threading.current_thread() is threading.main_thread()
    return hasattr(signal, "setitimer") and in_main and sys.platform != "emscripten"


@contextmanager
def at_most(seconds: float) -> Iterator[None]:
    """Raise :class:`TooSlow` inside the block once `seconds` have passed.

    A POSIX timer where there is one and we are in the main thread; else (Windows, Pyodide) a trace function that looks
    at the clock on every line, which is slower and cannot end one long call into compiled code.
    """
    if has_timer():

        def ring(number: int, frame: FrameType | None) -> None:
            raise TooSlow

        before = signal.signal(signal.SIGALRM, ring)
        started = time.monotonic()
        # The repeat catches code that swallows the first one.
        left, every = signal.setitimer(signal.ITIMER_REAL, seconds, 0.5)
        try:
            yield
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, before)
            if left:
                # Somebody else's alarm (a test runner's, say) still has to ring when it was meant to.
                rest = max(left - (time.monotonic() - started), 0.001)
                signal.setitimer(signal.ITIMER_REAL, rest, every)
        return

    deadline = time.monotonic() + seconds

    def look(frame: FrameType, event: str, argument: Any) -> Any:
        if time.monotonic() > deadline:
            raise TooSlow
        return look

    traced_before = sys.gettrace()
    sys.settrace(look)
    try:
        yield
    finally:
        sys.settrace(traced_before)


def _own_line(trace: TracebackType | None, function: Callable[..., Any]) -> tuple[int, str]:
    """Find in which of the learner's own lines an exception arose: number and text; 0 where in none."""
    home = getattr(getattr(function, "__code__", None), "co_filename", None)
    place = None
    while trace is not None:
        code = trace.tb_frame.f_code
        if home is not None and code.co_filename == home:
            place = (code.co_filename, trace.tb_lineno)
        trace = trace.tb_next
    if place is None:
        return 0, ""
    return place[1], linecache.getline(*place).strip()[:80]


def describe(error: BaseException, function: Callable[..., Any]) -> str:
    """Turn what a learner's function raised into a sentence with the line.

    Examples
    --------
    >>> def share(a, b):
    ...     return a / b
    >>> try:
    ...     share(1, 0)
    ... except ZeroDivisionError as error:
    ...     print(describe(error, share).split(" in line")[0])
    Your function stopped with ZeroDivisionError (division by zero)
    """
    try:
        text = " ".join(str(error).split())[:120]
    except Exception:
        text = ""
    name = type(error).__name__
    fault = f"{name} ({text})" if text else name
    number, code = _own_line(error.__traceback__, function)
    if code:
        return say(
            "Your function stopped with {fault} in line {number}, `{code}`.",
            fault=fault,
            number=number,
            code=code,
        )
    if number:
        return say(
            "Your function stopped with {fault} in line {number}.", fault=fault, number=number
        )
    return say("Your function stopped with {fault}.", fault=fault)


def call(function: Callable[..., Any], arguments: tuple[Any, ...], seconds: float) -> Outcome:
    """Call a learner's function on copies of the arguments.

    Nothing that the function raises gets out, ``SystemExit`` and recursion included.

    Examples
    --------
    >>> call(lambda x: x + 1, (2,), 1.0).value
    3
    >>> call(lambda: 1, (2,), 1.0).failed
    'error'
    """
    own = copy.deepcopy(arguments)
    try:
        with at_most(seconds):
            return Outcome(function(*own))
    except TooSlow:
        return Outcome(
            None,
            "time",
            say(
                "Your function was still running after {seconds:g} seconds and was stopped: is there "
                "a loop that never ends?",
                seconds=seconds,
            ),
        )
    except BaseException as error:
        return Outcome(None, "error", describe(error, function))
