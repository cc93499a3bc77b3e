"""Reading and comparing answers: every form that a learner may have, and every slip that gets its own sentence."""

import datetime as dt
import math
import re
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crmkit.practice import assess as marks
from crmkit.practice.kinds import Choice, Customers, Function, Number, Plan, Several, Table
from crmkit.practice.phrases import short
from crmkit.practice.question import NotAttempted, Question, QuestionError, Unreadable
from crmkit.practice.tables import OwnTables

GUARDED = [
    (Number("%", 0.05), 31.4, (12.0, 30.0, 33.0, 99.0)),
    (Number("£"), -250.0, (-101.0, -249.0, -251.0, -999.0)),
    (Several({"n": Number()}), {"n": 5}, ({"n": 2}, {"n": 9})),
    (Table("tier", {"share": 0.1}), {"a": 5.0, "b": 7.0}, ({"a": 2.0, "b": 7.0}, {"a": 9.0, "b": 7.0})),
    (Customers(), [1, 2, 3], ([7, 8, 9], [4, 5, 6])),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "right", "wrong"), GUARDED)
def test_where_answers_count_no_reply_says_on_which_side(kind, right, wrong):
    reference = kind.read(right, None)
    replies = {
        re.sub(
            r"^.*?-?\d[\d.,]* is not",
            "x is not",
            kind.compare(kind.read(each, None), reference).guarded,
        )
        for each in wrong
    }
    assert len(replies) == 1
    assert replies != {""}


def no_tables():
    return OwnTables.of_frames({})


def asked(kind, reference):
    return Question(
        id="99-1", prompt="?", kind=kind, reference=lambda data: reference, hints=("look",)
    )


def told(kind, reference, answer):
    return marks.assess(asked(kind, reference), answer, no_tables())


# --- numbers -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "form",
    [31.4, np.float32(31.4), Decimal("31.4"), Fraction(157, 5), np.array(31.4), np.array([[31.4]]),
     pd.Series([31.4], index=["rate"]), pd.DataFrame({"rate": [31.4]}), [31.4], (31.4,), pd.Index([31.4])],
    ids=lambda form: type(form).__name__,
)  # fmt: skip
def test_a_number_is_read_from_whatever_holds_one(form):
    assert told(Number("%", 0.05), 31.42, form).status == marks.PASSED


@pytest.mark.parametrize(
    ("unit", "answer", "words"),
    [
        ("%", 0.3142, "as a fraction"),
        ("%", 0.31, "as a fraction"),
        ("percentage points", 0.3142, "as a fraction: the question asks for percentage points"),
        ("%", -31.42, "wrong sign"),
        ("%", 68.58, "other part"),
        ("%", 31, "rounded to a whole number: 2 decimals are asked for"),
        ("%", 31.4, "rounded to 1 decimal: 2 are asked for"),
        ("times", 0.03183, "ratio the other way round"),
        ("£", 3142, "hundred times too large"),
        ("£", 0.03142, "thousand times too small"),
        ("£", 31.42e6, "million times too large"),
        ("%", 30.0, "too low"),
        ("%", 33.3, "too high"),
    ],
)
def test_a_slip_of_unit_sign_or_rounding_is_named(unit, answer, words):
    result = told(Number(unit, 0.005), 31.42, answer)
    assert result.status == marks.NOT_YET
    assert words in result.message


def test_the_points_of_a_scale_are_no_percentage_points():
    said = told(Number("points", 0.0005), 4.571, 0.04571).message
    assert "percentage" not in said
    assert "hundred times too small" in said
    assert "too low" in told(Number("points", 0.0005), 6.5, 0.7).message


def test_no_number_is_said_in_scientific_notation():
    said = told(Number("£", 0.5), 2_000_000.0, 2_511_871.4).message
    assert said == "2,511,871 is too high."
    assert told(Number("", 1e-7), 0.5, 0.0000123).message == "0.0000123 is too low."


def test_per_cent_for_a_fraction():
    assert "in per cent" in told(Number("fraction", 0.0005), 0.3142, 31.42).message


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (None, "empty"), (math.nan, "NaN"), (math.inf, "infinite"), ("31.4", "text"), (True, "True or False"),
        ([1, 2], "2 values"), ({1}, "set"), ({"a": 1}, "dict"), (1 + 2j, "complex"), (print, "call it"),
        (dt.timedelta(days=3), "time span"), (10**400, "too large"), (object(), "object"), (pd.NA, "empty"),
        (pd.DataFrame({"a": [1, 2]}), "2 values"),
    ],
)  # fmt: skip
def test_what_is_no_number_gets_a_sentence(answer, words):
    result = told(Number("£"), 1, answer)
    assert result.status == marks.UNREADABLE
    assert words in result.message


@pytest.mark.parametrize("answer", [..., "", "...", " … ", NotImplemented, "____"])
@pytest.mark.parametrize(
    "kind",
    [Number(), Table("k", {"v": 0}), Customers(), Choice({"a": "x"}), Several({"a": Number()})],
)
def test_a_placeholder_is_not_attempted(kind, answer):
    with pytest.raises(NotAttempted):
        kind.read(answer, None)


def test_the_edge_of_the_tolerance_passes():
    kind = Number(tolerance=0.05)
    assert kind.compare(1.05, 1.0).right
    assert not kind.compare(1.0501, 1.0).right
    assert Number(relative=0.01).compare(101.0, 100.0).right


# --- tables --------------------------------------------------------------------------------------

TIERS = pd.DataFrame(
    {"tier": ["VIP", "key", "small"], "customers": [10, 40, 950], "share": [31.2, 40.1, 28.7]}
)
TIER_TABLE = Table("tier", {"customers": 0, "share": 0.05}, units={"share": "%"})


@pytest.mark.parametrize(
    "form",
    [
        TIERS,
        TIERS.set_index("tier"),
        TIERS.iloc[::-1].reset_index(drop=True),
        TIERS.astype({"tier": "category", "customers": "float64", "share": "float32"}),
        TIERS.assign(note="x"),
        TIERS.set_index(pd.Index([7, 7, 9])),
        TIERS.set_index("tier").rename_axis(None),
        TIERS.set_index(["tier", "customers"]),
        TIERS.astype({"tier": "string"}),
        TIERS.assign(tier=lambda t: t["tier"] + " "),
    ],
)
def test_a_table_is_read_in_every_form(form):
    assert told(TIER_TABLE, TIERS, form).status == marks.PASSED


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (TIERS.rename(columns={"share": "Share"}), "should be called “share”"),
        (TIERS.drop(columns="share"), "“share” is missing"),
        (TIERS.iloc[:2], "1 missing (small)"),
        (pd.concat([TIERS, TIERS.iloc[:1]]), "more than once"),
        (TIERS.assign(tier=["A", "B", "C"]), "None of the rows"),
        (TIERS.replace("small", "tiny"), "1 that should not be there (tiny)"),
        (TIERS.assign(share=TIERS["share"] / 100), "as a fraction"),
        (TIERS.assign(share=[31.2, 50.0, 28.7]), "first is key: yours is 50, too high"),
        (TIERS.assign(share=["a", "b", "c"]), "holds text"),
        (TIERS.assign(share=[31.2, None, 28.7]), "empty, missing"),
        (TIERS["share"], "one column"),
        (TIERS.set_axis(pd.MultiIndex.from_product([["x"], TIERS.columns]), axis=1), "two levels"),
        (pd.concat([TIERS, TIERS["share"]], axis=1), "two columns called"),
        ([1, 2, 3], "asks for a table"),
        (None, "empty"),
        (len, "call it"),
    ],
)
def test_how_a_table_differs_is_said(answer, words):
    result = told(TIER_TABLE, TIERS, answer)
    assert result.status in (marks.NOT_YET, marks.UNREADABLE)
    assert words in result.message


def test_the_order_counts_only_where_it_is_asked():
    ranked = Table("tier", {"share": 0.05}, ordered=True)
    result = told(ranked, TIERS, TIERS.iloc[[1, 0, 2]])
    assert "another order" in result.message
    assert told(ranked, TIERS, TIERS).status == marks.PASSED


def test_keys_of_other_types_are_the_same_keys():
    years = pd.DataFrame({"year": [2023, 2024], "n": [1, 2]})
    kind = Table("year", {"n": 0})
    for form in (years.astype({"year": float}), years.astype({"year": str}), {2023: 1, 2024: 2}):
        assert told(kind, years, form).status == marks.PASSED
    days = pd.DataFrame({"day": pd.to_datetime(["2025-01-01", "2025-01-02"]), "n": [1, 2]})
    kind = Table("day", {"n": 0})
    assert told(kind, days, days.assign(day=days["day"].dt.date)).status == marks.PASSED
    assert told(kind, days, days.assign(day=["2025-01-01", "2025-01-02"])).status == marks.PASSED


def test_amounts_in_place_of_shares_are_named():
    kind = Table("tier", {"share": 0.05}, units={"share": "%"})
    shares = pd.DataFrame({"tier": ["VIP", "key"], "share": [75.0, 25.0]})
    pounds = shares.assign(share=[1_500.0, 500.0])
    assert "these are amounts" in told(kind, shares, pounds).message
    assert "amounts" not in told(kind, shares, shares.assign(share=[1_500.0, 400.0])).message


def test_the_key_column_alone_is_not_taken_for_the_values():
    kind = Table("need", {"gap": 0.05})
    gaps = pd.DataFrame({"need": ["fit", "safe"], "gap": [1.0, 2.0]})
    result = told(kind, gaps, gaps["need"])
    assert result.status == marks.UNREADABLE
    assert 'table[["need", "gap"]]' in result.message


def test_a_default_index_is_not_taken_for_the_key():
    result = told(TIER_TABLE, TIERS, TIERS.drop(columns="tier"))
    assert "“tier” is missing" in result.message


def test_text_columns_compare_exactly():
    policy = pd.DataFrame({"tier": ["VIP", "key"], "policy": ["manager", "priority"]})
    kind = Table("tier", {"policy": None})
    assert told(kind, policy, policy.astype({"policy": "category"})).status == marks.PASSED
    assert told(kind, policy, policy.replace("priority", "none")).status == marks.NOT_YET


# --- customers -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "form",
    [
        {3, 1, 2}, [1, 2, 3, 3], (3.0, 2.0, 1.0), np.array([1, 2, 3], dtype="uint8"), range(1, 4), pd.Index([3, 2, 1]),
        pd.Series([1, 2, 3], index=[9, 9, 9]), ["1", "2", "3"], (i for i in (1, 2, 3)), {1: "a", 2: "b", 3: "c"},
        pd.DataFrame({"customer_id": [1, 2, 3], "x": 0}),
        pd.DataFrame({"x": 0}, index=pd.Index([1, 2, 3], name="customer_id")),
        pd.Series([-5.0, -6.0, -7.0], index=pd.Index([1, 2, 3], name="customer_id"), name="profit"),
        pd.DataFrame({"anything": [1, 2, 3]}),
    ],
)  # fmt: skip
def test_customers_are_read_in_every_form(form):
    assert told(Customers(), {1, 2, 3}, form).status == marks.PASSED


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ({1, 2}, "1 customer missing (3)"),
        ({1, 2, 3, 10, 4}, "2 that do not belong (4, 10)"),
        (set(), "empty"),
        (pd.Series([True, False]), "mask"),
        (np.array([True, True]), "mask"),
        ([1, None], "missing (NaN)"),
        (5, "asks for a set"),
        ("1,2,3", "asks for a set"),
        (pd.DataFrame({"a": [1], "b": [2]}), "no column “customer_id”"),
        (pd.Series([True, False], index=pd.Index([1, 2], name="customer_id")), "mask"),
        (iter(int, 1), "more than"),
    ],
)
def test_how_a_set_differs_is_said(answer, words):
    result = told(Customers(), {1, 2, 3}, answer)
    assert result.status != marks.PASSED
    assert words in result.message


def test_a_few_may_differ_where_the_question_says_so():
    assert Customers(may_differ=2).compare(frozenset("124"), frozenset("123")).right
    assert not Customers(may_differ=1).compare(frozenset("124"), frozenset("123")).right


# --- choices, several, plans ---------------------------------------------------------------------


@pytest.mark.parametrize("form", ["b", " B ", "(b)", "the shops", "The Shops.", ["b"]])
def test_a_choice_is_read_in_every_form(form):
    assert told(Choice({"a": "the web shop", "b": "the shops"}), "b", form).status == marks.PASSED


def test_a_wrong_choice_is_said_without_the_right_one():
    kind = Choice({"a": "the web shop", "b": "the shops"})
    assert "the shops" not in told(kind, "b", "a").message
    assert "not one of the options" in told(kind, "b", "z").message


def test_several_names_the_part():
    kind = Several({"tier": Choice({"a": "VIP", "b": "key"}), "share": Number("%", 0.05)})
    right = {"tier": "a", "share": 31.2}
    assert told(kind, right, ["VIP", 31.2]).status == marks.PASSED
    assert told(kind, right, pd.Series(right)).status == marks.PASSED
    assert "“share”" in told(kind, right, {"tier": "a", "share": 3}).message
    assert "not answered yet" in told(kind, right, {"tier": "a", "share": ...}).message
    assert told(kind, right, {"tier": ..., "share": ...}).status == marks.NOT_ATTEMPTED
    assert "“share” missing" in told(kind, right, {"tier": "a"}).message
    with pytest.raises(QuestionError):
        Several({"f": Plan(rubric={}, model="")})


@pytest.mark.parametrize("rows", [range(12), [40, 41, 99, 100, 120], {7, 8, 30}])
def test_row_numbers_are_told_from_ids(rows):
    kind = Customers()
    right = {int(row) + 1 for row in rows} if min(rows) else {44, 812, 1005}
    assert "row numbers" in told(kind, right, set(rows)).message
    assert "row numbers" not in told(kind, right, {max(right), 9999}).message


def test_a_plan_is_kept_for_a_person():
    kind = Plan(rubric={"a": 1}, model="m", minimum_words=5)
    assert "about 2 words" in told(kind, None, "too short").message
    assert told(kind, None, "one two three four five").status == marks.WRITTEN
    assert told(kind, None, "先唤醒半睡的客户再看结果").status == marks.WRITTEN


def test_one_word_again_and_again_is_no_plan():
    kind = Plan(rubric={"a": 1}, model="m", minimum_words=40)
    assert "same few words" in told(kind, None, "vouchers " * 45).message
    assert "same few words" in told(kind, None, "客户" * 60).message
    assert (
        told(kind, None, (" ".join("abcdefghijklmnopqrstuvwxyz") + " word") * 3).status
        != marks.WRITTEN
    )
    honest = (
        "I would call the half-asleep customers first, because the trial shows that one in nine of them comes back "
        "for it, and leave the drowsy alone: they return without us. If the control group returns as often in March, "
        "I stop the calls."
    )
    assert told(kind, None, honest).status == marks.WRITTEN


def test_a_model_answer_has_the_figures_of_the_learners_own_data():
    kind = Plan(
        {"a": 1}, "It is {figure.share} of {company.name}.", figures=lambda data: {"share": data}
    )
    assert kind.model_on("12 %") == "It is 12 % of {company.name}."
    with pytest.raises(QuestionError, match=r"figure\.gone"):
        Plan({"a": 1}, "{figure.gone}").model_on(None)


# --- functions -----------------------------------------------------------------------------------

DOUBLE = Function("x", returns=Number(), cases=lambda data: [(1,), (2,), (0,)], seconds=0.5)


def test_a_function_is_called_on_every_case():
    assert told(DOUBLE, lambda x: 2 * x, lambda x: x + x).status == marks.PASSED
    assert "On 2 of 3 inputs" in told(DOUBLE, lambda x: 2 * x, lambda x: x).message


def loops(x):
    while True:
        pass


def loops_deaf(x):
    while True:
        try:
            while True:
                pass
        except Exception:
            continue


@pytest.mark.parametrize(
    ("function", "words"),
    [
        (lambda: 1, "TypeError"),
        (lambda x: 1 / 0, "ZeroDivisionError (division by zero) in line"),
        (lambda x: [1, 2], "What your function gives: That is a list with 2 values"),
        (lambda x: "1", "That is text"),
        (loops, "still running"),
        (loops_deaf, "still running"),
        (lambda x: (_ for _ in ()).throw(SystemExit), "SystemExit"),
        (lambda x: (_ for _ in ()).throw(KeyboardInterrupt), "KeyboardInterrupt"),
    ],
)
def test_what_a_function_does_wrong_is_a_sentence(function, words):
    result = told(DOUBLE, lambda x: 2 * x, function)
    assert result.status == marks.NOT_YET
    assert words in result.message


def test_endless_recursion_is_a_sentence():
    def again(x):
        return again(x)

    assert "RecursionError" in told(DOUBLE, lambda x: 2 * x, again).message


def test_an_untouched_function_is_not_attempted():
    def double(x): ...

    assert told(DOUBLE, lambda x: 2 * x, double).status == marks.NOT_ATTEMPTED
    assert "by its name" in told(DOUBLE, lambda x: 2 * x, 4).message


def test_a_function_gets_copies():
    kind = Function(
        "frame", returns=Number(), cases=lambda data: [(pd.DataFrame({"a": [1, 2]}),)] * 2
    )

    def spoils(frame):
        total = frame["a"].sum()
        frame["a"] = 0
        return total

    assert told(kind, lambda frame: frame["a"].sum(), spoils).status == marks.PASSED


def test_the_time_limit_works_without_a_timer_too(monkeypatch):
    monkeypatch.setattr("crmkit.practice.calling.has_timer", lambda: False)
    assert "still running" in told(DOUBLE, lambda x: 2 * x, loops).message
    assert told(DOUBLE, lambda x: 2 * x, lambda x: 2 * x).status == marks.PASSED


# --- whatever else -------------------------------------------------------------------------------


class Hostile:
    """Raises whatever one does with it."""

    def __getattribute__(self, name):
        raise RuntimeError("no")

    def __repr__(self):
        raise RuntimeError("no")

    def __eq__(self, other):
        raise RuntimeError("no")

    __hash__ = None
    __len__ = __iter__ = __float__ = __bool__ = __array__ = __call__ = __repr__


class LyingClass:
    @property
    def __class__(self):
        raise RuntimeError("no")


class BadFrame(pd.DataFrame):
    @property
    def columns(self):
        raise RuntimeError("no")


KINDS = [
    (Number("%", 0.05), 31.4),
    (TIER_TABLE, TIERS),
    (Table("k", {"v": 0.1}), {"a": 1}),
    (Customers(), {1, 2, 3}),
    (Choice({"a": "x", "b": "y"}), "a"),
    (Several({"n": Number(), "c": Choice({"a": "x"})}), {"n": 1, "c": "a"}),
    (DOUBLE, lambda x: 2 * x),
    (Plan(rubric={"r": 1}, model="m"), None),
]


HOSTILE = {
    "hostile": Hostile,
    "lying": LyingClass,
    "frame": lambda: BadFrame({"a": [1]}),
    "in a list": lambda: [Hostile()],
    "in a dict": lambda: {"n": Hostile()},
}


@pytest.mark.parametrize("what", HOSTILE)
@pytest.mark.parametrize(("kind", "reference"), KINDS, ids=[k.name for k, _ in KINDS])
def test_a_hostile_object_gets_a_sentence(kind, reference, what):
    result = told(kind, reference, HOSTILE[what]())
    assert result.status in (marks.UNREADABLE, marks.NOT_YET)
    assert result.message


SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=20),
    st.binary(max_size=5),
    st.complex_numbers(),
    st.dates(),
    st.datetimes(),
    st.timedeltas(),
    st.decimals(),
    st.fractions(),
    st.just(...),
    st.just(pd.NA),
    st.just(pd.NaT),
    st.integers(-5, 5).map(np.int8),
    st.floats().map(np.float32),
    st.sampled_from([print, int, object(), type, pd.DataFrame]),
)
HASHABLE = st.one_of(st.integers(), st.floats(), st.text(max_size=5), st.booleans(), st.none())
NESTED = st.recursive(
    SCALARS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.tuples(inner, inner),
        st.dictionaries(HASHABLE, inner, max_size=4),
    ),
    max_leaves=8,
)
FRAMES = st.builds(
    lambda columns, rows, cells: pd.DataFrame(
        {c: [cells[(i + j) % len(cells)] for j in range(rows)] for i, c in enumerate(columns)}
    ),
    st.lists(
        st.sampled_from(["tier", "customers", "share", "k", "v", "customer_id", 0, None]),
        unique=True,
        max_size=5,
    ),
    st.integers(0, 4),
    st.lists(SCALARS, min_size=1, max_size=4),
)
ANSWERS = st.one_of(
    NESTED, FRAMES, FRAMES.map(lambda f: f.set_index(list(f.columns[:1])) if len(f.columns) else f),
    st.lists(SCALARS, max_size=4).map(lambda v: pd.Series(v, dtype=object)), st.sets(HASHABLE, max_size=5),
    st.lists(SCALARS, max_size=4).map(lambda v: np.array([*v, None], dtype=object)[:-1]),
)  # fmt: skip


@settings(max_examples=150, deadline=None, derandomize=True)
@given(answer=ANSWERS)
def test_nothing_that_a_learner_passes_raises(answer):
    for kind, reference in KINDS:
        result = told(kind, reference, answer)
        assert result.message or result.status in (marks.NOT_ATTEMPTED, marks.PASSED, marks.WRITTEN)


@settings(max_examples=150, deadline=None, derandomize=True)
@given(plain=st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
        st.sampled_from(["keys", "columns", "n", "c", "value", "failed", "share", "v"]), inner, max_size=3),
    max_leaves=10,
))  # fmt: skip
def test_nothing_that_a_process_sends_raises(plain):
    for kind, reference in KINDS:
        result = marks.assess_recorded(asked(kind, reference), plain, no_tables())
        assert isinstance(result.status, str)


@pytest.mark.parametrize("forged", [10**4000, True, [1], {}, "\ud83d"])
def test_a_forged_cell_of_a_table_is_no_harm(forged):
    kind = Table("k", {"v": 0.1})
    plain = {"keys": [["a"]], "columns": {"v": [forged]}}
    result = marks.assess_recorded(asked(kind, {"a": 1}), plain, no_tables())
    assert result.status in (marks.UNREADABLE, marks.NOT_YET)
    assert result.message


def test_a_huge_table_for_a_number_is_counted_not_unpacked(monkeypatch):
    table = pd.DataFrame({"a": range(10), "b": range(10)})
    array = table["a"].to_numpy()
    monkeypatch.setattr(np, "asarray", None)
    assert "a table (DataFrame) with 20 values" in told(Number(), 1, table).message
    assert "an array with 10 values" in told(Number(), 1, array).message


@settings(max_examples=50, deadline=None, derandomize=True)
@given(value=ANSWERS)
def test_showing_a_value_never_raises_nor_floods(value):
    assert len(short(value, 40)) <= 41


def test_a_reference_that_fails_is_not_the_learners_fault():
    question = Question(
        id="99-1", prompt="?", kind=Number(), reference=lambda data: data.load("nothing"), hints=()
    )
    result = marks.assess(question, 1, no_tables())
    assert result.status == marks.NO_REFERENCE
    assert "tables" in result.message


def test_a_wrong_way_taken_as_a_fraction_is_recognised_too():
    from crmkit.practice.question import Misconception

    question = Question(
        id="99-1",
        prompt="?",
        kind=Number("%", 0.005),
        reference=lambda data: 69.8,
        hints=("look",),
        misconceptions=(Misconception("the low end", lambda data: 64.36, "That is the low end."),),
    )
    result = marks.assess(question, 0.6436, no_tables())
    assert (result.status, result.misconception) == (marks.MISCONCEPTION, "the low end")
    assert result.message.startswith("That is the low end. And it is a fraction")
    as_asked = marks.assess(question, 64.36, no_tables())
    assert as_asked.message == "That is the low end."


@pytest.mark.parametrize(
    ("unit", "reference", "answer", "said"),
    [
        ("%", 69.8, 0.742, "0.742 looks like a fraction"),
        ("percentage points", -34.0, -0.31, "-0.31 looks like a fraction"),
        ("%", 2.5, 0.742, "0.742 is too low."),
        ("days", 69.8, 0.742, "0.742 is too low."),
    ],
)
def test_a_fraction_of_something_else_is_not_called_too_low(unit, reference, answer, said):
    assert told(Number(unit, 0.005), reference, answer).message.startswith(said)


def test_a_misconception_that_these_tables_do_not_allow_is_passed_over():
    from crmkit.practice.question import Misconception

    question = Question(
        id="99-1", prompt="?", kind=Number(), reference=lambda data: 1.0,
        misconceptions=(Misconception("divides by nothing", lambda data: 1 / 0, "?"),),
    )  # fmt: skip
    assert marks.assess(question, 2, no_tables()).status == marks.NOT_YET


@pytest.mark.parametrize(
    ("answer", "recognised"),
    [(3.8734, True), (3.87, True), (3.9, True), (4, False), (9.1, False), (7.4, False)],
)
def test_a_wrong_way_is_recognised_as_the_lesson_prints_it(answer, recognised):
    from crmkit.practice.question import Misconception

    ways = {"everybody": 3.8734, "twice": 9.11, "twice again": 9.14, "like the right one": 7.44}
    question = Question(
        id="99-1", prompt="?", kind=Number("%", 0.005), reference=lambda data: 7.4321,
        misconceptions=tuple(Misconception(n, lambda data, v=v: v, n) for n, v in ways.items()),
    )  # fmt: skip
    result = marks.assess(question, answer, no_tables())
    assert (result.status == marks.MISCONCEPTION) is recognised


def test_truth_needs_to_be_named():
    tables = OwnTables.of_frames({}, {"customers": pd.DataFrame({"a": [1]})})
    with pytest.raises(QuestionError, match="truth"):
        tables.load_truth("customers")
    assert len(tables.for_question(("customers",)).load_truth("customers")) == 1


def test_questions_written_wrongly_are_refused():
    with pytest.raises(QuestionError, match="20-1"):
        Question(id="first", prompt="?", kind=Number(), reference=lambda data: 1)
    with pytest.raises(QuestionError, match="no reference"):
        Question(id="20-1", prompt="?", kind=Number())
    with pytest.raises(QuestionError, match="list"):
        Question(id="20-1", prompt="?", kind=Number(), reference=lambda data: 1, hints="look there")
    with pytest.raises(Unreadable):
        Number().restore("1")
