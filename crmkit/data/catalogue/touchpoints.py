"""The tables of the touchpoints: journeys from the advertisement to coming back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crmkit.data.catalogue.machinery import Column, Table

if TYPE_CHECKING:
    from crmkit.companies import Company

ARMS = ("none", "control", "answered")

_JOURNEY = Column("journey_id", "integer", "Number of the journey.", minimum=1)


def tables(about: Company) -> list[Table]:
    """The tables that a company file's section ``touchpoints`` adds."""
    return [
        Table(
            "journeys",
            "Journeys past the touchpoints",
            f"One row per person who noticed an advertisement in {about.year}. From May on, half of the web visitors, "
            "drawn by chance, had their question answered at once.",
            [
                _JOURNEY,
                Column("start_date", "date", "Day the journey began."),
                Column("channel", "string", "Where it led.", allowed=about.lists["touch_channels"]),
                Column(
                    "arm",
                    "string",
                    "Arm of the trial of May to December (web only): answered at once, or control.",
                    allowed=ARMS,
                ),
                Column("bought", "boolean", "Whether the journey passed the till."),
            ],
            key=["journey_id"],
        ),
        Table(
            "touchpoint_log",
            "Log of touchpoints",
            "One row per touchpoint that a journey reached.",
            [
                _JOURNEY,
                Column("step", "integer", "Number of the touchpoint, from 1.", minimum=1),
                Column(
                    "touchpoint",
                    "string",
                    "What the customer met.",
                    allowed=about.lists["touchpoints"],
                ),
                Column(
                    "went_on",
                    "boolean",
                    "Whether the customer went on to the next one (at the last: came back).",
                ),
            ],
            key=["journey_id", "step"],
            references={"journey_id": "journeys.journey_id"},
        ),
        Table(
            "journeys",
            "The truth about who was on the way",
            "One row per journey: how keen the customer was from the start.",
            [
                _JOURNEY,
                Column("keenness", "number", "Log-odds that come on top at every touchpoint."),
            ],
            key=["journey_id"],
            references={"journey_id": "journeys.journey_id"},
            truth=True,
        ),
        Table(
            "touchpoints",
            "The truth about touchpoints",
            "One row per channel and touchpoint: the chance that a customer of average keenness goes on.",
            [
                Column("channel", "string", "Channel.", allowed=about.lists["touch_channels"]),
                Column("step", "integer", "Number of the touchpoint.", minimum=1),
                Column("touchpoint", "string", "Touchpoint.", allowed=about.lists["touchpoints"]),
                Column("chance", "number", "Chance of going on.", minimum=0, maximum=1, decimals=3),
                Column(
                    "chance_answered",
                    "number",
                    "The same with the question answered at once.",
                    minimum=0,
                    maximum=1,
                    decimals=3,
                ),
            ],
            key=["channel", "touchpoint"],
            truth=True,
        ),
    ]
