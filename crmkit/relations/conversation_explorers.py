"""A conversation to play: press a button or a number key, read the reply and why, and look at trust, time and money."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from typing import TYPE_CHECKING, Any

import ipywidgets as widgets
import pandas as pd

from crmkit.brand.episodes import Gains
from crmkit.companies import Company, company
from crmkit.errors import CrmkitError
from crmkit.explore import Explorer, canvas
from crmkit.relations.conversation import (
    State,
    as_gains,
    begin,
    say_it,
    standing,
)
from crmkit.relations.scenes import MOST_CHOICES, MOST_STEPS, Scene, tell_scene
from crmkit.say import say
from crmkit.style import COLORS

if TYPE_CHECKING:
    from matplotlib.figure import Figure

# In the page: number keys press the buttons, and the focus stays in the box when a pressed button goes away. Runs once;
# widgets cannot do either from Python. Another cell's keys are left alone: only keys pressed inside the box count.
_KEYS = (
    "const box = this.closest('.crmkit-explorer');"
    "if (box && !box.dataset.numberKeys) {"
    " box.dataset.numberKeys = 'on';"
    " const seen = node => node && node.offsetParent !== null && !node.disabled;"
    " const buttons = () => [...box.querySelectorAll('.crmkit-choice')];"
    " const keep = () => setTimeout(() => {"
    "  if (box.contains(document.activeElement) && seen(document.activeElement)) return;"
    "  const next = buttons().find(seen) || box.querySelector('.crmkit-again');"
    "  if (next) next.focus(); }, 600);"
    " box.addEventListener('click', event => { if (event.target.closest('.crmkit-choice')) keep(); });"
    " box.addEventListener('keydown', event => {"
    "  if (!/^[1-4]$/.test(event.key) || event.ctrlKey || event.altKey || event.metaKey) return;"
    "  if (event.target.closest('select, input, textarea')) return;"
    "  const button = buttons()[Number(event.key) - 1];"
    "  event.preventDefault(); event.stopPropagation();"
    "  if (seen(button)) { button.focus(); button.click(); } }); }"
)
_CSS = (
    f"""<style onload="{_KEYS}">"""
    + """
.crmkit-explorer .crmkit-choice {width: 100%; max-width: 60em; height: auto; min-height: 34px; margin: 3px 0;
  padding: 6px 10px; white-space: normal; text-align: left; line-height: 1.35;}
.crmkit-talk {font-size: 15px; line-height: 1.45; max-width: 52em; color: var(--jp-content-font-color1, #1f2933);}
.crmkit-talk p {margin: .35em 0;}
.crmkit-talk .crmkit-why {border-left: 4px solid #c58400; padding-left: .6em;}
</style>"""
)
_STILL = "<p><em>{}</em></p>"


def talk_html(state: State, told: Scene) -> str:
    """Write where a conversation stands: who it is, the last answer with its reply and why, what is said now.

    Parameters
    ----------
    state
        Where it stands.
    told
        The scene as the reader reads it, from `tell_scene`.

    Examples
    --------
    >>> from crmkit.relations.scenes import read_scene
    >>> scene = read_scene("our_mistake")
    >>> state = say_it(begin(scene, Gains(0.06, 0.18, 0.42)), "c")
    >>> "He can wait for two hours" in talk_html(state, scene)
    True
    """
    lines = [f"<strong>{escape(told.person)}.</strong> {escape(told.matter, quote=False)}"]
    if state.said:
        step, choice = state.said[-1]
        there = told.steps[step.id]
        texts = next(one for one in there.choices if one.id == choice.id)
        lines += [
            escape(say("You: “{said}”", said=texts.say), quote=False),
            escape(say("{person}: “{reply}”", person=told.person, reply=texts.reply), quote=False),
        ]
    body = "".join(f"<p>{line}</p>" for line in lines)
    if state.said:
        body += f'<p class="crmkit-why">{escape(texts.why, quote=False)}</p>'
    if state.over:
        body += f"<p><strong>{escape(say('The conversation is over.'))}</strong></p>"
    else:
        asked = say("{person}: “{says}”", person=told.person, says=told.steps[state.at].says)
        body += f"<p><strong>{escape(asked, quote=False)}</strong></p>"
    return f'<div class="crmkit-talk" role="status" aria-live="polite">{body}</div>'


class Player(Explorer):
    """A conversation on the page; made by :func:`dialogue_explorer`.

    Attributes
    ----------
    state : State
        Where the conversation stands.
    """

    def __init__(self, scenes: Sequence[Scene], gains: Gains, about: Company) -> None:
        self.scenes, self.gains, self.about = list(scenes), gains, about
        self.told = [tell_scene(scene, about) for scene in scenes]
        self.state = begin(scenes[0], gains)
        self._trusts = [self.state.trust]
        self.talk = widgets.HTML(layout=widgets.Layout(width="100%"))
        picker = widgets.Dropdown(
            options=[(scene.title, place) for place, scene in enumerate(self.told)],
            value=0,
            description=say("scene"),
            layout=widgets.Layout(max_width="420px"),
        )
        self._answers = {f"answer_{n}": widgets.Button() for n in range(1, MOST_CHOICES + 1)}
        for button in self._answers.values():
            button.add_class("crmkit-choice")
        self._again = widgets.Button(description=say("Play again"), icon="repeat")
        self._again.add_class("crmkit-again")
        figure = self._figure_of_trust()
        controls = {"scene": picker, **self._answers, "again": self._again}
        super().__init__(
            controls, self._play, figure, alt=say("The customer's trust after each answer")
        )

    def _figure_of_trust(self) -> Figure:
        figure, ax = canvas(size=(8.8, 3.0))
        (self._line,) = ax.plot([], [], "o-", color=COLORS["focus"], label=say("trust"))
        self._before = ax.axhline(0, color=COLORS["muted"], ls="--", label=say("trust before"))
        ax.set(
            title=say("The customer's trust, answer by answer"),
            xlabel=say("answers so far"),
            ylabel=say("trust (0 to 10)"),
            xlim=(-0.2, MOST_STEPS + 0.2),
            ylim=(0, 10),
        )
        ax.legend(loc="lower right")
        return figure

    def _play(self, changed: str | None, scene: int, **_presses: int) -> str:
        """Answer a button: go on, or begin again; then show where the conversation stands."""
        state = self.state
        if changed not in self._answers:
            state = begin(self.scenes[scene], self.gains)
            self._trusts = [state.trust]
        elif not state.over:
            number = int(changed.rpartition("_")[2])
            if number <= len(state.step.choices):
                state = say_it(state, number)
                self._trusts.append(state.trust)
        self.state = state
        self._line.set_data(range(len(self._trusts)), self._trusts)
        self._before.set_ydata([state.scene.trust] * 2)
        self.talk.value = talk_html(state, self.told[scene])
        choices = () if state.over else self.told[scene].steps[state.at].choices
        for place, button in enumerate(self._answers.values()):
            there = place < len(choices)
            button.layout.display = "" if there else "none"
            button.disabled = not there
            button.description = f"{place + 1}  {choices[place].say}" if there else ""
        self._again.disabled = len(self._trusts) == 1  # nothing is played yet
        return standing(state, self.about)

    def _layout(
        self, title: str, reset: widgets.Button, wide: frozenset[str]
    ) -> tuple[widgets.Widget, ...]:
        css = super()._layout(title, reset, wide)[0]
        for name in self._answers:
            self._controls[name].layout.width = "100%"
        self._controls["again"].layout.width = "130px"
        row = widgets.HBox(
            [self._controls["again"], reset], layout=widgets.Layout(flex_flow="row wrap")
        )
        answers = widgets.VBox(list(self._answers.values()))
        keys = widgets.HTML(_CSS)
        return (
            css, keys, self._controls["scene"], self.talk, answers, self._words, row, self._image,
        )  # fmt: skip

    def _repr_mimebundle_(self, **options: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        data, about = super()._repr_mimebundle_(**options)
        how = say(
            "To play, run the cells of this notebook: in JupyterLab choose Run, then Run All Cells. Without a kernel "
            "you see the beginning only."
        )
        choices = "".join(
            f"<li>{escape(button.description, quote=False)}</li>"
            for button in self._answers.values()
            if button.description
        )
        data["text/html"] = (
            f"{self.talk.value}<ul>{choices}</ul>{data['text/html'].split('<p><em>')[0]}"
            + _STILL.format(escape(how, quote=False))
        )
        return data, about


def dialogue_explorer(
    scenes: Scene | Iterable[Scene],
    gains: Gains | pd.DataFrame,
    about: Company | None = None,
) -> Player:
    """Play conversations with buttons or the keys 1 to 4.

    Parameters
    ----------
    scenes
        One or several, from `read_scene`; the first is shown first.
    gains
        How far trust moves: from `crmkit.brand.fit_delta_rule`.
    about
        Whose words and currency; default: the company whose tables are at hand.

    Returns
    -------
    Player
        In a notebook the last expression of a cell shows it. ``.state`` is where the conversation stands.

    Examples
    --------
    >>> from crmkit.companies import shipped
    >>> from crmkit.relations.scenes import read_scene
    >>> shown = dialogue_explorer(read_scene("our_mistake"), Gains(0.06, 0.18, 0.42), shipped("fernwell"))
    >>> for answer in (3, 2, 1):
    ...     shown.set(**{f"answer_{answer}": 1})
    >>> shown.state.path, "the best way of all" in shown.sentence
    ('cba', True)
    """
    given = [scenes] if isinstance(scenes, Scene) else list(scenes)
    if not given:
        raise CrmkitError("There is no scene to play. Give one at least, from read_scene.")
    return Player(given, as_gains(gains), about or company())


__all__ = ["Player", "dialogue_explorer", "standing", "talk_html"]
