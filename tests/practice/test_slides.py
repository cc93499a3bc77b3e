"""Slides come from the lesson itself, hold everything they need, and overwrite nothing."""

from __future__ import annotations

import json
import re
from base64 import b64decode
from pathlib import Path

import pytest

from crmkit.errors import CrmkitError
from crmkit.practice.slides import (
    LINES_A_SLIDE,
    deck_html,
    key_sentences,
    make_slides,
    write_slides,
)
from crmkit.style import picture_html

PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="


def markdown(text: str, *tags: str) -> dict:
    return {"cell_type": "markdown", "source": text, "metadata": {"tags": list(tags)}}


def code(source: str, *outputs: dict) -> dict:
    return {"cell_type": "code", "source": source, "outputs": list(outputs), "metadata": {}}


def figure(alt: str) -> dict:
    picture = picture_html(b64decode(PIXEL), alt=alt)
    return {
        "output_type": "display_data",
        "data": {"text/html": picture, "text/plain": f"Figure: {alt}"},
        "metadata": {},
    }


def stream(text: str) -> dict:
    return {"output_type": "stream", "name": "stdout", "text": text}


LESSON = {
    "nbformat": 4,
    "cells": [
        markdown(
            "# Most came back anyway\n\n**After this lesson you can** tell; say; plan.\n\n**45 minutes** · you need 30",
            "opening",
        ),
        markdown(
            "## The director's slide\n\nProse nobody should read from it. **They were on their way back already.**"
        ),
        markdown("> **Predict.** Who was called?", "predict"),
        code('predict("32-a", ...)', stream("Your guess is kept.")),
        code("show(ax, alt='x')", figure('Return rates "called" & not')),
        code(
            "frame.head()",
            {
                "output_type": "execute_result",
                "metadata": {},
                "data": {
                    "text/html": "<table>"
                    + "".join(f"<tr><td>row {n}</td></tr>" for n in range(30))
                    + "</table>"
                },
            },
        ),
    ],
}


def test_headings_become_titles_and_prose_goes_into_the_notes() -> None:
    deck = make_slides(LESSON)
    assert list(dict.fromkeys(slide.title for slide in deck)) == [
        "Most came back anyway",
        "The director's slide",
    ]
    screen = "".join("".join(slide.shown) for slide in deck)
    notes = "".join("".join(slide.notes) for slide in deck)
    assert "nobody should read" not in screen
    assert "nobody should read" in notes
    assert "They were on their way back already." in screen


def test_prompts_are_shown_and_personal_answers_are_not() -> None:
    screen = "".join("".join(slide.shown) for slide in make_slides(LESSON))
    assert "Who was called?" in screen
    assert "Your guess is kept" not in screen


def test_a_question_to_the_room_stands_alone() -> None:
    asking = [slide for slide in make_slides(LESSON) if "Predict." in "".join(slide.shown)]
    assert [len(slide.shown) for slide in asking] == [1]


def test_a_section_for_the_reader_alone_gives_no_slide() -> None:
    cells = [*LESSON["cells"], markdown("## What next\n\nLesson 33.", "next")]
    assert make_slides({"cells": cells}) == make_slides(LESSON)


def test_a_figure_fills_a_slide_and_keeps_its_alt_text() -> None:
    deck = make_slides(LESSON)
    with_figure = [slide for slide in deck if any("<figure>" in part for part in slide.shown)]
    assert len(with_figure) == 1
    assert 'alt="Return rates &quot;called&quot; &amp; not"' in with_figure[0].shown[-1]
    assert all(slide.lines <= LINES_A_SLIDE or len(slide.shown) == 1 for slide in deck)


def test_a_long_table_is_cut_and_says_so() -> None:
    screen = "".join("".join(slide.shown) for slide in make_slides(LESSON))
    assert "row 8" in screen
    assert "row 9" not in screen
    assert "the whole is in the lesson" in screen


def test_what_a_report_says_under_its_table_is_left_to_the_lesson() -> None:
    html = "<p>above</p><table><tr><td>1</td></tr></table><p>much more below</p>"
    output = {"output_type": "execute_result", "metadata": {}, "data": {"text/html": html}}
    screen = make_slides({"cells": [markdown("# A"), code("report", output)]})[0].shown[-1]
    assert "above" in screen
    assert "below" not in screen
    assert "the whole is in the lesson" in screen


def test_a_wide_table_is_set_smaller() -> None:
    def size(columns: int) -> int:
        row = "<tr>" + "<td>a_long_heading</td>" * columns + "</tr>"
        output = {"output_type": "execute_result", "metadata": {}, "data": {"text/html": row}}
        screen = make_slides({"cells": [markdown("# A"), code("frame", output)]})[0].shown[-1]
        return int(re.search(r"font-size:(\d+)px", screen)[1])

    assert size(3) == 25
    assert 10 < size(9) < 20


def test_pandas_foot_is_left_off() -> None:
    told = stream("month  0.6\nyear   0.7\nName: share, dtype: float64\n")
    screen = "".join(make_slides({"cells": [markdown("# A"), code("x", told)]})[0].shown)
    assert "year   0.7" in screen
    assert "dtype" not in screen


def test_a_list_leaves_no_single_entry_over() -> None:
    entries = "\n".join(f"- word {n}: {'long ' * 20}" for n in range(6))
    deck = make_slides({"cells": [markdown(f"# Words learnt\n\n{entries}")]})
    assert ["".join(slide.shown).count("<li>") for slide in deck] == [3, 3]


def test_chinese_characters_bring_their_font_along() -> None:
    def style(text: str) -> str:
        return deck_html("Lesson", make_slides({"cells": [markdown(f"# A\n\n- tier {text}")]}))

    without, two, four = (len(style(text)) for text in ("", "层级", "客户层级"))
    assert "font-face" not in style("")
    assert "src:url(data:font/woff;base64," in style("层级")
    assert without + 500 < two < four < without + 20_000, "only the characters of the page"


def test_code_is_shown_only_when_asked_for() -> None:
    plain = "".join("".join(s.shown) for s in make_slides(LESSON))
    with_code = "".join("".join(s.shown) for s in make_slides(LESSON, code=True))
    assert "frame.head()" not in plain
    assert "frame.head()" in with_code


def test_terms_in_bold_are_no_claims() -> None:
    assert key_sentences("A **tier** is a **group of customers**.") == []


def test_the_page_fetches_nothing() -> None:
    page = deck_html("Lesson", make_slides(LESSON))
    markup = re.sub(r"(<script>).*?(</script>)", r"\1\2", page, flags=re.DOTALL)
    assert markup.count("<script>") == 3
    assert not re.findall(r"<(?:link|script|img)[^>]*\s(?:src|href)=[\"'](?!data:)", markup)
    assert "Reveal.initialize" in page


def test_a_file_that_is_there_is_left_alone(tmp_path: Path) -> None:
    lesson, out = tmp_path / "32.ipynb", tmp_path / "32.html"
    lesson.write_text(json.dumps(LESSON), encoding="utf-8")
    assert write_slides(lesson, out) == len(make_slides(LESSON))
    out.write_text("the trainer's own", encoding="utf-8")
    with pytest.raises(CrmkitError, match="left alone"):
        write_slides(lesson, out)
    assert out.read_text(encoding="utf-8") == "the trainer's own"
    write_slides(lesson, out, replace=True)
    assert "Reveal" in out.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("not json", "cannot be read"),
        ('{"cells": 3}', "cannot be read"),
        (json.dumps({"cells": [code("1 + 1")]}), "not been executed"),
    ],
)
def test_a_lesson_that_cannot_be_shown_is_named(tmp_path: Path, content: str, reason: str) -> None:
    lesson = tmp_path / "x.ipynb"
    lesson.write_text(content, encoding="utf-8")
    with pytest.raises(CrmkitError, match=reason):
        write_slides(lesson, tmp_path / "x.html")
    assert not (tmp_path / "x.html").exists()


def test_the_command_makes_a_file_per_lesson_and_replaces_none(tmp_path: Path) -> None:
    from typer.testing import CliRunner

    from crmkit.practice.cli import app

    for room in ("notebooks", "exercises"):
        (tmp_path / room).mkdir()
    (tmp_path / "notebooks/32_did_it_work.ipynb").write_text(json.dumps(LESSON), encoding="utf-8")
    arguments = ["slides", "32", "--out", str(tmp_path / "deck"), "--course", str(tmp_path)]
    first = CliRunner().invoke(app, arguments)
    assert first.exit_code == 0, first.output
    assert (tmp_path / "deck/slides_32_did_it_work.html").exists()
    again = CliRunner().invoke(app, arguments)
    assert again.exit_code == 2
    assert "left alone" in again.output
    unknown = CliRunner().invoke(app, ["slides", "77", *arguments[2:]])
    assert unknown.exit_code == 2
    assert "77" in unknown.output
