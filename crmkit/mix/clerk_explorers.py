"""Explorers of the shop with two clerks: change the shop, or stand behind its counter."""

from __future__ import annotations

from typing import Any

import ipywidgets as widgets
import numpy as np

from crmkit.companies import money
from crmkit.explore import Explorer, canvas, explorer
from crmkit.explore.controls import slider
from crmkit.mix.clerks import WORDING, ClerkGame, Shop, clerk_results
from crmkit.say import label, listed, say, say_many
from crmkit.style import COLORS, for_letters

__all__ = ["clerk_game", "shop_explorer"]


def shop_explorer(shop: Shop) -> Explorer:
    """Change the shop's visitors and its clerks' ways, and see who sells more.

    Examples
    --------
    >>> shop_explorer(Shop.example()).error is None
    True
    """
    figure, ax = canvas()
    start = clerk_results(shop)
    count = start["questions"].max()
    order = [q for q in start["asked"] if q]
    (line,) = ax.plot(range(count + 1), np.zeros(count + 1), "o-", color=COLORS["focus"])
    level = ax.axhline(0, color=COLORS["contrast"], linestyle="--")
    text_a = ax.text(
        count, 0, say("clerk A"), color=for_letters(COLORS["contrast"]), ha="right", va="bottom"
    )
    ax.set(
        title=say("Who sells more"),
        xlabel=say("questions that clerk B asks"),
        ylabel=say("visitors who buy (%)"),
    )
    ax.set_ylim(0, 80)
    ax.set_xticks(range(count + 1))

    def draw(knows: int, hurried: int, recital: float, per_question: float) -> str:
        tried = Shop(
            shop.solutions,
            shop.visitors,
            knows=knows / 100,
            hurried=hurried / 100,
            recital=recital,
            per_question=per_question,
        )
        results = clerk_results(tried, order=order)
        b = 100 * results.loc[results["clerk"] == "B", "conversion"].to_numpy()
        a = 100 * float(results["conversion"].iloc[0])
        line.set_ydata(b)
        level.set_ydata([a, a])
        text_a.set_position((count, a + 1))
        best = int(b.argmax())
        if a > b.max():
            return say(
                "Clerk A sells to {a:.0f} % of visitors, clerk B to {b:.0f} % at best: here A wins.",
                a=a,
                b=b.max(),
            )
        return say_many(
            "Clerk B sells to {b:.0f} % of visitors with {count} question, clerk A to {a:.0f} %: B wins.",
            "Clerk B sells to {b:.0f} % of visitors with {count} questions, clerk A to {a:.0f} %: B wins.",
            best,
            a=a,
            b=b.max(),
        )

    controls = {
        "knows": slider(say("know exactly what they need (%)"), round(100 * shop.knows), 0, 100, 5),
        "hurried": slider(say("are in a hurry (%)"), round(100 * shop.hurried), 0, 100, 5),
        "recital": slider(say("clerk A's recital (minutes)"), shop.recital, 0.5, 12, 0.5),
        "per_question": slider(
            say("a question and its answer (minutes)"), shop.per_question, 0.25, 3, 0.25
        ),
    }
    return explorer(
        controls,
        draw,
        figure,
        alt=say("Visitors who buy from clerk B, by number of questions, and from A"),
    )


def clerk_game(shop: Shop, seed: int = 1) -> Explorer:
    """Play clerk B: ask, watch the clock, make one offer; then the next visitor.

    Parameters
    ----------
    shop
    seed
        Which visitor comes first.

    Returns
    -------
    Explorer
        A button per question; a list of solutions; a button to offer, one for the next visitor.

    Examples
    --------
    >>> game = clerk_game(Shop.example())
    >>> game.sentence
    'Visitor 1: "I need a drill." 1 minute gone. Ask, or make an offer.'
    >>> game.set(job=1)
    >>> "picture" in game.sentence.lower()
    True
    """
    figure, ax = canvas(size="wide")
    names = shop.names
    spots = np.arange(len(names))
    bars = ax.barh(spots, np.zeros(len(names)), color=COLORS["focus"])
    labels = [
        f"{label(name)} ({money(price)})"
        for name, price in zip(names, shop.solutions["price"], strict=True)
    ]
    ax.set_yticks(spots, labels)
    ax.invert_yaxis()
    ax.set(
        title=say("What you can offer"),
        xlabel=say("chance that it fits, by your notes (%)"),
        xlim=(0, 100),
    )
    ax.grid(axis="x")
    ax.grid(axis="y", visible=False)
    notes = ax.text(
        0.985,
        0.04,
        "",
        transform=ax.transAxes,
        ha="right",
        va="bottom",
        color=COLORS["ink"],
        fontsize=11.5,
    )
    state: dict[str, Any] = {}
    # A hurry, or a visitor of the same kind, meets clerk A with this chance of a sale.
    chance_a = float(clerk_results(shop, order=[])["conversion"].iloc[0])

    def begin() -> None:
        state.update(visitor=0, sold=0, served=0, done={}, game=ClerkGame(shop, seed), said="")

    begin()

    def act(name: str) -> None:
        game: ClerkGame = state["game"]
        if name == "next_visitor":
            state["visitor"] += 1
            state["game"] = ClerkGame(shop, seed + state["visitor"])
            state["said"] = ""
        elif game.over:
            state["said"] = say("{result} The next visitor waits.", result=game.result)
        elif name == "offer_it":
            game.offer(state["solution"])
        else:
            answer = game.ask(name)
            state["said"] = "" if game.over else _asked_and_answered(name, answer)
        if game.over and not state["done"].get(id(game)):
            state["done"][id(game)] = game
            state["served"] += 1
            state["sold"] += game.sold
            told = {"result": game.result, "case": listed(map(label, game.case.values()))}
            state["said"] = (
                say("{result} The visitor was: {case}. In a hurry.", **told)
                if game.hurried
                else say("{result} The visitor was: {case}.", **told)
            )

    def draw(changed: str | None, **values: Any) -> str:
        state["solution"] = values["solution"]
        presses = {
            k: v for k, v in values.items() if k in (*shop.questions, "offer_it", "next_visitor")
        }
        if not any(presses.values()):
            begin()
        elif changed in presses and presses[changed] != state["counts"].get(changed, 0):
            act(str(changed))
        state["counts"] = presses
        game: ClerkGame = state["game"]
        reckoned = shop.posterior(game.answers) @ shop.fits
        shown = values["notes"] == "shown"
        for bar, chance in zip(bars, reckoned, strict=True):
            bar.set_width(100 * chance if shown else 0)
        heard = [f"{label(q)}: {label(a)}" for q, a in game.answers.items()]
        score = say(
            "sold to {sold} of {served}   (clerk A: {chance:.0%})",
            sold=state["sold"],
            served=state["served"],
            chance=chance_a,
        )
        notes.set_text("\n".join([*(heard or [say("nothing heard yet")]), "", score]))
        visitor, minutes = state["visitor"] + 1, round(game.minutes)
        if not state["said"]:
            return say_many(
                'Visitor {visitor}: "I need a drill." {count} minute gone. Ask, or make an offer.',
                'Visitor {visitor}: "I need a drill." {count} minutes gone. Ask, or make an offer.',
                minutes,
                visitor=visitor,
            )
        if game.over:
            return say("Visitor {visitor}: {said}", visitor=visitor, said=state["said"])
        return say_many(
            "Visitor {visitor}: {said} {count} minute gone.",
            "Visitor {visitor}: {said} {count} minutes gone.",
            minutes,
            visitor=visitor,
            said=state["said"],
        )

    state["counts"] = {}
    controls: dict[str, widgets.Widget] = {
        q: widgets.Button(
            description=say(WORDING[q]), tooltip=say("Ask about {topic}", topic=label(q))
        )
        for q in shop.questions
    }
    controls["solution"] = widgets.Dropdown(
        options=[(label(name), name) for name in names],
        value=names[0],
        description=say("your offer"),
    )
    controls["offer_it"] = widgets.Button(description=say("Make the offer"), button_style="primary")
    controls["next_visitor"] = widgets.Button(description=say("Next visitor"))
    controls["notes"] = widgets.Dropdown(
        options=[(say("hidden"), "hidden"), (say("shown"), "shown")],
        value="hidden",
        description=say("chances by Bayes"),
    )
    return explorer(
        controls, draw, figure, alt=say("Solutions on offer, and the chance that each fits")
    )


def _asked_and_answered(question: str, answer: str) -> str:
    """Tell a question of clerk B's and what the visitor said to it."""
    return say(
        '"{question}" "{answer}."',
        question=say(WORDING[question]),
        answer=label(answer).capitalize(),
    )
