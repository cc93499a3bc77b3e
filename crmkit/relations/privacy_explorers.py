"""Things to play with: coarser columns, what a link with another list still finds, and what an analysis still knows."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd
from ipywidgets import SelectionSlider

from crmkit.explore import Explorer, canvas, explorer
from crmkit.inputs import need_rows
from crmkit.relations.anonymity import (
    generalise,
    k_anonymity,
    link_files,
    link_rates,
    what_is_lost,
)
from crmkit.say import say
from crmkit.style import COLORS

_WIDE = (8.8, 3.6)
_ON = ["postcode", "birth_year"]


class Coarse(NamedTuple):
    """What a coarser extract gives away, and what it still tells.

    Attributes
    ----------
    k : int
        Rows in the smallest class.
    unique, found, kept : float
        Share of rows that are alone; share of the list's people who are found in it; information that the analysis
        has left.
    wrong, suppressed : int
        Links that name the wrong person; rows left out.
    """

    k: int
    unique: float
    found: float
    kept: float
    wrong: int
    suppressed: int


def coarse_extract(
    extract: pd.DataFrame,
    known: pd.DataFrame,
    rows: pd.DataFrame,
    people: pd.DataFrame,
    outcome: str,
    *,
    years: int,
    characters: int,
    k: int = 1,
) -> Coarse:
    """Make an extract coarser, link it with a list of names, and do its analysis once more.

    Parameters
    ----------
    extract, known
        ``postcode`` and ``birth_year``; ``extract_id`` and `outcome` (True and False), ``member_id``.
    rows, people
        The truth, as for `link_rates`.
    outcome
        What the analysis is about: `what_is_lost`.
    years, characters, k
        Width of the bands, characters of the postcode, and the smallest class, as for `generalise`.

    Returns
    -------
    Coarse

    Examples
    --------
    >>> extract = pd.DataFrame({"extract_id": [1, 2], "postcode": ["M21 6XS", "TA5 1AA"], "birth_year": [1950, 1971]})
    >>> known = pd.DataFrame({"member_id": [7], "postcode": ["M21 6XS"], "birth_year": [1950]})
    >>> whose = pd.DataFrame({"extract_id": [1, 2], "customer_id": [11, 12]})
    >>> who = pd.DataFrame({"member_id": [7], "customer_id": [11]})
    >>> coarse_extract(extract.assign(much=True), known, whose, who, "much", years=1, characters=7).found
    1.0
    """
    want = {"years": {"birth_year": years}, "characters": {"postcode": characters}}
    coarse, suppressed = generalise(extract, **want, k=k)  # type: ignore[arg-type]
    if coarse.empty:
        return Coarse(0, 0.0, 0.0, 0.0, 0, suppressed)
    same = generalise(known, **want).table  # type: ignore[arg-type]
    rates = link_rates(link_files(coarse, same, _ON), rows, people)
    hidden = k_anonymity(coarse, _ON)
    lost = what_is_lost(extract, coarse, outcome)
    found = float(rates["found"])
    return Coarse(
        int(hidden["k"]),
        float(hidden["share_unique"]),
        0.0 if np.isnan(found) else found,
        float(lost["kept"].iloc[1]),
        int(rates["wrong"]),
        suppressed,
    )


def anonymity_explorer(
    extract: pd.DataFrame,
    known: pd.DataFrame,
    rows: pd.DataFrame,
    people: pd.DataFrame,
    outcome: pd.Series,
) -> Explorer:
    """Make an extract coarser and see who is still found in it, and what it still tells.

    Parameters
    ----------
    extract
        ``extract_id``, ``postcode``, ``birth_year``.
    known
        A list with names: ``member_id``, ``postcode``, ``birth_year``.
    rows, people
        The truth, as for `link_rates`.
    outcome
        True and False for each row of the extract: what the analysis is about.

    Returns
    -------
    Explorer

    Examples
    --------
    >>> extract = pd.DataFrame({"extract_id": [1, 2], "postcode": ["M21 6XS", "TA5 1AA"], "birth_year": [1950, 1971]})
    >>> known = pd.DataFrame({"member_id": [7], "postcode": ["M21 6XS"], "birth_year": [1950]})
    >>> whose = pd.DataFrame({"extract_id": [1, 2], "customer_id": [11, 12]})
    >>> who = pd.DataFrame({"member_id": [7], "customer_id": [11]})
    >>> shown = anonymity_explorer(extract, known, whose, who, pd.Series([True, False]))
    >>> "100 % of the rows are alone" in shown.sentence
    True
    >>> shown.set(years=100, characters=0)
    >>> "k is 2" in shown.sentence
    True
    """
    need_rows(extract, ["extract_id", *_ON], "extract")
    small = extract[["extract_id", *_ON]].assign(_much=outcome.to_numpy(dtype=bool))
    list_ = known[["member_id", *_ON]]
    kept: dict[tuple[int, int, int], Coarse] = {}
    figure, ax = canvas(size=_WIDE)
    names = [
        say("rows that are alone"),
        say("members found by name"),
        say("what the analysis still knows"),
    ]
    bars = ax.barh(names[::-1], [0.0] * 3, color=[COLORS["good"], COLORS["bad"], COLORS["bad"]])
    words = [ax.text(0, at, "", va="center", color=COLORS["ink"]) for at in range(3)]
    ax.set(
        title=say("What a coarser extract gives away, and what it tells"),
        xlabel=say("share"),
        xlim=(0, 1.12),
    )
    ax.set_xticks(np.arange(0, 1.01, 0.2))
    ax.xaxis.set_major_formatter(lambda x, _: f"{x:.0%}")

    def draw(years: int, characters: int, k: int) -> str:
        key = (years, characters, k)
        if key not in kept:
            kept[key] = coarse_extract(
                small, list_, rows, people, "_much", years=years, characters=characters, k=k
            )
        now = kept[key]
        for bar, word, share in zip(bars, words, (now.kept, now.found, now.unique), strict=True):
            bar.set_width(share)
            word.set_x(share + 0.015)
            word.set_text(f"{share:.0%}")
        return say(
            "k is {k}: {unique:.0f} % of the rows are alone, {found:.0f} % of the members are found ({wrong} links are "
            "wrong), {suppressed} rows are left out, and the analysis keeps {kept:.0f} % of its information.",
            k=now.k, unique=100 * now.unique, found=100 * now.found, wrong=now.wrong, suppressed=now.suppressed,
            kept=100 * now.kept,
        )  # fmt: skip

    controls = {
        "years": SelectionSlider(
            options=[1, 2, 5, 10, 20, 50, 100],
            value=1,
            description=say("years in a band (1 to 100)"),
        ),
        "characters": SelectionSlider(
            options=list(range(8)), value=7, description=say("characters of the postcode (0 to 7)")
        ),
        "k": SelectionSlider(
            options=[1, 2, 3, 5, 10, 20],
            value=1,
            description=say("leave out classes below (1 to 20)"),
        ),
    }
    return explorer(
        controls,
        draw,
        figure,
        alt=say(
            "Shares of rows alone, of members found, and of information that the analysis keeps"
        ),
    )


__all__ = ["Coarse", "anonymity_explorer", "coarse_extract"]
