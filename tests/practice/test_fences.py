"""What a submission that means harm finds closed: mounts, powers of root, files, messages made to break the grader."""

import json
import os
import pickletools
import platform
import subprocess
import sys
import textwrap

import pytest

from crmkit.practice import bank, confine, sandbox
from crmkit.practice.kinds import Plan

linux = pytest.mark.skipif(
    platform.system() != "Linux", reason="these fences are the Linux kernel's"
)


def fenced(code, prepare):
    """Run code in a process of its own behind a fence; give what it printed."""
    script = f"import ctypes, os, sys\nfrom pathlib import Path\nfrom crmkit.practice import confine\n{prepare}\n"
    done = subprocess.run(
        [sys.executable, "-c", script + textwrap.dedent(code)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


# Without a filter these would do something; test_grading tries them for real.
_TRIED_ELSEWHERE = {"fork", "vfork", "kill"}


@linux
def test_the_kernel_refuses_every_call_of_the_list():
    column = confine._MACHINES[platform.machine()][1]
    numbers = {
        name: both[column]
        for name, both in confine._REFUSED_CALLS.items()
        if both[column] is not None and name not in _TRIED_ELSEWHERE
    }
    # Arguments that do nothing if the call goes through: -1 is no address, no process and no descriptor.
    code = f"""
    libc = ctypes.CDLL(None, use_errno=True)
    for name, number in {numbers!r}.items():
        if libc.syscall(number, -1, -1, -1, -1, -1) != -1 or ctypes.get_errno() != 1:
            print(name)
    print("done")
    """
    assert fenced(code, "assert confine.refuse_processes_and_network()") == ["done"]


@linux
def test_no_descriptor_sends_a_signal_and_threads_still_start():
    code = """
    import fcntl, threading
    read, write = os.pipe()
    for command in (fcntl.F_SETOWN, fcntl.F_SETSIG):
        try:
            fcntl.fcntl(read, command, 0)
        except PermissionError:
            print("refused")
    print(fcntl.fcntl(read, fcntl.F_GETFD) >= 0)
    thread = threading.Thread(target=lambda: print("thread"))
    thread.start(); thread.join()
    """
    said = fenced(code, "assert confine.refuse_processes_and_network()")
    assert said == ["refused", "refused", "True", "thread"]


@linux
def test_files_outside_are_closed_even_to_ctypes(tmp_path):
    work, outside = tmp_path / "work", tmp_path / "outside"
    work.mkdir()
    outside.mkdir()
    (outside / "secret.txt").write_text("secret")
    prepare = (
        f"fence = confine.fence_files([Path('/usr'), Path('/lib')], [Path({str(work)!r})])\n"
        "if not fence:\n    print('none')\n    raise SystemExit"
    )
    code = f"""
    libc = ctypes.CDLL(None)
    outside, work = {str(outside)!r}, {str(work)!r}
    print(libc.open(f"{{outside}}/secret.txt".encode(), os.O_RDONLY))
    print(libc.unlink(f"{{outside}}/secret.txt".encode()), libc.creat(f"{{outside}}/new".encode(), 0o600))
    Path(work, "mine.txt").write_text("mine")
    print(Path(work, "mine.txt").read_text())
    """
    said = fenced(code, prepare)
    if said == ["none"]:
        pytest.skip("this kernel has no Landlock, or it is switched off")
    assert said == ["-1", "-1", "-1", "mine"]
    assert sorted(os.listdir(outside)) == ["secret.txt"]


def test_root_keeps_no_powers_in_bubblewrap(tmp_path):
    if not sandbox.bubblewrap_works():
        pytest.skip("bubblewrap does not work here")
    (tmp_path / "data").mkdir()
    (tmp_path / "box").mkdir()
    command = sandbox.bwrap_command(tmp_path / "data", tmp_path / "box", sandbox.Limits())
    shown = subprocess.run(
        [*command, sys.executable, "-c", "print(open('/proc/self/status').read())"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    powers = {
        line.split(":")[0]: line.split()[1] for line in shown.splitlines() if line.startswith("Cap")
    }
    assert int(powers["CapEff"], 16) == int(powers["CapPrm"], 16) == int(powers["CapBnd"], 16) == 0


@pytest.mark.parametrize("depth", [sandbox.DEEPEST + 1, 984, 100_000])
def test_a_message_nested_too_deep_is_not_read(depth):
    raw = b'{"answer": "20-1", "plain": ' + b"[" * depth + b"]" * depth + b"}"
    assert sandbox._read_line(raw) is None


def test_a_table_of_lists_is_read():
    line = {"answer": "20-1", "plain": {"columns": {"a": [[1, 2], [3]]}}}
    assert sandbox._read_line(json.dumps(line).encode()) == line


def test_the_count_of_tries_is_a_number_of_what_was_asked():
    class Sent:
        flooded = False
        lines = (
            b'{"ready": true}',
            b'{"tries": {"20-1": 4, "20-9": 5, "20-2": -1, "20-3": "7", "20-4": true}}',
            b'{"tries": [1]}',
            b'{"done": true}',
        )

    asked = {f"20-{n}" for n in range(1, 5)}
    run = sandbox._read_run(Sent(), asked, 0, "", sandbox.Limits(), False, 0.1)
    assert run.tries == {"20-1": 4}


@pytest.mark.parametrize("lesson", bank.lessons())
def test_what_a_submission_is_told_needs_no_question_file_and_gives_no_answer_away(lesson):
    questions = bank.of_lesson(lesson).questions
    job = sandbox.make_job(questions, {}, sandbox.Limits())
    named = {argument for _, argument, _ in pickletools.genops(job) if isinstance(argument, str)}
    assert not [name for name in named if "practice.questions" in name]
    for question in questions:
        if isinstance(question.kind, Plan):
            assert question.kind.model.encode() not in job
