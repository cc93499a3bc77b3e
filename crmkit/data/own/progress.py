"""A bar for files that take a while."""

from __future__ import annotations

import sys
from types import TracebackType
from typing import TextIO

#: From so many bytes on (a frame counts fifty a row), a bar is shown.
MANY_BYTES = 50_000_000


class Progress:
    """Show which step of the work is going on, on one line that goes away at the end.

    Parameters
    ----------
    label : str
        What is being read.
    steps : sequence of str
        The steps, in their order.
    shown : bool
        False: nothing is written.
    out : file, optional
        Where to write; the standard error stream if left out.

    Examples
    --------
    >>> import io
    >>> out = io.StringIO()
    >>> with Progress("orders.csv", ["cells", "dates"], shown=True, out=out) as progress:
    ...     progress.at("cells")
    ...     progress.at("dates")
    >>> [line.strip() for line in out.getvalue().split(chr(13)) if line.strip()]
    ['orders.csv [··········]   0 %  cells', 'orders.csv [█████·····]  50 %  dates']
    """

    def __init__(
        self, label: str, steps: list[str], *, shown: bool, out: TextIO | None = None
    ) -> None:
        self.label, self.steps, self.shown = label, steps, shown
        self.out = sys.stderr if out is None else out
        self._width = 0

    def at(self, step: str) -> None:
        """Say that a step begins."""
        if not self.shown:
            return
        share = self.steps.index(step) / len(self.steps)
        full = round(10 * share)
        self._write(
            f"{self.label} [{'█' * full}{'·' * (10 - full)}] {share:4.0%}  {step}".replace(
                "%", " %"
            )
        )

    def _write(self, line: str) -> None:
        self.out.write("\r" + line.ljust(self._width))
        self.out.flush()
        self._width = len(line)

    def __enter__(self) -> Progress:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self.shown and self._width:
            self._write("")
            self.out.write("\r")
            self.out.flush()
