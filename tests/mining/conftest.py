"""Strumwell's log and metrics, made once for all tests of the room."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
import pytest
from worlds import world_of

from crmkit.mining import behaviour_metrics, leakage_audit, paid_between, read_events


@dataclass
class App:
    """A simulated app, and what an analyst makes of its log."""

    tables: dict[str, pd.DataFrame]
    truth: dict[str, pd.DataFrame]
    events: pd.DataFrame
    groups: pd.Series

    def metrics(
        self, decision: str, until: str, *, honest: bool = True
    ) -> tuple[pd.DataFrame, pd.Series]:
        """Metrics of those who had not paid by the decision, and whether they paid before `until`."""
        events, groups = self.events, self.groups
        if honest:
            leaks = leakage_audit(events, self.tables["orders"]).query("leaks")["event"]
            events, groups = events[~events["event"].isin(leaks)], groups.drop(leaks)
        found = behaviour_metrics(events, decision, kinds=groups)
        before = paid_between(self.tables["orders"], found.index, "2000-01-01", decision)
        found = found[~before]
        return found, paid_between(self.tables["orders"], found.index, decision, until)


def app(customers: int, seed: int) -> App:
    """Simulate an app."""
    world = world_of("strumwell", customers=customers, seed=seed, parts=())
    kinds = world.tables["event_kinds"]
    events = read_events(world.tables["sessions"], kinds)
    return App(world.tables, world.truth, events, kinds.set_index("event")["group"])


@pytest.fixture(scope="session")
def strumwell() -> App:
    return app(6000, 1)
