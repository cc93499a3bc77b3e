"""Texts such as students write, and copies of them: to measure how often each is taken for the other.

Honest writers answer one question from the same lesson: they make some of the same points, in words of their own or of
the lesson. Here each point has six wordings that all writers share, with a few words to choose in each. People choose
among more; so the shares of honest pairs found here are too high rather than too low.
"""

from __future__ import annotations

import random
import re

POINTS: tuple[tuple[str, ...], ...] = (
    (
        "{Most of|Nearly all} the customers on the list {buy little|order seldom} and {call often|need much help}.",
        "The {hours on the telephone|visits}, and not the goods, make these people {expensive|dear}.",
        "What {costs us|takes the money} is service: {N} minutes for each of them in a {typical|normal} year.",
        "If you {look at|open} the cost table, you {see|find} that a {handful|few} account for the {calls|visits}.",
        "Their margin is {positive|above zero}; only after {service|support} does the sum {turn red|fall below zero}.",
        "I {computed|worked out} the cost to serve first, because {turnover alone|the price paid} hides {it|the loss}.",
    ),
    (
        "Together they {lose|cost} {N} {in three years|over the period}, {which is|that is} {P} of all profit.",
        "The {whole|entire} group takes away {P} of what the {others|rest} bring, {about|roughly} {N}.",
        "{N} sounds like a lot until one {divides|spreads} it over {M} people and {three years|all months}.",
        "Per {head|person} the loss is {small|modest}: {M} a year, {less than|below} the price of one {parcel|order}.",
        "{P} of customers are below zero, {yet|but} half of the {minus|loss} comes from {M} of them.",
        "Our {figures|tables} say {N} lost, and I would {not call|hardly call} that {ruin|a crisis}.",
    ),
    (
        "Some of them are {new|young} customers whose {first|early} year always {costs|looks bad}.",
        "{Someone|A person} who joined in {autumn|spring} has had no {time|chance} to bring a profit yet.",
        "We {should|must} not {judge|sort} people by a {single|short} year: {last|another} year the list was other.",
        "I {compared|checked} two years, and only {P} {stand|are} on both lists.",
        "Who {costs|loses} today may be the {best|dearest} customer of {tomorrow|next season}.",
        "A list like this {changes|moves} every year, so a {place|name} on it is partly {luck|chance}.",
    ),
    (
        "Before {stopping|cutting} anything I would {try|run} it with half of the list, {chosen|drawn} at random.",
        "Give {M} of them a {cheaper|simpler} service and leave the {others|rest} as they are, then {compare|count}.",
        "A {small|proper} test {settles|answers} this: {lots|a coin} decide who keeps the visits {in spring|for now}.",
        "{Keep|Hold} a control group, or we will {never|not} know what the {change|cut} did.",
        "Let chance {split|divide} the group and {measure|look at} profit after {a quarter|half a year}.",
        "I want an {experiment|A/B test} on {M} customers {first|soon}, because {words|opinions} prove nothing.",
    ),
    (
        "{Move|Shift} their questions to the {web page|chat}, which costs {N} less for each {call|contact}.",
        "A {fee|charge} for the third visit would {pay|cover} what those visits {cost|take}.",
        "Offer them {self-service|a help page} and a {minimum|smallest} order instead of a {closed door|farewell}.",
        "The {cure|answer} is a cheaper {channel|way to serve}, not {fewer|lost} customers.",
        "{Raise|Lift} the delivery {price|charge} below {M} and most of them {order more|pay their way}.",
        "One could {bundle|group} their orders, so that a {van|driver} comes once a month and not {weekly|every week}.",
    ),
    (
        "{Rents|Wages} and {machines|the depot} must be paid anyway, so dropping them saves {less|little}.",
        "Fixed costs {stay|remain} when they {go|leave}; the {others|rest} would have to {carry|bear} them.",
        "Only the {part|share} of cost that {disappears|ends} with them is {saved|won}, and that is {P} at most.",
        "{Minutes|Staff hours} that nobody uses are not {money|pounds} in the till.",
        "The {accountant|table} spreads overhead over {everybody|all}, which makes {small|light} buyers look worse.",
        "Ask {finance|accounting} which of these costs would {really|truly} vanish in {N} months.",
    ),
    (
        "People {talk|tell friends}: a firm that {throws out|sends away} buyers pays in {reputation|new customers}.",
        "{Word of mouth|A bad review} may cost {more|far more} than the {N} that we {save|gain}.",
        "Some of them {brought|recommended} others, and our table {does not|cannot} show {that|it}.",
        "A {neighbour|colleague} of a dropped customer is a customer {too|as well}, perhaps a {good|gold} one.",
        "It is {unkind|rude}, and {rude|unkind} firms are {remembered|talked about} longer than cheap ones.",
        "{Nobody|No one} counts referrals here, so the loss is {overstated|too large} by an unknown {amount|sum}.",
    ),
    (
        "My {advice|answer}: do not {stop|end} it, {serve|help} them {differently|in another way}.",
        "I would {say|tell her} no, and {show|explain} the three {groups|kinds} behind the one red {number|sum}.",
        "So: {talk to|telephone} the {M} {dearest|worst} cases, {leave|ignore} the rest.",
        "Madam director, {sign|agree to} nothing before the {test|trial} is {over|done}.",
        "{Stop|Cut} the visits, keep the {customers|people}, and {look|count} again in {spring|a year}.",
        "The {decision|plan} is to {wait|hold} for one {season|quarter} and then {act|decide} on {P}.",
    ),
    (
        "I would {change my mind|think again} if the same {names|people} came up {three|two} years running.",
        "Were the loss {larger|greater} than {P} of profit, I would {act|move} at once.",
        "A {repeat|second} list with {P} of the same names would {convince|persuade} me.",
        "{Show me|Find} that the costs {really|truly} end with them, and I {sign|agree}.",
        "What could {turn|change} this: {proof|evidence} that referrals are {rare|few}.",
        "If the {trial|test} shows no {lost|missing} orders, {then|only then} go on with all {M}.",
    ),
    (
        "Note that {M} customers are a {small|thin} sample: the interval {runs|goes} from {P} to {P}.",
        "The uncertainty is {wide|large}, from {N} to {N}, and the {list|cut} is {not sharp|blurred}.",
        "Close to zero it is {chance|luck} who falls on {which|what} side.",
        "With {bootstrap|repeated} draws, {P} of the names {change|fall off}.",
        "I trust the {total|sum} more than the {single|individual} names.",
        "An average with a {long|heavy} tail needs {care|caution}: two {people|firms} make {P} of it.",
    ),
)  # fmt: skip
_LINKS = (
    "",
    "",
    "",
    "Also, ",
    "And ",
    "First, ",
    "Then ",
    "In my view, ",
    "To be fair, ",
    "Still, ",
)
_OTHERS = ("indeed", "rather", "simply", "buyers", "clients", "money", "effort", "staff", "team", "month", "part",
           "reason", "way", "case", "plan", "result", "sum", "check", "keep", "take", "give", "ask")  # fmt: skip


def honest(seed: int, points: int = 6) -> str:
    """Write one honest text of about ninety words; the same seed writes the same one.

    Examples
    --------
    >>> honest(1) == honest(1), honest(1) == honest(2)
    (True, False)
    """
    rng = random.Random(seed)
    chosen = rng.sample(POINTS, points)
    return " ".join(rng.choice(_LINKS) + _said(rng.choice(point), rng) for point in chosen)


def _said(wording: str, rng: random.Random) -> str:
    figures = {
        "N": lambda: f"£{rng.randrange(1_000, 90_000):,}",
        "M": lambda: str(rng.randrange(11, 300)),
        "P": lambda: f"{rng.uniform(2, 95):.1f} %",
    }
    text = re.sub(r"\{([NMP])\}", lambda found: figures[found[1]](), wording)
    return re.sub(r"\{([^{}]*)\}", lambda found: rng.choice(found[1].split("|")), text)


def copied(text: str, seed: int, changed: float = 0.05, *, shuffled: bool = False) -> str:
    """Copy a text as one who hides it does: a share of the words changed, figures replaced, perhaps sentences moved.

    Examples
    --------
    >>> original = honest(1)
    >>> sum(a != b for a, b in zip(original.split(), copied(original, 2, 0.0).split())) <= 6
    True
    """
    rng = random.Random(seed)
    words = text.split()
    for place in rng.sample(range(len(words)), round(changed * len(words))):
        words[place] = rng.choice(_OTHERS)
    sentences = re.split(r"(?<=[.:]) ", " ".join(words))
    if shuffled:
        rng.shuffle(sentences)
    return re.sub(r"\d[\d.,]*\d", lambda _: f"{rng.uniform(10, 99):.1f}", " ".join(sentences))
