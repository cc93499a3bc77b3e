"""Kernels that start at once: one process imports what every lesson needs, and each kernel is forked from it.

A kernel of a lesson takes some two seconds to start and import pandas, scipy and matplotlib: half of what re-running a
notebook costs. Here a server does that once. A kernelspec named ``python3`` in a folder of its own points at a small
client, so that everything that starts kernels (nbval, nbclient, JupyterLab) uses it unchanged:

    with Server() as warm:
        subprocess.run([...], env=os.environ | warm.environment)

crmkit itself is not imported beforehand: a lesson's own imports run as they do for a student. What is fixed when a
process starts (processor, threads, hash seed) is the server's; a kernel gets all other variables of the
process that starts it.
Only Linux: elsewhere a fork with libraries loaded is not safe, and `Server` changes nothing.
"""

from __future__ import annotations

import builtins
import contextlib
import importlib
import json
import os
import selectors
import signal
import socket
import subprocess
import sys
import tempfile
import types
from pathlib import Path

HEAVY = ["pandas", "scipy.stats", "scipy.optimize", "scipy.sparse.csgraph", "matplotlib.pyplot"]
HEAVY += ["ipywidgets", "narwhals", "sklearn.linear_model", "sklearn.cluster"]
HEAVY += ["sklearn.pipeline", "ipykernel.kernelapp", "ipykernel.ipkernel"]
POSSIBLE = sys.platform == "linux"


class Server:
    """The process that kernels are forked from; it ends with the block.

    Parameters
    ----------
    environment : dict, optional
        The server's own environment, and so the processor that its kernels imitate; by default this process's.

    Attributes
    ----------
    environment : dict
        What a program needs in its environment to start its kernels here.
    """

    def __init__(self, environment: dict[str, str] | None = None) -> None:
        self._own = dict(os.environ) if environment is None else environment
        self.environment: dict[str, str] = {}
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Server:
        if not POSSIBLE:
            return self
        self._folder = tempfile.TemporaryDirectory(prefix="crmkit-warm-")
        folder = Path(self._folder.name)
        place = str(folder / "socket")
        # A ready line on stdout says that it listens.
        self._process = subprocess.Popen(
            [sys.executable, __file__, "serve", place], env=self._own, stdout=subprocess.PIPE
        )
        assert self._process.stdout is not None
        if not self._process.stdout.readline():
            raise RuntimeError(f"the warm kernels' server did not start ({self._process.wait()})")
        spec = folder / "kernels/python3/kernel.json"
        spec.parent.mkdir(parents=True)
        # -I -S: the client needs the standard library alone, and starts in a few milliseconds.
        argv = [sys.executable, "-I", "-S", __file__, "connect", place, "-f", "{connection_file}"]
        about = {"argv": argv, "display_name": "Python 3 (ipykernel)", "language": "python"}
        spec.write_text(json.dumps(about | {"metadata": {"debugger": True}}), encoding="utf-8")
        self.environment = {"JUPYTER_PATH": str(folder)}
        return self

    def __exit__(self, *_exception: object) -> None:
        if self._process is not None:
            self._process.terminate()
            self._process.wait()
            assert self._process.stdout is not None
            self._process.stdout.close()
            self._folder.cleanup()


def pid_file(connection_file: str) -> Path:
    """Say where a forked kernel leaves its process id (the process that was started is only its client)."""
    return Path(f"{connection_file}.pid")


def serve(place: str) -> None:
    """Import what is heavy, then fork a kernel for everyone who connects; end kernels whose client has gone."""
    # As ipykernel does before a lesson imports matplotlib. The backend itself asks for its kernel when it is
    # imported, and waits for that.
    os.environ.setdefault("MPLBACKEND", "module://matplotlib_inline.backend_inline")
    # pandas asks at its import whether a kernel will show its tables (else it fits them to a terminal).
    builtins.get_ipython = lambda: types.SimpleNamespace(kernel=True)  # type: ignore[attr-defined]
    for name in HEAVY:
        importlib.import_module(name)
    del builtins.get_ipython  # type: ignore[attr-defined]
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    listener.bind(place)
    listener.listen(64)
    waiting = selectors.DefaultSelector()
    waiting.register(listener, selectors.EVENT_READ)
    # A child's end wakes the selector through this pipe.
    reader, writer = socket.socketpair()
    reader.setblocking(False)
    writer.setblocking(False)
    signal.set_wakeup_fd(writer.fileno())
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    waiting.register(reader, selectors.EVENT_READ)
    kernels: dict[int, socket.socket] = {}
    print("ready", flush=True)
    try:
        while True:
            for key, _ in waiting.select():
                if key.fileobj is listener:
                    client = listener.accept()[0]
                    request, files, _, _ = socket.recv_fds(client, 1_000_000, 3)
                    while not request.endswith(b"\n"):
                        request += client.recv(1_000_000)
                    pid = os.fork()
                    if pid == 0:
                        listener.close()
                        waiting.close()
                        for other in kernels.values():
                            other.close()
                        become_kernel(json.loads(request), files)
                    for file in files:
                        os.close(file)
                    kernels[pid] = client
                    client.sendall(f"{pid}\n".encode())
                    waiting.register(client, selectors.EVENT_READ, pid)
                elif key.fileobj is reader:
                    with contextlib.suppress(BlockingIOError):
                        reader.recv(4096)
                else:  # the client has gone, killed perhaps: its kernel goes too
                    waiting.unregister(key.fileobj)
                    with contextlib.suppress(ProcessLookupError):
                        os.kill(key.data, signal.SIGKILL)
            while kernels:
                pid, status = os.waitpid(-1, os.WNOHANG)
                if not pid:
                    break
                client = kernels.pop(pid)
                with contextlib.suppress(OSError):
                    client.sendall(f"{os.waitstatus_to_exitcode(status)}\n".encode())
                with contextlib.suppress(KeyError):
                    waiting.unregister(client)
                client.close()
    finally:
        for pid in kernels:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)


def become_kernel(request: dict, files: list[int]) -> None:
    """Turn a forked process into the kernel that was asked for. Never returns."""
    signal.set_wakeup_fd(-1)
    for number in (signal.SIGCHLD, signal.SIGTERM):
        signal.signal(number, signal.SIG_DFL)
    os.setsid()
    for target, file in enumerate(files):
        os.dup2(file, target)
        os.close(file)
    os.environ.clear()
    os.environ.update(request["environment"], JPY_PARENT_PID=str(os.getppid()))
    os.chdir(request["folder"])
    sys.path[0] = ""  # as for `python -m`: the folder of the notebook
    sys.argv = ["ipykernel_launcher", *request["arguments"]]
    pid_file(request["arguments"][-1]).write_text(str(os.getpid()), encoding="utf-8")
    # Unseeded draws differ from kernel to kernel, as they do for two students.
    import random

    import numpy as np

    random.seed()
    np.random.seed()  # noqa: NPY002
    from ipykernel import kernelapp

    try:
        kernelapp.launch_new_instance()
        code = 0
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 1
    finally:
        sys.stdout.flush()
    os._exit(code)


def connect(place: str, arguments: list[str]) -> int:
    """Ask for a kernel, hand signals on to it, and end as it ends."""
    server = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    server.connect(place)
    request = {"arguments": arguments, "folder": os.getcwd(), "environment": dict(os.environ)}
    text = json.dumps(request).encode() + b"\n"
    sent = socket.send_fds(server, [text], [0, 1, 2])
    server.sendall(text[sent:])
    answers = server.makefile()
    kernel = int(answers.readline())
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda number, _frame: os.kill(kernel, number))
    return int(answers.readline() or 1)


if __name__ == "__main__":
    if sys.argv[1] == "serve":
        serve(sys.argv[2])
    else:
        raise SystemExit(connect(sys.argv[2], sys.argv[3:]))
