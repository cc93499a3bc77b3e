"""One customer, several records: find the records that belong together, and join them into one profile.

A till, a web shop and an app each keep a list of their own, so a good customer may look like three small ones. No field
proves that two records are of one person: addresses change, names are shared, telephone numbers too. Fellegi and
Sunter (1969) weigh the evidence: how much likelier is it that two records agree like this if they are of one person
than if they are of two? The logarithms (base 2) of these ratios are the weights of evidence, and they add up over the
fields. The ratios are learnt without a truth, from the records themselves, by the EM algorithm (Winkler 1988).

The way through: `tidy_records` → `candidate_pairs` → `compare_pairs` → `fit_match_weights` → `score_pairs` →
`link_records` → `customer_profile`. `linkage_quality` compares the result with the truth where there is one,
`judged_sample` estimates its two rates where there is none, `threshold_costs` says which threshold is cheapest and how
sure that is, `two_lists` whom a list of records hides, and
`under_records` puts Fernwell's tables back to what its systems had written before anyone joined them.

Sources: I. P. Fellegi and A. B. Sunter, "A Theory for Record Linkage", JASA 64 (1969) 1183-1210; W. E. Winkler, "Using
the EM Algorithm for Weight Computation in the Fellegi-Sunter Model of Record Linkage", Proceedings of the Section
on Survey Research Methods, ASA (1988) 667-671; P. Christen, "Data Matching" (Springer 2012).
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from crmkit.companies import money
from crmkit.errors import CrmkitError
from crmkit.inputs import first_few, need_columns, need_frame, need_numbers
from crmkit.say import say
from crmkit.value.linking import (
    judged_sample,
    link_records,
    linkage_by_field,
    linkage_by_threshold,
    linkage_quality,
    threshold_costs,
    under_records,
)
from crmkit.value.matching import MatchModel, fit_match_weights, score_pairs
from crmkit.value.needs import basket_features
from crmkit.value.pieces import two_lists
from crmkit.value.records import FIELDS, candidate_pairs, compare_pairs, random_pairs, tidy_records

__all__ = [
    "FIELDS",
    "MatchModel",
    "candidate_pairs",
    "compare_pairs",
    "customer_profile",
    "fit_match_weights",
    "judged_sample",
    "link_records",
    "linkage_by_field",
    "linkage_by_threshold",
    "linkage_quality",
    "profile_card",
    "random_pairs",
    "score_pairs",
    "threshold_costs",
    "tidy_records",
    "two_lists",
    "under_records",
]

#: What stands on a customer's card, and under which heading.
_CARD = {
    "who": ("name", "email", "phone", "postcode", "systems"),
    "value": ("orders", "turnover", "margin"),
    "behaviour": ("first_order", "last_order", "favourite"),
    "need": ("price_level", "quality", "ease", "advice", "discount_rate"),
}


def customer_profile(
    records: pd.DataFrame,
    person: pd.Series,
    orders: pd.DataFrame,
    *,
    activity: pd.DataFrame | None = None,
    order_lines: pd.DataFrame | None = None,
    products: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Join the records of each person and what stands under them: value, behaviour and need, one row per person.

    Parameters
    ----------
    records
        As the systems have them (not tidied), with ``created``.
    person
        From `link_records`.
    orders
        ``record_id``, ``order_date``, ``turnover``; ``margin`` too if it is to be summed, and ``order_id`` for the
        need.
    activity
        What else the systems wrote down, such as log-ins, enquiries and reviews: ``record_id`` and columns of numbers,
        any number of rows per record. They are summed; nothing written counts as 0.
    order_lines, products
        As for `crmkit.value.needs.basket_features`: how somebody chooses says what they need.

    Returns
    -------
    DataFrame
        Index ``person``. Who: ``records``, ``systems`` ("shop + web"), ``name``, ``email``, ``phone``, ``postcode``
        (of each the newest that is not missing; of the names the longest, because an initial says less). Value:
        ``orders``, ``turnover``, ``margin`` (0 where nothing was bought). Behaviour: ``first_order``, ``last_order``,
        ``favourite`` (the system most orders came through; missing where nothing was bought), the columns of
        `activity`. Need: the columns of `basket_features` (missing where nothing was bought). Rows of unknown records
        are counted in ``attrs["orders_without_record"]`` and ``attrs["activity_without_record"]``.

    Raises
    ------
    CrmkitError
        Where a column is missing or holds no numbers, or records stand twice.

    Examples
    --------
    >>> rows = [
    ...     ["S1", "shop", "A. Hill", None, "0114 496 0777", "M21 6XS", "2024-01-02"],
    ...     ["W1", "web", "Ann Hill", "ann@example.org", None, "M21 6XS", "2025-03-04"],
    ... ]
    >>> records = pd.DataFrame(rows, columns=["record_id", "system", *FIELDS, "created"])
    >>> orders = pd.DataFrame({"record_id": ["S1", "W1"], "order_date": ["2024-01-02", "2025-03-04"],
    ...                        "turnover": [20.0, 30.0]})
    >>> found = customer_profile(records, pd.Series({"S1": 0, "W1": 0}), orders)
    >>> found.loc[0, ["systems", "name"]].tolist()
    ['shop + web', 'Ann Hill']
    """
    need_columns(records, ["record_id", "system", *FIELDS, "created"], "records")
    orders = need_columns(orders, ["record_id", "order_date", "turnover"], "orders")
    for values, what in ((records["record_id"], "records"), (person.index, "person")):
        if pd.Index(values).has_duplicates:
            twice = pd.Index(values)[pd.Index(values).duplicated()].unique()
            raise CrmkitError(f"{what}: record_id {first_few(twice)} stands more than once.")
    known = records.assign(person=records["record_id"].map(person)).dropna(subset="person")
    known = known.assign(
        person=known["person"].astype(int),
        length=known["name"].str.replace(".", "", regex=False).str.len(),
    )
    newest = known.sort_values("created", kind="stable").groupby("person")
    longest = known.sort_values(["length", "created"], kind="stable").groupby("person")
    profile = pd.DataFrame(
        {
            "records": newest.size(),
            "systems": newest["system"].agg(lambda names: " + ".join(sorted(set(names)))),
            "name": longest["name"].last(),
            **{field: newest[field].last() for field in ("email", "phone", "postcode")},
        }
    )
    money = [column for column in ("turnover", "margin") if column in orders]
    for column in money:
        need_numbers(orders[column], f"orders, column {column}", empty=True)
    bought = orders.assign(
        person=orders["record_id"].map(person),
        system=orders["record_id"].map(records.set_index("record_id")["system"]),
    )
    inside = bought.dropna(subset="person")
    by_person = inside.groupby("person")
    value = by_person[money].sum()
    value.insert(0, "orders", by_person.size())
    value["first_order"], value["last_order"] = (
        by_person["order_date"].min(),
        by_person["order_date"].max(),
    )
    counts = inside.groupby(["person", "system"]).size().sort_values(kind="stable")
    value["favourite"] = counts.reset_index().groupby("person")["system"].last()
    profile = profile.join(value)
    profile[["orders", *money]] = profile[["orders", *money]].fillna(0)
    profile["orders"] = profile["orders"].astype(int)
    lost = {"orders_without_record": int(bought["person"].isna().sum())}
    if activity is not None:
        done, lost["activity_without_record"] = _sum_of_activity(activity, person)
        profile = profile.join(done)
        profile[done.columns] = profile[done.columns].fillna(0)
    if order_lines is not None and products is not None:
        own = inside.assign(customer_id=inside["person"].astype(int))
        lines = need_frame(order_lines, "order_lines")
        need_columns(own, ["order_id"], "orders")
        need_columns(lines, ["order_id"], "order_lines")
        need = basket_features(lines[lines["order_id"].isin(own["order_id"])], own, products)
        profile = profile.join(need)
    profile.attrs.update(lost)
    return profile


def profile_card(profile: pd.DataFrame, person: int) -> pd.DataFrame:
    """Show one person's profile as an agent would want it: who, value, behaviour, need.

    Parameters
    ----------
    profile
        From `customer_profile`.
    person
        Which person: a value of its index.

    Returns
    -------
    DataFrame
        Index: heading and what it is; column ``profile`` as text. Money with the company's sign, days without hours,
        measures of need with two decimals, "unknown" where nothing is known. Columns of `profile` with another name
        (log-ins, enquiries) stand under behaviour.

    Raises
    ------
    CrmkitError
        Nobody has that number.

    Examples
    --------
    >>> rows = [["S1", "shop", "A. Hill", None, None, None, "2024-01-02"]]
    >>> records = pd.DataFrame(rows, columns=["record_id", "system", *FIELDS, "created"])
    >>> orders = pd.DataFrame({"record_id": ["S1"], "order_date": ["2024-01-02"], "turnover": [20.0]})
    >>> card = profile_card(customer_profile(records, pd.Series({"S1": 0}), orders), 0)["profile"]
    >>> card["who", "name"], card["who", "phone"], card["behaviour", "last_order"]
    ('A. Hill', 'unknown', '2024-01-02')
    """
    if person not in profile.index:
        raise CrmkitError(f"profile: there is no person {person!r}.")
    known = {column for columns in _CARD.values() for column in columns}
    more = [c for c in profile.columns if c not in known and c not in ("records", "lines")]
    row = profile.loc[person]
    card = {
        (part, column): _as_said(column, row[column], part)
        for part, columns in _CARD.items()
        for column in (*columns, *(more if part == "behaviour" else ()))
        if column in profile.columns
    }
    return pd.Series(card, name="profile").to_frame()


def _as_said(column: str, value: Any, part: str) -> str:
    """Write one entry of a card as text."""
    if pd.isna(value):
        return say("unknown")
    if column in ("turnover", "margin"):
        return money(float(value))
    if column.endswith("_order"):
        return f"{pd.Timestamp(value):%Y-%m-%d}"
    if part == "need":
        return f"{value:+.2f}" if column != "discount_rate" else f"{value:.0%}"
    if isinstance(value, float | np.floating):
        return f"{value:,.0f}"
    return str(value)


def _sum_of_activity(activity: pd.DataFrame, person: pd.Series) -> tuple[pd.DataFrame, int]:
    """Give the sums of each person, and the number of rows that belong to no known record."""
    need_columns(activity, ["record_id"], "activity")
    columns = [column for column in activity.columns if column != "record_id"]
    for column in columns:
        need_numbers(activity[column].fillna(0), f"activity, column {column}", empty=True)
    whose = activity["record_id"].map(person)
    return activity[columns].groupby(whose).sum(), int(whose.isna().sum())
