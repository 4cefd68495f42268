"""The seven figures that scripts read, from the load in memory, so that a year is as quick as a week."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

from services import forecasts, readings
from services.dashboard.selection import Filter, Period, select, select_devices
from services.devices import Device
from services.scope import Scope
from services.typed import typed

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
class Stats:
    """The dashboard. Energy in kWh."""

    total_consumption: float
    avg_daily_consumption: float
    """The total over the days that readings cover."""
    peak_consumption: float
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


@typed
def stats(scope: Scope, filter: Filter = Filter()) -> Stats:  # noqa: A002, B008 - frozen, and named for what it is
    """Compute the seven figures of what the filter chooses; zeros and empty lists without readings."""
    devices = select_devices(scope, filter)
    ids = [device.id for device in devices]
    daily = readings.daily_consumption(scope, filter.start, filter.end, ids, filter.locations)
    days = daily.groupby("date")["consumption"].sum()
    total = float(daily["consumption"].sum())
    covered = float(daily.groupby("date")["covered"].max().sum())
    return Stats(
        total_consumption=total,
        avg_daily_consumption=total / covered if covered else 0.0,
        peak_consumption=_peak(daily),
        predicted_next_month=forecasts.next_month(scope, None if filter.whole_facility else ids),
        device_breakdown=_breakdown(daily, devices, total),
        daily_data=[DayTotal(day, kwh) for day, kwh in _dated(days)],
        weekly_data=_weekly(days),
        coverage=_coverage(scope, filter),
    )


def as_json(stats: Stats) -> dict[str, Any]:
    """Return the seven figures under the names that scripts know, and their coverage; days as ISO 8601."""
    return {
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


def _breakdown(daily: pd.DataFrame, devices: Sequence[Device], total: float) -> list[DeviceShare]:
    by_id = {device.id: device for device in devices}
    consumption = daily.groupby("deviceId")["consumption"].sum()
    parts = [
        DeviceShare(by_id[i].name, by_id[i].category, kwh, kwh / total if total else 0.0)
        for i, kwh in zip(consumption.index.astype("str"), consumption.tolist(), strict=True)
    ]
    return sorted(parts, key=lambda part: part.consumption, reverse=True)


def _coverage(scope: Scope, chosen: Filter) -> float | None:
    selection = select(scope, chosen)
    if selection is None:
        return None
    period = Period(chosen.start or selection.covered.start, chosen.end or selection.covered.end)
    return selection.coverage(period) if period.length > 0 else None


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
