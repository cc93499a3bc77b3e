"""What a table is: its columns, their types, units and meanings, its key and its references.

One description serves everything that must agree about a table: the simulated world, validation, ``datapackage.json``,
the data dictionary, and the reader who asks what a column means.
"""

from __future__ import annotations

from dataclasses import dataclass, field

TYPES = ("integer", "number", "string", "boolean", "date")

#: The pandas type that a column of each catalogue type has, in memory and after loading.
DTYPES = {
    "integer": "int64",
    "number": "float64",
    "string": "str",
    "boolean": "bool",
    "date": "datetime64[us]",
}


@dataclass(frozen=True)
class Column:
    """One column of a table.

    Parameters
    ----------
    name : str
        Name in the CSV file.
    type : str
        One of ``integer``, ``number``, ``string``, ``boolean``, ``date``.
    description : str
        What one value says, in a sentence that a business student understands.
    unit : str, optional
        Unit of a number: a currency's code, ``days``, ``minutes``, ``orders a year``.
    allowed : tuple of str or of numbers, optional
        The only values that may occur.
    required : bool
        Whether a value must be there in every row. An integer or boolean column cannot have gaps.
    minimum, maximum : float, optional
        Bounds of a number, both included.
    decimals : int
        Decimal places that a ``number`` is rounded to in the files.

    Examples
    --------
    >>> Column("turnover", "number", "What the customer paid.", unit="GBP", minimum=0).dtype
    'float64'
    """

    name: str
    type: str
    description: str
    unit: str | None = None
    allowed: tuple | None = None
    required: bool = True
    minimum: float | None = None
    maximum: float | None = None
    decimals: int = 2

    def __post_init__(self) -> None:
        if self.type not in TYPES:
            raise ValueError(
                f"column {self.name!r}: type {self.type!r} is none of {', '.join(TYPES)}"
            )
        if self.type in ("integer", "boolean") and not self.required:
            raise ValueError(
                f"column {self.name!r}: a column of type {self.type} cannot have gaps; use number or string"
            )
        if self.allowed is not None:
            object.__setattr__(self, "allowed", tuple(self.allowed))

    @property
    def dtype(self) -> str:
        """The pandas type of this column in memory."""
        return DTYPES[self.type]


@dataclass(frozen=True)
class Table:
    """One table: a CSV file of the course's data, or of the truth beside it.

    Parameters
    ----------
    name : str
        Name by which ``crmkit.load(name)`` (or ``crmkit.load_truth(name)``) finds it.
    title : str
        A few words, as a heading.
    description : str
        What one row is, and what a reader should know before using it.
    columns : list of Column
        In the order of the file.
    key : list of str
        Columns that together name a row once.
    references : dict of str to str
        ``{"customer_id": "customers.customer_id"}``: each value of the column occurs in that other column.
        The other table is one that the learner sees, never a truth table, unless it is written
        ``truth/customers.customer_id``.
    truth : bool
        Whether it is part of the truth, which no company would know.

    Examples
    --------
    >>> table = Table("pets", "Pets", "One row per pet.", [Column("pet_id", "integer", "Number.")], key=["pet_id"])
    >>> table.path, table.column_names
    ('pets.csv', ['pet_id'])
    """

    name: str
    title: str
    description: str
    columns: list[Column]
    key: list[str]
    references: dict[str, str] = field(default_factory=dict)
    truth: bool = False

    def __post_init__(self) -> None:
        names = self.column_names
        for name in [*self.key, *self.references]:
            if name not in names:
                raise ValueError(f"table {self.name!r}: {name!r} is no column of it")
        if len(set(names)) != len(names):
            raise ValueError(f"table {self.name!r}: a column occurs twice")

    @property
    def path(self) -> str:
        """Path of the CSV file within the company's folder."""
        return f"truth/{self.name}.csv" if self.truth else f"{self.name}.csv"

    @property
    def full_name(self) -> str:
        """The name, with ``truth/`` before it if it is part of the truth."""
        return self.path.removesuffix(".csv")

    @property
    def column_names(self) -> list[str]:
        """Names of the columns, in order."""
        return [column.name for column in self.columns]
