"""The company whose tables are at hand: its name, its currency, its dates, and its words for things.

Lessons, plots, questions and replies ask here instead of naming a company. A text in a lesson's Markdown, or in a
question, holds **fields** such as ``{company.name}`` or ``{company.symbol}``; `fill` puts the company's own words in
their place. The same fields work in an f-string once a cell says ``company = crmkit.company()``.
"""

from __future__ import annotations

import copy
import functools
import io
import re
import tokenize
import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from crmkit.data.load import described, find_data
from crmkit.errors import CrmkitError
from crmkit.say import label, labels, listed, say, say_many

SHIPPED = Path(__file__).parent / "world" / "companies"
#: Of each currency that a company file may name by its code alone: sign, one, many, and hundredths.
CURRENCIES = {
    "GBP": ("£", "pound", "pounds", "pence"),
    "EUR": ("€", "euro", "euros", "cents"),
    "USD": ("$", "dollar", "dollars", "cents"),
    "CNY": ("¥", "yuan", "yuan", "fen"),
    "CHF": ("CHF ", "franc", "francs", "rappen"),
    "INR": ("₹", "rupee", "rupees", "paise"),
}
#: What one deal and one customer are called, in each kind of trade.
TRADES = {
    "orders": {
        "deal": "order",
        "deals": "orders",
        "customer": "customer",
        "customers": "customers",
    },
    "stays": {"deal": "stay", "deals": "stays", "customer": "guest", "customers": "guests"},
    "contracts": {
        "deal": "contract",
        "deals": "contracts",
        "customer": "account",
        "customers": "accounts",
    },
    "projects": {
        "deal": "order",
        "deals": "orders",
        "customer": "account",
        "customers": "accounts",
    },
    "sessions": {"deal": "session", "deals": "sessions", "customer": "user", "customers": "users"},
}
# What a company calls its money and its deals, for readers of other languages.
labels("pound", "pounds", "pence", "euro", "euros", "cents", "dollar", "dollars", "yuan", "fen")
labels("franc", "francs", "rappen", "rupee", "rupees", "paise")
labels("order", "orders", "stay", "stays", "contract", "contracts", "session", "sessions")
labels("customer", "customers", "guest", "guests", "account", "accounts", "user", "users")
#: What a channel may be: customers come, click, call, book through somebody else, or under a contract of their firm.
ROLES = ("visited", "online", "telephone", "agent", "account")
#: Channels of these roles keep a system of records of their own.
SYSTEM_ROLES = ("visited", "online")
#: What stands for a day or a word that a company does not name.
GAP = "…"
#: What the set of lessons 12 to 14 is worth to the typical customer of the course's company, in its currency.
SET_VALUE = 23.0
#: A field in a text: ``{company.name}``, ``{company.words[deal]}``.
FIELD = re.compile(r"\{company(?:\.[a-z_]+|\[[a-z_]+\])+\}")
#: The f of a string whose fields are all filled in when it is told: a reader sees a plain string.
_NEEDS_NO_F = re.compile(rf"""\bf(?=(["'])(?:(?!\1)[^{{}}\n]|{FIELD.pattern})*\1)""")


@dataclass(frozen=True)
class Company:
    """What everybody may know of a company.

    Attributes
    ----------
    name, full_name, description : str
        The everyday name (it is also the name of the company's own brand), the whole name, and a sentence or two.
    trade : str
        What the company's turnover comes from: ``orders``, ``stays``, ``contracts``, ``projects`` or ``sessions``.
    currency, symbol : str
        The code (``GBP``) and the sign (``£``) of the currency.
    coin, coins, cents : str
        What one unit of it, several, and its hundredths are called: ``pound``, ``pounds``, ``pence``.
    start, end : str
        First and last day of the data, as ISO dates. The data cover whole calendar years.
    dates : Mapping of str to str
        Days that the company file names, as ISO dates: what the company's lessons speak of.
    words : Mapping of str to str
        Words for things: ``deal``, ``deals``, ``customer``, ``customers``, and those that the company file adds.
    channels : Mapping of str to str
        Each channel, and its role: ``visited``, ``online``, ``telephone``, ``agent``, ``account``.
    tables : frozenset of str
        Full names of the tables at hand; empty where no tables were looked at.
    sections : frozenset of str
        Sections of the company file, which say which tables it gives; only where it was made from such a file.
    lists : Mapping of str to tuple of str
        What the file lists (needs, levers, offers, segments, ...), by `lists_of`; the same holds.
    values : Mapping of str to frozenset of str
        The possible values of each column that lists them, by ``table.column``; empty where no tables were looked at.
    sums : Mapping of str to float
        Studies whose sums are of another size than those of the course's company, and how many times as large.

    Examples
    --------
    >>> fernwell = shipped("fernwell")
    >>> fernwell.name, fernwell.year, fernwell.money(-1234.5), fernwell.money(5.5, 2)
    ('Fernwell', 2025, '-£1,234', '£5.50')
    """

    name: str
    full_name: str
    description: str
    trade: str
    currency: str
    symbol: str
    coin: str
    coins: str
    cents: str
    start: str
    end: str
    dates: Mapping[str, str] = field(default_factory=dict)
    words: Mapping[str, str] = field(default_factory=dict)
    channels: Mapping[str, str] = field(default_factory=dict)
    tables: frozenset[str] = frozenset()
    sections: frozenset[str] = frozenset()
    lists: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    values: Mapping[str, frozenset[str]] = field(default_factory=dict)
    sums: Mapping[str, float] = field(default_factory=dict)

    @property
    def sign(self) -> str:
        """The sign of the currency where no amount follows it: in the label of an axis.

        Examples
        --------
        >>> shipped("tarnwald").symbol, shipped("tarnwald").sign
        ('CHF ', 'CHF')
        """
        return self.symbol.strip()

    @property
    def year(self) -> int:
        """The last calendar year of the data."""
        return int(self.end[:4])

    @property
    def last_year(self) -> int:
        """The year before `year`."""
        return self.year - 1

    @property
    def first_year(self) -> int:
        """The first calendar year of the data."""
        return int(self.start[:4])

    @property
    def next_year(self) -> int:
        """The year after the data."""
        return self.year + 1

    @property
    def years(self) -> tuple[int, ...]:
        """Every calendar year of the data."""
        return tuple(range(self.first_year, self.year + 1))

    @property
    def year_start(self) -> str:
        """The first day of the last year, as an ISO date."""
        return f"{self.year}-01-01"

    @property
    def year_ago(self) -> str:
        """The last day of the year before the last, as an ISO date: where a forecast of a year begins."""
        return f"{self.last_year}-12-31"

    def money(self, amount: float, decimals: int = 0, *, signed: bool = False) -> str:
        """An amount as a person would write it.

        Parameters
        ----------
        amount : float
            In the company's currency.
        decimals : int
            Decimal places.
        signed : bool
            Whether a plus stands before an amount above zero.

        Examples
        --------
        >>> shipped("fernwell").money(12, signed=True)
        '+£12'
        """
        number = f"{abs(amount):,.{decimals}f}"
        zero = not number.strip("0.,")
        sign = "" if zero else "-" if amount < 0 else "+" * signed
        return f"{sign}{self.symbol}{number}"

    def lacks(self, tables: Collection[str]) -> list[str]:
        """Which of some tables (full names) this company does not have, in the order given."""
        return [name for name in tables if name not in self.tables]

    def lacks_names(self, names: Collection[str]) -> list[str]:
        """Which of some values (``table.column: value``) this company does not have, in the order given."""
        told = ((name, *name.split(": ", 1)) for name in names)
        return [name for name, column, value in told if value not in self.values.get(column, ())]


def from_params(params: Mapping[str, Any], tables: Collection[str] = ()) -> Company:
    """The company that a company file, or the part of it in ``datapackage.json``, describes.

    Parameters
    ----------
    params : Mapping
        With the section ``company``, and ``channels`` (each with its ``role``).
    tables : collection of str
        Full names of the tables at hand.

    Raises
    ------
    CrmkitError
        The currency is none that crmkit knows, and the file does not say how it is written.
    """
    own = params["company"]
    code = own["currency"]
    known = CURRENCIES.get(code, (None, None, None, None))
    symbol, coin, coins, cents = (
        own.get(key, usual)
        for key, usual in zip(("symbol", "coin", "coins", "cents"), known, strict=True)
    )
    if symbol is None or coin is None or coins is None or cents is None:
        raise CrmkitError(
            f"How is {code} written? crmkit knows {', '.join(CURRENCIES)}. For another currency give symbol, coin and "
            'coins in [company], such as symbol = "kr ", coin = "krone", coins = "kroner", cents = "ore".'
        )
    trade = own.get("trade", "orders")
    return Company(
        name=own["name"],
        full_name=own.get("full_name", own["name"]),
        description=own["description"],
        trade=trade,
        currency=code,
        symbol=symbol,
        coin=coin,
        coins=coins,
        cents=cents,
        start=str(own["start"]),
        end=str(own["end"]),
        dates={name: str(day) for name, day in own.get("dates", {}).items()},
        words=TRADES.get(trade, TRADES["orders"]) | own.get("words", {}),
        channels={name: about["role"] for name, about in params.get("channels", {}).items()},
        tables=frozenset(tables),
        sections=frozenset(params),
        lists=lists_of(params),
        sums=dict(params.get("sums", {})) | _sums_of(params),
    )


def _sums_of(params: Mapping[str, Any]) -> dict[str, float]:
    """Studies of a company file whose sums are of another size than a pound's, and how many times as large."""
    times = params.get("mix", {}).get("set_value", SET_VALUE) / SET_VALUE
    return {} if 0.5 <= times <= 2 else {"mix": round(float(times), 2)}


def lists_of(params: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    """What a company file lists, by the name of the list; a list whose section is missing is left out.

    Examples
    --------
    >>> shipped("fernwell").lists["offers"]
    ('reminder', 'discount', 'new product', 'personal call')
    """
    channels = params.get("channels", {})
    found = {
        "channels": channels,
        "systems": [name for name, about in channels.items() if about["role"] in SYSTEM_ROLES],
    }
    places = {
        "need_types": ("needs", "types"),
        "acquisition": ("people", "acquisition", "person"),
        "needs": ("mix", "needs"),
        "levers": ("mix", "levers"),
        "touch_channels": ("touchpoints", "channels"),
        "health_branches": ("health", "branches"),
        "partner_towns": ("partners", "towns"),
        "written_channels": ("desk", "enquiries", "channels"),
        "categories": ("orders", "categories"),
        "feedback_topics": ("messages", "feedback", "topics"),
        "offers": ("campaigns", "effects"),
        "paid_channels": ("winning", "channels"),
        "won_by": ("winning", "value"),
        "areas": ("winning", "areas"),
        "segments": ("brand", "segments"),
        "brands": ("brand", "brands"),
        "service_arms": ("brand", "service_cases", "arms"),
        "rooms": ("stays", "rooms"),
        "plans": ("contracts", "plans"),
        "service_plans": ("projects", "plans"),
        "goods": ("projects", "goods"),
        "lost_because": ("projects", "quotes", "lost"),
        "suppliers": ("projects", "suppliers"),
        "complaint_matters": ("complaints", "matters"),
        "complaint_answers": ("complaints", "answers"),
        "account_roles": ("accounts", "roles"),
        "review_places": ("stays", "reviews", "places"),
        "events": ("behaviour", "events"),
        "nudges": ("behaviour", "test", "arms"),
        "trial_offers": ("market", "offers"),
        "shelf_needs": ("market", "shelf_needs"),
        "market_areas": ("market", "areas"),
        "market_rivals": ("market", "rivals"),
        "shop_job": ("shop", "job"),
        "shop_wall": ("shop", "wall"),
        "shop_tool": ("shop", "tool"),
    }
    for name, place in places.items():
        inner: Any = params
        for step in place:
            inner = inner.get(step, {})
        if inner:
            found[name] = inner
    if "touchpoints" in params:
        found["touchpoints"] = params["touchpoints"].get("chance", {})
    if "mix" in params:
        found["lever_words"] = [lever[3] for lever in params["mix"].get("levers", {}).values()]
    if "brand" in params:
        found["brand_words"] = [word["word"] for word in params["brand"].get("words", [])]
    return {name: tuple(items) for name, items in found.items()}


def public(params: Mapping[str, Any]) -> dict[str, Any]:
    """What of a company file ``datapackage.json`` keeps: enough for `company`, and nothing of the truth."""
    own = dict(params["company"])
    own |= {"start": str(own["start"]), "end": str(own["end"])}
    if "dates" in own:
        own["dates"] = {name: str(day) for name, day in own["dates"].items()}
    channels = {name: {"role": about["role"]} for name, about in params.get("channels", {}).items()}
    sums = _sums_of(params)
    return {"company": own, "channels": channels} | ({"sums": sums} if sums else {})


def shipped(name: str) -> Company:
    """A company that ships with crmkit, by the name of its file, without its tables.

    Examples
    --------
    >>> shipped("beanline").currency
    'EUR'
    """
    path = SHIPPED / f"{name}.toml"
    if not path.is_file():
        known = ", ".join(sorted(path.stem for path in SHIPPED.glob("*.toml")))
        raise CrmkitError(f"There is no company {name!r}. Those that ship: {known}.")
    return _read(path, path.stat().st_mtime_ns)


@functools.lru_cache(maxsize=16)
def _read(path: Path, _changed: int) -> Company:
    """Read a company file once, until it changes: every text about a company asks for it."""
    return from_params(tomllib.loads(path.read_text(encoding="utf-8")))


def company(data: str | Path | None = None) -> Company:
    """The company whose tables `crmkit.load` reads.

    Parameters
    ----------
    data : str or Path, optional
        Folder with the tables, or the name of a company that ships, as for `crmkit.load`.

    Returns
    -------
    Company
        With ``tables``, the names of those at hand.

    Raises
    ------
    NoDataError
        No tables were found.

    Examples
    --------
    >>> company().money(1250)
    '£1,250'
    """
    folder = find_data(data)
    found = described(folder)
    key = (folder, id(found))
    if key not in _known:
        if len(_known) > 3:
            _known.clear()  # a lesson asks for one company, or for a few
        if found.about:
            values = {
                f"{table.full_name}.{column.name}": frozenset(map(str, column.allowed))
                for table in found.tables.values()
                for column in table.columns
                if column.allowed
            }
            _known[key] = replace(from_params(found.about, found.tables), values=values)
        else:  # written before packages described their company
            made = shipped(found.made["company"])
            _known[key] = replace(made, tables=frozenset(found.tables))
    return _known[key]


_known: dict[tuple[Path, int], Company] = {}


def money(amount: float, decimals: int = 0, *, signed: bool = False) -> str:
    """An amount in the currency of the tables at hand; see `Company.money`.

    Examples
    --------
    >>> money(1250.4)
    '£1,250'
    """
    return company().money(amount, decimals, signed=signed)


def fill_code(source: str, about: Company | None = None) -> str:
    """Put a company's own words into the comments and plain strings of a piece of Python.

    An f-string keeps its fields: they are filled when it runs.

    Examples
    --------
    >>> fill_code('x = f"{company.name}"  # {company.name}', shipped("fernwell"))
    'x = f"{company.name}"  # Fernwell'
    """
    if not FIELD.search(source):
        return source
    about = about or company()
    lines = source.splitlines(keepends=True)
    try:
        tokens = list(tokenize.generate_tokens(io.StringIO(source).readline))
    except (tokenize.TokenError, SyntaxError) as error:
        raise CrmkitError(f"Not Python that can be read: {error}.") from error
    for token in reversed(tokens):
        plain = (
            token.type == tokenize.STRING and "f" not in re.split("['\"]", token.string)[0].lower()
        )
        if not (plain or token.type == tokenize.COMMENT):
            continue
        new = fill(token.string, about)
        if new != token.string:
            (first, begin), (last, end) = token.start, token.end
            lines[first - 1 : last] = [lines[first - 1][:begin] + new + lines[last - 1][end:]]
    return "".join(lines)


def fill_markdown(text: str, about: Company | None = None) -> str:
    """Put a company's own words into Markdown, in which a plain dollar sign would begin a formula.

    Parameters
    ----------
    text : str
        Markdown with fields such as ``{company.symbol}``; formulas between dollar signs stay.
    about : Company, optional
        Default: the company whose tables are at hand.

    Returns
    -------
    str
        Outside code, a dollar sign that comes from the company is an element of its own: JupyterLab looks for
        formulas in the source and again in the page, and finds none in either.

    Examples
    --------
    >>> fill_markdown("costs {company.symbol}4, and `{company.symbol}` is $p$", shipped("strumwell"))
    'costs <span>&#36;</span>4, and `$` is $p$'
    """
    pieces = re.split(r"(```.*?```|`[^`\n]*`)", text, flags=re.DOTALL)
    pieces[::2] = [fill(piece, about, dollar="<span>&#36;</span>") for piece in pieces[::2]]
    pieces[1::2] = [fill(piece, about) for piece in pieces[1::2]]
    return "".join(pieces)


def fill(text: str, about: Company | None = None, *, dollar: str = "$") -> str:
    """Put a company's own words in the place of the fields of a text; all other braces stay.

    Parameters
    ----------
    text : str
        With fields such as ``{company.name}``.
    about : Company, optional
        Default: the company whose tables are at hand.
    dollar : str, default "$"
        What stands for a dollar sign in the company's words.

    Returns
    -------
    str
        A day or a word that this company's file does not name (``{company.dates[turn]}``) becomes "…".

    Raises
    ------
    CrmkitError
        The text names a field that no company has.

    Examples
    --------
    >>> fill("{company.name} asks {company.symbol}9 for {this}.", shipped("fernwell"))
    'Fernwell asks £9 for {this}.'
    >>> fill('ends = [f"{company.year}-06-30", f"{company.year}-{month}"]', shipped("fernwell"))
    'ends = ["2025-06-30", f"2025-{month}"]'
    """
    if not FIELD.search(text):
        return text
    text = _NEEDS_NO_F.sub("", text)
    about = about or company()

    def word(found: re.Match[str]) -> str:
        try:
            return label(found[0].format(company=about)).replace("$", dollar)
        except (
            KeyError
        ):  # a day or a word that this company does not name: a lesson that it cannot run
            return GAP
        except AttributeError as error:
            raise CrmkitError(f"The text has a field {found[0]}, which no company has.") from error

    return FIELD.sub(word, text)


def tell(notebook: dict[str, Any], about: Company) -> dict[str, Any]:
    """A lesson's notebook in a company's own words.

    The text with its fields is kept beside the cell (``metadata.crmkit.text``), so that a notebook that was made for
    one company can be told for another. The first cell names the tables that the lesson needs (``metadata.tables``);
    where the company lacks some, a sentence below the title says so. A lesson that is about another company than the
    course's says so there too (``metadata.company``), and is always told in the words of that one.

    Parameters
    ----------
    notebook : dict
        As ``json.load`` reads an ``.ipynb``. It is not changed.
    about : Company
        With ``tables``; without any, nothing is said of tables.

    Returns
    -------
    dict
        A notebook with the same cells. Outputs stay as they are.

    Examples
    --------
    >>> cell = {"cell_type": "markdown", "metadata": {}, "source": "# {company.name} grows"}
    >>> told = tell({"cells": [cell]}, shipped("fernwell"))
    >>> told["cells"][0]["source"], tell(told, shipped("beanline"))["cells"][0]["source"]
    ('# Fernwell grows', '# Beanline grows')
    """
    told = copy.deepcopy(notebook)
    own = told["cells"][0]["metadata"].get("company") if told["cells"] else None
    if own:
        about = company(own)
    for cell in told["cells"]:
        source = cell["source"] if isinstance(cell["source"], str) else "".join(cell["source"])
        text = cell["metadata"].get("crmkit", {}).get("text", source)
        filled = (
            fill_code(text, about) if cell["cell_type"] == "code" else fill_markdown(text, about)
        )
        if filled != text:
            cell["metadata"].setdefault("crmkit", {})["text"] = text
            cell["source"] = filled
    lacking = unmet(told, about)
    if lacking:
        first = told["cells"][0]
        first["metadata"].setdefault("crmkit", {}).setdefault("text", first["source"])
        title, _, rest = first["source"].partition("\n")
        first["source"] = f"{title}\n\n> {lacking}\n{rest}"
    return told


def _asked(notebook: Mapping[str, Any], what: str) -> list[str]:
    """What the first cell of a lesson's notebook asks of a company."""
    return list(notebook["cells"][0]["metadata"].get(what, [])) if notebook["cells"] else []


def needed_tables(notebook: Mapping[str, Any]) -> list[str]:
    """The tables that a lesson's notebook says it needs, by full name."""
    return _asked(notebook, "tables")


def unmet(notebook: Mapping[str, Any], about: Company) -> str:
    """What keeps a company from running a lesson, as a sentence; empty if it can run.

    Nothing is said where nothing is known of its tables. The first cell of a lesson says what it asks: ``tables``;
    ``names``, the values that it speaks of (``journeys.channel: web``); ``sums``, the studies with whose sums it
    computes. The days and words that it speaks of are its fields (``{company.words[leader]}``).

    Examples
    --------
    >>> first = {"cell_type": "markdown", "metadata": {"tables": ["orders", "brands"]}, "source": "# Six brands"}
    >>> unmet({"cells": [first]}, company("beanline")).split("**")[1]
    'Beanline Coffee cannot run this lesson.'
    """
    if not about.tables or (notebook["cells"] and _asked(notebook, "company")):
        return ""  # it brings its own company
    if lacking := about.lacks(needed_tables(notebook)):
        return say_many(
            "**{company} cannot run this lesson.** It needs a table that this company does not have: {tables}. You can "
            "read it; its cells will not run on these data.",
            "**{company} cannot run this lesson.** It needs tables that this company does not have: {tables}. You can "
            "read it; its cells will not run on these data.",
            len(lacking),
            company=about.full_name,
            tables=listed(f"`{name}`" for name in lacking),
        )
    if lacking := about.lacks_names(_asked(notebook, "names")):
        return say(
            "**{company} cannot run this lesson.** It speaks of values that this company's tables do not have: "
            "{names}. You can read it; some of its cells will not run on these data.",
            company=about.full_name,
            names=listed("`{1}` (`{0}`)".format(*name.split(": ", 1)) for name in lacking),
        )
    if lacking := _unnamed(notebook, about):
        return say(
            "**{company} cannot run this lesson.** It speaks of things that the company file does not name: {names}. "
            "You can read it; some of its cells will not run on these data.",
            company=about.full_name,
            names=listed(f"`{name}`" for name in lacking),
        )
    for study in _asked(notebook, "sums"):
        if times := about.sums.get(study):
            return say(
                "**{company} cannot run this lesson.** Its sums are for a set that sells at about {usual}; in the "
                "study of this company they are {times:,.4g} times as large. You can read it; some of its cells "
                "will not run on these data.",
                company=about.full_name,
                usual=f"{SET_VALUE:.0f}",
                times=times,
            )
    return ""


def _unnamed(notebook: Mapping[str, Any], about: Company) -> list[str]:
    """The days and words that a lesson speaks of and a company file does not name."""
    texts = [
        cell["metadata"].get("crmkit", {}).get("text", cell["source"]) for cell in notebook["cells"]
    ]
    source = "\n".join(text if isinstance(text, str) else "".join(text) for text in texts)
    spoken = {
        "[company.words] ": (r"words\[\W?([a-z_]+)\W?\]", about.words),
        "[company.dates] ": (r"dates\[\W?([a-z_]+)\W?\]", about.dates),
    }
    return [
        section + name
        for section, (field_of, named) in spoken.items()
        for name in dict.fromkeys(re.findall(rf"\bcompany\.{field_of}", source))
        if name not in named
    ]
