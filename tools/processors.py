"""Run lessons, solutions and the shipped data as other processors would, and name what comes out differently.

OpenBLAS and numpy choose their instructions by the processor, glibc its `exp` and `log`, and sums over two threads are
added up in another order. Results then differ in their last digits: harmless, unless a lesson prints a digit that is
not determined (an optimum that has not converged, an order among ties). A student's machine is never the builder's, so
no stored output may depend on it.

``python tools/processors.py`` builds every notebook under every processor below, without touching those that are
stored, and compares cell by cell with this machine's own; ``… 12 44`` only those lessons; ``--only nehalem`` only that
processor; ``--data`` the shipped tables too, byte by byte, and ``--data-only`` nothing else. `make test` runs the
stored notebooks under `FOREIGN`, `make test-full` under the others too, and compares the tables.
"""

from __future__ import annotations

import argparse
import difflib
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import build_notebooks

ROOT = Path(__file__).resolve().parents[1]

# What a processor has switched on is asked from numpy itself: the names differ from version to version.
_SWITCHED_ON = """
from numpy._core._multiarray_umath import __cpu_dispatch__ as known, __cpu_features__ as on
print(" ".join(name for name in known if on[name]))
"""
_GLIBC = ("AVX2", "FMA", "FMA4", "AVX512F", "AVX512VL")

ONE_THREAD = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
TWO_THREADS = {"OPENBLAS_NUM_THREADS": "2", "OMP_NUM_THREADS": "2"}
FOREIGN = "nehalem"


def switched_on() -> list[str]:
    """Numpy's instruction sets above its oldest that this machine has."""
    done = subprocess.run(
        [sys.executable, "-c", _SWITCHED_ON],
        env={k: v for k, v in os.environ.items() if k != "NPY_DISABLE_CPU_FEATURES"},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.split()


def environment(processor: str) -> dict[str, str]:
    """Give the variables that make this machine compute like another one.

    Parameters
    ----------
    processor : {"native", "threads", "haswell", "nehalem"}
        native: this machine, one thread. threads: this machine, two threads. haswell: a laptop of 2013 to today,
        without AVX-512. nehalem: the oldest kernels of OpenBLAS, and neither numpy nor glibc with anything newer
        than SSE 4 (no fused multiply-add). A machine that is no x86 stays as it is.
    """
    if processor == "native":
        return ONE_THREAD
    if processor == "threads":
        return TWO_THREADS
    if processor == "haswell":
        newer = [name for name in switched_on() if "512" in name or name == "X86_V4"]
        return ONE_THREAD | {
            "OPENBLAS_CORETYPE": "Haswell",
            "NPY_DISABLE_CPU_FEATURES": " ".join(newer),
        }
    if processor == "nehalem":
        hidden = ",".join(f"-{name},-{name}_Usable" for name in _GLIBC)
        return ONE_THREAD | {
            "OPENBLAS_CORETYPE": "Nehalem",
            "NPY_DISABLE_CPU_FEATURES": " ".join(switched_on()),
            "GLIBC_TUNABLES": f"glibc.cpu.hwcaps={hidden}",
        }
    raise ValueError(f"no processor {processor!r}; there are {', '.join(PROCESSORS)}")


PROCESSORS = ("native", "threads", "haswell", "nehalem")
OURS = ("OPENBLAS_CORETYPE", "NPY_DISABLE_CPU_FEATURES", "GLIBC_TUNABLES")


def told(processor: str) -> dict[str, str]:
    """Give the whole environment of a command that is to run as a processor."""
    # "native" means what this machine does when nobody has told it anything.
    plain = {name: value for name, value in os.environ.items() if name not in OURS}
    return plain | environment(processor)


def output_as(processor: str, *command: str) -> str:
    """Run Python as another processor would and give what it prints."""
    done = subprocess.run(
        [sys.executable, *command],
        cwd=ROOT,
        env=told(processor),
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return done.stdout


def run_as(processor: str, *command: str) -> None:
    """Run Python as another processor would.

    Raises
    ------
    SystemExit
        If it fails.
    """
    done = subprocess.run([sys.executable, *command], cwd=ROOT, env=told(processor), check=False)
    if done.returncode:
        raise SystemExit(f"as {processor}: {' '.join(command)} failed")


def shown(path: Path) -> list[tuple[str, list[Any]]]:
    """Give each code cell of a built notebook: its source and its outputs, pictures aside."""
    notebook = build_notebooks.comparable(path.read_text(encoding="utf-8"))
    return [
        (cell["source"], cell["outputs"])
        for cell in notebook["cells"]
        if cell["cell_type"] == "code"
    ]


def words(outputs: list[Any]) -> list[str]:
    """Give the lines that a reader sees of a cell's outputs."""
    texts = [o.get("text") or o.get("data", {}).get("text/plain", "") for o in outputs]
    return "\n".join("".join(text) for text in texts).splitlines()


def different_cells(ours: Path, theirs: Path) -> Iterator[str]:
    """Name the cells of two builds of one notebook that show something different, and what."""
    for number, ((source, one), (_, other)) in enumerate(
        zip(shown(ours), shown(theirs), strict=True)
    ):
        if one != other:
            lines = list(difflib.unified_diff(words(one), words(other), n=0, lineterm=""))[2:]
            changed = [line for line in lines if not line.startswith("@@")]
            first = (source.strip() or "an empty cell").splitlines()[0][:80]
            yield "\n      ".join([f"code cell {number} ({first!r})", *changed[:12]])


def build_all(
    folder: Path,
    chosen: list[str],
    numbers: list[str],
    *,
    data: bool,
    jobs: int,
    notebooks: bool = True,
) -> None:
    """Build notebooks (and the shipped tables) into a folder per processor."""
    for processor in chosen:
        into = folder / processor
        into.mkdir()
        print(f"as {processor}", flush=True)
        if data:
            run_as(
                *(processor, "-m", "crmkit.world", "write-shipped"),
                *("--datasets", str(into / "datasets")),
            )
        if notebooks:
            more = ["--into", str(into), "--jobs", str(jobs), *numbers]
            run_as(processor, "tools/build_notebooks.py", *more)


def compare(folder: Path, chosen: list[str]) -> list[str]:
    """Compare every processor's folder with the first one's."""
    faults = []
    first = folder / chosen[0]
    files = sorted(path.relative_to(first) for path in first.rglob("*") if path.is_file())
    for processor in chosen[1:]:
        for file in files:
            ours, theirs = first / file, folder / processor / file
            if file.suffix != ".ipynb":
                if ours.read_bytes() != theirs.read_bytes():
                    faults.append(f"{processor}: {file} has other bytes")
                continue
            faults += [f"{processor}: {file}, {cell}" for cell in different_cells(ours, theirs)]
    return faults


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("numbers", nargs="*", help="lesson numbers, such as 12 44; all by default")
    parser.add_argument("--only", action="append", choices=PROCESSORS[1:], help="as this one only")
    parser.add_argument("--data", action="store_true", help="the shipped tables too")
    parser.add_argument("--data-only", action="store_true", help="the shipped tables alone")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    options = parser.parse_args(arguments)
    chosen = [PROCESSORS[0], *(options.only or PROCESSORS[1:])]
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        build_all(
            folder,
            chosen,
            options.numbers,
            data=options.data or options.data_only,
            jobs=options.jobs,
            notebooks=not options.data_only,
        )
        faults = compare(folder, chosen)
    for fault in faults:
        print(f"DIFFERS  {fault}", file=sys.stderr)
    if not faults:
        print(f"the same as {', '.join(chosen)}")
    return 1 if faults else 0


if __name__ == "__main__":
    raise SystemExit(main())
