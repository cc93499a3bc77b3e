"""The tables of relationship health: what traders do, say and buy, who leaves, and the branches that serve them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crmkit.data.catalogue.machinery import Column, Table

if TYPE_CHECKING:
    from crmkit.companies import Company

#: Quarters of the data.
QUARTERS = 8
#: Why a trader left, as told on the telephone afterwards.
REASONS = ("need ended", "rival near", "not content", "other")
#: What a trader does in a quarter, beside buying.
SIGNALS = ("logins", "shares", "introductions", "help_given", "complaints", "service_contacts")

_TRADER = Column("trader_id", "integer", "Number of the trader.", minimum=1)
_QUARTER = Column(
    "quarter", "integer", "Quarter of the data: 1 to 8, two years.", minimum=1, maximum=QUARTERS
)
_SATISFACTION = Column(
    "satisfaction", "integer", "Satisfied with us? 1 (not at all) to 10.", minimum=1, maximum=10
)
_RECOMMENDATION = Column(
    "recommendation", "integer", "Would you recommend us? 0 (surely not) to 10.",
    minimum=0, maximum=10,
)  # fmt: skip


def tables(about: Company) -> list[Table]:
    """The tables that a company file's section ``health`` adds."""
    branch = Column(
        "branch", "string", "Name of the branch.", allowed=about.lists["health_branches"]
    )
    return [
        _traders(branch),
        _quarters(about),
        _survey(),
        _branches(about, branch),
        _trial(about, branch),
        *_truth(about, branch),
    ]


def _traders(branch: Column) -> Table:
    return Table(
        "traders",
        "Trade customers",
        "One row per trade customer with an account (decorators, landlords, gardeners) in the last two years of the "
        "data. None of them is in `customers`. Those who left were called and asked why.",
        [
            _TRADER,
            branch,
            Column("discount", "number", "Discount on all purchases, as a share.", minimum=0, maximum=1),
            Column(
                "last_quarter", "number", "Last quarter with a purchase; empty: still buys in quarter 8.",
                required=False, minimum=1, maximum=QUARTERS - 1, decimals=0,
            ),
            Column(
                "reason", "string", "Why the trader left; empty: has not.", required=False,
                allowed=REASONS,
            ),
        ],
        key=["trader_id"],
    )  # fmt: skip


def _quarters(about: Company) -> Table:
    words = {
        "logins": "Log-ins to the account.",
        "shares": "Pictures of work shared on the traders' page.",
        "introductions": "Other traders introduced to us.",
        "help_given": "Questions of other traders answered on the page.",
        "complaints": "Complaints.",
        "service_contacts": "Calls and letters to the service desk.",
    }
    return Table(
        "trader_quarters",
        "Traders by quarter",
        "One row per trader and quarter with a purchase. Traders with an account buy in every quarter, so a trader "
        "without a row has left for good (or has not come yet).",
        [
            _TRADER,
            _QUARTER,
            *[Column(name, "integer", words[name], minimum=0) for name in SIGNALS],
            Column("sales", "number", "Sales.", unit=about.currency, minimum=0, decimals=0),
            Column(
                "profit", "number", "Margin less the cost of service contacts and complaints.",
                unit=about.currency, decimals=0,
            ),
        ],
        key=["trader_id", "quarter"],
        references={"trader_id": "traders.trader_id"},
    )  # fmt: skip


def _survey() -> Table:
    return Table(
        "trader_survey",
        "The quarterly survey",
        "One row per answer. In each quarter all traders with a purchase got a letter; those who did not answer have "
        "no row. In quarter 8 some of the silent, drawn at random, were called, and all of them answered.",
        [
            _TRADER,
            _QUARTER,
            Column("way", "string", "How the answer came.", allowed=("letter", "call")),
            _SATISFACTION,
            _RECOMMENDATION,
            Column(
                "effort", "integer", "How much effort is it to buy from us? 1 (none) to 7.",
                minimum=1, maximum=7,
            ),
        ],
        key=["trader_id", "quarter"],
        references={"trader_id": "traders.trader_id"},
    )  # fmt: skip


def _branches(about: Company, branch: Column) -> Table:
    return Table(
        "branch_quarters",
        "Branches by quarter",
        "One row per branch and quarter: surveys of the staff and of all customers, and the profit.",
        [
            branch,
            _QUARTER,
            Column("staff_satisfaction", "number", "Mean of the staff, 1 to 10.", minimum=1, maximum=10),
            Column("customer_satisfaction", "number", "Mean of the customers, 1 to 10.", minimum=1, maximum=10),
            Column("profit", "number", "Profit, in thousands.", unit=f"1,000 {about.currency}", decimals=1),
            Column("rival_near", "boolean", "Has a rival a shop near?"),
        ],
        key=["branch", "quarter"],
    )  # fmt: skip


def _trial(about: Company, branch: Column) -> Table:
    unit = f"1,000 {about.currency}"
    return Table(
        "branch_trial",
        "A trial of staff training",
        "One row per branch. In the year after the data, chance gave a training to half of the branches. Before and "
        "after are means of quarters.",
        [
            branch,
            Column("trained", "boolean", "Did chance give the branch the training?"),
            *[
                Column(f"{name}_satisfaction_{when}", "number", f"Satisfaction of the {who}, 1 to 10, {when} it.")
                for name, who in (("staff", "staff"), ("customer", "customers"))
                for when in ("before", "after")
            ],
            *[
                Column(
                    f"profit_{when}", "number",
                    f"Profit of a quarter, in thousands, {when} it; the training not paid.", unit=unit, decimals=1,
                )
                for when in ("before", "after")
            ],
        ],
        key=["branch"],
    )  # fmt: skip


def _truth(about: Company, branch: Column) -> list[Table]:
    return [
        Table(
            "trader_quarters",
            "The truth about traders",
            "One row per trader and quarter: what each would have answered, the silent too.",
            [
                _TRADER,
                _QUARTER,
                _SATISFACTION,
                _RECOMMENDATION,
                Column("decided", "boolean", "Has the trader decided to leave by now?"),
            ],
            key=["trader_id", "quarter"],
            references={"trader_id": "traders.trader_id"},
            truth=True,
        ),
        Table(
            "branch_trial",
            "The truth about the trial",
            "One row per branch: how good its location is, and what the training does there.",
            [
                branch,
                Column("location", "number", "In standard deviations; good is positive.", decimals=3),
                Column("staff_effect", "number", "On staff satisfaction, in points.", decimals=3),
                Column("customer_effect", "number", "On customer satisfaction, in points.", decimals=3),
                Column(
                    "profit_effect", "number", "On the profit of a quarter, in thousands.",
                    unit=f"1,000 {about.currency}", decimals=3,
                ),
            ],
            key=["branch"],
            truth=True,
        ),
    ]  # fmt: skip
