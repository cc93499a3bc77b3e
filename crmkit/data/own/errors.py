"""The errors of :func:`crmkit.data.own_orders.read_orders`: all of them are :class:`OwnDataError`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crmkit.errors import CrmkitError

if TYPE_CHECKING:
    from crmkit.data.own.report import RowAccount


class OwnDataError(CrmkitError):
    """A file (or frame) of orders could not be read; the message says why and what to do."""


class NoSuchFile(OwnDataError):
    """There is no file at the path that was given."""


class EmptyFile(OwnDataError):
    """The file holds nothing, or nothing below its headings."""


class NotATable(OwnDataError):
    """The file is no table that can be read: a PDF, a web page, an archive, a locked workbook ..."""


class ColumnNotFound(OwnDataError):
    """No column could be the customer, the date or the amount, or a column that was named is not there."""


class ColumnAmbiguous(OwnDataError):
    """Two columns could play the same part, and only the reader knows which one does."""


class MixedCurrencies(OwnDataError):
    """Amounts in several currencies cannot be added up."""


class BadOption(OwnDataError):
    """An argument holds something that it cannot mean."""


class MissingPackage(OwnDataError):
    """The file needs a package that is not installed here."""


class NoUsableRows(OwnDataError):
    """Every row was set aside. The report is at hand as ``error.report``."""

    def __init__(self, message: str, report: RowAccount) -> None:
        super().__init__(message)
        self.report = report
