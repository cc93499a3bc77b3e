"""Coverage of the intervals of `crmkit.reactivation`."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from benchmarks._coverage import Entry, covers
from crmkit.errors import CrmkitError
from crmkit.reactivation import (
    STATES,
    adjusted_effects,
    best_offers,
    effect_table,
    kaplan_meier,
    kappa_lead,
    offer_days,
    plan_certainty,
    policy_value,
    pressure_table,
    qini_band,
    randomisation_check,
    return_curve,
    sequential_interval,
    share_difference,
    threshold_intervals,
    thresholds_by_cost,
    thresholds_by_return,
    uplift_by_group,
    wake_or_win,
)

SILENT, HORIZON = (0, 30, 60), 30


def mixed_gaps(size: int, rng: np.random.Generator) -> pd.DataFrame:
    """Customers with a rhythm of their own, watched for 300 days; a gap ends, or is cut off."""
    mean = np.exp(rng.normal(3.4, 0.6, size))
    gap = np.ceil(rng.exponential(mean[:, None], (size, 200)))
    end = gap.cumsum(axis=1)
    begin = end - gap
    rows = begin < 300
    who = np.repeat(np.arange(size), rows.sum(axis=1))
    length, start = gap[rows], begin[rows]
    return pd.DataFrame(
        {
            "customer_id": who,
            "gap_days": np.minimum(length, 300 - start),
            "returned": start + length <= 300,
        }
    )


def _curve_truth() -> np.ndarray:
    """What the estimator settles on with very many customers: it speaks of gaps, not of customers."""
    gaps = mixed_gaps(20_000, np.random.default_rng(1))
    curve = return_curve(gaps, HORIZON, at_most=max(SILENT), draws=0)
    return curve.set_index("silent_days").loc[list(SILENT), "chance"].to_numpy()


CURVE_TRUTH = _curve_truth()


def curve(size: int, rng: np.random.Generator) -> npt.ArrayLike:
    found = return_curve(
        mixed_gaps(size, rng), HORIZON, at_most=max(SILENT), step=30, draws=100, seed=rng
    )
    found = found.set_index("silent_days").reindex(SILENT)
    return covers(found["low"], found["high"], CURVE_TRUTH)


LEVELS = (0.65, 0.6, 0.55)


def _line_truth() -> list[float]:
    """The days on which the curve of very many customers crosses the levels."""
    gaps = mixed_gaps(20_000, np.random.default_rng(1))
    return list(thresholds_by_return(return_curve(gaps, HORIZON, at_most=90, draws=0), LEVELS).cuts)


LINE_TRUTH = _line_truth()


def lines(size: int, rng: np.random.Generator) -> npt.ArrayLike:
    """A day that lies above all that the upper end reaches counts as inside: the function names no latest day there."""
    found = return_curve(mixed_gaps(size, rng), HORIZON, at_most=90, draws=60, seed=rng)
    try:
        ends = threshold_intervals(found, LEVELS)
    except CrmkitError:  # the sample never falls below the last level: the function refuses
        return np.full(len(LEVELS), np.nan)
    return covers(ends["low"], ends["high"].fillna(np.inf), LINE_TRUTH)


def _blurred(truth: pd.Series, share: float, rng: np.random.Generator) -> pd.Series:
    return truth.where(rng.random(len(truth)) >= share, rng.choice(STATES, len(truth)))


def _guesses(size: int, rng: np.random.Generator) -> tuple[pd.Series, pd.Series, pd.Series]:
    """True states, and two rules that guess 30 and 35 of 100 of them at random."""
    truth = pd.Series(rng.choice(STATES, size))
    return _blurred(truth, 0.3, rng), _blurred(truth, 0.35, rng), truth


LEAD_TRUTH = kappa_lead(*_guesses(100_000, np.random.default_rng(1)), draws=1)["lead"]


def lead(size: int, rng: np.random.Generator) -> npt.ArrayLike:
    found = kappa_lead(*_guesses(size, rng), draws=100, seed=rng)
    return covers(found["low"], found["high"], LEAD_TRUTH)


def first_gaps(size: int, rng: np.random.Generator) -> npt.ArrayLike:
    back, watched = np.ceil(rng.exponential(60, size)), rng.integers(1, 200, size)
    steps = kaplan_meier(np.minimum(back, watched).tolist(), (back <= watched).tolist())
    at = np.searchsorted(steps["duration"], [10, 30, 90], side="right") - 1
    ends = steps.iloc[at]
    return covers(ends["low"], ends["high"], np.exp(-np.array([10, 30, 90]) / 60))


def _test(size: int, rng: np.random.Generator) -> pd.DataFrame:
    """`size` customers an arm; one in eight returns, and the call adds five points and a quarter of the spend."""
    before = rng.gamma(2, 20, 2 * size)
    call = np.repeat([False, True], size)
    back = rng.random(2 * size) < np.where(call, 0.175, 0.125)
    return pd.DataFrame(
        {
            "arm": np.where(call, "call", "control"),
            "before": before,
            "returned_60d": back,
            "spend": before * rng.gamma(4, 0.25, 2 * size) * np.where(call, 1.25, 1.0),
        }
    )


def effects(size: int, rng: np.random.Generator) -> npt.ArrayLike:
    test = _test(size, rng)
    rows = pd.concat([effect_table(test), effect_table(test, "spend")])
    return covers(rows["low"], rows["high"], [0.05, 10.0])


def two_shares(size: int, rng: np.random.Generator) -> npt.ArrayLike:
    base, more = np.array([0.02, 0.1]), np.array([0.04, 0.15])
    found = [
        share_difference(int(rng.binomial(size, m)), size, int(rng.binomial(size, b)), size)
        for b, m in zip(base, more, strict=True)
    ]
    return covers([f[1] for f in found], [f[2] for f in found], more - base)


def adjusted(size: int, rng: np.random.Generator) -> npt.ArrayLike:
    found = adjusted_effects(_test(size, rng), "spend", ["before"])
    return covers(found["low"], found["high"], 10.0)


def every_evening(size: int, rng: np.random.Generator) -> npt.ArrayLike:
    """The truth has to lie inside on all of `size` evenings with twenty customers a group."""
    n = 20 * np.arange(1, size + 1)
    treated, control = rng.binomial(20, 0.15, size).cumsum(), rng.binomial(20, 0.1, size).cumsum()
    _, low, high = sequential_interval(treated, n, control, n)
    return float(((low <= 0.05) & (high >= 0.05)).all())


def groups(size: int, rng: np.random.Generator) -> npt.ArrayLike:
    score, was = rng.random(size), rng.random(size) < 0.5
    found = uplift_by_group(score, was, rng.random(size) < 0.02 + 0.02 * was, groups=5)
    return covers(found["low"], found["high"], 0.02)


def frequencies(size: int, rng: np.random.Generator) -> npt.ArrayLike:
    often = np.repeat([0, 2, 8], size)
    test = pd.DataFrame(
        {
            "mails_a_month": often,
            "margin_90d": rng.gamma(2, 5, 3 * size) + often / 4,
            "unsubscribed": rng.random(3 * size) < 0.01 * often,
        }
    )
    found = pressure_table(test, contact_value=8).iloc[1:]
    return covers(found["low"], found["high"], [0.5 - 0.16, 2 - 0.64])


def luck(size: int, rng: np.random.Generator) -> npt.ArrayLike:
    """A score that knows nothing: its true coefficient is 0, and its true curve the straight line."""
    was = rng.random(size) < 0.5
    back = rng.random(size) < 0.1 + 0.05 * was
    found, qini = qini_band(rng.random(size), was, back, resamples=100, seed=rng)
    middle = found.iloc[25]
    return covers([middle["low"], qini["low"]], [middle["high"], qini["high"]], [0.025, 0.0])


def policy(size: int, rng: np.random.Generator) -> npt.ArrayLike:
    """Half are worth calling; the policy calls them, and is compared with nobody."""
    worth, call = rng.random(size) < 0.5, rng.random(size) < 0.5
    profit = rng.gamma(2, 10, size) + np.where(call & worth, 8, np.where(call, -4, 0))
    test = pd.DataFrame({"arm": np.where(call, "call", "control"), "profit": profit})
    wanted = pd.Series(np.where(worth, "call", "control"))
    plain = policy_value(test, wanted, "profit", over="control")
    forecast = pd.DataFrame({"control": np.full(size, 15.0), "call": np.where(worth, 25.0, 14.0)})
    robust = policy_value(test, wanted, "profit", over="control", expected=forecast)
    return covers([plain["low"], robust["low"]], [plain["high"], robust["high"]], 4.0)


OFFERS = pd.DataFrame({"offer": ["control", "mail"], "cost": [0.0, 1.0], "discount": 0.0})


def mailing(size: int, rng: np.random.Generator) -> pd.DataFrame:
    """A letter adds ten points to the tenth who return anyway, and a return brings 40: 3 a letter."""
    was = rng.permutation(np.arange(size) % 2 == 0)
    back = rng.random(size) < 0.1 + 0.1 * was
    return pd.DataFrame(
        {
            "customer_id": range(size),
            "arm": np.where(was, "mail", "control"),
            "state": "all",
            "opens": rng.integers(0, 10, size),
            "average_order": 100.0,
            "returned_60d": back,
            "margin_60d": np.where(back, 40.0, 0.0),
            "margin_after": 0.0,
        }
    )


def offer(size: int, rng: np.random.Generator) -> npt.ArrayLike:
    """What a letter earns in the one group that there is."""
    found = best_offers(mailing(size, rng), OFFERS, seed=rng).set_index("offer").loc["mail"]
    return covers(found["low"], found["high"], 3.0)


PLAN_DRAWS = 40


def promise(size: int, rng: np.random.Generator) -> npt.ArrayLike:
    """What a plan promises that was not chosen on the test: a letter to a hundred others."""
    others = pd.DataFrame(
        {"customer_id": range(100), "opens": np.arange(100) % 10, "average_order": 100.0}
    )
    plans = {"letter": pd.Series("mail", index=others["customer_id"])}
    found = plan_certainty(
        plans, mailing(size, rng), others, OFFERS, ["opens"], logs=[], draws=PLAN_DRAWS, seed=rng
    ).iloc[0]
    return covers(found["low"], found["high"], 300.0)


def first_day(size: int, rng: np.random.Generator) -> npt.ArrayLike:
    """A letter wins a tenth of those who would stay away; the curve of return is known."""
    silent = np.arange(0, 400)
    known = pd.DataFrame({"silent_days": silent, "chance": 0.8 * np.exp(-silent / 120)})
    low, high = share_difference(
        int(rng.binomial(size, 0.28)), size, int(rng.binomial(size, 0.2)), size
    )[1:]
    means = pd.DataFrame({"offer": ["letter"], "cost": 3.0, "wins": 0.1, "margin": 50.0})
    truth = thresholds_by_cost(known, means)["from_day"].iloc[0]
    row = thresholds_by_cost(known, means.assign(wins_low=low / 0.8, wins_high=high / 0.8)).iloc[0]
    earliest, latest = row[["earliest", "latest"]].fillna(np.inf)
    return covers(earliest, latest, truth)


def day_of_offer(size: int, rng: np.random.Generator) -> npt.ArrayLike:
    """The letter of `mailing`; the curve of return is known. Its days follow from what it wins of those away: 1/9."""
    silent = np.arange(0, 400)
    known = pd.DataFrame({"silent_days": silent, "chance": 0.9 * np.exp(-silent / 120)})
    row = offer_days(mailing(2 * size, rng), OFFERS.assign(cost=[0.0, 2.5]), known).loc["mail"]
    truth = silent[known["chance"] <= 1 - 2.5 / (40 / 9)][0]
    earliest, latest = row[["earliest", "latest"]].fillna(np.inf)
    return covers(earliest, latest, truth)


def fair_draw(size: int, rng: np.random.Generator) -> npt.ArrayLike:
    """Groups that chance made: a number, a word, and the sizes planned; p-values of all three."""
    people = pd.DataFrame(
        {
            "arm": rng.choice(["control", "call", "mail"], size, p=[0.4, 0.3, 0.3]),
            "spend": rng.gamma(1.5, 20, size),
            "town": rng.choice(["north", "south", "west"], size),
        }
    )
    plan = {"control": 0.4, "call": 0.3, "mail": 0.3}
    return randomisation_check(people, ["spend", "town"], planned=plan)["p_value"] > 0.05


def dearer(size: int, rng: np.random.Generator) -> npt.ArrayLike:
    """How many times as much a new customer costs as one more woken."""
    effects = effect_table(_test(size, rng), "returned_60d")
    found = wake_or_win(effects, pd.Series({"call": 2.0}), 40.0, 100.0, 100.0)
    return covers(found["times_low"], found["times_high"], 40 * 0.05 / 2)


ENTRIES = [
    Entry(
        "reactivation.return_curve",
        "chance to return by silence",
        "customer bootstrap, log-log; beta product at the edges",
        "Field & Welsh 2007; Fay & Brittain 2016",
        "customer",
        (50, 150, 400),
        "customers",
        curve,
        "ten gaps watched",
        worlds=200,
    ),
    Entry(
        "reactivation.threshold_intervals",
        "day on which the chance to return falls below a level",
        "days on which the level lies inside the curve's interval",
        "Brookmeyer & Crowley 1982",
        "customer",
        (100, 200, 400),
        "customers",
        lines,
        "fifty gaps watched, or a level that is never reached",
        worlds=200,
    ),
    Entry(
        "reactivation.kappa_lead",
        "lead in kappa of one rule over another",
        "bootstrap standard error",
        "Efron & Tibshirani 1993",
        "-",
        (100, 300, 1000),
        "customers",
        lead,
        "two distinct draws",
        worlds=200,
    ),
    Entry(
        "reactivation.kaplan_meier",
        "share still away, one gap a customer",
        "beta product, mid-p",
        "Fay & Brittain 2016",
        "-",
        (30, 100, 300),
        "customers",
        first_gaps,
        "one customer",
    ),
    Entry(
        "reactivation.effect_table",
        "difference from the control group",
        "Newcombe; Welch",
        "Newcombe 1998; Welch 1947",
        "-",
        (50, 200, 1000),
        "customers an arm",
        effects,
        "two distinct values an arm",
    ),
    Entry(
        "reactivation.share_difference",
        "difference of two shares",
        "two Wilson intervals",
        "Newcombe 1998",
        "-",
        (50, 200, 1000),
        "customers an arm",
        two_shares,
        "one customer an arm",
    ),
    Entry(
        "reactivation.adjusted_effects",
        "effect, allowing for what was known before",
        "regression by arm, HC2",
        "Lin 2013",
        "-",
        (100, 300, 1000),
        "customers an arm",
        adjusted,
        "covariates and ten customers an arm",
    ),
    Entry(
        "reactivation.sequential_interval",
        "difference of two shares, looked at every evening",
        "normal mixture",
        "Robbins 1970; Johari et al. 2022",
        "-",
        (10, 50, 200),
        "evenings",
        every_evening,
        "one customer an arm",
        "It promises at least 95 % over all evenings, however many: over few it holds more often.",
    ),
    Entry(
        "reactivation.uplift_by_group",
        "effect in fifths of a score",
        "Newcombe; Welch",
        "Newcombe 1998; Welch 1947",
        "-",
        (1000, 3000, 10000),
        "customers",
        groups,
        "one customer an arm",
    ),
    Entry(
        "reactivation.pressure_table",
        "net margin over the lowest frequency",
        "Welch",
        "Welch 1947",
        "-",
        (50, 200, 1000),
        "customers an arm",
        frequencies,
        "two distinct values an arm",
    ),
    Entry(
        "reactivation.qini_band",
        "Qini curve and coefficient of a given score",
        "bootstrap in each arm, percentile",
        "Efron & Tibshirani 1993",
        "-",
        (300, 1000, 3000),
        "customers",
        luck,
        "never",
        worlds=200,
    ),
    Entry(
        "reactivation.policy_value",
        "profit over leaving all alone",
        "inverse weighting; AIPW",
        "Robins, Rotnitzky & Zhao 1994",
        "-",
        (50, 200, 1000),
        "customers",
        policy,
        "two distinct values",
    ),
    Entry(
        "reactivation.best_offers",
        "profit of an offer in a group",
        "bootstrap in each arm, percentile",
        "Efron & Tibshirani 1993",
        "-",
        (200, 500, 2000),
        "customers",
        offer,
        "never",
    ),
    Entry(
        "reactivation.plan_certainty",
        "promise of a plan that was not chosen on the test",
        "bootstrap in each arm, percentile",
        "Efron & Tibshirani 1993",
        "-",
        (300, 1000, 3000),
        "customers",
        promise,
        "never",
        "40 draws; what choosing the plan on the test adds is not in it.",
        worlds=200,
    ),
    Entry(
        "reactivation.thresholds_by_cost",
        "day from which an offer pays",
        "ends of the test's interval",
        "Newcombe 1998",
        "-",
        (200, 500, 1000),
        "customers an arm",
        first_day,
        "never (missing: pays on no day)",
    ),
    Entry(
        "reactivation.offer_days",
        "day from which an offer of a test pays",
        "ends of the test's interval",
        "Newcombe 1998",
        "-",
        (200, 500, 1000),
        "customers an arm",
        day_of_offer,
        "never (missing: pays on no day)",
        worlds=200,
    ),
    Entry(
        "reactivation.randomisation_check",
        "p-value: chance made these groups",
        "Kruskal-Wallis; chi-square",
        "Kruskal & Wallis 1952; Pearson 1900",
        "-",
        (60, 200, 1000),
        "customers in three arms",
        fair_draw,
        "two arms",
    ),
    Entry(
        "reactivation.wake_or_win",
        "cost of one won over cost of one woken",
        "ends of the test's interval",
        "Newcombe 1998",
        "-",
        (200, 500, 1000),
        "customers an arm",
        dearer,
        "one customer an arm",
    ),
]
