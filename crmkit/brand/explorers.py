"""Things to play with: a year of advertising, a forgetting curve, a lookalike, a diary.

Each explorer is a function that returns a widget; what it computes is done by pure functions of this package.
"""

from __future__ import annotations

import ipywidgets as widgets
import numpy as np
import pandas as pd
from matplotlib.ticker import PercentFormatter

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
from crmkit.companies import company, money
from crmkit.errors import CrmkitError
from crmkit.explore import Explorer, Row, canvas, explorer
from crmkit.inference import wilson
from crmkit.inputs import need_count
from crmkit.style import COLORS


def schedule_explorer(
    model: ForgettingModel, cost_per_contact: float, weeks: int = 52, watch_week: int = 20
) -> Explorer:
    """Draw your own schedule on the weeks of a year and see recall, peak, mean and cost.

    Parameters
    ----------
    model
        Fitted, or made with `known`.
    cost_per_contact
        £ for one contact with everybody.
    weeks
        Length of the plan.
    watch_week
        The week whose recall the sentence names.

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
    (line,) = ax.plot(week, np.zeros(weeks), color=COLORS["focus"], label="your plan")
    (even,) = ax.plot(
        week, np.zeros(weeks), color=COLORS["muted"], linestyle="--", label="the same money, evenly"
    )
    ax.set(
        title="Recall under your plan",
        xlabel="week (bars: weeks on air)",
        ylabel="share who recall",
        ylim=(0, 1.2),  # room for the legend above the highest recall
        xlim=(0, weeks + 1),
        yticks=np.linspace(0, 1, 6),
    )
    ax.yaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    ax.legend(loc="upper right")

    def draw(weeks_on: tuple[bool, ...], contacts: float) -> str:
        plan = np.where(np.asarray(weeks_on), contacts, 0.0)
        path = recall_path(plan, model)
        line.set_ydata(path["recall"])
        level = recall_path(make_plan("drip", float(plan.sum()), weeks=weeks), model)["recall"]
        even.set_ydata(level)
        for bar, amount in zip(bars, plan, strict=True):
            bar.set_height(amount / 30)
        if not plan.any():
            return "Silence: nobody is reminded, and it costs nothing. Switch some weeks on."
        found = summarise_path(path, cost_per_contact)
        return (
            f"Peak {found['peak']:.0%} in week {found['peak_week']:.0f}, mean over the year {found['mean']:.0%}, "
            f"in week {watch_week} {path['recall'].iloc[watch_week - 1]:.0%}, "
            f"at the end {found['end']:.0%}; {found['contacts']:.0f} contacts per person cost "
            f"{money(found['cost'] / 1e6, 2)} million. "
            f"Spread evenly the same money has a mean of {level.mean():.0%} and ends at {level.iloc[-1]:.0%}."
        )

    # 23 weeks with two contacts each: a block up to week 20, then every second week.
    opening = {*range(10, 21), *range(24, 47, 2)}
    buttons = [
        widgets.ToggleButton(
            value=number in opening, description=str(number), tooltip=f"week {number}"
        )
        for number in range(1, weeks + 1)
    ]
    controls = {
        "weeks_on": Row(buttons, per_row=13, label="weeks on air"),
        "contacts": widgets.FloatSlider(
            value=2, min=0.5, max=6, step=0.5, description="contacts per person in a week on air"
        ),
    }
    return explorer(
        controls,
        draw,
        figure,
        alt="Recall over a year under the chosen weeks of advertising",
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
    dots = ax.plot([], [], "o", color=COLORS["ink"], label="measured (share, 95 % interval)")[0]
    sticks = ax.vlines(data[counts[0]].index, 0, 0, color=COLORS["ink"], linewidth=1.4)
    (line,) = ax.plot(weeks, weeks * 0, color=COLORS["focus"], label="your curve")
    ax.set(
        title="Forgetting: your curve against the data",
        xlabel="weeks after the last contact",
        ylabel="share who recall",
        ylim=(0, 1),
        xlim=(0, 53),
    )
    ax.yaxis.set_major_formatter(PercentFormatter(1, decimals=0))
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
        return (
            f"Half of what one contact leaves is gone after {life:.1f} weeks. The curve passes through {inside} "
            f"of {len(table)} intervals; "
            f"over all answers its log-likelihood is {fit:.3f} a person (nearer to 0 is better)."
        )

    controls = {
        "shape": widgets.Dropdown(
            options=["one store", "two stores", "ACT-R"], value="one store", description="shape"
        ),
        "strength": widgets.FloatSlider(
            value=0.4, min=0.05, max=1.5, step=0.05, description="strength of a contact"
        ),
        "half_life": widgets.FloatSlider(
            value=6, min=0.5, max=30, step=0.5, description="half-life (weeks)"
        ),
        "slow_share": widgets.FloatSlider(
            value=0.15,
            min=0,
            max=0.6,
            step=0.05,
            description="share kept in the slow store (two stores only)",
        ),
        "exposures": widgets.SelectionSlider(
            options=counts,
            value=counts[min(2, len(counts) - 1)],
            description="contacts of the people shown",
        ),
    }
    return explorer(
        controls,
        draw,
        figure,
        alt="Measured recall by weeks after the last contact, and a curve laid by hand",
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
        £ a year by word.

    Returns
    -------
    Explorer
        Controls: `word` and `share` (of the brand's whole strength moved to it).
    """
    figure, ax = canvas(size="normal")
    words = list(strengths.loc[brand].sort_values(kind="stable").index)
    y = np.arange(len(words))
    before = retrieval_matrix(strengths).loc[brand, words]
    ax.barh(y, before, color=COLORS["grid"], label="today")
    now = ax.barh(y, before, color=COLORS["focus"], height=0.5, label="after the campaign")
    ax.set_yticks(y, words)
    ax.set(
        title=f"Words that lead to {brand}", xlabel="chance that the word leads there", xlim=(0, 1)
    )
    ax.xaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    ax.legend(loc="lower right")

    def draw(word: str, share: float) -> str:
        table = interference_cost(
            strengths, claim_word(strengths, brand, word, share), brand, value
        )
        for bar, name in zip(now, words, strict=True):
            bar.set_width(table.loc[name, "after"])
        if share == 0:
            return "Nothing is moved yet: raise the share."
        won = -float(table.loc[word, "cost"])
        lost = float(table["cost"].drop(word).sum())
        verb = "wins" if won > lost else "loses"
        return (
            f"'{word}' now leads to {brand} in {table.loc[word, 'after']:.0%} of cases instead of "
            f"{table.loc[word, 'before']:.0%}: {money(won / 1e6, 2)} million a year more. The other words lose "
            f"{money(lost / 1e6, 2)} million. All in all the campaign {verb} {money(abs(won - lost) / 1e6, 2)} million."
        )

    controls = {
        "word": widgets.Dropdown(
            options=sorted(words), value=words[-1], description="word of the campaign"
        ),
        "share": widgets.FloatSlider(
            value=0.1,
            min=0,
            max=0.6,
            step=0.02,
            description="share of all strength moved to it",
            readout_format=".0%",
        ),
    }
    return explorer(
        controls,
        draw,
        figure,
        alt=f"Chance that each word leads to {brand}, today and after a campaign for one word",
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
        £ a year by word.

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
    left.set(xlim=(-0.9, 2.2), ylim=(-0.06, 1.06), title="Links")
    left.axis("off")
    order = sorted(words, key=lambda word: places[word])
    y = np.arange(len(order))
    before = retrieval_matrix(strengths).loc[brand, order]
    right.barh(y, before, color=COLORS["grid"], label="before")
    now = right.barh(y, before, color=COLORS["focus"], height=0.5, label="with the lookalike")
    right.set_yticks(y, order)
    right.set(title=f"Words that lead to {brand}", xlim=(0, 1.05 * float(before.max())))
    right.xaxis.set_major_formatter(PercentFormatter(1, decimals=0))
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
            return "No lookalike yet: move its strength up."
        return (
            f"A lookalike with similarity {similarity:.0%} and {strength:.0%} of {brand}'s strength takes most "
            f"at '{worst}': "
            f"{cost.loc[worst, 'lost_points']:.0f} percentage points. Over all words, buying worth "
            f"{company().symbol}{cost['cost'].sum() / 1e6:.1f} million "
            f"a year no longer begins with {brand}."
        )

    controls = {
        "similarity": widgets.FloatSlider(
            value=0.8, min=0, max=1, step=0.05, description="similarity of its words"
        ),
        "strength": widgets.FloatSlider(
            value=0.5, min=0, max=1.5, step=0.05, description="strength against the original"
        ),
    }
    return explorer(
        controls,
        draw,
        figure,
        alt=f"Links of {brand} and of a lookalike, and what each word still leads to",
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
    (told,) = ax.plot([], [], "o-", color=COLORS["ink"], label="trust reported")
    (model,) = ax.plot([], [], "--", color=COLORS["focus"], label="your gains")
    marks = {
        "advertisement": ax.plot(
            [],
            [],
            "^",
            color=COLORS["contrast"],
            markersize=10,
            label="advertisement (its promise)",
        )[0],
        "failure": ax.plot([], [], "X", color=COLORS["bad"], markersize=10, label="failure")[0],
        "experience": ax.plot(
            [], [], "s", color=COLORS["good"], markersize=8, label="other experience"
        )[0],
    }
    ax.set(
        title="A customer's diary",
        xlabel="event (0 = first impression)",
        ylabel="points, 0 to 10",
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
        failed = "1 of them a failure" if failures == 1 else f"{failures} of them failures"
        return (
            f"Customer {person}: first impression {start[person]:.1f}, {len(page)} events, {failed}; "
            f"trust ends at {page['trust'].iloc[-1]:.1f}. With your gains the model ends at {belief[-1]:.1f} "
            f"and is off by {miss:.1f} points on average."
        )

    controls = {
        "person": widgets.SelectionSlider(
            options=sorted(pages), value=sorted(pages)[0], description="customer"
        ),
        "message": widgets.FloatSlider(
            value=0.2, min=0, max=1, step=0.02, description="gain of an advertisement"
        ),
        "good": widgets.FloatSlider(
            value=0.3, min=0, max=1, step=0.02, description="gain of a good surprise"
        ),
        "bad": widgets.FloatSlider(
            value=0.3, min=0, max=1, step=0.02, description="gain of a bad surprise"
        ),
    }
    return explorer(
        controls,
        draw,
        figure,
        alt="Events of one diary, the trust reported after each, and the model's belief",
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
        week, week * 0.0, "o-", color=COLORS["focus"], label="figure = share kept each week"
    )
    (lost,) = ax.plot(
        week, week * 0.0, "s--", color=COLORS["bad"], label="figure = share lost each week"
    )
    ax.set(
        title="One figure, two meanings",
        xlabel="weeks after the contacts",
        ylabel="contacts still at work",
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
        return (
            f"'Decay {percent} %' is a half-life of {lives['kept']:.1f} weeks if {percent} % is kept, and of "
            f"{lives['lost']:.1f} weeks "
            f"if {percent} % is lost. Ask for the half-life."
        )

    controls = {
        "percent": widgets.IntSlider(
            value=70, min=5, max=95, step=5, description="'decay', % a week"
        )
    }
    return explorer(
        controls,
        draw,
        figure,
        alt="Contacts still at work after a week of eight, under both readings of the same figure",
    )
