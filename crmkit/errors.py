"""The errors that crmkit raises on purpose: each says what is wrong, where, and what to do."""

from __future__ import annotations


class CrmkitError(ValueError):
    """Base of all errors that crmkit raises on purpose.

    A message names what is wrong, where it is (column, rows, first values) and what to do about it.
    Catch this one to catch them all; it is a ``ValueError``, so older code keeps working.
    """
