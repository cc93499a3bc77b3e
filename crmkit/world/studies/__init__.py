"""Studies that a company may have made: surveys, tests and trackers, each a section of its file."""
