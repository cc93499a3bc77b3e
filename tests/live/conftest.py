"""A room of its own for each test."""

from .a_room import opening, room

__all__ = ["opening", "room"]
