"""The tables of an app: sessions with what was done in them, subscriptions, a test of nudges, and their truth."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crmkit.data.catalogue.machinery import Column, Table

if TYPE_CHECKING:
    from crmkit.companies import Company

_CUSTOMER = Column("customer_id", "integer", "Number of the user.", minimum=1)
_USER = {"customer_id": "customers.customer_id"}


def tables(about: Company) -> list[Table]:
    """The tables that a trade in sessions adds."""
    log_start, log_end = about.dates["log_start"], about.dates["log_end"]
    test_start, test_end = about.dates["test_start"], about.dates["test_end"]
    events = about.lists["events"]
    return [
        Table(
            "sessions",
            "The log of sessions",
            f"One row per session from {log_start} to {log_end} (what is older or younger is not kept), in order of "
            "time. Most users never pay; what payers pay is in orders. `crmkit.mining.read_events` turns the "
            "compact column events into one row per event.",
            [
                Column("session_id", "integer", "Number of the session.", minimum=1),
                _CUSTOMER,
                Column("date", "date", "Day of the session."),
                Column(
                    "minute",
                    "integer",
                    "Minute of the day at which it began: 75 is a quarter past one in the morning.",
                    unit="minutes",
                    minimum=0,
                    maximum=1439,
                ),
                Column("channel", "string", "Where it was.", allowed=about.lists["channels"]),
                Column("minutes", "number", "Length.", unit="minutes", minimum=0, decimals=1),
                Column(
                    "events",
                    "string",
                    "What was done: codes of event_kinds with how often, such as `ls2 tk1`. Empty: nothing.",
                    required=False,
                ),
            ],
            key=["session_id"],
            references=_USER,
        ),
        Table(
            "event_kinds",
            "Kinds of event",
            "One row per kind of event that the log knows.",
            [
                Column("code", "string", "Two letters by which the log names it."),
                Column("event", "string", "Its name.", allowed=events),
                Column("group", "string", "What it belongs to."),
                Column("description", "string", "What it says."),
            ],
            key=["code"],
        ),
        Table(
            "subscriptions",
            "Subscriptions",
            f"One row per subscription, from {about.start} to {about.end}; each month's payment is in orders.",
            [
                Column("subscription_id", "integer", "Number of the subscription.", minimum=1),
                _CUSTOMER,
                Column("from_date", "date", "First day."),
                Column(
                    "notice_date",
                    "date",
                    "Day on which notice was given. Empty: none.",
                    required=False,
                ),
                Column("to_date", "date", "Last day. Empty: still running.", required=False),
            ],
            key=["subscription_id"],
            references=_USER,
        ),
        Table(
            "nudge_test",
            "A test of two nudges",
            f"One row per user with a session in the weeks before {test_start}, put into an arm at random. From "
            f"then to {test_end} the app nudged them to listen to their takes, to mark favourites, or not at all.",
            [
                _CUSTOMER,
                Column("arm", "string", "Which nudge.", allowed=about.lists["nudges"]),
                Column(
                    "sessions", "integer", "Sessions during the test.", unit="sessions", minimum=0
                ),
                Column(
                    "takes", "integer", "Takes recorded during the test.", unit="takes", minimum=0
                ),
                Column(
                    "listens",
                    "integer",
                    "Takes listened back to during the test.",
                    unit="takes",
                    minimum=0,
                ),
                Column(
                    "favourites",
                    "integer",
                    "Songs marked as a favourite during the test.",
                    unit="songs",
                    minimum=0,
                ),
            ],
            key=["customer_id"],
            references=_USER,
        ),
        Table(
            "users",
            "The truth about users",
            "One row per user: the traits that several kinds of event share, and what moves a user to pay "
            "that no log shows.",
            [
                _CUSTOMER,
                *(
                    Column(trait, "number", f"How {word}, in standard deviations.", decimals=3)
                    for trait, word in (
                        ("drive", "driven"),
                        ("sociable", "sociable"),
                        ("curious", "curious"),
                    )
                ),
                Column(
                    "burst",
                    "number",
                    "Further sessions that a visit brings on average.",
                    unit="sessions",
                    minimum=0,
                    decimals=3,
                ),
                Column(
                    "steady",
                    "number",
                    "What else moves the user to pay.",
                    unit="log odds",
                    decimals=3,
                ),
            ],
            key=["customer_id"],
            references=_USER,
            truth=True,
        ),
        Table(
            "behaviour_causes",
            "The truth about behaviour",
            "One row per cause: what one unit of its scale adds to the log odds of paying in a month, and of giving "
            f"notice, with the first version of the app and with the new one (from {about.dates['new_version']}).",
            [
                Column(
                    "cause",
                    "string",
                    "What of the last three months counts.",
                ),
                *(
                    Column(name, "number", meaning, unit="log odds")
                    for name, meaning in (
                        ("paying_before", "Effect on paying, first version."),
                        ("paying_after", "Effect on paying, new version."),
                        ("leaving_before", "Effect on giving notice, first version."),
                        ("leaving_after", "Effect on giving notice, new version."),
                    )
                ),
            ],
            key=["cause"],
            truth=True,
        ),
        Table(
            "event_kinds",
            "The truth about kinds of event",
            "One row per kind of event: whether anybody may show it, whether it shows the inclination to pay, or "
            "whether it exists only once somebody has paid.",
            [
                Column("event", "string", "The kind.", allowed=events),
                Column(
                    "role",
                    "string",
                    "Its role.",
                    allowed=("free", "shows the inclination", "after paying"),
                ),
            ],
            key=["event"],
            truth=True,
        ),
    ]
