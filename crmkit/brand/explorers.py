"""Things to play with: a year of advertising, a forgetting curve, a lookalike, a diary.

Each explorer is a function that returns a widget; what it computes is done by pure functions of this package.
"""

from __future__ import annotations

import ipywidgets as widgets
import numpy as np
import pandas as pd

from crmkit.brand.associations import (
    add_lookalike,
    claim_word,
    interference_cost,
    network_layout,
    retrieval_matrix,
)
from crmkit.brand.episodes import Gains, belief_path
from crmkit.brand.exposures import exposure_ages
from crmkit.brand.forgetting import (
    BaseLevel,
    Exponential,
    Floats,
    ForgettingModel,
    MemoryChain,
)
from crmkit.brand.schedules import adstock, make_plan, recall_path, summarise_path
from crmkit.companies import money
from crmkit.errors import CrmkitError
from crmkit.explore import Explorer, Row, canvas, explorer
from crmkit.inference import wilson
from crmkit.inputs import need_count
from crmkit.later import later
from crmkit.say import say
from crmkit.style import COLORS

ticker = later("matplotlib.ticker")


def schedule_explorer(
    model: ForgettingModel, cost_per_contact: float, weeks: int = 52, watch_week: int = 20
) -> Explorer:
    """Draw your own schedule on the weeks of a year and see recall, peak, mean and cost.

    Parameters
    ----------
    model
        Fitted, or made with `known`.
    cost_per_contact
        Cost of one contact with everybody, in the company's currency.
    weeks
        Length of the plan.
    watch_week
        The week whose recall the sentence names; a dotted line marks it.

    Returns
    -------
    Explorer
        It opens with 46 contacts in a year of 52 weeks. Controls: `weeks_on` (one button a week), `contacts` (per week
        switched on). The dashed line is the same money spent evenly.
    """
    need_count(watch_week, "watch_week", largest=weeks)
    figure, ax = canvas(size="normal")
    week = np.arange(1, weeks + 1)
    bars = ax.bar(week, np.zeros(weeks), color=COLORS["contrast"], alpha=0.55, width=0.85)
    (line,) = ax.plot(week, np.zeros(weeks), color=COLORS["focus"], label=say("your plan"))
    (even,) = ax.plot(
        week,
        np.zeros(weeks),
        color=COLORS["muted"],
        linestyle="--",
        label=say("the same money, evenly"),
    )
    ax.axvline(
        watch_week,
        color=COLORS["ink"],
        linestyle=":",
        linewidth=1.2,
        label=say("week {number}", number=watch_week),
    )
    ax.set(
        title=say("Recall under your plan"),
        xlabel=say("week (bars: weeks on air)"),
        ylabel=say("share who recall"),
        ylim=(0, 1.2),  # room for the legend above the highest recall
        xlim=(0, weeks + 1),
        yticks=np.linspace(0, 1, 6),
    )
    ax.yaxis.set_major_formatter(ticker.PercentFormatter(1, decimals=0))
    ax.legend(loc="upper right", ncols=3, fontsize=10)

    def draw(weeks_on: tuple[bool, ...], contacts: float) -> str:
        plan = np.where(np.asarray(weeks_on), contacts, 0.0)
        path = recall_path(plan, model)
        line.set_ydata(path["recall"])
        level = recall_path(make_plan("drip", float(plan.sum()), weeks=weeks), model)["recall"]
        even.set_ydata(level)
        for bar, amount in zip(bars, plan, strict=True):
            bar.set_height(amount / 30)
        if not plan.any():
            return say("Silence: nobody is reminded, and it costs nothing. Switch some weeks on.")
        found = summarise_path(path, cost_per_contact)
        return say(
            "Peak {peak:.0%} in week {peak_week:.0f}, mean over the year {mean:.0%}, in week {week} {recall:.0%}, "
            "at the end {end:.0%}; {contacts:.0f} contacts per person cost {cost} million. Spread evenly the same "
            "money has a mean of {even_mean:.0%} and ends at {even_end:.0%}.",
            peak=found["peak"],
            peak_week=found["peak_week"],
            mean=found["mean"],
            week=watch_week,
            recall=path["recall"].iloc[watch_week - 1],
            end=found["end"],
            contacts=found["contacts"],
            cost=money(found["cost"] / 1e6, 2),
            even_mean=level.mean(),
            even_end=level.iloc[-1],
        )

    # 23 weeks with two contacts each: a block up to week 20, then every second week.
    opening = {*range(10, 21), *range(24, 47, 2)}
    buttons = [
        widgets.ToggleButton(
            value=number in opening,
            description=str(number),
            tooltip=say("week {number}", number=number),
        )
        for number in range(1, weeks + 1)
    ]
    controls = {
        "weeks_on": Row(buttons, per_row=13, label=say("weeks on air")),
        "contacts": widgets.FloatSlider(
            value=2,
            min=0.5,
            max=6,
            step=0.5,
            description=say("contacts per person in a week on air"),
        ),
    }
    return explorer(
        controls,
        draw,
        figure,
        alt=say("Recall over a year under the chosen weeks of advertising"),
        wide=("weeks_on",),
    )


def recall_by_delay(trials: pd.DataFrame, exposures: int) -> pd.DataFrame:
    """Share who recall by weeks after the last contact, for one number of contacts.

    Parameters
    ----------
    trials
        exposures, weeks_after, recalled.
    exposures
        Which number of contacts.

    Returns
    -------
    DataFrame, index weeks_after
        asked, share, low, high.

    Raises
    ------
    CrmkitError
        If nobody had that many contacts.
    """
    part = trials[trials["exposures"] == exposures]
    if len(part) == 0:
        raise CrmkitError(
            f"Nobody in the table had {exposures} contacts; there are {sorted(trials['exposures'].unique())}."
        )
    table = part.groupby("weeks_after")["recalled"].agg(asked="size", share="mean")
    table["low"], table["high"] = wilson(table["share"] * table["asked"], table["asked"])
    return table


def forgetting_explorer(trials: pd.DataFrame) -> Explorer:
    """Lay a forgetting curve through measured recall by hand.

    Parameters
    ----------
    trials
        The recall experiment: exposures, gap_weeks, weeks_after, recalled.

    Returns
    -------
    Explorer
        Controls: `shape` (one store, two stores, ACT-R), `strength`, `half_life` (weeks of the fast or only
        store), `slow_share`, and `exposures` (which data are drawn).
    """
    figure, ax = canvas(size="normal")
    counts = [int(n) for n in sorted(trials["exposures"].unique()) if n > 0]
    data = {n: recall_by_delay(trials, n) for n in counts}
    ages = exposure_ages(trials)
    recalled = trials["recalled"].to_numpy()
    weeks = np.linspace(0.5, 52, 120)
    dots = ax.plot([], [], "o", color=COLORS["ink"], label=say("measured (share, 95 % interval)"))[
        0
    ]
    sticks = ax.vlines(data[counts[0]].index, 0, 0, color=COLORS["ink"], linewidth=1.4)
    (line,) = ax.plot(weeks, weeks * 0, color=COLORS["focus"], label=say("your curve"))
    ax.set(
        title=say("Forgetting: your curve against the data"),
        xlabel=say("weeks after the last contact"),
        ylabel=say("share who recall"),
        ylim=(0, 1),
        xlim=(0, 53),
    )
    ax.yaxis.set_major_formatter(ticker.PercentFormatter(1, decimals=0))
    ax.legend(loc="upper right")
    gaps = {
        n: trials.loc[trials["exposures"] == n, "gap_weeks"].to_numpy(dtype=float) for n in counts
    }

    def expected(model: ForgettingModel, after: Floats, count: int) -> Floats:
        """Average over the distances between contacts that these people had."""
        distance, people = np.unique(gaps[count], return_counts=True)
        curves = [model.recall(after[:, None] + np.arange(count) * gap) for gap in distance]
        return np.asarray(np.average(curves, axis=0, weights=people))

    def draw(
        shape: str, strength: float, half_life: float, slow_share: float, exposures: int
    ) -> str:
        controls["slow_share"].disabled = shape != "two stores"  # the others have no slow store
        model = hand_made(shape, strength, half_life, slow_share)
        table = data[exposures]
        dots.set_data(table.index, table["share"])
        sticks.set_segments(
            [
                [(x, low), (x, high)]
                for x, low, high in zip(table.index, table["low"], table["high"], strict=True)
            ]
        )
        line.set_ydata(expected(model, weeks, exposures))
        fit = float(model.log_likelihood(ages, recalled).mean())
        where = expected(model, table.index.to_numpy(dtype=float), exposures)
        inside = int(((where >= table["low"]) & (where <= table["high"])).sum())
        life = model.half_life_weeks()
        return say(
            "Half of what one contact leaves is gone after {weeks:.1f} weeks. The curve passes through {inside} of "
            "{intervals} intervals; over all answers its log-likelihood is {fit:.3f} a person (nearer to 0 is better).",
            weeks=life,
            inside=inside,
            intervals=len(table),
            fit=fit,
        )

    controls = {
        "shape": widgets.Dropdown(
            options=[
                (say("one store"), "one store"),
                (say("two stores"), "two stores"),
                ("ACT-R", "ACT-R"),
            ],
            value="one store",
            description=say("shape"),
        ),
        "strength": widgets.FloatSlider(
            value=0.4, min=0.05, max=1.5, step=0.05, description=say("strength of a contact")
        ),
        "half_life": widgets.FloatSlider(
            value=6, min=0.5, max=30, step=0.5, description=say("half-life (weeks)")
        ),
        "slow_share": widgets.FloatSlider(
            value=0.15,
            min=0,
            max=0.6,
            step=0.05,
            description=say("share kept in the slow store (two stores only)"),
            readout_format=".0%",
        ),
        "exposures": widgets.SelectionSlider(
            options=counts,
            value=counts[min(2, len(counts) - 1)],
            description=say("contacts of the people shown"),
        ),
    }
    return explorer(
        controls,
        draw,
        figure,
        alt=say("Measured recall by weeks after the last contact, and a curve laid by hand"),
    )


def hand_made(
    shape: str,
    strength: float,
    half_life_weeks: float,
    slow_share: float,
    slow_half_life_weeks: float = 26.0,
) -> ForgettingModel:
    """Make a model from figures that people understand.

    Parameters
    ----------
    shape
        ``"one store"``, ``"two stores"`` or ``"ACT-R"``. Which model.
    strength
        Strength of a fresh contact.
    half_life_weeks
        Of the only, or the fast, store. For ACT-R the exponent is chosen so that activation falls to half in that
        time after one week.
    slow_share
        Share of a contact that ends in the slow store (two stores only).
    slow_half_life_weeks
        Of the slow store.

    Examples
    --------
    >>> round(hand_made("one store", 0.001, 6, 0).half_life_weeks(), 1)
    6.0
    """
    decay = np.log(2) / half_life_weeks
    if shape == "one store":
        return Exponential.known(learning=strength, decay=decay)
    if shape == "two stores":
        slow = np.log(2) / slow_half_life_weeks
        return MemoryChain.known(
            learning=strength,
            decay_fast=decay,
            transfer=slow_share * max(decay - slow, 0.01),
            decay_slow=slow,
        )
    if shape == "ACT-R":
        exponent = np.log(2) / np.log(1 + half_life_weeks)
        return BaseLevel.known(decay=exponent, threshold=-np.log(strength), noise=1.0)
    raise CrmkitError(f"There is no shape '{shape}'. Choose one store, two stores or ACT-R.")


def word_explorer(strengths: pd.DataFrame, brand: str, value: pd.Series) -> Explorer:
    """Put a share of a brand's strength behind one word, and see what it wins there and loses elsewhere.

    Parameters
    ----------
    strengths
        Brand by word (say, the share who link them).
    brand
        Whose campaign it is.
    value
        Buying worth by word, in the company's currency a year.

    Returns
    -------
    Explorer
        Controls: `word` and `share` (of the brand's whole strength moved to it).
    """
    figure, ax = canvas(size="normal")
    words = list(strengths.loc[brand].sort_values(kind="stable").index)
    y = np.arange(len(words))
    before = retrieval_matrix(strengths).loc[brand, words]
    ax.barh(y, before, color=COLORS["grid"], label=say("today"))
    now = ax.barh(y, before, color=COLORS["focus"], height=0.5, label=say("after the campaign"))
    ax.set_yticks(y, words)
    ax.set(
        title=say("Words that lead to {brand}", brand=brand),
        xlabel=say("chance that the word leads there"),
        xlim=(0, 1),
    )
    ax.xaxis.set_major_formatter(ticker.PercentFormatter(1, decimals=0))
    ax.legend(loc="lower right")

    def draw(word: str, share: float) -> str:
        table = interference_cost(
            strengths, claim_word(strengths, brand, word, share), brand, value
        )
        for bar, name in zip(now, words, strict=True):
            bar.set_width(table.loc[name, "after"])
        if share == 0:
            return say("Nothing is moved yet: raise the share.")
        won = -float(table.loc[word, "cost"])
        lost = float(table["cost"].drop(word).sum())
        fields = {
            "word": word,
            "brand": brand,
            "after": table.loc[word, "after"],
            "before": table.loc[word, "before"],
            "won": money(won / 1e6, 2),
            "lost": money(lost / 1e6, 2),
            "net": money(abs(won - lost) / 1e6, 2),
        }
        if won > lost:
            return say(
                "'{word}' now leads to {brand} in {after:.0%} of cases instead of {before:.0%}: {won} million a year "
                "more. The other words lose {lost} million. All in all the campaign wins {net} million.",
                **fields,
            )
        return say(
            "'{word}' now leads to {brand} in {after:.0%} of cases instead of {before:.0%}: {won} million a year "
            "more. The other words lose {lost} million. All in all the campaign loses {net} million.",
            **fields,
        )

    controls = {
        "word": widgets.Dropdown(
            options=sorted(words), value=words[-1], description=say("word of the campaign")
        ),
        "share": widgets.FloatSlider(
            value=0.1,
            min=0,
            max=0.6,
            step=0.02,
            description=say("share of all strength moved to it"),
            readout_format=".0%",
        ),
    }
    return explorer(
        controls,
        draw,
        figure,
        alt=say(
            "Chance that each word leads to {brand}, today and after a campaign for one word",
            brand=brand,
        ),
    )


def lookalike_explorer(strengths: pd.DataFrame, brand: str, value: pd.Series) -> Explorer:
    """Dial a lookalike into the market and see what it takes, word by word.

    Parameters
    ----------
    strengths
        Brand by word (say, the share who link them).
    brand
        The brand that is copied.
    value
        Buying worth by word, in the company's currency a year.

    Returns
    -------
    Explorer
        Controls: `similarity` and `strength` of the lookalike.
    """
    figure, (left, right) = canvas(size="wide", columns=2)
    start = add_lookalike(strengths, brand, 1.0, 1.0)
    places = network_layout(start.loc[[brand, "Lookalike"]])
    places = places.set_index("node")["y"]
    words = list(strengths.columns)
    lines = {}
    for name, colour in ((brand, COLORS["focus"]), ("Lookalike", COLORS["bad"])):
        for word in words:
            (lines[name, word],) = left.plot(
                [0, 1],
                [places[name], places[word]],
                color=colour,
                alpha=0.65,
                solid_capstyle="round",
            )
        left.text(
            -0.05, places[name], name, ha="right", va="center", fontweight="bold", color=colour
        )
    for word in words:
        left.text(1.05, places[word], word, ha="left", va="center", fontsize=11)
    left.set(xlim=(-0.9, 2.2), ylim=(-0.06, 1.06), title=say("Links"))
    left.axis("off")
    order = sorted(words, key=lambda word: places[word])
    y = np.arange(len(order))
    before = retrieval_matrix(strengths).loc[brand, order]
    right.barh(y, before, color=COLORS["grid"], label=say("before"))
    now = right.barh(y, before, color=COLORS["focus"], height=0.5, label=say("with the lookalike"))
    right.set_yticks(y, order)
    right.set(
        title=say("Words that lead to {brand}", brand=brand), xlim=(0, 1.05 * float(before.max()))
    )
    right.xaxis.set_major_formatter(ticker.PercentFormatter(1, decimals=0))
    right.legend(loc="lower right", fontsize=10)
    largest = float(strengths.loc[brand].max())

    def draw(similarity: float, strength: float) -> str:
        after = add_lookalike(strengths, brand, similarity, strength)
        cost = interference_cost(strengths, after, brand, value)
        for (name, word), artist in lines.items():
            artist.set_linewidth(7 * min(float(after.loc[name, word]) / largest, 1.6))
        for bar, word in zip(now, order, strict=True):
            bar.set_width(cost.loc[word, "after"])
        worst = cost["lost_points"].idxmax()
        if strength == 0:
            return say("No lookalike yet: move its strength up.")
        return say(
            "A lookalike with similarity {similarity:.0%} and {strength:.0%} of {brand}'s strength takes most at "
            "'{word}': {points:.0f} percentage points. Over all words, buying worth {lost} million a year no longer "
            "begins with {brand}.",
            similarity=similarity,
            strength=strength,
            brand=brand,
            word=worst,
            points=cost.loc[worst, "lost_points"],
            lost=money(cost["cost"].sum() / 1e6, 1),
        )

    controls = {
        "similarity": widgets.FloatSlider(
            value=0.8,
            min=0,
            max=1,
            step=0.05,
            description=say("similarity of its words"),
            readout_format=".0%",
        ),
        "strength": widgets.FloatSlider(
            value=0.5,
            min=0,
            max=1.5,
            step=0.05,
            description=say("strength against the original"),
            readout_format=".0%",
        ),
    }
    return explorer(
        controls,
        draw,
        figure,
        alt=say(
            "Links of {brand} and of a lookalike, and what each word still leads to", brand=brand
        ),
    )


def diary_explorer(diaries: pd.DataFrame, people: pd.DataFrame) -> Explorer:
    """Leaf through customers' diaries and find the gains that explain their trust.

    Parameters
    ----------
    diaries
        person_id, kind, rating, trust, in the order of events.
    people
        person_id, first_impression.

    Returns
    -------
    Explorer
        Controls: `person`, and the gains `message`, `good`, `bad`.
    """
    figure, ax = canvas(size="normal")
    start = people.set_index("person_id")["first_impression"]
    pages = {person: page for person, page in diaries.groupby("person_id") if len(page) >= 5}
    longest = max(len(page) for page in pages.values())
    (told,) = ax.plot([], [], "o-", color=COLORS["ink"], label=say("trust reported"))
    (model,) = ax.plot([], [], "--", color=COLORS["focus"], label=say("your gains"))
    marks = {
        "advertisement": ax.plot(
            [],
            [],
            "^",
            color=COLORS["contrast"],
            markersize=10,
            label=say("advertisement (its promise)"),
        )[0],
        "failure": ax.plot([], [], "X", color=COLORS["bad"], markersize=10, label=say("failure"))[
            0
        ],
        "experience": ax.plot(
            [], [], "s", color=COLORS["good"], markersize=8, label=say("other experience")
        )[0],
    }
    ax.set(
        title=say("A customer's diary"),
        xlabel=say("event (0 = first impression)"),
        ylabel=say("points, 0 to 10"),
        ylim=(-0.4, 13.5),
        xlim=(-0.5, longest + 0.5),
    )
    ax.set_yticks(range(0, 11, 2))
    ax.legend(loc="upper center", ncols=2, fontsize=10)

    def draw(person: int, message: float, good: float, bad: float) -> str:
        page = pages[person]
        belief = belief_path(
            start[person], page["rating"], Gains(message, good, bad), list(page["kind"])
        )
        step = np.arange(len(page) + 1)
        told.set_data(step, [start[person], *page["trust"]])
        model.set_data(step, [start[person], *belief])
        group = (
            page["kind"]
            .where(page["kind"].isin(["advertisement", "failure"]), "experience")
            .to_numpy()
        )
        for name, artist in marks.items():
            artist.set_data(step[1:][group == name], page["rating"].to_numpy()[group == name])
        miss = float(np.abs(belief - page["trust"]).mean())
        failures = int((page["kind"] == "failure").sum())
        return say(
            "Customer {person}: first impression {start:.1f}, {events} events (failures among them: {failures}); trust "
            "ends at {trust:.1f}. With your gains the model ends at {belief:.1f} and is off by {miss:.1f} points on "
            "average.",
            person=person,
            start=start[person],
            events=len(page),
            failures=failures,
            trust=page["trust"].iloc[-1],
            belief=belief[-1],
            miss=miss,
        )

    controls = {
        "person": widgets.SelectionSlider(
            options=sorted(pages), value=sorted(pages)[0], description=say("customer")
        ),
        "message": widgets.FloatSlider(
            value=0.2, min=0, max=1, step=0.02, description=say("gain of an advertisement")
        ),
        "good": widgets.FloatSlider(
            value=0.3, min=0, max=1, step=0.02, description=say("gain of a good surprise")
        ),
        "bad": widgets.FloatSlider(
            value=0.3, min=0, max=1, step=0.02, description=say("gain of a bad surprise")
        ),
    }
    return explorer(
        controls,
        draw,
        figure,
        alt=say("Events of one diary, the trust reported after each, and the model's belief"),
    )


def carry_over_explorer() -> Explorer:
    """See what "decay 70 %" means in either reading, for eight contacts in one week.

    Returns
    -------
    Explorer
        Controls: `percent`, the figure that a tool calls decay.
    """
    figure, ax = canvas(size="normal")
    week = np.arange(13)
    burst = np.array([8.0] + [0.0] * 12)
    (kept,) = ax.plot(
        week, week * 0.0, "o-", color=COLORS["focus"], label=say("figure = share kept each week")
    )
    (lost,) = ax.plot(
        week, week * 0.0, "s--", color=COLORS["bad"], label=say("figure = share lost each week")
    )
    ax.set(
        title=say("One figure, two meanings"),
        xlabel=say("weeks after the contacts"),
        ylabel=say("contacts still at work"),
        ylim=(0, 8.5),
    )
    ax.legend(loc="upper right")

    def draw(percent: int) -> str:
        lives = {}
        for name, artist, share in (
            ("kept", kept, percent / 100),
            ("lost", lost, 1 - percent / 100),
        ):
            lives[name] = float(np.log(0.5) / np.log(share))
            artist.set_ydata(adstock(burst, lives[name]))
        return say(
            "'Decay {percent} %' is a half-life of {kept:.1f} weeks if {percent} % is kept, and of {lost:.1f} weeks if "
            "{percent} % is lost. Ask for the half-life.",
            percent=percent,
            kept=lives["kept"],
            lost=lives["lost"],
        )

    controls = {
        "percent": widgets.IntSlider(
            value=70, min=5, max=95, step=5, description=say("'decay', % a week")
        )
    }
    return explorer(
        controls,
        draw,
        figure,
        alt=say(
            "Contacts still at work after a week of eight, under both readings of the same figure"
        ),
    )
