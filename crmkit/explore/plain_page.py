"""An explorer on a plain web page: its controls as data, its picture as base64 text, and no notebook around it.

The workshop edition of the site (docs/site.md) has no notebook: its page draws the controls itself, from what
`Bridge.described` gives, and says what the reader moved to `Bridge.moved`. Nothing is known here of a page or of
Pyodide.

>>> from ipywidgets import IntSlider
>>> from crmkit.explore import canvas, explorer
>>> figure, ax = canvas(size="small")
>>> controls = {"share": IntSlider(20, 1, 100, description="share")}
>>> made = explorer(controls, lambda share: f"{share} %", figure, alt="A share")
>>> heard = []
>>> bridge = Bridge(made, heard.append)
>>> [control["kind"] for control in bridge.described()["controls"]]
['slider', 'button']
>>> bridge.moved(0, 35)
>>> bridge.state()["sentence"], bridge.state()["controls"][0]["value"]
('35 %', 35)
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator
from typing import Any

import ipywidgets as widgets

from crmkit.errors import CrmkitError
from crmkit.explore import Explorer
from crmkit.say import say


class Bridge:
    """What a page needs of one explorer.

    Parameters
    ----------
    explorer
        As a lesson makes it.
    tell
        Called with `state()` after each drawing, where a caller wants to be told.
    """

    def __init__(
        self, explorer: Explorer, tell: Callable[[dict[str, Any]], None] | None = None
    ) -> None:
        self._explorer = explorer
        self._tell = tell
        self._controls = [part for part in _parts(explorer) if _is_control(part)]
        strangers = sorted(
            {
                type(part).__name__
                for part in _parts(explorer)
                if not (_is_control(part) or _is_shown(part))
            }
        )
        if strangers:
            raise CrmkitError(f"a plain page cannot show {', '.join(strangers)}")

    def described(self) -> dict[str, Any]:
        """Give everything that the page draws at the start: `state`, and of each control what never changes."""
        state = self.state()
        fixed = [_fixed(control) for control in self._controls]
        state["controls"] = [a | b for a, b in zip(fixed, state["controls"], strict=True)]
        return state

    def state(self) -> dict[str, Any]:
        """Give what a move may have changed: picture and sentence, and of each control its value, words and switch."""
        return {
            "picture": base64.b64encode(self._explorer.picture).decode(),
            "sentence": self._explorer.sentence,
            "alt": self._explorer.alt,
            "controls": [_now(control) for control in self._controls],
        }

    def moved(self, place: int, value: Any = None) -> None:
        """Do what the reader did to a control: a new value, of a choice its place; a button is pressed.

        Parameters
        ----------
        place
            Of the control in `described`.
        value
            A number, or a place among the options. Beyond a slider's ends it is its end.
        """
        control = self._controls[place]
        if isinstance(control, widgets.Button):
            control.click()
        elif hasattr(control, "index"):
            control.index = int(value)
        elif isinstance(control, widgets.Checkbox | widgets.ToggleButton):
            control.value = bool(value)
        else:
            number = min(max(float(value), control.min), control.max)
            control.value = int(number) if isinstance(control.value, int) else number
        if self._tell is not None:
            self._tell(self.state())


def _parts(widget: widgets.Widget) -> Iterator[widgets.Widget]:
    """Give the widgets in a box, from top to bottom, without the boxes."""
    if isinstance(widget, widgets.Box):
        for child in widget.children:
            yield from _parts(child)
    else:
        yield widget


def _is_shown(widget: widgets.Widget) -> bool:
    """Tell whether a widget only shows something: the page has it from the explorer itself."""
    return isinstance(widget, widgets.HTML | widgets.Image | widgets.Label)


def _is_control(widget: widgets.Widget) -> bool:
    return isinstance(
        widget,
        widgets.Button
        | widgets.IntSlider
        | widgets.FloatSlider
        | widgets.SelectionSlider
        | widgets.ToggleButtons
        | widgets.RadioButtons
        | widgets.Dropdown
        | widgets.Checkbox
        | widgets.ToggleButton,
    )


def _fixed(control: widgets.Widget) -> dict[str, Any]:
    if isinstance(control, widgets.Button):
        return {"kind": "button", "quiet": control.description == say("Reset")}
    if isinstance(control, widgets.Checkbox | widgets.ToggleButton):
        return {"kind": "switch"}
    if isinstance(control, widgets.ToggleButtons | widgets.RadioButtons):
        return {"kind": "choice"}
    if isinstance(control, widgets.Dropdown):
        return {"kind": "list"}
    if isinstance(control, widgets.SelectionSlider):
        return {"kind": "steps"}
    return {"kind": "slider", "min": control.min, "max": control.max, "step": control.step}


def _now(control: widgets.Widget) -> dict[str, Any]:
    now: dict[str, Any] = {"words": control.description, "off": bool(control.disabled)}
    if hasattr(control, "index"):
        labels = [str(label) for label in control._options_labels]
        return now | {"value": control.index, "options": labels}
    if isinstance(control, widgets.Button):
        return now
    if isinstance(control, widgets.IntSlider | widgets.FloatSlider):
        now["shown"] = format(control.value, control.readout_format)
    return now | {"value": control.value}
