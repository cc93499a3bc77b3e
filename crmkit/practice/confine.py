"""Limits that a submission's process puts on itself before it runs a line of a student's code.

Five fences, each where the system has it: resource limits (POSIX); a system-call filter that refuses new processes,
sockets and mounts (Linux); Landlock, with which the kernel refuses every file outside a few folders (Linux); an audit
hook that refuses writing and deleting outside the work folder (everywhere); and around all of them bubblewrap (see
:mod:`crmkit.practice.sandbox`). The audit hook stops accidents and the plainly destructive: code that goes through
ctypes gets past it. Where neither bubblewrap nor Landlock is in force, say so and look at docs/grading.md.
"""

from __future__ import annotations

import ctypes
import errno
import os
import platform
import signal
import struct
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

MEGABYTE = 1_000_000
#: Where the questions with their references are, which a submission may not ask.
QUESTIONS = Path(__file__).resolve().parent / "questions"


_PR_SET_PDEATHSIG = 1


def end_with_parent() -> None:
    """Let this process end when the one that started it does, however that ended (Linux).

    A killed grader would leave its submissions running. bubblewrap does the same by itself.
    """
    if sys.platform.startswith("linux"):
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)


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
# Each machine's mark, and its column in the tables below.
_MACHINES = {"x86_64": (0xC000003E, 0), "aarch64": (0xC00000B7, 1)}
# System calls that are refused, by name: their number on x86-64 and on ARM64 (None: not there).
_REFUSED_CALLS: dict[str, tuple[int | None, int | None]] = {
    # other programs and processes; looking into them; signals to them
    "fork": (57, None), "vfork": (58, None), "execve": (59, 221), "execveat": (322, 281), "ptrace": (101, 117),
    "process_vm_readv": (310, 270), "process_vm_writev": (311, 271), "pidfd_getfd": (438, 438), "kill": (62, 129),
    "tkill": (200, 130), "tgkill": (234, 131), "rt_sigqueueinfo": (129, 138), "pidfd_send_signal": (424, 424),
    # sockets; the ring that does what any other call does; programs for the kernel
    "socket": (41, 198), "io_uring_setup": (425, 425), "io_uring_enter": (426, 426), "io_uring_register": (427, 427),
    "bpf": (321, 280), "perf_event_open": (298, 241), "userfaultfd": (323, 282),
    # what is mounted where, and under which name: with them root undoes every fence
    "mount": (165, 40), "umount2": (166, 39), "unshare": (272, 97), "setns": (308, 268), "pivot_root": (155, 41),
    "chroot": (161, 51), "open_tree": (428, 428), "move_mount": (429, 429), "fsopen": (430, 430),
    "fsconfig": (431, 431), "fsmount": (432, 432), "fspick": (433, 433), "mount_setattr": (442, 442),
    # whose a file is; the kernel's key ring
    "chown": (92, None), "fchown": (93, 55), "lchown": (94, None), "fchownat": (260, 54),
    "add_key": (248, 217), "request_key": (249, 218), "keyctl": (250, 219),
    # memory that no limit of the process counts
    "memfd_create": (319, 279), "memfd_secret": (447, 447),
}  # fmt: skip
# clone3 hides its flags from a filter: it is said not to exist, and the C library falls back on clone.
_CLONE, _CLONE3 = (56, 220), (435, 435)
# A descriptor that sends signals when something happens on it: fcntl with F_SETOWN, F_SETSIG or F_SETOWN_EX, ioctl
# with FIOSETOWN or SIOCSPGRP. The channel to the grader is a pipe: such a signal would end the grader.
_BY_ARGUMENT = (((72, 25), (8, 10, 15)), ((16, 29), (0x8901, 0x8902)))


def _program(machine: str) -> bytes:
    """Write the filter as BPF instructions."""
    mark, column = _MACHINES[machine]
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
    for numbers in _REFUSED_CALLS.values():
        number = numbers[column]
        if number is not None:
            program += [step(equal, number, no=1), step(leave, refuse)]
    program += [step(equal, _CLONE3[column], no=1), step(leave, _ERRNO | errno.ENOSYS)]
    for numbers, values in _BY_ARGUMENT:
        program += [step(equal, numbers[column], no=2 * len(values) + 2), step(load, 24)]
        for value in values:
            program += [step(equal, value, no=1), step(leave, refuse)]
        program += [step(leave, _ALLOW)]
    program += [
        step(equal, _CLONE[column], no=3),
        step(load, 16),
        step(test, _CLONE_THREAD, yes=1),
        step(leave, refuse),
        step(leave, _ALLOW),
    ]
    return b"".join(program)


def refuse_processes_and_network() -> bool:
    """Let the kernel refuse this process any child, other program, socket and mount; threads stay allowed.

    Returns
    -------
    bool
        Whether the filter is in force (Linux on x86-64 or ARM64).
    """
    machine = platform.machine()
    if not sys.platform.startswith("linux") or machine not in _MACHINES:
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


# --- Landlock ------------------------------------------------------------------------------------

_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446  # the same numbers on every machine
_O_PATH = 0o10000000
_EXECUTE, _WRITE_FILE, _READ_FILE, _READ_DIR, _DEVICE = 1, 2, 4, 8, 1 << 15
# What each version of Landlock can refuse: to 12, everything but moving between folders; then that; then truncating;
# then device commands.
_RIGHTS = {1: (1 << 13) - 1, 2: (1 << 14) - 1, 3: (1 << 15) - 1, 4: (1 << 15) - 1, 5: (1 << 16) - 1}


def fence_files(readable: Iterable[Path], writable: Iterable[Path]) -> bool:
    """Let the kernel refuse this process every file but those below the given folders.

    The audit hook sees only what goes through Python; this holds for ctypes too. It cannot be taken off again.

    Parameters
    ----------
    readable
        Files and folders that may be read. What is missing is passed over.
    writable
        Folders in which files may be made, changed and deleted.

    Returns
    -------
    bool
        Whether the fence is in force: Linux 5.13 or newer, with Landlock switched on.

    Notes
    -----
    https://docs.kernel.org/userspace-api/landlock.html
    """
    if not sys.platform.startswith("linux"):
        return False
    libc = ctypes.CDLL(None, use_errno=True)
    version = libc.syscall(_CREATE_RULESET, None, ctypes.c_size_t(0), 1)
    if version < 1:
        return False
    handled = _RIGHTS[min(version, max(_RIGHTS))]
    attributes = struct.pack("Q", handled)
    ruleset = libc.syscall(_CREATE_RULESET, attributes, ctypes.c_size_t(len(attributes)), 0)
    if ruleset < 0:
        return False
    try:
        for paths, rights in ((readable, _EXECUTE | _READ_FILE | _READ_DIR), (writable, handled)):
            for path in paths:
                if not _allow_below(libc, ruleset, path, rights):
                    return False
        if libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0:
            return False
        return bool(libc.syscall(_RESTRICT_SELF, ruleset, 0) == 0)
    finally:
        os.close(ruleset)


def _allow_below(libc: Any, ruleset: int, path: Path, rights: int) -> bool:
    """Add one rule; False if the kernel would not take it."""
    try:
        place = os.open(path, _O_PATH | os.O_CLOEXEC)
    except OSError:
        return True  # not there: nothing to allow
    try:
        if not path.is_dir():
            rights &= _EXECUTE | _WRITE_FILE | _READ_FILE | _DEVICE
        rule = struct.pack("=Qi", rights, place)
        return bool(libc.syscall(_ADD_RULE, ruleset, 1, rule, 0) == 0)
    finally:
        os.close(place)


def beside(folder: Path, closed: Path) -> list[Path]:
    """List what lies below a folder, in the fewest places that leave `closed` out.

    Examples
    --------
    >>> import tempfile
    >>> top = Path(tempfile.mkdtemp())
    >>> for name in ("a", "b/open", "b/closed"):
    ...     (top / name).mkdir(parents=True)
    >>> [path.relative_to(top).as_posix() for path in beside(top, top / "b/closed")]
    ['a', 'b/open']
    """
    found: list[Path] = []
    for path in sorted(folder.iterdir()):
        if path == closed:
            continue
        if closed.is_relative_to(path):
            found += beside(path, closed)
        else:
            found.append(path)
    return found


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
