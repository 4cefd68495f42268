"""Refused rows as a spreadsheet that the user can mend and drop again."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pandas as pd

from services.readings import previews
from services.readings.mapping import SheetMapping, layout_fingerprint
from services.readings.parse_result import Refusal
from services.readings.quality import MeterQuality
from services.scope import Scope
from services.sheets import cells
from services.sheets.sources import Sheet
from services.tables import write_tables
from services.typed import typed

ROW, REASON, DEVICE = "Row", "Reason", "Device"
LONGEST_NAME = 31
"""Letters of a sheet's name."""


@typed
def save_refused(
    scope: Scope,
    path: Path,
    sheets: Sequence[tuple[Sheet, SheetMapping]],
    refused: Sequence[Refusal],
    meters: Sequence[MeterQuality] = (),
) -> None:
    """Write the refused rows of sheets as .xlsx or .csv: their cells, their row numbers, and why.

    How to read the file is remembered, so that it can be dropped as it is once it is mended. Rows that
    mean nothing without those around them, as those of a register do, are written with all of the sheet;
    what is there already is not stored twice. ``meters`` is the quality of what was imported.
    Raises `TableRefused`, and `FileRefused` when the sheet's file is gone or another by now.
    """
    parts = {
        mapping.sheet: _mendable(sheet, mapping, found, meters)
        for sheet, mapping in sheets
        if (found := [refusal for refusal in refused if refusal.sheet == mapping.sheet])
    }
    write_tables(_named_sheets({name: frame for name, (frame, _) in parts.items()}), path)
    for sheet, mapping in sheets:
        if mapping.sheet in parts:
            mended = parts[mapping.sheet][1]
            previews.remember_mapping(scope, layout_fingerprint(sheet, mended), mended)


def _mendable(
    sheet: Sheet, mapping: SheetMapping, refused: Sequence[Refusal], meters: Sequence[MeterQuality]
) -> tuple[pd.DataFrame, SheetMapping]:
    """Return the rows to be mended, and how to read them then."""
    first = mapping.header + mapping.header_rows
    frame = _as_shown(cells.rows_below(sheet, first, mapping.columns), mapping)
    reasons = _reasons(refused)
    frame[ROW] = frame.index
    frame[REASON] = reasons.reindex(frame.index, fill_value="")
    interval = _common_interval(mapping, meters)
    mended = replace(mapping, header=0, header_rows=1, decimal=".")
    if mapping.kind != "register" and interval is not None:
        frame, mended = frame.loc[reasons.index], replace(mended, interval_minutes=interval)
    if mapping.layout != "wide" and not mapping.map.device:
        # The file's name was the device's, and this file has another.
        frame.insert(0, DEVICE, mapping.device_name)
        mended = replace(mended, map=replace(mapping.map, device=DEVICE))
    return frame, replace(mended, columns=tuple(frame.columns))


def _named_sheets(frames: Mapping[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """Return the frames by names that a workbook allows, each of which it takes once whatever its case."""
    named: dict[str, pd.DataFrame] = {}
    for name, frame in frames.items():
        short, number = _sheet_name(name), 2
        while short.casefold() in (other.casefold() for other in named):
            short = f"{_sheet_name(name)[: LONGEST_NAME - 5]} ({number})"
            number += 1
        named[short] = frame
    return named


def _sheet_name(name: str) -> str:
    """Return the name as a workbook allows it."""
    return re.sub(r"[\[\]:*?/\\']", " ", name)[:LONGEST_NAME].strip() or "Table"


def _reasons(refused: Sequence[Refusal]) -> pd.Series:
    """Return why each row was refused, by its number."""
    told = pd.Series([f"{r.column}: {r.reason}" for r in refused], [r.row for r in refused], dtype="str")
    reasons: pd.Series = told.groupby(level=0).agg("; ".join)
    return reasons


def _common_interval(mapping: SheetMapping, meters: Sequence[MeterQuality]) -> float | None:
    """Return the interval in minutes that all meters keep; a few rows do not tell it."""
    kept = {meter.interval_minutes for meter in meters} - {None}
    return mapping.interval_minutes or (kept.pop() if len(kept) == 1 else None)


def _as_shown(frame: pd.DataFrame, mapping: SheetMapping) -> pd.DataFrame:
    """Return the cells, without what an earlier file of refused rows said of them; numbers as numbers."""
    values = (mapping.map.consumption,) if mapping.layout == "long" else mapping.meters
    used = {*mapping.map.chosen().values(), *values}
    frame = frame.drop(columns=[c for c in (ROW, REASON) if c in frame.columns and c not in used])
    for name in frame.columns:
        if name in values and isinstance(frame[name].dtype, pd.StringDtype):
            # Somebody's spreadsheet program writes decimals with another mark.
            number = cells.parse_numbers(frame[name], mapping.decimal)
            frame[name] = number.astype("object").where(number.notna(), frame[name])
        if isinstance(frame[name].dtype, pd.DatetimeTZDtype):
            # A workbook knows no offsets; in text they stay.
            frame[name] = frame[name].map(lambda moment: moment.isoformat(), na_action="ignore").astype("str")
    return frame
