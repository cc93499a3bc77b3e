"""The page for a student's telephone: the step that the room is at, and a button for each answer."""

from __future__ import annotations

import html
from typing import Any

from crmkit.companies import Company
from crmkit.live import dialogues
from crmkit.live.dialogues import Turn
from crmkit.live.messages import find_item
from crmkit.live.store import Store
from crmkit.say import language, say


def turn_shown(store: Store) -> Turn | None:
    """Give the place in a conversation that the trainer's page shows; None where it shows something else."""
    screen = store.screen
    if screen.get("kind") != dialogues.KIND or not screen.get("item"):
        return None
    found = find_item(dialogues.KIND, screen["item"])
    return found if isinstance(found, Turn) else None


def step_key(store: Store) -> str:
    """Name what students see: it changes with the step, and not with every vote."""
    turn = turn_shown(store)
    if turn is None:
        return "none"
    closed = "closed" if store.screen.get("closed") else "open"
    return f"{turn.id}-{store.revealed().get(turn.id, '')}-{closed}"


def step_of(store: Store, about: Company) -> dict[str, Any]:
    """Give what students see: nothing of how others have voted.

    Parameters
    ----------
    store
        The room.
    about
        The company whose words the texts use.
    """
    turn = turn_shown(store)
    whole: dict[str, Any] = {"room": store.secret, "seen": step_key(store), "item": ""}
    if turn is None or store.screen.get("closed"):
        return whole
    answered = store.revealed().get(turn.id)
    return whole | {"item": turn.id, **dialogues.for_students(turn.told(about), answered)}


def voting_page() -> str:
    """Write the page. It holds nothing of the room: what students see comes with the room's code only."""

    def esc(text: str) -> str:
        return html.escape(text)

    words = {
        "nothing": say("There is nothing to vote on just now. Look at the wall."),
        "we": say("We"),
        "over": say("The conversation is over. Look at the wall."),
        "wait": say(
            "The room has answered. Look at the wall; the conversation goes on in a moment."
        ),
        "kept": say(
            "Your vote: {letter}. You may change it until the room has answered.", letter="{letter}"
        ),
        "late": say("Too late: the room has already answered. This vote does not count."),
        "again": say("Your trainer's computer does not answer. Try again in a moment."),
        "closed": say("The room is closed."),
        "wrong": say("That is not the code on the wall: compare it letter by letter."),
    }
    data = " ".join(f'data-{name}="{esc(text)}"' for name, text in words.items())
    sent = say(
        "Sent to your trainer's computer: the letter of your vote, under a random number. Not sent: your name."
    )
    return f"""<!doctype html>
<html lang="{language().replace("_", "-")}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{esc(say("Vote"))} · crmkit live</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="live.css">
<script src="vote.js" defer></script>
</head>
<body class="vote" {data}>
<header><p class="brand">crmkit live</p></header>
<p class="lost" id="lost" role="alert" hidden>{esc(words["again"])}</p>
<main>
<h1 class="unseen">{esc(say("Vote"))}</h1>
<form id="door">
<label for="code">{esc(say("The code on the wall"))}</label>
<input id="code" autocomplete="off" autocapitalize="characters" spellcheck="false" required>
<button type="submit">{esc(say("Take part"))}</button>
<p class="note">{esc(sent)}</p>
</form>
<section id="inside" hidden>
<div id="talk" role="status" aria-live="polite"></div>
<div id="choices"></div>
<p id="kept" role="status" aria-live="polite"></p>
</section>
</main>
</body>
</html>
"""
