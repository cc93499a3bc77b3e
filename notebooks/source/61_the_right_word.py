# %% [markdown] label="title" tables=["message_waves", "message_frequency", "message_purchases", "feedback_trial", "products", "truth/message_readers", "truth/feedback_trial"] extra=true tags=["opening"]
# # The right word sells, and the wrong one drives readers away
#
# **After this lesson you can** tell the match from the personal touch; count what a message earns net of the readers it drives away; judge a recommender on weeks it has not seen; test whether it pays to report back; say who should know whom.
#
# **45 minutes to read, 65 minutes of exercises** · you need lesson 32 (a test with a control group) · you will meet: matched message, random match, worth of an address, held-out weeks, hit rate, two-way communication, net of relationships

# %% [markdown] label="case"
# ## "Make it personal, and send it every day"
#
# {company.name} sends the same letter to all readers. The agency says: "Personal messages always win. And the more messages, the more sales." Mira, who keeps the list, tests it. In five waves, two weeks apart, chance decided again for each reader: **no message**; **one for all** (the same product for everybody); **matched** (a product from the category that the reader bought most often); or **random** (a product drawn at random for each reader). Why the last? It is as personal as the matched one. Only the match is missing.

# %% label="imports"
import pandas as pd

import crmkit
from crmkit import relations
from crmkit.practice import check, predict, quiz, reveal
from crmkit.relations import message_explorers, message_plots
from crmkit.style import show

company = crmkit.company()
waves = crmkit.load("message_waves")
show(waves[["reader_id", "wave", "arm", "product_id", "bought", "margin_14d", "unsubscribed"]].head(4))

# %% [markdown] ask="61-a"

# %% label="predict-61-a"
predict("61-a", ...)

# %% [markdown] label="by-hand-head"
# ## A message by hand
#
# Ten readers got no message, and one bought. Ten got a message: two bought, and one left the list. A purchase brings {company.symbol}18, a message costs {company.symbol}0.05, and a reader on the list is worth {company.symbol}30:

# %% label="by-hand"
more = (2 - 1) / 10 * 18
lost = 1 / 10 * 30
print(f"margin more {more:.2f} - cost 0.05 - readers lost {lost:.2f} = net {more - 0.05 - lost:.2f} a message")

# %% [markdown] label="pandas-head"
# It sells, and it loses money. Now all readers:

# %% label="pandas"
show(waves.groupby("arm")[["opened", "bought", "margin_14d", "unsubscribed"]].mean().round(3))

# %% [markdown] label="effects-head"
# ## The match sells, the personal touch does not
#
# One reader comes in several waves. So the intervals take a **reader** as the unit, not a message:

# %% label="effects"
effects = relations.message_effects(waves, "bought")
people = crmkit.load_truth("message_readers").mean()
truth = pd.Series({"matched": people["bought_matched"], "one for all": people["bought_all"], "random": people["bought_random"]})
ax = message_plots.plot_messages(effects, truth=truth - people["bought_none"], title="The match doubles what a message does")
show(ax, alt="Share who buy, in points over no message: " + "; ".join(f"{row.arm} {100 * row.effect:.1f} ({100 * row.low:.1f} to {100 * row.high:.1f})" for row in effects.itertuples()))
against = relations.message_effects(waves, "bought", control="random")
show(against[["arm", "effect", "low", "high", "p_adjusted"]].round(3))

# %% label="reveal-61-a"
reveal("61-a")

# %% [markdown] label="effects-read"
# The second table compares with the random match. A message for all does about as well as a random one, so the personal look adds nothing that we can see. **The match does the work.** *p adjusted* allows for three comparisons (Holm); below 0.05 counts as more than chance.
#
# ## What a reader on the list is worth
#
# A reader who unsubscribes still buys in the shop. What is lost is what later messages would have added: the **worth of an address**. Take a year of matched messages, one every second week:

# %% label="address"
COST = 0.05
earned = relations.message_effects(waves, "margin_14d").set_index("arm").loc["matched"]
leaves = waves.loc[waves["arm"] == "matched", "unsubscribed"].mean()
address, low, high = (relations.address_value(gain - COST, leaves, messages_year=26) for gain in earned[["effect", "low", "high"]])
print(f"a matched message adds {company.money(earned['effect'], 2)}, and {leaves:.1%} of readers leave after it")
print(f"an address is worth {company.money(address)} (95 % interval {company.money(low)} to {company.money(high)}, for the margin's part)")

# %% label="worth"
worth = relations.message_worth(waves, cost=COST, address=address)
ax = message_plots.plot_messages(worth, value="net", unit=company.currency, title="Only the matched message clearly pays")
show(ax, alt="Net of a message: " + "; ".join(f"{row.arm} {row.net:.2f} ({row.low:.2f} to {row.high:.2f})" for row in worth.itertuples()))
show(worth[["arm", "margin_more", "cost", "left_more", "address_lost", "net", "low", "high"]].round(3))

# %% [markdown] label="worth-read"
# A message costs next to nothing to send. Its true price is the readers who leave. A message that does not fit drives away about two or three times as many as a matched one. The interval takes the worth of an address as known. Put `address=address / 2` into the cell above and run it again: does only the matched message still clearly pay?
#
# ## More messages, more sales, less money
#
# In another group chance decided how *many* messages a month, for 90 days.

# %% [markdown] ask="61-b"

# %% label="predict-61-b"
predict("61-b", ...)

# %% label="frequency"
trial = crmkit.load("message_frequency")
table = relations.frequency_table(trial, cost=COST, address=address)
ax = message_plots.plot_frequency(table, unit=company.currency, title="Eight messages a month earn less than two")
show(ax, alt="Net by messages a month: " + "; ".join(f"{row.arm} {row.messages_month:.0f}: {row.net:.1f}" for row in table.itertuples()))
show(table[["arm", "messages_month", "margin_more", "left", "net", "low", "high"]].round(2))

# %% label="reveal-61-b"
reveal("61-b")

# %% [markdown] label="frequency-read"
# With matched messages the margin (dotted) rises with the number and flattens. The readers who leave grow much faster. For {company.name}, "the more messages, the more sales" is half true for sales and wrong for money. The explorer lays a curve through the trial's points and carries it on from 90 days to a year, so more readers have time to leave. Start with one for all, then move the match. Where is the top of the line?

# %% label="explorer"
curve = relations.frequency_curve(table)
message_explorers.message_explorer(curve, per_month=8, match=0, address=address, about=company)

# %% [markdown] label="recommender-head"
# ## A recommender is judged on weeks it has not seen
#
# Mira's rule needs a category for each product. A **recommender** needs only the purchases: who bought what. Three ways to learn from them: *nearest* (what the 40 readers with the most similar history bought), *together* (what is bought by the same people), *tastes* (a few hidden tastes, by a truncated singular value decomposition). Two rivals are simple: *popular*, the best-seller for all, and *random*. Each recommends one product of 48. The **hit rate** is the share of the readers who bought theirs. First on the 40 weeks from which they learnt:

# %% label="learnt"
purchases = crmkit.load("message_purchases")
learnt = relations.judge_matching(purchases, learn_until=40, on="weeks learnt from")
show(learnt[["way", "readers", "hit_rate"]].round(2))

# %% [markdown] ask="61-c"

# %% label="predict-61-c"
predict("61-c", ...)

# %% label="judged"
judged = relations.judge_matching(purchases, learn_until=40)
ax = message_plots.plot_matching(judged, learnt=learnt, title="Seen answers flatter; later weeks tell")
show(ax, alt="Hit rate in later weeks: " + "; ".join(f"{row.way} {row.hit_rate:.0%}" for row in judged.itertuples()))
show(judged[["way", "hit_rate", "low", "high", "more", "more_low", "more_high"]].round(3))

# %% label="reveal-61-c"
reveal("61-c")

# %% [markdown] label="judged-read"
# *More* is the lead over the best-seller, for the same readers. All three ways lead clearly in these **held-out weeks**; between them the data hardly decide. So take the one that is easiest to explain: *nearest*.
#
# ## An ear: report back
#
# Communication is **two-way**. Customers told {company.name} what was hard to use or wrong. The firm put all of it right. Chance decided what they heard: nothing, a *reply* ("we have read it"), or a *report* of what was changed.

# %% label="feedback"
heard = crmkit.load("feedback_trial")
results = relations.feedback_effects(heard)
chances = crmkit.load_truth("feedback_trial").mean()
names = {"gives feedback again": "again", "buys": "bought"}
true = pd.DataFrame([(words, arm, chances[f"{name}_{arm}"] - chances[f"{name}_none"]) for words, name in names.items() for arm in ("reply", "report")], columns=["outcome", "arm", "effect"])
ax = message_plots.plot_feedback(results, truth=true, title="A report moves customers")
show(ax, alt="Points over hearing nothing: " + "; ".join(f"{row.outcome}, {row.arm}: {100 * row.effect:.0f}" for row in results.itertuples()))
print(heard["survey"].notna().groupby(heard["arm"]).mean().map("{:.0%} answered the survey".format).to_string())

# %% [markdown] label="feedback-read"
# A report moves all four; a reply alone moves much less. (The diamonds show the truth where no survey is needed.) Not everybody answered the survey, and more did after a report. So liking is counted twice: among those who answered, and of all asked with silence as "not more". After a report both rise, so the finding does not come from who stayed silent.
#
# ## Who should know whom?
#
# Some firms live on a **net of relationships**: people who know one another. A marketplace relates buyers and suppliers; an outdoor brand, people who love nature; a rental platform, hosts and guests. **First the aim, then the system.** Take the rental platform. Aim: each guest finds a host. Six people, by hand (1 and 2 are hosts):

# %% label="net"
folk = pd.DataFrame({"person_id": range(1, 7), "kind": ["host", "host", "guest", "guest", "guest", "guest"]})
links = pd.DataFrame({"person_id": [1, 1, 3, 4, 5], "knows_id": [2, 3, 4, 5, 6]})
show(relations.net_by_kind(folk, links, wanted=[("guest", "host")]))
show(message_plots.plot_net(folk, links, title="Guests know guests; the aim asks for hosts"), alt="Six people on a circle: of eight pairs of guest and host one is linked.")

# %% [markdown] label="net-read"
# Three of the five links help nobody to find a room. A chat for guests would be used, and miss the aim. What would serve it: profiles of hosts, and quick answers rewarded in the ranking.

# %% [markdown] label="turn"
# ## Your turn

# %% [markdown] ask="61-1"

# %% label="check-61-1"
check("61-1", ...)

# %% label="quiz-61"
quiz("61")

# %% [markdown] label="where-this-fails" tags=["limits"]
# ## Where this fails
#
# - **Worth of an address.** It assumes that the later messages are matched and work as in the test. It is an estimate itself.
# - **Ninety days.** People may tire of messages later than that, or get used to them. The explorer's year assumes neither.
# - **A hit is not an effect.** The reader may have bought it without a message. Only a test tells whether *nearest* beats Mira's rule.
# - **A recommender repeats the past.** It never learns what a reader would like and was never shown.
# - **Feedback.** All faults were put right. A report of nothing done may work otherwise.

# %% [markdown] label="take-aways" tags=["take-aways"]
# ## Take-aways
#
# - Add a random match to the test: it tells the match from the personal look.
# - The price of a message is the readers who leave.
# - Judge a recommender on later weeks, against the best-seller.
# - Report back what was changed. First the aim of a net, then the system.

# %% [markdown] label="words-learnt" tags=["words"]
# ## Words learnt
#
# - **matched message** 精准信息: a message whose content follows from what the reader bought before
# - **random match** 随机匹配: a personal message with content drawn at random, as a control
# - **worth of an address** 订阅者价值: what later messages add as long as the reader stays on the list
# - **held-out weeks** 留出周: weeks from which a model did not learn, kept to judge it
# - **hit rate** 命中率: the share of readers who buy what was recommended
# - **two-way communication** 双向沟通: listening to customers and reporting the result back
# - **net of relationships** 关系网: who should know whom so that an aim is reached

# %% [markdown] label="on-your-own-data" tags=["own-data"]
# ## On your own data
#
# You need a file of messages: who, when, which arm (chance must have decided it), and what followed.
#
# ```python
# import pandas as pd
# from crmkit.relations import message_effects, message_worth
#
# table = pd.read_csv("my_messages.csv")  # customer, date, arm, bought, margin, unsubscribed
# print(message_effects(table, "bought", control="no message", reader="customer"))
# worth = message_worth(table, cost=0.05, address=30, margin="margin", reader="customer")
# print(worth[["arm", "address_lost", "net", "low", "high"]])
# ```

# %% [markdown] label="what-next" tags=["next"]
# ## What next
#
# A right word keeps a reader. Do points and tiers keep a customer? That is the next question of **keeping customers**.

# %% [markdown] label="on-one-page" tags=["summary"]
# ## On one page
#
# **Claim.** A message that fits sells and keeps readers; one that does not fit drives them away, however personal it looks.
#
# **Method.**
#
# 1. Let chance decide: no message, one for all, matched, random match.
# 2. Subtract the cost and the readers lost, each at the worth of an address.
# 3. Judge matching on later weeks. Report back what feedback changed.
#
# **Formula.** net = margin more − cost − share who leave × worth of an address
#
# **Code.**
#
# ```python
# message_worth(waves, cost=0.05, address=address_value(gain, leaves))
# ```
#
# **Where it fails.** The worth of an address is an estimate, and 90 days are short.
