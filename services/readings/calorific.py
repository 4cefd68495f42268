"""Gas in kWh: volumes by the calorific value of their day, at the import and anew when the value changes.

kWh = volume (m³) × correction × calorific value (MJ/m³) ÷ 3.6, as gas is billed.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt
import pandas as pd

from services import devices, ids, revision
from services.facility import CalorificValue, facility_of, save
from services.names import name_key
from services.readings.parse_result import Readings
from services.readings.storage import monthly_blocks
from services.scope import Document, Scope
from services.typed import typed
from services.units import UNITS
from services.utilities import is_by_calorific_value


@typed
def fill_kwh(scope: Scope, readings: Readings) -> Readings:
    """Return readings with the kWh of gas volumes, where the facility's calorific values are known."""
    values = facility_of(scope).calorific_values
    if not values or "quantity" not in readings.frame:
        return readings
    frame = readings.frame
    factors = frame["device"].map({name: _cubic_metres(readings, name) for name in frame["device"].unique()})
    volumes = factors.notna() & frame["quantity"].notna()
    if not volumes.any():
        return readings
    of_day = _kwh_per_cubic_metre(frame.loc[volumes, "date"], values, scope.timezone)
    kwh = frame.loc[volumes, "quantity"] * factors[volumes] * of_day
    return replace(readings, frame=frame.assign(consumption=frame["consumption"].where(~volumes, kwh)))


@typed
def set_calorific_value(scope: Scope, since: date, mj_per_m3: float, correction: float = 1.0) -> None:
    """Store what gas is in kWh from a day on, and give the readings of gas volumes their kWh.

    Raises `FacilityRefused`.
    """
    facility = facility_of(scope)
    kept = [value for value in facility.calorific_values if value.since != since]
    values = sorted([*kept, CalorificValue(since, mj_per_m3, correction)], key=lambda value: value.since)
    save(scope, replace(facility, calorific_values=tuple(values)))
    convert_volumes(scope)


@typed
def convert_volumes(scope: Scope) -> None:
    """Give all stored readings of gas volumes the kWh of the facility's calorific values, or none."""
    values = facility_of(scope).calorific_values
    meters = [
        device for device in devices.list_devices(scope) if is_by_calorific_value(device.utility, device.unit)
    ]
    if not meters:
        return
    with revision.changing(scope):
        for device in meters:
            of_device = {"deviceId": ids.object_id(device.id)}
            for days, kwh in _spans(values, scope.timezone):
                factor = UNITS[device.unit].factor * kwh if kwh is not None else None
                quantity: Document | None = {"$multiply": ["$quantity", factor]} if factor else None
                scope.db["consumption_data"].update_many(
                    scope.owned({**of_device, **days, "quantity": {"$type": "number"}}),
                    [{"$set": {"consumption": quantity}}],
                )
    device_ids = ids.object_ids([device.id for device in meters])
    monthly_blocks.refresh_blocks(scope, device_ids, *monthly_blocks.ALWAYS)


def _cubic_metres(readings: Readings, name: str) -> float | None:
    """Return the m³ of one of a gas meter's unit; None for what is no volume of gas."""
    meter = readings.meters.get(name_key(name))
    if meter is None or meter.utility is None or meter.unit is None:
        return None
    return UNITS[meter.unit].factor if is_by_calorific_value(meter.utility, meter.unit) else None


def _kwh_per_cubic_metre(
    dates: pd.Series, values: Sequence[CalorificValue], timezone: str
) -> npt.NDArray[np.float64]:
    begins = pd.DatetimeIndex([pd.Timestamp(value.since, tz=timezone) for value in values])
    place = np.searchsorted(begins.tz_convert("UTC"), pd.DatetimeIndex(dates), "right") - 1
    found: npt.NDArray[np.float64] = np.array([v.kwh_per_m3 for v in values])[np.maximum(place, 0)]
    return found


def _spans(values: Sequence[CalorificValue], timezone: str) -> list[tuple[Document, float | None]]:
    """Return a query for the readings of each value's time, with its kWh per m³; None without values."""
    if not values:
        return [({}, None)]
    begins = [datetime.combine(value.since, time(), ZoneInfo(timezone)).astimezone(UTC) for value in values]
    spans: list[tuple[Document, float | None]] = []
    for number, value in enumerate(values):
        bounds = {"$gte": begins[number]} if number else {}
        bounds |= {"$lt": begins[number + 1]} if number + 1 < len(values) else {}
        spans.append(({"date": bounds} if bounds else {}, value.kwh_per_m3))
    return spans
