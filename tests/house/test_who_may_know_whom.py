"""The rooms of the package know only whom they may know (docs/design.md, section 2)."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "crmkit"
TOPICS = ["mix", "value", "reactivation", "brand", "mining", "prospects", "relations"]

# Each room may import from these, and always from itself, crmkit.errors and crmkit.say.
ALLOWED = {
    "data": {"companies.Company"},  # a type hint only: the catalogue is handed a company
    "companies": {"data.load"},
    "world": {"companies", "data.catalogue"},
    "explore": {"style"},
    "style": {"readable"},
    "readable": set(),
    "errors": set(),
    "inputs": set(),
    "beta_shapes": {"inputs"},
    "inference": {"beta_shapes", "inputs"},
    "optimum": set(),
    "say": set(),
    "console": set(),
    "lesson_texts": set(),
    **{
        topic: {"companies", "data", "explore", "inference", "inputs", "optimum", "style", *TOPICS}
        for topic in TOPICS
    },
    "home": set(),
    "review": {"inference", "inputs", "style", *TOPICS},
    "live": {"brand", "companies", "home", "practice", "relations"},
    "game": {
        *("companies", "data", "explore", "inference", "inputs", "optimum", "style", "world"),
        # The class by folders: how teams are named, and how what comes back is known and kept.
        *(
            f"practice.{name}"
            for name in ("alone", "handed_in", "pages", "phrases", "roster", "whose", "workers")
        ),
        *TOPICS,
    },
    "practice": {
        "companies",
        "data",
        "lesson_texts",
        "world",
        "style",
        "explore",
        "home",
        "console",
        "game",
        "review",  # lesson 91 asks about it
        *TOPICS,
    },
}
# What a lesson must not pull in at import: Pyodide lacks it, or it is slow, or only some readers need it.
LAZY_ONLY = [
    *("jupyterlab", "nbformat", "nbclient", "nbconvert", "jupytext", "typer", "rich", "faker"),
    *(
        "tornado",
        "sqlite3",
        "duckdb",
        "polars",
        "dask",
        "pyspark",
        "pyarrow",
        "openpyxl",
        "lifetimes",
        "ipykernel",
    ),
]
LESSON_MODULES = ["crmkit.data.load", "crmkit.data.own_orders", "crmkit.explore", "crmkit.style"]
LESSON_MODULES += ["crmkit.practice", "crmkit.world", *(f"crmkit.{topic}" for topic in TOPICS)]


def imported_rooms(source: str, module: str) -> set[str]:
    """List the dotted paths below crmkit that a module's source imports, wherever in it."""
    package = module.split(".")[:-1]
    found: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            start = ".".join([*base, *([node.module] if node.module else [])])
            found |= {f"{start}.{alias.name}" for alias in node.names}
    return {name.removeprefix("crmkit.") for name in found if name.startswith("crmkit.")}


def trespasses(source: str, module: str) -> list[str]:
    """Name the imports by which a module reaches into a room it may not know."""
    room = module.split(".")[1]
    allowed = ALLOWED[room] | {room, "errors", "later", "say"}
    bad = []
    for name in sorted(imported_rooms(source, module)):
        inside = any(name == a or name.startswith(f"{a}.") for a in allowed)
        foreign_explorer = (
            room in TOPICS
            and name.split(".")[0] in TOPICS
            and name.split(".")[0] != room
            and ".explorers" in name
        )
        if not inside or foreign_explorer:
            bad.append(f"{module} imports crmkit.{name}")
    return bad


def modules() -> list[Path]:
    """Collect all modules that live in a room (the command line knows everybody)."""
    return [
        path
        for path in sorted(PACKAGE.rglob("*.py"))
        if path.relative_to(PACKAGE).parts[0].removesuffix(".py") in ALLOWED
    ]


@pytest.mark.parametrize("path", modules(), ids=lambda p: str(p.relative_to(PACKAGE)))
def test_rooms_know_only_whom_they_may(path: Path) -> None:
    module = ".".join(path.relative_to(ROOT).with_suffix("").parts)
    assert trespasses(path.read_text(encoding="utf-8"), module) == []


@pytest.mark.parametrize(
    ("source", "module"),
    [
        ("from crmkit.value import tiers", "crmkit.world.people"),
        ("from crmkit.world import simulate", "crmkit.value.tiers"),
        ("import crmkit.practice", "crmkit.brand.memory"),
        ("from ..value.explorers import cut_points", "crmkit.brand.explorers"),
        ("from crmkit.data import load", "crmkit.world.people"),
    ],
)
def test_a_trespass_is_noticed(source: str, module: str) -> None:
    assert trespasses(source, module)


# A file that does one thing is shorter than this. The longer ones must not grow; take out here what has been split.
MOST_LINES = 750
LONGER = {
    "value/plots.py": 900,
}


def sources() -> list[Path]:
    """Collect the package's modules, data beside them left out."""
    return [p for p in sorted(PACKAGE.rglob("*.py")) if "bundle" not in p.parts]


def test_a_file_has_one_job_and_room_for_no_second() -> None:
    lines = {
        p.relative_to(PACKAGE).as_posix(): len(p.read_text(encoding="utf-8").splitlines())
        for p in sources()
    }
    too_long = {n: count for n, count in lines.items() if count > LONGER.get(n, MOST_LINES)}
    assert not too_long, "split them: two jobs are two files"


def known_modules() -> dict[str, set[str]]:
    """Give, for every module, the modules of the package that it imports, in functions and type hints too."""
    names = {
        ".".join(p.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): p
        for p in sources()
    }
    graph = {}
    for name, path in names.items():
        inside = name + ".x" if path.name == "__init__.py" else name
        found = {
            f"crmkit.{dotted}"
            for dotted in imported_rooms(path.read_text(encoding="utf-8"), inside)
        }
        # "crmkit.practice.kinds.Number" is a name in a module; "crmkit.practice.bank" a module.
        owners = {n if n in names else n.rpartition(".")[0] for n in found}
        graph[name] = {owner for owner in owners if owner in names and owner != name}
    return graph


def circle(graph: dict[str, set[str]]) -> list[str]:
    """Give one circle of modules that know each other, or nothing."""
    done: set[str] = set()

    def walk(name: str, path: list[str]) -> list[str]:
        if name in path:
            return [*path[path.index(name) :], name]
        if name in done:
            return []
        for other in sorted(graph.get(name, ())):
            found = walk(other, [*path, name])
            if found:
                return found
        done.add(name)
        return []

    return next((found for name in sorted(graph) if (found := walk(name, []))), [])


def test_no_two_modules_know_each_other() -> None:
    # A package's own front page may fetch names from its rooms when they are asked for.
    graph = {name: others - {"crmkit"} for name, others in known_modules().items()}
    assert not circle(graph)


def test_a_circle_is_noticed() -> None:
    assert circle({"a": {"b"}, "b": {"c"}, "c": {"a"}}) == ["a", "b", "c", "a"]
    assert circle({"a": {"b", "c"}, "b": {"c"}, "c": set()}) == []


@pytest.mark.slow
def test_import_of_lesson_modules_needs_nothing_that_pyodide_lacks() -> None:
    code = f"""
import sys, importlib
class Blocked:
    def find_spec(self, name, path=None, target=None):
        if name.split('.')[0] in {LAZY_ONLY!r}:
            raise ImportError(name + ' is not in Pyodide')
sys.meta_path.insert(0, Blocked())
import crmkit
for name in {LESSON_MODULES!r}:
    importlib.import_module(name)
for name in crmkit.__all__:
    getattr(crmkit, name)
crmkit.load('products')
"""
    subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT)


def test_package_is_pure_python() -> None:
    compiled = [p for p in PACKAGE.rglob("*") if p.suffix in {".so", ".pyd", ".pyx", ".c"}]
    assert compiled == []


def test_the_design_names_every_room_and_every_module_of_the_package() -> None:
    design = (ROOT / "docs/design.md").read_text(encoding="utf-8")
    tree = design[design.index("## 2. The house") : design.index("Who may know whom")]
    rooms = [path.name + "/" for path in PACKAGE.iterdir() if path.is_dir() and path.name[0] != "_"]
    missing = [n for n in [*rooms, *(p.name for p in PACKAGE.glob("*.py"))] if n not in tree]
    assert len(rooms) > 12
    assert not missing, f"docs/design.md, section 2, does not name {missing}"
