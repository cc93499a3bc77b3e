"""Pictures of stages, kinds of relationship, contracts and winning back. Each takes an analysed table."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from crmkit.errors import CrmkitError
from crmkit.inputs import need_rows
from crmkit.later import later
from crmkit.relations.stages import STAGES
from crmkit.say import label, say
from crmkit.style import COLORS, axes, reach

if TYPE_CHECKING:
    from matplotlib.axes import Axes

ticker = later("matplotlib.ticker")

#: The colour of each stage, the same in every picture.
STAGE_COLORS = dict(
    zip(STAGES, (COLORS["contrast"], COLORS["focus"], COLORS["good"], COLORS["bad"], COLORS["muted"]), strict=True)
)  # fmt: skip
#: Colour and marker of each kind of relationship, from the least to the most work.
_KINDS = (
    (COLORS["muted"], "s"), (COLORS["contrast"], "D"), (COLORS["good"], "^"), (COLORS["focus"], "o"),
    (COLORS["extra"], "v"), (COLORS["bad"], "P"), (COLORS["ink"], "X"),
)  # fmt: skip


def _per_cent(axis: object) -> None:
    axis.set_major_formatter(ticker.PercentFormatter(1, decimals=0))  # type: ignore[attr-defined]


def plot_moves(
    moves: pd.DataFrame,
    ax: Axes | None = None,
    *,
    truth: pd.DataFrame | None = None,
    least: float = 0.03,
    title: str | None = None,
) -> Axes:
    """Draw the share of each move from quarter to quarter with its interval, and the true share beside it.

    Parameters
    ----------
    moves
        From `stage_moves`.
    ax
    truth
        From `stage_moves` of the true stages; a move that it does not have has the share 0.
    least
        Moves below this share in both tables are left out.
    title

    Examples
    --------
    >>> moves = pd.DataFrame({"from_stage": ["stable"], "to_stage": ["decline"], "share": [0.1], "low": [0.05],
    ...     "high": [0.2]})
    >>> plot_moves(moves).get_xlabel()
    'share of those in the first stage'
    """
    keys = ["from_stage", "to_stage"]
    table = need_rows(moves, [*keys, "share", "low", "high"], "moves")
    table = table[[*keys, "share", "low", "high"]]
    if truth is not None:
        known = need_rows(truth, [*keys, "share"], "truth")[[*keys, "share"]]
        table = table.merge(known.rename(columns={"share": "true"}), on=keys, how="left")
        table["true"] = table["true"].fillna(0.0)
    else:
        table = table.assign(true=np.nan)
    table = table[(table["share"] >= least) | (table["true"] >= least)]
    table = table[table["from_stage"] != "ended"].reset_index(drop=True)
    if table.empty:
        raise CrmkitError(f"moves: none has a share of {least:g} or more. Give a smaller `least`.")
    ax = axes(ax, size="tall")
    place = -np.arange(len(table), dtype=float)
    place -= 0.6 * (table["from_stage"] != table["from_stage"].shift()).cumsum().to_numpy()
    ax.errorbar(
        table["share"], place, xerr=reach(table, "share"), fmt="o", color=COLORS["focus"], ms=7, lw=2.5,
        label=say("read off the orders, with 95 % interval"),
    )  # fmt: skip
    if truth is not None:
        ax.plot(
            table["true"],
            place,
            "D",
            color=COLORS["truth"],
            ms=7,
            mfc="none",
            mew=2,
            label=say("true"),
        )
    names = [
        say("{first} → {second}", first=label(first), second=label(second))
        for first, second in zip(table["from_stage"], table["to_stage"], strict=True)
    ]
    ax.set_yticks(place, names)
    ax.legend(loc="upper right")
    ax.set(
        title=say("From stage to stage, a quarter later") if title is None else title,
        xlabel=say("share of those in the first stage"),
        xlim=(-0.02, 1.02),
        ylim=(place[-1] - 0.8, place[0] + 2.4),
    )
    _per_cent(ax.xaxis)
    return ax


def plot_by_age(
    ages: pd.DataFrame,
    change: pd.DataFrame,
    early: int,
    late: int,
    ax: Axes | None = None,
    *,
    unit: str = "",
    title: str | None = None,
) -> Axes:
    """Draw what all who buy bring at each age, and what the same customers bring at two ages.

    Parameters
    ----------
    ages
        From `by_age`.
    change
        From `age_change` at the ages `early` and `late`.
    early, late
    ax
    unit
        Of the money, for the axis.
    title

    Examples
    --------
    >>> from crmkit.relations import age_change, by_age
    >>> table = pd.DataFrame({"firm_id": [1, 1, 2, 2], "quarter": [1, 2] * 2, "orders": 1, "net": [9.0, 8.0, 7.0, 7.0]})
    >>> plot_by_age(by_age(table, "net"), age_change(table, "net", 1, 2), 1, 2).get_xlabel()
    'age of the relationship (quarters)'
    """
    need_rows(ages, ["age", "mean", "low", "high"], "ages")
    need_rows(change, ["part", "early", "late"], "change")
    same = change[change["part"] == "the same customers"].iloc[0]
    ax = axes(ax)
    ax.fill_between(ages["age"], ages["low"], ages["high"], color=COLORS["focus"], alpha=0.18, lw=0)
    ax.plot(
        ages["age"],
        ages["mean"],
        "o-",
        color=COLORS["focus"],
        label=say("all who buy, with 95 % interval"),
    )
    ax.plot(
        [early, late], [same["early"], same["late"]], "D-", color=COLORS["contrast"], ms=9, lw=2.5,
        label=say("the same customers"),
    )  # fmt: skip
    ax.legend(loc="lower right")
    text = say("margin less cost in a quarter")
    ax.set(
        title=say("What customers bring, by age") if title is None else title,
        xlabel=say("age of the relationship (quarters)"),
        ylabel=say("{text} ({unit})", text=text, unit=unit) if unit else text,
        ylim=(0, None),
    )
    ax.xaxis.set_major_locator(ticker.MaxNLocator(integer=True))
    return ax


def plot_kinds(
    choice: pd.DataFrame, ax: Axes | None = None, *, unit: str = "", title: str | None = None
) -> Axes:
    r"""Draw what each kind of relationship earns more than the first one, for each group of customers.

    Parameters
    ----------
    choice
        From `choose_kind`.
    ax
    unit
        Of the money, for the axis.
    title

    Notes
    -----
    Money is shown as a share of the group's margin, so that small and large customers fit in one picture. A kind that
    loses more than a quarter of the margin is drawn at the edge.

    Examples
    --------
    >>> choice = pd.DataFrame({"tier": "key", "customers": 9, "margin": 100.0, "kind": ["basic", "partner"],
    ...     "more": [0.0, 20.0], "low": [None, 10.0], "high": [None, 30.0], "best": [False, True]})
    >>> plot_kinds(choice, unit="GBP").get_yticklabels()[0].get_text()
    'key: 9\nmargin 100 GBP'
    """
    need_rows(
        choice, ["tier", "customers", "margin", "kind", "more", "low", "high", "best"], "choice"
    )
    ax = axes(ax)
    tiers, kinds = list(pd.unique(choice["tier"])), list(pd.unique(choice["kind"]))
    shown = choice.assign(
        **{name: choice[name].astype(float) / choice["margin"] for name in ("more", "low", "high")}
    )
    edge = -0.25
    for number, kind in enumerate(kinds[1:], start=1):
        hue, mark = _KINDS[number % len(_KINDS)]
        mine = shown[shown["kind"] == kind]
        place = -np.array([tiers.index(tier) for tier in mine["tier"]], float)
        place = place + 0.18 * ((len(kinds) - 1) / 2 - number)
        inside = (mine["more"] > edge).to_numpy()
        part = mine[inside]
        ax.hlines(place[inside], part["low"].clip(lower=edge), part["high"], color=hue, lw=2.5)
        ax.plot(part["more"], place[inside], mark, color=hue, ms=7, label=label(kind))
        ax.plot(np.full((~inside).sum(), edge), place[~inside], "<", color=hue, ms=8)
        top = part["best"].to_numpy(bool)
        ax.plot(
            part["more"][top],
            place[inside][top],
            "o",
            ms=16,
            mfc="none",
            mec=COLORS["ink"],
            mew=1.5,
        )
    ax.axvline(0, ymax=len(tiers) / (len(tiers) + 0.95), color=COLORS["ink"], lw=1)
    groups = choice.drop_duplicates("tier")
    ax.set_yticks(
        -np.arange(len(tiers), dtype=float),
        [
            say(
                "{tier}: {n}\nmargin {margin} {unit}", tier=label(str(row.tier)), n=f"{row.customers:,}",
                margin=f"{row.margin:,.0f}", unit=unit,
            ).strip()
            for row in groups.itertuples()
        ],
    )  # fmt: skip
    ax.legend(loc="upper left", ncols=2)
    text = say(
        "more than “{kind}”, as a share of the margin (ring: the best)", kind=label(kinds[0])
    )
    ax.set(
        title=say("What each kind of relationship earns") if title is None else title,
        xlabel=text, ylim=(-len(tiers) + 0.4, 1.35), xlim=(edge - 0.02, None),
    )  # fmt: skip
    _per_cent(ax.xaxis)
    return ax


def plot_renewals(
    table: pd.DataFrame,
    model: pd.DataFrame,
    ax: Axes | None = None,
    *,
    stays: pd.Series | None = None,
    title: str | None = None,
) -> Axes:
    """Draw the share renewed at each renewal: counted, and by the model in which nobody changes.

    Parameters
    ----------
    table
        From `renewal_table`.
    model
        ``renewal``, ``retention``: from `ContractModel.table`.
    ax
    stays
        The true mean chance to renew of those who came up for each renewal, by its number.
    title

    Examples
    --------
    >>> table = pd.DataFrame({"renewal": [1], "retention": [0.8], "low": [0.7], "high": [0.9]})
    >>> plot_renewals(table, pd.DataFrame({"renewal": [1], "retention": [0.8]})).get_xlabel()
    'renewal'
    """
    need_rows(table, ["renewal", "retention", "low", "high"], "table")
    need_rows(model, ["renewal", "retention"], "model")
    ax = axes(ax)
    ax.errorbar(
        table["renewal"], table["retention"], yerr=reach(table, "retention"), fmt="o", color=COLORS["focus"], ms=8,
        lw=2.5, label=say("counted, with 95 % interval"),
    )  # fmt: skip
    ax.plot(
        model["renewal"],
        model["retention"],
        color=COLORS["contrast"],
        lw=2.5,
        label=say("model: nobody changes"),
    )
    if stays is not None:
        ax.plot(
            stays.index, stays, "D", color=COLORS["truth"], ms=8, mfc="none", mew=2,
            label=say("true, of those still there"),
        )  # fmt: skip
    ax.legend(loc="lower right")
    ax.set(
        title=say("The share that renews") if title is None else title,
        xlabel=say("renewal"), ylabel=say("share renewed, of those due"), ylim=(0.5, 1.02),
    )  # fmt: skip
    ax.xaxis.set_major_locator(ticker.MaxNLocator(integer=True))
    _per_cent(ax.yaxis)
    return ax


def plot_winback(
    effects: pd.DataFrame,
    ax: Axes | None = None,
    *,
    by: str = "left_for",
    unit: str = "",
    title: str | None = None,
) -> Axes:
    """Draw what each offer brings more than no offer, for each reason why customers had left.

    Parameters
    ----------
    effects
        From `winback_effects` with `by`; its rows on ``net`` are drawn.
    ax
    by
        Column of the groups.
    unit
        Of the money, for the axis.
    title

    Examples
    --------
    >>> effects = pd.DataFrame({"outcome": "net", "left_for": "price", "offer": ["discount"], "effect": [20.0],
    ...     "low": [5.0], "high": [35.0]})
    >>> plot_winback(effects, unit="GBP").get_xlabel()
    'net margin, more than without an offer (GBP for each lost firm)'
    """
    need_rows(effects, ["outcome", by, "offer", "effect", "low", "high"], "effects")
    shown = effects[effects["outcome"] == "net"]
    ax = axes(ax)
    groups, offers = list(pd.unique(shown[by])), list(pd.unique(shown["offer"]))
    for number, offer in enumerate(offers):
        hue, mark = ((COLORS["contrast"], "D"), (COLORS["focus"], "o"), (COLORS["good"], "^"))[
            number % 3
        ]
        mine = shown[shown["offer"] == offer]
        place = -np.array([groups.index(name) for name in mine[by]], float)
        place = place + 0.2 * ((len(offers) - 1) / 2 - number)
        ax.hlines(place, mine["low"], mine["high"], color=hue, lw=3)
        ax.plot(mine["effect"], place, mark, color=hue, ms=9, label=label(offer))
    ax.axvline(0, ymax=len(groups) / (len(groups) + 0.5), color=COLORS["ink"], lw=1)
    ax.set_yticks(-np.arange(len(groups), dtype=float), [label(name) for name in groups])
    ax.legend(loc="upper left", ncols=len(offers))
    text = say("net margin, more than without an offer")
    ax.set(
        title=say("What winning back earns, by the reason for leaving") if title is None else title,
        xlabel=say("{text} ({unit} for each lost firm)", text=text, unit=unit) if unit else text,
        ylim=(-len(groups) + 0.5, 0.95),
    )
    return ax


__all__ = [
    "STAGE_COLORS",
    "plot_by_age",
    "plot_kinds",
    "plot_moves",
    "plot_renewals",
    "plot_winback",
]
