"""Decisions: a file that a person can read, and errors that name field, bound and remedy."""

from __future__ import annotations

import pickle
import tomllib
from pathlib import Path

import numpy as np
import pytest

from crmkit.errors import CrmkitError
from crmkit.game.decisions import (
    AS_BEFORE,
    CHANNELS,
    FIELDS,
    LEVERS,
    WORDS,
    Decisions,
    Experiment,
    Forecast,
    Prices,
    changed,
    check,
    decisions_from,
    decisions_text,
    faults,
    from_table,
    read_decisions,
    to_table,
    write_decisions,
)
from crmkit.game.money import about_money
from crmkit.world.company import read_company

REMINDER = Experiment("does a reminder wake?", "wake.drowsy", "none", "reminder", 0.2)
FULL = Decisions(
    prices=Prices(0.95),
    experiments=(REMINDER, Experiment('提醒 "two"', "programme.tiers", False, True, 0.125)),
    forecast={"orders": Forecast(1000, 1200.5, 1400)},
)


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("50.000", "winning.spend.search is 50.000, which may be 50 or 50000 (£ a quarter)."),
        ("1.255", "Write 1.25 or 1255, without a mark between thousands."),
        ("'50,000'", "Write digits only"),
        ("'1.250.000'", "Write digits only"),
        ("1.250.000", "cannot be read as TOML"),
    ],
)
def test_a_number_that_may_be_fifty_or_fifty_thousand_is_refused(written: str, said: str) -> None:
    with pytest.raises(CrmkitError) as error:
        read(decisions_text(AS_BEFORE).replace("search = 1200", f"search = {written}"))
    assert said in str(error.value)
    with pytest.raises(CrmkitError, match=r"low is 98\.375, which may be 98\.38 or"):
        read(decisions_text(FULL).replace("low = 1000", "low = 98.375"))


def test_decimals_are_read_where_no_thousands_can_be_meant() -> None:
    text = decisions_text(AS_BEFORE).replace("level = 1\n", "level = 1.025\n")
    assert read(text.replace("referral_reward = 0", "referral_reward = 12.500")) == changed(
        AS_BEFORE, {"prices.level": 1.025, "winning.referral_reward": 12.5}
    )
    # What crmkit itself writes is never refused.
    few = changed(AS_BEFORE, {"winning.spend.search": 98.375, "prices.level": 1.025})
    assert read(decisions_text(few)) == few


def read(text: str) -> Decisions:
    return decisions_from(text.encode("utf-8"), "plan.toml")


def test_names_are_those_of_fernwell() -> None:
    params = read_company("fernwell")
    assert tuple(word["word"] for word in params["brand"]["words"]) == WORDS
    assert tuple(params["winning"]["channels"]) == CHANNELS


@pytest.mark.parametrize("decisions", [AS_BEFORE, FULL])
def test_what_is_written_is_read_again_and_written_in_the_same_bytes(
    decisions: Decisions, tmp_path: Path
) -> None:
    path = write_decisions(decisions, tmp_path / "a folder" / "plan.toml")
    assert read_decisions(path) == decisions
    again = write_decisions(read_decisions(path), tmp_path / "again.toml")
    assert again.read_bytes() == path.read_bytes()
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a folder", "again.toml"]


def test_every_value_a_field_may_have_survives_the_file() -> None:
    rng = np.random.default_rng(1)
    for _ in range(50):
        changes = {}
        for one in FIELDS:
            if one.kind == "choice":
                changes[one.lever] = str(rng.choice(one.choices))
            elif one.kind == "flag":
                changes[one.lever] = bool(rng.random() < 0.5)
            elif one.kind == "whole":
                changes[one.lever] = int(rng.integers(one.low, one.high, endpoint=True))
            else:
                changes[one.lever] = float(rng.uniform(one.low, one.high))
        decisions = changed(AS_BEFORE, changes)
        assert read(decisions_text(decisions)) == decisions
        assert all(decisions.value(lever) == value for lever, value in changes.items())


def test_the_file_explains_every_field_with_its_bounds() -> None:
    lines = decisions_text(AS_BEFORE).splitlines()
    for one in FIELDS:
        name = f'"{one.name}"' if " " in one.name else one.name
        section = lines.index(f"[{one.section}]")
        here = next(i for i in range(section, len(lines)) if lines[i].startswith(f"{name} = "))
        assert one.what in lines[here - 2]
        assert one.bounds in lines[here - 1]
        assert one.unit_in(about_money()) in lines[here - 1]
    assert max(map(len, lines)) < 240


def test_the_examples_in_the_file_work_when_their_mark_is_taken_away() -> None:
    lines = decisions_text(AS_BEFORE).splitlines()
    start = lines.index("# [[experiment]]")
    text = "\n".join(
        [
            *lines[:start],
            *(
                line.removeprefix("# ") if " = " in line or line.startswith("# [") else line
                for line in lines[start:]
            ),
        ]
    )
    decisions = read(text)
    assert decisions.experiments == (REMINDER,)
    assert set(decisions.forecast) == {"turnover"}


def test_windows_mark_and_line_ends_do_no_harm() -> None:
    text = decisions_text(FULL).replace("\n", "\r\n")
    assert decisions_from(text.encode("utf-8-sig")) == FULL


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("agents = 2", "agents = 41", ["service.agents", "0 to 40", "Write at most 40"]),
        ("agents = 2", "agents = -1", ["service.agents", "Write at least 0"]),
        ("agents = 2", "agents = 2.5", ["service.agents", "whole number", "Write 2 or 3"]),
        ("agents = 2", 'agents = "2"', ["service.agents", "without quotes"]),
        ("agents = 2", "agents = true", ["service.agents", "whole number", "true"]),
        ("agents = 2", "agents = nan", ["service.agents", "ordinary number"]),
        ("agents = 2", "agents = inf", ["service.agents", "ordinary number"]),
        ("agents = 2", "agents = 2026-01-01", ["service.agents", "2026-01-01"]),
        ("agents = 2", "agents = [2]", ["service.agents", "a list"]),
        ("agents = 2", "agents = 9" + "0" * 400, ["service.agents", "15 digits"]),
        ("agents = 2", "agents = 9" + "0" * 5000, ["plan.toml", "line 7", "5,010 characters"]),
        ("agents = 2", "agents = 2\nagents = 3", ["plan.toml", "TOML", "twice"]),
        ("agents = 2", "agnets = 2", ["service.agents is missing", 'Did you mean "agents"']),
        ("agents = 2", "agents = ", ["TOML", "line 7"]),
        ("[prices]\n", "[price]\n", ["[prices] is missing", 'Did you mean "prices"']),
        ("[prices]\n", "[service]\n", ["TOML", "twice"]),
        ("level = 1", "level = 95", ["prices.level", "Did you mean 0.95?"]),
        ("level = 1", "level = 1,05", ["TOML"]),
        ("return_rate = 0", "return_rate = 5", ["0 to 0.1", "Did you mean 0.05?"]),
        ('drowsy = "none"', 'drowsy = "remindr"', ["wake.drowsy", 'Did you mean "reminder"?']),
        ('drowsy = "none"', "drowsy = none", ["TOML"]),
        ('word = "someone explains"', 'word = "cheap"', ["brand.word", 'Did you mean "cheapest"?']),
        ("tiers = false", "tiers = 0", ["programme.tiers", "true or false"]),
        ("search = 1200", "serch = 1200", ["winning.spend.search is missing", 'mean "search"']),
        ("[winning.spend]", "[winning.spent]", ["[winning.spend] is missing", "spent"]),
    ],
)
def test_what_is_wrong_is_named_with_its_bound_and_a_remedy(
    old: str, new: str, said: list[str]
) -> None:
    text = decisions_text(AS_BEFORE)
    assert text.count(f"\n{old}") == 1
    with pytest.raises(CrmkitError) as error:
        read(text.replace(f"\n{old}", f"\n{new}"))
    for part in said:
        assert part in str(error.value)
    assert len(str(error.value)) < 1500


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ("[research.spend]\nx = 1", "[research] has no field 'spend'"),
        ("[experiment]\nname = 'x'", "[[experiment]], with two brackets"),
        ("[[experiment]]\nname = 'x'", "lever, control, treatment, share is missing"),
        ("[forecast]\nturnover = 5", "forecast.turnover must have low, best and high"),
        ("[forecast.turnovr]\nlow = 1", 'Did you mean "turnover"?'),
        ("[forecast.orders]\nlow = 1", "best, high is missing"),
        ("[forecast.orders]\nlow = 3\nbest = 2\nhigh = 4", "must rise: 3, 2, 4"),
        ("[forecast.orders]\nlow = 'a'\nbest = 2\nhigh = 4", "without quotes"),
        ("[forecast.orders]\nlow = nan\nbest = 2\nhigh = 4", "ordinary number"),
        ("[forecast.orders]\nlow = 1\nbest = 2\nhigh = 4\nmost = 9", "has no field 'most'"),
        ("forecasts = 1", "has no field"),
    ],
)
def test_experiments_and_forecasts_are_checked_too(more: str, said: str) -> None:
    with pytest.raises(CrmkitError) as error:
        read(decisions_text(AS_BEFORE) + more)
    assert said in str(error.value)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"lever": "prices.level", "control": 1.0, "treatment": 0.9}, "the same for everybody"),
        ({"lever": "wake.drowsi"}, 'Did you mean "wake.drowsy"?'),
        ({"lever": 5}, "unknown"),
        ({"lever": ["wake.drowsy"]}, "unknown"),
        ({"treatment": "none"}, "Make them differ"),
        ({"treatment": "letter"}, "treatment: wake.drowsy must be one of"),
        ({"share": 0.6}, "Write at most 0.5"),
        ({"share": 20}, "Did you mean 0.2?"),
        ({"share": 0}, "Write at least 0.01"),
        ({"name": ""}, "short text"),
        ({"name": "a\nb"}, "one line"),
        ({"name": "x" * 61}, "short text"),
        ({"size": 3}, "no field 'size'"),
    ],
)
def test_an_experiment_that_cannot_be_made_is_refused(change: dict, said: str) -> None:
    table = to_table(Decisions(experiments=(REMINDER,)))
    table["experiment"][0] |= change
    with pytest.raises(CrmkitError) as error:
        from_table(table)
    assert said in str(error.value)


def test_two_experiments_share_neither_name_nor_lever() -> None:
    with pytest.raises(CrmkitError, match=r"name .* is taken(.|\n)*already tried"):
        check(Decisions(experiments=(REMINDER, REMINDER)))
    with pytest.raises(CrmkitError, match="at most 5"):
        check(Decisions(experiments=(REMINDER,) * 6))


def test_every_lever_of_an_experiment_is_a_field() -> None:
    for lever in LEVERS:
        assert AS_BEFORE.value(lever) is not None


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"", "is empty"),
        (b"   \n", "is empty"),
        (b"\xff\xfe[\x00", "line 1 is not written in UTF-8"),
        ("[service]\n# caf\xe9".encode("latin-1"), "line 2 is not written in UTF-8"),
        (b"PK\x03\x04\x00", "TOML"),
        (b"<html>", "TOML"),
        (b"a = " + b"[" * 40_000, "line 1 has 40,004 characters"),
        (b"a." * 20_000 + b"b = 1", "plan.toml"),
        (b"[service]", "[prices] is missing"),
        (b"service = 3", "service must be a section"),
        (b"[winning]\nspend = 3", "winning.spend must be a section"),
    ],
)
def test_a_hostile_file_gets_one_clear_answer(raw: bytes, said: str) -> None:
    with pytest.raises(CrmkitError) as error:
        decisions_from(raw, "plan.toml")
    assert said in str(error.value)
    assert len(str(error.value)) < 4000


def test_a_path_that_is_no_plan_is_named(tmp_path: Path) -> None:
    with pytest.raises(CrmkitError, match="cannot be read"):
        read_decisions(tmp_path / "none.toml")
    with pytest.raises(CrmkitError, match="is no file"):
        read_decisions(tmp_path)
    with pytest.raises(CrmkitError, match="cannot be read"):
        read_decisions("a\0b")
    huge = tmp_path / "huge.toml"
    huge.write_bytes(b"#" * 100_001)
    with pytest.raises(CrmkitError, match="100,001 bytes"):
        read_decisions(huge)


def test_all_faults_are_said_at_once() -> None:
    text = (
        decisions_text(AS_BEFORE)
        .replace("agents = 2", "agents = 99")
        .replace("weeks = 4", "weeks = 40")
    )
    with pytest.raises(CrmkitError, match="2 things are wrong") as error:
        read(text)
    assert "service.agents" in str(error.value)
    assert "brand.weeks" in str(error.value)


def test_a_failed_writing_leaves_the_old_plan_and_no_scraps(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write_decisions(AS_BEFORE, tmp_path / "plan.toml")
    with pytest.raises(CrmkitError, match=r"prices\.level"):
        write_decisions(Decisions(prices=Prices(3.0)), path)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(CrmkitError, match="No space left"):
        write_decisions(FULL, path)
    assert [p.name for p in tmp_path.iterdir()] == ["plan.toml"]
    assert read_decisions(path) == AS_BEFORE


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"service.agent": 3}, 'Did you mean "service.agents"?'),
        ({"service": 3}, "There is no lever"),
        ({"winning.spend": {}}, "There is no lever"),
        ({"prices.level": np.nan}, "ordinary number"),
    ],
)
def test_changed_refuses_what_there_is_not(changes: dict, said: str) -> None:
    with pytest.raises(CrmkitError) as error:
        changed(AS_BEFORE, changes)
    assert said in str(error.value)


def test_numpy_numbers_become_plain_ones_and_the_old_plan_stays() -> None:
    got = changed(
        AS_BEFORE,
        {
            "service.agents": np.int64(3),
            "prices.level": np.float32(1),
            "winning.spend.search": -0.0,
            "brand.spread": np.True_,
        },
    )
    assert (type(got.service.agents), type(got.prices.level)) == (int, float)
    assert type(got.brand.spread) is bool
    assert "search = 0\n" in decisions_text(got)
    assert AS_BEFORE.service.agents == 2
    assert AS_BEFORE.winning.spend["search"] == 1200
    assert pickle.loads(pickle.dumps(got)) == got


@pytest.mark.parametrize("wrong", [None, {}, "AS_BEFORE", 3])
def test_check_wants_decisions(wrong: object) -> None:
    with pytest.raises(CrmkitError, match="Decisions are needed"):
        check(wrong)  # type: ignore[arg-type]


@pytest.mark.parametrize("part", ["prices", "winning", "experiments", "forecast"])
def test_check_survives_parts_of_a_wrong_type(part: str) -> None:
    for junk in (3, "x", [3]):
        with pytest.raises(CrmkitError):
            check(Decisions(**{part: junk}))


def test_no_fault_in_what_was_written() -> None:
    assert faults(tomllib.loads(decisions_text(FULL))) == []


def test_the_line_that_names_game_and_team_stays(tmp_path: Path) -> None:
    path = write_decisions(AS_BEFORE, tmp_path / "plan.toml")
    path.write_text(
        "# crmkit game: {team = 1}\n" + path.read_text(encoding="utf-8"), encoding="utf-8"
    )
    write_decisions(FULL, path)
    assert path.read_text(encoding="utf-8").splitlines()[0] == "# crmkit game: {team = 1}"
    assert read_decisions(path) == FULL
