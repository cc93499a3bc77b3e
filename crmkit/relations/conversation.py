"""A conversation as a game with rules: what each sentence does to trust, time and money.

The business problem: the same sentence is right with one customer and wrong with another. Etiquette says "be kind, take
your time, give in gracefully"; the till says "be quick, stay firm". Which is better, depends on what this customer's
trust is worth, what a minute costs now, and what giving in costs.

A state is followed choice by choice. **Trust** moves by the delta rule of lesson 42 (`crmkit.brand.belief_path`): by a
share of the surprise, with a larger share for bad surprises, and a small one for promises. **Minutes** and **money**
add up. The **score** is in money::

    score = money + worth of a point * (trust - trust before) - cost of a minute * minutes

As a conversation has a few dozen ways, all of them are walked: no search and no simulation is needed to find the best
one, or the mean of somebody who chooses at random.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from crmkit.brand.episodes import MESSAGE, Gains, belief_path
from crmkit.companies import Company
from crmkit.errors import CrmkitError
from crmkit.inputs import need_columns
from crmkit.relations.scenes import END, Choice, Scene, Step, tell_scene
from crmkit.say import labels, say

LETTERS = "abcd"
STYLES = labels("friendliest", "gives in", "quickest", "keeps the money")


@dataclass(frozen=True)
class State:
    """Where a conversation stands.

    Parameters
    ----------
    scene
        The conversation.
    gains
        How far trust moves.
    at
        Id of the step that is to be answered, or "end".
    trust
        The customer's trust now, 0 to 10.
    minutes, money
        What it has taken, and brought, so far.
    said
        The answers so far: step and choice.
    """

    scene: Scene
    gains: Gains
    at: str
    trust: float
    minutes: float = 0.0
    money: float = 0.0
    said: tuple[tuple[Step, Choice], ...] = ()

    @property
    def over(self) -> bool:
        """Whether the conversation is over."""
        return self.at == END

    @property
    def step(self) -> Step:
        """The step that is to be answered."""
        if self.over:
            raise CrmkitError("The conversation is over. Begin it again with begin(scene, gains).")
        return self.scene.steps[self.at]

    @property
    def score(self) -> float:
        """Money, and the worth of the trust that was won or lost, less the cost of the time."""
        return score_of(self.scene, self.trust, self.minutes, self.money)

    @property
    def path(self) -> str:
        """The letters of the answers so far, such as "bca"."""
        return "".join(LETTERS[step.choices.index(choice)] for step, choice in self.said)


def score_of(scene: Scene, trust: float, minutes: float, money: float) -> float:
    """Weigh trust, time and money of a conversation into one amount.

    Examples
    --------
    >>> from crmkit.relations.scenes import read_scene
    >>> scene = read_scene("our_mistake")  # a point of trust is worth 40, a minute costs 0.6
    >>> score_of(scene, trust=7.0, minutes=10, money=-20)
    14.0
    """
    return float(money + scene.worth * (trust - scene.trust) - scene.minute * minutes)


def as_gains(gains: Gains | pd.DataFrame) -> Gains:
    """Read the three gains from what `crmkit.brand.fit_delta_rule` found.

    Examples
    --------
    >>> found = pd.DataFrame({"parameter": ["message", "good", "bad"], "estimate": [0.06, 0.18, 0.42]})
    >>> as_gains(found)
    Gains(message=0.06, good=0.18, bad=0.42)
    """
    if isinstance(gains, Gains):
        return gains
    if not isinstance(gains, pd.DataFrame):
        raise CrmkitError(
            f"gains are a table from brand.fit_delta_rule, or brand.Gains(message, good, bad); this is {gains!r:.80}."
        )
    need_columns(gains, ("parameter", "estimate"), "gains")
    found = gains.set_index("parameter")["estimate"]
    if missing := [name for name in ("message", "good", "bad") if name not in found.index]:
        raise CrmkitError(f"gains have no row {', '.join(missing)}. Take brand.fit_delta_rule's.")
    return Gains(*(float(found[name]) for name in ("message", "good", "bad")))


def begin(scene: Scene, gains: Gains | pd.DataFrame) -> State:
    """Begin a conversation.

    Parameters
    ----------
    scene
        From `read_scene`.
    gains
        How far trust moves: from `crmkit.brand.fit_delta_rule`, or `crmkit.brand.Gains`.

    Examples
    --------
    >>> from crmkit.relations.scenes import read_scene
    >>> state = begin(read_scene("our_mistake"), Gains(0.06, 0.18, 0.42))
    >>> state.trust, state.step.id, [choice.id for choice in state.step.choices]
    (6.0, 'call', ['who_was_it', 'check', 'we_did'])
    """
    return State(scene, as_gains(gains), scene.start, scene.trust)


def find_choice(step: Step, choice: str | int) -> Choice:
    """Find a step's choice by its id, its letter (a, b, ...) or its number from 1.

    Examples
    --------
    >>> from crmkit.relations.scenes import read_scene
    >>> step = read_scene("our_mistake").steps["call"]
    >>> find_choice(step, "c").id, find_choice(step, 3).id, find_choice(step, "we_did").id
    ('we_did', 'we_did', 'we_did')
    """
    by_name = {one.id: one for one in step.choices}
    by_name |= dict(zip(LETTERS, step.choices, strict=False))
    by_name |= {str(number): one for number, one in enumerate(step.choices, start=1)}
    wanted = str(choice).strip().lower()
    if isinstance(choice, bool) or wanted not in by_name:
        letters = ", ".join(
            f"{letter} ({one.id})" for letter, one in zip(LETTERS, step.choices, strict=False)
        )
        raise CrmkitError(f"Step '{step.id}' has no choice {choice!r}. Choices: {letters}.")
    return by_name[wanted]


def say_it(state: State, choice: str | int) -> State:
    """Say one thing: give the state after it; the old one stays as it was.

    Parameters
    ----------
    state
        From `begin` or from the sentence before.
    choice
        A choice's letter, number or id.

    Raises
    ------
    CrmkitError
        The step has no such choice, or the conversation is over.

    Examples
    --------
    >>> from crmkit.relations.scenes import read_scene
    >>> state = begin(read_scene("our_mistake"), Gains(0.06, 0.18, 0.42))
    >>> after = say_it(state, "a")  # worth 2 to somebody who expected 6: a bad surprise of 4
    >>> round(after.trust, 2), after.minutes, after.at
    (4.32, 1.0, 'still_waiting')
    """
    step = state.step
    said = find_choice(step, choice)
    kind = MESSAGE if said.kind == "promise" else said.kind
    (trust,) = belief_path(state.trust, [said.rating], state.gains, [kind])
    return replace(
        state,
        at=said.next,
        trust=float(trust),
        minutes=state.minutes + said.minutes,
        money=state.money + said.money,
        said=(*state.said, (step, said)),
    )


Votes = str | int | Sequence[str | int]


def majority(step: Step, votes: Votes) -> Choice:
    """Give the choice that most of a class voted for; of choices with as many votes, the first on the list.

    Examples
    --------
    >>> from crmkit.relations.scenes import read_scene
    >>> majority(read_scene("our_mistake").steps["call"], ["c", "a", "c"]).id
    'we_did'
    """
    cast = [votes] if isinstance(votes, str | int) else list(votes)
    if not cast:
        raise CrmkitError(f"Nobody voted in step '{step.id}'. Give one letter at least.")
    count = Counter(step.choices.index(find_choice(step, vote)) for vote in cast)
    return step.choices[min(count, key=lambda place: (-count[place], place))]


def play(scene: Scene, answers: Iterable[Votes], gains: Gains | pd.DataFrame) -> State:
    """Play a conversation without buttons: alone, or with the votes of a class.

    Parameters
    ----------
    scene
        From `read_scene`.
    answers
        For each step one answer (letter, number or id), or a list of votes, of which the majority counts. A
        text of letters such as "cba" is three answers. Fewer than the scene has steps leave it open.
    gains
        As for `begin`.

    Returns
    -------
    State

    Raises
    ------
    CrmkitError
        A step has no such choice, nobody voted, or there are answers left over when the conversation is over.

    Examples
    --------
    >>> from crmkit.relations.scenes import read_scene
    >>> gains = Gains(0.06, 0.18, 0.42)
    >>> state = play(read_scene("our_mistake"), ["c", ["b", "b", "a"], "a"], gains)
    >>> state.path, state.over
    ('cba', True)
    """
    state = begin(scene, gains)
    for number, votes in enumerate(answers, start=1):
        if state.over:
            raise CrmkitError(
                f"The conversation is over after {number - 1} answers; answer {number} ({votes!r}) is one too many."
            )
        state = say_it(state, majority(state.step, votes).id)
    return state


def report(state: State) -> pd.DataFrame:
    """Tell a conversation sentence by sentence.

    Parameters
    ----------
    state
        Where it stands; it need not be over.

    Returns
    -------
    DataFrame, one row for each answer
        step, said, trust (after it), minutes, money (of this answer), reply, why; texts in the reader's language.

    Examples
    --------
    >>> from crmkit.relations.scenes import read_scene
    >>> table = report(play(read_scene("our_mistake"), "cba", Gains(0.06, 0.18, 0.42)))
    >>> table["trust"].round(2).tolist(), table["minutes"].tolist()
    ([6.36, 6.75, 7.06], [2.0, 5.0, 4.0])
    """
    told = tell_scene(state.scene)
    now = begin(state.scene, state.gains)
    rows = []
    for step, choice in state.said:
        now = say_it(now, choice.id)
        texts = find_choice(told.steps[step.id], choice.id)
        rows.append(
            (step.id, texts.say, now.trust, choice.minutes, choice.money, texts.reply, texts.why)
        )
    columns = ["step", "said", "trust", "minutes", "money", "reply", "why"]
    return pd.DataFrame(rows, columns=columns)


def _ends(state: State) -> Iterator[State]:
    """Walk all ways from a state to the end, in the order of the letters."""
    if state.over:
        yield state
        return
    for choice in state.step.choices:
        yield from _ends(say_it(state, choice.id))


def _chance(state: State, since: int = 0) -> float:
    """Give the chance of a way when every choice from answer `since` on is made at random."""
    return float(np.prod([1 / len(step.choices) for step, _ in state.said[since:]]))


def all_paths(scene: Scene, gains: Gains | pd.DataFrame) -> pd.DataFrame:
    """List all ways through a conversation with what each leads to.

    Parameters
    ----------
    scene, gains
        As for `begin`.

    Returns
    -------
    DataFrame, best first
        path (letters), trust, minutes, money, score, chance (that somebody who picks at random goes this way; they
        add up to 1).

    Examples
    --------
    >>> from crmkit.relations.scenes import read_scene
    >>> paths = all_paths(read_scene("our_mistake"), Gains(0.06, 0.18, 0.42))
    >>> len(paths), paths["path"][0], round(float(paths["chance"].sum()), 9)
    (63, 'cba', 1.0)
    """
    rows = [
        (end.path, end.trust, end.minutes, end.money, end.score, _chance(end))
        for end in _ends(begin(scene, gains))
    ]
    table = pd.DataFrame(rows, columns=["path", "trust", "minutes", "money", "score", "chance"])
    return table.sort_values("score", ascending=False, kind="stable", ignore_index=True)


def mean_score(paths: pd.DataFrame) -> float:
    """Give the mean score of somebody who picks every answer at random.

    Examples
    --------
    >>> mean_score(pd.DataFrame({"score": [10.0, -20.0], "chance": [0.75, 0.25]}))
    2.5
    """
    need_columns(paths, ("score", "chance"), "paths")
    return float((paths["score"] * paths["chance"]).sum())


#: What each style looks at; the choice with the largest value is taken, the first of several.
_LIKES: dict[str, Callable[[Choice], tuple[float, ...]]] = {
    "friendliest": lambda choice: (choice.kind == "experience", choice.rating),
    "gives in": lambda choice: (choice.gives_in, choice.kind == "experience", choice.rating),
    "quickest": lambda choice: (-choice.minutes,),
    "keeps the money": lambda choice: (choice.money, -choice.minutes),
}


def by_style(scene: Scene, style: str, gains: Gains | pd.DataFrame) -> State:
    """Let somebody talk who has one habit and keeps it.

    Parameters
    ----------
    scene, gains
        As for `begin`.
    style
        "friendliest" takes what the customer rates highest (no promises), "gives in" takes what was demanded where
        it is offered and is the friendliest elsewhere, "quickest" takes the fewest minutes, "keeps the money" the
        largest amount of money.

    Examples
    --------
    >>> from crmkit.relations.scenes import read_scene
    >>> by_style(read_scene("our_mistake"), "gives in", Gains(0.06, 0.18, 0.42)).path
    'ccc'
    """
    if style not in _LIKES:
        raise CrmkitError(f"There is no style {style!r}. Styles: {', '.join(STYLES)}.")
    state = begin(scene, gains)
    while not state.over:
        state = say_it(state, max(state.step.choices, key=_LIKES[style]).id)
    return state


def compare_styles(scenes: Iterable[Scene], gains: Gains | pd.DataFrame) -> pd.DataFrame:
    """Set four habits beside somebody who talks at random, and beside the best way, scene by scene.

    Parameters
    ----------
    scenes
        From `read_scene`.
    gains
        As for `begin`.

    Returns
    -------
    DataFrame, index scene
        Scores: friendliest, gives in, quickest, keeps the money, at random (the mean), best.

    Examples
    --------
    >>> from crmkit.relations.scenes import read_scene
    >>> table = compare_styles([read_scene("our_mistake")], Gains(0.06, 0.18, 0.42))
    >>> bool((table.loc["our_mistake"] <= table.loc["our_mistake", "best"]).all())
    True
    """
    rows = {}
    for scene in scenes:
        paths = all_paths(scene, gains)
        row = {style: by_style(scene, style, gains).score for style in STYLES}
        rows[scene.id] = row | {"at random": mean_score(paths), "best": float(paths["score"][0])}
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("scene")


def choice_values(scene: Scene, gains: Gains | pd.DataFrame) -> pd.DataFrame:
    """Say what each choice leads to, and how much a wrong one costs even if all goes well after it.

    Parameters
    ----------
    scene, gains
        As for `begin`.

    Returns
    -------
    DataFrame, one row for each choice, in the scene's order
        step, choice (letter), id, best (the highest score of all ways through this choice), at_random (the mean of
        those ways if all other choices are made at random), loses (the best of the step less the best of this
        choice).

    Notes
    -----
    Trust depends on what came before, so `loses` compares the best ways through each choice, also those that
    come to the step in different ways.

    Examples
    --------
    >>> from crmkit.relations.scenes import read_scene
    >>> table = choice_values(read_scene("our_mistake"), Gains(0.06, 0.18, 0.42))
    >>> table.loc[table["step"] == "call", "choice"].tolist(), float(table["loses"].min())
    (['a', 'b', 'c'], 0.0)
    """
    through: dict[tuple[str, str], list[tuple[float, float]]] = {
        (step.id, choice.id): [] for step in scene.steps.values() for choice in step.choices
    }
    for end in _ends(begin(scene, gains)):
        for step, choice in end.said:
            through[step.id, choice.id].append((end.score, _chance(end)))
    rows = []
    for step in scene.steps.values():
        for letter, choice in zip(LETTERS, step.choices, strict=False):
            score, chance = np.array(through[step.id, choice.id]).T
            mean = float((score * chance).sum() / chance.sum())
            rows.append((step.id, letter, choice.id, float(score.max()), mean))
    table = pd.DataFrame(rows, columns=["step", "choice", "id", "best", "at_random"])
    table["loses"] = table.groupby("step")["best"].transform("max") - table["best"]
    return table


def better_than(paths: pd.DataFrame, score: float) -> float:
    """Give the share of random talkers who do worse than a score.

    Examples
    --------
    >>> better_than(pd.DataFrame({"score": [10.0, -20.0], "chance": [0.75, 0.25]}), 0)
    0.25
    """
    need_columns(paths, ("score", "chance"), "paths")
    # Two ways with the same sum may differ in the last digit.
    return float(paths.loc[paths["score"] < score - 1e-9, "chance"].sum())


def standing(state: State, about: Company) -> str:
    """Say in a sentence or two how a conversation goes, and at its end how it compares.

    Parameters
    ----------
    state
        Where it stands.
    about
        Whose currency it is.
    """
    if not state.said:
        return say(
            "Trust is {trust:.1f} of 10. Here a point of it is worth {worth}, and a minute costs {minute}. Press "
            "a button, or a number key.",
            trust=state.trust,
            worth=about.money(state.scene.worth),
            minute=about.money(state.scene.minute, 2),
        )
    now = say(
        "Trust {before:.1f} → {trust:.2f}. Minutes: {minutes:.1f}. Money: {money}. Score: {score}.",
        before=state.scene.trust,
        trust=state.trust,
        minutes=state.minutes,
        money=about.money(state.money),
        score=about.money(state.score),
    )
    if not state.over:
        return now
    paths = all_paths(state.scene, state.gains)
    best = paths.iloc[0]
    if state.score > best["score"] - 1e-9:
        end = say("This is the best way of all {count}.", count=len(paths))
    else:
        end = say(
            "The best way, {path}, scores {best}; yours was {own}.",
            path=best["path"],
            best=about.money(best["score"]),
            own=state.path,
        )
    than = say(
        "Somebody who picks at random scores {mean} on average, and in {share:.0%} of the cases less than you.",
        mean=about.money(mean_score(paths)),
        share=better_than(paths, state.score),
    )
    return f"{now} {end} {than}"


def words(step: Step) -> str:
    """Write a step for a projector: what the customer says, and the choices with their letters.

    Examples
    --------
    >>> from crmkit.relations.scenes import read_scene
    >>> words(read_scene("our_mistake").steps["how_soon"]).splitlines()[0]
    '“So?”'
    """
    lines = [f"“{step.says}”"]
    lines += [f"  {letter}) {one.say}" for letter, one in zip(LETTERS, step.choices, strict=False)]
    return "\n".join(lines)


def show_step(state: State) -> str:
    """Write the step that is to be answered next, in the reader's language; for a class that votes.

    Parameters
    ----------
    state
        From `begin`, `say_it` or `play`.

    Examples
    --------
    >>> from crmkit.relations.scenes import read_scene
    >>> print(show_step(begin(read_scene("our_mistake"), Gains(0.06, 0.18, 0.42))).splitlines()[-1][:24])
      c) We made a mistake,
    """
    return words(tell_scene(state.scene).steps[state.step.id])


__all__ = [
    "STYLES",
    "State",
    "all_paths",
    "as_gains",
    "begin",
    "better_than",
    "by_style",
    "choice_values",
    "compare_styles",
    "find_choice",
    "majority",
    "mean_score",
    "play",
    "report",
    "say_it",
    "score_of",
    "show_step",
    "standing",
]
