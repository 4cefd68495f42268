"""Extract the numbers of a table by its layout: a reading a row, a column a meter, or a day a row.

Each `extract_…` takes the rows of the table, their local time and the mapping; it returns the frame that
`Measurements` describes, and refusals of what is no reading.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt
import pandas as pd

from services.messages import N_, gettext
from services.names import LONGEST, TOO_LONG, name_key, told_of
from services.readings import intervals, times
from services.readings.columns import columns_of_hours
from services.readings.mapping import SheetMapping
from services.readings.meter_names import device_names
from services.readings.parse_result import Refusal, refusals
from services.readings.row_columns import estimated
from services.readings.row_measures import MeasureCodes
from services.readings.units import meter_name
from services.sheets import cells, words
from services.sheets.words import is_total, plain

Values = npt.NDArray[np.float64]
Places = npt.NDArray[np.intp]

OPTIONAL = ("category", "location", "notes")
NUMBER = "number"
MISSING = {
    "date": N_("The date is missing."),
    "device": N_("The device is missing."),
    "consumption": N_("The consumption is missing."),
}
WRONG = {"date": N_("This is no date."), "consumption": N_("This is no number of {unit}.")}


def extract_long(
    table: pd.DataFrame, wall: pd.Series, mapping: SheetMapping, measures: MeasureCodes
) -> tuple[pd.DataFrame, list[Refusal]]:
    """Extract one reading for every row."""
    chosen = mapping.map.chosen()
    if "device" in chosen:
        device = device_names(table[chosen["device"]])
    else:
        device = _constant(mapping.device_name, len(table))
    value = cells.parse_numbers(table[chosen["consumption"]], mapping.decimal)
    frame = pd.DataFrame(
        {
            "device": device.array,
            "wall": wall.array,
            "measure": measures.codes(None, None, len(table)),
            "value": value.array,
            "row": table.index,
            **_optional(table, mapping),
            **_beside(table, mapping, wall),
        }
    )
    bad = {
        "date": wall.isna().to_numpy(),
        "device": frame["device"].eq("").to_numpy(),
        "consumption": value.isna().to_numpy(),
    }
    refused: list[Refusal] = []
    taken = np.ones(len(table), dtype=bool)
    for field, rows in bad.items():
        refused += _refused(table[rows & taken], chosen, field, mapping)
        taken &= ~rows
    return (frame if taken.all() else frame[taken].reset_index(drop=True)), refused


def _constant(name: str, count: int) -> pd.Series:
    return pd.Series(pd.Categorical.from_codes(np.zeros(count, dtype="int8"), categories=pd.Index([name])))


def _optional(table: pd.DataFrame, mapping: SheetMapping) -> dict[str, object]:
    chosen = mapping.map.chosen()
    found: dict[str, object] = {
        field: cells.text(table[chosen[field]]).array if field in chosen else "" for field in OPTIONAL
    }
    return found | ({NUMBER: cells.text(table[chosen[NUMBER]]).array} if NUMBER in chosen else {})


def _refused(rows: pd.DataFrame, chosen: dict[str, str], field: str, mapping: SheetMapping) -> list[Refusal]:
    """Return a refusal for each row whose field is missing or cannot be read."""
    if rows.empty:
        return []
    written = cells.text(rows[chosen[field]])
    if field == "date" and mapping.map.time:
        written = written.str.cat(cells.text(rows[mapping.map.time]), sep=" ").str.strip()
    sentence = WRONG.get(field, MISSING[field])
    wrong, missing = gettext(sentence, unit=mapping.unit), gettext(MISSING[field])
    return [
        Refusal(mapping.sheet, row, chosen[field], value, wrong if value else missing)
        for row, value in zip(rows.index.tolist(), written, strict=True)
    ]


def extract_wide(
    table: pd.DataFrame, wall: pd.Series, mapping: SheetMapping, measures: MeasureCodes
) -> tuple[pd.DataFrame, list[Refusal]]:
    """Extract one reading for every filled cell of a meter's column; an empty cell is a gap."""
    place = np.arange(len(table))
    table, wall, refused = _named(table.assign(**{PLACE: place}), wall, mapping, "date")
    if mapping.map.device:
        table, wall, nameless = _named(table, wall, mapping, "device")
        refused += nameless
    values, wrong = _numbers(table, mapping)
    row, meter = np.nonzero(~np.isnan(values))
    place = table[PLACE].to_numpy()
    if mapping.map.device:
        device = device_names(table[mapping.map.device]).array.take(row)
    else:
        device = pd.Categorical.from_codes(meter, categories=pd.Index(meter_names(mapping.meters)))
    frame = pd.DataFrame(
        {
            "device": device,
            "measure": measures.codes(place[row], meter, len(row)),
            "wall": wall.array.take(row),
            "column": pd.Categorical.from_codes(meter, categories=pd.Index(mapping.meters)),
            **_at(table, mapping, wall, values, row, meter),
        }
    )
    return frame, [*refused, *wrong]


def extract_hours(
    table: pd.DataFrame, wall: pd.Series, mapping: SheetMapping, measures: MeasureCodes
) -> tuple[pd.DataFrame, list[Refusal]]:
    """Extract one reading for every filled cell of a column of a time of the day; an empty cell is a gap."""
    table, wall, refused = _named(table.assign(**{PLACE: np.arange(len(table))}), wall, mapping, "date")
    device = _constant(mapping.device_name, len(table))
    if mapping.map.device:
        table, wall, nameless = _named(table, wall, mapping, "device")
        refused += nameless
        device = device_names(table[mapping.map.device])
    values, wrong = _numbers(table, mapping)
    row, column = np.nonzero(~np.isnan(values))
    since_midnight = np.array(list(columns_of_hours(mapping.meters).values()))
    midnight = wall.dt.normalize()
    if since_midnight.max() >= times.DAY and midnight.dt.tz is None:
        midnight = intervals.to_utc(midnight, device.cat.codes.to_numpy(), ZoneInfo(mapping.timezone))[0]
    elapsed = pd.to_timedelta(since_midnight[column], unit="s").as_unit("us")
    frame = pd.DataFrame(
        {
            "device": device.array.take(row),
            "measure": measures.codes(table[PLACE].to_numpy()[row], None, len(row)),
            "wall": pd.DatetimeIndex(midnight).take(row) + elapsed,
            "column": pd.Categorical.from_codes(column, categories=pd.Index(mapping.meters)),
            **_at(table, mapping, wall, values, row, column),
        }
    )
    return frame, [*refused, *wrong]


def _named(
    table: pd.DataFrame, wall: pd.Series, mapping: SheetMapping, field: str
) -> tuple[pd.DataFrame, pd.Series, list[Refusal]]:
    """Return the rows whose field is there, and refusals of the others."""
    chosen = mapping.map.chosen()
    missing = wall.isna() if field == "date" else device_names(table[chosen[field]]).eq("")
    lacking = missing.to_numpy()
    return table[~lacking], wall[~lacking], _refused(table[lacking], chosen, field, mapping)


def _numbers(table: pd.DataFrame, mapping: SheetMapping) -> tuple[Values, list[Refusal]]:
    """Return the numbers (rows, columns) of the columns that hold them, NaN where a cell has none."""
    values = cells.parse_number_columns(table, mapping.meters, mapping.decimal)
    refused: list[Refusal] = []
    reason = gettext(WRONG["consumption"], unit=mapping.unit)
    for position in np.flatnonzero(np.isnan(values).any(axis=0)):
        name = mapping.meters[position]
        wrong = table.loc[cells.filled(table[name]) & np.isnan(values[:, position]), name]
        refused += refusals(mapping.sheet, wrong.index, [name] * len(wrong), cells.text(wrong), reason)
    return values, refused


def _at(
    table: pd.DataFrame, mapping: SheetMapping, wall: pd.Series, values: Values, row: Places, column: Places
) -> dict[str, object]:
    """Return the fields of the readings at the places given that do not depend on the layout."""
    return {
        "value": values[row, column],
        "row": table.index.to_numpy()[row],
        **{name: cell[row] for name, cell in _beside(table, mapping, wall).items()},
        **{
            field: text if isinstance(text, str) else text.take(row)  # type: ignore[attr-defined]
            for field, text in _optional(table, mapping).items()
        },
    }


def meter_names(columns: tuple[str, ...]) -> list[str]:
    """Return each column's device: its heading, without the unit where that still is the only such one."""
    names = [meter_name(column) for column in columns]
    headings: defaultdict[str, set[str]] = defaultdict(set)
    for name, column in zip(names, columns, strict=True):
        headings[name_key(name)].add(name_key(column))
    count = Counter(names)
    return [
        name if count[name] == len(headings[name_key(name)]) == 1 else column
        for name, column in zip(names, columns, strict=True)
    ]


def _beside(table: pd.DataFrame, mapping: SheetMapping, wall: pd.Series) -> dict[str, np.ndarray]:
    """Return what other columns say of each row: the length of its interval, its multiplier, its quality."""
    beside, found = mapping.beside, {}
    if beside.end and beside.end in table.columns:
        found["length"] = _lengths(table, mapping, wall)
    elif beside.seconds and beside.seconds in table.columns:
        per = 60.0 if "min" in plain(beside.seconds) else 1.0
        found["length"] = cells.parse_numbers(table[beside.seconds], mapping.decimal).to_numpy() * per
    elif (
        mapping.map.date
        and mapping.layout != "hours"
        and (ends := times.parse_ends(table[mapping.map.date], day_first=bool(mapping.day_first))) is not None
    ):
        found["length"] = _whole((ends - wall).dt.total_seconds().to_numpy())
    if beside.multiplier and beside.multiplier in table.columns:
        found["multiplier"] = cells.parse_numbers(table[beside.multiplier], mapping.decimal).to_numpy()
    if beside.quality and beside.quality in table.columns:
        found["estimated"] = estimated(table[beside.quality])
    if beside.register and beside.register in table.columns:
        found["register"] = cells.text(table[beside.register]).to_numpy()
    return found


def _lengths(table: pd.DataFrame, mapping: SheetMapping, wall: pd.Series) -> np.ndarray:
    ends = times.parse_times(table[mapping.beside.end], day_first=bool(mapping.day_first))
    zone = ZoneInfo(mapping.timezone)
    if (ends.dt.tz is None) != (wall.dt.tz is None) or mapping.map.time:
        return np.full(len(table), np.nan)
    if wall.dt.tz is None:
        codes = np.zeros(len(table), "int64")
        begins, stops = intervals.to_utc(wall, codes, zone)[0], intervals.to_utc(ends, codes, zone)[0]
    else:
        begins, stops = wall, ends
    return _whole((stops - begins).dt.total_seconds().to_numpy())


def _whole(seconds: np.ndarray) -> np.ndarray:
    """Return lengths; where periods end with their last second, minute or day, that belongs to them."""
    known = seconds[np.isfinite(seconds)]
    if len(known):
        for last in (1, 60):
            if ((known + last) % 300 == 0).mean() > 0.9 and (known % 300 != 0).mean() > 0.9:
                seconds = seconds + last
    return np.where(seconds > 0, seconds, np.nan)


PLACE = "\0place"
"""A column with the positions of rows among all."""
NAMES = ("device", "number", "category", "location")
LAYOUTS = {"long": extract_long, "wide": extract_wide, "hours": extract_hours}


@dataclass(frozen=True)
class Measurements:
    """``frame``: device (categorical), wall (naive or UTC), value (as the sheet says it), measure (a code of
    ``measures``), row, the optional fields as text, and where the sheet says them length (s), multiplier,
    estimated and register."""

    frame: pd.DataFrame
    refused: list[Refusal]
    totals: int
    measures: MeasureCodes


def extract_measurements(table: pd.DataFrame, wall: pd.Series, mapping: SheetMapping) -> Measurements:
    """Return what the rows of a table measure; rows of sums are counted apart."""
    sums = _is_sum_row(table, wall, mapping)
    table, wall = (table[~sums], wall[~sums]) if sums.any() else (table, wall)
    endless = _refuse_long_names(table, mapping)
    if endless:
        named = ~table.index.isin([refusal.row for refusal in endless])
        table, wall = table[named], wall[named]
    table = _with_names_filled_down(table, wall, mapping)
    measures = MeasureCodes(mapping, table)
    frame, refused = LAYOUTS[mapping.layout](table, wall, mapping, measures)
    return Measurements(frame, [*endless, *refused], int(sums.sum()), measures)


def _with_names_filled_down(table: pd.DataFrame, wall: pd.Series, mapping: SheetMapping) -> pd.DataFrame:
    """Return the rows with the name that stands only in the first of each meter's, as in merged cells.

    Only where most rows have none, and none of a meter's rows would repeat a time: else a name is missing.
    """
    column = mapping.map.device
    if not column or table.empty:
        return table
    named = cells.filled(table[column])
    if not named[0] or named.mean() >= 0.5:
        return table
    block = np.cumsum(named)
    if pd.DataFrame({"block": block, "wall": wall.to_numpy()}).duplicated().any():
        return table
    return table.assign(**{column: table[column].where(named).ffill()})


def _refuse_long_names(table: pd.DataFrame, mapping: SheetMapping) -> list[Refusal]:
    """Return a refusal of each row with a name that is too long."""
    found: dict[int, Refusal] = {}
    chosen = mapping.map.chosen()
    for column in (chosen[field] for field in NAMES if field in chosen):
        if isinstance(table[column].dtype, pd.StringDtype):
            long = cells.text(table.loc[(table[column].str.len() > LONGEST).fillna(False), column])
            for row, name in long[long.str.len() > LONGEST].items():
                reason = gettext(TOO_LONG, **told_of(name))
                found.setdefault(int(str(row)), Refusal(mapping.sheet, int(str(row)), column, name, reason))
    return list(found.values())


def _is_sum_row(table: pd.DataFrame, wall: pd.Series, mapping: SheetMapping) -> np.ndarray:
    """Return rows without a time that are labelled as sums, or with a time where a device's name is."""
    undated = wall.isna().to_numpy()
    found = np.zeros(len(table), dtype=bool)
    if undated.any():
        rest = table[undated]
        for name in rest.columns:
            if isinstance(rest[name].dtype, pd.StringDtype):
                labels = [label for label in rest[name].dropna().unique() if is_total(label)]
                found[undated] |= rest[name].isin(labels).to_numpy()
    if mapping.layout == "long" and mapping.map.device:
        device = table[mapping.map.device]
        names = device.dropna().unique() if isinstance(device.dtype, pd.StringDtype) else ()
        labels = [name for name in names if plain(name) in words.TOTAL]
        if labels and len(labels) < len(names):
            found |= device.isin(labels).to_numpy()
    return found
