"""The tables of the market: everybody who could buy, and the studies of those who do not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crmkit.data.catalogue.machinery import Column, Table

if TYPE_CHECKING:
    from crmkit.companies import Company

AGES = ("18-34", "35-54", "55+")
HOMES = ("rented", "owned")
#: Why somebody is no customer; the truth and the answers use the same words.
REASONS = (
    "something is missing",
    "too expensive",
    "no use for it",
    "do not know you",
    "happy where I am",
)
KINDS = ("customer", "near", "refusing")
PAGES = ("landing", "product", "basket", "delivery", "payment")


def tables(about: Company) -> list[Table]:
    """The tables that a company file's section ``market`` adds."""
    needs = tuple(need for need in about.lists["needs"] if need != "affordable")
    offers = about.lists["trial_offers"]
    shelf = about.lists["shelf_needs"]
    areas = about.lists["market_areas"]
    places = (about.name, *about.lists["market_rivals"])
    person = Column("person_id", "integer", "Number of the person in the market.", minimum=1)
    area = Column("area", "string", "The area.", allowed=areas)
    age = Column("age_group", "string", "Age in years.", allowed=AGES)
    home = Column("home", "string", "Whether the home is rented or owned.", allowed=HOMES)
    offer = Column("offer", "string", "The offer.", allowed=offers)
    households = Column("households", "integer", "Households.", minimum=0)
    reason = f"Answer to 'why do you not buy at {about.name}?'; empty for customers."
    answers = [
        Column("projects", "integer", "Projects at home in a year.", minimum=0),
        Column("buys_at", "string", "Where tools and fixings are bought.", allowed=places),
        Column("knows_us", "boolean", f"Whether {about.name} is known."),
        Column(
            "can_spend",
            "integer",
            "'What could you spend on a set at most?', whole numbers.",
            unit=about.currency,
            minimum=0,
        ),
        Column("stated_reason", "string", reason, allowed=REASONS, required=False),
    ]
    met = [
        Column(need, "integer", f"1 where it meets the need '{need}'.", minimum=0, maximum=1)
        for need in needs
    ]
    return [
        Table(
            "market_areas",
            "The market: areas",
            "One row per area. The survey invited people in some areas only.",
            [
                area,
                households,
                Column("shop", "boolean", f"Whether {about.name} has a shop there."),
                Column("surveyed", "boolean", "Whether the survey invited people there."),
            ],
            key=["area"],
        ),
        Table(
            "market_register",
            "The market: households in the register",
            "One row per area, age group and home: how many households there are. The numbers are known for all areas.",
            [area, age, home, households],
            key=["area", "age_group", "home"],
            references={"area": "market_areas.area"},
        ),
        Table(
            "market_invited",
            "Market survey: invitations",
            "One row per person invited, drawn at random in the areas that are surveyed. Not everybody answered.",
            [
                person,
                area,
                age,
                home,
                Column("answered", "boolean", "Whether the person answered."),
            ],
            key=["person_id"],
            references={"area": "market_areas.area"},
        ),
        Table(
            "market_people",
            "Market survey: answers",
            "One row per person who answered, customers and others.",
            [person, *answers],
            key=["person_id"],
            references={"person_id": "market_invited.person_id"},
        ),
        Table(
            "market_first_look",
            "First look at two areas never asked",
            "One row per person met at the door in two areas that the survey left out; everybody met answered.",
            [person, area, age, home, *answers],
            key=["person_id"],
            references={"area": "market_areas.area"},
        ),
        Table(
            "market_needs",
            "Market survey and first look: forced ranking",
            "One row per person and need kept: the first four by 'if only one could be kept, which? If only two?', and "
            "whether the person would leave if only this were missing.",
            [
                person,
                Column("need", "string", "The need.", allowed=needs),
                Column("keep_rank", "integer", "1 is the first to be kept.", minimum=1),
                Column("would_leave", "boolean", "Whether the person would leave without it."),
            ],
            key=["person_id", "need"],
        ),
        Table(
            "market_choices",
            "Market survey: test shelf",
            "One row per set on a test shelf. Three sets stand there at a time, drawn at random; the person buys "
            "one of them or nothing. A need is 1 where the set meets it; needs not named are met by all.",
            [
                person,
                Column("task", "integer", "Number of the visit to the shelf.", minimum=1),
                Column("option", "integer", "Place on the shelf.", minimum=1, maximum=3),
                Column("price", "integer", "Price on the label.", unit=about.currency, minimum=0),
                *[column for column in met if column.name in shelf],
                Column("chosen", "integer", "1 for the set that was bought.", minimum=0, maximum=1),
            ],
            key=["person_id", "task", "option"],
            references={"person_id": "market_people.person_id"},
        ),
        Table(
            "trial_offers",
            "Trial of changed offers: the offers",
            "One row per offer, today's first: its price and the needs that it meets. 'nearby' is met where there is a "
            "shop, and everywhere if the offer is brought.",
            [
                offer,
                Column("words", "string", "What it is."),
                Column("price", "integer", "Price.", unit=about.currency, minimum=0),
                Column("brought", "boolean", "Whether it is brought to the door."),
                *met,
            ],
            key=["offer"],
        ),
        Table(
            "market_trial",
            "Trial of changed offers",
            "One row per non-customer who answered (survey and first look): the offer that the person was told of, "
            "drawn at random, and whether it was bought.",
            [person, offer, Column("bought", "boolean", "Whether it was bought.")],
            key=["person_id"],
            references={"offer": "trial_offers.offer"},
        ),
        Table(
            "web_visitors",
            "Visits to the web shop that did not buy",
            "One row per visit: where it came from, where it ended, and the answer to 'why not?' if one was given.",
            [
                Column("visit_id", "integer", "Number of the visit.", minimum=1),
                Column("date", "date", "Day of the visit."),
                Column("source", "string", "Where the visit came from."),
                Column("pages", "integer", "Pages seen.", minimum=1),
                Column("left_at", "string", "The page on which it ended.", allowed=PAGES),
                Column(
                    "exit_answer",
                    "string",
                    "Answer to 'why not?' on leaving; empty where none was given.",
                    allowed=REASONS,
                    required=False,
                ),
            ],
            key=["visit_id"],
        ),
        *_truth(about, person, area, needs, offers),
    ]


def _truth(
    about: Company, person: Column, area: Column, needs: tuple[str, ...], offers: tuple[str, ...]
) -> list[Table]:
    would = [
        Column(f"buys_{name}", "boolean", f"Whether '{name}' is bought by a person told of it.")
        for name in offers
    ]
    counts = {
        "customers": "Customers.",
        "near": "Non-customers who meet every criterion.",
        "refusing": "Non-customers who fail a criterion.",
    }
    counts |= {
        f"buys_{name}": f"Non-customers who would buy '{name}' if told of it." for name in offers
    }
    kind = Column("kind", "string", "Customer, near, or refusing.", allowed=KINDS)
    reason = "Why the person is no customer; empty for customers."
    return [
        Table(
            "market_people",
            "The truth about those who answered",
            "One row per person of the survey and the first look.",
            [
                person,
                kind,
                Column("has_project", "boolean", "Whether there is anything to do at home."),
                Column(
                    "budget", "number", "The most that can be paid.", unit=about.currency, minimum=0
                ),
                Column(
                    "must_haves",
                    "string",
                    "Needs without which nothing is bought, with ; between.",
                    required=False,
                ),
                Column(
                    "lacks", "string", "Those that today's offer does not meet.", required=False
                ),
                Column("true_reason", "string", reason, allowed=REASONS, required=False),
                *would,
            ],
            key=["person_id"],
            truth=True,
        ),
        Table(
            "market_areas",
            "The truth about the areas",
            "One row per area: everybody in it, asked or not.",
            [area, *[Column(name, "integer", text, minimum=0) for name, text in counts.items()]],
            key=["area"],
            references={"area": "market_areas.area"},
            truth=True,
        ),
        Table(
            "web_visitors",
            "The truth about the visits",
            "One row per visit.",
            [
                Column("visit_id", "integer", "Number of the visit.", minimum=1),
                Column("kind", "string", "Near or refusing.", allowed=KINDS),
                Column("true_reason", "string", reason, allowed=REASONS),
            ],
            key=["visit_id"],
            references={"visit_id": "web_visitors.visit_id"},
            truth=True,
        ),
    ]
