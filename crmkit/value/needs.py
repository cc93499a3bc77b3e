"""Same value, different offer: needs segments from what lies in the basket and from what people say.

Business context: two customers who spend the same may want opposite things. Three orientations are told apart:
price-oriented (the
price decides, within a fixed limit), value-oriented (function and care decide), compound (both). Nobody wears
a label; one has
to read it from baskets (how expensive, how good, how easy, at what discount) and from surveys, and one should know
how badly that works.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from crmkit.errors import CrmkitError
from crmkit.inputs import first_few, need_columns, need_frame, need_numbers

BASKET = ("price_level", "quality", "ease", "advice", "discount_rate")
"""The columns of :func:`basket_features` that say how somebody buys, not how much."""

ORIENTATIONS = ("price", "compound", "value")
"""The three orientations, from the cheapest basket to the most expensive. 价格导向, 复合型, 价值导向."""


def basket_features(
    order_lines: pd.DataFrame, orders: pd.DataFrame, products: pd.DataFrame
) -> pd.DataFrame:
    """Describe how each customer chooses, category by category, whatever they need and however much they buy.

    A cheap lamp costs more than an expensive screw. So every product is compared with the mean of its own category.

    Parameters
    ----------
    order_lines
        ``order_id``, ``product_id``, ``quantity``, ``unit_price``, ``discount``.
    orders
        ``order_id``, ``customer_id``.
    products
        ``product_id``, ``category``, ``price``, ``quality``, ``ease``, ``advice``.

    Returns
    -------
    DataFrame
        One row per customer, indexed by ``customer_id``: ``lines`` (count), ``price_level`` (mean of log price
        less that of the
        category: 0.1 is about 10 % more expensive), ``quality``, ``ease``, ``advice`` (points above the category's
        mean), ``discount_rate``
        (share of the list price).

    Raises
    ------
    CrmkitError
        A column is missing; an order line names an unknown product or order.

    Examples
    --------
    >>> products = pd.DataFrame({
    ...     "product_id": [1, 2], "category": "lamps", "price": [10.0, 40.0], "quality": [2, 4], "ease": 3, "advice": 1
    ... })
    >>> lines = pd.DataFrame(
    ...     {"order_id": [1], "product_id": [2], "quantity": [1], "unit_price": [40.0], "discount": [4.0]}
    ... )
    >>> orders = pd.DataFrame({"order_id": [1], "customer_id": [7]})
    >>> basket_features(lines, orders, products).round(2).to_dict("list")
    {'lines': [1], 'price_level': [0.69], 'quality': [1.0], 'ease': [0.0], 'advice': [0.0], 'discount_rate': [0.1]}
    """
    traits = ["quality", "ease", "advice"]
    columns = ["order_id", "product_id", "quantity", "unit_price", "discount"]
    need_columns(order_lines, columns, "order_lines")
    orders = need_columns(orders, ["order_id", "customer_id"], "orders")
    need_columns(products, ["product_id", "category", "price", *traits], "products")
    catalogue = products.set_index("product_id")[["category", "price", *traits]].copy()
    catalogue["price_level"] = np.log(
        need_numbers(catalogue["price"], "products, column price", minimum=0.001)
    )
    compared = ["price_level", *traits]
    catalogue[compared] = catalogue[compared] - catalogue.groupby("category")[compared].transform(
        "mean"
    )
    for column, known in (("product_id", catalogue.index), ("order_id", orders["order_id"])):
        strange = ~order_lines[column].isin(known)
        if strange.any():
            raise CrmkitError(
                f"order_lines, column {column}: {int(strange.sum())} lines name a {column} that is in no other "
                f"table, first "
                f"{first_few(order_lines.loc[strange, column].unique())}. Set those lines aside, and say how many."
            )
    lines = order_lines[columns].join(catalogue[compared], on="product_id")
    lines["customer_id"] = lines["order_id"].map(orders.set_index("order_id")["customer_id"])
    lines["list_price"] = lines["quantity"] * lines["unit_price"]
    groups = lines.groupby("customer_id")
    features = groups[compared].mean()
    features.insert(0, "lines", groups.size())
    features["discount_rate"] = groups["discount"].sum() / groups["list_price"].sum().replace(
        0, np.nan
    )
    return features.fillna({"discount_rate": 0.0})


def survey_scores(tasks: pd.DataFrame, needs: pd.DataFrame) -> pd.DataFrame:
    """Count, for each of the four C, how often a person named its needs best, less how often worst.

    Parameters
    ----------
    tasks
        ``customer_id``, ``best``, ``worst`` (names of needs).
    needs
        ``need``, ``c`` (solution, cost, convenience, communication).

    Returns
    -------
    DataFrame
        One row per person, indexed by ``customer_id``, one column per C.

    Raises
    ------
    CrmkitError
        A column is missing, or a task names an unknown need.

    Examples
    --------
    >>> tasks = pd.DataFrame({"customer_id": [1, 1], "best": ["fit", "cheap"], "worst": ["cheap", "near"]})
    >>> needs = pd.DataFrame({"need": ["fit", "cheap", "near"], "c": ["solution", "cost", "convenience"]})
    >>> survey_scores(tasks, needs).to_dict("list")
    {'convenience': [-1], 'cost': [0], 'solution': [1]}
    """
    need_columns(tasks, ["customer_id", "best", "worst"], "tasks")
    need_columns(needs, ["need", "c"], "needs")
    of = needs.set_index("need")["c"]
    named = pd.concat(
        [
            pd.DataFrame(
                {"customer_id": tasks["customer_id"], "need": tasks[column], "points": points}
            )
            for column, points in (("best", 1), ("worst", -1))
        ],
        ignore_index=True,
    )
    named["c"] = named["need"].map(of)
    if named["c"].isna().any():
        raise CrmkitError(
            f"tasks: unknown need {first_few(named.loc[named['c'].isna(), 'need'].unique())}."
        )
    return named.pivot_table(
        index="customer_id", columns="c", values="points", aggfunc="sum", fill_value=0
    ).rename_axis(columns=None)


def find_segments(features: pd.DataFrame, k: int = 3, *, seed: int = 0) -> pd.Series:
    """Find groups of customers who choose alike: k-means on standardised columns.

    k-means always finds `k` groups, whether there are any or not. Compare them with something outside: other
    years, a survey, the truth.

    Parameters
    ----------
    features
        One row per customer, numbers only.
    k
        How many groups.
    seed
        Of the starts.

    Returns
    -------
    Series
        0 to ``k - 1`` on the index of `features`, numbered from the largest group to the smallest.

    Raises
    ------
    CrmkitError
        A value is missing, or there are fewer different customers than groups.

    Notes
    -----
    Nothing is trimmed. Shares and a price level have no far outliers: on the baskets of three companies 4 to 6 of 1,588
    to 2,736 customers lie beyond four standard deviations, no group is small (25 % at least), and cutting the columns
    at their 1st and 99th hundredth moves agreement with the truth by .003 (adjusted Rand index .163 to .192). Of money
    or counts take logarithms first, or the largest customers become a group of their own.

    Examples
    --------
    >>> find_segments(pd.DataFrame({"price_level": [0.0, 0.1, 5.0, 5.1, 5.2]}), k=2).tolist()
    [1, 1, 0, 0, 0]
    """
    from sklearn.cluster import KMeans
    from threadpoolctl import threadpool_limits  # comes with scikit-learn

    need_frame(features, "features")
    table = np.column_stack(
        [need_numbers(features[c], f"features, column {c}") for c in features.columns]
    )
    if not 2 <= k <= len(np.unique(table, axis=0)):
        raise CrmkitError(
            f"k is a number of groups between 2 and the number of different customers "
            f"({len(np.unique(table, axis=0))}), not {k!r}."
        )
    spread = table.std(axis=0)
    table = (table - table.mean(axis=0)) / np.where(spread > 0, spread, 1)
    with threadpool_limits(
        1
    ):  # the same sums in the same order on every machine, and faster on a busy one
        found = KMeans(k, n_init=10, random_state=seed).fit_predict(table)
    order = np.argsort(-np.bincount(found, minlength=k), kind="stable")
    return pd.Series(np.argsort(order)[found], index=features.index, name="segment")


def name_orientations(segments: pd.Series, price_level: pd.Series) -> pd.Series:
    """Name three found segments by the prices that their customers pay: price, compound, value.

    Parameters
    ----------
    segments
        Three different labels.
    price_level
        On the same index: higher is more expensive. Cost named *less* often as important serves as well.

    Returns
    -------
    Series
        ``"price"``, ``"compound"`` or ``"value"``.

    Raises
    ------
    CrmkitError
        There are not exactly three segments.

    Examples
    --------
    >>> name_orientations(pd.Series([0, 1, 2]), pd.Series([0.3, -0.4, 0.0])).tolist()
    ['value', 'price', 'compound']
    """
    if segments.nunique() != 3:
        raise CrmkitError(f"Three segments can be named so, not {segments.nunique()}.")
    order = price_level.groupby(segments).mean().sort_values(kind="stable").index
    return segments.map(dict(zip(order, ORIENTATIONS, strict=True))).rename("orientation")


def naive_split(values: object, k: int = 3) -> pd.Series:
    """Split customers into `k` equal parts by one number: what a segmentation must beat to earn its name.

    Parameters
    ----------
    values
        One number per customer.
    k
        How many parts.

    Returns
    -------
    Series
        0 (lowest) to ``k - 1``; equals stay together.

    Examples
    --------
    >>> naive_split([5, 1, 9]).tolist()
    [1, 0, 2]
    """
    from crmkit.value.rfm import quantile_score

    return (quantile_score(values, k) - 1).rename("part")


def recovery(found: pd.Series, truth: pd.Series) -> pd.Series:
    """Hold found segments against the true ones: adjusted Rand index, and how many would be served right.

    The adjusted Rand index is 1 for the same groups (whatever they are called), and 0 on average for groups
    drawn by chance (Hubert & Arabie
    1985, Journal of Classification 2).

    Parameters
    ----------
    found
        A label per customer.
    truth
        The true label; on the index of `found`, or more.

    Returns
    -------
    Series
        ``customers``, ``adjusted_rand``, ``right`` (share of the customers in a segment that is matched with
        their true one, under the best
        matching), ``largest`` (share that is right if all are put into the largest true group).

    Raises
    ------
    CrmkitError
        A customer has no true label.

    Examples
    --------
    >>> recovery(pd.Series([0, 0, 1, 1]), pd.Series(["a", "a", "b", "b"])).to_dict()
    {'customers': 4.0, 'adjusted_rand': 1.0, 'right': 1.0, 'largest': 0.5}
    """
    from scipy.optimize import linear_sum_assignment
    from sklearn.metrics import adjusted_rand_score

    true = truth.reindex(found.index)
    if true.isna().any():
        raise CrmkitError(
            f"truth: {int(true.isna().sum())} customers have none, first {first_few(true.index[true.isna()])}."
        )
    table = pd.crosstab(found.to_numpy(), true.to_numpy()).to_numpy()
    rows, columns = linear_sum_assignment(-table)
    return pd.Series(
        {
            "customers": float(len(found)),
            "adjusted_rand": float(adjusted_rand_score(true, found)),
            "right": table[rows, columns].sum() / len(found),
            "largest": table.sum(axis=0).max() / len(found),
        }
    )
