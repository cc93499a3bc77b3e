"""The glossary: every word that a lesson teaches is in it, and the page is as the tables say."""

import re
from pathlib import Path

import pytest

from crmkit.errors import CrmkitError
from crmkit.practice import glossary, words

ROOT = Path(__file__).resolve().parents[2]
LESSONS = sorted((ROOT / "notebooks/source").glob("*.py"))


def words_learnt(lesson):
    """Give the entries under "Words learnt" of a lesson: term and Chinese."""
    section = re.search(
        r"## Words learnt\n(.*?)(?=\n# ## |\n# %%|\Z)",
        lesson.read_text(encoding="utf-8"),
        re.DOTALL,
    )
    assert section, "the lesson has no section “Words learnt”"
    entries = re.findall(r"^# - (\*\*.+?)[:：]", section[1], re.MULTILINE)
    return [
        (t, c.strip())
        for entry in entries
        for t, c in re.findall(r"\*\*(.+?)\*\*([^*,，]*)", entry)
    ]


@pytest.mark.parametrize("lesson", LESSONS, ids=[path.stem for path in LESSONS])
def test_every_word_learnt_is_in_the_glossary(lesson):
    learnt = words_learnt(lesson)
    assert learnt
    known = {}
    for word in words.words():
        known.setdefault(word.term.lower(), set()).add(word.chinese)
    missing = [term for term, _ in learnt if term.lower() not in known]
    assert not missing
    other = [(t, c, known[t.lower()]) for t, c in learnt if c not in known[t.lower()]]
    assert not other, "lesson and glossary give another Chinese term"


def test_the_page_is_fresh():
    page = (ROOT / "docs/glossary.md").read_text(encoding="utf-8")
    assert page == words.as_markdown(), "run: crmkit glossary --write docs/glossary.md"


def test_every_word_has_its_chinese_and_its_lesson():
    lacking = [
        word.term
        for word in words.words()
        if not word.chinese or not re.fullmatch(r"(\d\d[b-z]?)?", word.lesson)
    ]
    assert not lacking
    without = {word.chinese for word in words.words() if not word.lesson}
    assert without == {"及时沟通", "普遍客户关系"}, "topics that have no lesson yet"


# As the course's contents name them, part by part.
CONTENTS = """客户接触点 有效解决方案 客户花费 便利性 沟通 产品 价格 渠道 定位 促销
显性需求 隐性需求 价值主张 刚需 非刚需 VIP客户 大客户 普通客户 小客户 价值客户
潜力客户 迁移客户 冰点客户 营业额排位法 非货币价值排位法 潜在客户 目标客户 准客户 成交客户 忠诚客户
错误率 遗漏率 瞌睡 半睡 沉睡 漏斗原理 非客户 准非客户 拒绝型 未探知
语义记忆 记忆干扰 情节记忆 及时 精准 双向 普遍客户关系"""


@pytest.mark.parametrize("chinese", CONTENTS.split())
def test_every_chinese_word_of_the_contents_is_found(chinese):
    assert any(chinese in word.chinese for word in words.search(chinese))


def test_a_term_with_two_chinese_words_has_two_senses():
    """Two lessons may teach one word; another Chinese is right only where the sense is another."""
    senses = {}
    for word in words.words():
        senses.setdefault(word.term.lower(), []).append(word.chinese)
    assert {term for term, found in senses.items() if len(found) > 1} <= {"holdout"}


@pytest.mark.parametrize("wanted", ["margin", " MARGIN ", "毛利"])
def test_a_word_is_found_in_both_languages(capsys, wanted):
    glossary(wanted)
    said = capsys.readouterr().out
    assert "margin 毛利: turnover less what the goods cost" in said


def test_a_word_is_found_in_a_meaning_if_nowhere_else(capsys):
    glossary("markup")
    assert "cost-plus pricing" in capsys.readouterr().out


def test_what_is_not_there_gets_a_sentence(capsys):
    for wanted in ("margn", "", 5, [], "zzz"):
        glossary(wanted)
    said = capsys.readouterr().out
    assert "Did you mean margin" in said
    assert said.count("Not in the glossary") == 5
    glossary()
    assert "margin" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("text", "match"),
    [
        ("term,meaning\na,b\n", "no column chinese, lesson"),
        ("term,chinese,meaning,lesson\na,甲,one, two,20\n", "line 2"),
        ("term,chinese,meaning,lesson\n,甲,one,20\n", "line 2"),
    ],
)
def test_a_table_written_wrongly_is_refused(text, match):
    with pytest.raises(CrmkitError, match=match):
        words.read_words(text, "x.csv")


def test_entries_are_escaped():
    page = words.Entries((words.Word("a<b", "甲", "x & y", "20"),))._repr_html_()
    assert "a&lt;b" in page
    assert "x &amp; y" in page
