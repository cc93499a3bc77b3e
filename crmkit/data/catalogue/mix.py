"""The tables of the first pillar: what customers need (4C), what companies offer (4P), and how they meet."""

from __future__ import annotations

from crmkit.data.catalogue.machinery import Column, Table

#: Every need, in the order of the four C: solution, cost, convenience, communication.
NEEDS = (
    "fit",
    "durable",
    "safe",
    "affordable",
    "complete",
    "returnable",
    "nearby",
    "quick",
    "ready",
    "advice",
    "instructions",
    "aftercare",
)
CS = ("solution", "cost", "convenience", "communication")
#: Every lever, in the order of the four P: product, price, place, promotion.
LEVERS = ("quality", "kit", "low_price", "returns", "shops", "delivery", "staff", "guides")
PS = ("product", "price", "place", "promotion")
KANO = ("must-be", "performance", "attractive", "indifferent")
CLERKS = ("A", "B")
QUESTIONS = ("job", "wall", "tool", "often", "skill", "spend")
TOUCHPOINTS = ("advertisement", "entrance", "shelf", "question", "till", "aftercare")
TOUCH_CHANNELS = ("shop", "web", "app")
ARMS = ("none", "control", "answered")

_CUSTOMER = Column("customer_id", "integer", "Number of the customer.", minimum=1)
_NEED = Column("need", "string", "The need.", allowed=NEEDS)
_CONVERSATION = Column("conversation_id", "integer", "Number of the conversation.", minimum=1)
_JOURNEY = Column("journey_id", "integer", "Number of the journey.", minimum=1)
_VISITOR = {
    "job": "What it is for.",
    "wall": "What the wall is made of.",
    "tool": "Whether there is a drill at home.",
    "often": "Whether it is one hole or many, again and again.",
    "skill": "Whether the visitor has done it before.",
    "spend": "What the visitor can spend.",
}


def _level(lever: str, text: str) -> Column:
    return Column(lever, "integer", f"{text}, 1 (least) to 5 (most).", minimum=1, maximum=5)


_LEVER_COLUMNS = [
    _level("quality", "Lever of the product: how well made it is"),
    _level("kit", "Lever of the product: how complete the set is"),
    _level("low_price", "Lever of the price: how low it is (1 = 28 GBP, each step 4 GBP less)"),
    _level("returns", "Lever of the price: how easily money comes back"),
    _level("shops", "Lever of place: how many shops, how near"),
    _level("delivery", "Lever of place: how fast it is brought"),
    _level("staff", "Lever of promotion: how much time staff have to ask and explain"),
    _level("guides", "Lever of promotion: instructions, films, a help line"),
]

TABLES = [
    Table(
        "needs",
        "Needs of people who hang things on walls",
        "One row per need, three for each of the four C.",
        [
            _NEED,
            Column("c", "string", "The C it belongs to.", allowed=CS),
            Column("wording", "string", "How it was worded in the survey."),
        ],
        key=["need"],
    ),
    Table(
        "best_worst_tasks",
        "Needs survey: best-worst tasks",
        "One row per card. A card shows four needs; the customer says which matters most and which least.",
        [
            _CUSTOMER,
            Column("task", "integer", "Number of the card.", minimum=1),
            *[
                Column(f"item_{i}", "string", "A need on the card.", allowed=NEEDS)
                for i in range(1, 5)
            ],
            Column("best", "string", "The need that matters most.", allowed=NEEDS),
            Column("worst", "string", "The need that matters least.", allowed=NEEDS),
        ],
        key=["customer_id", "task"],
        references={"customer_id": "customers.customer_id"},
    ),
    Table(
        "need_ratings",
        "Needs survey: ratings, ticks, rankings",
        "One row per customer and need: the same need, asked about in four ways.",
        [
            _CUSTOMER,
            _NEED,
            Column(
                "rating", "integer", "'How important is this?', 1 to 10.", minimum=1, maximum=10
            ),
            Column("ticked", "boolean", "Ticked under 'tick everything you could not do without'."),
            Column(
                "keep_rank",
                "integer",
                "'If only one could be kept, which? If only two?' 1 is the first to be kept.",
                minimum=1,
                maximum=12,
            ),
            Column(
                "if_present",
                "integer",
                "'How would you feel with it?' 1 like, 2 expect, 3 neutral, 4 can live with, 5 dislike.",
                minimum=1,
                maximum=5,
            ),
            Column(
                "if_missing",
                "integer",
                "'How would you feel without it?' 1 like, 2 expect, 3 neutral, 4 can live with, 5 dislike.",
                minimum=1,
                maximum=5,
            ),
        ],
        key=["customer_id", "need"],
        references={"customer_id": "customers.customer_id", "need": "needs.need"},
    ),
    Table(
        "shelf_choices",
        "Choices from the test shelf",
        "One row per set on a test shelf: three sets stand there at a time, drawn by "
        "chance, and the customer buys one of "
        "them with real money or walks away. A need is 1 where the set meets it.",
        [
            _CUSTOMER,
            Column("task", "integer", "Number of the visit to the shelf.", minimum=1),
            Column("option", "integer", "Place on the shelf.", minimum=1, maximum=3),
            Column("price", "integer", "Price on the label.", unit="GBP", minimum=0),
            *[
                Column(
                    need,
                    "integer",
                    f"Whether the set meets the need '{need}'.",
                    minimum=0,
                    maximum=1,
                )
                for need in NEEDS
                if need != "affordable"
            ],
            Column("chosen", "integer", "1 for the set that was bought.", minimum=0, maximum=1),
        ],
        key=["customer_id", "task", "option"],
        references={"customer_id": "customers.customer_id"},
    ),
    Table(
        "prototype_ratings",
        "Ratings of prototypes",
        "One row per prototype that a customer tried. The levers of each prototype were "
        "drawn by chance; the customer then "
        "said how well it met each need, 1 to 10.",
        [
            _CUSTOMER,
            Column(
                "prototype", "integer", "Number of the prototype within the customer.", minimum=1
            ),
            *_LEVER_COLUMNS,
            *[
                Column(
                    f"meets_{need}",
                    "integer",
                    f"How well it met '{need}', 1 to 10.",
                    minimum=1,
                    maximum=10,
                )
                for need in NEEDS
            ],
        ],
        key=["customer_id", "prototype"],
        references={"customer_id": "customers.customer_id"},
    ),
    Table(
        "levers",
        "Levers of the offer",
        "One row per lever that a company can pull, two for each of the four P, with what a step up costs.",
        [
            Column("lever", "string", "The lever.", allowed=LEVERS),
            Column("p", "string", "The P it belongs to.", allowed=PS),
            Column("what", "string", "What is done when it is pulled."),
            Column(
                "step_unit_cost",
                "number",
                "Cost of one step up, for each set sold.",
                unit="GBP",
                minimum=0,
            ),
            Column(
                "step_fixed_cost", "number", "Cost of one step up, a year.", unit="GBP", minimum=0
            ),
        ],
        key=["lever"],
    ),
    Table(
        "market_offers",
        "Offers in the market",
        "One row per picture-hanging set on sale: Fernwell's and its rivals', as positions on the four P.",
        [
            Column("offer", "string", "Name of the offer."),
            Column("company", "string", "Who sells it."),
            Column("price", "number", "Price of one set.", unit="GBP", minimum=0),
            *[column for column in _LEVER_COLUMNS if column.name != "low_price"],
        ],
        key=["offer"],
    ),
    Table(
        "price_answers",
        "Open price questions",
        "One row per customer: the four open questions of the price sensitivity meter "
        "about Fernwell's picture-hanging set.",
        [
            _CUSTOMER,
            *[
                Column(name, "number", text, unit="GBP", minimum=0)
                for name, text in {
                    "too_cheap": "So cheap that you would doubt its quality.",
                    "cheap": "A bargain.",
                    "expensive": "Getting expensive, yet you would still think about it.",
                    "too_expensive": "Too expensive to think about.",
                }.items()
            ],
        ],
        key=["customer_id"],
        references={"customer_id": "customers.customer_id"},
    ),
    Table(
        "price_choices",
        "Choices at a price",
        "One row per customer and day: the same set, at a price drawn by chance; bought or not, with real money.",
        [
            _CUSTOMER,
            Column("task", "integer", "Number of the day.", minimum=1),
            Column("price", "number", "Price on the label.", unit="GBP", minimum=0),
            Column("bought", "integer", "1 if bought.", minimum=0, maximum=1),
        ],
        key=["customer_id", "task"],
        references={"customer_id": "customers.customer_id"},
    ),
    Table(
        "solutions",
        "What the shop can offer to someone who asks for a drill",
        "One row per solution. It fits a visitor if every list that is given holds the "
        "visitor's case and the price is one "
        "that the visitor can pay.",
        [
            Column("solution", "string", "Name of the solution."),
            Column("price", "number", "Price.", unit="GBP", minimum=0),
            Column("rating", "number", "Mark of the trade press, 1 to 5.", minimum=1, maximum=5),
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
                allowed=CLERKS,
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
            Column("satisfaction", "integer", "Mark on the way out, 1 to 5.", minimum=1, maximum=5),
        ],
        key=["conversation_id"],
    ),
    Table(
        "shop_answers",
        "What was asked and said in the shop",
        "One row per question of a conversation.",
        [
            _CONVERSATION,
            Column("turn", "integer", "Number of the question within the conversation.", minimum=1),
            Column("question", "string", "What was asked about.", allowed=QUESTIONS),
            Column("answer", "string", "What the visitor said."),
        ],
        key=["conversation_id", "turn"],
        references={"conversation_id": "shop_conversations.conversation_id"},
    ),
    Table(
        "journeys",
        "Journeys past the touchpoints",
        "One row per person who noticed an advertisement in 2025. From May on, half of the web visitors, drawn by "
        "chance, had their question answered at once.",
        [
            _JOURNEY,
            Column("start_date", "date", "Day the journey began."),
            Column("channel", "string", "Where it led.", allowed=TOUCH_CHANNELS),
            Column(
                "arm",
                "string",
                "Arm of the trial of May to December (web only): answered at once, or control.",
                allowed=ARMS,
            ),
            Column("bought", "boolean", "Whether the journey passed the till."),
        ],
        key=["journey_id"],
    ),
    Table(
        "touchpoint_log",
        "Log of touchpoints",
        "One row per touchpoint that a journey reached.",
        [
            _JOURNEY,
            Column("step", "integer", "Number of the touchpoint, from 1.", minimum=1),
            Column("touchpoint", "string", "What the customer met.", allowed=TOUCHPOINTS),
            Column(
                "went_on",
                "boolean",
                "Whether the customer went on to the next one (at the last: came back).",
            ),
        ],
        key=["journey_id", "step"],
        references={"journey_id": "journeys.journey_id"},
    ),
    Table(
        "needs",
        "The truth about needs",
        "One row per customer of the survey and need: what the choices of this customer follow.",
        [
            _CUSTOMER,
            _NEED,
            Column(
                "weight",
                "number",
                "Weight in choices, in points of utility.",
                minimum=0,
                decimals=3,
            ),
            Column("must_have", "boolean", "Whether nothing is bought without it."),
            Column("implicit", "boolean", "Whether the customer does not know of it."),
            Column("kano", "string", "What it does to this customer.", allowed=KANO),
        ],
        key=["customer_id", "need"],
        references={"customer_id": "customers.customer_id", "need": "needs.need"},
        truth=True,
    ),
    Table(
        "need_bias",
        "The truth about stated importance",
        "One row per need: how far customers say too much of it when asked 'how important is this?'.",
        [_NEED, Column("bias", "number", "Points on the scale of 1 to 10.", decimals=1)],
        key=["need"],
        references={"need": "needs.need"},
        truth=True,
    ),
    Table(
        "lever_effects",
        "The truth about levers",
        "One row per need and lever: what pulling the lever from 1 to 5 adds to how well the need is met (0 to 1).",
        [
            _NEED,
            Column("lever", "string", "The lever.", allowed=LEVERS),
            Column(
                "effect", "number", "Effect of the whole way from 1 to 5.", minimum=-1, maximum=1
            ),
        ],
        key=["need", "lever"],
        references={"need": "needs.need", "lever": "levers.lever"},
        truth=True,
    ),
    Table(
        "set_value",
        "The truth about the worth of the set",
        "One row per customer of the survey: what Fernwell's picture-hanging set is "
        "worth, and the most that can be paid.",
        [
            _CUSTOMER,
            Column("value", "number", "Willingness to pay for the set.", unit="GBP", minimum=0),
            Column("budget", "number", "Ability to pay for any such set.", unit="GBP", minimum=0),
        ],
        key=["customer_id"],
        references={"customer_id": "customers.customer_id"},
        truth=True,
    ),
    Table(
        "shop_visitors",
        "The truth about who asks for a drill",
        "One row per kind of visitor, with its share of all visitors.",
        [
            *[Column(name, "string", text) for name, text in _VISITOR.items()],
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
    Table(
        "journeys",
        "The truth about who was on the way",
        "One row per journey: how keen the customer was from the start.",
        [
            _JOURNEY,
            Column("keenness", "number", "Log-odds that come on top at every touchpoint."),
        ],
        key=["journey_id"],
        references={"journey_id": "journeys.journey_id"},
        truth=True,
    ),
    Table(
        "touchpoints",
        "The truth about touchpoints",
        "One row per channel and touchpoint: the chance that a customer of average keenness goes on.",
        [
            Column("channel", "string", "Channel.", allowed=TOUCH_CHANNELS),
            Column("step", "integer", "Number of the touchpoint.", minimum=1),
            Column("touchpoint", "string", "Touchpoint.", allowed=TOUCHPOINTS),
            Column("chance", "number", "Chance of going on.", minimum=0, maximum=1, decimals=3),
            Column(
                "chance_answered",
                "number",
                "The same with the question answered at once.",
                minimum=0,
                maximum=1,
                decimals=3,
            ),
        ],
        key=["channel", "touchpoint"],
        truth=True,
    ),
]
