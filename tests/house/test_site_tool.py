"""The site's pages say what the lessons say, and a foreign folder is never replaced."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import build_site
import catalogues
import lessons
import nbformat
import pytest

from crmkit import say
from crmkit.data.load import load
from crmkit.value import customer_profit
from crmkit.value.first_look import first_look_explorer

ROOT = Path(__file__).resolve().parents[2]

MASTER = """\
# ---
# jupyter: {}
# ---

# %% [markdown]
# # Half the profit comes from few
#
# **After this lesson you can** draw a curve; read it
# aloud; doubt it.
#
# **45 minutes** · you need lesson 00 · you will meet: tier, *share*

# %%
1 + 1
"""


def test_a_lesson_describes_itself() -> None:
    lesson = lessons.parse("20_who", MASTER)
    assert lesson.title == "Half the profit comes from few"
    assert lesson.goals == ("draw a curve", "read it aloud", "doubt it")
    assert (lesson.minutes, lesson.needs, lesson.words) == (
        45,
        "you need lesson 00",
        "you will meet: tier, *share*",
    )
    assert lesson.part == "Which customers"


@pytest.mark.parametrize(
    ("old", "what"),
    [("# # Half", "title"), ("**After this lesson you can**", "goals"), ("45 minutes", "minutes")],
)
def test_what_a_lesson_fails_to_say_is_named(old: str, what: str) -> None:
    with pytest.raises(ValueError, match=f"20_who: the first cell names no {what}"):
        lessons.parse("20_who", MASTER.replace(old, "# "))


def test_a_lesson_describes_itself_in_any_language() -> None:
    text = "# 利润集中\n\n**学完本课，你能够** 画图；读图；质疑。\n\n**45 分钟** · 需要：第 00 课 · 将学到：层级"
    lesson = lessons.describe("20_who", text)
    assert (lesson.title, lesson.goals, lesson.minutes) == (
        "利润集中",
        ("画图", "读图", "质疑"),
        45,
    )
    assert (lesson.needs, lesson.words) == ("需要：第 00 课", "将学到：层级")


def test_every_lesson_there_is_describes_itself() -> None:
    course = lessons.lessons()
    assert course
    assert [lesson.number for lesson in course] == sorted({lesson.number for lesson in course})
    assert all(len(lesson.goals) >= 3 for lesson in course)


def test_the_paths_are_the_trainers_timetables() -> None:
    guide = "# Guide\n\n## Half a day: 09:00\n\n| from | minutes | what |\n|---|---|---|\n"
    guide += "| 09:00 | 45 | lesson 00 |\n"
    guide += "| 09:45 | 20 | break |\n| 10:05 | 90 | lessons 20, 13b and 99: talk of lesson 30 |\n"
    guide += "\n## Money\n\nlesson 20\n"
    known = {"00", "13b", "20", "30"}
    assert lessons.timetables(guide, known) == {"Half a day": (155, ["00", "20", "13b"])}
    course = lessons.lessons()
    real = build_site.paths(course)
    assert len(real) >= 3
    assert all(len(members) > 1 for _, members in real)
    # An edition without all of a path's lessons does not offer it.
    lacking = build_site.paths([lesson for lesson in course if lesson.number != "32"])
    assert [name for name, _ in lacking] == [
        name for name, members in real if "32" not in {lesson.number for lesson in members}
    ]
    assert len(lacking) < len(real)


def test_a_foreign_folder_is_not_replaced(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("years of work", encoding="utf-8")
    with pytest.raises(SystemExit, match="not this site"):
        build_site.build(tmp_path, None)
    assert (tmp_path / "thesis.txt").read_text(encoding="utf-8") == "years of work"


def test_a_folder_without_pyodide_is_named(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match=r"holds no pyodide\.mjs"):
        build_site.build(tmp_path / "site", tmp_path)


def test_the_browser_s_wheel_has_no_lessons_and_explains_the_first_slip(tmp_path: Path) -> None:
    wheel = tmp_path / "crmkit-0.1.0-py3-none-any.whl"
    record = "crmkit-0.1.0.dist-info/RECORD"
    inside = {
        "crmkit/a.py": "",
        "crmkit/bundle/20.ipynb": "",
        record: "crmkit/a.py,,\ncrmkit/bundle/20.ipynb,,\n",
    }
    with zipfile.ZipFile(wheel, "w") as made:
        for name, content in inside.items():
            made.writestr(name, content)
    build_site.for_browser(wheel)
    with zipfile.ZipFile(wheel) as made:
        names, listed = set(made.namelist()), made.read(record).decode().split(",,\n")
        (config,) = (name for name in names if name.endswith("ipython_config.py"))
        (tmp_path / "ipython_config.py").write_bytes(made.read(config))
    # Pyodide, as pip does, puts what is under NAME.data/data/ below the prefix; there IPython looks for etc/ipython.
    assert config == "crmkit-0.1.0.data/data/etc/ipython/ipython_config.py"
    assert names == {"crmkit/a.py", config, record}
    assert listed == [config, "crmkit/a.py", ""]
    given = f"--config={tmp_path / 'ipython_config.py'}"
    command = [sys.executable, "-m", "IPython", "--colors=NoColor", given, "-c", "orders.head()"]
    room = os.environ | {"IPYTHONDIR": str(tmp_path / "ipython")}
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=room)
    assert "run the cells above first" in done.stdout, done
    assert "NameError" in done.stdout, "and Python's own words stay"


def test_links_of_the_templates_are_relative() -> None:
    for template in (ROOT / "tools/site").glob("*.j2"):
        text = template.read_text(encoding="utf-8")
        links = [part.split('"')[0] for part in text.split('href="')[1:]]
        outside = [link for link in links if link.startswith(("/", "http"))]
        assert outside in ([], ["https://creativecommons.org/licenses/by/4.0/"]), template


def test_pages_speak_the_readers_language_and_lead_to_the_other(tmp_path: Path) -> None:
    catalogues.compile_all()
    say.catalogue.cache_clear()
    notebooks = tmp_path / "notebooks"
    notebooks.mkdir()
    text = "# 利润集中\n\n**学完本课，你能够** 画图；读图；质疑。\n\n**45 分钟** · 需要：第 00 课 · 将学到：层级"
    cell = nbformat.v4.new_markdown_cell(text)
    nbformat.write(nbformat.v4.new_notebook(cells=[cell]), notebooks / "20_who.ipynb")
    lesson = lessons.describe("20_who", text)
    out = tmp_path / "site"
    editions = {"en": {"20_who", "21_more"}, "zh_CN": {"20_who"}}
    with say.speaking("zh_CN"):
        build_site.write_pages(out, [lesson], {}, True, notebooks, editions)
    front = (out / "zh_CN/index.html").read_text(encoding="utf-8")
    assert '<html lang="zh-CN">' in front
    assert "学完之后，你能够：画图；读图；质疑。" in front
    assert 'href="../run/notebooks/index.html?path=zh_CN/lessons/20_who.ipynb"' in front
    assert 'href="../index.html" lang="en"' in front
    page = (out / "zh_CN/read/20_who.html").read_text(encoding="utf-8")
    assert 'href="../../read/20_who.html" lang="en"' in page
    assert 'href="../../run/notebooks/index.html?path=zh_CN/lessons/20_who.ipynb"' in page
    for text in (front, page):
        words = re.sub(r"<script.*?</script>|<head>.*?</head>|<[^>]*>", " ", text, flags=re.DOTALL)
        assert not re.search(r"(?:\b[a-z]+\b ){3,}", words)


def test_where_a_page_has_no_translation_the_switch_leads_to_the_front(tmp_path: Path) -> None:
    notebooks = tmp_path / "notebooks"
    notebooks.mkdir()
    nbformat.write(nbformat.v4.new_notebook(), notebooks / "21_more.ipynb")
    lesson = lessons.describe("21_more", "# More\n\n**You can** a; b\n\n**5 minutes** · c · d")
    editions = {"en": {"20_who", "21_more"}, "zh_CN": {"20_who"}}
    build_site.write_pages(tmp_path / "site", [lesson], {}, True, notebooks, editions)
    page = (tmp_path / "site/read/21_more.html").read_text(encoding="utf-8")
    assert 'href="../zh_CN/index.html" lang="zh-CN"' in page


def test_a_lessons_small_picture_is_its_first_figure_with_its_alt_text(tmp_path: Path) -> None:
    stored = sorted((ROOT / "notebooks").glob("*.ipynb"))
    alt = build_site.write_pictures(tmp_path / "pictures", stored)
    assert set(alt) == {path.stem for path in stored}, "every lesson has a picture"
    assert all(len(text) > 20 for text in alt.values())
    # An explorer's picture is taken only where there is no other: lesson 71 has explorers alone.
    assert alt["20_who_brings_the_profit"].startswith("Profit against turnover")
    sizes = [path.stat().st_size for path in (tmp_path / "pictures").iterdir()]
    assert sum(sizes) < 15_000 * len(stored), "a telephone loads the front page"


def test_the_front_pages_explorer_says_what_the_lessons_does() -> None:
    with say.speaking("en"):
        steps = build_site.front_explorer()["steps"]
    assert isinstance(steps, dict)
    profit = customer_profit(load("orders"), load("cost_to_serve"))
    lesson = first_look_explorer(profit)
    for measure, percent in [("profit", 20), ("profit", 60), ("turnover", 100)]:
        lesson.set(percent=percent, measure=measure)
        assert steps[measure][percent - 1][1] == lesson.sentence
    reached = [said for _, said in steps["profit"] if "You reached it" in said]
    assert len(reached) == 1, "the goal is one place of the slider"
