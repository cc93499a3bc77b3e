"""Limits on how fast anybody may send: so many at once, and so many a minute from then on."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from time import monotonic

#: How many senders are remembered at once; the longest silent are forgotten first.
MOST_KEPT = 5000


@dataclass
class Limit:
    """Let each sender do something `burst` times at once, and `a_minute` times a minute in the long run.

    Parameters
    ----------
    burst
        How many at once.
    a_minute
        How many a minute.
    clock
        Gives the time in seconds.

    Examples
    --------
    >>> now = [0.0]
    >>> limit = Limit(burst=2, a_minute=60, clock=lambda: now[0])
    >>> [limit.allows("a"), limit.allows("a"), limit.allows("a"), limit.allows("b")]
    [True, True, False, True]
    >>> now[0] = 1.0
    >>> limit.allows("a")
    True
    """

    burst: int
    a_minute: float
    clock: Callable[[], float] = monotonic
    _left: dict[Hashable, tuple[float, float]] = field(default_factory=dict)

    def allows(self, sender: Hashable, count: int = 1) -> bool:
        """Tell whether a sender may do it `count` times now, and count it if so."""
        left = self.left(sender)
        if left < count:
            return False
        self._left.pop(sender, None)
        self._left[sender] = (left - count, self.clock())
        while len(self._left) > MOST_KEPT:
            del self._left[next(iter(self._left))]
        return True

    def left(self, sender: Hashable) -> float:
        """Say how many times a sender may still do it now."""
        left, since = self._left.get(sender, (float(self.burst), self.clock()))
        return min(self.burst, left + (self.clock() - since) * self.a_minute / 60)
