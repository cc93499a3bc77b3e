# %% [markdown] label="title" tables=["orders", "cost_to_serve", "customers", "engagement", "partner_quarters", "truth/sleep_states", "truth/partner_effects"] extra=true tags=["opening"]
# # Four trades, one idea
#
# **After this lesson you can** ask four trades the same four questions and say what their tables cannot answer; set a clock of sleep for a trade and count what a rule of 90 days gets wrong; say what must be made new in another trade; test whether loyalty falls; tell a story of two shops from a test with sixty.
#
# **50 minutes to read, 60 minutes of exercises** · you need lesson 20 (who brings the profit) and lesson 30 (falling asleep) · you will meet: own clock, wrong alarm, cohort, difference in differences, placebo

# %% [markdown] label="case"
# ## "Our trade is different"
#
# Mara of {company.name} meets three colleagues. Ben works for Strumwell, an app for learning the guitar. Ines works for Tarnwald, a hotel. Jo works for Brennick, a maker of pumps. All four say: "Our trade is different." Mara says: "The questions are the same. Who brings the profit? Who sleeps? What do they need? What do they remember?" They put their tables side by side. ({company.name}'s tables are yours. The other three are as they come with this course.)

# %% label="imports"
import pandas as pd

import crmkit
from crmkit import relations
from crmkit.practice import check, predict, quiz, reveal
from crmkit.relations import trade_explorers, trade_plots
from crmkit.style import show

company = crmkit.company()
firms = {company.name: None, "Strumwell": "strumwell", "Tarnwald": "tarnwald", "Brennick": "brennick"}
tables = {name: relations.trade_tables(data) for name, data in firms.items()}
words = {name: (crmkit.company(data), tables[name]) for name, data in firms.items()}
show(relations.trade_units(words).set_index("company"))

# %% [markdown] label="units-read"
# This is what must be made new: who the customer is, and what counts as a contact. *People* is the number of persons behind one account: a firm sends several to the hotel, and several order from the maker. *Median gap* is the usual number of days between two contacts. The app's users play nearly every day, whether they pay or not, so its contact is the session, not the order.
#
# ## The same questions, side by side

# %% label="analyses"
found = {name: relations.four_analyses(of, brand=name) for name, of in tables.items()}
show(relations.side_by_side(found))

# %% label="missing"
show(relations.what_is_missing(found).set_index("company"))

# %% [markdown] label="analyses-read"
# Shares and multiples compare, whatever the currency. (In brackets: the 95 % interval.) *Best fifth against the others*: how many times as much one of the best fifth brings as one of the others. A *deal* is an order or a stay. A dash is not a zero: the second table says which table is missing. *Came again* compares complaints that were made good with those that got nothing, in points. Chance did not decide which, so it is a hint and not an effect.

# %% label="fifth"
best = "best fifth's share of margin"
ax = trade_plots.plot_measure(found, best, title="Few bring much in every trade, but not equally much")
told = "; ".join(f"{name} {of.set_index('measure').loc[best, 'value']:.0%}" for name, of in found.items())
show(ax, alt=f"Share of the margin that the best fifth of the customers bring: {told}.")

# %% [markdown] label="fifth-read"
# "Twenty per cent bring eighty" is no law. **The question carries over. The number does not.** (An interval needs 400 customers.)
#
# ## Ninety days is the rule of one trade
#
# "Inactive after 90 days" is in many handbooks. First by hand, on five guests. A **wrong alarm** is somebody awake who is called inactive; a *miss* is somebody asleep who is not.

# %% label="by-hand"
five = pd.DataFrame({"silent_days": [20, 100, 200, 400, 600], "asleep": [False, False, False, True, True]})
errors = relations.clock_errors(five["silent_days"], five["asleep"], [90, 300])
show(errors[["clock_days", "alarms", "wrong", "missed"]])

# %% [markdown] label="by-hand-read"
# With 90 days, two of three who are awake get a wrong alarm. With 300, nobody does.

# %% [markdown] ask="66-a"

# %% label="predict-66-a"
predict("66-a", ...)

# %% [markdown] label="clock-head"
# Nobody knows the truth in a real company. So each trade reads its **own clock** from its own past. Go half a year back, and count the days that each customer had been silent then. Who has come back since? The longer the silence, the smaller the chance. The clock is the silence at which this chance is just that of the average customer. (Here we do know the truth, and count what both clocks get wrong.)

# %% label="clocks"
clocks, people, errors = {}, {}, {}
for name, data in firms.items():
    visits = relations.contacts_of(tables[name])
    clocks[name] = relations.own_clock(visits, 180)["clock_days"]
    people[name] = relations.silent_and_sleeping(visits, crmkit.load_truth("sleep_states", data=data))
    who = people[name]
    errors[name] = relations.clock_errors(who["silent_days"], who["asleep"], [90, clocks[name]])
show(pd.DataFrame({"own clock (days)": clocks}).round(0))

# %% label="clocks-picture"
ax = trade_plots.plot_clocks(errors, title="90 days fit no hotel and no maker")
told = "; ".join(f"{name}: {of['wrong'][0]:.0%} and {of['missed'][0]:.0%}" for name, of in errors.items())
show(ax, alt=f"With 90 days, wrong alarms and misses. {told}. The own clock of the hotel is {clocks['Tarnwald']:.0f} days.")

# %% label="reveal-66-a"
reveal("66-a", 100 * errors["Tarnwald"]["wrong"][0])

# %% [markdown] label="clock-read"
# At {company.name}, 90 days is not far off. At the app it comes too late: too many sleepers are missed. At the hotel and the maker it alarms most who are awake. **Take the clock from the trade's own visits.** It is better there, and not good: it still alarms more than one in three who are awake, because customers of one trade come at different paces, too. Your turn: move the days in each trade. Fewer wrong alarms always cost more misses.

# %% label="explorer"
trade_explorers.clock_explorer(people, clocks)

# %% [markdown] label="people-head"
# And who sleeps: the person or the firm? In the hotel, firms send several travellers.

# %% label="people"
stays = tables["Tarnwald"]["account_stays"].merge(tables["Tarnwald"]["orders"], on="order_id")
silent = relations.silent_people(stays, clocks["Tarnwald"])
print(f"{silent.silent:.0f} of {silent.people:.0f} travellers look asleep")
print(f"the firm of {silent.awake_behind:.0%} of them is awake ({silent.low:.0%} to {silent.high:.0%})")

# %% [markdown] label="people-read"
# A letter "We miss you" to such a traveller would puzzle a firm that comes every month.
#
# ## What maintains a relationship leaves fewer traces
#
# Textbooks list five things that build a relationship and four that maintain it. Which leave a trace in the tables? (Table and number of rows. A dash means: nobody wrote it down.)

# %% label="activities"
show(relations.activity_traces(tables).set_index(["step", "activity"]))

# %% [markdown] label="difficult-head"
# Most dashes are in the lower part: what keeps customers is seldom written down. No table, no test.
#
# ## Four difficulties, tested
#
# Textbooks also list four difficulties of today: needs differ, channels multiply, technology raises expectations, loyalty falls. For loyalty, Mara takes **cohorts**: all who bought first in the same year. Of the first cohort many more came again than of the last.

# %% [markdown] ask="66-b"

# %% label="predict-66-b"
predict("66-b", ...)

# %% label="difficulties"
tested = {name: relations.difficulties(of) for name, of in tables.items()}
show(relations.side_by_side(tested))

# %% label="loyalty"
cohorts = {name: relations.retention_by_cohort(of["orders"]) for name, of in tables.items()}
loyalty = relations.loyalty_change(cohorts)
ax = trade_plots.plot_loyalty(loyalty, title="Given equal time, most of the fall is gone")
told = "; ".join(f"{row.company} {100 * row.at_all:+.0f}, {100 * row.change:+.0f}" for row in loyalty.itertuples())
show(ax, alt=f"Change in points, counted at all and within a year: {told}.")
show(loyalty.set_index("company")[["p_value", "p_adjusted"]].round(3))

# %% label="reveal-66-b"
reveal("66-b")

# %% [markdown] label="difficult-read"
# (Differences of shares are in points.) Needs do differ: at {company.name}, the hotel and the maker, the commonest first need leaves out four in ten or more. Channels are many, but they do not multiply here. Only the hotel has judged its service in several years, so only there can rising expectations be tested; 0 lies in the interval. And loyalty? "At all" gives the first cohort years and the last one months. Within one year for everybody, most of the fall is gone. The app's interval lies below 0, but only just. Test four companies, and one may do so by chance: look at `p_adjusted`, which allows for the four tests (Holm). In this simulation nobody made loyalty fall. In another market it may.
#
# ## One listened, one expanded
#
# {company.name} has 60 partner shops. A magazine tells of two. One asked its customers every week and changed what they said: a success. One opened a larger floor and asked nobody: a failure.

# %% label="story"
shops = crmkit.load("partner_quarters")
changes = relations.before_and_after(shops, "satisfaction")
pair = relations.story_pair(changes, "listens", "expands")
show(pair.set_index("partner").round(2))
story = pair["change"].iloc[0] - pair["change"].iloc[1]
print(f"one change less the other: {story:.1f} points of satisfaction")

# %% [markdown] label="story-read"
# This is a **difference in differences**. It has no interval: two shops cannot tell what the way did from what would have happened anyway. And the magazine chose the two. In fact chance had divided the 60 shops: 20 listened, 20 expanded, 20 went on as before.

# %% [markdown] ask="66-c"

# %% label="predict-66-c"
predict("66-c", ...)

# %% label="pairs"
gaps = relations.pair_gaps(changes, "listens", "expands")
placebo = relations.pair_gaps(changes, "as before", "as before")
truth = crmkit.load_truth("partner_effects")
real = (truth["listens"] - truth["expands"]).mean()
ax = trade_plots.plot_pairs(gaps, placebo, story=story, truth=real, title="The story takes the most extreme pair")
show(ax, alt=f"Gaps of all pairs; their mean is {gaps.mean():.1f}, the truth {real:.1f}, the story {story:.1f}.")
show(relations.way_effects(changes, "as before").set_index("way").round({"effect": 2, "low": 2, "high": 2}))
wrong = (relations.pair_gaps(changes, "listens", "as before") < 0).mean()
print(f"in {wrong:.0%} of pairs the shop that listened did worse than one that went on as before")

# %% label="reveal-66-c"
reveal("66-c")

# %% [markdown] label="pairs-read"
# Grey is a **placebo**: both shops of the pair went on as before, and still they differ. Any one pair may point the wrong way. All 60 shops point clearly: listening helps, growing without asking hurts (the p-value: how often a gap as large appears when the three ways are given to the shops at random). **A story shows what can happen. How much, only many shops tell.** Why did anybody expand?

# %% label="path"
path = relations.effect_path(shops, "turnover", "as before", relative=True)
ax = trade_plots.plot_effect_path(path, percent=True, unit="turnover, gap to as before", title="A larger floor sells more, for a while")
grew = path[path["way"] == "expands"].set_index("quarter")["gap"]
show(ax, alt=f"Turnover of shops that expanded: {grew[5]:+.0%} in quarter 5, {grew[8]:+.0%} in quarter 8.")

# %% [markdown] label="path-read"
# After one quarter the larger floor looks like the success. After four it does not.

# %% [markdown] label="your-turn"
# ## Your turn

# %% [markdown] ask="66-1"

# %% label="check-66-1"
check("66-1", ...)

# %% label="quiz-66"
quiz("66")

# %% [markdown] label="where-this-fails" tags=["limits"]
# ## Where this fails
#
# - **The clock depends on how far back you stand.** Try two distances; act only on what both say.
# - **The same word, another thing.** A complaint at the hotel costs a minute to make, at the maker a letter.
# - **Four companies are no sample of trades.** What holds in these four may fail in the fifth.
# - **Shops that talk to each other.** If one copies what another learnt, the comparison shrinks.

# %% [markdown] label="take-aways" tags=["take-aways"]
# ## Take-aways
#
# - The four questions carry over; the unit, the clock and the contact do not.
# - A dash is an answer: say what your tables cannot tell.
# - Give every cohort the same time before you say that loyalty falls.
# - Ask of each story: how was the pair chosen, and what did the others do?

# %% [markdown] label="words-learnt" tags=["words"]
# ## Words learnt
#
# - **own clock** 行业时钟: the silence at which a customer's chance to return is that of the average customer of the trade
# - **wrong alarm** 误报: somebody awake who is called inactive
# - **cohort** 同期群: everyone who came in the same period
# - **difference in differences** 双重差分: our change less the change of those to whom the event did not happen
# - **placebo** 安慰剂检验: the same comparison where nothing was done

# %% [markdown] label="on-your-own-data" tags=["own-data"]
# ## On your own data
#
# You need your orders. The last table says what they cannot answer; further tables (complaints, reviews) go beside them.
#
# ```python
# import crmkit
# from crmkit.relations import four_analyses, side_by_side, what_is_missing
#
# orders, report = crmkit.read_orders("my_orders.csv")
# mine = {"mine": four_analyses({"orders": orders})}
# print(side_by_side(mine).query("mine != '–'"))
# print(what_is_missing(mine).to_string(index=False))
# ```

# %% [markdown] label="what-next" tags=["next"]
# ## What next
#
# **Lesson 30** draws several lines of sleep in one trade, **lesson 72** sets a line by its cost, and **lesson 64** asks what keeps customers who are content.

# %% [markdown] label="on-one-page" tags=["summary"]
# ## On one page
#
# **Claim.** The four questions are the same in every trade; unit, clock and contact are made new.
#
# **Method.**
#
# 1. Ask for shares and multiples, with intervals; write down what the tables cannot say.
# 2. Take the clock of sleep from the trade's own visits.
# 3. Compare cohorts within equal time, and ways over many shops.
#
# **Formula.** difference in differences = (after − before of one) − (after − before of the other)
#
# **Code.**
#
# ```python
# own_clock(contacts_of(tables), 180)["clock_days"]
# ```
#
# **Where it fails.** One pair, chosen because it makes a good story, proves nothing.
