"""What teams hand in, gathered: folders, zip files and loose files, each put with its team and its round.

Nothing of what comes in is changed or unpacked. What cannot be used is set aside and named with the reason: it came
too late, is broken, moves a closed lever, came twice, or belongs to no team of this game.
"""

from __future__ import annotations

import contextlib
import csv
import datetime as dt
import functools
import io
import itertools
import json
import os
import re
import stat
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from crmkit.errors import CrmkitError
from crmkit.game import durable
from crmkit.game.decided import Decisions
from crmkit.game.decisions import decisions_from
from crmkit.game.delivery import STAMP, handed_out, plan_of
from crmkit.game.fields import MOST_BYTES
from crmkit.game.teams import COLLECTED, MARKER, TEAMS, Game, Team, read_game
from crmkit.game.trainer import Course, closed_moves
from crmkit.practice.alone import working_alone
from crmkit.practice.handed_in import stamped
from crmkit.practice.phrases import printable
from crmkit.practice.roster import folder_name
from crmkit.practice.whose import fitting, keys_of
from crmkit.say import listed, say

LIST, WHEN = "set_aside.csv", "handed_in.json"
MOST_FILES = 5_000
MOST_PLANS = 60
MOST_ARCHIVE_BYTES = 500_000_000
_ROUND = re.compile(r"(?:round|runde|rd|第)[-_ ]*0*(\d{1,2})(?!\d)", re.IGNORECASE)
_LEFT_OUT = {"__MACOSX", "reports", "earlier", ".ipynb_checkpoints"}


@dataclass(frozen=True)
class SetAside:
    """One thing that was not used: where it lay, whose it seems to be, and why."""

    file: str
    team: str
    why: str

    def __str__(self) -> str:
        return f"{self.file}: {self.why}"


@dataclass(frozen=True)
class Gathered:
    """What collecting found for a round.

    `new` names teams whose plan came or was replaced now, `kept` those whose plan lay there already, `unchanged` those
    in whose own folder the file is as it was handed out, so that nobody can tell whether they have decided, `missing`
    those without any; `doubles` says what came twice.
    """

    round: int
    new: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    doubles: tuple[str, ...] = ()
    set_aside: tuple[SetAside, ...] = ()


@dataclass(frozen=True)
class _Found:
    """One file of decisions in the inbox: where it lay, whose it is, for which round, from when, and what is in it."""

    where: str
    team: str
    round: int | None
    time: float
    content: bytes


@dataclass
class _Round:
    """The round that is collected for, and what is said of the inbox."""

    game: Game
    course: Course
    number: int
    until: dt.datetime | None
    #: The teams' own folders are looked at, where a file lies whether anybody has decided or not.
    own: bool = False
    doubles: list[str] = field(default_factory=list)
    set_aside: list[SetAside] = field(default_factory=list)

    def aside(self, where: str, team: str, why: str) -> None:
        self.set_aside.append(SetAside(printable(where), team, why))


def collect(
    folder: str | Path, inbox: str | Path | None = None, until: dt.datetime | None = None
) -> Gathered:
    """Gather the decisions for the round that comes.

    Parameters
    ----------
    folder
        The game folder.
    inbox
        Where the work came back: folders, zip files or loose TOML files, named by the team's id or name, or with the
        stamp in them with which they were handed out. Without it the teams' own folders are looked at (a shared drive).
    until
        The deadline: what is younger is set aside as late. Collect again without it, and it counts.

    Returns
    -------
    Gathered
        Of two plans of one team the newer counts, but a broken one never replaces a good one. What is replaced is
        kept in ``collected/NN/earlier``. A file that is as it was handed out counts if it came back by the inbox (the
        team leaves everything as it was) and nothing else of the team's can be used.

    Raises
    ------
    CrmkitError
        The folder is no game, the inbox does not exist, or all rounds have been played.
    """
    game = read_game(folder)
    course = game.course()
    source = Path(inbox) if inbox is not None else game.folder / TEAMS
    if not source.is_dir():
        raise CrmkitError(f"There is no folder {str(source)!r} to collect from.")
    with working_alone(game.folder, "crmkit game"):
        number = game.played() + 1
        if number > course.rounds:
            raise CrmkitError(
                f"All {course.rounds} rounds have been played: there is nothing more to collect. "
                "`crmkit game debrief` writes the teams' pages."
            )
        this = _Round(game, course, number, until, own=inbox is None)
        found: dict[str, list[_Found]] = {team.id: [] for team in game.teams}
        for entry in sorted(source.iterdir(), key=lambda path: path.name):
            if entry.name.startswith((".", "__MACOSX")):
                continue
            # Whatever is wrong with one of them, the others are collected.
            try:
                for one in _from_entry(entry, game, this, own=this.own):
                    found[one.team].append(one)
            except Exception as error:
                this.aside(entry.name, _seems(game, entry.name), _why(error))
        return _store(this, found)


def _why(error: Exception) -> str:
    if isinstance(error, CrmkitError):
        return str(error)
    if isinstance(error, zipfile.BadZipFile):
        return say("is torn, or no zip file: ask the team for it again")
    return say("cannot be read ({error})", error=error)


# ------------------------------------------------------------------------------------------------- what came in
def _from_entry(entry: Path, game: Game, this: _Round, *, own: bool) -> Iterator[_Found]:
    """Find the plans in one entry of the inbox, and whose they are."""
    if entry.is_symlink() or not (entry.is_dir() or entry.is_file()):
        raise CrmkitError(say("neither a folder nor a file"))
    if entry.is_dir():
        named = _named_for(entry.name, game)
        files, markers = _files_of_folder(entry)
    elif entry.suffix.lower() == ".zip":
        named = _named_for(entry.stem, game)
        files, markers = _files_of_zip(entry)
    elif entry.suffix.lower() == ".toml":
        named = _named_for(entry.stem, game)
        files, markers = {entry.name: functools.partial(_whole, entry)}, []
    else:
        raise CrmkitError(say("neither a folder, nor a zip file, nor a file of decisions (.toml)"))
    if own and game.team(entry.name) is None:
        raise CrmkitError(say("belongs to no team of this game"))
    claims = [claim for marker in markers if (claim := _claim(marker, game))]
    if not files:
        raise CrmkitError(say("holds no file of decisions (.toml)"))
    if len(files) > MOST_PLANS:
        raise CrmkitError(
            say("holds {count:,} files of decisions: more than there are rounds", count=len(files))
        )
    stamp_of_name = stamped(entry.name)
    for place, read in sorted(files.items()):
        where = entry.name if place == entry.name else f"{entry.name}, {place}"
        try:
            time, content = read()
            stamp = _stamp(content)
            if stamp is not None and stamp[0] != game.id:
                raise CrmkitError(
                    say("was handed out in another game: ask the team for the file of this one")
                )
            inner = [] if entry.is_file() and place == entry.name else _names_inside(place, game)
            if len(named) == 1 and inner and inner != named:
                raise CrmkitError(
                    say(
                        "is named for {name}, but holds a file of {other}: whose is it?",
                        name=named[0],
                        other=inner[0],
                    )
                )
            team = _owner(named or inner, [*claims, *([stamp[1]] if stamp else [])], game)
        except Exception as error:
            this.aside(where, _seems(game, entry.name, place), _why(error))
            continue
        # What a person sees comes first: last round's file, copied under this round's name, still has its old stamp.
        told = (_round_in(place), _round_in(entry.name), stamp[2] if stamp else None)
        number = next((one for one in told if one is not None), None)
        moment = stamp_of_name.timestamp() if stamp_of_name else time
        yield _Found(where, team, number, moment, content)


def _named_for(name: str, game: Game) -> list[str]:
    """Name the teams for whom an entry can be named: one, several, or none."""
    plain = folder_name(name)
    leading = [t.id for t in game.teams if plain == t.id or plain.startswith(f"{t.id}-")]
    if leading:
        return [max(leading, key=len)]
    # "team-1_round_02" fits "Team 1", and "round_02_team_12" must not fit "Team 1" as well.
    return fitting(name, keys_of(game.teams))


def _seems(game: Game, *names: str) -> str:
    """Tell whose a thing seems to be that cannot be used; empty where its names do not say it."""
    for name in names:
        fit = _named_for(PurePosixPath(name).stem, game)
        if len(fit) == 1:
            return fit[0]
    return ""


def _names_inside(place: str, game: Game) -> list[str]:
    """Name the team for whom a folder or a file within an entry is named, the nearest one first."""
    for part in reversed(PurePosixPath(place).with_suffix("").parts):
        fit = _named_for(part, game)
        if len(fit) == 1:
            return fit
    return []


def _owner(named: list[str], claims: list[str], game: Game) -> str:
    """Tell whose a file is, by names and by what the files say of themselves.

    Raises
    ------
    CrmkitError
        Nobody's, or it cannot be told.
    """
    owners = sorted({claim for claim in claims if game.team(claim) is not None})
    if len(owners) > 1:
        raise CrmkitError(
            say("holds files of several teams ({teams}): whose is it?", teams=listed(owners))
        )
    if len(named) == 1 and owners and named[0] != owners[0]:
        raise CrmkitError(
            say(
                "is named for {name}, but holds a file of {other}: whose is it?",
                name=named[0],
                other=owners[0],
            )
        )
    if owners:
        return owners[0]
    if len(named) > 1:
        raise CrmkitError(
            say(
                "could be any of {teams}: rename it with the id of one of them", teams=listed(named)
            )
        )
    if not named:
        raise CrmkitError(say("belongs to no team of this game"))
    return named[0]


def _claim(marker: bytes, game: Game) -> str | None:
    """Read which team a marker file names; another game's is refused."""
    try:
        plain = json.loads(marker)
        given, team = plain["game"], plain["team"]
    except (ValueError, RecursionError, TypeError, KeyError):
        return None
    if given != game.id:
        raise CrmkitError(
            say("was handed out in another game: ask the team for the file of this one")
        )
    return team if isinstance(team, str) else None


def _stamp(content: bytes) -> tuple[str, str, int] | None:
    """Read the stamp with which a file of decisions was handed out; None where it has none any more."""
    for line in content[:2_000].decode("utf-8", "replace").lstrip("\ufeff").splitlines()[:5]:
        if line.startswith(STAMP):
            try:
                plain = json.loads(line.removeprefix(STAMP))
                found = plain["game"], plain["team"], plain["round"]
            except (ValueError, RecursionError, TypeError, KeyError):
                return None
            fits = isinstance(found[0], str) and isinstance(found[1], str) and type(found[2]) is int
            return found if fits else None
    return None


def _round_in(name: str) -> int | None:
    found = _ROUND.findall(name)
    return int(found[-1]) if found else None


_Read = Callable[[], tuple[float, bytes]]


def _whole(path: Path) -> tuple[float, bytes]:
    """Read a file with the time at which it was last changed; one that is too long is refused."""
    # Opened once: what is measured is what is read, and a pipe keeps nobody waiting.
    handle = os.open(
        path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOFOLLOW", 0)
    )
    with os.fdopen(handle, "rb") as file:
        about = os.fstat(file.fileno())
        if not stat.S_ISREG(about.st_mode):
            raise CrmkitError(say("neither a folder nor a file"))
        return about.st_mtime, _short(file.read(MOST_BYTES + 1))


def _short(content: bytes) -> bytes:
    if len(content) > MOST_BYTES:
        raise CrmkitError(
            say("is longer than {most:,} bytes: no file of decisions is", most=MOST_BYTES)
        )
    return content


def _is_plan(place: PurePosixPath) -> bool:
    hidden = any(part.startswith(".") and part not in (".", "..") for part in place.parts)
    return place.suffix.lower() == ".toml" and not hidden and not _LEFT_OUT & set(place.parts[:-1])


def _files_of_folder(entry: Path) -> tuple[dict[str, _Read], list[bytes]]:
    """List the plans below a folder; links are not followed, they could lead to a neighbour's work."""
    files: dict[str, _Read] = {}
    markers: list[bytes] = []
    seen = 0
    for folder, below, names in os.walk(entry, followlinks=False):
        below[:] = sorted(n for n in below if n not in _LEFT_OUT and not n.startswith("."))
        for name in sorted(names):
            seen += 1
            if seen > MOST_FILES:
                raise CrmkitError(say("holds more than {most:,} files", most=MOST_FILES))
            path = Path(folder) / name
            if path.is_symlink() or not path.is_file():
                continue
            place = PurePosixPath(path.relative_to(entry).as_posix())
            if _is_plan(place):
                files[str(place)] = functools.partial(_whole, path)
            elif name == MARKER:
                markers.append(_whole(path)[1])
    return files, markers


def _files_of_zip(entry: Path) -> tuple[dict[str, _Read], list[bytes]]:
    """List the plans in a zip file; nothing is unpacked, so that no path inside it leads anywhere."""
    if entry.stat().st_size > MOST_ARCHIVE_BYTES:
        raise CrmkitError(say("is longer than {most:,} bytes", most=MOST_ARCHIVE_BYTES))
    archive = zipfile.ZipFile(entry)
    members = [member for member in archive.infolist() if not member.is_dir()]
    if len(members) > MOST_FILES:
        raise CrmkitError(say("holds more than {most:,} files", most=MOST_FILES))

    def read(member: zipfile.ZipInfo) -> tuple[float, bytes]:
        time = 0.0
        with contextlib.suppress(ValueError, OverflowError):
            time = dt.datetime(*member.date_time).timestamp()
        with archive.open(member) as file:
            # However much it would unpack to, reading stops here.
            return time, _short(file.read(MOST_BYTES + 1))

    files: dict[str, _Read] = {}
    markers: list[bytes] = []
    for member in members:
        place = PurePosixPath(member.filename.replace("\\", "/"))
        if _is_plan(place):
            files[str(place)] = functools.partial(read, member)
        elif place.name == MARKER and not _LEFT_OUT & set(place.parts[:-1]):
            markers.append(read(member)[1])
    return files, markers


# ---------------------------------------------------------------------------------------------- what is kept
def _store(this: _Round, found: Mapping[str, list[_Found]]) -> Gathered:
    home = this.game.folder / COLLECTED / f"{this.number:02d}"
    home.mkdir(parents=True, exist_ok=True)
    durable.clear_unfinished(home)
    times = _times(home)
    new, kept, unchanged, missing = [], [], [], []
    for team in this.game.teams:
        blank = handed_out(this.game, team, this.number).encode("utf-8")
        best, touched = _best(this, team, found[team.id], blank)
        target = home / f"{team.id}.toml"
        there = target.read_bytes() if target.is_file() else None
        if there is not None and best is not None and _same(best.content, blank):
            best = None  # nobody takes back a decision by sending the file that was handed out
        decided = there is not None and not _same(there, blank)
        if decided and best is not None and _is_older(best, there, times.get(team.id)):
            this.doubles.append(
                say(
                    "{team}: {file} is older than what was collected before, which counts",
                    team=team.id,
                    file=printable(best.where),
                )
            )
            best = None
        if best is not None and best.content != there:
            if there is not None:
                _keep_earlier(home, team.id, there)
            times[team.id] = best.time
            # First the time, then the plan: a kill in between makes an old plan look new, and loses nothing.
            durable.put(home / WHEN, json.dumps(times, indent=1, sort_keys=True) + "\n")
            durable.put(target, best.content)
            new.append(team.id)
        elif there is not None:
            kept.append(team.id)
        elif touched:
            unchanged.append(team.id)
        else:
            missing.append(team.id)
    _write_list(home / LIST, this.set_aside)
    return Gathered(
        this.number,
        tuple(new),
        tuple(kept),
        tuple(unchanged),
        tuple(missing),
        tuple(this.doubles),
        tuple(this.set_aside),
    )


def _is_older(one: _Found, there: bytes | None, time: float | None) -> bool:
    return one.content != there and time is not None and one.time < time


def _best(
    this: _Round, team: Team, files: list[_Found], blank: bytes
) -> tuple[_Found | None, bool]:
    """Choose among a team's files: the newest good one for this round. Also tells of one that is as handed out."""
    best: _Found | None = None
    blank_file: _Found | None = None
    for one in sorted(files, key=lambda file: (file.time, file.where)):
        if one.round is not None and one.round != this.number:
            _other_round(this, team, one)
            continue
        if _same(one.content, blank):
            blank_file = one
            continue
        if this.until is not None and one.time > this.until.timestamp():
            moment = dt.datetime.fromtimestamp(one.time).astimezone().isoformat(" ", "minutes")
            this.aside(one.where, team.id, say("came late, on {moment}", moment=moment))
            continue
        try:
            checked_plan(this.game, this.course, team, this.number, one.content)
        except CrmkitError as error:
            this.aside(one.where, team.id, str(error))
            continue
        if best is not None and best.content != one.content:
            this.doubles.append(
                say(
                    "{team}: two files for round {number}; that in {taken} counts, not that in {left}: it is newer",
                    team=team.id,
                    number=this.number,
                    taken=printable(one.where),
                    left=printable(best.where),
                )
            )
        best = one
    if best is None and blank_file is not None and not this.own:
        # Its time is that of the handing out, and says nothing of when it came.
        return blank_file, True
    return best, blank_file is not None


def checked_plan(game: Game, course: Course, team: Team, number: int, content: bytes) -> Decisions:
    """Read a team's plan for a round, with the levers that are open in it.

    Raises
    ------
    CrmkitError
        It cannot be read, something is out of bounds, or a closed lever was moved.
    """
    plan = decisions_from(content, "decisions")
    wrong = closed_moves(plan_of(game, team, number - 1), plan, course.open_in(number))
    if wrong:
        raise CrmkitError("\n".join(wrong))
    return plan


def _same(content: bytes, blank: bytes) -> bool:
    """Tell whether two files hold the same, however their lines end."""
    return content.removeprefix(b"\xef\xbb\xbf").replace(b"\r\n", b"\n").rstrip() == blank.rstrip()


def _other_round(this: _Round, team: Team, one: _Found) -> None:
    """Say of a file for another round that it comes too late or too early, unless it is what is known already."""
    assert one.round is not None
    number = one.round
    if number > this.number:
        why = say(
            "is for round {number}, and round {now} comes first", number=number, now=this.number
        )
        this.aside(one.where, team.id, why)
        return
    if number < 1:
        this.aside(one.where, team.id, say("is for round {number}: there is none", number=number))
        return
    played = this.game.round_folder(number) / TEAMS / team.id / "decisions.toml"
    known = [handed_out(this.game, team, number).encode("utf-8")]
    known += [p.read_bytes() for p in (played, *_collected(this.game, team, number)) if p.is_file()]
    if any(_same(one.content, each) for each in known):
        return
    # What was set aside while its round was open has been named then.
    if one.time > played.stat().st_mtime:
        this.aside(
            one.where,
            team.id,
            say("came late: it is for round {number}, which has been played", number=number),
        )


def _collected(game: Game, team: Team, number: int) -> list[Path]:
    home = game.folder / COLLECTED / f"{number:02d}"
    return [home / f"{team.id}.toml", *sorted((home / "earlier").glob(f"{team.id}-*.toml"))]


def _keep_earlier(home: Path, team_id: str, content: bytes) -> None:
    earlier = home / "earlier"
    paths = (earlier / f"{team_id}-{number}.toml" for number in itertools.count(1))
    durable.put(next(path for path in paths if not path.exists()), content)


def _times(home: Path) -> dict[str, float]:
    try:
        plain = json.loads((home / WHEN).read_text(encoding="utf-8"))
        return {str(team): float(time) for team, time in plain.items()}
    except (OSError, ValueError, TypeError, AttributeError):
        return {}


def _write_list(path: Path, things: list[SetAside]) -> None:
    text = io.StringIO(newline="")
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(("file", "team", "why"))
    rows.writerows((one.file, one.team, one.why) for one in things)
    # With the mark that tells a spreadsheet of UTF-8: names may be Chinese.
    durable.put(path, "\ufeff" + text.getvalue())
