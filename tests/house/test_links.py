"""The docs lead somewhere: relative links and their anchors, files that are named, commands that a reader types."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from click import Context
from typer.main import get_command

from crmkit.cli import app

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted(
    path
    for pattern in (
        *("*.md", "docs/**/*.md", "datasets/**/*.md", ".github/**/*.md", "crmkit/**/*.md"),
        "notebooks/workshop/*.md",
    )
    for path in ROOT.glob(pattern)
)
#: A path in backticks that begins with one of these rooms is of a file that has to be there.
_ROOMS = (
    r"(?:\.ci|\.github|benchmarks|crmkit|datasets|docs|exercises|locale|notebooks|tests|tools)/"
)


def anchors(page: str) -> set[str]:
    """Give the anchors of a page's headings, as GitHub makes them."""
    heads = re.findall(r"^#+ (.+?)\s*$", re.sub(r"^```.*?^```", "", page, flags=re.M | re.S), re.M)
    plain = [re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", head).lower() for head in heads]
    return {re.sub(r"[^\w\- ]", "", head).replace(" ", "-") for head in plain}


def faults(path: Path, page: str) -> Iterator[str]:
    """Name each link, file and command of a page that leads nowhere."""
    for link in re.findall(r"(?<!`)\]\(([^)\s]+)\)", page):
        if re.match(r"[a-z]+:", link):
            continue
        file, _, anchor = link.partition("#")
        target = (path.parent / file).resolve() if file else path
        if target != path and not target.exists():
            yield f"{path.name}: the link {link} leads nowhere"
        elif anchor and anchor not in anchors(
            page if target == path else target.read_text(encoding="utf-8")
        ):
            yield f"{path.name}: {link}: there is no such heading"
    for name in re.findall(rf"`({_ROOMS}[\w./-]+)`", page):
        if (
            not re.search(r"NN|[A-Z]{5}|lesson_56|/56_|20_name|trainer_questions", name)
            and not (ROOT / name).exists()
        ):
            yield f"{path.name}: there is no {name}"
    for tool in re.findall(r"python (tools/\w+\.py)", page):
        if not (ROOT / tool).exists():
            yield f"{path.name}: there is no {tool}"
    for goal in re.findall(r"^make ([a-z][a-z-]+)", code(page), re.M):
        if goal not in GOALS:
            yield f"{path.name}: make knows no {goal}"
    for words in re.findall(
        r"^(?:\.venv/bin/)?crmkit ([a-z][a-z-]*(?: [a-z][a-z-]*)?)", code(page), re.M
    ):
        if not knows(words.split()):
            yield f"{path.name}: there is no command crmkit {words}"


def code(page: str) -> str:
    """Give what is code in a page, a piece a line."""
    fenced = re.findall(r"^ *```\w*\n(.*?)^ *```", page, re.M | re.S)
    indented = re.findall(r"^    (\S.*)", page, re.M)
    inline = re.findall(r"`([^`\n]+)`", page)
    return "\n".join(
        re.sub(r"^ +", "", piece, flags=re.M) for piece in [*fenced, *indented, *inline]
    )


GOALS = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M))


def knows(words: list[str]) -> bool:
    """Say whether the first word is a command, and the second one of its own where it has some."""
    group = COMMANDS.get(words[0])
    return group is not None and (not group or len(words) < 2 or words[1] in group)


def commands() -> dict[str, set[str]]:
    """List the commands of crmkit, each with its own commands."""
    top = get_command(app)
    context = Context(top)
    found = {name: top.get_command(context, name) for name in top.list_commands(context)}
    return {name: set(getattr(command, "commands", {})) for name, command in found.items()}


COMMANDS = commands()


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_a_page_leads_somewhere(path):
    assert list(faults(path, path.read_text(encoding="utf-8"))) == []


def test_what_leads_nowhere_is_named():
    page = (
        "# One head\n[a](no.md) [b](README.md#start) [c](README.md#nothing) [d](#one-head) [e](#two) [f](https://x.y)\n"
        "`crmkit/nothing.py` `crmkit/cli.py` `make lab` `make tea` `crmkit class due class/` `crmkit brew`\n"
        "python tools/nothing.py\n"
    )
    assert list(faults(ROOT / "x.md", page)) == [
        "x.md: the link no.md leads nowhere",
        "x.md: README.md#nothing: there is no such heading",
        "x.md: #two: there is no such heading",
        "x.md: there is no crmkit/nothing.py",
        "x.md: there is no tools/nothing.py",
        "x.md: make knows no tea",
        "x.md: there is no command crmkit brew",
    ]


def test_no_page_is_left_out():
    listed = subprocess.run(
        ["git", "ls-files", "*.md"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if listed.returncode:
        pytest.skip("not a checkout")
    names = {path.relative_to(ROOT).as_posix() for path in PAGES}
    assert set(listed.stdout.split()) - names == set()
