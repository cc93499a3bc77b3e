"""Figures draw what the frame says; explorers answer every position of their controls in words."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from worlds import world_of

from crmkit.brand import (
    MemoryChain,
    double_jeopardy,
    expand_links,
    explorers,
    exposure_ages,
    links_matrix,
    make_plan,
    mental_availability,
    plots,
    recall_path,
    returns_of_frequency,
)
from crmkit.errors import CrmkitError

MODEL = MemoryChain.known(learning=0.11, decay_fast=0.5, transfer=0.07, decay_slow=0.03)


@pytest.fixture(scope="module")
def tables():
    return world_of("fernwell", customers=10, seed=1, parts=["brand"]).tables


@pytest.fixture(scope="module")
def matrix(tables):
    links = expand_links(tables["tracker_answers"], tables["brand_words"])
    return links_matrix(links) / len(tables["tracker_respondents"])


@pytest.fixture(scope="module")
def value(tables):
    return tables["brand_words"].set_index("word")["yearly_value"]


@pytest.fixture
def marked(monkeypatch):
    """Every message that is looked up in the reader's language carries a mark."""

    def say(message, **fields):
        return f"«{message.format(**fields)}»"

    monkeypatch.setattr(explorers, "say", say)
    monkeypatch.setattr(plots, "say", say)


def _words_of(figure):
    """Titles, names of axes and legends of a figure."""
    for ax in figure.axes:
        yield from (ax.get_title(), ax.get_title(loc="left"), ax.get_xlabel(), ax.get_ylabel())
        if ax.get_legend() is not None:
            yield from (text.get_text() for text in ax.get_legend().get_texts())


@pytest.fixture(autouse=True)
def close_figures():
    yield
    plt.close("all")


def _labelled(ax):
    assert ax.get_title(loc="left") or ax.get_title()
    return ax


def test_every_plot_returns_labelled_axes(tables, matrix):
    paths = {kind: recall_path(make_plan(kind, 26), MODEL) for kind in ("burst", "drip")}
    for ax in (plots.plot_paths(paths), plots.plot_plan(paths["burst"])):
        assert _labelled(ax).get_xlabel() == "week"
        assert ax.get_ylabel()
    assert _labelled(plots.plot_frequency(returns_of_frequency(MODEL, 5))).get_xlabel()
    links = expand_links(tables["tracker_answers"], tables["brand_words"])
    sizes = double_jeopardy(mental_availability(links, tables["tracker_respondents"]))
    ax = _labelled(plots.plot_double_jeopardy(sizes))
    assert {text.get_text() for text in ax.texts} == set(sizes.brand)
    page = tables["diaries"][tables["diaries"].person_id == 1]
    assert _labelled(plots.plot_diary(page, 5.0)).get_ylabel()


def test_network_draws_only_links_above_the_least_and_names_everybody(matrix):
    ax = plots.plot_network(matrix, focus="Fernwell", least=0.2)
    names = {text.get_text() for text in ax.texts}
    assert names == set(matrix.index) | set(matrix.columns)
    drawn = [line for line in ax.lines if len(line.get_xdata()) == 2]
    assert len(drawn) == int((matrix >= 0.2).to_numpy().sum())
    with pytest.raises(CrmkitError, match="no brand 'Nobody'"):
        plots.plot_network(matrix, focus="Nobody")


def test_matrix_prints_every_cell_and_marks_the_empty_ones():
    frame = pd.DataFrame({"a": [0.5, np.nan], "b": [0.25, 0.0]}, index=["X", "Y"])
    texts = sorted(text.get_text() for text in plots.plot_matrix(frame).texts)
    assert texts == sorted(["50", "25", "–", "0"])


def _works(shown):
    assert shown.error is None, shown.error
    assert shown.picture[1:4] == b"PNG"
    return shown.sentence


def test_schedule_explorer_says_what_the_pure_functions_say():
    shown = explorers.schedule_explorer(MODEL, cost_per_contact=36_000)
    on = [week < 10 for week in range(52)]
    shown.set(weeks_on=on, contacts=2.0)
    path = recall_path(np.where(on, 2.0, 0.0), MODEL)
    sentence = _works(shown)
    assert f"Peak {path.recall.max():.0%} in week 10" in sentence
    assert "20 contacts per person cost £0.72 million" in sentence
    shown.set(weeks_on=[False] * 52)
    assert "Silence" in _works(shown)


@pytest.mark.parametrize("shape", ["one store", "two stores", "ACT-R"])
def test_forgetting_explorer(tables, shape):
    trials = tables["recall_experiment"]
    shown = explorers.forgetting_explorer(trials)
    for half_life, share, exposures in ((0.5, 0.0, 1), (30, 0.6, 13)):
        shown.set(shape=shape, half_life=half_life, slow_share=share, exposures=exposures)
        model = explorers.hand_made(shape, 0.4, half_life, share)
        fit = model.log_likelihood(exposure_ages(trials), trials.recalled).mean()
        assert f"{fit:.3f}" in _works(shown)
    assert shown._controls["slow_share"].disabled == (shape != "two stores")
    with pytest.raises(CrmkitError, match="Nobody in the table had 7"):
        explorers.recall_by_delay(trials, 7)


def test_lookalike_and_word_explorers(matrix, value):
    shown = explorers.lookalike_explorer(matrix, "Fernwell", value)
    costs = []
    for strength in (0.0, 0.5, 1.5):
        shown.set(similarity=1.0, strength=strength)
        sentence = _works(shown)
        costs.append(0.0 if strength == 0 else float(sentence.split("£")[1].split(" ")[0]))
    assert costs == sorted(costs)
    shown = explorers.word_explorer(matrix, "Fernwell", value)
    shown.set(word="cheapest", share=0.0)
    assert _works(shown) == "Nothing is moved yet: raise the share."
    shown.set(share=0.6)
    assert "instead of" in _works(shown)


def test_diary_and_carry_over_explorers(tables):
    shown = explorers.diary_explorer(tables["diaries"], tables["diary_people"])
    shown.set(message=0.06, good=0.18, bad=0.42)
    near = float(_works(shown).split("off by ")[1].split(" ")[0])
    shown.set(message=1.0, good=1.0, bad=1.0)
    assert float(_works(shown).split("off by ")[1].split(" ")[0]) > near
    shown = explorers.carry_over_explorer()
    shown.set(percent=50)
    assert _works(shown).count("1.0 weeks") == 2


def _in_one_message(text):
    return text.startswith("«") and text.endswith("»") and text.count("«") == 1


def test_explorers_speak_in_whole_messages(tables, matrix, value, marked):
    shown = {
        "schedule": explorers.schedule_explorer(MODEL, cost_per_contact=36_000),
        "forgetting": explorers.forgetting_explorer(tables["recall_experiment"]),
        "word": explorers.word_explorer(matrix, "Fernwell", value),
        "lookalike": explorers.lookalike_explorer(matrix, "Fernwell", value),
        "diary": explorers.diary_explorer(tables["diaries"], tables["diary_people"]),
        "carry over": explorers.carry_over_explorer(),
    }
    for name, one in shown.items():
        said = [one.sentence, one._alt]
        said += [getattr(c, "description", "") for c in one._controls.values()]
        said += _words_of(one._figure)
        for text in filter(None, said):
            assert _in_one_message(text), (name, text)
    shown["word"].set(share=0.6)
    assert _in_one_message(shown["word"].sentence)


def test_plots_speak_in_whole_messages(tables, matrix, marked):
    paths = {f"«{kind}»": recall_path(make_plan(kind, 26), MODEL) for kind in ("burst", "drip")}
    links = expand_links(tables["tracker_answers"], tables["brand_words"])
    sizes = double_jeopardy(mental_availability(links, tables["tracker_respondents"]))
    effects = pd.DataFrame({"who": ["a"], "points": [1.0], "low": [0.0], "high": [2.0]})
    drawn = (
        plots.plot_paths(paths),
        plots.plot_plan(paths["«burst»"]),
        plots.plot_frequency(returns_of_frequency(MODEL, 5)),
        plots.plot_double_jeopardy(sizes),
        plots.plot_network(matrix),
        plots.plot_effects(effects, "who"),
    )
    for ax in drawn:
        for text in filter(None, _words_of(ax.figure)):
            assert _in_one_message(text), text
    frame = pd.DataFrame({"a": [0.5]}, index=["X"])
    assert plots.plot_matrix(frame, title="mine").get_title(loc="left") == "«mine, %»"
