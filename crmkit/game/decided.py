"""A plan: what is decided for one quarter, as plain frozen data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, is_dataclass
from typing import Any

from crmkit.game.fields import FIELD, Value, need_lever


@dataclass(frozen=True)
class Service:
    """Who answers customers."""

    agents: int = 2
    hours: str = "office"
    first: str = "in turn"


@dataclass(frozen=True)
class Prices:
    """Our prices, compared with today's list."""

    level: float = 1.0


@dataclass(frozen=True)
class Wake:
    """What is sent to customers who seem to fall asleep, and the cap on all contacts."""

    drowsy: str = "none"
    half_asleep: str = "none"
    asleep: str = "none"
    most_contacts: int = 13


@dataclass(frozen=True)
class Messages:
    """Messages to everybody who agreed to get them."""

    kind: str = "none"
    per_month: int = 0


@dataclass(frozen=True)
class Programme:
    """The loyalty programme."""

    return_rate: float = 0.0
    tiers: bool = False


@dataclass(frozen=True)
class Bonds:
    """What ties customers to the company."""

    kind: str = "none"
    share: float = 0.0


@dataclass(frozen=True)
class Brand:
    """Advertising for the brand."""

    word: str = "someone explains"
    weeks: int = 4
    spread: bool = False


@dataclass(frozen=True)
class Winning:
    """Winning new customers: spend by channel (£ a quarter), and the reward for bringing a friend (£)."""

    spend: Mapping[str, float] = field(
        default_factory=lambda: {
            "search": 1200.0,
            "social media": 500.0,
            "leaflets": 550.0,
            "local radio": 400.0,
        }
    )
    referral_reward: float = 0.0


@dataclass(frozen=True)
class Research:
    """Information that is bought."""

    survey: int = 0
    tracker: int = 0
    panel: bool = False


@dataclass(frozen=True)
class Experiment:
    """Two arms drawn at random from all customers, each of `share`; the others get what the plan says."""

    name: str
    #: One of `LEVERS`.
    lever: str
    control: Value
    treatment: Value
    share: float


@dataclass(frozen=True)
class Forecast:
    """One quantity of the coming quarter: the best guess, and an interval that holds it with a chance of 80 %."""

    low: float
    best: float
    high: float


@dataclass(frozen=True)
class Decisions:
    """All that is decided for one quarter."""

    service: Service = field(default_factory=Service)
    prices: Prices = field(default_factory=Prices)
    wake: Wake = field(default_factory=Wake)
    messages: Messages = field(default_factory=Messages)
    programme: Programme = field(default_factory=Programme)
    bonds: Bonds = field(default_factory=Bonds)
    brand: Brand = field(default_factory=Brand)
    winning: Winning = field(default_factory=Winning)
    research: Research = field(default_factory=Research)
    experiments: tuple[Experiment, ...] = ()
    #: By quantity: see `FORECASTS`.
    forecast: Mapping[str, Forecast] = field(default_factory=dict)

    def value(self, lever: str) -> Value:
        """Give what is decided about one lever.

        Examples
        --------
        >>> AS_BEFORE.value("winning.spend.leaflets")
        550.0
        """
        need_lever(lever, FIELD)
        section, _, name = lever.rpartition(".")
        if section == "winning.spend":
            return self.winning.spend[name]
        found: Value = getattr(getattr(self, section), name)
        return found


PARTS = {
    "service": Service,
    "prices": Prices,
    "wake": Wake,
    "messages": Messages,
    "programme": Programme,
    "bonds": Bonds,
    "brand": Brand,
    "winning": Winning,
    "research": Research,
}


def to_table(decisions: Decisions) -> dict[str, Any]:
    """Give decisions as nested dictionaries, with the file's names and order."""
    # What is of a wrong type is passed on as it is: the check names it.
    table: dict[str, Any] = {name: _plain_dict(getattr(decisions, name)) for name in PARTS}
    if isinstance(table["winning"], dict) and "spend" in table["winning"]:
        # Spending comes last in its section, as it must in a file.
        table["winning"]["spend"] = _plain_dict(table["winning"].pop("spend"))
    experiments, forecast = decisions.experiments, decisions.forecast
    if isinstance(experiments, (list, tuple)):
        table["experiment"] = [_plain_dict(one) for one in experiments]
    else:
        table["experiment"] = experiments
    if isinstance(forecast, Mapping):
        table["forecast"] = {name: _plain_dict(one) for name, one in forecast.items()}
    else:
        table["forecast"] = forecast
    return table


def _plain_dict(part: object) -> Any:
    """Give the fields of a part, or of a mapping, as a new dictionary; anything else as it is."""
    if is_dataclass(part) and not isinstance(part, type):
        return dict(vars(part))
    return dict(part) if isinstance(part, Mapping) else part


#: What Fernwell did before the game began.
AS_BEFORE = Decisions()
