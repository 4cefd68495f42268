"""What is chosen: days, devices, categories and places, and their kWh over the days, weeks and months."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

import numpy as np
import numpy.typing as npt

from ml.arrays import Floats
from services import ids
from services.devices import Device, LeftOut, divide, list_devices
from services.facility import facility_of
from services.local_times import Moments, day_starts
from services.readings import Demand, LoadProfile, load_profile_of
from services.scope import Scope
from services.utilities import Direction, Utility

Resolution = Literal["hour", "day", "week", "month"]
MONDAY = np.datetime64("1970-01-05", "D")
FOUR_WEEKS = 28
"""Days."""
DEMAND_INTERVAL = 900
"""Seconds over which demand is averaged at least, as utilities bill it."""


@dataclass(frozen=True, eq=False)
class Series:
    """Energy of one period after the other."""

    start: Moments
    """datetime64[s], the facility's clock; ascending."""
    kwh: Floats
    """NaN where nothing was read."""


def starts(days: Moments, resolution: Resolution) -> Moments:
    """Return the first day of the day, week (Monday) or month of each of the days (datetime64[D])."""
    if resolution == "week":
        return MONDAY + (days - MONDAY) // np.timedelta64(7, "D") * np.timedelta64(7, "D")
    return days.astype("datetime64[M]").astype("datetime64[D]") if resolution == "month" else days


def sum_by(days: Moments, kwh: Floats, resolution: Resolution) -> Series:
    """Sum the kWh of ascending days, NaN where nothing was read, by day, week or month."""
    first, period = np.unique(starts(days, resolution), return_inverse=True)
    read = ~np.isnan(kwh)
    sums = np.bincount(period[read], kwh[read], len(first))
    counts = np.bincount(period[read], minlength=len(first))
    return Series(first.astype("datetime64[s]"), np.where(counts > 0, sums, np.nan))


@dataclass(frozen=True)
class Period:
    """Days, both included."""

    start: date
    end: date

    @property
    def days(self) -> npt.NDArray[np.datetime64]:
        """datetime64[D]."""
        return np.arange(np.datetime64(self.start), np.datetime64(self.end) + 1)

    @property
    def is_months(self) -> bool:
        """Whether it is one or several whole calendar months."""
        return self.start.day == 1 and (self.end + timedelta(days=1)).day == 1

    @property
    def by_weekday(self) -> bool:
        """Whether it is so short that it compares with the same weekdays only."""
        return self.length < FOUR_WEEKS and not self.is_months

    @property
    def before(self) -> "Period":
        """Return what comes just before: as many calendar months, or days; less than four weeks, with the
        same weekdays."""
        if self.is_months:
            count = len(np.arange(np.datetime64(self.start, "M"), np.datetime64(self.end, "M"))) + 1
            return Period(_months_before(self.start, count), self.start - timedelta(days=1))
        shift = timedelta(days=-(self.length // -7) * 7 if self.by_weekday else self.length)
        return Period(self.start - shift, self.end - shift)

    @property
    def year_before(self) -> "Period":
        """Return the same months or dates one year before, of 29 February the 28th; less than four weeks,
        with the same weekdays, 52 weeks before."""
        if self.is_months:
            after = _months_before(self.end + timedelta(days=1), 12)
            return Period(_months_before(self.start, 12), after - timedelta(days=1))
        if self.by_weekday:
            return Period(self.start - timedelta(weeks=52), self.end - timedelta(weeks=52))
        return Period(_year_before(self.start), _year_before(self.end))

    @property
    def length(self) -> int:
        """Return how many days it has."""
        return (self.end - self.start).days + 1

    def overlap(self, other: "Period") -> "Period | None":
        """Return the days of both, if there are any."""
        start, end = max(self.start, other.start), min(self.end, other.end)
        return Period(start, end) if start <= end else None

    def within(self, other: "Period") -> bool:
        """Return whether all its days are among the other's."""
        return other.start <= self.start and self.end <= other.end


@dataclass(frozen=True)
class Filter:
    """``start`` and ``end`` are included; None means all, of ids and places as well."""

    start: date | None = None
    end: date | None = None
    device_ids: tuple[str, ...] | None = None
    category_ids: tuple[str, ...] | None = None
    locations: tuple[str, ...] | None = None
    utility: Utility | None = None
    """None: all energy."""
    direction: Direction = "consumption"

    @property
    def whole_facility(self) -> bool:
        """Whether no device is left out."""
        everything = (self.device_ids, self.category_ids, self.locations, self.utility) == (None,) * 4
        return everything and self.direction == "consumption"


@dataclass(frozen=True, eq=False)
class Selection:
    """The chosen meters among all of the load, of which at least one has a reading."""

    load: LoadProfile
    rows: npt.NDArray[np.intp]
    """Of the meters that count in the total."""
    devices: dict[str, Device]
    """By id; all that are chosen and count, also those without readings."""
    left_out: list[LeftOut]
    """What is chosen and does not count."""
    demand: Demand
    kwh: Floats
    """Of each of the load's days, NaN where nothing was read."""
    covered_by_device: Floats
    """Seconds of each of the load's days that readings cover, [devices with readings, days]."""
    days_covered: Floats
    """Which part (0..1) of each of the load's days readings cover: that of the meter that covers most."""
    covered: Period
    """From the first to the last day with readings."""

    def period(self, chosen: Filter) -> Period | None:
        """Return the days that a filter chooses, where it names none those from the first or to the last
        reading; None where it ends before it starts."""
        period = Period(chosen.start or self.covered.start, chosen.end or self.covered.end)
        return period if period.start <= period.end else None

    def days(self, period: Period) -> slice:
        """Return where the period's days lie among the load's; they may lie before or after these."""
        first = self.load.days.days[0].item()
        return slice((period.start - first).days, (period.end - first).days + 1)

    def kwh_of(self, days: Moments) -> Floats:
        """Return the kWh of consecutive days, NaN where nothing was read."""
        place = (days - self.load.days.days[0]).astype("intp")
        known = (place >= 0) & (place < len(self.kwh))
        return np.where(known, self.kwh[np.where(known, place, 0)], np.nan)

    def coverage(self, period: Period) -> float:
        """Return which part (0..1) of the period has readings, counted over all devices with readings."""
        days = self.days(period)
        within = slice(max(days.start, 0), max(days.stop, 0))
        edges = np.array([period.start, period.end + timedelta(days=1)], "datetime64[D]")
        begin, end = day_starts(edges, self.load.timezone)
        wanted = len(self.covered_by_device) * float((end - begin) / np.timedelta64(1, "s"))
        return float(self.covered_by_device[:, within].sum()) / wanted

    @property
    def device_ids(self) -> list[str]:
        """The device of each row."""
        return [str(self.load.meters[row][0]) for row in self.rows]

    @property
    def device_places(self) -> npt.NDArray[np.intp]:
        """Return the device of each row by its place in ``covered_by_device``."""
        ids = self.device_ids
        place = {device_id: number for number, device_id in enumerate(dict.fromkeys(ids))}
        return np.array([place[device_id] for device_id in ids], "intp")


def select(scope: Scope, chosen: Filter) -> Selection | None:
    """Select the readings of the chosen devices and places, of all times; None if there is no reading."""
    load = load_profile_of(scope)
    wanted, left_out = _counted(scope, chosen)
    devices = {device.id: device for device in wanted}
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
    by_device = _covered_by_device(load, rows)
    days_covered = np.maximum.reduce(by_device) / load.day_lengths
    read = (days_covered > 0) | np.logical_or.reduce(load.days.kwh[rows] != 0)
    kwh = np.where(read, np.add.reduce(load.days.kwh[rows]), np.nan)
    with_readings = load.days.days[read]
    covered = Period(with_readings[0].item(), with_readings[-1].item())
    return Selection(
        load,
        rows,
        devices,
        left_out,
        load.demand(rows, DEMAND_INTERVAL),
        kwh,
        by_device,
        days_covered,
        covered,
    )


def _counted(scope: Scope, chosen: Filter) -> tuple[list[Device], list[LeftOut]]:
    """Return the chosen devices that count in their total, and those that do not.

    Devices that are named and all of one direction are summed in that one.
    """
    everything = list_devices(scope)
    wanted = _chosen(everything, chosen)
    named = {device.direction for device in wanted} if chosen.device_ids else set()
    direction = named.pop() if len(named) == 1 else chosen.direction
    return divide(everything, wanted, facility_of(scope), chosen.utility, direction)


def _covered_by_device(load: LoadProfile, rows: npt.NDArray[np.intp]) -> Floats:
    """Return the seconds of each day that have readings, [devices, days]; some stand in several places."""
    ids = [load.meters[row][0] for row in rows]
    place = {device_id: number for number, device_id in enumerate(dict.fromkeys(ids))}
    covered = np.zeros((len(place), len(load.days.days)))
    np.add.at(covered, [place[device_id] for device_id in ids], load.days.covered[rows])
    return np.minimum(covered, load.day_lengths)


def select_devices(scope: Scope, chosen: Filter) -> tuple[list[Device], list[LeftOut]]:
    """List the chosen devices that count by name, with places those that have readings there; and others."""
    found, left_out = _counted(scope, chosen)
    if chosen.locations is None:
        return found, left_out
    query = scope.owned({"location": {"$in": list(chosen.locations)}})
    there = set(scope.db["load_blocks"].distinct("deviceId", query))
    return [device for device in found if ids.object_id(device.id) in there], left_out


def _chosen(everything: list[Device], chosen: Filter) -> list[Device]:
    found = everything
    if chosen.device_ids is not None:
        found = [device for device in found if device.id in chosen.device_ids]
    if chosen.category_ids is not None:
        found = [device for device in found if device.category_id in chosen.category_ids]
    return found


def _months_before(first: date, count: int) -> date:
    """Return the first day of the month so many months before."""
    month: date = (np.datetime64(first, "M") - count).astype("datetime64[D]").item()
    return month


def _year_before(day: date) -> date:
    try:
        return day.replace(year=day.year - 1)
    except ValueError:
        return day.replace(year=day.year - 1, day=28)
