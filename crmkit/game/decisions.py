"""Decisions of one quarter: what a player may decide, in which bounds, and the file in which it stands.

Problem
    A plan for a quarter is a small file that a person can read, a form can write, and a program can check. What is
    wrong in it has to be said at once and completely: which field, which bound, and what to write instead.

One table
    `FIELDS` holds every field once: its name, bounds, unit, choices and meaning. Reading, checking and writing
    go by it, and so does the form. Nothing is clipped, and nothing that is missing is filled in.

Uses
    `read_decisions` and `write_decisions` for files; `changed` for plans in Python::

        changed(AS_BEFORE, {"service.agents": 3, "wake.drowsy": "reminder"})
"""

from __future__ import annotations

import os
import tempfile
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from crmkit.errors import CrmkitError
from crmkit.game.decided import (
    AS_BEFORE,
    PARTS,
    Bonds,
    Brand,
    Decisions,
    Experiment,
    Forecast,
    Messages,
    Prices,
    Programme,
    Research,
    Service,
    Wake,
    Winning,
    to_table,
)
from crmkit.game.fields import (
    CHANNELS,
    FIELD,
    FIELDS,
    FORECASTS,
    LEVERS,
    LONGEST_NAME,
    MARK,
    MOST_BYTES,
    MOST_EXPERIMENTS,
    MOST_LINE,
    SECTIONS,
    SHARE,
    WHY,
    WORDS,
    Field,
    Value,
    key,
    near,
    need_lever,
    plain,
    read_number,
    written,
)
from crmkit.game.money import about_money
from crmkit.inputs import first_few


def changed(decisions: Decisions, changes: Mapping[str, Value]) -> Decisions:
    """Give decisions with some levers changed, checked.

    Parameters
    ----------
    decisions
        What is kept elsewhere, often `AS_BEFORE`.
    changes
        New values by lever.

    Returns
    -------
    Decisions

    Raises
    ------
    CrmkitError
        An unknown lever, or a value out of its bounds.

    Examples
    --------
    >>> changed(AS_BEFORE, {"service.agents": 3, "winning.spend.leaflets": 0}).service
    Service(agents=3, hours='office', first='in turn')
    """
    table = to_table(decisions)
    for lever, value in changes.items():
        section, _, name = need_lever(lever, FIELD).rpartition(".")
        _inner(table, section)[name] = value
    return from_table(table)


def check(decisions: Decisions) -> Decisions:
    """Give decisions back if every field is within its bounds, each in its one type.

    Raises
    ------
    CrmkitError
        Names each field that is wrong, its bounds and what to write.

    Examples
    --------
    >>> check(Decisions(prices=Prices(level=1))).prices
    Prices(level=1.0)
    """
    if not isinstance(decisions, Decisions):
        raise CrmkitError(
            f"Decisions are needed, not {type(decisions).__name__}. Read a file with read_decisions, or begin with "
            "changed(AS_BEFORE, {...})."
        )
    return from_table(to_table(decisions))


# ------------------------------------------------------------------------------------------------ from plain tables
def from_table(table: Mapping[str, Any], what: str = "decisions") -> Decisions:
    """Make decisions from nested dictionaries, as they come from a file.

    Raises
    ------
    CrmkitError
        Lists everything that is wrong.
    """
    wrong = faults(table)
    if wrong:
        listed = "\n".join(f"- {fault}" for fault in wrong[:12])
        more = f"\n- and {len(wrong) - 12} more" if len(wrong) > 12 else ""
        count = "1 thing is" if len(wrong) == 1 else f"{len(wrong)} things are"
        raise CrmkitError(f"{what}: {count} wrong.\n{listed}{more}")
    values: dict[str, dict[str, Any]] = {name: {} for name in SECTIONS}
    for one in FIELDS:
        values[one.section][one.name] = one.clean(_inner(table, one.section)[one.name])
    values["winning"]["spend"] = values.pop("winning.spend")
    parts: dict[str, Any] = {name: part(**values[name]) for name, part in PARTS.items()}
    return Decisions(
        **parts,
        experiments=tuple(map(_experiment, table.get("experiment", ()))),
        forecast={
            name: Forecast(
                **{k: float(table["forecast"][name][k]) + 0 for k in ("low", "best", "high")}
            )
            for name in FORECASTS
            if name in table.get("forecast", {})
        },
    )


def faults(table: Mapping[str, Any]) -> list[str]:
    """List everything that is wrong with nested dictionaries, in the order of the file.

    Examples
    --------
    >>> table = to_table(AS_BEFORE)
    >>> table["prices"]["level"] = 2
    >>> faults(table)
    ["prices.level must be a number from 0.8 to 1.2 (1 = today's list), not 2. Write at most 1.2."]
    """
    found = _unknown(table)
    for section in SECTIONS:
        inner = _inner(table, section)
        fields = [one for one in FIELDS if one.section == section]
        if inner is None:
            found.append(
                f"[{section}] is missing. Write the section with {first_few([f.name for f in fields], 9)}."
            )
        elif not isinstance(inner, Mapping):
            found.append(
                f"{section} must be a section with {first_few([f.name for f in fields], 9)}, not {plain(inner)}. "
                f"Write [{section}] on a line of its own."
            )
        else:
            for one in fields:
                if one.name not in inner:
                    usual = written(AS_BEFORE.value(one.lever))
                    found.append(
                        f"{one.lever} is missing. Write {key(one.name)} = {usual} below [{section}] to leave it as "
                        "it was before the game."
                    )
                elif fault := one.fault(inner[one.name]):
                    found.append(fault)
    return [*found, *_experiment_faults(table), *_forecast_faults(table)]


def _inner(table: Mapping[str, Any], section: str) -> Any:
    """Give a section, also one within another, or None."""
    inner: Any = table
    for part in section.split("."):
        if not isinstance(inner, Mapping):
            return {}  # its outer section is faulty, and said to be
        inner = inner.get(part)
        if inner is None:
            return None
    return inner


def _unknown(table: Mapping[str, Any]) -> list[str]:
    """Name sections and fields that do not exist."""
    tops = [*PARTS, "experiment", "forecast"]
    found = [
        f"There is no section [{name}].{near(name, tops)}" for name in table if name not in tops
    ]
    for section in SECTIONS:
        inner = _inner(table, section)
        if isinstance(inner, Mapping):
            names = [one.name for one in FIELDS if one.section == section]
            inside = [s.partition(".")[2] for s in SECTIONS if s.startswith(f"{section}.")]
            found += [
                f"[{section}] has no field {plain(name)}.{near(name, names)}"
                for name in inner
                if name not in [*names, *inside]
            ]
    return found


def _experiment(one: Mapping[str, Any]) -> Experiment:
    lever = FIELD[one["lever"]]
    return Experiment(
        one["name"].strip(),
        one["lever"],
        lever.clean(one["control"]),
        lever.clean(one["treatment"]),
        float(one["share"]),
    )


def _experiment_faults(table: Mapping[str, Any]) -> list[str]:
    given = table.get("experiment", [])
    if not isinstance(given, (list, tuple)):
        return [
            "experiment must be a list. Write [[experiment]], with two brackets, above each of them."
        ]
    if len(given) > MOST_EXPERIMENTS:
        return [
            f"There are {len(given)} experiments, and at most {MOST_EXPERIMENTS} can be run in a quarter. Leave out "
            f"{len(given) - MOST_EXPERIMENTS}."
        ]
    found: list[str] = []
    names: list[str] = []
    levers: list[str] = []
    for number, one in enumerate(given, start=1):
        found += _faults_of_one(one, f"experiment {number}")
        if isinstance(one, Mapping):
            name, lever = one.get("name"), one.get("lever")
            if isinstance(name, str) and name.strip() in names:
                found.append(f"experiment {number}: the name {name!r} is taken. Choose another.")
            if lever in levers:
                found.append(
                    f"experiment {number}: {lever} is already tried by another experiment. One lever, one experiment."
                )
            names.append(name.strip() if isinstance(name, str) else "")
            levers += [lever] if isinstance(lever, str) else []
    return found


def _faults_of_one(one: object, where: str) -> list[str]:
    wanted = ("name", "lever", "control", "treatment", "share")
    if not isinstance(one, Mapping):
        return [f"{where} must have {', '.join(wanted)}, not be {plain(one)}."]
    found = [f"{where} has no field {plain(n)}.{near(n, wanted)}" for n in one if n not in wanted]
    missing = [name for name in wanted if name not in one]
    if missing:
        return [*found, f"{where}: {', '.join(missing)} is missing. Write it below [[experiment]]."]
    name = one["name"]
    if (
        not isinstance(name, str)
        or not 0 < len(name.strip()) <= LONGEST_NAME
        or not name.isprintable()
    ):
        found.append(
            f"{where}: the name must be a short text in quotes (1 to {LONGEST_NAME} letters, one line), not "
            f"{plain(name)}."
        )
    if one["lever"] not in LEVERS:
        meant = near(one["lever"], LEVERS)
        return [
            *found,
            f"{where}: no experiment can be made with {plain(one['lever'])}; it is unknown, or the same for "
            f"everybody.{meant}",
        ]
    lever = FIELD[one["lever"]]
    found += [
        f"{where}, {arm}: {fault}"
        for arm in ("control", "treatment")
        if (fault := lever.fault(one[arm]))
    ]
    if one["control"] == one["treatment"]:
        found.append(
            f"{where}: control and treatment are both {plain(one['control'])}. Make them differ."
        )
    share = SHARE.fault(one["share"])
    return [*found, f"{where}: {share}"] if share else found


def _forecast_faults(table: Mapping[str, Any]) -> list[str]:
    given = table.get("forecast", {})
    if not isinstance(given, Mapping):
        return [f"forecast must be a section, not {plain(given)}. Write [forecast.turnover]."]
    found = [
        f"[forecast] has no quantity {plain(name)}.{near(name, FORECASTS)}"
        for name in given
        if name not in FORECASTS
    ]
    for name in FORECASTS:
        if name not in given:
            continue
        one, where = given[name], f"forecast.{name}"
        parts = ("low", "best", "high")
        if not isinstance(one, Mapping):
            found.append(f"{where} must have low, best and high, not be {plain(one)}.")
            continue
        found += [
            f"{where} has no field {plain(n)}.{near(n, parts)}" for n in one if n not in parts
        ]
        bad = [
            Field(where, part, "number", "", 0, 1e12).fault(one[part])
            for part in parts
            if part in one
        ]
        missing = [part for part in parts if part not in one]
        if missing:
            found.append(
                f"{where}: {', '.join(missing)} is missing. Write all three, or none of them."
            )
        found += [fault for fault in bad if fault]
        if not missing and not any(bad) and not one["low"] <= one["best"] <= one["high"]:
            found.append(
                f"{where}: low, best and high must rise: {one['low']:g}, {one['best']:g}, {one['high']:g} do not."
            )
    return found


# --------------------------------------------------------------------------------------------------------- files
def read_decisions(path: str | Path) -> Decisions:
    """Read a plan from a file and check it.

    Parameters
    ----------
    path
        A TOML file as `write_decisions` writes it: UTF-8, with or without the mark that Windows puts first.

    Returns
    -------
    Decisions

    Raises
    ------
    CrmkitError
        The file cannot be read, is no TOML, or something in it is missing, unknown or out of bounds.
    """
    path = Path(path)
    try:
        size = path.stat().st_size
        raw = path.read_bytes() if path.is_file() and size <= MOST_BYTES else b""
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise CrmkitError(
            f"{path} cannot be read ({reason}). Check name and folder, or write a plan with write_decisions."
        ) from error
    if not path.is_file():
        raise CrmkitError(f"{path} is no file. Name the file of decisions in it.")
    if size > MOST_BYTES:
        raise CrmkitError(
            f"{path} has {size:,} bytes, and decisions have at most {MOST_BYTES:,}. It is another file, or damaged."
        )
    return decisions_from(raw, path.name)


def decisions_from(raw: bytes | str, name: str = "decisions") -> Decisions:
    """Read a plan from the bytes or the text of a file called `name`; see `read_decisions`."""
    if isinstance(raw, bytes):
        try:
            text = raw.decode("utf-8")
        except UnicodeDecodeError as error:
            line = raw[: error.start].count(b"\n") + 1
            raise CrmkitError(
                f"{name}: line {line} is not written in UTF-8. Open the file in a text editor and save it with the "
                "encoding UTF-8."
            ) from error
    else:
        text = raw
    text = text.removeprefix("\ufeff")
    if not text.strip():
        raise CrmkitError(f"{name} is empty. Write a plan with write_decisions and change it.")
    # The time that a key of many dots takes grows with the square of its length.
    for number, content in enumerate(text.splitlines(), start=1):
        if len(content) > MOST_LINE and not content.lstrip().startswith("#"):
            raise CrmkitError(
                f"{name}: line {number} has {len(content):,} characters, more than the {MOST_LINE} that any line of "
                "decisions needs. Begin again with a file that write_decisions has written."
            )
    try:
        table = tomllib.loads(text, parse_float=read_number)
    except tomllib.TOMLDecodeError as error:
        raise CrmkitError(
            f"{name} cannot be read as TOML: {error}. In that line look for a missing quote, bracket or =, or for "
            "a field that stands there twice."
        ) from error
    except (RecursionError, ValueError) as error:
        raise CrmkitError(
            f"{name} cannot be read as TOML: something in it is far too long or too deep. Begin again with a file "
            "that write_decisions has written."
        ) from error
    return from_table(table, name)


def write_decisions(
    decisions: Decisions, path: str | Path, why: str = "", symbol: str | None = None
) -> Path:
    """Write a plan to a file, with a comment for every field; an old file is replaced whole or not at all.

    Parameters
    ----------
    decisions
        Checked first.
    path
        Where; its folder is made if it is missing. A first line of the old file that begins with `MARK` stays.
    why
        The reasons for it, kept as comments that begin with `WHY` (`reasons`).
    symbol
        Of the money, as `decisions_text` takes it.

    Returns
    -------
    Path
        The file.

    Raises
    ------
    CrmkitError
        Something is out of bounds, or the file cannot be written.
    """
    path = Path(path)
    # TOML allows no control characters in a comment.
    lines = ("".join(filter(str.isprintable, line)).strip() for line in why.splitlines())
    said = "".join(f"{WHY} {line}\n" for line in lines if line)
    raw = (_mark_of(path) + said + decisions_text(decisions, symbol)).encode("utf-8")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(raw)
                file.flush()
                os.fsync(file.fileno())
            # A temporary file is private; a plan is to be read by others as any file.
            mask = os.umask(0)
            os.umask(mask)
            Path(name).chmod(0o666 & ~mask)
            Path(name).replace(path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise CrmkitError(
            f"{path} cannot be written ({error.strerror}). Choose another folder."
        ) from error
    return path


def reasons(path: str | Path) -> str:
    """Read the reasons from a file of decisions, its comments that begin with `WHY`; empty if there are none.

    Examples
    --------
    >>> import tempfile
    >>> path = write_decisions(AS_BEFORE, Path(tempfile.mkdtemp()) / "plan.toml", why="Nothing is proven yet.")
    >>> reasons(path)
    'Nothing is proven yet.'
    """
    try:
        lines = Path(path).read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return ""
    return "\n".join(line.removeprefix(WHY).strip() for line in lines if line.startswith(WHY))


def _mark_of(path: Path) -> str:
    """Give an old file's first line if it says to which game and team the file belongs."""
    try:
        with path.open(encoding="utf-8-sig", errors="replace") as file:
            line = file.readline(1000)
    except OSError:
        return ""
    return line if line.startswith(MARK) and line.endswith("\n") else ""


def decisions_text(decisions: Decisions, symbol: str | None = None) -> str:
    """Give a plan as the text of its file.

    Parameters
    ----------
    decisions
        Checked first.
    symbol
        Of the money, in the comments; default: that of the company at hand.

    Examples
    --------
    >>> decisions_text(AS_BEFORE).splitlines()[16:19]
    ["#   our prices, compared with today's list", "#   number from 0.8 to 1.2, 1 = today's list", 'level = 1']
    """
    decisions, money = check(decisions), about_money(symbol)
    lines = ["# Decisions for one quarter. Change values, keep names; what follows # is a comment."]
    for section, title in SECTIONS.items():
        lines += ["", f"# {title}", f"[{section}]"]
        for one in FIELDS:
            if one.section == section:
                unit = f", {one.unit_in(money)}" if one.unit else ""
                lines += [
                    f"#   {one.what}",
                    f"#   {one.bounds}{unit}",
                    f"{key(one.name)} = {written(decisions.value(one.lever))}",
                ]
    lines += ["", *_experiment_lines(decisions), "", *_forecast_lines(decisions, money.sign)]
    return "\n".join(lines) + "\n"


def _experiment_lines(decisions: Decisions) -> list[str]:
    lines = [
        f"# Experiments, at most {MOST_EXPERIMENTS}: two arms drawn at random, the others get what the plan says.",
        f"# lever: {', '.join(LEVERS)}",
        f"# control, treatment: what each arm gets, within the lever's bounds. share: customers in each arm, "
        f"{SHARE.low:g} to {SHARE.high:g}",
    ]
    if not decisions.experiments:
        lines += [
            *("# [[experiment]]", '# name = "does a reminder wake?"', '# lever = "wake.drowsy"'),
            *('# control = "none"', '# treatment = "reminder"', "# share = 0.2"),
        ]
    for one in decisions.experiments:
        lines += ["[[experiment]]", *(f"{n} = {written(v)}" for n, v in vars(one).items())]
    return lines


def _forecast_lines(decisions: Decisions, sign: str) -> list[str]:
    lines = [
        f"# Forecasts of the quarter, as you like: turnover ({sign}), orders, customers_active (customers with an "
        "order).",
        "# low to high: an interval that holds the true value with a chance of 80 %",
    ]
    if not decisions.forecast:
        example = ("# [forecast.turnover]", "# low = 50000", "# best = 60000", "# high = 70000")
        lines += example
    for name, one in decisions.forecast.items():
        lines += [f"[forecast.{name}]", *(f"{n} = {written(v)}" for n, v in vars(one).items())]
    return lines


__all__ = [
    "AS_BEFORE",
    "CHANNELS",
    "FIELD",
    "FIELDS",
    "FORECASTS",
    "LEVERS",
    "MARK",
    "WHY",
    "WORDS",
    "Bonds",
    "Brand",
    "Decisions",
    "Experiment",
    "Field",
    "Forecast",
    "Messages",
    "Prices",
    "Programme",
    "Research",
    "Service",
    "Value",
    "Wake",
    "Winning",
    "changed",
    "check",
    "decisions_from",
    "decisions_text",
    "faults",
    "from_table",
    "read_decisions",
    "reasons",
    "to_table",
    "write_decisions",
]
