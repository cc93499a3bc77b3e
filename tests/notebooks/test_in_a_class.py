"""A class gets other customers, and fewer: every lesson runs on them, and what is claimed in words holds there too."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import jupytext
import matplotlib.pyplot as plt
import numpy as np
import pytest

from crmkit.world import simulate
from crmkit.world.write import write

MASTERS = sorted((Path(__file__).resolve().parents[2] / "notebooks" / "source").glob("*.py"))


@pytest.fixture(scope="module")
def class_data(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("class") / "datasets"
    write(
        simulate("fernwell", customers=1500, seed=31, progress=False),
        folder / "fernwell",
        progress=False,
    )
    return folder


def profit_is_in_fewer_hands(seen: dict) -> None:
    share, profits = seen["top_share"], seen["profits"]
    assert share(profits["profit"]) > share(profits["turnover"])
    assert seen["lost"]["peak_share"] > 1
    assert seen["metals"]["value_share"].iloc[-1] < 0
    assert seen["metals"]["value_share"].iloc[0] < seen["pyramid"]["value_share"].iloc[0]


def the_lists_differ_and_the_channel_means_nothing(seen: dict) -> None:
    guests = seen["guests"]
    assert len(seen["rich"] & seen["helpful"]) < 0.3 * guests
    assert seen["first"].iloc[2] < 0.8 * guests  # "a little weight changes much of the list"
    assert np.mean(np.array(seen["dealt"]) >= seen["seen"]) > 0.01
    assert seen["low"] < 25  # the finest groups leave little of the gap, if anything


def recency_finds_people_and_the_funnel_narrows(seen: dict) -> None:
    back = seen["found"].T["came back"].drop("by lot")
    assert (back.idxmax(), back.idxmin()) == ("most recent", "most money")
    assert seen["funnel"]["people"].is_monotonic_decreasing
    assert (seen["days_again"] >= 1).mean() > 0.5 > 0.2 > (seen["days_again"] >= 12).mean()
    assert seen["schedule"]["wrong_share"].iloc[1] > 1 / 3
    assert seen["vips"]["value"].sum() > 1.3 * seen["then"][seen["vips"].index].sum()


def one_line_keeps_up_and_the_few_take_little_time(seen: dict) -> None:
    found = {name: seen["recovery"](parts, seen["truth"]) for name, parts in seen["rivals"].items()}
    rand = {name: figures["adjusted_rand"] for name, figures in found.items()}
    assert rand["three parts by price level"] > rand["k-means on five features"] - 0.02
    assert rand["three parts by turnover"] < 0.12
    assert seen["top"] < 0.15 * seen["everybody"]
    net = seen["net"]["mean"].unstack()
    assert net.loc["ordinary", "value"] > net.loc["ordinary", "price"]
    assert (net.loc["VIP"].dropna() > 0).all()


def the_interval_misses_and_the_potential_bring_more(seen: dict) -> None:
    happened = seen["usable"]["holdout_purchase_days"].sum()
    assert happened > seen["sums"].quantile(0.95)
    scores = seen["score_forecasts"](seen["truth"], seen["forecasts"]).set_index("forecast")
    error = scores["mean_absolute_error"]
    assert error["same as last year"] > error.drop("same as last year").max()
    assert (scores["total"].drop("same as last year") < 1).all()
    brought = seen["brought"]["lifetime value"]
    assert brought["high-value"] > brought["potential"] > 2.5 * brought["basic"]


def no_field_is_the_key(seen: dict) -> None:
    assert seen["unseen"] >= 3
    rates = {field: seen["quality"](scored, 1) for field, scored in seen["alone"].items()}
    assert rates["email"]["error rate"] < 0.01
    assert rates["name"]["mixed up"] > rates["email"]["mixed up"]
    assert (
        rates["email"]["omission rate"] > 0.4 > seen["quality"](seen["scored"], 12)["omission rate"]
    )
    assert rates["postcode"]["error rate"] > 0.5
    weight = seen["weight"]
    assert weight["phone", "same"] > weight["postcode", "same"] + 5
    assert weight["phone", "different"] < weight["email", "different"] < 0
    assert seen["table"]["mixed up"].is_monotonic_decreasing
    assert seen["table"]["in pieces"].is_monotonic_increasing
    assert len(seen["found"] & seen["true"]) > 50 - seen["unseen"]


CLAIMS: dict[str, Callable[[dict], None]] = {
    "20": profit_is_in_fewer_hands,
    "21": the_lists_differ_and_the_channel_means_nothing,
    "22": recency_finds_people_and_the_funnel_narrows,
    "23": one_line_keeps_up_and_the_few_take_little_time,
    "24": the_interval_misses_and_the_potential_bring_more,
    "25": no_field_is_the_key,
}


@pytest.mark.parametrize("master", MASTERS, ids=lambda path: path.stem[:2])
def test_a_lesson_says_what_a_students_own_data_say(master, class_data, monkeypatch) -> None:
    monkeypatch.setenv("CRMKIT_DATA", str(class_data))
    monkeypatch.setenv("CRMKIT_PRACTICE_STATE", "off")
    seen: dict = {"__name__": "lesson"}
    for place, cell in enumerate(jupytext.read(master).cells):
        if cell.cell_type == "code":
            exec(compile(cell.source, f"{master.stem}, cell {place}", "exec"), seen)
    plt.close("all")
    if claim := CLAIMS.get(master.stem[:2]):
        claim(seen)


def test_every_claim_belongs_to_a_lesson() -> None:
    assert set(CLAIMS) <= {master.stem[:2] for master in MASTERS}
