"""Slides come from the lesson itself, hold everything they need, and overwrite nothing."""

from __future__ import annotations

import json
import re
from base64 import b64decode
from pathlib import Path

import pytest

from crmkit.errors import CrmkitError
from crmkit.practice import slide_page
from crmkit.practice.slide_page import deck_html, write_slides
from crmkit.practice.slide_tables import BESIDE, WIDE, set_table
from crmkit.practice.slides import first_sentences, key_sentences, make_slides
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


def test_claims_become_titles_and_prose_goes_into_the_notes() -> None:
    deck = make_slides(LESSON)
    assert [(slide.kicker, slide.title) for slide in deck] == [
        ("", "Most came back anyway"),
        ("", "The director's slide"),
        ("The director's slide", "Predict"),
        ("", "The director's slide"),
        ("", "The director's slide"),
    ]
    notes = "".join("".join(slide.notes) for slide in deck)
    assert "nobody should read" in notes
    assert "They were on their way back already." in "".join(deck[1].shown)


def test_only_the_case_is_told_in_prose() -> None:
    cells = [
        markdown("# A", "opening"),
        markdown(
            "## The case\n\nMr Ng has a firm and a problem with it. **So he asks you what to do.**"
        ),
        markdown(
            "## A claim\n\nLong prose stands here and is for the notes. **This is what it all means.**"
        ),
        code("x", stream("a = 1\nb = 2\nc = 3\nd = 4")),
    ]
    case, later = make_slides({"cells": cells})[1:]
    assert "Mr Ng has a firm" in "".join(case.shown)
    assert "Long prose" not in "".join(later.shown)
    assert "Long prose" in "".join(later.notes)


def test_prompts_are_shown_whole_and_personal_answers_are_not() -> None:
    asked = markdown("**32-1 · What the call did**. How many points?\n\n- a\n- b")
    asked["metadata"] = {"ask": "32-1"}
    told = {"text/html": "<div>Not yet</div>", "text/plain": "32-1 · Not attempted"}
    reply = {"output_type": "display_data", "metadata": {}, "data": told}
    cells = [*LESSON["cells"], asked, code('check("32-1", answer)', reply)]
    slides = make_slides({"cells": cells})
    screen = "".join("".join(slide.shown) for slide in slides)
    assert "Who was called?" in screen
    assert "Your guess is kept" not in screen
    assert "Not attempted" not in screen
    assert slides[-1].title == "Your turn"
    for part in ("What the call did", "How many points?", "<li>b</li>"):
        assert part in slides[-1].shown[0]


def test_the_answer_to_a_prediction_is_in_the_notes() -> None:
    told = {
        "text/html": "<div>92</div>",
        "text/plain": "Prediction 32-a · result\nIt is 92 of 100.",
    }
    reveal = code('reveal("32-a")', {"output_type": "display_data", "metadata": {}, "data": told})
    slides = make_slides({"cells": [*LESSON["cells"], reveal]})
    assert "It is 92 of 100." in "".join(slides[-1].notes)
    assert not any("92 of 100" in "".join(slide.shown) for slide in slides)


def test_each_question_of_the_quiz_is_a_slide_and_its_replies_are_notes() -> None:
    from crmkit.practice import quizzes
    from crmkit.practice.question import Option, QuizQuestion

    options = (Option("two", "Count: two.", right=True), Option("three", "One too many."))
    questions = tuple(QuizQuestion(f"1 + 1, time {n}?", options) for n in (1, 2))
    data = {"text/html": quizzes.as_html(questions), "text/plain": quizzes.as_text(questions)}
    cell = code('quiz("20")', {"output_type": "display_data", "metadata": {}, "data": data})
    slides = make_slides({"cells": [markdown("# A"), cell]})[-2:]
    for number, slide in enumerate(slides, start=1):
        assert slide.title == "Quiz"
        assert f"time {number}?" in slide.shown[0]
        assert "a) two" in slide.shown[0]
        assert "One too many" not in slide.shown[0]
        assert "Right. Count: two." in slide.notes[0]


def test_a_question_to_the_room_stands_alone() -> None:
    asking = [slide for slide in make_slides(LESSON) if slide.title == "Predict"]
    assert [len(slide.shown) for slide in asking] == [1]


def test_a_section_for_the_reader_alone_gives_no_slide() -> None:
    cells = [*LESSON["cells"], markdown("## What next\n\nLesson 33.", "next")]
    assert make_slides({"cells": cells}) == make_slides(LESSON)


def test_a_figure_fills_a_slide_and_keeps_its_alt_text() -> None:
    deck = make_slides(LESSON)
    with_figure = [slide for slide in deck if any("<figure>" in part for part in slide.shown)]
    assert len(with_figure) == 1
    assert 'alt="Return rates &quot;called&quot; &amp; not"' in with_figure[0].shown[-1]


def test_what_a_figure_means_stands_beside_it() -> None:
    """One slide for figure, numbers and claim, not three of which two have one line."""
    cells = [
        markdown("# A claim"),
        code("show(ax, alt='x')", figure("A rising line of four words")),
        code("print()", stream("775 customers cost more than they bring\n")),
        markdown("So it is. **They take away what others have brought.**"),
    ]
    (slide,) = make_slides({"cells": cells})
    assert slide.kinds == {"figure", "point"}
    page = deck_html("A claim", [slide])
    assert "class='frame beside cover'" in page


def test_a_later_slide_is_called_by_what_it_says() -> None:
    cells = [
        markdown("# A"),
        markdown("## The section's claim"),
        code("show(ax)", figure("The first of the two figures")),
        code('ax.set_title("Few at the top")\nshow(ax)', figure("The second of the two figures")),
    ]
    first, second = make_slides({"cells": cells})[-2:]
    assert (first.kicker, first.title) == ("", "The section's claim")
    assert (second.kicker, second.title) == ("The section's claim", "Few at the top")


def test_a_table_alone_gets_the_sentence_that_explains_it() -> None:
    table = {"output_type": "display_data", "metadata": {}}
    table["data"] = {"text/html": "<table class='crmkit-table'><tr><td>1</td></tr></table>"}
    cells = [
        markdown("# A"),
        markdown("## B"),
        code("show(t)", table),
        markdown("Ed pays more than Cy, and what is left is a loss."),
    ]
    assert "Ed pays more" in "".join(make_slides({"cells": cells})[-1].shown)


LESSONS = Path(__file__).resolve().parents[2] / "notebooks"


@pytest.mark.parametrize("lesson", sorted(LESSONS.glob("*.ipynb")), ids=lambda path: path.stem[:3])
def test_no_slide_of_the_course_is_empty_or_a_single_line(lesson: Path) -> None:
    """A figure, a table, a list, a question, or at least two lines to read; and always a title."""
    for number, slide in enumerate(make_slides(json.loads(lesson.read_text(encoding="utf-8"))), 1):
        words = re.sub(r"<.*?>", " ", " ".join(slide.shown))
        where = f"slide {number}, {slide.title}: {words[:80]}"
        assert slide.title.strip(), where
        assert "dtype:" not in words, where
        assert not re.search(r"\d\.\d{5,}", words), where
        if slide.kinds <= {"point"}:
            assert slide.lines("point") >= 2, where
        if "question" in slide.kinds:
            assert len(words.split()) >= 6, where


def test_the_first_sentences_cut_nothing_in_two() -> None:
    assert (
        first_sentences("He said **one thing. And another.** So on it goes, says he.", least=3)
        != ""
    )
    assert first_sentences("He said **one thing. And another.**", least=3, most=4) == ""
    assert first_sentences("word " * 60) == ""


def test_a_long_table_is_cut_and_says_so() -> None:
    screen = "".join("".join(slide.shown) for slide in make_slides(LESSON))
    assert "row 10" in screen
    assert "row 11" not in screen
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

    assert size(3) == 34
    assert 10 < size(9) < 22


def sentences(rows: int) -> str:
    row = "<tr><td>Persistency</td>" + f"<td>{'whether those who stayed are content ' * 4}</td>" * 2
    return f"<table>{(row + '</tr>') * rows}</table>"


def size(shown: str) -> int:
    return int(re.search(r"font-size:(\d+)px", shown)[1])


def test_sentences_in_a_table_break_and_leave_room_for_the_words_below() -> None:
    high, low = (set_table(sentences(3), 600, room) for room in (500, 300))
    assert "unbroken" not in high[0]
    assert high[0].count("<tr") == low[0].count("<tr") == 3
    assert size(high[0]) > size(low[0]) >= 16
    # Words do not stand at its side: it takes the whole width.
    assert high[1] == WIDE


def test_a_table_that_no_size_makes_fit_loses_rows_and_says_so() -> None:
    shown, _ = set_table(sentences(11), 600, 300)
    assert size(shown) == 16
    assert 2 <= shown.count("<tr") < 11
    assert "the whole is in the lesson" in shown


def test_a_narrow_table_may_use_the_height_beside_the_words() -> None:
    table = "<table>" + "<tr><td>awake</td><td>12</td></tr>" * 9 + "</table>"
    shown, width = set_table(table, 560, 200)
    assert width <= BESIDE
    assert size(shown) == int(560 / (1.96 * 9))


def test_a_figure_under_a_title_of_two_lines_is_less_high() -> None:
    def shown(title: str) -> str:
        return make_slides({"cells": [markdown(f"# {title}"), code("x", figure("Alt"))]})[0].shown[
            -1
        ]

    assert "height:" not in shown("One line")
    assert "height:524px" in shown("A claim that is so long that it takes two lines on the slide")


def test_pandas_foot_is_left_off() -> None:
    told = stream("month  0.6\nyear   0.7\nName: share, dtype: float64\n")
    screen = "".join(make_slides({"cells": [markdown("# A"), code("x", told)]})[0].shown)
    assert "year   0.7" in screen
    assert "dtype" not in screen


def test_a_list_leaves_no_single_entry_over() -> None:
    entries = "\n".join(f"- word {n}: {'long ' * 20}" for n in range(6))
    deck = make_slides({"cells": [markdown(f"# Words learnt\n\n{entries}")]})
    assert [slide.shown[0].count("<li>") for slide in deck] == [3, 3]


def test_chinese_characters_bring_their_font_along() -> None:
    def style(text: str) -> str:
        return deck_html("Lesson", make_slides({"cells": [markdown(f"# A\n\n- tier {text}")]}))

    without, two, four = (len(style(text)) for text in ("", "层级", "客户层级"))
    assert "font-face" not in style("")
    assert "src:url(data:font/woff;base64," in style("层级")
    assert without + 500 < two < four < without + 20_000, "only the characters of the page"


def test_a_pdf_is_printed_beside_the_slides(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lesson, out = tmp_path / "32.ipynb", tmp_path / "32.html"
    lesson.write_text(json.dumps(LESSON), encoding="utf-8")
    monkeypatch.delenv(slide_page.BROWSER, raising=False)
    monkeypatch.setattr(slide_page.shutil, "which", lambda name: None)
    monkeypatch.setattr(slide_page, "_ELSEWHERE", ())
    with pytest.raises(CrmkitError, match=r"Install one, .* print it to a PDF"):
        write_slides(lesson, out, pdf=True)
    monkeypatch.undo()
    try:
        slide_page.find_browser()
    except CrmkitError as without:
        pytest.skip(str(without))
    count = write_slides(lesson, out, pdf=True, replace=True)
    printed = (tmp_path / "32.pdf").read_bytes()
    assert printed.startswith(b"%PDF")
    assert len(re.findall(rb"/Type\s*/Page\b", printed)) == count
    with pytest.raises(CrmkitError, match="left alone"):
        write_slides(lesson, tmp_path / "other.html", pdf=True) and write_slides(
            lesson, out, pdf=True
        )


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
