"""Parse a sheet into readings, and into refusals of the rows that are none."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import numpy as np
import pandas as pd

from services.file_names import as_text
from services.messages import N_, gettext
from services.names import check_name, name_key
from services.progress import Progress, silent
from services.readings import intervals, registers, standard_time, times
from services.readings.deduplicate import deduplicate, refuse_values
from services.readings.described import parse_described
from services.readings.layouts import OPTIONAL, Measurements, extract_measurements
from services.readings.mapping import MappingRefused, SheetMapping, find_problem
from services.readings.measures import REASONS, is_volume, stored_unit
from services.readings.meter_names import MARKS, Meter, merge_spellings, split_by_mark, with_mark
from services.readings.parse_result import LeftOut, Readings, Refusal
from services.readings.row_measures import Quantity, in_units, name_by_measure
from services.readings.times import parse_local_times
from services.sheets import cells
from services.sheets.sources import Sheet

STAGE, STEPS = N_("Checking the rows"), 4
COLUMNS_NAMED = 30
"""Columns that a sentence names."""
ROUNDED = r"\d[.,]\d+[eE]\+?1\d"
"""A long number as spreadsheet programs shorten it."""
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
    wall, mapping = _with_numbered_hours(table, wall, mapping, zone)
    if wall.isna().all():
        raise MappingRefused(
            "{where} has no dates in column “{column}”. Choose the column that holds them.",
            where=_where(sheet),
            column=mapping.map.date,
        )
    progress(STAGE, 1, STEPS)
    found = extract_measurements(table, wall, mapping)
    progress(STAGE, 2, STEPS)
    measured = _with_quantities(found, mapping)
    rows_read = len(measured.frame) + len(found.refused)
    frame, offset = _on_one_clock(measured.frame, mapping, zone)
    measurements, meters = _split_meters(frame, mapping)
    parts = []
    for kind, rows in _by_kind(measurements):
        if kind == "register":
            parts.append(_from_registers(rows, mapping, zone))
        else:
            timed = _timed(rows, mapping, zone, sheet)
            frame, refused, repeated, combined = deduplicate(merge_spellings(timed), mapping, "sum")
            parts.append((frame, refused, repeated, combined, 0))
    progress(STAGE, 3, STEPS)
    frame = (
        parts[0][0] if len(parts) == 1 else pd.concat([part[0].astype({"device": "str"}) for part in parts])
    )
    refused = [*found.refused, *(refusal for part in parts for refusal in part[1])]
    opening = sum(part[4] for part in parts)
    frame = frame.astype({"device": "str", "row": "int64"})
    columns = [*COLUMNS, *(["estimated"] if "estimated" in frame else [])]
    frame = in_units(frame[columns].reset_index(drop=True), measured.told)
    frame = _turned(frame, measured.told)
    return Readings(
        frame,
        sorted(refused, key=lambda refusal: refusal.row),
        rows_read - opening,
        sum(part[2] for part in parts),
        sum(part[3] for part in parts),
        found.totals,
        opening,
        meters=_meters(meters, measured.told, frame),
        columns_left=measured.left_out,
        utc_offset_minutes=offset,
    )


def _with_numbered_hours(
    table: pd.DataFrame, wall: pd.Series, mapping: SheetMapping, zone: ZoneInfo
) -> tuple[pd.Series, SheetMapping]:
    """Return times of a column of hours 1 to 25, which count what has passed of the day, in UTC."""
    if not mapping.map.time or wall.dt.tz is not None:
        return wall, mapping
    hours = times.numbered_hours(table[mapping.map.time])
    if hours is None:
        return wall, mapping
    days = times.parse_times(table[mapping.map.date], day_first=bool(mapping.day_first)).dt.normalize()
    midnight = intervals.to_utc(days, np.zeros(len(days), "int64"), zone)[0]
    passed = pd.to_timedelta(hours - 1, unit="h").astype("timedelta64[us]")
    return midnight + passed, replace(mapping, stamp="start")


@dataclass(frozen=True)
class _Measured:
    """Measurements with ``factor`` and ``kind``, and the quantity of each device's name."""

    frame: pd.DataFrame
    told: dict[str, Quantity]
    left_out: tuple[LeftOut, ...]


def _with_quantities(found: Measurements, mapping: SheetMapping) -> _Measured:
    """Return the measurements of what meters count, each under the name of its meter."""
    frame = found.frame
    decided = _decide(found, mapping)
    if not decided:
        return _Measured(frame.assign(factor=1.0, kind=mapping.kind), {}, ())
    left = [quantity for quantity in decided.values() if isinstance(quantity, LeftOut)]
    quantities = {code: quantity for code, quantity in decided.items() if isinstance(quantity, Quantity)}
    if not quantities:
        names = ", ".join(dict.fromkeys(one.column for one in left))
        raise MappingRefused(
            "Sheet “{sheet}” has no meter of energy or of a volume: its readings are {units}.",
            sheet=mapping.sheet,
            units=names,
        )
    if left:
        frame = frame[frame["measure"].isin(list(quantities))].reset_index(drop=True)
    if "register" in frame:
        frame = _by_register(frame)
    if "multiplier" in frame:
        frame = frame.assign(value=frame["value"] * frame["multiplier"].fillna(1.0))
    measure = frame["measure"].to_numpy()
    if len(quantities) == 1 or (mapping.layout == "wide" and not mapping.map.device):
        told = _told_by_name(frame, measure, quantities)
    else:
        device, told, worse = name_by_measure(
            frame["device"], measure, quantities, by_label=mapping.layout == "wide"
        )
        frame = frame.assign(device=device)
        if worse:
            frame = frame[device.ne("").to_numpy()].reset_index(drop=True)
            frame["device"] = frame["device"].cat.remove_unused_categories()
            why = gettext(REASONS["beside"])
            labels = dict.fromkeys(quantities[one].label or quantities[one].unit for _, one in worse)
            left += [LeftOut(mapping.sheet, label, why) for label in labels]
        measure = frame["measure"].to_numpy()
    size = max(quantities) + 1
    factors, kinds = np.ones(size), np.empty(size, dtype="object")
    for code, quantity in quantities.items():
        factors[code], kinds[code] = quantity.factor, quantity.kind
    several = len({quantity.kind for quantity in quantities.values()}) > 1
    kind = kinds[measure] if several else next(iter(quantities.values())).kind
    return _Measured(frame.assign(factor=factors[measure], kind=kind), told, tuple(dict.fromkeys(left)))


def _decide(found: Measurements, mapping: SheetMapping) -> dict[int, Quantity | LeftOut]:
    """Return what each measure is; a volume of who knows what is left out beside energy, else asked about."""
    decided: dict[int, Quantity | LeftOut] = {}
    unclear: list[tuple[int, MappingRefused]] = []
    for code in [int(one) for one in pd.unique(found.frame["measure"])]:
        try:
            decided[code] = found.measures.quantity(code)
        except MappingRefused as asked:
            unclear.append((code, asked))
    energy = any(isinstance(one, Quantity) and not is_volume(one.unit) for one in decided.values())
    for code, refused in unclear:
        if not energy or not found.measures.is_volume_of_unknown(code):
            raise refused
        decided[code] = LeftOut(mapping.sheet, found.measures.label(code), gettext(REASONS["utility"]))
    return decided


def _by_register(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of each register of a meter under a name of its own."""
    names = frame["device"].astype("str").to_numpy()
    marked = [
        with_mark(name, mark) if mark else name for name, mark in zip(names, frame["register"], strict=True)
    ]
    return frame.assign(device=pd.Categorical(marked))


def _told_by_name(
    frame: pd.DataFrame, measure: np.ndarray, quantities: dict[int, Quantity]
) -> dict[str, Quantity]:
    once = pd.DataFrame({"device": frame["device"].array, "measure": measure}).drop_duplicates()
    return {str(row.device): quantities[int(row.measure)] for row in once.itertuples()}  # type: ignore[arg-type]


def _by_kind(frame: pd.DataFrame) -> list[tuple[str, pd.DataFrame]]:
    kinds = pd.unique(frame["kind"])
    if len(kinds) == 1:
        return [(str(kinds[0]), frame)]
    parts = [(str(kind), frame[frame["kind"] == kind].reset_index(drop=True)) for kind in kinds]
    for _, part in parts:
        part["device"] = part["device"].cat.remove_unused_categories()
    return parts or [("energy", frame)]


def _turned(frame: pd.DataFrame, told: dict[str, Quantity]) -> pd.DataFrame:
    """Return the readings with what is fed in above zero, where the file writes it below."""
    away = [name for name, quantity in told.items() if quantity.direction != "consumption"]
    for name in away:
        rows = frame["device"].eq(name).to_numpy()
        for column in [c for c in ("consumption", "quantity") if c in frame]:
            values = frame.loc[rows, column]
            if (values.dropna() <= 0).all():
                frame.loc[rows, column] = values.abs()
    return frame


def _meters(meters: dict[str, Meter], told: dict[str, Quantity], frame: pd.DataFrame) -> dict[str, Meter]:
    """Return what is told of each meter, with what it measures where that is not electricity taken."""
    found = dict(meters)
    for name, quantity in told.items():
        unit = stored_unit(quantity.unit)
        if quantity.is_default and unit == "kWh":
            continue
        key = name_key(name)
        meter = found.get(key, Meter(name))
        found[key] = replace(meter, utility=quantity.utility, direction=quantity.direction, unit=unit)
    return found


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
    _refuse_rounded_names(table, sheet, mapping)
    for name in _devices_named_once(mapping):
        check_name(name, MappingRefused)


def _refuse_rounded_names(table: pd.DataFrame, sheet: Sheet, mapping: SheetMapping) -> None:
    """Raise where numbers of meters have lost their last digits, so that several may have become one."""
    for column in filter(None, (mapping.map.device, mapping.map.number)):
        names = table[column]
        if pd.api.types.is_float_dtype(names):
            rounded = names.abs() >= 2**53
        elif isinstance(names.dtype, pd.StringDtype):
            rounded = names.drop_duplicates().str.fullmatch(ROUNDED).fillna(False)
        else:
            continue
        if rounded.any():
            raise MappingRefused(
                "{where} has numbers of meters in column “{column}” whose last digits are lost, so that "
                "different meters may bear one number. Write them as text, and import the file again.",
                where=_where(sheet),
                column=column,
            )


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
    if "length" in frame and mapping.interval_minutes is None:
        step = np.where(np.isfinite(frame["length"]), frame["length"], step)
    if np.isnan(step).any():
        step = _one_step(frame["wall"], mapping, sheet)
    if mapping.stamp == "end":
        start, moved = _starts(frame["wall"], utc, moved, device, step, zone)
    else:
        start = utc
    seconds = (intervals.shift(start, step, zone, 1) - start).dt.total_seconds()
    demand = frame["kind"].eq("demand").to_numpy()
    hours = np.where(demand, seconds.to_numpy() / 3600, 1.0) if demand.any() else 1.0
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
    advanced, wrong, opening = registers.advances(frame)
    energy = advanced.assign(consumption=advanced["value"] * advanced["factor"])
    refused += refuse_values(wrong, mapping, wrong["reason"].tolist())
    return energy, refused, repeated, combined, opening
