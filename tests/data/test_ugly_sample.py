"""The ugly file that ships: made again byte for byte, and read back with every planted fault found."""

from __future__ import annotations

from pathlib import Path

import pytest

from crmkit.data.own.ugly import (
    TILL,
    simulate_till,
    ugly_file,
    ugly_rows,
    ugly_sample,
    write_sample,
)
from crmkit.data.own_orders import read_orders

ROOT = Path(__file__).resolve().parents[2]


def test_the_shipped_sample_is_made_again_byte_for_byte(tmp_path):
    shipped = ROOT / "datasets/ugly/till_export.csv"
    assert write_sample(tmp_path).read_bytes() == shipped.read_bytes()


def test_it_is_found_from_anywhere(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert ugly_sample().is_file()
    own = tmp_path / "datasets/ugly"
    write_sample(own)
    assert ugly_sample() == own / "till_export.csv"


@pytest.mark.parametrize("seed", [1, 2, 80])
def test_every_planted_fault_is_found_in_its_row(seed):
    orders = simulate_till(150, seed=seed)
    rows = ugly_rows(orders, seed=seed)
    planted = {
        number: fate for number, fate in zip(rows.index + 5, rows["fate"], strict=True) if fate
    }
    own, report = read_orders(ugly_file(orders, seed=seed), today="2026-01-01")
    found = dict(zip(report.set_aside["row"], report.set_aside["reason"], strict=True))
    assert found == planted
    assert report.rows_read == len(rows)
    assert TILL in set(own["customer_id"])


def test_the_till_of_the_sample_is_called_out():
    assert any(TILL in warning for warning in read_orders(ugly_sample()).report.warnings)


def test_what_was_not_spoilt_comes_back_to_the_cent():
    orders = simulate_till(150, seed=3)
    rows = ugly_rows(orders, seed=3)
    own, _ = read_orders(ugly_file(orders, seed=3), today="2026-01-01")
    spoilt = set(rows.loc[~rows["fate"].isin(["", "exact duplicate"]), "Beleg-Nr."])
    whole = own[~own["order_id"].isin(spoilt)]
    place = whole["order_id"].astype(int) - 100_000
    before = orders.iloc[place]
    assert len(whole) > 0.8 * len(orders)
    assert whole["turnover"].to_numpy() == pytest.approx(before["turnover"].to_numpy())
    assert (whole["order_date"].to_numpy() == before["order_date"].to_numpy()).all()
    named = (whole["customer_id"] != TILL).to_numpy()
    assert (
        whole["customer_id"].astype(int).to_numpy()[named]
        == before["customer_id"].to_numpy()[named]
    ).all()
