"""Messages that fit or do not, how many of them, feedback with and without an answer, and who knows whom.

Readers of the letter like some categories and not others. A message about what they like makes them buy; one that
does not fit brings little and makes some leave the list. Nobody sees what they like, only what they bought. In each
wave chance decided who got which message, and in another group how many a month. Customers who told of a fault heard
nothing, a reply, or a report of what was changed, again by chance.
"""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from crmkit.data.catalogue.messages import ARMS, KINDS, REPLIES, SAYS, liking_column

if TYPE_CHECKING:
    from crmkit.world.core.streams import Context

Floats = npt.NDArray[np.float64]
WEEKS = 52


def build(ctx: Context) -> None:
    """Add histories, waves, the test of frequency, feedback, the net, and their truth."""
    params = ctx.params["messages"]
    products = ctx.tables["products"]
    categories = list(ctx.params["orders"]["categories"])
    category = products["category"].map({name: i for i, name in enumerate(categories)}).to_numpy()
    rng = ctx.rng("message_purchases")
    n = params["readers"]
    share = np.array([ctx.params["orders"]["categories"][name]["share"] for name in categories])
    liking = share * np.exp(params["taste"] * rng.standard_normal((n, len(categories))))
    liking /= liking.sum(axis=1, keepdims=True)
    thrift = rng.standard_normal(n)
    rate = params["purchases"] * rng.gamma(
        params["purchases_shape"], 1 / params["purchases_shape"], n
    )
    bought = _purchases(ctx, rng, liking, thrift, rate, category)
    _waves(ctx, params, bought, liking, thrift, rate, category, categories)
    _frequency(ctx, params["frequency"], n)
    _feedback(ctx, params["feedback"])
    _net(ctx, params["net"])


def _purchases(
    ctx: Context,
    rng: np.random.Generator,
    liking: Floats,
    thrift: Floats,
    rate: Floats,
    category: Any,
) -> npt.NDArray[np.int64]:
    """Purchases of a year: a category by liking, a product in it by its own pull and its price. Gives counts."""
    params = ctx.params["messages"]
    price = np.log(ctx.tables["products"]["price"].to_numpy())
    level = np.zeros(len(price))
    for one in np.unique(category):
        inside = category == one
        level[inside] = (price[inside] - price[inside].mean()) / price[inside].std()
    pull = np.exp(0.5 * rng.standard_normal(len(price)) - 0.5 * level)
    weight = pull * np.exp(-params["thrift"] * thrift[:, None] * level)
    chance = np.empty_like(weight)
    for one in np.unique(category):
        inside = category == one
        part = weight[:, inside]
        chance[:, inside] = part / part.sum(axis=1, keepdims=True) * liking[:, [one]]
    number = 1 + rng.poisson(np.maximum(rate - 1, 0.2))
    who = np.repeat(np.arange(len(rate)), number)
    ends = chance.cumsum(axis=1)
    luck = rng.random(len(who)) * ends[who, -1]
    product = (ends[who] <= luck[:, None]).sum(axis=1)
    week = rng.integers(1, WEEKS + 1, len(who))
    # A row for each reader, week and product: two pieces of one thing in a week are one purchase.
    rows = np.unique(np.column_stack([week, who, product]), axis=0)
    week, who, product = rows.T
    ctx.tables["message_purchases"] = pd.DataFrame(
        {"reader_id": who + 1, "week": week, "product_id": product + 1}
    )
    counts = np.zeros(weight.shape, dtype=np.int64)
    np.add.at(counts, (who, product), 1)
    return counts


def _waves(
    ctx: Context,
    params: dict[str, Any],
    bought: npt.NDArray[np.int64],
    liking: Floats,
    thrift: Floats,
    rate: Floats,
    category: Any,
    categories: list[str],
) -> None:
    """The waves: chance decides the arm of everybody who is still on the list."""
    rng = ctx.rng("message_waves")
    n, sold = len(rate), bought.sum(axis=0)
    best = np.argsort(-sold, kind="stable")
    by_category = np.stack(
        [bought[:, category == c].sum(axis=1) for c in range(len(categories))], axis=1
    )
    favourite = (by_category + 0.5 * rng.random(by_category.shape)).argmax(axis=1)
    fits = np.minimum(liking / params["fit_full"], 1)
    fit = fits[:, category]  # of each product
    # What the company would show each reader in each arm, and how well it fits on average.
    within = np.stack([np.where(category == c, sold, 0).cumsum() for c in range(len(categories))])
    usual = params["buys"] * rate / params["purchases"]
    mean_margin = params["margin"] * np.exp(-params["margin_thrift"] * thrift)
    mean_margin *= np.exp(-(params["margin_thrift"] ** 2) / 2)
    spread = params["margin_spread"]
    on_list, rows = np.ones(n, dtype=bool), []
    for wave in range(params["waves"]):
        who = np.flatnonzero(on_list)
        arm = rng.permutation(np.arange(len(who)) % len(ARMS))
        ends = within[favourite[who]]
        own = (ends <= (rng.random(len(who)) * ends[:, -1])[:, None]).sum(axis=1)
        product = np.choose(
            arm, [0 * who, np.full(len(who), best[wave]), own, rng.integers(0, len(sold), len(who))]
        )
        sent = arm > 0
        good = np.where(sent, fit[who, product], 0.0)
        chance = _buys(params, usual[who], good)
        buys = rng.random(len(who)) < chance
        visits = buys | (rng.random(len(who)) < params["visits"] * (1 + good))
        opened = sent & (
            rng.random(len(who)) < params["opens"]["any"] + params["opens"]["fit"] * good
        )
        noise = np.exp(spread * rng.standard_normal(len(who)) - spread**2 / 2)
        gone = sent & (rng.random(len(who)) < _leaves(params, good))
        on_list[who[gone]] = False
        rows.append(
            pd.DataFrame(
                {
                    "reader_id": who + 1,
                    "wave": wave + 1,
                    "arm": np.array(ARMS)[arm],
                    "product_id": np.where(sent, product + 1.0, np.nan),
                    "opened": opened,
                    "visited": visits,
                    "bought": buys,
                    "margin_14d": np.where(buys, mean_margin[who] * noise, 0.0),
                    "unsubscribed": gone,
                }
            )
        )
    ctx.tables["message_waves"] = pd.concat(rows, ignore_index=True)
    shown = {
        "all": np.ones((n, 1))
        * np.isin(np.arange(len(sold)), best[: params["waves"]])
        / params["waves"],
        "matched": np.where(category == favourite[:, None], sold, 0),
        "random": np.full((n, len(sold)), 1 / len(sold)),
    }
    shown["matched"] = shown["matched"] / shown["matched"].sum(axis=1, keepdims=True)
    truth: dict[str, Any] = {"reader_id": np.arange(1, n + 1)}
    truth |= {liking_column(name): liking[:, i] for i, name in enumerate(categories)}
    chances = {"none": usual}
    chances |= {a: (w * _buys(params, usual[:, None], fit)).sum(axis=1) for a, w in shown.items()}
    truth |= {f"bought_{arm}": chance for arm, chance in chances.items()}
    truth |= {f"margin_{arm}": chance * mean_margin for arm, chance in chances.items()}
    truth |= {f"leaves_{a}": (w * _leaves(params, fit)).sum(axis=1) for a, w in shown.items()}
    ctx.truth["message_readers"] = pd.DataFrame(truth)


def _buys(params: dict[str, Any], usual: Floats, fit: Floats) -> Floats:
    """Chance to buy within 14 days of a message that fits so well (0 to 1), or of none (0)."""
    return np.asarray(np.minimum(usual + params["gain"] * fit ** params["fit_bend"], 0.95))


def _leaves(params: dict[str, Any], fit: Floats) -> Floats:
    """Chance to unsubscribe after a message that fits so well."""
    return np.asarray(params["leaves"]["any"] + params["leaves"]["misfit"] * (1 - fit))


def _frequency(ctx: Context, own: dict[str, Any], before: int) -> None:
    """So many messages a month, by chance, for 90 days."""
    rng = ctx.rng("message_frequency")
    cells = [(ARMS[0], 0)] + [(arm, f) for arm in ARMS[1:3] for f in own["months"]]
    n = own["readers"]
    cell = rng.permutation(np.arange(n) % len(cells))
    leaves, stays = (np.array([what(own, *one) for one in cells]) for what in (_goes, _there))
    more = np.array([_more(own, *one) for one in cells])
    gone = rng.random(n) < leaves[cell]
    # Those who leave do so at some time within the 90 days; what messages add ends then.
    part = np.where(gone, stays[cell], 1.0)
    mean = own["margin"] + more[cell] * part
    margin = mean * rng.gamma(own["margin_shape"], 1 / own["margin_shape"], n)
    ctx.tables["message_frequency"] = pd.DataFrame(
        {
            "reader_id": before + np.arange(1, n + 1),
            "arm": np.array([arm for arm, _ in cells])[cell],
            "messages_month": np.array([f for _, f in cells])[cell],
            "margin_90d": margin,
            "unsubscribed": gone,
        }
    )
    ctx.truth["message_frequency"] = pd.DataFrame(
        {
            "arm": [arm for arm, _ in cells[1:]],
            "messages_month": [f for _, f in cells[1:]],
            "margin_more": (more * (1 - leaves * (1 - stays)))[1:],
            "leaves": leaves[1:],
        }
    )


def _hazard(own: dict[str, Any], arm: str, often: int) -> float:
    """Of leaving within three months: so many messages, each the more annoying the more there are."""
    if not often:
        return 0.0
    return float(3 * often * own["leaves"][arm] * (often / 2) ** own["pressure"])


def _goes(own: dict[str, Any], arm: str, often: int) -> float:
    return float(-np.expm1(-_hazard(own, arm, often)))


def _there(own: dict[str, Any], arm: str, often: int) -> float:
    """Part of the 90 days that those who leave spend on the list, on average."""
    hazard = _hazard(own, arm, often)
    return float(1 / hazard - np.exp(-hazard) / -np.expm1(-hazard)) if hazard else 1.0


def _more(own: dict[str, Any], arm: str, often: int) -> float:
    """Margin that so many messages a month add in 90 days while somebody is on the list."""
    return float(own["most"][arm] * -np.expm1(-often / own["half"])) if often else 0.0


def _feedback(ctx: Context, own: dict[str, Any]) -> None:
    """Customers who told of a fault: chance decides what they hear."""
    rng = ctx.rng("feedback_trial")
    n = own["people"]
    arm = rng.permutation(np.arange(n) % len(REPLIES))
    topics, weights = list(own["topics"]), np.array(list(own["topics"].values()))
    topic = rng.choice(len(topics), n, p=weights / weights.sum())
    kind = own["spread"] * rng.standard_normal(n)

    def chances(name: str, extra: Any = 0.0) -> Floats:
        """Under each of the three arms."""
        about = own[name]
        odds = about["start"] + kind + extra
        return np.stack([_expit(odds + about.get(reply, 0.0)) for reply in REPLIES])

    again, bought, likes = (chances(name) for name in ("again", "bought", "likes"))
    place = np.arange(n)
    more = rng.random(n) < likes[arm, place]
    answers = rng.random(n) < chances("answers", own["answers"]["likes"] * more)[arm, place]
    less = ~more & (rng.random(n) < own["less"])
    says = np.where(more, SAYS[0], np.where(less, SAYS[2], SAYS[1]))
    ctx.tables["feedback_trial"] = pd.DataFrame(
        {
            "feedback_id": place + 1,
            "topic": np.array(topics)[topic],
            "arm": np.array(REPLIES)[arm],
            "feedback_again": rng.random(n) < again[arm, place],
            "bought_90d": rng.random(n) < bought[arm, place],
            "survey": pd.Series(says).where(answers),
        }
    )
    ctx.truth["feedback_trial"] = pd.DataFrame(
        {"feedback_id": place + 1}
        | {
            f"{name}_{reply}": found[i]
            for name, found in (("again", again), ("bought", bought), ("likes", likes))
            for i, reply in enumerate(REPLIES)
        }
    )


def _expit(odds: Floats) -> Floats:
    return np.asarray(1 / (1 + np.exp(-odds)))


def _net(ctx: Context, own: dict[str, Any]) -> None:
    """Who knows whom around the workshop."""
    rng = ctx.rng("net_links")
    kinds = [kind for kind in KINDS for _ in range(own["people"][kind])]
    kinds = [kinds[i] for i in rng.permutation(len(kinds))]
    ctx.tables["net_people"] = pd.DataFrame(
        {"person_id": np.arange(1, len(kinds) + 1), "kind": kinds}
    )
    links = [
        (one + 1, two + 1)
        for one, two in combinations(range(len(kinds)), 2)
        if rng.random() < own["links"][pair(kinds[one], kinds[two])]
    ]
    ctx.tables["net_links"] = pd.DataFrame(links, columns=["person_id", "knows_id"])


def pair(one: str, two: str) -> str:
    """Two kinds in the order of the catalogue: customer-staff.

    Examples
    --------
    >>> pair("staff", "customer")
    'customer-staff'
    """
    return "-".join(sorted((one, two), key=KINDS.index))


def faults(params: dict[str, Any]) -> list[str]:
    """What a section [messages] says that no test of messages can be made of."""
    own = params["messages"]
    found = []
    trade = params["company"].get("trade", "orders")
    if trade != "orders":
        found.append(f"[messages] needs products, which a company of the trade {trade} has not.")
        return found
    stock = sum(len(group["items"]) for group in params["products"])
    if not 1 <= own["waves"] <= stock:
        found.append(f"[messages] waves: 1 to {stock}, for each wave shows all another product.")
    if own["readers"] < 4 or own["frequency"]["readers"] < 1 + 2 * len(own["frequency"]["months"]):
        found.append("[messages] readers: one at least for each arm, here and in frequency.")
    if min(own["frequency"]["months"]) < 1:
        found.append("[messages.frequency] months: one message a month at least.")
    for name in ("most", "leaves"):
        if set(own["frequency"][name]) != set(ARMS[1:3]):
            found.append(f"[messages.frequency] {name} must name {', '.join(ARMS[1:3])}.")
    if set(own["net"]["people"]) != set(KINDS):
        found.append(f"[messages.net] people must name {', '.join(KINDS)}.")
    wanted = {pair(a, b) for a in KINDS for b in KINDS}
    if set(own["net"]["links"]) != wanted:
        found.append(f"[messages.net] links must name {', '.join(sorted(wanted))}.")
    return found
