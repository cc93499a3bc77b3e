"""Developer commands of the world: ``python -m crmkit.world write-shipped`` and ``pools LOCALE``."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from crmkit.data.catalogue.package import dictionary
from crmkit.world import simulate, write

#: What ships in datasets/: company, customers, seed, locale.
SHIPPED = [
    ("fernwell", 5000, 1, "en_GB"),
    ("beanline", 800, 1, "de_DE"),
    ("strumwell", 6000, 2, "en_GB"),
    ("tarnwald", 3000, 1, "en_GB"),
    ("brennick", 700, 1, "de_DE"),
]
ROOT = Path(__file__).resolve().parents[2]


def write_shipped(datasets: Path) -> None:
    """Rebuild ``datasets/``: every company that ships, and the data dictionary."""
    packages = {}
    for company, customers, seed, locale in SHIPPED:
        world = simulate(company, customers=customers, seed=seed, locale=locale)
        # These folders are ours and under version control, which shows every change.
        paths = write(world, datasets / company, force=True)
        packages[company] = json.loads(paths[-1].read_text(encoding="utf-8"))
    (datasets / "README.md").write_text(dictionary(packages), encoding="utf-8", newline="\n")


def main(arguments: list[str] | None = None) -> None:
    """Run one of the commands."""
    parser = argparse.ArgumentParser(prog="python -m crmkit.world", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    shipped = commands.add_parser("write-shipped", help="rebuild datasets/ from the company files")
    shipped.add_argument("--datasets", type=Path, default=ROOT / "datasets")
    pools = commands.add_parser("pools", help="draw the pools of names for a locale from Faker")
    pools.add_argument("locale")
    chosen = parser.parse_args(arguments)
    if chosen.command == "write-shipped":
        write_shipped(chosen.datasets)
    else:
        from crmkit.world.core.names import write_pools

        print(write_pools(chosen.locale))


if __name__ == "__main__":
    main()
