"""A plot, an explorer or a command shows no string that nobody could translate: sentences are whole messages."""

import ast
import os
import re
from pathlib import Path

import catalogues
import pytest
import typer
from typer.testing import CliRunner

from crmkit import cli, say

ROOT = Path(__file__).resolve().parents[2]
#: Keywords and calls whose strings a reader sees.
KEYWORDS = {"title", "xlabel", "ylabel", "label", "description", "alt", "tooltip", "placeholder"}
CALLS = {
    *("set_title", "set_xlabel", "set_ylabel", "set_label", "set_text", "suptitle"),
    *("text", "annotate", "echo"),
}
#: Strings that are settings of a drawing call, not words.
SETTINGS = {
    "crmkit ",
    "center",
    "left",
    "right",
    "top",
    "bottom",
    "offset points",
    "axes fraction",
    "data",
}
PLACES = [
    *(
        p
        for room in ("mix", "brand", "reactivation", "value", "mining", "relations")
        for p in (ROOT / "crmkit" / room).glob("*.py")
    ),
    *(ROOT / "crmkit/explore").glob("*.py"),
    *(ROOT / "crmkit/commands").glob("*.py"),
    ROOT / "crmkit/cli.py",
    ROOT / "crmkit/practice/cli.py",
]


def words(node):
    """Give the words of a string that is written out: plain, with fields, one of two, or put together."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        text = node.value
    elif isinstance(node, ast.JoinedStr):
        text = "".join(str(v.value) for v in node.values if isinstance(v, ast.Constant))
    elif isinstance(node, ast.IfExp):
        return words(node.body) + words(node.orelse)
    elif isinstance(node, ast.BinOp):
        return words(node.left) + words(node.right)
    else:
        return []
    return [text] if re.search(r"[A-Za-z]{2}", text) and text not in SETTINGS else []


def unsaid(source):
    """Give the line and the text of every string that is shown and does not go through ``say``."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            shown = [k.value for k in node.keywords if k.arg in KEYWORDS]
            shown += node.args if name in CALLS else []
            found += [(node.lineno, text) for part in shown for text in words(part)]
        elif isinstance(node, ast.FunctionDef) and node.name == "draw":
            # What an explorer's `draw` gives back is its sentence.
            returns = [n for n in ast.walk(node) if isinstance(n, ast.Return) and n.value]
            found += [(n.lineno, text) for n in returns for text in words(n.value)]
    return found


@pytest.mark.parametrize("path", PLACES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_what_is_shown_can_be_translated(path):
    assert not unsaid(path.read_text(encoding="utf-8")), "give it to crmkit.say.say"


@pytest.mark.parametrize(
    "source",
    [
        'ax.set(title="Who buys" if title is None else title)',
        'ax.set(xlabel=f"price ({company().symbol})")',
        'ax.text(0, 1, "clerk A", ha="right")',
        'def draw(n):\n    return f"{n} of them" + (" once" if n else "")',
    ],
)
def test_a_string_that_nobody_could_translate_is_found(source):
    assert unsaid(source)


def test_words_of_a_setting_and_numbers_are_not_asked_for():
    assert not unsaid(
        'ax.text(0, 1, f"{n:,} ({s:.0%})", ha="right")\nax.set(title=say("Who buys"))'
    )


def commands(group, path=()):
    """List the words that call each command and each group."""
    yield path
    for name in getattr(group, "list_commands", lambda _: [])(None):
        yield from commands(group.get_command(None, name), (*path, name))


def test_help_is_in_the_readers_language():
    catalogues.compile_all()
    say.catalogue.cache_clear()
    runner = CliRunner()
    everything = list(commands(typer.main.get_command(cli.app)))
    assert ("class", "new") in everything
    try:
        for words in everything:
            result = runner.invoke(cli.app, ["--language", "zh_CN", *words, "--help"])
            assert result.output.startswith("用法："), words
            assert "显示本说明并退出" in result.output, words
            said = result.output.split("\n", 1)[1]  # without the command itself
            assert not re.findall(r"(?:\b[a-z]+\b[ ,]+){3,}", said), words
            english = runner.invoke(cli.app, ["--language", "en", *words, "--help"])
            assert english.output.startswith("Usage:"), words
            assert not re.findall("[\u4e00-\u9fff]", english.output), words
    finally:
        say.speak(None)
        os.environ.pop(say.SWITCH, None)


def test_a_look_at_a_file_is_in_the_readers_language(tmp_path):
    """The page but for its notes, which are about code and columns, and stay English in this edition."""
    catalogues.compile_all()
    say.catalogue.cache_clear()
    page = tmp_path / "page.html"
    file = ROOT / "datasets/ugly/till_export.csv"
    try:
        done = CliRunner().invoke(
            cli.app, ["--language", "zh_CN", "look", str(file), "--page", str(page)]
        )
    finally:
        say.speak(None)
        os.environ.pop(say.SWITCH, None)
    assert done.exit_code == 0, done.output
    html = page.read_text(encoding="utf-8")
    assert '<html lang="zh-CN">' in html
    assert "采用的行" in done.output
    assert re.search(r'<img alt="[^"a-zA-Z]*">?', html.replace(" src=", ">"))
    kept = re.sub(r"(?s)<style.*?</style>|<code>.*?</code>|<ul>.*?</ul>", "", html)
    kept = re.sub(r"<[^>]*>", " ", kept)
    assert not re.findall(r"(?:\b[a-z]+\b[ ,]+){2,}", kept)


def test_notebooks_built_in_another_language_leave_this_process_as_it_was(tmp_path):
    import build_notebooks

    with pytest.raises(SystemExit, match="no master begins with 99"):
        build_notebooks.main(["--language", "zh_CN", "--out", str(tmp_path), "99"])
    assert say.SWITCH not in os.environ
    assert say.language() == "en"
