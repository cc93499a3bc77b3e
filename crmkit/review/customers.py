"""The analyses that look at customers: who they are, whether they stay, and who is new."""

from __future__ import annotations

import warnings

import numpy as np
import pandas as pd

from crmkit.errors import CrmkitError
from crmkit.inference import mean_interval, newcombe, wilson
from crmkit.reactivation import (
    STATES,
    cost_of_one,
    purchase_gaps,
    return_curve,
    silence,
    thresholds_by_return,
)
from crmkit.review.parts import FEWEST, YEAR, Books, Part, on_quarters, short_history, within
from crmkit.say import label, labels, say
from crmkit.style import COLORS, axes, reach
from crmkit.value import TierWarning, assign_tiers, top_share, top_share_interval
from crmkit.value.plots import plot_concentration

labels("state", "tier", "share of worth", "margin", "turnover")
#: How far ahead a return is looked for, in days.
AHEAD = 75


def profile(books: Books) -> Part:
    """Say who the customers are: levels of value, risk of leaving, and what they prefer."""
    worth = books.by_customer(books.year())
    if len(worth) < FEWEST:
        raise CrmkitError(
            f"{len(worth)} customers bought in the last {YEAR} days; a profile needs {FEWEST}."
        )
    low, high = top_share_interval(worth, 0.2)
    fifth = (top_share(worth, 0.2), low, high)
    with warnings.catch_warnings():
        # Where many bring the same, a tier may be empty: the table shows it.
        warnings.simplefilter("ignore", TierWarning)
        tiers = assign_tiers(worth)
    levels = pd.DataFrame({"customers": worth.groupby(tiers, observed=False).size()})
    levels["share of worth"] = worth.groupby(tiers, observed=False).sum() / worth.sum()
    levels = levels.iloc[::-1].rename_axis("tier")
    ax = plot_concentration({label(books.worth): worth})
    ax.set_title(say("Who brings the {worth}", worth=label(books.worth)))
    alt = say(
        "Pareto curve of the {worth} of the last year: the best fifth of the customers bring {share:.0%}.",
        worth=label(books.worth),
        share=fifth[0],
    )
    said, pictures, tables = [], [(ax, alt)], [(say("Levels of value in the last year:"), levels)]
    finding = say(
        "The best fifth of the customers bring {share:.0%} of the {worth}",
        share=fifth[0],
        worth=label(books.worth),
    )
    said.append(say("Share of the best fifth: {share}.", share=within(fifth)))
    try:
        risk, picture = _risk(books, worth)
        said.append(risk)
        pictures.append(picture)
    except CrmkitError as error:
        said.append(say("Risk cannot be told: {reason}", reason=str(error)))
    if "channel" in books.orders:
        used = books.year()["channel"].value_counts(normalize=True)
        said.append(
            say(
                "Most orders come by {channel} ({share:.0%}).",
                channel=label(str(used.index[0])),
                share=float(used.iloc[0]),
            )
        )
    limits = (
        say("Why customers prefer what they buy: nobody asked them (lesson 12)."),
        say("How much they buy elsewhere."),
    )
    return Part(say("Profile"), finding, tuple(said), tuple(pictures), tuple(tables), limits)


def _risk(books: Books, worth: pd.Series) -> tuple[str, tuple]:
    """Sort the customers into states of sleep, and say how much of the last year's worth is drowsy."""
    gaps = purchase_gaps(books.orders, books.as_of)
    lines = thresholds_by_return(return_curve(gaps, AHEAD, draws=0))
    quiet = silence(books.orders, books.as_of).set_index("customer_id")["silent_days"]
    state = lines.state(quiet)
    counts = state.value_counts().reindex(STATES, fill_value=0)
    table = pd.DataFrame({"share": counts / len(state)})
    table["low"], table["high"] = wilson(counts.to_numpy(), len(state))
    at_stake = worth[state.reindex(worth.index).isin(["drowsy", "half-asleep"])].sum()
    ax = axes()
    place = np.arange(len(table))
    hues = [COLORS[hue] for hue in ("good", "contrast", "focus", "muted")][: len(table)]
    ax.bar(place, table["share"], yerr=reach(table, "share"), color=hues, capsize=4)
    ax.set_xticks(place, [label(name) for name in table.index])
    ax.set(title=say("How long customers have been silent"), ylabel=say("share of all customers"))
    ax.yaxis.set_major_formatter(lambda y, _: f"{y:.0%}")
    told = ", ".join(f"{label(str(name))} {share:.0%}" for name, share in table["share"].items())
    said = say(
        "Customers who were drowsy or half-asleep on the last day had brought {money} in the year before; of all who "
        "ever bought, {share} are asleep.",
        money=books.money(float(at_stake)),
        share=within((table["share"].iloc[-1], table["low"].iloc[-1], table["high"].iloc[-1])),
    )
    return said, (ax, say("Customers by state of sleep: {told}.", told=told))


def persistency(books: Books) -> Part:
    """Say whether customers stay: how many of one year's buyers bought again in the next."""
    if books.years() < 2:
        raise CrmkitError(short_history(books))
    rows = []
    for back in range(books.years() - 1, 0, -1):
        before = books.year(back)["customer_id"].unique()
        if len(before) < FEWEST:
            continue
        stayed = int(np.isin(before, books.year(back - 1)["customer_id"]).sum())
        until = books.as_of - pd.Timedelta(days=YEAR * (back - 1))
        rows.append((f"{until:%Y-%m-%d}", len(before), stayed))
    if not rows:
        raise CrmkitError(f"No year had {FEWEST} customers: too few to speak of staying.")
    table = pd.DataFrame(rows, columns=["year to", "customers", "bought again"])
    table["share"] = table["bought again"] / table["customers"]
    table["low"], table["high"] = wilson(table["bought again"], table["customers"])
    last = table.iloc[-1]
    ax = axes()
    place = np.arange(len(table))
    ax.errorbar(
        place,
        table["share"],
        yerr=reach(table, "share"),
        fmt="o-",
        color=COLORS["focus"],
        capsize=4,
    )
    ax.set_xticks(place, table["year to"])
    ax.set(
        title=say("Of each year's customers, how many bought in the next"),
        xlabel=say("last day of the next year"),
        ylabel=say("share who bought again"),
        ylim=(0, 1),
    )
    ax.yaxis.set_major_formatter(lambda y, _: f"{y:.0%}")
    told = ", ".join(f"{row[0]} {row[3]:.0%}" for row in table.itertuples(index=False))
    alt = say("Share of the customers who bought again in the next year: {told}.", told=told)
    finding = say(
        "{share:.0%} of the customers of the year before bought again last year",
        share=float(last["share"]),
    )
    said = [
        say(
            "Share who bought again: {share}.",
            share=within((last["share"], last["low"], last["high"])),
        )
    ]
    if len(table) > 1:
        now, then = table.iloc[-1], table.iloc[-2]
        # Some people count in both years; Newcombe's interval takes them as different people.
        change = newcombe(
            now["bought again"], now["customers"], then["bought again"], then["customers"]
        )
        points = (100 * float(value) for value in change)
        said.append(
            say(
                "Change against the year before, in points: {change}.",
                change=within(tuple(points), "{:+.0f}"),  # type: ignore[arg-type]
            )
        )
    limits = (
        say("Whether those who stayed are content: they may have had no choice (lesson 64)."),
        say("Whether those who did not buy have left, or only wait (lesson 30)."),
    )
    return Part(
        say("Persistency"),
        finding,
        tuple(said),
        ((ax, alt),),
        ((say("Customers of a year who bought again in the next:"), table),),
        limits,
    )


def prospecting(books: Books) -> Part:
    """Say how many customers are new, from where, and whether there are more than a year ago."""
    first = books.orders.groupby("customer_id")["order_date"].min()
    quarters = first.dt.to_period("Q")
    per = quarters.value_counts().sort_index()
    per = per.reindex(pd.period_range(per.index.min(), per.index.max(), freq="Q"), fill_value=0)
    until = books.as_of
    new = int((first > until - pd.Timedelta(days=YEAR)).sum())
    ax = axes()
    ax.bar(on_quarters(ax, per.index), per.to_numpy(), color=COLORS["focus"])
    ax.set(title=say("New customers, by quarter of the first purchase"), ylabel=say("customers"))
    alt = say(
        "New customers by quarter: {first:,} in {start}, {last:,} in {end}.",
        first=int(per.iloc[0]),
        start=str(per.index[0]),
        last=int(per.iloc[-1]),
        end=str(per.index[-1]),
    )
    finding = say("{new:,} customers bought for the first time in the last year", new=new)
    said, tables = [], []
    if books.years() >= 2:
        before = int(((first > until - pd.Timedelta(days=2 * YEAR)).sum()) - new)
        said.append(_trend(new, before))
    else:
        said.append(short_history(books))
    table = _by_channel(books, first)
    if table is not None:
        tables.append(
            (say("Newcomers of the last two years, and what they brought in 90 days:"), table)
        )
    limits = (
        say("Anyone who bought before the first order of these tables looks new here."),
        say("Who might have become a customer and did not: no table holds them (lesson 50)."),
        say("What a channel won that would not have come anyway (lesson 52)."),
    )
    return Part(say("Prospecting"), finding, tuple(said), ((ax, alt),), tuple(tables), limits)


def _trend(new: int, before: int) -> str:
    """Compare two numbers of newcomers: given their sum, the first is binomial (Przyborowski & Wilenski 1940)."""
    if min(new, before) < 5:
        return say("The year before it was {before:,}: too few to speak of a trend.", before=before)
    low, high = wilson(new, new + before)
    ratio = within((new / before, low / (1 - low), high / (1 - high)), "{:.2f}")
    return say(
        "The year before it was {before:,}. Ratio of the two years: {ratio}.",
        before=before,
        ratio=ratio,
    )


def _by_channel(books: Books, first: pd.Series) -> pd.DataFrame | None:
    """Newcomers by channel, what they brought in their first 90 days, and what winning one cost."""
    customers = books.others.get("customers")
    if customers is None or "acquisition_channel" not in customers:
        return None
    since, until = books.as_of - pd.Timedelta(days=2 * YEAR), books.as_of - pd.Timedelta(days=90)
    new = first[(first > since) & (first <= until)]
    orders = books.orders[books.orders["customer_id"].isin(new.index)]
    early = orders[(orders["order_date"] - orders["customer_id"].map(new)) < pd.Timedelta(days=90)]
    brought = early.groupby("customer_id")[books.worth].sum()
    channel = customers.drop_duplicates("customer_id").set_index("customer_id")
    came = channel["acquisition_channel"].reindex(brought.index)
    rows = {
        str(name): (len(values), *mean_interval(values))
        for name, values in brought.groupby(came)
        if len(values) >= FEWEST
    }
    if not rows:
        return None
    table = pd.DataFrame.from_dict(
        rows, orient="index", columns=["customers", f"{books.worth} in 90 days", "low", "high"]
    )
    spend = books.others.get("acquisition_spend")
    if spend is not None and "customer_since" in customers:
        recent = spend[pd.to_datetime(spend["month"]) > since]
        if len(recent):
            cost = cost_of_one(recent, customers, by="acquisition_channel")["cost_of_one"]
            table["cost of one"] = cost.reindex(table.index)
    return table.rename_axis("channel")
