"""From a test to a plan: what a return is worth, what each offer earns, who gets what, and how sure the choice is.

Problem
    A plan takes the highest of many estimates. The highest is often the most overrated, so that a choice needs its
    uncertainty as much as an effect does: in how many samples like this one would the same offer have come out on top?

Sources
    Drawing customers again within each arm: Efron & Tibshirani (1993), An Introduction to the Bootstrap, chapter 8.
    What is chosen for being high comes out lower: Smith & Winkler (2006), Management Science 52(3), the optimizer's
    curse. Value of a policy from a test: see :func:`crmkit.reactivation.uplift.policy_value`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from crmkit.errors import CrmkitError
from crmkit.inference import percentile_interval
from crmkit.inputs import generator, need_count, need_numbers, need_probability, need_rows
from crmkit.later import later
from crmkit.reactivation.experiments import effect_table
from crmkit.reactivation.sizes import detectable, power
from crmkit.reactivation.states import thresholds_by_cost
from crmkit.reactivation.uplift import effect_error, policy_value
from crmkit.reactivation.waking import (
    NOBODY,
    compare_policies,
    expected_profit,
    predict_chances,
)

learners = later("crmkit.reactivation.learners")
linear_model = later("sklearn.linear_model")
pipeline = later("sklearn.pipeline")
preprocessing = later("sklearn.preprocessing")

#: What is known of a customer before the contact, in the tables of the wake-up campaigns, and what of it is skewed.
TRAITS = (
    *("state", "silent_days", "orders_before", "average_order", "discount_share", "opens"),
    "business",
)
SKEWED = ("silent_days", "orders_before", "average_order")


def return_worth(test: pd.DataFrame, customers: pd.DataFrame, offers: pd.DataFrame) -> pd.DataFrame:
    """Say what a return of each customer would bring, from what returns brought in a test.

    Parameters
    ----------
    test
        ``arm``, ``returned_60d``, ``average_order`` (£ before the test), ``margin_60d``, ``margin_after`` (£). Returns
        with a discounted offer are left out: the discount is charged by :func:`expected_profit`, and not twice.
    customers
        ``customer_id``, ``average_order`` (£).
    offers
        ``offer``, ``discount``.

    Returns
    -------
    DataFrame
        One row per customer: ``customer_id``, ``return_margin`` (£ in 120 days), ``return_spend`` (£ of one order).

    Raises
    ------
    CrmkitError
        Nobody of the test returned at the full price.

    Examples
    --------
    >>> test = pd.DataFrame({"arm": ["control"], "returned_60d": [True], "average_order": [50.0],
    ...     "margin_60d": [20.0], "margin_after": [5.0]})
    >>> people, offers = pd.DataFrame({"customer_id": [7], "average_order": [80.0]}), pd.DataFrame(
    ...     {"offer": ["control"], "discount": [0.0]})
    >>> return_worth(test, people, offers).values.tolist()
    [[7.0, 40.0, 80.0]]
    """
    columns = ["arm", "returned_60d", "average_order", "margin_60d", "margin_after"]
    need_rows(test, columns, "test")
    need_rows(customers, ["customer_id", "average_order"], "customers")
    need_rows(offers, ["offer", "discount"], "offers")
    reduced = offers.loc[offers["discount"] > 0, "offer"]
    back = test[test["returned_60d"].astype(bool) & ~test["arm"].isin(reduced)]
    spent = need_numbers(back["average_order"], "average_order").sum() if len(back) else 0.0
    if spent <= 0:
        raise CrmkitError(
            "test: nobody returned without a discount, so that nothing says what a return brings."
        )
    share = float((back["margin_60d"] + back["margin_after"]).sum() / spent)
    spend = need_numbers(customers["average_order"], "average_order")
    return pd.DataFrame(
        {
            "customer_id": customers["customer_id"].to_numpy(),
            "return_margin": share * spend,
            "return_spend": spend,
        }
    )


def forecast_profits(
    test: pd.DataFrame,
    customers: pd.DataFrame,
    offers: pd.DataFrame,
    columns: Sequence[str] = TRAITS,
    *,
    logs: Sequence[str] = SKEWED,
    learner: Any = None,
) -> pd.DataFrame:
    """Learn from a test what each offer would earn with each customer: chances, worth and profit in one step.

    Parameters
    ----------
    test
        A randomised test, as :func:`predict_chances` and :func:`return_worth` take it.
    customers
        ``customer_id``, ``average_order`` and `columns`.
    offers
        ``offer``, ``cost``, ``discount``.
    columns, logs, learner
        As for :func:`predict_chances`.

    Returns
    -------
    DataFrame
        As from :func:`expected_profit`: one row per customer and offer.

    Examples
    --------
    >>> import crmkit
    >>> test, offers = crmkit.load("wake_up_test"), crmkit.load("offers")
    >>> forecast_profits(test, test.head(2), offers)[["customer_id", "offer"]].shape
    (8, 2)
    """
    chances = predict_chances(test, customers, columns, logs=logs, learner=learner)
    return expected_profit(chances, offers, return_worth(test, customers, offers))


def offer_days(test: pd.DataFrame, offers: pd.DataFrame, curve: pd.DataFrame) -> pd.DataFrame:
    """Find the day of a silence from which each offer of a test pays, with the ends of the test's interval.

    Parameters
    ----------
    test
        As for :func:`return_worth`.
    offers
        ``offer``, ``cost``, ``discount``.
    curve
        From :func:`crmkit.reactivation.returns.return_curve`.

    Returns
    -------
    DataFrame
        As from :func:`crmkit.reactivation.states.thresholds_by_cost`, index ``offer``; ``wins`` is the share of those
        who would stay away that the offer brings back.

    Examples
    --------
    >>> curve = pd.DataFrame({"silent_days": [0, 50, 100], "chance": [0.9, 0.5, 0.1]})
    >>> test = pd.DataFrame({"arm": ["control"] * 100 + ["mail"] * 100, "average_order": 50.0,
    ...     "returned_60d": [False] * 90 + [True] * 10 + [True] * 40 + [False] * 60,
    ...     "margin_60d": 20.0, "margin_after": 0.0})
    >>> offers = pd.DataFrame({"offer": ["control", "mail"], "cost": [0.0, 3.0], "discount": 0.0})
    >>> offer_days(test, offers, curve)["from_day"].tolist()
    [50.0]
    """
    effects = effect_table(test).set_index("arm")
    worth = return_worth(test, test.assign(customer_id=range(len(test))), offers)
    named = offers[offers["offer"].isin(effects.index)].set_index("offer")
    effects = effects.reindex(named.index)
    means = named[["cost"]].copy()
    for column, end in (("wins", "effect"), ("wins_low", "low"), ("wins_high", "high")):
        means[column] = effects[end] / (1 - effects["control_value"])
    means["margin"] = worth["return_margin"].mean()
    means["gift"] = worth["return_spend"].mean() * named["discount"]
    return thresholds_by_cost(curve, means.reset_index()).set_index("offer")


def later_margin(
    orders: pd.DataFrame,
    gaps: pd.DataFrame,
    last_return: str,
    *,
    silent_days: int = 60,
    after: int = 120,
) -> float:
    """Say what customers who came back by themselves brought later: the mean margin from day `after` to day 364.

    Parameters
    ----------
    orders
        ``customer_id``, ``order_date``, ``margin`` (£).
    gaps
        From :func:`crmkit.reactivation.returns.purchase_gaps`.
    last_return
        Only those who were back by this day count, so that a year can be seen of each.
    silent_days
        Shortest silence that counts.
    after
        Day after the return from which margin counts.

    Returns
    -------
    float
        £ a return. Those who came back by themselves: customers who had to be woken may bring less.

    Raises
    ------
    CrmkitError
        Nobody came back in time.

    Examples
    --------
    >>> gaps = pd.DataFrame({"customer_id": [1], "start_date": pd.to_datetime(["2024-01-01"]), "gap_days": [90],
    ...     "returned": [True]})
    >>> orders = pd.DataFrame({"customer_id": [1, 1], "margin": [5.0, 7.0],
    ...     "order_date": pd.to_datetime(["2024-03-31", "2024-10-01"])})
    >>> later_margin(orders, gaps, "2024-12-31")
    7.0
    """
    need_rows(gaps, ["customer_id", "start_date", "gap_days", "returned"], "gaps")
    need_rows(orders, ["customer_id", "order_date", "margin"], "orders")
    back = gaps["start_date"] + pd.to_timedelta(gaps["gap_days"], unit="D")
    counted = (
        gaps["returned"] & (gaps["gap_days"] >= silent_days) & (back <= pd.Timestamp(last_return))
    )
    if not counted.any():
        raise CrmkitError("gaps: nobody came back in time. Take a later day or a shorter silence.")
    came = gaps.loc[counted, ["customer_id"]].assign(back=back[counted])
    bought = came.merge(orders[["customer_id", "order_date", "margin"]], on="customer_id")
    days = (bought["order_date"] - bought["back"]).dt.days
    return float(bought.loc[days.between(after, 364), "margin"].sum() / len(came))


def compare_learners(
    learners: Mapping[str, Any],
    test: pd.DataFrame,
    customers: pd.DataFrame,
    offer: str,
    true_effect: Any,
    columns: Sequence[str] = TRAITS,
    *,
    logs: Sequence[str] = SKEWED,
) -> pd.DataFrame:
    """Compare learners of one offer's uplift with the truth, on customers they have not learnt from.

    Parameters
    ----------
    learners
        By name; None for the two models.
    test, customers, columns, logs
        As for :func:`predict_chances`.
    offer
    true_effect
        One value per customer, in the order of `customers`.

    Returns
    -------
    DataFrame
        Index ``learner``; the columns of :func:`crmkit.reactivation.uplift.effect_error`.

    Examples
    --------
    >>> import crmkit
    >>> test, truth = crmkit.load("wake_up_test"), crmkit.load_truth("wake_up_test")
    >>> compare_learners({"two models": None}, test, test, "reminder", truth["effect_reminder"]).shape
    (1, 4)
    """
    part = test[test["arm"].isin(["control", offer])]
    rows = {
        name: effect_error(
            predict_chances(part, customers, columns, logs=logs, learner=learner)["uplift"],
            true_effect,
        )
        for name, learner in learners.items()
    }
    return pd.DataFrame(rows).T.rename_axis("learner")


def best_offers(
    test: pd.DataFrame,
    offers: pd.DataFrame,
    *,
    by: str = "state",
    draws: int = 400,
    level: float = 0.95,
    seed: int | np.random.Generator = 0,
) -> pd.DataFrame:
    """Say which offer earns most in each group of a test, and in how many samples like it the same offer would.

    Parameters
    ----------
    test
        As for :func:`return_worth`, and `by`.
    offers
        ``offer``, ``cost``, ``discount``.
    by
        Column that names the groups.
    draws, seed
        Customers are drawn again within each arm of each group: for an outcome of yes and no, a binomial draw.
    level

    Returns
    -------
    DataFrame
        One row per group and offer, and one for leaving the group alone: `by`, ``offer``, ``profit`` (£ a contact over
        doing nothing), ``low``, ``high``, ``wins`` (share of the draws in which it is the best; the shares of a group
        add up to 1). Sizes of orders are taken as they are, so the interval is that of the shares who returned.

    Raises
    ------
    CrmkitError
        A group in which an arm is empty.

    Examples
    --------
    >>> test = pd.DataFrame({"arm": ["control"] * 100 + ["mail"] * 100, "state": "drowsy",
    ...     "returned_60d": [False] * 90 + [True] * 10 + [True] * 40 + [False] * 60, "average_order": 50.0,
    ...     "margin_60d": 20.0, "margin_after": 0.0})
    >>> offers = pd.DataFrame({"offer": ["control", "mail"], "cost": [0.0, 1.0], "discount": 0.0})
    >>> best_offers(test, offers)[["offer", "profit", "wins"]].round(1).values.tolist()
    [['mail', 5.0, 1.0], ['leave alone', 0.0, 0.0]]
    """
    need_rows(test, ["arm", by, "returned_60d", "average_order"], "test")
    need_count(draws, "draws")
    need_probability(level, "level")
    rng = generator(seed)
    names = [name for name in offers["offer"] if name != "control" and name in set(test["arm"])]
    price = offers.set_index("offer")
    worth = return_worth(test, test.assign(customer_id=range(len(test))), offers)
    groups = test[by].astype(str).to_numpy()
    tables = []
    for group in pd.unique(test[by].sort_values(kind="stable")):
        here = groups == str(group)
        part = test[here]
        margin, spend = worth.loc[here, ["return_margin", "return_spend"]].mean()
        size = part.groupby("arm", observed=True).size()
        if missing := [arm for arm in ["control", *names] if size.get(arm, 0) == 0]:
            raise CrmkitError(f"test: {by} {group!r} has nobody in the arm {missing[0]!r}.")
        rate = part.groupby("arm", observed=True)["returned_60d"].mean()
        drawn = {arm: rng.binomial(size[arm], rate[arm], draws) / size[arm] for arm in size.index}

        def earns(offer: str, share: Mapping, margin: float = margin, spend: float = spend) -> Any:
            given = share[offer] * price.loc[offer, "discount"] * spend
            return (share[offer] - share["control"]) * margin - given - price.loc[offer, "cost"]

        profit = [*(float(earns(name, rate)) for name in names), 0.0]
        again = np.array([*(earns(name, drawn) for name in names), np.zeros(draws)])
        low, high = percentile_interval(again.T, level=level)
        low[-1] = high[-1] = 0.0  # to leave them alone earns nothing: known, not estimated
        # The first of equals would win each tie: a draw without any profit is left alone.
        first = np.where(again[:-1].max(axis=0) > 0, again[:-1].argmax(axis=0), len(names))
        wins = np.bincount(first, minlength=len(names) + 1) / draws
        rows = {"offer": [*names, NOBODY], "profit": profit, "low": low, "high": high, "wins": wins}
        table = pd.DataFrame(rows).sort_values("profit", ascending=False, kind="stable")
        table.insert(0, by, str(group))
        tables.append(table)
    return pd.concat(tables, ignore_index=True)


def plan_certainty(
    plans: Mapping[str, pd.Series],
    test: pd.DataFrame,
    customers: pd.DataFrame,
    offers: pd.DataFrame,
    columns: Sequence[str] = TRAITS,
    *,
    logs: Sequence[str] = SKEWED,
    draws: int = 40,
    level: float = 0.95,
    seed: int | np.random.Generator = 0,
) -> pd.DataFrame:
    """Say what fixed plans promise, and how far the promise would move with another sample of test customers.

    The test's customers are drawn again within each arm, the models are learnt again, and the same plans are added up.

    Parameters
    ----------
    plans
        Offer by customer_id, as :func:`compare_policies` takes them.
    test, customers, offers, columns, logs
        As for :func:`forecast_profits`.
    draws, seed
    level

    Returns
    -------
    DataFrame
        One row per plan, in the order given: ``plan``, ``profit`` (£ expected, in sum), ``low``, ``high``, ``wins``
        (share of the draws in which it promises most).

    Notes
    -----
    The interval holds the luck of the test. It does not take back that a plan was chosen for being high on this very
    test: only another test can.

    Examples
    --------
    >>> import crmkit
    >>> test, offers = crmkit.load("wake_up_test"), crmkit.load("offers")
    >>> plans = {"nobody": pd.Series(dtype=str)}
    >>> plan_certainty(plans, test, test.head(9), offers, draws=2)[["profit", "wins"]].values.tolist()
    [[0.0, 1.0]]
    """
    need_count(draws, "draws")
    need_probability(level, "level")
    rng = generator(seed)
    arms = [np.flatnonzero(test["arm"] == arm) for arm in pd.unique(test["arm"])]

    def promised(sample: pd.DataFrame) -> np.ndarray:
        profits = forecast_profits(sample, customers, offers, columns, logs=logs)
        found = compare_policies(plans, profits).set_index("policy")["profit"]
        return found.reindex(list(plans)).to_numpy()

    again = np.array(
        [
            promised(test.iloc[np.concatenate([rng.choice(rows, len(rows)) for rows in arms])])
            for _ in range(draws)
        ]
    )
    low, high = percentile_interval(again, level=level)
    alone = (again == 0).all(axis=0)  # a plan that leaves everybody alone: known, not estimated
    low, high = np.where(alone, 0.0, low), np.where(alone, 0.0, high)
    wins = np.bincount(again.argmax(axis=1), minlength=len(plans)) / draws
    return pd.DataFrame(
        {"plan": list(plans), "profit": promised(test), "low": low, "high": high, "wins": wins}
    )


def forecast_outcome(
    test: pd.DataFrame,
    customers: pd.DataFrame,
    outcome: str,
    columns: Sequence[str] = TRAITS,
    *,
    logs: Sequence[str] = SKEWED,
) -> pd.DataFrame:
    """Forecast an outcome under every arm, one ridge regression per arm of a test.

    Parameters
    ----------
    test
        ``arm``, `outcome` (a number), `columns`.
    customers
        `columns`. Others than those of the test, if the forecast is to help :func:`policy_value`.
    outcome
    columns, logs

    Returns
    -------
    DataFrame
        Index of `customers`, one column per arm, in the unit of `outcome`.

    Examples
    --------
    >>> test = pd.DataFrame({"arm": ["control", "mail"] * 20, "opens": range(40), "profit": [1.0, 3.0] * 20})
    >>> forecast_outcome(test, test.head(1), "profit", ["opens"], logs=[]).round(1).values.tolist()
    [[1.0, 3.0]]
    """
    need_rows(test, ["arm", outcome, *columns], "test")
    need_rows(customers, list(columns), "customers")
    both = pd.concat([test[list(columns)], customers[list(columns)]])
    for name in logs:
        both[name] = np.log1p(need_numbers(both[name], name, minimum=0))
    numbers = learners.features(both, columns).to_numpy()
    known, asked = numbers[: len(test)], numbers[len(test) :]
    found = {}
    for arm in pd.unique(test["arm"]):
        mine = (test["arm"] == arm).to_numpy()
        model = pipeline.make_pipeline(preprocessing.StandardScaler(), linear_model.Ridge(100.0))
        model.fit(known[mine], need_numbers(test.loc[mine, outcome], outcome))
        found[arm] = model.predict(asked)
    return pd.DataFrame(found, index=customers.index)


def policy_values(
    policies: Mapping[str, pd.Series],
    test: pd.DataFrame,
    outcome: str,
    *,
    strata: str | None = "state",
    over: str = "control",
    expected: pd.DataFrame | None = None,
    level: float = 0.95,
) -> pd.DataFrame:
    """Judge several policies by a test in which chance chose the arm, each against leaving everybody alone.

    Parameters
    ----------
    policies
        Offer by customer_id; who is left out is left alone.
    test
        ``customer_id``, ``arm``, `outcome`, `strata`.
    outcome, strata, over, expected, level
        As for :func:`crmkit.reactivation.uplift.policy_value`.

    Returns
    -------
    DataFrame
        Index ``policy``; ``value`` (of `outcome` a customer, over `over`), ``low``, ``high``, ``matched``.

    Examples
    --------
    >>> test = pd.DataFrame({"customer_id": range(4), "arm": ["control", "mail"] * 2, "profit": [0.0, 10, 2, 20]})
    >>> found = policy_values({"all": pd.Series("mail", index=range(4))}, test, "profit", strata=None)
    >>> found["value"].tolist()
    [14.0]
    """
    need_rows(test, ["customer_id"], "test")
    rows = {}
    for name, policy in policies.items():
        wanted = test["customer_id"].map(policy.astype(object)).astype(object)
        wanted = wanted.where(wanted.notna() & (wanted != NOBODY), over)
        rows[name] = policy_value(
            test, wanted, outcome, strata=strata, over=over, expected=expected, level=level
        )
    return pd.DataFrame(rows).T.astype({"matched": int}).rename_axis("policy")


def contact_page(plan: pd.DataFrame, customers: pd.DataFrame) -> pd.DataFrame:
    """Put a plan on one page: state by offer, with the channel that consent allows, cost and expected profit.

    Without leave to telephone, a call becomes a card written by hand; without leave to e-mail, a message becomes a
    letter. The cost is that of the offer.

    Parameters
    ----------
    plan
        ``customer_id``, ``offer``, ``cost``, ``profit`` (£), as from :func:`crmkit.reactivation.waking.choose_offers`.
    customers
        ``customer_id``, ``state``, ``newsletter_consent`` and ``phone_consent`` (bool), for everybody in the plan.

    Returns
    -------
    DataFrame
        Index ``state`` and ``offer``; contacts by ``telephone``, ``card``, ``e-mail`` and ``letter``, ``cost`` and
        ``profit`` (£, in sum).

    Raises
    ------
    CrmkitError
        Somebody of the plan is missing among the customers.

    Examples
    --------
    >>> plan = pd.DataFrame({"customer_id": [1, 2], "offer": ["personal call", "reminder"], "cost": [6.0, 0.6],
    ...     "profit": [9.0, 2.0]})
    >>> people = pd.DataFrame({"customer_id": [1, 2], "state": "drowsy", "newsletter_consent": [True, False],
    ...     "phone_consent": [False, False]})
    >>> contact_page(plan, people)[["card", "letter"]].values.tolist()
    [[1, 0], [0, 1]]
    """
    need_rows(plan, ["customer_id", "offer", "cost", "profit"], "plan")
    consent = ["newsletter_consent", "phone_consent"]
    need_rows(customers, ["customer_id", "state", *consent], "customers")
    page = plan.merge(customers[["customer_id", "state", *consent]], on="customer_id")
    if len(page) != len(plan):
        raise CrmkitError(
            f"customers: {len(plan) - len(page)} of the plan are not in it, or somebody is in it twice."
        )
    call, write, phone = (
        page["offer"] == "personal call",
        *(page[name].eq(True) for name in consent),
    )
    conditions = [call & phone, call, write]
    page["channel"] = np.select(conditions, ["telephone", "card", "e-mail"], "letter")
    keys = [page["state"].astype(str), page["offer"].astype(str)]
    ways = pd.crosstab(keys, page["channel"])
    ways = ways.reindex(columns=["telephone", "card", "e-mail", "letter"], fill_value=0)
    return ways.rename_axis(None, axis=1).join(page.groupby(keys)[["cost", "profit"]].sum())


def holdout_table(
    chosen: int, base: float, rise: float, shares: Sequence[float] = (0.1, 0.2, 1 / 3, 0.5)
) -> pd.DataFrame:
    """Say what a plan's test could find, by the share of the chosen who are held back.

    Parameters
    ----------
    chosen
        Customers on the plan.
    base
        Share who return without a contact.
    rise
        Rise that one hopes for, as a share.
    shares
        Shares held back.

    Returns
    -------
    DataFrame
        Index ``held_back`` (share); ``customers`` (held back), ``finds_it`` (chance that the test finds `rise`),
        ``least_rise`` (rise found four times in five, as a share).

    Examples
    --------
    >>> holdout_table(800, 0.12, 0.06)["customers"].tolist()
    [80, 160, 267, 400]
    """
    need_count(chosen, "chosen")
    rows = []
    for share in shares:
        held = round(chosen * need_probability(share, "shares"))
        found = power(base, rise, chosen - held, held), detectable(base, chosen - held, held)
        rows.append([held, *found])
    table = pd.DataFrame(rows, columns=["customers", "finds_it", "least_rise"])
    return table.set_axis(pd.Index(list(shares), name="held_back"))


__all__ = [
    "SKEWED",
    "TRAITS",
    "best_offers",
    "compare_learners",
    "contact_page",
    "forecast_outcome",
    "forecast_profits",
    "holdout_table",
    "later_margin",
    "offer_days",
    "plan_certainty",
    "policy_values",
    "return_worth",
]
