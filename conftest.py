"""Time budget of lessons: the cells of one notebook together may not take longer than a class will wait.

Counted is the kernel's processor time, not the clock's: on a busy machine a lesson is not to blame for its neighbours.
"""

import os
import sys
from collections import Counter
from collections.abc import Generator
from typing import Any

import pytest

# nbformat builds a grammar of web addresses as it is imported, for more than two seconds in each worker; no notebook
# here is judged by it, and without it nbformat does the rest. nbval, which imports it sooner, is off where it is not
# needed (`tools/run_tests.py`).
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]

pytest_plugins = ["where_seconds_go"]  # `--seconds`: processor seconds by file
BUDGET_S = float(os.environ.get("CRMKIT_LESSON_BUDGET_S", "20"))
_seconds: dict[str, float] = {}
#: The files that take longest, longest first. Those that drive a browser wait for it, so each begins beside one that
#: computes.
LONG = [
    "tests/browser/test_lessons.py",
    "tests/practice/test_questions.py",
    "tests/browser/test_site.py",
    "tests/notebooks/test_in_a_class.py",
    "tests/practice/test_grading.py",
    "tests/practice/test_exercises.py",
    "tests/practice/test_classes.py",
    "tests/claims/test_lesson_71.py",
    "tests/browser/test_live.py",
]


def pytest_addoption(parser: pytest.Parser) -> None:
    """Know `--full`: also what is repeated in a dearer way (`make test-full`)."""
    parser.addoption("--full", action="store_true", help="also the tests marked 'full'")


def pytest_configure(config: pytest.Config) -> None:
    """Let claims be tried in all worlds with `--full`: their files ask when they are imported."""
    if config.getoption("--full"):
        import worlds

        os.environ[worlds.EVERY_SEED] = "1"


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave tests marked `full` to `--full`; where several workers share the files, the long ones come first."""
    later = [item for item in items if item.get_closest_marker("full")]
    if later and not config.getoption("--full"):
        items[:] = [item for item in items if not item.get_closest_marker("full")]
        config.hook.pytest_deselected(items=later)
    if hasattr(config, "workerinput"):
        items[:] = long_files_first(items)


def long_files_first(items: list[pytest.Item]) -> list[pytest.Item]:
    """Put the files that take long in front, the others by how many tests they hold; a file's tests stay together.

    A long file that is begun last keeps one worker busy while the others have nothing left to do.
    """
    files = [item.nodeid.partition("::")[0] for item in items]
    count = Counter(files)
    place = {file: at for at, file in enumerate(LONG)}
    order = {file: (place.get(file, len(LONG)), -count[file], file) for file in count}
    return [item for _, item in sorted(zip(files, items, strict=True), key=lambda p: order[p[0]])]


@pytest.fixture(autouse=True)
def _language_as_it_was() -> Generator[None, None, None]:
    """Leave no language to the next test: a command that is run within a test chooses it for the whole process."""
    before = os.environ.get("CRMKIT_LANGUAGE")
    yield
    if "crmkit.say" in sys.modules:
        sys.modules["crmkit.say"].speak(None)
    if before is None:
        os.environ.pop("CRMKIT_LANGUAGE", None)
    else:
        os.environ["CRMKIT_LANGUAGE"] = before


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, Any, None]:
    """Write beside each of nbval's cells what its kernel has used so far."""
    outcome = yield
    report = outcome.get_result()
    kernel = getattr(item.parent, "kernel", None)
    if (
        report.when == "call"
        and kernel is not None
        and item.nodeid.split("::")[0].endswith(".ipynb")
    ):
        import psutil
        import warm_kernel

        try:
            forked = warm_kernel.pid_file(kernel.km.connection_file)
            pid = int(forked.read_text()) if forked.exists() else kernel.km.provisioner.pid
            used = psutil.Process(pid).cpu_times()
        except (psutil.Error, AttributeError):  # a dead kernel is nbval's to report
            return
        report.user_properties.append(("kernel_seconds", used.user + used.system))


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Keep the newest figure of each notebook."""
    for name, value in report.user_properties:
        if name == "kernel_seconds":
            path = report.nodeid.split("::")[0]
            _seconds[path] = max(value, _seconds.get(path, 0.0))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say how long lessons took, the slowest first, and what other tests have measured: to be read, never limits."""
    # Here and not beside those tests: with several workers only this file is known where the summary is written.
    measured = [
        f"{name}: {value}"
        for report in terminalreporter.stats.get("passed", [])
        for name, value in report.user_properties
        if name != "kernel_seconds"
    ]
    if measured:
        terminalreporter.section("measured")
        for line in measured:
            terminalreporter.write_line(line)
    if _seconds:
        terminalreporter.section("processor seconds by notebook")
        for path, took in sorted(_seconds.items(), key=lambda item: -item[1]):
            terminalreporter.write_line(f"{took:6.1f}  {path}")
        for fault in _faults():
            terminalreporter.write_line(f"FAILED  {fault}", red=True)


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Fail the run where a lesson is over its budget."""
    if _faults() and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def _faults() -> list[str]:
    if not _seconds:
        return []
    import lesson_guards

    return lesson_guards.over_budget(_seconds, BUDGET_S)
