"""Coverage of the intervals of messages, matching and feedback in `crmkit.relations`."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from benchmarks._coverage import Entry, covers
from crmkit.relations import (
    feedback_effects,
    frequency_table,
    judge_matching,
    message_effects,
    message_worth,
)

#: Chance to buy, to leave, and mean margin of a purchase, by arm; readers differ, and their waves hang together.
BUYS = {"no message": 0.08, "matched": 0.16, "random": 0.10}
LEAVES = {"no message": 0.0, "matched": 0.01, "random": 0.02}
MARGIN, COST, ADDRESS, WAVES = 18.0, 0.05, 30.0, 5


def waves(readers: int, rng: np.random.Generator) -> pd.DataFrame:
    """Five waves; some readers buy much more often than others. Nobody drops out, so that the truth is plain."""
    who = np.tile(np.arange(readers), WAVES)
    arm = rng.choice(list(BUYS), len(who))
    often = rng.gamma(2.0, 0.5, readers)[who]
    buys = rng.random(len(who)) < np.minimum(np.array([BUYS[name] for name in arm]) * often, 1)
    gone = rng.random(len(who)) < np.array([LEAVES[name] for name in arm])
    margin = np.where(buys, MARGIN * rng.gamma(3.0, 1 / 3.0, len(who)), 0.0)
    return pd.DataFrame(
        {"reader_id": who, "arm": arm, "bought": buys, "margin_14d": margin, "unsubscribed": gone}
    )


def effects(size: int, rng: np.random.Generator) -> npt.ArrayLike:
    found = message_effects(waves(size, rng), "bought")
    return covers(
        found["low"], found["high"], [BUYS[arm] - BUYS["no message"] for arm in found["arm"]]
    )


def worth(size: int, rng: np.random.Generator) -> npt.ArrayLike:
    found = message_worth(waves(size, rng), cost=COST, address=ADDRESS)
    true = [
        MARGIN * (BUYS[arm] - BUYS["no message"]) - COST - ADDRESS * LEAVES[arm]
        for arm in found["arm"]
    ]
    return covers(found["low"], found["high"], true)


def frequency(size: int, rng: np.random.Generator) -> npt.ArrayLike:
    often = np.repeat([0, 2, 8], size)
    more, leaves = {0: 0.0, 2: 8.0, 8: 12.0}, {0: 0.0, 2: 0.04, 8: 0.4}
    mean = np.array([40 + more[each] for each in often])
    trial = pd.DataFrame(
        {
            "arm": np.where(often > 0, "matched", "no message"),
            "messages_month": often,
            "margin_90d": mean * rng.gamma(3.6, 1 / 3.6, len(often)),
            "unsubscribed": rng.random(len(often)) < np.array([leaves[each] for each in often]),
        }
    )
    found = frequency_table(trial, cost=COST, address=ADDRESS)
    left = [leaves[2], leaves[8]]
    net = [more[each] - 3 * COST * each - ADDRESS * leaves[each] for each in (2, 8)]
    return np.concatenate(
        [
            covers(found["margin_low"], found["margin_high"], [more[2], more[8]]),
            covers(found["left_low"], found["left_high"], left),
            covers(found["low"], found["high"], net),
        ]
    )


def feedback(size: int, rng: np.random.Generator) -> npt.ArrayLike:
    """Those who like the brand more answer more often; this shifts the share among those who answered."""
    arm = np.repeat(["none", "report"], size)
    told = arm == "report"
    more = rng.random(2 * size) < np.where(told, 0.5, 0.3)
    answers = rng.random(2 * size) < np.where(more, 0.7, 0.5)
    trial = pd.DataFrame(
        {
            "arm": arm,
            "feedback_again": rng.random(2 * size) < np.where(told, 0.34, 0.20),
            "bought_90d": rng.random(2 * size) < np.where(told, 0.55, 0.45),
            "survey": pd.Series(np.where(more, "likes more", "no change")).where(answers),
        }
    )
    found = feedback_effects(trial)
    answered = [share * 0.7 / (share * 0.7 + (1 - share) * 0.5) for share in (0.5, 0.3)]
    return covers(found["low"], found["high"], [0.14, 0.10, answered[0] - answered[1], 0.14])


def hits(size: int, rng: np.random.Generator) -> npt.ArrayLike:
    """Two products and two kinds of readers: which is recommended follows from many, so the chances are known."""
    kind = rng.random(size) < 0.4
    # In the first weeks everybody bought the own product twice: it is recommended; later it is bought half of the time.
    own = np.where(kind, 2, 1)
    later = np.where(rng.random(size) < 0.5, own, 3)
    bought = pd.DataFrame(
        {
            "reader_id": np.tile(np.arange(size), 2),
            "week": np.repeat([1, 50], size),
            "product_id": np.concatenate([own, later]),
        }
    )
    found = judge_matching(bought, learn_until=40, ways=["popular", "nearest"])
    # The best-seller is 1: those of the first kind buy it half of the time.
    return np.concatenate(
        [
            covers(found["low"], found["high"], [0.3, 0.5]),
            covers(found["more_low"][1:], found["more_high"][1:], 0.2),
        ]
    )


ENTRIES = [
    Entry(
        "relations.message_effects",
        "effect of a message, readers in several waves",
        "influence summed over readers, t",
        "Liang & Zeger 1986",
        "reader",
        (100, 300, 1200),
        "readers of five waves",
        effects,
        "two distinct values",
    ),
    Entry(
        "relations.message_worth",
        "net of a message, the worth of a reader on the list taken as known",
        "influence summed over readers, t",
        "Liang & Zeger 1986",
        "reader",
        (100, 300, 1200),
        "readers of five waves",
        worth,
        "two distinct values",
    ),
    Entry(
        "relations.frequency_table",
        "margin, net, and share who leave, by messages a month",
        "Welch; Wilson",
        "Welch 1947; Wilson 1927",
        "-",
        (60, 200, 600),
        "readers a cell",
        frequency,
        "two distinct values a cell",
    ),
    Entry(
        "relations.feedback_effects",
        "effect of a report on four outcomes",
        "Newcombe",
        "Newcombe 1998",
        "-",
        (60, 200, 600),
        "customers an arm",
        feedback,
        "one customer an arm",
    ),
    Entry(
        "relations.judge_matching",
        "hit rate in later weeks, and how much above the best-seller",
        "score; Student's t of paired hits",
        "Wilson 1927; Student 1908",
        "reader",
        (60, 200, 800),
        "readers",
        hits,
        "two readers",
    ),
]
