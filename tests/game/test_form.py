"""The form: it writes the file whole or not at all, says what is wrong and what the plan costs."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from crmkit.errors import CrmkitError
from crmkit.game.bill import ABOUT, EXACT, MOST, planned_bill
from crmkit.game.decisions import (
    AS_BEFORE,
    FIELDS,
    Decisions,
    Experiment,
    Forecast,
    changed,
    read_decisions,
    write_decisions,
)
from crmkit.game.form import decision_form
from crmkit.game.play import Game

BUSY = changed(
    AS_BEFORE,
    {
        "wake.half_asleep": "voucher",
        "wake.asleep": "reminder",
        "messages.kind": "matched",
        "messages.per_month": 2,
        "programme.return_rate": 0.04,
        "programme.tiers": True,
        "bonds.kind": "structural",
        "bonds.share": 0.2,
        "winning.referral_reward": 10,
        "research.survey": 100,
        "research.tracker": 50,
        "research.panel": True,
    },
)


@pytest.fixture(scope="module")
def game() -> Game:
    game = Game(300, seed=2, quarters=3)
    game.play(AS_BEFORE)
    return game


def test_there_is_a_control_for_every_field(tmp_path: Path) -> None:
    form = decision_form(tmp_path / "plan.toml")
    assert {one.lever for one in FIELDS} <= set(form.controls)
    assert form.decisions == AS_BEFORE


def test_what_is_set_is_saved_and_begins_the_next_form(tmp_path: Path) -> None:
    path = tmp_path / "plan.toml"
    form = decision_form(path)
    form.set(prices__level=1.03, brand__spread=True, research__survey=200, wake__drowsy="call")
    assert not path.exists()
    assert "Not saved" in form.message
    assert form.save()
    assert str(path) in form.message
    got = read_decisions(path)
    assert (got.prices.level, got.brand.spread, got.research.survey) == (1.03, True, 200)
    assert decision_form(path).decisions == got


def test_everything_in_a_file_survives_the_form(tmp_path: Path) -> None:
    two = (
        Experiment("提醒", "programme.tiers", False, True, 0.123),
        Experiment("bonds", "bonds.kind", "none", "social", 0.2),
    )
    full = Decisions(experiments=two, forecast={"orders": Forecast(1, 2.5, 30)})
    path = write_decisions(full, tmp_path / "plan.toml")
    form = decision_form(path)
    assert form.decisions == full
    form.set(service__agents=4)
    assert form.save()
    assert read_decisions(path).experiments == two


def test_what_is_wrong_is_said_and_not_saved(tmp_path: Path, game: Game) -> None:
    path = tmp_path / "plan.toml"
    form = decision_form(path, game.seen())
    assert "advertising" in form._bill.value
    form.set(research__survey=5000)
    assert ["research.survey" in fault for fault in form.faults] == [True]
    assert "Write at most 2000" in form._wrong.value
    assert form._bill.value == ""
    assert form._save.disabled
    assert not form.save()
    assert not path.exists()
    form.set(research__survey=50, experiment__lever="wake.drowsy")
    assert any("name" in fault for fault in form.faults)
    form.set(experiment__name="x", experiment__control="none", experiment__treatment="call")
    assert form.faults == []
    form.set(forecast__orders__low="a few")
    assert "forecast.orders" in form.faults[0]
    form.set(forecast__orders__low="10", forecast__orders__best="20", forecast__orders__high="30")
    assert form.save()
    assert read_decisions(path).forecast["orders"] == Forecast(10, 20, 30)


@pytest.mark.parametrize(
    "values", [{"service__agents": 99}, {"prices__level": 2.0}, {"bonds__shares": 1}]
)
def test_a_slider_does_not_clip_in_silence(values: dict, tmp_path: Path) -> None:
    with pytest.raises(CrmkitError):
        decision_form(tmp_path / "plan.toml").set(**values)


def test_a_file_that_cannot_be_read_is_said_and_not_lost(tmp_path: Path) -> None:
    path = tmp_path / "plan.toml"
    path.write_text("agents: 3", encoding="utf-8")
    form = decision_form(path)
    assert "could not be read" in form.message
    assert path.read_text(encoding="utf-8") == "agents: 3"


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    form = decision_form(tmp_path / "file" / "plan.toml")
    assert not form.save()
    assert "cannot be written" in form.message


def test_html_in_names_is_shown_as_text(tmp_path: Path) -> None:
    form = decision_form(tmp_path / "plan.toml")
    form.set(experiment__lever="wake.drowsy", experiment__name="<script>" * 20)
    assert "<script>" not in form._wrong.value
    assert "&lt;script&gt;" in form._wrong.value


@pytest.mark.parametrize("decisions", [AS_BEFORE, BUSY])
def test_the_bill_before_the_quarter_is_near_the_one_after(
    decisions: Decisions, game: Game
) -> None:
    planned = planned_bill(decisions, game.seen()).set_index("item")
    other = game.replay(1, AS_BEFORE)
    other.play(decisions)
    came = -other.reported[-1]["accounts"].set_index("item")["amount"].reindex(planned.index)
    exact = planned["how"] == EXACT
    assert planned.loc[exact, "amount"].to_numpy() == pytest.approx(
        came[exact].to_numpy(), abs=0.01
    )
    most = planned["how"] == MOST
    assert (planned.loc[most, "amount"] >= came[most] - 0.01).all()
    about = planned["how"] == ABOUT
    assert planned.loc[about, "amount"].sum() == pytest.approx(came[about].sum(), rel=0.5, abs=40)


def test_the_bill_counts_both_arms_of_an_experiment(game: Game) -> None:
    trial = Experiment("call the asleep", "wake.asleep", "none", "call", 0.4)
    plain = planned_bill(AS_BEFORE, game.seen()).set_index("item")["amount"]
    all_of_them = planned_bill(changed(AS_BEFORE, {"wake.asleep": "call"}), game.seen())
    tried = Decisions(**{**vars(AS_BEFORE), "experiments": (trial,)})
    planned = planned_bill(tried, game.seen()).set_index("item")
    assert plain["contacts to wake"] == 0
    whole = all_of_them.set_index("item").loc["contacts to wake", "amount"]
    assert planned.loc["contacts to wake", "amount"] == pytest.approx(0.4 * whole)
    assert planned.loc["contacts to wake", "how"] == ABOUT
    other = game.replay(1, AS_BEFORE)
    other.play(tried)
    came = -other.reported[-1]["accounts"].set_index("item")["amount"]["contacts to wake"]
    # Some have asked for no more contacts, and who is in an arm is drawn at random.
    assert came == pytest.approx(0.4 * whole, rel=0.4)


def test_the_bill_counts_points_and_messages_of_an_experiment(game: Game) -> None:
    for lever, value, item in (
        ("programme.return_rate", 0.05, "programme"),
        ("messages.kind", "matched", "messages"),
    ):
        base = changed(AS_BEFORE, {"messages.per_month": 2})
        trial = Experiment("one", lever, AS_BEFORE.value(lever), value, 0.25)
        tried = Decisions(**{**vars(base), "experiments": (trial,)})
        some, whole = (
            planned_bill(one, game.seen()).set_index("item").loc[item, "amount"]
            for one in (tried, changed(base, {lever: value}))
        )
        assert 0 < some < whole, item


def test_a_form_begins_as_before_in_the_size_of_the_company_then_with_the_last_plan(
    tmp_path: Path,
) -> None:
    game = Game(300, seed=2, quarters=3)
    form = decision_form(tmp_path / "plan.toml", game.seen())
    assert form.decisions.winning.spend["search"] == 180
    game.play(BUSY)
    assert decision_form(tmp_path / "plan.toml", game.seen()).decisions == BUSY


def test_a_form_speaks_the_money_of_the_game(tmp_path: Path, game: Game) -> None:
    form = decision_form(tmp_path / "plan.toml", replace(game.seen(), symbol="kr "))
    assert form.controls["winning.spend.search"].description.endswith("(kr a quarter)")
    assert "(kr)" in form._bill.value
    assert form.save()
    assert "£" not in form.path.read_text()


def test_what_may_be_fifty_or_fifty_thousand_is_refused(tmp_path: Path) -> None:
    form = decision_form(tmp_path / "plan.toml")
    search = form.controls["winning.spend.search"]
    search.value = "50.000"
    form.controls["research.survey"].value = "1.000"
    assert [fault.partition(", which")[0] for fault in form.faults] == [
        "winning.spend.search is 50.000",
        "research.survey is 1.000",
    ]
    assert not form.save()
    form.set(research__survey=0, forecast__turnover__low="50.000")
    search.value = " 50000 "
    form.set(forecast__turnover__best="60000", forecast__turnover__high=1_234_567)
    assert ["may be 50 or 50000" in fault for fault in form.faults] == [True]
    form.set(forecast__turnover__low="50000.00")
    assert form.save()
    kept = read_decisions(form.path)
    assert kept.winning.spend["search"] == 50_000
    assert kept.forecast["turnover"] == Forecast(50_000, 60_000, 1_234_567)


def test_a_closed_lever_cannot_be_moved_and_says_so(tmp_path: Path, game: Game) -> None:
    form = decision_form(tmp_path / "plan.toml", replace(game.seen(), open_levers=("service",)))
    assert not form.controls["service.agents"].disabled
    assert form.controls["prices.level"].disabled
    assert form.controls["experiment.lever"].disabled
    assert not form.controls["forecast.orders.low"].disabled
    form.set(service__agents=3)
    assert form.save()
    form.set(prices__level=1.1)  # by code, or from an older file
    assert form.faults == ["prices.level is closed in this round. Write 1 again."]
    assert not form.save()


def test_reasons_are_kept_in_the_file_and_change_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "plan.toml"
    path.write_text('# crmkit game: {"team": "red"}\n', encoding="utf-8")
    form = decision_form(path, begin=AS_BEFORE)
    form.why.value = "54 of 1,618 gave up.\n\n  A third agent\x07 costs £1,337: 蓝  "
    assert form.save()
    lines = path.read_text(encoding="utf-8").splitlines()
    assert lines[0].startswith("# crmkit game:")
    assert lines[1:3] == ["# why: 54 of 1,618 gave up.", "# why: A third agent costs £1,337: 蓝"]
    assert read_decisions(path) == AS_BEFORE
    assert decision_form(path).why.value == "54 of 1,618 gave up.\nA third agent costs £1,337: 蓝"
    form.why.value = "x" * 5_000
    assert form.faults == ["The reasons are longer than 4,000 characters."]


def test_the_form_says_what_an_arm_may_get(tmp_path: Path) -> None:
    form = decision_form(tmp_path / "plan.toml")
    form.set(experiment__lever="wake.drowsy")
    assert form._arms.value == 'an arm may get: "none" | "reminder" | "voucher" | "call"'
    form.set(experiment__lever="")
    assert form._arms.value == ""
