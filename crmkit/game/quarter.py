"""A quarter that has been played, before it is told: what accounts, reports and the debrief are made from."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from crmkit.game.buying import Orders
from crmkit.game.decisions import Decisions
from crmkit.game.draws import Draws, Floats
from crmkit.game.effects import Effects
from crmkit.game.living import Lives
from crmkit.game.standing import State


@dataclass(frozen=True, eq=False)
class Quarter:
    """All that happened in a quarter, before it is told: what reports and accounts are made from."""

    before: State
    after: State
    decisions: Decisions
    effects: Effects
    luck: Draws
    lives: Lives
    orders: Orders
    #: Contacts with the desk, visits, and contacts without an answer, of each person.
    calls: npt.NDArray[np.int64]
    visits: npt.NDArray[np.int64]
    failed: Floats
    #: Who told each newcomer (position), -1 for nobody.
    inviter: npt.NDArray[np.int64]
