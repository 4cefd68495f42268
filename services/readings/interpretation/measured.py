"""The numbers of a table with their device, time and row, from long sheets and wide ones alike."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from services.readings.interpretation import words
from services.readings.interpretation.layouts import by_hours, long, wide
from services.readings.interpretation.outcome import Refusal
from services.readings.interpretation.plan import Plan
from services.readings.interpretation.words import is_total, plain

LAYOUTS = {"long": long, "wide": wide, "hours": by_hours}


@dataclass(frozen=True)
class Measured:
    """``frame``: device (categorical), wall (naive or UTC), value (as the sheet says it), factor (to kWh or
    kW), row, and the optional fields as text."""

    frame: pd.DataFrame
    refused: list[Refusal]
    totals: int


def measured(table: pd.DataFrame, wall: pd.Series, plan: Plan) -> Measured:
    """What the rows of a table measure; rows of sums are counted apart."""
    sums = _sums(table, wall, plan)
    table, wall = (table[~sums], wall[~sums]) if sums.any() else (table, wall)
    frame, refused = LAYOUTS[plan.layout](table, wall, plan)
    return Measured(frame, refused, int(sums.sum()))


def _sums(table: pd.DataFrame, wall: pd.Series, plan: Plan) -> np.ndarray:
    """Rows without a time that are labelled as sums, or with a time where a device's name is."""
    undated = wall.isna().to_numpy()
    found = np.zeros(len(table), dtype=bool)
    if undated.any():
        rest = table[undated]
        for name in rest.columns:
            if isinstance(rest[name].dtype, pd.StringDtype):
                labels = [label for label in rest[name].dropna().unique() if is_total(label)]
                found[undated] |= rest[name].isin(labels).to_numpy()
    if plan.layout == "long" and plan.map.device:
        device = table[plan.map.device]
        names = device.dropna().unique() if isinstance(device.dtype, pd.StringDtype) else ()
        labels = [name for name in names if plain(name) in words.TOTAL]
        if labels and len(labels) < len(names):
            found |= device.isin(labels).to_numpy()
    return found
