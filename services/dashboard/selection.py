"""Which days, devices, categories and places the figures are about."""

from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

from services import ids
from services.dashboard.comparison import Period
from services.dashboard.series import Moments, Values
from services.devices import Device, list_devices
from services.readings.load import Demand, Load, load_of
from services.scope import Scope


@dataclass(frozen=True)
class Filter:
    """``start`` and ``end`` are included; None means all, of ids and places as well."""

    start: date | None = None
    end: date | None = None
    device_ids: tuple[str, ...] | None = None
    category_ids: tuple[str, ...] | None = None
    locations: tuple[str, ...] | None = None

    @property
    def whole_facility(self) -> bool:
        """Whether no device is left out."""
        return self.device_ids is None and self.category_ids is None and self.locations is None


@dataclass(frozen=True, eq=False)
class Selection:
    """The chosen meters among all of the load, of which at least one has a reading."""

    load: Load
    rows: npt.NDArray[np.intp]
    devices: dict[str, Device]
    """By id; all that are chosen, also those without readings."""
    demand: Demand
    kwh: Values
    """Of each of the load's days, NaN where nothing was read."""
    covered: Period
    """From the first to the last day with readings."""

    def days(self, period: Period) -> slice:
        """Where the period's days lie among the load's; before and behind these, too."""
        first = self.load.days.days[0].item()
        return slice((period.start - first).days, (period.end - first).days + 1)

    def kwh_of(self, days: Moments) -> Values:
        """Of any days that follow each other, NaN where nothing was read."""
        place = (days - self.load.days.days[0]).astype("intp")
        known = (place >= 0) & (place < len(self.kwh))
        return np.where(known, self.kwh[np.where(known, place, 0)], np.nan)

    @property
    def device_ids(self) -> list[str]:
        """The device of each row."""
        return [str(self.load.meters[row][0]) for row in self.rows]


def selected(scope: Scope, chosen: Filter) -> Selection | None:
    """The readings of the chosen devices and places at all times; None if there is no reading."""
    load = load_of(scope)
    devices = {device.id: device for device in _devices(scope, chosen)}
    rows = np.array(
        [
            row
            for row, (device_id, location) in enumerate(load.meters)
            if str(device_id) in devices and (chosen.locations is None or location in chosen.locations)
        ],
        "intp",
    )
    if not len(rows):
        return None
    read = np.add.reduce(load.days.readings[rows]) > 0
    kwh = np.where(read, np.add.reduce(load.days.kwh[rows]), np.nan)
    with_readings = load.days.days[read]
    covered = Period(with_readings[0].item(), with_readings[-1].item())
    return Selection(load, rows, devices, load.demand(rows), kwh, covered)


def selected_devices(scope: Scope, chosen: Filter) -> list[Device]:
    """The devices that are named, of the categories and in the places that are; by name."""
    found = _devices(scope, chosen)
    if chosen.locations is None:
        return found
    query = scope.owned({"location": {"$in": list(chosen.locations)}})
    there = set(scope.db["load_blocks"].distinct("deviceId", query))
    return [device for device in found if ids.object_id(device.id) in there]


def _devices(scope: Scope, chosen: Filter) -> list[Device]:
    found = list_devices(scope)
    if chosen.device_ids is not None:
        found = [device for device in found if device.id in chosen.device_ids]
    if chosen.category_ids is not None:
        found = [device for device in found if device.category_id in chosen.category_ids]
    return found
