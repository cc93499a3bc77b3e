"""How sure a list of the best customers is: ``python -m benchmarks lists`` measures it and writes docs/statistics.md.

A simulated company lives through the same time twice. The list of the first time, and what `list_certainty` and
`names_again` say of it, are compared with the list of the second, and with who is truly among the best.
"""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pandas as pd

from crmkit.value import list_certainty, names_again

HERE = Path(__file__).resolve().parent
STORE = HERE / "lists_measured.csv"
PAGE = HERE.parent / "docs" / "statistics.md"
BEGIN, END = "<!-- lists: begin -->", "<!-- lists: end -->"
#: Customers, and how many worlds of them.
WORLDS = {100: 80, 400: 40, 1500: 20}
COLUMNS = ("again", "predicted", "mean_of_shares", "sure_again", "sure_best")


def two_times(size: int, rng: np.random.Generator) -> tuple[pd.DataFrame, pd.DataFrame, pd.Series]:
    """Orders of two times, and the true mean profit of each customer."""
    rate, worth = rng.gamma(1.0, 6.0, size), np.exp(rng.normal(3, 0.8, size))
    times = []
    for _ in range(2):
        who = np.repeat(np.arange(size), np.maximum(rng.poisson(rate), 0))
        margin = worth[who] * rng.gamma(2.0, 0.5, len(who))
        times.append(pd.DataFrame({"customer_id": who, "turnover": 3 * margin, "margin": margin}))
    return times[0], times[1], pd.Series(rate * worth)


def one_world(size: int, rng: np.random.Generator) -> dict[str, float]:
    """Compare what is said of the first list with the second, and with the truth."""
    first, second, true = two_times(size, rng)
    top = size // 20
    found = list_certainty(first, top=top, seed=rng)
    again = second.groupby("customer_id")["margin"].sum().nlargest(top).index
    names = found.index[found["on_list"]]
    sure = found.index[found["on_list"] & (found["share_of_draws"] >= 0.95)]
    return {
        "again": names.isin(again).mean(),
        "predicted": names_again(found, top),
        "mean_of_shares": found.loc[names, "share_of_draws"].mean(),
        "sure": len(sure),
        "sure_again": sure.isin(again).sum(),
        "sure_best": sure.isin(true.nlargest(top).index).sum(),
    }


def measure(size: int, worlds: int) -> dict[str, float]:
    """Means over worlds; of the sure names, over all names of all worlds. The same size always draws the same."""
    seeds = np.random.SeedSequence(size).spawn(worlds)
    rows = pd.DataFrame([one_world(size, np.random.default_rng(seed)) for seed in seeds])
    out = rows[["again", "predicted", "mean_of_shares"]].mean()
    return {**out, **(rows[["sure_again", "sure_best"]].sum() / rows["sure"].sum())}


def table(rows: list[dict[str, str]]) -> str:
    """The table of docs/statistics.md, and the sentences with its figures."""
    worlds = ", ".join(f"{row['worlds']} worlds of {int(row['customers']):,}" for row in rows)
    shares = [float(row["mean_of_shares"]) for row in rows]
    lines = [
        f"Measured in {worlds} customers; the best twentieth.",
        "",
        "| customers | names on the second list too | predicted by `names_again` | of the names in 95 % of the draws: "
        "on the second list | of these: truly among the best |",
        "|---|---|---|---|---|",
    ]
    for row in rows:
        told = (f"{float(row[name]):.1%}" for name in COLUMNS if name != "mean_of_shares")
        lines.append(f"| {int(row['customers']):,} | {' | '.join(told)} |")
    lines += [
        "",
        f"The mean of `share_of_draws` over the names on the list would predict {min(shares):.0%} to "
        f"{max(shares):.0%}: too many, because their luck is already in the first list.",
    ]
    return "\n".join(lines).replace("%", " %").replace("95  %", "95 %")


def stored(path: Path = STORE) -> list[dict[str, str]]:
    """Rows as measured last."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def main() -> None:
    rows = []
    for size, worlds in WORLDS.items():
        found = measure(size, worlds)
        rows.append({"customers": size, "worlds": worlds} | {n: f"{found[n]:.4f}" for n in COLUMNS})
        print(rows[-1], flush=True)
    with STORE.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, ["customers", "worlds", *COLUMNS], lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    before, _, rest = PAGE.read_text(encoding="utf-8").partition(BEGIN)
    after = rest.partition(END)[2]
    PAGE.write_text(f"{before}{BEGIN}\n\n{table(stored())}\n\n{END}{after}", encoding="utf-8")


if __name__ == "__main__":
    main()
