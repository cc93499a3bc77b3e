"""The tables of the service desk: calls, staff, written enquiries, a trial of faster answers, and their truth."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crmkit.data.catalogue.machinery import Column, Table

if TYPE_CHECKING:
    from crmkit.companies import Company

PROMISES = ("within the hour", "next day")
_DATE = Column("date", "date", "Day of arrival.")
_HARD = Column("hard", "boolean", "Whether the agent noted it as a hard case.")
_BOUGHT = Column("bought_90d", "boolean", "Whether the customer bought again within 90 days.")
_LESS = Column(
    "likes_less",
    "boolean",
    "Answer to the survey a week later: whether the customer now likes the brand less than before.",
)
_HOUR = Column("hour", "integer", "Hour of the day: 9 is from nine to ten.", minimum=0, maximum=23)


def _id(name: str, what: str) -> Column:
    return Column(name, "integer", f"Number of the {what}.", minimum=1)


def _minute(most: int = 1439) -> Column:
    return Column(
        "minute",
        "integer",
        "Minute of the day at which it came: 570 is half past nine.",
        unit="minutes",
        minimum=0,
        maximum=most,
    )


def _chance(name: str, words: str) -> Column:
    return Column(name, "number", words, minimum=0, maximum=1, decimals=3)


def _truth(of: tuple[str, str]) -> list[Column]:
    return [
        _id("enquiry_id", "enquiry"),
        Column(
            "upset",
            "number",
            "How upset the customer was, in standard deviations; nobody noted it.",
        ),
        _chance("bought_hour", f"Chance of buying again {of[0]}."),
        _chance("bought_next_day", f"Chance of buying again {of[1]}."),
        _chance("likes_less_hour", f"Chance of liking the brand less {of[0]}."),
        _chance("likes_less_next_day", f"Chance of liking the brand less {of[1]}."),
    ]


def tables(about: Company) -> list[Table]:
    """The tables that a company file's section ``desk`` adds."""
    channels = about.lists["written_channels"]
    return [
        Table(
            "desk_calls",
            "Calls at the service desk",
            f"One row per call in some weeks of {about.year}, in order of time. The desk's system knows no customer "
            "numbers. A caller who hangs up before an answer has given up (answered is False).",
            [
                _id("call_id", "call"),
                _DATE,
                _minute(),
                _HARD,
                Column(
                    "wait_minutes",
                    "number",
                    "Minutes until the answer, or until the caller gave up.",
                    unit="minutes",
                    minimum=0,
                ),
                Column("answered", "boolean", "Whether the call was answered."),
                Column(
                    "handling_minutes",
                    "number",
                    "Minutes that an agent was busy with it, notes included. Empty: not answered.",
                    unit="minutes",
                    minimum=0,
                    required=False,
                ),
                Column("solved_first", "boolean", "Whether this one call solved it."),
                _BOUGHT,
            ],
            key=["call_id"],
        ),
        Table(
            "desk_staff",
            "Staff on duty at the telephone",
            "One row per day and hour in which the telephone desk is open.",
            [
                Column("date", "date", "Day."),
                _HOUR,
                Column("agents", "integer", "Agents on duty.", unit="people", minimum=1),
                Column(
                    "cost",
                    "number",
                    "What this hour's agents cost.",
                    unit=about.currency,
                    minimum=0,
                ),
            ],
            key=["date", "hour"],
        ),
        Table(
            "desk_enquiries",
            "Written enquiries at the service desk",
            "One row per enquiry in writing in the same weeks, nights and Sundays included. The survey was answered by "
            "all. Hard ones are put off; a specialist answers them on days when one is free, else the front line.",
            [
                _id("enquiry_id", "enquiry"),
                _DATE,
                _minute(),
                Column("channel", "string", "How it came.", allowed=channels),
                _HARD,
                Column("wait_hours", "number", "Hours until the answer.", unit="hours", minimum=0),
                Column(
                    "answered_by",
                    "string",
                    "Who answered.",
                    allowed=("front line", "specialist"),
                ),
                Column("solved_first", "boolean", "Whether the first answer solved it."),
                _BOUGHT,
                _LESS,
            ],
            key=["enquiry_id"],
        ),
        Table(
            "answer_trial",
            "Trial of faster answers",
            f"One row per written enquiry on working days of some later weeks of {about.year}. Chance decided which of "
            "two promises the customer got: an answer within the hour, or the next day.",
            [
                _id("enquiry_id", "enquiry of the trial"),
                _DATE,
                Column("channel", "string", "How it came.", allowed=channels),
                _HARD,
                Column("promise", "string", "What was promised, by chance.", allowed=PROMISES),
                Column("wait_hours", "number", "Hours until the answer.", unit="hours", minimum=0),
                _BOUGHT,
                _LESS,
            ],
            key=["enquiry_id"],
        ),
        Table(
            "desk_hours",
            "The truth about the telephone",
            "One row per weekday and hour: what is expected.",
            [
                Column("weekday", "integer", "0 is Monday.", minimum=0, maximum=6),
                _HOUR,
                Column("calls", "number", "Expected calls in the hour.", unit="calls", minimum=0),
                Column(
                    "handling_minutes", "number", "Mean handling time.", unit="minutes", minimum=0
                ),
                Column("patience_minutes", "number", "Mean patience.", unit="minutes", minimum=0),
            ],
            key=["weekday", "hour"],
            truth=True,
        ),
        Table(
            "desk_enquiries",
            "The truth about written enquiries",
            "One row per enquiry: what nobody noted, and the chances after half an hour and after 24 hours of waiting.",
            _truth(("if answered after half an hour", "if answered after 24 hours")),
            key=["enquiry_id"],
            references={"enquiry_id": "desk_enquiries.enquiry_id"},
            truth=True,
        ),
        Table(
            "answer_trial",
            "The truth about the trial of faster answers",
            "One row per enquiry of the trial: the chances under each promise, as it would have been kept.",
            _truth(("under the promise of an hour", "under the promise of the next day")),
            key=["enquiry_id"],
            references={"enquiry_id": "answer_trial.enquiry_id"},
            truth=True,
        ),
    ]
