"""Numbers that a lesson's claims give in each world, kept for the claims about all of them together."""

from __future__ import annotations


class Seen(dict[str, list[float]]):
    """One list for each name, with a number from each world."""

    def note(self, **numbers: float) -> None:
        """Keep the numbers of one world."""
        for name, number in numbers.items():
            self.setdefault(name, []).append(float(number))
