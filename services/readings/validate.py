"""From a table of raw cells to readings, and to the rows that are none."""

from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import pandas as pd

from services.readings import cells
from services.readings.columns import ColumnMap, kwh_per_unit
from services.readings.interpretation.outcome import Readings, Refusal
from services.readings.interpretation.plan import MappingRefused
from services.readings.read import Table

IDENTITY = ["device", "date"]
OPTIONAL = ["category", "location", "notes"]

HEADLESS = {
    "date": "{where} has no column of dates. Say which column holds them.",
    "device": "{where} has no column of devices. Say which column names the device or meter.",
    "consumption": "{where} has no column of consumption. Say which column holds the kWh.",
}


def validate(table: Table, column_map: ColumnMap, timezone: str) -> Readings:
    """Readings in the columns named, their wall-clock times read in the time zone (IANA name).

    Raises `MappingRefused` when a needed column is not named or not there, or the time zone unknown.
    """
    _check(table, column_map)
    zone = _zone(timezone)
    blank = table.frame.replace(r"^\s*$", None, regex=True).isna().all(axis=1).to_numpy()
    raw = table.frame[~blank]
    chosen = column_map.chosen()
    wall = cells.times(raw[chosen["date"]])
    device = cells.text(raw[chosen["device"]])
    frame = pd.DataFrame(
        {
            "device": device,
            "date": cells.to_utc(wall, device, zone),
            "consumption": cells.numbers(raw[chosen["consumption"]]) * kwh_per_unit(chosen["consumption"]),
            **{field: cells.text(raw[chosen[field]]) if field in chosen else "" for field in OPTIONAL},
            "row": table.row_number(0) + raw.index.to_numpy(),
        }
    )
    moved = _moved(frame["date"], wall, timezone)
    refused = _unreadable(frame, raw, chosen)
    readable = frame["device"].ne("") & frame["date"].notna() & frame["consumption"].notna()
    whole, combined = _combined(frame[readable], moved[readable])
    distinct, repeated, contradicting = _distinct(whole, chosen["consumption"])
    refused = sorted([*refused, *contradicting], key=lambda refusal: refusal.row)
    return Readings(distinct, refused, len(raw), repeated, combined)


def _zone(timezone: str) -> ZoneInfo:
    try:
        return ZoneInfo(timezone)
    except (ZoneInfoNotFoundError, ValueError):
        raise MappingRefused(
            "There is no time zone “{timezone}”. Name one like Europe/Berlin.", timezone=timezone
        ) from None


def _check(table: Table, column_map: ColumnMap) -> None:
    where = f"Sheet “{table.sheet}” of {table.path.name}"
    for field in column_map.missing():
        raise MappingRefused(HEADLESS[field], where=where)
    for column in column_map.chosen().values():
        if column not in table.columns:
            raise MappingRefused(
                "{where} has no column “{column}”. Its columns are: {columns}.",
                where=where,
                column=column,
                columns=", ".join(table.columns),
            )
    if cells.times(table.frame[column_map.chosen()["date"]]).isna().all():
        raise MappingRefused(
            "{where} has no dates in column “{column}”. Choose the column that holds them.",
            where=where,
            column=column_map.date,
        )


def _unreadable(frame: pd.DataFrame, raw: pd.DataFrame, chosen: dict[str, str]) -> list[Refusal]:
    """A refusal for each row's first cell that cannot be read."""
    refused: dict[int, Refusal] = {}
    for field, empty, wrong in (
        ("date", "The date is missing.", "This is no date."),
        ("device", "The device is missing.", ""),
        ("consumption", "The consumption is missing.", "This is no number of kWh."),
    ):
        bad = frame[field].isna() | frame[field].eq("")
        written = cells.text(raw.loc[bad, chosen[field]])
        for row, value in zip(frame.loc[bad, "row"], written, strict=True):
            refused.setdefault(row, Refusal(int(row), chosen[field], value, wrong if value else empty))
    return list(refused.values())


def _moved(date: pd.Series, wall: pd.Series, timezone: str) -> pd.Series:
    if wall.dt.tz is not None:
        return pd.Series(data=False, index=wall.index)
    read_back: pd.Series = date.dt.tz_convert(timezone).dt.tz_localize(None)
    return date.notna() & read_back.ne(wall)


def _combined(frame: pd.DataFrame, moved: pd.Series) -> tuple[pd.DataFrame, int]:
    """Readings with the energy of moved rows added to those that they fall on; how many rows that took."""
    if not moved.any():
        return frame, 0
    shared = frame.duplicated(IDENTITY, keep=False)
    meets_moved = shared & moved.groupby([frame["device"], frame["date"]]).transform("any")
    sums = frame[meets_moved].groupby(IDENTITY)["consumption"].sum()
    kept = frame[~(meets_moved & frame.duplicated(IDENTITY))].copy()
    changed = meets_moved[kept.index]
    kept.loc[changed, "consumption"] = sums.loc[
        pd.MultiIndex.from_frame(kept.loc[changed, IDENTITY])
    ].to_numpy()
    return kept, len(frame) - len(kept)


def _distinct(frame: pd.DataFrame, column: str) -> tuple[pd.DataFrame, int, list[Refusal]]:
    """Each reading once; how many rows only repeat one, and a refusal for each that contradicts one."""
    again = frame.duplicated(IDENTITY)
    if not again.any():
        return frame, 0, []
    first = frame[~again]
    later = frame[again].merge(first[[*IDENTITY, "consumption", "row"]], on=IDENTITY, suffixes=("", "_first"))
    differing = later[later["consumption"] != later["consumption_first"]]
    refused = [
        Refusal(int(row), column, f"{value:g}", f"Row {earlier} has another value for this device and time.")
        for row, value, earlier in zip(
            differing["row"], differing["consumption"], differing["row_first"], strict=True
        )
    ]
    return first, len(later) - len(differing), refused
