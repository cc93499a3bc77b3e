"""The tables of the bond study: a rival's price attack, repairs of faults, ideas for partners, their truth."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crmkit.data.catalogue.machinery import Column, Table

if TYPE_CHECKING:
    from crmkit.companies import Company

#: The bonds, the control group first.
BONDS = ("none", "financial", "social", "structural")
#: How somebody came to a bond, or a fault to its repair.
HOW = ("by chance", "own choice")
CASES = ("by chance", "as it came")
#: What was done about a fault; customers without a fault first.
REPAIRS = ("no fault", "at once", "late", "not")
#: With whom an idea is carried out.
PARTNERS = ("supplier", "other firm", "public")

_PERSON = Column("person_id", "integer", "Number of the customer in the study.", minimum=1)
_CASE = Column("case_id", "integer", "Number of the case.", minimum=1)


def tables(about: Company) -> list[Table]:
    """The tables that a company file's section ``bonds`` adds."""
    return [_study(about), _repairs(), _ideas(about), *_truth(about)]


def _study(about: Company) -> Table:
    def money(name: str, words: str, *, minimum: float | None = 0) -> Column:
        return Column(name, "number", words, unit=about.currency, minimum=minimum)

    return Table(
        "bond_study",
        "Study of bonds under a price attack",
        "One row per customer of a study in 52 weeks; these customers have no customer card. In one part chance "
        "decided on the bond; in the other customers chose. After week 26 a rival cut its prices; how deep, chance "
        "decided for each area. A customer with `left` False was still there when the watching ended: in week 52, or "
        "earlier because he or she moved to another town.",
        [
            _PERSON,
            Column("how", "string", "Who decided on the bond.", allowed=HOW),
            Column(
                "bond", "string",
                "The bond: none; financial (a standing discount); social (an adviser of one's own, who knows the "
                "projects); structural (a tool rental account that keeps the customer's projects and tools).",
                allowed=BONDS,
            ),
            Column("area", "integer", "Number of the area where the customer lives.", minimum=1),
            Column(
                "rival_off", "integer", "How much the rival took off its prices in that area, after week 26.",
                unit="%", minimum=0, maximum=90,
            ),
            money("margin_before", "Margin in the 13 weeks before the study."),
            Column(
                "weeks", "integer", "Weeks from the start of the study until the customer left or the watching ended.",
                unit="weeks", minimum=1,
            ),
            Column("left", "boolean", "Whether the customer left for another shop."),
            money("margin_quiet", "Margin in weeks 1 to 26, before the attack; the cost of the bond is not yet paid."),
            money("cost_quiet", "Cost of the bond in weeks 1 to 26."),
            money("margin_attack", "Margin in weeks 27 to 52, under the attack; the cost of the bond is not yet paid."),
            money("cost_attack", "Cost of the bond in weeks 27 to 52."),
        ],
        key=["person_id"],
    )  # fmt: skip


def _repairs() -> Table:
    return Table(
        "repairs",
        "Faults and their repair",
        "One row per order that was followed for 180 days. In the part by chance the shop found the faults, and "
        "chance decided what was done about each. In the other part cases came as usual: a fault is on file only if "
        "the customer complained, so “no fault” there means that nobody complained.",
        [
            _CASE,
            Column("how", "string", "How it came to the repair.", allowed=CASES),
            Column(
                "repair", "string",
                "What was done: no fault; a fault repaired at once with an apology; late; not.",
                allowed=REPAIRS,
            ),
            Column("orders_before", "integer", "Orders in the year before.", unit="orders", minimum=0),
            Column(
                "satisfaction", "integer", "How satisfied the customer was a month later, 0 to 10.",
                minimum=0, maximum=10,
            ),
            Column("bought_180d", "boolean", "Whether the customer bought again within 180 days."),
        ],
        key=["case_id"],
    )  # fmt: skip


def _ideas(about: Company) -> Table:
    def gain(name: str, who: str) -> Column:
        return Column(
            name, "integer", f"What {who} would gain in a year; below 0: would lose.", unit=about.currency
        )  # fmt: skip

    return Table(
        "partner_ideas",
        "Ideas for working with others",
        "One row per idea. Both sides estimated the gains together.",
        [
            Column("idea", "string", "The idea."),
            Column("partner", "string", "With whom.", allowed=PARTNERS),
            gain("gain_company", about.name),
            gain("gain_partner", "the partner"),
            gain("gain_customers", "customers, in money and in time saved"),
        ],
        key=["idea"],
    )


def _truth(about: Company) -> list[Table]:
    def chance(name: str, words: str, decimals: int = 3) -> Column:
        return Column(name, "number", words, minimum=0, maximum=1, decimals=decimals)

    stays = [
        chance(f"stays_{bond}", f"Chance to be there after 52 weeks with the bond {bond}.")
        for bond in BONDS
    ]
    earns = [
        Column(
            f"earns_{bond}", "integer", f"Margin less cost to be expected with the bond {bond}.",
            unit=about.currency,
        )
        for bond in BONDS
    ]  # fmt: skip
    buys = [
        chance(f"buys_{repair.replace(' ', '_')}", f"Chance to buy again: {repair}.", 2)
        for repair in REPAIRS
    ]
    return [
        Table(
            "bond_study",
            "The truth about the bonds",
            "One row per customer: the same person with each of the bonds, nobody moving away.",
            [
                _PERSON,
                Column(
                    "loyal", "number",
                    "How loyal the customer is whatever the bond, in standard deviations; nobody noted it.",
                ),
                *stays,
                *earns,
            ],
            key=["person_id"],
            references={"person_id": "bond_study.person_id"},
            truth=True,
        ),
        Table(
            "repairs",
            "The truth about repairs",
            "One row per case: the same customer with each kind of repair.",
            [
                _CASE,
                Column("fault", "boolean", "Whether there was a fault, also one that nobody told."),
                *buys,
            ],
            key=["case_id"],
            references={"case_id": "repairs.case_id"},
            truth=True,
        ),
    ]  # fmt: skip
