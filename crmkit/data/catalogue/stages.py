"""The tables on stages: firms followed by the quarter, a trial of kinds of relationship, and one of winning back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crmkit.data.catalogue.machinery import Column, Table

if TYPE_CHECKING:
    from crmkit.companies import Company

#: The stages of a relationship, in their order; after the last the firm buys nothing any more.
STAGES = ("exploration", "build-up", "stable", "decline", "ended")
#: Quarters in which the firms were followed.
QUARTERS = 12
#: Kinds of relationship, from the least to the most work.
KINDS = ("basic", "reactive", "accountable", "proactive", "partner")
#: What was tried to win firms back; the control group first.
OFFERS = ("control", "discount", "mending call")
#: Why a firm left.
LEFT_FOR = ("price", "a fault", "no need", "a rival's range")

_FIRM = Column("firm_id", "integer", "Number of the firm.", minimum=1)
_PLAN = Column("plan_id", "integer", "Number of the care plan.", minimum=1)


def _snake(name: str) -> str:
    return name.replace(" ", "_")


def tables(about: Company) -> list[Table]:
    """The tables that a company file's section ``stages`` adds."""
    return [_firms(about), _kinds(about), _trial(about), _lost(about), _plans(), *_truth(about)]


def _firms(about: Company) -> Table:
    return Table(
        "firm_quarters",
        "Firms by quarter",
        "One row per firm and quarter, from the firm's first order on; these firms have no customer card. Nobody gives "
        "notice: a firm that has ended the relationship has rows without orders.",
        [
            _FIRM,
            Column("quarter", "integer", "Number of the quarter.", minimum=1, maximum=QUARTERS),
            Column("orders", "integer", "Orders in the quarter.", unit="orders", minimum=0),
            Column("margin", "number", "Margin of these orders.", unit=about.currency),
            Column(
                "cost", "number", "What it cost to serve the firm in the quarter: visits, calls, deliveries.",
                unit=about.currency, minimum=0,
            ),
        ],
        key=["firm_id", "quarter"],
    )  # fmt: skip


def _kinds(about: Company) -> Table:
    return Table(
        "relation_kinds",
        "Kinds of relationship",
        "One row per kind of relationship, from the least to the most work, with what it costs.",
        [
            Column(
                "kind", "string",
                "The kind: basic (sell, and no more); reactive (there is a number to call); accountable (somebody "
                "calls "
                "after each sale and asks); proactive (somebody calls with ideas); partner (both plan together).",
                allowed=KINDS,
            ),
            Column("cost_firm", "number", "Cost a year of each firm that gets it.", unit=about.currency, minimum=0),
            Column(
                "cost_fixed", "number", "Cost a year of having it at all for a group of firms: a desk, a system.",
                unit=about.currency, minimum=0,
            ),
        ],
        key=["kind"],
    )  # fmt: skip


def _trial(about: Company) -> Table:
    def money(name: str, words: str, minimum: float) -> Column:
        return Column(name, "integer", words, unit=about.currency, minimum=minimum)

    return Table(
        "kind_trial",
        "Trial of kinds of relationship",
        "One row per firm. For a year chance decided which kind of relationship a firm got; nobody paid for it.",
        [
            _FIRM,
            money("turnover_before", "Turnover in the year before.", minimum=0),
            money("margin_before", "Margin in the year before.", minimum=1),
            Column("kind", "string", "The kind that chance gave.", allowed=KINDS),
            Column("stayed", "boolean", "Whether the firm bought to the end of the trial's year."),
            money("margin_year", "Margin in the trial's year; the cost of the kind is not yet paid.", minimum=0),
        ],
        key=["firm_id"],
    )  # fmt: skip


def _lost(about: Company) -> Table:
    def money(name: str, words: str) -> Column:
        return Column(name, "integer", words, unit=about.currency, minimum=0)

    return Table(
        "lost_firms",
        "Trial of winning back",
        "One row per firm that had left. Chance decided on the offer; then each was followed for two years.",
        [
            _FIRM,
            Column("left_for", "string", "Why the firm had left, as it said itself.", allowed=LEFT_FOR),
            money("margin_first", "Margin a year in its first life with us."),
            Column("offer", "string", "What chance decided: nothing (control), a discount, or a call that hears what "
                   "went wrong and mends it.", allowed=OFFERS),
            Column("returned", "boolean", "Whether the firm bought again within 90 days."),
            money("margin_second", "Margin in two years of its second life; the discount is already taken off."),
            Column("cost", "number", "What the contact cost.", unit=about.currency, minimum=0),
        ],
        key=["firm_id"],
    )  # fmt: skip


def _plans() -> Table:
    return Table(
        "care_plans",
        "Care plans for tools",
        "One row per care plan of a firm: its tools are checked and repaired, for a yearly fee. A plan is renewed once "
        "a year, or ends.",
        [
            _PLAN,
            Column("renewals", "integer", "How often it has been renewed so far.", minimum=0),
            Column("ended", "boolean", "Whether it has ended, at the renewal after those; otherwise it still runs."),
        ],
        key=["plan_id"],
    )  # fmt: skip


def _truth(about: Company) -> list[Table]:
    def share(name: str, words: str, decimals: int = 3) -> Column:
        return Column(name, "number", words, minimum=0, maximum=1, decimals=decimals)

    def money(name: str, words: str) -> Column:
        return Column(name, "integer", words, unit=about.currency)

    returns = [share(f"returns_{_snake(o)}", f"Chance to return: {o}.", 2) for o in OFFERS]
    nets = [money(f"net_{_snake(o)}", f"Margin less cost to be expected: {o}.") for o in OFFERS]
    return [
        Table(
            "firm_quarters",
            "The truth about stages",
            "One row per firm and quarter: the stage in which the relationship really was.",
            [
                _FIRM,
                Column("quarter", "integer", "Number of the quarter.", minimum=1, maximum=QUARTERS),
                Column("stage", "string", "The stage.", allowed=STAGES),
            ],
            key=["firm_id", "quarter"],
            references={"firm_id": "firm_quarters.firm_id"},
            truth=True,
        ),
        Table(
            "relation_kinds",
            "The truth about kinds of relationship",
            "One row per kind: what it really moves.",
            [
                Column("kind", "string", "The kind.", allowed=KINDS),
                share("stays", "Chance that a firm buys to the end of the year."),
                Column(
                    "kept", "number", "Margin to be expected as a share of the year before.",
                    minimum=0, decimals=3,
                ),
            ],
            key=["kind"],
            references={"kind": "relation_kinds.kind"},
            truth=True,
        ),
        Table(
            "lost_firms",
            "The truth about winning back",
            "One row per firm: the same firm with each of the offers.",
            [_FIRM, *returns, *nets],
            key=["firm_id"],
            references={"firm_id": "lost_firms.firm_id"},
            truth=True,
        ),
        Table(
            "care_plans",
            "The truth about care plans",
            "One row per plan: the chance that it ends at a renewal, the same at each.",
            [_PLAN, share("leave_chance", "Chance that the plan ends at a renewal.")],
            key=["plan_id"],
            references={"plan_id": "care_plans.plan_id"},
            truth=True,
        ),
    ]  # fmt: skip
