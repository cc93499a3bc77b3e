"""Touchpoints: from the advertisement to coming back, step by step, on three channels.

Customers differ in keenness, which nobody sees: those who have come far are the keener ones. So a link that is
mended lets through people who are less keen at the next one, and brings less than the shares promise.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from crmkit.world.core.streams import Context


def build(ctx: Context) -> None:
    """Add journeys, the log of touchpoints, and their truth."""
    params = ctx.params["touchpoints"]
    rng = ctx.rng("touchpoint_log")
    n = params["journeys"]
    channel_names, touchpoints = list(params["channels"]), list(params["chance"])
    channels = np.array(channel_names)
    shares = np.array([params["channels"][name] for name in channel_names])
    channel = rng.choice(len(channels), size=n, p=shares / shares.sum())
    day = np.sort(rng.integers(0, 365, n))
    date = ctx.end - 364 + day
    on_trial = params.get("trial_channel", "web")
    trial = (date >= np.datetime64(params["trial_start"])) & (channels[channel] == on_trial)
    answered = trial & (rng.random(n) < 0.5)
    keen = rng.normal(0, params["keenness"], n)

    chance = np.array(
        [[params["chance"][touch][name] for touch in touchpoints] for name in channel_names]
    )
    better = chance.copy()
    for touch, value in params["answered"].items():
        better[channel_names.index(on_trial), touchpoints.index(touch)] = value
    base = np.where(answered[:, None], better[channel], chance[channel])
    p = 1 / (1 + np.exp(-(np.log(base / (1 - base)) + keen[:, None])))
    went_on = rng.random(p.shape) < p
    reached = np.column_stack([np.ones(n, dtype=bool), went_on[:, :-1].cumprod(1).astype(bool)])

    journey = np.arange(1, n + 1)
    row, step = np.nonzero(reached)
    ctx.tables["touchpoint_log"] = pd.DataFrame(
        {
            "journey_id": journey[row],
            "step": step + 1,
            "touchpoint": np.array(touchpoints)[step],
            "went_on": went_on[row, step],
        }
    )
    till = touchpoints.index("till")
    ctx.tables["journeys"] = pd.DataFrame(
        {
            "journey_id": journey,
            "start_date": date.astype("datetime64[us]"),
            "channel": channels[channel],
            "arm": np.where(answered, "answered", np.where(trial, "control", "none")),
            "bought": reached[:, till] & went_on[:, till],
        }
    )
    ctx.truth["journeys"] = pd.DataFrame({"journey_id": journey, "keenness": keen})
    ctx.truth["touchpoints"] = pd.DataFrame(
        {
            "channel": np.repeat(channels, len(touchpoints)),
            "step": np.tile(np.arange(1, len(touchpoints) + 1), len(channels)),
            "touchpoint": np.tile(np.array(touchpoints), len(channels)),
            "chance": chance.ravel(),
            "chance_answered": better.ravel(),
        }
    )
