"""A class in Chinese: what its students get, their replies, the picture of the class; the trainer keeps their own."""

import html
import json
import re
from pathlib import Path

import catalogues
import pytest

from crmkit import say
from crmkit.practice.classes import make_class
from crmkit.practice.grading import grade
from crmkit.practice.manifest import read_manifest
from crmkit.practice.roster import ClassError, Student

ROOT = Path(__file__).resolve().parents[2]
ANSWERS = {
    "20-1": 'check("20-1", 12)',
    "20-5": 'check("20-5", """{text}""")',
    "loop": 'raise ValueError("mine")',
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    catalogues.compile_all()
    say.catalogue.cache_clear()
    out = tmp_path_factory.mktemp("zh") / "class"
    made = {"course": ROOT, "customers": 300, "workers": 1}
    make_class(out, [Student("wang", "王芳")], 7, ["20"], spoken="zh_CN", **made)
    assert say.language() == "en", "the trainer's own language stays"
    return out


def english_in(page):
    """Give the runs of English words that a page shows, without code, file names and the style sheet."""
    text = re.sub(r"<(style|code)>.*?</\1>|<[^>]*>", "\n", page, flags=re.DOTALL)
    text = re.sub(r"`[^`]*`|\w+\.(?:ipynb|csv|md|html)", "", html.unescape(text))
    return re.findall(r"(?:\b[a-z]+\b[ ,]+){3,}", text)


def test_students_copies_are_in_the_classs_language(folder):
    home = folder / "students/wang"
    assert read_manifest(folder).language == "zh_CN"
    assert (home / say.SETTINGS).read_text(encoding="utf-8") == 'language = "zh_CN"\n'
    for room in ("notebooks", "exercises"):
        (path,) = (home / room).glob("20_*.ipynb")
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        prose = ["".join(c["source"]) for c in cells if c["cell_type"] == "markdown"]
        assert all(re.search("[\u4e00-\u9fff]", text) for text in prose), path.name


def test_replies_and_reports_are_in_the_classs_language(folder, tmp_path):
    (exercise,) = (folder / "students/wang/exercises").glob("20_*.ipynb")
    handed_in = json.loads(exercise.read_text(encoding="utf-8"))
    text = (
        "先不要打发走亏损的客户。他们占用的服务时间比拿走的利润更多，所以先问清楚来电的原因，再决定怎么办。可以试一种更省钱的方式："
        "每个包裹附上说明，随机挑一半人先试，半年后比较两组的来电次数；如果没有减少，我就改变主意，再考虑收费或最低订单金额。"
    )
    sources = ["import crmkit", "from crmkit.practice import check", *ANSWERS.values()]
    handed_in["cells"] = [
        {
            "cell_type": "code",
            "id": f"c{i}",
            "metadata": {},
            "execution_count": None,
            "outputs": [],
            "source": source.replace("{text}", text),
        }
        for i, source in enumerate(sources)
    ]
    exercise.write_text(json.dumps(handed_in), encoding="utf-8")
    out = tmp_path / "grades"
    graded = grade(folder, out, workers=1)
    assert say.language() == "en"
    pages = [out / "class.html", out / "replies/wang.html"]
    for path in pages:
        page = path.read_text(encoding="utf-8")
        assert '<html lang="zh-CN">' in page
        assert not english_in(page), path.name
    reply = pages[1].read_text(encoding="utf-8")
    assert "给 王芳 的答复" in reply
    assert "ValueError: mine" in reply  # Python's own words stay
    assert "等待老师评分" in reply
    assert text in reply
    # Names of columns and states are the same in every language: other programs read them.
    head = (out / "grades.csv").read_text(encoding="utf-8-sig").split("\n")[0]
    assert {'"points"', '"hand_in"', '"notes"'} <= set(head.split(","))
    assert graded.students[0].hand_in == "answers"


def test_a_class_keeps_its_language(folder):
    made = {"course": ROOT, "customers": 300, "workers": 1}
    with pytest.raises(ClassError, match="This class is in zh_CN"):
        make_class(folder, [Student("wang", "王芳")], 7, ["20"], spoken="en", **made)
    make_class(folder, [Student("wang", "王芳")], 7, ["00"], **made)
    (start,) = (folder / "students/wang/notebooks").glob("00_*.ipynb")
    assert re.search("[\u4e00-\u9fff]", start.read_text(encoding="utf-8"))
