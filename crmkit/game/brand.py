"""The brand: what advertising leaves of each word, and how easily we come to mind.

Each word (a situation in which buying begins, or a quality) has a fast and a slow store, as
`crmkit.world.core.memory.trace` has for a brand as a whole. A household that begins with a word thinks of us with the
strength of our link with it, beside those of all other brands; words count by what their buyers spend.
"""

from __future__ import annotations

import functools

import numpy as np
import numpy.typing as npt

from crmkit.game.decisions import AS_BEFORE, WORDS, Brand
from crmkit.game.draws import Floats
from crmkit.game.people import COMPANY, company_file
from crmkit.game.rules import Rules
from crmkit.game.standing import WEEKS


@functools.cache
def _market() -> tuple[Floats, Floats, Floats]:
    """Of each word: what its buyers spend (as a share), our own link, and the links of all other brands."""
    section = company_file()["brand"]
    ours = company_file()["company"]["name"]
    assert tuple(word["word"] for word in section["words"]) == WORDS, COMPANY
    value = np.array([float(word["yearly_value"]) for word in section["words"]])
    links = {name: np.array(one["links"], float) for name, one in section["brands"].items()}
    strength = {name: one["base"] for name, one in section["brands"].items()}
    others = [links[name] * strength[name] for name in links if name != ours]
    return value / value.sum(), links[ours] * strength[ours], np.sum(others, axis=0)


def weeks_on_air(brand: Brand) -> npt.NDArray[np.bool_]:
    """In which weeks of the quarter there is advertising.

    Examples
    --------
    >>> weeks_on_air(Brand(weeks=3, spread=True)).astype(int).tolist()
    [0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0]
    """
    on_air = np.zeros(WEEKS, dtype=bool)
    if brand.spread and brand.weeks:
        places = (np.arange(brand.weeks) + 0.5) * WEEKS / brand.weeks
        on_air[places.astype(int)] = True
    else:
        on_air[: brand.weeks] = True
    return on_air


def advertise(
    fast: Floats, slow: Floats, brand: Brand, rules: Rules, *, on_air_before: bool = False
) -> tuple[Floats, Floats, Floats]:
    """Run the stores through a quarter.

    Parameters
    ----------
    fast, slow
        Of each word, at the start.
    brand
        The decision.
    rules
    on_air_before
        Whether there was advertising in the week before the quarter.

    Returns
    -------
    fast, slow
        Of each word, at the end.
    share : array of 13
        How easily we come to mind in each week: `in_mind`.
    """
    fast, slow = fast.copy(), slow.copy()
    handed_on = rules["brand.transfer"] / (rules["brand.decay_fast"] - rules["brand.decay_slow"])
    keep_fast, keep_slow = np.exp(-rules["brand.decay_fast"]), np.exp(-rules["brand.decay_slow"])
    word = WORDS.index(brand.word)
    share, before = np.empty(WEEKS), on_air_before
    for week, now in enumerate(weeks_on_air(brand)):
        if now:
            felt = rules["brand.contacts"] * (1 - rules["brand.massing"] * before)
            fast[word] += rules["brand.learning"] * (1 - handed_on) * felt
            slow[word] += rules["brand.learning"] * handed_on * felt
        # Asked in the middle of the week, as the tracker does.
        share[week] = in_mind(fast * np.sqrt(keep_fast) + slow * np.sqrt(keep_slow))
        fast, slow, before = fast * keep_fast, slow * keep_slow, bool(now)
    return fast, slow, share


def in_mind(advertised: Floats) -> float:
    """Share of what households spend whose first thought we are: over words, our strength beside all strengths.

    Examples
    --------
    >>> in_mind(np.zeros(10)) < in_mind(np.full(10, 0.1))
    True
    """
    value, ours, others = _market()
    strength = ours + advertised
    return float(np.sum(value * strength / (strength + others)))


@functools.lru_cache(maxsize=32)
def _usual(rules: Rules) -> tuple[Floats, Floats, float]:
    fast, slow, share = np.zeros(len(WORDS)), np.zeros(len(WORDS)), np.zeros(WEEKS)
    for _ in range(20):  # five years, by which the slow store has settled
        fast, slow, share = advertise(fast, slow, AS_BEFORE.brand, rules)
    return fast, slow, float(share.mean())


def usual_stores(rules: Rules) -> tuple[Floats, Floats]:
    """What the advertising before the game has left of each word, in the fast and the slow store."""
    fast, slow, _ = _usual(rules)
    return fast.copy(), slow.copy()


def usual_share(rules: Rules) -> float:
    """How easily we came to mind before the game, on average over a quarter."""
    return _usual(rules)[2]


def cost(brand: Brand, people: int, rules: Rules) -> float:
    """What advertising costs in a quarter, in pounds; it reaches customers and households alike."""
    return rules["brand.contact_cost"] * rules["brand.contacts"] * brand.weeks * people
