# %% [markdown] label="title" tables=["consents", "open_extract", "club_members", "leak_panel", "orders", "order_lines", "truth/open_extract", "truth/club_members"]
# # Exercises 69: whose data is it
#
# {company.name}'s register of consents, the published extract, a club's list, and the panel after the leak.

# %% label="imports"
import crmkit
from crmkit import relations
from crmkit.practice import check, hint, progress, solution

company = crmkit.company()
consents, extract = crmkit.load("consents"), crmkit.load("open_extract")
whose, panel = crmkit.load_truth("open_extract"), crmkit.load("leak_panel")
tables = {name: crmkit.load(name) for name in ("customers", "orders", "order_lines")}
print(f"{len(extract):,} rows in the extract, {len(consents):,} consents")

# %% [markdown] label="69-5"
# The next question looks at the panel, and leaves out those whose addresses stayed safe.
