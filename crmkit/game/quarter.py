"""A quarter that has been played, before it is told: what accounts, reports and the debrief are made from."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from crmkit.game.buying import Orders
from crmkit.game.decisions import Decisions
from crmkit.game.draws import Draws, Floats
from crmkit.game.living import Contacts, Lives
from crmkit.game.plan import Plan
from crmkit.game.standing import State


@dataclass(frozen=True, eq=False)
class Quarter:
    """All that happened in a quarter, before it is told: what reports and accounts are made from."""

    before: State
    after: State
    decisions: Decisions
    plan: Plan
    luck: Draws
    contacted: Contacts
    lives: Lives
    orders: Orders
    #: Contacts to the desk, visits, and contacts that went wrong, of each person.
    calls: npt.NDArray[np.int64]
    visits: npt.NDArray[np.int64]
    failed: Floats
    #: Messages that each person was sent.
    sent: npt.NDArray[np.int64]
    #: Who takes part in the programme, who has which bond, who of the best customers is set up anew.
    members: npt.NDArray[np.bool_]
    bond: npt.NDArray[np.int64]
    set_up: npt.NDArray[np.bool_]
    #: Who told each newcomer (position), -1 for nobody; the reward that was promised.
    inviter: npt.NDArray[np.int64]
    reward: Floats
    #: How easily we came to mind, each week; the rival's prices.
    in_mind: Floats
    rival: float
    #: Factor on orders by what is decided: by cause, of each person (logs).
    causes: dict[str, Floats]
