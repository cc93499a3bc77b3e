"""Processes that work for a command: they end with it, whether it is done, stopped or killed."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import threading
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import connection

from crmkit.say import language, speak


@contextlib.contextmanager
def workers(count: int) -> Iterator[ProcessPoolExecutor]:
    """Give a pool of processes that speak the reader's language and do not outlive this one.

    Whatever goes wrong in the block, Ctrl-C too, the processes are ended at once, in the middle of their work: what
    they write must be written whole or not at all.

    Parameters
    ----------
    count
        How many processes.
    """
    others = set(multiprocessing.active_children())
    pool = ProcessPoolExecutor(max_workers=count, initializer=_begin, initargs=(language(),))
    try:
        yield pool
    except BaseException:
        for process in set(multiprocessing.active_children()) - others:
            process.terminate()
        pool.shutdown(cancel_futures=True)
        raise
    pool.shutdown()


def _begin(spoken: str) -> None:
    """Prepare a process: the reader's language, one thread of arithmetic, and an end with its parent."""
    speak(spoken)
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ[name] = "1"
    # Ctrl-C reaches all processes of a terminal. The command answers it, and ends this one.
    with contextlib.suppress(ValueError, OSError):
        signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_end_after, args=(parent.sentinel,), daemon=True).start()


def _end_after(parent: int) -> None:
    """Wait until the parent is gone, and end.

    Killed, it could tell nobody: its processes would wait for work for ever, with the folder's lock in their hands.
    """
    connection.wait([parent])
    os._exit(1)
