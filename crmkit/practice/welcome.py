"""The first thing in a student's folder: a page that says what to do, in the student's language."""

from __future__ import annotations

from crmkit.companies import Company
from crmkit.say import say

NAME = "README.md"


def welcome(about: Company, *, held_back: bool = False) -> str:
    """Write the page that says what is in a student's folder and what to do with it.

    Parameters
    ----------
    about : Company
        Whose customers the student studies.
    held_back : bool, default False
        Whether some questions give no answer at once.

    Returns
    -------
    str
        Markdown. It names no lesson and no deadline, which a trainer may add or change later.

    Examples
    --------
    >>> from crmkit.companies import shipped
    >>> print(welcome(shipped("fernwell")).splitlines()[0])
    # Your folder
    """
    steps = [
        say(
            "Open this folder in JupyterLab: type `crmkit lab` in a terminal in this folder, or open it as "
            "your trainer showed you."
        ),
        say(
            "Read the lesson in `notebooks/`. Run its cells from the top with **Shift + Enter**. Where it says "
            "**Predict**, write your guess before you go on."
        ),
        say(
            "Open the notebook of the same number in `exercises/`. Write your answer in place of `...` and run the "
            "cell: `check` answers at once. `hint` helps a little, `progress()` shows what is done."
        ),
        say(
            "Save, and hand in the notebooks of `exercises/` as your trainer asks. Keep their names, so that they are "
            "known as yours."
        ),
    ]
    notes = [
        say(
            "The data in `datasets/` are yours alone: {company}, with customers that nobody else in the class has. "
            "Another student's numbers are wrong for you. Do not change these files: your answers are compared with "
            "them.",
            company=about.name,
        ),
        say("Every cell can be run again, as often as you like. A wrong answer costs nothing."),
        say("Something does not work? `crmkit doctor` says what is wrong and what to do."),
    ]
    if held_back:
        notes.insert(
            1,
            say(
                "Some questions give no answer at once: your trainer marks them after the hand-in."
            ),
        )
    listed = "\n".join(f"{number}. {step}" for number, step in enumerate(steps, start=1))
    return (
        f"# {say('Your folder')}\n\n## {say('What to do')}\n\n{listed}\n\n## {say('Good to know')}\n\n"
        + "\n".join(f"- {note}" for note in notes)
        + "\n"
    )
