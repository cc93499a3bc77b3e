"""Names, addresses and telephone numbers of people who do not exist.

Names and streets are combined at random from pools. The pools of three locales are files in ``pools/``, drawn once
from the package Faker by ``python -m crmkit.world pools LOCALE``: the shipped tables do not change when Faker does, and
need no Faker at all. Any other locale is drawn from the Faker that is installed, and may change with its version.

Telephone numbers come from ranges that a country's regulator keeps free for fiction, where there are such; elsewhere
they begin with +999, which is assigned to no country. E-mail addresses are at example.org (RFC 2606).
"""

from __future__ import annotations

import functools
import json
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from crmkit.errors import CrmkitError

FOLDER = Path(__file__).parent / "pools"

#: Sources. Ofcom, "Telephone numbers for use in TV and radio drama programmes"; Bundesnetzagentur, "Rufnummern für
#: Medienproduktionen"; North American Numbering Plan, 555-0100 to 555-0199. Each # is a digit.
FICTION_PHONES = {
    "en_GB": [
        "07700 900###", "01632 960###", "0113 496 0###", "0114 496 0###", "0115 496 0###", "0116 496 0###",
        "0117 496 0###", "0118 496 0###", "0121 496 0###", "0131 496 0###", "0141 496 0###", "0151 496 0###",
        "0161 496 0###", "020 7946 0###", "0191 498 0###", "028 9649 6###", "029 2018 0###",
    ],
    "de_DE": ["030 23125###", "040 66969###", "069 90009###", "0221 4710###", "089 99998###"],
    "en_US": [f"{area} 555 01##" for area in (202, 206, 212, 303, 305, 312, 404, 415, 504, 512, 602, 617, 702, 808)],
    "en_CA": [f"{area} 555 01##" for area in (204, 306, 403, 416, 418, 506, 514, 604, 613, 709, 780, 867, 902, 905)],
}  # fmt: skip

_BUSINESS = {
    "en_GB": ["{last} & Sons", "{last} Lettings", "{last} Interiors", "{last} Builders", "Café {first}",
              "{last} & {last2}"],
    "de_DE": ["{last} & Söhne", "{last} Hausverwaltung", "Malerbetrieb {last}", "Raumausstattung {last}",
              "Café {first}"],
    "zh_CN": ["{last}氏装饰", "{last}氏物业", "{last}氏园艺", "{first}咖啡馆", "{first}设计工作室"],
}  # fmt: skip
_FORMATS = {  # person, address
    "zh": ("{last}{first}", "{street}{number}号"),
    "ja": ("{last} {first}", "{street}{number}"),
    "ko": ("{last}{first}", "{street} {number}"),
    "hu": ("{last} {first}", "{street} {number}"),
    "en": ("{first} {last}", "{number} {street}"),
    "fr": ("{first} {last}", "{number} {street}"),
}
_DEFAULT_FORMAT = ("{first} {last}", "{street} {number}")


@dataclass
class Who:
    """Names and ways to reach people: arrays of strings, one entry per customer."""

    name: np.ndarray
    email: np.ndarray
    phone: np.ndarray
    street: np.ndarray
    city: np.ndarray
    postcode: np.ndarray


def pools(locale: str) -> dict[str, Any]:
    """The pools of a locale: those that ship, or else drawn from Faker.

    Parameters
    ----------
    locale : str
        Such as ``en_GB``.

    Returns
    -------
    dict
        Lists ``first``, ``last``, ``street``, ``city``, ``postcode``, ``business``; formats ``person``, ``address``.

    Raises
    ------
    CrmkitError
        A locale that does not ship, where Faker is not installed or does not know it.

    Examples
    --------
    >>> len(pools("en_GB")["first"]) > 200
    True
    """
    path = FOLDER / f"{locale}.json"
    if path.is_file():
        loaded: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        return loaded
    return extract_pools(locale)


@functools.lru_cache(maxsize=4)
def extract_pools(locale: str) -> dict[str, Any]:
    """Draw the pools of a locale from the Faker that is installed (parameters and errors: see `pools`)."""
    ships = ", ".join(sorted(path.stem for path in FOLDER.glob("*.json")))
    try:
        from faker import Faker
    except ImportError as error:
        raise CrmkitError(
            f"Names for {locale!r} need the package faker, which is not installed here. These need none: {ships}."
        ) from error
    try:
        fake = Faker(locale)
    except (AttributeError, ImportError, ValueError, TypeError) as error:
        raise CrmkitError(
            f"There is no locale {locale!r}. These ship with crmkit: {ships}; Faker knows more, such as fr_FR."
        ) from error
    fake.seed_instance(1)

    def drawn(method: str, size: int) -> list[str]:
        call = getattr(fake, method, fake.last_name)
        return list(dict.fromkeys(str(call()).replace("\n", " ") for _ in range(3 * size)))[:size]

    person, address = _FORMATS.get(locale.split("_")[0], _DEFAULT_FORMAT)
    return {
        "locale": locale,
        "person": person,
        "address": address,
        "business": _BUSINESS.get(locale, ["{last}", "{last} & {last2}"]),
        "first": drawn("first_name", 400),
        "last": drawn("last_name", 500),
        "street": drawn("street_name", 400),
        "city": drawn("city", 120),
        "postcode": drawn("postcode", 600),
    }


def write_pools(locale: str) -> Path:
    """Draw a locale's pools from Faker and keep them in ``pools/``. Changes every world of that locale."""
    path = FOLDER / f"{locale}.json"
    path.write_text(
        json.dumps(extract_pools(locale), ensure_ascii=False, indent=0) + "\n", encoding="utf-8"
    )
    return path


def draw(
    rng: np.random.Generator,
    locale: str,
    business: np.ndarray,
    business_names: Sequence[str] | None = None,
) -> Who:
    """Draw names and addresses.

    Parameters
    ----------
    rng : Generator
    locale : str
    business : array of bool
        Which of the customers are businesses.
    business_names : sequence of str, optional
        What businesses may be called, such as ``"{last} Chemicals"``. Default: the forms of the locale.

    Returns
    -------
    Who
        E-mail addresses differ from each other; so do telephone numbers, as long as the fiction ranges last.

    Examples
    --------
    >>> who = draw(np.random.default_rng(1), "en_GB", np.array([False, True]))
    >>> who.email[0].endswith("@example.org")
    True
    """
    pool = pools(locale)
    n = len(business)
    first, last, last2, street = (
        rng.integers(len(pool[name]), size=n) for name in ("first", "last", "last", "street")
    )
    firsts, lasts = np.array(pool["first"], object), np.array(pool["last"], object)
    name = combine(pool["person"], first=firsts[first], last=lasts[last])
    forms = business_names or pool["business"]
    style = rng.integers(len(forms), size=n)
    for code, form in enumerate(forms):
        chosen = business & (style == code)
        name[chosen] = combine(
            form, first=firsts[first[chosen]], last=lasts[last[chosen]], last2=lasts[last2[chosen]]
        )
    number = rng.integers(1, 150, size=n)
    address = combine(
        pool["address"], street=np.array(pool["street"], object)[street], number=_text(number)
    )
    city = rng.integers(len(pool["city"]), size=n)
    codes_each = max(len(pool["postcode"]) // len(pool["city"]), 1)
    postcode = (city * codes_each + rng.integers(codes_each, size=n)) % len(pool["postcode"])
    # A shuffled number makes each address unique without giving the customer_id away.
    mark = _text(rng.permutation(n) + 11)
    slug1, slug2 = _slugs(pool["first"], "", "."), _slugs(pool["last"], "user", "")
    email = slug1[first] + slug2[last] + mark + "@example.org"
    return Who(
        name,
        email,
        _phones(rng, locale, n),
        address,
        np.array(pool["city"], object)[city],
        np.array(pool["postcode"], object)[postcode],
    )


def combine(form: str, **parts: np.ndarray) -> np.ndarray:
    """Fill a format such as ``{first} {last}`` for whole arrays of strings at once."""
    result: Any = ""
    for piece in form.replace("}", "{").split("{"):
        result = result + parts.get(piece, piece)
    return np.asarray(result, object)


def _text(numbers: np.ndarray) -> np.ndarray:
    return np.array(list(map(str, numbers.tolist())), object)


def _slugs(words: list[str], otherwise: str, ending: str) -> np.ndarray:
    """Lower-case ASCII letters of each word and an ending; something else where a word has no such letters."""
    plain = [
        unicodedata.normalize("NFKD", word).encode("ascii", "ignore").decode() for word in words
    ]
    slugs = ["".join(filter(str.isalpha, word)).lower() for word in plain]
    return np.array([slug + ending if slug else otherwise for slug in slugs], object)


def _phones(rng: np.random.Generator, locale: str, n: int) -> np.ndarray:
    patterns = FICTION_PHONES.get(locale)
    if patterns is None:
        numbers = rng.choice(10**8, size=n, replace=False, shuffle=False)
        return np.array(
            [f"+999 {k // 10000:04d} {k % 10000:04d}" for k in numbers.tolist()], object
        )
    all_numbers = np.array(
        [
            p.replace("#", "") + f"{k:0{p.count('#')}d}"
            for p in patterns
            for k in range(10 ** p.count("#"))
        ],
        object,
    )
    if n <= len(all_numbers):
        return all_numbers[rng.permutation(len(all_numbers))[:n]]
    return all_numbers[rng.integers(len(all_numbers), size=n)]
