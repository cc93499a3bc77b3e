"""What may be decided: every field of a plan once, with its bounds, unit, choices and meaning.

Reading, checking and writing a plan (`crmkit.game.decisions`) and its form all go by `FIELDS`.
"""

from __future__ import annotations

import datetime as dt
import difflib
import json
import math
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np

from crmkit.companies import Company
from crmkit.errors import CrmkitError
from crmkit.game.money import about_money
from crmkit.inputs import first_few
from crmkit.say import label, labels, mark, say

Value: TypeAlias = str | int | float | bool

#: Words of the brand, as in ``[[brand.words]]`` of Fernwell's company file: entry points, then qualities.
WORDS = (
    *("hang a picture", "weekend repair", "spring garden", "moving in", "a present"),
    *("big renovation", "cheapest", "lasts for years", "someone explains", "everything in stock"),
)
#: Channels of ``[winning.channels]`` in Fernwell's company file.
CHANNELS = ("search", "social media", "leaflets", "local radio")
labels("search", "social media", "leaflets", "local radio")
labels(
    "none", "reminder", "voucher", "call", "office", "long", "always", "in turn", "best customers"
)
labels("same for all", "matched", "financial", "social", "structural")
labels(
    "hang a picture", "weekend repair", "spring garden", "moving in", "a present", "big renovation"
)
labels("cheapest", "lasts for years", "someone explains", "everything in stock")
labels("turnover", "orders", "customers_active")
WAKE = ("none", "reminder", "voucher", "call")
#: No plan needs a larger file.
MOST_BYTES = 100_000
#: The longest line that is written has 182 characters; comments may be longer.
MOST_LINE = 1_000
#: How a comment in the first line begins that says to which game and team a file belongs.
MARK = "# crmkit game:"
#: How a comment begins that says why.
WHY = "# why:"
#: No reason needs more characters.
LONGEST_REASON = 4_000
MOST_EXPERIMENTS = 5
LONGEST_NAME = 60
FORECASTS = ("turnover", "orders", "customers_active")
#: In many languages 50.000 is fifty thousand, in English it is fifty.
_TWO_WAYS = re.compile(r"[-+]?[1-9]\d{0,2}\.\d{3}")


class AsWritten(float):
    """A number that may be read in two ways, with the text in which it was written."""

    def __new__(cls, text: str) -> AsWritten:
        """Read it in the English way."""
        made = super().__new__(cls, text)
        made.text = text
        return made

    text: str


def read_number(text: str) -> int | float | str:
    """Read a number that somebody typed; what cannot be read stays text, and is a fault of its field.

    Examples
    --------
    >>> read_number("500"), read_number("0.05"), read_number("50,000"), read_number("50.000").text
    (500, 0.05, '50,000', '50.000')
    """
    text = text.strip()
    try:
        number = float(text)
    except ValueError:
        return text
    if _TWO_WAYS.fullmatch(text):
        return AsWritten(text)
    return int(number) if number.is_integer() and abs(number) < 1e15 else number


def forecast_name(measure: str) -> str:
    """Say what may be forecast, as a reader would."""
    return say("customers who bought") if measure == "customers_active" else label(measure)


@dataclass(frozen=True)
class Field:
    """One thing that is decided: where it stands, what it may be, and what it means."""

    #: Such as ``"service"``, and ``"agents"``; the lever's name is ``"service.agents"``.
    section: str
    name: str
    #: "whole", "number", "choice" or "flag".
    kind: str
    #: What it does, for the file's comments and the form.
    what: str
    low: float = 0.0
    high: float = 0.0
    unit: str = ""
    choices: tuple[str, ...] = ()
    #: Whether customers may be treated differently, so that an experiment can be made with it.
    by_customer: bool = False

    @property
    def lever(self) -> str:
        """Section and name."""
        return f"{self.section}.{self.name}"

    @property
    def bounds(self) -> str:
        """Say what may be written.

        Examples
        --------
        >>> FIELD["service.agents"].bounds, FIELD["bonds.share"].bounds
        ('whole number from 0 to 40', 'number from 0 to 1')
        """
        if self.kind == "flag":
            return "true or false"
        if self.kind == "choice":
            return " | ".join(json.dumps(choice) for choice in self.choices)
        word = "whole number" if self.kind == "whole" else "number"
        return f"{word} from {self.low:g} to {self.high:g}"

    def unit_in(self, money: Company) -> str:
        """Write the unit with the sign of a company's money.

        Examples
        --------
        >>> FIELD["winning.spend.search"].unit_in(about_money()), FIELD["service.agents"].unit_in(about_money())
        ('£ a quarter', 'people')
        """
        return self.unit.format(symbol=money.sign)

    def fault(self, value: Any) -> str | None:
        """Say what is wrong with a value, or give None.

        Examples
        --------
        >>> FIELD["service.agents"].fault(50)
        'service.agents must be a whole number from 0 to 40 (people), not 50. Write at most 40.'
        """
        unit = f" ({self.unit_in(about_money())})" if self.unit else ""
        if self.kind == "flag":
            if isinstance(value, (bool, np.bool_)):
                return None
            return f"{self.lever} must be true or false, without quotes, not {plain(value)}."
        if self.kind == "choice":
            if isinstance(value, str) and value in self.choices:
                return None
            meant = near(value, self.choices)
            return f"{self.lever} must be one of {self.bounds}, not {plain(value)}.{meant}"
        start = f"{self.lever} must be a {self.bounds}{unit}, not {plain(value)}."
        if isinstance(value, str):
            return f"{start} Write digits only, such as 5000: without quotes, commas or signs."
        if isinstance(value, (bool, np.bool_)) or not isinstance(
            value, (int, float, np.integer, np.floating)
        ):
            return start
        if isinstance(value, AsWritten) and self.high >= 1000:
            thousands, few = value.text.replace(".", ""), f"{value:.2f}".removesuffix(".00")
            return (
                f"{self.lever} is {value.text}, which may be {few} or {thousands}{unit}. Write {few} or {thousands}, "
                "without a mark between thousands."
            )
        number: Any = value
        if not abs(number) < 1e15:  # endless, no number (nan), or too long to be read
            return f"{start} Write an ordinary number."
        if value < self.low:
            return f"{start} Write at least {self.low:g}."
        if value > self.high:
            per_cent = self.kind == "number" and self.low <= value / 100 <= self.high < 2
            meant = f" Did you mean {value / 100:g}?" if per_cent and value > 1.5 else ""
            return f"{start} Write at most {self.high:g}.{meant}"
        if self.kind == "whole" and float(value) != int(value):
            return f"{start} Write {math.floor(value)} or {math.ceil(value)}."
        return None

    def clean(self, value: Any) -> Value:
        """Give a value without fault in the one type that it has in `Decisions`."""
        kinds: dict[str, Callable[[Any], Value]] = {"flag": bool, "choice": str, "whole": int}
        # Adding 0 makes an ordinary zero of -0.0, which would be written in another way.
        return float(value) + 0 if self.kind == "number" else kinds[self.kind](value)


def _spend(channel: str, what: str) -> Field:
    return Field("winning.spend", channel, "number", what, 0, 50_000, mark("{symbol} a quarter"))


#: Every field once, in the order of the file.
FIELDS = (
    Field(
        "service",
        "agents",
        "whole",
        mark("people who answer customers; fewer mean longer waiting"),
        0,
        40,
        mark("people"),
    ),
    Field(
        "service",
        "hours",
        "choice",
        mark("when somebody answers; longer hours need more pay for the same people"),
        choices=("office", "long", "always"),
    ),
    Field(
        "service",
        "first",
        "choice",
        mark("who is answered first while others wait"),
        choices=("in turn", "best customers"),
    ),
    Field(
        "prices",
        "level",
        "number",
        mark("our prices, compared with today's list"),
        0.8,
        1.2,
        mark("1 = today's list"),
    ),
    *(
        Field("wake", state.replace("-", "_"), "choice", what, choices=WAKE, by_customer=True)
        for state, what in {
            "drowsy": mark("what is sent to customers who seem drowsy"),
            "half-asleep": mark("what is sent to customers who seem half-asleep"),
            "asleep": mark("what is sent to customers who seem asleep"),
        }.items()
    ),
    Field(
        "wake",
        "most_contacts",
        "whole",
        mark("cap on all contacts that we begin, messages too"),
        0,
        13,
        mark("contacts a customer and quarter"),
    ),
    Field(
        "messages",
        "kind",
        "choice",
        mark("messages to all who agreed to get them; matched = by what each customer needs"),
        choices=("none", "same for all", "matched"),
        by_customer=True,
    ),
    Field(
        "messages",
        "per_month",
        "whole",
        mark("how many"),
        0,
        8,
        mark("messages a month"),
        by_customer=True,
    ),
    Field(
        "programme",
        "return_rate",
        "number",
        mark("given back as points; 0 = no programme"),
        0,
        0.1,
        mark("share of turnover"),
        by_customer=True,
    ),
    Field(
        "programme",
        "tiers",
        "flag",
        mark("silver and gold, with thresholds that customers know"),
        by_customer=True,
    ),
    Field(
        "bonds",
        "kind",
        "choice",
        mark(
            "what ties customers to us: a standing discount, people who know them, or work that we share"
        ),
        choices=("none", "financial", "social", "structural"),
        by_customer=True,
    ),
    Field(
        "bonds",
        "share",
        "number",
        mark("how many get it, the best customers first"),
        0,
        1,
        mark("share of customers"),
    ),
    Field(
        "brand",
        "word",
        "choice",
        mark("the situation or quality that our advertising speaks of"),
        choices=WORDS,
    ),
    Field("brand", "weeks", "whole", mark("weeks on air"), 0, 13, mark("weeks of the quarter")),
    Field(
        "brand",
        "spread",
        "flag",
        mark("weeks on air spaced over the quarter, not in one burst"),
    ),
    *map(
        _spend,
        CHANNELS,
        (
            mark("to win new customers by search"),
            mark("to win new customers by social media"),
            mark("to win new customers by leaflets"),
            mark("to win new customers by local radio"),
        ),
    ),
    Field(
        "winning",
        "referral_reward",
        "number",
        mark("for a customer who brings a friend that buys"),
        0,
        50,
        mark("{symbol}"),
        by_customer=True,
    ),
    Field(
        "research",
        "survey",
        "whole",
        mark("customers asked how satisfied they are"),
        0,
        2000,
        mark("people asked"),
    ),
    Field(
        "research",
        "tracker",
        "whole",
        mark("households asked which brands they know"),
        0,
        2000,
        mark("people asked"),
    ),
    Field(
        "research", "panel", "flag", mark("buy a panel's report of what households buy, and where")
    ),
)
#: By lever.
FIELD = {one.lever: one for one in FIELDS}
#: What an experiment can be made with.
LEVERS = tuple(one.lever for one in FIELDS if one.by_customer)
SHARE = Field("experiment", "share", "number", "", 0.01, 0.5, "share of customers in each arm")
SECTIONS = {
    "service": mark("Who answers customers"),
    "prices": mark("Prices; the rival's level is in the reports of each round"),
    "wake": mark("Customers who fall asleep"),
    "messages": mark("Messages to everybody"),
    "programme": mark("Loyalty programme"),
    "bonds": mark("Bonds"),
    "brand": mark("Advertising for the brand"),
    "winning": mark("Winning new customers"),
    "winning.spend": mark("Spending by channel"),
    "research": mark("Research: information costs money"),
}


def need_lever(lever: object, known: Iterable[str]) -> str:
    """Give the name of a lever back, and raise if there is none of that name."""
    names = list(known)
    if not isinstance(lever, str) or lever not in names:
        raise CrmkitError(f"There is no lever {plain(lever)}.{near(lever, names)}")
    return lever


def key(name: str) -> str:
    """Write the name of a field; one with a blank needs quotes."""
    return name if name.replace("_", "").isalnum() else json.dumps(name)


def written(value: Value) -> str:
    """Write a value as TOML does: whole numbers without a point, and none that may be read in two ways."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    text = str(int(value)) if float(value).is_integer() else repr(float(value))
    return f"{text}0" if _TWO_WAYS.fullmatch(text) else text


def plain(value: object) -> str:
    """Write a wrong value as it is in the file, and not at length."""
    if isinstance(value, (bool, np.bool_)):
        return "true" if value else "false"
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, (dt.date, dt.time)):
        return str(value)
    if isinstance(value, int) and abs(value) >= 10**15:
        return "a number of more than 15 digits"
    text = (
        "a section"
        if isinstance(value, Mapping)
        else "a list"
        if isinstance(value, (list, tuple))
        else repr(value)
    )
    return text if len(text) <= 70 else f"{text[:60]}..."


def near(value: object, known: Iterable[str]) -> str:
    """Name what was probably meant; if nothing is near, what there is."""
    names = list(known)
    low = {name.lower(): name for name in names}
    close = difflib.get_close_matches(str(value).strip().lower()[:100], low, n=1, cutoff=0.6)
    if close:
        return f" Did you mean {json.dumps(low[close[0]])}?"
    return f" There is: {first_few(names, 30)}." if len(names) > 4 or "." in names[0] else ""
