"""The page about the game says the rules as they are, and its example runs."""

from __future__ import annotations

import re

import game_rules

from crmkit.game.engine import step
from crmkit.game.rules import Rules
from crmkit.game.state import start
from crmkit.game.trainer import read_course


def test_the_page_holds_every_rule_as_it_is():
    text = game_rules.PAGE.read_text(encoding="utf-8")
    assert text == game_rules.page(text), "run python tools/game_rules.py"


def test_the_example_of_the_page_runs():
    text = game_rules.PAGE.read_text(encoding="utf-8")
    code = re.search(r"```python\n(.*?)```", text, re.DOTALL)
    assert code is not None
    names: dict[str, object] = {}
    exec(code.group(1).replace("customers=2000", "customers=100"), names)
    assert names["state"].quarter == 1
    assert len(names["told"]["orders"]) > 100


def test_what_the_page_says_of_tables_is_there():
    text = game_rules.PAGE.read_text(encoding="utf-8")
    from crmkit.game.decisions import AS_BEFORE, changed

    plan = changed(AS_BEFORE, {"research.survey": 9, "research.tracker": 9, "research.panel": True})
    _, reports = step(start(50, 1), plan, 1)
    for name in (*reports, *reports.truth):
        assert f"`{name}`" in text, name


def test_each_example_of_a_trainers_file_is_one(tmp_path):
    text = (game_rules.PAGE.parent / "game_in_class.md").read_text(encoding="utf-8")
    examples = re.findall(r"```toml\n(.*?)```", text, re.DOTALL)
    assert len(examples) == 3
    for example in examples:
        path = tmp_path / "game.toml"
        whole = example if "rounds =" in example else f'title = "x"\nrounds = 3\n{example}'
        path.write_text(whole, encoding="utf-8")
        course = read_course(path)
        for event in course.events:
            assert Rules().changed(event.rules)
    assert course.rounds == 10
    assert course.open_in(1) == ()
    assert "experiment" in course.open_in(5)
    assert course.open_in(8) is None
