"""The tables of a loyalty programme: who joined and spent what, points, the gold tier, and a test of stamp cards."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crmkit.data.catalogue.machinery import Column, Table

if TYPE_CHECKING:
    from crmkit.companies import Company

#: Who could join: half of the trial by letter, half of it not yet, and all others as they liked.
ARMS = ("invited", "waiting", "own choice")
#: Spending in the year before the programme, in two halves, and in its first year, in quarters.
BEFORE = ("spend_before_12_7", "spend_before_6_1")
QUARTERS = ("spend_1_3", "spend_4_6", "spend_7_9", "spend_10_12")
#: How much somebody bought in the year before.
KINDS = ("light", "moderate", "heavy")
#: The two stamp cards; both ask for eight purchases.
CARDS = ("8 empty", "10 with 2")
GAPS = tuple(f"gap_{number}" for number in range(1, 9))

_PERSON = Column("person_id", "integer", "Number in the register of the shops.", minimum=1)


def tables(about: Company) -> list[Table]:
    """The tables that a company file's section ``programme`` adds."""
    return [_people(about), _points(), _tiers(about), _cards(), *_truth(about)]


def _people(about: Company) -> Table:
    def spent(name: str, text: str) -> Column:
        return Column(name, "integer", f"Spent in {text}.", unit=about.currency, minimum=0)

    return Table(
        "programme_people",
        "A loyalty programme: who joined, and what they spent",
        "One row per customer in the register of the shops that began the programme, in the years before the customer "
        "card; none of them is in `customers`. Chance chose two groups: the invited got a letter, the waiting could "
        "not join in the first year. All others joined or not, as they liked. Who joined did so in the first week.",
        [
            _PERSON,
            Column("arm", "string", "Who could join.", allowed=ARMS),
            Column("joined", "boolean", "Did the customer join the programme?"),
            spent(BEFORE[0], "months 12 to 7 before the start"),
            spent(BEFORE[1], "months 6 to 1 before the start"),
            *[spent(name, f"months {name[6:].replace('_', ' to ')} of the programme") for name in QUARTERS],
        ],
        key=["person_id"],
    )  # fmt: skip


def _points() -> Table:
    def count(name: str, text: str) -> Column:
        return Column(name, "integer", text, unit="points", minimum=0)

    return Table(
        "programme_points",
        "Points of the members",
        "One row per member and year in which the points were earned, counted at the end of the second year. Points of "
        "the first year have all been redeemed or have expired by then; those of the second can still be either.",
        [
            _PERSON,
            Column("year", "integer", "Year of the programme.", minimum=1, maximum=2),
            count("earned", "Points earned: one for each unit of money."),
            count("redeemed", "Of these, redeemed for vouchers so far."),
            count("expired", "Of these, expired so far: twelve months old and not redeemed."),
            count("outstanding", "Of these, still to be redeemed or to expire."),
        ],
        key=["person_id", "year"],
        references={"person_id": "programme_people.person_id"},
    )


def _tiers(about: Company) -> Table:
    def spent(name: str, text: str) -> Column:
        return Column(name, "integer", text, unit=about.currency, minimum=0)

    return Table(
        "programme_tiers",
        "The gold tier",
        "One row per member and year with a gold tier: the second and third of the programme. Gold is who spent at "
        "least the threshold in the year before. Nobody knew the threshold during the first year; it was announced at "
        "the start of the second.",
        [
            _PERSON,
            Column("year", "integer", "Year of the programme.", minimum=2, maximum=3),
            spent("spend_before", "Spent in the year before, which decides."),
            Column("gold", "boolean", "Gold in this year?"),
            spent("spend", "Spent in this year."),
        ],
        key=["person_id", "year"],
        references={"person_id": "programme_people.person_id"},
    )


def _cards() -> Table:
    return Table(
        "stamp_cards",
        "A test of stamp cards",
        "One row per card given out at the coffee counter. Chance decided which of two cards a guest got: one with "
        "eight empty fields, or one with ten fields of which two were stamped already. Both ask for eight coffees.",
        [
            Column("card_id", "integer", "Number of the card.", minimum=1),
            Column("card", "string", "Which card it was.", allowed=CARDS),
            Column("completed", "boolean", "Were all fields stamped?"),
            *[
                Column(
                    name, "number",
                    f"Days until stamp {name[4:]}, since the one before (the first: since the card was given). "
                    "Empty: not reached.",
                    unit="days", minimum=0, required=False, decimals=1,
                )
                for name in GAPS
            ],
        ],
        key=["card_id"],
    )  # fmt: skip


def _truth(about: Company) -> list[Table]:
    return [
        Table(
            "programme_people",
            "What each would have spent with and without the programme",
            "One row per customer of `programme_people`.",
            [
                _PERSON,
                Column("project", "boolean", "Has plans that raise both spending and the wish to join."),
                Column("spend_with", "integer", "Spent in the first year if a member.", unit=about.currency),
                Column("spend_without", "integer", "Spent in the first year if not.", unit=about.currency),
            ],
            key=["person_id"],
            references={"person_id": "programme_people.person_id"},
            truth=True,
        ),
        Table(
            "programme_points",
            "What becomes of the outstanding points",
            "One row per member: the points that are outstanding at the end of the second year.",
            [
                _PERSON,
                Column(
                    "redeemed_later", "integer", "Of the outstanding points, redeemed in the end.",
                    unit="points", minimum=0,
                ),
            ],
            key=["person_id"],
            references={"person_id": "programme_people.person_id"},
            truth=True,
        ),
        Table(
            "programme_tiers",
            "What gold does, and whom the threshold pulled",
            "One row per member and year of `programme_tiers`.",
            [
                _PERSON,
                Column("year", "integer", "Year of the programme.", minimum=2, maximum=3),
                Column(
                    "gold_effect",
                    "integer",
                    "What gold adds to the spending of this year, or would add.",
                    unit=about.currency,
                ),
                Column("pulled", "boolean", "Reached the threshold only because it was announced."),
            ],
            key=["person_id", "year"],
            references={"person_id": "programme_people.person_id"},
            truth=True,
        ),
        Table(
            "stamp_cards",
            "How likely each card was to be completed",
            "One row per card.",
            [
                Column("card_id", "integer", "Number of the card.", minimum=1),
                Column(
                    "chance_empty", "number", "Chance to complete eight empty fields.",
                    minimum=0, maximum=1, decimals=3,
                ),
                Column(
                    "chance_given", "number", "Chance to complete ten with two given.",
                    minimum=0, maximum=1, decimals=3,
                ),
            ],
            key=["card_id"],
            references={"card_id": "stamp_cards.card_id"},
            truth=True,
        ),
    ]  # fmt: skip
