"""A conversation with a customer as a data file: read, checked, and told in the reader's language.

A scene is a TOML file: a person with a matter, and steps. In each step the customer says something and the seller has
two to four choices. A choice is an experience of a stated quality (`rating`, 0 to 10) or a promise; what it does to
trust is not written in the file but follows from the rule of lesson 42 (`crmkit.brand.belief_path`). docs/own_scenes.md
goes through a file line by line.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from crmkit.companies import FIELD, Company, company, fill, shipped
from crmkit.errors import CrmkitError
from crmkit.say import translated

FOLDER = Path(__file__).parent / "dialogues"
#: What `next` says where the conversation is over.
END = "end"
#: A choice is something that the customer experiences, or a promise, which moves trust as an advertisement does.
KINDS = ("experience", "promise")
#: More steps one after the other make more paths than a class can talk about.
MOST_STEPS = 6
MOST_CHOICES = 4
MOST_IN_ALL = 60
#: No single sentence costs or brings more than this.
MOST_MONEY = 10_000

_SCENE = {
    "title": str, "person": str, "matter": str, "trust": float, "worth": float, "minute": float,
    "start": str, "step": list,
}  # fmt: skip
_STEP = {"id": str, "says": str, "choice": list}
_CHOICE = {
    "id": str, "say": str, "rating": float, "minutes": float, "reply": str, "why": str, "next": str,
}  # fmt: skip
_MAY = {"kind": str, "money": float, "gives_in": bool}
_WORDS = {str: "a text", float: "a number", list: "a list", bool: "true or false"}


@dataclass(frozen=True)
class Choice:
    """One thing to say or do.

    Parameters
    ----------
    id
        Its name within the step.
    say
        What is said or done.
    rating
        How good the customer finds it, 0 to 10; of a promise, how much it promises.
    minutes
        How long it takes.
    reply
        What the customer answers.
    why
        Why it does what it does.
    next
        Id of the next step, or "end".
    kind
        "experience" or "promise".
    money
        Margin that it brings (or, below zero, what it costs), in the company's currency.
    gives_in
        Whether the customer gets what was demanded.
    """

    id: str
    say: str
    rating: float
    minutes: float
    reply: str
    why: str
    next: str
    kind: str = "experience"
    money: float = 0.0
    gives_in: bool = False


@dataclass(frozen=True)
class Step:
    """What the customer says, and what can be answered."""

    id: str
    says: str
    choices: tuple[Choice, ...]


@dataclass(frozen=True)
class Scene:
    """A conversation with all its ways.

    Parameters
    ----------
    id
        The file's name without its end.
    title
        A few words.
    person
        The customer's name.
    matter
        Who it is and what it is about.
    trust
        The customer's trust before it begins, 0 to 10.
    worth
        What a point of this customer's trust is worth, in the company's currency.
    minute
        What a minute of the seller costs in this situation.
    start
        Id of the first step.
    steps
        All steps by id.
    """

    id: str
    title: str
    person: str
    matter: str
    trust: float
    worth: float
    minute: float
    start: str
    steps: Mapping[str, Step] = field(repr=False)


def scene_names() -> list[str]:
    """List the scenes that ship.

    Examples
    --------
    >>> len(scene_names()) >= 8, "our_mistake" in scene_names()
    (True, True)
    """
    return sorted(path.stem for path in FOLDER.glob("*.toml"))


def read_scene(scene: str | Path) -> Scene:
    """Read and check a scene.

    Parameters
    ----------
    scene
        The name of a scene that ships, such as "price_pressure", or the path of a file of your own (``.toml``).

    Raises
    ------
    CrmkitError
        What is wrong in the file, in which step, choice and field, and what to do.

    Examples
    --------
    >>> scene = read_scene("price_pressure")
    >>> scene.person, len(scene.steps[scene.start].choices)
    ('Dana Novak', 3)
    """
    given = Path(scene)
    if given.suffix.lower() != ".toml" and str(scene) in scene_names():
        given = FOLDER / f"{scene}.toml"
    elif given.suffix.lower() != ".toml":
        raise CrmkitError(
            f"There is no scene {str(scene)!r}. Scenes: {', '.join(scene_names())}. A file of your own ends in .toml."
        )
    try:
        text = given.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise CrmkitError(
            f"{given} cannot be read: {error.strerror or error}. Check the path."
        ) from error
    except UnicodeDecodeError as error:
        raise CrmkitError(
            f"{given.name} is not UTF-8. Save it as UTF-8 in your editor (“Save as”, “Encoding”)."
        ) from error
    try:
        told = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise CrmkitError(
            f"{given.name} is not TOML: {error}. Texts are in quotation marks, and a quotation mark inside a text "
            'has a backslash before it (\\").'
        ) from error
    return _Reader(given.name).scene(given.stem, told)


class _Reader:
    """Reads one file; every error names it."""

    def __init__(self, name: str) -> None:
        self.name = name

    def wrong(self, where: str, what: str) -> CrmkitError:
        return CrmkitError(f"{self.name}, {where}: {what}" if where else f"{self.name}: {what}")

    def scene(self, name: str, told: Mapping[str, Any]) -> Scene:
        own = self.fields(told, _SCENE, {}, "")
        self.within(own, "trust", 0, 10, "")
        self.within(own, "worth", 0, MOST_MONEY, "")
        self.within(own, "minute", 0, MOST_MONEY, "")
        steps: dict[str, Step] = {}
        for number, part in enumerate(own.pop("step"), start=1):
            step = self.step(part, f"step {number}")
            if step.id in steps:
                raise self.wrong(
                    f"step {number}", f"there is another step '{step.id}'. Rename one."
                )
            steps[step.id] = step
        if not 1 <= len(steps) <= MOST_IN_ALL:
            raise self.wrong(
                "",
                f"there are {len(steps)} steps. Give it 1 to {MOST_IN_ALL}, each begun with [[step]].",
            )
        scene = Scene(id=name, steps=steps, **own)
        self.ways(scene)
        return scene

    def step(self, told: Any, where: str) -> Step:
        own = self.fields(told, _STEP, {}, where)
        where = f"step '{own['id']}'"
        if own["id"] == END:
            raise self.wrong(where, f"'{END}' is kept for the end. Rename the step.")
        choices = tuple(
            self.choice(part, f"{where}, choice {number}")
            for number, part in enumerate(own["choice"], start=1)
        )
        if not 2 <= len(choices) <= MOST_CHOICES:
            raise self.wrong(
                where,
                f"it has {len(choices)} choices. Give it 2 to {MOST_CHOICES}, each begun with [[step.choice]].",
            )
        names = [choice.id for choice in choices]
        for name in names:
            if names.count(name) > 1:
                raise self.wrong(where, f"two choices are called '{name}'. Rename one.")
        return Step(own["id"], own["says"], choices)

    def choice(self, told: Any, where: str) -> Choice:
        own = self.fields(told, _CHOICE, _MAY, where)
        where = f"{where.rpartition(',')[0]}, choice '{own['id']}'"
        self.within(own, "rating", 0, 10, where)
        self.within(own, "minutes", 0, 240, where)
        self.within(own, "money", -MOST_MONEY, MOST_MONEY, where)
        if own.get("kind", KINDS[0]) not in KINDS:
            raise self.wrong(
                where, f"kind is '{own['kind']}'. It is one of {', '.join(KINDS)}, or left out."
            )
        return Choice(**own)

    def fields(
        self, told: Any, must: Mapping[str, type], may: Mapping[str, type], where: str
    ) -> dict[str, Any]:
        """Check names and types of a part's fields, and that its texts say something."""
        if not isinstance(told, dict):
            raise self.wrong(
                where, "this is no table. Begin it with two square brackets: [[step]]."
            )
        for name in told:
            if name not in must and name not in may:
                known = ", ".join([*must, *may])
                raise self.wrong(where, f"there is no field '{name}'. Fields: {known}.")
        own: dict[str, Any] = {}
        for name, kind in {**must, **may}.items():
            if name not in told:
                if name in may:
                    continue
                raise self.wrong(where, f"'{name}' is missing. Add it: it is {_WORDS[kind]}.")
            value = told[name]
            is_number = isinstance(value, int | float) and not isinstance(value, bool)
            if not (is_number if kind is float else isinstance(value, kind)):
                raise self.wrong(where, f"'{name}' is {value!r}. Write {_WORDS[kind]}.")
            if kind is str:
                self.text(value, name, where)
            own[name] = float(value) if kind is float else value
        return own

    def text(self, value: str, name: str, where: str) -> None:
        if not value.strip():
            raise self.wrong(where, f"'{name}' is empty. Write what a reader is to read.")
        if name in ("id", "next", "start") and not re.fullmatch(r"[a-z][a-z0-9_]*", value):
            raise self.wrong(
                where,
                f"'{name}' is {value!r}. Use small letters, digits and _, a letter first.",
            )
        if FIELD.search(value):
            try:
                fill(value, shipped("fernwell"))
            except CrmkitError as error:
                raise self.wrong(where, f"'{name}': {error}") from error

    def within(
        self, own: Mapping[str, Any], name: str, least: float, most: float, where: str
    ) -> None:
        value = own.get(name, least)
        if not least <= value <= most:  # also false for NaN
            raise self.wrong(
                where, f"'{name}' is {value:g}. It lies between {least:,} and {most:,}."
            )

    def ways(self, scene: Scene) -> None:
        """Walk all ways: each ends, none leads nowhere, and every step is on one."""
        if scene.start not in scene.steps:
            raise self.wrong(
                "", f"'start' names a step '{scene.start}' that there is not. {_known(scene)}"
            )
        for step in scene.steps.values():
            for choice in step.choices:
                if choice.next != END and choice.next not in scene.steps:
                    raise self.wrong(
                        f"step '{step.id}', choice '{choice.id}'",
                        f"'next' names a step '{choice.next}' that there is not. {_known(scene)}",
                    )
        seen: set[str] = set()
        longest: dict[str, int] = {}

        def walk(step: str, path: list[str]) -> int:
            if step in path:
                turn = " → ".join([*path[path.index(step) :], step])
                raise self.wrong(
                    f"step '{path[-1]}'",
                    f"the conversation goes round and never ends: {turn}. Let one 'next' lead on, or to '{END}'.",
                )
            if step not in longest:
                seen.add(step)
                longest[step] = 1 + max(
                    0 if choice.next == END else walk(choice.next, [*path, step])
                    for choice in scene.steps[step].choices
                )
            return longest[step]

        steps = walk(scene.start, [])
        if lost := [step for step in scene.steps if step not in seen]:
            raise self.wrong(
                f"step '{lost[0]}'",
                "no choice leads to it. Name it as 'next' of a choice, or take the step out.",
            )
        if steps > MOST_STEPS:
            raise self.wrong(
                "",
                f"a conversation has up to {steps} steps one after the other. At most {MOST_STEPS} can be played.",
            )


def _known(scene: Scene) -> str:
    return f"Steps: {', '.join(scene.steps)}; or '{END}'."


def scene_texts(scene: Scene) -> Iterator[tuple[str, str]]:
    """Give all texts of a scene, each with its context: what a translator works on.

    Examples
    --------
    >>> next(scene_texts(read_scene("price_pressure")))[0]
    'scene price_pressure/title'
    """
    place = f"scene {scene.id}"
    for name in ("title", "person", "matter"):
        yield f"{place}/{name}", getattr(scene, name)
    for step in scene.steps.values():
        yield f"{place}/{step.id}/says", step.says
        for choice in step.choices:
            for name in ("say", "reply", "why"):
                yield f"{place}/{step.id}/{choice.id}/{name}", getattr(choice, name)


def tell_scene(scene: Scene, about: Company | None = None) -> Scene:
    """Give a scene in the reader's language and with a company's own words.

    Parameters
    ----------
    scene
        As `read_scene` gives it.
    about
        Whose words; default: the company whose tables are at hand.

    Examples
    --------
    >>> told = tell_scene(read_scene("price_pressure"), shipped("fernwell"))
    >>> "{company" in told.matter
    False
    """
    holds = any(FIELD.search(text) for _, text in scene_texts(scene))
    words = (about or company()) if holds else None

    def tell(text: str, where: str) -> str:
        found = translated(text, context=f"scene {scene.id}/{where}")
        return fill(found, words) if words is not None else found

    def tell_choice(step: str, choice: Choice) -> Choice:
        texts: dict[str, Any] = {
            name: tell(getattr(choice, name), f"{step}/{choice.id}/{name}")
            for name in ("say", "reply", "why")
        }
        return replace(choice, **texts)

    steps = {
        step.id: Step(
            step.id,
            tell(step.says, f"{step.id}/says"),
            tuple(tell_choice(step.id, choice) for choice in step.choices),
        )
        for step in scene.steps.values()
    }
    heads: dict[str, Any] = {
        name: tell(getattr(scene, name), name) for name in ("title", "person", "matter")
    }
    return replace(scene, steps=steps, **heads)


__all__ = [
    "END",
    "Choice",
    "Scene",
    "Step",
    "read_scene",
    "scene_names",
    "scene_texts",
    "tell_scene",
]
