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
from services.readings.units import UNITS, meter_name, unit_of
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
    table: pd.DataFrame, wall: pd.Series, mapping: SheetMapping
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
            "value": value.array,
            "factor": UNITS[mapping.unit].factor,
            "row": table.index,
            **_optional(table, mapping),
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
    table: pd.DataFrame, wall: pd.Series, mapping: SheetMapping
) -> tuple[pd.DataFrame, list[Refusal]]:
    """Extract one reading for every filled cell of a meter's column; an empty cell is a gap."""
    table, wall, refused = _named(table, wall, mapping, "date")
    values, wrong = _numbers(table, mapping)
    row, meter = np.nonzero(~np.isnan(values))
    names = meter_names(mapping.meters)
    frame = pd.DataFrame(
        {
            "device": pd.Categorical.from_codes(meter, categories=pd.Index(names)),
            "wall": wall.array.take(row),
            "column": pd.Categorical.from_codes(meter, categories=pd.Index(mapping.meters)),
            **_at(table, mapping, values, row, meter),
        }
    )
    return frame, [*refused, *wrong]


def extract_hours(
    table: pd.DataFrame, wall: pd.Series, mapping: SheetMapping
) -> tuple[pd.DataFrame, list[Refusal]]:
    """Extract one reading for every filled cell of a column of a time of the day; an empty cell is a gap."""
    table, wall, refused = _named(table, wall, mapping, "date")
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
            "wall": pd.DatetimeIndex(midnight).take(row) + elapsed,
            "column": pd.Categorical.from_codes(column, categories=pd.Index(mapping.meters)),
            **_at(table, mapping, values, row, column),
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
    table: pd.DataFrame, mapping: SheetMapping, values: Values, row: Places, column: Places
) -> dict[str, object]:
    """Return the fields of the readings at the places given that do not depend on the layout."""
    return {
        "value": values[row, column],
        "factor": _factors(mapping)[column],
        "row": table.index.to_numpy()[row],
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


def _factors(mapping: SheetMapping) -> np.ndarray:
    """Return each column's factor to kWh or kW: by its heading's unit if these differ, else the mapping's."""
    units = [unit_of(column) or mapping.unit for column in mapping.meters]
    if len(set(units)) == 1:
        units = [mapping.unit] * len(units)
    return np.array([UNITS[unit].factor for unit in units])


NAMES = ("device", "number", "category", "location")
LAYOUTS = {"long": extract_long, "wide": extract_wide, "hours": extract_hours}


@dataclass(frozen=True)
class Measurements:
    """``frame``: device (categorical), wall (naive or UTC), value (as the sheet says it), factor (to kWh or
    kW), row, and the optional fields as text."""

    frame: pd.DataFrame
    refused: list[Refusal]
    totals: int


def extract_measurements(table: pd.DataFrame, wall: pd.Series, mapping: SheetMapping) -> Measurements:
    """Return what the rows of a table measure; rows of sums are counted apart."""
    sums = _is_sum_row(table, wall, mapping)
    table, wall = (table[~sums], wall[~sums]) if sums.any() else (table, wall)
    endless = _refuse_long_names(table, mapping)
    if endless:
        named = ~table.index.isin([refusal.row for refusal in endless])
        table, wall = table[named], wall[named]
    frame, refused = LAYOUTS[mapping.layout](table, wall, mapping)
    return Measurements(frame, [*endless, *refused], int(sums.sum()))


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
