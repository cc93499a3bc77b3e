"""Lesson 10: touchpoints, weak links, and the trial of a remedy."""

from __future__ import annotations

import pandas as pd

from crmkit.mix import difference, promised_rise, transition_shares, trial_effect, weak_links
from crmkit.practice.kinds import Choice, Number, Plan
from crmkit.practice.question import (
    Misconception,
    Option,
    Prediction,
    Question,
    QuizQuestion,
    Tables,
)

TITLE = "Touchpoints"


def before(data: Tables) -> pd.DataFrame:
    """Log of the journeys before the trial, with their channel."""
    journeys = data.load("journeys")
    return data.load("touchpoint_log").merge(journeys[journeys["arm"] == "none"], on="journey_id")


def share_at(log: pd.DataFrame, touchpoint: str) -> float:
    """Share who went on at a touchpoint, in per cent."""
    return 100 * log.loc[log["touchpoint"] == touchpoint, "went_on"].mean()


def _trial(
    data: Tables, outcome: str, *, askers: bool = True, reached: str = "question"
) -> pd.Series:
    """The effect of the answer on an outcome with its interval, among those who reached a touchpoint."""
    journeys = data.load("journeys")
    trial = journeys[journeys["arm"] != "none"]
    if askers:
        log = data.load("touchpoint_log")
        trial = log[log["touchpoint"] == reached].merge(trial, on="journey_id")
    return trial_effect(trial[["arm", outcome]]).iloc[0]


def effect(data: Tables, outcome: str, *, askers: bool = True, reached: str = "question") -> float:
    """Effect of the answer on an outcome, in points."""
    return 100 * float(_trial(data, outcome, askers=askers, reached=reached)["effect"])


def gap(
    data: Tables, channel: str, touchpoint: str, *, against: str = "others", trial: bool = False
) -> float:
    """A channel's share at a touchpoint less that of the others together, in points."""
    log = before(data)
    if trial:
        log = data.load("touchpoint_log").merge(data.load("journeys"), on="journey_id")
    at = log[log["touchpoint"] == touchpoint]
    own, others = at[at["channel"] == channel]["went_on"], at[at["channel"] != channel]["went_on"]
    if against == "all":
        others = at["went_on"]
    if against == "mean of shares":
        shares = at.groupby("channel")["went_on"].mean()
        return 100 * float(shares[channel] - shares.drop(channel).mean())
    return 100 * float(difference(own.sum(), len(own), others.sum(), len(others))[0])


def weakest(data: Tables) -> str:
    """Give at which link the web lies furthest behind the other channels, by its letter."""
    journeys = data.load("journeys")
    shares = transition_shares(data.load("touchpoint_log"), journeys[journeys["arm"] == "none"])
    links = weak_links(shares, "web").set_index("touchpoint")["gap"]
    return "abcdef"[LINKS.index(str(links.idxmin()))]


def noise_of_all(data: Tables) -> str:
    """Tell what counting those who never asked does: a helps, b blurs, c changes nothing."""
    clear = []
    for askers in (False, True):
        row = _trial(data, "bought", askers=askers)
        clear.append(row["effect"] / (row["high"] - row["low"]))
    return "a" if clear[0] > 1.1 * clear[1] else "b" if clear[1] > 1.1 * clear[0] else "c"


def promised(
    data: Tables, channel: str = "app", touchpoint: str = "entrance", share: float = 0.9
) -> float:
    """What multiplying promises, in per cent, if a link's share rose to `share`."""
    journeys = data.load("journeys")
    shares = transition_shares(data.load("touchpoint_log"), journeys[journeys["arm"] == "none"])
    return 100 * promised_rise(shares, channel, touchpoint, share)


def _app_share_of_all_starters(data: Tables) -> float:
    app = before(data).query("channel == 'app'")
    passed = (app["touchpoint"] == "till") & app["went_on"]
    return 100 * passed.sum() / app["journey_id"].nunique()


def _app_till_count(data: Tables) -> float:
    app = before(data).query("channel == 'app' and touchpoint == 'till'")
    return float(app["went_on"].sum())


def _rise_of_sales(data: Tables) -> float:
    row = _trial(data, "bought", reached="shelf")
    return 100 * float(row["treated"] / row["control"] - 1)


def _low_end_of_gap(data: Tables) -> float:
    journeys = data.load("journeys")
    shares = transition_shares(data.load("touchpoint_log"), journeys[journeys["arm"] == "none"])
    return 100 * float(weak_links(shares, "app").set_index("touchpoint").loc["shelf", "low"])


def _points_of_the_share(data: Tables) -> float:
    return 90 - share_at(before(data).query("channel == 'app'"), "entrance")


LINKS = ["advertisement", "entrance", "shelf", "question", "till", "aftercare"]


def _figures(data: Tables) -> dict[str, str]:
    """Give what the model answer says of the advertisement and of the question."""
    journeys = data.load("journeys")
    shares = transition_shares(data.load("touchpoint_log"), journeys[journeys["arm"] == "none"])
    links = weak_links(shares, "web").set_index("touchpoint")
    ad, ask = links.loc["advertisement"], links.loc["question"]
    return {
        "ad": f"{ad['share']:.0%}",
        "ad_elsewhere": f"{ad['elsewhere']:.0%}",
        "ask": f"{ask['share']:.0%}",
        "ask_elsewhere": f"{ask['elsewhere']:.0%}",
        "low": f"{100 * ask['low']:.0f}",
        "high": f"{100 * ask['high']:.0f}",
    }


PREDICTIONS = [
    Prediction(
        id="10-a",
        prompt="{company.name} has three channels. At which touchpoint do customers of the web shop go on much "
        "less often "
        "than those of shop and app?",
        kind=Choice(dict(zip("abcdef", LINKS, strict=True))),
        answer=weakest,
        why="The lowest share draws the eye. But a share can be low in every channel, and then nothing is "
        "broken there.",
    ),
    Prediction(
        id="10-b",
        prompt="The question is repaired. Call the rise in sales that multiplication promises 100 %. How much of "
        "it comes out, "
        "if the keen and the less keen pass the links?",
        kind=Number(unit="%", tolerance=8),
        answer=None,
        why="The people whom a repaired link lets through are less keen than those who passed it before. How much is "
        "lost depends on the links that are still ahead.",
    ),
    Prediction(
        id="10-c",
        prompt="Does it help to count those who left before they could ask?",
        kind=Choice(
            {"a": "it helps: more people", "b": "it blurs the result", "c": "it changes nothing"}
        ),
        answer=noise_of_all,
        why="More people make a result surer only if the remedy could reach them. All others add noise to both "
        "groups.",
    ),
]

QUESTIONS = [
    Question(
        id="10-1",
        title="How many of the app's customers pass the till?",
        level="fill in",
        prompt=(
            "Of the app's customers who reached the `till` before the trial (arm `none`), how many per cent "
            "went on? (one "
            "decimal)"
        ),
        kind=Number(unit="%", tolerance=0.05),
        points=1,
        reference=lambda data: share_at(before(data).query("channel == 'app'"), "till"),
        goals=(1,),
        elsewhere="another channel",
        right="A high share: but only the keen have come so far.",
        hints=(
            "Three conditions: channel, arm, touchpoint. Then one mean.",
            "`log.merge(journeys, on='journey_id')` brings channel and arm to each row of the log.",
            "`both.query(\"channel == 'app' and arm == 'none' and touchpoint == 'till'\")` are the rows.",
        ),
        misconceptions=(
            Misconception(
                "all channels together",
                lambda data: share_at(before(data), "till"),
                "That is the share of all three channels together. Which channel was asked?",
            ),
            Misconception(
                "the web",
                lambda data: share_at(before(data).query("channel == 'web'"), "till"),
                "That is the web's share. The question is about the app.",
            ),
            Misconception(
                "share of everybody at the start",
                _app_share_of_all_starters,
                "You divided by everybody who noticed the advertisement. A link is judged by those who reach it.",
            ),
            Misconception(
                "all touchpoints together",
                lambda data: 100 * before(data).query("channel == 'app'")["went_on"].mean(),
                "That is the mean over all six touchpoints of the app. Keep the rows of the till.",
            ),
            Misconception(
                "how many, not what share",
                _app_till_count,
                "That is how many went on. The question asks for a share: of how many?",
            ),
        ),
        starter="part = both.query(\"channel == ____ and arm == ____ and touchpoint == 'till'\")",
        solution="Join log and journeys, keep the channel before the trial and the touchpoint, take the mean "
        "of went_on.",
        code=(
            'both = crmkit.load("touchpoint_log").merge(crmkit.load("journeys"), on="journey_id")\n'
            "part = both.query(\"channel == 'app' and arm == 'none' and touchpoint == 'till'\")\n"
            'answer = 100 * part["went_on"].mean()'
        ),
    ),
    Question(
        id="10-2",
        title="Is the app's shelf a weak link?",
        level="change",
        prompt=(
            "Now judge the **app**. By how many percentage points does its share at the `shelf` differ from "
            "that of shop and "
            "web together, outside the trial (arm `none`)? (app less the others, two decimals; a lower app "
            "gives a negative "
            "number)"
        ),
        kind=Number(unit="percentage points", tolerance=0.005),
        points=2,
        reference=lambda data: gap(data, "app", "shelf"),
        goals=(2,),
        elsewhere="another channel",
        right="Before you call the link weak or strong, look at `low` and `high` of `weak_links`.",
        hints=(
            "Two groups, two shares, one difference; `weak_links` does it for one channel.",
            "The second group is shop and web counted together, not two shares averaged.",
            '`weak_links(shares, "app")` has it in the column `gap`, as a fraction.',
        ),
        misconceptions=(
            Misconception(
                "average of two shares",
                lambda data: gap(data, "app", "shelf", against="mean of shares"),
                "You averaged the shares of shop and web as if equally many came to both. Count their customers "
                "together first.",
            ),
            Misconception(
                "compares with everybody, the app too",
                lambda data: gap(data, "app", "shelf", against="all"),
                "The app itself is "
                "among those you compare it with, which makes the two more alike. Compare with the others only.",
            ),
            Misconception(
                "the web's gap",
                lambda data: gap(data, "web", "shelf"),
                "That is the web's gap at the shelf. The question is about the app.",
            ),
            Misconception(
                "the question instead of the shelf",
                lambda data: gap(data, "app", "question"),
                "That is the app's gap at the question. Which link was asked for?",
            ),
            Misconception(
                "the lower end of the interval",
                _low_end_of_gap,
                "That is the lower end of the interval of the gap. Which column holds the gap itself?",
            ),
        ),
        starter='links = weak_links(shares, ____).set_index("touchpoint")',
        solution="One share for the app, one for shop and web together; subtract.",
        code=(
            "from crmkit.mix import transition_shares, weak_links\n"
            'journeys = crmkit.load("journeys")\n'
            'shares = transition_shares(crmkit.load("touchpoint_log"), journeys[journeys["arm"] == "none"])\n'
            'links = weak_links(shares, "app").set_index("touchpoint")\n'
            'answer = 100 * links.loc["shelf", "gap"]'
        ),
    ),
    Question(
        id="10-3",
        title="What does a better entrance promise?",
        level="change",
        prompt=(
            "The app's team wants to raise the share who go on at the `entrance` to 90 %. By how many per cent "
            "would sales in "
            "the app rise, if the shares are multiplied? (two decimals)"
        ),
        kind=Number(unit="%", tolerance=0.005),
        points=2,
        reference=promised,
        goals=(3,),
        elsewhere="another channel",
        right="Promise less: the people whom the new entrance lets in are less keen, and three links are still ahead.",
        hints=(
            "All later shares are assumed to stay, so sales rise in proportion to this one share.",
            '`promised_rise(shares, "app", "entrance", 0.9)` gives it as a fraction.',
            "New share divided by old share, less 1, times 100.",
        ),
        misconceptions=(
            Misconception(
                "percentage points of the share",
                _points_of_the_share,
                "That is by how many points the share rises. Sales rise in proportion: new share divided by old.",
            ),
            Misconception(
                "new divided by old, without less 1",
                lambda data: 100 + promised(data),
                "That is new sales in per cent of the old ones. By how much do they rise?",
            ),
            Misconception(
                "the web's entrance",
                lambda data: promised(data, "web"),
                "That is the web's entrance. The question is about the app.",
            ),
        ),
        starter='answer = 100 * promised_rise(shares, ____, "entrance", ____)',
        solution="0.9 divided by the app's share at the entrance, less 1.",
        code=(
            "from crmkit.mix import promised_rise, transition_shares\n"
            'journeys = crmkit.load("journeys")\n'
            'shares = transition_shares(crmkit.load("touchpoint_log"), journeys[journeys["arm"] == "none"])\n'
            'answer = 100 * promised_rise(shares, "app", "entrance", 0.9)'
        ),
    ),
    Question(
        id="10-4",
        title="What if we count from the shelf on?",
        level="explore",
        prompt=(
            "A colleague counts everyone in the trial who reached the **shelf**. By how many percentage points "
            "did answering "
            "at once raise the share who *bought*, among these? (two decimals)"
        ),
        kind=Number(unit="percentage points", tolerance=0.005),
        points=3,
        reference=lambda data: effect(data, "bought", reached="shelf"),
        goals=(4,),
        right="The effect is smaller than among those who asked, because it is spread over people whom the "
        "remedy never "
        "reached. Both numbers are true; say which group you mean.",
        hints=(
            "Who counts: everyone with a row for the shelf in the log, in one of the two arms.",
            "Rows of the log with touchpoint `shelf`, joined with the journeys of the two arms.",
            "`trial_effect(part[['arm', 'bought']])` gives the difference as a fraction.",
        ),
        misconceptions=(
            Misconception(
                "those who reached the question",
                lambda data: effect(data, "bought"),
                "That is the lesson's number, among those who asked. The colleague counts from the shelf on.",
            ),
            Misconception(
                "counts everybody in the trial",
                lambda data: effect(data, "bought", askers=False),
                "That counts everybody in the trial. Keep those who reached the shelf.",
            ),
            Misconception(
                "per cent of the control group's share",
                _rise_of_sales,
                "That is the rise in per cent of the control group's share. Percentage points are the difference of "
                "the two shares.",
            ),
            Misconception(
                "the link among those who asked",
                lambda data: effect(data, "went_on"),
                "That is the effect on the link itself, among those who asked. The question asks who *bought*, of "
                "those who reached the shelf.",
            ),
            Misconception(
                "takes the link for the sale",
                lambda data: effect(data, "went_on", reached="shelf"),
                "That is the effect on going on at the shelf, which came before the remedy. The question asks "
                "who *bought*.",
            ),
        ),
        starter='part = log.query("touchpoint == ____").merge(journeys[journeys["arm"] != "none"], '
        'on="journey_id")',
        solution="Keep the trial's journeys that reached the shelf; share who bought, answered less control.",
        code=(
            "from crmkit.mix import trial_effect\n"
            'journeys, log = crmkit.load("journeys"), crmkit.load("touchpoint_log")\n'
            'trial = journeys[journeys["arm"] != "none"]\n'
            'part = log.query("touchpoint == \'shelf\'").merge(trial, on="journey_id")\n'
            'answer = 100 * trial_effect(part[["arm", "bought"]])["effect"].iloc[0]'
        ),
    ),
    Question(
        id="10-5",
        title="Mend the advertisement?",
        level="decide",
        prompt=(
            "The managing director has {company.symbol}20,000 and a slide: 'The advertisement loses half of our "
            "customers: let us repair the advertisement.' What do you answer, and what would you do with the money?"
        ),
        kind=Plan(
            rubric={
                "compares the advertisement's share with the other channels, with figures": 1,
                "names the link with the clearest gap, and its uncertainty": 1,
                "says that multiplying shares promises too much, and why": 1,
                "proposes a trial with chance before spending all, and says who is counted": 1,
            },
            model=(
                "About as many go on from the advertisement in every channel: {figure.ad} in the web, "
                "{figure.ad_elsewhere} "
                "elsewhere. So nothing is broken there. At the question, {figure.ask} go on in the web and "
                "{figure.ask_elsewhere} elsewhere; the interval of the gap runs from {figure.low} to "
                "{figure.high} points. I "
                "would answer questions at once, for half of the visitors chosen at random, and count the "
                "sales among those who "
                "ask. I would promise less than the multiplied shares say, because the people whom the mended "
                "link lets through "
                "are less keen at the till."
            ),
            figures=_figures,
            minimum_words=40,
        ),
        points=4,
        hints=("Low compared with what? That is the first thing to ask of any share.",),
    ),
]

QUIZ = [
    QuizQuestion(
        "The share of customers who go on is lowest at the advertisement. What follows?",
        [
            Option(
                "It must be mended first",
                "It may be just as low everywhere. Low compared with what?",
            ),
            Option(
                "Nothing, until it is compared with the same link elsewhere",
                "A share needs a comparison, such as the same link in another channel.",
                right=True,
            ),
            Option("The later links are fine", "Each link has a gap of its own to be looked at."),
        ],
    ),
    QuizQuestion(
        "Ninety-four of a hundred customers at the till buy. You repair an earlier link so that more "
        "people reach it. What "
        "will you see at the till?",
        [
            Option(
                "Ninety-four of a hundred again", "That holds only if the newcomers are as keen."
            ),
            Option(
                "Probably a little less",
                "The earlier link used to sort out the less keen. Now some of them come to the till.",
                right=True,
            ),
            Option(
                "More, because the chain is mended",
                "Repairing one link does not make people keener at another.",
            ),
        ],
    ),
    QuizQuestion(
        "A trial answers questions at once for half of the visitors. You leave out those who stopped *after* "
        "the question. "
        "What happens?",
        [
            Option(
                "The result becomes sharper",
                "It becomes wrong: the answer decides who stops after the question.",
            ),
            Option(
                "The comparison is spoilt",
                "Stopping after the question is part of what the remedy changes.",
                right=True,
            ),
            Option("Nothing", "Those left in the two groups are no longer alike."),
        ],
    ),
]
