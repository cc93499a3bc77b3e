"""What every simulated company is made of: streams, time, people, choice, sleep, memory, and what serving costs."""
