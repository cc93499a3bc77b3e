"""The tables of the agents' study: a joined view on trial, suggestions on trial, aims of a CRM project, their truth."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crmkit.data.catalogue.machinery import Column, Table

if TYPE_CHECKING:
    from crmkit.companies import Company

#: What chance gave an agent, the control group first.
VIEWS = ("separate", "joined", "joined, trained")
PERIODS = ("before", "trial")
#: What callers were suggested, the control group first.
ARMS = ("no suggestion", "best seller", "next best", "next best, every call")
#: The three parts of a project that money can be put into.
PARTS = ("data", "adoption", "features")

_CALL = Column("call_id", "integer", "Number of the call.", minimum=1)
_PERSON = Column("person_id", "integer", "Number of the caller in the trial.", minimum=1)


def tables(about: Company) -> list[Table]:
    """The tables that a company file's section ``agents`` adds."""
    return [_calls(), _offers(about), _aims(about), *_truth(about)]


def _calls() -> Table:
    return Table(
        "agent_calls",
        "Trial of a joined view with agents",
        "One row per call. Chance decided for each agent: separate screens for shop, web shop and app as before; one "
        "joined view; or the joined view with two days of training. Before the trial all agents had separate screens.",
        [
            _CALL,
            Column("agent_id", "integer", "Number of the agent.", minimum=1),
            Column("period", "string", "Before the trial, or in it.", allowed=PERIODS),
            Column("view", "string", "What chance gave the agent for the trial.", allowed=VIEWS),
            Column("hard", "boolean", "Whether the case was a hard one."),
            Column(
                "systems", "integer", "In how many of the three systems the caller has a record.",
                minimum=1, maximum=3,
            ),
            Column(
                "opened", "boolean",
                "Whether the agent opened the joined view in this call. False where there was none.",
            ),
            Column(
                "handling_minutes", "number", "From the answer to the end of the call.", unit="minutes", minimum=0
            ),
            Column(
                "repeats", "integer", "Questions that the caller had already answered once.", unit="questions",
                minimum=0,
            ),
            Column("wrong", "boolean", "Whether the answer turned out wrong."),
        ],
        key=["call_id"],
    )  # fmt: skip


def _offers(about: Company) -> Table:
    return Table(
        "offer_trial",
        "Trial of suggestions at the end of a call",
        "One row per caller who was followed for 90 days; these people have no customer card. Chance decided: no "
        "suggestion; the best seller, once; the product that fits what the caller bought (next best offer), once; or "
        "such a product at the end of every call.",
        [
            _PERSON,
            Column("arm", "string", "What chance decided.", allowed=ARMS),
            Column("orders_before", "integer", "Orders in the year before.", unit="orders", minimum=0),
            Column(
                "margin_before", "number", "Margin in the 90 days before.", unit=about.currency, minimum=0
            ),
            Column("calls", "integer", "Calls in the 90 days.", unit="calls", minimum=1),
            Column("suggestions", "integer", "Suggestions that the caller heard.", unit="suggestions", minimum=0),
            Column("said_yes", "boolean", "Whether the caller bought a suggested product in a call."),
            Column(
                "margin_90d", "number", "Margin in the 90 days, with what was suggested.",
                unit=about.currency, minimum=0,
            ),
            Column("likes_less", "boolean", "Whether the caller said afterwards that he or she likes the brand less."),
        ],
        key=["person_id"],
    )  # fmt: skip


def _aims(about: Company) -> Table:
    def scale(part: str, words: str) -> Column:
        return Column(
            part, "number", f"{words}: money with which it works to 63 % (1 − 1/e); twice as much: 86 %.",
            unit=f"thousand {about.currency}", minimum=0, decimals=0,
        )  # fmt: skip

    return Table(
        "crm_aims",
        "Aims of a CRM project",
        "One row per aim that a project may choose, as the team estimated it. What the project brings in a year is its "
        "worth times how well data, adoption and features work, multiplied.",
        [
            Column("aim", "string", "The aim."),
            Column(
                "worth", "number", "What it brings in a year if everything works.",
                unit=f"thousand {about.currency}", minimum=0, decimals=0,
            ),
            scale("data", "Data (joining and cleaning records)"),
            scale("adoption", "Adoption (training, and time to learn)"),
            scale("features", "Features (programs and screens)"),
            Column(
                "budget", "number", "What the board gives, whatever the aim.",
                unit=f"thousand {about.currency}", minimum=0, decimals=0,
            ),
            Column("years", "integer", "Years in which the project has to pay.", unit="years", minimum=1),
        ],
        key=["aim"],
    )  # fmt: skip


def _truth(about: Company) -> list[Table]:
    def chance(name: str, words: str) -> Column:
        return Column(name, "number", words, minimum=0, maximum=1, decimals=3)

    return [
        Table(
            "agent_calls",
            "The truth about the joined view",
            "One row per call: the same call with separate screens and with the joined view opened.",
            [
                _CALL,
                Column(
                    "minutes_separate", "number", "Minutes to be expected with separate screens.",
                    unit="minutes", minimum=0,
                ),
                Column(
                    "minutes_joined", "number", "Minutes to be expected with the joined view opened.",
                    unit="minutes", minimum=0,
                ),
                chance("wrong_separate", "Chance of a wrong answer with separate screens."),
                chance("wrong_joined", "Chance of a wrong answer with the joined view opened."),
            ],
            key=["call_id"],
            references={"call_id": "agent_calls.call_id"},
            truth=True,
        ),
        Table(
            "offer_trial",
            "The truth about suggestions",
            "One row per caller: the margin in 90 days to be expected in each arm of the trial.",
            [
                _PERSON,
                *(
                    Column(
                        f"margin_{place}", "number", f"Margin to be expected: {arm}.",
                        unit=about.currency, minimum=0,
                    )
                    for place, arm in enumerate(ARMS)
                ),
            ],
            key=["person_id"],
            references={"person_id": "offer_trial.person_id"},
            truth=True,
        ),
    ]  # fmt: skip
