"""Each reading once: rows that repeat another, contradict it, or share its hour."""

from collections.abc import Sequence
from typing import Literal

import numpy as np
import pandas as pd

from services.readings.interpretation.outcome import Refusal
from services.readings.interpretation.plan import Plan

IDENTITY = ["device", "date"]
VALUES = ["consumption", "value"]


def distinct(
    frame: pd.DataFrame, plan: Plan, together: Literal["sum", "max"]
) -> tuple[pd.DataFrame, list[Refusal], int, int]:
    """Rows (device, date, consumption, value, moved, row) with each device and date once.

    Returns them, a refusal for each that contradicts an earlier one, how many only repeat one, and how
    many spring's missing hour moved onto another: those are taken ``together``.
    """
    shared = _shared(frame)
    if not shared.any():
        return frame, [], 0, 0
    whole, combined = _combined(frame[shared], together)
    first, repeated, refused = _first(whole, plan)
    kept = ~shared
    kept[frame.index.get_indexer(first.index)] = True
    taken = frame[kept]
    taken.loc[first.index, VALUES] = first[VALUES]
    return taken, refused, repeated, combined


def _shared(frame: pd.DataFrame) -> np.ndarray:
    """Which rows are not the only ones of their device and date."""
    device = frame["device"].cat.codes.to_numpy()
    date = pd.DatetimeIndex(frame["date"]).asi8
    order = np.lexsort((date, device))
    same = (np.diff(device[order]) == 0) & (np.diff(date[order]) == 0)
    shared = np.zeros(len(frame), dtype=bool)
    shared[order[1:][same]] = True
    shared[order[:-1][same]] = True
    return shared


def _combined(frame: pd.DataFrame, together: Literal["sum", "max"]) -> tuple[pd.DataFrame, int]:
    groups = frame.groupby(IDENTITY, observed=True)
    meets = groups["moved"].transform("any")
    if not meets.any():
        return frame, 0
    taken = groups[VALUES].transform(together)
    kept = frame[~(meets & frame.duplicated(IDENTITY))].copy()
    rows = kept.index[meets[kept.index]]
    kept.loc[rows, VALUES] = taken.loc[rows]
    return kept, len(frame) - len(kept)


def _first(frame: pd.DataFrame, plan: Plan) -> tuple[pd.DataFrame, int, list[Refusal]]:
    again = frame.duplicated(IDENTITY)
    first = frame[~again]
    told = [*IDENTITY, "value", "row", *(["spelling"] if "spelling" in frame else [])]
    later = frame[again].merge(first[told], on=IDENTITY, suffixes=("", "_first"))
    differing = later[later["value"] != later["value_first"]]
    refused = [
        Refusal(
            plan.sheet,
            int(row),
            column,
            f"{value:.15g}",
            reason,
        )
        for row, column, value, reason in zip(
            differing["row"],
            value_columns(differing, plan),
            differing["value"],
            _reasons(differing),
            strict=True,
        )
    ]
    return first, len(later) - len(differing), refused


def _reasons(rows: pd.DataFrame) -> list[str]:
    if "spelling" not in rows:
        return [f"Row {row} has another value for this device and time." for row in rows["row_first"]]
    spellings = zip(rows["row_first"], rows["spelling"], rows["spelling_first"], strict=True)
    return [
        f"Row {row} has another value for this device and time."
        if name == earlier
        else f"Row {row} has another value for “{earlier}”, which is the same device, at this time."
        for row, name, earlier in spellings
    ]


def value_columns(rows: pd.DataFrame, plan: Plan) -> Sequence[str]:
    """The heading above each row's value."""
    if "column" in rows:
        return [str(column) for column in rows["column"]]
    return [plan.map.consumption or ""] * len(rows)
