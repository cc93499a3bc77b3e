"""Show how far a long piece of work is."""

from __future__ import annotations

import sys
import time


class Progress:
    """A bar on stderr that appears once the work has taken more than two seconds.

    Parameters
    ----------
    total : int
        Number of steps.
    wanted : bool
        Without it, nothing is ever shown.

    Examples
    --------
    >>> bar = Progress(2)
    >>> bar.step("first")
    >>> bar.close()
    """

    def __init__(self, total: int, wanted: bool = True) -> None:
        self.total, self.wanted, self.done, self.name = total, wanted, -1, ""
        self.began, self.shown = time.monotonic(), False

    def step(self, name: str) -> None:
        """Begin the next step."""
        self.done, self.name = self.done + 1, name
        self.tick(0.0)

    def tick(self, share: float) -> None:
        """Say which share of the step is done."""
        if self.wanted and time.monotonic() - self.began > 2:
            self.shown = True
            self._draw((self.done + share) / self.total, self.name)

    def close(self) -> None:
        """All steps are done."""
        if self.shown:
            self._draw(1.0, "done")
            print(file=sys.stderr)

    def _draw(self, share: float, name: str) -> None:
        bar = "█" * round(30 * share)
        print(f"\r  {bar:·<30} {share:4.0%} {name:<16}", end="", file=sys.stderr, flush=True)
