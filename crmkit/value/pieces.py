"""Good customers in pieces: whom a list of records hides. See `crmkit.value.profile`."""

from __future__ import annotations

from typing import Literal

import numpy as np
import pandas as pd

from crmkit.errors import CrmkitError
from crmkit.inputs import first_few, need_columns, need_count
from crmkit.value.certainty import list_certainty


def two_lists(
    bought: pd.DataFrame,
    owner: pd.Series,
    *,
    top: int = 50,
    of: Literal["margin", "turnover"] = "margin",
    draws: int = 200,
    seed: int | np.random.Generator = 0,
) -> pd.DataFrame:
    """Compare the list of the best customers with the list of the best records, and say how sure each name is.

    How sure a customer's place among the best is, the draws of `list_certainty` say: the same customers, their orders
    dealt again.

    Parameters
    ----------
    bought
        Orders under records (`under_records`): ``record_id``, ``turnover``, ``margin``. Orders under no record are
        left out; ``attrs["orders_without_record"]`` counts them.
    owner
        The customer of each record, true or found; index ``record_id``.
    top
        Length of both lists.
    of
        By what both are ranked.
    draws
        How often the orders are dealt.
    seed
        Whole number or generator.

    Returns
    -------
    DataFrame
        Index ``customer_id``, best first: everybody who is on one of the two lists. ``whole`` (all records together),
        ``largest`` (the largest record), ``on_joined`` (among the best customers), ``on_records`` (a record among the
        best records), ``share_of_draws`` (0 to 1: in how many draws among the best customers). Equals share places.

    Raises
    ------
    CrmkitError
        A column is missing, a record has no customer, `top` is longer than the list of customers.

    Examples
    --------
    >>> bought = pd.DataFrame({"record_id": ["S1", "W1", "S2"], "turnover": 9.0, "margin": [4.0, 3.0, 5.0]})
    >>> found = two_lists(bought, pd.Series({"S1": 7, "W1": 7, "S2": 8}), top=1)
    >>> found[["whole", "on_joined", "on_records"]].to_numpy().tolist()
    [[7.0, True, False], [5.0, False, True]]
    """
    need_columns(bought, ["record_id", "turnover", "margin"], "bought")
    need_count(top, "top, the length of the lists,")
    known = bought.dropna(subset="record_id")
    whose = known["record_id"].map(owner)
    if whose.isna().any():
        raise CrmkitError(
            f"owner: records {first_few(known.loc[whose.isna(), 'record_id'].unique())} have no customer."
        )
    orders = known.assign(customer_id=whose.astype(owner.dtype), margin=known[of])
    certain = list_certainty(orders, top=top, draws=draws, seed=seed)
    records = orders.groupby(["customer_id", "record_id"])["margin"].sum()
    best = records[records.rank(method="min", ascending=False) <= top]
    table = pd.DataFrame(
        {
            "whole": certain["profit"],
            "largest": records.groupby(level="customer_id").max().reindex(certain.index),
            "on_joined": certain["on_list"],
            "on_records": certain.index.isin(best.index.get_level_values("customer_id")),
            "share_of_draws": certain["share_of_draws"],
        }
    )
    table = table[table["on_joined"] | table["on_records"]]
    table.attrs["orders_without_record"] = len(bought) - len(known)
    return table
