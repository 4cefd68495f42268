"""Parse a sheet into readings, and into refusals of the rows that are none."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import numpy as np
import pandas as pd

from services.file_names import as_text
from services.messages import N_, gettext
from services.names import check_name
from services.progress import Progress, silent
from services.readings import intervals, registers, standard_time
from services.readings.deduplicate import deduplicate, value_columns
from services.readings.described import parse_described
from services.readings.layouts import OPTIONAL, extract_measurements
from services.readings.mapping import MappingRefused, SheetMapping, find_problem
from services.readings.meter_names import MARKS, Meter, merge_spellings, split_by_mark
from services.readings.parse_result import Readings, Refusal, refusals
from services.readings.times import parse_local_times
from services.sheets import cells
from services.sheets.sources import Sheet

STAGE, STEPS = N_("Checking the rows"), 4
COLUMNS_NAMED = 30
"""Columns that a sentence names."""
COLUMNS = ["device", "date", "consumption", *OPTIONAL, "row", "seconds"]


def parse_sheet(sheet: Sheet, mapping: SheetMapping, progress: Progress = silent) -> Readings:
    """Parse a sheet as mapped into readings. ``progress`` may raise, between steps of some 0.1 s.

    Raises `MappingRefused` for a mapping that has a problem (`find_problem`), or names columns that are not
    there or an unknown time zone, and where no interval can be told but energy or time depend on it.
    """
    objection = find_problem(mapping)
    if objection:
        raise objection
    zone = _zone(mapping.timezone)
    if sheet.is_described:
        return parse_described(sheet, mapping, zone)
    table = cells.rows_below(sheet, mapping.header + mapping.header_rows, mapping.columns)
    _check(table, sheet, mapping)
    table = cells.drop_blank_rows(table)
    progress(STAGE, 0, STEPS)
    wall = parse_local_times(
        table[mapping.map.date],
        table[mapping.map.time] if mapping.map.time else None,
        day_first=bool(mapping.day_first),
        epoch_1904=sheet.epoch_1904,
    )
    if wall.isna().all():
        raise MappingRefused(
            "{where} has no dates in column “{column}”. Choose the column that holds them.",
            where=_where(sheet),
            column=mapping.map.date,
        )
    progress(STAGE, 1, STEPS)
    found = extract_measurements(table, wall, mapping)
    progress(STAGE, 2, STEPS)
    rows_read = len(found.frame) + len(found.refused)
    frame, offset = _on_one_clock(found.frame, mapping, zone)
    measurements, meters = _split_meters(frame, mapping)
    if mapping.kind == "register":
        frame, refused, repeated, combined, opening = _from_registers(measurements, mapping, zone)
    else:
        timed = _timed(measurements, mapping, zone, sheet)
        progress(STAGE, 3, STEPS)
        frame, refused, repeated, combined = deduplicate(merge_spellings(timed), mapping, "sum")
        opening = 0
    refused = sorted([*found.refused, *refused], key=lambda refusal: refusal.row)
    frame = frame.astype({"device": "str", "row": "int64"})[COLUMNS].reset_index(drop=True)
    return Readings(
        frame,
        refused,
        rows_read - opening,
        repeated,
        combined,
        found.totals,
        opening,
        meters=meters,
        utc_offset_minutes=offset,
    )


def _on_one_clock(
    frame: pd.DataFrame, mapping: SheetMapping, zone: ZoneInfo
) -> tuple[pd.DataFrame, int | None]:
    """Return the rows, in UTC if their clock was never changed; then with its offset in minutes."""
    wall = frame["wall"]
    if not len(frame) or wall.dt.tz is not None:
        return frame, None
    named = map(standard_time.named_offset, (mapping.map.time, mapping.map.date))
    offset = next((found for found in named if found is not None), None)
    if offset is None and mapping.clock == "standard":
        offset = standard_time.of_zone(wall, zone)
    if offset is None and mapping.clock is None:
        value = frame["value"]
        if mapping.kind == "register":
            value = value.groupby(_codes(frame)).diff()
        offset = standard_time.recognize(wall, _codes(frame), value, zone)
    if offset is None:
        return frame, None
    minutes = int(offset.total_seconds() // 60)
    return frame.assign(wall=standard_time.to_utc(wall, offset)), minutes


def _where(sheet: Sheet) -> str:
    return gettext("Sheet “{sheet}” of {file}", sheet=sheet.name, file=as_text(sheet.path.name))


def _zone(timezone: str) -> ZoneInfo:
    try:
        return ZoneInfo(timezone)
    except (ZoneInfoNotFoundError, ValueError, OSError):  # a folder of zones, or too long a name
        raise MappingRefused(
            "There is no time zone “{timezone}”. Name one like Europe/Berlin.", timezone=timezone
        ) from None


def _check(table: pd.DataFrame, sheet: Sheet, mapping: SheetMapping) -> None:
    for column in (*mapping.map.chosen().values(), *mapping.meters):
        if column not in table.columns:
            raise MappingRefused(
                "{where} has no column “{column}”. Its columns are: {columns}.",
                where=_where(sheet),
                column=column,
                columns=_some_of(list(table.columns)),
            )
    for name in _devices_named_once(mapping):
        check_name(name, MappingRefused)


def _some_of(columns: Sequence[str]) -> str:
    more = len(columns) - COLUMNS_NAMED
    named = ", ".join(columns[:COLUMNS_NAMED])
    return gettext("{columns} and {count} more", columns=named, count=more) if more > 0 else named


def _devices_named_once(mapping: SheetMapping) -> Sequence[str]:
    if mapping.layout == "wide":
        return mapping.meters
    return () if mapping.map.device else (mapping.device_name,)


def _split_meters(frame: pd.DataFrame, mapping: SheetMapping) -> tuple[pd.DataFrame, dict[str, Meter]]:
    """Return the rows, those of different meters of one name under different ones."""
    fields = [field for field in MARKS if field in mapping.map.chosen()]
    return split_by_mark(frame, "wall", fields) if fields else (frame, {})


def _codes(frame: pd.DataFrame) -> np.ndarray:
    return frame["device"].cat.codes.to_numpy().astype("int32")


def _timed(frame: pd.DataFrame, mapping: SheetMapping, zone: ZoneInfo, sheet: Sheet) -> pd.DataFrame:
    """Return readings of energy or demand with the start and length of their intervals, in kWh."""
    device = _codes(frame)
    utc, moved = intervals.to_utc(frame["wall"], device, zone)
    step = intervals.step_lengths(device, utc, mapping.interval_minutes)
    if np.isnan(step).any():
        step = _one_step(frame["wall"], mapping, sheet)
    if mapping.stamp == "end":
        start, moved = _starts(frame["wall"], utc, moved, device, step, zone)
    else:
        start = utc
    seconds = (intervals.shift(start, step, zone, 1) - start).dt.total_seconds()
    hours = seconds.to_numpy() / 3600 if mapping.kind == "demand" else 1.0
    kwh = frame["value"] * frame["factor"] * hours
    return frame.assign(date=start, consumption=kwh, moved=moved, seconds=seconds.astype("int64"))


def _one_step(wall: pd.Series, mapping: SheetMapping, sheet: Sheet) -> np.ndarray:
    """Return the step of meters that have one reading each: a day for dates alone, else an hour."""
    if mapping.kind == "demand" or mapping.stamp == "end":
        raise MappingRefused(
            "{where} has one reading a meter, so that nothing tells how long an interval is. Say how many "
            "minutes it has.",
            where=_where(sheet),
        )
    days = wall.eq(wall.dt.normalize()).all()
    return np.full(len(wall), float(intervals.DAY if days else intervals.HOUR))


def _starts(
    wall: pd.Series, utc: pd.Series, moved: np.ndarray, device: np.ndarray, step: np.ndarray, zone: ZoneInfo
) -> tuple[pd.Series, np.ndarray]:
    """Return when intervals began whose ends are known.

    Most exporters write the end as clocks show it. Those that add the step to the start as clocks showed
    that write a time twice that is none of autumn's repeated ones; there the start is reckoned first.
    """
    if wall.dt.tz is None and (step < intervals.DAY).all():
        began = wall - pd.to_timedelta(step, unit="s").as_unit("us")
        rows = np.flatnonzero(intervals.is_repeated(began, zone) & ~intervals.is_repeated(wall, zone))
        if pd.DataFrame({"device": device[rows], "wall": wall.iloc[rows].array}).duplicated().any():
            return intervals.to_utc(began, device, zone)
    return intervals.shift(utc, step, zone, -1), moved


def _from_registers(
    frame: pd.DataFrame, mapping: SheetMapping, zone: ZoneInfo
) -> tuple[pd.DataFrame, list[Refusal], int, int, int]:
    utc, moved = intervals.to_utc(frame["wall"], _codes(frame), zone)
    frame = frame.assign(date=utc, consumption=frame["value"], moved=moved)
    frame, refused, repeated, combined = deduplicate(merge_spellings(frame), mapping, "max")
    frame = frame.reset_index(drop=True)
    instants = pd.DatetimeIndex(frame["date"]).asi8
    found = registers.differences(_codes(frame), instants, frame["value"].to_numpy())
    for reason, positions in found.refused.items():
        rows = frame.iloc[positions]
        columns = value_columns(rows, mapping)
        written = (f"{v:.15g}" for v in rows["value"])
        refused += refusals(mapping.sheet, rows["row"], columns, written, gettext(registers.REASONS[reason]))
    ends, starts = found.frame["ends"].to_numpy(), found.frame["starts"].to_numpy()
    began = frame["date"].array.take(starts)
    energy = frame.iloc[ends].assign(
        date=began,
        consumption=found.frame["difference"].to_numpy() * frame["factor"].to_numpy()[ends],
        seconds=((instants[ends] - instants[starts]) // 1_000_000),
    )
    return energy, refused, repeated, combined, found.opening
