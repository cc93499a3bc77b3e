"""Speed beside what a reader would use instead, measured in one run: ratios, never promises of seconds."""
