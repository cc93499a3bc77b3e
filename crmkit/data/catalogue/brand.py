"""The tables of the fourth pillar: how brands are remembered, confused, relived and forgotten."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crmkit.data.catalogue.machinery import Column, Table

if TYPE_CHECKING:
    from crmkit.companies import Company

EVENTS = ("advertisement", "shop visit", "delivery", "advice", "use at home", "failure", "recovery")

_BRAND = Column("brand", "string", "Name of the brand.")
_WEEK = Column("week", "date", "The Monday on which the week begins.")
_RESPONDENT = Column("respondent_id", "integer", "Number of the person asked.", minimum=1)
_PERSON = Column(
    "person_id", "integer", "Number of the person; each table has its own people.", minimum=1
)
_VISIT = Column("visit_id", "integer", "Number of the visit.", minimum=1)


def _flag(name: str, text: str) -> Column:
    return Column(name, "integer", text, allowed=(0, 1))


def _scale(name: str, text: str, type_: str = "integer") -> Column:
    return Column(name, type_, text, unit="points, 0 to 10", minimum=0, maximum=10, decimals=1)


def tables(about: Company) -> list[Table]:
    """The tables that a company file's section ``brand`` adds."""
    return [
        Table(
            "brands",
            "Brands of the category",
            f"One row per brand that sells what {about.name} sells.",
            [
                _BRAND,
                Column("story", "string", "Who they are."),
                Column(
                    "market_share", "number", "Share of the category's sales.", minimum=0, maximum=1
                ),
                Column("entered", "date", "First week of the tracker in which the brand is sold."),
            ],
            key=["brand"],
        ),
        Table(
            "brand_words",
            "Words of the tracker",
            "One row per word that may be linked with a brand: situations in which buying begins (entry points), "
            "and qualities.",
            [
                Column("letter", "string", "Letter that stands for the word in tracker_answers."),
                Column("word", "string", "The word.", allowed=about.lists.get("brand_words")),
                Column(
                    "kind", "string", "Entry point or quality.", allowed=("entry point", "quality")
                ),
                Column(
                    "yearly_value",
                    "number",
                    "What buyers in the region who begin with this word spend a year, with all brands.",
                    unit=about.currency,
                    minimum=0,
                    decimals=0,
                ),
            ],
            key=["letter"],
        ),
        Table(
            "brand_pressure",
            "Weekly advertising",
            "One row per brand and week since the brand entered; weeks of silence are there with 0.",
            [
                _BRAND,
                _WEEK,
                Column(
                    "contacts",
                    "number",
                    "Advertisements met by the average adult in the week.",
                    unit="contacts per person",
                    minimum=0,
                ),
                Column(
                    "spend", "number", "What they cost.", unit=about.currency, minimum=0, decimals=0
                ),
            ],
            key=["brand", "week"],
            references={"brand": "brands.brand"},
        ),
        Table(
            "tracker_respondents",
            "Brand tracker: people asked",
            "One row per person asked; every week other people. No fieldwork at Christmas.",
            [
                _RESPONDENT,
                _WEEK,
                Column(
                    "segment",
                    "string",
                    "Part of the market that the person belongs to.",
                    allowed=about.lists["segments"],
                ),
            ],
            key=["respondent_id"],
        ),
        Table(
            "tracker_answers",
            "Brand tracker: answers",
            "One row per person and brand that the person knows, at least when shown its name (aided recall). No "
            "row: never heard of it.",
            [
                _RESPONDENT,
                _BRAND,
                Column(
                    "position",
                    "integer",
                    "Named without help: 1 first, 2 second, …; 0 not named.",
                    minimum=0,
                    maximum=len(about.lists["brands"]),
                ),
                _scale("liking", "How much the person likes the brand."),
                _scale("trust", "How far the person trusts the brand to do what it promises."),
                Column(
                    "links",
                    "string",
                    "Letters (see brand_words) of the words that the person links with the brand.",
                    required=False,
                ),
            ],
            key=["respondent_id", "brand"],
            references={
                "respondent_id": "tracker_respondents.respondent_id",
                "brand": "brands.brand",
            },
        ),
        Table(
            "recall_experiment",
            "Recall experiment",
            "One row per person. Chance decided how often each saw an advertisement for an unknown brand, how far "
            "apart, and when they were asked.",
            [
                _PERSON,
                Column("exposures", "integer", "How often the advertisement was shown.", minimum=0),
                Column(
                    "gap_weeks",
                    "integer",
                    "Weeks between two showings; 0 is the same evening.",
                    unit="weeks",
                    minimum=0,
                ),
                Column(
                    "weeks_after",
                    "number",
                    "Weeks from the last showing to the question.",
                    unit="weeks",
                    minimum=0,
                ),
                _flag("recalled", "1 if the brand was recalled without help."),
            ],
            key=["person_id"],
        ),
        Table(
            "brand_panel",
            "Brand panel",
            "One row per person and wave: the same people every four weeks.",
            [
                _PERSON,
                Column("wave", "integer", "Number of the wave; four weeks apart.", minimum=1),
                Column(
                    "trips",
                    "integer",
                    "How often a year the person shops for the category, with anyone.",
                    unit="trips a year",
                    minimum=1,
                ),
                _flag("project", "1 if something was being built or planted in the four weeks."),
                Column(
                    "contacts",
                    "integer",
                    f"{about.name} advertisements met in the four weeks.",
                    unit="contacts",
                    minimum=0,
                ),
                _flag(
                    "bought",
                    f"1 if the person bought at {about.name} in the four weeks before the interview.",
                ),
                _flag(
                    "recalled", f"1 if the person named {about.name} without help in the interview."
                ),
            ],
            key=["person_id", "wave"],
        ),
        Table(
            "diary_people",
            "Diaries: people",
            "One row per customer who kept a diary, with the impression before the first event.",
            [
                _PERSON,
                _scale(
                    "first_impression",
                    f"How far the person trusted {about.name} before the first event.",
                    "number",
                ),
            ],
            key=["person_id"],
        ),
        Table(
            "diaries",
            "Diaries: events",
            "One row per event that a diary tells of.",
            [
                _PERSON,
                Column(
                    "event", "integer", "Number of the event in the diary, oldest first.", minimum=1
                ),
                Column("date", "date", "When it happened."),
                Column("kind", "string", "What happened.", allowed=EVENTS),
                _scale(
                    "rating",
                    "How good it was; for an advertisement, how much it promised.",
                    "number",
                ),
                _scale("trust", f"How far the person trusted {about.name} after it.", "number"),
            ],
            key=["person_id", "event"],
            references={"person_id": "diary_people.person_id"},
        ),
        Table(
            "visits",
            "Shop visits, as remembered",
            "One row per visit, rated as a whole a week later.",
            [_VISIT, _scale("remembered", "Rating of the whole visit, a week later.", "number")],
            key=["visit_id"],
        ),
        Table(
            "visit_moments",
            "Shop visits, moment by moment",
            "One row per moment of a visit, rated on the spot.",
            [
                _VISIT,
                Column("moment", "integer", "Number of the moment in the visit.", minimum=1),
                _scale("rating", "Rating on the spot."),
            ],
            key=["visit_id", "moment"],
            references={"visit_id": "visits.visit_id"},
        ),
        Table(
            "service_cases",
            "Late parcels",
            "One row per customer with a parcel under way when the warehouse broke down. Chance decided whose "
            "parcel was late, and a coin how it was made good.",
            [
                _PERSON,
                Column(
                    "arm",
                    "string",
                    "What happened, and how it was made good.",
                    allowed=about.lists["service_arms"],
                ),
                Column(
                    "orders_before",
                    "integer",
                    "Orders before the breakdown.",
                    unit="orders",
                    minimum=1,
                ),
                _flag("named_first", f"1 if the customer named {about.name} first 90 days later."),
                _flag("bought_90d", "1 if the customer bought again within 90 days."),
                Column(
                    "spend_90d",
                    "number",
                    "What they spent in these 90 days.",
                    unit=about.currency,
                    minimum=0,
                ),
            ],
            key=["person_id"],
        ),
        Table(
            "brand_links",
            "True strength of links",
            "One row per period, brand and word. A person who knows the brand links the word with chance 1 - "
            "exp(-strength x involvement).",
            [
                Column(
                    "period",
                    "string",
                    "When.",
                    allowed=("before the lookalike", "end of the second year"),
                ),
                _BRAND,
                Column("word", "string", "The word."),
                Column("strength", "number", "Strength of the link.", minimum=0, decimals=4),
            ],
            key=["period", "brand", "word"],
            references={"brand": "brands.brand"},
            truth=True,
        ),
        Table(
            "brand_recall",
            "True recall",
            "One row per brand and week since it entered.",
            [
                _BRAND,
                _WEEK,
                Column(
                    "strength", "number", "Summed strength of all traces.", minimum=0, decimals=4
                ),
                Column(
                    "recall",
                    "number",
                    "Chance of being named without help.",
                    minimum=0,
                    maximum=1,
                    decimals=4,
                ),
            ],
            key=["brand", "week"],
            references={"brand": "brands.brand"},
            truth=True,
        ),
        Table(
            "brand_parameters",
            "True parameters of brand and memory",
            "One row per parameter behind the brand tables.",
            [
                Column("part", "string", "Which table group it belongs to."),
                Column("parameter", "string", "Its name."),
                Column("value", "number", "Its value.", decimals=4),
            ],
            key=["part", "parameter"],
            truth=True,
        ),
        Table(
            "diaries",
            "True effect of each event",
            "One row per event of the diaries.",
            [
                _PERSON,
                Column("event", "integer", "Number of the event in the diary.", minimum=1),
                Column(
                    "effect",
                    "number",
                    "How far the event moved the true belief.",
                    unit="points",
                    decimals=3,
                ),
                Column(
                    "belief",
                    "number",
                    "True belief after it.",
                    unit="points",
                    minimum=0,
                    maximum=10,
                    decimals=3,
                ),
            ],
            key=["person_id", "event"],
            references={"person_id": "diary_people.person_id"},
            truth=True,
        ),
    ]
