"""Each guard fails on a notebook broken in its own way, and passes on a sound one."""

import copy
import json

import build_notebooks
import label_cells
import lesson_guards as guards
import lesson_map
import lessons
import nbformat
import pytest

FIRST = """# Half the turnover comes from few

**After this lesson you can** count; draw; decide.

**45 minutes** · you need lesson 00 · you will meet: share, tier"""

LAST = {
    "limits": "## Where this fails\nWhen nobody buys.",
    "take-aways": "## Take-aways\nCount it.",
    "words": "## Words learnt\n- **share** 份额: a part of the whole",
    "own-data": "## On your own data\nRead it.",
    "next": "## What next\nLesson 21.",
}


def markdown(text, *tags):
    return {
        "cell_type": "markdown",
        "id": "",
        "metadata": {"tags": list(tags)} if tags else {},
        "source": text,
    }


def code(source, count, *outputs):
    return {
        "cell_type": "code",
        "id": "",
        "metadata": {},
        "source": source,
        "execution_count": count,
        "outputs": list(outputs),
    }


def figure(alt):
    picture = f'<img class="crmkit-figure" alt="{alt}" src="data:image/png;base64,iVBOR">'
    data = {"text/html": picture, "text/plain": f"Figure: {alt}"}
    return {"output_type": "display_data", "data": data, "metadata": {}}


def bare_picture():
    """What matplotlib shows by itself: JupyterLab drops alt text that stands beside an image."""
    words = {"image/png": {"alt": "Four words of text."}}
    return {"output_type": "display_data", "data": {"image/png": "iVBOR"}, "metadata": words}


def printed(text, name="stdout"):
    return {"output_type": "stream", "name": name, "text": text}


def sound():
    explorer = {
        "output_type": "execute_result",
        "execution_count": 3,
        "data": {
            "text/html": figure("A curve. The best 20 % bring 63.5 %.")["data"]["text/html"],
            "text/plain": "Explorer: A curve. The best 20 % bring 63.5 %.",
        },
        "metadata": {},
    }
    notebook = {
        "cells": [
            markdown(FIRST, "opening"),
            markdown(
                "## The best bring more\n\n> **Predict.** How much? The answer is 63.5 %.",
                "predict",
            ),
            code('predict("99-a", ...)', 1),
            code(
                "show(ax, alt=words)",
                2,
                figure("The best fifth brings most of it"),
                printed("63.5"),
            ),
            code("curve_explorer(orders)", 3, explorer),
            code('check("99-1", ...)', 4),
            *(markdown(text, tag) for tag, text in LAST.items()),
        ],
        "metadata": copy.deepcopy(build_notebooks.METADATA),
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    for place, cell in enumerate(notebook["cells"]):
        cell["metadata"]["label"] = f"cell-{place}"
    return json.loads(json.dumps(build_notebooks.with_ids(nbformat.from_dict(notebook))))


def broken(change):
    notebook = sound()
    change(notebook)
    return notebook


def all_guards(notebook):
    return [fault for guard in guards.LESSON_GUARDS for fault in guard(notebook)]


def test_a_sound_notebook_holds_everything():
    assert all_guards(sound()) == []
    assert guards.words_missing(sound(), {"share"}) == []


def set_source(place, text):
    def change(notebook):
        notebook["cells"][place]["source"] = text

    return change


def add_output(place, output):
    return lambda notebook: notebook["cells"][place]["outputs"].append(output)


def set_count(place, count):
    return lambda notebook: notebook["cells"][place].update(execution_count=count)


CELL = nbformat.NotebookNode


def table_with(text):
    html = f'<table class="dataframe"><tr><td>{text}</td></tr></table>'
    return {"output_type": "display_data", "data": {"text/html": html}, "metadata": {}}


ERROR = {"output_type": "error", "ename": "KeyError", "evalue": "'x'", "traceback": []}
VIEW = {"output_type": "display_data", "data": {build_notebooks.WIDGET_VIEW: {}}, "metadata": {}}

BROKEN = [
    ("not executed", guards.not_executed, set_count(3, None)),
    ("executed out of order", guards.not_executed, set_count(3, 9)),
    ("error stored", guards.stored_errors, add_output(3, ERROR)),
    ("warning stored", guards.stored_errors, add_output(3, printed("FutureWarning: no", "stderr"))),
    ("figure without alt", guards.without_alt, add_output(3, figure(""))),
    ("figure with one word", guards.without_alt, add_output(3, figure("figure"))),
    ("figure without words in the page", guards.without_alt, add_output(3, bare_picture())),
    ("picture in text without alt", guards.without_alt, set_source(1, "![](house.png)")),
    ("home path", guards.of_this_machine, add_output(3, printed("read /home/ann/orders.csv"))),
    ("Windows path", guards.of_this_machine, add_output(3, printed(r"read C:\Users\ann"))),
    ("package path", guards.of_this_machine, add_output(3, printed("in site-packages/pandas"))),
    ("object address", guards.of_this_machine, add_output(3, printed("<Axes at 0x7f2b9c0d>"))),
    ("clock time", guards.of_this_machine, add_output(3, printed("Mon Mar  3 10:11:12 2025"))),
    (
        "time of execution",
        guards.of_this_machine,
        lambda n: n["cells"][3]["metadata"].update(execution={}),
    ),
    ("widget state", guards.widget_state, lambda n: n["metadata"].update(widgets={})),
    ("widget view", guards.widget_state, add_output(3, VIEW)),
    ("no title", guards.headings, set_source(0, FIRST.replace("# Half", "## Half"))),
    ("two titles", guards.headings, set_source(1, "# Another")),
    ("jump in headings", guards.headings, set_source(1, "#### Deep")),
    (
        "two goals",
        guards.opening,
        set_source(0, FIRST.replace("count; draw; decide", "count; draw")),
    ),
    (
        "no goals",
        guards.opening,
        set_source(0, FIRST.replace("**After this lesson you can**", "Goals:")),
    ),
    ("no minutes", guards.opening, set_source(0, FIRST.replace("45 minutes", "soon"))),
    (
        "no needs",
        guards.opening,
        set_source(0, FIRST.replace(" · you need lesson 00 · you will meet: share, tier", "")),
    ),
    (
        "no words to meet",
        guards.opening,
        set_source(0, FIRST.replace(" · you will meet: share, tier", "")),
    ),
    ("section missing", guards.last_sections, lambda n: n["cells"].pop(7)),
    ("section without its tag", guards.last_sections, lambda n: n["cells"][7]["metadata"].clear()),
    (
        "sections out of order",
        guards.last_sections,
        lambda n: n["cells"].insert(6, n["cells"].pop()),
    ),
    ("two sections in one", guards.last_sections, set_source(6, "## Limits\n\n## Take-aways")),
    ("prompt without its tag", guards.rhythm, lambda n: n["cells"][1]["metadata"].clear()),
    ("tag without its prompt", guards.rhythm, set_source(1, "## The best bring more")),
    ("no prediction", guards.rhythm, set_source(2, "pass")),
    ("no question", guards.rhythm, set_source(5, "pass")),
    ("no explorer", guards.rhythm, lambda n: n["cells"][4].update(outputs=[])),
    ("named after a function", guards.poor_tables, add_output(3, table_with("&lt;lambda_0&gt;"))),
    ("text cut off", guards.poor_tables, add_output(3, table_with("a user with few takes ..."))),
    ("a result as pandas prints it", guards.poor_tables, add_output(3, table_with("0.25"))),
    (
        "a column as pandas prints it",
        guards.poor_tables,
        add_output(3, printed("key    5\nName: count, dtype: int64\n")),
    ),
    ("all digits", guards.poor_tables, add_output(3, printed("it is 0.123456"))),
    ("long cell", guards.cells, set_source(3, "\n".join(f"a{i} = {i}" for i in range(30)))),
    ("semicolon", guards.cells, set_source(3, "ax.plot(x);")),
    ("plt.show", guards.cells, set_source(3, "plt.show()")),
    ("number from nowhere", guards.loose_numbers, set_source(1, "They bring 71.25 % of it.")),
    ("left open", guards.unfinished, set_source(1, "TODO the claim")),
    ("nobody imported it", guards.unknown_calls, set_source(1, 'Type `solution("20-1")`.')),
    ("praise", guards.praise, set_source(1, "Well done! On we go.")),
]


@pytest.mark.parametrize(("guard", "change"), [b[1:] for b in BROKEN], ids=[b[0] for b in BROKEN])
def test_a_guard_notices(guard, change):
    assert guard(broken(change))


def test_a_first_glimpse_of_the_data_may_be_raw():
    def glimpse(notebook):
        add_output(3, table_with("0.123456"))(notebook)
        set_source(3, "orders = load()\norders.head(3)")(notebook)

    assert guards.poor_tables(broken(glimpse)) == []


def test_every_guard_is_shown_to_fail():
    assert {guard for _, guard, _ in BROKEN} == {*guards.LESSON_GUARDS}


def test_a_word_that_is_in_no_glossary_is_noticed():
    assert guards.words_missing(sound(), {"tier"}) == ["'share' is not in the glossary"]
    assert guards.words_missing(broken(set_source(8, "## Words learnt\nnone")), {"share"})


MASTER = """# %% [markdown] label="title"
# # Title
# text

# %% label="one"
a = 1

# %% label="one-2"
a = 1

# %% label="sum" tags=["remove"]
b = a
"""


def test_a_changed_master_makes_its_notebook_stale(tmp_path):
    master = tmp_path / "99_x.py"
    master.write_text(MASTER, encoding="utf-8")
    notebook = build_notebooks.read_master(master)
    assert guards.stale(notebook, master) == []
    master.write_text(MASTER.replace("a = 1", "a = 2", 1), encoding="utf-8")
    assert guards.stale(notebook, master) == [
        "cell 2 differs from its master 99_x.py: build it again"
    ]
    master.write_text(MASTER + '\n# %% label="more"\nc = 3\n', encoding="utf-8")
    assert "5" in guards.stale(notebook, master)[0]


def test_a_cell_keeps_its_id_when_its_text_changes(tmp_path):
    master = tmp_path / "99_x.py"
    master.write_text(MASTER, encoding="utf-8")
    first = [cell["id"] for cell in build_notebooks.read_master(master).cells]
    assert first == ["title", "one", "one-2", "sum"]
    master.write_text(MASTER.replace("a = 1", "a = 2").replace("text", "words"), encoding="utf-8")
    changed = build_notebooks.read_master(master)
    assert [cell["id"] for cell in changed.cells] == first
    assert not any("label" in cell.metadata for cell in changed.cells)


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        (' label="one-2"', "", "99_x.py: cell 3 has no label"),
        ('label="one-2"', 'label="one"', "99_x.py: cell 3: the label 'one' names an earlier cell"),
        ('label="one-2"', 'label="One two"', "99_x.py: cell 3: the label 'One two' is not lower"),
        ('label="one-2"', f'label="{"a" * 41}"', "99_x.py: cell 3: the label 'aaaa.*40 characters"),
    ],
)
def test_a_label_that_is_missing_or_wrong_is_named(tmp_path, old, new, what):
    master = tmp_path / "99_x.py"
    master.write_text(MASTER.replace(old, new), encoding="utf-8")
    with pytest.raises(build_notebooks.BuildError, match=what):
        build_notebooks.read_master(master)


def test_missing_labels_are_filled_in_and_those_there_stay():
    bare = MASTER.replace(' label="one"', "").replace(' label="title"', "")
    filled = label_cells.with_labels(bare)
    assert label_cells.with_labels(filled) == filled
    assert '# %% [markdown] label="title"' in filled
    assert '# %% label="cell"\na = 1' in filled
    assert 'label="one-2"' in filled
    without_headers = "".join(
        line for line in filled.splitlines(True) if not line.startswith("# %%")
    )
    assert without_headers == "".join(
        line for line in bare.splitlines(True) if not line.startswith("# %%")
    )


def test_a_build_is_the_same_twice_and_holds_nothing_of_the_machine(tmp_path):
    source = tmp_path / "notebooks/source"
    source.mkdir(parents=True)
    master = source / "99_x.py"
    master.write_text(
        MASTER + '\n# %% label="slider"\nimport ipywidgets\nipywidgets.IntSlider()\n',
        encoding="utf-8",
    )
    ((path, text),) = build_notebooks.build(master).items()
    ((_, again),) = build_notebooks.build(master).items()
    assert path == tmp_path / "notebooks/99_x.ipynb"
    assert text == again
    notebook = json.loads(text)
    for guard in (
        guards.not_executed,
        guards.stored_errors,
        guards.of_this_machine,
        guards.widget_state,
    ):
        assert guard(notebook) == []


def test_what_has_to_be_written_and_what_nobody_imported_is_named():
    said = {"cells": [markdown('Stuck? Type `hint("20-1")`.'), code("x = 1  # TODO", 1)]}
    assert guards.unfinished(said) == ["cell 2 holds a TODO"]
    assert len(guards.unknown_calls(said)) == 1
    said["cells"][1] = code("from crmkit.practice import check, hint", 1)
    assert guards.unfinished(said) == guards.unknown_calls(said) == []


def test_a_lesson_that_raises_is_not_built(tmp_path):
    source = tmp_path / "notebooks/source"
    source.mkdir(parents=True)
    master = source / "99_x.py"
    master.write_text('# %% label="divide"\n1 / 0\n', encoding="utf-8")
    with pytest.raises(build_notebooks.BuildError, match="ZeroDivisionError"):
        build_notebooks.build(master)


def test_pictures_alone_do_not_make_a_notebook_differ():
    one, two = sound(), sound()
    data = two["cells"][3]["outputs"][0]["data"]
    data["text/html"] = data["text/html"].replace("iVBOR", "otherBytes")
    assert build_notebooks.comparable(json.dumps(one)) == build_notebooks.comparable(
        json.dumps(two)
    )
    two["cells"][3]["outputs"][1]["text"] = "64.5"
    assert build_notebooks.comparable(json.dumps(one)) != build_notebooks.comparable(
        json.dumps(two)
    )


def test_a_lesson_over_its_time_is_named():
    assert guards.over_budget({"20.ipynb": 19.9}) == []
    assert guards.over_budget({"20.ipynb": 31.0, "21.ipynb": 25.0}) == [
        "20.ipynb took 31.0 s; a lesson may take 20 s",
        "21.ipynb took 25.0 s; a lesson may take 20 s",
    ]


def test_the_map_is_put_between_its_markers():
    head = lessons.describe("20_who", FIRST)
    text = f"before\n{lesson_map.BEGIN}\nold\n{lesson_map.END}\nafter"
    new = lesson_map.with_map(text, lesson_map.short([head]))
    assert "| 20 [Half the turnover comes from few](notebooks/20_who.ipynb) | 1 hour |" in new
    assert "old" not in new
    assert lesson_map.with_map(new, lesson_map.short([head])) == new
    assert (
        "| 20 | [Half the turnover comes from few](../notebooks/20_who.ipynb) | 45 | 0 | count; draw; decide |"
        in lesson_map.with_map(text, lesson_map.with_goals([head]))
    )
    with pytest.raises(ValueError, match="no place for the map"):
        lesson_map.with_map("nothing", "map")
