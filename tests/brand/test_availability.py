"""Mental availability: definitions by hand, sampling error, double jeopardy."""

import numpy as np
import pandas as pd
import pytest

from crmkit.brand import change_between, double_jeopardy, expected_network_size, mental_availability
from crmkit.errors import CrmkitError

LINKS = pd.DataFrame(
    [(1, "A", "x"), (1, "A", "y"), (1, "B", "x"), (2, "A", "x"), (3, "B", "y")],
    columns=["respondent_id", "brand", "word"],
)
PEOPLE = pd.DataFrame(
    {"respondent_id": [1, 2, 3, 4, 5], "segment": ["owner", "owner", "renter", "renter", "renter"]}
)


def test_definitions_by_hand():
    table = mental_availability(LINKS, PEOPLE, brands=["A", "B", "Quiet"]).set_index("brand")
    assert table.penetration.to_dict() == pytest.approx({"A": 0.4, "B": 0.4, "Quiet": 0.0})
    assert table.network_size[["A", "B"]].tolist() == pytest.approx([1.5, 1.0])
    assert table.mental_market_share.to_dict() == pytest.approx({"A": 0.6, "B": 0.4, "Quiet": 0.0})
    assert table.share_of_mind["A"] == pytest.approx(
        3 / 4
    )  # persons 1 and 2 gave four links, three to A
    assert table.share_of_mind["B"] == pytest.approx(2 / 4)
    assert np.isnan(table.network_size["Quiet"])
    twice = mental_availability(pd.concat([LINKS, LINKS]), PEOPLE, brands=["A", "B", "Quiet"])
    pd.testing.assert_frame_equal(twice.set_index("brand"), table)  # a link said twice counts once


def test_listing_some_brands_leaves_the_shares_alone():
    """A share is of all brands' links, whichever brands are listed."""
    both = mental_availability(LINKS, PEOPLE).set_index("brand")
    one = mental_availability(LINKS, PEOPLE, brands=["A"]).set_index("brand")
    pd.testing.assert_series_equal(one.loc["A"], both.loc["A"])


def test_split_by_segment():
    table = mental_availability(LINKS, PEOPLE, by="segment").set_index(["segment", "brand"])
    assert table.loc[("owner", "A"), "penetration"] == 1.0
    assert table.loc[("renter", "A"), "penetration"] == 0.0
    assert table.loc[("renter", "B"), "penetration"] == pytest.approx(1 / 3)


def test_a_week_without_respondents_is_an_error_or_no_row():
    with pytest.raises(CrmkitError, match="Nobody was asked"):
        mental_availability(LINKS.head(0), PEOPLE.head(0))
    table = mental_availability(LINKS.head(0), PEOPLE, brands=["A"])
    assert table.penetration.tolist() == [0.0]
    weeks = PEOPLE.assign(week=pd.Categorical([1, 1, 3, 3, 3], categories=[1, 2, 3]))
    assert sorted(mental_availability(LINKS, weeks, by="week").week.unique()) == [1, 3]


@pytest.mark.parametrize(
    ("links", "people", "words"),
    [
        (LINKS, PEOPLE.head(2), "not in `respondents`"),
        (LINKS, pd.concat([PEOPLE, PEOPLE.head(1)]), "twice"),
        (LINKS.drop(columns="word"), PEOPLE, "column word is missing"),
        (LINKS, 5, "a pandas table is needed"),
    ],
)
def test_bad_input(links, people, words):
    with pytest.raises(CrmkitError, match=words):
        mental_availability(links, people)


def test_nobody_drops_out_of_a_split_unseen():
    people = PEOPLE.assign(segment=PEOPLE.segment.where(PEOPLE.respondent_id != 4))
    with pytest.raises(CrmkitError, match="'segment' is missing for 1 people, first 4"):
        mental_availability(LINKS, people, by="segment")


def _market(rng, people, strengths, words=10, involvement=2.0):
    keen = rng.gamma(involvement, 1 / involvement, people)
    rows = []
    for brand, strength in strengths.items():
        hit = rng.random((people, words)) < -np.expm1(
            -keen[:, None] * np.broadcast_to(strength, words)
        )
        who, word = np.nonzero(hit)
        rows.append(pd.DataFrame({"respondent_id": who, "brand": brand, "word": word}))
    return pd.concat(rows), pd.DataFrame({"respondent_id": np.arange(people)})


def test_sampling_errors_cover():
    rng = np.random.default_rng(8)
    strengths = {"A": 0.15, "B": 0.08, "C": 0.03}
    truth = mental_availability(*_market(rng, 60_000, strengths)).set_index("brand")
    measures = ["penetration", "network_size", "mental_market_share", "share_of_mind"]
    inside = {name: [] for name in measures}
    for _ in range(100):
        table = mental_availability(*_market(rng, 300, strengths)).set_index("brand")
        for name in measures:
            inside[name] += list(
                (table[f"{name}_low"] <= truth[name]) & (truth[name] <= table[f"{name}_high"])
            )
    for name, hits in inside.items():
        assert 0.89 <= np.mean(hits) <= 0.99, name


def test_double_jeopardy_size_alone_explains_a_plain_market():
    rng = np.random.default_rng(1)
    plain = dict(zip("ABCDEF", (0.3, 0.2, 0.12, 0.08, 0.05, 0.02), strict=True))
    table = double_jeopardy(mental_availability(*_market(rng, 6000, plain)))
    assert table.network_size.is_monotonic_decreasing  # fewer people, and fewer links of each
    assert (table.excess.abs() < 25).all()
    assert (table.verdict == "as its size").sum() >= 5


def test_a_small_brand_can_be_strong():
    rng = np.random.default_rng(2)
    market = {
        name: np.full(10, strength)
        for name, strength in zip("ABCDE", (0.3, 0.2, 0.12, 0.08, 0.05), strict=True)
    }
    links, people = _market(rng, 3000, market)
    fans = rng.choice(3000, 240, replace=False)  # known to few, but to these for many things
    strong = pd.DataFrame(
        {"respondent_id": np.repeat(fans, 6), "brand": "Small", "word": np.tile(np.arange(6), 240)}
    )
    table = double_jeopardy(mental_availability(pd.concat([links, strong]), people)).set_index(
        "brand"
    )
    assert table.penetration.idxmin() == "Small"
    assert table.verdict["Small"] == "stronger than its size"


def test_expected_network_size_limits():
    assert expected_network_size([0.001], 2.0)[0] == pytest.approx(1.0, abs=0.01)
    assert expected_network_size([0.0], 2.0)[0] == 1.0
    assert (np.diff(expected_network_size(np.linspace(0.05, 0.9, 20), 1.5)) > 0).all()
    with pytest.raises(CrmkitError):
        expected_network_size([1.0], 2.0)
    with pytest.raises(CrmkitError, match="four brands"):
        double_jeopardy(mental_availability(LINKS, PEOPLE))
    with pytest.raises(CrmkitError, match="several times"):
        double_jeopardy(mental_availability(LINKS, PEOPLE, by="segment"))
    with pytest.raises(CrmkitError, match="Everybody asked links A"):
        double_jeopardy(mental_availability(LINKS.query("respondent_id < 3"), PEOPLE.head(2)))


def test_change_between_two_samples_covers_no_change():
    rng = np.random.default_rng(3)
    strengths = {"A": 0.15, "B": 0.08}
    inside = []
    for _ in range(80):
        links, people = _market(rng, 600, strengths)
        people["period"] = np.where(people.respondent_id < 300, "before", "after")
        table = change_between(
            mental_availability(links, people, by="period"), "period", "before", "after"
        )
        inside += list((table.low <= 0) & (table.high >= 0))
    assert 0.9 <= np.mean(inside) <= 0.99
    availability = mental_availability(links, people, by="period")
    with pytest.raises(CrmkitError, match="Nobody belongs"):
        change_between(availability, "period", "before", "later")
    with pytest.raises(CrmkitError, match="no measure"):
        change_between(availability, "period", "before", "after", "fame")
    with pytest.raises(CrmkitError, match="column week is missing"):
        change_between(availability, "week", "before", "after")
