"""Limits that a submission's process puts on itself before it runs a line of a student's code.

Four fences, each where the system has it: resource limits (POSIX), a system-call filter that refuses new processes and
network sockets (Linux), an audit hook that refuses writing and deleting outside the work folder (everywhere), and
around all of them bubblewrap (see :mod:`crmkit.practice.sandbox`). The audit hook is a fence for accidents and for the
plainly destructive: code that goes through ctypes gets past it. Where bubblewrap is missing, say so and look at
docs/grading.md.
"""

from __future__ import annotations

import ctypes
import errno
import os
import platform
import struct
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

MEGABYTE = 1_000_000
#: Where the questions with their references are, which a submission may not ask.
QUESTIONS = Path(__file__).resolve().parent / "questions"


def limit_resources(cpu_seconds: int, memory_mb: int, file_mb: int) -> list[str]:
    """Set the limits of this process and name those that hold.

    The processor time already used (imports) is not counted.
    """
    try:
        import resource
    except ImportError:  # Windows
        return []
    used = resource.getrusage(resource.RUSAGE_SELF)
    spent = int(used.ru_utime + used.ru_stime) + 1
    held = []
    wanted = (
        ("cpu", resource.RLIMIT_CPU, spent + cpu_seconds),
        ("memory", resource.RLIMIT_AS, memory_mb * MEGABYTE + _address_space()),
        ("file size", resource.RLIMIT_FSIZE, file_mb * MEGABYTE),
        ("core", resource.RLIMIT_CORE, 0),
        ("open files", resource.RLIMIT_NOFILE, 256),
    )
    for name, what, value in wanted:
        try:
            _, hard = resource.getrlimit(what)
            top = value if hard == resource.RLIM_INFINITY else min(value, hard)
            # Past the soft limit of processor time comes a signal that says so, past the hard one the end.
            last = top + 5 if name == "cpu" and hard == resource.RLIM_INFINITY else top
            resource.setrlimit(what, (top, last))
            held.append(name)
        except (ValueError, OSError):
            continue
    return held


def _address_space() -> int:
    """Give what is mapped already: numpy alone maps hundreds of MB that are never touched."""
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[0])
    except (OSError, ValueError, IndexError):
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE")


# --- the system-call filter ----------------------------------------------------------------------

_PR_SET_NO_NEW_PRIVS, _PR_SET_SECCOMP, _SECCOMP_MODE_FILTER = 38, 22, 2
_ALLOW, _ERRNO, _KILL = 0x7FFF0000, 0x00050000, 0x80000000
_CLONE_THREAD = 0x00010000
# Architecture mark, then the numbers of the calls: those that start programs, make processes, open sockets, look
# into or signal other processes. clone3 hides its flags from a filter: it is said not to exist, and the C library
# falls back on clone.
_CALLS: dict[str, tuple[int, dict[str, tuple[int, ...]]]] = {
    "x86_64": (
        0xC000003E,
        {
            "refuse": (
                57,
                58,
                59,
                322,
                41,
                101,
                310,
                311,
                321,
                62,
                129,
                200,
                234,
                424,
                425,
                426,
                427,
            ),
            "clone": (56,),
            "clone3": (435,),
        },
    ),
    "aarch64": (
        0xC00000B7,
        {
            "refuse": (221, 281, 198, 117, 270, 271, 280, 129, 138, 130, 131, 424, 425, 426, 427),
            "clone": (220,),
            "clone3": (435,),
        },
    ),
}


def _program(machine: str) -> bytes:
    """Write the filter as BPF instructions."""
    mark, calls = _CALLS[machine]
    load, equal, at_least, test, leave = 0x20, 0x15, 0x35, 0x45, 0x06

    def step(code: int, k: int, yes: int = 0, no: int = 0) -> bytes:
        return struct.pack("HBBI", code, yes, no, k)

    refuse = _ERRNO | errno.EPERM
    program = [
        step(load, 4),
        step(equal, mark, yes=1),
        step(leave, _KILL),
        step(load, 0),
        # The x32 calls of x86_64 are the same ones under other numbers.
        step(at_least, 0x40000000, no=1),
        step(leave, refuse),
    ]
    for number in calls["refuse"]:
        program += [step(equal, number, no=1), step(leave, refuse)]
    program += [step(equal, calls["clone3"][0], no=1), step(leave, _ERRNO | errno.ENOSYS)]
    program += [
        step(equal, calls["clone"][0], no=3),
        step(load, 16),
        step(test, _CLONE_THREAD, yes=1),
        step(leave, refuse),
        step(leave, _ALLOW),
    ]
    return b"".join(program)


def refuse_processes_and_network() -> bool:
    """Let the kernel refuse this process any child, any other program and any socket; threads stay allowed.

    Returns
    -------
    bool
        Whether the filter is in force (Linux on x86-64 or ARM64).
    """
    machine = platform.machine()
    if not sys.platform.startswith("linux") or machine not in _CALLS:
        return False
    program = _program(machine)

    class Filter(ctypes.Structure):
        _fields_ = (("length", ctypes.c_ushort), ("program", ctypes.c_void_p))

    buffer = ctypes.create_string_buffer(program, len(program))
    wanted = Filter(len(program) // 8, ctypes.cast(buffer, ctypes.c_void_p))
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0:
        return False
    return bool(libc.prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, ctypes.byref(wanted), 0, 0) == 0)


# --- the audit hook ------------------------------------------------------------------------------

_REFUSED = (
    "os.fork", "os.forkpty", "os.exec", "os.posix_spawn", "os.spawn", "os.system", "os.startfile", "os.kill",
    "os.killpg", "subprocess.Popen", "socket.connect", "socket.bind", "pty.spawn",
)  # fmt: skip
_CHANGES = {
    "os.remove": 1, "os.rmdir": 1, "os.rename": 2, "os.truncate": 1, "os.chmod": 1, "os.chown": 1, "os.link": 2,
    "os.symlink": 2, "os.mkdir": 1, "os.utime": 1, "shutil.rmtree": 1, "shutil.move": 2, "shutil.chown": 1,
}  # fmt: skip


class Refused(PermissionError):
    """Something that grading does not allow was tried."""


def guard_files(allowed: Iterable[Path], closed: Iterable[Path] = ()) -> None:
    """Refuse, from now on, writing or deleting outside the allowed folders, reading the closed ones, starting programs.

    A hook cannot be taken off again.
    """
    roots = (*(os.path.realpath(folder) for folder in allowed), os.devnull)
    shut = tuple(os.path.realpath(folder) for folder in closed)

    def inside(path: Any, folders: tuple[str, ...] = roots) -> bool:
        try:
            place = os.path.realpath(os.fsdecode(path))
        except (TypeError, ValueError):
            return False
        return any(place == folder or place.startswith(folder + os.sep) for folder in folders)

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        if event == "open":
            path, mode, flags = arguments
            if isinstance(path, int):
                return
            if inside(path, shut):
                raise Refused(errno.EPERM, "the course's own answers are closed while grading")
            writes = isinstance(flags, int) and flags & (
                os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC
            )
            if (writes or (isinstance(mode, str) and set(mode) & set("wax+"))) and not inside(path):
                raise Refused(
                    errno.EPERM,
                    "writing outside the submission's folder is not allowed",
                    str(path)[:200],
                )
        elif event in _CHANGES:
            for path in arguments[: _CHANGES[event]]:
                if not isinstance(path, int) and not inside(path):
                    raise Refused(
                        errno.EPERM,
                        "changing files outside the submission's folder is not allowed",
                        str(path)[:200],
                    )
        elif event in _REFUSED:
            raise Refused(errno.EPERM, f"{event} is not allowed while a submission is graded")

    sys.addaudithook(hook)
