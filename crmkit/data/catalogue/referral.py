"""The tables of introductions: who told whom, who came, what they were worth, and what a reward brought."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crmkit.data.catalogue.machinery import Column, Table

if TYPE_CHECKING:
    from crmkit.companies import Company

#: How somebody came: brought by a friend, or not.
CAME_BY = ("friend", "other")
#: Where newcomers live, from the shop.
AREAS = ("near", "town", "country")
#: The arms of the test of rewards.
ARMS = ("control", "to inviter", "to both")
#: Columns of the margin in the four half-years after joining.
HALF_YEARS = ("margin_1_6", "margin_7_12", "margin_13_18", "margin_19_24")

_CUSTOMER = Column("customer_id", "integer", "Number of the customer.", minimum=1)
_VISIT = Column("visit_id", "integer", "Number of the visit, in order of date.", minimum=1)
_NEWCOMER = Column("newcomer_id", "integer", "Number of the newcomer.", minimum=1)
_INVITER = Column(
    "inviter_id", "number", "The customer who told this person; empty: nobody.",
    required=False, minimum=1, decimals=0,
)  # fmt: skip


def tables(about: Company) -> list[Table]:
    """The tables that a company file's section ``referral`` adds."""
    return [_introductions(), _first_visits(), _newcomers(about), _test(about), *_truth(about)]


def _introductions() -> Table:
    return Table(
        "introductions",
        "Introductions",
        "One row per person whom a customer told to come, and what became of it. Each customer and year has as many "
        "rows with `bought` as `engagement` counts referrals. A friend who took a customer card is in `customers` "
        "(channel: friend); one who bought without a card has no number, and what such a friend told others is not "
        "known. Customers who came by a friend and are nobody's `friend_id` did not say who it was.",
        [
            Column("introduction_id", "integer", "Number, in order of date.", minimum=1),
            Column("inviter_id", "integer", "The customer who told a friend.", minimum=1),
            Column("told_on", "date", "Day on which the friend was told."),
            Column("visited", "boolean", "Did the friend come to look?"),
            Column("visited_on", "date", "Day of the first visit.", required=False),
            Column("bought", "boolean", "Did the friend buy?"),
            Column("bought_on", "date", "Day of the first purchase.", required=False),
            Column(
                "friend_id", "number", "The friend's customer number, with a card only.",
                required=False, minimum=1, decimals=0,
            ),
        ],
        key=["introduction_id"],
        references={"inviter_id": "customers.customer_id", "friend_id": "customers.customer_id"},
    )  # fmt: skip


def _first_visits() -> Table:
    return Table(
        "first_visits",
        "First visits",
        "One row per person who came to look for the first time in the last year of the data: introduced by a "
        "customer (these are also in `introductions`), or on their own.",
        [
            _VISIT,
            Column("visit_date", "date", "Day of the visit."),
            Column(
                "came_by", "string", "Told by a customer (friend), or not (other).", allowed=CAME_BY
            ),
            _INVITER,
            Column("project", "boolean", "Came with something definite to do, not just to look."),
            Column("near", "boolean", "Lives near a shop."),
            Column("bought", "boolean", "Did the person buy, then or later?"),
        ],
        key=["visit_id"],
        references={"inviter_id": "customers.customer_id"},
    )


def _newcomers(about: Company) -> Table:
    return Table(
        "newcomers",
        "Newcomers before the card",
        "One row per private person who became a customer in the two years before the customer card, from a file on "
        "paper. Each was watched for 24 months. None of them is in `customers`.",
        [
            _NEWCOMER,
            Column("came_by", "string", "Brought by a friend, or not.", allowed=CAME_BY),
            Column("joined_on", "date", "Day of the first purchase."),
            Column(
                "need_type", "string", "From a short questionnaire.",
                allowed=about.lists["need_types"],
            ),
            Column("area", "string", "Where the person lives.", allowed=AREAS),
            Column("newsletter_consent", "boolean", "Might we send letters?"),
            *[
                Column(name, "number", f"Margin in months {name[7:].replace('_', ' to ')}.",
                       unit=about.currency, minimum=0)
                for name in HALF_YEARS
            ],
            Column("margin_24m", "number", "Margin in all 24 months.", unit=about.currency, minimum=0),
            Column(
                "months_stayed", "integer", "Months until the last purchase; 24: still there.",
                unit="months", minimum=1, maximum=24,
            ),
            Column("stayed_24m", "boolean", "Still a customer after 24 months?"),
        ],
        key=["newcomer_id"],
    )  # fmt: skip


def _test(about: Company) -> Table:
    return Table(
        "reward_test",
        "A test of rewards for introductions",
        "One row per customer of the test, which began after the data end and ran for 120 days. All got the same "
        "letter: do you know somebody whom we could help? Chance decided what it promised for each friend who buys: "
        "nothing (control), a voucher to the inviter, or one to both.",
        [
            _CUSTOMER,
            Column("arm", "string", "What was promised.", allowed=ARMS),
            Column(
                "told_before", "integer", "Friends told in the last year of the data.",
                unit="people", minimum=0,
            ),
            Column("orders_before", "integer", "Orders in that year.", unit="orders", minimum=0),
            Column("told_120d", "integer", "Friends told in the 120 days.", unit="people", minimum=0),
            Column(
                "friends_120d", "integer", "New customers in the 120 days who named this customer.",
                unit="customers", minimum=0,
            ),
            Column(
                "same_address", "integer", "Of these, how many have the inviter's own address.",
                unit="customers", minimum=0,
            ),
            Column("reward_cost", "number", "Vouchers paid out.", unit=about.currency, minimum=0),
        ],
        key=["customer_id"],
        references={"customer_id": "customers.customer_id"},
    )  # fmt: skip


def _truth(about: Company) -> list[Table]:
    def chance(name: str, words: str) -> Column:
        return Column(name, "number", words, minimum=0, maximum=1, decimals=4)

    return [
        Table(
            "inviters",
            "The truth about telling others",
            "One row per customer: how inclined he or she is to tell others.",
            [
                _CUSTOMER,
                Column(
                    "told_a_year", "number", "Friends told in a year, to be expected.",
                    unit="people", minimum=0, decimals=3,
                ),
                chance("visit_chance", "Chance that a friend comes to look who will not buy."),
            ],
            key=["customer_id"],
            references={"customer_id": "customers.customer_id"},
            truth=True,
        ),
        Table(
            "first_visits",
            "The truth about first visits",
            "One row per visit: the chance to buy if told by a friend, and if not.",
            [
                _VISIT,
                chance("chance_friend", "If told by a friend."),
                chance("chance_other", "If not."),
            ],
            key=["visit_id"],
            references={"visit_id": "first_visits.visit_id"},
            truth=True,
        ),
        Table(
            "newcomers",
            "The truth about newcomers",
            "One row per newcomer: the same person, brought by a friend and not.",
            [
                _NEWCOMER,
                Column(
                    "margin_friend", "number", "Margin in 24 months if a friend had brought them.",
                    unit=about.currency, minimum=0,
                ),
                Column(
                    "margin_other", "number", "Margin in 24 months if not.",
                    unit=about.currency, minimum=0,
                ),
                Column("stays_friend", "boolean", "Still there after 24 months, if a friend had."),
                Column("stays_other", "boolean", "Still there after 24 months, if not."),
            ],
            key=["newcomer_id"],
            references={"newcomer_id": "newcomers.newcomer_id"},
            truth=True,
        ),
        Table(
            "reward_test",
            "The truth about the test of rewards",
            "One row per customer of the test. The effects count friends who live elsewhere and would not have come.",
            [
                _CUSTOMER,
                Column("anyway", "integer", "Friends who come without a reward.", minimum=0),
                Column(
                    "effect_to_inviter", "number", "Friends more, to be expected, if the inviter is paid.",
                    decimals=4,
                ),
                Column(
                    "effect_to_both", "number", "Friends more, to be expected, if both are paid.",
                    decimals=4,
                ),
                Column(
                    "cheats", "boolean", "Would open a second card at home for a reward.",
                ),
            ],
            key=["customer_id"],
            references={"customer_id": "customers.customer_id"},
            truth=True,
        ),
    ]  # fmt: skip
