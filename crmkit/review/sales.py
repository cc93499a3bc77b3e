"""The analyses that look at what is sold: the result, the product lines, and how the goods do at the customers'."""

from __future__ import annotations

import numpy as np
import pandas as pd

from crmkit.errors import CrmkitError
from crmkit.inference import mean_interval, ratio_interval
from crmkit.review.parts import FEWEST, YEAR, Books, Part, on_quarters, short_history, within
from crmkit.say import label, say
from crmkit.style import COLORS, axes, reach


def performance(books: Books) -> Part:
    """Split turnover into customers, orders for each, and value of an order, year against year."""
    rows = {}
    for back in range(max(books.years(), 1) - 1, -1, -1):
        year = books.year(back)
        until = books.as_of - pd.Timedelta(days=YEAR * back)
        people = year["customer_id"].nunique()
        rows[f"{until:%Y-%m-%d}"] = {
            "customers": people,
            "orders each": len(year) / people if people else np.nan,
            "worth of an order": year["turnover"].mean() if len(year) else np.nan,
            "turnover": year["turnover"].sum(),
            **({"margin": year["margin"].sum()} if books.worth == "margin" else {}),
        }
    table = pd.DataFrame.from_dict(rows, orient="index").rename_axis("year to")
    quarters = books.orders.groupby(books.orders["order_date"].dt.to_period("Q"))[books.worth].sum()
    ax = axes()
    ax.bar(on_quarters(ax, quarters.index), quarters.to_numpy(), color=COLORS["focus"])
    ax.set(
        title=say("{worth} by quarter", worth=label(books.worth).capitalize()),
        ylabel=label(books.worth),
    )
    ax.yaxis.set_major_formatter(lambda y, _: books.money(y))
    best = quarters.idxmax()
    alt = say(
        "{worth} by quarter; the best was {best} with {money}.",
        worth=label(books.worth).capitalize(),
        best=str(best),
        money=books.money(float(quarters.max())),
    )
    now = table.iloc[-1]
    said = []
    if books.years() >= 2:
        before = table.iloc[-2]
        finding = say(
            "Turnover changed by {change:+.0%} in a year, to {money}",
            change=float(now["turnover"] / before["turnover"] - 1),
            money=books.money(float(now["turnover"])),
        )
        said.append(_causes(now, before))
        said.append(_certainty(books))
    else:
        finding = say(
            "{customers:,} customers brought a turnover of {money}",
            customers=int(now["customers"]),
            money=books.money(float(now["turnover"])),
        )
        said.append(short_history(books))
    if books.worth == "turnover":
        said.append(say("The orders hold no margin: what remains of the turnover is not known."))
    limits = (
        say("Why sales changed: season, prices and rivals changed too."),
        say("What comes next: sales look back (lesson 24)."),
    )
    return Part(
        say("Performance"),
        finding,
        tuple(said),
        ((ax, alt),),
        ((say("Years of {days} days:", days=YEAR), table),),
        limits,
    )


def _certainty(books: Books) -> str:
    """Say how far other customers of the same kind might have moved the change: each customer's change is a unit."""
    now, before = (books.by_customer(books.year(back)) for back in (0, 1))
    each = now.sub(before, fill_value=0)
    total = [len(each) * value for value in mean_interval(each)]
    if np.isnan(total).any():
        return say("There are too few customers to say whether the change is more than chance.")
    return say(
        "{worth}, this year less last year: {change} (95 % interval {low} to {high}, for other customers of the same "
        "kind).",
        worth=label(books.worth).capitalize(),
        change=books.money(total[0]),
        low=books.money(total[1]),
        high=books.money(total[2]),
    )


def _causes(now: pd.Series, before: pd.Series) -> str:
    """Say which factor changed turnover most: logarithms of the three factors add up to that of turnover."""
    names = {
        "customers": say("the number of customers"),
        "orders each": say("the orders of each"),
        "worth of an order": say("the value of an order"),
    }
    change = {name: float(np.log(now[name] / before[name])) for name in names}
    most = max(change, key=lambda name: abs(change[name]))
    told = ", ".join(f"{names[name]} {np.expm1(value):+.0%}" for name, value in change.items())
    return say("What changed: {told}. Most of it is {most}.", told=told, most=names[most])


def _lines(books: Books) -> pd.DataFrame:
    """Give the lines of the orders up to the last day, with category, customer and date."""
    if missing := books.lacks("order_lines", "products"):
        raise CrmkitError(
            f"{' and '.join(missing)}: not there. This analysis needs what was sold on each order."
        )
    head = books.orders[["order_id", "customer_id", "order_date"]]
    kind = books.others["products"][["product_id", "category"]]
    return books.others["order_lines"].merge(head, on="order_id").merge(kind, on="product_id")


def products(books: Books) -> Part:
    """Say which product lines bring money, and which of them grow."""
    lines = _lines(books)
    worth = "margin" if "margin" in lines else "turnover"
    recent = lines["order_date"] > books.as_of - pd.Timedelta(days=YEAR)
    earlier = ~recent & (lines["order_date"] > books.as_of - pd.Timedelta(days=2 * YEAR))
    now = lines[recent].groupby("category")[["turnover", *({"margin"} & {worth})]].sum()
    if now.empty:
        raise CrmkitError(f"No line was sold in the last {YEAR} days.")
    table = now.sort_values(worth, ascending=False, kind="stable")
    if worth == "margin":
        table["margin rate"] = table["margin"] / table["turnover"]
    if books.years() >= 2:
        before = lines[earlier].groupby("category")["turnover"].sum().reindex(table.index)
        table["change of turnover"] = table["turnover"] / before - 1
    ax = axes()
    place = np.arange(len(table))[::-1]
    ax.barh(place, table[worth], color=COLORS["focus"])
    ax.set_yticks(place, [label(str(name)) for name in table.index])
    ax.xaxis.set_major_formatter(lambda x, _: books.money(x))
    ax.set(
        title=say("{worth} of the last year by product line", worth=label(worth).capitalize()),
        xlabel=label(worth),
    )
    best, share = str(table.index[0]), float(table[worth].iloc[0] / table[worth].sum())
    alt = say(
        "{worth} by product line; {best} leads with {money}.",
        worth=label(worth).capitalize(),
        best=label(best),
        money=books.money(float(table[worth].iloc[0])),
    )
    finding = say(
        "{best} bring {share:.0%} of the {worth}",
        best=label(best).capitalize(),
        share=share,
        worth=label(worth),
    )
    said = []
    if worth == "margin":
        weak = table["margin rate"].idxmin()
        said.append(
            say(
                "The lowest margin rate is that of {weak}: {rate:.0%}.",
                weak=label(str(weak)),
                rate=float(table.loc[weak, "margin rate"]),
            )
        )
    limits = (
        say("Whether a line that earns little brings customers who buy others."),
        say("What was asked for and not in stock."),
    )
    return Part(
        say("Product performance"),
        finding,
        tuple(said),
        ((ax, alt),),
        ((say("Product lines in the last year:"), table),),
        limits,
    )


def supply(books: Books) -> Part:
    """Say how often goods come back, by product line."""
    lines = _lines(books)
    if "returned" not in lines:
        raise CrmkitError("order_lines: without a column returned nobody knows what came back.")
    lines = lines[lines["order_date"] > books.as_of - pd.Timedelta(days=YEAR)]
    rows = {}
    groups = dict(list(lines.groupby("category")))
    # The line that stands out was looked for among all of them (Bonferroni).
    stands_out = []
    for name, own in groups.items():
        people = own.groupby("customer_id")["returned"].agg(["sum", "size"])
        if len(people) >= FEWEST:
            rows[str(name)] = (len(own), *ratio_interval(people["sum"], people["size"]))
            careful = ratio_interval(people["sum"], people["size"], level=1 - 0.05 / len(groups))
            stands_out.append((str(name), careful.low))
    if not rows:
        raise CrmkitError(f"No product line had {FEWEST} customers in the last {YEAR} days.")
    table = pd.DataFrame.from_dict(
        rows, orient="index", columns=["lines", "share", "low", "high"]
    ).rename_axis("category")
    table = table.sort_values("share", ascending=False, kind="stable")
    people = lines.groupby("customer_id")["returned"].agg(["sum", "size"])
    everything = ratio_interval(people["sum"], people["size"])
    ax = axes()
    place = np.arange(len(table))[::-1]
    ax.errorbar(
        table["share"], place, xerr=reach(table, "share"), fmt="o", color=COLORS["focus"], capsize=4
    )
    ax.axvline(everything.estimate, color=COLORS["muted"], ls="--", label=say("all lines"))
    ax.set_yticks(place, [label(str(name)) for name in table.index])
    ax.legend(loc="lower right")
    ax.set(title=say("What comes back, by product line"), xlabel=say("share of the lines returned"))
    ax.xaxis.set_major_formatter(lambda x, _: f"{x:.1%}")
    worst = str(table.index[0])
    above = [name for name, low in stands_out if low > everything.estimate]
    alt = say(
        "Share of lines returned by product line; {worst} has the most, {share:.1%}.",
        worst=label(worst),
        share=float(table["share"].iloc[0]),
    )
    finding = say("{share:.1%} of what was sold came back", share=everything.estimate)
    said = (
        say("Share returned: {share}.", share=within(everything, "{:.1%}")),
        say(
            "More often than the average, beyond chance: {lines}.",
            lines=", ".join(label(name) for name in above),
        )
        if above
        else say("No product line comes back more often than the average beyond chance."),
    )
    limits = (
        say("Why goods came back: too large, broken, or not as described."),
        say("Which needs no product meets (lessons 10 to 14)."),
        say("Whether suppliers delivered in time: no table holds it."),
    )
    return Part(
        say("Product and supply"),
        finding,
        said,
        ((ax, alt),),
        ((say("Lines returned in the last year:"), table),),
        limits,
    )
