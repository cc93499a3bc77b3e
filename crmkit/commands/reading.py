"""The options with which a command reads a file of orders: the same for `crmkit look` and `crmkit review`."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from typing import Annotated, Any, get_type_hints

import typer

from crmkit.errors import CrmkitError


def _options(
    customer: Annotated[str | None, typer.Option(help="Heading of the customer.")] = None,
    date: Annotated[str | None, typer.Option(help="Heading of the date.")] = None,
    amount: Annotated[str | None, typer.Option(help="Heading of the amount.")] = None,
    order: Annotated[str | None, typer.Option(help="Heading of the order's number.")] = None,
    margin: Annotated[str | None, typer.Option(help="Heading of the margin.")] = None,
    quantity: Annotated[str | None, typer.Option(help="Heading of the quantity.")] = None,
    price: Annotated[str | None, typer.Option(help="Heading of the price of one.")] = None,
    status: Annotated[str | None, typer.Option(help="Heading of the status.")] = None,
    meaning: Annotated[
        list[str] | None,
        typer.Option(help="What a status means: 'On hold=counts'; may be given several times."),
    ] = None,
    refunded: Annotated[
        str | None, typer.Option(help="Heading of what was given back of the amount.")
    ] = None,
    amount_is: Annotated[
        str | None, typer.Option(help="What each line's amount is: 'line' or 'order'.")
    ] = None,
    without: Annotated[
        list[str] | None,
        typer.Option(help="A part that no column plays: status, order, margin, refunded."),
    ] = None,
    currency: Annotated[str | None, typer.Option(help="Use only rows in this one: GBP.")] = None,
    currency_column: Annotated[
        str | None, typer.Option(help="Heading of the column with the currency.")
    ] = None,
    sheet: Annotated[str | None, typer.Option(help="Sheet of a workbook.")] = None,
    encoding: Annotated[str | None, typer.Option(help="How the text is written: gb18030.")] = None,
    separator: Annotated[str | None, typer.Option(help="What stands between cells.")] = None,
    dayfirst: Annotated[
        bool | None, typer.Option(help="Whether 01/02/2024 is the 1st of February.")
    ] = None,
    decimal: Annotated[str | None, typer.Option(help="The mark before the cents.")] = None,
    timezone: Annotated[
        str | None, typer.Option(help="The zone in which days are counted: Europe/London.")
    ] = None,
    today: Annotated[str | None, typer.Option(help="Later dates are set aside.")] = None,
    duplicates: Annotated[
        str | None, typer.Option(help="Equal rows: 'set aside' (as it is) or 'keep'.")
    ] = None,
    refunds: Annotated[
        str | None, typer.Option(help="Refunds: 'set aside' (as it is) or 'net'.")
    ] = None,
) -> dict[str, Any]:
    """Give what was asked for, as `crmkit.read_orders` takes it."""
    asked = {
        "customer": customer, "date": date, "amount": amount, "order": order, "margin": margin,
        "quantity": quantity, "price": price, "status": status, "currency": currency,
        "currency_column": currency_column, "sheet": sheet, "encoding": encoding, "separator": separator,
        "dayfirst": dayfirst, "decimal": decimal, "timezone": timezone, "today": today,
        "duplicates": duplicates, "refunds": refunds, "refunded": refunded, "amount_is": amount_is,
    }  # fmt: skip
    options: dict[str, Any] = {name: value for name, value in asked.items() if value is not None}
    if odd := sorted(set(without or ()) - {"status", "order", "margin", "refunded"}):
        raise CrmkitError(f"--without {odd[0]}: it takes status, order, margin or refunded.")
    options |= dict.fromkeys(without or (), False)
    if torn := [text for text in meaning or () if "=" not in text]:
        raise CrmkitError(f"--meaning {torn[0]!r}: write the word, = and what it means.")
    if meaning:
        options["statuses"] = dict(text.rsplit("=", 1) for text in meaning)
    return options


def reads_orders(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command, besides its own options, those of reading; it gets them together as `options`."""
    reading = inspect.signature(_options).parameters
    own = {n: p for n, p in inspect.signature(command).parameters.items() if n != "options"}

    @functools.wraps(command)
    def whole(**given: Any) -> None:
        asked = {name: given.pop(name) for name in reading}
        command(options=_options(**asked), **given)

    hints = get_type_hints(_options, include_extras=True)
    hints |= get_type_hints(command, include_extras=True)
    together = [*own.values(), *reading.values()]
    whole.__signature__ = inspect.Signature(  # type: ignore[attr-defined]
        [p.replace(annotation=hints[p.name], kind=inspect.Parameter.KEYWORD_ONLY) for p in together]
    )
    whole.__annotations__ = {p.name: hints[p.name] for p in together}
    return whole
