"""The analysis that looks at what was done to sell more: discounts, contacts, and tests with a control group."""

from __future__ import annotations

import numpy as np
import pandas as pd

from crmkit.errors import CrmkitError
from crmkit.inference import ratio_interval
from crmkit.reactivation import effect_table
from crmkit.reactivation.plots import plot_effects
from crmkit.review.parts import FEWEST, Books, Part, within
from crmkit.say import label, say


def promotion(books: Books) -> Part:
    """Say what discounts cost, how many contacts there were, and what tests with a control group found."""
    said, pictures, tables = [], [], []
    finding = say("What promotion brings is not known here")
    if "discount" in books.orders:
        finding, sentence = _discounts(books)
        said.append(sentence)
    contacts = books.others.get("contacts")
    if contacts is not None and {"campaign", "cost"} <= set(contacts):
        by = contacts.groupby("campaign").agg(contacts=("cost", "size"), cost=("cost", "sum"))
        tables.append((say("Contacts and what they cost:"), by))
    tests = _tests(books)
    for name, effects in tests.items():
        ax = plot_effects(effects)
        words = label(name.replace("_", " "))
        ax.set_title(say("Back in 60 days, {test}", test=words))
        told = ", ".join(
            f"{label(str(row.arm))} {100 * row.effect:+.1f} ({100 * row.low:+.1f} to {100 * row.high:+.1f})"
            for row in effects.itertuples()
        )
        pictures.append(
            (ax, say("{test}, effects in points with intervals: {told}.", test=words, told=told))
        )
        sure = effects[(effects["p_adjusted"] < 0.05) & (effects["effect"] > 0)]["arm"]
        said.append(
            say(
                "{test}: beyond chance, with all arms allowed for, only {arms} won customers back.",
                test=words.capitalize(),
                arms=", ".join(label(str(arm)) for arm in sure),
            )
            if len(sure)
            else say(
                "{test}: no arm stands out beyond chance, with all arms allowed for.",
                test=words.capitalize(),
            )
        )
    if not said and not tables:
        raise CrmkitError(
            "There are neither discounts in the orders, nor contacts, nor tests with a control group."
        )
    limits = (
        say(
            "What a contact without a control group brought: some would have bought anyway (lesson 32)."
        ),
        say("What advertising did to the memory of those who did not buy (lessons 40 to 44)."),
    )
    return Part(say("Promotion"), finding, tuple(said), tuple(pictures), tuple(tables), limits)


def _discounts(books: Books) -> tuple[str, str]:
    """Share of the list price given away; of the orders, how many had a discount."""
    year = books.year()
    people = year.groupby("customer_id")[["discount", "turnover"]].sum()
    given = ratio_interval(people["discount"], people["discount"] + people["turnover"])
    finding = say(
        "Discounts took {share:.1%} of what the goods would have cost", share=given.estimate
    )
    return finding, say(
        "Discounts took {share} of what the goods would have cost; {orders:.0%} of the orders had one.",
        share=within(given, "{:.1%}"),
        orders=float((year["discount"] > 0).mean()),
    )


def _tests(books: Books) -> dict[str, pd.DataFrame]:
    """Find the tables of tests with a control group, and compare their arms with it."""
    found = {}
    for name in sorted(books.others):
        table = books.others[name]
        if not {"arm", "returned_60d"} <= set(table) or "control" not in set(table["arm"]):
            continue
        if np.min(table["arm"].value_counts()) >= FEWEST:
            found[name] = effect_table(table, "returned_60d")
    return found
