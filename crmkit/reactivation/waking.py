"""Whom to wake, with what: from chances to pounds, under a budget and a cap on contacts.

What a contact is worth
    Won: the rise in the chance to return, times what a return brings. Given away: a discount also goes to
    those who would have paid the full
    price. Lost: some ask never to be contacted again, and those reachable customers were worth something.
    Paid: the contact itself.
    Expected profit is the first less the other three. Where it is negative, the best message is silence.

Sources
    Choosing one offer per customer under a budget is the multiple-choice knapsack problem (Kellerer, Pferschy &
    Pisinger 2004, ch. 11). Its linear relaxation splits at most as many customers as there are limits, so rounding it
    down costs at most two or three customers' profit: solved by HiGHS through ``scipy.optimize.linprog``. The budget
    curve is the greedy solution of the same relaxation.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd

from crmkit.errors import CrmkitError
from crmkit.inputs import first_few, need_numbers, need_rows, need_unique
from crmkit.later import later

base = later("sklearn.base")
learners = later("crmkit.reactivation.learners")
optimize = later("scipy.optimize")
sparse = later("scipy.sparse")

NOBODY = "leave alone"


def predict_chances(
    test: pd.DataFrame,
    customers: pd.DataFrame,
    columns: Sequence[str],
    *,
    logs: Sequence[str] = (),
    outcome: str = "returned_60d",
    control: str = "control",
    learner: Any = None,
) -> pd.DataFrame:
    """Learn from a randomised test, for each offer, who would return anyway and whom the offer changes.

    Two models (:class:`crmkit.reactivation.learners.TwoModels`) per offer, against the control group.

    Parameters
    ----------
    test
        The experiment: ``arm``, `outcome` (0/1 or bool) and `columns`.
    customers
        For whom to predict: ``customer_id`` and `columns`. May be the test itself, but judge on others.
    columns
        What was known before the contact.
    logs
        Those of `columns` to take the logarithm of (of 1 + value): days, counts and pounds, which are skewed.
    outcome, control
    learner
        Another learner of ``uplift``, such as :class:`crmkit.reactivation.learners.DoublyRobust`; ``anyway`` stays that
        of the two models. Default: the two models.

    Returns
    -------
    DataFrame
        One row per customer and offer: ``customer_id``, ``offer``, ``anyway``, ``uplift``.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> test = pd.DataFrame({"arm": ["control", "mail"] * 500, "opens": rng.integers(0, 12, 1000)})
    >>> test["returned_60d"] = rng.random(1000) < 0.1 + 0.02 * test["opens"] * (test["arm"] == "mail")
    >>> people = pd.DataFrame({"customer_id": [1, 2], "opens": [0, 11]})
    >>> bool(predict_chances(test, people, ["opens"])["uplift"].is_monotonic_increasing)
    True
    """
    need_rows(test, ["arm", outcome, *columns], "test")
    need_rows(customers, ["customer_id", *columns], "customers")
    if control not in set(test["arm"]):
        raise CrmkitError(
            f"test: no arm is called {control!r}; without a control group nothing can be learnt."
        )
    both = pd.concat([test[list(columns)], customers[list(columns)]])
    for name in logs:
        both[name] = np.log1p(need_numbers(both[name], name, minimum=0))
    numbers = learners.features(both, columns).to_numpy()
    known, asked = numbers[: len(test)], numbers[len(test) :]
    rows = []
    for offer in [arm for arm in pd.unique(test["arm"]) if arm != control]:
        part = test["arm"].isin([control, offer]).to_numpy()
        lesson = (
            known[part],
            (test["arm"] == offer).to_numpy()[part],
            test[outcome].to_numpy()[part],
        )
        model = learners.TwoModels().fit(*lesson)
        other = model if learner is None else base.clone(learner).fit(*lesson)
        rows.append(
            pd.DataFrame(
                {
                    "customer_id": customers["customer_id"].to_numpy(),
                    "offer": offer,
                    "anyway": model.predict_control(asked),
                    "uplift": other.predict(asked),
                }
            )
        )
    return pd.concat(rows, ignore_index=True)


def rates_by_group(
    test: pd.DataFrame,
    customers: pd.DataFrame,
    by: str = "state",
    *,
    outcome: str = "returned_60d",
    control: str = "control",
) -> pd.DataFrame:
    """Give every customer the chances that the test measured in his or her group: the plain rival of a model.

    Parameters
    ----------
    test
        ``arm``, `outcome`, `by`.
    customers
        ``customer_id``, `by`.
    by, outcome, control

    Returns
    -------
    DataFrame
        As from :func:`predict_chances`.

    Raises
    ------
    CrmkitError
        A group of `customers` that the test did not have.

    Examples
    --------
    >>> test = pd.DataFrame({"arm": ["control", "mail"] * 2, "state": "drowsy", "returned_60d": [0, 1, 1, 1]})
    >>> asleep = pd.DataFrame({"customer_id": [7], "state": ["drowsy"]})
    >>> rates_by_group(test, asleep)[["anyway", "uplift"]].values.tolist()
    [[0.5, 0.5]]
    """
    need_rows(test, ["arm", outcome, by], "test")
    need_rows(customers, ["customer_id", by], "customers")
    rate = test.groupby([by, "arm"], observed=True)[outcome].mean().unstack()
    strange = sorted(set(customers[by].astype(str)) - set(rate.index.astype(str)))
    if strange:
        raise CrmkitError(
            f"customers: {by} {first_few(strange)} did not occur in the test, which says nothing about it."
        )
    rate.index = rate.index.astype(str)
    anyway = customers[by].astype(str).map(rate[control]).to_numpy(float)
    rows = [
        pd.DataFrame(
            {
                "customer_id": customers["customer_id"].to_numpy(),
                "offer": offer,
                "anyway": anyway,
                "uplift": customers[by].astype(str).map(rate[offer]).to_numpy(float) - anyway,
            }
        )
        for offer in rate.columns.drop(control)
    ]
    return pd.concat(rows, ignore_index=True)


def expected_profit(
    chances: pd.DataFrame, offers: pd.DataFrame, customers: pd.DataFrame
) -> pd.DataFrame:
    """Work out, for every customer and offer, the profit to be expected over doing nothing.

    Parameters
    ----------
    chances
        One row per customer and offer: ``customer_id``, ``offer``, ``anyway`` (chance to return without a
        contact), ``uplift`` (change of
        that chance by the offer; may be negative), and, if known, ``unsubscribe`` (extra chance to ask not
        to be contacted again).
    offers
        One row per offer: ``offer``, ``cost`` (£ a contact), ``discount`` (share taken off the price of a
        return, 0 for none).
    customers
        One row per customer: ``customer_id``, ``return_margin`` (£ that a return brings in margin, with what
        follows from it),
        ``return_spend`` (£ turnover of the order a discount would apply to), and, if ``unsubscribe`` is
        given, ``contact_value``
        (£ that the permission to contact is worth), and, if one looks further, ``lifetime_value`` (£ that a
        customer who is back brings after what ``return_margin`` counts).

    Returns
    -------
    DataFrame
        `chances` with ``won``, ``given_away``, ``lost``, ``cost``, ``profit`` (all £ expected).

    Raises
    ------
    CrmkitError
        Missing columns, an offer without a price list entry, a customer without a worth.

    Examples
    --------
    >>> chances = pd.DataFrame({"customer_id": [1, 2], "offer": "voucher", "anyway": [0.6, 0.1],
    ...     "uplift": [0.0, 0.2]})
    >>> offers = pd.DataFrame({"offer": ["voucher"], "cost": [1.0], "discount": [0.1]})
    >>> customers = pd.DataFrame({"customer_id": [1, 2], "return_margin": 40.0, "return_spend": 100.0})
    >>> expected_profit(chances, offers, customers)["profit"].round(2).tolist()
    [-7.0, 4.0]
    """
    need_rows(chances, ["customer_id", "offer", "anyway", "uplift"], "chances")
    need_rows(offers, ["offer", "cost", "discount"], "offers")
    extra = ["contact_value"] if "unsubscribe" in chances else []
    extra += ["lifetime_value"] if "lifetime_value" in customers else []
    need_rows(customers, ["customer_id", "return_margin", "return_spend", *extra], "customers")
    for column in ("return_margin", "return_spend", *extra):
        need_numbers(customers[column], column)
    need_unique(offers, ["offer"], "offers")
    need_unique(customers, ["customer_id"], "customers")
    for frame, column, name in (
        (offers, "offer", "offers"),
        (customers, "customer_id", "customers"),
    ):
        missing = sorted(set(chances[column]) - set(frame[column]))
        if missing:
            raise CrmkitError(
                f"{name}: {column} {first_few(missing)} of the chances is not in it. Add the row, "
                "or leave it out."
            )
    table = chances.merge(offers[["offer", "cost", "discount"]], on="offer", validate="many_to_one")
    columns = ["customer_id", "return_margin", "return_spend", *extra]
    table = table.merge(customers[columns], on="customer_id", validate="many_to_one")
    later = table["lifetime_value"] if "lifetime_value" in extra else 0.0
    table["won"] = table["uplift"] * (table["return_margin"] + later)
    chance = (table["anyway"] + table["uplift"]).clip(0, 1)
    table["given_away"] = chance * table["discount"] * table["return_spend"]
    table["lost"] = (
        table["unsubscribe"] * table["contact_value"] if "contact_value" in extra else 0.0
    )
    table["profit"] = table["won"] - table["given_away"] - table["lost"] - table["cost"]
    return table.drop(columns=["discount", "return_margin", "return_spend", *extra])


def choose_offers(
    profits: pd.DataFrame, *, budget: float | None = None, contacts: int | None = None
) -> pd.DataFrame:
    """Choose at most one offer per customer, for the highest expected profit within a budget and a contact cap.

    Parameters
    ----------
    profits
        ``customer_id``, ``offer``, ``profit``, ``cost`` (from :func:`expected_profit`).
    budget
        £ for contacts in all. Default: no limit.
    contacts
        Most customers to contact. Default: no limit.

    Returns
    -------
    DataFrame
        The chosen rows of `profits`, most profitable first. Customers not in it are left alone. Rows without
        a positive expected profit
        are never chosen.

    Raises
    ------
    CrmkitError
        A negative budget or cap, missing columns or numbers.

    Examples
    --------
    >>> profits = pd.DataFrame({"customer_id": [1, 1, 2], "offer": ["mail", "call", "mail"], "profit": [3.0,
    ...     5.0, -1.0], "cost": [1, 8, 1]})
    >>> choose_offers(profits)["offer"].tolist(), choose_offers(profits, budget=5)["offer"].tolist()
    (['call'], ['mail'])
    """
    need_rows(profits, ["customer_id", "offer", "profit", "cost"], "profits")
    need_numbers(profits["profit"], "profit")
    need_numbers(profits["cost"], "cost", minimum=0)
    for name, limit in (("budget", budget), ("contacts", contacts)):
        if limit is not None and limit < 0:
            raise CrmkitError(
                f"{name}: {limit!r} is below 0. Give 0 for none, or leave it out for no limit."
            )
    worth = profits[profits["profit"] > 0]
    best = worth.sort_values(
        ["profit", "cost"], ascending=[False, True], kind="stable"
    ).drop_duplicates("customer_id")
    if contacts is not None:
        best = best.head(int(contacts))
    if budget is not None and best["cost"].sum() > budget:
        best = worth.iloc[_knapsack(worth, budget, contacts)]
    return best.sort_values("profit", ascending=False, kind="stable").reset_index(drop=True)


def _knapsack(worth: pd.DataFrame, budget: float, contacts: int | None) -> np.ndarray:
    """Solve the linear relaxation, keep what it takes whole, and spend what is left on what still fits."""
    who = pd.factorize(worth["customer_id"])[0]
    profit, cost = worth["profit"].to_numpy(float), worth["cost"].to_numpy(float)
    n = len(worth)
    rows = [
        sparse.csr_array((np.ones(n), (who, np.arange(n))), shape=(who.max() + 1, n)),
        sparse.csr_array(cost[None, :]),
    ]
    limits = [np.ones(who.max() + 1), np.array([budget])]
    if contacts is not None:
        rows.append(sparse.csr_array(np.ones((1, n))))
        limits.append(np.array([contacts]))
    # The simplex ends in a corner, where all but two or three customers are whole.
    solved = optimize.linprog(
        -profit,
        A_ub=sparse.vstack(rows),
        b_ub=np.concatenate(limits),
        bounds=(0, 1),
        method="highs-ds",
    )
    taken = list(np.flatnonzero(solved.x > 1 - 1e-6))
    left, places = budget - cost[taken].sum(), n if contacts is None else contacts - len(taken)
    served = set(who[taken])
    for row in np.argsort(-profit, kind="stable"):
        if places > 0 and cost[row] <= left and who[row] not in served:
            taken.append(row)
            served.add(who[row])
            left, places = left - cost[row], places - 1
    return np.array(taken, dtype=int)


def budget_curve(profits: pd.DataFrame) -> pd.DataFrame:
    """Trace the expected profit against the budget, spending each pound where it earns most.

    Parameters
    ----------
    profits
        ``customer_id``, ``offer``, ``profit``, ``cost``.

    Returns
    -------
    DataFrame
        First row at 0, then one per step (a customer contacted, or moved up to a more expensive offer): ``budget``,
        ``profit`` (both summed), ``contacts``,
        ``customer_id``, ``offer``, ``return_on_last`` (£ expected profit per £ of this step). Free and
        profitable offers come first.

    Examples
    --------
    >>> profits = pd.DataFrame({"customer_id": [1, 1, 2], "offer": ["mail", "call", "mail"], "profit": [3.0,
    ...     5.0, 2.0], "cost": [1, 8, 1]})
    >>> budget_curve(profits)[["budget", "profit"]].values.tolist()
    [[0.0, 0.0], [1.0, 3.0], [2.0, 5.0], [9.0, 7.0]]
    """
    need_rows(profits, ["customer_id", "offer", "profit", "cost"], "profits")
    need_numbers(profits["profit"], "profit")
    need_numbers(profits["cost"], "cost", minimum=0)
    rows = profits[profits["profit"] > 0].sort_values(
        ["customer_id", "cost", "profit"], ascending=[True, True, False], kind="stable"
    )
    steps: list[tuple[float, float, float, int, object, object]] = []
    for customer, part in rows.groupby("customer_id", sort=False):
        # The upper hull of (cost, profit), starting from nothing: each step earns less per pound than the
        # one before.
        hull: list[tuple[float, float, object]] = [(0.0, 0.0, NOBODY)]
        for cost, profit, offer in zip(part["cost"], part["profit"], part["offer"], strict=True):
            if profit <= hull[-1][1]:
                continue
            while len(hull) > 1 and _slope(hull[-2], (cost, profit)) >= _slope(hull[-2], hull[-1]):
                hull.pop()
            hull.append((float(cost), float(profit), offer))
        for place, (old, new) in enumerate(pairwise(hull)):
            steps.append(
                (
                    _slope(old, new),
                    new[0] - old[0],
                    new[1] - old[1],
                    int(place == 0),
                    customer,
                    new[2],
                )
            )
    steps.sort(key=lambda step: -step[0])
    table = pd.DataFrame(
        steps, columns=["return_on_last", "budget", "profit", "contacts", "customer_id", "offer"]
    )
    start = pd.DataFrame([[np.nan, 0.0, 0.0, 0, None, None]], columns=table.columns)
    table = pd.concat([start, table], ignore_index=True) if len(table) else start
    table[["budget", "profit", "contacts"]] = (
        table[["budget", "profit", "contacts"]].astype(float).cumsum()
    )
    return table.astype({"contacts": int})[
        ["budget", "profit", "contacts", "customer_id", "offer", "return_on_last"]
    ]


def _slope(a: tuple, b: tuple) -> float:
    """Profit per pound from one offer up to another; a free one comes before all others."""
    return (b[1] - a[1]) / (b[0] - a[0]) if b[0] > a[0] else np.inf


def offer_profits(truth: pd.DataFrame, offers: pd.DataFrame) -> pd.DataFrame:
    """Turn a truth table of a campaign into one row per customer and offer: what each would truly bring.

    Parameters
    ----------
    truth
        ``customer_id`` and one column ``profit_<offer>`` per offer (£, contact already paid), spaces as underscores.
    offers
        ``offer``, ``cost``.

    Returns
    -------
    DataFrame
        ``customer_id``, ``offer``, ``profit``, ``cost``.

    Examples
    --------
    >>> truth = pd.DataFrame({"customer_id": [1], "profit_new_product": [2.5]})
    >>> offer_profits(truth, pd.DataFrame({"offer": ["new product"], "cost": [1.5]})).values.tolist()
    [[1, 'new product', 2.5, 1.5]]
    """
    need_rows(truth, ["customer_id"], "truth")
    need_rows(offers, ["offer", "cost"], "offers")
    columns = {name: f"profit_{name.replace(' ', '_')}" for name in offers["offer"]}
    known = {name: column for name, column in columns.items() if column in truth}
    if not known:
        raise CrmkitError("truth: it has no column profit_<offer> for any of the offers.")
    price = offers.set_index("offer")["cost"]
    rows = [
        pd.DataFrame(
            {
                "customer_id": truth["customer_id"].to_numpy(),
                "offer": name,
                "profit": truth[column].to_numpy(),
                "cost": price[name],
            }
        )
        for name, column in known.items()
    ]
    return pd.concat(rows, ignore_index=True)


def realised(curve: pd.DataFrame, profits: pd.DataFrame) -> pd.DataFrame:
    """Follow a budget curve's order of spending, and add up what it truly brings.

    Parameters
    ----------
    curve
        From :func:`budget_curve`: what the chooser expected.
    profits
        ``customer_id``, ``offer``, ``profit``: what is true, as from :func:`offer_profits`.

    Returns
    -------
    DataFrame
        `curve` with ``profit`` replaced. A step up to a more expensive offer counts the difference.

    Examples
    --------
    >>> expected = pd.DataFrame({"customer_id": [1, 2], "offer": "mail", "profit": [3.0, 2.0], "cost": 1.0})
    >>> true = expected.assign(profit=[1.0, -2.0])
    >>> realised(budget_curve(expected), true)["profit"].tolist()
    [0.0, 1.0, -1.0]
    """
    need_rows(curve, ["budget", "customer_id", "offer"], "curve")
    need_rows(profits, ["customer_id", "offer", "profit"], "profits")
    own = dict(
        zip(
            zip(profits["customer_id"], profits["offer"], strict=True),
            profits["profit"],
            strict=True,
        )
    )
    pairs = zip(curve["customer_id"], curve["offer"], strict=True)
    total = pd.Series([own.get(pair, 0.0) for pair in pairs], index=curve.index)
    before = total.groupby(curve["customer_id"]).shift().fillna(0.0)
    return curve.assign(profit=(total - before).fillna(0.0).cumsum())


def compare_policies(policies: Mapping[str, pd.Series], profits: pd.DataFrame) -> pd.DataFrame:
    """Hold policies against each other in profit, where each offer's profit is known (or trusted).

    Parameters
    ----------
    policies
        Offer by customer_id; customers left out, missing, or given "leave alone" or "control" are not
        contacted.
    profits
        ``customer_id``, ``offer``, ``profit``, ``cost``: from the truth, or expected.

    Returns
    -------
    DataFrame
        One row per policy, best first: ``policy``, ``contacts``, ``cost``, ``profit`` (all in sum),
        ``profit_per_contact``,
        ``of_best`` (share of what the best choice for every customer would bring).

    Raises
    ------
    CrmkitError
        If a policy chooses an offer or a customer that `profits` does not know.

    Examples
    --------
    >>> profits = pd.DataFrame({"customer_id": [1, 2], "offer": "mail", "profit": [3.0, -2.0], "cost": 1.0})
    >>> policies = {"everybody": pd.Series("mail", index=[1, 2]), "nobody": pd.Series(dtype=str)}
    >>> compare_policies(policies, profits)["profit"].tolist()
    [1.0, 0.0]
    """
    need_rows(profits, ["customer_id", "offer", "profit", "cost"], "profits")
    need_unique(profits, ["customer_id", "offer"], "profits")
    need_numbers(profits["profit"], "profit")
    known = profits.set_index(["customer_id", "offer"])[["profit", "cost"]]
    best = profits.groupby("customer_id")["profit"].max().clip(lower=0).sum()
    rows = []
    for name, policy in policies.items():
        need_unique(policy.rename_axis("customer_id").reset_index(), ["customer_id"], name)
        chosen = policy[policy.notna() & ~policy.isin([NOBODY, "control"])]
        pairs = pd.MultiIndex.from_arrays([chosen.index, chosen.astype(str)])
        unknown = pairs.difference(known.index)
        if len(unknown):
            raise CrmkitError(
                f"{name}: customer and offer {first_few(unknown)} are not in profits."
            )
        sums = known.loc[pairs].sum() if len(pairs) else pd.Series({"profit": 0.0, "cost": 0.0})
        rows.append(
            {"policy": name, "contacts": len(pairs), "cost": sums["cost"], "profit": sums["profit"]}
        )
    table = pd.DataFrame(rows).sort_values("profit", ascending=False, kind="stable")
    table["profit_per_contact"] = table["profit"] / table["contacts"].where(table["contacts"] > 0)
    table["of_best"] = table["profit"] / best if best > 0 else np.nan
    return table.reset_index(drop=True)


def leave_alone(profits: pd.DataFrame) -> pd.DataFrame:
    """List the customers whom no offer would bring a profit from, with the reason.

    Parameters
    ----------
    profits
        From :func:`expected_profit`.

    Returns
    -------
    DataFrame
        One row per customer to be left alone, worst first: ``customer_id``, ``best_offer`` (the least bad),
        ``profit`` (its expected profit),
        ``uplift``, ``anyway``, ``reason`` ("would be driven away", "returns anyway", "too little to win").

    Examples
    --------
    >>> profits = pd.DataFrame({"customer_id": [1, 2], "offer": "mail", "anyway": [0.1, 0.7],
    ...     "uplift": [-0.1, 0.0], "profit": [-4.0, -1.0]})
    >>> leave_alone(profits)["reason"].tolist()
    ['would be driven away', 'returns anyway']
    """
    need_rows(profits, ["customer_id", "offer", "anyway", "uplift", "profit"], "profits")
    need_numbers(profits["profit"], "profit")
    best = profits.sort_values("profit", ascending=False, kind="stable").drop_duplicates(
        "customer_id"
    )
    alone = (
        best[best["profit"] <= 0]
        .sort_values(["profit", "customer_id"])
        .rename(columns={"offer": "best_offer"})
    )
    reasons = [alone["uplift"] < 0, alone["anyway"] >= 0.5]
    names = ["would be driven away", "returns anyway"]
    alone = alone.assign(reason=np.select(reasons, names, "too little to win"))
    return alone[["customer_id", "best_offer", "profit", "uplift", "anyway", "reason"]].reset_index(
        drop=True
    )
