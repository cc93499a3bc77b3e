"""Who falls asleep, who wakes, and why level sales can hide a leak: flows between states, and the leaky bucket.

Problem
    A shop that loses a hundred customers a week and wins a hundred looks level. It has paid for a hundred
    new customers to stand still.
    The count of customers is a stock; what costs money is the flow.

Sources
    Flows are a Markov chain's transition counts. The bucket's balance: stock = inflow / outflow rate.
    Break-even of keeping against winning
    follows Blattberg & Deighton (1996), "Manage marketing by the customer equity test", HBR 74(4), in its
    simplest form.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from crmkit.errors import CrmkitError
from crmkit.inputs import Moment, need_date, need_dates, need_known, need_numbers, need_rows
from crmkit.reactivation.states import STATES, Thresholds


def month_ends(
    orders: pd.DataFrame, first: Moment | None = None, last: Moment | None = None
) -> pd.DatetimeIndex:
    """List the month ends inside the data, or between two days.

    Examples
    --------
    >>> month_ends(pd.DataFrame({"order_date": ["2025-01-15", "2025-03-31"]})).strftime("%m-%d").tolist()
    ['01-31', '02-28', '03-31']
    """
    dates = need_dates(need_rows(orders, ["order_date"], "orders")["order_date"], "order_date")
    begin = dates.min() if first is None else need_date(first)
    end = dates.max() if last is None else need_date(last)
    ends = pd.date_range(begin, end, freq="ME")
    if not len(ends):
        raise CrmkitError(f"No month ends between {begin:%Y-%m-%d} and {end:%Y-%m-%d}.")
    return ends


def monthly_states(
    orders: pd.DataFrame,
    thresholds: Thresholds,
    *,
    first: Moment | None = None,
    last: Moment | None = None,
) -> pd.DataFrame:
    """Say in which state each customer is at each month's end, by days of silence.

    Parameters
    ----------
    orders
        ``customer_id``, ``order_date``.
    thresholds
        In days.
    first, last
        Months to cover. Default: all.

    Returns
    -------
    DataFrame
        Index ``customer_id``, one column per month end, values 0 to 3 (place in ``STATES``), -1 before the
        first purchase.

    Examples
    --------
    >>> orders = pd.DataFrame({"customer_id": 1, "order_date": ["2025-01-31", "2025-04-30"]})
    >>> monthly_states(orders, Thresholds(20, 50, 80)).iloc[0].tolist()
    [0, 1, 2, 0]
    """
    orders = need_rows(orders, ["customer_id", "order_date"], "orders")
    need_known(orders["customer_id"], "customer_id")
    ends = month_ends(orders, first, last)
    dates = need_dates(orders["order_date"], "order_date")
    who, names = pd.factorize(orders["customer_id"], sort=True)
    day = (dates - pd.Timestamp("1970-01-01")).dt.days.to_numpy()
    codes = np.full((len(names), len(ends)), -1, dtype=np.int8)
    for column, end in enumerate((ends - pd.Timestamp("1970-01-01")).days):
        latest = np.full(len(names), -1)
        seen = day <= end
        np.maximum.at(latest, who[seen], day[seen])
        known = latest >= 0
        codes[known, column] = np.searchsorted(thresholds.cuts, end - latest[known], side="right")
    return pd.DataFrame(codes, index=pd.Index(names, name="customer_id"), columns=ends)


def state_flows(states: pd.DataFrame) -> pd.DataFrame:
    """Count who moved from which state to which, from each month end to the next.

    Parameters
    ----------
    states
        From :func:`monthly_states`.

    Returns
    -------
    DataFrame
        One row per month and move that happened: ``month`` (end), ``from_state`` ("new" for a first
        purchase), ``to_state``, ``customers``.

    Examples
    --------
    >>> states = pd.DataFrame([[0, 1], [-1, 0]], columns=pd.to_datetime(["2025-01-31", "2025-02-28"]))
    >>> state_flows(states)[["from_state", "to_state", "customers"]].values.tolist()
    [['new', 'awake', 1], ['awake', 'drowsy', 1]]
    """
    names = ["new", *STATES]
    codes = states.to_numpy()
    rows = []
    for column in range(1, codes.shape[1]):
        now = codes[:, column] >= 0
        table = np.zeros((5, 4), dtype=int)
        np.add.at(table, (codes[now, column - 1] + 1, codes[now, column]), 1)
        rows += [
            (states.columns[column], names[i], STATES[j], table[i, j])
            for i in range(5)
            for j in range(4)
            if table[i, j]
        ]
    return pd.DataFrame(rows, columns=["month", "from_state", "to_state", "customers"])


def bucket(flows: pd.DataFrame, asleep: str = "asleep") -> pd.DataFrame:
    """Sum the flows up to a bucket: what runs in at the top, what leaks, what comes back.

    Parameters
    ----------
    flows
        From :func:`state_flows`.
    asleep
        The state that counts as out of the bucket.

    Returns
    -------
    DataFrame
        One row per month: ``month``, ``new``, ``woke`` (left sleep), ``fell_asleep``, ``net`` (new + woke -
        fell_asleep), ``in_bucket`` (customers not
        asleep at its end).

    Examples
    --------
    >>> states = pd.DataFrame([[0, 3], [-1, 0]], columns=pd.to_datetime(["2025-01-31", "2025-02-28"]))
    >>> bucket(state_flows(states))[["new", "fell_asleep", "net"]].values.tolist()
    [[1, 1, 0]]
    """
    need_rows(flows, ["month", "from_state", "to_state", "customers"], "flows")
    inside = flows["to_state"] != asleep
    parts = {
        "new": inside & (flows["from_state"] == "new"),
        "woke": inside & (flows["from_state"] == asleep),
        "fell_asleep": ~inside & (flows["from_state"] != asleep),
        "in_bucket": inside,
    }
    table = pd.DataFrame(
        {n: flows[m].groupby("month")["customers"].sum() for n, m in parts.items()}
    )
    table = table.reindex(pd.Index(flows["month"].unique(), name="month")).fillna(0).astype(int)
    table.insert(3, "net", table["new"] + table["woke"] - table["fell_asleep"])
    return table.reset_index()


def run_bucket(
    start: float,
    won_a_month: float,
    leak: float,
    *,
    woken: float = 0.0,
    win_cost: float = 0.0,
    months: int = 24,
) -> pd.DataFrame:
    """Run a leaky bucket forward: a stock, a tap, a hole.

    Parameters
    ----------
    start
        Customers awake at the start.
    won_a_month
        New customers a month.
    leak
        Share of the awake who fall asleep in a month.
    woken
        Share of the sleepers who wake in a month.
    win_cost
        £ to win one new customer.
    months

    Returns
    -------
    DataFrame
        ``month`` (0 to `months`), ``awake``, ``asleep`` (those lost since the start), ``fell_asleep``,
        ``woke``, ``won`` in the month, ``spent`` (£ so far on winning),
        ``replaced`` (£ of it that only filled up the leak).

    Raises
    ------
    CrmkitError
        Negative numbers, or rates above 1.

    Examples
    --------
    >>> run_bucket(1000, 100, 0.1, win_cost=30, months=2)[["awake", "spent", "replaced"]].iloc[-1].tolist()
    [1000.0, 6000.0, 6000.0]
    """
    if min(start, won_a_month, win_cost, months) < 0 or not (0 <= leak <= 1 and 0 <= woken <= 1):
        raise CrmkitError(
            "run_bucket: numbers must not be negative, and leak and woken are shares between 0 and 1."
        )
    awake, asleep, spent, replaced = float(start), 0.0, 0.0, 0.0
    rows = [(0, awake, asleep, 0.0, 0.0, 0.0, 0.0, 0.0)]
    for month in range(1, months + 1):
        lost, woke = awake * leak, asleep * woken
        awake, asleep = awake - lost + woke + won_a_month, asleep + lost - woke
        spent += won_a_month * win_cost
        replaced += min(won_a_month, max(lost - woke, 0.0)) * win_cost
        rows.append((month, awake, asleep, lost, woke, float(won_a_month), spent, replaced))
    columns = ["month", "awake", "asleep", "fell_asleep", "woke", "won", "spent", "replaced"]
    return pd.DataFrame(rows, columns=columns)


def cost_of_one(
    acquisition: pd.DataFrame, customers: pd.DataFrame, *, by: str | None = None
) -> pd.DataFrame:
    """Divide what was spent on winning customers by the customers won.

    Parameters
    ----------
    acquisition
        ``month`` (any day in it), ``acquisition_channel``, ``spend`` (£).
    customers
        ``customer_since``, ``acquisition_channel``.
    by
        ``"acquisition_channel"`` for one row per channel.

    Returns
    -------
    DataFrame
        ``spend``, ``customers``, ``cost_of_one`` (£); indexed by `by`, or one row "all". Only customers who
        joined between the first and the last
        month of `acquisition` are counted.

    Examples
    --------
    >>> spend = pd.DataFrame({"month": ["2025-01-01"], "acquisition_channel": ["search"], "spend": [90.0]})
    >>> joined = pd.DataFrame({"customer_since": ["2025-01-09"] * 3, "acquisition_channel": ["search"] * 3})
    >>> cost_of_one(spend, joined)["cost_of_one"].tolist()
    [30.0]
    """
    need_rows(acquisition, ["month", "acquisition_channel", "spend"], "acquisition")
    need_rows(customers, ["customer_since", "acquisition_channel"], "customers")
    need_numbers(acquisition["spend"], "spend", minimum=0)
    month = need_dates(acquisition["month"], "month").dt.to_period("M")
    joined = need_dates(customers["customer_since"], "customer_since").dt.to_period("M")
    inside = customers[(joined >= month.min()) & (joined <= month.max())]
    if by is None:
        table = pd.DataFrame(
            {"spend": [acquisition["spend"].sum()], "customers": [len(inside)]}, index=["all"]
        )
    else:
        table = pd.DataFrame(
            {
                "spend": acquisition.groupby(by)["spend"].sum(),
                "customers": inside.groupby(by).size(),
            }
        ).fillna(0)
    table["cost_of_one"] = table["spend"] / table["customers"].where(table["customers"] > 0)
    return table


def break_even(
    win_cost: float, win_value: float, wake_cost: float, wake_value: float, uplift: float
) -> dict[str, float | str]:
    """Compare a pound spent on waking a sleeper with a pound spent on winning a stranger.

    Parameters
    ----------
    win_cost, win_value
        £ to win one new customer, and £ margin that a new customer then brings.
    wake_cost, wake_value
        £ a contact with a sleeper, and £ margin that a woken one then brings.
    uplift
        Share of those contacted who return *because of* the contact (from an experiment).

    Returns
    -------
    dict
        ``cost_of_one_woken`` (wake_cost / uplift), ``times`` (cost of one won over cost of one woken: the
        "10 times" of the rule of thumb),
        ``won_per_pound``, ``woken_per_pound`` (£ margin per £ spent), ``break_even_uplift`` (uplift from
        which waking brings more a pound), ``ahead``
        ("waking" or "winning").

    Raises
    ------
    CrmkitError
        Costs or values not above 0.

    Examples
    --------
    >>> break_even(50, 100, 2, 60, 0.05)["cost_of_one_woken"]
    40.0
    """
    if min(win_cost, win_value, wake_cost, wake_value) <= 0:
        raise CrmkitError("break_even: costs and values must be above 0.")
    woken = wake_cost / uplift if uplift > 0 else np.inf
    per_won, per_woken = win_value / win_cost, uplift * wake_value / wake_cost
    return {
        "cost_of_one_woken": woken,
        "times": win_cost / woken,
        "won_per_pound": per_won,
        "woken_per_pound": per_woken,
        "break_even_uplift": per_won * wake_cost / wake_value,
        "ahead": "waking" if per_woken > per_won else "winning",
    }


def share_moves(flows: pd.DataFrame) -> pd.DataFrame:
    """Give where customers of each state are one month later, as shares of each hundred of them.

    Parameters
    ----------
    flows
        From :func:`state_flows`.

    Returns
    -------
    DataFrame
        One row per state at a month's end (index ``from_state``), one column per state a month later; each row adds up
        to 1 (states that nobody was in are missing).

    Examples
    --------
    >>> states = pd.DataFrame([[0, 1], [0, 0]], columns=pd.to_datetime(["2025-01-31", "2025-02-28"]))
    >>> share_moves(state_flows(states)).loc["awake", ["awake", "drowsy"]].tolist()
    [0.5, 0.5]
    """
    need_rows(flows, ["from_state", "to_state", "customers"], "flows")
    table = flows.pivot_table(
        index="from_state", columns="to_state", values="customers", aggfunc="sum"
    )
    table = table.reindex(index=list(STATES), columns=list(STATES)).fillna(0.0)
    total = table.sum(axis=1)
    return table.div(total.where(total > 0), axis=0).rename_axis(None, axis=1)


def refill(bucket: pd.DataFrame, win_cost: float) -> dict[str, float]:
    """Say how much of the money for new customers only replaced those who fell asleep and did not wake.

    Parameters
    ----------
    bucket
        From :func:`bucket`: ``new``, ``woke``, ``fell_asleep``.
    win_cost
        What one new customer costs.

    Returns
    -------
    dict
        ``spent`` (on all new customers), ``net_leak`` (customers who fell asleep less those who woke, over all months),
        ``replaced`` (the money that filled it up; never more than `spent`), ``share`` (of `spent`; missing without new
        customers).

    Examples
    --------
    >>> refill(pd.DataFrame({"new": [10, 10], "woke": [2, 0], "fell_asleep": [4, 8]}), 30)["replaced"]
    300.0
    """
    need_rows(bucket, ["new", "woke", "fell_asleep"], "bucket")
    new = float(bucket["new"].sum())
    net_leak = float(bucket["fell_asleep"].sum() - bucket["woke"].sum())
    filled = min(max(net_leak, 0.0), new)
    return {
        "spent": new * win_cost,
        "net_leak": net_leak,
        "replaced": filled * win_cost,
        "share": filled / new if new else float("nan"),
    }


def first_margin(
    orders: pd.DataFrame, customers: pd.DataFrame, days: int = 120, *, as_of: Moment | None = None
) -> float:
    """Give the mean margin that a new customer brings in the first days.

    Parameters
    ----------
    orders
        ``customer_id``, ``order_date``, ``margin``.
    customers
        ``customer_id``, ``customer_since``.
    days
        How many days from joining on are counted.
    as_of
        End of the observation. Only customers who joined so long before that all their days are over are counted, also
        those who bought nothing. Default: day of the last order.

    Returns
    -------
    float
        Margin a customer.

    Raises
    ------
    CrmkitError
        Nobody joined so long ago.

    Examples
    --------
    >>> orders = pd.DataFrame({"customer_id": [1, 1], "margin": [9.0, 5.0],
    ...     "order_date": ["2025-01-01", "2025-03-01"]})
    >>> customers = pd.DataFrame({"customer_id": [1, 2], "customer_since": "2025-01-01"})
    >>> first_margin(orders, customers, 30)
    4.5
    """
    need_rows(orders, ["customer_id", "order_date", "margin"], "orders")
    need_rows(customers, ["customer_id", "customer_since"], "customers")
    date = need_dates(orders["order_date"], "order_date")
    since = need_dates(customers["customer_since"], "customer_since")
    end = date.max() if as_of is None else need_date(as_of)
    watched = since + pd.Timedelta(days=days - 1) <= end
    if not watched.any():
        raise CrmkitError(
            f"customers: nobody joined {days} days or more before {end:%Y-%m-%d}. Choose fewer days."
        )
    joined = pd.Series(since[watched].to_numpy(), index=customers.loc[watched, "customer_id"])
    began = orders["customer_id"].map(joined)
    inside = began.notna() & (date < began + pd.Timedelta(days=days)) & (date <= end)
    margin = need_numbers(orders["margin"], "margin")
    return float(np.asarray(margin)[inside.to_numpy()].sum() / watched.sum())


def wake_or_win(
    effects: pd.DataFrame,
    costs: pd.Series,
    win_cost: float,
    win_value: float,
    wake_value: float,
) -> pd.DataFrame:
    """Compare waking by each offer with winning a new customer, as far as the test's intervals allow.

    Parameters
    ----------
    effects
        From :func:`crmkit.reactivation.experiments.effect_table`, of a share returned: ``arm``, ``effect``, ``low``,
        ``high``.
    costs
        Cost of one contact, by offer. Offers without one are left out.
    win_cost, win_value
        What one new customer costs, and the margin that a new customer then brings.
    wake_value
        Margin that a woken customer brings, in as many days.

    Returns
    -------
    DataFrame
        One row per offer (index ``offer``): ``cost``, ``extra_share`` (share who return because of the contact),
        ``low``, ``high``, ``times`` (cost of one won over cost of one woken: the "ten times" of the rule of thumb),
        ``times_low``, ``times_high`` (at the ends of the interval; 0 where nobody is woken), ``break_even`` (share from
        which waking brings more), ``ahead``: "waking" or "winning" where the whole interval says so, "cannot tell"
        where it does not.

    Notes
    -----
    Only the test's own uncertainty is carried: costs and values count as known.

    Examples
    --------
    >>> effects = pd.DataFrame({"arm": ["mail", "call"], "effect": [0.05, 0.06],
    ...     "low": [0.03, 0.01], "high": [0.07, 0.1]})
    >>> table = wake_or_win(effects, pd.Series({"mail": 0.5, "call": 7.0}), 30, 100, 100)
    >>> table["ahead"].tolist(), table["times"].round(1).tolist()
    (['waking', 'winning'], [3.0, 0.3])
    """
    need_rows(effects, ["arm", "effect", "low", "high"], "effects")
    rows = []
    for row in effects.itertuples():
        if row.arm not in costs.index:
            continue
        cost = float(costs[row.arm])
        line = break_even(win_cost, win_value, cost, wake_value, 0.0)["break_even_uplift"]
        assert isinstance(line, float)
        times = [win_cost * max(share, 0.0) / cost for share in (row.effect, row.low, row.high)]
        ahead = "waking" if row.low > line else "winning" if row.high < line else "cannot tell"
        rows.append((row.arm, cost, row.effect, row.low, row.high, *times, line, ahead))
    columns = [
        *("offer", "cost", "extra_share", "low", "high"),
        *("times", "times_low", "times_high", "break_even", "ahead"),
    ]
    return pd.DataFrame(rows, columns=columns).set_index("offer")
