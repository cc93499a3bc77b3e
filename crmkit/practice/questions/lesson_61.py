"""Lesson 61: the right word sells, and the wrong one drives readers away."""

from __future__ import annotations

from typing import Any

from crmkit.practice.kinds import Choice, Number, Plan, Several
from crmkit.practice.question import (
    Misconception,
    Option,
    Prediction,
    Question,
    QuizQuestion,
    Tables,
)
from crmkit.relations import (
    address_value,
    feedback_effects,
    frequency_table,
    judge_matching,
    message_effects,
    message_worth,
    net_by_kind,
)

TITLE = "The right word, and an ear"
COST = 0.05


def worth_of_address(data: Tables) -> float:
    """Worth of an address, as the lesson computes it."""
    waves = data.load("message_waves")
    gain = message_effects(waves, "margin_14d").set_index("arm").loc["matched", "effect"]
    leaves = waves.loc[waves["arm"] == "matched", "unsubscribed"].mean()
    return address_value(float(gain) - COST, float(leaves), messages_year=26)


def random_less_all(data: Tables) -> float:
    """How many more of a hundred buy after a random product than after one for all."""
    found = message_effects(data.load("message_waves"), "bought", control="one for all")
    return 100 * float(found.set_index("arm").loc["random", "effect"])


def best_often(data: Tables) -> str:
    """Whether eight matched messages a month earn more than two: a more, b as much, c less."""
    table = frequency_table(
        data.load("message_frequency"), cost=COST, address=worth_of_address(data)
    )
    net = table[table["arm"] == "matched"].set_index("messages_month")["net"]
    gap = float(net[8] - net[2])
    return "a" if gap > 1 else "c" if gap < -1 else "b"


def later_hits(data: Tables) -> float:
    """Of a hundred readers, how many buy what the nearest recommend in later weeks."""
    found = judge_matching(data.load("message_purchases"), learn_until=40, ways=["nearest"])
    return 100 * float(found["hit_rate"].iloc[0])


def visits(
    data: Tables, control: str = "random", arm: str = "matched", of: str = "visited"
) -> float:
    """Points by which a kind of message raises the share who visit."""
    found = message_effects(data.load("message_waves"), of, control=control)
    return 100 * float(found.set_index("arm").loc[arm, "effect"])


def by_post(
    data: Tables,
    cost: float = 0.6,
    address: float = 20,
    arm: str = "one for all",
    what: str = "net",
) -> float:
    """Net of a message that costs so much."""
    found = message_worth(data.load("message_waves"), cost=cost, address=address)
    return float(found.set_index("arm").loc[arm, what])


def step(
    data: Tables,
    what: str = "net",
    address: float = 15,
    often: tuple[int, int] = (8, 4),
    arm: str = "matched",
    cost: float = COST,
) -> float:
    """What the further messages of a month bring: eight in place of four."""
    table = frequency_table(data.load("message_frequency"), cost=cost, address=address)
    rows = table[table["arm"] == arm].set_index("messages_month")[what]
    return float(rows[often[0]] - (rows[often[1]] if often[1] else 0))


def three_products(
    data: Tables,
    n: int = 3,
    until: float = 26,
    way: str = "together",
    on: Any = "later weeks",
    what: str = "hit_rate",
) -> float:
    """Hit rate of three products, learnt from half a year, per cent."""
    found = judge_matching(
        data.load("message_purchases"), learn_until=until, ways=[way], on=on, n=n
    )
    return 100 * float(found[what].iloc[0])


def instructions(
    data: Tables,
    topic: str = "instructions",
    arm: str = "report",
    outcome: str = "gives feedback again",
    what: str = "effect",
) -> float:
    """Points by which a report raises feedback, for one topic."""
    trial = data.load("feedback_trial")
    if topic:
        trial = trial[trial["topic"] == topic]
    found = feedback_effects(trial).set_index(["outcome", "arm"])
    return 100 * float(found.loc[(outcome, arm), what])


PAIRS = [("craftsman", "craftsman"), ("craftsman", "supplier")]


def net(data: Tables) -> dict[str, Any]:
    """The pair of kinds that is least linked, how many pairs are missing, and a share that the aim does not ask for."""
    table = net_by_kind(data.load("net_people"), data.load("net_links"), PAIRS)
    found = table.set_index(["one", "other"])
    own, with_supplier = (float(found.loc[pair, "share"]) for pair in PAIRS)
    return {
        "least": "a" if own < with_supplier else "b",
        "missing": int(found["missing"].sum()),
        "staff": 100 * float(found.loc[("customer", "staff"), "share"]),
    }


def net_wrong(data: Tables, way: str) -> dict[str, Any]:
    """What is mistaken for it."""
    right = net(data)
    table = net_by_kind(data.load("net_people"), data.load("net_links"), PAIRS)
    if way == "all pairs":
        return right | {"missing": int((table["possible"] - table["known"]).sum())}
    if way == "known":
        return right | {"missing": int(table.loc[table["wanted"], "known"].sum())}
    if way == "one kind":
        pair = (table["one"] == "craftsman") & (table["other"] == "supplier")
        return right | {"missing": int(table.loc[pair, "missing"].sum())}
    return right | {"least": "a" if right["least"] == "b" else "b"}


def _figures(data: Tables) -> dict[str, str]:
    waves, money = data.load("message_waves"), data.company.money
    address = worth_of_address(data)
    worth = message_worth(waves, cost=COST, address=address).set_index("arm")
    table = frequency_table(data.load("message_frequency"), cost=COST, address=address)
    matched = table[table["arm"] == "matched"].set_index("messages_month")
    best = matched["net"].idxmax()
    heard = feedback_effects(data.load("feedback_trial")).set_index(["outcome", "arm"])
    buys = heard.loc[("buys", "report")]
    hits = judge_matching(
        data.load("message_purchases"), learn_until=40, ways=["popular", "nearest"]
    ).set_index("way")
    return {
        "net": money(worth.loc["matched", "net"], 2),
        "low": money(worth.loc["matched", "low"], 2),
        "high": money(worth.loc["matched", "high"], 2),
        "random": money(worth.loc["random", "net"], 2),
        "address": money(address),
        "best": f"{best:.0f}",
        "best_net": money(matched.loc[best, "net"], 2),
        "eight": money(matched.loc[8, "net"], 2),
        "hits": f"{hits.loc['nearest', 'hit_rate']:.0%}",
        "popular": f"{hits.loc['popular', 'hit_rate']:.0%}",
        "buys": f"{100 * buys['effect']:.0f}",
        "buys_low": f"{100 * buys['low']:.0f}",
        "buys_high": f"{100 * buys['high']:.0f}",
    }


_LOAD = "from crmkit import relations\n"

PREDICTIONS = [
    Prediction(
        id="61-a",
        prompt="Compare two messages: one product for all, and a product of the reader's own, drawn at random. After "
        "the personal one, how many more of a hundred readers buy? (a negative number: fewer buy)",
        kind=Number(unit="of 100", tolerance=1.5),
        answer=random_less_all,
        why="The second table gives the same gap the other way round, with its interval. Many people expect the "
        "personal look to win by itself. A random product fits a reader no better than one product for all.",
    ),
    Prediction(
        id="61-b",
        prompt="Matched messages pay. Count margin, cost and readers who leave: in 90 days, do eight "
        "matched messages a "
        "month earn more or less than two?",
        kind=Choice({"a": "more", "b": "about as much", "c": "less"}),
        answer=best_often,
        why="The margin is larger with eight. But many more readers leave, and each takes along what later messages "
        "would have brought.",
    ),
    Prediction(
        id="61-c",
        prompt="On the weeks it learnt from, *nearest* hits with 100 of 100 readers. In the weeks "
        "that follow, with how "
        "many of a hundred?",
        kind=Number(unit="of 100", tolerance=5),
        answer=later_hits,
        why="On the first weeks it had seen the answers: the reader's own purchases were in what it learnt. Later "
        "weeks hold purchases that it does not know.",
    ),
]

QUESTIONS = [
    Question(
        id="61-1",
        title="Who comes to look",
        level="fill in",
        goals=(1,),
        prompt="Is it the match or the personal look that makes readers visit? By how many percentage points does a "
        "matched message raise the share who visit, compared with a random match? (two decimals)",
        kind=Number(unit="percentage points", tolerance=0.005),
        points=1,
        reference=visits,
        right="Both messages are personal, so the gap is the match's doing. Against one for all it would hold the "
        "match and the personal look together.",
        hints=(
            "`relations.message_effects` compares all arms with one of them, the `control`.",
            'The outcome is `"visited"`, the control `"random"`; take the row "matched".',
            '`100 * relations.message_effects(waves, "visited", control="random")'
            '.set_index("arm").loc["matched", "effect"]`',
        ),
        misconceptions=(
            Misconception(
                "compares with no message",
                lambda data: visits(data, control="no message"),
                "That is the gap to readers without a message. It holds the effect of writing at all. With whom does "
                "the question compare?",
            ),
            Misconception(
                "compares with one for all",
                lambda data: visits(data, control="one for all"),
                "That is the gap to one for all. It holds the match and the personal look together. Which message is "
                "personal too, and differs only in the match?",
            ),
            Misconception(
                "counts who bought",
                lambda data: visits(data, of="bought"),
                "That is the share who bought. The question asks who visited.",
            ),
            Misconception(
                "counts who opened",
                lambda data: visits(data, of="opened"),
                "That is the share who opened the message. Opening is not visiting.",
            ),
            Misconception(
                "the row of another arm",
                lambda data: visits(data, arm="one for all"),
                "That is the row of one for all. Which row is the matched one?",
            ),
        ),
        starter='effects = relations.message_effects(waves, "visited", control=____)',
        solution="Compare all arms with the random match, and take the row of the matched message.",
        code=_LOAD + 'waves = crmkit.load("message_waves")\n'
        'effects = relations.message_effects(waves, "visited", control="random")\n'
        'answer = 100 * effects.set_index("arm").loc["matched", "effect"]',
    ),
    Question(
        id="61-2",
        title="The same letter by post",
        level="change",
        goals=(2,),
        prompt="Suppose that one message costs {company.symbol}0.60, because it goes by post, and a "
        "reader on the list is "
        "worth {company.symbol}20. What does a message for all earn, net of its cost and of the "
        "readers it drives away? "
        "({company.currency}, three decimals)",
        kind=Number(unit="", tolerance=0.0005),
        points=2,
        reference=by_post,
        right="Cost, readers lost and margin belong in one sum. Any of them alone can mislead.",
        hints=(
            "`relations.message_worth` takes `cost` and `address`.",
            'The row "one for all", the column `net`.',
            '`relations.message_worth(waves, cost=0.6, address=20).set_index("arm").loc["one for all", "net"]`',
        ),
        misconceptions=(
            Misconception(
                "keeps the old cost",
                lambda data: by_post(data, cost=COST),
                "That is the net of a message that costs 0.05. What does this one cost?",
            ),
            Misconception(
                "forgets the cost",
                lambda data: by_post(data, cost=0),
                "You left out what the message costs.",
            ),
            Misconception(
                "forgets the readers lost",
                lambda data: by_post(data, address=0),
                "You left out the readers who unsubscribe. What is each of them worth?",
            ),
            Misconception(
                "gives the margin",
                lambda data: by_post(data, what="margin_more"),
                "That is the margin which the message adds. Two sums are still to be subtracted.",
            ),
            Misconception(
                "takes the matched message",
                lambda data: by_post(data, arm="matched"),
                "That is the matched message. The question asks about one for all.",
            ),
            Misconception(
                "takes the random match",
                lambda data: by_post(data, arm="random"),
                "That is the random match. The question asks about one for all.",
            ),
        ),
        starter="worth = relations.message_worth(waves, cost=____, address=____)",
        solution="Margin more, less the cost, less the share who leave times the worth of a reader.",
        code=_LOAD + 'waves = crmkit.load("message_waves")\n'
        "worth = relations.message_worth(waves, cost=0.6, address=20)\n"
        'answer = worth.set_index("arm").loc["one for all", "net"]',
    ),
    Question(
        id="61-3",
        title="From four to eight",
        level="change",
        goals=(2,),
        prompt="A reader on the list is worth only {company.symbol}15, and a message costs "
        "{company.symbol}0.05. In the "
        "test of frequency, what do eight matched messages a month earn net in 90 days, less what four earn? "
        "({company.currency}, three decimals)",
        kind=Number(unit="", tolerance=0.0005),
        points=2,
        reference=step,
        right="What counts is the last step, not the whole: the first messages may pay while the next ones lose.",
        hints=(
            "`relations.frequency_table` with `cost=0.05` and `address=15`.",
            "Keep the rows of the arm matched, and subtract the `net` of 4 from that of 8.",
            'net = table[table["arm"] == "matched"].set_index("messages_month")["net"]; `net[8] - net[4]`',
        ),
        misconceptions=(
            Misconception(
                "compares the margins",
                lambda data: step(data, what="margin_more"),
                "That is the margin. Cost and the readers who leave are still in it.",
            ),
            Misconception(
                "gives eight against none",
                lambda data: step(data, often=(8, 0)),
                "That is eight messages against none. What do eight earn more than four?",
            ),
            Misconception(
                "starts at two",
                lambda data: step(data, often=(8, 2)),
                "That is eight against two. The question asks for eight against four.",
            ),
            Misconception(
                "takes one for all",
                lambda data: step(data, arm="one for all"),
                "Those are messages for all. Keep the matched ones.",
            ),
            Misconception(
                "keeps the worth of 30",
                lambda data: step(data, address=30),
                "You took 30 as the worth of a reader. Which does the question name?",
            ),
            Misconception(
                "keeps the lesson's worth",
                lambda data: step(data, address=worth_of_address(data)),
                "You took the lesson's worth of a reader. Which does the question name?",
            ),
            Misconception(
                "forgets the cost",
                lambda data: step(data, cost=0),
                "You left out what the messages cost.",
            ),
        ),
        starter="table = relations.frequency_table(trial, cost=0.05, address=____)",
        solution="The net of eight less the net of four, at the lower worth of a reader.",
        code=_LOAD + 'trial = crmkit.load("message_frequency")\n'
        "table = relations.frequency_table(trial, cost=0.05, address=15)\n"
        'net = table[table["arm"] == "matched"].set_index("messages_month")["net"]\n'
        "answer = net[8] - net[4]",
    ),
    Question(
        id="61-4",
        title="Three products, half a year",
        level="explore",
        goals=(3,),
        prompt="Let *together* learn from the first 26 weeks and recommend three products to each reader. With which "
        "share of the readers does it hit in the later weeks? (per cent, two decimals)",
        kind=Number(unit="%", tolerance=0.005),
        points=2,
        reference=three_products,
        right="More products and a longer time to buy them make more hits. Compare rates only with the same of both.",
        hints=(
            "`relations.judge_matching` has `learn_until`, `ways` and `n`.",
            'It judges on later weeks unless asked otherwise; `ways=["together"]`, `n=3`.',
            '`100 * relations.judge_matching(purchases, learn_until=26, ways=["together"], n=3)["hit_rate"].iloc[0]`',
        ),
        misconceptions=(
            Misconception(
                "judges on the weeks learnt from",
                lambda data: three_products(data, on="weeks learnt from"),
                "You judged it on the weeks from which it learnt. It has seen those answers.",
            ),
            Misconception(
                "recommends one product",
                lambda data: three_products(data, n=1),
                "That is one product for each reader. The question asks for three.",
            ),
            Misconception(
                "learns from 40 weeks",
                lambda data: three_products(data, until=40),
                "It learnt from 40 weeks. The question says 26.",
            ),
            Misconception(
                "gives the best-seller",
                lambda data: three_products(data, way="popular"),
                "Those are the best-sellers, the rival. Which way does the question ask for?",
            ),
            Misconception(
                "gives the lead",
                lambda data: three_products(data, what="more"),
                "That is the lead over the best-sellers. The question asks for the hit rate.",
            ),
        ),
        starter='judged = relations.judge_matching(purchases, learn_until=____, ways=["together"], n=____)',
        solution="Learn from the first half of the year, recommend three, and count hits in the second half.",
        code=_LOAD + 'purchases = crmkit.load("message_purchases")\n'
        'judged = relations.judge_matching(purchases, learn_until=26, ways=["together"], n=3)\n'
        'answer = 100 * judged["hit_rate"].iloc[0]',
    ),
    Question(
        id="61-5",
        title="Those who spoke of the instructions",
        level="explore",
        goals=(4,),
        prompt="Keep the customers whose feedback was about the instructions. By how many percentage "
        "points does a report raise the share who give feedback again, compared with hearing nothing? (two decimals)",
        kind=Number(unit="percentage points", tolerance=0.005),
        points=2,
        reference=instructions,
        right="An ear that answers is told more. With one topic there are fewer customers, so the interval is wider.",
        hints=(
            'Keep the rows first: `heard[heard["topic"] == "instructions"]`.',
            'In `relations.feedback_effects` take the outcome "gives feedback again" and the arm "report".',
            '`found = relations.feedback_effects(heard[heard["topic"] == "instructions"])`, then '
            '`100 * found.set_index(["outcome", "arm"]).loc[("gives feedback again", "report"), "effect"]`',
        ),
        misconceptions=(
            Misconception(
                "keeps all topics",
                lambda data: instructions(data, topic=""),
                "That is the effect over all topics. Keep one of them.",
            ),
            Misconception(
                "takes the reply",
                lambda data: instructions(data, arm="reply"),
                "That is the reply that it was read. The question asks about the report.",
            ),
            Misconception(
                "counts who buys",
                lambda data: instructions(data, outcome="buys"),
                "That is the share who buy. The question asks who gives feedback again.",
            ),
            Misconception(
                "gives the share",
                lambda data: instructions(data, what="value"),
                "That is the share after a report. Some would have given feedback again without it.",
            ),
            Misconception(
                "gives the share without",
                lambda data: instructions(data, what="control_value"),
                "That is the share of those who heard nothing. How much more is it after a report?",
            ),
        ),
        starter='some = heard[heard["topic"] == ____]',
        solution="Keep one topic, compare the report with nothing, and read the row of giving feedback again.",
        code=_LOAD + 'heard = crmkit.load("feedback_trial")\n'
        'found = relations.feedback_effects(heard[heard["topic"] == "instructions"])\n'
        'answer = 100 * found.set_index(["outcome", "arm"]).loc[("gives feedback again", "report"), "effect"]',
    ),
    Question(
        id="61-6",
        title="The net around the workshop",
        level="explore",
        goals=(5,),
        prompt="Aim: craftsmen hear of new material from suppliers and from one another. Of these two pairs of kinds, "
        'which is less linked, as a share of the possible pairs (`least`: `"a"`, craftsmen with craftsmen, or `"b"`, '
        "craftsmen with suppliers)? How many pairs that the aim asks for do not "
        "know each other yet, both kinds together (`missing`)? And which share of the pairs of a customer and a member "
        "of the staff know each other (`staff`, per cent, one decimal)?",
        kind=Several(
            {
                "least": Choice({"a": "craftsmen with craftsmen", "b": "craftsmen with suppliers"}),
                "missing": Number(unit="pairs", tolerance=0),
                "staff": Number(unit="%", tolerance=0.05),
            }
        ),
        points=3,
        reference=net,
        right="The closest pair in the net may not be the one that the aim asks for. Work goes where "
        "pairs are missing.",
        hints=(
            "`relations.net_by_kind` takes people, links, and the `wanted` pairs of kinds.",
            'wanted=[("craftsman", "craftsman"), ("craftsman", "supplier")]; then the columns `share` and `missing`.',
            '`table["missing"].sum()` counts the missing pairs; `share` of the row customer, staff times 100.',
        ),
        misconceptions=(
            Misconception(
                "counts every pair",
                lambda data: net_wrong(data, "all pairs"),
                "You counted all pairs that do not know each other. Does the aim ask for all of them?",
            ),
            Misconception(
                "counts one of the two kinds",
                lambda data: net_wrong(data, "one kind"),
                "Those are the pairs with suppliers. The aim asks for craftsmen with one another as well.",
            ),
            Misconception(
                "counts those who know each other",
                lambda data: net_wrong(data, "known"),
                "Those pairs know each other already. How many do not?",
            ),
            Misconception(
                "the better linked pair",
                lambda data: net_wrong(data, "other"),
                "That pair of kinds has the higher share of the two. Compare shares, not numbers of links.",
            ),
        ),
        starter='table = relations.net_by_kind(people, links, wanted=[("craftsman", ____), ("craftsman", ____)])',
        solution="Name the wanted pairs, then read the shares, and add up what is missing.",
        code=_LOAD + 'people, links = crmkit.load("net_people"), crmkit.load("net_links")\n'
        'wanted = [("craftsman", "craftsman"), ("craftsman", "supplier")]\n'
        "table = relations.net_by_kind(people, links, wanted)\n"
        'found = table.set_index(["one", "other"])\n'
        'own, with_supplier = (found.loc[pair, "share"] for pair in wanted)\n'
        'answer = {"least": "a" if own < with_supplier else "b", "missing": found["missing"].sum(),\n'
        '          "staff": 100 * found.loc[("customer", "staff"), "share"]}',
    ),
    Question(
        id="61-7",
        title="A plan for the list",
        level="decide",
        goals=(1, 2, 3, 4),
        prompt="{company.name} asks you for a plan: which messages, how many a month, how the products are chosen, and "
        "what happens to feedback. Answer the agency: do personal messages always win, and do more "
        "messages bring more? "
        "Give figures with intervals, and say what you would test next.",
        hints=(
            "Four decisions: the message, the number, the choice of products, the answer to feedback.",
            "For each of them one table of the lesson: `message_worth`, `frequency_table`, `judge_matching`, "
            "`feedback_effects`.",
            "Each figure with its interval; then what would change your mind.",
        ),
        kind=Plan(
            rubric={
                "What a message earns net, with its interval, and what the random match shows": 1,
                "How many messages a month, with the readers who leave counted": 1,
                "How matching was judged on later weeks, and what is done with feedback": 1,
                "What would be tested next, or where the figures may fail": 1,
            },
            model="Matched messages only. One earns {figure.net} net ({figure.low} to {figure.high}), with a reader on "
            "the list worth {figure.address}; the random match earns {figure.random}, so it is the match that pays and "
            "not the personal look. I would send {figure.best} a month: in 90 days that earns {figure.best_net} a "
            "reader, eight a month {figure.eight}, because far more readers leave. Products come from the readers with "
            "the nearest history: in later weeks they hit with {figure.hits}, the best-seller with {figure.popular}. "
            "Everybody who gives feedback gets a report of what was changed: {figure.buys} of a hundred more buy "
            "({figure.buys_low} to {figure.buys_high}); a reply alone is not enough. The worth of a reader is an "
            "estimate, so I keep a tenth of the list without messages and count again after half a year.",
            figures=_figures,
            minimum_words=60,
        ),
        points=4,
    ),
]

QUIZ = [
    QuizQuestion(
        "A test compares a personal, matched message with one for all, and the personal one sells "
        "more. What do you know?",
        [
            Option(
                "Being personal sells",
                "The message is personal and matched at once. Which of the two was it?",
            ),
            Option(
                "Not yet whether it is the match or the personal look",
                "A personal message with a random product would tell.",
                right=True,
            ),
            Option("The product was better", "The products differ from reader to reader."),
        ],
    ),
    QuizQuestion(
        "An e-mail costs next to nothing. Why not send one every day?",
        [
            Option("It does cost something to write", "A little. The real cost is another one."),
            Option(
                "Readers leave, and take along what later messages would bring",
                "That is the worth of an address.",
                right=True,
            ),
            Option("Nobody reads on Sundays", "Perhaps, but it is not what makes it expensive."),
        ],
    ),
    QuizQuestion(
        "A recommender hits with 95 % of the readers on the purchases it learnt from. What follows?",
        [
            Option("It is excellent", "It had seen the answers."),
            Option(
                "Nothing yet: judge it on later weeks, beside the best-seller",
                "Only purchases that it has not seen can tell.",
                right=True,
            ),
            Option("It is useless", "It may be good or bad. These weeks cannot tell."),
        ],
    ),
    QuizQuestion(
        "After a report, more people answer the survey, and more of those who answer like the brand "
        "more. What is safe?",
        [
            Option(
                "The share among those who answer",
                "Other people answer now, so the two groups are not alike.",
            ),
            Option(
                'What also shows if all asked are counted, silence as "not more"',
                "Then nobody is left out of either group.",
                right=True,
            ),
            Option(
                "Nothing", "Counting all who were asked keeps the two groups as chance made them."
            ),
        ],
    ),
    QuizQuestion(
        "A platform rents rooms of hosts to guests. Its aim: guests book without fear. Who should know whom first?",
        [
            Option(
                "Guests and guests", "A chat of guests is lively. Does it make a booking safer?"
            ),
            Option(
                "Hosts and guests, by profiles and quick answers",
                "The aim names them: a guest books with a host whom he or she knows a little.",
                right=True,
            ),
            Option("Everybody and everybody", "A net without an aim is soon empty."),
        ],
    ),
]
