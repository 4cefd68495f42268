"""The seven figures of the dashboard."""

from services.dashboard.selection import Filter
from services.dashboard.stats import DayTotal, DeviceShare, Stats, WeekTotal, as_json, stats

__all__ = ["DayTotal", "DeviceShare", "Filter", "Stats", "WeekTotal", "as_json", "stats"]
