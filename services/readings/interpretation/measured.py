"""The numbers of a table with their device, time and row, from long sheets and wide ones alike."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from services.names import LONGEST, TOO_LONG, told_of
from services.readings.interpretation import cells, words
from services.readings.interpretation.layouts import by_hours, long, wide
from services.readings.interpretation.outcome import Refusal
from services.readings.interpretation.plan import Plan
from services.readings.interpretation.words import is_total, plain

NAMES = ("device", "number", "category", "location")
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
    endless = _endless_names(table, plan)
    if endless:
        named = ~table.index.isin([refusal.row for refusal in endless])
        table, wall = table[named], wall[named]
    frame, refused = LAYOUTS[plan.layout](table, wall, plan)
    return Measured(frame, [*endless, *refused], int(sums.sum()))


def _endless_names(table: pd.DataFrame, plan: Plan) -> list[Refusal]:
    """A refusal of each row with a name that is too long."""
    found: dict[int, Refusal] = {}
    chosen = plan.map.chosen()
    for column in (chosen[field] for field in NAMES if field in chosen):
        if isinstance(table[column].dtype, pd.StringDtype):
            long = cells.text(table.loc[(table[column].str.len() > LONGEST).fillna(False), column])
            for row, name in long[long.str.len() > LONGEST].items():
                reason = TOO_LONG.format(**told_of(name))
                found.setdefault(int(str(row)), Refusal(plan.sheet, int(str(row)), column, name, reason))
    return list(found.values())


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
