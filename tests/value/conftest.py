"""Data that several tests of this room use."""

from importlib.util import find_spec
from pathlib import Path

import pandas as pd
import pytest


@pytest.fixture(scope="session")
def cdnow():
    """The CDNOW 1/10 sample of purchases, from the package `lifetimes` (its file only, nothing imported).

    Its columns are: id in the full data, id in the sample, date, CDs bought, dollars.
    """
    package = Path(find_spec("lifetimes").origin).parent
    lines = (package / "datasets" / "CDNOW_sample.txt").read_text().splitlines()
    rows = [line.split() for line in lines if line.strip()]
    return pd.DataFrame(
        {
            "customer_id": [int(row[1]) for row in rows],
            "order_date": pd.to_datetime([row[2] for row in rows], format="%Y%m%d"),
            "turnover": [float(row[4]) for row in rows],
        }
    )


@pytest.fixture
def small_case():
    """The small case of lifetimes' tests: six customers until 2015-02-07, every answer known by hand."""
    rows = [
        (1, "01-01", 1),
        (1, "02-06", 2),
        (2, "01-01", 2),
        (3, "01-01", 3),
        (3, "01-02", 1),
        (3, "01-05", 5),
        (4, "01-16", 6),
        (4, "02-02", 3),
        (4, "02-05", 3),
        (5, "01-16", 3),
        (5, "01-17", 1),
        (5, "01-18", 8),
        (6, "02-02", 5),
    ]
    frame = pd.DataFrame(rows, columns=["customer_id", "order_date", "turnover"])
    frame["order_date"] = pd.to_datetime("2015-" + frame["order_date"])
    frame["turnover"] = frame["turnover"].astype(float)
    return frame
