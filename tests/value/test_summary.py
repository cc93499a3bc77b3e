import datetime as dt
import importlib.util

import numpy as np
import pandas as pd
import pytest

from crmkit.errors import CrmkitError
from crmkit.value import summary as summary_module
from crmkit.value.summary import customer_summary, holdout_split

MODEL_COLUMNS = ["repeat_days", "active_span_days", "age_days", "mean_repeat_value"]


def some_orders(seed=0, n=2000, text_ids=False):
    """Orders with several on a day, times of day, zero amounts and ids that are not close together."""
    rng = np.random.default_rng(seed)
    ids = rng.choice(rng.choice(10**6, 300, replace=False), n)
    moments = pd.Timestamp("2024-01-01") + pd.to_timedelta(rng.integers(0, 400 * 24, n), "h")
    frame = pd.DataFrame(
        {
            "customer_id": [f"K{i:06d}" for i in ids] if text_ids else ids,
            "order_date": moments.astype("datetime64[us]"),
            "turnover": rng.integers(0, 500, n) / 4,
            "margin": rng.integers(-100, 200, n) / 4,
        }
    )
    frame.index = rng.permutation(n)
    return frame


def by_hand(orders, end):
    """The same figures, one customer at a time, as slowly and plainly as can be."""
    end = pd.Timestamp(end)
    rows = []
    for customer, theirs in orders.groupby("customer_id"):
        days = theirs["order_date"].dt.normalize()
        theirs, days = theirs[days <= end], days[days <= end]
        if theirs.empty:
            continue
        repeat = theirs["turnover"][days > days.min()]
        rows.append(
            {
                "customer_id": customer,
                "orders": len(theirs),
                "purchase_days": days.nunique(),
                "repeat_days": days.nunique() - 1,
                "active_span_days": (days.max() - days.min()).days,
                "days_since_last": (end - days.max()).days,
                "age_days": (end - days.min()).days,
                "turnover": theirs["turnover"].sum(),
                "margin": theirs["margin"].sum(),
                "mean_repeat_value": repeat.sum() / max(days.nunique() - 1, 1),
            }
        )
    return pd.DataFrame(rows)


def test_the_small_case(small_case):
    # The six customers of lifetimes' own tests (tests/test_utils.py, 2015-02-07).
    summary = customer_summary(small_case, as_of="2015-02-07").set_index("customer_id")
    assert summary[MODEL_COLUMNS].to_numpy().tolist() == [
        [1, 36, 37, 2],
        [0, 0, 37, 0],
        [2, 4, 37, 3],
        [2, 20, 22, 3],
        [2, 2, 22, 4.5],
        [0, 0, 5, 0],
    ]
    assert summary["days_since_last"].tolist() == [1, 37, 33, 2, 20, 5]
    assert summary["turnover"].tolist() == [3, 2, 9, 12, 12, 5]


@pytest.mark.parametrize("text_ids", [False, True])
@pytest.mark.parametrize("end", ["2025-01-31", "2024-08-01", "2026-01-01"])
def test_it_agrees_with_one_customer_at_a_time(text_ids, end):
    orders = some_orders(text_ids=text_ids)
    summary = customer_summary(orders, end)
    expected = by_hand(orders, end)
    pd.testing.assert_frame_equal(summary[expected.columns], expected, check_dtype=False)
    assert (
        summary.attrs["later_orders"]
        == (orders["order_date"] >= pd.Timestamp(end) + pd.Timedelta("1D")).sum()
    )


def engines():
    """Make one orders table live elsewhere: name, function. Spark only where it is installed."""
    yield "polars", lambda frame: pytest.importorskip("polars").from_pandas(frame)
    yield "polars lazy", lambda frame: pytest.importorskip("polars").from_pandas(frame).lazy()
    yield "pyarrow", lambda frame: pytest.importorskip("pyarrow").Table.from_pandas(frame)
    yield "duckdb", lambda frame: pytest.importorskip("duckdb").from_df(frame)
    yield (
        "dask",
        lambda frame: pytest.importorskip("dask.dataframe").from_pandas(frame, npartitions=3),
    )


def _spark(frame):
    session = pytest.importorskip("pyspark.sql").SparkSession
    spark = (
        session.builder.master("local[2]")
        .config("spark.ui.enabled", "false")
        .config("spark.sql.shuffle.partitions", "2")
        .config("spark.sql.session.timeZone", "UTC")
        .getOrCreate()
    )
    return spark.createDataFrame(frame)


ENGINES = [*engines(), ("pyspark", _spark)]


# narwhals announces that its Dask part will move into a package of its own.
@pytest.mark.filterwarnings("ignore:Dask support is moving:FutureWarning")
@pytest.mark.parametrize(("name", "move"), ENGINES, ids=[name for name, _ in ENGINES])
@pytest.mark.parametrize("text_ids", [False, True])
def test_every_engine_gives_what_pandas_gives(name, move, text_ids):
    if name == "pyspark" and importlib.util.find_spec("pyspark") is None:
        pytest.skip("the extra `spark` is not installed here; CI installs it")
    orders = some_orders(text_ids=text_ids).reset_index(drop=True)
    moved = move(orders)
    for end in (None, "2024-08-01"):
        here, there = customer_summary(orders, end), customer_summary(moved, end)
        pd.testing.assert_frame_equal(here, there, check_dtype=False)
        assert here.attrs == there.attrs
    pd.testing.assert_frame_equal(
        holdout_split(orders, "2024-10-01"), holdout_split(moved, "2024-10-01"), check_dtype=False
    )
    margins = customer_summary(moved, value="margin")["mean_repeat_value"]
    np.testing.assert_allclose(
        margins, customer_summary(orders, value="margin")["mean_repeat_value"]
    )


@pytest.mark.filterwarnings("ignore:Dask support is moving:FutureWarning")
@pytest.mark.parametrize(
    ("name", "move"), [e for e in ENGINES if e[0] in ("polars lazy", "duckdb", "dask")]
)
def test_only_customers_come_back_from_the_engine(name, move, monkeypatch):
    orders = some_orders().reset_index(drop=True)
    fetched = []

    def fetch(frame, fetch=summary_module._pandas):
        found = fetch(frame)
        fetched.append(len(found))
        return found

    monkeypatch.setattr(summary_module, "_pandas", fetch)
    summary = customer_summary(move(orders), "2024-08-01")
    assert len(summary) < len(orders) / 5
    assert fetched == [1, 1, len(summary)]  # the facts, the orders after the end, the customers


def test_engines_that_know_dates_without_a_clock():
    duckdb = pytest.importorskip("duckdb")
    orders = some_orders().reset_index(drop=True)
    orders["order_date"] = orders["order_date"].dt.normalize()
    relation = duckdb.from_df(orders).project(
        "customer_id, order_date::date as order_date, turnover, margin"
    )
    pd.testing.assert_frame_equal(
        customer_summary(orders, "2024-09-01"),
        customer_summary(relation, "2024-09-01"),
        check_dtype=False,
    )
    plain = orders.assign(order_date=orders["order_date"].dt.date)
    pd.testing.assert_frame_equal(customer_summary(plain), customer_summary(orders))


def test_keys_of_other_kinds_give_the_same_customers():
    orders = some_orders()
    expected = customer_summary(orders)
    for kind in ("Int64", "category", "string"):
        summary = customer_summary(orders.astype({"customer_id": kind}))
        assert len(summary) == len(expected)
        assert summary["turnover"].sum() == pytest.approx(expected["turnover"].sum())
        assert summary["customer_id"].is_unique
    huge = orders.assign(customer_id=orders["customer_id"].astype("uint64") + 2**63)
    assert customer_summary(huge)["customer_id"].min() == int(orders["customer_id"].min()) + 2**63
    assert (
        customer_summary(orders.astype({"customer_id": "Int64"}))["customer_id"].tolist()
        == expected["customer_id"].tolist()
    )


def test_the_holdout_counts_only_what_comes_after_the_split(small_case):
    split = holdout_split(small_case, "2015-01-31", "2015-02-07").set_index("customer_id")
    assert split.index.tolist() == [1, 2, 3, 4, 5]
    assert split["holdout_purchase_days"].tolist() == [1, 0, 0, 2, 0]
    assert split["holdout_turnover"].tolist() == [2, 0, 0, 6, 0]
    assert split["holdout_days"].unique().tolist() == [7]
    assert split["repeat_days"].tolist() == [0, 0, 2, 0, 2]


def test_a_purchase_on_the_last_day_counts_and_is_no_days_old():
    orders = pd.DataFrame(
        {
            "customer_id": [1, 1, 2],
            "order_date": pd.to_datetime(
                ["2025-01-01 09:00", "2025-12-31 23:59", "2025-12-31 08:00"]
            ),
            "turnover": [1.0, 2.0, 3.0],
        }
    )
    summary = customer_summary(orders, "2025-12-31")
    assert summary["days_since_last"].tolist() == [0, 0]
    assert summary["age_days"].tolist() == [364, 0]
    assert summary["repeat_days"].tolist() == [1, 0]


def test_one_customer_only_and_customers_who_spent_nothing():
    orders = pd.DataFrame(
        {
            "customer_id": ["x", "x"],
            "order_date": pd.to_datetime(["2025-01-01", "2025-01-03"]),
            "turnover": [0.0, 0.0],
        },
        index=[5, 5],
    )
    summary = customer_summary(orders)
    assert len(summary) == 1
    assert summary.loc[0, MODEL_COLUMNS].tolist() == [1, 2, 2, 0]


def test_a_day_is_the_local_day():
    orders = pd.DataFrame(
        {
            "customer_id": [1, 1],
            "order_date": pd.to_datetime(["2025-06-01 00:30", "2025-06-01 23:30"]).tz_localize(
                "Europe/London"
            ),
            "turnover": [1.0, 1.0],
        }
    )
    assert customer_summary(orders)["purchase_days"].tolist() == [1]


def broken(**changes):
    frame = pd.DataFrame(
        {
            "customer_id": [1, 2],
            "order_date": pd.to_datetime(["2025-01-01", "2025-01-02"]),
            "turnover": [1.0, 2.0],
        }
    )
    return frame.assign(**changes)


@pytest.mark.parametrize(
    ("orders", "words"),
    [
        (broken(order_date=["2025-01-01", "2025-01-02"]), "to_datetime"),
        (
            broken(order_date=[pd.NaT, pd.Timestamp("2025-01-02")]),
            "order_date: 1 of 2 dates are missing, first at row 0",
        ),
        (broken(customer_id=[None, "a"]), "customer_id: 1 of 2 are missing"),
        (broken(customer_id=[1, "1"]), "mixes int and str"),
        (broken(turnover=[np.nan, 1]), "turnover: 1 of 2"),
        (broken(turnover=["1", "x"]), "not numbers"),
        (broken().drop(columns="turnover"), "turnover is missing"),
        (broken().iloc[:0], "no rows"),
        ([1, 2, 3], "no table"),
    ],
)
def test_bad_orders_are_refused_in_words(orders, words):
    with pytest.raises(CrmkitError, match=words):
        customer_summary(orders)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ("select customer_id, order_date::varchar order_date, turnover from o", "not dates"),
        ("select null::int customer_id, order_date, turnover from o", "customer_id: 2 of 2"),
        ("select customer_id, order_date, 'nan'::double turnover from o", "missing or endless"),
        ("select customer_id, order_date, turnover::varchar turnover from o", "not numbers"),
        ("select customer_id, order_date from o", "turnover is missing"),
        ("select * from o where turnover > 100", "no rows"),
    ],
)
def test_bad_orders_elsewhere_are_refused_too(change, words):
    duckdb = pytest.importorskip("duckdb")
    with duckdb.connect() as connection:
        connection.register("o", broken())
        with pytest.raises(CrmkitError, match=words):
            customer_summary(connection.sql(change))


def test_an_end_before_the_first_order_and_a_split_without_a_future_are_refused(small_case):
    with pytest.raises(CrmkitError, match=r"no order lies on or before 2014-12-31.*2015-01-01"):
        customer_summary(small_case, "2014-12-31")
    with pytest.raises(CrmkitError, match="is no date"):
        customer_summary(small_case, "last week")
    with pytest.raises(CrmkitError, match="2015 is no date"):
        customer_summary(small_case, 2015)
    with pytest.raises(CrmkitError, match="not after split"):
        holdout_split(small_case, "2015-02-01", "2015-01-01")
    with pytest.raises(CrmkitError, match="no order after split"):
        holdout_split(small_case, "2015-03-01")
    with pytest.raises(CrmkitError, match="turnover' or 'margin"):
        customer_summary(small_case, value="price")
    assert customer_summary(small_case, dt.date(2015, 2, 7)).equals(
        customer_summary(small_case, "2015-02-07")
    )
