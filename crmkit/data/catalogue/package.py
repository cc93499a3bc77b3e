"""From the catalogue: ``datapackage.json`` (Frictionless) and the data dictionary, ``datasets/README.md``."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from crmkit.data.catalogue.machinery import Column, Table


def describe(
    about: dict[str, Any], resources: list[tuple[Table, bytes, int]], made: dict[str, Any]
) -> dict[str, Any]:
    """A Frictionless data package for a company's tables.

    Parameters
    ----------
    about : dict
        What everybody may know of the company, as `crmkit.companies.public` gives it.
    resources : list of (Table, bytes, int)
        Each table with the bytes of its CSV file and its number of rows.
    made : dict
        What the world was made from; kept under ``made``, so that anybody can make it again.

    Returns
    -------
    dict
        Ready for ``json.dump``.

    Examples
    --------
    >>> products = Table("products", "Products", "One row each.", [Column("a", "date", "A.")], key=["a"])
    >>> about = {"company": {"name": "F", "description": "A shop."}}
    >>> package = describe(about, [(products, b"", 0)], {"seed": 1})
    >>> package["resources"][0]["path"]
    'products.csv'
    """
    company = about["company"]
    there = {table.full_name for table, _, _ in resources}
    return {
        "$schema": "https://datapackage.org/profiles/1.0/datapackage.json",
        "name": made.get("company", "company"),
        "title": company.get("full_name", company["name"]),
        "description": company["description"],
        "licenses": [
            {
                "name": "CC-BY-4.0",
                "title": "Creative Commons Attribution 4.0",
                "path": "https://creativecommons.org/licenses/by/4.0/",
            }
        ],
        "made": made,
        "about": about,
        "resources": [_resource(table, content, rows, there) for table, content, rows in resources],
    }


def _resource(table: Table, content: bytes, rows: int, there: set[str]) -> dict[str, Any]:
    schema: dict[str, Any] = {
        "fields": [_field(column) for column in table.columns],
        "primaryKey": table.key,
        "missingValues": [""],
    }
    foreign = []
    for name, target in table.references.items():
        other, other_column = target.rsplit(".", 1)
        if other in there:
            foreign.append(
                {
                    "fields": [name],
                    "reference": {"resource": _slug(other), "fields": [other_column]},
                }
            )
    if foreign:
        schema["foreignKeys"] = foreign
    return {
        "name": _slug(table.full_name),
        "path": table.path,
        "profile": "tabular-data-resource",
        "title": table.title,
        "description": table.description,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": len(content),
        "hash": "sha256:" + hashlib.sha256(content).hexdigest(),
        "rows": rows,
        "schema": schema,
    }


def _field(column: Column) -> dict[str, Any]:
    constraints: dict[str, Any] = {"required": True} if column.required else {}
    if column.allowed is not None:
        constraints["enum"] = list(column.allowed)
    if column.minimum is not None:
        constraints["minimum"] = column.minimum
    if column.maximum is not None:
        constraints["maximum"] = column.maximum
    entry: dict[str, Any] = {
        "name": column.name,
        "type": column.type,
        "description": column.description,
    }
    if constraints:
        entry["constraints"] = constraints
    if column.unit:
        entry["unit"] = column.unit
    if column.type == "boolean":
        entry |= {"trueValues": ["true"], "falseValues": ["false"]}
    return entry


def tables_of(package: dict[str, Any]) -> dict[str, Table]:
    """The tables that a data package describes, by full name: the way back from `describe`.

    Decimal places are not described; they matter only when a world is made.

    Examples
    --------
    >>> pets = Table("pets", "Pets", "One row per pet.", [Column("pet_id", "integer", "Number.")], key=["pet_id"])
    >>> about = {"company": {"name": "F", "description": "A shop."}}
    >>> tables_of(describe(about, [(pets, b"", 0)], {}))["pets"] == pets
    True
    """
    names = {r["name"]: r["path"].removesuffix(".csv") for r in package["resources"]}
    return {names[r["name"]]: _table(r, names) for r in package["resources"]}


def _table(resource: dict[str, Any], names: dict[str, str]) -> Table:
    schema = resource["schema"]
    full_name = names[resource["name"]]
    references = {
        link["fields"][
            0
        ]: f"{names[link['reference']['resource']]}.{link['reference']['fields'][0]}"
        for link in schema.get("foreignKeys", [])
    }
    return Table(
        full_name.removeprefix("truth/"),
        resource["title"],
        resource["description"],
        [_column(field) for field in schema["fields"]],
        key=schema["primaryKey"],
        references=references,
        truth=full_name.startswith("truth/"),
    )


def _column(entry: dict[str, Any]) -> Column:
    rules = entry.get("constraints", {})
    return Column(
        entry["name"],
        entry["type"],
        entry["description"],
        unit=entry.get("unit"),
        allowed=tuple(rules["enum"]) if "enum" in rules else None,
        required=rules.get("required", False),
        minimum=rules.get("minimum"),
        maximum=rules.get("maximum"),
    )


def _slug(full_name: str) -> str:
    return full_name.replace("/", "-").replace("_", "-")


def to_json(package: dict[str, Any]) -> str:
    """A data package as the text of ``datapackage.json``, with every field on a line of its own.

    Examples
    --------
    >>> print(to_json({"name": "f", "fields": [{"name": "a", "type": "date"}, {"name": "b", "type": "date"}]}))
    {
     "name": "f",
     "fields": [
      {"name": "a", "type": "date"},
      {"name": "b", "type": "date"}
     ]
    }
    """
    return _lines(package, "")


def _lines(value: Any, indent: str) -> str:
    """JSON in which lists of objects, and objects that hold them, are spread over lines, and nothing else is."""
    deeper = indent + " "
    if isinstance(value, list) and any(isinstance(item, dict) for item in value):
        items, (begin, end) = [_lines(item, deeper) for item in value], "[]"
    elif isinstance(value, dict) and (
        "name" not in value or "fields" in value or "schema" in value or not indent
    ):
        pairs = value.items()
        items, (begin, end) = (
            [f"{json.dumps(name)}: {_lines(item, deeper)}" for name, item in pairs],
            "{}",
        )
    else:
        return json.dumps(value, ensure_ascii=False)
    inner = f",\n{deeper}".join(items)
    return f"{begin}\n{deeper}{inner}\n{indent}{end}"


def dictionary(shipped: dict[str, dict[str, Any]]) -> str:
    """The data dictionary in Markdown: what each table and column means.

    Parameters
    ----------
    shipped : dict of str to dict
        For each company that ships: its folder's name and its data package (see `describe`).

    Returns
    -------
    str
        The text of ``datasets/README.md``.

    Examples
    --------
    >>> print(dictionary({}).splitlines()[0])
    # The data dictionary
    """
    lines = [
        "# The data dictionary",
        "",
        "Made from the catalogue (`crmkit/data/catalogue/`) by `make datasets`; do not edit it here.",
        "",
        "All of it is simulated: no table holds a real person's data. Files are UTF-8, comma-separated, with ISO "
        "dates; an empty field means that nothing is known. `truth/` holds what the simulation knows and no company "
        "would: look there only after you have made your estimate. Text and data: CC BY 4.0.",
        "",
        'In Python: `crmkit.load("orders")`, `crmkit.load_truth("customers")`.',
        "",
        "A table that several companies have is explained once: currency and lists of values (channels, rooms, goods) "
        "are those of the first of them. Each company's own are in its `datapackage.json`.",
        "",
    ]
    for folder, package in shipped.items():
        made = package["made"]
        lines += [
            f"## {package['title']} (`{folder}/`)",
            "",
            package["description"],
            "",
            f"Made by `crmkit make-data --company {made['company']} --customers {made['customers']} "
            f"--seed {made['seed']} --locale {made['locale']}`.",
            "",
            "| table | rows | what it holds |",
            "|---|---:|---|",
        ]
        for resource in package["resources"]:
            table = resource["path"].removesuffix(".csv")
            lines.append(
                f"| [`{table}`](#{_anchor(table)}) | {resource['rows']:,} | {resource['title']} |"
            )
        lines.append("")
    every: dict[str, Table] = {}
    for package in shipped.values():
        every = every | tables_of(package) | every  # in order; the first company's stands
    for table in every.values():
        lines += [
            f"### `{table.full_name}`",
            "",
            f"**{table.title}.** {table.description}",
            "",
            "Key: " + ", ".join(f"`{name}`" for name in table.key) + ".",
            "",
            "| column | type | unit | meaning |",
            "|---|---|---|---|",
        ]
        for column in table.columns:
            meaning = column.description
            if column.allowed is not None:
                meaning += " One of: " + ", ".join(f"`{value}`" for value in column.allowed) + "."
            if column.name in table.references:
                meaning += f" Found in `{table.references[column.name]}`."
            if not column.required:
                meaning += " May be empty."
            lines.append(f"| `{column.name}` | {column.type} | {column.unit or ''} | {meaning} |")
        lines.append("")
    return "\n".join(lines).rstrip() + "\n"


def _anchor(name: str) -> str:
    return name.replace("/", "")
