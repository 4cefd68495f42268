"""What the dashboard says: the seven figures of a script, and all that its windows show."""

from services.dashboard.comparison import Figure
from services.dashboard.figures import Figures
from services.dashboard.forecast import Forecast
from services.dashboard.overview import Budget, Overview, Share, device_overview, overview
from services.dashboard.profiles import DayProfile, HeatMap, LoadDuration, Profile, Trend
from services.dashboard.selection import Filter, Period, Resolution, Series, sum_by
from services.dashboard.stats import DayTotal, DeviceShare, Stats, WeekTotal, as_json, stats

__all__ = [
    "Budget",
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
    "Resolution",
    "Series",
    "Share",
    "Stats",
    "Trend",
    "WeekTotal",
    "as_json",
    "device_overview",
    "overview",
    "stats",
    "sum_by",
]
