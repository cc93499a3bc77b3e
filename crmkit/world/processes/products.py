"""Products: what the company sells, as its file lists it."""

from __future__ import annotations

import numpy as np
import pandas as pd

from crmkit.world.core.streams import Context


def build(ctx: Context) -> None:
    """Add the table ``products``, with product_id from 1 in the order of the company file."""
    rows = [
        {**item, "category": group["category"]}
        for group in ctx.params["products"]
        for item in group["items"]
    ]
    frame = pd.DataFrame(rows)
    frame["features"] = frame["features"].map(";".join).replace("", None)
    frame.insert(0, "product_id", np.arange(1, len(frame) + 1))
    ctx.tables["products"] = frame.rename(columns={"cost": "unit_cost", "rival": "rival_price"})
