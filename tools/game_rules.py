"""Write the table of the game's rules into docs/game.md: ``python tools/game_rules.py``; ``--check`` only compares.

Run it after every change of ``crmkit/game/rules.toml``.
"""

from __future__ import annotations

import sys
from pathlib import Path

from crmkit.game.rules import known_rules

PAGE = Path(__file__).resolve().parents[1] / "docs" / "game.md"
BEGIN, END = "<!-- rules: begin -->", "<!-- rules: end -->"


def table() -> str:
    """Every rule as a row of Markdown: its name, number, bounds and unit, and where it comes from."""
    rows = ["| Rule | Number | From, to | Unit | Source |", "|---|---|---|---|---|"]
    for name, rule in known_rules().items():
        unit, source = (text.replace("|", "/") for text in (rule.unit, rule.source))
        bounds = f"{rule.low:g}, {rule.high:g}"
        rows.append(f"| `{name}` | {rule.value:g} | {bounds} | {unit} | {source} |")
    return "\n".join(rows)


def page(text: str) -> str:
    """Put the table between its two marks."""
    before, rest = text.split(BEGIN)
    _, after = rest.split(END)
    return f"{before}{BEGIN}\n{table()}\n{END}{after}"


def main() -> None:
    """Write the page, or say that it is out of date."""
    old = PAGE.read_text(encoding="utf-8")
    new = page(old)
    if "--check" in sys.argv[1:]:
        if new != old:
            raise SystemExit("docs/game.md is out of date: run python tools/game_rules.py")
        return
    PAGE.write_text(new, encoding="utf-8")


if __name__ == "__main__":
    main()
