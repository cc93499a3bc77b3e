"""The wrap-up quiz of a lesson: choices with feedback, worked by mouse or keyboard.

In a running notebook each question is a row of radio buttons (ipywidgets). A reader without a kernel (a printed
lesson, a web page) gets the same questions as plain HTML whose answers unfold.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crmkit.home import lesson_of
from crmkit.practice import bank, desk
from crmkit.practice.question import QuestionError, QuizQuestion
from crmkit.practice.reply import COLOURS, Reply, show
from crmkit.practice.reply import as_html as marked_up
from crmkit.practice.told import told
from crmkit.say import say

if TYPE_CHECKING:
    import ipywidgets

LETTERS = "abcdefghij"

# ipywidgets gives an option one line; a longer one would lie over the next.
# JupyterLab would take the arrow keys for itself; the attribute, which only the page can set, keeps them here.
_LONG_OPTIONS = """<style onload="this.closest('.crmkit-quiz')?.addEventListener('focusin',
  event => event.target.setAttribute('data-lm-suppress-shortcuts', 'true'))">
.crmkit-quiz .widget-radio, .crmkit-quiz .widget-radio-box {height: auto; max-width: 46em; width: auto;}
.crmkit-quiz .widget-radio-box label {height: auto; line-height: 1.4; margin-bottom: 4px; white-space: normal;
  display: flex; flex-direction: row-reverse; justify-content: flex-end; align-items: flex-start;}
.crmkit-quiz .widget-radio-box input {flex: none; margin: 2px 8px 0 0; line-height: 1.4;}
</style>"""


def feedback(question: QuizQuestion, picked: int) -> tuple[str, str]:
    """Give the tone and the words for someone who picked an option.

    Examples
    --------
    >>> from crmkit.practice.question import Option
    >>> asked = QuizQuestion("1 + 1?", (Option("2", "Two.", right=True), Option("3", "Count again.")))
    >>> feedback(asked, 1)
    ('look', 'Not quite. Count again.')
    """
    option = question.options[picked]
    return (
        ("good", say("Right. {feedback}", feedback=option.feedback))
        if option.right
        else ("look", say("Not quite. {feedback}", feedback=option.feedback))
    )


def as_html(questions: tuple[QuizQuestion, ...]) -> str:
    """Give a quiz as HTML that needs no kernel: every option unfolds its feedback.

    Examples
    --------
    >>> from crmkit.practice.question import Option
    >>> asked = QuizQuestion("1 + 1?", (Option("2", "Two.", right=True), Option("3", "Count again.")))
    >>> as_html((asked,)).count("<details")
    2
    """
    parts = []
    for number, question in enumerate(questions, start=1):
        parts.append(
            f"<p style='margin:1em 0 .3em'><strong>{number}. {marked_up(question.prompt)}</strong></p>"
        )
        for picked, option in enumerate(question.options):
            _, words = feedback(question, picked)
            parts.append(
                f"<details><summary>{LETTERS[picked]}) {marked_up(option.text)}</summary>"
                f"<p style='margin:.2em 0 .6em 1.4em'>{marked_up(words)}</p></details>"
            )
    return f'<div role="group" aria-label="{say("Quiz")}" style="max-width:46em">{"".join(parts)}</div>'


def as_text(questions: tuple[QuizQuestion, ...]) -> str:
    """Give a quiz as plain text, without the answers."""
    lines = []
    for number, question in enumerate(questions, start=1):
        lines.append(f"{number}. {question.prompt}")
        lines += [f"   {LETTERS[i]}) {option.text}" for i, option in enumerate(question.options)]
    return "\n".join(lines)


def as_widget(questions: tuple[QuizQuestion, ...], lesson: str = "") -> ipywidgets.VBox:
    """Give a quiz as widgets: pick with the mouse, or with tab and the arrow keys.

    Parameters
    ----------
    questions
        As the reader reads them.
    lesson
        The lesson's digits: a room that was joined is told which letter was picked.
    """
    import ipywidgets

    blocks = []
    for number, question in enumerate(questions, start=1):
        buttons = ipywidgets.RadioButtons(
            options=[
                (f"{LETTERS[i]}) {option.text}", i) for i, option in enumerate(question.options)
            ],
            index=None,
            layout=ipywidgets.Layout(width="auto", max_width="46em"),
        )
        answer = ipywidgets.HTML(_spoken("", ""))

        def answered(
            change: Any,
            asked: QuizQuestion = question,
            place: ipywidgets.HTML = answer,
            about: str = f"{lesson}-quiz-{number}",
        ) -> None:
            if lesson and change["new"] is not None:
                desk.tell_room("quiz", about, value=LETTERS[change["new"]])
            place.value = (
                _spoken(*feedback(asked, change["new"]))
                if change["new"] is not None
                else _spoken("", "")
            )

        buttons.observe(answered, names="value")
        title = ipywidgets.HTML(f"<strong>{number}. {marked_up(question.prompt)}</strong>")
        blocks.append(ipywidgets.VBox([title, buttons, answer]))
    box = ipywidgets.VBox([ipywidgets.HTML(_LONG_OPTIONS), *blocks])
    box.add_class("crmkit-quiz")
    return box


def _spoken(tone: str, words: str) -> str:
    """Give feedback in a place that screen readers watch."""
    edge = f"border-left:4px solid {COLOURS[tone]};padding-left:.6em" if tone else ""
    return f'<div role="status" aria-live="polite" style="max-width:46em;{edge}">{marked_up(words)}</div>'


class Quiz:
    """A quiz as a notebook shows it: widgets where there is a kernel, HTML or text elsewhere."""

    def __init__(self, questions: tuple[QuizQuestion, ...], lesson: str = "") -> None:
        self.questions, self.lesson = questions, lesson

    def __repr__(self) -> str:
        return as_text(self.questions)

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        bundle = {"text/plain": as_text(self.questions), "text/html": as_html(self.questions)}
        view = as_widget(self.questions, self.lesson)._repr_mimebundle_() or {}
        key = "application/vnd.jupyter.widget-view+json"
        if key in view:
            bundle[key] = view[key]
        return bundle


def quiz(lesson: str) -> None:
    """Show a lesson's wrap-up quiz: `quiz("20")`. Nothing is graded or kept.

    Parameters
    ----------
    lesson
        The lesson's two digits; "20-quiz" and 20 will do as well.
    """
    if desk.recorder is not None:
        return  # while grading nobody clicks
    try:
        wanted = lesson_of(str(lesson).strip().lower())
        about = desk.own_tables().company
        questions = told(bank.of_lesson(wanted).quiz, about, f"{wanted}-quiz")
    except Exception as error:
        message = (
            str(error)
            if isinstance(error, QuestionError)
            else say("A quiz is called by its lesson: quiz(“20”).")
        )
        show(Reply("", say("No such quiz"), (message,), tone="grey"))
        return
    if not questions:
        show(
            Reply(
                "",
                say("No quiz"),
                (say("Lesson {wanted} has no quiz.", wanted=wanted),),
                tone="grey",
            )
        )
        return
    show(Quiz(questions, wanted))
