"""Where a run's seconds go: the processor seconds of every test file, with those of the processes it started.

A plugin of pytest (``conftest.py`` loads it); ``tools/run_tests.py`` asks for its table with ``--seconds``. Processor
time and not the clock's: it says the same whatever else the machine does. Browsers, kernels and servers that are still
running count too, which ``--durations`` cannot see.

Measured once a file, between its last test and the next file's first one: looking through the processes after each
of 11,000 tests would cost more than most tests do.
"""

from __future__ import annotations

import os
from collections.abc import Generator, Mapping
from typing import Any

import psutil  # type: ignore[import-untyped]
import pytest

#: What a worker used before its first test: importing and collecting.
COLLECTING = "(collecting)"
#: What a worker used after its last test: fixtures of the session, browsers that close.
CLOSING = "(closing)"
#: Files that used less are only in their folder's sum.
SHOWN_S = 5.0


def used() -> float:
    """Give the processor seconds that this process and all that it started have used so far."""
    # A process' own figures hold those of its children that have ended and been waited for; others still run.
    seconds = sum(os.times()[:4])
    for child in psutil.Process().children(recursive=True):
        try:
            times = child.cpu_times()
        except psutil.Error:  # it ended just now
            continue
        seconds += times.user + times.system + times.children_user + times.children_system
    return seconds


def by_folder(seconds: Mapping[str, float]) -> list[tuple[str, float, list[tuple[str, float]]]]:
    """Sum seconds by folder, those that used most first, each with its files that used `SHOWN_S` or more.

    Examples
    --------
    >>> by_folder({"tests/value/a.py": 7.0, "tests/value/b.py": 1.0, "tests/house/c.py": 2.0})
    [('tests/value', 8.0, [('tests/value/a.py', 7.0)]), ('tests/house', 2.0, [])]
    """
    sums: dict[str, float] = {}
    for file, took in seconds.items():
        sums[_folder(file)] = sums.get(_folder(file), 0.0) + took
    ordered = sorted(seconds.items(), key=lambda item: -item[1])
    return [
        (
            folder,
            total,
            [
                (file, took)
                for file, took in ordered
                if _folder(file) == folder != file and took >= SHOWN_S
            ],
        )
        for folder, total in sorted(sums.items(), key=lambda item: -item[1])
    ]


def _folder(file: str) -> str:
    """Give a test's folder; doctests, in many rooms of the package, are one."""
    parts = file.split("/")
    return "/".join(parts[:2]) if parts[0] == "tests" else parts[0]


class Meter:
    """Adds up what each file uses, in the process that runs its tests, and prints the sum of all processes."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self.before = 0.0

    def book(self, file: str) -> None:
        """Put what was used since the last call down to a file."""
        now = used()
        self.add({file: now - self.before})
        self.before = now

    def add(self, more: Mapping[str, float]) -> None:
        """Add seconds of files."""
        for file, took in more.items():
            self.seconds[file] = self.seconds.get(file, 0.0) + took

    @pytest.hookimpl(trylast=True)
    def pytest_collection_finish(self) -> None:
        """Begin to count tests."""
        self.book(COLLECTING)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(
        self, item: pytest.Item, nextitem: pytest.Item | None
    ) -> Generator[None, object, object]:
        """Book a file where the next test is another file's."""
        result = yield
        file = item.nodeid.partition("::")[0]
        if nextitem is None or nextitem.nodeid.partition("::")[0] != file:
            self.book(file)
        return result

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Hand a worker's sums to the process that prints them."""
        if session.config.getoption("numprocesses", None):
            return  # this process only waited for its workers
        self.book(CLOSING)
        if hasattr(session.config, "workeroutput"):
            session.config.workeroutput["seconds"] = dict(self.seconds)

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        """Add the sums of a worker that has ended."""
        self.add(getattr(node, "workeroutput", {}).get("seconds", {}))

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Print the table: folders, those that used most first, and the files in them that stand out."""
        terminalreporter.section("where the processor seconds go")
        for folder, total, files in by_folder(self.seconds):
            terminalreporter.write_line(f"{total:7.0f}  {folder}")
            for file, took in files:
                terminalreporter.write_line(f"{'':9}{took:7.0f}  {file}")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Know `--seconds`."""
    parser.addoption("--seconds", action="store_true", help="print processor seconds by file")


def pytest_configure(config: pytest.Config) -> None:
    """Measure where the run, or the run that started this worker, asks for it."""
    if config.getoption("--seconds"):
        config.pluginmanager.register(Meter(), "where-seconds-go")
