"""The tables of the two clerks: who comes in, what is asked, what is offered, and what is bought."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crmkit.data.catalogue.machinery import Column, Table

if TYPE_CHECKING:
    from crmkit.companies import Company

_CONVERSATION = Column("conversation_id", "integer", "Number of the conversation.", minimum=1)
_VISITOR = {
    "job": "What it is for.",
    "wall": "What the wall is made of.",
    "tool": "Whether there is a drill at home.",
    "often": "Whether it is one hole or many, again and again.",
    "skill": "Whether the visitor has done it before.",
    "spend": "What the visitor can spend.",
}
#: What a clerk can ask about.
QUESTIONS = tuple(_VISITOR)


def tables(about: Company) -> list[Table]:
    """The tables that a company file's section ``shop`` adds."""
    return [
        Table(
            "solutions",
            "What the shop can offer to someone who asks for a drill",
            "One row per solution. It fits a visitor if every list that is given holds the "
            "visitor's case and the price is one "
            "that the visitor can pay.",
            [
                Column("solution", "string", "Name of the solution."),
                Column("price", "number", "Price.", unit=about.currency, minimum=0),
                Column(
                    "rating", "number", "Mark of the trade press, 1 to 5.", minimum=1, maximum=5
                ),
                *[
                    Column(
                        name,
                        "string",
                        f"Cases it serves, separated by semicolons; empty: all. {text}",
                        required=False,
                    )
                    for name, text in _VISITOR.items()
                    if name != "spend"
                ],
            ],
            key=["solution"],
        ),
        Table(
            "shop_conversations",
            "Conversations in the shop",
            "One row per visitor who came in and asked for a drill. Whichever clerk was free "
            "served; clerk B had drawn a card "
            "that said how many questions to ask.",
            [
                _CONVERSATION,
                Column("date", "date", "Day of the conversation."),
                Column(
                    "clerk",
                    "string",
                    "A shows everything and recommends; B asks first.",
                    allowed=("A", "B"),
                ),
                Column(
                    "planned_questions",
                    "integer",
                    "Questions on the card that clerk B drew (0 for clerk A).",
                    minimum=0,
                    maximum=6,
                ),
                Column(
                    "questions",
                    "integer",
                    "Questions that the visitor stayed to answer.",
                    minimum=0,
                    maximum=6,
                ),
                Column(
                    "minutes",
                    "number",
                    "Length of the conversation.",
                    unit="minutes",
                    minimum=0,
                    decimals=1,
                ),
                Column("left_early", "boolean", "Walked out before the clerk had made an offer."),
                Column("offered", "string", "What was offered last.", required=False),
                Column("bought", "boolean", "Whether anything was bought."),
                Column(
                    "satisfaction", "integer", "Mark on the way out, 1 to 5.", minimum=1, maximum=5
                ),
            ],
            key=["conversation_id"],
        ),
        Table(
            "shop_answers",
            "What was asked and said in the shop",
            "One row per question of a conversation.",
            [
                _CONVERSATION,
                Column(
                    "turn", "integer", "Number of the question within the conversation.", minimum=1
                ),
                Column("question", "string", "What was asked about.", allowed=QUESTIONS),
                Column("answer", "string", "What the visitor said."),
            ],
            key=["conversation_id", "turn"],
            references={"conversation_id": "shop_conversations.conversation_id"},
        ),
        Table(
            "shop_visitors",
            "The truth about who asks for a drill",
            "One row per kind of visitor, with its share of all visitors.",
            [
                *[
                    Column(name, "string", text, allowed=about.lists.get(f"shop_{name}"))
                    for name, text in _VISITOR.items()
                ],
                Column("share", "number", "Share of visitors.", minimum=0, maximum=1, decimals=8),
            ],
            key=list(_VISITOR),
            truth=True,
        ),
        Table(
            "shop_conversations",
            "The truth about the shop's visitors",
            "One row per conversation: what the visitor really needed.",
            [
                _CONVERSATION,
                *[Column(name, "string", text) for name, text in _VISITOR.items()],
                Column("knows", "boolean", "Whether the visitor knew exactly what would do."),
                Column("hurried", "boolean", "Whether the visitor was in a hurry."),
                Column("fits", "boolean", "Whether what was offered fits."),
            ],
            key=["conversation_id"],
            references={"conversation_id": "shop_conversations.conversation_id"},
            truth=True,
        ),
    ]
