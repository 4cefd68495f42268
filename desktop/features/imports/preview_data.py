"""What a sheet becomes as planned, reckoned for a preview: nothing is stored."""

from dataclasses import dataclass, replace
from functools import partial

import pandas as pd

from services.progress import Progress, silent
from services.readings import Plan, Sheet, interpret
from services.readings.planning import reading_once

ROWS_READ = 200_000
ROWS = 200
METERS = 4
DAYS_SHOWN_SINGLY = 21
"""Up to so many days the chart has each reading, above them the sum of each day."""

Row = tuple[int, str, pd.Timestamp, float]
Line = tuple[str, list[float]]


@dataclass(frozen=True)
class ReadAhead:
    """The first readings, and a few meters over time: ``x`` in wall-clock seconds, ``lines`` in kWh."""

    rows: list[tuple[int, str, pd.Timestamp, float]]
    readings: int
    devices: int
    refused: int
    first_refusal: str
    by_day: bool
    x: list[float]
    lines: list[Line]


def read_ahead(sheet: Sheet, plan: Plan, progress: Progress) -> ReadAhead:
    """Raises `MappingRefused`, `FileRefused`, and whatever ``progress`` raises."""
    progress("Reading ahead", 0, 1)
    found = interpret(sheet, plan, progress)
    progress("Reading ahead", 0, 1)
    frame = found.frame
    local = frame["date"].dt.tz_convert(plan.timezone).dt.tz_localize(None)
    by_day = bool(len(local)) and (local.max() - local.min()).days > DAYS_SHOWN_SINGLY
    devices = frame["device"].drop_duplicates()
    some = frame["device"].isin(devices.head(METERS))
    when = local[some].dt.normalize() if by_day else local[some]
    energy = frame.loc[some].groupby([when, frame.loc[some, "device"].astype("str")])["consumption"].sum()
    table = energy.unstack().sort_index()
    head = frame.head(ROWS)
    rows = list(zip(range(ROWS), head["device"], head["date"], head["consumption"], strict=False))
    return ReadAhead(
        rows=rows,
        readings=len(frame),
        devices=len(devices),
        refused=len(found.refused),
        first_refusal=found.refused[0].reason if found.refused else "",
        by_day=by_day,
        x=[time.timestamp() for time in table.index],
        lines=[(str(name), table[name].tolist()) for name in devices.head(METERS)],
    )


def beginning(sheet: Sheet) -> Sheet:
    """The sheet as a preview reads it: a long one's first rows alone, and none of them twice."""
    return reading_once(replace(sheet, body=partial(_first_rows, sheet)), silent)


def _first_rows(sheet: Sheet, first: int, progress: Progress = silent) -> pd.DataFrame:
    return sheet.body(first, progress).head(ROWS_READ)
