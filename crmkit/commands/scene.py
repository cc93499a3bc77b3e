"""Check a conversation that a trainer wrote: what is wrong with the file, or what can come of it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from crmkit.errors import CrmkitError
from crmkit.say import label, say

#: A choice that is far ahead of all others in its step is no choice.
_CLEAR = 3.0


def check_scene(file: Path, echo: Callable[[str], None]) -> None:
    """Read a scene and say what its ways lead to, by the trust rule of Fernwell's diaries.

    Parameters
    ----------
    file
        A TOML file; docs/own_scenes.md says what is in it.
    echo
        Where the sentences go.

    Raises
    ------
    CrmkitError
        What is wrong in the file, where, and what to do.
    """
    from crmkit.brand import fit_delta_rule
    from crmkit.data.load import load
    from crmkit.relations.conversation import all_paths, compare_styles
    from crmkit.relations.scenes import read_scene

    if file.suffix.lower() != ".toml":
        raise CrmkitError(f"{file} is not a scene: its name ends in .toml.")
    scene = read_scene(file)
    gains = fit_delta_rule(load("diaries", data="fernwell"), load("diary_people", data="fernwell"))
    paths = all_paths(scene, gains)
    echo(
        say(
            "{title}: {steps} steps, {count} ways, and each of them ends.",
            title=scene.title,
            steps=len(scene.steps),
            count=len(paths),
        )
    )
    scores = compare_styles([scene], gains).iloc[0]
    for name, score in scores.items():
        echo(f"  {label(name):<16} {score:8.1f}")
    echo(say("The best way: {path}.", path=paths["path"][0]))
    easy = [name for name in scores.index[:4] if scores["best"] - scores[name] < 1e-9]
    if easy:
        echo(
            say(
                "One habit finds the best way without thinking: {style}. If that is not meant, make its choices "
                "cost more, or the others better.",
                style=label(easy[0]),
            )
        )
    if len(paths) > 1 and paths["score"][0] - paths["score"][1] < _CLEAR:
        echo(
            say(
                "The second best way is only {gap:.1f} behind: with the trust rule of other diaries it may lead.",
                gap=paths["score"][0] - paths["score"][1],
            )
        )
