"""The page for the projector: what is drawn on it, as HTML, in the trainer's language."""

from __future__ import annotations

import html
from typing import Any

from crmkit.companies import Company
from crmkit.live import dialogues, items, pictures
from crmkit.live.dialogues import Turn
from crmkit.live.items import Item
from crmkit.live.pictures import LEAST, Bar
from crmkit.live.store import Store
from crmkit.practice import bank
from crmkit.practice.question import Prediction, QuizQuestion
from crmkit.practice.reply import as_html
from crmkit.practice.room_code import NoRoomCode, read_code
from crmkit.say import language, say, say_many

#: A bar of one to four answers is drawn as high as this many.
_FEW_HEIGHT = 2.5
_LETTERS = items.LETTERS


def esc(text: object) -> str:
    """Escape a text for HTML."""
    return html.escape(str(text))


def shown_item(store: Store, about: Company) -> Item | None:
    """Say what the page shows: what the trainer chose, else what the room is busy with."""
    screen = store.screen
    if screen.get("item"):
        return items.find(screen.get("kind", ""), screen["item"], about)
    found = store.busiest() if screen.get("follow") else None
    return items.find(*found, about) if found else None


def state(store: Store, about: Company, code: str) -> dict[str, Any]:
    """Give all that changes on the page.

    Parameters
    ----------
    store
        The room.
    about
        The company whose words the texts use.
    code
        The room code, to be typed by students.
    """
    item = shown_item(store, about)
    people = store.people()
    picture, said = stage(store, item, about, code) if item else welcome(code, people)
    lesson = store.screen.get("lesson", "")
    known = {(kind, name): count for kind, name, count in store.items()}
    named = [
        [f"{kind}/{name}", _named(kind, name, known.get((kind, name), 0), about)]
        for kind, name in items.of_lesson(lesson)
    ]
    if item and [item.kind, item.id] not in [pair[0].split("/") for pair in named]:
        named.append([f"{item.kind}/{item.id}", item.heading])
    revealed = bool(item and item.id in store.revealed())
    turn = item.asked if item and isinstance(item.asked, Turn) else None
    return {
        "people": say_many("{count} in the room", "{count} in the room", people),
        "stage": picture,
        "said": said,
        "item": f"{item.kind}/{item.id}" if item else "",
        "lesson": lesson,
        "items": named,
        "turns": _turns(turn, store.revealed().get(turn.id, "")) if turn else None,
        "follow": bool(store.screen.get("follow")),
        "open": not store.screen.get("closed"),
        "revealed": revealed,
        "can_reveal": bool(turn.step if turn else item and item.kind != "check"),
        "asks_result": bool(
            item
            and not revealed
            and (
                turn.step is not None
                if turn
                else isinstance(item.asked, Prediction) and item.asked.answer is None
            )
        ),
        "reveal": _reveal_label(turn, revealed),
        "result": say("Another answer than most gave") if turn else say("The lesson's result"),
    }


def _reveal_label(turn: Turn | None, revealed: bool) -> str:
    if turn:
        return say("Take the answer back") if revealed else say("Answer as the room votes")
    return say("Hide the answer") if revealed else say("Show the answer")


def _turns(turn: Turn, answered: str) -> list[str]:
    """Give where ← and → lead from a place in a conversation: one answer back, and on once the room has answered."""
    name, path = turn.scene.id, turn.path
    before = f"{dialogues.KIND}/{dialogues.turn_id(name, path[:-1])}" if path else ""
    after = f"{dialogues.KIND}/{dialogues.turn_id(name, path + answered)}" if answered else ""
    return [before, after]


def _named(kind: str, name: str, count: int, about: Company) -> str:
    found = items.find(kind, name, about)
    heading = found.heading if found else name
    if not count:
        return heading
    return say("{heading} ({count})", heading=heading, count=count)


def welcome(code: str, people: int) -> tuple[str, str]:
    """Show how to take part."""
    how = say("Type this into a cell of your notebook and run it:")
    sent = say(
        "Sent to this computer: your predictions, whether an answer is right and which known mistake it is. Not sent: "
        "your name, your code, your texts."
    )
    lines = f'from crmkit.practice import join\njoin("{esc(code)}")'
    return (
        f'<section class="welcome"><h1>{esc(say("Take part"))}</h1><p>{esc(how)}</p><pre tabindex="0">{lines}</pre>'
        f"<p>{esc(sent)}</p></section>",
        say_many("{count} in the room", "{count} in the room", people),
    )


def stage(store: Store, item: Item, about: Company, code: str = "") -> tuple[str, str]:
    """Draw an item: HTML, and the same in a sentence."""
    if isinstance(item.asked, Turn):
        return _conversation(store, item, item.asked, about, code)
    head = f'<p class="about">{esc(item.heading)}</p><h1 class="prompt">{as_html(item.prompt)}</h1>'
    if item.kind == "check":
        body, said = _checks(store, item)
    elif item.is_number:
        body, said = _guesses(store, item, about)
    else:
        body, said = _votes(store, item, about)
    return f'<section class="item">{head}{body}<p class="said">{as_html(said)}</p></section>', said


def _conversation(
    store: Store, item: Item, turn: Turn, about: Company, code: str
) -> tuple[str, str]:
    """Draw a place in a conversation: what was said, the votes, and once the room has answered what it did."""
    answered = store.revealed().get(item.id, "")
    gains = store.screen.get("gains")
    parts = [f'<p class="about">{esc(item.heading)}</p>']
    # Once the room has answered, what came before makes room for the reply.
    if turn.said and not answered:
        parts.append(_talk(turn))
    elif not answered:
        matter = say("{person}. {matter}", person=turn.scene.person, matter=turn.scene.matter)
        parts.append(f'<p class="matter">{as_html(matter)}</p>')
    parts.append(f'<h1 class="prompt">{as_html(item.prompt)}</h1>')
    if turn.step is None:
        said = dialogues.standing_of(turn, gains, about) if gains else ""
        lines = "".join(f"<li>{as_html(choice.say)}</li>" for _, choice in turn.said)
        parts.append(f'<ol class="way">{lines}</ol>')
    elif answered:
        body, count = _votes(store, item, about)
        parts += [body, _talk(_after(turn, answered), reply_only=True)]
        now = dialogues.standing_of(turn, gains, about, answered) if gains else ""
        said = f"{count} {now}".strip()
    else:
        body, said = _votes(store, item, about)
        parts += [body, f'<p class="note">{esc(_how_to_vote(code))}</p>']
    return (
        f'<section class="item scene">{"".join(parts)}<p class="said">{as_html(said)}</p></section>',
        said,
    )


def _after(turn: Turn, letter: str) -> Turn:
    """Give the place to which a letter leads, in the words of the place before."""
    found = dialogues.find_turn(dialogues.turn_id(turn.scene.id, turn.path + letter), turn.scene)
    assert found is not None
    return found


def _talk(turn: Turn, *, reply_only: bool = False) -> str:
    """Write the room's last answer with the reply and the reason."""
    _, choice = turn.said[-1]
    ours = "" if reply_only else f"<p>{as_html(say('We: “{said}”', said=choice.say))}</p>"
    reply = say("{person}: “{reply}”", person=turn.scene.person, reply=choice.reply)
    return (
        f'<div class="talk">{ours}<p>{as_html(reply)}</p>'
        f'<p class="why">{as_html(choice.why)}</p></div>'
    )


def _how_to_vote(code: str) -> str:
    try:
        address = f"{read_code(code).url}/vote"
    except NoRoomCode:
        return say("Vote with the letter, in a notebook: vote(…).")
    return say(
        'Vote: on a telephone at {address}, with the code {code}; or in a notebook: vote("a").',
        address=address,
        code=code,
    )


def _too_few(count: int) -> tuple[str, str]:
    said = say_many(
        "{count} answer so far. The picture opens at {least}.",
        "{count} answers so far. The picture opens at {least}.",
        count,
        least=LEAST,
    )
    dots = "".join(f'<span class="{"on" if at < count else ""}"></span>' for at in range(LEAST))
    return f'<div class="dots" aria-hidden="true">{dots}</div>', said


def _guesses(store: Store, item: Item, about: Company) -> tuple[str, str]:
    """Draw numbers as a histogram, with the answer once it is revealed."""
    values = store.latest("prediction", item.id)
    answer = store.revealed().get(item.id)
    bars = pictures.histogram(values, per_cent=item.of_hundred, answer=answer)
    if not bars:
        body, sentence = _too_few(len(values))
        words = [sentence, *(_answer_words(item, [], answer, about) if answer is not None else [])]
        return body, " ".join(words)
    middle = items.value_said(item, pictures.middle(values), about)
    said = [
        say_many("{count} prediction.", "{count} predictions.", len(values)),
        say("The middle one is {value}.", value=middle),
    ]
    if answer is not None:
        said += _answer_words(item, values, answer, about)
    whole = " ".join(said)
    return _columns(item, bars, answer, about, whole), whole


def _answer_words(item: Item, values: list[float], answer: Any, about: Company) -> list[str]:
    said = [say("The answer: {value}.", value=items.value_said(item, answer, about))]
    if values:
        close = pictures.hidden_if_few(items.close_to(item, values, answer))
        said.append(
            say("Close to it: fewer than {least}.", least=LEAST)
            if close is None
            else say("Close to it: {count} of {of}.", count=close, of=len(values))
        )
    why = getattr(item.asked, "why", "")
    return [*said, why] if why else said


def _columns(item: Item, bars: tuple[Bar, ...], answer: Any, about: Company, words: str) -> str:
    most = max((bar.count or _FEW_HEIGHT) for bar in bars)
    drawn = []
    for bar in bars:
        height = (_FEW_HEIGHT if bar.few else bar.count or 0) / most
        count = say("few") if bar.few else bar.count or ""
        drawn.append(
            f'<div class="column{" few" if bar.few else ""}"><span class="count">{esc(count)}</span>'
            f'<span class="fill" style="--part:{height:.4f}"></span></div>'
        )
    ticks = "".join(f"<span>{esc(_tick(item, bar, about))}</span>" for bar in bars)
    mark = ""
    if answer is not None:
        at = 100 * pictures.place_of(answer, bars)
        side = " left" if at > 60 else ""
        told = esc(items.value_said(item, answer, about))
        mark = f'<div class="answer{side}" style="left:{at:.2f}%"><b>{told}</b></div>'
    return (
        f'<div class="histogram" role="img" aria-label="{esc(words)}"><div class="columns">{"".join(drawn)}{mark}</div>'
        f'<div class="ticks">{ticks}</div></div>{_few_note(bars)}'
    )


def _tick(item: Item, bar: Bar, about: Company) -> str:
    """Say which values a bar holds, without the unit: the prompt has it."""

    def short(value: float | None) -> str:
        if value is None:
            return ""
        return f"{value:,.10g}" if abs(value) < 1e6 else f"{value:.3g}"

    if bar.low is None:
        return say("under {high}", high=short(bar.high))
    if bar.high is None:
        return say("{low} or more", low=short(bar.low))
    return say("{low} to {high}", low=short(bar.low), high=short(bar.high))


def _few_note(bars: tuple[Bar, ...] | list[Bar]) -> str:
    if not any(bar.few for bar in bars):
        return ""
    words = say("Hatched: one to four answers, which are not counted here.")
    return f'<p class="note">{esc(words)}</p>'


def _votes(store: Store, item: Item, about: Company) -> tuple[str, str]:
    """Draw votes as one bar an option; the right one is marked once it is revealed."""
    letters = (
        store.first("quiz", item.id) if item.kind == "quiz" else store.latest(item.kind, item.id)
    )
    answer = store.revealed().get(item.id)
    bars = pictures.choices(letters, tuple(item.options))
    mark = say("the room's answer") if isinstance(item.asked, Turn) else say("right")
    if not bars:
        body, sentence = _too_few(len(letters))
        options = "".join(
            f'<li class="{"right" if letter == answer else ""}"><b>{letter})</b> {as_html(text)}</li>'
            for letter, text in item.options.items()
        )
        return f'<ul class="options">{options}</ul>{body}', sentence
    most = max((bar.count or _FEW_HEIGHT) for bar in bars)
    rows = []
    for bar in bars:
        right = bar.letter == answer
        width = (_FEW_HEIGHT if bar.few else bar.count or 0) / most
        count = say("few") if bar.few else bar.count
        tick = f' <span class="tick">✓ {esc(mark)}</span>' if right else ""
        rows.append(
            f'<li class="row{" few" if bar.few else ""}{" right" if right else ""}">'
            f'<span class="text"><b>{bar.letter})</b> {as_html(item.options[bar.letter])}{tick}</span>'
            f'<span class="track"><span class="fill" style="--part:{width:.4f}"></span>'
            f'<span class="count">{esc(count)}</span></span></li>'
        )
    said = [say_many("{count} answer.", "{count} answers.", len(letters))]
    if answer is not None:
        said += _after_vote(item, answer)
    return f'<ul class="rows">{"".join(rows)}</ul>{_few_note(bars)}', " ".join(said)


def _after_vote(item: Item, answer: str) -> list[str]:
    if isinstance(item.asked, Turn):
        return []
    if isinstance(item.asked, QuizQuestion):
        return [item.asked.options[_LETTERS.index(answer)].feedback]
    why = getattr(item.asked, "why", "")
    return [say("The answer: {value}.", value=f"“{item.options[answer]}”"), *([why] if why else [])]


def _checks(store: Store, item: Item) -> tuple[str, str]:
    """Draw where people stand with a question, and which known mistakes they made."""
    people = store.tries(item.id)
    found = pictures.checked(people)
    if found is None:
        return _too_few(len(people))
    where = [
        (say("right at the first try"), found.at_once, "good"),
        (say("right after more tries"), found.later, "good light"),
        (say("kept for your trainer"), found.written, "calm"),
        (say("not yet"), found.not_yet, "look"),
    ]
    parts = [f"<div>{_people_rows([row for row in where if row[1] != 0], found.people)}</div>"]
    ways: list[tuple[str, int | None, str]] = [
        (item.ways[way - 1], count, "bad") for way, count in found.ways if way <= len(item.ways)
    ]
    if found.other_ways != 0 and (ways or found.other_ways is not None):
        ways.append(
            (say("other mistakes, or known ones of fewer than five"), found.other_ways, "muted")
        )
    if ways:
        title = f"<h2>{esc(say('What went wrong on the way'))}</h2>"
        parts.append(f"<div>{title}{_people_rows(ways, found.people)}</div>")
    hatched = any(count is None for _, count, _ in [*where, *ways])
    note = _few_note([Bar(None)]) if hatched else ""
    right = (found.at_once or 0) + (found.later or 0)
    said = say_many("{count} person has answered.", "{count} people have answered.", found.people)
    if found.at_once is not None and found.later is not None:
        said += " " + say("Right by now: {share:.0%}.", share=right / found.people)
    return f'<div class="two">{"".join(parts)}</div>{note}', said


def _people_rows(rows: list[tuple[str, int | None, str]], of: int) -> str:
    drawn = []
    for text, count, tone in rows:
        width = (_FEW_HEIGHT if count is None else count) / of
        drawn.append(
            f'<li class="row {tone}{" few" if count is None else ""}"><span class="text">{as_html(text)}</span>'
            f'<span class="track"><span class="fill" style="--part:{width:.4f}"></span>'
            f'<span class="count">{esc(say("few") if count is None else count)}</span></span></li>'
        )
    return f'<ul class="rows">{"".join(drawn)}</ul>'


def whole(code: str) -> str:
    """Write the page, into which the script puts what :func:`state` gives."""
    lessons = "".join(
        f'<option value="{esc(number)}">{esc(number)}</option>' for number in bank.lessons()
    )
    spoken = language().replace("_", "-")
    keys = say("Keys: ← → through the lesson, A answer, F follow the room, D dark or light.")
    return f"""<!doctype html>
<html lang="{spoken}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>crmkit live</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="live.css">
<script src="live.js" defer></script>
</head>
<body data-lost="{esc(say("crmkit live does not answer: is it still running in the terminal?"))}"
 data-again="{esc(say("Is the answer written as a number or a letter?"))}">
<header>
<p class="brand">crmkit live</p>
<p class="code"><span>{esc(say("Take part:"))}</span> <code>join("{esc(code)}")</code></p>
<p class="people" id="people"></p>
</header>
<p class="lost" id="lost" role="alert" hidden></p>
<main id="stage" tabindex="-1"></main>
<p class="unseen" id="spoken" role="status" aria-live="polite"></p>
<footer>
<form id="controls" aria-label="{esc(say("What the page shows"))}">
<label>{esc(say("Lesson"))} <select id="lesson"><option value="">–</option>{lessons}</select></label>
<label>{esc(say("Shows"))} <select id="item"><option value="">{esc(say("How to take part"))}</option></select></label>
<button type="button" id="before" aria-label="{esc(say("The one before"))}">←</button>
<button type="button" id="after" aria-label="{esc(say("The next one"))}">→</button>
<button type="button" id="follow" aria-pressed="false">{esc(say("Follow the room"))}</button>
<label id="result-label" hidden><span id="result-name"></span>
 <input id="result" size="9" autocomplete="off"></label>
<button type="button" id="reveal"></button>
<button type="button" id="dark">{esc(say("Dark or light"))}</button>
<button type="button" id="open" data-close="{esc(say("Close the room"))}"
 data-open="{esc(say("Open the room again"))}"></button>
</form>
<p class="keys">{esc(keys)}</p>
</footer>
</body>
</html>
"""


def closed_door() -> str:
    """Write the page that somebody without the trainer's link sees."""
    words = say(
        "This is the trainer's page of a room. It opens with the link that crmkit live shows in the trainer's terminal."
    )
    take_part = say("To take part, run join(…) with the room code in a notebook.")
    return (
        f'<!doctype html>\n<html lang="{language().replace("_", "-")}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<title>crmkit live</title><link rel="icon" href="data:,"><link rel="stylesheet" href="live.css"></head>'
        f'<body><main><section class="welcome"><h1>crmkit live</h1><p>{esc(words)}</p><p>{esc(take_part)}</p>'
        "</section></main></body></html>\n"
    )
