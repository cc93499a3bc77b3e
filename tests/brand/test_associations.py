"""Semantic memory: links, ratio rule, interference, fan effect, distinctiveness, the word to own."""

import numpy as np
import pandas as pd
import pytest

from crmkit.brand import (
    add_lookalike,
    claim_word,
    distinctiveness,
    expand_links,
    fan_share,
    interference_cost,
    link_shares,
    links_matrix,
    network_layout,
    profile_similarity,
    recall_from_cues,
    retrieval,
    retrieval_matrix,
    words_to_own,
)
from crmkit.errors import CrmkitError

WORDS = pd.DataFrame({"letter": ["A", "B", "C"], "word": ["repair", "garden", "present"]})


def _links(rows):
    frame = pd.DataFrame(rows, columns=["respondent_id", "brand", "word"])
    return frame.assign(word=pd.Categorical(frame.word, categories=WORDS.word))


LINKS = _links(
    [
        (1, "X", "repair"),
        (1, "Y", "repair"),
        (2, "X", "repair"),
        (2, "X", "garden"),
        (3, "Y", "garden"),
    ]
)
STRENGTHS = pd.DataFrame(
    {"repair": [4.0, 2.0], "garden": [1.0, 3.0]}, index=pd.Index(["X", "Y"], name="brand")
)


def test_expand_links_and_a_word_nobody_links():
    answers = pd.DataFrame(
        {"respondent_id": [1, 2, 3], "brand": ["X", "X", "Y"], "links": ["AB", None, ""]}
    )
    links = expand_links(answers, WORDS)
    assert links.values.tolist() == [[1, "X", "repair"], [1, "X", "garden"]]
    assert links_matrix(links, ["X", "Y"]).loc["Y"].tolist() == [0, 0, 0]
    assert links_matrix(links)["present"].tolist() == [0]  # the word stays, with nobody
    shares = retrieval(links, ["X", "Y"]).set_index(["word", "brand"])
    assert np.isnan(shares.loc[("present", "X"), "retrieval"])
    assert shares.loc[("repair", "X"), "retrieval"] == 1.0
    with pytest.raises(CrmkitError, match="does not explain: Z"):
        expand_links(answers.assign(links="AZ"), WORDS)
    with pytest.raises(CrmkitError, match="letter A twice"):
        expand_links(answers, pd.concat([WORDS, WORDS.head(1)]))
    with pytest.raises(CrmkitError, match="column word is missing"):
        links_matrix(answers)  # the compact answers, not yet expanded


def test_link_shares():
    table = link_shares(LINKS, respondents=10).set_index(["brand", "word"])
    assert table.loc[("X", "repair"), "share"] == pytest.approx(0.2)
    assert table.loc[("Y", "present"), "linked"] == 0
    assert (table.low <= table.share).all()
    assert (table.share <= table.high).all()
    with pytest.raises(CrmkitError, match="Nobody was asked"):
        link_shares(LINKS, respondents=0)
    with pytest.raises(CrmkitError, match="only 2 are said"):
        link_shares(LINKS, respondents=2)
    people = pd.DataFrame({"respondent_id": range(10)})  # the table will do as well
    assert link_shares(LINKS, people).equals(link_shares(LINKS, 10))
    with pytest.raises(CrmkitError, match="number of people asked"):
        link_shares(LINKS, "everybody")


def test_ratio_rule_by_hand():
    table = retrieval(LINKS).set_index(["word", "brand"]).retrieval
    assert table[("repair", "X")] == pytest.approx(2 / 3)
    assert table[("garden", "Y")] == pytest.approx(1 / 2)


def test_ratio_rule_intervals_cover():
    """One person's links hang together (some link everything): the interval must allow for that."""
    rng = np.random.default_rng(4)
    truth, inside = None, []
    for draw in range(151):
        people = 40_000 if draw == 0 else 150
        keen = rng.gamma(0.6, 1 / 0.6, people)
        rows = []
        for brand, strength in (("X", 0.5), ("Y", 0.25), ("Z", 0.2)):
            who = np.flatnonzero(rng.random(people) < -np.expm1(-strength * keen))
            rows.append(pd.DataFrame({"respondent_id": who, "brand": brand, "word": "repair"}))
        table = retrieval(pd.concat(rows)).set_index("brand")
        if draw == 0:
            truth = table.retrieval["X"]
        else:
            inside.append(table.low["X"] <= truth <= table.high["X"])
    assert 0.88 <= np.mean(inside) <= 0.99


def test_several_cues_multiply():
    both = recall_from_cues(STRENGTHS, ["repair", "garden"])
    assert both.to_dict() == pytest.approx({"X": 4 / 10, "Y": 6 / 10})
    assert recall_from_cues(STRENGTHS, ["repair"]).sum() == pytest.approx(1)
    with pytest.raises(CrmkitError, match="No such word"):
        recall_from_cues(STRENGTHS, ["price"])
    with pytest.raises(CrmkitError, match="none given"):
        recall_from_cues(STRENGTHS, [])


def test_a_lookalike_takes_most_where_it_is_most_alike():
    value = pd.Series({"repair": 100.0, "garden": 100.0})
    costs = []
    for similarity in (0.0, 0.5, 1.0):
        after = add_lookalike(STRENGTHS, "X", similarity, strength=1.0)
        assert after.loc["Lookalike"].sum() == pytest.approx(STRENGTHS.loc["X"].sum())
        table = interference_cost(STRENGTHS, after, "X", value)
        costs.append(table.loc["repair", "cost"])
        assert (table.lost_points > 0).all()
    assert costs == sorted(costs)  # X's own word: the more alike, the dearer
    perfect = add_lookalike(STRENGTHS, "X", 1.0)
    assert profile_similarity(perfect).loc["X", "Lookalike"] == pytest.approx(1.0)
    nothing = add_lookalike(STRENGTHS, "X", 0.7, strength=0.0)
    assert interference_cost(STRENGTHS, nothing, "X", value).cost.sum() == pytest.approx(0.0)
    with pytest.raises(CrmkitError, match="no brand 'Q'"):
        add_lookalike(STRENGTHS, "Q", 0.5)
    with pytest.raises(CrmkitError, match="between 0 and 1"):
        add_lookalike(STRENGTHS, "X", 1.5)
    with pytest.raises(CrmkitError, match="'Y' already"):
        add_lookalike(STRENGTHS, "X", 0.5, name="Y")
    with pytest.raises(CrmkitError, match="no brand 'Q'"):
        interference_cost(STRENGTHS, perfect, "Q", value)
    with pytest.raises(CrmkitError, match="nothing about garden"):
        interference_cost(STRENGTHS, perfect, "X", value.drop("garden"))


def test_fan_effect():
    assert [fan_share(n) for n in (1, 2, 5)] == pytest.approx([1, 0.5, 0.2])
    assert fan_share(3, new=0.5) == pytest.approx(1 / 2.5)
    with pytest.raises(CrmkitError):
        fan_share(0)
    after = claim_word(STRENGTHS, "X", "garden", 0.4)
    assert after.loc["X"].sum() == pytest.approx(STRENGTHS.loc["X"].sum())
    assert after.loc["X"].tolist() == pytest.approx([2.4, 2.6])
    assert after.loc["Y"].tolist() == [2.0, 3.0]
    before, later = retrieval_matrix(STRENGTHS), retrieval_matrix(after)
    assert later.loc["X", "garden"] > before.loc["X", "garden"]
    assert later.loc["X", "repair"] < before.loc["X", "repair"]
    with pytest.raises(CrmkitError):
        claim_word(STRENGTHS, "X", "garden", -0.1)


def test_distinctiveness():
    table = pd.DataFrame({"a": [2, 1, 0, 0], "b": [0, 0, 3, 0]}, index=["X", "Y", "Z", "Unknown"])
    found = distinctiveness(table)
    assert found.loc["X", "nearest"] == "Y"
    assert found.loc["X", "distinctiveness"] == pytest.approx(0)
    assert found.loc["Z", "distinctiveness"] == pytest.approx(1)
    assert np.isnan(found.loc["Unknown", "distinctiveness"])
    with pytest.raises(CrmkitError, match="two brands"):
        distinctiveness(table.head(1))


def test_the_word_to_own_by_hand():
    value = pd.Series({"repair": 100.0, "garden": 50.0, "present": 10.0})
    table = words_to_own(LINKS, respondents=10, brand="X", value=value, replicates=50)
    # repair: strength 2/10, the rival has 1 of 3 links, 100 a year
    assert table.loc["repair", "score"] == pytest.approx(0.2 * (1 - 1 / 3) * 100)
    assert table.loc["garden", "score"] == pytest.approx(0.1 * 0.5 * 50)
    assert table.loc["present", "score"] == 0
    assert table.index[0] == "repair"
    assert table["first"].sum() == pytest.approx(1)
    # Nobody links the gift: every draw says 0, and one value gives no interval.
    assert table.loc["present", ["low", "high"]].isna().all()
    linked = table.drop("present")
    assert (linked.low <= linked.score + 1e-9).all()
    assert (linked.high >= linked.score - 1e-9).all()
    alone = words_to_own(LINKS[LINKS.brand == "X"], 10, "X", value, replicates=5)
    assert (alone.freedom == 1).all()
    people = pd.DataFrame({"respondent_id": range(10)})
    assert words_to_own(LINKS, people, "X", value, replicates=50).equals(table)
    for wrong, words in (
        ({"brand": "Quiet"}, "nothing to own"),
        ({"value": value.drop("present")}, "nothing about present"),
        ({"value": value.to_dict()}, "must be a Series"),
        ({"respondents": 2}, "only 2 are said"),
        ({"replicates": 0}, "1 or more"),
    ):
        with pytest.raises(CrmkitError, match=words):
            words_to_own(
                **{"links": LINKS, "respondents": 10, "brand": "X", "value": value} | wrong
            )


def test_layout_places_every_node_once():
    places = network_layout(STRENGTHS)
    assert sorted(places.node) == ["X", "Y", "garden", "repair"]
    for _, side in places.groupby("side"):
        assert side.y.is_unique
        assert side.y.between(0, 1).all()
    mirrored = pd.DataFrame([[0, 1], [1, 0]], index=["P", "Q"], columns=["u", "v"])
    y = network_layout(mirrored).set_index("node").y
    assert y["P"] == y["v"]  # straight lines instead of a crossing


@pytest.mark.parametrize(
    "ask",
    [
        profile_similarity,
        retrieval_matrix,
        lambda table: recall_from_cues(table, ["solid"]),
        lambda table: add_lookalike(table, "Ours", 0.5, 1.0),
        lambda table: claim_word(table, "Ours", "cheap", 0.2),
    ],
)
def test_links_are_numbers_of_0_or_more(ask):
    table = pd.DataFrame({"cheap": [1.0, 2.0], "solid": [0.0, -1.0]}, index=["Ours", "Theirs"])
    with pytest.raises(CrmkitError, match=r"1 links are missing or below 0.*'Theirs'.*'solid'"):
        ask(table)
    with pytest.raises(CrmkitError, match="missing or below 0"):
        ask(table.abs().where(table >= 0))
    with pytest.raises(CrmkitError, match="numbers only"):
        ask(table.astype(object).replace(-1.0, "strong"))
