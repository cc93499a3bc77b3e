"""How often honest texts are named as much alike, and how often copies: the threshold of likeness.py."""

from __future__ import annotations

import time

from benchmarks._texts import copied, honest
from crmkit.practice.likeness import LEAST_SHARE, Text, alike, share_in_common, shingles

CLASSES, STUDENTS = 100, 60
COPIES = 500


def main() -> None:
    named = pairs = classes = 0
    started = time.process_time()
    for number in range(CLASSES):
        texts = {f"s{i}": Text(honest(1000 * number + i)) for i in range(STUDENTS)}
        found = alike(texts)
        named += len(found)
        classes += bool(found)
        pairs += STUDENTS * (STUDENTS - 1) // 2
    seconds = (time.process_time() - started) / CLASSES
    shares = sorted(
        share_in_common(shingles(honest(10**6 + 2 * i)), shingles(honest(10**6 + 2 * i + 1)))
        for i in range(20_000)
    )
    print(
        f"honest texts of {len(honest(1).split())} words or so, {CLASSES} classes of {STUDENTS}; "
        f"threshold {LEAST_SHARE:.0%}"
    )
    print(
        f"  pairs named: {named} of {pairs:,} ({named / pairs:.4%}); classes with one: {classes} of {CLASSES}"
    )
    print(
        f"  share in common: median {shares[10_000]:.1%}, 99 % below {shares[19_800]:.1%}, largest {shares[-1]:.1%}"
    )
    print(f"  {seconds:.2f} processor seconds a class and question")
    print("copies: words changed, share in common (median, 5 % below), named")
    for changed in (0.0, 0.05, 0.1, 0.15, 0.2, 0.3):
        for shuffled in (False, True):
            texts2 = [
                (honest(i), copied(honest(i), 7 * i + 1, changed, shuffled=shuffled))
                for i in range(COPIES)
            ]
            found2 = sorted(share_in_common(shingles(a), shingles(b)) for a, b in texts2)
            rate = sum(share >= LEAST_SHARE for share in found2) / COPIES
            how = ", sentences moved" if shuffled else ""
            print(
                f"  {changed:.0%}{how}: {found2[COPIES // 2]:.0%}, {found2[COPIES // 20]:.0%}, {rate:.1%}"
            )


if __name__ == "__main__":
    main()
