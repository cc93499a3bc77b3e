"""A plan person by person: what each customer gets in the quarter, experiments drawn at random among them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from crmkit.game.decisions import LEVERS, Decisions
from crmkit.game.draws import Draws
from crmkit.game.standing import State

OFFERS = ("none", "reminder", "voucher", "call")
MESSAGES = ("none", "same for all", "matched")
BONDS = ("none", "financial", "social", "structural")
_CODES: dict[str, tuple[str, ...]] = {
    **{f"wake.{state}": OFFERS for state in ("drowsy", "half_asleep", "asleep")},
    "messages.kind": MESSAGES,
    "bonds.kind": BONDS,
}
#: Arms of an experiment; -1 is not in it.
ARMS = ("control", "treatment")


@dataclass(frozen=True, eq=False)
class Plan:
    """What each person gets, by lever (codes for words), and the arms of each experiment."""

    levers: dict[str, npt.NDArray[Any]]
    #: Of each experiment: 0 control, 1 treatment, -1 not in it.
    arms: tuple[npt.NDArray[np.int64], ...]

    def __getitem__(self, lever: str) -> npt.NDArray[Any]:
        return self.levers[lever]


def lay_out(state: State, decisions: Decisions, luck: Draws) -> Plan:
    """Write a plan out person by person.

    Who is in which arm depends on luck, the experiment's lever and the person's number alone, so that a changed
    treatment changes nobody's arm. Only customers of the quarter's first day are drawn.
    """
    person = np.arange(len(state.people))
    levers = {lever: np.full(len(person), _code(lever, decisions.value(lever))) for lever in LEVERS}
    arms = []
    for one in decisions.experiments:
        drawn = luck.uniform(f"experiment {one.lever}", person)
        # The two arms lie at the two ends, so that a larger share keeps everybody where he is.
        arm = np.where(drawn < one.share, 1, np.where(drawn >= 1 - one.share, 0, -1))
        arm = np.where(state.is_customer, arm, -1)
        for place, value in enumerate((one.control, one.treatment)):
            levers[one.lever] = np.where(arm == place, _code(one.lever, value), levers[one.lever])
        arms.append(arm)
    return Plan(levers, tuple(arms))


def _code(lever: str, value: Any) -> Any:
    return _CODES[lever].index(value) if lever in _CODES else value
