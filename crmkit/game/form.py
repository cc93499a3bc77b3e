"""A form for a quarter's decisions: it shows what the plan costs and what is wrong with it, and writes the file.

The file is the plan (`crmkit.game.decisions`); the form only fills it in. It is written whole or not at all, and only
if nothing is wrong.
"""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from pathlib import Path
from typing import Any

import ipywidgets as widgets

from crmkit.companies import Company
from crmkit.errors import CrmkitError
from crmkit.explore import CSS
from crmkit.game.bill import planned_bill
from crmkit.game.decisions import (
    AS_BEFORE,
    FIELD,
    FIELDS,
    FORECASTS,
    LEVERS,
    Decisions,
    Field,
    Value,
    faults,
    from_table,
    read_decisions,
    reasons,
    to_table,
    write_decisions,
)
from crmkit.game.fields import LONGEST_REASON, SECTIONS, forecast_name, read_number, written
from crmkit.game.money import about_money
from crmkit.game.play import Seen
from crmkit.game.policies import as_before
from crmkit.game.trainer import closed_moves
from crmkit.say import label, say

#: Whole numbers up to this are dragged; larger ones are typed.
MOST_DRAGGED = 40
_STEPS = {
    "prices.level": 0.01,
    "programme.return_rate": 0.005,
    "bonds.share": 0.05,
    "winning.referral_reward": 1.0,
}
#: All of the width, less the margins that every widget has.
_INSIDE = "calc(100% - 4px)"
_FORM_CSS = """<style>
.crmkit-form .crmkit-part {flex: 0 0 auto; padding: 6px 0 2px 0;
  border-top: 1px solid var(--jp-border-color2, #d5dbe1);}
.crmkit-form table {border-collapse: collapse; font-size: 14px; width: 100%;}
.crmkit-form td, .crmkit-form th {padding: 2px 8px 2px 0; text-align: left;}
.crmkit-form td.crmkit-sum, .crmkit-form th.crmkit-sum {text-align: right; font-variant-numeric: tabular-nums;}
.crmkit-form .crmkit-wrong {color: var(--jp-error-color1, #b3261e);}
</style>"""


class DecisionForm(widgets.VBox):
    """Controls for every decision, the bill of the plan, what is wrong with it, and a button that writes the file.

    Attributes
    ----------
    path : Path
        The file that is written.
    faults : list of str
        What is wrong now; empty if the plan can be saved.
    message : str
        What the form says below the button.
    why : Textarea
        The reasons, kept in the file as comments.
    """

    def __init__(
        self, path: str | Path, seen: Seen | None = None, begin: Decisions | None = None
    ) -> None:
        self.path = Path(path)
        self._seen = seen
        self._money = about_money(seen.symbol if seen else None)
        #: The file as the form knows it: what somebody typed into it since then is never overwritten.
        self._known = self.path.read_bytes() if self.path.exists() else None
        note = ""
        if begin is None:
            begin, note = _what_is_there(self.path, seen)
            if note:
                self._known = None
        self._before = _decided_last(seen)
        self._kept = begin.experiments[1:]
        self._table = to_table(begin)
        self._held = False
        self.faults: list[str] = []
        self.message = ""
        self.controls: dict[str, widgets.Widget] = {}
        parts = [self._reasons()]
        parts += [self._part(section, title) for section, title in SECTIONS.items()]
        parts += [self._experiment(begin), self._forecast(begin)]
        left = widgets.VBox(
            parts,
            layout=widgets.Layout(
                flex="1 1 340px",
                min_width="min(280px, 100%)",
                max_height="640px",
                overflow="auto",
                padding="0 12px 0 4px",
            ),
        )
        left.add_class("crmkit-controls")
        self._bill = widgets.HTML(layout=widgets.Layout(width=_INSIDE))
        self._wrong = widgets.HTML(layout=widgets.Layout(width=_INSIDE))
        self._said = widgets.HTML(layout=widgets.Layout(width=_INSIDE))
        self._save = widgets.Button(
            description=say("Save the plan"),
            icon="save",
            tooltip=say("Write the plan to {file}", file=self.path.name),
            button_style="primary",
            layout=widgets.Layout(width="180px"),
        )
        self._save.on_click(lambda _button: self.save())
        right = widgets.VBox(
            [self._bill, self._wrong, self._save, self._said],
            layout=widgets.Layout(flex="1 1 320px", min_width="min(280px, 100%)"),
        )
        right.add_class("crmkit-bill")
        body = widgets.HBox(
            [left, right], layout=widgets.Layout(flex_flow="row wrap", width="100%")
        )
        super().__init__([widgets.HTML(CSS + _FORM_CSS), body])
        self.add_class("crmkit-explorer")
        self.add_class("crmkit-form")
        self._look()
        self._say(note or say("Not saved yet."))

    # -------------------------------------------------------------------------------------------------- controls
    def _part(self, section: str, title: str) -> widgets.Widget:
        own = [
            self._add(one.lever, _control(one, _place(self._table, one), self._money))
            for one in FIELDS
            if one.section == section
        ]
        head = self._head(say(title), own)
        box = widgets.VBox([head, *own])
        box.add_class("crmkit-part")
        return box

    def _reasons(self) -> widgets.Widget:
        """Ask for the reasons first: written before the round, they can be graded after it."""
        said = say("Why? A figure from the reports, and how sure you are; kept in the file")
        self.why = widgets.Textarea(
            value=reasons(self.path),
            description=said,
            continuous_update=False,
            layout=widgets.Layout(width="100%"),
        )
        self.why.observe(lambda _change: self._moved(), "value")
        box = widgets.VBox([self.why])
        box.add_class("crmkit-part")
        return box

    def _head(self, title: str, controls: list[widgets.Widget]) -> widgets.Widget:
        if controls and all(control.disabled for control in controls):
            title = say("{title} (closed in this round)", title=title)
        return widgets.HTML(f"<b>{escape(title)}</b>")

    def _add(self, name: str, control: widgets.Widget) -> widgets.Widget:
        control.layout.width = "100%"
        # An experiment's own controls are named experiment.name and so on: they are one lever.
        if self._seen is not None and not name.startswith("forecast."):
            control.disabled = _is_closed(name, self._seen.open_levers)
        self.controls[name] = control
        control.observe(lambda _change: self._moved(), "value")
        return control

    def _experiment(self, begin: Decisions) -> widgets.Widget:
        first = begin.experiments[0] if begin.experiments else None
        lever = widgets.Dropdown(
            options=[(say("none"), "")] + [(_lever_name(name), name) for name in LEVERS],
            value=first.lever if first else "",
            description=say("what is tried"),
        )
        texts = {
            "name": (say("its name"), first.name if first else ""),
            "control": (say("one arm gets"), _typed(first.control) if first else ""),
            "treatment": (say("the other gets"), _typed(first.treatment) if first else ""),
        }
        share = widgets.FloatSlider(
            value=first.share if first else 0.2,
            min=0.01,
            max=0.5,
            step=0.01,
            description=say("share in each arm"),
        )
        own = [self._add("experiment.lever", lever)]
        own += [
            self._add(
                f"experiment.{name}",
                widgets.Text(value=value, description=text, continuous_update=False),
            )
            for name, (text, value) in texts.items()
        ]
        own.append(self._add("experiment.share", share))
        more = widgets.HTML(
            escape(
                say("{number} further experiments of the file stay in it.", number=len(self._kept))
            )
            if self._kept
            else ""
        )
        self._arms = widgets.HTML(layout=widgets.Layout(width=_INSIDE))
        box = widgets.VBox(
            [self._head(say("An experiment"), own), *own[:2], self._arms, *own[2:], more]
        )
        box.add_class("crmkit-part")
        return box

    def _forecast(self, begin: Decisions) -> widgets.Widget:
        title = say(
            "Forecasts: low to high holds the true value with a chance of 80 %; leave empty what you do not forecast"
        )
        rows: list[widgets.Widget] = [widgets.HTML(f"<b>{escape(title)}</b>")]
        for name in FORECASTS:
            one = begin.forecast.get(name)
            for part, word in (
                ("low", say("low")),
                ("best", say("best guess")),
                ("high", say("high")),
            ):
                text = "" if one is None else _typed(getattr(one, part))
                control = widgets.Text(
                    value=text,
                    description=say("{what}, {part}", what=forecast_name(name), part=word),
                    continuous_update=False,
                )
                rows.append(self._add(f"forecast.{name}.{part}", control))
        box = widgets.VBox(rows)
        box.add_class("crmkit-part")
        return box

    # ------------------------------------------------------------------------------------------------- what they say
    def set(self, **values: Any) -> None:
        """Set controls by lever, with __ for the point: ``form.set(service__agents=3)``."""
        names = {name.replace("__", "."): value for name, value in values.items()}
        for name, value in names.items():
            if isinstance(self.controls.get(name), widgets.Text) and not isinstance(value, str):
                names[name] = _typed(value)
        strangers = sorted(set(names) - set(self.controls))
        if strangers:
            raise CrmkitError(
                f"The form has no control {strangers[0]!r}. It has: {', '.join(self.controls)}."
            )
        self._held = True
        try:
            for name, value in names.items():
                self.controls[name].value = value
                if self.controls[name].value != value:  # a slider clips
                    raise CrmkitError(
                        FIELD[name].fault(value)
                        if name in FIELD
                        else f"{name} cannot be {value!r}."
                    )
        finally:
            self._held = False
            self._moved()

    def table(self) -> dict[str, Any]:
        """What the controls say, as the file would have it; checked by nobody yet."""
        table = to_table(AS_BEFORE)
        for one in FIELDS:
            inner: Any = table
            for part in one.section.split("."):
                inner = inner[part]
            control = self.controls[one.lever]
            typed = isinstance(control, widgets.Text)
            inner[one.name] = read_number(control.value) if typed else control.value
        given = {
            n: self.controls[f"experiment.{n}"].value
            for n in ("name", "lever", "control", "treatment", "share")
        }
        experiments = []
        if given["lever"]:
            kind = FIELD[given["lever"]]
            for arm in ("control", "treatment"):
                given[arm] = _value(given[arm], kind)
            experiments.append(given)
        table["experiment"] = experiments + [dict(vars(one)) for one in self._kept]
        forecast = {}
        for name in FORECASTS:
            texts = {
                part: self.controls[f"forecast.{name}.{part}"].value.strip()
                for part in ("low", "best", "high")
            }
            if any(texts.values()):
                forecast[name] = {part: read_number(text) for part, text in texts.items() if text}
        table["forecast"] = forecast
        return table

    @property
    def decisions(self) -> Decisions:
        """The plan as the controls say it.

        Raises
        ------
        CrmkitError
            Something is wrong with it.
        """
        return from_table(self.table(), say("the form"))

    def save(self) -> bool:
        """Write the file, if nothing is wrong; tells whether it was written."""
        self._look()
        if self.faults:
            return False
        if self.path.exists() and self.path.read_bytes() != self._known:
            try:
                read_decisions(self.path)
            except CrmkitError as error:
                # To run the cell again would not help: what is wrong with the file comes first.
                self._say(
                    say(
                        "The file is not overwritten, and it cannot be read. {error} Mend it and run the cell again, "
                        "or give it another name and save again.",
                        error=str(error),
                    )
                )
                return False
            self._say(
                say(
                    "{file} holds something that this form did not write, and it is not overwritten. To keep what "
                    "the form shows, give the file another name and save again; to take the plan of the file, run the "
                    "cell again.",
                    file=str(self.path),
                )
            )
            return False
        try:
            write_decisions(self.decisions, self.path, self.why.value, self._money.symbol)
        except CrmkitError as error:
            self._say(str(error))
            return False
        self._known = self.path.read_bytes()
        self._say(say("Saved to {file}.", file=str(self.path)))
        return True

    def _moved(self) -> None:
        if not self._held:
            self._look()
            self._say(say("Not saved yet."))

    def _look(self) -> None:
        self.faults = faults(self.table())
        if not self.faults and self._seen is not None:
            levers = self._seen.open_levers
            self.faults = closed_moves(self._before, self.decisions, levers)
        if len(self.why.value) > LONGEST_REASON:
            self.faults.append(
                say("The reasons are longer than {most:,} characters.", most=LONGEST_REASON)
            )
        self._save.disabled = bool(self.faults)
        items = "".join(f"<li>{escape(one)}</li>" for one in self.faults)
        head = escape(say("This has to be changed before the plan can be saved:"))
        self._wrong.value = (
            f'<div class="crmkit-wrong" role="alert">{head}<ul>{items}</ul></div>' if items else ""
        )
        lever = self.controls["experiment.lever"].value
        told = say("an arm may get: {bounds}", bounds=FIELD[lever].bounds) if lever else ""
        if self._arms.value != escape(told, quote=False):
            self._arms.value = escape(told, quote=False)
        self._bill.value = "" if self.faults or self._seen is None else self._bill_html()

    def _bill_html(self) -> str:
        assert self._seen is not None
        table = planned_bill(self.decisions, self._seen)
        shown = table[table["amount"] > 0]
        rows = "".join(
            f"<tr><td>{escape(label(row.item))}</td><td class='crmkit-sum'>{row.amount:,.0f}</td>"
            f"<td>{escape(say(str(row.how)))}</td></tr>"
            for row in shown.itertuples()
        )
        head = say(
            "What this plan costs in quarter {quarter} ({symbol})",
            quarter=self._seen.quarter,
            symbol=self._money.sign,
        )
        total = say("together, about")
        return (
            f"<table><caption><b>{escape(head)}</b></caption>{rows}"
            f"<tr><th scope='row'>{escape(total)}</th>"
            f"<th class='crmkit-sum'>{table['amount'].sum():,.0f}</th><th></th></tr>"
            "</table>"
        )

    def _say(self, sentence: str) -> None:
        self.message = sentence
        self._said.value = (
            '<div class="crmkit-sentence" role="status" aria-live="polite">'
            f"{escape(sentence, quote=False)}</div>"
        )

    def _repr_mimebundle_(self, **_options: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        """Give the widget for a running notebook, and its bill for a stored one."""
        data = {
            "text/plain": f"Form for {self.path.name}",
            "text/html": self._bill.value,
            "application/vnd.jupyter.widget-view+json": {
                "version_major": 2,
                "version_minor": 0,
                "model_id": self.model_id,
            },
        }
        return data, {}


def decision_form(
    path: str | Path, seen: Seen | None = None, *, begin: Decisions | None = None
) -> DecisionForm:
    """Show a form that writes a quarter's decisions to a file.

    Parameters
    ----------
    path
        The file. If it is there, the form begins with what is in it.
    seen
        What the player sees (`crmkit.game.play.Game.seen`): the form then shows what the plan costs.
    begin
        Decisions to begin with, whatever the file says.

    Examples
    --------
    >>> import tempfile
    >>> form = decision_form(Path(tempfile.mkdtemp()) / "plan.toml")
    >>> form.set(service__agents=3)
    >>> form.save(), read_decisions(form.path).service.agents
    (True, 3)
    """
    return DecisionForm(path, seen, begin)


def _what_is_there(path: Path, seen: Seen | None) -> tuple[Decisions, str]:
    """Begin with the file's decisions; else with the last quarter's; else as before the game."""
    last = _decided_last(seen)
    if not path.exists():
        return last, ""
    try:
        return read_decisions(path), ""
    except CrmkitError as error:
        return last, say(
            "The file could not be read, so the form does not begin with it. {error}",
            error=str(error),
        )


def _is_closed(lever: str, levers: tuple[str, ...] | None) -> bool:
    """Tell whether neither a lever nor a section that it is in is among the open ones."""
    return levers is not None and not any(
        lever == one or lever.startswith(f"{one}.") for one in levers
    )


def _decided_last(seen: Seen | None) -> Decisions:
    if seen is None:
        return AS_BEFORE
    return seen.decisions[-1] if seen.decisions else as_before(seen.customers)


def _place(table: Mapping[str, Any], one: Field) -> Any:
    inner: Any = table
    for part in one.section.split("."):
        inner = inner[part]
    return inner[one.name]


def _control(one: Field, value: Any, money: Company) -> widgets.Widget:
    """Make a control that never changes what is typed by itself: what is out of bounds is said."""
    unit = f" ({say(one.unit, symbol=money.sign)})" if one.unit else ""
    text = f"{say(one.what)}{unit}"
    if one.kind == "flag":
        return widgets.Checkbox(value=value, description=text, indent=False)
    if one.kind == "choice":
        options = [(label(choice), choice) for choice in one.choices]
        return widgets.Dropdown(options=options, value=value, description=text)
    if one.lever in _STEPS:
        return widgets.FloatSlider(
            value=value,
            min=one.low,
            max=one.high,
            step=_STEPS[one.lever],
            description=text,
            readout_format={0.005: ".3f", 1.0: ".0f"}.get(_STEPS[one.lever], ".2f"),
        )
    if one.kind == "whole" and one.high <= MOST_DRAGGED:
        return widgets.IntSlider(value=value, min=int(one.low), max=int(one.high), description=text)
    # A browser's own field for numbers takes 50.000 as fifty, and says nothing.
    return widgets.Text(value=_typed(value), description=text, continuous_update=False)


def _lever_name(lever: str) -> str:
    one = FIELD[lever]
    return say("{section}: {what}", section=say(SECTIONS[one.section]), what=say(one.what))


def _typed(value: Value) -> str:
    """Write a value as one types it into the form."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str) else written(value)


def _value(text: str, kind: Field) -> Any:
    """Read what was typed for a lever; what cannot be read stays text, and is a fault."""
    text = text.strip()
    if kind.kind == "flag":
        return {"true": True, "false": False}.get(text.lower(), text)
    return text if kind.kind == "choice" else read_number(text)
