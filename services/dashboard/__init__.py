"""What the dashboard says: the seven figures of a script, and all that its windows show."""

from services.dashboard.charts import (
    CHARTS,
    ChartSpec,
    Table,
    bar_coverage,
    calendarised,
    complete,
    shown_forecast,
    weekly,
)
from services.dashboard.comparison import Basis, Comparison, Figure
from services.dashboard.coverage import DayCoverage, whole_part
from services.dashboard.figures import Figures
from services.dashboard.forecast import Forecast
from services.dashboard.overview import Budget, Overview, Share, device_overview, overview
from services.dashboard.profiles import DayProfile, HeatMap, LoadDuration, Profile, Trend
from services.dashboard.selection import Filter, Period, Resolution, Series
from services.dashboard.stats import DayTotal, DeviceShare, Quantity, Stats, WeekTotal, as_json, stats
from services.dashboard.wording import basis_text, coverage_text, is_complete, period_text

__all__ = [
    "CHARTS",
    "Basis",
    "Budget",
    "ChartSpec",
    "Comparison",
    "DayCoverage",
    "DayProfile",
    "DayTotal",
    "DeviceShare",
    "Figure",
    "Figures",
    "Filter",
    "Forecast",
    "HeatMap",
    "LoadDuration",
    "Overview",
    "Period",
    "Profile",
    "Quantity",
    "Resolution",
    "Series",
    "Share",
    "Stats",
    "Table",
    "Trend",
    "WeekTotal",
    "as_json",
    "bar_coverage",
    "basis_text",
    "calendarised",
    "complete",
    "coverage_text",
    "device_overview",
    "is_complete",
    "overview",
    "period_text",
    "shown_forecast",
    "stats",
    "weekly",
    "whole_part",
]
