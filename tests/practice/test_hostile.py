"""What is broken, swapped, killed or doubled: a sentence, and nothing lost (see also test_fences, test_marking)."""

import csv
import functools
import json
import os
import signal
import subprocess
import sys
import time

import pytest

from crmkit.practice import attempts, classes, grading, manifest, sandbox
from crmkit.practice.alone import working_alone
from crmkit.practice.classes import make_class
from crmkit.practice.manifest import Class, Enrolled, read_manifest, write_manifest
from crmkit.practice.roster import ClassError, Student, read_roster, seed_of

posix = pytest.mark.skipif(os.name != "posix", reason="locks and signals of POSIX")


# --- rosters and manifests -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('id,name\n1,"Ann\n2,Ben\n3,Cat\n4,"Dan"\n', "goes over several lines"),
        ('id,name\n1,Ann\n2,"Ben\n3,Cat\n', "goes over several lines"),
        ('id,name,mail\n1,Ann,"a@x\n2,Ben,b@x\n3,Cat,c@x\n', "goes over several lines"),
        ('id,name,mail\n1,Ann,"a@x\n', "ends inside a cell"),
        ("id,name,mail\n1,Ann," + "x" * 200_000 + "\n", "field larger than field limit"),
    ],
)
def test_a_roster_whose_rows_run_together_is_refused(tmp_path, text, words, request):
    # A library that another test has used (Frictionless) lifts Python's limit for the whole process.
    request.addfinalizer(functools.partial(csv.field_size_limit, csv.field_size_limit(131_072)))
    path = tmp_path / "roster.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ClassError, match=words):
        read_roster(path)


def test_a_cell_of_two_lines_that_is_meant_is_read(tmp_path):
    path = tmp_path / "roster.csv"
    path.write_text('name,note,group\nBo,"first\nsecond",A\n"O""Neill",x,B\n', encoding="utf-8")
    assert [student.name for student in read_roster(path)] == ["Bo", 'O"Neill']


SPOILT = {
    "files": None,
    "given": [1],
    "seed": "x",
    "id": "../x",
    "name": None,
}


@pytest.mark.parametrize("field", SPOILT)
def test_a_spoilt_manifest_is_refused_in_a_sentence(tmp_path, field):
    write_manifest(tmp_path, Class(7, "fernwell", 300, ("20",), (Enrolled("ann", "Ann", 1),)))
    plain = json.loads((tmp_path / "manifest.json").read_text())
    plain["students"][0][field] = SPOILT[field]
    (tmp_path / "manifest.json").write_text(json.dumps(plain))
    with pytest.raises(ClassError, match=r"manifest\.json cannot be read"):
        read_manifest(tmp_path)


@pytest.mark.parametrize(
    ("field", "value"), [("seed", None), ("lessons", [20]), ("due", ["x"]), ("solutions", 1)]
)
def test_so_is_one_whose_own_values_are_spoilt(tmp_path, field, value):
    write_manifest(tmp_path, Class(7, "fernwell", 300, ("20",), ()))
    plain = json.loads((tmp_path / "manifest.json").read_text())
    (tmp_path / "manifest.json").write_text(json.dumps(plain | {field: value}))
    with pytest.raises(ClassError, match=r"manifest\.json cannot be read"):
        read_manifest(tmp_path)


def test_a_class_whose_manifest_is_gone_takes_no_other_seed(tmp_path):
    package = tmp_path / "students/ann/datasets/fernwell/datapackage.json"
    package.parent.mkdir(parents=True)
    package.write_text(json.dumps({"seed": seed_of(7, "ann")}))
    classes._refuse_another_seed(tmp_path, 7)
    with pytest.raises(ClassError, match="the data of ann came from another seed"):
        make_class(tmp_path, [Student("ann", "Ann")], 8, ["20"], customers=300)
    assert not (tmp_path / "manifest.json").exists()


@posix
def test_two_commands_do_not_make_one_class_at_once(tmp_path):
    with (
        working_alone(tmp_path, "crmkit class new"),
        pytest.raises(ClassError, match="is at work"),
        working_alone(tmp_path, "crmkit class new"),
    ):
        pass
    with working_alone(tmp_path, "crmkit class new"):
        pass


# --- results and data ----------------------------------------------------------------------------

GOOD = {"key": "k", "answers": {"20-1": {"plain": 1}}, "troubles": [], "fences": [], "seconds": 1}


@pytest.mark.parametrize(
    "change",
    [
        {"answers": [1]},
        {"answers": {"20-1": [1]}},
        {"fences": 3},
        {"fences": [3]},
        {"seconds": "x"},
        {"tries": [1]},
        {"tries": {"20-1": "many"}},
        {"troubles": [[1]]},
    ],
)
def test_a_result_that_somebody_has_spoilt_is_run_again(tmp_path, change):
    path = tmp_path / "r.json"
    path.write_text(json.dumps(GOOD))
    assert grading._stored(path, "k") is not None
    path.write_text(json.dumps(GOOD | change))
    assert grading._stored(path, "k") is None


@pytest.fixture
def shared(tmp_path):
    """A class on a shared drive: one file of data, and its checksum in the manifest."""
    orders = tmp_path / "class/students/ann/datasets/fernwell/orders.csv"
    orders.parent.mkdir(parents=True)
    orders.write_text("order_id\n1\n")
    files = {"datasets/fernwell/orders.csv": manifest.checksum(orders)}
    return tmp_path, orders, Class(7, "fernwell", 300, ("20",), (Enrolled("ann", "Ann", 1, files),))


def test_data_swapped_after_the_check_change_nothing(shared):
    folder, orders, made = shared
    data, note = grading.handed_out_data(folder / "class", made, made.students[0], folder / "spare")
    orders.write_text("order_id\n1\n2\n3\n")
    assert (data / "orders.csv").read_text() == "order_id\n1\n"
    assert note == ""
    assert not data.is_relative_to(folder / "class")


@pytest.mark.parametrize("way", ["changed", "gone", "a link"])
def test_data_that_differ_are_made_anew(shared, monkeypatch, way):
    folder, orders, made = shared
    made_anew = []
    monkeypatch.setattr(grading, "write_data", lambda target, *rest: made_anew.append(target))
    twin = orders.with_name("twin.csv")
    twin.write_text(orders.read_text())
    orders.unlink()
    if way == "changed":
        orders.write_text("order_id\n")
    elif way == "a link":
        orders.symlink_to(twin)
    _, note = grading.handed_out_data(folder / "class", made, made.students[0], folder / "spare")
    assert made_anew
    assert "orders.csv" in note


def test_a_flood_of_brackets_is_not_even_read():
    assert sandbox._read_line(b'{"answer": "20-1", "plain": ' + b"[]," * 60_000 + b"1}") is None
    rows = b"[" + b",".join([b'["a"]'] * 5_000) + b"]"
    assert sandbox._read_line(b'{"answer": "20-1", "plain": ' + rows + b"}")["answer"] == "20-1"


# --- kernels and killed commands -----------------------------------------------------------------


@posix
def test_a_kernel_that_holds_the_lock_keeps_nobody_waiting(tmp_path, monkeypatch):
    import fcntl

    monkeypatch.setattr(attempts, "_PATIENCE", 2)
    holder = os.open(tmp_path, os.O_RDONLY)
    fcntl.flock(holder, fcntl.LOCK_EX)
    try:
        record = attempts.Attempts(tmp_path / "crmkit_progress.json")
        with record.change("20-1") as entry:
            entry["tries"] += 1
        assert record.entry("20-1")["tries"] == 1
    finally:
        os.close(holder)


@posix
def test_a_pipe_for_a_record_keeps_nobody_waiting(tmp_path):
    os.mkfifo(tmp_path / "crmkit_progress.json")
    record = attempts.Attempts(tmp_path / "crmkit_progress.json")
    with record.change("20-1") as entry:
        entry["tries"] += 1
    assert record.entry("20-1")["tries"] == 1
    assert "is no file" in record.notes[0]


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="Linux ends children so")
def test_a_killed_command_leaves_no_process_behind(tmp_path):
    child = (
        "from crmkit.practice import confine; import time; confine.end_with_parent(); "
        "print(1, flush=True); time.sleep(60)"
    )
    parent = (
        "import subprocess, sys\n"
        f"child = subprocess.Popen([sys.executable, '-c', {child!r}], stdout=subprocess.PIPE)\n"
        "child.stdout.readline()\nprint(child.pid, flush=True)\nchild.wait()"
    )
    started = subprocess.Popen([sys.executable, "-c", parent], stdout=subprocess.PIPE, text=True)
    pid = int(started.stdout.readline())
    started.send_signal(signal.SIGKILL)
    started.wait()
    for _ in range(200):
        try:
            os.kill(pid, 0)
            with open(f"/proc/{pid}/stat") as file:
                if file.read().rpartition(")")[2].split()[0] == "Z":
                    return  # dead, and not yet buried by whoever adopted it
        except OSError:
            return
        time.sleep(0.05)
    os.kill(pid, signal.SIGKILL)
    raise AssertionError("the child outlived its parent")
