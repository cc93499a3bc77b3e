"""A conversation that a room holds together: which step it is at, what may be voted, and what became of it.

An item is a scene with the letters that the room has answered so far: "our_mistake-" is its first step,
"our_mistake-cb" the third. So a place in a conversation is an id like any other, and a vote is a letter.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from crmkit.brand import Gains, fit_delta_rule
from crmkit.companies import Company
from crmkit.errors import CrmkitError
from crmkit.live.pictures import enough
from crmkit.practice.tables import OwnTables
from crmkit.relations.conversation import LETTERS, State, begin, majority, say_it, standing
from crmkit.relations.scenes import (
    MOST_STEPS,
    Choice,
    Scene,
    Step,
    read_scene,
    scene_names,
    tell_scene,
)
from crmkit.say import say

KIND = "scene"
#: The lesson in whose list the scenes stand.
LESSON = "68"
#: An id is a scene's name, a dash, and the letters so far.
MOST_LETTERS = 60 + 1 + MOST_STEPS

_own: dict[str, Scene] = {}


@lru_cache(maxsize=1)
def _shipped() -> dict[str, Scene]:
    return {name: read_scene(name) for name in scene_names()}


def offer(files: Iterable[str | Path]) -> None:
    """Offer a trainer's own scenes beside those that ship.

    Parameters
    ----------
    files
        As docs/own_scenes.md describes them. One with the name of a scene that ships takes its place.

    Raises
    ------
    CrmkitError
        What is wrong in which file.
    """
    read = [read_scene(Path(file)) for file in files]
    for scene in read:
        if len(scene.id) > MOST_LETTERS - 1 - MOST_STEPS or "/" in scene.id:
            raise CrmkitError(
                f"{scene.id}.toml: give the file a shorter name, of 60 letters at most."
            )
    _own.clear()
    _own.update((scene.id, scene) for scene in read)


def scenes() -> dict[str, Scene]:
    """Give the scenes that a room can play, a trainer's own ones first.

    Examples
    --------
    >>> "our_mistake" in scenes()
    True
    """
    return _own | {name: scene for name, scene in _shipped().items() if name not in _own}


@dataclass(frozen=True)
class Turn:
    """A place in a conversation.

    Parameters
    ----------
    scene
        The conversation.
    path
        The letters of the answers so far.
    said
        The same: step and choice.
    step
        What is to be answered; None where the conversation is over.
    """

    scene: Scene
    path: str
    said: tuple[tuple[Step, Choice], ...]
    step: Step | None

    @property
    def letters(self) -> str:
        """The letters that may be voted."""
        return "" if self.step is None else LETTERS[: len(self.step.choices)]

    @property
    def id(self) -> str:
        """Its id in a room."""
        return turn_id(self.scene.id, self.path)

    def told(self, about: Company) -> Turn:
        """Give the same in the reader's language, with a company's words."""
        found = find_turn(self.id, tell_scene(self.scene, about))
        assert found is not None
        return found


def turn_id(scene: str, path: str = "") -> str:
    """Name a place in a conversation.

    Examples
    --------
    >>> turn_id("our_mistake", "cb")
    'our_mistake-cb'
    """
    return f"{scene}-{path}"


def find_turn(item: str, scene: Scene | None = None) -> Turn | None:
    """Find a place in a conversation; None where no way leads there.

    Parameters
    ----------
    item
        A scene's name, a dash, and letters.
    scene
        The scene; found by its name if not given.

    Examples
    --------
    >>> turn = find_turn("our_mistake-c")
    >>> turn.step.id, turn.letters, find_turn("our_mistake-cba").step is None
    ('how_soon', 'abc', True)
    >>> find_turn("our_mistake-cbaa") is None, find_turn("no_scene-") is None
    (True, True)
    """
    name, dash, path = item.rpartition("-")
    scene = scene or scenes().get(name)
    if scene is None or not dash or len(path) > MOST_STEPS:
        return None
    step: Step | None = scene.steps[scene.start]
    said: list[tuple[Step, Choice]] = []
    for letter in path:
        place = LETTERS.find(letter)
        if step is None or not 0 <= place < len(step.choices):
            return None
        choice = step.choices[place]
        said.append((step, choice))
        step = scene.steps.get(choice.next)
    return Turn(scene, path, tuple(said), step)


def choice_at(turn: Turn, letter: str) -> Choice:
    """Give the choice of a letter."""
    assert turn.step is not None
    return turn.step.choices[LETTERS.index(letter)]


def room_answer(turn: Turn, votes: Sequence[str], typed: object = None) -> str | None:
    """Say how a room answers: as the trainer typed, else as most have voted; None where neither says it.

    Fewer than five votes decide nothing: the way that the conversation takes would tell what they were. Then the
    trainer asks the room and types the letter.

    Examples
    --------
    >>> turn = find_turn("our_mistake-")
    >>> room_answer(turn, list("ccbca")), room_answer(turn, list("ccc")), room_answer(turn, list("ccc"), " B ")
    ('c', None, 'b')
    """
    if turn.step is None:
        return None
    if isinstance(typed, str) and typed.strip():
        letter = typed.strip().lower()
        return letter if len(letter) == 1 and letter in turn.letters else None
    if not enough(votes):
        return None
    return LETTERS[turn.step.choices.index(majority(turn.step, list(votes)))]


def gains_of(tables: OwnTables) -> list[float]:
    """Fit how far trust moves from a trainer's own diaries, as lesson 68 does; without any take its recipe's gains."""
    try:
        found = fit_delta_rule(tables.load("diaries"), tables.load("diary_people"))
    except CrmkitError:  # this company has no diaries
        return [0.06, 0.18, 0.42]
    by_name = found.set_index("parameter")["estimate"]
    return [float(by_name[name]) for name in ("message", "good", "bad")]


def state_at(turn: Turn, gains: Sequence[float], letter: str = "") -> State:
    """Follow a conversation to a place, and one answer further if a letter is given."""
    state = begin(turn.scene, Gains(*gains))
    for said in turn.path + letter:
        state = say_it(state, said)
    return state


def standing_of(turn: Turn, gains: Sequence[float], about: Company, letter: str = "") -> str:
    """Say how trust, minutes and money stand, and at the end how the room's way compares."""
    return standing(state_at(turn, gains, letter), about)


def heading(turn: Turn) -> str:
    """Name a place in a conversation."""
    if turn.step is None:
        return say("Conversation: {title}, the end", title=turn.scene.title)
    if not turn.path:
        return say("Conversation: {title}", title=turn.scene.title)
    return say(
        "Conversation: {title}, answer {number}",
        title=turn.scene.title,
        number=len(turn.path) + 1,
    )


def for_students(turn: Turn, answered: str | None) -> dict[str, Any]:
    """Give what a student's page or notebook shows of a place: texts, and the letters that may be voted.

    Parameters
    ----------
    turn
        In the reader's language.
    answered
        The letter that the room has said here, once it has.
    """
    last = turn.said[-1] if turn.said else None
    if answered and turn.step is not None:
        last = (turn.step, choice_at(turn, answered))
    return {
        "person": turn.scene.person,
        "matter": turn.scene.matter,
        "last": None if last is None else [last[1].say, last[1].reply, last[1].why],
        "says": "" if turn.step is None or answered else turn.step.says,
        "choices": []
        if turn.step is None or answered
        else [
            [letter, choice.say] for letter, choice in zip(LETTERS, turn.step.choices, strict=False)
        ],
        "over": turn.step is None,
    }
