"""Parse a sheet of which each row says what it is: whose, how much of what, which way, when and how long.

Nothing of it is inferred: the reader of the format (`services.readers.series`) knew.
"""

from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from services.messages import N_, gettext
from services.names import check_name, name_key
from services.readings import intervals, registers
from services.readings.deduplicate import deduplicate, refuse_values
from services.readings.layouts import OPTIONAL
from services.readings.mapping import MappingRefused, SheetMapping
from services.readings.meter_names import Meter
from services.readings.parse_result import Readings
from services.sheets.cells import LARGEST
from services.sheets.sources import Sheet
from services.units import UNITS, is_energy

TOO_LARGE = N_("This is no number of {unit}.")
COLUMNS = ["device", "date", "consumption", *OPTIONAL, "row", "seconds", "quantity", "estimated"]


def parse_described(sheet: Sheet, mapping: SheetMapping, zone: ZoneInfo) -> Readings:
    """Return the readings of a sheet that `Sheet.is_described`; ``zone`` is that of its wall times, if any.

    Raises `MappingRefused` for a name that no meter can have, and where no length of an interval is told.
    """
    rows = sheet.body(1).set_axis([str(name) for name in sheet.head[0]], axis=1)
    kind, unit = str(rows["Kind"].iloc[0]), str(rows["Unit"].iloc[0])
    for name in rows["Meter"].unique():
        check_name(name, MappingRefused)
    frame = pd.DataFrame(
        {
            "device": rows["Meter"].astype("category"),
            "value": rows["Value"],
            "row": np.arange(2, 2 + len(rows)),
            "estimated": rows["Quality"].eq("estimated") if "Quality" in rows else False,
            "stated": rows.get("Interval", np.nan),
            **dict.fromkeys(OPTIONAL, ""),
        }
    )
    codes = frame["device"].cat.codes.to_numpy().astype("int32")
    frame["date"], frame["moved"] = intervals.to_utc(rows["Start"], codes, zone)
    frame["consumption"] = frame["value"]
    good = frame["value"].abs() < LARGEST
    too_large = gettext(TOO_LARGE, unit=unit)
    refused = refuse_values(frame[~good], mapping, [too_large] * int((~good).sum()))
    frame, contradicting, repeated, combined = deduplicate(
        frame[good].reset_index(drop=True), mapping, "max" if kind == "register" else "sum"
    )
    refused += contradicting
    opening = 0
    if kind == "register":
        frame, wrong, opening = registers.advances(frame)
        refused += refuse_values(wrong, mapping, wrong["reason"].tolist())
    else:
        frame = frame.assign(seconds=_seconds(sheet, frame))
    frame = _in_kwh(frame, kind, unit).astype({"device": "str", "row": "int64", "seconds": "int64"})
    return Readings(
        frame[COLUMNS].reset_index(drop=True),
        sorted(refused, key=lambda refusal: refusal.row),
        len(rows) - opening,
        repeated,
        combined,
        opening=opening,
        meters=_meters(rows, "kWh" if kind == "demand" else unit),
    )


def _seconds(sheet: Sheet, frame: pd.DataFrame) -> np.ndarray:
    """Return the length of each interval: as stated, else as the meter's times tell."""
    seconds = frame["stated"].to_numpy("float64")
    if np.isnan(seconds).any():
        codes = frame["device"].cat.codes.to_numpy().astype("int32")
        step = intervals.step_lengths(codes, frame["date"], None)
        seconds = np.where(np.isnan(seconds), step, seconds)
    if np.isnan(seconds).any():
        raise MappingRefused(
            "Sheet “{sheet}” has one reading a meter, so that nothing tells how long an interval is. Say how "
            "many minutes it has.",
            sheet=sheet.name,
        )
    return seconds


def _in_kwh(frame: pd.DataFrame, kind: str, unit: str) -> pd.DataFrame:
    """Return readings with their kWh, NaN of what is no energy, and the quantity where that is another."""
    if kind == "demand":
        kwh = frame["value"] * UNITS[unit].factor * frame["seconds"] / 3600
        return frame.assign(consumption=kwh, quantity=np.nan)
    factor = UNITS[unit].factor if is_energy(unit) else np.nan
    quantity = np.nan if unit == "kWh" else frame["value"]
    return frame.assign(consumption=frame["value"] * factor, quantity=quantity)


def _meters(rows: pd.DataFrame, unit: str) -> dict[str, Meter]:
    """Return what is told of each meter, by the key of its name."""
    said = [name for name in ("Meter", "Utility", "Direction") if name in rows]
    return {
        name_key(of["Meter"]): Meter(
            of["Meter"],
            utility=of.get("Utility") or None,
            direction=of.get("Direction") or None,
            unit=unit,
        )
        for of in rows[said].drop_duplicates("Meter").fillna("").to_dict("records")
    }
