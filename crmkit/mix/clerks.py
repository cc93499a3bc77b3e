"""The two clerks: one shows everything, the other asks first.

Business context: somebody comes in and asks for a drill. Clerk A shows all there is and recommends what is best
value for money: from the four P. Clerk B asks what it is for and offers what fits: from the four C. Questions
take time, and time drives hurried visitors out. How many questions pay, and which is worth most?

Model: a visitor is of one of several hundred kinds (job, wall, tool, often, skill, spend), with known shares. Answers
are right with a known chance. After each answer the clerk updates what is likely (Bayes) and offers the solution
that most probably fits. A visitor stays for t minutes with chance exp(-t / patience). All results here are exact
sums over kinds and answers; :func:`simulate_shop` draws visitors for those who want to see it happen. Expected
information is Shannon's, in bits; expected worth is the rise in the chance that the offer fits (Raiffa &
Schlaifer 1961).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from crmkit.errors import CrmkitError
from crmkit.inputs import first_few, need_number, need_numbers, need_rows
from crmkit.say import label, mark, say, say_many

#: What clerk B can ask about.
QUESTIONS = ("job", "wall", "tool", "often", "skill", "spend")

#: How clerk B words it.
WORDING = {
    "job": mark("What is it for?"),
    "wall": mark("What is the wall made of?"),
    "tool": mark("Is there a drill at home?"),
    "often": mark("Just this once, or again and again?"),
    "skill": mark("Have you done it before?"),
    "spend": mark("How much would you like to spend?"),
}


@dataclass
class Shop:
    """A shop: its solutions, its visitors, and how patience and time work in it.

    Parameters
    ----------
    solutions
        ``solution``, ``price``, ``rating``, and one column per question but ``spend`` with the cases it
        serves (";"-joined;
        empty: all).
    visitors
        One row per kind of visitor: one column per question, ``share``.
    knows, hurried
        Shares of visitors who know exactly what would do, and who are in a hurry.
    patience_calm, patience_hurried
        Mean minutes until a visitor leaves.
    recital, greeting, per_question
        Minutes: clerk A's recital; clerk B before the first question; a question and its answer.
    truthful
        Chance that an answer is right. Those who know what would do always answer rightly.
    buys_if_fits, buys_if_not
        Chances of a sale.

    Examples
    --------
    >>> shop = Shop.example()
    >>> shop.recommend({"job": "picture"})
    'bit'
    """

    solutions: pd.DataFrame
    visitors: pd.DataFrame
    knows: float = 0.15
    hurried: float = 0.3
    patience_calm: float = 30.0
    patience_hurried: float = 5.0
    recital: float = 5.0
    greeting: float = 1.0
    per_question: float = 1.0
    truthful: float = 0.92
    buys_if_fits: float = 0.85
    buys_if_not: float = 0.05
    questions: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        need_rows(self.solutions, ["solution", "price", "rating"], "solutions")
        need_rows(self.visitors, ["share"], "visitors")
        self.questions = tuple(q for q in QUESTIONS if q in self.visitors.columns)
        if not self.questions:
            raise CrmkitError(f"visitors: none of the columns {first_few(QUESTIONS, 6)} is there.")
        for name in ("knows", "hurried", "truthful", "buys_if_fits", "buys_if_not"):
            need_number(
                getattr(self, name), f"{name}, a share between 0 and 1,", minimum=0, maximum=1
            )
        need_number(self.greeting, "greeting (minutes)", minimum=0)
        for name in ("patience_calm", "patience_hurried", "recital", "per_question"):
            if need_number(getattr(self, name), f"{name} (minutes)", minimum=0) == 0:
                raise CrmkitError(f"{name} is a number of minutes above 0, not 0.")
        coded = {q: pd.factorize(self.visitors[q], sort=True) for q in self.questions}
        empty = [q for q, (codes, _) in coded.items() if (codes < 0).any()]
        if empty:
            rows = int((coded[empty[0]][0] < 0).sum())
            raise CrmkitError(f"visitors, {empty[0]}: {rows} rows hold no answer. Fill them in.")
        alike = [q for q, (_, answers) in coded.items() if len(answers) < 2]
        if alike:
            raise CrmkitError(
                f"visitors: everybody gives the same answer to {first_few(alike)}. Leave that column out: there "
                "is nothing to ask."
            )
        share = need_numbers(self.visitors["share"], "visitors, share", minimum=0)
        if share.sum() == 0:
            raise CrmkitError("visitors, share: all are 0. Somebody must come in.")
        self.prior = share / share.sum()
        self.names = self.solutions["solution"].to_list()
        self.values = {q: list(answers) for q, (_, answers) in coded.items()}
        self._code = {q: codes for q, (codes, _) in coded.items()}
        self.fits = self._fits()

    def _fits(self) -> np.ndarray:
        fits = np.ones((len(self.visitors), len(self.solutions)), dtype=bool)
        if "spend" in self.questions:
            spend = self.visitors["spend"].astype(str).str.extract(r"(\d+)")[0]
            most = need_numbers(spend, "visitors, spend (such as 'up to 30')")
        for j, solution in enumerate(self.solutions.to_dict("records")):
            for q in self.questions:
                if isinstance(solution.get(q), str) and solution[q]:
                    suits = np.isin(self.values[q], solution[q].split(";"))
                    fits[:, j] &= suits[self._code[q]]
            if "spend" in self.questions:
                fits[:, j] &= most >= solution["price"]
        return fits

    def likelihood(
        self, question: str, answer: str, *, truthful: float | None = None
    ) -> np.ndarray:
        """Chance of an answer from each kind of visitor."""
        if question not in self.questions:
            raise CrmkitError(
                f"no question {question!r}; there are: {first_few(self.questions, 6)}."
            )
        if answer not in self.values[question]:
            raise CrmkitError(
                f"no answer {answer!r} to {question!r}; there are: {first_few(self.values[question], 6)}."
            )
        true = self.truthful if truthful is None else truthful
        wrong = (1 - true) / (len(self.values[question]) - 1)
        return np.where(self._code[question] == self.values[question].index(answer), true, wrong)

    def posterior(self, answers: Mapping[str, str]) -> np.ndarray:
        """Share of each kind of visitor, given the answers."""
        belief = self.prior.copy()
        for question, answer in answers.items():
            belief = belief * self.likelihood(question, answer)
        return belief / belief.sum()

    def chances(self, answers: Mapping[str, str]) -> pd.DataFrame:
        """Chance that each solution fits, given the answers: ``solution``, ``price``, ``chance``, the best first."""
        out = self.solutions[["solution", "price"]].assign(
            chance=self.posterior(answers) @ self.fits
        )
        return out.sort_values("chance", ascending=False, ignore_index=True, kind="stable")

    def recommend(self, answers: Mapping[str, str]) -> str:
        """Solution that most probably fits, given the answers."""
        return str(self.chances(answers)["solution"].iloc[0])

    @property
    def best_value(self) -> int:
        """Number of the solution that clerk A recommends: the best mark."""
        return int(self.solutions["rating"].to_numpy().argmax())

    @classmethod
    def example(cls) -> Shop:
        """Make a tiny shop: two jobs, two solutions."""
        return cls(
            pd.DataFrame(
                {
                    "solution": ["bit", "drill"],
                    "price": [4.0, 59.0],
                    "rating": [3.9, 4.7],
                    "job": ["picture", "renovation"],
                }
            ),
            pd.DataFrame({"job": ["picture", "renovation"], "share": [0.7, 0.3]}),
        )


def chance_fits(shop: Shop, questions: Sequence[str], *, truthful: float | None = None) -> float:
    """Chance that clerk B's offer fits after asking `questions`, exactly.

    Parameters
    ----------
    shop
    questions
        What is asked; the order does not matter.
    truthful
        How truthful the visitors really are (the clerk uses the shop's figure).

    Examples
    --------
    >>> shop = Shop.example()
    >>> round(chance_fits(shop, []), 2), round(chance_fits(shop, ["job"]), 2)
    (0.7, 0.92)
    """
    belief = real = shop.prior[None, :]
    for q in _check_questions(shop, questions):
        # One row for every list of answers so far, one column for every kind of visitor.
        for_clerk = np.array([shop.likelihood(q, a) for a in shop.values[q]])
        in_truth = np.array([shop.likelihood(q, a, truthful=truthful) for a in shop.values[q]])
        belief = (belief[:, None, :] * for_clerk).reshape(-1, len(shop.prior))
        real = (real[:, None, :] * in_truth).reshape(-1, len(shop.prior))
    choice = (belief @ shop.fits).argmax(axis=1)
    return float((real @ shop.fits)[np.arange(len(choice)), choice].sum())


#: What clerk B can ask about.
TOPICS = ("wall", "job", "tool", "skill", "spend", "often")


def _check_questions(shop: Shop, questions: Sequence[str]) -> Sequence[str]:
    odd = [q for q in questions if q not in shop.questions]
    if odd:
        raise CrmkitError(
            f"no question {first_few(odd)}; there are: {first_few(shop.questions, 6)}."
        )
    if len(set(questions)) < len(questions):
        raise CrmkitError("a question is asked twice; once is enough.")
    return questions


def question_worth(shop: Shop, answers: Mapping[str, str] | None = None) -> pd.DataFrame:
    """Say what each question that is still open would bring.

    Parameters
    ----------
    shop
    answers
        Answer by question. What has been heard so far.

    Returns
    -------
    DataFrame
        One row per open question, the one that helps the sale most first: ``question``, ``bits`` (expected
        information about
        the visitor), ``worth`` (expected rise in the chance that the offer fits).

    Examples
    --------
    >>> question_worth(Shop.example()).round(2).values.tolist()
    [['job', 0.51, 0.22]]
    """
    heard = dict(answers or {})
    belief = shop.posterior(heard)
    before = float((belief @ shop.fits).max())
    rows = []
    for question in shop.questions:
        if question in heard:
            continue
        bits = worth = 0.0
        for answer in shop.values[question]:
            like = shop.likelihood(question, answer)
            chance = float(belief @ like)
            seen = like > 0
            # Mutual information of the answer and the kind of visitor.
            bits += float((belief * like)[seen] @ np.log2(like[seen] / chance))
            worth += float(((belief * like) @ shop.fits).max())
        # An answer never hurts; what rounding takes below 0 is 0.
        rows.append((question, max(bits, 0.0), max(worth - before, 0.0)))
    out = pd.DataFrame(rows, columns=["question", "bits", "worth"])
    return out.sort_values("worth", ascending=False, ignore_index=True, kind="stable")


def best_questions(shop: Shop, k: int) -> list[str]:
    """Choose `k` questions, each time the one that most raises the chance that the offer fits.

    Ties are broken by information. Greedy, so not always the very best set; for six questions a test
    compares it with all sets.

    Examples
    --------
    >>> best_questions(Shop.example(), 1)
    ['job']
    """
    if not 0 <= k <= len(shop.questions):
        raise CrmkitError(f"k must be between 0 and {len(shop.questions)} questions, not {k!r}.")
    bits = question_worth(shop).set_index("question")["bits"]
    asked: list[str] = []
    while len(asked) < k:
        open_ones = [q for q in shop.questions if q not in asked]
        asked.append(
            max(open_ones, key=lambda q: (round(chance_fits(shop, [*asked, q]), 9), bits[q]))
        )
    return asked


def clerk_results(shop: Shop, *, order: Sequence[str] | None = None) -> pd.DataFrame:
    """Conversion, time and satisfaction of clerk A, and of clerk B by number of questions.

    Parameters
    ----------
    shop
    order
        In which order clerk B asks. Default: :func:`best_questions`.

    Returns
    -------
    DataFrame
        One row for A and one for B with 0, 1, 2, ... questions: ``clerk``, ``questions``, ``asked`` (the
        last question),
        ``fits`` (chance that the offer fits), ``stays`` (chance that the visitor waits for it),
        ``conversion``, ``minutes``
        (mean length), ``satisfaction`` (mean mark, before rounding to 1 to 5).

    Examples
    --------
    >>> clerk_results(Shop.example())[["clerk", "questions", "conversion"]].round(2).values.tolist()
    [['A', 0, 0.28], ['B', 0, 0.56], ['B', 1, 0.68]]
    """
    order = list(best_questions(shop, len(shop.questions)) if order is None else order)
    _check_questions(shop, order)
    rows = [("A", 0, "", *_served(shop, "A", []))]
    rows += [
        ("B", k, order[k - 1] if k else "", *_served(shop, "B", order[:k]))
        for k in range(len(order) + 1)
    ]
    return pd.DataFrame(
        rows,
        columns=[
            "clerk",
            "questions",
            "asked",
            "fits",
            "stays",
            "conversion",
            "minutes",
            "satisfaction",
        ],
    )


def _served(shop: Shop, clerk: str, questions: Sequence[str]) -> tuple[float, ...]:
    """fits, stays, conversion, minutes, satisfaction of one way to serve."""
    any_fits = shop.fits.any(axis=1)
    fit, stay, sale, time, mark = 0.0, 0.0, 0.0, 0.0, 0.0
    for knows, weight_knows in ((True, shop.knows), (False, 1 - shop.knows)):
        if clerk == "A":
            minutes = shop.recital * (0.5 if knows else 1.0)
            fits = float(shop.prior @ (any_fits if knows else shop.fits[:, shop.best_value]))
        else:
            minutes = shop.greeting + shop.per_question * len(questions)
            fits = chance_fits(shop, questions, truthful=1.0 if knows else None)
        for patience, weight_hurry in (
            (shop.patience_hurried, shop.hurried),
            (shop.patience_calm, 1 - shop.hurried),
        ):
            weight = weight_knows * weight_hurry
            stays = float(np.exp(-minutes / patience))
            bought = fits * shop.buys_if_fits + (1 - fits) * shop.buys_if_not
            fit += weight * fits
            stay += weight * stays
            sale += weight * stays * bought
            time += weight * patience * (1 - stays)
            mark += weight * (2.5 + 1.8 * fits - 1.2 * (1 - stays))
    return fit, stay, sale, time, mark


def where_a_wins(
    shop: Shop, knows: Sequence[float], hurried: Sequence[float], *, questions: int | None = None
) -> pd.DataFrame:
    """Compare the clerks for shops whose visitors know more or less, and have more or less time.

    Parameters
    ----------
    shop
        Everything but the two shares is taken from it.
    knows, hurried
        Shares to try.
    questions
        How many questions clerk B asks. Default: as many as are best there.

    Returns
    -------
    DataFrame
        One row per pair: ``knows``, ``hurried``, ``a``, ``b`` (conversion), ``questions`` (that B asks), ``b_less_a``.

    Examples
    --------
    >>> where_a_wins(Shop.example(), [0.0, 1.0], [0.5])["b_less_a"].round(2).tolist()
    [0.46, 0.03]
    """
    order = best_questions(shop, len(shop.questions))
    counts = range(len(order) + 1) if questions is None else [questions]
    # What fits depends on neither share: compute it once for those who know and those who do not.
    fit_b = {
        k: [chance_fits(shop, order[:k], truthful=true) for true in (1.0, None)] for k in counts
    }
    fit_a = [
        float(shop.prior @ shop.fits.any(axis=1)),
        float(shop.prior @ shop.fits[:, shop.best_value]),
    ]

    def sale(fits: float, minutes: float, h: float) -> float:
        stays = h * np.exp(-minutes / shop.patience_hurried) + (1 - h) * np.exp(
            -minutes / shop.patience_calm
        )
        return float(stays * (fits * shop.buys_if_fits + (1 - fits) * shop.buys_if_not))

    rows = []
    for know in need_numbers(list(knows), "knows", minimum=0, maximum=1):
        for h in need_numbers(list(hurried), "hurried", minimum=0, maximum=1):
            a = know * sale(fit_a[0], shop.recital / 2, h) + (1 - know) * sale(
                fit_a[1], shop.recital, h
            )
            by_count = {
                k: sum(
                    share * sale(fits, shop.greeting + shop.per_question * k, h)
                    for share, fits in zip((know, 1 - know), fit_b[k], strict=True)
                )
                for k in counts
            }
            k = max(by_count, key=lambda n: by_count[n])
            rows.append((know, h, a, by_count[k], k, by_count[k] - a))
    return pd.DataFrame(rows, columns=["knows", "hurried", "a", "b", "questions", "b_less_a"])


def simulate_shop(
    shop: Shop,
    clerk: str,
    visitors: int,
    seed: int | np.random.Generator,
    *,
    questions: Sequence[str] = (),
) -> pd.DataFrame:
    """Draw visitors and serve them.

    Parameters
    ----------
    shop
    clerk
        ``"A"`` or ``"B"``.
    visitors
        How many.
    seed
        Random seed.
    questions
        What clerk B asks, in order.

    Returns
    -------
    DataFrame
        One row per visitor: ``clerk``, ``questions``, the hidden case, ``knows``, ``hurried``, ``minutes``,
        ``left_early``, ``offered``,
        ``fits``, ``bought``.

    Examples
    --------
    >>> simulate_shop(Shop.example(), "B", 1000, 1, questions=["job"])["bought"].mean().round(1).item()
    0.7
    """
    if clerk not in ("A", "B"):
        raise CrmkitError(f"clerk is 'A' or 'B', not {clerk!r}.")
    if visitors < 1:
        raise CrmkitError(f"visitors must be at least 1, not {visitors!r}.")
    rng = np.random.default_rng(seed)
    kind = rng.choice(len(shop.prior), size=visitors, p=shop.prior)
    knows, hurried = rng.random(visitors) < shop.knows, rng.random(visitors) < shop.hurried
    patience = rng.exponential(np.where(hurried, shop.patience_hurried, shop.patience_calm))
    _check_questions(shop, questions)
    if clerk == "A":
        minutes = shop.recital * np.where(knows, 0.5, 1.0)
        choice = np.where(
            knows & shop.fits[kind].any(axis=1), shop.fits[kind].argmax(axis=1), shop.best_value
        )
    else:
        minutes = np.full(visitors, shop.greeting + shop.per_question * len(questions))
        belief = np.tile(shop.prior, (visitors, 1))
        for q in questions:
            code = shop._code[q][kind].copy()
            lies = ~knows & (rng.random(visitors) > shop.truthful)
            shift = rng.integers(1, len(shop.values[q]), visitors)
            code = np.where(lies, (code + shift) % len(shop.values[q]), code)
            like = np.array([shop.likelihood(q, answer) for answer in shop.values[q]])
            belief *= like[code]
        choice = (belief @ shop.fits).argmax(axis=1)
    fits = shop.fits[kind, choice]
    left = patience < minutes
    chance = np.where(fits, shop.buys_if_fits, shop.buys_if_not)
    case = shop.visitors.iloc[kind].drop(columns="share").reset_index(drop=True)
    return case.assign(
        clerk=clerk,
        questions=len(questions),
        knows=knows,
        hurried=hurried,
        minutes=np.where(left, patience, minutes),
        left_early=left,
        offered=np.array(shop.names, dtype=object)[choice],
        fits=fits,
        bought=~left & (rng.random(visitors) < chance),
    )


def random_order_sales(
    shop: Shop, cards: Iterable[int], seed: int, orders: int = 12, visitors: int = 800
) -> pd.Series:
    """Share who buy from clerk B when she asks so many questions in random order, by the model.

    Parameters
    ----------
    shop
        The shop.
    cards
        Numbers of questions.
    seed
        For the orders and the visitors.
    orders, visitors
        Random orders for each number, and visitors for each order.

    Returns
    -------
    Series
        By number of questions.
    """
    rng = np.random.default_rng(seed)
    found = {}
    for card in cards:
        drawn = [rng.permutation(TOPICS)[:card].tolist() for _ in range(orders)]
        sold = [
            simulate_shop(shop, "B", visitors, rng, questions=q)["bought"].mean() for q in drawn
        ]
        found[card] = float(np.mean(sold))
    return pd.Series(found)


class ClerkGame:
    """One visitor whose needs are hidden; you are clerk B.

    Ask questions, watch the clock, make one offer.

    Parameters
    ----------
    shop
    seed
        Which visitor comes in.

    Attributes
    ----------
    answers : dict
        What has been heard, question to answer.
    minutes : float
        Time spent so far.
    over : bool
        Whether the visitor has bought, refused or left.
    result : str
        How it ended, in a sentence; empty while it goes on.

    Examples
    --------
    >>> game = ClerkGame(Shop.example(), seed=4)
    >>> said = game.ask("job")
    >>> game.offer(game.shop.recommend(game.answers)) == game.result
    True
    """

    def __init__(self, shop: Shop, seed: int) -> None:
        self.shop = shop
        rng = np.random.default_rng(seed)
        self._kind = int(rng.choice(len(shop.prior), p=shop.prior))
        self.hurried = bool(rng.random() < shop.hurried)
        self.patience = float(
            rng.exponential(shop.patience_hurried if self.hurried else shop.patience_calm)
        )
        self._rng = rng
        self._chance = float(rng.random())
        self.answers: dict[str, str] = {}
        self.minutes = shop.greeting
        self.over, self.sold, self.result = False, False, ""

    @property
    def case(self) -> dict[str, str]:
        """What the visitor really needs."""
        return {q: str(self.shop.visitors[q].iloc[self._kind]) for q in self.shop.questions}

    def ask(self, question: str) -> str:
        """Ask one question; gives the answer, or how the visitor left."""
        if self.over:
            return self.result
        shop = self.shop
        _check_questions(shop, [question])
        if question in self.answers:
            return self.answers[question]
        self.minutes += shop.per_question
        if self.minutes > self.patience:
            self.over = True
            self.result = say_many(
                "After {count} minute the visitor looks at the clock and leaves.",
                "After {count} minutes the visitor looks at the clock and leaves.",
                round(self.patience),
            )
            return self.result
        answer = self.case[question]
        if self._rng.random() > shop.truthful:
            others = [value for value in shop.values[question] if value != answer]
            answer = str(self._rng.choice(others))
        self.answers[question] = answer
        return answer

    def offer(self, solution: str) -> str:
        """Make the offer; gives how it ended."""
        if self.over:
            return self.result
        shop = self.shop
        if solution not in shop.names:
            raise CrmkitError(f"no solution {solution!r}; there are: {first_few(shop.names, 12)}.")
        self.over = True
        fits = bool(shop.fits[self._kind, shop.names.index(solution)])
        self.sold = self._chance < (shop.buys_if_fits if fits else shop.buys_if_not)
        name = label(solution)
        if self.sold and fits:
            self.result = say("Sold: {solution}, and it fits.", solution=name)
        elif self.sold:
            self.result = say(
                "Sold: {solution}, though it does not fit: expect it back.", solution=name
            )
        elif fits:
            self.result = say(
                "{solution} would have fitted, but the visitor wants to sleep on it.", solution=name
            )
        else:
            self.result = say("No sale: {solution} does not fit.", solution=name)
        return self.result
