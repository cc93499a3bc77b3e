"""The tables of messages and feedback: histories, waves, a test of frequency, feedback answered, a net, their truth."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crmkit.data.catalogue.machinery import Column, Table

if TYPE_CHECKING:
    from crmkit.companies import Company

#: What a wave of messages may bring a reader, and what becomes of a customer's feedback.
ARMS = ("no message", "one for all", "matched", "random")
REPLIES = ("none", "reply", "report")
SAYS = ("likes more", "no change", "likes less")
KINDS = ("customer", "craftsman", "supplier", "staff")
_READER = Column("reader_id", "integer", "Number of the reader on the letter list.", minimum=1)
_FEEDBACK = Column("feedback_id", "integer", "Number of the customer's feedback.", minimum=1)


def liking_column(category: str) -> str:
    """Name of the truth's column for a category: liking_garden_tools."""
    return "liking_" + category.replace(" ", "_")


def _chance(name: str, words: str) -> Column:
    return Column(name, "number", words, minimum=0, maximum=1, decimals=3)


def tables(about: Company) -> list[Table]:
    """The tables that a company file's section ``messages`` adds."""
    money, products = about.currency, {"product_id": "products.product_id"}
    messages = Column(
        "messages_month", "integer", "Messages a month.", unit="messages a month", minimum=0
    )
    return [
        Table(
            "message_purchases",
            "What readers of the letter bought",
            "One row per reader, week and product bought in the 52 weeks before the test of messages. Readers have "
            "numbers of their own.",
            [
                _READER,
                Column("week", "integer", "Week, 1 to 52.", minimum=1, maximum=52),
                Column("product_id", "integer", "Product bought.", minimum=1),
            ],
            key=["reader_id", "week", "product_id"],
            references=products,
        ),
        Table(
            "message_waves",
            "Test of messages",
            "One row per wave and reader who had not unsubscribed. The waves lie two weeks apart. In each, chance "
            "decided the arm: no message, the same product for all, a product matched by the reader's history, or a "
            "product drawn at random for each reader.",
            [
                _READER,
                Column("wave", "integer", "Wave, 1 is the first.", minimum=1),
                Column("arm", "string", "What chance decided.", allowed=ARMS),
                Column(
                    "product_id",
                    "number",
                    "Product in the message. Empty: no message.",
                    required=False,
                    decimals=0,
                ),
                Column("opened", "boolean", "Whether the message was opened."),
                Column("visited", "boolean", "Whether the reader visited within 14 days."),
                Column("bought", "boolean", "Whether the reader bought within 14 days."),
                Column(
                    "margin_14d",
                    "number",
                    "Margin of these 14 days, before the cost of the message.",
                    unit=money,
                    minimum=0,
                ),
                Column(
                    "unsubscribed", "boolean", "Whether the reader left the list after this wave."
                ),
            ],
            key=["reader_id", "wave"],
        ),
        Table(
            "message_frequency",
            "Test of how many messages",
            "One row per reader of another group, for 90 days. Chance decided how many messages a month, and whether "
            "each was the same for all or matched.",
            [
                _READER,
                Column("arm", "string", "What chance decided.", allowed=ARMS[:3]),
                messages,
                Column("margin_90d", "number", "Margin of the 90 days.", unit=money, minimum=0),
                Column("unsubscribed", "boolean", "Whether the reader left the list."),
            ],
            key=["reader_id"],
        ),
        Table(
            "feedback_trial",
            "Feedback, and what was reported back",
            "One row per customer who told the company of something that was hard to use or wrong. All of it was "
            "mended. Chance decided what the customer heard: nothing (none), that it was read (reply), or what was "
            "changed (report). A survey followed; not everybody answered.",
            [
                _FEEDBACK,
                Column(
                    "topic", "string", "What it was about.", allowed=about.lists["feedback_topics"]
                ),
                Column("arm", "string", "What chance decided.", allowed=REPLIES),
                Column(
                    "feedback_again",
                    "boolean",
                    "Whether the customer told of something again within 90 days.",
                ),
                Column("bought_90d", "boolean", "Whether the customer bought within 90 days."),
                Column(
                    "survey",
                    "string",
                    "Answer to the survey a month later. Empty: no answer.",
                    allowed=SAYS,
                    required=False,
                ),
            ],
            key=["feedback_id"],
        ),
        Table(
            "net_people",
            "People around the company's workshop",
            "One row per person or firm.",
            [
                Column("person_id", "integer", "Number of the person or firm.", minimum=1),
                Column("kind", "string", "What they are.", allowed=KINDS),
            ],
            key=["person_id"],
        ),
        Table(
            "net_links",
            "Who knows whom around the workshop",
            "One row per pair who know each other; the lower number stands first.",
            [
                Column("person_id", "integer", "One of the two.", minimum=1),
                Column("knows_id", "integer", "The other.", minimum=1),
            ],
            key=["person_id", "knows_id"],
            references={"person_id": "net_people.person_id", "knows_id": "net_people.person_id"},
        ),
        Table(
            "message_readers",
            "What readers truly like, and what each arm does to them",
            "One row per reader: liking of each category (they add up to 1); and for a wave in each arm the mean "
            "chance of buying, expected margin and chance of unsubscribing.",
            [
                _READER,
                *(
                    _chance(liking_column(name), f"Liking of {name}.")
                    for name in about.lists["categories"]
                ),
                *(
                    _chance(f"bought_{arm}", f"Chance of buying, arm: {words}.")
                    for arm, words in _SHORT.items()
                ),
                *(
                    Column(
                        f"margin_{arm}",
                        "number",
                        f"Expected margin of 14 days, arm: {words}.",
                        unit=money,
                        decimals=3,
                    )
                    for arm, words in _SHORT.items()
                ),
                *(
                    Column(
                        f"leaves_{arm}",
                        "number",
                        f"Chance of unsubscribing, arm: {words}.",
                        minimum=0,
                        maximum=1,
                        decimals=4,
                    )
                    for arm, words in _SHORT.items()
                    if arm != "none"
                ),
            ],
            key=["reader_id"],
            truth=True,
        ),
        Table(
            "message_frequency",
            "What frequency truly does",
            "One row per arm and frequency of the test.",
            [
                Column("arm", "string", "Kind of message.", allowed=ARMS[1:3]),
                messages,
                Column(
                    "margin_more", "number", "Margin in 90 days over none.", unit=money, decimals=3
                ),
                Column(
                    "leaves",
                    "number",
                    "Chance of unsubscribing in 90 days.",
                    minimum=0,
                    maximum=1,
                    decimals=4,
                ),
            ],
            key=["arm", "messages_month"],
            truth=True,
        ),
        Table(
            "feedback_trial",
            "What each reply truly does",
            "One row per feedback: chances under each arm.",
            [
                _FEEDBACK,
                *(
                    _chance(f"{name}_{arm}", f"Chance that the customer {words}, arm: {arm}.")
                    for name, words in _FELT.items()
                    for arm in REPLIES
                ),
            ],
            key=["feedback_id"],
            truth=True,
        ),
    ]


_SHORT = {"none": "no message", "all": "one for all", "matched": "matched", "random": "random"}
_FELT = {
    "again": "tells of something again",
    "bought": "buys within 90 days",
    "likes": "likes the brand more",
}
