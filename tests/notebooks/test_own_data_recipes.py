"""The recipe "On your own data" of every lesson runs: on five unlike files of orders, and on tables of other kinds.

A recipe is the code in that section of the master. It must give what it says for a shop of three customers too, or say
in a sentence what is missing.
"""

import contextlib
import functools
import io
import re
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

import crmkit
from crmkit.data.own.ugly import simulate_till, ugly_file, ugly_sample
from crmkit.home import lesson_of
from crmkit.mining import read_events

ROOT = Path(__file__).resolve().parents[2]
EXPORTS = ROOT / "tests/data/exports"
MASTERS = sorted((ROOT / "notebooks/source").glob("*.py"))
CALL = 'crmkit.read_orders("my_orders.csv")'
# Lessons about things that are planned in words, and lesson 80, which is a recipe as a whole.
WITHOUT_CODE = {"41", "44", "80"}


def recipe(master):
    """Give the code in a master's section "On your own data", or an empty text."""
    text = master.read_text(encoding="utf-8")
    section = text.partition("# ## On your own data\n")[2]
    section = re.split(r"^# ## |^# %%", section, maxsplit=1, flags=re.MULTILINE)[0]
    lines = [line.removeprefix("#").removeprefix(" ") for line in section.splitlines()]
    found = re.search(r"^```python\n(.*?)^```", "\n".join(lines) + "\n", re.DOTALL | re.MULTILINE)
    return found[1] if found else ""


RECIPES = {lesson_of(master.name): recipe(master) for master in MASTERS}
# A recipe of a log reads orders too, but of the users in the log.
OF_ORDERS = sorted(n for n, code in RECIPES.items() if CALL in code and "my_events.csv" not in code)


def three_customers():
    return b"customer,date,amount\nA,2024-01-05,10\nB,2024-02-01,20\nA,2024-03-01,15\nC,2024-05-05,30\n"


def one_customer():
    return b"customer,date,amount\nA,2024-01-05,10\nA,2024-02-01,20\nA,2024-03-01,15\n"


def forty_customers():
    return ugly_file(simulate_till(40, seed=40))


def with_margin():
    orders = crmkit.load("orders").sample(1500, random_state=1)
    return orders[["order_id", "customer_id", "order_date", "turnover", "margin"]].astype(
        {"customer_id": str}
    )


FILES = {
    "a German till": (ugly_sample, {}),
    "three customers": (three_customers, {}),
    "a shop system's export": (lambda: EXPORTS / "shopify_orders.csv", {"customer": "Email"}),
    "a Chinese marketplace": (
        lambda: EXPORTS / "taobao_orders.csv",
        {"amount": "买家实际支付金额"},
    ),
    "a frame with a margin": (with_margin, {}),
}
SMALL = {"one customer": (one_customer, {}), "forty customers": (forty_customers, {})}


def other_tables(orders, folder):
    """Write the further tables that recipes ask for, about the customers of an orders file."""
    rng = np.random.default_rng(1)
    ids = orders["customer_id"].unique()
    pd.DataFrame({"customer_id": ids, "referrals": rng.poisson(0.5, len(ids))}).to_csv(
        folder / "my_counts.csv", index=False
    )
    campaign = pd.DataFrame({"customer_id": [*ids, *(f"new-{i}" for i in range(40))]})
    campaign["arm"] = np.where(np.arange(len(campaign)) % 2, "control", "letter")
    campaign["orders_before"] = rng.poisson(2, len(campaign))
    campaign.to_csv(folder / "my_campaign.csv", index=False)


def run(code, folder, monkeypatch, **given):
    """Run a recipe in a folder; give what it printed, the names it made and how many pictures it drew."""
    monkeypatch.chdir(folder)
    plt.close("all")
    names = {"crmkit": crmkit, **given}
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        exec(compile(code, "recipe", "exec"), names)
    drawn = len(plt.get_fignums())
    plt.close("all")
    return said.getvalue(), names, drawn


def test_every_lesson_has_a_recipe():
    assert {n for n, code in RECIPES.items() if not code} == WITHOUT_CODE
    assert len(OF_ORDERS) >= 8


@pytest.mark.parametrize("name", FILES)
def test_the_recipes_of_orders_run_on_whatever_read_orders_gives(name, tmp_path, monkeypatch):
    source, options = FILES[name]
    source = source()
    orders = crmkit.read_orders(source, **options).orders
    other_tables(orders, tmp_path)
    first = orders["order_date"].min()
    for lesson in OF_ORDERS:
        code = RECIPES[lesson]
        assert code.count(CALL) == 1, f"{lesson} reads the file once, at its top"
        code = code.replace(CALL, "crmkit.read_orders(SOURCE, **OPTIONS)")
        code = code.replace('start, days = "2024-03-01", 60', "start, days = START, 14")
        given = {"SOURCE": source, "OPTIONS": options, "START": first}
        said, names, drawn = run(code, tmp_path, monkeypatch, **given)
        assert said.strip() or drawn, f"{lesson} says and draws nothing"
        assert names["orders"]["turnover"].sum() == pytest.approx(orders["turnover"].sum())
        if "margin" not in orders and "money" in names:
            assert names["money"] == "turnover"


def tables_of_other_kinds(folder):
    """Write one small table of every other kind that recipes ask for, from the shipped company's."""
    rng = np.random.default_rng(3)
    crmkit.load("journeys").to_csv(folder / "my_visits.csv", index=False)
    crmkit.load("touchpoint_log").to_csv(folder / "my_touchpoints.csv", index=False)
    talks = pd.DataFrame({"arm": np.repeat(["control", "ask first"], 60)})
    talks["bought"] = (rng.random(120) < np.where(talks["arm"] == "control", 0.3, 0.6)).astype(int)
    talks.to_csv(folder / "my_talks.csv", index=False)
    crmkit.load("best_worst_tasks").head(300).to_csv(folder / "my_cards.csv", index=False)
    crmkit.load("prototype_ratings").head(120).to_csv(folder / "my_prototypes.csv", index=False)
    price = rng.choice([12, 18, 24], 300)
    bought = (rng.random(300) < 1 / (1 + np.exp((price - 18) / 4))).astype(int)
    pd.DataFrame({"price": price, "bought": bought}).to_csv(folder / "my_prices.csv", index=False)
    lines = crmkit.load("order_lines").head(3000)
    lines.to_csv(folder / "my_order_lines.csv", index=False)
    crmkit.load("orders")[["order_id", "customer_id"]].to_csv(
        folder / "my_order_heads.csv", index=False
    )
    crmkit.load("products").to_csv(folder / "my_products.csv", index=False)
    crmkit.load("channel_records").sample(1500, random_state=1).to_csv(
        folder / "my_records.csv", index=False
    )
    test = crmkit.load("wake_up_test").query("arm in ('control', 'reminder')")
    test = test.assign(returned_60d=test["returned_60d"].astype(int))
    test.to_csv(folder / "my_test.csv", index=False)
    people = np.arange(40)
    pd.DataFrame({"respondent_id": people}).to_csv(folder / "my_respondents.csv", index=False)
    links = pd.DataFrame({"respondent_id": rng.choice(people, 120)})
    links["brand"] = rng.choice(["Ours", "Theirs"], 120, p=[0.7, 0.3])
    links["word"] = rng.choice(["repair", "gift"], 120)
    links.drop_duplicates().to_csv(folder / "my_links.csv", index=False)
    cases = pd.DataFrame({"arm": np.repeat(["no failure", "failure"], 80)})
    cases["bought_90d"] = (rng.random(160) < np.where(cases["arm"] == "failure", 0.3, 0.5)).astype(
        int
    )
    cases.to_csv(folder / "my_cases.csv", index=False)
    ages = pd.DataFrame({"age_1": rng.uniform(0, 20, 300), "age_2": rng.uniform(0, 20, 300)})
    ages.loc[::3, "age_2"] = np.nan
    ages["recalled"] = (rng.random(300) < np.exp(-0.1 * ages["age_1"])).astype(int)
    ages.to_csv(folder / "my_recall.csv", index=False)
    calls = crmkit.load("desk_calls").head(3000)
    arrival = calls["date"] + pd.to_timedelta(calls["minute"], unit="min")
    picked_up = arrival + pd.to_timedelta(calls["wait_minutes"], unit="min")
    end = picked_up + pd.to_timedelta(calls["handling_minutes"].fillna(0), unit="min")
    contacts = pd.DataFrame(
        {"arrival": arrival, "answer": picked_up.where(calls["answered"]), "end": end}
    )
    contacts["channel"] = rng.choice(["telephone", "e-mail"], len(calls), p=[0.9, 0.1])
    contacts.to_csv(folder / "my_contacts.csv", index=False)
    people = crmkit.load("open_extract")[["postcode", "birth_year"]]
    people.to_csv(folder / "my_people.csv", index=False)
    own = np.random.default_rng(62)
    before = own.gamma(2, 100, 300).round()
    joined = own.random(300) < np.where(before > 200, 0.7, 0.3)
    spent = (before * own.gamma(16, 1 / 16, 300) + 20 * joined).round()
    members = pd.DataFrame({"joined": joined, "spend_before": before, "spend_after": spent})
    members.to_csv(folder / "my_members.csv", index=False)
    crmkit.load("programme_points").query("person_id < 900").to_csv(
        folder / "my_points.csv", index=False
    )
    survey = pd.DataFrame({"customer": range(90), "quarter": np.repeat(["Q1", "Q2", "Q3"], 30)})
    survey["score"] = np.where(rng.random(90) < 0.6, rng.integers(0, 11, 90), np.nan)
    survey.to_csv(folder / "my_survey.csv", index=False)
    who_do_not_buy(folder)
    waves = crmkit.load("message_waves").head(2000)
    waves = waves.rename(columns={"reader_id": "customer", "wave": "date", "margin_14d": "margin"})
    waves.to_csv(folder / "my_messages.csv", index=False)
    start = pd.Timestamp("2024-01-01") + pd.to_timedelta(rng.integers(0, 365, 200), unit="D")
    stayed = pd.to_timedelta(rng.integers(7, 700, 200), unit="D")
    bonds = pd.DataFrame({"customer": range(200), "start": start, "end": start + stayed})
    bonds["bond"] = np.tile(["none", "points"], 100)
    bonds["moved"] = np.arange(200) % 20 == 0
    bonds.loc[bonds["end"] > pd.Timestamp("2025-12-31"), "end"] = pd.NaT
    bonds.to_csv(folder / "my_bonds.csv", index=False)
    agents = pd.DataFrame({"agent_id": np.repeat(np.arange(12), 20)})
    agents["period"] = np.tile(np.repeat(["before", "trial"], 10), 12)
    agents["view"] = np.where(agents["agent_id"] % 2, "joined", "separate")
    agents["handling_minutes"] = 4 + np.arange(240) % 7 / 3 + agents["agent_id"] % 5 / 4
    agents.to_csv(folder / "my_calls.csv", index=False)
    brought = crmkit.load("introductions").dropna(subset="friend_id").set_index("friend_id")
    members = crmkit.load("customers")[["customer_id"]]
    members["brought_by"] = members["customer_id"].map(brought["inviter_id"])
    members.to_csv(folder / "my_customers.csv", index=False)
    for name in ("area_spend", "area_tests"):
        crmkit.load(name).to_csv(folder / f"my_{name}.csv", index=False)
    crmkit.load("area_customers").to_csv(folder / "my_new_customers.csv", index=False)
    of_an_app(folder)


def who_do_not_buy(folder):
    """Write a list of prospects with their criteria, the must-haves of each, and what offers meet."""
    people = crmkit.load("market_people").head(200)
    people["shop"] = people["person_id"] % 2 == 0
    people["customer"] = people["buys_at"] == crmkit.company().name
    people["has_need"], people["can_pay"] = people["projects"] > 0, people["can_spend"] >= 24
    people["must_haves"] = people["shop"].astype(object)
    people.loc[::5, "must_haves"] = None
    people.to_csv(folder / "my_prospects.csv", index=False)
    crmkit.load("market_needs").to_csv(folder / "my_must_haves.csv", index=False)
    crmkit.load("trial_offers").to_csv(folder / "my_offers.csv", index=False)


def of_an_app(folder):
    """Write a log and the orders of some users of the app that ships, a year as the lessons name it."""
    load = functools.partial(crmkit.load, data="strumwell")
    some = load("customers")["customer_id"].sample(1200, random_state=1)
    sessions, orders = (
        table[table["customer_id"].isin(some)] for table in (load("sessions"), load("orders"))
    )
    events = read_events(sessions, load("event_kinds"))
    events[["customer_id", "time", "event"]].to_csv(folder / "my_events.csv", index=False)
    orders[["customer_id", "order_date", "turnover"]].to_csv(folder / "my_orders.csv", index=False)
    # Somebody else's forecast of the same users, and what became of them.
    forecast = pd.DataFrame({"customer_id": some, "chance": np.linspace(0.01, 0.4, len(some))})
    forecast["paid"] = np.random.default_rng(5).random(len(some)) < forecast["chance"]
    forecast.to_csv(folder / "my_forecast.csv", index=False)


def test_the_recipes_of_other_tables_run(tmp_path, monkeypatch):
    tables_of_other_kinds(tmp_path)
    wanted = {
        "11": "effect",
        "14": "most is earned at",
        "25": "records,",
        "40": "penetration",
        "43": "decay",
        "50": "unexplored",
        "51": "hire",
        "52": "cost_low",
        "53": "generation",
        "60": "agents",
        "62": "same spending before",
        "68": "friendliest",
        "64": "answers",
        "67": "agents",
        "61": "address_lost",
        "69": "share_unique",
        "70": "ranks_right",
        "72": "if_calibrated",
        "73": "group",
    }
    for lesson, code in RECIPES.items():
        if code and lesson not in OF_ORDERS:
            said, _, _ = run(code, tmp_path, monkeypatch)
            assert wanted.get(lesson, "") in said, f"{lesson} says {said!r}"
            assert said.strip(), f"{lesson} says nothing"


@pytest.mark.parametrize(
    "name", ["one customer", "three customers", "forty customers", "a frame with a margin"]
)
def test_lesson_80_runs_from_top_to_bottom_on_other_files(name, monkeypatch):
    """Only the three lines of its first cell are changed, as the lesson asks; no cell may end in an error."""
    import jupytext
    from IPython.core.interactiveshell import InteractiveShell
    from IPython.utils.capture import capture_output

    monkeypatch.setenv("CRMKIT_PRACTICE_STATE", "off")
    source, options = (FILES | SMALL)[name]
    shell = InteractiveShell()
    shell.showtraceback = lambda *_args, **_named: None
    shell.user_ns |= {"SOURCE": source(), "OPTIONS": options}
    changed = 0
    with capture_output() as shown:
        for cell in jupytext.read(ROOT / "notebooks/source/80_your_own_orders.py").cells:
            if cell.cell_type != "code":
                continue
            code = cell.source.replace("my_file = ugly_sample()", "my_file = SOURCE")
            code = code.replace("options = {}", "options = OPTIONS")
            changed += code != cell.source
            result = shell.run_cell(code, silent=True)
            error = result.error_before_exec or result.error_in_exec
            assert error is None, f"{cell.metadata['label']}: {error!r}"
    plt.close("all")
    assert changed == 1
    said = shown.stdout
    assert "of the total" in said
    assert "nan%" not in said
    if name != "a frame with a margin":
        assert "too few to test the rule" in said, "what is too little is said in a sentence"
    if name in ("one customer", "three customers"):
        assert "At least" in said, "what is too little is said in a sentence"
