"""Keep each reading once: within a sheet and across the sheets of a file."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Literal

import numpy as np
import pandas as pd

from services.messages import gettext
from services.names import name_key
from services.readings.mapping import SheetMapping
from services.readings.meter_names import MARKS, Meter, first_spellings, split_by_mark, with_mark
from services.readings.parse_result import Readings, Refusal, values_of

IDENTITY = ["device", "date"]
VALUES = ["consumption", "value"]


def deduplicate(
    frame: pd.DataFrame, mapping: SheetMapping, together: Literal["sum", "max"]
) -> tuple[pd.DataFrame, list[Refusal], int, int]:
    """Return rows (device, date, consumption, value, moved, row) with each device and date once.

    Returns them, a refusal for each that contradicts an earlier one, how many only repeat one, and how
    many spring's missing hour moved onto another: those are taken ``together``.
    """
    shared = _is_shared(frame)
    if not shared.any():
        return frame, [], 0, 0
    whole, combined = _combine_moved(frame[shared], together)
    first, repeated, refused = _keep_first(whole, mapping)
    kept = ~shared
    kept[frame.index.get_indexer(first.index)] = True
    taken = frame[kept]
    taken.loc[first.index, VALUES] = first[VALUES]
    return taken, refused, repeated, combined


def _is_shared(frame: pd.DataFrame) -> np.ndarray:
    """Return which rows are not the only ones of their device and date."""
    device = frame["device"].cat.codes.to_numpy()
    date = pd.DatetimeIndex(frame["date"]).asi8
    order = np.lexsort((date, device))
    same = (np.diff(device[order]) == 0) & (np.diff(date[order]) == 0)
    shared = np.zeros(len(frame), dtype=bool)
    shared[order[1:][same]] = True
    shared[order[:-1][same]] = True
    return shared


def _combine_moved(frame: pd.DataFrame, together: Literal["sum", "max"]) -> tuple[pd.DataFrame, int]:
    groups = frame.groupby(IDENTITY, observed=True)
    meets = groups["moved"].transform("any")
    if not meets.any():
        return frame, 0
    taken = groups[VALUES].transform(together)
    kept = frame[~(meets & frame.duplicated(IDENTITY))].copy()
    rows = kept.index[meets[kept.index]]
    kept.loc[rows, VALUES] = taken.loc[rows]
    return kept, len(frame) - len(kept)


def _keep_first(frame: pd.DataFrame, mapping: SheetMapping) -> tuple[pd.DataFrame, int, list[Refusal]]:
    again = frame.duplicated(IDENTITY)
    first = frame[~again]
    told = [*IDENTITY, "value", "row", *(["spelling"] if "spelling" in frame else [])]
    later = frame[again].merge(first[told], on=IDENTITY, suffixes=("", "_first"))
    differing = later[later["value"] != later["value_first"]]
    return first, len(later) - len(differing), refuse_values(differing, mapping, _reasons(differing))


def _reasons(rows: pd.DataFrame) -> list[str]:
    if "spelling" not in rows:
        return [_another_value(row) for row in rows["row_first"]]
    spellings = zip(rows["row_first"], rows["spelling"], rows["spelling_first"], strict=True)
    return [
        _another_value(row)
        if name == earlier
        else gettext(
            "Row {row} has another value for “{name}”, which is the same device, at this time.",
            row=row,
            name=earlier,
        )
        for row, name, earlier in spellings
    ]


def _another_value(row: int) -> str:
    return gettext("Row {row} has another value for this device and time.", row=row)


def refuse_values(rows: pd.DataFrame, mapping: SheetMapping, reasons: Sequence[str]) -> list[Refusal]:
    """Return a refusal of each row's value, below the heading where it stands, for its reason."""
    columns = rows["column"] if "column" in rows else [mapping.map.consumption or ""] * len(rows)
    return [
        Refusal(mapping.sheet, int(row), str(column), f"{value:.15g}", reason)
        for row, column, value, reason in zip(rows["row"], columns, rows["value"], reasons, strict=True)
    ]


def combine_sheets(found: Sequence[tuple[SheetMapping, Readings]]) -> Readings:
    """Return all readings, each once: of one that two sheets hold the first counts.

    One that says the same again is repeated, one that says another value is refused. What sheets hold of
    one name is told apart as what one sheet holds of it.
    """
    if len(found) == 1:
        return found[0][1]
    found = _apart(found)
    frame = pd.concat([readings.frame for _, readings in found], ignore_index=True)
    if "estimated" in frame:
        frame["estimated"] = frame["estimated"].eq(True)
    sheet = np.repeat(np.arange(len(found)), [len(readings.frame) for _, readings in found])
    frame, meters = _split_meters(frame, [readings for _, readings in found])
    if earlier := first_spellings(frame["device"].unique()):
        frame["device"] = frame["device"].replace(earlier)
    again = frame.duplicated(IDENTITY).to_numpy()
    later = frame[again].assign(sheet=sheet[again])
    first = frame[~again].assign(sheet=sheet[~again])
    both = later.merge(first, on=IDENTITY, suffixes=("", "_first"))
    differing = both[values_of(both) != values_of(both, "_first")]
    refused = [refusal for _, readings in found for refusal in readings.refused]
    refused += _refusals([mapping for mapping, _ in found], differing)
    counts = {
        count: sum(getattr(readings, count) for _, readings in found)
        for count in ("rows_read", "repeated", "combined", "totals", "opening")
    }
    counts["repeated"] += len(both) - len(differing)
    once = first.drop(columns="sheet").reset_index(drop=True)
    offsets = (readings.utc_offset_minutes for _, readings in found)
    offset = next((minutes for minutes in offsets if minutes is not None), None)
    left = tuple(part for _, readings in found for part in readings.columns_left)
    return Readings(once, refused, **counts, meters=meters, utc_offset_minutes=offset, columns_left=left)


def _apart(found: Sequence[tuple[SheetMapping, Readings]]) -> Sequence[tuple[SheetMapping, Readings]]:
    """Return the readings with what one name measures in several sheets under different names."""
    measured: dict[str, set[tuple[object, object]]] = {}
    for _, readings in found:
        for name in readings.frame["device"].unique():
            measured.setdefault(name_key(name), set()).add(_measured_in(readings, name))
    several = {key for key, kinds in measured.items() if len(kinds) > 1}
    if not several:
        return found
    return [(mapping, _marked(readings, several)) for mapping, readings in found]


def _measured_in(readings: Readings, name: str) -> tuple[str, str]:
    meter = readings.meters.get(name_key(name), Meter(name))
    return meter.utility or "electricity", meter.direction or "consumption"


def _marked(readings: Readings, several: set[str]) -> Readings:
    names = {}
    for name in readings.frame["device"].unique():
        utility, direction = _measured_in(readings, name)
        if name_key(name) in several and (utility, direction) != ("electricity", "consumption"):
            mark = utility if utility != "electricity" else ""
            names[name] = with_mark(
                name, " ".join(filter(None, (mark, direction if direction != "consumption" else "")))
            )
    if not names:
        return readings
    meters = {
        name_key(names.get(meter.name, meter.name)): replace(meter, name=names.get(meter.name, meter.name))
        for meter in readings.meters.values()
    }
    return replace(
        readings, frame=readings.frame.assign(device=readings.frame["device"].replace(names)), meters=meters
    )


def _split_meters(frame: pd.DataFrame, told: Sequence[Readings]) -> tuple[pd.DataFrame, dict[str, Meter]]:
    """Return the rows, different meters of one name under different names, whichever sheets they are in."""
    meters = [meter for readings in told for meter in readings.meters.values()]
    if not meters:
        return frame, {}
    forced = {(name_key(meter.name), field) for meter in meters for field in meter.split_by}
    named = frame.assign(**pd.concat([_as_told(readings) for readings in told], ignore_index=True))
    split, found = split_by_mark(named, "date", MARKS, forced)
    frame = split.astype({"device": "str"}).drop(columns="number")
    return frame, found | _measured(list(frame["device"].unique()), meters, found)


def _measured(names: Sequence[str], told: Sequence[Meter], found: Mapping[str, Meter]) -> dict[str, Meter]:
    """Return what the sheets tell of how each device measures, beside what is ``found`` of it."""
    fields = ("utility", "direction", "unit")
    known = {name_key(meter.name): meter for meter in told if any(getattr(meter, f) for f in fields)}
    measured: dict[str, Meter] = {}
    for name in names:
        meter = found.get(name_key(name), Meter(name))
        if like := known.get(name_key(meter.name)):
            measured[name_key(name)] = replace(meter, **{field: getattr(like, field) for field in fields})
    return measured


def _as_told(readings: Readings) -> pd.DataFrame:
    """Return the device and the number of each row as its sheet says them."""
    codes, names = pd.factorize(readings.frame["device"])
    meters = [readings.meters.get(name_key(name), Meter(name)) for name in names]
    told = {
        "device": pd.Index([meter.name for meter in meters], dtype="str"),
        "number": pd.Index(["".join(meter.numbers[-1:]) for meter in meters], dtype="str"),
    }
    return pd.DataFrame({column: of_device.take(codes) for column, of_device in told.items()})


def _refusals(mappings: Sequence[SheetMapping], rows: pd.DataFrame) -> list[Refusal]:
    return [
        Refusal(
            mappings[row["sheet"]].sheet,
            row["row"],
            mappings[row["sheet"]].map.consumption or row["device"],
            f"{row['consumption']:.15g}",
            gettext(
                "Sheet “{sheet}”, row {row} has another value for this device and time.",
                sheet=mappings[row["sheet_first"]].sheet,
                row=row["row_first"],
            ),
        )
        for row in rows.to_dict("records")
    ]
