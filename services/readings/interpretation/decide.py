"""What a sheet's header and cells say about how they become readings."""

import re
from typing import Literal

import numpy as np
import pandas as pd
import pyarrow.compute as pc

from services.file_names import as_text
from services.readings.interpretation import cells, intervals, numbers, registers, table, times, words
from services.readings.interpretation.columns import (
    QUANTITY,
    ColumnMap,
    Content,
    assign,
    contents,
    is_end,
    preference,
    quantities,
)
from services.readings.interpretation.header import find_header
from services.readings.interpretation.hours import columns_of_hours
from services.readings.interpretation.plan import Layout, Plan
from services.readings.interpretation.units import Kind, Unit, is_pure, kind_of, meter_name, unit_of
from services.readings.interpretation.wall import wall_clock
from services.readings.interpretation.words import is_total, plain
from services.readings.sources.sheet import Sheet

CELLS_THAT_TELL = 2_000_000
DEFAULT_NAME = re.compile(
    r"(?:sheet|tabelle|feuil|feuille|hoja|foglio|blad|sayfa|table)\s*\d*$", re.IGNORECASE
)


def decide(sheet: Sheet, timezone: str) -> Plan:
    """How to read a sheet, as far as its own words and numbers tell; never raises for one with cells."""
    header = find_header(sheet.head)
    frame = table.below(sheet, header.row + header.rows, header.names)
    layout, column_map, meters = _layout(frame)
    values = list(meters) or [name for name in (column_map.consumption,) if name]
    kind, unit, by_numbers = _kind_and_unit(frame, layout, column_map, values)
    day_first = times.day_first(frame[column_map.date]) if column_map.date else True
    column_map = _without_needless_time(frame, column_map, day_first, sheet.epoch_1904)
    return Plan(
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
        decimal=numbers.decimal_mark(frame[name] for name in values),
        day_first=day_first,
        stamp="start"
        if kind == "register" or layout == "hours"
        else _stamp(frame, column_map, day_first, sheet.epoch_1904),
        interval_minutes=None,
        timezone=timezone,
        kind_from_numbers=by_numbers,
    )


def _layout(frame: pd.DataFrame) -> tuple[Layout, ColumnMap, tuple[str, ...]]:
    """The layout with the columns of each field, and those that are meters or times of the day."""
    if hours := columns_of_hours(list(frame.columns)):
        return "hours", _with(assign(contents(frame.drop(columns=list(hours)))), None), tuple(hours)
    found = contents(frame)
    column_map, meters = _long_or_wide(found, assign(found))
    return "wide" if meters else "long", column_map, meters


def _long_or_wide(found: dict[str, Content], column_map: ColumnMap) -> tuple[ColumnMap, tuple[str, ...]]:
    """The columns of a long sheet, or with the meters of a wide one."""
    meters = _meters([name for name in quantities(found) if not is_pure(name)])
    named = column_map.device or column_map.consumption
    if not meters or (column_map.device and column_map.consumption):
        return column_map, ()
    only_one = len(meters) == 1 and _says_a_quantity(meter_name(meters[0]))
    if column_map.device or (named and len(meters) < 2) or only_one:
        return _with(column_map, column_map.consumption or min(meters, key=preference)), ()
    if column_map.consumption and not any(map(unit_of, meters)):
        return column_map, ()
    return _with(column_map, None), meters


def _with(column_map: ColumnMap, consumption: str | None) -> ColumnMap:
    return ColumnMap(**{**vars(column_map), "consumption": consumption})


def _says_a_quantity(header: str) -> bool:
    return words.holds_word(plain(header), QUANTITY)


def _meters(columns: list[str]) -> tuple[str, ...]:
    """Columns of one kind of number, without those of their sums."""
    single = [name for name in columns if not is_total(meter_name(name))] or columns
    measured = [name for name in single if unit_of(name)] or single
    ranks = {name: max(preference(name)[0], 1) for name in measured}
    best = min(ranks.values(), default=0)
    return tuple(name for name, rank in ranks.items() if rank == best)


def _kind_and_unit(
    frame: pd.DataFrame, layout: Layout, column_map: ColumnMap, values: list[str]
) -> tuple[Kind, Unit, bool]:
    said = [kind for kind in map(kind_of, values) if kind]
    units = [unit for unit in (*map(unit_of, values), _unit_beside(frame)) if unit]
    if said and said[0] == "demand":
        return "demand", units[0] if units else "kW", False
    if units and not units[0].endswith("h"):
        return "demand", units[0], False
    unit: Unit = units[0] if units else "kWh"
    if said:
        return said[0], unit, False
    by_numbers = layout != "hours" and _never_fall(
        frame.iloc[: CELLS_THAT_TELL // max(1, len(values))], column_map, values
    )
    return ("register" if by_numbers else "energy"), unit, by_numbers


def _unit_beside(frame: pd.DataFrame) -> Unit | None:
    """The unit that a column of units names in its every row."""
    for name in frame.columns:
        if plain(name) in {"unit", "units", "einheit", "unite", "unidad", "unita", "eenheid", "birim"}:
            said = {unit_of(written) for written in cells.text(cells.sample(frame[name])).unique()}
            if len(said) == 1:
                return said.pop()
    return None


def _never_fall(frame: pd.DataFrame, column_map: ColumnMap, values: list[str]) -> bool:
    mark = numbers.decimal_mark(frame[name] for name in values)
    if not values:
        return False
    number = numbers.parse_columns(frame, values, mark).T.ravel()
    if column_map.device:
        device = pd.factorize(cells.text(frame[column_map.device]))[0]
    else:
        device = np.repeat(np.arange(len(values)), len(frame))
    known = np.isfinite(number)
    return registers.never_fall(device[known], number[known])


def _without_needless_time(
    frame: pd.DataFrame, column_map: ColumnMap, day_first: bool | None, epoch_1904: bool
) -> ColumnMap:
    """A column of dates that says the time of the day too needs none beside it."""
    if not column_map.time or not column_map.date:
        return column_map
    dates = times.parse(
        frame[column_map.date], day_first=day_first is not False, epoch_1904=epoch_1904
    ).dropna()
    if dates.eq(dates.dt.normalize()).all():
        return column_map
    return ColumnMap(**{**vars(column_map), "time": None})


def _stamp(
    frame: pd.DataFrame, column_map: ColumnMap, day_first: bool | None, epoch_1904: bool
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
    wall = wall_clock(frame, column_map, day_first=day_first is not False, epoch_1904=epoch_1904)
    return "end" if intervals.ends_days(wall) else "start"


def _device_name(sheet: Sheet, header: int) -> str:
    """The meter that a title line names, else the sheet or the file."""
    for row in sheet.head[:header]:
        filled = [cell.strip() for cell in row if cell and cell.strip()]
        label, _, name = filled[0].partition(":") if filled else ("", "", "")
        if plain(label) in words.DEVICE and (name.strip() or len(filled) > 1):
            return name.strip() or filled[1]
    file = as_text(sheet.path.name)
    return as_text(sheet.path.stem) if sheet.name == file or DEFAULT_NAME.match(sheet.name) else sheet.name
