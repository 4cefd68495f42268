"""Map a sheet's columns to readings: what its header and cells tell, for a person to confirm or change."""

import hashlib
import json
import re
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import pandas as pd
import pyarrow.compute as pc

from services.errors import LoadlensError
from services.file_names import as_text
from services.messages import N_, gettext
from services.readings import intervals, registers, times
from services.readings.columns import (
    QUANTITY,
    Beside,
    ColumnMap,
    Content,
    assign_fields,
    column_contents,
    columns_of_hours,
    find_header,
    is_end,
    quantities,
)
from services.readings.measures import Measure, measure_of, names_no_meter
from services.readings.parse_result import LeftOut
from services.readings.row_columns import (
    find_beside,
    said_above,
    said_in_cells,
    tell_apart,
    used_by,
    with_device,
)
from services.readings.times import parse_local_times
from services.readings.units import Kind, Unit, foreign_unit, is_demand, is_pure, kind_of, meter_name, unit_of
from services.readings.value_columns import Reasons, choose_values
from services.sheets import cells, words
from services.sheets.cells import DecimalMark
from services.sheets.sources import Sheet
from services.sheets.words import plain
from services.utilities import Direction, Utility

Layout = Literal["long", "wide", "hours"]
Clock = Literal["local", "standard"]

HEADLESS = {
    "date": N_("{where} has no column of dates. Say which column holds them."),
    "meters": N_("{where} has no column of meters. Say which columns are meters."),
    "hours": N_("{where} has no column for each time of the day. Choose another layout."),
    "consumption": N_("{where} has no column of consumption. Say which column holds the kWh."),
}


class MappingRefused(LoadlensError):
    """What was decided or said about a sheet does not make readings of it."""


@dataclass(frozen=True)
class SheetMapping:
    """How a sheet's cells become readings."""

    sheet: str
    header: int
    """0-based row of the header's first line."""
    header_rows: int
    """1 or 2; 0 where the sheet begins with readings."""
    columns: tuple[str, ...]
    """Names of all columns from left to right, each once."""
    layout: Layout
    """A row a reading, a column a meter, or a row a day with a column for each time of it."""
    map: ColumnMap
    meters: tuple[str, ...]
    """The columns with numbers, unless it is one: of a wide sheet its meters, else its times of the day."""
    device_name: str
    """Of a long sheet without a column of devices: its one device."""
    kind: Kind
    unit: Unit
    decimal: DecimalMark
    day_first: bool | None
    """None: the dates do not tell, somebody has to."""
    stamp: Literal["start", "end"]
    interval_minutes: float | None
    """None: each meter's own, from its times."""
    timezone: str
    """IANA name of the zone of wall-clock times."""
    clock: Clock | None = None
    """Whether wall-clock times are set forward in spring; None: as the readings tell."""
    kind_from_numbers: bool = False
    """Whether only the numbers, which never fall, say that they are a register's."""
    beside: Beside = field(default_factory=Beside)
    utility: Utility | None = None
    """Of readings of which neither a heading nor a cell says it; so are ``direction`` and ``unit``."""
    direction: Direction | None = None
    unit_known: bool = False
    """Whether the sheet or somebody says ``unit``; else it is what electricity is usually counted in."""
    units: tuple[tuple[str, Unit], ...] = ()
    """Of columns of which somebody says it."""
    left_out: tuple[tuple[str, str], ...] = ()
    """Columns of numbers that are no readings, each with the key of the reason (`measures.REASONS`)."""


def find_problem(mapping: SheetMapping) -> MappingRefused | None:
    """Return what somebody has to say before the sheet can be imported; its ``str`` is the sentence."""
    where = gettext("Sheet “{sheet}”", sheet=mapping.sheet)
    if not mapping.map.date:
        return MappingRefused(HEADLESS["date"], where=where)
    if mapping.layout == "wide" and not mapping.meters:
        return MappingRefused(HEADLESS["meters"], where=where)
    if mapping.layout == "hours" and not mapping.meters:
        return MappingRefused(HEADLESS["hours"], where=where)
    if mapping.layout == "long" and not mapping.map.consumption:
        return MappingRefused(HEADLESS["consumption"], where=where)
    if mapping.day_first is None:
        return MappingRefused(
            "The dates in column “{column}” may begin with the day or with the month: nothing in the column "
            "tells. Say which comes first.",
            column=mapping.map.date,
        )
    return None


def looks_like_readings(mapping: SheetMapping) -> bool:
    """Return whether a sheet holds readings as far as can be told, so that it is imported unasked."""
    return bool(
        mapping.map.date and (mapping.map.consumption if mapping.layout == "long" else mapping.meters)
    )


def layout_fingerprint(sheet: Sheet, mapping: SheetMapping) -> str:
    """Return a fingerprint that files of the same layout share: their headings, in their order."""
    written = json.dumps([mapping.header_rows, *mapping.columns], ensure_ascii=False)
    return hashlib.sha256(written.encode()).hexdigest()


CELLS_THAT_TELL = 2_000_000
DEFAULT_NAME = re.compile(
    r"(?:sheet|tabelle|feuil|feuille|hoja|foglio|blad|sayfa|table)\s*\d*$", re.IGNORECASE
)


def infer_mapping(sheet: Sheet, timezone: str) -> SheetMapping:
    """Infer how to read a sheet from its own words and numbers; never raises for one with cells."""
    if sheet.is_described:
        return _as_described(sheet, timezone)
    header = find_header(sheet.head)
    frame = cells.rows_below(sheet, header.row + header.rows, header.names)
    said = said_above(sheet.head[: header.row])
    found = column_contents(frame)
    layout, column_map, meters, beside, left = _infer_layout(frame, found, said)
    values = list(meters) or [name for name in (column_map.consumption,) if name]
    in_cells = said_in_cells(frame, beside.measures)
    said = said.filled(in_cells)
    kind, unit, by_numbers, unit_known = _infer_kind_and_unit(frame, layout, column_map, values, said, beside)
    day_first = times.infer_day_first(frame[column_map.date]) if column_map.date else True
    column_map = _without_needless_time(frame, column_map, day_first, sheet.epoch_1904)
    return SheetMapping(
        sheet=sheet.name,
        header=header.row,
        header_rows=header.rows,
        columns=tuple(frame.columns),
        layout=layout,
        map=column_map,
        meters=meters,
        device_name=_device_name(sheet, header.row),
        kind=kind,
        unit=unit,
        decimal=cells.decimal_mark((frame[name] for name in values), sheet.delimiter),
        day_first=day_first,
        stamp="start"
        if kind == "register" or layout == "hours"
        else _infer_stamp(frame, column_map, day_first, sheet.epoch_1904, timezone),
        interval_minutes=None,
        timezone=timezone,
        kind_from_numbers=by_numbers,
        beside=beside,
        utility=said.utility,
        direction=said.direction,
        unit_known=unit_known,
        left_out=tuple(left.items()),
    )


def _as_described(sheet: Sheet, timezone: str) -> SheetMapping:
    """Return the mapping of a sheet whose reader says what each row is."""
    return SheetMapping(
        sheet=sheet.name,
        header=0,
        header_rows=1,
        columns=tuple(str(name) for name in sheet.head[0]),
        layout="long",
        map=ColumnMap(date="Start", device="Meter", consumption="Value"),
        meters=(),
        device_name="",
        kind="energy",
        unit="kWh",
        decimal=".",
        day_first=False,
        stamp="start",
        interval_minutes=None,
        timezone=timezone,
    )


Inferred = tuple[Layout, ColumnMap, tuple[str, ...], Beside, Reasons]


def _infer_layout(frame: pd.DataFrame, found: dict[str, Content], said: Measure) -> Inferred:
    """Return the layout, the columns of each field, the meters or times of the day, and the others."""
    if hours := columns_of_hours(list(frame.columns)):
        rest = {name: content for name, content in found.items() if name not in hours}
        column_map = with_device(frame, assign_fields(rest), rest)
        column_map, beside = find_beside(frame, _with_consumption(column_map, None), rest)
        numbers = [name for name in quantities(rest) if name not in column_map.chosen().values()]
        left = {name: measure_of(name).why or "beside" for name in numbers}
        return "hours", column_map, tuple(hours), beside, left
    column_map = with_device(frame, assign_fields(found), found)
    column_map, beside = find_beside(frame, column_map, found)
    taken = {*_with_consumption(column_map, None).chosen().values(), *used_by(beside)}
    candidates = [name for name, content in found.items() if content == "number" and name not in taken]
    in_cells = said_in_cells(frame, beside.measures)
    others = {name: measure_of(name).why or "word" for name in candidates if name not in quantities(found)}
    chosen, left = choose_values(
        frame, [name for name in candidates if name not in others], said, bool(column_map.device), in_cells
    )
    left = {**others, **left}
    column_map, beside = tell_apart(frame, column_map, beside, found)
    one = len(chosen) == 1 and (
        column_map.device is not None
        or is_pure(chosen[0])
        or _says_a_quantity(meter_name(chosen[0]))
        or names_no_meter(chosen[0])
    )
    if one or not chosen:
        return "long", _with_consumption(column_map, chosen[0] if chosen else None), (), beside, left
    return "wide", _with_consumption(column_map, None), tuple(chosen), beside, left


def _with_consumption(column_map: ColumnMap, consumption: str | None) -> ColumnMap:
    return ColumnMap(**{**vars(column_map), "consumption": consumption})


def _says_a_quantity(header: str) -> bool:
    return words.holds_word(plain(header), QUANTITY)


def _infer_kind_and_unit(
    frame: pd.DataFrame,
    layout: Layout,
    column_map: ColumnMap,
    values: list[str],
    above: Measure,
    beside: Beside,
) -> tuple[Kind, Unit, bool, bool]:
    """Return kind and unit, whether only the numbers say the kind, and whether anything says the unit."""
    said = [kind for kind in (*map(kind_of, values), above.kind) if kind]
    units = [unit for unit in (*map(unit_of, values), above.unit) if unit]
    if units and is_demand(units[0]):
        return "demand", units[0], False, True
    if said and said[0] == "demand":
        return "demand", units[0] if units else "kW", False, bool(units)
    unit: Unit = units[0] if units else "kWh"
    if said and said[0] == "register":
        return "register", unit, False, bool(units)
    sample = frame.iloc[: CELLS_THAT_TELL // max(1, len(values))]
    times = registers.TIMES_AS_BIG_WHATEVER_IS_SAID if said else registers.TIMES_AS_BIG
    by_numbers = layout != "hours" and not beside.end and _never_fall(sample, column_map, values, times)
    return ("register" if by_numbers else "energy"), unit, by_numbers, bool(units)


def _never_fall(frame: pd.DataFrame, column_map: ColumnMap, values: list[str], times: float) -> bool:
    mark = cells.decimal_mark(frame[name] for name in values)
    if not values:
        return False
    if column_map.date:
        frame = frame[_has_digits(frame[column_map.date])]
    number = cells.parse_number_columns(frame, values, mark).T.ravel()
    if column_map.device and len(values) == 1:
        device = pd.factorize(cells.text(frame[column_map.device]))[0]
    elif column_map.device:
        each = pd.factorize(cells.text(frame[column_map.device]))[0]
        device = np.concatenate([each + place * (each.max(initial=0) + 1) for place in range(len(values))])
    else:
        device = np.repeat(np.arange(len(values)), len(frame))
    known = np.isfinite(number)
    return registers.never_fall(device[known], number[known], times)


def _has_digits(dates: pd.Series) -> np.ndarray:
    """Return which cells may hold a date: below the readings a row of sums has a word there, or nothing."""
    if not isinstance(dates.dtype, pd.StringDtype):
        return dates.notna().to_numpy()
    found = pc.match_substring_regex(cells.trimmed(dates), r"\d")
    result: np.ndarray = found.to_numpy(zero_copy_only=False)
    return result


def _without_needless_time(
    frame: pd.DataFrame, column_map: ColumnMap, day_first: bool | None, epoch_1904: bool
) -> ColumnMap:
    """Return a column of dates that says the time of the day too needs none beside it."""
    if not column_map.time or not column_map.date:
        return column_map
    dates = times.parse_times(
        frame[column_map.date], day_first=day_first is not False, epoch_1904=epoch_1904
    ).dropna()
    if dates.eq(dates.dt.normalize()).all():
        return column_map
    return ColumnMap(**{**vars(column_map), "time": None})


OFFSET = re.compile(r"(?<=\d:\d\d)(?::\d\d(?:\.\d+)?)?\s*[+-]\d\d:?\d\d$")
"""Behind a time of the day, with the seconds before it."""


def _infer_stamp(
    frame: pd.DataFrame, column_map: ColumnMap, day_first: bool | None, epoch_1904: bool, timezone: str
) -> Literal["start", "end"]:
    named = column_map.time or column_map.date
    if not named or not column_map.date:
        return "start"
    if is_end(named) or (is_end(column_map.date) and not column_map.time):
        return "end"
    written = frame[named]
    if (
        isinstance(written.dtype, pd.StringDtype)
        and pc.any(pc.match_substring_regex(cells.trimmed(written), r"(?:^|[\sT])24[:.h]00")).as_py()
    ):
        return "end"
    clock = frame[column_map.time] if column_map.time else None
    date, first = frame[column_map.date], day_first is not False
    wall = parse_local_times(date, clock, day_first=first, epoch_1904=epoch_1904)
    if wall.dt.tz is not None and isinstance(date.dtype, pd.StringDtype):
        # The clock that wrote an offset is the one whose days begin at midnight.
        bare = cells.text(date).str.replace(OFFSET, "", regex=True).astype("str")
        wall = parse_local_times(bare, clock, day_first=first, epoch_1904=epoch_1904)
    if wall.dt.tz is not None:
        try:
            wall = wall.dt.tz_convert(timezone).dt.tz_localize(None)
        except (KeyError, ValueError, OSError):  # no zone of that name, which parsing says
            wall = wall.dt.tz_localize(None)
    return "end" if intervals.ends_days(wall) else "start"


def _device_name(sheet: Sheet, header: int) -> str:
    """Return the meter that a title line names, else the sheet or the file."""
    for row in sheet.head[:header]:
        filled = [cell.strip() for cell in row if cell and cell.strip()]
        label, _, name = filled[0].partition(":") if filled else ("", "", "")
        if plain(label) in words.DEVICE and (name.strip() or len(filled) > 1):
            return name.strip() or filled[1]
    file = as_text(sheet.path.name)
    return as_text(sheet.path.stem) if sheet.name == file or DEFAULT_NAME.match(sheet.name) else sheet.name


def columns_left(mapping: SheetMapping) -> list[LeftOut]:
    """Return the columns of numbers that are not read, with the reasons as sentences."""
    chosen = {*mapping.map.chosen().values(), *mapping.meters}
    return [
        LeftOut(mapping.sheet, column, Measure(why=why, foreign=foreign_unit(column) or "").reason())
        for column, why in mapping.left_out
        if column not in chosen
    ]
