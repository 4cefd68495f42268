"""The seven figures that scripts read, from the load in memory, so that a year is as quick as a week."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

from services import forecasts, readings
from services.dashboard.overview import parts
from services.dashboard.selection import Filter, Selection, select, select_devices
from services.devices import Device, LeftOut
from services.scope import Scope
from services.typed import typed
from services.utilities import Direction, Utility

MEASURED = (
    "totalConsumption",
    "avgDailyConsumption",
    "peakConsumption",
    "deviceBreakdown",
    "dailyData",
    "weeklyData",
)
"""What rests on the readings of the chosen days alone."""
ALIKE = 1.15
"""Intervals up to so many times the shortest are compared as if of one length: months are."""


@dataclass(frozen=True)
class DeviceShare:
    """A device's kWh and its part (0..1) of the total."""

    device: str
    category: str
    consumption: float
    share: float


@dataclass(frozen=True)
class DayTotal:
    """kWh of one local day."""

    date: date
    consumption: float


@dataclass(frozen=True)
class WeekTotal:
    """kWh of the week that begins on the Monday ``week``."""

    week: date
    consumption: float


@dataclass(frozen=True)
class Quantity:
    """What meters measured of a utility that is not in the total."""

    utility: Utility
    direction: Direction
    unit: str
    total: float


@dataclass(frozen=True)
class Stats:
    """The dashboard. Energy in kWh."""

    total_consumption: float | None
    """None, as the next two, where meters are chosen and none of them measures consumption in kWh."""
    avg_daily_consumption: float | None
    """The total over the days that readings cover."""
    peak_consumption: float | None
    """The highest single reading, among the meters that are read at the shortest interval."""
    predicted_next_month: float | None
    """For the calendar month after the last reading's, whatever days are chosen."""
    device_breakdown: list[DeviceShare]
    """The greatest consumer first."""
    daily_data: list[DayTotal]
    """The days with readings, ascending."""
    weekly_data: list[WeekTotal]
    """The weeks with readings, ascending; a week at the edge holds only its chosen days."""
    coverage: float | None = None
    """Which part (0..1) of the chosen days, counted over all meters, has readings; None without any."""
    beside: tuple[Quantity, ...] = ()
    """What else was metered: generation, export, and what is not known in kWh."""


@typed
def stats(scope: Scope, filter: Filter = Filter()) -> Stats:  # noqa: A002, B008 - frozen, and named for what it is
    """Compute the seven figures of what the filter chooses; zeros and empty lists without readings."""
    devices, left_out = select_devices(scope, filter)
    selection = select(scope, filter)
    ids = [device.id for device in devices]
    unknown = not devices and bool(left_out)
    daily = readings.daily_consumption(scope, filter.start, filter.end, ids, filter.locations)
    days = daily.groupby("date")["consumption"].sum()
    total = float(daily["consumption"].sum())
    covered = float(daily.groupby("date")["covered"].max().sum())
    return Stats(
        total_consumption=None if unknown else total,
        avg_daily_consumption=None if unknown else total / covered if covered else 0.0,
        peak_consumption=None if unknown else _peak(daily),
        predicted_next_month=forecasts.next_month(scope, None if filter.whole_facility else ids),
        device_breakdown=_parts(selection, filter, devices, left_out) or _breakdown(daily, devices, total),
        daily_data=[DayTotal(day, kwh) for day, kwh in _dated(days)],
        weekly_data=_weekly(days),
        coverage=_coverage(selection, filter),
        beside=tuple(_beside(scope, filter, left_out)),
    )


def as_json(stats: Stats) -> dict[str, Any]:
    """Return the seven figures under the names that scripts know, and their coverage; days as ISO 8601."""
    figures = {
        "totalConsumption": stats.total_consumption,
        "avgDailyConsumption": stats.avg_daily_consumption,
        "peakConsumption": stats.peak_consumption,
        "predictedNextMonth": stats.predicted_next_month,
        "deviceBreakdown": [vars(part) for part in stats.device_breakdown],
        "dailyData": [
            {"date": day.date.isoformat(), "consumption": day.consumption} for day in stats.daily_data
        ],
        "weeklyData": [
            {"week": week.week.isoformat(), "consumption": week.consumption} for week in stats.weekly_data
        ],
        "coverage": dict.fromkeys(MEASURED, stats.coverage),
    }
    if stats.total_consumption is None:  # else the figures are exactly these
        figures["beside"] = [vars(quantity) for quantity in stats.beside]
    return figures


def _parts(
    selection: Selection | None, chosen: Filter, devices: Sequence[Device], left_out: Sequence[LeftOut]
) -> list[DeviceShare]:
    """Return the meters behind others in their place, with what is not sub-metered; empty without such."""
    period = selection and selection.period(chosen)
    within = selection and period and period.overlap(selection.covered)
    if not (selection and within and any(out.parent for out in left_out)):
        return []
    categories = {device.id: device.category for device in [*devices, *(out.device for out in left_out)]}
    found, _ = parts(selection, selection.days(within))
    return [DeviceShare(part.name, categories.get(part.id, ""), part.kwh, part.share) for part in found]


def _breakdown(daily: pd.DataFrame, devices: Sequence[Device], total: float) -> list[DeviceShare]:
    by_id = {device.id: device for device in devices}
    consumption = daily.groupby("deviceId")["consumption"].sum()
    parts = [
        DeviceShare(by_id[i].name, by_id[i].category, kwh, kwh / total if total else 0.0)
        for i, kwh in zip(consumption.index.astype("str"), consumption.tolist(), strict=True)
    ]
    return sorted(parts, key=lambda part: part.consumption, reverse=True)


def _beside(scope: Scope, chosen: Filter, left_out: Sequence[LeftOut]) -> Iterable[Quantity]:
    """Yield the sums of the meters that do not count, of each utility, direction and unit."""
    wanted = [out.device for out in left_out if chosen.utility in (None, out.device.utility)]
    for kind in dict.fromkeys((device.utility, device.direction, device.unit) for device in wanted):
        alike = [device for device in wanted if (device.utility, device.direction, device.unit) == kind]
        ids = {device.id for device in alike}
        roots = [device.id for device in alike if device.parent_id not in ids]
        if all(out.parent for out in left_out if out.device.id in ids) or kind[0] == "temperature":
            continue
        daily = readings.daily_consumption(scope, chosen.start, chosen.end, roots, chosen.locations)
        yield Quantity(*kind, float(daily["consumption"].sum()))


def _coverage(selection: Selection | None, chosen: Filter) -> float | None:
    period = selection and selection.period(chosen)
    return selection.coverage(period) if selection and period else None


def _peak(daily: pd.DataFrame) -> float:
    """Return the highest reading of the finest interval: a bill is no peak beside quarter-hours."""
    interval = daily["interval"]
    finest = daily[interval <= ALIKE * interval[interval > 0].min()] if (interval > 0).any() else daily
    return float(finest["peak"].max()) if finest["peak"].notna().any() else 0.0


def _weekly(days: pd.Series) -> list[WeekTotal]:
    mondays = pd.DatetimeIndex(days.index).to_period("W-SUN").start_time
    return [WeekTotal(week, kwh) for week, kwh in _dated(days.groupby(mondays).sum())]


def _dated(kwh: pd.Series) -> Iterable[tuple[date, float]]:
    return zip(pd.DatetimeIndex(kwh.index).date, kwh.tolist(), strict=True)
