"""How often the intervals of the package hold the truth: ``python -m benchmarks coverage``.

    python -m benchmarks.coverage [--measure-only] [--rooms mix brand] [--only DemandCurve ...] [--worlds 50] [--write]

Every interval, band and p-value of the package is an `Entry` (`benchmarks/_coverage.py`) in its room's file. For
each, at least 200 worlds are simulated at three sizes; a nominal 95 % interval has to hold the truth in 92 to 98 % of
them, or the entry says where not and why. The table goes to docs/statistics.md. Without options, all is measured and
written; with any, it is only printed unless ``--write`` is there too (then the other rows stay as they are).

To add an interval of your room
-------------------------------
1. Make ``benchmarks/coverage_<room>.py`` (rooms: inference, mix, value, reactivation, brand) with a list ``ENTRIES``
   of `Entry`. ``coverage_mix.py`` is one to copy from.
2. An entry's ``world(size, rng)`` simulates one world whose truth it knows, calls the function and gives
   ``covers(low, high, truth)``: 1, 0 or NaN (no interval), one number or an array. Simulate small: three sizes of
   200 worlds should take some seconds. Use data as the function will meet them: if people differ and answer
   several times, let them.
3. ``python -m benchmarks.coverage --rooms <room>`` prints your rows. What lies outside is a fault of the function: mend
   it, let it give NaN below the size from which it covers (say so in ``refuses_below``), or, where neither can
   be, say where and why in ``exception``.
4. Do not commit docs/statistics.md or coverage_measured.csv from a run of one room beside other people's: the whole
   table is made in one run.
tests/house/test_coverage.py fails as long as a public function that gives an interval is in no list; what only
looks like one goes to `NO_INTERVAL` with the reason.
"""

from __future__ import annotations

import argparse
import csv
import sys
import time
from pathlib import Path

from benchmarks._coverage import HERE, HIGH, LOW, ROOMS, Entry, Measured, entries, measure

STORE = HERE / "coverage_measured.csv"
PAGE = HERE.parent / "docs" / "statistics.md"
BEGIN, END = "<!-- coverage: begin -->", "<!-- coverage: end -->"


def read_store(path: Path = STORE) -> dict[tuple[str, int], Measured]:
    """Rows measured before, by function and size."""
    if not path.exists():
        return {}
    with path.open(encoding="utf-8", newline="") as file:
        rows = [
            Measured(
                row["function"],
                int(row["size"]),
                int(row["worlds"]),
                float(row["coverage"]),
                float(row["none"]),
            )
            for row in csv.DictReader(file)
        ]
    return {(row.function, row.size): row for row in rows}


def write_store(rows: dict[tuple[str, int], Measured], path: Path = STORE) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["function", "size", "worlds", "coverage", "none"])
        for row in rows.values():
            writer.writerow(
                [row.function, row.size, row.worlds, f"{row.coverage:.4f}", f"{row.none:.4f}"]
            )


def table(listed: list[Entry], rows: dict[tuple[str, int], Measured]) -> str:
    """The table of docs/statistics.md, one part a room."""
    lines = []
    for room in ROOMS:
        own = [entry for entry in listed if entry.function.startswith(f"{room}.")]
        if not own:
            continue
        lines += [
            f"### crmkit.{room}",
            "",
            "| function | what it estimates | method | source | clustered by | coverage (nominal 95 %) | no interval |",
            "|---|---|---|---|---|---|---|",
        ]
        notes = []
        for entry in own:
            found = [rows.get((entry.function, size)) for size in entry.sizes]
            cell = "; ".join(
                f"{size:,}: " + ("not yet measured" if row is None else f"{row.coverage:.1%}")
                for size, row in zip(entry.sizes, found, strict=True)
            )
            if entry.exception:
                notes.append(f"- `{entry.function.partition('.')[2]}`: {entry.exception}")
            star = " (see below)" if entry.exception else ""
            lines.append(
                f"| `{entry.function.partition('.')[2]}` | {entry.estimates} | {entry.method} | {entry.source} | "
                f"{entry.clustered_by} | {cell} {entry.unit}{star} | below {entry.refuses_below} |"
            )
        lines.append("")
        if notes:
            lines += ["Where it lies outside 92 to 98 %:", "", *notes, ""]
    return "\n".join(lines)


def write_page(text: str, path: Path = PAGE) -> None:
    page = path.read_text(encoding="utf-8")
    before, _, rest = page.partition(BEGIN)
    after = rest.partition(END)[2]
    path.write_text(f"{before}{BEGIN}\n\n{text}\n{END}{after}", encoding="utf-8")


def save(rows: dict[tuple[str, int], Measured]) -> None:
    """Put what was measured beside what is stored, and make the page from the store; what is not listed goes."""
    listed = entries()
    stored = read_store() | rows
    keys = [(entry.function, size) for entry in listed for size in entry.sizes]
    write_store({key: stored[key] for key in keys if key in stored})
    write_page(
        table(listed, read_store())
    )  # as stored: the page and the file agree to the last digit


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rooms", nargs="*", choices=ROOMS)
    parser.add_argument("--only", nargs="*", help="functions whose name holds one of these texts")
    parser.add_argument("--worlds", type=int, help="instead of what each entry says")
    parser.add_argument("--measure-only", action="store_true", help="all of it; write nothing")
    parser.add_argument(
        "--write", action="store_true", help="write the table to docs/statistics.md"
    )
    given = parser.parse_args()
    everything = len(sys.argv) == 1
    wanted = [
        e
        for e in entries(given.rooms or ROOMS)
        if not given.only or any(text in e.function for text in given.only)
    ]
    if everything:
        STORE.unlink(missing_ok=True)
    failed = []
    for entry in wanted:
        start = time.process_time()
        found = [measure(entry, size, given.worlds) for size in entry.sizes]
        seconds = time.process_time() - start
        shown = "  ".join(
            f"{row.size:>6,}: {row.coverage:6.1%}{'' if row.inside else ' !'}"
            + (f" (none {row.none:.0%})" if row.none else "")
            for row in found
        )
        print(f"{entry.function:45} {shown}   {seconds:5.1f} s of processor", flush=True)
        if not entry.exception and not all(row.inside for row in found):
            failed.append(entry.function)
        if everything or given.write:  # after each, so that a run that is stopped loses little
            save({(row.function, row.size): row for row in found})
    if failed:
        raise SystemExit(f"outside {LOW:.0%} to {HIGH:.0%} without a word why: {', '.join(failed)}")


if __name__ == "__main__":
    main()
