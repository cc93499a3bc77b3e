"""The desk at which one person plays: the form, a button that lets the quarter happen, and what came of it.

A game is kept in a folder and goes on where it was left. The file of the plan is what is played.
"""

from __future__ import annotations

import shutil
from dataclasses import replace
from html import escape
from pathlib import Path
from typing import Any

import ipywidgets as widgets
import pandas as pd

from crmkit.errors import CrmkitError
from crmkit.explore import CSS
from crmkit.game.decisions import read_decisions
from crmkit.game.forecasts import grade_forecast
from crmkit.game.form import DecisionForm
from crmkit.game.money import about_money
from crmkit.game.play import FILE, Game, load
from crmkit.say import label, labels, say

PLAN, PLANS = "my_plan.toml", "plans"
labels("turnover", "cost of goods", "handling of orders", "letters and card", "overheads", "visits")


def what_came(game: Game) -> pd.DataFrame:
    """Sum up the last quarter that was played.

    Parameters
    ----------
    game
        With a quarter played.

    Returns
    -------
    DataFrame
        ``item`` and ``amount``: the items of `accounts` that are not 0, then the quarter's profit and the profit of
        all quarters so far.

    Examples
    --------
    >>> from crmkit.game.decisions import AS_BEFORE
    >>> table = what_came(Game(customers=50, seed=3).run(AS_BEFORE, 1))
    >>> table["item"].iloc[[0, -2, -1]].tolist()
    ['turnover', 'profit', 'profit so far']
    """
    if not game.played:
        raise CrmkitError("No quarter has been played yet. Play one with game.play(decisions).")
    accounts = game.reported[-1]["accounts"]
    shown = accounts.loc[accounts["amount"] != 0, ["item", "amount"]]
    profit = round(float(accounts["amount"].sum()), 2)
    so_far = round(float(game.accounts["amount"].sum()), 2)
    sums = pd.DataFrame({"item": ["profit", "profit so far"], "amount": [profit, so_far]})
    return pd.concat([shown, sums], ignore_index=True)


class Desk(widgets.VBox):
    """A game to be played by form.

    Attributes
    ----------
    game : Game
        As far as it is played; ``desk.game.reports`` holds all tables so far.
    form : DecisionForm or None
        For the coming quarter; None when the game is over.
    message : str
        What the desk says.
    """

    def __init__(self, begin: Game, folder: str | Path = "my_game") -> None:
        self.folder = Path(folder)
        going_on = (self.folder / FILE).exists()
        self.game = load(self.folder) if going_on else begin
        self._head = widgets.HTML()
        self._body = widgets.VBox([])
        self._play = widgets.Button(
            button_style="success", icon="forward", layout=widgets.Layout(width="260px")
        )
        self._play.on_click(lambda _button: self.play())
        self._said = widgets.HTML()
        self._came = widgets.HTML()
        super().__init__(
            [widgets.HTML(CSS), self._head, self._body, self._play, self._said, self._came]
        )
        self.add_class("crmkit-desk")
        self.message = ""
        self.form: DecisionForm | None = None
        self._next()
        if going_on and self.form is None:
            self._say(say("Your game in {folder} is complete.", folder=str(self.folder)))
        elif going_on:
            self._say(
                say(
                    "Your game in {folder} goes on with quarter {quarter}.",
                    folder=str(self.folder),
                    quarter=self.game.played + 1,
                )
            )
        else:
            self._say(say("Your game will be kept in {folder}.", folder=str(self.folder)))

    def play(self) -> bool:
        """Save the plan, let the quarter happen, and keep the game; tells whether it happened."""
        if self.form is None:
            return False
        if not self.form.save():
            # The button is below the form: what stops it is said here too, where the reader looks.
            why = self.form.faults[0] if self.form.faults else self.form.message
            self._say(
                say("Quarter {quarter} is not played. {why}", quarter=self.game.played + 1, why=why)
            )
            return False
        try:
            self.game.play(read_decisions(self.form.path))
            self.game.save(self.folder)
        except CrmkitError as error:
            self._say(str(error))
            return False
        # The plan as it was typed, with its reasons: the next plan takes the place of the file.
        kept = self.folder / PLANS / f"quarter_{self.game.played:02d}.toml"
        kept.parent.mkdir(exist_ok=True)
        shutil.copyfile(self.form.path, kept)
        self._next()
        self._say(say("Quarter {quarter} is played, and kept.", quarter=self.game.played))
        return True

    def _next(self) -> None:
        """Show what came, and the form for the coming quarter."""
        game = self.game
        self._came.value = _came_html(game) if game.played else ""
        if game.played >= game.quarters:
            self.form, self._body.children = None, ()
            self._play.layout.display = "none"
            self._head.value = f"<b>{escape(say('The game is over: lesson 91 looks back.'))}</b>"
            return
        number = game.played + 1
        begin = self._begin()
        self.form = DecisionForm(self.folder / PLAN, game.seen(), begin)
        if begin is not None:
            self.form.why.value = ""  # the last quarter's reasons are not this one's
        self._body.children = (self.form,)
        self._play.description = say("Save and play quarter {quarter}", quarter=number)
        head = say("Quarter {quarter} of {quarters}", quarter=number, quarters=game.quarters)
        self._head.value = f"<b>{escape(head)}</b>"

    def _begin(self) -> Any:
        """Begin with the last quarter's plan without its forecast, unless another plan waits in the file."""
        if not self.game.played:
            return None
        last = self.game.decisions[-1]
        try:
            waits = read_decisions(self.folder / PLAN) != last
        except CrmkitError:
            waits = (self.folder / PLAN).exists()
        return None if waits else replace(last, forecast={})

    def _say(self, sentence: str) -> None:
        self.message = sentence
        self._said.value = (
            '<div class="crmkit-sentence crmkit-desk-says" role="status" aria-live="polite">'
            f"{escape(sentence, quote=False)}</div>"
        )

    def _repr_mimebundle_(self, **_options: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        """Give the widget for a running notebook, and the plan's bill for a stored one."""
        shown = self._head.value + (self.form._bill.value if self.form else self._came.value)
        data = {
            "text/plain": f"Desk of the game in {self.folder}",
            "text/html": shown,
            "application/vnd.jupyter.widget-view+json": {
                "version_major": 2,
                "version_minor": 0,
                "model_id": self.model_id,
            },
        }
        return data, {}


def _came_html(game: Game) -> str:
    """Write the last quarter's sums and the graded forecast as HTML."""
    rows = "".join(
        f"<tr><td>{escape(label(row.item))}</td><td style='text-align:right'>{row.amount:,.0f}</td></tr>"
        for row in what_came(game).itertuples()
    )
    head = say(
        "What came in quarter {quarter} ({symbol})", quarter=game.played, symbol=about_money().sign
    )
    head = escape(head)
    graded = grade_forecast(game.decisions[-1].forecast, game.reported[-1])
    told = [
        say(
            "{measure}: forecast {low:,.0f} to {high:,.0f}, came {actual:,.0f}: {held}. Score {score:,.0f}.",
            measure=label(row.measure),
            low=row.low,
            high=row.high,
            actual=row.actual,
            held=say("inside") if row.inside else say("missed"),
            score=row.score,
        )
        for row in graded.itertuples()
    ]
    items = "".join(f"<li>{escape(one)}</li>" for one in told)
    return f"<table><caption><b>{head}</b></caption>{rows}</table>" + (
        f"<ul>{items}</ul>" if items else ""
    )


def play_desk(begin: Game, folder: str | Path = "my_game") -> Desk:
    """Sit down at the desk: decide in the form, play the quarter, see what came.

    Parameters
    ----------
    begin
        The game to begin with, if the folder holds none yet.
    folder
        Where the game is kept. If there is a game in it, it goes on.

    Returns
    -------
    Desk

    Examples
    --------
    >>> import tempfile
    >>> desk = play_desk(Game(customers=50, seed=3), Path(tempfile.mkdtemp()) / "my_game")
    >>> desk.form.set(service__agents=3)
    >>> desk.play(), desk.game.decisions[0].service.agents, desk.message
    (True, 3, 'Quarter 1 is played, and kept.')
    """
    return Desk(begin, folder)
