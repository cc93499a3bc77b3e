"""The tables about privacy: consents, an extract without names, a club's list, notes, a leak, and their truth."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crmkit.data.catalogue.machinery import Column, Table

if TYPE_CHECKING:
    from crmkit.companies import Company

PURPOSES = ("newsletter", "telephone", "analysis", "sharing")
HOWS = ("shop form", "web form", "app", "telephone", "old list")
EVIDENCE = ("signed form", "log entry", "recording", "none")
GENDERS = ("female", "male", "not said")
ARMS = ("not affected", "told at once", "told late")
_CUSTOMER = Column("customer_id", "integer", "Number of the customer.", minimum=1)
_LINK = {"customer_id": "customers.customer_id"}


def _id(name: str, what: str) -> Column:
    return Column(name, "integer", f"Number of the {what}.", minimum=1)


def _born(minimum: int) -> Column:
    return Column("birth_year", "integer", "Year of birth.", minimum=minimum)


def tables(about: Company) -> list[Table]:
    """The tables that a company file's section ``privacy`` adds."""
    money = about.currency
    born = about.year - 110
    return [
        Table(
            "consents",
            "Register of consents",
            "One row per customer and purpose for which the customer once said yes, for the customers who are in "
            "`open_extract`. A purpose without a row was never agreed to.",
            [
                _CUSTOMER,
                Column(
                    "purpose",
                    "string",
                    "What the data may be used for: letters by e-mail, calls, analysis of the customer's own data, "
                    "sharing it with others.",
                    allowed=PURPOSES,
                ),
                Column("given_on", "date", "Day of consent."),
                Column("how", "string", "How consent was given.", allowed=HOWS),
                Column("evidence", "string", "What proves the consent.", allowed=EVIDENCE),
                Column(
                    "withdrawn_on",
                    "date",
                    "Day from which consent is withdrawn; empty: not withdrawn.",
                    required=False,
                ),
            ],
            key=["customer_id", "purpose"],
            references=_LINK,
        ),
        Table(
            "open_extract",
            "Extract for research, without names",
            f"One row per customer in a sample of persons that {about.name} gave to a university, which published it. "
            "Name and customer number were left out, and the rows were shuffled.",
            [
                _id("extract_id", "row of the extract"),
                Column("postcode", "string", "Postcode."),
                _born(born),
                Column("gender", "string", "Gender, as the customer said.", allowed=GENDERS),
                Column("first_month", "string", "Year and month of the first purchase."),
                Column("turnover_band", "string", f"Turnover in all years, in {money}, as a band."),
                Column("category", "string", "Category of goods for which most was paid."),
                Column(
                    "service_note",
                    "string",
                    "What the service desk noted about the customer: a sensitive column.",
                ),
            ],
            key=["extract_id"],
        ),
        Table(
            "club_members",
            "A club's list of members",
            "One row per member of a gardening club, as its web page shows them. Some are customers. The people are "
            "invented.",
            [
                _id("member_id", "member"),
                Column("name", "string", "Name."),
                Column("postcode", "string", "Postcode."),
                _born(born),
            ],
            key=["member_id"],
        ),
        Table(
            "desk_notes",
            "Notes of the service desk",
            f"One row per note that an agent typed in {about.year}. There is no customer number: only the text "
            "says who is meant.",
            [
                _id("note_id", "note"),
                Column("date", "date", "Day of the note."),
                Column("text", "string", "What the agent typed."),
            ],
            key=["note_id"],
        ),
        Table(
            "leak_panel",
            "A leak of addresses: trust and purchases",
            "One row per person in a panel, who goes by a number of the panel; its key is with the institute. After "
            "the period of the other tables, addresses leaked. Chance decided whose stayed safe, who was told at once, "
            "and who was told late and had heard of it from the press.",
            [
                _id("person_id", "person in the panel"),
                Column("arm", "string", "Whether affected, and when told.", allowed=ARMS),
                Column(
                    "trust_before",
                    "number",
                    "Trust before the leak, 0 to 10.",
                    minimum=0,
                    maximum=10,
                    decimals=1,
                ),
                Column(
                    "trust_after",
                    "number",
                    "Trust four weeks after the leak, 0 to 10.",
                    minimum=0,
                    maximum=10,
                    decimals=1,
                ),
                Column(
                    "margin_before", "number", "Margin in the 13 weeks before the leak.", unit=money
                ),
                Column("orders_26w", "integer", "Orders in the 26 weeks after it.", minimum=0),
                Column(
                    "margin_26w", "number", "Margin in the 26 weeks after the leak.", unit=money
                ),
            ],
            key=["person_id"],
        ),
        Table(
            "leak_weeks",
            "A leak of addresses, week by week",
            "One row per week and arm of `leak_panel`: 13 weeks before the leak and 26 weeks after it.",
            [
                Column("week", "date", "Monday of the week."),
                Column("arm", "string", "Whether affected, and when told.", allowed=ARMS),
                Column("people", "integer", "People of the panel in this arm.", minimum=0),
                Column("orders", "integer", "Their orders in the week.", minimum=0),
            ],
            key=["week", "arm"],
        ),
        Table(
            "open_extract",
            "The truth about the extract",
            "One row per row of the extract: whose it is.",
            [_id("extract_id", "row of the extract"), _CUSTOMER],
            key=["extract_id"],
            references={"extract_id": "open_extract.extract_id", **_LINK},
            truth=True,
        ),
        Table(
            "club_members",
            "The truth about the club",
            "One row per member: which customer it is, if any.",
            [
                _id("member_id", "member"),
                Column(
                    "customer_id",
                    "number",
                    "Number of the customer; empty: no customer.",
                    required=False,
                    decimals=0,
                ),
            ],
            key=["member_id"],
            references={"member_id": "club_members.member_id", **_LINK},
            truth=True,
        ),
        Table(
            "desk_notes",
            "The truth about the notes",
            "One row per note: whom it is about.",
            [_id("note_id", "note"), _CUSTOMER],
            key=["note_id"],
            references={"note_id": "desk_notes.note_id", **_LINK},
            truth=True,
        ),
        Table(
            "leak_panel",
            "The truth about the leak",
            "One row per arm that was affected: what the leak costs a person of the panel on average.",
            [
                Column("arm", "string", "When told.", allowed=ARMS[1:]),
                Column("trust", "number", "Trust lost (below zero), in points.", decimals=3),
                Column("margin", "number", "Margin lost in 26 weeks (below zero).", unit=money),
            ],
            key=["arm"],
            truth=True,
        ),
    ]
